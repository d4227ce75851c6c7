"""Rasters of measures and zones: found by what they are made of, true to the records they are made of."""

from typing import Any

import numpy as np
import pytest
import shapely

from geo.grid import Window
from layers.comparison import HOME_NETWORK
from layers.reach.base import figure
from layers.siting.measures import LABOUR_MINUTES, measure
from layers.siting.rasters import Ground
from layers.siting.results import grid_of
from layers.sought import Sought
from layers.store import EmbeddedStore
from tests.layers.siting.searches import TINY, Changed


def ground(store: Any, *, cell_m: int = 100, roads: str = "today") -> Ground:
    return Ground(store, grid_of(Sought(area=TINY, cell_m=cell_m)), HOME_NETWORK, roads, (0, 0))


# --- what a raster is made of ------------------------------------------------------------------------


def test_what_is_measured_differently_is_another_raster(store: EmbeddedStore) -> None:
    texts = (
        "distance.railways",
        "distance.stations",
        "distance.roads",
        "distance.roads.road_class.federal",
        "minutes.tomsk",
        "minutes.stations",
        "people.30",
        "density.heritage.2000",
        "density.heritage.3000",
        "similar.timber",
        "similar.nuclear",
    )
    grounds = (ground(store), ground(store, cell_m=200), ground(store, roads="winter"))
    digests = [[held.job(measure(text, store.catalogue)).digest for text in texts] for held in grounds]
    today, coarse, winter = (dict(zip(texts, names, strict=True)) for names in digests)
    assert len(set(today.values())) == len(texts)
    assert not set(today.values()) & set(coarse.values())
    by_road = {text for text in texts if today[text] != winter[text]}
    assert by_road == {"minutes.tomsk", "minutes.stations", "people.30"}


def test_all_who_count_people_share_a_raster(store: EmbeddedStore) -> None:
    on = ground(store)
    asked = [f"{kind}.{n}" for kind in ("people", "workforce") for n in LABOUR_MINUTES]
    assert len({on.job(measure(text, store.catalogue)).digest for text in asked}) == 1
    people, workforce = (on.layered(measure(text, store.catalogue)) for text in ("people.60", "workforce.60"))
    assert (people.band, people.factor) == (1, 1.0)
    assert (workforce.band, workforce.factor) == (1, figure(store, "workforce-share"))


def test_another_accuracy_or_width_is_another_zone(store: EmbeddedStore) -> None:
    norm = "railway-housing"
    plain = ground(store).zone(norm)
    record = store.record("norms", norm)
    layer = record["layer"]

    def vaguer(name: str) -> Any:
        frame = store.features(name)
        return frame.assign(accuracy_m=frame["accuracy_m"] + 1) if name == layer else frame

    def wider(table: str, id_: str) -> Any:
        return {**store.record(table, id_), "distance_m": record["distance_m"] + 1}

    vague, wide = (ground(Changed(store, **changed)) for changed in ({"features": vaguer}, {"record": wider}))
    digests = {plain.digest, vague.zone(norm).digest, wide.zone(norm).digest}
    assert len(digests) == 3
    assert ground(Changed(store)).zone(norm).digest == plain.digest


def test_a_zone_widens_what_cannot_be_told_by_the_accuracy(store: EmbeddedStore) -> None:
    norm = next(i for i in store.records("norms").index if store.record("norms", i)["layer"] == "railways")

    def vaguer(name: str) -> Any:
        frame = store.features(name)
        return frame.assign(accuracy_m=frame["accuracy_m"] + 250.0)

    near, far = ground(store).zone(norm).make()
    vague_near, vague_far = ground(Changed(store, features=vaguer)).zone(norm).make()
    # Farther off than zones are told exactly, a distance is known to 1.42 of a cell.
    np.testing.assert_allclose(near - vague_near, 250, atol=142)
    np.testing.assert_allclose(vague_far - far, 250, atol=142)
    assert np.isclose(near - vague_near, 250, atol=0.01).mean() > 0.5


# --- what the rasters hold ---------------------------------------------------------------------------


def centres(on: Ground) -> Any:
    x, y = np.meshgrid(*on.grid.axes())
    return shapely.points(x, y)


@pytest.mark.parametrize(
    "text", ["distance.railways", "distance.roads.road_class.federal", "distance.rivers"]
)
def test_distances_are_those_between_the_shapes(store: EmbeddedStore, text: str) -> None:
    on, of = ground(store), measure(text, store.catalogue)
    found = on.layered(of).raster.read(0, Window(0, 0, *on.grid.shape))[0]
    frame = store.features(of.what)
    kept = frame[frame[of.field] == of.value] if of.field else frame
    lines = shapely.union_all(store.metric_of(of.what, kept).to_numpy())
    apart = shapely.distance(centres(on), lines)
    assert np.abs(found - apart).max() <= 0.71 * on.grid.cell_m + 0.1


def test_densities_are_counts(store: EmbeddedStore) -> None:
    on = ground(store, cell_m=200)
    found = on.layered(measure("density.heritage.2000", store.catalogue))
    values = found.raster.read(0, Window(0, 0, *on.grid.shape))[0]
    points = shapely.point_on_surface(store.metric("heritage").dropna().to_numpy())
    near = shapely.distance(centres(on)[..., None], points) <= 2000
    np.testing.assert_allclose(values, near.sum(axis=-1) / (np.pi * 4), rtol=1e-5)
    assert values.max() > 0


def test_companies_alike_are_counted_in_all_parks(store: EmbeddedStore) -> None:
    on = ground(store, cell_m=1000)
    values = on.layered(measure("similar.pharma_medtech_it", store.catalogue)).raster.read(
        0, Window(0, 0, *on.grid.shape)
    )[0]
    total = np.zeros(on.grid.shape)
    for layer in ("projects", "park_industrial", "park_innovation"):
        frame = store.features(layer)
        alike = [isinstance(v, str) and "pharma_medtech_it" in v.split(";") for v in frame["cluster"]]
        of_it = frame[np.array(alike) & (frame["status"] == "built")]
        points = shapely.point_on_surface(store.metric_of(layer, of_it).dropna().to_numpy())
        total += (shapely.distance(centres(on)[..., None], points) <= 10_000).sum(axis=-1)
    assert total.max() > 0
    np.testing.assert_allclose(values, total / (np.pi * 100), rtol=1e-5)


def test_more_people_come_in_more_time(store: EmbeddedStore) -> None:
    on = ground(store, cell_m=500)
    bands = on.layered(measure("people.30", store.catalogue)).raster.read(0, Window(0, 0, *on.grid.shape))
    assert len(bands) == len(LABOUR_MINUTES)
    assert (np.diff(bands, axis=0) >= 0).all()
    assert bands.max() <= np.nansum(store.features("settlements")["population"])
    assert bands.max() > 400_000


def test_ways_are_those_of_the_roads(store: EmbeddedStore) -> None:
    """A cell is as far by time as the network says of its middle."""
    on = ground(store, cell_m=500)
    of = measure("minutes.tomsk", store.catalogue)
    values = on.layered(of).raster.read(0, Window(0, 0, *on.grid.shape))[0]
    assert (values >= 0).all()
    assert np.isfinite(values).any()
    assert np.median(values[np.isfinite(values)]) < 40
