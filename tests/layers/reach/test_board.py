"""The board of roads and reach as plain data: tiles, charts, assumptions, workbooks, in both languages."""

import json
import math
import re
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from layers.catalog import LANGUAGES, Language
from layers.chart import Chart
from layers.comparison import GOAL, GOALS, Comparison
from layers.programme.boards import UnknownChart, book, chart, items, today
from layers.reach import measure_charts, measures
from layers.reach.base import UnknownNetwork
from layers.reach.board import UNUSABLE, ReachBoard
from layers.reach.measure_charts import MeasureCharts
from layers.reach.measures import BELTS
from layers.reach.people_charts import crossed
from layers.reach.results import LIMITS, NOTICED, Results, results
from layers.reach.scenarios import UnknownScenario
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from layers.view import View
from tests.layers.programme.naive import acts_in
from tests.layers.programme.test_boards import assert_cells, sheets, titles
from tests.layers.reach.test_results import ROAD, SUBURB, figure
from tests.layers.reach.test_telling import CUT

CHARTS = ["settlements", "goals", "sizes", "districts", "sites", "opportunities", "belts"]
TILES = ["finding", "within_30", "within_60", "within_90", "mean", "worth", "price", "off"]
ASKED: dict[str, dict[str, str]] = {
    "asino": {},
    "closed": {"before": "today", "after": "closed-bridge"},
    "bridge": {"before": "today", "after": "third-bridge"},
    "thaw": {"before": "today", "after": "thaw", "goal": "stations"},
    "same": {"before": "today", "after": "today"},
    "new": {"before": "today", "after": SUBURB},
    "removed": {"before": ROAD, "after": "today", "goal": "park_sport"},
    "own": {"trips": "50", "hour": "1000", "cost": "12", "goal": "universities"},
    "nothing": {"trips": "0"},
}
LINE = re.compile(r"\b(None|nan|NaN|inf|undefined)\b|∞")


def view(language: Language = "ru", **params: str) -> View:
    found, problems = View.parse({"page": "reach", "lang": language, **params}, embedded().catalogue)
    assert not problems
    return found


@cache
def board(asked: str, language: Language = "en") -> ReachBoard:
    return ReachBoard(embedded(), view(language, **ASKED[asked]).query.comparison, Words(language))


@cache
def by_id(asked: str, language: Language = "ru") -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in items(embedded(), view(language, **ASKED[asked]))}


@cache
def charts(asked: str, language: Language) -> dict[str, Chart]:
    return {found.id: found for found in board(asked, language).charts()}


def made(asked: str, id_: str, language: Language = "en") -> Chart:
    return charts(asked, language)[id_]


def is_known(act: str) -> bool:
    """Whether an act chooses a goal or a record."""
    name, _, value = act.partition("=")
    layer, _, id_ = value.partition("/")
    if name == "goal":
        return value in GOALS
    of = "settlements" if layer == "reach_saved" else layer
    return name == "pick" and of in embedded().catalogue.layers and id_ in embedded().features(of).index


both = pytest.mark.parametrize("language", LANGUAGES)
every = pytest.mark.parametrize("asked", ASKED)


@both
@every
def test_the_board_is_plain_data(store: EmbeddedStore, asked: str, language: Language) -> None:
    found = items(store, view(language, **ASKED[asked]))
    text = json.dumps(found, allow_nan=False, ensure_ascii=False)
    assert not LINE.search(text), LINE.findall(text)
    assert len({item["id"] for item in found}) == len(found)
    assert {item["kind"] for item in found} <= {"tile", "facts", "chart"}
    assert {act for act in acts_in(found) if not is_known(act)} == set()
    for item in found:
        assert item["title"]
        if item["kind"] == "chart":
            width = len(item["table"]["columns"])
            assert len(set(item["table"]["columns"])) == width, item["id"]
            assert all(len(row["cells"]) == width for row in item["table"]["rows"])


