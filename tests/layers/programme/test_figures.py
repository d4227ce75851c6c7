"""What is chosen and summed, against loops over the files of records."""

import math
from datetime import date, datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ShapeError
from geo.shape import Shape
from layers.day import today
from layers.programme.figures import QUANTITIES, Chosen, Programme, programme
from layers.query import Query
from layers.report import report
from layers.store import EmbeddedStore, embedded
from tests.layers.programme import naive
from tests.layers.programme.naive import asking, choices, shapes

STATED = ("public_mln_rub", "tax_mln_rub_year", "patents", "people_served")
GROUPS = ("park", "direction", "cluster", "project_type")


def held() -> Programme:
    return programme(embedded())


def chosen(query: Query, shape: Shape | None = None) -> Chosen:
    return held().chosen(query, shape)


def as_tuple(frame: pd.DataFrame, id_: str) -> tuple[float, float, float] | None:
    low, value, high = (float(v) for v in frame.loc[id_, ["low", "value", "high"]])
    return None if math.isnan(value) else (low, value, high)


# --- what is chosen ---------------------------------------------------------------------------------


@given(choices(), shapes())
@settings(max_examples=15)
def test_the_chosen_are_those_that_a_loop_keeps(query: Query, shape: Shape | None) -> None:
    found, expected = chosen(query, shape), naive.chosen(query, shape)
    assert dict(zip(found.ids, found.frame["state"], strict=True)) == expected
    assert list(found.ids[found.live]) == naive.live(query, shape)


@given(choices(), naive.circles())
@settings(max_examples=10)
def test_a_shape_holds_what_its_report_holds(query: Query, shape: Shape) -> None:
    found, told = chosen(query, shape), report(embedded(), shape, query)
    assert set(found.ids) == {id_ for layer, id_, _ in told.records if layer == "projects"}
    finding = told.finding("projects")
    assert found.unsure == (finding.unsure if finding else 0)


def test_without_a_shape_nothing_is_unsure() -> None:
    assert chosen(Query()).unsure == 0
    assert chosen(Query(), Shape("circle", ((85.0, 56.5),), 20_000.0)).unsure > 0


def test_a_shape_that_crosses_itself_is_refused() -> None:
    with pytest.raises(ShapeError):
        chosen(Query(), Shape.parse(naive.CROSSED))


def test_what_is_given_up_is_left_out_of_sums_unless_a_status_is_asked_for() -> None:
    lost = [id_ for id_, row in naive.projects().items() if row["status"] in naive.GIVEN_UP]
    assert lost
    everything = chosen(Query())
    assert set(lost) <= set(everything.ids)
    assert not set(lost) & set(everything.ids[everything.live])
    asked = chosen(asking(status="postponed;cancelled"))
    assert sorted(asked.ids) == sorted(lost)
    assert asked.live.all()
    assert asked.total("cost_mln_rub").value == pytest.approx(
        math.fsum(naive.figure("cost_mln_rub")[id_][1] for id_ in lost if id_ in naive.figure("cost_mln_rub"))
    )


def test_the_same_choice_is_made_once() -> None:
    assert chosen(Query(year=2015)) is chosen(Query(year=2015))
    assert programme(embedded()) is programme(embedded())


# --- figures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", [*QUANTITIES, *STATED])
def test_every_figure_spans_all_that_is_said_of_it(quantity: str) -> None:
    frame, expected = held().figure(quantity), naive.figure(quantity)
    assert list(frame.index) == list(naive.projects())
    for id_ in naive.projects():
        assert as_tuple(frame, id_) == expected.get(id_), id_
    assert expected or quantity == "patents", "nobody says anything: this test rests on nothing"


def test_how_many_statements_a_figure_rests_on() -> None:
    said = held().figure("cost_mln_rub")["said"].to_dict()
    for id_, row in naive.projects().items():
        more = [f for f in naive.rows("figures") if (f["project"], f["quantity"]) == (id_, "cost_mln_rub")]
        assert said[id_] == len(more) + bool(row["cost_mln_rub"])


