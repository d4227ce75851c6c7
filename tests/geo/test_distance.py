"""Distances: against SciPy's transform, and against the shapes themselves."""

from threading import Thread
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import distance_transform_edt

from geo import distance as room
from geo.distance import (
    HALF_DIAGONAL,
    between,
    distance,
    in_strips,
    margin_m,
    marked,
    present,
    segments,
    transform,
)
from geo.errors import GridError
from geo.grid import Grid, Window
from tests.geo.networks import objects, points

GRID = Grid(west=500_000.0, north=6_300_000.0, cell_m=100.0, columns=12, rows=9)
NAN = np.nan


def at(column: float, row: float) -> tuple[float, float]:
    """The metres of a place given in cells from the north-western corner."""
    return GRID.west + column * GRID.cell_m, GRID.north - row * GRID.cell_m


@st.composite
def shapes(draw: st.DrawFn) -> Any:
    """One to four points, lines and triangles, within the grid and around it."""
    place = st.tuples(st.floats(-15, 27), st.floats(-15, 24)).map(lambda pair: at(*pair))
    made: list[Any] = []
    for kind in draw(st.lists(st.sampled_from("plt"), min_size=1, max_size=4)):
        if kind == "p":
            made.append(shapely.Point(draw(place)))
        elif kind == "l":
            made.append(shapely.LineString(draw(st.lists(place, min_size=2, max_size=4))))
        else:
            made.append(shapely.Polygon(draw(st.lists(place, min_size=3, max_size=3))).buffer(1.0))
    return objects(made)


def centres(grid: Grid) -> Any:
    return shapely.points(*np.meshgrid(*grid.axes()))


def to_shapes(grid: Grid, made: Any) -> Any:
    """The metres from each centre to the nearest shape, by trying each."""
    return np.min([shapely.distance(centres(grid), shape) for shape in made], axis=0)


# --- the transform ----------------------------------------------------------------------------------------


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_the_transform_is_scipys(rows: int, columns: int, data: st.DataObject) -> None:
    marks = np.zeros((rows, columns), np.uint8)
    for cell in data.draw(st.lists(st.integers(0, marks.size - 1), min_size=1, max_size=12)):
        marks.flat[cell] = 1
    right = distance_transform_edt(marks == 0) * 25.0
    np.testing.assert_allclose(transform(marks, 25.0), right, rtol=1e-7)


@pytest.mark.parametrize("share", [1e-6, 1e-4, 0.02, 0.9])
@pytest.mark.parametrize("threads", [1, 3])
def test_large_transforms_are_scipys_on_any_number_of_threads(
    share: float, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "THREADS", threads)
    marks = (np.random.default_rng(3).random((700, 900)) < share).astype(np.uint8)
    marks[613, 20] = 1
    right = distance_transform_edt(marks == 0) * 10.0
    found = transform(marks, 10.0)
    assert found.dtype == np.float32
    assert np.abs(found - right).max() <= 1e-3


def test_a_part_of_a_transform_is_its_cut() -> None:
    marks = (np.random.default_rng(4).random((60, 80)) < 0.01).astype(np.uint8)
    window = Window(7, 31, 20, 40)
    np.testing.assert_array_equal(transform(marks, 3.0, window), transform(marks, 3.0)[window.slices])


def test_without_a_marked_cell_no_distance_is_known() -> None:
    assert np.isnan(transform(np.zeros((4, 5), np.uint8), 10.0)).all()


