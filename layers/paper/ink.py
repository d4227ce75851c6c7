"""Inks and measures of paper: colours, millimetres and points, paths out of the outlines of the style."""

from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt
from fontTools.pens.reportLabPen import ReportLabPen
from fontTools.svgLib.path import parse_path
from reportlab.graphics.shapes import Drawing, Path
from reportlab.lib.colors import Color, HexColor

from layers.identity import identity
from layers.paper.fonts import REGULAR

MM = 72 / 25.4
"""Points in a millimetre."""
PX = 0.45
"""Points on paper of a CSS pixel of a style: print is finer than a screen, so it takes six tenths."""

INK, QUIET, HAIR = "#1b2a33", "#56646e", "#c3ccd1"
PAPER, LAND = "#ffffff", "#faf8f3"
ACCENT, TINT = identity().accent, identity().tint
"""Of the agency that runs the planner."""
MARK = "#d6005c"
"""The colour of a site that a map is about; no symbol of the catalogue has it."""
BUTT, ROUND = 0, 1


def blank(wide: float, high: float) -> Drawing:
    """An empty drawing of so many points, in whose state there is no face that is not embedded."""
    return Drawing(wide, high, initialFontName=REGULAR)


@cache
def colour(text: str) -> Color:
    """A colour `#rrggbb`."""
    return HexColor(text)


@cache
def _unit(text: str) -> tuple[tuple[float, ...], tuple[int, ...]]:
    path = Path()
    parse_path(text, ReportLabPen(None, path))
    return tuple(path.points), tuple(path.operators)


def path_of(text: str) -> Path:
    """An outline in the language of SVG as a path in its own box (y downwards)."""
    points, operators = _unit(text)
    return Path(points=list(points), operators=list(operators), fillMode=1)


def path_through(parts: Iterable[npt.NDArray[np.float64]], *, closed: bool = False) -> Path:
    """A path of straight lines through each of some (n, 2) arrays; holes of closed ones stay open."""
    points: list[float] = []
    operators: list[int] = []
    for part in parts:
        points += np.round(part, 3).ravel().tolist()
        operators += [0, *[1] * (len(part) - 1), *([3] if closed else [])]
    return Path(points=points, operators=operators, fillMode=0)


def dashes(text: str | None, px: float = PX) -> list[float] | None:
    """A dash of a style (CSS pixels) in points."""
    return [float(part) * px for part in text.replace(",", " ").split()] if text else None
