"""What a passport says of a site beyond its place: risks, score, limits, projects nearby, regimes of support.

Each figure has its sources, its date and how far off it may be.
"""

from typing import Any

import numpy as np
import pandas as pd

from geo.ranking import TOP
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.feature import value_in_words
from layers.paper.document import Block, Citations, Cite, Inline, Notice, Paragraph, Table
from layers.siting import brought, evidence, surroundings
from layers.siting.measures import OF_RASTERS, Measure
from layers.siting.models import reasons_of
from layers.siting.norms import all_norms, norm_at
from layers.siting.passport_place import Row, number, table
from layers.siting.results import Findings
from layers.siting.sites import Site, errors, firmness, ranked
from layers.siting.telling import clause_in_words, limit_in_words, limit_name, musts_told, parts
from layers.text import Words

_TOLD = (EXCLUDED, UNSURE)


class Parts:
    """The parts of the passport of a site, in a language; what they cite is numbered by `cites`."""

    def __init__(self, found: Findings, one: Site, words: Words, cites: Citations) -> None:
        self.found, self.site, self.words, self.cites = found, one, words, cites
        self.store = found.store

    # --- what speaks for it and against it -------------------------------------------------------------

    def risks(self) -> list[Block]:
        """What speaks against relying on it: limits, what cannot be told, how firm its place is."""
        words, judged = self.words, self.site.judged
        told = []
        if judged.state == EXCLUDED:
            told.append(words("site.is_excluded"))
        if judged.unsure or judged.state == UNSURE:
            told.append(words("site.unsure_share", share=words.number(judged.unsure * 100, 0)))
        if self.site.accuracy_m > 500:
            told.append(words("passport.loose", m=words.number(self.site.accuracy_m, 0)))
        if firm := self._firm():
            told.append(firm)
        told.append(words("passport.not_surveyed"))
        return [Notice(" ".join(told))]

    def _firm(self) -> str:
        """In how many draws it is among the first."""
        taking_part, firm = ranked(self.found), firmness(self.found)
        place = next((at for at, one in enumerate(taking_part) if one.pick == self.site.pick), None)
        if firm is None or place is None:
            return ""
        share = self.words.number(float(firm.top(TOP)[place]) * 100, 0)
        draws = self.words.number(firm.draws, 0)
        return self.words("passport.firm", n=TOP, share=share, draws=draws, of=len(taking_part))

    # --- tables ----------------------------------------------------------------------------------------

    def score(self) -> Table:
        """What each criterion gives and takes, how far off what was measured may be, and as of when."""
        words, known = self.words, reasons_of(self.store, self.found.model)
        held = [criterion.measure for criterion in self.found.model.criteria]
        off = dict(zip(held, errors(self.found, self.site), strict=True))
        rows: list[Row] = []
        for part in parts(self.found, self.site.judged):
            of, record = part.measure, known.get(part.measure.text)
            rests = evidence.of_measure(self.found, of)
            reason = evidence.of_record(record).sources if record else ()
            rows.append(
                (
                    (self._title(of), Cite(self.cites((*reason, *rests.sources)))),
                    words("no_data") if np.isnan(part.raw) else of.quantity(part.raw, words),
                    self._off(of, off[of.text]),
                    rests.dated(words),
                    number(words, part.value * 100, 0),
                    words.number(part.weight * 100, 0),
                    number(words, part.loss * 100, 1),
                )
            )
        titles = (
            *("site.criterion", "site.col_amount", "passport.exact", "passport.as_of"),
            *("site.col_value", "site.col_weight", "passport.col_loss"),
        )
        return table(words, titles, (2.9, 1.2, 0.9, 0.9, 0.8, 0.75, 0.75), rows, left=1)

    def _title(self, of: Measure) -> str:
        """What a criterion measures; of a reader's raster also its file."""
        title = of.title(self.store, self.words)
        kept = brought.get(of.what) if of.kind in OF_RASTERS else None
        return f"{title} ({self.words('areas.of_file', file=kept.origin)})" if kept else title

    def _off(self, of: Measure, off: float) -> str:
        """How far off an amount may be; what is not known to be off by anything has no such figure."""
        if not off:
            return self.words("passport.not_estimated")
        return f"±{of.quantity(off, self.words)}"

    def limits(self) -> Table:
        """The norms that apply at the site, or of which that cannot be told."""
        words = self.words
        rows: list[Row] = []
        for norm, state, near, far in self._norms():
            if state not in _TOLD:
                continue
            effect = self.store.catalogue.vocabularies["effect"][norm["effect"]][words.language]
            reach = self._extra(norm) + self.site.loose_m
            title: Inline = (limit_name(norm, self.site.shape, reach, words), self._cite(norm))
            told = limit_in_words(state, near, far, {"clause": None}, words)
            date = evidence.short_date(str(norm["as_of"]), words)
            rows.append((title, told, effect, clause_in_words(norm, words), date))
        titles = ("passport.norm", "passport.verdict", "passport.effect", "passport.clause", "passport.as_of")
        return table(words, titles, (2.3, 1.9, 1.5, 1.1, 0.6), rows, left=5)

    def free_limits(self) -> list[Block]:
        """The norms of the model that surely do not apply, in one sentence with distances and sources."""
        words = self.words
        own = {limit.norm for limit in self.found.model.limits}
        told: list[str | Cite] = []
        for norm, state, near, _ in self._norms():
            if state in _TOLD or norm["id"] not in own:
                continue
            name, km = str(norm[f"name_{words.language}"]), near / 1000
            text = (
                words("passport.far", name=name, km=words.number(km, 1))
                if np.isfinite(km)
                else words("passport.nowhere", name=name)
            )
            told += ["; " if told else f"{words('passport.free_limits')} ", text, self._cite(norm)]
        return [Paragraph((*told, "."), quiet=True)] if told else []

    def musts(self) -> list[Block]:
        """The must-haves of the model, and whether they are met."""
        told = [": ".join(say(self.words)) for say in musts_told(self.found, self.site.shape)]
        return [Paragraph("; ".join(told) + ".", quiet=True)] if told else []

    def amounts(self) -> pd.DataFrame:
        """What each criterion gives and takes as numbers, in the units of its measure; NaN: unknown."""
        off = errors(self.found, self.site)
        known = np.where(off > 0, off, np.nan)
        of_measure = {of.text: error for of, error in zip(self.found.measures, known, strict=False)}
        return pd.DataFrame(
            {
                "measure": part.measure.text,
                "title": part.measure.title(self.store, self.words),
                "amount": part.raw * part.measure.factor,
                "error": of_measure[part.measure.text] * part.measure.factor,
                "unit": part.measure.unit_in_words(self.words),
                "value_percent": part.value * 100,
                "weight_percent": part.weight * 100,
                "loss_percent": part.loss * 100,
            }
            for part in parts(self.found, self.site.judged)
        )

    def _extra(self, norm: dict[str, Any]) -> float:
        """By how much the model widens a norm (m)."""
        return next((limit.extra_m for limit in self.found.model.limits if limit.norm == norm["id"]), 0.0)

    def _norms(self) -> list[tuple[dict[str, Any], int, float, float]]:
        """Every norm at the site: its state and distances (m), those that apply first."""
        rows = [
            (norm, *norm_at(self.store, norm, self.site.shape, self._extra(norm), self.site.loose_m))
            for norm in all_norms(self.store)
        ]
        return sorted(rows, key=lambda row: (*_TOLD, FREE).index(row[1]))

    def _cite(self, record: dict[str, Any]) -> Cite:
        """The numbers of the first sources of a record."""
        return Cite(self.cites(evidence.of_record(record).sources))

    # --- surroundings ----------------------------------------------------------------------------------

    def projects(self) -> Table | Paragraph:
        """Projects of the programme nearby: how far, how far off that may be, what has become of them."""
        words, fields = self.words, self.store.catalogue.fields
        rows: list[Row] = []
        for record, away_m in surroundings.projects(self.found, self.site):
            state = value_in_words(fields["status"], record, words, self.store) or words("no_data")
            cost = record["cost_mln_rub"]
            money = "" if cost is None or np.isnan(cost) else words.money(float(cost))
            off = float(record["accuracy_m"]) + self.site.accuracy_m
            rows.append(
                (
                    (str(record[f"name_{words.language}"]), self._cite(record)),
                    ", ".join(part for part in (state, money) if part),
                    words.number(away_m / 1000, 1),
                    f"±{words.number(off / 1000, 1)}",
                    evidence.short_date(str(record["as_of"]), words),
                )
            )
        if not rows:
            return Paragraph(words("passport.no_projects"))
        titles = (
            "passport.project",
            "passport.state",
            "passport.km_away",
            "passport.km_off",
            "passport.as_of",
        )
        return table(words, titles, (2.3, 1.4, 0.45, 0.75, 1.05), rows, left=2)

    def support(self) -> list[Block]:
        """The regimes of support that may hold at the site, or that none is known to."""
        words, ids = self.words, surroundings.regimes(self.found, self.site)
        if not ids:
            return [Paragraph(words("passport.no_regime"))]
        blocks: list[Block] = []
        for id_ in ids:
            record: dict[str, Any] = self.store.record("instruments", id_)
            cited = self._cite(record)
            date = words("card.as_of", date=evidence.short_date(str(record["as_of"]), words))
            text = f"{record[f'name_{words.language}']}. {record[f'description_{words.language}']} {date}."
            blocks.append(Paragraph((text, cited), quiet=True))
        return [*blocks, Paragraph(words("passport.regime_note"), quiet=True)]
