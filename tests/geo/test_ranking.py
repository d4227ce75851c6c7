"""Weights, rankings and their firmness: worked by hand, and what must hold whatever the figures."""

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.errors import GeoError
from geo.ranking import (
    RANDOM_INDEX,
    Stability,
    ahp,
    comparisons,
    effective_weights,
    places,
    promethee,
    rank_order_weights,
    scores,
    stability,
    topsis,
    tornado,
)
from geo.siting import Model
from geo.suitability import reference

NAN, INF = np.nan, np.inf
UNIT = st.integers(0, 100).map(lambda percent: percent / 100)
WEIGHT = st.integers(1, 100).map(float)
COUNTS = st.tuples(st.integers(1, 6), st.integers(1, 5))
VALUES = COUNTS.flatmap(lambda shape: arrays(float, shape, elements=UNIT))
ATTITUDE = st.sampled_from([0.2, 0.5, 1.0, 2.0, 7.0])


def same(x: Any) -> Any:
    """A value function that keeps what is in 0..1."""
    return np.clip(x, 0, 1)


def falling(x: Any) -> Any:
    """1 at nothing, 0 at a thousand and beyond."""
    return np.interp(x, [0, 1000], [1, 0])


@st.composite
def problems(draw: st.DrawFn) -> tuple[Any, Any]:
    """Values (C, L) and weights (L), none of them zero."""
    values = draw(VALUES)
    count = values.shape[1]
    return values, np.array(draw(st.lists(WEIGHT, min_size=count, max_size=count)))


# --- weights from an order -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "right"),
    [
        ([1], [1]),
        ([1, 2], [3 / 4, 1 / 4]),
        ([2, 1], [1 / 4, 3 / 4]),
        ([1, 2, 3], [11 / 18, 5 / 18, 2 / 18]),
        ([3, 1, 2], [2 / 18, 11 / 18, 5 / 18]),
        ([30, 10, 20], [2 / 18, 11 / 18, 5 / 18]),
        ([1, 1, 2], [8 / 18, 8 / 18, 2 / 18]),
        ([2, 1, 2], [7 / 36, 11 / 18, 7 / 36]),
        ([5, 5, 5, 5], [1 / 4] * 4),
    ],
)
def test_an_order_gives_its_centroid(order: Any, right: Any) -> None:
    """For three: 1/3 (1 + 1/2 + 1/3), 1/3 (1/2 + 1/3), 1/3 (1/3)."""
    assert rank_order_weights(order) == pytest.approx(right)


def test_a_centroid_is_the_mean_of_weights_in_that_order() -> None:
    drawn = np.random.default_rng(1).dirichlet(np.ones(4), 20_000)
    assert rank_order_weights([1, 2, 3, 4]) == pytest.approx(
        np.sort(drawn, axis=1)[:, ::-1].mean(axis=0), abs=0.005
    )


@pytest.mark.parametrize("order", [[], [1, NAN], [INF, 1], [[1, 2]]])
def test_an_order_without_places_is_refused(order: Any) -> None:
    with pytest.raises(GeoError) as caught:
        rank_order_weights(order)
    assert caught.value.code == "places"


# --- weights from comparisons by pairs ------------------------------------------------------------------


def test_saatys_choice_of_a_school_by_vocational_training() -> None:
    """Saaty (1980), the example of three schools: weights .77, .05, .17, CI .105, CR .18.

    By hand: the weights of three things are the geometric means of their rows (63, 1/45 and 5/7 under the
    cube root, made shares), the eigenvalue is 1 + t + 1/t with t the cube root of 9 * 1/5 / 7.
    """
    found = ahp([[1, 9, 7], [1 / 9, 1, 1 / 5], [1 / 7, 5, 1]])
    means = np.cbrt([63, 1 / 45, 5 / 7])
    t = np.cbrt(9 / 5 / 7)
    assert found.weights == pytest.approx(means / means.sum())
    assert found.weights == pytest.approx([0.77, 0.05, 0.17], abs=0.006)
    assert found.eigenvalue == pytest.approx(1 + t + 1 / t)
    assert found.index == pytest.approx(0.105, abs=0.001)
    assert found.ratio == pytest.approx(found.index / 0.58)
    assert found.ratio == pytest.approx(0.18, abs=0.001)
    assert not found.consistent


