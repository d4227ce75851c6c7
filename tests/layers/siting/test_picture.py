"""The picture of a whole raster: the same pixels as its tiles, at the place where they lie."""

import io
import math

import numpy as np
import pytest
from PIL import Image

from layers.siting import picture as pictures
from layers.siting.picture import picture
from layers.siting.tiles import SIZE, tile
from layers.store import embedded
from tests.layers.siting.searches import PLAIN, SMALL, search


def test_it_is_the_tiles_side_by_side_where_they_lie() -> None:
    found, layer = search(PLAIN), embedded().catalogue.layers["site_score"]
    made = picture(found, layer)
    west, south, east, north = made.bounds
    assert west <= SMALL[0] < SMALL[2] <= east
    assert south <= SMALL[1] < SMALL[3] <= north
    whole = Image.open(io.BytesIO(made.png))
    columns = whole.width // SIZE
    z = round(math.log2(360 / (east - west) * columns))
    x = round((west + 180) / 360 * 2**z)
    y = round((1 - math.asinh(math.tan(math.radians(north))) / math.pi) / 2 * 2**z)
    one = Image.open(io.BytesIO(tile(found, layer, z, x + columns - 1, y)))
    corner = whole.crop(((columns - 1) * SIZE, 0, columns * SIZE, SIZE))
    assert np.array_equal(np.asarray(corner.convert("RGBA")), np.asarray(one.convert("RGBA")))
    assert len(np.unique(np.asarray(whole))) > 10


def test_it_is_coarser_where_it_would_be_too_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    found, layer = search(PLAIN), embedded().catalogue.layers["site_score"]
    fine = picture(found, layer)
    monkeypatch.setattr(pictures, "_MOST_BYTES", len(fine.png) - 1)
    assert len(picture(found, layer).png) < len(fine.png)
