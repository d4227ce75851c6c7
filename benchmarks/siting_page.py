"""The page "Find a site" in a browser: from a slider that moves to the map that shows it; and a passport.

The app is served as it is; the slider is one of the model's editor. A sample begins with the event of the
slider and ends when all tiles of the other model are in sight.
"""

import time

from playwright.sync_api import Browser

from benchmarks.browser import WAIT_MS, WINDOW, chromium
from benchmarks.results import Goal, Result, median
from benchmarks.server import serving
from layers.query import Query
from layers.siting.passport import Passport
from layers.siting.results import findings
from layers.siting.sites import of_layer
from layers.store import embedded
from layers.text import Words

SAMPLES = 15
PASSPORT_S = 1.5
_READY = "Number(document.querySelector('.planner')?.dataset.ready ?? 0)"
_SLIDER = ".model-host input[type=range]"
_MOVED = """([selector, value]) => new Promise((done) => {
  const root = document.querySelector(".planner"), slider = document.querySelector(selector);
  const began = performance.now(), before = root.dataset.ready;
  const look = () => {
    if (root.dataset.ready === before) requestAnimationFrame(look);
    else done(performance.now() - began);
  };
  slider.value = value;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(look);
})"""


def painted() -> Result:
    """From the slider's event to the painted map, in milliseconds."""
    with chromium() as browser, serving("app.py") as server:
        samples = _samples(browser, server)
    note = "from the event of a slider to all tiles of the other model in sight, Chromium on the same cores"
    return median(
        "locator.slider_to_paint_ms", samples, "ms", note=f"{note}; {WINDOW['width']} x {WINDOW['height']} px"
    )


def _samples(browser: Browser, server: str) -> list[float]:
    page = browser.new_page(viewport=WINDOW, locale="ru-RU")  # type: ignore[arg-type]
    page.goto(f"{server}/?page=site")
    page.wait_for_function(f"{_READY} > 0", timeout=WAIT_MS)
    page.get_by_text(Words("ru")("site.mode_expert"), exact=True).click()
    page.wait_for_selector(_SLIDER, timeout=WAIT_MS)
    page.wait_for_timeout(2000)
    values = [10 + number % 2 * 5 + number for number in range(SAMPLES + 2)]
    return [float(page.evaluate(_MOVED, [_SLIDER, value])) for value in values][2:]


def passport() -> list[Result]:
    """A passport as PDF and as a page, after the first of a process."""
    store, query, words = embedded(), Query(), Words("ru")
    best = of_layer(findings(store, query), "site_plots")[0]
    samples: dict[str, list[float]] = {"pdf": [], "html": []}
    for _ in range(SAMPLES):
        for kind, taken in samples.items():
            began = time.perf_counter()
            getattr(Passport.of(store, query, best.pick, words), kind)()
            taken.append(time.perf_counter() - began)
    note = "two pages with two maps, then legend and sources; the first of a process is not counted"
    made = median("locator.passport_s", samples["pdf"][1:], "s", note=f"PDF; {note}")
    goal = Goal(f"at most {PASSPORT_S} s", made.value <= PASSPORT_S)
    first = Result(
        "locator.passport_first_s", samples["pdf"][0], "s", note="the first of a process, one sample"
    )
    page = median("locator.passport_html_s", samples["html"][1:], "s", note=f"as a page; {note}")
    return [Result(made.id, made.value, made.unit, goal=goal, note=made.note), page, first]
