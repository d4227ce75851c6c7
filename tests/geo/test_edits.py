"""Scenarios applied to networks: by hand, and what no edit may do to any network.

Streets are straight, 36 km/h are 10 m/s, and a metre of access takes a second (`tests.geo.networks`).
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from geo.crs import WGS84, WORKING, transform
from geo.edits import JOIN_M, Edited, edited
from geo.errors import Fault
from geo.hierarchy import Ends
from geo.impedance import FERRY, SEASONS
from geo.network import BACK, BOTH, THERE, Network, snap
from geo.scenario import Change, Link, Scenario
from geo.sweeps import CLOSED
from geo.travel import Travel
from tests.geo.networks import MODEL as PLAIN
from tests.geo.networks import NAN, grid, line, meeting, network, networks, objects, points, taps

MODEL = replace(PLAIN, surface_share={**PLAIN.surface_share, "asphalt": 1.0})
"""Of asphalt is a new road that says nothing else."""
ORIGIN = np.array([500_000.0, 6_250_000.0])
"""West of Tomsk, on the central meridian (EPSG:32645); all figures below are metres from here."""
COLUMNS = (
    *("ids", "start", "end", "lines", "length_m", "speed_kmh", "category", "surface"),
    *("oneway", "there", "before_kmh", "before_surface"),
)
SEASON = st.sampled_from(SEASONS)


def placed(made: Network) -> Network:
    """A network moved to where its metres are on the Earth."""
    return made.changed(
        nodes=made.nodes + ORIGIN, lines=objects([translate(shape, *ORIGIN) for shape in made.lines])
    )


def road(*places: tuple[float, float], **settings: Any) -> Link:
    """A new road along some places."""
    x, y = (np.array(places, float) + ORIGIN).T
    lon, lat = transform(x, y, WORKING, WGS84)
    return Link(tuple(zip(lon.tolist(), lat.tolist(), strict=True)), **settings)


def at(*places: tuple[float, float]) -> Any:
    """Points."""
    return points(*(np.array(places, float).reshape(-1, 2) + ORIGIN))


def plan(*edits: Change | Link, **more: Any) -> Scenario:
    """A scenario of some edits."""
    scenario = Scenario("made", **more)
    for edit in edits:
        scenario = scenario.with_change(edit) if isinstance(edit, Change) else scenario.with_link(edit)
    return scenario


def after(made: Network, *edits: Change | Link) -> Edited:
    """The network after edits that all find something to change."""
    found = edited(made, plan(*edits), MODEL)
    assert found.faults == ()
    return found


def seconds(made: Network, start: int, end: int) -> float:
    """From a node to another, where no turn is banned."""
    metric = Travel.over(made, MODEL).metric
    found = int(metric.many_to_many(Ends.at([start]), Ends.at([end]))[0, 0])
    return np.inf if found >= CLOSED else found / 1000


def segment(made: Network, number: int = 0) -> dict[str, Any]:
    """A segment, without its geometry."""
    return {name: getattr(made, name)[number] for name in COLUMNS if name != "lines"}


# --- changes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "state", "is_there"),
    [(True, "closed", False), (True, "open", True), (False, "closed", False), (False, "open", True)],
    ids=["close", "open an open one", "close a closed one", "open"],
)
def test_a_road_is_opened_or_closed(there: bool, state: Any, is_there: bool) -> None:
    made = line(3, there=np.array([True, there, True]))
    found = after(made, Change("s1", state)).network
    assert found.there.tolist() == [True, is_there, True]
    assert seconds(found, 0, 3) == (300 if is_there else np.inf)
    assert made.there[1] == there


def test_a_road_is_again_what_it_was_before_its_works() -> None:
    made = line(
        2,
        speed_kmh=np.array([90.0, 90.0]),
        before_kmh=np.array([36.0, NAN]),
        before_surface=objects(["gravel", ""]),
        there=np.array([True, False]),
    )
    found = after(made, Change("s0", "before"), Change("s1", "before")).network
    assert (found.speed_kmh[0], found.surface[0], found.there[0]) == (36, "gravel", True)
    # The second is not there yet, and was not: it stays away, and is what it will be.
    assert not found.there[1]
    assert found.speed_kmh[1] == 90
    # It may be closed now and have been open.
    closed = after(made.changed(there=np.array([False, False])), Change("s0", "before")).network
    assert closed.there.tolist() == [True, False]


@pytest.mark.parametrize(
    ("stated", "change", "kmh"),
    [
        (40, {"surface": "asphalt"}, 80),
        (40, {"category": "main"}, 80),
        (40, {"surface": "asphalt", "category": "main"}, 160),
        (40, {"surface": "gravel"}, 40),
        (40, {"speed_kmh": 55.0}, 55),
        (40, {"speed_kmh": 55.0, "surface": "asphalt"}, 55),
        (NAN, {"surface": "asphalt"}, 36),
        (NAN, {"category": "main"}, 36),
        (NAN, {"speed_kmh": 55.0}, 55),
        # It was of gravel at 30 km/h before its works: 60 on asphalt.
        (40, {"state": "before", "surface": "asphalt"}, 60),
        (40, {"state": "before"}, 30),
        (40, {"state": "before", "speed_kmh": 20.0}, 20),
        (40, {"state": "open", "category": "main"}, 80),
    ],
    ids=str,
)
def test_a_better_road_is_faster_in_proportion(stated: float, change: dict[str, Any], kmh: float) -> None:
    """The segment is of gravel, which halves its speed of 36 km/h; a main road has twice the speed."""
    gravel = objects(["gravel"])
    made = line(
        1,
        speed_kmh=np.array([stated], float),
        surface=gravel,
        before_kmh=np.array([30.0]),
        before_surface=gravel,
    )
    found = after(made, Change("s0", **change)).network
    assert MODEL.kmh(found)[0] == pytest.approx(kmh)
    assert found.surface[0] == change.get("surface", "gravel")
    assert found.category[0] == change.get("category", "")
    # What follows from the surface goes on following.
    assert np.isnan(found.speed_kmh[0]) == (np.isnan(stated) and "speed_kmh" not in change)
    assert MODEL.kmh(made)[0] == (18 if np.isnan(stated) else 40)


def test_only_the_named_segment_changes() -> None:
    made = line(3, speed_kmh=np.array([30.0, 40, 50]))
    found = after(made, Change("s1", "closed", 60.0, "gravel", "main"))
    for number in (0, 2):
        np.testing.assert_equal(segment(found.network, number), segment(made, number))
    assert len(found.added) == len(found.link_of) == 0
    assert found.network.turns.graph.digest == made.turns.graph.digest


def test_an_unknown_segment_is_told_and_the_rest_applied() -> None:
    made = line(2)
    found = edited(made, plan(Change("m-53", "closed"), Change("s1", "closed"), Change("z", "open")), MODEL)
    assert found.faults == (Fault("segment", "m-53"), Fault("segment", "z"))
    assert found.network.there.tolist() == [True, False]
    only = edited(made, plan(Change("m-53", "closed")), MODEL)
    assert only.network is made


@pytest.mark.parametrize("there", [True, False])
def test_a_road_without_a_former_state_cannot_return_to_it(there: bool) -> None:
    made = line(2, there=np.array([there, True]), speed_kmh=np.array([50.0, 50.0]))
    scenario = plan(Change("s0", "before", surface="gravel"), Change("s1", "closed"))
    found = edited(made, scenario, MODEL)
    assert found.faults == ((Fault("no_former", "s0"),) if there else ())
    assert found.network.there.tolist() == [there, False]
    assert found.network.surface[0] == ("" if there else "gravel")
    assert found.network.speed_kmh[0] == (50 if there else 25)


def test_surfaces_and_categories_without_a_speed_are_told_and_the_rest_applied() -> None:
    made = placed(grid(2, 2, 2000.0))
    found = edited(
        made,
        plan(
            Change("s0", "closed", surface="marble"),
            Change("s1", category="VI"),
            Change("s2", "closed"),
            Change("s3", surface="marble", category="VI"),
            road((0, 0), (2000, 2000), surface="marble", category="VI", name="Мост"),
            road((0, 0), (2000, 2000), category="VI"),
            road((0, 0), (2000, 2000), surface="gravel", category="main"),
        ),
        MODEL,
    )
    assert found.faults == (
        *(Fault("surface", "s0", "marble"), Fault("category", "s1", "VI")),
        *(Fault("surface", "s3", "marble"), Fault("category", "s3", "VI")),
        *(Fault("surface", "Мост", "marble"), Fault("category", "Мост", "VI"), Fault("category", "+2", "VI")),
    )
    assert found.network.there.tolist() == [True, True, False, True, True]
    assert found.network.surface.tolist() == ["", "", "", "", "gravel"]
    assert found.network.category.tolist() == ["", "", "", "", "main"]
    assert found.link_of.tolist() == [2]


def test_a_scenario_of_another_network_changes_nothing() -> None:
    made = placed(line(2))
    scenario = replace(plan(Change("s1", "closed"), road((0, 0), (500, 500))), network="other", name="План")
    found = edited(made, scenario, MODEL)
    assert found.faults == (Fault("network", "План", "other"),)
    assert found.network is made
    assert len(found.added) == 0


def test_a_scenario_of_nothing_is_the_network_itself() -> None:
    made = line(2)
    assert edited(made, plan(), MODEL).network is made


# --- new roads: a square of streets of 2000 m, 200 s each -------------------------------------------------

SQUARE = placed(grid(2, 2, 2000.0))
"""Nodes 0 (0, 0), 1 (2000, 0), 2 (0, 2000), 3 (2000, 2000)."""
COMB = placed(network([(0, 0), (4000, 0), (0, 2000), (4000, 2000)], [(0, 1), (2, 3), (0, 2)]))
"""Two streets of 4000 m joined at their western ends."""


def test_a_road_between_two_nodes() -> None:
    found = after(SQUARE, road((0, 0), (2000, 2000), speed_kmh=72.0, surface="gravel", category="main"))
    assert found.added.tolist() == [4]
    assert found.link_of.tolist() == [0]
    new = segment(found.network, 4)
    assert (new["ids"], new["start"], new["end"], new["oneway"], new["there"]) == ("new-1-1", 0, 3, 0, True)
    assert (new["speed_kmh"], new["surface"], new["category"]) == (72, "gravel", "main")
    assert np.isnan(new["before_kmh"])
    assert new["length_m"] == pytest.approx(2828.427, abs=0.01)
    assert len(found.network.nodes) == 4
    # 2828 m at 20 m/s; round the square 400 s.
    assert seconds(found.network, 0, 3) == seconds(found.network, 3, 0) == pytest.approx(141.421, abs=0.002)


def test_a_road_without_a_speed_has_that_of_its_kind() -> None:
    found = after(SQUARE, road((0, 0), (2000, 2000), surface="gravel", category="main")).network
    # 72 km/h halved by gravel: 10 m/s.
    assert seconds(found, 0, 3) == pytest.approx(282.843, abs=0.002)


def test_a_road_between_the_middles_of_streets() -> None:
    found = after(COMB, road((2000, 0), (2000, 2000)))
    # 4000 + 2000 + 4000 m before; by the new road 2000 + 2000 + 2000.
    assert seconds(COMB, 1, 3) == 1000
    assert seconds(found.network, 1, 3) == pytest.approx(600, abs=0.01)
    assert seconds(found.network, 0, 2) == 200
    # Its ends are nodes 4 and 5.
    assert seconds(found.network, 4, 5) == pytest.approx(200, abs=0.01)
    assert seconds(found.network, 0, 4) == pytest.approx(200, abs=0.01)
    assert found.network.nodes[4:] - ORIGIN == pytest.approx(np.array([(2000, 0), (2000, 2000)]), abs=0.01)


def test_ways_along_a_street_that_is_joined_stay_as_they_are() -> None:
    found = after(COMB, road((1500, 0), (2000, 2000))).network
    ties = [number for number in range(3, len(found)) if found.ids[number] == "s0"]
    assert [(int(found.start[n]), int(found.end[n])) for n in ties] == [(0, 4), (4, 1)]
    assert found.length_m[ties] == pytest.approx([1500, 2500], abs=0.01)
    assert shapely.length(found.lines[ties]) == pytest.approx([1500, 2500], abs=0.01)
    assert seconds(found, 0, 1) == 400


def test_the_length_of_a_street_is_shared_as_stated() -> None:
    """Not as drawn: a mapped road has more bends than its line."""
    made = COMB.changed(length_m=np.array([8000.0, 4000, 2000]))
    found = after(made, road((1000, 0), (1000, 2000))).network
    assert seconds(found, 0, 4) == pytest.approx(200, abs=0.01)
    assert seconds(found, 4, 1) == pytest.approx(600, abs=0.01)


CROSSING = placed(
    network(
        [(0, 0), (4000, 0), (2000, -2000), (2000, 2000), (5000, -2000), (5000, 2000)],
        [(0, 1), (2, 4), (3, 5)],
    )
)
"""A street of 4000 m from west to east, one south and one north of it; no way from one to another."""


@pytest.mark.parametrize("crossings", [True, False])
def test_a_road_joins_the_roads_that_it_crosses_unless_it_is_a_bridge(crossings: bool) -> None:
    found = after(CROSSING, road((2000, -2000), (2000, 2000), crossings=crossings))
    assert seconds(found.network, 2, 3) == pytest.approx(400, abs=0.01)
    assert seconds(found.network, 0, 3) == (pytest.approx(400, abs=0.01) if crossings else np.inf)
    assert found.network.ids[found.added].tolist() == (["new-1-1", "new-1-2"] if crossings else ["new-1-1"])
    assert found.link_of.tolist() == [0] * len(found.added)


def test_a_road_over_a_crossroads_joins_all_that_meet_there() -> None:
    cross = placed(
        network([(0, 0), (2000, 0), (-2000, 0), (0, 2000), (0, -2000)], [(0, 1), (0, 2), (0, 3), (0, 4)])
    )
    found = after(cross, road((-1000, -1000), (1000, 1000)))
    assert found.network.ids[found.added].tolist() == ["new-1-1", "new-1-2"]
    # 1414 m to the middle, where all four streets begin; no street is taken apart.
    assert len(found.network) == 6
    for node in (1, 2, 3, 4):
        assert seconds(found.network, 5, node) == pytest.approx(341.421, abs=0.01)


def test_a_road_that_ends_beyond_the_roads_ends_there() -> None:
    found = after(CROSSING, road((2000, -900), (2000, 900)))
    assert found.network.ids[found.added].tolist() == ["new-1-1", "new-1-2"]
    # The joint is made first, then the open ends.
    assert found.network.nodes[6:] - ORIGIN == pytest.approx(
        np.array([(2000, 0), (2000, -900), (2000, 900)]), abs=0.01
    )
    assert seconds(found.network, 0, 8) == pytest.approx(290, abs=0.01)


@pytest.mark.parametrize(
    ("end", "joined"),
    [
        ((2000, JOIN_M - 1), (2000, 0)),
        ((2000, JOIN_M + 1), None),
        ((30, 40), (0, 0)),
        ((390, 100), (390, 0)),
        ((3960, -30), (4000, 0)),
        ((-JOIN_M + 1, 0), (0, 0)),
        ((-JOIN_M - 1, 0), None),
    ],
    ids=["near", "far", "near a node", "near no node", "near the other node", "before", "far before"],
)
def test_the_end_of_a_road_joins_what_is_near(end: tuple[float, float], joined: Any) -> None:
    made = placed(line(1, 4000.0))
    away = (end[0], 3000.0 if end[1] >= 0 else -3000.0)
    found = edited(made, plan(road(end, away)), MODEL)
    if joined is None:
        assert found.faults == (Fault("crosses_nothing", "+1"),)
        assert found.network is made
        return
    new = int(found.added[0])
    place = found.network.nodes[found.network.start[new]] - ORIGIN
    assert place == pytest.approx(np.array(joined), abs=0.01)
    # The way from the drawn end to the joint is part of the road.
    gap = np.hypot(end[0] - joined[0], end[1] - joined[1])
    assert found.network.length_m[new] == pytest.approx(gap + abs(end[1] - away[1]), abs=0.01)


def test_what_cannot_be_added_is_told_and_the_rest_added() -> None:
    zigzag = [(72.0 + 20 * (n % 2), 55.0 + n / 10) for n in range(3)]
    roads = [
        road((0, 5000), (2000, 5000), name="Нигде"),
        road((0, 0), (0.5, 0)),
        Link(tuple(zigzag)),
        road((0, 0), (2000, 2000)),
    ]
    found = edited(SQUARE, plan(*roads), MODEL)
    assert found.faults == (Fault("crosses_nothing", "Нигде"), Fault("short", "+2"), Fault("long", "+3"))
    assert found.network.ids[found.added].tolist() == ["new-4-1"]
    assert found.link_of.tolist() == [3]
    nothing = edited(SQUARE, plan(*roads[:3]), MODEL)
    assert nothing.network is SQUARE


def test_a_road_may_join_another_new_one() -> None:
    made = placed(line(1, 4000.0))
    first = road((2000, 0), (2000, 4000))
    second = road((2000, 2000), (5000, 2000), speed_kmh=72.0)
    found = after(made, first, second)
    assert found.link_of.tolist() == [0, 1]
    # The far end of the second is node 5: 2000 m, 2000 m of the first, 3000 m at 20 m/s.
    far = int(found.network.end[found.added[1]])
    assert found.network.nodes[far] - ORIGIN == pytest.approx(np.array([5000, 2000]), abs=0.01)
    assert seconds(found.network, 0, far) == pytest.approx(550, abs=0.01)
    other_way = edited(made, plan(second, first), MODEL)
    assert other_way.faults == (Fault("crosses_nothing", "+1"),)


def test_a_road_may_join_a_street_twice() -> None:
    made = placed(line(1, 4000.0))
    round_ = ((1000, 0), (1000, 1000), (3000, 1000), (3000, 0))
    slow = after(made, road(*round_, speed_kmh=3.6)).network
    # The joints are nodes 2 and 3, 2000 m from each other along the street.
    assert seconds(slow, 2, 3) == seconds(slow, 3, 2) == pytest.approx(200, abs=0.01)
    assert seconds(slow, 0, 1) == 400
    assert seconds(slow, 0, 3) == pytest.approx(300, abs=0.01)
    assert seconds(slow, 2, 1) == pytest.approx(300, abs=0.01)
    # 4000 m at 40 m/s instead of 2000 m at 10 m/s.
    fast = after(made, road(*round_, speed_kmh=144.0)).network
    assert seconds(fast, 0, 1) == pytest.approx(300, abs=0.01)


@pytest.mark.parametrize("oneway", [THERE, BACK], ids=["there", "back"])
def test_a_one_way_street_stays_one_way_where_it_is_joined(oneway: int) -> None:
    made = COMB.changed(oneway=np.array([oneway, 0, 0], np.int8))
    found = after(made, road((1000, 0), (1000, 2000))).network
    # The joint is node 4, 1000 m from node 0 and 3000 m from node 1; node 0 is reached over the other street.
    if oneway == THERE:
        assert seconds(found, 0, 4) == pytest.approx(100, abs=0.01)
        assert seconds(found, 4, 0) == pytest.approx(200 + 100 + 200, abs=0.01)
        assert (seconds(found, 4, 1), seconds(found, 1, 4)) == (pytest.approx(300, abs=0.01), np.inf)
    else:
        assert seconds(found, 4, 0) == pytest.approx(100, abs=0.01)
        assert seconds(found, 0, 4) == pytest.approx(200 + 100 + 200, abs=0.01)
        assert (seconds(found, 1, 4), seconds(found, 4, 1)) == (pytest.approx(300, abs=0.01), np.inf)


def test_a_ferry_is_never_joined_but_passed() -> None:
    ferry = CROSSING.changed(surface=objects([FERRY, "", ""]))
    found = after(ferry, road((2000, -2000), (2000, 2000))).network
    assert len(found) == 4
    assert seconds(found, 0, 3) == np.inf
    assert edited(ferry, plan(road((1900, 0), (1900, 500))), MODEL).faults == (
        Fault("crosses_nothing", "+1"),
    )


def test_a_road_that_is_not_there_is_not_joined() -> None:
    gone = CROSSING.changed(there=np.array([False, True, True]))
    assert len(after(gone, road((2000, -2000), (2000, 2000))).network) == 4
    opened = after(gone, Change("s0", "open"), road((2000, -2000), (2000, 2000))).network
    assert len(opened) == 7
    closed = after(CROSSING, Change("s0", "closed"), road((2000, -2000), (2000, 2000))).network
    assert len(closed) == 4


def test_a_joined_street_makes_no_junctions_of_its_ends() -> None:
    """With a delay where three streets meet; the pieces of a street are no further streets."""
    slow = replace(MODEL, junction_s=30.0)
    made = placed(network([(0, 0), (1000, 0), (5000, 0)], [(0, 1), (1, 2)]))
    found = edited(made, plan(road((3000, 0), (3000, 3000))), slow)
    places = taps(2, (0, 0, 0.0, 0), (1, 1, 1.0, 0))
    before, now = (Travel.over(n, slow).minutes(places, places)[0, 1] * 60 for n in (made, found.network))
    assert (before, now) == (pytest.approx(500), pytest.approx(500))


def test_a_road_joins_a_street_as_it_has_become() -> None:
    found = after(COMB, Change("s0", speed_kmh=72.0), road((2000, 0), (2000, 2000))).network
    assert seconds(found, 4, 1) == pytest.approx(100, abs=0.01)


def test_places_near_a_new_road_get_its_taps() -> None:
    made = placed(line(1, 4000.0))
    places = at((2100, 300), (2200, 100), (2100, 2000), (9000, 9000))
    old = snap(made, places)
    assert old.connected.tolist() == [True, True, False, False]
    found = after(made, road((2000, 0), (2000, 3000)))
    new = found.taps(old, places)
    # The first is 300 m from the street and 100 m from the new road, the second 100 and 200.
    number = int(found.added[0])
    taken = zip(new.place.tolist(), new.segment.tolist(), np.round(new.away_m, 2).tolist(), strict=True)
    rows = sorted(tap for tap in taken if tap[1] in (0, number))
    assert rows == [(0, 0, 300), (0, number, 100), (1, 0, 100), (2, number, 100)]
    share = {int(p): s for p, n, s in zip(new.place, new.segment, new.share, strict=True) if n == number}
    assert share == pytest.approx({0: 0.1, 2: 2 / 3}, abs=1e-4)
    travel = Travel.over(made, MODEL).changed(found.network, "summer")
    # 100 m of access, 1700 m along the new road, 100 m of access.
    assert travel.minutes(new, new)[0, 2] * 60 == pytest.approx(370, abs=0.05)
    assert edited(made, plan(), MODEL).taps(old, places) is old


# --- faults that these tests found ------------------------------------------------------------------------


def test_a_place_on_a_joined_street_need_not_go_to_its_end() -> None:
    """A place taps the whole street, but the new road begins at a joint in its middle."""
    found = after(COMB, road((2000, 0), (2000, 2000)))
    places = at((1000, 0), (3000, 2000))
    both = found.taps(snap(COMB, places), places)
    travel = Travel.over(COMB, MODEL).changed(found.network, "summer")
    # 1000 m to the new road, 2000 m of it, 1000 m along the other street.
    assert travel.minutes(both, both)[0, 1] * 60 == pytest.approx(400, abs=0.05)


def test_the_number_of_a_joined_street_is_found_by_its_id() -> None:
    found = after(COMB, road((2000, 0), (2000, 2000))).network
    assert [found.index[f"s{number}"] for number in range(3)] == [0, 1, 2]


def test_a_banned_turn_stays_banned_where_a_street_is_joined() -> None:
    """From the west no left turn into the northern street; a dead end joins that street farther on."""
    # s0: 0-1 from the west, s1: 1-2 to the east, s2: 1-3 to the north. Link 0 -> 4 is banned.
    nodes = [(0, 0), (1000, 0), (3000, 0), (1000, 3000)]
    made = placed(network(nodes, [(0, 1), (1, 2), (1, 3)], bans=np.array([[0, 4]], np.int32)))
    found = after(made, road((1000, 1500), (3000, 1500)))
    places = taps(2, (0, 0, 0.0, 0), (1, 2, 1.0, 0))
    # Turning round at the eastern end, or at once: 100 + 200 + 200 + 300 s.
    before, now = (Travel.over(n, MODEL).minutes(places, places)[0, 1] * 60 for n in (made, found.network))
    assert before == 800
    assert now == pytest.approx(before, abs=0.01)


def test_a_road_joins_a_second_street_beside_its_end() -> None:
    """Two streets 60 m from each other; the road begins at a node of the one and crosses the other."""
    made = placed(network([(0, 0), (4000, 0), (0, 60), (4000, 60)], [(0, 1), (2, 3)]))
    found = after(made, road((4000, 0), (3500, 60), (3500, 3000))).network
    near = after(made, road((4000, 0), (3980, 60), (3980, 3000))).network
    assert seconds(found, 2, 0) < np.inf
    assert seconds(near, 2, 0) < np.inf


def test_a_road_that_comes_back_to_its_beginning_is_closed() -> None:
    found = after(SQUARE, road((0, 0), (-3000, 0), (-3000, 3000), (-1000, 3000), (0, 0))).network
    number = len(SQUARE)
    assert (found.start[number], found.end[number]) == (0, 0)
    assert len(found.nodes) == len(SQUARE.nodes)


# --- what no edit may do ----------------------------------------------------------------------------------


@st.composite
def roads(draw: st.DrawFn) -> Link:
    """A road somewhere about the random networks, which are 3000 m wide."""
    xy = st.tuples(st.integers(-300, 3300), st.integers(-300, 3300))
    along = draw(st.lists(xy, min_size=2, max_size=4, unique=True))
    kmh, surface = draw(st.sampled_from([None, 5.0, 90.0])), draw(st.sampled_from(["asphalt", "gravel"]))
    return road(*along, speed_kmh=kmh, surface=surface, crossings=draw(st.booleans()))


@st.composite
def towns(draw: st.DrawFn) -> Network:
    """Streets in squares of 1500 m, some one-way, closed or of gravel, with some turns banned."""
    pairs = grid(3, 3).start.tolist(), grid(3, 3).end.tolist()
    count = len(pairs[0])

    def column(values: Any) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=count, max_size=count))

    turns = st.sampled_from(meeting(list(zip(*pairs, strict=True))))
    return grid(
        3,
        3,
        1500.0,
        oneway=np.array(column([BOTH, BOTH, BOTH, THERE, BACK]), np.int8),
        there=np.array(column([True, True, True, True, False]), bool),
        surface=objects(column(["", "", "gravel", FERRY])),
        speed_kmh=np.array(column([NAN, 7.0, 90.0])),
        bans=np.array(draw(st.lists(turns, max_size=6, unique=True)), np.int32).reshape(-1, 2),
    )


BASES = st.one_of(networks(bans=True), towns())
ROADS = st.lists(roads(), min_size=1, max_size=3)
PLACES = st.lists(st.tuples(*[st.integers(-300, 3300)] * 2), min_size=1, max_size=4)


@given(BASES, ROADS, PLACES, SEASON)
def test_a_new_road_makes_no_time_longer(base: Network, links: Any, where: Any, season: Any) -> None:
    made, places = placed(base), at(*where)
    old, before = snap(made, places), Travel.over(made, MODEL, season)
    found = edited(made, plan(*links, season=season), MODEL)
    new, now = found.taps(old, places), before.changed(found.network, season)
    assert (now.minutes(new, new) <= before.minutes(old, old)).all()
    count = len(made.nodes)
    for direction in ("to", "from"):
        assert (now.nearest(new, direction)[0][:count] <= before.nearest(old, direction)[0]).all()


@given(BASES, ROADS)
def test_old_numbers_hold(base: Network, links: Any) -> None:
    made = placed(base)
    found = edited(made, plan(*links), MODEL)
    count = len(made)
    np.testing.assert_array_equal(found.network.nodes[: len(made.nodes)], made.nodes)
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(found.network, name)[:count], getattr(made, name))
    assert (found.added >= count).all()
    assert all(id_.startswith("new-") for id_ in found.network.ids[found.added])
    assert len(found.added) == len(found.link_of)
    assert len(set(found.link_of)) + len(found.faults) == len(links)
    # All that is neither old nor new is a part of an old or a new road.
    rest = np.setdiff1d(np.arange(count, len(found.network)), found.added)
    whole = {*made.ids, *found.network.ids[found.added]}
    assert set(found.network.ids[rest]) <= whole
    assert not (found.network.surface[rest] == FERRY).any()


@given(BASES, ROADS)
def test_new_roads_are_as_long_as_drawn_and_led_to_the_roads_they_join(base: Network, links: Any) -> None:
    found = edited(placed(base), plan(*links), MODEL)
    for number, link in enumerate(links):
        own = found.added[found.link_of == number]
        if len(own):
            x, y = transform(*np.array(link.points).T, WGS84, WORKING)
            drawn = shapely.LineString(np.column_stack([x, y])).length
            slack = 2.1 * len(own)
            assert drawn - slack <= found.network.length_m[own].sum() <= drawn + 2 * JOIN_M + slack
            np.testing.assert_allclose(
                shapely.length(found.network.lines[own]), found.network.length_m[own], atol=1e-6
            )


@given(BASES, PLACES, SEASON, st.data())
def test_a_closed_road_makes_no_time_shorter_and_an_opened_one_none_longer(
    base: Network, where: Any, season: Any, data: st.DataObject
) -> None:
    places, before = snap(base, points(*where)), Travel.over(base, MODEL, season)
    chosen = data.draw(st.lists(st.sampled_from(list(base.ids)), min_size=1, max_size=3, unique=True))
    for state, sign in (("closed", 1), ("open", -1)):
        found = edited(base, plan(*(Change(id_, state) for id_ in chosen)), MODEL)
        now = before.changed(found.network, season).minutes(places, places)
        was = before.minutes(places, places)
        assert (now >= was if sign > 0 else now <= was).all()


@given(BASES, PLACES, SEASON, st.data())
def test_a_faster_or_better_road_makes_no_time_longer(
    base: Network, where: Any, season: Any, data: st.DataObject
) -> None:
    places, before = snap(base, points(*where)), Travel.over(base, MODEL, season)
    number = data.draw(st.integers(0, len(base) - 1))
    kmh = float(MODEL.kmh(base)[number])
    changes = [Change(f"s{number}", speed_kmh=kmh * data.draw(st.floats(1.0, 3.0)))]
    if base.surface[number] in ("", "gravel"):
        changes.append(Change(f"s{number}", surface="asphalt"))
        changes.append(Change(f"s{number}", category="main"))
    for change in changes:
        found = edited(base, plan(change), MODEL)
        now = before.changed(found.network, season).minutes(places, places)
        assert (now <= before.minutes(places, places)).all()


@settings(max_examples=60)
@given(BASES, st.lists(roads(), max_size=2), PLACES, st.sampled_from(SEASONS), st.data())
def test_edits_taken_back_leave_no_trace(
    base: Network, links: Any, where: Any, season: Any, data: st.DataObject
) -> None:
    made, places = placed(base), at(*where)
    kinds = st.builds(
        Change,
        st.sampled_from(list(made.ids)),
        st.sampled_from([None, "open", "closed", "before"]),
        st.sampled_from([None, 10.0, 120.0]),
        st.sampled_from([None, "gravel", "asphalt"]),
    )
    scenario = plan(*data.draw(st.lists(kinds, max_size=3)), *links, season=season)
    before, old = Travel.over(made, MODEL), snap(made, places)
    there = before.changed(edited(made, scenario, MODEL).network, season)
    back = there.changed(edited(made, plan(), MODEL).network, "summer")
    np.testing.assert_array_equal(back.minutes(old, old), before.minutes(old, old))
    np.testing.assert_array_equal(back.links, before.links)
    for direction in ("to", "from"):
        np.testing.assert_array_equal(back.nearest(old, direction)[0], before.nearest(old, direction)[0])
    again = back.changed(edited(made, scenario, MODEL).network, season)
    np.testing.assert_array_equal(again.minutes(old, old), there.minutes(old, old))


@given(BASES, ROADS)
def test_the_same_scenario_makes_the_same_network(base: Network, links: Any) -> None:
    one, other = (edited(placed(base), plan(*links), MODEL) for _ in range(2))
    for name in (*COLUMNS, "nodes", "bans"):
        np.testing.assert_array_equal(getattr(one.network, name), getattr(other.network, name))
    assert one.faults == other.faults


def test_an_end_that_joins_nothing_is_told() -> None:
    made = placed(line(1, 4000.0))
    assert edited(made, plan(road((2000, 0), (2000, 3000))), MODEL).loose == (0,)
    assert edited(made, plan(road((1000, 0), (1000, 900), (3000, 900), (3000, 0))), MODEL).loose == ()
