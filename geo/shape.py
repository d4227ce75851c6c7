"""A shape that a person drew: polygon, circle or line with a corridor; its text form and its measures.

At rest a shape holds WGS 84 degrees. Every measure is taken in EPSG:32645 (metres).
"""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.crs import REGION, WGS84, WORKING, transform
from geo.errors import ShapeError

Kind = Literal["polygon", "circle", "line"]
DECIMALS = 5
MOST_POINTS = 500
LARGEST_KM2 = 1_000_000.0
LEAST_RADIUS_M = 1.0
MOST_RADIUS_M = 500_000.0
_LEAST_POINTS = {"polygon": 3, "circle": 1, "line": 2}
_QUARTER_SEGMENTS = 32


@dataclass(frozen=True, slots=True)
class Shape:
    """Vertices (lon, lat) in degrees; `radius_m`: radius of a circle, half-width of a line's corridor."""

    kind: Kind
    points: tuple[tuple[float, float], ...]
    radius_m: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be measured; raises `ShapeError`."""
        least = _LEAST_POINTS[self.kind]
        if not least <= len(self.points) <= MOST_POINTS:
            raise ShapeError(
                f"a {self.kind} has {least} to {MOST_POINTS} points, not {len(self.points)}", "points"
            )
        if not all(math.isfinite(v) for point in self.points for v in point):
            raise ShapeError("a point of the shape is no number", "points")
        west, south, east, north = REGION
        if not all(west <= lon <= east and south <= lat <= north for lon, lat in self.points):
            raise ShapeError(
                "a point of the shape lies outside the region, where metres would be wrong", "region"
            )
        least_m = LEAST_RADIUS_M if self.kind == "circle" else 0
        if not least_m <= self.radius_m <= MOST_RADIUS_M:
            raise ShapeError(f"a radius of {self.radius_m} m cannot be used", "radius")

    @classmethod
    def parse(cls, text: str) -> "Shape":
        """Read the text form `kind[~radius]:lon,lat;lon,lat;...`. Raises `ShapeError`."""
        head, _, body = text.partition(":")
        kind, _, radius = head.partition("~")
        if kind not in get_args(Kind):
            raise ShapeError(f"no shape is called {kind!r}", "kind")
        try:
            pairs = [tuple(float(v) for v in pair.split(",")) for pair in body.split(";") if pair]
            points = tuple((lon, lat) for lon, lat in pairs)
            return cls(kind, points, float(radius or 0))  # type: ignore[arg-type]
        except (TypeError, ValueError) as fault:
            if isinstance(fault, ShapeError):
                raise
            raise ShapeError(f"the shape {text[:60]!r} cannot be read", "text") from fault

    def text(self) -> str:
        """The compact text form that `parse` reads."""
        radius = f"~{self.radius_m:.0f}" if self.radius_m else ""
        return f"{self.kind}{radius}:" + ";".join(
            f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat in self.points
        )

    def line_metric(self) -> LineString:
        """The drawn line, or the boundary of the drawn area, in EPSG:32645."""
        metric = self.area_metric() if self.kind != "line" else None
        return (
            LineString(metric.exterior.coords)
            if isinstance(metric, Polygon)
            else LineString(self._metric_points())
        )

    def area_metric(self) -> BaseGeometry:
        """The area meant (polygon, disc, corridor) in EPSG:32645. Raises `ShapeError`."""
        points = self._metric_points()
        if self.kind == "circle":
            area: BaseGeometry = Point(points[0]).buffer(self.radius_m, quad_segs=_QUARTER_SEGMENTS)
        elif self.kind == "line":
            area = LineString(points).buffer(max(self.radius_m, 0.01), quad_segs=_QUARTER_SEGMENTS)
        else:
            area = Polygon(points)
        if not area.is_valid:
            raise ShapeError("the outline crosses itself", "crossing")
        if area.area == 0:
            raise ShapeError("the shape has no area", "empty")
        if area.area / 1e6 > LARGEST_KM2:
            raise ShapeError(f"the shape is larger than {LARGEST_KM2:,.0f} km²", "large")
        return area

    def _metric_points(self) -> list[tuple[float, float]]:
        lon, lat = np.asarray(self.points, float).T
        return list(zip(*(axis.tolist() for axis in transform(lon, lat, WGS84, WORKING)), strict=True))


def to_metric(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry in degrees (EPSG:4326) carried to metres (EPSG:32645)."""
    return _carried(geometry, WGS84, WORKING)


def to_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """A geometry in metres (EPSG:32645) carried to degrees (EPSG:4326)."""
    return _carried(geometry, WORKING, WGS84)


def _carried(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    carried: BaseGeometry = shapely.transform(
        geometry, lambda xy: np.column_stack(transform(xy[:, 0], xy[:, 1], source, target))
    )
    return carried


def halo(geometry: BaseGeometry, accuracy_m: float) -> BaseGeometry:
    """The area (EPSG:4326) in which a thing drawn as `geometry` (EPSG:4326) truly lies, by its accuracy."""
    metric = shapely.simplify(to_metric(geometry), accuracy_m / 20)
    return to_degrees(metric.buffer(accuracy_m, quad_segs=8))
