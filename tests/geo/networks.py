"""Small graphs and road networks made in code, and slow but simple answers about them to compare with.

The figures are chosen for sums in the head: a metre of straight access takes a second, 36 km/h are 10 m/s.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from geo.hierarchy import Ends, Graph
from geo.impedance import SpeedModel
from geo.network import BACK, BOTH, FERRY, THERE, WINTER_ROAD, Access, Network, Taps
from geo.sweeps import CLOSED

NAN = float("nan")
ACCESS = Access(kmh=3.6, detour=1.0, limit_m=500.0)
MODEL = SpeedModel(
    category_kmh={"": 36.0, "main": 72.0},
    surface_share={"": 1.0, "gravel": 0.5, FERRY: 0.5, WINTER_ROAD: 0.5},
    season_share={
        "summer": {"": 1.0, WINTER_ROAD: 0.0},
        "winter": {"": 0.8, FERRY: 0.0, WINTER_ROAD: 1.0},
        "thaw": {"": 1.0, "gravel": 0.5, FERRY: 0.0, WINTER_ROAD: 0.0},
    },
)
MS = 1.0 / 60_000.0
"""A millisecond in minutes."""

Pair = tuple[int, int]


def objects(values: Sequence[Any]) -> npt.NDArray[np.object_]:
    """An array of objects, whatever they are."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def points(*places: Any) -> npt.NDArray[np.object_]:
    """Points from pairs of metres; None stays None."""
    return objects([None if place is None else shapely.Point(place) for place in places])


def network(places: Sequence[Any], segments: Sequence[Pair], **columns: Any) -> Network:
    """A network of straight segments between nodes; a loop goes round a square."""
    at = np.asarray(places, float).reshape(-1, 2)
    start, end = np.array(segments, np.int32).reshape(-1, 2).T.copy()
    square = np.array([(0, 0), (20, 0), (20, 20), (0, 20), (0, 0)])
    lines = objects([shapely.LineString(at[a] + square if a == b else at[[a, b]]) for a, b in segments])
    count = len(segments)
    given = {
        "name": "made",
        "ids": objects([f"s{number}" for number in range(count)]),
        "start": start,
        "end": end,
        "nodes": at,
        "lines": lines,
        "length_m": np.asarray(shapely.length(lines), float),
        "speed_kmh": np.full(count, NAN),
        "category": objects([""] * count),
        "surface": objects([""] * count),
        "oneway": np.full(count, BOTH, np.int8),
        "there": np.ones(count, bool),
        "before_kmh": np.full(count, NAN),
        "before_surface": objects([""] * count),
        "access": ACCESS,
    }
    return Network(**(given | columns))


def line(count: int, step_m: float = 1000.0, **columns: Any) -> Network:
    """`count` segments one after the other along the x axis."""
    nodes = [(number * step_m, 0.0) for number in range(count + 1)]
    return network(nodes, [(number, number + 1) for number in range(count)], **columns)


def grid(rows: int, cols: int, step_m: float = 1000.0, **columns: Any) -> Network:
    """Streets in squares; node `row * cols + col`."""
    nodes = [(col * step_m, row * step_m) for row in range(rows) for col in range(cols)]
    east = [(n, n + 1) for n in range(rows * cols) if (n + 1) % cols]
    north = [(n, n + cols) for n in range((rows - 1) * cols)]
    return network(nodes, east + north, **columns)


def meeting(segments: Sequence[Pair]) -> list[Pair]:
    """All pairs of links of which the second may follow the first, turning back included."""
    tail = [node for pair in segments for node in pair]
    head = [node for pair in segments for node in reversed(pair)]
    return [(a, b) for a in range(len(head)) for b in range(len(tail)) if head[a] == tail[b]]


