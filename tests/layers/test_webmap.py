"""The map: what the live page is given, and the saved page that needs no network."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import folium
import pytest

from geo.shape import Shape
from layers import webmap
from layers.catalog import LANGUAGES, Catalogue, Language
from layers.feature import card, drawn, placed
from layers.furniture import OVERVIEW, AssetsMissing, counts, furniture, version
from layers.query import Condition, Query
from layers.sought import Sought
from layers.store import EmbeddedStore
from layers.view import OwnMap, Placed, View
from layers.webmap import WebMap, build

HOSTILE = "</script><img src=x onerror=alert(1)><!-- \u2028 \u2029 ]]>"
SMALL = View(layers=(Placed(id="rivers"), Placed(id="projects", opacity=0.6)))
MEDICAL = Query(conditions=(Condition(field="park", values=("medical",)),))


@pytest.fixture(scope="module")
def saved(store: EmbeddedStore) -> str:
    return build(store, SMALL, inline=True).page()


def test_it_is_a_folium_map(store: EmbeddedStore, catalogue: Catalogue) -> None:
    web_map = build(store, View.default(catalogue))
    assert isinstance(web_map, folium.Map)
    assert (web_map.default_js, web_map.default_css) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_versioned_address_and_no_record_is_inline(
    store: EmbeddedStore, catalogue: Catalogue, language: Language
) -> None:
    view = View.default(catalogue, language)
    spec = build(store, view).spec()
    paths = {
        "furniture": "/map/furniture.json",
        "features": "/map/features/{layer}.geojson",
        "overview": "/map/features/{layer}.geojson",
        "card": "/map/card/{pick}",
    }
    for key, path in paths.items():
        address = urlsplit(spec[key])
        assert address.path == path
        assert parse_qs(address.query) == {"lang": [language], "v": [version(store)]}
    text = json.dumps(spec, ensure_ascii=False, allow_nan=False)
    assert not [
        record
        for name in catalogue.layers
        for record in (*store.features(name)["name_ru"], *store.features(name)["name_en"])
        if record in text
    ]
    assert len(text) < 6_000


def test_a_toggle_changes_the_list_of_layers_alone(store: EmbeddedStore, catalogue: Catalogue) -> None:
    view = View.default(catalogue)
    before = build(store, view).spec()
    after = build(store, view.switched("heritage", True, catalogue)).spec()
    assert [part for part in after.pop("on") if part["id"] != "heritage"] == before.pop("on")
    assert after == before


def test_opacity_and_order_come_through(store: EmbeddedStore) -> None:
    assert build(store, SMALL).spec()["on"] == [
        {"id": "rivers", "opacity": 1.0},
        {"id": "projects", "opacity": 0.6},
    ]


def test_the_address_carries_the_query(store: EmbeddedStore) -> None:
    query = MEDICAL.model_copy(update={"year": 2020})
    spec = build(store, SMALL.model_copy(update={"query": query})).spec()
    asked = parse_qs(urlsplit(spec["features"]).query)
    assert (asked["f.park"], asked["year"]) == (["medical"], ["2020"])
    for key in ("furniture", "overview", "card"):
        assert set(parse_qs(urlsplit(spec[key]).query)) == {"lang", "v"}, key


def test_the_view_comes_through(store: EmbeddedStore) -> None:
    shape = Shape("circle", ((84.95, 56.48),), 5000.0)
    view = SMALL.model_copy(update={"at": (85.0, 56.5, 11.0), "selected": "projects/x", "shape": shape})
    spec = build(store, view).spec()
    assert (spec["at"], spec["pick"], spec["shape"]) == ([85.0, 56.5, 11.0], "projects/x", shape.text())
    bare = build(store, SMALL).spec()
    assert (bare["at"], bare["pick"], bare["shape"]) == (None, None, None)


def test_a_search_shows_at_first_what_it_found(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until an area is given, which is shown itself."""
    monkeypatch.setattr(webmap, "_FOUND", ("airports", "universities"))
    of_search = View.default(store.catalogue, page="site").model_copy(update={"layers": ()})
    west, south, east, north = build(store, of_search).spec()["first_sight"]
    left, low, right, high = store.features("universities").total_bounds
    assert west < left < right < east
    assert south < low < high < north
    assert build(store, SMALL).spec()["first_sight"] is None
    area = Query(sought=Sought(area=(84.9, 56.4, 85.1, 56.5)))
    assert build(store, of_search.model_copy(update={"query": area})).spec()["first_sight"] is None


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


