"""Measures of accessibility: by hand, and what must hold whatever the times and the weights."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import (
    Gain,
    belts,
    cumulative,
    detour_index,
    gain,
    gravity,
    nearest,
    saved,
    two_step,
    weighted_quantiles,
)

INF, NAN = math.inf, math.nan
TIMES = np.array([[0.0, 10, 30], [10, 20, INF], [INF, INF, INF]])
"""From three places to three others; nothing leads out of the last place."""
MINUTES = st.one_of(st.integers(0, 60), st.just(INF))
WEIGHTS = st.one_of(st.integers(0, 1000), st.just(NAN))
LIMITS = st.integers(0, 70)


def column(draw: st.DrawFn, values: st.SearchStrategy[Any], size: int) -> Any:
    return np.array(draw(st.lists(values, min_size=size, max_size=size)), float)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Minutes (s, t), the weights of the s places and those of the t places; either may be none."""
    s, t = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    return column(draw, MINUTES, s * t).reshape(s, t), column(draw, WEIGHTS, s), column(draw, WEIGHTS, t)


# --- what is within reach ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "total", "unknown"),
    [(0, [100, 0, 0], [0, 0, 0]), (10, [100, 100, 0], [1, 0, 0]), (30, [107, 100, 0], [1, 1, 0])],
    ids=["at the door", "ten minutes", "half an hour"],
)
def test_all_that_is_at_most_so_far_adds_up(limit: float, total: list[float], unknown: list[int]) -> None:
    # 100 and 7 of something, the second place offers nobody knows how much; the limit itself counts.
    found = cumulative(TIMES, np.array([100, NAN, 7]), limit)
    assert found.total.tolist() == total
    assert found.unknown.tolist() == unknown


def test_what_is_infinitely_far_is_in_no_reach_and_weighs_nothing() -> None:
    found = cumulative(np.array([[INF, 5.0]]), np.array([100.0, INF]), 60)
    # A weight that is infinite is no known weight.
    assert (found.total.tolist(), found.unknown.tolist()) == ([0], [1])


def test_a_weight_is_halved_by_every_so_many_minutes() -> None:
    # Halved each 10 minutes: 80 at once, 40 after 10, 20 after 20, 10 after 30.
    found = gravity(TIMES, np.array([80.0, 80, 80]), 10)
    assert found.total.tolist() == [80 + 40 + 10, 40 + 20 + 0, 0]
    # Of unknown weight is all that can be reached at all.
    found = gravity(TIMES, np.array([80, NAN, NAN]), 10)
    assert found.total.tolist() == [80, 40, 0]
    assert found.unknown.tolist() == [2, 1, 0]


@given(cases(), LIMITS, LIMITS)
def test_more_time_never_reaches_less(case: tuple[Any, Any, Any], one: int, other: int) -> None:
    minutes, _, weights = case
    near, far = (cumulative(minutes, weights, limit) for limit in sorted((one, other)))
    assert (near.total <= far.total).all()
    assert (near.unknown <= far.unknown).all()
    assert (far.total <= np.nansum(weights)).all()


@given(cases(), st.integers(1, 60), st.integers(1, 60), st.data())
def test_potential_grows_with_patience_and_with_speed(
    case: tuple[Any, Any, Any], one: int, other: int, data: st.DataObject
) -> None:
    minutes, _, weights = case
    hasty, patient = (gravity(minutes, weights, half) for half in sorted((one, other)))
    assert (hasty.total <= patient.total + 1e-9).all()
    faster = gravity(minutes * data.draw(st.sampled_from([0.25, 0.5, 1.0])), weights, one)
    assert (faster.total >= gravity(minutes, weights, one).total - 1e-9).all()
    np.testing.assert_array_equal(hasty.unknown, cumulative(minutes, weights, 1e9).unknown)
    assert (patient.total <= cumulative(minutes, weights, 1e9).total + 1e-9).all()


@given(cases(), LIMITS)
def test_known_and_unknown_together_are_all_that_is_near(case: tuple[Any, Any, Any], limit: int) -> None:
    minutes, _, weights = case
    found = cumulative(minutes, np.where(np.isnan(weights), NAN, 1.0), limit)
    np.testing.assert_array_equal(found.total + found.unknown, (minutes <= limit).sum(axis=1))


# --- supply that is shared --------------------------------------------------------------------------------


