"""Charts of the sites of a search: their order, what each gains and loses, how firm the order is."""

from dataclasses import replace

import numpy as np
import pandas as pd

from geo.ranking import TOP, promethee, topsis, tornado
from layers.chart import Chart, Mark, bars, grouped
from layers.siting.accuracy import untold
from layers.siting.results import Findings, class_of, percent
from layers.siting.sites import SPREAD, Site, firmness, of_layer, ranked
from layers.siting.telling import hectares, no_areas_told, no_plots_told, part_in_words, parts
from layers.text import Words

_SHOWN = 15
_WON, _LOST = "#157f6b", "#c9ced3"


class SiteCharts:
    """The charts of a search, in a language."""

    def __init__(self, found: Findings, words: Words) -> None:
        self.found, self.words, self.store = found, words, found.store

    def all(self) -> list[Chart]:
        """Every chart that does not depend on a chosen site."""
        made = [self.plots(), self.free()]
        firm = [self.order(), self.sensitivity()] if len(ranked(self.found)) > 1 else []
        return [*made, *firm, self.areas()]

    def plots(self) -> Chart:
        """The best plots of the wanted size by their score."""
        words, sites = self.words, of_layer(self.found, "site_plots")
        title = words("site.chart_plots", ha=words.number(self.found.wanted_ha, 1))
        chart = self._ranking("plots", title, sites[:_SHOWN], words("site.chart_plots_note"))
        return replace(self._tabled(chart, sites), empty=no_plots_told(self.found, words))

    def areas(self) -> Chart:
        """The candidate areas by their score."""
        words, sites = self.words, of_layer(self.found, "site_areas")
        title = words("site.chart_areas", ha=words.number(self.found.model.least_ha, 1))
        chart = self._ranking("areas", title, sites[:_SHOWN], words("site.chart_areas_note"))
        return replace(self._tabled(chart, sites), empty=no_areas_told(self.found, words))

    def _tabled(self, chart: Chart, sites: list[Site]) -> Chart:
        """The chart with a table of all that was found."""
        words = self.words
        table = pd.DataFrame(
            {
                words("table.name"): [one.name(words.language) for one in sites],
                words("site.col_score"): [percent(one.judged.score) for one in sites],
                words("site.col_best"): [percent(one.about["best"]) for one in sites],
                words("site.col_ha"): [hectares(one, words) for one in sites],
                words("site.col_unsure"): [round(one.about["unsure"] * 100) for one in sites],
            }
        )
        return chart.tabled(table, acts=tuple(f"pick={one.pick}" for one in sites))

    def free(self) -> Chart:
        """The free sites of parks, whose positions are approximate, and the reader's own."""
        words = self.words
        sites = [*of_layer(self.found, "site_mine"), *of_layer(self.found, "site_free")]
        sites.sort(key=lambda one: -np.nan_to_num(one.judged.score, nan=-1.0))
        chart = self._ranking("free", words("site.chart_free"), sites, words("site.chart_free_note"))
        table = pd.DataFrame(
            {
                words("table.name"): [one.name(words.language) for one in sites],
                words("site.col_score"): [percent(one.judged.score) for one in sites],
                words("site.col_low"): [percent(one.judged.low) for one in sites],
                words("site.col_high"): [percent(one.judged.high) for one in sites],
                words("site.col_ha"): [hectares(one, words) for one in sites],
            }
        )
        told = chart.tabled(table, acts=tuple(f"pick={one.pick}" for one in sites))
        return replace(told, empty=words("site.no_free"))

    def _ranking(self, id_: str, title: str, sites: list[Site], note: str) -> Chart:
        marks = [
            Mark(
                name=one.name(self.words.language),
                value=percent(one.judged.score),
                text=self._told(one),
                tip=tuple(self._tips(one)),
                act=f"pick={one.pick}",
                colour=self._colour(one),
            )
            for one in sites
        ]
        return bars(id_, title, marks, ("", ""), note=note)

    def _told(self, one: Site) -> str:
        words, judged = self.words, one.judged
        if np.isnan(judged.score):
            return words(f"site.state_{class_of(np.nan, judged.state)}")
        ranged = one.layer == "site_free" and judged.high - judged.low > 0.005
        ends = [words.number(end * 100, 0) for end in (judged.low, judged.high)]
        span = f" ({ends[0]}–{ends[1]})" if ranged else ""
        return f"{words.percent(judged.score)}{span}"

    def _tips(self, one: Site) -> list[str]:
        told = [self.words("site.area_ha", n=hectares(one, self.words))] if one.about["area_ha"] else []
        told += [
            f"{part.measure.title(self.store, self.words)}: {part_in_words(part, self.words)}"
            for part in parts(self.found, one.judged)[:3]
        ]
        return told

    def _colour(self, one: Site) -> str:
        layer = self.store.catalogue.layers["site_free" if one.layer == "site_free" else "site_areas"]
        return layer.style.symbol_of(class_of(one.judged.score * 100, one.judged.state)).colour

    def contributions(self, one: Site) -> Chart:
        """What each criterion gives a site of what it could, and what is lost."""
        words = self.words
        made = sorted(parts(self.found, one.judged), key=lambda part: -part.weight)
        names = [part.measure.title(self.store, words) for part in made]
        rows: dict[str, list[float | None]] = {"won": [], "lost": []}
        for part in made:
            won = None if np.isnan(part.value) else round(part.weight * part.value * 100, 1)
            rows["won"].append(won)
            rows["lost"].append(None if won is None else round(part.weight * 100 - won, 1))
        series = []
        for key, colour in (("won", _WON), ("lost", _LOST)):
            data = [
                {"value": value, "tip": [name, part_in_words(part, words)]}
                for value, name, part in zip(rows[key], names, made, strict=True)
            ]
            look = {"itemStyle": {"color": colour}, "stack": "all", "barMaxWidth": 18}
            series.append({"type": "bar", "name": words(f"site.{key}"), "data": data, **look})
        table = pd.DataFrame(
            {
                words("site.criterion"): names,
                words("site.col_amount"): [part.measure.quantity(part.raw, words) for part in made],
                words("site.col_value"): [percent(part.value) for part in made],
                words("site.col_weight"): [round(part.weight * 100, 1) for part in made],
                words("site.won"): rows["won"],
                words("site.lost"): rows["lost"],
            }
        )
        title = words("site.chart_parts", name=one.name(words.language))
        note = words("site.chart_parts_note" if self.found.model.attitude == 1 else "site.chart_parts_owa")
        height = 70 + 34 * len(made)
        return Chart("parts", title, grouped(names, series), table, note=note, height=height, span=12)

    def order(self) -> Chart:
        """In which part of the simulations each site is the first, and among the first three."""
        words, sites, firm = self.words, ranked(self.found), firmness(self.found)
        if firm is None:
            return bars("order", words("site.chart_order"), [], ("", ""))
        place = np.argsort(-firm.top(TOP), kind="stable")[:_SHOWN]
        names = [sites[at].name(words.language) for at in place]
        series = []
        for key, shares, colour in (
            ("top", firm.top(TOP), "#6baed6"),
            ("first", firm.first, "#08519c"),
        ):
            title = words(f"site.{key}", n=TOP)
            data = [
                {
                    "value": round(float(shares[at]) * 100, 1),
                    "tip": [name, f"{title}: {words.percent(float(shares[at]))}"],
                    "act": f"pick={sites[at].pick}",
                }
                for at, name in zip(place, names, strict=True)
            ]
            look = {"itemStyle": {"color": colour}, "cursor": "pointer", "barMaxWidth": 9}
            series.append({"type": "bar", "name": title, "data": data, **look})
        table = self._order_table(sites, place)
        option = {**grouped(names, series), "xAxis": {"type": "value", "max": 100}}
        note = words(
            "site.chart_order_note",
            draws=words.number(firm.draws, 0),
            spread=words.number(SPREAD * 100, 0),
        )
        if unsaid := untold(self.found):
            listed = "; ".join(of.title(self.store, words) for of in unsaid)
            note = f"{note} {words('site.chart_order_untold', list=listed)}"
        acts = tuple(f"pick={sites[at].pick}" for at in place)
        made = Chart(
            "order", words("site.chart_order"), option, table, note=note, height=60 + 30 * len(place)
        )
        return made.tabled(table, acts=acts)

    def _order_table(self, sites: tuple[Site, ...], place: np.ndarray) -> pd.DataFrame:
        words, firm = self.words, firmness(self.found)
        criteria = self.found.model.criteria
        values = np.array([one.judged.value[: len(criteria)] for one in sites])
        weights = np.array([criterion.weight for criterion in criteria])
        nearness, flow = topsis(values, weights), promethee(values, weights)
        if firm is None:
            return pd.DataFrame()
        return pd.DataFrame(
            {
                words("table.name"): [sites[at].name(words.language) for at in place],
                words("site.first"): [round(float(firm.first[at]) * 100, 1) for at in place],
                words("site.top", n=TOP): [round(float(firm.top(TOP)[at]) * 100, 1) for at in place],
                words("site.col_place"): [round(float(firm.mean_place[at]), 1) for at in place],
                words("site.col_low"): [round(float(firm.low[at]) * 100, 1) for at in place],
                words("site.col_high"): [round(float(firm.high[at]) * 100, 1) for at in place],
                "TOPSIS": [_rounded(nearness[at]) for at in place],
                "PROMETHEE II": [_rounded(flow[at]) for at in place],
            }
        )

    def sensitivity(self) -> Chart:
        """How far each weight alone moves the score of the best site (a tornado)."""
        words, sites = self.words, ranked(self.found)
        criteria = self.found.model.criteria
        values = np.array([one.judged.value[: len(criteria)] for one in sites])
        weights = np.array([criterion.weight for criterion in criteria])
        moved = tornado(values, weights, SPREAD, self.found.model.attitude)
        top = int(np.argmax([np.nan_to_num(one.judged.score, nan=-1.0) for one in sites]))
        span = (moved.high - moved.low)[:, top] * 100
        order = [at for at in np.argsort(-np.nan_to_num(span), kind="stable") if weights[at]]
        names = [self.found.measures[at].title(self.store, words) for at in order]
        marks = [
            Mark(
                name=name,
                value=_rounded(span[at], 2),
                text=words("site.points", n=words.number(float(np.nan_to_num(span[at])), 2)),
                tip=(words("site.tornado_tip", best=int(np.nan_to_num(moved.best[at, top])),
                           worst=int(np.nan_to_num(moved.worst[at, top]))),),
            )
            for at, name in zip(order, names, strict=True)
        ]  # fmt: skip
        note = words("site.chart_tornado_note", spread=words.number(SPREAD * 100, 0))
        title = words("site.chart_tornado", name=sites[top].name(words.language))
        chart = bars("tornado", title, marks, ("", ""), note=note)
        table = pd.DataFrame(
            {
                words("site.criterion"): names,
                words("site.col_low"): [percent(moved.low[at, top]) for at in order],
                words("site.col_high"): [percent(moved.high[at, top]) for at in order],
                words("site.col_best_place"): [_rounded(moved.best[at, top], 0) for at in order],
                words("site.col_worst_place"): [_rounded(moved.worst[at, top], 0) for at in order],
            }
        )
        return chart.tabled(table)


def _rounded(value: float, decimals: int = 3) -> float | None:
    return None if np.isnan(value) else round(float(value), decimals)
