"""Which projects money should follow: effects weighed, projects ranked, the best set under a budget.

The model is additive (multi-attribute value theory; Keeney and Raiffa, 1976): the score of a project is the
sum of its effects, each as a share of the greatest among the candidates, times the weights, which add up to
one. A figure is an interval `low`, `middle`, `high`; a missing one spans all that is known of the others,
so a ranking says what could still change it. The best set is a 0/1 knapsack solved by HiGHS through SciPy.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


NEGLIGIBLE = 1e-9
"""By how much floating-point sums may miss: a part of the budget, or points of a score."""


@dataclass(frozen=True)
class Effects:
    """The effects of n projects as shares of the greatest of each of k effects: arrays of n x k in 0..1.

    `unknown` marks what nobody says; there `low` and `high` are the least and the greatest of what is known
    of the other projects, unless the figure has bounds of its own; `middle` is their median within these.
    """

    low: Floats
    middle: Floats
    high: Floats
    unknown: Bools

    @classmethod
    def of(cls, low: Floats, middle: Floats, high: Floats) -> "Effects":
        """From figures of n x k in their own units, NaN where unknown; known of none: zero for all."""
        unknown = np.isnan(middle)
        low, middle, high = (part.astype(float) for part in (low, middle, high))
        for column in range(middle.shape[1]):
            seen = middle[~unknown[:, column], column]
            ends = np.concatenate([seen, low[:, column], high[:, column]])
            ends = ends[~np.isnan(ends)] if len(seen) else np.zeros(1)
            gone = unknown[:, column] if len(seen) else np.ones(len(unknown), dtype=bool)
            for part, fill in ((low, ends.min()), (high, ends.max())):
                part[np.isnan(part[:, column]) | (not len(seen)), column] = fill
            typical = float(np.median(seen)) if len(seen) else 0.0
            middle[gone, column] = np.clip(typical, low[gone, column], high[gone, column])
            for part in (low, middle, high):
                part[:, column] /= ends.max() or 1.0
        return cls(low, middle, high, unknown=unknown)


@dataclass(frozen=True)
class Scores:
    """Scores of n projects: `low`, `middle`, `high`, and the places they can take (1 is the best)."""

    low: Floats
    middle: Floats
    high: Floats
    best_place: Ints
    worst_place: Ints


def shares(weights: Floats) -> Floats:
    """Weights that add up to one; raises ValueError where one is negative or all are zero."""
    if (weights < 0).any() or not np.isfinite(weights).all() or weights.sum() <= 0:
        raise ValueError("weights must not be negative, and one must be more than zero")
    share: Floats = weights / weights.sum()
    return share


def scores(effects: Effects, weights: Floats) -> Scores:
    """The scores of all projects under k weights."""
    share = shares(weights)
    low, middle, high = (part @ share for part in (effects.low, effects.middle, effects.high))
    surely_better = low[None, :] > high[:, None] + NEGLIGIBLE
    surely_worse = high[None, :] < low[:, None] - NEGLIGIBLE
    best = 1 + surely_better.sum(axis=1)
    return Scores(low, middle, high, best, len(low) - surely_worse.sum(axis=1))


def contributions(effects: Floats, weights: Floats) -> Floats:
    """What each of k effects (n x k shares) brings to the score of each project: rows add up to the score."""
    return effects * shares(weights)


def worth_knowing(effects: Effects, weights: Floats) -> Ints:
    """How many places each missing figure could move its project, all others at their middle: n x k."""
    share = shares(weights)
    middle = effects.middle @ share
    places = np.zeros(effects.middle.shape, dtype=np.int64)
    for row, column in zip(*np.nonzero(effects.unknown & (share > 0)), strict=True):
        others = np.delete(middle, row)
        ends = [
            middle[row] + share[column] * (part[row, column] - effects.middle[row, column])
            for part in (effects.low, effects.high)
        ]
        places[row, column] = abs(int((others > ends[0]).sum()) - int((others > ends[1]).sum()))
    return places


def best_set(
    score: Floats, cost: Floats, budget: float, either: list[tuple[int, int]] | None = None
) -> Bools:
    """The projects that together score most within a budget; of each pair in `either` at most one.

    `cost` is in the unit of `budget`; a project whose cost is NaN is never chosen. Exact (HiGHS, relative
    gap 1e-6; so small a problem is solved sooner without presolve). Among equal sets the solver chooses.
    """
    able = np.flatnonzero((cost <= budget) & (score > 0))
    chosen = np.zeros(len(score), dtype=bool)
    if not len(able):
        return chosen
    place = {int(index): position for position, index in enumerate(able)}
    pairs = [(place[a], place[b]) for a, b in either or [] if a in place and b in place]
    rows = np.zeros((1 + len(pairs), len(able)))
    rows[0] = cost[able]
    for number, pair in enumerate(pairs, start=1):
        rows[number, list(pair)] = 1
    found = milp(
        -score[able],
        integrality=np.ones(len(able), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, ub=np.array([budget, *(1.0 for _ in pairs)])),
        options={"mip_rel_gap": 1e-6, "presolve": False},
    )
    if found.x is None:
        raise RuntimeError(f"the solver gave no set: {found.message}")
    chosen[able] = found.x > 0.5
    return chosen


def fits_in_order(
    order: Ints, cost: Floats, budget: float, either: list[tuple[int, int]] | None = None
) -> Bools:
    """Which projects lie above the budget line when money is given in this order until it runs out.

    The first project that does not fit draws the line. Passed over are projects without a cost, and one of a
    pair in `either` whose other is paid.
    """
    above = np.zeros(len(cost), dtype=bool)
    barred = {index: {a + b - index for a, b in either or [] if index in (a, b)} for index in order.tolist()}
    left = budget
    for index in order.tolist():
        if np.isnan(cost[index]) or any(above[other] for other in barred[index]):
            continue
        left -= cost[index]
        if left < -NEGLIGIBLE * budget:
            break
        above[index] = True
    return above


@dataclass(frozen=True)
class Draws:
    """Weights (d x k) and scores (d x n) drawn at random around those a person has stated."""

    weights: Floats
    scores: Floats


def drawn(effects: Effects, weights: Floats, count: int, firmness: float, seed: int = 0) -> Draws:
    """Draw `count` weights and figures: how scores would look had the person weighed a little differently.

    Weights come from a Dirichlet distribution around the stated ones: the greater `firmness`, the closer; a
    weight of zero stays zero. Figures come from triangular distributions over their intervals.
    """
    rng = np.random.default_rng(seed)
    share = shares(weights)
    used = share > 0
    drawn_weights = np.zeros((count, len(share)))
    drawn_weights[:, used] = rng.dirichlet(share[used] * firmness, count)
    low, middle, high = effects.low, effects.middle, effects.high
    wide = high > low
    figures = np.broadcast_to(middle, (count, *middle.shape)).copy()
    figures[:, wide] = rng.triangular(low[wide], middle[wide], high[wide], (count, int(wide.sum())))
    return Draws(drawn_weights, np.einsum("dnk,dk->dn", figures, drawn_weights))


def stability(
    draws: Draws, cost: Floats, budget: float, either: list[tuple[int, int]] | None = None
) -> Floats:
    """In which share of the draws each project belongs to the best set: n values in 0..1.

    Each draw is solved by itself; the solver leaves the interpreter free, so threads share the work.
    """
    with ThreadPoolExecutor() as workers:
        sets = workers.map(lambda score: best_set(score, cost, budget, either), draws.scores)
        return np.mean(list(sets), axis=0, dtype=float)  # type: ignore[no-any-return]
