"""The choice of projects: against brute force, and what must hold whatever the figures and the weights."""

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.portfolio import (
    Draws,
    Effects,
    best_set,
    contributions,
    drawn,
    fits_in_order,
    scores,
    shares,
    stability,
    worth_knowing,
)

NAN = math.nan
FIGURES = st.integers(0, 10_000).map(lambda tenths: tenths / 10)
CELLS = st.one_of(
    st.tuples(FIGURES, FIGURES, FIGURES).map(sorted),
    FIGURES.map(lambda figure: [figure] * 3),
    st.tuples(FIGURES, FIGURES).map(sorted).map(lambda ends: [ends[0], NAN, ends[1]]),
    FIGURES.map(lambda low: [low, NAN, NAN]),
    FIGURES.map(lambda high: [NAN, NAN, high]),
    st.just([NAN, NAN, NAN]),
)
"""A figure: disputed, certain, unknown within bounds of its own, or quite unknown."""


def parts(rows: Sequence[Any]) -> list[Any]:
    """`low`, `middle`, `high` of n x k cells."""
    return list(np.moveaxis(np.array(rows, dtype=float), 2, 0))


def effects_of(*columns: Sequence[Sequence[float]]) -> Effects:
    """Effects from the cells of each effect."""
    return Effects.of(*parts(list(zip(*columns, strict=True))))


def certain(figures: Any) -> Effects:
    """Effects that are known for sure."""
    exact = np.array(figures, dtype=float)
    return Effects(exact, exact, exact, np.zeros(exact.shape, dtype=bool))


@st.composite
def tables(draw: st.DrawFn, most: int = 6) -> list[Any]:
    """The `low`, `middle`, `high` of a few projects and effects."""
    n, k = draw(st.integers(1, most)), draw(st.integers(1, 4))
    row = st.lists(CELLS, min_size=k, max_size=k)
    return parts(draw(st.lists(row, min_size=n, max_size=n)))


@st.composite
def weighed(draw: st.DrawFn, most: int = 6) -> tuple[Effects, Any]:
    """Effects and weights, of which one at least is more than zero."""
    effects = Effects.of(*draw(tables(most)))
    k = effects.middle.shape[1]
    weights = draw(st.lists(st.integers(0, 10), min_size=k, max_size=k).filter(any))
    return effects, np.array(weights, dtype=float)


# --- effects ----------------------------------------------------------------------------------------------


@given(tables())
def test_effects_are_shares_with_their_ends_in_order(table: list[Any]) -> None:
    before = [part.copy() for part in table]
    effects = Effects.of(*table)
    for part, copy in zip(table, before, strict=True):
        np.testing.assert_array_equal(part, copy)
    assert (effects.low >= 0).all()
    assert (effects.low <= effects.middle).all()
    assert (effects.middle <= effects.high).all()
    assert (effects.high <= 1).all()
    np.testing.assert_array_equal(effects.unknown, np.isnan(before[1]))


@given(tables())
def test_an_interval_is_ones_own_or_spans_what_is_known(table: list[Any]) -> None:
    effects = Effects.of(*table)
    for column in range(effects.middle.shape[1]):
        low, middle, high = (part[:, column] for part in table)
        if np.isnan(middle).all():
            continue
        known = np.concatenate([part[~np.isnan(part)] for part in (low, middle, high)])
        most = known.max() or 1.0
        for own, got, fill in (
            (low, effects.low, known.min()),
            (high, effects.high, known.max()),
            (middle, effects.middle, None),
        ):
            for stated, share in zip(own, got[:, column], strict=True):
                if not np.isnan(stated):
                    assert share == pytest.approx(stated / most)
                elif fill is not None:
                    assert share == pytest.approx(fill / most)


def test_unknown_spans_all_that_is_known_of_the_others() -> None:
    effects = effects_of([(20, 30, 40), (50, 60, 100), (NAN, NAN, NAN)])
    assert [part[2, 0] for part in (effects.low, effects.middle, effects.high)] == [0.2, 0.45, 1.0]
    assert effects.unknown[:, 0].tolist() == [False, False, True]


