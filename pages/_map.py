"""The map on a page: folium's spec handed to our component, and what the reader does handed back."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from layers.furniture import assets_version

KEY = "planner_map"


@cache
def _component() -> Any:
    loader = Path(__file__).with_name("map_loader.js").read_text(encoding="utf-8")
    return st.components.v2.component(
        "planner_map",
        html='<div class="planner-host"></div>',
        js=loader.replace("VERSION", assets_version()),
        isolate_styles=False,
    )


def show_map(spec: dict[str, Any], on_did: Any) -> None:
    """Mount or update the map. `on_did` is called when the reader has picked a record or drawn a shape."""
    _component()(key=KEY, data=spec, on_did_change=on_did)


def did() -> dict[str, Any]:
    """What the reader did last: its `number`, and the entries `on`, `pick` and `shape` as it left them."""
    state = st.session_state.get(KEY)
    return dict(getattr(state, "did", None) or {})
