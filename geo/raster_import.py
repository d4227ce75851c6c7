"""Rasters that people bring: GeoTIFFs, opened safely and carried onto a grid.

A file is told by its first bytes, copied under a name of ours into a private folder, and read by GDAL's GTiff
driver and no other: its own name and ending decide nothing. What it declares is held against limits before
any of it is read, and it is read by pieces.
"""

import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import CRSError, NotGeoreferencedWarning
from rasterio.transform import Affine
from rasterio.warp import reproject
from rasterio.warp import transform as carried
from rasterio.windows import Window as Part

from geo.crs import WGS84, WORKING
from geo.errors import RasterError
from geo.grid import BLOCK, Grid
from geo.network import Bounds, Floats
from geo.overviews import Cells
from geo.rasters import GDAL_FAULTS, told

MOST_BYTES = 2 * 1024**3
MOST_VALUES = 2**31
"""Cells times bands that a person's raster may declare: a region of 200 by 200 km at 5 m."""
MOST_BLOCK_BYTES = 256 * 1024**2
"""What has to be unpacked to read one cell: a whole strip or tile."""
_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_READ_SIDE = 2048
"""Cells of a person's raster a side that are held at once."""
_SIDE_POINTS = 9
_CLEARLY_FINER = 1.5
"""Cells of a raster along one of the grid above which they are averaged; below, interpolating is truer."""


@dataclass(frozen=True, eq=False)
class Upload:
    """A person's raster that may be read: a private copy of it, gone when this is closed or let go.

    `name` is the file's own; `crs` the system it is in (as GDAL takes it), `crs_told` whether that was told
    and not read from the file; `cell` the size of its cells in units of that system; `north_up` whether its
    rows run straight from the north (where not, it is turned, and read all the same); `bounds` its extent in
    WGS 84 (degrees).
    """

    name: str
    path: Path
    columns: int
    rows: int
    bands: int
    dtype: str
    crs: str
    crs_told: bool
    affine: Affine
    cell: tuple[float, float]
    north_up: bool
    bounds: Bounds

    def close(self) -> None:
        """Delete the private copy."""
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def __enter__(self) -> "Upload":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_upload(
    path: Path,
    crs: str | None = None,
    *,
    name: str | None = None,
    most_bytes: int = MOST_BYTES,
    most_values: int = MOST_VALUES,
) -> Upload:
    """A person's GeoTIFF, checked and copied; nothing of its cells is read yet.

    `crs` is the system of a file that names none: chosen from a list of ours, never a reader's own text.
    `name` is what the file is called in messages (else as on disk).

    Raises `RasterError`: "kind" (no GeoTIFF, or of complex numbers), "large" (file, cells or blocks), "empty"
    (no file, no bands), "crs" (none, or none on the Earth), "transform" (not placed), "unreadable".
    """
    called = name or path.name
    _refuse(path, called, most_bytes)
    folder = Path(tempfile.mkdtemp(prefix="raster-"))
    try:
        private = folder / "raster.tif"
        shutil.copyfile(path, private)
        with told(called), _opened(private) as raster:
            upload = _described(raster, called, private, crs, most_values)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(upload, shutil.rmtree, folder, ignore_errors=True)
    return upload


def _refuse(path: Path, name: str, most_bytes: int) -> None:
    size = path.stat().st_size if path.is_file() else 0
    if not size:
        raise RasterError(f"{name}: no such file, or an empty one; choose another", "empty")
    with path.open("rb") as file:
        head = file.read(4)
    if head not in _MAGIC:
        raise RasterError(f"{name}: no GeoTIFF inside, whatever its name; export it as one", "kind")
    if size > most_bytes:
        raise RasterError(
            f"{name}: {size / 1e6:.0f} MB, at most {most_bytes / 1e6:.0f} MB are read; cut out less", "large"
        )


