"""The main inscription: its measures are those of the standard, what is written stays in its boxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import Drawing, Line, Rect

from layers.catalog import LANGUAGES, Language
from layers.paper.ink import MM
from layers.sheet import block
from layers.sheet.layout import LONGEST, Layout
from layers.text import Words
from tests.layers.sheet.drawn import collisions, nodes, written


def drawn(said: block.Inscribed, language: Language = "ru", form: int = 3) -> Drawing:
    group = (block.form_3 if form == 3 else block.form_6)(said, language)
    return Drawing(block.WIDE_MM * MM, block.HIGH_MM * MM, group)


def inscribed(text: str, number: int = 1, of: int = 1) -> block.Inscribed:
    layout = Layout(title=text, organisation=text, author=text, code=text, block="gost")
    return block.Inscribed(layout, text, text, text, number, of)


@pytest.mark.parametrize(("form", "high"), [(3, 55), (6, 15)])
def test_the_form_has_the_measures_of_the_standard(form: int, high: float) -> None:
    """185 x 55 mm (form 3) and 185 x 15 mm (form 6) in rows of 5 mm: GOST R 21.101-2020, annex Ж."""
    ends = []
    for held in nodes(drawn(inscribed("А"), form=form)):
        if isinstance(held.node, Rect):
            ends += [(held.node.x, held.node.y)]
            ends += [(held.node.x + held.node.width, held.node.y + held.node.height)]
        if isinstance(held.node, Line):
            ends += [(held.node.x1, held.node.y1), (held.node.x2, held.node.y2)]
    xs, ys = zip(*((x / MM, y / MM) for x, y in ends), strict=True)
    assert (min(xs), min(ys), max(xs), max(ys)) == pytest.approx((0, 0, 185, high))
    whole = {5 * n for n in range(12)} | {8}
    assert all(min(abs(y - row) for row in whole) < 1e-6 for y in ys)


def test_the_frame_stands_off_the_edges_as_the_standard_says() -> None:
    layout = Layout(paper="A3", block="gost")
    (frame,) = block.outline(layout).contents
    left, bottom = frame.x / MM, frame.y / MM
    assert (left, bottom) == pytest.approx((20, 5))
    assert (420 - left - frame.width / MM, 297 - bottom - frame.height / MM) == pytest.approx((5, 5))


@given(st.text("абвгд ежзик-лмно", max_size=LONGEST))
def test_what_is_written_stays_in_the_form_and_apart(text: str) -> None:
    lines = written(drawn(inscribed(text)))
    for line in lines:
        assert min(line.box[:2]) >= 0
        assert line.box[2] <= 185
        assert line.box[3] <= 55
    assert collisions(lines) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_sheets_stand_where_they_are_asked_for(language: Language) -> None:
    words = Words(language)
    first = [line.text for line in written(drawn(inscribed("А", 1, 7), language))]
    assert {words("block.stage"), words("block.sheets"), words("block.author"), "7", "1"} <= set(first)
    later = [line.text for line in written(drawn(inscribed("А", 3, 7), language))]
    assert "3" in later
    assert "7" not in later
    # A document of one sheet has no number on it: clause 5.2 of annex Ж.
    alone = [line.text for line in written(drawn(inscribed("А"), language))]
    assert alone.count("1") == 1
    assert "4" in [line.text for line in written(drawn(inscribed("А", 4, 7), language, form=6))]
