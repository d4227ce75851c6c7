"""The main inscription of a sheet after GOST R 21.101-2020 (form 3; form 6 on the sheets that follow).

The frame of the sheet stands 20 mm from the edge that is bound and 5 mm from the others; the inscription is
185 x 55 mm in its lower right corner, in rows of 5 mm. All millimetres here are those of the sheet: nothing
of it is enlarged. What the form has for signatures stays empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.graphics.shapes import Group, Line, Rect

from layers.catalog import Language
from layers.paper.fonts import BOLD, REGULAR
from layers.paper.ink import INK, MM, colour
from layers.paper.logo import logo
from layers.paper.surround import text
from layers.sheet.layout import Layout
from layers.sheet.pieces import fitted
from layers.text import Words

LEFT_MM, OTHERS_MM = 20.0, 5.0
WIDE_MM, HIGH_MM, NEXT_HIGH_MM = 185.0, 55.0, 15.0
_ROW = 5.0
_CHANGES = (10, 10, 10, 10, 15, 10)
_SIGNED = (20, 20, 15, 10)
_THICK, _THIN = 0.6 * MM, 0.25 * MM
_SIZES = (8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5, 5.0, 4.5)
_LARGE = (11.0, 10.0, 9.0, *_SIZES)
_SMALL = (6.0, 5.6, 5.2, 4.8, 4.4)
_MARGIN_ROWS = ((0, 25), (25, 35), (60, 25))
"""Foot and height of the three rows of the inscription in the left margin."""
Align = Literal["start", "middle"]


@dataclass(frozen=True)
class Inscribed:
    """What the form says: designation, object, title, the image, stage and numbers of the sheet."""

    layout: Layout
    object: str
    title: str
    image: str
    number: int = 1
    of: int = 1


def outline(layout: Layout) -> Group:
    """The frame of the sheet."""
    wide, high = layout.size_mm
    frame = (LEFT_MM, OTHERS_MM, wide - LEFT_MM - OTHERS_MM, high - 2 * OTHERS_MM)
    return Group(_rect(*frame, _THICK))


def margin(layout: Layout, language: Language) -> Group:
    """The columns in the left margin (graphs 21 to 23), and the format of the sheet below the frame."""
    words, drawn = Words(language), Group()
    left, bottom = LEFT_MM - 12.0, OTHERS_MM
    keys = ("inventory", "signed", "replaces")
    for (foot, tall), key in zip(_MARGIN_ROWS, keys, strict=True):
        drawn.add(_rect(left, bottom + foot, 12, tall, _THICK))
        drawn.add(_line(left + 5, bottom + foot, left + 5, bottom + foot + tall, _THICK))
        said = text(0, 0, words(f"block.{key}"), 6.0, ink=INK, textAnchor="middle")
        x, y = (left + 3.6) * MM, (bottom + foot + tall / 2) * MM
        drawn.add(Group(said, transform=(0, 1, -1, 0, x, y)))
    written = words("block.format", paper=layout.paper)
    right = (layout.size_mm[0] - OTHERS_MM - 2) * MM
    drawn.add(text(right, 1.6 * MM, written, 6.0, ink=INK, textAnchor="end"))
    return drawn


def form_3(said: Inscribed, language: Language) -> Group:
    """The inscription of the first sheet and of each with a map, from its lower left corner."""
    words, layout, drawn = Words(language), said.layout, Group()
    _lattice(drawn, _CHANGES, 30, HIGH_MM)
    _lattice(drawn, _SIGNED, 0, 30)
    for x, wide, key in _across(_CHANGES, ("rev", "count", "sheet", "doc", "sign", "date")):
        _put(drawn, words(f"block.{key}"), (x, 30, wide, _ROW), _SMALL)
    for row, key in enumerate(("author", "checked", "", "", "control", "approved")):
        if key:
            _put(drawn, words(f"block.{key}"), (0.8, 25 - row * _ROW, 19, _ROW), _SMALL, align="start")
    _put(drawn, layout.author, (20.6, 25, 19, _ROW), _SMALL, align="start")
    for box, content, sizes, bold in (
        ((65, 45, 120, 10), layout.code, _LARGE, True),
        ((65, 30, 120, 15), said.object, _SIZES, False),
        ((65, 15, 70, 15), said.title, _SIZES, True),
        ((65, 0, 70, 15), said.image, _SIZES, False),
    ):
        drawn.add(_rect(*box, _THICK))
        _put(drawn, content, box, sizes, bold=bold)
    _organised(drawn, layout.organisation)
    # How many sheets there are is told on the first one alone.
    numbers = (
        "", str(said.number) if said.of > 1 else "", str(said.of) if said.number == 1 else "",
    )  # fmt: skip
    for (x, wide, key), value in zip(
        _across((15, 15, 20), ("stage", "sheet", "sheets")), numbers, strict=True
    ):
        drawn.add(_rect(135 + x, 25, wide, _ROW, _THICK))
        drawn.add(_rect(135 + x, 15, wide, 10, _THICK))
        _put(drawn, words(f"block.{key}"), (135 + x, 25, wide, _ROW), _SMALL)
        _put(drawn, value, (135 + x, 15, wide, 10), _SIZES)
    drawn.add(_rect(0, 0, WIDE_MM, HIGH_MM, _THICK))
    return drawn


def _organised(drawn: Group, organisation: str) -> None:
    """The cell of the organisation: the agency's logo, the name, or both."""
    x, y, wide, high = 135, 0, 50, 15
    drawn.add(_rect(x, y, wide, high, _THICK))
    taken, shown = 0.0, logo(high - 4, (wide * 0.4) if organisation else (wide - 6))
    if shown:
        side = shown.width / MM
        taken = side + 2 if organisation else 0.0
        left = x + (2 if organisation else (wide - side) / 2)
        place = (left * MM, (y + high / 2) * MM - shown.height / 2)
        drawn.add(Group(*shown.contents, transform=(1, 0, 0, 1, *place)))
    _put(drawn, organisation, (x + taken + 1, y, wide - taken - 2, high), _SIZES)


