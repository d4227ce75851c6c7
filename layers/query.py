"""Which records are wanted: conditions on fields and a year; their text form; their application.

Silent filters do not exist: a condition works on every layer that has its field, and on the map, the table,
the legend and the report alike, because all of them ask this module. A record whose value is unknown is
neither more nor less than anything: a condition keeps it only when told to (`unknown`).
"""

import math
import re
from collections.abc import Mapping
from typing import Any, Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import lifecycle
from layers.catalog import Catalogue, Field, Layer, Register
from layers.comparison import Comparison
from layers.day import this_year
from layers.records import SLUG, split
from layers.sought import Sought
from layers.style import Frozen

PREFIX = "f."
YEARS = (1990, 2040)
_YEARS_OF_LIFE = ("planned_year", "start_year", "end_year", "opened_year")


class Condition(Frozen):
    """Values of a closed list, or a range of a number (an end may be open); `unknown` keeps the unknown."""

    field: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unknown: bool = False

    @classmethod
    def parse(cls, field: Field, text: str, catalogue: Catalogue) -> Self:
        """Read `a.b.c`, `100~2000`, `~50`, with a trailing `!` to keep the unknown; raises ValueError."""
        unknown, body = text.endswith("!"), text.removesuffix("!")
        if field.listed:
            values = tuple(dict.fromkeys(value for value in body.split(".") if value))
            known = catalogue.vocabularies.get(field.vocabulary or "")
            if not values or not all(
                value in known if known else re.fullmatch(SLUG, value) for value in values
            ):
                raise ValueError(text)
            return cls(field=field.id, values=values, unknown=unknown)
        low, mark, high = body.partition("~")
        bounds = [float(part) if part else None for part in (low, high)]
        finite = all(bound is None or math.isfinite(bound) for bound in bounds)
        backwards = None not in bounds and bounds[0] > bounds[1]  # type: ignore[operator]
        if not mark or not finite or bounds == [None, None] or backwards:
            raise ValueError(text)
        return cls(field=field.id, low=bounds[0], high=bounds[1], unknown=unknown)

    def text(self) -> str:
        """The text that `parse` reads."""
        mark = "!" if self.unknown else ""
        if self.values:
            return ".".join(self.values) + mark
        return "~".join("" if bound is None else f"{bound:.15g}" for bound in (self.low, self.high)) + mark

    def mask(self, column: pd.Series) -> npt.NDArray[np.bool_]:
        """Which of n values satisfy it."""
        unknown = column.isna().to_numpy()
        if self.values:
            wanted = set(self.values)
            fits = np.array([bool(wanted.intersection(split(value))) for value in column], dtype=bool)
        else:
            number = column.to_numpy(dtype=float)
            low = -math.inf if self.low is None else self.low
            high = math.inf if self.high is None else self.high
            fits = (number >= low) & (number <= high)
        return np.where(unknown, self.unknown, fits).astype(bool)


class Query(Frozen):
    """Conditions that all must hold, a year (None: the present), what analyses compare and what they seek."""

    conditions: tuple[Condition, ...] = ()
    year: int | None = None
    comparison: Comparison = Comparison()
    sought: Sought = Sought()

    def condition(self, field: str) -> Condition | None:
        """The condition on a field, if there is one."""
        return next((condition for condition in self.conditions if condition.field == field), None)

    def with_condition(self, field: str, condition: Condition | None) -> "Query":
        """A copy in which the condition on `field` is this one, or none."""
        others = [old for old in self.conditions if old.field != field]
        kept = sorted([*others, *([condition] if condition else [])], key=lambda c: c.field)
        return self.model_copy(update={"conditions": tuple(kept)})

    def params(self) -> dict[str, str]:
        """The text form, one entry a condition."""
        entries = {PREFIX + condition.field: condition.text() for condition in self.conditions}
        year = {"year": str(self.year)} if self.year is not None else {}
        return entries | year | self.comparison.params() | self.sought.params()

    @classmethod
    def parse(cls, params: Mapping[str, str], catalogue: Catalogue) -> tuple["Query", list[str]]:
        """The query that `params` hold, and the names of the entries that could not be read."""
        problems: list[str] = []
        conditions: list[Condition] = []
        for key in sorted(key for key in params if key.startswith(PREFIX)):
            field = catalogue.fields.get(key.removeprefix(PREFIX))
            try:
                if field is None or not field.filter:
                    raise ValueError(key)
                conditions.append(Condition.parse(field, params[key], catalogue))
            except ValueError:
                problems.append(key)
        year = None
        if text := params.get("year"):
            if text.isdecimal() and YEARS[0] <= int(text) <= YEARS[1]:
                year = int(text)
            else:
                problems.append("year")
        comparison, strange = Comparison.parse(params)
        sought, unread = Sought.parse(params)
        query = cls(conditions=tuple(conditions), year=year, comparison=comparison, sought=sought)
        return query, [*problems, *strange, *unread]


def applied(table: Register, query: Query) -> Query:
    """What of a query concerns a table: two queries that agree in this keep the same of its records."""
    if not getattr(table, "filters", True):
        query = query.model_copy(update={"conditions": ()})
    dated = isinstance(table, Layer) and table.dated
    conditions = tuple(condition for condition in query.conditions if table.field(condition.field))
    year = query.year if dated else None
    return Query(conditions=conditions, year=year, **_asked(table, query))


def _asked(table: Register, query: Query) -> dict[str, Any]:
    """What of a query an analysis follows from."""
    follows = table.follows if isinstance(table, Layer) else "records"
    if follows == "records":
        return {}
    if follows == "comparison":
        return {"comparison": query.comparison}
    of_network = {"comparison": Comparison(network=query.comparison.network)}
    return of_network | ({"sought": query.sought} if follows == "siting" else {})


def states(layer: Register, frame: pd.DataFrame, year: int | None) -> npt.NDArray[np.object_]:
    """The state of each record of a layer in a year: "" where a dated record is not yet there.

    A thing is complete in its `end_year`, or where there is none in the year it was opened.
    """
    nothing = pd.Series(np.nan, index=frame.index)
    status = frame["status"] if layer.field("status") else pd.Series(None, index=frame.index, dtype=object)
    recorded = status.fillna("").to_numpy(dtype=object)
    if year is None or not isinstance(layer, Layer) or not layer.dated:
        return np.where(recorded == "", lifecycle.STANDING, recorded).astype(object)
    planned, start, end, opened = (frame.get(name, nothing) for name in _YEARS_OF_LIFE)
    end = end.fillna(opened)
    existed = frame[layer.existed].notna().to_numpy() if layer.existed else None
    state = lifecycle.state_at(year, planned, start, end, status, this_year(), existed)
    undated = pd.concat([planned, start, end], axis=1).isna().all(axis=1).to_numpy() & (recorded == "")
    state[undated] = lifecycle.STANDING
    return state


def select(table: Register, frame: pd.DataFrame, query: Query) -> gpd.GeoDataFrame:
    """The records of a layer or register that a query keeps, with their `state` in its year."""
    query = applied(table, query)
    state = states(table, frame, query.year)
    keep = state != lifecycle.NOT_YET
    shown = frame.assign(state=state)
    for condition in query.conditions:
        column = _told(shown["state"]) if condition.field == "status" else frame[condition.field]
        keep &= condition.mask(column)
    kept: gpd.GeoDataFrame = shown[keep]
    return kept


def _told(state: pd.Series) -> pd.Series:
    """States as a status filter sees them: that a thing merely stands is no status, so it is unknown."""
    return state.where(state != lifecycle.STANDING)
