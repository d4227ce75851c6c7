"""The editor of scenarios beside the page "Roads and reach": choose, edit, undo, keep, exchange.

What is edited is the scenario "after", which the address holds as text: a link shares it, Back undoes it.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from geo.errors import ScenarioError
from geo.impedance import LEAST_KMH, MOST_KMH, SEASONS
from geo.scenario import MOST_NAME, STATES, Change, Link, Scenario
from layers.catalog import Language
from layers.comparison import GOALS, HOME_NETWORK, POINT
from layers.reach.base import base
from layers.reach.scenarios import (
    REGISTER,
    UnknownScenario,
    compared_with,
    cost_mln_rub,
    of_year,
    ready_for,
    shortest,
    written,
)
from layers.reach.segments import segment_name
from layers.text import Words
from layers.view import View
from pages import _network, _network_file, _panel, _shelf, _shell
from pages._board import compared
from pages._history import History

ROADS = ("roads", "asino_road", "reach_works", "reach_network")
"""Layers whose records are segments of the network."""
SURFACES = ("asphalt", "concrete", "gravel", "earth", "winter")
CATEGORIES = ("I", "II", "III", "IV", "V")
_NEW_KMH = 80.0
_YEARS = (2000, 2040)
_AROUND = (0.35, 0.2)
"""How much of its surroundings is shown of what differs, each way (degrees of longitude and latitude)."""


def editor(view: View, words: Words) -> None:
    """Everything of the side bar that chooses the network, and chooses and edits scenarios."""
    _network.fold(view, words)
    _network_file.shown()
    if not _network.usable(view.query.comparison.network, words):
        return
    _choice(view, words)
    after = _after(view)
    _segment(view, after, words)
    _drawn(view, after, words)
    _edits(view, after, words)
    _shelf.fold(after, put, words)
    _figures(view, words)


def _after(view: View) -> Scenario:
    """The scenario that is edited; one without edits where it cannot be read."""
    comparison = view.query.comparison
    try:
        return written(_shell.store(), comparison.after, comparison.network)
    except (ScenarioError, UnknownScenario):
        return Scenario(comparison.network)


# --- changing the scenario ---------------------------------------------------------------------------


def edit(change: Callable[[Scenario], Scenario], *, drawn: bool = False, before: str | None = None) -> None:
    """Change the scenario "after"; `drawn`: the drawn line has become part of it; `before`: the other one."""
    view = _shell.now()
    text = shortest(_shell.store(), change(_after(view)))
    changed = compared(view, after=text, cost_mln_rub=None, **({"before": before} if before else {}))
    put(changed.model_copy(update={"shape": None, "panel": "none"}) if drawn else changed)


def _pair(view: View) -> tuple[str, str, float | None]:
    """What is compared with what, and what the reader says that costs."""
    comparison = view.query.comparison
    return comparison.before, comparison.after, comparison.cost_mln_rub


def _putting(key: str, change: Callable[[View, Any], View]) -> Callable[[], None]:
    """A callback that brings what a widget now holds into the pair of scenarios."""
    return lambda: put(change(_shell.now(), st.session_state[key]))


def _paired(view: View, pair: tuple[str, str, float | None]) -> View:
    before, after, cost = pair
    return compared(view, before=before, after=after, cost_mln_rub=cost)


HISTORY = History(
    name=lambda view: f"reach:{view.query.comparison.network}",
    of=_pair,
    into=_paired,
    counts=lambda was, becomes: was[:2] != becomes[:2],
)
"""The pairs of scenarios that were, on each network, with the reader's cost of each."""
put = HISTORY.show


# --- what is compared --------------------------------------------------------------------------------


def _choice(view: View, words: Words) -> None:
    """The ready comparison, the two scenarios, the goal."""
    store, language, comparison = _shell.store(), words.language, view.query.comparison
    offered = ready_for(store, comparison.network)
    names = {id_: str(store.record(REGISTER, id_)[f"name_{language}"]) for id_ in offered}
    questions = [id_ for id_ in names if isinstance(store.record(REGISTER, id_)["compared_with"], str)]
    chosen = comparison.after if comparison.after in questions else None
    if chosen and comparison.before != compared_with(store, chosen):
        chosen = None
    key = _shell.held("question", chosen)
    st.selectbox(
        words("reach.question"), questions, index=None, key=key, format_func=lambda id_: names[id_],
        placeholder=words("reach.own"), on_change=_putting(key, _asked),
    )  # fmt: skip
    kept = {document.text: document.title for document in _shelf.scenarios(comparison.network)}
    for side in ("before", "after"):
        text = getattr(comparison, side)
        options = list(dict.fromkeys([*names, *kept, text]))
        key = _shell.held(side, text)
        st.selectbox(
            words(f"reach.{side}"), options, key=key,
            format_func=partial(_title, names | kept, words("reach.own")),
            on_change=_putting(key, partial(_side, side)),
        )  # fmt: skip
    goals = (*GOALS, POINT) if comparison.point else GOALS
    key = _shell.held("goal", comparison.goal if comparison.goal in goals else GOALS[0])
    st.selectbox(
        words("reach.goal_label"), goals, key=key, format_func=lambda goal: words(f"reach_goal_title.{goal}"),
        on_change=_shell.changing(key, lambda v, goal: compared(v, goal=goal)),
    )  # fmt: skip


