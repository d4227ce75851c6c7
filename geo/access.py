"""Who can be reached: travel times over a network and the people within them.

Times are minutes over an undirected road graph whose nodes are numbered from 0; an unreachable place is
infinitely far. Shortest paths are SciPy's Dijkstra (Dijkstra, 1959).
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def minutes_from(origin: int, starts: Ints, ends: Ints, minutes: Floats, nodes: int) -> Floats:
    """The minutes from a node to each of `nodes` nodes over m edges; infinite where there is no way.

    Of parallel edges the fastest counts. An edge of infinite time is closed.
    """
    open_ = np.isfinite(minutes)
    order = np.argsort(-minutes[open_], kind="stable")
    a, b, time = (values[open_][order] for values in (starts, ends, minutes))
    fastest = {(min(i, j), max(i, j)): t for i, j, t in zip(a.tolist(), b.tolist(), time, strict=True)}
    rows = np.array([i for i, _ in fastest], dtype=np.int64)
    columns = np.array([j for _, j in fastest], dtype=np.int64)
    graph = csr_array((np.array(list(fastest.values()), dtype=float), (rows, columns)), shape=(nodes, nodes))
    found: Floats = dijkstra(graph.tocsr(), directed=False, indices=[origin])[0]
    return found


def people_within(minutes: Floats, people: Floats, limit: float) -> float:
    """How many people live at most `limit` minutes away: cumulative opportunities (Hansen, 1959).

    Places whose population is unknown (NaN) add nothing.
    """
    return float(np.nansum(people[minutes <= limit]))
