"""An atlas: a sheet for each record of a kind, contents with links before them, their sources after them.

It is bound page by page into a file, so that no more than one sheet is in memory; whoever iterates learns how
far it is, and stops it by not going on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, get_args

from reportlab.graphics.shapes import Drawing, Group, Line
from reportlab.pdfgen.canvas import Canvas

from layers.day import today
from layers.feature import card, placed
from layers.paper import words as paper_words
from layers.paper.basemap import Fetch, fetched
from layers.paper.document import Citations
from layers.paper.fonts import BOLD, width
from layers.paper.ink import ACCENT, HAIR, INK, MM, QUIET, colour
from layers.paper.lines import wrapped
from layers.paper.surround import text
from layers.records import split
from layers.sheet import annex, block
from layers.sheet.files import canvas, put
from layers.sheet.layout import Layout
from layers.sheet.pieces import Grid, Said
from layers.sheet.sheet import Content, draw
from layers.store import Store
from layers.text import Words
from layers.view import View

Kind = Literal[
    "park_industrial", "park_innovation", "park_research", "park_heritage", "park_medical", "park_sport",
    "parks", "districts", "projects", "site_plots", "site_free",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
OF_SEARCH: tuple[Kind, ...] = ("site_plots", "site_free")
"""Those whose records follow from what the view searches for."""
MOST = 200
"""How many records an atlas shows at most, each on a sheet."""
_ROW, _TYPE = 11.6, 7.4
_TOP, _LEAST = 46.0, 150.0
"""Points that the heading of the contents takes, and how high its columns are at least."""
_COLUMN_MM = 92.0
_GAP_MM = 8.0


class NoRecords(LookupError):
    """Nothing of that kind is kept by the filters of the view, or has a place."""


@dataclass(frozen=True)
class Entry:
    """A sheet of an atlas: the record that it is of, as `layer/id`, with its name."""

    pick: str
    name: str
    layer: str


@dataclass(frozen=True)
class Step:
    """How far the work is: `done` of `of`, and what comes next."""

    done: int
    of: int
    name: str = ""


@dataclass
class Atlas:
    """The atlas of a kind of records, as a view filters them."""

    store: Store
    view: View
    layout: Layout
    kind: Kind
    fetch: Fetch = fetched
    cites: Citations = field(default_factory=Citations)
    words: Words = field(init=False)
    entries: tuple[Entry, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find what it has sheets of. Raises `NoRecords`."""
        self.words = Words(self.view.language)
        self.entries = tuple(entries(self.store, self.view, self.kind))[:MOST]
        if not self.entries:
            raise NoRecords(self.kind)
        for entry in self.entries:
            layer, _, id_ = entry.pick.partition("/")
            self.cites(split(self.store.record(layer, id_, self.view.query)["source_id"]))

    @property
    def title(self) -> str:
        """Its title: the reader's, or that of its kind."""
        kind = kind_in_words(self.store, self.kind, self.words)
        return self.layout.title or self.words("atlas.title", kind=kind)

    def bound(self, file: BinaryIO) -> Iterator[Step]:
        """Write it into a file as PDF, sheet by sheet. Raises as `draw` does."""
        contents = _Contents(self)
        sources = annex.pages(self.store, self.layout, (), self.cites.ids, self.words)
        first = len(contents.pages) + 1
        last = len(contents.pages) + len(self.entries) + len(sources)
        page = canvas(file, self.title, self.view.language, today())
        contents.write(page, last)
        for number, entry in enumerate(self.entries):
            yield Step(number, len(self.entries), entry.name)
            sheet = draw(
                self.store, self._view(entry), self.layout.model_copy(update={"title": "", "tables": ()}),
                fetch=self.fetch, content=self._content(entry, first + number, last),
            )  # fmt: skip
            put(page, sheet.pages[0])
            page.bookmarkPage(entry.pick)
            page.addOutlineEntry(entry.name, entry.pick, 1)
            page.showPage()
        for number, pieces in enumerate(sources, start=first + len(self.entries)):
            put(page, _page(self, pieces, number, last))
            if pieces is sources[0]:
                page.bookmarkPage("sources")
                page.addOutlineEntry(self.words("sheet.sources"), "sources", 0)
            page.showPage()
        page.save()
        yield Step(len(self.entries), len(self.entries))

    def _view(self, entry: Entry) -> View:
        """The view with the record chosen, its layer on, and no other place to look at."""
        shown = self.view.switched(entry.layer, True, self.store.catalogue)
        return shown.model_copy(update={"selected": entry.pick, "at": None, "shape": None})

    def _content(self, entry: Entry, number: int, of: int) -> Content:
        """The facts of a record in words, and the numbers of its sources."""
        layer, _, id_ = entry.pick.partition("/")
        words, found = self.words, card(self.store, layer, id_, self.view.language, self.view.query)
        rows = [(row["label"], str(row["value"])) for row in found["rows"] if row["known"]]
        unknown = [row["label"] for row in found["rows"] if not row["known"]]
        record = self.store.record(layer, id_, self.view.query)
        status = self.store.catalogue.vocabularies["position_status"][record["position_status"]]
        metres = words.number(float(record["accuracy_m"]), 0)
        within = words("atlas.within", status=status[words.language].lower(), metres=metres)
        rows += [(words("atlas.position"), within), (words("passport.as_of"), words.date(record["as_of"]))]
        if unknown:
            rows.append((words("atlas.unknown"), ", ".join(unknown)))
        cited = self.cites(split(record["source_id"]))
        rows.append((words("sheet.sources"), ", ".join(f"[{n}]" for n in cited)))
        facts = Grid(found["layer"], ("", ""), (0.3, 0.7), tuple(rows), whole=True)
        note = Said(words("atlas.sources_last"), 5.2)
        return Content(found["title"], self.title, (facts,), number, of, (note,))


