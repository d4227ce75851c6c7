"""How much criteria weigh, which of a few candidates is best, and how firm that is.

Candidates are C, criteria L. A value is what a value function gives: 0..1, more is better, NaN where unknown.
Weights may be of any sum; they are made shares first (`geo.portfolio.shares`), so multiplying all of them
changes nothing. A place is 1 for the best; equals share the better place.

Here: weights from an order (`rank_order_weights`) or from comparisons by pairs (`ahp`), scores that agree
with the map's (`scores`), TOPSIS and PROMETHEE II as second opinions (by pymcdm), and how scores and places
move with the weights and with the errors of what was measured (`stability`, `tornado`). Value functions are
the business of `geo.value`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import GeoError
from geo.portfolio import NEGLIGIBLE, shares

Floats = npt.NDArray[np.float64]
Function = Callable[[Floats], Floats]

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""The mean consistency index of random comparisons of 1, 2, ... things (Saaty 1980, table of chapter 1)."""
CONSISTENT = 0.1
"""The greatest consistency ratio that Saaty accepts without asking again."""
RECIPROCAL = 0.01
"""By what part of itself a comparison may miss the reciprocal of its opposite: people write 0.33 for 1/3."""
INDIFFERENCE, PREFERENCE = 0.05, 0.25
"""Differences of a value that do not count, and that count in full (PROMETHEE): assumed by the authors."""
TOP = 3
DRAWS = 10_000
"""How many simulations tell how firm an order is."""
STEPS = 41
"""To how many values a weight is set while the others stand still: places may change within the range."""
_BLOCK = 1_000_000
"""Numbers held at a time by the largest array of a simulation."""


def rank_order_weights(places: Sequence[float]) -> Floats:
    """Weights (L, sum 1) of criteria from their places by importance, 1 for the most important.

    Rank order centroids (Barron and Barrett, 1996): the mean of all weights that are in this order. Only the
    order of `places` counts; equals share the mean of their weights. Raises `GeoError` "places" where there
    are none or one is no number.
    """
    order = np.asarray(places, dtype=float)
    if order.ndim != 1 or not order.size or not np.isfinite(order).all():
        raise GeoError("an order needs a place for each criterion", "places")
    count = len(order)
    centroids = np.cumsum(1 / np.arange(count, 0, -1))[::-1] / count
    _, group, sizes = np.unique(order, return_inverse=True, return_counts=True)
    sums: Floats = np.add.reduceat(centroids, np.cumsum(sizes) - sizes)
    return (sums / sizes)[group]


@dataclass(frozen=True)
class Ahp:
    """What comparisons by pairs come to: weights (L, sum 1), the greatest eigenvalue, CI and CR of Saaty.

    `odd` are the two things whose comparison disagrees most with all the others, and the comparison that
    would agree with them; None where all agree.
    """

    weights: Floats
    eigenvalue: float
    index: float
    ratio: float
    odd: tuple[int, int, float] | None

    @property
    def consistent(self) -> bool:
        """Whether the comparisons agree with one another well enough to be used."""
        return self.ratio <= CONSISTENT


def comparisons(upper: Sequence[float]) -> Floats:
    """The matrix (L, L) of comparisons from those above its diagonal, row by row; below are reciprocals.

    Raises `GeoError` "square" where their number fits no matrix, "positive" where one is not positive.
    """
    given = np.asarray(upper, dtype=float)
    count = round((1 + np.sqrt(1 + 8 * given.size)) / 2)
    if given.ndim != 1 or count * (count - 1) // 2 != given.size:
        raise GeoError(f"{given.size} comparisons are not those of a number of things by pairs", "square")
    if not ((given > 0) & np.isfinite(given)).all():
        raise GeoError("a comparison must be a positive number", "positive")
    matrix = np.ones((count, count))
    rows, columns = np.triu_indices(count, 1)
    matrix[rows, columns], matrix[columns, rows] = given, 1 / given
    return matrix


