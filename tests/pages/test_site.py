"""Find a site as Streamlit runs it: purpose, steps, editor, what is drawn, kept and handed over."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from geo.grid import Grid
from geo.rasters import write
from geo.siting import Model
from layers.programme import boards as content
from layers.shelf import SETTING, SqliteShelf, shelf
from layers.siting import brought, rasters
from layers.siting.models import ready
from layers.siting.results import findings
from layers.sought import MOST_MINE, Sought
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from layers.view import MOST_SITES, View
from pages import _site_passport
from pages._site_model import BLANK, KIND
from tests.pages.boards import act, address, change, components, items, opened, sound, texts, told

BOARD, MAP, EDITOR = "site_board", "planner_map", "planner_model"
RU, EN = Words("ru"), Words("en")
SMALL = {"area": "84.900,56.400,85.100,56.550", "cell": "500"}
PLAIN = "c:distance.roads*60*lin~0~1~20000~0;c:distance.stations*40*lin~0~1~30000~0;t:0.5;a:25"
POLYGON = "polygon:84.95000,56.45000;85.00000,56.45000;85.00000,56.48000;84.95000,56.48000"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder, so that nobody's shelf is touched."""
    monkeypatch.setenv(SETTING, str(tmp_path))
    shelf.cache_clear()
    yield tmp_path
    shelf.cache_clear()


def site(**params: str) -> AppTest:
    return opened("site", **{"model": PLAIN, **SMALL, **params})


def view_of(app: AppTest) -> View:
    return View.parse(address(app), embedded().catalogue)[0]


def sought(app: AppTest) -> Sought:
    return view_of(app).query.sought


def model(app: AppTest) -> Model:
    text = sought(app).model
    return Model.parse(text) if ":" in text else ready(embedded())[text]


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    return sound(button.click().run())


def choose(app: AppTest, key: str, value: str) -> AppTest:
    return sound(app.button_group(key=key).set_value(value).run())


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_page_opens(store: EmbeddedStore, words: Words) -> None:
    app = site(lang=words.language)
    assert texts(app.title) == [words("site.title")]
    assert not [*app.error, *app.warning, *app.toast]
    assert {MAP, BOARD} <= set(components(app))
    assert told(app, BOARD)["items"] == content.items(store, view_of(app))
    assert "/site/tiles/{layer}/{z}/{x}/{y}.png?" in told(app, MAP)["tiles"]
    assert "model=" in told(app, MAP)["tiles"]
    assert words("passport.choose") in texts(app.caption)


def test_another_purpose_is_another_model_and_forgets_the_choice() -> None:
    app = site(pick="site_plots/plot-1", sites="site_plots/plot-1,site_plots/plot-2")
    app = change(app.selectbox(key="purpose"), "heritage-park")
    assert sought(app).model == "heritage-park"
    assert view_of(app).selected is None
    assert view_of(app).sites == ()


def test_a_blank_model_is_a_beginning() -> None:
    app = change(site().selectbox(key="purpose"), BLANK)
    assert len(model(app).criteria) == 1
    assert told(app, BOARD)["items"]


def test_amounts_are_asked_first_and_can_be_undone() -> None:
    app = site()
    app = change(app.number_input(key="site_least_ha"), 50.0)
    assert model(app).least_ha == 50
    app = change(app.number_input(key="need_power_kw"), 4000.0)
    assert model(app).needs.power_kw == 4000
    app = sound(app.button(key="undo").click().run())
    assert model(app).needs.power_kw is None
    assert model(app).least_ha == 50
    app = sound(app.button(key="redo").click().run())
    assert model(app).needs.power_kw == 4000


def test_must_haves_are_limits_and_greatest_distances() -> None:
    app = choose(site(), "site_step", "musts")
    app = change(app.checkbox(key="limit_river-itself"), True)
    assert [limit.norm for limit in model(app).limits] == ["river-itself"]
    app = change(app.number_input(key="must_distance.roads"), 3.0)
    (must,) = model(app).requirements
    assert (must.measure, must.low, must.high) == ("distance.roads", None, 3000)
    app = change(app.number_input(key="must_distance.roads"), None)
    assert model(app).requirements == ()
    app = change(app.checkbox(key="limit_river-itself"), False)
    assert sought(app).model == Model.parse(PLAIN).text()


def test_wishes_are_weights() -> None:
    app = choose(site(), "site_step", "wishes")
    app = choose(app, "wish_distance.stations", "none")
    assert [criterion.weight for criterion in model(app).criteria] == [60, 0]
    app = choose(app, "wish_distance.roads", "none")
    assert len(app.toast) == 1  # a model whose criteria all weigh nothing is none
    assert [criterion.weight for criterion in model(app).criteria] == [60, 0]


