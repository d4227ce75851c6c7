"""What is compared: a few entries of an address, exact when written, forgiving when read."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.impedance import SEASONS
from geo.scenario import MOST_EDITS, STATES, Change, Link, Scenario
from layers.comparison import ENTRIES, GOAL, GOALS, HOME_NETWORK, POINT, Comparison
from layers.query import Query
from layers.store import embedded

READY = sorted(embedded().records("scenarios").index)
SEGMENTS = sorted(embedded().features("roads").index)
SLUGS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}", fullmatch=True)
TEXTS = ("before", "after", "goal", "net")
NUMBERS = {"cost": "cost_mln_rub", "trips": "trips_year", "hour": "hour_rub"}


@st.composite
def scenarios(draw: st.DrawFn) -> str:
    """A scenario written out with at least one entry."""
    made = Scenario(HOME_NETWORK, draw(st.sampled_from(SEASONS)))
    for segment in draw(st.lists(st.sampled_from(SEGMENTS), max_size=4, unique=True)):
        speed = draw(st.none() | st.integers(30, 1500).map(lambda n: n / 10))
        made = made.with_change(Change(segment, draw(st.sampled_from(STATES)), speed))
    if draw(st.booleans()):
        made = made.with_link(Link(((84.9, 56.5), (85.0, 56.6)), 80.0, name=draw(st.text(max_size=12))))
    return made.text() or "season:winter"


NAMES = st.sampled_from(READY) | SLUGS | scenarios()
FIGURES = st.none() | st.integers(0, 10_000_000).map(float) | st.floats(0, 1e7, width=32)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    goal = draw(st.sampled_from(GOALS) | st.just(POINT))
    lon, lat = (
        draw(st.integers(low, high)) / 1e5 for low, high in ((7_600_000, 8_900_000), (5_600_000, 6_000_000))
    )
    return Comparison(
        before=draw(NAMES),
        after=draw(NAMES),
        goal=goal,
        point=(lon, lat) if goal == POINT or draw(st.booleans()) else None,
        network=draw(st.just(HOME_NETWORK) | SLUGS),
        cost_mln_rub=draw(FIGURES),
        trips_year=draw(FIGURES),
        hour_rub=draw(FIGURES),
    )


def same(here: Comparison, there: Comparison) -> bool:
    """Equal, and figures to fifteen digits."""
    figures = tuple(NUMBERS.values())
    plain = dict.fromkeys(figures)
    if here.model_copy(update=plain) != there.model_copy(update=plain):
        return False
    pairs = [(getattr(here, name), getattr(there, name)) for name in figures]
    return all(a == b or (None not in (a, b) and math.isclose(a, b, rel_tol=1e-14)) for a, b in pairs)


@given(comparisons())
def test_entries_are_read_back(comparison: Comparison) -> None:
    again, problems = Comparison.parse(comparison.params())
    assert problems == []
    assert same(again, comparison)
    assert Comparison.parse(again.params()) == (again, [])


@given(comparisons())
def test_only_known_entries_are_written_and_none_is_empty(comparison: Comparison) -> None:
    params = comparison.params()
    assert set(params) <= set(ENTRIES)
    assert all(params.values())


@given(comparisons())
def test_a_query_carries_what_it_compares(comparison: Comparison) -> None:
    query, problems = Query.parse(Query(comparison=comparison).params(), embedded().catalogue)
    assert problems == []
    assert same(query.comparison, comparison)


def test_what_is_the_default_is_left_out() -> None:
    assert Comparison().params() == {}
    assert Comparison.parse({}) == (Comparison(), [])
    assert Comparison.parse(dict.fromkeys(ENTRIES, "")) == (Comparison(), [])
    plain = Comparison()
    written = {"before": plain.before, "after": plain.after, "goal": plain.goal, "net": plain.network}
    assert Comparison.parse(written) == (plain, [])


def test_the_defaults_are_there() -> None:
    plain = Comparison()
    assert {plain.before, plain.after} <= set(READY)
    assert plain.goal == GOAL
    assert GOAL in GOALS


@pytest.mark.parametrize("key", list(NUMBERS))
def test_a_figure_of_none_is_written_and_is_not_the_default(key: str) -> None:
    comparison = Comparison(**{NUMBERS[key]: 0.0})
    assert comparison.params() == {key: "0"}
    assert Comparison.parse({key: "0"}) == (comparison, [])
    assert comparison != Comparison()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("before", "no name"),
        ("before", "Stage-1"),
        ("before", "stage-1-"),
        ("before", "stage--1"),
        ("before", "-stage"),
        ("before", "../../etc/passwd"),
        ("before", "stage-1\n"),
        ("after", "этап-1"),
        ("after", ":"),
        ("after", ";;"),
        ("after", "roads:flooded"),
        ("after", "season:autumn"),
        ("after", "a-segment:v0"),
        ("after", "a-segment:v999"),
        ("after", "a-segment:vnan"),
        ("after", "a-segment:closed,opened"),
        ("after", "+84.9,56.5:v80"),
        ("after", "+0,0,1,1:v80"),
        ("after", "+84.9,56.5,84.9,56.5:v80"),
        ("after", "+a,b,c,d:v80"),
        ("after", "a-segment:closed;no such segment:open"),
        ("after", ";".join(f"segment-{n}:closed" for n in range(MOST_EDITS + 1))),
        ("after", "<script>alert(1)</script>"),
        ("after", "' or 1=1 --"),
        ("after", "x" * 5_000 + "!"),
        ("goal", "season:winter"),
        ("goal", "Hospitals"),
        ("goal", "a.b"),
        ("to", "56.5"),
        ("to", "56.5,85.0,10"),
        ("to", "nan,85"),
        ("to", "inf,85"),
        ("to", "0,0"),
        ("to", "85.0,56.5"),
        ("to", "сюда"),
        ("net", "season:winter"),
        ("net", "../tomsk"),
        ("net", "tomsk "),
        ("cost", "a lot"),
        ("cost", "-1"),
        ("cost", "nan"),
        ("cost", "inf"),
        ("cost", "-inf"),
        ("cost", "1e400"),
        ("cost", "10000000.5"),
        ("cost", "1,5"),
        ("cost", "0x10"),
        ("trips", "-0.001"),
        ("trips", "12 поездок"),
        ("hour", "1e8"),
        ("hour", "²"),
    ],
)
def test_what_cannot_be_read_is_named_and_replaced(key: str, text: str) -> None:
    kept = {"before": "today", "trips": "7"}
    kept.pop(key, None)
    comparison, problems = Comparison.parse({**kept, key: text})
    assert problems == [key]
    assert comparison == Comparison.parse(kept)[0]


def test_all_that_cannot_be_read_is_named() -> None:
    comparison, problems = Comparison.parse(dict.fromkeys(ENTRIES, "Ни то ни сё"))
    assert sorted(problems) == sorted(ENTRIES)
    assert comparison == Comparison()


@pytest.mark.parametrize("text", ["season:winter", "kap-stage-1-1:before", "no-such-road:closed,v40"])
def test_a_scenario_may_be_written_out(text: str) -> None:
    """Whether its segments exist is known to the network, not to the address."""
    comparison, problems = Comparison.parse({"after": text, "before": "today"})
    assert (comparison, problems) == (Comparison(before="today", after=text), [])
    assert comparison.params() == {"before": "today", "after": text}


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0.0), ("12.5", 12.5), ("1e3", 1000.0), ("10000000", 1e7), ("-0", 0.0)]
)
def test_a_figure_within_its_limits(text: str, number: float) -> None:
    assert Comparison.parse({"hour": text}) == (Comparison(hour_rub=number), [])


@pytest.mark.parametrize("text", ["1_000", "١٢", " 5", "5 "])
def test_a_figure_that_is_read_is_written_plainly(text: str) -> None:
    """Python reads more than people write: whatever it reads, the address shows in plain digits."""
    comparison, problems = Comparison.parse({"trips": text})
    if not problems:
        assert comparison.params()["trips"].isascii()
        assert Comparison.parse(comparison.params()) == (comparison, [])


@given(st.dictionaries(st.sampled_from(ENTRIES), st.text(max_size=40)))
def test_any_text_is_read_or_named(params: dict[str, str]) -> None:
    comparison, problems = Comparison.parse(params)
    assert set(problems) <= set(params)
    again, faults = Comparison.parse(comparison.params())
    assert faults == []
    assert same(again, comparison)
    for key in TEXTS:
        if key in problems:
            name = "network" if key == "net" else key
            assert getattr(comparison, name) == getattr(Comparison(), name)


@given(st.text(alphabet="ab:;+,.-0123456789vsc", max_size=60))
def test_what_almost_is_a_scenario_is_read_or_named(text: str) -> None:
    comparison, problems = Comparison.parse({"after": text})
    assert problems in ([], ["after"])
    if not problems and text:
        assert comparison.after == text
        assert Comparison.parse({"after": comparison.after}) == (comparison, [])


def test_a_point_of_the_reader_is_a_goal() -> None:
    asked = {"goal": "point", "to": "56.48000,84.95000"}
    comparison, problems = Comparison.parse(asked)
    assert (comparison, problems) == (Comparison(goal=POINT, point=(84.95, 56.48)), [])
    assert comparison.params() == asked


def test_a_goal_that_is_a_point_needs_one() -> None:
    assert Comparison.parse({"goal": "point"}) == (Comparison(), ["to"])
    assert Comparison.parse({"goal": "point", "to": "0,0"}) == (Comparison(), ["to"])


def test_another_goal_does_not_depend_on_the_point() -> None:
    comparison, problems = Comparison.parse({"goal": "hospitals", "to": "nowhere"})
    assert (comparison, problems) == (Comparison(goal="hospitals"), ["to"])


def test_it_cannot_be_changed_in_place() -> None:
    with pytest.raises(Exception, match="frozen"):
        Comparison().goal = "hospitals"
    assert hash(Comparison()) == hash(Comparison.parse({})[0])
