"""The page Present as Streamlit runs it: opening, writing, keeping and bringing in stories."""

from pathlib import Path

import pytest
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from layers.shelf import MOST_TITLE, SqliteShelf
from layers.store import EmbeddedStore
from layers.story.model import Chapter, Story, Telling, Title
from layers.story.stock import OWN, SHELVED, ready
from layers.text import Words
from pages import _shell
from tests.pages.boards import address, change, components, opened, sound, texts, told

PLAYER = "planner_story"
RU, EN = Words("ru"), Words("en")
ONE = Chapter(
    title=Title(ru="Раз", en="One"),
    text=Telling(ru="Стоит {programme.cost}.", en="It costs {programme.cost}."),
    view="f.park=medical",
)
STORY = Story(
    title=Title(ru="Проба", en="Trial"),
    chapters=(
        ONE,
        Chapter(title=Title(ru="Два", en="Two"), text=Telling(ru="Два.", en="Two.")),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def shelf(shelf_folder: Path) -> SqliteShelf:
    """An empty shelf."""
    return SqliteShelf(shelf_folder)


@pytest.fixture
def own(shelf: SqliteShelf) -> str:
    """A story of one's own on the shelf; its name in the address."""
    return f"{OWN}{shelf.put(SHELVED, 'Проба', STORY.text()).id}"


def present(**params: str) -> AppTest:
    return opened("present", **params)


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    return sound(button.click().run())


def kept(shelf: SqliteShelf) -> list[Story]:
    return [Story.load(document.text) for document in shelf.all(SHELVED)]


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_stories_are_shown_with_what_they_tell(store: EmbeddedStore, words: Words) -> None:
    app = present(lang=words.language)
    assert texts(app.title) == [words("story.title")]
    shown = " ".join(texts(app.markdown)).replace("\\", "")
    for story in ready(store).values():
        assert story.title[words.language] in shown
        assert story.summary[words.language] in shown
    assert not [*app.error, *app.warning, *app.toast]


def test_a_story_is_opened_at_its_address(store: EmbeddedStore) -> None:
    name = next(iter(ready(store)))
    app = sound(present().button(key=f"open_{name}").click().run())
    assert address(app) == {"page": "present", "story": name}
    spec = told(app, PLAYER)
    assert (spec["id"], spec["chapter"], spec["language"]) == (name, 1, "ru")
    assert [one["title"] for one in spec["chapters"]] == [c.title.ru for c in ready(store)[name].chapters]
    assert texts(press(app, RU("story.all")).title) == [RU("story.title")]


def test_a_link_leads_to_a_chapter(own: str) -> None:
    assert told(present(story=own, chapter="2"), PLAYER)["chapter"] == 2
    assert told(present(story=own, chapter="99"), PLAYER)["chapter"] == 2
    assert told(present(story=own, lang="en"), PLAYER)["title"] == "Trial"


@pytest.mark.parametrize("name", ["nothing", "my-99"])
def test_a_story_that_is_gone_is_told_with_the_way_back(name: str) -> None:
    app = present(story=name)
    assert texts(app.error) == [RU("story.missing")]
    assert PLAYER not in components(app)
    assert address(press(app, RU("story.all"))) == {"page": "present"}


def test_a_name_that_is_none_is_put_right() -> None:
    app = present(story="../../etc", chapter="x")
    assert address(app) == {"page": "present"}
    assert len(app.toast) == 1


# --- writing ------------------------------------------------------------------------------------------


def test_a_new_story_is_begun_and_written(shelf: SqliteShelf) -> None:
    app = press(present(), RU("story.new"))
    assert address(app)["write"] == "1"
    app = press(app, RU("story.add"))
    app = change(app.text_input(key="story_chapter_title_1_ru"), "Начало")
    app = change(app.text_area(key="story_chapter_text_1_ru"), "Всего {programme.cost}.")
    app = change(app.text_input(key="story_title_en"), "Mine")
    app = change(app.number_input(key="seconds_1"), 45)
    (story,) = kept(shelf)
    assert (story.title.ru, story.title.en) == (RU("story.untitled"), "Mine")
    (chapter,) = story.chapters
    assert (chapter.title.ru, chapter.text.ru, chapter.seconds) == ("Начало", "Всего {programme.cost}.", 45)
    figure = told(app, PLAYER)["chapters"][0]["blocks"][0]["inline"][1]
    assert "₽" in figure["figure"]
    app = press(app, RU("story.done"))
    assert "write" not in address(app)


def test_every_change_can_be_undone_and_done_again(shelf: SqliteShelf, own: str) -> None:
    app = present(story=own, write="1", chapter="1")
    app = change(app.text_area(key="story_chapter_text_1_ru"), "Иначе.")
    app = press(app, RU("story.later"))
    assert [c.title.ru for c in kept(shelf)[0].chapters] == ["Два", "Раз"]
    assert address(app)["chapter"] == "2"
    app = press(app, RU("story.remove"))
    assert len(kept(shelf)[0].chapters) == 1
    for _ in range(3):
        app = press(app, RU("kept.undo"))
    assert kept(shelf) == [STORY]
    assert app.button(key="undo").disabled
    for _ in range(3):
        app = press(app, RU("kept.redo"))
    assert [c.title.ru for c in kept(shelf)[0].chapters] == ["Два"]


def answered(app: AppTest, *late: WidgetState) -> AppTest:
    """Run as when a browser also answers for fields that have left the page."""
    states = app._tree.get_widget_states()
    states.widgets.extend(late)
    return sound(app._run(states))


def test_fields_that_have_left_write_nothing(shelf: SqliteShelf, own: str) -> None:
    """A browser that has not yet taken them off, or puts them back empty, answers for them once more."""
    app = present(story=own, write="1", chapter="1")
    empty = [
        WidgetState(id=app.toggle(key="with_map_1").proto.id, bool_value=False),
        WidgetState(id=app.text_input(key="story_chapter_title_1_ru").proto.id, string_value=""),
        WidgetState(id=app.text_area(key="story_chapter_text_1_ru").proto.id, string_value="Давнее"),
        WidgetState(id=app.selectbox(key="story_chapter").proto.id, string_value="2. Два"),
    ]
    app = press(app, RU("story.done"))
    app.button[[button.label for button in app.button].index(RU("story.write"))].click()
    app = answered(app, *empty)
    assert address(app) == {"page": "present", "story": own, "write": "1"}
    answered(app, *empty)
    assert kept(shelf) == [STORY]


def test_the_fields_of_a_chapter_that_was_left_write_nothing(shelf: SqliteShelf, own: str) -> None:
    app = present(story=own, write="1", chapter="1")
    late = WidgetState(id=app.text_area(key="story_chapter_text_1_ru").proto.id, string_value="")
    app = change(app.selectbox(key="story_chapter"), 2)
    answered(app, late)
    assert kept(shelf) == [STORY]


def test_a_field_shows_what_is_kept_also_to_a_browser_that_missed_a_message(own: str) -> None:
    """What it shows is its default, so that it cannot come up empty."""
    app = press(press(present(story=own, write="1", chapter="1"), RU("story.done")), RU("story.write"))
    fields = [*app.toggle, *app.text_input, *app.text_area]
    shown = {field.label: field.proto.default for field in fields if not field.disabled}
    assert shown[RU("story.with_map")] is True
    assert shown[RU("story.chapter_title")] == "Раз"
    assert shown[RU("story.text")] == ONE.text.ru


def test_a_language_that_is_let_go_is_chosen_all_the_same(own: str) -> None:
    app = present(story=own, write="1", chapter="1", lang="en")
    (choice,) = [one for one in app.get("button_group") if one.proto.label == EN("story.text_in")]
    app = answered(app, WidgetState(id=choice.proto.id, string_array_value=StringArray(data=[])))
    assert app.text_area(key="story_chapter_text_1_en").value == ONE.text.en


def test_a_mark_that_names_nothing_is_told_beside_its_text(own: str) -> None:
    app = present(story=own, write="1")
    assert not app.warning
    app = change(app.text_area(key="story_chapter_text_1_ru"), "{programme.nothing} {said/nothing}")
    (warning,) = app.warning
    assert warning.value.replace("\\", "").count("programme.nothing") == 1
    assert RU("mark_fault.statement", mark="").strip(": ") in warning.value


def test_what_somebody_else_has_changed_is_not_overwritten(shelf: SqliteShelf, own: str) -> None:
    app = present(story=own, write="1")
    (document,) = shelf.all(SHELVED)
    other = STORY.model_copy(update={"title": Title(ru="Проба", en="Theirs")})
    widget = app.text_area(key="story_chapter_text_1_ru").set_value("Моё")
    shelf.rewrite(document, "Проба", other.text())
    app = sound(widget.run())
    theirs, mine = sorted(kept(shelf), key=lambda one: one.title.en)
    assert theirs == other
    assert (mine.title.ru, mine.title.en) == (
        RU("story.second", title="Проба"),
        EN("story.second", title="Trial"),
    )
    assert mine.chapters[0].text.ru == "Моё"
    assert address(app)["story"] != own
    assert texts(app.warning) == [RU("story.parted_changed", title=_shell.plain(mine.title.ru))]
    assert not app.toast
    app = change(app.text_area(key="story_chapter_text_1_ru"), "Дальше")
    assert [one.chapters[0].text.ru for one in kept(shelf)] == [ONE.text.ru, "Дальше"]
    app = press(app, RU("story.parted_first"))
    assert address(app)["story"] == own
    assert not app.warning
    change(app.toggle(key="with_map_1"), False)
    assert [one.chapters[0].view for one in kept(shelf)] == [None, ONE.view]


def test_two_acts_at_once_on_what_somebody_else_has_changed_go_into_one_story(
    shelf: SqliteShelf, own: str
) -> None:
    app = present(story=own, write="1", chapter="1")
    (document,) = shelf.all(SHELVED)
    shelf.rewrite(document, "Проба", STORY.model_copy(update={"order": 3}).text())
    app.text_area(key="story_chapter_text_1_ru").set_value("Моё")
    app = press(app, RU("story.add"))
    assert len(kept(shelf)) == 2
    mine = kept(shelf)[1]
    assert [c.title.ru for c in mine.chapters] == ["Раз", RU("story.new_chapter"), "Два"]
    assert mine.chapters[0].text.ru == "Моё"
    for _ in range(2):
        app = press(app, RU("kept.undo"))
    assert kept(shelf)[1].chapters == (*STORY.chapters,)
    app = press(app, RU("story.parted_on"))
    assert not app.warning


def test_what_is_typed_into_a_story_that_was_deleted_is_kept(shelf: SqliteShelf, own: str) -> None:
    app = present(story=own, write="1", chapter="1")
    shelf.drop(int(own.removeprefix(OWN)))
    app = change(app.text_area(key="story_chapter_text_1_ru"), "Моё")
    (mine,) = kept(shelf)
    assert mine.chapters[0].text.ru == "Моё"
    assert texts(app.warning) == [RU("story.parted_gone", title=_shell.plain(mine.title.ru))]
    assert RU("story.parted_first") not in [button.label for button in app.button]


def test_the_title_of_a_second_version_fits(shelf: SqliteShelf) -> None:
    long = STORY.model_copy(update={"title": Title(ru="я" * MOST_TITLE)})
    document = shelf.put(SHELVED, long.title.ru, long.text())
    app = present(story=f"{OWN}{document.id}", write="1", chapter="1")
    shelf.rewrite(document, document.title, long.model_copy(update={"order": 1}).text())
    change(app.text_area(key="story_chapter_text_1_ru"), "Моё")
    titles = [one.title for one in shelf.all(SHELVED)]
    assert len(titles) == 2
    assert all(len(title) == MOST_TITLE for title in titles)


def test_a_title_that_is_taken_stays_in_its_field_and_is_told(shelf: SqliteShelf, own: str) -> None:
    shelf.put(SHELVED, "Другая", STORY.model_copy(update={"title": Title(ru="Другая")}).text())
    app = change(present(story=own, write="1").text_input(key="story_title_ru"), "Другая")
    assert app.text_input(key="story_title_ru").value == "Другая"
    assert texts(app.warning) == [RU("story_unsaved.exists")]
    assert sorted(document.title for document in shelf.all(SHELVED)) == ["Другая", "Проба"]
    app = press(press(app, RU("story.done")), RU("story.write"))
    (field,) = [one for one in app.text_input if one.label == RU("story.title_ru")]
    assert field.value == "Другая"
    app = change(field, "Третья")
    assert not app.warning
    assert sorted(document.title for document in shelf.all(SHELVED)) == ["Другая", "Третья"]


@pytest.mark.parametrize("title", ["", "\u200b"])
def test_a_story_needs_a_title_that_is_seen(shelf: SqliteShelf, title: str) -> None:
    only = Story(title=Title(ru="Проба"))
    name = f"{OWN}{shelf.put(SHELVED, 'Проба', only.text()).id}"
    app = change(present(story=name, write="1").text_input(key="story_title_ru"), title)
    assert texts(app.warning) == [RU("story_unsaved.title", most=MOST_TITLE)]
    assert kept(shelf) == [only]


def test_a_title_may_be_as_long_everywhere(shelf: SqliteShelf, own: str) -> None:
    app = present(story=own, write="1")
    assert app.text_input(key="story_title_ru").proto.max_chars == MOST_TITLE
    change(app.text_input(key="story_title_ru"), "я" * MOST_TITLE)
    assert [document.title for document in shelf.all(SHELVED)] == ["я" * MOST_TITLE]
    bring(kept(shelf)[0].dump().encode())
    assert len(kept(shelf)) == 2


def test_two_acts_at_once_are_both_kept(shelf: SqliteShelf, own: str) -> None:
    """Who writes and at once presses a button has both answered in one run."""
    app = present(story=own, write="1", chapter="1")
    app.text_area(key="story_chapter_text_1_ru").set_value("Иначе.")
    app = press(app, RU("story.add"))
    (story,) = kept(shelf)
    assert [c.title.ru for c in story.chapters] == ["Раз", RU("story.new_chapter"), "Два"]
    assert story.chapters[0].text.ru == "Иначе."
    assert not app.toast
    for _ in range(2):
        app = press(app, RU("kept.undo"))
    assert kept(shelf) == [STORY]


def test_a_chapter_takes_the_view_that_is_set_up_on_the_map(shelf: SqliteShelf, own: str) -> None:
    app = press(present(story=own, write="1", chapter="1"), RU("story.set_view"))
    assert address(app) == {"f.park": "medical"}
    assert any("Раз" in text for text in texts(app.markdown))
    app.query_params["year"] = "2015"
    app.query_params["at"] = "56.50000,85.00000,12"
    app = press(sound(app.run()), RU("story.take_view"))
    assert address(app) == {"page": "present", "story": own, "chapter": "1", "write": "1"}
    (story,) = kept(shelf)
    assert story.chapters[0].view == "at=56.50000%2C85.00000%2C12&f.park=medical&year=2015"


def test_the_former_view_can_be_kept(shelf: SqliteShelf, own: str) -> None:
    app = press(present(story=own, write="1", chapter="1"), RU("story.set_view"))
    app = press(app, RU("story.keep_view"))
    assert address(app)["story"] == own
    assert kept(shelf) == [STORY]


def test_a_chapter_may_have_no_map(shelf: SqliteShelf, own: str) -> None:
    app = change(present(story=own, write="1", chapter="1").toggle(key="with_map_1"), False)
    assert kept(shelf)[0].chapters[0].view is None
    assert told(app, PLAYER)["chapters"][0]["map"] is None


def test_the_view_of_a_map_becomes_a_chapter(shelf: SqliteShelf, own: str) -> None:
    app = opened("explore", f__park="sport")
    app.session_state["fold_take"] = True
    app = sound(app.run())
    app = change(app.selectbox(key="add_view_to"), int(own.removeprefix(OWN)))
    app = change(app.text_input(key="add_view_title"), "Спорт")
    app = press(app, RU("story.add_view_go"))
    (story,) = kept(shelf)
    assert [c.title.ru for c in story.chapters] == ["Раз", "Два", "Спорт"]
    assert story.chapters[-1].view == "f.park=sport"
    assert len(app.toast) == 1


# --- keeping and bringing in -------------------------------------------------------------------------


def test_a_ready_story_is_copied_and_its_copy_numbered(store: EmbeddedStore, shelf: SqliteShelf) -> None:
    name, story = next(iter(ready(store).items()))
    for _ in range(2):
        app = press(present(story=name), RU("story.copy"))
        assert address(app)["write"] == "1"
    titles = [document.title for document in shelf.all(SHELVED)]
    assert titles == [story.title.ru, RU("story.numbered", title=story.title.ru, n=2)]
    assert all(copy.chapters == story.chapters for copy in kept(shelf))


def test_a_story_is_deleted_and_brought_back(shelf: SqliteShelf, own: str) -> None:
    app = sound(present().button(key=f"drop_{own}").click().run())
    assert kept(shelf) == []
    press(app, RU("kept.restore", title="Проба"))
    assert kept(shelf) == [STORY]


def test_all_that_was_deleted_can_be_brought_back(shelf: SqliteShelf) -> None:
    for title in ("А", "Б", "В"):
        shelf.put(SHELVED, title, STORY.model_copy(update={"title": Title(ru=title)}).text())
    app = present()
    for document in shelf.all(SHELVED):
        app = sound(app.button(key=f"drop_{OWN}{document.id}").click().run())
    offered = [RU("kept.restore", title=title) for title in ("В", "Б", "А")]
    assert [button.label for button in app.button if button.label in offered] == offered
    for label in (offered[1], offered[2], offered[0]):
        app = press(app, label)
    assert [document.title for document in shelf.all(SHELVED)] == ["А", "Б", "В"]
    assert not [button for button in app.button if button.label in offered]


def bring(content: bytes) -> AppTest:
    return sound(present().file_uploader(key="story_file").set_value(("a.json", content, "x")).run())


def test_a_story_from_a_file_is_kept(shelf: SqliteShelf) -> None:
    app = bring(STORY.dump().encode())
    assert kept(shelf) == [STORY]
    assert address(app)["write"] == "1"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", "json"), (b"[]", "kind"), (b"\xff\xfe", "encoding"), (b" " * 1_000_001, "large"),
     (STORY.dump().encode("utf-16"), "encoding"), ("Проба".encode("cp1251"), "encoding"),
     (b"[" * 100_000, "deep"), (b"1" * 5_000, "digits"),
     (STORY.dump().replace("Раз", "\\ud800").encode(), "value"),
     (STORY.dump().replace('"version"', '"\\ud800": 1, "version"').encode(), "value"),
     (STORY.dump().replace('"version": 1', '"version": 9').encode(), "version")],
)  # fmt: skip
def test_a_file_that_is_no_story_stores_nothing_and_is_told(
    shelf: SqliteShelf, content: bytes, code: str
) -> None:
    app = bring(content)
    assert kept(shelf) == []
    (error,) = app.error
    assert error.value.startswith(RU("story.bad_file"))
    sentence = RU(f"story_fault.{code}", where="", value="").strip(": ")[:12]
    assert sentence in error.value.partition("\n")[2]
    assert not {"Expecting", "recursion"} & set(error.value.split())


def test_a_file_that_the_shelf_did_not_take_is_taken_when_it_can_be(
    shelf: SqliteShelf, shelf_folder: Path
) -> None:
    (shelf_folder / "planner.sqlite").write_bytes(b"no database")
    app = bring(STORY.dump().encode())
    assert texts(app.error) == [RU("shelf_fault.unusable")]
    (shelf_folder / "planner.sqlite").unlink()
    app = sound(app.run())
    assert kept(shelf) == [STORY]
    assert address(app)["write"] == "1"


def test_a_shelf_that_cannot_be_reached_is_told(shelf_folder: Path) -> None:
    (shelf_folder / "planner.sqlite").write_bytes(b"no database")
    app = present()
    assert RU("shelf_fault.unusable") in texts(app.caption)
    app = press(app, RU("story.new"))
    assert any(RU("shelf_fault.unusable") in toast.value for toast in app.toast)
    assert address(app) == {"page": "present"}
