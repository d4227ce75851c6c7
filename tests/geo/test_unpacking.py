"""Ways taken apart: the arcs follow one another from here to there, and their weights add up to the time."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.hierarchy import Ends, Graph, Hierarchy, Metric
from geo.sweeps import CLOSED
from geo.unpacking import path
from tests.geo.networks import by_dijkstra, changes, ends, graphs, touching, triangles


def one(ends_: Ends, place: int) -> Ends:
    """One of some places."""
    at = slice(place, place + 1)
    return Ends(ends_.first[at], ends_.second[at], ends_.first_ms[at], ends_.second_ms[at])


def assert_way(metric: Metric, source: Ends, target: Ends) -> None:
    """The way between two places is one, and a fastest one."""
    graph, time = metric.hierarchy.graph, int(metric.many_to_many(source, target)[0, 0])
    arcs = path(metric, source, target)
    assert all(isinstance(arc, int) for arc in arcs)
    for before, after in itertools.pairwise(arcs):
        assert graph.head[before] == graph.tail[after]
    if time == CLOSED:
        assert arcs == []
        return
    driven = sum(int(metric.weights[arc]) for arc in arcs)
    sums = [
        a_ms + driven + b_ms
        for (a, a_ms), (b, b_ms) in itertools.product(touching(0, source), touching(0, target))
        if (a, b) == ((int(graph.tail[arcs[0]]), int(graph.head[arcs[-1]])) if arcs else (a, a))
    ]
    assert time in sums


@settings(max_examples=100)
@given(graphs(), st.data())
def test_a_way_is_contiguous_and_takes_its_time(case: Any, data: st.DataObject) -> None:
    graph, weights = case
    metric = Hierarchy(graph).metric(weights)
    node = st.integers(0, graph.size - 1)
    for a, b in data.draw(st.lists(st.tuples(node, node), min_size=1, max_size=6)):
        assert_way(metric, Ends.at([a]), Ends.at([b]))
    assert path(metric, Ends.at([0]), Ends.at([0])) == []


@given(graphs(8), st.data())
def test_a_way_between_places_at_two_nodes(case: Any, data: st.DataObject) -> None:
    graph, weights = case
    metric = Hierarchy(graph).metric(weights)
    sources, targets = data.draw(ends(graph)), data.draw(ends(graph))
    for i, j in itertools.product(range(len(sources)), range(len(targets))):
        assert_way(metric, one(sources, i), one(targets, j))


@given(graphs(), st.data())
def test_a_way_after_edits(case: Any, data: st.DataObject) -> None:
    graph, weights = case
    metric = Hierarchy(graph).metric(weights)
    for _ in range(3):
        metric = metric.updated(*data.draw(changes(len(weights))))
        a, b = data.draw(st.tuples(*[st.integers(0, graph.size - 1)] * 2))
        assert_way(metric, Ends.at([a]), Ends.at([b]))


def test_of_parallel_arcs_the_best_is_taken() -> None:
    graph = Graph(3, np.array([0, 0, 1, 1, 1], np.int32), np.array([1, 1, 2, 0, 1], np.int32))
    metric = Hierarchy(graph).metric([7, 4, 5, 1, 0])
    assert path(metric, Ends.at([0]), Ends.at([2])) == [1, 2]
    slower = metric.updated([1], [8])
    assert path(slower, Ends.at([0]), Ends.at([2])) == [0, 2]
    assert path(slower, Ends.at([1]), Ends.at([0])) == [3]
    assert path(slower, Ends.at([2]), Ends.at([0])) == []
    closed = slower.updated([0, 1], [CLOSED, CLOSED])
    assert path(closed, Ends.at([0]), Ends.at([2])) == []


def test_a_place_on_an_arc_sets_out_by_its_better_end() -> None:
    # A line 0 - 1 - 2 - 3, each arc 10 either way; the place is 2 from node 1 and 8 from node 2.
    tail = np.array([0, 1, 1, 2, 2, 3], np.int32)
    metric = Hierarchy(Graph(4, tail, tail.reshape(-1, 2)[:, ::-1].ravel().copy())).metric([10] * 6)
    place = Ends(*(np.array([value], np.int32) for value in (1, 2, 2, 8)))
    assert path(metric, place, Ends.at([0])) == [1]
    assert path(metric, place, Ends.at([3])) == [4]
    assert path(metric, Ends.at([0]), place) == [0]
    assert path(metric, place, Ends.at([2])) == []


@pytest.fixture(scope="module")
def roads() -> Metric:
    graph, weights = triangles()
    return Hierarchy(graph).metric(weights)


def test_ways_on_roads(roads: Metric) -> None:
    rng = np.random.default_rng(3)
    for a, b in rng.integers(0, 2000, (60, 2)):
        assert_way(roads, Ends.at([a]), Ends.at([b]))


def test_ways_on_roads_that_were_edited(roads: Metric) -> None:
    """What a way rests on is closed; the next way avoids it and takes the time of Dijkstra's."""
    rng, now = np.random.default_rng(4), roads
    for a, b in rng.integers(0, 2000, (8, 2)):
        way = path(now, Ends.at([a]), Ends.at([b]))
        shut = np.array(way[len(way) // 3 :: 5], np.int64)
        now = now.updated(shut, np.full(len(shut), CLOSED))
        assert_way(now, Ends.at([a]), Ends.at([b]))
        assert not set(path(now, Ends.at([a]), Ends.at([b]))) & set(shut.tolist())
    right = by_dijkstra(now.hierarchy.graph, now.weights)
    assert now.many_to_many(Ends.at([a]), Ends.at([b]))[0, 0] == right[a, b]
