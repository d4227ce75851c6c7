"""Distances from the cells of a grid to shapes (EPSG:32645): the exact Euclidean transform between cells.

After Meijster, Roerdink and Hesselink (2000), in the form of Felzenszwalb and Huttenlocher (2012): first how
far the next marked cell of a column is, then the lower envelope of parabolas along each row. The loops are
compiled and let other threads run, so that a server may call them from any thread.

A cell that holds part of a shape is at no distance from it; any other is as far as the centres of the two
cells are, which is true to 0.71 of a cell. `between` says how near and how far the shape itself can be.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import ceil, sqrt
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import shapely
from rasterio.features import rasterize

from geo.errors import GridError
from geo.grid import Grid, Window
from geo.network import Floats, Names
from geo.overviews import Cells

Marks = npt.NDArray[np.uint8]
THREADS = min(4, os.cpu_count() or 1)
MOST_PADDED = 2**28
"""Cells of a grid with its margin: a GiB of distances within columns."""
HALF_DIAGONAL = sqrt(0.5)
"""How far the centre of a cell is from its corners, in cells."""
_WORTH_SHARING = 2**17
_STRIP = 128
"""Columns that are gone down together: their cells of a few rows stay in the nearest cache."""
_SAMPLES = 17
_NOTHING = 2**30


def distance(grid: Grid, shapes: Names) -> Cells:
    """The metres from the centre of each cell to the nearest cell that holds part of a shape.

    Shapes (None and empty ones left out) beyond the grid count however far they are, as far as any of them
    can be the nearest (`margin_m`). NaN everywhere where there is no shape. Raises `GridError` "many" where
    the grid with its margin is too large.
    """
    known = present(shapes)
    if not len(known):
        return np.full(grid.shape, np.nan, np.float32)
    padded, within, near = _padded(grid, known)
    return transform(marked(padded, near), grid.cell_m, within)


def present(shapes: Names) -> Names:
    """The shapes that are there: neither None nor empty; collections taken apart."""
    shapes = np.asarray(shapes, dtype=object)
    parts: Names = shapely.get_parts(shapes[shapely.is_geometry(shapes)])
    kept: Names = parts[~shapely.is_empty(parts)]
    return kept


def margin_m(grid: Grid, shapes: Names) -> float:
    """How far beyond the grid a shape may lie (m) and still be the nearest to one of its cells.

    No cell is farther from a shape than some sampled position is, and half the way to the next sample.
    """
    west, south, east, north = grid.bounds
    x, y = np.meshgrid(np.linspace(west, east, _SAMPLES), np.linspace(south, north, _SAMPLES))
    points = shapely.points(x.ravel(), y.ravel())
    tree = shapely.STRtree(present(shapes).tolist())
    _, away = tree.query_nearest(points, return_distance=True, all_matches=False)
    half = float(np.hypot(east - west, north - south)) / (_SAMPLES - 1) / 2
    return float(away.max()) + half + 2 * HALF_DIAGONAL * grid.cell_m


def _padded(grid: Grid, shapes: Names) -> tuple[Grid, Window, Names]:
    """The grid with a margin that holds all that can be nearest, its own place there, and those shapes."""
    margin = margin_m(grid, shapes)
    west, south, east, north = grid.bounds
    box = np.array([west - margin, south - margin, east + margin, north + margin])
    each = shapely.bounds(shapes)
    near = (each[:, :2] <= box[2:]).all(axis=1) & (each[:, 2:] >= box[:2]).all(axis=1)
    low = np.maximum(each[near, :2].min(axis=0), box[:2])
    high = np.minimum(each[near, 2:].max(axis=0), box[2:])
    left, below = (max(0, ceil(gap / grid.cell_m)) for gap in (west - low[0], south - low[1]))
    right, above = (max(0, ceil(gap / grid.cell_m)) + 1 for gap in (high[0] - east, high[1] - north))
    rows, columns = grid.rows + above + below + 1, grid.columns + left + right
    if rows * columns > MOST_PADDED:
        raise GridError(
            f"{columns} by {rows} cells with all that may be nearest: take larger cells or a part", "many"
        )
    padded = grid.cut(Window(-above, -left, rows, columns))
    return padded, Window(above, left, grid.rows, grid.columns), shapes[near]


def marked(grid: Grid, shapes: Names, touched: bool = True) -> Marks:
    """1 in the cells that hold part of a shape (or whose centre lies in one: not `touched`), 0 elsewhere."""
    cells = np.zeros(grid.shape, np.uint8)
    lines = shapes[shapely.get_type_id(shapes) != shapely.GeometryType.POINT].tolist()
    if lines:
        rasterize(lines, out=cells, transform=grid.affine, all_touched=touched, default_value=1)
    if touched:
        # Points, and the corners of all others: GDAL passes over a line without length.
        x, y = shapely.get_coordinates(shapes).T
        column = np.floor((x - grid.west) / grid.cell_m).astype(int)
        row = np.floor((grid.north - y) / grid.cell_m).astype(int)
        inside = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
        cells[row[inside], column[inside]] = 1
    return cells


def transform(marks: Marks, cell_m: float, within: Window | None = None) -> Cells:
    """The metres between the centre of each cell and that of the nearest marked one; NaN where none is.

    Of a `within` only. Exact, rounded to float32.
    """
    window = within or Window(0, 0, *marks.shape)
    marks = np.ascontiguousarray(marks, np.uint8)
    down = np.empty(marks.shape, np.int32)
    found = np.empty(window.shape, np.float32)
    if not marks.any():
        found.fill(np.nan)
        return found
    in_strips(lambda a, b: _columns(marks, down, a, b), marks.shape[1], marks.size)
    in_strips(
        lambda a, b: _rows(down, found, window.row, window.column, cell_m, a, b), window.rows, marks.size
    )
    return found


def between(grid: Grid, shapes: Names, exact_m: float = 0.0) -> tuple[Cells, Cells]:
    """The least and the most that the centre of each cell can be away (m) from the nearest shape itself.

    Areas count by their outlines. Up to `exact_m` both are the distance; beyond, they are 0.71 of a cell less
    and more than `distance`. Infinite where there is no shape. Raises as `distance` does.
    """
    known = present(shapes)
    areas = shapely.get_dimensions(known) == 2
    known[areas] = shapely.boundary(known[areas])
    if not len(known):
        nowhere = np.full(grid.shape, np.inf, np.float32)
        return nowhere, nowhere.copy()
    about = distance(grid, known)
    off = np.float32(HALF_DIAGONAL * grid.cell_m)
    least, most = np.maximum(about - off, 0), about + off
    if exact_m > 0:
        pieces = segments(known)
        in_strips(
            lambda a, b: _narrow(least, most, pieces, *_corner(grid), exact_m, a, b), grid.rows, grid.cells
        )
    return least, most


def segments(shapes: Names) -> Floats:
    """The straight pieces of lines and outlines, (k, 4) metres x, y, x, y; a point is one without length."""
    xy, owner = shapely.get_coordinates(present(shapes), return_index=True)
    ends = np.column_stack([xy[:-1], xy[1:]])[owner[:-1] == owner[1:]]
    alone = xy[np.bincount(owner)[owner] == 1] if len(owner) else xy
    return np.ascontiguousarray(np.concatenate([ends, np.column_stack([alone, alone])]))


def _corner(grid: Grid) -> tuple[float, float, float]:
    """The centre of the north-western cell and the size of cells."""
    half = grid.cell_m / 2
    return grid.west + half, grid.north - half, grid.cell_m


def in_strips(work: Callable[[int, int], Any], count: int, size: int) -> None:
    """Share out `count` rows or columns over threads, where the `size` of the whole is worth it."""
    if THREADS == 1 or size < _WORTH_SHARING:
        work(0, count)
        return
    # Twice as many strips as threads: one that is slow does not keep the others waiting.
    edges = np.linspace(0, count, 2 * THREADS + 1).astype(int).tolist()
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, a, b) for a, b in pairwise(edges)]:
            done.result()


@numba.njit(cache=True, nogil=True)
def _columns(marks, down, begin, end):  # type: ignore[no-untyped-def]
    """How many cells the next marked one of its column is away, for the columns from `begin` to `end`."""
    rows = marks.shape[0]
    for left in range(begin, end, _STRIP):
        right = min(left + _STRIP, end)
        for c in range(left, right):
            down[0, c] = 0 if marks[0, c] else _NOTHING
        for r in range(1, rows):
            for c in range(left, right):
                down[r, c] = 0 if marks[r, c] else min(down[r - 1, c] + 1, _NOTHING)
        for r in range(rows - 2, -1, -1):
            for c in range(left, right):
                down[r, c] = min(down[r, c], down[r + 1, c] + 1)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _rows(down, found, top, left, cell_m, begin, end):  # type: ignore[no-untyped-def]
    """The lower envelope of the parabolas of each row; `found` begins at row `top` and column `left`.

    A column without a marked cell has no parabola. `site[k]` is the column of parabola k of the envelope,
    `since[k]` the first column that it serves.
    """
    columns, width = down.shape[1], found.shape[1]
    site, since, square = (
        np.empty(columns, np.int64),
        np.empty(columns, np.int64),
        np.empty(columns, np.int64),
    )
    for r in range(begin, end):
        row = down[top + r]
        k = -1
        for u in range(columns):
            if row[u] >= _NOTHING:
                continue
            height = np.int64(row[u]) * row[u]
            # Parabolas that this one undercuts from their first column on are out.
            while k >= 0 and square[k] + (since[k] - site[k]) ** 2 > height + (since[k] - u) ** 2:
                k -= 1
            first = np.int64(0)
            if k >= 0:
                v = site[k]
                # Whole numbers far below 2**52: the quotient of floats is never rounded up to the next.
                over = np.float64((u - v) * (u + v) + height - square[k])
                first = np.int64(np.floor(over / np.float64(2 * (u - v)))) + 1
            if first < columns:
                k += 1
                site[k], since[k], square[k] = u, first, height
        for x in range(left + width - 1, left - 1, -1):
            while since[k] > x:
                k -= 1
            found[r, x - left] = np.sqrt(np.float64((x - site[k]) ** 2 + square[k])) * cell_m


@numba.njit(cache=True, nogil=True)
def _narrow(least, most, pieces, x0, y0, cell_m, reach_m, begin, end):  # type: ignore[no-untyped-def]
    """Put the distances to straight pieces into both, in place, where they are at most `reach_m`.

    By trying every piece at every cell that it can reach, in the rows from `begin` to `end`.
    """
    columns = least.shape[1]
    best = np.full((end - begin, columns), np.inf)
    for i in range(pieces.shape[0]):
        ax, ay, bx, by = pieces[i, 0], pieces[i, 1], pieces[i, 2], pieces[i, 3]
        dx, dy = bx - ax, by - ay
        long2 = dx * dx + dy * dy
        high, low = max(ay, by) + reach_m, min(ay, by) - reach_m
        top, bottom = int(np.ceil((y0 - high) / cell_m)), int(np.floor((y0 - low) / cell_m))
        for r in range(max(begin, top), min(end, bottom + 1)):
            y = y0 - r * cell_m
            # The part of the piece that lies within reach of the row's line.
            from_, to = 0.0, 1.0
            if dy != 0.0:
                one, other = (y - reach_m - ay) / dy, (y + reach_m - ay) / dy
                from_, to = max(0.0, min(one, other)), min(1.0, max(one, other))
            west = ax + min(from_ * dx, to * dx) - reach_m
            east = ax + max(from_ * dx, to * dx) + reach_m
            first, last = int(np.ceil((west - x0) / cell_m)), int(np.floor((east - x0) / cell_m))
            for c in range(max(0, first), min(columns, last + 1)):
                px, py = x0 + c * cell_m - ax, y - ay
                t = 0.0 if long2 == 0.0 else min(1.0, max(0.0, (px * dx + py * dy) / long2))
                ox, oy = px - t * dx, py - t * dy
                best[r - begin, c] = min(best[r - begin, c], ox * ox + oy * oy)
    for r in range(begin, end):
        for c in range(columns):
            if best[r - begin, c] <= reach_m * reach_m:
                least[r, c] = most[r, c] = np.sqrt(best[r - begin, c])
