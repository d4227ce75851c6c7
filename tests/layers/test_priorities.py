"""What money is to follow: one text, read back exactly, and refused where it says anything else."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from layers.catalog import LANGUAGES
from layers.priorities import EFFECTS, MOST_BUDGET, MOST_WEIGHT, Effect, Priorities, Weight
from layers.text import Words
from tests.layers.queries import priorities


@given(priorities())
def test_text_is_read_back(chosen: Priorities) -> None:
    assert Priorities.parse(chosen.text()) == chosen


@given(st.floats(0, MOST_BUDGET))
def test_any_budget_is_read_back_to_fifteen_digits(budget: float) -> None:
    again = Priorities.parse(Priorities(budget_mln_rub=budget).text())
    assert again.budget_mln_rub == pytest.approx(budget, rel=1e-14)
    assert Priorities.parse(again.text()) == again


PIECES = st.sampled_from([*"jobs:40,;15eE+-.~", "total", "public", "low", "patents:", ";total;effect;low"])


@given(st.lists(PIECES, max_size=20).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but ValueError leaves `parse`, and what it reads it writes in a form that says the same."""
    try:
        read = Priorities.parse(text)
    except ValueError:
        return
    assert Priorities.parse(read.text()) == read


def test_the_text_is_what_the_docstring_shows() -> None:
    text = "jobs:40,people_60:20;30000;public;effect;low"
    assert Priorities.parse(text) == Priorities(
        weights=(Weight(effect="jobs", weight=40), Weight(effect="people_60", weight=20)),
        budget_mln_rub=30_000,
        paying="public",
        order="effect",
        unknown="low",
    )
    assert Priorities.parse(text).text() == text
    assert Priorities.parse(Priorities().text()) == Priorities()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jobs",
        "jobs:40",
        ";;;;",
        "jobs:40;1000;total;effect",
        "jobs:40;1000;total;effect;low;low",
        "jobs;1000;total;effect;low",
        "jobs:;1000;total;effect;low",
        "jobs:40:1;1000;total;effect;low",
        "jobs:4.5;1000;total;effect;low",
        "jobs:many;1000;total;effect;low",
        "jobs:-1;1000;total;effect;low",
        f"jobs:{MOST_WEIGHT + 1};1000;total;effect;low",
        "jobs:1,jobs:2;1000;total;effect;low",
        "jobs:1,jobs:1;1000;total;effect;low",
        "happiness:40;1000;total;effect;low",
        "Jobs:40;1000;total;effect;low",
        "jobs:40;;total;effect;low",
        "jobs:40;much;total;effect;low",
        "jobs:40;nan;total;effect;low",
        "jobs:40;inf;total;effect;low",
        "jobs:40;-1;total;effect;low",
        f"jobs:40;{MOST_BUDGET + 1:.0f};total;effect;low",
        "jobs:40;1e400;total;effect;low",
        "jobs:40;1000;private;effect;low",
        "jobs:40;1000;total;cost;low",
        "jobs:40;1000;total;effect;zero",
        "jobs:40;1000;total;effect;",
    ],
)
def test_what_is_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is the answer, whoever finds it
        Priorities.parse(text)


@pytest.mark.parametrize(
    "text", [";1000;total;effect;low", "jobs:0;0;public;per_rouble;high", ",jobs:1,;1;total;effect;low"]
)
def test_the_least_that_can_be_said_is_read(text: str) -> None:
    read = Priorities.parse(text)
    assert sum(weight.weight for weight in read.weights) <= 1
    assert Priorities.parse(read.text()) == read


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget_mln_rub": -0.01},
        {"budget_mln_rub": MOST_BUDGET * 1.01},
        {"budget_mln_rub": math.nan},
        {"budget_mln_rub": math.inf},
        {"paying": "private"},
        {"order": "cost"},
        {"unknown": "zero"},
        {"wealth": 1},
    ],
)
def test_values_out_of_bounds_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Priorities(**wrong)


@pytest.mark.parametrize("weight", [-1, MOST_WEIGHT + 1, 1.5])
def test_weights_out_of_bounds_are_refused(weight: float) -> None:
    with pytest.raises(ValidationError):
        Weight(effect="jobs", weight=weight)  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Priorities().weighing("jobs", weight)  # type: ignore[arg-type]


def test_priorities_cannot_be_changed() -> None:
    chosen = Priorities()
    with pytest.raises(ValidationError):
        chosen.budget_mln_rub = 1.0  # type: ignore[misc]
    assert hash(chosen) == hash(Priorities())


@given(priorities(), st.sampled_from(EFFECTS), st.integers(0, MOST_WEIGHT))
def test_weighing_changes_one_weight_and_nothing_else(
    chosen: Priorities, effect: Effect, weight: int
) -> None:
    before = {each: chosen.weight(each) for each in EFFECTS}
    changed = chosen.weighing(effect, weight)
    assert {each: changed.weight(each) for each in EFFECTS} == before | {effect: weight}
    assert {each: chosen.weight(each) for each in EFFECTS} == before
    assert changed.model_copy(update={"weights": chosen.weights}) == chosen
    assert changed.weighing(effect, weight) == changed
    assert Priorities.parse(changed.text()) == changed


@given(priorities())
def test_weights_are_written_in_one_order_and_without_noughts(chosen: Priorities) -> None:
    """Whatever order they were set in, the same weights make the same address."""
    changed = chosen.weighing("jobs", 1)
    named = [weight.effect for weight in changed.weights]
    assert named == [effect for effect in EFFECTS if changed.weight(effect)]
    again = changed.model_copy(update={"weights": changed.weights[::-1]}).weighing("jobs", 1)
    assert again == changed


def test_what_is_not_named_weighs_nothing() -> None:
    assert Priorities(weights=()).weight("jobs") == 0
    assert {effect: Priorities().weight(effect) for effect in EFFECTS if Priorities().weight(effect)} == {
        "jobs": 40, "people_60": 20, "leverage": 30, "tax_mln_rub_year": 10
    }  # fmt: skip


def test_the_first_weights_are_those_that_weighing_leaves() -> None:
    """Else a weight moved and moved back would leave an entry in the address."""
    for effect in EFFECTS:
        weight = Priorities().weight(effect)
        assert Priorities().weighing(effect, 77).weighing(effect, weight) == Priorities()


def test_every_effect_has_its_name() -> None:
    for language in LANGUAGES:
        names = Words(language).table("effect")
        assert set(names) == {name for effect in EFFECTS for name in (effect, f"{effect}_help")}
