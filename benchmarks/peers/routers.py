"""The planner's hierarchy and the libraries it is measured against, each behind the same few questions.

Each is used as its makers mean it to be, in the way that is fastest for these questions; where a library
offers two ways the faster one was kept.
"""

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol

import igraph
import networkx
import numpy as np
import numpy.typing as npt
import pandana
import pandas as pd
import routingkit_cch
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.road_graphs import Floats, Roads
from geo.hierarchy import Ends, Hierarchy, Ints, nested_dissection

Times = npt.NDArray[Any]


class Router(Protocol):
    """Fastest ways over a graph; making one is what `roads.build_s` measures."""

    name: ClassVar[str]
    note: ClassVar[str] = ""
    change: ClassVar[str] = ""
    """What an edit is to the library; empty where weights cannot be changed."""

    def __init__(self, roads: Roads) -> None: ...

    def od(self, sources: Ints, targets: Ints) -> Times:
        """The time (ms) from each source to each target: (s, t)."""
        ...

    def from_one(self, source: int) -> Any:
        """The times from a node to all, as the library gives them."""
        ...

    def by_node(self, answer: Any) -> Times:
        """What `from_one` gave, in ms by node; not part of what is measured."""
        return np.asarray(answer)

    def edit(self, arcs: Ints, weights: Ints) -> None:
        """Give some arcs other times (ms)."""
        raise NotImplementedError


class Planner(Router):
    """The planner's own."""

    name = ""
    note = "customisable contraction hierarchy, order by METIS"
    change = "a partial update"

    def __init__(self, roads: Roads) -> None:
        self.metric = Hierarchy(roads.graph).metric(roads.weights)

    def od(self, sources: Ints, targets: Ints) -> Times:
        return self.metric.many_to_many(Ends.at(sources), Ends.at(targets))

    def from_one(self, source: int) -> Any:
        return self.metric.from_nearest(Ends.at([source]))[0]

    def edit(self, arcs: Ints, weights: Ints) -> None:
        self.metric = self.metric.updated(arcs, weights)


class Networkx(Router):
    """Dijkstra in Python over dictionaries."""

    name = "networkx"
    note = "DiGraph, single_source_dijkstra_path_length"
    change = "the attribute of an edge"

    def __init__(self, roads: Roads) -> None:
        self.tail, self.head = roads.graph.tail, roads.graph.head
        self.graph = networkx.DiGraph()
        self.graph.add_nodes_from(range(roads.graph.size))
        arcs = zip(self.tail.tolist(), self.head.tolist(), roads.weights.tolist(), strict=True)
        self.graph.add_weighted_edges_from(arcs, weight="ms")

    def od(self, sources: Ints, targets: Ints) -> Times:
        rows = (self.from_one(source) for source in sources.tolist())
        return np.array([[row[target] for target in targets.tolist()] for row in rows])

    def from_one(self, source: int) -> Any:
        return networkx.single_source_dijkstra_path_length(self.graph, source, weight="ms")

    def by_node(self, answer: Any) -> Times:
        return np.array([answer[node] for node in range(len(answer))])

    def edit(self, arcs: Ints, weights: Ints) -> None:
        for arc, weight in zip(arcs.tolist(), weights.tolist(), strict=True):
            self.graph[int(self.tail[arc])][int(self.head[arc])]["ms"] = weight


class Scipy(Router):
    """Dijkstra in Cython over a sparse matrix."""

    name = "scipy"
    note = "csr_array, csgraph.dijkstra"
    change = "the data of the matrix"

    def __init__(self, roads: Roads) -> None:
        size, tail, head = roads.graph.size, roads.graph.tail, roads.graph.head
        self.ways = csr_array((roads.weights.astype(np.float64), (tail, head)), shape=(size, size))
        self.place = np.empty(len(tail), np.int64)
        self.place[np.lexsort((head, tail))] = np.arange(len(tail))

    def od(self, sources: Ints, targets: Ints) -> Times:
        found: Floats = dijkstra(self.ways, indices=sources)[:, targets]
        return found

    def from_one(self, source: int) -> Any:
        return dijkstra(self.ways, indices=source)

    def edit(self, arcs: Ints, weights: Ints) -> None:
        self.ways.data[self.place[arcs]] = weights


