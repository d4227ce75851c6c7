"""What an import has to say: notes of what was left out or assumed, and the network in figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geo.network import Network

EXAMPLES = 5
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Note:
    """Something left out or assumed: how many times, and a few ids or values it concerns."""

    code: str
    count: int
    examples: tuple[str, ...] = ()


class Notes:
    """Notes in the making: what is told more than once under a code adds up."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def add(self, code: str, examples: Iterable[Any] = (), count: int | None = None) -> None:
        """Tell something; without `count` every example is one case. Nothing is told of no cases."""
        told = [str(example)[:_LONGEST] for example in examples]
        cases = len(told) if count is None else count
        if cases:
            self._count[code] += cases
            kept = self._examples.setdefault(code, [])
            kept.extend([example for example in dict.fromkeys(told) if example not in kept][:EXAMPLES])

    def told(self) -> tuple[Note, ...]:
        """All of it, in the order in which it came up."""
        examples = {code: tuple(kept[:EXAMPLES]) for code, kept in self._examples.items()}
        return tuple(Note(code, count, examples[code]) for code, count in self._count.items())


@dataclass(frozen=True, slots=True)
class Figures:
    """A network in numbers: `km` in all, connected `parts`, the share of km in the `largest` one.

    `no_speed` and `no_surface` are shares of segments, `bans` the number of banned turns.
    """

    segments: int
    nodes: int
    km: float
    parts: int
    largest: float
    no_speed: float
    no_surface: float
    bans: int


@dataclass(frozen=True, eq=False)
class Imported:
    """A network from a file, and what there is to say about it."""

    network: Network
    notes: tuple[Note, ...]

    @cached_property
    def figures(self) -> Figures:
        """What the network holds and lacks."""
        network = self.network
        in_part = np.bincount(network.parts[network.start], network.length_m)
        total = float(in_part.sum())
        return Figures(
            segments=len(network),
            nodes=len(network.nodes),
            km=total / 1000.0,
            parts=len(in_part),
            largest=float(in_part.max()) / total if total else 1.0,
            no_speed=float(np.isnan(network.speed_kmh).mean()),
            no_surface=float((network.surface == "").mean()),
            bans=len(network.bans),
        )
