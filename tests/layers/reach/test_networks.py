import json
import os
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from weakref import ref

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.crs import WGS84, WORKING, transform
from geo.errors import NetworkError
from geo.network import BOTH, FERRY, Access, Network
from geo.road_import import MOST_SEGMENTS, SURFACES, FieldMap, Imported, Note, line_layers
from geo.road_import.osm import MOTOR_ROADS
from geo.scenario import Scenario
from layers import shelf as shelves
from layers.comparison import HOME_NETWORK, READERS_NETWORK, Comparison
from layers.furniture import counts
from layers.query import Query, applied
from layers.reach import base as bases
from layers.reach import networks, segments, uploads
from layers.reach.base import UnknownNetwork, access, base, speed_model
from layers.reach.networks import About, keep, kept, opened, remove, restore
from layers.reach.results import results
from layers.reach.scenarios import ready_for
from layers.reach.telling import Telling
from layers.shelf import MOST_TITLE
from layers.store import EmbeddedStore
from layers.text import Words
from tests.layers.test_routes import Client

ABOUT = About("Центр Томска", "центр.osm", "WGS 84", "streets", True)
EAST, NORTH = 372_000.0, 6_261_000.0
"""Amid Tomsk (EPSG:32645)."""


@pytest.fixture(autouse=True)
def folder(shelf_folder: Path) -> Path:
    return shelf_folder


def made(count: int = 4, ids: list[str] | None = None, kmh: float = float("nan"), **columns: Any) -> Imported:
    """A straight road of `count` segments of a kilometre each through Tomsk."""
    nodes = np.array([(EAST + 1000.0 * n, NORTH) for n in range(count + 1)])
    start = np.arange(count, dtype=np.int32)
    lines = np.array([shapely.LineString(nodes[[n, n + 1]]) for n in range(count)], object)
    texts = np.full(count, "", object)
    network = Network(
        name="made", ids=np.array(ids or [f"w1-{n + 1}" for n in range(count)], object),
        start=start, end=start + 1, nodes=nodes, lines=lines, length_m=np.full(count, 1000.0),
        speed_kmh=np.full(count, kmh), category=texts.copy(), surface=texts.copy(),
        oneway=np.full(count, BOTH, np.int8), there=np.ones(count, bool), before_kmh=np.full(count, np.nan),
        before_surface=texts.copy(), access=Access(5.0, 1.22, 5000.0),
    )  # fmt: skip
    return Imported(network.changed(**columns), (Note("closed", 2, ("w7",)),))


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "networks").glob("*"))


# --- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Центр Томска", "tsentr-tomska"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\x\x00y", "x-y"),
        ("///", ""),
        ("  ", ""),
        ("tomsk", "tomsk"),
        ("A" * 300, "a" * 40),
    ],
)
def test_a_slug_has_letters_digits_and_hyphens_only(text: str, expected: str) -> None:
    assert networks.slug(text) == expected


@pytest.mark.parametrize(
    "title", ["tomsk", "Tomsk", "../../x", "/etc/passwd", "сеть\x00", "…", "CON", "a" * 120]
)
def test_whatever_a_network_is_called_its_file_stays_in_the_folder(title: str, folder: Path) -> None:
    one = keep(made(), About(title, "f.osm", "", "roads", False))
    assert one.name != HOME_NETWORK
    assert files(folder) == [f"{one.name}.npz"]
    assert Comparison.parse({"net": one.name}) == (Comparison(network=one.name), [])


@pytest.mark.parametrize("name", ["../planner", "a/b", "", ".", "A", "a\x00", "/etc/passwd", "a--b"])
def test_what_is_no_name_opens_no_file(name: str) -> None:
    with pytest.raises(NetworkError) as caught:
        opened(name)
    assert caught.value.code == "kept"


