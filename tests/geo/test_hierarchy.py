"""The contraction hierarchy: against SciPy's Dijkstra, and what must hold bit for bit whatever the graph."""

import io
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import hierarchy
from geo.errors import NetworkError
from geo.hierarchy import MOST_MS, Ends, Graph, Hierarchy, Metric, checked, kept_order, nested_dissection
from geo.sweeps import CLOSED
from tests.geo.networks import WEIGHTS, Weighted, by_dijkstra, changes, ends, graphs, touching, triangles


def ints(*values: int) -> Any:
    return np.array(values, np.int32)


def random_graph(seed: int, size: int, arcs: int) -> Weighted:
    rng = np.random.default_rng(seed)
    tail, head = rng.integers(0, size, (2, arcs)).astype(np.int32)
    weights = rng.integers(0, 100_000, arcs).astype(np.int32)
    weights[rng.random(arcs) < 0.1] = CLOSED
    return Graph(size, tail, head), weights


@pytest.fixture(scope="module")
def roads() -> Weighted:
    return triangles()


@pytest.fixture(scope="module")
def roads_metric(roads: Weighted) -> Metric:
    graph, weights = roads
    return Hierarchy(graph).metric(weights)


def between_all(metric: Metric) -> Any:
    every = Ends.at(np.arange(metric.hierarchy.graph.size))
    return metric.many_to_many(every, every)


def assert_same(one: Metric, other: Metric) -> None:
    """Two metrics are alike bit for bit."""
    for name in ("weights", "up", "down", "up_own", "down_own"):
        a, b = getattr(one, name), getattr(other, name)
        assert a.dtype == b.dtype == np.int32
        np.testing.assert_array_equal(a, b, err_msg=name)


# --- graphs and weights -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("tail", "head"), [([0], [2]), ([-1], [0]), ([0, 5], [1, 1])], ids=str)
def test_an_arc_to_a_node_that_is_not_there_is_refused(tail: list[int], head: list[int]) -> None:
    with pytest.raises(NetworkError, match=r"outside 0\.\.1") as caught:
        Graph(2, ints(*tail), ints(*head))
    assert caught.value.code == "arc"


def test_a_digest_tells_topologies_apart() -> None:
    graphs_ = [
        Graph(3, ints(0, 1), ints(1, 2)),
        Graph(4, ints(0, 1), ints(1, 2)),
        Graph(3, ints(1, 0), ints(1, 2)),
        Graph(3, ints(0, 1), ints(2, 1)),
        Graph(3, ints(0), ints(1)),
    ]
    assert len({graph.digest for graph in graphs_}) == len(graphs_)
    assert Graph(3, ints(0, 1), ints(1, 2)).digest == graphs_[0].digest
    assert len(graphs_[0].digest) == 12


def test_weights_are_whole_milliseconds() -> None:
    found = checked([0, 1, CLOSED], 3)
    assert found.dtype == np.int32
    assert found.tolist() == [0, 1, CLOSED]
    assert checked([], 0).tolist() == []


@pytest.mark.parametrize(
    ("weights", "count"),
    [
        ([1, 2], 3),
        ([], 1),
        ([[1, 2]], 2),
        (5, 1),
        ([-1], 1),
        ([3, CLOSED + 1], 2),
        ([2**40], 1),
        ([-(2**40)], 1),
        ([np.inf], 1),
        ([np.nan, 5.0], 2),
    ],
    ids=str,
)
def test_weights_that_cannot_be_are_refused(weights: Any, count: int) -> None:
    with pytest.raises(NetworkError) as caught:
        checked(weights, count)
    assert caught.value.code == "weights"


def test_a_metric_refuses_what_does_not_fit() -> None:
    built = Hierarchy(Graph(2, ints(0, 1), ints(1, 0)))
    with pytest.raises(NetworkError):
        built.metric([5])
    metric = built.metric([5, 6])
    for arcs, weights in (([0], [-1]), ([0], [CLOSED + 1]), ([0, 1], [3])):
        with pytest.raises(NetworkError):
            metric.updated(arcs, weights)
    assert between_all(metric).tolist() == [[0, 5], [6, 0]]


