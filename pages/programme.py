"""The Programme page: headline figures and charts beside a map; each filters the others."""

import streamlit as st

from pages import _panel, _shell
from pages._board import content, show_board
from pages._map import show_map

_WIDTHS = (5, 8)


def page() -> None:
    """Draw the page for the view in the address."""
    view, words = _shell.view(), _shell.words()
    with st.sidebar:
        _panel.panel(view, words, folds=("year", "filters"))
    with st.container(key="document_wide"):
        st.title(words("programme.title"))
        st.caption(words("programme.intro"))
        beside, board = st.columns(_WIDTHS)
        with beside, st.container(key="inset"):
            show_map(view)
        with board:
            show_board("programme_board", content(view), view, chips=True)