@every
def test_the_board_holds_what_it_promises(asked: str) -> None:
    found = by_id(asked)
    kinds = {
        kind: [id_ for id_, item in found.items() if item["kind"] == kind]
        for kind in ("tile", "chart", "facts")
    }
    # What an hour is worth is told for the ways to the core alone: of those the trips are known.
    core = view(**ASKED[asked]).query.comparison.goal == GOAL
    promised = [f"tile_{name}" for name in TILES if core or name != "worth"]
    assert kinds["tile"][: len(promised)] == promised
    assert [id_ for id_ in kinds["chart"] if id_ in CHARTS] == CHARTS
    assert "facts_reach" in kinds["facts"]


@every
def test_both_languages_have_the_same_items(asked: str) -> None:
    russian, english = (by_id(asked, language) for language in LANGUAGES)
    assert list(russian) == list(english)
    for here, there in zip(russian.values(), english.values(), strict=True):
        assert acts_in(here) == acts_in(there)
        assert here["title"] != there["title"]
        if here["kind"] == "chart":
            assert len(here["table"]["rows"]) == len(there["table"]["rows"])


# --- tiles ------------------------------------------------------------------------------------------


@both
@every
def test_tiles_hold_the_figures_of_the_results(asked: str, language: Language) -> None:
    words, found = Words(language), by_id(asked, language)
    there: Results = results(embedded(), view(**ASKED[asked]).query.comparison)
    for gain, limit in zip(there.gains(there.comparison.goal), LIMITS, strict=True):
        tile = found[f"tile_within_{limit:.0f}"]
        sign = {1: "+", -1: "−", 0: ""}[int(math.copysign(1, gain.net)) if gain.net else 0]
        assert tile["figure"] == sign + words.number(abs(gain.net), 0)
        assert words.number(gain.before, 0) in json.dumps(tile, ensure_ascii=False).replace(
            "\\u00a0", "\u00a0"
        )
    money = there.saved_mln_rub_year
    if there.comparison.goal == GOAL:
        assert words.money(abs(money)) in found["tile_worth"]["figure"]
        assert ("−" in found["tile_worth"]["figure"]) == (money < 0)
    off = sum(math.isinf(minutes) for minutes in there.times["after"])
    assert found["tile_off"]["figure"] == words.number(off, 0)


@both
def test_the_mean_is_that_of_the_known_people_outside_the_core(language: Language) -> None:
    words, times = Words(language), results(embedded(), Comparison()).times.drop("tomsk")
    known = times.dropna(subset=["people", "saved"])
    mean = (known["people"] * known["saved"]).sum() / known["people"].sum()
    assert by_id("asino", language)["tile_mean"]["figure"] == words(
        "reach.min", n=f"+{words.number(mean, 2)}"
    )
    assert by_id("same", language)["tile_mean"]["figure"] == words("reach.min", n="0")
    assert by_id("closed", language)["tile_mean"]["figure"].startswith("−")


@both
def test_the_price_of_a_minute_by_the_formula(language: Language) -> None:
    words, there = Words(language), results(embedded(), Comparison())
    tile = by_id("asino", language)["tile_price"]
    assert tile["figure"] == words("reach.rub", n=words.number(4000e6 / there.person_minutes, 0))
    text = json.dumps(tile, ensure_ascii=False)
    assert words.money(4000) in text
    assert words.years(round(4000 / there.saved_mln_rub_year)) in text
    assert tile["sources"]


def test_what_rounds_to_nothing_has_no_sign() -> None:
    for value in (-0.001, 0.001, 0.0, -0.0):
        assert board("asino")._signed(value, 2) == "0", value
    assert board("asino")._signed(-0.01, 2) == "−0.01"
    assert board("asino")._signed(0.25, 1) == "+0.2"


