"""The board on a page: tiles, charts and lists handed to our component, the acts of the reader back."""

from collections.abc import Callable
from typing import Any, get_args

import streamlit as st

from geo.errors import ShapeError
from layers.comparison import GOALS
from layers.programme import boards
from layers.query import Condition
from layers.stamp import stamp
from layers.text import Words
from layers.view import MOST_SITES, Page, View
from pages import _shell
from pages._component import component


def content(view: View) -> list[dict[str, Any]]:
    """What stands on the board of a view; where its shape cannot be used the page says so and stops."""
    try:
        return boards.items(_shell.store(), view)
    except ShapeError:
        st.error(_shell.words()("report.bad_shape"), icon=":material/error:")
        st.stop()


def show_board(
    key: str, items: list[dict[str, Any]], view: View, chips: bool = False, printed: bool = False
) -> None:
    """Mount or update a board. `chips` shows the conditions in force, `printed` a button to print."""
    words = Words(view.language)
    data = {
        "items": items,
        "lang": view.language,
        "strings": {**words.table("board"), "stamp": stamp(_shell.store(), words)},
        "chips": _chips(view, words) if chips else None,
        "print": words("board.print") if printed else None,
        "heard": st.session_state.get(f"heard_{key}", 0),
    }
    component("planner_board", "board", "board-host")(key=key, data=data, on_did_change=_heard(key))


def _heard(key: str) -> Callable[[], None]:
    def heard() -> None:
        did = getattr(st.session_state.get(key), "did", None)
        if did:
            st.session_state[f"heard_{key}"] = did["number"]
            _shell.show(acted(_shell.now(), str(did["act"])))

    return heard


def acted(view: View, act: str) -> View:
    """The view after an act: `field=value` toggles a condition; `pick=`, `open=`, `clear=`, `page=`.

    An act that names nothing known changes nothing.
    """
    name, _, value = act.partition("=")
    store = _shell.store()
    if name in ("pick", "open"):
        if not _shell.known(value, view.query):
            return view
        page: Page = "project" if name == "open" or view.page == "project" else view.page
        place = None if page == "project" else view.at
        return view.model_copy(update={"selected": value, "page": page, "at": place})
    if name == "page" and value in get_args(Page):
        return view.on_page(value, store.catalogue)
    if name == "goal" and value in GOALS:
        return compared(view, goal=value)
    if name == "compare":
        return _set_beside(view, value)
    if name == "clear":
        return _cleared(view, value)
    field = store.catalogue.fields.get(name)
    if (
        field is None
        or not (field.filter and field.listed)
        or value not in _shell.choices(field, view.language)
    ):
        return view
    condition = view.query.condition(name) or Condition(field=name)
    kept = tuple(v for v in condition.values if v != value)
    values = kept if value in condition.values else (*kept, value)
    changed = condition.model_copy(update={"values": values}) if values else None
    return view.model_copy(update={"query": view.query.with_condition(name, changed)})


def _set_beside(view: View, pick: str) -> View:
    """The view in which a site is compared with others that are still there, or no longer."""
    there = tuple(one for one in view.sites if _shell.known(one, view.query))
    if pick in view.sites:
        return view.model_copy(update={"sites": tuple(one for one in there if one != pick)})
    if len(there) >= MOST_SITES or not _shell.known(pick, view.query):
        return view
    return view.model_copy(update={"sites": (*there, pick)})


def seeking(view: View, **changes: Any) -> View:
    """The view that seeks something else."""
    sought = view.query.sought.model_copy(update=changes)
    return view.model_copy(update={"query": view.query.model_copy(update={"sought": sought})})


def compared(view: View, **changes: Any) -> View:
    """The view that compares something else."""
    comparison = view.query.comparison.model_copy(update=changes)
    return view.model_copy(update={"query": view.query.model_copy(update={"comparison": comparison})})


def _cleared(view: View, what: str) -> View:
    """The view without a condition, the year, the shape, or any of them ("all")."""
    query = view.query
    if what in ("year", "all"):
        query = query.model_copy(update={"year": None})
    if what == "all":
        query = query.model_copy(update={"conditions": ()})
    shape = None if what in ("shape", "all") else view.shape
    panel = view.panel if shape or view.panel != "report" else "none"
    return view.model_copy(update={"query": query.with_condition(what, None), "shape": shape, "panel": panel})


def _chips(view: View, words: Words) -> list[dict[str, str]]:
    """What narrows the choice now, each with the act that lets it go."""
    fields = {field.id for field in _shell.filter_fields(view)}
    chips = [{"text": words("board.chip_shape"), "act": "clear=shape"}] if view.shape else []
    # Measures have no state in a year: there it narrows nothing.
    if view.query.year is not None and view.page != "roadmap":
        chips.append({"text": f"{words('panel.year')}: {view.query.year}", "act": "clear=year"})
    for condition in view.query.conditions:
        if condition.field not in fields:
            continue
        text = _shell.condition_in_words(condition, words)
        chips.append({"text": text, "act": f"clear={condition.field}"})
    return [*chips, {"text": words("board.chip_all"), "act": "clear=all"}] if chips else []
