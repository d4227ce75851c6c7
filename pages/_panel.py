"""The panel beside the map: search, layers, year, filters, basemap, saving."""

from typing import Any

import streamlit as st

from geo.errors import CoordinateError
from geo.shape import halo
from layers.catalog import Field
from layers.query import Condition
from layers.search import Index, position
from layers.text import Words
from layers.view import OwnMap, View
from layers.webmap import build
from pages import _beside, _embed, _print, _shell, _story_add, _year

_NEAR_M = 600.0
"""How much of its surroundings is shown of a place that is known exactly."""
_KINDS = ("xyz", "wms", "wmts")


FOLDS = ("year", "filters", "beside", "basemap", "take")


def panel(view: View, words: Words, folds: tuple[str, ...] = FOLDS, *, searching: bool = True) -> None:
    """What stands beside a page, for a view. What is folded is not made until it is opened."""
    if searching:
        _search(words)
    conditions = len(view.query.conditions) or None
    split = words(f"reach.split_{view.split}").lower() if view.beside else None
    known = (
        ("year", ":material/calendar_month:", view.query.year, _year_of),
        ("filters", ":material/filter_alt:", conditions, _filters),
        ("beside", ":material/compare:", split, _beside.fold),
        ("basemap", ":material/map:", None, _basemap),
        ("take", ":material/share:", None, _take),
    )
    for name, icon, value, content in known:
        if name not in folds:
            continue
        # The label is part of a fold's identity: what the reader last made of it is given to the new one.
        key, kept = f"fold_{name}", f"open_{name}"
        opened = st.session_state.get(key, st.session_state.get(kept, value is not None))
        st.session_state[key] = st.session_state[kept] = opened
        title = words(f"panel.{name}") if value is None else f"{words(f'panel.{name}')} · **{value}**"
        fold = st.expander(title, icon=icon, key=key, on_change="rerun")
        if fold.open:
            with fold:
                content(view, words)
    _print.shown(view, words)


# --- search -----------------------------------------------------------------------------------------


@st.cache_resource
def _index() -> Index:
    return Index.of(_shell.store())


def _search(words: Words) -> None:
    question = st.text_input(
        words("search.label"), key="question", type="search", live=True, label_visibility="collapsed",
        placeholder=words("search.placeholder"), help=words("search.help"), icon=":material/search:",
    )  # fmt: skip
    if not question or not question.strip():
        return
    try:
        place = position(question)
    except CoordinateError:
        st.caption(words("search.bad_position"))
        return
    if place:
        lat, lon = words.number(place.lat, 5), words.number(place.lon, 5)
        st.button(
            words("search.go_to", lat=lat, lon=lon),
            icon=":material/my_location:",
            on_click=go,
            kwargs={"at": (place.lon, place.lat)},
            width="stretch",
        )
        return
    found = _index().find(question, _shell.store(), words.language)
    if not found:
        st.caption(words("search.nothing"))
    with st.container(key="found", gap="xxsmall"):
        for hit in found:
            st.button(
                f"{_shell.plain(hit.name)}  \n:small[{_shell.plain(hit.layer)}]",
                key=f"hit_{hit.pick}",
                type="tertiary",
                on_click=_found,
                args=(hit.pick,),
                width="stretch",
            )


def _found(pick: str) -> None:
    st.session_state["question"] = ""
    choose(pick)


def choose(pick: str) -> None:
    """Select a record, switch its layer on, and let the map fly to it."""
    layer, _, id_ = pick.partition("/")
    store = _shell.store()
    view = _shell.now().switched(layer, True, store.catalogue)
    _shell.show(view.model_copy(update={"selected": pick}))
    record = store.record(layer, id_, view.query)
    if record["geometry"] is not None and not record["geometry"].is_empty:
        go(bounds=list(halo(record["geometry"], max(record["accuracy_m"], _NEAR_M)).bounds))


def go(**target: Any) -> None:
    """Ask the map to fly once: `bounds` (west, south, east, north) or `at` (lon, lat), degrees."""
    number = st.session_state.get("goto", {}).get("id", 0) + 1
    st.session_state["goto"] = {"id": number, **target}


# --- year and filters -------------------------------------------------------------------------------


def _with_query(view: View, **changes: Any) -> View:
    return view.model_copy(update={"query": view.query.model_copy(update=changes)})


def _year_of(view: View, words: Words) -> None:
    _year.choose("year", view.query.year, lambda v, year: _with_query(v, year=year), words)


def _filters(view: View, words: Words) -> None:
    if view.query.conditions:
        st.button(
            words("panel.reset_filters"),
            type="tertiary",
            icon=":material/filter_alt_off:",
            on_click=_shell.doing(lambda v: _with_query(v, conditions=())),
        )
    for field in _shell.filter_fields(view):
        if field.listed:
            _choice_filter(field, view, words)
        else:
            _range_filter(field, view, words)


