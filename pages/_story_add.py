"""The view of the map as a new chapter of a story of one's own."""

import streamlit as st

from layers.shelf import MOST_TITLE, ShelfError
from layers.story.model import Chapter, Story, Title
from layers.story.stock import OWN, SHELVED, UnknownStory
from layers.story.told import text_of
from layers.text import Words
from layers.view import View
from pages import _kept, _shell
from pages._kept import tell
from pages._story_draft import Draft, begin


def offer(view: View, words: Words) -> None:
    """Choose a story, name the chapter, add it."""
    with st.popover(words("story.add_view"), icon=":material/playlist_add:", width="stretch"):
        own = {kept.id: kept.title for kept in _kept.documents(SHELVED)}
        titles = {0: words("story.add_view_new")} | own
        chosen = st.selectbox(
            words("story.add_view_to"), list(titles), format_func=lambda id_: titles[id_], key="add_view_to"
        )
        title = st.text_input(words("story.add_view_title"), max_chars=MOST_TITLE, key="add_view_title")
        st.button(
            words("story.add_view_go"), icon=":material/add:", type="primary", on_click=_add,
            args=(view, chosen, title), disabled=not (title or "").strip(),
        )  # fmt: skip


def _add(view: View, story_id: int, title: str) -> None:
    words, language = _shell.words(), view.language
    text = text_of(_shell.store(), _shell.now())
    chapter = Chapter(title=Title(**{language: title.strip()}), view=text)
    try:
        if story_id:
            Draft.of(f"{OWN}{story_id}").put(lambda story: story.having(chapter, len(story.chapters)))
        else:
            begin(Story(title=Title(**{language: words("story.untitled")}), chapters=(chapter,)))
    except UnknownStory:
        return
    except ShelfError as fault:
        tell(fault)
    else:
        st.toast(words("story.added", title=_shell.plain(title)), icon=":material/check:")
