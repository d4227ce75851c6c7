"""A story on paper: chapter by chapter with its map, the list of sources, the stamp."""

from layers.day import today
from layers.paper.document import (
    CONTENT_MM,
    Block,
    Document,
    Heading,
    Notice,
    Picture,
)
from layers.stamp import stamp
from layers.store import Store
from layers.story.mapped import beyond_paper, legend_of, map_of, told_in_words
from layers.story.told import ToldChapter, ToldStory
from layers.text import Words
from layers.view import View

_MAP_MM = (CONTENT_MM, 108.0)
_LEGEND_COLUMNS = 4


def handout(store: Store, told: ToldStory) -> Document:
    """The story as a document."""
    words = Words(told.language)
    blocks: list[Block] = []
    for chapter in told.chapters:
        blocks += _chapter(store, chapter)
    if told.sources.lines:
        blocks.append(told.sources)
    line = f"{stamp(store, words)} · {words('story.stamp', digest=told.story.digest)}"
    return Document(told.title, told.summary, told.language, tuple(blocks), line, today())


def _chapter(store: Store, chapter: ToldChapter) -> list[Block]:
    blocks: list[Block] = [Heading(f"{chapter.number}. {chapter.title}", 1)]
    if chapter.view is not None:
        blocks += _map(store, chapter.view)
    return [*blocks, *chapter.blocks]


def _map(store: Store, view: View) -> list[Block]:
    """The map of a chapter, and what its signs mean."""
    if beyond_paper(store, view):
        return [Notice(Words(view.language)("story.beyond_paper"))]
    legend = legend_of(store, view, _MAP_MM, CONTENT_MM, _LEGEND_COLUMNS)
    return [
        Picture(map_of(store, view, _MAP_MM), "", told_in_words(store, view)),
        Picture(legend, "", Words(view.language)("passport.legend")),
    ]
