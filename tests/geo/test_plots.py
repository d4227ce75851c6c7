"""Plots: compact, in one piece, apart, as large as is wanted, and only of land that is surely free."""

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from geo.candidates import Area
from geo.grid import Grid
from geo.plots import APART_M, plots
from geo.weighing import EXCLUDED, FREE, UNKNOWN, UNSURE

CELL_M = 100.0


def grid(shape: tuple[int, int], cell_m: float = CELL_M) -> Grid:
    return Grid(0.0, 0.0, cell_m, shape[1], shape[0])


def found(
    scores: npt.ArrayLike, state: npt.ArrayLike | None = None, *, ha: float = 1.0, threshold: float = 0.5,
    apart_m: float = 0.0, most: int = 20,
) -> list[Area]:  # fmt: skip
    values = np.asarray(scores, np.float32)
    states = np.full(values.shape, FREE, np.uint8) if state is None else np.asarray(state, np.uint8)
    return plots(values, states, grid(values.shape), threshold, ha, most=most, apart_m=apart_m)


def cells(area: Area) -> set[tuple[int, int]]:
    return set(zip(area.rows.tolist(), area.columns.tolist(), strict=True))


@st.composite
def lands(draw: st.DrawFn) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    shape = draw(st.integers(1, 14)), draw(st.integers(1, 14))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    scores = rng.random(shape).astype(np.float32)
    state = rng.choice([FREE, FREE, FREE, UNSURE, EXCLUDED, UNKNOWN], size=shape).astype(np.uint8)
    scores[state >= EXCLUDED] = np.nan
    return scores, state


@given(lands(), st.integers(1, 12), st.sampled_from([0.0, 300.0, 700.0]), st.integers(1, 20))
def test_plots_keep_their_promises(
    land: tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]], ha: int, apart_m: float, most: int
) -> None:
    scores, state = land
    made = found(scores, state, ha=ha, threshold=0.3, apart_m=apart_m, most=most)
    assert len(made) <= most
    assert [area.mean for area in made] == sorted((area.mean for area in made), reverse=True)
    taken = [cell for area in made for cell in cells(area)]
    assert len(taken) == len(set(taken))
    for area in made:
        rows, columns = area.rows, area.columns
        assert len(cells(area)) == len(rows) == ha
        assert area.area_ha == pytest.approx(ha)
        assert (state[rows, columns] == FREE).all()
        assert (scores[rows, columns] >= np.float32(0.3)).all()
        inside = np.zeros(scores.shape, bool)
        inside[rows, columns] = True
        assert ndimage.label(inside)[1] == 1
        assert area.unsure_share == 0
        assert area.best == scores[rows, columns].max()


def test_the_best_place_comes_first() -> None:
    scores = np.full((9, 30), 0.6)
    scores[3:6, 20:23] = 0.9
    best, *_ = made = found(scores, ha=9, apart_m=500)
    assert cells(best) == {(row, column) for row in (3, 4, 5) for column in (20, 21, 22)}
    assert best.mean == pytest.approx(0.9)
    assert len(made) > 1


def test_a_plot_is_compact() -> None:
    """Of n cells about a seed none is much farther from it than the radius of a disc of n cells."""
    (area,) = found(np.full((41, 41), 0.8), ha=100, most=1)
    away = np.hypot(area.rows - area.rows.mean(), area.columns - area.columns.mean())
    assert away.max() <= 1.3 * np.sqrt(100 / np.pi) + 1
    assert area.outline.is_valid
    assert shapely.get_num_interior_rings(area.outline) == 0


def test_plots_are_apart() -> None:
    made = plots(
        np.full((60, 60), 0.8, np.float32), np.zeros((60, 60), np.uint8), grid((60, 60)), 0.5, 1.0, most=50
    )
    assert len(made) > 4
    middles = [area.outline.centroid for area in made]
    apart = [a.distance(b) for at, a in enumerate(middles) for b in middles[:at]]
    assert min(apart) > APART_M - CELL_M


def test_land_that_cannot_be_told_of_is_no_plot() -> None:
    for state in (UNSURE, EXCLUDED, UNKNOWN):
        assert found(np.full((3, 3), 0.9), np.full((3, 3), state)) == []
    states = np.full((1, 5), UNSURE)
    states[0, :2] = FREE
    (area,) = found(np.full((1, 5), 0.9), states, ha=2)
    assert cells(area) == {(0, 0), (0, 1)}


def test_land_that_hangs_together_at_corners_alone_is_too_small() -> None:
    assert found(np.where(np.eye(4) > 0, 0.9, 0.1), ha=2) == []
    assert len(found(np.where(np.eye(4) > 0, 0.9, 0.1), ha=1)) == 4


def test_too_little_land_does_not_hide_what_is_beside_it() -> None:
    """A good corner that is too small is passed over; the larger land beside it is found all the same."""
    scores = np.full((6, 12), 0.1)
    scores[0:2, 0:2] = 0.95
    scores[0:4, 4:8] = 0.7
    (area,) = found(scores, ha=16, apart_m=2000)
    assert cells(area) == {(row, column) for row in range(4) for column in range(4, 8)}


def test_a_wish_below_a_cell_is_a_cell() -> None:
    (area,) = found([[0.9]], ha=0.01)
    assert area.area_ha == 1


def test_the_threshold_is_within() -> None:
    assert len(found([[0.5]], threshold=0.5)) == 1
    assert found([[0.5]], threshold=0.51) == []
    assert found([[np.nan]], threshold=0.0) == []


def test_more_is_wanted_than_there_is() -> None:
    assert found(np.full((5, 5), 0.9), ha=26) == []
    assert len(found(np.full((5, 5), 0.9), ha=25)) == 1


def test_plots_are_never_over_one_another() -> None:
    """Neither along a strip, where each is as long as many are apart, nor on wide land."""
    for shape, ha in (((1, 40), 5), ((2, 30), 9), ((40, 40), 60)):
        made = found(np.full(shape, 0.8), ha=ha)
        taken = [cell for area in made for cell in cells(area)]
        assert len(made) > 2
        assert len(taken) == len(set(taken))


def test_plots_that_are_larger_than_they_are_apart_are_compact_too() -> None:
    made = found(np.full((60, 60), 0.8), ha=100, apart_m=300, most=4)
    assert len(made) == 4
    for area in made:
        away = np.hypot(area.rows - area.rows.mean(), area.columns - area.columns.mean())
        assert away.max() <= 1.2 * np.sqrt(100 / np.pi)