def form_6(said: Inscribed, language: Language) -> Group:
    """The small inscription of a sheet that follows."""
    words, drawn = Words(language), Group()
    _lattice(drawn, _CHANGES, 0, NEXT_HIGH_MM)
    for x, wide, key in _across(_CHANGES, ("rev", "count", "sheet", "doc", "sign", "date")):
        _put(drawn, words(f"block.{key}"), (x, 0, wide, _ROW), _SMALL)
    _put(drawn, said.layout.code or said.title, (65, 0, 110, NEXT_HIGH_MM), _SIZES, bold=True)
    drawn.add(_rect(175, 8, 10, 7, _THICK))
    _put(drawn, words("block.sheet"), (175, 8, 10, 7), _SMALL)
    _put(drawn, str(said.number), (175, 0, 10, 8), _SIZES)
    drawn.add(_rect(65, 0, 110, NEXT_HIGH_MM, _THICK))
    drawn.add(_rect(0, 0, WIDE_MM, NEXT_HIGH_MM, _THICK))
    return drawn


def _lattice(drawn: Group, columns: Sequence[int], bottom: float, top: float) -> None:
    """Rows of 5 mm ruled thin, columns ruled thick."""
    wide, x = sum(columns), 0
    rows = round((top - bottom) / _ROW)
    for row in range(rows + 1):
        heavy = row in (0, rows) or (bottom > 0 and row == 1)
        y = bottom + row * _ROW
        drawn.add(_line(0, y, wide, y, _THICK if heavy else _THIN))
    for column in columns:
        x += column
        drawn.add(_line(x, bottom, x, top, _THICK))


def _across(widths: Sequence[int], keys: Sequence[str]) -> list[tuple[int, int, str]]:
    starts = [sum(widths[:n]) for n in range(len(widths))]
    return list(zip(starts, widths, keys, strict=True))


def _put(
    drawn: Group,
    content: str,
    box: tuple[float, float, float, float],
    sizes: Sequence[float],
    *,
    align: Align = "middle",
    bold: bool = False,
) -> None:
    """Write a text into a box, as large as it fits."""
    if not content:
        return
    x, y, wide, high = (side * MM for side in box)
    face, room = BOLD if bold else REGULAR, wide - 0.8 * MM
    size, lines = fitted(content, room, high - 0.6 * MM, sizes, face)
    base = y + (high + len(lines) * size * 1.16) / 2 - size * 0.92
    at = x + wide / 2 if align == "middle" else x
    for number, line in enumerate(lines):
        drawn.add(text(at, base - number * size * 1.16, line, size, face=face, ink=INK, textAnchor=align))


def _rect(x: float, y: float, wide: float, high: float, weight: float) -> Rect:
    return Rect(
        x * MM, y * MM, wide * MM, high * MM, fillColor=None, strokeColor=colour(INK), strokeWidth=weight
    )


def _line(x1: float, y1: float, x2: float, y2: float, weight: float) -> Line:
    return Line(x1 * MM, y1 * MM, x2 * MM, y2 * MM, strokeColor=colour(INK), strokeWidth=weight)
