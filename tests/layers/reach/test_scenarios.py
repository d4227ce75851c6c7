"""Ready scenarios: they can be read, name what exists, and cost what their records say."""

import re
from itertools import pairwise

import pytest

from geo.errors import ScenarioError
from geo.impedance import SEASONS
from geo.scenario import Change, Link, Scenario
from layers.catalog import LANGUAGES, Language
from layers.comparison import HOME_NETWORK, Comparison
from layers.reach.base import base
from layers.reach.scenarios import (
    REGISTER,
    UnknownScenario,
    compared_with,
    cost_mln_rub,
    named,
    of_year,
    ready,
    shortest,
    written,
)
from layers.records import SLUG
from layers.store import EmbeddedStore, embedded

READY = list(ready(embedded()))
QUESTIONS = [id_ for id_ in READY if embedded().record(REGISTER, id_)["compared_with"]]
OWN = "kap-stage-1-1:closed;name:%D0%9C%D0%BE%D1%81%D1%82"


def scenario(id_: str) -> Scenario:
    return written(embedded(), id_, HOME_NETWORK)


# --- the records ------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", READY)
def test_a_ready_scenario_can_be_read_and_all_of_it_applied(store: EmbeddedStore, id_: str) -> None:
    made = scenario(id_)
    assert made.season in SEASONS
    roads = store.features("roads")
    assert {change.segment for change in made.changes} <= set(roads.index)
    assert base(store).edited(made).faults == ()
    for change in made.changes:
        if change.state == "before":
            assert roads.loc[change.segment, "speed_before_kmh"] > 0
        if change.state == "open":
            assert roads.loc[change.segment, "status"] != "built"


@pytest.mark.parametrize("id_", READY)
def test_its_record_is_whole(store: EmbeddedStore, id_: str) -> None:
    record = store.record(REGISTER, id_)
    assert re.fullmatch(SLUG, id_)
    sources = record["source_id"].split(";")
    assert sources
    assert set(sources) <= set(store.catalogue.sources)
    for language in LANGUAGES:
        assert record[f"name_{language}"]
        assert record[f"assumed_{language}"]
    assert compared_with(store, id_) in READY
    if record["works"]:
        assert record["works"] in store.features("projects").index


def test_the_register_has_those_that_others_name(store: EmbeddedStore) -> None:
    plain = Comparison()
    assert {"today", plain.before, plain.after} <= set(READY)
    assert ready(store)["today"] == ""
    for id_ in QUESTIONS:
        assert compared_with(store, id_) != id_
        assert scenario(compared_with(store, id_)) != scenario(id_)


def test_the_stages_of_the_asino_road_undo_less_and_less(store: EmbeddedStore) -> None:
    undone = [
        {c.segment for c in scenario(id_).changes}
        for id_ in ("before-works", "stage-1", "stage-2", "stage-3")
    ]
    for more, less in pairwise(undone):
        assert less < more
    roads = store.features("roads")
    works = set(roads.index[roads["works"] == "road-kamayevka-asino-pervomayskoye"])
    assert undone[0] == works
    for stage, (more, less) in enumerate(pairwise(undone), start=1):
        assert all(segment.startswith(f"kap-stage-{stage}-") for segment in more - less)


# --- reading ----------------------------------------------------------------------------------------


def test_a_scenario_written_out_is_read() -> None:
    made = scenario(OWN)
    assert made.changes == (Change("kap-stage-1-1", "closed"),)
    assert made.network == HOME_NETWORK


@pytest.mark.parametrize("text", ["unheard", "", "stage_1"])
def test_a_name_that_is_not_there_is_told(text: str) -> None:
    with pytest.raises(UnknownScenario):
        scenario(text)


@pytest.mark.parametrize("text", [":", "a:flooded", "season:autumn", "+1,2:v80"])
def test_what_cannot_be_read_is_told(text: str) -> None:
    with pytest.raises(ScenarioError) as fault:
        scenario(text)
    assert fault.value.faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_has_a_title(store: EmbeddedStore, language: Language) -> None:
    found = named(store, "stage-1", HOME_NETWORK, language, "own")
    assert (found.title, found.ready) == (store.record(REGISTER, "stage-1")[f"name_{language}"], "stage-1")
    assert named(store, OWN, HOME_NETWORK, language, "own").title == "Мост"
    nameless = named(store, "kap-stage-1-1:closed", HOME_NETWORK, language, "own")
    assert (nameless.title, nameless.ready) == ("own", None)


