"""The map: its parts for the live page, and the saved page that needs no network."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import folium
import pytest

from geo.shape import Shape
from layers.catalog import LANGUAGES, Catalogue, Language
from layers.feature import placed
from layers.query import Condition, Query
from layers.store import EmbeddedStore
from layers.view import HOME, OwnMap, Placed, View
from layers.webmap import ASSETS, AssetsMissing, WebMap, build, icon_path

HOSTILE = "</script><img src=x onerror=alert(1)><!-- \u2028 \u2029 ]]>"
SMALL = View(layers=(Placed(id="rivers"), Placed(id="projects", opacity=0.6)))


@pytest.fixture(scope="module")
def saved(store: EmbeddedStore) -> str:
    return build(store, SMALL, inline=True).page()


def test_it_is_a_folium_map(store: EmbeddedStore, catalogue: Catalogue) -> None:
    web_map = build(store, View.default(catalogue))
    assert isinstance(web_map, folium.Map)
    assert (web_map.default_js, web_map.default_css) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_layer_has_an_address_and_no_record_inline(
    store: EmbeddedStore, catalogue: Catalogue, language: Language
) -> None:
    view = View.default(catalogue, language)
    spec = build(store, view).spec()
    assert [part["id"] for part in spec["layers"]] == [placed_.id for placed_ in view.layers]
    for part in [*spec["layers"], *spec["overview"]]:
        address = urlsplit(part["address"])
        assert address.path == f"/map/features/{part['id']}.geojson"
        assert parse_qs(address.query) == {"lang": [language], "v": [store.digest]}
        assert "data" not in part
        assert part["title"] == catalogue.layers[part["id"]].title[language]
    assert spec["cards"] is None
    assert spec["card"].startswith("/map/card/{pick}?")
    text = json.dumps(spec, ensure_ascii=False, allow_nan=False)
    names = [name for layer in view.layers for name in store.features(layer.id)["name_ru"] if len(name) > 15]
    assert not [name for name in names if name in text.replace("Томская агломерация: планировщик", "")]
    assert len(text) < 60_000


def test_a_toggle_changes_one_part_alone(store: EmbeddedStore, catalogue: Catalogue) -> None:
    view = View.default(catalogue)
    before = build(store, view).spec()
    after = build(store, view.switched("heritage", True, catalogue)).spec()
    assert [part for part in after["layers"] if part["id"] != "heritage"] == before["layers"]
    assert {k: v for k, v in after.items() if k != "layers"} == {
        k: v for k, v in before.items() if k != "layers"
    }


def test_opacity_and_order_come_through(store: EmbeddedStore) -> None:
    parts = build(store, SMALL).spec()["layers"]
    assert [(part["id"], part["opacity"]) for part in parts] == [("rivers", 1.0), ("projects", 0.6)]


def test_the_address_carries_the_query(store: EmbeddedStore) -> None:
    query = Query(conditions=(Condition(field="park", values=("medical",)),), year=2020)
    view = SMALL.model_copy(update={"query": query})
    spec = build(store, view).spec()
    for part in spec["layers"]:
        asked = parse_qs(urlsplit(part["address"]).query)
        assert (asked["f.park"], asked["year"]) == (["medical"], ["2020"])
    for part in spec["overview"]:
        assert set(parse_qs(urlsplit(part["address"]).query)) == {"lang", "v"}


def test_the_view_comes_through(store: EmbeddedStore) -> None:
    shape = Shape("circle", ((84.95, 56.48),), 5000.0)
    view = SMALL.model_copy(update={"at": (85.0, 56.5, 11.0), "selected": "projects/x", "shape": shape})
    spec = build(store, view).spec()
    assert (spec["at"], spec["pick"], spec["shape"]) == ([85.0, 56.5, 11.0], "projects/x", shape.text())
    bare = build(store, SMALL).spec()
    assert (bare["at"], bare["pick"], bare["shape"]) == (None, None, None)
    assert bare["home"] == list(HOME)


def test_the_embedded_base_asks_nothing_of_the_net(store: EmbeddedStore, catalogue: Catalogue) -> None:
    spec = build(store, View.default(catalogue)).spec()
    assert spec["base"] is None
    assert not re.search(r"https?://", json.dumps(spec))


@pytest.mark.parametrize(
    ("basemap", "own", "kind", "url"),
    [
        ("osm", None, "xyz", "https://tile.openstreetmap.org/{z}/{x}/{y}.png"),
        ("imagery", None, "xyz", "https://server.arcgisonline.com/"),
        ("own", "xyz||https://t.example/{z}/{x}/{y}.png", "xyz", "https://t.example/{z}/{x}/{y}.png"),
        (
            "own",
            "wmts||https://t.example/{TileMatrix}/{tilerow}/{TileCol}",
            "xyz",
            "https://t.example/{z}/{y}/{x}",
        ),
        ("own", "wms|ortho|https://t.example/wms", "wms", "https://t.example/wms"),
    ],
)
def test_online_bases(store: EmbeddedStore, basemap: Any, own: str | None, kind: str, url: str) -> None:
    own_map = OwnMap.parse(own) if own else None
    base = build(store, SMALL.model_copy(update={"basemap": basemap, "own_map": own_map})).spec()["base"]
    assert base["type"] == kind
    assert base["url"].startswith(url)
    assert base["options"]["attribution"]
    if kind == "wms":
        assert base["options"]["layers"] == "ortho"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_follows_the_style(store: EmbeddedStore, catalogue: Catalogue, language: Language) -> None:
    view = View(language=language, layers=tuple(Placed(id=name) for name in catalogue.layers))
    for part in build(store, view).spec()["layers"]:
        layer, told = catalogue.layers[part["id"]], part["legend"]
        assert told["count"] == told["total"] == len(store.features(layer.id))
        assert told["unplaced"] == told["count"] - len(placed(store.features(layer.id)))
        assert set(part["symbols"]) == {"", *layer.style.classes}
        assert {entry["key"] for entry in told["classes"]} <= set(part["symbols"])
        assert all(entry["label"] and entry["count"] > 0 for entry in told["classes"])


def test_the_legend_counts_what_filters_keep(store: EmbeddedStore) -> None:
    query = Query(conditions=(Condition(field="park", values=("medical",)),))
    part = build(store, SMALL.model_copy(update={"query": query})).spec()["layers"][1]
    assert part["legend"]["count"] == len(store.query("projects", query))
    assert [entry["key"] for entry in part["legend"]["classes"]] == ["medical"]
    assert part["legend"]["total"] == len(store.features("projects"))


class Tags(HTMLParser):
    """The tags of a page with their attributes, and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data


