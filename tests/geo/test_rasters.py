"""Rasters of ours: what is written is read back, at all levels, whole or in windows, from many threads."""

from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st

from geo import rasters
from geo.errors import RasterError
from geo.grid import Grid, Window
from geo.overviews import mode
from geo.rasters import Raster, write, writing

GRID = Grid(west=500_000.0, north=6_300_000.0, cell_m=100.0, columns=1301, rows=777)
NAN = np.nan


def made(grid: Grid = GRID, bands: int = 2) -> Any:
    """Values that differ from cell to cell, a tenth of them unknown, one block wholly so."""
    rng = np.random.default_rng(8)
    values = rng.normal(100, 30, (bands, *grid.shape)).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = NAN
    values[:, 200:300, 400:600] = NAN
    return values


def halved(values: Any) -> Any:
    """The mean of the known of each two by two cells, unknown beyond the edge."""
    bands, rows, columns = values.shape
    wide = np.full((bands, rows + rows % 2, columns + columns % 2), NAN)
    wide[:, :rows, :columns] = values
    four = np.stack([wide[:, a::2, b::2] for a in (0, 1) for b in (0, 1)])
    known = np.isfinite(four).sum(axis=0)
    return np.where(known > 0, np.nansum(four, axis=0) / np.maximum(known, 1), NAN)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rasters") / "made.tif"
    write(path, GRID, made(), tags={"measure": "slope", "digest": "0a1b"})
    return path


def test_what_is_written_is_read_back(path: Path) -> None:
    with Raster(path) as raster:
        assert raster.grid == GRID
        assert raster.bands == 2
        assert raster.tags == {"measure": "slope", "digest": "0a1b"}
        np.testing.assert_array_equal(raster.read(), made())
        assert raster.read().dtype == np.float32


def test_levels_are_means_of_the_known_cells_below(path: Path) -> None:
    right = made().astype(float)
    with Raster(path) as raster:
        assert raster.levels == 2
        for level in (1, 2):
            right = halved(right)
            found = raster.read(level)
            assert found.shape[1:] == GRID.level(level).shape
            np.testing.assert_allclose(found, right, rtol=1e-5)
            right = found.astype(float)


def test_others_can_read_it_too(path: Path) -> None:
    with rasterio.open(path) as raster:
        structure = raster.tags(ns="IMAGE_STRUCTURE")
        assert structure["LAYOUT"] == "COG"
        assert raster.crs.to_epsg() == 32645
        assert np.isnan(raster.nodata)
        assert raster.transform == GRID.affine
        assert set(raster.block_shapes) == {(512, 512)}
        outside = raster.read()[:, GRID.rows :, :], raster.read()[:, :, GRID.columns :]
        assert all(part.size and np.isnan(part).all() for part in outside)


@pytest.mark.parametrize("kept", [0, 10**9])
def test_windows_are_cuts_of_the_whole(path: Path, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasters, "_KEPT_BYTES", kept)
    with Raster(path) as raster:
        for level in range(3):
            whole, grid = raster.read(level), GRID.level(level)
            for window in (
                Window(0, 0, 1, 1),
                Window(grid.rows - 1, grid.columns - 1, 1, 1),
                Window(37, 91, 100, 200),
                Window(grid.rows // 2, 0, 3, grid.columns),
            ):
                np.testing.assert_array_equal(raster.read(level, window), whole[:, *window.slices])


def test_what_is_kept_cannot_be_changed_by_a_reader(path: Path) -> None:
    with Raster(path) as raster, pytest.raises(ValueError, match="read-only"):
        raster.read(2)[0, 0, 0] = 1.0


def test_what_cannot_be_read_is_told(path: Path) -> None:
    with Raster(path) as raster:
        for level, window, code in [
            (3, None, "level"),
            (-1, None, "level"),
            (0, Window(0, 0, 778, 1), "window"),
            (1, Window(0, 651, 1, 1), "window"),
            (0, Window(-1, 0, 1, 1), "window"),
        ]:
            with pytest.raises(RasterError) as told:
                raster.read(level, window)
            assert told.value.code == code


def test_many_threads_read_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasters, "_KEPT_BYTES", 0)
    right, wrong = made(), []

    def look(seed: int) -> None:
        rng = np.random.default_rng(seed)
        for _ in range(20):
            row, column = int(rng.integers(0, 700)), int(rng.integers(0, 1200))
            window = Window(row, column, 70, 90)
            if not np.array_equal(raster.read(0, window), right[:, *window.slices], equal_nan=True):
                wrong.append(window)

    with Raster(path) as raster:
        workers = [Thread(target=look, args=(seed,)) for seed in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert not wrong


def test_a_file_that_is_not_ours_or_broken_is_told(tmp_path: Path, path: Path) -> None:
    foreign = tmp_path / "foreign.tif"
    profile = {
        "driver": "GTiff",
        "width": 4,
        "height": 4,
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:32645",
    }
    with rasterio.open(foreign, "w", **profile, transform=GRID.affine):
        pass
    broken = tmp_path / "broken.tif"
    broken.write_bytes(path.read_bytes()[:100])
    for name in (foreign, broken, tmp_path / "none.tif"):
        with pytest.raises(RasterError) as told:
            Raster(name)
        assert told.value.code == "unreadable"
        assert str(tmp_path) not in str(told.value)


def test_a_damaged_block_is_told(tmp_path: Path, path: Path) -> None:
    damaged = tmp_path / "damaged.tif"
    content = bytearray(path.read_bytes())
    content[-200_000:-100_000] = bytes(100_000)
    damaged.write_bytes(content)
    with Raster(damaged) as raster, pytest.raises(RasterError) as told:
        raster.read()
    assert told.value.code == "unreadable"


# --- writing ----------------------------------------------------------------------------------------------


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 3))
def test_small_grids_of_any_shape(tmp_path_factory: Any, rows: int, columns: int, bands: int) -> None:
    grid = Grid(0.0, 0.0, 30.0, columns, rows)
    path = tmp_path_factory.mktemp("small") / "small.tif"
    values = np.random.default_rng(rows).random((bands, rows, columns)).astype(np.float32)
    write(path, grid, values)
    with Raster(path) as raster:
        assert raster.levels == 0
        assert raster.grid == grid
        np.testing.assert_array_equal(raster.read(), values)


