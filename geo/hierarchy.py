"""A customisable contraction hierarchy: the index that makes before and after feel instant.

The method is that of Dibbelt, Strasser and Wagner (Customizable Contraction Hierarchies, ACM JEA 21, 2016).
A `Hierarchy` depends on the topology alone: nodes are ordered by nested dissection (METIS, by `pymetis`) and
eliminated in that order; the arcs that appear are kept once for both directions. A `Metric` is a hierarchy
with weights: customising takes milliseconds, a partial update of a few arcs less. Queries walk up the
elimination tree; one-to-all is a sweep down all nodes (Delling et al., PHAST, 2011).

Weights are whole milliseconds (int32). Sums and minima of whole numbers are exact, so answers do not depend
on the order of the nodes: an edit undone restores every value bit for bit, a faster road never makes any time
longer, and a partial update equals a full one. A time of `CLOSED` means that there is no way.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from tokenize import TokenError

import numpy as np
import numpy.typing as npt
import pymetis

from geo import sweeps
from geo.errors import NetworkError
from geo.sweeps import CLOSED

Ints = npt.NDArray[np.int32]
MOST_MS = CLOSED - 1
"""The longest time that can be told: 12.4 days."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A directed graph of `size` nodes numbered from 0; arc i leads from `tail[i]` to `head[i]`."""

    size: int
    tail: Ints
    head: Ints

    def __post_init__(self) -> None:
        """Refuse arcs that name no node; raises `NetworkError`."""
        ends = np.concatenate([self.tail, self.head])
        if len(ends) and (ends.min() < 0 or ends.max() >= self.size):
            raise NetworkError(f"an arc names a node outside 0..{self.size - 1}", "arc")

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits that change with the topology."""
        total = sha256(str(self.size).encode())
        for values in (self.tail, self.head):
            total.update(np.ascontiguousarray(values, np.int32).tobytes())
        return total.hexdigest()[:12]


@dataclass(frozen=True, eq=False)
class Ends:
    """k places as the network sees them: each by one or two nodes joined by an arc, with times to add (ms).

    `first` and `second` are nodes; where `second` is -1 there is only one.
    """

    first: Ints
    second: Ints
    first_ms: Ints
    second_ms: Ints

    def __len__(self) -> int:
        return len(self.first)

    @classmethod
    def at(cls, nodes: npt.ArrayLike) -> "Ends":
        """Places that are nodes themselves."""
        first = np.asarray(nodes, np.int32)
        zero = np.zeros(len(first), np.int32)
        return cls(first, np.full(len(first), -1, np.int32), zero, zero)


class Hierarchy:
    """The topology of a graph in the order of elimination; see the module."""

    def __init__(self, graph: Graph, order: Ints | None = None) -> None:
        """Build it, by `order` (node of each rank, lowest first) or by nested dissection."""
        self.graph = graph
        self.order = nested_dissection(graph) if order is None else np.asarray(order, np.int32)
        if not np.array_equal(np.sort(self.order), np.arange(graph.size)):
            raise NetworkError("an order names every node once", "order")
        self.rank = np.empty(graph.size, np.int32)
        self.rank[self.order] = np.arange(graph.size, dtype=np.int32)
        starts, neighbours = sweeps.neighbours(graph.size, graph.tail, graph.head)
        self.starts, self.heads, self.parent = sweeps.eliminate(starts, neighbours, self.rank, self.order)
        self.lower = np.repeat(np.arange(graph.size, dtype=np.int32), np.diff(self.starts))
        self.down_starts, self.down_arcs = sweeps.grouped(self.heads, graph.size)
        self.depth = sweeps.depths(self.parent)
        self.height = int(self.depth.max(initial=0)) + 1
        low, high = self.rank[graph.tail], self.rank[graph.head]
        self.arc_of = sweeps.arcs_between(self.starts, self.heads, low, high)
        self.upward = low < high
        self._on_starts, self._on_arcs = sweeps.grouped(self.arc_of, len(self.heads))

    def extended(self, graph: Graph, at: int) -> "Hierarchy":
        """The hierarchy of a graph that has further nodes, numbered from `at` on, and other arcs.

        New nodes come first in the order and the rest of it stays: only the elimination is done again, which
        saves the dissection. More arcs appear than by a fresh order, the more the longer the new links.
        """
        more = graph.size - self.graph.size
        fresh = np.arange(at, at + more, dtype=np.int32)
        kept = np.where(self.order < at, self.order, self.order + more)
        return Hierarchy(graph, np.concatenate([fresh, kept]))

    def metric(self, weights: npt.ArrayLike) -> "Metric":
        """Customise for the weights (ms, `CLOSED`: no way) of the graph's arcs; raises `NetworkError`."""
        return Metric.customised(self, checked(weights, len(self.graph.tail)))

    def on_arc(self, arc: int) -> Ints:
        """The arcs of the graph that lie on an arc of the hierarchy, in either direction."""
        found: Ints = self._on_arcs[self._on_starts[arc] : self._on_starts[arc + 1]]
        return found


def checked(weights: npt.ArrayLike, count: int) -> Ints:
    """Weights as whole milliseconds. Raises `NetworkError` for a wrong number or a negative one."""
    values = np.asarray(weights)
    if values.shape != (count,):
        raise NetworkError(f"{count} arcs need as many weights, not {values.shape}", "weights")
    if len(values) and not (values.min() >= 0 and values.max() <= CLOSED):
        raise NetworkError(f"a weight lies outside 0..{CLOSED} ms", "weights")
    return values.astype(np.int32)