def entries(store: Store, view: View, kind: Kind) -> Iterator[Entry]:
    """The records of a kind that the view keeps and that have a place, layer by layer, by name."""
    layers = [name for name in KINDS if name.startswith("park_")] if kind == "parks" else [kind]
    for layer in layers:
        records = placed(store.query(layer, view.query))
        names = records[f"name_{view.language}"]
        ordered = names if kind in OF_SEARCH else names.sort_values(key=lambda column: column.str.casefold())
        for id_, name in ordered.items():
            yield Entry(f"{layer}/{id_}", str(name), layer)


def kind_in_words(store: Store, kind: Kind, words: Words) -> str:
    """A kind of atlas as its reader calls it."""
    return words("atlas.parks") if kind == "parks" else store.catalogue.layers[kind].title[words.language]


def _page(atlas: Atlas, pieces: annex.Page, number: int, of: int) -> Drawing:
    """A page of an atlas that has no map."""
    layout, words = atlas.layout, atlas.words
    foot = paper_words.PAGE[words.language].format(n=number, of=of)
    if layout.block == "plain":
        return annex.drawn(layout, pieces, atlas.title, foot, None)

    def framed() -> Group:
        image = words("atlas.contents") if number == 1 else ""
        said = block.Inscribed(layout, words("sheet.object"), atlas.title, image, number, of)
        inscription = block.form_3 if number == 1 else block.form_6
        x = layout.size_mm[0] - block.OTHERS_MM - block.WIDE_MM
        form = Group(inscription(said, words.language), transform=(1, 0, 0, 1, x * MM, block.OTHERS_MM * MM))
        return Group(block.outline(layout), block.margin(layout, words.language), form)

    return annex.drawn(layout, pieces, atlas.title, foot, framed)


# --- contents ---------------------------------------------------------------------------------------------


_Line = tuple[Entry, int, float, float, float]
"""An entry with the number of its page and its place: left, baseline, width (points)."""


