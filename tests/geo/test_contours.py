"""Filled contours: levels by hand, holes, places of rings, and what touches itself."""

from typing import Any

import numpy as np
import pytest
import shapely

from geo.contours import filled


def ramp(rows: int = 3, columns: int = 5) -> Any:
    """Each value is the number of its column."""
    return np.tile(np.arange(columns, dtype=float), (rows, 1))


def test_the_area_between_two_levels() -> None:
    assert filled(ramp(), 1.5, 3.0).equals(shapely.box(1.5, 0, 3, 2))
    assert filled(ramp(), 7.0, 9.0).is_empty


def test_axes_place_it() -> None:
    axes = 500_000 + 100.0 * np.arange(5), 6_000_000 + 100.0 * np.arange(3)
    assert filled(ramp(), 1.0, 2.0, axes).equals(shapely.box(500_100, 6_000_000, 500_200, 6_000_200))


def test_rings_may_be_placed_by_hand() -> None:
    made = filled(ramp(), 1.0, 2.0, placed=lambda ring: 10 * ring)
    assert made.bounds == (10, 0, 20, 20)


def test_what_lies_within_is_cut_out() -> None:
    values = np.zeros((5, 5))
    values[2, 2] = 1.0
    made = filled(values, -1.0, 0.5)
    assert made.area == pytest.approx(16 - 0.5)
    assert len(made.interiors) == 1


def test_a_contour_that_touches_itself_is_mended() -> None:
    """On a chessboard the contours about the fields meet half-way, in corners."""
    board = np.indices((8, 8)).sum(axis=0) % 2.0
    made = filled(board, 0.5, 1.5)
    assert made.is_valid
    assert shapely.get_dimensions(made) == 2
    assert made.area == pytest.approx(49 - filled(board, -0.5, 0.5).area)
