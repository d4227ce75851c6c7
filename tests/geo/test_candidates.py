"""Candidate areas: by hand, against a plain search, and no forbidden cell within any outline."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import candidates
from geo.candidates import Area, areas
from geo.errors import GridError
from geo.grid import Grid
from geo.weighing import EXCLUDED, FREE, UNKNOWN, UNSURE

NAN = np.nan
CELL = 100.0
"""One cell is a hectare."""


def grid_of(scores: Any, cell_m: float = CELL) -> Grid:
    return Grid(500_000.0, 6_260_000.0, cell_m, scores.shape[1], scores.shape[0])


def found(
    scores: Any, state: Any = None, least_ha: float = 1.0, threshold: float = 0.5, **more: Any
) -> list[Area]:
    scores = np.array(scores, np.float32)
    state = np.zeros(scores.shape, np.uint8) if state is None else np.array(state, np.uint8)
    return areas(scores, state, grid_of(scores), threshold, least_ha, **more)


def cells(area: Area) -> list[tuple[int, int]]:
    return list(zip(area.rows.tolist(), area.columns.tolist(), strict=True))


def test_areas_worked_by_hand() -> None:
    one, two = found(
        [
            [0.5, 0.6, 0.1, 0.9, 0.9],
            [0.4, 0.7, 0.1, NAN, 0.8],
            [0.4, 0.1, 0.9, 0.1, 0.4],
        ],
        [[0, 1, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 2, 0, 0]],
        least_ha=2,
    )
    assert cells(one) == [(0, 3), (0, 4), (1, 4)]
    assert (one.area_ha, one.mean, one.best, one.unsure_share) == pytest.approx((3, 2.6 / 3, 0.9, 0))
    assert one.best_at == (500_350.0, 6_259_950.0)
    assert cells(two) == [(0, 0), (0, 1), (1, 1)]
    assert (two.area_ha, two.mean, two.best, two.unsure_share) == pytest.approx((3, 0.6, 0.7, 1 / 3))
    assert two.best_at == (500_150.0, 6_259_850.0)


def test_a_single_cell_is_a_diamond_about_its_centre() -> None:
    (area,) = found([[0, 0, 0], [0, 1, 0]])
    assert area.outline.equals(shapely.Point(500_150, 6_259_850).buffer(50, quad_segs=1))


def test_a_rectangle_loses_its_corners_only() -> None:
    (area,) = found(np.ones((4, 6)))
    assert area.outline.bounds == (500_000, 6_259_600, 500_600, 6_260_000)
    assert area.outline.area == 24 * CELL**2 - 4 * CELL**2 / 8
    assert shapely.get_num_coordinates(area.outline) == 9


def test_a_hole_stays_open() -> None:
    scores = np.ones((5, 5))
    scores[2, 2] = 0
    (area,) = found(scores)
    assert len(area.outline.interiors) == 1
    assert not area.outline.contains(shapely.Point(500_250, 6_259_750))


def test_corners_do_not_join() -> None:
    assert [cells(area) for area in found([[1, 0], [0, 1]])] == [[(0, 0)], [(1, 1)]]
    assert len(found([[1, 1], [0, 1]])) == 1


def test_the_best_come_first() -> None:
    row = [[0.6, 0, 0.8, 0, 0.6, 0.6, 0, 0.6, 0, 0.8, 0.8, 0.8]]
    assert [area.columns[0] for area in found(row)] == [9, 2, 4, 0, 7]
    assert [area.columns[0] for area in found(row, most=2)] == [9, 2]
    assert [area.columns[0] for area in found(row, least_ha=2)] == [9, 4]
    assert found(row, most=0) == []


def test_hectares_are_those_of_cells() -> None:
    scores = np.ones((4, 10), np.float32)
    for cell_m, area_ha in ((50.0, 10.0), (25.0, 2.5), (1000.0, 4000.0)):
        state, grid = np.zeros(scores.shape, np.uint8), grid_of(scores, cell_m)
        (area,) = areas(scores, state, grid, 0.5, area_ha)
        assert area.area_ha == area_ha
        assert areas(scores, state, grid, 0.5, area_ha * 1.001) == []


def test_what_cannot_be_told_belongs_to_an_area() -> None:
    scores, state = [[1, 1, 1]], [[FREE, UNSURE, FREE]]
    (area,) = found(scores, state)
    assert area.unsure_share == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("scores", "state", "threshold"),
    [
        ([[0.2, 0.4]], [[0, 0]], 0.5),
        ([[NAN, NAN]], [[0, 0]], 0.0),
        ([[0.9, 0.9]], [[EXCLUDED, UNKNOWN]], 0.5),
        ([[1.0, 1.0]], [[0, 0]], 1.5),
    ],
    ids=["low", "unknown", "excluded", "beyond"],
)
def test_nothing_good_is_an_empty_list(scores: Any, state: Any, threshold: float) -> None:
    assert found(scores, state, threshold=threshold) == []


def test_a_threshold_is_met_by_its_own_score() -> None:
    (area,) = found([[0.7, 0.69999]], threshold=0.7)
    assert cells(area) == [(0, 0)]


def test_what_does_not_fit_is_told() -> None:
    scores, state = np.ones((2, 3), np.float32), np.zeros((2, 3), np.uint8)
    for wrong in (
        (scores.T, state, grid_of(scores)),
        (scores, state[:1], grid_of(scores)),
        (scores, state, grid_of(scores.T)),
    ):
        with pytest.raises(GridError) as caught:
            areas(*wrong, 0.5, 1)
        assert caught.value.code == "shapes"


def grown(good: Any) -> list[set[tuple[int, int]]]:
    """The areas of cells joined by edges, by a plain search."""
    left = {(int(r), int(c)) for r, c in zip(*np.nonzero(good), strict=True)}
    made = []
    while left:
        area, edge = set(), {left.pop()}
        while edge:
            area |= edge
            left -= edge
            edge = {(r + a, c + b) for r, c in edge for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0))} & left
        made.append(area)
    return made


@st.composite
def landscapes(draw: st.DrawFn) -> tuple[Any, Any]:
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = draw(st.integers(1, 14)), draw(st.integers(1, 14))
    scores = random.choice([0.2, 0.5, 0.6, 0.7, 0.9, NAN], shape).astype(np.float32)
    forbidden = draw(st.sampled_from([0.0, 0.2, 0.5]))
    state = random.choice([FREE, UNSURE, EXCLUDED], shape, p=[0.9 - forbidden, 0.1, forbidden])
    return scores, state.astype(np.uint8)


@settings(max_examples=200)
@given(landscapes(), st.sampled_from([1.0, 2.0, 5.0]), st.sampled_from([3, 7, 10_000]))
def test_areas_hold_their_own_cells_and_no_other(
    landscape: tuple[Any, Any], least_ha: float, strip: int
) -> None:
    scores, state = landscape
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "_STRIP", strip)
        made = found(scores, state, least_ha)
    good = (scores >= 0.5) & (state != EXCLUDED)
    right = [area for area in grown(good) if len(area) >= least_ha]
    assert len(made) == len(right)
    assert all(set(cells(area)) in right for area in made)
    rows, columns = np.indices(scores.shape).reshape(2, -1)
    points = shapely.points(500_000 + (columns + 0.5) * CELL, 6_260_000 - (rows + 0.5) * CELL)
    for area in made:
        assert area.outline.is_valid
        assert area.outline.geom_type == "Polygon"
        own = np.zeros(scores.shape, bool)
        own[area.rows, area.columns] = True
        assert (shapely.contains(area.outline, points) == own.ravel()).all()
        assert (shapely.intersects(area.outline, points) == own.ravel()).all()
    assert [area.mean for area in made] == sorted((area.mean for area in made), reverse=True)


@given(landscapes())
def test_outlines_do_not_overlap(landscape: tuple[Any, Any]) -> None:
    made = found(*landscape)
    whole = shapely.union_all([area.outline for area in made])
    assert whole.area == pytest.approx(sum(area.outline.area for area in made))
