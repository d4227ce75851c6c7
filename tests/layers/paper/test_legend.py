"""The legend: a row for each style in use, and none that is not."""

import pytest
from reportlab.graphics.shapes import String

from layers.catalog import LANGUAGES, Language
from layers.feature import class_value
from layers.paper.frame import MapFrame
from layers.paper.ink import MM
from layers.paper.legend import Row, draw_legend, legend_rows
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


def test_an_empty_legend_is_no_fault() -> None:
    assert draw_legend((), 50).contents == []
