"""Computed layers: whole records like all others, in agreement with what was found, for every hand."""

import json
import math
import re
from itertools import combinations, pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.crs import WGS84, WORKING
from geo.selection import Verdict
from geo.shape import Shape
from layers.catalog import LANGUAGES, Language
from layers.comparison import GOAL, Comparison
from layers.feature import card, class_value, drawn
from layers.furniture import counts, part
from layers.query import Query
from layers.reach.base import UnknownNetwork
from layers.reach.layers import ISOCHRONES, saved_class
from layers.reach.results import results
from layers.records import SLUG
from layers.report import as_csv, as_geojson, as_xlsx, by_class, records_inside, report, table, with_places
from layers.store import EmbeddedStore, UnknownFeature, embedded
from layers.text import Words
from tests.layers.reach.test_results import ROAD, SUBURB
from tests.layers.test_routes import Client

COMPUTED = [
    name for name, layer in embedded().catalogue.layers.items() if layer.follows in ("network", "comparison")
]
OF_NETWORK = [name for name in COMPUTED if embedded().catalogue.layers[name].follows == "network"]
ASKED = {
    "asino": Comparison(),
    "closed": Comparison(before="today", after="closed-bridge"),
    "hospitals": Comparison(before="today", after="thaw", goal="hospitals"),
    "parks": Comparison(goal="park_sport"),
    "same": Comparison(before="today", after="today"),
    "new": Comparison(before="today", after=SUBURB),
    "removed": Comparison(before=ROAD, after="today"),
}
TOMSK = Shape("circle", ((84.95, 56.48),), 40_000.0)


def found(layer: str, asked: str) -> gpd.GeoDataFrame:
    return embedded().query(layer, Query(comparison=ASKED[asked]))


def metric(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    return frame.geometry.to_crs(WORKING)


every = pytest.mark.parametrize("asked", ASKED)
each = pytest.mark.parametrize("layer", COMPUTED)


# --- records ----------------------------------------------------------------------------------------


@every
@each
def test_records_are_whole(store: EmbeddedStore, layer: str, asked: str) -> None:
    held, frame = store.catalogue.layers[layer], found(layer, asked)
    columns = {"id", "name_ru", "name_en", "geometry", "state"}
    columns |= {column for field in held.fields for column in field.columns}
    assert set(frame.columns) == columns
    assert frame.crs == WGS84
    assert frame.index.is_unique
    assert frame["id"].tolist() == frame.index.tolist()
    assert all(re.fullmatch(SLUG, id_) for id_ in frame.index)
    assert frame[["name_ru", "name_en"]].notna().all(axis=None)
    assert not frame[["name_ru", "name_en"]].isin(["", "nan", "None"]).any(axis=None)
    for sources in frame["source_id"]:
        assert set(sources.split(";")) <= set(store.catalogue.sources)
        assert len(set(sources.split(";"))) == len(sources.split(";"))
    assert frame["accuracy_m"].astype(float).ge(0).all()
    assert frame["as_of"].map(lambda text: bool(re.fullmatch(r"\d{4}(-\d\d){0,2}", text))).all()


@every
@each
def test_words_are_those_of_the_vocabularies(store: EmbeddedStore, layer: str, asked: str) -> None:
    held, frame = store.catalogue.layers[layer], found(layer, asked)
    for field in held.fields:
        if field.vocabulary:
            known = store.catalogue.vocabularies[field.vocabulary]
            assert set(frame[field.id].dropna()) <= set(known), field.id
        elif field.to and field.kind == "reference":
            assert set(frame[field.id].dropna()) <= set(store.records(field.to).index), field.id
        elif field.kind in ("number", "integer", "year"):
            assert frame[field.id].dtype == float
            assert not np.isinf(frame[field.id]).any()


@every
@each
def test_classes_are_those_of_the_style(store: EmbeddedStore, layer: str, asked: str) -> None:
    style, frame = store.catalogue.layers[layer].style, found(layer, asked)
    if style.field:
        told = {style.class_of(class_value(value)) for value in frame[style.field]}
        assert "" not in told
        assert told <= set(style.classes)


@every
@each
def test_geometries_are_sound(store: EmbeddedStore, layer: str, asked: str) -> None:
    kinds = {
        "point": {"Point"},
        "line": {"LineString", "MultiLineString"},
        "area": {"Polygon", "MultiPolygon"},
    }
    frame = found(layer, asked)
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    assert set(frame.geom_type) <= kinds[store.catalogue.layers[layer].geometry]
    if len(frame):
        west, south, east, north = frame.total_bounds
        assert 70 < west <= east < 95
        assert 50 < south <= north < 65


def test_there_is_something_in_every_layer() -> None:
    for layer in COMPUTED:
        assert len(found(layer, "asino")), layer


# --- what they say ----------------------------------------------------------------------------------


@every
def test_minutes_saved_agree_with_the_results(store: EmbeddedStore, asked: str) -> None:
    frame, times = found("reach_saved", asked), results(store, ASKED[asked]).times
    assert list(frame.index) == list(times.index) == list(store.features("settlements").index)
    for column, name in (
        ("minutes_before", "before"),
        ("minutes_after", "after"),
        ("minutes_saved", "saved"),
    ):
        told = times[name].replace(np.inf, np.nan)
        assert np.allclose(frame[column], told, atol=0.051, equal_nan=True)
    assert frame["population"].equals(store.features("settlements")["population"].astype(float))
    for row, before, after in zip(frame.to_dict("records"), times["before"], times["after"], strict=True):
        assert row["saved_class"] == saved_class(before, after)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (60, 30, "over30"),
        (60, 30.001, "from15"),
        (20, 5, "from15"),
        (20, 15, "from5"),
        (20, 19, "from1"),
        (20, 19.001, "same"),
        (20, 20, "same"),
        (20, 20.999, "same"),
        (20, 21, "longer"),
        (math.inf, 20, "reached"),
        (20, math.inf, "cut_off"),
        (math.inf, math.inf, "no_way"),
    ],
)
def test_the_class_of_a_change(before: float, after: float, expected: str) -> None:
    assert saved_class(before, after) == expected