def test_the_name_changes_with_everything_that_times_depend_on() -> None:
    first = made().network
    others = [
        made(kmh=60.0).network,
        first.changed(access=Access(40.0, 1.3, 15000.0)),
        first.changed(surface=np.full(4, "gravel", object)),
        first.changed(category=np.full(4, "trunk", object)),
        first.changed(oneway=np.ones(4, np.int8)), first.changed(ids=np.array(list("abcd"), object)),
        first.changed(bans=np.array([[0, 2]], np.int32)), first.changed(length_m=np.full(4, 999.0)),
    ]  # fmt: skip
    prints = {networks.fingerprint(network) for network in (first, *others)}
    assert len(prints) == len(others) + 1
    assert networks.fingerprint(made().network.changed(name="other")) == networks.fingerprint(first)


# --- keeping -----------------------------------------------------------------------------------------


def test_what_is_kept_comes_back_whole(folder: Path) -> None:
    imported = made()
    one = keep(imported, ABOUT)
    assert kept() == [one]
    assert networks.get(one.name) == one
    assert one.figures == imported.figures
    assert one.notes == imported.notes
    assert one.about == ABOUT
    network = opened(one.name)
    assert network.name == one.name
    assert network.ids.tolist() == imported.network.ids.tolist()
    assert network.access == imported.network.access


def test_a_title_in_use_is_only_replaced_when_told_to(folder: Path) -> None:
    first = keep(made(), ABOUT)
    with pytest.raises(NetworkError) as caught:
        keep(made(kmh=60.0), ABOUT)
    assert caught.value.code == "exists"
    assert files(folder) == [f"{first.name}.npz"]
    second = keep(made(kmh=60.0), ABOUT, replace=True)
    assert kept() == [second]
    assert second.name != first.name
    assert keep(made(kmh=60.0), ABOUT, replace=True).name == second.name


@pytest.mark.parametrize("title", ["", "   ", "x" * (MOST_TITLE + 1)])
def test_a_network_needs_a_title(title: str, folder: Path) -> None:
    with pytest.raises(NetworkError) as caught:
        keep(made(), About(title, "f.osm", "", "roads", False))
    assert caught.value.code == "title"
    assert files(folder) == []


def test_there_is_an_end_to_how_many_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "MOST_NETWORKS", 1)
    keep(made(), ABOUT)
    with pytest.raises(NetworkError) as caught:
        keep(made(), About("other", "", "", "roads", False))
    assert caught.value.code == "full"
    assert len(files(folder)) == 1


def test_there_is_an_end_to_how_much_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "MOST_FOLDER_BYTES", 10)
    with pytest.raises(NetworkError) as caught:
        keep(made(), ABOUT)
    assert caught.value.code == "full"
    assert files(folder) == []
    assert kept() == []


def test_a_full_disk_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(NetworkError) as caught:
        keep(made(), ABOUT)
    assert caught.value.code == "disk"
    assert files(folder) == []
    assert kept() == []


def test_a_shelf_that_fails_last_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise shelves.ShelfError("no", "unusable")

    monkeypatch.setattr(shelves.SqliteShelf, "put", broken)
    with pytest.raises(NetworkError) as caught:
        keep(made(), ABOUT)
    assert caught.value.code == "unusable"
    assert files(folder) == []


def test_a_file_that_reads_otherwise_than_it_was_written_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "save", lambda network, path: path.write_bytes(b"PK\x03\x04 half of it"))
    with pytest.raises(NetworkError) as caught:
        keep(made(), ABOUT)
    assert caught.value.code == "kept"
    assert files(folder) == []
    assert kept() == []