def test_saatys_choice_of_a_school_by_learning() -> None:
    """The same example: weights .16, .59, .25, eigenvalue 3.05, accepted."""
    found = ahp([[1, 1 / 3, 1 / 2], [3, 1, 3], [2, 1 / 3, 1]])
    assert found.weights == pytest.approx([0.16, 0.59, 0.25], abs=0.005)
    assert found.eigenvalue == pytest.approx(3.05, abs=0.005)
    assert found.consistent


def test_saatys_six_criteria_of_a_school() -> None:
    """The same example: weights .32, .14, .03, .13, .24, .14; more than .2 inconsistent."""
    upper = [4, 3, 1, 3, 4, 7, 3, 1 / 5, 1, 1 / 5, 1 / 5, 1 / 6, 1, 1 / 3, 3]
    found = ahp(comparisons(upper))
    assert found.weights == pytest.approx([0.32, 0.14, 0.03, 0.13, 0.24, 0.14], abs=0.006)
    assert 0.2 < found.ratio < 0.25
    assert found.ratio == pytest.approx((found.eigenvalue - 6) / 5 / 1.24)


def test_the_odd_comparison_is_named_with_what_would_fit() -> None:
    """1 : 2 : 4 : 8, but the first against the last is said the wrong way round."""
    matrix = np.outer([1, 2, 4, 8], 1 / np.array([1, 2, 4, 8]))
    assert ahp(matrix).odd is None
    matrix[0, 3], matrix[3, 0] = 8, 1 / 8
    found = ahp(matrix)
    assert found.odd is not None
    i, j, fitting = found.odd
    assert {i, j} == {0, 3}
    assert fitting == pytest.approx(found.weights[i] / found.weights[j])


@given(st.lists(WEIGHT, min_size=1, max_size=len(RANDOM_INDEX)))
def test_comparisons_that_agree_give_the_weights_behind_them(weights: list[float]) -> None:
    behind = np.array(weights)
    found = ahp(behind[:, None] / behind)
    assert found.weights == pytest.approx(behind / behind.sum())
    assert found.eigenvalue == pytest.approx(len(weights))
    assert found.ratio == pytest.approx(0, abs=1e-9)
    assert found.odd is None


SCALE = st.sampled_from([1 / n for n in range(9, 1, -1)] + [float(n) for n in range(1, 10)])


@given(st.lists(SCALE, min_size=6, max_size=6), st.permutations(range(4)))
def test_the_order_of_things_does_not_matter(upper: list[float], order: list[int]) -> None:
    matrix = comparisons(upper)
    found, other = ahp(matrix), ahp(matrix[np.ix_(order, order)])
    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights > 0).all()
    assert found.eigenvalue >= 4
    assert matrix @ found.weights == pytest.approx(found.eigenvalue * found.weights)
    assert other.weights == pytest.approx(found.weights[order])
    assert other.ratio == pytest.approx(found.ratio, abs=1e-9)


@pytest.mark.parametrize("count", [1, 2])
def test_one_comparison_cannot_disagree(count: int) -> None:
    found = ahp([[1.0]] if count == 1 else [[1, 9], [1 / 9, 1]])
    assert (found.index, found.ratio) == pytest.approx((0, 0), abs=1e-12)
    assert found.consistent
    assert found.odd is None


def test_reciprocals_may_be_rounded_as_people_write_them() -> None:
    found = ahp([[1, 3, 6], [0.333, 1, 2], [0.167, 0.5, 1]])
    assert found.weights == pytest.approx([0.667, 0.222, 0.111], abs=0.002)
    assert found.consistent
    assert found.odd is None