def _title(titles: dict[str, str], own: str, text: str) -> str:
    if text in titles:
        return titles[text]
    try:
        return Scenario.parse(text, "").name or own
    except ScenarioError:
        return own


def _asked(view: View, id_: str | None) -> View:
    if id_ is None:
        return view
    changed = compared(view, before=compared_with(_shell.store(), id_), after=id_, cost_mln_rub=None)
    works = _shell.store().query("reach_works", changed.query)
    if len(works):
        west, south, east, north = (float(v) for v in works.total_bounds)
        x, y = (west + east) / 2, (south + north) / 2
        wide, high = max((east - west) / 2, _AROUND[0]), max((north - south) / 2, _AROUND[1])
        _panel.go(bounds=[x - wide, y - high, x + wide, y + high])
    return changed


def _side(side: str, view: View, text: str) -> View:
    return compared(view, cost_mln_rub=None, **{side: text})


# --- a segment ---------------------------------------------------------------------------------------


def _segment(view: View, after: Scenario, words: Words) -> None:
    """The segment that is chosen on the map: its state, speed, surface and category in the scenario."""
    st.markdown(f"**{words('reach.edit_title')}**")
    layer, _, id_ = (view.selected or "").partition("/")
    ready = base(_shell.store(), view.query.comparison.network)
    held = ready.network
    if layer not in ROADS or id_ not in held.index:
        st.caption(words("reach.click_road"))
        return
    at, change = held.index[id_], after.change(id_)
    with st.container(border=True, key="segment"):
        st.markdown(_shell.plain(segment_name(_shell.store(), held.name, id_, words.language)))
        speed = words.number(float(ready.travel.model.kmh(held)[at]), 0)
        km = words.number(float(held.length_m[at]) / 1000, 1)
        st.caption(words("reach.segment_now", km=km, speed=speed))
        _state(id_, change, words, former=bool(held.before_kmh[at] > 0))
        key = _shell.held("edit_speed", change.speed_kmh)
        st.number_input(
            words("reach.speed"), LEAST_KMH, MOST_KMH, None, step=5.0, key=key, format="%g",
            placeholder=speed, help=words("reach.speed_help"),
            on_change=lambda: _set(id_, speed_kmh=st.session_state[key]),
        )  # fmt: skip
        for name, values in (("surface", SURFACES), ("category", CATEGORIES)):
            _listed(id_, change, name, values, words)


def _state(id_: str, change: Change, words: Words, *, former: bool) -> None:
    """Open, closed, or as before its works, where it was something before them."""
    states = [state for state in STATES if former or state in ("open", "closed", change.state)]
    key = _shell.held("edit_state", change.state or "as_is")
    st.segmented_control(
        words("reach.state"), ("as_is", *states), key=key, required=True, label_visibility="collapsed",
        format_func=lambda state: words(f"reach.state_{state}"),
        on_change=lambda: _set(id_, state=_or_none(st.session_state[key])),
    )  # fmt: skip


def _or_none(state: str) -> str | None:
    return None if state == "as_is" else state


def _listed(id_: str, change: Change, name: str, values: tuple[str, ...], words: Words) -> None:
    vocabulary = {"surface": "surface", "category": "technical_category"}[name]
    texts = _shell.store().catalogue.vocabularies[vocabulary]
    key = _shell.held(f"edit_{name}", getattr(change, name))
    st.selectbox(
        words(f"reach.{name}"), values, index=None, key=key, placeholder=words("reach.as_is"),
        format_func=lambda value: texts[value][words.language],
        on_change=lambda: _set(id_, **{name: st.session_state[key]}),
    )  # fmt: skip


def _set(segment: str, **values: Any) -> None:
    edit(lambda scenario: scenario.with_change(replace(scenario.change(segment), **values)))


# --- a new road --------------------------------------------------------------------------------------


