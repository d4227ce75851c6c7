"""Documents as PDF: text that can be read back, faces embedded, the same bytes, pages that are numbered."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from layers.catalog import LANGUAGES, Language
from layers.chart import bars
from layers.paper.document import (
    Charted,
    Column,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
    Items,
    Link,
    Paragraph,
    Picture,
    SourceLine,
    Sources,
    Table,
)
from layers.paper.ink import MM, blank
from layers.paper.pdf import PictureTooWide, as_pdf
from tests.layers.paper.board_charts import named
from tests.layers.paper.reading import contents, texts

Maker = Callable[[Language], Document]


def lines(pdf: bytes) -> str:
    return "\n".join(texts(pdf))


def words(pdf: bytes) -> str:
    """All text with the breaks of lines as blanks."""
    return re.sub(r"\s+", " ", lines(pdf))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_can_be_read_back(passport: Maker, language: Language) -> None:
    found = words(as_pdf(passport(language)))
    for text in ("Паспорт площадки «А-1» & <Б>", "35 га", "± 2 га", "Рисунок 1", "59 000", "Сказать нельзя"):
        assert text in found
    assert "Промышленный парк" in found or language == "en"
    assert "Industrial park" in found or language == "ru"


def test_the_faces_are_embedded_and_there_are_no_others(passport: Maker) -> None:
    pdf = as_pdf(passport("ru"))
    assert set(re.findall(rb"/BaseFont /(\S+)", pdf)) == {b"AAAAAA+PlannerSans", b"AAAAAA+PlannerSans-Bold"}
    assert pdf.count(b"/FontFile2") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_document_is_the_same_bytes(passport: Maker, language: Language) -> None:
    first = as_pdf(passport(language))
    as_pdf(Document("Другой", "", "ru", (Paragraph("ёжъ №"),)))
    assert as_pdf(passport(language)) == first


def test_every_page_has_its_number_and_the_stamp(passport: Maker) -> None:
    pages = texts(as_pdf(passport("ru")))
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert f"Страница {number} из {len(pages)}" in page
        assert "Данные 0123456789ab" in page
        assert ("Паспорт площадки" in page) or number == 1


def test_a_table_repeats_its_header_on_each_page(passport: Maker) -> None:
    pages = texts(as_pdf(passport("ru")))
    with_rows = [page for page in pages if re.search(r"^Зона\s\d+$", page, re.M)]
    assert len(with_rows) > 1
    assert all("Ограничение" in page for page in with_rows)


def test_title_and_language_are_told(passport: Maker) -> None:
    assert b"/Lang (ru-RU)" in as_pdf(passport("ru"))
    english = as_pdf(replace(passport("en"), title="Site passport"))
    assert b"/Lang (en-GB)" in english
    assert b"/Title (Site passport)" in english
    assert b"/DisplayDocTitle true" in english


def test_links_lead_and_unsafe_ones_do_not() -> None:
    blocks = (
        Paragraph((Link("сайт", "https://example.org/?a=1&b=2"), Link("нет", "javascript:alert(1)"))),
        Facts((Fact("Имя", "35 га", cited=(1,)),)),
        Sources((SourceLine("Источник", "2020", "https://example.org/s"),)),
    )
    pdf = as_pdf(Document("Т", "", "ru", blocks))
    assert set(re.findall(rb"/URI \(([^)]*)\)", pdf)) == {
        b"https://example.org/?a=1&b=2",
        b"https://example.org/s",
    }
    assert b"javascript" not in pdf
    assert len(re.findall(rb"/Dest \[", pdf)) == 1
    assert "нет" in lines(pdf)


def test_numbers_stay_with_their_units_in_any_width() -> None:
    for share in (3, 4, 5, 8, 13):
        table = Table(
            (Column("а", share=share), Column("б", share=20)), (("слово 12 000 кВт слово", "35 га"),)
        )
        found = lines(as_pdf(Document("Т", "", "ru", (table,))))
        assert "12 000 кВт" in found


def test_long_words_are_divided_and_none_is_cut() -> None:
    word = "деревообрабатывающего"
    table = Table((Column("а", share=1), Column("б", share=9)), ((f"для {word} дела", ""),))
    found = lines(as_pdf(Document("Т", "", "ru", (table,))))
    assert word not in found
    assert f"для {word} дела" in re.sub(r"-\n", "", found).replace("\n", " ")


def test_a_picture_is_never_scaled() -> None:
    wide = Columns(((Picture(blank(100 * MM, 10)),), (Paragraph("а"),)))
    with pytest.raises(PictureTooWide, match="100 mm stands in a column of 87 mm"):
        as_pdf(Document("Т", "", "ru", (wide,)))


def test_a_heading_goes_with_what_follows_it() -> None:
    blocks = (
        *(Paragraph("Строка.") for _ in range(36)),
        Heading("Рисунок"),
        Picture(blank(50 * MM, 120 * MM)),
    )
    first, second = texts(as_pdf(Document("Т", "", "ru", blocks)))
    assert "Рисунок" not in first
    assert "Рисунок" in second


def test_columns_longer_than_a_page_go_on() -> None:
    long = tuple(Paragraph(f"Абзац {n}.") for n in range(120))
    pages = texts(as_pdf(Document("Т", "", "ru", (Columns((long, (Paragraph("рядом"),))),))))
    assert len(pages) >= 2
    found = re.findall(r"Абзац\s(\d+)\.", "\n".join(pages))
    assert found == [str(n) for n in range(120)]


def test_an_empty_document_is_one_page() -> None:
    blocks = (Facts(()), Sources(()), Table((Column("а"),), ()))
    assert len(contents(as_pdf(Document("", "", "en", blocks)))) == 1


def test_lists_hang_behind_their_marks() -> None:
    long = "Сельскохозяйственное деревообрабатывающее предприятие агломерации. " * 6
    page = lines(
        as_pdf(Document("А", "", "ru", (Items((long, "второе")), Items(("раз", "два"), ordered=True))))
    )
    assert page.count("•") == 2
    assert re.search(r"^1\.$", page, re.M)
    assert re.search(r"^2\.$", page, re.M)
    assert "второе" in page


def test_a_chart_stands_under_its_title_with_its_note() -> None:
    chart = named("programme", "by_funding")
    found = words(as_pdf(Document("А", "", "ru", (Charted(chart),))))
    assert chart.title in found
    assert re.sub(r"\s", " ", chart.note) in found
    told = words(as_pdf(Document("А", "", "ru", (Charted(chart, "Подпись"),))))
    assert "Подпись" in told


def test_a_chart_longer_than_a_page_goes_on_upon_the_next() -> None:
    pages = texts(as_pdf(Document("А", "", "ru", (Charted(named("programme", "timeline")),))))
    assert len(pages) > 1
    assert all("Построен" in page for page in pages)


def test_a_chart_that_cannot_be_drawn_is_told_by_its_table() -> None:
    chart = replace(named("programme", "by_park"), option={"series": []})
    found = words(as_pdf(Document("А", "", "ru", (Charted(chart),))))
    assert str(chart.table.columns[1]) in found
    empty = replace(bars("x", "Х", [], ("", "")), empty="Участков нет")
    assert "Участков нет" in words(as_pdf(Document("А", "", "ru", (Charted(empty),))))


def test_pages_may_lie_on_their_side(passport: Maker) -> None:
    pdf = as_pdf(replace(passport("ru"), page_mm=(297.0, 210.0)))
    assert b"/MediaBox [ 0 0 841.8898 595.2756 ]" in pdf
    assert all("Страница" in page for page in texts(pdf))
