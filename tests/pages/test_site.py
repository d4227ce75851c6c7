"""Find a site as Streamlit runs it: the model, what is found, keeping, rasters, what an address may hold."""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine
from streamlit.testing.v1 import AppTest

from geo.errors import RasterError
from geo.siting import MOST_NAME, Limit, Model, Requirement
from layers.programme import boards as content
from layers.shelf import SqliteShelf
from layers.siting import brought
from layers.siting.models import ready, written
from layers.siting.rasters import Job
from layers.siting.results import Findings, findings
from layers.siting.sites import sites
from layers.sought import CELLS_M, MOST_MINE, Sought
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from layers.view import MOST_SITES, View
from pages import _site_passport, site
from pages._shell import plain
from pages._site_guide import LEVELS, STEPS
from pages._site_model import BLANK, KIND
from tests.layers.siting.searches import pick as called
from tests.pages.boards import act, address, change, components, did, items, opened, sound, texts, told

BOARD, MAP, EDITOR = "site_board", "planner_map", "planner_model"
RU, EN = Words("ru"), Words("en")
AREA = {"area": "84.900,56.400,85.200,56.650", "cell": "500"}
"""Tomsk and the land to the east of it: a thousand and a half cells."""
PAGE = {"page": "site", **AREA}
PLAIN = "c:distance.railways*3*lin~0~1~10000~0;c:minutes.tomsk*1*pw~10~1~40~0"
"""Two criteria, no limit."""
LIMITED = f"{PLAIN};x:railway-itself"
TRIANGLE = "polygon:84.95000,56.45000;85.05000,56.45000;85.00000,56.50000"
MISSING = "c:raster.abcabcabcabc*10*lin~0~1~100~0"
"""A raster that nobody has brought."""


