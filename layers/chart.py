"""A chart as plain data: what to draw, the same as a table, and what each mark does when it is chosen.

A chart is made once, here in Python, and has three hands: the board in the browser draws its `option` (in the
terms of Apache ECharts), shows its `table` to who cannot see or click it, and the workbook is that table.
Marks carry `act`: "field=value" filters by it, "pick=layer/id" chooses a record.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from layers.identity import identity
from layers.query import Query
from layers.text import Words

ROW_PX = 26
_BAR_PX = 15
_LETTER_PX = 7
_FAINT = 0.3
MAIN = identity().main
"""The colour of marks that stand for no class of their own."""


@dataclass(frozen=True)
class Mark:
    """A bar: its name, its value (None: unknown), that in words, its tip, its act, its colour.

    `whole` is the name in full where `name` is a short one.
    """

    name: str
    value: float | None
    text: str
    tip: tuple[str, ...] = ()
    act: str | None = None
    colour: str = MAIN
    on: bool = False
    whole: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart of a board. `span` is its width in twelfths, `scroll` the height in pixels where it scrolls.

    `acts` holds the act of each row of the table, `on` whether it is in force. `empty` says why there is
    nothing to draw.
    """

    id: str
    title: str
    option: dict[str, Any]
    table: pd.DataFrame
    note: str = ""
    height: int = 320
    span: int = 6
    scroll: int | None = None
    acts: tuple[str | None, ...] = ()
    on: tuple[bool, ...] = field(default=())
    empty: str = ""

    def tabled(
        self, table: pd.DataFrame, note: str | None = None, *, acts: tuple[str | None, ...] = ()
    ) -> "Chart":
        """The chart with a table that holds more than it draws; `acts` are those of the table's rows."""
        kept = acts or (None,) * len(table)
        told = self.note if note is None else note
        return replace(self, table=table, note=told, acts=kept, on=(False,) * len(table))

    def item(self, words: Words, book: str) -> dict[str, Any]:
        """The chart as the board takes it; `book` is the address of its workbook."""
        columns = [str(column) for column in self.table.columns]
        acts = self.acts or (None,) * len(self.table)
        on = self.on or (False,) * len(self.table)
        rows = [
            {"cells": [cell(value, words) for value in row], "act": act, "on": chosen}
            for row, act, chosen in zip(self.table.itertuples(index=False), acts, on, strict=True)
        ]
        return {
            "kind": "chart",
            "id": self.id,
            "title": self.title,
            "note": self.note,
            "alt": self.title,
            "span": self.span,
            "height": self.height,
            "scroll": self.scroll,
            "empty": self.empty,
            "option": self.option,
            "book": book,
            "table": {"columns": columns, "rows": rows},
        }


def cell(value: Any, words: Words) -> str:
    """A value of the table of a chart as its reader sees it."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return "—"
    return value if isinstance(value, str) else words.number(float(value), 2).replace("-", "−")


def act_of(query: Query, column: str, value: str) -> tuple[str, bool]:
    """The act that filters by a value, and whether the query does so now."""
    condition = query.condition(column)
    return f"{column}={value}", condition is not None and value in set(condition.values)


def bars(id_: str, title: str, marks: list[Mark], columns: tuple[str, str], **rest: Any) -> Chart:
    """A chart of horizontal bars, one a mark; where some are on, the others are faint."""
    some = any(mark.on for mark in marks)
    room = _LETTER_PX * max((len(mark.text) for mark in marks), default=0) + 16
    data = [
        {
            "name": mark.name,
            "value": mark.value,
            "tip": [mark.whole or mark.name, *mark.tip],
            "act": mark.act,
            "itemStyle": {"color": mark.colour, "opacity": 1 if mark.on or not some else _FAINT},
            "label": {"formatter": mark.text},
        }
        for mark in marks
    ]
    option = {
        "grid": {"left": 8, "right": room, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [mark.name for mark in marks],
            "triggerEvent": False,
            "axisLabel": {"width": 190, "overflow": "break", "lineHeight": 14, "interval": 0},
            "axisLine": {"show": False},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": _BAR_PX,
                "data": data,
                "cursor": "pointer",
                "label": {"show": True, "position": "right"},
            }
        ],
    }
    table = pd.DataFrame(
        {
            columns[0]: [mark.name for mark in marks],
            columns[1]: pd.Series([mark.value for mark in marks], dtype=float),
        }
    )
    return Chart(
        id=id_,
        title=title,
        option=option,
        table=table,
        height=rest.pop("height", max(3, len(marks)) * (ROW_PX + 10)),
        acts=tuple(mark.act for mark in marks),
        on=tuple(mark.on for mark in marks),
        **rest,
    )


def grouped(names: list[str], series: list[dict[str, Any]]) -> dict[str, Any]:
    """Horizontal bars of several series beside each other."""
    return {
        "grid": {"left": 8, "right": 24, "top": 30, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "xAxis": {"type": "value"},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": names,
            "axisLabel": {"width": 210, "overflow": "break", "lineHeight": 14, "interval": 0},
        },
        "series": series,
    }
