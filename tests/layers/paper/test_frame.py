"""Which metres lie where: scales that are round and true."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.paper.frame import MapFrame, round_scale
from layers.paper.ink import MM

metres = st.floats(-200_000, 200_000)
sides = st.floats(40, 800)


@given(st.floats(1, 1e8))
def test_a_round_scale_is_the_next_one_above(least: float) -> None:
    scale = round_scale(least)
    assert least <= scale * (1 + 1e-9) < 2 * least * (1 + 1e-6)
    digits = scale / 10 ** math.floor(math.log10(scale) + 1e-9)
    assert round(digits * 2) / 2 == pytest.approx(digits)


@given(metres, metres, st.floats(10, 90_000), st.floats(10, 90_000), sides, sides)
def test_what_is_to_be_shown_is_in_the_window(
    x: float, y: float, wide: float, high: float, across: float, up: float
) -> None:
    frame = MapFrame.fitting((x, y, x + wide, y + high), (across, up))
    west, south, east, north = frame.bounds
    assert west <= x
    assert south <= y
    assert east >= x + wide
    assert north >= y + high


@given(metres, metres, st.floats(500, 5e6), sides, sides, metres)
def test_a_metre_is_as_long_as_the_scale_says(
    x: float, y: float, scale: float, across: float, up: float, apart: float
) -> None:
    frame = MapFrame((x, y), scale, (across, up))
    (x0, y0), (x1, y1) = frame.at(np.array([[x, y], [x + apart, y - apart]]))
    assert (x1 - x0) / MM == pytest.approx(apart * 1000 / scale, abs=1e-6)
    assert (y0 - y1) / MM == pytest.approx(apart * 1000 / scale, abs=1e-6)
    left, bottom, right, top = frame.window
    assert (x0, y0) == pytest.approx(((left + right) / 2, (bottom + top) / 2))


def test_a_point_is_shown_at_the_least_scale() -> None:
    assert MapFrame.fitting((5, 5, 5, 5), (100, 100)).scale == 2000


def test_the_zoom_is_that_of_the_screen() -> None:
    near, far = (MapFrame((0, 0), scale, (100, 100)).zoom for scale in (100_000, 200_000))
    assert near - far == pytest.approx(1)
    assert near == pytest.approx(11.67, abs=0.01)


@pytest.mark.parametrize(
    ("centre", "scale", "size"),
    [
        ((0, 0), 1000, (15, 100)),
        ((0, 0), 1000, (100, 25)),
        ((0, 0), 0, (100, 100)),
        ((math.nan, 0), 9, (99, 99)),
    ],
)
def test_what_is_no_frame_is_refused(
    centre: tuple[float, float], scale: float, size: tuple[float, float]
) -> None:
    with pytest.raises(ValueError, match=r"no (map|scale)"):
        MapFrame(centre, scale, size)
