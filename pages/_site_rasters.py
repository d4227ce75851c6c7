"""The reader's own rasters (terrain, land cover): bring a file, look at it, keep it; remove it."""

from typing import Any

import streamlit as st

from geo.crs import displayed_systems
from geo.errors import RasterError
from layers.shelf import MOST_TITLE
from layers.siting import brought, uploads
from layers.siting.brought import Brought
from layers.text import Words
from pages import _shell
from pages._keepsakes import Shown

_DRAFT = "raster_draft"


def _span(of: Brought | uploads.Draft, words: Words) -> str:
    """From what to what its cells reach."""
    return words("raster.span", low=words.number(of.low, 1), high=words.number(of.high, 1))


_RASTERS = Shown("raster", brought.RASTERS, _span)


def fold(words: Words) -> None:
    """The rasters that are kept, and a way to bring another."""
    with st.expander(words("raster.title"), icon=":material/terrain:", key="site_rasters"):
        st.caption(words("raster.about"))
        _RASTERS.rows(words)
        _bring(words)


def _bring(words: Words) -> None:
    given = st.file_uploader(
        words("raster.file"), type=list(uploads.ENDINGS), key="raster_file", max_upload_size=uploads.MOST_MB
    )
    if given is None:
        st.session_state.pop(_DRAFT, None)
        return
    categorical = st.checkbox(
        words("raster.classes"), key="raster_classes", help=words("raster.classes_help")
    )
    try:
        draft = _read(given, categorical, words)
        if draft is not None:
            _look(draft, words)
    except RasterError as fault:
        _RASTERS.tell(fault, words)


def _read(given: Any, categorical: bool, words: Words) -> uploads.Draft | None:
    """What the file holds, read once; None while its system of coordinates has to be chosen.

    Raises `RasterError`.
    """
    systems = {system.proj: _shell.system_name(system) for system in displayed_systems()}
    key = (given.file_id, categorical, st.session_state.get("raster_crs"))
    held = st.session_state.get(_DRAFT)
    if held and held[0] == key:
        return held[1]
    try:
        with st.spinner(words("raster.reading")):
            draft = uploads.read(given.getvalue(), given.name, crs=key[2], categorical=categorical)
    except RasterError as fault:
        if fault.code != "crs":
            raise
        st.warning(words("raster.which_crs"), icon=":material/public:")
        st.selectbox(
            words("raster.crs"), list(systems), index=None, key="raster_crs", format_func=systems.__getitem__
        )
        return None
    st.session_state[_DRAFT] = (key, draft)
    return draft


def _look(draft: uploads.Draft, words: Words) -> None:
    """What was read, and keeping it."""
    st.image(draft.picture, width="stretch", caption=words("raster.picture"))
    span = _span(draft, words)
    rows, columns = draft.grid.shape
    cells = words("raster.cells", columns=columns, rows=rows, m=words.number(draft.grid.cell_m, 0))
    unknown = words("raster.unknown", share=words.number(draft.unknown * 100, 1))
    st.caption(f"{span} · {cells} · {unknown}")
    stem = draft.origin.rpartition(".")[0] or draft.origin
    with st.form("keep_raster", border=False):
        title = st.text_input(words("kept.name"), stem[:MOST_TITLE], max_chars=MOST_TITLE)
        again = st.checkbox(words("kept.overwrite"))
        if not st.form_submit_button(words("kept.save"), icon=":material/save:", width="stretch"):
            return
    kept = uploads.keep(draft, title or "", replace=again)
    st.session_state.pop(_DRAFT, None)
    st.toast(words("kept.saved_as", title=_shell.plain(kept.title)), icon=":material/check:")
    st.rerun()
