"""The blocks of a document as ReportLab's flowables: what stays together, what a page may divide."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportlab import platypus
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.platypus.flowables import Flowable

from layers.catalog import Language
from layers.paper import fonts
from layers.paper.charted import table_of, why_empty
from layers.paper.charts import draw_chart
from layers.paper.document import (
    GUTTER_MM,
    Block,
    Charted,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
    Inline,
    Items,
    Link,
    Notice,
    Paragraph,
    Picture,
    SourceLine,
    Sources,
    Table,
    Tiles,
    column_widths_mm,
)
from layers.paper.ink import ACCENT, HAIR, MM, QUIET, TINT, colour
from layers.paper.logo import logo
from layers.paper.pdf.text import cites, markup, plain, style_of, text_of

_ROUNDING = 0.5
_LOGO_MM = (14.0, 60.0)
"""How high and how wide the logo is at most."""
_LABELS = 0.36
_CAPTION_GAP = 3.0
_ENDLESS = 10_000.0
_HEADING_MM, _LEAST_BELOW_MM, _CHART_MM = 9.0, 22.0, 70.0
_AROUND_CHART_MM = 26.0
"""What title and caption take of a page beside a chart."""


class PictureTooWide(ValueError):
    """A picture is wider than the column it stands in: a map is never scaled, or its scale would be false."""


@dataclass(frozen=True)
class Room:
    """What blocks have: their width, the height of a whole page (points), and the language of charts."""

    wide: float
    high: float
    language: Language


def head(document: Document) -> Iterator[Flowable]:
    """The title over a short bar of the accent's colour; the agency's logo beside the bar."""
    bar = platypus.HRFlowable(width=22 * MM, thickness=2.6, color=colour(ACCENT), hAlign="LEFT", spaceAfter=6)
    yield bar if (shown := logo(*_LOGO_MM)) is None else _Beside(bar, shown)
    yield text_of(document.title, "title")
    yield text_of(document.subtitle, "subtitle") if document.subtitle else platypus.Spacer(1, 6)


class _Beside(platypus.Flowable):  # type: ignore[misc]
    """A bar, and at the right end of its line a logo."""

    def __init__(self, bar: Flowable, shown: Drawing) -> None:
        super().__init__()
        self._bar, self._shown = bar, shown

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        """The whole width, as high as the logo."""
        self.width, self.height = wide, self._shown.height
        self._bar.wrap(wide, high)
        return wide, self.height

    def draw(self) -> None:
        """Bar at the left, logo at the right."""
        renderPDF.draw(self._shown, self.canv, self.width - self._shown.width, 0)
        self._bar.drawOn(self.canv, 0, self.height - self._bar.lineWidth)

    def getSpaceAfter(self) -> float:  # noqa: N802 - the name that ReportLab calls
        """What the bar alone has below it."""
        return float(self._bar.spaceAfter)


def kept(blocks: Sequence[Block], room: Room) -> Iterator[Flowable]:
    """The blocks of the pages themselves; a heading begins a new page where what follows it would."""
    for number, block in enumerate(blocks):
        titled = isinstance(block, Heading) or (isinstance(block, Sources) and block.title)
        if titled and (number == 0 or not isinstance(blocks[number - 1], Heading)):
            yield platypus.CondPageBreak(_needed(blocks[number:], room))
        yield from _flowables(block, room)


def _needed(blocks: Sequence[Block], room: Room) -> float:
    """How high a heading is with the least of what follows it that makes sense, in points."""
    high = 0.0
    for block in blocks:
        if isinstance(block, Heading):
            high += _HEADING_MM * MM
        elif isinstance(block, Charted):
            return min(high + _CHART_MM * MM, room.high)
        elif isinstance(block, Columns | Picture | Paragraph | Notice):
            whole = sum(part.wrap(room.wide, room.high)[1] for part in _flowables(block, room))
            return float(min(high + whole, room.high))
        else:
            return high + _LEAST_BELOW_MM * MM
    return high


def _set(blocks: Iterable[Block], room: Room) -> list[Flowable]:
    """Blocks as flowables of that width in points."""
    return [flowable for block in blocks for flowable in _flowables(block, room)]


def _flowables(block: Block, room: Room) -> Iterator[Flowable]:
    match block:
        case Heading() | Paragraph() | Notice() | Items():
            yield from _told(block, room.wide)
        case Facts() | Tiles():
            if block.rows:
                yield (
                    _facts(block.rows, room.wide)
                    if isinstance(block, Facts)
                    else _tiles(block.rows, room.wide)
                )
                yield platypus.Spacer(1, 4 if isinstance(block, Facts) else 8)
        case Table():
            yield from _table(block, room.wide)
        case Picture():
            yield _picture(block, room.wide)
        case Charted():
            yield from _charted(block, room)
        case Columns():
            yield _columns(block, room)
        case Sources():
            yield from _sources(block)


def _told(block: Heading | Paragraph | Notice | Items, wide: float) -> Iterator[Flowable]:
    match block:
        case Heading():
            yield text_of(block.text, f"h{block.level}")
        case Paragraph():
            yield text_of(block.text, "quiet" if block.quiet else "body")
        case Notice():
            yield _boxed([[text_of(block.text, "cell")]], [wide], bar=True)
            yield platypus.Spacer(1, 4)
        case Items():
            yield from _items(block)


def _facts(rows: tuple[Fact, ...], wide: float) -> Flowable:
    """Names at the left, values with their sources at the right, notes below the values."""
    cells = [[text_of(row.label, "label"), _value(row)] for row in rows]
    grid = platypus.Table(cells, colWidths=[wide * _LABELS, wide * (1 - _LABELS)], hAlign="LEFT")
    grid.setStyle(
        [*_PADDED, ("RIGHTPADDING", (0, 0), (0, -1), 6), ("LINEBELOW", (0, 0), (-1, -1), 0.4, colour(HAIR))]
    )
    return grid


_PADDED: list[tuple[Any, ...]] = [
    ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
]


def _value(row: Fact, style: str = "cell") -> list[Flowable]:
    value = platypus.Paragraph(markup(row.value) + cites(row.cited), style_of(style))
    return [value, *([text_of(row.note, "note")] if row.note else [])]


def _tiles(rows: tuple[Fact, ...], wide: float) -> Flowable:
    cells = [[text_of(row.label, "note"), *_value(row, "tile")] for row in rows]
    return _boxed([cells], [wide / len(rows)] * len(rows))


def _boxed(cells: list[list[Any]], widths: list[float], *, bar: bool = False) -> Flowable:
    """Cells on a tint, with a bar of the accent's colour at the left if they are a notice."""
    grid = platypus.Table(cells, colWidths=widths, hAlign="LEFT")
    look = [*_PADDED, ("BACKGROUND", (0, 0), (-1, -1), colour(TINT))]
    look += [("LEFTPADDING", (0, 0), (-1, -1), 7), ("RIGHTPADDING", (0, 0), (-1, -1), 5)]
    look += [("TOPPADDING", (0, 0), (-1, -1), 4.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 5)]
    if bar:
        look.append(("LINEBEFORE", (0, 0), (0, -1), 2, colour(ACCENT)))
    else:
        look.append(("LINEAFTER", (0, 0), (-2, -1), 0.6, colour(HAIR)))
    grid.setStyle(look)
    return grid


