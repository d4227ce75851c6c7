"""Value functions: how good a measured amount is, from 0 (of no use) to 1 (as good as can be).

Five kinds, each held as points (x, y): x in the unit of the measure, y the value.

    linear        two knots, level beyond them
    piecewise     2 to 12 knots with straight lines between, level beyond them
    trapezoid     four x with the values 0, 1, 1, 0; ends may coincide, which makes a step
    sigmoid       logistic through (middle, 0.5) and (x95, 0.95); falls where x95 lies below the middle
    categorical   (class, value) pairs; a class that is not listed is unknown

Rasters are float32, so x are taken as float32 wherever a function is evaluated: a step falls on the same cell
in the compiled pass (`geo.suitability`) and here. What is unknown (NaN) stays unknown. Value functions after
Malczewski, "GIS and Multicriteria Decision Analysis", 1999, chapter 5.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from geo.errors import Fault, ModelError

Kind = Literal["linear", "piecewise", "trapezoid", "sigmoid", "categorical"]
Knots = tuple[tuple[float, float], ...]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_KNOTS = 12
MOST_CLASSES = 64
LEAST_CLASS, MOST_CLASS = -32_768, 65_535
"""Classes are the whole numbers that land cover rasters hold (int16, uint16)."""
MOST_X = 1e12
LEAST_GAP = 1e-9
"""Knots that are no step lie at least that far apart, so that no slope overflows a float32."""

_MARKS: dict[Kind, str] = {
    "linear": "lin",
    "piecewise": "pw",
    "trapezoid": "trap",
    "sigmoid": "sig",
    "categorical": "cat",
}
_KIND_OF = {mark: kind for kind, mark in _MARKS.items()}
_FIXED_Y: dict[str, tuple[float, ...]] = {"trapezoid": (0.0, 1.0, 1.0, 0.0), "sigmoid": (0.5, 0.95)}
_COUNTS = {
    "linear": (2, 2),
    "piecewise": (2, MOST_KNOTS),
    "trapezoid": (4, 4),
    "sigmoid": (2, 2),
    "categorical": (1, MOST_CLASSES),
}


@dataclass(frozen=True)
class ValueFunction:
    """A value function of some kind through some points; raises `ModelError` with all that is wrong with it.

    Numbers keep ten digits, so that the text holds them whole. Of a categorical function the classes are
    sorted.
    """

    kind: Kind
    points: Knots

    def __post_init__(self) -> None:
        points, faults = _read(self.kind, self.points)
        if faults:
            raise ModelError(f"no value function: {', '.join(fault.code for fault in faults)}", faults)
        object.__setattr__(self, "points", points)

    def text(self) -> str:
        """The compact canonical form that `parse` reads, such as `lin~0~1~20000~0`."""
        fixed = self.kind in _FIXED_Y
        numbers = [value for point in self.points for value in (point[:1] if fixed else point)]
        return "~".join([_MARKS[self.kind], *map(number_text, numbers)])

    @classmethod
    def parse(cls, text: str) -> "ValueFunction":
        """Read the compact form. Raises `ModelError` with everything that cannot be used."""
        mark, *numbers = text.split("~")
        kind = _KIND_OF.get(mark)
        if kind is None:
            raise ModelError("no kind of value function", (Fault("kind", "", mark[:20]),))
        if kind in _FIXED_Y:
            if len(numbers) != len(_FIXED_Y[kind]):
                raise ModelError("too few or too many numbers", (Fault("knots", "", str(len(numbers))),))
            points: Any = list(zip(numbers, _FIXED_Y[kind], strict=True))
        elif len(numbers) % 2:
            raise ModelError("a number is missing", (Fault("knots", "", str(len(numbers))),))
        else:
            points = list(zip(numbers[::2], numbers[1::2], strict=True))
        return cls(kind, points)

    @property
    def x(self) -> npt.NDArray[np.float32]:
        """The x of the points as they are compared with a raster."""
        return np.array([x for x, _ in self.points], np.float32)

    @property
    def y(self) -> npt.NDArray[np.float64]:
        """The values of the points."""
        return np.array([y for _, y in self.points])

    def __call__(self, x: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """The values of some amounts in double precision; NaN stays NaN, an infinite one is at the end."""
        amounts, knots = np.asarray(x, float), self.x.astype(float)
        if self.kind == "categorical":
            at = np.minimum(np.searchsorted(knots, amounts), len(knots) - 1)
            return np.where(knots[at] == amounts, self.y[at], np.nan)
        if self.kind == "sigmoid":
            middle, end = knots
            half = math.log(19) / (end - middle) / 2
            return np.asarray(0.5 + 0.5 * np.tanh(half * (amounts - middle)))
        if self.kind == "trapezoid":
            return _trapezoid(amounts, *knots)
        return np.asarray(np.interp(amounts, knots, self.y))


def number_text(value: float) -> str:
    """A number of at most ten digits, without a plus that an address would take for a blank."""
    return f"{value:.10g}".replace("e+", "e")


def number(value: object) -> float | None:
    """A number or its text as a finite float of ten digits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        # A zero with a sign equals the one without and would be told otherwise.
        made = float(f"{float(value):.10g}") + 0.0
    except (ValueError, OverflowError):
        return None
    return made if math.isfinite(made) else None


