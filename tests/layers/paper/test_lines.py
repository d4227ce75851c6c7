"""Lines of text: never wider than their room, nothing lost, long Russian words at their syllables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.paper.fonts import REGULAR, width
from layers.paper.lines import wrapped

NB = "\u00a0"


def bare(text: str) -> str:
    return "".join(ch for ch in text if ch not in f" {NB}-")


@given(
    st.lists(st.text(alphabet="абвгдежш-/x9", min_size=1, max_size=40), min_size=1, max_size=20),
    st.floats(12, 200),
)
def test_lines_are_no_wider_than_their_room_and_lose_nothing(words: list[str], room: float) -> None:
    lines = wrapped(" ".join(words), room, 6)
    assert all(width(line, 6, REGULAR) <= room + 1e-6 for line in lines)
    assert bare("".join(lines)) == bare("".join(words))


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("деревообрабатывающее предприятие", 60, ["деревообрабатыва-", "ющее предприятие"]),
        ("https://example.org/a/very/long/address", 60, None),
        ("население 1 200 чел.", 46, ["население", f"1{NB}200{NB}чел."]),
        ("", 10, [""]),
    ],
)
def test_words_break_where_they_may(text: str, room: float, lines: list[str] | None) -> None:
    found = wrapped(text, room, 6)
    if lines is not None:
        assert found == lines
    else:
        assert len(found) > 1
        assert "".join(found) == text
