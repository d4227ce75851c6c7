"""Rasters of ours on disk: Cloud-Optimized GeoTIFFs of float32 bands on a `Grid`, unknown cells NaN.

They are padded with unknown cells until the grid halves evenly down to one block. So an overview of level k
is exactly `grid.level(k)`, each of its cells made of the four below it by the rule of its band (see
`geo.overviews`), and neighbouring windows of one level always agree.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import ceil, log2
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.errors import CRSError, RasterioError
from rasterio.windows import Window as Part

from geo.crs import WORKING
from geo.errors import GridError, RasterError
from geo.grid import BLOCK, Grid, Window
from geo.overviews import Cells, Rule, halved, mean
from geo.packing import CACHE_BYTES, pack, pack_apart

GDAL_FAULTS = (RasterioError, CPLE_BaseError, CRSError)
"""What rasterio raises: most faults of GDAL as its own, some as they come."""
_GRID_TAG = "PLANNER_GRID"
_OWN_TAGS = {_GRID_TAG, "AREA_OR_POINT"}
_COARSER = 0.6
"""The share of what is left to do after the cells that is done when all overviews are made."""
_KEPT_BYTES = 16 * 1024**2
"""Levels up to this size stay in memory once they are read."""


class Writer:
    """A raster that is being written, best by whole blocks; they may come from several threads."""

    def __init__(self, raster: Any, grid: Grid) -> None:
        self._raster = raster
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
        with self._lock:
            self._raster.write(np.asarray(bands, np.float32), window=_part(window))


@contextmanager
def writing(
    path: Path,
    grid: Grid,
    bands: int,
    *,
    tags: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
    rules: Sequence[Rule] = (),
    asked: Callable[[float], object] | None = None,
) -> Iterator[Writer]:
    """Write a Cloud-Optimized GeoTIFF block by block; what is not written is unknown.

    It appears under its name when all is done, or not at all; only blocks are held in memory. `names` say
    what the bands hold; overviews follow the `rules` of the bands, by default means of the known cells. While
    overviews are made and the file is packed, `asked` is called with the share of that which is done, and
    what it raises stops the work.
    """
    with (
        rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES),
        tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as folder,
    ):
        plain, done = Path(folder, "plain.tif"), Path(folder, "done.tif")
        with _plain(plain, grid, 0, bands) as raster:
            raster.update_tags(**{**(tags or {}), _GRID_TAG: grid.text()})
            for band, name in enumerate(names, start=1):
                raster.set_band_description(band, name)
            yield Writer(raster, grid)
        for share in _coarser(plain, grid, rules or [mean] * bands):
            if asked:
                asked(share * _COARSER)
        if asked:
            ask = asked
            pack_apart(plain, done, lambda: ask(_COARSER))
        else:
            pack(plain, done)
        done.replace(path)


def _plain(path: Path, grid: Grid, level: int, bands: int) -> Any:
    """A plain GeoTIFF for a level of a grid, padded so that it halves evenly, open for writing."""
    times, at = 2 ** _levels(grid), grid.level(level)
    columns, rows = (-(-count // times) * times >> level for count in (grid.columns, grid.rows))
    profile = {"driver": "GTiff", "width": columns, "height": rows, "count": bands, "dtype": "float32"}
    placed = {"crs": WORKING, "transform": at.affine, "nodata": np.nan}
    tiled = {"tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK}
    packed = {"compress": "ZSTD", "zstd_level": 1, "num_threads": 2, "bigtiff": "IF_SAFER"}
    # Where bands share blocks, GDAL fills what is not written of the second and later ones with zeros.
    apart = {"interleave": "band", "sparse_ok": True}
    return rasterio.open(path, "w", **profile, **placed, **tiled, **packed, **apart)


def _coarser(plain: Path, grid: Grid, rules: Sequence[Rule]) -> Iterator[float]:
    """Make each overview of the one below it, and tell after each block what share of them is done.

    GDAL takes a file for the overview of another by its name.
    """
    levels, done = _levels(grid), 0
    total = sum(grid.level(level).cells for level in range(1, levels + 1))
    for level in range(1, levels + 1):
        below, above = plain, plain.with_name(f"{plain.name}.ovr")
        edge = grid.level(level - 1)
        with rasterio.open(below, driver="GTiff") as fine, _plain(above, grid, level, len(rules)) as coarse:
            for window in grid.level(level).blocks():
                row, column = 2 * window.row, 2 * window.column
                rows = min(2 * window.rows, edge.rows - row)
                columns = min(2 * window.columns, edge.columns - column)
                cells = fine.read(window=Part(column, row, columns, rows))
                if not np.isnan(cells).all():
                    coarse.write(halved(cells, rules), window=_part(window))
                done += window.rows * window.columns
                yield done / total
        plain = above


def write(
    path: Path,
    grid: Grid,
    bands: npt.NDArray[np.floating[Any]],
    *,
    tags: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
    rules: Sequence[Rule] = (),
) -> None:
    """Write (bands, rows, columns) as a Cloud-Optimized GeoTIFF, as `writing` does."""
    with writing(path, grid, len(bands), tags=tags, names=names, rules=rules) as target:
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
