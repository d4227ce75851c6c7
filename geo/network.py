"""The road network as arrays: segments between nodes, their travel directions, turns, and places beside them.

A `Network` is metric (EPSG:32645) and knows no time: `geo.impedance` gives it times, `geo.travel` answers
questions about them. Segment s is two links: 2s leads from its start to its end, 2s + 1 back. Turns at a node
are free unless a pair of links is banned; there the node is taken apart into the ends of its links, joined by
the turns that are allowed, so that every way through the graph is one that may be driven.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.errors import NetworkError
from geo.hierarchy import Graph, Ints

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Names = npt.NDArray[np.object_]
Bounds = tuple[float, float, float, float]
FERRY, WINTER_ROAD = "ferry", "winter"
SEASONAL = (FERRY, WINTER_ROAD)
"""Surfaces that are not there in every season."""
BOTH, THERE, BACK = 0, 1, -1
"""Directions of a segment: both ways, from start to end only, from end to start only."""


@dataclass(frozen=True, slots=True)
class Access:
    """How places reach the network: straight distance times `detour` at `kmh`, at most `limit_m` of it."""

    kmh: float
    detour: float
    limit_m: float

    def minutes(self, away_m: Floats) -> Floats:
        """The minutes over some straight distances (m)."""
        return away_m / 1000.0 * self.detour / self.kmh * 60.0


@dataclass(frozen=True, eq=False)
class Network:
    """m segments between n nodes (EPSG:32645).

    `nodes` is (n, 2) metres; `lines` the geometries; `speed_kmh` NaN where it follows from `category` and
    `surface` ("" = unknown); `there` whether a segment is there now; `before_kmh` and `before_surface` what
    it was before its works (NaN: not there); `bans` pairs of links of which the second may not follow the
    first; `grown` how many segments at the end were added by edits.
    """

    name: str
    ids: Names
    start: Ints
    end: Ints
    nodes: Floats
    lines: Names
    length_m: Floats
    speed_kmh: Floats
    category: Names
    surface: Names
    oneway: npt.NDArray[np.int8]
    there: Bools
    before_kmh: Floats
    before_surface: Names
    access: Access
    bans: Ints = field(default_factory=lambda: np.empty((0, 2), np.int32))
    grown: int = 0

    def __post_init__(self) -> None:
        """Refuse what does not fit together; raises `NetworkError`."""
        count = len(self.ids)
        columns = (self.start, self.end, self.lines, self.length_m, self.speed_kmh, self.category)
        more = (self.surface, self.oneway, self.there, self.before_kmh, self.before_surface)
        if any(len(values) != count for values in (*columns, *more)):
            raise NetworkError(
                f"{self.name}: {count} segments need as many values in every column", "columns"
            )
        if not count:
            raise NetworkError(f"{self.name}: a network needs a segment", "empty")
        if min(self.start.min(), self.end.min()) < 0 or max(self.start.max(), self.end.max()) >= len(
            self.nodes
        ):
            raise NetworkError(f"{self.name}: a segment names a node that is not there", "segments")
        if not np.isin(self.oneway, (BOTH, THERE, BACK)).all():
            raise NetworkError(f"{self.name}: a direction is neither 0, 1 nor -1", "oneway")
        bad = np.flatnonzero(~(np.isfinite(self.length_m) & (self.length_m >= 0)))
        if len(bad):
            raise NetworkError(f"{self.name}: segment {self.ids[bad[0]]} has no length", "length")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """The number of each segment by its id."""
        return {str(id_): number for number, id_ in reversed(list(enumerate(self.ids)))}

    @cached_property
    def bounds(self) -> Bounds:
        """West, south, east, north (EPSG:32645)."""
        west, south, east, north = shapely.total_bounds(self.lines).tolist()
        return west, south, east, north

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits that change with the topology and the names of the segments."""
        total = sha256("\0".join(map(str, self.ids)).encode())
        for values in (self.start, self.end, self.bans):
            total.update(np.ascontiguousarray(values, np.int32).tobytes())
        return total.hexdigest()[:12]

    @cached_property
    def turns(self) -> "Turns":
        """The graph of its links."""
        return Turns.of(self)

    @cached_property
    def tree(self) -> Any:
        """The spatial index of its segments (`shapely.STRtree`)."""
        return shapely.STRtree(self.lines.tolist())

    @cached_property
    def parts(self) -> Ints:
        """The connected part of each node among the segments that are there, the largest part 0.

        Directions are not regarded. A node that no such segment touches is a part of its own.
        """
        pairs = (np.ones(int(self.there.sum()), np.int8), (self.start[self.there], self.end[self.there]))
        count, label = connected_components(coo_array(pairs, shape=(len(self.nodes),) * 2), directed=False)
        order = np.argsort(-np.bincount(label, minlength=count), kind="stable")
        place = np.empty(count, np.int32)
        place[order] = np.arange(count, dtype=np.int32)
        found: Ints = place[label]
        return found

    def changed(self, **columns: Any) -> "Network":
        """A copy with other columns; what was derived from those that stay is kept."""
        made = replace(self, **columns)
        for derived, rests_on in (("turns", {"start", "end", "nodes", "bans"}), ("tree", {"lines"})):
            if derived in self.__dict__ and not rests_on & columns.keys():
                made.__dict__[derived] = self.__dict__[derived]
        return made