@pytest.mark.parametrize(
    ("matrix", "code"),
    [
        ([[1, 2, 3], [0.5, 1, 2]], "square"),
        ([1, 2], "square"),
        (np.empty((0, 0)), "square"),
        (np.ones((16, 16)), "many"),
        ([[1, -2], [-0.5, 1]], "positive"),
        ([[1, 0], [0, 1]], "positive"),
        ([[1, NAN], [1, 1]], "positive"),
        ([[1, INF], [1, 1]], "positive"),
        ([[1, 3], [3, 1]], "reciprocal"),
        ([[2, 1], [1, 1]], "reciprocal"),
    ],
)
def test_what_is_no_comparison_by_pairs_is_refused(matrix: Any, code: str) -> None:
    with pytest.raises(GeoError) as caught:
        ahp(matrix)
    assert caught.value.code == code


def test_comparisons_above_the_diagonal_make_the_matrix() -> None:
    assert comparisons([2, 4, 8]).tolist() == [[1, 2, 4], [0.5, 1, 8], [0.25, 0.125, 1]]
    assert comparisons([]).tolist() == [[1]]


@pytest.mark.parametrize(
    ("upper", "code"),
    [([1, 2], "square"), ([[1]], "square"), ([0], "positive"), ([NAN], "positive"), ([-1], "positive")],
)
def test_comparisons_that_make_no_matrix_are_refused(upper: Any, code: str) -> None:
    with pytest.raises(GeoError) as caught:
        comparisons(upper)
    assert caught.value.code == code


# --- scores ----------------------------------------------------------------------------------------------


def test_a_score_is_the_weighted_sum() -> None:
    values = np.array([[1, 0.5, 0], [0, 0.5, 1.0]])
    assert scores(values, np.array([2, 1, 1.0])) == pytest.approx([0.625, 0.375])


def test_an_attitude_weighs_by_order() -> None:
    """Weights 1/2, 1/4, 1/4 and values 0.2, 1, 0.6: by value 1 (1/4), 0.6 (1/4), 0.2 (1/2).

    With p squared the best counts 1/16, the next 1/4 - 1/16 = 3/16, the last 1 - 1/4 = 3/4.
    """
    values, weights = np.array([[0.2, 1, 0.6]]), np.array([2, 1, 1.0])
    assert effective_weights(values, weights, 2) == pytest.approx(np.array([[3 / 4, 1 / 16, 3 / 16]]))
    assert scores(values, weights, 2) == pytest.approx([0.15 + 1 / 16 + 0.6 * 3 / 16])


@given(problems(), ATTITUDE, st.sampled_from([0.01, 3.0, 1e6]))
def test_scores_lie_between_the_values_and_only_shares_of_weights_count(
    problem: Any, attitude: float, k: float
) -> None:
    values, weights = problem
    found = scores(values, weights, attitude)
    assert (found >= values.min(axis=1) - 1e-12).all()
    assert (found <= values.max(axis=1) + 1e-12).all()
    assert scores(values, weights * k, attitude) == pytest.approx(found)
    counts = effective_weights(values, weights, attitude)
    assert counts.sum(axis=-1) == pytest.approx(np.ones(len(values)))
    assert (counts * values).sum(axis=-1) == pytest.approx(found)


@given(problems(), ATTITUDE)
def test_scores_are_those_of_the_map(problem: Any, attitude: float) -> None:
    values, weights = problem
    criteria = (f"c:raster.c{k}*{weight:g}*lin~0~0~1~1" for k, weight in enumerate(weights))
    model = Model.parse(";".join([*criteria, f"o:{attitude:g}"]))
    stack = values.T[:, :, None]
    mapped = reference(stack, np.zeros(stack.shape[1:], np.uint8), model)
    assert scores(values, weights, attitude) == pytest.approx(mapped[:, 0], abs=1e-6)


