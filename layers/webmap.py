"""The interactive map: one folium map built from a view, shown live or saved as one file.

folium defines what is on the map. Live, the page hands `WebMap.spec()` to its map component, which diffs
layers in place and fetches their features by address; saved, folium renders the same spec together with
every script, style and record into one page that needs no network.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import folium
from branca.element import Element
from folium.template import Template

from geo.crs import displayed_systems
from layers.catalog import Language, Layer
from layers.feature import card, class_value, drawn, placed
from layers.store import Store
from layers.style import SHAPES, STATE_DASHES, STATE_FILLS, Symbol
from layers.text import Words
from layers.view import HOME, ZOOMS, View

ASSETS = Path(__file__).resolve().parent.parent / "build" / "web"
"""Where set-up puts the scripts, styles, fonts and icons of the map."""

OSM = ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors", 19)
IMAGERY = (
    "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
    "Esri, Maxar, Earthstar Geographics",
    18,
)
_HOME_ZOOM = 9.5
_OVERVIEW = ("districts", "rivers")


class AssetsMissing(RuntimeError):
    """The web assets have not been put in place: `make` does that."""


class FeatureLayer(folium.map.Layer):
    """A layer of the catalogue on a folium map: drawn from an address, or from records carried along."""

    _template = Template("")

    def __init__(self, part: dict[str, Any]) -> None:
        super().__init__(name=part["title"], overlay=True, control=False)
        self.part = part


class WebMap(folium.Map):
    """A folium map whose page loads nothing from elsewhere and is drawn by the project's own script."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{ this.chrome.title | e }}</title>
            <style>html,body{height:100%;margin:0}#{{ this.get_name() }}{height:100vh}</style>
            <style>{{ this.page_css }}</style>
        {% endmacro %}
        {% macro html(this, kwargs) %}
            <div id="{{ this.get_name() }}" class="planner-host"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            </script><script type="module">{{ this.page_js }}</script><script type="module">
            globalThis.planner.mount(document.getElementById("{{ this.get_name() }}"), {{ this.page_spec }});
        {% endmacro %}
        """
    )

    def __init__(self, view: View, chrome: dict[str, Any]) -> None:
        west, south, east, north = HOME
        lon, lat, zoom = view.at or ((west + east) / 2, (south + north) / 2, _HOME_ZOOM)
        super().__init__(location=[lat, lon], zoom_start=round(zoom), tiles=None, zoom_control=False)
        self.default_js, self.default_css = [], []
        self.chrome = chrome
        self.page_css = self.page_js = self.page_spec = ""

    def spec(self) -> dict[str, Any]:
        """The parts of this map for the script that draws it: chrome, base, layers (the lowest first)."""
        children = list(self._children.values())
        bases = [child for child in children if isinstance(child, folium.TileLayer | folium.WmsTileLayer)]
        layers = [child.part for child in children if isinstance(child, FeatureLayer)]
        return {**self.chrome, "base": _tiles(bases[0]) if bases else None, "layers": layers}

    def render(self, **kwargs: Any) -> str:
        """Put this map into its page; the parts are drawn from the spec, not by scripts of their own."""
        figure: Any = self.get_root()
        macros = self._template.module.__dict__
        for macro, place in (("header", figure.header), ("html", figure.html), ("script", figure.script)):
            place.add_child(Element(macros[macro](self, kwargs)), name=f"planner_{macro}")
        return ""

    def page(self, assets: Path = ASSETS) -> str:
        """This map as one HTML page with everything inside. Raises `AssetsMissing`."""
        css, script = (_asset(assets, name) for name in ("planner.css", "planner.js"))
        self.page_css = _inlined(css, assets).replace("</style", "<\\/style")
        self.page_js = script.replace("</script", "<\\/script")
        text = json.dumps(self.spec(), ensure_ascii=False, separators=(",", ":"))
        self.page_spec = (
            text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        )
        page: str = self.get_root().render()
        # folium's Figure opens a bare <script> before ours: its emptied pair is dropped.
        return re.sub(r"<script>\s*</script>", "", page)


def _tiles(child: Any) -> dict[str, Any]:
    if isinstance(child, folium.WmsTileLayer):
        return {"type": "wms", "url": child.url, "options": dict(child.options)}
    return {"type": "xyz", "url": child.tiles, "options": {"maxZoom": ZOOMS[1], **dict(child.options)}}


def build(store: Store, view: View, *, inline: bool = False) -> WebMap:
    """The map of a view. With `inline`, features and cards travel along; else they are fetched by address."""
    web_map = WebMap(view, _chrome(store, view, inline=inline))
    if base := _base(view):
        web_map.add_child(base)
    for layer_placed in view.layers:
        layer = store.catalogue.layers[layer_placed.id]
        web_map.add_child(FeatureLayer(_part(store, layer, view, layer_placed.opacity, inline=inline)))
    return web_map


def _base(view: View) -> folium.map.Layer | None:
    if view.basemap == "own" and view.own_map:
        own = view.own_map
        if own.kind == "wms":
            return folium.WmsTileLayer(
                url=own.url, layers=own.layer, fmt="image/png", transparent=True, attr=own.url
            )
        template = own.url
        for mark, name in (("TileMatrix", "z"), ("TileRow", "y"), ("TileCol", "x")):
            template = re.sub(rf"\{{{mark}\}}", f"{{{name}}}", template, flags=re.IGNORECASE)
        return folium.TileLayer(tiles=template, attr=own.url.split("/")[2])
    known = {"osm": OSM, "imagery": IMAGERY}.get(view.basemap)
    if known is None:
        return None
    url, credit, deepest = known
    return folium.TileLayer(tiles=url, attr=credit, max_native_zoom=deepest)


def feature_params(store: Store, view: View) -> dict[str, str]:
    """What an address of features must carry so that it may be cached for ever."""
    return {"lang": view.language, **view.query.params(), "v": store.digest}


def _part(store: Store, layer: Layer, view: View, opacity: float, *, inline: bool) -> dict[str, Any]:
    style = layer.style
    symbols = {key: _symbol(symbol) for key, symbol in {"": style.symbol, **style.classes}.items()}
    part: dict[str, Any] = {
        "id": layer.id,
        "title": layer.title[view.language],
        "geometry": layer.geometry,
        "opacity": opacity,
        "symbols": symbols,
        "minZoom": style.min_zoom,
        "labels": style.label_zoom if style.label else None,
        "legend": legend(store, layer, view),
    }
    if inline:
        part["data"] = drawn(store, layer, view.query, view.language)
    else:
        part["address"] = f"/map/features/{layer.id}.geojson?{urlencode(feature_params(store, view))}"
    return part


def legend(store: Store, layer: Layer, view: View) -> dict[str, Any]:
    """The entries of a layer in the legend, counted over the records that the query keeps.

    Classes without a record are left out; `states` lists the states present where the style shows them.
    """
    frame, style, language = store.query(layer.id, view.query), layer.style, view.language
    entries = []
    if style.field and style.classes:
        keys = frame[style.field].map(lambda value: style.class_of(class_value(value))).value_counts()
        field = store.catalogue.fields[style.field]
        for key in [*style.classes, ""]:
            if count := int(keys.get(key, 0)):
                label = (
                    _class_label(store, layer, key, language)
                    if key
                    else Words(language)("legend.other", field=field.title[language].lower())
                )
                entries.append({"key": key, "label": label, "count": count})
    states = []
    if style.state:
        present = set(frame["state"])
        words = store.catalogue.vocabularies["status"]
        names = {**{k: t[language] for k, t in words.items()}, "standing": Words(language)("state.standing")}
        states = [{"state": state, "label": label} for state, label in names.items() if state in present]
    unplaced = len(frame) - len(placed(frame))
    return {
        "count": len(frame),
        "total": len(store.features(layer.id)),
        "unplaced": unplaced,
        "classes": entries,
        "states": states if len(states) > 1 else [],
    }


def _class_label(store: Store, layer: Layer, key: str, language: Language) -> str:
    field = store.catalogue.fields[layer.style.field or ""]
    return (
        store.catalogue.word(field, key, language) if field.vocabulary else f"{field.title[language]} {key}"
    )


def _symbol(symbol: Symbol) -> dict[str, Any]:
    look = symbol.model_dump(exclude_none=True, exclude={"icon", "shape"})
    return {
        **look,
        "shape": SHAPES[symbol.shape],
        **({"icon": icon_path(symbol.icon)} if symbol.icon else {}),
    }


@cache
def icon_path(name: str, assets: Path = ASSETS) -> str:
    """The outline of a Phosphor icon (fill weight) in its box of 256 x 256."""
    return " ".join(re.findall(r'\bd="([^"]+)"', _asset(assets, f"icons/{name}-fill.svg")))


def _chrome(store: Store, view: View, *, inline: bool) -> dict[str, Any]:
    words = Words(view.language)
    params = feature_params(store, view)
    overview = [store.catalogue.layers[name] for name in _OVERVIEW]
    return {
        "title": words("app.title"),
        "language": view.language,
        "at": list(view.at) if view.at else None,
        "home": list(HOME),
        "zooms": list(ZOOMS),
        "strings": words.table("map"),
        "systems": [{"id": s.id, "name": s.name, "proj": s.proj} for s in displayed_systems()],
        "states": {"fills": STATE_FILLS, "dashes": STATE_DASHES},
        "overview": [
            _part(
                store,
                layer,
                view.model_copy(
                    update={"query": view.query.model_copy(update={"conditions": (), "year": None})}
                ),
                1.0,
                inline=inline,
            )
            for layer in overview
        ],
        "pick": view.selected,
        "shape": view.shape.text() if view.shape else None,
        "card": None
        if inline
        else f"/map/card/{{pick}}?{urlencode({'lang': params['lang'], 'v': params['v']})}",
        "cards": _cards(store, view) if inline else None,
    }


def _cards(store: Store, view: View) -> Mapping[str, Any]:
    cards = {}
    for layer in view.layers:
        for id_ in store.query(layer.id, view.query).index:
            cards[f"{layer.id}/{id_}"] = card(store, layer.id, str(id_), view.language)
    return cards


def _asset(assets: Path, name: str) -> str:
    try:
        return (assets / name).read_text(encoding="utf-8")
    except OSError as fault:
        raise AssetsMissing(f"{name} is not in {assets.name}/: run `make setup`") from fault


def _inlined(css: str, assets: Path) -> str:
    """Styles whose fonts are written into the text itself."""

    def data(match: re.Match[str]) -> str:
        path = assets / match[1].split("?")[0].removeprefix("./")
        return f"url(data:font/woff2;base64,{b64encode(path.read_bytes()).decode()})"

    return re.sub(r"url\([\"']?((?:\./)?[\w./-]+\.woff2)[\"']?\)", data, css)
