"""Present: the stories there are, told by scrolling or full screen, taken along in one file or on paper."""

from collections.abc import Callable

import streamlit as st

from geo.errors import Fault
from layers.shelf import Document, ShelfError, shelf
from layers.story import exports
from layers.story.model import Story, StoryError, Title
from layers.story.stock import OWN, SHELVED, UnknownStory, is_own, named, ready
from layers.story.told import ToldStory, tell
from layers.text import Words
from layers.view import View
from pages import _embed, _shell, _story_draft, _story_editor
from pages._story_player import player

_COLUMNS = 2
_MOST_BYTES = 1_000_000


def page() -> None:
    """Draw the page for the view in the address."""
    view, words = _shell.view(), _shell.words()
    if not view.story:
        _gallery(view, words)
        return
    try:
        story = named(_shell.store(), view.story)
    except (UnknownStory, ShelfError) as fault:
        _missing(view, words, fault)
        return
    if view.writing and is_own(view.story):
        _story_editor.editor(view, words)
    else:
        _reading(view, story, words)


# --- the stories there are --------------------------------------------------------------------------


def _gallery(view: View, words: Words) -> None:
    with st.container(key="document"):
        st.title(words("story.title"))
        st.markdown(words("story.intro"))
        _cards([(name, story) for name, story in ready(_shell.store()).items()], view, words)
        st.subheader(words("story.own"))
        own = _own(words)
        if not own:
            st.caption(words("story.none_own"))
        _cards(own, view, words)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button(
                words("story.new"), icon=":material/add:", on_click=_begin, type="primary",
                args=(Story(title=Title(**{view.language: words("story.untitled")})),),
            )  # fmt: skip
            _restore_button(words)
        _bring(words)


def _own(words: Words) -> list[tuple[str, Story]]:
    try:
        kept = shelf().all(SHELVED)
    except ShelfError as fault:
        _shell.log.warning("%s", fault)
        st.caption(words(f"shelf_fault.{fault.code}"))
        return []
    found = []
    for document in kept:
        try:
            found.append((f"{OWN}{document.id}", Story.load(document.text)))
        except StoryError:
            _shell.log.warning("story %s of the shelf cannot be read", document.id)
    return found


def _cards(stories: list[tuple[str, Story]], view: View, words: Words) -> None:
    for start in range(0, len(stories), _COLUMNS):
        columns = st.columns(_COLUMNS)
        for column, (name, story) in zip(columns, stories[start : start + _COLUMNS], strict=False):
            with column, st.container(border=True, height="stretch"):
                st.markdown(f"#### {_shell.plain(story.title[view.language])}")
                st.markdown(_shell.plain(story.summary[view.language]))
                st.caption(words.count("story.chapters", len(story.chapters)))
                with st.container(horizontal=True):
                    st.button(
                        words("story.open"), key=f"open_{name}", type="primary", icon=":material/menu_book:",
                        on_click=_shell.doing(_opened(name)),
                    )  # fmt: skip
                    if is_own(name):
                        _own_buttons(name, words)


def _own_buttons(name: str, words: Words) -> None:
    st.button(
        words("story.write"), key=f"write_{name}", icon=":material/edit:",
        on_click=_shell.doing(_opened(name, writing=True)),
    )  # fmt: skip
    st.button(
        "", key=f"drop_{name}", icon=":material/delete:", type="tertiary", help=words("story.delete"),
        on_click=_drop, args=(name,),
    )  # fmt: skip


def _opened(name: str, *, writing: bool = False) -> Callable[[View], View]:
    return lambda view: view.model_copy(update={"story": name, "chapter": 0, "writing": writing})


def _begin(story: Story) -> None:
    if name := _story_draft.begin(story):
        _shell.show(_opened(name, writing=True)(_shell.now()))


def _drop(name: str) -> None:
    try:
        document = shelf().get(int(name.removeprefix(OWN)))
        shelf().drop(int(name.removeprefix(OWN)))
    except ShelfError as fault:
        _story_draft.tell(fault)
        return
    st.session_state["gone_story"] = document


