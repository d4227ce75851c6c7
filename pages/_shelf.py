"""Keeping and exchanging scenarios: the shelf of this planner, and files."""

import re
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from geo.errors import ScenarioError
from geo.scenario import MOST_NAME, Fault, Scenario
from layers.reach.scenarios import shortest
from layers.shelf import Document, ShelfError, shelf
from layers.text import Words
from layers.view import View
from pages import _shell
from pages._board import compared

KIND = "road-scenario"
_MOST_BYTES = 500_000
_GONE = "scenario_gone"
Put = Callable[[View], None]
"""Shows another scenario "after" so that it can be undone (`pages._scenario.put`)."""


def scenarios(network: str) -> list[Document]:
    """The kept scenarios of a network; none, and a word about it, where the shelf cannot be read."""
    try:
        kept = shelf().all(f"{KIND}:{network}")
    except ShelfError as fault:
        _shell.log.warning("%s", fault)
        st.caption(_shell.words()(f"shelf_fault.{fault.code}"))
        return []
    return [document for document in kept if _readable(document, network)]


def carry(old: str, new: str) -> None:
    """Give the kept scenarios of a network that was replaced to the one in its place."""
    try:
        for document in shelf().all(f"{KIND}:{old}"):
            shelf().put(f"{KIND}:{new}", document.title, document.text, replace=True)
            shelf().drop(document.id)
    except ShelfError as fault:
        _shell.log.warning("scenarios of %s stay with it: %s", old, fault)


def _readable(document: Document, network: str) -> bool:
    try:
        Scenario.parse(document.text, network)
    except ScenarioError:
        return False
    return True


def fold(view: View, after: Scenario, put: Put, words: Words) -> None:
    """Name and save, open and delete, take along and bring in."""
    with st.expander(words("reach.shelf"), icon=":material/bookmark:", key="shelf"):
        _keep(after, put, words)
        for document in scenarios(after.network):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(
                    _shell.plain(document.title), key=f"open_{document.id}", type="tertiary",
                    on_click=_open, args=(document.text, put), width="stretch",
                )  # fmt: skip
                st.button(
                    "", icon=":material/delete:", key=f"drop_kept_{document.id}", help=words("reach.delete"),
                    on_click=_drop, args=(document,), type="tertiary",
                )  # fmt: skip
        if gone := st.session_state.get(_GONE):
            st.button(
                words("reach.restore", title=_shell.plain(gone.title)),
                icon=":material/undo:",
                on_click=_restore,
                args=(gone,),
            )
        st.download_button(
            words("reach.export"), data=after.dump, file_name=f"{_file_name(after)}.json",
            mime="application/json", icon=":material/download:", on_click="ignore", width="stretch",
        )  # fmt: skip
        _bring(view, put, words)


def _file_name(scenario: Scenario) -> str:
    return re.sub(r"[^\w-]+", "-", scenario.name).strip("-") or "scenario"


def _keep(after: Scenario, put: Put, words: Words) -> None:
    with st.form("keep", border=False):
        title = st.text_input(words("reach.name"), after.name, max_chars=MOST_NAME)
        again = st.checkbox(words("reach.overwrite"))
        if not st.form_submit_button(words("reach.save"), icon=":material/save:", width="stretch"):
            return
    named = replace(after, name=re.sub(r"\s+", " ", title or "").strip())
    text = named.text() or "season:summer"
    try:
        shelf().put(f"{KIND}:{after.network}", named.name, text, replace=again)
    except ShelfError as fault:
        _shell.log.warning("%s", fault)
        st.error(words(f"shelf_fault.{fault.code}"), icon=":material/error:")
        return
    put(compared(_shell.now(), after=text))
    st.toast(words("reach.saved_as", title=_shell.plain(named.name)), icon=":material/check:")
    st.rerun()


def _open(text: str, put: Put) -> None:
    put(compared(_shell.now(), after=text, cost_mln_rub=None))


def _drop(document: Document) -> None:
    try:
        shelf().drop(document.id)
    except ShelfError as fault:
        _shell.log.warning("%s", fault)
        st.toast(_shell.words()(f"shelf_fault.{fault.code}"), icon=":material/error:")
        return
    st.session_state[_GONE] = document


def _restore(document: Document) -> None:
    try:
        shelf().restore(document.id)
    except ShelfError as fault:
        st.toast(_shell.words()(f"shelf_fault.{fault.code}"), icon=":material/error:")
    st.session_state[_GONE] = None


def _bring(view: View, put: Put, words: Words) -> None:
    """A scenario from a file: shown as "after" when all of it can be read, else every fault is told."""
    given = st.file_uploader(
        words("reach.import"), type=["json", "txt"], key="scenario_file", max_upload_size=1
    )
    if given is None or st.session_state.get("scenario_read") == given.file_id:
        return
    content = given.getvalue()
    try:
        if len(content) > _MOST_BYTES:
            raise ScenarioError("too large", ())
        scenario = Scenario.load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        st.error(words("reach.bad_file"), icon=":material/error:")
        return
    except ScenarioError as fault:
        lines = "\n".join(f"- {told(one)}" for one in fault.faults)
        st.error(f"{words('reach.bad_file')}\n{lines}", icon=":material/error:")
        return
    if scenario.network != view.query.comparison.network:
        st.error(words("reach.other_network", name=_shell.plain(scenario.network)), icon=":material/error:")
        return
    st.session_state["scenario_read"] = given.file_id
    put(compared(view, after=shortest(_shell.store(), scenario), cost_mln_rub=None))
    st.toast(words("reach.imported"), icon=":material/check:")
    st.rerun()


def told(fault: Fault) -> str:
    """A fault of a scenario as a sentence: what is wrong, where, what to do."""
    words = _shell.words()
    number = fault.where.removeprefix("+")
    name = words("reach.new_road", n=number) if number != fault.where and number.isdecimal() else fault.where
    where = f"{_shell.plain(name)}: " if name else ""
    return where + words(f"scenario_fault.{fault.code}", value=_shell.plain(fault.value))
