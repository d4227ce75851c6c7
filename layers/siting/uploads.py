"""Taking in a raster of a reader's: read within limits onto cells of ours, looked at, and only then kept."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rasterio.transform import array_bounds
from rasterio.warp import transform_bounds

from geo.crs import WORKING
from geo.errors import RasterError
from geo.grid import Grid
from geo.network import Bounds
from geo.raster_import import Upload, onto, open_upload
from geo.rasters import write
from layers.shelf import data_folder
from layers.siting import brought
from layers.siting.sheets import metric_bounds

ENDINGS = ("tif", "tiff")
MOST_MB = 512
MOST_CELLS = 36_000_000
"""How many cells of a reader's raster are kept: a square of 150 km at 25 m."""
_CELLS_M = (10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0, 2500.0)
_PICTURE = 320
"""Pixels a side of the small picture, at most."""


@dataclass(frozen=True, eq=False)
class Draft:
    """A raster that was read and is shown, and not kept yet; `picture` is grey, 255 where unknown."""

    origin: str
    crs: str
    crs_told: bool
    grid: Grid
    cells: npt.NDArray[np.float32]
    low: float
    high: float
    unknown: float
    picture: npt.NDArray[np.uint8]


def read(content: bytes, name: str, *, crs: str | None = None, categorical: bool = False) -> Draft:
    """Read a reader's GeoTIFF onto square cells (EPSG:32645), no finer than its own. Raises `RasterError`."""
    with tempfile.NamedTemporaryFile(suffix=".tif") as file:
        file.write(content)
        file.flush()
        with open_upload(Path(file.name), crs, name=name) as upload:
            grid = _grid(upload)
            cells = onto(upload, grid, categorical)
            told = upload.crs, upload.crs_told
    known = cells[np.isfinite(cells)]
    low, high = float(known.min()), float(known.max())
    return Draft(name, *told, grid, cells, low, high, 1 - known.size / cells.size, _picture(cells, low, high))


def _grid(upload: Upload) -> Grid:
    """The grid over a raster: of the finest of our cell sizes that is not finer than it, and not too many."""
    bounds = _bounds(upload)
    own_m = max((bounds[2] - bounds[0]) / upload.columns, (bounds[3] - bounds[1]) / upload.rows)
    for cell_m in _CELLS_M:
        if cell_m < own_m * 0.75:
            continue
        grid = Grid.over(bounds, cell_m)
        if grid.cells <= MOST_CELLS:
            return grid
    raise RasterError(f"{upload.name}: covers too much land; cut out the region", "large")


def _bounds(upload: Upload) -> Bounds:
    """The bounds in EPSG:32645 of a raster: its own where it is in that system, not those about degrees."""
    if not upload.north_up:
        return metric_bounds(upload.bounds)
    sides = array_bounds(upload.rows, upload.columns, upload.affine)
    west, south, east, north = transform_bounds(upload.crs, WORKING, *sides, densify_pts=101)
    return west, south, east, north


def _picture(cells: npt.NDArray[np.float32], low: float, high: float) -> npt.NDArray[np.uint8]:
    step = max(1, -(-max(cells.shape) // _PICTURE))
    small = cells[::step, ::step]
    shade = (small - low) / ((high - low) or 1.0) * 220
    return np.where(np.isfinite(small), np.nan_to_num(shade), 255).astype(np.uint8)


def keep(draft: Draft, title: str, *, replace: bool = False) -> brought.Brought:
    """Keep a raster that was looked at. Raises `RasterError`."""
    folder = data_folder() / "rasters"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(suffix=".tif", dir=folder, delete=False) as file:
            path = Path(file.name)
    except OSError as fault:
        raise RasterError(f"the data folder cannot be written: {fault}", "disk") from fault
    try:
        _written(draft, path)
        return brought.keep(path, title, draft.origin, (draft.low, draft.high), replace=replace)
    finally:
        path.unlink(missing_ok=True)


def _written(draft: Draft, path: Path) -> None:
    try:
        write(path, draft.grid, draft.cells[np.newaxis], tags={"origin": draft.origin[:80]})
    except OSError as fault:
        raise RasterError(f"the data folder cannot be written: {fault}", "disk") from fault
