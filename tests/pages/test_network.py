"""The fold "Road network" of the page "Roads and reach": bringing, choosing and removing a network."""

import ast
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from geo.errors import NetworkError
from geo.network import Access
from geo.road_import import Note
from geo.vector_files import LINES
from layers import shelf as shelves
from layers.catalog import LANGUAGES, Language
from layers.reach import base as bases
from layers.reach import networks, uploads
from layers.text import Words, messages
from pages import _network
from tests.pages.boards import address, change, opened, sound, texts

OSM = b"""<?xml version="1.0"?><osm version="0.6">
<node id="1" lon="84.95" lat="56.48"/><node id="2" lon="84.97" lat="56.48"/>
<node id="3" lon="84.99" lat="56.48"/>
<way id="5"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="maxspeed" v="60"/></way>
<way id="6"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="7"><nd ref="1"/><nd ref="3"/><tag k="highway" v="footway"/></way></osm>"""
BANS = ("ban-unclear", "ban-elsewhere", "ban-conditional", "ban-other-vehicles", "ban-over-way")
ROOT = Path(__file__).resolve().parents[2]
READING = uploads.Reading("made", Access(5.0, 1.22, 5000.0))


@pytest.fixture(autouse=True)
def folder(shelf_folder: Path) -> Path:
    return shelf_folder


def unfolded(**params: str) -> AppTest:
    app = opened("reach", lang="en", **params)
    app.session_state["fold_network"] = True
    return sound(app.run())


def bringing(name: str, content: bytes, kind: str = "application/octet-stream") -> AppTest:
    """The dialog with a file in it."""
    app = sound(unfolded().button(key="bring_network").click().run())
    return sound(app.file_uploader(key="network_file").set_value((name, content, kind)).run())


