"""The weighted overlay: how suitable each cell is, in one compiled pass over rasters of its criteria.

Rasters are stacks (layers, rows, columns) of float32 whose unknown cells are NaN; a window of them has the
same values as the same cells of the whole, so tiles meet. What a cell is, besides its score (0 to 1):

    FREE      nothing forbids it
    UNSURE    it cannot be told whether something does (a position less accurate than the distance asked)
    EXCLUDED  a limit or a requirement forbids it
    UNKNOWN   a criterion that has weight is unknown there

Scores are the weighted mean of the values (weighted linear combination), or with an attitude other than 1
their ordered weighted average: values in descending order, each weighted by Q(p) - Q(p before) with p the sum
of the weights so far and Q(p) = p**attitude (Malczewski, "Ordered weighted averaging with fuzzy quantifiers",
2006, eq. 6 and 7). The loops (`geo.weighing`) free the interpreter lock and start no threads: a server draws
tiles in threads of its own; whole grids are shared out by rows (`threads`).
"""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import Fault, GridError, ModelError
from geo.siting import Criterion, Model, Requirement
from geo.value import ValueFunction
from geo.weighing import (
    CLASSES,
    EXCLUDED,
    LINEAR,
    PIECES,
    RAMPS,
    SIGMOID,
    TRAPEZOID,
    UNKNOWN,
    limit,
    order,
    shade,
    weigh,
)

Rasters = npt.NDArray[np.float32]
States = npt.NDArray[np.uint8]
F = np.float32


@dataclass(frozen=True, eq=False)
class Overlay:
    """A model as the tables that the compiled pass reads: of each criterion with a weight, in float32.

    `layers` are places in the stack of rasters, `table[starts[k]:]` the numbers of criterion k (see
    `geo.weighing`), `weights` shares of 1, `network` the exchanges that sort the values of a cell.
    """

    layers: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    table: Rasters
    weights: Rasters
    network: npt.NDArray[np.int32]
    attitude: float

    @classmethod
    def of(cls, model: Model, measures: Sequence[str] | None = None) -> "Overlay":
        """The tables of a model for a stack of rasters of those `measures` (by default: of its criteria).

        Criteria without weight are left out, so what is unknown of them does not matter. Raises `ModelError`
        ("missing") where a measure that has weight is not among them.
        """
        weighed = [criterion for criterion in model.criteria if criterion.weight]
        known = _measures(model) if measures is None else list(measures)
        missing = tuple(Fault("missing", c.measure) for c in weighed if c.measure not in known)
        if missing:
            raise ModelError(f"no raster of {', '.join(fault.where for fault in missing)}", missing)
        tables = [_table(criterion.value) for criterion in weighed]
        weights = np.array([criterion.weight for criterion in weighed])
        return cls(
            _still([known.index(criterion.measure) for criterion in weighed], np.int32),
            _still([kind for kind, _ in tables], np.int32),
            _still(np.cumsum([0, *(len(numbers) for _, numbers in tables[:-1])]), np.int32),
            _still(np.concatenate([numbers for _, numbers in tables]), F),
            _still(weights / weights.sum(), F),
            _still(_sorting_network(len(weighed)), np.int32),
            model.attitude,
        )


def _measures(model: Model) -> list[str]:
    return [criterion.measure for criterion in model.criteria]


