"""The interactive map: one folium map built from a view, shown live or saved as one file.

folium defines what is on the map. Live, the page hands `WebMap.spec()` to its map component, which diffs
layers in place and fetches their features by address; saved, folium renders the same spec together with
every script, style and record into one page that needs no network.
"""

import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import folium
from branca.element import Element
from folium.template import Template

from layers.beside import Sides, sides
from layers.catalog import Language, Layer
from layers.comparison import Comparison
from layers.feature import card, drawn
from layers.furniture import ASSETS, OVERVIEW, asset, counts, furniture, version
from layers.identity import identity
from layers.query import Query
from layers.siting.layers import UNUSABLE
from layers.siting.picture import picture
from layers.siting.results import findings
from layers.sought import Sought
from layers.store import Store, UnknownFeature
from layers.text import Words
from layers.view import HOME, ZOOMS, View, first_layers

OSM = ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors", 19)
IMAGERY = (
    "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
    "Esri, Maxar, Earthstar Geographics",
    18,
)
_HOME_ZOOM = 9.5
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob: https: http:; font-src data:; connect-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)
"""What a page that carries everything may do: run what is written in it, and show pictures of online maps."""
_FOUND = ("site_plots", "site_free")
"""The layers of the places that a search finds."""
_AROUND = 0.15
"""How much of its surroundings is shown of what was found, as a share of it on each side."""
_LEAST_DEG = 0.02


class FeatureLayer(folium.map.Layer):
    """A layer of the catalogue on a folium map, with its opacity (0..1)."""

    _template = Template("")

    def __init__(self, layer: Layer, opacity: float, language: Language) -> None:
        super().__init__(name=layer.title[language], overlay=True, control=False)
        self.part = {"id": layer.id, "opacity": opacity}


