"""Live marks: what stands for a figure, a chart or a table in a story and is filled from the data when told.

    programme.cost?f.park=medical        the figure of a tile of a board (page . tile ? entries of a query)
    projects/asino-timber-complex.jobs   a field of a record
    said/jobs_target                     what was stated last (`.first`, `.date`, `.first.date`)
    count/projects?f.park=sport|…        how many records a query keeps, with a noun in its plural forms

Without a query that of the chapter's view applies. A mark that names nothing raises `UnknownMark`: a story
never shows a figure that is not there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import pandas as pd

from geo.errors import GeoError
from layers.catalog import Field, Register
from layers.chart import Chart
from layers.feature import value_in_words
from layers.paper.document import Column, Fact, Inline, Table
from layers.programme import boards
from layers.programme.figures import programme
from layers.reach.board import UNUSABLE
from layers.records import as_dicts, citations, split
from layers.siting.layers import waits
from layers.store import Store, UnknownFeature
from layers.text import Words, sentences
from layers.view import Page, View

T = TypeVar("T")
BOARDS: tuple[Page, ...] = ("programme", "project", "funding", "roadmap", "reach", "site")
_MONEY = "_mln_rub"
_UNIT_OF_MONEY = "RUB m"
_MOST_ROWS = 40
_NOTES = 2
"""How many of the notes of a tile go with its figure: the first tell what is not known."""
_UNANSWERED: tuple[type[Exception], ...] = (
    boards.UnknownChart,
    UnknownFeature,
    GeoError,
    KeyError,
    *UNUSABLE,
)
_STATED: dict[str, Callable[[Words, float], str]] = {
    _MONEY: lambda words, value: words.money(value),
    "_pct": lambda words, value: words.percent(value / 100),
}


def _teller(name: str) -> Callable[[Words, float], str] | None:
    """How a figure of that name is told, where it is money or a percentage."""
    return next((told for end, told in _STATED.items() if name.endswith(end)), None)


def _teller_of(field: Field, record: dict[str, Any]) -> Callable[[Words, float], str] | None:
    """The same for a field of a record; a bare value is of what its record says that it is."""
    if field.unit and field.unit["en"] == _UNIT_OF_MONEY:
        return _STATED[_MONEY]
    told = record.get("quantity") or record.get("statement") if field.id.startswith("value") else None
    return _teller(str(told)) if told else None


class UnknownMark(LookupError):
    """A live mark that names nothing; `code` says what is missing, for translation."""

    def __init__(self, mark: str, code: str) -> None:
        super().__init__(f"{mark}: {code}")
        self.mark, self.code = mark, code


@dataclass(frozen=True)
class Living:
    """A figure as the data have it now: its words, what it is, its sources, what is to be known of it."""

    text: str
    of: str
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class _Mark:
    """The parts of a mark: `name ? query | forms`."""

    whole: str
    name: str
    entries: dict[str, str]
    forms: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "_Mark":
        head, *forms = text.strip().split("|")
        name, _, asked = head.partition("?")
        entries = dict(parse_qsl(asked, keep_blank_values=True))
        return cls(text, name.strip(), entries, tuple(form.strip() for form in forms))


class Teller:
    """Fills the marks of a chapter: for the records of a store, as a view of a chapter asks."""

    def __init__(self, store: Store, view: View) -> None:
        self.store, self.view, self.words = store, view, Words(view.language)
        self._name = f"name_{view.language}"

    # --- figures within a sentence ----------------------------------------------------------------

    def figure(self, text: str) -> Living:
        """What a mark within a sentence stands for. Raises `UnknownMark`."""
        mark = _Mark.parse(text)
        if "/" not in mark.name:
            tile, _ = self._of_board(mark, boards.tile, "tile")
            return Living(tile.figure, tile.title, tile.sources, sentences(tile.notes[:_NOTES]))
        table, _, rest = mark.name.partition("/")
        if table == "said":
            return self._said(mark, rest)
        if table == "count":
            return self._count(mark, rest)
        return self._field(mark, table, rest)

    def _view(self, mark: _Mark) -> View:
        """What a mark asks of: its own entries, else the view of the chapter. Raises `UnknownMark`."""
        if not mark.entries:
            return self.view
        view, problems = View.parse(mark.entries, self.store.catalogue)
        if problems:
            raise UnknownMark(mark.whole, "query")
        return view.model_copy(update={"language": self.view.language})

    def _of_board(self, mark: _Mark, find: Callable[[Store, View, str], T], code: str) -> tuple[T, View]:
        """What `page.item` names, and the view on whose board it stands."""
        page, _, item = mark.name.partition(".")
        if page not in BOARDS or not item:
            raise UnknownMark(mark.whole, "page")
        view = self._view(mark).model_copy(update={"page": page})
        if page == "site" and waits(self.store, view.query):
            raise UnknownMark(mark.whole, "waits")
        try:
            return find(self.store, view, item), view
        except _UNANSWERED as fault:
            raise UnknownMark(mark.whole, code) from fault

    def _said(self, mark: _Mark, rest: str) -> Living:
        name, *which = rest.split(".")
        rows = programme(self.store).stated(name)
        if rows.empty or not set(which) <= {"first", "date"}:
            raise UnknownMark(mark.whole, "statement")
        row = as_dicts(rows.iloc[[-1 if "first" in which else 0]])[0]
        title = self.store.catalogue.vocabularies["statement"][name][self.words.language]
        day = self.words.date(row["as_of"])
        text = day if "date" in which else self._stated(name, row)
        return Living(text, f"{title} ({day})", tuple(split(row["source_id"])))

    def _stated(self, name: str, row: dict[str, Any]) -> str:
        say = _teller(name)
        ends = [row["value"], *([row["value_high"]] if pd.notna(row["value_high"]) else [])]
        told = [say(self.words, end) if say else self.words.number(end) for end in ends]
        return "–".join(told)

    def _count(self, mark: _Mark, table: str) -> Living:
        held = self._table(mark, table)
        rows = self.store.query(table, self._view(mark).query)
        count, text = len(rows), self.words.number(len(rows), 0)
        if mark.forms:
            form = self.words.locale.plural_form(count)
            order = ("one", "few", "many") if self.words.language == "ru" else ("one", "other")
            place = order.index(form) if form in order else len(order) - 1
            text += "\u00a0" + mark.forms[min(place, len(mark.forms) - 1)]
        cited = [id_ for id_, _ in citations([rows]).most_common()] if count else []
        return Living(text, held.title[self.words.language], tuple(cited))

    def _field(self, mark: _Mark, table: str, rest: str) -> Living:
        id_, _, name = rest.rpartition(".")
        record, held = self._record(mark, table, id_)
        if name == "name":
            if self._name not in record:
                raise UnknownMark(mark.whole, "field")
            return Living(str(record[self._name]), held.title[self.words.language])
        field = self._field_of(mark, held, name)
        value = self.value(field, record)
        title = f"{record.get(self._name, '')}: {field.title[self.words.language]}"
        dated = f"{title.removeprefix(': ')} ({self.words.date(record['as_of'])})"
        return Living(value or self.words("no_data"), dated, tuple(split(record["source_id"])))

    def value(self, field: Field, record: dict[str, Any]) -> str | None:
        """A field of a record in words, sums of money rounded; None where it is not known."""
        value, say = record.get(field.id), _teller_of(field, record)
        if say and isinstance(value, int | float) and pd.notna(value):
            return say(self.words, float(value))
        return value_in_words(field, record, self.words, self.store)

    def _table(self, mark: _Mark, name: str) -> Register:
        try:
            return self.store.catalogue.tables[name]
        except KeyError as missing:
            raise UnknownMark(mark.whole, "table") from missing

    def _record(self, mark: _Mark, table: str, id_: str) -> tuple[dict[str, Any], Register]:
        held = self._table(mark, table)
        try:
            return self.store.record(table, id_, self.view.query), held
        except UnknownFeature as missing:
            raise UnknownMark(mark.whole, "record") from missing

    def _field_of(self, mark: _Mark, held: Register, name: str) -> Field:
        field = held.field(name)
        if field is None:
            raise UnknownMark(mark.whole, "field")
        return field

    # --- what stands on its own -------------------------------------------------------------------

    def chart(self, text: str) -> tuple[Chart, View]:
        """The chart `page.chart?query`, and the view whose board it stands on. Raises `UnknownMark`."""
        return self._of_board(_Mark.parse(text), boards.chart, "chart")

    def sources_of(self, act: str | None, view: View) -> tuple[str, ...]:
        """The sources of the record that a mark of a chart stands for."""
        table, _, id_ = (act or "").partition("pick=")[2].partition("/")
        if not table:
            return ()
        try:
            return tuple(split(self.store.record(table, id_, view.query)["source_id"]))
        except UnknownFeature:
            return ()

    def tiles(self, text: str) -> list[Living]:
        """Figures `a, b, c?query` to be set large."""
        mark = _Mark.parse(text)
        asked = text.partition("?")[2]
        names = [name.strip() for name in mark.name.split(",") if name.strip()]
        return [self.figure(f"{name}?{asked}" if asked else name) for name in names]

    def table(self, text: str) -> tuple[Table, tuple[str, ...]]:
        """The records that a query keeps as a table, `table?query&fields=…`, and their sources."""
        mark = _Mark.parse(text)
        held = self._table(mark, mark.name)
        entries = {key: value for key, value in mark.entries.items() if key != "fields"}
        query = self._view(replace(mark, entries=entries)).query
        rows = self.store.query(mark.name, query)
        names = [name for name in mark.entries.get("fields", "name").split(",") if name]
        if "name" in names and self._name not in rows:
            raise UnknownMark(mark.whole, "field")
        columns, cells = [], list[tuple[Inline, ...]]()
        fields = [None if name == "name" else self._field_of(mark, held, name) for name in names]
        for field in fields:
            title = self.words("story.record") if field is None else self.words.unit(field)
            figure = field is not None and field.kind in ("number", "integer", "year")
            columns.append(Column(title, "right" if figure else "left", 1.0 if figure else 2.4))
        for record in as_dicts(rows.iloc[:_MOST_ROWS]):
            cells.append(tuple(self._cell(field, record) for field in fields))
        cited = [id_ for id_, _ in citations([rows.iloc[:_MOST_ROWS]]).most_common()] if len(rows) else []
        return Table(tuple(columns), tuple(cells)), tuple(cited)

    def _cell(self, field: Field | None, record: dict[str, Any]) -> str:
        if field is None:
            return str(record[self._name])
        value = record.get(field.id)
        if field.kind in ("number", "integer") and isinstance(value, int | float) and pd.notna(value):
            return self.words.number(float(value), 1)
        return value_in_words(field, record, self.words, self.store) or "—"

    def facts(self, text: str) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
        """Fields of a record, `table/id?fields=a,b`, and its sources."""
        mark = _Mark.parse(text)
        table, _, id_ = mark.name.partition("/")
        record, held = self._record(mark, table, id_)
        names = [name for name in mark.entries.get("fields", "").split(",") if name]
        fields = [self._field_of(mark, held, name) for name in names]
        if not fields:
            raise UnknownMark(mark.whole, "field")
        note = self.words("card.as_of", date=self.words.date(record["as_of"]))
        rows = tuple(
            Fact(field.title[self.words.language], self.value(field, record) or self.words("no_data"), note)
            for field in fields
        )
        return rows, tuple(split(record["source_id"]))
