"""Symbols on paper: where they stand, and how a state is told without colour."""

import pytest
from reportlab.graphics.shapes import Group, Line

from layers.catalog import Catalogue
from layers.paper.ink import PAPER, colour
from layers.paper.symbols import BOX, line_sample, point_symbol, zoom_scale
from layers.style import SHAPES, Symbol


@pytest.mark.parametrize("shape", SHAPES)
def test_a_symbol_is_as_large_as_asked_and_stands_on_its_place(shape: str) -> None:
    symbol = Symbol(shape=shape, colour="#b34700")
    left, bottom, right, top = point_symbol(symbol, 50, 70, 12).getBounds()
    assert max(right - left, top - bottom) == pytest.approx(12, abs=2.6)
    assert (left + right) / 2 == pytest.approx(50, abs=0.6)
    middle = 76 if shape == "pin" else 70
    assert (bottom + top) / 2 == pytest.approx(middle, abs=0.8)


def test_states_differ_in_black_and_white() -> None:
    symbol = Symbol(shape="hexagon", colour="#00754f")
    solid, half, hollow, crossed = (
        point_symbol(symbol, 0, 0, 12, fill).contents for fill in ("solid", "half", "hollow", "crossed")
    )
    assert solid[1].fillColor == colour("#00754f")
    assert hollow[1].fillColor == colour(PAPER)
    clipped = half[-1]
    assert isinstance(clipped, Group)
    assert clipped.contents[0].isClipPath
    assert clipped.contents[0].points[1] == BOX / 2
    assert isinstance(crossed[-1], Line)


def test_icons_are_left_out_where_they_could_not_be_read(catalogue: Catalogue) -> None:
    symbol = catalogue.layers["park_medical"].style.symbol
    assert symbol.icon
    large, small = (point_symbol(symbol, 0, 0, size).contents for size in (10, 4))
    assert len(large) == len(small) + 1


def test_a_line_keeps_its_dash_unless_its_state_has_one() -> None:
    symbol = Symbol(dash="10 5", width=2)
    own, planned = (line_sample(symbol, 0, 0, 20, dash).contents[0] for dash in (None, "3 6"))
    assert own.strokeDashArray == [4.5, 2.25]
    assert planned.strokeDashArray == [pytest.approx(1.35), pytest.approx(2.7)]


def test_points_shrink_when_much_is_shown() -> None:
    sizes = [zoom_scale(zoom) for zoom in (6, 9, 11, 13)]
    assert sizes == sorted(sizes)
    assert sizes[-1] == 1
