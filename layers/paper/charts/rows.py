"""Horizontal bars on paper: beside each other or stacked, floating over years, with points over them.

Charts that are higher than a page are drawn in parts of about the same height, all on one scale.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Shape

from layers.paper.charts.pen import Pen, box, finished, hair, reading_on, ticks
from layers.paper.ink import QUIET
from layers.paper.plots import Bars, Value, extent

_NAMES = 0.42
"""The part of the width that names take at most."""
_THICK, _BESIDE, _STACK = 1.3, 1.08, 1.7
_PAD, _GAP = 0.55, 0.9
_TICKS = 8


@dataclass(frozen=True)
class _Row:
    """A category: its number, its name in lines, how high it is."""

    at: int
    lines: list[str]
    high: float


@dataclass(frozen=True)
class _Scale:
    """Where amounts lie across: from `low` at `left`, so many points for each."""

    low: float
    high: float
    left: float
    per: float

    def __call__(self, amount: float) -> float:
        return self.left + (min(max(amount, self.low), self.high) - self.low) * self.per


def draw_bars(bars: Bars, wide: float, pen: Pen, high: float | None) -> list[Drawing]:
    """The bars as one drawing, or as several that are no higher than `high`."""
    return _Sheet(bars, wide, pen).drawings(high)


class _Sheet:
    """The measures that all parts of a chart share."""

    def __init__(self, bars: Bars, wide: float, pen: Pen) -> None:
        self.bars, self.wide, self.pen = bars, wide, pen
        self.shown = [one for one in bars.series if not one.hidden]
        self.beside = 1 if bars.stacked else max(1, len(self.shown))
        unit = _STACK if bars.stacked else _THICK if self.beside == 1 else _BESIDE
        self.thick = unit * pen.size
        self.telling = not bars.stacked and bool(bars.series)
        longest = max((pen.wide(name) for name in bars.categories), default=0.0)
        self.names = min(longest, wide * _NAMES)
        self.scale = self._scale()

    def _scale(self) -> _Scale:
        """A scale on which every bar leaves room for its figure."""
        low, high = extent(self.bars)
        left, right = self.names + self.pen.size * _GAP, 0.0
        before = 0.0
        if self.telling:
            for one in self.shown:
                for value in one.values:
                    taken = self.pen.wide(self._label(value)) + self.pen.size * 0.5 if value else 0.0
                    if value and (value.amount or 0) < 0:
                        before = max(before, taken)
                    else:
                        right = max(right, taken)
        else:
            right = self.pen.wide(self.pen.tick(high, self.bars.axis)) / 2
        left += before
        room = max(self.wide - left - right, self.pen.size * 4)
        return _Scale(low, high, left, room / ((high - low) or 1.0))

    def _label(self, value: Value) -> str:
        return value.text or self.pen.amount(value.amount)

    # --- parts --------------------------------------------------------------------------------------

    def drawings(self, high: float | None) -> list[Drawing]:
        """The whole, in as few parts as the height allows."""
        rows = [self._row(at) for at in range(len(self.bars.categories))]
        head = self._head()[1]
        room = max(high + head, *(row.high for row in rows)) if high else float("inf")
        return [self._part(rows) for rows in _shared(rows, room)]

    def _row(self, at: int) -> _Row:
        lines = self.pen.lines(self.bars.categories[at], self.names + 0.1)
        text = len(lines) * self.pen.leading
        return _Row(at, lines, max(text, self.beside * self.thick) + self.pen.size * _PAD)

    def _head(self) -> tuple[list[Shape], float]:
        """Legend and figures of the axis, and where they end."""
        pen, bars = self.pen, self.bars
        many = len(self.shown) + len(bars.dots) > 1
        marked = [(dots.name, dots.colour, dots.symbol, dots.opacity) for dots in bars.dots]
        names = [(one.name, one.colour, None, 1.0) for one in self.shown]
        drawn, y = pen.legend([*names, *marked] if many else [], self.wide, 0.0)
        if not self.telling:
            for tick in self._ticks():
                drawn += pen.write(
                    [pen.tick(tick, bars.axis)],
                    self.scale(tick),
                    y - pen.leading / 2,
                    ink=QUIET,
                    align="middle",
                )
            y -= pen.leading + pen.size * 0.2
        return drawn, y

    def _ticks(self) -> list[float]:
        return ticks(self.scale.low, self.scale.high, _TICKS, years=self.bars.axis.years)

    def _part(self, rows: list[_Row]) -> Drawing:
        drawn, top = self._head()
        y, high = top, sum(row.high for row in rows)
        if not self.telling:
            drawn += [hair(self.scale(tick), top, self.scale(tick), top - high) for tick in self._ticks()]
        for row in rows:
            middle = y - row.high / 2
            drawn += self.pen.write(row.lines, self.names, middle, align="end")
            drawn += self._stack(row, middle) if self.bars.stacked else self._side(row, middle)
            drawn += self._dots(row, middle)
            y -= row.high
        zero = self.scale(max(self.scale.low, 0.0))
        if self.bars.series:
            drawn.append(hair(zero, top, zero, y, ink=QUIET, weight=0.6))
        return finished(drawn, self.wide, -y)

    def _side(self, row: _Row, middle: float) -> Iterator[Shape]:
        """The bars of a category beside each other, each with its figure."""
        pen, zero = self.pen, self.scale(0.0)
        top = middle + self.beside * self.thick / 2
        for number, one in enumerate(self.shown):
            value, centre = one.values[row.at], top - (number + 0.5) * self.thick
            if value is None:
                continue
            if value.amount is None:
                text = pen.lines(self._label(value), self.wide - zero)
                yield from pen.write(text, zero + pen.size * 0.4, centre, ink=QUIET)
                continue
            end = self.scale(value.amount)
            tint = value.colour or one.colour
            deep = self.thick * (0.84 if self.beside == 1 else 0.8)
            yield box(min(zero, end), centre - deep / 2, abs(end - zero), deep, tint, value.opacity)
            away = -1 if value.amount < 0 else 1
            align = "start" if away > 0 else "end"
            size = pen.size if self.beside == 1 else pen.size * 0.9
            label = [self._label(value)]
            yield from pen.write(label, end + away * pen.size * 0.4, centre, align=align, size=size)

    def _stack(self, row: _Row, middle: float) -> Iterator[Shape]:
        """The bars of a category on each other; figures stand in those that have room for them."""
        start, deep = 0.0, self.thick * 0.8
        unknown = False
        for one in self.bars.series:
            value = one.values[row.at]
            if value is None or value.amount is None:
                unknown |= value is not None
                continue
            left, right = self.scale(start), self.scale(start + value.amount)
            start += value.amount
            if one.hidden or right - left < 0.05:
                continue
            tint = value.colour or one.colour
            yield box(left, middle - deep / 2, right - left, deep, tint, value.opacity)
            text = self._label(value)
            size = self.pen.size * 0.9
            quiet = self.bars.axis.years or self.bars.dots or value.opacity < 1
            if not quiet and self.pen.wide(text, size=size) + 2 < right - left:
                ink = reading_on(tint)
                yield from self.pen.write(
                    [text], (left + right) / 2, middle, ink=ink, align="middle", size=size
                )
        if unknown and not start:
            told = [self.pen.amount(None)]
            yield from self.pen.write(told, self.scale(0) + self.pen.size * 0.4, middle, ink=QUIET)

    def _dots(self, row: _Row, middle: float) -> Iterator[Shape]:
        for dots in self.bars.dots:
            for dot in dots.dots:
                if round(dot.y) == row.at:
                    tint = dot.colour or dots.colour
                    yield self.pen.mark(dots.symbol, self.scale(dot.x), middle, tint, dots.opacity)


def _shared(rows: list[_Row], room: float) -> list[list[_Row]]:
    """The rows in as few parts as the room allows, about as high as each other."""
    whole = sum(row.high for row in rows)
    count = 1 if whole <= room else int(-(-whole // room))
    while True:
        parts: list[list[_Row]] = [[] for _ in range(count)]
        passed = 0.0
        for row in rows:
            parts[min(int((passed + row.high / 2) / whole * count), count - 1)].append(row)
            passed += row.high
        if count >= len(rows) or all(sum(row.high for row in part) <= room for part in parts):
            return [part for part in parts if part]
        count += 1
