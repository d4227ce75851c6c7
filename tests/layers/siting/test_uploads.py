"""From a reader's GeoTIFF, made in code, to a kept raster that a search rests on."""

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from geo.errors import RasterError
from geo.grid import Window
from layers.query import Query
from layers.siting import brought, uploads
from layers.siting.measures import measure, offered
from layers.siting.results import Findings, findings
from layers.siting.uploads import keep, read
from layers.sought import Sought
from layers.store import EmbeddedStore
from layers.text import Words

EAST, NORTH = 380_000.0, 6_258_000.0
AREA = (85.06, 56.42, 85.09, 56.44)


pytestmark = pytest.mark.usefixtures("data")


def geotiff(
    cells: npt.NDArray[Any], crs: str | None = "EPSG:32645", cell_m: float = 25.0, **more: Any
) -> bytes:
    file = io.BytesIO()
    options = {"dtype": cells.dtype, "count": 1, "height": cells.shape[0], "width": cells.shape[1]}
    place = {"crs": crs, "transform": Affine(cell_m, 0.0, EAST, 0.0, -cell_m, NORTH)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(file, "w", driver="GTiff", **{**options, **place, **more}) as raster:
            raster.write(cells, 1)
    return file.getvalue()


def plane(rows: int = 120, columns: int = 120) -> npt.NDArray[np.float32]:
    """Heights that rise by 10 % to the east, in cells of 25 m, from 100 m."""
    return np.broadcast_to(100 + 2.5 * np.arange(columns, dtype=np.float32), (rows, columns)).copy()


def search(store: EmbeddedStore, text: str, cell_m: int = 50) -> Findings:
    model = f"c:{text}*1*lin~0~0~1000~1"
    return findings(store, Query(sought=Sought(area=AREA, cell_m=cell_m, model=model)))


def refused(code: str, content: bytes, **more: Any) -> None:
    with pytest.raises(RasterError) as told:
        read(content, "made.tif", **more)
    assert told.value.code == code


def test_a_geotiff_is_read_and_looked_at() -> None:
    cells = plane()
    cells[:30] = -9999
    draft = read(geotiff(cells, nodata=-9999), "dem.tif")
    assert (draft.origin, draft.crs_told) == ("dem.tif", False)
    assert CRS.from_user_input(draft.crs) == CRS.from_epsg(32645)
    assert draft.grid.cell_m == 25
    assert (draft.low, draft.high) == pytest.approx((100, 100 + 2.5 * 119))
    known = np.isfinite(draft.cells)
    assert draft.unknown == pytest.approx(1 - known.mean())
    assert draft.grid.bounds == (EAST, NORTH - 3000, EAST + 3000, NORTH)
    assert draft.unknown == pytest.approx(0.25)
    assert (draft.picture == 255).any()
    assert draft.picture.dtype == np.uint8
    assert max(draft.picture.shape) <= 320


def test_a_kept_raster_is_a_criterion(store: EmbeddedStore) -> None:
    """Its heights, its slope and its values are measured as they are, and called by its title."""
    made = keep(read(geotiff(plane(200, 200)), "dem.tif"), "Рельеф")
    assert brought.kept() == [made]
    of = {kind: measure(f"{kind}.{made.name}", store.catalogue) for kind in ("elevation", "slope", "raster")}
    assert of["slope"].title(store, Words("ru")) == "Уклон местности: Рельеф"
    assert f"elevation.{made.name}" in dict(offered(store))["raster"]

    found = search(store, f"elevation.{made.name}")
    window = Window(0, 0, *found.grid.shape)
    heights = found.basis.amounts(0, window)[0]
    known = np.isfinite(heights)
    assert known.any()
    x, y = np.meshgrid(*found.grid.axes())
    expected = 100 + 0.1 * (x - EAST) - 1.25
    np.testing.assert_allclose(heights[known], expected[known], atol=1.5)
    inside = (x > EAST + 100) & (x < EAST + 4900) & (y < NORTH - 100) & (y > NORTH - 4900)
    np.testing.assert_array_equal(known[inside], True)
    slope = search(store, f"slope.{made.name}").basis.amounts(0, window)[0]
    assert np.nanmedian(slope) == pytest.approx(10, abs=0.01)


def test_where_a_raster_does_not_reach_the_search_knows_nothing(store: EmbeddedStore) -> None:
    made = keep(read(geotiff(plane(80, 60)), "dem.tif"), "Рельеф")
    found = search(store, f"elevation.{made.name}")
    assert found.shares["unknown"] > 0.1
    assert found.shares["free"] > 0.1
    scores, states = found.whole
    assert np.isnan(scores[states == 3]).all()


def test_what_is_taken_away_is_no_measure(store: EmbeddedStore) -> None:
    made = keep(read(geotiff(plane()), "dem.tif"), "Рельеф")
    brought.remove(made)
    with pytest.raises(LookupError):
        measure(f"elevation.{made.name}", store.catalogue)
    assert "raster" not in dict(offered(store))


def test_classes_are_not_averaged(store: EmbeddedStore) -> None:
    """Neither when they are read, nor on the grid of a search, nor far out."""
    classes = np.where(np.indices((300, 300)).sum(axis=0) // 7 % 2 == 0, 10, 40).astype(np.uint8)
    draft = read(geotiff(classes, cell_m=10), "cover.tif", categorical=True)
    assert set(np.unique(draft.cells[np.isfinite(draft.cells)])) == {10, 40}
    made = keep(draft, "Покров")
    model = f"c:classes.{made.name}*1*cat~10~1~40~0.2"
    query = Query(sought=Sought(area=(85.04, 56.40, 85.40, 56.60), cell_m=25, model=model))
    found = findings(store, query)
    assert found.basis.levels > 0
    for level in range(found.basis.levels + 1):
        shape = found.grid.level(level).shape
        values = found.basis.amounts(level, Window(0, 0, *shape))
        assert set(np.unique(values[np.isfinite(values)])) <= {10, 40}, level
        assert np.isfinite(values).any()


def test_without_a_system_it_is_asked_for() -> None:
    content = geotiff(plane(), crs=None)
    refused("crs", content)
    draft = read(content, "made.tif", crs="EPSG:32645")
    assert draft.crs_told
    assert draft.grid == read(geotiff(plane()), "made.tif").grid


def test_another_system_is_carried_over() -> None:
    degrees = geotiff(plane(), crs="EPSG:4326", transform=Affine(0.0005, 0.0, 85.0, 0.0, -0.0003, 56.5))
    draft = read(degrees, "made.tif")
    assert CRS.from_user_input(draft.crs) == CRS.from_epsg(4326)
    assert draft.grid.cell_m in (25.0, 50.0)
    assert draft.low >= 99
    assert draft.high <= 100 + 2.5 * 120


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("empty", b""),
        ("kind", b"no tiff at all"),
        ("kind", b"\x89PNG\r\n\x1a\n" + b"0" * 100),
        ("unreadable", geotiff(plane())[:30_000]),
        ("empty", geotiff(np.full((40, 40), -9999, np.float32), nodata=-9999)),
        ("transform", geotiff(plane(), crs="EPSG:32645", transform=None)),
    ],
)
def test_what_cannot_be_read_is_told(code: str, content: bytes) -> None:
    refused(code, content)


