"""Norms and their zones: which records make them, how wide they are, what they are at a shape.

A norm is a record of the register, or a limit that a reader has brought (`layers.siting.own_limits`): both
have the same keys and are told apart by their id alone.

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
from geo.siting import MOST_EXTRA_M
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.records import as_dicts
from layers.siting import own_limits
from layers.siting.measures import subset
from layers.siting.models import NORMS
from layers.siting.territory import extents_m
from layers.store import Store

BEYOND_M = MOST_EXTRA_M + 10_000.0
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


def norm(store: Store, id_: str) -> dict[str, Any]:
    """The norm of that id, of the register or of a reader. Raises `UnknownFeature`."""
    return own_limits.get(id_).record() if own_limits.is_own(id_) else store.record(NORMS, id_)


def all_norms(store: Store) -> list[dict[str, Any]]:
    """Every norm: those of the register in its order, then those of readers by title."""
    return [*as_dicts(store.records(NORMS)), *(one.record() for one in own_limits.usable())]


def zones(store: Store, norm: dict[str, Any]) -> Zones:
    """The zones of a norm. Raises `UnknownFeature` where the areas of a reader are gone.

    What has an extent about its point may begin anywhere within it: that widens what cannot be told, while a
    place is surely inside the zone only about the point itself.
    """
    if own_limits.is_own(norm["id"]):
        areas, accuracy_m = own_limits.areas(norm["id"])
        return Zones(areas, np.full(len(areas), float(norm["distance_m"])), np.full(len(areas), accuracy_m))
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
    store: Store, norm: dict[str, Any], shape: BaseGeometry, extra_m: float = 0.0, accuracy_m: float = 0.0
) -> tuple[int, float, float]:
    """What the zone of a norm, `extra_m` wider, is at a shape: its state, least and greatest distance (m).

    `accuracy_m` is that of the shape's own position.
    """
    return state_at(zones(store, norm), shape, extra_m, accuracy_m)


def state_at(
    zone: Zones, shape: BaseGeometry, extra_m: float = 0.0, accuracy_m: float = 0.0
) -> tuple[int, float, float]:
    """The same of zones that are at hand."""
    if not len(zone.shapes):
        return FREE, np.inf, np.inf
    away = shapely.distance(zone.shapes, shape)
    areas = shapely.get_dimensions(zone.shapes) == 2
    within = areas & (away == 0)
    away[within] = -shapely.distance(shapely.boundary(zone.shapes[within]), shape)
    near = float((away - zone.accuracy_m - zone.width_m).min()) - extra_m - accuracy_m
    far = float((away + zone.accuracy_m - zone.width_m).min()) - extra_m + accuracy_m
    state = EXCLUDED if far <= 0 else UNSURE if near <= 0 else FREE
    return state, near, far
