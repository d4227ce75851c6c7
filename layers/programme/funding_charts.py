"""The ranking of projects by effect: contributions, best set, its stability, what to find out."""

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from geo import portfolio
from geo import programme as sums
from layers.chart import ROW_PX, Chart, Mark, bars
from layers.priorities import EFFECTS, Effect
from layers.programme.funding import DRAWS, Appraisal
from layers.programme.tiles import Tile
from layers.programme.voice import in_words, short
from layers.text import Words

COLOURS: dict[Effect, str] = {
    "jobs": "#0b7a9b",
    "people_60": "#c77c11",
    "people_90": "#e0b46a",
    "leverage": "#3f8f6b",
    "tax_mln_rub_year": "#a3466e",
    "patents": "#6b63a8",
    "people_served": "#7b8288",
}
_SHOWN_UNKNOWN = 10
_ALL_PRIVATE = 1e-9
_OFTEN = 0.9
_SELDOM = 0.1


class FundingCharts:
    """What the Funding page shows of an appraisal, in a language."""

    def __init__(self, appraisal: Appraisal, words: Words) -> None:
        self.appraisal, self.words = appraisal, words
        language = words.language
        self.names = [str(name) for name in appraisal.frame[f"name_{language}"]]
        self.used: list[Effect] = [e for e in EFFECTS if appraisal.priorities.weight(e)]

    def _act(self, number: int) -> str:
        return f"pick=projects/{self.appraisal.ids[number]}"

    @property
    def _telling(self) -> list[Effect]:
        """The effects of which some project of the best set is known to bring anything."""
        found = self.appraisal
        return [e for e in self.used if found.figures[e]["high"][found.best].fillna(0.0).gt(0).any()]

    def _effect(self, effect: Effect) -> str:
        return self.words(f"effect.{effect}")

    def figure_in_words(self, effect: Effect, number: int) -> str:
        """An effect of a project: its figure, its interval, or that it is not known."""
        row, words = self.appraisal.figures[effect].iloc[number], self.words
        low, high = row["low"], row["high"]
        if np.isnan(low) or np.isnan(high):
            return words("no_data")
        ends = [self._say(effect, float(end)) for end in ((low, high) if low < high else (row["value"],))]
        return " – ".join(ends)

    def _say(self, effect: Effect, value: float) -> str:
        """A figure in words; the private part of the money as private roubles for each public one."""
        if effect != "leverage":
            return self.words.number(value, 2)
        if value >= 1 - _ALL_PRIVATE:
            return self.words("funding.no_public")
        return self.words.number(value / (1 - value), 2)

    # --- tiles --------------------------------------------------------------------------------------

    def tiles(self) -> list[Tile]:
        """The budget, the best set and what it brings."""
        words, found = self.words, self.appraisal
        return [
            self._paid("set", words("funding.set"), found.best),
            self._paid("line", words("funding.line"), found.above),
            *(
                self._brought(effect)
                for effect in self._telling
                if effect in ("jobs", "people_60", "people_90", "tax_mln_rub_year")
            ),
            Tile(
                "costless",
                words("funding.unknown_cost"),
                words.number(int(np.isnan(found.cost).sum()), 0),
                (words("funding.unknown_cost_note"),),
            ),
        ]

    def _paid(self, id_: str, title: str, chosen: portfolio.Bools) -> Tile:
        """Some of the projects: how many, what they take of the budget, what of all effect they bring."""
        words, budget = self.words, self.appraisal.priorities.budget_mln_rub
        spent = float(np.nansum(self.appraisal.cost[chosen]))
        notes = (
            words("funding.set_of", spent=words.money(spent), budget=words.money(budget)),
            words("funding.set_score", score=self._share(chosen)),
        )
        count = words.count("programme.projects", int(chosen.sum()))
        return Tile(id_, title, count, notes, spent / budget if budget else None)

    def _share(self, chosen: portfolio.Bools) -> str:
        """The part of the score of all candidates that a set brings."""
        score = self.appraisal.score
        whole = float(score.sum()) or 1.0
        return self.words.percent(float(score[chosen].sum()) / whole, 0)

    def _brought(self, effect: Effect) -> Tile:
        """What the best set brings of one effect."""
        found, words = self.appraisal, self.words
        figures = found.figures[effect][found.best]
        total = sums.total(figures, np.ones(len(figures), dtype=bool))
        say = words.money if effect.startswith("tax") else lambda n: words.number(n, 0)
        first, *rest = in_words(total, words, say)
        return Tile(
            f"brings_{effect}", words("funding.brings", effect=self._effect(effect)), first, tuple(rest)
        )

    # --- charts -------------------------------------------------------------------------------------

    def charts(self) -> list[Chart]:
        """The ranking, and what is worth finding out."""
        return [self.ranking(), self.worth_knowing()]

    def ranking(self) -> Chart:
        """The projects in order: what each effect brings, the ends of scores, and the budget line."""
        words, found = self.words, self.appraisal
        option = {
            "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
            "legend": {"top": 0, "data": [self._effect(effect) for effect in self.used]},
            "xAxis": {"type": "value", "position": "top", "max": 100},
            "yAxis": {
                "type": "category",
                "inverse": True,
                "data": [self._label(n) for n in self.rows],
                "axisLabel": {"width": 270, "overflow": "truncate", "interval": 0},
            },
            "series": [*(self._parts(effect) for effect in self.used), *self._ends()],
        }
        return Chart(
            "ranking",
            words(f"funding.ranking_{found.priorities.order}"),
            option,
            self.table(),
            words("funding.ranking_note"),
            90 + ROW_PX * len(self.rows),
            12,
            620,
            tuple(self._act(n) for n in found.order),
            tuple(bool(found.best[n]) for n in found.order),
        )

    @cached_property
    def rows(self) -> list[int | None]:
        """The projects in their order, with None where the budget line runs."""
        found = self.appraisal
        order = [int(n) for n in found.order]
        last = max((place for place, n in enumerate(order) if found.above[n]), default=-1)
        return [*order[: last + 1], None, *order[last + 1 :]]

    def _label(self, n: int | None) -> str:
        if n is None:
            budget = self.appraisal.priorities.budget_mln_rub
            return self.words("funding.budget_line", budget=self.words.money(budget))
        return ("✓ " if self.appraisal.best[n] else "") + short(self.names[n])

    def _parts(self, effect: Effect) -> dict[str, Any]:
        """What an effect brings to the score of each project; faint where the figure is not known."""
        found, column = self.appraisal, EFFECTS.index(effect)
        part = portfolio.contributions(found.assumed, found.weights)[:, column] * 100
        data = [
            None
            if n is None
            else {
                "value": round(float(part[n]), 2),
                "act": self._act(n),
                "tip": self._tip(n),
                "itemStyle": {"opacity": 0.35 if found.effects.unknown[n, column] else 1},
            }
            for n in self.rows
        ]
        look = {"barMaxWidth": 14, "itemStyle": {"color": COLOURS[effect]}}
        return {"type": "bar", "stack": "score", "name": self._effect(effect), "data": data, **look}

    def _ends(self) -> list[dict[str, Any]]:
        """The least and the greatest score that each project can have, as ticks."""
        scores = self.appraisal.scores
        look = {"symbol": "rect", "symbolSize": [2, 12], "itemStyle": {"color": "#7b8288"}, "silent": True}
        return [
            {
                "type": "scatter",
                "name": self.words(name),
                "data": [
                    [round(float(ends[n]) * 100, 2), place]
                    for place, n in enumerate(self.rows)
                    if n is not None
                ],
                **look,
            }
            for name, ends in (("funding.least", scores.low), ("funding.most", scores.high))
        ]

    def _tip(self, n: int) -> list[str]:
        words, found = self.words, self.appraisal
        cost = found.cost[n]
        score = found.scores
        return [
            self.names[n],
            words(
                "funding.score_tip",
                score=words.number(found.score[n] * 100),
                low=words.number(score.low[n] * 100),
                high=words.number(score.high[n] * 100),
            ),
            words("funding.places", best=int(score.best_place[n]), worst=int(score.worst_place[n])),
            *(f"{self._effect(e)}: {self.figure_in_words(e, n)}" for e in self.used),
            f"{words('funding.takes')}: {words('no_data') if np.isnan(cost) else words.money(cost)}",
        ]

    def table(self) -> pd.DataFrame:
        """The ranking as a table: scores with their ends and places, figures, cost, membership."""
        words, found = self.words, self.appraisal
        order, scores = found.order, found.scores
        columns = {
            words("funding.project"): [self.names[n] for n in order],
            words("funding.score"): (found.score[order] * 100).round(1),
            words("funding.least"): (scores.low[order] * 100).round(1),
            words("funding.most"): (scores.high[order] * 100).round(1),
            words("funding.place_best"): scores.best_place[order],
            words("funding.place_worst"): scores.worst_place[order],
            **{self._effect(e): [self.figure_in_words(e, n) for n in order] for e in self.used},
            words("funding.takes_mln"): found.cost[order].round(1),
            words("funding.in_set"): [words("yes") if found.best[n] else words("no") for n in order],
            words("funding.above"): [words("yes") if found.above[n] else words("no") for n in order],
        }
        return pd.DataFrame(columns)

    def worth_knowing(self) -> Chart:
        """The missing figures that could move their project, those on which most money hangs first."""
        words, found = self.words, self.appraisal
        places = portfolio.worth_knowing(found.effects, found.weights)
        cells = np.argwhere((places > 0) & ~np.isnan(found.cost)[:, None])
        stake = found.cost[cells[:, 0]]
        cells = cells[np.lexsort((-places[cells[:, 0], cells[:, 1]], -stake))][:_SHOWN_UNKNOWN]
        marks = []
        for n, k in cells:
            text = words("funding.at_stake", money=words.money(found.cost[n]), places=int(places[n, k]))
            name, whole = (
                f"{of}: {self._effect(EFFECTS[k]).lower()}" for of in (short(self.names[n]), self.names[n])
            )
            tint, act, cost = COLOURS[EFFECTS[k]], self._act(n), float(found.cost[n])
            marks.append(Mark(name, cost, text, (text,), act, tint, whole=whole))
        columns = (words("funding.figure"), words("funding.takes_mln"))
        title, note = words("funding.worth_knowing"), words("funding.worth_note")
        return bars("worth_knowing", title, marks, columns, note=note, span=12)

    def stability(self) -> Chart:
        """How often each project belongs to the best set when weights and unknown figures move."""
        words, found = self.words, self.appraisal
        share = found.stability
        order = [int(n) for n in np.argsort(-share, kind="stable") if share[n] > 0 or found.best[n]]
        marks = [
            Mark(
                ("✓ " if found.best[n] else "") + short(self.names[n]),
                round(float(share[n]) * 100, 1),
                words.percent(share[n], 0),
                (words.percent(share[n], 0),),
                self._act(n),
                self._steadiness(float(share[n])),
                whole=("✓ " if found.best[n] else "") + self.names[n],
            )
            for n in order
        ]
        firm = int((share[found.best] >= _OFTEN).sum())
        note = words("funding.stability_note", draws=DRAWS, firm=firm, of=int(found.best.sum()))
        return bars(
            "stability",
            words("funding.stability"),
            marks,
            (words("funding.project"), words("funding.share")),
            note=note,
            span=12,
            scroll=460,
        )

    @staticmethod
    def _steadiness(share: float) -> str:
        return "#2f8f5b" if share >= _OFTEN else "#8b95a1" if share <= _SELDOM else "#d38a16"