def test_a_document_that_cannot_be_read_is_left_out(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    one = keep(made(), ABOUT)
    bad = [
        "no json", "[]", "{}", json.dumps({"name": "../x", "about": {}, "figures": {}, "notes": []}),
        json.dumps({"name": "x", "about": {}, "figures": {}, "notes": []}),
    ]  # fmt: skip
    for number, text in enumerate(bad):
        shelves.shelf().put(networks.KIND, f"bad {number}", text)
    assert kept() == [one]
    assert "cannot be read" in caplog.text


def test_a_network_that_cannot_be_made_ready_is_not_kept_and_replaces_nothing(
    store: EmbeddedStore, folder: Path
) -> None:
    first, seen = keep(made(), ABOUT), list[str]()

    def unfit(network: Network) -> None:
        seen.append(network.name)
        raise NetworkError("it cannot be indexed", "other")

    for kmh in (60.0, float("nan")):
        with pytest.raises(NetworkError):
            keep(made(kmh=kmh), ABOUT, replace=True, ready=unfit)
        assert kept() == [first]
        assert files(folder) == [f"{first.name}.npz"]
    assert seen[1] == first.name
    assert len(base(store, first.name).network) == 4


def test_what_is_made_ready_before_it_is_kept_answers_at_once(store: EmbeddedStore) -> None:
    one = keep(made(), ABOUT, ready=partial(bases.make_ready, store))
    assert bases.is_ready(store, one.name)
    assert base(store, one.name).network.name == one.name


# --- removing ----------------------------------------------------------------------------------------


def test_what_is_removed_can_be_brought_back(store: EmbeddedStore) -> None:
    one = keep(made(), ABOUT)
    remove(one)
    assert kept() == []
    with pytest.raises(UnknownNetwork):
        base(store, one.name)
    restore(one)
    assert kept() == [one]
    assert base(store, one.name).network.name == one.name


def test_what_was_swept_away_cannot_be_brought_back(folder: Path) -> None:
    one = keep(made(), ABOUT)
    remove(one)
    (folder / "networks" / f"{one.name}.npz").unlink()
    with pytest.raises(NetworkError) as caught:
        restore(one)
    assert caught.value.code == "gone"
    assert kept() == []


def test_files_without_a_document_are_swept_away_a_day_later(folder: Path) -> None:
    first, second = keep(made(), ABOUT), keep(made(3), About("b", "", "", "roads", False))
    remove(first)
    old = time.time() - 2 * 24 * 3600
    part = folder / "networks" / ".x.npz-1.part"
    part.write_bytes(b"")
    for file in (folder / "networks").iterdir():
        os.utime(file, (old, old))
    remove(second)
    restore(second)
    keep(made(2), About("c", "", "", "roads", False))
    assert f"{first.name}.npz" not in files(folder)
    assert f"{second.name}.npz" in files(folder)
    assert not part.exists()


# --- asking ------------------------------------------------------------------------------------------


def test_old_orders_of_nodes_are_removed_with_a_network_that_is_swept_away(folder: Path) -> None:
    first = keep(made(), ABOUT)
    (folder / "orders").mkdir()
    days = {"order-a.npy": 91, "order-b.npy": 89}
    for name, age in days.items():
        (folder / "orders" / name).write_bytes(b"x")
        os.utime(folder / "orders" / name, (time.time() - age * 24 * 3600,) * 2)
    remove(first)
    keep(made(2), About("b", "", "", "roads", False))
    assert len(list((folder / "orders").iterdir())) == 2
    os.utime(folder / "networks" / f"{first.name}.npz", (1, 1))
    keep(made(3), About("c", "", "", "roads", False))
    assert [file.name for file in (folder / "orders").iterdir()] == ["order-b.npy"]


def test_a_network_is_made_ready_once_and_anew_when_its_file_changes(
    store: EmbeddedStore, folder: Path
) -> None:
    one = keep(made(), ABOUT)
    assert not bases.is_ready(store, one.name)
    first = base(store, one.name)
    assert base(store, one.name) is first
    assert bases.is_ready(store, one.name)
    os.utime(folder / "networks" / f"{one.name}.npz", (1, 1))
    assert base(store, one.name) is not first
    assert list((folder / "orders").iterdir())


def test_few_networks_are_held_at_once(store: EmbeddedStore) -> None:
    names = [keep(made(n), About(str(n), "", "", "roads", False)).name for n in range(2, 7)]
    for name in names:
        base(store, name)
    assert [bases.is_ready(store, name) for name in names] == [False, False, True, True, True]


def test_a_held_network_answers_while_another_is_made(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = keep(made(), ABOUT), keep(made(3), About("b", "", "", "roads", False))
    ready, prepared = base(store, one.name), bases._prepared
    making, free, count = Event(), Event(), []

    def slow(store: EmbeddedStore, network: Network) -> bases.Base:
        count.append(network.name)
        making.set()
        assert free.wait(30)
        return prepared(store, network)

    monkeypatch.setattr(bases, "_prepared", slow)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(base, store, other.name) for _ in range(2)]
        try:
            assert making.wait(30)
            assert pool.submit(base, store, one.name).result(10) is ready
        finally:
            free.set()
        first, second = (one.result(30) for one in asked)
    assert first is second
    assert count == [other.name]


def test_a_network_that_is_let_go_leaves_nothing_behind(store: EmbeddedStore) -> None:
    one = keep(made(), ABOUT)
    found = results(store, Comparison(network=one.name, before="today", after="today"))
    found.minutes("tomsk")
    held = ref(found.base)
    del found
    for number in range(2, 6):
        base(store, keep(made(number), About(str(number), "", "", "roads", False)).name)
    assert held() is None


def test_the_results_of_a_network_are_kept_as_long_as_they_are_asked_for(store: EmbeddedStore) -> None:
    held = base(store, keep(made(), ABOUT).name)
    count: list[int] = []

    def found(key: int) -> list[int]:
        return held.kept_results(key, lambda: (count.append(key), [key])[1])

    first = found(0)
    for key in range(1, 8):
        found(key)
        assert found(0) is first
    assert count == list(range(8))
    for key in range(8, 15):
        found(key)
    assert found(0) is first
    found(15)
    found(1)
    assert count == [*range(16), 1]
    with ThreadPoolExecutor(4) as pool:
        assert len({id(one) for one in pool.map(lambda _: held.kept_results("x", list), range(40))}) == 1


def test_what_cannot_be_found_is_not_kept(store: EmbeddedStore) -> None:
    held = base(store, keep(made(), ABOUT).name)

    def broken() -> None:
        raise UnknownNetwork("x")

    with pytest.raises(UnknownNetwork):
        held.kept_results("key", broken)
    assert held.kept_results("key", lambda: 1) == 1


def test_junctions_of_a_readers_network_take_time_and_those_of_the_embedded_one_none(
    store: EmbeddedStore,
) -> None:
    delay = store.record("assumptions", bases.JUNCTION)["value"]
    held = base(store, keep(made(), ABOUT).name)
    assert held.travel.model.junction_s == pytest.approx(delay)
    assert base(store).travel.model.junction_s == 0
    # A fourth segment that ends amid the others: who comes to its end waits.
    three = made(3, start=np.array([0, 1, 3], np.int32), end=np.array([1, 2, 1], np.int32))
    links = base(store, keep(three, About("b", "", "", "roads", False)).name).travel.links
    assert links[0] - links[1] == pytest.approx(delay * 1000, abs=1)


@pytest.mark.parametrize("name", ["nowhere", "../planner", "a b"])
def test_an_unknown_network_is_told(name: str, store: EmbeddedStore) -> None:
    with pytest.raises(UnknownNetwork):
        base(store, name)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY", b"x" * 500])
def test_a_broken_file_is_no_network(content: bytes, store: EmbeddedStore, folder: Path) -> None:
    one = keep(made(), ABOUT)
    (folder / "networks" / f"{one.name}.npz").write_bytes(content)
    with pytest.raises(UnknownNetwork):
        base(store, one.name)


def test_a_file_with_pickled_objects_is_refused(store: EmbeddedStore, folder: Path) -> None:
    one = keep(made(), ABOUT)
    path = folder / "networks" / f"{one.name}.npz"
    with np.load(path) as held:
        arrays = {key: held[key] for key in held.files}
    np.savez(path, **arrays | {"ids": np.array([object()], object)}, allow_pickle=True)
    with pytest.raises(UnknownNetwork):
        base(store, one.name)


def test_the_file_of_another_network_is_refused(store: EmbeddedStore, folder: Path) -> None:
    one, other = keep(made(), ABOUT), keep(made(3), About("b", "", "", "roads", False))
    (folder / "networks" / f"{one.name}.npz").write_bytes(
        (folder / "networks" / f"{other.name}.npz").read_bytes()
    )
    with pytest.raises(UnknownNetwork):
        base(store, one.name)


def test_a_folder_that_cannot_keep_the_order_does_not_hinder(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    one = keep(made(), ABOUT)
    (folder / "orders").write_text("in the way")
    assert len(base(store, one.name).network) == 4


def test_every_category_and_surface_of_an_import_has_a_speed(store: EmbeddedStore) -> None:
    model = speed_model(store)
    assert {*MOTOR_ROADS, FERRY, ""} <= set(model.category_kmh)
    assert set(SURFACES) <= set(model.surface_share)
    assert model.usual_kmh(FERRY, FERRY) == pytest.approx(5.0)


def test_places_walk_to_streets_and_drive_to_main_roads(store: EmbeddedStore) -> None:
    assert access(store, "streets") == Access(5.0, 1.22, 5000.0)
    assert access(store, "roads") == Access(40.0, 1.3, 15000.0)


# --- comparing ---------------------------------------------------------------------------------------


def asked(name: str, after: str = "today", before: str = "today") -> Query:
    return Query(comparison=Comparison(network=name, before=before, after=after))


def test_a_brought_network_is_edited_and_compared_like_the_embedded_one(store: EmbeddedStore) -> None:
    one = keep(made(), ABOUT)
    query = asked(one.name, "w1-2:v3")
    found = results(store, query.comparison)
    assert found.faults == ()
    works = store.query("reach_works", query)
    assert list(works.index) == ["w1-2"]
    assert works.loc["w1-2", "name_ru"] == "w1-2"
    assert works.loc["w1-2", "source_id"] == READERS_NETWORK
    assert READERS_NETWORK in store.query("reach_saved", query)["source_id"].iloc[0]
    assert found.times.loc["tomsk", "after"] == 0.0
    off = ~np.isfinite(found.times["after"])
    assert off.sum() > 150, "settlements beyond the limit of access are off the known roads"


def test_a_new_road_on_a_brought_network_keeps_its_own_name(store: EmbeddedStore) -> None:
    one = keep(made(), ABOUT)
    lon, lat = transform([EAST, EAST + 2000.0], [NORTH, NORTH + 50.0], WORKING, WGS84)
    road = ",".join(f"{value:.5f}" for point in zip(lon, lat, strict=True) for value in point)
    works = store.query("reach_works", asked(one.name, f"+{road}:v60,sasphalt"))
    assert list(works["name_en"]) == ["New road 1"]


def test_only_what_edits_no_segment_is_offered_on_a_brought_network(store: EmbeddedStore) -> None:
    assert ready_for(store, "other-1") == ["today", "winter", "thaw"]
    assert "stage-3" in ready_for(store, HOME_NETWORK)


def test_the_assumptions_are_those_of_the_network(store: EmbeddedStore) -> None:
    one = keep(made(), ABOUT)
    telling = Telling(results(store, asked(one.name).comparison), Words("en"))
    labels = [str(row["label"]) for row in telling.assumptions()]
    assert any("Road network" in label for label in labels)
    assert "Walking speed" in labels
    assert "Operating speed as a share of the limit" in labels
    home = [str(row["label"]) for row in Telling(results(store, Comparison()), Words("en")).assumptions()]
    assert "Walking speed" not in home


def test_the_segments_of_the_network_are_a_layer_whatever_is_compared(store: EmbeddedStore) -> None:
    one = keep(made(category=np.array(["trunk", "residential", "ferry", ""], object),
                    surface=np.array(["asphalt", "gravel", "ferry", ""], object)), ABOUT)  # fmt: skip
    query = asked(one.name, "w1-2:closed")
    layer = store.catalogue.layers["reach_network"]
    assert applied(layer, query) == applied(layer, asked(one.name, "w1-3:closed"))
    frame = store.query("reach_network", query)
    assert list(frame["speed_class"]) == ["from90", "slow", "ferry", "from50"]
    assert frame.geometry.crs.to_epsg() == 4326
    assert counts(store, "reach_network", query)["of"] == 4
    home = store.query("reach_network", Query())
    assert set(home.index) == set(store.features("roads").index)


def test_of_a_large_network_the_important_segments_are_shown(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "SHOWN", 2)
    one = keep(made(category=np.array(["residential", "trunk", "", "primary"], object)), ABOUT)
    query = asked(one.name)
    assert list(store.query("reach_network", query).index) == ["w1-2", "w1-4"]
    found = counts(store, "reach_network", query)
    assert (found["n"], found["of"]) == (2, 4)


def test_an_unknown_network_leaves_no_empty_layer_in_the_caches(store: EmbeddedStore) -> None:
    one = keep(made(), ABOUT)
    remove(one)
    for layer in ("reach_network", "reach_saved"):
        with pytest.raises(UnknownNetwork):
            store.query(layer, asked(one.name, "w1-4:closed"))
    restore(one)
    assert len(store.query("reach_network", asked(one.name, "w1-4:closed"))) == 4


def test_over_http_a_network_that_is_gone_is_not_found_and_nothing_is_kept_of_it() -> None:
    one = keep(made(kmh=37.0), ABOUT)
    address = f"/map/features/reach_network.geojson?net={one.name}"
    client = Client()
    remove(one)
    assert client.get(address).status_code == 404
    restore(one)
    assert len(client.get(address).json()["features"]) == 4


# --- files -------------------------------------------------------------------------------------------

OSM = b"""<?xml version="1.0"?><osm version="0.6">
<node id="1" lon="84.95" lat="56.48"/><node id="2" lon="84.97" lat="56.48"/>
<node id="3" lon="84.99" lat="56.48"/>
<way id="5"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="maxspeed" v="60"/></way>
<way id="6"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way></osm>"""


def reading(store: EmbeddedStore, **more: Any) -> uploads.Reading:
    return uploads.Reading("made", access(store, "streets"), **more)


def frame_of(**columns: Any) -> gpd.GeoDataFrame:
    lines = [shapely.LineString([(84.9 + n / 100, 56.5), (84.91 + n / 100, 56.5)]) for n in range(2)]
    return gpd.GeoDataFrame(columns, geometry=lines, crs="EPSG:4326")


def test_an_extract_is_known_by_its_content_and_its_limits_become_speeds(store: EmbeddedStore) -> None:
    assert uploads.is_osm(OSM)
    assert not uploads.is_osm(b'{"type": "FeatureCollection"}')
    assert not uploads.is_osm(b"")
    network = uploads.from_osm(OSM, reading(store, share=0.9)).network
    assert network.ids.tolist() == ["w5-1", "w6-1"]
    assert network.speed_kmh[0] == pytest.approx(54.0)
    assert np.isnan(network.speed_kmh[1])


def test_ids_that_a_scenario_cannot_name_are_spelt_anew(store: EmbeddedStore) -> None:
    own = ["new-1", "new-1-1", "removed-1", "removed-2-3", "NEW"]
    ids = ["Т-1", "t-1", *own, "season", "a:b", "", "x" * 90, "new", "new-1-1-1", "ok-7"]
    imported = uploads.editable(made(len(ids), ids))
    named = imported.network.ids.tolist()
    assert named[1] == "t-1"
    assert named[-3:] == ["new", "new-1-1-1", "ok-7"]
    assert named[2:7] == ["s-new-1", "s-new-1-1", "s-removed-1", "s-removed-2-3", "s-new"]
    assert len(set(named)) == len(ids)
    assert imported.notes[-1].code == "renamed"
    assert imported.notes[-1].count == 10
    for name in named:
        assert Scenario.parse(f"{name}:closed", "n").changes[0].segment == name
    assert uploads.editable(made()).notes == made().notes


def test_columns_are_guessed_by_their_names(store: EmbeddedStore) -> None:
    frame = frame_of(
        MaxSpeed=[60, 90], Категория=["III", "IV"], ПОКРЫТИЕ=["асфальт", "ЩЕБЕНЬ"], oneway=[0, 1], FID=[1, 1]
    )
    guess = uploads.guessed(frame)
    assert guess == FieldMap(None, "MaxSpeed", "Категория", "ПОКРЫТИЕ", "oneway")
    assert uploads.speaks_of_limits(guess.speed)
    assert not uploads.speaks_of_limits("Скорость")
    network = uploads.from_lines(frame, reading(store, fields=guess)).network
    assert network.category.tolist() == ["III", "IV"]
    assert network.surface.tolist() == ["asphalt", "gravel"]
    assert network.ids.tolist() == ["r1", "r2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("primary", "primary"), ("trunk_link", "trunk"), ("living street", "living_street"), ("IV", "IV"),
        ("III категория", "III"), ("2", "II"), ("IБ", "I"), ("iv-я", "IV"), ("просёлок", ""), ("", ""),
        ("6", ""), ("ferry", "ferry"), ("V", "V"), ("VI", ""),
    ],
)  # fmt: skip
def test_categories_are_understood(text: str, expected: str) -> None:
    assert uploads.category(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Асфальтобетон", "asphalt"), ("щебень", "gravel"), ("Грунтовая", "earth"), ("unpaved", "earth"),
        ("paved", "asphalt"), ("паром", "ferry"), ("зимник", "winter"), ("", ""), ("?", ""),
        ("compacted", "gravel"),
    ],
)  # fmt: skip
def test_surfaces_are_understood(text: str, expected: str) -> None:
    assert uploads.surface(text) == expected