def test_the_steps_lead_forward_and_back() -> None:
    app = sound(site().button(key="site_next").click().run())
    assert app.button_group(key="site_step").value == "musts"
    app = sound(app.button(key="site_back").click().run())
    assert app.button_group(key="site_step").value == "amounts"


def editing(app: AppTest, text: str, number: int = 1) -> AppTest:
    """Run as after the editor said that this is the model now."""
    from streamlit.components.v2.bidi_component.main import _make_trigger_id
    from streamlit.proto.WidgetStates_pb2 import WidgetState

    news = WidgetState(
        id=_make_trigger_id(components(app)[EDITOR].id, "events"),
        json_trigger_value=json.dumps([{"event": "did", "value": {"number": number, "model": text}}]),
    )
    states = app._tree.get_widget_states()
    states.widgets.append(news)
    return sound(app._run(states))


def test_the_editor_has_the_model_and_what_it_says_is_sought() -> None:
    app = choose(site(), "site_mode", "expert")
    data = told(app, EDITOR)
    assert [one["measure"] for one in data["model"]["criteria"]] == ["distance.roads", "distance.stations"]
    assert data["measures"]["distance.roads"]["histogram"].startswith("/site/histogram.json?")
    app = editing(app, PLAIN.replace("*60*", "*90*"))
    assert model(app).criteria[0].weight == 90
    assert told(app, EDITOR)["heard"] == 1
    app = editing(app, "c:nonsense", 2)
    assert len(app.toast) == 1
    assert model(app).criteria[0].weight == 90


def test_a_plot_is_told_compared_and_let_go(store: EmbeddedStore) -> None:
    app = act(site(), BOARD, "pick=site_plots/plot-1")
    assert view_of(app).selected == "site_plots/plot-1"
    assert {"tile_chosen", "parts", "facts_limits", "facts_supplies"} <= set(items(app, BOARD))
    picks = [f"site_plots/{id_}" for id_ in store.query("site_plots", view_of(app).query).index]
    assert len(picks) > MOST_SITES
    for number, pick in enumerate(picks[: MOST_SITES + 1], start=2):
        app = act(app, BOARD, f"compare={pick}", number)
    assert list(view_of(app).sites) == picks[:MOST_SITES]
    assert {"compare", "insets"} <= set(items(app, BOARD))
    app = act(app, BOARD, f"compare={picks[0]}", 20)
    assert list(view_of(app).sites) == picks[1:MOST_SITES]
    app = act(app, BOARD, "compare=site_plots/unheard", 21)
    assert list(view_of(app).sites) == picks[1:MOST_SITES]


def test_a_drawn_outline_becomes_a_site_or_the_area(store: EmbeddedStore) -> None:
    app = press(site(shape=POLYGON), RU("site.judge_drawn"))
    assert sought(app).mine == (POLYGON,)
    assert view_of(app).selected == "site_mine/mine-1"
    assert view_of(app).shape is None
    assert len(store.query("site_mine", view_of(app).query)) == 1
    app = press(app, RU("site.drop_mine", n=1))
    assert sought(app).mine == ()
    assert view_of(app).selected is None
    app = press(site(shape=POLYGON), RU("site.search_drawn"))
    assert sought(app).area == (84.95, 56.45, 85.0, 56.48)
    (button,) = [button for button in app.button if button.label == RU("site.area_all")]
    assert not button.disabled


def test_more_sites_than_can_be_drawn_are_not_taken() -> None:
    mine = "|".join(f"circle~{200 + n}:84.98000,56.45000" for n in range(MOST_MINE))
    app = site(shape=POLYGON, mine=mine)
    (button,) = [button for button in app.button if button.label == RU("site.judge_drawn")]
    assert button.disabled


def test_cells_and_roads_are_sought_too() -> None:
    app = change(site().selectbox(key="site_cell"), 1000)
    assert sought(app).cell_m == 1000
    app = change(app.selectbox(key="site_roads"), "stage-3")
    assert sought(app).roads == "stage-3"


@pytest.mark.parametrize(
    "params",
    [
        {"model": "unheard"},
        {"model": "c:elevation.0123456789ab*1*lin~0~0~1~1"},
        {"model": f"{PLAIN};x:unheard"},
        {"roads": "unheard"},
    ],
)
def test_what_cannot_be_answered_is_told_with_a_way_out(params: dict[str, str]) -> None:
    app = site(**params)
    assert texts(app.error) == [RU("site.unusable")]
    app = press(app, RU("site.start_anew"))
    assert sought(app) == Sought()


