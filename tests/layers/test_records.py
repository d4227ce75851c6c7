"""Reading records: every kind of fault of one record is found, with its file, record and column."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from layers.catalog import Catalogue, CatalogueError
from layers.records import RecordsFile, as_dicts, sound, split

BRIDGE, PARK, ROAD, DISTRICT = "communal-bridge", "tomskneftekhim", "kap-stage-1-1", "tomsk"


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
    for name in {layer.records for layer in catalogue.layers.values()}:
        frame = sound(catalogue, name)
        assert isinstance(frame, gpd.GeoDataFrame)
        assert frame.crs.to_epsg() == 4326
        assert list(frame.index) == list(frame["id"])
        for field in RecordsFile(catalogue, name).fields:
            if field.kind in ("number", "integer", "year"):
                assert frame[field.id].dtype == float


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
