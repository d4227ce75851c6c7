"""Sheets: true to scale, complete, nothing cut, nothing on each other, the same bytes for the same input."""

import itertools
from typing import Any, get_args

import pytest
from reportlab.graphics.shapes import Circle, Rect, Shape

from geo.crs import WGS84, WORKING, transform
from layers.beside import apart
from layers.catalog import LANGUAGES, Language
from layers.paper.basemap import Unreachable
from layers.paper.graticule import Grid
from layers.paper.ground import Laid
from layers.paper.ink import MARK, MM, colour
from layers.paper.surround import bar_metres
from layers.query import Condition, Query
from layers.sheet import notes
from layers.sheet.files import TooManyPixels, as_pdf, as_png, as_svg
from layers.sheet.layout import Block, Layout, Paper, Turn
from layers.sheet.places import bounds_of
from layers.sheet.sheet import Sheet, draw, draw_pair
from layers.stamp import code
from layers.store import EmbeddedStore
from layers.text import Words
from layers.view import Placed, View
from tests.layers.paper.reading import texts
from tests.layers.sheet.drawn import collisions, nodes, written

FEW = ("districts", "rivers", "railways", "roads", "settlements", "substations")
LONG = "Схема размещения деревообрабатывающей промышленности и автомобильных дорог регионального значения"
FEWER = ("districts", "rivers", "settlements", "substations")
PLACE = (85.55, 56.75, 9.0)


@pytest.fixture
def few(store: EmbeddedStore) -> View:
    return View(layers=tuple(Placed(id=name) for name in FEW))


def rings(sheet: Sheet) -> list[tuple[float, float]]:
    """The middles of the rings of marked places on the sheet (mm)."""
    ink = colour(MARK)
    found = [held for held in nodes(sheet.pages[0]) if isinstance(held.node, Circle)]
    middles = [held.at_mm(held.node.cx, held.node.cy) for held in found if held.node.strokeColor == ink]
    return [middle for middle in middles if inside(sheet, middle)]


def inside(sheet: Sheet, at: tuple[float, float]) -> bool:
    shown = sheet.maps[0]
    left, bottom, right, top = (side / MM * shown.frame.enlarged for side in shown.frame.window)
    x, y = at[0] - shown.at_mm[0], at[1] - shown.at_mm[1]
    return left <= x <= right and bottom <= y <= top


@pytest.mark.parametrize("paper", get_args(Paper))
def test_two_towns_lie_as_far_apart_as_the_scale_says(store: EmbeddedStore, few: View, paper: Paper) -> None:
    layout = Layout(paper=paper, scale=600_000, inset=False)
    at = []
    for town in ("settlements/tomsk", "settlements/asino"):
        sheet = draw(store, few.model_copy(update={"at": PLACE, "selected": town}), layout)
        (middle,) = rings(sheet)
        at.append(middle)
        layer, _, id_ = town.partition("/")
        point = store.metric(layer)[id_]
        assert middle == pytest.approx(sheet.maps[0].on_sheet_mm(point.x, point.y), abs=0.05)
    points = [store.metric("settlements")[id_] for id_ in ("tomsk", "asino")]
    for side, name in enumerate(("x", "y")):
        metres = getattr(points[1], name) - getattr(points[0], name)
        assert at[1][side] - at[0][side] == pytest.approx(metres / 600, abs=0.2)


@pytest.mark.parametrize("paper", get_args(Paper))
@pytest.mark.parametrize("scale", [25_000, 300_000])
def test_the_scale_bar_measures_what_it_says(
    store: EmbeddedStore, few: View, paper: Paper, scale: float
) -> None:
    sheet = draw(store, few.model_copy(update={"at": PLACE}), Layout(paper=paper, scale=scale))
    frame = sheet.maps[0].frame
    part, parts = bar_metres(frame)
    step = part * frame.points_per_metre
    bars = [
        held
        for held in nodes(sheet.pages[0])
        if isinstance(held.node, Rect) and held.node.width == pytest.approx(step)
    ]
    assert len(bars) == parts
    start = min(held.at_mm(held.node.x, 0)[0] for held in bars)
    end = max(held.at_mm(held.node.x + held.node.width, 0)[0] for held in bars)
    assert (end - start) * scale / 1000 == pytest.approx(part * parts, rel=1e-6)
    said = [line.text.replace("\u00a0", " ") for line in written(sheet.pages[0])]
    assert f"1 : {Words('ru').number(scale, 0)}".replace("\u00a0", " ") in said


ALL = list(itertools.product(get_args(Paper), get_args(Turn), get_args(Grid), get_args(Block)))


