"""The board of the page "Find a site": what is found, the chosen site, the comparison, the model."""

from typing import Any

import numpy as np

from geo.weighing import EXCLUDED, UNSURE
from layers.chart import Chart
from layers.feature import source_lines
from layers.programme.tiles import Tile
from layers.records import split
from layers.siting import utilities
from layers.siting.compare import Comparing
from layers.siting.models import Named, named, reasons_of
from layers.siting.norms import norm as norm_of
from layers.siting.results import findings
from layers.siting.site_charts import SiteCharts
from layers.siting.sites import Site, of_layer, ranked, site
from layers.siting.telling import (
    clause_in_words,
    limits_told,
    musts_told,
    no_areas_told,
    no_plots_told,
    parts,
    score_in_words,
)
from layers.store import Store
from layers.text import Words
from layers.view import MOST_SITES, View

_SMALL, _LEAST = 0.1, 0.001
"""Below what percentage of the land more digits are told, and the least that is told as a number."""


class SiteBoard:
    """What stands on the board of a view, in its language.

    Raises what `findings` does.
    """

    def __init__(self, store: Store, view: View, words: Words) -> None:
        self.store, self.view, self.words = store, view, words
        self.found = findings(store, view.query)
        self.named: Named = named(store, view.query.sought.model, words.language, words("site.own_model"))
        self.chosen = site(self.found, view.selected) if view.selected else None
        self.charts_of = SiteCharts(self.found, words)
        self.comparing = Comparing(self.found, view.sites, words)

    # --- figures -------------------------------------------------------------------------------------

    def tiles(self) -> list[Tile]:
        """The finding, the shares of the land, and the chosen site."""
        chosen = [self._chosen(self.chosen)] if self.chosen else []
        return [self._finding(), *self._shares(), *chosen]

    def _finding(self) -> Tile:
        words, found = self.words, self.found
        areas, plots = (of_layer(found, layer) for layer in ("site_areas", "site_plots"))
        notes = []
        if areas:
            total = sum(one.about["area_ha"] for one in areas)
            count = words.count("site.areas", len(areas))
            wanted, threshold = words.number(found.wanted_ha, 1), words.number(found.model.threshold * 100, 1)
            told = words.count("site.plots", len(plots), ha=wanted) if plots else no_plots_told(found, words)
            notes.append(told)
            notes.append(words("site.found", areas=count, ha=words.number(total, 0), threshold=threshold))
            best = max(ranked(found), key=lambda one: one.judged.score, default=areas[0])
            notes.append(
                words(
                    "site.best",
                    name=best.name(words.language),
                    score=score_in_words(best.judged.score, words),
                )
            )
        else:
            notes.append(no_areas_told(found, words))
        if found.shares["unsure"] > 0.2:
            notes.append(words("site.much_unsure", share=words.number(found.shares["unsure"] * 100, 0)))
        return Tile("finding", words("site.finding"), self.named.title, tuple(notes), wide=True)

    def _shares(self) -> list[Tile]:
        """What becomes of the land, in parts that make up the whole."""
        words, found, counts = self.words, self.found, self.found.counts
        parts = {
            "suitable": counts["sure"],
            "maybe": counts["suitable"] - counts["sure"],
            "low": counts["free"] + counts["unsure"] - counts["suitable"],
            "excluded": counts["excluded"],
            "unknown": counts["unknown"],
        }
        threshold = words.number(found.model.threshold * 100, 1)
        made = []
        for name, count in parts.items():
            if name == "unknown" and not count:
                continue
            km2 = count * found.grid.cell_m**2 / 1e6
            figure = words("site.km2", n=words.number(km2, 0 if km2 >= 10 else 2 if km2 >= 0.1 else 4))
            percent = self._small(count / found.grid.cells * 100)
            notes = (
                words("site.of_land", share=percent),
                words(f"site.share_{name}_note", threshold=threshold),
            )
            made.append(Tile(f"share_{name}", words(f"site.share_{name}"), figure, notes))
        return made

    def _small(self, percent: float) -> str:
        """A percentage to as many digits as it needs: some is never told as none."""
        digits = 1 if percent >= _SMALL or not percent else 3
        if 0 < percent < _LEAST:
            return f"<\u00a0{self.words.number(_LEAST, digits)}"
        return self.words.number(percent, digits)

    def _chosen(self, one: Site) -> Tile:
        words = self.words
        compared = one.pick in self.view.sites
        full = len(self.comparing.sites) >= MOST_SITES and not compared
        text = words("site.uncompare" if compared else "site.compare_full" if full else "site.compare")
        button = {"text": text, "act": f"compare={one.pick}", "on": compared}
        return Tile(
            "chosen", one.name(words.language), score_in_words(one.judged.score, words),
            tuple(self._about(one)), parts=(button,), wide=True,
        )  # fmt: skip

    def _about(self, one: Site) -> list[str]:
        """The chosen site in sentences: why it scores so, its range, what cannot be told."""
        words, judged = self.words, one.judged
        if judged.state == EXCLUDED:
            told_of = (
                *musts_told(self.found, one.shape),
                *limits_told(self.found, one.shape, one.loose_m, all_of_them=False),
            )
            applying = [say(words) for say in told_of]
            reasons = [f"{label}: {value}" for label, value in applying[:3]]
            if np.isnan(judged.score):
                return [words("site.is_excluded"), *reasons]
        told = []
        if judged.excluded:
            told.append(words("site.excluded_share", share=words.number(judged.excluded * 100, 0)))
        if rank := one.about.get("rank"):
            told.append(words("site.rank", n=rank))
        if area := one.about.get("area_ha"):
            told.append(words("site.area_ha", n=words.number(area, 1)))
        if judged.high - judged.low > 0.005:
            low, high = (words.number(end * 100, 0) for end in (judged.low, judged.high))
            key = "site.range_free" if one.layer == "site_free" else "site.range"
            told.append(words(key, low=low, high=high))
        if judged.unsure or judged.state == UNSURE:
            told.append(words("site.unsure_share", share=words.number(judged.unsure * 100, 0)))
        losses = [part for part in parts(self.found, judged) if part.loss > 0.005][:2]
        for part in losses:
            title, amount = part.measure.title(self.store, words), part.measure.quantity(part.raw, words)
            told.append(
                words("site.loses", loss=words.number(part.loss * 100, 1), title=title, amount=amount)
            )
        return told

    # --- charts and lists ----------------------------------------------------------------------------

    def charts(self) -> list[Chart]:
        """The comparison, the chosen site, then all sites and how firm their order is."""
        compared = self.comparing.charts()
        chosen = [self.charts_of.contributions(self.chosen)] if self.chosen else []
        return [*compared, *chosen, *self.charts_of.all()]

    def pictures(self) -> list[dict[str, Any]]:
        """Small maps of the sites that are compared."""
        return self.comparing.pictures()

    def lists(self) -> list[dict[str, Any]]:
        """What is known of the chosen site's limits and supplies, and the model with its reasons."""
        chosen = [self._limits(self.chosen), self._supplies(self.chosen)] if self.chosen else []
        return [*chosen, self._criteria(), self._constraints()]

    def _limits(self, one: Site) -> dict[str, Any]:
        rows = [
            {"label": label, "text": text, "known": True}
            for label, text in (say(self.words) for say in limits_told(self.found, one.shape, one.loose_m))
        ]
        return self._facts("limits", self.words("site.limits_of", name=one.name(self.words.language)), rows)

    def _supplies(self, one: Site) -> dict[str, Any]:
        title = self.words("site.supplies_of", name=one.name(self.words.language))
        rows = [fact.row(self.store, self.words) for fact in utilities.supplies(self.found, one, self.words)]
        return self._facts("supplies", title, rows, note=self.words("site.supplies_note"))

    def _criteria(self) -> dict[str, Any]:
        words, known = self.words, reasons_of(self.store, self.found.model)
        rows = []
        for of, share in zip(self.found.measures, self.found.model.shares, strict=False):
            record = known.get(of.text)
            reason = str(record[f"reason_{words.language}"]) if record else words("site.no_reason")
            links = source_lines(self.store.catalogue, split(record["source_id"]) if record else [], words)
            label = f"{of.title(self.store, words)} · {words.percent(share, 0)}"
            rows.append({"label": label, "text": reason, "known": record is not None, "links": links})
        return self._facts("criteria", words("site.criteria"), rows, note=words("site.criteria_note"))

    def _constraints(self) -> dict[str, Any]:
        words, rows = self.words, []
        for limit in self.found.model.limits:
            norm = norm_of(self.store, limit.norm)
            clause = clause_in_words(norm, words)
            extra = words("site.extra", m=words.number(limit.extra_m, 0)) if limit.extra_m else ""
            rows.append(
                {
                    "label": str(norm[f"name_{words.language}"]),
                    "text": str(norm[f"description_{words.language}"]),
                    "known": True,
                    "note": " · ".join(part for part in (clause, extra) if part),
                    "links": source_lines(self.store.catalogue, split(norm["source_id"]), words),
                }
            )
        return self._facts("constraints", words("site.constraints"), rows)

    def _facts(self, id_: str, title: str, rows: list[dict[str, Any]], note: str = "") -> dict[str, Any]:
        return {"kind": "facts", "id": f"facts_{id_}", "title": title, "rows": rows, "span": 12, "note": note}