@every
@pytest.mark.parametrize("side", [0, 1], ids=["before", "after"])
def test_isochrones_lie_in_each_other_and_hold_their_places(
    store: EmbeddedStore, asked: str, side: int
) -> None:
    """A place lies inside when its own time says so, to within a cell and the smoothing of outlines."""
    layer = ("reach_before", "reach_after")[side]
    frame, there = found(layer, asked), results(store, ASKED[asked])
    cell = there.grid.cell_m
    areas = metric(frame)
    assert frame["limit_min"].tolist() == sorted(frame["limit_min"], reverse=True)
    assert set(frame["limit_min"]) <= set(ISOCHRONES)
    for outer, inner in pairwise(areas):
        assert inner.difference(outer.buffer(cell)).is_empty
        assert inner.area < outer.area
    assert frame["population"].is_monotonic_decreasing
    minutes = there.minutes(there.comparison.goal)[side]
    points = store.metric("settlements")
    for limit, area in zip(frame["limit_min"], areas, strict=True):
        near = points[minutes <= limit]
        assert (near.distance(area) <= 1.5 * cell).all()
        assert frame["population"][f"within-{limit:.0f}"] == np.nansum(there.people[minutes <= limit])
        assert frame["area_km2"][f"within-{limit:.0f}"] == pytest.approx(area.area / 1e6, rel=0.01, abs=1)


def test_the_area_of_the_gain_is_where_settlements_gain(store: EmbeddedStore) -> None:
    """As far as surfaces go: three hours from the goal."""
    frame = found("reach_gain", "asino")
    assert all(id_.startswith("saves-") for id_ in frame.index)
    there = results(store, ASKED["asino"])
    area = metric(frame).union_all().buffer(1.5 * there.grid.cell_m)
    gained = ((there.times["saved"] >= 3) & (there.times["before"] <= 150)).to_numpy()
    assert gained.any()
    assert store.metric("settlements")[gained].within(area).all()
    lost = found("reach_gain", "closed")
    assert len(lost)
    assert all(id_.startswith("costs-") for id_ in lost.index)
    assert lost["gain_class"].str.startswith("minus_").all()
    assert found("reach_gain", "same").empty


@pytest.mark.parametrize("asked", ["hospitals", "parks"])
def test_service_areas_share_out_the_people_and_the_land(store: EmbeddedStore, asked: str) -> None:
    frame, there = found("reach_service", asked), results(store, ASKED[asked])
    places = store.features(there.comparison.goal)
    assert set(frame.index) <= set(places.index)
    assert frame["name_ru"].tolist() == places["name_ru"][frame.index].tolist()
    reached = np.isfinite(there.minutes(there.comparison.goal)[1])
    assert frame["population"].sum() <= np.nansum(there.people[reached])
    areas = metric(frame)
    cell = there.grid.cell_m
    for one, other in combinations(areas, 2):
        shared = one.intersection(other).area
        assert shared <= 0.4 * cell * (one.length + other.length)