def ahp(matrix: npt.ArrayLike) -> Ahp:
    """Weights from comparisons by pairs: row i, column j say how many times more i matters than j.

    The principal eigenvector (Saaty, The Analytic Hierarchy Process, 1980); CI = (eigenvalue - L) / (L - 1),
    CR = CI / RI, 0 for one thing or two. The comparison that disagrees most is that with the greatest
    a_ij w_j / w_i (Saaty, 2003). Raises `GeoError`: "square", "many" (more than `RANDOM_INDEX` knows),
    "positive", "reciprocal" (a_ij a_ji is not 1).
    """
    given = np.array(matrix, dtype=float)
    if given.ndim != 2 or given.shape[0] != given.shape[1] or not given.size:
        raise GeoError("comparisons by pairs make a square", "square")
    count = len(given)
    if count > len(RANDOM_INDEX):
        raise GeoError(f"{count} things are too many to compare by pairs", "many")
    if not ((given > 0) & np.isfinite(given)).all():
        raise GeoError("a comparison must be a positive number", "positive")
    if (np.abs(given * given.T - 1) > RECIPROCAL).any():
        raise GeoError("a comparison must be the reciprocal of its opposite", "reciprocal")
    values, vectors = np.linalg.eig(given)
    principal = int(values.real.argmax())
    weights = np.abs(vectors[:, principal].real)
    weights /= weights.sum()
    # By theory it is at least L; written reciprocals (0.33 for 1/3) may bring it below.
    eigenvalue = max(float(values[principal].real), float(count))
    index = (eigenvalue - count) / (count - 1) if count > 1 else 0.0
    ratio = index / RANDOM_INDEX[count - 1] if count > 2 else 0.0
    return Ahp(weights, eigenvalue, index, ratio, _odd(given, weights))


def _odd(matrix: Floats, weights: Floats) -> tuple[int, int, float] | None:
    off = matrix * weights / weights[:, None]
    i, j = (int(place) for place in np.unravel_index(off.argmax(), off.shape))
    return (i, j, float(weights[i] / weights[j])) if off[i, j] > 1 + 2 * RECIPROCAL else None


def effective_weights(values: Floats, weights: Floats, attitude: float = 1.0) -> Floats:
    """By how much each value counts in its candidate's score: (..., L), which sum to 1.

    `values` is (..., L), `weights` (L) or (..., L). With an `attitude` of 1 these are the weights as shares;
    otherwise ordered weights of the quantifier p ** attitude, the best value first (weighted OWA;
    Malczewski, 2006): more than 1 stresses what is bad, less than 1 what is good. `geo.suitability` draws
    maps by the same.
    """
    share = np.apply_along_axis(shares, -1, weights) if np.ndim(weights) > 1 else shares(weights)
    return _ordered(values, share, attitude)


def _ordered(values: Floats, share: Floats, attitude: float) -> Floats:
    share = np.broadcast_to(share, values.shape)
    if attitude == 1:
        return share
    order = np.argsort(-values, axis=-1, kind="stable")
    far = np.minimum(np.cumsum(np.take_along_axis(share, order, -1), axis=-1), 1.0)
    far[..., -1] = 1.0
    counts = np.empty_like(far)
    np.put_along_axis(counts, order, np.diff(far**attitude, axis=-1, prepend=0.0), -1)
    return counts


def scores(values: Floats, weights: Floats, attitude: float = 1.0) -> Floats:
    """The scores (...) of values (..., L): NaN where a value that has a weight is unknown.

    `weights` is (L) or (..., L). Raises ValueError where a weight is negative or all are zero.
    """
    # What weighs nothing may be unknown.
    known = np.where(np.broadcast_to(weights, values.shape) > 0, values, 0.0)
    found: Floats = (known * effective_weights(known, weights, attitude)).sum(axis=-1)
    return found


def places(of: Floats) -> Floats:
    """The places (..., C) of scores (..., C), 1 for the greatest; NaN where a score is unknown."""
    better = of[..., None, :] > of[..., :, None] + NEGLIGIBLE
    return np.where(np.isnan(of), np.nan, 1.0 + better.sum(axis=-1))


def topsis(values: Floats, weights: Floats) -> Floats:
    """How near candidates (C, L) are to the best of all in everything: 0..1 each (Hwang and Yoon, 1981).

    Values are not normalised once more: value functions have brought them to one scale, which stretching
    them to the range of these few candidates would undo. NaN where a value that has a weight is unknown, and
    for all where they do not differ.
    """
    method: Any = import_module("pymcdm.methods").TOPSIS(lambda column, cost: column)  # noqa: ARG005 - its signature
    return _by_method(method, values, weights, alike=np.nan)


