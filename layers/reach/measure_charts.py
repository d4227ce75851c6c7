"""Charts of the measures of accessibility: what each settlement reaches, and the belts of the core."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from layers.chart import Chart, Mark, bars, grouped
from layers.reach.measures import BELTS, MEMBERSHIPS, Measures, delimitation, members
from layers.reach.people_charts import GAIN, LOSS
from layers.reach.results import Results
from layers.text import Words

_SHOWN = 15
_RAMP = ("#08306b", "#2171b5", "#6baed6", "#c6dbef")
"""The colours of belts, from the innermost to what is beyond the last; those between are mixed."""
_OFF = "#c9ced3"
_LEAST_SHARE = 0.05
COLUMNS = (
    *("people", "potential", "jobs", "jobs_unknown", "sites"),
    *("hospitals", "hospital_share", "universities", "detour"),
)
_DECIMALS = {"hospital_share": 2, "detour": 2}


class MeasureCharts:
    """The charts of a comparison in a language."""

    def __init__(self, found: Results, words: Words) -> None:
        self.found, self.words, self.store = found, words, found.store

    def opportunities(self) -> Chart:
        """The settlements whose potential grows or falls most; the table holds every measure of all."""
        words = self.words
        before, after = (Measures(self.found, side).table for side in self.found.sides)
        names = self.found.settlements[f"name_{words.language}"]
        with np.errstate(divide="ignore", invalid="ignore"):
            change = (after["potential"] / before["potential"] - 1) * 100
        change = change.where(np.isfinite(change))
        order = change.abs().sort_values(ascending=False, na_position="last").index
        marks = [
            Mark(
                name=str(names[id_]),
                value=round(float(change[id_]), 1),
                text=f"{'+' if change[id_] > 0 else '−'}{words.percent(abs(change[id_]) / 100)}",
                tip=tuple(self._tip(before.loc[id_], after.loc[id_])),
                act=f"pick=reach_saved/{id_}",
                colour=GAIN if change[id_] > 0 else LOSS,
            )
            for id_ in order
            if abs(change[id_]) >= _LEAST_SHARE
        ][:_SHOWN]
        columns: dict[str, Any] = {words("table.name"): [str(names[id_]) for id_ in order]}
        for name in COLUMNS:
            for side, frame in (("before", before), ("after", after)):
                title = f"{words(f'reach_measure.{name}')} ({words(f'reach.{side}').lower()})"
                columns[title] = frame.loc[order, name].round(_DECIMALS.get(name, 0)).to_numpy()
        made = bars("opportunities", words("reach.opportunities"), marks, ("", ""))
        return made.tabled(pd.DataFrame(columns), words("reach.opportunities_note"))

    def _tip(self, before: pd.Series, after: pd.Series) -> list[str]:
        words, told = self.words, []
        for name in ("people", "sites", "hospitals", "universities"):
            was, is_ = (words.number(float(row[name]), 0) for row in (before, after))
            told.append(f"{words(f'reach_measure.{name}')}: {was} → {is_}" if was != is_ else "")
        return [text for text in told if text]

    def belts(self) -> Chart:
        """The people of each district by belt of the core, beside what documents call the agglomeration."""
        words, frame = self.words, delimitation(self.found)
        names = self.store.features("districts")[f"name_{words.language}"]
        titles = [str(names[id_]) for id_ in frame.index]
        series, columns = [], {words("reach.district"): titles}
        for belt, (label, colour) in enumerate(zip(self._belt_names(), belt_colours(), strict=True)):
            values = frame[belt].round(1)
            data = [
                {"value": float(value), "tip": [title, f"{label}: {words.percent(float(value) / 100)}"]}
                for title, value in zip(titles, values, strict=True)
            ]
            look = {"itemStyle": {"color": colour}, "stack": "all", "barMaxWidth": 16}
            series.append({"type": "bar", "name": label, "data": data, **look})
            columns[f"{label}, %"] = values.tolist()
        columns[words("reach.population")] = frame["people"].tolist()
        agreement, scheme = self._members()
        for id_ in MEMBERSHIPS:
            named = members(self.store, id_)
            title = str(self.store.record("assumptions", id_)[f"name_{words.language}"])
            columns[title] = [words("yes" if district in named else "no") for district in frame.index]
        return Chart(
            id="belts",
            title=words("reach.belts"),
            option={**grouped(titles, series), "xAxis": {"type": "value", "max": 100}},
            table=pd.DataFrame(columns),
            note=words("reach.belts_note", limits=self._limits(), agreement=agreement, scheme=scheme),
            height=70 + 26 * len(titles),
        )

    def _belt_names(self) -> list[str]:
        words = self.words
        minutes = [int(self.store.record("assumptions", id_)["value"]) for id_ in BELTS]
        between = [words("reach.belt_between", low=low, high=high) for low, high in pairwise(minutes)]
        ends = words("reach.within", n=minutes[0]), words("reach.beyond", n=minutes[-1])
        return [ends[0], *between, ends[1], words("reach.no_way")]

    def _limits(self) -> str:
        """The minutes of the belts, with what is a norm told so."""
        told = []
        for id_ in BELTS:
            record = self.store.record("assumptions", id_)
            minutes = str(int(record["value"]))
            norm = record["assumption_basis"] == "norm"
            told.append(self.words("reach.belt_norm", n=minutes) if norm else minutes)
        return ", ".join(told)

    def _members(self) -> list[str]:
        """The districts that each document counts to the agglomeration, in words."""
        names = self.store.features("districts")[f"name_{self.words.language}"]
        return [", ".join(str(names[d]) for d in sorted(members(self.store, id_))) for id_ in MEMBERSHIPS]


def belt_colours() -> list[str]:
    """The colours of the belts, of what is beyond the last, and of what has no way."""
    stops = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in _RAMP], float)
    places = np.linspace(0, len(_RAMP) - 1, len(BELTS) + 1)
    parts = np.column_stack([np.interp(places, range(len(_RAMP)), stops[:, part]) for part in range(3)])
    return ["#" + "".join(f"{round(value):02x}" for value in colour) for colour in parts.tolist()] + [_OFF]