@given(problems())
def test_the_higher_the_attitude_the_more_the_bad_counts(problem: Any) -> None:
    found = [scores(*problem, attitude) for attitude in (0.2, 0.5, 1.0, 2.0, 7.0)]
    for one, other in itertools.pairwise(found):
        assert (other <= one + 1e-12).all()


@given(problems(), ATTITUDE)
def test_a_better_value_is_no_worse_score(problem: Any, attitude: float) -> None:
    values, weights = problem
    assert (scores(np.sqrt(values), weights, attitude) >= scores(values, weights, attitude) - 1e-12).all()


def test_what_weighs_nothing_may_be_unknown() -> None:
    values = np.array([[0.5, NAN], [NAN, 0.5]])
    assert scores(values, np.array([1, 0.0])) == pytest.approx([0.5, NAN], nan_ok=True)
    assert scores(values, np.array([1, 1.0])) == pytest.approx([NAN, NAN], nan_ok=True)
    assert scores(values, np.array([1, 0.0]), 3) == pytest.approx([0.5, NAN], nan_ok=True)


@pytest.mark.parametrize("weights", [[0, 0], [1, -1], [NAN, 1]])
def test_weights_that_are_none_are_refused(weights: Any) -> None:
    values, given_ = np.full((3, 2), 0.5), np.array(weights, float)
    for ask in (scores, topsis, promethee):
        with pytest.raises(ValueError, match="weights"):
            ask(values, given_)
    with pytest.raises(ValueError, match="weights"):
        tornado(values, given_, 0.1)
    with pytest.raises(ValueError, match="weights"):
        stability(values, np.zeros((3, 2)), [same] * 2, given_, 0.1)


def test_equals_share_the_better_place_and_the_unknown_has_none() -> None:
    assert places(np.array([0.5, 0.9, 0.5, NAN, 0.1])).tolist() == pytest.approx(
        [2, 1, 2, NAN, 4], nan_ok=True
    )
    assert places(np.array([[0.1, 0.2], [0.2, 0.2]])).tolist() == [[2, 1], [1, 1]]
    assert places(np.array([0.3, 0.1 + 0.2])).tolist() == [1, 1]


# --- second opinions -------------------------------------------------------------------------------------


def test_topsis_by_hand() -> None:
    """Weighted: (0.6, 0), (0, 0.4), (0.3, 0.2), (0.6, 0.2); the ideal (0.6, 0.4), its opposite (0, 0).

    Away from them: 0.4 and 0.6; 0.6 and 0.4; sqrt(0.13) twice; 0.2 and sqrt(0.4).
    """
    values = np.array([[1, 0], [0, 1], [0.5, 0.5], [1, 0.5]])
    right = [0.6, 0.4, 0.5, np.sqrt(0.4) / (np.sqrt(0.4) + 0.2)]
    assert topsis(values, np.array([3, 2.0])) == pytest.approx(right)


def test_promethee_by_hand() -> None:
    """A (1, 0), B (0.9, 0.5), C (1, 0.04), of equal weight; 0.05 does not count, 0.25 counts in full.

    A and C over B in the first by 0.1: (0.1 - 0.05) / 0.2 = 1/4, halved by the weight 1/8. B over both in the
    second in full: 1/2. C over A by 0.04: nothing. Flows: A (1/8 - 1/2) / 2, B (1 - 2/8) / 2, C as A.
    """
    values = np.array([[1, 0], [0.9, 0.5], [1, 0.04]])
    assert promethee(values, np.array([1, 1.0])) == pytest.approx([-0.1875, 0.375, -0.1875])


@settings(max_examples=30)
@given(problems())
def test_a_better_candidate_is_never_behind(problem: Any) -> None:
    values, weights = problem
    for method in (topsis, promethee, scores):
        found = method(values, weights)
        for i, j in itertools.permutations(range(len(values)), 2):
            if (values[i] >= values[j]).all() and not np.isnan(found).any():
                assert found[i] >= found[j] - 1e-9


