"""The reader's own limits (protected areas, licences): bring a file, look at it, keep it; remove it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from geo.crs import displayed_systems
from geo.errors import VectorError
from geo.siting import Limit, Model
from layers.shelf import MOST_TITLE
from layers.siting import area_uploads, own_limits
from layers.siting.own_limits import EFFECTS, LEAST_ACCURACY_M, MOST_ACCURACY_M, OwnLimit
from layers.text import Words
from pages import _shell
from pages._keepsakes import Shown

Edit = Callable[[Callable[[Model], Model]], None]
_DRAFT = "areas_draft"


def _described(one: OwnLimit, words: Words) -> str:
    effect = _shell.store().catalogue.vocabularies["effect"][one.effect][words.language]
    return f"{effect}. {one.described(words)}"


_AREAS = Shown("areas", own_limits.LIMITS, _described)


def fold(edit: Edit, words: Words) -> None:
    """The limits that are kept, and a way to bring another, which `edit` switches on in the model."""
    with st.expander(words("areas.title"), icon=":material/fence:", key="site_own_limits"):
        st.caption(words("areas.about"))
        _AREAS.rows(words)
        _bring(edit, words)


# --- bringing ------------------------------------------------------------------------------------------


def _bring(edit: Edit, words: Words) -> None:
    given = st.file_uploader(
        words("areas.file"), type=list(area_uploads.ENDINGS), key="areas_file", accept_multiple_files=True,
        max_upload_size=area_uploads.MOST_MB, help=words("areas.file_help"),
    )  # fmt: skip
    if not given:
        st.session_state.pop(_DRAFT, None)
        return
    try:
        draft = _read(given, words)
        if draft is not None:
            _look(draft, edit, words)
    except VectorError as fault:
        _AREAS.tell(fault, words)


def _read(given: list[Any], words: Words) -> area_uploads.Draft | None:
    """What the file holds, read once; None while its layer or its system has to be chosen, or it is kept.

    Raises `VectorError`.
    """
    ids = tuple(file.file_id for file in given)
    held = st.session_state.get(_DRAFT, {})
    if held.get("ids") != ids:
        held = {"ids": ids, "asked": {}, "draft": None, "key": None, "kept": False}
        st.session_state[_DRAFT] = held
    if held["kept"]:
        return None
    layer, crs = (_choice(what, held["asked"].get(what), words) for what in ("layers", "crs"))
    key = (layer, crs)
    if held["draft"] is not None and held["key"] == key:
        found: area_uploads.Draft = held["draft"]
        return found
    if any(held["asked"].get(what) and not chosen for what, chosen in (("layers", layer), ("crs", crs))):
        return None
    files = [(file.name, file.getvalue()) for file in given]
    try:
        with st.spinner(words("areas.reading")):
            draft = area_uploads.read(_shell.store(), files, layer=layer, crs=crs)
    except VectorError as fault:
        if fault.code not in ("layers", "crs") or held["asked"].get(fault.code):
            raise
        held["asked"][fault.code] = _options(fault.code, files)
        st.rerun()
    held |= {"draft": draft, "key": key}
    return draft


def _options(what: str, files: area_uploads.Files) -> dict[str, str]:
    """What can be chosen and how it is called: layers of the file, or systems of coordinates."""
    if what == "layers":
        return {name: name for name in area_uploads.layers(files)}
    return {system.proj: _shell.system_name(system) for system in displayed_systems()}


def _choice(what: str, options: dict[str, str] | None, words: Words) -> str | None:
    """What the reader chooses where the file leaves it open."""
    if not options:
        return None
    st.warning(words.table("areas_fault")[what], icon=":material/help:")
    label = words("areas.layer") if what == "layers" else words("raster.crs")
    chosen: str | None = st.selectbox(
        label, list(options), index=None, key=f"areas_{what}",
        format_func=options.__getitem__,
    )  # fmt: skip
    return chosen


def _look(draft: area_uploads.Draft, edit: Edit, words: Words) -> None:
    """What was read, what is said of it, and keeping it."""
    found = draft.imported
    st.image(draft.picture, width="stretch", caption=words("areas.picture"))
    count = words.number(len(found.shapes), 0)
    told = [words("areas.read", n=count, km2=words.number(found.area_m2 / 1e6, 1))]
    told += [words("areas.outside", n=words.number(found.outside, 0))] if found.outside else []
    told += [words("areas.left_out", n=words.number(found.left_out, 0))] if found.left_out else []
    told += [words("areas.mended", n=words.number(found.mended, 0))] if found.mended else []
    st.caption(" · ".join(told))
    effects = _shell.store().catalogue.vocabularies["effect"]
    stem = draft.origin.rpartition(".")[0] or draft.origin
    with st.form("keep_areas", border=False):
        title = st.text_input(words("kept.name"), stem[:MOST_TITLE], max_chars=MOST_TITLE, key="areas_title")
        columns = [None, *draft.texts]
        naming = st.selectbox(
            words("areas.naming"), columns, columns.index(draft.naming), key="areas_naming",
            help=words("areas.naming_help"), format_func=lambda name: name or words("areas.nameless"),
        )  # fmt: skip
        accuracy = st.number_input(
            words("areas.accuracy"), LEAST_ACCURACY_M, MOST_ACCURACY_M, None, step=1.0, format="%g",
            key="areas_accuracy", placeholder=words("site.not_said"), help=words("areas.accuracy_help"),
        )  # fmt: skip
        effect = st.radio(
            words("areas.effect"), EFFECTS, key="areas_effect",
            format_func=lambda name: effects[name][words.language],
        )  # fmt: skip
        on = st.checkbox(words("areas.switch_on"), value=True, key="areas_on")
        again = st.checkbox(words("kept.overwrite"), key="areas_again")
        if not st.form_submit_button(words("kept.save"), icon=":material/save:", width="stretch"):
            return
    if accuracy is None:
        raise VectorError("no accuracy is given", "accuracy")
    kept = own_limits.keep(
        found, title or "", draft.origin, float(accuracy), effect,
        names=draft.texts.get(naming or "", ()), replace=again,
    )  # fmt: skip
    st.session_state[_DRAFT] |= {"draft": None, "kept": True}
    if on:
        edit(lambda model: _switched_on(model, kept.id))
    st.toast(words("kept.saved_as", title=_shell.plain(kept.title)), icon=":material/check:")
    st.rerun()


def _switched_on(model: Model, id_: str) -> Model:
    known = {limit.norm for limit in model.limits}
    return model if id_ in known else replace(model, limits=(*model.limits, Limit(id_)))
