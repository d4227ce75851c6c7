"""How long each link of a network takes: speeds by category, surface and season, delays, what is closed.

Times are whole milliseconds (`geo.hierarchy`). The figures are not here: whoever calls brings a `SpeedModel`
with their sources.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from geo.hierarchy import MOST_MS, Ints
from geo.network import BACK, FERRY, THERE, Bools, Floats, Names, Network
from geo.sweeps import CLOSED

Season = Literal["summer", "winter", "thaw"]
SEASONS: tuple[Season, ...] = ("summer", "winter", "thaw")
LEAST_KMH, MOST_KMH = 3.0, 150.0


@dataclass(frozen=True)
class SpeedModel:
    """Speeds where a segment states none, and what changes them.

    `category_kmh` and `surface_share` give the speed of a category on a surface; "" stands for unknown.
    `season_share` is the part of a speed that is left on a surface in a season; 0 closes it. `ferry_wait_s`
    is waited at a ferry in a season.
    """

    category_kmh: Mapping[str, float]
    surface_share: Mapping[str, float]
    season_share: Mapping[Season, Mapping[str, float]]
    ferry_wait_s: Mapping[Season, float] = field(default_factory=dict)
    junction_s: float = 0.0

    def usual_kmh(self, category: str, surface: str) -> float:
        """The speed (km/h) of a road of which only this is known."""
        share = self.surface_share.get(surface, self.surface_share[""])
        return self.category_kmh.get(category, self.category_kmh[""]) * share

    def kmh(self, network: Network) -> Floats:
        """The speed of every segment in good conditions: as stated, else as usual."""
        known = ~np.isnan(network.speed_kmh)
        usual = self._by_pair(network.category, network.surface)
        return np.where(known, network.speed_kmh, usual)

    def _by_pair(self, categories: Names, surfaces: Names) -> Floats:
        pairs = list(zip(categories, surfaces, strict=True))
        speed = {pair: self.usual_kmh(*pair) for pair in set(pairs)}
        return np.array([speed[pair] for pair in pairs], float)

    def milliseconds(self, network: Network, season: Season) -> Ints:
        """The time of each of 2m links, `CLOSED` where there is no way."""
        shares = self.season_share[season]
        left = np.array([shares.get(str(surface), shares[""]) for surface in network.surface], float)
        kmh = self.kmh(network) * left
        usable = network.there & (kmh > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            seconds = np.where(usable, network.length_m / kmh * 3.6, 0.0)
        seconds = seconds + np.where(network.surface == FERRY, self.ferry_wait_s.get(season, 0.0), 0.0)
        both = np.repeat(seconds, 2) + self._junctions(network)
        time = np.clip(np.rint(both * 1000.0), 1, MOST_MS).astype(np.int32)
        return np.where(_passable(network, usable), time, CLOSED).astype(np.int32)

    def _junctions(self, network: Network) -> Floats:
        """The delay (s) at the far end of each link, where three or more segments meet.

        Roads that edits have added count for nothing here: a new road must not slow those that it meets.
        """
        ends = np.column_stack([network.end, network.start]).ravel()
        if not self.junction_s:
            return np.zeros(len(ends))
        old = ends[: 2 * (len(network) - network.grown)]
        meeting = np.bincount(old, minlength=len(network.nodes))
        return np.where(meeting[ends] > 2, self.junction_s, 0.0)

    def arcs(self, network: Network, season: Season) -> Ints:
        """The time of every arc of the network's graph: links, turns without time, ties that are closed."""
        turns, links = network.turns, self.milliseconds(network, season)
        rest = len(turns.graph.tail) - turns.links
        more = np.full(rest, CLOSED, np.int32)
        more[: turns.free] = 0
        return np.concatenate([links, more])


def _passable(network: Network, usable: Bools) -> Bools:
    """Which of 2m links may be driven."""
    there, back = usable & (network.oneway != BACK), usable & (network.oneway != THERE)
    return np.column_stack([there, back]).ravel()
