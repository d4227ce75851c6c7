"""What road works change for people, against a Dijkstra written out by hand over the same files."""

import csv
import heapq
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import WGS84, WORKING, transform
from layers.catalog import DATA
from layers.programme.reach import Reach, gains
from layers.store import EmbeddedStore, embedded

ASINO = "road-kamayevka-asino-pervomayskoye"


@pytest.fixture(scope="module")
def reach() -> Reach:
    return Reach(embedded())


def segments() -> list[dict]:  # type: ignore[type-arg]
    text = (DATA / "records" / "roads.geojson").read_text(encoding="utf-8")
    return [
        {**f["properties"], "coordinates": f["geometry"]["coordinates"]} for f in json.loads(text)["features"]
    ]


def metres(lon: float, lat: float) -> tuple[float, float]:
    x, y = transform([lon], [lat], WGS84, WORKING)
    return float(x[0]), float(y[0])


def people_within(limit: float, project: str | None, *, done: bool) -> float:
    """How many people live within so many minutes of Tomsk, with the works of a project done or not."""
    ways: dict[str, list[tuple[str, float]]] = {}
    places: dict[str, tuple[float, float]] = {}
    for row in segments():
        places.setdefault(row["from_node"], metres(*row["coordinates"][0]))
        places.setdefault(row["to_node"], metres(*row["coordinates"][-1]))
        built = done if project and row["works"] == project else row["status"] == "built"
        speed = row["speed_kmh"] if built else row["speed_before_kmh"]
        if speed:
            minutes = row["length_km"] / speed * 60
            ways.setdefault(row["from_node"], []).append((row["to_node"], minutes))
            ways.setdefault(row["to_node"], []).append((row["from_node"], minutes))
    with (DATA / "records" / "settlements.csv").open(encoding="utf-8", newline="") as file:
        settlements = list(csv.DictReader(file))
    nearest = {}
    for row in settlements:
        here = metres(float(row["lon"]), float(row["lat"]))
        nearest[row["id"]] = min((math.dist(here, there), node) for node, there in places.items())
    minutes_to = {nearest["tomsk"][1]: 0.0}
    queue = [(0.0, nearest["tomsk"][1])]
    while queue:
        so_far, node = heapq.heappop(queue)
        if so_far > minutes_to[node]:
            continue
        for neighbour, minutes in ways.get(node, []):
            if so_far + minutes < minutes_to.get(neighbour, math.inf):
                minutes_to[neighbour] = so_far + minutes
                heapq.heappush(queue, (so_far + minutes, neighbour))
    total = 0.0
    for row in settlements:
        away, node = nearest[row["id"]]
        if minutes_to.get(node, math.inf) + away / 1000 * 1.3 / 40 * 60 <= limit and row["population"]:
            total += float(row["population"])
    return total


def test_the_projects_of_works_are_projects(store: EmbeddedStore, reach: Reach) -> None:
    assert reach.projects == {row["works"] for row in segments() if row.get("works")}
    assert reach.projects <= set(store.features("projects").index)
    assert ASINO in reach.projects


@pytest.mark.parametrize("limit", [45.0, 60.0, 75.0, 90.0, 120.0])
def test_the_asino_road_brings_as_many_as_a_plain_dijkstra_says(reach: Reach, limit: float) -> None:
    expected = people_within(limit, ASINO, done=True) - people_within(limit, ASINO, done=False)
    assert reach.gain(ASINO, limit) == expected


def test_the_asino_road_brings_people_within_ninety_minutes(store: EmbeddedStore) -> None:
    assert gains(store, 90.0)[ASINO] > 0


@given(st.floats(0, 400))
@settings(max_examples=15)
def test_works_lose_nobody(limit: float) -> None:
    people = embedded().features("settlements")["population"].sum()
    for project, gained in gains(embedded(), round(limit)).items():
        assert 0 <= gained <= people, project


def test_a_project_without_segments_has_no_entry(store: EmbeddedStore, reach: Reach) -> None:
    for limit in (60.0, 90.0):
        assert set(gains(store, limit)) == reach.projects
        assert "asino-timber-complex" not in gains(store, limit)
    assert reach.gain("asino-timber-complex", 90.0) == 0
    assert reach.gain("unheard", 90.0) == 0


def test_gains_are_counted_once(store: EmbeddedStore) -> None:
    assert gains(store, 60.0) is gains(store, 60.0)
