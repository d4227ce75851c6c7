"""Stories as documents: their text, their faults, their changes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import Fault
from layers.shelf import MOST_TITLE
from layers.story.model import (
    KIND,
    MOST_CHAPTERS,
    MOST_TEXT,
    VERSION,
    Chapter,
    Story,
    StoryError,
    Title,
)

LONG = {"ru": "x" * (MOST_TEXT + 1)}
WORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x4FF, exclude_categories=("Cc", "Cs", "Cf")), max_size=40
)
SAID = st.fixed_dictionaries({}, optional={"ru": WORDS, "en": WORDS})
CHAPTERS = st.fixed_dictionaries(
    {"title": SAID},
    optional={
        "text": SAID,
        "notes": SAID,
        "view": st.none() | WORDS,
        "seconds": st.none() | st.integers(3, 900),
        "sources": st.lists(WORDS, max_size=3),
    },
)
STORIES = st.fixed_dictionaries(
    {"title": st.fixed_dictionaries({"ru": WORDS.filter(bool)}), "chapters": st.lists(CHAPTERS, max_size=5)}
).map(Story.made)


def faults(content: str) -> list[tuple[str, str]]:
    with pytest.raises(StoryError) as told:
        Story.load(content)
    return [(fault.code, fault.where) for fault in told.value.faults]


def written(**parts: object) -> str:
    return json.dumps({"kind": KIND, "version": VERSION, "title": {"ru": "Т"}, **parts})


@given(STORIES)
def test_what_is_written_is_read_again(story: Story) -> None:
    assert Story.load(story.text()) == story
    assert Story.load(story.dump()) == story
    assert Story.load(story.text()).digest == story.digest


@given(STORIES, st.data())
def test_chapters_are_moved_and_nothing_is_lost(story: Story, data: st.DataObject) -> None:
    if not story.chapters:
        return
    number = data.draw(st.integers(1, len(story.chapters)))
    steps = data.draw(st.integers(-6, 6))
    moved = story.moved(number, steps)
    assert sorted(c.model_dump_json() for c in moved.chapters) == sorted(
        c.model_dump_json() for c in story.chapters
    )
    at = min(max(number + steps, 1), len(story.chapters))
    assert moved.chapters[at - 1] == story.chapters[number - 1]
    assert story.having(Chapter(title=Title(ru="Новая")), number).without(number + 1) == story


def test_the_digest_follows_from_what_is_said() -> None:
    first = Story.load(written())
    assert Story.load(written(title={"ru": "Т", "en": ""})).digest == first.digest
    assert Story.load(written(title={"ru": "У"})).digest != first.digest


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", [("json", "1")]),
        ("[1,\n2,,]", [("json", "2")]),
        ("[]", [("kind", "")]),
        ('{"kind": "siting-model"}', [("kind", "")]),
        (json.dumps({"kind": KIND, "version": 7}), [("version", "")]),
        (written(title={}), [("untitled", "")]),
        (written(title={"ru": "x" * (MOST_TITLE + 1)}), [("long", "title.ru")]),
        (written(colour="red"), [("unknown", "colour")]),
        (written(chapters=[{"title": {"ru": "a"}}] * (MOST_CHAPTERS + 1)), [("many", "chapters")]),
        (
            written(chapters=[{"title": {"ru": "a"}, "seconds": 0}, {"title": {"ru": "b"}, "text": LONG}]),
            [("value", "chapters.1.seconds"), ("long", "chapters.2.text.ru")],
        ),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_place(content: str, expected: list[tuple[str, str]]) -> None:
    assert faults(content) == expected


def test_a_fault_says_how_long_or_how_many_may_be() -> None:
    found = []
    for content in (
        written(title={"ru": "x" * (MOST_TITLE + 1)}),
        written(chapters=[{"title": {"ru": "a"}}] * (MOST_CHAPTERS + 1)),
    ):
        with pytest.raises(StoryError) as caught:
            Story.load(content)
        found += [fault.value for fault in caught.value.faults]
    assert found == [str(MOST_TITLE), str(MOST_CHAPTERS)]


def test_a_place_in_json_is_told_by_line_and_letter() -> None:
    with pytest.raises(StoryError) as caught:
        Story.load('{"a":\n  1,,}')
    assert caught.value.faults == (Fault("json", "2", "5"),)


@pytest.mark.parametrize("name", ["\\ud800", "a\\udfff"])
def test_half_a_letter_is_a_fault_that_can_be_shown(name: str) -> None:
    contents = [
        f'{{"kind": "{KIND}", "version": 1, "title": {{"ru": "{name}"}}}}',
        f'{{"kind": "{KIND}", "version": 1, "title": {{"ru": "T"}}, "{name}": "{name}"}}',
    ]
    for content in contents:
        with pytest.raises(StoryError) as caught:
            Story.load(content)
        for fault in caught.value.faults:
            assert (fault.where + fault.value).encode()


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251"])
def test_a_file_in_another_encoding_is_told(encoding: str) -> None:
    with pytest.raises(StoryError) as caught:
        Story.read(Story(title=Title(ru="Проба")).dump().encode(encoding))
    assert caught.value.faults == (Fault("encoding", ""),)


@pytest.mark.parametrize("title", ["\u200b", " \u2060\ufeff", "\u3164", "\u00ad\u200d", "  "])
def test_a_title_in_which_nothing_is_seen_is_none(title: str) -> None:
    assert faults(written(title={"ru": title})) == [("untitled", "")]
    assert Story.load(written(title={"ru": title, "en": "Told"})).title["ru"] == "Told"


def test_deep_nesting_is_a_fault_and_no_crash() -> None:
    assert faults("[" * 100_000) == [("deep", "")]


def test_what_one_language_lacks_is_read_in_the_other_and_told() -> None:
    story = Story.made(
        {"title": {"ru": "Т"}, "chapters": [{"title": {"en": "Only"}, "text": {"ru": "Есть"}}]}
    )
    assert story.title["en"] == "Т"
    assert story.chapters[0].title["ru"] == "Only"
    assert story.untranslated() == ["title.en", "1.title.ru", "1.text.en"]


def test_a_story_that_says_all_in_both_languages_lacks_nothing(story: Story) -> None:
    assert story.untranslated() == []


def test_signs_that_nobody_sees_are_left_out() -> None:
    story = Story.load(written(title={"ru": "a\u202eb\x00c"}, summary={"ru": "d\r\ne\tf"}))
    assert story.title.ru == "abc"
    assert story.summary.ru == "d\ne\tf"
