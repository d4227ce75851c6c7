"""The pieces that a sheet is put together from: texts, tables, the overview; each as high as it must be.

A piece is drawn from its lower left corner in the units of the drawing: `layers.sheet.sheet` enlarges all of
them alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.graphics.shapes import Drawing, Group, Line, Rect

from layers.paper.fonts import BOLD, REGULAR
from layers.paper.ink import ACCENT, HAIR, INK, MM, QUIET, TINT, colour
from layers.paper.lines import wrapped
from layers.paper.surround import text

_LEAD = 1.26
_PAD = 1.5
_GUTTER = 4.0
_LEAST_ROWS = 2


@dataclass(frozen=True)
class Piece:
    """Something drawn, with its width and height in millimetres."""

    group: Group
    wide: float
    high: float


@dataclass(frozen=True)
class Said:
    """A paragraph: its text, size of type (points), weight, ink, and the room below it (points)."""

    text: str
    size: float = 5.6
    bold: bool = False
    ink: str = QUIET
    below: float = 2.4

    def lines(self, wide_mm: float) -> list[str]:
        """It in lines of a width."""
        return wrapped(self.text, wide_mm * MM, self.size, BOLD if self.bold else REGULAR)

    def high(self, wide_mm: float) -> float:
        """How high it is (points), with the room below it."""
        return len(self.lines(wide_mm)) * self.size * _LEAD + self.below


def of_drawing(drawing: Drawing) -> Piece:
    """A drawing as a piece."""
    return Piece(Group(*drawing.contents), drawing.width / MM, drawing.height / MM)


def texts(said: Sequence[Said], wide_mm: float) -> Piece:
    """Paragraphs below each other."""
    high = sum(one.high(wide_mm) for one in said)
    group, y = Group(), high
    for one in said:
        for line in one.lines(wide_mm):
            y -= one.size * _LEAD
            face = BOLD if one.bold else REGULAR
            group.add(text(0, y + one.size * 0.3, line, one.size, face=face, ink=one.ink))
        y -= one.below
    return Piece(group, wide_mm, high / MM)


def stacked(above: Piece, below: Piece, gap_mm: float) -> Piece:
    """Two pieces as one, the other below the one."""
    low = below.high + gap_mm
    group = Group(below.group, Group(above.group, transform=(1, 0, 0, 1, 0, low * MM)))
    return Piece(group, max(above.wide, below.wide), low + above.high)


@dataclass(frozen=True)
class Grid:
    """A table: caption, titles of the columns ("" for none), their shares of the width, rows.

    The columns of these numbers are set `right`. Of a `whole` one no row may be left to another sheet.
    """

    caption: str
    heads: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    whole: bool = False
    size: float = 6.0

    def widths(self, wide_mm: float) -> list[float]:
        """The widths of the columns in points."""
        return [wide_mm * MM * share / sum(self.shares) for share in self.shares]

    def rest(self, taken: int) -> "Grid":
        """The rows after the first ones."""
        return replace(self, rows=self.rows[taken:])


_CAPTION = Said("", 7.2, bold=True, ink=INK, below=2.0)
_HEAD_TYPE = 5.4


def table(grid: Grid, wide_mm: float, most_mm: float) -> tuple[Piece | None, int]:
    """As many rows of a table as fit into a height, and how many they are; None where there is no use."""
    widths, most = grid.widths(wide_mm), most_mm * MM
    caption = Said(grid.caption, _CAPTION.size, bold=True, ink=INK, below=_CAPTION.below)
    heads = _cells(grid.heads, widths, _HEAD_TYPE, BOLD)
    titled = any(grid.heads)
    used = caption.high(wide_mm) + (_tall(heads, _HEAD_TYPE) if titled else 0)
    taken: list[list[list[str]]] = []
    for row in grid.rows:
        cells = _cells(row, widths, grid.size, REGULAR)
        tall = _tall(cells, grid.size)
        if used + tall > most:
            break
        taken.append(cells)
        used += tall
    if len(taken) < min(_LEAST_ROWS, len(grid.rows)) or not grid.rows:
        return None, 0
    group = Group()
    top = texts([caption], wide_mm)
    y = used - top.high * MM
    group.add(Group(top.group, transform=(1, 0, 0, 1, 0, y)))
    if titled:
        y = _row(group, heads, widths, y, _HEAD_TYPE, right=grid.right, head=True)
    for cells in taken:
        y = _row(group, cells, widths, y, grid.size, right=grid.right)
    return Piece(group, wide_mm, used / MM), len(taken)


def _cells(row: Sequence[str], widths: Sequence[float], size: float, face: str) -> list[list[str]]:
    return [wrapped(cell, wide - _GUTTER, size, face) for cell, wide in zip(row, widths, strict=True)]


def _tall(cells: Sequence[Sequence[str]], size: float) -> float:
    return max(len(lines) for lines in cells) * size * _LEAD + 2 * _PAD


def _row(
    group: Group,
    cells: Sequence[Sequence[str]],
    widths: Sequence[float],
    y: float,
    size: float,
    *,
    right: frozenset[int],
    head: bool = False,
) -> float:
    """Write a row below y; gives where the next one begins."""
    x, low = 0.0, y - _tall(cells, size)
    for number, (lines, wide) in enumerate(zip(cells, widths, strict=True)):
        base = y - _PAD
        for line in lines:
            base -= size * _LEAD
            ink = QUIET if head or (number == 0 and len(widths) == 2) else INK
            at, anchor = (x + wide - _GUTTER, "end") if number in right else (x, "start")
            face = BOLD if head else REGULAR
            group.add(text(at, base + size * 0.3, line, size, face=face, ink=ink, textAnchor=anchor))
        x += wide
    ink, weight = (ACCENT, 0.8) if head else (HAIR, 0.4)
    group.add(Line(0, low, sum(widths), low, strokeColor=colour(ink), strokeWidth=weight))
    return low


def box(wide_mm: float, high_mm: float) -> Rect:
    """A quiet ground."""
    return Rect(0, 0, wide_mm * MM, high_mm * MM, fillColor=colour(TINT), strokeColor=None)


def fitted(
    content: str, wide: float, high: float, sizes: Sequence[float], face: str
) -> tuple[float, list[str]]:
    """The largest size of type at which a text fits into a box (points), and its lines."""
    found: list[tuple[float, list[str]]] = []
    for size in sizes:
        lines = wrapped(content, wide, size, face)
        if len(lines) * size * 1.16 > high:
            continue
        found.append((size, lines))
        # A word that is divided looks worse than a smaller type.
        if not any(line.endswith("-") for line in lines):
            return size, lines
    return found[0] if found else (size, lines)
