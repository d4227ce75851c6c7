"""Which records lie in an area: inside, outside, cut by its boundary, or cannot be told at their accuracy.

A record drawn at a point with an accuracy of r metres truly lies somewhere in the disc of radius r. It is
inside when the whole disc is, outside when none of it is, and otherwise it cannot be told. A line or an area
of which some part is surely inside and some part surely outside is cut, which is an answer and no doubt.
"""

from enum import IntEnum
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry


class Verdict(IntEnum):
    """The answers to "is it inside?"; a point is never `PARTLY`."""

    OUTSIDE = 0
    UNSURE = 1
    INSIDE = 2
    PARTLY = 3


def verdicts(
    geometry: gpd.GeoSeries, accuracy_m: npt.NDArray[np.float64], area: BaseGeometry
) -> npt.NDArray[np.int8]:
    """`Verdict` of each of n geometries (EPSG:32645) with their accuracies (m, NaN = unknown) for an area.

    An unknown accuracy can only be told apart by the geometry itself and is never called inside; an empty
    geometry (place unknown) is always `UNSURE`.
    """
    shapes = geometry.to_numpy()
    radius = np.nan_to_num(accuracy_m, nan=0.0)
    distance = shapely.distance(shapes, area)
    depth = np.where(shapely.covered_by(shapes, area), shapely.distance(shapes, area.boundary), -1.0)
    answer = np.full(len(shapes), Verdict.UNSURE, dtype=np.int8)
    answer[distance > radius] = Verdict.OUTSIDE
    answer[(depth >= radius) & ~np.isnan(accuracy_m)] = Verdict.INSIDE
    answer[_cut(shapes, radius, area) & (answer == Verdict.UNSURE)] = Verdict.PARTLY
    answer[shapely.is_empty(shapes) | shapely.is_missing(shapes)] = Verdict.UNSURE
    return answer


def _cut(shapes: Any, radius: npt.NDArray[np.float64], area: BaseGeometry) -> npt.NDArray[np.bool_]:
    """Which geometries reach deeper into the area than their accuracy, and farther out of it."""
    cut = np.zeros(len(shapes), dtype=bool)
    extended = shapely.get_dimensions(shapes) > 0
    for accuracy in np.unique(radius[extended]):
        those = extended & (radius == accuracy)
        core, reach = area.buffer(-accuracy), area.buffer(accuracy)
        inner = shapely.intersects(shapes[those], core) & ~shapely.touches(shapes[those], core)
        cut[those] = inner & ~shapely.covered_by(shapes[those], reach)
    return cut


def length_inside_km(geometry: gpd.GeoSeries, area: BaseGeometry) -> npt.NDArray[np.float64]:
    """Length (km) of each line (EPSG:32645) that lies in the area."""
    clipped = shapely.intersection(geometry.to_numpy(), area)
    return np.asarray(shapely.length(clipped)) / 1000.0
