"""The typeface: every character that the planner writes, narrow, the same each time."""

import io
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from layers.catalog import LANGUAGES, Language
from layers.paper import fonts
from layers.store import EmbeddedStore
from layers.text import messages


def written(value: object) -> str:
    return "".join(written(v) for v in value.values()) if isinstance(value, dict) else str(value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_glyph_is_missing_for_what_the_planner_says(store: EmbeddedStore, language: Language) -> None:
    said = written(messages(language))
    for name, table in store.catalogue.tables.items():
        said += table.title[language]
        if table.records and table.named:
            said += "".join(store.records(name)[f"name_{language}"].dropna())
    said += "".join(source.title[language] + source.publisher for source in store.catalogue.sources.values())
    assert fonts.missing(said) - set("\n\u00ad") == set()


def test_signs_of_figures_are_there() -> None:
    assert fonts.missing("≤≥≈≠±×÷−–—→←↑↓•·…°′″‰%№§₽€²³½«»„“”’©®∞Δμ\u00a0\u2011✓") == set()


def test_strange_characters_are_shown_as_boxes_and_controls_are_dropped() -> None:
    assert fonts.sound("а\u0000б\u200bв 漢 🙂\u202e") == "абв □ □"
    assert fonts.sound("и\u0306") == "й"
    assert fonts.sound("a\tb\nc") == "a b c"


@given(st.text(max_size=80))
def test_what_is_sound_can_be_printed(text: str) -> None:
    once = fonts.sound(text)
    assert fonts.missing(once) <= {"\u00ad"}
    assert fonts.sound(once) == once


@given(st.text(alphabet="Томск Asino 0123,", max_size=30), st.sampled_from([fonts.REGULAR, fonts.BOLD]))
def test_halos_lie_where_the_letters_do(text: str, face: str) -> None:
    path = fonts.outline(text, 10, 20, 8, face)
    assert len(path.points) == 2 * sum((1, 1, 3, 0)[op] for op in path.operators)
    assert all(9 < x < 11 + fonts.width(text, 8, face) for x in path.points[::2])
    assert all(17 < y < 29 for y in path.points[1::2])


def test_a_page_carries_only_the_characters_that_it_uses() -> None:
    data = fonts.woff(fonts.BOLD, "Паспорт 12 га")
    assert data[:4] == b"wOFF"
    held = TTFont(io.BytesIO(data)).getBestCmap()
    assert set(map(chr, held)) == set("Паспорт 12 га\u00a0")
    assert data == fonts.woff(fonts.BOLD, "Паспорт 12 га")


def test_the_faces_are_narrow_and_named() -> None:
    fonts.register()
    fonts.register()
    assert fonts.width("0" * 10, 100) == pytest.approx(10 * 100 * 0.636 * 0.9, rel=0.01)
    assert fonts.width("Ш", 10, fonts.BOLD) > fonts.width("Ш", 10)


def test_a_face_is_asked_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    face, asking, together = fonts._face(fonts.REGULAR), Lock(), []

    class Asked:
        def __getattr__(self, name: str) -> object:
            return getattr(face, name)

        def __getitem__(self, table: str) -> object:
            return face[table]

        def getBestCmap(self) -> object:  # noqa: N802 (the name is that of the library)
            alone = asking.acquire(blocking=False)
            together.append(not alone)
            time.sleep(0.01)
            if alone:
                asking.release()
            return face.getBestCmap()

    monkeypatch.setattr(fonts, "_face", lambda _: Asked())
    for kept in (fonts._known, fonts._glyph):
        kept.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda ch: (fonts.outline(ch, 0.0, 0.0, 10.0), fonts.missing(ch)), "Томь"))
    assert together
    assert not any(together)
