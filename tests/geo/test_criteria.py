"""Criteria and zones: by hand, against trying every shape at every cell, and against ways along a network."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from geo import distance as room
from geo.criteria import density, minutes, people_within, slope_percent, zone
from geo.errors import GeoError
from geo.grid import Grid
from geo.impedance import SEASONS
from geo.isochrone import surface
from geo.network import BACK, THERE, Taps, snap
from geo.sweeps import CLOSED
from geo.travel import Travel
from tests.geo import networks
from tests.geo.networks import ACCESS, MODEL, line, network, objects, points, taps

NAN, INF = np.nan, np.inf
GRID = Grid(west=500_000.0, north=6_300_000.0, cell_m=100.0, columns=14, rows=11)


def at(column: float, row: float) -> tuple[float, float]:
    """The metres of a place given in cells from the north-western corner."""
    return GRID.west + column * GRID.cell_m, GRID.north - row * GRID.cell_m


def centres(grid: Grid) -> Any:
    return shapely.points(*np.meshgrid(*grid.axes()))


# --- zones ------------------------------------------------------------------------------------------------


def signed(grid: Grid, shape: Any) -> Any:
    """Metres from each centre to a shape, negative inside an area."""
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        return shapely.distance(centres(grid), shape)
    away = shapely.distance(centres(grid), shape.boundary)
    return np.where(shapely.contains(shape, centres(grid)), -away, away)


def by_trying(grid: Grid, shapes: Any, width: Any, accuracy: Any) -> tuple[Any, Any]:
    rows = [(signed(grid, shape), w, a) for shape, w, a in zip(shapes, width, accuracy, strict=True)]
    near = np.min([d - a - w for d, w, a in rows], axis=0)
    far = np.min([d + a - w for d, w, a in rows], axis=0)
    return near, far


@st.composite
def records(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Points, lines and areas that may lie in and over each other, with widths and accuracies."""
    place = st.tuples(st.floats(-6, 20), st.floats(-6, 17)).map(lambda pair: at(*pair))
    made: list[Any] = []
    for kind in draw(st.lists(st.sampled_from("plaah"), min_size=1, max_size=5)):
        if kind == "p":
            made.append(shapely.Point(draw(place)))
        elif kind == "l":
            made.append(shapely.LineString(draw(st.lists(place, min_size=2, max_size=3))))
        else:
            middle, size = shapely.Point(draw(place)), draw(st.floats(60, 700))
            area = middle.buffer(size, quad_segs=2)
            made.append(area.difference(middle.buffer(size / 2, quad_segs=2)) if kind == "h" else area)
    width = draw(st.lists(st.sampled_from([0.0, 50.0, 200.0]), min_size=len(made), max_size=len(made)))
    accuracy = draw(st.lists(st.sampled_from([0.0, 30.0, 150.0]), min_size=len(made), max_size=len(made)))
    return objects(made), np.array(width), np.array(accuracy)


@given(records())
def test_a_zone_is_never_told_wrongly(made: Any) -> None:
    """The bounds hold what every record says, and near the zone's edge they are just that."""
    near, far = zone(GRID, *made)
    least, most = by_trying(GRID, *made)
    assert (near <= least + 0.1).all()
    assert (far >= most - 0.1).all()
    for found, right in ((near, least), (far, most)):
        edge = np.abs(right) < 100.0
        np.testing.assert_allclose(found[edge], right[edge], atol=0.1)
        assert np.abs(found - right).max() <= room.HALF_DIAGONAL * 2 * GRID.cell_m + 0.1


def test_a_point_by_hand() -> None:
    """The centre of the third cell of the second row: 250 m of zone, known to 100 m."""
    near, far = zone(GRID, points(at(2.5, 1.5)), 250.0, 100.0)
    assert near[1, 2:8].tolist() == [-350.0, -250.0, -150.0, -50.0, 50.0, 150.0]
    assert far[1, 2:8].tolist() == [-150.0, -50.0, 50.0, 150.0, 250.0, 350.0]
    inside, outside = far <= 0, near > 0
    assert inside[1, 2:8].tolist() == [True, True, False, False, False, False]
    assert outside[1, 2:8].tolist() == [False, False, False, False, True, True]


