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
class Stacks:
    """The states of one thing that were, and those that were undone; `name` tells it from others."""

    name: str

    def changed(self, was: Any) -> None:
        """Something new was made of the state that was."""
        self._push("past", was)
        st.session_state[f"future:{self.name}"] = []

    def peek(self, back: bool) -> Any:
        """The state that a step back, or forth, leads to; None where there is none."""
        stack = st.session_state.get(f"{'past' if back else 'future'}:{self.name}")
        return stack[-1] if stack else None

    def stepped(self, back: bool, was: Any) -> None:
        """The step was made from the state that was."""
        taken, other = ("past", "future") if back else ("future", "past")
        st.session_state[f"{taken}:{self.name}"] = st.session_state[f"{taken}:{self.name}"][:-1]
        self._push(other, was)

    def _push(self, stack: str, state: Any) -> None:
        key = f"{stack}:{self.name}"
        st.session_state[key] = [*st.session_state.get(key, []), state][-_MOST_KEPT:]

    def buttons(self, step: Callable[[bool], None], words: Words) -> None:
        """Undo and redo: `step` is told whether it goes back."""
        for name in ("undo", "redo"):
            back = name == "undo"
            st.button(
                words(f"kept.{name}"), key=name, icon=f":material/{name}:", on_click=step, args=(back,),
                disabled=self.peek(back) is None,
            )  # fmt: skip


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
        was = self.of(view)
        if self.counts(was, self.of(changed)):
            Stacks(self.name(view)).changed(was)
        _shell.show(changed)

    def buttons(self, view: View, words: Words) -> None:
        """Undo and redo."""
        with st.container(horizontal=True, key="history"):
            Stacks(self.name(view)).buttons(self._step, words)

    def _step(self, back: bool) -> None:
        view = _shell.now()
        stacks = Stacks(self.name(view))
        state = stacks.peek(back)
        if state is None:
            return
        stacks.stepped(back, self.of(view))
        _shell.show(self.into(view, state))
