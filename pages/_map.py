"""The map on a page: folium's spec handed to our component, and what the reader does handed back."""

from typing import Any

import streamlit as st

from layers.furniture import AssetsMissing
from layers.view import View
from layers.webmap import build
from pages import _shell
from pages._component import component

KEY = "planner_map"
_ON_MAP = ("on", "pick", "shape")
"""The entries of the address that the reader changes on the map itself."""


def show_map(view: View) -> None:
    """Mount or update the map of a view; what the reader does on it comes back into the view."""
    try:
        spec = build(_shell.store(), view).spec()
    except AssetsMissing:
        st.error(_shell.words()("app.no_assets"), icon=":material/build:")
        st.stop()
    heard = st.session_state.get("heard", 0)
    data = {**spec, "heard": heard, "goto": st.session_state.get("goto")}
    component("planner_map", "planner", "planner-host")(key=KEY, data=data, on_did_change=_follow)


def did() -> dict[str, Any]:
    """What the reader did last: its `number`, entries `on`, `pick`, `shape`, and a record to `open`."""
    state = st.session_state.get(KEY)
    return dict(getattr(state, "did", None) or {})


def _follow() -> None:
    """Bring what the reader did on the map into the view: layers, chosen record, shape, page of a project."""
    happened = did()
    if not happened:
        return
    st.session_state["heard"] = happened["number"]
    before = _shell.now()
    said = {key: str(happened[key]) for key in _ON_MAP}
    # What is beside is written as what differs from this view, which changes now.
    alone = before.model_copy(update={"beside": None})
    view = _shell.read({**alone.params(_shell.store().catalogue), **said})
    view = view.model_copy(update={"beside": before.beside})
    if view.shape != before.shape:
        view = view.model_copy(update={"panel": "report" if view.shape else "none"})
    if happened.get("open"):
        opened = {"page": "project", "selected": str(happened["open"]), "at": None}
        view = view.model_copy(update=opened)
    _shell.show(view)
