"""Funding by effect as Streamlit runs it: sliders, budget and choices change the address and the board."""

import pytest
from streamlit.testing.v1 import AppTest

from layers.priorities import EFFECTS, Priorities
from layers.programme.boards import FIRMNESS
from layers.query import Condition, Query
from layers.store import EmbeddedStore
from layers.text import Words
from tests.pages.boards import CROSSED, act, address, change, components, items, opened, sound, texts, told

BOARD = "funding_board"
RU, EN = Words("ru"), Words("en")
NO_WEIGHT = ";150000;total;effect;low"


def fund(app: AppTest) -> Priorities:
    """What the address says money should follow."""
    return Priorities.parse(address(app)["fund"])


def ranked(app: AppTest) -> int:
    return len(items(app, BOARD)["ranking"]["table"]["rows"])


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_page_opens(words: Words) -> None:
    app = opened("funding", lang=words.language)
    assert texts(app.title) == [words("funding.title")]
    assert not [*app.error, *app.info, *app.toast]
    assert set(components(app)) == {BOARD}
    found = items(app, BOARD)
    assert {"tile_set", "tile_line", "tile_costless", "tile_brings_jobs", "ranking", "worth_knowing"} <= set(
        found
    )
    assert found[FIRMNESS]["kind"] == "later"
    sliders = {slider.key: slider.value for slider in app.slider}
    assert sliders == {f"weight_{effect}": Priorities().weight(effect) for effect in EFFECTS}
    assert app.number_input(key="budget").value == Priorities().budget_mln_rub
    assert {radio.key: radio.value for radio in app.radio} == {
        "paying": "total",
        "order": "effect",
        "unknown": "low",
    }
    assert "fund" not in address(app)


def test_a_filter_in_the_address_narrows_the_ranking(store: EmbeddedStore) -> None:
    app = opened("funding", f__park="medical")
    kept = store.query("projects", Query(conditions=(Condition(field="park", values=("medical",)),)))
    assert ranked(app) == int((~kept["state"].isin(["built", "cancelled"])).sum())
    assert 0 < ranked(app) < ranked(opened("funding"))
    assert [chip["act"] for chip in told(app, BOARD)["chips"]] == ["clear=park", "clear=all"]


def test_a_slider_changes_the_address_and_back() -> None:
    app = change(opened("funding").slider(key="weight_patents"), 25)
    assert fund(app) == Priorities().weighing("patents", 25)
    assert RU("effect.patents") in items(app, BOARD)["ranking"]["table"]["columns"]
    app = change(app.slider(key="weight_patents"), 0)
    assert "fund" not in address(app)


def test_the_budget_changes_the_address_and_the_set() -> None:
    app = opened("funding")
    before = items(app, BOARD)["tile_set"]["notes"]
    app = change(app.number_input(key="budget"), 20_000.0)
    assert fund(app).budget_mln_rub == 20_000
    assert items(app, BOARD)["tile_set"]["notes"] != before
    assert RU.money(20_000) in items(app, BOARD)["tile_set"]["notes"][0]
    app = change(app.number_input(key="budget"), 0.0)
    assert fund(app).budget_mln_rub == 0
    assert items(app, BOARD)["tile_line"]["figure"].startswith("0")


@pytest.mark.parametrize(
    ("name", "value"), [("paying", "public"), ("order", "per_rouble"), ("unknown", "high")]
)
def test_a_choice_changes_the_address(name: str, value: str) -> None:
    app = change(opened("funding").radio(key=name), value)
    assert getattr(fund(app), name) == value
    assert fund(app) == Priorities().model_copy(update={name: value})


def test_a_link_opens_as_it_was_set() -> None:
    text = "jobs:5,people_served:70;30000;public;per_rouble;middle"
    app = opened("funding", fund=text, lang="en")
    assert address(app) == {"page": "funding", "fund": text, "lang": "en"}
    assert app.slider(key="weight_people_served").value == 70
    assert app.slider(key="weight_leverage").value == 0
    assert app.number_input(key="budget").value == 30_000
    assert [app.radio(key=k).value for k in ("paying", "order", "unknown")] == [
        "public",
        "per_rouble",
        "middle",
    ]
    assert items(app, BOARD)["ranking"]["title"] == EN("funding.ranking_per_rouble")


def test_the_first_weights_come_back_with_a_button() -> None:
    app = opened("funding", fund="jobs:5;30000;public;per_rouble;middle", f__park="medical")
    button = next(button for button in app.button if button.label == RU("funding.reset"))
    app = sound(button.click().run())
    assert address(app) == {"page": "funding", "f.park": "medical"}
    assert RU("funding.reset") not in [button.label for button in app.button]
    assert app.slider(key="weight_jobs").value == Priorities().weight("jobs")


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_without_any_weight_the_page_says_what_to_do(words: Words) -> None:
    app = opened("funding", fund=NO_WEIGHT, lang=words.language)
    assert texts(app.info) == [words("funding.nothing")]
    assert items(app, BOARD) == {}
    assert all(slider.value == 0 for slider in app.slider)


def test_the_last_weight_is_taken_away() -> None:
    app = change(opened("funding", fund="jobs:40;150000;total;effect;low").slider(key="weight_jobs"), 0)
    assert address(app)["fund"] == NO_WEIGHT
    assert texts(app.info) == [RU("funding.nothing")]
    app = change(app.slider(key="weight_jobs"), 40)
    assert not app.info
    assert ranked(app)


def test_nothing_open_has_nothing_to_judge() -> None:
    app = opened("funding", f__status="built")
    assert texts(app.info) == [RU("funding.nothing")]


def test_a_shape_that_crosses_itself_is_told() -> None:
    app = opened("funding", shape=CROSSED)
    assert texts(app.error) == [RU("report.bad_shape")]
    assert not components(app)


@pytest.mark.parametrize("text", ["nonsense", "jobs:101;1;total;effect;low", "jobs:1;1;total;effect;maybe"])
def test_a_bad_link_is_told_and_put_right(text: str) -> None:
    app = opened("funding", fund=text)
    assert len(app.toast) == 1
    assert RU.table("entry")["fund"] in app.toast[0].value
    assert address(app) == {"page": "funding"}


def test_a_project_of_the_ranking_is_chosen() -> None:
    app = opened("funding")
    row = items(app, BOARD)["ranking"]["table"]["rows"][0]
    app = act(app, BOARD, row["act"])
    assert address(app) == {"page": "funding", "pick": row["act"].partition("=")[2]}
