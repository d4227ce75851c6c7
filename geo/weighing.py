"""The compiled loops of the weighted overlay (`geo.suitability`), over plain arrays of float32.

They take rows `first` to `last` of stacks (layers, rows, columns), block by block of a row, so that what is
made of a block stays in the processor's cache, and free the interpreter lock. A value function is read from
`table` at `at`:

    LINEAR      x0, x1, y0, slope
    RAMPS       y0, groups, then of each group five x and the slopes of the four pieces between
    TRAPEZOID   a, b, c, d, slope of the rise, slope of the fall
    SIGMOID     middle, steepness
    CLASSES     least and greatest class, then the value of each whole number from one to the other
"""

from typing import Any

import numba
import numpy as np

F = np.float32

FREE, UNSURE, EXCLUDED, UNKNOWN = range(4)
CLEAR, EXCLUDED_SHADE, UNKNOWN_SHADE, UNSURE_SHADES = 0, 102, 103, 128
"""Shades: 0 shows nothing, 1 to 101 a score of 0 to 100 %, 129 to 229 the same where it cannot be told."""
LINEAR, RAMPS, TRAPEZOID, SIGMOID, CLASSES = range(5)
PIECES = 4
"""Straight pieces in a group of RAMPS: taken together, a row is read once for all of them."""
_BLOCK = 1024
_ORDERED_BLOCK = 128


# Fused multiply-adds may be used and the sign of a zero is nothing; NaN and infinity keep their meaning.
_FAST = {"contract", "nsz"}
_LOOP: Any = {"cache": True, "nogil": True, "fastmath": _FAST, "error_model": "numpy"}


@numba.njit(inline="always", error_model="numpy")
def _tanh(x):  # type: ignore[no-untyped-def]
    """The hyperbolic tangent to float32 by Eigen's rational approximation: no branch, so it vectorises."""
    x = min(max(x, F(-7.90531110763549805)), F(7.90531110763549805))
    z = x * x
    p = F(-2.76076847742355e-16) * z + F(2.00018790482477e-13)
    p = p * z + F(-8.60467152213735e-11)
    p = p * z + F(5.12229709037114e-08)
    p = p * z + F(1.48572235717979e-05)
    p = p * z + F(6.37261928875436e-04)
    p = p * z + F(4.89352455891786e-03)
    q = F(1.19825839466702e-06) * z + F(1.18534705686654e-04)
    q = q * z + F(2.26843463243900e-03)
    q = q * z + F(4.89352518554385e-03)
    return x * p / q


@numba.njit(**_LOOP)
def _linear(x, t, out):  # type: ignore[no-untyped-def]
    a, b, y, s = t[0], t[1], t[2], t[3]
    for i in range(x.size):
        v = x[i]
        out[i] = v if np.isnan(v) else y + s * (min(max(v, a), b) - a)


@numba.njit(**_LOOP)
def _ramps(x, t, out):  # type: ignore[no-untyped-def]
    out[: x.size] = t[0]
    for group in range(int(t[1])):
        k = 2 + (2 * PIECES + 1) * group
        a, b, c, d, e = t[k], t[k + 1], t[k + 2], t[k + 3], t[k + 4]
        p, q, r, s = t[k + 5], t[k + 6], t[k + 7], t[k + 8]
        for i in range(x.size):
            v = x[i]
            more = p * (min(max(v, a), b) - a) + q * (min(max(v, b), c) - b)
            more += r * (min(max(v, c), d) - c) + s * (min(max(v, d), e) - d)
            out[i] = v if np.isnan(v) else out[i] + more


@numba.njit(**_LOOP)
def _trapezoid(x, t, out):  # type: ignore[no-untyped-def]
    a, b, c, d, p, q = t[0], t[1], t[2], t[3], t[4], t[5]
    for i in range(x.size):
        v = x[i]
        rise = F(1) if v >= b else (v - a) * p
        fall = F(1) if v <= c else (d - v) * q
        inside = min(rise, fall)
        inside = inside if v >= a else F(0)
        inside = inside if v <= d else F(0)
        out[i] = v if np.isnan(v) else inside


