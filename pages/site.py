"""Find a site: where something can be built, and why there; the map, the figures and the model."""

from contextlib import nullcontext

import streamlit as st

from geo.errors import ModelError
from layers.reach.scenarios import written as scenario
from layers.siting.layers import UNUSABLE
from layers.siting.norms import norm
from layers.siting.rasters import Job, held
from layers.siting.results import Findings, TooManyCells, findings
from layers.text import Words
from layers.view import View
from pages import _panel, _shell, _site_model, _site_passport
from pages._board import content, show_board
from pages._map import show_map

_WIDTHS = (6, 7)
_STOPPED = "site_stopped"
_LARGE = 3_000_000
"""From how many cells on judging them takes more than a second."""


def page() -> None:
    """Draw the page for the view in the address."""
    view, words = _shell.view(), _shell.words()
    with st.sidebar:
        _site_model.editor(view, words)
        _panel.panel(view, words, folds=("beside", "basemap", "take"), searching=False)
    with st.container(key="document_wide"):
        st.title(words("site.title"))
        st.caption(words("site.intro"))
        found = _found(view, words)
        if found is None or not _ready(found, words):
            return
        beside, board = st.columns(_WIDTHS)
        with beside:
            with st.container(horizontal=True, key="map_bar"):
                _site_model.drawn(view, words)
            with st.container(key="inset_site"):
                show_map(view)
        with board:
            with st.container(key="offer"):
                _site_passport.offer(view, words)
            large = found.grid.cells > _LARGE
            with st.spinner(words("site.judging")) if large else nullcontext():
                items = content(view)
            show_board("site_board", items, view, printed=True)


def _found(view: View, words: Words) -> Findings | None:
    """The findings of a view; None, and what is wrong with a way out, where it cannot be answered."""
    store, query = _shell.store(), view.query
    try:
        scenario(store, query.sought.roads, query.comparison.network)
        return findings(store, query)
    except TooManyCells:
        st.error(words("site.too_many_cells"), icon=":material/error:")
    except UNUSABLE as fault:
        _shell.log.warning("the search cannot be answered: %s", fault)
        key = "site.unusable_model" if isinstance(fault, ModelError) else "site.unusable"
        st.error(words(key), icon=":material/error:")
        st.button(words("site.start_anew"), on_click=_shell.doing(_site_model.anew))
    return None


def _ready(found: Findings, words: Words) -> bool:
    """Whether every raster is there; what is missing is made now, in sight, unless the reader stops it."""
    jobs = found.basis.jobs()
    missing = [job for job in jobs if not job.ready]
    if not missing:
        return True
    key = "|".join(job.digest for job in jobs)
    if st.session_state.get(_STOPPED) == key:
        st.info(words("site.stopped"), icon=":material/pause_circle:")
        st.button(words("site.go_on"), icon=":material/play_arrow:", on_click=_stop, args=(None,))
    elif _made(found, missing, key, words):
        # The choices of the address were taken at their word; now they can be looked up.
        st.rerun()
    return False


def _made(found: Findings, missing: list[Job], key: str, words: Words) -> bool:
    """Make rasters, one after another; False, and which cannot be made, where one cannot."""
    with st.empty().container(key="building"):
        bar = st.progress(0.0)
        st.button(words("site.stop"), icon=":material/stop:", on_click=_stop, args=(key,))
        for number, job in enumerate(missing):
            what = _title(found, job, words)
            text = words("site.building", n=number + 1, of=len(missing), what=what)
            bar.progress(number / len(missing), text=text)
            try:
                held(job)
            except UNUSABLE as fault:
                _shell.log.warning("%s cannot be made: %s", job.of, fault)
                st.error(words("site.no_raster", what=what), icon=":material/error:")
                return False
    return True


def _stop(key: str | None) -> None:
    st.session_state[_STOPPED] = key


def _title(found: Findings, job: Job, words: Words) -> str:
    """What a raster is of: a measure or a norm."""
    known = {of.text: of.title(found.store, words) for of in found.measures}
    if job.of in known:
        return _shell.plain(known[job.of])
    return _shell.plain(str(norm(found.store, job.of)[f"name_{words.language}"]))
