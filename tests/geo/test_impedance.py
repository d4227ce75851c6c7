"""How long links take: golden figures worked by hand, and what is closed when.

Segments are 1000 m long unless said otherwise: at 36 km/h, the usual speed of the tests' model, 100 s.
"""

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.hierarchy import MOST_MS
from geo.impedance import LEAST_KMH, MOST_KMH, SEASONS, Season
from geo.network import BACK, BOTH, FERRY, THERE, WINTER_ROAD, Network
from geo.sweeps import CLOSED
from tests.geo.networks import MODEL, NAN, grid, line, network, networks, objects

SEASON = st.sampled_from(SEASONS)
JUNCTIONS = replace(MODEL, junction_s=10.0)


def one(**columns: Any) -> Network:
    """A segment of 1000 m."""
    return line(
        1, **{name: objects([v]) if isinstance(v, str) else np.array([v]) for name, v in columns.items()}
    )


def test_seasons_and_bounds() -> None:
    assert get_args(Season) == SEASONS
    assert set(MODEL.season_share) == set(SEASONS)
    assert 0 < LEAST_KMH < MOST_KMH


# --- speeds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "surface", "kmh"),
    [
        ("", "", 36),
        ("main", "", 72),
        ("unheard of", "", 36),
        ("main", "gravel", 36),
        ("", "gravel", 18),
        ("main", "unheard of", 72),
        ("unheard of", "unheard of", 36),
        ("", FERRY, 18),
    ],
)
def test_the_usual_speed_follows_from_category_and_surface(category: str, surface: str, kmh: float) -> None:
    assert MODEL.usual_kmh(category, surface) == kmh
    assert MODEL.kmh(one(category=category, surface=surface)).tolist() == [kmh]


def test_a_stated_speed_goes_before_the_usual_one() -> None:
    made = line(
        3,
        speed_kmh=np.array([50.0, NAN, 5.0]),
        category=objects(["main"] * 3),
        surface=objects(["gravel"] * 3),
    )
    assert MODEL.kmh(made).tolist() == [50, 36, 5]


# --- times ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "season", "ms"),
    [
        ({}, "summer", 100_000),  # 1000 m / 10 m/s
        ({}, "winter", 125_000),  # four fifths of the speed are left
        ({"category": "main"}, "summer", 50_000),
        ({"surface": "gravel"}, "summer", 200_000),
        ({"surface": "gravel"}, "winter", 250_000),
        ({"surface": "gravel"}, "thaw", 400_000),  # half of it is left
        ({"surface": "gravel", "speed_kmh": 72.0}, "thaw", 100_000),  # of a stated speed too
        ({"speed_kmh": 7.0}, "summer", 514_286),  # 3600 / 7 = 514.2857 s
        ({"surface": FERRY}, "summer", 200_000),
        ({"surface": FERRY}, "winter", CLOSED),
        ({"surface": FERRY}, "thaw", CLOSED),
        ({"surface": WINTER_ROAD}, "summer", CLOSED),
        ({"surface": WINTER_ROAD}, "winter", 200_000),
        ({"surface": WINTER_ROAD}, "thaw", CLOSED),
        ({"surface": WINTER_ROAD, "speed_kmh": 90.0}, "summer", CLOSED),
        ({"there": False}, "summer", CLOSED),
        ({"there": False, "speed_kmh": 90.0}, "winter", CLOSED),
        ({"speed_kmh": 0.0}, "summer", CLOSED),
        ({"speed_kmh": -5.0}, "summer", CLOSED),
    ],
    ids=str,
)
def test_a_segment_takes_its_time(columns: dict[str, Any], season: Season, ms: int) -> None:
    found = MODEL.milliseconds(one(**columns), season)
    assert found.dtype == np.int32
    assert found.tolist() == [ms, ms]


