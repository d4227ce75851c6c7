"""The board of every page as plain data, and the workbooks: what is downloaded is what is seen."""

import csv
import io
import json
import re
import zipfile
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ShapeError
from layers.catalog import DATA, LANGUAGES, Language
from layers.chart import Chart
from layers.day import today
from layers.programme import boards
from layers.programme.boards import UnknownChart, book, chart, chart_item, items, measures, project_of
from layers.stamp import code, stamp
from layers.store import EmbeddedStore, UnknownFeature, embedded
from layers.text import Words
from layers.view import View
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH, EN, RU, choices, shapes

PAGES = ("programme", "project", "funding", "roadmap")
KINDS = {"tile", "facts", "lane", "chart", "later"}
FEW = {"f.park": "medical.sport", "fund": "jobs:60,leverage:40;8000;total;effect;low"}
"""A choice of so few projects that its firmness is soon known."""
NOTHING = ";150000;total;effect;low"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def view(page: str, language: Language = "ru", **params: str) -> View:
    entries = {"page": page, "lang": language, **{k.replace("__", "."): v for k, v in params.items()}}
    if page == "project":
        entries.setdefault("pick", "projects/asino-timber-complex")
    found, problems = View.parse(entries, embedded().catalogue)
    assert not problems
    return found


def assert_board(found: list[dict[str, Any]]) -> None:
    json.dumps(found, allow_nan=False)
    assert {item["kind"] for item in found} <= KINDS
    assert len({item["id"] for item in found}) == len(found)
    for act in naive.acts_in(found):
        assert naive.is_known(act, embedded()), act
    for item in found:
        assert item["title"]
        if item["kind"] == "chart":
            width = len(item["table"]["columns"])
            assert all(len(row["cells"]) == width for row in item["table"]["rows"])


# --- the items --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_the_board_of_a_page_is_plain_data(store: EmbeddedStore, page: str, language: Language) -> None:
    found = items(store, view(page, language))
    assert_board(found)
    kinds = [item["kind"] for item in found]
    assert kinds[0] == "tile"
    assert ("chart" in kinds) or page == "project"
    assert kinds == sorted(kinds, key=kinds.index), "items of a kind stand together"


@given(choices(), shapes(), st.sampled_from(("programme", "funding", "roadmap")))
@settings(max_examples=12)
def test_the_board_of_any_choice_is_plain_data(query: Any, shape: Any, page: str) -> None:
    for language in LANGUAGES:
        seen = view(page, language).model_copy(update={"query": query, "shape": shape})
        assert_board(items(embedded(), seen))


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_items(store: EmbeddedStore, page: str) -> None:
    russian, english = (items(store, view(page, language)) for language in LANGUAGES)
    for here, there in zip(russian, english, strict=True):
        assert (here["kind"], here["id"]) == (there["kind"], there["id"])
        assert naive.acts_in(here) == naive.acts_in(there)


def test_the_boards_hold_what_their_pages_promise(store: EmbeddedStore) -> None:
    ids = {page: [item["id"] for item in items(store, view(page))] for page in PAGES}
    assert ids["programme"][:3] == ["tile_projects", "tile_cost", "tile_spent"]
    assert {"flow", "gap", "treemap", "timeline", "by_park", "jobs_per_rouble", "indicators"} <= set(
        ids["programme"]
    )
    assert {"tile_cost_mln_rub", "tile_slip", "money", "facts_facts", "facts_parts", "facts_sources"} <= set(
        ids["project"]
    )
    assert {"tile_set", "tile_line", "ranking", "worth_knowing", boards.FIRMNESS} <= set(ids["funding"])
    assert {"tile_gaps", "by_performer"} <= set(ids["roadmap"])
    assert any(id_.startswith("lane_") for id_ in ids["roadmap"])


@pytest.mark.parametrize("page", ["programme", "funding", "roadmap"])
def test_a_shape_that_crosses_itself_is_refused(store: EmbeddedStore, page: str) -> None:
    with pytest.raises(ShapeError):
        items(store, view(page, shape=naive.CROSSED))


def test_no_weight_leaves_the_board_of_funding_empty(store: EmbeddedStore) -> None:
    assert items(store, view("funding", fund=NOTHING)) == []


def test_a_project_that_is_not_there_is_told(store: EmbeddedStore) -> None:
    with pytest.raises(UnknownFeature):
        items(store, view("project").model_copy(update={"selected": None}))