@pytest.fixture(scope="module")
def criteria(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where criteria are kept for all tests: each is named by the digest of all that it is made of."""
    return tmp_path_factory.mktemp("criteria")


@pytest.fixture(autouse=True)
def folder(shelf_folder: Path, criteria: Path) -> Path:
    """An empty data folder, so that nobody's shelf, rasters and areas are touched."""
    (shelf_folder / "criteria").symlink_to(criteria)
    return shelf_folder


def seek(**params: str) -> AppTest:
    return opened("site", **{**AREA, **params})


def plot(rank: int, model: str = PLAIN) -> str:
    """How an address names a plot that is found there."""
    view, _ = View.parse({**AREA, "page": "site", "model": model}, embedded().catalogue)
    return called(findings(embedded(), view.query), f"site_plots#{rank}")


def view_of(app: AppTest) -> View:
    return View.parse(address(app), embedded().catalogue)[0]


def sought(app: AppTest) -> Sought:
    """What the address seeks."""
    return view_of(app).query.sought


def model(app: AppTest) -> Model:
    return written(embedded(), sought(app).model)


def found(app: AppTest) -> Findings:
    return findings(embedded(), view_of(app).query)


def picks(app: AppTest, layer: str = "") -> list[str]:
    """The sites that are found, as an address names them."""
    return [one.pick for one in sites(found(app)) if one.pick.startswith(layer)]


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    return sound(button.click().run())


def by_key(app: AppTest, key: str) -> AppTest:
    return sound(app.button(key=key).click().run())


def choose(app: AppTest, key: str, value: str) -> AppTest:
    """Choose a part of a segmented control."""
    return sound(app.button_group(key=key).set_value(value).run())


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def edited(app: AppTest, text: str, number: int = 1) -> AppTest:
    """Run as after the editor in the browser has settled on a model."""
    return did(app, EDITOR, number=number, model=text)


def shown(app: AppTest) -> None:
    """The board is that of the address, and nothing is wrong."""
    assert not [*app.error, *app.warning, *app.toast]
    assert told(app, BOARD)["items"] == content.items(embedded(), view_of(app))


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_page_opens(store: EmbeddedStore, words: Words) -> None:
    app = seek(lang=words.language)
    assert texts(app.title) == [words("site.title")]
    shown(app)
    assert app.selectbox(key="purpose").value == "industrial-park"
    names = [str(store.record("models", id_)[f"name_{words.language}"]) for id_ in ready(store)]
    assert app.selectbox(key="purpose").options == [*names, words("site.blank")]
    assert words("passport.choose") in texts(app.caption)
    assert not app.get("link_button")[0].proto.disabled
    assert app.button(key="undo").disabled
    assert app.button(key="redo").disabled
    assert "/site/tiles/{layer}/{z}/{x}/{y}.png?" in told(app, MAP)["tiles"]
    on = [layer["id"] for layer in told(app, MAP)["on"]]
    assert on[0] == "site_score", "the suitability lies under everything"
    assert {"site_plots", "site_areas", "site_free", "site_mine"} <= set(on)


# --- the model --------------------------------------------------------------------------------------


def test_a_purpose_changes_the_address_and_clears_the_choice() -> None:
    app = seek(model=PLAIN, pick=plot(1), sites=f"{plot(1)},{plot(2)}")
    app = change(app.selectbox(key="purpose"), "timber-plant")
    assert address(app) == {**PAGE, "model": "timber-plant"}
    assert items(app, BOARD)["tile_finding"]["figure"] == app.selectbox(key="purpose").options[6]
    shown(app)
    app = by_key(app, "undo")
    assert sought(app).model == PLAIN
    app = by_key(app, "redo")
    assert sought(app).model == "timber-plant"


def test_one_starts_with_a_blank_model() -> None:
    app = change(seek().selectbox(key="purpose"), BLANK)
    assert address(app) == {**PAGE, "model": BLANK}
    shown(app)


def test_steps_are_walked_forward_and_back_and_change_nothing() -> None:
    app = seek()
    titles = [RU(f"site.step_{name}") for name in STEPS]
    assert [tab.label for tab in app.tabs] == titles
    assert app.session_state["site_step"] == titles[0]
    for name, title in zip(STEPS, titles[1:], strict=False):
        app = by_key(app, f"site_next_{name}")
        assert app.session_state["site_step"] == title
    app = by_key(app, f"site_back_{STEPS[-1]}")
    assert app.session_state["site_step"] == titles[-2]
    assert address(app) == PAGE


def test_the_least_area_is_an_edit_that_is_undone_and_redone() -> None:
    app = seek()
    was = model(app)
    app = change(app.number_input(key="site_least_ha"), 60.0)
    assert model(app) == replace(was, least_ha=60.0)
    shown(app)
    app = by_key(app, "undo")
    assert address(app) == PAGE, "the ready model is called by its name again"
    assert app.number_input(key="site_least_ha").value == was.least_ha
    app = by_key(app, "redo")
    assert model(app).least_ha == 60
    assert app.button(key="redo").disabled
    app = change(by_key(app, "undo").number_input(key="site_least_ha"), 30.0)
    assert app.button(key="redo").disabled, "what was undone is gone after another edit"


def test_needs_are_said_and_taken_back() -> None:
    app = seek(model=PLAIN)
    app = change(app.number_input(key="need_power_kw"), 5000.0)
    app = change(app.number_input(key="need_wagons_day"), 12.0)
    assert (model(app).needs.power_kw, model(app).needs.wagons_day) == (5000, 12)
    app = change(app.number_input(key="need_power_kw"), None)
    assert model(app).needs.power_kw is None
    app = by_key(by_key(by_key(app, "undo"), "undo"), "undo")
    assert sought(app).model == PLAIN


def test_a_limit_is_lifted_and_set_again() -> None:
    app = seek()
    was = model(app)
    assert {limit.norm for limit in was.limits} == {
        box.key.removeprefix("limit_") for box in app.checkbox if box.value and box.key.startswith("limit_")
    }
    norm = was.limits[0].norm
    app = change(app.checkbox(key=f"limit_{norm}"), False)
    assert model(app) == replace(was, limits=was.limits[1:])
    app = change(app.checkbox(key=f"limit_{norm}"), True)
    assert sought(app).model == "industrial-park"
    off = next(box.key for box in app.checkbox if box.key.startswith("limit_") and not box.value)
    app = change(app.checkbox(key=off), True)
    assert Limit(off.removeprefix("limit_")) in model(app).limits
    assert sought(by_key(app, "undo")).model == "industrial-park"


def test_a_must_have_excludes_and_is_let_go() -> None:
    app = seek(model=PLAIN)
    before = found(app).shares["excluded"]
    app = change(app.number_input(key="high_distance.railways"), 3.0)
    assert model(app).requirements == (Requirement("distance.railways", None, 3000.0),)
    assert found(app).shares["excluded"] > before
    shown(app)
    app = change(app.number_input(key="high_distance.railways"), None)
    assert sought(app).model == PLAIN
    app = by_key(app, "undo")
    assert app.number_input(key="high_distance.railways").value == 3.0


def test_a_must_have_keeps_its_least() -> None:
    app = seek(model=f"{PLAIN};r:distance.railways*200*5000")
    app = change(app.number_input(key="high_distance.railways"), None)
    assert model(app).requirements == (Requirement("distance.railways", 200.0, None),)


def test_what_is_better_far_away_is_demanded_to_be_far() -> None:
    app = seek(model="c:distance.railways*1*lin~0~0~10000~1")
    assert "high_distance.railways" not in {box.key for box in app.number_input}
    app = change(app.number_input(key="low_distance.railways"), 2.0)
    assert model(app).requirements == (Requirement("distance.railways", 2000.0, None),)
    shown(app)


def test_what_is_often_demanded_is_offered_to_every_model() -> None:
    app = seek(model="c:minutes.tomsk*1*pw~10~1~40~0")
    app = change(app.number_input(key="high_distance.railways"), 5.0)
    assert model(app).requirements == (Requirement("distance.railways", None, 5000.0),)
    shown(app)
    assert app.number_input(key="high_distance.railways").value == 5.0


@pytest.mark.parametrize("level", ["none", "high"])
def test_a_wish_sets_a_weight(level: str) -> None:
    app = seek(model=PLAIN)
    app = choose(app, "wish_minutes.tomsk", level)
    was = Model.parse(PLAIN)
    assert [one.weight for one in model(app).criteria] == [was.criteria[0].weight, LEVELS[level]]
    shown(app)
    app = by_key(app, "undo")
    assert sought(app).model == PLAIN
    assert app.button_group(key="wish_minutes.tomsk").value == "low", (
        "what counts a little is not called none"
    )


def test_wishes_that_would_leave_nothing_are_told_and_change_nothing() -> None:
    app = seek(model=BLANK)
    app = choose(app, "wish_distance.roads", "none")
    assert address(app) == {**PAGE, "model": BLANK}
    (toast,) = app.toast
    assert RU("model_fault.weightless") in toast.value


def test_every_model_that_an_address_may_hold_can_be_walked_through() -> None:
    """More than the fields of the side bar take."""
    text = f"{PLAIN};r:distance.railways**2000000;u:power*1000000000;a:200000"
    app = seek(model=text)
    assert not [*app.error, *app.toast]
    assert address(app) == {**PAGE, "model": text}


# --- everything at once -----------------------------------------------------------------------------


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_editor_is_handed_the_model(words: Words) -> None:
    app = choose(seek(lang=words.language), "site_mode", "expert")
    data = told(app, EDITOR)
    assert (data["lang"], data["heard"]) == (words.language, 0)
    assert data["strings"] == words.table("model")
    asked = [one["measure"] for one in data["model"]["criteria"]]
    assert asked == [criterion.measure for criterion in model(app).criteria]
    assert set(asked) <= set(data["measures"])
    assert "cell=500" in data["measures"][asked[0]]["histogram"]
    assert {limit["norm"] for limit in data["model"]["limits"]} <= set(data["norms"])


def test_what_the_editor_settles_on_is_sought() -> None:
    app = choose(seek(), "site_mode", "expert")
    app = edited(app, PLAIN)
    assert address(app) == {**PAGE, "model": PLAIN}
    assert told(app, EDITOR)["heard"] == 1
    shown(app)
    app = edited(app, f"{PLAIN};t:0.5", number=2)
    assert model(app).threshold == 0.5
    assert sought(by_key(app, "undo")).model == PLAIN
    assert sought(by_key(app, "undo")).model == "industrial-park"


def test_what_makes_a_ready_model_is_called_by_its_name() -> None:
    app = choose(seek(model=PLAIN), "site_mode", "expert")
    app = edited(app, ready(embedded())["timber-plant"].text())
    assert sought(app).model == "timber-plant"


@pytest.mark.parametrize("text", ["", "nonsense", "c:distance.roads*0*lin~0~1~20000~0", "c:x*1"])
def test_a_broken_text_of_the_editor_is_told_and_changes_nothing(text: str) -> None:
    app = choose(seek(), "site_mode", "expert")
    app = edited(app, text)
    assert address(app) == PAGE
    assert len(app.toast) == 1
    assert told(app, EDITOR)["heard"] == 1, "the editor is not told to wait for ever"


def test_needs_stay_at_hand_beside_the_editor() -> None:
    app = choose(seek(model=PLAIN), "site_mode", "expert")
    app = change(app.number_input(key="need_gas_m3h"), 100.0)
    assert told(app, EDITOR)["model"]["needs"] == {"gas": 100.0}


# --- what is found ----------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", ["site_plots", "site_areas", "site_free"])
def test_a_chosen_site_has_its_tile_charts_and_lists(layer: str) -> None:
    pick = picks(seek(model=LIMITED), layer)[0]
    app = act(seek(model=LIMITED), BOARD, f"pick={pick}")
    assert address(app) == {**PAGE, "model": LIMITED, "pick": pick}
    board = items(app, BOARD)
    assert {"tile_chosen", "parts", "facts_limits", "facts_supplies"} <= set(board)
    assert board["tile_chosen"]["parts"][0]["act"] == f"compare={pick}"
    assert board["facts_limits"]["rows"]
    assert board["facts_supplies"]["rows"]
    assert told(app, MAP)["pick"] == pick
    assert RU("passport.choose") not in texts(app.caption)
    shown(app)


def test_any_cell_can_be_chosen() -> None:
    app = seek(pick="site_score/85.05000_56.50000")
    assert RU("site.cell", m=500) == items(app, BOARD)["tile_chosen"]["title"]
    shown(app)


@pytest.mark.parametrize(
    "pick", ["site_score/inf_inf", "site_score/x", "site_score/10.0_10.0", "site_plots/plot-99"]
)
def test_a_choice_that_is_not_there_is_told_and_let_go(pick: str) -> None:
    app = seek(pick=pick)
    assert address(app) == PAGE
    (toast,) = app.toast
    assert RU("entry.pick") in toast.value
    assert items(app, BOARD)


def test_sites_are_compared_four_at_most_and_removed() -> None:
    plots = picks(seek(model=PLAIN), "site_plots")
    assert len(plots) > MOST_SITES
    app = seek(model=PLAIN)
    for number, pick in enumerate(plots[: MOST_SITES + 1], start=1):
        app = act(app, BOARD, f"compare={pick}", number=number)
    assert view_of(app).sites == tuple(plots[:MOST_SITES])
    board = items(app, BOARD)
    assert len(board["insets"]["pictures"]) == MOST_SITES
    assert len(board["compare"]["table"]["rows"][0]["cells"]) == MOST_SITES + 2
    app = act(app, BOARD, f"pick={plots[MOST_SITES]}", number=9)
    (button,) = items(app, BOARD)["tile_chosen"]["parts"]
    assert button["text"] == RU("site.compare_full")
    for number, pick in enumerate(plots[:MOST_SITES], start=10):
        app = act(app, BOARD, f"compare={pick}", number=number)
    assert view_of(app).sites == ()
    assert not {"insets", "compare"} & set(items(app, BOARD))
    assert not app.toast


@pytest.mark.parametrize(
    "what", ["compare=site_plots/plot-99", "compare=", "compare=roads/x", "pick=site_free/none"]
)
def test_nonsense_from_the_board_changes_nothing(what: str) -> None:
    assert address(act(seek(), BOARD, what)) == PAGE


def test_a_place_that_another_search_does_not_find_is_let_go_without_a_reproach() -> None:
    app = seek(model=f"{PLAIN};t:0.5")
    last = picks(app, "site_plots")[-1]
    app = seek(model=f"{PLAIN};t:0.5", pick=last, sites=f"{last},site_score/85.05000_56.50000")
    app = change(app.number_input(key="site_least_ha"), 30_000.0)
    assert "pick" not in address(app)
    assert view_of(app).sites == ("site_score/85.05000_56.50000",)
    shown(app)


def test_a_place_that_stays_where_it_is_stays_chosen() -> None:
    app = seek(model=PLAIN, pick=plot(1))
    app = change(app.number_input(key="need_power_kw"), 777.0)
    assert view_of(app).selected == plot(1)
    shown(app)


# --- areas that are drawn ---------------------------------------------------------------------------


def test_a_drawn_outline_becomes_a_site_of_the_readers() -> None:
    app = seek(shape=TRIANGLE, show="report")
    app = press(app, RU("site.judge_drawn"))
    assert address(app) == {**PAGE, "mine": TRIANGLE, "pick": "site_mine/mine-1"}
    assert items(app, BOARD)["tile_chosen"]["title"] == RU("site.mine", n=1)
    shown(app)
    app = by_key(app, "drop_mine_0")
    assert address(app) == PAGE
    app = by_key(app, "undo")
    assert sought(app).mine == (TRIANGLE,)


def test_the_reader_has_so_many_areas_at_most() -> None:
    mine = "|".join(f"circle~{900 + n}:85.05000,56.50000" for n in range(MOST_MINE))
    app = seek(mine=mine, shape=TRIANGLE)
    (button,) = [button for button in app.button if button.label == RU("site.judge_drawn")]
    assert button.disabled
    assert button.proto.help == RU("site.mine_full", n=MOST_MINE)
    app = by_key(app, "drop_mine_0")
    assert len(sought(press(app, RU("site.judge_drawn"))).mine) == MOST_MINE


def test_a_drawn_outline_becomes_the_area_and_all_is_searched_again() -> None:
    app = seek(shape=TRIANGLE)
    app = press(app, RU("site.search_drawn"))
    assert address(app) == {**PAGE, "area": "84.950,56.450,85.050,56.500"}
    assert RU("site.area_set") in texts(app.caption)
    shown(app)
    app = by_key(app, "undo")
    assert address(app)["area"] == AREA["area"]
    app = seek(cell="1000")
    app = press(app, RU("site.area_all"))
    assert address(app) == {"page": "site", "cell": "1000"}
    assert RU("site.area_hint") in texts(app.caption)
    assert RU("site.area_all") not in labels(app)
    shown(app)


def test_a_circle_is_searched_in_its_bounds() -> None:
    app = press(seek(shape="circle~3000:85.05000,56.50000"), RU("site.search_drawn"))
    west, south, east, north = sought(app).area or (0, 0, 0, 0)
    assert (north - south) * 111_340 == pytest.approx(6_000, rel=0.03)
    assert (east - west) * 111_340 * np.cos(np.radians(56.5)) == pytest.approx(6_000, rel=0.03)


def test_an_area_beyond_the_plan_is_told() -> None:
    app = seek(shape="polygon:70.00000,53.00000;71.00000,53.00000;71.00000,54.00000")
    app = press(app, RU("site.search_drawn"))
    assert texts(app.toast) == [RU("site.area_outside")]
    assert address(app)["area"] == AREA["area"]


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ("circle~3000:90.00000,60.00000", RU("site.area_outside")),
        ("polygon:84.90,56.40;85.00,56.50;85.00,56.40;84.90,56.50", RU("shape_fault.crossing")),
    ],
)
def test_an_outline_that_cannot_be_judged_says_so(shape: str, told: str) -> None:
    app = press(seek(shape=shape), RU("site.judge_drawn"))
    assert texts(app.toast) == [told]
    assert view_of(app).query.sought.mine == ()
    assert view_of(app).selected is None