@dataclass(frozen=True, eq=False)
class Turns:
    """The graph of a network: arc i < 2m is link i; then the turns, which take no time; then ties.

    A tie joins what the ends of a segment have become where its node was taken apart; nothing may use it.
    Node v of the network is node v of the graph.
    """

    graph: Graph
    links: int
    free: int
    tail: Ints
    head: Ints

    @classmethod
    def of(cls, network: Network) -> "Turns":
        """Take apart the nodes at which a turn is banned."""
        tail = np.column_stack([network.start, network.end]).ravel().astype(np.int32)
        head = tail.reshape(-1, 2)[:, ::-1].ravel().copy()
        size = len(network.nodes)
        if not len(network.bans):
            return cls(Graph(size, tail, head), len(tail), 0, tail, head)
        if network.bans.min() < 0 or network.bans.max() >= len(tail):
            raise NetworkError(f"a ban names a link outside 0..{len(tail) - 1}", "bans")
        banned = {(int(a), int(b)) for a, b in network.bans}
        wrong = next((pair for pair in banned if head[pair[0]] != tail[pair[1]]), None)
        if wrong:
            raise NetworkError(f"links {wrong} do not meet, so no turn between them can be banned", "bans")
        split = {int(head[a]) for a, _ in banned}
        into, out = _ports(head, split), _ports(tail, split)
        at_node, new_tail, new_head = size, tail.copy(), head.copy()
        free: list[tuple[int, int]] = []
        for node in sorted(split):
            for link in (*into[node], *out[node]):
                side = new_head if link in into[node] and new_head[link] == node else new_tail
                side[link] = at_node
                at_node += 1
            turns = ((a, b) for a in into[node] for b in out[node] if (a, b) not in banned)
            free += [(int(new_head[a]), int(new_tail[b])) for a, b in turns]
            free += [(int(new_head[a]), node) for a in into[node]]
        ties = [
            (int(side[link]), int(side[link + 1]))
            for link in range(0, len(tail), 2)
            for side, was in ((new_tail, tail), (new_head, head))
            if side[link] != was[link] or side[link + 1] != was[link + 1]
        ]
        more = np.array([*free, *ties], np.int32).reshape(-1, 2)
        arcs = Graph(at_node, np.append(new_tail, more[:, 0]), np.append(new_head, more[:, 1]))
        return cls(arcs, len(tail), len(free), new_tail, new_head)


def _ports(side: Ints, split: set[int]) -> dict[int, list[int]]:
    """The links of each of some nodes at that side."""
    found: dict[int, list[int]] = {node: [] for node in split}
    for link in np.flatnonzero(np.isin(side, list(split))):
        found[int(side[link])].append(int(link))
    return found


