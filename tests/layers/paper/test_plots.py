"""What is read out of the options of charts: kinds, colours, unknown amounts, names in full, parts."""

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.catalog import LANGUAGES, Language
from layers.chart import Chart, Mark, bars
from layers.paper.plots import (
    Axis,
    Bars,
    Cloud,
    Course,
    Dot,
    Dots,
    Flow,
    Series,
    Tree,
    Value,
    Web,
    extent,
    parted,
    plot_of,
)
from tests.layers.paper.board_charts import PAGES, charts_of, named


def held(bars: Bars, number: int = 0) -> tuple[Value | None, ...]:
    """The values of a series."""
    return tuple(bars.series[number].values)


def chart(option: dict[str, Any]) -> Chart:
    return Chart("x", "X", option, pd.DataFrame())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_of_the_boards_is_a_plot(page: str, language: Language) -> None:
    for one in charts_of(page, language):
        assert plot_of(one) is not None, one.id


def test_the_kinds() -> None:
    kinds = {
        ("programme", "flow"): Flow,
        ("programme", "gap"): Course,
        ("programme", "treemap"): Tree,
        ("programme", "timeline"): Bars,
        ("programme", "jobs_per_rouble"): Cloud,
        ("programme", "indicators"): Bars,
        ("reach", "belts"): Bars,
    }
    for (page, id_), kind in kinds.items():
        assert isinstance(plot_of(named(page, id_)), kind)


def test_bars_keep_colours_texts_and_what_is_unknown() -> None:
    marks = [
        Mark("А", 1.5, "1,5 км", colour="#112233", on=True),
        Mark("Б", None, ""),
        Mark("В", math.nan, ""),
    ]
    found = plot_of(bars("x", "X", marks, ("", "")))
    assert isinstance(found, Bars)
    assert found.plain
    assert not found.stacked
    assert found.categories == ("А", "Б", "В")
    first, *others = held(found)
    assert first == Value(1.5, "1,5 км", "#112233", 1)
    assert [value and value.amount for value in others] == [None, None]
    assert others[0] is not None
    assert others[0].opacity < 1


def test_nothing_is_not_unknown() -> None:
    series = [{"type": "bar", "name": "a", "stack": "s", "data": [None, {"value": None}, 3]}]
    option = {"yAxis": {"type": "category", "inverse": True, "data": ["1", "2", "3"]}, "series": series}
    found = plot_of(chart(option))
    assert isinstance(found, Bars)
    assert held(found) == (None, Value(None), Value(3.0))


def test_categories_run_from_the_top() -> None:
    series = [{"type": "bar", "data": [1, 2]}, {"type": "scatter", "data": [[5, 0]]}]
    option = {"yAxis": {"type": "category", "data": ["low", "high"]}, "series": series}
    found = plot_of(chart(option))
    assert isinstance(found, Bars)
    assert found.categories == ("high", "low")
    assert [value and value.amount for value in held(found)] == [2, 1]
    assert found.dots[0].dots[0].y == 1


def test_names_that_the_board_cuts_are_whole() -> None:
    for page, id_ in (("programme", "timeline"), ("funding", "ranking"), ("funding", "worth_knowing")):
        found = plot_of(named(page, id_))
        assert isinstance(found, Bars)
        assert not any("…" in name for name in found.categories)
        assert any(len(name) > 45 for name in found.categories)
    ranked = plot_of(named("funding", "ranking"))
    assert isinstance(ranked, Bars)
    assert any(name.startswith("✓ ") for name in ranked.categories)


def test_the_timeline_floats_over_years() -> None:
    found = plot_of(named("programme", "timeline"))
    assert isinstance(found, Bars)
    assert found.stacked
    assert found.axis.years
    assert found.series[0].hidden
    assert not any(one.hidden for one in found.series[1:])
    assert [dots.symbol for dots in found.dots] == ["diamond"]


def test_the_gap_has_its_need_and_what_was_stated() -> None:
    found = plot_of(named("programme", "gap"))
    assert isinstance(found, Course)
    assert found.stepped
    assert found.area
    assert [level.amount for level in found.levels] == [250.0]
    assert "250" in found.levels[0].text
    stated = found.dots[0].dots
    assert all(found.labels[round(dot.x)] in dot.words[0] for dot in stated)


def test_a_flow_and_a_tree_add_up() -> None:
    money = named("programme", "flow")
    flow = plot_of(money)
    assert isinstance(flow, Flow)
    assert sum(amount for *_, amount in flow.links) == pytest.approx(money.table.iloc[:, 2].sum())
    costs = named("programme", "treemap")
    tree = plot_of(costs)
    assert isinstance(tree, Tree)
    amounts = [leaf.amount for branch in tree.branches for leaf in branch.leaves]
    assert sum(amounts) == pytest.approx(costs.table.iloc[:, 2].sum())


def test_a_flow_of_more_columns_is_told_by_its_table() -> None:
    nodes = [{"name": name} for name in "abc"]
    links = [{"source": "a", "target": "b", "value": 1}, {"source": "b", "target": "c", "value": 1}]
    assert plot_of(chart({"series": [{"type": "sankey", "data": nodes, "links": links}]})) is None


def test_a_radar_of_two_axes_is_bars() -> None:
    def radar(count: int) -> Chart:
        axes = [{"name": f"Ось {n}", "max": 100} for n in range(count)]
        sites = [{"name": "А", "value": [50.0] * count, "itemStyle": {"color": "#0b5c7a"}}]
        return chart({"radar": {"indicator": axes}, "series": [{"type": "radar", "data": sites}]})

    assert isinstance(plot_of(radar(2)), Bars)
    web = plot_of(radar(3))
    assert isinstance(web, Web)
    assert web.series[0].colour == "#0b5c7a"


def test_nothing_to_draw_is_no_plot() -> None:
    assert plot_of(bars("x", "X", [], ("", ""))) is None
    assert plot_of(chart({"xAxis": {"data": []}, "series": [{"type": "line", "data": []}]})) is None
    assert plot_of(chart({"series": [{"type": "pie", "data": [1]}]})) is None
    assert plot_of(chart({"series": []})) is None


AMOUNTS = st.one_of(st.none(), st.floats(-1e6, 1e6))


@given(st.lists(AMOUNTS, min_size=1, max_size=40), st.integers(1, 45), st.booleans())
def test_parts_hold_all_on_one_scale(amounts: list[float | None], most: int, stacked: bool) -> None:
    names = tuple(map(str, range(len(amounts))))
    dots = (Dots("d", "#000000", tuple(Dot(1.0, float(at)) for at in range(len(amounts)))),)
    whole = Bars(names, (Series("s", "#112233", tuple(map(Value, amounts))),), Axis(), stacked, dots=dots)
    parts = parted(whole, most)
    assert tuple(name for part in parts for name in part.categories) == names
    assert tuple(value for part in parts for value in held(part)) == held(whole)
    assert all(len(part.categories) <= most for part in parts)
    assert {extent(part) for part in parts} == {extent(whole)}
    for part in parts:
        assert [dot.y for dot in part.dots[0].dots] == list(range(len(part.categories)))


def test_extent_takes_in_zero_and_what_is_set() -> None:
    made = Bars(("a", "b"), (Series("s", "#000000", (Value(-2.0), Value(7.0))),))
    assert extent(made) == (-2, 7)
    assert extent(replace(made, axis=Axis(low=-10, high=100))) == (-10, 100)
    assert extent(Bars(("a",), (Series("s", "#000000", (Value(0.0),)),))) == (0, 1)
