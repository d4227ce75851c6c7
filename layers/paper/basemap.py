"""A known online map under a printed one: its tiles of the window, carried to EPSG:32645.

Only the two services that the planner itself names are asked, never an address that a reader typed: the
server would else fetch whatever it can reach. Tiles are few, fetched side by side, and kept for a while, as
the rules of OpenStreetMap ask; when any is missing there is no base, and the sheet says so.
"""

import io
import math
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError
from rasterio import Affine, warp

from geo.crs import WORKING, transform
from layers.paper.frame import Bounds
from layers.paper.ground import Ground
from layers.webmap import IMAGERY, OSM

Service = Literal["osm", "imagery"]
SERVICES = {"osm": OSM, "imagery": IMAGERY}
MOST_TILES = 64
"""The rules of the services ask not to fetch many."""
SIZE = 256
_AT_ONCE, _TIMEOUT_S, _MOST_BYTES = 4, 6.0, 2_000_000
_AGENT = "TomskAgglomerationPlanner/1.0 (printed map sheets; few tiles, kept)"
_HALF_M = math.pi * 6378137.0
_FINEST_DPI = 200
_MERCATOR = "EPSG:3857"
Fetch = Callable[[str], bytes]


class Unreachable(OSError):
    """The service did not answer, or answered with what is no tile."""


class _NoDetour(urllib.request.HTTPRedirectHandler):
    """A known service answers itself; whoever sends elsewhere is not followed."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


@lru_cache(maxsize=512)
def fetched(address: str) -> bytes:
    """A tile as it was sent. Raises OSError."""
    asked = urllib.request.Request(address, headers={"User-Agent": _AGENT})  # noqa: S310 - of SERVICES alone
    with urllib.request.build_opener(_NoDetour).open(asked, timeout=_TIMEOUT_S) as answer:
        content: bytes = answer.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise Unreachable(address)
    return content


def basemap(service: Service, bounds: Bounds, size_mm: tuple[float, float], fetch: Fetch = fetched) -> Ground:
    """The map of a service within bounds (m, EPSG:32645) that are `size_mm` large on paper.

    Raises `Unreachable`.
    """
    zoom, tiles = _tiles(bounds, size_mm, SERVICES[service][2])
    (west, north), (east, south) = tiles
    names = [(x, y) for y in range(north, south + 1) for x in range(west, east + 1)]
    addresses = [_address(SERVICES[service][0], zoom, x, y) for x, y in names]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            pieces = list(pool.map(lambda address: _opened(fetch(address)), addresses))
        except OSError as fault:
            pool.shutdown(cancel_futures=True)
            raise Unreachable(service) from fault
    whole = np.zeros((3, (south - north + 1) * SIZE, (east - west + 1) * SIZE), np.uint8)
    for (x, y), piece in zip(names, pieces, strict=True):
        row, column = (y - north) * SIZE, (x - west) * SIZE
        whole[:, row : row + SIZE, column : column + SIZE] = np.moveaxis(piece, 2, 0)
    return _warped(whole, zoom, west, north, bounds)


def _tiles(
    bounds: Bounds, size_mm: tuple[float, float], deepest: int
) -> tuple[int, tuple[tuple[int, int], tuple[int, int]]]:
    """The deepest zoom that needs few tiles and shows no more than can be printed, and its corner tiles."""
    x, y = _mercator(bounds)
    most_px = max(size_mm) / 25.4 * _FINEST_DPI
    found = None
    for zoom in range(3, deepest + 1):
        side = 2 * _HALF_M / 2**zoom
        columns = [math.floor((edge + _HALF_M) / side) for edge in (x.min(), x.max())]
        rows = [math.floor((_HALF_M - edge) / side) for edge in (y.max(), y.min())]
        count = (columns[1] - columns[0] + 1) * (rows[1] - rows[0] + 1)
        if found and (count > MOST_TILES or (columns[1] - columns[0]) * SIZE > 2 * most_px):
            break
        found = zoom, ((columns[0], rows[0]), (columns[1], rows[1]))
    if found is None:
        raise Unreachable("no zoom")
    return found


def _mercator(bounds: Bounds) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The edge of the window in metres of web mercator."""
    west, south, east, north = bounds
    across, up = np.meshgrid(np.linspace(west, east, 9), np.linspace(south, north, 9))
    return transform(across, up, WORKING, _MERCATOR)


def _address(template: str, z: int, x: int, y: int) -> str:
    return template.format(z=z, x=x, y=y)


def _opened(content: bytes) -> npt.NDArray[np.uint8]:
    """The pixels of a tile. Raises `Unreachable` for anything that is none."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.size != (SIZE, SIZE):
                raise Unreachable(f"a tile of {picture.size}")
            return np.asarray(picture.convert("RGB"))
    except (UnidentifiedImageError, SyntaxError, ValueError) as fault:
        raise Unreachable("no picture") from fault


def _warped(whole: npt.NDArray[np.uint8], zoom: int, west: int, north: int, bounds: Bounds) -> Ground:
    """The mosaic on the plane of the map, with the pixels that it has."""
    side = 2 * _HALF_M / 2**zoom
    pixel = side / SIZE
    placed = Affine(pixel, 0, -_HALF_M + west * side, 0, -pixel, _HALF_M - north * side)
    x, _ = _mercator(bounds)
    left, bottom, right, top = bounds
    columns = max(2, round((x.max() - x.min()) / pixel))
    rows = max(2, round(columns * (top - bottom) / (right - left)))
    target = Affine((right - left) / columns, 0, left, 0, -(top - bottom) / rows, top)
    made = np.zeros((3, rows, columns), np.uint8)
    warp.reproject(
        whole, made, src_transform=placed, src_crs=_MERCATOR, dst_transform=target, dst_crs=WORKING,
        resampling=warp.Resampling.bilinear,
    )  # fmt: skip
    return Ground(Image.fromarray(np.moveaxis(made, 0, 2), "RGB"), bounds)