def promethee(
    values: Floats, weights: Floats, indifference: float = INDIFFERENCE, preference: float = PREFERENCE
) -> Floats:
    """The net flow of candidates (C, L): -1..1 each, sum 0 (PROMETHEE II; Brans and Vincke, 1985).

    In each criterion a candidate is preferred to another by 0 where its value is at most `indifference`
    better, by 1 from `preference` on, and linearly between (type V). NaN where a value that has a weight is
    unknown; 0 for all where they do not differ. Raises ValueError unless 0 <= indifference < preference.
    """
    if not 0 <= indifference < preference:
        raise ValueError("preference begins where indifference ends")
    count = values.shape[1]
    kind = import_module("pymcdm.methods").PROMETHEE_II
    method = kind("vshape_2", p=[preference] * count, q=[indifference] * count)
    return _by_method(method, values, weights, alike=0.0)


def _by_method(method: Any, values: Floats, weights: Floats, alike: float) -> Floats:
    """The scores by a method of pymcdm of those candidates of which all that has a weight is known.

    pymcdm is imported when first asked for, as it brings matplotlib with it (half a second). Its own checks
    only warn, and are left out.
    """
    share = shares(weights)
    used = share > 0
    known = ~np.isnan(values[:, used]).any(axis=1)
    found = np.full(len(values), np.nan)
    asked = np.where(used, values, 0.0)[known]
    if len(asked) and np.ptp(asked, axis=0).any():
        found[known] = method(asked, share, np.ones(len(share)), validation=False)
    else:
        found[known] = alike
    return found


@dataclass(frozen=True)
class Stability:
    """What `draws` simulations gave for C candidates.

    `shares[i, k]` is the part of the draws in which candidate i had place k + 1. As equals share the better
    place, a column may sum to more or less than 1. `low` and `high` (C) hold nine scores out of ten.
    """

    draws: int
    shares: Floats
    low: Floats
    high: Floats

    @property
    def first(self) -> Floats:
        """In which part of the draws each candidate was the best, or as good."""
        return self.top(1)

    def top(self, count: int = TOP) -> Floats:
        """In which part of the draws each candidate was among the first `count`."""
        found: Floats = self.shares[:, :count].sum(axis=1)
        return found

    @property
    def mean_place(self) -> Floats:
        """The mean place of each candidate."""
        found: Floats = self.shares @ np.arange(1.0, len(self.shares) + 1)
        return found


