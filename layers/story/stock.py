"""The stories there are: those that come with the planner (`data/stories/`), and those on its shelf.

A story is named by the name of its file, or by `my-` and its number on the shelf.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from geo.errors import DocumentError
from layers.catalog import LANGUAGES, CatalogueError
from layers.shelf import Document, shelf
from layers.siting.rasters import held
from layers.siting.results import findings
from layers.store import Store
from layers.story.model import Story, StoryError
from layers.story.told import tell, view_of

SHELVED = "story"
"""The kind of stories on the shelf."""
OWN = "my-"
_LONGEST_NUMBER = 18
"""Digits of a number that every shelf can hold."""


class UnknownStory(LookupError):
    """There is no story of that name, or it cannot be read."""


@cache
def ready(store: Store) -> dict[str, Story]:
    """The stories that come with the planner, in their order. Raises `CatalogueError`."""
    return read(store.catalogue.folder)


def read(folder: Path) -> dict[str, Story]:
    """The stories of a data folder, in their order. Raises `CatalogueError`."""
    found = {}
    for path in (folder / "stories").glob("*.toml"):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            if "chapter" in table:
                table["chapters"] = table.pop("chapter")
            found[path.stem] = Story.made(table)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise CatalogueError(f"stories/{path.name}: {fault}") from fault
        except StoryError as fault:
            where = "; ".join(f"{one.where} {one.code} {one.value}" for one in fault.faults)
            raise CatalogueError(f"stories/{path.name}: {where}") from fault
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def prepare(store: Store) -> None:
    """Make the rasters on which the chapters about sites rest: their figures are told at once then."""
    for story in ready(store).values():
        for chapter in story.chapters:
            view, _ = view_of(store, chapter.view or "", "ru")
            for job in findings(store, view.query).rasters if view.page == "site" else ():
                held(job)


def untrue(store: Store) -> Iterator[str]:
    """What is wrong with the stories that come with the planner, in sentences for who writes them."""
    prepare(store)
    for name, story in ready(store).items():
        for where in story.untranslated():
            yield f"stories/{name}.toml, {where}: not translated"
        for language in LANGUAGES:
            for chapter in tell(store, story, language).chapters:
                where = f"stories/{name}.toml, chapter {chapter.number}, {language}"
                yield from (f"{where}: {fault}" for fault in chapter.faults)
                yield from (f"{where}: the view has {entry!r}" for entry in chapter.strange)


def is_own(name: str) -> bool:
    """Whether a name is that of a story on the shelf."""
    number = name.removeprefix(OWN)
    return name.startswith(OWN) and number.isdecimal() and len(number) <= _LONGEST_NUMBER


def named(store: Store, name: str) -> Story:
    """The story of that name. Raises `UnknownStory`, `ShelfError`."""
    if is_own(name):
        return own(name)[1]
    try:
        return ready(store)[name]
    except KeyError as missing:
        raise UnknownStory(name) from missing


def own(name: str) -> tuple[Document, Story]:
    """The story of the shelf that has that name, and how it is kept. Raises `UnknownStory`, `ShelfError`."""
    kept = shelf().get(int(name.removeprefix(OWN)))
    if kept is None or kept.kind != SHELVED:
        raise UnknownStory(name)
    try:
        return kept, Story.load(kept.text)
    except DocumentError as fault:
        raise UnknownStory(name) from fault
