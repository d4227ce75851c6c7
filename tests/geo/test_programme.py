"""Indicators of a programme: unknown is never zero, parts never count twice, nothing is lost or made up."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.programme import (
    STANDINGS,
    UNNAMED,
    as_year,
    bounds,
    counted,
    flows,
    gaps,
    slips,
    spent,
    standing,
    total,
    totals_by,
)

NAN = math.nan
SUMS = st.integers(0, 1000)

# --- intervals --------------------------------------------------------------------------------------------


def stated(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    """Further statements: project, value, upper end of a range, as of."""
    frame = pd.DataFrame(rows, columns=["project", "value", "value_high", "as_of"])
    return frame.astype({"value": float, "value_high": float})


def interval(recorded: float, *rows: tuple[float, float, str]) -> list[float]:
    """`low`, `value`, `high` and `said` of one project beside another of which all is known."""
    frame = bounds(
        pd.Series({"a": recorded, "z": 1.0}), stated(("z", 1, NAN, "2030"), *(("a", *row) for row in rows))
    )
    return frame.loc["a", ["low", "value", "high", "said"]].tolist()


@pytest.mark.parametrize(
    ("recorded", "rows", "expected"),
    [
        (10, [], [10, 10, 10, 1]),
        (10, [(10, NAN, "2020")], [10, 10, 10, 2]),
        (10, [(8, NAN, "2020")], [8, 10, 10, 2]),
        (10, [(12, NAN, "2020")], [10, 10, 12, 2]),
        (10, [(20, 30, "2020")], [10, 10, 30, 2]),
        (10, [(5, 30, "2020"), (8, NAN, "2021")], [5, 10, 30, 3]),
        (NAN, [(8, NAN, "2020")], [8, 8, 8, 1]),
        (NAN, [(5, 9, "2020")], [5, 5, 9, 1]),
        (NAN, [(5, NAN, "2021-02"), (7, NAN, "2021-03"), (9, NAN, "2021")], [5, 7, 9, 3]),
        (0, [(8, NAN, "2020")], [0, 0, 8, 2]),
        (NAN, [(0, NAN, "2020")], [0, 0, 0, 1]),
        (NAN, [], [NAN, NAN, NAN, 0]),
    ],
)
def test_a_figure_spans_all_that_is_said_of_it(
    recorded: float, rows: list[tuple[float, float, str]], expected: list[float]
) -> None:
    assert interval(recorded, *rows) == pytest.approx(expected, nan_ok=True)


def test_statements_of_other_projects_are_left_out() -> None:
    frame = bounds(pd.Series({"b": 2.0, "a": NAN}), stated(("else", 5, NAN, "2020")))
    assert frame.index.tolist() == ["b", "a"]
    assert frame["said"].tolist() == [1, 0]
    assert frame.loc["a", ["low", "value", "high"]].isna().all()


def test_without_statements_the_record_stands_alone() -> None:
    frame = bounds(pd.Series({"a": 3.0, "b": NAN}), stated())
    assert frame[["low", "value", "high"]].loc["a"].tolist() == [3, 3, 3]
    assert frame[["low", "value", "high"]].loc["b"].isna().all()


STATEMENTS = st.lists(
    st.tuples(
        st.sampled_from("abcx"), SUMS, st.none() | st.integers(0, 100), st.integers(2000, 2030)
    ).map(lambda s: (s[0], s[1], NAN if s[2] is None else s[1] + s[2], str(s[3]))),
    max_size=8,
    unique_by=lambda s: (s[0], s[3]),
)  # fmt: skip


@given(st.tuples(*[st.none() | SUMS] * 3), STATEMENTS, st.randoms(use_true_random=False))
def test_an_interval_holds_every_statement_in_whatever_order(
    own: tuple[int | None, ...], rows: list[tuple[str, float, float, str]], random: Any
) -> None:
    recorded = pd.Series(own, index=list("abc"), dtype=float)
    frame = bounds(recorded, stated(*rows))
    shuffled = random.sample(rows, len(rows))
    pd.testing.assert_frame_equal(frame, bounds(recorded, stated(*shuffled)))
    for id_, one in zip("abc", own, strict=True):
        of = [row for row in rows if row[0] == id_]
        ends = [v for row in of for v in row[1:3] if not math.isnan(v)] + [one] * (one is not None)
        low, value, high, said = frame.loc[id_, ["low", "value", "high", "said"]]
        assert said == len(of) + (one is not None)
        if not said:
            assert np.isnan([low, value, high]).all()
            continue
        assert (low, high) == (min(ends), max(ends))
        assert value == (max(of, key=lambda row: row[3])[1] if one is None else one)


# --- sums -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "known", "expected"),
    [
        ([None, None, None], [True, True, True], [True, True, True]),
        ([None, "a", "a"], [True, True, True], [True, False, False]),
        ([None, "a", "a"], [True, False, True], [True, False, False]),
        ([None, "a", "a"], [False, True, True], [True, True, True]),
        ([None, "elsewhere", None], [True, True, True], [True, True, True]),
        ([None, NAN, "b"], [True, True, True], [True, True, False]),
    ],
    ids=["no parts", "parts", "part unknown", "whole unknown", "whole not chosen", "nothing is NaN"],
)
def test_a_part_is_not_counted_beside_its_whole(
    whole: Sequence[Any], known: list[bool], expected: list[bool]
) -> None:
    assert counted(["a", "b", "c"], whole, np.array(known)).tolist() == expected


def test_nothing_is_counted_of_nothing() -> None:
    assert counted([], [], np.array([], dtype=bool)).tolist() == []


INTERVALS = st.none() | st.tuples(SUMS, SUMS, SUMS).map(sorted)
RECORDS = st.lists(
    st.tuples(INTERVALS, st.sampled_from(["a", "b", "c", "", None]), st.booleans()), max_size=12
)


def columns(records: Sequence[tuple[Any, str | None, bool]]) -> tuple[pd.DataFrame, pd.Series, Any]:
    """Figures, groups and the mask of records."""
    figures = [[NAN] * 3 if figure is None else figure for figure, _, _ in records]
    return (
        pd.DataFrame(figures, columns=["low", "value", "high"], dtype=float),
        pd.Series([group for _, group, _ in records], dtype=object),
        np.array([kept for _, _, kept in records], dtype=bool),
    )


@given(RECORDS)
def test_unknown_never_counts_as_zero(records: list[tuple[Any, str | None, bool]]) -> None:
    figures, _, mask = columns(records)
    found = total(figures, mask)
    kept = [figure for figure, _, keep in records if keep]
    known = [figure for figure in kept if figure is not None]
    assert (found.known, found.unknown) == (len(known), len(kept) - len(known))
    assert [found.low, found.value, found.high] == [sum(f[end] for f in known) for end in range(3)]
    assert found.low <= found.value <= found.high
    assert found.disputed == any(f[0] < f[2] for f in known)


@given(RECORDS)
def test_groups_add_up_to_the_whole(records: list[tuple[Any, str | None, bool]]) -> None:
    figures, groups, mask = columns(records)
    whole, parts = total(figures, mask), totals_by(figures, groups, mask)
    assert set(parts) == {group or "" for _, group, kept in records if kept}
    for name in ("value", "low", "high", "known", "unknown"):
        assert sum(getattr(part, name) for part in parts.values()) == getattr(whole, name)


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(
    records: list[tuple[Any, str | None, bool]], random: Any
) -> None:
    shuffled = random.sample(records, len(records))
    for one, other in zip(*map(_sums, (records, shuffled)), strict=True):
        assert one == other


def _sums(records: Sequence[tuple[Any, str | None, bool]]) -> tuple[Any, Any]:
    figures, groups, mask = columns(records)
    return total(figures, mask), totals_by(figures, groups, mask)


# --- money ------------------------------------------------------------------------------------------------

PROJECTS = ["a", "b", "c"]
COST = pd.Series({"a": 100.0, "b": NAN, "c": 50.0})
ALL = np.ones(3, dtype=bool)


def money(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """Sums: project, source of money, basis, amount."""
    frame = pd.DataFrame(rows, columns=["project", "money_source", "basis", "amount_mln_rub"])
    return frame.astype({"amount_mln_rub": float})


def paid(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Amounts by project and source, each named once."""
    keys = list(zip(frame["project"], frame["money_source"], strict=True))
    assert len(keys) == len(set(keys))
    return dict(zip(keys, frame["amount_mln_rub"], strict=True))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], {("a", UNNAMED): 100, ("c", UNNAMED): 50}),
        (
            [("a", "x", "plan", 30)],
            {("a", "x"): 30, ("a", UNNAMED): 70, ("c", UNNAMED): 50},
        ),
        (
            [("a", "x", "actual", 90), ("a", "x", "plan", 30)],
            {("a", "x"): 30, ("a", UNNAMED): 70, ("c", UNNAMED): 50},
        ),
        (
            [("a", "x", "plan", 30), ("a", "x", "plan", 20), ("a", "y", "actual", 5)],
            {("a", "x"): 50, ("a", "y"): 5, ("a", UNNAMED): 45, ("c", UNNAMED): 50},
        ),
        (
            [("b", "x", "actual", 7), ("c", "x", "plan", 80)],
            {("b", "x"): 7, ("c", "x"): 80, ("a", UNNAMED): 100},
        ),
        (
            [("a", "x", "plan", 100), ("else", "x", "plan", 9)],
            {("a", "x"): 100, ("c", UNNAMED): 50},
        ),
        (
            [("a", "x", "target", 40), ("b", "x", "target", 40)],
            {("a", UNNAMED): 100, ("c", UNNAMED): 50},
        ),
    ],
    ids=[
        "nothing named",
        "a rest",
        "plan first",
        "sources and years",
        "no cost or less",
        "others",
        "targets",
    ],
)
def test_who_pays(rows: list[tuple[str, str, str, float]], expected: dict[tuple[str, str], float]) -> None:
    assert paid(flows(money(*rows), COST, ALL)) == expected


