"""The legend: a row for each style in use, and none that is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import String

from layers.catalog import LANGUAGES, Language
from layers.feature import class_value
from layers.paper.frame import MapFrame
from layers.paper.ink import MM
from layers.paper.legend import Row, draw_legend, legend_rows, together
from layers.paper.maps import shown
from layers.query import Query
from layers.store import EmbeddedStore
from layers.view import Placed, View
from tests.layers.paper.test_maps import nodes


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_the_styles_of_what_is_shown(
    store: EmbeddedStore, frame: MapFrame, language: Language
) -> None:
    for layer in store.catalogue.layers.values():
        if layer.computed:
            continue
        rows = [
            row
            for row in legend_rows(store, (Placed(id=layer.id),), Query(), language, frame)
            if row.kind not in ("state", "heading")
        ]
        records, _ = shown(store, layer.id, Query(), frame.bounds)
        style = layer.style
        if not len(records) or frame.zoom < style.min_zoom:
            assert rows == []
        elif style.field and style.classes:
            present = {style.class_of(class_value(value)) for value in records[style.field]}
            assert {row.symbol for row in rows} == {style.symbol_of(key) for key in present}
            assert len(rows) == len(present)
        else:
            assert [(row.title, row.symbol) for row in rows] == [(layer.title[language], style.symbol)]


def test_states_are_told_once_where_there_are_several(store: EmbeddedStore, frame: MapFrame) -> None:
    rows = legend_rows(store, View.default(store.catalogue).layers, Query(), "ru", frame)
    states = [row for row in rows if row.kind == "state"]
    assert len(states) > 1
    assert len({(row.state, row.points, row.lines) for row in states}) == len(states)
    assert legend_rows(store, (Placed(id="rivers"),), Query(), "ru", frame)[-1].kind == "line"


def test_sites_are_explained_when_asked_for(store: EmbeddedStore, frame: MapFrame) -> None:
    kinds = [row.kind for row in legend_rows(store, (), Query(), "en", frame, sites=True)]
    assert kinds == ["site", "halo"]
    assert legend_rows(store, (), Query(), "en", frame) == ()


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_every_row_is_drawn_within_its_width(store: EmbeddedStore, frame: MapFrame, columns: int) -> None:
    rows = legend_rows(store, View.default(store.catalogue).layers, Query(), "ru", frame, sites=True)
    legend = draw_legend(rows, 150, columns=columns, title="Обозначения")
    strings = [node for node in nodes(legend) if isinstance(node, String)]
    assert " ".join(s.text for s in strings) == " ".join(["Обозначения", *(row.title for row in rows)])
    assert all(s.getEast() <= 150 * MM + 0.1 for s in strings)
    assert all(0 <= s.y <= legend.height for s in strings)
    assert len({round(s.x) for s in strings if s.x > 60}) >= columns - 1


def test_more_columns_make_a_lower_legend(store: EmbeddedStore, frame: MapFrame) -> None:
    rows = legend_rows(store, View.default(store.catalogue).layers, Query(), "ru", frame)
    one, two = (draw_legend(rows, 120, columns=n).height for n in (1, 2))
    assert two < 0.65 * one


def test_no_heading_ends_a_column() -> None:
    rows = [Row("point", "а"), Row("point", "б"), Row("heading", "в"), Row("point", "г"), Row("point", "д")]
    strings = [n for n in nodes(draw_legend(rows, 100, columns=2)) if isinstance(n, String)]
    heading, below = (next(s for s in strings if s.text == text) for text in "вг")
    assert heading.y > below.y


def columns_of(rows: list[Row], count: int) -> list[list[str]]:
    """What a legend says, column by column, from above."""
    strings = [n for n in nodes(draw_legend(rows, 60 * count, columns=count)) if isinstance(n, String)]
    pitch = (60 * count + 4) / count * MM
    found: list[list[str]] = [[] for _ in range(count)]
    for string in sorted(strings, key=lambda s: -s.y):
        found[int((string.x + 1) // pitch)].append(string.text)
    return found


def group(name: str, count: int) -> list[Row]:
    return [Row("heading", name), *(Row("point", f"{name}{n}") for n in range(count))]


def test_a_group_stays_whole_where_it_fits() -> None:
    rows = [*group("а", 4), *group("б", 5), *group("в", 3), *group("г", 6)]
    for count in (2, 3, 4):
        said = columns_of(rows, count)
        assert all(column[0] in "абвг" for column in said if column)
        assert sum(len(column) for column in said) == len(rows)


def test_a_group_that_fits_into_no_column_goes_on_below_its_heading() -> None:
    first, second = columns_of(group("а", 21), 2)
    assert first[0] == second[0] == "а"
    assert len(first) + len(second) == 23
    assert abs(len(first) - len(second)) <= 1


@given(st.lists(st.integers(1, 12), min_size=1, max_size=8), st.integers(1, 5))
def test_no_row_is_parted_from_its_heading(counts: list[int], columns: int) -> None:
    rows = [row for n, count in enumerate(counts) for row in group("абвгдежз"[n], count)]
    said = columns_of(rows, columns)
    assert {text for column in said for text in column} == {row.title for row in rows}
    for column in said:
        under = ""
        for text in column:
            assert len(text) == 1 or text[0] == under
            under = text[0]
        for name in {text[0] for text in column}:
            of = sum(text[0] == name for text in column) - 1
            assert of >= min(2, counts["абвгдежз".index(name)])


def test_rows_of_no_group_stand_wherever_there_is_room() -> None:
    rows = [*group("а", 2), *(Row("line", f"р{n}", alone=True) for n in range(5))]
    first, second = columns_of(rows, 2)
    assert first == ["а", "а0", "а1", "р0"]
    assert second == ["р1", "р2", "р3", "р4"]


def classed(name: str, *titles: str) -> list[Row]:
    return [Row("heading", name), *(Row("area", title) for title in titles)]


def test_layers_with_the_same_rows_are_listed_once() -> None:
    river = Row("line", "Реки", alone=True)
    state = [Row("heading", "Состояние"), Row("state", "Идея", state="idea")]
    left = [*classed("Изохроны до", "15", "30"), river, *state]
    right = [*classed("Изохроны после", "15", "30", "45"), *classed("ЛЭП", "35", "110"), river, *state]
    assert together([left, right]) == (
        *classed("Изохроны до, изохроны после", "15", "30", "45"),
        river,
        *classed("ЛЭП", "35", "110"),
        *state,
    )
    other = [Row("heading", "Шум"), *(Row("line", title) for title in ("15", "30"))]
    assert together([left, other]) == (*left[:4], *other, *state)
    assert together([left]) == tuple(left)


def test_an_empty_legend_is_no_fault() -> None:
    assert draw_legend((), 50).contents == []