def _restore_button(words: Words) -> None:
    gone: Document | None = st.session_state.get("gone_story")
    if gone is not None:
        st.button(
            words("kept.restore", title=_shell.plain(gone.title)), icon=":material/undo:",
            on_click=_restore, args=(gone,),
        )  # fmt: skip


def _restore(gone: Document) -> None:
    try:
        shelf().restore(gone.id)
    except ShelfError as fault:
        _story_draft.tell(fault)
    st.session_state["gone_story"] = None


def _bring(words: Words) -> None:
    """A story from a file: kept when all of it can be read, else every fault is told."""
    given = st.file_uploader(words("story.import"), type=["json"], key="story_file", max_upload_size=1)
    if given is None or st.session_state.get("story_read") == given.file_id:
        return
    content = given.getvalue()
    try:
        if len(content) > _MOST_BYTES:
            raise StoryError("too large", (Fault("large", ""),))
        story = Story.load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        st.error(words("story.bad_file"), icon=":material/error:")
        return
    except StoryError as fault:
        lines = "\n".join(
            "- "
            + words(f"story_fault.{one.code}", where=_shell.plain(one.where), value=_shell.plain(one.value))
            for one in fault.faults
        )
        st.error(f"{words('story.bad_file')}\n{lines}", icon=":material/error:")
        return
    st.session_state["story_read"] = given.file_id
    _begin(story)
    st.rerun()


# --- one story --------------------------------------------------------------------------------------


def _missing(view: View, words: Words, fault: Exception) -> None:
    code = fault.code if isinstance(fault, ShelfError) else ""
    with st.container(key="document"):
        st.title(words("story.title"))
        st.error(words(f"shelf_fault.{code}" if code else "story.missing"), icon=":material/error:")
        st.button(words("story.all"), icon=":material/arrow_back:", on_click=_shell.doing(_opened("")))
    _shell.log.info("story %s: %s", view.story, fault)


def _reading(view: View, story: Story, words: Words) -> None:
    found = tell(_shell.store(), story, view.language)
    with st.container(key="story"):
        with st.container(key="story_bar", horizontal=True, vertical_alignment="center"):
            st.button(
                words("story.all"), icon=":material/arrow_back:", type="tertiary",
                on_click=_shell.doing(_opened("")),
            )  # fmt: skip
            _take(found, view, words)
            if is_own(view.story):
                st.button(
                    words("story.write"), icon=":material/edit:", type="tertiary",
                    on_click=_shell.doing(_opened(view.story, writing=True)),
                )  # fmt: skip
            else:
                st.button(
                    words("story.copy"), icon=":material/content_copy:", type="tertiary", on_click=_begin,
                    args=(story,), help=words("story.copy_help"),
                )  # fmt: skip
        if found.chapters:
            player(found, view)
        else:
            st.info(words("story.no_chapters"), icon=":material/info:")


def _take(found: ToldStory, view: View, words: Words) -> None:
    """The story as a file of every kind."""
    store, named_as = _shell.store(), exports.file_name(found, view.story)
    with st.popover(words("story.take"), icon=":material/download:", type="tertiary"):
        st.caption(words("story.take_note"))
        for kind in exports.KINDS:
            st.download_button(
                words(f"story.{kind.id}"), data=lambda kind=kind: kind.made(store, found, view.story),
                file_name=f"{named_as}.{kind.id}", mime=kind.mime,
                icon=f":material/{kind.icon}:", on_click="ignore", key=f"take_{kind.id}", width="stretch",
                help=words(f"story.{kind.id}_help"),
            )  # fmt: skip
        st.download_button(
            words("story.json"), data=found.story.dump, file_name=f"{named_as}.json",
            mime="application/json", icon=":material/data_object:", on_click="ignore", width="stretch",
            help=words("story.json_help"), key="take_json",
        )  # fmt: skip
        _embed.offer(view, words)
