"""Travel times between places over a network in a season: what all questions of reach are asked of.

A place is reached by its taps (`geo.network`): over the straight access, then along a part of a segment.
Times are given in minutes, infinite where there is no way; they are exact sums of whole milliseconds.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from geo.hierarchy import MOST_MS, Ends, Hierarchy, Ints, Metric, kept_order
from geo.impedance import Season, SpeedModel
from geo.network import Floats, Network, Taps
from geo.sweeps import CLOSED

Direction = Literal["to", "from"]
_MS_PER_MINUTE = 60_000.0
_SAME = 1e-9
"""Two places beside the same segment are abreast when their shares differ by no more."""
_FEW = 0.02
"""Up to what share of changed arcs a partial update is faster than customising anew."""


@dataclass(frozen=True, eq=False)
class Travel:
    """A network whose links have times, with the index that answers questions at once."""

    network: Network
    model: SpeedModel
    season: Season
    metric: Metric

    @classmethod
    def over(
        cls, network: Network, model: SpeedModel, season: Season = "summer", kept: Path | None = None
    ) -> "Travel":
        """Index a network; `kept` is a folder in which the order of nodes is kept for the next start."""
        graph = network.turns.graph
        hierarchy = Hierarchy(graph, kept_order(graph, kept) if kept else None)
        return cls(network, model, season, hierarchy.metric(model.arcs(network, season)))

    def changed(self, network: Network, season: Season) -> "Travel":
        """The same after edits: nodes and segments may have been added at the end, columns changed."""
        graph, hierarchy = network.turns.graph, self.metric.hierarchy
        weights = self.model.arcs(network, season)
        if graph is not hierarchy.graph and graph.digest != hierarchy.graph.digest:
            larger = graph.size >= hierarchy.graph.size
            hierarchy = hierarchy.extended(graph, len(self.network.nodes)) if larger else Hierarchy(graph)
            return Travel(network, self.model, season, hierarchy.metric(weights))
        arcs = np.flatnonzero(weights != self.metric.weights)
        if len(arcs) > _FEW * len(weights):
            return Travel(network, self.model, season, hierarchy.metric(weights))
        return Travel(network, self.model, season, self.metric.updated(arcs, weights[arcs]))

    @cached_property
    def links(self) -> Ints:
        """The time (ms) of each of 2m links."""
        return self.metric.weights[: self.network.turns.links]

    def leaving(self, taps: Taps) -> Ends:
        """The taps as sources: by the link there to its end, by the link back to its start."""
        return self._ends(taps, self.network.turns.head, 1.0 - taps.share, taps.share)

    def arriving(self, taps: Taps) -> Ends:
        """The taps as targets: by the link there from its start, by the link back from its end."""
        return self._ends(taps, self.network.turns.tail, taps.share, 1.0 - taps.share)

    def _ends(self, taps: Taps, nodes: Ints, of_there: Floats, of_back: Floats) -> Ends:
        """By which nodes the taps join the graph; with the driven shares of the links there and back."""
        there, back = 2 * taps.segment, 2 * taps.segment + 1
        access = self._access_ms(taps)
        return Ends(
            nodes[there].astype(np.int32),
            nodes[back].astype(np.int32),
            _part(self.links[there], of_there, access),
            _part(self.links[back], of_back, access),
        )

    def _access_ms(self, taps: Taps) -> Floats:
        return self.network.access.minutes(taps.away_m) * _MS_PER_MINUTE

    def minutes(self, sources: Taps, targets: Taps) -> Floats:
        """The minutes from each of s places to each of t places, (s, t)."""
        out = np.full((sources.places, targets.places), CLOSED, np.int64)
        if len(sources.place) and len(targets.place):
            found = self.metric.many_to_many(self.leaving(sources), self.arriving(targets)).astype(np.int64)
            self._along(found, sources, targets)
            np.minimum.at(out, np.ix_(sources.place, targets.place), found)
        return _minutes(out)

    def kilometres(self, sources: Taps, targets: Taps) -> Floats:
        """The shortest ways between places (km), whatever time they take; infinite where there is none."""
        count = len(self.network)
        even = {"speed_kmh": np.full(count, 60.0), "surface": np.full(count, "", object)}
        access = replace(self.network.access, kmh=60.0)
        there = self.links.reshape(-1, 2).min(axis=1) < CLOSED
        network = self.network.changed(**even, access=access, there=there)
        flat = SpeedModel({"": 60.0}, {"": 1.0}, {"summer": {"": 1.0}})
        metric = self.metric.hierarchy.metric(flat.arcs(network, "summer"))
        return Travel(network, flat, "summer", metric).minutes(sources, targets)

    def _along(self, found: npt.NDArray[np.int64], sources: Taps, targets: Taps) -> None:
        """Put in the way along the one segment that both places tap."""
        one, other = np.nonzero(sources.segment[:, None] == targets.segment[None, :])
        ahead = targets.share[other] - sources.share[one]
        ahead[np.abs(ahead) < _SAME] = 0.0
        both = self.links.reshape(-1, 2)[sources.segment[one]]
        way = np.where(ahead > 0, both[:, 0], both[:, 1])
        times = np.where(ahead == 0, both.min(axis=1), way)
        access = self._access_ms(sources)[one] + self._access_ms(targets)[other]
        direct = _part(times, np.abs(ahead), access)
        found[one, other] = np.minimum(found[one, other], direct)

    def nearest(self, places: Taps, direction: Direction = "to") -> tuple[Floats, Ints]:
        """The minutes from every node of the network to the nearest of some places, or to it from there.

        And which place that is (-1: none can be reached); both (n,).
        """
        if not len(places.place):
            return np.full(len(self.network.nodes), np.inf), np.full(len(self.network.nodes), -1, np.int32)
        turns = self.network.turns
        if direction == "to":
            times, taps = self.metric.to_nearest(self.arriving(places))
            times, taps = self._at_nodes(times, taps, turns.tail, 0)
        else:
            times, taps = self.metric.from_nearest(self.leaving(places))
            times, taps = self._at_nodes(times, taps, turns.head, 1)
        return _minutes(times), np.where(taps >= 0, np.append(places.place, -1)[taps], -1).astype(np.int32)

    def _at_nodes(self, times: Ints, taps: Ints, ends: Ints, side: int) -> tuple[Ints, Ints]:
        """Times and taps at the nodes of the network: the best over the ports of those taken apart."""
        count = len(self.network.nodes)
        best, which = times[:count].copy(), taps[:count].copy()
        columns = (
            (self.network.start, self.network.end) if side == 0 else (self.network.end, self.network.start)
        )
        plain = np.column_stack(columns).ravel()
        for link in np.flatnonzero(ends >= count):
            node, port = plain[link], ends[link]
            if times[port] < best[node]:
                best[node], which[node] = times[port], taps[port]
        return best, which


def _part(times: Ints, share: Floats, more_ms: Floats) -> Ints:
    """A part of some times with something added, in whole ms; closed stays closed."""
    sums = np.minimum(np.rint(times * share + more_ms), MOST_MS)
    closed: Ints = np.where(times >= CLOSED, CLOSED, sums).astype(np.int32)
    return closed


def _minutes(milliseconds: npt.NDArray[np.int64] | Ints) -> Floats:
    return np.where(milliseconds >= CLOSED, np.inf, milliseconds / _MS_PER_MINUTE)
