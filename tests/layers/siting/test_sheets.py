"""On which grids rasters are made: few for many areas, each holding its areas, overviews and all."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.grid import BLOCK, Grid, Window
from geo.rasters import Raster, write
from layers.siting import sheets
from layers.siting.results import grid_of
from layers.siting.sheets import aligned, levels, moved, place, sheet, whole
from layers.siting.stock import Job
from layers.sought import CELLS_M, Sought
from layers.view import HOME


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    cell_m = float(draw(st.sampled_from(CELLS_M)))
    west, north = (draw(st.integers(-4_000, 4_000)) for _ in range(2))
    columns, rows = (draw(st.integers(1, 2_500)) for _ in range(2))
    home = whole(cell_m)
    return Grid(home.west + west * cell_m, home.north + north * cell_m, cell_m, columns, rows)


@given(grids())
def test_a_sheet_holds_its_grid_and_is_that_of_its_alignment(grid: Grid) -> None:
    on = sheet(grid)
    part = place(grid, on)
    assert min(part.row, part.column) >= 0
    assert part.row + part.rows <= on.rows
    assert part.column + part.columns <= on.columns
    assert on.cut(part) == grid
    fit = aligned(grid)
    assert sheet(fit) == on
    assert aligned(fit) == fit
    # It has grown to the north-west alone, by less than a cell of its coarsest overview.
    assert fit.bounds[1:3] == grid.bounds[1:3]
    more = (grid.west - fit.west) / grid.cell_m, (fit.north - grid.north) / grid.cell_m
    assert min(more) >= 0
    assert max(more) < 2 ** levels(fit) <= max(1, max(fit.shape) / BLOCK * 2)


@given(grids())
def test_sheets_are_few(grid: Grid) -> None:
    on, home = sheet(grid), whole(grid.cell_m)
    if on != home:
        assert (on.columns % BLOCK, on.rows % BLOCK) == (0, 0)
        assert on.west / on.cell_m % BLOCK == on.north / on.cell_m % BLOCK == 0
        assert on.columns - grid.columns < 2 * BLOCK


def test_any_part_of_the_agglomeration_is_cut_from_the_whole() -> None:
    for cell_m in (100, 200, 500, 1000):
        west, south, east, north = HOME
        part = grid_of(Sought(area=(west + 0.3, south + 0.2, west + 0.6, south + 0.3), cell_m=cell_m))
        assert sheet(part) == whole(cell_m)
        assert whole(cell_m) == grid_of(Sought(cell_m=cell_m)) == sheet(whole(cell_m))
        beyond = grid_of(Sought(area=(west - 1, south, east, north), cell_m=cell_m))
        assert sheet(beyond) != whole(cell_m)
    near = [Sought(area=(84.9 + step / 1000, 56.4, 85.0, 56.5), cell_m=25) for step in range(40)]
    assert len({sheet(grid_of(one)) for one in near}) <= 2


@pytest.mark.parametrize("size", [(1, 1), (512, 512), (513, 40), (1024, 1025), (3000, 900)])
def test_a_grid_has_as_many_overviews_as_its_raster(tmp_path: Path, size: tuple[int, int]) -> None:
    grid = Grid(0, 0, 100, *size)
    write(tmp_path / "a.tif", grid, np.zeros((1, *grid.shape), np.float32))
    assert Raster(tmp_path / "a.tif").levels == levels(grid)


def test_windows_of_overviews_are_those_of_the_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coarse cell of an area is the mean of its own cells, wherever the area lies on its sheet."""
    monkeypatch.setattr(sheets, "SOON_MADE", 0)
    home = whole(25.0)
    grid = aligned(Grid(home.west + 775, home.north - 1_025, 25.0, 1_300, 1_100))
    on = sheet(grid)
    cells = np.random.default_rng(1).random((1, *on.shape), dtype=np.float32)
    write(tmp_path / "a.tif", on, cells)
    raster = Raster(tmp_path / "a.tif")
    own = cells[0][place(grid, on).slices]
    for level in range(levels(grid) + 1):
        at = grid.level(level)
        found = raster.read(level, moved(grid, on, level, None))[0]
        assert found.shape == at.shape
        times = 2**level
        rows, columns = (size // times for size in own.shape)
        blocks = own[: rows * times, : columns * times].reshape(rows, times, columns, times)
        np.testing.assert_allclose(found[:rows, :columns], blocks.mean(axis=(1, 3)), rtol=1e-5)
        part = Window(3, 5, 40, 60)
        np.testing.assert_array_equal(raster.read(level, moved(grid, on, level, part))[0], found[part.slices])


def test_large_is_what_takes_much_memory() -> None:
    def job(grid: Grid) -> Job:
        return Job("test", "a", grid, lambda: np.zeros((1, 1, 1), np.float32))

    assert job(whole(25.0)).large
    assert not job(whole(100.0)).large
