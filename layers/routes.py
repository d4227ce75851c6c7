"""The HTTP face beside the pages: assets, features, cards and workbooks by address, health.

Every answer is a pure function of its address, which carries the digest of the data: what is cached is
right by construction. Errors of the domain become answers in one table.
"""

import gzip
import json
import logging
import os
import re
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import ShapeError
from layers.catalog import LANGUAGES, CatalogueError, Language
from layers.feature import card, drawn
from layers.furniture import ASSETS, assets_version, furniture, version
from layers.programme.boards import UnknownChart, book, chart_item, project_of
from layers.query import Query
from layers.store import UnknownFeature, embedded
from layers.view import View

log = logging.getLogger(__name__)
T = TypeVar("T")
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "no-cache"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
"""Sent with every answer of these routes."""

_LEAST_WORTH_PACKING = 1024
_STATUS: dict[type[Exception], int] = {
    UnknownFeature: 404,
    UnknownChart: 404,
    ShapeError: 400,
    CatalogueError: 503,
}


class SafeHeaders:
    """Adds `HEADERS` to every answer, also to one that an unforeseen fault makes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and mend the head of its answer."""

        async def mended(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = {**({} if _has(message, b"cache-control") else {"Cache-Control": BRIEFLY}), **HEADERS}
                head = [(name.lower().encode(), value.encode()) for name, value in extra.items()]
                message["headers"] = [*message["headers"], *head]
            await send(message)

        await self.app(scope, receive, mended if scope["type"] == "http" else send)


def _has(message: Message, name: bytes) -> bool:
    return any(header.lower() == name for header, _ in message["headers"])


@lru_cache(maxsize=512)
def _features(layer_id: str, query: Query, language: Language) -> tuple[bytes, bytes]:
    """GeoJSON of a layer, bare and packed. Raises `UnknownFeature`."""
    store = embedded()
    if layer_id not in store.catalogue.layers:
        raise UnknownFeature(layer_id)
    return _packed(drawn(store, store.catalogue.layers[layer_id], query, language))


@cache
def _furniture(language: Language) -> tuple[bytes, bytes]:
    """The furniture of the map, bare and packed."""
    return _packed(furniture(embedded(), language))


def _packed(content: Any) -> tuple[bytes, bytes]:
    """JSON, bare and gzipped."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return body, gzip.compress(body, 6, mtime=0)


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang", "ru")
    if asked not in LANGUAGES:
        raise HTTPException(400, f"lang is one of {', '.join(LANGUAGES)}")
    return asked


def _cache_control(request: Request) -> dict[str, str]:
    """For ever where the address names the data that are served; a stale or bare address is asked again."""
    fresh = request.query_params.get("v") == version(embedded())
    return {"Cache-Control": FOR_EVER if fresh else BRIEFLY, "Vary": "Accept-Encoding"}


def _understood(parsed: T, problems: list[str]) -> T:
    """What was read of an address; a 400 that names the entries which could not be."""
    if problems:
        raise HTTPException(400, f"cannot be read: {', '.join(problems)}")
    return parsed


def features(request: Request) -> Response:
    """`/map/features/<layer>.geojson?lang=&year=&f.<field>=&v=`: what a query keeps of a layer."""
    store = embedded()
    query = _understood(*Query.parse(request.query_params, store.catalogue))
    bare, packed = _features(request.path_params["layer"], query, _language(request))
    return _answer(request, bare, packed, "application/geo+json")


def map_furniture(request: Request) -> Response:
    """`/map/furniture.json?lang=&v=`: texts, symbols and groups of the map in a language."""
    return _answer(request, *_furniture(_language(request)), "application/json")


def feature_card(request: Request) -> Response:
    """`/map/card/<layer>/<id>?lang=&before=&after=&v=`: everything known of a record, in words."""
    layer, id_ = request.path_params["layer"], request.path_params["id"]
    query = _understood(*Query.parse(request.query_params, embedded().catalogue))
    found = card(embedded(), layer, id_, _language(request), query)
    return _answer(request, *_packed(found), "application/json")


def _answer(request: Request, bare: bytes, packed: bytes, media_type: str) -> Response:
    headers = _cache_control(request)
    if len(bare) >= _LEAST_WORTH_PACKING and _takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=media_type)
    return Response(bare, headers=headers, media_type=media_type)


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip and does not forbid it (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        coding, *weights = (item.strip() for item in part.split(";"))
        if coding == "gzip":
            return not any(re.fullmatch(r"q=0(\.0*)?", weight) for weight in weights)
    return False


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
    view = _understood(*View.parse(request.query_params, store.catalogue))
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


def missing(_: Request) -> Response:
    """Anything else below our prefixes: a plain 404, never a page."""
    raise HTTPException(404, "no such address")


def _problem(request: Request, fault: Exception) -> Response:
    if isinstance(fault, HTTPException):
        return JSONResponse({"error": fault.detail}, fault.status_code)
    status = next((number for kind, number in _STATUS.items() if isinstance(fault, kind)), 500)
    log.log(logging.INFO if status < 500 else logging.ERROR, "%s: %r", request.url.path, fault)
    return JSONResponse({"error": "not found" if status == 404 else "cannot be answered now"}, status)


_HANDLERS: Any = {
    HTTPException: _problem,
    UnknownFeature: _problem,
    UnknownChart: _problem,
    ShapeError: _problem,
    CatalogueError: _problem,
    Exception: _problem,
}


def _served(*routes: BaseRoute) -> ASGIApp:
    """Routes of ours, with a plain 404 for all else, answers to every fault, and safe headers outermost."""
    catch_all = Route("/{path:path}", missing)
    return SafeHeaders(Starlette(routes=[*routes, catch_all], exception_handlers=_HANDLERS))


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
    return [
        Route("/healthz", _served(Route("/healthz", health))),
        Mount("/assets", SafeHeaders(Starlette(routes=[Mount("/", Assets())], exception_handlers=_HANDLERS))),
        Mount("/map", _served(*at_map)),
        Mount("/figures", _served(Route("/{chart}.xlsx", workbook), Route("/{chart}.json", board_chart))),
    ]
