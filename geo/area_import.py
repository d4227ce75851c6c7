"""Areas of a person's file on the ground of this plan: carried to metres, kept where they touch the region.

What was read is told in figures; nothing is left out silently. `save` and `load` keep areas in a file.
"""

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from pyproj.exceptions import ProjError

from geo.crs import REGION, WGS84, WORKING
from geo.errors import VectorError
from geo.network import Bools, Floats
from geo.vector_files import Areas, Shapes, mended

Rows = npt.NDArray[np.intp]
MOST_VERTICES = 4_000_000
"""What is carried at once: the vertices of a file and those that its long sides need."""
_STEP_DEG, _STEP_M = 0.02, 2_000.0
"""Longer sides are divided first: one that is straight in its own system is bent in metres, by 300 m on
100 km along a parallel, by less than 0.2 m on one of these."""
_ROOM_DEG = 2.0
"""How far beyond the region areas are carried: what lies farther cannot be told in metres of zone 45."""
_TURN_DEG = 360.0
_VERSION = 1
_MOST_BYTES = 1024**3


@dataclass(frozen=True, eq=False)
class Imported:
    """Areas that touch the region (EPSG:32645, valid), and what became of the others.

    `crs` names the system that the file was read in. `outside` areas do not touch the region, `left_out` rows
    hold no area, `mended` ones were not valid. `area_m2` is their sum: where they overlap it counts twice.
    `rows` says which of the areas that were read each one is.
    """

    shapes: Shapes
    crs: str
    outside: int
    left_out: int
    mended: int
    rows: Rows = field(default_factory=lambda: np.empty(0, np.intp))

    @property
    def area_m2(self) -> float:
        """The sum of their areas."""
        return float(shapely.area(self.shapes).sum())


def carried(areas: Areas, crs: str | None = None) -> Imported:
    """The areas of a file in EPSG:32645, those that touch the region (`geo.crs.REGION`).

    `crs` is the system of a file that names none that can be used: chosen from a list of ours.

    Raises `VectorError`: "crs", "outside", "many".
    """
    shapes = areas.frame.geometry.to_numpy()
    system = _system(areas, crs)
    near = _near(shapely.bounds(_moved(shapes, system, WGS84)))
    degrees = _whole(_moved(_divided(shapes[near], system), system, WGS84))
    region, rows = shapely.box(*REGION), np.flatnonzero(near)
    touching = shapely.intersects(degrees, region)
    degrees, rows = degrees[touching], rows[touching]
    if not len(degrees):
        raise VectorError("no area touches the region; give the file the system that it is in", "outside")
    west, south, east, north = REGION
    room = shapely.box(west - _ROOM_DEG, south - _ROOM_DEG, east + _ROOM_DEG, north + _ROOM_DEG)
    far = ~shapely.covers(room, degrees)
    degrees[far] = _whole(shapely.intersection(degrees[far], room))
    found = _whole(_moved(degrees, pyproj.CRS(WGS84), WORKING))
    there = shapely.area(found) > 0
    found = found[there]
    return Imported(found, system.name, len(shapes) - len(found), areas.left_out, areas.mended, rows[there])


def _system(areas: Areas, crs: str | None) -> pyproj.CRS:
    """The system of a file, else the one that is told. Raises `VectorError` where there is neither."""
    own = areas.frame.crs
    if own is not None and not own.is_engineering and not own.name.startswith("Undefined"):
        # GeoJSON means degrees even where metres were written into it.
        beyond = np.abs(shapely.bounds(areas.frame.geometry.to_numpy())).max(axis=1) > _TURN_DEG
        if not (own.is_geographic and beyond.all()):
            return own
    if crs is None:
        raise VectorError("the file names no coordinate system; say which it is in", "crs")
    return pyproj.CRS(crs)


