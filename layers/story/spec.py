"""A story as the player in the browser takes it: live with addresses, or carried whole for one file."""

from typing import Any

from layers.furniture import OVERVIEW, furniture
from layers.stamp import stamp
from layers.store import Store
from layers.story.plain import blocks
from layers.story.pool import Pool
from layers.story.told import ToldChapter, ToldStory
from layers.text import Words
from layers.webmap import build, furniture_address

Spec = dict[str, Any]


def live(store: Store, told: ToldStory, name: str) -> Spec:
    """The story for a page of the planner: maps fetch what they show by address."""
    maps = [build(store, chapter.view).spec() if chapter.view else None for chapter in told.chapters]
    return _told(store, told, name, maps, furniture_address(store, told.language))


def carried(store: Store, told: ToldStory, name: str, pool: Pool) -> Spec:
    """The story in one language with all that its maps show; what is large lies in the pool once."""
    maps = [pool.map(store, chapter.view) if chapter.view else None for chapter in told.chapters]
    shown = {name for chapter in told.chapters if chapter.view for name in chapter.view.shown}
    return _told(
        store, told, name, maps, furniture(store, told.language, only=tuple(sorted({*shown, *OVERVIEW})))
    )


def _told(store: Store, told: ToldStory, name: str, maps: list[Spec | None], of_maps: Any) -> Spec:
    words = Words(told.language)
    for made in maps:
        if made:
            made.pop("furniture", None)
    return {
        "id": name,
        "digest": told.story.digest,
        "language": told.language,
        "title": told.title,
        "summary": told.summary,
        "stamp": stamp(store, words),
        "strings": {**words.table("board"), **words.table("story_web")},
        "mode": "read",
        "chapter": 1,
        "furniture": of_maps,
        "languages": None,
        "chapters": [_chapter(*pair, words) for pair in zip(told.chapters, maps, strict=True)],
        "sources": [
            {"title": line.title, "facts": line.facts, "href": line.href} for line in told.sources.lines
        ],
    }


def _chapter(chapter: ToldChapter, made: Spec | None, words: Words) -> Spec:
    return {
        "n": chapter.number,
        "title": chapter.title,
        "seconds": chapter.seconds,
        "blocks": blocks(chapter.blocks, words),
        "notes": blocks(chapter.notes, words),
        "map": made,
        "sources": list(chapter.cited),
    }
