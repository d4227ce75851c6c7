"""Opening a person's vector file safely: GeoPackage, GeoJSON, Shapefile (plain or zipped).

A file is sniffed by its content, copied under a name of ours into a private folder and read by pyogrio, which
must name the one driver that fits: the file's own name and ending decide nothing. So XML that names other
files (VRT) or addresses is refused, whatever it is called; `geo.gdal_safety` closes such drivers besides. A
zip is unpacked by us within limits, never by GDAL, and names of its members are never used for writing.

What is read is lines (`geo.road_import`) or areas: a `Sort` says which.
"""

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import geopandas
import numpy as np
import numpy.typing as npt
import pyogrio
import shapely

from geo.errors import VectorError

Shapes = npt.NDArray[np.object_]
MOST_BYTES = 512 * 1024**2
MOST_UNPACKED_BYTES = 1024**3
MOST_MEMBERS = 1000
MOST_AREAS = 50_000
MOST_VERTICES = 2_000_000
"""What the areas of a file may hold in all."""
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SNIFFED_BYTES = 16 * 1024**2
_SHP, _SQLITE, _GPKG = b"\x00\x00\x27\x0a", b"SQLite format 3\x00", (b"GPKG", b"GP10", b"GP11")
_NAMES = {"GPKG": "layer.gpkg", "GeoJSON": "layer.geojson", "ESRI Shapefile": "layer.shp"}
_POLYGON, _MULTIPOLYGON = 3, 6


@dataclass(frozen=True)
class Sort:
    """What is sought in a file: the types of layers that hold it, its name, the code of there being none."""

    types: tuple[str, ...]
    name: str
    none: str


LINES = Sort(("LineString",), "lines", "no-lines")
AREAS = Sort(("Polygon", "Surface"), "areas", "no-areas")


@dataclass(frozen=True, eq=False)
class Areas:
    """The areas of a file in its own coordinate system, polygons and multipolygons that are valid.

    `left_out` rows hold no area, `mended` ones were not valid as they stood.
    """

    frame: geopandas.GeoDataFrame
    left_out: int
    mended: int


def open_areas(
    path: Path,
    *,
    layer: str | None = None,
    most_bytes: int = MOST_BYTES,
    most_unpacked: int = MOST_UNPACKED_BYTES,
    most_features: int = MOST_AREAS,
    most_vertices: int = MOST_VERTICES,
    columns: bool = False,
) -> Areas:
    """The areas of a vector file; the frame's system is None where the file names none.

    `layer` chooses one of several layers, as `open_table` takes it; `columns` reads what else it says of
    each area.

    Raises `VectorError`: "large", "kind", "zip", "layers", "no-areas", "many", "unreadable".
    """
    frame = open_table(
        path, AREAS, layer=layer, most_bytes=most_bytes, most_unpacked=most_unpacked,
        most_features=most_features, columns=columns,
    )  # fmt: skip
    with _told(path, ""):
        return _areas(frame, path.name, most_vertices)


def _areas(frame: geopandas.GeoDataFrame, name: str, most_vertices: int) -> Areas:
    """The rows that are areas, made valid; raises `VectorError` where there is none, or far too much."""
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    if shapely.get_num_coordinates(shapes).sum() > most_vertices:
        raise VectorError(f"{name}: more than {most_vertices} vertices; simplify or cut out less", "many")
    flat = np.isin(shapely.get_type_id(shapes), (_POLYGON, _MULTIPOLYGON))
    flat &= np.isfinite(shapely.bounds(shapes)).all(axis=1)
    broken = flat & ~shapely.is_valid(shapes)
    shapes[broken] = mended(shapes[broken])
    whole = flat & (shapely.area(shapes) > 0)
    if not whole.any():
        raise VectorError(f"{name}: no area in the layer; choose a layer of areas", AREAS.none)
    found = frame[whole].set_geometry(shapes[whole], crs=frame.crs).reset_index(drop=True)
    return Areas(found, int((~whole).sum()), int((broken & whole).sum()))


def mended(shapes: Shapes) -> Shapes:
    """Areas made valid, polygons and multipolygons alone; parts that overlap are joined, not cut out."""
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    mixed = ~np.isin(shapely.get_type_id(valid), (_POLYGON, _MULTIPOLYGON))
    valid[mixed] = [_flat_part(shape) for shape in valid[mixed]]
    return np.asarray(valid, object)


