"""Rasters of ours on disk: Cloud-Optimized GeoTIFFs of float32 bands on a `Grid`, unknown cells NaN.

They are padded with unknown cells until the grid halves evenly down to one block. So an overview of level k
is exactly `grid.level(k)`, each of its cells the mean of the four below it that are known, and neighbouring
windows of one level always agree.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil, log2
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.shutil
from rasterio._err import CPLE_BaseError
from rasterio.enums import Resampling
from rasterio.errors import CRSError, RasterioError
from rasterio.windows import Window as Part

from geo.crs import WORKING
from geo.errors import GridError, RasterError
from geo.grid import BLOCK, Grid, Window

Cells = npt.NDArray[np.float32]
GDAL_FAULTS = (RasterioError, CPLE_BaseError, CRSError)
"""What rasterio raises: most faults of GDAL as its own, some as they come."""
_GRID_TAG = "PLANNER_GRID"
_NO_CLASS = float(np.finfo(np.float32).min)
"""How unknown cells of classes are kept: the most frequent of nothing but NaN is zero for GDAL."""
_OWN_TAGS = {_GRID_TAG, "AREA_OR_POINT", "OVR_RESAMPLING_ALG"}
_HELD_BYTES = 64 * 1024**2
_KEPT_BYTES = 16 * 1024**2
"""Levels up to this size stay in memory once they are read."""


class Writer:
    """A raster that is being written, best by whole blocks; they may come from several threads."""

    def __init__(self, raster: Any, grid: Grid) -> None:
        self._raster = raster
        self._unknown = np.float32(raster.nodata)
        self._grid = grid
        self._lock = Lock()

    def write(self, window: Window, bands: npt.NDArray[np.floating[Any]]) -> None:
        """Put (bands, rows, columns) at a window of the grid. Raises `RasterError` "shape"."""
        inside = (
            0 <= window.row <= self._grid.rows - window.rows
            and 0 <= window.column <= self._grid.columns - window.columns
        )
        if not inside or bands.shape != (self._raster.count, *window.shape):
            raise RasterError(f"values of shape {bands.shape} do not fit {window} of {self._grid}", "shape")
        cells = np.asarray(bands, np.float32)
        if not np.isnan(self._unknown):
            cells = np.where(np.isnan(cells), self._unknown, cells)
        with self._lock:
            self._raster.write(cells, window=_part(window))


@contextmanager
def writing(
    path: Path,
    grid: Grid,
    bands: int,
    *,
    tags: Mapping[str, str] | None = None,
    categorical: bool = False,
) -> Iterator[Writer]:
    """Write a Cloud-Optimized GeoTIFF block by block; what is not written is unknown.

    It appears under its name when all is done, or not at all; only blocks are held in memory. Overviews hold
    means of the known cells; of a `categorical` raster the most frequent class.
    """
    levels = _levels(grid)
    times = 2**levels
    columns, rows = (-(-count // times) * times for count in (grid.columns, grid.rows))
    packed = {"compress": "ZSTD", "num_threads": 2, "bigtiff": "IF_SAFER"}
    profile = {"driver": "GTiff", "width": columns, "height": rows, "count": bands, "dtype": "float32"}
    placed = {"crs": WORKING, "transform": grid.affine, "nodata": _NO_CLASS if categorical else np.nan}
    # Where bands share blocks, GDAL fills what is not written of the second and later ones with zeros.
    apart = {"interleave": "band", "sparse_ok": True, "zstd_level": 1}
    tiled = {"tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK}
    # Blocks that are written would else fill a twentieth of the machine's memory before GDAL lets them go.
    held = rasterio.Env(GDAL_CACHEMAX=_HELD_BYTES)
    with held, tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as folder:
        plain, done = Path(folder, "plain.tif"), Path(folder, "done.tif")
        with rasterio.open(plain, "w", **profile, **placed, **tiled, **apart, **packed) as raster:
            raster.update_tags(**{**(tags or {}), _GRID_TAG: grid.text()})
            yield Writer(raster, grid)
        if levels:
            with rasterio.open(plain, "r+", driver="GTiff") as raster:
                how = Resampling.mode if categorical else Resampling.average
                raster.build_overviews([2**k for k in range(1, levels + 1)], how)
        overviews = "FORCE_USE_EXISTING" if levels else "NONE"
        options = {"blocksize": BLOCK, "predictor": "FLOATING_POINT", "overviews": overviews, "level": 1}
        rasterio.shutil.copy(plain, done, driver="COG", **options, **packed)
        done.replace(path)


def write(
    path: Path,
    grid: Grid,
    bands: npt.NDArray[np.floating[Any]],
    *,
    tags: Mapping[str, str] | None = None,
    categorical: bool = False,
) -> None:
    """Write (bands, rows, columns) as a Cloud-Optimized GeoTIFF, as `writing` does."""
    with writing(path, grid, len(bands), tags=tags, categorical=categorical) as target:
        target.write(Window(0, 0, *grid.shape), bands)


class Raster:
    """A raster of ours, open for reading from any thread.

    Each reader takes a handle of its own, which is given back for the next. Raises `RasterError`
    "unreadable" where the file is none of ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._kept: dict[int, Cells] = {}
        self._idle: dict[int, list[Any]] = {}
        with self._handle(0) as raster:
            tags: dict[str, str] = raster.tags()
            self.bands = int(raster.count)
            self.levels = len(raster.overviews(1)) if raster.count else 0
        try:
            self.grid = Grid.parse(tags.pop(_GRID_TAG, ""))
        except GridError as error:
            self.close()
            raise RasterError(
                f"{path.name}: no raster that was written here; make it anew", "unreadable"
            ) from error
        self.tags = {name: value for name, value in tags.items() if name not in _OWN_TAGS}

    def read(self, level: int = 0, window: Window | None = None) -> Cells:
        """The cells (bands, rows, columns) of a window of `grid.level(level)`, or of all of it.

        They may be shared with other readers: not to be changed.

        Raises `RasterError`: "level", "window" (reaches beyond), "unreadable".
        """
        if not 0 <= level <= self.levels:
            raise RasterError(f"{self.path.name}: levels 0 to {self.levels}, not {level}", "level")
        grid = self.grid.level(level)
        part = window or Window(0, 0, *grid.shape)
        if min(part.row, part.column) < 0 or (
            part.row + part.rows > grid.rows or part.column + part.columns > grid.columns
        ):
            raise RasterError(f"{self.path.name}: {part} reaches beyond {grid}", "window")
        if self.bands * grid.cells * 4 > _KEPT_BYTES:
            return self._read(level, part)
        if level not in self._kept:
            whole = self._read(level, Window(0, 0, *grid.shape))
            whole.flags.writeable = False
            self._kept[level] = whole
        return self._kept[level][:, *part.slices]

    def close(self) -> None:
        """Let the file go. Handles that are in use are closed when they come back."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for handle in (handle for handles in idle.values() for handle in handles):
            handle.close()

    def __enter__(self) -> "Raster":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self, level: int, window: Window) -> Cells:
        with self._handle(level) as raster:
            cells: Cells = raster.read(window=_part(window))
            unknown = raster.nodata
        if unknown is not None and not np.isnan(unknown):
            cells[cells == np.float32(unknown)] = np.nan
        return cells

    @contextmanager
    def _handle(self, level: int) -> Iterator[Any]:
        """The file opened at a level, for one reader at a time."""
        with self._lock:
            idle = self._idle.setdefault(level, [])
            handle = idle.pop() if idle else None
        at = {"overview_level": level - 1} if level else {}
        with told(self.path.name):
            handle = handle or rasterio.open(self.path, driver="GTiff", **at)
            try:
                yield handle
            except BaseException:
                handle.close()
                raise
        with self._lock:
            kept = self._idle.get(level) is idle
            if kept:
                idle.append(handle)
        if not kept:
            handle.close()


def _levels(grid: Grid) -> int:
    """How often a grid is halved until it fits into a block."""
    return max(0, ceil(log2(max(grid.columns, grid.rows) / BLOCK)))


def _part(window: Window) -> Part:
    return Part(window.column, window.row, window.columns, window.rows)


@contextmanager
def told(name: str) -> Iterator[None]:
    """Faults of GDAL as a `RasterError`, which does not name our folder."""
    try:
        yield
    except GDAL_FAULTS as error:
        detail = " ".join(word for word in str(error).split() if os.sep not in word)
        raise RasterError(f"{name}: cannot be read ({detail}); export it again", "unreadable") from error