# --- times ------------------------------------------------------------------------------------------------


def test_a_graph_of_one_node_and_none() -> None:
    assert between_all(Hierarchy(Graph(1, ints(), ints())).metric([])).tolist() == [[0]]
    assert between_all(Hierarchy(Graph(1, ints(0), ints(0))).metric([5])).tolist() == [[0]]
    assert between_all(Hierarchy(Graph(0, ints(), ints())).metric([])).shape == (0, 0)
    apart = between_all(Hierarchy(Graph(3, ints(), ints())).metric([]))
    assert apart.tolist() == [[0, CLOSED, CLOSED], [CLOSED, 0, CLOSED], [CLOSED, CLOSED, 0]]


def test_no_places_no_times() -> None:
    metric = Hierarchy(Graph(2, ints(0), ints(1))).metric([5])
    assert metric.many_to_many(Ends.at([]), Ends.at([0, 1])).shape == (0, 2)
    assert metric.many_to_many(Ends.at([0, 1]), Ends.at([])).shape == (2, 0)
    for times, owner in (metric.from_nearest(Ends.at([])), metric.to_nearest(Ends.at([]))):
        assert times.tolist() == [CLOSED, CLOSED]
        assert owner.tolist() == [-1, -1]


def test_parallel_arcs_count_by_the_best_and_directions_apart() -> None:
    # 0 -> 1 by 7 or 4, back by 9 alone; 1 -> 2 closed, back by 2; so 2 -> 0 takes 2 + 9 and 0 -> 2 nothing.
    graph = Graph(3, ints(0, 0, 1, 1, 2, 2), ints(1, 1, 0, 2, 1, 2))
    metric = Hierarchy(graph).metric([7, 4, 9, CLOSED, 2, 0])
    assert between_all(metric).tolist() == [[0, 4, CLOSED], [9, 0, CLOSED], [11, 2, 0]]


def test_what_takes_longer_than_can_be_told_is_no_way() -> None:
    # The sum of the two arcs is CLOSED, one less is the longest time there is.
    graph = Graph(3, ints(0, 1), ints(1, 2))
    half = CLOSED // 2
    built = Hierarchy(graph)
    assert between_all(built.metric([half, CLOSED - half - 1]))[0].tolist() == [0, half, MOST_MS]
    assert between_all(built.metric([half, CLOSED - half]))[0].tolist() == [0, half, CLOSED]
    assert between_all(built.metric([MOST_MS, MOST_MS]))[0].tolist() == [0, MOST_MS, CLOSED]
    assert built.metric([MOST_MS, MOST_MS]).from_nearest(Ends.at([0]))[0].tolist() == [0, MOST_MS, CLOSED]


@settings(max_examples=200)
@given(graphs())
def test_times_are_those_of_dijkstra(case: Weighted) -> None:
    graph, weights = case
    found = between_all(Hierarchy(graph).metric(weights))
    assert found.dtype == np.int32
    np.testing.assert_array_equal(found, by_dijkstra(graph, weights))


@pytest.mark.parametrize(("size", "arcs"), [(60, 40), (120, 240), (150, 900)], ids=str)
def test_times_in_larger_graphs_are_those_of_dijkstra(size: int, arcs: int) -> None:
    graph, weights = random_graph(size, size, arcs)
    metric = Hierarchy(graph).metric(weights)
    np.testing.assert_array_equal(between_all(metric), by_dijkstra(graph, weights))


def test_times_on_roads_are_those_of_dijkstra(roads: Weighted, roads_metric: Metric) -> None:
    right = by_dijkstra(*roads)
    every = Ends.at(np.arange(2000))
    some = np.random.default_rng(1).choice(2000, 50, replace=False)
    np.testing.assert_array_equal(roads_metric.many_to_many(Ends.at(some), every), right[some])
    np.testing.assert_array_equal(roads_metric.many_to_many(every, Ends.at(some)), right[:, some])
    for (times, owner), expected in (
        (roads_metric.from_nearest(Ends.at(some)), right[some].T),
        (roads_metric.to_nearest(Ends.at(some)), right[:, some]),
    ):
        np.testing.assert_array_equal(times, expected.min(axis=1))
        reached = times < CLOSED
        np.testing.assert_array_equal(owner >= 0, reached)
        np.testing.assert_array_equal(expected[reached, owner[reached]], times[reached])