@st.composite
def networks(draw: st.DrawFn, bans: bool = False, oneways: bool = True, gaps: bool = True) -> Network:
    """Up to seven nodes and ten segments, with parallels, loops and parts that do not touch."""
    xy = st.tuples(st.integers(0, 30), st.integers(0, 30))
    nodes = draw(st.lists(xy, min_size=1, max_size=7, unique=True))
    node = st.integers(0, len(nodes) - 1)
    segments = draw(st.lists(st.tuples(node, node), min_size=1, max_size=10))

    def column(values: Sequence[Any]) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=len(segments), max_size=len(segments)))

    columns: dict[str, Any] = {
        "speed_kmh": np.array(column([NAN, 7.0, 36.0, 90.0])),
        "category": objects(column(["", "main", "unheard of"])),
        "surface": objects(column(["", "gravel", FERRY, WINTER_ROAD] if gaps else ["", "gravel"])),
        "there": np.array(column([True, True, True, not gaps]), bool),
        "oneway": np.array(column([BOTH, BOTH, THERE, BACK] if oneways else [BOTH]), np.int8),
    }
    if bans:
        pairs = draw(st.lists(st.sampled_from(meeting(segments)), max_size=12, unique=True))
        columns["bans"] = np.array(pairs, np.int32).reshape(-1, 2)
    return network(np.array(nodes) * 100.0, segments, **columns)


@st.composite
def tapped(draw: st.DrawFn, made: Network, most: int = 4) -> Taps:
    """Places that tap segments of a network at any share, some at several, some at none."""
    places = draw(st.integers(1, most))
    share = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 0.9, 1.0])
    tap = st.tuples(st.integers(0, places - 1), st.integers(0, len(made) - 1), share, st.integers(0, 200))
    rows = draw(st.lists(tap, max_size=2 * most))
    return taps(places, *rows)


def taps(places: int, *rows: tuple[int, int, float, float]) -> Taps:
    """Taps from rows of (place, segment, share, metres away)."""
    place, segment, share, away = np.array(sorted(rows), float).reshape(-1, 4).T
    return Taps(places, place.astype(np.int32), segment.astype(np.int32), share, away)


def lightest(size: int, tail: Any, head: Any, weights: Any) -> Any:
    """The least weights between all nodes by SciPy's Dijkstra, infinite where there is no way."""
    best: dict[Pair, float] = {}
    for a, b, weight in zip(np.asarray(tail), np.asarray(head), np.asarray(weights), strict=True):
        if weight < CLOSED and a != b:
            best[int(a), int(b)] = min(best.get((int(a), int(b)), np.inf), float(weight))
    ends = np.array(list(best), np.int32).reshape(-1, 2).T
    return dijkstra(coo_array((list(best.values()), (ends[0], ends[1])), shape=(size, size)).tocsr())


def assert_minutes(found: Any, right: Any, within_ms: float = 0.01) -> None:
    """Times are alike, the infinite ones too."""
    np.testing.assert_allclose(found, right, rtol=0, atol=within_ms * MS)


