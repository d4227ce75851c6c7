"""Slides as PPTX: read back by the library that an office's people trust, and held to what fits its box."""

import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Emu

from layers.catalog import LANGUAGES, Language, Text
from layers.chart import Mark, bars
from layers.identity import Identity, Logo
from layers.paper import fonts, slides
from layers.paper.document import (
    Charted,
    Cite,
    Column,
    Columns,
    Fact,
    Facts,
    Heading,
    Items,
    Link,
    Notice,
    Paragraph,
    Picture,
    SourceLine,
    Sources,
    Strong,
    Table,
    Tiles,
)
from layers.paper.ink import blank
from layers.paper.office import DRAWING, TAGS
from layers.paper.plots import Bars, plot_of
from layers.paper.slides import Deck, Slide, as_pptx
from layers.paper.slides.plotted import C, is_native
from layers.paper.typeset import written
from tests.layers.paper.board_charts import PAGES, charts_of, named

A, P = f"{{{DRAWING}}}", "{http://schemas.openxmlformats.org/presentationml/2006/main}"
LONG = (
    "Сельскохозяйственное деревообрабатывающее предприятие агломерации получает дорогу, газ и электричество. "
)
TABLE = Table(
    (Column("Площадка", share=2), Column("Площадь, га", "right"), Column("Что известно", share=4)),
    tuple((f"Площадка {n}", (Strong(f"{n},5"), Cite((1,))), LONG[: 30 + n]) for n in range(40)),
    "Свободные площадки",
)
ITEMS = Items(
    ("Первое", ("Второе: ", Link("план", "https://example.org/?a=1&b=2"), Link("нет", "javascript:alert(1)")))
)
FACTS = (Fact("Площадь", "35 га", "± 2 га", (1,)), Fact("Рабочие места", "11 042"))
SOURCES = tuple(SourceLine(f"Распоряжение № {n}", "2015", f"https://example.org/{n}") for n in range(1, 60))
# The order that the schema asks for: an office refuses a chart whose parts are in another.
ORDER = {
    "chartSpace": "date1904 lang roundedCorners style clrMapOvr chart spPr txPr externalData",
    "plotArea": "layout areaChart barChart lineChart scatterChart radarChart catAx valAx dateAx spPr",
    "ser": "idx order tx spPr invertIfNegative marker dPt dLbls cat val xVal yVal smooth shape",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId",
    "lineChart": "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId",
    "catAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos "
    "spPr txPr crossAx crosses auto lblAlgn lblOffset tickLblSkip noMultiLvlLbl",
    "valAx": "axId scaling delete axPos majorGridlines title numFmt majorTickMark minorTickMark tickLblPos "
    "spPr txPr crossAx crosses crossBetween majorUnit minorUnit",
    "scaling": "logBase orientation max min",
    "dPt": "idx invertIfNegative marker bubble3D explosion spPr",
}


def deck(*slides: Slide, language: Language = "ru", **rest: Any) -> Deck:
    told = {"stamp": "Данные 0123456789ab · 26 ноября 2026 г.", "made": "2026-11-26", **rest}
    return Deck("ИНО Томск", "Десять слайдов", language, slides, **told)


def opened(made: Deck) -> Any:
    return Presentation(io.BytesIO(as_pptx(made)))


def body(made: Deck) -> list[Any]:
    """The slides between the cover and the list of sources."""
    return list(opened(made).slides)[1 : -1 if made.sources else None]


def texts(slide: Any) -> str:
    return "\n".join(node.text or "" for node in slide.element.iter(f"{A}t"))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def of_kind(slide: Any, kind: str) -> list[Any]:
    return [shape for shape in slide.shapes if getattr(shape, f"has_{kind}", False)]


