"""The programme counted anew, record by record in plain Python, and what must hold of every chart.

Nothing here asks the code under test: the CSV files are read with `csv`, the sums are loops.
"""

import csv
import json
import math
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, get_args

import pandas as pd
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from geo.shape import Shape
from layers.catalog import DATA
from layers.chart import Chart
from layers.day import this_year
from layers.query import Condition, Query
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from layers.view import Page
from tests.layers.queries import choice_conditions, queries, range_conditions

RU, EN = Words("ru"), Words("en")
BOTH = (RU, EN)
UNNAMED = "unnamed"
GIVEN_UP = ("postponed", "cancelled")
Row = dict[str, str]
Interval = tuple[float, float, float]
Flow = dict[tuple[str, str], float]
"""The sum by project and source."""
DAY = "2026-11-23"
"""The day on which the tests look."""
TOMSK = Shape("circle", ((84.95, 56.48),), 20_000.0)
CROSSED = "polygon:84.00000,56.00000;86.00000,57.00000;86.00000,56.00000;84.00000,57.00000"
"""The text form of a shape whose outline crosses itself."""


@cache
def rows(name: str) -> list[Row]:
    """The rows of a CSV file of `data/records/` as they stand."""
    with (DATA / "records" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def projects() -> dict[str, Row]:
    """The projects by id; the sources and notes of their lines and areas are theirs."""
    found = {row["id"]: dict(row) for row in rows("projects")}
    text = (DATA / "records" / "project_extents.geojson").read_text(encoding="utf-8")
    for extent in (feature["properties"] for feature in json.loads(text)["features"]):
        row = found[extent["id"]]
        row["source_id"] = ";".join(dict.fromkeys([*parts(row["source_id"]), *parts(extent["source_id"])]))
        for note in ("note_ru", "note_en"):
            told = [text.rstrip(".") for text in (row[note], extent[note]) if text]
            row[note] = ". ".join(told)
    return found


def parts(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def number(text: str) -> float | None:
    return float(text) if text else None


# --- what is chosen ---------------------------------------------------------------------------------


def state(row: Row, year: int | None) -> str | None:
    """The state of a project in a year; None where it is not yet there."""
    if year is None:
        return row["status"]
    planned, start, end = (number(row[f"{name}_year"]) for name in ("planned", "start", "end"))
    known = [when for when in (planned, start, end) if when is not None]
    if not known:
        return row["status"]
    if year < min(known):
        return None
    kept = row["status"] in ("built", "") or (end is not None and end > this_year())
    at_some_time = end is None and start is None and row["status"] == "built"
    if row["status"] in GIVEN_UP:
        if year > max(known):
            return row["status"]
    elif at_some_time or (end is not None and year >= end and kept):
        return "built"
    only_planned = row["status"] in ("idea", "planned")
    if start is not None and year >= start and (not only_planned or start > this_year()):
        return "under_way"
    return "idea" if row["status"] == "idea" and min(known) <= this_year() else "planned"


def fits(condition: Condition, cell: str) -> bool:
    if not cell:
        return condition.unknown
    if condition.values:  # noqa: PD011
        return bool(set(parts(cell)) & set(condition.values))
    low = -math.inf if condition.low is None else condition.low
    high = math.inf if condition.high is None else condition.high
    return low <= float(cell) <= high


def there(id_: str, shape: Shape | None) -> bool:
    """Whether a project may lie in a shape, as exactly as its place is known."""
    if shape is None:
        return True
    place, accuracy = places()[id_]
    if place is None or place.is_empty:
        return False
    return bool(place.distance(area(shape)) <= (0.0 if math.isnan(accuracy) else accuracy))


@lru_cache(maxsize=64)
def area(shape: Shape) -> BaseGeometry:
    return shape.area_metric()


@cache
def places() -> dict[str, tuple[BaseGeometry | None, float]]:
    """The place (EPSG:32645) and its accuracy (m) by project."""
    accuracy = embedded().features("projects")["accuracy_m"].astype(float)
    return {
        str(id_): (place, float(m))
        for (id_, place), m in zip(embedded().metric("projects").items(), accuracy, strict=True)
    }


@lru_cache(maxsize=512)
def chosen(query: Query, shape: Shape | None = None) -> dict[str, str]:
    """The projects that a query and a shape keep, each with its state."""
    kept = {}
    for id_, row in projects().items():
        now = state(row, query.year)
        if now is None or not there(id_, shape):
            continue
        cells = row | {"status": now}
        if all(fits(c, cells[c.field]) for c in query.conditions if c.field in cells):
            kept[id_] = now
    return kept


@lru_cache(maxsize=512)
def live(query: Query, shape: Shape | None = None) -> list[str]:
    """Those of them that enter sums: neither postponed nor cancelled, unless a status is asked for."""
    asked = any(c.field == "status" for c in query.conditions)
    return [id_ for id_, now in chosen(query, shape).items() if asked or now not in GIVEN_UP]


# --- figures ----------------------------------------------------------------------------------------


@cache
def figure(quantity: str) -> dict[str, Interval]:
    """What is said of a figure: (low, value, high) by project; those of which nobody says anything fail."""
    found = {}
    for id_, row in projects().items():
        said = sorted(
            (f for f in rows("figures") if (f["project"], f["quantity"]) == (id_, quantity)),
            key=lambda f: f["as_of"],
        )
        recorded = number(row.get(quantity, ""))
        if recorded is None and not said:
            continue
        value = recorded if recorded is not None else float(said[-1]["value"])
        lows = [value, *(float(f["value"]) for f in said)]
        highs = [value, *(float(f["value_high"] or f["value"]) for f in said)]
        found[id_] = (min(lows), value, max(highs))
    return found


@lru_cache(maxsize=512)
def counted(quantity: str, query: Query, shape: Shape | None = None) -> list[str]:
    """The live projects without the parts whose whole is live and has the figure."""
    alive, known = live(query, shape), figure(quantity)
    wholes = {id_ for id_ in alive if id_ in known}
    return [id_ for id_ in alive if projects()[id_]["part_of"] not in wholes]


def total(quantity: str, ids: list[str]) -> tuple[float, float, float, int, int]:
    """(value, low, high, known, unknown) of the sum."""
    known = [figure(quantity)[id_] for id_ in ids if id_ in figure(quantity)]
    low, value, high = (math.fsum(row[end] for row in known) for end in range(3))
    return value, low, high, len(known), len(ids) - len(known)


@cache
def money() -> dict[str, list[Row]]:
    """The sums by project, planned or spent."""
    found: dict[str, list[Row]] = {}
    for row in rows("money"):
        if row["basis"] in ("plan", "actual"):
            found.setdefault(row["project"], []).append(row)
    return found


def flows(ids: list[str]) -> Flow:
    """Who pays how much for each project: the plan of a source before its fact; the rest is unnamed."""
    found: Flow = {}
    for id_ in ids:
        told: dict[tuple[str, str], float] = {}
        for row in money().get(id_, []):
            key = (row["money_source"], row["basis"])
            told[key] = told.get(key, 0.0) + float(row["amount_mln_rub"])
        named = {source: told.get((source, "plan"), told.get((source, "actual"), 0.0)) for source, _ in told}
        found |= {(id_, source): amount for source, amount in named.items()}
        rest = figure("cost_mln_rub")[id_][1] - sum(named.values()) if id_ in figure("cost_mln_rub") else 0
        if rest > 0:
            found[(id_, UNNAMED)] = rest
    return found


@lru_cache(maxsize=512)
def spent(query: Query, shape: Shape | None = None) -> dict[str, float | None]:
    """What has been put into each live project (None: unknown), the parts left out whose whole has it.

    In a year only what is known by it.
    """
    invested, cost, states = figure("invested_mln_rub"), figure("cost_mln_rub"), chosen(query, shape)
    found: dict[str, float | None] = {}
    for id_ in live(query, shape):
        if id_ in invested:
            found[id_] = invested[id_][1]
        else:
            found[id_] = cost[id_][1] if states[id_] == "built" and id_ in cost else None
        told = year_spent(id_)
        if query.year is not None and (told is None or told > query.year):
            found[id_] = None
    wholes = {id_ for id_, amount in found.items() if amount is not None}
    return {id_: amount for id_, amount in found.items() if projects()[id_]["part_of"] not in wholes}


def year_spent(id_: str) -> int | None:
    """The year into which falls what was put in: of completion, or that for which the record speaks."""
    row = projects()[id_]
    text = row["end_year"] if row["status"] == "built" else row["as_of"][:4]
    return int(text) if text else None


def known(amounts: dict[str, float | None]) -> dict[str, float]:
    """Those that are known."""
    return {id_: amount for id_, amount in amounts.items() if amount is not None}


def park(id_: str) -> str:
    return projects()[id_]["park"]


@cache
def completion(id_: str) -> tuple[str | None, str | None, bool]:
    """What completion was promised first, what came of it or is expected now, and whether it is done."""
    ends = sorted(
        (e for e in rows("events") if (e["project"], e["status"]) == (id_, "built")),
        key=lambda e: (e["as_of"], e["date"]),
    )
    planned = [e["date"] for e in ends if e["basis"] == "plan"]
    facts = [e["date"] for e in ends if e["basis"] == "actual"]
    outcome = facts[-1] if facts else planned[-1] if planned else None
    return planned[0] if planned else None, outcome, bool(facts)


def lapsed(id_: str, day: str = DAY) -> bool:
    """Whether the last announced completion has passed without word of it (days compare as text)."""
    _, outcome, done = completion(id_)
    if projects()[id_]["status"] in ("postponed", "cancelled"):
        return False
    return outcome is not None and not done and day > outcome + ("-12-31", "-31", "")[outcome.count("-")]


def slip(id_: str, day: str = DAY) -> float | None:
    """The years between the first promise and the outcome, to the month where both give it."""
    promised, outcome, _ = completion(id_)
    passed = outcome is not None and day > outcome + ("-12-31", "-31", "")[outcome.count("-")]
    if promised is None or outcome is None or (passed and not completion(id_)[2]):
        return None
    if "-" in promised and "-" in outcome:
        months = [int(date[:4]) * 12 + int(date[5:7]) for date in (promised, outcome)]
        return (months[1] - months[0]) / 12
    return float(int(outcome[:4]) - int(promised[:4]))


def stated(statement: str) -> list[Row]:
    return [row for row in rows("statements") if row["statement"] == statement]


# --- choices of a reader ----------------------------------------------------------------------------


def asking(**values: str) -> Query:
    """A query for one or more values (written with ";") of some fields."""
    query = Query()
    for field, text in values.items():
        query = query.with_condition(field, Condition(field=field, values=tuple(text.split(";"))))
    return query


@st.composite
def one_condition(draw: st.DrawFn) -> Query:
    condition = draw(choice_conditions() | range_conditions())
    return Query().with_condition(condition.field, condition)


def choices() -> st.SearchStrategy[Query]:
    """Queries: none, one condition, several and a year, and such as are known to be awkward."""
    awkward = [
        Query(),
        Query(year=2014),
        asking(status="postponed;cancelled"),
        asking(park="medical"),
        asking(funding="federal;extra_budgetary"),
        asking(project_type="infrastructure"),
    ]
    return st.sampled_from(awkward) | one_condition() | queries()


@st.composite
def circles(draw: st.DrawFn) -> Shape:
    lon, lat = draw(st.floats(84.5, 86.5)), draw(st.floats(56.2, 57.2))
    return Shape("circle", ((round(lon, 5), round(lat, 5)),), draw(st.floats(1000, 90_000)))


def shapes() -> st.SearchStrategy[Shape | None]:
    return st.none() | st.just(TOMSK) | circles()


# --- what must hold of every chart -----------------------------------------------------------------


def nodes(part: Any) -> Iterator[dict[str, Any]]:
    """Every table inside plain data, however deep."""
    if isinstance(part, dict):
        yield part
        for child in part.values():
            yield from nodes(child)
    elif isinstance(part, (list, tuple)):
        for child in part:
            yield from nodes(child)


def acts_in(part: Any) -> list[str]:
    """Every act inside plain data."""
    return [node["act"] for node in nodes(part) if node.get("act") is not None]


def is_known(act: str, store: EmbeddedStore) -> bool:
    """Whether an act names a value of a field that filters, a record or a page."""
    name, _, value = act.partition("=")
    if name == "page":
        return value in get_args(Page)
    if name in ("pick", "open"):
        layer, _, id_ = value.partition("/")
        return layer in store.catalogue.layers and id_ in store.features(layer).index
    field = store.catalogue.fields.get(name)
    if field is None or not field.filter:
        return False
    held = (
        store.catalogue.vocabularies[field.vocabulary]
        if field.vocabulary
        else store.records(field.to or "").index
    )
    return value in held


def assert_sound(chart: Chart, store: EmbeddedStore, words: Words) -> None:
    """A chart can be sent to a browser, has an act a row or none, and every act does something."""
    item = chart.item(words, "/figures/x.xlsx")
    json.dumps(item, allow_nan=False)
    assert chart.title
    assert len(chart.acts) in (0, len(chart.table))
    assert len(chart.on) in (0, len(chart.table))
    for act in [*acts_in(item), *(a for a in chart.acts if a is not None)]:
        assert is_known(act, store), (chart.id, act)
    assert item["table"]["columns"] == list(chart.table.columns)
    assert len(set(chart.table.columns)) == len(chart.table.columns)
    assert len(item["table"]["rows"]) == len(chart.table)
    for row in item["table"]["rows"]:
        assert not any(re.match(r"-\d", cell) for cell in row["cells"]), "a minus is not a hyphen"


def figures_of(chart: Chart) -> list[Any]:
    """The numbers of a chart: those of its series, and those of its table column by column."""
    series = [
        value
        for part in chart.option["series"]
        for key in ("data", "links")
        for value in _numbers(part.get(key, []))
    ]
    columns = [chart.table.iloc[:, n] for n in range(chart.table.shape[1])]
    cells = [
        [None if pd.isna(v) else round(float(v), 6) for v in column]
        for column in columns
        if pd.api.types.is_numeric_dtype(column)
    ]
    return [series, cells]


def _numbers(part: Any) -> Iterator[float]:
    if isinstance(part, dict):
        for child in part.values():
            yield from _numbers(child)
    elif isinstance(part, (list, tuple)):
        for child in part:
            yield from _numbers(child)
    elif isinstance(part, (int, float)) and not isinstance(part, bool):
        yield round(float(part), 6)
