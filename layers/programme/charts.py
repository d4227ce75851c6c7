"""The charts of the Programme page: each a function of the records and of what the reader has chosen."""

from typing import Any

import numpy as np
import pandas as pd

from geo import programme as sums
from layers.chart import ROW_PX, Chart, Mark, act_of, bars
from layers.programme.figures import Chosen
from layers.programme.indicators import indicators
from layers.programme.money_charts import PROMISE, MoneyCharts
from layers.programme.voice import in_words, short
from layers.records import as_dicts, split
from layers.text import Words

DIMENSIONS = ("park", "direction", "cluster", "status", "project_type", "funding")
_FIRST_YEAR = 2000
_MONTHS = 12


def _end_of(date: str) -> float:
    """Where a date ends on an axis of years: a whole year at its end, a month at its own."""
    return sums.as_year(date) + (1 / 12 if "-" in date else 1)


class Charts(MoneyCharts):
    """All charts of the page for a choice."""

    def all(self) -> list[Chart]:
        """Every chart of the page, in its order."""
        first = [self.flow(), self.gap(), self.treemap(), self.timeline()]
        return [
            *first,
            *(self.dimension(name) for name in DIMENSIONS),
            self.funding(),
            self.jobs_per_rouble(),
            indicators(self.programme.store, self.words.language),
        ]

    def dimension(self, column: str) -> Chart:
        """How many projects there are by park, direction, cluster, status, type or source of money.

        What the reader has chosen in this very field does not narrow it: the other values stay to be chosen.
        """
        words = self.words
        chosen = self.programme.chosen(self.query.with_condition(column, None), self.shape)
        values = chosen.frame["state"] if column == "status" else chosen.frame[column]
        members: dict[str, list[int]] = {}
        for place, given in enumerate(values.tolist()):
            for value in split(given) or [""]:
                members.setdefault(value, []).append(place)
        field = self.catalogue.fields[column]
        listed = list(self.catalogue.vocabularies[field.vocabulary or ""])
        marks = []
        for value in [*(v for v in listed if v in members), *([""] if "" in members else [])]:
            ids = members[value]
            act, on = act_of(self.query, column, value) if value else (None, False)
            count = words.count("programme.projects", len(ids))
            tip = (count, *self._sums(chosen, ids))
            marks.append(
                Mark(
                    self._word(column, value),
                    len(ids),
                    words.number(len(ids), 0),
                    tip,
                    act,
                    self._colour(column, value),
                    on,
                )
            )
        return bars(
            f"by_{column}",
            words("programme.by", field=self._title(column).lower()),
            marks,
            (self._title(column), words("programme.count")),
            span=4,
            note=words("programme.by_funding") if column == "funding" else "",
        )

    def _sums(self, chosen: Chosen, places: list[int]) -> list[str]:
        """Cost and jobs of some of the chosen projects, by their places among these, in words."""
        words, there = self.words, np.zeros(len(chosen.ids), dtype=bool)
        there[places] = True
        lines = []
        for quantity, say in (("cost_mln_rub", words.money), ("jobs", lambda n: words.number(n, 0))):
            total = sums.total(chosen.figure(quantity), chosen.counted(quantity) & there)
            title = self._title(quantity)
            lines.append(f"{title}: {'; '.join(in_words(total, words, say))}")
        return lines

    def timeline(self) -> Chart:
        """When projects run, and how far the completion has slipped from what was promised first."""
        words, rows = self.words, self._spans()
        slips = self.programme.slips(self.day).reindex(self.chosen.ids)
        late, known = int((slips["slip"] > 0).sum()), int(slips["slip"].notna().sum())
        lapsed, of = int(slips["lapsed"].eq(True).sum()), len(self.chosen.ids)
        table = pd.DataFrame(
            {
                self._title("project"): self._names(rows.index),
                self._title("status"): [self._word("status", s) for s in rows["state"]],
                words("programme.begun"): [f"{v:.0f}" for v in rows["start"]],
                words("programme.ended"): [f"{v:.0f}" for v in rows["end"]],
                words("programme.promised"): rows["promised"].to_numpy(),
                words("programme.slip_years"): rows["slip"].round(1).to_numpy(),
                words("programme.slip"): [self._slip(row) for row in as_dicts(rows)],
            }
        )
        return Chart(
            "timeline",
            words("programme.timeline"),
            self._timeline_option(rows),
            table,
            words("programme.timeline_note", known=known, of=of, late=late, lapsed=lapsed),
            60 + len(rows) * ROW_PX,
            6,
            460,
            tuple(self._picked(str(id_)) for id_ in rows.index),
        )

    def _spans(self) -> pd.DataFrame:
        """The projects whose begin and end are known: years, state, first promise and slip."""
        frame = self.chosen.frame
        slips = self.programme.slips(self.day).reindex(frame.index)
        outcome = slips["outcome"].map(sums.as_year, na_action="ignore").astype(float)
        rows = pd.DataFrame(
            {
                "start": frame["start_year"].fillna(frame["planned_year"]),
                "end": frame["end_year"].fillna(outcome // 1),
                "promised": slips["promised"],
                "slip": slips["slip"],
                "lapsed": slips["lapsed"].eq(True),
                "state": frame["state"],
            }
        )
        return rows.dropna(subset=["start", "end"]).sort_values(["start", "end"], kind="stable")

    def _slip(self, row: dict[str, Any]) -> str:
        """How far the completion of a project has moved, or that nobody has told of it."""
        if row["lapsed"]:
            return self.words("programme.lapsed")
        return self.slip_in_words(row["slip"], self.words)

    def _timeline_option(self, rows: pd.DataFrame) -> dict[str, Any]:
        """Bars that float over the years, coloured by status, and a mark at the first promise."""
        bar = {"type": "bar", "stack": "life", "barMaxWidth": 13}
        listed = [s for s in [*self.catalogue.vocabularies["status"], ""] if s in set(rows["state"])]
        names = self._names(rows.index)
        shared = [
            self._span(str(id_), name, row)
            for id_, name, row in zip(rows.index, names, as_dicts(rows), strict=True)
        ]
        length = (rows["end"] + 1 - rows["start"]).tolist()
        spans = [
            {
                **bar,
                "name": self._word("status", status),
                "itemStyle": {"color": self._colour("status", status)},
                "data": [
                    {"value": years, **mark} if state == status else None
                    for years, mark, state in zip(length, shared, rows["state"], strict=True)
                ],
            }
            for status in listed
        ]
        marks = [
            {"value": [round(_end_of(promise), 2), number], **shared[number]}
            for number, promise in enumerate(rows["promised"])
            if isinstance(promise, str)
        ]
        begin = {**bar, "data": rows["start"].tolist(), "itemStyle": {"color": "transparent"}, "silent": True}
        promised = {"type": "scatter", "name": self.words("programme.promised"), "data": marks, **PROMISE}
        first = min([*rows["start"], *(mark["value"][0] for mark in marks)], default=_FIRST_YEAR)
        years = {"type": "value", "min": int(first), "position": "top", "figures": "year", "minInterval": 1}
        return {
            "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
            "legend": {"top": 0, "data": [*(span["name"] for span in spans), promised["name"]]},
            "xAxis": years,
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": [short(name) for name in names],
                "axisLabel": {"width": 250, "overflow": "truncate", "interval": 0},
            },
            "series": [begin, *spans, promised],
        }

    def _span(self, id_: str, name: str, row: dict[str, Any]) -> dict[str, Any]:
        """What a bar and its mark tell and do."""
        years = f"{row['start']:.0f} – {row['end']:.0f}"
        return {
            "tip": [name, self._word("status", row["state"]), years, self._slip(row)],
            "act": self._picked(id_),
        }

    @staticmethod
    def slip_in_words(years: float, words: Words) -> str:
        """How far a completion has moved."""
        if np.isnan(years):
            return words("programme.slip_unknown")
        if round(years * _MONTHS) == 0:
            return words("programme.slip_none")
        return words(
            "programme.slip_late" if years > 0 else "programme.slip_early", years=words.years(abs(years))
        )
