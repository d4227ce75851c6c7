"""What a comparison finds, against a Dijkstra written out by hand over the files, and sums made in loops."""

import csv
import heapq
import json
import math
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely

from geo.crs import WGS84, WORKING, transform
from geo.errors import Fault, ScenarioError
from layers.catalog import DATA
from layers.comparison import GOAL, GOALS, Comparison
from layers.reach.base import UnknownNetwork
from layers.reach.results import LIMITS, SIZES, Results, results
from layers.reach.scenarios import UnknownScenario, ready
from layers.store import EmbeddedStore, embedded

Row = dict[str, Any]
ROAD = "+84.80000,56.60000,85.10000,56.75000:v90,sasphalt"
"""A new road north-west of Tomsk, over the river."""
SUBURB = "+84.90000,56.50000,84.95000,56.60000:v80,sasphalt"
PAIRS = {
    "asino": {},
    "closed": {"before": "today", "after": "closed-bridge"},
    "bridge": {"before": "today", "after": "third-bridge"},
    "thaw": {"before": "today", "after": "thaw"},
    "winter": {"before": "today", "after": "winter"},
    "back": {"before": "thaw", "after": "today"},
}


def found(**compared: Any) -> Results:
    return results(embedded(), Comparison(**compared))


# --- the same by hand -------------------------------------------------------------------------------


