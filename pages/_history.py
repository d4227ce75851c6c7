"""Undo and redo of what a page works on: the states that were, and those that were undone, in the session."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from layers.text import Words
from layers.view import View
from pages import _shell

_MOST_KEPT = 60


@dataclass(frozen=True)
class History:
    """The history of something in the view: `of` takes its state out of a view, `into` puts one into it.

    `name` tells one history from another; `counts` says whether one state differs from the next.
    """

    name: Callable[[View], str]
    of: Callable[[View], Any]
    into: Callable[[View, Any], View]
    counts: Callable[[Any, Any], bool] = lambda was, becomes: was != becomes

    def show(self, changed: View) -> None:
        """Show another view; the state that was can be brought back."""
        view = _shell.now()
        was, becomes = self.of(view), self.of(changed)
        if self.counts(was, becomes):
            past, future = self._stacks(view)
            st.session_state[past] = [*st.session_state.get(past, []), was][-_MOST_KEPT:]
            st.session_state[future] = []
        _shell.show(changed)

    def buttons(self, view: View, words: Words) -> None:
        """Undo and redo."""
        with st.container(horizontal=True, key="history"):
            for name, back, stack in zip(("undo", "redo"), (True, False), self._stacks(view), strict=True):
                st.button(
                    words(f"kept.{name}"), key=name, icon=f":material/{name}:", on_click=self._step,
                    args=(back,), disabled=not st.session_state.get(stack),
                )  # fmt: skip

    def _step(self, back: bool) -> None:
        view = _shell.now()
        taken, other = self._stacks(view)[:: 1 if back else -1]
        stack = list(st.session_state.get(taken, []))
        if not stack:
            return
        state = stack.pop()
        st.session_state[taken] = stack
        st.session_state[other] = [*st.session_state.get(other, []), self.of(view)]
        _shell.show(self.into(view, state))

    def _stacks(self, view: View) -> tuple[str, str]:
        """What was, and what was undone."""
        name = self.name(view)
        return f"past:{name}", f"future:{name}"
