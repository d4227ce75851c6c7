"""Zones of norms: which records make them and how wide; measured at a shape as they are on the grid."""

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given
from hypothesis import strategies as st

from geo.grid import Window
from geo.siting import MOST_EXTRA_M
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.paper.document import Citations
from layers.query import Query
from layers.reach.base import figure
from layers.siting import layers
from layers.siting.norms import BEYOND_M, norm_at, zones
from layers.siting.passport_parts import Parts
from layers.siting.results import Findings, findings
from layers.siting.sites import CELLS, of_layer, site
from layers.siting.telling import limits_told
from layers.siting.territory import EXTENT_STEP_M, TOWN_PEOPLE, district_of, extents_m, nearest_settlement
from layers.sought import Sought
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.layers.siting.searches import PLAIN, Changed, search

NORMS = list(embedded().records("norms").index)


@pytest.mark.parametrize("norm", NORMS)
def test_every_norm_has_its_zones(store: EmbeddedStore, norm: str) -> None:
    record = store.record("norms", norm)
    made = zones(store, record)
    assert 0 < len(made.shapes) <= len(store.features(record["layer"]))
    assert len(made.shapes) == len(made.width_m) == len(made.accuracy_m)
    assert np.isfinite(made.width_m).all()
    assert (made.accuracy_m >= 0).all()
    if record["width_rule"] == "fixed" and record["layer"] != "settlements":
        assert set(made.width_m.tolist()) == {record["distance_m"]}


def test_a_river_has_the_zone_of_its_length(store: EmbeddedStore) -> None:
    made = zones(store, store.record("norms", "water-protection"))
    rivers = store.features("rivers")
    lengths = rivers["length_km"][store.metric("rivers").notna()]
    expected = [200 if not length < 50 else 100 if length >= 10 else 50 for length in lengths]
    assert made.width_m.tolist() == expected


def test_a_subset_makes_the_zones_of_its_records_alone(store: EmbeddedStore) -> None:
    federal = zones(store, store.record("norms", "roadside-federal"))
    roads = store.features("roads")
    assert len(federal.shapes) == (roads["road_class"] == "federal").sum() < len(roads)
    assert len(zones(store, store.record("norms", "zato-seversk")).shapes) == 1


def test_a_settlement_reaches_as_far_as_its_people_fill(store: EmbeddedStore) -> None:
    frame = store.features("settlements")
    radius = dict(zip(frame.index, extents_m(store, "settlements", frame), strict=True))
    people = frame["population"]
    for id_ in ("tomsk", people[(people > 0) & (people < TOWN_PEOPLE)].index[0]):
        kind = "town" if people[id_] >= TOWN_PEOPLE else "village"
        density = figure(store, f"settlement-density-{kind}")
        assert 0 <= radius[id_] - 1000 * np.sqrt(people[id_] / density / np.pi) < EXTENT_STEP_M
    for id_ in people[people.isna()].index:
        assert 0 <= radius[id_] - figure(store, "settlement-radius-unknown") < EXTENT_STEP_M
    assert {value % EXTENT_STEP_M for value in radius.values()} == {0}
    assert (extents_m(store, "railways", store.features("railways")) == 0).all()


def test_half_of_an_extent_is_zone_and_half_is_doubt(store: EmbeddedStore) -> None:
    """Surely inside is what lies about the point itself; within the whole extent it cannot be told."""
    frame = store.features("settlements")
    made = zones(store, store.record("norms", "settlement-itself"))
    placed = store.metric("settlements").notna().to_numpy()
    extent = extents_m(store, "settlements", frame)[placed]
    accuracy = frame["accuracy_m"].to_numpy(float)[placed]
    np.testing.assert_allclose(made.width_m + made.accuracy_m, extent + accuracy)
    np.testing.assert_allclose(made.width_m - made.accuracy_m, -accuracy)


@given(st.sampled_from(NORMS), st.data())
def test_a_place_is_told_as_its_cell_is(norm: str, data: st.DataObject) -> None:
    """By geometry as on the grid, but for the 1.42 of a cell to which distances are known there.

    And the grid is never surer than the geometry.
    """
    found: Findings = search(f"{PLAIN};x:{norm}")
    row, column = (data.draw(st.integers(0, size - 1)) for size in found.grid.shape)
    x, y = found.grid.axes()
    point = shapely.Point(x[column], y[row])
    near, far = (float(band) for band in found.basis.zones[0].read(0, Window(row, column, 1, 1))[:, 0, 0])
    state = found.whole[1][row, column]
    exact, least, most = norm_at(found.store, found.store.record("norms", norm), point)
    slack = 1.42 * found.grid.cell_m + 1
    assert near == pytest.approx(least, abs=slack)
    assert far == pytest.approx(most, abs=slack)
    assert near <= least + 0.1
    assert far >= most - 0.1
    assert found.limit_states(point) == [(found.model.limits[0], exact, least, most)]
    if state in (FREE, EXCLUDED):
        assert state == exact


