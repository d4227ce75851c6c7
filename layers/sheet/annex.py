"""The sheets that follow a map: what of its tables found no room beside it, and its sources in full."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from reportlab.graphics.shapes import Drawing, Group

from layers.paper.fonts import BOLD
from layers.paper.ink import ACCENT, INK, MM, QUIET, blank
from layers.paper.surround import text
from layers.sheet import block
from layers.sheet.arrange import GAP, Room, body
from layers.sheet.layout import Layout
from layers.sheet.notes import ended, named, readable
from layers.sheet.pieces import Grid, Piece, Said, table, texts
from layers.store import Store
from layers.text import Words

_COLUMN_MM = 78.0
_HEAD_MM = 9.0
_FOOT_MM = 5.0
Page = list[tuple[Piece, float, float]]
"""Pieces with the places of their lower left corners (mm)."""


def room(layout: Layout, *, first: bool = False) -> Room:
    """What of a sheet without a map may be written on: one that follows, or the first of a document."""
    area = body(layout)
    inscribed = block.HIGH_MM if first else block.NEXT_HIGH_MM
    low = _FOOT_MM if layout.block == "plain" else inscribed / layout.enlarged
    return Room(area.x, area.y + low, area.wide, area.high - low - _HEAD_MM)


def pages(
    store: Store, layout: Layout, tables: Sequence[Grid], sources: Sequence[str], words: Words
) -> list[Page]:
    """Tables over the whole width, then sources in columns, page by page."""
    area = room(layout)
    made = list(_tables(area, tables))
    if sources:
        urls = (store.catalogue.sources[id_].url for id_ in sources)
        lines = zip(named(store, sources, words), urls, strict=True)
        said = [
            Said(f"{n}. {ended(line)} {readable(url)}".strip(), 5.6, ink=INK, below=2.4)
            for n, (line, url) in enumerate(lines, start=1)
        ]
        titled = [Said(words("sheet.sources"), 8.0, bold=True, ink=ACCENT, below=3.0), *said]
        made += _columns(area, titled)
    return made


def _tables(area: Room, tables: Sequence[Grid]) -> Iterator[Page]:
    page: Page = []
    top = area.high
    for grid in tables:
        left = grid
        while left.rows:
            piece, rows = table(left, area.wide, top)
            if piece is None:
                if not page:
                    return
                yield page
                page, top = [], area.high
                continue
            top -= piece.high
            page.append((piece, area.x, area.y + top))
            top -= GAP
            left = left.rest(rows)
    if page:
        yield page


def _columns(area: Room, said: Iterable[Said]) -> Iterator[Page]:
    """Paragraphs in columns of equal width; a paragraph stays whole."""
    count = max(1, int((area.wide + GAP) // (_COLUMN_MM + GAP)))
    wide = (area.wide - GAP * (count - 1)) / count
    columns: list[list[Said]] = [[]]
    used = 0.0
    for one in said:
        high = one.high(wide)
        if used + high > area.high * MM and columns[-1]:
            columns.append([])
            used = 0.0
        columns[-1].append(one)
        used += high
    for first in range(0, len(columns), count):
        page: Page = []
        for number, column in enumerate(columns[first : first + count]):
            piece = texts(column, wide)
            page.append((piece, area.x + number * (wide + GAP), area.y + area.high - piece.high))
        yield page


def drawn(layout: Layout, page: Page, title: str, foot: str, framed: Callable[[], Group] | None) -> Drawing:
    """A page as a drawing; `framed` draws the frame of the sheet and its inscription, where it has them."""
    drawing = blank(*(side * MM for side in layout.size_mm))
    whole = Group(transform=(layout.enlarged, 0, 0, layout.enlarged, 0, 0))
    area = room(layout)
    whole.add(text(area.x * MM, (area.y + area.high + 4) * MM, title, 7.0, face=BOLD, ink=INK))
    for piece, x, y in page:
        whole.add(Group(piece.group, transform=(1, 0, 0, 1, x * MM, y * MM)))
    if framed is None:
        whole.add(text((area.x + area.wide) * MM, 6.5 * MM, foot, 5.6, ink=QUIET, textAnchor="end"))
    drawing.add(whole)
    if framed is not None:
        drawing.add(framed())
    return drawing