@cache
def whole(language: Language) -> bytes:
    """A deck with every chart of the boards and a block of each kind."""
    slides = [Slide(one.title, (Charted(one),)) for page in PAGES for one in charts_of(page, language)]
    blocks = (
        Heading("Раздел"),
        Paragraph(LONG * 3),
        Notice("Сказать нельзя"),
        ITEMS,
        Facts(FACTS),
        Tiles(FACTS),
        TABLE,
    )
    slides += [
        Slide("Всё вместе", blocks, blank(500, 300), "Пустая карта", "Сказать вслух", (1, 2)),
        Slide(LONG * 3, (Paragraph(LONG * 60), Columns(((ITEMS,), (Facts(FACTS),))), Sources(SOURCES))),
        Slide("Слово", (Paragraph("ж" * 2500),), blank(300, 300)),
        Slide("Много плиток", (Tiles(tuple(Fact(LONG[:40], "412 млрд ₽", LONG) for _ in range(13))),)),
        Slide("Пусто"),
    ]
    return as_pptx(deck(*slides, language=language, sources=SOURCES))


# --- what it says -------------------------------------------------------------------------------------


def test_the_cover_and_the_properties() -> None:
    made = opened(deck(Slide("Первый")))
    cover = made.slides[0]
    assert [shape.text_frame.text for shape in cover.placeholders][:2] == ["ИНО Томск", "Десять слайдов"]
    assert "0123456789ab" in texts(cover)
    held = made.core_properties
    assert (held.title, held.language) == ("ИНО Томск", "ru-RU")
    assert str(held.created.date()) == str(held.modified.date()) == "2026-11-26"
    assert (made.slide_width, made.slide_height) == (Emu(960 * 12700), Emu(540 * 12700))


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_cover_carries_the_agencys_logo(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = '<path fill="#7a1f3d" d="M0 0H20V20H0Z"/>'
    square = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">{drawn}</svg>'
    file = io.BytesIO()
    Image.new("RGBA", (80, 80), "#7a1f3d").save(file, format="PNG")
    given = {"svg": square} if kind == "svg" else {"png": file.getvalue()}
    shown = Logo(media="image/svg+xml", screen=square.encode(), wide=1.0, **given)
    theirs = Identity(name=Text(ru="Агентство", en="Agency"), logo=shown)
    monkeypatch.setattr(slides, "identity", lambda: theirs)
    cover = opened(deck(Slide("Первый"))).slides[0]
    picture = next(shape for shape in cover.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE)
    assert picture.element.find(f".//{P}cNvPr").get("descr") == "Агентство"
    title = cover.placeholders[0]
    assert picture.left == title.left
    assert picture.top + picture.height < title.top
    with Image.open(io.BytesIO(picture.image.blob)) as pixels:
        assert pixels.getpixel((2, 2)) == (255, 255, 255)
        assert pixels.getpixel((pixels.width // 2, pixels.height // 2)) == (0x7A, 0x1F, 0x3D)


def test_without_a_logo_the_cover_has_no_picture() -> None:
    cover = opened(deck(Slide("Первый"))).slides[0]
    assert all(shape.shape_type != MSO_SHAPE_TYPE.PICTURE for shape in cover.shapes)


def test_titles_are_real_and_text_is_in_the_body() -> None:
    slide = body(deck(Slide("Где это", (Heading("Томск"), Paragraph("Текст"), ITEMS))))[0]
    assert slide.shapes.title.text_frame.text == "Где это"
    held = next(shape for shape in slide.placeholders if shape.placeholder_format.idx == 1)
    assert [one.text for one in held.text_frame.paragraphs] == ["Томск", "Текст", "Первое", "Второе: планнет"]
    assert len(list(held.element.iter(f"{A}buChar"))) == 2


def test_only_addresses_that_may_be_followed_lead() -> None:
    made = deck(Slide("А", (ITEMS,)), sources=(SourceLine("x", "", "ftp://example.org/"), *SOURCES[:3]))
    led = {
        rel.target_ref
        for slide in opened(made).slides
        for rel in slide.part.rels.values()
        if rel.reltype.endswith("/hyperlink")
    }
    assert led == {"https://example.org/?a=1&b=2", *(f"https://example.org/{n}" for n in (1, 2, 3))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_run_has_its_language(language: Language) -> None:
    with zipfile.ZipFile(io.BytesIO(whole(language))) as found:
        for name in found.namelist():
            if re.fullmatch(r"ppt/(slides|charts|notesSlides|slideLayouts)/[^/]*\.xml", name):
                for node in etree.fromstring(found.read(name)).iter(f"{A}rPr"):
                    assert node.get("lang") == TAGS[language], name


def test_every_slide_has_its_number_and_the_stamp() -> None:
    made = Presentation(io.BytesIO(whole("ru")))
    for number, slide in enumerate(made.slides, start=1):
        assert "0123456789ab" in texts(slide)
        if number > 1:
            field = next(slide.element.iter(f"{A}fld"))
            assert field.get("type") == "slidenum"
            assert field.find(f"{A}t").text == str(number)


def test_notes_stand_on_the_first_slide_alone() -> None:
    slides = body(deck(Slide("Много", (Paragraph(LONG * 60),), notes="Сказать вслух")))
    assert len(slides) > 1
    assert slides[0].notes_slide.notes_text_frame.text == "Сказать вслух"
    assert not any(slide.has_notes_slide for slide in slides[1:])
    assert slides[0].shapes.title.text_frame.text == f"Много (1 из {len(slides)})"


def test_nothing_of_a_long_text_is_lost() -> None:
    told = "".join(f"слово{n} " for n in range(1500))
    slides = body(deck(Slide("Много", (Paragraph(told),))))
    found = " ".join(texts(slide) for slide in slides)
    assert re.findall(r"слово\d+", found) == told.split()


def test_pictures_say_what_they_show() -> None:
    slide = body(deck(Slide("Карта", (Paragraph("Слева"),), blank(500, 300), "Карта Томска")))[0]
    picture = next(shape for shape in slide.shapes if hasattr(shape, "image"))
    assert picture.element.find(f".//{P}cNvPr").get("descr") == "Карта Томска"
    assert picture.width / picture.height == pytest.approx(500 / 300, rel=0.01)
    assert picture.image.content_type == "image/png"
    assert picture.image.size[0] >= 1000


def test_a_picture_keeps_its_caption() -> None:
    slide = body(deck(Slide("Карта", (Picture(blank(500, 300), "Рисунок 1", "Карта"),))))[0]
    assert "Рисунок 1" in texts(slide)


def test_the_sources_are_listed_at_the_end() -> None:
    made = opened(deck(Slide("А", sources=(2, 5)), sources=SOURCES))
    assert "Источники: 2, 5" in texts(made.slides[1])
    last = [slide for slide in made.slides if slide.shapes.title.text_frame.text == "Источники"]
    assert len(last) > 1
    found = re.findall(r"Распоряжение №\u00a0(\d+)", "".join(texts(slide) for slide in last))
    assert found == [str(n) for n in range(1, 60)]


def test_tiles_are_cards_and_facts_are_told() -> None:
    slide = body(deck(Slide("А", (Tiles(FACTS), Facts(FACTS)))))[0]
    cards = [shape for shape in slide.shapes if shape.has_text_frame and not shape.is_placeholder]
    assert [shape.text_frame.paragraphs[0].text for shape in cards] == ["Площадь", "Рабочие места"]
    assert "35\u00a0га" in texts(slide)


# --- tables -------------------------------------------------------------------------------------------


def test_a_table_is_one_that_an_office_edits_its_header_on_each_slide() -> None:
    slides = body(deck(Slide("Площадки", (TABLE,))))
    assert len(slides) > 1
    rows: list[str] = []
    for slide in slides:
        (held,) = of_kind(slide, "table")
        assert held.table.first_row
        first, *others = ([_plain(cell.text_frame.text) for cell in row.cells] for row in held.table.rows)
        assert first == ["Площадка", "Площадь, га", "Что известно"]
        rows += [row[0] for row in others]
    assert rows == [f"Площадка {n}" for n in range(40)]


# --- charts -------------------------------------------------------------------------------------------


def test_a_small_table_stands_under_the_text_beside_a_map() -> None:
    small, text = replace(TABLE, rows=TABLE.rows[:2], caption=""), Paragraph(LONG)
    few = opened(deck(Slide("Площадки", (text, small), picture=blank(400, 300), alt="Карта"))).slides
    many = opened(
        deck(Slide("Площадки", (text,) * 8 + (small,), picture=blank(400, 300), alt="Карта"))
    ).slides
    assert [len(few), len(many)] == [2, 3]
    table = next(shape for shape in few[1].shapes if shape.has_table)
    picture = next(shape for shape in few[1].shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE)
    body = few[1].placeholders[1]
    assert body.top + body.height <= table.top
    assert table.left + table.width <= picture.left


def test_a_chart_holds_its_figures_and_colours() -> None:
    chart = named("programme", "by_park")
    slide = body(deck(Slide("Парки", (Charted(chart),))))[0]
    (held,) = of_kind(slide, "chart")
    assert tuple(held.chart.plots[0].categories) == tuple(chart.table.iloc[:, 0])
    assert list(held.chart.plots[0].series[0].values) == chart.table.iloc[:, 1].tolist()
    asked = {item["itemStyle"]["color"][1:].upper() for item in chart.option["series"][0]["data"]}
    assert asked <= {node.get("val") for node in held.chart.element.iter(f"{A}srgbClr")}
    assert chart.title in held.element.find(f".//{P}cNvPr").get("descr")


@pytest.mark.parametrize("page", PAGES)
def test_every_chart_is_an_offices_own_or_a_picture_with_its_table(page: str) -> None:
    for one in charts_of(page, "ru"):
        plot = plot_of(one)
        assert plot is not None
        slides = body(deck(Slide("Другое", (Charted(one),))))
        charts = [held for slide in slides for held in of_kind(slide, "chart")]
        if is_native(plot):
            assert charts, one.id
            if isinstance(plot, Bars):
                names = [name for held in charts for name in held.chart.plots[0].categories]
                assert len(names) == len(plot.categories)
        else:
            assert not charts
            assert any(hasattr(shape, "image") for slide in slides for shape in slide.shapes), one.id
            assert any(of_kind(slide, "table") for slide in slides), one.id
        assert written(one.title) in "".join(texts(slide) for slide in slides)


def test_the_gap_is_columns_with_the_need_as_a_line() -> None:
    (held,) = of_kind(body(deck(Slide("Деньги", (Charted(named("programme", "gap")),))))[0], "chart")
    columns, lines = held.chart.plots
    assert len(columns.series) == 5
    *said, need = lines.series
    assert set(need.values) == {250.0}
    stated = named("programme", "gap").option["series"][-1]["data"]
    told = [value for one in said for value in one.values if value is not None]
    assert sorted(told) == sorted(item["value"][1] for item in stated)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_of_charts_are_in_the_order_of_the_schema(language: Language) -> None:
    with zipfile.ZipFile(io.BytesIO(whole(language))) as found:
        names = [name for name in found.namelist() if name.startswith("ppt/charts/chart")]
        assert len(names) > 20
        for name in names:
            for node in etree.fromstring(found.read(name)).iter():
                asked = ORDER.get(etree.QName(node).localname, "").split()
                if asked and node.tag.startswith(f"{{{C}}}"):
                    order = [asked.index(etree.QName(child).localname) for child in node]
                    assert order == sorted(order), (name, node.tag)


def test_an_unknown_amount_is_named_and_leaves_no_bar() -> None:
    chart = bars("x", "Х", [Mark("А", 5.0, "5 км"), Mark("Б", None, "")], ("", ""))
    (held,) = of_kind(body(deck(Slide("Х", (Charted(chart),))))[0], "chart")
    assert tuple(held.chart.plots[0].categories) == ("А", "Б (нет данных)")
    assert list(held.chart.plots[0].series[0].values) == [5.0, None]


def test_an_empty_chart_says_why() -> None:
    empty = replace(bars("x", "Х", [], ("", "")), empty="Участков нет")
    assert "Участков нет" in texts(body(deck(Slide("Поиск", (Charted(empty),))))[0])


# --- how it looks -------------------------------------------------------------------------------------


def lines_needed(paragraph: Any, wide: float, size: float) -> tuple[int, float]:
    """How many lines a paragraph takes by our face, word by word, and the size of its type."""
    runs = list(paragraph.iter(f"{A}rPr"))
    bold = any(run.get("b") == "1" for run in runs)
    size = max((int(run.get("sz", size * 100)) / 100 for run in runs), default=size)
    face = fonts.BOLD if bold and all(run.get("b") == "1" for run in runs) else fonts.REGULAR
    count, used = 1, 0.0
    for word in "".join(node.text or "" for node in paragraph.iter(f"{A}t")).split(" "):
        taken = fonts.width(word, size, face)
        if used and used + fonts.width(" ", size) + taken > wide:
            count, used = count + 1, 0.0
        count += int(taken // wide)
        used += taken % wide + fonts.width(" ", size)
    return count, size


def frames(slide: Any) -> Iterator[tuple[Any, float, float]]:
    """Each text body with the width and the height of its box, in points."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            frame = shape.text_frame
            pad = 9.0 if not shape.is_placeholder and frame.margin_left else 0.0
            yield (
                shape.element.find(f"{P}txBody"),
                shape.width / 12700 - 2 * pad,
                shape.height / 12700 - 2 * pad,
            )
        if getattr(shape, "has_table", False):
            widths = [column.width / 12700 - 8 for column in shape.table.columns]
            highs = [row.height / 12700 for row in shape.table.rows]
            for row, high in zip(shape.element.iter(f"{A}tr"), highs, strict=True):
                for cell, wide in zip(row.iter(f"{A}tc"), widths, strict=True):
                    yield cell.find(f"{A}txBody"), wide, high


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_runs_out_of_its_box_and_no_shape_off_its_slide(language: Language) -> None:
    made = Presentation(io.BytesIO(whole(language)))
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height + 12700
        for held, wide, high in frames(slide):
            lines = [lines_needed(one, wide - int(one.find(f"{A}pPr").get("marL", 0)) / 12700, 8.0)
                     for one in held.findall(f"{A}p") if one.find(f"{A}pPr") is not None]  # fmt: skip
            assert sum(count * size * 1.15 for count, size in lines) <= high + 1, texts(slide)[:200]


def test_boxes_of_a_slide_do_not_lie_on_each_other() -> None:
    for slide in Presentation(io.BytesIO(whole("ru"))).slides:
        boxes = [(one.left, one.top, one.left + one.width, one.top + one.height) for one in slide.shapes]
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert min(across, down) <= 12700, texts(slide)[:100]


def test_no_placeholder_is_left_empty() -> None:
    for slide in Presentation(io.BytesIO(whole("ru"))).slides:
        for shape in slide.placeholders:
            assert shape.text_frame.text or shape.placeholder_format.idx == 1


def test_looks_are_in_theme_and_master() -> None:
    with zipfile.ZipFile(io.BytesIO(whole("ru"))) as found:
        assert '<a:latin typeface="Arial"/>' in found.read("ppt/theme/theme1.xml").decode()
        slides = [
            found.read(name).decode() for name in found.namelist() if name.startswith("ppt/slides/slide")
        ]
        assert len([name for name in found.namelist() if name.startswith("ppt/slideLayouts/slide")]) == 3
    for text in slides:
        assert "<a:latin" not in text
        assert "<a:srgbClr" not in text


# --- the same bytes -----------------------------------------------------------------------------------


def test_the_same_deck_is_the_same_file_also_in_another_second(monkeypatch: pytest.MonkeyPatch) -> None:
    slides = (Slide("А", (Charted(named("programme", "by_park")), TABLE), blank(50, 30), "x", "y"),)
    first = as_pptx(deck(*slides, sources=SOURCES))
    later = time.time() + 90_061
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    assert as_pptx(deck(*slides, sources=SOURCES)) == first


def test_another_day_is_another_file() -> None:
    assert as_pptx(deck(Slide("А"))) != as_pptx(deck(Slide("А"), made="2026-11-27"))
