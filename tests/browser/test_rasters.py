"""Layers of tiles on the map, in a browser: drawn, tried, picked, missed; on a small page of their own."""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from layers.furniture import ASSETS, furniture
from layers.store import embedded
from tests.browser.model_desk import ORIGIN
from tests.browser.test_access import faults

RAMP = [
    ["#a50026", "0 %"],
    ["#ffffbf", ""],
    ["#1a9850", "100 %"],
    ["#9a9a9a", "Исключено", "plain"],
    ["#ffffbf", "Судить нельзя", "hatched"],
    ["#d9d9d9", "Нет данных", "plain"],
]
BOUNDS = [80.0, 55.0, 90.0, 60.0]
MAP = """<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Карта</title>
  <link rel="stylesheet" href="/assets/planner.css">
  <style>html, body { margin: 0; } #map { height: 700px; }</style></head>
  <body><main><div id="map"></div></main><script type="module">
    import "/assets/planner.js";
    globalThis.did = [];
    globalThis.start = (spec) => (globalThis.live = planner.mount(document.getElementById("map"), spec,
      { reports: true, side: null, did: (what) => did.push(what), moved() {}, opens: null }));
  </script></body></html>"""


def tile(colour: tuple[int, int, int]) -> bytes:
    """A PNG of one colour, 512 px wide."""
    row = b"\0" + bytes((*colour, 255)) * 512

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 512, 512, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(row * 512))
        + chunk(b"IEND", b"")
    )


def area(name: str, west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A feature: a rectangle that is called by its id."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "id": name,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"n": name},
    }


