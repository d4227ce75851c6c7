"""Roads and reach as Streamlit runs it: choosing, editing, keeping and what an address may hold."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.scenario import MOST_NAME, Scenario
from layers.comparison import GOALS, HOME_NETWORK, Comparison
from layers.programme import boards as content
from layers.reach.results import results
from layers.reach.scenarios import ready
from layers.shelf import SqliteShelf
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from layers.view import View
from pages._shelf import KIND
from tests.pages.boards import act, address, change, components, items, opened, sound, texts, told

BOARD, MAP = "reach_board", "planner_map"
RU, EN = Words("ru"), Words("en")
LINE = "line~1000:84.90000,56.50000;84.95000,56.60000"
ROAD = "+84.90000,56.50000,84.95000,56.60000:v80,sasphalt"
PAGE = {"page": "reach"}


@pytest.fixture(autouse=True)
def folder(shelf_folder: Path) -> Path:
    """An empty data folder, so that nobody's shelf, rasters and areas are touched."""
    return shelf_folder


def reach(**params: str) -> AppTest:
    return opened("reach", **params)


def compared(app: AppTest) -> Comparison:
    """What the address compares."""
    return View.parse(address(app), embedded().catalogue)[0].query.comparison


def shown(app: AppTest, before: str, after: str) -> None:
    """The board is that of two scenarios."""
    view, _ = View.parse({**address(app), "before": before, "after": after}, embedded().catalogue)
    assert told(app, BOARD)["items"] == content.items(embedded(), view)


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    return sound(button.click().run())


def by_key(app: AppTest, key: str) -> AppTest:
    return sound(app.button(key=key).click().run())


def choose(app: AppTest, key: str, value: str) -> AppTest:
    """Choose a part of a segmented control."""
    return sound(app.button_group(key=key).set_value(value).run())


def edits(app: AppTest) -> Scenario:
    after = compared(app).after
    return Scenario.parse(after if ":" in after else ready(embedded())[after], HOME_NETWORK)


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_page_opens(store: EmbeddedStore, words: Words) -> None:
    app = reach(lang=words.language)
    assert texts(app.title) == [words("reach.title")]
    assert not [*app.error, *app.warning, *app.toast]
    assert {MAP, BOARD} <= set(components(app))
    view, _ = View.parse({"page": "reach", "lang": words.language}, store.catalogue)
    assert told(app, BOARD)["items"] == content.items(store, view)
    assert app.selectbox(key="question").value == "stage-3"
    assert app.selectbox(key="before").value == "before-works"
    assert app.selectbox(key="goal").value == "tomsk"
    assert app.selectbox(key="goal").options == [words(f"reach_goal_title.{goal}") for goal in GOALS]
    assert app.button(key="undo").disabled
    assert app.button(key="redo").disabled
    on = [layer["id"] for layer in told(app, MAP)["on"]]
    assert {"reach_saved", "reach_gain", "reach_works"} <= set(on)


# --- choosing ---------------------------------------------------------------------------------------


def test_a_ready_comparison_is_chosen() -> None:
    app = change(reach().selectbox(key="question"), "third-bridge")
    assert address(app) == {**PAGE, "before": "today", "after": "third-bridge"}
    shown(app, "today", "third-bridge")
    app = change(app.selectbox(key="question"), "stage-3")
    assert address(app) == PAGE


def test_each_side_is_chosen_by_itself() -> None:
    app = change(reach().selectbox(key="after"), "stage-1")
    assert address(app) == {**PAGE, "after": "stage-1"}
    app = change(app.selectbox(key="before"), "today")
    assert address(app) == {**PAGE, "after": "stage-1", "before": "today"}
    assert app.selectbox(key="question").value is None
    shown(app, "today", "stage-1")


def test_another_pair_lets_go_of_the_cost_of_the_reader() -> None:
    app = change(reach(cost="77").selectbox(key="after"), "stage-1")
    assert "cost" not in address(app)


def test_the_goal_is_chosen_in_the_list_and_on_the_board() -> None:
    app = change(reach().selectbox(key="goal"), "hospitals")
    assert address(app) == {**PAGE, "goal": "hospitals"}
    app = act(app, BOARD, "goal=universities")
    assert address(app) == {**PAGE, "goal": "universities"}
    assert app.selectbox(key="goal").value == "universities"
    on = [row["act"] for row in items(app, BOARD)["goals"]["table"]["rows"] if row["on"]]
    assert on == ["goal=universities"]
    assert address(act(app, BOARD, "goal=tomsk", number=2)) == PAGE


