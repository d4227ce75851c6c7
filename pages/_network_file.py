"""The dialog that brings a road network: a file, what its columns hold, a preview, and only then saving."""

from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any

import geopandas as gpd
import streamlit as st

from geo.crs import displayed_systems
from geo.errors import NetworkError
from geo.road_import import FieldMap, Imported
from geo.road_import.lines import MOST_TOLERANCE_M
from layers.reach import networks, uploads
from layers.reach.base import access, figure, make_ready
from layers.reach.sketch import Picture, sketch
from layers.reach.uploads import ENDINGS, MOST_MB, ROLES, TOLERANCE_M, Reading
from layers.shelf import MOST_TITLE
from layers.text import Words
from pages import _network, _shelf, _shell
from pages._network import BRINGING, tell

FILE, _DRAFT, _FRAME, _ASKED = "network_file", "network_draft", "network_frame", "network_asked"
_SHARE = "speed-share-of-limit"
_OSM_CRS = "WGS 84"


@dataclass(frozen=True)
class Settings:
    """What the reader has chosen in the form, as far as it changes what is read."""

    file: str
    layer: str | None
    crs: str
    joined: str
    limits: bool
    fields: tuple[str | None, ...] = ()
    tolerance_m: float = TOLERANCE_M
    cross: bool = False


@dataclass(frozen=True, eq=False)
class Draft:
    """A network that was read and is shown, and not kept yet."""

    settings: Settings
    imported: Imported
    picture: Picture
    crs: str


def shown() -> None:
    """The dialog, while it is open."""
    if st.session_state.get(BRINGING):
        words = _shell.words()
        st.dialog(words("network.bring_title"), width="large", on_dismiss=close)(_content)()


def close() -> None:
    """Close the dialog; what was read is forgotten."""
    for key in (BRINGING, _DRAFT, _FRAME, _ASKED):
        st.session_state.pop(key, None)


def _content() -> None:
    words = _shell.words()
    left, right = st.columns(2, gap="medium")
    with left:
        given = st.file_uploader(
            words("network.file"), type=list(ENDINGS), key=FILE, max_upload_size=MOST_MB,
            help=words("network.file_help"),
        )  # fmt: skip
        if given is None:
            st.session_state.pop(_DRAFT, None)
            st.caption(words("network.accepted", mb=MOST_MB))
            return
        try:
            title, settings, frame = _form(given, words)
        except NetworkError as fault:
            tell(fault, words)
            return
    with right:
        _result(given, title, settings, frame, words)


# --- the form ----------------------------------------------------------------------------------------


def _form(given: Any, words: Words) -> tuple[str, Settings | None, gpd.GeoDataFrame | None]:
    """The title and the choices, None while something has to be chosen first. Raises `NetworkError`."""
    osm, layer, frame = uploads.is_osm(given.getvalue()), None, None
    if not osm:
        layer, frame = _lines(given, words)
        if frame is None:
            return "", None, None
    stem = PurePath(given.name).name.partition(".")[0]
    title = st.text_input(
        words("network.name"), stem, key=f"network_title_{given.file_id}", max_chars=MOST_TITLE
    )
    crs = _crs(frame, words)
    joined = _joining("streets" if osm else "roads", words)
    fields = _columns(frame, words) if frame is not None else FieldMap()
    limits = _limits(osm or uploads.speaks_of_limits(fields.speed), words) if osm or fields.speed else False
    tolerance, cross = _finer(words) if frame is not None else (TOLERANCE_M, False)
    chosen = tuple(getattr(fields, role) for role in ROLES)
    settings = Settings(given.file_id, layer, crs, joined, limits, chosen, tolerance, cross)
    st.button(
        words("network.look"), key="network_look", icon=":material/visibility:", width="stretch",
        type="secondary" if st.session_state.get(_DRAFT) else "primary", on_click=_ask,
    )  # fmt: skip
    return title, settings, frame


def _ask() -> None:
    st.session_state[_ASKED] = True


def _lines(given: Any, words: Words) -> tuple[str | None, gpd.GeoDataFrame | None]:
    """The chosen layer and its lines, read once; None while a layer has to be chosen."""
    known = st.session_state.get(_FRAME, {})
    if known.get("file") != given.file_id:
        known = {"file": given.file_id, "layers": uploads.layers_of(given.getvalue())}
        st.session_state[_FRAME] = known
    layers = known["layers"]
    layer = layers[0] if len(layers) == 1 else None
    if len(layers) > 1:
        layer = st.selectbox(words("network.layer"), layers, index=None, key="network_layer")
        if layer is None:
            st.caption(words("network.layer_choose"))
            return None, None
    if known.get("layer", "") != layer:
        with st.spinner(words("network.reading")):
            known |= {"layer": layer, "frame": uploads.lines_of(given.getvalue(), layer)}
        st.session_state.pop(_DRAFT, None)
    return layer, known["frame"]


def _crs(frame: gpd.GeoDataFrame | None, words: Words) -> str:
    """The system that the reader says a file is in that does not say so itself; "" elsewhere."""
    if frame is None or frame.crs is not None:
        return ""
    names = {system.id: _shell.system_name(system) for system in displayed_systems()}
    chosen: str = st.selectbox(
        words("network.crs"), list(names), key="network_crs", format_func=names.__getitem__,
        help=words("network.crs_help"),
    )  # fmt: skip
    return chosen


def _joining(first: str, words: Words) -> str:
    store, options = _shell.store(), ("streets", "roads")

    def told(joined: str) -> str:
        found = access(store, joined)
        km = words.number(found.limit_m / 1000, 0)
        return words(f"network.joining_{joined}", kmh=words.number(found.kmh, 0), km=km)

    chosen: str = st.radio(
        words("network.joining"), options, index=options.index(first), key=f"network_joined_{first}",
        format_func=told, help=words("network.joining_help"),
    )  # fmt: skip
    return chosen


