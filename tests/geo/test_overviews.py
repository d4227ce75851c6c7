"""Rules of overviews: by hand, at edges, and what a coarse cell may never say of the cells below it."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.overviews import Rule, halved, least, mean, mode, most
from geo.suitability import limits
from geo.value import ValueFunction
from geo.weighing import EXCLUDED, FREE, UNSURE

NAN, INF = np.nan, np.inf


def of(rule: Rule, *four: float) -> float:
    """What a rule says of four cells, in reading order."""
    return float(halved(np.array(four, np.float32).reshape(1, 2, 2), [rule])[0, 0, 0])


@pytest.mark.parametrize(
    ("rule", "four", "right"),
    [
        (mean, (1, 2, 3, 6), 3),
        (mean, (1, NAN, 3, NAN), 2),
        (mean, (1, INF, 3, NAN), INF),
        (mean, (-INF, INF, 1, 1), NAN),
        (mean, (NAN, NAN, NAN, NAN), NAN),
        (mode, (7, 7, 1, 1), 7),
        (mode, (1, 7, 7, 2), 7),
        (mode, (3, 2, 1, 0), 3),
        (mode, (NAN, NAN, NAN, 4), 4),
        (mode, (NAN, NAN, NAN, NAN), NAN),
        (least, (3, -1, INF, 0), -1),
        (least, (INF, INF, INF, INF), INF),
        (least, (3, NAN, 1, 0), NAN),
        (most, (3, -1, INF, 0), INF),
        (most, (3, NAN, 1, 0), NAN),
    ],
)
def test_rules_by_hand(rule: Rule, four: tuple[float, ...], right: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_equal(of(rule, *four), right)


def test_each_band_has_its_rule_and_the_edge_is_no_gap() -> None:
    bands = np.arange(18, dtype=np.float32).reshape(2, 3, 3)
    near, far = halved(bands, [least, most])
    np.testing.assert_array_equal(near, [[0, 2], [6, 8]])
    np.testing.assert_array_equal(far, [[13, 14], [16, 17]])
    np.testing.assert_array_equal(halved(bands[:1], [mean])[0], [[2, 3.5], [6.5, 8]])


def cells(shape: tuple[int, int], values: Any) -> Any:
    return arrays.arrays(np.float32, shape, elements=values)


DISTANCES = st.floats(-500, 500, width=32) | st.sampled_from([np.float32(INF), np.float32(NAN)])


@given(cells((5, 8), DISTANCES), cells((5, 8), st.floats(0, 300, width=32)), st.floats(-100, 100, width=32))
def test_a_coarse_cell_is_never_surer_than_those_below_it(near: Any, apart: Any, width_m: float) -> None:
    """It is inside or outside a zone only where all of them are, level after level."""
    bands = np.stack([near, near + apart])
    fine = limits(bands[:1], bands[1:], [width_m])
    for level in range(1, 4):
        bands = halved(bands, [least, most])
        coarse = limits(bands[:1], bands[1:], [width_m])
        for (row, column), state in np.ndenumerate(coarse):
            side = 2**level
            below = fine[row * side : (row + 1) * side, column * side : (column + 1) * side]
            if state in (FREE, EXCLUDED):
                assert (below == state).all()
            if (below == UNSURE).any():
                assert state == UNSURE


RISING = ValueFunction("piecewise", ((0, 0), (20, 0.1), (60, 0.9), (100, 1)))
HILL = ValueFunction("trapezoid", ((0, 0), (40, 1), (60, 1), (100, 0)))


@given(cells((2, 2), st.floats(0, 100, width=32)))
def test_the_value_of_a_mean_lies_within_the_values_where_the_function_does_not_turn(amounts: Any) -> None:
    shown = RISING(halved(amounts[None], [mean]))
    values = RISING(amounts)
    assert values.min() - 1e-6 <= shown <= values.max() + 1e-6


def test_the_value_of_a_mean_is_not_the_mean_of_the_values() -> None:
    """Two cells of no use about a hill look like its top: a coarse tile is for looking, not for figures."""
    amounts = np.array([[0, 100], [0, 100]], np.float32)
    assert HILL(halved(amounts[None], [mean])) == 1
    assert HILL(amounts).max() == 0