@both
def test_without_cost_or_gain_there_is_no_price(language: Language) -> None:
    words = Words(language)
    unknown, loss = by_id("same", language)["tile_price"], by_id("closed", language)["tile_price"]
    assert unknown["figure"] == loss["figure"] == words("no_data")
    told = view(language, before="today", after="closed-bridge", cost="5")
    dear = {item["id"]: item for item in items(embedded(), told)}["tile_price"]
    assert dear["figure"] == "—"
    assert words("reach.price_nothing") in json.dumps(dear, ensure_ascii=False)
    assert not dear["sources"], "the cost is the reader's"
    assert not by_id("own", language)["tile_price"]["sources"]


@both
def test_below_a_year_no_years_are_counted(language: Language) -> None:
    words, whole = Words(language), board("asino", language)
    assert whole._years(0.3) == whole._years(0.99) == words("reach.price_under_year")
    assert whole._years(1.2) == words("reach.price_years", years=words.years(1))
    assert words.years(0) not in whole._years(0.01)
    cheap = {i["id"]: i for i in items(embedded(), view(language, cost="1"))}["tile_price"]
    assert words("reach.price_under_year") in cheap["notes"]


@both
def test_the_worth_and_the_price_say_whom_they_leave_out(language: Language) -> None:
    without = Words(language)("reach.worth_without")
    for pair in ({"before": CUT, "after": "today"}, {"before": "today", "after": CUT}):
        found = {i["id"]: i for i in items(embedded(), view(language, **pair, cost="5"))}
        assert without in found["tile_worth"]["notes"]
        assert without in found["tile_price"]["notes"]
    for tile in ("tile_worth", "tile_price"):
        assert without not in by_id("asino", language)[tile]["notes"]


@both
def test_the_finding_says_what_is_compared(language: Language) -> None:
    tile = by_id("asino", language)["tile_finding"]
    assert tile["figure"] == board("asino", language).telling.title
    for sentence in board("asino", language).telling.sentences():
        assert sentence in json.dumps(tile, ensure_ascii=False)


# --- charts -----------------------------------------------------------------------------------------


def marks(found: Chart) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = found.option["series"][0]["data"]
    return data


@every
def test_the_settlements_are_those_that_move_most(asked: str) -> None:
    found, words = made(asked, "settlements"), Words("en")
    there = results(embedded(), view(**ASKED[asked]).query.comparison)
    times = there.times.drop("tomsk")
    moved = times[times["saved"].abs() >= NOTICED]
    assert len(marks(found)) == min(18, len(moved))
    sizes = [abs(mark["value"]) for mark in marks(found)]
    assert sizes == sorted(sizes, reverse=True)
    for mark in marks(found):
        id_ = mark["act"].removeprefix("pick=reach_saved/")
        assert mark["value"] == round(times["saved"][id_], 1)
        assert mark["itemStyle"]["color"] == ("#1b7837" if mark["value"] > 0 else "#c0392b")
        assert mark["tip"][0] == there.settlements["name_en"][id_]
    assert len(found.table) == len(found.acts) == len(times)
    names = there.settlements["name_en"]
    told = [names[str(act).removeprefix("pick=reach_saved/")] for act in found.acts]
    assert found.table[words("table.name")].tolist() == told
    ids = [str(act).removeprefix("pick=reach_saved/") for act in found.acts]
    saved = found.table[words("reach.col_saved")].to_numpy()
    assert np.allclose(saved, times["saved"][ids], atol=0.051, equal_nan=True)


@every
def test_the_goals_have_the_net_gains(asked: str) -> None:
    found, words = made(asked, "goals"), Words("en")
    there = results(embedded(), view(**ASKED[asked]).query.comparison)
    assert found.acts == tuple(f"goal={goal}" for goal in GOALS)
    assert [goal for goal, on in zip(GOALS, found.on, strict=True) if on] == [there.comparison.goal]
    for at, limit in enumerate(LIMITS):
        net = [there.gains(goal)[at].net for goal in GOALS]
        assert found.table[words("reach.within_limit", limit=int(limit))].tolist() == net
        assert [bar["value"] for bar in found.option["series"][at]["data"]] == net
        assert [bar["act"] for bar in found.option["series"][at]["data"]] == list(found.acts)


