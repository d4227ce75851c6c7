"""The analysis grid: where its cells lie, and that its parts and levels lie on it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GridError
from geo.grid import MOST_CELLS, Grid, Window

GRID = Grid(west=1000.0, north=5000.0, cell_m=100.0, columns=7, rows=5)
SIZES = st.sampled_from([0.1, 1.0, 12.5, 25.0, 30.0, 100.0, 333.3])


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    cell_m = draw(SIZES)
    west, north = (draw(st.integers(-1000, 70_000)) * cell_m for _ in range(2))
    return Grid(west, north, cell_m, draw(st.integers(1, 40)), draw(st.integers(1, 40)))


def test_by_hand() -> None:
    assert GRID.shape == (5, 7)
    assert GRID.cells == 35
    assert GRID.bounds == (1000.0, 4500.0, 1700.0, 5000.0)
    x, y = GRID.axes()
    assert x.tolist() == [1050.0, 1150.0, 1250.0, 1350.0, 1450.0, 1550.0, 1650.0]
    assert y.tolist() == [4950.0, 4850.0, 4750.0, 4650.0, 4550.0]
    assert GRID.affine @ (0.5, 0.5) == (1050.0, 4950.0)
    assert GRID.text() == "1000,5000,100,7,5"


def test_over_snaps_outward_to_multiples_of_the_cell() -> None:
    assert Grid.over((1001.0, 4501.0, 1699.0, 4999.0), 100.0) == GRID
    assert Grid.over(GRID.bounds, 100.0) == GRID
    assert Grid.over((1000.0, 4499.0, 1700.0, 5000.0), 100.0).rows == 6


def test_bounds_on_a_line_of_cells_stay_there_whatever_their_rounding() -> None:
    """0.1 * 3 is a little more than 0.3."""
    assert Grid.over((0.1, 0.1, 0.1 * 3, 0.1 * 3), 0.1).shape == (2, 2)


METRES = st.floats(-1e6, 7e6)
ACROSS = st.floats(0.01, 40_000)
"""Cells along a side."""


@given(METRES, METRES, ACROSS, ACROSS, SIZES)
def test_over_covers_its_bounds_with_less_than_a_cell_more(
    west: float, south: float, wide: float, high: float, cell_m: float
) -> None:
    box = (west, south, west + wide * cell_m, south + high * cell_m)
    made = Grid.over(box, cell_m)
    slack = 1e-6 * cell_m + 1e-8 * 7e6
    for have, want, sign in zip(made.bounds, box, (-1, -1, 1, 1), strict=True):
        assert -slack <= sign * (have - want) <= cell_m + slack


@pytest.mark.parametrize(
    ("bounds", "cell_m", "code"),
    [
        ((0.0, 0.0, 0.0, 10.0), 1.0, "empty"),
        ((0.0, 10.0, 10.0, 0.0), 1.0, "empty"),
        ((0.0, float("nan"), 10.0, 10.0), 1.0, "empty"),
        ((0.0, 0.0, float("inf"), 10.0), 1.0, "empty"),
        ((0.0, 0.0, 10.0, 10.0), 0.0, "cell"),
        ((0.0, 0.0, 10.0, 10.0), float("nan"), "cell"),
        ((0.0, 0.0, 1e6, 1e6), 1.0, "many"),
    ],
)
def test_what_is_no_grid_is_refused(bounds: Any, cell_m: float, code: str) -> None:
    with pytest.raises(GridError) as told:
        Grid.over(bounds, cell_m)
    assert told.value.code == code


def test_a_grid_made_directly_is_checked_too() -> None:
    for numbers, code in [
        ((0.0, 0.0, 1.0, 0, 5), "empty"),
        ((0.0, 0.0, -1.0, 5, 5), "cell"),
        ((float("inf"), 0.0, 1.0, 5, 5), "cell"),
        ((0.0, 0.0, 1.0, MOST_CELLS, 2), "many"),
    ]:
        with pytest.raises(GridError) as told:
            Grid(*numbers)
        assert told.value.code == code
    assert Grid(0.0, 0.0, 1.0, MOST_CELLS, 1).cells == MOST_CELLS


@given(grids(), st.integers(0, 4))
def test_a_level_covers_the_grid_from_the_same_corner(made: Grid, k: int) -> None:
    level = made.level(k)
    assert (level.west, level.north, level.cell_m) == (made.west, made.north, made.cell_m * 2**k)
    assert 0 <= level.columns * 2**k - made.columns < 2**k
    assert 0 <= level.rows * 2**k - made.rows < 2**k


def test_windows_by_hand() -> None:
    assert GRID.window(GRID.bounds) == Window(0, 0, 5, 7)
    assert GRID.window((1150.0, 4750.0, 1250.0, 4850.0)) == Window(1, 1, 2, 2)
    assert GRID.window((1100.0, 4800.0, 1200.0, 4900.0)) == Window(1, 1, 1, 1)
    assert GRID.window((-1e9, -1e9, 1e9, 1e9)) == Window(0, 0, 5, 7)
    assert GRID.window((1700.0, 4500.0, 1800.0, 4600.0)) is None
    assert GRID.window((0.0, 0.0, 999.0, 1e4)) is None
    assert GRID.window((float("nan"), 4500.0, 1800.0, 4600.0)) is None


@given(grids(), st.data())
def test_a_window_holds_all_centres_in_its_bounds(made: Grid, data: st.DataObject) -> None:
    x, y = made.axes()
    at = [data.draw(st.floats(-2, 42)) for _ in range(4)]
    columns, rows = sorted(at[:2]), sorted(at[2:])
    box = (
        made.west + columns[0] * made.cell_m,
        made.north - rows[1] * made.cell_m,
        made.west + columns[1] * made.cell_m,
        made.north - rows[0] * made.cell_m,
    )
    inside = ((y >= box[1]) & (y <= box[3]))[:, None] & ((x >= box[0]) & (x <= box[2]))[None, :]
    window = made.window(box)
    if window is None:
        assert not inside.any()
        return
    assert inside.sum() == inside[window.slices].sum()
    assert inside[window.slices].shape == window.shape == made.cut(window).shape


@given(grids(), st.data())
def test_a_cut_has_the_centres_of_its_window(made: Grid, data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, made.rows - 1)), data.draw(st.integers(0, made.columns - 1))
    rows = data.draw(st.integers(1, made.rows - row))
    columns = data.draw(st.integers(1, made.columns - column))
    window = Window(row, column, rows, columns)
    for found, right in zip(made.cut(window).axes(), made.axes(window), strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-12)
    x, y = made.axes()
    np.testing.assert_array_equal(made.axes(window)[0], x[window.slices[1]])
    np.testing.assert_array_equal(made.axes(window)[1], y[window.slices[0]])


@given(grids(), st.integers(1, 17))
def test_blocks_cover_each_cell_once(made: Grid, size: int) -> None:
    seen = np.zeros(made.shape, int)
    for window in made.blocks(size):
        assert max(window.shape) <= size
        seen[window.slices] += 1
    assert (seen == 1).all()


@given(grids(), st.data())
def test_every_centre_is_in_its_cell(made: Grid, data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, made.rows - 1)), data.draw(st.integers(0, made.columns - 1))
    x, y = made.axes()
    assert made.cell_at(x[column], y[row]) == (row, column)


def test_cells_are_half_open() -> None:
    assert GRID.cell_at(1000.0, 5000.0) == (0, 0)
    assert GRID.cell_at(1100.0, 4900.0) == (1, 1)
    assert GRID.cell_at(1700.0, 4950.0) is None
    assert GRID.cell_at(1050.0, 4500.0) is None
    assert GRID.cell_at(999.9, 4950.0) is None
    assert GRID.cell_at(float("nan"), 4950.0) is None


@given(grids())
def test_the_lattice_has_the_same_centres_from_the_south(made: Grid) -> None:
    x, y = made.axes()
    across, up = made.lattice.axes
    np.testing.assert_allclose(across, x, rtol=1e-12)
    np.testing.assert_allclose(up, y[::-1], rtol=1e-12, atol=1e-6)


@given(grids())
def test_text_is_read_back_without_loss(made: Grid) -> None:
    assert Grid.parse(made.text()) == made


@pytest.mark.parametrize("text", ["", "1,2,3", "a,2,3,4,5", "1,2,3,4.5,5", "1,2,3,4,5,6"])
def test_text_that_is_no_grid_is_refused(text: str) -> None:
    with pytest.raises(GridError) as told:
        Grid.parse(text)
    assert told.value.code == "text"


def test_text_of_an_impossible_grid_is_refused() -> None:
    with pytest.raises(GridError) as told:
        Grid.parse("nan,0,100,5,5")
    assert told.value.code == "cell"
