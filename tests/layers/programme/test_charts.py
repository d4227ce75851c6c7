"""The charts of the Programme page: counts against loops, sound as data, alike in both languages."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings

from geo.programme import as_year
from geo.shape import Shape
from layers.catalog import Catalogue
from layers.chart import Chart
from layers.day import today
from layers.programme.charts import DIMENSIONS, Charts
from layers.programme.figures import programme
from layers.query import Query
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.conftest import DataFolder
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH, DAY, EN, RU, asking, choices, shapes


def charts(query: Query, shape: Shape | None = None, words: Words = RU) -> Charts:
    return Charts(programme(embedded()), query, shape, words, DAY)


def by_value(chart: Chart) -> dict[str, int]:
    """The counts of a dimension by value ("" where there is none)."""
    values = [(act or "=").partition("=")[2] for act in chart.acts]
    assert len(set(values)) == len(values)
    return dict(zip(values, chart.table.iloc[:, 1].astype(int), strict=True))


def values_of(id_: str, column: str, state: str) -> list[str]:
    if column == "status":
        return [state]
    return naive.parts(naive.projects()[id_][column]) or [""]


def counts(column: str, query: Query, shape: Shape | None = None) -> dict[str, int]:
    """How many projects there are by value, whatever is asked of this very column."""
    found: dict[str, int] = {}
    for id_, state in naive.chosen(query.with_condition(column, None), shape).items():
        for value in values_of(id_, column, state):
            found[value] = found.get(value, 0) + 1
    return found


# --- all of them ------------------------------------------------------------------------------------


@given(choices(), shapes())
@settings(max_examples=10)
def test_every_chart_is_sound_and_both_languages_give_the_same_numbers(
    query: Query, shape: Shape | None
) -> None:
    russian, english = (charts(query, shape, words).all() for words in BOTH)
    assert len({chart.id for chart in russian}) == len(russian)
    for here, there in zip(russian, english, strict=True):
        naive.assert_sound(here, embedded(), RU)
        naive.assert_sound(there, embedded(), EN)
        assert (here.id, here.acts, here.on, here.height, here.span) == (
            there.id,
            there.acts,
            there.on,
            there.height,
            there.span,
        )
        assert naive.figures_of(here) == naive.figures_of(there), here.id


def test_charts_of_nothing_are_sound() -> None:
    nothing = asking(park="medical", project_type="industrial", direction="smart_city")
    assert not naive.chosen(nothing)
    for words in BOTH:
        for chart in charts(nothing, None, words).all():
            naive.assert_sound(chart, embedded(), words)
            if chart.id.removeprefix("by_") not in (*DIMENSIONS, "indicators"):
                assert chart.table.empty, chart.id


# --- dimensions -------------------------------------------------------------------------------------


@given(choices(), shapes())
@settings(max_examples=15)
def test_a_dimension_counts_the_chosen_projects(query: Query, shape: Shape | None) -> None:
    made = charts(query, shape)
    for column in DIMENSIONS:
        chart = made.dimension(column)
        assert by_value(chart) == counts(column, query, shape)
        assert [d["value"] for d in chart.option["series"][0]["data"]] == list(chart.table.iloc[:, 1])


@given(choices(), shapes())
@settings(max_examples=10)
def test_single_valued_dimensions_count_each_project_once(query: Query, shape: Shape | None) -> None:
    for column in ("park", "direction", "cluster", "project_type"):
        free = query.with_condition(column, None)
        assert sum(by_value(charts(free, shape).dimension(column)).values()) == len(naive.chosen(free, shape))


@pytest.mark.parametrize("column", DIMENSIONS)
def test_a_choice_narrows_every_dimension_but_its_own(column: str) -> None:
    free = counts(column, Query())
    value = min((v for v in free if v), key=lambda v: free[v])
    query = asking(**{column: value})
    own = charts(query).dimension(column)
    assert by_value(own) == free
    assert [act for act, on in zip(own.acts, own.on, strict=True) if on] == [f"{column}={value}"]
    assert not any(charts(Query()).dimension(column).on)
    opacity = {d["act"]: d["itemStyle"]["opacity"] for d in own.option["series"][0]["data"]}
    assert opacity.pop(f"{column}={value}") == 1
    assert all(faint < 1 for faint in opacity.values())
    for other in set(DIMENSIONS) - {column, "funding"}:
        narrowed = by_value(charts(query).dimension(other))
        assert sum(narrowed.values()) == free[value], other
        assert narrowed == counts(other, query)


def test_the_bars_stand_in_the_order_of_the_closed_list(catalogue: Catalogue) -> None:
    for column in DIMENSIONS:
        listed = list(catalogue.vocabularies[catalogue.fields[column].vocabulary or ""])
        values = [v for v in by_value(charts(Query()).dimension(column)) if v]
        assert values == [value for value in listed if value in values]


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
@pytest.mark.parametrize("column", DIMENSIONS)
def test_a_bar_tells_the_cost_and_the_jobs_of_its_projects(
    catalogue: Catalogue, column: str, words: Words
) -> None:
    query = Query()
    data = charts(query, None, words).dimension(column).option["series"][0]["data"]
    for bar in data:
        value = (bar["act"] or "=").partition("=")[2]
        states = naive.chosen(query)
        own = {id_ for id_, state in states.items() if value in values_of(id_, column, state)}
        assert bar["tip"][0] == bar["name"]
        assert bar["tip"][1] == words.count("programme.projects", len(own))
        for line, quantity in zip(bar["tip"][2:], ("cost_mln_rub", "jobs"), strict=True):
            ids = [id_ for id_ in naive.counted(quantity, query) if id_ in own]
            title = catalogue.fields[quantity].title[words.language]
            assert line == f"{title}: {'; '.join(told(quantity, ids, words))}"


def told(quantity: str, ids: list[str], words: Words) -> list[str]:
    """A total in words."""
    value, low, high, known, unknown = naive.total(quantity, ids)
    say = words.money if quantity.endswith("mln_rub") else lambda n: words.number(n, 0)
    if not known:
        return [words("no_data")]
    lines = [say(value)]
    if say(low) != say(high):
        lines.append(words("programme.range", low=say(low), high=say(high)))
    return [*lines, *([words.count("programme.unknown", unknown)] if unknown else [])]


def test_a_value_that_no_record_gives_is_shown_as_such() -> None:
    chart = charts(Query()).dimension("cluster")
    row = list(chart.acts).index(None)
    assert chart.table.iloc[row, 1] == sum(not row["cluster"] for row in naive.rows("projects")) > 0


def test_a_project_of_unknown_status_is_counted_as_unknown(data_folder: DataFolder) -> None:
    data_folder.change("projects.csv", "asino-chp", status="")
    store = EmbeddedStore(Catalogue(Path(data_folder.folder)))
    chart = Charts(programme(store), Query(), None, RU).dimension("status")
    assert sum(by_value(chart).values()) == len(store.features("projects"))


# --- timeline ---------------------------------------------------------------------------------------


def spans(query: Query, shape: Shape | None = None) -> dict[str, tuple[float, float]]:
    """The projects whose begin and end are known, with the years."""
    found = {}
    for id_ in naive.chosen(query, shape):
        row = naive.projects()[id_]
        outcome = naive.completion(id_)[1]
        start = naive.number(row["start_year"] or row["planned_year"])
        end = naive.number(row["end_year"] or (outcome or "")[:4])
        if start is not None and end is not None:
            found[id_] = (start, end)
    return found


@given(choices(), shapes())
@settings(max_examples=15)
def test_the_timeline_holds_all_whose_years_are_known(query: Query, shape: Shape | None) -> None:
    chart = charts(query, shape).timeline()
    expected = spans(query, shape)
    ids = [str(act).removeprefix("pick=projects/") for act in chart.acts]
    assert dict(zip(ids, zip(chart.table.iloc[:, 2], chart.table.iloc[:, 3], strict=True), strict=True)) == {
        id_: (f"{start:.0f}", f"{end:.0f}") for id_, (start, end) in expected.items()
    }
    assert [expected[id_] for id_ in ids] == sorted(expected.values())
    titles = ("begun", "ended", "promised", "slip_years", "slip")
    assert list(chart.table.columns[2:]) == [RU(f"programme.{title}") for title in titles]
    for id_, (promised, years, said) in zip(ids, chart.table.iloc[:, 4:].to_numpy(), strict=True):
        first, slip = naive.completion(id_)[0], naive.slip(id_)
        assert (None if pd.isna(promised) else promised) == first, "a promise stands as it was given"
        assert years == pytest.approx(float("nan") if slip is None else round(slip, 1), nan_ok=True)
        assert said == slip_told(id_, RU)
    states = naive.chosen(query, shape)
    known = [slip for slip in map(naive.slip, states) if slip is not None]
    late, lapsed = sum(slip > 0 for slip in known), sum(map(naive.lapsed, states))
    counts = {"known": len(known), "of": len(states), "late": late, "lapsed": lapsed}
    assert chart.note == RU("programme.timeline_note", **counts)


def slip_told(id_: str, words: Words, day: str = DAY) -> str:
    """How far a completion has moved, in words; that nobody has told of it where its date has passed."""
    if naive.lapsed(id_, day):
        return words("programme.lapsed")
    years = naive.slip(id_, day)
    return Charts.slip_in_words(float("nan") if years is None else years, words)


def test_what_lapses_is_said_from_the_day_after() -> None:
    """A date that is still ahead is a slip; once it has passed without word, nothing is known of it."""
    id_ = next(i for i in spans(Query()) if naive.lapsed(i) and naive.completion(i)[0])
    last = (naive.completion(id_)[1] or "")[:4]
    for day in (f"{int(last) - 1}-12-31", f"{int(last) + 1}-01-01"):
        chart = Charts(programme(embedded()), Query(), None, RU, day).timeline()
        place = [str(act).removeprefix("pick=projects/") for act in chart.acts].index(id_)
        assert chart.table.iloc[place, 6] == slip_told(id_, RU, day)
        assert (chart.table.iloc[place, 6] == RU("programme.lapsed")) == (day > last + "-12-31")
        assert pd.isna(chart.table.iloc[place, 5]) == (day > last + "-12-31")


def test_without_a_day_the_charts_are_of_today() -> None:
    before = today()
    made = Charts(programme(embedded()), Query(), None, RU)
    assert before <= made.day <= today()


@given(choices())
@settings(max_examples=10)
def test_the_bars_of_the_timeline_float_from_begin_to_end(query: Query) -> None:
    chart = charts(query).timeline()
    expected = spans(query)
    begin, *lengths, promises = chart.option["series"]
    ids = [str(act).removeprefix("pick=projects/") for act in chart.acts]
    assert begin["data"] == [expected[id_][0] for id_ in ids]
    states = naive.chosen(query)
    assert [part["name"] for part in lengths] == [
        status_word(status) for status in statuses() if status in {states[id_] for id_ in ids}
    ]
    assert chart.option["legend"]["data"] == [*(part["name"] for part in lengths), promises["name"]]
    for part in lengths:
        assert len(part["data"]) == len(ids)
        assert part["stack"] == begin["stack"]
    for place, id_ in enumerate(ids):
        start, end = expected[id_]
        drawn = {part["name"]: part["data"][place] for part in lengths if part["data"][place] is not None}
        ((name, bar),) = drawn.items()
        assert name == status_word(states[id_]), "a bar stands in the series of its status, and there alone"
        assert bar["value"] == end + 1 - start
        assert bar["act"] == chart.acts[place]
        assert bar["tip"][1:] == [name, f"{start:.0f} – {end:.0f}", slip_told(id_, RU)]
    promised = {point["act"].removeprefix("pick=projects/"): point["value"] for point in promises["data"]}
    assert set(promised) == {id_ for id_ in ids if naive.completion(id_)[0]}
    for id_, (year, place) in promised.items():
        first = naive.completion(id_)[0] or ""
        whole, month = int(first[:4]), first[5:7]
        assert year == pytest.approx(whole + (int(month) / 12 if month else 1), abs=0.0051)
        assert ids[place] == id_
    ends = [year for year, _ in promised.values()] + begin["data"]
    assert chart.option["xAxis"]["min"] <= min(ends, default=9999)


def statuses() -> list[str]:
    """The statuses in the order of the closed list, the unknown last."""
    return [*embedded().catalogue.vocabularies["status"], ""]


def status_word(status: str) -> str:
    field = embedded().catalogue.fields["status"]
    if not status:
        return RU("legend.other", field=field.title[RU.language].lower())
    return embedded().catalogue.word(field, status, RU.language)


def test_each_status_of_the_timeline_has_a_colour_of_its_own() -> None:
    _, *lengths, promises = charts(Query()).timeline().option["series"]
    assert len(lengths) > 1
    assert len({part["itemStyle"]["color"] for part in lengths}) == len(lengths)
    places = [point["value"][0] for point in promises["data"]]
    assert any(place == int(place) for place in places), "a whole year ends with its last day"
    assert any(place != int(place) for place in places), "a month ends within its year"


def test_an_unknown_status_has_words_in_the_timeline(data_folder: DataFolder) -> None:
    data_folder.change("projects.csv", "asino-veneer-plant", status="")
    store = EmbeddedStore(Catalogue(Path(data_folder.folder)))
    assert "standing" not in json.dumps(Charts(programme(store), Query(), None, RU).timeline().option)


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_a_slip_in_words(words: Words) -> None:
    say = Charts.slip_in_words
    assert say(float("nan"), words) == words("programme.slip_unknown")
    assert say(0.0, words) == say(-0.01, words) == words("programme.slip_none")
    assert say(2.0, words) == words("programme.slip_late", years=words.years(2))
    assert say(-1.5, words) == words("programme.slip_early", years=words.years(1.5))


@pytest.mark.parametrize("first", ["2016-11", "2017-11", "2021-06", "2023-12", "2024-01"])
def test_a_month_is_a_slip_whatever_the_months_are(first: str) -> None:
    """What floating-point numbers miss must not decide whether a project is told to be late."""
    after = pd.Period(first) + 1
    said = [
        Charts.slip_in_words(as_year(str(outcome)) - as_year(str(promised)), EN)
        for promised, outcome in ((pd.Period(first), after), (after, pd.Period(first)))
    ]
    years = EN.years(1 / 12)
    assert said == [
        EN("programme.slip_late", years=years),
        EN("programme.slip_early", years=years),
    ]


# --- shapes -----------------------------------------------------------------------------------------


def test_a_shape_narrows_every_chart() -> None:
    away = Shape("circle", ((86.15, 56.99),), 15_000.0)
    near = naive.chosen(Query(), away)
    assert 0 < len(near) < len(naive.projects())
    for chart in charts(Query(), away).all():
        picked = {str(a).removeprefix("pick=projects/") for a in chart.acts if str(a).startswith("pick=")}
        assert picked <= set(near), chart.id
