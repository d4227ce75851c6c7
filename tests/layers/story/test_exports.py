"""Stories as files of every kind: whatever a writer may have put into them."""

import io

import pytest
from docx import Document
from pptx import Presentation

from layers.catalog import Language
from layers.store import EmbeddedStore
from layers.story.exports import KINDS
from layers.story.model import MOST_TEXT, Story
from layers.story.told import tell
from layers.text import Words

OFFICE = [kind for kind in KINDS if kind.id in ("pptx", "docx")]
PAPER = [kind for kind in KINDS if kind.id != "html"]


def story(**chapter: str) -> Story:
    return Story.made({
        "title": {"ru": "Т" * 100}, "summary": {"ru": "слово " * (MOST_TEXT // 12)},
        "chapters": [{"title": {"ru": "Глава"}, "text": {"ru": "Текст"}, **chapter}],
    })  # fmt: skip


@pytest.mark.parametrize("kind", OFFICE, ids=lambda kind: kind.id)
def test_a_long_summary_is_no_obstacle(store: EmbeddedStore, kind) -> None:
    content = kind.made(store, tell(store, story(), "ru"), "one")
    read = Presentation if kind.id == "pptx" else Document
    subject = read(io.BytesIO(content)).core_properties.subject
    assert subject.endswith("…")
    assert len(subject) == 255


@pytest.mark.parametrize("kind", PAPER, ids=lambda kind: kind.id)
@pytest.mark.parametrize("at", ["1,2,3", "0,0,3", "-80,-170,4"])
def test_a_place_beyond_all_measure_does_not_stop_the_rest(store: EmbeddedStore, kind, at: str) -> None:
    assert kind.made(store, tell(store, story(view=f"at={at}"), "ru"), "one")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_reader_is_told_of_the_map_that_is_not_there(store: EmbeddedStore, language: Language) -> None:
    slides = Presentation(io.BytesIO(
        KINDS[2].made(store, tell(store, story(view="at=1,2,3"), language), "one")
    )).slides  # fmt: skip
    said = " ".join(
        shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )
    assert Words(language)("story.beyond_paper")[:30] in said.replace("\u00a0", " ")
