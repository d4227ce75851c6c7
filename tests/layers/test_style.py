"""Styles: which symbol, which size, and whether looks can be told apart."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from shapely import Point

from layers.catalog import Catalogue
from layers.style import SHAPES, STATE_DASHES, STATE_FILLS, Style, Symbol
from layers.webmap import ASSETS

RED, BLUE = Symbol(colour="#ff0000"), Symbol(colour="#0000ff")
STYLE = Style(symbol=BLUE, field="kind", classes={"a": RED}, size_steps=((0, 5), (1000, 7), (10_000, 10)))


def test_a_value_finds_its_class_and_any_other_the_rest() -> None:
    assert (STYLE.class_of("a"), STYLE.symbol_of("a")) == ("a", RED)
    for value in ("b", None, "", float("nan"), 3):
        assert STYLE.class_of(value) == ""
    assert STYLE.symbol_of("") == BLUE


@pytest.mark.parametrize(
    ("value", "size"), [(None, 5), (0, 5), (999, 5), (1000, 7), (9999.9, 7), (10_000, 10), (1e9, 10), (-5, 5)]
)
def test_a_size_of_its_step(value: float | None, size: float) -> None:
    assert STYLE.size_of(value) == size


def test_without_steps_the_symbol_has_its_own_size() -> None:
    assert Style().size_of(500.0) is None


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_more_is_never_drawn_smaller(a: float, b: float) -> None:
    less, more = sorted((a, b))
    assert (STYLE.size_of(less) or 0) <= (STYLE.size_of(more) or 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"colour": "#12345"},
        {"size": 1},
        {"size": 100},
        {"width": -1},
        {"fill_opacity": 1.5},
        {"strange": 1},
    ],
)
def test_a_symbol_that_cannot_be_drawn_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Symbol(**wrong)


def test_symbols_of_the_catalogue_can_be_drawn(catalogue: Catalogue) -> None:
    for layer in catalogue.layers.values():
        for symbol in (layer.style.symbol, *layer.style.classes.values()):
            assert symbol.shape in SHAPES, layer.id
            if symbol.icon:
                assert (ASSETS / "icons" / f"{symbol.icon}-fill.svg").is_file(), symbol.icon


def test_the_six_parks_differ_in_colour_shape_and_icon(catalogue: Catalogue) -> None:
    """Colour, shape and icon each tell the park, so that one of them may be lost."""
    looks = [layer.style.symbol for layer in catalogue.layers.values() if layer.group == "parks"]
    assert len(looks) == 6
    for part in ("colour", "shape", "icon"):
        assert len({getattr(look, part) for look in looks}) == 6, part


def test_projects_carry_the_colours_and_icons_of_their_parks(catalogue: Catalogue) -> None:
    classes = catalogue.layers["projects"].style.classes
    for layer in catalogue.layers.values():
        if layer.group == "parks":
            project, park = classes[layer.where["park"]], layer.style.symbol
            assert (project.colour, project.icon) == (park.colour, park.icon)


def _lab(colour: str, matrix: list[list[float]]) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour seen through a matrix on linear RGB (identity: full sight)."""
    rgb = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    seen = [min(max(sum(m * c for m, c in zip(row, linear, strict=True)), 0), 1) for row in matrix]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(m * c for m, c in zip(row, seen, strict=True)) for row in to_xyz]
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in
         (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)]  # fmt: skip
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


# Viénot, Brettel and Mollon 1999; Machado, Oliveira and Fernandes 2009 for tritanopia.
SIGHTS = {
    "full": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deuteranopia": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
}


@pytest.mark.parametrize("sight", SIGHTS)
def test_parks_of_one_shape_never_look_alike(catalogue: Catalogue, sight: str) -> None:
    """Projects have one shape, so their colours must be told apart by the colour-blind (or their icons)."""
    looks = list(catalogue.layers["projects"].style.classes.values())
    for one, other in itertools.combinations(looks, 2):
        a, b = (_lab(look.colour, SIGHTS[sight]) for look in (one, other))
        apart = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        assert apart > 5 or one.icon != other.icon, (one.colour, other.colour, apart)


def test_park_colours_carry_a_white_icon(catalogue: Catalogue) -> None:
    """WCAG 2.2, 1.4.11: a graphic stands out 3 : 1 against its ground."""
    for layer in catalogue.layers.values():
        if layer.group == "parks":
            lightness = _lab(layer.style.symbol.colour, SIGHTS["full"])[0]
            luminance = ((lightness + 16) / 116) ** 3
            assert 1.05 / (luminance + 0.05) >= 3, layer.id


def test_every_status_has_a_fill_and_every_unbuilt_one_a_dash(catalogue: Catalogue) -> None:
    assert set(STATE_FILLS) == {*catalogue.vocabularies["status"], "standing"}
    assert set(STATE_DASHES) == set(STATE_FILLS) - {"built", "standing"}
    assert STATE_FILLS["planned"] != STATE_FILLS["under_way"] != STATE_FILLS["built"]


def test_outlines_stay_in_their_box() -> None:
    import re

    for name, path in SHAPES.items():
        assert path.startswith("M"), name
        assert path.endswith("Z"), name
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
        assert Point(12, 12).distance(Point(numbers[0], numbers[1])) <= 17, name
        assert all(0 <= number <= 24 for number in numbers), name
