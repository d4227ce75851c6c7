"""What an act on a board makes of a view, as a pure function, and the chips that let go of a choice."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.shape import Shape
from layers.programme.boards import measures
from layers.query import Condition, Query
from layers.store import embedded
from layers.text import Words
from layers.view import View
from pages import _shell
from pages._board import _chips, acted
from tests.layers.queries import CATALOGUE, CHOICES, queries

PLAIN = View.default(CATALOGUE).model_copy(update={"page": "programme"})
RU = Words("ru")
CIRCLE = Shape("circle", ((84.95, 56.48),), 30_000.0)


@st.composite
def values(draw: st.DrawFn) -> tuple[str, str]:
    """A field that filters, and a value that it may have."""
    field = draw(st.sampled_from(CHOICES))
    return field.id, draw(st.sampled_from(sorted(_shell.choices(field, "ru"))))


@st.composite
def views(draw: st.DrawFn) -> View:
    shape = draw(st.none() | st.just(CIRCLE))
    page = draw(st.sampled_from(["programme", "funding", "roadmap", "project"]))
    update = {
        "query": draw(queries()),
        "shape": shape,
        "page": page,
        "language": draw(st.sampled_from(["ru", "en"])),
    }
    return PLAIN.model_copy(update=update)


def with_values(*wanted: str, unknown: bool = False) -> View:
    condition = Condition(field="park", values=wanted, unknown=unknown)
    return PLAIN.model_copy(update={"query": Query(conditions=(condition,))})


# --- filters ----------------------------------------------------------------------------------------


@given(views(), values())
@settings(max_examples=25)
def test_a_value_chosen_twice_gives_the_former_view(view: View, chosen: tuple[str, str]) -> None:
    field, value = chosen
    condition = view.query.condition(field)
    assume(condition is None or value not in condition.values)
    once = acted(view, f"{field}={value}")
    assert value in once.query.condition(field).values
    assert acted(once, f"{field}={value}") == view


@given(views(), values())
@settings(max_examples=25)
def test_a_value_touches_no_other_condition(view: View, chosen: tuple[str, str]) -> None:
    field, value = chosen
    once = acted(view, f"{field}={value}")
    assert once.query.with_condition(field, None) == view.query.with_condition(field, None)
    assert once.model_copy(update={"query": view.query}) == view


@given(views(), values())
@settings(max_examples=25)
def test_an_act_gives_a_view_that_can_be_linked(view: View, chosen: tuple[str, str]) -> None:
    field, value = chosen
    once = acted(view, f"{field}={value}")
    again, problems = View.parse(once.params(CATALOGUE), CATALOGUE)
    assert not problems
    assert again == once


def test_values_gather_and_the_last_takes_the_condition_away() -> None:
    view = acted(acted(PLAIN, "park=medical"), "park=sport")
    assert view.query.condition("park").values == ("medical", "sport")
    view = acted(view, "park=medical")
    assert view.query.condition("park").values == ("sport",)
    assert acted(view, "park=sport") == PLAIN


def test_the_unknown_stays_while_a_value_does() -> None:
    view = acted(with_values("medical", "sport", unknown=True), "park=sport")
    assert view == with_values("medical", unknown=True)


# --- records and pages ------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["programme", "funding", "roadmap", "project"])
def test_a_record_is_chosen_where_the_reader_is(page: str) -> None:
    view = PLAIN.model_copy(update={"page": page})
    assert acted(view, "pick=projects/asino-chp") == view.model_copy(
        update={"selected": "projects/asino-chp"}
    )


@pytest.mark.parametrize("page", ["programme", "funding", "roadmap", "project"])
def test_a_record_is_opened_on_its_card(page: str) -> None:
    view = PLAIN.model_copy(update={"page": page})
    update = {"selected": "projects/asino-chp", "page": "project"}
    assert acted(view, "open=projects/asino-chp") == view.model_copy(update=update)


def test_the_card_looks_at_its_project_anew() -> None:
    """Where the reader last looked is not where the next project lies; a choice elsewhere moves no map."""
    there = PLAIN.model_copy(update={"at": (85.0, 56.5, 12.0)})
    assert acted(there, "pick=projects/asino-chp").at == there.at
    assert acted(there, "open=projects/asino-chp").at is None


@pytest.mark.parametrize("page", ["explore", "programme", "project", "funding", "roadmap", "sources"])
def test_a_page_is_turned(page: str) -> None:
    view = with_values("medical")
    assert acted(view, f"page={page}") == view.model_copy(update={"page": page})


# --- letting go -------------------------------------------------------------------------------------


@given(views())
@settings(max_examples=25)
def test_clear_lets_go_of_one_thing(view: View) -> None:
    for condition in view.query.conditions:
        left = acted(view, f"clear={condition.field}")
        assert left == view.model_copy(update={"query": view.query.with_condition(condition.field, None)})
    assert acted(view, "clear=shape") == view.model_copy(update={"shape": None})
    without = view.query.model_copy(update={"year": None})
    assert acted(view, "clear=year") == view.model_copy(update={"query": without})
    assert acted(view, "clear=all") == view.model_copy(update={"query": Query(), "shape": None})


def test_the_report_of_a_shape_goes_with_it() -> None:
    view = PLAIN.model_copy(update={"shape": CIRCLE, "panel": "report"})
    assert acted(view, "clear=shape").panel == "none"
    assert acted(view, "clear=park").panel == "report"
    table = view.model_copy(update={"panel": "table"})
    assert acted(table, "clear=all").panel == "table"


# --- nonsense ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act",
    [
        "",
        "=",
        "nonsense",
        "nonsense=1",
        "standing=overdue",
        "description=x",
        "page=",
        "page=nonsense",
        "clear=",
        "clear=nonsense",
        "clear=park",
        "Park=medical",
        "park",
        "park=",
        "park=nonsense",
        "jobs=5",
        "performer=nonsense",
        "pick=",
        "pick=nonsense",
        "pick=projects/nonsense",
        "open=nonsense/asino-chp",
    ],
)
def test_an_act_that_names_nothing_known_changes_nothing(act: str) -> None:
    view = PLAIN.model_copy(update={"shape": CIRCLE, "query": Query(year=2015)})
    assert acted(view, act) == view


# --- chips ------------------------------------------------------------------------------------------


@given(views())
@settings(max_examples=25)
def test_every_chip_lets_go_of_what_it_names(view: View) -> None:
    chips = _chips(view, Words(view.language))
    acts = [chip["act"] for chip in chips]
    fields = {field.id for field in _shell.filter_fields(view)}
    if view.page == "roadmap":  # What is said of projects keeps their measures.
        programme = view.model_copy(update={"page": "programme"})
        fields |= {field.id for field in _shell.filter_fields(programme)}
    narrowed = [
        *(["clear=shape"] if view.shape else []),
        *(["clear=year"] if view.query.year is not None and view.page != "roadmap" else []),
        *(f"clear={condition.field}" for condition in view.query.conditions if condition.field in fields),
    ]
    assert acts == (narrowed and [*narrowed, "clear=all"])
    assert all(chip["text"].strip() for chip in chips)
    for act in narrowed:
        assert acted(view, act) != view
        view = acted(view, act)
    assert not _chips(view, Words(view.language))


@pytest.mark.parametrize(
    ("update", "acts"),
    [
        ({"shape": CIRCLE}, ["clear=shape", "clear=all"]),
        ({"query": Query(year=2015)}, []),
        (
            {"query": Query(conditions=(Condition(field="park", values=("medical",)),))},
            ["clear=park", "clear=all"],
        ),
        (
            {"query": Query(conditions=(Condition(field="measure_state", values=("planned",)),))},
            ["clear=measure_state", "clear=all"],
        ),
    ],
    ids=["a shape", "a year", "a park", "a state"],
)
def test_a_chip_stands_for_all_that_narrows_the_page_and_no_more(
    update: dict[str, Any], acts: list[str]
) -> None:
    view = PLAIN.model_copy(update={"page": "roadmap"})
    narrowed = view.model_copy(update=update)
    kept, whole = (len(measures(embedded(), seen)) for seen in (narrowed, view))
    assert (0 < kept < whole) if acts else (kept == whole)
    assert [chip["act"] for chip in _chips(narrowed, RU)] == acts


def test_no_chip_stands_for_what_narrows_nothing_on_the_page() -> None:
    """Projects are neither planned nor done as measures are: on their pages that condition keeps all."""
    query = Query(conditions=(Condition(field="measure_state", values=("planned",)),))
    for page in ("programme", "funding"):
        assert not _chips(PLAIN.model_copy(update={"page": page, "query": query}), RU)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_chip_speaks_the_language_of_the_reader(language: str) -> None:
    view = with_values("medical").model_copy(update={"language": language})
    chip = _chips(view, Words(language))[0]  # type: ignore[arg-type]
    field = embedded().catalogue.fields["park"]
    word = embedded().catalogue.word(field, "medical", language)  # type: ignore[arg-type]
    assert chip["text"] == f"{field.title[language]}: {word}"  # type: ignore[index]
