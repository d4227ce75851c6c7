"""Applying a scenario to a road network: what the network becomes, and which edits found nothing to change.

Edits only ever add at the end: a new road becomes new segments, and where it meets a road that is there, a
new node is tied to both ends of that road by two further segments which share its way. So the numbers of the
old nodes and segments hold, and places keep their access.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.ops import substring

from geo.crs import WGS84, WORKING, transform
from geo.errors import Fault
from geo.hierarchy import Ints
from geo.impedance import SpeedModel
from geo.network import BOTH, FERRY, Names, Network, Taps, nearer
from geo.scenario import Change, Link, Scenario

JOIN_M = 400.0
"""How near to a road the end of a drawn road must lie to join it."""
_NODE_M = 60.0
"""How near to a node it joins that instead of the road beside it."""
_SAME_M = 1.0
"""Roads this near to each other at a place pass the same place."""
LONGEST_M = 1_000_000.0
Join = tuple[float, shapely.Point]
"""Where a new road meets another: how far along it (m), and the place."""


@dataclass(frozen=True, eq=False)
class Edited:
    """A network after edits. `faults` are edits that changed nothing; `added` the segments of new roads.

    `link_of` is, for each segment of `added`, which new road it belongs to; `ties` names, for each segment
    that shares the way of an old one, that one, and from which to which share of it;
    `loose` are the new roads of which an end joins nothing.
    """

    network: Network
    faults: tuple[Fault, ...]
    added: Ints
    link_of: Ints
    ties: dict[int, tuple[int, float, float]] = field(default_factory=dict)
    loose: tuple[int, ...] = ()

    def taps(self, taps: Taps, points: Names) -> Taps:
        """The taps of places with those on new roads that are nearer than their own."""
        if not len(self.added):
            return taps
        return self._tied(nearer(taps, self.network, points, self.added))

    def _tied(self, taps: Taps) -> Taps:
        """The taps with those on segments that share the way of a tapped one."""
        rows = [(taps.place, taps.segment, taps.share, taps.away_m)]
        for tie, (segment, low, high) in self.ties.items():
            on = np.flatnonzero((taps.segment == segment) & (taps.share >= low) & (taps.share <= high))
            if high > low:
                share = np.clip((taps.share[on] - low) / (high - low), 0.0, 1.0)
                rows.append((taps.place[on], np.full(len(on), tie, np.int32), share, taps.away_m[on]))
        columns = [np.concatenate(values) for values in zip(*rows, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        return Taps(taps.places, *(values[order] for values in columns))


def edited(network: Network, scenario: Scenario, model: SpeedModel) -> Edited:
    """Apply a scenario. What it names and the network has not is told in `faults`; the rest is applied."""
    if scenario.network != network.name:
        fault = Fault("network", scenario.name, scenario.network)
        return Edited(network, (fault,), np.empty(0, np.int32), np.empty(0, np.int32))
    network, faults = _altered(network, scenario.changes, model)
    growing = _Growing(network)
    for number, link in enumerate(scenario.links):
        where = link.name or f"+{number + 1}"
        if strange := _strange(link, where, model):
            faults += strange
        elif problem := growing.take(link, number):
            faults.append(Fault(problem, where))
    return Edited(growing.network(), tuple(faults), *growing.added(), growing.ties, tuple(growing.loose))


def _altered(network: Network, changes: tuple[Change, ...], model: SpeedModel) -> tuple[Network, list[Fault]]:
    """The network with other columns, and the changes that cannot be made."""
    faults, found = list[Fault](), list[tuple[int, Change]]()
    for change in changes:
        problems = _problems(network, change, model)
        faults += problems
        found += [] if problems else [(network.index[change.segment], change)]
    if not found:
        return network, faults
    speed, surface, category = network.speed_kmh.copy(), network.surface.copy(), network.category.copy()
    there = network.there.copy()
    for at, change in found:
        if change.state == "before":
            # What was not there before its works and is not there now (`_problems`) stays away.
            there[at] = not np.isnan(network.before_kmh[at])
            if there[at]:
                speed[at], surface[at] = network.before_kmh[at], network.before_surface[at]
        elif change.state:
            there[at] = change.state == "open"
        was = model.usual_kmh(category[at], surface[at])
        surface[at] = change.surface if change.surface is not None else surface[at]
        category[at] = change.category if change.category is not None else category[at]
        # A better surface or category speeds a road up in proportion to what is usual for it.
        speed[at] *= model.usual_kmh(category[at], surface[at]) / was
        speed[at] = change.speed_kmh if change.speed_kmh is not None else speed[at]
    return network.changed(speed_kmh=speed, surface=surface, category=category, there=there), faults


def _problems(network: Network, change: Change, model: SpeedModel) -> list[Fault]:
    """Why a change cannot be made: no such segment, no former state, values without a speed."""
    at = network.index.get(change.segment)
    if at is None:
        return [Fault("segment", change.segment)]
    faults = _strange(change, change.segment, model)
    # To close what states no former speed would be a guess: a scenario that means it says "closed".
    if change.state == "before" and network.there[at] and np.isnan(network.before_kmh[at]):
        faults.append(Fault("no_former", change.segment))
    return faults


def _strange(edit: Change | Link, where: str, model: SpeedModel) -> list[Fault]:
    """The surface and the category of an edit of which no speed is known."""
    named = (("surface", edit.surface, model.surface_share), ("category", edit.category, model.category_kmh))
    return [
        Fault(code, where, value) for code, value, known in named if value is not None and value not in known
    ]


class _Growing:
    """A network to which segments and nodes are added at the end."""

    def __init__(self, network: Network) -> None:
        self.base = network
        self.nodes: list[tuple[float, float]] = []
        self.rows: list[dict[str, Any]] = []
        self.link_of: list[int] = []
        self.ties: dict[int, tuple[int, float, float]] = {}
        self.loose: list[int] = []
        self.bans = [(int(a), int(b)) for a, b in network.bans]

    def take(self, link: Link, number: int) -> str | None:
        """Add a new road; the code of the fault where it cannot be added."""
        lon, lat = np.asarray(link.points, float).T
        line = shapely.LineString(np.column_stack(transform(lon, lat, WGS84, WORKING)))
        if not 1.0 <= line.length <= LONGEST_M:
            return "short" if line.length < 1.0 else "long"
        line, ends = self._joined(line)
        joins = [*ends, *(self._crossed(line, ends) if link.crossings else ())]
        if not joins:
            return "crosses_nothing"
        stops: list[tuple[float, int]] = []
        for along, place in sorted(joins, key=lambda join: join[0]):
            node = self._joint(place)
            if not stops or stops[-1][1] != node or along - stops[-1][0] > JOIN_M:
                stops.append((along, node))
        if stops[0][0] > _SAME_M or stops[-1][0] < line.length - _SAME_M:
            self.loose.append(number)
        if stops[0][0] > _SAME_M:
            stops.insert(0, (0.0, self._new_node(line.coords[0])))
        if stops[-1][0] < line.length - _SAME_M:
            stops.append((line.length, self._new_node(line.coords[-1])))
        if len(stops) < 2:
            return "short"
        for part, ((begin, a), (end, b)) in enumerate(pairwise(stops)):
            piece = substring(line, begin, end)
            self._add(f"new-{number + 1}-{part + 1}", a, b, piece, piece.length, number, link=link)
        return None

    def _joined(self, line: shapely.LineString) -> tuple[shapely.LineString, list[Join]]:
        """A new road led on to the roads that its ends join, and these joins."""
        first, last = (self._nearest(shapely.Point(line.coords[end])) for end in (0, -1))
        points = [first.coords[0]] if first else []
        points += [*line.coords, *([last.coords[0]] if last else [])]
        line = shapely.LineString(shapely.remove_repeated_points(shapely.LineString(points)))
        ends = [(0.0, first)] if first else []
        return line, ends + ([(line.length, last)] if last else [])

    def _crossed(self, line: shapely.LineString, ends: list[Join]) -> list[Join]:
        """Where a new road crosses roads that are there, but right beside an end that joins the same one."""
        found: list[Join] = []
        for other in self._near(line, 0.0):
            own = [along for along, place in ends if place.distance(self._line(other)) <= _SAME_M]
            met = shapely.get_parts(shapely.intersection(line, self._line(other)))
            crossed = [(float(line.project(p)), p) for p in met if p.geom_type == "Point"]
            found += [join for join in crossed if all(abs(join[0] - end) > JOIN_M / 4 for end in own)]
        return found

    def _nearest(self, point: shapely.Point) -> shapely.Point | None:
        """The place on a road, a node rather than its middle, that the end of a new road joins."""
        near = self._near(point, JOIN_M)
        if not near:
            return None
        best = min(near, key=lambda at: point.distance(self._line(at)))
        line = self._line(best)
        ends = [shapely.Point(line.coords[0]), shapely.Point(line.coords[-1])]
        end = min(ends, key=point.distance)
        return end if point.distance(end) <= _NODE_M else line.interpolate(line.project(point))

    def _joint(self, place: shapely.Point) -> int:
        """The node at a place of a road: one that is there, or a new one tied to all roads that pass."""
        near = self._near(place, _SAME_M)
        for at in near:
            start, end, line = self._start(at), self._end(at), self._line(at)
            for node, xy in ((start, line.coords[0]), (end, line.coords[-1])):
                if place.distance(shapely.Point(xy)) <= _SAME_M:
                    return node
        node = self._new_node(place.coords[0])
        for at in near:
            line, length = self._line(at), self._value(at, "length_m")
            share = float(line.project(place, normalized=True))
            halves = ((self._start(at), node, 0.0, share), (node, self._end(at), share, 1.0))
            for a, b, low, high in halves:
                piece = substring(line, low, high, normalized=True)
                self._add(str(self._value(at, "ids")), a, b, piece, length * (high - low), -1, like=at)
                tie = len(self.base) + len(self.rows) - 1
                root, begin, until = self.ties.get(at, (at, 0.0, 1.0))
                self.ties[tie] = (root, begin + (until - begin) * low, begin + (until - begin) * high)
                self._ban_alike(at, tie, low == 0.0 and b == node)
        return node

    def _ban_alike(self, at: int, tie: int, at_start: bool) -> None:
        """The turns that are banned at an end of a segment, for the piece that begins there."""
        out, into = (2 * at, 2 * at + 1) if at_start else (2 * at + 1, 2 * at)
        new_out, new_into = (2 * tie, 2 * tie + 1) if at_start else (2 * tie + 1, 2 * tie)
        for a, b in list(self.bans):
            firsts = (a, new_into) if a == into else (a,)
            seconds = (b, new_out) if b == out else (b,)
            self.bans += [(x, y) for x in firsts for y in seconds if (x, y) != (a, b)]

    def _near(self, shape: Any, distance: float) -> list[int]:
        """The segments, old and added, that are there or could be, within a distance (m) of a shape."""
        old = self.base.tree.query(shape, predicate="dwithin", distance=distance).tolist()
        count = len(self.base)
        new = [count + n for n, row in enumerate(self.rows) if row["lines"].distance(shape) <= distance]
        return sorted(at for at in (*old, *new) if self._value(at, "there") and not self._ferry(at))

    def _ferry(self, at: int) -> bool:
        return bool(self._value(at, "surface") == FERRY)

    def _value(self, at: int, column: str) -> Any:
        count = len(self.base)
        return getattr(self.base, column)[at] if at < count else self.rows[at - count][column]

    def _line(self, at: int) -> Any:
        return self._value(at, "lines")

    def _start(self, at: int) -> int:
        return int(self._value(at, "start"))

    def _end(self, at: int) -> int:
        return int(self._value(at, "end"))

    def _new_node(self, xy: Any) -> int:
        self.nodes.append((float(xy[0]), float(xy[1])))
        return len(self.base.nodes) + len(self.nodes) - 1

    def _add(
        self, id_: str, start: int, end: int, line: Any, length_m: float, number: int,
        *, link: Link | None = None, like: int | None = None,
    ) -> None:  # fmt: skip
        row = {"ids": id_, "start": start, "end": end, "lines": line, "length_m": length_m, "there": True}
        if link:
            speed = np.nan if link.speed_kmh is None else link.speed_kmh
            row |= {"speed_kmh": speed, "surface": link.surface, "category": link.category, "oneway": BOTH}
        elif like is not None:
            same = ("speed_kmh", "surface", "category", "oneway")
            row |= {column: self._value(like, column) for column in same}
        self.rows.append(row | {"before_kmh": np.nan, "before_surface": ""})
        self.link_of.append(number)

    def network(self) -> Network:
        """The network with all that was added."""
        if not self.rows:
            return self.base
        columns: dict[str, Any] = {}
        for name in self.rows[0]:
            old = getattr(self.base, name)
            more = np.empty(len(self.rows), dtype=old.dtype)
            more[:] = [row[name] for row in self.rows]
            columns[name] = np.concatenate([old, more])
        nodes = np.concatenate([self.base.nodes, np.array(self.nodes, float).reshape(-1, 2)])
        bans = np.array(self.bans, np.int32).reshape(-1, 2)
        return self.base.changed(**columns, nodes=nodes, bans=bans, grown=self.base.grown + len(self.rows))

    def added(self) -> tuple[Ints, Ints]:
        """The segments of new roads, and which road each belongs to."""
        number = np.array(self.link_of, np.int32)
        own = np.flatnonzero(number >= 0)
        return (own + len(self.base)).astype(np.int32), number[own]
