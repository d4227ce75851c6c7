"""Present: the stories there are, told by scrolling or full screen, taken along in one file or on paper."""

from collections.abc import Callable

import streamlit as st

from geo.errors import Fault
from layers.shelf import ShelfError
from layers.story import exports
from layers.story.model import Story, StoryError, Title
from layers.story.stock import SHELVED, UnknownStory, is_own, named, ready
from layers.story.told import ToldStory, tell
from layers.text import Words
from layers.view import View
from pages import _embed, _kept, _shell, _story_draft, _story_editor
from pages._story_draft import Draft
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
        draft = Draft.of(view.story) if view.writing and is_own(view.story) else None
        story = draft.story if draft else named(_shell.store(), view.story)
    except (UnknownStory, ShelfError) as fault:
        _missing(view, words, fault)
        return
    if draft:
        _story_editor.editor(draft, view, words)
    else:
        _reading(view, story, words)


# --- the stories there are --------------------------------------------------------------------------


def _gallery(view: View, words: Words) -> None:
    with st.container(key="document"):
        st.title(words("story.title"))
        st.markdown(words("story.intro"))
        _cards([(name, story, None) for name, story in ready(_shell.store()).items()], view, words)
        st.subheader(words("story.own"))
        own = _own()
        if not own:
            st.caption(words("story.none_own"))
        _cards([(draft.name, draft.story, draft) for draft in own], view, words)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.button(
                words("story.new"), icon=":material/add:", on_click=_begin, type="primary",
                args=(Story(title=Title(**{view.language: words("story.untitled")})),),
            )  # fmt: skip
            _kept.restore_buttons(SHELVED, words)
        _bring(words)


def _own() -> list[Draft]:
    found = []
    for document in _kept.documents(SHELVED):
        try:
            found.append(Draft(document, Story.load(document.text)))
        except StoryError:
            _shell.log.warning("story %s of the shelf cannot be read", document.id)
    return found


def _cards(stories: list[tuple[str, Story, Draft | None]], view: View, words: Words) -> None:
    for start in range(0, len(stories), _COLUMNS):
        columns = st.columns(_COLUMNS)
        for column, (name, story, draft) in zip(columns, stories[start : start + _COLUMNS], strict=False):
            with column, st.container(border=True, height="stretch"):
                st.markdown(f"#### {_shell.plain(story.title[view.language])}")
                st.markdown(_shell.plain(story.summary[view.language]))
                st.caption(words.count("story.chapters", len(story.chapters)))
                with st.container(horizontal=True):
                    st.button(
                        words("story.open"), key=f"open_{name}", type="primary", icon=":material/menu_book:",
                        on_click=_shell.doing(_opened(name)),
                    )  # fmt: skip
                    if draft:
                        _own_buttons(draft, words)


def _own_buttons(draft: Draft, words: Words) -> None:
    st.button(
        words("story.write"), key=f"write_{draft.name}", icon=":material/edit:",
        on_click=_shell.doing(_opened(draft.name, writing=True)),
    )  # fmt: skip
    st.button(
        "", key=f"drop_{draft.name}", icon=":material/delete:", type="tertiary", help=words("story.delete"),
        on_click=_kept.drop, args=(draft.kept,),
    )  # fmt: skip


def _opened(name: str, *, writing: bool = False) -> Callable[[View], View]:
    return lambda view: view.model_copy(update={"story": name, "chapter": 0, "writing": writing})


def _begin(story: Story) -> None:
    try:
        _write(_story_draft.begin(story))
    except ShelfError as fault:
        _kept.tell(fault)


def _write(name: str) -> None:
    _shell.show(_opened(name, writing=True)(_shell.now()))


def _bring(words: Words) -> None:
    """A story from a file: kept when all of it can be read, else every fault is told."""
    given = st.file_uploader(words("story.import"), type=["json"], key="story_file", max_upload_size=1)
    if given is None or st.session_state.get("story_read") == given.file_id:
        return
    content = given.getvalue()
    try:
        if len(content) > _MOST_BYTES:
            raise StoryError("too large", (Fault("large", ""),))
        name = _story_draft.begin(Story.read(content))
    except StoryError as fault:
        lines = "\n".join(
            "- "
            + words(f"story_fault.{one.code}", where=_shell.plain(one.where), value=_shell.plain(one.value))
            for one in fault.faults
        )
        st.error(f"{words('story.bad_file')}\n{lines}", icon=":material/error:")
        return
    except ShelfError as fault:
        st.error(_kept.told(fault, words), icon=":material/error:")
        return
    st.session_state["story_read"] = given.file_id
    _write(name)
    st.rerun()


# --- one story --------------------------------------------------------------------------------------


def _missing(view: View, words: Words, fault: Exception) -> None:
    told = _kept.told(fault, words) if isinstance(fault, ShelfError) else words("story.missing")
    with st.container(key="document"):
        st.title(words("story.title"))
        st.error(told, icon=":material/error:")
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
