"""What stands on the board of each page of the programme, for a view: its tiles, lists and charts.

Both the pages and the addresses of workbooks ask here, so what is downloaded is what is seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from layers.chart import Chart
from layers.day import today
from layers.feature import value_in_words
from layers.programme.charts import Charts
from layers.programme.dossier import Dossier
from layers.programme.figures import Programme, programme
from layers.programme.funding import appraisal
from layers.programme.funding_charts import FundingCharts
from layers.programme.lanes import by_performer, gaps, issue_lanes, lanes
from layers.programme.roadmap import board, rows
from layers.programme.tiles import Tile, Tiles
from layers.query import Query
from layers.reach.board import UNUSABLE, ReachBoard
from layers.report import as_xlsx, table
from layers.siting.board import SiteBoard
from layers.siting.layers import UNUSABLE as UNANSWERABLE
from layers.stamp import code
from layers.store import Store
from layers.text import Words
from layers.view import View

_DIGITS = 4

FIRMNESS = "stability"
"""How firm the best set of the Funding page is: the one chart that takes long."""


class UnknownChart(LookupError):
    """The page of a view has no chart, or no tile, of that name."""


@dataclass(frozen=True)
class Content:
    """What a board shows, in this order."""

    tiles: tuple[Tile, ...] = ()
    lists: tuple[dict[str, Any], ...] = ()
    charts: tuple[Chart, ...] = ()
    after: tuple[dict[str, Any], ...] = ()


def project_of(view: View) -> str | None:
    """The project that a view has chosen, if it is one."""
    layer, _, id_ = (view.selected or "").partition("/")
    return id_ if layer == "projects" else None


def _programme(held: Programme, view: View, words: Words) -> Content:
    tiles = Tiles(held, view.query, view.shape, words, today()).all()
    return Content(tuple(tiles), charts=tuple(Charts(held, view.query, view.shape, words).all()))


def _project(held: Programme, view: View, words: Words) -> Content:
    dossier = Dossier(held, project_of(view) or "", words)
    return Content(tuple(dossier.tiles()), charts=tuple(dossier.charts()), after=tuple(dossier.lists()))


def _funding(held: Programme, view: View, words: Words) -> Content:
    judged = appraisal(held, view.query, view.shape, view.priorities)
    if not judged.weighed:
        return Content()
    found = FundingCharts(judged, words)
    return Content(tuple(found.tiles()), charts=tuple(found.charts()))


def _roadmap(held: Programme, view: View, words: Words) -> Content:
    found = board(held, view.query, view.shape, today())
    performers = by_performer(held.store, found, view.query, words)
    issues = issue_lanes(held, view.query, view.shape, words)
    return Content((gaps(found, words),), (*lanes(held.store, found, words), *issues), (performers,))


def _reach(held: Programme, view: View, words: Words) -> Content:
    try:
        found = ReachBoard(held.store, view.query.comparison, words)
    except UNUSABLE:
        return Content()
    return Content(tuple(found.tiles()), charts=tuple(found.charts()), after=tuple(found.lists()))


def _site(held: Programme, view: View, words: Words) -> Content:
    found = SiteBoard(held.store, view, words)
    pictures, charts = tuple(found.pictures()), tuple(found.charts())
    return Content(tuple(found.tiles()), pictures, charts, after=tuple(found.lists()))


_MAKERS: dict[str, Callable[[Programme, View, Words], Content]] = {
    "programme": _programme,
    "project": _project,
    "funding": _funding,
    "roadmap": _roadmap,
    "reach": _reach,
    "site": _site,
}


@lru_cache(maxsize=64)
def _content(store: Store, view: View, _day: str) -> Content:
    """The content of the board of a view on a day, kept while it is looked at."""
    return _MAKERS[view.page](programme(store), view, Words(view.language))


def _shown(store: Store, view: View) -> Content:
    """The same; nothing where a search cannot be answered as things stand, which is not kept."""
    try:
        return _content(store, view, today())
    except UNANSWERABLE:
        if view.page != "site":
            raise
        return Content()


def items(store: Store, view: View) -> list[dict[str, Any]]:
    """The board of a page as plain data. Raises `geo.errors.ShapeError`."""
    view = _bare(store, view)
    content, words = _shown(store, view), Words(view.language)
    tiles = [tile.item(store, words) for tile in content.tiles]
    charts = [made.item(words, _address(store, view, made.id, "xlsx")) for made in content.charts]
    return [*tiles, *content.lists, *charts, *content.after, *_later(store, view, content, words)]


def _bare(store: Store, view: View) -> View:
    """The view without what no board depends on: the place and the layers of the map."""
    plain = View.default(store.catalogue, view.language)
    of_map = {name: getattr(plain, name) for name in ("at", "layers", "basemap", "own_map", "panel")}
    selected = {} if view.page in ("project", "site") else {"selected": None}
    return view.model_copy(update={**of_map, **selected})


def _later(store: Store, view: View, content: Content, words: Words) -> list[dict[str, Any]]:
    """What takes a second or so: the board fetches it by itself when the page has answered."""
    if view.page != "funding" or not content.charts:
        return []
    address = _address(store, view, FIRMNESS, "json")
    title, busy = words("funding.stability"), words("funding.drawing")
    return [{"kind": "later", "id": FIRMNESS, "title": title, "note": busy, "span": 12, "address": address}]


def tiles(store: Store, view: View) -> tuple[Tile, ...]:
    """The tiles of the page of a view. Raises `geo.errors.ShapeError`."""
    return _shown(store, _bare(store, view)).tiles if view.page in _MAKERS else ()


def charts(store: Store, view: View) -> tuple[Chart, ...]:
    """The charts of the page of a view. Raises `geo.errors.ShapeError`."""
    return _shown(store, _bare(store, view)).charts if view.page in _MAKERS else ()


def tile(store: Store, view: View, tile_id: str) -> Tile:
    """A tile of the page of a view by name. Raises `UnknownChart`, `geo.errors.ShapeError`."""
    for made in tiles(store, view):
        if made.id == tile_id:
            return made
    raise UnknownChart(tile_id)


def chart(store: Store, view: View, chart_id: str) -> Chart:
    """A chart of the page of a view by name. Raises `UnknownChart`, `geo.errors.ShapeError`."""
    if view.page == "funding" and chart_id == FIRMNESS:
        judged = appraisal(programme(store), view.query, view.shape, view.priorities)
        if judged.weighed:
            return FundingCharts(judged, Words(view.language)).stability()
    for made in charts(store, view):
        if made.id == chart_id:
            return made
    raise UnknownChart(chart_id)


def chart_item(store: Store, view: View, chart_id: str) -> dict[str, Any]:
    """A chart as an item of a board, for what is fetched after the page has answered. Raises as `chart`."""
    return chart(store, view, chart_id).item(Words(view.language), _address(store, view, chart_id, "xlsx"))


def measures(store: Store, view: View) -> pd.DataFrame:
    """The measures of the roadmap that a view keeps, as a table."""
    held = programme(store)
    return rows(held, board(held, view.query, view.shape, today()), Words(view.language))


def book(store: Store, view: View, chart_id: str) -> bytes:
    """The workbook of a chart: its table, and a sheet that says what it was made from.

    Raises `UnknownChart`, `geo.errors.ShapeError`.
    """
    words = Words(view.language)
    if (view.page, chart_id) == ("roadmap", "measures"):
        issues = programme(store).serving("issues", view.query, view.shape)
        sheets = [(words("roadmap.measures"), measures(store, view))]
        sheets.append((words("issue.title"), table(store, "issues", issues, view.language)))
        return as_xlsx([*sheets, about(store, view, words)])
    made = chart(store, view, chart_id)
    return as_xlsx([(made.title, _sourced(store, made, view.query, words)), about(store, view, words)])


def _sourced(store: Store, made: Chart, query: Query, words: Words) -> pd.DataFrame:
    """The table of a chart, figures without the noise of floats; rows that are records name sources."""
    rows = made.table.round(_DIGITS)
    picks = [(act or "").partition("pick=")[2].partition("/") for act in made.acts]
    if not any(layer for layer, _, _ in picks):
        return rows
    cites = next(field for field in store.catalogue.common if field.kind == "sources")
    # What analyses have found is there for what they were asked alone, whatever filters hide.
    asked = query.model_copy(update={"conditions": (), "year": None})
    records = [store.record(layer, id_, asked) if layer else {} for layer, _, id_ in picks]
    cited = [value_in_words(cites, record, words, store) or "" for record in records]
    return rows.assign(**{words("board.sources"): cited})


def about(store: Store, view: View, words: Words, note: str = "") -> tuple[str, pd.DataFrame]:
    """A sheet that says of what data, on what day and of what view a workbook was made."""
    lines = {
        words("board.made"): words.date(today()),
        words("board.data"): store.digest,
        words("board.code"): code(),
        words("board.view"): view.text(store.catalogue) or "—",
    } | ({words("board.note"): note} if note else {})
    return words("board.stamp_sheet"), pd.DataFrame({"": list(lines), " ": list(lines.values())})


def _address(store: Store, view: View, chart_id: str, kind: str) -> str:
    """Where a chart of a view can be fetched, as a workbook (`xlsx`) or as an item of a board (`json`)."""
    return f"/figures/{chart_id}.{kind}?{_bare(store, view).text(store.catalogue)}"
