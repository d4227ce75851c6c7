"""Candidate areas: where neighbouring cells are good enough and make enough land together.

Cells that share an edge belong to one area; those that only touch at a corner do not. An outline (EPSG:32645)
is drawn by marching squares (Lorensen and Cline, 1987, in the plane) half-way between the centres of cells
that belong to the area and of those that do not: every centre of its own lies inside it, and no other.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from geo.contours import filled
from geo.errors import GridError
from geo.grid import Grid
from geo.suitability import Rasters, States
from geo.weighing import EXCLUDED, UNSURE

Places = npt.NDArray[np.int64]
MOST_AREAS = 50
_STRIP = 4_000_000
"""Cells whose outline is drawn at once: contours take doubles, whole study areas of them too much memory."""


@dataclass(frozen=True, eq=False)
class Area:
    """Neighbouring good cells. Their places in the grid are (`rows`, `columns`), in reading order.

    `outline` is a polygon (EPSG:32645) that cuts the corners of cells, so it is a little smaller than
    `area_ha`, the hectares of the cells. `mean` and `best` are scores, `best_at` the centre (x, y) of the
    best cell, `unsure_share` the share of cells of which it cannot be told whether something forbids them.
    """

    outline: BaseGeometry
    rows: Places
    columns: Places
    area_ha: float
    mean: float
    best: float
    best_at: tuple[float, float]
    unsure_share: float


def areas(
    scores: Rasters,
    state: States,
    grid: Grid,
    threshold: float,
    least_ha: float,
    most: int = MOST_AREAS,
) -> list[Area]:
    """The areas of cells that score at least `threshold`, of at least `least_ha` hectares together.

    The best come first: by their mean score, then by their size, then from the north-west; at most `most`.
    Cells of which it cannot be told whether something forbids them belong to them. None is an empty list.
    Raises `GridError` ("shapes") where scores, states and grid do not fit together.
    """
    if not scores.shape == state.shape == grid.shape:
        raise GridError(f"{scores.shape} scores, {state.shape} states, {grid.shape} cells", "shapes")
    good = (scores >= threshold) & (state < EXCLUDED)
    labels, count = ndimage.label(good)
    cells = np.flatnonzero(good)
    del good
    label = labels.ravel()[cells]
    sizes = np.bincount(label, minlength=count + 1)
    means = np.bincount(label, scores.ravel()[cells], count + 1) / np.maximum(sizes, 1)
    del cells, label
    large = np.flatnonzero(sizes * (grid.cell_m**2 / 10_000) >= least_ha)
    large = large[large > 0]
    # Labels ascend in reading order.
    kept = large[np.lexsort((large, -sizes[large], -means[large]))][:most]
    places = np.zeros(count + 1, np.int32)
    places[kept] = np.arange(1, len(kept) + 1)
    # Only labels that are kept have boxes: noise may have millions of others.
    labels = places[labels]
    boxes = ndimage.find_objects(labels, len(kept))
    return [
        area_of(*_cells(labels[box] == place, box), scores, state, grid)
        for place, box in enumerate(boxes, start=1)
        if box
    ]


def _cells(inside: Any, box: tuple[slice, ...]) -> tuple[Places, Places]:
    """The rows and columns of the grid that are inside a part of it."""
    rows, columns = np.nonzero(inside)
    return rows + box[0].start, columns + box[1].start


def area_of(rows: Places, columns: Places, scores: Rasters, state: States, grid: Grid) -> Area:
    """The area that some cells make, which hang together and all have a score."""
    row, column = int(rows.min()), int(columns.min())
    inside = np.zeros((int(rows.max()) - row + 1, int(columns.max()) - column + 1), bool)
    inside[rows - row, columns - column] = True
    outline = _outline(inside, grid, row, column)
    found = scores[rows, columns]
    best = int(np.argmax(found))
    return Area(
        outline,
        rows,
        columns,
        len(rows) * grid.cell_m**2 / 10_000,
        float(found.mean(dtype=float)),
        float(found[best]),
        (
            grid.west + (float(columns[best]) + 0.5) * grid.cell_m,
            grid.north - (float(rows[best]) + 0.5) * grid.cell_m,
        ),
        float(np.mean(state[rows, columns] == UNSURE)),
    )


def _outline(inside: Any, grid: Grid, row: int, column: int) -> BaseGeometry:
    """Marching squares about the cells of a part of the grid that begins at a row and column."""
    mask = np.pad(inside, 1)
    high = max(1, _STRIP // mask.shape[1])
    # From places in the mask, where halves are exact, to metres.
    scale = np.array((grid.cell_m, -grid.cell_m))
    corner = np.array((grid.west, grid.north)) + scale * (column - 0.5, row - 0.5)
    parts: list[BaseGeometry] = []
    for first in range(0, mask.shape[0] - 1, high):
        # A strip ends with the row of centres that the next one begins with.
        strip, start = mask[first : first + high + 1].astype(float), corner + scale * (0, first)
        parts.append(filled(strip, 0.5, 1.5, placed=partial(_placed, corner=start, scale=scale)))
    return shapely.union_all(parts)


def _placed(ring: Any, corner: Any, scale: Any) -> Any:
    """A ring of places in a strip in metres, its corners only."""
    return corner + scale * _turns(ring)


def _turns(ring: Any) -> Any:
    """A closed ring without the points where it goes straight on: they are many and say nothing."""
    steps = np.diff(ring, axis=0)
    before = np.roll(steps, 1, axis=0)
    kept = ring[:-1][steps[:, 0] * before[:, 1] != steps[:, 1] * before[:, 0]]
    return np.vstack([kept, kept[:1]])
