"""Choosing a year: the present, or a year on a slider."""

from collections.abc import Callable

import streamlit as st

from layers.text import Words
from layers.view import View
from pages import _shell

YEARS = (2005, 2036)
_FIRST = YEARS[0] + (YEARS[1] - YEARS[0]) * 2 // 3
"""The year that is shown when one is asked for."""


def choose(name: str, year: int | None, put: Callable[[View, int | None], View], words: Words) -> None:
    """Show the year of a view, and bring into the view what is chosen instead; `name` tells widgets apart."""
    key = _shell.held(f"by_{name}", year is not None)
    st.toggle(
        words("panel.by_year"), key=key, help=words("panel.year_help"),
        on_change=_shell.changing(key, lambda v, on: put(v, _FIRST if on else None)),
    )  # fmt: skip
    if year is None:
        st.caption(words("panel.year_now"))
        return
    key = _shell.held(name, year)
    low, high = min(YEARS[0], year), max(YEARS[1], year)
    st.slider(
        words("panel.year"), low, high, key=key, label_visibility="collapsed",
        on_change=_shell.changing(key, put),
    )  # fmt: skip
    st.caption(words("panel.year_chosen", year=year))