def _table(table: Table, wide: float) -> Iterator[Flowable]:
    total = sum(column.share for column in table.columns)
    widths = [wide * column.share / total for column in table.columns]
    if table.caption:
        yield text_of(table.caption, "h2")
    head = [text_of(column.title, "column", column.align) for column in table.columns]
    rows = [
        [text_of(cell, "cell", column.align) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    grid = platypus.Table([head, *rows], colWidths=widths, repeatRows=1, hAlign="LEFT")
    grid.setStyle(
        [
            *_PADDED,
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("RIGHTPADDING", (0, 0), (-2, -1), 6),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, colour(ACCENT)),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, colour(HAIR)),
        ]
    )
    yield grid
    yield platypus.Spacer(1, 5)


def _items(block: Items) -> Iterator[Flowable]:
    """The texts of a list, one below the other, each standing in behind its bullet or number."""
    for number, row in enumerate(block.rows, start=1):
        bullet = f"{number}." if block.ordered else "•"
        yield platypus.Paragraph(markup(row), style_of("item"), bulletText=bullet)
    yield platypus.Spacer(1, 2)


def _charted(block: Charted, room: Room) -> Iterator[Flowable]:
    """A chart under its title, on as many pages as it needs; its table where it cannot be drawn."""
    chart = block.chart
    title = text_of(chart.title, "h2")
    title.keepWithNext = True
    yield title
    drawings = draw_chart(chart, room.wide, room.language, high=room.high - _AROUND_CHART_MM * MM)
    below = block.caption or chart.note
    for number, drawing in enumerate(drawings, start=1):
        yield _Drawn(drawing, below if number == len(drawings) else "", room.wide)
    if drawings:
        return
    table = table_of(chart, room.language)
    if table.rows:
        yield from _table(table, room.wide)
    told = below if table.rows else why_empty(chart, room.language)
    if told:
        yield text_of(told, "caption")