def _conditioned(view: View, field: Field, condition: Condition | None) -> View:
    return view.model_copy(update={"query": view.query.with_condition(field.id, condition)})


def _choice_filter(field: Field, view: View, words: Words) -> None:
    names = _shell.choices(field, words.language)
    values = list(names)
    condition = view.query.condition(field.id)
    key = _shell.held(f"filter_{field.id}", list(condition.values) if condition else [])

    def changed(v: View, chosen: list[str]) -> View:
        old = v.query.condition(field.id)
        ordered = tuple(value for value in values if value in chosen)
        return _conditioned(
            v,
            field,
            Condition(field=field.id, values=ordered, unknown=bool(old and old.unknown)) if ordered else None,
        )

    st.multiselect(
        field.title[words.language],
        values,
        key=key,
        format_func=lambda value: names[value],
        placeholder=words("panel.any"),
        on_change=_shell.changing(key, changed),
    )
    _unknown_too(field, condition, words)


def _range_filter(field: Field, view: View, words: Words) -> None:
    condition = view.query.condition(field.id)
    label, top = words.unit(field), field.max
    keys = [_shell.held(f"filter_{field.id}_{end}", getattr(condition, end, None)) for end in ("low", "high")]

    def changed(v: View, _: object) -> View:
        low, high = (st.session_state[key] for key in keys)
        old = v.query.condition(field.id)
        if low is None and high is None:
            return _conditioned(v, field, None)
        if low is not None and high is not None and low > high:
            st.toast(words("panel.bad_range"), icon=":material/error:")
            return v
        return _conditioned(
            v, field, Condition(field=field.id, low=low, high=high, unknown=bool(old and old.unknown))
        )

    with st.container(horizontal=True, gap="small", key=f"range_{field.id}"):
        for key, end in zip(keys, ("from", "to"), strict=True):
            st.number_input(
                f"{label}: {words(f'panel.{end}')}",
                0.0,
                top,
                None,
                step=None,
                format="%g",
                key=key,
                placeholder="—",
                on_change=_shell.changing(key, changed),
            )
    _unknown_too(field, condition, words)


def _unknown_too(field: Field, condition: Condition | None, words: Words) -> None:
    if condition is None:
        return
    key = _shell.held(f"unknown_{field.id}", condition.unknown)

    def changed(v: View, on: bool) -> View:
        old = v.query.condition(field.id)
        return _conditioned(v, field, old.model_copy(update={"unknown": on}) if old else None)

    st.checkbox(words("panel.keep_unknown"), key=key, on_change=_shell.changing(key, changed))


# --- basemap and saving -----------------------------------------------------------------------------


def _basemap(view: View, words: Words) -> None:
    key = _shell.held("basemap", view.basemap if not st.session_state.get("own_wanted") else "own")

    def changed(v: View, chosen: str) -> View:
        st.session_state["own_wanted"] = chosen == "own"
        return v if chosen == "own" and v.own_map is None else v.model_copy(update={"basemap": chosen})

    st.radio(
        words("panel.basemap"),
        ("plain", "osm", "imagery", "own"),
        format_func=lambda kind: words(f"basemap.{kind}"),
        key=key,
        label_visibility="collapsed",
        on_change=_shell.changing(key, changed),
    )
    if st.session_state["basemap"] == "own":
        _own_basemap(view, words)
    elif view.basemap != "plain":
        st.caption(words("basemap.online_note"))


def _own_basemap(view: View, words: Words) -> None:
    now = view.own_map
    with st.form("own_basemap", border=False):
        kind = st.segmented_control(
            words("basemap.kind"),
            _KINDS,
            default=now.kind if now else "xyz",
            format_func=str.upper,
            required=True,
        )
        url = st.text_input(words("basemap.url"), now.url if now else "", help=words("basemap.url_help"))
        layer = st.text_input(words("basemap.layer"), now.layer if now else "")
        if not st.form_submit_button(words("basemap.apply")):
            return
    try:
        own = OwnMap.parse(f"{kind}|{(layer or '').strip()}|{(url or '').strip()}")
    except ValueError as fault:
        code = str(fault) if str(fault) in ("template", "layer") else "address"
        st.error(words(f"basemap.bad_{code}"))
        return
    _shell.show(view.model_copy(update={"own_map": own, "basemap": "own"}))
    st.rerun()


def _take(view: View, words: Words) -> None:
    st.caption(words("take.link"))
    st.download_button(
        words("take.html"),
        data=lambda: build(_shell.store(), view, inline=True).page(),
        file_name="tomsk.html",
        mime="text/html",
        icon=":material/download:",
        help=words("take.html_help"),
        on_click="ignore",
        width="stretch",
    )
    _print.offer(words)
    _embed.offer(view, words)
    _story_add.offer(view, words)