def test_a_column_of_which_nothing_is_understood_is_told(store: EmbeddedStore) -> None:
    frame = frame_of(kind=["x", "y"])
    imported = uploads.from_lines(frame, reading(store, fields=FieldMap(category="kind")))
    assert imported.network.category.tolist() == ["", ""]
    assert [note.code for note in imported.notes] == ["category-unread"]


def test_rows_that_are_not_for_cars_are_left_out_and_told(store: EmbeddedStore) -> None:
    kinds = ["primary", "Footway", "steps", "track_grade2", " living street", None, "footway", "просёлок"]
    lines = [shapely.LineString([(84.9 + n / 100, 56.5), (84.91 + n / 100, 56.5)]) for n in range(len(kinds))]
    frame = gpd.GeoDataFrame({"fclass": kinds, "n": range(len(kinds))}, geometry=lines, crs="EPSG:4326")
    imported = uploads.from_lines(frame, reading(store, fields=FieldMap(category="fclass")))
    assert imported.network.category.tolist() == ["primary", "living_street", "", ""]
    told = {note.code: note for note in imported.notes}
    assert told["other-class"].count == 4
    assert set(told["other-class"].examples) == {"Footway", "steps", "track_grade2", "footway"}
    assert told["category-unread"].examples == ("просёлок",)
    # Only the column that the reader calls that of the kind is looked at.
    assert len(uploads.from_lines(frame, reading(store)).network) == len(kinds)
    assert len(uploads.from_lines(frame, reading(store, fields=FieldMap(category="n"))).network) == len(kinds)


