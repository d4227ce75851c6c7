"""The target indicators of the programme: facts and targets as shares of the last target."""

from functools import lru_cache
from typing import Any

import pandas as pd

from layers.catalog import Language
from layers.chart import MAIN, Chart
from layers.records import as_dicts
from layers.store import Store
from layers.text import Words

GOAL_YEAR = 2020
_LOOKS = {"actual": ("circle", MAIN), "target": ("diamond", "#c0392b")}
_FAINT, _FULL = 0.4, 0.95
_FIRST_YEARS = {("actual", 2009), ("target", 2015)}
"""What is drawn faint, since later values follow."""
_ROW_PX = 28


@lru_cache(maxsize=8)
def indicators(store: Store, language: Language) -> Chart:
    """All indicators that have a target for `GOAL_YEAR`: facts and targets as shares of it."""
    words, values = Words(language), store.records("indicator_values")
    of_goal = (values["year"] == GOAL_YEAR) & (values["basis"] == "target")
    goal = values[of_goal].set_index("indicator")["value"]
    names = store.records("indicators")
    names = names[names.index.isin(goal.index)]
    values = values[values["indicator"].isin(names.index)]
    series = []
    known = sorted({(row["basis"], int(row["year"])) for row in as_dicts(values)})
    for basis, year in known:
        rows = values[(values["basis"] == basis) & (values["year"] == year)]
        symbol, colour = _LOOKS[basis]
        points = [_point(row, names, float(goal[row["indicator"]]), words) for row in as_dicts(rows)]
        series.append({
            "type": "scatter", "name": f"{words(f'programme.{basis}')}, {year}", "symbol": symbol,
            "data": points,
            "symbolSize": 11, "itemStyle": {"color": colour, "opacity": _opacity(basis, year)},
        })  # fmt: skip
    option = {
        "grid": {"left": 8, "right": 24, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0},
        "xAxis": {"type": "value", "position": "top"},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names[f"name_{language}"].tolist(),
            "splitLine": {"show": True},
            "axisLabel": {"width": 330, "overflow": "truncate", "interval": 0},
        },
        "series": series,
    }
    height = 60 + _ROW_PX * len(names)
    title, note = words("programme.indicators"), words("programme.indicators_note")
    return Chart("indicators", title, option, _table(names, values, words), note, height, 6, 460)


def _opacity(basis: str, year: int) -> float:
    return _FAINT if (basis, year) in _FIRST_YEARS else _FULL


def _point(row: dict[str, Any], names: pd.DataFrame, goal: float, words: Words) -> dict[str, Any]:
    """A value as a point: its share of the goal (%), its place, its own figure and unit in the tip."""
    name = names.loc[row["indicator"]]
    figure = words.number(row["value"], 2)
    if not pd.isna(row["value_high"]):
        figure += f"–{words.number(row['value_high'], 2)}"
    unit = name[f"unit_{words.language}"] or ""
    return {
        "value": [round(row["value"] / goal * 100, 1), names.index.get_loc(row["indicator"])],
        "tip": [name[f"name_{words.language}"], f"{row['year']:.0f}: {figure} {unit}".strip()],
    }


def _table(names: pd.DataFrame, values: pd.DataFrame, words: Words) -> pd.DataFrame:
    """One row an indicator with its unit, one column a year and basis."""
    basis = values["basis"].map(lambda b: words(f"programme.{b}").lower())
    label = values["year"].astype(int).astype(str) + ", " + basis
    wide = values.assign(label=label).pivot_table(
        index="indicator", columns="label", values="value", aggfunc="last"
    )
    unit = names[f"unit_{words.language}"].fillna("")
    titles = names[f"name_{words.language}"].str.cat(unit, sep=", ").str.removesuffix(", ")
    table = wide.reindex(names.index).reset_index(drop=True)
    table.insert(0, words("programme.indicator"), titles.tolist())
    return table