def test_a_line_is_no_area() -> None:
    app = seek(shape="line~1000:84.90000,56.50000;84.95000,56.60000")
    assert RU("site.draw_hint") in texts(app.caption)
    assert not {RU("site.judge_drawn"), RU("site.search_drawn")} & set(labels(app))


def test_cells_and_roads_change_the_address() -> None:
    app = seek()
    assert app.selectbox(key="site_cell").options == [RU("site.metres", n=m) for m in CELLS_M]
    app = change(app.selectbox(key="site_cell"), 1000)
    assert address(app) == {**PAGE, "cell": "1000"}
    shown(app)
    app = change(app.selectbox(key="site_roads"), "third-bridge")
    assert address(app) == {**PAGE, "cell": "1000", "roads": "third-bridge"}
    shown(app)
    app = by_key(by_key(app, "undo"), "undo")
    assert address(app) == PAGE


# --- what cannot be answered ------------------------------------------------------------------------


def test_a_model_that_cannot_be_read_is_told_and_the_ready_one_is_shown() -> None:
    app = seek(model="c:distance.roads*none", cell="7", mine="line~1:1,1", area="1,2,3")
    assert address(app) == {"page": "site"}
    (toast,) = app.toast
    for key in ("model", "cell", "mine", "area"):
        assert RU.table("entry")[key] in toast.value