@pytest.mark.parametrize("id_", READY)
def test_the_shortest_way_to_write_a_ready_scenario_is_its_name(store: EmbeddedStore, id_: str) -> None:
    """Of two that are equal the first: the network after stage 3 is today's."""
    short = shortest(store, scenario(id_))
    assert short in READY
    assert scenario(short) == scenario(id_)
    assert short == id_ or READY.index(short) < READY.index(id_)


def test_other_scenarios_are_written_out(store: EmbeddedStore) -> None:
    made = scenario("stage-2").with_change(Change("kap-stage-1-1", "closed"))
    assert shortest(store, made) == made.text()
    assert scenario(shortest(store, made)) == made
    assert shortest(store, scenario("today")) == "today"
    back = made.with_change(Change("kap-stage-1-1"))
    assert shortest(store, back) == "stage-2"
    drawn = Scenario(HOME_NETWORK).with_link(Link(((84.9, 56.5), (85.0, 56.6)), 80.0))
    assert scenario(shortest(store, drawn)) == drawn


def test_a_name_alone_keeps_a_scenario_apart(store: EmbeddedStore) -> None:
    made = Scenario(HOME_NETWORK, name="Мой")
    assert scenario(shortest(store, made)).name == "Мой"


# --- cost -------------------------------------------------------------------------------------------


def test_the_cost_is_that_of_the_ready_pair(store: EmbeddedStore) -> None:
    told = {id_: store.record(REGISTER, id_)["works_cost"] for id_ in QUESTIONS}
    assert any(told.values())
    for id_, cost in told.items():
        pair = Comparison(before=compared_with(store, id_), after=id_)
        known = cost is not None and cost == cost  # noqa: PLR0124 - NaN
        assert cost_mln_rub(store, pair) == (float(cost) if known else None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("today", "stage-3"),
        ("stage-1", "stage-3"),
        ("before-works", "stage-2"),
        ("before-works", "third-bridge"),
        ("stage-3", "before-works"),
        ("today", "third-tom-bridge-link:open"),
        ("today", "today"),
        ("today", "unheard"),
        ("season:summer", "third-bridge"),
    ],
)
def test_of_another_pair_no_cost_is_known(store: EmbeddedStore, before: str, after: str) -> None:
    pair = Comparison(before=before, after=after)
    assert cost_mln_rub(store, pair) is None
    assert cost_mln_rub(store, pair.model_copy(update={"cost_mln_rub": 0.0})) == 0.0


def test_the_figure_of_the_reader_goes_before_the_record(store: EmbeddedStore) -> None:
    assert cost_mln_rub(store, Comparison()) == 4000.0
    assert cost_mln_rub(store, Comparison(cost_mln_rub=7.5)) == 7.5


# --- years ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "stages"),
    [(2000, (1, 2, 3)), (2017, (1, 2, 3)), (2018, (2, 3)), (2021, (2, 3)), (2022, ()), (2040, ())],
)
def test_the_network_of_a_year_has_the_works_of_later_years_undone(
    store: EmbeddedStore, year: int, stages: tuple[int, ...]
) -> None:
    changes = of_year(store, year)
    asino = {c.segment for c in changes if c.segment.startswith("kap-stage-")}
    assert asino == {
        s for s in store.features("roads").index if s.startswith(tuple(f"kap-stage-{n}-" for n in stages))
    }
    made = Scenario(HOME_NETWORK, changes=changes)
    assert Scenario.parse(made.text(), HOME_NETWORK) == made
    assert base(store).edited(made).faults == ()
    roads = store.features("roads")
    ends, built = roads["end_year"], roads["status"] == "built"
    undone = {c.segment for c in changes if c.state in ("before", "closed")}
    assert undone == set(ends.index[(ends > year) & built])
    # What is to be finished by then is done: a year to come is not today.
    assert {c.segment for c in changes if c.state == "open"} == set(ends.index[(ends <= year) & ~built])
