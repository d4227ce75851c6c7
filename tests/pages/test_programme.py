"""The Programme page as Streamlit runs it: its headlines, its charts, and each click on them."""

import pytest
from streamlit.testing.v1 import AppTest

from layers.programme import boards as content
from layers.query import Condition, Query
from layers.store import EmbeddedStore
from layers.text import Words
from layers.view import View
from tests.pages.boards import CROSSED, act, address, change, components, items, opened, texts, told

BOARD = "programme_board"
RU, EN = Words("ru"), Words("en")
TILES = ["projects", "cost", "spent", "private", "jobs", "measures", "participants", "instruments", "issues"]
MEDICAL = Query(conditions=(Condition(field="park", values=("medical",)),))


def figures(app: AppTest) -> dict[str, str]:
    """The headlines by name."""
    return {id_: item["figure"] for id_, item in items(app, BOARD).items() if item["kind"] == "tile"}


def chips(app: AppTest) -> list[str]:
    return [chip["act"] for chip in told(app, BOARD)["chips"]]


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_page_opens(store: EmbeddedStore, words: Words) -> None:
    app = opened("programme", lang=words.language)
    assert texts(app.title) == [words("programme.title")]
    assert not [*app.error, *app.toast]
    assert set(components(app)) == {"planner_map", BOARD}
    assert list(figures(app)) == [f"tile_{name}" for name in TILES]
    assert figures(app)["tile_projects"] == words.number(len(store.features("projects")), 0)
    board = told(app, BOARD)
    assert (board["lang"], board["chips"], board["print"], board["heard"]) == (words.language, [], None, 0)
    assert store.digest in board["strings"]["stamp"]
    view, _ = View.parse({"page": "programme", "lang": words.language}, store.catalogue)
    assert board["items"] == content.items(store, view)


def test_a_filter_in_the_address_narrows_board_and_map(store: EmbeddedStore) -> None:
    whole, app = figures(opened("programme")), opened("programme", f__park="medical")
    kept = len(store.query("projects", MEDICAL))
    assert 0 < kept < len(store.features("projects"))
    assert figures(app)["tile_projects"] == RU.number(kept, 0)
    assert figures(app)["tile_cost"] != whole["tile_cost"]
    assert figures(app)["tile_participants"] == whole["tile_participants"]
    assert "f.park=medical" in told(app, "planner_map")["features"]
    assert chips(app) == ["clear=park", "clear=all"]
    own = [row for row in items(app, BOARD)["by_park"]["table"]["rows"] if row["on"]]
    assert [row["act"] for row in own] == ["park=medical"]
    assert len(items(app, BOARD)["by_park"]["table"]["rows"]) > 1


def test_a_year_and_a_shape_are_told_as_chips() -> None:
    app = opened("programme", year="2015", shape="circle~30000:84.95000,56.48000")
    assert chips(app) == ["clear=shape", "clear=year", "clear=all"]
    assert figures(app)["tile_projects"] != figures(opened("programme"))["tile_projects"]


def test_a_shape_that_crosses_itself_is_told() -> None:
    app = opened("programme", shape=CROSSED)
    assert texts(app.error) == [RU("report.bad_shape")]
    assert set(components(app)) == {"planner_map"}


def test_a_choice_of_nothing_still_has_its_board() -> None:
    app = opened("programme", f__cost_mln_rub="9999999~")
    assert figures(app)["tile_projects"] == "0"
    assert figures(app)["tile_cost"] == RU("no_data")
    assert items(app, BOARD)["treemap"]["table"]["rows"] == []


def test_a_click_on_a_bar_filters_and_the_second_lets_go(store: EmbeddedStore) -> None:
    app = act(opened("programme"), BOARD, "park=medical", number=5)
    assert address(app) == {"page": "programme", "f.park": "medical"}
    assert told(app, BOARD)["heard"] == 5
    assert figures(app)["tile_projects"] == RU.number(len(store.query("projects", MEDICAL)), 0)
    app = act(app, BOARD, "park=sport", number=6)
    assert address(app)["f.park"] == "medical.sport"
    app = act(app, BOARD, "park=medical", number=7)
    assert address(app)["f.park"] == "sport"
    assert address(act(app, BOARD, "park=sport", number=8)) == {"page": "programme"}


def test_a_click_on_a_project_chooses_it_and_leaves_the_board_as_it_is() -> None:
    app = opened("programme", f__park="medical")
    before = told(app, BOARD)["items"]
    app = act(app, BOARD, "pick=projects/nrmc-creation")
    assert address(app) == {"page": "programme", "f.park": "medical", "pick": "projects/nrmc-creation"}
    assert told(app, BOARD)["items"] == before
    assert told(app, "planner_map")["pick"] == "projects/nrmc-creation"


def test_the_parts_of_the_measures_lead_to_the_roadmap() -> None:
    app = opened("programme", lang="en")
    acts = {part["act"] for part in items(app, BOARD)["tile_measures"]["parts"]}
    app = act(app, BOARD, acts.pop())
    assert address(app) == {"page": "roadmap", "lang": "en"}
    assert texts(app.title) == [EN("roadmap.title")]


def test_what_is_let_go_goes_from_the_address() -> None:
    app = opened("programme", year="2015", f__park="medical", f__status="built")
    app = act(app, BOARD, "clear=park")
    assert address(app) == {"page": "programme", "year": "2015", "f.status": "built"}
    assert address(act(app, BOARD, "clear=all", number=2)) == {"page": "programme"}


def test_nonsense_from_a_board_leaves_the_page_as_it_is() -> None:
    app = act(opened("programme", f__park="medical"), BOARD, "nonsense=1")
    assert address(app) == {"page": "programme", "f.park": "medical"}
    assert not app.toast


def test_only_what_projects_have_can_be_filtered() -> None:
    app = opened("programme", f__park="medical")
    keys = {widget.key for widget in [*app.multiselect, *app.number_input]}
    assert "filter_park" in keys
    assert "filter_bodies" in keys
    assert not keys & {"filter_performer", "filter_measure_state"}
    app = change(app.multiselect(key="filter_park"), ["medical", "sport"])
    assert address(app)["f.park"] == "medical.sport"
