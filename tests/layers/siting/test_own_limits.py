"""Limits of readers: from a file, made in code, to cells that are excluded, and to what is told of them."""

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from geo.area_import import Imported
from geo.errors import VectorError
from geo.siting import Limit, Model
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.catalog import LANGUAGES
from layers.feature import source_lines
from layers.query import Query
from layers.shelf import MOST_TITLE, SqliteShelf
from layers.siting import area_uploads, own_limits
from layers.siting.board import SiteBoard
from layers.siting.editor import editor
from layers.siting.models import named
from layers.siting.norms import all_norms, norm, norm_at, zones
from layers.siting.own_limits import READERS_AREAS, OwnLimit, keep
from layers.siting.passport import Passport
from layers.siting.results import Findings, findings
from layers.siting.telling import clause_in_words, limits_told, sources_of
from layers.store import EmbeddedStore, UnknownFeature
from layers.text import Words
from layers.view import View
from tests.layers.siting.searches import PLAIN, search, sought
from tests.layers.siting.test_passport import said

MIDDLE = shapely.Point(375_500.0, 6_257_500.0)
AREA = shapely.box(MIDDLE.x - 3000, MIDDLE.y - 2000, MIDDLE.x + 3000, MIDDLE.y + 2000)
"""In the middle of the small area."""


pytestmark = pytest.mark.usefixtures("data")


def imported(*shapes: Any) -> Imported:
    return Imported(np.array(shapes or [AREA], object), "WGS 84", 0, 0, 0)


def made(title: str = "Заказник", accuracy_m: float = 600.0, *shapes: Any, **more: Any) -> OwnLimit:
    return keep(imported(*shapes), title, "reserve.gpkg", accuracy_m, more.pop("effect", "forbidden"), **more)


def limited(one: OwnLimit, extra: str = "") -> str:
    return f"{PLAIN};x:{one.id}{extra}"


def files(data: Path) -> set[str]:
    return {path.name for path in (data / "areas").glob("*")}


def refused(code: str, *args: Any, **more: Any) -> None:
    with pytest.raises(VectorError) as told:
        made(*args, **more)
    assert told.value.code == code


# --- keeping -------------------------------------------------------------------------------------------


def test_a_limit_is_kept_and_found(data: Path) -> None:
    assert (own_limits.kept(), own_limits.usable()) == ([], [])
    one = made("  Заказник \n кедровый ")
    assert own_limits.kept() == own_limits.usable() == [one]
    assert own_limits.get(one.id) == one
    assert (one.title, one.origin, one.accuracy_m, one.effect) == (
        "Заказник кедровый", "reserve.gpkg", 600.0, "forbidden",
    )  # fmt: skip
    assert (one.count, one.area_km2) == (1, 24.0)
    assert files(data) == {f"{one.name}.npz"}


def test_the_name_follows_from_all_that_a_search_rests_on() -> None:
    kinds = [made("A"), made("B", 601.0), made("C", 600.0, AREA.buffer(1)), made("D", effect="restricted")]
    assert len({one.id for one in kinds}) == 4
    assert made("E").id == kinds[0].id
    assert [one.id for one in own_limits.usable()].count(kinds[0].id) == 1
    assert own_limits.get(kinds[0].id).title == "A"


def test_models_can_name_it() -> None:
    one = made()
    model = Model.parse(limited(one, "*250"))
    assert model.limits == (Limit(one.id, 250.0),)
    assert Model.parse(model.text()) == model == Model.load(model.dump())


@pytest.mark.parametrize("accuracy_m", [0.0, -1.0, 0.01, 1e6, float("nan"), float("inf")])
def test_an_accuracy_is_needed(data: Path, accuracy_m: float) -> None:
    refused("accuracy", "Заказник", accuracy_m)
    assert files(data) == set()


@pytest.mark.parametrize("title", ["", "  \n", "я" * (MOST_TITLE + 1)])
def test_a_title_is_needed(data: Path, title: str) -> None:
    refused("title", title)
    assert files(data) == set()


