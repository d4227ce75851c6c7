"""The measures of the roadmap: how each stands today, and which numbers no source names."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.programme import STANDINGS, Standing, gaps, standing
from geo.shape import Shape
from layers.programme.figures import Programme
from layers.query import Query
from layers.records import as_dicts
from layers.report import table
from layers.text import Words


@dataclass(frozen=True)
class Board:
    """The measures that a query keeps with their `standing`, and the runs of numbers that nobody names."""

    measures: pd.DataFrame
    gaps: tuple[tuple[int, int], ...]

    def column(self, of: Standing) -> list[dict[str, Any]]:
        """The measures that stand so, the earliest term first."""
        return as_dicts(self.measures[self.measures["standing"] == of])


def board(programme: Programme, query: Query, shape: Shape | None, today: str) -> Board:
    """The measures that a choice keeps, as they stand on a day (`YYYY-MM-DD`); see `Programme.serving`."""
    frame = programme.serving("measures", query, shape)
    stands = [
        standing(_text(m["measure_state"]), _text(m["term_date"]), _text(m["state_as_of"]), today)
        for m in as_dicts(frame)
    ]
    ordered = frame.assign(standing=stands).sort_values(
        ["term_date", "number"], na_position="last", kind="stable"
    )
    return Board(ordered, tuple(missing(programme)))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def standings(programme: Programme, query: Query, shape: Shape | None, today: str) -> dict[Standing, int]:
    """How many measures of a choice stand so on a day, the most pressing first."""
    found = board(programme, query, shape, today).measures["standing"].value_counts()
    return {name: int(found.get(name, 0)) for name in STANDINGS}


def missing(programme: Programme) -> list[tuple[int, int]]:
    """The runs of numbers of the roadmap, up to its stated length, that no source names."""
    numbers = programme.measures["number"].dropna().astype(int)
    stated = programme.stated("measures_count")["value"]
    return gaps(numbers.tolist(), int(max([*stated, *numbers], default=0)))


def rows(programme: Programme, found: Board, words: Words) -> pd.DataFrame:
    """The measures as a reader tables them, with how each stands in the first column but one."""
    out = table(programme.store, "measures", found.measures, words.language)
    out.insert(1, words("roadmap.standing"), [words(f"standing.{s}") for s in found.measures["standing"]])
    return out
