"""The roadmap: every measure stands in one way, overdue is what was told after its term, gaps are gaps."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ShapeError
from geo.programme import STANDINGS
from geo.shape import Shape
from layers.catalog import Catalogue
from layers.day import today
from layers.programme.figures import Programme, programme
from layers.programme.lanes import lanes
from layers.programme.roadmap import board, missing, rows, standings
from layers.query import Condition, Query
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.conftest import DataFolder
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH, RU, TOMSK, Row, asking, shapes
from tests.layers.queries import queries

DAY = "2026-11-23"
DAYS = st.dates().map(lambda day: day.isoformat()) | st.sampled_from([DAY, "2016-12-31", "2017-01-01"])


def held() -> Programme:
    return programme(embedded())


def last_day(date: str) -> str:
    """The last day of a date that may be a year or a month (31 does for every month: days are compared)."""
    return date + {0: "-12-31", 1: "-31", 2: ""}[date.count("-")]


def first_day(date: str) -> str:
    return date + {0: "-01-01", 1: "-01", 2: ""}[date.count("-")]


def stands(row: Row, day: str) -> str:
    """How a measure stands: overdue when it was told to be unfinished after the last day of its term."""
    told, due, known_on = row["measure_state"], row["term_date"], row["state_as_of"]
    if told in ("implemented", "postponed"):
        return told
    if due and day > last_day(due):
        return "overdue" if told and known_on and first_day(known_on) > last_day(due) else "unreported"
    return told or "unknown"


def kept(query: Query, shape: Shape | None = None) -> list[Row]:
    """The measures that a loop keeps: by their own fields, by the others and a shape those of projects."""
    found = [
        row
        for row in naive.rows("measures")
        if all(naive.fits(c, row[c.field]) for c in query.conditions if c.field in row)
    ]
    others = tuple(c for c in query.conditions if c.field not in naive.rows("measures")[0])
    if not others and shape is None:
        return found
    projects = naive.chosen(Query(conditions=others), shape)
    return [row for row in found if set(naive.parts(row["projects"])) & set(projects)]


def ids(query: Query, shape: Shape | None = None) -> list[str]:
    """The measures that the board keeps."""
    return sorted(board(held(), query, shape, DAY).measures.index)


# --- standings --------------------------------------------------------------------------------------


@given(queries(), shapes(), DAYS)
@settings(max_examples=20)
def test_every_measure_stands_in_one_way(query: Query, shape: Shape | None, day: str) -> None:
    found, expected = board(held(), query, shape, day), kept(query, shape)
    assert found.measures["standing"].to_dict() == {row["id"]: stands(row, day) for row in expected}
    lanes = [measure["id"] for name in STANDINGS for measure in found.column(name)]
    assert sorted(lanes) == sorted(row["id"] for row in expected)


@given(DAYS)
@settings(max_examples=15)
def test_standings_add_up_to_all_measures(day: str) -> None:
    found = standings(held(), Query(), None, day)
    assert tuple(found) == STANDINGS
    assert sum(found.values()) == len(naive.rows("measures"))
    expected = Counter(stands(row, day) for row in naive.rows("measures"))
    assert {name: n for name, n in found.items() if n} == expected


@given(queries(), shapes(), DAYS)
@settings(max_examples=15)
def test_standings_are_those_of_the_choice(query: Query, shape: Shape | None, day: str) -> None:
    found = standings(held(), query, shape, day)
    assert tuple(found) == STANDINGS
    expected = Counter(stands(row, day) for row in kept(query, shape))
    assert {name: n for name, n in found.items() if n} == expected


def test_nothing_is_overdue_before_its_term() -> None:
    assert standings(held(), Query(), None, "2011-01-01")["overdue"] == 0
    assert standings(held(), Query(), None, DAY)["overdue"] > 0


def measure(data_folder: DataFolder, **cells: str) -> str:
    """How a measure with these cells stands today."""
    id_ = naive.rows("measures")[0]["id"]
    data_folder.change("measures.csv", id_, **cells)
    store = EmbeddedStore(Catalogue(Path(data_folder.folder)))
    return str(board(programme(store), Query(), None, DAY).measures["standing"][id_])


@pytest.mark.parametrize(
    ("term", "known_on", "expected"),
    [
        ("2016-12", "2019-09-05", "overdue"),
        ("2016-08", "2017", "overdue"),
        ("2016-08-31", "2016-09-01", "overdue"),
        ("2016-08-31", "2016-08-31", "unreported"),
        ("2016", "2016", "unreported"),
        ("2016-08", "2016", "unreported"),
        ("2016-08", "", "unreported"),
        ("2030", "2024", "planned"),
        ("2016", "2016-04", "unreported"),
        ("2016-08", "2016-08-15", "unreported"),
    ],
)
def test_overdue_is_only_what_was_told_after_the_term(
    data_folder: DataFolder, term: str, known_on: str, expected: str
) -> None:
    cells = {"term_date": term, "measure_state": "planned", "state_as_of": known_on}
    assert measure(data_folder, **cells) == expected


@pytest.mark.parametrize("state", ["implemented", "postponed"])
def test_what_is_done_or_put_off_is_never_overdue(data_folder: DataFolder, state: str) -> None:
    assert measure(data_folder, term_date="2014", measure_state=state, state_as_of="2020") == state


def test_the_earliest_term_comes_first_and_the_unknown_last() -> None:
    terms = [
        row["term_date"] for name in STANDINGS for row in board(held(), Query(), None, DAY).column(name)
        if name == "planned"
    ]  # fmt: skip
    known = [term for term in terms if isinstance(term, str)]
    assert terms[: len(known)] == sorted(known)
    assert known


def test_a_performer_narrows_the_board() -> None:
    performer = next(naive.parts(row["performer"])[0] for row in naive.rows("measures") if row["performer"])
    found = board(held(), asking(performer=performer), None, DAY)
    assert 0 < len(found.measures) < len(naive.rows("measures"))
    assert all(performer in naive.parts(text) for text in found.measures["performer"])
    assert found.gaps == board(held(), Query(), None, DAY).gaps, (
        "gaps are those of the roadmap, not of the choice"
    )


# --- what projects keep -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        (asking(park="medical"), None),
        (asking(status="built"), None),
        (Query(), TOMSK),
        (asking(park="medical"), TOMSK),
        (asking(park="medical", measure_state="implemented"), None),
    ],
    ids=["a park", "a status", "a shape", "a park in a shape", "a park and a state"],
)
def test_what_is_said_of_projects_keeps_their_measures(query: Query, shape: Shape | None) -> None:
    expected = sorted(row["id"] for row in kept(query, shape))
    assert 0 < len(expected) < len(naive.rows("measures"))
    assert ids(query, shape) == expected
    of_projects = {row["id"] for row in naive.rows("measures") if row["projects"]}
    assert set(expected) <= of_projects, "what has no project is in no park and in no shape"


def test_a_measure_of_several_projects_is_kept_by_any_of_them() -> None:
    told = [
        (row["id"], {naive.projects()[p]["status"] for p in naive.parts(row["projects"])} - {""})
        for row in naive.rows("measures")
    ]
    several = [(id_, found) for id_, found in told if len(found) > 1]
    assert several
    for id_, found in several:
        assert all(id_ in ids(asking(status=status)) for status in found)


def test_a_year_narrows_no_roadmap() -> None:
    for query in (Query(), asking(park="medical"), asking(measure_state="planned")):
        for shape in (None, TOMSK):
            assert ids(query.model_copy(update={"year": 1991}), shape) == ids(query, shape)


def test_a_shape_where_no_project_is_keeps_nothing() -> None:
    nowhere = Shape("circle", ((80.0, 57.0),), 1000.0)
    assert not naive.chosen(Query(), nowhere)
    found = board(held(), Query(), nowhere, DAY)
    assert found.measures.empty
    assert found.gaps == board(held(), Query(), None, DAY).gaps
    assert set(standings(held(), Query(), nowhere, DAY).values()) == {0}


def test_a_shape_that_crosses_itself_is_refused() -> None:
    crossed = Shape.parse(naive.CROSSED)
    with pytest.raises(ShapeError):
        board(held(), Query(), crossed, DAY)


# --- gaps -------------------------------------------------------------------------------------------


def gone(runs: list[tuple[int, int]]) -> list[int]:
    assert all(after[0] > before[1] + 1 for before, after in pairwise(runs)), "runs are whole"
    return [number for first, last in runs for number in range(first, last + 1)]


def stated_length() -> int:
    return max(int(float(row["value"])) for row in naive.stated("measures_count"))


def test_gaps_and_numbers_make_up_the_roadmap() -> None:
    numbers = {int(row["number"]) for row in naive.rows("measures") if row["number"]}
    nameless = gone(missing(held()))
    assert len(nameless) == len(set(nameless)) > 0
    assert set(nameless) | numbers == set(range(1, max({stated_length(), *numbers}) + 1))
    assert not set(nameless) & numbers


def test_a_number_that_is_named_leaves_the_gap(data_folder: DataFolder) -> None:
    ids = [row["id"] for row in naive.rows("measures") if not row["number"]]
    for id_, number in zip(ids, (3, 4, stated_length() + 2), strict=False):
        data_folder.change("measures.csv", id_, number=str(number))
    store = EmbeddedStore(Catalogue(Path(data_folder.folder)))
    before, after = (set(gone(missing(of))) for of in (held(), programme(store)))
    assert after == (before | {stated_length() + 1}) - {3, 4}
    made = lanes(store, board(programme(store), Query(), None, DAY), RU)
    card = next(c for lane in made for c in lane["cards"] if c["number"] == "№ 4")
    assert card["title"] == naive.rows("measures")[1]["name_ru"]


# --- as a table -------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_the_table_tells_how_each_stands(words: Words) -> None:
    found = board(held(), Query(), None, DAY)
    out = rows(held(), found, words)
    names = {row["id"]: row[f"name_{words.language}"] for row in naive.rows("measures")}
    assert list(out.columns[:2]) == [words("table.name"), words("roadmap.standing")]
    assert out.iloc[:, 0].to_dict() == names
    told = {row["id"]: words(f"standing.{stands(row, DAY)}") for row in naive.rows("measures")}
    assert out.iloc[:, 1].to_dict() == told


def test_the_table_of_nothing_has_its_columns() -> None:
    nothing = asking(measure_state="implemented", direction="business_environment", performer="minfin")
    found = board(held(), nothing, None, DAY)
    assert found.measures.empty
    out = rows(held(), found, RU)
    assert isinstance(out, pd.DataFrame)
    assert RU("roadmap.standing") in out.columns
    assert out.empty


def test_the_day_is_a_day() -> None:
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", today())


def test_a_choice_without_measures_has_an_empty_board() -> None:
    nobody = Query(conditions=(Condition(field="performer", values=("aga-airfields",)),))
    centre = Shape(kind="circle", points=((84.95, 56.48),), radius_m=20_000)
    found = board(programme(embedded()), nobody, centre, today())
    assert len(found.measures) == 0
