"""A story as one HTML file: opens from a stick without a network, still with maps to ask."""

import json
from html import escape

from layers.catalog import LANGUAGES, Language
from layers.furniture import asset
from layers.store import Store
from layers.story.model import Story
from layers.story.pool import Pool
from layers.story.spec import carried
from layers.story.told import tell
from layers.webmap import POLICY, accented, as_script, inlined


def as_file(store: Store, story: Story, language: Language, name: str = "story") -> str:
    """The story as one page, in every language it is told in, the given one first.

    Raises `layers.furniture.AssetsMissing`.
    """
    pool = Pool()
    spoken = [language, *(other for other in LANGUAGES if other != language and _told_in(story, other))]
    languages = {one: carried(store, tell(store, story, one), name, pool) for one in spoken}
    first = {**languages[language], "languages": languages, "pool": pool.parts}
    return _page(story.title[language], language, first)


def _told_in(story: Story, language: Language) -> bool:
    return bool(getattr(story.title, language)) and not any(
        chapter.text.lacks(language) or chapter.title.lacks(language) for chapter in story.chapters
    )


def _page(title: str, language: Language, told: object) -> str:
    script = asset("story.js").replace("</script", "<\\/script")
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{inlined(asset('story.css'))}{accented()}</style></head>"
        f'<body><div class="story-host"></div><script type="module">{script}</script>'
        '<script type="module">globalThis.planner.present(document.querySelector(".story-host"), '
        f"{as_script(text)});</script></body></html>\n"
    )
