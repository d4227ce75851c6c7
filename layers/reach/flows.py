"""Who takes which road: the people of settlements whose fastest way to the goal leads over each segment."""

from typing import Any

import numpy as np

from geo.hierarchy import Ends
from geo.network import Taps
from geo.unpacking import path
from layers.reach.base import SETTLEMENTS
from layers.reach.results import Results, Side

FLOWS = (
    (100_000.0, "over100"),
    (20_000.0, "from20"),
    (5_000.0, "from5"),
    (1_000.0, "from1"),
    (0.0, "under1"),
)
"""The least people of each class of segments."""
_NOTHING = 1e-4
"""What share of a segment is too little to be driven."""


def flow_class(people: float) -> str:
    """The class of a segment by the people who take it."""
    return next(name for least, name in FLOWS if people >= least)


def people_by_segment(found: Results, side: Side) -> dict[str, float]:
    """The known people whose fastest way to the chosen goal takes each segment, by its id."""
    goal = found.comparison.goal
    places, targets = found.taps(side, SETTLEMENTS), found.goal_taps(side, goal)
    minutes = found.minutes(goal)[0 if side is found.before else 1]
    ids, total = side.change.network.ids, dict[str, float]()
    for place in np.flatnonzero(np.isfinite(minutes) & (minutes > 0) & (found.people > 0)):
        for segment in {str(ids[at]) for at in _segments(side, places.only([place]), targets)}:
            total[segment] = total.get(segment, 0.0) + float(found.people[place])
    return total


def _segments(side: Side, origin: Taps, targets: Taps) -> set[int]:
    """The segments of the fastest way from one place to the nearest target."""
    travel = side.travel
    leaving, arriving = travel.leaving(origin), travel.arriving(targets)
    times = travel.metric.many_to_many(leaving, arriving)
    tap, target = (int(at) for at in np.unravel_index(times.argmin(), times.shape))
    begin, end = _one(leaving, tap), _one(arriving, target)
    arcs = path(travel.metric, begin, end)
    graph = travel.network.turns.graph
    first = int(graph.tail[arcs[0]]) if arcs else _common(begin, end)
    last = int(graph.head[arcs[-1]]) if arcs else first
    # Of the segment that a place taps, what is driven: to its end or to its start.
    share, other = float(origin.share[tap]), float(targets.share[target])
    driven = {
        int(origin.segment[tap]): 1 - share if first == begin.first[0] else share,
        int(targets.segment[target]): other if last == end.first[0] else 1 - other,
    }
    links = [arc for arc in arcs if arc < travel.network.turns.links]
    return {at for at, part in driven.items() if part > _NOTHING} | {link // 2 for link in links}


def _common(begin: Ends, end: Ends) -> int:
    """The node by which two places beside each other meet."""
    sides = [{int(ends.first[0]), int(ends.second[0])} for ends in (begin, end)]
    return min(sides[0] & sides[1], default=-1)


def _one(ends: Ends, at: int) -> Ends:
    parts: list[Any] = [ends.first, ends.second, ends.first_ms, ends.second_ms]
    return Ends(*(values[at : at + 1] for values in parts))
