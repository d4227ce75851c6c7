"""A story as a document: chapters of Markdown in two languages, each with the view that it shows.

A story is written as JSON (`Story.text`, canonical: the same story is the same text) and, where it comes with
the planner, as TOML. Reading tells every fault with its place; a story with a fault is not read in part.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from geo.errors import DocumentError, Fault
from layers.catalog import LANGUAGES, Language
from layers.shelf import MOST_TITLE, blank
from layers.style import Frozen

KIND = "planner-story"
VERSION = 1
MOST_CHAPTERS = 60
MOST_TEXT = 12_000
SECONDS = (3, 900)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def seen(text: str) -> str:
    """A text without the signs that nobody sees and that may turn its order round."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n"))


def line(text: str) -> str:
    """A title as it is kept; one in which nothing is seen is none."""
    return "" if blank(text) else seen(text)


Line = Annotated[str, StringConstraints(max_length=MOST_TITLE), AfterValidator(line)]
Prose = Annotated[str, StringConstraints(max_length=MOST_TEXT), AfterValidator(seen)]


class StoryError(DocumentError):
    """A story that cannot be read."""

    kind = "story"


class _InBoth(Frozen):
    """A text in one language or in both; where one is missing the other is read."""

    def __getitem__(self, language: Language) -> str:
        own = str(getattr(self, language))
        return own or next((str(getattr(self, other)) for other in LANGUAGES if getattr(self, other)), "")

    def lacks(self, language: Language) -> bool:
        """Whether there is a text, and none in this language."""
        return not getattr(self, language) and bool(self[language])


class Title(_InBoth):
    """A line in both languages."""

    ru: Line = ""
    en: Line = ""


class Telling(_InBoth):
    """Markdown in both languages."""

    ru: Prose = ""
    en: Prose = ""


class Chapter(Frozen):
    """A chapter: what is said, what is seen, for how long, and what the presenter says beside it.

    `view` is a view in its address form (without the language), None for a chapter without a map; `sources`
    are those of what the words state beyond the live figures, which bring their own.
    """

    title: Title
    text: Telling = Telling()
    view: Annotated[str, StringConstraints(max_length=8_000)] | None = ""
    seconds: int | None = Field(default=None, ge=SECONDS[0], le=SECONDS[1])
    notes: Telling = Telling()
    sources: tuple[Annotated[str, StringConstraints(max_length=80)], ...] = Field(default=(), max_length=40)


class Story(Frozen):
    """A story; `order` is its place among those that come with the planner."""

    title: Title
    summary: Telling = Telling()
    chapters: tuple[Chapter, ...] = Field(default=(), max_length=MOST_CHAPTERS)
    order: int = 0

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits of what the story says."""
        return hashlib.sha256(self.text().encode()).hexdigest()[:12]

    def text(self) -> str:
        """The canonical text; what is not said is left out."""
        told = {"kind": KIND, "version": VERSION, **self.model_dump(mode="json", exclude_defaults=True)}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def dump(self) -> str:
        """The same, laid out for who opens the file."""
        return json.dumps(json.loads(self.text()), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def read(cls, content: bytes) -> Self:
        """The story of a file. Raises `StoryError` with every fault."""
        try:
            return cls.load(content.decode("utf-8-sig"))
        except UnicodeDecodeError as fault:
            raise StoryError("not in UTF-8", (Fault("encoding", ""),)) from fault

    @classmethod
    def load(cls, content: str) -> Self:
        """The story of a text. Raises `StoryError` with every fault."""
        try:
            table = json.loads(content)
        except json.JSONDecodeError as fault:
            raise StoryError("no JSON", (Fault("json", str(fault.lineno), str(fault.colno)),)) from fault
        except RecursionError as fault:
            raise StoryError("nested too deeply", (Fault("deep", ""),)) from fault
        except ValueError as fault:
            raise StoryError("a number of too many digits", (Fault("digits", ""),)) from fault
        if not isinstance(table, dict) or table.pop("kind", None) != KIND:
            raise StoryError("no story", (Fault("kind", ""),))
        if table.pop("version", None) != VERSION:
            raise StoryError("of another version", (Fault("version", ""),))
        return cls.made(table)

    @classmethod
    def made(cls, table: dict[str, Any]) -> Self:
        """The story of a table of plain values. Raises `StoryError` with every fault."""
        try:
            story = cls.model_validate(table)
        except ValidationError as fault:
            raise StoryError("not as a story is written", tuple(_faults(fault))) from fault
        if not any(story.title.model_dump().values()):
            raise StoryError("no title", (Fault("untitled", ""),))
        return story

    def with_chapter(self, number: int, chapter: Chapter) -> "Story":
        """A copy in which the chapter of that number (from 1) is another."""
        chapters = list(self.chapters)
        chapters[number - 1] = chapter
        return self.model_copy(update={"chapters": tuple(chapters)})

    def having(self, chapter: Chapter, after: int) -> "Story":
        """A copy with a new chapter after the one of that number."""
        chapters = list(self.chapters)
        chapters.insert(after, chapter)
        return self.model_copy(update={"chapters": tuple(chapters)})

    def without(self, number: int) -> "Story":
        """A copy without the chapter of that number."""
        return self.model_copy(update={"chapters": self.chapters[: number - 1] + self.chapters[number:]})

    def moved(self, number: int, steps: int) -> "Story":
        """A copy in which a chapter stands that many places later."""
        chapters = list(self.chapters)
        chapter = chapters.pop(number - 1)
        chapters.insert(min(max(number - 1 + steps, 0), len(chapters)), chapter)
        return self.model_copy(update={"chapters": tuple(chapters)})

    def untranslated(self) -> list[str]:
        """Where one language says something and the other nothing: `title.en`, `3.text.ru`."""
        parts: list[tuple[str, _InBoth]] = [("title", self.title), ("summary", self.summary)]
        for number, chapter in enumerate(self.chapters, start=1):
            parts += [(f"{number}.{name}", getattr(chapter, name)) for name in ("title", "text", "notes")]
        return [
            f"{where}.{language}" for where, said in parts for language in LANGUAGES if said.lacks(language)
        ]


def _faults(fault: ValidationError) -> Iterator[Fault]:
    for error in fault.errors():
        where = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in error["loc"])
        code = {"string_too_long": "long", "too_long": "many", "extra_forbidden": "unknown"}.get(
            error["type"]
        )
        value = str(error.get("input"))[:60]
        if code in ("long", "many"):
            value = str(error["ctx"]["max_length"])
        yield Fault(code or "value", _sayable(where), _sayable(value))


def _sayable(text: str) -> str:
    """A text without halves of letters, which JSON can hold and no page can show."""
    return text.encode("utf-8", "replace").decode()