@pytest.mark.parametrize("mode", ["guided", "expert"])
@pytest.mark.parametrize(
    "params",
    [{"model": "unheard"}, {"model": f"{PLAIN};x:unheard"}, {"model": MISSING}, {"roads": "unheard"}],
    ids=["model", "norm", "raster", "roads"],
)  # fmt: skip
def test_what_names_nothing_known_is_told_with_a_way_out(params: dict[str, str], mode: str) -> None:
    app = choose(seek(**params), "site_mode", mode)
    assert texts(app.error) == [RU("site.unusable")]
    assert BOARD not in components(app)
    app = press(app, RU("site.start_anew"))
    assert address(app) == {"page": "site"}
    shown(app)


@pytest.mark.parametrize("entry", [MISSING, "x:unheard", "r:raster.abcabcabcabc**5"])
def test_a_model_goes_on_without_what_is_not_there(entry: str) -> None:
    app = seek(model=f"{PLAIN};{entry}")
    assert texts(app.error) == [RU("site.unusable")]
    app = press(app, RU("model.remove"))
    assert address(app) == {**PAGE, "model": PLAIN}
    shown(app)
    assert RU("model.remove") not in labels(app)


def test_too_many_cells_are_told_and_larger_ones_help() -> None:
    app = seek(area="80,55,90,60", cell="25")
    assert texts(app.error) == [RU("site.too_many_cells")]
    assert not [key for key in components(app) if key == BOARD]
    app = change(app.selectbox(key="site_cell"), 1000)
    shown(app)


