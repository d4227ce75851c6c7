"""The editor of a suitability model on a small page of its own, for the tests of it.

The bundle is the built one; the server is a handful of answers, the map beside the editor a stub that writes
down what it is asked to try.
"""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, Page, Route

from geo.siting import Model
from layers.furniture import ASSETS
from layers.text import Words

ORIGIN = "http://localhost:9"
RU = Words("ru")
LIGHT = {"background": "#F3F1EB", "text": "#1C272D", "primary": "#0B5C7A", "link": "#0B5C7A"}
DARK = {"background": "#161E22", "text": "#E6EAEC", "primary": "#287D9B", "link": "#7CC6DC"}
SOURCE = {"title": "Стратегия развития Томской области", "facts": "2023", "href": "https://example.org/a"}
RAIL, PLANTS, TRIP, PEOPLE, COVER = (
    "distance.railways",
    "distance.power_plants",
    "minutes.tomsk",
    "people.60",
    "classes.cover",
)


def measure(title: str, unit: str, factor: float, high: float, **more: Any) -> dict[str, Any]:
    return {
        "title": title,
        "unit": unit,
        "factor": factor,
        "decimals": 1 if factor != 1 else 0,
        "low": 0,
        "high": high,
        "classes": None,
        "histogram": f"/site/histogram?high={high}",
        **more,
    }


CLASSES = [[1, "Лес"], [2, "Поле"], [3, "Болото"]]
MEASURES = {
    RAIL: measure("Расстояние до железной дороги", "км", 0.001, 40_000),
    PLANTS: measure("Расстояние до электростанции с известной мощностью", "км", 0.001, 60_000),
    TRIP: measure("Время в пути до Томска", "мин", 1, 180),
    PEOPLE: measure("Людей в 60 минутах пути", "тыс. чел.", 0.001, 800_000),
    "slope.relief": measure("Уклон местности", "%", 1, 30),
    "density.monuments.5000": measure("Памятников на квадратный километр", "на км²", 1, 5),
    COVER: measure("Земной покров", "", 1, 4, classes=CLASSES, histogram=None),
}


def line(*points: tuple[float, float]) -> dict[str, Any]:
    return {"kind": "linear" if len(points) == 2 else "piecewise", "points": [list(p) for p in points]}


def criterion(name: str, weight: float, value: dict[str, Any]) -> dict[str, Any]:
    reason = "Готовую продукцию и сырьё возят вагонами: ветка длиннее двадцати километров не окупается."
    return {"measure": name, "weight": weight, "value": value, "reason": reason, "sources": [SOURCE]}


def given(**changes: Any) -> dict[str, Any]:
    """What the page hands to the editor."""
    model = {
        "criteria": [
            criterion(RAIL, 40, line((0, 1), (20_000, 0))),
            criterion(TRIP, 30, line((0, 1), (60, 0.8), (150, 0))),
            criterion(PEOPLE, 20, {"kind": "sigmoid", "points": [[200_000, 0.5], [500_000, 0.95]]}),
            criterion(COVER, 10, {"kind": "categorical", "points": [[1, 0.5], [2, 1]]}),
        ],
        "limits": [{"norm": "water-river", "extra": 0}],
        "requirements": [{"measure": TRIP, "low": None, "high": 90}],
        "needs": {"power_kw": 5000, "gas_m3h": None},
        "attitude": 1,
        "threshold": 0.7,
        "least_ha": 10,
        "name": "Лесопилка (проба)",
    }
    norms = {
        "water-river": {
            "title": "Водоохранная зона реки",
            "distance_m": 200,
            "clause": "Водный кодекс РФ, ст. 65, ч. 4",
            "note": "Ширина зависит от длины реки.",
            "sources": [SOURCE],
        },
        "heritage": {
            "title": "Защитная зона памятника",
            "distance_m": 100,
            "clause": "73-ФЗ, ст. 34.1",
            "note": "",
            "sources": [],
        },
    }
    offered = [
        {"title": "Транспорт", "measures": [RAIL, TRIP]},
        {"title": "Энергия", "measures": [PLANTS]},
        {"title": "Люди и земля", "measures": [PEOPLE, "slope.relief", "density.monuments.5000", COVER]},
    ]
    return {
        "lang": "ru",
        "heard": 0,
        "strings": RU.table("model"),
        "model": model,
        "measures": MEASURES,
        "offered": offered,
        "norms": norms,
        **changes,
    }


