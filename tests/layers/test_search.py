"""Finding places: exact names, slips, transliteration, the wrong keyboard, coordinates."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import CoordinateError
from layers.catalog import LANGUAGES, Language
from layers.search import Index, folded, position
from layers.store import EmbeddedStore, embedded

INDEX = Index.of(embedded())
SETTLEMENTS = embedded().features("settlements")
TO_LATIN = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")
TO_RUSSIAN = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.", "йцукенгшщзхъфывапролджэячсмитьбю")


def picks(question: str, language: Language = "ru", most: int = 8) -> list[str]:
    return [found.pick for found in INDEX.find(question, embedded(), language, most)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_settlement_is_found_first_by_its_own_name(language: Language) -> None:
    """First, or level with others of the same name."""
    names = SETTLEMENTS[f"name_{language}"]
    for id_, name in names.items():
        found = INDEX.find(name, embedded(), language)
        level = [hit for hit in found if hit.likeness == found[0].likeness]
        assert f"settlements/{id_}" in [hit.pick for hit in level], name
        assert all(folded(hit.name) == folded(name) for hit in level), (name, level)


def test_records_of_every_layer_can_be_found(store: EmbeddedStore) -> None:
    recorded = [id_ for id_ in store.catalogue.panel_order if id_ in store.catalogue.recorded]
    for layer_id in recorded:
        frame = store.features(layer_id)
        for name in frame.loc[frame.geometry.notna(), "name_ru"].iloc[::6]:
            assert name in [hit.name for hit in INDEX.find(name, store, "ru", most=30)]


@pytest.mark.parametrize(
    ("question", "pick"),
    [
        ("Камаевка", "settlements/kamayevka"),
        ("камаевка", "settlements/kamayevka"),
        ("Kamayevka", "settlements/kamayevka"),
        ("Kamaevka", "settlements/kamayevka"),
        ("Комаевка", "settlements/kamayevka"),
        ("Камаевк", "settlements/kamayevka"),
        ("Rfvftdrf", "settlements/kamayevka"),
        ("Ыумукыл", "settlements/seversk"),
        ("Seversk", "settlements/seversk"),
        ("Сиверск", "settlements/seversk"),
        ("Асино", "settlements/asino"),
        ("Fcbyj", "settlements/asino"),
        ("Assino", "settlements/asino"),
        ("Первомайское", "settlements/pervomayskoye"),
        ("Pervomaiskoe", "settlements/pervomayskoye"),
        ("Pervomayskoye", "settlements/pervomayskoye"),
        ("Богашёво", "settlements/bogashevo"),
        ("Богашево", "settlements/bogashevo"),
        ("Bogashevo", "settlements/bogashevo"),
    ],
)
def test_slips_are_forgiven(question: str, pick: str) -> None:
    name = pick.partition("/")[2]
    assert any(found.startswith(pick) or found.endswith(name) for found in picks(question)[:3]), picks(
        question
    )


def test_a_slip_in_a_name_still_finds_it() -> None:
    """One letter lost, doubled or changed in every settlement of six letters or more."""
    rng = random.Random(70)
    missed = []
    slips = 0
    for id_, name in SETTLEMENTS["name_ru"].iloc[::3].items():
        if len(name) < 7:
            continue
        at = rng.randrange(1, len(name) - 1)
        for slip in (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + "о" + name[at + 1 :],
        ):
            slips += 1
            if f"settlements/{id_}" not in picks(slip):
                missed.append((name, slip))
    assert slips > 100
    assert len(missed) / slips < 0.03, missed


def test_names_on_the_wrong_keyboard_are_found() -> None:
    missed = [
        name
        for id_, name in SETTLEMENTS["name_ru"].iloc[::2].items()
        if f"settlements/{id_}" not in picks(name.lower().replace("ё", "е").translate(TO_LATIN))
    ]
    assert not missed


def test_latin_names_typed_on_the_russian_keyboard_are_found() -> None:
    missed = [
        name
        for id_, name in SETTLEMENTS["name_en"].iloc[1::2].items()
        if f"settlements/{id_}" not in picks(name.lower().translate(TO_RUSSIAN), "en")
    ]
    assert len(missed) / len(SETTLEMENTS) < 0.02, missed


def test_names_are_said_in_the_readers_language() -> None:
    for language, name in (("ru", "Асино"), ("en", "Asino")):
        hits = INDEX.find("Asino", embedded(), language)  # type: ignore[arg-type]
        assert name in [hit.name for hit in hits]


@pytest.mark.parametrize("question", ["", " ", "а", "о", "...", "щщщщщщщ", "qqqqqqqq zzzzzz"])
def test_what_is_like_nothing_finds_nothing(question: str) -> None:
    assert picks(question) == []


@given(st.text(max_size=30))
def test_any_question_has_an_answer_in_order(question: str) -> None:
    found = INDEX.find(question, embedded(), "ru")
    assert len(found) <= 8
    assert len({hit.pick for hit in found}) == len(found)
    assert [hit.likeness for hit in found] == sorted((hit.likeness for hit in found), reverse=True)
    assert all(0 < hit.likeness <= 100 for hit in found)


def test_a_record_of_several_layers_is_found_once() -> None:
    found = picks("Камаевка — Асино — Первомайское", most=30)
    ids = [pick.partition("/")[2] for pick in found]
    assert len(ids) == len(set(ids))
    assert any(pick.startswith("asino_road/") for pick in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Камаевка", "Kamayevka"),
        ("Богашёво", "Bogashevo"),
        ("Белый Яр", "Bely Yar"),
        ("Семилужки", "Semiluzhki"),
        ("Мельниково", "MELNIKOVO"),
        ("Томск-I", "томск i"),
    ],
)
def test_spellings_meet(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text(max_size=30))
def test_folding_is_done_once(text: str) -> None:
    once = folded(text)
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert once == once.strip()


def test_coordinates_are_a_position() -> None:
    place = position("56,48; 84,95")
    assert place is not None
    assert (place.lon, place.lat) == (84.95, 56.48)
    assert position("Томск") is None
    with pytest.raises(CoordinateError):
        position("0, 0")
