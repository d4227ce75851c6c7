"""Treemaps on paper: amounts as areas as near to squares as may be (Bruls, Huizing, van Wijk, 2000)."""

from collections.abc import Iterator, Sequence

from reportlab.graphics.shapes import Drawing, Rect, Shape

from layers.paper.charts.pen import Pen, finished, reading_on
from layers.paper.ink import PAPER, colour
from layers.paper.plots import Branch, Tree

Box = tuple[float, float, float, float]
"""Left, bottom, width, height."""
_SHAPE, _LEAST = 0.55, 80.0
_PAD = 0.45
_MOST_LINES = 4


def squarified(amounts: Sequence[float], room: Box) -> list[Box]:
    """A box for each amount (all above zero, the greatest first), which together fill the room."""
    total = sum(amounts)
    if not amounts or total <= 0:
        return []
    unit = room[2] * room[3] / total
    areas = [amount * unit for amount in amounts]
    found: list[Box] = []
    while areas:
        short = min(room[2], room[3])
        count = 1
        while count < len(areas) and _worst(areas[: count + 1], short) <= _worst(areas[:count], short):
            count += 1
        row, areas = areas[:count], areas[count:]
        laid, room = _laid(row, room)
        found += laid
    return found


def _worst(row: Sequence[float], short: float) -> float:
    """How far the worst of a row laid along the short side is from a square."""
    deep = sum(row) / short
    return max(max(deep * deep / area, area / (deep * deep)) for area in row)


def _laid(row: Sequence[float], room: Box) -> tuple[list[Box], Box]:
    """The boxes of a row along the short side of the room, from the left or the top, and what is left."""
    x, y, wide, high = room
    whole = sum(row)
    found: list[Box] = []
    if wide >= high:
        deep, top = whole / high, y + high
        for area in row:
            top -= area / deep
            found.append((x, top, deep, area / deep))
        return found, (x + deep, y, max(wide - deep, 0.0), high)
    deep, left = whole / wide, x
    for area in row:
        found.append((left, y + high - deep, area / deep, deep))
        left += area / deep
    return found, (x, y, wide, max(high - deep, 0.0))


def draw_tree(tree: Tree, wide: float, pen: Pen, high: float | None) -> Drawing:
    """A treemap as a drawing of that width; its branches are named above it, with their sums."""
    branches = sorted(tree.branches, key=lambda branch: -_whole(branch))
    named = [(_titled(branch), branch.colour, None, 1.0) for branch in branches]
    parts, top = pen.legend(named, wide, 0.0)
    body = max(min(wide * _SHAPE, high + top if high else wide), _LEAST)
    room = (0.0, top - body, wide, body)
    for branch, held in zip(branches, squarified([_whole(one) for one in branches], room), strict=True):
        parts += _branch(branch, held, pen)
    return finished(parts, wide, body - top)


def _whole(branch: Branch) -> float:
    return sum(leaf.amount for leaf in branch.leaves)


def _titled(branch: Branch) -> str:
    return f"{branch.name}: {branch.text}" if branch.text else branch.name


def _branch(branch: Branch, room: Box, pen: Pen) -> Iterator[Shape]:
    leaves = sorted(branch.leaves, key=lambda leaf: -leaf.amount)
    x, y, wide, high = room
    inner = (x + 0.6, y + 0.6, max(wide - 1.2, 0.1), max(high - 1.2, 0.1))
    ink = reading_on(branch.colour)
    for leaf, held in zip(leaves, squarified([leaf.amount for leaf in leaves], inner), strict=True):
        left, low, across, up = held
        rim = {"strokeColor": colour(PAPER), "strokeWidth": min(0.5, across / 4, up / 4)}
        yield Rect(left, low, across, up, fillColor=colour(branch.colour), **rim)
        yield from _named(leaf.name, leaf.text, held, ink, pen)


def _named(name: str, amount: str, held: Box, ink: str, pen: Pen) -> Iterator[Shape]:
    """The name of an area and its amount, as large as it holds them whole; else nothing."""
    left, low, across, up = held
    pad = pen.size * _PAD
    for size in (pen.size, pen.size * 0.88, pen.size * 0.78):
        room, leading = across - 2 * pad, size * 1.2
        words = name.split(" ")
        if room <= 0 or max(pen.wide(word, size=size) for word in words) > room:
            continue
        lines = pen.lines(name, room, size=size)
        told = [amount] if amount and pen.wide(amount, size=size) <= room else []
        if len(lines) > _MOST_LINES or (len(lines) + len(told)) * leading + pad > up:
            if len(lines) > _MOST_LINES or len(lines) * leading + pad > up:
                continue
            told = []
        top = low + up - pad
        middle = top - len(lines) * leading / 2
        yield from pen.write(lines, left + pad, middle, ink=ink, size=size)
        if told:
            under = top - (len(lines) + 0.5) * leading
            yield from pen.write(told, left + pad, under, ink=ink, size=size, bold=True)
        return
