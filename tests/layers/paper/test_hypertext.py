"""Documents as a page: whole in itself, everything escaped, in the order of the blocks."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from layers.catalog import Language
from layers.chart import bars
from layers.paper.document import (
    Charted,
    Cite,
    Column,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
    Link,
    Notice,
    Paragraph,
    SourceLine,
    Sources,
    Strong,
    Table,
    Tiles,
)
from layers.paper.hypertext import as_html
from tests.layers.paper.board_charts import named

VOID = {"meta", "col"}


class Reader(HTMLParser):
    """Collects tags and text, and checks that what is opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data


def test_it_is_whole_in_itself(passport: Callable[[Language], Document]) -> None:
    page = as_html(passport("ru"))
    tags = Reader(page).tags
    assert ("html", {"lang": "ru"}) in tags
    assert not {"script", "link", "iframe", "img", "object"} & {tag for tag, _ in tags}
    assert all("src" not in attrs for _, attrs in tags)
    assert not re.search(r"url\((?!data:|#)", page)
    assert "@import" not in page
    assert {attrs["content"][:18] for tag, attrs in tags if attrs.get("http-equiv")} == {"default-src 'none'"}
    assert page.count("@font-face") == 2
    assert "@page" in page


def test_the_same_document_is_the_same_page(passport: Callable[[Language], Document]) -> None:
    assert as_html(passport("en")) == as_html(passport("en"))


def test_names_within_the_pictures_stay_apart(passport: Callable[[Language], Document]) -> None:
    tags = Reader(as_html(passport("ru"))).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert sum(tag == "svg" for tag, _ in tags) == 2


def test_blocks_keep_their_order_and_citations_lead_to_sources(
    passport: Callable[[Language], Document],
) -> None:
    reader = Reader(as_html(passport("ru")))
    text = reader.text.replace("\u00ad", "").replace("\u00a0", " ")
    marks = [
        "Паспорт площадки",
        "35 га",
        "Рисунок 1",
        "Рядом",
        "Зона 59",
        "Сказать нельзя",
        "Источники",
        "Данные 0",
    ]
    places = [text.rindex(mark) for mark in marks]
    assert places[2:] == sorted(places[2:])
    hrefs = {attrs["href"] for tag, attrs in reader.tags if tag == "a"}
    ids = {f"#{attrs['id']}" for _, attrs in reader.tags if "id" in attrs}
    assert {href for href in hrefs if href.startswith("#")} == {"#source-1", "#source-2"}
    assert {"#source-1", "#source-2"} <= ids
    assert "https://example.org/?a=1&b=2" in hrefs


hostile = st.text(alphabet="<>&\"'/a=-!] ", min_size=1, max_size=20) | st.just(
    "</style><script>alert(1)</script>"
)


@given(hostile, hostile)
def test_everything_is_escaped(text: str, other: str) -> None:
    inline = (
        text,
        Strong(other),
        Link(text, "https://example.org/" + other),
        Link(other, "javascript:1"),
        Cite((1,)),
    )
    blocks = (
        Heading(text),
        Paragraph(inline),
        Notice(inline),
        Facts((Fact(text, inline, other, (1,)),)),
        Tiles((Fact(text, inline, other),)),
        Table((Column(text),), ((inline,),), other),
        Sources((SourceLine(text, other, "https://example.org/" + text),), other),
    )
    tags = Reader(as_html(Document(text, other, "en", blocks, other))).tags
    allowed = "html head meta title style body main header footer h1 h2 p strong a sup dl div dt dd small"
    allowed += " table caption colgroup col thead tbody tr th td ol li span"
    assert {tag for tag, _ in tags} <= set(allowed.split())
    for tag, attrs in tags:
        assert not any(name.startswith("on") for name in attrs)
        assert tag != "a" or str(attrs["href"]).startswith(("https://example.org/", "#source-"))


def test_a_chart_is_drawn_as_wide_as_its_column_and_told_to_who_does_not_see_it() -> None:
    chart = named("programme", "by_park")
    page = Reader(as_html(Document("А", "", "ru", (Columns(((Charted(chart),), (Charted(chart),))),))))
    drawn = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert [one["aria-label"] for one in drawn] == [chart.title] * 2
    assert all(float((one["width"] or "").removesuffix("mm")) < 90 for one in drawn)
    for name in chart.table.iloc[:, 0]:
        assert name in page.text.replace("\u00ad", "")


def test_a_chart_that_cannot_be_drawn_is_its_table() -> None:
    chart = replace(named("programme", "by_park"), option={"series": []})
    page = Reader(as_html(Document("А", "", "ru", (Charted(chart, "Подпись"),))))
    assert [tag for tag, _ in page.tags].count("tr") == len(chart.table) + 1
    assert "Подпись" in page.text
    empty = replace(bars("x", "Х", [], ("", "")), empty="Участков нет")
    assert "Участков нет" in Reader(as_html(Document("А", "", "ru", (Charted(empty),)))).text
