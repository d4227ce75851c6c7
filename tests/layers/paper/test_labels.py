"""Names on a map: none covers another, none leaves the window, the weightier come first."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.paper.fonts import width
from layers.paper.labels import Boxes, Label, Name, broken, placed

WINDOW = (0.0, 0.0, 300.0, 200.0)
names = st.builds(
    Name,
    text=st.text(alphabet="Томск ик", min_size=1, max_size=14),
    x=st.floats(-20, 320),
    y=st.floats(-20, 220),
    reach=st.floats(0, 8),
    weight=st.sampled_from([0.0, 500.0, 20_000.0, 500_000.0]),
)


def box(label: Label) -> tuple[float, float, float, float]:
    wide = width(label.name.text, label.name.size, label.face)
    return label.x, label.y - label.name.size * 0.2, label.x + wide, label.y + label.name.size * 0.75


@given(st.lists(names, max_size=25))
def test_names_find_room_or_are_left_out(found: list[Name]) -> None:
    boxes = [box(label) for label in placed(found, Boxes(), WINDOW)]
    for number, (left, bottom, right, top) in enumerate(boxes):
        assert left >= 0
        assert bottom >= 0
        assert right <= WINDOW[2]
        assert top <= WINDOW[3]
        for other in boxes[:number]:
            assert right <= other[0] or other[2] <= left or top <= other[1] or other[3] <= bottom


def test_the_weightier_name_takes_the_room() -> None:
    light, heavy = Name("Посёлок", 150, 100, 2), Name("Город", 150, 100, 2, 500_000)
    first = placed([light, heavy], Boxes(), WINDOW)[0]
    assert first.name is heavy
    taken = Boxes()
    taken.take(WINDOW)
    assert placed([light], taken, WINDOW) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Томск", 1),
        ("Томский электромеханический завод имени Вахрушева", 2),
        ("Сибирский государственный медицинский университет, клиники и факультет клинической психологии", 3),
        ("д" * 80, 1),
    ],
)
def test_a_long_name_is_broken_and_never_cut(text: str, count: int) -> None:
    lines = broken(text)
    assert len(lines) == count
    assert " ".join(lines) == text
    for at in (10.0, 150.0, 290.0):
        labels = placed([Name(text, at, 100, 4, 1e9, bold=True)], Boxes(), (0, 0, 600, 200))
        assert [label.name.text for label in labels] == list(lines)
        assert all(a.y - b.y >= a.name.size for a, b in pairwise(labels))


def test_a_long_name_at_the_edge_is_moved_aside() -> None:
    name = Name("Томский электромеханический завод имени Вахрушева", 299, 100, 4, 1e9, bold=True)
    for x in (1.0, 30.0, 150.0, 299.0):
        (first, second) = placed(
            [replace(name, x=x)], Boxes(), (0.0, 0.0, 180.0, 200.0) if x < 180 else WINDOW
        )
        assert (first.name.text, second.name.text) == broken(name.text)


def test_a_halo_is_drawn_and_only_the_text_is_text() -> None:
    halo, text = Label(Name("Асино", 10, 10, 2), 12, 9).provideNode().contents
    assert halo.fillColor is None
    assert halo.strokeWidth > 1
    assert text.text == "Асино"
