"""Areas between two levels of a field of values: filled contours by marching squares as polygons.

Marching squares after Lorensen and Cline (1987), in the plane, by contourpy. A contour may touch itself, and
its holes one another: every polygon is mended.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.network import Floats

_AREA = 2


def filled(
    values: Floats,
    least: float,
    most: float,
    axes: tuple[Floats, Floats] | None = None,
    placed: Callable[[Floats], Floats] = np.asarray,
) -> BaseGeometry:
    """The area where values (rows, columns) lie from `least` to `most`; empty where none do.

    `axes` are the x of the columns and the y of the rows, by default their numbers; `placed` puts each closed
    ring (k, 2) of such positions where it belongs.
    """
    x, y = axes or (None, None)
    made = contourpy.contour_generator(x, y, values, fill_type=contourpy.FillType.OuterOffset)
    parts: list[BaseGeometry] = []
    contours: Any = made.filled(least, most)
    for points, cuts in zip(*contours, strict=True):
        outer, *holes = [placed(points[a:b]) for a, b in pairwise(cuts.tolist())]
        pieces = shapely.get_parts(shapely.make_valid(shapely.Polygon(outer, holes)))
        parts += [piece for piece in pieces if shapely.get_dimensions(piece) == _AREA]
    return shapely.union_all(parts)
