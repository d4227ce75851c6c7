"""Surfaces of minutes: by hand, against trying every sample at every cell, and against times of places."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.impedance import FERRY, SEASONS
from geo.isochrone import LEAST_CELL_M, Lattice, Surface, samples, surface
from geo.network import BACK, THERE, Network, Taps, snap
from geo.travel import Travel
from tests.geo import networks
from tests.geo.networks import ACCESS, MODEL, line, network, objects, points, taps

INF = np.inf
PACE = ACCESS.minutes(np.array([1.0]))[0]
"""Minutes for a metre of open land: a second."""
CELL = 200.0
AROUND = Lattice.over((-600.0, -600.0, 3600.0, 3600.0), CELL)
"""About the random networks, which are 3000 m wide."""
DIRECTIONS = st.sampled_from(["to", "from"])
SEASON = st.sampled_from(SEASONS)
NETWORKS = networks.networks()
TWO_WAY = networks.networks(oneways=False)


def centres(grid: Lattice) -> Any:
    """The middles of the cells, (rows, columns, 2)."""
    return np.stack(np.meshgrid(*grid.axes), axis=-1)


def at_nodes(made: Network, *nodes: int) -> Taps:
    """Places that are nodes, each tapping all streets that meet there."""
    rows = [
        (place, int(number), share, 0.0)
        for place, node in enumerate(nodes)
        for side, share in ((made.start, 0.0), (made.end, 1.0))
        for number in np.flatnonzero(side == node)
    ]
    return taps(len(nodes), *rows)


def seconds(found: Any) -> Any:
    return np.round(np.asarray(found) * 60, 3).tolist()


@st.composite
def towns(draw: st.DrawFn, kind: st.SearchStrategy[Network] = NETWORKS) -> tuple[Travel, Taps]:
    """A random network in a season, and one or two of its nodes."""
    made = draw(kind)
    node = st.integers(0, len(made.nodes) - 1)
    chosen = draw(st.lists(node, min_size=1, max_size=2, unique=True))
    return Travel.over(made, MODEL, draw(SEASON)), at_nodes(made, *chosen)


# --- grids ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "cell", "right"),
    [
        ((0, 0, 1000, 500), 200, Lattice(0, 0, 200, 6, 4)),
        ((100, -300, 1100, 300), 200, Lattice(100, -300, 200, 6, 4)),
        ((0, 0, 1000, 500), None, Lattice(0, 0, LEAST_CELL_M, 6, 4)),
        ((0, 0, 840_000, 420_000), None, Lattice(0, 0, 2000, 421, 211)),
        ((5, 5, 5, 5), None, Lattice(5, 5, LEAST_CELL_M, 2, 2)),
    ],
    ids=["cells", "elsewhere", "small", "large", "a point"],
)
def test_a_grid_covers_its_bounds(bounds: Any, cell: float | None, right: Lattice) -> None:
    assert Lattice.over(bounds, cell) == right
    x, y = right.axes
    assert (x[0], y[0]) == bounds[:2]
    assert x[-1] >= bounds[2]
    assert y[-1] >= bounds[3]
    assert (len(x), len(y)) == (right.columns, right.rows)


@given(
    st.tuples(*[st.floats(-1e6, 1e6)] * 2),
    st.tuples(*[st.floats(0, 1e6)] * 2),
    st.none() | st.floats(1000, 5000),
)
def test_a_grid_covers_any_bounds(corner: Any, size: Any, cell: float | None) -> None:
    east, north = corner[0] + size[0], corner[1] + size[1]
    grid = Lattice.over((*corner, east, north), cell)
    x, y = grid.axes
    assert x[-1] >= east - 1e-6
    assert y[-1] >= north - 1e-6
    assert x[-1] <= east + 2 * grid.cell_m
    if cell is None:
        assert max(grid.columns, grid.rows) <= 423
        assert grid.cell_m >= LEAST_CELL_M


# --- by hand: a street of three kilometres, 100 s each ----------------------------------------------------


def test_minutes_grow_along_the_street_and_off_it() -> None:
    travel, cells = Travel.over(line(3), MODEL), Lattice.over((-400.0, -600.0, 3000.0, 600.0), CELL)
    found = surface(travel, at_nodes(travel.network, 3), cells)
    # Columns at -400, -200, ..., 3000; the street is row 3, where 200 m take 20 s and off it 200 s.
    assert seconds(found.minutes[3]) == [700, 500, *range(300, -1, -20)]
    assert seconds(found.minutes[4, 2:]) == pytest.approx([s + 200 for s in range(300, -1, -20)], abs=2)
    assert seconds(found.minutes[1, 2:]) == pytest.approx([s + 400 for s in range(300, -1, -20)], abs=4)
    # 600 m are farther than the access goes.
    assert np.isinf(found.minutes[[0, 6]]).all()
    assert (found.owner[1:6, 2:] == 0).all()
    assert (found.owner[[0, 6]] == -1).all()


def test_the_minutes_of_a_position_are_those_of_its_cell() -> None:
    values = np.array([[1.0, 2], [3, INF]])
    made = Surface(Lattice(0, 0, 200, 2, 2), values, np.zeros((2, 2), np.int32))
    xy = np.array([(0, 0), (99, 99), (101, 0), (0, 250), (200, 200), (301, 0), (0, -101), (-99, 0), (1e7, 0)])
    assert made.at(xy).tolist() == [1, 1, 2, 3, INF, INF, INF, 1, INF]
    assert made.at(np.empty((0, 2))).tolist() == []


@pytest.mark.parametrize(
    ("oneway", "direction", "west"),
    [(THERE, "to", 300), (THERE, "from", INF), (BACK, "to", INF), (BACK, "from", 300)],
    ids=str,
)
def test_to_a_place_and_from_it_are_not_the_same(oneway: int, direction: Any, west: float) -> None:
    travel = Travel.over(line(3, oneway=np.full(3, oneway, np.int8)), MODEL)
    found = surface(travel, at_nodes(travel.network, 3), AROUND, direction=direction)
    assert seconds(found.at(np.array([(0.0, 0.0), (1000.0, 0.0)]))) == [west, west - 100]


def test_where_no_way_leads_is_infinitely_far() -> None:
    # A street that is not connected, and one over a ferry in winter.
    nodes = [(0, 0), (1000, 0), (0, 3000), (1000, 3000), (2000, 0)]
    made = network(nodes, [(0, 1), (2, 3), (1, 4)], surface=objects(["", "", FERRY]))
    found = surface(Travel.over(made, MODEL, "winter"), at_nodes(made, 0), AROUND)
    assert np.isfinite(found.at(np.array([(1000.0, 0.0)]))).all()
    assert np.isinf(found.at(np.array([(2000.0, 0.0), (0.0, 3000.0), (1000.0, 3000.0)]))).all()


@pytest.mark.parametrize("cells", [None, AROUND], ids=["own grid", "given grid"])
@pytest.mark.parametrize("direction", ["to", "from"])
def test_in_a_closed_network_nothing_is_reached(cells: Lattice | None, direction: Any) -> None:
    travel = Travel.over(line(3, there=np.zeros(3, bool)), MODEL)
    for places in (at_nodes(travel.network, 1), taps(0), taps(2)):
        found = surface(travel, places, cells, direction=direction)
        assert np.isinf(found.minutes).all()
        assert (found.owner == -1).all()
        assert found.isochrone(60).is_empty
        assert found.areas() == {}
        assert found.saved(found, 1, 60).is_empty


@pytest.mark.parametrize("direction", ["to", "from"])
def test_to_no_place_leads_no_way(direction: Any) -> None:
    travel = Travel.over(line(3), MODEL)
    for places in (taps(0), taps(2)):
        assert surface(travel, places, direction=direction).isochrone(1e6).is_empty


def test_without_a_grid_all_within_the_limit_is_covered() -> None:
    # 100 km at 36 km/h; 30 minutes are 18 km to either side, with 500 m of access.
    travel = Travel.over(line(100), MODEL)
    found = surface(travel, at_nodes(travel.network, 50), limit=30.0)
    west, _, east, _ = found.isochrone(30).bounds
    # Cells lie 100 m beside the street, whose walk takes as long as a kilometre of the way.
    assert 32_000 - LEAST_CELL_M <= west <= 33_000 + 3 * LEAST_CELL_M
    assert 67_000 - 3 * LEAST_CELL_M <= east <= 68_000 + LEAST_CELL_M
    x, y = found.grid.axes
    assert (x[0], y[0]) == pytest.approx((32_000 - 500, -500), abs=LEAST_CELL_M)
    assert (x[-1], y[-1]) == pytest.approx((68_000 + 500, 500), abs=2 * LEAST_CELL_M)
    # In two minutes nobody walks 500 m.
    near = surface(travel, at_nodes(travel.network, 50), limit=2.0)
    assert near.grid.axes[1][0] == pytest.approx(-120)


# --- samples ----------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(towns(TWO_WAY), DIRECTIONS, st.sampled_from([100.0, 200.0, 5000.0]))
def test_a_sample_has_the_time_of_a_place_there(
    town: tuple[Travel, Taps], direction: Any, step: float
) -> None:
    travel, places = town
    made = travel.network
    nodes, owners = travel.nearest(places, direction)
    xy, minutes, owner = samples(travel, nodes, owners, direction, step)
    assert len(xy) == len(minutes) == len(owner)
    usable = np.flatnonzero((travel.links.reshape(-1, 2) < 2**30 - 1).any(axis=1))
    parts = [max(1, int(np.ceil(shapely.length(made.lines[s]) / step))) for s in usable]
    rows = [(s, n / count) for s, count in zip(usable, parts, strict=True) for n in range(count + 1)]
    assert len(rows) == len(xy)
    if not rows:
        return
    there = Taps(
        len(rows),
        np.arange(len(rows), dtype=np.int32),
        np.array([s for s, _ in rows], np.int32),
        np.array([share for _, share in rows], float),
        np.zeros(len(rows)),
    )
    right = shapely.line_interpolate_point(made.lines[there.segment], there.share, normalized=True)
    np.testing.assert_allclose(xy, shapely.get_coordinates(right), atol=1e-6)
    each = travel.minutes(there, places) if direction == "to" else travel.minutes(places, there).T
    best, inner = each.min(axis=1), (there.share > 0) & (there.share < 1)
    # A node may be left by other streets than the one that is sampled.
    np.testing.assert_allclose(minutes[inner], best[inner], atol=2 / 60_000)
    assert (minutes <= best + 2 / 60_000).all()
    np.testing.assert_array_equal(owner[inner] >= 0, np.isfinite(minutes[inner]))
    for row in np.flatnonzero(inner & np.isfinite(minutes)):
        assert each[row, owner[row]] == pytest.approx(best[row], abs=3 / 60_000)
    gaps = np.hypot(*np.diff(xy, axis=0).T)[np.diff(there.segment) == 0]
    assert (gaps <= step + 1e-6).all()


# --- against every sample at every cell -------------------------------------------------------------------


def tried(grid: Lattice, xy: Any, minutes: Any, limit_m: float) -> Any:
    """The least of all samples at all cells."""
    if not len(xy):
        return np.full((grid.rows, grid.columns), INF)
    away = np.linalg.norm(centres(grid)[:, :, None] - xy, axis=-1)
    return np.where(away <= limit_m, minutes + PACE * away, INF).min(axis=-1)


@given(towns(TWO_WAY), DIRECTIONS)
def test_a_surface_is_the_least_of_all_samples(town: tuple[Travel, Taps], direction: Any) -> None:
    travel, places = town
    found = surface(travel, places, AROUND, direction=direction)
    nodes, owners = travel.nearest(places, direction)
    xy, minutes, _ = samples(travel, nodes, owners, direction, CELL / 2)
    best = tried(AROUND, xy, minutes, ACCESS.limit_m)
    # Milliseconds are rounded.
    assert (found.minutes >= best - 2 / 60_000).all()
    # Away from where the access ends, a cell is served as well as by the best sample of a neighbour.
    inner = tried(AROUND, xy, minutes, ACCESS.limit_m - 2 * CELL)
    slack = 2 * CELL * PACE
    assert (found.minutes <= inner + slack + 1e-9).all()
    np.testing.assert_array_equal(found.owner >= 0, np.isfinite(found.minutes))


@given(towns(), DIRECTIONS)
def test_no_cell_is_served_from_farther_than_the_access_goes(
    town: tuple[Travel, Taps], direction: Any
) -> None:
    travel, places = town
    found = surface(travel, places, AROUND, direction=direction)
    roads = shapely.union_all(travel.network.lines[(travel.links.reshape(-1, 2) < 2**30 - 1).any(axis=1)])
    away = shapely.distance(shapely.points(centres(AROUND)), roads)
    assert not (np.isfinite(found.minutes) & (away > ACCESS.limit_m + 1e-6)).any()


@given(st.tuples(*[st.integers(0, 3000)] * 2))
def test_one_place_spreads_in_a_circle(where: tuple[int, int]) -> None:
    """From a street of a metre all is walked, as far as the access goes."""
    made = network([where, (where[0] + 1, where[1])], [(0, 1)])
    found = surface(Travel.over(made, MODEL), at_nodes(made, 0), AROUND)
    away = np.linalg.norm(centres(AROUND) - where, axis=-1)
    # The one metre, and what is driven of it.
    inside = away <= ACCESS.limit_m - 2
    np.testing.assert_allclose(found.minutes[inside], (PACE * away)[inside], atol=2 * PACE)
    assert np.isinf(found.minutes[away > ACCESS.limit_m + 2]).all()


# --- against places ---------------------------------------------------------------------------------------


@given(towns(), st.lists(st.tuples(*[st.integers(-100, 3100)] * 2), min_size=1, max_size=4))
def test_a_settlement_is_as_far_as_the_surface_says(town: tuple[Travel, Taps], where: Any) -> None:
    travel, places = town
    found = surface(travel, places, AROUND)
    homes = snap(travel.network, points(*where))
    times = travel.minutes(homes, places).min(axis=1)
    # From the home to the middle of its cell, from there by the street: a cell explains the rest.
    near = homes.away_m <= ACCESS.limit_m - 2 * CELL
    served = np.zeros(len(where), bool)
    served[homes.place[near]] = True
    told = found.at(np.array(where, float))
    assert (told[served] <= times[served] + 2 * CELL * PACE).all()


def test_on_the_street_both_ways_of_asking_agree() -> None:
    travel = Travel.over(networks.grid(4, 4), MODEL)
    places = at_nodes(travel.network, 5)
    found = surface(travel, places, AROUND)
    homes = [(0, 0), (1600, 2000), (3000, 400), (2200, 3000), (1000, 1200)]
    times = travel.minutes(snap(travel.network, points(*homes)), places)[:, 0]
    assert found.at(np.array(homes, float)) == pytest.approx(times, abs=1 / 60)
    for limit in (1.0, 3.0, 5.0):
        area = found.isochrone(limit)
        for home, time in zip(homes, times, strict=True):
            if abs(time - limit) > 0.4:
                assert area.covers(shapely.Point(home)) == (time < limit)


def test_a_place_in_the_middle_of_a_street_is_near_to_itself() -> None:
    """The surface knows the nodes only: from beside the place one drove to the end of the street and back."""
    made = line(3)
    travel, places = Travel.over(made, MODEL), snap(made, points((1500, 0)))
    found = surface(travel, places, AROUND)
    homes = np.array([(1400.0, 0.0), (1600.0, 0.0), (1200.0, 0.0), (2000.0, 0.0)])
    times = travel.minutes(snap(made, points(*homes)), places)[:, 0]
    assert seconds(times) == [10, 10, 30, 50]
    assert found.at(homes) == pytest.approx(times, abs=CELL * PACE / 10)


@pytest.mark.parametrize(("oneway", "direction"), [(THERE, "to"), (BACK, "from")], ids=["to", "from"])
def test_a_place_at_the_end_of_a_one_way_street_is_near(oneway: int, direction: Any) -> None:
    """All of the street that leads to the place, and the place itself, were infinitely far."""
    travel = Travel.over(line(3, oneway=np.full(3, oneway, np.int8)), MODEL)
    found = surface(travel, at_nodes(travel.network, 3), AROUND, direction=direction)
    homes = np.array([(2000.0, 0.0), (2400.0, 0.0), (2800.0, 0.0), (3000.0, 0.0)])
    assert seconds(found.at(homes)) == [100, 60, 20, 0]


def test_a_road_that_is_slower_to_reach_still_gives_access() -> None:
    """A fast street and, 300 m beside it, the end of a long way round: its far side is within its access.

    At the second street one is sooner on foot from the first; but the first reaches 500 m only.
    """
    nodes = [(0, 0), (3000, 0), (3000, 300), (0, 300)]
    made = network(nodes, [(0, 1), (1, 2), (2, 3)], speed_kmh=np.array([120.0, 36.0, 5.0]))
    travel = Travel.over(made, MODEL)
    found = surface(travel, at_nodes(made, 0), AROUND)
    home = np.array([(800.0, 600.0)])
    assert np.isfinite(travel.minutes(snap(made, points(*home)), at_nodes(made, 0))).all()
    assert np.isfinite(found.at(home)).all()


# --- isochrones -------------------------------------------------------------------------------------------


def polygonal(shape: Any) -> bool:
    return shape.is_empty or shape.geom_type in ("Polygon", "MultiPolygon")


@given(towns(), st.lists(st.integers(0, 40), min_size=2, max_size=4, unique=True).map(sorted))
def test_isochrones_are_nested(town: tuple[Travel, Taps], limits: list[int]) -> None:
    found = surface(*town, AROUND)
    areas = [found.isochrone(float(limit)) for limit in limits]
    for inner, outer in pairwise(areas):
        assert inner.is_valid
        assert inner.difference(outer).area < 1e-3
    # Cells within the limit are inside, cells beyond it outside.
    xy = shapely.points(centres(AROUND))
    for limit, area in zip(limits, areas, strict=True):
        shapely.prepare(area)
        inside = shapely.intersects(area.buffer(1e-3), xy)
        assert inside[found.minutes < limit - 1e-6].all()
        assert not inside[found.minutes > limit + 0.1].any()


@given(towns(), st.integers(0, 40))
def test_an_isochrone_is_an_area(town: tuple[Travel, Taps], limit: int) -> None:
    """Degenerate outlines must not come through as points and lines."""
    assert polygonal(surface(*town, AROUND).isochrone(float(limit)))


def test_an_isochrone_of_nothing_is_empty() -> None:
    travel = Travel.over(line(3), MODEL)
    found = surface(travel, at_nodes(travel.network, 0), Lattice.over((50.0, 50.0, 3000.0, 500.0), CELL))
    assert found.minutes.min() > 0.5
    assert found.isochrone(0.5).is_empty
    assert not found.isochrone(5.0).is_empty


def test_an_isochrone_has_holes() -> None:
    # Round a block of 3 km, whose middle is farther than the access goes.
    made = networks.grid(2, 2, 3000.0)
    found = surface(Travel.over(made, MODEL), at_nodes(made, 0), AROUND)
    area = found.isochrone(60.0)
    assert len(area.interiors) == 1
    assert not area.covers(shapely.Point(1500, 1500))
    # The access goes 500 m; the last cells within it lie 400 m from the streets, without and within.
    assert area.area == pytest.approx(3800**2 - 2200**2, rel=0.02)


# --- service areas ----------------------------------------------------------------------------------------


@given(NETWORKS, st.data(), DIRECTIONS)
def test_service_areas_share_out_what_is_served(base: Network, data: st.DataObject, direction: Any) -> None:
    travel = Travel.over(base, MODEL)
    node = st.integers(0, len(base.nodes) - 1)
    chosen = data.draw(st.lists(node, min_size=1, max_size=4, unique=True))
    found = surface(travel, at_nodes(base, *chosen), AROUND, direction=direction)
    areas = found.areas()
    assert list(areas) == sorted(set(found.owner[found.owner >= 0].tolist()))
    cells = int((found.owner >= 0).sum())
    assert sum(area.area for area in areas.values()) == pytest.approx(cells * CELL**2)
    assert shapely.union_all(list(areas.values())).area == pytest.approx(cells * CELL**2)
    xy = shapely.points(centres(AROUND))
    for place, area in areas.items():
        assert area.is_valid
        np.testing.assert_array_equal(shapely.contains(area, xy), found.owner == place)


def test_the_area_of_a_place_contains_it() -> None:
    made = networks.grid(4, 4)
    nodes = (0, 3, 9, 14)
    travel = Travel.over(made, MODEL)
    found = surface(travel, at_nodes(made, *nodes), AROUND)
    areas = found.areas()
    assert list(areas) == [0, 1, 2, 3]
    for place, node in enumerate(nodes):
        assert areas[place].contains(shapely.Point(made.nodes[node]))
    # Each node lies in the area of the place that is nearest to it.
    times = travel.minutes(at_nodes(made, *range(16)), at_nodes(made, *nodes))
    for node, row in enumerate(times):
        if np.sort(row)[1] - row.min() > 0.5:
            assert areas[int(row.argmin())].contains(shapely.Point(made.nodes[node]))


# --- what is saved ----------------------------------------------------------------------------------------


def flat(values: Any) -> Surface:
    """A surface of some minutes, cells of 100 m."""
    minutes = np.array(values, float)
    return Surface(
        Lattice(0, 0, 100, minutes.shape[1], minutes.shape[0]), minutes, np.zeros(minutes.shape, np.int32)
    )


def test_saved_minutes_lie_in_bands() -> None:
    # From the west to the east 0, 10, 20, 30, 40 minutes are saved: contours lie between the cells.
    before, after = flat([[50] * 5] * 3), flat([[50, 40, 30, 20, 10]] * 3)
    assert before.saved(after, 10, 30).bounds == (100, 0, 300, 200)
    assert before.saved(after, 15, 1e6).bounds == (150, 0, 400, 200)
    assert before.saved(after, 50, 60).is_empty
    assert after.saved(before, 5, 60).is_empty
    assert after.saved(before, -60, -25).bounds == (250, 0, 400, 200)
    assert before.saved(before, 1, 60).is_empty


def test_nothing_is_saved_where_there_was_or_is_no_way() -> None:
    before, after = flat([[50, INF, 50, INF]] * 3), flat([[20, 20, INF, INF]] * 3)
    found = before.saved(after, 15, 60)
    assert found.bounds == (0, 0, 50, 200)
    assert not after.saved(before, 15, 60).area


def test_a_faster_street_saves_minutes_along_it() -> None:
    before = Travel.over(line(3), MODEL)
    after = before.changed(line(3, speed_kmh=np.array([72.0, 36.0, 36.0])), "summer")
    places = at_nodes(before.network, 3)
    one, other = (surface(travel, places, AROUND) for travel in (before, after))
    # The western kilometre takes 50 s instead of 100 s: 25 s are saved half-way along it.
    area = one.saved(other, 25 / 60, 60.0)
    assert area.covers(shapely.Point(300, 0))
    assert not area.covers(shapely.Point(800, 0))
    assert (other.minutes <= one.minutes + 1e-9).all()
    assert other.saved(one, 0.01, 60).is_empty


@given(NETWORKS, st.data())
def test_bands_do_not_overlap(base: Network, data: st.DataObject) -> None:
    before = Travel.over(base.changed(there=np.ones(len(base), bool)), MODEL)
    number = data.draw(st.integers(0, len(base) - 1))
    faster = np.where(np.arange(len(base)) == number, 120.0, MODEL.kmh(base))
    after = before.changed(before.network.changed(speed_kmh=faster), "summer")
    places = at_nodes(base, data.draw(st.integers(0, len(base.nodes) - 1)))
    one, other = (surface(travel, places, AROUND) for travel in (before, after))
    bands = [one.saved(other, low, high) for low, high in ((0.5, 1), (1, 2), (2, 60))]
    whole = one.saved(other, 0.5, 60)
    for inner, outer in ((0, 1), (1, 2), (0, 2)):
        assert bands[inner].intersection(bands[outer]).area < 1
    assert sum(band.area for band in bands) == pytest.approx(whole.area, abs=1)
