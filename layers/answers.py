"""How our addresses answer: heads, caching, packing, and the faults of the domain in one table."""

import gzip
import json
import logging
import re
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.errors import GeoError
from layers.catalog import LANGUAGES, CatalogueError, Language
from layers.furniture import version
from layers.programme.boards import UnknownChart
from layers.siting.workshop import OVER_HTTP, RETRY_AFTER_S, Busy
from layers.store import UnknownFeature, embedded

log = logging.getLogger(__name__)
T = TypeVar("T")
FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "no-cache"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
"""Sent with every answer of these routes that says nothing else; who may frame it `embedding` tells."""

_LEAST_WORTH_PACKING = 1024
_STATUS: dict[type[Exception], int] = {
    UnknownFeature: 404,
    UnknownChart: 404,
    GeoError: 400,
    CatalogueError: 503,
}


class Mended:
    """Mends the head of every answer, also of one that an unforeseen fault makes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def mend(self, headers: MutableHeaders) -> None:
        """What is done to the head of an answer."""
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and mend the head of its answer."""

        async def mended(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.mend(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, mended if scope["type"] == "http" else send)


class SafeHeaders(Mended):
    """Adds `HEADERS` to every answer."""

    def mend(self, headers: MutableHeaders) -> None:
        """Add those that the answer does not say otherwise."""
        for name, value in {"Cache-Control": BRIEFLY, **HEADERS}.items():
            headers.setdefault(name, value)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as one that came over HTTP."""
        OVER_HTTP.set(True)
        await super().__call__(scope, receive, send)


def packed(body: bytes) -> tuple[bytes, bytes]:
    """Content, bare and gzipped."""
    return body, gzip.compress(body, 6, mtime=0)


def packed_json(content: Any) -> tuple[bytes, bytes]:
    """JSON, bare and gzipped."""
    return packed(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def asked_language(request: Request) -> Language:
    """The language of an address; a 400 for one that there is not."""
    asked = request.query_params.get("lang", "ru")
    if asked not in LANGUAGES:
        raise HTTPException(400, f"lang is one of {', '.join(LANGUAGES)}")
    return asked


def cache_control(request: Request) -> dict[str, str]:
    """For ever where the address names the data that are served; a stale or bare address is asked again."""
    fresh = request.query_params.get("v") == version(embedded())
    return {"Cache-Control": FOR_EVER if fresh else BRIEFLY, "Vary": "Accept-Encoding"}


def understood(parsed: T, problems: list[str]) -> T:
    """What was read of an address; a 400 that names the entries which could not be."""
    if problems:
        raise HTTPException(400, f"cannot be read: {', '.join(problems)}")
    return parsed


def answered(request: Request, bare: bytes, tight: bytes, media_type: str) -> Response:
    """The bare content, or the packed one where the reader takes it, kept as long as the address allows."""
    headers = cache_control(request)
    if len(bare) >= _LEAST_WORTH_PACKING and _takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(tight, headers={**headers, "Content-Encoding": "gzip"}, media_type=media_type)
    return Response(bare, headers=headers, media_type=media_type)


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip and does not forbid it (RFC 9110, 12.5.3)."""
    for part in accepted.lower().split(","):
        coding, *weights = (item.strip() for item in part.split(";"))
        if coding == "gzip":
            return not any(re.fullmatch(r"q=0(\.0*)?", weight) for weight in weights)
    return False


def missing(_: Request) -> Response:
    """Anything else below our prefixes: a plain 404, never a page."""
    raise HTTPException(404, "no such address")


def _problem(request: Request, fault: Exception) -> Response:
    if isinstance(fault, HTTPException):
        return JSONResponse({"error": fault.detail}, fault.status_code)
    if isinstance(fault, Busy):
        again = {"Retry-After": str(RETRY_AFTER_S)}
        return JSONResponse({"error": "is being made, ask again"}, 503, again)
    status = next((number for kind, number in _STATUS.items() if isinstance(fault, kind)), 500)
    log.log(logging.INFO if status < 500 else logging.ERROR, "%s: %r", request.url.path, fault)
    return JSONResponse({"error": "not found" if status == 404 else "cannot be answered now"}, status)


HANDLERS: Any = {
    HTTPException: _problem,
    UnknownFeature: _problem,
    UnknownChart: _problem,
    GeoError: _problem,
    CatalogueError: _problem,
    Busy: _problem,
    Exception: _problem,
}


def served(*routes: BaseRoute) -> ASGIApp:
    """Routes of ours, with a plain 404 for all else, answers to every fault, and safe headers outermost."""
    catch_all = Route("/{path:path}", missing)
    return SafeHeaders(Starlette(routes=[*routes, catch_all], exception_handlers=HANDLERS))
