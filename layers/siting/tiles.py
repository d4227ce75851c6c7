"""Tiles of the suitability of a search: each computed from its address alone, the same whoever draws it.

A tile of web mercator (EPSG:3857) shows the cells of the grid as they lie: every pixel takes the score of the
cell its middle falls into, so a click tells the figure that is seen. Where a pixel is larger than a cell the
criteria are read from their overviews: what is seen is the value of a mean, while a click, as every figure,
comes from the cells themselves. The picture is a palette PNG, coloured by the layer's style.
"""

import math
import struct
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from isal import isal_zlib
from pyproj import Transformer

from geo.crs import WORKING
from geo.grid import Grid, Window
from geo.network import Floats
from geo.suitability import shaded
from geo.weighing import EXCLUDED_SHADE, UNKNOWN_SHADE, UNSURE_SHADES
from layers.catalog import Layer
from layers.siting.basis import Basis, Scores, States
from layers.siting.memory import Memory
from layers.siting.results import Findings
from layers.style import Symbol

SIZE = 512
"""Pixels a side."""
DEEPEST = 22
_WEB_MERCATOR = "EPSG:3857"
_HALF_WORLD = math.pi * 6378137.0
_HELD_BYTES = 256 * 1024**2
"""What lies under tiles is kept within that: of a tile a megabyte a criterion, and where cells are."""
_NOTHING_BYTES = 4096
_KNOTS = 17
_STRAIGHT_FROM = 6
"""The zoom from which a tile is small enough for that."""
_HATCH = 8
"""Every so many pixels a line of the hatching begins."""
_SCORES = 101
LINE = 104
"""The shade of the lines of the hatching."""
_SEEN = 0.86
"""How opaque suitable cells are; what is less suitable is fainter."""
_FAINT = 0.45
Indices = npt.NDArray[np.uint8]


def tile(found: Findings, layer: Layer, z: int, x: int, y: int) -> bytes:
    """The PNG of a tile; an empty one where no cell lies. `z` is at most `DEEPEST`."""
    return _png(_picture(found, z, x, y), palette(layer))


def _picture(found: Findings, z: int, x: int, y: int) -> Indices:
    """The palette index of each pixel: 0 where there is no cell."""
    laid = _laid(found.basis, z, x, y)
    if laid is None:
        return np.zeros((SIZE, SIZE), np.uint8)
    index = shaded(*found.weighed(laid.amounts, laid.state))
    return _hatched(np.where(laid.inside, index[laid.rows, laid.columns], np.uint8(0)))


@dataclass(frozen=True, eq=False)
class _Laid:
    """What lies under a tile: amounts and states of cells, and which of them each pixel shows."""

    amounts: Scores
    state: States
    rows: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    inside: npt.NDArray[np.bool_]

    @property
    def bytes(self) -> int:
        """What it takes in memory."""
        parts = self.amounts, self.state, self.rows, self.columns, self.inside
        return sum(part.nbytes for part in parts)


def _laid(basis: Basis, z: int, x: int, y: int) -> _Laid | None:
    """What lies under a tile, None where nothing does; kept, so that another weight is only weighed."""
    return _UNDER.get((basis, z, x, y), lambda: _looked_up(basis, z, x, y))


_UNDER: Memory[_Laid | None] = Memory(_HELD_BYTES, lambda laid: laid.bytes if laid else _NOTHING_BYTES)


def _looked_up(basis: Basis, z: int, x: int, y: int) -> _Laid | None:
    rows, columns = cells_under(basis.ground.grid, z, x, y)
    inside = rows >= 0
    if not inside.any():
        return None
    level = _level(basis.ground.grid, z, y, basis.levels)
    rows, columns = rows >> level, columns >> level
    row, column = int(rows[inside].min()), int(columns[inside].min())
    window = Window(row, column, int(rows[inside].max()) - row + 1, int(columns[inside].max()) - column + 1)
    amounts = basis.amounts(level, window)
    state = basis.states(level, window, amounts)
    rows, columns = (np.where(inside, part, 0) for part in (rows - row, columns - column))
    if window.rows * window.columns <= SIZE * SIZE:
        return _Laid(amounts, state, rows, columns, inside)
    down, across = np.indices((SIZE, SIZE), np.int32)
    return _Laid(amounts[:, rows, columns], state[rows, columns], down, across, inside)


def _hatched(picture: Indices) -> Indices:
    """Cells of which it cannot be told whether a limit applies: their colour under slanting lines."""
    unsure = picture >= UNSURE_SHADES
    if not unsure.any():
        return picture
    across = np.add.outer(np.arange(SIZE), np.arange(SIZE)) % _HATCH
    drawn: Indices = np.where(unsure, np.where(across < 2, LINE, picture - UNSURE_SHADES), picture)
    return drawn.astype(np.uint8)


