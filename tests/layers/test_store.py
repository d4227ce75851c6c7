"""The embedded store: layers cut from files, metric copies, what is unknown."""

import csv
from collections import Counter
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.crs import WGS84, WORKING
from layers.catalog import Catalogue, CatalogueError
from layers.comparison import READERS_NETWORK
from layers.query import Query
from layers.records import split
from layers.siting.own_limits import READERS_AREAS
from layers.store import EmbeddedStore, UnknownFeature, embedded
from layers.story.stock import ready


def test_there_is_one_store(store: EmbeddedStore) -> None:
    assert embedded() is store
    assert store.digest == store.catalogue.digest
    assert len(store.digest) == 12


def test_every_layer_is_there_in_degrees_and_in_metres(store: EmbeddedStore) -> None:
    for name in store.catalogue.layers:
        frame, metric = store.features(name), store.metric(name)
        assert frame.crs.to_string() == WGS84
        assert metric.crs.to_string() == WORKING
        assert list(frame.index) == list(metric.index)
        assert frame.index.is_unique
        again = gpd.GeoSeries(metric).to_crs(WGS84)
        known = frame.geometry.notna() & ~frame.geometry.is_empty
        off = shapely.hausdorff_distance(frame.geometry[known].to_numpy(), again[known].to_numpy())
        assert (off < 1e-8).all(), name


def test_a_layer_holds_what_its_where_says(store: EmbeddedStore) -> None:
    assert set(store.features("park_sport")["park"]) == {"sport"}
    assert set(store.features("asino_road")["ref"]) == {"69К-3"}
    assert len(store.features("asino_road")) == 8
    assert set(store.features("asino_road").index) < set(store.features("roads").index)


def test_park_layers_divide_the_members(store: EmbeddedStore) -> None:
    names = [n for n, layer in store.catalogue.layers.items() if layer.records == "park_members.csv"]
    ids = [id_ for name in names for id_ in store.features(name).index]
    path = store.catalogue.folder / "records" / "park_members.csv"
    assert len(ids) == len(set(ids)) == len(path.read_text(encoding="utf-8").splitlines()) - 1


def test_a_register_has_records_and_no_features(store: EmbeddedStore) -> None:
    for name, register in store.catalogue.registers.items():
        frame = store.records(name)
        assert not isinstance(frame, gpd.GeoDataFrame)
        assert "geometry" not in frame
        assert frame.index.is_unique
        assert list(frame.index) == list(frame["id"])
        assert {column for field in register.fields for column in field.columns} <= set(frame.columns)
        with pytest.raises(UnknownFeature):
            store.features(name)
        with pytest.raises(LookupError):
            store.metric(name)


def test_records_of_a_layer_are_its_features(store: EmbeddedStore) -> None:
    for name in store.catalogue.layers:
        assert store.records(name) is store.features(name)


def test_a_register_holds_every_record_of_its_file(store: EmbeddedStore) -> None:
    for name, register in store.catalogue.registers.items():
        path = store.catalogue.folder / "records" / register.records
        with path.open(encoding="utf-8", newline="") as file:
            ids = [row["id"] for row in csv.DictReader(file)]
        assert list(store.records(name).index) == ids


def test_what_a_record_refers_to_is_there(store: EmbeddedStore) -> None:
    referred = 0
    for name, table in store.catalogue.tables.items():
        for field in table.fields:
            if not field.to:
                continue
            there = store.records(field.to).index
            named = {id_ for ids in store.records(name)[field.id].dropna() for id_ in split(ids)}
            assert named <= set(there), (name, field.id)
            referred += len(named)
    assert referred > 200


def test_a_project_that_is_drawn_out_has_its_line_in_metres_too(store: EmbeddedStore) -> None:
    kinds = store.features("projects").geom_type
    assert (store.metric("projects").geom_type.fillna("") == kinds.fillna("")).all()
    assert {"Point", "LineString", "Polygon"} <= set(kinds)


def test_citations_count_every_record_once(store: EmbeddedStore) -> None:
    """Layers that share a file share its records; registers cite as layers do."""
    frames = {
        table.records: store.records(name)
        for name, table in store.catalogue.recorded.items()
        if not table.where
    }
    members = [store.records(name) for name, t in store.catalogue.recorded.items() if t.records not in frames]
    cited = [
        source
        for frame in (*frames.values(), *members)
        for ids in frame["source_id"]
        for source in split(ids)
    ]
    assert store.citations == Counter(cited)
    told = {id_ for story in ready(store).values() for chapter in story.chapters for id_ in chapter.sources}
    assert set(store.citations) | told == set(store.catalogue.sources) - {READERS_NETWORK, READERS_AREAS}


def test_an_unknown_layer_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(UnknownFeature):
        store.features("unheard")
    with pytest.raises(UnknownFeature):
        store.records("unheard")
    with pytest.raises(LookupError):
        store.query("unheard", Query())


def test_a_record_is_its_row(store: EmbeddedStore) -> None:
    searched = {name for name, layer in store.catalogue.layers.items() if layer.follows == "siting"}
    for name in store.catalogue.tables.keys() - searched:
        frame = store.records(name)
        record = store.record(name, frame.index[-1])
        assert set(record) == set(frame.columns)
        for column, value in frame.iloc[-1].items():
            assert record[column] is value or record[column] == value or pd.isna(value), (name, column)


@pytest.mark.parametrize(
    ("layer", "id_"),
    [
        ("unheard", "x"),
        ("bridges", "unheard"),
        ("bridges", ""),
        ("documents", "unheard"),
        ("documents", "communal-bridge"),
    ],
)
def test_an_unknown_record_is_refused(store: EmbeddedStore, layer: str, id_: str) -> None:
    with pytest.raises(UnknownFeature):
        store.record(layer, id_)


def test_faulty_data_are_not_served_in_part(data_folder: Any) -> None:
    data_folder.change("bridges.csv", "communal-bridge", status="gone")
    with pytest.raises(CatalogueError, match=r"bridges\.csv, communal-bridge, status"):
        EmbeddedStore(Catalogue(data_folder.folder))


def test_faulty_registers_are_not_served_in_part(data_folder: Any) -> None:
    data_folder.change("issues.csv", "nrmc-creation", issue_state="forgotten")
    with pytest.raises(CatalogueError, match=r"issues\.csv, nrmc-creation, issue_state"):
        EmbeddedStore(Catalogue(data_folder.folder))


@pytest.mark.parametrize("table", ["projects", "measures"])
def test_a_question_asked_twice_has_one_answer(store: EmbeddedStore, table: str) -> None:
    assert store.query(table, Query(year=2012)) is store.query(table, Query(year=2012))


def test_an_unknown_place_is_kept_as_unknown(data_folder: Any) -> None:
    data_folder.change(
        "bridges.csv", "communal-bridge", lon="", lat="", accuracy_m="", position_status="unverified"
    )
    other = EmbeddedStore(Catalogue(data_folder.folder))
    assert other.features("bridges").geometry["communal-bridge"] is None
    assert other.metric("bridges")["communal-bridge"] is None
    assert other.digest != embedded().digest
