"""A page of another origin shows a view: where the administrator allows it, and nowhere else."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from layers.text import Words
from tests.browser.conftest import started

RU = Words("ru")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing: what is asked for is no news."""


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """Two other origins, which serve the same folder."""
    folder = tmp_path_factory.mktemp("guests")
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    one, other = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    yield one, other, folder
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def open_server(guests: tuple[str, str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app, which the first of the guests may embed."""
    with started(tmp_path_factory.mktemp("open"), PLANNER_EMBED=guests[0]) as address:
        yield address


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Callable[[], tuple[Page, list[str]]]]:
    """Makes a page with what its console says of faults."""
    context = chromium.new_context(viewport={"width": 1200, "height": 800}, locale="ru-RU")

    def make() -> tuple[Page, list[str]]:
        page, trouble = context.new_page(), list[str]()
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        return page, trouble

    yield make
    context.close()


def write(folder: Path, source: str) -> None:
    frame = f'<iframe src="{source}" width="100%" height="600" style="border:0" allow="fullscreen"></iframe>'
    page = f"<!doctype html><meta charset=utf-8><title>Портал</title><h1>Портал</h1>{frame}"
    (folder / "index.html").write_text(page, encoding="utf-8")
    (folder / "favicon.ico").write_bytes(b"")


@pytest.mark.parametrize("query", ["?lang=en&year=2020", f"?split=side&with={quote('year=2010')}"])
def test_an_allowed_page_shows_the_view(
    guests: tuple[str, str, Path], open_server: str, tab: Callable[[], tuple[Page, list[str]]], query: str
) -> None:
    guest, _, folder = guests
    write(folder, f"{open_server}/embed{query}")
    page, trouble = tab()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(guest)
    inside = page.frame_locator("iframe")
    inside.locator(".planner-host[data-ready]").wait_for()
    inside.locator(".planner-map").first.focus()
    page.keyboard.press("Enter")
    expect(inside.locator(".planner-card h2").first).to_be_visible()
    assert [url for url in asked if url.startswith(open_server)] == [f"{open_server}/embed{query}"]
    assert trouble == []


def test_another_page_is_refused(
    guests: tuple[str, str, Path], open_server: str, tab: Callable[[], tuple[Page, list[str]]]
) -> None:
    _, stranger, folder = guests
    for path in ("/embed", "/?lang=en"):
        write(folder, f"{open_server}{path}")
        page, trouble = tab()
        page.goto(stranger)
        page.wait_for_timeout(800)
        assert any("frame-ancestors" in text for text in trouble), path
        assert page.frame_locator("iframe").locator(".planner-host, .stApp").count() == 0


def test_where_nobody_is_allowed_everybody_is_refused(
    guests: tuple[str, str, Path], server: str, tab: Callable[[], tuple[Page, list[str]]]
) -> None:
    guest, _, folder = guests
    write(folder, f"{server}/embed")
    page, trouble = tab()
    page.goto(guest)
    page.wait_for_timeout(800)
    assert any("frame-ancestors" in text for text in trouble)
    assert page.goto(f"{server}/embed").status == 403
    expect(page.get_by_text(RU("embed.refused"))).to_be_visible()


def test_the_panel_offers_the_code(open_server: str, tab: Callable[[], tuple[Page, list[str]]]) -> None:
    page, trouble = tab()
    page.goto(f"{open_server}/?year=2020")
    page.wait_for_function("globalThis.planner?.live?.root.dataset.ready")
    page.locator("summary").filter(has_text=RU("panel.take")).click()
    page.get_by_role("button", name=RU("embed.title")).click()
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text(f'src="{open_server}/embed?year=2020"')
    assert trouble == []


def test_without_leave_the_panel_says_who_gives_it(explorer) -> None:
    explorer.unfold(RU("panel.take"))
    explorer.page.get_by_role("button", name=RU("embed.title")).click()
    expect(explorer.page.get_by_text(RU("embed.not_allowed"))).to_be_visible()
    assert explorer.page.get_by_test_id("stCode").count() == 0