def test_many_threads_may_ask_at_once() -> None:
    marks = (np.random.default_rng(5).random((400, 400)) < 0.01).astype(np.uint8)
    right, found = transform(marks, 1.0), [np.empty(0)] * 6

    def ask(number: int) -> None:
        found[number] = transform(marks, 1.0)

    workers = [Thread(target=ask, args=(number,)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for one in found:
        np.testing.assert_array_equal(one, right)


def test_a_fault_in_a_strip_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "THREADS", 2)

    def work(begin: int, end: int) -> None:
        raise KeyError(begin)

    with pytest.raises(KeyError):
        in_strips(work, 100, 2**20)


# --- shapes -----------------------------------------------------------------------------------------------


def test_by_hand() -> None:
    """A point in the third cell of the second row."""
    found = distance(GRID, points(at(2.2, 1.9)))
    assert found[1, 2] == 0.0
    assert found[1, 5] == 300.0
    assert found[5, 5] == 500.0
    assert found[0, 1] == pytest.approx(141.42135)


def test_a_cell_that_holds_part_of_a_shape_is_at_no_distance() -> None:
    made = objects(
        [
            shapely.LineString([at(1.1, 1.5), at(4.9, 1.5)]),
            shapely.box(*at(6.2, 6.8), *at(8.8, 4.2)),
            shapely.MultiPoint([at(10.5, 0.5), at(11.5, 8.5)]),
        ]
    )
    found = distance(GRID, made)
    assert (found[1, 1:5] == 0).all()
    assert (found[4:7, 6:9] == 0).all()
    assert found[0, 10] == found[8, 11] == 0
    assert (found == 0).sum() == 4 + 9 + 2


@given(shapes())
def test_a_distance_is_true_to_the_half_diagonal_of_a_cell(made: Any) -> None:
    off = np.abs(distance(GRID, made) - to_shapes(GRID, made))
    assert off.max() <= HALF_DIAGONAL * GRID.cell_m + 0.05


@given(shapes())
def test_shapes_beyond_the_grid_count_as_on_a_larger_one(made: Any) -> None:
    """All the shapes lie on a grid with 30 cells more around."""
    wide = Window(-30, -30, GRID.rows + 60, GRID.columns + 60)
    here = Window(30, 30, GRID.rows, GRID.columns)
    right = distance(GRID.cut(wide), made)[here.slices]
    np.testing.assert_allclose(distance(GRID, made), right, rtol=1e-6)


@pytest.mark.parametrize("place", [(4000.0, 3.0), (-3000.0, -3000.0), (5.0, 2500.0)])
def test_a_single_shape_far_away_is_seen(place: tuple[float, float]) -> None:
    made = points(at(*place))
    assert np.abs(distance(GRID, made) - to_shapes(GRID, made)).max() <= HALF_DIAGONAL * GRID.cell_m + 0.1
    assert margin_m(GRID, made) > 100 * 2000


def test_the_margin_holds_what_can_be_nearest_and_little_more() -> None:
    made = points(at(6, 4.5))
    assert 750.0 <= margin_m(GRID, made) <= 750.0 + 2 * 142 + 100


def test_without_a_shape_no_distance_is_known() -> None:
    nothing = objects([None, shapely.Point(), shapely.Polygon()])
    assert np.isnan(distance(GRID, nothing)).all()
    assert np.isnan(distance(GRID, objects([]))).all()


def test_shapes_that_are_not_there_are_left_out() -> None:
    made = points(at(2, 2))
    np.testing.assert_array_equal(
        distance(GRID, objects([None, made[0], shapely.Point()])), distance(GRID, made)
    )


def test_a_margin_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_PADDED", 10_000)
    with pytest.raises(GridError) as told:
        distance(GRID, points(at(300, 300)))
    assert told.value.code == "many"


def test_marks_by_centre_or_by_touch() -> None:
    made = objects([shapely.box(*at(2.4, 3.6), *at(4.6, 1.4))])
    assert marked(GRID, made).sum() == 9
    assert marked(GRID, made, touched=False).sum() == 9
    smaller = objects([shapely.box(*at(2.6, 3.4), *at(4.4, 1.6))])
    assert marked(GRID, smaller).sum() == 9
    assert marked(GRID, smaller, touched=False).sum() == 1


# --- how near and how far the shapes themselves are --------------------------------------------------------


def outlines(made: Any) -> Any:
    return objects([shape.boundary if shape.geom_type == "Polygon" else shape for shape in made])


@given(shapes(), st.sampled_from([0.0, 150.0, 600.0]))
def test_the_true_distance_lies_between(made: Any, exact_m: float) -> None:
    right = to_shapes(GRID, outlines(made))
    least, most = between(GRID, made, exact_m)
    assert (least <= right + 0.05).all()
    assert (most >= right - 0.05).all()
    sure = right < exact_m - 0.05
    np.testing.assert_allclose(least[sure], right[sure], atol=0.01)
    np.testing.assert_allclose(most[sure], right[sure], atol=0.01)


def test_the_exact_distance_is_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(6)
    grid = Grid(0.0, 50_000.0, 100.0, 500, 500)
    made = objects([shapely.LineString(rng.uniform(0, 50_000, (2, 2))) for _ in range(20)])
    found = []
    for threads in (1, 3):
        monkeypatch.setattr(room, "THREADS", threads)
        found.append(between(grid, made, 1000.0))
    np.testing.assert_array_equal(found[0], found[1])


def test_where_nothing_is_all_is_infinitely_far() -> None:
    assert np.isposinf(between(GRID, objects([None]), 100.0)).all()


def test_segments_of_all_kinds() -> None:
    made = objects(
        [
            shapely.Point(1, 2),
            shapely.LineString([(0, 0), (3, 0), (3, 4)]),
            shapely.MultiLineString([[(10, 0), (11, 0)], [(20, 0), (21, 0)]]),
        ]
    )
    rows = sorted(segments(made).tolist())
    assert rows == [[0, 0, 3, 0], [1, 2, 1, 2], [3, 0, 3, 4], [10, 0, 11, 0], [20, 0, 21, 0]]
    assert segments(objects([])).shape == (0, 4)


def test_collections_are_taken_apart() -> None:
    both = shapely.GeometryCollection([shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)])])
    assert [shape.geom_type for shape in present(objects([both, None]))] == ["Point", "LineString"]
