"""The road network as a graph: for now, whether its segments fit together."""

from collections import defaultdict
from collections.abc import Sequence

from geo.errors import NetworkError


def connected_parts(starts: Sequence[str], ends: Sequence[str]) -> list[set[str]]:
    """The nodes of each connected part of a network given by n segments, the largest part first.

    `starts` and `ends` are the node names of the segments. Raises `NetworkError` on unequal lengths or an
    unnamed node.
    """
    if len(starts) != len(ends):
        raise NetworkError("every segment has one start and one end", "segments")
    if not all(starts) or not all(ends):
        raise NetworkError("a segment has an unnamed end", "segments")
    neighbours: dict[str, set[str]] = defaultdict(set)
    for start, end in zip(starts, ends, strict=True):
        neighbours[start].add(end)
        neighbours[end].add(start)
    parts: list[set[str]] = []
    unseen = set(neighbours)
    while unseen:
        part, frontier = set(), [unseen.pop()]
        while frontier:
            node = frontier.pop()
            part.add(node)
            frontier.extend(neighbours[node] & unseen)
            unseen -= neighbours[node]
        parts.append(part)
    return sorted(parts, key=len, reverse=True)
