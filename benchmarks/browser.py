"""A browser that counts: fresh visits to a page, the bytes they receive, the time until something shows.

Bytes are those of the page's own server: HTTP answers as sent (packed, with their heads) and the payload of
websocket frames. What comes out of the browser's cache counts nothing.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.cdn import Cdn
from tools.browser import QUIET_FLAGS, find_browser

WINDOW = {"width": 1440, "height": 900}
WAIT_MS = 60_000
QUIET_MS = 1000

_WATCH = """shown => {
  const test = new Function(`return (${shown})`), state = (globalThis.bench = { ms: null });
  addEventListener("click", ({ timeStamp }) => {
    const look = () => {
      if (test()) state.ms = performance.now() - timeStamp;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that the tests use too; raises RuntimeError where there is none."""
    path = find_browser()
    if path is None:
        raise RuntimeError("no Chromium here: name one with CHROMIUM=")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One reader with an empty cache on one page."""

    def __init__(self, page: Page, server: str, cdn: Cdn) -> None:
        self.page = page
        self.server = server
        self.received = 0
        """Bytes so far."""
        self._ours: set[str] = set()
        self._cdn = cdn
        self._wire = page.context.new_cdp_session(page)
        self._listen(self._wire)

    def _listen(self, wire: CDPSession) -> None:
        wire.on("Network.requestWillBeSent", self._asked)
        wire.on("Network.loadingFinished", self._finished)
        wire.on("Network.webSocketFrameReceived", self._frame)
        wire.on("Fetch.requestPaused", self._outside)
        wire.send("Network.enable")
        # Unlike playwright's own routing this leaves the browser's cache as it is.
        wire.send("Fetch.enable", {"patterns": [{"urlPattern": "https://*"}]})

    def _asked(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith(self.server):
            self._ours.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._ours:
            self.received += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, Any]) -> None:
        payload = event["response"]["payloadData"]
        binary = event["response"]["opcode"] == 2
        self.received += len(base64.b64decode(payload)) if binary else len(payload.encode())

    def _outside(self, event: dict[str, Any]) -> None:
        kind, body = self._cdn.answer(event["request"]["url"])
        self._wire.send(
            "Fetch.fulfillRequest",
            {
                "requestId": event["requestId"],
                "responseCode": 200,
                "responseHeaders": [
                    {"name": "Content-Type", "value": kind},
                    {"name": "Access-Control-Allow-Origin", "value": "*"},
                    {"name": "Cache-Control", "value": "public, max-age=31536000"},
                ],
                "body": base64.b64encode(body).decode(),
            },
        )

    def open(self, query: str, shown: str) -> float:
        """Go to the page; seconds from the start of navigation until `shown` (a JS expression) holds."""
        self.page.goto(f"{self.server}/{query}", wait_until="commit", timeout=WAIT_MS)
        return self._when(f"({shown}) && performance.now()") / 1000

    def click(self, selector: str, shown: str) -> float:
        """Click once; milliseconds from the click until `shown` holds."""
        self.page.evaluate(_WATCH, shown)
        self.page.click(selector, timeout=WAIT_MS)
        return self._when("globalThis.bench.ms")

    def settle(self) -> int:
        """Wait until nothing more arrives; bytes received so far."""
        before = -1
        while before != self.received:
            before = self.received
            self.page.wait_for_timeout(QUIET_MS)
        return self.received

    def _when(self, expression: str) -> float:
        value: float = self.page.wait_for_function(expression, timeout=WAIT_MS, polling="raf").json_value()
        return value


@contextmanager
def visiting(browser: Browser, server: str, cdn: Cdn) -> Iterator[Visit]:
    """A reader who has never been here before."""
    context = browser.new_context(viewport=WINDOW, locale="ru-RU")
    try:
        yield Visit(context.new_page(), server, cdn)
    finally:
        context.close()