@every
def test_the_sizes_add_up_to_a_hundred_percent(asked: str) -> None:
    found = made(asked, "sizes")
    shares = found.table[[column for column in found.table.columns if str(column).endswith(", %")]]
    assert (abs(shares.sum(axis=1) - 100) < 0.3).all()
    assert (shares >= 0).all(axis=None)
    assert len(found.option["series"]) == len(shares.columns)
    assert len(found.table) == 5


def test_the_sizes_by_hand() -> None:
    """Of the people of places of 20,000 to 100,000 all that the Asino road brings nearer live in Asino."""
    found, there = made("asino", "sizes"), results(embedded(), Comparison())
    own = there.times[(there.people >= 20_000) & (there.people < 100_000)]
    near = own[own["saved"] >= 15]["people"].sum() / own["people"].sum() * 100
    column = next(c for c in found.table.columns if "15 to 30" in c)
    assert found.table[column][3] == pytest.approx(near, abs=0.06)


@every
def test_the_districts_hold_their_means(asked: str) -> None:
    found, words = made(asked, "districts"), Words("en")
    there = results(embedded(), view(**ASKED[asked]).query.comparison).by_district
    names = embedded().features("districts")["name_en"]
    told = dict(zip(found.table[words("reach.district")], found.table[words("reach.col_mean")], strict=True))
    assert set(told) == {str(names[id_]) for id_ in there.index}
    for id_, mean in there["saved"].items():
        here = told[str(names[str(id_)])]
        assert here == pytest.approx(mean, abs=0.0051) or (math.isnan(here) and math.isnan(mean))
    values = [mark["value"] for mark in marks(found)]
    assert values == sorted(values, reverse=True)


@every
def test_the_sites_are_those_whose_people_change(asked: str) -> None:
    found, words = made(asked, "sites"), Words("en")
    there = results(embedded(), view(**ASKED[asked]).query.comparison).sites
    moved = there[there["more"].abs() >= 1]
    assert {f"pick={row.layer}/{row.id}" for row in moved.itertuples()} == set(found.acts)
    assert found.table[words("reach.labour_more")].abs().is_monotonic_decreasing
    told = found.table[words("reach.labour_after")] - found.table[words("reach.labour_before")]
    assert (told == found.table[words("reach.labour_more")]).all()


THRESHOLDS = (50_000, 100_000, 250_000, 500_000)


@both
@every
def test_the_sites_name_the_thresholds_that_they_cross(asked: str, language: Language) -> None:
    found, words = made(asked, "sites", language), Words(language)
    before, after, told = (
        found.table[words(f"reach.labour_{column}")] for column in ("before", "after", "limit")
    )
    up = {at: [t for t in THRESHOLDS if before[at] < t <= after[at]] for at in told.index}
    down = {at: [t for t in THRESHOLDS if after[at] < t <= before[at]] for at in told.index}
    for at, text in told.items():
        for limits, key in ((up[at], "over"), (down[at], "under")):
            named = "; ".join(words.number(limit, 0) for limit in limits)
            assert not limits or text == words(f"reach.labour_{key}", limits=named)
        assert bool(text) == bool(up[at] or down[at])
    note = found.note.lower()
    for limit in THRESHOLDS:
        for of, key in ((up, "rose"), (down, "fell")):
            count = sum(limit in limits for limits in of.values())
            line = words.count(f"reach.labour_{key}", count, limit=words.number(limit, 0)).lower()
            assert (line in note) == bool(count), (limit, key)
    same = words("reach.labour_same", limits=", ".join(words.number(t, 0) for t in THRESHOLDS))
    assert (same in note) == (not any(told))


