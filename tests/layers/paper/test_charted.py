"""Charts told without a drawing: tables in the figures of the language, words for who cannot see."""

import pandas as pd
import pytest

from layers.chart import Chart, Mark, bars
from layers.paper.charted import described, table_of, why_empty
from layers.paper.plots import plot_of
from tests.layers.paper.board_charts import named

TABLE = pd.DataFrame({"Имя": ["А", "Б"], "Сумма": [1234.5, None], "Да": ["да", None], "Минус": [-1, -2]})


def test_figures_stand_right_and_are_written_in_the_language() -> None:
    table = table_of(Chart("x", "Х", {}, TABLE), "ru")
    assert [column.align for column in table.columns] == ["left", "right", "left", "right"]
    assert table.rows == (("А", "1\u00a0234,5", "да", "−1"), ("Б", "—", "—", "−2"))
    assert table_of(Chart("x", "Х", {}, TABLE), "en", 1).rows == (("А", "1,234.5", "да", "−1"),)


def test_an_empty_table_has_no_rows() -> None:
    assert table_of(Chart("x", "Х", {}, TABLE.iloc[:0]), "ru").rows == ()
    assert table_of(bars("x", "Х", [], ("А", "Б")), "ru").rows == ()


def test_an_empty_chart_says_why_or_that_nothing_is_known() -> None:
    assert why_empty(Chart("x", "Х", {}, TABLE, empty="Нет"), "ru") == "Нет"
    assert why_empty(Chart("x", "Х", {}, TABLE), "en") == "no data"


def test_a_chart_is_described_by_its_first_figures() -> None:
    plot = plot_of(bars("x", "Х", [Mark("А", 1.0, "1 км"), Mark("Б", None, "")], ("", "")))
    assert plot is not None
    assert described(plot, "Пути", "ru") == "Пути. А: 1 км; Б: нет данных"


@pytest.mark.parametrize("id_", ["flow", "timeline", "gap"])
def test_what_has_no_single_figures_is_described_by_its_title(id_: str) -> None:
    chart = named("programme", id_)
    plot = plot_of(chart)
    assert plot is not None
    assert described(plot, chart.title, "ru") == chart.title