@pytest.mark.parametrize(("paper", "turn", "grid", "block"), ALL, ids=map("-".join, ALL))
def test_every_kind_of_sheet_is_whole(
    store: EmbeddedStore, few: View, paper: Paper, turn: Turn, grid: Grid, block: Block
) -> None:
    layout = Layout(
        paper=paper, turn=turn, grid=grid, block=block, title=LONG, author="Константинопольский К. К.",
        organisation="Департамент архитектуры и строительства Томской области", code="ТА-2026-01-ГП.ОМ",
        tables=("substations",),
    )  # fmt: skip
    sheet = draw(store, View(layers=tuple(Placed(id=name) for name in FEWER)), layout)
    wide, high = layout.size_mm
    for page in sheet.pages:
        assert (page.width / MM, page.height / MM) == pytest.approx((wide, high))
        lines = written(page)
        assert lines
        for line in lines:
            assert min(line.box[:2]) >= 1, line
            assert line.box[2] <= wide - 2, line
            assert line.box[3] <= high - 2, line
        assert collisions(lines) == []
    joined = " ".join(line.text for line in written(sheet.pages[0])).replace("- ", "")
    for word in LONG.split():
        assert word in joined.replace("-", "") or word in joined
    assert inside(sheet, sheet.maps[0].on_sheet_mm(*_middle(store, few)))


def _middle(store: EmbeddedStore, view: View) -> tuple[float, float]:
    west, south, east, north = bounds_of(store, view)
    return (west + east) / 2, (south + north) / 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["explore", "reach"])
def test_every_layer_that_is_on_is_explained(store: EmbeddedStore, language: Language, page: Any) -> None:
    view = View.default(store.catalogue, language, page)
    for name in ("bridges", "airports", "stations"):
        view = view.switched(name, True, store.catalogue)
    sheet = draw(store, view, Layout(paper="A3"))
    said = " ".join(line.text for line in written(sheet.pages[0])).replace("- ", "").replace("\u00a0", " ")
    for part in view.layers:
        title = store.catalogue.layers[part.id].title[language]
        assert title.replace("\u00a0", " ").replace("-", "") in said.replace("-", ""), title


def test_it_shows_what_the_view_looks_at(store: EmbeddedStore, few: View) -> None:
    x, y = (float(part[0]) for part in transform([PLACE[0]], [PLACE[1]], WGS84, WORKING))
    west, south, east, north = bounds_of(store, few.model_copy(update={"at": PLACE}))
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((x, y))
    chosen = few.model_copy(update={"selected": "projects/asino-sawmill"})
    record = store.record("projects", "asino-sawmill")
    point = store.metric("projects")["asino-sawmill"]
    left, bottom, right, top = bounds_of(store, chosen)
    assert left < point.x - record["accuracy_m"] < point.x + record["accuracy_m"] < right
    assert bottom < point.y - record["accuracy_m"] < point.y + record["accuracy_m"] < top
    assert draw(store, chosen, Layout(paper="A4")).title == record["name_ru"]


def test_filters_and_year_are_told(store: EmbeddedStore) -> None:
    query = Query(conditions=(Condition(field="park", values=("medical",)),), year=2030)
    view = View.default(store.catalogue).model_copy(update={"query": query})
    said = " ".join(line.text for line in written(draw(store, view, Layout()).pages[0]))
    assert "2030" in said
    assert "Медицинский" in said
    assert "Показаны не все объекты" in said


def test_sources_are_beside_the_map_or_on_the_sheets_that_follow(store: EmbeddedStore, few: View) -> None:
    one = View(layers=(Placed(id="districts"),))
    beside = draw(store, one, Layout())
    assert len(beside.pages) == 1
    many = draw(store, View.default(store.catalogue), Layout())
    assert len(many.pages) > 1
    ids = notes.cited(store, [View.default(store.catalogue)], many.maps[0].frame)
    said = "".join(line.text for page in many.pages[1:] for line in written(page))
    assert all(f"{number}. " in said for number in range(1, len(ids) + 1))


@pytest.mark.parametrize("block", get_args(Block))
def test_the_same_input_gives_the_same_bytes(store: EmbeddedStore, few: View, block: Block) -> None:
    layout = Layout(block=block, grid="msk70")
    first, again = (draw(store, few, layout) for _ in range(2))
    for write in (as_pdf, as_svg, lambda sheet: as_png(sheet, 40)):
        assert write(first) == write(again)


def test_the_stamp_says_what_it_was_made_from(store: EmbeddedStore, few: View) -> None:
    layout = Layout(paper="A4", author="Иванов", scale=500_000)
    pdf = as_pdf(draw(store, few, layout))
    said = texts(pdf)[0].replace("\n", " ")
    assert store.digest in said
    assert code() in said
    assert "scale=500000" in said
    assert "author=" not in said
    assert b"/FontFile2" in pdf
    assert b"Helvetica" not in pdf


def test_a_file_for_each_use(store: EmbeddedStore, few: View) -> None:
    sheet = draw(store, few, Layout(paper="A1"))
    svg = as_svg(sheet).decode()
    assert svg.startswith("<svg")
    assert 'width="841.00mm"' in svg
    assert svg.count("@font-face") == 2
    assert "Томск" in svg
    assert as_png(sheet, 30).startswith(b"\x89PNG")
    with pytest.raises(TooManyPixels):
        as_png(sheet, 600)


