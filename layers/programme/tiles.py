"""The headline figures of the programme: what was stated, what records add up to, on what both rest."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from geo import programme as sums
from geo.shape import Shape
from layers.feature import source_lines
from layers.programme.figures import Chosen, Programme
from layers.programme.roadmap import standings
from layers.programme.voice import in_words
from layers.query import Query
from layers.records import as_dicts, citations, split
from layers.store import Store
from layers.text import Words

_WHOLE_PERCENT = 0.05
"""From where a share is told in whole percent."""
PUBLIC = ("federal", "regional", "municipal", "budget")


@dataclass(frozen=True)
class Tile:
    """A figure of a board with notes, its share of a target, parts to choose from, and its sources."""

    id: str
    title: str
    figure: str
    notes: tuple[str, ...] = ()
    share: float | None = None
    parts: tuple[dict[str, Any], ...] = ()
    sources: tuple[str, ...] = field(default=())
    method: str = ""
    wide: bool = False
    target: str = ""

    def item(self, store: Store, words: Words) -> dict[str, Any]:
        """The tile as the board takes it."""
        lines = source_lines(store.catalogue, self.sources, words)
        share = None
        if self.share is not None:
            digits = 0 if self.share >= _WHOLE_PERCENT else 1
            share = f"{words.percent(self.share, digits)} {self.target}".strip()
        return {
            "kind": "tile",
            "id": f"tile_{self.id}",
            "title": self.title,
            "figure": self.figure,
            "notes": [*([share] if share and self.target else []), *self.notes],
            "share": self.share,
            "share_text": share,
            "parts": list(self.parts),
            "sources": lines,
            "wide": self.wide,
            "method": self.method,
        }


def extra_budgetary(flows: pd.DataFrame) -> tuple[float, float]:
    """Extra-budgetary money and all money whose source is named, in mln RUB."""
    named = flows[flows["money_source"] != sums.UNNAMED]
    own = named[named["money_source"] == "extra_budgetary"]
    return float(own["amount_mln_rub"].sum()), float(named["amount_mln_rub"].sum())


class Tiles:
    """The headlines for a choice: a query and a drawn shape, in a language, on a day (`YYYY-MM-DD`)."""

    def __init__(
        self, programme: Programme, query: Query, shape: Shape | None, words: Words, day: str
    ) -> None:
        self.programme, self.words, self.day = programme, words, day
        self.query, self.shape = query, shape
        self.chosen: Chosen = programme.chosen(query, shape)

    def all(self) -> list[Tile]:
        """Every headline, in its order."""
        return [
            self.projects(),
            self.cost(),
            self.spent(),
            self.private(),
            self.jobs(),
            self.measures(),
            self.participants(),
            self.instruments(),
            self.issues(),
        ]

    def _stated(self, statement: str, say: Any) -> tuple[list[str], list[str], float | None]:
        """What is stated: in words, the sources, and the greatest stated value.

        Statements are about the whole programme: beside a choice of projects that is said.
        """
        rows = self.programme.stated(statement)
        told = "tile.stated_whole" if self.query.conditions or self.shape else "tile.stated"
        notes = [
            self.words(told, value=say(row["value"]), date=self.words.date(row["as_of"]))
            for row in as_dicts(rows)
        ]
        return notes, list(citations([rows])), float(rows["value"].max()) if len(rows) else None

    def _of(self, target: float | None, say: Any) -> str:
        """What a bar is a share of, in words."""
        return self.words("tile.of", target=say(target)) if target else ""

    def _record_sources(self, ids: pd.Index, column: str) -> list[str]:
        """The sources of the records whose figure is known, the most cited first."""
        known = self.chosen.figure(column).loc[ids, "value"].dropna().index
        return [source for source, _ in citations([self.chosen.frame.loc[known]]).most_common()]

    def _total(self, id_: str, quantity: str, statement: str, say: Any) -> Tile:
        total = self.chosen.total(quantity)
        notes, sources, target = self._stated(statement, say)
        mask = self.chosen.counted(quantity)
        first, *rest = in_words(total, self.words, say)
        return Tile(
            id_,
            self.words(f"tile.{id_}"),
            first,
            (*rest, *notes),
            total.value / target if target and total.known and total.value <= target else None,
            target=self._of(target, say),
            sources=tuple(dict.fromkeys([*sources, *self._record_sources(self.chosen.ids[mask], quantity)])),
            method=self.words(f"tile.{id_}_method"),
        )

    def cost(self) -> Tile:
        """What the chosen projects cost, beside the stated need for investment."""
        return self._total("cost", "cost_mln_rub", "investment_need_mln_rub", self.words.money)

    def jobs(self) -> Tile:
        """The jobs of the chosen projects, beside the stated aim."""
        return self._total("jobs", "jobs", "jobs_target", lambda n: self.words.number(n, 0))

    def spent(self) -> Tile:
        """What has been put into the chosen projects, beside what is stated as attracted, of the need."""
        words, put = self.words, self.chosen.spent
        known = put.dropna()
        notes, sources, _ = self._stated("invested_total_mln_rub", words.money)
        need = self._stated("investment_need_mln_rub", words.money)
        doubt = [words.count("programme.unknown", int(put.isna().sum()))] if put.isna().any() else []
        return Tile(
            "spent",
            words("tile.spent"),
            words.money(float(known.sum())) if len(known) else words("no_data"),
            (*doubt, *notes),
            float(known.sum()) / need[2] if need[2] and len(known) else None,
            target=self._of(need[2], words.money),
            sources=tuple(dict.fromkeys([*sources, *need[1]])),
            method=words("tile.spent_method"),
        )

    def private(self) -> Tile:
        """The share of extra-budgetary money among the sums whose source is named."""
        words = self.words
        own, named = extra_budgetary(self.chosen.flows)
        notes, sources, _ = self._stated("extra_budgetary_share_pct", lambda p: words.percent(p / 100))
        money = self.programme.money
        cited = citations([money[money["project"].isin(self.chosen.flows["project"])]])
        return Tile(
            "private",
            words("tile.private"),
            words.percent(own / named, 0) if named else words("no_data"),
            (*([words("tile.private_of", named=words.money(named))] if named else []), *notes),
            own / named if named else None,
            sources=tuple(dict.fromkeys([*sources, *cited])),
            method=words("tile.private_method"),
        )

    def projects(self) -> Tile:
        """How many projects are chosen, beside the stated number."""
        words = self.words
        notes, sources, target = self._stated("projects_count", lambda n: words.number(n, 0))
        count = len(self.chosen.ids)
        doubt = [words.count("programme.unsure", self.chosen.unsure)] if self.chosen.unsure else []
        dead = int((~self.chosen.live).sum())
        left = [words.count("programme.given_up", dead)] if dead else []
        return Tile(
            "projects",
            words("tile.projects"),
            words.number(count, 0),
            (*doubt, *left, *notes),
            count / target if target else None,
            target=self._of(target, lambda n: words.number(n, 0)),
            sources=tuple(dict.fromkeys(sources)),
        )

    def measures(self) -> Tile:
        """The measures of the roadmap by how they stand today; a part opens the board of the roadmap."""
        words = self.words
        notes, sources, _ = self._stated("measures_count", lambda n: words.number(n, 0))
        found = standings(self.programme, self.query, self.shape, self.day)
        parts = tuple(
            {"text": f"{words(f'standing.{s}')}: {n}", "act": "page=roadmap"} for s, n in found.items() if n
        )
        return Tile(
            "measures",
            words("tile.measures"),
            words.number(sum(found.values()), 0),
            tuple(notes),
            parts=parts,
            sources=tuple(dict.fromkeys(sources)),
            method=words("tile.measures_method"),
        )

    def issues(self) -> Tile:
        """The issues between agencies by state, of the chosen projects."""
        words, frame = self.words, self.programme.serving("issues", self.query, self.shape)
        counts = frame["issue_state"].fillna("unknown").value_counts()
        parts = tuple(
            {"text": f"{words(f'issue.{state}')}: {counts[state]}", "act": "page=roadmap"}
            for state in ("open", "unknown", "solved")
            if state in counts
        )
        return Tile(
            "issues",
            words("issue.title"),
            words.number(len(frame), 0),
            (words("issue.note"),),
            parts=parts,
            sources=tuple(citations([frame])),
        )

    def participants(self) -> Tile:
        """The participants by kind, beside what is stated of each kind."""
        words, catalogue = self.words, self.programme.store.catalogue
        frame = self.programme.store.records("participants")
        kinds = frame["participant_kind"].value_counts()
        field_ = catalogue.fields["participant_kind"]
        held = [f"{catalogue.word(field_, str(kind), words.language)}: {n}" for kind, n in kinds.items()]
        notes, sources = list[str](), list[str]()
        for statement in (
            "ministries_count",
            "universities_count",
            "corporations_count",
            "institutes_count",
            "companies_count",
        ):
            rows = self.programme.stated(statement)
            if len(rows):
                name = catalogue.vocabularies["statement"][statement][words.language]
                notes.append(f"{name}: {words.number(rows.iloc[0]['value'], 0)}")
                sources += citations([rows])
        named = {i for ids in self.chosen.frame["bodies"].dropna() for i in split(ids)}
        told = (
            words.count("tile.participants_used", len(named)),
            words("tile.held", what="; ".join(held)),
            words("tile.stated_all", what="; ".join(notes)),
        )
        return Tile(
            "participants",
            words("tile.participants"),
            words.number(len(frame), 0),
            told,
            sources=tuple(dict.fromkeys(sources)),
        )

    def instruments(self) -> Tile:
        """The instruments that records name, beside the stated number."""
        words = self.words
        frame = self.programme.store.records("instruments")
        notes, sources, target = self._stated("instruments_count", lambda n: words.number(n, 0))
        used = {i for ids in self.chosen.frame["instruments"].dropna() for i in split(ids)}
        return Tile(
            "instruments",
            words("tile.instruments"),
            words.number(len(frame), 0),
            (words.count("tile.instruments_used", len(used)), *notes),
            len(frame) / target if target else None,
            target=self._of(target, lambda n: words.number(n, 0)),
            sources=tuple(dict.fromkeys(sources)),
        )
