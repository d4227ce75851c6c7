"""A chart as plain data: what a mark becomes, what a table says, what an act does."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.chart import MAIN, Chart, Mark, act_of, bars
from layers.query import Condition, Query
from layers.text import Words

RU, EN = Words("ru"), Words("en")
MARKS = st.builds(
    Mark,
    name=st.text(min_size=1, max_size=60),
    value=st.none() | st.floats(0, 1e9, allow_nan=False),
    text=st.text(max_size=12),
    tip=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    act=st.none() | st.just("park=medical"),
    on=st.booleans(),
)


def of(table: pd.DataFrame, **rest: Any) -> Chart:
    return Chart("x", "A chart", {"series": []}, table, **rest)


# --- bars -------------------------------------------------------------------------------------------


@given(st.lists(MARKS, max_size=8))
@settings(max_examples=25)
def test_bars_table_and_acts_tell_the_same(marks: list[Mark]) -> None:
    chart = bars("x", "A chart", marks, ("Name", "Value"))
    data = chart.option["series"][0]["data"]
    assert [bar["name"] for bar in data] == list(chart.table["Name"]) == [mark.name for mark in marks]
    assert [bar["value"] for bar in data] == [mark.value for mark in marks]
    known = chart.table["Value"].astype(object).where(chart.table["Value"].notna(), None)
    assert list(known) == [mark.value for mark in marks]
    assert [bar["act"] for bar in data] == list(chart.acts) == [mark.act for mark in marks]
    assert list(chart.on) == [mark.on for mark in marks]
    assert chart.option["yAxis"]["data"] == [mark.name for mark in marks]
    for bar, mark in zip(data, marks, strict=True):
        assert bar["tip"] == [mark.name, *mark.tip]
        assert bar["label"]["formatter"] == mark.text
    for words in (RU, EN):
        json.dumps(chart.item(words, "/figures/x.xlsx"), allow_nan=False)


def test_where_some_are_on_the_others_are_faint() -> None:
    marks = [Mark("a", 1, "1", on=True), Mark("b", 2, "2")]
    opacity = [
        bar["itemStyle"]["opacity"] for bar in bars("x", "t", marks, ("n", "v")).option["series"][0]["data"]
    ]
    assert opacity[0] == 1 > opacity[1]
    marks = [Mark("a", 1, "1"), Mark("b", 2, "2")]
    data = bars("x", "t", marks, ("n", "v")).option["series"][0]["data"]
    assert [bar["itemStyle"] for bar in data] == [{"color": MAIN, "opacity": 1}] * 2


def test_bars_make_room_for_their_words_and_take_the_rest_as_it_is() -> None:
    short, long = (bars("x", "t", [Mark("a", 1, text)], ("n", "v")) for text in ("1", "a hundred roubles"))
    assert long.option["grid"]["right"] > short.option["grid"]["right"]
    many = bars("x", "t", [Mark(str(n), n, "") for n in range(30)], ("n", "v"))
    assert many.height > short.height
    given_ = bars("x", "t", [], ("n", "v"), height=77, span=4, scroll=50, note="a note")
    assert (given_.height, given_.span, given_.scroll, given_.note) == (77, 4, 50, "a note")


# --- as the board takes it --------------------------------------------------------------------------


def test_the_item_holds_all_of_the_chart() -> None:
    table = pd.DataFrame({"Name": ["a", "b"], "Value": [1.5, np.nan]})
    chart = of(table, note="a note", acts=("park=medical", None), on=(True, False), span=4, height=100)
    item = chart.item(EN, "/figures/x.xlsx?lang=en")
    assert {key: item[key] for key in ("kind", "id", "title", "alt", "note", "span", "height", "scroll")} == {
        "kind": "chart",
        "id": "x",
        "title": "A chart",
        "alt": "A chart",
        "note": "a note",
        "span": 4,
        "height": 100,
        "scroll": None,
    }
    assert item["book"] == "/figures/x.xlsx?lang=en"
    assert item["table"] == {
        "columns": ["Name", "Value"],
        "rows": [
            {"cells": ["a", "1.5"], "act": "park=medical", "on": True},
            {"cells": ["b", "—"], "act": None, "on": False},
        ],
    }


def test_rows_without_acts_are_not_on() -> None:
    rows = of(pd.DataFrame({"Name": ["a", "b"]})).item(RU, "")["table"]["rows"]
    assert [(row["act"], row["on"]) for row in rows] == [(None, False)] * 2


@pytest.mark.parametrize("acts", [("park=medical",), ("a=b",) * 3])
def test_acts_that_do_not_match_the_rows_are_refused(acts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        of(pd.DataFrame({"Name": ["a", "b"]}), acts=acts).item(RU, "")


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        ("as it is", "as it is", "as it is"),
        ("", "", ""),
        (None, "—", "—"),
        (float("nan"), "—", "—"),
        (pd.NA, "—", "—"),
        (1234.5, "1\u00a0234,5", "1,234.5"),
        (0, "0", "0"),
        (np.int64(7), "7", "7"),
        (np.float64(0.126), "0,13", "0.13"),
    ],
)
def test_a_cell_in_words(value: Any, russian: str, english: str) -> None:
    table = pd.DataFrame({"Value": pd.Series([value], dtype=object)})
    cells = [of(table).item(words, "")["table"]["rows"][0]["cells"] for words in (RU, EN)]
    assert cells == [[russian], [english]]


# --- acts -------------------------------------------------------------------------------------------


def test_an_act_names_field_and_value_and_whether_it_is_in_force() -> None:
    query = Query(conditions=(Condition(field="park", values=("medical", "sport")),))
    assert act_of(query, "park", "sport") == ("park=sport", True)
    assert act_of(query, "park", "industrial") == ("park=industrial", False)
    assert act_of(query, "cluster", "timber") == ("cluster=timber", False)
    assert act_of(Query(), "park", "medical") == ("park=medical", False)


def test_a_range_has_no_values_that_could_be_on() -> None:
    query = Query(conditions=(Condition(field="jobs", low=5.0),))
    assert act_of(query, "jobs", "5") == ("jobs=5", False)
