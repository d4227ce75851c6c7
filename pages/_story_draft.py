"""A story that is being written: kept on the shelf with every change, with what was before it."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from layers.shelf import Document, ShelfError, shelf
from layers.story.model import Story
from layers.story.stock import OWN, SHELVED, UnknownStory, own
from pages import _shell
from pages._history import Stacks
from pages._kept import tell


@dataclass(frozen=True)
class Draft:
    """A story on the shelf as it was when the page was made."""

    kept: Document
    story: Story

    @classmethod
    def of(cls, name: str) -> "Draft":
        """The draft that the address names. Raises `UnknownStory`, `ShelfError`."""
        return cls(*own(name))

    @property
    def name(self) -> str:
        """How the address names it."""
        return f"{OWN}{self.kept.id}"

    def change(self, change: Callable[[Story], Story]) -> bool:
        """Keep another form of the story; what was can be brought back. False where it could not be kept."""
        latest = self._latest()
        changed = change(latest.story)
        if changed == latest.story:
            return True
        if not latest.write(changed):
            return False
        self._stacks.changed(latest.kept.text)
        return True

    def _latest(self) -> "Draft":
        """The story as this person left it: two quick acts are answered before the page is made anew."""
        written = st.session_state.get(self._written)
        try:
            now = Draft.of(self.name)
        except (UnknownStory, ShelfError):
            return self
        return now if now.kept.text == written else self

    @property
    def _written(self) -> str:
        return f"written:{self.name}"

    def write(self, changed: Story) -> bool:
        """Put another form in its place. False where the shelf did not take it, which is told."""
        try:
            shelf().rewrite(self.kept, title_of(changed), changed.text())
        except ShelfError as fault:
            tell(fault)
            return False
        st.session_state[self._written] = changed.text()
        return True

    def buttons(self) -> None:
        """Undo and redo."""
        self._stacks.buttons(self._step, _shell.words())

    def _step(self, back: bool) -> None:
        state, latest = self._stacks.peek(back), self._latest()
        if state is not None and latest.write(Story.load(state)):
            self._stacks.stepped(back, latest.kept.text)

    @property
    def _stacks(self) -> Stacks:
        return Stacks(self.name)


def title_of(story: Story) -> str:
    """By what a story is found on the shelf."""
    return story.title["ru"]


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
