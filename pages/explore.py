"""The Explore page: the map, its panel on the left, its table or report below."""

import streamlit as st

from layers.furniture import AssetsMissing
from layers.webmap import build
from pages import _drawer, _panel, _shell
from pages._map import did, show_map

_ON_MAP = ("on", "pick", "shape")
"""The entries of the address that the reader changes on the map itself."""


def page() -> None:
    """Draw the page for the view in the address."""
    view, words = _shell.view(), _shell.words()
    with st.container(key="map"):
        try:
            spec = build(_shell.store(), view).spec()
        except AssetsMissing:
            st.error(words("app.no_assets"), icon=":material/build:")
            st.stop()
        heard = st.session_state.get("heard", 0)
        show_map({**spec, "heard": heard, "goto": st.session_state.get("goto")}, _follow)
    with st.sidebar:
        _panel.panel(view, words)
    _drawer.drawer(view, words)


def _follow() -> None:
    """Bring what the reader did on the map into the view: layers, chosen record, shape."""
    happened = did()
    if not happened:
        return
    st.session_state["heard"] = happened["number"]
    before = _shell.now()
    said = {key: str(happened[key]) for key in _ON_MAP}
    view = _shell.read({**before.params(_shell.store().catalogue), **said})
    if view.shape != before.shape:
        view = view.model_copy(update={"panel": "report" if view.shape else "none"})
    _shell.show(view)
