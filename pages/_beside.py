"""Two views side by side: setting the present one beside, changing what is on the left, ending it."""

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import streamlit as st

from geo.errors import GeoError
from layers.beside import SIDES, names
from layers.reach import scenarios
from layers.siting import models
from layers.store import UnknownFeature
from layers.text import Words
from layers.view import Split, View
from pages import _shell, _year


def fold(view: View, words: Words) -> None:
    """What a reader does with two views."""
    other = view.other()
    if other is None:
        st.caption(words("beside.intro"))
        st.button(
            words("beside.set"), icon=":material/compare:", width="stretch", on_click=_shell.doing(_set)
        )
        return
    left, right = (_shell.plain(name) for name in names(_shell.store(), other, view))
    st.markdown("  \n".join([words("beside.is_left", name=left), words("beside.is_right", name=right)]))
    st.caption(words("beside.of_right"))
    if view.page != "reach":
        _divided(view, words)
    of_page = {"reach": _scenarios, "site": _model}
    of_page.get(view.page, _year_of_left)(other, words)
    with st.container(gap="xxsmall"):
        for name, icon, act in (
            ("swap", "swap_horiz", View.swapped),
            ("again", "content_copy", _again),
            ("end", "close", _ended),
        ):
            st.button(
                words(f"beside.{name}"), key=f"beside_{name}", icon=f":material/{icon}:", type="tertiary",
                on_click=_shell.doing(act),
            )  # fmt: skip


def _set(view: View) -> View:
    """The view with itself on its left."""
    return _again(view).model_copy(update={"split": "swipe" if view.split == "one" else view.split})


def _again(view: View) -> View:
    return view.model_copy(update={"beside": view.sight})


def _ended(view: View) -> View:
    return view.model_copy(update={"beside": None, "split": "one"})


def _divided(view: View, words: Words) -> None:
    """A curtain, or two maps; one map where neither is chosen."""
    key = _shell.held("beside_split", None if view.split == "one" else view.split)
    st.segmented_control(
        words("reach.split"), get_args(Split)[1:], key=key, label_visibility="collapsed",
        format_func=lambda split: words(f"reach.split_{split}"),
        on_change=_shell.changing(key, lambda v, split: v.model_copy(update={"split": split or "one"})),
    )  # fmt: skip


# --- what is on the left --------------------------------------------------------------------------------


def _asking(view: View, part: str | None, **changes: Any) -> View:
    """The view whose left side asks something else: of its `part`, or of itself."""
    if view.beside is None:
        return view
    query = view.beside.query
    if part:
        changes = {part: getattr(query, part).model_copy(update=changes)}
    sight = view.beside.model_copy(update={"query": query.model_copy(update=changes)})
    return view.model_copy(update={"beside": sight})


def _year_of_left(left: View, words: Words) -> None:
    st.markdown(words("beside.on_left"))
    _year.choose("year_left", left.query.year, lambda v, year: _asking(v, None, year=year), words)


def _scenarios(left: View, words: Words) -> None:
    """Both scenarios of the left side."""
    store, compared = _shell.store(), left.query.comparison
    offered = scenarios.ready_for(store, compared.network)

    def title(text: str) -> str:
        own = words("reach.own")
        return scenarios.named(store, text, compared.network, words.language, own).title

    st.markdown(words("beside.on_left"))
    for side in SIDES:
        _choice(
            f"{side}_left", words(f"reach.{side}"), getattr(compared, side), offered, title,
            partial(_comparing, side), words("reach.own"),
        )  # fmt: skip


def _comparing(side: str, view: View, text: str) -> View:
    return _asking(view, "comparison", **{side: text})


def _model(left: View, words: Words) -> None:
    """The model of the left side."""
    store, own = _shell.store(), words("site.own_model")
    _choice(
        "model_left", words("beside.model"), left.query.sought.model, list(models.ready(store)),
        lambda text: models.named(store, text, words.language, own).title,
        lambda v, text: _asking(v, "sought", model=text), own,
    )  # fmt: skip


def _choice(
    name: str,
    label: str,
    value: str,
    offered: list[str],
    title: Callable[[str], str],
    put: Callable[[View, str], View],
    own: str,
) -> None:
    """One of the ready documents, or the one that is there; `own` is what an unreadable one is called."""

    def shown(text: str) -> str:
        try:
            return title(text)
        except (GeoError, UnknownFeature):
            return own

    key = _shell.held(name, value)
    options = list(dict.fromkeys([*offered, value]))
    st.selectbox(label, options, key=key, format_func=shown, on_change=_shell.changing(key, put))
