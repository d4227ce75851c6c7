"""Value functions: worked by hand, their text there and back, every fault told and nothing else."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, ModelError
from geo.value import KINDS, MOST_CLASSES, MOST_KNOTS, MOST_X, ValueFunction, number, number_text
from tests.geo.models import VALUES

INF, NAN = np.inf, np.nan


def codes_of(text: str) -> list[str]:
    with pytest.raises(ModelError) as caught:
        ValueFunction.parse(text)
    return [fault.code for fault in caught.value.faults]


def made_codes(kind: Any, points: Any) -> list[str]:
    with pytest.raises(ModelError) as caught:
        ValueFunction(kind, points)
    return [fault.code for fault in caught.value.faults]


# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amounts", "values"),
    [
        ("lin~0~1~20000~0", [-1, 0, 5000, 20_000, 1e9, INF, -INF], [1, 1, 0.75, 0, 0, 0, 1]),
        ("lin~-5~0.2~5~0.8", [-5, 0, 5], [0.2, 0.5, 0.8]),
        ("pw~0~0~10~1~30~0.5", [-INF, 0, 5, 10, 20, 30, INF], [0, 0, 0.5, 1, 0.75, 0.5, 0.5]),
        ("trap~0~10~20~40", [-1, 0, 5, 10, 20, 30, 40, 41, INF, -INF], [0, 0, 0.5, 1, 1, 0.5, 0, 0, 0, 0]),
        ("trap~0~0~3~8", [-0.1, 0, 3, 5.5, 8], [0, 1, 1, 0.5, 0]),
        ("trap~0~5~9~9", [5, 9, 9.1], [1, 1, 0]),
        ("trap~0~5~5~10", [2.5, 5, 7.5], [0.5, 1, 0.5]),
        ("sig~50~70", [50, 70, 30, INF, -INF], [0.5, 0.95, 0.05, 1, 0]),
        ("sig~50~30", [50, 30, 70, INF, -INF], [0.5, 0.95, 0.05, 0, 1]),
        ("cat~1~0.5~2~1~7~0", [1, 2, 7, 3, 0, 8, 1.5, INF], [0.5, 1, 0, NAN, NAN, NAN, NAN, NAN]),
    ],
)
def test_values(text: str, amounts: list[float], values: list[float]) -> None:
    function = ValueFunction.parse(text)
    assert function([NAN, *amounts]).tolist() == pytest.approx([NAN, *values], nan_ok=True)
    assert math.isnan(float(function(NAN)))


def test_a_step_falls_where_a_raster_of_float32_has_it() -> None:
    step = ValueFunction.parse("trap~0.1~0.1~1~1")
    assert step(np.float32([0.1, np.nextafter(np.float32(0.1), np.float32(0))])).tolist() == [1, 0]


@given(VALUES, st.lists(st.floats(-1e13, 1e13) | st.sampled_from([INF, -INF]), min_size=1))
def test_values_lie_between_nothing_and_one(function: ValueFunction, amounts: list[float]) -> None:
    values = function(amounts)
    known = values[~np.isnan(values)]
    assert ((known >= 0) & (known <= 1)).all()
    assert len(known) == len(values) or function.kind == "categorical"


@given(VALUES)
def test_a_function_goes_through_its_points(function: ValueFunction) -> None:
    values = function(function.x)
    if function.kind == "trapezoid":
        values, expected = values[1:3], np.array([1.0, 1.0])
    else:
        expected = function.y
    assert values == pytest.approx(expected, abs=1e-6)


# --- text -------------------------------------------------------------------------------------------------


@given(VALUES)
def test_the_text_is_read_back(function: ValueFunction) -> None:
    text = function.text()
    assert ValueFunction.parse(text) == function
    assert ValueFunction(function.kind, function.points) == function
    assert not set(text) & set(";*:+&=#? ")


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("lin~0.0~1~2e4~0e0", "lin~0~1~20000~0"),
        ("lin~-0~0~1000000000000~1", "lin~0~0~1e12~1"),
        ("cat~7~1~2~0.5", "cat~2~0.5~7~1"),
        ("sig~1.23456789012345~2", "sig~1.23456789~2"),
    ],
)
def test_one_function_has_one_text(given: str, canonical: str) -> None:
    assert ValueFunction.parse(given).text() == canonical


def test_points_hold_what_is_fixed() -> None:
    assert ValueFunction.parse("trap~1~2~3~4").points == ((1, 0), (2, 1), (3, 1), (4, 0))
    assert ValueFunction.parse("sig~1~2").points == ((1, 0.5), (2, 0.95))


# --- faults -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["kind"]),
        ("line~0~1~2~0", ["kind"]),
        ("linear~0~1~2~0", ["kind"]),
        ("lin", ["knots"]),
        ("lin~0~1~2", ["knots"]),
        ("lin~0~1~2~0~3~1", ["knots"]),
        ("pw~0~1", ["knots"]),
        ("pw" + "".join(f"~{n}~0" for n in range(MOST_KNOTS + 1)), ["knots"]),
        ("trap~1~2~3", ["knots"]),
        ("trap~1~2~3~4~5", ["knots"]),
        ("sig~1", ["knots"]),
        ("cat", ["knots"]),
        ("cat" + "".join(f"~{n}~0" for n in range(MOST_CLASSES + 1)), ["knots"]),
        ("lin~a~1~2~b", ["number", "number"]),
        ("lin~nan~1~2~0", ["number"]),
        ("lin~0~1~inf~0", ["number"]),
        ("lin~0~1~1e13~0", ["number"]),
        ("lin~~1~2~0", ["number"]),
        ("lin~0~1.1~2~-0.1", ["value", "value"]),
        ("lin~2~0~2~1", ["order"]),
        ("lin~3~0~2~1", ["order"]),
        ("lin~0~0~1e-12~1", ["order"]),
        ("lin~1e9~0~1000000001~1", ["order"]),
        ("pw~0~0~2~1~1~7", ["value", "order"]),
        ("trap~1~2~3~2", ["order"]),
        ("trap~2~2~2~2", ["order"]),
        ("sig~5~5", ["order"]),
        ("cat~1.5~1", ["class"]),
        ("cat~70000~1", ["class"]),
        ("cat~1~1~1~0", ["double"]),
        ("cat~1~2~1~0", ["value", "double"]),
    ],
)
def test_what_cannot_be_read_is_told(text: str, codes: list[str]) -> None:
    assert codes_of(text) == codes


@pytest.mark.parametrize(
    ("kind", "points", "codes"),
    [
        ("spline", [(0, 0), (1, 1)], ["kind"]),
        (None, [], ["kind"]),
        (["linear"], [], ["kind"]),
        ("linear", None, ["knots"]),
        ("linear", "0011", ["knots"]),
        ("linear", {"x": 1}, ["knots"]),
        ("linear", [0, 1], ["number", "number"]),
        ("linear", [(0, 0, 0), (1, 1)], ["number"]),
        ("linear", [(0, True), (1, 1)], ["number"]),
        ("linear", [(0, None), (1, 1)], ["number"]),
        ("linear", [(0, 0), (10**400, 1)], ["number"]),
        ("trapezoid", [(0, 0), (1, 1), (2, 0.5), (3, 0)], ["value"]),
        ("sigmoid", [(0, 0.4), (1, 0.95)], ["value"]),
    ],
)
def test_points_that_cannot_be_used_are_told(kind: Any, points: Any, codes: list[str]) -> None:
    assert made_codes(kind, points) == codes


def test_an_error_is_of_the_ladder() -> None:
    with pytest.raises(GeoError, match="no kind of value function"):
        ValueFunction.parse("line")


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(["lin", "pw", "trap", "sig", "cat", "0", "1", "0.5", "-3", "1e400", "nan", "", "é"])
        | st.text(max_size=5),
        max_size=10,
    ).map("~".join)
)
def test_of_any_text_only_model_errors_are_raised(text: str) -> None:
    try:
        function = ValueFunction.parse(text)
    except ModelError as error:
        assert error.faults  # noqa: PT017 - either outcome is right
        return
    assert ValueFunction.parse(function.text()) == function


@given(
    st.sampled_from(KINDS),
    st.recursive(st.none() | st.floats() | st.text(max_size=3) | st.booleans(), st.lists),
)
def test_of_any_points_only_model_errors_are_raised(kind: Any, points: Any) -> None:
    try:
        assert ValueFunction(kind, points).points
    except ModelError as error:
        assert error.faults  # noqa: PT017 - either outcome is right


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "read"),
    [("5", 5.0), (" 5 ", 5.0), (5, 5.0), ("-0", 0.0), (0.1 + 0.2, 0.3), (MOST_X, MOST_X), ("1_0", 10.0)],
)
def test_numbers_keep_ten_digits(value: object, read: float) -> None:
    found = number(value)
    assert found == read
    assert found is not None
    assert math.copysign(1, found) == math.copysign(1, read)
    assert number(number_text(found)) == found


@pytest.mark.parametrize("value", ["", "x", "nan", "-inf", None, True, [], {}, 10**400, b"5", 1j], ids=repr)
def test_what_is_no_number_is_none(value: object) -> None:
    assert number(value) is None
