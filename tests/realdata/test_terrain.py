"""The sample terrain (SRTM30 Plus, degrees, some 1.4 km a cell) as a reader's upload, where it is present."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from geo.criteria import slope_percent
from geo.crs import WGS84, WORKING, transform
from geo.grid import Grid
from geo.raster_import import onto, open_upload

TERRAIN = Path(__file__).resolve().parents[3] / "shared" / "geodata" / "dem_srtm30plus_4326.tif"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not TERRAIN.is_file(), reason="../shared/geodata is not here"),
]


@pytest.fixture(scope="module")
def grid() -> Grid:
    x, y = transform([84.6, 86.25, 84.6, 86.25], [56.27, 56.27, 57.09, 57.09], WGS84, WORKING)
    return Grid.over((x.min(), y.min(), x.max(), y.max()), 500.0)


def test_it_opens(grid: Grid) -> None:
    with open_upload(TERRAIN) as upload:
        assert (upload.columns, upload.rows, upload.bands) == (520, 240, 1)
        assert upload.cell == pytest.approx((0.0125, 0.0125))
        assert upload.north_up


def test_heights_on_the_grid_are_those_around(grid: Grid) -> None:
    """Each is between the least and the most of the four cells of the file around its centre."""
    found = onto(TERRAIN, grid)
    assert np.isfinite(found).all()
    with rasterio.open(TERRAIN) as raster:
        values, affine = raster.read(1).astype(float), ~raster.transform
    lon, lat = transform(*np.meshgrid(*grid.axes()), WORKING, WGS84)
    column = np.floor(affine.a * lon + affine.c - 0.5).astype(int)
    row = np.floor(affine.e * lat + affine.f - 0.5).astype(int)
    around = np.stack([values[row + a, column + b] for a in (0, 1) for b in (0, 1)])
    between = (found >= around.min(axis=0) - 1) & (found <= around.max(axis=0) + 1)
    assert between.mean() > 0.99
    assert np.abs(found - around.mean(axis=0)).max() < np.ptp(values)


def test_the_tom_lies_below_its_eastern_bank(grid: Grid) -> None:
    """The river at Tomsk (some 70 m) and the upland 25 km east of it."""
    found = onto(TERRAIN, grid)
    x, y = transform([84.94, 85.35], [56.48, 56.45], WGS84, WORKING)
    river, upland = (found[grid.cell_at(*at)] for at in zip(x.tolist(), y.tolist(), strict=True))
    assert 60 < river < 110
    assert upland > river + 40


def test_its_slopes_are_gentle(grid: Grid) -> None:
    slope = slope_percent(onto(TERRAIN, grid), grid.cell_m)
    assert np.isfinite(slope[1:-1, 1:-1]).all()
    assert np.nanmedian(slope) < 3
    assert np.nanmax(slope) < 30
