"""What road works change for people, against a Dijkstra written out by hand over the same files."""

import csv
import heapq
import json
import math
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import WGS84, WORKING, transform
from layers.catalog import DATA
from layers.programme.reach import gains, projects
from layers.store import EmbeddedStore, embedded

ASINO = "road-kamayevka-asino-pervomayskoye"


def segments() -> list[dict]:  # type: ignore[type-arg]
    text = (DATA / "records" / "roads.geojson").read_text(encoding="utf-8")
    return [
        {**f["properties"], "coordinates": f["geometry"]["coordinates"]} for f in json.loads(text)["features"]
    ]


def metric(row: dict) -> shapely.LineString:  # type: ignore[type-arg]
    lon, lat = zip(*row["coordinates"], strict=True)
    return shapely.LineString(np.column_stack(transform(lon, lat, WGS84, WORKING)))


@cache
def lines() -> list[tuple[dict, shapely.LineString]]:  # type: ignore[type-arg]
    return [(row, metric(row)) for row in segments()]


@cache
def touching(place: tuple[float, float]) -> list[tuple[int, float, float]]:
    """The segments by which a place joins the roads: which, share of its length, minutes of access.

    The nearest of those that are there now (all that are as near), and those not there yet that are nearer.
    """
    point = shapely.Point(np.ravel(transform([place[0]], [place[1]], WGS84, WORKING)))
    away = [line.distance(point) for _, line in lines()]
    now = [row["status"] == "built" or bool(row["speed_before_kmh"]) for row, _ in lines()]
    least = min(d for d, there in zip(away, now, strict=True) if there)
    chosen = [i for i, d in enumerate(away) if (d == least if now[i] else d <= least) and d <= 15_000]
    return [
        (i, lines()[i][1].project(point, normalized=True), away[i] / 1000 * 1.3 / 40 * 60) for i in chosen
    ]


def minutes_of(row: dict, project: str | None, *, done: bool) -> float:  # type: ignore[type-arg]
    built = done if project and row["works"] == project else row["status"] == "built"
    speed = row["speed_kmh"] if built else row["speed_before_kmh"]
    return row["length_km"] / speed * 60 if speed else math.inf


def people_within(limit: float, project: str | None, *, done: bool) -> float:
    """How many people live within so many minutes of Tomsk, with the works of a project done or not."""
    times = [minutes_of(row, project, done=done) for row, _ in lines()]
    ways: dict[str, list[tuple[str, float]]] = {}
    for (row, _), minutes in zip(lines(), times, strict=True):
        ways.setdefault(row["from_node"], []).append((row["to_node"], minutes))
        ways.setdefault(row["to_node"], []).append((row["from_node"], minutes))
    with (DATA / "records" / "settlements.csv").open(encoding="utf-8", newline="") as file:
        settlements = {row["id"]: row for row in csv.DictReader(file)}
    joins = {id_: touching((float(row["lon"]), float(row["lat"]))) for id_, row in settlements.items()}
    queue = []
    for at, share, access in joins["tomsk"]:
        row = lines()[at][0]
        queue += [
            (access + share * times[at], row["from_node"]),
            (access + (1 - share) * times[at], row["to_node"]),
        ]
    best: dict[str, float] = {}
    heapq.heapify(queue)
    while queue:
        so_far, node = heapq.heappop(queue)
        if node in best or math.isinf(so_far):
            continue
        best[node] = so_far
        for neighbour, minutes in ways[node]:
            heapq.heappush(queue, (so_far + minutes, neighbour))
    total = 0.0
    for id_, row in settlements.items():
        ends = [math.inf] if id_ != "tomsk" else [0.0]
        for at, share, access in joins[id_]:
            segment = lines()[at][0]
            for node, part in ((segment["from_node"], share), (segment["to_node"], 1 - share)):
                ends.append(best.get(node, math.inf) + (part * times[at] if part else 0.0) + access)
        if min(ends) <= limit and row["population"]:
            total += float(row["population"])
    return total


def test_the_projects_of_works_are_projects(store: EmbeddedStore) -> None:
    assert set(projects(store)) == {row["works"] for row in segments() if row.get("works")}
    assert set(projects(store)) <= set(store.features("projects").index)
    assert ASINO in set(projects(store))


@pytest.mark.parametrize("limit", [45.0, 60.0, 75.0, 90.0, 120.0])
def test_the_asino_road_brings_as_many_as_a_plain_dijkstra_says(store: EmbeddedStore, limit: float) -> None:
    expected = people_within(limit, ASINO, done=True) - people_within(limit, ASINO, done=False)
    assert gains(store, limit)[ASINO] == expected


def test_the_asino_road_brings_people_within_ninety_minutes(store: EmbeddedStore) -> None:
    assert gains(store, 90.0)[ASINO] > 0


@given(st.floats(0, 400))
@settings(max_examples=15)
def test_works_lose_nobody(limit: float) -> None:
    people = embedded().features("settlements")["population"].sum()
    for project, gained in gains(embedded(), round(limit)).items():
        assert 0 <= gained <= people, project


def test_a_project_without_segments_has_no_entry(store: EmbeddedStore) -> None:
    for limit in (60.0, 90.0):
        assert set(gains(store, limit)) == set(projects(store))
        assert "asino-timber-complex" not in gains(store, limit)


def test_gains_are_counted_once(store: EmbeddedStore) -> None:
    assert gains(store, 60.0) is gains(store, 60.0)
