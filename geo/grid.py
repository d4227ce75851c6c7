"""The analysis grid: square cells of EPSG:32645, rows from the north, as rasters are kept and drawn.

A grid only says where its cells lie; values on it are arrays of its `shape`, unknown ones NaN. Cells are
half-open: a position on the line between two belongs to the eastern one and to the southern one.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rasterio.transform import Affine

from geo.errors import GridError
from geo.isochrone import Lattice
from geo.network import Bounds, Floats

MOST_CELLS = 2**31
"""More cells are not numbered by an int32, nor looked at by anybody."""
BLOCK = 512
"""Cells a side of the blocks in which large grids are computed and kept."""
_SAME = 1e-9
"""What a bound may lie off a line of cells, as a share of a cell, and still count as on it."""


@dataclass(frozen=True)
class Window:
    """A part of a grid: its first row and column, and how many of each."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """The part of an array of the grid's shape."""
        return (
            slice(self.row, self.row + self.rows),
            slice(self.column, self.column + self.columns),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns


@dataclass(frozen=True)
class Grid:
    """Square cells of `cell_m` metres from a north-western corner (EPSG:32645) to the east and south.

    Raises `GridError`: "cell" (no size or no position), "empty" (no cell), "many" (more than `MOST_CELLS`).
    """

    west: float
    north: float
    cell_m: float
    columns: int
    rows: int

    def __post_init__(self) -> None:
        if not (math.isfinite(self.west) and math.isfinite(self.north)):
            raise GridError(f"a grid needs a corner, not {self.west}, {self.north}", "cell")
        if not (math.isfinite(self.cell_m) and self.cell_m > 0):
            raise GridError(f"the size of cells is a positive number of metres, not {self.cell_m}", "cell")
        if self.columns < 1 or self.rows < 1:
            raise GridError(f"{self.columns} by {self.rows} cells: a grid needs one", "empty")
        if self.cells > MOST_CELLS:
            raise GridError(
                f"{self.columns} by {self.rows} cells are more than {MOST_CELLS}: "
                "take larger cells or a smaller area",
                "many",
            )

    @classmethod
    def over(cls, bounds: Bounds, cell_m: float) -> "Grid":
        """The grid that covers bounds (west, south, east, north), its lines on multiples of `cell_m`.

        So grids of one cell size lie on each other, wherever they are. Raises `GridError`: "empty" where the
        bounds hold no area, else as the class does.
        """
        west, south, east, north = bounds
        if not all(math.isfinite(bound) for bound in bounds) or west >= east or south >= north:
            raise GridError(f"no area lies between {bounds}", "empty")
        if not (math.isfinite(cell_m) and cell_m > 0):
            raise GridError(f"the size of cells is a positive number of metres, not {cell_m}", "cell")
        left, bottom = math.floor(west / cell_m + _SAME), math.floor(south / cell_m + _SAME)
        right, top = math.ceil(east / cell_m - _SAME), math.ceil(north / cell_m - _SAME)
        return cls(left * cell_m, top * cell_m, cell_m, max(1, right - left), max(1, top - bottom))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.rows * self.columns

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north of the outer edges of its cells."""
        return (
            self.west,
            self.north - self.rows * self.cell_m,
            self.west + self.columns * self.cell_m,
            self.north,
        )

    @property
    def affine(self) -> Affine:
        """From (column, row) of the corners of cells to metres."""
        return Affine(self.cell_m, 0.0, self.west, 0.0, -self.cell_m, self.north)

    @property
    def lattice(self) -> Lattice:
        """The same centres for contours and surfaces of minutes; its rows run from the south."""
        half = self.cell_m / 2
        return Lattice(self.west + half, self.bounds[1] + half, self.cell_m, self.columns, self.rows)

    def level(self, k: int) -> "Grid":
        """The grid of cells 2**k times as large that covers this one: what an overview of a raster is on."""
        times = 2**k
        return Grid(
            self.west, self.north, self.cell_m * times, -(-self.columns // times), -(-self.rows // times)
        )

    def window(self, bounds: Bounds) -> Window | None:
        """The cells that bounds (west, south, east, north) touch; None where they lie outside."""
        west, south, east, north = bounds
        if not all(math.isfinite(bound) for bound in bounds):
            return None
        columns = _touched((west - self.west) / self.cell_m, (east - self.west) / self.cell_m, self.columns)
        rows = _touched((self.north - north) / self.cell_m, (self.north - south) / self.cell_m, self.rows)
        if columns is None or rows is None:
            return None
        return Window(rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0])

    def cut(self, window: Window) -> "Grid":
        """The grid of a window, which may reach beyond this one."""
        return Grid(
            self.west + window.column * self.cell_m,
            self.north - window.row * self.cell_m,
            self.cell_m,
            window.columns,
            window.rows,
        )

    def blocks(self, size: int = BLOCK) -> Iterator[Window]:
        """Windows of at most `size` cells a side that cover the grid, row by row."""
        for row in range(0, self.rows, size):
            for column in range(0, self.columns, size):
                yield Window(row, column, min(size, self.rows - row), min(size, self.columns - column))

    def axes(self, window: Window | None = None) -> tuple[Floats, Floats]:
        """The x of the columns and the y of the rows (centres, metres), of a window or of all."""
        part = window or Window(0, 0, self.rows, self.columns)
        x = self.west + self.cell_m * (part.column + 0.5 + np.arange(part.columns, dtype=float))
        y = self.north - self.cell_m * (part.row + 0.5 + np.arange(part.rows, dtype=float))
        return x, y

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column of the cell that holds a position; None outside."""
        window = self.window((x, y, x, y))
        return (window.row, window.column) if window else None

    def text(self) -> str:
        """The compact form "west,north,cell,columns,rows", the same for equal grids."""
        return ",".join(
            [*map(_plain, (self.west, self.north, self.cell_m)), f"{self.columns}", f"{self.rows}"]
        )

    @classmethod
    def parse(cls, text: str) -> "Grid":
        """The grid of a compact form. Raises `GridError`: "text", else as the class does."""
        try:
            west, north, cell_m, columns, rows = text.split(",")
            numbers = float(west), float(north), float(cell_m), int(columns), int(rows)
        except ValueError as error:
            raise GridError(f"{text[:80]!r} is no grid: west,north,cell,columns,rows", "text") from error
        return cls(*numbers)


def _touched(low: float, high: float, count: int) -> tuple[int, int] | None:
    """The first and the last but one of `count` cells that an interval (in cells) touches."""
    first = math.floor(low)
    last = max(math.ceil(high), first + 1)
    first, last = max(first, 0), min(last, count)
    return (first, last) if first < last else None


def _plain(number: float) -> str:
    """A number without loss, whole ones without a point."""
    return str(int(number)) if number == int(number) else repr(float(number))