def test_two_maps_have_one_place_one_scale_and_one_legend(store: EmbeddedStore) -> None:
    view = View.default(store.catalogue, page="reach")
    (left, one), (right, other) = apart(store, view)
    assert [left.is_on("reach_before"), left.is_on("reach_after")] == [True, False]
    assert [right.is_on("reach_before"), right.is_on("reach_after")] == [False, True]
    sheet = draw_pair(store, left, right, Layout(), names=(one, other))
    first, second = sheet.maps
    assert first.frame == second.frame
    assert first.at_mm[1] == second.at_mm[1]
    assert second.at_mm[0] - first.at_mm[0] > first.frame.size_mm[0]
    said = [line.text.replace("\u00a0", " ") for line in written(sheet.pages[0])]
    assert said.count("Реки") == 1
    assert [line for line in said if "зохроны" in line] == ["Изохроны до, изохроны после"]
    assert said.count("Минут, не более 15") == 1
    assert sum(line in (one, other) for line in said) == 2
    assert collisions(written(sheet.pages[0])) == []
    upright = draw_pair(store, left, right, Layout(turn="portrait"), names=(one, other))
    assert upright.maps[0].at_mm[0] == upright.maps[1].at_mm[0]


def test_without_the_online_base_the_sheet_is_made_and_says_so(store: EmbeddedStore, few: View) -> None:
    def fetch(address: str) -> bytes:
        raise Unreachable(address)

    sheet = draw(store, few, Layout(base="osm"), fetch=fetch)
    assert len(sheet.notices) == 1
    assert "недоступна" in sheet.notices[0]
    assert not [held for held in nodes(sheet.pages[0]) if isinstance(held.node, Laid)]
    said = " ".join(line.text for line in written(sheet.pages[0]))
    assert "участники OpenStreetMap (ODbL)" not in said
    assert sheet.notices[0] in said.replace("\u00a0", " ").replace("- ", "")


def test_two_views_that_are_compared_stand_on_one_sheet(store: EmbeddedStore) -> None:
    view = View.parse({"with": "year=2010", "split": "side", "on": "rivers,projects"}, store.catalogue)[0]
    (left, one), (right, other) = apart(store, view)
    assert (left.query.year, right.query.year) == (2010, None)
    sheet = draw_pair(store, left, right, Layout(), names=(one, other))
    first, second = sheet.maps
    assert first.frame == second.frame
    said = [line.text.replace("\u00a0", " ") for line in written(sheet.pages[0])]
    assert {one, other} <= set(said)
    assert "2010" in one


def test_shapes_are_not_checked_again_when_a_sheet_is_drawn() -> None:
    """That takes half the time of a sheet, and stays out only if it was switched off before all shapes."""
    assert Shape.__setattr__ is object.__setattr__


def test_what_is_not_known_is_said_so_in_a_table(store: EmbeddedStore) -> None:
    tables = ("railways", "park_medical", "park_research")
    view = View(layers=tuple(Placed(id=name) for name in tables))
    sheet = draw(store, view, Layout(paper="A3", tables=tables))
    said = " ".join(line.text for page in sheet.pages for line in written(page))
    assert Words("ru")("no_data") in said
    assert "<NA>" not in said


def test_each_map_of_a_pair_tells_its_own_year(store: EmbeddedStore) -> None:
    then, now = (View.parse({"year": year} if year else {}, store.catalogue)[0] for year in ("2015", ""))
    words = Words("ru")
    assert [one.text for one in notes.kept(store, (then, now), ("2015 год", "Сейчас"), words)] == [
        f"2015 год: {words('sheet.year', year=2015)}"
    ]
    assert [one.text for one in notes.kept(store, (then, then), ("", ""), words)] == [
        words("sheet.year", year=2015)
    ]


SMALL = {"cell": "500", "area": "84.9,56.4,85.1,56.5"}


@pytest.mark.parametrize(
    ("params", "title"),
    [
        ({"year": "2016"}, "Томская агломерация · 2016 год"),
        ({"page": "reach"}, "Томская агломерация: транспортная доступность"),
        ({"page": "site", **SMALL}, "Томская агломерация: пригодность территории · Промышленный парк"),
    ],
)
def test_a_sheet_is_called_by_what_it_shows(store: EmbeddedStore, params: dict[str, str], title: str) -> None:
    view, problems = View.parse({"on": "rivers", **params}, store.catalogue)
    assert problems == []
    assert draw(store, view, Layout(paper="A3")).title == title


def test_addresses_are_readable_and_lines_end_once() -> None:
    assert notes.readable("https://ru.wikipedia.org/wiki/%D0%A2%D0%BE%D0%BC%D1%81%D0%BA") == (
        "https://ru.wikipedia.org/wiki/Томск"
    )
    assert notes.readable("https://example.org/a%20b") == "https://example.org/a%20b"
    assert (notes.ended("27 апреля 2016 г."), notes.ended("Томск")) == ("27 апреля 2016 г.", "Томск.")
