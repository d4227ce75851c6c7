"""The fold "Own limits" of the page "Find a site": areas are brought, looked at, kept, used, removed."""

import json
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geo.errors import VectorError
from layers.shelf import SqliteShelf
from layers.siting import own_limits
from layers.siting.own_limits import OwnLimit
from layers.text import Words
from pages import _site_areas
from tests.pages.boards import address, items, opened, sound, texts

RU = Words("ru")
PLAIN = "c:distance.railways*3*lin~0~1~10000~0;c:minutes.tomsk*1*pw~10~1~40~0"
ADDRESS = {"area": "84.900,56.400,85.100,56.500", "cell": "500", "model": PLAIN}
AREA = shapely.box(372_500, 6_255_500, 378_500, 6_259_500)
Given = tuple[str, bytes]


@pytest.fixture(autouse=True)
def folder(shelf_folder: Path) -> Path:
    """An empty data folder, so that nobody's shelf, rasters and areas are touched."""
    return shelf_folder


def seek(**params: str) -> AppTest:
    return opened("site", **{**ADDRESS, **params})


def frame(*shapes: Any) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs="EPSG:32645")


def geojson(*shapes: Any) -> bytes:
    return frame(*(shapes or [AREA])).to_crs("EPSG:4326").to_json().encode()


def package(folder: Path, *layers: str) -> bytes:
    path = folder / "areas.gpkg"
    for layer in layers:
        frame(AREA).to_file(path, layer=layer, driver="GPKG")
    return path.read_bytes()


def shapefile(folder: Path, *endings: str) -> list[Given]:
    frame(AREA).to_file(folder / "бор.shp")
    return [(f"бор.{ending}", (folder / f"бор.{ending}").read_bytes()) for ending in endings]


def upload(app: AppTest, *files: Given) -> AppTest:
    given = [(name, content, "application/octet-stream") for name, content in files]
    return sound(app.file_uploader(key="areas_file").set_value(given).run())


def looking(app: AppTest) -> bool:
    """Whether areas are shown that may be kept."""
    return any(widget.key == "areas_title" for widget in app.text_input)


def keep(app: AppTest, accuracy_m: float | None = 600.0, **more: Any) -> AppTest:
    """Keep what is looked at."""
    if accuracy_m is not None:
        app.number_input(key="areas_accuracy").set_value(accuracy_m)
    for key, value in more.items():
        widgets = [*app.text_input, *app.radio, *app.checkbox]
        next(widget for widget in widgets if widget.key == f"areas_{key}").set_value(value)
    return sound(app.button(key=f"FormSubmitter:keep_areas-{RU('kept.save')}").click().run())


def press(app: AppTest, key: str) -> AppTest:
    return sound(app.button(key=key).click().run())


def only() -> OwnLimit:
    (one,) = own_limits.kept()
    return one


def told(app: AppTest) -> str:
    """What the captions say, without the marks that keep Markdown away."""
    return "\n".join(texts(app.caption)).replace("\\", "")


def test_areas_are_brought_looked_at_kept_and_used() -> None:
    app = upload(
        seek(), ("reserve.geojson", geojson(AREA, shapely.Point(375_000, 6_257_000), shapely.box(0, 0, 9, 9)))
    )
    assert not app.error
    assert RU("areas.read", n="1", km2="24") in told(app)
    assert RU("areas.outside", n="1") in told(app)
    assert RU("areas.left_out", n="1") in told(app)
    assert app.text_input(key="areas_title").value == "reserve"
    assert not own_limits.kept(), "it is looked at first"
    before = items(app, "site_board")["tile_share_excluded"]["figure"]
    app = keep(app, title="Заказник", effect="restricted")
    one = only()
    assert (one.title, one.origin, one.accuracy_m, one.effect) == (
        "Заказник", "reserve.geojson", 600.0, "restricted",
    )  # fmt: skip
    assert address(app)["model"] == f"{PLAIN};x:{one.id}"
    assert one.described(RU) in told(app)
    assert not looking(app)
    board = items(sound(app.run()), "site_board")
    assert board["tile_share_excluded"]["figure"] != before
    assert board["facts_constraints"]["rows"][0]["label"] == "Заказник"


def test_it_can_be_kept_without_being_used() -> None:
    app = keep(upload(seek(), ("a.geojson", geojson())), on=False)
    assert address(app)["model"] == PLAIN
    app.session_state["site_step"] = "musts"
    app = sound(app.run())
    box = app.checkbox(key=f"limit_{only().id}")
    assert not box.value
    app = sound(box.check().run())
    assert address(app)["model"] == f"{PLAIN};x:{only().id}"