def nested_dissection(graph: Graph) -> Ints:
    """An order of elimination with small separators last, by METIS."""
    starts, neighbours = sweeps.neighbours(graph.size, graph.tail, graph.head)
    if not len(neighbours):
        return np.arange(graph.size, dtype=np.int32)
    order, _ = pymetis.nested_dissection(pymetis.CSRAdjacency(starts, neighbours))
    return np.asarray(order, np.int32)


def kept_order(graph: Graph, folder: Path) -> Ints:
    """The order of a graph from a file of the folder, made and put there where it is missing or broken."""
    path = folder / f"order-{graph.digest}.npy"
    try:
        order: Ints = np.array(np.lib.format.open_memmap(path, mode="r"))
        if order.dtype == np.int32 and np.array_equal(np.sort(order), np.arange(graph.size)):
            return order
    except (OSError, ValueError, EOFError, TokenError):
        pass
    order = nested_dissection(graph)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as own:
        part = Path(own) / path.name
        np.save(part, order, allow_pickle=False)
        part.replace(path)
    return order


@dataclass(frozen=True, eq=False)
class Metric:
    """A hierarchy with weights: `up` and `down` are the times (ms) of its arcs, from and to the lower end.

    `weights` are those of the graph's arcs; `up_own` and `down_own` the best of them without shortcuts.
    """

    hierarchy: Hierarchy
    weights: Ints
    up: Ints
    down: Ints
    up_own: Ints
    down_own: Ints

    @classmethod
    def customised(cls, hierarchy: Hierarchy, weights: Ints) -> "Metric":
        """Give every arc of the hierarchy its time: the graph's own, or over a node that is eliminated."""
        h = hierarchy
        up_own, down_own = sweeps.own(len(h.heads), h.arc_of, h.upward, weights)
        up, down = up_own.copy(), down_own.copy()
        sweeps.customise(h.starts, h.heads, h.down_starts, h.down_arcs, h.lower, up, down)
        return cls(h, weights, up, down, up_own, down_own)

    def updated(self, arcs: npt.ArrayLike, weights: npt.ArrayLike) -> "Metric":
        """The metric in which some arcs of the graph have other weights (ms); equal to a full customising."""
        h, changed = self.hierarchy, np.asarray(arcs, np.int64)
        given = checked(weights, len(changed))
        fresh = self.weights.copy()
        fresh[changed] = given
        touched = np.unique(h.arc_of[changed])
        touched = touched[touched >= 0]
        up_own, down_own = self.up_own.copy(), self.down_own.copy()
        up_own[touched] = down_own[touched] = CLOSED
        mates = np.concatenate([h.on_arc(int(arc)) for arc in touched] or [np.empty(0, np.int32)])
        sweeps.keep_best(up_own, down_own, h.arc_of[mates], h.upward[mates], fresh[mates])
        up, down = self.up.copy(), self.down.copy()
        dirty = np.zeros(len(up), np.uint8)
        dirty[touched] = 1
        sweeps.recustomise(
            h.starts, h.heads, h.down_starts, h.down_arcs, h.lower, up, down, up_own, down_own, dirty
        )
        return Metric(h, fresh, up, down, up_own, down_own)

    def many_to_many(self, sources: Ends, targets: Ends) -> Ints:
        """The time (ms) from each of s sources to each of t targets, (s, t)."""
        h = self.hierarchy
        there = sweeps.labels(*self._ranked(sources), h.starts, h.heads, self.up, h.parent, h.depth, h.height)
        back = sweeps.labels(
            *self._ranked(targets), h.starts, h.heads, self.down, h.parent, h.depth, h.height
        )
        found: Ints = sweeps.meet(*there, *back)
        return found

    def from_nearest(self, sources: Ends) -> tuple[Ints, Ints]:
        """For each node the time (ms) from the source that is nearest to it, and which that is (-1: none)."""
        return self._swept(sources, self.up, self.down)

    def to_nearest(self, targets: Ends) -> tuple[Ints, Ints]:
        """For each node the time (ms) to the target that is nearest to it, and which that is (-1: none)."""
        return self._swept(targets, self.down, self.up)

    def _swept(self, places: Ends, climbing: Ints, falling: Ints) -> tuple[Ints, Ints]:
        h = self.hierarchy
        ranked = self._ranked(places)
        times, nearest = sweeps.sweep(*ranked, h.starts, h.heads, climbing, falling, h.order)
        return times, nearest

    def _ranked(self, places: Ends) -> tuple[Ints, Ints, Ints, Ints]:
        """Places by rank, the lower of the two nodes first."""
        rank = self.hierarchy.rank
        single = places.second < 0
        first, second = rank[places.first], np.where(single, rank[places.first], rank[places.second])
        second_ms = np.where(single, places.first_ms, places.second_ms)
        swap = second < first
        return (
            np.where(swap, second, first).astype(np.int32),
            np.where(swap, first, second).astype(np.int32),
            np.where(swap, second_ms, places.first_ms).astype(np.int32),
            np.where(swap, places.first_ms, second_ms).astype(np.int32),
        )