def test_no_money_flows_to_what_is_not_kept() -> None:
    rows = money(("a", "x", "plan", 30), ("c", "x", "plan", 10))
    assert paid(flows(rows, COST, np.array([False, True, True]))) == {("c", "x"): 10, ("c", UNNAMED): 40}
    assert paid(flows(rows, COST, ~ALL)) == {}


@given(
    st.tuples(*[st.none() | SUMS] * 3),
    st.tuples(*[st.booleans()] * 3),
    st.lists(
        st.tuples(
            st.sampled_from([*PROJECTS, "else"]), st.sampled_from("xy"), st.sampled_from(["plan", "actual"]),
            st.integers(0, 600),
        ),
        max_size=10,
    ),
)  # fmt: skip
def test_flows_make_up_the_cost_or_all_that_is_named(
    costs: tuple[int | None, ...], kept: tuple[bool, ...], rows: list[tuple[str, str, str, float]]
) -> None:
    found = flows(money(*rows), pd.Series(costs, index=PROJECTS, dtype=float), np.array(kept))
    assert (found["amount_mln_rub"] >= 0).all()
    assert set(found["project"]) <= {id_ for id_, keep in zip(PROJECTS, kept, strict=True) if keep}
    amounts = paid(found)
    for id_, cost, keep in zip(PROJECTS, costs, kept, strict=True):
        if not keep:
            continue
        by_basis = {
            (source, basis): sum(row[3] for row in rows if row[:3] == (id_, source, basis))
            for _, source, basis, _ in (row for row in rows if row[0] == id_)
        }
        named = {s: by_basis.get((s, "plan"), by_basis.get((s, "actual"))) for s, _ in by_basis}
        assert {s: amount for (p, s), amount in amounts.items() if p == id_ and s != UNNAMED} == named
        whole = sum(amount for (project, _), amount in amounts.items() if project == id_)
        assert whole == max(cost or 0, sum(named.values()))
        assert ((id_, UNNAMED) in amounts) == (cost is not None and cost > sum(named.values()))