@given(choices(), shapes(), st.sampled_from([*QUANTITIES, *STATED]))
@settings(max_examples=15)
def test_a_total_is_the_sum_of_its_records(query: Query, shape: Shape | None, quantity: str) -> None:
    ids, found = naive.counted(quantity, query, shape), chosen(query, shape)
    assert list(found.ids[found.counted(quantity)]) == ids
    total = found.total(quantity)
    assert (total.value, total.low, total.high, total.known, total.unknown) == pytest.approx(
        naive.total(quantity, ids)
    )
    assert total.low <= total.value <= total.high
    assert total.disputed == (total.low < total.high)


@given(choices(), shapes())
@settings(max_examples=15)
def test_totals_by_any_column_add_up_to_the_same(query: Query, shape: Shape | None) -> None:
    found = chosen(query, shape)
    for quantity in ("cost_mln_rub", "jobs"):
        whole, ids = found.total(quantity), naive.counted(quantity, query, shape)
        for column in GROUPS:
            groups = found.totals_by(column, quantity)
            assert set(groups) == {naive.projects()[id_][column] for id_ in ids}
            for value, part in groups.items():
                own = [id_ for id_ in ids if naive.projects()[id_][column] == value]
                expected = naive.total(quantity, own)
                assert (part.value, part.low, part.high, part.known, part.unknown) == pytest.approx(expected)
            for name in ("value", "low", "high", "known", "unknown"):
                summed = math.fsum(getattr(part, name) for part in groups.values())
                assert summed == pytest.approx(getattr(whole, name)), (column, name)


def test_a_part_is_not_counted_beside_its_whole() -> None:
    found = chosen(Query())
    whole, part = "asino-timber-complex", "asino-mdf-plant"
    assert {whole, part} <= set(naive.figure("cost_mln_rub"))
    counted = set(found.ids[found.counted("cost_mln_rub")])
    assert whole in counted
    assert part not in counted
    built = chosen(asking(status="built"))
    assert whole not in built.ids
    assert part in set(built.ids[built.counted("cost_mln_rub")])


def test_what_nobody_says_is_unknown_and_never_zero() -> None:
    frame = held().figure("jobs")
    silent = [id_ for id_ in naive.projects() if id_ not in naive.figure("jobs")]
    assert silent
    assert frame.loc[silent, ["low", "value", "high"]].isna().all(axis=None)
    assert chosen(Query()).total("jobs").unknown > 0


# --- money and time ---------------------------------------------------------------------------------


def as_flows(frame: pd.DataFrame) -> naive.Flow:
    keys = zip(frame["project"], frame["money_source"], strict=True)
    return dict(zip(keys, frame["amount_mln_rub"].astype(float), strict=True))


@given(choices(), shapes())
@settings(max_examples=15)
def test_flows_are_those_of_the_files(query: Query, shape: Shape | None) -> None:
    ids, found = naive.counted("cost_mln_rub", query, shape), chosen(query, shape)
    flows = found.flows
    assert not flows.duplicated(["project", "money_source"]).any()
    assert as_flows(flows) == pytest.approx(naive.flows(ids))


@given(choices(), shapes())
@settings(max_examples=15)
def test_flows_by_park_and_by_source_add_up_to_the_same(query: Query, shape: Shape | None) -> None:
    found = chosen(query, shape)
    flows = found.flows.assign(park=[naive.park(id_) for id_ in found.flows["project"]])
    whole = float(flows["amount_mln_rub"].sum())
    for column in ("park", "money_source"):
        assert float(flows.groupby(column)["amount_mln_rub"].sum().sum()) == pytest.approx(whole)
    cost, named = naive.figure("cost_mln_rub"), naive.flows(naive.counted("cost_mln_rub", query, shape))
    expected = 0.0
    for id_ in naive.counted("cost_mln_rub", query, shape):
        paid = math.fsum(v for (project, s), v in named.items() if project == id_ and s != naive.UNNAMED)
        expected += max(paid, cost[id_][1]) if id_ in cost else paid
    assert whole == pytest.approx(expected)


