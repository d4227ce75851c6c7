"""Rasters of measures and zones: made once, found by what they are made of, kept within room and reach."""

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geo.grid import Grid, Window
from layers import shelf as shelves
from layers.comparison import HOME_NETWORK
from layers.reach.base import figure
from layers.siting import rasters
from layers.siting.measures import LABOUR_MINUTES, measure
from layers.siting.rasters import Ground, Job, held
from layers.siting.results import grid_of
from layers.sought import Sought
from layers.store import EmbeddedStore
from tests.layers.siting.searches import TINY, Changed

GRID = Grid(380_000.0, 6_260_000.0, 500.0, 4, 3)
NUMBERS = count()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of this test alone, and a folder for passing files of its own."""
    folder, passing = tmp_path / "data", tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setenv(shelves.SETTING, str(folder))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(passing))
    yield folder
    rasters._raster.cache_clear()


def job(made: list[int] | None = None, *, digest: str = "", delay_s: float = 0.0) -> Job:
    """A raster of the numbers 0 to 11 that counts how often it is made."""

    def make() -> Any:
        time.sleep(delay_s)
        if made is not None:
            made.append(1)
        return np.arange(12, dtype=np.float32).reshape(1, 3, 4)

    return Job("test", digest or f"job{next(NUMBERS)}", GRID, make)


def ground(store: Any, *, cell_m: int = 100, roads: str = "today") -> Ground:
    return Ground(store, grid_of(Sought(area=TINY, cell_m=cell_m)), HOME_NETWORK, roads, (0, 0))


def kept(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


# --- keeping -----------------------------------------------------------------------------------------


def test_a_raster_is_made_once_and_found_by_its_digest(data: Path) -> None:
    made: list[int] = []
    one = job(made)
    assert not one.ready
    first = held(one)
    assert one.ready
    assert kept(data) == {f"{one.digest}.tif"}
    assert held(one) is first
    rasters._raster.cache_clear()  # as in another process
    again = held(replace(one))
    assert made == [1]
    assert again.grid == GRID
    assert again.tags["of"] == "test"
    np.testing.assert_array_equal(again.read(0, Window(0, 0, 3, 4))[0], np.arange(12).reshape(3, 4))


def test_who_asks_meanwhile_waits_for_the_same(data: Path) -> None:
    made: list[int] = []
    one = job(made, delay_s=0.05)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: held(one), range(4)))
    assert made == [1]
    assert len(set(map(id, found))) == 1


def test_a_folder_that_cannot_be_written_is_passed_over(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data.write_text("a file where a folder should be")
    made: list[int] = []
    one = job(made)
    assert held(one).grid == GRID
    assert kept(tmp_path / "passing") == {f"{one.digest}.tif"}
    assert "cannot be kept" in caplog.text
    rasters._raster.cache_clear()
    assert one.ready
    held(one)
    assert made == [1]


def test_without_any_folder_it_is_said_what_to_do(data: Path, tmp_path: Path) -> None:
    data.write_text("a file where a folder should be")
    (tmp_path / "passing" / "planner-criteria").write_text("another")
    with pytest.raises(OSError, match="PLANNER_DATA"):
        held(job())


def test_what_fails_leaves_nothing_behind(data: Path) -> None:
    def fail() -> Any:
        raise ZeroDivisionError

    one = Job("test", "failing", GRID, fail)
    with pytest.raises(ZeroDivisionError):
        held(one)
    assert kept(data) == set()
    assert held(replace(one, make=job().make)).grid == GRID


def test_the_oldest_make_room(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but those of the last hour, which somebody may be looking at."""
    folder = data / "criteria"
    folder.mkdir(parents=True)
    now = time.time()
    for name, hours in (("new", 0.5), ("young", 2.0), ("old", 3.0), ("oldest", 4.0)):
        (folder / f"{name}.tif").write_bytes(b"x" * 1000)
        os.utime(folder / f"{name}.tif", (now - hours * 3600, now - hours * 3600))
    (folder / "note.txt").write_bytes(b"x" * 9000)
    monkeypatch.setattr(rasters, "MOST_BYTES", 2500)
    one = job()
    held(one)
    assert kept(folder) == {"new.tif", "young.tif", "note.txt", f"{one.digest}.tif"}
    monkeypatch.setattr(rasters, "MOST_BYTES", 1)
    other = job()
    held(other)
    assert kept(folder) == {"new.tif", "note.txt", f"{one.digest}.tif", f"{other.digest}.tif"}


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
    assert people.raster is workforce.raster
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
        of_it = frame[[isinstance(v, str) and "pharma_medtech_it" in v.split(";") for v in frame["cluster"]]]
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
