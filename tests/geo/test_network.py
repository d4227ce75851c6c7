"""The road network as arrays: what is refused, its parts, its turns, and how places touch it."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import NetworkError
from geo.network import BOTH, SEASONAL, THERE, Access, Network, Taps, connected_parts, nearer, snap
from geo.travel import Travel
from tests.geo.networks import (
    ACCESS,
    MODEL,
    ByLinks,
    assert_minutes,
    grid,
    line,
    network,
    networks,
    objects,
    points,
    tapped,
    taps,
)

SEGMENTS = st.lists(st.tuples(*[st.sampled_from("abcdefghijkl")] * 2), max_size=14)

# --- parts ------------------------------------------------------------------------------------------------


def test_parts_come_largest_first() -> None:
    assert connected_parts(["x", "a", "b"], ["y", "b", "c"]) == [{"a", "b", "c"}, {"x", "y"}]


def test_a_loop_is_a_part() -> None:
    assert connected_parts(["a"], ["a"]) == [{"a"}]


def test_no_segments_no_parts() -> None:
    assert connected_parts([], []) == []


@pytest.mark.parametrize(
    ("starts", "ends"), [(["a"], []), (["a", "b"], ["c"]), (["a", ""], ["b", "c"]), (["a"], [""])]
)
def test_what_does_not_fit_is_refused(starts: list[str], ends: list[str]) -> None:
    with pytest.raises(NetworkError) as caught:
        connected_parts(starts, ends)
    assert caught.value.code == "segments"


@given(SEGMENTS)
def test_parts_divide_the_nodes_and_hold_every_segment(segments: list[tuple[str, str]]) -> None:
    parts = connected_parts([a for a, _ in segments], [b for _, b in segments])
    nodes = [node for part in parts for node in part]
    assert sorted(nodes) == sorted({node for pair in segments for node in pair})
    assert all(any(a in part and b in part for part in parts) for a, b in segments)
    assert [len(part) for part in parts] == sorted((len(part) for part in parts), reverse=True)


@given(SEGMENTS)
def test_a_part_cannot_be_divided_further(segments: list[tuple[str, str]]) -> None:
    """Union-find, the other way to the same answer."""
    root = {node: node for pair in segments for node in pair}

    def top(node: str) -> str:
        return node if root[node] == node else top(root[node])

    for a, b in segments:
        root[top(a)] = top(b)
    parts = connected_parts([a for a, _ in segments], [b for _, b in segments])
    assert len(parts) == len({top(node) for node in root})
    assert all(len({top(node) for node in part}) == 1 for part in parts)


# --- networks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"lines": objects([None])}, "columns"),
        ({"speed_kmh": np.array([1.0, 2, 3])}, "columns"),
        ({"there": np.array([], bool)}, "columns"),
        ({"before_surface": objects([])}, "columns"),
        ({"start": np.array([0, -1], np.int32)}, "segments"),
        ({"end": np.array([1, 3], np.int32)}, "segments"),
        ({"nodes": np.empty((0, 2))}, "segments"),
        ({"length_m": np.array([5.0, np.nan])}, "length"),
        ({"length_m": np.array([5.0, np.inf])}, "length"),
        ({"length_m": np.array([5.0, -1.0])}, "length"),
    ],
    ids=str,
)
def test_a_network_that_does_not_fit_together_is_refused(columns: dict[str, Any], code: str) -> None:
    with pytest.raises(NetworkError, match=r"^made: ") as caught:
        line(2, **columns)
    assert caught.value.code == code


def test_a_segment_without_a_length_is_named() -> None:
    with pytest.raises(NetworkError, match=r"segment s1 has no length$"):
        line(2, length_m=np.array([5.0, np.nan]))


def test_a_network_without_segments_is_refused() -> None:
    made = line(1)
    none = {
        name: getattr(made, name)[:0]
        for name in ("ids", "start", "end", "lines", "length_m", "speed_kmh", "category", "surface")
    }
    more = {name: getattr(made, name)[:0] for name in ("oneway", "there", "before_kmh", "before_surface")}
    with pytest.raises(NetworkError) as caught:
        made.changed(**none, **more)
    assert caught.value.code == "empty"


def test_a_network_is_known_by_its_segments() -> None:
    made = line(3)
    assert len(made) == 3
    assert made.index == {"s0": 0, "s1": 1, "s2": 2}
    assert len(made.digest) == 12
    assert made.changed(speed_kmh=np.full(3, 60.0), name="other").digest == made.digest
    others = (
        made.changed(ids=objects(["s0", "s1", "s3"])),
        made.changed(end=np.array([1, 2, 2], np.int32)),
        made.changed(bans=np.array([[0, 2]], np.int32)),
    )
    assert len({made.digest, *(other.digest for other in others)}) == 4


def test_a_changed_network_leaves_the_old_one_alone() -> None:
    made = line(2)
    assert made.parts.tolist() == [0, 0, 0]
    other = made.changed(there=np.array([True, False]))
    assert other.parts.tolist() == [0, 0, 1]
    assert made.there.all()
    assert made.parts.tolist() == [0, 0, 0]


def test_parts_are_numbered_from_the_largest() -> None:
    # 0-1; 2-3-4, one way only, which is not regarded; 5 has a loop, 6 nothing, 7-8 a planned road.
    nodes = [(number * 100.0, 0.0) for number in range(9)]
    made = network(
        nodes,
        [(0, 1), (2, 3), (4, 3), (5, 5), (7, 8)],
        oneway=np.array([BOTH, THERE, THERE, BOTH, BOTH], np.int8),
        there=np.array([True, True, True, True, False]),
    )
    assert made.parts.tolist() == [1, 1, 0, 0, 0, 2, 3, 4, 5]


@given(networks())
def test_parts_of_arrays_are_those_of_names(made: Network) -> None:
    there = np.flatnonzero(made.there)
    named = connected_parts(
        [f"{node}" for node in made.start[there]], [f"{node}" for node in made.end[there]]
    )
    found = [
        {str(node) for node in np.flatnonzero(made.parts == part)} for part in range(made.parts.max() + 1)
    ]
    assert sorted(map(len, found), reverse=True) == [len(part) for part in found]
    alone = [part for part in found if part not in named]
    assert all(part in found for part in named)
    assert all(len(part) == 1 for part in alone)


# --- turns ------------------------------------------------------------------------------------------------


def test_without_bans_the_graph_is_the_network() -> None:
    turns = network([(0, 0), (1, 0)], [(0, 1), (1, 1)]).turns
    assert (turns.graph.size, turns.links, turns.free) == (2, 4, 0)
    assert turns.graph.tail.tolist() == turns.tail.tolist() == [0, 1, 1, 1]
    assert turns.graph.head.tolist() == turns.head.tolist() == [1, 0, 1, 1]


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 0), (0, 4), (0, 6), (0, -1), (-1, 0), (99, 0)], ids=str)
def test_only_turns_between_links_that_meet_can_be_banned(pair: tuple[int, int]) -> None:
    """Links 0 and 1 join the nodes 0 and 1, 2 and 3 the nodes 1 and 2, 4 and 5 the nodes 3 and 4."""
    made = network([(n, 0) for n in range(5)], [(0, 1), (1, 2), (3, 4)], bans=np.array([pair], np.int32))
    if pair == (0, 1):
        assert made.turns.graph.size > 5
        return
    with pytest.raises(NetworkError) as caught:
        _ = made.turns
    assert caught.value.code == "bans"


def test_a_node_without_bans_stays_whole() -> None:
    made = line(3, bans=np.array([[0, 2]], np.int32))
    assert made.turns.tail[[0, 4, 5]].tolist() == [0, 2, 3]
    assert made.turns.head[[1, 2, 4]].tolist() == [0, 2, 3]
    assert set(made.turns.head[[0, 3]]) | set(made.turns.tail[[1, 2]]) == {4, 5, 6, 7}


def test_a_banned_left_turn_leads_round_the_block() -> None:
    """Golden: a square of streets of 1000 m, 100 s each; from the west street to the north one at node 0."""
    # s0: 0-1 and s1: 2-3 lead east, s2: 0-2 and s3: 1-3 north; s4: 4-0 comes from the west.
    nodes = [(0, 0), (1000, 0), (0, 1000), (1000, 1000), (-1000, 0)]
    segments = [(0, 1), (2, 3), (0, 2), (1, 3), (4, 0)]
    ends = taps(2, (0, 4, 0.5, 0), (1, 2, 0.5, 0))
    free = Travel.over(network(nodes, segments), MODEL)
    assert free.minutes(ends, ends)[0, 1] == pytest.approx(100 / 60)
    # Link 8 comes from the west, 4 goes north: 50 + 0-1 100, turn back there, 1-0 100 + half of 0-2 50.
    banned = Travel.over(network(nodes, segments, bans=np.array([[8, 4]], np.int32)), MODEL)
    assert banned.minutes(ends, ends)[0, 1] == pytest.approx(300 / 60)
    assert banned.minutes(ends, ends)[1, 0] == pytest.approx(100 / 60)
    # Where that is banned too: 50 + 0-1 100 + 1-3 100 + 3-2 100 + half of 2-0 50.
    banned = Travel.over(network(nodes, segments, bans=np.array([[8, 4], [0, 1]], np.int32)), MODEL)
    assert banned.minutes(ends, ends)[0, 1] == pytest.approx(400 / 60)
    # With turning back banned at 0 and the way east too, nothing is left.
    shut = Travel.over(network(nodes, segments, bans=np.array([[8, 4], [8, 9], [8, 0]], np.int32)), MODEL)
    assert shut.minutes(ends, ends)[0, 1] == np.inf
    assert shut.minutes(ends, ends)[1, 0] == pytest.approx(100 / 60)


@settings(max_examples=150)
@given(networks(bans=True), st.data())
def test_ways_with_bans_are_those_of_a_search_over_links(made: Network, data: st.DataObject) -> None:
    travel = Travel.over(made, MODEL)
    sources, targets = data.draw(tapped(made)), data.draw(tapped(made))
    assert_minutes(travel.minutes(sources, targets), ByLinks(made, travel.links).minutes(sources, targets))


@given(networks(bans=True, gaps=False), st.data())
def test_a_ban_never_makes_a_way_shorter(made: Network, data: st.DataObject) -> None:
    sources, targets = data.draw(tapped(made)), data.draw(tapped(made))
    free, some = Travel.over(made.changed(bans=made.bans[:0]), MODEL), Travel.over(made, MODEL)
    assert (some.minutes(sources, targets) >= free.minutes(sources, targets)).all()
    assert (some.nearest(targets)[0] >= free.nearest(targets)[0]).all()
    assert (some.nearest(sources, "from")[0] >= free.nearest(sources, "from")[0]).all()


# --- taps -------------------------------------------------------------------------------------------------


def rows(found: Taps) -> list[tuple[int, int, float, float]]:
    """Taps as rows of (place, segment, share, metres away)."""
    columns = (found.place, found.segment, found.share, found.away_m)
    return sorted(zip(*(values.tolist() for values in columns), strict=True))


def test_a_place_taps_what_is_nearest() -> None:
    # Two streets along the x axis: beside the first, beyond the end, at the middle node, on it, on the first.
    found = snap(line(2), points((250, 30), (2030, 40), (1000, 7), (1000, 0), (400, 0)))
    assert found.places == 5
    assert rows(found) == [
        (0, 0, 0.25, 30),
        (1, 1, 1, 50),
        (2, 0, 1, 7),
        (2, 1, 0, 7),
        (3, 0, 1, 0),
        (3, 1, 0, 0),
        (4, 0, 0.4, 0),
    ]
    assert found.connected.all()


def test_a_place_at_a_node_taps_all_its_segments() -> None:
    # Node 4 is in the middle of the squares: 2 and 3 lead there and on to the east, 7 and 10 north.
    assert [segment for _, segment, _, _ in rows(snap(grid(3, 3), points((1000, 1000))))] == [2, 3, 7, 10]
    # A step beside the node only the street beside it is nearest.
    assert rows(snap(grid(3, 3), points((1003, 1004)))) == [(0, 10, pytest.approx(0.004), 3)]
    corner = network([(0, 0), (1000, 0), (0, 1000), (1000, 1000)], [(0, 1), (0, 2), (3, 0), (0, 0)])
    found = snap(corner, points((-30, -40)))
    assert [(segment, share, away) for _, segment, share, away in rows(found)] == [
        (0, 0, 50),
        (1, 0, 50),
        (2, 1, 50),
        (3, 0, 50),
    ]


def test_farther_than_the_limit_nothing_is_tapped() -> None:
    found = snap(line(1), points((500, 500), (500, 500.001), (500, -499.999), (-300, 400), (-300, 401)))
    assert found.connected.tolist() == [True, False, True, True, False]
    assert found.places == 5


def test_places_that_are_nowhere_are_not_connected() -> None:
    found = snap(line(1), [None, shapely.Point(), *points((500, 0)), None])
    assert found.connected.tolist() == [False, False, True, False]
    assert rows(found) == [(2, 0, 0.5, 0)]
    for nowhere in ([], [None], [shapely.Point()]):
        none = snap(line(1), nowhere)
        assert none.places == len(nowhere)
        assert rows(none) == []
        assert not none.connected.any()


def test_a_road_not_yet_there_is_tapped_only_where_it_is_as_near() -> None:
    """The old road lies along y = 0, the planned ones along y = 100 and y = 300."""
    nodes = [(0, 0), (1000, 0), (0, 100), (1000, 100), (0, 300), (1000, 300)]
    made = network(nodes, [(0, 1), (2, 3), (4, 5)], there=np.array([True, False, False]))
    found = snap(made, points((500, 40), (500, 50), (500, 60), (500, 250), (500, 700), (500, 801)))
    assert [(place, segment, away) for place, segment, _, away in rows(found)] == [
        (0, 0, 40),
        (1, 0, 50),
        (1, 1, 50),
        (2, 0, 60),
        (2, 1, 40),
        (3, 0, 250),
        (3, 1, 150),
        (3, 2, 50),
        (4, 2, 400),
    ]
    assert found.connected.tolist() == [True] * 5 + [False]


def test_where_no_road_is_there_those_planned_are_tapped() -> None:
    made = line(2, there=np.zeros(2, bool))
    assert rows(snap(made, points((250, 30), (250, 501)))) == [(0, 0, 0.25, 30)]


def test_a_further_road_is_tapped_where_it_is_nearer() -> None:
    places = points((500, 40), (500, 60), (500, 580), None)
    nodes = [(0, 0), (1000, 0), (0, 100), (1000, 100)]
    made = network(nodes, [(0, 1), (2, 3)])
    base = snap(line(1), places)
    assert rows(base) == [(0, 0, 0.5, 40), (1, 0, 0.5, 60)]
    found = nearer(base, made, places, np.array([1], np.int32))
    assert rows(found) == [(0, 0, 0.5, 40), (1, 0, 0.5, 60), (1, 1, 0.5, 40), (2, 1, 0.5, 480)]
    assert found.connected.tolist() == [True, True, True, False]
    assert rows(nearer(found, made, places, np.array([1], np.int32))) == rows(found)
    assert rows(nearer(found, made, places, np.array([], np.int32))) == rows(found)


@given(networks(), st.data())
def test_taps_are_what_the_rules_say(made: Network, data: st.DataObject) -> None:
    xy = st.tuples(st.integers(-700, 3700), st.integers(-700, 3700))
    places = points(*data.draw(st.lists(st.none() | xy, max_size=6)))
    found = snap(made, places)
    expected = set()
    for number, place in enumerate(places):
        if place is None:
            continue
        away = shapely.distance(place, made.lines)
        lasting = made.there & ~np.isin(made.surface, SEASONAL)
        reach = min(away[lasting], default=np.inf)
        near = np.flatnonzero(lasting & (away == reach) & (away <= ACCESS.limit_m))
        planned = np.flatnonzero(~lasting & (away <= min(reach, ACCESS.limit_m)))
        expected |= {(number, int(segment)) for segment in (*near, *planned)}
    assert sorted(expected) == [(place, segment) for place, segment, _, _ in rows(found)]
    assert (np.diff(found.place) >= 0).all()
    feet = shapely.line_interpolate_point(made.lines[found.segment], found.share, normalized=True)
    np.testing.assert_allclose(shapely.distance(feet, places[found.place]), found.away_m, atol=1e-6)


def test_some_of_the_places_are_numbered_anew() -> None:
    found = taps(4, (0, 5, 0.5, 1), (1, 6, 0.0, 2), (1, 7, 1.0, 2), (3, 8, 0.25, 4))
    some = found.only([3, 2, 1])
    assert some.places == 3
    assert rows(some) == [(0, 8, 0.25, 4), (2, 6, 0, 2), (2, 7, 1, 2)]
    assert some.connected.tolist() == [True, False, True]
    none = found.only([])
    assert none.places == 0
    assert rows(none) == []
    assert rows(found.only(range(4))) == rows(found)


@given(networks(), st.data())
def test_times_of_some_places_are_those_of_all(made: Network, data: st.DataObject) -> None:
    sources, targets = data.draw(tapped(made)), data.draw(tapped(made))
    some = data.draw(st.permutations(range(sources.places)))[: data.draw(st.integers(0, sources.places))]
    travel = Travel.over(made, MODEL)
    np.testing.assert_array_equal(
        travel.minutes(sources.only(some), targets), travel.minutes(sources, targets)[some]
    )


def test_access_takes_its_time() -> None:
    # 300 m straight are 390 m of way, at 3.9 km/h a tenth of an hour.
    access = Access(kmh=3.9, detour=1.3, limit_m=500.0)
    assert access.minutes(np.array([0.0, 300.0])).tolist() == pytest.approx([0, 6])