def test_bounds_of_ones_own_are_kept_and_the_middle_is_within_them() -> None:
    effects = effects_of([(20, 20, 20), (40, 40, 40), (60, NAN, 80), (NAN, NAN, 10), (90, NAN, NAN)])
    assert effects.high.max() == 1
    for part, expected in (
        (effects.low, [20, 40, 60, 10, 90]),
        (effects.middle, [20, 40, 60, 10, 90]),
        (effects.high, [20, 40, 80, 10, 90]),
    ):
        assert part[:, 0].tolist() == pytest.approx([value / 90 for value in expected])


@pytest.mark.parametrize(
    "column",
    [[(NAN, NAN, NAN)] * 2, [(0, 0, 0)] * 2, [(0, 0, 0), (NAN, NAN, NAN)], [(5, NAN, 9), (NAN, NAN, NAN)]],
    ids=["nobody says", "zeros", "zero and unknown", "bounds alone"],
)
def test_an_effect_known_of_none_is_zero_for_all(column: list[tuple[float, float, float]]) -> None:
    effects = effects_of(column, [(1, 1, 1), (2, 2, 2)])
    for part in (effects.low, effects.middle, effects.high):
        assert part.tolist() == [[0, 0.5], [0, 1]]
    assert effects.unknown[:, 0].tolist() == [math.isnan(cell[1]) for cell in column]


def test_no_projects_have_no_effects() -> None:
    assert Effects.of(*[np.empty((0, 3))] * 3).middle.shape == (0, 3)


# --- scores -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weights", [[0, 0], [1, -1], [2, -1], [NAN, 1], [math.inf, 1], []], ids=str)
def test_weights_that_mean_nothing_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights must not be negative"):
        shares(np.array(weights, dtype=float))


def test_weights_add_up_to_one() -> None:
    assert shares(np.array([1.0, 3, 0])).tolist() == [0.25, 0.75, 0]


@given(weighed(), st.floats(1e-3, 1e3))
def test_only_the_proportion_of_weights_matters(case: tuple[Effects, Any], factor: float) -> None:
    effects, weights = case
    np.testing.assert_allclose(shares(weights * factor), shares(weights))
    one, other = scores(effects, weights), scores(effects, weights * factor)
    for name in ("low", "middle", "high"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name))


@given(weighed())
def test_scores_are_intervals_and_places_are_places(case: tuple[Effects, Any]) -> None:
    found = scores(*case)
    assert (found.low >= 0).all()
    assert (found.low <= found.middle + 1e-12).all()
    assert (found.middle <= found.high + 1e-12).all()
    assert (found.high <= 1 + 1e-12).all()
    assert (found.best_place >= 1).all()
    assert (found.best_place <= found.worst_place).all()
    assert (found.worst_place <= len(found.low)).all()


def places(score: Any, slack: float) -> Any:
    """The place of each project, whatever is within `slack` of it standing behind or, below zero, before."""
    return 1 + (score[None, :] > score[:, None] + slack).sum(axis=1) - (slack < 0)


@given(weighed(most=4), st.integers(0, 2**32 - 1))
def test_every_reachable_place_is_between_the_best_and_the_worst(
    case: tuple[Effects, Any], seed: int
) -> None:
    effects, weights = case
    rng, found, share = np.random.default_rng(seed), scores(effects, weights), shares(weights)
    for _ in range(50):
        # Half of the figures stand at an end of their interval: there the extreme places are.
        at = np.clip(rng.uniform(-0.5, 1.5, effects.low.shape), 0, 1)
        score = (effects.low + at * (effects.high - effects.low)) @ share
        assert (places(score, 1e-9) <= found.worst_place).all()
        assert (places(score, -1e-9) >= found.best_place).all()


@given(weighed(most=5))
def test_the_best_and_the_worst_place_can_be_reached(case: tuple[Effects, Any]) -> None:
    effects, weights = case
    found, share = scores(effects, weights), shares(weights)
    for row in range(len(found.low)):
        own = np.arange(len(found.low))[:, None] == row
        luck, doom = (
            np.where(own, *ends) @ share
            for ends in ((effects.high, effects.low), (effects.low, effects.high))
        )
        assert places(luck, 1e-9)[row] <= found.best_place[row]
        assert places(doom, -1e-9)[row] >= found.worst_place[row]


@given(st.lists(FIGURES, min_size=1, max_size=8), st.integers(2, 9), st.data())
def test_projects_that_are_alike_share_all_places(row: list[float], n: int, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 10), min_size=len(row), max_size=len(row)))
    found = scores(certain([row] * n), np.array(weights, dtype=float))
    assert found.best_place.tolist() == [1] * n
    assert found.worst_place.tolist() == [n] * n