@settings(max_examples=30)
@given(problems())
def test_flows_add_up_to_nothing(problem: Any) -> None:
    found = promethee(*problem)
    assert found.sum() == pytest.approx(0, abs=1e-9)
    assert (np.abs(found) <= 1 + 1e-9).all()


@pytest.mark.parametrize("method", [topsis, promethee])
def test_unknown_candidates_are_left_out(method: Any) -> None:
    values, weights = np.array([[1, 0], [NAN, 1], [0.5, 0.5]]), np.array([3, 2.0])
    found = method(values, weights)
    assert np.isnan(found).tolist() == [False, True, False]
    assert found[[0, 2]] == pytest.approx(method(values[[0, 2]], weights))
    assert np.isfinite(method(values, np.array([0, 1.0]))).all()


@pytest.mark.parametrize("values", [np.full((3, 2), 0.4), np.full((1, 2), 0.4), np.empty((0, 2))])
def test_candidates_alike_have_no_order(values: Any) -> None:
    weights = np.array([3, 2.0])
    assert np.isnan(topsis(values, weights)).tolist() == [True] * len(values)
    assert promethee(values, weights).tolist() == [0] * len(values)


@pytest.mark.parametrize(("indifference", "preference"), [(0.3, 0.3), (0.4, 0.2), (-0.1, 0.2), (NAN, 0.2)])
def test_preference_begins_after_indifference(indifference: float, preference: float) -> None:
    with pytest.raises(ValueError, match="indifference"):
        promethee(np.eye(2), np.ones(2), indifference, preference)


def test_matplotlib_is_not_imported_unless_asked_for() -> None:
    code = "import geo.ranking, sys; print({'matplotlib', 'pymcdm'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# --- how firm: simulations -------------------------------------------------------------------------------


def simulated(raw: Any, error: Any, weights: Any, spread: float, **more: Any) -> Stability:
    """Of measures whose value is themselves."""
    raw = np.array(raw, float)
    wide = np.broadcast_to(np.array(error, float), raw.shape)
    return stability(raw, wide, [same] * raw.shape[1], np.array(weights, float), spread, **more)


def test_weights_alone_by_hand() -> None:
    """The first is behind where 0.6 u < 0.4 v, u and v even in 0.75..1.25.

    v > 1.5 u: a triangle of base 1/12 (u from 0.75) and height 1/8, of a square of 1/4: 1/48.
    """
    found = simulated([[1, 0], [0, 1]], 0, [3, 2], 0.25)
    assert found.first == pytest.approx([47 / 48, 1 / 48], abs=0.005)
    assert found.mean_place == pytest.approx([49 / 48, 95 / 48], abs=0.005)
    assert found.draws == 10_000


def test_errors_alone_by_hand() -> None:
    """500 +- 100 m against 520 m: nearer in 0.6 of the draws; then the scores of nine in ten."""
    raw, error = np.array([[500.0], [520.0]]), np.array([[100.0], [0.0]])
    found = stability(raw, error, [falling], np.ones(1), 0.25)
    assert found.shares == pytest.approx(np.array([[0.6, 0.4], [0.4, 0.6]]), abs=0.02)
    assert found.low == pytest.approx([0.41, 0.48], abs=0.005)
    assert found.high == pytest.approx([0.59, 0.48], abs=0.005)


def test_without_spread_and_error_nothing_moves() -> None:
    raw = [[0.2, 0.9], [0.8, 0.8], [0.5, 0.1]]
    found = simulated(raw, 0, [1, 1], 0, draws=100)
    assert found.shares.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert found.low.tolist() == found.high.tolist() == pytest.approx([0.55, 0.8, 0.3])
    assert found.top(2).tolist() == [1, 1, 0]
    assert found.top().tolist() == [1, 1, 1]