def test_a_network_that_is_not_there_is_told() -> None:
    app = seek(net="unheard")
    assert address(app) == PAGE
    (toast,) = app.toast
    assert RU("entry.net") in toast.value
    assert items(app, BOARD)


def test_limits_that_leave_nothing_are_told() -> None:
    app = seek(model=f"{PLAIN};r:distance.railways*900000*")
    notes = items(app, BOARD)["tile_finding"]["notes"]
    assert RU("site.nothing_left") in notes
    assert not [*app.error, *app.warning, *app.toast]


# --- rasters that are made --------------------------------------------------------------------------


def test_what_is_missing_is_made_and_what_was_stopped_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    app = seek()
    jobs = found(app).basis.jobs()
    made: list[str] = []
    monkeypatch.setattr(Job, "ready", property(lambda job: job.digest in made))
    monkeypatch.setattr(site, "held", lambda job: made.append(job.digest))
    app.session_state[site._STOPPED] = "|".join(job.digest for job in jobs)
    app = sound(app.run())
    assert texts(app.info) == [RU("site.stopped")]
    assert BOARD not in components(app)
    assert made == []
    app = press(app, RU("site.go_on"))
    assert made == [job.digest for job in jobs]
    assert RU("site.stop") not in labels(app), "the button goes with the last raster"
    shown(app)