class ByLinks:
    """Ways as rows of links, in the plainest manner: a link is followed by any other that is not banned.

    `whole[a, b]` is the time (ms) from the far end of link a until link b may be entered, infinite if never.
    """

    def __init__(self, made: Network, links_ms: Any) -> None:
        count = 2 * len(made)
        self.made = made
        self.ms = np.where(links_ms >= CLOSED, np.inf, links_ms.astype(float))
        pairs = np.column_stack([made.start, made.end])
        self.tail, self.head = pairs.ravel(), pairs[:, ::-1].ravel()
        banned = {(int(a), int(b)) for a, b in made.bans}
        self.may = np.array(
            [
                [self.head[a] == self.tail[b] and (a, b) not in banned for b in range(count)]
                for a in range(count)
            ]
        )
        a, b = np.nonzero(self.may)
        driven = lightest(count, a, b, links_ms[b])
        self.whole = np.array(
            [np.where(self.may[:, b], driven, np.inf).min(axis=1, initial=np.inf) for b in range(count)]
        ).T

    def leaving(self, made: Taps, tap: int) -> list[tuple[int, float]]:
        """By which links a tap is left, and the time (ms) to their far ends, rounded."""
        return self._parts(made, tap, 1.0 - made.share[tap], made.share[tap])

    def arriving(self, made: Taps, tap: int) -> list[tuple[int, float]]:
        """By which links a tap is reached, and the time (ms) from their beginnings, rounded."""
        return self._parts(made, tap, made.share[tap], 1.0 - made.share[tap])

    def _parts(self, made: Taps, tap: int, there: float, back: float) -> list[tuple[int, float]]:
        link, access = 2 * int(made.segment[tap]), self._access_ms(made, tap)
        parts = ((link, there), (link + 1, back))
        return [(b, np.rint(self.ms[b] * part + access)) for b, part in parts if self.ms[b] < np.inf]

    def _access_ms(self, made: Taps, tap: int) -> float:
        return self.made.access.minutes(made.away_m[tap]) * 60_000.0

    def minutes(self, sources: Taps, targets: Taps) -> Any:
        """From each place to each place."""
        out = np.full((sources.places, targets.places), np.inf)
        for i, p in enumerate(sources.place):
            for j, q in enumerate(targets.place):
                out[p, q] = min(out[p, q], self._between(sources, i, targets, j))
        return out * MS

    def _between(self, sources: Taps, i: int, targets: Taps, j: int) -> float:
        ways = [
            before + self.whole[a, b] + after
            for a, before in self.leaving(sources, i)
            for b, after in self.arriving(targets, j)
        ]
        if sources.segment[i] == targets.segment[j]:
            ahead, link = targets.share[j] - sources.share[i], 2 * int(sources.segment[i])
            access = self._access_ms(sources, i) + self._access_ms(targets, j)
            ways += [
                np.rint(self.ms[b] * part + access)
                for b, part in ((link, ahead), (link + 1, -ahead))
                if part >= 0 and self.ms[b] < np.inf
            ]
        return min(ways, default=np.inf)

    def to_nearest(self, targets: Taps) -> Any:
        """From every node, where one may set out by any link, to the nearest place."""
        out = np.full(len(self.made.nodes), np.inf)
        for j in range(len(targets.place)):
            for b, after in self.arriving(targets, j):
                for a in range(len(self.tail)):
                    first = after if a == b else self.ms[a] + self.whole[a, b] + after
                    out[self.tail[a]] = min(out[self.tail[a]], first)
        return out * MS

    def from_nearest(self, sources: Taps) -> Any:
        """To every node, by any link, from the nearest place."""
        out = np.full(len(self.made.nodes), np.inf)
        for i in range(len(sources.place)):
            for a, before in self.leaving(sources, i):
                for b in range(len(self.head)):
                    last = before if a == b else before + self.whole[a, b] + self.ms[b]
                    out[self.head[b]] = min(out[self.head[b]], last)
        return out * MS


def with_taps_as_nodes(made: Network, links_ms: Any, sources: Taps, targets: Taps) -> Any:
    """Minutes between places by SciPy, every tap put into the network as a node of its own.

    Not rounded; turns are not regarded. What taps the same point of an open segment is at the same place.
    """
    size = len(made.nodes)
    segment = np.concatenate([sources.segment, targets.segment])
    share = np.concatenate([sources.share, targets.share])
    open_ = (links_ms.reshape(-1, 2) < CLOSED).any(axis=1)
    arcs: list[tuple[int, int, float]] = []
    for s in np.flatnonzero(open_):
        inner = sorted((float(share[k]), size + int(k)) for k in np.flatnonzero(segment == s))
        stops = [(0.0, int(made.start[s])), *inner, (1.0, int(made.end[s]))]
        for (begin, a), (end, b) in pairwise(stops):
            same = begin == end and min(a, b) >= size
            for one, other, ms in ((a, b, links_ms[2 * s]), (b, a, links_ms[2 * s + 1])):
                if ms < CLOSED or same:
                    arcs.append((one, other, float(ms) * (end - begin)))
    first = size + len(segment)
    after = first + sources.places
    joins = [
        (first + int(sources.place[k]), size + int(k), sources.away_m[k] * 1000.0)
        for k in np.flatnonzero(open_[sources.segment])
    ]
    joins += [
        (size + len(sources.place) + int(k), after + int(targets.place[k]), targets.away_m[k] * 1000.0)
        for k in np.flatnonzero(open_[targets.segment])
    ]
    tail, head, weights = np.array(arcs + joins, float).reshape(-1, 3).T
    total = after + targets.places
    return lightest(total, tail.astype(int), head.astype(int), weights)[first:after, after:] * MS


