"""A story as slides: a chapter a slide, its map at the right, what the presenter says in the notes."""

from layers.day import today
from layers.paper.document import Block, Items, Notice, Paragraph, Tiles, plain
from layers.paper.slides import Deck, Slide
from layers.stamp import stamp
from layers.store import Store
from layers.story.mapped import beyond_paper, explained_map_of, told_in_words
from layers.story.told import ToldChapter, ToldStory
from layers.text import Words

_MAP_MM = (168.0, 150.0)
_LEGEND_COLUMNS = 4


def deck(store: Store, told: ToldStory) -> Deck:
    """The story as a deck of slides."""
    words = Words(told.language)
    slides = tuple(_slide(store, chapter) for chapter in told.chapters)
    return Deck(
        told.title, told.summary, told.language, slides, stamp(store, words), today(), told.sources.lines
    )


def _slide(store: Store, chapter: ToldChapter) -> Slide:
    shown, blocks = chapter.view, chapter.blocks
    if shown and beyond_paper(store, shown):
        blocks = (Notice(Words(shown.language)("story.beyond_paper")), *blocks)
        shown = None
    return Slide(
        chapter.title,
        blocks,
        picture=explained_map_of(store, shown, _MAP_MM, _LEGEND_COLUMNS) if shown else None,
        alt=told_in_words(store, shown) if shown else "",
        notes="\n\n".join(filter(None, (_spoken(block) for block in chapter.notes))),
        sources=chapter.cited,
    )


def _spoken(block: Block) -> str:
    """What of a block is said aloud."""
    match block:
        case Paragraph() | Notice():
            return plain(block.text)
        case Items():
            return "\n".join(f"– {plain(row)}" for row in block.rows)
        case Tiles():
            return "\n".join(f"{row.label}: {plain(row.value)}" for row in block.rows)
    return ""
