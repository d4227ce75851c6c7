"""Tiles: every pixel shows the cell under it, tiles meet, and the same search is the same picture."""

import io
import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyproj import Transformer

from geo.crs import WORKING
from geo.grid import Window
from geo.weighing import EXCLUDED, UNKNOWN, UNSURE
from layers.catalog import Layer
from layers.siting.models import ready
from layers.siting.results import STATES, Findings
from layers.siting.tiles import DEEPEST, LINE, SIZE, cells_under, palette, tile
from layers.store import embedded
from tests.layers.siting.golden import golden
from tests.layers.siting.searches import PLAIN, search

LON, LAT = 85.0, 56.45
HALF_WORLD = math.pi * 6378137.0
ZOOMS = (4, 7, 9, 10, 11, 12, 14, 17)
TO_WORKING = Transformer.from_crs("EPSG:3857", WORKING, always_xy=True)
Pixels = npt.NDArray[np.uint8]


def layer() -> Layer:
    return embedded().catalogue.layers["site_score"]


def place(z: int, lon: float = LON, lat: float = LAT) -> tuple[int, int]:
    """The tile that holds a place."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return int(x), int(y)


def pixels(found: Findings, z: int, x: int, y: int) -> Pixels:
    """The colours (RGBA) of a tile as another program reads it."""
    picture = Image.open(io.BytesIO(tile(found, layer(), z, x, y)))
    assert (picture.format, picture.mode, picture.size) == ("PNG", "P", (SIZE, SIZE))
    return np.asarray(picture.convert("RGBA"))


def middles(z: int, x: int, y: int) -> tuple[Any, Any]:
    """The metres (EPSG:32645) of the middle of each pixel, projected one by one."""
    width = 2 * HALF_WORLD / 2**z
    share = (np.arange(SIZE) + 0.5) / SIZE
    east, north = np.meshgrid(-HALF_WORLD + (x + share) * width, HALF_WORLD - (y + share) * width)
    return TO_WORKING.transform(east, north)


@cache
def colours() -> Pixels:
    return palette(layer())


def coloured(scores: npt.NDArray[np.float32], states: npt.NDArray[np.uint8]) -> Pixels:
    """The colours that cells should have, made anew: the shade of the score, or that of the class."""
    shade = np.floor(np.nan_to_num(scores) * 100 + 1.5).astype(int)
    told = colours()[shade]
    for state in (EXCLUDED, UNKNOWN):
        symbol = layer().style.symbol_of(STATES[state])
        rgb = [int(symbol.colour[at : at + 2], 16) for at in (1, 3, 5)]
        told[states == state] = [*rgb, round(255 * symbol.fill_opacity)]
    return told


MODELS = (PLAIN, f"{PLAIN};o:4", f"{PLAIN};x:railway-housing;x:roadside-federal", "industrial-park")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("z", [10, 12, 15])
def test_a_pixel_shows_the_cell_under_it(model: str, z: int) -> None:
    found = search(model)
    x, y = place(z)
    picture = pixels(found, z, x, y)
    east, north = middles(z, x, y)
    column, row = (east - found.grid.west) / found.grid.cell_m, (found.grid.north - north) / found.grid.cell_m
    # Pixels within a hundredth of their size of a line between cells may fall to either side.
    margin = 0.02 * float(np.abs(np.diff(column, axis=1)).max())
    sure = (np.abs(column - np.rint(column)) > margin) & (np.abs(row - np.rint(row)) > margin)
    inside = (column >= 0) & (column < found.grid.columns) & (row >= 0) & (row < found.grid.rows)
    at = row[inside].astype(int), column[inside].astype(int)
    scores, states = found.whole[0][at], found.whole[1][at]
    expected, shown = coloured(scores, states), picture[inside]
    line = (shown == colours()[LINE]).all(axis=1)
    plain = sure[inside] & ~((states == UNSURE) & line)
    assert plain.any()
    np.testing.assert_array_equal(shown[plain], expected[plain])
    assert (picture[~inside & sure][:, 3] == 0).all()


@given(st.sampled_from([5, 6, 7, 9, 11, 14, 18]), st.integers(-1, 1), st.integers(-1, 1))
def test_the_cell_of_a_pixel_is_that_of_its_middle(z: int, right: int, down: int) -> None:
    grid = search(PLAIN).grid
    x, y = place(z)
    rows, columns = cells_under(grid, z, x + right, y + down)
    east, north = middles(z, x + right, y + down)
    column, row = (east - grid.west) / grid.cell_m, (grid.north - north) / grid.cell_m
    inside = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    margin = 0.02 * max(float(np.abs(np.diff(column, axis=1)).max()), 1e-9)
    sure = (np.abs(column - np.rint(column)) > margin) & (np.abs(row - np.rint(row)) > margin)
    assert (rows[sure & ~inside] == -1).all()
    assert (columns[sure & ~inside] == -1).all()
    np.testing.assert_array_equal(rows[sure & inside], np.floor(row[sure & inside]))
    np.testing.assert_array_equal(columns[sure & inside], np.floor(column[sure & inside]))


@pytest.mark.parametrize("z", ZOOMS)
def test_neighbouring_tiles_agree_along_their_edge(z: int) -> None:
    """Past the edge of a tile its neighbour goes on with the very next pixels: the cells ascend evenly."""
    grid = search(PLAIN).grid
    x, y = place(z)
    east = [middles(z, x + step, y)[0][:, side] for step, side in ((0, -2), (0, -1), (1, 0), (1, 1))]
    steps = np.diff(east, axis=0)
    np.testing.assert_allclose(steps[0], steps[1], rtol=1e-3)
    np.testing.assert_allclose(steps[1], steps[2], rtol=1e-3)
    for first, second, axis in (((x, y), (x + 1, y), 1), ((x, y), (x, y + 1), 0)):
        (row_a, column_a), (row_b, column_b) = (cells_under(grid, z, *tile_) for tile_ in (first, second))
        last_rows, next_rows = (np.take(part, at, axis) for part, at in ((row_a, -1), (row_b, 0)))
        last_columns, next_columns = (np.take(part, at, axis) for part, at in ((column_a, -1), (column_b, 0)))
        both = (last_rows >= 0) & (next_rows >= 0)
        pixel_cells = float(steps.max()) / grid.cell_m
        most = math.ceil(pixel_cells) + 1
        assert (np.abs(last_rows - next_rows)[both] <= most).all()
        assert (np.abs(last_columns - next_columns)[both] <= most).all()


@pytest.mark.parametrize("z", [10, 11, 12, 13])
def test_a_tile_is_that_of_its_four_quarters(z: int) -> None:
    """As long as cells are read and not their overviews, one zoom deeper shows the same cells."""
    found = search(PLAIN)
    x, y = place(z)
    rows, columns = cells_under(found.grid, z, x, y)
    deeper = [[cells_under(found.grid, z + 1, 2 * x + i, 2 * y + j) for i in (0, 1)] for j in (0, 1)]
    fine_rows, fine_columns = (np.block([[part[k] for part in row] for row in deeper]) for k in (0, 1))
    for coarse, fine in ((rows, fine_rows), (columns, fine_columns)):
        # The middle of a pixel is where four pixels of the next zoom meet: one of them lies in its cell.
        four = np.stack([fine[i::2, j::2] for i in (0, 1) for j in (0, 1)])
        inside = (coarse >= 0) & (four >= 0).all(axis=0)
        assert (four.min(axis=0) <= coarse)[inside].all()
        assert (coarse <= four.max(axis=0))[inside].all()


def test_where_no_cell_lies_nothing_is_drawn(small: Findings) -> None:
    for z, x, y in ((9, *place(9, 30.0, 10.0)), (0, 0, 0), (9, *place(9, -170.0, -60.0)), (DEEPEST, 0, 0)):
        picture = pixels(small, z, x, y)
        assert (picture[..., 3] == 0).all() or z == 0
    assert (pixels(small, 12, *place(12, 85.0, 57.0))[..., 3] == 0).all()


def test_the_whole_world_is_drawn(small: Findings) -> None:
    """At the first zooms the search is a few pixels, and just those whose middles lie on it."""
    west, south, east, north = small.grid.bounds
    for z in range(6):
        x, y = middles(z, *place(z))
        inside = np.nan_to_num((x >= west) & (x < east) & (y > south) & (y <= north))
        picture = pixels(small, z, *place(z))
        np.testing.assert_array_equal(picture[..., 3] > 0, inside)


def test_what_cannot_be_told_is_hatched() -> None:
    found = golden()
    x, y = place_of(found, 2, 2, 18)
    picture = pixels(found, 18, x, y)
    lines = (picture == colours()[LINE]).all(axis=2)
    score = (picture == colours()[1 + 92]).all(axis=2) | (picture == colours()[1 + 93]).all(axis=2)
    assert lines.any()
    assert score.any()
    assert not (picture[lines | score][:, 3] == 0).any()
    down, across = np.nonzero(lines)
    assert ((down + across) % 8 < 2).all()
    assert lines.sum() / (lines | score).sum() == pytest.approx(0.25, abs=0.02)


def test_hatching_goes_on_in_the_next_tile() -> None:
    assert SIZE % 8 == 0


def place_of(found: Findings, row: int, column: int, z: int) -> tuple[int, int]:
    """The tile that holds the middle of a cell."""
    x, y = found.grid.axes(Window(row, column, 1, 1))
    lon, lat = Transformer.from_crs(WORKING, "EPSG:4326", always_xy=True).transform(x[0], y[0])
    return place(z, lon, lat)


@pytest.mark.parametrize("z", [9, 11])
def test_a_model_that_is_written_out_is_drawn_as_the_ready_one(z: int) -> None:
    for id_ in ("industrial-park", "timber-plant"):
        text = ready(embedded())[id_].text()
        x, y = place(z)
        assert tile(search(text), layer(), z, x, y) == tile(search(id_), layer(), z, x, y)
    assert tile(search(PLAIN), layer(), z, x, y) != tile(search("timber-plant"), layer(), z, x, y)


def test_a_name_changes_nothing_that_is_drawn() -> None:
    x, y = place(11)
    assert tile(search(f"{PLAIN};n:Own"), layer(), 11, x, y) == tile(search(PLAIN), layer(), 11, x, y)


def test_the_same_tile_has_the_same_bytes(small: Findings) -> None:
    x, y = place(11)
    assert tile(small, layer(), 11, x, y) == tile(small, layer(), 11, x, y)


def test_overviews_show_what_lies_under_them() -> None:
    """Far out the cells of an overview are drawn: their scores lie within those of the cells they hold."""
    found = search("c:distance.railways*1*lin~0~1~20000~0", cell_m=25, area=(84.8, 56.35, 85.2, 56.55))
    assert found.basis.levels > 0
    x, y = place(9)
    picture = pixels(found, 9, x, y)
    shown = picture[picture[..., 3] > 0]
    known = {tuple(colour): share for share, colour in enumerate(colours()[1:102].tolist())}
    shares = [known[tuple(colour)] for colour in np.unique(shown, axis=0).tolist()]
    scores = found.whole[0] * 100
    assert min(shares) >= math.floor(np.nanmin(scores)) - 1
    assert max(shares) <= math.ceil(np.nanmax(scores)) + 1


def test_colours_of_the_palette_are_those_of_the_style() -> None:
    told, style = colours(), layer().style
    assert told.shape == (256, 4)
    assert told[0].tolist() == [0, 0, 0, 0]
    for share, colour in style.ramp:
        rgb = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        assert told[1 + round(share * 100), :3].tolist() == rgb
    opacity = told[1:102, 3].astype(int)
    assert (np.diff(opacity) >= 0).all()
    assert opacity[0] > 60