@pytest.mark.parametrize(
    "params", [{"model": "c:broken"}, {"cell": "7"}, {"area": "1,2,3,4"}, {"mine": "line~1:85,56;85.1,56"}]
)
def test_what_cannot_be_read_is_told_and_put_right(params: dict[str, str]) -> None:
    app = site(**params)
    assert len(app.toast) == 1
    assert not set(params) & set(address(app))


def test_too_many_cells_are_told() -> None:
    app = site(area="72,53,94,63", cell="25")
    assert texts(app.error) == [RU("site.too_many_cells")]
    assert MAP not in components(app)


def test_computing_is_shown_stopped_and_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    app = site()
    missing = "|".join(job.digest for job in findings(embedded(), view_of(app).query).basis.jobs())
    monkeypatch.setattr(rasters.Job, "ready", property(lambda _: False))
    app.session_state["site_stopped"] = missing
    app = sound(app.run())
    assert RU("site.stopped") in texts(app.info)
    assert BOARD not in components(app)
    app = press(app, RU("site.go_on"))
    assert BOARD in components(app)


def kept(folder: Path) -> dict[str, str]:
    return {document.title: document.text for document in SqliteShelf(folder).all(KIND)}


def save(app: AppTest, title: str) -> AppTest:
    (field,) = [field for field in app.text_input if field.label == RU("kept.name")]
    field.set_value(title)
    return press(app, RU("kept.save"))


def test_a_model_is_kept_opened_deleted_and_brought_back(folder: Path) -> None:
    app = save(site(), " Мой  завод ")
    assert list(kept(folder)) == ["Мой завод"]
    assert model(app).name == "Мой завод"
    other = site(model="heritage-park")
    other = press(other, "Мой завод")
    assert model(other).name == "Мой завод"
    (document,) = SqliteShelf(folder).all(KIND)
    other = sound(other.button(key=f"drop_kept_{document.id}").click().run())
    assert kept(folder) == {}
    press(other, RU("kept.restore", title="Мой завод"))
    assert list(kept(folder)) == ["Мой завод"]


def bring(app: AppTest, document: str) -> AppTest:
    return sound(app.file_uploader(key="site_model_file").set_value(("m.json", document.encode(), "x")).run())


def test_a_model_is_taken_along_and_brought(folder: Path) -> None:
    told_of = Model.parse(PLAIN.replace("*60*", "*70*")).dump()
    app = bring(site(), told_of)
    assert model(app).criteria[0].weight == 70
    app = bring(site(), "no model")
    assert any(RU("site_model.bad_file") in text for text in texts(app.error))
    assert sought(app).model == PLAIN
    app = bring(site(), told_of.replace("distance.roads", "elevation.0123456789ab"))
    assert any(RU("model_fault.no_measure") in text for text in texts(app.error))


def raster(folder: Path, title: str) -> brought.Brought:
    grid = Grid.over((350_000.0, 6_240_000.0, 400_000.0, 6_290_000.0), 1000.0)
    path = folder / "draft.tif"
    cells = np.add.outer(np.arange(grid.rows), np.arange(grid.columns)).astype(np.float32)
    write(path, grid, cells[np.newaxis])
    return brought.keep(path, title, "a.tif", (0.0, float(cells.max())))


def test_a_raster_that_is_kept_can_be_measured_and_taken_away(folder: Path) -> None:
    one = raster(folder, "Рельеф")
    app = site(model=f"{PLAIN};c:slope.{one.name}*20*lin~0~1~30~0")
    assert not app.error
    assert any("Рельеф" in text for text in texts(app.caption))
    app = sound(app.button(key=f"drop_raster_{one.number}").click().run())
    assert texts(app.error) == [RU("site.unusable")]
    app = press(app, RU("kept.restore", title="Рельеф"))
    assert not app.error


def test_no_raster_is_told_what_is_wrong() -> None:
    app = site()
    app = sound(app.file_uploader(key="raster_file").set_value(("a.tif", b"no raster", "image/tiff")).run())
    assert RU("raster_fault.kind") in texts(app.error)


def test_a_passport_is_offered_for_what_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, bytes] = {}
    maker = _site_passport._maker

    def kept_maker(passport: Any, kind: str) -> Any:
        make = maker(passport, kind)
        made[kind] = make()
        return make

    monkeypatch.setattr(_site_passport, "_maker", kept_maker)
    app = site(pick="site_plots/plot-1")
    assert not app.error
    assert made["pdf"].startswith(b"%PDF-")
    assert made["html"].startswith(b"<!doctype html>") or made["html"].lower().startswith(b"<!doctype")
    assert made["gpkg"].startswith(b"SQLite format 3")