def _flat_part(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a geometry as one valid shape, empty where there are none."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def layers_of(path: Path, sort: Sort, *, most_bytes: int = MOST_BYTES) -> list[str]:
    """The layers of a vector file that may hold what is sought, by the names that `open_table` takes.

    None are named of a file that holds one table only. Raises `VectorError` as `open_table` does.
    """
    refuse_large(path, most_bytes)
    with tempfile.TemporaryDirectory(prefix="vector-") as folder, _told(path, folder):
        driver = _sniffed(path)
        if driver == "zip":
            with zipfile.ZipFile(path) as pack:
                _check_members(path.name, pack.infolist(), MOST_UNPACKED_BYTES)
                return sorted(_shapefiles(pack.infolist()))
        if driver != "GPKG":
            return []
        private = Path(folder) / _NAMES[driver]
        shutil.copyfile(path, private)
        return _tables(private, sort)


def open_table(
    path: Path,
    sort: Sort,
    *,
    layer: str | None = None,
    most_bytes: int = MOST_BYTES,
    most_unpacked: int = MOST_UNPACKED_BYTES,
    most_features: int,
    columns: bool = True,
) -> geopandas.GeoDataFrame:
    """A layer of a vector file in its own coordinate system (None: it names none), with all its columns.

    `layer` chooses one of several layers of a GeoPackage, or one of several shapefiles of a zip by its name.
    A table of a shapefile that names no encoding is read as UTF-8 where it is that, else as Windows-1251.

    Raises `VectorError`: "large", "kind", "zip", "layers", "many", "unreadable", and that of the sort.
    """
    refuse_large(path, most_bytes)
    with tempfile.TemporaryDirectory(prefix="vector-") as folder, _told(path, folder):
        private = Path(folder)
        driver = _sniffed(path)
        if driver == "zip":
            driver = "ESRI Shapefile"
            _unpack(path, private, layer, most_unpacked)
        elif driver == "ESRI Shapefile":
            _copy_shapefile(path, private, most_unpacked)
        else:
            shutil.copyfile(path, private / _NAMES[driver])
        return _frame(path.name, private / _NAMES[driver], driver, sort, layer, most_features, columns)


def refuse_large(path: Path, most_bytes: int) -> None:
    """Raise `VectorError` where a file is not there, empty or larger than it may be."""
    size = path.stat().st_size if path.is_file() else 0
    if not size:
        raise VectorError(f"{path.name}: no such file, or an empty one; choose another", "kind")
    if size > most_bytes:
        raise VectorError(
            f"{path.name}: {size / 1e6:.0f} MB, at most {most_bytes / 1e6:.0f} MB are read; cut out less",
            "large",
        )


@contextmanager
def _told(path: Path, folder: str) -> Iterator[None]:
    """Faults of the libraries as a `VectorError`, which does not name our folder."""
    try:
        yield
    except VectorError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise VectorError(f"{path.name}: the zip is broken ({error}); pack it again", "zip") from error
    except (RuntimeError, ValueError, OverflowError, shapely.errors.ShapelyError) as error:
        detail = str(error).replace(folder, "").partition("; It might help")[0]
        raise VectorError(f"{path.name}: cannot be read ({detail}); export it again", "unreadable") from error


def _sniffed(path: Path) -> str:
    """The driver that fits the content of a file, or "zip"; raises `VectorError`."""
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith(_SQLITE) and head[68:72] in _GPKG:
        return "GPKG"
    if head.startswith(_SHP):
        return "ESRI Shapefile"
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return "GeoJSON"
    raise VectorError(
        f"{path.name}: neither a GeoPackage, GeoJSON nor a shapefile inside, whatever its name; export it "
        "as one of these",
        "kind",
    )


def _copy_shapefile(path: Path, private: Path, most_bytes: int) -> None:
    """The parts of a shapefile that lie beside it."""
    parts = {
        part.suffix.lower(): part
        for part in path.parent.iterdir()
        if part.stem == path.stem and part.suffix.lower() in _SHAPEFILE and part.is_file()
    }
    parts[".shp"] = path
    if sum(part.stat().st_size for part in parts.values()) > most_bytes:
        raise VectorError(f"{path.name}: larger than {most_bytes / 1e6:.0f} MB in all", "large")
    for suffix, part in parts.items():
        shutil.copyfile(part, private / f"layer{suffix}")
    _complete(path.name, private)


def _unpack(path: Path, private: Path, layer: str | None, most_bytes: int) -> None:
    """The parts of the one shapefile of a zip; zipfile gives no more of a member than is declared for it."""
    with zipfile.ZipFile(path) as pack:
        members = pack.infolist()
        _check_members(path.name, members, most_bytes)
        chosen = _chosen(path.name, members, layer)
        for suffix, member in chosen.items():
            with pack.open(member) as source, (private / f"layer{suffix}").open("wb") as target:
                shutil.copyfileobj(source, target)
    _complete(path.name, private)


def _check_members(name: str, members: list[zipfile.ZipInfo], most_bytes: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise VectorError(f"{name}: {len(members)} files inside; pack one shapefile alone", "zip")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise VectorError(f"{name}: {member.filename[:80]!r} leads out of the zip; pack it again", "zip")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise VectorError(f"{name}: {member.filename[:80]!r} is a link; pack the files themselves", "zip")
        if member.flag_bits & 1:
            raise VectorError(f"{name}: the zip asks for a password; pack it without one", "zip")
    if sum(member.file_size for member in members) > most_bytes:
        raise VectorError(f"{name}: more than {most_bytes / 1e6:.0f} MB when unpacked; cut out less", "large")


def _shapefiles(members: list[zipfile.ZipInfo]) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """The shapefiles of a zip by their names, with their parts by ending."""
    sets: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        hidden = path.name.startswith(".") or "__MACOSX" in path.parts
        if path.suffix.lower() in _SHAPEFILE and not hidden:
            sets.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = member
    return {stem: parts for stem, parts in sets.items() if ".shp" in parts}


def _chosen(name: str, members: list[zipfile.ZipInfo], layer: str | None) -> dict[str, zipfile.ZipInfo]:
    """The parts of one shapefile by their endings."""
    layers = _shapefiles(members)
    if layer is not None:
        layers = {stem: parts for stem, parts in layers.items() if layer in {stem, PurePosixPath(stem).name}}
    if not layers:
        raise VectorError(f"{name}: no shapefile {layer or ''} inside; pack .shp, .shx, .dbf and .prj", "zip")
    if len(layers) > 1:
        raise _several(name, list(layers))
    return next(iter(layers.values()))


def _several(name: str, layers: list[str]) -> VectorError:
    listed = ", ".join(layer[:80] for layer in layers[:10])
    return VectorError(f"{name}: {len(layers)} layers inside; choose one of {listed}", "layers")


def _complete(name: str, private: Path) -> None:
    """Refuse a shapefile that is none, or lacks a part without which it cannot be read."""
    with (private / "layer.shp").open("rb") as file:
        if file.read(4) != _SHP:
            raise VectorError(f"{name}: the .shp is no shapefile; export it again", "kind")
    missing = [suffix for suffix in (".shx", ".dbf") if not (private / f"layer{suffix}").exists()]
    if missing:
        raise VectorError(
            f"{name}: {' and '.join(missing)} missing; give all parts together in a zip", "kind"
        )


def _encoding(private: Path) -> str | None:
    """The encoding of a table that does not name its own; None where it does."""
    if (private / "layer.cpg").exists():
        return None
    with (private / "layer.dbf").open("rb") as file:
        head = file.read(32)
        file.seek(int.from_bytes(head[8:10], "little"))
        text = file.read(_SNIFFED_BYTES)
    if head[29:30] not in {b"\x00", b"\x57"}:
        return None
    beyond = sum(text.count(byte) for byte in map(bytes, zip(range(128, 256), strict=True)))
    broken = text.decode("utf-8", "replace").count("\ufffd")
    return "UTF-8" if beyond and broken < beyond / 4 else "cp1251"


def _frame(
    name: str, file: Path, driver: str, sort: Sort, layer: str | None, most_features: int, columns: bool
) -> geopandas.GeoDataFrame:
    """Read the file that lies ready in the private folder."""
    chosen = _layer(name, file, sort, layer) if driver == "GPKG" else None
    encoding = _encoding(file.parent) if driver == "ESRI Shapefile" else None
    info = pyogrio.read_info(file, layer=chosen, encoding=encoding, force_feature_count=True)
    if info["driver"] != driver:
        raise VectorError(f"{name}: looks like {driver}, reads as {info['driver']}; export it again", "kind")
    if info["features"] > most_features:
        raise VectorError(
            f"{name}: {info['features']} rows, at most {most_features} can be read; cut out a smaller area",
            "many",
        )
    invalid = "fix" if sort is AREAS else "raise"
    with np.errstate(invalid="ignore"):
        frame = pyogrio.read_dataframe(
            file, layer=chosen, encoding=encoding, max_features=most_features, on_invalid=invalid,
            columns=None if columns else [],
        )  # fmt: skip
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise VectorError(f"{name}: the layer has no {sort.name}; choose a layer that does", sort.none)
    return frame


def _tables(file: Path, sort: Sort) -> list[str]:
    """The layers of a GeoPackage that hold what is sought, else those that may hold anything."""
    layers = {str(known): str(kind) for known, kind in pyogrio.list_layers(file)}
    fitting = [known for known, kind in layers.items() if any(type_ in kind for type_ in sort.types)]
    return fitting or [known for known, kind in layers.items() if kind == "Unknown"]


def _layer(name: str, file: Path, sort: Sort, layer: str | None) -> str:
    """The layer of a GeoPackage that is asked for, else the one that holds what is sought."""
    layers = [str(known) for known, _ in pyogrio.list_layers(file)]
    fitting = _tables(file, sort)
    if layer is not None:
        fitting = [layer] if layer in layers else []
    if not fitting:
        listed = ", ".join(known[:80] for known in layers[:10])
        sought = layer or f"of {sort.name}"
        raise VectorError(f"{name}: no layer {sought} inside; it has {listed}", sort.none)
    if len(fitting) > 1:
        raise _several(name, fitting)
    return fitting[0]
