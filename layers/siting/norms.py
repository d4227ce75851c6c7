"""The zones of norms: which records make them, how wide they are, what they are at a shape.

On the grid a zone is a raster (`layers.siting.rasters`); at one shape it is measured between the geometries
themselves, by the same rule: with d the distance to a record (negative inside an area), a its accuracy and w
the width of its zone, the shape is surely outside where every d - a - w is positive and surely touches it
where some d + a - w is not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.network import Bounds, Floats
from geo.norms import zone_width_m
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.siting.measures import subset
from layers.siting.territory import extents_m
from layers.store import Store

BEYOND_M = 60_000.0
"""How far from a grid zones are looked at: what lies farther is told as farther than that."""


@dataclass(frozen=True, eq=False)
class Zones:
    """The records of a norm that have a place: shapes (EPSG:32645), widths of zones and accuracies (m)."""

    shapes: npt.NDArray[np.object_]
    width_m: Floats
    accuracy_m: Floats

    def around(self, bounds: Bounds) -> "Zones":
        """Those that may reach within `BEYOND_M` of some bounds (EPSG:32645)."""
        away = shapely.distance(self.shapes, shapely.box(*bounds))
        near = away - self.accuracy_m - self.width_m <= BEYOND_M
        return Zones(self.shapes[near], self.width_m[near], self.accuracy_m[near])


def zones(store: Store, norm: dict[str, Any]) -> Zones:
    """The zones of a norm.

    What has an extent about its point may begin anywhere within it: that widens what cannot be told, while a
    place is surely inside the zone only about the point itself.
    """
    field, value = (norm[key] if isinstance(norm[key], str) else "" for key in ("where_field", "where_value"))
    frame = subset(store, norm["layer"], field, value)
    shapes = store.metric_of(norm["layer"], frame).to_numpy()
    lengths = (
        frame["length_km"].to_numpy(dtype=float) if "length_km" in frame else np.full(len(frame), np.nan)
    )
    half = extents_m(store, norm["layer"], frame) / 2
    width = zone_width_m(norm["width_rule"], float(norm["distance_m"]), lengths) + half
    accuracy = frame["accuracy_m"].to_numpy(dtype=float) + half
    there = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
    return Zones(shapes[there], width[there], accuracy[there])


def norm_at(
    store: Store, norm: dict[str, Any], shape: BaseGeometry, extra_m: float = 0.0
) -> tuple[int, float, float]:
    """What the zone of a norm, `extra_m` wider, is at a shape: its state, least and greatest distance (m)."""
    zone = zones(store, norm)
    if not len(zone.shapes):
        return FREE, np.inf, np.inf
    away = shapely.distance(zone.shapes, shape)
    areas = shapely.get_dimensions(zone.shapes) == 2
    within = areas & (away == 0)
    away[within] = -shapely.distance(shapely.boundary(zone.shapes[within]), shape)
    near = float((away - zone.accuracy_m - zone.width_m).min()) - extra_m
    far = float((away + zone.accuracy_m - zone.width_m).min()) - extra_m
    state = EXCLUDED if far <= 0 else UNSURE if near <= 0 else FREE
    return state, near, far
