"""A printed sheet: a view by its layout, one map or two, with all that explains it.

`draw` and `draw_pair` give a `Sheet`: the drawing of the map's page and of those that follow it, the frames
of its maps with their places on paper, and what could not be shown. `layers.sheet.files` writes it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from reportlab.graphics.shapes import Drawing, Group

from layers.beside import model_name
from layers.catalog import Language
from layers.day import today
from layers.paper import words as paper_words
from layers.paper.basemap import Fetch, fetched
from layers.paper.fonts import BOLD
from layers.paper.frame import Bounds, MapFrame
from layers.paper.graticule import told
from layers.paper.ink import ACCENT, INK, MM, QUIET, blank
from layers.paper.legend import Row, absent, legend_rows, together
from layers.paper.lines import wrapped
from layers.paper.maps import LEAST_HALO_MM, shown
from layers.paper.surround import text
from layers.report import table as tabled
from layers.sheet import annex, block, notes
from layers.sheet.arrange import Asked, NoRoom, Plan, Room, arrange, rests
from layers.sheet.layout import Base, Layout
from layers.sheet.pieces import Grid, Said
from layers.sheet.places import Under, bounds_of, marks_of, record_of, under
from layers.sheet.plate import frame_for, overview, plate, tells_plane
from layers.store import Store
from layers.text import Words
from layers.view import View

_TRIES = 4
_AT_FIRST = 0.7
_AS_LARGE, _LISTED = 1.03, 40
_SMALLER = (5.2, 4.6)
"""Sizes of type in which facts are set that find no room on their sheet otherwise."""
"""Which share of the sides of a sheet its map is thought to take."""
_KEPT_COLUMNS = 5
"""How many columns a table on a sheet has at most: those that most records fill."""


@dataclass(frozen=True)
class Shown:
    """A map of a sheet: its frame, and the lower left corner of its drawing on the sheet (mm)."""

    view: View
    name: str
    frame: MapFrame
    at_mm: tuple[float, float]

    def on_sheet_mm(self, x: float, y: float) -> tuple[float, float]:
        """Where a place (m, EPSG:32645) lies on the sheet."""
        px, py = self.frame.at(np.array([[x, y]]))[0] / MM * self.frame.enlarged
        return self.at_mm[0] + float(px), self.at_mm[1] + float(py)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet as drawings: first the map, then what follows it."""

    title: str
    language: Language
    layout: Layout
    made: str
    pages: tuple[Drawing, ...]
    maps: tuple[Shown, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """What a sheet of an atlas says that a view does not: title, facts, its number, its sources."""

    title: str = ""
    subtitle: str = ""
    facts: tuple[Grid, ...] = ()
    number: int = 0
    of: int = 0
    sources: tuple[Said, ...] = ()


@dataclass
class _Work:
    """A sheet while it is made."""

    store: Store
    views: tuple[View, ...]
    names: tuple[str, ...]
    layout: Layout
    content: Content
    fetch: Fetch
    words: Words = field(init=False)
    bounds: Bounds = field(init=False)
    base: Base = field(init=False)
    notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.base = self.layout.base
        self.words = Words(self.views[0].language)
        self.bounds = bounds_of(self.store, self.views[0])


def draw(
    store: Store, view: View, layout: Layout, *, fetch: Fetch = fetched, content: Content | None = None
) -> Sheet:
    """The sheet of a view. Raises `layers.sheet.arrange.NoRoom`, and what `draw_map` does."""
    return _made(_Work(store, (view,), ("",), layout, content or Content(), fetch))


def draw_pair(
    store: Store,
    left: View,
    right: View,
    layout: Layout,
    *,
    names: tuple[str, str] = ("", ""),
    fetch: Fetch = fetched,
) -> Sheet:
    """Two maps of one place at one scale, with their names, and one legend for both."""
    return _made(_Work(store, (left, right), names, layout, Content(), fetch))


def _made(work: _Work) -> Sheet:
    plan, frame, grids, listed = _arranged(work)
    for size in _SMALLER:
        if not any(grid.whole for grid in rests(plan, grids)):
            break
        facts = tuple(replace(grid, size=size) for grid in work.content.facts)
        work.content = replace(work.content, facts=facts)
        plan, frame, grids, listed = _arranged(work)
    beneath = _beneath(work, frame)
    if work.notices:
        # What could not be shown is told on the sheet itself, which is arranged anew for that.
        plan, frame, grids, listed = _arranged(work)
        beneath = _beneath(work, frame)
    layout, title = work.layout, _title(work)
    follow = annex.pages(work.store, layout, rests(plan, grids), listed, work.words)
    of = 1 + len(follow)
    drawing, maps = _drawn(work, plan, frame, beneath, of)
    after = [_following(work, page, number, of) for number, page in enumerate(follow, start=2)]
    return Sheet(title, work.views[0].language, layout, today(), (drawing, *after), maps, work.notices)


def _beneath(work: _Work, frame: MapFrame) -> list[Under]:
    """What lies under each map; a base that one of them cannot have none of them has."""
    found = [under(work.store, view, work.base, frame, work.fetch) for view in work.views]
    notices = dict.fromkeys(notice for one in found for notice in one.notices)
    if any(not one.based for one in found):
        work.base = "embedded"
        found = [under(work.store, view, work.base, frame, work.fetch) for view in work.views]
    work.notices = tuple(dict.fromkeys((*work.notices, *notices)))
    return found


# --- what stands on it ------------------------------------------------------------------------------------


def _title(work: _Work) -> str:
    if work.content.title:
        return work.content.title
    chosen = record_of(work.store, work.views[0])
    named = str(chosen[f"name_{work.words.language}"]) if chosen else ""
    return work.layout.title or named or " · ".join(_subject(work))


def _subject(work: _Work) -> Iterator[str]:
    """What a sheet is called by what it shows: its page, the model of its search, its year."""
    view = work.views[0]
    yield work.words(f"sheet.title_{view.page}")
    if view.page == "site":
        yield model_name(work.store, view)
    if view.query.year is not None and len({one.query.year for one in work.views}) == 1:
        yield work.words("beside.year", year=view.query.year)


def _arranged(work: _Work) -> tuple[Plan, MapFrame, tuple[Grid, ...], tuple[str, ...]]:
    """Where everything stands; what the legend says follows from the window, and the window from its room."""
    wide, high = (side / work.layout.enlarged * _AT_FIRST for side in work.layout.size_mm)
    frame = frame_for(work.bounds, (wide, high), work.layout.scale, work.layout.enlarged)
    for _ in range(_TRIES):
        asked, listed = _asked(work, frame)
        plan = arrange(work.layout, work.bounds, asked)
        found = _frame(work, plan)
        if found == frame:
            break
        frame = found
    return plan, frame, asked.tables, listed


def _frame(work: _Work, plan: Plan) -> MapFrame:
    room = plan.rooms()[0]
    return frame_for(work.bounds, (room.wide, room.high), work.layout.scale, work.layout.enlarged)


def _asked(work: _Work, frame: MapFrame) -> tuple[Asked, tuple[str, ...]]:
    """All that is to stand beside a map with this window, and the sources that are listed on sheets after it.

    They stand beside the map where that takes nothing from it.
    """
    grids = (*work.content.facts, *(_records(work, name, frame) for name in work.layout.tables))
    before, after = _notes(work, frame)
    ids = [] if work.content.of else notes.cited(work.store, work.views, frame)
    base = Asked(
        head=_head(work), legend=_legend(work, frame), absent=_absent(work, frame),
        legend_title=paper_words.LEGEND[work.words.language], tables=tuple(g for g in grids if g.rows),
        inset=_inset(work, frame), notes=(*before, *after), maps=len(work.views),
    )  # fmt: skip
    if not ids:
        return base, ()
    short = replace(base, notes=(*before, notes.elsewhere(len(ids), work.words), *after))
    if len(ids) > _LISTED:
        return short, tuple(ids)
    long = replace(base, notes=(*before, notes.in_full(work.store, ids, work.words), *after))
    return (long, ()) if _as_good(work, long, short) else (short, tuple(ids))


def _as_good(work: _Work, long: Asked, short: Asked) -> bool:
    """Whether an arrangement takes nothing from the map, the tables or the overview of another one."""
    try:
        one, other = (arrange(work.layout, work.bounds, asked) for asked in (long, short))
    except NoRoom:
        return False
    larger = one.scale_for(work.bounds) <= other.scale_for(work.bounds) * _AS_LARGE
    return larger and sum(one.taken) >= sum(other.taken) and len(one.sets) >= len(other.sets)


def _head(work: _Work) -> tuple[Said, ...]:
    """The title of a plain sheet, and who made it; in the Russian manner both stand in the title block."""
    if work.layout.block == "gost":
        return ()
    layout = work.layout
    parts = (work.content.subtitle, layout.organisation, layout.author)
    under_it = " · ".join(part for part in parts if part)
    head = [Said(_title(work), 15.0, bold=True, ink=INK, below=1.5 if under_it else 4.0)]
    return (*head, Said(under_it, 7.4, below=4.0)) if under_it else tuple(head)


def _legend(work: _Work, frame: MapFrame) -> tuple[Row, ...]:
    """The legend of all maps of the sheet."""
    if not work.layout.legend:
        return ()
    chosen = [mark for view in work.views for mark in marks_of(work.store, view) if mark.label]
    language = work.words.language
    own: list[Row] = []
    if chosen:
        own.append(Row("site", work.words("sheet.chosen")))
    if any(mark.accuracy_m / frame.metres_per_mm >= LEAST_HALO_MM for mark in chosen):
        own.append(Row("halo", paper_words.HALO[language]))
    of_maps = [legend_rows(work.store, view.layers, view.query, language, frame) for view in work.views]
    return together([own, *of_maps])


def _absent(work: _Work, frame: MapFrame) -> tuple[Said, ...]:
    if not work.layout.legend:
        return ()
    language = work.words.language
    gone = [set(absent(work.store, view.layers, view.query, language, frame)) for view in work.views]
    titles = [
        work.store.catalogue.layers[part.id].title[language]
        for part in work.views[0].layers
        if all(work.store.catalogue.layers[part.id].title[language] in one for one in gone)
    ]
    return (Said(work.words("sheet.absent", what=", ".join(titles)), 5.2),) if titles else ()


def _inset(work: _Work, frame: MapFrame) -> Any:
    if not work.layout.inset:
        return None
    language, enlarged = work.words.language, work.layout.enlarged
    made: dict[float, Any] = {}

    def drawn(wide: float) -> Any:
        if wide not in made:
            made[wide] = overview(work.store, frame.bounds, language, wide, enlarged)
        return made[wide]

    return drawn


def _notes(work: _Work, frame: MapFrame) -> tuple[list[Said], list[Said]]:
    """What is told in small type before and after the sources."""
    words = work.words
    before = notes.kept(work.store, work.views, work.names, words)
    if not tells_plane(frame, work.layout.grid, words.language):
        before.append(Said(" ".join(told(frame, work.layout.grid, words.language)), 5.2))
    before += [Said(notice, 5.6, bold=True, ink=INK) for notice in work.notices]
    online = [] if work.base == "embedded" else [words(f"sheet.credit_{work.base}")]
    before += notes.credited(work.store, work.views, frame, online)
    before += work.content.sources
    return before, [notes.stamp(work.store, work.views, work.layout, words)]


def _records(work: _Work, layer: str, frame: MapFrame) -> Grid:
    """The records of a layer in the window, by the columns that most of them fill."""
    store, language = work.store, work.words.language
    view = work.views[0]
    records, _ = shown(store, layer, view.query, frame.bounds)
    rows = tabled(store, layer, records, language)
    named = [title for title in rows.columns[1:] if rows[title].notna().sum() * 2 >= len(rows)]
    titles = [rows.columns[0], *named[: _KEPT_COLUMNS - 1]]
    values = rows[titles].to_numpy(dtype=object)
    cells = tuple(tuple(_cell(value, work.words) for value in row) for row in values)
    title = work.words("sheet.table", title=store.catalogue.layers[layer].title[language], n=len(rows))
    figures = [n for n in range(1, len(titles)) if rows[titles[n]].dtype.kind in "if"]
    return Grid(title, tuple(titles), (1.8, *(1.0 for _ in titles[1:])), cells, frozenset(figures))


def _cell(value: Any, words: Words) -> str:
    if pd.isna(value):
        return words("no_data")
    if isinstance(value, float | int) and not isinstance(value, bool):
        return words.number(float(value), 2)
    return str(value)


# --- drawing ------------------------------------------------------------------------------------------------


def _drawn(
    work: _Work, plan: Plan, frame: MapFrame, beneath: Sequence[Under], of: int
) -> tuple[Drawing, tuple[Shown, ...]]:
    layout, k = work.layout, work.layout.enlarged
    drawing = blank(*(side * MM for side in layout.size_mm))
    whole = Group(transform=(k, 0, 0, k, 0, 0))
    maps = []
    for view, name, room, below in zip(work.views, work.names, plan.rooms(), beneath, strict=True):
        marks = list(marks_of(work.store, view))
        drawn = plate(work.store, view, frame, layout.grid, marks=marks, grounds=below.grounds)
        whole.add(Group(drawn, transform=(1, 0, 0, 1, room.x * MM, room.y * MM)))
        if name:
            whole.add(_name(name, room))
        maps.append(Shown(view, name, frame, (room.x * k, room.y * k)))
    for set_ in plan.sets:
        whole.add(Group(set_.piece.group, transform=(1, 0, 0, 1, set_.x * MM, set_.y * MM)))
    drawing.add(whole)
    if layout.block == "gost":
        drawing.add(_framed(work, work.content.number or 1, work.content.of or of, frame))
    elif work.content.of:
        whole.add(_page_number(work))
    return drawing, tuple(maps)


def _name(name: str, room: Room) -> Group:
    (line, *_) = wrapped(name, room.wide * MM, 8.0, BOLD)
    return Group(text((room.x + 4.4) * MM, (room.y + room.high + 1.6) * MM, line, 8.0, face=BOLD, ink=ACCENT))


def _page_number(work: _Work) -> Group:
    layout = work.layout
    x, y = layout.size_mm[0] / layout.enlarged - 10, 4.6
    said = paper_words.PAGE[work.words.language].format(n=work.content.number, of=work.content.of)
    return Group(text(x * MM, y * MM, said, 5.6, ink=QUIET, textAnchor="end"))


def _framed(work: _Work, number: int, of: int, frame: MapFrame | None = None) -> Group:
    """The frame of the sheet with its inscription, in millimetres of the sheet."""
    layout, words = work.layout, work.words
    image = words("sheet.image", scale=words.number(frame.scale, 0)) if frame else ""
    said = block.Inscribed(layout, words("sheet.object"), _title(work), image, number, of)
    form = block.form_3 if frame else block.form_6
    x = layout.size_mm[0] - block.OTHERS_MM - block.WIDE_MM
    placed = Group(form(said, words.language), transform=(1, 0, 0, 1, x * MM, block.OTHERS_MM * MM))
    return Group(block.outline(layout), block.margin(layout, words.language), placed)


def _following(work: _Work, page: annex.Page, number: int, of: int) -> Drawing:
    foot = paper_words.PAGE[work.words.language].format(n=number, of=of)
    framed = (lambda: _framed(work, number, of)) if work.layout.block == "gost" else None
    return annex.drawn(work.layout, page, _title(work), foot, framed)