def test_nonsense_from_the_board_changes_nothing() -> None:
    app = reach()
    for number, what in enumerate(
        ("goal=roads", "goal=", "goal=unheard", "pick=reach_saved/nowhere"), start=1
    ):
        app = act(app, BOARD, what, number=number)
        assert address(app) == PAGE, what


def test_a_settlement_of_a_chart_is_chosen() -> None:
    app = act(reach(), BOARD, "pick=reach_saved/asino")
    assert address(app) == {**PAGE, "pick": "reach_saved/asino"}
    assert told(app, MAP)["pick"] == "reach_saved/asino"
    assert not app.toast


def test_the_map_is_divided_and_made_one_again() -> None:
    app = choose(reach(), "split", "swipe")
    assert address(app)["split"] == "swipe"
    on = {layer["id"] for layer in told(app, MAP)["on"]}
    assert {"reach_before", "reach_after"} <= on
    assert "reach_gain" not in on
    split = told(app, MAP)["split"]
    assert split["mode"] == "swipe"
    assert embedded().record("scenarios", "before-works")["name_ru"] in split["before"]
    assert address(choose(app, "split", "side"))["split"] == "side"
    assert address(choose(app, "split", "one")) == PAGE


# --- editing ----------------------------------------------------------------------------------------


def test_the_season_is_an_edit_that_can_be_undone_and_redone() -> None:
    app = choose(reach(before="today", after="today"), "season", "winter")
    assert address(app) == {**PAGE, "before": "today", "after": "winter"}
    app = by_key(app, "undo")
    assert compared(app).after == "today"
    assert app.button(key="undo").disabled
    app = by_key(app, "redo")
    assert compared(app).after == "winter"
    assert app.button(key="redo").disabled
    app = by_key(app, "undo")
    app = choose(app, "season", "thaw")
    assert compared(app).after == "thaw"
    assert app.button(key="redo").disabled, "what was undone is gone after another edit"


def test_a_segment_is_closed_and_changed_and_let_go() -> None:
    app = reach(before="today", after="today", pick="roads/kap-stage-1-1")
    app = choose(app, "edit_state", "closed")
    assert compared(app).after == "kap-stage-1-1:closed"
    shown(app, "today", "kap-stage-1-1:closed")
    app = change(app.number_input(key="edit_speed"), 45.0)
    assert compared(app).after == "kap-stage-1-1:closed,v45"
    app = choose(app, "edit_state", "as_is")
    app = change(app.selectbox(key="edit_surface"), "gravel")
    assert compared(app).after == "kap-stage-1-1:v45,sgravel"
    app = by_key(app, "drop_kap-stage-1-1")
    assert compared(app).after == "today"
    for expected in ("kap-stage-1-1:v45,sgravel", "kap-stage-1-1:v45"):
        app = by_key(app, "undo")
        assert compared(app).after == expected


def test_the_cost_of_the_reader_comes_back_with_what_it_was_given_for() -> None:
    app = choose(reach(before="today", after="third-bridge", cost="77"), "season", "winter")
    assert "cost" not in address(app)
    app = change(app.number_input(key="own_cost_mln_rub"), 5.0)
    app = by_key(app, "undo")
    assert (compared(app).after, compared(app).cost_mln_rub) == ("third-bridge", 77)
    app = by_key(app, "redo")
    assert compared(app).after.startswith("season:winter")
    assert compared(app).cost_mln_rub == 5


def test_whatever_is_compared_instead_can_be_undone() -> None:
    app = change(reach().selectbox(key="after"), "stage-1")
    app = change(app.selectbox(key="before"), "today")
    app = change(app.selectbox(key="question"), "third-bridge")
    for before, after in (("today", "stage-1"), ("before-works", "stage-1"), ("before-works", "stage-3")):
        app = by_key(app, "undo")
        assert (compared(app).before, compared(app).after) == (before, after)
    assert app.button(key="undo").disabled
    for _ in range(3):
        app = by_key(app, "redo")
    assert address(app) == {**PAGE, "before": "today", "after": "third-bridge"}
    assert app.button(key="redo").disabled