@given(weighed())
def test_contributions_add_up_to_the_score(case: tuple[Effects, Any]) -> None:
    effects, weights = case
    rows = contributions(effects.middle, weights)
    assert rows.shape == effects.middle.shape
    np.testing.assert_allclose(rows.sum(axis=1), scores(effects, weights).middle, atol=1e-12)


# --- worth of knowing -------------------------------------------------------------------------------------


@given(weighed())
def test_only_what_is_unknown_and_weighed_is_worth_knowing(case: tuple[Effects, Any]) -> None:
    effects, weights = case
    worth = worth_knowing(effects, weights)
    assert worth.shape == effects.middle.shape
    assert (worth[~effects.unknown] == 0).all()
    assert (worth[:, weights == 0] == 0).all()
    assert (worth >= 0).all()
    assert (worth <= len(worth) - 1).all()
    found = scores(effects, weights)
    assert (worth <= (found.worst_place - found.best_place)[:, None]).all()


def test_worth_is_the_places_that_a_figure_could_move_its_project() -> None:
    effects = effects_of(
        [(10, 10, 10), (30, 30, 30), (40, 40, 40), (NAN, NAN, NAN), (15, NAN, 35)],
        [(0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0)],
    )
    # The unknown fourth ranges over all from 10 to 40, the fifth from 15 to 35, both typically 30.
    assert worth_knowing(effects, np.array([1.0, 1])).tolist() == [[0, 0], [0, 0], [0, 0], [3, 0], [2, 0]]


# --- the best set -----------------------------------------------------------------------------------------


@st.composite
def purses(draw: st.DrawFn, most: int = 10) -> tuple[Any, Any, float, list[tuple[int, int]]]:
    """Scores, costs (some unknown), a budget and pairs of which one at most may be chosen."""
    n = draw(st.integers(1, most))
    score = draw(st.lists(st.integers(0, 100), min_size=n, max_size=n))
    cost = draw(st.lists(st.none() | st.integers(0, 50), min_size=n, max_size=n))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] != pair[1])
    either = draw(st.lists(pairs, max_size=4)) if n > 1 else []
    budget = draw(st.integers(0, 160))
    return np.array(score) / 100, np.array(cost, dtype=float), float(budget), either


def most_of_all(score: Any, cost: Any, budget: float, either: list[tuple[int, int]]) -> float:
    """The greatest score of all sets within the budget, by trying each."""
    sets = np.array(list(product([False, True], repeat=len(score))))
    allowed = (sets @ np.nan_to_num(cost) <= budget) & ~(sets & np.isnan(cost)).any(axis=1)
    for a, b in either:
        allowed &= ~(sets[:, a] & sets[:, b])
    return float((sets[allowed] @ score).max())


@settings(max_examples=120)
@given(purses())
def test_no_set_within_the_budget_scores_more(case: tuple[Any, Any, float, list[tuple[int, int]]]) -> None:
    score, cost, budget, either = case
    chosen = best_set(score, cost, budget, either)
    assert chosen.dtype == bool
    assert not chosen[np.isnan(cost)].any()
    assert cost[chosen].sum() <= budget
    assert not any(chosen[a] and chosen[b] for a, b in either)
    assert not chosen[score == 0].any()
    assert score[chosen].sum() == pytest.approx(most_of_all(score, cost, budget, either), abs=1e-6)


@given(purses(most=6), st.integers(0, 100))
def test_more_money_never_brings_less(case: tuple[Any, Any, float, list[tuple[int, int]]], more: int) -> None:
    score, cost, budget, either = case
    less, greater = (score[best_set(score, cost, sum_, either)].sum() for sum_ in (budget, budget + more))
    assert greater >= less - 1e-6


def test_without_a_budget_only_what_is_free_is_chosen() -> None:
    score, cost = np.array([0.5, 0.1, 0.9, 0.3, 0.0]), np.array([0, 0, 1e-6, NAN, 0])
    assert best_set(score, cost, 0.0).tolist() == [True, True, False, False, False]
    assert best_set(score, cost, 0.0, [(0, 1)]).tolist() == [True, False, False, False, False]


