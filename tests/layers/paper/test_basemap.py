"""The online base: right places, few tiles, only the known services, nothing where any tile is missing."""

import io
import math
import re

import numpy as np
import pytest
from PIL import Image

from geo.crs import WORKING, transform
from layers.paper.basemap import MOST_TILES, SERVICES, SIZE, Unreachable, basemap

BOUNDS = (370_000.0, 6_250_000.0, 400_000.0, 6_270_000.0)
HALF = math.pi * 6378137.0


class Painted:
    """A service whose pixels are coloured by where they lie: red by easting, green by northing."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, int]] = []
        west, south = transform([BOUNDS[0] - 30_000], [BOUNDS[1] - 30_000], WORKING, "EPSG:3857")
        east, north = transform([BOUNDS[2] + 30_000], [BOUNDS[3] + 30_000], WORKING, "EPSG:3857")
        self.box = float(west[0]), float(south[0]), float(east[0]), float(north[0])

    def __call__(self, address: str) -> bytes:
        z, x, y = map(int, re.fullmatch(r".*/(\d+)/(\d+)/(\d+)\.png", address).groups())  # type: ignore[union-attr]
        self.asked.append((z, x, y))
        side = 2 * HALF / 2**z
        at = (np.arange(SIZE) + 0.5) / SIZE
        across, up = np.meshgrid(-HALF + (x + at) * side, HALF - (y + at) * side)
        west, south, east, north = self.box
        red = np.clip((across - west) / (east - west) * 255, 0, 255)
        green = np.clip((up - south) / (north - south) * 255, 0, 255)
        file = io.BytesIO()
        Image.fromarray(np.dstack([red, green, red * 0 + 90]).astype(np.uint8)).save(file, "PNG")
        return file.getvalue()


def test_every_pixel_lies_where_it_should() -> None:
    service = Painted()
    ground = basemap("osm", BOUNDS, (300, 200), service)
    assert ground.bounds == BOUNDS
    assert 0 < len(service.asked) <= MOST_TILES
    assert len({z for z, _, _ in service.asked}) == 1
    pixels = np.asarray(ground.picture).astype(float)
    rows, columns, _ = pixels.shape
    for share_x, share_y in ((0.1, 0.2), (0.5, 0.5), (0.9, 0.8)):
        row, column = int(share_y * rows), int(share_x * columns)
        x = BOUNDS[0] + (column + 0.5) / columns * (BOUNDS[2] - BOUNDS[0])
        y = BOUNDS[3] - (row + 0.5) / rows * (BOUNDS[3] - BOUNDS[1])
        east, north = (float(part[0]) for part in transform([x], [y], WORKING, "EPSG:3857"))
        west, south, right, top = service.box
        assert pixels[row, column, 0] == pytest.approx((east - west) / (right - west) * 255, abs=2)
        assert pixels[row, column, 1] == pytest.approx((north - south) / (top - south) * 255, abs=2)
        assert pixels[row, column, 2] == pytest.approx(90, abs=1)
    # Finer than a screen, no finer than can be printed.
    assert 600 < columns < 2 * 300 / 25.4 * 200 * 2


def test_only_the_known_services_are_asked() -> None:
    asked: list[str] = []
    painted = Painted()

    def fetch(address: str) -> bytes:
        asked.append(address)
        return painted(address)

    basemap("osm", BOUNDS, (100, 80), fetch)
    assert all(address.startswith("https://tile.openstreetmap.org/") for address in asked)
    assert set(SERVICES) == {"osm", "imagery"}


@pytest.mark.parametrize(
    "content", [b"", b"<html>no</html>", b"\x89PNG\r\n\x1a\n broken"], ids=["empty", "page", "broken"]
)
def test_what_is_no_tile_makes_no_base(content: bytes) -> None:
    with pytest.raises(Unreachable):
        basemap("osm", BOUNDS, (100, 80), lambda _: content)


def test_a_tile_of_another_size_is_none() -> None:
    file = io.BytesIO()
    Image.new("RGB", (4000, 10)).save(file, "PNG")
    with pytest.raises(Unreachable):
        basemap("osm", BOUNDS, (100, 80), lambda _: file.getvalue())


def test_a_service_that_fails_once_makes_no_base() -> None:
    painted = Painted()

    def fetch(address: str) -> bytes:
        if len(painted.asked) == 3:
            raise TimeoutError(address)
        return painted(address)

    with pytest.raises(Unreachable):
        basemap("osm", BOUNDS, (100, 80), fetch)
