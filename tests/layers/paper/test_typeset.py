"""Where lines break: numbers stay with their units, long Russian words divide at syllables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.paper.typeset import LEAST_TO_DIVIDE, bound, divisions, softened, syllables

words = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("loose", "held"),
    [
        ("35 га земли", "35~га земли"),
        ("12 000 м", "12~000~м"),
        ("12\u202f000 м", "12~000~м"),
        ("5 млн руб.", "5~млн~руб."),
        ("за 2,5 Гкал/ч и 300 м³/ч", "за 2,5~Гкал/ч и 300~м³/ч"),
        ("ст. 65, № 5", "ст.~65, №~5"),
        ("± 6 га", "±~6~га"),
        ("12 km from 3 parks", "12~km from 3 parks"),
        ("8 маслозаводов", "8 маслозаводов"),
        ("предприятие I класса", "предприятие I~класса"),
        ("WGS 84: 56,5° с. ш.", "WGS~84: 56,5°~с.~ш."),
        ("срок — 2027", "срок~— 2027"),
    ],
)
def test_numbers_stay_with_their_units(loose: str, held: str) -> None:
    assert bound(loose) == held.replace("~", "\u00a0")


@given(st.text(alphabet="аги м12 km%.,—№", max_size=40))
def test_binding_changes_nothing_but_blanks(text: str) -> None:
    assert bound(text).replace("\u00a0", " ") == text
    assert bound(bound(text)) == bound(text)


@given(words)
def test_parts_of_a_word_are_the_word(word: str) -> None:
    parts = syllables(word)
    assert "".join(parts) == word
    assert len(parts) == 1 or min(map(len, parts)) >= 2
    for head, tail in divisions(word):
        assert head + tail == word
        assert tail
        assert tail[0] not in "ьъй"
    assert softened(word).replace("\u00ad", "") == word


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("подъездная", "подъ-ез-дная"),
        ("железнодорожная", "же-лез-но-до-рож-ная"),
        ("предприятие", "пред-при-ятие"),
        ("Первомайское", "Пер-во-май-ское"),
        ("АДМИНИСТРАЦИЯ", "АДМИНИСТРАЦИЯ"),
        ("infrastructure", "infrastructure"),
    ],
)
def test_russian_words_divide(word: str, parts: str) -> None:
    assert syllables(word) == parts.split("-")


def test_the_longest_head_comes_first_and_short_words_stay_whole() -> None:
    heads = [head for head, _ in divisions("железнодорожная")]
    assert heads == sorted(heads, key=len, reverse=True)
    assert divisions("река") == []
    assert len("река") < LEAST_TO_DIVIDE
    assert softened("река у дороги") == "река у дороги"
    assert "\u00ad" in softened("деревообрабатывающий")