def stability(
    raw: Floats,
    error: Floats,
    functions: Sequence[Function],
    weights: Floats,
    spread: float,
    *,
    attitude: float = 1.0,
    scores: Floats | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Stability:
    """How places and scores of candidates move with the weights and with the errors of what was measured.

    `raw` and `error` are (C, L), in the unit of each criterion; `functions` are the L value functions. In
    each draw every weight is multiplied by a number between 1 - `spread` and 1 + `spread`, and every measure
    is moved by at most its error, all independently and evenly; weights are made shares again. A measure that
    no candidate has below zero stays at zero or above. An unknown value may be anything from 0 to 1. `scores`
    are those of the C candidates as they stand, where these are not the scores of `raw`: a candidate of many
    cells has the mean of their scores. What is drawn is moved by the difference, and stays within 0..1. The
    same `seed` gives the same answer. Raises ValueError where shapes do not fit, an error is negative or
    unknown, `spread` is not within 0..1, or the weights are none.
    """
    raw, error = np.asarray(raw, dtype=float), np.asarray(error, dtype=float)
    share = shares(np.asarray(weights, dtype=float))
    if raw.ndim != 2 or not raw.size or raw.shape != error.shape:
        raise ValueError("measures and their errors must be candidates by criteria")
    if not raw.shape[1] == len(share) == len(functions):
        raise ValueError("every criterion needs a weight and a value function")
    if not (np.isfinite(error) & (error >= 0)).all() or not 0 <= spread <= 1 or draws < 1:
        raise ValueError("errors must be known and not negative, the spread within 0..1, one draw at least")
    count = len(raw)
    moved = np.zeros(count)
    if scores is not None:
        moved = np.nan_to_num(np.asarray(scores, dtype=float) - _plain(raw, functions, share, attitude))
    found, tally = np.empty((draws, count)), np.zeros((count, count))
    simulated = _simulated(raw, error, functions, share, (spread, attitude, draws, seed))
    for start, drawn in simulated:
        some = np.clip(drawn + moved, 0.0, 1.0) if moved.any() else drawn
        found[start : start + len(some)] = some
        at = places(some).astype(np.intp) - 1
        tally += np.bincount((at + count * np.arange(count)).ravel(), minlength=count**2).reshape(tally.shape)
    low, high = np.quantile(found, (0.05, 0.95), axis=0)
    return Stability(draws, tally / draws, low, high)


def _plain(raw: Floats, functions: Sequence[Function], share: Floats, attitude: float) -> Floats:
    """The scores (C,) of amounts as they are; NaN where a value is unknown."""
    values = np.column_stack([function(raw[:, k]) for k, function in enumerate(functions)])
    if attitude == 1:
        return values @ share
    made: Floats = np.einsum("cl,cl->c", values, _ordered(values, share[None, :], attitude))
    return made


def _simulated(
    raw: Floats,
    error: Floats,
    functions: Sequence[Function],
    share: Floats,
    how: tuple[float, float, int, int],
) -> Iterator[tuple[int, Floats]]:
    """Scores (d, C) of some draws at a time, with the number of the first of them."""
    spread, attitude, draws, seed = how
    rng = np.random.default_rng(seed)
    count, criteria = raw.shape
    least = np.where((raw < 0).any(axis=0), -np.inf, 0.0)
    certain = [function(raw[:, k]) for k, function in enumerate(functions)]
    block = max(1, _BLOCK // (count * max(count, criteria)))
    for start in range(0, draws, block):
        size = min(block, draws - start)
        drawn = share * rng.uniform(1 - spread, 1 + spread, (size, criteria))
        drawn /= drawn.sum(axis=1, keepdims=True)
        values = np.empty((criteria, size, count))  # a criterion's values lie together for its function
        for k, function in enumerate(functions):
            if error[:, k].any():
                moved = raw[:, k] + error[:, k] * rng.uniform(-1, 1, (size, count))
                values[k] = function(np.maximum(moved, least[k]))
            else:
                values[k] = certain[k]
            unknown = np.isnan(values[k])
            values[k][unknown] = rng.random(int(unknown.sum()))
        by_candidate = np.moveaxis(values, 0, -1)
        if attitude == 1:
            yield start, np.matmul(by_candidate, drawn[:, :, None])[..., 0]
        else:
            counts = _ordered(by_candidate, drawn[:, None, :], attitude)
            yield start, np.einsum("dcl,dcl->dc", by_candidate, counts)


@dataclass(frozen=True)
class Tornado:
    """The least and the greatest score and place of each candidate while one weight alone varies: (L, C)."""

    low: Floats
    high: Floats
    best: Floats
    worst: Floats


def tornado(values: Floats, weights: Floats, spread: float, attitude: float = 1.0) -> Tornado:
    """How far each weight alone moves the scores and places of candidates of some values (C, L).

    The weight takes `STEPS` values from 1 - `spread` to 1 + `spread` times itself, ends included, while the
    others stand (all are made shares again). NaN where a value that has a weight is unknown; others are
    placed without that candidate. Raises ValueError where `spread` is not within 0..1, or the weights are
    none.
    """
    if not 0 <= spread <= 1:
        raise ValueError("the spread must be within 0..1")
    share = shares(np.asarray(weights, dtype=float))
    steps = np.linspace(1 - spread, 1 + spread, STEPS)
    shape = (len(share), len(values))
    low, high, best, worst = (np.empty(shape) for _ in range(4))
    for k in range(len(share)):
        varied = np.tile(share, (STEPS, 1))
        varied[:, k] *= steps
        varied = varied[varied.sum(axis=1) > 0]  # a weight that is the only one cannot be zero
        tried = scores(np.broadcast_to(values, (len(varied), *values.shape)), varied[:, None, :], attitude)
        ranked = places(tried)
        low[k], high[k] = tried.min(axis=0), tried.max(axis=0)
        best[k], worst[k] = ranked.min(axis=0), ranked.max(axis=0)
    return Tornado(low, high, best, worst)