def _table(value: ValueFunction) -> tuple[int, npt.NDArray[Any]]:
    """The kind and the numbers of a value function as `geo.weighing` reads them."""
    x, y = value.x.astype(float), value.y
    if value.kind == "linear":
        return LINEAR, np.array([*x, y[0], (y[1] - y[0]) / (x[1] - x[0])])
    if value.kind == "piecewise":
        pieces = -(-(len(x) - 1) // PIECES) * PIECES
        knots = np.append(x, np.full(pieces + 1 - len(x), x[-1]))
        slopes = np.append(np.diff(y) / np.diff(x), np.zeros(pieces + 1 - len(x)))
        groups = [(knots[at : at + PIECES + 1], slopes[at : at + PIECES]) for at in range(0, pieces, PIECES)]
        return RAMPS, np.concatenate([[y[0], len(groups)], *(part for group in groups for part in group)])
    if value.kind == "trapezoid":
        rise, fall = (1 / gap if gap else 0.0 for gap in (x[1] - x[0], x[3] - x[2]))
        return TRAPEZOID, np.array([*x, rise, fall])
    if value.kind == "sigmoid":
        return SIGMOID, np.array([x[0], math.log(19) / (x[1] - x[0])])
    listed = np.full(int(x[-1] - x[0]) + 1, np.nan)
    listed[(x - x[0]).astype(int)] = y
    return CLASSES, np.array([x[0], x[-1], *listed])


def _sorting_network(size: int) -> npt.NDArray[np.int64]:
    """The exchanges (upper, lower) of Batcher's merge exchange (Knuth, TAOCP 3, 5.2.2, algorithm M)."""
    pairs: list[tuple[int, int]] = []
    top = 1 << max(0, (size - 1).bit_length() - 1)
    step = top if size > 1 else 0
    while step:
        reach, rest, away = top, 0, step
        while True:
            pairs += [(i, i + away) for i in range(size - away) if i & step == rest]
            if reach == step:
                break
            away, reach, rest = reach - step, reach // 2, step
        step //= 2
    return np.array(pairs, np.int64).reshape(-1, 2)


def limits(
    near: npt.ArrayLike,
    far: npt.ArrayLike,
    extra_m: Sequence[float],
    needed: npt.ArrayLike | None = None,
    requirements: Sequence[Requirement] = (),
    *,
    threads: int = 1,
) -> States:
    """What each cell is by limits and requirements: FREE, UNSURE or EXCLUDED, (rows, columns) uint8.

    `near` and `far` (limits, rows, columns) are the least and greatest distance (m) that each cell may have
    to a limit's zone, negative inside it; `extra_m` how much wider the zone is made. A cell is surely inside
    where `far` is at most that, surely outside where `near` is more; else it cannot be told, nor where both
    are unknown. `needed` are the rasters of the requirements' measures; an unknown one cannot be told either.
    Raises `GridError` ("shapes") when they do not fit together.
    """
    close, distant = _stack(near), _stack(far)
    asked = _stack(np.empty((0, *close.shape[1:])) if needed is None else needed)
    sizes = (close.shape, (len(extra_m), *close.shape[1:]), (len(requirements), *close.shape[1:]))
    if (distant.shape, close.shape, asked.shape) != sizes:
        raise GridError(
            f"{len(extra_m)} limits and {len(requirements)} requirements do not fit rasters of "
            f"{close.shape}, {distant.shape} and {asked.shape}",
            "shapes",
        )
    low = np.array([-np.inf if must.low is None else must.low for must in requirements], F)
    high = np.array([np.inf if must.high is None else must.high for must in requirements], F)
    out = np.zeros(close.shape[1:], np.uint8)
    given = (close, distant, _still(extra_m, F), asked, _still(low, F), _still(high, F))
    _by_rows(lambda first, last: limit(*given, first, last, out), len(out), threads)
    return out


def score(
    values: npt.ArrayLike,
    state: npt.ArrayLike,
    overlay: Overlay,
    *,
    threads: int = 1,
) -> Rasters:
    """The score of each cell, 0 to 1, NaN where it is excluded or unknown; (rows, columns) float32.

    `values` (layers, rows, columns) are the measured amounts, in the order of the overlay's measures. Raises
    `GridError` ("shapes") when they do not fit together.
    """
    amounts, states = _stack(values), _still(state, np.uint8)
    if amounts.shape[1:] != states.shape or len(amounts) <= overlay.layers.max():
        raise GridError(
            f"{overlay.layers.max() + 1} rasters of {states.shape} cells are needed, not {amounts.shape}",
            "shapes",
        )
    made = np.empty(states.shape, F)
    given: tuple[Any, ...] = (overlay.layers, overlay.kinds, overlay.starts, overlay.table, overlay.weights)
    loop: Any = weigh
    if overlay.attitude != 1 and len(overlay.layers) > 1:
        loop, given = order, (*given, overlay.network, F(overlay.attitude))
    _by_rows(lambda first, last: loop(amounts, states, *given, first, last, made), len(made), threads)
    return made


def settled(scores: Rasters, state: States) -> States:
    """The states of `limits` completed: UNKNOWN where a cell that is not excluded has no score."""
    return np.where(np.isnan(scores) & (state < EXCLUDED), np.uint8(UNKNOWN), state)


def shaded(scores: Rasters, state: States) -> States:
    """The shade of each cell, an index of a palette (see `geo.weighing`)."""
    found, states = _still(scores, F), _still(state, np.uint8)
    if found.shape != states.shape:
        raise GridError(f"scores of {found.shape} cells and states of {states.shape}", "shapes")
    out = np.empty(found.shape, np.uint8)
    shade(found.ravel(), states.ravel(), out.ravel())
    return out


def reference(
    values: npt.ArrayLike, state: npt.ArrayLike, model: Model, measures: Sequence[str] | None = None
) -> npt.NDArray[np.float64]:
    """The same as `score` in plain NumPy and double precision, which the compiled pass is held against."""
    known = _measures(model) if measures is None else list(measures)
    stack, forbidden = np.asarray(values), np.asarray(state) >= EXCLUDED
    weighed: list[Criterion] = [criterion for criterion in model.criteria if criterion.weight]
    shares = np.array([criterion.weight for criterion in weighed])
    shares /= shares.sum()
    if model.attitude == 1:
        total = np.zeros(forbidden.shape)
        for criterion, share in zip(weighed, shares, strict=True):
            total += share * criterion.value(stack[known.index(criterion.measure)])
    else:
        made = np.stack([c.value(stack[known.index(c.measure)]) for c in weighed])
        order = np.argsort(-made, axis=0, kind="stable")
        reached = np.minimum(np.cumsum(shares[order], axis=0), 1.0)
        gained = np.diff(reached**model.attitude, axis=0, prepend=0.0)
        total = np.sum(gained * np.take_along_axis(made, order, axis=0), axis=0)
    total[forbidden] = np.nan
    return total


def warm() -> None:
    """Have every loop compiled, or loaded from disk, before somebody waits for it."""
    state = limits(np.zeros((1, 1, 1)), np.ones((1, 1, 1)), [0.0])
    value = ValueFunction("linear", ((0, 0), (1, 1)))
    for attitude in (1.0, 2.0):
        model = Model((Criterion("a", 1, value), Criterion("b", 1, value)), attitude=attitude)
        shaded(score(np.zeros((2, 1, 1)), state, Overlay.of(model)), state)


def _stack(values: npt.ArrayLike) -> Rasters:
    made = _still(values, F)
    if made.ndim != 3:
        raise GridError(f"a stack of rasters is needed, not {made.shape}", "shapes")
    return made


def _still(values: npt.ArrayLike, dtype: Any) -> npt.NDArray[Any]:
    """A read-only array in one piece. All that the loops read is such: each is compiled for one kind only."""
    with np.errstate(over="ignore"):
        made = np.ascontiguousarray(values, dtype).view()
    made.flags.writeable = False
    return made


def _by_rows(work: Callable[[int, int], object], rows: int, threads: int) -> None:
    """Share the rows out; blocks are smaller than a share, so that a busy core holds nobody up."""
    if threads <= 1 or rows < 2 * threads:
        work(0, rows)
        return
    cuts = np.linspace(0, rows, min(rows, 8 * threads) + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))