@numba.njit(**_LOOP)
def _sigmoid(x, t, out):  # type: ignore[no-untyped-def]
    middle, half = t[0], t[1] * F(0.5)
    for i in range(x.size):
        v = x[i]
        out[i] = v if np.isnan(v) else F(0.5) + F(0.5) * _tanh(half * (v - middle))


@numba.njit(**_LOOP)
def _classes(x, t, out):  # type: ignore[no-untyped-def]
    low, high = t[0], t[1]
    for i in range(x.size):
        v, found = x[i], F(np.nan)
        if low <= v <= high:
            place = int(v - low)
            if F(place) == v - low:
                found = t[2 + place]
        out[i] = found


@numba.njit(**_LOOP)
def _values(x, kind, t, out):  # type: ignore[no-untyped-def]
    """The values of some amounts by a function's table; NaN stays NaN."""
    if kind == LINEAR:
        _linear(x, t, out)
    elif kind == RAMPS:
        _ramps(x, t, out)
    elif kind == TRAPEZOID:
        _trapezoid(x, t, out)
    elif kind == SIGMOID:
        _sigmoid(x, t, out)
    else:
        _classes(x, t, out)


@numba.njit(inline="always", error_model="numpy")
def _bounded(total, state):  # type: ignore[no-untyped-def]
    """A score within 0 and 1; none where the cell is excluded."""
    total = F(1) if total > F(1) else total
    total = F(0) if total < F(0) else total
    return total if state < EXCLUDED else F(np.nan)


@numba.njit(**_LOOP)
def weigh(values, state, layers, kinds, starts, table, weights, first, last, out):  # type: ignore[no-untyped-def]
    """The weighted mean of some rows, into `out`."""
    columns, made = state.shape[1], np.empty(_BLOCK, F)
    for r in range(first, last):
        for c in range(0, columns, _BLOCK):
            end = min(c + _BLOCK, columns)
            total, states = out[r, c:end], state[r, c:end]
            total[:] = F(0)
            for k in range(layers.size):
                _values(values[layers[k], r, c:end], kinds[k], table[starts[k] :], made)
                w = weights[k]
                for i in range(end - c):
                    total[i] += w * made[i]
            for i in range(end - c):
                total[i] = _bounded(total[i], states[i])


@numba.njit(**_LOOP)
def _exchange(upper, lower, weight_upper, weight_lower, size):  # type: ignore[no-untyped-def]
    """Put the greater values, with their weights, into the upper row."""
    for i in range(size):
        a, b, wa, wb = upper[i], lower[i], weight_upper[i], weight_lower[i]
        keep = a >= b
        upper[i] = a if keep else b
        lower[i] = b if keep else a
        weight_upper[i] = wa if keep else wb
        weight_lower[i] = wb if keep else wa


@numba.njit(**_LOOP)
def _power(p, bits, exponents, exponent, size):  # type: ignore[no-untyped-def]
    """Raise p (above 0, at most 1) to a power, in place; `bits` are its bits, `exponents` room for others.

    By log2 and exp2 in polynomials, to some 1e-7: those of the mathematical library do not vectorise, nor
    would a loop over both p and its bits.
    """
    # p = m * 2**e with m from the root of 1/2 to that of 2.
    for i in range(size):
        exponents[i] = (bits[i] - 0x3F3504F3) >> 23
        bits[i] -= exponents[i] << 23
    for i in range(size):
        # log2(m) by the series of the area tangent.
        t = (p[i] - F(1)) / (p[i] + F(1))
        z = t * t
        series = F(1) + z * (F(1 / 3) + z * (F(1 / 5) + z * (F(1 / 7) + z * F(1 / 9))))
        y = max(exponent * (F(exponents[i]) + F(2.8853900817779268) * t * series), F(-125))
        whole = np.floor(y)
        # 2**f with f from 0 to 1 by its Taylor series about the middle.
        f = (y - whole - F(0.5)) * F(0.6931471805599453)
        higher = F(1 / 6) + f * (F(1 / 24) + f * (F(1 / 120) + f * F(1 / 720)))
        p[i] = F(1.4142135623730951) * (F(1) + f * (F(1) + f * (F(1 / 2) + f * higher)))
        exponents[i] = np.int32(whole)
    for i in range(size):
        bits[i] += exponents[i] << 23