def lines(**columns: list[Any]) -> bytes:
    shapes = [shapely.LineString([(84.9 + n / 100, 56.5), (84.91 + n / 100, 56.5)]) for n in range(2)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326").to_json().encode()


def stored(folder: Path) -> list[str]:
    return [file.name for file in (folder / "networks").glob("*")]


def title_of(app: AppTest) -> Any:
    return next(widget for widget in app.text_input if widget.label == "Name of the network")


def saved(title: str = "Centre") -> AppTest:
    app = bringing("центр.osm", OSM)
    app = sound(app.button(key="network_look").click().run())
    title_of(app).set_value(title)
    return sound(app.button(key="network_save").click().run())


def test_a_network_is_previewed_saved_and_gone_to(folder: Path) -> None:
    app = bringing("центр.osm", OSM)
    assert title_of(app).value == "центр"
    assert not stored(folder)
    app = sound(app.button(key="network_look").click().run())
    told = " ".join(texts(app.caption))
    assert "2 segments" in told
    assert "footway" in told
    assert not stored(folder), "nothing is stored before it is confirmed"
    app = sound(app.button(key="network_save").click().run())
    (kept,) = networks.kept()
    held = address(app)
    assert held["net"] == kept.name
    assert (held["before"], held["after"]) == ("today", "today")
    assert "reach_network" in held["on"].split(",")
    assert "roads" not in held["on"].split(",")
    assert kept.about == networks.About("центр", "центр.osm", "WGS 84", "streets", True)
    assert app.selectbox(key="question").options == ["Winter", "Spring thaw"]


def test_what_is_discarded_leaves_nothing(folder: Path) -> None:
    app = bringing("центр.osm", OSM)
    app = sound(app.button(key="network_look").click().run())
    app = sound(app.button(key="network_discard").click().run())
    assert not stored(folder)
    assert networks.kept() == []
    assert "network_draft" not in app.session_state
    assert "net" not in address(app)


def test_columns_of_lines_are_guessed_and_may_be_chosen_otherwise(folder: Path) -> None:
    app = bringing("roads.geojson", lines(speed=[60, 70], kind=["III", "IV"], Surface=["gravel", "earth"]))
    assert app.selectbox(key="network_speed").value == "speed"
    assert app.selectbox(key="network_surface").value == "Surface"
    assert app.selectbox(key="network_category").value is None
    app = change(app.selectbox(key="network_category"), "kind")
    app = sound(app.button(key="network_look").click().run())
    app = sound(app.button(key="network_save").click().run())
    (kept,) = networks.kept()
    assert kept.about.joined == "roads"
    assert networks.opened(kept.name).category.tolist() == ["III", "IV"]


def test_after_a_change_of_settings_the_file_is_read_again_before_saving() -> None:
    app = bringing("roads.geojson", lines(speed=[60, 70]))
    app = sound(app.button(key="network_look").click().run())
    app = change(app.number_input(key="network_tolerance"), 5.0)
    assert [button for button in app.button if button.key == "network_save"] == []
    assert "have changed" in app.info[0].value


def test_a_layer_is_chosen_where_a_file_has_several(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    for layer in ("roads", "paths"):
        gpd.read_file(lines(a=[1, 2]).decode()).to_file(path, layer=layer, engine="pyogrio")
    app = bringing("two.gpkg", path.read_bytes())
    assert sorted(app.selectbox(key="network_layer").options) == ["paths", "roads"]
    assert not [button for button in app.button if button.key == "network_look"]
    app = change(app.selectbox(key="network_layer"), "roads")
    app = sound(app.button(key="network_look").click().run())
    assert app.button(key="network_save")


def test_a_system_is_chosen_where_a_file_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = gpd.read_file(lines(a=[1, 2]).decode()).to_crs(32645).set_crs(None, allow_override=True)
    monkeypatch.setattr(uploads, "lines_of", lambda content, layer=None: frame)
    app = bringing("bare.geojson", lines(a=[1, 2]))
    app = change(app.selectbox(key="network_crs"), "utm45")
    app = sound(app.button(key="network_look").click().run())
    assert app.button(key="network_save")


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("x.osm", b"not at all", "no roads that the program can read"),
        ("x.zip", b"PK\x03\x04 broken", "archive cannot be used"),
        ("x.geojson", b"<OGRVRTDataSource/>", "no roads that the program can read"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(name: str, content: bytes, part: str, folder: Path) -> None:
    app = bringing(name, content)
    assert part in app.error[0].value
    assert not stored(folder)


def test_an_extract_without_roads_is_told() -> None:
    app = bringing("x.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>')
    app = sound(app.button(key="network_look").click().run())
    assert "No road was found" in app.error[0].value


def test_a_fault_that_nobody_foresaw_is_told_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a library failed")

    monkeypatch.setattr(uploads, "from_osm", broken)
    app = bringing("x.osm", OSM)
    with caplog.at_level(logging.ERROR):
        app = sound(app.button(key="network_look").click().run())
    assert "became no network" in app.error[0].value
    assert "a library failed" in caplog.text


def test_a_full_disk_is_told_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(networks, "save", full)
    app = saved()
    assert "cannot be written" in app.error[0].value
    assert not stored(folder)
    assert networks.kept() == []
    assert "net" not in address(app)


def test_a_title_in_use_is_told_and_may_be_replaced_with_its_scenarios(folder: Path) -> None:
    first = kept_one()
    shelves.shelf().put(f"road-scenario:{first.name}", "mine", "w5-1:closed")
    app = saved()
    assert "There is a network of that name" in app.error[0].value
    app = change(app.checkbox(key="network_replace"), True)
    app = sound(app.button(key="network_save").click().run())
    (second,) = networks.kept()
    assert second.name != first.name
    assert [d.title for d in shelves.shelf().all(f"road-scenario:{second.name}")] == ["mine"]
    assert shelves.shelf().all(f"road-scenario:{first.name}") == []


def test_a_network_that_cannot_be_made_ready_replaces_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept_one()

    def broken(*_: Any) -> None:
        raise NetworkError("it cannot be indexed", "crowded")

    app = saved()
    app = change(app.checkbox(key="network_replace"), True)
    monkeypatch.setattr(bases, "_prepared", broken)
    app = sound(app.button(key="network_save").click().run())
    assert "Too many lines" in app.error[0].value
    assert networks.kept() == [first]
    assert stored(folder) == [f"{first.name}.npz"]
    assert "net" not in address(app)


def test_paths_of_a_layer_are_left_out_and_told() -> None:
    app = bringing("roads.geojson", lines(fclass=["primary", "footway"]))
    app = sound(app.button(key="network_look").click().run())
    told = " ".join(texts(app.caption))
    assert "1 segment," in told
    assert "1 way not for cars" in told


def about(title: str) -> networks.About:
    return networks.About(title, "f.osm", "WGS 84", "streets", False)


def kept_one(title: str = "Centre") -> networks.Kept:
    return networks.keep(uploads.from_osm(OSM, READING), about(title))


def test_a_network_is_chosen_and_left_again() -> None:
    kept = kept_one()
    app = change(unfolded().selectbox(key="network"), kept.name)
    assert address(app)["net"] == kept.name
    app = change(app.selectbox(key="network"), "tomsk")
    held = address(app)
    assert not {"net", "before", "after", "on"} & set(held), held


def test_a_segment_of_a_brought_network_is_edited_by_what_is_clicked() -> None:
    kept = kept_one()
    app = unfolded(net=kept.name, before="today", after="today", pick="reach_network/w5-1")
    assert "60 km/h now" in " ".join(texts(app.caption))
    states = next(control for control in app.segmented_control if control.key == "edit_state")
    assert "Before the works" not in states.options
    app = change(app.number_input(key="edit_speed"), 30.0)
    assert address(app)["after"] == "w5-1:v30"
    app = sound(app.button(key="undo").click().run())
    assert address(app)["after"] == "today"
    app = change(app.selectbox(key="network"), "tomsk")
    assert app.button(key="redo").disabled, "what was undone on another network stays there"


def test_a_network_is_removed_and_brought_back() -> None:
    kept = kept_one()
    app = unfolded(net=kept.name, before="today", after="today")
    app = sound(app.button(key="remove_network").click().run())
    assert networks.kept() == []
    assert "net" not in address(app)
    app = sound(app.button(key="restore_network").click().run())
    assert networks.kept() == [kept]
    assert address(app)["net"] == kept.name


def test_an_address_of_a_network_that_is_gone_says_so_and_offers_the_embedded_one() -> None:
    app = unfolded(net="lost-1", before="today", after="lost:closed")
    assert "lost-1" in app.error[0].value.replace("\\", "")
    assert address(app)["net"] == "lost-1"
    app = sound(app.button(key="take_home").click().run())
    assert not app.error
    assert not {"net", "before", "after"} & set(address(app))


def test_on_other_pages_a_network_that_is_gone_gives_way_to_the_embedded_one() -> None:
    app = opened("explore", net="lost-1", before="today", on="reach_saved,reach_network")
    assert "net" not in address(app)
    assert "дорожная сеть" in app.toast[0].value


def test_a_broken_file_of_a_network_is_told(folder: Path) -> None:
    kept = kept_one()
    (folder / "networks" / f"{kept.name}.npz").write_bytes(b"PK\x03\x04")
    app = unfolded(net=kept.name, before="today", after="today")
    assert "its file is broken" in app.error[0].value


def test_a_shelf_that_cannot_be_read_is_told(folder: Path) -> None:
    (folder / "planner.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 50)
    app = unfolded()
    assert "out of reach" in " ".join(texts(app.error))


# --- words -------------------------------------------------------------------------------------------


def calls(name: str, *paths: str) -> Iterator[ast.Call]:
    """The calls of something in some files of the project."""
    for path in paths:
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                yield node


READERS = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "geo/road_import").glob("*.py"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_network_has_its_sentence(language: Language) -> None:
    sources = [*READERS, "geo/network.py", "layers/reach/networks.py"]
    raised = [*calls("NetworkError", *sources), *calls("VectorError", "geo/vector_files.py")]
    given = [call.args[1] for call in raised if len(call.args) == 2]
    codes = {node.value for node in given if isinstance(node, ast.Constant)} | {LINES.none}
    of_shelf = {"title", "exists", "full", "unusable"}
    assert {"crs", "kept", "disk"} <= codes
    assert set(Words(language).table("network_fault")) == codes | of_shelf | {"other"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_of_an_import_has_its_sentence(language: Language) -> None:
    told = [call.args[0] for call in calls("notes.add", *READERS)]
    told += [call.args[4] for call in calls("understood", *READERS)]
    codes = {node.value for node in told if isinstance(node, ast.Constant)}
    codes |= {"closed", "area", "renamed", *BANS}
    known = {key.partition(".")[2] for key in messages(language) if key.startswith("network_note.")}
    assert known == codes | {"other"}
    for code in known - {"other"}:
        assert "1" in _network.note_text(Note(code, 1), Words(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_that_nobody_knows_have_a_sentence_too(language: Language) -> None:
    words = Words(language)
    assert _network.fault_text(NetworkError("x", "new"), words) == words("network_fault.other")
    assert "new" in _network.note_text(Note("new", 2), words)
    assert "w1" in _network.note_text(Note("closed", 1, ("w1",)), words)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, "0"), (1.0, "100"), (0.00001, "0.1"), (0.99999, "99.9"), (0.5, "50")]
)
def test_a_share_that_is_not_quite_all_is_not_told_as_all(share: float, expected: str) -> None:
    assert _network.percent(share, Words("en")) == expected


def test_what_files_say_is_never_read_as_markdown(folder: Path) -> None:
    evil = "[x](https://evil.example) **b**"
    kept = networks.keep(uploads.from_osm(OSM, READING), networks.About(evil, evil, "", "streets", False))
    app = unfolded(net=kept.name, before="today", after="today")
    assert not [text for text in texts(app.caption) if "](https" in text]
    assert json.dumps(address(app))