def test_spent_is_what_was_invested_or_what_was_built() -> None:
    cost, invested = pd.Series([10.0, 10, 10, NAN, 10]), pd.Series([4.0, NAN, NAN, NAN, 0])
    built = np.array([True, True, False, True, True])
    assert spent(cost, invested, built).tolist() == pytest.approx([4, 10, NAN, NAN, 0], nan_ok=True)


# --- time -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "year"),
    [("2025", 2025), ("2025-01", 2025), ("2025-07-31", 2025.5), ("2025-09", 2025 + 2 / 3)],
)
def test_a_date_in_years(date: str, year: float) -> None:
    assert as_year(date) == pytest.approx(year)


def events(*rows: tuple[str, str, str, str, str]) -> pd.DataFrame:
    """Events: project, status, date, basis, as of."""
    return pd.DataFrame(rows, columns=["project", "status", "date", "basis", "as_of"], dtype=object)


@pytest.mark.parametrize(
    ("promised", "fact", "slip"),
    [
        ("2020", "2020", 0),
        ("2020", "2023", 3),
        ("2020-12", "2021", 1),
        ("2020", "2021-12-31", 1),
        ("2020-03", "2021-06", 1.25),
        ("2020-11-30", "2021-01", 1 / 6),
        ("2020-06", "2019-12", -0.5),
    ],
)
def test_slip_to_the_month_where_both_dates_give_it(promised: str, fact: str, slip: float) -> None:
    told = events(("a", "built", promised, "plan", "2015"), ("a", "built", fact, "actual", "2024"))
    found = slips(told, "2024-06-15")
    assert found.loc["a", ["promised", "outcome", "done", "lapsed"]].tolist() == [promised, fact, True, False]
    assert found.at["a", "slip"] == pytest.approx(slip)