def test_some_site_crosses_a_threshold() -> None:
    """Otherwise the test above tests nothing."""
    words = Words("en")
    assert any(made("thaw", "sites").table[words("reach.labour_limit")].str.startswith("below"))


@pytest.mark.parametrize(
    ("before", "after", "limits"),
    [
        (0, 49_999, []),
        (49_999, 50_000, [50_000]),
        (50_000, 49_999, [50_000]),
        (50_000, 99_999, []),
        (10_000, 600_000, list(THRESHOLDS)),
        (260_000, 90_000, [100_000, 250_000]),
    ],
)
def test_a_threshold_is_crossed_when_it_is_met(before: float, after: float, limits: list[float]) -> None:
    assert crossed(before, after) == limits


@pytest.mark.parametrize(
    ("count", "up", "down"),
    [
        (1, "перешла 1 площадка", "опустилась 1 площадка"),
        (2, "перешли 2 площадки", "опустились 2 площадки"),
        (5, "перешли 5 площадок", "опустились 5 площадок"),
        (21, "перешла 21 площадка", "опустилась 21 площадка"),
    ],
)
def test_sites_are_declined(count: int, up: str, down: str) -> None:
    words = Words("ru")
    rose, fell = (words.count(f"reach.labour_{key}", count, limit="50 000") for key in ("rose", "fell"))
    assert rose == f"порог 50 000 человек {up}"
    assert fell == f"ниже порога 50 000 человек {down}"


