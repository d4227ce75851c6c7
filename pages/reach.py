"""Roads and reach: what a road changes, for whom; the map, the figures and the editor of scenarios."""

from typing import get_args

import streamlit as st

from layers.beside import roads_apart
from layers.comparison import POINT
from layers.programme import boards
from layers.reach.board import UNUSABLE
from layers.reach.measures import Measures
from layers.reach.results import results
from layers.report import as_xlsx
from layers.view import Split, View
from pages import _network, _panel, _scenario, _shell
from pages._board import compared, content, show_board
from pages._map import show_map
from pages._shelf import told

_WIDTHS = (6, 7)


def page() -> None:
    """Draw the page for the view in the address."""
    view, words = _shell.view(), _shell.words()
    with st.sidebar:
        _scenario.editor(view, words)
        there = _network.usable(view.query.comparison.network, words)
        if there:
            _panel.panel(view, words, folds=("beside", "basemap", "take"), searching=False)
    with st.container(key="document_wide"):
        st.title(words("reach.title"))
        st.caption(words("reach.intro"))
        if not there:
            _network.missing(view, words)
            return
        with st.container(key="faults"):  # always there: what comes and goes in it must not move the map
            _faults(view)
        beside, board = st.columns(_WIDTHS)
        with beside:
            with st.container(horizontal=True, key="map_bar"):
                _split(view)
                _to_point(view)
            with st.container(key="inset_reach"):
                show_map(view)
        with board:
            show_board("reach_board", content(view), view, printed=True)
            _matrix(view)


def _faults(view: View) -> None:
    """What of the scenarios could not be applied; the rest is shown."""
    words = _shell.words()
    try:
        found = results(_shell.store(), view.query.comparison)
        faults, after = found.faults, found.after
    except UNUSABLE:
        st.error(words("reach.unusable"), icon=":material/error:")
        return
    for number in after.change.loose:
        name = after.scenario.links[number].name or words("reach.new_road", n=number + 1)
        st.info(words("reach.open_end", name=_shell.plain(name)), icon=":material/info:")
    if faults:
        st.warning(
            words("reach.not_applied") + "\n" + "\n".join(f"- {told(fault)}" for fault in faults),
            icon=":material/warning:",
        )


def _to_point(view: View) -> None:
    """Let the middle of a drawn circle be the goal."""
    words = _shell.words()
    if view.shape is not None and view.shape.kind == "circle":
        st.button(words("reach.to_circle"), icon=":material/my_location:", on_click=_shell.doing(_pointed))


def _pointed(view: View) -> View:
    if view.shape is None:
        return view
    changed = compared(view, goal=POINT, point=view.shape.points[0])
    return changed.model_copy(update={"shape": None, "panel": "none"})


def _matrix(view: View) -> None:
    """The minutes between all settlements before and after, as a workbook."""
    words, store = _shell.words(), _shell.store()

    def made() -> bytes:
        found = results(store, view.query.comparison)
        names = found.settlements[f"name_{words.language}"]
        sheets = [
            (words(f"reach.{name}"), Measures(found, side).matrix(names))
            for name, side in zip(("before", "after"), found.sides, strict=True)
        ]
        return as_xlsx([*sheets, boards.about(store, view, words, words("reach.od_note"))])

    st.download_button(
        words("reach.od"), data=made, file_name="od_matrix.xlsx", icon=":material/download:",
        on_click="ignore",
    )  # fmt: skip


def _split(view: View) -> None:
    """How before and after are shown: one map of what changes, a curtain, or two maps."""
    words, key = _shell.words(), _shell.held("split", view.split)
    st.segmented_control(
        words("reach.split"), get_args(Split), key=key, required=True, label_visibility="collapsed",
        format_func=lambda split: words(f"reach.split_{split}"), on_change=_shell.changing(key, _divided),
    )  # fmt: skip


def _divided(view: View, split: Split) -> View:
    """The view divided, with the layers of both sides in place of the one that mixes them; or one map.

    With another view beside it, what is on each side is up to them.
    """
    if view.beside:
        return view.model_copy(update={"split": split})
    divided = roads_apart(view, split != "one", _shell.store().catalogue)
    return divided.model_copy(update={"split": split})
