"""A story that is being written: kept on the shelf with every change, with what was before it."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from geo.errors import DocumentError
from layers.catalog import Language
from layers.shelf import Document, ShelfError, shelf
from layers.story.model import Story
from layers.story.stock import OWN, SHELVED
from pages import _shell

_MOST_KEPT = 60


@dataclass(frozen=True)
class Draft:
    """A story on the shelf as it was when the page was made."""

    kept: Document
    story: Story

    @classmethod
    def of(cls, name: str) -> "Draft | None":
        """The draft that the address names; None where it is not there. Raises `ShelfError`."""
        kept = shelf().get(int(name.removeprefix(OWN)))
        if kept is None or kept.kind != SHELVED:
            return None
        try:
            return cls(kept, Story.load(kept.text))
        except DocumentError:
            return None

    @property
    def name(self) -> str:
        """How the address names it."""
        return f"{OWN}{self.kept.id}"

    def change(self, changed: Story) -> bool:
        """Keep another form of the story; what was can be brought back. False where it could not be kept."""
        if changed == self.story:
            return True
        if not self._write(changed):
            return False
        past, future = self._stacks()
        st.session_state[past] = [*st.session_state.get(past, []), self.kept.text][-_MOST_KEPT:]
        st.session_state[future] = []
        return True

    def _write(self, changed: Story) -> bool:
        try:
            shelf().rewrite(self.kept, title_of(changed), changed.text())
        except ShelfError as fault:
            tell(fault)
            return False
        return True

    def buttons(self) -> None:
        """Undo and redo."""
        words = _shell.words()
        for name, stack in zip(("undo", "redo"), self._stacks(), strict=True):
            st.button(
                words(f"kept.{name}"), key=f"story_{name}", icon=f":material/{name}:", type="tertiary",
                on_click=self._step, args=(name == "undo",), disabled=not st.session_state.get(stack),
            )  # fmt: skip

    def _step(self, back: bool) -> None:
        taken, other = self._stacks()[:: 1 if back else -1]
        stack = list(st.session_state.get(taken, []))
        if stack and self._write(Story.load(stack.pop())):
            st.session_state[taken] = stack
            st.session_state[other] = [*st.session_state.get(other, []), self.kept.text]

    def _stacks(self) -> tuple[str, str]:
        return f"past:{self.name}", f"future:{self.name}"


def title_of(story: Story, language: Language = "ru") -> str:
    """By what a story is found on the shelf."""
    return story.title[language]


def begin(story: Story) -> str | None:
    """Put a new story on the shelf, under a title that is free; gives its name in the address."""
    words = _shell.words()
    title = title_of(story)
    try:
        taken = {kept.title for kept in shelf().all(SHELVED)}
        numbered = (words("story.numbered", title=title, n=n) for n in range(2, len(taken) + 3))
        free = next(one for one in (title, *numbered) if one not in taken)
        renamed = story
        if free != title:
            texts = {lang: free if text == title else text for lang, text in story.title.model_dump().items()}
            renamed = story.model_copy(update={"title": story.title.model_copy(update=texts)})
        return f"{OWN}{shelf().put(SHELVED, free, renamed.text()).id}"
    except ShelfError as fault:
        tell(fault)
        return None


def tell(fault: ShelfError) -> None:
    """Say that the shelf did not do what it was asked."""
    _shell.log.warning("%s", fault)
    st.toast(_shell.words()(f"shelf_fault.{fault.code}"), icon=":material/error:", duration="long")


def changing(draft: Draft, key: str, change: Callable[[Story, object], Story]) -> Callable[[], None]:
    """A callback that brings what a widget now holds into the story."""

    def on_change() -> None:
        draft.change(change(draft.story, st.session_state[key]))

    return on_change
