"""Taking in a file of areas of a reader's: read within limits, looked at, and only then kept as a limit."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
import numpy.typing as npt
import shapely
from pandas.api.types import is_object_dtype, is_string_dtype
from rasterio.features import rasterize
from rasterio.transform import Affine

from geo.area_import import Imported, carried
from geo.errors import VectorError
from geo.vector_files import AREAS, Areas, Shapes, layers_of, open_areas
from layers.store import Store

Files = Sequence[tuple[str, bytes]]
"""Names and contents: one file, or the parts of one shapefile."""
Picture = npt.NDArray[np.uint8]
ENDINGS = ("gpkg", "geojson", "json", "zip", "shp", "shx", "dbf", "prj", "cpg")
MOST_MB = 100
_MOST_COLUMNS, _LONGEST = 60, 80
_NAMING = re.compile("name|назв|наим|title")
_SIZE_PX = (640, 480)
_MARGIN = 1.15
_LEAST_M = 1_000.0
_GROUND = (140, 140, 140, 255)
_INSIDE, _EDGE = (40, 125, 155, 90), (40, 125, 155, 255)
"""Colours that stand out on light and on dark pages alike."""


@dataclass(frozen=True, eq=False)
class Draft:
    """Areas that were read and are shown, not kept yet; `texts` is what the file says of each, by column."""

    origin: str
    imported: Imported
    picture: Picture
    texts: dict[str, tuple[str, ...]]

    @property
    def naming(self) -> str | None:
        """The column that seems to hold the names of the areas."""
        return next((column for column in self.texts if _NAMING.search(column.casefold())), None)


def layers(files: Files) -> list[str]:
    """The layers of a file that may hold areas. Raises `VectorError`."""
    with _lying(files) as path:
        return layers_of(path, AREAS)


def read(store: Store, files: Files, *, layer: str | None = None, crs: str | None = None) -> Draft:
    """Read the areas of a file that touch the region.

    `crs` is the system (PROJ) of a file that names none. Raises `VectorError`: "parts", and what `open_areas`
    and `carried` do.
    """
    with _lying(files) as path:
        areas = open_areas(path, layer=layer, most_bytes=MOST_MB * 1024**2, columns=True)
    imported = carried(areas, crs)
    picture = sketch(imported.shapes, store.metric("districts").to_numpy())
    return Draft(_main(files)[0], imported, picture, _texts(areas, imported))


def _texts(areas: Areas, imported: Imported) -> dict[str, tuple[str, ...]]:
    """The columns of texts, with the text of each area that was taken in, as one short line."""
    attributes = areas.frame.drop(columns=areas.frame.geometry.name).iloc[imported.rows]
    found = {}
    for column in attributes.columns[:_MOST_COLUMNS]:
        values = attributes[column]
        if not (is_object_dtype(values) or is_string_dtype(values)):
            continue
        told = tuple(" ".join(value.split())[:_LONGEST] if isinstance(value, str) else "" for value in values)
        if any(told):
            found[str(column)] = told
    return found


def _main(files: Files) -> tuple[str, bytes]:
    """The file itself, of several the .shp."""
    if len(files) == 1:
        return files[0]
    shapes = [file for file in files if _ending(file[0]) == ".shp"]
    if len(shapes) != 1:
        raise VectorError(f"{len(files)} files, {len(shapes)} of them .shp; give one shapefile", "parts")
    return shapes[0]


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


@contextmanager
def _lying(files: Files) -> Iterator[Path]:
    """The files in a private folder, under names of ours, while they are read."""
    main, content = _main(files)
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / ("upload" if len(files) == 1 else "upload.shp")
        for name, part in files:
            known = _ending(name).removeprefix(".") in ENDINGS and PurePath(name).stem == PurePath(main).stem
            if len(files) > 1 and not known:
                raise VectorError(f"{name[:80]!r} is no part of {main[:80]!r}; give one shapefile", "parts")
            if len(files) > 1:
                path.with_suffix(_ending(name)).write_bytes(part)
        path.write_bytes(content)
        yield path


# --- the picture -------------------------------------------------------------------------------------------


def sketch(shapes: Shapes, ground: Shapes) -> Picture:
    """Areas (EPSG:32645) as pixels (height, width, RGBA) on nothing, north up, with outlines around."""
    width, height = _SIZE_PX
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    step = max((east - west) / width, (north - south) / height, _LEAST_M / height) * _MARGIN
    middle = (west + east) / 2, (south + north) / 2
    frame = Affine(step, 0.0, middle[0] - step * width / 2, 0.0, -step, middle[1] + step * height / 2)
    seen = shapely.box(frame.c, frame.f - step * height, frame.c + step * width, frame.f)
    around = shapely.intersection(shapely.boundary(ground[shapely.is_valid(ground)]), seen)
    areas = shapely.simplify(shapes, step / 2)
    picture = np.zeros((height, width, 4), np.uint8)
    for drawn, colour in ((around, _GROUND), (areas, _INSIDE), (shapely.boundary(areas), _EDGE)):
        there = drawn[~shapely.is_empty(drawn)]
        if len(there):
            picture[rasterize(there, (height, width), transform=frame, all_touched=True) > 0] = colour
    return picture