def test_small_separators_come_last() -> None:
    """A square of streets needs few shortcuts and a low tree; an order turned round needs five times more."""
    side = 40
    nodes = np.arange(side * side, dtype=np.int32).reshape(side, side)
    tail = np.concatenate([nodes[:, :-1].ravel(), nodes[:-1].ravel()])
    head = np.concatenate([nodes[:, 1:].ravel(), nodes[1:].ravel()])
    built = Hierarchy(Graph(side * side, tail, head))
    assert len(built.heads) < 8 * len(tail)
    assert built.height < 4 * side


@settings(max_examples=200)
@given(st.data())
def test_places_at_one_or_two_nodes(data: st.DataObject) -> None:
    graph, weights = data.draw(graphs(8))
    sources, targets = data.draw(ends(graph)), data.draw(ends(graph))
    metric, right = Hierarchy(graph).metric(weights), by_dijkstra(graph, weights)

    def least(sums: Any) -> int:
        return min([CLOSED, *(int(total) for total in sums)])

    found = metric.many_to_many(sources, targets)
    assert found.shape == (len(sources), len(targets))
    for i, j in itertools.product(range(len(sources)), range(len(targets))):
        ways = itertools.product(touching(i, sources), touching(j, targets))
        assert found[i, j] == least(a_ms + right[a, b] + b_ms for (a, a_ms), (b, b_ms) in ways)

    to_nodes = [
        [least(ms + right[a, v] for a, ms in touching(i, sources)) for i in range(len(sources))]
        for v in range(graph.size)
    ]
    from_nodes = [
        [least(right[v, b] + ms for b, ms in touching(j, targets)) for j in range(len(targets))]
        for v in range(graph.size)
    ]
    for (times, owner), each in (
        (metric.from_nearest(sources), to_nodes),
        (metric.to_nearest(targets), from_nodes),
    ):
        for v in range(graph.size):
            assert times[v] == least(each[v])
            assert (owner[v] == -1) == (times[v] == CLOSED)
            assert owner[v] == -1 or each[v][owner[v]] == times[v]


@given(graphs(), st.data())
def test_where_both_directions_take_the_same_there_and_back_do(case: Weighted, data: st.DataObject) -> None:
    graph, weights = case
    both = Graph(graph.size, np.append(graph.tail, graph.head), np.append(graph.head, graph.tail))
    times = between_all(Hierarchy(both).metric(np.tile(weights, 2)))
    np.testing.assert_array_equal(times, times.T)
    places = data.draw(ends(both))
    metric = Hierarchy(both).metric(np.tile(weights, 2))
    np.testing.assert_array_equal(metric.from_nearest(places)[0], metric.to_nearest(places)[0])


# --- the order does not matter ----------------------------------------------------------------------------


@given(graphs(), st.data())
def test_any_order_gives_the_same_times(case: Weighted, data: st.DataObject) -> None:
    graph, weights = case
    order = np.array(data.draw(st.permutations(range(graph.size))), np.int32)
    one, other = Hierarchy(graph).metric(weights), Hierarchy(graph, order).metric(weights)
    np.testing.assert_array_equal(between_all(one), between_all(other))
    places = data.draw(ends(graph))
    np.testing.assert_array_equal(one.from_nearest(places)[0], other.from_nearest(places)[0])
    np.testing.assert_array_equal(one.to_nearest(places)[0], other.to_nearest(places)[0])


@given(graphs())
def test_the_order_is_one_of_all_nodes(case: Weighted) -> None:
    graph, _ = case
    assert sorted(nested_dissection(graph).tolist()) == list(range(graph.size))


