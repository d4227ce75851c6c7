"""Everything about one project for a board: figures and who says them, history, money, ties, sources."""

from typing import Any

import numpy as np
import pandas as pd

from geo import programme as sums
from layers.chart import Chart
from layers.day import today
from layers.feature import source_lines, value_in_words
from layers.programme.charts import Charts
from layers.programme.figures import QUANTITIES, Programme
from layers.programme.tiles import Tile
from layers.programme.voice import in_words
from layers.query import Query
from layers.records import as_dicts, split
from layers.text import Words

FACTS = (
    "project_type",
    "park",
    "direction",
    "cluster",
    "status",
    "planned_year",
    "start_year",
    "end_year",
    "funding",
    "operator",
    "district",
    "part_of",
    "description",
    "note",
)
TIES = (("bodies", "participants"), ("instruments", "instruments"), ("documents", "documents"))


class Dossier:
    """The card of a project in a language. Raises `UnknownFeature`."""

    def __init__(self, programme: Programme, project: str, words: Words, day: str | None = None) -> None:
        self.day = day or today()
        self.programme, self.words, self.id = programme, words, project
        self.store = programme.store
        self.record = self.store.record("projects", project)
        self.layer = self.store.catalogue.layers["projects"]

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        return str(self.record[f"name_{self.words.language}"])

    @property
    def other_name(self) -> str:
        """Its name in the other language."""
        return str(self.record["name_en" if self.words.language == "ru" else "name_ru"])

    def lists(self) -> list[dict[str, Any]]:
        """Everything else that is known of it, as lists; those without an entry are left out."""
        told = [
            self.facts(),
            self.history(),
            self.said(),
            *self.ties(),
            self.measures(),
            self.issues(),
            self.parts(),
        ]
        return [*(item for item in told if item["rows"]), self.sources()]

    # --- figures ------------------------------------------------------------------------------------

    def tiles(self) -> list[Tile]:
        """Its main figures: one each, with the range where sources disagree."""
        return [*(self._tile(quantity) for quantity in QUANTITIES), self._slip()]

    def _say(self, quantity: str, value: float) -> str:
        field = self.store.catalogue.fields[quantity]
        return (
            self.words.money(value)
            if quantity.endswith("mln_rub")
            else self.words.quantity(value, field.unit)
        )

    def _tile(self, quantity: str) -> Tile:
        figure = self.programme.figure(quantity).loc[[self.id]]
        total = sums.total(figure, np.ones(1, dtype=bool))
        known = bool(total.known)
        first, *rest = in_words(total, self.words, lambda v: self._say(quantity, v))
        share = None
        if quantity == "invested_mln_rub" and known:
            cost = self.programme.figure("cost_mln_rub")["value"].to_dict()[self.id]
            share = min(total.value / cost, 1.0) if cost and not np.isnan(cost) else None
        title = self.store.catalogue.fields[quantity].title[self.words.language]
        return Tile(quantity, title, first, tuple(rest) if known else (), share)

    def _slip(self) -> Tile:
        words, slips = self.words, self.programme.slips(self.day)
        row = as_dicts(slips.loc[[self.id]])[0] if self.id in slips.index else None
        years = float(row["slip"]) if row else np.nan
        notes = []
        if row:
            for key in ("promised", "outcome"):
                if isinstance(row[key], str):
                    told = "done" if key == "outcome" and row["done"] else key
                    notes.append(words(f"dossier.{told}", date=words.date(row[key])))
        if row and row["lapsed"]:
            notes.append(words("programme.lapsed"))
        sign = "+" if years > 0 else "−" if years < 0 else ""
        figure = words("no_data") if np.isnan(years) else sign + words.years(abs(years))
        return Tile("slip", words("programme.slip"), figure, tuple(notes))

    # --- charts -------------------------------------------------------------------------------------

    def charts(self) -> list[Chart]:
        """Its money by source, where any is known."""
        cost = self.programme.figure("cost_mln_rub")["value"]
        flows = sums.flows(self.programme.money, cost, (cost.index == self.id))
        if flows.empty:
            return []
        charts = Charts(self.programme, Query(), None, self.words)
        return [charts.money_bars(flows, self.words("dossier.money"))]

    # --- lists --------------------------------------------------------------------------------------

    def _list(self, id_: str, rows: list[dict[str, Any]], span: int = 6, note: str = "") -> dict[str, Any]:
        title = self.words(f"dossier.{id_}")
        return {
            "kind": "facts",
            "id": f"facts_{id_}",
            "title": title,
            "rows": rows,
            "span": span,
            "note": note,
        }

    def facts(self) -> dict[str, Any]:
        """What the record says in words."""
        rows = []
        for name in FACTS:
            field = self.layer.field(name)
            value = value_in_words(field, self.record, self.words, self.store) if field else None
            if field and (value is not None or name not in ("part_of", "note")):
                row = {
                    "label": field.title[self.words.language],
                    "text": value or self.words("no_data"),
                    "known": value is not None,
                }
                rows.append(
                    row | ({"act": f"pick=projects/{self.record['part_of']}"} if name == "part_of" else {})
                )
        return self._list("facts", rows)

    def history(self) -> dict[str, Any]:
        """Its statuses in time: what happened, and what was announced for when."""
        events = sorted(self.programme.of("events", self.id), key=lambda e: (e["date"], e["as_of"]))
        status = self.store.catalogue.fields["status"]
        rows = [
            {
                "label": self.words.date(e["date"]),
                "text": self.store.catalogue.word(status, e["status"], self.words.language)
                + (
                    ""
                    if e["basis"] == "actual"
                    else f" — {self.words('dossier.announced', date=self.words.date(e['as_of']))}"
                ),
                "known": e["basis"] == "actual",
                "note": e[f"note_{self.words.language}"],
                "links": source_lines(self.store.catalogue, split(e["source_id"]), self.words),
            }
            for e in events
        ]
        return self._list("history", rows)

    def said(self) -> dict[str, Any]:
        """Every further statement of a figure, with who made it and when."""
        rows, catalogue = [], self.store.catalogue
        for f in self.programme.of("figures", self.id):
            high = f["value_high"]
            figure = self.words.number(f["value"], 2)
            if not pd.isna(high):
                figure += f"–{self.words.number(high, 2)}"
            rows.append(
                {
                    "label": catalogue.word(catalogue.fields["quantity"], f["quantity"], self.words.language),
                    "text": f"{figure} ({self.words.date(f['as_of'])})",
                    "known": True,
                    "note": f[f"note_{self.words.language}"],
                    "links": source_lines(catalogue, split(f["source_id"]), self.words),
                }
            )
        return self._list("said", rows)

    def ties(self) -> list[dict[str, Any]]:
        """Bodies, instruments and documents that its record names."""
        found = []
        for column, register in TIES:
            rows = [self._entry(register, id_) for id_ in split(self.record[column])]
            found.append(self._list(column, rows, span=4))
        return found

    def _entry(self, register: str, id_: str) -> dict[str, Any]:
        """A record of a register: its kind, its name, its link."""
        row, catalogue, language = self.store.record(register, id_), self.store.catalogue, self.words.language
        kind = catalogue.fields[f"{register.removesuffix('s')}_kind"]
        number = row.get("document_number")
        facts = [f"№ {number}" if number else "", self.words.date(row["date"]) if row.get("date") else ""]
        return {
            "label": catalogue.word(kind, row[kind.id], language) if row[kind.id] else "",
            "text": " ".join(
                [row[f"name_{language}"], *(f"({f})" for f in [", ".join(filter(None, facts))] if f)]
            ),
            "known": True,
            "href": row.get("url") or row.get("website") or "",
            "links": source_lines(catalogue, split(row["source_id"]), self.words),
        }

    def measures(self) -> dict[str, Any]:
        """The measures of the roadmap that serve it."""
        language = self.words.language
        rows = [
            {
                "label": f"№ {m['number']:.0f}" if not pd.isna(m["number"]) else "",
                "text": m[f"name_{language}"],
                "known": True,
                "note": m[f"term_{language}"],
                "links": source_lines(self.store.catalogue, split(m["source_id"]), self.words),
            }
            for m in self.programme.of("measures", self.id)
        ]
        return self._list("measures", rows, span=6)

    def issues(self) -> dict[str, Any]:
        """What between agencies holds or held it back."""
        words, language, rows = self.words, self.words.language, []
        register = self.store.catalogue.registers["issues"]
        for issue in self.programme.of("issues", self.id):
            state, agencies = (
                value_in_words(register.field(name), issue, words, self.store)  # type: ignore[arg-type]
                for name in ("issue_state", "agencies")
            )
            rows.append(
                {
                    "label": state or words("no_data"),
                    "text": issue[f"name_{language}"],
                    "known": state is not None,
                    "note": " ".join(
                        filter(
                            None,
                            [
                                issue[f"description_{language}"],
                                agencies and f"{words('dossier.agencies')}: {agencies}.",
                            ],
                        )
                    ),
                    "links": source_lines(self.store.catalogue, split(issue["source_id"]), words),
                }
            )
        return self._list("issues", rows, span=6)

    def parts(self) -> dict[str, Any]:
        """The projects that are parts of it."""
        frame = self.programme.projects
        status, catalogue = self.store.catalogue.fields["status"], self.store.catalogue
        rows = [
            {
                "label": catalogue.word(status, part["status"], self.words.language)
                if part["status"]
                else "",
                "text": part[f"name_{self.words.language}"],
                "known": True,
                "act": f"pick=projects/{part['id']}",
            }
            for part in as_dicts(frame[frame["part_of"] == self.id])
        ]
        return self._list("parts", rows, span=6)

    def sources(self) -> dict[str, Any]:
        """All sources of all that stands on the card."""
        cited = split(self.record["source_id"])
        for register in ("events", "money", "figures", "measures", "issues"):
            cited += [s for row in self.programme.of(register, self.id) for s in split(row["source_id"])]
        for column, register in TIES:
            tied = (self.store.record(register, id_) for id_ in split(self.record[column]))
            cited += [s for row in tied for s in split(row["source_id"])]
        lines = source_lines(self.store.catalogue, dict.fromkeys(cited), self.words)
        rows = [
            {"label": "", "text": line["title"], "known": True, "href": line["href"], "note": line["facts"]}
            for line in lines
        ]
        as_of = self.words("card.as_of", date=self.words.date(self.record["as_of"]))
        return self._list("sources", rows, span=12, note=as_of)
