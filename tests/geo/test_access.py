"""Travel times and people: against Floyd and Warshall, and what a better road must never do."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import minutes_from, people_within

INF, NAN = math.inf, math.nan
Edges = list[tuple[int, int, float]]
MINUTES = st.one_of(st.floats(0.01, 500), st.sampled_from([0.0, 1.0, 2.0, INF]))


@st.composite
def graphs(draw: st.DrawFn, fewest: int = 0) -> tuple[int, Edges]:
    """A few nodes and edges between them: parallel, closed, of no time at all, from a node to itself."""
    nodes = draw(st.integers(1, 7))
    node = st.integers(0, nodes - 1)
    return nodes, draw(st.lists(st.tuples(node, node, MINUTES), min_size=fewest, max_size=14))


def times(origin: int, nodes: int, edges: Edges) -> Any:
    """The minutes from a node over edges (start, end, minutes)."""
    starts, ends = (np.array([edge[end] for edge in edges], dtype=np.int64) for end in (0, 1))
    return minutes_from(origin, starts, ends, np.array([edge[2] for edge in edges], dtype=float), nodes)


def all_times(nodes: int, edges: Edges) -> Any:
    """The minutes between all nodes, by Floyd and Warshall."""
    found = np.full((nodes, nodes), INF)
    np.fill_diagonal(found, 0.0)
    for start, end, minutes in edges:
        found[start, end] = found[end, start] = min(found[start, end], minutes)
    for via in range(nodes):
        found = np.minimum(found, found[:, [via]] + found[[via], :])
    return found


@given(graphs())
def test_times_are_those_of_floyd_and_warshall(graph: tuple[int, Edges]) -> None:
    nodes, edges = graph
    found = np.array([times(origin, nodes, edges) for origin in range(nodes)])
    np.testing.assert_allclose(found, all_times(nodes, edges))
    np.testing.assert_allclose(found, found.T)


@pytest.mark.parametrize("minutes", [[5.0, 3, 9], [3.0, 9, 5], [9.0, 5, 3], [3.0, INF, INF]], ids=str)
def test_of_parallel_edges_the_fastest_counts(minutes: list[float]) -> None:
    edges = [(0, 1, minutes[0]), (1, 0, minutes[1]), (0, 1, minutes[2])]
    assert times(0, 2, edges).tolist() == times(1, 2, edges)[::-1].tolist() == [0, 3]


def test_a_closed_edge_is_gone_round_or_cuts_off() -> None:
    way_round = [(0, 2, 10.0), (2, 1, 10.0)]
    assert times(0, 3, [(0, 1, 5.0), *way_round]).tolist() == [0, 5, 10]
    assert times(0, 3, [(0, 1, INF), *way_round]).tolist() == [0, 20, 10]
    assert times(0, 2, [(0, 1, INF)]).tolist() == [0, INF]


def test_where_no_way_leads_is_infinitely_far() -> None:
    assert times(0, 5, [(0, 1, 4.0), (2, 3, 4.0)]).tolist() == [0, 4, INF, INF, INF]
    assert times(2, 5, [(0, 1, 4.0), (2, 3, 4.0)]).tolist() == [INF, INF, 0, 4, INF]
    assert times(1, 2, []).tolist() == [INF, 0]


def test_an_edge_of_no_time_is_a_way() -> None:
    assert times(0, 3, [(0, 1, 0.0), (1, 2, 0.0)]).tolist() == [0, 0, 0]


@given(graphs(fewest=1), st.data())
def test_a_faster_edge_never_makes_any_time_longer(graph: tuple[int, Edges], data: st.DataObject) -> None:
    nodes, edges = graph
    number = data.draw(st.integers(0, len(edges) - 1))
    start, end, minutes = edges[number]
    faster = data.draw(st.floats(0, min(minutes, 1000.0)))
    better = [*edges[:number], (start, end, faster), *edges[number + 1 :]]
    origin = data.draw(st.integers(0, nodes - 1))
    before, after = times(origin, nodes, edges), times(origin, nodes, better)
    assert (after <= before + 1e-9).all()


@given(graphs(), st.lists(st.none() | st.integers(0, 600_000), min_size=7, max_size=7), st.floats(0, 900))
def test_people_within_are_those_of_known_number_near_enough(
    graph: tuple[int, Edges], people: list[int | None], limit: float
) -> None:
    nodes, edges = graph
    minutes, population = times(0, nodes, edges), np.array(people[:nodes], dtype=float)
    near = [n for n, far in zip(people[:nodes], minutes, strict=True) if n is not None and far <= limit]
    assert people_within(minutes, population, limit) == sum(near)
    assert people_within(minutes, population, limit + 30) >= sum(near)


@pytest.mark.parametrize(("limit", "expected"), [(0, 5), (59.9, 5), (60, 15), (90, 15), (1e9, 15)])
def test_the_limit_is_within_and_the_unreachable_is_not(limit: float, expected: float) -> None:
    minutes, people = np.array([0.0, 60, 90, INF]), np.array([5.0, 10, NAN, 100])
    assert people_within(minutes, people, limit) == expected


def test_people_of_unknown_number_add_nothing() -> None:
    assert people_within(np.array([1.0, 2]), np.array([NAN, NAN]), 60) == 0
    assert people_within(np.empty(0), np.empty(0), 60) == 0
