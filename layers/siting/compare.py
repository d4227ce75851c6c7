"""Two to four sites side by side: a radar of their values, and a table in which differences are marked."""

from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from layers.chart import Chart
from layers.comparison import Comparison
from layers.furniture import version
from layers.siting.results import Findings, percent
from layers.siting.sites import Site, site
from layers.siting.telling import Part, hectares, parts, score_in_words
from layers.text import Words

COLOURS = ("#0b5c7a", "#b3003c", "#3f7d20", "#8a5a00")
MARKED = 0.25
"""From what difference of a value (0..1) on a row is marked."""
_LEAST = 2


class Comparing:
    """The comparison of some sites, in a language."""

    def __init__(self, found: Findings, picks: tuple[str, ...], words: Words) -> None:
        self.found, self.words = found, words
        self.sites = [one for pick in picks if (one := site(found, pick))]

    def charts(self) -> list[Chart]:
        """The comparison, where there are two sites or more."""
        return [self._chart()] if len(self.sites) >= _LEAST else []

    def pictures(self) -> list[dict[str, Any]]:
        """Small maps of the sites, all of one scale."""
        if len(self.sites) < _LEAST:
            return []
        words, sought, network = self.words, self.found.sought.params(), self.found.ground.network
        asked = urlencode(
            {
                "lang": words.language,
                **sought,
                **Comparison(network=network).params(),
                "v": version(self.found.store),
            }
        )
        shown = [
            {
                "title": one.name(words.language),
                "src": f"/site/inset/{one.pick}.svg?{asked}",
                "act": f"pick={one.pick}",
            }
            for one in self.sites
        ]
        return [
            {"kind": "pictures", "id": "insets", "title": words("site.insets"), "pictures": shown, "span": 12}
        ]

    def _chart(self) -> Chart:
        words = self.words
        by_site = [{part.measure.text: part for part in parts(self.found, one.judged)} for one in self.sites]
        order = [of for of, share in zip(self.found.measures, self.found.model.shares, strict=False) if share]
        names = [of.title(self.found.store, words) for of in order]
        series = [
            {
                "name": one.name(words.language),
                "value": [percent(held[of.text].value) for of in order],
                "tip": self._tip(one, held, order),
                "lineStyle": {"color": colour, "width": 2},
                "itemStyle": {"color": colour},
                "areaStyle": {"color": colour, "opacity": 0.08},
                "act": f"pick={one.pick}",
            }
            for one, held, colour in zip(self.sites, by_site, COLOURS, strict=False)
        ]
        option = {
            "legend": {"top": 0, "left": 0},
            "radar": {"indicator": [{"name": name, "max": 100, "min": 0} for name in names]},
            "series": [{"type": "radar", "data": series, "symbolSize": 6}],
        }
        table = self._table(by_site, order, names)
        note = words("site.compare_note", share=words.number(MARKED * 100, 0))
        return Chart("compare", words("site.chart_compare"), option, table, note=note, height=430, span=12)

    def _tip(self, one: Site, held: dict[str, Part], order: list[Any]) -> list[str]:
        words = self.words
        lines = [
            f"{of.title(self.found.store, words)}: {of.quantity(held[of.text].raw, words)}"
            if not np.isnan(held[of.text].raw)
            else f"{of.title(self.found.store, words)}: {words('no_data')}"
            for of in order
        ]
        return [one.name(words.language), *lines]

    def _table(self, by_site: list[dict[str, Part]], order: list[Any], names: list[str]) -> pd.DataFrame:
        """A row a criterion, a column a site; a mark where the sites differ much."""
        words = self.words
        rows = [self._row(words("site.col_score"), [one.judged.score for one in self.sites])]
        rows.append([words("site.col_ha"), *(hectares(one, words) for one in self.sites), ""])
        for of, name in zip(order, names, strict=True):
            values = np.array([held[of.text].value for held in by_site])
            cells = [
                words("no_data") if np.isnan(held[of.text].raw) else
                f"{of.quantity(held[of.text].raw, words)} → {words.percent(held[of.text].value, 0)}"
                for held in by_site
            ]  # fmt: skip
            differs = np.nanmax(values) - np.nanmin(values) >= MARKED if np.isfinite(values).any() else False
            rows.append([name, *cells, "◆" if differs else ""])
        columns = [words("site.criterion"), *_unlike(one.name(words.language) for one in self.sites)]
        return pd.DataFrame(rows, columns=[*columns, words("site.differs")])

    def _row(self, title: str, values: list[float]) -> list[str]:
        words = self.words
        cells = [score_in_words(v, words) for v in values]
        return [title, *cells, ""]


def _unlike(names: Any) -> list[str]:
    """Names as columns: one that stands twice is numbered."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        made.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return made