def test_nothing_is_chosen_of_nothing() -> None:
    assert best_set(np.empty(0), np.empty(0), 10.0).tolist() == []
    assert best_set(np.array([1.0]), np.array([NAN]), 10.0).tolist() == [False]
    assert best_set(np.array([1.0]), np.array([0.0]), -1.0).tolist() == [False]


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e6])
def test_the_unit_of_money_does_not_matter(unit: float) -> None:
    score, cost = np.array([0.6, 0.5, 0.5]), np.array([6.0, 5, 5])
    assert best_set(score, cost * unit, 10 * unit).tolist() == [False, True, True]


@pytest.mark.parametrize(("cost", "budget"), [(5000.004, 10_000.0), (100_000.05, 200_000.0)], ids=str)
def test_a_set_is_not_over_the_budget_even_by_a_little(cost: float, budget: float) -> None:
    """Millions of roubles, overspent by thousands of roubles."""
    pair = np.array([cost, cost])
    assert pair[best_set(np.ones(2), pair, budget)].sum() <= budget


# --- the budget line --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "cost", "budget", "above"),
    [
        ([0, 1, 2], [5, 5, 1], 10, [0, 1]),
        ([2, 0, 1], [5, 5, 1], 10, [0, 2]),
        ([0, 1, 2], [5, 6, 1], 10, [0]),
        ([0, 1, 2], [11, 1, 1], 10, []),
        ([0, 1, 2], [5, NAN, 5], 10, [0, 2]),
        ([0, 1, 2], [0, 1, 0], 0, [0]),
        ([0, 1, 2], [NAN, NAN, NAN], 10, []),
        ([], [], 10, []),
    ],
    ids=["exact", "by order", "no leap", "first too dear", "unknown", "free", "all unknown", "none"],
)
def test_the_first_that_does_not_fit_draws_the_line(
    order: list[int], cost: list[float], budget: float, above: list[int]
) -> None:
    found = fits_in_order(np.array(order, dtype=np.int64), np.array(cost, dtype=float), budget)
    assert np.flatnonzero(found).tolist() == above


@given(purses(), st.randoms(use_true_random=False))
def test_what_is_above_the_line_fits_and_the_next_does_not(
    case: tuple[Any, Any, float, Any], random: Any
) -> None:
    _, cost, budget, _ = case
    order = np.array(random.sample(range(len(cost)), len(cost)), dtype=np.int64)
    above = fits_in_order(order, cost, budget)
    assert not above[np.isnan(cost)].any()
    assert cost[above].sum() <= budget
    priced = [index for index in order if not np.isnan(cost[index])]
    count = int(above.sum())
    assert above[priced[:count]].all()
    assert count == len(priced) or cost[priced[: count + 1]].sum() > budget


@pytest.mark.parametrize(
    ("cost", "budget"),
    [([0.1, 0.2], 0.3), ([2707.1, 6638.2], 9345.3), ([18738.7, 17505.5], 36244.2)],
    ids=str,
)
def test_money_for_all_is_enough_for_all_with_tenths(cost: list[float], budget: float) -> None:
    assert fits_in_order(np.arange(len(cost)), np.array(cost), budget).all()


# --- draws ------------------------------------------------------------------------------------------------


@given(weighed(), st.integers(1, 20), st.floats(1, 200), st.integers(0, 2**32 - 1))
def test_drawn_weights_add_up_and_scores_stay_in_their_intervals(
    case: tuple[Effects, Any], count: int, firmness: float, seed: int
) -> None:
    effects, weights = case
    draws = drawn(effects, weights, count, firmness, seed)
    assert draws.weights.shape == (count, len(weights))
    assert draws.scores.shape == (count, len(effects.middle))
    assert (draws.weights >= 0).all()
    assert (draws.weights[:, weights == 0] == 0).all()
    np.testing.assert_allclose(draws.weights.sum(axis=1), 1)
    assert (draws.scores >= draws.weights @ effects.low.T - 1e-12).all()
    assert (draws.scores <= draws.weights @ effects.high.T + 1e-12).all()
    again = drawn(effects, weights, count, firmness, seed)
    np.testing.assert_array_equal(again.weights, draws.weights)
    np.testing.assert_array_equal(again.scores, draws.scores)


