"""Turn restrictions of OpenStreetMap as banned pairs of links.

A relation type=restriction names the way from which, the node over which and the way to which a turn is
forbidden (no_*) or the only one allowed (only_*). Those over ways, at some hours or for other vehicles than
cars are not taken over, and told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.hierarchy import Ints
from geo.network import BACK, THERE, Network
from geo.road_import.report import Notes

_CARS = ("restriction:motorcar", "restriction:motor_vehicle", "restriction")
_EXEMPT = frozenset(("motorcar", "motor_vehicle", "vehicle"))
_HOURS = frozenset(("day_on", "day_off", "hour_on", "hour_off"))


@dataclass(frozen=True, slots=True)
class Restriction:
    """A rule at one node: which ways it leads from and to, and whether it allows only these."""

    id: int
    only: bool
    origins: tuple[int, ...]
    via: int
    targets: tuple[int, ...]


def restriction(relation: Any, tags: Mapping[str, str], notes: Notes) -> Restriction | None:
    """The rule that a relation (osmium) states for cars at all times over a node; others go to the notes."""
    value = next((tags[key] for key in _CARS if key in tags), "")
    members = [(member.role, member.type, member.ref) for member in relation.members]
    origins, targets = (
        tuple(ref for role, kind, ref in members if role == wanted and kind == "w")
        for wanted in ("from", "to")
    )
    over = [(kind, ref) for role, kind, ref in members if role == "via"]
    code = _fault(value, tags, over)
    if not code and not (origins and targets):
        code = "ban-unclear"
    if code:
        notes.add(code, [f"r{relation.id}"])
        return None
    return Restriction(relation.id, value.startswith("only_"), origins, over[0][1], targets)


def _fault(value: str, tags: Mapping[str, str], over: list[tuple[str, int]]) -> str:
    """Why a restriction is not taken over: the code of a note, "" where it is."""
    conditional = any(key.startswith("restriction") and key.endswith(":conditional") for key in tags)
    if _HOURS & tags.keys() or (conditional and not value):
        return "ban-conditional"
    if not value or _EXEMPT & {word.strip() for word in tags.get("except", "").split(";")}:
        return "ban-other-vehicles"
    if any(kind == "w" for kind, _ in over):
        return "ban-over-way"
    known = value.startswith(("no_", "only_")) and [kind for kind, _ in over] == ["n"]
    return "" if known else "ban-unclear"


def bans(
    rules: list[Restriction],
    network: Network,
    ways: npt.NDArray[np.int64],
    nodes: Mapping[int, int],
    notes: Notes,
) -> Ints:
    """The pairs of links (k, 2) of which the second may not follow the first.

    `ways` is the way of each segment, `nodes` the node of the network for each node of OSM.
    """
    links = _Links(network, ways, {way for rule in rules for way in (*rule.origins, *rule.targets)})
    found: set[tuple[int, int]] = set()
    for rule in rules:
        at = nodes.get(rule.via, -1)
        into = [links.into(way, at) for way in rule.origins]
        out = [links.out_of(way, at) for way in rule.targets]
        if any(len(choice) > 1 for choice in (*into, *out)):
            notes.add("ban-unclear", [f"r{rule.id}"])
        elif not all((*into, *out)):
            notes.add("ban-elsewhere", [f"r{rule.id}"])
        else:
            ahead = {link for (link,) in out}
            banned = links.leaving(at) - ahead if rule.only else ahead
            found |= {(link, other) for (link,) in into for other in banned}
    return np.array(sorted(found), np.int32).reshape(-1, 2)


class _Links:
    """The links of a network that may be driven: of some ways by their ends, and of each node."""

    def __init__(self, network: Network, ways: npt.NDArray[np.int64], wanted: set[int]) -> None:
        self._tail = np.column_stack([network.start, network.end]).ravel()
        self._open = np.column_stack([network.oneway != BACK, network.oneway != THERE]).ravel()
        self._by_tail = np.argsort(self._tail, kind="stable")
        self._tails = self._tail[self._by_tail]
        self._of: dict[int, list[int]] = {}
        for segment in np.flatnonzero(np.isin(ways, list(wanted))).tolist():
            self._of.setdefault(int(ways[segment]), []).extend((2 * segment, 2 * segment + 1))

    def into(self, way: int, node: int) -> list[int]:
        """The links of a way that lead to a node."""
        return [link for link in self._of.get(way, ()) if self._tail[link ^ 1] == node and self._open[link]]

    def out_of(self, way: int, node: int) -> list[int]:
        """The links of a way that lead away from a node."""
        return [link for link in self._of.get(way, ()) if self._tail[link] == node and self._open[link]]

    def leaving(self, node: int) -> set[int]:
        """All links that lead away from a node."""
        start, stop = np.searchsorted(self._tails, [node, node + 1])
        links = self._by_tail[start:stop]
        return set(links[self._open[links]].tolist())