def _trapezoid(x: npt.NDArray[np.float64], a: float, b: float, c: float, d: float) -> npt.NDArray[np.float64]:
    known = np.clip(np.nan_to_num(x, nan=a), a, d)
    rise = np.where(known >= b, 1.0, (known - a) / ((b - a) or 1.0))
    fall = np.where(known <= c, 1.0, (d - known) / ((d - c) or 1.0))
    values = np.where((x >= a) & (x <= d), np.minimum(rise, fall), 0.0)
    return np.where(np.isnan(x), np.nan, values)


def _read(kind: object, given: object) -> tuple[Knots, tuple[Fault, ...]]:
    """The points of a kind as finite numbers, and all that is wrong with them."""
    if kind not in KINDS:
        return (), (Fault("kind", "", str(kind)[:20]),)
    pairs = list(given) if isinstance(given, list | tuple) else []
    least, most = _COUNTS[kind]
    if not least <= len(pairs) <= most:
        return (), (Fault("knots", "", str(len(pairs))),)
    points, faults = [], []
    for pair in pairs:
        x, y = map(number, pair) if isinstance(pair, list | tuple) and len(pair) == 2 else (None, None)
        if x is None or y is None or abs(x) > MOST_X:
            faults.append(Fault("number", "", str(pair)[:20]))
        else:
            points.append((x, y))
    if faults:
        return (), tuple(faults)
    if kind == "categorical":
        points.sort()
    return tuple(points), (*_value_faults(kind, points), *_order_faults(kind, [x for x, _ in points]))


def _value_faults(kind: str, points: list[tuple[float, float]]) -> Iterator[Fault]:
    fixed = _FIXED_Y.get(kind)
    for place, (_, y) in enumerate(points):
        if not 0 <= y <= 1 or (fixed is not None and y != fixed[place]):
            yield Fault("value", "", number_text(y))


def _order_faults(kind: str, given: list[float]) -> Iterator[Fault]:
    x = np.array(given, np.float32).astype(float)
    if kind == "categorical":
        whole = [LEAST_CLASS <= value <= MOST_CLASS and value.is_integer() for value in given]
        if not all(whole):
            yield Fault("class", "", number_text(given[whole.index(False)]))
        elif len(set(given)) < len(given):
            yield Fault("double", "", "")
        return
    gaps = np.diff(x)
    if kind == "sigmoid":
        gaps = np.abs(gaps)
    apart = gaps >= LEAST_GAP
    if kind == "trapezoid":
        apart |= gaps == 0
        apart &= x[-1] > x[0]
    if not apart.all():
        yield Fault("order", "", number_text(given[int(np.argmin(apart)) + 1]))