@pytest.mark.parametrize("attitude", [1.0, 2.0])
def test_scores_of_the_draws_are_those_of_the_map(attitude: float) -> None:
    raw = np.random.default_rng(3).random((4, 3))
    weights = np.array([5, 2, 1.0])
    found = simulated(raw, 0, weights, 0, attitude=attitude, draws=3)
    assert found.low == pytest.approx(scores(raw, weights, attitude))
    assert found.high == pytest.approx(found.low)


def test_a_distance_does_not_fall_below_nothing() -> None:
    """At a station, +- 200 m: the value function that only likes 0..100 m must not see -150 m."""
    near = [lambda x: ((x >= 0) & (x <= 100)).astype(float)]
    found = stability(np.zeros((1, 1)), np.full((1, 1), 200.0), near, np.ones(1), 0)
    assert found.high == pytest.approx([1])
    below = stability(
        np.array([[0.0], [-5.0]]), np.full((2, 1), 200.0), [lambda x: (x < -50) * 1.0], np.ones(1), 0
    )
    assert below.high == pytest.approx([1, 1])


def test_the_unknown_may_be_anything() -> None:
    """Against a half it is better in every other draw; where it weighs nothing it changes nothing."""
    found = simulated([[NAN], [0.5]], 0, [1], 0)
    assert found.first == pytest.approx([0.5, 0.5], abs=0.02)
    assert found.low[0] == pytest.approx(0.05, abs=0.01)
    assert found.high[0] == pytest.approx(0.95, abs=0.01)
    assert simulated([[NAN, 0.6], [0.5, 0.5]], 0, [0, 1], 0.5).first.tolist() == [1, 0]


def test_no_way_there_stays_far() -> None:
    found = stability(
        np.array([[INF], [999.0]]), np.full((2, 1), 50.0), [falling], np.ones(1), 0.5, draws=200
    )
    assert found.low[0] == found.high[0] == 0
    assert found.mean_place[1] == 1


def test_the_same_seed_gives_the_same_answer_and_another_one_nearly() -> None:
    raw = np.random.default_rng(5).random((12, 4))
    one, again, other = (simulated(raw, 0.2, [4, 3, 2, 1], 0.3, seed=seed) for seed in (7, 7, 8))
    assert (one.shares == again.shares).all()
    assert (one.shares != other.shares).any()
    assert other.shares == pytest.approx(one.shares, abs=0.03)


def test_many_candidates_go_by_blocks() -> None:
    """More draws than are held at a time, the last block not full: every draw is counted once."""
    raw = np.linspace(0, 1, 120).reshape(-1, 1)
    found = simulated(raw, 0, [1], 0.5, draws=151)
    assert found.shares == pytest.approx(np.eye(120)[::-1])


@settings(max_examples=40)
@given(problems(), UNIT, UNIT, ATTITUDE)
def test_every_draw_gives_every_candidate_a_place(
    problem: Any, spread: float, error: float, attitude: float
) -> None:
    values, weights = problem
    found = simulated(values, error, weights, spread, attitude=attitude, draws=50)
    assert found.shares.sum(axis=1) == pytest.approx(np.ones(len(values)))
    assert found.first.sum() >= 1 - 1e-9
    assert (found.low <= found.high).all()
    assert (found.mean_place >= 1).all()
    assert (found.mean_place <= len(values)).all()
    k = simulated(values, error, weights * 8, spread, attitude=attitude, draws=50)
    assert k.shares == pytest.approx(found.shares)


@settings(max_examples=40)
@given(problems(), UNIT, ATTITUDE)
def test_what_is_better_in_everything_is_ahead_whatever_the_weights(
    problem: Any, spread: float, attitude: float
) -> None:
    values, weights = problem
    values[0] = 1
    assert simulated(values, 0, weights, spread, attitude=attitude, draws=50).first[0] == pytest.approx(1)