def test_beds_are_shared_by_all_who_reach_them() -> None:
    # Hospital A (30 beds) is reached by 1000 + 2000 people: 0.01 a person. Hospital B (40 beds) by the
    # 2000 alone: 0.02. Hospital C (5 beds) by nobody. The third village reaches neither.
    minutes = np.array([[10.0, 60, INF], [20, 15, INF], [90, 90, INF]])
    found = two_step(minutes, np.array([1000.0, 2000, 500]), np.array([30.0, 40, 5]), 30)
    assert found == pytest.approx([0.01, 0.03, 0.0])


def test_unknown_people_and_beds_take_no_part() -> None:
    minutes = np.array([[10.0, 10], [10, 10]])
    # 100 known people share 5 known beds; whose number is unknown is served alike.
    assert two_step(minutes, np.array([100, NAN]), np.array([5, NAN]), 30).tolist() == [0.05, 0.05]
    assert two_step(minutes, np.array([NAN, NAN]), np.array([5.0, 5]), 30).tolist() == [0, 0]
    assert two_step(minutes, np.array([0.0, 0]), np.array([5.0, 5]), 30).tolist() == [0, 0]


@given(cases(), LIMITS)
def test_all_shares_together_are_the_supply_that_is_reached(case: tuple[Any, Any, Any], limit: int) -> None:
    minutes, people, supply = case
    share = two_step(minutes, people, supply, limit)
    assert share.shape == people.shape
    assert np.isfinite(share).all()
    near = minutes <= limit
    reached = (near & (np.nan_to_num(people) > 0)[:, None]).any(axis=0)
    assert (np.nan_to_num(people) * share).sum() == pytest.approx(np.nansum(supply[reached]))
    assert (share[~near.any(axis=1)] == 0).all()


@given(cases(), LIMITS, st.integers(1, 9))
def test_more_beds_serve_more_and_more_people_less(
    case: tuple[Any, Any, Any], limit: int, times: int
) -> None:
    minutes, people, supply = case
    share = two_step(minutes, people, supply, limit)
    np.testing.assert_allclose(two_step(minutes, people, supply * times, limit), share * times)
    np.testing.assert_allclose(two_step(minutes, people * times, supply, limit), share / times)


# --- the nearest ------------------------------------------------------------------------------------------


def test_the_nearest_is_named_and_of_equals_the_first() -> None:
    minutes, which = nearest(np.array([[5.0, 3, 9], [INF, INF, 2], [INF] * 3, [4, 4, 4]]))
    assert minutes.tolist() == [3, 2, INF, 4]
    assert which.tolist() == [1, 2, -1, 0]


@given(cases())
def test_nothing_is_nearer_than_the_nearest(case: tuple[Any, Any, Any]) -> None:
    minutes, which = nearest(case[0])
    np.testing.assert_array_equal(minutes, case[0].min(axis=1, initial=INF))
    np.testing.assert_array_equal(which >= 0, np.isfinite(minutes))
    for row in np.flatnonzero(which >= 0):
        assert case[0][row, which[row]] == minutes[row]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)], ids=str)
def test_of_nobody_or_nothing_nothing_is_reached(shape: tuple[int, int]) -> None:
    minutes, (s, t) = np.empty(shape), shape
    for found in (cumulative(minutes, np.ones(t), 30), gravity(minutes, np.ones(t), 30)):
        assert found.total.tolist() == [0] * s
        assert found.unknown.tolist() == [0] * s
    assert two_step(minutes, np.ones(s), np.ones(t), 30).tolist() == [0] * s
    found, which = nearest(minutes)
    assert found.tolist() == [INF] * s
    assert which.tolist() == [-1] * s


# --- detours and belts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "straight", "index"),
    [(15, 10, 1.5), (10, 10, 1), (INF, 10, NAN), (0, 0, NAN), (3, 0, NAN), (NAN, 10, NAN), (10, NAN, NAN)],
    ids=["half as long again", "straight", "no way", "the same place", "off it", "unknown", "unknown line"],
)
def test_a_detour_is_told_where_there_is_one(network: float, straight: float, index: float) -> None:
    found = detour_index(np.array([[network]]), np.array([[straight]]))
    assert found.shape == (1, 1)
    np.testing.assert_array_equal(found, [[index]])


def test_a_belt_ends_at_its_limit() -> None:
    minutes = np.array([0, 15, 15.01, 30, 60, 60.5, INF])
    assert belts(minutes, (15, 30, 60)).tolist() == [0, 0, 1, 1, 2, 3, 3]
    assert belts(minutes, ()).tolist() == [0] * 7
    assert belts(np.empty(0), (15,)).tolist() == []


