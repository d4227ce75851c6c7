"""The parts of a passport: its tiles, tables and lists, each figure with its sources, date and accuracy."""

from typing import Any

import numpy as np

from geo.ranking import TOP
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.feature import value_in_words
from layers.paper.document import (
    Align,
    Block,
    Citations,
    Cite,
    Column,
    Fact,
    Facts,
    Inline,
    Notice,
    Paragraph,
    Table,
    Tiles,
)
from layers.records import split
from layers.siting import surroundings, utilities
from layers.siting.models import reasons_of
from layers.siting.norms import all_norms, norm_at
from layers.siting.results import Findings
from layers.siting.sites import Site, firmness, ranked
from layers.siting.telling import clause_in_words, limit_in_words, parts
from layers.siting.territory import district_of, nearest_settlement
from layers.text import Words

_REGIMES = {"park_innovation": "sez-regime", "park_industrial": "industrial-park-residency"}
_ASEZ, _ASEZ_DISTRICT = "asez-regime", "seversk"
_TOLD = (EXCLUDED, UNSURE)
_CITED = 2
"""How many sources of a figure are cited, the first ones of its record."""
_GOALS = ("tomsk", "stations", "airports", "hospitals", "universities")


class Parts:
    """The parts of the passport of a site, in a language; what they cite is numbered by `cites`."""

    def __init__(self, found: Findings, one: Site, words: Words, cites: Citations) -> None:
        self.found, self.site, self.words, self.cites = found, one, words, cites
        self.store = found.store
        self.ways = surroundings.ways(found, one)

    # --- what matters most -----------------------------------------------------------------------------

    def tiles(self) -> Tiles:
        """Score, area, time to Tomsk, workforce within an hour."""
        words, one = self.words, self.site
        area = one.about.get("area_ha")
        minutes = self.ways.minutes["tomsk"]
        share = list(split(str(self.store.record("assumptions", "workforce-share")["source_id"])))
        return Tiles(
            (
                Fact(words("site.col_score"), _number(words, one.judged.score * 100, 1), self._range()),
                Fact(
                    words("site.col_ha"), words("no_data") if area is None else words.number(float(area), 1)
                ),
                Fact(words("passport.to_tomsk"), self._minutes(minutes), words("passport.by_roads")),
                Fact(
                    words("measure.workforce", n=60),
                    words.number(round(self.ways.workforce[60], -2), 0),
                    words("passport.computed"),
                    self.cites(share),
                ),
            )
        )

    def _range(self) -> str:
        """The range of the score within the accuracy of the position, where there is one."""
        judged = self.site.judged
        if not judged.high - judged.low > 0.005:
            return ""
        low, high = (self.words.number(end * 100, 0) for end in (judged.low, judged.high))
        return self.words("passport.from_to", low=low, high=high)

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

    # --- place and access ------------------------------------------------------------------------------

    def territory(self) -> list[Fact]:
        """The municipality and the nearest settlement."""
        words, shape = self.words, self.site.shape
        district = district_of(self.store, shape)
        record, away_m = nearest_settlement(self.store, shape)
        name, km = str(record[f"name_{words.language}"]), words.number(away_m / 1000, 1)
        facts = []
        if district:
            held = self.store.record("districts", district)
            facts.append(
                Fact(
                    words("passport.district"), str(held[f"name_{words.language}"]),
                    cited=self._cite(held),
                )
            )  # fmt: skip
        error = words("passport.about", m=words.number(float(record["accuracy_m"]), 0))
        facts.append(
            Fact(
                words("passport.settlement"), words("passport.km_from", name=name, km=km), error,
                self.cites(split(record["source_id"])),
            )
        )  # fmt: skip
        return facts

    def ways_there(self) -> Facts:
        """Minutes to goals and people within reach, along the road network."""
        words = self.words
        facts = [
            Fact(words(f"reach_goal_title.{goal}"), self._minutes(self.ways.minutes[goal])) for goal in _GOALS
        ]
        for limit, count in self.ways.people.items():
            employed = words.number(round(self.ways.workforce[limit], -2), 0)
            told = words("passport.people", n=words.number(count, 0), employed=employed)
            facts.append(Fact(words("measure.people", n=limit), told))
        return Facts(tuple(facts))

    def access(self) -> Table:
        """The nearest thing of each kind, with the range of its distance and the date of its record."""
        words = self.words
        rows: list[tuple[Inline, ...]] = [
            (
                self.store.catalogue.layers[layer].title[words.language],
                (str(source.record[f"name_{words.language}"]), Cite(self._cite(source.record))),
                self._distance(source),
                words.date(str(source.record["as_of"])),
            )
            for layer, source in surroundings.distances(self.found, self.site)
        ]
        titles = ("passport.kind", "passport.nearest", "passport.km_away", "passport.as_of")
        aligned: tuple[Align, ...] = ("left", "left", "right", "right")
        columns = tuple(
            Column(words(title), align, share)
            for title, align, share in zip(titles, aligned, (1.2, 3.0, 0.8, 1.0), strict=True)
        )
        return Table(columns, tuple(rows))

    def _cite(self, record: dict[str, Any]) -> tuple[int, ...]:
        """The numbers of the first sources of a record."""
        return self.cites(split(str(record["source_id"]))[:_CITED])

    def _distance(self, source: utilities.Source) -> str:
        low, high = max(0.0, source.away_m - source.error_m), source.away_m + source.error_m
        ends = [self.words.number(end / 1000, 1) for end in (low, high)]
        return "–".join(dict.fromkeys(ends))

    def _minutes(self, minutes: float) -> str:
        if not np.isfinite(minutes):
            return self.words("measure.no_way")
        return self.words("passport.minutes", n=self.words.number(minutes, 0))

    # --- tables ----------------------------------------------------------------------------------------

    def networks(self) -> Table:
        """Needs, nearest sources, what they can spare, whom to ask."""
        words = self.words
        rows: list[tuple[Inline, ...]] = [
            (supply.label, (supply.text, Cite(self.cites(supply.sources[:_CITED]))), supply.note)
            for supply in utilities.supplies(self.found, self.site, words)
        ]
        columns = (
            Column(words("passport.network"), share=0.8),
            Column(words("passport.known"), share=2.2),
            Column(words("passport.ask"), share=2.4),
        )
        return Table(columns, tuple(rows))

    def score(self) -> Table:
        """What each criterion gives and takes."""
        words, known = self.words, reasons_of(self.store, self.found.model)
        rows: list[tuple[Inline, ...]] = []
        for part in parts(self.found, self.site.judged):
            record = known.get(part.measure.text)
            numbers = self._cite(record) if record else ()
            amount = words("no_data") if np.isnan(part.raw) else part.measure.quantity(part.raw, words)
            title = part.measure.title(self.store, words)
            rows.append(
                (
                    (title, Cite(numbers)) if numbers else title,
                    amount,
                    _number(words, part.value * 100, 0),
                    words.number(part.weight * 100, 0),
                    _number(words, part.loss * 100, 1),
                )
            )
        titles = (
            "site.criterion",
            "site.col_amount",
            "site.col_value",
            "site.col_weight",
            "passport.col_loss",
        )
        shares = (3.2, 1.2, 0.9, 0.8, 0.9)
        columns = tuple(
            Column(words(title), "left" if at == 0 else "right", share)
            for at, (title, share) in enumerate(zip(titles, shares, strict=True))
        )
        return Table(columns, tuple(rows))

    def limits(self) -> Table:
        """The norms that apply at the site, or of which that cannot be told."""
        words = self.words
        rows: list[tuple[Inline, ...]] = []
        for norm, state, near, far in self._norms():
            if state not in _TOLD:
                continue
            effect = self.store.catalogue.vocabularies["effect"][norm["effect"]][words.language]
            clause = clause_in_words(norm, words)
            title: Inline = (str(norm[f"name_{words.language}"]), Cite(self._cite(norm)))
            rows.append((title, limit_in_words(state, near, far, {"clause": None}, words), effect, clause))
        columns = (
            Column(words("passport.norm"), share=2.0),
            Column(words("passport.verdict"), share=1.8),
            Column(words("passport.effect"), share=1.3),
            Column(words("passport.clause"), share=1.1),
        )
        return Table(columns, tuple(rows))

    def free_limits(self) -> list[Block]:
        """The norms of the model that surely do not apply, in one sentence with their distances."""
        words = self.words
        own = {limit.norm for limit in self.found.model.limits}
        told = [
            words("passport.far", name=str(norm[f"name_{words.language}"]), km=words.number(near / 1000, 1))
            for norm, state, near, _ in self._norms()
            if state not in _TOLD and norm["id"] in own
        ]
        return [Paragraph(words("passport.free_limits", list="; ".join(told)), quiet=True)] if told else []

    def _loose(self) -> float:
        """How far off the position of the site may be (m); that of cells is theirs by definition."""
        return self.site.accuracy_m if self.site.layer == "site_free" else 0.0

    def _norms(self) -> list[tuple[dict[str, Any], int, float, float]]:
        """Every norm at the site: its state and distances (m), those that apply first."""
        extra = {limit.norm: limit.extra_m for limit in self.found.model.limits}
        rows = [
            (norm, *norm_at(self.store, norm, self.site.shape, extra.get(norm["id"], 0.0), self._loose()))
            for norm in all_norms(self.store)
        ]
        return sorted(rows, key=lambda row: (*_TOLD, FREE).index(row[1]))

    # --- surroundings ----------------------------------------------------------------------------------

    def projects(self) -> Facts | Paragraph:
        """Projects of the programme nearby."""
        words, rows = self.words, []
        fields = self.store.catalogue.fields
        for record, away_m in surroundings.projects(self.found, self.site):
            km = words("passport.km", n=words.number(away_m / 1000, 1))
            state = value_in_words(fields["status"], record, words, self.store) or words("no_data")
            cost = record["cost_mln_rub"]
            money = "" if cost is None or np.isnan(cost) else words.money(float(cost))
            note = ", ".join(part for part in (state, money) if part)
            numbers = self._cite(record)
            rows.append(Fact(str(record[f"name_{words.language}"]), km, note, numbers))
        return Facts(tuple(rows)) if rows else Paragraph(words("passport.no_projects"))

    def support(self) -> list[Block]:
        """The regimes of support that hold at the site, or the nearest that do not."""
        words, ids = self.words, []
        if district_of(self.store, self.site.shape) == _ASEZ_DISTRICT:
            ids.append(_ASEZ)
        for layer, regime in _REGIMES.items():
            own = (
                self.site.layer == "site_free"
                and self.site.about["record"]["id"] in self.store.features(layer).index
            )
            if own or surroundings.inside(self.found, self.site, layer):
                ids.append(regime)
        if not ids:
            return [Paragraph(words("passport.no_regime"))]
        blocks: list[Block] = []
        for id_ in ids:
            record: dict[str, Any] = self.store.record("instruments", id_)
            cited = Cite(self._cite(record))
            date = words("card.as_of", date=words.date(str(record["as_of"])))
            text = f"{record[f'name_{words.language}']}. {record[f'description_{words.language}']} {date}."
            blocks.append(Paragraph((text, cited)))
        return [*blocks, Paragraph(words("passport.regime_note"), quiet=True)]


def _number(words: Words, value: float, decimals: int) -> str:
    return words("no_data") if np.isnan(value) else words.number(value, decimals)