def test_a_scenario_that_is_opened_or_brought_can_be_undone(folder: Path) -> None:
    SqliteShelf(folder).put(f"{KIND}:{HOME_NETWORK}", "Мост", "season:thaw;name:x")
    app = press(reach(before="today", after="winter"), "Мост")
    assert compared(app).after == "season:thaw;name:x"
    brought = Scenario.parse("kap-stage-1-1:closed", HOME_NETWORK).dump().encode()
    app = sound(app.file_uploader(key="scenario_file").set_value(("a.json", brought, "x")).run())
    assert compared(app).after == "kap-stage-1-1:closed"
    app = by_key(app, "undo")
    assert compared(app).after == "season:thaw;name:x"
    app = by_key(app, "undo")
    assert compared(app).after == "winter"


def test_all_edits_are_cleared() -> None:
    app = press(reach(after="before-works", before="today"), RU("reach.clear"))
    assert compared(app).after == "today"
    assert compared(by_key(app, "undo")).after == "before-works"


def test_edits_that_make_a_ready_scenario_are_called_by_its_name() -> None:
    app = reach(before="today", after="kap-stage-1-1:closed;third-tom-bridge-link:open")
    assert compared(by_key(app, "drop_kap-stage-1-1")).after == "third-bridge"


def test_a_drawn_line_becomes_a_road() -> None:
    app = press(reach(before="today", after="today", shape=LINE, show="report"), RU("reach.add_road"))
    assert address(app) == {**PAGE, "before": "today", "after": ROAD}
    assert not [*app.error, *app.warning]
    assert items(app, BOARD)
    app = by_key(app, "drop_new_0")
    assert compared(app).after == "today"
    assert compared(by_key(app, "undo")).after == ROAD


def test_a_road_that_joins_nothing_is_told() -> None:
    line = "line~1000:88.00000,57.00000;88.10000,57.10000"
    app = press(reach(before="today", after="today", shape=line), RU("reach.add_road"))
    assert len(app.warning) == 1
    assert RU("scenario_fault.crosses_nothing") in app.warning[0].value


def test_the_network_of_a_year_is_taken() -> None:
    app = change(reach(before="today", after="today").number_input(key="of_year"), 2019)
    app = press(app, RU("reach.take_year"))
    segments = {edit.segment for edit in edits(app).changes}
    assert {s for s in segments if s.startswith("kap")} == {
        "kap-stage-2-1", "kap-stage-2-2", "kap-stage-2-3", "kap-stage-3-1", "kap-stage-3-2",
    }  # fmt: skip


# --- figures of the reader --------------------------------------------------------------------------


def test_own_figures_change_the_board() -> None:
    plain = items(reach(), BOARD)
    app = change(reach().number_input(key="own_trips_year"), 24.0)
    assert address(app) == {**PAGE, "trips": "24"}
    assert items(app, BOARD)["tile_worth"]["figure"] != plain["tile_worth"]["figure"]
    app = change(app.number_input(key="own_cost_mln_rub"), 0.0)
    assert address(app) == {**PAGE, "trips": "24", "cost": "0"}
    app = change(app.number_input(key="own_trips_year"), None)
    assert address(app) == {**PAGE, "cost": "0"}


def test_every_figure_that_an_address_may_hold_opens() -> None:
    """More than the fields of the side bar take, and as little as nothing."""
    for figures in ({"cost": "9000000", "trips": "5000", "hour": "50000"}, {"cost": "0.001", "hour": "0"}):
        app = reach(**figures)
        assert not [*app.error, *app.warning]
        assert address(app) == PAGE | figures
        assert items(app, BOARD)


# --- addresses --------------------------------------------------------------------------------------


def test_a_link_that_cannot_be_read_is_told_and_put_right() -> None:
    bad = {
        "before": "no name", "after": "season:autumn", "goal": "К Томску", "split": "half", "cost": "-5",
        "trips": "nan", "hour": "много", "pick": "reach_saved/nowhere",
    }  # fmt: skip
    app = reach(**bad)
    assert address(app) == PAGE
    (toast,) = app.toast
    for key in bad:
        assert RU.table("entry")[key] in toast.value
    assert items(app, BOARD)


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_scenario_that_is_not_there_is_told_and_another_can_be_chosen(side: str) -> None:
    app = reach(**{side: "unheard"})
    assert texts(app.error) == [RU("reach.unusable")]
    assert items(app, BOARD) == {}
    assert MAP in components(app)
    app = change(app.selectbox(key="question"), "closed-bridge")
    assert address(app) == {**PAGE, "before": "today", "after": "closed-bridge"}
    assert not app.error


