"""Connected parts of a road network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import NetworkError
from geo.network import connected_parts

SEGMENTS = st.lists(st.tuples(*[st.sampled_from("abcdefghijkl")] * 2), max_size=14)


def test_parts_come_largest_first() -> None:
    assert connected_parts(["x", "a", "b"], ["y", "b", "c"]) == [{"a", "b", "c"}, {"x", "y"}]


def test_a_loop_is_a_part() -> None:
    assert connected_parts(["a"], ["a"]) == [{"a"}]


def test_no_segments_no_parts() -> None:
    assert connected_parts([], []) == []


@pytest.mark.parametrize(
    ("starts", "ends"), [(["a"], []), (["a", "b"], ["c"]), (["a", ""], ["b", "c"]), (["a"], [""])]
)
def test_what_does_not_fit_is_refused(starts: list[str], ends: list[str]) -> None:
    with pytest.raises(NetworkError) as caught:
        connected_parts(starts, ends)
    assert caught.value.code == "segments"


@given(SEGMENTS)
def test_parts_divide_the_nodes_and_hold_every_segment(segments: list[tuple[str, str]]) -> None:
    parts = connected_parts([a for a, _ in segments], [b for _, b in segments])
    nodes = [node for part in parts for node in part]
    assert sorted(nodes) == sorted({node for pair in segments for node in pair})
    assert all(any(a in part and b in part for part in parts) for a, b in segments)
    assert [len(part) for part in parts] == sorted((len(part) for part in parts), reverse=True)


@given(SEGMENTS)
def test_a_part_cannot_be_divided_further(segments: list[tuple[str, str]]) -> None:
    """Union-find, the other way to the same answer."""
    root = {node: node for pair in segments for node in pair}

    def top(node: str) -> str:
        return node if root[node] == node else top(root[node])

    for a, b in segments:
        root[top(a)] = top(b)
    parts = connected_parts([a for a, _ in segments], [b for _, b in segments])
    assert len(parts) == len({top(node) for node in root})
    assert all(len({top(node) for node in part}) == 1 for part in parts)