def test_a_layer_of_paths_only_holds_no_roads(store: EmbeddedStore) -> None:
    frame = frame_of(highway=["path", "cycleway"])
    with pytest.raises(NetworkError) as caught:
        uploads.from_lines(frame, reading(store, fields=FieldMap(category="highway")))
    assert caught.value.code == "empty"


def test_the_layers_of_a_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    for layer in ("roads", "paths"):
        frame_of(a=[1, 2]).to_file(path, layer=layer, engine="pyogrio")
    assert sorted(uploads.layers_of(path.read_bytes())) == ["paths", "roads"]
    assert len(uploads.lines_of(path.read_bytes(), "paths")) == 2
    frame_of(a=[1, 2]).to_file(tmp_path / "one.shp", engine="pyogrio")
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as pack:
        for part in tmp_path.glob("one.*"):
            if part.suffix != ".zip":
                pack.write(part, f"folder/{part.name}")
    assert uploads.layers_of((tmp_path / "one.zip").read_bytes()) == ["folder/one"]
    assert uploads.layers_of(frame_of(a=[1, 2]).to_json().encode()) == []


@pytest.mark.parametrize("content", [b"", b"<OGRVRTDataSource/>", b"\x00" * 100, b"PK\x03\x04broken"])
def test_what_holds_no_roads_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(NetworkError):
        line_layers(path)
    with pytest.raises(NetworkError):
        uploads.lines_of(content)


def test_an_upload_leaves_no_file_behind() -> None:
    with uploads.lying(b"x") as path:
        assert path.read_bytes() == b"x"
    assert not path.parent.exists()


def test_no_more_is_taken_than_the_engine_reads() -> None:
    assert networks.MOST_SEGMENTS <= MOST_SEGMENTS
