"""What all charts on paper share: lines of text that fit, legends, ticks, amounts in words.

A chart is drawn downwards from y = 0, so that it need not know its height beforehand; `finished` makes the
drawing of it.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Circle, Drawing, Group, Line, Path, Rect, Shape, String

from layers.catalog import Language
from layers.paper import fonts
from layers.paper.ink import HAIR, INK, PAPER, blank, colour
from layers.paper.plots import Axis, Symbol
from layers.paper.typeset import divisions, written
from layers.text import Words

_BASE = 0.34
"""Of the size of a type: from the middle of a line down to its base line."""
_SWATCH, _BETWEEN = 0.9, 1.3
_DARK = 0.52
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_YEARS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)


@dataclass(frozen=True)
class Pen:
    """The language and the size of the type (points) of a chart."""

    language: Language
    size: float = 7.0

    @property
    def leading(self) -> float:
        """From line to line."""
        return self.size * 1.2

    @property
    def words(self) -> Words:
        """The voice of the language."""
        return Words(self.language)

    def amount(self, value: float | None, decimals: int = 1) -> str:
        """An amount as the language writes it; that it is not known, if so."""
        if value is None:
            return self.words("no_data")
        return self.words.number(value, decimals).replace("-", "−")

    def tick(self, value: float, axis: Axis) -> str:
        """A figure of an axis; years are not grouped by thousands."""
        return f"{value:.0f}" if axis.years else self.amount(value, 2)

    def lines(self, text: str, room: float, *, bold: bool = False, size: float | None = None) -> list[str]:
        """A text in lines that are no wider than `room`; long words are divided."""
        return list(_broken(text, room, size or self.size, fonts.BOLD if bold else fonts.REGULAR))

    def wide(self, text: str, *, bold: bool = False, size: float | None = None) -> float:
        """How wide a text is in one line."""
        return fonts.width(written(text), size or self.size, fonts.BOLD if bold else fonts.REGULAR)

    def write(
        self,
        lines: Sequence[str],
        x: float,
        middle: float,
        *,
        ink: str = INK,
        align: str = "start",
        bold: bool = False,
        size: float | None = None,
    ) -> Iterator[String]:
        """Lines about the height `middle`, from x on, about it, or up to it."""
        size = size or self.size
        leading, face = size * 1.2, fonts.BOLD if bold else fonts.REGULAR
        for number, line in enumerate(lines):
            y = middle + ((len(lines) - 1) / 2 - number) * leading - size * _BASE
            look = {"fontName": face, "fontSize": size, "fillColor": colour(ink), "textAnchor": align}
            yield String(x, y, line, **look)

    def legend(
        self, names: Sequence[tuple[str, str, Symbol | None, float]], wide: float, top: float
    ) -> tuple[list[Shape], float]:
        """Names with their colours and marks in rows from `top` down, and where they end."""
        drawn: list[Shape] = []
        x, mark = 0.0, self.size * _SWATCH
        y, deepest = top, top
        for name, tint, symbol, opacity in names:
            lines = self.lines(name, wide - mark * 1.6)
            taken = mark * 1.6 + max(self.wide(line) for line in lines)
            if x and x + taken > wide:
                x, y = 0.0, deepest
            middle = y - self.leading / 2
            drawn.append(self.mark(symbol, x + mark / 2, middle, tint, opacity))
            lowered = middle - (len(lines) - 1) * self.leading / 2
            drawn += self.write(lines, x + mark * 1.6, lowered)
            deepest = min(deepest, y - len(lines) * self.leading - self.size * 0.25)
            x += taken + self.size * _BETWEEN
        return drawn, deepest - (self.size * 0.5 if names else 0.0)

    def mark(self, symbol: Symbol | None, x: float, y: float, tint: str, opacity: float = 1.0) -> Shape:
        """A mark about (x, y): a swatch, or the symbol of points."""
        fill = {"fillColor": colour(tint), "fillOpacity": opacity if opacity < 1 else None}
        rim = {"strokeColor": colour(PAPER), "strokeWidth": 0.6}
        half = self.size * _SWATCH / 2
        match symbol:
            case "circle":
                return Circle(x, y, half * 0.85, **fill, **rim)
            case "diamond":
                turned = [x - half, y, x, y - half, x + half, y, x, y + half]
                return Path(points=turned, operators=[0, 1, 1, 1, 3], **fill, **rim)
            case "tick":
                return Rect(x - 0.6, y - half, 1.2, 2 * half, strokeColor=None, **fill)
        return Rect(x - half, y - half, 2 * half, 2 * half, strokeColor=None, **fill)


def _broken(text: str, room: float, size: float, face: str) -> Iterator[str]:
    line = ""
    for word in written(text).split(" "):
        rest = word
        joined = f"{line} {rest}" if line else rest
        if fonts.width(joined, size, face) <= room:
            line = joined
            continue
        if line:
            yield line
        while fonts.width(rest, size, face) > room:
            head, rest = _divided(rest, room, size, face)
            yield head
        line = rest
    yield line


def _divided(word: str, room: float, size: float, face: str) -> tuple[str, str]:
    """A word that is wider than a line, divided at a syllable, or else where the line ends."""
    for head, tail in divisions(word):
        if fonts.width(f"{head}-", size, face) <= room:
            return f"{head}-", tail
    most = next((n for n in range(len(word), 1, -1) if fonts.width(word[:n], size, face) <= room), 1)
    return word[:most], word[most:]


def finished(parts: Iterable[Shape], wide: float, high: float) -> Drawing:
    """The drawing of what was drawn from y = 0 down to -high."""
    drawing = blank(wide, high)
    drawing.add(Group(*parts, transform=(1, 0, 0, 1, 0, high)))
    return drawing


def hair(x1: float, y1: float, x2: float, y2: float, *, ink: str = HAIR, weight: float = 0.5) -> Line:
    """A thin line."""
    return Line(x1, y1, x2, y2, strokeColor=colour(ink), strokeWidth=weight)


def reading_on(tint: str) -> str:
    """The ink that can be read on a colour."""
    red, green, blue = (int(tint[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return PAPER if 0.299 * red + 0.587 * green + 0.114 * blue < _DARK else INK


def box(x: float, y: float, wide: float, high: float, tint: str, opacity: float = 1.0) -> Rect:
    """A filled box from its lower left corner."""
    faded = opacity if opacity < 1 else None
    return Rect(x, y, wide, high, fillColor=colour(tint), fillOpacity=faded, strokeColor=None)


def ticks(low: float, high: float, most: int, *, years: bool = False) -> list[float]:
    """Round figures between the ends, at most about so many."""
    span = high - low
    if span <= 0:
        return [low]
    if years:
        step = next((step for step in _YEARS if span / step <= most), _YEARS[-1])
    else:
        power = 10.0 ** math.floor(math.log10(span / most))
        step = next(step * power for step in _STEPS if span / (step * power) <= most)
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]
