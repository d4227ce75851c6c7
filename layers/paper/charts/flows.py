"""Sankey diagrams of two columns on paper: who gives at the left, who gets at the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing, Path, Shape

from layers.paper.charts.pen import Pen, box, finished
from layers.paper.ink import QUIET, colour
from layers.paper.plots import Flow, Node

_SHAPE, _LEAST = 0.5, 90.0
_NAMES = 0.24
_BAR, _GAP = 0.9, 0.7
_OPACITY = 0.38


@dataclass(frozen=True)
class _Placed:
    """A node with its name in lines, its amount, the height of its slot and the top of its bar."""

    node: Node
    lines: list[str]
    amount: float
    top: float


def draw_flow(flow: Flow, wide: float, pen: Pen, high: float | None) -> Drawing:
    """A flow as a drawing of that width."""
    longest = max(pen.wide(node.name) for node in (*flow.sources, *flow.targets))
    room = min(longest, wide * _NAMES) + 0.1
    given, got = [0.0] * len(flow.sources), [0.0] * len(flow.targets)
    for source, target, amount in flow.links:
        given[source] += amount
        got[target] += amount
    named = [[_lines(node, room, pen) for node in side] for side in (flow.sources, flow.targets)]
    body = max(min(wide * _SHAPE, high or wide), _LEAST)
    per = min(_scale(amounts, lines, body, pen) for amounts, lines in zip((given, got), named, strict=True))
    left = _stacked(flow.sources, named[0], given, per, body, pen)
    right = _stacked(flow.targets, named[1], got, per, body, pen)
    lowest = min(_end(side, per, pen) for side in (left, right))
    bar, inner = pen.size * _BAR, pen.size * 0.6
    start, end = room + inner, wide - room - inner
    parts: list[Shape] = list(_ribbons(flow, left, right, per, (start + bar, end - bar)))
    for side, x, at, align in ((left, start, room, "end"), (right, end - bar, wide - room, "start")):
        for one in side:
            deep = max(one.amount * per, 0.6)
            parts.append(box(x, one.top - deep, bar, deep, one.node.colour))
            parts += _named(one, at, align, per, pen)
    return finished(parts, wide, max(-lowest, 1.0))


def _lines(node: Node, room: float, pen: Pen) -> list[str]:
    return pen.lines(node.name, room)


def _tall(lines: list[str], pen: Pen) -> float:
    """The height of a name with the amount below it."""
    return (len(lines) + 1) * pen.leading


def _scale(amounts: Sequence[float], names: Sequence[list[str]], body: float, pen: Pen) -> float:
    """Points for an amount, so that a column with its names fills the height and no more."""
    gaps = pen.size * _GAP * (len(amounts) - 1)
    low, high = 0.0, body / max(sum(amounts), 1e-9)
    for _ in range(40):
        middle = (low + high) / 2
        taken = gaps + sum(max(a * middle, _tall(n, pen)) for a, n in zip(amounts, names, strict=True))
        low, high = (middle, high) if taken <= body else (low, middle)
    return max(low, body * 0.25 / max(sum(amounts), 1e-9))


def _stacked(
    nodes: Sequence[Node],
    names: Sequence[list[str]],
    amounts: Sequence[float],
    per: float,
    body: float,
    pen: Pen,
) -> list[_Placed]:
    """The nodes of a column from the top down, spread over the height that there is."""
    slots = [max(a * per, _tall(n, pen)) for a, n in zip(amounts, names, strict=True)]
    free = max(body - sum(slots), 0.0)
    gap = max(pen.size * _GAP, free / max(len(slots) - 1, 1)) if len(slots) > 1 else 0.0
    found, y = [], 0.0
    for node, lines, amount, slot in zip(nodes, names, amounts, slots, strict=True):
        found.append(_Placed(node, lines, amount, y - (slot - amount * per) / 2))
        y -= slot + gap
    return found


def _end(side: Sequence[_Placed], per: float, pen: Pen) -> float:
    """How deep a column reaches, with its last name."""
    last = side[-1]
    deep = last.amount * per
    return last.top - deep - max(_tall(last.lines, pen) - deep, 0.0) / 2


def _named(one: _Placed, x: float, align: str, per: float, pen: Pen) -> Iterator[Shape]:
    middle = one.top - one.amount * per / 2
    whole = len(one.lines) + 1
    top = middle + whole * pen.leading / 2
    yield from pen.write(one.lines, x, top - len(one.lines) * pen.leading / 2, align=align)
    amount = [one.node.text or pen.amount(one.amount)]
    yield from pen.write(amount, x, top - (whole - 0.5) * pen.leading, align=align, ink=QUIET)


def _ribbons(
    flow: Flow, left: list[_Placed], right: list[_Placed], per: float, ends: tuple[float, float]
) -> Iterator[Shape]:
    """Bands from node to node in the colours of who gives, in the order of both columns."""
    from_y, to_y = [one.top for one in left], [one.top for one in right]
    arrivals: dict[tuple[int, int], float] = {}
    for source, target, amount in sorted(flow.links, key=lambda link: (link[1], link[0])):
        arrivals[source, target] = to_y[target]
        to_y[target] -= amount * per
    for source, target, amount in sorted(flow.links, key=lambda link: (link[0], link[1])):
        a, b, deep = from_y[source], arrivals[source, target], max(amount * per, 0.25)
        from_y[source] -= amount * per
        x1, x2 = ends
        bend = (x1 + x2) / 2
        points = [x1, a, bend, a, bend, b, x2, b, x2, b - deep, bend, b - deep, bend, a - deep, x1, a - deep]
        tint = left[source].node.colour
        look = {"fillColor": colour(tint), "fillOpacity": _OPACITY, "strokeColor": None}
        yield Path(points=points, operators=[0, 2, 1, 2, 3], **look)