@given(graphs(8), st.data())
def test_a_hierarchy_that_grew_gives_the_times_of_a_fresh_one(case: Weighted, data: st.DataObject) -> None:
    graph, weights = case
    at, more = data.draw(st.integers(0, graph.size)), data.draw(st.integers(0, 4))

    def moved(nodes: Any) -> Any:
        return np.where(nodes < at, nodes, nodes + more).astype(np.int32)

    node = st.integers(0, graph.size + more - 1)
    rows = data.draw(st.lists(st.tuples(node, node, WEIGHTS), max_size=10))
    tail, head, further = np.array(rows, np.int32).reshape(-1, 3).T
    larger = Graph(graph.size + more, np.append(moved(graph.tail), tail), np.append(moved(graph.head), head))
    grown = Hierarchy(graph).extended(larger, at)
    assert sorted(grown.order.tolist()) == list(range(larger.size))
    assert grown.graph is larger
    total = np.append(weights, further)
    np.testing.assert_array_equal(
        between_all(grown.metric(total)), between_all(Hierarchy(larger).metric(total))
    )


# --- edits ------------------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(st.data())
def test_a_partial_update_is_a_full_one_and_undone_leaves_nothing(data: st.DataObject) -> None:
    graph, weights = data.draw(graphs())
    metric = now = Hierarchy(graph).metric(weights)
    kept = [getattr(metric, name).copy() for name in ("weights", "up", "down", "up_own", "down_own")]
    for _ in range(data.draw(st.integers(1, 3))):
        arcs, fresh = data.draw(changes(len(weights)))
        before = now
        now = before.updated(arcs, fresh)
        expected = before.weights.copy()
        expected[arcs] = fresh
        assert_same(now, metric.hierarchy.metric(expected))
        assert_same(now.updated(arcs, before.weights[arcs]), before)
    assert_same(now.updated(np.arange(len(weights)), weights), metric)
    for name, values in zip(("weights", "up", "down", "up_own", "down_own"), kept, strict=True):
        np.testing.assert_array_equal(getattr(metric, name), values)


@pytest.mark.parametrize("seed", range(4))
def test_updates_of_roads_are_full_ones(roads_metric: Metric, seed: int) -> None:
    """Closed, opened, slower, faster, one after the other; then undone in another order."""
    rng, now = np.random.default_rng(seed), roads_metric
    touched = [np.empty(0, np.int64)]
    for count in (1, 3, 40, 400):
        arcs = rng.choice(len(now.weights), count, replace=False)
        share = rng.choice([0.0, 0.3, 0.999, 1.001, 5.0], count)
        fresh = np.minimum(now.weights[arcs] * share, CLOSED).astype(np.int32)
        fresh[rng.random(count) < 0.3] = CLOSED
        now = now.updated(arcs, fresh)
        touched.append(arcs)
        assert_same(now, now.hierarchy.metric(now.weights))
    back = rng.permutation(np.unique(np.concatenate(touched)))
    for arcs in np.array_split(back, 3):
        now = now.updated(arcs, roads_metric.weights[arcs])
    assert_same(now, roads_metric)


def test_an_update_of_nothing_changes_nothing(roads_metric: Metric) -> None:
    assert_same(roads_metric.updated([], []), roads_metric)
    assert_same(roads_metric.updated([5], roads_metric.weights[[5]]), roads_metric)


@given(st.data())
def test_a_faster_arc_never_makes_any_time_longer(data: st.DataObject) -> None:
    graph, weights = data.draw(graphs())
    metric = Hierarchy(graph).metric(weights)
    arcs, others = data.draw(changes(len(weights)))
    faster = metric.updated(arcs, np.minimum(others, weights[arcs]))
    assert (between_all(faster) <= between_all(metric)).all()
    places = data.draw(ends(graph))
    assert (faster.from_nearest(places)[0] <= metric.from_nearest(places)[0]).all()
    assert (faster.to_nearest(places)[0] <= metric.to_nearest(places)[0]).all()


@given(graphs(), st.data())
def test_a_further_arc_never_makes_any_time_longer(case: Weighted, data: st.DataObject) -> None:
    graph, weights = case
    node = st.integers(0, graph.size - 1)
    a, b, weight = data.draw(st.tuples(node, node, WEIGHTS))
    more = Graph(graph.size, np.append(graph.tail, np.int32(a)), np.append(graph.head, np.int32(b)))
    before = between_all(Hierarchy(graph).metric(weights))
    after = between_all(Hierarchy(more).metric(np.append(weights, weight)))
    assert (after <= before).all()
    assert after[a, b] <= weight