@contextmanager
def _opened(private: Path) -> Iterator[Any]:
    """The copy opened by the one driver; that it is not placed on the Earth is found out by us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        raster = rasterio.open(private, driver="GTiff", sharing=False)
    with raster:
        yield raster


def _described(raster: Any, name: str, private: Path, crs: str | None, most_values: int) -> Upload:
    """What a raster declares, held against the limits."""
    if not raster.count or not raster.width or not raster.height:
        raise RasterError(f"{name}: no band inside; export it again", "empty")
    if any(np.issubdtype(np.dtype(kind), np.complexfloating) for kind in map(_plain_type, raster.dtypes)):
        raise RasterError(f"{name}: holds complex numbers; export amplitudes", "kind")
    values = raster.width * raster.height * raster.count
    if values > most_values:
        raise RasterError(
            f"{name}: {raster.width} by {raster.height} cells in {raster.count} bands, "
            f"at most {most_values} values are read; cut out the area or take larger cells",
            "large",
        )
    at_once = raster.count if str(raster.interleaving).lower().endswith("pixel") else 1
    heaviest = max(np.dtype(_plain_type(kind)).itemsize for kind in raster.dtypes)
    if max(a * b for a, b in raster.block_shapes) * heaviest * at_once > MOST_BLOCK_BYTES:
        raise RasterError(f"{name}: packed as one piece too large to unpack; export it in tiles", "large")
    affine, system = raster.transform, _system(raster, name, crs)
    _refuse_unplaced(affine, name)
    return Upload(
        name=name,
        path=private,
        columns=raster.width,
        rows=raster.height,
        bands=raster.count,
        dtype=raster.dtypes[0],
        crs=system.to_wkt(),
        crs_told=raster.crs is None,
        affine=affine,
        cell=(float(np.hypot(affine.a, affine.d)), float(np.hypot(affine.b, affine.e))),
        north_up=affine.b == affine.d == 0 and affine.a > 0 > affine.e,
        bounds=_extent(raster, system, name),
    )


def _plain_type(kind: str) -> str:
    """A type that NumPy knows: complex integers are as good as complex numbers here."""
    return "complex64" if kind.startswith("complex_int") else kind


def _system(raster: Any, name: str, crs: str | None) -> CRS:
    """The system of the file, else the one told. Raises `RasterError` "crs"."""
    if raster.crs is None and crs is None:
        raise RasterError(f"{name}: names no coordinate system; say which it is in", "crs")
    try:
        system = raster.crs or CRS.from_user_input(crs)
    except CRSError as error:
        raise RasterError(f"{name}: {crs!r} is no coordinate system", "crs") from error
    if not (system.is_geographic or system.is_projected):
        raise RasterError(
            f"{name}: its coordinate system is not tied to the Earth; say which it is in", "crs"
        )
    return system


def _refuse_unplaced(affine: Affine, name: str) -> None:
    """Raise `RasterError` "transform" where cells have no place; corners given by points alone are none."""
    numbers = np.array(affine[:6])
    if affine == Affine.identity() or not np.isfinite(numbers).all() or affine.determinant == 0:
        raise RasterError(f"{name}: not placed on the map; georeference it and export it again", "transform")


def _extent(raster: Any, system: CRS, name: str) -> Bounds:
    """West, south, east, north in degrees. Raises `RasterError` "crs" where that cannot be."""
    column, row = _outline(0, 0, raster.width, raster.height)
    a = raster.transform
    try:
        lon, lat = carried(system, WGS84, a.a * column + a.b * row + a.c, a.d * column + a.e * row + a.f)
    except GDAL_FAULTS as error:
        raise RasterError(f"{name}: cannot be carried to the Earth from its system", "crs") from error
    if not np.isfinite([lon, lat]).all():
        raise RasterError(f"{name}: lies where its coordinate system does not reach", "crs")
    return float(min(lon)), float(min(lat)), float(max(lon)), float(max(lat))


def _outline(west: float, south: float, east: float, north: float) -> tuple[Floats, Floats]:
    """Points within and around a rectangle, close enough for its image to lie between theirs."""
    x, y = np.meshgrid(np.linspace(west, east, _SIDE_POINTS), np.linspace(south, north, _SIDE_POINTS))
    return x.ravel(), y.ravel()


def onto(source: Upload | Path, grid: Grid, categorical: bool = False, band: int = 1) -> Cells:
    """A band of a person's raster on a grid, (rows, columns): unknown where it is, or where it does not lie.

    Where its cells are clearly smaller than the grid's, values are averaged over each cell of the grid, else
    interpolated bilinearly; classes (`categorical`) are the most frequent, else those of the nearest cell.
    Scale and offset of the band are applied. Only pieces are held in memory besides the answer.

    Raises `RasterError`: "band", "outside" (does not lie on the grid), "empty" (nothing is known there),
    "fine" (a cell of the grid holds too many of its cells), else as `open_upload`.
    """
    if not isinstance(source, Upload):
        with open_upload(source) as upload:
            return onto(upload, grid, categorical, band)
    if not 1 <= band <= source.bands:
        raise RasterError(f"{source.name}: bands 1 to {source.bands}, not {band}", "band")
    finer = _finer(source, grid)
    how = _resampling(finer, categorical)
    found = np.full(grid.shape, np.nan, np.float32)
    known = False
    with told(source.name), _opened(source.path) as raster:
        for window in grid.blocks(int(min(2 * BLOCK, max(1, _READ_SIDE // finer)))):
            part = _source_part(source, grid.cut(window), 2.0 + finer)
            if part is not None:
                values = _values(raster, band, part)
                known = known or not bool(np.isnan(values).all())
                found[window.slices] = _warped(values, source, part, grid.cut(window), how)
    if np.isnan(found).all():
        raise _nothing(source, grid, known)
    return found


def _nothing(source: Upload, grid: Grid, known: bool) -> RasterError:
    """Why no cell of a grid has a value."""
    if known or _source_part(source, grid, 0.0) is None:
        return RasterError(f"{source.name}: does not lie on the area of the grid", "outside")
    return RasterError(f"{source.name}: no cell that lies on the area is known", "empty")


def _resampling(finer: float, categorical: bool) -> Resampling:
    if finer > _CLEARLY_FINER:
        return Resampling.mode if categorical else Resampling.average
    return Resampling.nearest if categorical else Resampling.bilinear


def _finer(source: Upload, grid: Grid) -> float:
    """How many of a raster's cells lie along a cell of the grid, at its middle. Raises `RasterError`."""
    west, south, east, north = grid.bounds
    x, y, step = (west + east) / 2, (south + north) / 2, grid.cell_m
    column, row = _cells_at(source, np.array([x, x + step, x]), np.array([y, y, y + step]))
    if not np.isfinite([column, row]).all():
        raise RasterError(f"{source.name}: does not lie on the area of the grid", "outside")
    finer = max(float(np.hypot(column[k] - column[0], row[k] - row[0])) for k in (1, 2))
    if finer > _READ_SIDE:
        raise RasterError(
            f"{source.name}: {finer:.0f} of its cells lie along one of {step:g} m; give a coarser raster",
            "fine",
        )
    return finer