def test_infinite_stays_infinite_and_unknown_unknown(tmp_path: Path) -> None:
    grid = Grid(0.0, 0.0, 30.0, 600, 2)
    values = np.zeros((1, 2, 600), np.float32)
    values[0, 0, :3] = (np.inf, -np.inf, NAN)
    write(tmp_path / "far.tif", grid, values)
    with Raster(tmp_path / "far.tif") as raster:
        np.testing.assert_array_equal(raster.read(), values)


def test_blocks_in_any_order_from_threads_make_the_same_raster(tmp_path: Path, path: Path) -> None:
    values = made()
    with writing(tmp_path / "blocks.tif", GRID, 2) as target:
        blocks = [list(GRID.blocks(512))[::-1][part::3] for part in range(3)]

        def put(windows: list[Window]) -> None:
            for window in windows:
                target.write(window, values[:, *window.slices])

        workers = [Thread(target=put, args=(windows,)) for windows in blocks]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    with Raster(tmp_path / "blocks.tif") as raster, Raster(path) as right:
        for level in range(3):
            np.testing.assert_array_equal(raster.read(level), right.read(level))


def test_what_is_not_written_is_unknown(tmp_path: Path) -> None:
    with writing(tmp_path / "gaps.tif", GRID, 3) as target:
        target.write(Window(10, 20, 3, 4), np.ones((3, 3, 4)))
    with Raster(tmp_path / "gaps.tif") as raster:
        found = raster.read()
        assert np.isfinite(raster.read(1)).sum() == 3 * 2 * 2
    assert (found[:, 10:13, 20:24] == 1).all()
    assert np.isfinite(found).sum() == 3 * 12


def test_classes_are_not_averaged(tmp_path: Path) -> None:
    values = np.tile(np.array([[7, 7, 1, 1], [7, 1, 1, 7]], np.float32), (300, 300))[None]
    write(tmp_path / "classes.tif", Grid(0.0, 0.0, 30.0, 1200, 600), values, rules=[mode])
    with Raster(tmp_path / "classes.tif") as raster:
        assert raster.levels == 2
        np.testing.assert_array_equal(raster.read(1)[0, :, ::2], 7)
        np.testing.assert_array_equal(raster.read(1)[0, :, 1::2], 1)


@pytest.mark.parametrize("there", [False, True])
def test_a_fault_leaves_nothing_half_written(tmp_path: Path, path: Path, there: bool) -> None:
    target = tmp_path / "half.tif"
    if there:
        target.write_bytes(path.read_bytes())

    def cancelled() -> None:
        with writing(target, GRID, 2) as half:
            half.write(Window(0, 0, *GRID.shape), made())
            raise KeyError

    with pytest.raises(KeyError):
        cancelled()
    assert [file.name for file in tmp_path.iterdir()] == (["half.tif"] if there else [])
    if there:
        assert target.read_bytes() == path.read_bytes()


def test_a_reader_goes_on_with_the_file_it_opened(tmp_path: Path) -> None:
    target, grid = tmp_path / "new.tif", Grid(0.0, 0.0, 30.0, 40, 40)
    write(target, grid, np.zeros((1, 40, 40)))
    with Raster(target) as before:
        write(target, grid, np.ones((1, 40, 40)))
        assert (before.read() == 0).all()
    with Raster(target) as after:
        assert (after.read() == 1).all()
    assert [file.name for file in tmp_path.iterdir()] == ["new.tif"]


@pytest.mark.parametrize(
    ("window", "shape"),
    [
        (Window(0, 0, 2, 2), (1, 2, 3)),
        (Window(0, 0, 2, 2), (2, 2, 2)),
        (Window(776, 0, 2, 2), (1, 2, 2)),
        (Window(0, -1, 2, 2), (1, 2, 2)),
    ],
)
def test_blocks_that_do_not_fit_are_refused(tmp_path: Path, window: Window, shape: Any) -> None:
    with pytest.raises(RasterError) as told, writing(tmp_path / "x.tif", GRID, 1) as target:
        target.write(window, np.zeros(shape))
    assert told.value.code == "shape"