@given(tables(), st.data())
def test_drawn_figures_lie_within_their_intervals(table: list[Any], data: st.DataObject) -> None:
    effects = Effects.of(*table)
    column = data.draw(st.integers(0, effects.middle.shape[1] - 1))
    alone = np.eye(effects.middle.shape[1])[column]
    figures = drawn(effects, alone, 20, 60.0).scores
    low, middle, high = (part[:, column] for part in (effects.low, effects.middle, effects.high))
    assert (figures >= low - 1e-12).all()
    assert (figures <= high + 1e-12).all()
    sure = low == high
    np.testing.assert_allclose(figures[:, sure], np.tile(middle[sure], (20, 1)), atol=1e-12)


def test_another_seed_draws_otherwise() -> None:
    effects, weights = certain([[0.2, 1.0], [1.0, 0.3]]), np.array([1.0, 2])
    one, other = (drawn(effects, weights, 5, 60.0, seed) for seed in (0, 1))
    assert not np.array_equal(one.weights, other.weights)


def test_the_firmer_the_weights_the_closer_the_draws() -> None:
    effects, weights = certain([[1.0, 0.5, 0.2]]), np.array([4.0, 3, 3])
    loose, firm = (drawn(effects, weights, 2000, firmness).weights for firmness in (6.0, 60.0))
    assert (firm.std(axis=0) < loose.std(axis=0) / 2).all()
    for weights_drawn in (loose, firm):
        assert weights_drawn.mean(axis=0) == pytest.approx([0.4, 0.3, 0.3], abs=0.02)
    assert firm[:, 0].std() == pytest.approx(math.sqrt(0.4 * 0.6 / 61), rel=0.1)


@settings(max_examples=20)
@given(weighed(most=5), st.data())
def test_stability_is_a_share_of_the_draws(case: tuple[Effects, Any], data: st.DataObject) -> None:
    effects, weights = case
    n = len(effects.middle)
    cost = np.array(data.draw(st.lists(st.none() | st.integers(0, 20), min_size=n, max_size=n)), dtype=float)
    draws = drawn(effects, weights, 8, 60.0)
    found = stability(draws, cost, 20.0)
    assert found.shape == (n,)
    assert (found >= 0).all()
    assert (found <= 1).all()
    assert (found * 8 == np.round(found * 8)).all()
    assert (found[np.isnan(cost)] == 0).all()
    free = (cost == 0) & (draws.scores > 0).all(axis=0)
    assert (found[free] == 1).all()


def test_a_set_that_is_certain_is_always_chosen() -> None:
    effects = certain([[1.0], [0.8], [0.7], [0.4], [0.0]])
    cost = np.array([9.0, 5, 5, 1, 0])
    draws = drawn(effects, np.array([1.0]), 25, 60.0)
    chosen = best_set(effects.middle[:, 0], cost, 10.0)
    assert chosen.tolist() == [False, True, True, False, False]
    assert stability(draws, cost, 10.0).tolist() == [0, 1, 1, 0, 0]
    assert stability(draws, cost, 100.0).tolist() == [1, 1, 1, 1, 0]
    assert stability(draws, cost, 10.0, [(1, 2)]).tolist() == [1, 0, 0, 1, 0]


def test_stability_counts_the_draws() -> None:
    draws = Draws(np.ones((4, 1)), np.array([[2.0, 1], [2, 1], [2, 1], [1, 2]]))
    assert stability(draws, np.array([1.0, 1]), 1.0).tolist() == [0.75, 0.25]


def test_the_example_worked_by_hand_in_the_methods() -> None:
    figures = np.array([[100.0, 1.0], [50.0, 3.0], [np.nan, 2.0]])
    effects, weights = Effects.of(figures, figures, figures), np.array([60.0, 40.0])
    cost, budget = np.array([6.0, 5.0, 4.0]), 9.0
    cautious = contributions(effects.low, weights).sum(axis=1)
    assert cautious == pytest.approx([0.7333, 0.7, 0.5667], abs=1e-4)
    assert scores(effects, weights).high[2] == pytest.approx(0.8667, abs=1e-4)
    assert fits_in_order(np.argsort(-cautious), cost, budget).tolist() == [True, False, False]
    assert best_set(cautious, cost, budget).tolist() == [False, True, True]
    found = scores(effects, weights)
    assert (found.best_place[2], found.worst_place[2]) == (1, 3)
