"""What the works on a road change for people: how many come within an hour or so of Tomsk by a project.

The network is that of the embedded road segments; a segment names the project of its works. Before the works
it has its former speed, or is not there; after them its present one. Whatever else is not built is closed.
A settlement joins the network at its nearest node, over the straight distance times 1.3 at 40 km/h. Speeds
are assumed by road type and surface, so the answer is an estimate.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import shapely

from geo.access import minutes_from, people_within
from layers.store import Store

CORE = "tomsk"
"""The settlement to which people are brought nearer."""
_DETOUR = 1.3
_ACCESS_KMH = 40.0


class Reach:
    """The embedded network with its settlements, ready for before and after."""

    def __init__(self, store: Store) -> None:
        roads, metric = store.features("roads"), store.metric("roads")
        names = sorted({*roads["from_node"], *roads["to_node"]})
        number = {name: index for index, name in enumerate(names)}
        self._starts = roads["from_node"].map(number).to_numpy(dtype=np.int64)
        self._ends = roads["to_node"].map(number).to_numpy(dtype=np.int64)
        self._nodes = len(names)
        points = np.empty(len(names), dtype=object)
        for lines, side in ((self._starts, 0), (self._ends, -1)):
            points[lines] = [shapely.Point(line.coords[side]) for line in metric]
        self._length = roads["length_km"].to_numpy(dtype=float)
        self._after, self._before = (
            roads[column].to_numpy(dtype=float) for column in ("speed_kmh", "speed_before_kmh")
        )
        self._now = np.where(roads["status"] == "built", self._after, self._before)
        self._works = roads["works"].fillna("").to_numpy(dtype=object)
        settlements = store.features("settlements")
        self._people = settlements["population"].to_numpy(dtype=float)
        nearest = shapely.STRtree(points.tolist()).query_nearest(
            store.metric("settlements").to_numpy(), return_distance=True, all_matches=False
        )
        (_, self._node), away = nearest
        self._access = away / 1000 * _DETOUR / _ACCESS_KMH * 60
        self._core = int(self._node[settlements.index.get_loc(CORE)])

    @property
    def projects(self) -> set[str]:
        """The projects that some segment names."""
        return {str(name) for name in self._works if name}

    def gain(self, project: str, limit: float) -> float:
        """How many people come within `limit` minutes of Tomsk because of a project's works."""
        own = self._works == project
        before, after = (np.where(own, speed, self._now) for speed in (self._before, self._after))
        return self._reached(after, limit) - self._reached(before, limit)

    def _reached(self, speed_kmh: npt.NDArray[np.float64], limit: float) -> float:
        with np.errstate(divide="ignore", invalid="ignore"):
            minutes = np.where(speed_kmh > 0, self._length / speed_kmh * 60, np.inf)
        found = minutes_from(self._core, self._starts, self._ends, minutes, self._nodes)
        return people_within(found[self._node] + self._access, self._people, limit)


@cache
def gains(store: Store, limit: float) -> dict[str, float]:
    """The people whom each project of road works brings within `limit` minutes of Tomsk."""
    reach = Reach(store)
    return {project: reach.gain(project, limit) for project in sorted(reach.projects)}
