"""The board of the roadmap as Streamlit runs it: lanes, performers, gaps, the download."""

import pytest
from streamlit.testing.v1 import AppTest

from layers.programme.boards import measures
from layers.store import EmbeddedStore
from layers.text import Words
from layers.view import View
from tests.pages.boards import CROSSED, act, address, change, components, items, opened, texts, told

BOARD = "roadmap_board"
RU, EN = Words("ru"), Words("en")


def cards(app: AppTest) -> int:
    """How many measures stand in the lanes."""
    return sum(len(item["cards"]) for id_, item in items(app, BOARD).items() if id_.startswith("lane_"))


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_page_opens(store: EmbeddedStore, words: Words) -> None:
    app = opened("roadmap", lang=words.language)
    whole = len(store.records("measures"))
    assert texts(app.title) == [words("roadmap.title")]
    assert not [*app.error, *app.info, *app.toast]
    assert set(components(app)) == {BOARD}
    assert words.count("roadmap.n", whole) in texts(app.caption)
    found = items(app, BOARD)
    assert {"tile_gaps", "by_performer", "lane_overdue", "lane_implemented"} <= set(found)
    assert cards(app) == whole
    lanes = [item for item in told(app, BOARD)["items"] if item["kind"] == "lane"]
    assert lanes[0]["id"] == "lane_overdue", "the most pressing first"
    assert told(app, BOARD)["chips"] == []


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_download_is_offered(words: Words) -> None:
    (button,) = opened("roadmap", lang=words.language).get("download_button")
    assert button.proto.label == words("roadmap.download")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("f.measure_state", "implemented"),
        ("f.direction", "science_education"),
        ("f.performer", "oblast-administration"),
    ],
)
def test_a_filter_in_the_address_narrows_the_lanes(store: EmbeddedStore, key: str, value: str) -> None:
    app = opened("roadmap", **{key: value})
    view, _ = View.parse({"page": "roadmap", key: value}, store.catalogue)
    kept = len(measures(store, view))
    assert 0 < kept < len(store.records("measures"))
    assert cards(app) == kept
    assert RU.count("roadmap.n", kept) in texts(app.caption)
    chips = [chip["act"] for chip in told(app, BOARD)["chips"]]
    assert chips == [f"clear={key.removeprefix('f.')}", "clear=all"]


@pytest.mark.parametrize(
    ("key", "value", "let_go"),
    [
        ("f.park", "medical", "clear=park"),
        ("shape", "circle~20000:84.95,56.48", "clear=shape"),
    ],
)
def test_what_is_said_of_projects_narrows_the_lanes_and_is_shown(
    store: EmbeddedStore, key: str, value: str, let_go: str
) -> None:
    app = opened("roadmap", **{key: value})
    view, _ = View.parse({"page": "roadmap", key: value}, store.catalogue)
    kept = len(measures(store, view))
    assert 0 < kept < len(store.records("measures"))
    assert cards(app) == kept
    assert RU.count("roadmap.n", kept) in texts(app.caption)
    assert [chip["act"] for chip in told(app, BOARD)["chips"]] == [let_go, "clear=all"]
    app = act(app, BOARD, let_go)
    assert address(app) == {"page": "roadmap"}
    assert cards(app) == len(store.records("measures"))


def test_a_year_narrows_no_lane(store: EmbeddedStore) -> None:
    app = opened("roadmap", year="1995")
    assert cards(app) == len(store.records("measures"))
    assert told(app, BOARD)["chips"] == []


def test_a_shape_that_crosses_itself_is_told() -> None:
    app = opened("roadmap", shape=CROSSED)
    assert texts(app.error) == [RU("report.bad_shape")]
    assert not components(app)


def test_no_measure_is_told() -> None:
    app = opened("roadmap", f__direction="business_environment", f__measure_state="postponed")
    assert texts(app.info) == [RU("roadmap.nothing")]
    assert cards(app) == 0
    assert RU.count("roadmap.n", 0) in texts(app.caption)


def test_measures_are_filtered_by_what_they_and_their_projects_have() -> None:
    app = opened("roadmap", f__measure_state="planned")
    keys = {widget.key for widget in [*app.multiselect, *app.number_input]}
    assert {"filter_measure_state", "filter_performer", "filter_direction", "filter_park"} <= keys
    app = change(app.multiselect(key="filter_measure_state"), ["planned", "postponed"])
    assert address(app)["f.measure_state"] == "planned.postponed"


def test_a_performer_is_filtered_by_a_click_and_let_go_by_the_next() -> None:
    app = opened("roadmap")
    row = items(app, BOARD)["by_performer"]["table"]["rows"][0]
    app = act(app, BOARD, row["act"])
    assert address(app) == {"page": "roadmap", "f.performer": row["act"].partition("=")[2]}
    assert cards(app) == int(row["cells"][1])
    assert address(act(app, BOARD, row["act"], number=2)) == {"page": "roadmap"}


def test_a_measure_opens_the_card_of_its_project() -> None:
    app = opened("roadmap", lang="en")
    acts = [
        what["act"]
        for item in items(app, BOARD).values()
        if item["kind"] == "lane"
        for card in item["cards"]
        for what in card["acts"]
    ]
    assert acts
    app = act(app, BOARD, acts[0])
    assert address(app) == {"page": "project", "lang": "en", "pick": acts[0].removeprefix("open=")}
    assert set(components(app)) == {"planner_map", "project_board"}
    assert EN("board.print") == told(app, "project_board")["print"]