class _Drawn(Flowable):  # type: ignore[misc]
    """A drawing at its own size with its caption: one thing, which no page break divides."""

    def __init__(self, drawing: Drawing, caption: Inline, wide: float) -> None:
        super().__init__()
        self.drawing = drawing
        self.caption = text_of(caption, "caption") if caption else platypus.Spacer(1, 2)
        self.below = self.caption.wrap(wide, _ENDLESS)[1] + _CAPTION_GAP
        self.width, self.height = drawing.width, drawing.height + self.below

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its size, whatever there is room for."""
        return self.width, self.height + _CAPTION_GAP

    def draw(self) -> None:
        """Put it on the page."""
        renderPDF.draw(self.drawing, self.canv, 0, self.below + _CAPTION_GAP)
        self.caption.drawOn(self.canv, 0, _CAPTION_GAP)


def _picture(picture: Picture, wide: float) -> Flowable:
    if picture.drawing.width > wide + _ROUNDING:
        have, need = wide / MM, picture.drawing.width / MM
        raise PictureTooWide(f"a picture of {need:.0f} mm stands in a column of {have:.0f} mm")
    return _Drawn(picture.drawing, picture.caption, wide)


def _columns(block: Columns, room: Room) -> Flowable:
    """Columns side by side; they stay on one page unless they are longer than one."""
    shares = block.shares or (1.0,) * len(block.parts)
    widths = [w * MM for w in column_widths_mm(shares, room.wide / MM)]
    cells = [_set(blocks, replace(room, wide=w)) for blocks, w in zip(block.parts, widths, strict=True)]
    padded = [w + GUTTER_MM * MM for w in widths[:-1]] + [widths[-1]]
    grid = platypus.Table([cells], colWidths=padded, hAlign="LEFT")
    gutter = ("RIGHTPADDING", (0, 0), (-2, -1), GUTTER_MM * MM)
    bare = [(side, (0, 0), (-1, -1), 0) for side in ("TOPPADDING", "BOTTOMPADDING")]
    grid.setStyle([*_PADDED, *bare, gutter])
    grid.splitInRow = int(grid.wrap(room.wide, room.high)[1] > room.high)
    return grid


def _sources(block: Sources) -> Iterator[Flowable]:
    if block.title:
        yield text_of(block.title, "h1")
    told = [(number, _source(number, line)) for number, line in enumerate(block.lines, start=block.first)]
    if not block.run_on:
        yield from (platypus.Paragraph(text, style_of("source"), bulletText=f"{n}.") for n, text in told)
    elif told:
        yield platypus.Paragraph(
            " ".join(f"<b>{n}</b>\u00a0{text}." for n, text in told), style_of("running")
        )


def _source(number: int, line: SourceLine) -> str:
    """A source in the markup of a paragraph, with the mark that its number leads to."""
    facts = f" <font color='{QUIET}'>{plain(line.facts)}</font>" if line.facts else ""
    return f'<a name="source-{number}"/>{markup((Link(line.title, line.href),))}{facts}'
