"""A fastest way as the arcs of the graph that it takes: shortcuts of a hierarchy taken apart.

A shortcut's time is exactly the sum of the two arcs under it (times are whole numbers), so what it stands for
is found by comparing, and nothing is kept for it when weights change.
"""

import numpy as np

from geo.hierarchy import Ends, Ints, Metric
from geo.sweeps import CLOSED

Step = tuple[int, bool]
"""An arc of the hierarchy, and whether it is taken from its lower end to its higher one."""


def path(metric: Metric, source: Ends, target: Ends) -> list[int]:
    """The arcs of the graph along a fastest way; empty where there is none, or nothing between the two."""
    there, above = _climbed(metric, source, metric.up)
    back, below = _climbed(metric, target, metric.down)
    met = min(((there[v] + back[v], v) for v in there.keys() & back.keys()), default=(CLOSED, -1))
    if met[0] >= CLOSED:
        return []
    steps: list[Step] = [(arc, True) for arc in reversed(_trail(metric, above, met[1]))]
    steps += [(arc, False) for arc in _trail(metric, below, met[1])]
    return _taken_apart(metric, steps)


def _climbed(metric: Metric, place: Ends, times: Ints) -> tuple[dict[int, int], dict[int, int]]:
    """The times to the nodes above one place, and the arc by which each was reached."""
    h = metric.hierarchy
    reach = {int(h.rank[place.first[0]]): int(place.first_ms[0])}
    if place.second[0] >= 0:
        other, time = int(h.rank[place.second[0]]), int(place.second_ms[0])
        reach[other] = min(reach.get(other, CLOSED), time)
    by: dict[int, int] = {}
    v = min(reach)
    while v >= 0:
        time = reach.get(v, CLOSED)
        for arc in range(h.starts[v], h.starts[v + 1]) if time < CLOSED else ():
            head, total = int(h.heads[arc]), time + int(times[arc])
            if total < reach.get(head, CLOSED):
                reach[head], by[head] = total, arc
        v = int(h.parent[v])
    return reach, by


def _trail(metric: Metric, by: dict[int, int], node: int) -> list[int]:
    """The arcs that led up to a node, the last first."""
    trail = []
    while node in by:
        trail.append(by[node])
        node = int(metric.hierarchy.lower[by[node]])
    return trail


def _taken_apart(metric: Metric, steps: list[Step]) -> list[int]:
    """The arcs of the graph under some steps, in their order."""
    h, stack, found = metric.hierarchy, steps[::-1], list[int]()
    while stack:
        arc, upward = stack.pop()
        time, own = (metric.up, metric.up_own) if upward else (metric.down, metric.down_own)
        if own[arc] == time[arc]:
            found.append(_own_arc(metric, arc, upward, int(time[arc])))
            continue
        x, y = int(h.lower[arc]), int(h.heads[arc])
        to_x = h.down_arcs[h.down_starts[x] : h.down_starts[x + 1]]
        to_y = h.down_arcs[h.down_starts[y] : h.down_starts[y + 1]]
        _, at_x, at_y = np.intersect1d(h.lower[to_x], h.lower[to_y], assume_unique=True, return_indices=True)
        left, right = to_x[at_x], to_y[at_y]
        pairs = (left, right) if upward else (right, left)
        fits = np.flatnonzero(metric.down[pairs[0]] + metric.up[pairs[1]] == time[arc])[0]
        stack += [(int(pairs[1][fits]), True), (int(pairs[0][fits]), False)]
    return found


def _own_arc(metric: Metric, arc: int, upward: bool, time: int) -> int:
    """The arc of the graph that gives an arc of the hierarchy its time."""
    h = metric.hierarchy
    return int(next(i for i in h.on_arc(arc) if h.upward[i] == upward and metric.weights[i] == time))
