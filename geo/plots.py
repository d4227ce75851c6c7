"""Plots: the best places for a site of a wanted size, apart from one another, within what is suitable.

A suitable area may hold a whole town; who seeks eight hectares wants to know where in it. A plot is grown
cell by cell around a place where the land within its size is best: always the nearest suitable cell that
touches it, so it is compact and in one piece. The next one is sought at some distance from all before.
"""

import heapq
from collections.abc import Iterator
from math import ceil

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from geo.candidates import Area, area_of
from geo.grid import Grid
from geo.suitability import Rasters, States
from geo.weighing import FREE

APART_M = 2000.0
"""How far the middles of plots are from one another, at least."""
_SAME = 1e-6
"""What a plot may lack of its wanted cells and still be whole."""
_NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1))
Cell = tuple[int, int]


def plots(
    scores: Rasters,
    state: States,
    grid: Grid,
    threshold: float,
    wanted_ha: float,
    *,
    most: int = 20,
    apart_m: float = APART_M,
) -> list[Area]:
    """The best plots of `wanted_ha` hectares (one cell at least) that score from `threshold` up.

    The best come first: at most `most`, their middles `apart_m` metres apart or more, none over another; none
    where no place is large enough. Places of which it cannot be told whether something forbids them are no
    plots.
    """
    good = (scores >= np.float32(threshold)) & (state == FREE)
    count = max(1, ceil(wanted_ha * 1e4 / grid.cell_m**2 - _SAME))
    labels, parts = ndimage.label(good)
    good &= (np.bincount(labels.ravel(), minlength=parts + 1) >= count)[labels]
    grown = _grown(scores, good, count, apart_m / grid.cell_m, most)
    found = [area_of(cells[:, 0], cells[:, 1], scores, state, grid) for cells in grown]
    return sorted(found, key=lambda area: (-area.mean, -area.best))


def _grown(
    scores: Rasters, good: npt.NDArray[np.bool_], count: int, apart: float, most: int
) -> Iterator[npt.NDArray[np.int64]]:
    """The cells (n, 2) of one plot after another; `apart` is in cells."""
    promise = _promise(scores, good, count)
    rows, columns = good.shape
    # Discs of that many cells do not overlap from twice their radius on.
    apart, left = max(apart, 2 * (count / np.pi) ** 0.5), most
    while left:
        row, column = (int(place) for place in np.unravel_index(promise.argmax(), promise.shape))
        if promise[row, column] <= 0:
            return
        plot = _around(good, (row, column), count)
        # Where too little land hangs together none of it is tried again, nor is what has been taken.
        taken = tuple(np.array(plot).T)
        promise[taken] = 0.0
        reach = apart if len(plot) == count else 0.0
        if len(plot) == count:
            yield np.array(plot)
            good[taken] = False
            left -= 1
        low, high = max(0, int(row - reach)), min(rows, int(row + reach) + 1)
        first, last = max(0, int(column - reach)), min(columns, int(column + reach) + 1)
        y, x = np.ogrid[low - row : high - row, first - column : last - column]
        promise[low:high, first:last][y * y + x * x <= reach * reach] = 0.0


def _promise(scores: Rasters, good: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.float32]:
    """The mean score about each good cell, in a square of the wanted size; other land counts nothing."""
    side = max(1, round(count**0.5))
    worth = np.where(good, scores, np.float32(0))
    mean: npt.NDArray[np.float32] = ndimage.uniform_filter(worth, side, mode="constant")
    return np.where(good, mean, np.float32(0))


def _around(good: npt.NDArray[np.bool_], seed: Cell, count: int) -> list[Cell]:
    """The `count` good cells that hang together about a seed, the nearest first; fewer where none is left."""
    waiting, seen = [(0, seed)], {seed}
    plot: list[Cell] = []
    while waiting and len(plot) < count:
        _, (row, column) = heapq.heappop(waiting)
        plot.append((row, column))
        for down, right in _NEIGHBOURS:
            cell = row + down, column + right
            if cell in seen or not (0 <= cell[0] < good.shape[0] and 0 <= cell[1] < good.shape[1]):
                continue
            seen.add(cell)
            if good[cell]:
                away = (cell[0] - seed[0]) ** 2 + (cell[1] - seed[1]) ** 2
                heapq.heappush(waiting, (away, cell))
    return plot