def test_a_stop_is_heeded_and_another_search_is_not_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    real, stops = Job.ready.fget, []  # type: ignore[attr-defined]
    monkeypatch.setattr(Job, "ready", property(lambda job: not stops and real(job)))

    def held(job: Job) -> None:
        raise RasterError("the disk is full")

    app = seek(model=PLAIN)
    stops.append(True)
    monkeypatch.setattr(site, "held", held)
    app = sound(app.run())
    (error,) = texts(app.error)
    assert error == RU("site.no_raster", what=plain(found(app).measures[0].title(embedded(), RU)))
    assert RU("site.stop") in labels(app)
    app = press(app, RU("site.stop"))
    assert texts(app.info) == [RU("site.stopped")]
    assert not app.error
    app = change(app.selectbox(key="site_cell"), 1000)
    assert not app.info, "only what was stopped is stopped"


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_progress_names_measures_and_norms(words: Words) -> None:
    missing = found(seek())
    named = {site._title(missing, job, words) for job in missing.basis.jobs()}
    titles = {plain(of.title(embedded(), words)) for of in missing.measures}
    records = [embedded().record("norms", limit.norm) for limit in missing.model.limits]
    norms = {plain(str(record[f"name_{words.language}"])) for record in records}
    assert norms <= named <= norms | titles


# --- keeping and exchanging -------------------------------------------------------------------------


def save(app: AppTest, title: str, *, again: bool = False) -> AppTest:
    (field,) = [field for field in app.text_input if field.label == RU("kept.name")]
    field.set_value(title)
    if again:
        (box,) = [box for box in app.checkbox if box.label == RU("kept.overwrite")]
        box.set_value(True)
    return press(app, RU("kept.save"))


def kept(folder: Path) -> dict[str, str]:
    return {document.title: document.text for document in SqliteShelf(folder).all(KIND)}


def test_a_model_is_saved_and_opened(folder: Path) -> None:
    app = save(seek(model=PLAIN), " Моя  модель ")
    assert list(kept(folder)) == ["Моя модель"]
    assert model(app) == replace(Model.parse(PLAIN), name="Моя модель")
    assert len(app.toast) == 1
    assert items(app, BOARD)["tile_finding"]["figure"] == "Моя модель"
    other = seek()
    assert "Моя модель" in other.selectbox(key="purpose").options
    other = press(other, "Моя модель")
    assert sought(other).model == kept(folder)["Моя модель"]
    assert sought(by_key(other, "undo")).model == "industrial-park"


def test_a_title_is_not_used_twice_unless_told_to(folder: Path) -> None:
    save(seek(model=PLAIN), "Модель")
    first = kept(folder)
    app = save(seek(), "Модель")
    assert texts(app.error) == [RU("shelf_fault.exists")]
    assert kept(folder) == first
    app = save(seek(), "Модель", again=True)
    assert not app.error
    assert kept(folder) != first


