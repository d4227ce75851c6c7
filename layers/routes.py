"""The HTTP face beside the pages: assets, features, cards and workbooks by address, health.

Every answer is a pure function of its address, which carries the digest of the data: what is cached is
right by construction. How answers are made is in `layers.answers`.
"""

import logging
import os
from functools import cache, lru_cache
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from layers import embedding
from layers.answers import (
    BRIEFLY,
    FOR_EVER,
    HANDLERS,
    SafeHeaders,
    answered,
    asked_language,
    packed_json,
    served,
    understood,
)
from layers.catalog import CatalogueError, Language
from layers.feature import card, drawn
from layers.furniture import ASSETS, assets_version, furniture
from layers.programme.boards import book, chart_item, project_of
from layers.query import Query
from layers.siting import routes as sites
from layers.store import Unanswered, UnknownFeature, embedded
from layers.view import View

log = logging.getLogger(__name__)


@lru_cache(maxsize=512)
def _features(layer_id: str, query: Query, language: Language) -> tuple[bytes, bytes]:
    """GeoJSON of a layer, bare and packed. Raises `UnknownFeature`."""
    store = embedded()
    if layer_id not in store.catalogue.layers:
        raise UnknownFeature(layer_id)
    if store.query(layer_id, query).attrs.get("unanswered"):
        raise Unanswered(layer_id)
    return packed_json(drawn(store, store.catalogue.layers[layer_id], query, language))


@cache
def _furniture(language: Language) -> tuple[bytes, bytes]:
    """The furniture of the map, bare and packed."""
    return packed_json(furniture(embedded(), language))


def features(request: Request) -> Response:
    """`/map/features/<layer>.geojson?lang=&year=&f.<field>=&v=`: what a query keeps of a layer."""
    store = embedded()
    query = understood(*Query.parse(request.query_params, store.catalogue))
    bare, packed = _features(request.path_params["layer"], query, asked_language(request))
    return answered(request, bare, packed, "application/geo+json")


def map_furniture(request: Request) -> Response:
    """`/map/furniture.json?lang=&v=`: texts, symbols and groups of the map in a language."""
    return answered(request, *_furniture(asked_language(request)), "application/json")


def feature_card(request: Request) -> Response:
    """`/map/card/<layer>/<id>?lang=&before=&after=&v=`: everything known of a record, in words."""
    layer, id_ = request.path_params["layer"], request.path_params["id"]
    query = understood(*Query.parse(request.query_params, embedded().catalogue))
    found = card(embedded(), layer, id_, asked_language(request), query)
    return answered(request, *packed_json(found), "application/json")


def workbook(request: Request) -> Response:
    """`/figures/<chart>.xlsx?<view>`: the workbook of a chart of the page that the view names."""
    content = book(embedded(), _view(request), request.path_params["chart"])
    return Response(content, media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def board_chart(request: Request) -> Response:
    """`/figures/<chart>.json?<view>`: the same chart as an item of a board."""
    item = chart_item(embedded(), _view(request), request.path_params["chart"])
    return JSONResponse(item)


def _view(request: Request) -> View:
    """The view that an address holds; raises where any of it cannot be read."""
    store = embedded()
    view = understood(*View.parse(request.query_params, store.catalogue))
    if view.page == "project" and project_of(view) not in store.features("projects").index:
        raise UnknownFeature(view.selected)
    return view


def health(_: Request) -> Response:
    """`/healthz`: 200 once the data are read, 503 with the fault when they cannot be."""
    try:
        return JSONResponse({"status": "ok", "data": embedded().digest})
    except CatalogueError as fault:
        log.error("the data cannot be read: %s", fault)
        return JSONResponse({"status": "data cannot be read"}, 503)


class Assets(StaticFiles):
    """The web assets: kept for ever under the version that set-up gave them, else asked for again."""

    def __init__(self) -> None:
        super().__init__(directory=ASSETS, check_dir=False)

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, with how long it may be kept."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        asked = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"))).get("v")
        answer.headers["Cache-Control"] = FOR_EVER if asked == assets_version() else BRIEFLY
        return answer


def routes() -> list[BaseRoute]:
    """Everything that the app serves beside its pages."""
    at_map = (
        Route("/furniture.json", map_furniture),
        Route("/features/{layer}.geojson", features),
        Route("/card/{layer}/{id}", feature_card),
    )
    at_site = (
        Route("/tiles/{layer}/{z:int}/{x:int}/{y:int}.png", sites.tile),
        Route("/histogram.json", sites.histogram),
        Route("/score.tif", sites.score_file),
        Route("/inset/{layer}/{id}.svg", sites.small_map),
    )
    return [
        Route("/healthz", served(Route("/healthz", health))),
        Mount("/assets", SafeHeaders(Starlette(routes=[Mount("/", Assets())], exception_handlers=HANDLERS))),
        Mount("/map", served(*at_map)),
        Mount("/site", served(*at_site)),
        *embedding.routes(),
        Mount("/figures", served(Route("/{chart}.xlsx", workbook), Route("/{chart}.json", board_chart))),
    ]
