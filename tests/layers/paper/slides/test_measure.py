"""What texts of slides take: lines, sizes that fit, texts divided without loss."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.paper import fonts
from layers.paper.document import (
    Cite,
    Column,
    Fact,
    Facts,
    Heading,
    Items,
    Link,
    Notice,
    Paragraph,
    Strong,
    Table,
)
from layers.paper.slides.measure import (
    Para,
    Run,
    card,
    divided,
    fitting,
    height,
    lines_of,
    paras_of,
    rows,
    runs_of,
    table_heights,
)

WORDS = st.text(alphabet="абвгдежз xyz-", min_size=1, max_size=60)
PARAS = st.lists(
    st.builds(
        lambda runs, look: Para(tuple(Run(text, bold) for text, bold in runs), look),
        st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=4),
        st.sampled_from(["body", "bullet", "number", "heading", "quiet"]),
    ),
    min_size=1,
    max_size=12,
)


def squeezed(paras: list[Para]) -> str:
    return re.sub(r"\s", "", "".join(para.text for para in paras))


@given(PARAS, st.floats(40, 400), st.floats(30, 300))
def test_what_is_divided_is_all_there_and_the_first_part_fits(
    paras: list[Para], wide: float, high: float
) -> None:
    taken, left = divided(paras, 14, wide, high)
    assert taken
    assert squeezed([*taken, *left]) == squeezed(paras)
    assert height(taken, 14, wide) <= high or (len(taken) == 1 and len(rows(taken[0], 14, wide)) == 1)


@given(PARAS, st.floats(40, 400), st.floats(60, 200))
def test_dividing_comes_to_an_end(paras: list[Para], wide: float, high: float) -> None:
    count = 0
    while paras:
        _, paras = divided(paras, 12, wide, high)
        count += 1
        assert count < 500


@given(PARAS, st.floats(60, 400))
def test_no_line_is_wider_than_its_box(paras: list[Para], wide: float) -> None:
    for para in paras:
        for line in rows(para, 14, wide):
            text = " ".join("".join(run.text for run in word) for word in line)
            face = fonts.BOLD if para.look == "heading" else fonts.REGULAR
            if len(text) > 1 and not any(run.bold for word in line for run in word):
                assert fonts.width(text, 14 * para.scale, face) <= wide


def test_a_heading_goes_with_what_follows() -> None:
    paras = [
        *paras_of(Paragraph("Слово " * 20)),
        *paras_of(Heading("Раздел")),
        *paras_of(Paragraph("Слово " * 40)),
    ]
    high = height(paras[:2], 14, 200) + 10
    taken, left = divided(paras, 14, 200, high)
    assert [para.look for para in taken] == ["body"]
    assert left[0].look == "heading"


def test_a_word_longer_than_a_line_is_broken_without_a_blank() -> None:
    para = Para((Run("ж" * 300),))
    taken, left = divided([para], 14, 100, 60)
    assert taken[0].text + left[0].text == para.text


def test_runs_tell_what_is_bold_what_leads_and_what_is_cited() -> None:
    found = runs_of(
        (
            "Пять ",
            Strong("га"),
            Link("план", "https://example.org/"),
            Link("нет", "javascript:x"),
            Cite((1, 2)),
        )
    )
    assert [run.bold for run in found] == [False, True, False, False, False]
    assert [run.href for run in found] == ["", "", "https://example.org/", "", ""]
    assert found[-1].raised
    assert found[-1].text.endswith("1, 2")


def test_blocks_are_told() -> None:
    assert [para.look for para in paras_of(Items(("а", "б"), ordered=True))] == ["number", "number"]
    assert [para.number for para in paras_of(Items(("а", "б"), ordered=True))] == [1, 2]
    assert next(paras_of(Notice("!"))).look == "notice"
    fact = next(paras_of(Facts((Fact("Площадь", "35 га", "± 2 га", (3,)),))))
    assert fact.text == "Площадь: 35\u00a0га\u00a03 (±\u00a02\u00a0га)"
    assert [para.look for para in card(Fact("а", "1", "б"))] == ["quiet", "figure", "quiet"]


def test_fitting_takes_the_largest_size() -> None:
    para = Para((Run("Слово " * 30),))
    size = fitting([para], 300, 120, (30, 20, 14, 12))
    assert size is not None
    assert height([para], size, 300) <= 120
    assert fitting([para], 300, 5, (30, 20)) is None
    assert lines_of("", 12, 100) == 1


def test_rows_of_a_table_are_as_high_as_their_highest_cell() -> None:
    table = Table((Column("А"), Column("Б")), (("x", "Слово " * 30), ("x", "y")))
    head, long, short = table_heights(table, 12, 300)
    assert long > 5 * short
    assert head == pytest.approx(short)
