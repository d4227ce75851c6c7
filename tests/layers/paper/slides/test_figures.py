"""Figures of charts: one format for all where their texts allow it, no statement lost, whole powers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.chart import Mark, bars
from layers.paper.plots import Axis, Bars, Dot, Dots, plot_of
from layers.paper.slides.figures import at_labels, number_format, whole_powers


@pytest.mark.parametrize(
    ("amounts", "told", "found"),
    [
        ((16.4, 3.0), ("+16,4 мин", "+3 мин"), '+#,##0.0" мин";−#,##0.0" мин";#,##0.0" мин"'),
        ((30.0, 8.0), ("30", "8"), "#,##0;−#,##0;#,##0"),
        ((1500.0, 2.0), ("1,5 млрд ₽", "2 млн ₽"), None),
        ((81.7,), ("81,7 % (70–94)",), '#,##0.0" % (70–94)";−#,##0.0" % (70–94)";#,##0.0" % (70–94)"'),
        ((1.0, 2.5), ("", ""), "#,##0.0;−#,##0.0"),
    ],
)
def test_figures_are_the_charts_own_where_one_format_writes_them(
    amounts: tuple[float, ...], told: tuple[str, ...], found: str | None
) -> None:
    marks = [Mark("А", amount, text) for amount, text in zip(amounts, told, strict=True)]
    chart = bars("x", "Х", marks, ("", ""))
    plot = plot_of(chart)
    assert isinstance(plot, Bars)
    one = plot.series[0]
    assert number_format(one.values, "ru") == found


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 100)), max_size=20))
def test_no_statement_is_lost_where_a_year_has_several(said: list[tuple[int, float]]) -> None:
    rows = at_labels(Dots("d", "#000000", tuple(Dot(float(at), amount) for at, amount in said)), 6)
    found = [(at, amount) for row in rows for at, amount in enumerate(row) if amount is not None]
    assert sorted(found) == sorted(said)
    assert all(len(row) == 6 for row in rows)


def test_a_logarithmic_axis_runs_from_power_to_power() -> None:
    made = whole_powers(Axis("Рубли", log=True), [42.0, 5000.0])
    assert (made.title, made.low, made.high) == ("Рубли", 10, 10_000)
    assert whole_powers(Axis(log=True), [100.0]).high == 1000
    assert whole_powers(Axis(low=3), [42.0]) == Axis(low=3)
