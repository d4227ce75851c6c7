"""Memos as DOCX: read back by the library, their looks in styles, whole and the same each time."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx
import pytest

from layers.catalog import LANGUAGES, Language
from layers.chart import bars
from layers.paper.document import (
    Charted,
    Cite,
    Column,
    Document,
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
from layers.paper.memo import as_docx
from tests.layers.paper.board_charts import named

Maker = Callable[[Language], Document]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def memo(*blocks: Any, language: Language = "ru", **rest: Any) -> Document:
    return Document("Памятка", "О площадке", language, blocks, "Данные 0123", "2026-11-26", **rest)


def opened(document: Document) -> Any:
    return docx.Document(io.BytesIO(as_docx(document)))


def styled(made: Any) -> list[tuple[str, str]]:
    return [(one.style.name, one.text.replace("\u00a0", " ")) for one in made.paragraphs if one.text]


def test_texts_stand_in_their_styles() -> None:
    blocks = (Heading("Раздел"), Heading("Часть", 2), Paragraph("Текст"), Paragraph("Тихо", quiet=True))
    assert styled(opened(memo(*blocks))) == [
        ("Title", "Памятка"),
        ("Subtitle", "О площадке"),
        ("Heading 1", "Раздел"),
        ("Heading 2", "Часть"),
        ("Normal", "Текст"),
        ("Quiet", "Тихо"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_of_every_block_is_whole(passport: Maker, language: Language) -> None:
    made = opened(passport(language))
    text = "\n".join(node.text or "" for node in made.element.body.iter(f"{W}t")).replace("\u00a0", " ")
    for told in (
        "Паспорт площадки «А-1» & <Б>",
        "35 га",
        "± 2 га",
        "Рисунок 1",
        "59 000",
        "Сказать нельзя",
        "Второй",
    ):
        assert told in text


def test_lists_are_numbered_by_the_office_and_begin_anew() -> None:
    made = opened(memo(Items(("а", "б"), ordered=True), Items(("в",)), Items(("г",), ordered=True)))
    assert [style for style, _ in styled(made)[2:]] == ["List Number"] * 2 + ["List Bullet", "List Number"]
    numbers = [one._p.pPr.numPr.numId.val for one in made.paragraphs if one.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]
    held = made.part.numbering_part.element
    known = {one.get(f"{W}numId") for one in held.iter(f"{W}num")}
    assert {str(number) for number in numbers} <= known


def test_a_table_repeats_its_header_and_keeps_its_rows_whole() -> None:
    table = Table(
        (Column("А"), Column("Б", "right")), tuple((f"Строка {n}", str(n)) for n in range(80)), "Итоги"
    )
    made = opened(memo(table))
    (held,) = made.tables
    assert held.style.name == "Memo Table"
    assert len(held.rows) == 81
    assert [bool(row._tr.findall(f".//{W}tblHeader")) for row in held.rows][:2] == [True, False]
    assert all(row._tr.findall(f".//{W}cantSplit") for row in held.rows)
    assert held.cell(80, 1).text == "79"
    assert ("Chart Title", "Итоги") in styled(made)


def test_pictures_keep_their_size_and_say_what_they_show() -> None:
    made = opened(memo(Picture(blank(100 * MM, 50 * MM), "Рисунок 1", "Карта Томска")))
    (held,) = made.inline_shapes
    assert (held.width.mm, held.height.mm) == (pytest.approx(100, abs=0.1), pytest.approx(50, abs=0.1))
    assert next(made.element.body.iter(f"{WP}docPr")).get("descr") == "Карта Томска"
    assert ("Caption", "Рисунок 1") in styled(made)


def test_charts_are_pictures_under_their_titles() -> None:
    chart = named("programme", "by_park")
    made = opened(memo(Charted(chart, "Подпись")))
    assert ("Chart Title", chart.title) in styled(made)
    assert ("Caption", "Подпись") in styled(made)
    assert chart.title in next(made.element.body.iter(f"{WP}docPr")).get("descr")
    long = opened(memo(Charted(named("programme", "timeline"))))
    assert len(long.inline_shapes) > 1


def test_what_cannot_be_drawn_is_told() -> None:
    chart = named("programme", "by_park")
    made = opened(memo(Charted(replace(chart, option={"series": []}))))
    assert len(made.tables[0].rows) == len(chart.table) + 1
    empty = replace(bars("x", "Х", [], ("", "")), empty="Участков нет")
    assert ("Caption", "Участков нет") in styled(opened(memo(Charted(empty))))


def test_numbers_lead_to_their_sources_and_addresses_only_where_they_may() -> None:
    lines = (SourceLine("Первый", "2020", "https://example.org/1"), SourceLine("Второй", "", "javascript:x"))
    blocks = (Paragraph(("Сказано", Cite((1, 2)), Link("x", "file:///etc"))), Sources(lines, "Источники"))
    made = opened(memo(*blocks))
    led = {rel.target_ref for rel in made.part.rels.values() if rel.reltype.endswith("/hyperlink")}
    assert led == {"https://example.org/1"}
    anchors = {node.get(f"{W}anchor") for node in made.element.body.iter(f"{W}hyperlink")} - {None}
    marks = {node.get(f"{W}name") for node in made.element.body.iter(f"{W}bookmarkStart")}
    assert anchors == marks == {"source_1", "source_2"}
    assert [text for style, text in styled(made) if style == "Source"] == ["Первый 2020", "Второй"]


@pytest.mark.parametrize(("language", "tag"), [("ru", "ru-RU"), ("en", "en-GB")])
def test_the_language_is_told_and_words_are_divided(language: Language, tag: str) -> None:
    made = opened(memo(Paragraph("Текст"), language=language))
    assert {node.get(f"{W}val") for node in made.styles.element.iter(f"{W}lang")} == {tag}
    assert made.settings.element.find(f"{W}autoHyphenation") is not None
    assert made.core_properties.language == tag


def test_the_foot_has_the_stamp_and_the_number_of_the_page() -> None:
    foot = opened(memo(Paragraph("Текст"))).sections[0].footer
    assert foot.paragraphs[0].text == "Данные 0123"
    fields = [node.get(f"{W}instr").strip() for node in foot.part.element.iter(f"{W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]


def test_pages_have_the_size_of_the_document() -> None:
    section = opened(memo(page_mm=(297.0, 210.0))).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)


def test_columns_keep_what_stands_in_them(passport: Maker) -> None:
    made = opened(passport("ru"))
    ids = [node.get("id") for node in made.element.body.iter(f"{WP}docPr")]
    assert len(ids) == len(set(ids)) == 2


def test_every_cell_ends_with_a_paragraph(passport: Maker) -> None:
    """A cell without one is a fault that an office repairs with a warning."""
    for cell in opened(passport("ru")).element.body.iter(f"{W}tc"):
        assert cell[-1].tag == f"{W}p"


def test_the_same_memo_is_the_same_file_also_in_another_second(
    passport: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = as_docx(passport("ru"))
    later = time.time() + 90_061
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    assert as_docx(passport("ru")) == first
    assert as_docx(replace(passport("ru"), made="2026-11-27")) != first


def test_the_theme_is_ours() -> None:
    with zipfile.ZipFile(io.BytesIO(as_docx(memo()))) as found:
        theme = found.read("word/theme/theme1.xml").decode()
        assert set(re.findall(r'<a:latin typeface="([^"]*)"', theme)) == {"Arial"}
        assert not re.search(r"20(1[0-9]|2[0-5])-\d\d-\d\dT", found.read("docProps/core.xml").decode())