def _level(grid: Grid, z: int, y: int, levels: int) -> int:
    """The overview whose cells are not larger than the pixels of a tile."""
    middle = _HALF_WORLD * (1 - (2 * y + 1) / 2**z)
    stretch = math.cosh(middle / 6378137.0)
    pixel_m = 2 * _HALF_WORLD / 2**z / SIZE / stretch
    return min(max(0, math.floor(math.log2(pixel_m / grid.cell_m))), levels)


@lru_cache(maxsize=24)
def cells_under(grid: Grid, z: int, x: int, y: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The row and the column of the cell under the middle of each pixel of a tile; -1 outside.

    Knots 32 pixels apart are projected exactly and the pixels between by straight lines, which is off by less
    than a hundredth of a pixel; tiles of half a continent are projected pixel by pixel.
    """
    utm_x, utm_y = _straight(z, x, y) if z >= _STRAIGHT_FROM else _projected(z, x, y, _middles(SIZE))
    columns = np.floor((utm_x - grid.west) / grid.cell_m)
    rows = np.floor((grid.north - utm_y) / grid.cell_m)
    inside = (columns >= 0) & (columns < grid.columns) & (rows >= 0) & (rows < grid.rows)
    return np.where(inside, rows, -1).astype(np.int32), np.where(inside, columns, -1).astype(np.int32)


def _straight(z: int, x: int, y: int) -> tuple[Floats, Floats]:
    """The metres of the middles of all pixels, by straight lines between the knots."""
    middles = _middles(SIZE) * (_KNOTS - 1)
    at = np.minimum(middles.astype(int), _KNOTS - 2)
    weights = np.zeros((SIZE, _KNOTS))
    weights[np.arange(SIZE), at] = 1 - (middles - at)
    weights[np.arange(SIZE), at + 1] = middles - at
    knots = _projected(z, x, y, np.linspace(0.0, 1.0, _KNOTS))
    return weights @ knots[0] @ weights.T, weights @ knots[1] @ weights.T


def _middles(count: int) -> Floats:
    return (np.arange(count) + 0.5) / count


def _projected(z: int, x: int, y: int, share: Floats) -> tuple[Floats, Floats]:
    """The metres (EPSG:32645) at some shares of the sides of a tile; NaN where a place has none."""
    width = 2 * _HALF_WORLD / 2**z
    east, north = np.meshgrid(-_HALF_WORLD + (x + share) * width, _HALF_WORLD - (y + share) * width)
    metres = _to_working().transform(east, north)
    found = [np.where(np.isfinite(part), part, np.nan) for part in metres]
    return found[0], found[1]


@cache
def _to_working() -> Transformer:
    return Transformer.from_crs(_WEB_MERCATOR, WORKING, always_xy=True)


# --- colours -----------------------------------------------------------------------------------------


def palette(layer: Layer) -> npt.NDArray[np.uint8]:
    """The 256 colours (RGBA) of a raster layer's style."""
    style, made = layer.style, np.zeros((256, 4), np.uint8)
    share = np.linspace(0.0, 1.0, _SCORES)
    stops = np.array([at for at, _ in style.ramp])
    colours = np.array([_rgb(colour) for _, colour in style.ramp], float)
    for band in range(3):
        made[1 : _SCORES + 1, band] = np.rint(np.interp(share, stops, colours[:, band]))
    made[1 : _SCORES + 1, 3] = np.rint(255 * (_FAINT + (_SEEN - _FAINT) * share))
    for place, key in ((EXCLUDED_SHADE, "excluded"), (UNKNOWN_SHADE, "unknown"), (LINE, "unsure")):
        made[place] = _rgba(style.symbol_of(key))
    return made


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _rgba(symbol: Symbol) -> tuple[int, int, int, int]:
    return (*_rgb(symbol.colour), round(255 * symbol.fill_opacity))


def _png(picture: Indices, palette: npt.NDArray[np.uint8]) -> bytes:
    """A palette PNG (ISO/IEC 15948), each row the difference to the one above it, which packs best."""
    rows, columns = picture.shape
    lines = np.empty((rows, columns + 1), np.uint8)
    lines[:, 0] = 2
    lines[0, 1:] = picture[0]
    np.subtract(picture[1:], picture[:-1], out=lines[1:, 1:])
    head = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3].tobytes()),
        (b"IDAT", isal_zlib.compress(lines, 1)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", isal_zlib.crc32(name + body))
