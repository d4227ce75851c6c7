"""A chart told without a drawing: its table, what it shows in words, why there is nothing to draw."""

from typing import Any

import pandas as pd

from layers.catalog import Language
from layers.chart import Chart, cell
from layers.paper.document import Column, Table
from layers.paper.plots import Bars, Plot
from layers.text import Words

_MOST_SHARE = 3.0
_LETTERS = 14.0
_MOST_TOLD = 8


def table_of(chart: Chart, language: Language, most: int | None = None) -> Table:
    """The table of a chart, figures as the language writes them; the first `most` rows if that is given."""
    words, frame = Words(language), chart.table.iloc[:most]
    cells = [[cell(value, words) for value in frame.iloc[:, at].tolist()] for at in range(frame.shape[1])]
    columns = tuple(
        Column(str(title), "right" if _numbers(frame.iloc[:, at]) else "left", _share(str(title), cells[at]))
        for at, title in enumerate(frame.columns)
    )
    return Table(columns, tuple(zip(*cells, strict=True)))


def why_empty(chart: Chart, language: Language) -> str:
    """What is told in the place of a chart that has nothing to draw."""
    return chart.empty or Words(language)("no_data")


def _numbers(column: pd.Series) -> bool:
    known = [value for value in column.tolist() if not _missing(value)]
    return bool(known) and all(not isinstance(value, str) for value in known)


def _missing(value: Any) -> bool:
    return value is None or (not isinstance(value, str) and bool(pd.isna(value)))


def _share(title: str, cells: list[str]) -> float:
    """How wide a column wants to be among the others, by the letters in it."""
    longest = max((len(text) for text in cells), default=0)
    return min(max(longest, len(title) / 2, 4) / _LETTERS, _MOST_SHARE)


def described(plot: Plot, title: str, language: Language) -> str:
    """What a chart shows in words, for those who do not see it: its title and its first figures."""
    words = Words(language)
    if not isinstance(plot, Bars) or not plot.series:
        return title
    told = []
    for name, value in list(zip(plot.categories, plot.series[0].values, strict=True))[:_MOST_TOLD]:
        if len(plot.series) == 1 and value is not None:
            amount = words("no_data") if value.amount is None else words.number(value.amount, 1)
            told.append(f"{name}: {value.text or amount}")
    return f"{title}. {'; '.join(told)}" if told else title
