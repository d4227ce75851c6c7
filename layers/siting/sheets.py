"""On which grids rasters are made, so that many areas share them: an area is a part of a sheet.

Whoever asks can name any area. If each had rasters of its own, a walk over the map would fill the disk. So
all that lies in the agglomeration is cut out of rasters of the whole, where those are soon made, and all else
out of whole blocks of a lattice.
"""

import math
from functools import lru_cache

import numpy as np

from geo.crs import WGS84, WORKING, transform
from geo.grid import BLOCK, Grid, Window
from layers.sought import Bounds
from layers.view import HOME

SOON_MADE = 2_000_000
"""Cells of the whole agglomeration up to which any part of it is cut from it: 1 million at 100 m."""


_SIDE = 9
"""Points a side by which bounds in degrees are carried into metres."""


def metric_bounds(degrees: Bounds) -> tuple[float, float, float, float]:
    """The bounds in EPSG:32645 that hold bounds in degrees."""
    west, south, east, north = degrees
    across, up = np.meshgrid(np.linspace(west, east, _SIDE), np.linspace(south, north, _SIDE))
    x, y = transform(across, up, WGS84, WORKING)
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


@lru_cache(maxsize=16)
def whole(cell_m: float) -> Grid:
    """The grid of the whole agglomeration and the road to Asino."""
    return Grid.over(metric_bounds(HOME), cell_m)


def levels(grid: Grid) -> int:
    """How many overviews a raster of a grid has: until it fits into a block."""
    return max(0, math.ceil(math.log2(max(grid.columns, grid.rows) / BLOCK)))


@lru_cache(maxsize=64)
def sheet(grid: Grid) -> Grid:
    """What the rasters for a grid are made on."""
    home = whole(grid.cell_m)
    if grid == home or (home.cells <= SOON_MADE and _holds(home, grid)):
        return home
    step = BLOCK * grid.cell_m
    west, south, east, north = grid.bounds
    left, below = math.floor(west / step) * step, math.floor(south / step) * step
    right, above = math.ceil(east / step) * step, math.ceil(north / step) * step
    columns, rows = round((right - left) / grid.cell_m), round((above - below) / grid.cell_m)
    return Grid(left, above, grid.cell_m, columns, rows)


def aligned(grid: Grid) -> Grid:
    """The same grid, begun a few cells sooner, so that its overviews are parts of those of its sheet.

    That is less than half a per cent of its width; a grid that has no overviews stays as it is.
    """
    on = sheet(grid)
    # Wider by those cells it may have an overview more.
    while True:
        part, times = place(grid, on), 2 ** levels(grid)
        up, left = part.row % times, part.column % times
        if not (up or left):
            return grid
        grid = grid.cut(Window(-up, -left, grid.rows + up, grid.columns + left))


def place(grid: Grid, on: Grid) -> Window:
    """Where a grid lies on its sheet."""
    row, column = (on.north - grid.north) / on.cell_m, (grid.west - on.west) / on.cell_m
    return Window(round(row), round(column), grid.rows, grid.columns)


def _holds(home: Grid, grid: Grid) -> bool:
    part = place(grid, home)
    ends = part.row + part.rows <= home.rows and part.column + part.columns <= home.columns
    return min(part.row, part.column) >= 0 and ends


def moved(grid: Grid, on: Grid, level: int, window: Window | None) -> Window:
    """The window of its sheet's overview that a window of a grid's is; all of it where none is given."""
    corner = place(grid, on)
    part = window or Window(0, 0, *grid.level(level).shape)
    return Window(
        part.row + (corner.row >> level), part.column + (corner.column >> level), part.rows, part.columns
    )