@cache
def rows(name: str) -> dict[str, Row]:
    with (DATA / "records" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def figure(id_: str) -> float:
    return float(rows("assumptions")[id_]["value"])


def metric(points: Iterable[tuple[float, float]]) -> Any:
    lon, lat = zip(*points, strict=True)
    return np.column_stack(transform(lon, lat, WGS84, WORKING))


@cache
def roads() -> list[tuple[Row, shapely.LineString]]:
    features = json.loads((DATA / "records" / "roads.geojson").read_text(encoding="utf-8"))["features"]
    return [
        (f["properties"], shapely.LineString(metric(map(tuple, f["geometry"]["coordinates"]))))
        for f in features
    ]


@cache
def touching(lon: float, lat: float) -> list[tuple[int, float, float]]:
    """The segments by which a place joins the roads: which, share of its length, minutes of access."""
    point = shapely.Point(metric([(lon, lat)])[0])
    away = [line.distance(point) for _, line in roads()]
    now = [row["status"] == "built" or bool(row["speed_before_kmh"]) for row, _ in roads()]
    least = min(d for d, there in zip(away, now, strict=True) if there)
    limit = figure("access-limit") * 1000
    pace = figure("access-detour") / figure("access-speed") * 60 / 1000
    chosen = [i for i, d in enumerate(away) if (d == least if now[i] else d <= least) and d <= limit]
    return [(i, roads()[i][1].project(point, normalized=True), away[i] * pace) for i in chosen]


def minutes_along(row: Row, state: str | None, season: str) -> float:
    """The minutes along a segment, infinite where nobody may drive."""
    built = row["status"] == "built" if state is None else state == "open"
    speed = row["speed_kmh"] if built else row["speed_before_kmh"] if state != "closed" else None
    surface = (row["surface"] if built else row["surface_before"]) or "asphalt"
    if surface == "ferry":
        share, wait = {"summer": 1.0, "winter": 1.0, "thaw": 0.0}[season], figure("ferry-wait")
        wait = wait if season == "summer" else 0.0
    else:
        paved = "asphalt" if surface not in ("gravel", "earth") else surface
        share, wait = (1.0 if season == "summer" else figure(f"season-factor-{season}-{paved}")), 0.0
    return row["length_km"] / (speed * share) * 60 + wait if speed and share else math.inf


@cache
def hand(scenario: str, layer: str, only: str | None = None) -> dict[str, float]:
    """The minutes from every settlement to the nearest place of a layer."""
    parts = [part.split(":") for part in (ready(embedded())[scenario]).split(";") if part]
    edits = {segment: state for segment, state in parts if segment != "season"}
    season = next((value for key, value in parts if key == "season"), "summer")
    along = [minutes_along(row, edits.get(row["id"]), season) for row, _ in roads()]
    ways: dict[str, list[tuple[str, float]]] = {}
    for (row, _), minutes in zip(roads(), along, strict=True):
        ways.setdefault(row["from_node"], []).append((row["to_node"], minutes))
        ways.setdefault(row["to_node"], []).append((row["from_node"], minutes))
    places = [row for id_, row in rows(layer).items() if only in (None, id_) and row["lon"]]
    goals = [tap for row in places for tap in touching(float(row["lon"]), float(row["lat"]))]
    queue: list[tuple[float, str]] = []
    for at, share, access in goals:
        ends = (("from_node", share), ("to_node", 1 - share))
        queue += [(access + part_of(along[at], part), roads()[at][0][node]) for node, part in ends]
    best: dict[str, float] = {}
    heapq.heapify(queue)
    while queue:
        so_far, node = heapq.heappop(queue)
        if node in best or math.isinf(so_far):
            continue
        best[node] = so_far
        for neighbour, minutes in ways[node]:
            heapq.heappush(queue, (so_far + minutes, neighbour))
    told = {}
    for id_, row in rows("settlements").items():
        times = [math.inf]
        for at, share, access in touching(float(row["lon"]), float(row["lat"])):
            for node, part in (("from_node", share), ("to_node", 1 - share)):
                times.append(best.get(roads()[at][0][node], math.inf) + part_of(along[at], part) + access)
            same = [(other, more) for goal, other, more in goals if goal == at]
            times += [access + more + part_of(along[at], abs(share - other)) for other, more in same]
        told[id_] = 0.0 if id_ == only else min(times)
    return told


def part_of(minutes: float, share: float) -> float:
    return minutes * share if share > 1e-12 else 0.0


SCENARIOS = ["today", "before-works", "stage-1", "third-bridge", "closed-bridge", "winter", "thaw"]
WAYS = [(GOAL, "settlements", GOAL), ("hospitals", "hospitals", None), ("airports", "airports", None)]


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize(("goal", "layer", "only"), WAYS, ids=[way[0] for way in WAYS])
def test_minutes_are_those_of_a_plain_dijkstra(
    scenario: str, goal: str, layer: str, only: str | None
) -> None:
    """To the rounding of whole milliseconds."""
    there = found(before="today", after=scenario, goal=goal)
    times = dict(zip(there.settlements.index, there.minutes(goal)[1], strict=True))
    by_hand = hand(scenario, layer, only)
    assert set(times) == set(by_hand)
    for id_, minutes in times.items():
        assert minutes == pytest.approx(by_hand[id_], abs=0.01), id_
    assert sum(map(math.isfinite, by_hand.values())) > 100


@pytest.mark.parametrize("name", PAIRS)
def test_gains_are_sums_over_settlements(name: str) -> None:
    there = found(**PAIRS[name])
    for goal in (GOAL, "stations"):
        before, after = there.minutes(goal)
        people = [rows("settlements")[id_]["population"] for id_ in there.settlements.index]
        for gain, limit in zip(there.gains(goal), LIMITS, strict=True):
            came = fell = was = now = unknown = 0.0
            for b, a, text in zip(before, after, people, strict=True):
                living = float(text or 0)
                was, now = was + living * (b <= limit), now + living * (a <= limit)
                came, fell = came + living * (a <= limit < b), fell + living * (b <= limit < a)
                unknown += (not text) and ((a <= limit) != (b <= limit))
            told = (gain.limit, gain.before, gain.after, gain.came, gain.fell_out, gain.unknown)
            assert told == (limit, was, now, came, fell, unknown)
            assert gain.net == now - was


def test_every_goal_has_its_gains() -> None:
    there = found()
    assert tuple(there.all_gains) == GOALS
    for goal, gains in there.all_gains.items():
        assert gains == there.gains(goal)


# --- what must always hold --------------------------------------------------------------------------


@pytest.mark.parametrize("goal", GOALS)
def test_each_stage_saves_at_least_as_much_as_the_one_before(goal: str) -> None:
    stages = [found(after=stage).minutes(goal) for stage in ("before-works", "stage-1", "stage-2", "stage-3")]
    times = [after for _, after in stages]
    for earlier, later in pairwise(times):
        assert (later <= earlier).all()
    assert (stages[0][0] == times[0]).all()


def test_the_stages_do_save_something() -> None:
    saved = [found(after=stage).person_minutes for stage in ("before-works", "stage-1", "stage-2", "stage-3")]
    assert saved[0] == 0 < saved[1] < saved[2] < saved[3]


@pytest.mark.parametrize(
    "scenario", ["today", "before-works", "thaw", "closed-bridge", SUBURB, "season:winter"]
)
def test_nothing_changes_where_both_are_the_same(scenario: str) -> None:
    there = found(before=scenario, after=scenario)
    assert (there.times["saved"].dropna() == 0).all()
    assert there.person_minutes == there.saved_mln_rub_year == 0
    assert not there.opened.any()
    assert not there.cut_off.any()
    assert all((g.came, g.fell_out, g.net) == (0, 0, 0) for g in there.gains(GOAL))
    assert there.changed_segments().empty
    before, after = there.surfaces
    assert np.array_equal(before.minutes, after.minutes)


@pytest.mark.parametrize("name", PAIRS)
def test_the_other_way_round_gains_become_losses(name: str) -> None:
    plain = Comparison(**PAIRS[name])
    there = results(embedded(), plain)
    back = found(before=plain.after, after=plain.before)
    assert np.array_equal(there.times["saved"], -back.times["saved"], equal_nan=True)
    assert there.person_minutes == pytest.approx(-back.person_minutes)
    assert (there.opened == back.cut_off).all()
    for one, other in zip(there.gains(GOAL), back.gains(GOAL), strict=True):
        assert (one.came, one.fell_out, one.unknown) == (other.fell_out, other.came, other.unknown)


@pytest.mark.parametrize("name", PAIRS)
def test_districts_and_sizes_add_up_to_the_whole(name: str) -> None:
    there = found(**PAIRS[name])
    times, districts = there.times, there.by_district
    known = times[times["people"].notna() & times["saved"].notna()]
    assert districts["settlements"].sum() == len(times) == len(rows("settlements"))
    assert districts["people"].sum() == known["people"].sum()
    weighted = (districts["people"] * districts["saved"].fillna(0)).sum()
    assert weighted == pytest.approx(there.person_minutes)
    gain = there.gains(GOAL)[LIMITS.index(60.0)]
    assert (districts["came"].sum(), districts["fell_out"].sum()) == (gain.came, gain.fell_out)
    least, counts, people, _ = zip(*there.by_size, strict=True)
    assert least == SIZES
    core = times.loc["tomsk", "people"]
    assert sum(people) == times["people"].sum() - core
    assert sum(counts) == times["people"].notna().sum() - 1


@pytest.mark.parametrize("name", ["asino", "thaw"])
def test_quantiles_ascend_and_lie_among_the_minutes(name: str) -> None:
    there = found(**PAIRS[name])
    saved = there.times["saved"].drop("tomsk")
    for least, count, _, shares in there.by_size:
        told = shares[~np.isnan(shares)]
        assert (np.diff(told) >= 0).all()
        assert set(told) <= set(saved)
        assert len(told) == len(shares) or not count or least


def test_saved_is_before_less_after() -> None:
    times = found().times
    both = np.isfinite(times["before"]) & np.isfinite(times["after"])
    assert np.allclose(times["saved"][both], (times["before"] - times["after"])[both])
    assert times["saved"][~both].isna().all()
    assert (times.loc["tomsk", ["before", "after", "saved"]] == 0).all()


# --- money ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAIRS)
def test_money_follows_by_the_formula(name: str) -> None:
    there = found(**PAIRS[name])
    total = 0.0
    for id_, row in there.times.iterrows():
        text = rows("settlements")[str(id_)]["population"]
        if text and math.isfinite(row["before"]) and math.isfinite(row["after"]):
            total += float(text) * (row["before"] - row["after"])
    assert there.person_minutes == pytest.approx(total)
    trips, hour = figure("trips-to-centre"), figure("time-value-person")
    assert (there.trips_year, there.hour_rub) == (trips, hour)
    assert there.saved_mln_rub_year == pytest.approx(total * 2 * trips / 60 * hour / 1e6)


def test_figures_of_the_reader_replace_ours() -> None:
    ours = found()
    own = found(trips_year=24.0, hour_rub=100.0, cost_mln_rub=12.0)
    assert (own.trips_year, own.hour_rub, own.cost_mln_rub) == (24.0, 100.0, 12.0)
    assert own.person_minutes == ours.person_minutes
    scale = 24 / ours.trips_year * 100 / ours.hour_rub
    assert own.saved_mln_rub_year == pytest.approx(ours.saved_mln_rub_year * scale)
    assert found(trips_year=0.0).saved_mln_rub_year == 0
    assert ours.cost_mln_rub == 4000.0


# --- places of work ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", ["before-works", "stage-3", "closed-bridge"])
def test_the_people_within_an_hour_of_a_site(scenario: str) -> None:
    there = found(before="today", after=scenario)
    sites = there.sites[there.sites["layer"] == "projects"].set_index("id")
    for id_ in ("asino-timber-complex", "inter-university-campus-project"):
        minutes = hand(scenario, "projects", id_)
        people = sum(float(rows("settlements")[s]["population"] or 0) for s, m in minutes.items() if m <= 60)
        assert sites.loc[id_, "after"] == people


def test_sites_are_those_that_the_network_reaches(store: EmbeddedStore) -> None:
    sites = found().sites
    assert (sites["more"] == sites["after"] - sites["before"]).all()
    assert (sites["more"] >= 0).all()
    assert not sites.duplicated(["layer", "id"]).any()
    for layer, part in sites.groupby("layer"):
        assert set(part["id"]) <= set(store.features(str(layer)).index)
        assert not store.features(str(layer)).geometry[part["id"]].isna().any()


# --- edits ------------------------------------------------------------------------------------------


def test_a_closed_bridge_brings_nobody_nearer() -> None:
    there = found(before="today", after="closed-bridge")
    saved = there.times["saved"].dropna()
    assert (saved <= 0).all()
    assert (saved < -5).any()
    assert there.person_minutes < 0 > there.saved_mln_rub_year
    (row,) = there.changed_segments().to_dict("records")
    assert (row["id"], row["what"]) == ("communal-bridge-to-left-bank-junction", "closed")
    assert row["kmh_before"] > 0
    assert math.isnan(row["kmh_after"])


def test_a_road_without_which_nothing_is_reached_cuts_off() -> None:
    there = found(
        before="today", after="asino-to-pervomayskoye:closed;kap-stage-3-2:closed;kap-stage-3-1:closed"
    )
    gone = there.cut_off
    assert gone.any()
    assert np.isinf(there.times["after"][gone]).all()
    assert there.times["saved"][gone].isna().all()
    assert not there.opened.any()


def test_the_thaw_stops_the_ferry() -> None:
    there = found(before="today", after="thaw")
    network = there.base.network
    ferry = 2 * network.index["kolpashevo-left-pier-to-kolpashevo"]
    times = [side.travel.links[ferry] / 60_000 for side in there.sides]
    by_hand = 2.6 / 8 * 60 + figure("ferry-wait")
    assert times[0] == pytest.approx(by_hand, abs=0.01)
    assert times[1] > 1e4
    minutes = there.times.loc["kolpashevo"]
    assert minutes["after"] > minutes["before"] * 1.2
    ice = found(before="today", after="winter")
    assert ice.after.travel.links[ferry] / 60_000 == pytest.approx(2.6 / 8 * 60, abs=0.01)


def test_changed_roads_are_named_with_their_speeds() -> None:
    changed = found().changed_segments().set_index("id")
    assert set(changed.index) == {c.segment for c in found().before.scenario.changes}
    assert (changed["what"] == "faster").all()
    assert (changed["kmh_before"] == 60).all()
    assert (changed["kmh_after"] == 90).all()
    back = found(before="stage-3", after="before-works").changed_segments()
    assert set(back["what"]) == {"slower"}
    opened = found(before="today", after="third-bridge").changed_segments()
    assert opened[["id", "what"]].to_numpy().tolist() == [["third-tom-bridge-link", "opened"]]


def test_a_season_changes_every_road_and_is_not_listed() -> None:
    assert found(before="today", after="winter").changed_segments().empty


# --- new roads --------------------------------------------------------------------------------------


def test_a_new_road_lengthens_no_way_to_the_core() -> None:
    there = found(before="today", after=SUBURB)
    saved = there.times["saved"].dropna()
    assert there.faults == ()
    assert (saved >= -0.01).all()


@pytest.mark.parametrize("goal", GOALS)
def test_a_new_road_lengthens_no_way_to_any_goal(goal: str) -> None:
    there = found(before="today", after=SUBURB)
    before, after = there.minutes(goal)
    assert (after <= before + 0.01).all()


def test_a_new_road_leaves_all_sites_their_people() -> None:
    assert (found(before="today", after=SUBURB).sites["more"] >= 0).all()


def test_a_new_road_is_told_as_new_and_as_removed() -> None:
    new = found(before="today", after=SUBURB).changed_segments()
    assert new[["id", "what"]].to_numpy().tolist() == [["new-1", "new"]]
    assert new["kmh_after"].tolist() == [80.0]
    assert 11_000 < new["line"][0].length < 12_000
    gone = found(before=SUBURB, after="today").changed_segments()
    assert gone["what"].tolist() == ["removed"]


def test_of_two_new_roads_the_one_that_both_have_is_not_told() -> None:
    there = found(before=SUBURB, after=f"{SUBURB};{ROAD}")
    assert there.faults == ()
    assert there.changed_segments()["what"].tolist() == ["new"]


def test_a_new_road_in_place_of_another_is_told_with_the_one_that_went() -> None:
    changed = found(before=SUBURB, after=ROAD).changed_segments()
    assert sorted(changed["what"]) == ["new", "removed"]
    assert changed["id"].is_unique


# --- faults -----------------------------------------------------------------------------------------


def test_edits_of_nothing_are_told_and_the_rest_is_applied() -> None:
    there = found(
        before="kap-stage-9:open", after="kap-stage-9:closed;kap-stage-1-1:v30;+88,57,88.1,57.1:v60"
    )
    assert there.faults == (Fault("segment", "kap-stage-9"), Fault("crosses_nothing", "+1"))
    assert there.changed_segments()["id"].tolist() == ["kap-stage-1-1"]
    assert there.person_minutes < 0


@pytest.mark.parametrize(
    ("compared", "fault"),
    [
        ({"before": "unheard"}, UnknownScenario),
        ({"after": "unheard"}, UnknownScenario),
        ({"after": "a:flooded"}, ScenarioError),
        ({"network": "unheard"}, UnknownNetwork),
    ],
)
def test_what_cannot_be_computed_is_told(compared: dict[str, str], fault: type[Exception]) -> None:
    with pytest.raises(fault):
        found(**compared)


def test_results_are_kept() -> None:
    assert found() is found()
    assert found(trips_year=3.0) is not found()