class WebMap(folium.Map):
    """A folium map whose page loads nothing from elsewhere and is drawn by the project's own script."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{ this.page_title | e }}</title>
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

    def __init__(self, view: View, about: dict[str, Any]) -> None:
        west, south, east, north = HOME
        lon, lat, zoom = view.at or ((west + east) / 2, (south + north) / 2, _HOME_ZOOM)
        super().__init__(location=[lat, lon], zoom_start=round(zoom), tiles=None, zoom_control=False)
        self.default_js, self.default_css = [], []
        self.about = about
        self.beside: WebMap | None = None
        self.page_title = Words(view.language)("app.title")
        self.page_css = self.page_js = self.page_spec = ""

    def spec(self) -> dict[str, Any]:
        """What the script that draws the map needs of this view: base, layers that are on (lowest first)."""
        children = list(self._children.values())
        bases = [child for child in children if isinstance(child, folium.TileLayer | folium.WmsTileLayer)]
        layers = [child.part for child in children if isinstance(child, FeatureLayer)]
        spec = {**self.about, "base": _tiles(bases[0]) if bases else None, "on": layers}
        return spec | ({"beside": self.beside.spec()} if self.beside else {})

    def render(self, **kwargs: Any) -> str:
        """Put this map into its page; the parts are drawn from the spec, not by scripts of their own."""
        figure: Any = self.get_root()
        macros = self._template.module.__dict__
        for macro, place in (("header", figure.header), ("html", figure.html), ("script", figure.script)):
            place.add_child(Element(macros[macro](self, kwargs)), name=f"planner_{macro}")
        return ""

    def page(self, assets: Path = ASSETS) -> str:
        """This map as one HTML page with everything inside. Raises `AssetsMissing`."""
        # Alone in its page it needs no name drawn by lot: the same map is the same page.
        self._id = "planner"
        css, script = (asset(name, assets) for name in ("planner.css", "planner.js"))
        self.page_css = inlined(css, assets) + accented()
        self.page_js = script.replace("</script", "<\\/script")
        text = json.dumps(self.spec(), ensure_ascii=False, separators=(",", ":"))
        self.page_spec = as_script(text)
        page: str = self.get_root().render()
        # folium's Figure opens a bare <script> before ours: its emptied pair is dropped.
        return re.sub(r"<script>\s*</script>", "", page)


def _tiles(child: Any) -> dict[str, Any]:
    if isinstance(child, folium.WmsTileLayer):
        return {"type": "wms", "url": child.url, "options": dict(child.options)}
    return {"type": "xyz", "url": child.tiles, "options": {"maxZoom": ZOOMS[1], **dict(child.options)}}


def build(store: Store, view: View, *, inline: bool = False) -> WebMap:
    """The map of a view. With `inline`, features and cards travel along; else they are fetched by address."""
    both = sides(store, view)
    about = _about(store, view) | _split(view, both)
    if inline:
        about |= _furnished(store, view)
    web_map = _map(store, view, about, inline=inline)
    if both and both.other:
        web_map.beside = _map(store, both.other, {}, inline=inline)
    return web_map


def _map(store: Store, view: View, about: dict[str, Any], *, inline: bool) -> WebMap:
    """The base and the layers of a view, and where what they show comes from."""
    web_map = WebMap(view, about | (_carried(store, view) if inline else _addresses(store, view)))
    if base := _base(view):
        web_map.add_child(base)
    for part in view.layers:
        web_map.add_child(FeatureLayer(store.catalogue.layers[part.id], part.opacity, view.language))
    return web_map


def _split(view: View, both: Sides | None) -> dict[str, Any]:
    """How the map is divided, with the names of both sides; `beside` is that in which the left differs."""
    if both is None:
        return {"split": None}
    split = {"mode": view.split, "before": both.before, "after": both.after}
    apart = {} if both.other else {"only": "after", "beside": {"only": "before"}}
    return {"split": split} | apart


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


def _about(store: Store, view: View) -> dict[str, Any]:
    """What of a view is neither its base nor its layers."""
    return {
        "at": list(view.at) if view.at else None,
        "pick": view.selected,
        "first": [placed.id for placed in first_layers(store.catalogue, view.page)],
        "shape": view.shape.text() if view.shape else None,
        "home": _home(store, view),
        "first_sight": _first_sight(store, view),
        "corridor": 0 if view.page == "reach" else None,
        "legend": {
            name: counts(store, name, view.query)
            for name, layer in store.catalogue.layers.items()
            if layer.follows == "records" or (layer.follows == "network" and view.is_on(name))
        },
    }


def first_bounds(store: Store, view: View) -> list[float]:
    """What the map of a view without a place shows (degrees)."""
    return _first_sight(store, view) or _home(store, view)


def _home(store: Store, view: View) -> list[float]:
    """What the map shows at first: the agglomeration; what differs on roads; the area that is searched."""
    if view.page == "site" and view.query.sought.area:
        return list(view.query.sought.area)
    boxes = [HOME]
    if view.page == "reach" and len(works := store.query("reach_works", view.query)):
        west, south, east, north = works.total_bounds.tolist()
        boxes.append((west, south, east, north))
    sides = list(zip(*boxes, strict=True))
    return [round(v, 4) for v in (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))]


def _first_sight(store: Store, view: View) -> list[float] | None:
    """What a search of the whole agglomeration shows at first: what it found, with its surroundings."""
    if view.page != "site" or view.query.sought.area:
        return None
    boxes = [found.total_bounds for name in _FOUND if len(found := store.query(name, view.query))]
    if not boxes:
        return None
    west, south = (min(box[side] for box in boxes) for side in (0, 1))
    east, north = (max(box[side] for box in boxes) for side in (2, 3))
    wide, high = (max(_LEAST_DEG, _AROUND * side) for side in (east - west, north - south))
    return [round(float(v), 4) for v in (west - wide, south - high, east + wide, north + high)]


def furniture_address(store: Store, language: Language) -> str:
    """Where the script fetches what surrounds every map of a language."""
    return f"/map/furniture.json?{urlencode({'lang': language, 'v': version(store)})}"


def _addresses(store: Store, view: View) -> dict[str, str]:
    """Where the script fetches the rest; each address names its version, so that answers may be kept."""
    fixed = urlencode({"lang": view.language, "v": version(store)})
    of_network = Comparison(network=view.query.comparison.network)
    plain = view.query.model_copy(update={"comparison": of_network, "sought": Sought()})
    asked = urlencode({"lang": view.language, **plain.params(), "v": version(store)})
    compared = {"lang": view.language, **view.query.params(), "v": version(store)}
    of_card = {
        "lang": view.language,
        **view.query.comparison.params(),
        **view.query.sought.params(),
        "v": version(store),
    }
    return {
        "furniture": furniture_address(store, view.language),
        "features": f"/map/features/{{layer}}.geojson?{asked}",
        "overview": f"/map/features/{{layer}}.geojson?{fixed}",
        "computed": f"/map/features/{{layer}}.geojson?{urlencode(compared)}",
        "card": f"/map/card/{{pick}}?{urlencode(of_card)}",
        "tiles": f"/site/tiles/{{layer}}/{{z}}/{{x}}/{{y}}.png?{tiles_query(store, view.query)}",
    }


def tiles_query(store: Store, query: Query) -> str:
    """What a tile follows from, as part of an address.

    The model is always named, so that another can be put in its place.
    """
    sought = query.sought.model_copy(update={"mine": ()})
    network = Comparison(network=query.comparison.network).params()
    return urlencode({**sought.params(), **network, "model": sought.model, "v": version(store)})


def _furnished(store: Store, view: View) -> dict[str, Any]:
    """What surrounds a map without a server, whatever its sides show."""
    only = (*view.shown, *OVERVIEW)
    small = {name: drawn(store, store.catalogue.layers[name], Query(), view.language) for name in OVERVIEW}
    return {"furniture": furniture(store, view.language, only=only), "overview": small}


def _carried(store: Store, view: View) -> dict[str, Any]:
    """The rest itself, for a page without a server: what is on, with its cards, and what is chosen."""
    placed, language = [part.id for part in view.layers], view.language
    on = [name for name in placed if store.catalogue.layers[name].geometry != "raster"]
    shown = {name: drawn(store, store.catalogue.layers[name], view.query, language) for name in on}
    cards = {
        f"{name}/{id_}": card(store, name, str(id_), language, view.query)
        for name in on
        for id_ in store.query(name, view.query).index
    }
    chosen = view.selected
    if chosen and chosen not in cards:
        try:
            layer, _, id_ = chosen.partition("/")
            cards[chosen] = card(store, layer, id_, language, view.query)
        except UnknownFeature:
            chosen = None
    pictures = {name: made for name in placed if name not in on and (made := _picture(store, view, name))}
    return {"features": shown, "card": cards, "pick": chosen, "pictures": pictures}


def _picture(store: Store, view: View, layer_id: str) -> dict[str, Any] | None:
    """A layer of tiles as one picture; None where the search cannot be answered, which the page says."""
    try:
        found, layer = findings(store, view.query), store.catalogue.layers[layer_id]
        made = found.kept(f"picture of {layer_id}", lambda: picture(found, layer))
    except UNUSABLE:
        return None
    address = f"data:image/png;base64,{b64encode(made.png).decode()}"
    return {"src": address, "bounds": [round(v, 6) for v in made.bounds]}


def as_script(text: str) -> str:
    """JSON that a page may hold within a script."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def accented() -> str:
    """Styles that give a page which carries everything the accent of the agency."""
    accent = identity().accent
    names = ("--st-primary-color", "--st-link-color", "--identity-accent")
    return f":root {{ {' '.join(f'{name}: {accent};' for name in names)} }}"


def inlined(css: str, assets: Path = ASSETS) -> str:
    """Styles for a page: fonts are written into the text itself, and nothing in it ends the styles."""

    def data(match: re.Match[str]) -> str:
        path = assets / match[1].split("?")[0].removeprefix("./")
        return f"url(data:font/woff2;base64,{b64encode(path.read_bytes()).decode()})"

    whole = re.sub(r"url\([\"']?((?:\./)?[\w./-]+\.woff2)[\"']?\)", data, css)
    return whole.replace("</style", "<\\/style")