def test_an_area_without_a_width_is_the_area_itself() -> None:
    area = shapely.box(*at(3.2, 8.8), *at(9.8, 2.2))
    near, far = zone(GRID, objects([area]), 0.0, 0.0)
    inside = shapely.contains(area, centres(GRID))
    np.testing.assert_array_equal(far <= 0, inside)
    np.testing.assert_array_equal(near > 0, ~inside)


def test_a_position_less_accurate_than_an_area_is_large_is_sure_nowhere() -> None:
    near, far = zone(GRID, objects([shapely.box(*at(5, 6), *at(7, 4))]), 0.0, 150.0)
    assert (far > 0).all()
    assert (near <= 0).sum() > 4


def test_widening_a_zone_is_comparing_with_more() -> None:
    made = objects([shapely.LineString([at(-2, 3), at(9, 8)])])
    near, far = zone(GRID, made, 50.0, 20.0)
    wider_near, wider_far = zone(GRID, made, 170.0, 20.0)
    np.testing.assert_array_equal(far <= 120.0, wider_far <= 0)
    np.testing.assert_array_equal(near > 120.0, wider_near > 0)


def test_an_area_within_an_area_does_not_weaken_it() -> None:
    """In the middle of the large one, at the outline of the small one."""
    large, small = shapely.box(*at(0, 11), *at(14, 0)), shapely.box(*at(6, 6), *at(8, 4))
    _, alone = zone(GRID, objects([large]), 0.0, 100.0)
    _, both = zone(GRID, objects([small, large]), 0.0, 100.0)
    np.testing.assert_allclose(both, alone, atol=0.1)


def test_a_shape_beyond_the_grid_reaches_into_it() -> None:
    near, far = zone(GRID, points(at(20.5, 5.5)), 1000.0, 0.0)
    assert far[5, 13] == -300.0
    assert near[5, 0] == pytest.approx(1000.0 - 70.71, abs=0.01)


def test_a_grid_wholly_inside_an_area() -> None:
    _, far = zone(GRID, objects([shapely.box(*at(-50, 60), *at(60, -50))]), 0.0, 500.0)
    assert (far <= 0).all()


def test_no_records_make_no_zone() -> None:
    for made in (objects([]), objects([None, shapely.Point()])):
        near, far = zone(GRID, made, 100.0, 10.0)
        assert np.isposinf(near).all()
        assert np.isposinf(far).all()


@pytest.mark.parametrize(("width", "accuracy"), [(NAN, 1.0), (1.0, NAN), (INF, 1.0), (1.0, -1.0)])
def test_a_width_or_an_accuracy_that_is_none_is_refused(width: float, accuracy: float) -> None:
    with pytest.raises(GeoError) as told:
        zone(GRID, points(at(1, 1)), width, accuracy)
    assert told.value.code == "unknown"


# --- density ----------------------------------------------------------------------------------------------


@given(st.integers(0, 60), st.sampled_from([40.0, 333.0, 900.0, 5000.0]), st.booleans())
def test_density_counts_what_is_within_the_radius(count: int, radius_m: float, weighted: bool) -> None:
    rng = np.random.default_rng(count)
    xy = np.column_stack(
        [rng.uniform(*at(-5, 0)[:1], at(20, 0)[0], count), rng.uniform(at(0, 17)[1], at(0, -5)[1], count)]
    )
    weights = rng.integers(0, 50, count).astype(float) if weighted else None
    found = density(GRID, shapely.points(xy), radius_m, weights)
    x, y = np.meshgrid(*GRID.axes())
    near = cKDTree(xy.reshape(-1, 2)).query_ball_point(np.column_stack([x.ravel(), y.ravel()]), radius_m)
    of_each = np.ones(count) if weights is None else weights
    right = np.array([of_each[members].sum() for members in near]).reshape(GRID.shape)
    np.testing.assert_allclose(found, right / (np.pi * (radius_m / 1000) ** 2), rtol=1e-6)


