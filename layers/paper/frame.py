"""Which metres lie where on a sheet: the frame of a map in EPSG:32645, at a numeric scale true on paper."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from layers.paper.ink import MM

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""
ROUND_SCALES = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0, 9.0)
BAND_MM = 4.4
"""Width of the band with degrees around the window."""
FOOT_MM = 11.0
"""Height of the strip with scale and credits below it."""
_LEAST_MM = 10.0
ZOOM_0 = 156_543.034
"""Metres of a web map's pixel at zoom 0 on the equator."""
_CSS_PIXEL_M = 0.0254 / 96
_LATITUDE = math.radians(56.5)


def round_scale(least: float) -> float:
    """The smallest round denominator that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        step * p for p in (power, power * 10) for step in ROUND_SCALES if step * p >= least * (1 - 1e-9)
    )


@dataclass(frozen=True)
class MapFrame:
    """A window on the plane of EPSG:32645 and its place on a drawing.

    `centre` is in metres, `scale` the denominator of the numeric scale, `size_mm` the width and height of the
    whole drawing with its band of degrees and its foot. A drawing that is laid on its sheet so many times
    larger is `enlarged`: its own millimetres are smaller than those of the sheet, where the scale is true.
    One that will be shown in whatever size there is room for is not `to_scale`: it has its bar alone.
    Raises ValueError where no window is left.
    """

    centre: tuple[float, float]
    scale: float
    size_mm: tuple[float, float]
    enlarged: float = 1.0
    to_scale: bool = True

    def __post_init__(self) -> None:
        if min(self.window_mm) < _LEAST_MM or not math.isfinite(sum(self.centre)):
            raise ValueError(f"no map fits into {self.size_mm[0]:g} x {self.size_mm[1]:g} mm")
        if not (math.isfinite(self.scale) and self.scale > 0):
            raise ValueError(f"no scale: 1 : {self.scale}")

    @classmethod
    def fitting(
        cls,
        bounds: Bounds,
        size_mm: tuple[float, float],
        *,
        spare: float = 0.06,
        least_scale: float = 2000,
        enlarged: float = 1.0,
    ) -> "MapFrame":
        """The frame of the largest round scale that shows `bounds` (EPSG:32645) with `spare` around them."""
        west, south, east, north = bounds
        wide, high = size_mm[0] - 2 * BAND_MM, size_mm[1] - 2 * BAND_MM - FOOT_MM
        needed = max((east - west) / wide, (north - south) / high) * 1000 / enlarged * (1 + 2 * spare)
        middle, scale = ((west + east) / 2, (south + north) / 2), round_scale(max(needed, least_scale))
        return cls(middle, scale, size_mm, enlarged)

    @property
    def metres_per_mm(self) -> float:
        """Metres on the ground of a millimetre of the drawing."""
        return self.scale * self.enlarged / 1000

    @property
    def window_mm(self) -> tuple[float, float]:
        """Width and height of the window."""
        return self.size_mm[0] - 2 * BAND_MM, self.size_mm[1] - 2 * BAND_MM - FOOT_MM

    @property
    def window(self) -> Bounds:
        """Left, bottom, right, top of the window on the drawing, in points."""
        wide, high = self.window_mm
        left, bottom = BAND_MM * MM, (BAND_MM + FOOT_MM) * MM
        return left, bottom, left + wide * MM, bottom + high * MM

    @property
    def points_per_metre(self) -> float:
        """Points of the drawing of a metre on the ground."""
        return MM / self.metres_per_mm

    @property
    def bounds(self) -> Bounds:
        """What the window shows, in metres (EPSG:32645)."""
        half = [side / 2 * self.metres_per_mm for side in self.window_mm]
        x, y = self.centre
        return x - half[0], y - half[1], x + half[0], y + half[1]

    def widened(self, by_mm: float) -> Bounds:
        """The same with so many millimetres more on each side."""
        west, south, east, north = self.bounds
        more = by_mm * self.metres_per_mm
        return west - more, south - more, east + more, north + more

    def at(self, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Positions (n, 2) in metres as points on the drawing (y upwards)."""
        west, south, _, _ = self.bounds
        left, bottom, _, _ = self.window
        placed: npt.NDArray[np.float64] = (xy - (west, south)) * self.points_per_metre + (left, bottom)
        return placed

    @property
    def zoom(self) -> float:
        """The zoom of a web map at which things are as large, so that styles choose what they show."""
        return math.log2(ZOOM_0 * math.cos(_LATITUDE) / (self.scale * self.enlarged * _CSS_PIXEL_M))