@dataclass(frozen=True, eq=False)
class Taps:
    """Where places touch a network: tap i of place `place[i]` is on a segment, at a share of its length.

    `away_m` is the straight distance (m). A place without a tap is not connected. `places` is their number.
    """

    places: int
    place: Ints
    segment: Ints
    share: Floats
    away_m: Floats

    @property
    def connected(self) -> Bools:
        """Which places have a tap."""
        found: Bools = np.isin(np.arange(self.places), self.place)
        return found

    def only(self, wanted: npt.ArrayLike) -> "Taps":
        """The taps of some places, which are numbered anew in the order given."""
        order = {int(place): number for number, place in enumerate(np.asarray(wanted))}
        kept = np.flatnonzero(np.isin(self.place, list(order)))
        place = np.array([order[int(p)] for p in self.place[kept]], np.int32)
        return Taps(len(order), place, self.segment[kept], self.share[kept], self.away_m[kept])


def snap(network: Network, points: Sequence[Any] | Names) -> Taps:
    """The taps of places (points in EPSG:32645, None or empty: unknown) on a network.

    A place taps the nearest segment that is there all year (all of them where it lies at their node), and
    every other that is as near or nearer: so a new road gives access by itself, and opening one never takes
    an access away. Nothing farther than the network's limit is tapped.
    """
    shapes = np.array([p if p is not None and not p.is_empty else None for p in points], dtype=object)
    lasting = network.there & ~np.isin(network.surface, SEASONAL)
    known, there = np.flatnonzero(shapely.is_geometry(shapes)), np.flatnonzero(lasting)
    none = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))
    found = [none]
    if len(known) and len(there):
        tree = network.tree if len(there) == len(network) else shapely.STRtree(network.lines[there].tolist())
        (at, segment), away = tree.query_nearest(
            shapes[known], max_distance=network.access.limit_m, return_distance=True
        )
        found.append((known[at], there[segment], away))
    taps = _taps(network, shapes, found)
    return nearer(taps, network, shapes, np.flatnonzero(~lasting))


def nearer(taps: Taps, network: Network, points: Names, segments: npt.NDArray[np.integer[Any]]) -> Taps:
    """The same taps with further ones, on those of some segments that are as near to a place as its own."""
    reach = np.full(taps.places, network.access.limit_m)
    np.minimum.at(reach, taps.place, taps.away_m)
    known = np.flatnonzero(shapely.is_geometry(points))
    found: list[tuple[Any, Any, Any]] = [(taps.place, taps.segment, taps.away_m)]
    for segment in segments:
        away = shapely.distance(points[known], network.lines[segment])
        near = (away <= reach[known]) & ~np.isin(known, taps.place[taps.segment == segment])
        found.append((known[near], np.full(int(near.sum()), segment), away[near]))
    return _taps(network, points, found)


def _taps(network: Network, points: Names, found: list[tuple[Any, Any, Any]]) -> Taps:
    place, segment, away = (np.concatenate(values) for values in zip(*found, strict=True))
    order = np.argsort(place, kind="stable")
    place, segment, away = place[order].astype(np.int32), segment[order].astype(np.int32), away[order]
    share = shapely.line_locate_point(network.lines[segment], points[place], normalized=True)
    return Taps(len(points), place, segment, np.asarray(share, float), np.asarray(away, float))


def connected_parts(starts: Sequence[str], ends: Sequence[str]) -> list[set[str]]:
    """The nodes of each connected part of a network given by n segments, the largest part first.

    `starts` and `ends` are the node names of the segments. Raises `NetworkError` on unequal lengths or an
    unnamed node.
    """
    if len(starts) != len(ends):
        raise NetworkError("every segment has one start and one end", "segments")
    if not all(starts) or not all(ends):
        raise NetworkError("a segment has an unnamed end", "segments")
    neighbours: dict[str, set[str]] = defaultdict(set)
    for start, end in zip(starts, ends, strict=True):
        neighbours[start].add(end)
        neighbours[end].add(start)
    parts: list[set[str]] = []
    unseen = set(neighbours)
    while unseen:
        part, frontier = set(), [unseen.pop()]
        while frontier:
            node = frontier.pop()
            part.add(node)
            frontier.extend(neighbours[node] & unseen)
            unseen -= neighbours[node]
        parts.append(part)
    return sorted(parts, key=len, reverse=True)