def test_a_scenario_that_is_not_there_can_be_edited_anew() -> None:
    app = choose(reach(after="unheard", before="today"), "season", "winter")
    assert compared(app).after == "winter"


@pytest.mark.parametrize("goal", ["unheard", "roads"])
def test_a_goal_that_is_none_is_told(goal: str) -> None:
    app = reach(goal=goal)
    assert app.toast or app.error
    app = change(app.selectbox(key="goal"), "hospitals")
    assert compared(app).goal == "hospitals"
    assert set(items(app, BOARD))


@pytest.mark.parametrize("page", ["reach", "explore"])
def test_a_network_that_is_not_there_is_told(page: str) -> None:
    app = opened(page, net="unheard", on="reach_saved,roads")
    assert app.error or app.toast or app.warning or app.info or MAP in components(app)


def test_a_segment_that_is_gone_is_told_and_the_rest_is_applied() -> None:
    app = reach(before="today", after="kap-stage-9-9:closed;kap-stage-1-1:v30")
    (warning,) = texts(app.warning)
    assert warning.startswith(RU("reach.not_applied"))
    assert "kap\\-stage\\-9\\-9" in warning
    assert RU("scenario_fault.segment") in warning
    there = results(embedded(), compared(app))
    assert there.person_minutes < 0
    assert items(app, BOARD)["tile_worth"]["figure"].startswith("−")
    app = by_key(app, "drop_kap-stage-9-9")
    assert not app.warning
    assert compared(app).after == "kap-stage-1-1:v30"


def test_hostile_names_are_only_text() -> None:
    app = reach(before="today", after="season:winter;name:%3Cscript%3Ealert%281%29%3C%2Fscript%3E%60%2A%2A")
    assert not [*app.error, *app.warning, *app.toast]
    assert "<script>" in items(app, BOARD)["tile_finding"]["figure"], "the board writes text, never markup"


def test_an_address_opens_on_other_pages_with_what_it_compares() -> None:
    params = {"before": "today", "after": "third-bridge"}
    app = opened("explore", on="reach_saved,reach_works", **params)
    assert address(app) == {"page": "explore", "on": "reach_saved,reach_works", **params}
    assert "after=third-bridge" in told(app, MAP)["computed"]
    assert "reach_works" in [on["id"] for on in told(app, MAP)["on"]]


@pytest.mark.parametrize("show", ["table", "report"])
@pytest.mark.parametrize("layer", ["reach_saved", "reach_after"])
def test_a_computed_layer_has_its_table_and_its_report(layer: str, show: str) -> None:
    shape = {"shape": "circle~40000:84.95000,56.48000"} if show == "report" else {}
    app = opened("explore", on=layer, show=show, lang="en", **shape)
    assert not app.error
    assert len(app.dataframe) > 0


def test_the_table_of_a_computed_layer_counts_the_records_of_its_comparison() -> None:
    app = opened("explore", on="reach_works", show="table", before="today", after="third-bridge")
    assert len(app.dataframe[0].value) == 1
    assert not any(RU("bottom.of_total", shown=1, total=7) in text for text in texts(app.caption))


# --- the shelf --------------------------------------------------------------------------------------


def save(app: AppTest, title: str, *, again: bool = False) -> AppTest:
    (field,) = [field for field in app.text_input if field.label == RU("kept.name")]
    field.set_value(title)
    if again:
        (box,) = [box for box in app.checkbox if box.label == RU("kept.overwrite")]
        box.set_value(True)
    return press(app, RU("kept.save"))


def kept(folder: Path) -> dict[str, str]:
    return {d.title: d.text for d in SqliteShelf(folder).all(f"{KIND}:{HOME_NETWORK}")}


def test_a_scenario_is_saved_and_opened(folder: Path) -> None:
    app = save(reach(before="today", after="third-bridge"), " Мой  мост ")
    assert list(kept(folder)) == ["Мой мост"]
    assert edits(app).changes == Scenario.parse("third-tom-bridge-link:open", HOME_NETWORK).changes
    assert len(app.toast) == 1
    other = reach(before="today", after="winter")
    (button,) = [button for button in other.button if button.label == "Мой мост"]
    other = sound(button.click().run())
    assert compared(other).after == kept(folder)["Мой мост"]
    assert "Мой" in items(other, BOARD)["tile_finding"]["figure"]
    assert (
        kept(folder)["Мой мост"] in other.selectbox(key="after").options or other.selectbox(key="after").value
    )


