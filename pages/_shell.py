"""The shell that pages share: the view held in the address bar, the language, navigation, notices.

The address is the single truth. Each run reads the view from it; a widget shows what the view says, and when
a person changes it, its callback writes the changed view back to the address. So copying the address, going
back and forward, and every widget agree without further bookkeeping.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import streamlit as st

from geo.crs import CoordinateSystem
from layers import conditions
from layers.catalog import LANGUAGES, CatalogueError, Field, Language, Register
from layers.comparison import HOME_NETWORK, Comparison
from layers.query import PREFIX, Condition, Query
from layers.reach.base import UnknownNetwork, base
from layers.siting.layers import waits
from layers.store import EmbeddedStore, UnknownFeature, embedded
from layers.text import Words
from layers.view import Page, View
from pages import _look

log = logging.getLogger(__name__)
_HERE = Path(__file__).parent
SIDEBAR_PX = 340
_LATEST = "latest_address"


def store() -> EmbeddedStore:
    """The records; where they cannot be read the page says so and stops."""
    try:
        return embedded()
    except CatalogueError:
        log.exception("the data cannot be read")
        st.error(Words("ru")("app.no_records"), icon=":material/error:")
        st.stop()


def frame() -> None:
    """What every page has: title, icon, styles."""
    words = Words(_language())
    st.set_page_config(
        page_title=words("app.title"),
        page_icon=str(_HERE / "icon.svg"),
        layout="wide",
        initial_sidebar_state=SIDEBAR_PX,
    )
    st.html(_HERE / "shell.css")
    st.html(_look.styles())


def _language() -> Any:
    asked = st.query_params.get("lang", LANGUAGES[0])
    return asked if asked in LANGUAGES else LANGUAGES[0]


def view() -> View:
    """The view that the address holds; what could not be read there is told once and put right."""
    params = st.query_params.to_dict()
    st.session_state[_LATEST] = params
    return read(params)


def now() -> View:
    """The view as it was last put into the address, for a callback.

    Two quick acts reach the server with the address as it was before the first: then what the first has
    made is in the session and not in the address. Only where the map looks is taken from the address, since
    the map keeps it there by itself.
    """
    address = st.query_params.to_dict()
    latest = st.session_state.get(_LATEST, address)
    place = {key: value for key, value in address.items() if key == "at"}
    return read({key: value for key, value in latest.items() if key != "at"} | place)


def read(params: dict[str, str]) -> View:
    """The view of some entries; what cannot be read is told, and the address is put right."""
    found, problems = View.parse(params, store().catalogue)
    if found.selected and not known(found.selected, found.query):
        found, problems = found.model_copy(update={"selected": None}), [*problems, "pick"]
    query, faults = _answerable(found, found.query)
    beside = found.beside
    if beside:
        other, strange = _answerable(found, beside.query)
        beside, faults = beside.model_copy(update={"query": other}), faults + ["with"] * bool(strange)
    if problems := [*problems, *faults]:
        found = found.model_copy(update={"query": query, "beside": beside})
        _say_once(problems, Words(found.language))
        show(found)
    return found


def _answerable(view: View, query: Query) -> tuple[Query, list[str]]:
    """A query without what there no longer is, and the entries that held it."""
    problems = []
    for condition in query.conditions:
        field = store().catalogue.fields[condition.field]
        if field.to and not set(condition.values) <= set(choices(field, view.language)):
            query, problems = query.with_condition(field.id, None), [*problems, PREFIX + field.id]
    network = query.comparison.network
    if view.page != "reach" and network != HOME_NETWORK and not _networked(network):
        comparison = Comparison(goal=query.comparison.goal)
        query, problems = query.model_copy(update={"comparison": comparison}), [*problems, "net"]
    return query, problems


def _networked(network: str) -> bool:
    """Whether a road network is there; the page that is about it says so itself."""
    try:
        base(store(), network)
    except UnknownNetwork:
        return False
    return True


def _say_once(problems: list[str], words: Words) -> None:
    fields = {PREFIX + field.id: field.title[words.language] for field in store().catalogue.fields.values()}
    names = fields | words.table("entry")
    what = ", ".join(dict.fromkeys(names.get(key, key[:24]) for key in problems))
    st.toast(
        words("app.bad_link", what=what.replace("`", "").replace("[", "")),
        icon=":material/link_off:",
        duration="long",
    )


def show(changed: View) -> None:
    """Put a view into the address; the rest follows from it."""
    params = changed.params(store().catalogue)
    if params != st.query_params.to_dict() or params != st.session_state.get(_LATEST, params):
        st.query_params.from_dict(params)
    st.session_state[_LATEST] = params


def known(pick: str, query: Query | None = None) -> bool:
    """Whether `layer/id` names a record of a layer; what is computed depends on what a query compares.

    A site is taken at its word while the rasters by which it would be judged are still to be made.
    """
    name, _, id_ = pick.partition("/")
    layer = store().catalogue.layers.get(name)
    if layer is None:
        return False
    if layer.follows == "siting" and query is not None and waits(store(), query):
        return True
    try:
        store().record(name, id_, query)
    except UnknownFeature:
        return False
    return True


def system_name(system: CoordinateSystem) -> str:
    """A system of coordinates as its reader calls it."""
    return system.name.replace("MSK", words()("map.msk"))


def filter_fields(view: View) -> tuple[Field, ...]:
    """The fields by which what stands on the page of a view can be filtered."""
    catalogue = store().catalogue
    on_page: dict[str, list[Register]] = {
        "programme": [catalogue.tables["projects"]],
        "funding": [catalogue.tables["projects"]],
        "roadmap": [catalogue.tables["measures"], catalogue.tables["projects"]],
    }
    return catalogue.filter_fields(on_page.get(view.page, list(catalogue.layers.values())))


def choices(field: Field, language: Language) -> dict[str, str]:
    """The values by which a field can be filtered, with names."""
    return conditions.choices(store(), field, language)


def condition_in_words(condition: Condition, words: Words) -> str:
    """A condition as a reader says it."""
    return conditions.told(store(), condition, words)


def plain(text: str) -> str:
    """Text of the data where Markdown is read."""
    return "".join(f"\\{ch}" if ch in "\\`*_{}[]()#+-.!:$~<>|" else ch for ch in text)


def words() -> Words:
    """The reader's language."""
    return Words(_language())


def held(key: str, value: object) -> str:
    """Make the widget of that key show `value`; gives the key back."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def changing(key: str, change: Callable[[View, Any], View]) -> Callable[[], None]:
    """A callback that brings what a widget now holds into the view."""

    def on_change() -> None:
        show(change(now(), st.session_state[key]))

    return on_change


def doing(change: Callable[[View], View]) -> Callable[[], None]:
    """A callback of a button that changes the view."""

    def on_click() -> None:
        show(change(now()))

    return on_click


def header() -> None:
    """Name, language and pages, at the top of the side bar."""
    text, seen = words(), view()
    with st.sidebar:
        with st.container(horizontal=True, key="brand", vertical_alignment="center"):
            _look.show(seen.language)
            key = held("language", seen.language)
            st.segmented_control(
                text("app.language"),
                LANGUAGES,
                format_func=str.upper,
                key=key,
                required=True,
                label_visibility="collapsed",
                on_change=changing(key, lambda v, chosen: v.model_copy(update={"language": chosen})),
            )
        key = held("page", seen.page)
        st.pills(
            text("app.pages"),
            get_args(Page),
            format_func=lambda page: text(f"app.{page}"),
            key=key,
            required=True,
            label_visibility="collapsed",
            on_change=changing(key, lambda v, page: v.on_page(page, store().catalogue)),
        )
