"""The card of a project as Streamlit runs it: chosen from the list, on the map, or by an address."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from layers.programme import boards as content
from layers.programme.figures import QUANTITIES
from layers.store import EmbeddedStore
from layers.text import Words
from layers.view import View
from tests.pages.boards import act, address, change, components, items, opened, texts, told

BOARD = "project_board"
RU, EN = Words("ru"), Words("en")
WHOLE = "projects/asino-timber-complex"
ROAD = "projects/road-kamayevka-asino-pervomayskoye"


def chooser(app: AppTest) -> Any:
    return app.selectbox(key="project")


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_without_a_project_the_page_asks_to_choose(store: EmbeddedStore, words: Words) -> None:
    app = opened("project", lang=words.language)
    assert texts(app.info) == [words("project.choose")]
    assert not components(app)
    assert chooser(app).value is None
    names = sorted(store.features("projects")[f"name_{words.language}"])
    assert chooser(app).options == names


def test_a_chosen_thing_that_is_no_project_asks_to_choose() -> None:
    app = opened("project", pick="bridges/shegarsky-bridge")
    assert texts(app.info) == [RU("project.choose")]
    assert chooser(app).value is None


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_card_opens(store: EmbeddedStore, words: Words) -> None:
    app = opened("project", lang=words.language, pick=WHOLE)
    record = store.record("projects", "asino-timber-complex")
    other = "en" if words.language == "ru" else "ru"
    assert texts(app.title) == [record[f"name_{words.language}"]]
    assert record[f"name_{other}"] in texts(app.caption)
    assert set(components(app)) == {"planner_map", BOARD}
    found = items(app, BOARD)
    assert [id_ for id_ in found if id_.startswith("tile_")] == [f"tile_{q}" for q in (*QUANTITIES, "slip")]
    assert {"money", "facts_facts", "facts_history", "facts_parts", "facts_sources"} <= set(found)
    board = told(app, BOARD)
    assert (board["print"], board["chips"]) == (words("board.print"), None)
    entries = {"page": "project", "lang": words.language, "pick": WHOLE}
    view, _ = View.parse(entries, store.catalogue)
    assert board["items"] == content.items(store, view)
    assert chooser(app).value == "asino-timber-complex"


def test_a_name_is_never_markup(store: EmbeddedStore) -> None:
    """A bracket or a star of a name is text to the title."""
    awkward = [id_ for id_, name in store.features("projects")["name_ru"].items() if set(name) & set("(.-")]
    app = opened("project", pick=f"projects/{awkward[0]}")
    assert texts(app.title)[0].replace("\\", "") == store.record("projects", awkward[0])["name_ru"]
    assert "\\" in texts(app.title)[0]


def test_a_project_is_chosen_from_the_list() -> None:
    app = change(chooser(opened("project")), "asino-chp")
    assert address(app) == {"page": "project", "pick": "projects/asino-chp"}
    assert items(app, BOARD)["facts_facts"]["rows"]
    app = change(chooser(app), None)
    assert address(app) == {"page": "project"}


def test_a_project_that_is_gone_is_told_and_put_right() -> None:
    app = opened("project", pick="projects/unheard")
    assert len(app.toast) == 1
    assert address(app) == {"page": "project"}
    assert texts(app.info) == [RU("project.choose")]


def test_filters_do_not_touch_the_card() -> None:
    plain = told(opened("project", pick=WHOLE), BOARD)["items"]
    app = opened("project", pick=WHOLE, f__park="medical", year="2001")
    assert [item for item in told(app, BOARD)["items"] if item["kind"] != "chart"] == [
        item for item in plain if item["kind"] != "chart"
    ]
    money = [item["table"] for item in told(app, BOARD)["items"] if item["kind"] == "chart"]
    assert money == [item["table"] for item in plain if item["kind"] == "chart"]


def test_a_part_leads_to_its_whole_and_back() -> None:
    app = opened("project", pick="projects/asino-chp")
    (whole,) = [row["act"] for row in items(app, BOARD)["facts_facts"]["rows"] if row.get("act")]
    assert whole == f"pick={WHOLE}"
    app = act(app, BOARD, whole)
    assert address(app) == {"page": "project", "pick": WHOLE}
    parts = [row["act"] for row in items(app, BOARD)["facts_parts"]["rows"]]
    assert "pick=projects/asino-chp" in parts


# --- the inset --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pick", [WHOLE, ROAD], ids=["a point", "a road"])
def test_the_map_looks_at_the_project(store: EmbeddedStore, pick: str) -> None:
    app = opened("project", pick=pick, on="rivers")
    spec = told(app, "planner_map")
    west, south, east, north = store.record("projects", pick.partition("/")[2])["geometry"].bounds
    lon, lat, zoom = spec["at"]
    assert west <= lon <= east
    assert south <= lat <= north
    assert 5 <= zoom <= 13
    assert (zoom < 13) == (east > west), "the whole of a road is seen"
    assert spec["pick"] == pick
    assert "projects" in [layer["id"] for layer in spec["on"]]
    assert "at" not in address(app)


def test_a_reader_who_has_moved_the_map_finds_it_there() -> None:
    app = opened("project", pick=WHOLE, at="57.00000,86.00000,12")
    assert told(app, "planner_map")["at"] == [86.0, 57.0, 12.0]


def test_the_next_project_is_looked_at_again() -> None:
    app = opened("project", pick="projects/asino-chp", at="57.00000,86.00000,12")
    app = act(app, BOARD, f"pick={WHOLE}")
    assert address(app) == {"page": "project", "pick": WHOLE}