ONE = np.full((1, 1), 0.5)


@pytest.mark.parametrize(
    "given_",
    [
        {"raw": np.empty((0, 1)), "error": np.empty((0, 1))},
        {"raw": np.full(1, 0.5), "error": np.zeros(1)},
        {"error": np.zeros((2, 1))},
        {"error": np.full((1, 1), -1.0)},
        {"error": np.full((1, 1), NAN)},
        {"functions": []},
        {"weights": np.ones(2)},
        {"spread": 1.1},
        {"spread": -0.1},
        {"spread": NAN},
        {"draws": 0},
    ],
)
def test_what_does_not_fit_is_refused(given_: dict[str, Any]) -> None:
    right = {"raw": ONE, "error": ONE, "functions": [same], "weights": np.ones(1), "spread": 0.1}
    stability(**right, draws=1)
    with pytest.raises(ValueError, match=r"must|needs"):
        stability(**{**right, **given_})


# --- how firm: one weight at a time -----------------------------------------------------------------------


def test_a_tornado_by_hand() -> None:
    """Weights 0.6 and 0.4, half to one and a half times: 0.3 / 0.7, 0.9 / 1.3; 0.6 / 0.8, 0.6 / 1.2."""
    found = tornado(np.array([[1, 0], [0, 1.0]]), np.array([3, 2.0]), 0.5)
    assert found.low[:, 0] == pytest.approx([3 / 7, 6 / 12])
    assert found.high[:, 0] == pytest.approx([9 / 13, 6 / 8])
    assert found.low[:, 1] == pytest.approx([4 / 13, 2 / 8])
    assert found.high[:, 1] == pytest.approx([4 / 7, 6 / 12])
    assert found.best.tolist() == [[1, 1], [1, 1]]
    assert found.worst.tolist() == [[2, 2], [1, 2]]


def test_places_within_the_range_are_seen() -> None:
    """The third leads at neither end but between: (1, 0), (0, 1) and (0.6, 0.6) of weights 1 to 1."""
    found = tornado(np.array([[1, 0], [0, 1], [0.6, 0.6]]), np.array([1, 1.0]), 1)
    assert found.best[0].tolist() == [1, 1, 1]
    assert found.worst[0].tolist() == [3, 3, 2]


@given(problems(), UNIT, ATTITUDE)
def test_the_stated_weights_lie_within_a_tornado(problem: Any, spread: float, attitude: float) -> None:
    values, weights = problem
    found = tornado(values, weights, spread, attitude)
    stated = scores(values, weights, attitude)
    assert found.low.shape == (values.shape[1], values.shape[0])
    assert (found.low <= stated + 1e-9).all()
    assert (found.high >= stated - 1e-9).all()
    assert (found.best <= places(stated)).all()
    assert (found.worst >= places(stated)).all()


def test_an_only_weight_moves_nothing() -> None:
    found = tornado(np.array([[0.2, NAN], [0.4, 1]]), np.array([5, 0.0]), 1)
    for scored in (found.low, found.high):
        assert scored == pytest.approx(np.array([[0.2, 0.4]] * 2))
    for placed in (found.best, found.worst):
        assert placed.tolist() == [[2, 1]] * 2


def test_an_unknown_candidate_has_no_place_in_a_tornado() -> None:
    found = tornado(np.array([[NAN, 1], [0.5, 0.2], [0.1, 0.1]]), np.array([1, 1.0]), 0.5)
    assert np.isnan([found.low[:, 0], found.high[:, 0], found.best[:, 0], found.worst[:, 0]]).all()
    assert found.worst[:, 1:].tolist() == [[1, 2]] * 2


@pytest.mark.parametrize("spread", [-0.1, 1.1, NAN])
def test_a_spread_beyond_all_of_a_weight_is_refused(spread: float) -> None:
    with pytest.raises(ValueError, match="spread"):
        tornado(np.eye(2), np.ones(2), spread)