def _cells_at(source: Upload, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The columns and rows of a raster (with fractions) at some metres; infinite where there are none."""
    try:
        east, north = carried(WORKING, source.crs, x, y)
    except GDAL_FAULTS as error:
        raise RasterError(f"{source.name}: cannot be carried to its coordinate system", "crs") from error
    back = ~source.affine
    u, v = np.asarray(east), np.asarray(north)
    return back.a * u + back.b * v + back.c, back.d * u + back.e * v + back.f


def _source_part(source: Upload, cut: Grid, margin: float) -> Part | None:
    """The cells of a raster under a part of the grid, with some around; None where there are none."""
    column, row = _cells_at(source, *_outline(*cut.bounds))
    there = np.isfinite(column) & np.isfinite(row)
    if not there.any():
        return None
    low = np.floor([column[there].min() - margin, row[there].min() - margin])
    high = np.ceil([column[there].max() + margin, row[there].max() + margin])
    low, high = np.maximum(low, 0), np.minimum(high, (source.columns, source.rows))
    if (high <= low).any():
        return None
    return Part(*low.astype(int).tolist(), *(high - low).astype(int).tolist())


def _values(raster: Any, band: int, part: Part) -> Cells:
    """The values of a piece of a band, scaled; masked, infinite and unheard of ones NaN."""
    masked = raster.read(band, window=part, masked=True)
    with np.errstate(over="ignore", invalid="ignore"):
        values: Cells = masked.data.astype(np.float32)
        scale, offset = raster.scales[band - 1], raster.offsets[band - 1]
        if (scale, offset) != (1.0, 0.0):
            values = (masked.data * scale + offset).astype(np.float32)
    values[np.ma.getmaskarray(masked) | ~np.isfinite(values)] = np.nan
    return values


def _warped(values: Cells, source: Upload, part: Part, cut: Grid, how: Resampling) -> Cells:
    """A piece of a raster on a part of the grid."""
    found = np.full(cut.shape, np.nan, np.float32)
    reproject(
        values,
        found,
        src_transform=source.affine @ Affine.translation(part.col_off, part.row_off),
        src_crs=source.crs,
        src_nodata=np.nan,
        dst_transform=cut.affine,
        dst_crs=WORKING,
        dst_nodata=np.nan,
        resampling=how,
    )
    return found
