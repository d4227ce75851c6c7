"""The board of the page "Roads and reach": figures, charts and assumptions of a comparison."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import ScenarioError
from layers.chart import Chart, Mark, bars, grouped
from layers.comparison import GOALS, Comparison
from layers.programme.tiles import Tile
from layers.reach.base import UnknownNetwork
from layers.reach.layers import saved_class
from layers.reach.measure_charts import MeasureCharts
from layers.reach.people_charts import GAIN, LOSS, PeopleCharts, signed
from layers.reach.results import LIMITS, NOTICED, Results, results
from layers.reach.scenarios import REGISTER, UnknownScenario
from layers.reach.telling import Telling, outside_core
from layers.store import Store
from layers.text import Words

_SHOWN = 18
_SPREAD = ("over30", "from15", "from5", "from1", "same", "longer", "reached", "cut_off", "no_way")
_LIMIT_COLOURS = ("#08306b", "#2171b5", "#6baed6")


class ReachBoard:
    """What stands on the board, in a language."""

    def __init__(self, store: Store, comparison: Comparison, words: Words) -> None:
        """Raises `UnknownScenario`, `UnknownNetwork`, `ScenarioError`."""
        self.store, self.words = store, words
        self.found: Results = results(store, comparison)
        self.telling = Telling(self.found, words)

    # --- figures --------------------------------------------------------------------------------------

    def tiles(self) -> list[Tile]:
        """The finding in words, the limits, the mean, the worth, the cost, the unconnected."""
        words = self.words
        finding = Tile(
            "finding",
            words("reach.finding"),
            self.telling.title,
            tuple(self.telling.sentences()),
            wide=True,
        )
        worth = [self._worth()] if self.found.worth_told else []
        return [finding, *self._limits(), self._mean(), *worth, self._price(), self._unconnected()]

    def _limits(self) -> list[Tile]:
        words, made = self.words, []
        for gain in self.found.gains(self.found.comparison.goal):
            was, is_ = (words.number(value, 0) for value in (gain.before, gain.after))
            notes = [words("reach.was_is", was=was, now=is_)]
            if gain.came and gain.fell_out:
                came, out = (words.number(value, 0) for value in (gain.came, gain.fell_out))
                notes.append(words("reach.came_out", came=came, out=out))
            if gain.unknown:
                notes.append(words.count("reach.unknown_people", gain.unknown))
            title = words("reach.within_goal", limit=int(gain.limit), goal=self.telling.goal())
            figure = signed(words, gain.net, 0)
            made.append(Tile(f"within_{gain.limit:.0f}", title, figure, tuple(notes)))
        return made

    def _mean(self) -> Tile:
        words, times = self.words, outside_core(self.found.times)
        known = times[times["people"].notna() & times["saved"].notna()]
        moved = known[known["saved"].abs() >= NOTICED]
        weight = float(known["people"].sum())
        mean = float((known["saved"] * known["people"]).sum() / weight) if weight else np.nan
        notes = [words("reach.mean_note")]
        if len(moved):
            low, high = moved["saved"].min(), moved["saved"].max()
            ends = list(dict.fromkeys(self._signed(value, 1) for value in (low, high)))
            key = "reach.mean_ends" if len(ends) > 1 else "reach.mean_same"
            notes.append(words(key, low=ends[0], high=ends[-1]))
        figure = words("no_data") if np.isnan(mean) else words("reach.min", n=self._signed(mean, 2))
        return Tile("mean", words("reach.mean"), figure, tuple(notes))

    def _worth(self) -> Tile:
        words, found = self.words, self.found
        money = found.saved_mln_rub_year
        sign = "−" if money < 0 else ""
        trips, hour = words.number(found.trips_year, 1), words.number(found.hour_rub, 0)
        minutes = words.number(round(found.person_minutes), 0).replace("-", "−")
        note = words("reach.worth_note", minutes=minutes, trips=trips, hour=hour)
        notes = (note, *self.telling.left_out())
        figure = words("reach.per_year", money=sign + words.money(abs(money)))
        sources = ("own-assumptions", "gotomsk-wage-2025")
        return Tile("worth", words("reach.worth_title"), figure, notes, sources=sources)

    def _price(self) -> Tile:
        words, found = self.words, self.found
        cost, title = found.cost_mln_rub, words("reach.price")
        if cost is None:
            return Tile("price", title, words("no_data"), (words("reach.price_unknown"),))
        notes, left_out = [words("reach.price_of", cost=words.money(cost))], self.telling.left_out()
        if found.person_minutes <= 0:
            return Tile("price", title, "—", (*notes, words("reach.price_nothing"), *left_out))
        per = cost * 1e6 / found.person_minutes
        if found.worth_told and found.saved_mln_rub_year > 0:
            notes.append(self._years(cost / found.saved_mln_rub_year))
        return Tile(
            "price",
            title,
            words("reach.rub", n=words.number(per, 0)),
            (*notes, *left_out),
            sources=self._cost_sources(),
        )

    def _years(self, years: float) -> str:
        """In how many years the time saved is worth the cost."""
        words = self.words
        if years < 1:
            return words("reach.price_under_year")
        return words("reach.price_years", years=words.years(round(years)))

    def _cost_sources(self) -> tuple[str, ...]:
        ready = self.telling.after.ready
        if ready is None or self.found.comparison.cost_mln_rub is not None:
            return ()
        return tuple(str(self.store.record(REGISTER, ready)["source_id"]).split(";"))

    def _unconnected(self) -> Tile:
        words, found = self.words, self.found
        off = ~np.isfinite(found.times["after"].to_numpy())
        people = float(np.nansum(found.people[off]))
        notes = (
            words("reach.off_people", people=words.count("reach.people", round(people))),
            words.count("reach.unknown_people", int(np.isnan(found.people[off]).sum())),
            words("reach.off_note", km=words.number(found.base.network.access.limit_m / 1000, 0)),
        )
        return Tile("off", words("reach.off"), words.number(int(off.sum()), 0), notes)

    def _signed(self, value: float, decimals: int) -> str:
        return signed(self.words, value, decimals)

    # --- charts ---------------------------------------------------------------------------------------

    def charts(self) -> list[Chart]:
        """Every chart of the board, in its order."""
        people, further = PeopleCharts(self.found, self.words), MeasureCharts(self.found, self.words)
        first = [self.settlements(), self.goals(), self.sizes(), people.districts(), people.sites()]
        return [*first, further.opportunities(), further.belts()]

    def settlements(self) -> Chart:
        """The settlements by minutes saved, winners and losers; the table holds them all."""
        words, times = self.words, outside_core(self.found.times)
        names = self.found.settlements[f"name_{words.language}"]
        districts = self.store.features("districts")[f"name_{words.language}"]
        size = times["saved"].abs().round(1)
        order = times.assign(size=size).sort_values(["size", "people"], ascending=False)
        marks = [
            Mark(
                name=str(names[id_]),
                value=round(float(row["saved"]), 1),
                text=words("reach.min", n=self._signed(row["saved"], 1)),
                tip=self._tip(row),
                act=f"pick=reach_saved/{id_}",
                colour=GAIN if row["saved"] > 0 else LOSS,
            )
            for id_, row in zip(map(str, order.index), order.to_dict("records"), strict=True)
            if abs(row["saved"]) >= NOTICED
        ][:_SHOWN]
        chart = bars(
            "settlements",
            words("reach.by_settlement"),
            marks,
            ("", ""),
            note=words("reach.by_settlement_note"),
        )
        table = pd.DataFrame(
            {
                words("table.name"): [str(names[id_]) for id_ in order.index],
                words("reach.district"): [str(districts.get(d, "")) for d in order["district"]],
                words("reach.population"): order["people"].to_numpy(),
                words("reach.col_before"): order["before"].replace(np.inf, np.nan).round(1).to_numpy(),
                words("reach.col_after"): order["after"].replace(np.inf, np.nan).round(1).to_numpy(),
                words("reach.col_saved"): order["saved"].round(1).to_numpy(),
            }
        )
        acts = tuple(f"pick=reach_saved/{id_}" for id_ in order.index)
        return chart.tabled(table, acts=acts)

    def _tip(self, row: Mapping[Any, Any]) -> tuple[str, ...]:
        words = self.words
        before, after = (words("reach.min", n=words.number(row[key], 1)) for key in ("before", "after"))
        known = not pd.isna(row["people"])
        people = words.count("reach.people", int(row["people"])) if known else words("reach.people_unknown")
        return (f"{before} → {after}", people)

    def goals(self) -> Chart:
        """How many people come within each limit of each goal."""
        words, gains = self.words, self.found.all_gains
        titles = [words(f"reach_goal_title.{goal}") for goal in GOALS]
        series = []
        for at, limit in enumerate(LIMITS):
            data = [
                {
                    "value": gains[goal][at].net,
                    "tip": [title, self._gain_tip(gains[goal][at])],
                    "act": f"goal={goal}",
                }
                for goal, title in zip(GOALS, titles, strict=True)
            ]
            name = words("reach.within_limit", limit=int(limit))
            look = {"itemStyle": {"color": _LIMIT_COLOURS[at]}, "cursor": "pointer", "barMaxWidth": 9}
            series.append({"type": "bar", "name": name, "data": data, **look})
        columns = {words("reach.goal"): titles}
        for at, limit in enumerate(LIMITS):
            column = words("reach.within_limit", limit=int(limit))
            columns[column] = [gains[goal][at].net for goal in GOALS]  # type: ignore[misc]
        acts = tuple(f"goal={goal}" for goal in GOALS)
        on = tuple(goal == self.found.comparison.goal for goal in GOALS)
        return Chart(
            id="goals",
            title=words("reach.by_goal"),
            option=grouped(titles, series),
            table=pd.DataFrame(columns),
            note=words("reach.by_goal_note"),
            height=40 + 44 * len(GOALS),
            acts=acts,
            on=on,
        )

    def _gain_tip(self, gain: Any) -> str:
        words = self.words
        came, out = (words.number(value, 0) for value in (gain.came, gain.fell_out))
        limit = words("reach.within_limit", limit=int(gain.limit))
        return f"{limit}: {words('reach.came_out', came=came, out=out)}"

    def sizes(self) -> Chart:
        """The distribution: the people of each class of settlements by how many minutes they save."""
        words, found = self.words, self.found
        classes = [
            saved_class(b, a) for b, a in zip(found.times["before"], found.times["after"], strict=True)
        ]
        names, held = self._size_names(), np.array(classes, dtype=object)
        vocabulary = self.store.catalogue.vocabularies["saved_class"]
        colours = self.store.catalogue.layers["reach_saved"].style.classes
        series, columns = [], {words("reach.size"): names}
        shares = {name: self._shares(held == name) for name in _SPREAD}
        for name, values in shares.items():
            if not np.nansum(values):
                continue
            title = vocabulary[name][words.language]
            data = [
                {"value": round(value, 1), "tip": [size, f"{title}: {words.percent(value / 100)}"]}
                for size, value in zip(names, values, strict=True)
            ]
            look = {"itemStyle": {"color": colours[name].colour}, "stack": "all", "barMaxWidth": 22}
            series.append({"type": "bar", "name": title, "data": data, **look})
            columns[f"{title}, %"] = [round(value, 1) for value in values]  # type: ignore[misc]
        quantiles = [row[3] for row in found.by_size]
        for at, key in ((2, "median"), (4, "tenth")):
            columns[words(f"reach.{key}")] = [_rounded(row[at]) for row in quantiles]  # type: ignore[misc]
        return Chart(
            id="sizes",
            title=words("reach.by_size"),
            option={**grouped(names, series), "xAxis": {"type": "value", "max": 100}},
            table=pd.DataFrame(columns),
            note=words("reach.by_size_note"),
            height=280,
        )

    def _size_names(self) -> list[str]:
        words, made = self.words, []
        rows = self.found.by_size
        for at, (least, count, people, _) in enumerate(rows):
            most = rows[at + 1][0] if at + 1 < len(rows) else None
            ends = {"low": words.number(least, 0), "high": words.number(most or 0, 0)}
            key = (
                "reach.size_over"
                if most is None
                else "reach.size_under"
                if not least
                else "reach.size_between"
            )
            inside = words.count("reach.settlements", count)
            made.append(f"{words(key, **ends)}: {inside}, {words.count('reach.people', round(people))}")
        return made

    def _shares(self, chosen: Any) -> list[float]:
        """Of the people of each class of size, the percentage that is chosen."""
        people, made = np.nan_to_num(self.found.people), []
        core = self.found.settlements.index == self.found.settlements.index[self.found.core[0]]
        ends = [row[0] for row in self.found.by_size]
        for least, most in zip(ends, [*ends[1:], np.inf], strict=True):
            own = (self.found.people >= least) & (self.found.people < most) & ~core
            total = people[own].sum()
            made.append(float(people[own & chosen].sum() / total * 100) if total else 0.0)
        return made

    def lists(self) -> list[dict[str, Any]]:
        """The assumptions."""
        words, title = self.words, self.words("reach.assumptions")
        own = self.telling.kept is not None
        note = words("network.assumptions_note") if own else words("reach.assumptions_note")
        rows = self.telling.assumptions()
        return [
            {"kind": "facts", "id": "facts_reach", "title": title, "rows": rows, "span": 12, "note": note}
        ]


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 1)


UNUSABLE: tuple[type[Exception], ...] = (ScenarioError, UnknownScenario, UnknownNetwork)
"""What a comparison that cannot be computed raises."""