class Tiled:
    """A map with a layer of tiles; every tile that is asked for is held until it is let go, or answered."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.held: list[Route] = []
        self.areas: list[dict[str, Any]] = []
        self.holding = self.failing = False
        self.busy = self.late = 0
        page.route(f"{ORIGIN}/**", self.answer)
        page.goto(f"{ORIGIN}/")
        page.wait_for_function("Boolean(globalThis.start)")

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body=MAP, content_type="text/html; charset=utf-8")
        elif path.startswith("/assets/"):
            route.fulfill(path=ASSETS / path.removeprefix("/assets/"))
        elif self.late:
            self.late -= 1
            route.fulfill(status=503, headers={"Retry-After": "1"})
        elif path.startswith("/map/card/"):
            card = {"pick": path.removeprefix("/map/card/"), "layer": "", "title": path[-17:], "other": ""}
            more = {"rows": [], "position": "", "as_of": "", "sources": [], "halo": None, "centre": None}
            route.fulfill(json=card | more)
        elif path.startswith("/map/tiles/"):
            self.asked.append(route.request.url)
            if self.holding:
                self.held.append(route)
            else:
                self.let(route)
        else:
            route.fulfill(json={"type": "FeatureCollection", "features": self.areas})

    def let(self, route: Route) -> None:
        model = parse_qs(urlsplit(route.request.url).query)["model"][0]
        if self.failing:
            route.fulfill(status=500)
        elif self.busy:
            self.busy -= 1
            route.fulfill(status=503, headers={"Retry-After": "1"})
        else:
            route.fulfill(body=tile(COLOURS[model[-1]]), content_type="image/png")

    def let_go(self) -> None:
        self.holding = False
        for route in self.held:
            self.let(route)
        self.held = []

    def spec(self, model: str = "c:a*1", **changes: Any) -> dict[str, Any]:
        kept = furniture(embedded(), "ru", only=("districts",))
        part = {
            "id": "suitability",
            "title": "Пригодность",
            "geometry": "raster",
            "minZoom": 0,
            "bounds": BOUNDS,
            "side": None,
            "ramp": RAMP,
            "away": "только в приложении",
        }
        kept = {**kept, "small": [], "parts": {**kept["parts"], "suitability": part}}
        kept["groups"] = [*kept["groups"], {"title": "Площадка", "layers": ["suitability"]}]
        kept["order"] = [*kept["order"], "suitability"]
        tiles = f"/map/tiles/{{layer}}/{{z}}/{{x}}/{{y}}.png?net=1&{urlencode({'model': model, 'v': 'abc'})}"
        return {
            "furniture": kept,
            "features": "/map/features/{layer}.geojson",
            "overview": "/map/features/{layer}.geojson",
            "card": f"/map/card/{{pick}}?model={model}",
            "tiles": tiles,
            "base": None,
            "at": [84.95, 56.48, 9],
            "home": BOUNDS,
            "first": ["suitability"],
            "on": [{"id": "suitability", "opacity": 1}],
            "legend": {},
            **changes,
        }

    def start(self, **changes: Any) -> "Tiled":
        self.page.evaluate("(spec) => { start(spec); }", self.spec(**changes))
        self.settle()
        return self

    def settle(self) -> None:
        self.page.wait_for_function("live.root.dataset.ready && !live.loading")

    def ready(self) -> int:
        return int(self.page.evaluate("live.root.dataset.ready"))

    def colour(self) -> str:
        """Which tiles the map shows in its middle: all that are drawn there and seen."""
        found: str = self.page.evaluate(
            """() => [...document.querySelectorAll('.leaflet-rasters-pane .leaflet-layer')]
                .filter((node) => getComputedStyle(node).opacity === '1')
                .map((node) => new URL(node.querySelector('img.leaflet-tile-loaded').src))
                .map((address) => address.searchParams.get('model')).join()"""
        )
        return found


COLOURS = {"1": (200, 40, 40), "2": (40, 200, 40), "3": (40, 40, 200), "4": (120, 120, 120)}


@pytest.fixture
def tiled(chromium: Browser) -> Iterator[Tiled]:
    context = chromium.new_context(viewport={"width": 1000, "height": 700}, locale="ru-RU")
    context.set_default_timeout(30_000)
    yield Tiled(context.new_page())
    context.close()


def test_tiles_are_drawn_and_counted(tiled: Tiled) -> None:
    tiled.start()
    assert tiled.colour() == "c:a*1"
    path = urlsplit(tiled.asked[0]).path.split("/")
    assert path[3:5] == ["suitability", "8"]  # 512 px: one zoom less than the map's
    assert tiled.page.locator(".leaflet-rasters-pane img").first.evaluate("(n) => n.offsetWidth") == 512
    over = "(n) => Number(getComputedStyle(n).zIndex)"
    rasters, layers = (tiled.page.locator(f".leaflet-{p}-pane").evaluate(over) for p in ("rasters", "layers"))
    assert rasters < layers
    before = tiled.ready()
    tiled.page.evaluate("live.preview('c:a*2')")
    tiled.settle()
    assert tiled.colour() == "c:a*2"
    assert tiled.ready() == before + 1


def test_of_many_trials_the_last_is_shown_and_nothing_flickers(tiled: Tiled) -> None:
    tiled.start()
    tiled.holding = True
    tiled.asked.clear()
    for model in ("c:a*2", "c:a*3", "c:a*4"):
        tiled.page.evaluate(f"live.preview('{model}')")
    tiled.page.wait_for_timeout(200)
    models = {parse_qs(urlsplit(url).query)["model"][0] for url in tiled.asked}
    assert models == {"c:a*2"}
    assert tiled.colour() == "c:a*1"
    tiled.let_go()
    tiled.settle()
    models = {parse_qs(urlsplit(url).query)["model"][0] for url in tiled.asked}
    assert models == {"c:a*2", "c:a*4"}
    assert tiled.colour() == "c:a*4"
    assert tiled.page.locator(".leaflet-rasters-pane .leaflet-layer").count() == 1


def test_the_next_spec_ends_a_trial_and_the_same_model_is_not_asked_for_again(tiled: Tiled) -> None:
    tiled.start()
    tiled.page.evaluate("live.preview('c:a*2')")
    tiled.settle()
    asked = len(tiled.asked)
    for model in ("c:a*1", "c:a*2"):
        tiled.page.evaluate("(spec) => live.update(spec, spec.furniture)", tiled.spec(model))
        tiled.settle()
        assert tiled.colour() == "c:a*2", "the same address as before, and then that of the trial"
    assert len(tiled.asked) == asked
    tiled.page.evaluate("(spec) => live.update(spec, spec.furniture)", tiled.spec("c:a*3"))
    tiled.settle()
    assert tiled.colour() == "c:a*3"


def test_a_click_picks_the_cell(tiled: Tiled) -> None:
    tiled.start()
    tiled.page.mouse.click(500, 350)
    expect(tiled.page.locator(".planner-card h2")).to_be_visible()
    assert tiled.page.evaluate("did.at(-1).pick").startswith("suitability/84.9")
    lon, lat = map(float, tiled.page.evaluate("did.at(-1).pick").split("/")[1].split("_"))
    assert (lon, lat) == pytest.approx((84.95, 56.48), abs=0.01)


def test_a_click_means_what_is_small_then_the_cell_then_the_ground(tiled: Tiled) -> None:
    tiled.areas = [area("ground", 80.0, 55.0, 90.0, 60.0), area("plot", 84.93, 56.47, 84.97, 56.49)]
    tiled.start(on=[{"id": "districts", "opacity": 1}, {"id": "suitability", "opacity": 1}])
    tiled.page.wait_for_function("live.layers.get('districts').byId.size === 2")
    card, also = tiled.page.locator(".planner-card h2"), tiled.page.locator(".planner-others li button")

    tiled.page.mouse.click(300, 500)
    expect(card).to_have_text(re.compile(r"^\d+\.\d+_\d+\.\d+$"))
    assert also.all_text_contents() == ["ground"]

    tiled.page.mouse.click(500, 350)
    expect(card).to_have_text(re.compile("districts/plot$"))
    assert also.all_text_contents() == ["Пригодность", "ground"]


def test_tiles_that_fail_are_told_once_and_can_be_asked_for_again(tiled: Tiled) -> None:
    tiled.failing = True
    tiled.start()
    notice = tiled.page.locator(".planner-notice")
    expect(notice).to_contain_text("Пригодность")
    notice.get_by_role("button", name="Закрыть").click()
    tiled.page.evaluate("live.preview('c:a*2')")
    tiled.settle()
    expect(notice).to_be_hidden()
    tiled.page.evaluate("(spec) => live.update(spec, spec.furniture)", tiled.spec("c:a*3"))
    tiled.settle()
    tiled.failing = False
    notice.get_by_role("button", name="Повторить").click()
    tiled.settle()
    assert tiled.colour() == "c:a*3"


def test_tiles_that_are_being_made_are_asked_for_again_in_silence(tiled: Tiled) -> None:
    tiled.busy = 40
    tiled.start()
    assert tiled.colour() == "c:a*1"
    assert tiled.busy == 0
    expect(tiled.page.locator(".planner-notice")).to_be_hidden()
    tiled.busy = 10**6
    tiled.page.evaluate("(spec) => live.update(spec, spec.furniture)", tiled.spec("c:a*2"))
    tiled.page.wait_for_timeout(1500)
    assert tiled.colour() == "c:a*1"
    expect(tiled.page.locator(".planner-notice")).to_be_hidden()
    tiled.page.evaluate("(spec) => live.update(spec, spec.furniture)", tiled.spec("c:a*2", on=[]))
    tiled.page.wait_for_timeout(1200)
    asked = len(tiled.asked)
    tiled.page.wait_for_timeout(2500)
    assert len(tiled.asked) == asked  # what is no longer wanted is not asked for again
    expect(tiled.page.locator(".planner-notice")).to_be_hidden()


def test_a_tile_that_was_made_meanwhile_comes(tiled: Tiled) -> None:
    tiled.busy = 1
    tiled.start()
    assert tiled.colour() == "c:a*1"
    expect(tiled.page.locator(".planner-notice")).to_be_hidden()


def test_features_that_are_being_made_are_asked_for_again(tiled: Tiled) -> None:
    tiled.areas = [area("plot", 84.93, 56.47, 84.97, 56.49)]
    tiled.late = 2
    tiled.start(on=[{"id": "districts", "opacity": 1}])
    tiled.page.wait_for_function("live.layers.get('districts').byId.has('plot')")
    assert tiled.late == 0
    expect(tiled.page.locator(".planner-notice")).to_be_hidden()


def test_the_legend_has_the_ramp_and_its_classes(tiled: Tiled) -> None:
    tiled.start()
    legend = tiled.page.locator(".planner-legend")
    expect(legend.locator(".planner-ramp-labels span")).to_have_text(["0 %", "100 %"])
    expect(legend.locator(".planner-hatched")).to_have_count(1)
    expect(legend).to_contain_text("Исключено")
    assert faults(tiled) == []
    legend.get_by_label("Пригодность").first.uncheck()
    expect(legend.locator(".planner-ramp")).to_have_count(0)
    assert tiled.page.locator(".leaflet-rasters-pane .leaflet-layer").count() == 0
    legend.get_by_label("Пригодность").first.check()
    tiled.settle()
    assert tiled.colour() == "c:a*1"


def test_a_page_without_a_server_says_that_the_layer_is_not_there(tiled: Tiled) -> None:
    tiled.start(tiles=None)
    row = tiled.page.locator('[data-layer="suitability"]')
    expect(row).to_contain_text("только в приложении")
    expect(row.locator("input")).to_be_disabled()
    assert tiled.asked == []


SPLIT = {"mode": "swipe", "before": "До", "after": "После"}


def test_tiles_of_a_side_are_drawn_on_that_side_only(tiled: Tiled) -> None:
    spec = tiled.spec(split=SPLIT, only="after", beside={"only": "before"})
    spec["furniture"]["parts"]["suitability"]["side"] = "after"
    tiled.page.evaluate("(spec) => { start(spec); }", spec)
    tiled.settle()
    assert tiled.page.evaluate("[live, live.twin.twin].map((one) => one.layers.has('suitability'))") == [
        True,
        False,
    ]
    edge = "getComputedStyle(live.twin.twin.area).clipPath"
    assert tiled.page.evaluate(edge) == "inset(0px 50% 0px 0px)"
    tiled.page.locator(".planner-curtain").press("Home")
    assert tiled.page.evaluate(edge) == "inset(0px 100% 0px 0px)"


def test_a_model_is_tried_on_both_sides_unless_the_left_has_its_own(tiled: Tiled) -> None:
    own = tiled.spec(model="c:a*3")
    tiled.start(split=SPLIT, beside={"tiles": own["tiles"], "on": own["on"]})
    tiled.page.evaluate("live.preview('c:a*2')")
    tiled.page.wait_for_function("!live.loading && !live.twin.twin.loading")
    assert tiled.colour() == "c:a*2,c:a*3"


def test_two_maps_try_the_same_model(tiled: Tiled) -> None:
    tiled.start(split={**SPLIT, "mode": "side"}, beside={})
    tiled.page.evaluate("live.preview('c:a*2')")
    tiled.page.wait_for_function("!live.loading && !live.twin.twin.loading")
    assert tiled.colour() == "c:a*2,c:a*2"
