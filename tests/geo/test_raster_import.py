"""Rasters that people bring: what is refused and why, and what becomes of their cells on a grid."""

import gc
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.control import GroundControlPoint
from rasterio.transform import Affine

from geo import raster_import as room
from geo.crs import WGS84, WORKING, msk70_proj, transform
from geo.errors import RasterError
from geo.grid import Grid
from geo.raster_import import onto, open_upload

GRID = Grid(west=500_000.0, north=6_260_000.0, cell_m=100.0, columns=30, rows=20)
NAN = np.nan
LOCAL = 'LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'


def tiff(path: Path, values: Any = None, **given: Any) -> Path:
    """A GeoTIFF of (bands, rows, columns), on the grid unless told otherwise."""
    values = np.zeros((1, *GRID.shape), np.float32) if values is None else np.asarray(values)
    after = {name: given.pop(name) for name in ("scales", "offsets", "mask", "gcps") if name in given}
    bands, rows, columns = values.shape
    profile = {"count": bands, "height": rows, "width": columns, "dtype": values.dtype.name}
    placed = {"crs": WORKING, "transform": GRID.affine}
    if "gcps" in after:
        placed = {}
    with rasterio.open(path, "w", driver="GTiff", **{**profile, **placed, **given}) as raster:
        raster.write(values)
        if "scales" in after:
            raster.scales, raster.offsets = after["scales"], after["offsets"]
        if "mask" in after:
            raster.write_mask(after["mask"])
        if "gcps" in after:
            raster.gcps = (after["gcps"], WORKING)
    return path


def declared(path: Path, columns: int, rows: int, dtype: str = "uint8", bands: int = 1, **given: Any) -> Path:
    """A small file that declares many cells and holds none of them."""
    profile = {"count": bands, "height": rows, "width": columns, "dtype": dtype, "bigtiff": "YES"}
    placed = {"crs": WORKING, "transform": GRID.affine, "sparse_ok": True}
    blocks = {"tiled": True, "blockxsize": 4096, "blockysize": 4096}
    with rasterio.open(path, "w", driver="GTiff", **{**profile, **placed, **blocks, **given}):
        pass
    return path


def code(path: Path, *more: Any, **given: Any) -> str:
    """With what code a file is refused; the message names the file, and no folder."""
    with pytest.raises(RasterError) as told:
        open_upload(path, *more, **given)
    assert path.name in str(told.value)
    assert "/" not in str(told.value).replace(path.name, "")
    return told.value.code