HISTORY = [
    ("a", "built", "2020", "plan", "2012"),
    ("a", "built", "2023", "plan", "2015-02"),
    ("a", "built", "2022", "plan", "2015-03"),
    ("a", "planned", "2009", "plan", "2008"),
    ("a", "under_way", "2011", "actual", "2014"),
    ("b", "built", "2018", "plan", "2016"),
    ("b", "built", "2030", "plan", "2017"),
    ("b", "built", "2019", "actual", "2020"),
    ("c", "built", "2019", "actual", "2020"),
    ("d", "under_way", "2019", "actual", "2020"),
]


@given(st.permutations(HISTORY))
def test_the_first_promise_against_the_fact_or_the_last_promise(
    rows: list[tuple[str, str, str, str, str]],
) -> None:
    found = slips(events(*rows), "2022-12-31")
    assert found.index.tolist() == ["a", "b", "c"]
    assert found["promised"].tolist()[:2] == ["2020", "2018"]
    assert pd.isna(found.at["c", "promised"])
    assert found["outcome"].tolist() == ["2022", "2019", "2019"]
    assert found["done"].tolist() == [False, True, True]
    assert found["lapsed"].tolist() == [False, False, False]
    assert found["slip"].tolist() == pytest.approx([2, 1, NAN], nan_ok=True)
    later = slips(events(*rows), "2023-01-01")
    assert later["lapsed"].tolist() == [True, False, False]
    assert later["slip"].tolist() == pytest.approx([NAN, 1, NAN], nan_ok=True)
    rest = ["promised", "outcome", "done"]
    pd.testing.assert_frame_equal(later[rest], found[rest])


@pytest.mark.parametrize(
    ("announced", "last", "after"),
    [
        ("2016", "2016-12-31", "2017-01-01"),
        ("2016-02", "2016-02-29", "2016-03-01"),
        ("2016-09", "2016-09-30", "2016-10-01"),
        ("2016-08-20", "2016-08-20", "2016-08-21"),
    ],
)
def test_a_completion_lapses_the_day_after_its_date(announced: str, last: str, after: str) -> None:
    rows = [("a", "built", "2015", "plan", "2012"), ("a", "built", announced, "plan", "2014")]
    before, past = (slips(events(*rows), day).loc["a"] for day in (last, after))
    assert (before["lapsed"], before["slip"]) == (False, 1)
    assert past["lapsed"]
    assert math.isnan(past["slip"])
    assert (past["promised"], past["outcome"], past["done"]) == ("2015", announced, False)
    done = slips(events(*rows, ("a", "built", "2016", "actual", "2018")), after).loc["a"]
    assert (done["lapsed"], done["slip"]) == (False, 1), "what is done does not lapse"


