"""The code by which a page of another site shows this view, where the administrator allows any."""

from urllib.parse import urlsplit

import streamlit as st

from layers.embedding import address, frame, hosts, story_address
from layers.text import Words
from layers.view import View
from pages import _shell


def offer(view: View, words: Words) -> None:
    """Show the code of a view, or of the story that it presents, with a button that copies it.

    Where nobody may embed, say who can change that.
    """
    with st.popover(words("embed.title"), icon=":material/code:", width="stretch"):
        if not hosts():
            st.caption(words("embed.not_allowed"))
            return
        source = (
            story_address(_root(), view.story, view) if view.story else address(_root(), view, _shell.store())
        )
        st.caption(words("embed.code"))
        st.code(frame(source, words("app.title")), "html", wrap_lines=True)
        st.caption(words("embed.hosts", hosts=", ".join(f"`{host}`" for host in hosts())))


def _root() -> str:
    """The address of the planner as its reader reached it."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
