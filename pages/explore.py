"""The Explore page: the map, its panel on the left, its table or report below."""

import streamlit as st

from pages import _drawer, _panel, _shell
from pages._map import show_map


def page() -> None:
    """Draw the page for the view in the address."""
    view, words = _shell.view(), _shell.words()
    with st.container(key="map"):
        show_map(view)
    with st.sidebar:
        _panel.panel(view, words)
    _drawer.drawer(view, words)