@pytest.mark.parametrize("rows", [[], HISTORY[3:5]], ids=["none", "no completion"])
def test_without_completions_there_is_no_slip(rows: list[tuple[str, str, str, str, str]]) -> None:
    found = slips(events(*rows), "2026-11-23")
    assert len(found) == 0
    assert sorted(found.columns) == ["done", "lapsed", "outcome", "promised", "slip"]


# --- measures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "due", "known_on", "expected"),
    [
        ("implemented", "2016", "2012", "implemented"),
        ("implemented", None, None, "implemented"),
        ("postponed", "2016", "2019", "postponed"),
        ("under_way", "2016", "2019", "overdue"),
        ("planned", "2016-12", "2017-01", "overdue"),
        ("under_way", "2016-12-31", "2017-01-01", "overdue"),
        ("under_way", "2016-08", "2016-09-01", "overdue"),
        ("under_way", "2016", "2012-06", "unreported"),
        ("under_way", "2016-08", "2016", "unreported"),
        ("under_way", "2016-08-31", "2016-08", "unreported"),
        ("under_way", "2016-08-31", "2016-08-31", "unreported"),
        ("planned", "2016", None, "unreported"),
        (None, "2016", "2019", "unreported"),
        (None, "2016", None, "unreported"),
        ("under_way", "2027", "2019", "under_way"),
        ("planned", "2027-12", None, "planned"),
        (None, "2027-12-31", "2019", "unknown"),
        ("under_way", None, "2019", "under_way"),
        ("planned", None, None, "planned"),
        (None, None, None, "unknown"),
    ],
)
def test_how_a_measure_stands(
    state: str | None, due: str | None, known_on: str | None, expected: str
) -> None:
    assert standing(state, due, known_on, "2020-06-15") == expected
    assert expected in STANDINGS


@pytest.mark.parametrize(
    ("due", "last", "after"),
    [
        ("2016", "2016-12-31", "2017-01-01"),
        ("2016-02", "2016-02-29", "2016-03-01"),
        ("2016-12", "2016-12-31", "2017-01-01"),
        ("2016-08-30", "2016-08-30", "2016-08-31"),
    ],
)
def test_a_term_lasts_through_its_last_day(due: str, last: str, after: str) -> None:
    assert [standing("planned", due, None, today) for today in (last, after)] == ["planned", "unreported"]


@pytest.mark.parametrize(
    ("due", "known_on"),
    [("2016", "2016-05"), ("2016", "2016-12-31"), ("2016", "2016-01-01"), ("2016-08", "2016-08-15")],
)
def test_what_was_told_within_the_term_is_not_overdue(due: str, known_on: str) -> None:
    assert standing("under_way", due, known_on, "2020-06-15") == "unreported"


DAYS = st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2018-12-31").date()).map(str)
DATES = st.tuples(DAYS, st.sampled_from([4, 7, 10])).map(lambda d: d[0][: d[1]])


@given(
    st.sampled_from([None, "under_way", "planned", "postponed", "implemented"]),
    st.none() | DATES,
    st.none() | DATES,
    DAYS,
)
def test_overdue_is_only_what_was_told_after_the_term(
    state: str | None, due: str | None, known_on: str | None, today: str
) -> None:
    found = standing(state, due, known_on, today)
    assert found in STANDINGS
    assert (found == "overdue") == (
        state in ("under_way", "planned")
        and due is not None
        and known_on is not None
        and pd.Period(due).end_time < pd.Timestamp(today)
        and pd.Period(due).end_time < pd.Period(known_on).start_time
    )


@given(st.lists(st.integers(-3, 40)), st.integers(-1, 30))
def test_gaps_and_numbers_make_up_the_whole(numbers: list[int], last: int) -> None:
    runs = gaps(numbers, last)
    missing = [number for first, end in runs for number in range(first, end + 1)]
    there = [number for number in set(numbers) if 1 <= number <= last]
    assert sorted(missing + there) == list(range(1, last + 1))
    assert all(first <= end for first, end in runs)
    assert all(later[0] > earlier[1] + 1 for earlier, later in pairwise(runs))


def test_gaps_are_runs() -> None:
    assert gaps([2, 5, 5, 9], 10) == [(1, 1), (3, 4), (6, 8), (10, 10)]
    assert gaps([], 3) == [(1, 3)]
    assert gaps([1, 2, 3], 3) == gaps([], 0) == []
