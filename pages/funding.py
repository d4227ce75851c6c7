"""Funding by effect: what money should follow, and which projects then come first, under which budget."""

from typing import Any, get_args

import streamlit as st

from layers.priorities import EFFECTS, MOST_BUDGET, MOST_WEIGHT, Order, Paying, Priorities, Unknown
from layers.text import Words
from layers.view import View
from pages import _panel, _shell
from pages._board import content, show_board

_BUDGET_STEP = 1000.0


def page() -> None:
    """Draw the page for the view in the address."""
    view, words = _shell.view(), _shell.words()
    with st.sidebar:
        _priorities(view, words)
        _panel.panel(view, words, folds=("filters",), searching=False)
    with st.container(key="document_wide"):
        st.title(words("funding.title"))
        st.caption(words("funding.intro"))
        items = content(view)
        if not items:
            st.info(words("funding.nothing"))
        show_board("funding_board", items, view, chips=True)


def _weighing(view: View, changed: Priorities) -> View:
    return view.model_copy(update={"priorities": changed})


def _priorities(view: View, words: Words) -> None:
    """Weights, budget, and how both are read."""
    now = view.priorities
    st.markdown(f"**{words('funding.weights')}**", help=words("funding.weights_help"))
    for effect in EFFECTS:
        key = _shell.held(f"weight_{effect}", now.weight(effect))
        st.slider(
            words(f"effect.{effect}"),
            0,
            MOST_WEIGHT,
            step=5,
            key=key,
            help=words(f"effect.{effect}_help"),
            on_change=_shell.changing(key, lambda v, w, e=effect: _weighing(v, v.priorities.weighing(e, w))),
        )
    key = _shell.held("budget", now.budget_mln_rub)
    st.number_input(
        words("funding.budget"),
        0.0,
        MOST_BUDGET,
        step=_BUDGET_STEP,
        format="%.0f",
        key=key,
        help=f"= {words.money(now.budget_mln_rub)}",
        on_change=_shell.changing(key, _budgeted),
    )
    _choice("paying", get_args(Paying), words)
    _choice("order", get_args(Order), words)
    _choice("unknown", get_args(Unknown), words)
    if now != Priorities():
        st.button(
            words("funding.reset"),
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=_shell.doing(lambda v: _weighing(v, Priorities())),
        )


def _budgeted(view: View, mln: Any) -> View:
    return _weighing(view, view.priorities.model_copy(update={"budget_mln_rub": float(mln or 0)}))


def _choice(name: str, values: tuple[str, ...], words: Words) -> None:
    key = _shell.held(name, getattr(_shell.view().priorities, name))

    def changed(view: View, chosen: str) -> View:
        return _weighing(view, view.priorities.model_copy(update={name: chosen}))

    st.radio(
        words(f"funding.{name}"),
        values,
        key=key,
        format_func=lambda value: words(f"funding.{name}_{value}"),
        help=words(f"funding.{name}_help"),
        on_change=_shell.changing(key, changed),
    )
