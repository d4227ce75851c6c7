"""A chapter that waits for its view: the page that shows it offers to take the view as it stands."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from layers.shelf import ShelfError
from layers.story.model import Story
from layers.story.stock import UnknownStory
from layers.story.told import text_of
from layers.view import View
from pages import _shell
from pages._kept import tell
from pages._story_draft import Draft

_KEY = "story_target"


@dataclass(frozen=True)
class _Target:
    story: str
    chapter: int
    title: str


def aim(story: str, chapter: int, title: str, shown: View) -> None:
    """Go to the view of a chapter to set it up."""
    st.session_state[_KEY] = _Target(story, chapter, title)
    _shell.show(shown)


def banner() -> None:
    """While a chapter waits: take the present view, or leave it as it was."""
    target: _Target | None = st.session_state.get(_KEY)
    if target is None or _shell.view().page == "present":
        st.session_state.pop(_KEY, None)
        return
    words = _shell.words()
    with st.sidebar, st.container(border=True, key="story_target"):
        st.markdown(words("story.aiming", n=target.chapter, title=_shell.plain(target.title)))
        with st.container(horizontal=True):
            st.button(
                words("story.take_view"),
                icon=":material/check:",
                type="primary",
                on_click=_take,
                args=(target,),
            )
            st.button(words("story.keep_view"), on_click=_back, args=(target,))


def _take(target: _Target) -> None:
    text = text_of(_shell.store(), _shell.now())
    try:
        done = Draft.of(target.story).change(partial(_seen, target, text))
    except UnknownStory:
        done = True  # there is nothing left to be changed
    except ShelfError as fault:
        tell(fault)
        return
    if done:
        _back(target)


def _seen(target: _Target, text: str, story: Story) -> Story:
    """The story in which the chapter shows that view; a chapter that is gone stays gone."""
    if target.chapter > len(story.chapters):
        return story
    chapter = story.chapters[target.chapter - 1].model_copy(update={"view": text})
    return story.with_chapter(target.chapter, chapter)


def _back(target: _Target) -> None:
    language = _shell.now().language
    view = View.default(_shell.store().catalogue, language, "present")
    written = {"story": target.story, "chapter": target.chapter, "writing": True}
    _shell.show(view.model_copy(update=written))
    st.session_state.pop(_KEY, None)
