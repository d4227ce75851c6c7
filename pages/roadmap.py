"""The board of the roadmap: measures by how they stand, the overdue first."""

import streamlit as st

from layers.programme import boards
from pages import _panel, _shell
from pages._board import content, show_board


def page() -> None:
    """Draw the page for the view in the address."""
    view, words, store = _shell.view(), _shell.words(), _shell.store()
    with st.sidebar:
        _panel.panel(view, words, folds=("filters",), searching=False)
    with st.container(key="document_wide"):
        st.title(words("roadmap.title"))
        st.caption(words("roadmap.intro"))
        items, found = content(view), len(boards.measures(store, view))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(words.count("roadmap.n", found))
            st.download_button(
                words("roadmap.download"),
                data=lambda: boards.book(store, view, "measures"),
                file_name="roadmap.xlsx",
                icon=":material/download:",
                on_click="ignore",
            )
        if not found:
            st.info(words("roadmap.nothing"))
        show_board("roadmap_board", items, view, chips=True)