def _columns(frame: gpd.GeoDataFrame, words: Words) -> FieldMap:
    """Which column holds what: guessed by its name, chosen by the reader."""
    guess, there = uploads.guessed(frame), uploads.columns(frame)
    chosen: dict[str, str | None] = {}
    with st.expander(words("network.columns"), expanded=True):
        for role in ROLES:
            first = getattr(guess, role)
            chosen[role] = st.selectbox(
                words(f"network.column_{role}"), there, index=None if first is None else there.index(first),
                placeholder=words("network.numbered" if role == "id" else "network.none"),
                key=f"network_{role}",
            )  # fmt: skip
    return FieldMap(chosen["id"], chosen["speed"], chosen["category"], chosen["surface"], chosen["oneway"])


def _limits(first: bool, words: Words) -> bool:
    share = words.number(figure(_shell.store(), _SHARE) * 100, 0)
    return st.checkbox(
        words("network.limits", share=share), first, key=f"network_limits_{first}",
        help=words("network.limits_help"),
    )  # fmt: skip


def _finer(words: Words) -> tuple[float, bool]:
    with st.expander(words("network.finer")):
        tolerance = st.number_input(
            words("network.tolerance"), 0.0, MOST_TOLERANCE_M, TOLERANCE_M, step=1.0, format="%g",
            key="network_tolerance",
        )  # fmt: skip
        return tolerance, st.checkbox(
            words("network.cross"), key="network_cross", help=words("network.cross_help")
        )


# --- what it becomes ---------------------------------------------------------------------------------


def _result(
    given: Any, title: str, settings: Settings | None, frame: gpd.GeoDataFrame | None, words: Words
) -> None:
    """Read when asked, show what was read, keep it when told to."""
    if st.session_state.pop(_ASKED, False) and settings:
        st.session_state.pop(_DRAFT, None)
        try:
            with st.spinner(words("network.reading"), show_time=True):
                st.session_state[_DRAFT] = _draft(given, settings, frame)
        except NetworkError as fault:
            tell(fault, words)
    draft = st.session_state.get(_DRAFT)
    if draft is None or settings is None or draft.settings.file != settings.file:
        return
    st.markdown(f"**{words('network.preview')}**")
    st.image(draft.picture, caption=words("network.picture"), width="stretch")
    _network.figures(draft.imported.figures, words)
    _network.notes(draft.imported.notes, words)
    if draft.settings != settings:
        st.info(words("network.changed"), icon=":material/refresh:")
        return
    try:
        there = {one.about.title for one in networks.kept()}
    except NetworkError as fault:
        tell(fault, words)
        return
    replace = title.strip() in there and st.checkbox(words("network.replace"), key="network_replace")
    with st.container(horizontal=True):
        saving = st.button(words("network.save"), key="network_save", type="primary", icon=":material/save:")
        st.button(words("network.discard"), key="network_discard", on_click=_discard)
    if saving:
        _save(draft, title, PurePath(given.name).name, replace, words)


def _discard() -> None:
    close()
    st.session_state.pop(FILE, None)


def _draft(given: Any, settings: Settings, frame: gpd.GeoDataFrame | None) -> Draft:
    """Read the file. Raises `NetworkError`, also for what no library should have met."""
    store = _shell.store()
    share = figure(store, _SHARE) if settings.limits else 1.0
    by_role = dict(zip(ROLES, settings.fields or (None,) * len(ROLES), strict=True))
    reading = Reading(
        title="network",
        access=access(store, settings.joined),
        share=share,
        fields=FieldMap(**by_role),
        tolerance_m=settings.tolerance_m,
        cross=settings.cross,
    )
    try:
        if frame is None:
            imported, crs = uploads.from_osm(given.getvalue(), reading), _OSM_CRS
        else:
            lines = frame.set_crs(_proj(settings.crs)) if settings.crs else frame
            imported, crs = uploads.from_lines(lines, reading), str(lines.crs.name if lines.crs else "")
        # What cannot be indexed is told before anything is kept.
        imported.network.turns  # noqa: B018
        return Draft(settings, imported, sketch(imported.network), crs)
    except NetworkError:
        raise
    except (ValueError, RuntimeError, ArithmeticError, LookupError, MemoryError) as fault:
        _shell.log.exception("%s cannot be made a network", PurePath(given.name).name)
        raise NetworkError(f"{given.name}: {fault}", "other") from fault


def _proj(system: str) -> str:
    return next(known.proj for known in displayed_systems() if known.id == system)


def _save(draft: Draft, title: str, origin: str, replace: bool, words: Words) -> None:
    """Keep the network, make it ready and go to it; where that fails the shelf is as it was."""
    about = networks.About(
        title.strip(), origin[:MOST_TITLE], draft.crs, draft.settings.joined, draft.settings.limits
    )
    try:
        with st.spinner(words("network.saving"), show_time=True):
            old = next((one for one in networks.kept() if one.about.title == about.title), None)
            ready = partial(make_ready, _shell.store())
            kept = networks.keep(draft.imported, about, replace=replace, ready=ready)
    except NetworkError as fault:
        tell(fault, words)
        return
    if old and old.name != kept.name:
        _shelf.carry(old.name, kept.name)
    _discard()
    _shell.show(_network.switched(_shell.now(), kept.name))
    st.toast(words("network.saved", title=_shell.plain(kept.about.title)), icon=":material/check:")
    st.rerun()
