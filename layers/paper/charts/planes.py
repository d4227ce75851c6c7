"""Clouds of points and radars on paper. Points have no tips there, so they are numbered and told below."""

import math
from collections.abc import Iterator

from reportlab.graphics.shapes import Circle, Drawing, Group, Path, Shape

from layers.paper.charts.pen import Pen, finished, hair, ticks
from layers.paper.ink import HAIR, INK, QUIET, colour
from layers.paper.labels import Boxes
from layers.paper.plots import Axis, Cloud, Dot, Web

_SHAPE, _LEAST = 0.52, 80.0
_TICKS = 6
_WIDE = 330.0
"""From which width on a list stands in two columns."""
_RINGS = 4
_MOST_NAMES = 9
_NAMES = 0.27


# --- clouds -------------------------------------------------------------------------------------------


class _Measure:
    """An axis as places between two ends of a drawing."""

    def __init__(self, axis: Axis, amounts: list[float], start: float, end: float) -> None:
        self.axis, self.start, self.end = axis, start, end
        least, most = min(amounts), max(amounts)
        if axis.log:
            self.low, self.high = math.log10(least / 1.3), math.log10(most * 1.3)
        else:
            edge = (most - least) * 0.06 or 1.0
            self.low = axis.low if axis.low is not None else min(0.0, least - edge)
            self.high = axis.high if axis.high is not None else most + edge

    def __call__(self, amount: float) -> float:
        at = math.log10(amount) if self.axis.log else amount
        return self.start + (at - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round figures; on a logarithmic axis 1, 2 and 5 of each power, or the powers alone."""
        if not self.axis.log:
            return ticks(self.low, self.high, _TICKS, years=self.axis.years)
        powers = range(math.floor(self.low), math.ceil(self.high) + 1)
        for parts in ((1, 2, 5), (1,)):
            found = [part * 10.0**power for power in powers for part in parts]
            found = [tick for tick in found if self.low <= math.log10(tick) <= self.high]
            if len(found) <= 2 * _TICKS:
                break
        return found


def numbered(cloud: Cloud) -> list[tuple[int, Dot, str]]:
    """The points of a cloud by their numbers, each with its colour."""
    dots = [(dot, dot.colour or dots.colour) for dots in cloud.dots for dot in dots.dots]
    return [(number, dot, tint) for number, (dot, tint) in enumerate(dots, start=1)]


def told(dot: Dot) -> str:
    """A point in a line: its name, then its figures."""
    name, *figures = dot.words or ("",)
    return f"{name}: {', '.join(figures)}" if figures else name


def draw_cloud(cloud: Cloud, wide: float, pen: Pen, high: float | None) -> Drawing:
    """A cloud as a drawing of that width, its points listed below."""
    dots = numbered(cloud)
    many = [(one.name, one.colour, one.symbol, one.opacity) for one in cloud.dots if len(cloud.dots) > 1]
    parts, top = pen.legend(many, wide, 0.0)
    parts += pen.write([cloud.upward.title], 0, top - pen.leading / 2, ink=QUIET)
    top -= pen.leading * 1.4
    listed, under = _list([told(dot) for _, dot, _ in dots], wide, pen)
    foot = pen.leading * 2.6 + pen.size * 0.6
    body = min(wide * _SHAPE, (high or math.inf) + top - foot - under)
    bottom = top - max(body, _LEAST)
    across = _Measure(cloud.across, [dot.x for _, dot, _ in dots], 0, 1)
    upward = _Measure(cloud.upward, [dot.y for _, dot, _ in dots], bottom, top)
    left = max(pen.wide(pen.tick(tick, cloud.upward)) for tick in upward.ticks()) + pen.size * 0.8
    across.start, across.end = left, wide - pen.size * 2
    parts += _axes(cloud, across, upward, pen)
    parts += _points(dots, across, upward, pen)
    parts.append(_lowered(listed, bottom - foot))
    return finished(parts, wide, -(bottom - foot - under))


def _axes(cloud: Cloud, across: _Measure, upward: _Measure, pen: Pen) -> Iterator[Shape]:
    left, right, bottom, top = across.start, across.end, upward.start, upward.end
    for tick in upward.ticks():
        y = upward(tick)
        yield hair(left, y, right, y)
        yield from pen.write([pen.tick(tick, cloud.upward)], left - pen.size * 0.5, y, ink=QUIET, align="end")
    under = bottom - pen.size * 0.4 - pen.leading / 2
    last = -math.inf
    for tick in across.ticks():
        x, text = across(tick), pen.tick(tick, cloud.across)
        yield hair(x, bottom, x, top)
        half = pen.wide(text) / 2
        if x - half > last:
            yield from pen.write([text], min(x, right - half), under, ink=QUIET, align="middle")
            last = x + half + pen.size * 0.6
    yield hair(left, bottom, right, bottom, ink=QUIET, weight=0.6)
    title = pen.lines(cloud.across.title, right - left)
    yield from pen.write(title, (left + right) / 2, under - pen.leading * 1.1, ink=QUIET, align="middle")


def _points(
    dots: list[tuple[int, Dot, str]], across: _Measure, upward: _Measure, pen: Pen
) -> Iterator[Shape]:
    """Points and their numbers, which lie on no other point or number where there is room."""
    taken, radius = Boxes(), pen.size * 0.42
    places = [(across(dot.x), upward(dot.y)) for _, dot, _ in dots]
    for x, y in places:
        taken.take((x - radius, y - radius, x + radius, y + radius))
    for (number, _, tint), (x, y) in zip(dots, places, strict=True):
        yield Circle(x, y, radius, fillColor=colour(tint), fillOpacity=0.88, strokeColor=None)
        text, half, away = str(number), pen.size * 0.42, radius + 1
        size = pen.wide(text)
        spots = [
            (x + sx * (away + size / 2), y + sy * (away + half))
            for sx, sy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
        ]
        boxes = [(px - size / 2, py - half, px + size / 2, py + half) for px, py in spots]
        free = next((at for at, held in enumerate(boxes) if taken.free(held)), 0)
        taken.take(boxes[free])
        yield from pen.write([text], *spots[free], align="middle")


def _list(entries: list[str], wide: float, pen: Pen) -> tuple[Group, float]:
    """Numbered texts in one column or two, drawn from y = 0 down, and how high they are."""
    columns = 2 if wide >= _WIDE and len(entries) > 1 else 1
    gap, mark = pen.size * 2, pen.wide("00") + pen.size * 0.6
    room = (wide - gap * (columns - 1)) / columns
    told_in = [pen.lines(text, room - mark) for text in entries]
    each = -(-len(entries) // columns)
    drawn, deepest = Group(), 0.0
    for column in range(columns):
        left, y = column * (room + gap), 0.0
        for number in range(column * each, min((column + 1) * each, len(entries))):
            deep = len(told_in[number]) * pen.leading + pen.size * 0.2
            first = y - pen.leading / 2
            for part in pen.write(
                [str(number + 1)], left + mark - pen.size * 0.5, first, ink=QUIET, align="end"
            ):
                drawn.add(part)
            for part in pen.write(told_in[number], left + mark, y - len(told_in[number]) * pen.leading / 2):
                drawn.add(part)
            y -= deep
        deepest = max(deepest, -y)
    return drawn, deepest


def _lowered(group: Group, y: float) -> Group:
    group.transform = (1, 0, 0, 1, 0, y)
    return group


# --- radars -------------------------------------------------------------------------------------------


def draw_web(web: Web, wide: float, pen: Pen, high: float | None) -> Drawing:
    """A radar as a drawing of that width; many or long names are numbers there, told in a list below."""
    parts, top = pen.legend([(one.name, one.colour, None, 1.0) for one in web.series], wide, 0.0)
    many = len(web.axes) > _MOST_NAMES
    listed, under = _list(list(web.axes), wide, pen) if many else (Group(), 0.0)
    names = [[str(at + 1)] if many else pen.lines(name, wide * _NAMES) for at, name in enumerate(web.axes)]
    side = max(pen.wide(line) for lines in names for line in lines) + pen.size
    above = max(len(lines) for lines in names) * pen.leading + pen.size
    body = min(wide * 0.6, (high or math.inf) + top - under - pen.size)
    radius = max(min((wide - 2 * side) / 2, (max(body, _LEAST) - 2 * above) / 2), _LEAST / 3)
    centre = (wide / 2, top - above - radius)
    parts += _rings(web, centre, radius, names, pen)
    for one in web.series:
        amounts = [value.amount if value and value.amount is not None else 0.0 for value in one.values]
        ends = [
            _spoke(centre, radius * amount / web.high, at, len(amounts)) for at, amount in enumerate(amounts)
        ]
        look = {"strokeColor": colour(one.colour), "strokeWidth": 1.4, "fillColor": colour(one.colour)}
        flat = [part for end in ends for part in end]
        operators = [0, *[1] * (len(ends) - 1), 3]
        parts.append(Path(points=flat, operators=operators, fillOpacity=0.08, **look))
        parts += [pen.mark("circle", x, y, one.colour) for x, y in ends]
    bottom = centre[1] - radius - above
    parts.append(_lowered(listed, bottom))
    return finished(parts, wide, -(bottom - under))


def _spoke(centre: tuple[float, float], long: float, at: int, of: int) -> tuple[float, float]:
    """The end of an axis; the first goes up, the next lies to its left, as on the board."""
    angle = math.pi / 2 + 2 * math.pi * at / of
    return centre[0] + math.cos(angle) * long, centre[1] + math.sin(angle) * long


def _rings(
    web: Web, centre: tuple[float, float], radius: float, names: list[list[str]], pen: Pen
) -> Iterator[Shape]:
    count = len(web.axes)
    for ring in range(1, _RINGS + 1):
        ends = [_spoke(centre, radius * ring / _RINGS, at, count) for at in range(count)]
        flat = [part for end in ends for part in end]
        operators = [0, *[1] * (count - 1), 3]
        yield Path(
            points=flat, operators=operators, fillColor=None, strokeColor=colour(HAIR), strokeWidth=0.5
        )
        figure = [pen.amount(web.high * ring / _RINGS)]
        yield from pen.write(
            figure, centre[0] + 2, centre[1] + radius * ring / _RINGS, ink=QUIET, size=pen.size * 0.8
        )
    for at, lines in enumerate(names):
        x, y = _spoke(centre, radius, at, count)
        yield hair(*centre, x, y)
        x, y = _spoke(centre, radius + pen.size * 0.8, at, count)
        aside = (x - centre[0]) / radius
        align = "middle" if abs(aside) < 0.1 else "start" if aside > 0 else "end"
        lift = (y - centre[1]) / radius * len(lines) * pen.leading / 2 if align == "middle" else 0.0
        yield from pen.write(lines, x, y + lift, ink=INK, align=align)