def test_a_raster_of_half_the_world_is_too_large() -> None:
    huge = geotiff(np.zeros((50, 50), np.float32), cell_m=100_000.0)
    with pytest.raises(RasterError) as told:
        read(huge, "made.tif")
    assert told.value.code in ("large", "crs")


def test_coarse_cells_are_not_made_finer() -> None:
    assert read(geotiff(plane(20, 20), cell_m=400.0), "made.tif").grid.cell_m == 500
    assert read(geotiff(plane(20, 20), cell_m=9.0), "made.tif").grid.cell_m == 10


def test_one_value_alone_is_a_raster() -> None:
    draft = read(geotiff(np.full((40, 40), 7, np.int16)), "made.tif")
    assert (draft.low, draft.high) == (7, 7)
    known = draft.picture[np.isfinite(draft.cells)]
    assert (known < 255).all()


def test_nothing_is_left_behind_where_a_raster_cannot_be_kept(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = read(geotiff(plane()), "made.tif")
    keep(draft, "Рельеф")
    before = set((data / "rasters").iterdir())

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    with pytest.raises(RasterError) as told:
        keep(draft, "Рельеф")
    assert told.value.code == "exists"
    assert set((data / "rasters").iterdir()) == before
    monkeypatch.setattr(uploads, "write", full)
    with pytest.raises(RasterError) as told:
        keep(draft, "Другой")
    assert told.value.code == "disk"
    assert set((data / "rasters").iterdir()) == before
    assert [made.title for made in brought.kept()] == ["Рельеф"]


def test_a_folder_that_cannot_be_written_is_told(data: Path) -> None:
    data.mkdir()
    (data / "rasters").write_text("a file where a folder should be")
    with pytest.raises(RasterError) as told:
        keep(read(geotiff(plane()), "made.tif"), "Рельеф")
    assert told.value.code == "disk"
