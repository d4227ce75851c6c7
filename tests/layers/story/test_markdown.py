"""Markdown into blocks: what is known gets through, nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.paper.document import (
    Charted,
    Citations,
    Cite,
    Heading,
    Items,
    Link,
    Live,
    Notice,
    Paragraph,
    Strong,
    Table,
    Tiles,
    plain,
)
from layers.paper.hypertext import _inline
from layers.store import EmbeddedStore
from layers.story.live import Teller
from layers.story.markdown import MOST_CITED, Told, told
from layers.story.plain import blocks
from layers.story.told import ToldStory
from layers.text import Words
from layers.view import View


@pytest.fixture
def read(store: EmbeddedStore):
    teller = Teller(store, View.default(store.catalogue))
    return lambda text: told(text, teller, Citations())


def test_every_kind_of_block_is_understood(told: ToldStory) -> None:
    kinds = [type(block) for block in told.chapters[0].blocks]
    assert kinds == [Paragraph, Charted, Tiles, Table, Tiles, Heading, Items, Notice, Table]
    assert told.faults == ()


def test_strong_and_emphasis_are_strong_and_links_lead(read) -> None:
    (paragraph,) = read("a **b** *c* [d](https://e.org/) <http://f.org/>").blocks
    parts = [part for part in paragraph.text if not isinstance(part, str)]
    assert parts == [
        Strong("b"), Strong("c"), Link("d", "https://e.org/"), Link("http://f.org/", "http://f.org/")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"]
)
def test_a_link_to_anything_else_leads_nowhere(read, address: str) -> None:
    (paragraph,) = read(f"[a]({address})").blocks
    assert not any(isinstance(part, Link) and part.leads for part in paragraph.text)


def test_markup_is_text(read) -> None:
    (paragraph,) = read("a <b onclick=x>c</b> <script>alert(1)</script>").blocks
    assert plain(paragraph.text) == "a <b onclick=x>c</b> <script>alert(1)</script>"
    (block,) = read("<div><img src=x onerror=alert(1)></div>").blocks
    assert "<img" in plain(block.text)
    assert "<img" not in _inline(block.text)


def test_a_picture_from_elsewhere_is_left_out_and_told(read) -> None:
    found = read("![a](https://example.org/p.png)")
    assert found.blocks == []
    assert [fault.code for fault in found.faults] == ["picture"]


def test_a_live_figure_is_marked_and_cites_its_sources(read, store: EmbeddedStore) -> None:
    found: Told = read("Стоит {projects/asino-timber-complex.cost_mln_rub}.")
    live = [part for part in found.blocks[0].text if isinstance(part, Live)]
    cites = [part for part in found.blocks[0].text if isinstance(part, Cite)]
    assert [part.text for part in live] == ["100\u00a0млрд\u00a0₽"]
    assert len(cites[0].numbers) == len(found.sources) <= MOST_CITED


def test_a_sum_over_many_records_tells_how_many_sources_it_has(read) -> None:
    found = read("Стоит {programme.cost}.")
    assert found.sources == []
    (live,) = [part for part in found.blocks[0].text if isinstance(part, Live)]
    assert "источник" in live.of


def test_a_mark_that_names_nothing_stays_as_it_is_written(read) -> None:
    found = read("Стоит {programme.nothing} рублей, {}")
    assert plain(found.blocks[0].text) == "Стоит {programme.nothing} рублей, {}"
    assert [fault.code for fault in found.faults] == ["tile", "page"]


def test_signs_within_a_mark_are_no_markdown(read) -> None:
    (paragraph,) = read("{count/projects?f.park=medical|*a*|_b_|**c**}").blocks
    assert any(isinstance(part, Live) and part.text.endswith("**c**") for part in paragraph.text)


def test_a_table_keeps_its_sides(read) -> None:
    (table,) = read("| a | b |\n|---|--:|\n| 1 | 2 |").blocks
    assert [column.align for column in table.columns] == ["left", "right"]
    assert [[plain(cell) for cell in row] for row in table.rows] == [["1", "2"]]


@given(st.text(max_size=300))
def test_whatever_is_written_becomes_blocks_that_can_be_shown(store: EmbeddedStore, text: str) -> None:
    teller = Teller(store, View.default(store.catalogue))
    found = told(text, teller, Citations())
    shown = blocks(tuple(found.blocks), Words("ru"))
    assert len(shown) == len(found.blocks)


@given(
    st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                "programme.cost",
                "|",
                "![",
                "](",
                "tiles:",
                ")",
                "\n\n",
                "> ",
                "- ",
                "|-",
                "**",
                "`",
                "#",
            ]
        ),
        max_size=30,
    )
)
def test_so_does_whatever_looks_like_ours(store: EmbeddedStore, parts: list[str]) -> None:
    teller = Teller(store, View.default(store.catalogue))
    found = told("".join(parts), teller, Citations())
    blocks(tuple(found.blocks), Words("ru"))