class Igraph(Router):
    """Dijkstra in C."""

    name = "igraph"
    note = "Graph.distances with a list of weights"
    change = "an item of the list"

    def __init__(self, roads: Roads) -> None:
        pairs = np.stack([roads.graph.tail, roads.graph.head], axis=1)
        self.graph = igraph.Graph(n=roads.graph.size, edges=pairs, directed=True)
        self.weights = roads.weights.tolist()

    def od(self, sources: Ints, targets: Ints) -> Times:
        return np.array(self.graph.distances(sources.tolist(), targets.tolist(), weights=self.weights))

    def from_one(self, source: int) -> Any:
        return self.graph.distances(source, weights=self.weights)[0]

    def edit(self, arcs: Ints, weights: Ints) -> None:
        for arc, weight in zip(arcs.tolist(), weights.tolist(), strict=True):
            self.weights[arc] = weight


class Pandana(Router):
    """Contraction hierarchies in C++, on all cores.

    It cuts weights off to whole thousandths of their unit. Given seconds, each with half a millisecond added,
    it therefore counts in exact milliseconds.
    """

    name = "pandana"
    note = "Network in seconds, OD by shortest_path_lengths of all pairs, one-to-all by nodes_in_range"
    FAR_S = 1_000_000.0

    def __init__(self, roads: Roads) -> None:
        x, y = (pd.Series(values) for values in roads.xy.T)
        tail, head = pd.Series(roads.graph.tail), pd.Series(roads.graph.head)
        with _silent():
            self.network = pandana.Network(
                x, y, tail, head, pd.DataFrame({"s": (roads.weights + 0.5) / 1000}), twoway=False
            )

    def od(self, sources: Ints, targets: Ints) -> Times:
        ends = np.repeat(sources, len(targets)), np.tile(targets, len(sources))
        found = np.array(self.network.shortest_path_lengths(*ends))
        return found.reshape(len(sources), len(targets)) * 1000

    def from_one(self, source: int) -> Any:
        return self.network.nodes_in_range([source], self.FAR_S)

    def by_node(self, answer: Any) -> Times:
        by_node = answer.set_index("destination")["s"].reindex(range(len(self.network.node_ids)))
        return by_node.to_numpy(np.float64) * 1000


class Routingkit(Router):
    """The customisable contraction hierarchies of their authors, in C++, given the same order of nodes."""

    name = "routingkit"
    note = "CCH with the planner's order, CCHOneToMany"
    change = "CCHMetricPartialUpdater"

    def __init__(self, roads: Roads) -> None:
        graph = roads.graph
        self.size = graph.size
        self.cch = routingkit_cch.CCH(nested_dissection(graph), graph.tail, graph.head, False)
        self.metric = routingkit_cch.CCHMetric(self.cch, roads.weights)
        self.updater = routingkit_cch.CCHMetricPartialUpdater(self.cch)
        self.to_all: routingkit_cch.CCHOneToMany | None = None

    def od(self, sources: Ints, targets: Ints) -> Times:
        query = routingkit_cch.CCHOneToMany(self.metric, targets)
        return np.array([query.distances_from(source) for source in sources.tolist()])

    def from_one(self, source: int) -> Any:
        if self.to_all is None:
            self.to_all = routingkit_cch.CCHOneToMany(self.metric, range(self.size))
        return self.to_all.distances_from(source)

    def edit(self, arcs: Ints, weights: Ints) -> None:
        self.to_all = None  # nothing may be asked of a metric while it changes
        self.updater.apply(self.metric, dict(zip(arcs.tolist(), weights.tolist(), strict=True)))


ROUTERS: Sequence[type[Router]] = (Planner, Networkx, Scipy, Igraph, Pandana, Routingkit)


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what a library in C++ prints to itself."""
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