def test_a_title_that_stands_is_only_overwritten_when_told(data: Path) -> None:
    one = made()
    refused("exists", "Заказник", 5.0)
    assert own_limits.kept() == [one]
    assert files(data) == {f"{one.name}.npz"}
    refused("exists")
    assert own_limits.get(one.id) == one
    other = made("Заказник", 5.0, replace=True)
    assert own_limits.kept() == [other]
    assert other.number == one.number


def test_so_many_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_limits, "MOST_LIMITS", 1)
    made("A")
    refused("full", "B", 2.0)
    made("A", 2.0, replace=True)
    assert len(own_limits.kept()) == 1


def test_a_folder_that_cannot_be_written_is_told(data: Path) -> None:
    data.mkdir()
    (data / "areas").write_text("a file where a folder should be")
    refused("disk")
    assert own_limits.kept() == []


def test_the_folders_of_the_reader_are_not_told() -> None:
    one = keep(imported(), "A", "C:\\Users\\me\\ООПТ\n2024.gpkg", 1.0, "forbidden")
    assert one.origin == "ООПТ 2024.gpkg"


def test_what_is_taken_away_can_be_brought_back() -> None:
    one = made()
    own_limits.remove(one)
    assert own_limits.kept() == []
    with pytest.raises(UnknownFeature, match=one.id):
        own_limits.get(one.id)
    own_limits.restore(one)
    assert own_limits.get(one.id) == one
    own_limits.remove(one)
    made("Заказник", 5.0)
    with pytest.raises(VectorError) as told:
        own_limits.restore(one)
    assert told.value.code == "exists"


