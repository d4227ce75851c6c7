"""The Explore page: the map with its panel on the left and its table or report below."""

from typing import Any

import streamlit as st

from geo.errors import ShapeError
from geo.shape import Shape
from layers.view import View
from layers.webmap import AssetsMissing, build
from pages import _drawer, _panel, _shell
from pages._map import did, show_map


def page() -> None:
    """Draw the page for the view in the address."""
    view, words = _shell.view(), _shell.words()
    with st.sidebar:
        _panel.panel(view, words)
    with st.container(key="map"):
        try:
            spec = build(_shell.store(), view).spec()
        except AssetsMissing:
            st.error(words("app.no_assets"), icon=":material/build:")
            st.stop()
        show_map({**spec, "goto": st.session_state.get("goto")}, _follow)
    _drawer.drawer(view, words)


def _follow() -> None:
    """Bring what the reader did on the map into the view."""
    happened: dict[str, Any] = did()
    changes: dict[str, Any] = {}
    if "pick" in happened:
        changes["selected"] = happened["pick"]
    if "shape" in happened:
        changes |= _shape_changes(happened["shape"])
    view: View = _shell.view()
    _shell.show(view.model_copy(update=changes))


def _shape_changes(text: str | None) -> dict[str, Any]:
    try:
        shape = Shape.parse(text) if text else None
    except ShapeError as fault:
        words = _shell.words()
        st.toast(words(f"shape_fault.{fault.code}"), icon=":material/error:")
        return {"shape": None}
    return {"shape": shape, "panel": "report" if shape else "none"}