@both
def test_the_belts_follow_their_limits(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever their number, each has its own colour, its column and its place in the note."""
    words, there = Words(language), results(embedded(), Comparison())
    for limits in (BELTS[:1], BELTS[:2], BELTS, (*BELTS, "access-neighbour-capital")):
        for module in (measures, measure_charts):
            monkeypatch.setattr(module, "BELTS", limits)
        found = MeasureCharts(there, words).belts()
        colours = [series["itemStyle"]["color"] for series in found.option["series"]]
        assert len(colours) == len(set(colours)) == len(limits) + 2
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)
        minutes = [int(figure(id_)) for id_ in limits]
        assert f"{words('reach.within', n=minutes[0])}, %" in found.table.columns
        for low, high in pairwise(minutes):
            assert f"{words('reach.belt_between', low=low, high=high)}, %" in found.table.columns
        assert all(str(n) in found.note for n in minutes)
        assert f"{words('reach.beyond', n=minutes[-1])}, %" in found.table.columns
        assert (words("reach.belt_norm", n=74) in found.note) == ("isochrone-daily" in limits)


def test_the_belts_are_those_that_were_asked_for() -> None:
    assert [int(figure(id_)) for id_ in BELTS] == [60, 74, 90, 120]


@both
def test_a_change_under_a_minute_is_not_told_as_none(language: Language) -> None:
    title = embedded().catalogue.vocabularies["saved_class"]["same"][language]
    assert title == {"ru": "Меньше минуты", "en": "Under a minute"}[language]


@both
def test_where_nothing_differs_the_charts_are_empty_and_their_tables_full(language: Language) -> None:
    for id_ in ("settlements", "districts", "sites"):
        assert marks(made("same", id_, language)) == []
    assert len(made("same", "settlements", language).table) > 200
    assert len(made("same", "sites", language).table) == 0


@both
def test_the_assumptions_stand_below(language: Language) -> None:
    facts = by_id("asino", language)["facts_reach"]
    assert facts["rows"] == board("asino", language).telling.assumptions()
    assert facts["title"] == Words(language)("reach.assumptions")


# --- acts, addresses, workbooks ---------------------------------------------------------------------


def test_what_is_chosen_and_seen_on_the_map_does_not_change_the_board(store: EmbeddedStore) -> None:
    plain = items(store, view())
    seen = view(pick="reach_saved/asino", on="rivers", at="56.5,85,9", split="side", show="table")
    other = items(store, seen)
    books = [item.pop("book", "") for item in [*plain, *other]]
    assert other == plain
    assert any(books)


@pytest.mark.parametrize(("asked", "language"), [("asino", "en"), ("thaw", "ru"), ("new", "ru")])
def test_a_workbook_holds_the_table_of_its_chart(
    store: EmbeddedStore, asked: str, language: Language
) -> None:
    seen, words = view(language, **ASKED[asked]), Words(language)
    for item in items(store, seen):
        if item["kind"] != "chart":
            continue
        found = chart(store, seen, item["id"])
        (name, cells), (_, stamp) = sheets(book(store, seen, item["id"])).items()
        table = found.table.round(4)
        if any(str(act).startswith("pick=") for act in found.acts):
            cited = [sources_of(str(act).removeprefix("pick="), seen, language) for act in found.acts]
            table = table.assign(**{words("board.sources"): cited})
        assert_cells(cells, table)
        assert len(name) <= 31
        assert [words("board.made"), words.date(today())] in stamp
        assert [words("board.view"), seen.text(store.catalogue)] in stamp


def sources_of(pick: str, seen: View, language: Language) -> str:
    layer, _, id_ = pick.partition("/")
    ids = embedded().record(layer, id_, seen.query)["source_id"]
    return "; ".join(titles(language)[source] for source in ids.split(";"))


@pytest.mark.parametrize("asked", ["own", "removed"])
def test_the_address_of_a_workbook_gives_the_chart_that_is_seen(store: EmbeddedStore, asked: str) -> None:
    seen = view("en", **ASKED[asked])
    for item in items(store, seen):
        if item["kind"] == "chart":
            address = urlsplit(item["book"])
            assert address.path == f"/figures/{item['id']}.xlsx"
            again, problems = View.parse(dict(parse_qsl(address.query)), store.catalogue)
            assert not problems
            assert again.query.comparison == seen.query.comparison
            assert chart(store, again, item["id"]).table.equals(chart(store, seen, item["id"]).table)


@pytest.mark.parametrize("id_", ["unheard", "flow", "measures", "ranking"])
def test_a_chart_that_the_page_does_not_have_is_told(store: EmbeddedStore, id_: str) -> None:
    for ask in (book, chart):
        with pytest.raises(UnknownChart):
            ask(store, view(), id_)


# --- what cannot be computed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "fault"),
    [
        ({"after": "unheard"}, UnknownScenario),
        ({"before": "unheard"}, UnknownScenario),
        ({"net": "unheard"}, UnknownNetwork),
    ],
)
def test_a_comparison_that_cannot_be_used_has_an_empty_board(
    store: EmbeddedStore, params: dict[str, str], fault: type[Exception]
) -> None:
    assert issubclass(fault, UNUSABLE)
    with pytest.raises(fault):
        ReachBoard(store, view(**params).query.comparison, Words("ru"))
    assert items(store, view(**params)) == []
    for id_ in CHARTS:
        with pytest.raises(UnknownChart):
            book(store, view(**params), id_)


@both
@pytest.mark.parametrize("goal", ["unheard", "roads", "reach_saved"])
def test_a_goal_that_is_none_breaks_no_board(store: EmbeddedStore, goal: str, language: Language) -> None:
    """Any slug may stand in an address: it is put right or the board is empty, but nothing breaks."""
    seen, problems = View.parse({"page": "reach", "lang": language, "goal": goal}, store.catalogue)
    assert problems == ["goal"] or items(store, seen) == []


@both
def test_a_point_of_the_reader_has_its_board(store: EmbeddedStore, language: Language) -> None:
    seen = view(language, goal="point", to="56.99500,86.15000")
    found = items(store, seen)
    text = json.dumps(found, allow_nan=False, ensure_ascii=False)
    assert not LINE.search(text)
    assert {act for act in acts_in(found) if not is_known(act)} == set()