@pytest.mark.parametrize(
    ("selected", "project"),
    [(None, None), ("projects/asino-chp", "asino-chp"), ("bridges/shegarsky-bridge", None)],
)
def test_the_project_of_a_view(selected: str | None, project: str | None) -> None:
    assert project_of(view("programme").model_copy(update={"selected": selected})) == project


# --- addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_the_address_of_a_workbook_gives_the_chart_that_is_seen(store: EmbeddedStore, page: str) -> None:
    seen = view(page, "en", f__park="medical.industrial", year="2018", on="rivers", show="table")
    for item in items(store, seen):
        if item["kind"] != "chart":
            continue
        address = urlsplit(item["book"])
        assert address.path == f"/figures/{item['id']}.xlsx"
        asked, problems = View.parse(dict(parse_qsl(address.query)), store.catalogue)
        assert not problems
        assert not set(dict(parse_qsl(address.query))) & {"on", "show", "at", "map", "own"}
        again = chart(store, asked, item["id"])
        assert again.table.equals(chart(store, seen, item["id"]).table)


def test_what_takes_long_is_fetched_later(store: EmbeddedStore) -> None:
    seen = view("funding", "en", **{k.replace(".", "__"): v for k, v in FEW.items()})
    later = items(store, seen)[-1]
    assert (later["kind"], later["id"]) == ("later", boards.FIRMNESS)
    address = urlsplit(later["address"])
    assert address.path == f"/figures/{boards.FIRMNESS}.json"
    asked, _ = View.parse(dict(parse_qsl(address.query)), store.catalogue)
    assert (asked.page, asked.language, asked.query, asked.priorities) == (
        "funding",
        "en",
        seen.query,
        seen.priorities,
    )
    item = chart_item(store, asked, boards.FIRMNESS)
    assert_board([item])
    assert item["table"]["rows"]


# --- workbooks --------------------------------------------------------------------------------------


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The cells of each sheet of a workbook by row, None where a cell is empty."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        part = {
            name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if ".xml" in name
        }
    shared = ["".join(t.text or "" for t in si.iter(f"{MAIN}t")) for si in part["xl/sharedStrings.xml"]]
    names = [sheet.attrib["name"] for sheet in part["xl/workbook.xml"].iter(f"{MAIN}sheet")]
    found = {}
    for number, name in enumerate(names, start=1):
        rows = []
        for row in part[f"xl/worksheets/sheet{number}.xml"].iter(f"{MAIN}row"):
            cells: dict[int, Any] = {}
            for cell in row:
                value = cell.find(f"{MAIN}v")
                assert cell.find(f"{MAIN}f") is None, "nothing is a formula"
                if value is not None and value.text is not None:
                    text = value.text
                    cells[column(cell.attrib["r"])] = (
                        shared[int(text)] if cell.get("t") == "s" else float(text)
                    )
            rows.append([cells.get(n) for n in range(max(cells, default=-1) + 1)])
        found[name] = rows
    return found


def column(address: str) -> int:
    """`C7` is column 2."""
    number = 0
    for letter in re.sub(r"\d", "", address):
        number = number * 26 + ord(letter) - 64
    return number - 1


def assert_cells(rows: list[list[Any]], table: pd.DataFrame) -> None:
    """The rows of a sheet are the head and the cells of a table."""
    assert rows[0] == [str(title) for title in table.columns]
    assert len(rows) == len(table) + 1
    for row, cells in zip(rows[1:], table.itertuples(index=False), strict=True):
        told = row + [None] * (len(cells) - len(row))
        for here, there in zip(told, cells, strict=True):
            if there is None or (not isinstance(there, str) and pd.isna(there)) or there == "":
                assert here is None
            elif isinstance(there, str):
                assert here == there
            else:
                assert here == pytest.approx(float(there))


