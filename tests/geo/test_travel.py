"""Travel times between places: by hand, against slow searches, and after edits against an index made anew."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.hierarchy import Hierarchy
from geo.impedance import SEASONS
from geo.network import BACK, BOTH, FERRY, THERE, WINTER_ROAD, Access, Network, Taps, nearer, snap
from geo.sweeps import CLOSED
from geo.travel import Direction, Travel
from tests.geo.networks import (
    MODEL,
    MS,
    NAN,
    ByLinks,
    assert_minutes,
    grid,
    line,
    meeting,
    network,
    networks,
    objects,
    points,
    tapped,
    taps,
    with_taps_as_nodes,
)

SEASON = st.sampled_from(SEASONS)
DIRECTIONS: tuple[Direction, ...] = ("to", "from")
INF = np.inf


def seconds(found: Any) -> Any:
    """Minutes as seconds, to compare with figures worked by hand."""
    return np.round(np.asarray(found) * 60, 6).tolist()


def assert_alike(one: Travel, other: Travel, sources: Taps, targets: Taps) -> None:
    """Two indexes give the same answers bit for bit."""
    np.testing.assert_array_equal(one.links, other.links)
    for ask in (
        lambda travel: travel.minutes(sources, targets),
        lambda travel: travel.nearest(targets)[0],
        lambda travel: travel.nearest(sources, "from")[0],
    ):
        np.testing.assert_array_equal(ask(one), ask(other))


# --- by hand: streets of 1000 m, 100 s each, a metre of access a second -----------------------------------


def test_a_way_is_access_part_of_a_street_streets_and_access() -> None:
    travel = Travel.over(line(3), MODEL)
    home, work = snap(travel.network, points((250, 30))), snap(travel.network, points((2500, -20)))
    # 30 to the street, 75 to its end, 100, half a street 50, 20 to the door.
    assert seconds(travel.minutes(home, work)) == [[275]]
    assert seconds(travel.minutes(work, home)) == [[275]]
    # The nodes lie at 0, 1000, 2000 and 3000 m.
    assert seconds(travel.nearest(work)[0]) == [270, 170, 70, 70]
    assert seconds(travel.nearest(home, "from")[0]) == [55, 105, 205, 305]


@pytest.mark.parametrize(
    ("oneway", "there", "back"),
    [(BOTH, 50, 50), (THERE, 50, INF), (BACK, INF, 50)],
    ids=["both", "there", "back"],
)
def test_along_one_segment(oneway: int, there: float, back: float) -> None:
    travel = Travel.over(line(1, oneway=np.array([oneway], np.int8)), MODEL)
    one, other = taps(1, (0, 0, 0.25, 0)), taps(1, (0, 0, 0.75, 0))
    assert seconds(travel.minutes(one, other)) == [[there]]
    assert seconds(travel.minutes(other, one)) == [[back]]


@pytest.mark.parametrize("oneway", [BOTH, THERE, BACK], ids=["both", "there", "back"])
def test_who_is_there_already_needs_no_way(oneway: int) -> None:
    """Two doors at the same point of a street, whichever way it may be driven."""
    travel = Travel.over(line(1, oneway=np.array([oneway], np.int8)), MODEL)
    for share in (0.0, 0.4, 1.0):
        doors = taps(2, (0, 0, share, 7), (1, 0, share, 5))
        assert seconds(travel.minutes(doors, doors)) == [[14, 12], [12, 10]]


def test_across_the_street_is_the_same_point_of_it() -> None:
    """The feet of two doors across a slanting street differ by the last digit of their share, at random."""
    made = network([(0, 0), (1730, 910)], [(0, 0), (0, 1)], oneway=np.array([BOTH, THERE], np.int8))
    travel, along = Travel.over(made, MODEL), np.array([1730, 910]) / np.hypot(1730, 910)
    for away_m in (400.0, 777.7, 1111.1, 1500.0):
        left, right = (away_m * along + side * along[::-1] * (1, -1) for side in (20, -20))
        doors = snap(made, points(left, right))
        assert doors.segment.tolist() == [1, 1]
        assert seconds(travel.minutes(doors, doors)) == [[40, 40], [40, 40]]


def test_against_a_one_way_street_one_drives_round_the_block() -> None:
    # A square 0 - 1 - 3 - 2 - 0 with s0: 0-1 one way; from its three quarters to its first quarter.
    made = grid(2, 2, oneway=np.array([THERE, BOTH, BOTH, BOTH], np.int8))
    travel = Travel.over(made, MODEL)
    one, other = taps(1, (0, 0, 0.75, 0)), taps(1, (0, 0, 0.25, 0))
    assert seconds(travel.minutes(one, other)) == [[25 + 300 + 25]]
    assert seconds(travel.minutes(other, one)) == [[50]]


def test_a_way_round_may_be_faster_than_along_a_slow_segment() -> None:
    # Two parallels between the same nodes: the slow one 1000 s, the fast one 100 s.
    made = network([(0, 0), (1000, 0)], [(0, 1), (0, 1)], speed_kmh=np.array([3.6, 36.0]))
    travel = Travel.over(made, MODEL)
    ends = taps(2, (0, 0, 0.05, 0), (1, 0, 0.95, 0))
    assert seconds(travel.minutes(ends, ends)) == [[0, 200], [200, 0]]


def test_a_loop_is_driven_either_way_round() -> None:
    # Round a square of 80 m, 8 s; from its first tenth to its last the way over its node is shorter.
    travel = Travel.over(network([(0, 0)], [(0, 0)]), MODEL)
    ends = taps(3, (0, 0, 0.1, 0), (1, 0, 0.9, 0), (2, 0, 0.5, 0))
    assert seconds(travel.minutes(ends, ends)) == [[0, 1.6, 3.2], [1.6, 0, 3.2], [3.2, 3.2, 0]]
    oneway = Travel.over(network([(0, 0)], [(0, 0)], oneway=np.array([THERE], np.int8)), MODEL)
    assert seconds(oneway.minutes(ends, ends)) == [[0, 6.4, 3.2], [1.6, 0, 4.8], [4.8, 3.2, 0]]


def test_of_several_taps_the_best_is_used() -> None:
    travel = Travel.over(line(2), MODEL)
    # The first place taps both streets, the second one only the far one.
    sources, targets = taps(1, (0, 0, 0.5, 10), (0, 1, 0.5, 90)), taps(1, (0, 1, 1.0, 0))
    assert seconds(travel.minutes(sources, targets)) == [[140]]
    assert seconds(travel.nearest(sources, "from")[0]) == [60, 60, 140]


def test_where_there_is_no_way_the_time_is_infinite() -> None:
    nodes = [(0, 0), (1000, 0), (0, 400), (1000, 400), (0, 800), (1000, 800)]
    made = network(nodes, [(0, 1), (2, 3), (4, 5)], there=np.array([True, True, False]))
    travel = Travel.over(made, MODEL)
    # On each part, on the road that is not there, and nowhere.
    places = taps(4, (0, 0, 0.5, 0), (1, 1, 0.5, 0), (2, 2, 0.5, 0))
    assert seconds(travel.minutes(places, places)) == [
        [0, INF, INF, INF],
        [INF, 0, INF, INF],
        [INF, INF, INF, INF],
        [INF, INF, INF, INF],
    ]
    assert seconds(travel.nearest(places.only([0]))[0]) == [50, 50, INF, INF, INF, INF]
    assert seconds(travel.nearest(places.only([2]))[0]) == [INF] * 6
    for nobody in (taps(0), taps(2)):
        assert travel.minutes(nobody, places).shape == (nobody.places, 4)
        assert np.isinf(travel.minutes(nobody, places)).all()
        assert travel.minutes(places, nobody).shape == (4, nobody.places)
        assert np.isinf(travel.minutes(places, nobody)).all()
        assert seconds(travel.nearest(nobody)[0]) == [INF] * 6
        assert seconds(travel.nearest(nobody, "from")[0]) == [INF] * 6


def test_the_season_closes_ferries_and_winter_roads() -> None:
    made = line(3, surface=objects(["", FERRY, WINTER_ROAD]))
    ends = taps(3, (0, 0, 0.0, 0), (1, 1, 1.0, 0), (2, 2, 1.0, 0))
    found = {season: seconds(Travel.over(made, MODEL, season).minutes(ends, ends)[0]) for season in SEASONS}
    # A ferry at 18 km/h takes 200 s; in winter the street takes 125 s, but nothing leads on.
    assert found == {"summer": [0, 300, INF], "winter": [0, INF, INF], "thaw": [0, INF, INF]}


def test_the_nearest_is_told_with_its_number() -> None:
    travel = Travel.over(line(3), MODEL)
    # The first place is nowhere, the second near the left end, the third near the right one with two taps.
    places = taps(3, (1, 0, 0.1, 0), (2, 2, 0.5, 500), (2, 2, 0.9, 0))
    for direction in DIRECTIONS:
        times, which = travel.nearest(places, direction)
        assert seconds(times) == [10, 90, 90, 10]
        assert which.tolist() == [1, 1, 2, 2]
    times, which = travel.nearest(places.only([0]))
    assert seconds(times) == [INF] * 4
    assert which.tolist() == [-1] * 4


def test_the_shortest_way_in_kilometres_is_not_the_fastest_one() -> None:
    # A slow street of 1000 m, and a fast one of 2 x 1000 m round a corner; 30 m and 20 m of access, 1.5 fold.
    nodes = [(0, 0), (600, 0), (600, 800), (0, -1000)]
    columns = {
        "speed_kmh": np.array([3.6, 90.0, 90.0, NAN]),
        "access": Access(kmh=3.6, detour=1.5, limit_m=500.0),
    }
    made = network(nodes, [(0, 2), (0, 1), (1, 2), (3, 0)], **columns)
    travel = Travel.over(made, MODEL)
    home, work = taps(1, (0, 3, 0.5, 30)), taps(1, (0, 2, 1.0, 20))
    # 500 m + 1000 m + access of 75 m; in time 50 s + 600 m and 800 m at 25 m/s 56 s + 75 s.
    assert travel.kilometres(home, work) == pytest.approx(np.array([[1.575]]), abs=1e-4)
    assert seconds(travel.minutes(home, work)) == [[181]]
    assert travel.kilometres(work, home) == pytest.approx(np.array([[1.575]]), abs=1e-4)


@pytest.mark.parametrize(
    ("oneway", "there", "back"), [(THERE, 1.0, INF), (BACK, INF, 1.0)], ids=["there", "back"]
)
def test_kilometres_keep_to_one_way_streets(oneway: int, there: float, back: float) -> None:
    travel = Travel.over(line(2, oneway=np.full(2, oneway, np.int8)), MODEL)
    ends = taps(2, (0, 0, 0.5, 0), (1, 1, 0.5, 0))
    assert travel.kilometres(ends.only([0]), ends.only([1])).tolist() == [[there]]
    assert travel.kilometres(ends.only([1]), ends.only([0])).tolist() == [[back]]


@given(networks(bans=True), st.data(), SEASON)
def test_kilometres_lead_where_times_do(made: Network, data: st.DataObject, season: Any) -> None:
    """Over open segments and allowed turns only; and they are those of a search by lengths."""
    travel = Travel.over(made, MODEL, season)
    sources, targets = data.draw(tapped(made)), data.draw(tapped(made))
    found = travel.kilometres(sources, targets)
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(travel.minutes(sources, targets)))
    # A kilometre is a minute at 60 km/h, a metre 60 ms.
    even = made.changed(access=replace(made.access, kmh=60.0))
    metres = np.where(travel.links < CLOSED, np.rint(np.repeat(made.length_m, 2) * 60), CLOSED)
    assert_minutes(found, ByLinks(even, metres).minutes(sources, targets))


def test_at_the_nodes_with_bans() -> None:
    """Golden: from the west neither left nor back at node 1; who stands there may set out anywhere."""
    # s0: 0-1 from the west, s1: 1-2 to the east, s2: 1-3 to the north. Links 0 -> 4 and 0 -> 1 are banned.
    nodes = [(0, 0), (1000, 0), (2000, 0), (1000, 1000)]
    made = network(nodes, [(0, 1), (1, 2), (1, 3)], bans=np.array([[0, 4], [0, 1]], np.int32))
    travel, north = Travel.over(made, MODEL), taps(1, (0, 2, 0.5, 0))
    # From the west: east, turn back at its end, then north: 100 + 100 + 100 + 50.
    assert seconds(travel.nearest(north)[0]) == [350, 50, 150, 50]
    assert seconds(travel.nearest(north, "from")[0]) == [150, 50, 150, 50]
    west = taps(1, (0, 0, 0.5, 0))
    assert seconds(travel.nearest(west, "from")[0]) == [50, 50, 150, 350]
    assert seconds(travel.nearest(west)[0]) == [50, 50, 150, 150]


# --- against slow searches --------------------------------------------------------------------------------


@settings(max_examples=120)
@given(networks(), st.data(), SEASON)
def test_times_are_those_with_the_places_put_into_the_network(
    made: Network, data: st.DataObject, season: Any
) -> None:
    travel = Travel.over(made, MODEL, season)
    sources, targets = data.draw(tapped(made)), data.draw(tapped(made))
    # Two parts of segments are rounded, half a millisecond each.
    right = with_taps_as_nodes(made, travel.links, sources, targets)
    assert_minutes(travel.minutes(sources, targets), right, within_ms=1.01)


@settings(max_examples=120)
@given(networks(bans=True), st.data(), SEASON)
def test_times_at_the_nodes_are_those_of_a_search_over_links(
    made: Network, data: st.DataObject, season: Any
) -> None:
    travel, places = Travel.over(made, MODEL, season), data.draw(tapped(made))
    slow = ByLinks(made, travel.links)
    assert_minutes(travel.nearest(places)[0], slow.to_nearest(places))
    assert_minutes(travel.nearest(places, "from")[0], slow.from_nearest(places))


@given(networks(bans=True), st.data())
def test_with_delays_too_times_are_those_of_a_search_over_links(made: Network, data: st.DataObject) -> None:
    travel = Travel.over(made, replace(MODEL, junction_s=12.3, ferry_wait_s={"summer": 45.6}))
    sources, targets = data.draw(tapped(made)), data.draw(tapped(made))
    assert_minutes(travel.minutes(sources, targets), ByLinks(made, travel.links).minutes(sources, targets))


@given(networks(oneways=False), st.data(), SEASON)
def test_there_and_back_take_exactly_the_same(made: Network, data: st.DataObject, season: Any) -> None:
    travel = Travel.over(made, MODEL, season)
    sources, targets = data.draw(tapped(made)), data.draw(tapped(made))
    np.testing.assert_array_equal(travel.minutes(sources, targets), travel.minutes(targets, sources).T)
    np.testing.assert_array_equal(travel.nearest(sources)[0], travel.nearest(sources, "from")[0])


@given(networks(bans=True), st.data())
def test_nobody_is_nearer_than_the_nearest(made: Network, data: st.DataObject) -> None:
    """To all places at once is the least of to each, and it is told which that is."""
    travel, places = Travel.over(made, MODEL), data.draw(tapped(made))
    each = [places.only([place]) for place in range(places.places)]
    for direction in DIRECTIONS:
        times, which = travel.nearest(places, direction)
        alone = np.array([travel.nearest(one, direction)[0] for one in each])
        np.testing.assert_array_equal(times, alone.min(axis=0))
        reached = np.isfinite(times)
        np.testing.assert_array_equal(which >= 0, reached)
        assert which.dtype == np.int32
        np.testing.assert_array_equal(alone[which[reached], reached], times[reached])


def test_the_order_of_nodes_is_kept(tmp_path: Path) -> None:
    made = grid(5, 5)
    first, again = (Travel.over(made, MODEL, kept=tmp_path) for _ in range(2))
    assert [path.name for path in tmp_path.iterdir()] == [f"order-{made.turns.graph.digest}.npy"]
    np.testing.assert_array_equal(first.metric.hierarchy.order, again.metric.hierarchy.order)
    places = snap(made, points((500, 30), (3500, 3900), (2000, 2000)))
    assert_alike(first, again, places, places)
    assert_alike(first, Travel.over(made, MODEL), places, places)


# --- edits ------------------------------------------------------------------------------------------------

TOWN = grid(9, 9)
"""144 segments: one of them has 2 of 288 links, less than the share up to which an update is partial."""


def some(*numbers: int) -> Any:
    """Which segments of the town."""
    return np.isin(np.arange(len(TOWN)), numbers)


EDITS: dict[str, Callable[[], Network]] = {
    "nothing": lambda: TOWN.changed(name="as before"),
    "one faster": lambda: TOWN.changed(speed_kmh=np.where(some(70), 90.0, NAN)),
    "one slower": lambda: TOWN.changed(speed_kmh=np.where(some(71), 5.0, NAN)),
    "two closed": lambda: TOWN.changed(there=~some(40, 110)),
    "one way": lambda: TOWN.changed(oneway=np.where(some(20, 90), BACK, BOTH).astype(np.int8)),
    "another surface": lambda: TOWN.changed(surface=np.where(some(33), "gravel", "").astype(object)),
    "all gravel": lambda: TOWN.changed(surface=objects(["gravel"] * len(TOWN))),
    "every third closed": lambda: TOWN.changed(there=np.arange(len(TOWN)) % 3 > 0),
    "all closed": lambda: TOWN.changed(there=np.zeros(len(TOWN), bool)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("season", SEASONS)
def test_an_edited_network_is_one_made_anew(edit: Callable[[], Network], season: Any) -> None:
    rng, base = np.random.default_rng(5), Travel.over(TOWN, MODEL)
    sources, targets = (snap(TOWN, points(*rng.uniform(0, 8000, (12, 2)))) for _ in range(2))
    found = base.changed(edit(), season)
    assert found.season == season
    assert_alike(found, Travel.over(edit(), MODEL, season), sources, targets)
    full = base.metric.hierarchy.metric(MODEL.arcs(edit(), season))
    for name in ("weights", "up", "down", "up_own", "down_own"):
        np.testing.assert_array_equal(getattr(found.metric, name), getattr(full, name))
    back = found.changed(TOWN, "summer")
    assert_alike(back, base, sources, targets)
    for name in ("weights", "up", "down", "up_own", "down_own"):
        np.testing.assert_array_equal(getattr(back.metric, name), getattr(base.metric, name))


def test_the_index_is_not_made_anew_for_other_times(monkeypatch: pytest.MonkeyPatch) -> None:
    base = Travel.over(TOWN, MODEL)
    monkeypatch.setattr(Hierarchy, "__init__", lambda *_: pytest.fail("made anew"))
    for edit in EDITS.values():
        assert base.changed(edit(), "winter").metric.hierarchy is base.metric.hierarchy


@st.composite
def grown(draw: st.DrawFn, base: Network, fewest: int = 1) -> Network:
    """A network to which nodes and segments, old roads in other states and some roads as before are added."""
    xy = st.tuples(st.integers(0, 3000), st.integers(0, 3000))
    nodes = np.array([*base.nodes.tolist(), *draw(st.lists(xy, max_size=3))], float)
    node = st.integers(0, len(nodes) - 1)
    pairs = draw(st.lists(st.tuples(node, node), min_size=fewest, max_size=4))
    more = network(nodes, pairs)
    columns = {
        name: np.concatenate([getattr(base, name), getattr(more, name)])
        for name in (
            *("start", "end", "lines", "length_m", "speed_kmh", "category", "surface"),
            *("oneway", "there", "before_kmh", "before_surface"),
        )
    }
    ids = objects([*base.ids, *(f"new-{number}" for number in range(len(more)))])
    return base.changed(nodes=nodes, ids=ids, **columns)


@settings(max_examples=120)
@given(networks(bans=True), st.data(), SEASON)
def test_a_network_that_grew_is_one_made_anew(base: Network, data: st.DataObject, season: Any) -> None:
    larger = data.draw(grown(base))
    speed = np.where(data.draw(st.booleans()), larger.speed_kmh, 50.0)
    larger = larger.changed(speed_kmh=speed)
    sources, targets = data.draw(tapped(larger)), data.draw(tapped(larger))
    found = Travel.over(base, MODEL).changed(larger, season)
    assert found.network is larger
    assert_alike(found, Travel.over(larger, MODEL, season), sources, targets)
    again = larger.changed(there=~larger.there)
    assert_alike(found.changed(again, season), Travel.over(again, MODEL, season), sources, targets)


@given(networks(bans=True), st.data())
def test_a_road_taken_away_again_leaves_nothing(base: Network, data: st.DataObject) -> None:
    larger, before = data.draw(grown(base)), Travel.over(base, MODEL)
    sources, targets = data.draw(tapped(base)), data.draw(tapped(base))
    back = before.changed(larger, "winter").changed(base, "summer")
    assert back.network is base
    assert_alike(back, before, sources, targets)


def test_a_node_alone_may_be_added() -> None:
    base = line(2, bans=np.array([[0, 2]], np.int32))
    larger = base.changed(nodes=np.vstack([base.nodes, [(5000.0, 0.0)]]))
    ends = taps(2, (0, 0, 0.5, 0), (1, 1, 0.5, 0))
    assert_alike(Travel.over(base, MODEL).changed(larger, "summer"), Travel.over(larger, MODEL), ends, ends)


@pytest.mark.parametrize(
    "columns",
    [
        {"end": np.array([1, 3, 3], np.int32)},
        {"bans": np.array([[0, 2]], np.int32)},
    ],
    ids=["a road that leads elsewhere", "a turn that is banned"],
)
def test_another_topology_is_not_taken_for_the_old_one(columns: dict[str, Any]) -> None:
    """As many segments as before, yet another graph: as when a new road is drawn anew."""
    base, ends = line(3), taps(2, (0, 0, 0.5, 0), (1, 2, 0.25, 0))
    other = base.changed(**columns)
    assert_alike(Travel.over(base, MODEL).changed(other, "summer"), Travel.over(other, MODEL), ends, ends)


@given(networks(bans=True), st.data(), SEASON)
def test_a_new_road_never_makes_any_time_longer(base: Network, data: st.DataObject, season: Any) -> None:
    """Places keep their access and gain that to new roads."""
    places = points(*data.draw(st.lists(st.tuples(*[st.integers(-200, 3200)] * 2), min_size=1, max_size=4)))
    larger = data.draw(grown(base))
    before = Travel.over(base, MODEL, season)
    after = before.changed(larger, season)
    old = snap(base, places)
    new = nearer(old, larger, places, np.arange(len(base), len(larger), dtype=np.int32))
    assert (after.minutes(new, new) <= before.minutes(old, old)).all()
    count = len(base.nodes)
    assert (after.nearest(new)[0][:count] <= before.nearest(old)[0]).all()
    assert (after.nearest(new, "from")[0][:count] <= before.nearest(old, "from")[0]).all()


@given(networks(bans=True), st.data(), SEASON, st.floats(1.0, 4.0))
def test_a_faster_or_opened_road_never_makes_any_time_longer(
    base: Network, data: st.DataObject, season: Any, factor: float
) -> None:
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(base), max_size=len(base))), bool)
    kmh = MODEL.kmh(base)
    better = base.changed(speed_kmh=np.where(chosen, kmh * factor, kmh), there=base.there | chosen)
    places = points(*data.draw(st.lists(st.tuples(*[st.integers(-200, 3200)] * 2), min_size=1, max_size=4)))
    found, before = snap(base, places), Travel.over(base, MODEL, season)
    after = before.changed(better, season)
    assert (after.minutes(found, found) <= before.minutes(found, found)).all()
    assert (after.nearest(found)[0] <= before.nearest(found)[0]).all()
    assert (after.nearest(found, "from")[0] <= before.nearest(found, "from")[0]).all()


@given(networks(), st.data(), SEASON)
def test_a_place_on_a_node_is_reached_as_the_node_is(made: Network, data: st.DataObject, season: Any) -> None:
    """Through all its segments, so that bans and directions alone decide."""
    travel = Travel.over(made.changed(oneway=np.zeros(len(made), np.int8)), MODEL, season)
    node = data.draw(st.integers(0, len(made.nodes) - 1))
    sources = data.draw(tapped(made))
    ways = [(0, s, 0.0, 0) for s in np.flatnonzero(made.start == node)]
    ways += [(0, s, 1.0, 0) for s in np.flatnonzero(made.end == node)]
    at_node = taps(1, *ways)
    found = travel.minutes(sources, at_node)[:, 0]
    each = [travel.nearest(sources.only([place]), "from")[0][node] for place in range(sources.places)]
    np.testing.assert_array_equal(found, each)


def test_links_are_told_in_milliseconds() -> None:
    made = line(2, oneway=np.array([BOTH, BACK], np.int8), bans=np.array([[0, 2]], np.int32))
    travel = Travel.over(made, MODEL)
    assert travel.links.tolist() == [100_000, 100_000, CLOSED, 100_000]
    assert MS * 60_000 == 1


def test_all_pairs_of_links_that_meet_may_be_banned() -> None:
    """Nobody gets past a node then, but along a street and to its ends."""
    made = line(2, bans=np.array(meeting([(0, 1), (1, 2)]), np.int32))
    travel, ends = Travel.over(made, MODEL), taps(2, (0, 0, 0.5, 0), (1, 1, 0.5, 0))
    assert seconds(travel.minutes(ends, ends)) == [[0, INF], [INF, 0]]
    assert seconds(travel.nearest(ends.only([0]), "from")[0]) == [50, 50, INF]