def test_all_the_land_serves_the_core(store: EmbeddedStore) -> None:
    frame = found("reach_service", "asino")
    assert list(frame.index) == ["tomsk"]
    there = results(store, ASKED["asino"])
    reached = np.isfinite(there.minutes(GOAL)[1])
    assert frame["population"]["tomsk"] == np.nansum(there.people[reached])


@every
def test_the_roads_that_differ_are_those_of_the_results(store: EmbeddedStore, asked: str) -> None:
    frame, changed = found("reach_works", asked), results(store, ASKED[asked]).changed_segments()
    assert frame.index.tolist() == changed["id"].tolist()
    assert frame["edit_class"].tolist() == changed["what"].tolist()
    told = {"asino": {"faster"}, "closed": {"closed"}, "new": {"new"}, "removed": {"removed"}}
    assert set(frame["edit_class"]) == told.get(asked, set(frame["edit_class"]))
    for length, line in zip(frame["length_km"], metric(frame), strict=True):
        assert length == pytest.approx(line.length / 1000, abs=0.011)
    for id_ in set(frame.index) & set(store.features("roads").index):
        assert frame["source_id"][id_] == store.features("roads")["source_id"][id_]


@pytest.mark.parametrize("layer", OF_NETWORK)
def test_the_network_does_not_depend_on_what_is_compared(store: EmbeddedStore, layer: str) -> None:
    assert found(layer, "asino") is found(layer, "closed")
    assert set(found(layer, "asino").index) == set(store.features("roads").index)


# --- every hand of a layer --------------------------------------------------------------------------


@pytest.mark.parametrize(("asked", "language"), [("asino", "ru"), ("hospitals", "en"), ("new", "ru")])
@each
def test_a_layer_is_drawn_and_has_its_legend(
    store: EmbeddedStore, layer: str, asked: str, language: Language
) -> None:
    held, query = store.catalogue.layers[layer], Query(comparison=ASKED[asked])
    collection = drawn(store, held, query, language)
    json.dumps(collection, allow_nan=False)
    frame = found(layer, asked)
    assert [feature["id"] for feature in collection["features"]] == frame.index.tolist()
    assert [f["properties"]["n"] for f in collection["features"]] == frame[f"name_{language}"].tolist()
    told = counts(store, layer, query)
    assert told["n"] == len(frame) <= told["of"]
    assert "unplaced" not in told
    if held.style.classes:
        assert sum(told["classes"].values()) == len(frame)
    furnished = part(store, held, language)
    assert (furnished["computed"], furnished["side"]) == (layer not in OF_NETWORK, held.side)
    json.dumps(furnished, allow_nan=False)


@pytest.mark.parametrize(("asked", "language"), [("asino", "ru"), ("hospitals", "en"), ("new", "ru")])
@each
def test_a_record_has_its_card(store: EmbeddedStore, layer: str, asked: str, language: Language) -> None:
    query, frame = Query(comparison=ASKED[asked]), found(layer, asked)
    for id_ in [*frame.index[:3], *frame.index[-2:]]:
        told = card(store, layer, id_, language, query)
        text = json.dumps(told, allow_nan=False, ensure_ascii=False)
        assert not re.search(r"\b(None|nan|NaN|inf)\b", text), text
        assert told["title"] == frame[f"name_{language}"][id_]
        assert told["pick"] == f"{layer}/{id_}"
        assert told["sources"]
        assert told["centre"]


def test_a_record_of_another_comparison_has_no_card(store: EmbeddedStore) -> None:
    with pytest.raises(UnknownFeature):
        card(store, "reach_works", "third-tom-bridge-link", "ru", Query())
    other = Query(comparison=Comparison(before="today", after="third-bridge"))
    assert card(store, "reach_works", "third-tom-bridge-link", "ru", other)["title"]


@pytest.mark.parametrize(("asked", "language"), [("asino", "en"), ("new", "ru")])
@each
def test_a_layer_is_tabled_and_taken_along(
    store: EmbeddedStore, layer: str, asked: str, language: Language
) -> None:
    frame = found(layer, asked)
    told = table(store, layer, frame, language)
    assert told.index.tolist() == frame.index.tolist()
    assert told.columns.is_unique
    placed = with_places(told, frame)
    assert ("lon" in placed) == (layer == "reach_saved")
    assert as_csv(placed, language)
    assert as_xlsx([("sheet", placed)])[:2] == b"PK"
    taken = json.loads(as_geojson(store, frame))
    assert [feature["id"] for feature in taken["features"]] == frame.index.tolist()
    assert all(feature["properties"]["source"] for feature in taken["features"])


