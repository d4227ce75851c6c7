"""A real browser on the real app: one server for all tests, every outside address out of reach."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Download,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tools.browser import QUIET_FLAGS, find_browser

ROOT = Path(__file__).resolve().parents[2]
START_S = 60
MAKE_MS = 60_000
EXPECT_MS = 30_000  # a busy machine takes its time; a page that is ready ends the wait at once
FLAGS = [*QUIET_FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser, and comes last: its loop stays in the thread once begun."""
    here = [item for item in items if Path(item.path).is_relative_to(Path(__file__).parent)]
    for item in here:
        item.add_marker(pytest.mark.browser)
    items[:] = [item for item in items if item not in here] + here


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started as `streamlit run app.py` starts it."""
    with started(tmp_path_factory.mktemp("server")) as address:
        yield address


@contextmanager
def started(folder: Path, **settings: str) -> Iterator[str]:
    """The app in a process of its own, with these settings, while it is needed; its log in the folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "log.txt"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **settings}
        )
    address = f"http://localhost:{port}"
    try:
        _wait(f"{address}/healthz", process, log)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.headers.get_content_type() == "application/json":
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the app did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one these tests are skipped, and with CI=true they fail."""
    path = find_browser()
    if path is None:
        message = "NO BROWSER: the browser tests did not run"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    expect.set_options(timeout=EXPECT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), headless=True, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page with what happened on it: requests, console messages of the kinds that it heeds, errors."""

    def __init__(
        self, context: BrowserContext, own: tuple[str, ...], heeds: Callable[[str], bool] = "error".__eq__
    ) -> None:
        self.page: Page = context.new_page()
        self.own, self.heeds = own, heeds
        self.requests: list[str] = []
        self.trouble: list[str] = []
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if self.heeds(message.type):
            self.trouble.append(message.text)

    def outside(self) -> list[str]:
        """Requests that went elsewhere than to the page's own place."""
        return [url for url in self.requests if not url.startswith(self.own)]


class FromDisk(Watched):
    """A page opened from disk with the network off."""

    def __init__(self, context: BrowserContext, heeds: Callable[[str], bool] = "error".__eq__) -> None:
        super().__init__(context, ("file:", "data:", "blob:"), heeds)

    def files(self) -> list[str]:
        """The files that were asked for: one page holds all that it needs."""
        return [url for url in self.requests if url.startswith("file:")]


@pytest.fixture
def disk(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., FromDisk]]:
    """Opens a page from disk: `disk(html, place, heeds=, width=, height=)`."""
    contexts: list[BrowserContext] = []

    def opened(html: str, place: str = "", *, width: int = 1200, height: int = 800, **more: Any) -> FromDisk:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        context = chromium.new_context(offline=True, viewport={"width": width, "height": height})
        contexts.append(context)
        found = FromDisk(context, **more)
        found.page.goto(file.as_uri() + place)
        return found

    yield opened
    for context in contexts:
        context.close()


class Visit(Watched):
    """A page on the app."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        super().__init__(context, (server, "data:", "blob:", "about:"))
        self.server = server

    def open(self, query: str = "") -> "Visit":
        """Open the map at an address and wait until everything asked for is drawn."""
        self.page.goto(f"{self.server}/{query}")
        self.settle()
        return self

    def open_board(self, query: str) -> "Visit":
        """Open a page with a board and wait until it is drawn."""
        self.page.goto(f"{self.server}/{query}")
        self.page.wait_for_selector(".board-host[data-ready]", timeout=MAKE_MS)
        self.rest()
        return self

    def card(self, title: str) -> Locator:
        """An item of the board by its title."""
        heading = self.page.get_by_role("heading", name=title, exact=True, level=3)
        return self.page.locator(".board-item").filter(has=heading)

    def figure(self, title: str) -> str:
        """The figure of a tile."""
        return self.card(title).locator(".board-figure").inner_text()

    def settle(self) -> None:
        """Wait until the map has drawn all it was asked for and the script has come to rest."""
        self.page.wait_for_function("globalThis.planner?.live?.root.dataset.ready && !planner.live.loading")
        self.rest()

    def rest(self) -> None:
        """Wait until Streamlit no longer runs and the address has been brought up to date."""
        self.page.wait_for_timeout(350)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_timeout(350)

    def ask(self, expression: str) -> Any:
        """A value from the page; `live` is the map."""
        return self.page.evaluate(f"(() => {{ const live = planner.live; return {expression}; }})()")

    def shown(self, layer: str) -> int:
        """How many records a layer draws; 0 when it is off."""
        return int(self.ask(f"live.layers.get('{layer}')?.byId.size ?? 0"))

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place is on the screen."""
        point = self.ask(
            f"(() => {{ const p = live.map.latLngToContainerPoint([{lat}, {lon}]);"
            " const r = live.area.getBoundingClientRect(); return [p.x + r.x, p.y + r.y]; })()"
        )
        return point[0], point[1]

    def layer(self, name: str) -> Locator:
        """The box of a layer in the panel of layers."""
        return self.page.locator(".planner-legend").get_by_label(name).first

    def unfold(self, title: str) -> None:
        """Open a fold of the side bar; what it holds is drawn by the script once it is open."""
        summary = self.page.locator("summary").filter(has_text=title)
        summary.click()
        inside = self.page.locator("details[open]").filter(has=summary)
        inside.locator("[data-testid=stElementContainer]").first.wait_for(state="attached")
        self.rest()

    def saved(self, button: Locator) -> Download:
        """What a button brings; it is made when asked for, which may take its time on a busy machine."""
        with self.page.expect_download(timeout=MAKE_MS) as download:
            button.click()
        return download.value

    def query(self) -> dict[str, str]:
        """The entries of the address."""
        return dict(self.page.evaluate("[...new URLSearchParams(location.search)]"))


@pytest.fixture
def visit(chromium: Browser, server: str) -> Iterator[Callable[..., Visit]]:
    """Makes a visit in a fresh browser profile: `visit(width=, height=, dark=, ...)`."""
    contexts: list[BrowserContext] = []

    def make(width: int = 1440, height: int = 900, *, dark: bool = False, **more: Any) -> Visit:
        options = {"viewport": {"width": width, "height": height}, "locale": "ru-RU", **more}
        context = chromium.new_context(color_scheme="dark" if dark else "light", **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return Visit(context, server)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def explorer(visit: Callable[..., Visit]) -> Visit:
    """The Explore page, open on its default view."""
    return visit().open()
