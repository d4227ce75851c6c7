"""The distance to the nearest shape by the libraries that people use for it; they need shapes as cells."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
import xarray as xr
from rasterio.features import rasterize
from scipy.ndimage import distance_transform_edt
from xrspatial import proximity

from geo.grid import Grid

Cells = npt.NDArray[Any]
SEED = 45
LINES, POINTS, TURNS = 150, 300, 40
_STEP_M = 1_500.0


def shapes(grid: Grid) -> npt.NDArray[np.object_]:
    """Crooked roads and scattered places within a grid, none on its edge."""
    rng = np.random.default_rng([SEED, grid.rows])
    west, south, east, north = grid.bounds
    # Half a cell aside, as what runs on the line between two cells may be taken to lie in either.
    aside = 1.5 * grid.cell_m
    low, high = np.array([west, south]) + aside, np.array([east, north]) - aside
    starts = rng.uniform(low, high, (LINES, 1, 2))
    ways = starts + rng.normal(0, _STEP_M, (LINES, TURNS, 2)).cumsum(axis=1)
    roads = shapely.linestrings(np.clip(ways, low, high))
    return np.concatenate([roads, shapely.points(rng.uniform(low, high, (POINTS, 2)))])


def marked(grid: Grid, of: npt.NDArray[np.object_]) -> Cells:
    """1 in the cells that hold part of a shape."""
    cells: Cells = rasterize(of.tolist(), out_shape=grid.shape, transform=grid.affine, all_touched=True)
    return cells


def by_scipy(grid: Grid, of: npt.NDArray[np.object_]) -> Cells:
    """The exact transform of SciPy."""
    return np.asarray(distance_transform_edt(marked(grid, of) == 0, sampling=grid.cell_m))


def by_xrspatial(grid: Grid, of: npt.NDArray[np.object_]) -> Cells:
    """`proximity`, a port of GDAL's; no exact transform."""
    x, y = grid.axes()
    found = proximity(xr.DataArray(marked(grid, of).astype(float), dims=("y", "x"), coords={"y": y, "x": x}))
    return np.asarray(found.values)


PEERS: dict[str, tuple[Callable[[Grid, npt.NDArray[np.object_]], Cells], str]] = {
    "scipy": (by_scipy, "distance_transform_edt, float64"),
    "xrspatial": (by_xrspatial, "proximity, not exact"),
}
