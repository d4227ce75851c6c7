"""Reading records: every kind of fault of one record is found, with its file, record and column."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import shape

from layers.catalog import Catalogue, CatalogueError
from layers.records import RecordsFile, as_dicts, citations, members, sound, split

BRIDGE, PARK, ROAD, DISTRICT = "communal-bridge", "tomskneftekhim", "kap-stage-1-1", "tomsk"
ISSUE, EVENT, SUM = (
    "nrmc-creation",
    "asino-timber-complex-built-plan-2020",
    "asino-timber-complex-extra-budgetary-plan",
)
SITE, EXTENTS, SPREAD, AREA = (
    "asino-sawmill",
    "project_extents.geojson",
    "rail-second-track",
    "airport-runway",
)


def line(*points: list[float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": list(points)}


BOW = {"type": "Polygon", "coordinates": [[[84, 56], [85, 57], [85, 56], [84, 57], [84, 56]]]}
SPIKE = {"type": "Polygon", "coordinates": [[[84, 56], [85, 57], [84, 56], [84, 56]]]}

FAULTY: list[tuple[str, str, dict[str, Any], str]] = [
    ("bridges.csv", BRIDGE, {"id": "Communal_Bridge"}, "id"),
    ("bridges.csv", BRIDGE, {"id": "-bridge"}, "id"),
    ("bridges.csv", BRIDGE, {"id": "мост"}, "id"),
    ("bridges.csv", BRIDGE, {"name_ru": ""}, "name_ru"),
    ("bridges.csv", BRIDGE, {"name_en": ""}, "name_en"),
    ("bridges.csv", BRIDGE, {"name_en": "<b>Bridge</b>"}, "name_en"),
    ("bridges.csv", BRIDGE, {"name_ru": "Мост\x07"}, "name_ru"),
    ("bridges.csv", BRIDGE, {"name_ru": " Мост"}, "name_ru"),
    ("bridges.csv", BRIDGE, {"note_en": "a <img src=x>"}, "note_en"),
    ("bridges.csv", BRIDGE, {"status": "finished"}, "status"),
    ("bridges.csv", BRIDGE, {"position_status": "guessed"}, "position_status"),
    ("bridges.csv", BRIDGE, {"position_status": ""}, "position_status"),
    ("bridges.csv", BRIDGE, {"length_m": "-1"}, "length_m"),
    ("bridges.csv", BRIDGE, {"length_m": "100001"}, "length_m"),
    ("bridges.csv", BRIDGE, {"length_m": "long"}, "length_m"),
    ("bridges.csv", BRIDGE, {"length_m": "640,5"}, "length_m"),
    ("bridges.csv", BRIDGE, {"opened_year": "1973.5"}, "opened_year"),
    ("bridges.csv", BRIDGE, {"opened_year": "73"}, "opened_year"),
    ("bridges.csv", BRIDGE, {"opened_year": "21000"}, "opened_year"),
    ("bridges.csv", BRIDGE, {"accuracy_m": ""}, "accuracy"),
    ("bridges.csv", BRIDGE, {"accuracy_m": "-5"}, "accuracy_m"),
    ("bridges.csv", BRIDGE, {"accuracy_m": "60000"}, "accuracy_m"),
    ("bridges.csv", BRIDGE, {"source_id": "hearsay"}, "hearsay"),
    ("bridges.csv", BRIDGE, {"source_id": "towiki-communal-bridge;hearsay"}, "hearsay"),
    ("bridges.csv", BRIDGE, {"as_of": ""}, "as_of"),
    ("bridges.csv", BRIDGE, {"as_of": "2025-13"}, "as_of"),
    ("bridges.csv", BRIDGE, {"as_of": "12.2025"}, "as_of"),
    ("bridges.csv", BRIDGE, {"lon": "184.9"}, "lon"),
    ("bridges.csv", BRIDGE, {"lat": "156"}, "lat"),
    ("bridges.csv", BRIDGE, {"lon": "84,93"}, "lon"),
    ("bridges.csv", BRIDGE, {"lon": "", "lat": ""}, "no position"),
    ("bridges.csv", BRIDGE, {"note_en": ""}, "note is given in one language only"),
    ("bridges.csv", BRIDGE, {"crosses_ru": ""}, "crosses is given in one language only"),
    ("bridges.csv", BRIDGE, {"start_year": "1980"}, "start_year 1980 is after end_year 1973"),
    ("bridges.csv", BRIDGE, {"planned_year": "1970"}, "planned_year 1970 is after start_year 1969"),
    ("bridges.csv", BRIDGE, {"planned_year": "1980", "start_year": ""}, "1980 is after end_year"),
    ("bridges.csv", BRIDGE, {"district": "Tomsk district"}, "district"),
    ("park_members.csv", PARK, {"park": "theme"}, "park"),
    ("park_members.csv", PARK, {"jobs": "1.5"}, "jobs"),
    ("park_members.csv", PARK, {"jobs": "-1"}, "jobs"),
    ("park_members.csv", PARK, {"website": "javascript:alert(1)"}, "website"),
    ("park_members.csv", PARK, {"website": "https://x\"onmouseover=1"}, "website"),
    ("park_members.csv", PARK, {"website": "www.sibur.ru"}, "website"),
    ("roads.geojson", ROAD, {"lanes": 0}, "lanes"),
    ("roads.geojson", ROAD, {"surface": "mud"}, "surface"),
    ("roads.geojson", ROAD, {"strange": 1}, "strange"),
    ("roads.geojson", ROAD, {"geometry": {"type": "Point", "coordinates": [85, 56]}}, "a Point in a file of"),
    ("roads.geojson", ROAD, {"geometry": line([85, 56, 1], [86, 56, 2])}, "heights"),
    ("roads.geojson", ROAD, {"geometry": line([85, 56], [85, 56])}, "not valid"),
    ("roads.geojson", ROAD, {"geometry": None}, "no position"),
    ("roads.geojson", ROAD, {"accuracy_m": None}, "accuracy"),
    ("districts.geojson", DISTRICT, {"geometry": BOW}, "not valid"),
    ("districts.geojson", DISTRICT, {"geometry": SPIKE}, "not valid"),
    ("districts.geojson", DISTRICT, {"geometry": {"type": "Polygon", "coordinates": []}}, "not valid"),
    ("railways.geojson", "", {"electrified": "sometimes"}, "electrified"),
    ("projects.csv", SITE, {"funding": "federal;lottery"}, "funding"),
    ("projects.csv", SITE, {"accuracy_m": "-1"}, "accuracy_m"),
    ("projects.csv", SPREAD, {"lat": ""}, "only one of lon and lat"),
    ("issues.csv", ISSUE, {"name_ru": ""}, "name_ru"),
    ("issues.csv", ISSUE, {"issue_state": "forgotten"}, "issue_state"),
    ("issues.csv", ISSUE, {"description_en": ""}, "description is given in one language only"),
    ("issues.csv", ISSUE, {"raised": "spring 2015"}, "raised"),
    ("issues.csv", ISSUE, {"source_id": "hearsay"}, "hearsay"),
    ("issues.csv", ISSUE, {"as_of": ""}, "as_of"),
    ("events.csv", EVENT, {"project": ""}, "project"),
    ("events.csv", EVENT, {"project": "asino-timber-complex;nrmc-creation"}, "project"),
    ("events.csv", EVENT, {"basis": ""}, "basis"),
    ("money.csv", SUM, {"amount_mln_rub": ""}, "amount_mln_rub"),
    ("money.csv", SUM, {"amount_mln_rub": "a lot"}, "amount_mln_rub"),
    ("money.csv", SUM, {"year": "16"}, "year"),
    ("money.csv", SUM, {"id": "Sum_1"}, "id"),
]  # fmt: skip


def first_id(folder: Any, name: str) -> str:
    text = (folder.folder / "records" / name).read_text(encoding="utf-8")
    return str(json.loads(text)["features"][0]["properties"]["id"])


@pytest.mark.parametrize(
    ("name", "id_", "cells", "told"),
    FAULTY,
    ids=[f"{n}-{'-'.join(c)}-{i}" for i, (n, _, c, _) in enumerate(FAULTY)],
)
def test_a_fault_is_found_and_named(
    data_folder: Any, name: str, id_: str, cells: dict[str, Any], told: str
) -> None:
    id_ = id_ or first_id(data_folder, name)
    data_folder.change(name, id_, **cells)
    _, faults = RecordsFile(Catalogue(data_folder.folder), name).read()
    where = f"{name}, {cells.get('id', id_)}"
    assert any(fault.startswith(where) and told in fault for fault in faults), faults
    assert all(fault.startswith(name) for fault in faults)


@pytest.mark.parametrize("column", ["accuracy_m", "lon", "lat", "length_m", "opened_year"])
@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_found(data_folder: Any, column: str, value: str) -> None:
    data_folder.change("bridges.csv", BRIDGE, **{column: value})
    _, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert any(fault.startswith(f"bridges.csv, {BRIDGE}") for fault in faults), faults


@pytest.mark.parametrize("value", ["", ";", " ; "])
def test_a_record_without_a_source_is_found(data_folder: Any, value: str) -> None:
    data_folder.change("bridges.csv", BRIDGE, source_id=value)
    _, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert any(fault.startswith(f"bridges.csv, {BRIDGE}, source_id") for fault in faults)


@pytest.mark.parametrize("column", ["lon", "lat"])
def test_half_a_position_is_found(data_folder: Any, column: str) -> None:
    data_folder.change("bridges.csv", BRIDGE, position_status="unverified", **{column: ""})
    _, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert any(fault.startswith(f"bridges.csv, {BRIDGE}") for fault in faults)


@pytest.mark.parametrize("value", ["2025-02-30", "2025-04-31", "2023-02-29"])
def test_a_day_that_is_in_no_calendar_is_found(data_folder: Any, value: str) -> None:
    data_folder.change("bridges.csv", BRIDGE, as_of=value)
    _, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert any(fault.startswith(f"bridges.csv, {BRIDGE}, as_of") for fault in faults)


@pytest.mark.parametrize("value", [True, "2"])
def test_a_value_of_another_type_is_found(data_folder: Any, value: object) -> None:
    data_folder.change("roads.geojson", ROAD, lanes=value)
    _, faults = RecordsFile(Catalogue(data_folder.folder), "roads.geojson").read()
    assert any(fault.startswith(f"roads.geojson, {ROAD}, lanes") for fault in faults)


def test_an_id_that_stands_twice_is_told(data_folder: Any) -> None:
    rows = data_folder.rows("bridges.csv")
    data_folder.write("bridges.csv", [*rows, {**rows[0], "name_en": "Another"}])
    frame, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert faults == [f"bridges.csv, {rows[0]['id']}: the id stands twice"]
    assert frame.index.is_unique


def test_a_column_that_no_field_names_is_told(data_folder: Any) -> None:
    rows = [{**row, "colour": "grey"} for row in data_folder.rows("bridges.csv")]
    data_folder.write("bridges.csv", rows)
    _, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert len(faults) == len(rows)
    assert all("colour" in fault for fault in faults)


def test_a_required_column_that_is_missing_is_told(data_folder: Any) -> None:
    rows = [{k: v for k, v in row.items() if k != "as_of"} for row in data_folder.rows("bridges.csv")]
    data_folder.write("bridges.csv", rows)
    _, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert len(faults) == len(rows)
    assert all("as_of" in fault for fault in faults)


def test_all_faults_of_a_record_are_told_at_once(data_folder: Any) -> None:
    data_folder.change("bridges.csv", BRIDGE, status="gone", length_m="-1", as_of="")
    _, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert {column for column in ("status", "length_m", "as_of") if any(column in f for f in faults)} == {
        "status", "length_m", "as_of"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("roads.geojson", "{"),
        ("roads.geojson", '{"type": "FeatureCollection"}'),
        ("roads.geojson", '{"features": [{"geometry": null}]}'),
        ("bridges.csv", b"\xff\xfeid,name"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(data_folder: Any, name: str, text: str | bytes) -> None:
    path = data_folder.folder / "records" / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    frame, faults = RecordsFile(Catalogue(data_folder.folder), name).read()
    assert frame.empty
    assert len(faults) == 1
    assert faults[0].startswith(f"{name}: cannot be read")


@pytest.mark.parametrize(
    "value", ["fano;", ";fano", "fano;;nrmc", "fano; nrmc", "fano,nrmc", "ФАНО", "Fano", "-fano"]
)
def test_references_that_are_no_list_of_ids_are_found(data_folder: Any, value: str) -> None:
    data_folder.change("issues.csv", ISSUE, agencies=value)
    _, faults = RecordsFile(Catalogue(data_folder.folder), "issues.csv").read()
    assert [fault.startswith(f"issues.csv, {ISSUE}, agencies") for fault in faults] == [True], faults


@pytest.mark.parametrize("value", ["", "fano", "fano;nrmc", "oblast-administration;fano;nrmc"])
def test_references_are_kept_as_they_are_written(data_folder: Any, value: str) -> None:
    data_folder.change("issues.csv", ISSUE, agencies=value)
    told = sound(Catalogue(data_folder.folder), "issues.csv").loc[ISSUE, "agencies"]
    assert (told or "") == value


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("money.csv", "name_ru"),
        ("events.csv", "name_en"),
        ("documents.csv", "lon"),
        ("documents.csv", "accuracy_m"),
        ("measures.csv", "position_status"),
    ],
)
def test_a_register_has_no_column_for_what_it_has_not(data_folder: Any, name: str, column: str) -> None:
    """Single figures and dates have no name, and no register has a place."""
    rows = [{**row, column: "1"} for row in data_folder.rows(name)]
    data_folder.write(name, rows)
    _, faults = RecordsFile(Catalogue(data_folder.folder), name).read()
    assert len(faults) == len(rows)
    assert all(f", {column}: Extra" in fault for fault in faults)


def test_a_register_that_cannot_be_read_is_empty_and_named(data_folder: Any) -> None:
    (data_folder.folder / "records" / "measures.csv").write_bytes(b"\xff\xfeid,name")
    frame, faults = RecordsFile(Catalogue(data_folder.folder), "measures.csv").read()
    assert frame.empty
    assert "geometry" not in frame
    assert [fault.startswith("measures.csv: cannot be read") for fault in faults] == [True]


def test_a_missing_file_is_named(data_folder: Any) -> None:
    (data_folder.folder / "records" / "bridges.csv").unlink()
    _, faults = RecordsFile(Catalogue(data_folder.folder), "bridges.csv").read()
    assert faults[0].startswith("bridges.csv: cannot be read")


def test_faulty_records_are_refused_with_the_first_faults(data_folder: Any) -> None:
    rows = [{**row, "status": "gone"} for row in data_folder.rows("bridges.csv")]
    data_folder.write("bridges.csv", rows)
    with pytest.raises(CatalogueError, match=rf"{rows[0]['id']}.*and {len(rows) - 5} more"):
        sound(Catalogue(data_folder.folder), "bridges.csv")


def test_empty_cells_are_unknown_and_never_zero(data_folder: Any) -> None:
    data_folder.change("bridges.csv", BRIDGE, length_m="", status="", note_ru="", note_en="")
    frame = sound(Catalogue(data_folder.folder), "bridges.csv")
    record = frame.loc[BRIDGE]
    assert np.isnan(record["length_m"])
    assert record["status"] is None
    assert record["note_ru"] is None


def test_zero_is_known(data_folder: Any) -> None:
    data_folder.change("bridges.csv", BRIDGE, cost_mln_rub="0")
    assert sound(Catalogue(data_folder.folder), "bridges.csv").loc[BRIDGE, "cost_mln_rub"] == 0.0


def test_an_unknown_place_is_allowed_when_it_is_said(data_folder: Any) -> None:
    data_folder.change("bridges.csv", BRIDGE, lon="", lat="", accuracy_m="", position_status="unverified")
    assert sound(Catalogue(data_folder.folder), "bridges.csv").loc[BRIDGE, "geometry"] is None


def test_records_keep_their_order_system_and_types(catalogue: Catalogue) -> None:
    of_layers = {layer.records for layer in catalogue.layers.values()}
    for name in {table.records for table in catalogue.recorded.values()}:
        frame = sound(catalogue, name)
        assert isinstance(frame, gpd.GeoDataFrame) == (name in of_layers), name
        assert ("geometry" in frame) == (name in of_layers), name
        if isinstance(frame, gpd.GeoDataFrame):
            assert frame.crs.to_epsg() == 4326
        assert list(frame.index) == list(frame["id"])
        assert not {"lon", "lat"} & set(frame.columns)
        for field in RecordsFile(catalogue, name).fields:
            assert set(field.columns) <= set(frame.columns)
            if field.kind in ("number", "integer", "year"):
                assert frame[field.id].dtype == float


def test_records_of_a_register_have_names_where_it_says_so(catalogue: Catalogue) -> None:
    for register in catalogue.registers.values():
        frame = sound(catalogue, register.records)
        assert len(frame) > 0
        assert ({"name_ru", "name_en"} <= set(frame.columns)) == register.named, register.id
        assert register.named or not {"name_ru", "name_en"} & set(frame.columns)


# --- lines and areas that take the place of points ------------------------------------------------------


def extents(folder: Any) -> dict[str, dict[str, Any]]:
    """The features of the file of extents, by id."""
    text = (folder / "records" / EXTENTS).read_text(encoding="utf-8")
    return {feature["properties"]["id"]: feature for feature in json.loads(text)["features"]}


def test_extents_replace_points_and_bring_their_accuracy_sources_and_notes(
    data_folder: Any, catalogue: Catalogue
) -> None:
    frame, spread = sound(catalogue, "projects.csv"), extents(catalogue.folder)
    rows = {row["id"]: row for row in data_folder.rows("projects.csv")}
    assert len(spread) > 10
    assert set(spread) <= set(rows)
    for id_, feature in spread.items():
        record, of_line = frame.loc[id_], feature["properties"]
        assert record["geometry"].equals(shape(feature["geometry"])), id_
        assert record["accuracy_m"] == of_line["accuracy_m"]
        assert record["position_status"] == of_line["position_status"]
        cited = record["source_id"].split(";")
        both = [*rows[id_]["source_id"].split(";"), *of_line["source_id"].split(";")]
        assert cited == [source for i, source in enumerate(both) if source not in both[:i]]
        for note in ("note_ru", "note_en"):
            told = [part for part in (rows[id_][note], of_line[note]) if part]
            assert (record[note] or "") == ". ".join(text.removesuffix(".") for text in told), "sentences"
            assert ".." not in (record[note] or "")
        for column in ("name_ru", "name_en", "status", "as_of"):
            assert (record[column] or "") == rows[id_][column]


def test_what_has_no_extent_keeps_its_point(data_folder: Any, catalogue: Catalogue) -> None:
    frame, spread = sound(catalogue, "projects.csv"), extents(catalogue.folder)
    for row in data_folder.rows("projects.csv"):
        place = frame.geometry[row["id"]]
        if row["id"] in spread:
            assert place.geom_type in {"LineString", "MultiLineString", "Polygon", "MultiPolygon"}
        elif row["lon"]:
            assert (place.x, place.y) == (float(row["lon"]), float(row["lat"]))
            assert frame.loc[row["id"], "accuracy_m"] == float(row["accuracy_m"])
        else:
            assert place is None


def test_an_extent_is_place_enough(data_folder: Any) -> None:
    data_folder.change("projects.csv", SPREAD, lon="", lat="", accuracy_m="", note_ru="", note_en="")
    record = sound(Catalogue(data_folder.folder), "projects.csv").loc[SPREAD]
    of_line = extents(data_folder.folder)[SPREAD]
    assert record["geometry"].equals(shape(of_line["geometry"]))
    assert record["accuracy_m"] == of_line["properties"]["accuracy_m"]
    for note in ("note_ru", "note_en"):
        assert record[note] == of_line["properties"][note].removesuffix("."), "no sentence is lost"


def test_an_extent_for_no_record_is_a_fault(data_folder: Any) -> None:
    data_folder.change(EXTENTS, SPREAD, id="unheard")
    frame, faults = RecordsFile(Catalogue(data_folder.folder), "projects.csv").read()
    assert faults == [f"{EXTENTS}, unheard: projects.csv has no such record"]
    assert frame.geometry[SPREAD] is None or frame.geometry[SPREAD].geom_type == "Point"


def test_a_fault_of_a_record_is_none_of_its_extent(data_folder: Any) -> None:
    data_folder.change("projects.csv", SPREAD, status="gone")
    _, faults = RecordsFile(Catalogue(data_folder.folder), "projects.csv").read()
    assert [fault.partition(": ")[0] for fault in faults] == [f"projects.csv, {SPREAD}, status"]


@pytest.mark.parametrize(
    ("of_record", "of_line", "told"),
    [
        ("One", "Two", "One. Two"),
        ("One.", "Two. Three.", "One. Two. Three"),
        ("", "Two.", "Two"),
        ("One", None, "One"),
        ("", None, None),
    ],
)
def test_notes_of_a_record_and_its_extent_are_sentences(
    data_folder: Any, of_record: str, of_line: str | None, told: str | None
) -> None:
    data_folder.change("projects.csv", SPREAD, note_ru=of_record, note_en=of_record)
    data_folder.change(EXTENTS, SPREAD, note_ru=of_line, note_en=of_line)
    record = sound(Catalogue(data_folder.folder), "projects.csv").loc[SPREAD]
    assert (record["note_ru"], record["note_en"]) == (told, told)


def test_extents_are_records_of_their_own(catalogue: Catalogue) -> None:
    file = RecordsFile(catalogue, EXTENTS)
    frame, faults = file.read()
    assert faults == []
    assert list(frame.index) == list(extents(catalogue.folder))
    assert file.fields == catalogue.common
    common = {column for field in catalogue.common for column in field.columns}
    assert common == {"source_id", "accuracy_m", "position_status", "as_of", "note_ru", "note_en"}
    assert set(frame.columns) == {"id", "geometry", *common}
    assert frame.crs.to_epsg() == 4326


def test_a_fault_of_an_extent_is_told_with_its_own_file(data_folder: Any) -> None:
    """Once, whether its records are read or the file by itself."""
    data_folder.change(EXTENTS, SPREAD, accuracy_m=-5)
    catalogue = Catalogue(data_folder.folder)
    for name in (EXTENTS, "projects.csv"):
        _, faults = RecordsFile(catalogue, name).read()
        assert [fault.partition(":")[0] for fault in faults] == [f"{EXTENTS}, {SPREAD}, accuracy_m"], name


FAULTY_EXTENTS: list[Any] = [
    (SPREAD, {"geometry": {"type": "GeometryCollection", "geometries": []}}, "GeometryCollection"),
    (SPREAD, {"geometry": line([85, 56, 1], [86, 56, 2])}, "heights"),
    (SPREAD, {"geometry": line([85, 56], [85, 56])}, "not valid"),
    (AREA, {"geometry": BOW}, "not valid"),
    (SPREAD, {"accuracy_m": None}, "accuracy"),
    pytest.param(SPREAD, {"geometry": None}, ""),
    pytest.param(SPREAD, {"accuracy_m": -5}, "accuracy_m"),
    pytest.param(SPREAD, {"accuracy_m": 60_000}, "accuracy_m"),
    pytest.param(SPREAD, {"accuracy_m": "near"}, "accuracy_m"),
    pytest.param(SPREAD, {"position_status": "guessed"}, "position_status"),
    pytest.param(SPREAD, {"source_id": "hearsay"}, "hearsay"),
    pytest.param(SPREAD, {"note_en": None}, "note"),
    pytest.param(SPREAD, {"note_en": "<b>line</b>"}, "note_en"),
    pytest.param(SPREAD, {"strange": 1}, "strange"),
    pytest.param(SPREAD, {"name_ru": "Путь"}, "name_ru"),
    pytest.param(SPREAD, {"as_of": None}, "as_of"),
    pytest.param(SPREAD, {"as_of": "2025-13"}, "as_of"),
    pytest.param(SPREAD, {"note_ru": " Путь"}, "note_ru"),
    pytest.param(SPREAD, {"source_id": ""}, "source_id"),
    pytest.param(SPREAD, {"id": AREA}, "twice"),
]  # fmt: skip


@pytest.mark.parametrize(("id_", "cells", "told"), FAULTY_EXTENTS)
def test_a_fault_of_an_extent_is_found_and_named(
    data_folder: Any, id_: str, cells: dict[str, Any], told: str
) -> None:
    data_folder.change(EXTENTS, id_, **cells)
    where = cells.get("id", id_)
    _, faults = RecordsFile(Catalogue(data_folder.folder), "projects.csv").read()
    names = (f"projects.csv, {where}", f"{EXTENTS}, {where}")
    assert any(fault.startswith(names) and told in fault for fault in faults), faults


@pytest.mark.parametrize(
    "column",
    [
        "id",
        *(pytest.param(c) for c in ("accuracy_m", "position_status", "source_id", "as_of", "note_ru")),
    ],
)
def test_an_extent_that_lacks_a_property_is_found(data_folder: Any, column: str) -> None:
    def without(text: str) -> str:
        collection = json.loads(text)
        del collection["features"][0]["properties"][column]
        return json.dumps(collection, ensure_ascii=False)

    data_folder.edit(f"records/{EXTENTS}", without)
    _, faults = RecordsFile(Catalogue(data_folder.folder), "projects.csv").read()
    assert faults


@pytest.mark.parametrize(
    "text",
    [
        None,
        *(t for t in ("{", '{"type": "FeatureCollection"}', b"\xff{")),
    ],
)
def test_extents_that_cannot_be_read_are_named(data_folder: Any, text: str | bytes | None) -> None:
    path = data_folder.folder / "records" / EXTENTS
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    _, faults = RecordsFile(Catalogue(data_folder.folder), "projects.csv").read()
    assert len(faults) == 1
    assert "cannot be read" in faults[0]
    assert EXTENTS in faults[0]


@pytest.mark.parametrize(
    ("text", "parts"), [("a;b", ["a", "b"]), ("a; b ;", ["a", "b"]), ("", []), (None, []), (float("nan"), [])]
)
def test_a_list_is_split(text: Any, parts: list[str]) -> None:
    assert split(text) == parts


def test_records_one_by_one_carry_their_geometry(catalogue: Catalogue) -> None:
    frame = sound(catalogue, "bridges.csv")
    rows = as_dicts(frame)
    assert [row["id"] for row in rows] == list(frame.index)
    assert rows[0]["geometry"].equals(frame.geometry.iloc[0])


def test_records_of_a_register_have_no_geometry(catalogue: Catalogue) -> None:
    frame = sound(catalogue, "documents.csv")
    rows = as_dicts(frame)
    assert [row["id"] for row in rows] == list(frame.index)
    assert all("geometry" not in row for row in rows)


@pytest.mark.parametrize(
    ("where", "kept"), [({}, "abc"), ({"kind": "x"}, "a"), ({"kind": "*"}, "ab"), ({"kind": "z"}, "")]
)
def test_a_register_holds_what_its_where_says(catalogue: Catalogue, where: dict[str, str], kept: str) -> None:
    frame = pd.DataFrame({"kind": ["x", "y", None]}, index=list("abc"), dtype=object)
    register = catalogue.registers["documents"].model_copy(update={"where": where})
    assert "".join(members(register, frame).index) == kept


def test_citations_are_counted_in_registers_and_layers_alike(catalogue: Catalogue) -> None:
    frames = [sound(catalogue, name) for name in ("documents.csv", "bridges.csv")]
    told = citations(frames)
    assert told.total() == sum(len(split(ids)) for frame in frames for ids in frame["source_id"])
    assert told == citations(frames[:1]) + citations(frames[1:])
