"""Amounts over years on paper: lines, areas on each other, columns of years, with statements and limits."""

from collections.abc import Iterator

import numpy as np
from reportlab.graphics.shapes import Drawing, Path, Shape

from layers.paper.charts.pen import Pen, box, finished, hair, ticks
from layers.paper.ink import HAIR, PAPER, QUIET, colour
from layers.paper.plots import Course, Dots, Level, Series

_SHAPE = 0.46
_LEAST = 60.0
_TICKS = 5
_AREA = 0.82


def draw_course(course: Course, wide: float, pen: Pen, high: float | None) -> Drawing:
    """The course as a drawing of that width."""
    return _Ground(course, wide, pen, high).drawing()


class _Ground:
    """Where amounts and labels lie: bands of equal width, one for each label."""

    def __init__(self, course: Course, wide: float, pen: Pen, high: float | None) -> None:
        self.course, self.wide, self.pen = course, wide, pen
        self.low, self.high = self._ends()
        self.ticks = ticks(self.low, self.high, _TICKS)
        named = [pen.tick(tick, course.axis) for tick in self.ticks]
        self.left = max(pen.wide(name) for name in named) + pen.size * 0.6
        self.band = (wide - self.left) / len(course.labels)
        marked = [(dots.name, dots.colour, dots.symbol, dots.opacity) for dots in course.dots]
        names = [(one.name, one.colour, None, 1.0) for one in course.series if one.name]
        self.legend, self.top = pen.legend([*names, *marked], wide, 0.0)
        self.top -= pen.size * 0.5
        foot = pen.leading + pen.size * 0.4
        body = min(wide * _SHAPE, (high or np.inf) + self.top - foot)
        self.bottom = self.top - max(body, _LEAST)
        self.foot = foot

    def _ends(self) -> tuple[float, float]:
        course = self.course
        rows = np.array([_amounts(one) for one in course.series])
        tops = np.nansum(rows, axis=0) if course.area else rows[~np.isnan(rows)]
        others = [dot.y for dots in course.dots for dot in dots.dots] + [one.amount for one in course.levels]
        low = course.axis.low if course.axis.low is not None else min([0.0, *tops.tolist(), *others])
        high = course.axis.high if course.axis.high is not None else max([0.0, *tops.tolist(), *others])
        return low, high if high > low else low + 1.0

    def x(self, number: float) -> float:
        """The middle of the band of a label."""
        return self.left + (number + 0.5) * self.band

    def y(self, amount: float) -> float:
        """The height of an amount."""
        return self.bottom + (amount - self.low) / (self.high - self.low) * (self.top - self.bottom)

    def drawing(self) -> Drawing:
        """All of it, what lies below first."""
        parts: list[Shape] = [*self.legend, *self._grid()]
        parts += self._areas() if self.course.area else self._lines()
        for level in self.course.levels:
            parts += self._level(level)
        for dots in self.course.dots:
            parts += self._dots(dots)
        return finished(parts, self.wide, -self.bottom + self.foot)

    def _grid(self) -> Iterator[Shape]:
        pen, labels = self.pen, self.course.labels
        for tick in self.ticks:
            ink, weight = (QUIET, 0.6) if tick == 0 else (HAIR, 0.5)
            yield hair(self.left, self.y(tick), self.wide, self.y(tick), ink=ink, weight=weight)
            text = [pen.tick(tick, self.course.axis)]
            yield from pen.write(text, self.left - pen.size * 0.5, self.y(tick), ink=QUIET, align="end")
        widest = max(pen.wide(label) for label in labels) + pen.size
        step = max(1, int(-(-widest // self.band)))
        middle = self.bottom - pen.size * 0.3 - pen.leading / 2
        for number in range(0, len(labels), step):
            yield from pen.write([labels[number]], self.x(number), middle, ink=QUIET, align="middle")

    def _areas(self) -> Iterator[Shape]:
        """Areas on each other: columns where the course is stepped, since each amount holds for its year."""
        below = np.zeros(len(self.course.labels))
        for one in self.course.series:
            amounts = np.nan_to_num(_amounts(one))
            above = below + amounts
            if amounts.any():
                yield _through([*self._edge(above), *self._edge(below)[::-1]], fill=one.colour)
            below = above

    def _edge(self, amounts: np.ndarray) -> list[tuple[float, float]]:
        """The upper edge of an area, from the left."""
        if not self.course.stepped:
            return [(self.x(at), self.y(amount)) for at, amount in enumerate(amounts.tolist())]
        return [
            (self.left + (at + side) * self.band, self.y(amount))
            for at, amount in enumerate(amounts.tolist())
            for side in (0, 1)
        ]

    def _lines(self) -> Iterator[Shape]:
        """Lines, broken where an amount is not known."""
        for one in self.course.series:
            run: list[tuple[float, float]] = []
            for at, amount in enumerate([*_amounts(one).tolist(), np.nan]):
                if not np.isnan(amount):
                    run.append((self.x(at), self.y(amount)))
                    continue
                if len(run) > 1:
                    yield _through(run, stroke=one.colour)
                for x, y in run:
                    yield self.pen.mark("circle", x, y, one.colour)
                run = []

    def _level(self, level: Level) -> Iterator[Shape]:
        pen, y = self.pen, self.y(level.amount)
        yield hair(self.left, y, self.wide, y, ink=level.colour, weight=1.0)
        if level.text:
            lines = pen.lines(level.text, (self.wide - self.left) * 0.7)
            below = y - pen.size * 0.4 - len(lines) * pen.leading / 2
            yield from pen.write(lines, self.left + pen.size * 0.5, below, ink=level.colour)

    def _dots(self, dots: Dots) -> Iterator[Shape]:
        """Points with their amounts above them."""
        pen, told = self.pen, set()
        for dot in dots.dots:
            x, y = self.x(dot.x), self.y(dot.y)
            text = dot.words[-1] if dot.words else pen.amount(dot.y)
            yield pen.mark(dots.symbol, x, y, dot.colour or dots.colour)
            # Who has said the same in the same year needs no second label on the first.
            if (dot.x, text) in told:
                continue
            told.add((dot.x, text))
            half = pen.wide(text) / 2
            middle = min(max(x, self.left + half), self.wide - half)
            above = y + pen.size * 1.2
            yield box(middle - half - 1, above - pen.size * 0.55, 2 * half + 2, pen.size * 1.1, PAPER, 0.82)
            yield from pen.write(pen.lines(text, self.wide), middle, above, align="middle")


def _amounts(one: Series) -> np.ndarray:
    known = [value.amount if value and value.amount is not None else np.nan for value in one.values]
    return np.array(known, dtype=float)


def _through(points: list[tuple[float, float]], *, fill: str = "", stroke: str = "") -> Path:
    """A path through points: an area, or a line."""
    flat = [part for point in points for part in point]
    operators = [0, *[1] * (len(points) - 1), *([3] if fill else [])]
    look = {"strokeColor": colour(stroke) if stroke else None, "strokeWidth": 1.4}
    faded = _AREA if fill else None
    return Path(
        points=flat, operators=operators, fillColor=colour(fill) if fill else None, fillOpacity=faded, **look
    )