@numba.njit(**_LOOP)
def _gather(made, weight, sums, shares, exponents, attitude, total):  # type: ignore[no-untyped-def]
    """The sum of values in descending order, each by what it adds to Q(p) = p**attitude."""
    count = made.shape[0]
    total[:] = F(0)
    sums[:] = F(0)
    shares[:] = F(0)
    bits = shares[1].view(np.int32)
    for k in range(count):
        before, reached, value, more = shares[0], shares[1], made[k], weight[k]
        for i in range(total.size):
            sums[i] += more[i]
            reached[i] = min(sums[i], F(1))
        if k == count - 1:
            reached[:] = F(1)
        else:
            _power(reached, bits, exponents, attitude, total.size)
        for i in range(total.size):
            total[i] += (reached[i] - before[i]) * value[i]
            before[i] = reached[i]


@numba.njit(**_LOOP)
def order(  # type: ignore[no-untyped-def]
    values, state, layers, kinds, starts, table, weights, network, attitude, first, last, out
):
    """The ordered weighted average of some rows, into `out`."""
    columns, count = state.shape[1], layers.size
    made, weight = np.empty((count, _ORDERED_BLOCK), F), np.empty((count, _ORDERED_BLOCK), F)
    unknown, sums = np.empty(_ORDERED_BLOCK, F), np.empty(_ORDERED_BLOCK, F)
    shares, exponents = np.empty((2, _ORDERED_BLOCK), F), np.empty(_ORDERED_BLOCK, np.int32)
    for r in range(first, last):
        for c in range(0, columns, _ORDERED_BLOCK):
            end = min(c + _ORDERED_BLOCK, columns)
            total, states = out[r, c:end], state[r, c:end]
            unknown[:] = F(0)
            for k in range(count):
                value = made[k]
                _values(values[layers[k], r, c:end], kinds[k], table[starts[k] :], value)
                weight[k, :] = weights[k]
                for i in range(end - c):
                    unknown[i] += value[i]
            for e in range(network.shape[0]):
                a, b = network[e, 0], network[e, 1]
                _exchange(made[a], made[b], weight[a], weight[b], end - c)
            _gather(made, weight, sums, shares, exponents, attitude, total)
            for i in range(end - c):
                found = F(np.nan) if np.isnan(unknown[i]) else total[i]
                total[i] = _bounded(found, states[i])


@numba.njit(**_LOOP)
def limit(near, far, extra, needed, low, high, first, last, out):  # type: ignore[no-untyped-def]
    """What some rows are by limits and requirements, into `out`, which holds FREE."""
    for r in range(first, last):
        state = out[r]
        for k in range(extra.size):
            close, distant, width = near[k, r], far[k, r], extra[k]
            for i in range(state.size):
                found = np.uint8(FREE) if close[i] > width else np.uint8(UNSURE)
                found = np.uint8(EXCLUDED) if distant[i] <= width else found
                state[i] = max(state[i], found)
        for k in range(low.size):
            amount, least, most = needed[k, r], low[k], high[k]
            for i in range(state.size):
                v = amount[i]
                found = np.uint8(UNSURE) if np.isnan(v) else np.uint8(EXCLUDED)
                found = np.uint8(FREE) if (v >= least) & (v <= most) else found
                state[i] = max(state[i], found)


@numba.njit(**_LOOP)
def shade(scores, state, out):  # type: ignore[no-untyped-def]
    """The shade of each cell, into `out`."""
    for i in range(scores.size):
        s, known = scores[i], state[i]
        level = F(0) if np.isnan(s) else s
        found = np.uint8(np.int32(level * F(100) + F(1.5)))
        found = np.uint8(found + UNSURE_SHADES) if known == UNSURE else found
        found = np.uint8(UNKNOWN_SHADE) if np.isnan(s) else found
        found = np.uint8(EXCLUDED_SHADE) if known == EXCLUDED else found
        found = np.uint8(UNKNOWN_SHADE) if known == UNKNOWN else found
        out[i] = found