# --- a drawn shape ----------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["asino", "closed", "new"])
def test_the_report_on_a_shape_has_computed_layers(store: EmbeddedStore, asked: str) -> None:
    query = Query(comparison=ASKED[asked])
    plain = report(store, TOMSK, query)
    assert not {finding.layer for finding in plain.findings} & set(COMPUTED), "only those that are named"
    made = report(store, TOMSK, query, ("reach_saved", "reach_before", "reach_after"))
    saved = made.finding("reach_saved")
    assert saved is not None
    same = made.finding("settlements")
    assert same is not None
    assert (saved.inside, saved.partly, saved.unsure) == (same.inside, same.partly, same.unsure)
    for layer in ("reach_before", "reach_after"):
        area = made.finding(layer)
        assert area is not None
        assert area.inside + area.partly + area.unsure > 3
    for language in LANGUAGES:
        titles = [title for title, _ in records_inside(store, made, language, query)]
        assert store.catalogue.layers["reach_saved"].title[language] in titles
        assert len(titles) == len(made.findings)


@pytest.mark.parametrize("asked", ["asino", "closed"])
def test_the_report_counts_a_computed_layer_by_class(store: EmbeddedStore, asked: str) -> None:
    query = Query(comparison=ASKED[asked])
    made = report(store, TOMSK, query, ["reach_saved"])
    inside = {id_: v for layer, id_, v in made.records if layer == "reach_saved"}
    classes = store.query("reach_saved", query)["saved_class"][list(inside)]
    expected = pd.Series(classes.to_numpy()).value_counts().to_dict()
    assert expected
    told = by_class(store, made, "reach_saved", query)
    assert {row[0]: sum(row[1:]) for row in told} == expected
    assert set(inside.values()) <= set(map(int, Verdict))


# --- what cannot be computed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        Comparison(after="unheard"),
        Comparison(before="unheard"),
        Comparison(after="a:flooded"),
        Comparison(after=":"),
    ],
    ids=["after", "before", "written", "colon"],
)
@each
def test_a_comparison_that_cannot_be_read_gives_an_empty_layer(
    store: EmbeddedStore, layer: str, asked: Comparison
) -> None:
    query, held = Query(comparison=asked), store.catalogue.layers[layer]
    frame = store.query(layer, query)
    if layer in OF_NETWORK:
        assert len(frame)
        return
    assert frame.empty
    assert frame.crs == WGS84
    assert set(frame.columns) == set(found(layer, "asino").columns)
    for language in LANGUAGES:
        assert drawn(store, held, query, language)["features"] == []
        assert table(store, layer, frame, language).empty
    assert counts(store, layer, query)["n"] == 0
    assert json.loads(as_geojson(store, frame))["features"] == []
    assert layer not in {finding.layer for finding in report(store, TOMSK, query, COMPUTED).findings}
    with pytest.raises(UnknownFeature):
        card(store, layer, "asino", "ru", query)


@each
def test_a_network_that_is_not_there_is_told(store: EmbeddedStore, layer: str) -> None:
    with pytest.raises(UnknownNetwork):
        store.query(layer, Query(comparison=Comparison(network="unheard")))


@pytest.mark.parametrize(
    "address",
    [
        "/map/features/reach_saved.geojson?net=unheard",
        "/map/card/reach_saved/asino?net=unheard",
        "/map/card/reach_saved/asino?after=unheard",
        "/map/card/reach_works/third-tom-bridge-link",
        "/figures/goals.xlsx?page=reach&net=unheard",
        "/figures/goals.xlsx?page=reach&after=unheard",
    ],
)
def test_an_address_of_what_is_not_there_is_answered_plainly(address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("goal", ["unheard", "roads", "reach_saved", "documents"])
@pytest.mark.parametrize("layer", ["reach_saved", "reach_service"])
def test_a_goal_that_is_none_breaks_no_layer(store: EmbeddedStore, layer: str, goal: str) -> None:
    """An address may name any slug as its goal: it is put right, or the layer is empty."""
    compared, _ = Comparison.parse({"goal": goal})
    assert len(store.query(layer, Query(comparison=compared))) >= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_areas_are_words(language: Language) -> None:
    words = Words(language)
    after = found("reach_after", "asino")
    assert after[f"name_{language}"]["within-60"] == words("reach.within", n=60)
    gain = found("reach_gain", "asino")
    assert gain[f"name_{language}"]["saves-1"] == words("reach.saves", low=1, high=3)
    new = found("reach_works", "new")
    assert new[f"name_{language}"].tolist() == [words("reach.new_road", n=1)]