def test_a_title_is_needed(folder: Path) -> None:
    app = save(seek(model=PLAIN), "   ")
    assert texts(app.error) == [RU("shelf_fault.title", most=MOST_NAME)]
    assert kept(folder) == {}
    assert sought(app).model == PLAIN


def test_a_model_is_deleted_and_brought_back(folder: Path) -> None:
    save(seek(model=PLAIN), "Модель")
    (document,) = SqliteShelf(folder).all(KIND)
    app = by_key(seek(), f"drop_kept_{document.id}")
    assert kept(folder) == {}
    app = press(app, RU("kept.restore", title="Модель"))
    assert list(kept(folder)) == ["Модель"]
    assert RU("kept.restore", title="Модель") not in labels(app)


def test_what_cannot_be_read_on_the_shelf_is_passed_over(folder: Path) -> None:
    there = SqliteShelf(folder)
    there.put(KIND, "Плохая", "c:nothing")
    there.put(KIND, "Хорошая", PLAIN)
    app = seek()
    assert "Хорошая" in labels(app)
    assert "Плохая" not in [*labels(app), *app.selectbox(key="purpose").options]


def test_a_shelf_that_cannot_be_used_is_told_and_the_page_goes_on(folder: Path) -> None:
    SqliteShelf(folder).path.write_bytes(b"no database at all" * 500)
    app = seek()
    assert RU("shelf_fault.unusable") in texts(app.caption)
    assert items(app, BOARD)
    assert RU("shelf_fault.unusable") in texts(save(app, "Модель").error)


def downloads(app: AppTest) -> dict[str, Any]:
    return {button.proto.label: button.proto for button in app.get("download_button")}


def bring(app: AppTest, content: bytes, name: str = "model.json") -> AppTest:
    return sound(app.file_uploader(key="site_model_file").set_value((name, content, "x")).run())