@pytest.mark.parametrize("layer", ["site_plots", "site_areas", "site_free", "site_mine", CELLS])
def test_the_card_the_board_and_the_passport_tell_the_same(layer: str) -> None:
    """By the geometry of a site and the accuracy of its position, also at the edges of zones."""
    query = Query(sought=Sought(cell_m=500, mine=("circle~1500:84.98000,56.45000",)))
    found = findings(embedded(), query)
    one = site(found, f"{CELLS}/84.98000_56.45000") if layer == CELLS else of_layer(found, layer)[0]
    assert one is not None
    told = {limit.norm: rest for limit, *rest in found.limit_states(one.shape, one.loose_m)}
    in_passport = {norm["id"]: rest for norm, *rest in Parts(found, one, Words("en"), Citations())._norms()}
    assert told
    assert told == {norm: in_passport[norm] for norm in told}
    record = layers.record(found.store, found.store.catalogue.layers[layer], one.id, query)
    card = [say(Words("en")) for say in record["further"]]
    listed = [say(Words("en")) for say in limits_told(found, one.shape, one.loose_m, all_of_them=False)]
    assert card[len(card) - len(listed) :] == listed


def test_the_state_follows_from_the_distances(store: EmbeddedStore) -> None:
    norm = store.record("norms", "railway-housing")
    lines = shapely.union_all(store.metric("railways").dropna().to_numpy())
    on = shapely.get_point(shapely.get_parts(lines)[0], 0)
    accuracy = float(store.features("railways")["accuracy_m"].max())
    away = shapely.Point(on.x + 40_000, on.y - 90_000)
    state, near, far = norm_at(store, norm, away)
    assert (state, near > 0, far > near) == (FREE, True, True)
    state, near, far = norm_at(store, norm, on)
    assert near < 0
    assert (state == EXCLUDED) == (far <= 0)
    wide_state, wide_near, wide_far = norm_at(store, norm, on, 2 * accuracy + 1000)
    assert wide_state == EXCLUDED
    assert (near - wide_near, far - wide_far) == pytest.approx((2 * accuracy + 1000,) * 2)


def test_within_an_area_the_distance_is_that_to_its_outline(store: EmbeddedStore) -> None:
    norm = store.record("norms", "zato-seversk")
    area = store.metric("districts")["seversk"]
    inner = shapely.Point(area.representative_point())
    accuracy = float(store.features("districts")["accuracy_m"]["seversk"])
    deep = area.boundary.distance(inner)
    state, near, far = norm_at(store, norm, inner)
    assert (near, far) == pytest.approx((-deep - accuracy, -deep + accuracy))
    assert state == (EXCLUDED if deep >= accuracy else UNSURE)


def test_without_a_record_nothing_is_forbidden(store: EmbeddedStore) -> None:
    norm = {**store.record("norms", "chp-coal"), "where_value": "unheard"}
    assert norm_at(store, norm, shapely.Point(0, 0)) == (FREE, np.inf, np.inf)
    nowhere = Changed(store, metric_of=lambda layer, frame: store.metric_of(layer, frame).map(lambda _: None))
    assert len(zones(nowhere, store.record("norms", "chp-coal")).shapes) == 0  # type: ignore[arg-type]


def test_where_a_shape_lies(store: EmbeddedStore) -> None:
    tomsk = store.metric("settlements")["tomsk"]
    assert district_of(store, tomsk) == "tomsk"
    assert district_of(store, shapely.Point(0, 0)) is None
    record, away_m = nearest_settlement(store, tomsk.buffer(10))
    assert (record["id"], round(away_m)) == ("tomsk", 0)


def test_zones_are_looked_at_as_far_as_any_may_be_widened() -> None:
    assert BEYOND_M > MOST_EXTRA_M


def test_a_loose_position_makes_a_limit_less_certain(store: EmbeddedStore) -> None:
    norm = store.record("norms", "river-itself")
    bank = store.metric("rivers").iloc[0].interpolate(0.5, normalized=True).buffer(10)
    for shape in (bank, shapely.affinity.translate(bank, 9_000.0, 9_000.0)):
        _, near, far = norm_at(store, norm, shape)
        _, nearer, farther = norm_at(store, norm, shape, accuracy_m=700.0)
        assert (nearer, farther) == (near - 700.0, far + 700.0)
