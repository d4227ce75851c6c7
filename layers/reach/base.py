"""Road networks ready to be asked: the embedded one from the records and those that readers bring.

Every figure comes from the register of assumptions, so that whoever doubts one finds its source and its note.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.edits import Edited, edited
from geo.errors import NetworkError
from geo.impedance import SEASONS, Season, SpeedModel
from geo.network import BOTH, FERRY, WINTER_ROAD, Access, Floats, Network, Taps, snap
from geo.scenario import Scenario
from geo.travel import Travel
from layers.comparison import HOME_NETWORK, PARKS
from layers.reach import networks
from layers.store import Store, UnknownFeature

log = logging.getLogger(__name__)
T = TypeVar("T")
CORE = "tomsk"
"""The settlement to which people are brought nearer."""
SETTLEMENTS = "settlements"
SITES = ("projects", *PARKS)
"""Layers whose records are places of work."""
_CLASSES = (
    *("motorway", "trunk", "primary", "secondary", "tertiary"),
    *("unclassified", "residential", "living_street"),
)
_CATEGORIES = ("I", "II", "III", "IV", "V")
ACCESS = {
    "roads": ("access-speed", "access-detour", "access-limit"),
    "streets": ("access-walk-speed", "circuity-urban", "access-walk-limit"),
}
"""How places join a network, and the assumptions of the way there: speed, detour, limit (km).

`roads`: the network holds main roads only, and local roads that it lacks lead to them. `streets`: it holds
all roads and streets, and whoever stands beside them walks.
"""
_HELD = 3
"""How many networks of readers are held ready; a large one takes some 300 MB."""
_KEPT_RESULTS = 8
"""How many comparisons on a network are kept; each holds two networks with their times."""
JUNCTION = "junction-delay-mean"
"""What every way over a junction of a reader's network waits.

