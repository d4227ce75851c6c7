"""Scenarios: both forms there and back, one canonical form, every fault told at once, nothing else raised."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import REGION
from geo.errors import Fault, GeoError, ScenarioError
from geo.impedance import LEAST_KMH, MOST_KMH, SEASONS
from geo.scenario import MOST_EDITS, MOST_NAME, MOST_POINTS, STATES, Change, Link, Scenario

WEST, SOUTH, EAST, NORTH = REGION
BRIDGE = Link(((84.95, 56.45), (84.96, 56.46)))
DOCUMENT: dict[str, Any] = {"kind": "road-scenario", "version": 1, "network": "roads"}

# The numbers of an address have six digits; nobody asks for a speed to the millimetre.
SPEEDS = st.integers(int(LEAST_KMH * 10), int(MOST_KMH * 10)).map(lambda tenths: tenths / 10)
SEGMENTS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}", fullmatch=True).filter(
    lambda id_: id_ not in ("season", "name")
)
SURFACES = st.sampled_from(["asphalt", "gravel", "ferry", "winter", "Earth_2"])
CATEGORIES = st.sampled_from(["federal", "regional", "local", "trunk_2"])
NAMES = st.text(
    st.one_of(
        st.sampled_from("Мост через Томь; № 2: 100 %, «ёлка» + - & = # / ? \\ \" ' n v s c %3B"),
        st.characters(codec="utf-8", exclude_categories=("Cs",)),
    ),
    max_size=MOST_NAME,
)


def degrees(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(int(low * 100_000), int(high * 100_000)).map(lambda number: number / 100_000)


POINTS = st.lists(
    st.tuples(degrees(WEST, EAST), degrees(SOUTH, NORTH)), min_size=2, max_size=5, unique=True
).map(tuple)
CHANGES = st.builds(
    Change,
    segment=SEGMENTS,
    state=st.none() | st.sampled_from(STATES),
    speed_kmh=st.none() | SPEEDS,
    surface=st.none() | SURFACES,
    category=st.none() | CATEGORIES,
).filter(lambda change: not change.empty)
LINKS = st.builds(
    Link,
    points=POINTS,
    speed_kmh=st.none() | SPEEDS,
    surface=SURFACES,
    category=st.just("") | CATEGORIES,
    name=NAMES,
    crossings=st.booleans(),
)


def built(season: Any, changes: Any, links: Any, name: str = "") -> Scenario:
    """A scenario as the pages make it, edit by edit."""
    scenario = Scenario("roads", season, name=name)
    for change in changes:
        scenario = scenario.with_change(change)
    for link in links:
        scenario = scenario.with_link(link)
    return scenario


SEASON = st.sampled_from(SEASONS)
SCENARIOS = st.builds(built, SEASON, st.lists(CHANGES, max_size=5), st.lists(LINKS, max_size=3), NAMES)


def load(**content: Any) -> Scenario:
    """The scenario of a document with some content."""
    return Scenario.load(json.dumps(DOCUMENT | content))


def faults_of(read: Any, *args: Any, **kwargs: Any) -> list[tuple[str, str, str]]:
    """The faults that reading tells."""
    with pytest.raises(ScenarioError) as caught:
        read(*args, **kwargs)
    error = caught.value
    assert isinstance(error, GeoError)
    assert error.code == "scenario"
    assert error.faults
    assert all(isinstance(fault, Fault) for fault in error.faults)
    return [(fault.code, fault.where, fault.value) for fault in error.faults]


def codes_of(read: Any, *args: Any, **kwargs: Any) -> list[str]:
    return [code for code, _, _ in faults_of(read, *args, **kwargs)]


# --- there and back ---------------------------------------------------------------------------------------


@given(SCENARIOS)
def test_the_text_reads_back(scenario: Scenario) -> None:
    text = scenario.text()
    assert text.isascii()
    assert Scenario.parse(text, "roads") == scenario
    assert Scenario.parse(text, "roads").text() == text


@given(SCENARIOS)
def test_the_document_reads_back(scenario: Scenario) -> None:
    document = scenario.dump()
    assert document.endswith("}\n")
    assert Scenario.load(document) == scenario
    assert Scenario.load(document).dump() == document


@given(SCENARIOS)
def test_both_forms_say_the_same(scenario: Scenario) -> None:
    read = Scenario.parse(scenario.text(), "roads")
    assert read.digest == Scenario.load(scenario.dump()).digest == scenario.digest


def test_the_text_of_an_example() -> None:
    """Golden: addresses that people keep must still be read."""
    scenario = Scenario(
        "roads",
        "thaw",
        (
            Change("m-53", "closed"),
            Change("p-400-2", speed_kmh=80.0, surface="gravel", category="main"),
            Change("z-1", "before", 7.5),
        ),
        (
            Link(((84.95, 56.5), (85.0, 56.45)), 60.0, "asphalt", "main", "Мост; 2", crossings=False),
            Link(((84.0, 56.0), (84.12345, 56.1))),
        ),
        name="50 %",
    )
    text = (
        "season:thaw;m-53:closed;p-400-2:v80,sgravel,cmain;z-1:before,v7.5;"
        "+84.95000,56.50000,85.00000,56.45000:v60,sasphalt,cmain,bridge,n%D0%9C%D0%BE%D1%81%D1%82%3B%202;"
        "+84.00000,56.00000,84.12345,56.10000:sasphalt;name:50%20%25"
    )
    assert scenario.text() == text
    assert Scenario.parse(text, "roads") == scenario


def test_the_document_of_an_example() -> None:
    scenario = built("winter", [Change("m-53", "closed")], [replace(BRIDGE, name="Мост")], "Зима")
    assert json.loads(scenario.dump()) == DOCUMENT | {
        "name": "Зима",
        "season": "winter",
        "changes": [{"segment": "m-53", "state": "closed"}],
        "links": [
            {
                "points": [[84.95, 56.45], [84.96, 56.46]],
                "surface": "asphalt",
                "name": "Мост",
                "crossings": True,
            }
        ],
    }
    assert "Мост" in scenario.dump()


def test_nothing_is_the_empty_text() -> None:
    assert Scenario("roads").text() == ""
    assert Scenario.parse("", "roads") == Scenario.parse(";;", "roads") == Scenario("roads")
    assert len(Scenario("roads")) == 0
    assert load() == Scenario("roads")
    assert load(changes=None, links=None, name=None) == Scenario("roads")


def test_points_are_told_to_a_metre() -> None:
    scenario = Scenario.parse("+84.951234567,56.4,84.96,56.46:", "roads")
    assert scenario.links == (Link(((84.95123, 56.4), (84.96, 56.46))),)


@pytest.mark.parametrize(
    "change",
    [
        {"segment": "m-53", "speed_kmh": 33.3333333},
        {"segment": "m-53", "speed_kmh": 100.00001},
        {"segment": "season", "state": "closed"},
        {"segment": "name", "state": "closed"},
        {"segment": "m-53", "category": "losed"},
    ],
    ids=["thirds", "more than six digits", "called season", "called name", "a category like a state"],
)
def test_what_a_text_cannot_tell_is_refused_or_rounded(change: dict[str, Any]) -> None:
    """The mark of the category `losed` spells `closed`; a segment may not be called as a setting."""
    try:
        scenario = load(changes=[change])
    except ScenarioError:
        return
    assert Scenario.parse(scenario.text(), "roads") == scenario


# --- one canonical form -----------------------------------------------------------------------------------


@given(SEASON, st.lists(CHANGES, max_size=6, unique_by=lambda c: c.segment), st.data())
def test_the_order_of_changes_does_not_matter(season: Any, changes: Any, data: st.DataObject) -> None:
    one, other = built(season, changes, []), built(season, data.draw(st.permutations(changes)), [])
    assert one == other
    assert one.digest == other.digest
    assert [change.segment for change in one.changes] == sorted(change.segment for change in changes)


@given(SEASON, st.lists(CHANGES, max_size=6, unique_by=lambda c: c.segment), st.data())
def test_the_order_in_a_text_or_document_does_not_matter(
    season: Any, changes: Any, data: st.DataObject
) -> None:
    scenario = built(season, changes, [])
    parts = data.draw(st.permutations(scenario.text().split(";")))
    assert Scenario.parse(";".join(parts), "roads") == scenario
    content = json.loads(scenario.dump())
    content["changes"].reverse()
    assert Scenario.load(json.dumps(content)) == scenario


@given(SCENARIOS, NAMES)
def test_the_name_does_not_matter_to_the_digest(scenario: Scenario, name: str) -> None:
    assert replace(scenario, name=name).digest == scenario.digest
    assert len(scenario.digest) == 12


@given(st.lists(SCENARIOS.map(lambda s: replace(s, name="")), min_size=2, max_size=2, unique=True))
def test_different_scenarios_have_different_digests(pair: list[Scenario]) -> None:
    assert pair[0].digest != pair[1].digest


def test_each_setting_matters_to_the_digest() -> None:
    change, link = Change("m-53", "closed"), BRIDGE
    variants = [
        Scenario("roads"),
        Scenario("other"),
        Scenario("roads", "winter"),
        *(
            Scenario("roads", changes=(c,))
            for c in (
                change,
                replace(change, segment="m-54"),
                replace(change, state="open"),
                replace(change, speed_kmh=60.0),
                replace(change, surface="gravel"),
                replace(change, category="gravel"),
            )
        ),
        *(
            Scenario("roads", links=(one,))
            for one in (
                link,
                replace(link, points=link.points[::-1]),
                replace(link, speed_kmh=60.0),
                replace(link, surface="gravel"),
                replace(link, category="main"),
                replace(link, name="Мост"),
                replace(link, crossings=False),
            )
        ),
        Scenario("roads", links=(link, link)),
    ]
    assert len({scenario.digest for scenario in variants}) == len(variants)


# --- editing ----------------------------------------------------------------------------------------------


def test_the_last_word_on_a_segment_counts() -> None:
    first, last = Change("m-53", "closed"), Change("m-53", speed_kmh=60.0)
    scenario = Scenario("roads").with_change(first).with_change(last)
    assert scenario.changes == (last,)
    assert scenario.change("m-53") == last
    assert scenario.change("m-54") == Change("m-54")
    assert Scenario.parse("m-53:closed;m-53:v60", "roads") == scenario


def test_a_change_of_nothing_takes_the_change_back() -> None:
    scenario = Scenario("roads").with_change(Change("m-53", "closed"))
    assert scenario.with_change(Change("m-53")) == Scenario("roads")
    assert Change("m-53").empty
    assert not any(
        change.empty
        for change in (
            Change("a", "open"),
            Change("a", None, 5.0),
            Change("a", surface=""),
            scenario.changes[0],
        )
    )


def test_new_roads_are_added_replaced_and_taken_away() -> None:
    one, two, three = (replace(BRIDGE, name=name) for name in "abc")
    scenario = Scenario("roads").with_link(one).with_link(two)
    assert scenario.links == (one, two)
    assert len(scenario) == 2
    assert scenario.with_link(three, 0).links == (three, two)
    assert scenario.with_link(three, 1).links == (one, three)
    assert scenario.without_link(0).links == (two,)
    assert scenario.without_link(1).links == (one,)
    assert scenario.links == (one, two)


# --- faults -----------------------------------------------------------------------------------------------

LINE = "+84.95,56.45,84.96,56.46"
MANY = ";".join(f"a{number}:closed" for number in range(MOST_EDITS + 1))
TOO_MANY_POINTS = "+" + ",".join(f"84.{n:03d},56" for n in range(MOST_POINTS + 1)) + ":"


@pytest.mark.parametrize(
    ("text", "code", "where", "value"),
    [
        ("season:spring", "season", "", "spring"),
        ("season:", "season", "", ""),
        ("M-53:closed", "segment_name", "M-53", "M-53"),
        ("м-53:closed", "segment_name", "м-53", "м-53"),
        (":closed", "segment_name", "", ""),
        ("m--53:closed", "segment_name", "m--53", "m--53"),
        ("m-53\n:closed", "segment_name", "m-53\n", "m-53\n"),
        (f"{'a' * (MOST_NAME + 1)}:closed", "segment_name", "a" * 40, "a" * 40),
        ("m-53:v0", "speed", "m-53", "0"),
        ("m-53:v2.9", "speed", "m-53", "2.9"),
        ("m-53:v-60", "speed", "m-53", "-60"),
        ("m-53:v500", "speed", "m-53", "500"),
        ("m-53:vnan", "speed", "m-53", "nan"),
        ("m-53:vinf", "speed", "m-53", "inf"),
        ("m-53:vfast", "speed", "m-53", "fast"),
        ("m-53:v", "speed", "m-53", ""),
        ("m-53:sice cream", "surface", "m-53", "ice cream"),
        ("m-53:s", "surface", "m-53", ""),
        (f"m-53:s{'a' * 25}", "surface", "m-53", "a" * 25),
        ("m-53:cгл", "category", "m-53", "гл"),
        ("m-53:shut!", "surface", "m-53", "hut!"),
        ("m-53:bridge", "entry", "m-53", "bridge"),
        ("m-53:Closed", "entry", "m-53", "Closed"),
        ("m-53:closed,", "entry", "m-53", "-"),
        ("m-53:nНовая", "entry", "m-53", "nНовая"),
        (f"{LINE}:open", "entry", LINE[:20], "open"),
        (f"{LINE}:v500", "speed", LINE[:20], "500"),
        (f"{LINE}:s-", "surface", LINE[:20], "-"),
        (f"{LINE}:c-", "category", LINE[:20], "-"),
        ("+:", "points", "+", ""),
        ("+84.95,56.45:", "points", "+84.95,56.45", ""),
        ("+84.95,56.45,84.96:", "points", "+84.95,56.45,84.96", ""),
        (TOO_MANY_POINTS, "points", TOO_MANY_POINTS[:20], ""),
        ("+84.95,56.45,37.6,55.7:", "region", "+84.95,56.45,37.6,55", ""),
        ("+56.45,84.95,56.46,84.96:", "region", "+56.45,84.95,56.46,8", ""),
        ("+84.95,56.45,nan,56:nМост", "region", "Мост", ""),
        ("+84.95,56.45,east,56:", "region", "+84.95,56.45,east,56", ""),
        ("+84.95,56.45,84.95,56.45:", "short", "+84.95,56.45,84.95,5", ""),
        ("+84.95,56.45,84.950001,56.45:", "short", "+84.95,56.45,84.9500", ""),
        (MANY, "many", "", str(MOST_EDITS + 1)),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_cannot_be_read_is_told(text: str, code: str, where: str, value: str) -> None:
    assert faults_of(Scenario.parse, text, "roads") == [(code, where, value)]


def test_the_bounds_themselves_are_allowed() -> None:
    text = f"m-53:v{LEAST_KMH:g};m-54:v{MOST_KMH:g};+{WEST},{SOUTH},{EAST},{NORTH}:"
    assert len(Scenario.parse(text, "roads")) == 3
    assert len(Scenario.parse(MANY.rpartition(";")[0], "roads")) == MOST_EDITS
    assert (
        len(Scenario.parse(f"{TOO_MANY_POINTS.rsplit(',', 2)[0]}:", "roads").links[0].points) == MOST_POINTS
    )
    assert Scenario.parse(f"{'a' * MOST_NAME}:closed", "roads").changes[0].segment == "a" * MOST_NAME


def test_all_faults_are_told_at_once() -> None:
    text = f"season:spring;m-53:v0,s!,c!,wet;M:closed;ok:closed;+1,1,2,2:v500,nПуть;{LINE}:open"
    assert faults_of(Scenario.parse, text, "roads") == [
        ("season", "", "spring"),
        ("speed", "m-53", "0"),
        ("surface", "m-53", "!"),
        ("category", "m-53", "!"),
        ("entry", "m-53", "wet"),
        ("segment_name", "M", "M"),
        ("region", "Путь", ""),
        ("speed", "+1,1,2,2", "500"),
        ("entry", LINE[:20], "open"),
    ]
    with pytest.raises(ScenarioError, match=r"season spring; m-53: speed 0; .*Путь: region"):
        Scenario.parse(text, "roads")


@pytest.mark.parametrize(
    ("content", "code", "where", "value"),
    [
        ({"kind": "story"}, "kind", "", ""),
        ({"version": 2}, "version", "", "2"),
        ({"version": None}, "version", "", "None"),
        ({"season": None}, "season", "", "None"),
        ({"season": ["summer"]}, "season", "", "['summer']"),
        ({"changes": [{"segment": "a", "state": "shut"}]}, "state", "changes 1", "shut"),
        ({"changes": [{"segment": "a", "state": ["open"]}]}, "state", "changes 1", "['open']"),
        ({"changes": [{"state": "open"}]}, "segment_name", "changes 1", ""),
        ({"changes": [{"segment": None}]}, "segment_name", "changes 1", "None"),
        ({"changes": [{"segment": "a"}, "closed"]}, "segment_name", "changes 2", ""),
        ({"changes": [{"segment": "a", "speed_kmh": True}]}, "speed", "changes 1", "True"),
        ({"changes": [{"segment": "a", "speed_kmh": [60]}]}, "speed", "changes 1", "[60]"),
        ({"changes": [{"segment": "a", "speed_kmh": float("nan")}]}, "speed", "changes 1", "nan"),
        ({"changes": [{"segment": "a", "surface": ""}]}, "surface", "changes 1", ""),
        ({"changes": [{"segment": "a", "category": {"b": 1}}]}, "category", "changes 1", "{'b': 1}"),
        ({"changes": [{"segment": "a", "colour": 1, "age": 2}]}, "entry", "changes 1", "age, colour"),
        ({"links": [{}]}, "points", "links 1", ""),
        ({"links": [{"points": "84.95,56.45"}]}, "points", "links 1", ""),
        ({"links": [{"points": [[84, 56], [85, 56, 100]]}]}, "region", "links 1", ""),
        ({"links": [{"points": [[84, 56], [None, 56]]}]}, "region", "links 1", ""),
        ({"links": [{"points": [[84, 56], "85"]}]}, "region", "links 1", ""),
        ({"links": [{"points": [[84, 56], [85, 56]], "state": "open"}]}, "entry", "links 1", "state"),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_a_document_that_cannot_be_used_is_told(
    content: dict[str, Any], code: str, where: str, value: str
) -> None:
    assert faults_of(load, **content) == [(code, where, value)]


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "nothing",
        "\ufeff{}",
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 5000,
        "\x00",
        '{"kind": "\ud800',
    ],
    ids=lambda text: repr(text)[:20],
)
def test_what_is_no_json_is_no_document(document: str) -> None:
    assert faults_of(Scenario.load, document) == [("document", "", "")]


@pytest.mark.parametrize("content", [None, True, 5, "road-scenario", [], [DOCUMENT], {}], ids=repr)
def test_what_is_no_scenario_is_told(content: Any) -> None:
    assert faults_of(Scenario.load, json.dumps(content)) == [("kind", "", "")]


def test_the_value_of_a_fault_is_short() -> None:
    for content in (
        {"season": "s" * 10_000},
        {"version": "v" * 10_000},
        {"changes": [{"segment": "A" * 10_000, "state": "s" * 10_000, "x" * 10_000: 1}]},
        {"changes": [{"segment": "a", "surface": "!" * 10_000, "speed_kmh": "9" * 10_000}]},
        {"links": [{"name": "n" * 10_000, "category": "!" * 10_000}]},
    ):
        assert all(len(text) <= MOST_NAME for fault in faults_of(load, **content) for text in fault)


def test_names_are_cut() -> None:
    assert Scenario.parse(f"name:{'я' * 500}", "roads").name == "я" * MOST_NAME
    assert load(name="я" * 500).name == "я" * MOST_NAME
    assert load(network="n" * 500).network == "n" * MOST_NAME
    assert load(links=[{"points": BRIDGE.points, "name": "я" * 500}]).links[0].name == "я" * MOST_NAME


# --- hostile input ----------------------------------------------------------------------------------------

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | st.floats()
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    | st.sampled_from(["closed", "m-53", "gravel", "summer", 60, 84.95, 56.45, [84.95, 56.45]]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["segment", "points", "state", "name", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)
LISTS = st.none() | st.lists(JUNK, max_size=4) | st.text(max_size=3) | st.dictionaries(st.text(), JUNK)


def holds(scenario: Scenario) -> None:
    """Whatever was read can be told in both forms."""
    assert Scenario.load(scenario.dump()) == scenario
    assert Scenario.parse(scenario.text(), scenario.network).digest == scenario.digest


def mostly(*keys: str) -> st.SearchStrategy[Any]:
    return st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(keys, JUNK)) | JUNK, max_size=4)


@settings(max_examples=200)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "version": st.just(1) | JUNK,
            "network": JUNK,
            "name": JUNK,
            "season": SEASON | JUNK,
            "changes": LISTS | mostly("segment", "state", "speed_kmh", "surface", "category"),
            "links": LISTS | mostly("points", "speed_kmh", "surface", "category", "name", "crossings"),
            "more": JUNK,
        },
    )
)
def test_of_any_document_only_scenario_errors_are_raised(content: dict[str, Any]) -> None:
    try:
        scenario = load(**content)
    except ScenarioError:
        return
    holds(scenario)


@settings(max_examples=200)
@given(
    st.lists(
        st.text(st.sampled_from("a1-:,;+.%vscn0598 closedbridgeя"), max_size=20)
        | st.text(max_size=20)
        | st.sampled_from(["season:winter", "m-53:closed", LINE, f"{LINE}:bridge", "name:%ff%00", "+", ":"]),
        max_size=6,
    ).map(";".join)
)
def test_of_any_text_only_scenario_errors_are_raised(text: str) -> None:
    try:
        scenario = Scenario.parse(text, "roads")
    except ScenarioError:
        return
    holds(scenario)
    assert len(scenario) <= MOST_EDITS


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        ":" * 1_000_000,
        ";" * 1_000_000,
        "+" + "84.95," * 200_000,
        "+" + ",".join(["84.95", "56.45"] * 200_000),
        "m-53:" + "v60," * 200_000,
        "name:" + "%" * 1_000_000,
        "m-53:" + ",".join(f"x{number}" for number in range(50_000)),
    ],
    ids=lambda text: text[:8],
)
def test_a_huge_text_is_read_or_refused(text: str) -> None:
    said = ""
    try:
        said = Scenario.parse(text, "roads").text()
    except ScenarioError as error:
        said = str(error)
    assert len(said) < 1000


@pytest.mark.parametrize("value", [5, 1.5, True], ids=repr)
@pytest.mark.parametrize("key", ["changes", "links"])
def test_a_list_that_is_none_is_told(key: str, value: Any) -> None:
    """A number where a list belongs."""
    assert faults_of(load, **{key: value})


@pytest.mark.parametrize(
    "content",
    [
        {"changes": [{"segment": "a", "speed_kmh": 10**400}]},
        {"links": [{"points": [[84, 56], [10**400, 56]]}]},
    ],
    ids=["speed", "point"],
)
def test_a_number_too_large_for_any_float_is_told(content: dict[str, Any]) -> None:
    assert faults_of(load, **content)


@pytest.mark.parametrize(
    "content",
    [
        {"name": "\ud800"},
        {"network": "\ud800"},
        {"links": [{"points": BRIDGE.points, "name": "a\udfffb"}]},
    ],
    ids=["name", "network", "link"],
)
def test_half_a_character_is_refused_or_told_again(content: dict[str, Any]) -> None:
    """JSON may name a lone surrogate, which no UTF-8 text can hold."""
    try:
        scenario = load(**content)
    except ScenarioError:
        return
    assert scenario.text().isascii()
    assert scenario.digest
    assert scenario.dump().encode()


@pytest.mark.parametrize("key", ["surface", "category"])
@pytest.mark.parametrize("value", [True, False, 5], ids=repr)
def test_a_word_is_a_text(key: str, value: Any) -> None:
    """A boolean became the surface `True`."""
    assert codes_of(load, changes=[{"segment": "a", key: value}]) == [key]


@pytest.mark.parametrize("value", ["false", "no", [0], 2], ids=repr)
def test_crossings_are_yes_or_no(value: Any) -> None:
    """The text `false` was taken for yes."""
    assert faults_of(load, links=[{"points": BRIDGE.points, "crossings": value}])


def test_a_state_is_no_setting_of_a_new_road() -> None:
    """The mark `closed` of a new road was read as the category `losed`."""
    assert codes_of(Scenario.parse, f"{LINE}:closed", "roads") == ["entry"]


def test_a_segment_is_named_by_a_text() -> None:
    """The number nan became the segment `nan`."""
    assert codes_of(load, changes=[{"segment": float("nan"), "state": "closed"}]) == ["segment_name"]


@pytest.mark.parametrize("number", ["6_0", "٦٠", " 60", "6e1"], ids=ascii)
def test_numbers_of_another_spelling_become_canonical(number: str) -> None:
    scenario = Scenario.parse(f"m-53:v{number}", "roads")
    assert scenario.text() == "m-53:v60"


def test_a_quoted_name_is_read_whatever_it_holds() -> None:
    name = "a;b:c,d%+e=☃\n\x00"
    assert Scenario.parse(f"name:{quote(name, safe='')}", "roads").name == name
    assert Scenario.parse("name:%ff", "roads").name == "\ufffd"
