"""The embedded, generalised geometry against the finer third-party files, where they are present."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.crs import WORKING
from layers.feature import placed
from layers.store import EmbeddedStore

GEODATA = Path(__file__).resolve().parents[3] / "shared" / "geodata"
SLACK_M = 1000.0

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not GEODATA.is_dir(), reason="../shared/geodata is not here"),
]


@pytest.fixture(scope="module")
def fine(store: EmbeddedStore) -> gpd.GeoSeries:
    """The finer outline (EPSG:32645) of each embedded district: the one whose body it shares."""
    outlines = gpd.read_file(GEODATA / "admin_osm.gpkg", layer="tomsk_oblast_districts").to_crs(WORKING)
    shapes = outlines.geometry.make_valid()
    found = {}
    for id_, district in store.metric("districts").items():
        shared = shapely.area(shapely.intersection(shapes.to_numpy(), district))
        found[id_] = shapes.iloc[int(shared.argmax())]
    assert len({shape.wkb for shape in found.values()}) == len(outlines) == 20
    return gpd.GeoSeries(found, crs=WORKING)


def test_embedded_districts_lie_within_their_stated_accuracy(
    store: EmbeddedStore, fine: gpd.GeoSeries
) -> None:
    accuracy_m = store.features("districts")["accuracy_m"]
    for id_, district in store.metric("districts").items():
        corners = shapely.points(shapely.get_coordinates(district))
        off_m = shapely.distance(corners, fine[id_].boundary)
        assert off_m.max() <= accuracy_m[id_], id_
        fine_corners = shapely.points(shapely.get_coordinates(fine[id_]))
        off_m = shapely.distance(fine_corners, district.boundary)
        assert (off_m <= 1.5 * accuracy_m[id_]).mean() > 0.95, id_


def test_stated_areas_are_those_of_the_finer_outlines(store: EmbeddedStore, fine: gpd.GeoSeries) -> None:
    """Official figures differ from the outlines by up to 2 %, UTM 45N from the ellipsoid by up to 1 %."""
    stated = store.features("districts")["area_km2"]
    for id_, shape in fine.items():
        assert stated[id_] == pytest.approx(shape.area / 1e6, rel=0.02), id_


def test_embedded_districts_have_the_same_area(store: EmbeddedStore, fine: gpd.GeoSeries) -> None:
    for id_, district in store.metric("districts").items():
        assert district.area == pytest.approx(fine[id_].area, rel=0.03), id_


@pytest.mark.parametrize(
    "layer", ["settlements", "heritage", "bridges", "airports", "stations", "power_plants"]
)
def test_points_lie_in_their_district_by_the_finer_outline(
    store: EmbeddedStore, fine: gpd.GeoSeries, layer: str
) -> None:
    frame, metric = placed(store.features(layer)), store.metric(layer)
    told = frame[frame["district"].notna()]
    assert len(told) > 0
    away = {
        id_: shapely.distance(metric[id_], fine[district]) - told.loc[id_, "accuracy_m"]
        for id_, district in told["district"].items()
    }
    assert {id_: round(by) for id_, by in away.items() if by > SLACK_M} == {}


def test_the_core_is_the_core(store: EmbeddedStore) -> None:
    fine_core = gpd.read_file(GEODATA / "admin_osm.gpkg", layer="agglomeration_core_2013").to_crs(WORKING)
    whole = fine_core.geometry.make_valid().union_all()
    core = store.metric("agglomeration")["agglomeration-core-2013"]
    differ = shapely.symmetric_difference(core, whole).area
    assert differ / whole.area < 0.02
    assert store.features("agglomeration").loc["agglomeration-core-2013", "area_km2"] == pytest.approx(
        whole.area / 1e6, rel=0.02
    )


def test_railways_follow_the_finer_traces(store: EmbeddedStore) -> None:
    traces = gpd.read_file(GEODATA / "railways.geojson").to_crs(WORKING)
    network = shapely.union_all(shapely.force_2d(traces.geometry.to_numpy()))
    frame, metric = store.features("railways"), store.metric("railways")
    followed = 0
    for id_, line in metric.items():
        if (
            "osm-railways" not in frame.loc[id_, "source_id"]
            or frame.loc[id_, "position_status"] != "published"
        ):
            continue
        corners = shapely.points(shapely.get_coordinates(line))
        off_m = shapely.distance(corners, network)
        assert off_m.max() <= frame.loc[id_, "accuracy_m"] + 1, id_
        followed += 1
    assert followed >= 3


def test_stations_stand_where_the_traces_have_them(store: EmbeddedStore) -> None:
    nodes = gpd.read_file(GEODATA / "railway_stations.geojson").to_crs(WORKING)
    every = shapely.multipoints(shapely.force_2d(nodes.geometry.to_numpy()))
    frame = store.features("stations")
    for id_, place in store.metric("stations").items():
        if "osm-railways" in frame.loc[id_, "source_id"] and frame.loc[id_, "position_status"] == "published":
            assert shapely.distance(place, every) <= frame.loc[id_, "accuracy_m"] + 1, id_