def test_density_by_hand() -> None:
    """Within one kilometre: two works of 3 and 4, over 3.14 km2; the edge of the disc belongs to it."""
    found = density(GRID, points(at(0.5, 0.5), at(10.5, 0.5), None), 1000.0, [3.0, 4.0, 9.0])
    assert found[0, 0] == pytest.approx(7 / np.pi)
    assert found[0, 11] == pytest.approx(4 / np.pi)
    assert found[8, 6] == pytest.approx(7 / np.pi)


def test_unknown_weights_add_nothing_and_nothing_leaves_exact_zero() -> None:
    made = points(*(at(0.1 * k, 3.3) for k in range(20)))
    found = density(GRID, made, 150.0, np.where(np.arange(20) % 2, 0.1, NAN))
    assert (found[:, 6:] == 0).all()
    assert found[3, 0] > 0


def test_density_is_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    grid, rng = Grid(0.0, 50_000.0, 100.0, 500, 500), np.random.default_rng(1)
    made, found = shapely.points(rng.uniform(0, 50_000, (300, 2))), []
    for threads in (1, 3):
        monkeypatch.setattr(room, "THREADS", threads)
        found.append(density(grid, made, 3000.0))
    np.testing.assert_array_equal(*found)


def test_density_refuses_what_makes_none() -> None:
    for radius_m, weights, code in [(0.0, None, "radius"), (NAN, None, "radius"), (1.0, [-1.0], "weights")]:
        with pytest.raises(GeoError) as told:
            density(GRID, points(at(1, 1)), radius_m, weights)
        assert told.value.code == code


# --- slope ------------------------------------------------------------------------------------------------


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.sampled_from([10.0, 100.0]))
def test_the_slope_of_a_plane(east: float, north: float, cell_m: float) -> None:
    column, row = np.meshgrid(np.arange(9), np.arange(7))
    plane = (200 + east * cell_m * column - north * cell_m * row).astype(np.float32)
    found = slope_percent(plane, cell_m)
    assert np.isnan(found[[0, -1]]).all()
    assert np.isnan(found[:, [0, -1]]).all()
    np.testing.assert_allclose(found[1:-1, 1:-1], 100 * np.hypot(east, north), atol=1e-2)


def test_horns_weights_by_hand() -> None:
    """East 11 + 2 * 12 + 17 less 10 + 2 * 13 + 12: 4; south 12 + 2 * 14 + 17 less 10 + 2 * 10 + 11: 16."""
    heights = np.array([[10, 10, 11], [13, 99, 12], [12, 14, 17]], np.float32)
    found = slope_percent(heights, 2.0)
    assert found[1, 1] == pytest.approx(100 * np.hypot(4, 16) / 16)


def test_next_to_the_unknown_the_slope_is_unknown() -> None:
    heights = np.zeros((9, 9), np.float32)
    heights[4, 4] = NAN
    known = np.isfinite(slope_percent(heights, 10.0))
    assert not known[3:6, 3:6].any()
    assert known.sum() == 49 - 9


def test_a_grid_too_small_for_a_slope() -> None:
    assert np.isnan(slope_percent(np.zeros((2, 5), np.float32), 10.0)).all()


# --- by road ----------------------------------------------------------------------------------------------


AROUND = Grid.over((-650.0, -650.0, 3650.0, 3650.0), 100.0)
"""About the random networks, which are 3000 m wide."""


def test_minutes_are_the_surfaces_from_the_north() -> None:
    made = line(3)
    grid = Grid(-450.0, 850.0, 100.0, 39, 17)
    found = minutes(grid, Travel.over(made, MODEL), snap(made, points((0, 0))))
    row, column = grid.cell_at(1000.0, 0.0) or (0, 0)
    assert found[row, column] == pytest.approx(100 / 60, abs=1e-3)
    assert found[row - 3, column] == pytest.approx((100 + 300) / 60, abs=1e-3)
    assert np.isposinf(found[0]).all()
    assert found.dtype == np.float32


