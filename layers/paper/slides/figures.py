"""Figures of plots as the charts of an office need them: formats, rows of points, ends of axes."""

import math
import re
from collections.abc import Iterable, Sequence

from layers.catalog import Language
from layers.paper.plots import Axis, Dots, Value
from layers.text import Words

_FIGURE = re.compile(r"([+−-]?)(\d[\d\u00a0 ,.]*\d|\d)")


def number_format(values: Iterable[Value | None], language: Language) -> str | None:
    """The format that writes all amounts as their texts do; None where they are told in different units."""
    known = [value for value in values if value and value.amount is not None]
    decimals = 0 if all(float(value.amount or 0).is_integer() for value in known) else 1
    figure = "#,##0" + (".0" if decimals else "")
    told = [value for value in known if value.text]
    if not told:
        return f"{figure};−{figure}"
    around = set()
    for value in told:
        found = _FIGURE.search(value.text)
        exact = Words(language).number(abs(value.amount or 0), 1)
        if not found or found[2].replace(" ", "\u00a0") != exact:
            return None
        around.add((value.text[: found.start()], value.text[found.end() :]))
    if len(around) > 1:
        return None
    before, after = (f'"{text}"' if text else "" for text in around.pop())
    plus = "+" if any("+" in value.text for value in told) else ""
    return f"{plus}{before}{figure}{after};−{before}{figure}{after};{before}{figure}{after}"


def at_labels(dots: Dots, count: int) -> list[list[float | None]]:
    """The amounts of points by the numbers of their labels; in one row more where one label has several."""
    found: list[list[float | None]] = []
    for dot in dots.dots:
        at = round(dot.x)
        row = next((row for row in found if row[at] is None), None)
        if row is None:
            row = [None] * count
            found.append(row)
        row[at] = dot.y
    return found


def whole_powers(axis: Axis, amounts: Sequence[float]) -> Axis:
    """A logarithmic axis from power to power of ten, which is what an office can draw."""
    if not axis.log:
        return axis
    low, high = math.floor(math.log10(min(amounts))), math.ceil(math.log10(max(amounts)))
    return Axis(axis.title, 10.0**low, 10.0 ** max(high, low + 1), log=True)