def test_a_title_is_not_used_twice_unless_told_to(folder: Path) -> None:
    app = save(reach(before="today", after="third-bridge"), "Мост")
    first = kept(folder)
    app = save(reach(before="today", after="winter"), "Мост")
    assert texts(app.error) == [RU("shelf_fault.exists")]
    assert kept(folder) == first
    app = save(reach(before="today", after="winter"), "Мост", again=True)
    assert not app.error
    assert kept(folder)["Мост"].startswith("season:winter")


def test_a_title_is_needed(folder: Path) -> None:
    app = save(reach(before="today", after="winter"), "   ")
    assert texts(app.error) == [RU("shelf_fault.title", most=MOST_NAME)]
    assert kept(folder) == {}


def test_a_title_is_as_long_as_it_is_kept(folder: Path) -> None:
    """The field takes no more letters than a scenario keeps, and the fault names as many."""
    app = reach(before="today", after="winter")
    (field,) = [field for field in app.text_input if field.label == RU("kept.name")]
    assert field.proto.max_chars == MOST_NAME
    save(app, "я" * MOST_NAME)
    assert list(kept(folder)) == ["я" * MOST_NAME]


def test_today_can_be_saved_too(folder: Path) -> None:
    save(reach(before="today", after="today"), "Как есть")
    assert list(kept(folder)) == ["Как есть"]


def test_a_scenario_is_deleted_and_brought_back(folder: Path) -> None:
    save(reach(before="today", after="winter"), "Зима 2")
    (document,) = SqliteShelf(folder).all(f"{KIND}:{HOME_NETWORK}")
    app = by_key(reach(), f"drop_kept_{document.id}")
    assert kept(folder) == {}
    app = press(app, RU("kept.restore", title="Зима 2"))
    assert list(kept(folder)) == ["Зима 2"]
    assert not any(b.label == RU("kept.restore", title="Зима 2") for b in app.button)


def test_a_scenario_whose_title_is_in_use_again_is_not_brought_back(folder: Path) -> None:
    there = SqliteShelf(folder)
    document = there.put(f"{KIND}:{HOME_NETWORK}", "Мост", "season:winter")
    app = by_key(reach(), f"drop_kept_{document.id}")
    there.put(f"{KIND}:{HOME_NETWORK}", "Мост", "season:thaw")
    app = press(app, RU("kept.restore", title="Мост"))
    assert [toast.value for toast in app.toast] == [RU("kept.taken", title="Мост")]
    assert kept(folder) == {"Мост": "season:thaw"}


def test_what_cannot_be_read_on_the_shelf_is_passed_over(folder: Path) -> None:
    there = SqliteShelf(folder)
    there.put(f"{KIND}:{HOME_NETWORK}", "Плохой", "roads:flooded")
    there.put(f"{KIND}:{HOME_NETWORK}", "Хороший", "season:winter")
    labels = [button.label for button in reach().button]
    assert "Хороший" in labels
    assert "Плохой" not in labels


def test_a_shelf_that_cannot_be_used_is_told_and_the_page_goes_on(folder: Path) -> None:
    SqliteShelf(folder).path.write_bytes(b"no database at all" * 500)
    app = reach(before="today", after="winter")
    assert RU("shelf_fault.unusable") in texts(app.caption)
    assert items(app, BOARD)
    app = save(app, "Зима 2")
    assert RU("shelf_fault.unusable") in texts(app.error)


def test_a_shelf_that_breaks_when_a_scenario_is_deleted_is_told(folder: Path) -> None:
    there = SqliteShelf(folder)
    document = there.put(f"{KIND}:{HOME_NETWORK}", "Мост", "season:winter")
    app = reach()
    there.path.write_bytes(b"no database at all" * 500)
    for rest in folder.glob("*.sqlite-*"):
        rest.unlink()
    app = by_key(app, f"drop_kept_{document.id}")
    told_of: list[Any] = [*app.error, *app.toast, *app.caption]
    assert RU("shelf_fault.unusable") in texts(told_of)
