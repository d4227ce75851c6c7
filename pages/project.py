"""The card of a project: everything known of it, with its place on the map; it prints well."""

from typing import Any

import streamlit as st

from layers.programme import boards
from layers.programme.dossier import Dossier
from layers.programme.figures import programme
from layers.view import View
from pages import _shell
from pages._board import content, show_board
from pages._map import show_map

_NEAR_ZOOM = 13.0
_WIDTHS = (5, 8)


def page() -> None:
    """Draw the page for the view in the address."""
    view, words, store = _shell.view(), _shell.words(), _shell.store()
    project = boards.project_of(view)
    with st.container(key="document_wide"):
        _choose(project, view)
        if project is None:
            st.title(words("project.title"))
            st.info(words("project.choose"))
            return
        dossier = Dossier(programme(store), project, words)
        st.title(_shell.plain(dossier.name), anchor=False)
        st.caption(_shell.plain(dossier.other_name))
        beside, board = st.columns(_WIDTHS)
        with beside, st.container(key="inset_project"):
            show_map(_near(view, project))
        with board:
            show_board("project_board", content(view), view, printed=True)


def _choose(project: str | None, view: View) -> None:
    """The list of all projects, to go from one to another."""
    words, frame = _shell.words(), _shell.store().features("projects")
    names = frame[f"name_{view.language}"]
    key = _shell.held("project", project)
    with st.container(key="chooser"):
        st.selectbox(
            words("project.title"),
            sorted(frame.index, key=lambda id_: str(names[id_])),
            index=None,
            key=key,
            format_func=lambda id_: str(names[id_]),
            placeholder=words("project.choose"),
            on_change=_shell.changing(key, _chosen),
            label_visibility="collapsed",
        )


def _chosen(view: View, id_: Any) -> View:
    return view.model_copy(update={"selected": f"projects/{id_}" if id_ else None, "at": None})


def _near(view: View, project: str) -> View:
    """The view of the map near a project, unless the reader has moved the map."""
    record = _shell.store().record("projects", project)
    place = record["geometry"]
    shown = view.switched("projects", True, _shell.store().catalogue)
    if view.at is not None or place is None or place.is_empty:
        return shown
    point = place.representative_point()
    return shown.model_copy(update={"at": (round(point.x, 5), round(point.y, 5), _zoom(place.bounds))})


def _zoom(bounds: tuple[float, float, float, float]) -> float:
    """The zoom at which a place fills about a third of the inset, at most `_NEAR_ZOOM`."""
    wide = max(bounds[2] - bounds[0], (bounds[3] - bounds[1]) * 2, 0.02)
    zoom = _NEAR_ZOOM
    while zoom > 5 and 360 / 2**zoom * 1.2 < wide:
        zoom -= 1
    return zoom