def test_a_model_is_taken_along_and_brought_back() -> None:
    assert RU("kept.export") in downloads(seek())
    dumped = replace(Model.parse(PLAIN), name="Из файла").dump().encode()
    app = bring(seek(), dumped)
    assert model(app) == Model.load(dumped.decode())
    assert items(app, BOARD)["tile_finding"]["figure"] == "Из файла"
    assert texts(app.toast) == [RU("site_model.imported")]
    assert sought(by_key(app, "undo")).model == "industrial-park"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\xff\xfe", ""),
        (b"{", "document"),
        (b'{"kind": "road-scenario", "version": 1}', "kind"),
        (b'{"kind": "siting-model", "version": 1, "criteria": []}', "empty"),
        (Model.parse(MISSING).dump().encode(), "no_measure"),
        (Model.parse(f"{PLAIN};x:unheard").dump().encode(), "no_norm"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_model_is_told_and_changes_nothing(content: bytes, fault: str) -> None:
    app = bring(seek(), content)
    (error,) = texts(app.error)
    assert error.startswith(RU("site_model.bad_file"))
    assert not fault or RU(f"model_fault.{fault}") in error
    assert address(app) == PAGE
    assert items(app, BOARD)


# --- rasters of the reader --------------------------------------------------------------------------


def geotiff(crs: str | None = "EPSG:32645") -> bytes:
    """Heights that rise to the east over the area, in cells of 250 m."""
    cells = np.broadcast_to(100 + np.arange(120, dtype=np.float32), (140, 120)).copy()
    with warnings.catch_warnings(), rasterio.MemoryFile() as memory:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        place = {"crs": crs, "transform": Affine(250.0, 0.0, 365_000.0, 0.0, -250.0, 6_285_000.0)}
        size = {"count": 1, "height": 140, "width": 120, "dtype": "float32"}
        with memory.open(driver="GTiff", **size, **place) as raster:
            raster.write(cells, 1)
        return bytes(memory.read())


def upload(app: AppTest, content: bytes, name: str = "dem.tif") -> AppTest:
    return sound(app.file_uploader(key="raster_file").set_value((name, content, "image/tiff")).run())


def keep_raster(app: AppTest, title: str = "Рельеф") -> AppTest:
    """Keep the raster that is looked at."""
    field = [field for field in app.text_input if field.label == RU("kept.name")]
    assert len(field) == 2
    (form,) = [one for one in field if one.value == "dem"]
    form.set_value(title)
    return sound(app.button(key=f"FormSubmitter:keep_raster-{RU('kept.save')}").click().run())


def test_a_raster_is_brought_looked_at_kept_used_and_removed() -> None:
    app = upload(seek(), geotiff())
    assert not app.error
    assert any(RU("raster.span", low="100", high="219") in text for text in texts(app.caption))
    assert not brought.kept(), "it is looked at first"
    app = keep_raster(app)
    (one,) = brought.kept()
    assert (one.title, one.origin) == ("Рельеф", "dem.tif")

    app = choose(seek(), "site_mode", "expert")
    assert any(f"raster.{one.name}" in group["measures"] for group in told(app, EDITOR)["offered"])
    used = f"c:elevation.{one.name}*1*lin~100~0~220~1"
    app = edited(app, used)
    assert sought(app).model == used
    shown(app)
    assert found(app).measures[0].title(embedded(), RU) == RU("measure.elevation", what="Рельеф")

    app = by_key(app, f"drop_raster_{one.number}")
    assert not brought.kept()
    app = sound(app.run())
    assert texts(app.error) == [RU("site.unusable")]
    app = press(app, RU("kept.restore", title="Рельеф"))
    assert brought.kept()
    app = sound(app.run())
    shown(app)


def test_a_raster_that_cannot_be_brought_back_yet_can_be_tried_again() -> None:
    keep_raster(upload(seek(), geotiff()))
    (one,) = brought.kept()
    app = by_key(seek(), f"drop_raster_{one.number}")
    file = brought.path(one.name)
    away = file.rename(file.with_suffix(".away"))
    app = press(app, RU("kept.restore", title="Рельеф"))
    assert texts(app.toast) == [RU("raster_fault.gone")]
    away.rename(file)
    press(app, RU("kept.restore", title="Рельеф"))
    assert brought.kept() == [one]


def test_a_hostile_title_of_a_raster_is_only_text() -> None:
    keep_raster(upload(seek(), geotiff()), "**x** [y](http://z)")
    (one,) = brought.kept()
    app = seek(model=f"{PLAIN};c:slope.{one.name}*9*lin~0~1~30~0")
    shown(app)
    written_out = [*app.caption, *app.markdown, *app.number_input, *app.button_group]
    labelled = [getattr(node, "label", None) or getattr(node, "value", "") for node in written_out]
    assert not [text for text in labelled if "**x**" in str(text)]


def test_a_raster_without_a_system_is_read_when_it_is_named() -> None:
    app = upload(seek(), geotiff(crs=None))
    assert texts(app.warning) == [RU("raster.which_crs")]
    options = app.selectbox(key="raster_crs").options
    assert options
    (metres,) = [option for option in options if "UTM" in option and "45" in option]
    app = sound(app.selectbox(key="raster_crs").select(metres).run())
    assert not [*app.warning, *app.error]
    assert any(RU("raster.span", low="100", high="219") in text for text in texts(app.caption))


@pytest.mark.parametrize("content", [b"", b"no raster at all", geotiff()[:2000]])
def test_a_file_that_is_no_raster_is_told(content: bytes) -> None:
    app = upload(seek(), content)
    assert len(app.error) == 1
    assert app.error[0].value in RU.table("raster_fault").values()
    assert items(app, BOARD)


def test_a_title_of_a_raster_is_not_used_twice() -> None:
    keep_raster(upload(seek(), geotiff()))
    app = keep_raster(upload(seek(), geotiff()))
    assert texts(app.error) == [RU("raster_fault.exists")]
    assert len(brought.kept()) == 1


@pytest.mark.parametrize(("model", "idle"), [(PLAIN, False), ("c:distance.railways*1*lin~0~1~9000~0", True)])
def test_roads_that_change_nothing_are_said_to(model: str, idle: bool) -> None:
    assert (RU("site.roads_idle") in texts(seek(model=model).caption)) is idle


# --- passports --------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_passports_are_offered_for_a_chosen_site_only(words: Words) -> None:
    labels_of = {words(f"passport.{kind}") for kind in ("pdf", "html", "gpkg")}
    assert not labels_of & set(downloads(seek(lang=words.language)))
    app = seek(model=PLAIN, lang=words.language, pick=plot(1))
    assert labels_of <= set(downloads(app))
    assert words("passport.choose") not in texts(app.caption)


@pytest.mark.parametrize(
    ("kind", "begins"), [("pdf", b"%PDF-"), ("html", b"<!doctype html"), ("gpkg", b"SQLite format 3\x00")]
)
def test_each_passport_is_a_file_of_its_kind(kind: str, begins: bytes) -> None:
    app = seek(model=LIMITED, pick=plot(1, LIMITED), lang="en")
    chosen = next(one for one in sites(found(app)) if one.pick == plot(1, LIMITED))
    passport = _site_passport.Passport(found(app), view_of(app).query, chosen, EN)
    made = _site_passport._maker(passport, kind)()
    assert made[: len(begins)].lower() == begins.lower()
    assert len(made) > 10_000
