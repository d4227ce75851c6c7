"""Measures of accessibility: against loops over the matrix, and what must always hold of them."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from layers.catalog import LANGUAGES, Language
from layers.comparison import GOAL, Comparison
from layers.reach.base import SETTLEMENTS, SITES
from layers.reach.measure_charts import COLUMNS, MeasureCharts
from layers.reach.measures import BELTS, MEMBERSHIPS, PER, WITHIN, Measures, delimitation, members
from layers.reach.results import Results, results
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.layers.reach.test_results import figure, hand, rows

SOME = ("tomsk", "asino", "seversk", "moryakovsky-zaton")


def found(**compared: Any) -> Results:
    return results(embedded(), Comparison(**compared))


def measures(**compared: Any) -> Measures:
    there = found(**compared)
    return Measures(there, there.after)


PLAIN = measures(before="today", after="today")
TABLE = PLAIN.table


def people(id_: str) -> float:
    return float(rows("settlements")[id_]["population"] or 0)


def test_every_measure_of_every_settlement() -> None:
    assert set(TABLE.columns) == set(COLUMNS)
    assert list(TABLE.index) == list(rows("settlements"))
    whole, joined = TABLE.drop(columns="detour"), PLAIN.found.base.taps(SETTLEMENTS).connected
    assert np.isfinite(whole[joined].to_numpy()).all()
    assert (whole[joined].to_numpy() >= 0).all()
    # What a place off the known roads reaches is unknown, not nothing.
    assert whole[~joined].isna().all().all()
    assert "strezhevoy" in whole.index[~joined]


@pytest.mark.parametrize("id_", SOME)
def test_people_and_potential_by_hand(id_: str) -> None:
    minutes = {**hand("today", SETTLEMENTS, id_), id_: 0.0}
    within = sum(people(other) for other, m in minutes.items() if m <= WITHIN)
    pull = sum(people(other) * 2 ** (-m / 30) for other, m in minutes.items() if math.isfinite(m))
    assert TABLE.loc[id_, "people"] == within
    assert TABLE.loc[id_, "potential"] == pytest.approx(pull, rel=1e-4)


@pytest.mark.parametrize("id_", SOME)
def test_places_and_jobs_by_loops(store: EmbeddedStore, id_: str) -> None:
    at = list(TABLE.index).index(id_)
    for name in ("hospitals", "universities"):
        assert TABLE.loc[id_, name] == sum(m <= WITHIN for m in PLAIN.minutes_to(name)[at])
    assert TABLE.loc[id_, "sites"] == sum(m <= WITHIN for name in SITES for m in PLAIN.minutes_to(name)[at])
    near = [m <= WITHIN for m in PLAIN.minutes_to("projects")[at]]
    told = [rows("projects")[p]["jobs"] for p in store.features("projects").index]
    known = [float(jobs) for jobs, inside in zip(told, near, strict=True) if inside and jobs]
    assert TABLE.loc[id_, "jobs"] == sum(known)
    assert TABLE.loc[id_, "jobs_unknown"] == sum(near) - len(known)


def test_hospitals_are_shared_with_all_who_reach_them() -> None:
    """The shares of all people add up to the hospitals that anybody reaches (Luo and Wang, 2003)."""
    matrix, living = PLAIN.minutes_to("hospitals"), np.array([people(id_) for id_ in TABLE.index])
    reached = sum(living[matrix[:, at] <= WITHIN].sum() > 0 for at in range(matrix.shape[1]))
    assert np.nansum(TABLE["hospital_share"].to_numpy() * living) / PER == pytest.approx(reached)
    alone, some = TABLE["hospitals"] == 0, TABLE["hospitals"] > 0
    assert (TABLE["hospital_share"][alone] == 0).all()
    assert (TABLE["hospital_share"][some] > 0).all()


def test_no_way_is_shorter_than_the_straight_line() -> None:
    detour = TABLE["detour"]
    assert (detour.dropna() >= 0.98).all(), "lengths of roads are rounded to 10 m"
    assert math.isnan(detour["tomsk"])
    assert 1.0 < detour.median() < 1.6
    away = ~np.isfinite(found(before="today", after="today").minutes(GOAL)[1])
    assert detour[away].isna().all()
    assert detour[~away].drop("tomsk").notna().all()


def test_the_detour_does_not_depend_on_the_season() -> None:
    """But what is closed is closed: in the thaw there is no ferry."""
    winter = measures(before="today", after="winter").table["detour"]
    pd.testing.assert_series_equal(winter, TABLE["detour"])
    thaw = measures(before="today", after="thaw").table["detour"]
    assert thaw["kolpashevo"] > TABLE["detour"]["kolpashevo"] * 1.2


def test_a_better_road_never_takes_opportunities_away() -> None:
    before, after = (measures(after=stage).table for stage in ("before-works", "stage-3"))
    for name in ("people", "potential", "jobs", "sites", "hospitals", "universities"):
        joined = before[name].notna()
        assert (after[name][joined] >= before[name][joined] - 1e-6).all(), name
    assert (after["potential"] > before["potential"]).sum() > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_matrix_is_that_of_all_settlements(store: EmbeddedStore, language: Language) -> None:
    names = store.features(SETTLEMENTS)[f"name_{language}"]
    frame = PLAIN.matrix(names)
    assert frame.shape == (len(names), len(names) + 1)
    assert frame.iloc[:, 0].tolist() == names.tolist() == frame.columns[1:].tolist()
    minutes = frame.iloc[:, 1:].to_numpy(dtype=float)
    assert (np.diag(minutes) == 0).all()
    assert np.allclose(minutes, minutes.T, equal_nan=True, atol=0.11)
    at = list(names.index)
    by_hand = hand("today", SETTLEMENTS, "tomsk")
    told = minutes[at.index("asino"), at.index("tomsk")]
    assert told == pytest.approx(by_hand["asino"], abs=0.06)
    assert math.isnan(minutes[at.index("strezhevoy"), at.index("tomsk")])


# --- the agglomeration ------------------------------------------------------------------------------


@pytest.mark.parametrize("after", ["today", "closed-bridge", "thaw"])
def test_belts_add_up_to_the_whole(store: EmbeddedStore, after: str) -> None:
    frame = delimitation(found(before="today", after=after))
    belts = frame[list(range(len(BELTS) + 2))]
    assert np.allclose(belts.sum(axis=1), 100.0)
    assert (belts >= 0).all(axis=None)
    assert set(frame.index) == {row["district"] for row in rows("settlements").values() if row["population"]}
    assert frame["people"].sum() == sum(people(id_) for id_ in rows("settlements"))
    assert set(frame.index) <= set(store.features("districts").index)


def test_belts_by_hand() -> None:
    limits = [figure(id_) for id_ in BELTS]
    assert limits == sorted(limits)
    minutes = hand("today", SETTLEMENTS, "tomsk")
    frame = delimitation(found(before="today", after="today"))
    for district in ("tomsky", "asinovsky", "kolpashevsky"):
        own = {id_: people(id_) for id_, row in rows("settlements").items() if row["district"] == district}
        total = sum(own.values())
        low = -1.0
        for belt, high in enumerate([*limits, math.inf]):
            inside = sum(
                n for id_, n in own.items() if low < minutes[id_] <= high and math.isfinite(minutes[id_])
            )
            assert frame.loc[district, belt] == pytest.approx(100 * inside / total), (district, belt)
            low = high
        off = sum(n for id_, n in own.items() if math.isinf(minutes[id_]))
        assert frame.loc[district, len(BELTS) + 1] == pytest.approx(100 * off / total)


def test_the_nearest_districts_come_first() -> None:
    first = delimitation(found(before="today", after="today"))[0]
    assert first.is_monotonic_decreasing
    assert first["tomsk"] == 100


@pytest.mark.parametrize("id_", MEMBERSHIPS)
def test_members_are_districts(store: EmbeddedStore, id_: str) -> None:
    assert {"tomsk", "seversk", "tomsky"} <= members(store, id_) <= set(store.features("districts").index)


# --- charts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_opportunities_holds_every_measure(language: Language) -> None:
    words = Words(language)
    there = found()
    chart = MeasureCharts(there, words).opportunities()
    assert len(chart.table) == len(there.settlements)
    assert len(chart.table.columns) == 1 + 2 * len(COLUMNS)
    assert chart.table.columns.is_unique
    name = there.settlements.loc["asino", f"name_{language}"]
    row = chart.table[chart.table[words("table.name")] == name].iloc[0]
    for measure in COLUMNS:
        for side, at in (("before", there.before), ("after", there.after)):
            told = row[f"{words(f'reach_measure.{measure}')} ({words(f'reach.{side}').lower()})"]
            assert told == pytest.approx(Measures(there, at).table.loc["asino", measure], abs=0.51)


def test_the_marks_of_opportunities_are_the_largest_changes() -> None:
    marks = MeasureCharts(found(), Words("en")).opportunities().option["series"][0]["data"]
    sizes = [abs(mark["value"]) for mark in marks]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 15
    assert all(mark["act"].startswith("pick=reach_saved/") for mark in marks)


def test_where_nothing_changes_no_opportunity_does() -> None:
    chart = MeasureCharts(found(before="today", after="today"), Words("ru")).opportunities()
    assert chart.option["series"][0]["data"] == []
    assert len(chart.table) == len(rows("settlements"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_of_belts_names_both_memberships(store: EmbeddedStore, language: Language) -> None:
    words = Words(language)
    chart = MeasureCharts(found(), words).belts()
    names = store.features("districts")[f"name_{language}"]
    for id_ in MEMBERSHIPS:
        title = str(store.record("assumptions", id_)[f"name_{language}"])
        named = dict(zip(chart.table.iloc[:, 0], chart.table[title], strict=True))
        assert {name for name, told in named.items() if told == words("yes")} == {
            str(names[district]) for district in members(store, id_)
        }
        for district in members(store, id_):
            assert str(names[district]) in chart.note
    shares = chart.table[[column for column in chart.table.columns if column.endswith(", %")]]
    assert len(shares.columns) == len(BELTS) + 2
    assert np.allclose(shares.sum(axis=1), 100, atol=0.3)
