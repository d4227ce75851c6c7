"""Road graphs made in code: towns in open country, planar, with faster roads between towns.

Every road leads both ways, the way back a little slower or faster, so that a method that takes the graph for
an undirected one is found out. Times are whole milliseconds: all peers count with the same numbers, and sums
of them are exact in every one. The same size gives the same graph.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, KDTree

from geo.hierarchy import Graph, Ints

Floats = npt.NDArray[np.float64]

SEED = 2012
SIDE_M = 250_000.0
TOWNS = 200
TOWN_SPREAD_M = 4_000.0
IN_TOWNS = 0.6
"""Share of the nodes that lie in towns."""
MEAN_DEGREE = 2.6
WINDING = 1.25
"""Length of a road by the straight distance of its ends."""
DETOUR = 2.0
"""Towns get a fast road where a way between them is at most so many times their straight distance."""
SLOW_KMH = (30.0, 50.0)
FAST_KMH = (80.0, 100.0, 120.0)
UNLIKE = 0.1
"""The most by which the two directions of a road differ, as a share."""


@dataclass(frozen=True, eq=False)
class Roads:
    """A graph with times: arc i and arc i + `links` are the two directions of road i.

    `xy` are the nodes (m); `weights` the times of the arcs (ms); `fast` says which roads join towns.
    """

    xy: Floats
    graph: Graph
    weights: Ints
    fast: npt.NDArray[np.bool_]

    @property
    def links(self) -> int:
        """The number of roads."""
        return len(self.fast)


def roads(size: int) -> Roads:
    """The graph of a size (nodes)."""
    rng = np.random.default_rng([SEED, size])
    towns = rng.random((TOWNS, 2)) * SIDE_M
    inside = towns[rng.integers(0, TOWNS, int(IN_TOWNS * size))]
    inside = inside + rng.normal(0, TOWN_SPREAD_M, inside.shape)
    xy = np.concatenate([inside, rng.random((size - len(inside), 2)) * SIDE_M])
    pairs, length_m = _pruned(xy, rng)
    kmh = rng.choice(SLOW_KMH, len(pairs))
    fast = _between_towns(xy, pairs, length_m, towns)
    kmh[fast] = rng.choice(FAST_KMH, int(fast.sum()))
    hours = np.tile(length_m / 1000 / kmh, 2) * rng.uniform(1 - UNLIKE / 2, 1 + UNLIKE / 2, 2 * len(pairs))
    weights = np.maximum(np.rint(hours * 3_600_000), 1).astype(np.int32)
    tail, head = np.concatenate([pairs, pairs[:, ::-1]]).astype(np.int32).T.copy()
    return Roads(xy, Graph(size, tail, head), weights, fast)


def _sides(xy: Floats) -> npt.NDArray[np.int64]:
    """The sides of the Delaunay triangles over some points, each once: (k, 2), the lower point first."""
    corners = Delaunay(xy).simplices
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    return np.unique(np.sort(sides, axis=1).astype(np.int64), axis=0)


def _pruned(xy: Floats, rng: np.random.Generator) -> tuple[npt.NDArray[np.int64], Floats]:
    """A spanning tree and, up to the mean degree, other sides, short ones rather: pairs, and metres."""
    size, sides = len(xy), _sides(xy)
    length = np.hypot(*(xy[sides[:, 0]] - xy[sides[:, 1]]).T)
    tree = minimum_spanning_tree(csr_array((length, tuple(sides.T)), shape=(size, size))).tocoo()
    ends = np.sort(np.stack([tree.row, tree.col], axis=1).astype(np.int64), axis=1)
    in_tree = np.isin(_key(sides, size), _key(ends, size))
    others = np.flatnonzero(~in_tree)
    chance = 1 / length[others]
    wanted = int(MEAN_DEGREE * size / 2) - int(in_tree.sum())
    in_tree[rng.choice(others, wanted, replace=False, p=chance / chance.sum())] = True
    return sides[in_tree], length[in_tree] * WINDING


def _between_towns(
    xy: Floats, pairs: npt.NDArray[np.int64], length_m: Floats, towns: Floats
) -> npt.NDArray[np.bool_]:
    """Which roads lie on the shortest ways between neighbouring towns."""
    _, centres = KDTree(xy).query(towns)
    one, other = pairs.T
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    ways = csr_array((np.tile(length_m, 2), both), shape=(len(xy), len(xy)))
    fast = np.zeros(len(pairs), np.bool_)
    joined = _sides(towns)
    for town in np.unique(joined[:, 0]):
        mates = joined[joined[:, 0] == town, 1]
        most = DETOUR * WINDING * np.hypot(*(towns[mates] - towns[town]).T).max()
        _, before = dijkstra(ways, indices=centres[town], limit=most, return_predecessors=True)
        for node in centres[mates]:
            ends = np.sort(_trail(before, int(node)), axis=1)
            fast[np.searchsorted(_key(pairs, len(xy)), _key(ends, len(xy)))] = True
    return fast


def _trail(before: Ints, node: int) -> npt.NDArray[np.int64]:
    """The pairs of nodes back from a node along its predecessors."""
    trail = [node]
    while before[trail[-1]] >= 0:
        trail.append(int(before[trail[-1]]))
    return np.stack([trail[1:], trail[:-1]], axis=1).astype(np.int64)


def _key(pairs: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """One number for each pair of nodes, in the order of the pairs."""
    return pairs[:, 0] * size + pairs[:, 1]
