"""Keeping and exchanging documents that people make: the shelf of this planner, and files.

What a page works on (a road scenario, a suitability model) is one document of some kind; how it is written,
read and shown is said by a `Work`, so that every kind is named, saved, opened, deleted and exchanged alike.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from geo.errors import DocumentError, Fault
from geo.scenario import MOST_NAME
from layers.shelf import MOST_TITLE, Document, ShelfError, shelf
from layers.text import Words
from pages import _shell

_MOST_BYTES = 500_000


@dataclass(frozen=True)
class Work:
    """What is worked on, of some `kind` on the shelf; `about` is the section of its texts.

    `renamed` gives its text under a title, `loaded` that of the content of a file (raises `DocumentError`),
    `told` a fault as a sentence; `readable` says whether a text can be read; `opened` shows a text so that it
    can be undone, and `saved` shows what was saved.
    """

    kind: str
    about: str
    name: str
    renamed: Callable[[str], str]
    dump: Callable[[], str]
    loaded: Callable[[str], str]
    readable: Callable[[str], bool]
    told: Callable[[Fault], str]
    opened: Callable[[str], None]
    saved: Callable[[str], None]


def documents(kind: str, readable: Callable[[str], bool] = lambda _: True) -> list[Document]:
    """The kept documents of a kind; none, and a word about it, where the shelf cannot be read."""
    try:
        kept = shelf().all(kind)
    except ShelfError as fault:
        _shell.log.warning("%s", fault)
        st.caption(told(fault, _shell.words()))
        return []
    return [document for document in kept if readable(document.text)]


def fold(work: Work, words: Words) -> None:
    """Name and save, open and delete, take along and bring in."""
    with st.expander(words("kept.title"), icon=":material/bookmark:", key=f"shelf_{work.about}"):
        _save(work, words)
        for document in documents(work.kind, work.readable):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(
                    _shell.plain(document.title), key=f"open_{document.id}", type="tertiary",
                    on_click=work.opened, args=(document.text,), width="stretch",
                )  # fmt: skip
                st.button(
                    "", icon=":material/delete:", key=f"drop_kept_{document.id}", help=words("kept.delete"),
                    on_click=drop, args=(document,), type="tertiary",
                )  # fmt: skip
        restore_buttons(work.kind, words)
        name = re.sub(r"[^\w-]+", "-", work.name).strip("-") or work.about
        st.download_button(
            words("kept.export"), data=work.dump, file_name=f"{name}.json", mime="application/json",
            icon=":material/download:", on_click="ignore", width="stretch",
        )  # fmt: skip
        _bring(work, words)


def _save(work: Work, words: Words) -> None:
    with st.form(f"keep_{work.about}", border=False):
        title = st.text_input(words("kept.name"), work.name, max_chars=MOST_NAME)
        again = st.checkbox(words("kept.overwrite"))
        if not st.form_submit_button(words("kept.save"), icon=":material/save:", width="stretch"):
            return
    name = re.sub(r"\s+", " ", title or "").strip()
    text = work.renamed(name)
    try:
        shelf().put(work.kind, name, text, replace=again)
    except ShelfError as fault:
        _shell.log.warning("%s", fault)
        st.error(told(fault, words, MOST_NAME), icon=":material/error:")
        return
    work.saved(text)
    st.toast(words("kept.saved_as", title=_shell.plain(name)), icon=":material/check:")
    st.rerun()


def drop(document: Document) -> None:
    """Take a document away; a button offers to bring it back."""
    try:
        shelf().drop(document.id)
    except ShelfError as fault:
        tell(fault)
        return
    st.session_state[_gone(document.kind)] = [document, *_taken(document.kind)]


def restore_buttons(kind: str, words: Words) -> None:
    """The buttons that bring back what was taken away in this session, the last first."""
    for gone in _taken(kind):
        st.button(
            words("kept.restore", title=_shell.plain(gone.title)), icon=":material/undo:",
            key=f"restore_{gone.id}", on_click=_restore, args=(gone,),
        )  # fmt: skip


def _restore(gone: Document) -> None:
    try:
        shelf().restore(gone.id)
    except ShelfError as fault:
        if fault.code == "exists":
            st.toast(_shell.words()("kept.taken", title=_shell.plain(gone.title)), icon=":material/error:")
            return
        tell(fault)
        if fault.code != "gone":
            return
    st.session_state[_gone(gone.kind)] = [one for one in _taken(gone.kind) if one.id != gone.id]


def _taken(kind: str) -> list[Document]:
    found: list[Document] = st.session_state.get(_gone(kind), [])
    return found


def _gone(kind: str) -> str:
    return f"gone_{kind}"


def tell(fault: ShelfError) -> None:
    """Say that the shelf did not do what it was asked."""
    _shell.log.warning("%s", fault)
    st.toast(told(fault, _shell.words()), icon=":material/error:")


def told(fault: ShelfError, words: Words, most: int = MOST_TITLE) -> str:
    """A fault of the shelf as a sentence; a title may have `most` letters."""
    return words(f"shelf_fault.{fault.code}", most=most)


def _bring(work: Work, words: Words) -> None:
    """A document from a file: shown when all of it can be read, else every fault is told."""
    read = f"{work.about}_read"
    given = st.file_uploader(
        words("kept.import"), type=["json", "txt"], key=f"{work.about}_file", max_upload_size=1
    )
    if given is None or st.session_state.get(read) == given.file_id:
        return
    content = given.getvalue()
    try:
        if len(content) > _MOST_BYTES:
            raise DocumentError("too large", ())
        text = work.loaded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        st.error(words(f"{work.about}.bad_file"), icon=":material/error:")
        return
    except DocumentError as fault:
        lines = "\n".join(f"- {work.told(one)}" for one in fault.faults)
        st.error(f"{words(f'{work.about}.bad_file')}\n{lines}", icon=":material/error:")
        return
    st.session_state[read] = given.file_id
    work.opened(text)
    st.toast(words(f"{work.about}.imported"), icon=":material/check:")
    st.rerun()
