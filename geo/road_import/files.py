"""Opening a person's vector file as a table of lines: GeoPackage, GeoJSON, Shapefile (plain or zipped).

A file is sniffed by its content, copied under a name of ours into a private folder and read by pyogrio, which
must name the one driver that fits: the file's own name and ending decide nothing. So XML that names other
files (VRT) or addresses is refused, whatever it is called; `geo.gdal_safety` closes such drivers besides. A
zip is unpacked by us within limits, never by GDAL, and names of its members are never used for writing.
"""

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import geopandas
import pyogrio

from geo.errors import NetworkError
from geo.road_import.pieces import MOST_SEGMENTS

MOST_BYTES = 512 * 1024**2
MOST_UNPACKED_BYTES = 1024**3
MOST_MEMBERS = 1000
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SNIFFED_BYTES = 16 * 1024**2
_SHP, _SQLITE, _GPKG = b"\x00\x00\x27\x0a", b"SQLite format 3\x00", (b"GPKG", b"GP10", b"GP11")
_NAMES = {"GPKG": "layer.gpkg", "GeoJSON": "layer.geojson", "ESRI Shapefile": "layer.shp"}


def open_lines(
    path: Path,
    *,
    layer: str | None = None,
    most_bytes: int = MOST_BYTES,
    most_unpacked: int = MOST_UNPACKED_BYTES,
    most_features: int = MOST_SEGMENTS,
) -> geopandas.GeoDataFrame:
    """The lines of a vector file with all its columns, in its own coordinate system (None: it names none).

    `layer` chooses one of several layers of a GeoPackage, or one of several shapefiles of a zip by its name.
    A table of a shapefile that names no encoding is read as UTF-8 where it is that, else as Windows-1251.

    Raises `NetworkError`: "large", "kind", "zip", "layers", "no-lines", "many", "unreadable".
    """
    refuse_large(path, most_bytes)
    with tempfile.TemporaryDirectory(prefix="roads-") as folder, _told(path, folder):
        private = Path(folder)
        driver = _sniffed(path)
        if driver == "zip":
            driver = "ESRI Shapefile"
            _unpack(path, private, layer, most_unpacked)
        elif driver == "ESRI Shapefile":
            _copy_shapefile(path, private, most_unpacked)
        else:
            shutil.copyfile(path, private / _NAMES[driver])
        return _frame(path.name, private / _NAMES[driver], driver, layer, most_features)


def line_layers(path: Path, *, most_bytes: int = MOST_BYTES) -> list[str]:
    """The layers of a vector file that may hold lines, by the names that `open_lines` takes.

    None are named of a file that holds one table only. Raises `NetworkError` as `open_lines` does.
    """
    refuse_large(path, most_bytes)
    with tempfile.TemporaryDirectory(prefix="roads-") as folder, _told(path, folder):
        driver = _sniffed(path)
        if driver == "zip":
            with zipfile.ZipFile(path) as pack:
                _check_members(path.name, pack.infolist(), MOST_UNPACKED_BYTES)
                return sorted(_shapefiles(pack.infolist()))
        if driver != "GPKG":
            return []
        private = Path(folder) / _NAMES[driver]
        shutil.copyfile(path, private)
        return _line_tables(private)


def refuse_large(path: Path, most_bytes: int) -> None:
    """Raise `NetworkError` where a file is not there, empty or larger than it may be."""
    size = path.stat().st_size if path.is_file() else 0
    if not size:
        raise NetworkError(f"{path.name}: no such file, or an empty one; choose another", "kind")
    if size > most_bytes:
        raise NetworkError(
            f"{path.name}: {size / 1e6:.0f} MB, at most {most_bytes / 1e6:.0f} MB are read; cut out less",
            "large",
        )


@contextmanager
def _told(path: Path, folder: str) -> Iterator[None]:
    """Faults of the libraries as a `NetworkError`, which does not name our folder."""
    try:
        yield
    except NetworkError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise NetworkError(f"{path.name}: the zip is broken ({error}); pack it again", "zip") from error
    except (RuntimeError, ValueError, OverflowError) as error:
        detail = str(error).replace(folder, "").partition("; It might help")[0]
        raise NetworkError(
            f"{path.name}: cannot be read ({detail}); export it again", "unreadable"
        ) from error


