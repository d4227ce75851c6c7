"""Charts of money: who pays, how the need fills, what costs how much, and how many jobs come of it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from geo import programme as sums
from layers.chart import Chart, Mark, bars
from layers.programme.voice import Voice, in_words
from layers.records import as_dicts

PROMISE = {
    "symbol": "diamond",
    "symbolSize": 11,
    "itemStyle": {"color": "#1c272d", "borderColor": "#ffffff", "borderWidth": 1.5},
    "z": 5,
}
"""How what somebody has said is marked over what is known."""
_SANKEY = {
    "type": "sankey",
    "left": 6,
    "right": 190,
    "top": 8,
    "bottom": 8,
    "nodeGap": 18,
    "nodeWidth": 14,
    "draggable": False,
    "emphasis": {"focus": "adjacency"},
    "lineStyle": {"color": "gradient", "opacity": 0.35},
    "label": {"width": 180, "overflow": "break"},
}
_TREEMAP = {
    "type": "treemap",
    "roam": False,
    "nodeClick": False,
    "breadcrumb": {"show": False},
    **dict.fromkeys(("left", "right", "top", "bottom"), 0),
    "label": {"fontSize": 12, "overflow": "truncate"},
    "upperLabel": {"show": True, "height": 22, "color": "#ffffff", "fontSize": 12},
    "levels": [
        {"itemStyle": {"borderWidth": 0, "gapWidth": 3}, "upperLabel": {"show": False, "height": 0}},
        {"itemStyle": {"borderWidth": 1, "gapWidth": 0}},
        {"itemStyle": {"borderColor": "rgba(255,255,255,0.75)", "borderWidth": 0.6}},
    ],
}


def _period(first: float, last: float) -> str:
    """`2011`, `2011–2013`, `–2020` for a period of which an end may be unknown."""
    ends = ["" if np.isnan(year) else f"{year:.0f}" for year in (first, last)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


class MoneyCharts(Voice):
    """The charts of money for a choice."""

    def flow(self) -> Chart:
        """Money from its sources to the parks (a Sankey diagram)."""
        words, flows = self.words, self.chosen.flows
        park = self.chosen.frame["park"].fillna("")
        parted = flows.assign(park=flows["project"].map(park))
        linked = parted.groupby(["money_source", "park"])["amount_mln_rub"].sum().reset_index()
        rows = as_dicts(linked)
        payers = [self._word("money_source", row["money_source"]) for row in rows]
        parks = [self._park(row["park"]) for row in rows]
        acts = tuple(f"park={row['park']}" if row["park"] else None for row in rows)
        links = [
            {
                "source": payer,
                "target": park_,
                "value": row["amount_mln_rub"],
                "tip": [f"{payer} → {park_}", self._money(row["amount_mln_rub"])],
                "act": act,
            }
            for row, payer, park_, act in zip(rows, payers, parks, acts, strict=True)
        ]
        option = {"series": [{**_SANKEY, "data": self._nodes(linked), "links": links}]}
        columns = (words("programme.money_source"), self._title("park"), words("programme.amount"))
        table = pd.DataFrame(dict(zip(columns, (payers, parks, linked["amount_mln_rub"]), strict=True)))
        title, note = words("programme.flow"), words("programme.flow_note")
        return Chart("flow", title, option, table, note, height=400, span=7, acts=acts)

    def _nodes(self, linked: pd.DataFrame) -> list[dict[str, Any]]:
        """The sources of money and the parks, in the order of their lists."""
        paid, got = (linked.groupby(by)["amount_mln_rub"].sum().to_dict() for by in ("money_source", "park"))
        sources = [s for s in [*self.catalogue.vocabularies["money_source"], sums.UNNAMED] if s in paid]
        parks = [p for p in [*self.catalogue.vocabularies["park"], ""] if p in got]
        return [
            *(self._node("funding", s, paid[s], "money_source", s != sums.UNNAMED) for s in sources),
            *(self._node("park", p, got[p], "park", bool(p)) for p in parks),
        ]

    def _node(self, act: str, value: str, amount: float, family: str, acts: bool) -> dict[str, Any]:
        name = self._park(value) if family == "park" else self._word(family, value)
        return {
            "name": name,
            "tip": [name, self._money(float(amount))],
            "act": f"{act}={value}" if acts else None,
            "itemStyle": {"color": self._colour(family, value)},
        }

    def money_bars(self, flows: pd.DataFrame, title: str) -> Chart:
        """Money by its source."""
        words, amounts = self.words, flows.groupby("money_source")["amount_mln_rub"].sum()
        marks = [
            Mark(
                self._word("money_source", source),
                float(amounts[source]),
                words.money(amounts[source]),
                (words.money(amounts[source]),),
                colour=self._colour("money_source", source),
            )
            for source in [*self.catalogue.vocabularies["money_source"], sums.UNNAMED]
            if source in amounts
        ]
        columns = (words("programme.money_source"), words("programme.amount"))
        return bars("money", title, marks, columns, span=12, height=40 * max(2, len(marks)))

    def gap(self) -> Chart:
        """How the need for investment fills, by year and by source of money, as far as records know."""
        words, filled = self.words, self._filled()
        wide = filled.pivot_table(index="year", columns="source", values="amount", aggfunc="sum").fillna(0.0)
        span = range(int(wide.index.min()), int(wide.index.max()) + 1) if len(wide) else range(0)
        table = wide.reindex(span, fill_value=0.0).cumsum()
        listed = [*self.catalogue.vocabularies["money_source"], sums.UNNAMED]
        table = table[[source for source in listed if source in table]]
        undated = float(filled.loc[filled["year"].isna(), "amount"].sum())
        left = " " + words("programme.gap_undated", amount=words.money(undated)) if undated else ""
        out = table.rename(columns=lambda s: f"{self._word('money_source', s)}, {words('money.in_mln')}")
        out.insert(0, words("programme.year"), [str(year) for year in table.index])
        of_year = " " + words("programme.year_note") if self.query.year is not None else ""
        note = words("programme.gap_note") + left + of_year
        return Chart("gap", words("programme.gap"), self._gap_option(table), out, note, height=400, span=5)

    def _filled(self) -> pd.DataFrame:
        """What was put into the counted projects: `year` (NaN: unknown), `source`, `amount` (mln RUB).

        The sum put into a project is shared out over its sources as its whole cost is.
        """
        chosen = self.chosen
        spent = chosen.spent.dropna()
        flows = chosen.flows[chosen.flows["project"].isin(spent.index)]
        share = flows["amount_mln_rub"] / flows.groupby("project")["amount_mln_rub"].transform("sum")
        named = pd.DataFrame(
            {
                "project": flows["project"],
                "source": flows["money_source"],
                "amount": share * flows["project"].map(spent),
            }
        )
        bare = spent[~spent.index.isin(flows["project"])]
        rest = pd.DataFrame({"project": bare.index, "source": sums.UNNAMED, "amount": bare.to_numpy()})
        rows = pd.concat([named, rest], ignore_index=True)
        return rows.assign(year=rows["project"].map(chosen.year_spent))

    def _gap_option(self, table: pd.DataFrame) -> dict[str, Any]:
        """Areas stacked over the years, the stated need as a line, official statements as points."""
        labels = [str(year) for year in table.index]
        series: list[dict[str, Any]] = [
            {
                "type": "line",
                "name": self._word("money_source", str(source)),
                "stack": "all",
                "symbol": "none",
                "step": "end",
                "triggerLineEvent": True,
                "act": None if source == sums.UNNAMED else f"funding={source}",
                "areaStyle": {"opacity": 0.75},
                "lineStyle": {"width": 0},
                "itemStyle": {"color": self._colour("money_source", str(source))},
                "data": (table[source] / 1000).round(3).tolist(),
            }
            for source in table
        ]
        if series:
            series += self._stated_points(labels)
            series[0]["markLine"] = self._need_line()
        return {
            "grid": {"left": 8, "right": 16, "top": 12, "bottom": 8, "containLabel": True},
            "legend": {"top": 0},
            "xAxis": {"type": "category", "data": labels},
            "yAxis": {"type": "value", "max": self._need() / 1000 or None},
            "series": series or [{"type": "line", "data": []}],
        }

    def _need(self) -> float:
        """The greatest stated need for investment, mln RUB; 0 where none is stated."""
        return float(self.programme.stated("investment_need_mln_rub")["value"].max() or 0)

    def _need_line(self) -> dict[str, Any]:
        text = self.words("programme.need", amount=self.words.money(self._need()))
        return {
            "symbol": "none",
            "silent": True,
            "data": [{"yAxis": self._need() / 1000}],
            "lineStyle": {"color": "#c0392b"},
            "label": {"formatter": text, "position": "insideStartBottom"},
        }

    def _stated_points(self, labels: list[str]) -> list[dict[str, Any]]:
        """What officials have stated as attracted by some year, as points over the areas."""
        words, rows = self.words, self.programme.stated("invested_total_mln_rub")
        data = [
            {
                "value": [row["as_of"][:4], row["value"] / 1000],
                "tip": [
                    words("programme.stated_then", date=words.date(row["as_of"])),
                    words.money(row["value"]),
                ],
            }
            for row in as_dicts(rows)
            if row["as_of"][:4] in labels
        ]
        return [
            {
                "type": "scatter",
                "name": words("programme.stated"),
                "data": data,
                **PROMISE,
            }
        ]

    def funding(self) -> Chart:
        """What was planned, needed and spent by the programme as a whole and beside it, as reported."""
        words, language = self.words, self.words.language
        frame = self.programme.store.records("funding").sort_values(["year_to", "year_from"], kind="stable")
        basis = self.catalogue.fields["basis"]
        rows, marks = [], []
        for row in as_dicts(frame):
            source = row["money_source"] or ""
            kind, scope = self.catalogue.word(basis, row["basis"], language), row[f"scope_{language}"]
            period = _period(row["year_from"], row["year_to"])
            payer = self._word("money_source", source) if source else words("programme.all_sources")
            tip = (words.money(row["amount_mln_rub"]), payer, kind, words.date(row["as_of"]))
            name = f"{period}: {scope or payer}"
            colour = self._colour("money_source", source or sums.UNNAMED)
            marks.append(Mark(name, row["amount_mln_rub"], tip[0], tip, colour=colour))
            rows.append((period, scope, payer, kind, row["amount_mln_rub"]))
        columns = ("year", "scope", "money_source", "basis", "amount")
        table = pd.DataFrame(rows, columns=[words(f"programme.{column}") for column in columns])
        made = bars(
            "funding",
            words("programme.funding"),
            marks,
            (words("programme.scope"), words("programme.amount")),
            note=words("programme.funding_note"),
            span=12,
            scroll=420,
        )
        return replace(made, table=table)

    def treemap(self) -> Chart:
        """Cost by park and project; what is not known has no area and is told in the note."""
        words, chosen = self.words, self.chosen
        cost = chosen.figure("cost_mln_rub").loc[chosen.counted("cost_mln_rub")]
        known = cost.dropna(subset="value").sort_values("value", ascending=False)
        park = chosen.frame.loc[known.index, "park"].fillna("")
        option = {"series": [{**_TREEMAP, "data": self._groups(known, park)}]}
        table = pd.DataFrame(
            {
                self._title("project"): self._names(known.index),
                self._title("park"): [self._park(value) for value in park],
                self.words.unit(self.catalogue.fields["cost_mln_rub"]): known["value"].to_numpy(),
                words("programme.lowest"): known["low"].to_numpy(),
                words("programme.highest"): known["high"].to_numpy(),
            }
        )
        missing = int(cost["value"].isna().sum())
        note = words.count("programme.unknown_cost", missing) if missing else ""
        acts = tuple(self._picked(str(id_)) for id_ in known.index)
        return Chart("treemap", words("programme.treemap"), option, table, note, 420, 6, acts=acts)

    def _groups(self, known: pd.DataFrame, park: pd.Series) -> list[dict[str, Any]]:
        """The parks with their projects as areas; the greatest cost first."""
        groups: dict[str, list[dict[str, Any]]] = {}
        names = self._names(known.index)
        for id_, name, value, row in zip(known.index, names, park, as_dicts(known), strict=True):
            total = sums.Total(row["value"], row["low"], row["high"], 1, 0)
            tip = [name, *in_words(total, self.words, self.words.money)]
            leaf = {"name": name, "value": row["value"], "tip": tip, "act": self._picked(str(id_))}
            groups.setdefault(value, []).append(leaf)
        return [
            {
                "name": self._park(value),
                "children": leaves,
                "itemStyle": dict.fromkeys(("color", "borderColor"), self._colour("park", value)),
                "tip": [self._park(value), self._money(sum(leaf["value"] for leaf in leaves))],
                "act": f"park={value}" if value else None,
            }
            for value, leaves in groups.items()
        ]

    def jobs_per_rouble(self) -> Chart:
        """Jobs against cost, each project a point on logarithmic axes."""
        words, chosen = self.words, self.chosen
        cost, jobs = chosen.figure("cost_mln_rub")["value"], chosen.figure("jobs")["value"]
        both = (cost > 0) & (jobs > 0)
        ratio = (jobs / cost)[both].sort_values(ascending=False)
        ids, park = ratio.index, chosen.frame["park"].fillna("")
        names = self._names(ids)
        points = [
            {
                "value": [float(cost[id_]), float(jobs[id_])],
                "tip": [
                    name,
                    words.money(cost[id_]),
                    words.count("programme.jobs", int(jobs[id_])),
                    words("programme.jobs_per_bn", n=words.number(ratio[id_] * 1000)),
                ],
                "act": self._picked(str(id_)),
                "itemStyle": {"color": self._colour("park", park[id_]), "opacity": 0.85},
            }
            for id_, name in zip(ids, names, strict=True)
        ]
        option = {
            "grid": {"left": 8, "right": 24, "top": 30, "bottom": 24, "containLabel": True},
            "xAxis": {
                "type": "log",
                "name": words.unit(self.catalogue.fields["cost_mln_rub"]),
                "nameLocation": "middle",
                "nameGap": 28,
            },
            "yAxis": {"type": "log", "name": self._title("jobs")},
            "series": [{"type": "scatter", "symbolSize": 14, "data": points, "cursor": "pointer"}],
        }
        table = pd.DataFrame(
            {
                self._title("project"): names,
                words.unit(self.catalogue.fields["cost_mln_rub"]): cost[ids].to_numpy(),
                self._title("jobs"): jobs[ids].to_numpy(),
                words("programme.per_bn"): (ratio * 1000).round(1).to_numpy(),
            }
        )
        note = words("programme.jobs_note", known=len(ids), of=len(chosen.ids))
        acts = tuple(self._picked(str(id_)) for id_ in ids)
        return Chart(
            "jobs_per_rouble", words("programme.jobs_per_rouble"), option, table, note, 360, 6, acts=acts
        )