@dataclass
class _Contents:
    """The table of contents: names with the numbers of their pages, each a link to its sheet."""

    atlas: Atlas
    pages: list[list[_Line]] = field(default_factory=list)

    def __post_init__(self) -> None:
        area = annex.room(self.atlas.layout)
        columns = max(1, int((area.wide + _GAP_MM) // (_COLUMN_MM + _GAP_MM)))
        wide = (area.wide - _GAP_MM * (columns - 1)) / columns * MM
        highs = [len(self._lines(entry.name, wide)) * _ROW for entry in self.atlas.entries]
        # A contents of one page has columns of like height.
        even = max(sum(highs) / columns + 2 * _ROW, _LEAST)
        first = annex.room(self.atlas.layout, first=True)
        tall = min(first.high * MM - _TOP, even)
        places: list[tuple[int, int, float]] = []
        page = column = 0
        y = 0.0
        for high in highs:
            if y + high > tall:
                column, y = column + 1, 0.0
            if column == columns:
                page, column, tall = page + 1, 0, min(area.high * MM - _TOP, even)
            places.append((page, column, y))
            y += high
        self.pages = [[] for _ in range(page + 1)]
        top = (area.y + area.high) * MM - _TOP
        for number, (entry, (on, column, y)) in enumerate(zip(self.atlas.entries, places, strict=True)):
            left = area.x * MM + column * (wide + _GAP_MM * MM)
            self.pages[on].append((entry, page + 2 + number, left, top - y - _ROW, wide))

    @staticmethod
    def _lines(name: str, wide: float) -> list[str]:
        return wrapped(name, wide - 30, _TYPE)

    def write(self, page: Canvas, of: int) -> None:
        """Put the pages into the file, with their links."""
        for number, rows in enumerate(self.pages, start=1):
            drawing = self._drawn(rows, number, of)
            put(page, drawing)
            if number == 1:
                page.bookmarkPage("contents")
                page.addOutlineEntry(self.atlas.words("atlas.contents"), "contents", 0)
            k = self.atlas.layout.enlarged
            for entry, _, x, y, wide in rows:
                lines = len(self._lines(entry.name, wide))
                box = (x * k, (y - (lines - 1) * _ROW - 3) * k, (x + wide) * k, (y + _TYPE + 1) * k)
                page.linkRect("", entry.pick, box, relative=0, thickness=0)
            page.showPage()

    def _drawn(self, rows: Sequence[_Line], number: int, of: int) -> Drawing:
        atlas, area = self.atlas, annex.room(self.atlas.layout)
        drawing = _page(atlas, [], number, of)
        k = atlas.layout.enlarged
        whole = Group(transform=(k, 0, 0, k, 0, 0))
        left, top = area.x * MM, (area.y + area.high) * MM
        count = atlas.words.count("atlas.records", len(atlas.entries))
        whole.add(text(left, top - 16, atlas.words("atlas.contents"), 15, face=BOLD, ink=INK))
        whole.add(text(left, top - 30, count, 7.4))
        whole.add(Line(left, top - 37, left + 62, top - 37, strokeColor=colour(ACCENT), strokeWidth=2.6))
        for entry, at, x, y, wide in rows:
            for part in self._row(entry, at, x, y, wide):
                whole.add(part)
        drawing.add(whole)
        return drawing

    def _row(self, entry: Entry, number: int, x: float, y: float, wide: float) -> Iterator[Any]:
        """A name, dots, and the number of its page."""
        lines = self._lines(entry.name, wide)
        for n, line in enumerate(lines):
            yield text(x, y - n * _ROW, line, _TYPE, ink=INK)
        base = y - (len(lines) - 1) * _ROW
        start, end = x + width(lines[-1], _TYPE) + 3, x + wide - width(str(number), _TYPE) - 3
        dots = Line(start, base + 0.4, end, base + 0.4, strokeColor=colour(HAIR), strokeWidth=0.6)
        dots.strokeDashArray = [0.6, 2]
        yield dots
        yield text(x + wide, base, str(number), _TYPE, ink=QUIET, textAnchor="end")
