"""The default view the usual way: plain folium with inline GeoJSON, shown by `st_folium` as it comes.

Everything that can be kept between runs is kept, and each record carries only what the planner's own map
receives, so that what remains is the cost of the method.
"""

from collections.abc import Callable
from typing import Any

import folium
import streamlit as st
from streamlit_folium import st_folium

from layers.catalog import Layer
from layers.feature import drawn
from layers.store import embedded
from layers.style import Symbol
from layers.view import HOME, View

TOGGLED = "projects"
LANGUAGE = "ru"


@st.cache_resource
def collection(layer: str) -> dict[str, Any]:
    store = embedded()
    return drawn(store, store.catalogue.layers[layer], View.default(store.catalogue).query, LANGUAGE)


def styler(layer: Layer) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def style(feature: dict[str, Any]) -> dict[str, Any]:
        symbol: Symbol = layer.style.classes.get(feature["properties"].get("c", ""), layer.style.symbol)
        return {
            "className": f"layer-{layer.id}",
            "color": symbol.colour,
            "weight": symbol.width,
            "fillOpacity": symbol.fill_opacity,
        }

    return style


def drawing(layers: list[Layer]) -> folium.Map:
    west, south, east, north = HOME
    drawn_map = folium.Map(tiles=None)
    drawn_map.fit_bounds([[south, west], [north, east]])
    for layer in layers:
        folium.GeoJson(
            collection(layer.id),
            name=layer.title[LANGUAGE],
            style_function=styler(layer),
            marker=folium.CircleMarker(radius=6),
        ).add_to(drawn_map)
    return drawn_map


catalogue = embedded().catalogue
shown = [catalogue.layers[placed.id] for placed in View.default(catalogue).layers]
st.session_state.setdefault("on_projects", st.query_params.get(TOGGLED) != "off")
on = st.checkbox(catalogue.layers[TOGGLED].title[LANGUAGE], key="on_projects")
st_folium(drawing([layer for layer in shown if on or layer.id != TOGGLED]))
