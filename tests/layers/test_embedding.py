"""Embedding: who may, what browsers are told with every answer, the page that is embedded."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from layers import embedding, routes
from layers.embedding import SETTING, Framing, address, frame, parse_hosts, story_address
from layers.settings import SettingError
from layers.siting.workshop import Busy
from layers.store import EmbeddedStore
from layers.story.stock import ready
from layers.text import Words
from layers.view import View
from layers.webmap import POLICY, build

PORTAL = "https://portal.example.ru"


def get(path: str, **headers: str) -> httpx.Response:
    """An answer of the whole: our addresses, and one that stands for a page of Streamlit."""

    def page(_: Any) -> PlainTextResponse:
        return PlainTextResponse("page")

    app = Starlette(
        routes=[*routes.routes(), Mount("/", Starlette(routes=[Route("/", page)]))],
        middleware=[Middleware(Framing)],
    )

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://planner") as client:
            return await client.get(path, headers=headers)

    return anyio.run(ask)


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A planner whose administrator has named two hosts."""
    monkeypatch.setenv(SETTING, f"{PORTAL}, http://127.0.0.1:8659")
    embedding.hosts.cache_clear()
    yield f"{PORTAL} http://127.0.0.1:8659"
    embedding.hosts.cache_clear()


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(SETTING, raising=False)
    embedding.hosts.cache_clear()
    yield
    embedding.hosts.cache_clear()


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("", ()),
        (" , ", ()),
        ("portal.example.ru", ("portal.example.ru",)),
        (f"{PORTAL}/ {PORTAL}", (PORTAL,)),
        ("*.tomsk.gov.ru,http://localhost:8080", ("*.tomsk.gov.ru", "http://localhost:8080")),
        ("https://Портал.рф\n10.0.0.5:81", ("https://xn--80awhdgm.xn--p1ai", "10.0.0.5:81")),
    ],
)
def test_hosts_are_read(text: str, hosts: tuple[str, ...]) -> None:
    assert parse_hosts(text) == hosts


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https://",
        "'none'",
        "data:",
        "ftp://a.ru",
        "https://a.ru/path",
        "a.ru;script-src *",
        "https://*",
        "a..ru",
        "-a.ru",
        "user@a.ru",
        "a.ru:port",
        "https://a.ru?x",
    ],
)
def test_what_is_no_host_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingError, match=re.escape(SETTING)):
        parse_hosts(f"{PORTAL}, {text}")


@given(st.text(max_size=60))
def test_nothing_but_hosts_reaches_the_header(text: str) -> None:
    try:
        hosts = parse_hosts(text)
    except SettingError:
        return
    assert all(re.fullmatch(r"[a-z0-9.:/*-]+", host) for host in hosts)


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/map/furniture.json", "/assets/planner.js", "/embed", "/map/unheard"]
)
def test_nobody_else_may_frame_anything(path: str) -> None:
    answer = get(path)
    policies = answer.headers.get_list("content-security-policy")
    assert [policy for policy in policies if "frame-ancestors" in policy] == ["frame-ancestors 'self'"]
    assert answer.headers.get_list("x-frame-options") == ["SAMEORIGIN"]


@pytest.mark.parametrize("path", ["/", "/healthz", "/map/furniture.json", "/embed", "/map/unheard"])
def test_the_hosts_that_may_are_told_with_every_answer(allowed: str, path: str) -> None:
    answer = get(path)
    policies = answer.headers.get_list("content-security-policy")
    assert [policy for policy in policies if "frame-ancestors" in policy] == [
        f"frame-ancestors 'self' {allowed}"
    ]
    assert "x-frame-options" not in answer.headers


@pytest.mark.parametrize("language", ["ru", "en"])
def test_where_nobody_may_the_page_says_so(language: str) -> None:
    answer = get(f"/embed?lang={language}")
    assert answer.status_code == 403
    assert Words(language)("embed.refused") in answer.text  # type: ignore[arg-type]
    assert answer.headers["cache-control"] == "no-store"


def test_the_page_carries_the_view(allowed: str, store: EmbeddedStore) -> None:
    text = "lang=en&on=rivers,projects&year=2020&pick=projects/asino-sawmill"
    view = View.parse(dict(part.split("=") for part in text.split("&")), store.catalogue)[0]
    answer = get(f"/embed?{text}")
    assert answer.status_code == 200
    assert answer.text == build(store, view, inline=True).page()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert POLICY in answer.headers.get_list("content-security-policy")
    assert "default-src 'none'" not in answer.headers.get_list("content-security-policy")
    packed = get(f"/embed?{text}", **{"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == answer.text


def test_it_is_made_once(allowed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    embedding._view_page.cache_clear()
    made = []
    monkeypatch.setattr(embedding, "build", lambda *a, **k: made.append(a) or build(*a, **k))
    for address_ in ("/embed?on=rivers", "/embed?on=rivers&lang=ru", "/embed?on=roads"):
        assert get(address_).status_code == 200
    assert len(made) == 2
    assert embedding._view_page.cache_info().maxsize == embedding._KEPT


def test_an_old_link_still_shows_what_can_be_read(allowed: str) -> None:
    answer = get("/embed?on=rivers,unheard&year=1066&strange=1&pick=projects/gone")
    assert answer.status_code == 200
    assert "planner.mount" in answer.text


def test_what_is_being_made_is_asked_for_again(allowed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any) -> None:
        raise Busy("rasters")

    monkeypatch.setattr(embedding, "_view_page", busy)
    answer = get("/embed?lang=en")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert Words("en")("embed.busy") in answer.text
    assert 'http-equiv="refresh"' in answer.text


def test_anything_else_below_it_is_not_there(allowed: str) -> None:
    assert get("/embed/unheard").status_code == 404


def test_the_code_shows_the_address_and_nothing_leaves_it(store: EmbeddedStore) -> None:
    view = View.parse({"lang": "en", "f.park": "medical", "with": "year=2010"}, store.catalogue)[0]
    source = address("https://plan.example.ru/", view, store)
    assert source.startswith("https://plan.example.ru/embed?lang=en&")
    found: dict[str, str | None] = {}

    class Frame(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update({"tag": tag, **dict(attrs)})

    Frame().feed(frame(source, '"><script>'))
    assert (found["tag"], found["src"], found["title"]) == ("iframe", source, '"><script>')
    assert address("http://h", View.default(store.catalogue), store) == "http://h/embed"


# --- stories -------------------------------------------------------------------------------------------


def test_a_story_is_shown_whole(allowed: str, store: EmbeddedStore) -> None:
    answer = get("/embed/story/medical-centre?lang=en")
    assert answer.status_code == 200
    assert ready(store)["medical-centre"].title.en in answer.text
    assert "planner.present" in answer.text
    assert POLICY in answer.headers.get_list("content-security-policy")


def test_a_story_that_is_not_there_is_not_found(allowed: str) -> None:
    for name in ("unheard", "my-99", "my-x"):
        answer = get(f"/embed/story/{name}?lang=en")
        assert answer.status_code == 404
        assert "no longer there" in answer.text


def test_no_story_is_shown_where_nobody_may_embed() -> None:
    assert get("/embed/story/medical-centre").status_code == 403


def test_the_code_of_a_story_names_its_language(store: EmbeddedStore) -> None:
    view = View.default(store.catalogue, "en")
    assert story_address("https://h/", "six-parks", view) == "https://h/embed/story/six-parks?lang=en"
