"""A story told: both languages, sources, the ready stories."""

import re

import pytest

from layers.catalog import LANGUAGES, CatalogueError, Language
from layers.paper.document import Notice, Paragraph
from layers.shelf import shelf
from layers.store import EmbeddedStore
from layers.story.model import Story
from layers.story.stock import OWN, SHELVED, UnknownStory, named, read, ready
from layers.story.told import ToldStory, tell


def test_chapters_have_their_views_and_their_sources(told: ToldStory) -> None:
    first, second, third = told.chapters
    assert first.view is not None
    assert first.view.query.condition("park") is not None
    assert second.view is not None
    assert second.view.at == (85.6, 56.75, 9.5)
    assert third.view is None
    listed = set(range(1, len(told.sources.lines) + 1))
    assert {number for chapter in told.chapters for number in chapter.cited} == listed
    assert first.strange == ()


@pytest.mark.parametrize("lacks", ["title", "text", "notes"])
def test_what_a_language_lacks_is_borrowed_and_the_reader_is_told(store: EmbeddedStore, lacks: str) -> None:
    whole = {part: {"ru": "Б", "en": "B"} for part in ("title", "text", "notes")}
    story = Story.made({"title": {"ru": "Т"}, "chapters": [{**whole, lacks: {"ru": "Б"}}]})
    ours, theirs = (tell(store, story, language).chapters[0] for language in ("ru", "en"))
    assert [type(block) for block in (*ours.blocks, *ours.notes)] == [Paragraph, Paragraph]
    told_so, as_ever = (theirs.notes, theirs.blocks) if lacks == "notes" else (theirs.blocks, theirs.notes)
    assert [type(block) for block in told_so] == [Notice, Paragraph]
    assert [type(block) for block in as_ever] == [Paragraph]
    assert "Russian" in str(told_so[0])


def test_an_entry_of_a_view_that_cannot_be_read_is_told(store: EmbeddedStore) -> None:
    story = Story.made(
        {"title": {"ru": "Т"}, "chapters": [{"title": {"ru": "а"}, "view": "f.park=nowhere&x=1"}]}
    )
    assert set(tell(store, story, "ru").chapters[0].strange) == {"f.park", "x"}


def test_a_source_that_is_not_there_is_a_fault(store: EmbeddedStore) -> None:
    story = Story.made({"title": {"ru": "Т"}, "chapters": [{"title": {"ru": "а"}, "sources": ["nowhere"]}]})
    assert [fault.code for fault in tell(store, story, "ru").faults] == ["source"]


# --- the stories that come with the planner -----------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_ready_story_holds_a_figure_of_the_data_by_hand(store: EmbeddedStore, language: Language) -> None:
    """Sums of money and counts of people stand in the data: in a sentence they are live."""
    by_hand = re.compile(r"\d[\d\u00a0 ]*(?:[.,]\d+)?\s*(?:млрд|млн|тыс|трлн|bn|mln|billion|million)\b")
    for name, story in ready(store).items():
        for chapter in story.chapters:
            text = re.sub(r"\{[^}]*\}|!\[[^\]]*\]\([^)]*\)", "", chapter.text[language])
            assert not by_hand.search(text), (name, by_hand.search(text))


def test_a_broken_file_is_named(data_folder) -> None:
    folder = data_folder.folder
    (folder / "stories").mkdir(exist_ok=True)
    (folder / "stories" / "bad.toml").write_text('title = { ru = "Т" }\ncolour = 1\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"bad\.toml: colour unknown"):
        read(folder)
    (folder / "stories" / "bad.toml").write_text("title = {", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"bad\.toml"):
        read(folder)


# --- by name -----------------------------------------------------------------------------------------


def test_a_story_of_the_shelf_is_named_by_its_number(
    store: EmbeddedStore, shelf_folder, story: Story
) -> None:
    kept = shelf().put(SHELVED, "Проба", story.text())
    assert named(store, f"{OWN}{kept.id}") == story
    shelf().drop(kept.id)
    with pytest.raises(UnknownStory):
        named(store, f"{OWN}{kept.id}")


def test_what_is_no_story_is_not_found(store: EmbeddedStore, shelf_folder) -> None:
    other = shelf().put("road-scenario:tomsk", "Мост", "x:open")
    broken = shelf().put(SHELVED, "Плохая", "{}")
    for name in (
        "nothing",
        f"{OWN}{other.id}",
        f"{OWN}{broken.id}",
        "my-x",
        f"{OWN}999",
        f"{OWN}{'9' * 20}",
        f"{OWN}{'9' * 5000}",
    ):
        with pytest.raises(UnknownStory):
            named(store, name)