@given(networks.networks(), st.data())
def test_minutes_turn_the_surface_over(made: Any, data: st.DataObject) -> None:
    travel, places = Travel.over(made, MODEL), data.draw(networks.tapped(made))
    right = surface(travel, places, AROUND.lattice).minutes[::-1]
    np.testing.assert_array_equal(minutes(AROUND, travel, places), right.astype(np.float32))


def seen(found: Any, grid: Grid, x: float, y: float) -> Any:
    return found[:, *(grid.cell_at(x, y) or (0, 0))].tolist()


def test_people_along_a_road_by_hand() -> None:
    """A at 0 km, B at 3 km of a road on which a kilometre takes 100 s; a metre beside it takes one."""
    made = line(3)
    grid = Grid(-450.0, 850.0, 100.0, 39, 17)
    towns = snap(made, points((0, 0), (3000, 0)))
    found = people_within(grid, Travel.over(made, MODEL), towns, np.array([10.0, 200.0]), (1, 3, 5))
    assert found.shape == (3, *grid.shape)
    assert seen(found, grid, 0, 0) == [10, 10, 210]
    assert seen(found, grid, 1500, 0) == [0, 210, 210]
    assert seen(found, grid, 3000, 0) == [200, 200, 210]
    assert seen(found, grid, 1000, 0) == [0, 10, 210]
    assert seen(found, grid, 1000, 100) == [0, 0, 210]
    assert seen(found, grid, 1000, 200) == [0, 0, 10]
    assert seen(found, grid, 1000, -400) == [0, 0, 0]
    assert seen(found, grid, 1000, 800) == [0, 0, 0]


def test_the_way_leads_from_the_people_to_the_cell() -> None:
    """On a road that may be driven from west to east only."""
    grid = Grid(-450.0, 450.0, 100.0, 39, 9)
    for oneway, right in ((THERE, [0, 10]), (BACK, [0, 0])):
        made = line(3, oneway=np.full(3, oneway, np.int8))
        found = people_within(
            grid, Travel.over(made, MODEL), taps(1, (0, 1, 0.0, 0.0)), np.array([10.0]), (1, 10)
        )
        assert seen(found, grid, 2500, 0) == right


def test_a_town_halfway_along_a_road_need_not_go_to_its_end() -> None:
    made = line(1, step_m=4000.0)
    grid = Grid(-50.0, 150.0, 100.0, 41, 3)
    found = people_within(grid, Travel.over(made, MODEL), taps(1, (0, 0, 0.5, 0.0)), np.array([7.0]), (1, 2))
    assert seen(found, grid, 2000, 0) == [7, 7]
    assert seen(found, grid, 2500, 0) == [7, 7]
    assert seen(found, grid, 1300, 0) == [0, 7]
    assert seen(found, grid, 3500, 0) == [0, 0]


def test_behind_a_town_on_a_one_way_road_its_own_place_is_the_nearest_that_is_reached() -> None:
    made = line(3, oneway=np.full(3, THERE, np.int8))
    grid = Grid(-50.0, 150.0, 100.0, 31, 3)
    towns = taps(1, (0, 1, 0.5, 0.0))
    found = people_within(grid, Travel.over(made, MODEL), towns, np.array([10.0]), (1, 2))
    assert seen(found, grid, 1600, 0) == [10, 10]
    assert seen(found, grid, 1400, 0) == [0, 10]
    assert seen(found, grid, 1200, 0) == [0, 0]


def test_the_way_to_the_road_counts_on_both_sides() -> None:
    made = line(1)
    grid = Grid(-50.0, 250.0, 100.0, 11, 3)
    towns = snap(made, points((500, 50)))
    found = people_within(grid, Travel.over(made, MODEL), towns, np.array([5.0]), (1, 3))
    assert seen(found, grid, 500, 0) == [5, 5]
    assert seen(found, grid, 500, 100) == [0, 5]