def test_the_legend_counts_every_layer_as_the_filters_leave_it(
    store: EmbeddedStore, catalogue: Catalogue
) -> None:
    """Of layers that are off too: the panel tells how many records they would show."""
    for query in (Query(), MEDICAL, Query(year=2018)):
        told = build(store, SMALL.model_copy(update={"query": query})).spec()["legend"]
        assert told == {
            name: counts(store, name, query) for name in catalogue.layers if name in catalogue.recorded
        }


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


def spec_of(page: Tags) -> dict[str, Any]:
    """The spec with which the last script of a saved page mounts its map."""
    match = re.search(r"mount\(document\.getElementById\(\"[^\"]+\"\), (\{.*\})\);", page.scripts[-1], re.S)
    assert match
    spec: dict[str, Any] = json.loads(match[1])
    return spec


def plain(value: Any) -> Any:
    """A value as JSON brings it back."""
    return json.loads(json.dumps(value))


def test_the_saved_page_holds_records_and_cards(store: EmbeddedStore, saved: str) -> None:
    spec, layers = spec_of(Tags(saved)), store.catalogue.layers
    names = [part["id"] for part in spec["on"]]
    assert names == ["rivers", "projects"]
    assert spec["features"] == plain({n: drawn(store, layers[n], Query(), "ru") for n in names})
    assert spec["overview"] == plain({n: drawn(store, layers[n], Query(), "ru") for n in OVERVIEW})
    assert set(spec["card"]) == {f"{n}/{id_}" for n in names for id_ in store.features(n).index}
    pick = next(iter(spec["card"]))
    assert spec["card"][pick] == plain(card(store, *pick.split("/"), "ru"))
    assert spec["furniture"] == plain(furniture(store, "ru", only=(*names, *OVERVIEW)))


def test_the_saved_page_asks_for_nothing(saved: str) -> None:
    assert not re.search(r"/map/|/assets/", json.dumps(spec_of(Tags(saved))))


def test_the_saved_map_holds_what_its_filters_keep(store: EmbeddedStore) -> None:
    spec = build(store, SMALL.model_copy(update={"query": MEDICAL}), inline=True).spec()
    frame = store.query("projects", MEDICAL)
    assert [feature["id"] for feature in spec["features"]["projects"]["features"]] == list(
        placed(frame).index
    )
    assert {key.partition("/")[2] for key in spec["card"] if key.startswith("projects/")} == set(frame.index)
    whole = drawn(store, store.catalogue.layers["rivers"], Query(), "ru")
    assert spec["overview"]["rivers"] == whole


def test_a_saved_map_without_layers_is_still_a_map(store: EmbeddedStore) -> None:
    spec = build(store, View(layers=()), inline=True).spec()
    assert (spec["on"], spec["features"], spec["card"]) == ([], {}, {})
    assert set(spec["overview"]) == set(OVERVIEW) <= set(spec["furniture"]["parts"])


def test_hostile_text_cannot_leave_its_script(store: EmbeddedStore) -> None:
    web_map = build(store, SMALL)
    web_map.about = {**web_map.about, "pick": HOSTILE}
    web_map.page_title = HOSTILE
    page_text = web_map.page()
    page = Tags(page_text)
    assert "img" not in [tag for tag, _ in page.tags]
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert "\u2028" not in page_text.split('type="module"')[-1]
    assert spec_of(page)["pick"] == HOSTILE


def test_missing_assets_are_named(store: EmbeddedStore, tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match="make setup"):
        build(store, SMALL).page(tmp_path)


def test_fonts_are_written_into_the_saved_page(store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "a.woff2").write_bytes(b"letters")
    (tmp_path / "planner.css").write_text("@font-face{src:url('./fonts/a.woff2')}</style><i>")
    (tmp_path / "planner.js").write_text("globalThis.planner = '</script><i>';")
    page = build(store, SMALL).page(tmp_path)
    assert "url(data:font/woff2;base64,bGV0dGVycw==)" in page
    assert ".woff2" not in page
    assert "i" not in [tag for tag, _ in Tags(page).tags]


def test_two_maps_on_one_page_do_not_share_parts(store: EmbeddedStore) -> None:
    one, other = build(store, SMALL), build(store, View(layers=()))
    assert isinstance(one, WebMap)
    assert [len(web_map.spec()["on"]) for web_map in (one, other)] == [2, 0]