@given(choices(), shapes())
@settings(max_examples=15)
def test_what_is_spent(query: Query, shape: Shape | None) -> None:
    found, expected = chosen(query, shape).spent, naive.spent(query, shape)
    assert list(found.index) == list(expected)
    assert found.dropna().to_dict() == pytest.approx(naive.known(expected))


@given(choices(), shapes())
@settings(max_examples=10)
def test_the_year_of_what_is_spent(query: Query, shape: Shape | None) -> None:
    found = chosen(query, shape).year_spent
    assert {id_: None if pd.isna(year) else int(year) for id_, year in found.items()} == {
        id_: naive.year_spent(id_) for id_ in naive.chosen(query, shape)
    }


def test_in_a_year_only_what_is_known_by_it_is_spent() -> None:
    now = chosen(Query()).spent.dropna()
    years = {id_: naive.year_spent(id_) for id_ in now.index}
    middle = sorted(year for year in years.values() if year is not None)[len(years) // 2]
    then = chosen(Query(year=middle)).spent
    told = {id_ for id_ in then.dropna().index if id_ in years}
    assert told
    assert all((naive.year_spent(str(id_)) or 9999) <= middle for id_ in then.dropna().index)
    later = {id_ for id_, year in years.items() if year is not None and year > middle}
    assert later & set(then.index), "what is known only later is there, and unknown"
    assert then[sorted(later & set(then.index))].isna().all()


def test_slips_are_those_of_the_events() -> None:
    slips = held().slips(naive.DAY)
    assert slips is held().slips(naive.DAY), "counted once a day"
    for id_ in naive.projects():
        promised, outcome, done = naive.completion(id_)
        if promised is None and outcome is None:
            assert id_ not in slips.index
            continue
        row = slips.loc[id_]
        told = tuple(None if pd.isna(row[name]) else row[name] for name in ("promised", "outcome"))
        assert (*told, bool(row["done"])) == (promised, outcome, done), id_
        assert bool(row["lapsed"]) == naive.lapsed(id_), id_
        expected = naive.slip(id_)
        assert (None if pd.isna(row["slip"]) else row["slip"]) == (
            expected if expected is None else pytest.approx(expected)
        ), id_
    assert slips["slip"].gt(0).any()
    assert slips["lapsed"].any()
    assert slips.loc[slips["lapsed"], "slip"].isna().all()


@given(st.dates(date(2008, 1, 1), date(2032, 12, 31)).map(str))
@settings(max_examples=20)
def test_what_has_lapsed_depends_on_the_day(day: str) -> None:
    slips = held().slips(day)
    assert {id_ for id_ in slips.index if slips.at[id_, "lapsed"]} == {
        id_ for id_ in naive.projects() if naive.lapsed(id_, day)
    }
    known = {id_ for id_ in slips.index if not math.isnan(slips.at[id_, "slip"])}
    assert known == {id_ for id_ in naive.projects() if naive.slip(id_, day) is not None}


def test_today_is_a_day_in_tomsk() -> None:
    tomsk = timezone(timedelta(hours=7))
    before = datetime.now(tomsk).date().isoformat()
    assert before <= today() <= datetime.now(tomsk).date().isoformat()


# --- registers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("register", ["events", "figures", "money", "measures", "issues"])
def test_the_records_of_a_project_are_all_that_name_it(register: str) -> None:
    column = "project" if "project" in naive.rows(register)[0] else "projects"
    named = 0
    for id_ in naive.projects():
        expected = [row["id"] for row in naive.rows(register) if id_ in naive.parts(row[column])]
        assert [row["id"] for row in held().of(register, id_)] == expected
        named += len(expected)
    assert named


def test_statements_come_the_latest_first(store: EmbeddedStore) -> None:
    for statement in {row["statement"] for row in naive.rows("statements")}:
        found = programme(store).stated(statement)
        assert sorted(found["id"]) == sorted(row["id"] for row in naive.stated(statement))
        assert list(found["as_of"]) == sorted(found["as_of"], reverse=True)
    assert programme(store).stated("unheard").empty