def test_the_saved_page_refers_to_nothing_outside(saved: str) -> None:
    page = Tags(saved)
    for tag, attrs in page.tags:
        assert not {"src", "srcset", "data"} & set(attrs), (tag, attrs)
        assert tag not in ("link", "iframe", "object", "embed", "base", "img"), (tag, attrs)
    # Inside the icons that styles carry as data, `url(%23x)` names a part of the icon itself.
    assert not re.search(
        r"@import|url\(\s*(?![\"']?(?:data:|#|%23))",
        "".join(re.findall(r"<style>(.*?)</style>", saved, re.S)),
    )
    assert not re.search(r"\bimport\s*[({\"']|\bimport\s+\w+\s+from", page.scripts[-1])


def test_the_saved_page_is_whole(saved: str) -> None:
    page = Tags(saved)
    assert [tag for tag, _ in page.tags].count("html") == 1
    assert all(script.strip() for script in page.scripts)
    assert [attrs.get("type") for tag, attrs in page.tags if tag == "script"] == ["module", "module"]
    assert "<title>" in saved
    assert "charset" in saved.lower()


def test_the_saved_page_holds_records_and_cards(store: EmbeddedStore, saved: str) -> None:
    last = Tags(saved).scripts[-1]
    match = re.search(r"mount\(document\.getElementById\(\"[^\"]+\"\), (\{.*\})\);", last, re.S)
    assert match
    spec = json.loads(match[1])
    for part in spec["layers"]:
        frame = placed(store.features(part["id"]))
        assert [feature["id"] for feature in part["data"]["features"]] == list(frame.index)
        assert "address" not in part
        assert all(f"{part['id']}/{id_}" in spec["cards"] for id_ in store.features(part["id"]).index)
    assert spec["card"] is None
    assert all("data" in part for part in spec["overview"])


def test_the_saved_map_holds_what_its_filters_keep(store: EmbeddedStore) -> None:
    query = Query(conditions=(Condition(field="park", values=("medical",)),))
    spec = build(store, SMALL.model_copy(update={"query": query}), inline=True).spec()
    kept = set(store.query("projects", query).index)
    assert {feature["id"] for feature in spec["layers"][1]["data"]["features"]} <= kept
    assert {key.partition("/")[2] for key in spec["cards"] if key.startswith("projects/")} == kept


def test_hostile_text_cannot_leave_its_script(store: EmbeddedStore) -> None:
    web_map = build(store, SMALL)
    web_map.chrome = {**web_map.chrome, "title": HOSTILE, "pick": HOSTILE}
    page_text = web_map.page()
    page = Tags(page_text)
    assert "img" not in [tag for tag, _ in page.tags]
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert "\u2028" not in page_text.split('type="module"')[-1]
    match = re.search(r"\), (\{.*\})\);", page.scripts[-1], re.S)
    assert match
    assert json.loads(match[1])["pick"] == HOSTILE


def test_missing_assets_are_named(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match="make setup"):
        build(store, SMALL).page(tmp_path)
    with pytest.raises(AssetsMissing, match="no-such-icon"):
        icon_path("no-such-icon", tmp_path)


def test_fonts_are_written_into_the_saved_page(store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "a.woff2").write_bytes(b"letters")
    (tmp_path / "planner.css").write_text("@font-face{src:url('./fonts/a.woff2')}</style><i>")
    (tmp_path / "planner.js").write_text("globalThis.planner = '</script><i>';")
    for icon in (ASSETS / "icons").iterdir():
        (tmp_path / "icons").mkdir(exist_ok=True)
        (tmp_path / "icons" / icon.name).write_bytes(icon.read_bytes())
    page = build(store, SMALL).page(tmp_path)
    assert "url(data:font/woff2;base64,bGV0dGVycw==)" in page
    assert ".woff2" not in page
    assert "i" not in [tag for tag, _ in Tags(page).tags]


def test_every_icon_has_an_outline(catalogue: Catalogue) -> None:
    for layer in catalogue.layers.values():
        for symbol in (layer.style.symbol, *layer.style.classes.values()):
            if symbol.icon:
                assert icon_path(symbol.icon).startswith("M")


def test_two_maps_on_one_page_do_not_share_parts(store: EmbeddedStore) -> None:
    one, other = build(store, SMALL), build(store, View(layers=()))
    assert isinstance(one, WebMap)
    assert [len(web_map.spec()["layers"]) for web_map in (one, other)] == [2, 0]
