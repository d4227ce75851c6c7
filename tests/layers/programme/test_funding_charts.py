"""The ranking as it is shown: bars that add up to scores, the line where it belongs, tiles against loops."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import portfolio
from geo.shape import Shape
from layers.chart import Chart
from layers.priorities import EFFECTS, Priorities, Weight
from layers.programme.figures import programme
from layers.programme.funding import DRAWS, Appraisal, appraisal
from layers.programme.funding_charts import FundingCharts
from layers.programme.reach import gains
from layers.programme.voice import short
from layers.query import Query
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH, EN, RU, asking, choices, shapes

SETTINGS = [
    Priorities(),
    Priorities(budget_mln_rub=0),
    Priorities(budget_mln_rub=1_000_000, order="per_rouble", unknown="high"),
    Priorities(paying="public", order="per_rouble", unknown="middle", budget_mln_rub=20_000),
    Priorities(weights=tuple(Weight(effect=effect, weight=10) for effect in EFFECTS), budget_mln_rub=30_000),
    Priorities(weights=(Weight(effect="people_90", weight=5),), paying="public"),
]
PRIORITIES = st.sampled_from(SETTINGS)


def judged(query: Query, shape: Shape | None, by: Priorities) -> Appraisal:
    return appraisal(programme(embedded()), query, shape, by)


def pictures(by: Priorities, words: Words = RU, query: Query | None = None) -> FundingCharts:
    return FundingCharts(judged(query or Query(), None, by), words)


def picked(chart: Chart) -> list[str]:
    return [str(act).removeprefix("pick=projects/") for act in chart.acts]


def bars_of(chart: Chart) -> list[list[dict[str, Any]]]:
    """The bars of each effect without the row of the budget line."""
    return [
        [bar for bar in series["data"] if bar is not None]
        for series in chart.option["series"]
        if series["type"] == "bar"
    ]


# --- all of them ------------------------------------------------------------------------------------


@given(choices(), shapes(), PRIORITIES)
@settings(max_examples=12)
def test_charts_are_sound_and_both_languages_give_the_same_numbers(
    query: Query, shape: Shape | None, by: Priorities
) -> None:
    found = judged(query, shape, by)
    if not found.weighed:
        return
    russian, english = (FundingCharts(found, words) for words in BOTH)
    for here, there in zip(russian.charts(), english.charts(), strict=True):
        naive.assert_sound(here, embedded(), RU)
        naive.assert_sound(there, embedded(), EN)
        assert (here.id, here.acts, here.on) == (there.id, there.acts, there.on)
        assert naive.figures_of(here) == naive.figures_of(there)
    for one, other in zip(russian.tiles(), english.tiles(), strict=True):
        assert (one.id, one.share, len(one.notes)) == (other.id, other.share, len(other.notes))
        json.dumps([one.item(embedded(), RU), other.item(embedded(), EN)], allow_nan=False)


# --- the ranking ------------------------------------------------------------------------------------


@given(choices(), PRIORITIES)
@settings(max_examples=12)
def test_the_bars_of_a_project_add_up_to_its_score(query: Query, by: Priorities) -> None:
    found = judged(query, None, by)
    if not found.weighed:
        return
    chart = FundingCharts(found, RU).ranking()
    assert picked(chart) == [str(found.ids[n]) for n in found.order]
    bars, line = bars_of(chart), line_of(found)
    names = [series["name"] for series in chart.option["series"] if series["type"] == "bar"]
    assert names == [RU(f"effect.{e}") for e in EFFECTS if by.weight(e)]
    for place, n in enumerate(found.order):
        summed = math.fsum(data[place]["value"] for data in bars)
        assert summed == pytest.approx(found.score[n] * 100, abs=0.05)
        assert chart.table.iloc[place, 1] == pytest.approx(found.score[n] * 100, abs=0.051)
        low, score, high = (chart.table.iloc[place, column] for column in (2, 1, 3))
        assert low - 0.11 <= score <= high + 0.11
        assert {data[place]["act"] for data in bars} == {chart.acts[place]}
    rows = [row for row in range(len(found.order) + 1) if row != line]
    ticks = [series["data"] for series in chart.option["series"] if series["type"] == "scatter"]
    for data, ends in zip(ticks, (found.scores.low, found.scores.high), strict=True):
        assert [point[1] for point in data] == rows
        assert [point[0] for point in data] == pytest.approx(list(ends[found.order] * 100), abs=0.01)


@given(choices(), PRIORITIES)
@settings(max_examples=12)
def test_the_table_tells_cost_and_membership(query: Query, by: Priorities) -> None:
    found = judged(query, None, by)
    if not found.weighed:
        return
    chart = FundingCharts(found, EN).ranking()
    table = chart.table
    names = [naive.projects()[id_]["name_en"] for id_ in picked(chart)]
    assert list(table[EN("funding.project")]) == names
    assert list(table[EN("funding.takes_mln")]) == pytest.approx(
        list(found.cost[found.order]), abs=0.051, nan_ok=True
    )
    for title, chosen in ((EN("funding.in_set"), found.best), (EN("funding.above"), found.above)):
        assert list(table[title]) == [EN("yes") if chosen[n] else EN("no") for n in found.order]
    assert list(chart.on) == [bool(found.best[n]) for n in found.order]
    labels = list(chart.option["yAxis"]["data"])
    labels.pop(line_of(found))
    for label, n in zip(labels, found.order, strict=True):
        assert label.startswith("✓ ") == bool(found.best[n])
        assert label.removeprefix("✓ ") == short(str(found.frame["name_en"].iloc[n]))


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_an_effect_is_told_as_a_figure_a_span_or_unknown(words: Words) -> None:
    made = pictures(SETTINGS[4], words)
    seen = set()
    for number, id_ in enumerate(made.appraisal.ids):
        for effect in ("jobs", "tax_mln_rub_year", "people_served"):
            interval, text = naive.figure(effect).get(id_), made.figure_in_words(effect, number)
            if interval is None:
                seen.add("unknown")
                assert text == words("no_data")
            elif interval[0] < interval[2]:
                seen.add("span")
                assert text == f"{words.number(interval[0], 2)} – {words.number(interval[2], 2)}"
            else:
                seen.add("figure")
                assert text == words.number(interval[1], 2)
    assert seen == {"unknown", "span", "figure"}


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_leverage_is_told_as_a_ratio_or_as_no_public_money(words: Words) -> None:
    """The private part of the money scores; what is told is private roubles for each public one."""
    made = pictures(SETTINGS[4], words)
    money, seen = made.appraisal.money, set()
    column = made.table()[words("effect.leverage")]
    for number, id_ in enumerate(made.appraisal.ids):
        row, text = money.loc[id_], made.figure_in_words("leverage", number)
        assert column.iloc[list(made.appraisal.order).index(number)] == text
        if row.isna().any():
            assert text == words("no_data")
            seen.add("unknown")
            continue
        ends = []
        for private, public in (
            (row["private_low"], row["public_high"]),
            (row["private_high"], row["public_low"]),
        ):
            ends.append(words.number(private / public, 2) if public else words("funding.no_public"))
        spread = row["private_low"] < row["private_high"]
        assert text == (" – ".join(ends) if spread else ends[0])
        seen |= {"span"} if spread else {"ratio"}
        seen |= {"no public"} if words("funding.no_public") in text else set()
    assert seen == {"unknown", "span", "ratio", "no public"}


def test_what_is_assumed_is_faint() -> None:
    made = pictures(Priorities(weights=(Weight(effect="jobs", weight=1),)))
    chart = made.ranking()
    opacity = {
        bar["act"].removeprefix("pick=projects/"): bar["itemStyle"]["opacity"] for bar in bars_of(chart)[0]
    }
    assert {id_ for id_, seen in opacity.items() if seen == 1} == set(naive.figure("jobs")) & set(opacity)
    assert any(seen < 1 for seen in opacity.values())


def line_of(found: Appraisal) -> int:
    """The row of the budget line: below the last project above it."""
    return max((place for place, n in enumerate(found.order) if found.above[n]), default=-1) + 1


@pytest.mark.parametrize("budget", [0, 20_000, 150_000, 400_000, 1_000_000])
@pytest.mark.parametrize("order", ["effect", "per_rouble"])
def test_the_line_is_drawn_below_the_last_project_above_it(order: str, budget: int) -> None:
    by = Priorities(budget_mln_rub=budget, order=order)  # type: ignore[arg-type]
    option, line = pictures(by).ranking().option, line_of(judged(Query(), None, by))
    labels = option["yAxis"]["data"]
    assert labels[line] == RU("funding.budget_line", budget=RU.money(budget))
    for series in option["series"]:
        if series["type"] == "bar":
            assert len(series["data"]) == len(labels)
            assert [row for row, bar in enumerate(series["data"]) if bar is None] == [line]
        else:
            assert line not in {place for _, place in series["data"]}


# --- tiles ------------------------------------------------------------------------------------------


@given(choices(), shapes(), PRIORITIES)
@settings(max_examples=12)
def test_the_tiles_of_the_sets(query: Query, shape: Shape | None, by: Priorities) -> None:
    found = judged(query, shape, by)
    if not found.weighed:
        return
    tiles = {tile.id: tile for tile in FundingCharts(found, RU).tiles()}
    for name, chosen in (("set", found.best), ("line", found.above)):
        spent = math.fsum(found.cost[chosen])
        assert tiles[name].figure == RU.count("programme.projects", int(chosen.sum()))
        budget = RU.money(by.budget_mln_rub)
        assert tiles[name].notes[0] == RU("funding.set_of", spent=RU.money(spent), budget=budget)
        if by.budget_mln_rub:
            assert tiles[name].share == pytest.approx(spent / by.budget_mln_rub)
            assert 0 <= tiles[name].share <= 1 + 1e-9
        else:
            assert tiles[name].share is None
    assert tiles["costless"].figure == RU.number(sum(math.isnan(cost) for cost in found.cost), 0)
    if "brings_jobs" in tiles:
        own = [str(id_) for id_ in found.ids[found.best]]
        value, _, _, known, _ = naive.total("jobs", own)
        assert tiles["brings_jobs"].figure == (RU.number(value, 0) if known else RU("no_data"))


@given(choices(), shapes(), PRIORITIES)
@settings(max_examples=12)
def test_the_best_set_tells_only_what_it_is_known_to_bring(
    query: Query, shape: Shape | None, by: Priorities
) -> None:
    found = judged(query, shape, by)
    if not found.weighed:
        return
    told = {tile.id.removeprefix("brings_") for tile in FundingCharts(found, RU).tiles()}
    best = [str(id_) for id_ in found.ids[found.best]]
    for effect in ("jobs", "people_60", "people_90", "tax_mln_rub_year"):
        if effect.startswith("people"):
            brought = gains(embedded(), float(effect.removeprefix("people_")))
            known = any(brought.get(id_, 0) > 0 for id_ in best)
        else:
            known = any(naive.figure(effect).get(id_, (0, 0, 0))[2] > 0 for id_ in best)
        assert (effect in told) == bool(by.weight(effect) and known), effect
    assert not told & {"leverage", "patents", "people_served"}


def test_an_empty_set_brings_nothing() -> None:
    made = pictures(Priorities(budget_mln_rub=0), query=asking(park="industrial"))
    assert not made.appraisal.best.any()
    assert not any(tile.id.startswith("brings_") for tile in made.tiles())
    assert any(tile.id.startswith("brings_") for tile in pictures(Priorities()).tiles())


def test_only_effects_that_weigh_are_told() -> None:
    ids = {tile.id for tile in pictures(SETTINGS[5]).tiles()}
    assert "brings_people_90" in ids
    assert not ids & {"brings_jobs", "brings_people_60"}


# --- what is worth finding out ----------------------------------------------------------------------


@given(choices(), PRIORITIES)
@settings(max_examples=12)
def test_what_is_worth_knowing_is_unknown_and_moves_its_project(query: Query, by: Priorities) -> None:
    found = judged(query, None, by)
    if not found.weighed:
        return
    chart = FundingCharts(found, RU).worth_knowing()
    places = portfolio.worth_knowing(found.effects, found.weights)
    cells = [
        (str(found.ids[n]), EFFECTS[k], found.cost[n], int(places[n, k]))
        for n, k in np.argwhere(places > 0)
        if not math.isnan(found.cost[n])
    ]
    assert all(found.effects.unknown[n, k] for n, k in np.argwhere(places > 0))
    assert len(chart.table) == min(len(cells), 10)
    stakes = list(chart.table.iloc[:, 1])
    assert stakes == sorted((cost for _, _, cost, _ in cells), reverse=True)[:10]
    for id_, name, cost in zip(picked(chart), chart.table.iloc[:, 0], stakes, strict=True):
        effects = [e for i, e, c, _ in cells if i == id_ and c == cost]
        assert any(name.endswith(RU(f"effect.{e}").lower()) for e in effects)


# --- firmness ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_firmness_is_shown_of_all_that_are_ever_chosen(store: EmbeddedStore, words: Words) -> None:
    by = Priorities(budget_mln_rub=8_000)
    made = pictures(by, words, asking(park="medical;sport"))
    found, chart = made.appraisal, made.stability()
    naive.assert_sound(chart, store, words)
    share = dict(zip((str(id_) for id_ in found.ids), found.stability, strict=True))
    best = {str(id_) for id_ in found.ids[found.best]}
    assert set(picked(chart)) == {id_ for id_ in share if share[id_] > 0 or id_ in best}
    shown = list(chart.table.iloc[:, 1])
    assert shown == pytest.approx([share[id_] * 100 for id_ in picked(chart)], abs=0.051)
    assert shown == sorted(shown, reverse=True)
    firm = sum(share[id_] >= 0.9 for id_ in best)
    assert chart.note == words("funding.stability_note", draws=DRAWS, firm=firm, of=len(best))