TOLD = {
    "name": "0123456789ab",
    "origin": "x",
    "accuracy_m": 1,
    "effect": "forbidden",
    "count": 1,
    "area_km2": 1,
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{}",
        json.dumps({**TOLD, "name": "../../etc/passwd"}),
        json.dumps({**TOLD, "effect": "love"}),
        json.dumps({**TOLD, "accuracy_m": None}),
        json.dumps({**TOLD, "accuracy_m": float("nan")}),
        json.dumps({**TOLD, "count": "many"}),
    ],
)
def test_a_document_that_cannot_be_read_is_left_out_and_told(
    data: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    one = made()
    SqliteShelf(data).put(own_limits.KIND, "Broken", text)
    assert own_limits.kept() == [one]
    assert "Broken" in caplog.text


def test_a_shelf_that_cannot_be_opened_is_told_and_hides_no_norm(
    data: Path, store: EmbeddedStore, caplog: pytest.LogCaptureFixture
) -> None:
    data.mkdir()
    (data / "planner.sqlite").write_text("no database at all, but a text of some length" * 50)
    with pytest.raises(VectorError) as told:
        own_limits.kept()
    assert told.value.code == "unusable"
    assert len(all_norms(store)) == len(store.records("norms"))
    assert caplog.text


@pytest.mark.parametrize(
    "id_", ["own-", "own-..", "own-../../../etc", "own-0123456789AB", "own-0123456789ab"]
)
def test_an_unknown_limit_is_an_unknown_norm(store: EmbeddedStore, id_: str) -> None:
    with pytest.raises(UnknownFeature):
        norm(store, id_)
    with pytest.raises(UnknownFeature):
        own_limits.areas(id_)


@pytest.mark.parametrize("content", [None, b"PK\x03\x04"])
def test_a_limit_whose_file_is_gone_or_broken_is_unknown(store: EmbeddedStore, content: bytes | None) -> None:
    one = made("Заказник", 77.0, AREA.buffer(3))
    file = own_limits.path(one.name)
    file.unlink()
    if content:
        file.write_bytes(content)
    with pytest.raises(UnknownFeature):
        norm(store, one.id)
    with pytest.raises(UnknownFeature):
        search(limited(one))


# --- as a norm -----------------------------------------------------------------------------------------


def test_it_is_a_norm_like_those_of_the_register(store: EmbeddedStore) -> None:
    one = made(effect="restricted")
    record = norm(store, one.id)
    known = store.record("norms", "zato-seversk")
    assert set(record) == set(known)
    assert record["id"] == one.id
    assert record["effect"] in store.catalogue.vocabularies["effect"]
    assert all_norms(store)[-1] == record
    assert [row["id"] for row in all_norms(store)[:-1]] == list(store.records("norms").index)
    assert norm(store, "zato-seversk") == known
    assert not [id_ for id_ in store.records("norms").index if own_limits.is_own(id_)]


def test_its_zone_is_its_areas(store: EmbeddedStore) -> None:
    one = made("Заказник", 50.0, AREA, AREA.buffer(100))
    zone = zones(store, norm(store, one.id))
    assert shapely.equals(zone.shapes, [AREA, AREA.buffer(100)]).all()
    assert (zone.width_m.tolist(), zone.accuracy_m.tolist()) == ([0, 0], [50, 50])


@pytest.mark.parametrize(
    ("inside_m", "extra_m", "state"),
    [(700, 0, EXCLUDED), (500, 0, UNSURE), (-500, 0, UNSURE), (-700, 0, FREE), (-700, 200, UNSURE),
     (-700, 1400, EXCLUDED)],
)  # fmt: skip
def test_at_a_place_it_is_told_in_three_values(
    store: EmbeddedStore, inside_m: float, extra_m: float, state: int
) -> None:
    place = shapely.Point(AREA.bounds[2] - inside_m, MIDDLE.y)
    told = norm_at(store, norm(store, made().id), place, extra_m)
    assert told == (state, pytest.approx(-inside_m - 600 - extra_m), pytest.approx(-inside_m + 600 - extra_m))


def depths(found: Findings) -> Any:
    """How far within the area the middles of cells lie (m); outside it is less than nothing."""
    points = shapely.points(*np.meshgrid(*found.grid.axes()))
    away = shapely.distance(points, AREA.boundary)
    return np.where(shapely.contains(AREA, points), away, -away)


@pytest.mark.parametrize("extra_m", [0, 900])
def test_it_excludes_the_cells_inside_and_cannot_tell_within_its_accuracy(extra_m: int) -> None:
    one = made()
    found = search(limited(one, f"*{extra_m}" if extra_m else ""), cell_m=200)
    states, depth, slack = found.whole[1], depths(found) + extra_m, 1.42 * 200
    plain = search(PLAIN, cell_m=200).whole[1]
    for state, there in (
        (EXCLUDED, depth > 600 + slack),
        (UNSURE, np.abs(depth) < 600 - slack),
        (FREE, depth < -600 - slack),
    ):
        assert there.sum() > 50
        known = there & (plain == FREE)
        assert (states[known] == state).all()
    assert np.isnan(found.whole[0][states == EXCLUDED]).all()


def test_it_is_told_in_cards_boards_editor_and_passports(store: EmbeddedStore) -> None:
    one = made("Кедровый бор")
    text = limited(one)
    found = search(text)
    for language in LANGUAGES:
        words = Words(language)
        told = [say(words) for say in limits_told(found, MIDDLE)]
        assert [label for label, _ in told] == ["Кедровый бор"]
        assert "reserve.gpkg" in told[0][1]
        query = Query(sought=sought(text))
        data = editor(store, named(store, text, language, "own"), query, words)
        entry = data["norms"][one.id]
        assert entry["title"] == "Кедровый бор"
        assert "reserve.gpkg" in entry["clause"]
        assert "600" in entry["note"]
        lines = source_lines(store.catalogue, [READERS_AREAS], words)
        assert entry["sources"] == lines != []
        board = SiteBoard(store, View(page="site", language=language, layers=(), query=query), words)
        (facts,) = [part for part in board.lists() if part["id"] == "facts_constraints"]
        assert facts["rows"][0]["label"] == "Кедровый бор"
        assert facts["rows"][0]["links"] == lines
        inside = Passport.of(store, query, "site_score/84.98032_56.44556", words)
        assert any("Кедровый бор" in part for part in said(inside.document()))
        assert any("reserve.gpkg" in part for part in said(inside.document()))
    assert READERS_AREAS in sources_of(found)


def test_the_name_of_a_file_is_not_translated() -> None:
    one = keep(imported(), "A", "ст. 5 ч. 2.gpkg", 1.0, "forbidden")
    assert clause_in_words(one.record(), Words("en")) == "file “ст. 5 ч. 2.gpkg”"


def test_one_that_is_taken_away_is_told_even_where_it_was_just_looked_at(store: EmbeddedStore) -> None:
    one = made()
    query = Query(sought=sought(limited(one)))
    findings(store, query)
    own_limits.remove(one)
    with pytest.raises(UnknownFeature, match=one.id):
        findings(store, query)
    own_limits.restore(one)
    assert findings(store, query).whole[1].max() == EXCLUDED


# --- bringing ------------------------------------------------------------------------------------------


def geojson(*shapes: Any) -> bytes:
    frame = geopandas.GeoDataFrame(geometry=list(shapes), crs="EPSG:32645").to_crs("EPSG:4326")
    return frame.to_json().encode()


def test_a_file_is_read_and_looked_at(store: EmbeddedStore) -> None:
    content = geojson(AREA, shapely.Point(MIDDLE), shapely.box(0, 0, 1, 1))
    draft = area_uploads.read(store, [("reserve.geojson", content)])
    assert draft.origin == "reserve.geojson"
    # A side of 6 km that is straight in degrees lies a metre from one that is straight in metres.
    assert draft.imported.shapes[0].hausdorff_distance(AREA) < 3
    assert (draft.imported.outside, draft.imported.left_out) == (1, 1)
    assert draft.picture.shape == (480, 640, 4)
    assert draft.picture.dtype == np.uint8


def test_the_picture_shows_the_areas_about_its_middle(store: EmbeddedStore) -> None:
    hole = AREA.difference(MIDDLE.buffer(500))
    picture = area_uploads.sketch(np.array([hole], object), store.metric("districts").to_numpy())
    shown = picture[..., 3]
    assert shown[240, 320] == 0
    assert (shown[100, 320], shown[240, 100]) == (90, 90)
    assert set(np.unique(shown)) == {0, 90, 255}
    tiny = area_uploads.sketch(np.array([MIDDLE.buffer(0.01)], object), np.array([], object))
    assert tiny[238:243, 318:323, 3].any()


def parts(tmp_path: Path) -> list[tuple[str, bytes]]:
    frame = geopandas.GeoDataFrame({"n": [1]}, geometry=[AREA], crs="EPSG:32645")
    frame.to_file(tmp_path / "бор.shp")
    return [(path.name, path.read_bytes()) for path in sorted(tmp_path.glob("бор.*"))]


def test_the_parts_of_a_shapefile_are_read_together(store: EmbeddedStore, tmp_path: Path) -> None:
    given = parts(tmp_path)
    draft = area_uploads.read(store, given)
    assert draft.origin == "бор.shp"
    assert draft.imported.shapes[0].hausdorff_distance(AREA) < 0.01
    bare = [part for part in given if not part[0].endswith(".prj")]
    with pytest.raises(VectorError) as told:
        area_uploads.read(store, bare)
    assert told.value.code == "crs"
    told_so = area_uploads.read(store, bare, crs="EPSG:32645")
    assert told_so.imported.shapes[0].hausdorff_distance(AREA) < 0.01


@pytest.mark.parametrize(
    ("code", "names"),
    [("parts", ["a.geojson", "b.geojson"]), ("parts", ["a.shp", "b.shp"]), ("parts", ["a.shp", "b.dbf"]),
     ("parts", ["a.shp", "../a.exe"]), ("kind", ["a.shp"]), ("kind", ["a.shp", "a.shx"])],
)  # fmt: skip
def test_files_that_do_not_belong_together_are_told(
    store: EmbeddedStore, tmp_path: Path, code: str, names: list[str]
) -> None:
    shp = dict(parts(tmp_path))["бор.shp"]
    with pytest.raises(VectorError) as told:
        area_uploads.read(store, [(name, shp) for name in names])
    assert told.value.code == code