The speeds of the embedded network are means over whole roads with their junctions: it is not delayed again.
"""


def figure(store: Store, id_: str) -> float:
    """A figure of the register of assumptions. Raises `UnknownFeature`."""
    return float(store.record("assumptions", id_)["value"])


@cache
def speed_model(store: Store) -> SpeedModel:
    """Speeds and what changes them, from the register of assumptions."""

    def value(id_: str) -> float:
        return figure(store, id_)

    by_class = {name: value(f"speed-class-{name.replace('_', '-')}") for name in _CLASSES}
    # The share of its surface makes that the speed of a ferry.
    by_class[FERRY] = value("speed-class-unknown")
    by_category = {name: value(f"speed-category-{name.lower()}") for name in _CATEGORIES}
    paved = {"asphalt": 1.0, "concrete": 1.0}
    surfaces = {
        **paved,
        "gravel": value("speed-factor-gravel"),
        "earth": value("speed-factor-earth"),
        WINTER_ROAD: value("speed-share-winter-road"),
        FERRY: value("ferry-speed") / value("speed-class-unknown"),
        "": value("speed-share-unknown"),
    }
    return SpeedModel(
        category_kmh={**by_class, **by_category, "": value("speed-class-unknown")},
        surface_share=surfaces,
        season_share={season: _season(store, season) for season in SEASONS},
        ferry_wait_s={"summer": value("ferry-wait") * 60.0},
    )


def _season(store: Store, season: Season) -> dict[str, float]:
    """What is left of speeds in a season: ferries rest in the thaw, winter roads are there in winter only."""
    if season == "summer":
        return {"": 1.0, WINTER_ROAD: 0.0}
    paved, gravel, earth = (
        figure(store, f"season-factor-{season}-{name}") for name in ("asphalt", "gravel", "earth")
    )
    winter = 1.0 if season == "winter" else 0.0
    return {"": paved, "gravel": gravel, "earth": earth, FERRY: winter, WINTER_ROAD: winter}


@cache
def embedded_network(store: Store) -> Network:
    """The network of the records of roads."""
    roads, metric = store.features("roads"), store.metric("roads").to_numpy()
    names = sorted({*roads["from_node"], *roads["to_node"]})
    number = {name: index for index, name in enumerate(names)}
    start, end = (roads[side].map(number).to_numpy(dtype=np.int32) for side in ("from_node", "to_node"))
    nodes = np.empty((len(names), 2))
    for at, line in enumerate(metric):
        nodes[start[at]], nodes[end[at]] = line.coords[0][:2], line.coords[-1][:2]
    now = roads["status"].isin(["built"]).to_numpy()
    former = roads["speed_before_kmh"].notna().to_numpy()
    return Network(
        name=HOME_NETWORK,
        ids=roads.index.to_numpy(dtype=object),
        start=start,
        end=end,
        nodes=nodes,
        lines=metric,
        length_m=roads["length_km"].to_numpy(dtype=float) * 1000.0,
        speed_kmh=np.where(now | ~former, roads["speed_kmh"], roads["speed_before_kmh"]).astype(float),
        category=_texts(roads["technical_category"]),
        surface=_texts(roads["surface"]),
        oneway=np.full(len(roads), BOTH, np.int8),
        there=now | former,
        before_kmh=roads["speed_before_kmh"].to_numpy(dtype=float),
        before_surface=_texts(roads["surface_before"]),
        access=access(store, "roads"),
    )


def access(store: Store, joined: str) -> Access:
    """How places join a network, by a key of `ACCESS`."""
    kmh, detour, limit_km = (figure(store, id_) for id_ in ACCESS[joined])
    return Access(kmh, detour, limit_km * 1000.0)


def _texts(column: pd.Series) -> npt.NDArray[np.object_]:
    return column.fillna("").to_numpy(dtype=object)


@dataclass(frozen=True, eq=False)
class Base:
    """A network with the times of today's summer: what every scenario starts from.

    What is found on it is kept in it, so that all of it is let go together.
    """

    store: Store
    travel: Travel
    _tapped: dict[str, Taps] = field(default_factory=dict, repr=False)
    _found: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def network(self) -> Network:
        """The network as recorded."""
        return self.travel.network

    def edited(self, scenario: Scenario) -> Edited:
        """The network after a scenario's edits."""
        return edited(self.network, scenario, self.travel.model)

    def travel_after(self, change: Edited, season: Season) -> Travel:
        """The times after edits."""
        return self.travel.changed(change.network, season)

    def points(self, layer: str) -> npt.NDArray[np.object_]:
        """The places of a layer's records (EPSG:32645); a line or an area is reached at a point within it."""
        return _points(self.store, layer)

    def taps(self, layer: str) -> Taps:
        """Where the records of a layer touch the network."""
        if layer not in self._tapped:
            self._tapped[layer] = snap(self.network, self.points(layer))
        return self._tapped[layer]

    def kept_results(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under a key, kept while it is among the last few asked for."""
        with self._lock:
            held = self._found.pop(key, None)
            if held is not None:
                self._found[key] = held
        made = make() if held is None else held
        with self._lock:
            kept: T = self._found.setdefault(key, made)
            while len(self._found) > _KEPT_RESULTS:
                del self._found[next(iter(self._found))]
        return kept

    def forget(self) -> None:
        """Let go of what was found, which itself holds on to the network."""
        with self._lock:
            self._found.clear()


@lru_cache(maxsize=64)
def _points(store: Store, layer: str) -> npt.NDArray[np.object_]:
    shapes = store.metric(layer).to_numpy()
    points = np.empty(len(shapes), dtype=object)
    points[:] = [
        None if shape is None or shape.is_empty else shape.representative_point() for shape in shapes
    ]
    return points


class UnknownNetwork(UnknownFeature):
    """No road network has that name, or its file is broken."""


def base(store: Store, network: str = HOME_NETWORK) -> Base:
    """The network of that name, ready. Raises `UnknownNetwork`."""
    if network == HOME_NETWORK:
        return _embedded(store)
    return _BROUGHT.base(store, network)


@cache
def _embedded(store: Store) -> Base:
    return Base(store, Travel.over(embedded_network(store), speed_model(store)))


_Key = tuple[Store, str, tuple[int, int]]
"""The records, the name of a network and the stamp of its file."""


class _Brought:
    """The networks of readers that were asked for last, each made once however many ask at the same time."""

    def __init__(self) -> None:
        self._held: dict[_Key, Base] = {}
        self._looking = Lock()
        self._making: defaultdict[str, Lock] = defaultdict(Lock)

    def base(self, store: Store, name: str) -> Base:
        """Raises `UnknownNetwork`."""
        try:
            if networks.get(name) is None:
                raise UnknownNetwork(name)
            return self.made(store, name, lambda: networks.opened(name))
        except NetworkError as fault:
            log.warning("the network %s cannot be used: %s", name, fault)
            raise UnknownNetwork(name) from fault

    def made(self, store: Store, name: str, opened: Callable[[], Network]) -> Base:
        """The network that is held, else that of the file. Nobody waits while another one is made."""
        key = (store, name, networks.stamp(name))
        with self._looking:
            if held := self._taken(key):
                return held
            making = self._making[name]
        with making:
            with self._looking:
                if held := self._taken(key):
                    return held
            ready = _prepared(store, opened())
            with self._looking:
                self._held[key] = ready
                while len(self._held) > _HELD:
                    self._held.pop(next(iter(self._held))).forget()
            return ready

    def _taken(self, key: _Key) -> Base | None:
        """A network that is held, from now on the one that was asked for last."""
        held = self._held.pop(key, None)
        if held:
            self._held[key] = held
        return held

    def ready(self, store: Store, name: str) -> bool:
        """Whether a network is held ready."""
        return (store, name, networks.stamp(name)) in self._held


_BROUGHT = _Brought()


def is_ready(store: Store, network: str) -> bool:
    """Whether `base` answers at once."""
    return network == HOME_NETWORK or _BROUGHT.ready(store, network)


def make_ready(store: Store, network: Network) -> None:
    """Hold a network ready whose file is kept and whose document may not be there yet."""
    _BROUGHT.made(store, network.name, lambda: network)


def _prepared(store: Store, network: Network) -> Base:
    """A network with its index; the order of its nodes is kept for the next start where the disk allows."""
    model = replace(speed_model(store), junction_s=figure(store, JUNCTION))
    try:
        return Base(store, Travel.over(network, model, kept=networks.orders()))
    except OSError as fault:
        log.warning("the order of %s cannot be kept: %s", network.name, fault)
        return Base(store, Travel.over(network, model))


def people(store: Store) -> Floats:
    """The population of each settlement, NaN where it is not known."""
    return store.features(SETTLEMENTS)["population"].to_numpy(dtype=float)