def shell(theme: dict[str, str], width: int) -> str:
    """A page with the editor as the side bar of the app holds it."""
    colours = "".join(f"--st-{name}-color:{value};" for name, value in theme.items())
    return f"""<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Модель</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="stylesheet" href="/assets/model.css">
      <style>
        @font-face {{ font-family: Golos; font-weight: 400 900; unicode-range: U+0400-04FF;
          src: url(/assets/fonts/golos-text-cyrillic-wght-normal.woff2); }}
        @font-face {{ font-family: Golos; font-weight: 400 900;
          src: url(/assets/fonts/golos-text-latin-wght-normal.woff2); }}
        body {{ margin: 0; font: 15px/1.5 Golos, sans-serif; {colours}
          background: {theme["background"]}; color: {theme["text"]}; }}
        main {{ width: {width}px; max-width: 100%; box-sizing: border-box; padding: 12px 16px; }}
      </style></head>
      <body><main><h2 hidden>Модель</h2><div class="model-host"></div></main><script type="module">
        import {{ component }} from "/assets/model.js";
        globalThis.said = []; globalThis.tried = [];
        globalThis.planner = {{ live: {{ preview: (text) => tried.push(text) }} }};
        globalThis.give = (data) => component({{ data, parentElement: document.querySelector("main"),
          setTriggerValue: (name, value) => said.push({{ name, ...value }}) }});
      </script></body></html>"""


def histogram(high: float) -> dict[str, Any]:
    counts = [round(900 * n / 16 if n < 16 else 900 * math.exp((16 - n) / 14)) for n in range(64)]
    return {"low": 0, "high": high, "counts": counts, "unknown": 0.12}


class Desk:
    """A page with the editor, and what it said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.trouble: list[str] = []
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", lambda m: self.trouble.append(m.text) if m.type in ("error", "warning") else None)

    def give(self, data: dict[str, Any]) -> "Desk":
        self.page.wait_for_function("Boolean(globalThis.give)")
        self.page.evaluate("(data) => { globalThis.end = give(data); }", data)
        return self

    @property
    def said(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("said")
        return found

    @property
    def tried(self) -> list[str]:
        found: list[str] = self.page.evaluate("tried")
        return found

    def told(self, number: int = 1) -> Model:
        """What was said last, once so much has been said; its text is the canonical one."""
        self.page.wait_for_function(f"said.length >= {number}")
        last = self.said[-1]
        assert last["name"] == "did"
        assert last["number"] == len(self.said) == number
        model = Model.parse(last["model"])
        assert model.text() == last["model"]
        return model

    def row(self, name: str) -> Locator:
        return self.page.locator(f'.model-item[data-measure="{name}"]')

    def open(self, name: str) -> Locator:
        """A criterion, opened."""
        self.row(name).locator(".model-title").click()
        return self.row(name)

    def slide(self, slider: Locator, share: float) -> None:
        """Drag the thumb of a slider to a share of its length."""
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box
        y = box["y"] + box["height"] / 2
        at = float(slider.evaluate("(n) => (n.value - n.min) / (n.max - n.min)"))
        self.page.mouse.move(box["x"] + 8 + at * (box["width"] - 16), y)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 8 + (at + share) / 2 * (box["width"] - 16), y, steps=4)
        self.page.mouse.move(box["x"] + 8 + share * (box["width"] - 16), y, steps=4)


def desks(chromium: Browser) -> Iterator[Callable[..., Desk]]:
    """Opens the editor on a page of its own: `make(data, width=, dark=, ...)`."""
    contexts = []

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            asked = parse_qs(urlsplit(route.request.url).query)
            theme = DARK if "dark" in asked else LIGHT
            route.fulfill(body=shell(theme, int(asked["width"][0])), content_type="text/html; charset=utf-8")
        elif path.startswith("/site/histogram"):
            high = float(parse_qs(urlsplit(route.request.url).query)["high"][0])
            route.fulfill(body=json.dumps(histogram(high)), content_type="application/json")
        elif path.startswith("/assets/"):
            route.fulfill(path=ASSETS / path.removeprefix("/assets/"))
        else:
            route.fulfill(status=404)

    def make(
        data: dict[str, Any] | None = None, width: int = 320, *, dark: bool = False, **more: Any
    ) -> Desk:
        options = {"viewport": {"width": width, "height": 900}, "locale": "ru-RU", **more}
        context = chromium.new_context(color_scheme="dark" if dark else "light", **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        context.route(f"{ORIGIN}/**", answer)
        made = Desk(context.new_page())
        made.page.goto(f"{ORIGIN}/?width={width}{'&dark=1' if dark else ''}")
        return made.give(data or given())

    yield make
    for context in contexts:
        context.close()