def test_without_an_accuracy_nothing_is_kept() -> None:
    app = keep(upload(seek(), ("a.geojson", geojson())), None)
    assert texts(app.error) == [RU("areas_fault.accuracy")]
    assert own_limits.kept() == []
    assert looking(app)
    app = keep(app, 25.0)
    assert only().accuracy_m == 25.0


def test_what_is_removed_is_told_in_the_model_and_can_be_brought_back() -> None:
    app = keep(upload(seek(), ("a.geojson", geojson())), title="Бор *1*")
    one = only()
    app = press(seek(model=f"{PLAIN};x:{one.id}"), f"drop_areas_{one.number}")
    app = sound(app.run())
    assert own_limits.kept() == []
    assert texts(app.error) == [RU("site.unusable")]
    assert f"{one.id}: {RU('model_fault.no_norm')}" in told(app)
    app = sound(press(app, "restore_areas").run())
    assert only() == one
    assert not app.error
    app = press(press(app, f"drop_areas_{one.number}"), f"gone_{one.id}")
    app = sound(app.run())
    assert address(app)["model"] == PLAIN
    assert not app.error


def test_a_link_to_a_limit_of_another_planner_is_told() -> None:
    app = seek(model=f"{PLAIN};x:own-0123456789ab")
    assert texts(app.error) == [RU("site.unusable")]
    assert "own-0123456789ab" in told(app)


def test_one_of_several_layers_is_chosen(folder: Path) -> None:
    app = upload(seek(), ("areas.gpkg", package(folder, "parks", "licences")))
    assert texts(app.warning) == [RU("areas_fault.layers")]
    assert not looking(app)
    assert app.selectbox(key="areas_layers").options == ["parks", "licences"]
    app = sound(app.selectbox(key="areas_layers").select("parks").run())
    assert looking(app)
    assert not app.error


def test_a_system_is_chosen_where_the_file_names_none(folder: Path) -> None:
    app = upload(seek(), *shapefile(folder, "shp", "shx", "dbf"))
    assert texts(app.warning) == [RU("areas_fault.crs")]
    options = app.selectbox(key="areas_crs").options
    assert any("МСК-70" in option for option in options)
    app = sound(app.selectbox(key="areas_crs").select("WGS 84").run())
    assert texts(app.error) == [RU("areas_fault.outside")]
    app = sound(app.selectbox(key="areas_crs").select("UTM 45N").run())
    assert looking(app)
    assert not app.error


def test_all_parts_of_a_shapefile_at_once(folder: Path) -> None:
    app = upload(seek(), *shapefile(folder, "shp", "shx", "dbf", "prj", "cpg"))
    assert app.text_input(key="areas_title").value == "бор"
    keep(app)
    assert only().origin == "бор.shp"


VRT = (
    b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    b"</OGRVRTDataSource>"
)


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("kind", "a.geojson", VRT),
        ("kind", "a.gpkg", b"nothing of the kind"),
        ("kind", "a.geojson", b""),
        ("zip", "a.zip", b"PK\x03\x04"),
        ("no-areas", "a.geojson", geojson(shapely.LineString([(372_500, 6_255_500), (378_500, 6_255_500)]))),
        ("outside", "a.geojson", json.dumps(json.loads(geojson(shapely.box(0, 0, 9, 9)))).encode()),
        ("unreadable", "a.geojson", geojson()[:-40]),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_the_page_goes_on(
    code: str, name: str, content: bytes
) -> None:
    app = upload(seek(), (name, content))
    assert texts(app.error) == [RU(f"areas_fault.{code}")]
    assert not looking(app)
    assert items(app, "site_board")


def test_files_that_do_not_belong_together_are_told() -> None:
    app = upload(seek(), ("a.geojson", geojson()), ("b.geojson", geojson()))
    assert texts(app.error) == [RU("areas_fault.parts")]


def test_a_title_that_stands_is_only_overwritten_when_told() -> None:
    keep(upload(seek(), ("a.geojson", geojson())))
    app = keep(upload(seek(), ("a.geojson", geojson())), 30.0)
    assert texts(app.error) == [RU("areas_fault.exists")]
    assert only().accuracy_m == 600.0
    keep(app, 30.0, again=True)
    assert only().accuracy_m == 30.0


def test_a_shelf_that_cannot_be_used_is_told(folder: Path) -> None:
    SqliteShelf(folder).path.write_bytes(b"no database at all" * 500)
    app = seek()
    assert RU("areas_fault.unusable") in texts(app.error)
    assert items(app, "site_board")


def test_a_fault_of_another_kind_has_a_sentence() -> None:
    assert _site_areas._AREAS._told(VectorError("?", "unheard"), RU) == RU("areas_fault.other")