@pytest.mark.parametrize(
    ("length_m", "ms"),
    [
        (0.0, 1),  # nothing takes no time at all
        (0.001, 1),  # 0.1 ms
        (0.014, 1),  # 1.4 ms
        (0.016, 2),  # 1.6 ms
        (1.0, 100),
        (1e7, 1_000_000_000),
        (1e9, MOST_MS),  # 100 000 000 s are more than can be told, yet no closed road
        (1e300, MOST_MS),
    ],
    ids=str,
)
def test_times_are_whole_milliseconds_of_one_at_least(length_m: float, ms: int) -> None:
    assert MODEL.milliseconds(one(length_m=length_m), "summer").tolist() == [ms, ms]


@pytest.mark.parametrize(
    ("oneway", "ms"),
    [(BOTH, [100_000, 100_000]), (THERE, [100_000, CLOSED]), (BACK, [CLOSED, 100_000])],
)
def test_a_one_way_street_is_closed_the_other_way(oneway: int, ms: list[int]) -> None:
    assert MODEL.milliseconds(one(oneway=oneway), "summer").tolist() == ms
    assert MODEL.milliseconds(one(oneway=oneway, there=False), "summer").tolist() == [CLOSED] * 2


def test_a_ferry_is_waited_for() -> None:
    made = line(2, surface=objects([FERRY, ""]))
    waiting = replace(MODEL, ferry_wait_s={"summer": 600.0})
    assert waiting.milliseconds(made, "summer").tolist() == [800_000, 800_000, 100_000, 100_000]
    assert waiting.milliseconds(made, "winter").tolist() == [CLOSED, CLOSED, 125_000, 125_000]


def test_a_junction_delays_those_who_come_to_it() -> None:
    # Three streets meet at node 1, two at node 2; s0: 0-1, s1: 1-2, s2: 1-3, s3: 4-2.
    nodes = [(0, 0), (1000, 0), (2000, 0), (1000, 1000), (2000, 1000)]
    made = network(nodes, [(0, 1), (1, 2), (1, 3), (4, 2)])
    assert JUNCTIONS.milliseconds(made, "summer").reshape(-1, 2).tolist() == [
        [110_000, 100_000],
        [100_000, 110_000],
        [100_000, 110_000],
        [100_000, 100_000],
    ]
    assert (MODEL.milliseconds(made, "summer") == 100_000).all()


def test_a_junction_does_not_open_what_is_closed() -> None:
    made = grid(3, 3, there=np.zeros(12, bool))
    assert (JUNCTIONS.milliseconds(made, "summer") == CLOSED).all()


# --- all arcs ---------------------------------------------------------------------------------------------


@given(networks(bans=True), SEASON)
def test_arcs_are_links_free_turns_and_ties(made: Network, season: Season) -> None:
    turns, found = made.turns, MODEL.arcs(made, season)
    assert found.dtype == np.int32
    assert len(found) == len(turns.graph.tail)
    links, free, ties = np.split(found, [turns.links, turns.links + turns.free])
    np.testing.assert_array_equal(links, MODEL.milliseconds(made, season))
    assert (free == 0).all()
    assert (ties == CLOSED).all()


@given(networks(), SEASON)
def test_a_link_is_open_where_and_when_its_segment_is(made: Network, season: Season) -> None:
    found = MODEL.milliseconds(made, season).reshape(-1, 2)
    shut = {"summer": {WINTER_ROAD}, "winter": {FERRY}, "thaw": {FERRY, WINTER_ROAD}}[season]
    usable = made.there & ~np.isin(made.surface.astype(str), list(shut))
    np.testing.assert_array_equal(found[:, 0] < CLOSED, usable & (made.oneway != BACK))
    np.testing.assert_array_equal(found[:, 1] < CLOSED, usable & (made.oneway != THERE))
    assert (found >= 1).all()
    both = (found < CLOSED).all(axis=1)
    np.testing.assert_array_equal(found[both, 0], found[both, 1])


@given(networks(), SEASON, st.floats(1.0, 10.0))
def test_a_faster_segment_never_takes_longer(made: Network, season: Season, factor: float) -> None:
    kmh = MODEL.kmh(made)
    slow, fast = (MODEL.milliseconds(made.changed(speed_kmh=speed), season) for speed in (kmh, kmh * factor))
    np.testing.assert_array_equal(slow, MODEL.milliseconds(made, season))
    assert (fast <= slow).all()
