"""Charts on paper: every one of the boards is drawn, nothing leaves its sheet, no name is lost."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import Drawing, Group, Rect, String

from layers.catalog import LANGUAGES, Language
from layers.chart import Mark, bars
from layers.paper import fonts
from layers.paper.charts import draw_chart, draw_plot
from layers.paper.charts.areas import squarified
from layers.paper.charts.pen import Pen, reading_on, ticks
from layers.paper.ink import INK, PAPER
from layers.paper.plots import Axis, Bars, Course, Dot, Dots, Series, Value, Web, plot_of
from layers.paper.raster import as_png
from layers.paper.svg import as_svg
from tests.layers.paper.board_charts import PAGES, charts_of, named

WIDE = 510.0


def nodes(node: Any) -> Iterator[Any]:
    for child in node.contents:
        if isinstance(child, Group):
            yield from nodes(child)
        else:
            yield child


def strings(drawing: Drawing) -> list[String]:
    return [node for node in nodes(drawing) if isinstance(node, String)]


def told(drawings: list[Drawing]) -> str:
    """All text of drawings without blanks and hyphens: names are broken into lines."""
    text = "".join(node.text for drawing in drawings for node in strings(drawing))
    return re.sub(r"[\s\u00a0-]", "", text)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0-]", "", fonts.sound(text))


def assert_within(drawing: Drawing) -> None:
    """No text leaves the sheet at its sides, and no box its width."""
    for node in strings(drawing):
        wide = fonts.width(node.text, node.fontSize, node.fontName)
        left = node.x - {"start": 0.0, "middle": wide / 2, "end": wide}[node.textAnchor]
        assert left >= -1.0, node.text
        assert left + wide <= drawing.width + 1.0, node.text
        assert -drawing.height - 1 <= node.y <= 0, node.text
    for node in nodes(drawing):
        if isinstance(node, Rect):
            assert node.x >= -0.5
            assert node.x + node.width <= drawing.width + 0.5


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wide", [WIDE, 230.0])
def test_every_chart_is_drawn_within_its_sheet(page: str, language: Language, wide: float) -> None:
    for chart in charts_of(page, language):
        drawings = draw_chart(chart, wide, language, high=650)
        assert drawings, chart.id
        for drawing in drawings:
            assert drawing.width == wide
            assert_within(drawing)
            assert as_svg(drawing).startswith("<svg ")


@pytest.mark.parametrize("page", PAGES)
def test_bars_keep_every_name(page: str) -> None:
    for chart in charts_of(page, "ru"):
        plot = plot_of(chart)
        if isinstance(plot, Bars):
            text = told(draw_chart(chart, WIDE, "ru", high=400))
            for name in plot.categories:
                assert squeezed(name) in text, chart.id


def test_no_part_is_higher_than_asked() -> None:
    for id_ in ("timeline", "funding"):
        drawings = draw_chart(named("programme", id_), WIDE, "ru", high=300)
        assert len(drawings) > 1
        assert all(drawing.height <= 300 for drawing in drawings)
        least, most = min(d.height for d in drawings), max(d.height for d in drawings)
        assert most - least < most / 2


def test_colours_are_those_of_the_board() -> None:
    chart = named("programme", "by_park")
    asked = {item["itemStyle"]["color"] for item in chart.option["series"][0]["data"]}
    (drawing,) = draw_chart(chart, WIDE, "ru")
    drawn = {f"#{node.fillColor.hexval()[2:]}" for node in nodes(drawing) if isinstance(node, Rect)}
    assert asked <= drawn


@pytest.mark.parametrize(("language", "words"), [("ru", "нет данных"), ("en", "no data")])
def test_unknown_is_told_and_is_not_zero(language: Language, words: str) -> None:
    marks = [Mark("А", 5.0, "5"), Mark("Б", None, ""), Mark("В", 0.0, "0")]
    (drawing,) = draw_chart(bars("x", "X", marks, ("", "")), WIDE, language)
    texts = [node.text for node in strings(drawing)]
    assert texts.count(words) == 1
    assert "0" in texts
    assert len([node for node in nodes(drawing) if isinstance(node, Rect)]) == 2


def test_all_unknown_in_a_stack_is_told() -> None:
    plot = Bars(
        ("А",), (Series("a", "#112233", (Value(None),)), Series("b", "#445566", (Value(None),))), stacked=True
    )
    (drawing,) = draw_plot(plot, WIDE, "en")
    assert "no data" in [node.text for node in strings(drawing)]


def test_losses_lie_left_of_zero_and_their_figures_beside_them() -> None:
    plot = Bars(("up", "down"), (Series("s", "#112233", (Value(4.0), Value(-3.0))),), plain=True)
    (drawing,) = draw_plot(plot, WIDE, "en")
    assert_within(drawing)
    up, down = [node for node in nodes(drawing) if isinstance(node, Rect)]
    assert down.x + down.width == pytest.approx(up.x)
    assert up.width / down.width == pytest.approx(4 / 3)
    figure = next(node for node in strings(drawing) if node.text == "−3")
    assert figure.x < down.x


def test_points_of_a_cloud_are_numbered_and_named() -> None:
    chart = named("programme", "jobs_per_rouble")
    text = told(draw_chart(chart, WIDE, "ru"))
    for name in chart.table.iloc[:, 0]:
        assert squeezed(name) in text


def test_a_line_breaks_where_nothing_is_known() -> None:
    values = tuple(Value(amount) for amount in (1.0, 2.0, None, 4.0, 5.0))
    plot = Course(tuple("12345"), (Series("s", "#112233", values),))
    (drawing,) = draw_plot(plot, WIDE, "en")
    lines = [node for node in nodes(drawing) if getattr(node, "points", None) and node.fillColor is None]
    assert len(lines) == 2


def test_areas_may_be_smooth_and_dots_lie_on_them() -> None:
    values = tuple(Value(float(n)) for n in range(5))
    dots = (Dots("said", "#000000", (Dot(2.0, 3.0, ("then", "3 bn")),), "diamond"),)
    plot = Course(
        tuple("12345"), (Series("a", "#112233", values), Series("b", "#445566", values)), area=True, dots=dots
    )
    (drawing,) = draw_plot(plot, WIDE, "en", high=200)
    assert drawing.height <= 200
    assert "3\u00a0bn" in [node.text for node in strings(drawing)]


@pytest.mark.parametrize("count", [3, 8, 24])
def test_a_radar_names_its_axes(count: int) -> None:
    names = tuple(f"Расстояние до железнодорожной станции {n}" for n in range(count))
    web = Web(names, (Series("А", "#112233", tuple(Value(50.0) for _ in names)),))
    (drawing,) = draw_plot(web, WIDE, "ru")
    assert_within(drawing)
    text = told([drawing])
    assert all(squeezed(name) in text for name in names)


AMOUNTS = st.lists(st.floats(0.01, 1e5), min_size=1, max_size=40).map(
    lambda found: sorted(found, reverse=True)
)


@given(AMOUNTS, st.floats(20, 600), st.floats(20, 600))
def test_a_treemap_fills_its_room_in_proportion(amounts: list[float], wide: float, high: float) -> None:
    boxes = squarified(amounts, (0.0, 0.0, wide, high))
    total = sum(amounts)
    for amount, (x, y, across, up) in zip(amounts, boxes, strict=True):
        assert across * up == pytest.approx(wide * high * amount / total, rel=1e-6)
        assert x >= -1e-6
        assert y >= -1e-6
        assert x + across <= wide * (1 + 1e-6)
        assert y + up <= high * (1 + 1e-6)
    for n, (x, y, across, up) in enumerate(boxes):
        for left, low, wider, higher in boxes[n + 1 :]:
            shared = min(x + across, left + wider) - max(x, left), min(y + up, low + higher) - max(y, low)
            assert min(shared) <= 1e-6 * max(wide, high)


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6), st.integers(2, 10))
def test_ticks_are_few_and_within(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    assert len(found) <= most + 1
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in found)


def test_ticks_of_years_are_whole() -> None:
    assert ticks(1994, 2043, 8, years=True) == [2000, 2010, 2020, 2030, 2040]


@given(st.text(alphabet="абвгд еёжз-ь", max_size=80), st.floats(8, 200))
def test_lines_keep_all_letters_and_fit(text: str, room: float) -> None:
    pen = Pen("ru", 7)
    lines = pen.lines(text, room)
    joined = re.sub(r"[\s\u00a0-]", "", "".join(lines))
    assert joined == squeezed(text)
    assert all(pen.wide(line) <= room + 1e-6 for line in lines if len(line) > 2)


def test_ink_can_be_read_on_its_ground() -> None:
    assert reading_on("#08306b") == PAPER
    assert reading_on("#c6dbef") == INK


def test_the_same_chart_is_the_same_picture() -> None:
    chart = named("programme", "flow")
    first, second = (as_png(draw_chart(chart, WIDE, "ru")[0], 72) for _ in range(2))
    assert first == second


def test_an_axis_of_years_is_not_grouped() -> None:
    assert Pen("ru").tick(2020, Axis(years=True)) == "2020"
    assert Pen("ru").tick(2020, Axis()) == "2\u00a0020"