@given(graphs())
def test_arcs_of_the_graph_are_found_by_those_of_the_hierarchy(case: Weighted) -> None:
    graph, _ = case
    built = Hierarchy(graph)
    found = [built.on_arc(arc) for arc in range(len(built.heads))]
    assert sorted(np.concatenate([*found, []]).tolist()) == np.flatnonzero(graph.tail != graph.head).tolist()
    for arc, arcs in enumerate(found):
        pair = {int(built.order[built.lower[arc]]), int(built.order[built.heads[arc]])}
        assert all({int(graph.tail[i]), int(graph.head[i])} == pair for i in arcs)


# --- the kept order ---------------------------------------------------------------------------------------

PATH = Graph(4, ints(0, 1, 2), ints(1, 2, 3))
FILE = f"order-{PATH.digest}.npy"


def saved(values: Any, save: Callable[..., None] = np.save) -> bytes:
    file = io.BytesIO()
    save(file, values)
    return file.getvalue()


def header(shape: str) -> bytes:
    """A file of NumPy's whose header is this and whose body is missing."""
    text = f"{{'descr': '<i4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


GOOD = np.array([3, 1, 0, 2], np.int32)
FOREIGN = {
    "empty": b"",
    "text": b"order of nodes\n",
    "cut short": saved(GOOD)[:-3],
    "header alone": saved(GOOD)[:40],
    "of another graph": saved(np.arange(5, dtype=np.int32)),
    "too few": saved(GOOD[:3]),
    "a node twice": saved(ints(0, 1, 1, 3)),
    "a node that is not there": saved(ints(0, 1, 2, 4)),
    "other numbers": saved(GOOD.astype(np.int64)),
    "fractions": saved(GOOD.astype(np.float32)),
    "a table": saved(GOOD.reshape(2, 2)),
    "a number": saved(np.int32(3)),
    "objects": saved(np.array([{}, 1], object)),
    "a bundle": saved(GOOD, np.savez),
    "a broken bundle": b"PK\x03\x04 no more",
    "a header that never ends": header("(((4,)"),
    "more than memory": header("(900000000000000,)"),
}


def test_the_order_is_kept_and_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "made" / "here"
    first = kept_order(PATH, folder)
    assert [path.name for path in folder.iterdir()] == [FILE]
    with monkeypatch.context() as patch:
        patch.setattr(hierarchy, "nested_dissection", lambda graph: pytest.fail("made again"))
        np.testing.assert_array_equal(kept_order(PATH, folder), first)
        np.save(folder / FILE, GOOD)
        assert kept_order(PATH, folder).tolist() == GOOD.tolist()
    other = Graph(4, ints(0, 1, 2), ints(1, 2, 0))
    kept_order(other, folder)
    assert {path.name for path in folder.iterdir()} == {FILE, f"order-{other.digest}.npy"}
    assert np.load(folder / FILE).tolist() == GOOD.tolist()


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN)
def test_a_file_that_is_no_order_is_replaced(tmp_path: Path, body: bytes) -> None:
    (tmp_path / FILE).write_bytes(body)
    order = kept_order(PATH, tmp_path)
    np.testing.assert_array_equal(order, nested_dissection(PATH))
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    np.testing.assert_array_equal(np.load(tmp_path / FILE), order)


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save = np.save

    def full(*args: Any, **options: Any) -> None:
        save(*args, **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hierarchy.np, "save", full)
    with pytest.raises(OSError, match="No space left"):
        kept_order(PATH, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_that_start_at_once_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second writes its file while the first has written, and not yet put in place, its own."""
    save, orders = np.save, []

    def late(*args: Any, **options: Any) -> None:
        monkeypatch.setattr(hierarchy.np, "save", save)
        save(*args, **options)
        orders.append(kept_order(PATH, tmp_path))

    monkeypatch.setattr(hierarchy.np, "save", late)
    orders.append(kept_order(PATH, tmp_path))
    np.testing.assert_array_equal(*orders)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