def titles(language: Language) -> dict[str, str]:
    """The titles of the sources as their register has them."""
    with (DATA / "sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row[f"title_{language}"] for row in csv.DictReader(file)}


def of_book(made: Chart, language: Language) -> pd.DataFrame:
    """The table of a chart as its workbook has it: rounded, with the sources of rows that are records."""
    table = made.table.round(4)
    picked = [str(act or "").partition("pick=projects/")[2] for act in made.acts]
    if not any(picked):
        assert not any("pick=" in str(act) for act in made.acts)
        return table
    named, projects = titles(language), naive.projects()
    cells = [
        "; ".join(named[source] for source in naive.parts(projects[id_]["source_id"])) if id_ else ""
        for id_ in picked
    ]
    return table.assign(**{Words(language)("board.sources"): cells})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_workbook_holds_the_table_of_its_chart(store: EmbeddedStore, page: str, language: Language) -> None:
    seen = view(page, language)
    charts = [item["id"] for item in items(store, seen) if item["kind"] == "chart"]
    assert charts
    for id_ in charts:
        (name, rows), (_, told) = sheets(book(store, seen, id_)).items()
        assert_cells(rows, of_book(chart(store, seen, id_), language))
        assert len(name) <= 31
        words = Words(language)
        assert told[1:] == [
            [words("board.made"), words.date(today())],
            [words("board.data"), store.digest],
            [words("board.code"), code()],
            [words("board.view"), seen.text(store.catalogue)],
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_of_the_measures(store: EmbeddedStore, language: Language) -> None:
    seen = view("roadmap", language, f__direction="science_education")
    table = measures(store, seen)
    assert 0 < len(table) < len(naive.rows("measures"))
    rows = next(iter(sheets(book(store, seen, "measures")).values()))
    assert_cells(rows, table)


def test_the_workbook_of_firmness(store: EmbeddedStore) -> None:
    seen = view("funding", **{k.replace(".", "__"): v for k, v in FEW.items()})
    rows = next(iter(sheets(book(store, seen, boards.FIRMNESS)).values()))
    made = chart(store, seen, boards.FIRMNESS)
    assert_cells(rows, of_book(made, "ru"))
    assert rows[0] == [*made.table.columns, RU("board.sources")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_that_are_records_name_their_sources(store: EmbeddedStore, language: Language) -> None:
    """And other rows have no such column: a park or a payer has many sources."""
    words = Words(language)
    for page in PAGES:
        seen = view(page, language)
        for item in items(store, seen):
            if item["kind"] != "chart":
                continue
            rows = next(iter(sheets(book(store, seen, item["id"])).values()))
            acts = [str(row["act"]) for row in item["table"]["rows"]]
            picks = [act.startswith("pick=") for act in acts]
            assert (words("board.sources") in rows[0]) == any(picks), item["id"]
            assert words("board.sources") not in item["table"]["columns"], "the board has cards for that"
            for row, picked in zip(rows[1:], picks, strict=True):
                if any(picks):
                    assert (len(row) == len(rows[0]) and bool(row[-1])) == picked, item["id"]


def test_figures_of_a_workbook_have_four_decimals(store: EmbeddedStore) -> None:
    for page in PAGES:
        seen = view(page)
        for item in items(store, seen):
            if item["kind"] == "chart":
                rows = next(iter(sheets(book(store, seen, item["id"])).values()))
                figures = [cell for row in rows[1:] for cell in row if isinstance(cell, float)]
                assert [round(figure, 4) for figure in figures] == figures, item["id"]


def test_a_workbook_of_nothing_has_its_head(store: EmbeddedStore) -> None:
    seen = view("programme", f__cost_mln_rub="9999999~")
    rows = next(iter(sheets(book(store, seen, "treemap")).values()))
    assert rows == [[str(title) for title in chart(store, seen, "treemap").table.columns]]


@pytest.mark.parametrize(
    ("page", "id_"),
    [
        ("programme", "unheard"),
        ("programme", "ranking"),
        ("programme", "measures"),
        ("programme", boards.FIRMNESS),
        ("project", "flow"),
        ("funding", "flow"),
        ("roadmap", "unheard"),
        ("explore", "flow"),
        ("sources", "measures"),
    ],
)
def test_a_chart_that_the_page_does_not_have_is_told(store: EmbeddedStore, page: str, id_: str) -> None:
    for ask in (book, chart, chart_item):
        with pytest.raises(UnknownChart):
            ask(store, view(page), id_)


def test_nothing_to_judge_has_no_charts(store: EmbeddedStore) -> None:
    for id_ in ("ranking", "worth_knowing", boards.FIRMNESS):
        with pytest.raises(UnknownChart):
            book(store, view("funding", fund=NOTHING), id_)


def test_the_stamp_tells_data_and_day(store: EmbeddedStore) -> None:
    for words in BOTH:
        told = stamp(store, words)
        assert store.digest in told
        assert code() in told
        assert words.date(today()) in told
    assert stamp(store, RU) != stamp(store, EN)