def _moved(shapes: Shapes, source: pyproj.CRS, target: str) -> Shapes:
    """Shapes in another system; where there is no image, their coordinates are infinite."""
    try:
        way = pyproj.Transformer.from_crs(source, target, always_xy=True)

        def move(xy: Floats) -> Floats:
            return np.column_stack(way.transform(xy[:, 0], xy[:, 1]))

        return np.asarray(shapely.transform(shapes, move), object)
    except ProjError as error:
        raise VectorError(
            f"positions in {source.name[:80]} cannot be carried over: {error}", "crs"
        ) from error


def _near(bounds: Floats) -> Bools:
    """Whether the bounds of areas (degrees) meet the region; not where they are infinite."""
    west, south, east, north = bounds.T
    there = np.isfinite(bounds).all(axis=1)
    near: Bools = (
        there & (west <= REGION[2]) & (east >= REGION[0]) & (south <= REGION[3]) & (north >= REGION[1])
    )
    return near


def _divided(shapes: Shapes, system: pyproj.CRS) -> Shapes:
    """Areas whose long sides are divided. Raises `VectorError` where that would be far too much."""
    step = _STEP_DEG if system.is_geographic else _STEP_M / system.axis_info[0].unit_conversion_factor
    wanted = shapely.get_num_coordinates(shapes).sum() + shapely.length(shapes).sum() / step
    if not wanted <= MOST_VERTICES:
        raise VectorError("the outlines are far too long for their system; cut out a smaller area", "many")
    return np.asarray(shapely.segmentize(shapes, step), object)


def _whole(shapes: Shapes) -> Shapes:
    """Areas that are valid; being carried can make one cross itself."""
    shapes = shapes.copy()
    broken = ~shapely.is_valid(shapes) | (
        shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    )
    shapes[broken] = mended(shapes[broken])
    return shapes


# --- keeping -------------------------------------------------------------------------------------------


def save(shapes: Shapes, accuracy_m: float, path: Path, names: Sequence[str] = ()) -> None:
    """Write areas with the accuracy of their positions (m): to a part file, which then takes the name.

    `names` says what each area is called, or nothing is said of any. Raises `OSError` where the folder cannot
    be written.
    """
    texts = shapely.to_wkb(shapes).tolist()
    handle, part = tempfile.mkstemp(suffix=".part", prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(
                file,
                allow_pickle=False,
                version=np.array(_VERSION),
                accuracy_m=np.array(accuracy_m),
                shapes=np.frombuffer(b"".join(texts), np.uint8),
                sizes=np.array([len(text) for text in texts], np.int64),
                names=np.frombuffer(json.dumps(list(names)).encode(), np.uint8),
            )
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def load(path: Path) -> tuple[Shapes, float]:
    """The areas (EPSG:32645) and their accuracy (m) that `save` wrote.

    Raises `VectorError` ("kept") where the file is not there, not whole or not of this version.
    """
    try:
        _refuse_large(path)
        with np.load(path, allow_pickle=False) as file:
            if int(file["version"]) != _VERSION:
                raise ValueError("written by another version")
            blob, ends = file["shapes"].tobytes(), np.cumsum(file["sizes"]).tolist()
            accuracy_m = float(file["accuracy_m"])
        wkb = [blob[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        return np.asarray(shapely.from_wkb(wkb), object), accuracy_m
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise VectorError(f"{path.name}: no whole areas ({error}); bring the file again", "kept") from error
    except shapely.errors.ShapelyError as error:
        raise VectorError(f"{path.name}: a broken area ({error}); bring the file again", "kept") from error


def load_names(path: Path) -> tuple[str, ...]:
    """What the areas that `save` wrote are called, in their order; none where that is not said."""
    try:
        _refuse_large(path)
        with np.load(path, allow_pickle=False) as file:
            told = json.loads(file["names"].tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return ()
    return tuple(map(str, told)) if isinstance(told, list) else ()


def _refuse_large(path: Path) -> None:
    """Raise `ValueError` where what a file unpacks to is more than any that was written."""
    with zipfile.ZipFile(path) as pack:
        if sum(member.file_size for member in pack.infolist()) > _MOST_BYTES:
            raise ValueError("too large")
