"""The whole of a raster layer as one picture, for a page that has no server to ask for tiles."""

import math
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from pyproj import Transformer

from geo.crs import WGS84, WORKING
from geo.grid import Grid
from geo.network import Bounds
from layers.catalog import Layer
from layers.siting.results import Findings
from layers.siting.tiles import SIZE, tile

_WEB_MERCATOR = "EPSG:3857"
_WORLD = 2 * math.pi * 6378137.0
_MOST_TILES = 36
_MOST_BYTES = 1_100_000
"""As text in a page a picture takes a third more."""


@dataclass(frozen=True)
class Picture:
    """A PNG of web mercator, and what it shows: west, south, east, north (degrees)."""

    png: bytes
    bounds: Bounds


def picture(found: Findings, layer: Layer) -> Picture:
    """All cells of a raster layer, as fine as a page can carry, coloured as its tiles are."""
    z = _finest(found.grid)
    made = _drawn(found, layer, z)
    while len(made.png) > _MOST_BYTES and z > 0:
        z -= 1
        made = _drawn(found, layer, z)
    return made


def _drawn(found: Findings, layer: Layer, z: int) -> Picture:
    """The tiles of a zoom side by side."""
    columns, rows = _tiles(found.grid, z)
    whole = Image.new("P", (len(columns) * SIZE, len(rows) * SIZE))
    for x in columns:
        for y in rows:
            part = Image.open(BytesIO(tile(found, layer, z, x, y)))
            whole.paste(part, ((x - columns.start) * SIZE, (y - rows.start) * SIZE))
    whole.putpalette(part.getpalette() or [])
    file = BytesIO()
    whole.save(file, "PNG", compress_level=9, transparency=part.info["transparency"])
    width = _WORLD / 2**z
    west, north = columns.start * width - _WORLD / 2, _WORLD / 2 - rows.start * width
    east, south = west + len(columns) * width, north - len(rows) * width
    to_degrees = Transformer.from_crs(_WEB_MERCATOR, WGS84, always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(west, south, east, north)
    return Picture(file.getvalue(), (west, south, east, north))


def _finest(grid: Grid) -> int:
    """The zoom from which a cell is at least two pixels wide, or the deepest with not too many tiles."""
    west, _, east, _ = _mercator(grid)
    z = max(0, math.ceil(math.log2(2 * _WORLD * grid.columns / SIZE / (east - west))))
    while math.prod(len(part) for part in _tiles(grid, z)) > _MOST_TILES:
        z -= 1
    return z


def _tiles(grid: Grid, z: int) -> tuple[range, range]:
    """The columns and the rows of the tiles of a zoom that a grid lies under."""
    width, half = _WORLD / 2**z, _WORLD / 2
    west, south, east, north = _mercator(grid)
    columns = math.floor((west + half) / width), math.ceil((east + half) / width)
    rows = math.floor((half - north) / width), math.ceil((half - south) / width)
    return range(*columns), range(*rows)


def _mercator(grid: Grid) -> Bounds:
    to_mercator = Transformer.from_crs(WORKING, _WEB_MERCATOR, always_xy=True)
    west, south, east, north = to_mercator.transform_bounds(*grid.bounds)
    return west, south, east, north