# --- graphs -----------------------------------------------------------------------------------------------

WEIGHTS = st.one_of(st.integers(0, 3), st.integers(0, 10_000), st.just(CLOSED))
Weighted = tuple[Graph, Any]
"""A graph and the weights of its arcs."""


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> Weighted:
    """Graphs with loops, parallel arcs, parts that do not touch and closed arcs, and their weights."""
    size = draw(st.integers(1, most))
    node = st.integers(0, size - 1)
    arcs = draw(st.lists(st.tuples(node, node, WEIGHTS), max_size=3 * most))
    tail, head, weights = np.array(arcs, np.int32).reshape(-1, 3).T.copy()
    return Graph(size, tail, head), weights


@st.composite
def changes(draw: st.DrawFn, count: int) -> tuple[Any, Any]:
    """Other weights for some of `count` arcs."""
    arcs = draw(st.lists(st.integers(0, count - 1), max_size=6, unique=True)) if count else []
    weights = draw(st.lists(WEIGHTS, min_size=len(arcs), max_size=len(arcs)))
    return np.array(arcs, np.int64), np.array(weights, np.int32)


@st.composite
def ends(draw: st.DrawFn, graph: Graph) -> Ends:
    """Places at one node, or at both ends of an arc, with times to add, some of them closed."""
    pairs = st.integers(0, graph.size - 1).map(lambda node: (node, -1))
    if len(graph.tail):
        arcs = st.sampled_from(list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)))
        pairs = st.one_of(pairs, arcs, arcs.map(lambda arc: arc[::-1]))
    rows = draw(st.lists(st.tuples(pairs, WEIGHTS, WEIGHTS), max_size=5))
    first, second = np.array([pair for pair, _, _ in rows], np.int32).reshape(-1, 2).T
    more = np.array([times for _, *times in rows], np.int32).reshape(-1, 2).T
    return Ends(first, second, more[0], more[1])


def touching(place: int, ends_: Ends) -> list[tuple[int, int]]:
    """The nodes of one place with the times to add."""
    both = [(int(ends_.first[place]), int(ends_.first_ms[place]))]
    if ends_.second[place] >= 0:
        both.append((int(ends_.second[place]), int(ends_.second_ms[place])))
    return both


def triangles() -> Weighted:
    """A road-like network: the triangles between 2000 points, both ways, some one-way, some closed."""
    rng = np.random.default_rng(7)
    places = rng.uniform(0, 100_000, (2000, 2))
    corners = Delaunay(places).simplices
    pairs = np.unique(np.sort(corners[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0)
    away = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    both = np.rint(away / rng.uniform(5, 25, len(pairs)) * 1000).astype(np.int32)
    tail, head = pairs.ravel().astype(np.int32), pairs[:, ::-1].ravel().astype(np.int32)
    weights = np.repeat(both, 2)
    weights[1::2][rng.random(len(pairs)) < 0.1] = CLOSED
    weights[np.repeat(rng.random(len(pairs)) < 0.05, 2)] = CLOSED
    return Graph(2000, tail, head), weights


def by_dijkstra(graph: Graph, weights: Any) -> Any:
    """The times between all nodes, `CLOSED` where there is no way."""
    found = lightest(graph.size, graph.tail, graph.head, weights)
    return np.where(found < CLOSED, found, CLOSED).astype(np.int64)