def test_unknown_populations_and_places_off_the_network_add_nothing() -> None:
    made = line(3)
    towns = snap(made, points((0, 0), (1000, 0), None, (1000, 9000)))
    people = np.array([NAN, 20.0, 300.0, 4000.0])
    grid = Grid(-450.0, 450.0, 100.0, 39, 9)
    travel = Travel.over(made, MODEL)
    found = people_within(grid, travel, towns, people, (600,))
    assert set(np.unique(found)) == {0.0, 20.0}
    nobody = people_within(grid, travel, towns, np.full(4, NAN), (600,))
    assert nobody.shape == found.shape
    assert not nobody.any()


def test_a_road_that_nobody_comes_to_keeps_no_cell_from_the_next() -> None:
    """Two roads side by side, 300 m apart; the town is on the farther one."""
    made = network([(0, 0), (1000, 0), (0, 300), (1000, 300)], [(0, 1), (2, 3)])
    grid = Grid(-50.0, 450.0, 100.0, 11, 6)
    found = people_within(grid, Travel.over(made, MODEL), taps(1, (0, 0, 0.0, 0.0)), np.array([8.0]), (20,))
    assert seen(found, grid, 500, 300) == [8]


def by_places(travel: Travel, grid: Grid, towns: Taps) -> tuple[Any, Any]:
    """Minutes from each town to each cell (flat) by way of the nearest road that is reached at all.

    And the metres from each cell to every such road, ascending, infinite ones for the others.
    """
    made = travel.network
    x, y = np.meshgrid(*grid.axes())
    cells = shapely.points(np.column_stack([x.ravel(), y.ravel()]))
    away = np.stack([shapely.distance(cells, shape) for shape in made.lines])
    share = [shapely.line_locate_point(shape, cells, normalized=True) for shape in made.lines]
    segment = np.repeat(np.arange(len(made), dtype=np.int32), len(cells))
    place = np.arange(len(segment), dtype=np.int32)
    each = Taps(len(segment), place, segment, np.concatenate(share), away.ravel())
    times = travel.minutes(towns, each).reshape(towns.places, *away.shape)
    gap = np.where(np.isfinite(times).any(axis=0), away, 1e9)
    nearest = gap.argmin(axis=0)
    told = np.take_along_axis(times, nearest[None, None, :], axis=1)[:, 0]
    return np.where(gap.min(axis=0) <= made.access.limit_m, told, INF), np.sort(gap, axis=0)


@settings(max_examples=25)
@given(networks.networks(bans=True, oneways=False), st.sampled_from(SEASONS), st.data())
def test_people_are_those_whose_way_to_a_place_there_is_short_enough(
    made: Any, season: Any, data: st.DataObject
) -> None:
    """Except where another road is as near to within a stop, or a time as near to the limit."""
    travel, towns = Travel.over(made, MODEL, season), data.draw(networks.tapped(made))
    people = np.array([1.0, 10.0, 100.0, 1000.0])[: towns.places]
    grid = Grid.over((-700.0, -700.0, 3700.0, 3700.0), 200.0)
    told, gap = by_places(travel, grid, towns)
    step_m, limits = grid.cell_m / 2, (2.0, 5.0, 12.0)
    open_ = travel.links < CLOSED
    pace = (travel.links / np.maximum(np.repeat(shapely.length(made.lines), 2), 1))[open_].max(
        initial=0
    ) / 6e4
    # Half of a loop's way, where its other side is as near.
    slack = step_m / 60 + (step_m + 40) * pace + 1e-6
    second = gap[1] if len(gap) > 1 else gap[0] + INF
    clear = (gap[0] < ACCESS.limit_m - step_m) & (second - gap[0] > step_m)
    found = people_within(grid, travel, towns, people, limits).reshape(len(limits), -1)
    for n, limit in enumerate(limits):
        sure = clear & ~(np.abs(told - limit) < slack).any(axis=0)
        np.testing.assert_array_equal(found[n][sure], (people[:, None] * (told <= limit)).sum(axis=0)[sure])
        assert not found[n][gap[0] > ACCESS.limit_m].any()