def _drawn(view: View, after: Scenario, words: Words) -> None:
    """What becomes of a line that was drawn on the map."""
    if view.shape is None or view.shape.kind != "line":
        st.caption(words("reach.draw_road"))
        return
    points, language = view.shape.points, words.language
    texts = _shell.store().catalogue.vocabularies
    with st.form("new_road", border=True):
        st.markdown(f"**{words('reach.new_title')}**")
        suggested = words("reach.new_road", n=len(after.links) + 1)
        name = st.text_input(words("reach.name"), max_chars=MOST_NAME, placeholder=suggested)
        speed = st.number_input(words("reach.speed"), LEAST_KMH, MOST_KMH, _NEW_KMH, step=5.0, format="%g")
        surface = st.selectbox(
            words("reach.surface"), SURFACES, format_func=lambda v: texts["surface"][v][language]
        )
        category = st.selectbox(
            words("reach.category"), CATEGORIES, index=None, placeholder=words("reach.unknown"),
            format_func=lambda v: texts["technical_category"][v][language],
        )  # fmt: skip
        crossings = st.checkbox(words("reach.crossings"), True, help=words("reach.crossings_help"))
        if not st.form_submit_button(words("reach.add_road"), type="primary", width="stretch"):
            return
    link = Link(points, float(speed), str(surface), category or "", (name or "").strip(), crossings)
    edit(lambda scenario: scenario.with_link(link), drawn=True)
    st.rerun()


# --- the list of edits -------------------------------------------------------------------------------


def _edits(view: View, after: Scenario, words: Words) -> None:
    """Season, every edit with a button that takes it back, undo and redo."""
    key = _shell.held("season", after.season)
    st.segmented_control(
        words("reach.season"), SEASONS, key=key, required=True,
        format_func=lambda season: words(f"reach.season_{season}"),
        on_change=lambda: edit(lambda scenario: replace(scenario, season=st.session_state[key])),
    )  # fmt: skip
    HISTORY.buttons(view, words)
    if not len(after):
        st.caption(words("reach.no_edits"))
        return
    with st.expander(words.count("reach.edits", len(after)), expanded=len(after) <= 3, key="edits"):
        for change in after.changes:
            _row(
                _change_text(after.network, change, words),
                f"drop_{change.segment}",
                partial(_drop_change, change.segment),
            )
        for at, link in enumerate(after.links):
            _row(link.name or words("reach.new_road", n=at + 1), f"drop_new_{at}", partial(_drop_link, at))
        st.button(
            words("reach.clear"),
            icon=":material/delete_sweep:",
            on_click=edit,
            args=(_emptied,),
            width="stretch",
        )


def _row(text: str, key: str, drop: Callable[[], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_shell.plain(text), width="stretch")
        st.button(
            "",
            icon=":material/close:",
            key=key,
            help=_shell.words()("reach.drop"),
            on_click=drop,
            type="tertiary",
        )


def _drop_change(segment: str) -> None:
    edit(lambda scenario: scenario.with_change(Change(segment)))


def _drop_link(at: int) -> None:
    edit(lambda scenario: scenario.without_link(at))


def _emptied(scenario: Scenario) -> Scenario:
    return Scenario(scenario.network)


def _change_text(network: str, change: Change, words: Words) -> str:
    """A change as a reader says it."""
    language = words.language
    name = segment_name(_shell.store(), network, change.segment, language)
    parts = [words(f"reach.state_{change.state}").lower()] if change.state else []
    if change.speed_kmh is not None:
        parts.append(words("reach.kmh", n=words.number(change.speed_kmh, 0)))
    parts += [
        _word("surface", change.surface, language),
        _word("technical_category", change.category, language),
    ]
    return f"{name}: {', '.join(part for part in parts if part)}"


def _word(vocabulary: str, value: str | None, language: Language) -> str:
    texts = _shell.store().catalogue.vocabularies[vocabulary]
    return texts[value][language].lower() if value in texts else value or ""


# --- figures of the reader ---------------------------------------------------------------------------


def _figures(view: View, words: Words) -> None:
    """Cost, trips and the worth of an hour in the reader's own figures; the year of the network."""
    comparison = view.query.comparison
    with st.expander(words("reach.own_figures"), icon=":material/calculate:", key="own_figures"):
        known = cost_mln_rub(_shell.store(), comparison)
        for name, most, shown in (
            ("cost_mln_rub", 1e6, known),
            ("trips_year", 1000.0, None),
            ("hour_rub", 10_000.0, None),
        ):
            key = _shell.held(f"own_{name}", getattr(comparison, name))
            st.number_input(
                words(f"reach.{name}"), 0.0, most, None, key=key, format="%g",
                placeholder=words.number(shown, 0) if shown is not None else words("reach.as_assumed"),
                on_change=_shell.changing(key, lambda v, value, name=name: compared(v, **{name: value})),
            )  # fmt: skip
        if comparison.network != HOME_NETWORK:
            return
        year = st.number_input(
            words("reach.of_year"), *_YEARS, None, key="of_year", help=words("reach.of_year_help")
        )
        st.button(words("reach.take_year"), disabled=year is None, on_click=_take_year, width="stretch")


def _take_year() -> None:
    year = st.session_state.get("of_year")
    if year is not None:
        changes = of_year(_shell.store(), int(year))
        name = _shell.words()("reach.year_name", year=int(year))
        edit(lambda scenario: replace(scenario, changes=changes, name=name), before="today")
