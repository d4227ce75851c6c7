"""A story told in a language: every mark filled, every source numbered, every view understood."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from layers.catalog import LANGUAGES, Language
from layers.paper.document import Block, Citations, Notice, Sources
from layers.store import Store
from layers.story.live import Teller, UnknownMark
from layers.story.markdown import told
from layers.story.model import Chapter, Story, Telling, Title
from layers.text import Words
from layers.view import View


@dataclass(frozen=True)
class ToldChapter:
    """A chapter: its blocks and those of its notes, the view beside it, the numbers of its sources.

    `faults` are marks that name nothing, `strange` entries of the view that could not be read. What the
    language lacks is told in the other one, and a notice over the text says so.
    """

    number: int
    title: str
    blocks: tuple[Block, ...]
    notes: tuple[Block, ...]
    view: View | None
    seconds: int | None
    cited: tuple[int, ...]
    faults: tuple[UnknownMark, ...] = ()
    strange: tuple[str, ...] = ()


@dataclass(frozen=True)
class ToldStory:
    """A story in a language, with its list of sources."""

    story: Story
    language: Language
    title: str
    summary: str
    chapters: tuple[ToldChapter, ...]
    sources: Sources

    @property
    def faults(self) -> tuple[UnknownMark, ...]:
        """Every mark that names nothing."""
        return tuple(fault for chapter in self.chapters for fault in chapter.faults)


def view_of(store: Store, text: str, language: Language) -> tuple[View, list[str]]:
    """The view of a chapter in a language, and the entries of it that could not be read."""
    view, problems = View.parse(dict(parse_qsl(text)), store.catalogue)
    return view.model_copy(update={"language": language}), problems


def text_of(store: Store, view: View) -> str:
    """A view as a chapter holds it: the language is the reader's."""
    return view.model_copy(update={"language": LANGUAGES[0]}).text(store.catalogue)


def tell(store: Store, story: Story, language: Language) -> ToldStory:
    """The story in a language, with figures as the data have them now."""
    cited = Citations()
    chapters = tuple(
        _chapter(store, chapter, number, language, cited)
        for number, chapter in enumerate(story.chapters, start=1)
    )
    words = Words(language)
    sources = cited.sources(store.catalogue, language, words("story.sources"))
    return ToldStory(story, language, story.title[language], story.summary[language], chapters, sources)


def _chapter(
    store: Store, chapter: Chapter, number: int, language: Language, cited: Citations
) -> ToldChapter:
    view, strange = view_of(store, chapter.view or "", language)
    teller = Teller(store, view)
    text = told(chapter.text[language], teller, cited)
    notes = told(chapter.notes[language], teller, cited)
    known = [id_ for id_ in chapter.sources if id_ in store.catalogue.sources]
    missing = [UnknownMark(id_, "source") for id_ in chapter.sources if id_ not in known]
    numbers = cited([*text.sources, *notes.sources, *known])
    return ToldChapter(
        number=number,
        title=chapter.title[language],
        blocks=(*_borrowed(language, chapter.title, chapter.text), *text.blocks),
        notes=(*_borrowed(language, chapter.notes), *notes.blocks),
        view=view if chapter.view is not None else None,
        seconds=chapter.seconds,
        cited=numbers,
        faults=(*text.faults, *notes.faults, *missing),
        strange=tuple(strange),
    )


def _borrowed(language: Language, *parts: Title | Telling) -> list[Block]:
    """The notice that something of these is told in the other language."""
    lacking = any(part.lacks(language) for part in parts)
    return [Notice(Words(language)("story.borrowed"))] if lacking else []