@pytest.fixture(autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where private copies go, to see that none is left."""
    folder = tmp_path_factory.mktemp("private")
    monkeypatch.setattr(room.tempfile, "tempdir", str(folder))
    return folder


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b'<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>',
        b'<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1/</ServerUrl></Service></GDAL_WMS>',
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04",
        b"II",
        b"/vsicurl/http://127.0.0.1/x.tif",
    ],
)
def test_what_is_no_tiff_inside_is_refused_whatever_its_name(
    tmp_path: Path, own_folder: Path, content: bytes
) -> None:
    path = tmp_path / "relief.tif"
    path.write_bytes(content)
    assert code(path) == "kind"
    assert not list(own_folder.iterdir())


def test_a_tiff_is_known_by_its_content(tmp_path: Path) -> None:
    with open_upload(tiff(tmp_path / "x.tif").rename(tmp_path / "relief.docx")) as upload:
        assert upload.name == "relief.docx"


def test_no_file_or_an_empty_one(tmp_path: Path) -> None:
    assert code(tmp_path / "none.tif") == "empty"
    (tmp_path / "empty.tif").touch()
    assert code(tmp_path / "empty.tif") == "empty"
    assert code(tmp_path.parent / tmp_path.name) == "empty"


def test_a_large_file(tmp_path: Path) -> None:
    assert code(tiff(tmp_path / "x.tif"), most_bytes=100) == "large"


@pytest.mark.parametrize(("side", "dtype"), [(300_000, "uint8"), (100_000, "float32"), (50_000, "float64")])
def test_a_small_file_that_declares_too_much(tmp_path: Path, own_folder: Path, side: int, dtype: str) -> None:
    """The second would unpack to 40 GB."""
    path = declared(tmp_path / "x.tif", side, side, dtype)
    assert path.stat().st_size < 2e6
    assert code(path) == "large"
    assert not list(own_folder.iterdir())


def test_bands_count_among_what_is_declared(tmp_path: Path) -> None:
    path = declared(tmp_path / "x.tif", 10_000, 10_000, bands=30)
    assert code(path) == "large"
    assert code(path, most_values=10**10) == "large"
    separate = declared(tmp_path / "y.tif", 10_000, 10_000, bands=30, interleave="band")
    open_upload(separate, most_values=10**10).close()


def test_one_piece_too_large_to_unpack(tmp_path: Path) -> None:
    path = declared(tmp_path / "x.tif", 25_000, 25_000, blockxsize=20_480, blockysize=20_480)
    assert code(path) == "large"


def test_no_bands(tmp_path: Path) -> None:
    """A TIFF by hand that says it has none."""
    entries = [(256, 4), (257, 4), (258, 8), (277, 0), (259, 1), (262, 1), (273, 8), (278, 4), (279, 16)]
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries))
    path = tmp_path / "x.tif"
    path.write_bytes(b"II*\x00" + struct.pack("<IH", 8, len(entries)) + body + bytes(100))
    assert code(path) in {"empty", "unreadable"}


@pytest.mark.parametrize("head", [b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"])
def test_noise_behind_the_first_bytes(tmp_path: Path, own_folder: Path, head: bytes) -> None:
    path = tmp_path / "x.tif"
    path.write_bytes(head + np.random.default_rng(1).bytes(5000))
    assert code(path) == "unreadable"
    assert not list(own_folder.iterdir())


def test_complex_numbers(tmp_path: Path) -> None:
    assert code(tiff(tmp_path / "x.tif", np.zeros((1, 4, 4), np.complex64))) == "kind"
    assert code(declared(tmp_path / "y.tif", 16, 16, "complex_int16", blockxsize=16, blockysize=16)) == "kind"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_what_is_not_placed(tmp_path: Path) -> None:
    plain = tiff(tmp_path / "x.tif", transform=None)
    # A world file beside it is not the file's own.
    (tmp_path / "x.tfw").write_text("100\n0\n0\n-100\n500050\n6259950\n")
    assert code(plain) == "transform"
    corners = [GroundControlPoint(0, 0, 5e5, 6e6), GroundControlPoint(9, 9, 6e5, 6e6)]
    assert code(tiff(tmp_path / "y.tif", gcps=[*corners, GroundControlPoint(9, 0, 5e5, 7e6)])) in {
        "transform",
        "crs",
    }


def test_no_coordinate_system(tmp_path: Path) -> None:
    path = tiff(tmp_path / "x.tif", crs=None)
    assert code(path) == "crs"
    assert code(path, "no such system") == "crs"
    assert code(tiff(tmp_path / "y.tif", crs=LOCAL)) == "crs"
    with open_upload(path, WORKING) as upload:
        assert upload.crs_told
        np.testing.assert_array_equal(onto(upload, GRID), 0)


def test_what_is_told_does_not_overrule_the_file(tmp_path: Path) -> None:
    with open_upload(tiff(tmp_path / "x.tif"), "EPSG:32644") as upload:
        assert not upload.crs_told
        assert 86 < upload.bounds[0] < 88


def test_a_place_where_the_system_does_not_reach(tmp_path: Path) -> None:
    far = Affine(100.0, 0.0, 1e12, 0.0, -100.0, 1e12)
    assert code(tiff(tmp_path / "x.tif", transform=far)) == "crs"


# --- what is told of a file -------------------------------------------------------------------------------


def test_a_file_is_described(tmp_path: Path) -> None:
    with open_upload(tiff(tmp_path / "x.tif", np.zeros((2, 20, 30), np.int16)), name="relief.tif") as upload:
        assert (upload.name, upload.columns, upload.rows, upload.bands) == ("relief.tif", 30, 20, 2)
        assert upload.dtype == "int16"
        assert upload.cell == (100.0, 100.0)
        assert upload.north_up
        west, south, east, north = GRID.bounds
        lon, lat = transform([west, east], [south, north], WORKING, WGS84)
        np.testing.assert_allclose(upload.bounds, (lon[0], lat[0], lon[1], lat[1]), atol=2e-4)


def test_the_private_copy_goes_with_the_upload(tmp_path: Path, own_folder: Path) -> None:
    path = tiff(tmp_path / "x.tif")
    with open_upload(path) as upload:
        assert own_folder in upload.path.parents
    assert not list(own_folder.iterdir())
    forgotten = open_upload(path)
    assert forgotten.path.exists()
    del forgotten
    gc.collect()
    assert not list(own_folder.iterdir())
    onto(path, GRID)
    assert not list(own_folder.iterdir())


# --- onto a grid ------------------------------------------------------------------------------------------


def test_on_its_own_grid_nothing_changes(tmp_path: Path) -> None:
    values = np.random.default_rng(2).random((2, *GRID.shape)).astype(np.float32)
    path = tiff(tmp_path / "x.tif", values)
    np.testing.assert_allclose(onto(path, GRID), values[0], atol=1e-5)
    np.testing.assert_allclose(onto(path, GRID, band=2), values[1], atol=1e-5)
    np.testing.assert_array_equal(onto(path, GRID, categorical=True), values[0])


def degrees(step: float = 0.001) -> tuple[Any, Affine]:
    """Longitude and latitude as values on a raster of degrees around the grid."""
    lon, lat = (
        86.95 + step * (np.arange(int(0.2 / step)) + 0.5),
        56.55 - step * (np.arange(int(0.2 / step)) + 0.5),
    )
    values = np.stack(np.meshgrid(lon, lat)).astype(np.float32)
    return values, Affine(step, 0.0, 86.95, 0.0, -step, 56.55)


@pytest.mark.parametrize(("step", "off"), [(0.001, 1e-4), (0.0004, 4e-5), (0.004, 2e-4)])
def test_degrees_are_carried_to_metres(tmp_path: Path, step: float, off: float) -> None:
    """A raster of longitudes has, on the grid, the longitudes of its cells."""
    values, affine = degrees(step)
    path = tiff(tmp_path / "x.tif", values, crs=WGS84, transform=affine)
    x, y = np.meshgrid(*GRID.axes())
    lon, lat = transform(x, y, WORKING, WGS84)
    assert np.abs(onto(path, GRID) - lon).max() <= off
    assert np.abs(onto(path, GRID, band=2) - lat).max() <= off


def test_msk70_that_was_told_is_carried_with_its_shift(tmp_path: Path) -> None:
    system = msk70_proj(5)
    x, y = transform(
        *(np.array(GRID.bounds)[[0, 2]] + (-500, 500), np.array(GRID.bounds)[[1, 3]]), WORKING, system
    )
    affine = Affine(50.0, 0.0, float(x.min()) - 1000, 0.0, -50.0, float(y.max()) + 1000)
    columns, rows = int((np.ptp(x) + 2000) / 50), int((np.ptp(y) + 2000) / 50)
    east, north = np.meshgrid(25.0 + 50 * np.arange(columns), 25.0 + 50 * np.arange(rows))
    path = tiff(tmp_path / "x.tif", np.stack([east, north]).astype(np.float32), crs=None, transform=affine)
    u, v = transform(*np.meshgrid(*GRID.axes()), WORKING, system)
    with open_upload(path, system) as upload:
        assert np.abs(onto(upload, GRID) - (u - affine.c)).max() < 2.0
        assert np.abs(onto(upload, GRID, band=2) - (affine.f - v)).max() < 2.0


def test_a_turned_raster_is_told_and_read(tmp_path: Path) -> None:
    turned = Affine.translation(500_500, 6_262_000) @ Affine.rotation(-30) @ Affine.scale(100, -100)
    column, row = np.meshgrid(np.arange(25) + 0.5, np.arange(25) + 0.5)
    values = np.stack([turned.a * column + turned.b * row, turned.d * column + turned.e * row])
    path = tiff(tmp_path / "x.tif", values.astype(np.float32), transform=turned)
    with open_upload(path) as upload:
        assert not upload.north_up
        assert upload.cell == pytest.approx((100.0, 100.0))
        x, y = np.meshgrid(*GRID.axes())
        at = np.stack((~turned) @ (x, y))
        within, beyond = ((at > 0.5) & (at < 24.5)).all(axis=0), ((at < 0) | (at > 25)).any(axis=0)
        assert min(within.sum(), beyond.sum()) > 100
        for band, right in ((1, x - turned.c), (2, y - turned.f)):
            found = onto(upload, GRID, band=band)
            assert np.isnan(found[beyond]).all()
            np.testing.assert_allclose(found[within], right[within], atol=1.0)


def test_a_raster_from_the_south_is_turned_over(tmp_path: Path) -> None:
    values = np.random.default_rng(3).random((1, *GRID.shape)).astype(np.float32)
    over = Affine(100.0, 0.0, GRID.west, 0.0, 100.0, GRID.bounds[1])
    with open_upload(tiff(tmp_path / "x.tif", values[:, ::-1], transform=over)) as upload:
        assert not upload.north_up
        np.testing.assert_allclose(onto(upload, GRID), values[0], atol=1e-5)


@pytest.mark.parametrize("times", [2, 5, 20])
def test_finer_cells_are_averaged(tmp_path: Path, times: int) -> None:
    values = np.random.default_rng(4).random((20 * times, 30 * times)).astype(np.float32)
    values[: 3 * times, : 2 * times] = NAN
    values[3 * times, 0] = NAN
    finer = GRID.affine @ Affine.scale(1 / times)
    path = tiff(tmp_path / "x.tif", values[None], transform=finer, nodata=NAN)
    parts = values.reshape(20, times, 30, times).swapaxes(1, 2).reshape(20, 30, -1)
    known = np.isfinite(parts).any(axis=2)
    found = onto(path, GRID)
    np.testing.assert_array_equal(np.isfinite(found), known)
    np.testing.assert_allclose(found[known], np.nanmean(parts[known], axis=1), atol=2e-3)


def test_of_finer_classes_the_most_frequent_is_taken(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    right = rng.choice([10, 20, 95], GRID.shape).astype(np.uint8)
    fine = np.kron(right, np.ones((5, 5), np.uint8))
    fine[::5, ::5] = 30
    path = tiff(tmp_path / "x.tif", fine[None], transform=GRID.affine @ Affine.scale(0.2))
    np.testing.assert_array_equal(onto(path, GRID, categorical=True), right)


def test_classes_are_never_mixed(tmp_path: Path) -> None:
    values = np.random.default_rng(6).choice([10, 20, 95], (1, 12, 12)).astype(np.uint8)
    path = tiff(tmp_path / "x.tif", values, transform=GRID.affine @ Affine.scale(2.7))
    assert set(np.unique(onto(path, GRID, categorical=True))) <= {10, 20, 95}


@pytest.mark.parametrize("categorical", [False, True])
def test_what_is_unknown_is_never_zero(tmp_path: Path, categorical: bool) -> None:
    values = np.full((1, *GRID.shape), 50, np.int16)
    values[0, :5] = -32768
    found = onto(tiff(tmp_path / "x.tif", values, nodata=-32768), GRID, categorical)
    assert np.isnan(found[:4]).all()
    np.testing.assert_array_equal(found[6:], 50)
    assert set(np.unique(found[np.isfinite(found)])) == {50}


def test_masked_and_infinite_cells_are_unknown(tmp_path: Path) -> None:
    mask = np.full(GRID.shape, 255, np.uint8)
    mask[:, :7] = 0
    values = np.full((1, *GRID.shape), 9.0, np.float32)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        path = tiff(tmp_path / "x.tif", values, mask=mask)
    assert np.isnan(onto(path, GRID)[:, :6]).all()
    values[0, 3, 4], values[0, 5, 5] = np.inf, -np.inf
    found = onto(tiff(tmp_path / "y.tif", values), GRID, categorical=True)
    assert np.isnan(found[[3, 5], [4, 5]]).all()
    assert np.isfinite(found).sum() == GRID.cells - 2


def test_scale_and_offset_are_applied(tmp_path: Path) -> None:
    values = np.full((1, *GRID.shape), 120, np.uint8)
    values[0, 0] = 255
    path = tiff(tmp_path / "x.tif", values, nodata=255, scales=(0.5,), offsets=(-10.0,))
    np.testing.assert_array_equal(onto(path, GRID)[2:], 50.0)
    assert np.isnan(onto(path, GRID, categorical=True)[0]).all()


def test_beyond_the_raster_nothing_is_known(tmp_path: Path) -> None:
    path = tiff(tmp_path / "x.tif", np.ones((1, 20, 10), np.float32))
    found = onto(path, GRID)
    assert (found[:, :10] == 1).all()
    assert np.isnan(found[:, 10:]).all()


@given(st.integers(3, 60), st.sampled_from([0.37, 1.0, 3.3]), st.booleans())
def test_pieces_make_the_same_as_the_whole(
    tmp_path_factory: Any, side: int, times: float, categorical: bool
) -> None:
    values = np.random.default_rng(7).random((1, 80, 100)).astype(np.float32)
    affine = GRID.affine @ Affine.translation(-0.3, 0.4) @ Affine.scale(times)
    path = tiff(tmp_path_factory.mktemp("pieces") / "x.tif", values, transform=affine)
    whole = onto(path, GRID, categorical)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "_READ_SIDE", side)
        np.testing.assert_allclose(onto(path, GRID, categorical), whole, atol=1e-3)


def refused(path: Path, *more: Any, **given: Any) -> str:
    with pytest.raises(RasterError) as told:
        onto(path, *more, **given)
    return told.value.code


def test_what_does_not_lie_on_the_grid(tmp_path: Path) -> None:
    beside = GRID.affine @ Affine.translation(31, 0)
    assert refused(tiff(tmp_path / "x.tif", transform=beside), GRID) == "outside"
    africa = Affine(0.1, 0.0, 10.0, 0.0, -0.1, 5.0)
    assert refused(tiff(tmp_path / "y.tif", crs=WGS84, transform=africa), GRID) == "outside"


def test_what_knows_nothing_on_the_grid(tmp_path: Path) -> None:
    nothing = np.full((1, *GRID.shape), NAN, np.float32)
    assert refused(tiff(tmp_path / "x.tif", nothing), GRID) == "empty"


def test_a_band_that_is_not_there(tmp_path: Path) -> None:
    path = tiff(tmp_path / "x.tif")
    assert refused(path, GRID, band=2) == refused(path, GRID, band=0) == "band"


def test_cells_far_too_fine(tmp_path: Path) -> None:
    path = tiff(tmp_path / "x.tif", transform=GRID.affine @ Affine.scale(1e-4))
    with open_upload(path) as upload:
        centred = Grid(GRID.west - 50, GRID.north + 50, 100.0, 1, 1)
        assert refused(upload, centred) == "fine"


def test_damage_in_the_cells_is_told(tmp_path: Path) -> None:
    values = np.random.default_rng(8).random((1, *GRID.shape)).astype(np.float32)
    whole = tiff(tmp_path / "whole.tif", values, compress="deflate").read_bytes()
    damaged = tmp_path / "x.tif"
    damaged.write_bytes(whole[:380] + bytes(600) + whole[980:])
    cut = tmp_path / "y.tif"
    cut.write_bytes(whole[:-600])
    for path in (damaged, cut):
        with pytest.raises(RasterError) as told:
            onto(path, GRID)
        assert told.value.code == "unreadable"
        assert "/" not in str(told.value)
