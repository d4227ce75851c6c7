"""Widths of zones by their rule, with the figures of the Water Code, article 65, part 4."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.norms import water_protection_m, zone_width_m

LENGTHS = st.lists(st.floats(0, 5000) | st.just(float("nan")), max_size=20).map(np.array)


@pytest.mark.parametrize(
    ("length_km", "width_m"),
    [(0, 50), (9.99, 50), (10, 100), (49.99, 100), (50, 200), (5410, 200)],
)
def test_the_zone_of_a_river_by_its_length(length_km: float, width_m: float) -> None:
    assert water_protection_m(np.array([length_km])).tolist() == [width_m]
    assert zone_width_m("river_length", 1.0, np.array([length_km])).tolist() == [width_m]


def test_of_an_unknown_length_no_width_is_known_and_the_widest_is_taken() -> None:
    unknown = np.array([np.nan])
    assert np.isnan(water_protection_m(unknown)).all()
    assert zone_width_m("river_length", 1.0, unknown).tolist() == [200]


@given(LENGTHS)
def test_a_longer_river_has_no_narrower_zone(length_km: np.ndarray) -> None:
    width = zone_width_m("river_length", 0.0, length_km)
    assert width.shape == length_km.shape
    assert set(width.tolist()) <= {50.0, 100.0, 200.0}
    known = ~np.isnan(length_km)
    order = np.argsort(length_km[known])
    assert (np.diff(width[known][order]) >= 0).all()


@given(LENGTHS, st.floats(0, 10_000))
def test_a_fixed_zone_is_as_wide_everywhere(length_km: np.ndarray, width_m: float) -> None:
    width = zone_width_m("fixed", width_m, length_km)
    assert width.shape == length_km.shape
    assert (width == width_m).all()