def _sniffed(path: Path) -> str:
    """The driver that fits the content of a file, or "zip"; raises `NetworkError`."""
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
    raise NetworkError(
        f"{path.name}: neither a GeoPackage, GeoJSON nor a shapefile inside, whatever its name; export the "
        "roads as one of these",
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
        raise NetworkError(f"{path.name}: larger than {most_bytes / 1e6:.0f} MB in all", "large")
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
        raise NetworkError(f"{name}: {len(members)} files inside; pack one shapefile alone", "zip")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise NetworkError(f"{name}: {member.filename[:80]!r} leads out of the zip; pack it again", "zip")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise NetworkError(
                f"{name}: {member.filename[:80]!r} is a link; pack the files themselves", "zip"
            )
        if member.flag_bits & 1:
            raise NetworkError(f"{name}: the zip asks for a password; pack it without one", "zip")
    if sum(member.file_size for member in members) > most_bytes:
        raise NetworkError(
            f"{name}: more than {most_bytes / 1e6:.0f} MB when unpacked; cut out less", "large"
        )


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
        raise NetworkError(
            f"{name}: no shapefile {layer or ''} inside; pack .shp, .shx, .dbf and .prj", "zip"
        )
    if len(layers) > 1:
        raise _several(name, list(layers))
    return next(iter(layers.values()))


def _several(name: str, layers: list[str]) -> NetworkError:
    listed = ", ".join(layer[:80] for layer in layers[:10])
    return NetworkError(f"{name}: {len(layers)} layers inside; choose one of {listed}", "layers")


def _complete(name: str, private: Path) -> None:
    """Refuse a shapefile that is none, or lacks a part without which it cannot be read."""
    with (private / "layer.shp").open("rb") as file:
        if file.read(4) != _SHP:
            raise NetworkError(f"{name}: the .shp is no shapefile; export it again", "kind")
    missing = [suffix for suffix in (".shx", ".dbf") if not (private / f"layer{suffix}").exists()]
    if missing:
        raise NetworkError(
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
    name: str, file: Path, driver: str, layer: str | None, most_features: int
) -> geopandas.GeoDataFrame:
    """Read the file that lies ready in the private folder."""
    chosen = _layer(name, file, layer) if driver == "GPKG" else None
    encoding = _encoding(file.parent) if driver == "ESRI Shapefile" else None
    info = pyogrio.read_info(file, layer=chosen, encoding=encoding, force_feature_count=True)
    if info["driver"] != driver:
        raise NetworkError(f"{name}: looks like {driver}, reads as {info['driver']}; export it again", "kind")
    if info["features"] > most_features:
        raise NetworkError(
            f"{name}: {info['features']} rows, at most {most_features} can be read; cut out a smaller area",
            "many",
        )
    frame = pyogrio.read_dataframe(file, layer=chosen, encoding=encoding, max_features=most_features)
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise NetworkError(f"{name}: the layer has no lines; choose a layer of roads", "no-lines")
    return frame


def _line_tables(file: Path) -> list[str]:
    """The layers of a GeoPackage that hold lines, else those that may hold anything."""
    layers = {str(known): str(kind) for known, kind in pyogrio.list_layers(file)}
    lines = [known for known, kind in layers.items() if "LineString" in kind]
    return lines or [known for known, kind in layers.items() if kind == "Unknown"]


def _layer(name: str, file: Path, layer: str | None) -> str:
    """The layer of a GeoPackage that is asked for, else the one that holds lines."""
    layers = [str(known) for known, _ in pyogrio.list_layers(file)]
    lines = _line_tables(file)
    if layer is not None:
        lines = [layer] if layer in layers else []
    if not lines:
        listed = ", ".join(known[:80] for known in layers[:10])
        raise NetworkError(f"{name}: no layer {layer or 'of lines'} inside; it has {listed}", "no-lines")
    if len(lines) > 1:
        raise _several(name, lines)
    return lines[0]