@given(st.lists(MINUTES, max_size=8), st.lists(LIMITS, max_size=4, unique=True).map(sorted))
def test_a_belt_is_the_number_of_limits_passed(minutes: list[float], limits: list[int]) -> None:
    right = [sum(limit < value for limit in limits) for value in minutes]
    assert belts(np.array(minutes, float), tuple(limits)).tolist() == right


# --- before and after -------------------------------------------------------------------------------------


def test_who_comes_within_the_limit_and_who_falls_out() -> None:
    # One stays within, one comes in, one from nowhere, one falls out, one stays out; two of unknown number
    # move, the third does not.
    before = np.array([10, 45, INF, 20, 90, 40, 20, 10])
    after = np.array([12, 30, 30, 31, 80, 20, INF, 10])
    people = np.array([1000, 200, 30, 4, 5, NAN, NAN, NAN])
    found = gain(before, after, people, 30)
    assert found == Gain(limit=30, before=1004, after=1230, came=230, fell_out=4, unknown=2)
    assert found.net == 226


@st.composite
def changes(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """Minutes before and after, and people."""
    size = draw(st.integers(0, 8))
    return tuple(column(draw, values, size) for values in (MINUTES, MINUTES, WEIGHTS))  # type: ignore[return-value]


@given(changes(), LIMITS)
def test_the_net_gain_is_after_less_before(case: tuple[Any, Any, Any], limit: int) -> None:
    before, after, people = case
    found, back = gain(before, after, people, limit), gain(after, before, people, limit)
    assert found.net == found.after - found.before == -back.net
    assert (found.came, found.fell_out, found.unknown) == (back.fell_out, back.came, back.unknown)
    assert found.before == cumulative(before[None, :], people, limit).total[0]
    assert min(found.came, found.fell_out, found.unknown) >= 0
    better = gain(before, np.minimum(before, after), people, limit)
    assert better.fell_out == 0


def test_minutes_are_saved_where_there_was_and_is_a_way() -> None:
    before, after = np.array([30.0, 10, INF, 5, INF, 7]), np.array([20.0, 12, 8, INF, INF, 7])
    np.testing.assert_array_equal(saved(before, after), [10, -2, NAN, NAN, NAN, 0])
    np.testing.assert_array_equal(saved(before[:, None], after[:, None])[:, 0], saved(before, after))
    assert saved(np.empty(0), np.empty(0)).tolist() == []


@given(changes())
def test_what_is_saved_one_way_is_lost_the_other(case: tuple[Any, Any, Any]) -> None:
    before, after, _ = case
    np.testing.assert_array_equal(saved(before, after), -saved(after, before))


# --- quantiles --------------------------------------------------------------------------------------------


def test_quantiles_of_people() -> None:
    # 10 live 5 minutes away, 30 live 10 away, 60 live 40 away: sums of 10, 40, 100.
    values, weights = np.array([40.0, 5, 10]), np.array([60.0, 10, 30])
    shares = (0.0, 0.1, 0.11, 0.4, 0.5, 1.0)
    assert weighted_quantiles(values, weights, shares).tolist() == [5, 5, 10, 10, 40, 40]


def test_quantiles_leave_out_what_is_unknown() -> None:
    values, weights = np.array([1, NAN, 3, 4, INF]), np.array([1, 9, NAN, 1, 9])
    assert weighted_quantiles(values, weights, (0.5, 1.0)).tolist() == [1, 4]


@pytest.mark.parametrize(
    ("values", "weights"),
    [([], []), ([NAN], [1]), ([1], [NAN]), ([1], [0]), ([INF], [1])],
    ids=["none", "unknown", "unknown weight", "no weight", "no way"],
)
def test_nothing_known_has_no_quantiles(values: list[float], weights: list[float]) -> None:
    found = weighted_quantiles(np.array(values, float), np.array(weights, float), (0.1, 0.9))
    np.testing.assert_array_equal(found, [NAN, NAN])


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), min_size=1, max_size=8), st.data())
def test_quantiles_are_those_of_everybody_one_by_one(
    groups: list[tuple[int, int]], data: st.DataObject
) -> None:
    values, weights = np.array(groups, float).T
    people = sorted(value for value, count in groups for _ in range(count))
    number = data.draw(st.integers(1, len(people)))
    # A share just short of that person's, so that rounding does not decide.
    share = (number - 0.5) / len(people)
    assert weighted_quantiles(values, weights, (share,)).tolist() == [people[number - 1]]
    found = weighted_quantiles(values, weights, (0.1, 0.25, 0.5, 0.75, 0.9))
    assert (np.diff(found) >= 0).all()
    assert set(found) <= set(people)
