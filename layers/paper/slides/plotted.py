"""Plots as charts that an office edits, their data in a workbook within.

What no office has (Sankey diagrams, treemaps, points over bars) stays a picture; see `is_native`.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.oxml import parse_xml
from pptx.util import Pt

from layers.catalog import Language
from layers.paper import fonts
from layers.paper.charts.pen import reading_on
from layers.paper.charts.planes import numbered
from layers.paper.ink import HAIR, INK, QUIET
from layers.paper.office import DRAWING as A
from layers.paper.office import TAGS
from layers.paper.plots import Axis, Bars, Cloud, Course, Plot, Series, Value, Web, extent
from layers.paper.slides.figures import at_labels, number_format, whole_powers
from layers.paper.slides.master import Box
from layers.paper.typeset import written
from layers.text import Words

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_SPACES = f'xmlns:c="{C}" xmlns:a="{A}"'
_NAMES = 0.4
_GAPS = {1: 45, 2: 55}
_LEAST_LABEL = 0.05
_MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "tick": XL_MARKER_STYLE.DASH,
}


def is_native(plot: Plot) -> bool:
    """Whether an office has a chart that shows all of a plot."""
    return isinstance(plot, Course | Cloud | Web) or (isinstance(plot, Bars) and not plot.dots)


def add_chart(slide: Any, plot: Plot, box: Box, size: float, language: Language) -> Any:
    """Put a native plot on a slide as a chart in type of that size; its shape is returned."""
    made = _Maker(slide, box, size, language)
    match plot:
        case Bars():
            return made.bars(plot)
        case Course():
            return made.course(plot)
        case Cloud():
            return made.cloud(plot)
        case Web():
            return made.web(plot)
    raise TypeError(f"no office has a chart for {type(plot).__name__}")


def _rgb(tint: str) -> Any:
    return RGBColor.from_string(tint[1:].upper())


def _amounts(one: Series) -> list[float | None]:
    return [value.amount if value else None for value in one.values]


class _Maker:
    """Makes one chart at a place, in type of a size (points)."""

    def __init__(self, slide: Any, box: Box, size: float, language: Language) -> None:
        self.slide, self.box, self.size, self.language = slide, box, size, language
        self.words = Words(language)

    def _added(self, kind: Any, data: Any) -> tuple[Any, Any]:
        shape = self.slide.shapes.add_chart(kind, *self.box.emu, data)
        chart = shape.chart
        chart.has_title = False
        chart.font.size, chart.font.color.rgb = Pt(self.size), _rgb(INK)
        for old in chart.element.findall(f"{{{C}}}roundedCorners"):
            chart.element.remove(old)
        before = len(chart.element.findall(f"{{{C}}}date1904"))
        chart.element.insert(before, parse_xml(f'<c:roundedCorners {_SPACES} val="0"/>'))
        return shape, chart

    def _finished(self, shape: Any) -> Any:
        """The chart with the language in all its texts."""
        for tag in ("defRPr", "rPr"):
            for properties in shape.chart.element.iter(f"{{{A}}}{tag}"):
                properties.set("lang", TAGS[self.language])
        return shape

    def _data(self, labels: Sequence[str], series: Iterable[tuple[str, Iterable[float | None]]]) -> Any:
        data = CategoryChartData(number_format="General")
        data.categories = [written(label) for label in labels]
        for name, amounts in series:
            data.add_series(written(name), list(amounts))
        return data

    def _legend(self, chart: Any, names: Sequence[str]) -> float:
        """The legend above the chart, if there is more than one name, and how high it is."""
        chart.has_legend = len(names) > 1
        if not chart.has_legend:
            return 0.0
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = Pt(self.size)
        whole = sum(fonts.width(written(name), self.size) + 3 * self.size for name in names)
        return math.ceil(whole / (self.box.wide * 0.95)) * self.size * 1.5 + self.size * 0.5

    def _laid(self, chart: Any, left: float, top: float, right: float, bottom: float) -> None:
        """Where the plot itself stands, by the room around it (points)."""
        box = self.box
        parts = {
            "x": left / box.wide,
            "y": top / box.high,
            "w": max(1 - (left + right) / box.wide, 0.1),
            "h": max(1 - (top + bottom) / box.high, 0.1),
        }
        modes = "".join(f'<c:{side}Mode val="edge"/>' for side in ("x", "y"))
        ends = "".join(f'<c:{side} val="{part:.5f}"/>' for side, part in parts.items())
        layout = f'<c:manualLayout><c:layoutTarget val="inner"/>{modes}{ends}</c:manualLayout>'
        area = chart.element.find(f".//{{{C}}}plotArea")
        for old in area.findall(f"{{{C}}}layout"):
            area.remove(old)
        area.insert(0, parse_xml(f"<c:layout {_SPACES}>{layout}</c:layout>"))

    def _axis(self, axis: Any, given: Axis, *, shown: bool) -> None:
        """An axis of numbers with the ends that are set; quiet lines."""
        axis.visible, axis.has_major_gridlines = shown, shown
        if shown:
            axis.major_gridlines.format.line.color.rgb = _rgb(HAIR)
            axis.major_gridlines.format.line.width = Pt(0.5)
            axis.format.line.fill.background()
            axis.tick_labels.font.size, axis.tick_labels.font.color.rgb = Pt(self.size - 1), _rgb(QUIET)
            axis.tick_labels.number_format_is_linked = False
            axis.tick_labels.number_format = "0" if given.years else "#,##0"
        if given.low is not None:
            axis.minimum_scale = given.low
        if given.high is not None:
            axis.maximum_scale = given.high
        if given.title:
            frame = axis.axis_title.text_frame
            frame.text = written(given.title)
            font = frame.paragraphs[0].runs[0].font
            font.size, font.bold, font.color.rgb = Pt(self.size - 1), False, _rgb(QUIET)

    def _painted(self, chart: Any, made: Any, one: Series) -> None:
        """The colours of a series, and of the marks of it that have their own."""
        made.invert_if_negative = False
        if one.hidden:
            made.format.fill.background()
            return
        made.format.fill.solid()
        made.format.fill.fore_color.rgb = _rgb(one.colour)
        for at, value in enumerate(one.values):
            if value is None or (value.opacity == 1 and value.colour in ("", one.colour)):
                continue
            fill = made.points[at].format.fill
            fill.solid()
            fill.fore_color.rgb = _rgb(value.colour or one.colour)
            if value.opacity < 1:
                self._faded(chart, made.index, at, value.opacity)

    @staticmethod
    def _faded(chart: Any, series: int, at: int, opacity: float) -> None:
        """Make the mark of a category let its ground through."""
        alpha = f'<a:alpha {_SPACES} val="{round(opacity * 100_000)}"/>'
        marks = chart.element.xpath(
            f".//c:ser[c:idx/@val='{series}']/c:dPt[c:idx/@val='{at}']/c:spPr/a:solidFill/a:srgbClr"
        )
        for mark in marks:
            mark.append(parse_xml(alpha))

    # --- bars ---------------------------------------------------------------------------------------

    def bars(self, plot: Bars) -> Any:
        """Horizontal bars, the first category at the top."""
        kind = XL_CHART_TYPE.BAR_STACKED if plot.stacked else XL_CHART_TYPE.BAR_CLUSTERED
        labels = [self._category(plot, at) for at in range(len(plot.categories))]
        series = [(one.name or self.words("slides.value"), _amounts(one)) for one in plot.series]
        shape, chart = self._added(kind, self._data(labels, series))
        shown = [one for one in plot.series if not one.hidden]
        top = self._legend(chart, [one.name for one in shown])
        self._categories(chart)
        self._axis(chart.value_axis, plot.axis, shown=plot.stacked)
        body = chart.plots[0]
        body.vary_by_categories = False
        body.gap_width = 40 if plot.stacked else _GAPS.get(len(shown), 60)
        body.overlap = 100 if plot.stacked else -5
        low, high = extent(plot)
        for made, one in zip(body.series, plot.series, strict=True):
            self._painted(chart, made, one)
            if not plot.stacked:
                self._telling(made, one)
            elif not (one.hidden or plot.axis.years):
                self._within(made, one, (high - low) * _LEAST_LABEL)
        longest = max(fonts.width(written(label), self.size) for label in labels)
        names = min(longest * 1.08, self.box.wide * _NAMES) + self.size
        told = [value for one in shown for value in one.values if value and not plot.stacked]
        figures = max((self._wide(value) for value in told), default=0.0)
        left = names + (figures if low < 0 else 0.0)
        self._laid(chart, left, top + (self.size * 1.8 if plot.stacked else 2), figures + self.size * 1.5, 4)
        return self._finished(shape)

    def _wide(self, value: Value) -> float:
        return fonts.width(value.text or self.words.number(value.amount or 0, 1), self.size)

    def _category(self, plot: Bars, at: int) -> str:
        """The name of a category; that nothing is known of it, if so."""
        values = [one.values[at] for one in plot.series if not one.hidden and one.values[at]]
        unknown = [value for value in values if value and value.amount is None]
        if not unknown or len(unknown) < len(values):
            return plot.categories[at]
        return f"{plot.categories[at]} ({unknown[0].text or self.words('no_data')})"

    def _categories(self, chart: Any) -> None:
        """The axis of categories: the first at the top, none left out, names beside the lowest end."""
        axis = chart.category_axis
        axis.reverse_order, axis.has_major_gridlines = True, False
        axis.format.line.color.rgb = _rgb(QUIET)
        axis.tick_labels.font.size = Pt(self.size)
        for one in chart.element.iter(f"{{{C}}}catAx"):
            for tag, value in (("majorTickMark", "none"), ("tickLblPos", "low")):
                for old in one.findall(f"{{{C}}}{tag}"):
                    old.set("val", value)
            one.find(f"{{{C}}}noMultiLvlLbl").addprevious(parse_xml(f'<c:tickLblSkip {_SPACES} val="1"/>'))

    def _telling(self, made: Any, one: Series) -> None:
        """Amounts at the ends of bars: the chart's own figures where one format writes them all."""
        labels = made.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
        labels.font.size, labels.number_format_is_linked = Pt(self.size), False
        pattern = number_format(one.values, self.language)
        labels.number_format = pattern or "#,##0.0"
        for at, value in enumerate(one.values):
            if not pattern and value is not None and value.amount is not None and value.text:
                self._text(made.points[at], value.text)

    def _within(self, made: Any, one: Series, least: float) -> None:
        """Amounts within the parts of a stack that have room for them."""
        for at, value in enumerate(one.values):
            if value is None or value.amount is None or value.amount < least or value.opacity < 1:
                continue
            label = made.points[at].data_label
            ink = reading_on(value.colour or one.colour)
            label.font.size, label.font.color.rgb = Pt(self.size - 1), _rgb(ink)
            label.position = XL_LABEL_POSITION.CENTER

    def _text(self, point: Any, text: str) -> None:
        frame = point.data_label.text_frame
        frame.text = written(text)
        frame.paragraphs[0].runs[0].font.size = Pt(self.size)

    # --- over years, clouds, radars -----------------------------------------------------------------

    def course(self, plot: Course) -> Any:
        """Lines, areas, or columns where the course goes in steps; over them what was stated, and limits."""
        kind = (
            XL_CHART_TYPE.LINE_MARKERS
            if not plot.area
            else XL_CHART_TYPE.COLUMN_STACKED
            if plot.stepped
            else XL_CHART_TYPE.AREA_STACKED
        )
        count = len(plot.labels)
        held = [(dots, amounts) for dots in plot.dots for amounts in at_labels(dots, count)]
        said = [(dots.name, amounts) for dots, amounts in held]
        limits = [(level.text or self.words("slides.limit"), [level.amount] * count) for level in plot.levels]
        own = [(one.name or self.words("slides.value"), _amounts(one)) for one in plot.series]
        shape, chart = self._added(kind, self._data(plot.labels, [*own, *said, *limits]))
        names = [name for name, _ in (*own, *said, *limits)]
        self._legend(chart, names)
        for at in (at for at, name in enumerate(names) if name in names[:at]):
            hidden = f'<c:legendEntry {_SPACES}><c:idx val="{at}"/><c:delete val="1"/></c:legendEntry>'
            chart.element.find(f".//{{{C}}}legendPos").addnext(parse_xml(hidden))
        self._axis(chart.value_axis, plot.axis, shown=True)
        axis = chart.category_axis
        axis.format.line.color.rgb = _rgb(QUIET)
        axis.tick_labels.font.size, axis.tick_labels.font.color.rgb = Pt(self.size - 1), _rgb(QUIET)
        made = list(chart.plots[0].series)
        for series, one in zip(made, plot.series, strict=False):
            if plot.area:
                series.format.fill.solid()
                series.format.fill.fore_color.rgb = _rgb(one.colour)
            else:
                self._lined(series, one.colour, XL_MARKER_STYLE.CIRCLE)
        if plot.stepped:
            chart.plots[0].gap_width, chart.plots[0].overlap = 12, 100
        looks = [(dots.colour, _MARKERS[dots.symbol], False) for dots, _ in held]
        looks += [(level.colour, XL_MARKER_STYLE.NONE, True) for level in plot.levels]
        self._over(chart, len(plot.series), looks)
        return self._finished(shape)

    def _over(self, chart: Any, first: int, looks: Sequence[tuple[str, Any, bool]]) -> None:
        """Move the series from `first` on into a chart of lines over the one that they are in."""
        if not looks:
            return
        body = chart.element.find(f".//{{{C}}}plotArea")
        held = list(body.iter(f"{{{C}}}ser"))[first:]
        axes = "".join(f'<c:axId val="{one.get("val")}"/>' for one in _axes_of(held[0].getparent()))
        lines = parse_xml(
            f'<c:lineChart {_SPACES}><c:grouping val="standard"/><c:varyColors val="0"/>'
            f'<c:marker val="1"/>{axes}</c:lineChart>'
        )
        if held[0].getparent().tag != f"{{{C}}}lineChart":
            held[0].getparent().addnext(lines)
            for one in held:
                for old in one.findall(f"{{{C}}}invertIfNegative"):
                    one.remove(old)
                lines.find(f"{{{C}}}marker").addprevious(one)
        series = [one for plot in chart.plots for one in plot.series][-len(looks) :]
        for one, (tint, marker, joined) in zip(series, looks, strict=True):
            self._lined(one, tint, marker, joined=joined)
            if not joined:
                labels = one.data_labels
                labels.show_value, labels.position = True, XL_LABEL_POSITION.ABOVE
                labels.number_format, labels.number_format_is_linked = "#,##0.0", False
                labels.font.size, labels.font.bold = Pt(self.size - 1), True

    def _lined(self, series: Any, tint: str, marker: Any, *, joined: bool = True) -> None:
        series.smooth = False
        if joined:
            series.format.line.color.rgb, series.format.line.width = _rgb(tint), Pt(2)
        else:
            series.format.line.fill.background()
        series.marker.style = marker
        if marker != XL_MARKER_STYLE.NONE:
            series.marker.size = 9
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = _rgb(tint)

    def cloud(self, plot: Cloud) -> Any:
        """Points with their numbers."""
        data, at = XyChartData(number_format="General"), 0
        for dots in plot.dots:
            series = data.add_series(written(dots.name) or self.words("slides.value"))
            for dot in dots.dots:
                series.add_data_point(dot.x, dot.y)
        shape, chart = self._added(XL_CHART_TYPE.XY_SCATTER, data)
        self._legend(chart, [dots.name for dots in plot.dots])
        points = numbered(plot)
        for axis, given, amounts in (
            (chart.category_axis, plot.across, [dot.x for _, dot, _ in points]),
            (chart.value_axis, plot.upward, [dot.y for _, dot, _ in points]),
        ):
            self._axis(axis, whole_powers(given, amounts), shown=True)
        for one, given in zip(chart.element.iter(f"{{{C}}}valAx"), (plot.across, plot.upward), strict=True):
            if given.log:
                one.find(f"{{{C}}}scaling").insert(0, parse_xml(f'<c:logBase {_SPACES} val="10"/>'))
        for dots, series in zip(plot.dots, chart.plots[0].series, strict=True):
            for place, _ in enumerate(dots.dots):
                number, _, tint = points[at]
                at += 1
                point = series.points[place]
                point.marker.style, point.marker.size = _MARKERS[dots.symbol], 9
                point.marker.format.fill.solid()
                point.marker.format.fill.fore_color.rgb = _rgb(tint)
                point.marker.format.line.fill.background()
                self._text(point, str(number))
                point.data_label.position = XL_LABEL_POSITION.RIGHT
        return self._finished(shape)

    def web(self, plot: Web) -> Any:
        """A radar."""
        data = self._data(plot.axes, [(one.name, _amounts(one)) for one in plot.series])
        shape, chart = self._added(XL_CHART_TYPE.RADAR_MARKERS, data)
        self._legend(chart, [one.name for one in plot.series])
        self._axis(chart.value_axis, Axis(low=0, high=plot.high), shown=True)
        for series, one in zip(chart.plots[0].series, plot.series, strict=True):
            self._lined(series, one.colour, XL_MARKER_STYLE.CIRCLE)
        return self._finished(shape)


def _axes_of(body: Any) -> list[Any]:
    return list(body.findall(f"{{{C}}}axId"))
