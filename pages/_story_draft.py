"""A story that is being written: kept on the shelf with every change, with what was before it."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from layers.catalog import LANGUAGES, Language
from layers.shelf import MOST_TITLE, Document, ShelfError, shelf
from layers.story.model import Story
from layers.story.stock import OWN, SHELVED, UnknownStory, own
from layers.text import Words
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
        """Keep another form of the story. False where the shelf did not take it, which is told."""
        try:
            self.put(change)
        except ShelfError as fault:
            tell(fault)
            return False
        return True

    def put(self, change: Callable[[Story], Story]) -> None:
        """Keep another form of the story; what was can be brought back. Raises `ShelfError`."""
        latest = self._latest()
        changed = change(latest.story)
        if changed != latest.story:
            latest.write(changed).follows(latest)

    def follows(self, former: "Draft") -> None:
        """What was before can be brought back, under the title of this story."""
        was = former.story
        if self.name != former.name:
            was = was.model_copy(update={"title": self.story.title})
        self._stacks.changed(was.text())

    def _latest(self) -> "Draft":
        """The story as this person left it: two quick acts are answered before the page is made anew."""
        name = st.session_state.get(_key("second", self.name), self.name)
        written = st.session_state.get(_key("written", name))
        try:
            now = Draft.of(name)
        except (UnknownStory, ShelfError):
            return self
        return now if now.kept.text == written else self

    def write(self, changed: Story) -> "Draft":
        """Put another form in its place. Raises `ShelfError`.

        Where somebody else has changed or deleted the story meanwhile, this form becomes a story of its own,
        which is gone on with.
        """
        try:
            kept = shelf().rewrite(self.kept, title_of(changed), changed.text())
        except ShelfError as fault:
            if fault.code not in ("changed", "gone"):
                raise
            return self._second(changed, fault.code)
        st.session_state[_key("written", self.name)] = changed.text()
        return Draft(kept, changed)

    def _second(self, changed: Story, why: str) -> "Draft":
        second = Draft.of(begin(changed, second=True))
        state = st.session_state
        state[_key("second", self.name)] = second.name
        state[_key("written", second.name)] = second.kept.text
        state[_key("apart", second.name)] = (why, self.name)
        state[_key("unsaved", second.name)] = state.pop(_key("unsaved", self.name), {})
        view = _shell.now()
        if view.story == self.name:
            _shell.show(view.model_copy(update={"story": second.name}))
        return second

    @property
    def apart(self) -> tuple[str, str] | None:
        """Why the story was parted from another (`changed` or `gone`), and from which; None if it was not."""
        found: tuple[str, str] | None = st.session_state.get(_key("apart", self.name))
        return found

    def told(self) -> None:
        """The person knows that the story was parted from another."""
        st.session_state.pop(_key("apart", self.name), None)

    def begin(self) -> None:
        """The story itself is written, not the one that was parted from it before."""
        st.session_state.pop(_key("second", self.name), None)

    @property
    def unsaved(self) -> dict[str, tuple[str, str]]:
        """What was typed and not taken: by field the text and the code of the fault."""
        found: dict[str, tuple[str, str]] = st.session_state.setdefault(_key("unsaved", self.name), {})
        return found

    def put_text(self, name: str, text: str, change: Callable[[Story, str], Story]) -> None:
        """Bring what was typed into a field into the story; what is not taken stays in the field."""
        self.unsaved.pop(name, None)
        try:
            self.put(lambda story: change(story, text))
        except ShelfError as fault:
            self.unsaved[name] = (text, fault.code)

    def buttons(self) -> None:
        """Undo and redo."""
        self._stacks.buttons(self._step, _shell.words())

    def _step(self, back: bool) -> None:
        state, latest = self._stacks.peek(back), self._latest()
        if state is None:
            return
        try:
            written = latest.write(Story.load(state))
        except ShelfError as fault:
            tell(fault)
            return
        if written.name == latest.name:
            self._stacks.stepped(back, latest.kept.text)
        else:
            written.follows(latest)

    @property
    def _stacks(self) -> Stacks:
        return Stacks(self.name)


def title_of(story: Story) -> str:
    """By what a story is found on the shelf."""
    return story.title["ru"]


def _key(what: str, name: str) -> str:
    return f"{what}:{name}"


def begin(story: Story, *, second: bool = False) -> str:
    """Put a new story on the shelf, under a title that is free; gives its name in the address.

    `second`: it is another form of a story that there is or was, and its title says so. Raises `ShelfError`.
    """
    words = _shell.words()
    if second:
        story = _titled(story, lambda text, language: _ended(Words(language), "story.second", text))
    title = title_of(story)
    taken = {kept.title for kept in shelf().all(SHELVED)}
    numbered = (_ended(words, "story.numbered", title, n=n) for n in range(2, len(taken) + 3))
    free = next(one for one in (title, *numbered) if one not in taken)
    if free != title:
        story = _titled(story, lambda text, _: free if text == title else text)
    return f"{OWN}{shelf().put(SHELVED, free, story.text()).id}"


def _titled(story: Story, change: Callable[[str, Language], str]) -> Story:
    texts = {one: change(getattr(story.title, one), one) for one in LANGUAGES if getattr(story.title, one)}
    return story.model_copy(update={"title": story.title.model_copy(update=texts)})


def _ended(words: Words, key: str, title: str, **values: object) -> str:
    """A title with an end that tells it from others, once, and as long as a title may be."""
    end = words(key, title="", **values)
    room = MOST_TITLE - len(end)
    return title if title.endswith(end) else words(key, title=title[:room].rstrip(), **values)
