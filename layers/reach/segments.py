"""The segments of a road network as records of a layer, so that they can be seen, clicked and edited.

Those of the embedded network are records of roads and have names; those of a reader's network are called as
its file calls them.
"""

from typing import Any

import numpy as np

from geo.network import BOTH, FERRY, WINTER_ROAD, Floats
from geo.shape import to_degrees
from layers.catalog import LANGUAGES, Language
from layers.comparison import HOME_NETWORK, READERS_NETWORK
from layers.reach import networks
from layers.reach.base import Base
from layers.store import Store

SHOWN = 20_000
"""How many segments a map draws at once without becoming slow; of more, the most important are shown."""
ACCURACY_M = 20.0
"""Traces of receivers and maps of 1:25,000 lie within it; since no file says so, it counts as unverified."""
_ROADS = "roads"
_CLASSES = ((90.0, "from90"), (70.0, "from70"), (50.0, "from50"), (30.0, "from30"))
Rows = list[dict[str, Any]]


def segment_name(store: Store, network: str, id_: str, language: Language) -> str:
    """What a segment is called: by its record, or as the file of the network calls it."""
    roads = store.features(_ROADS)
    if network == HOME_NETWORK and id_ in roads.index:
        return str(roads.loc[id_, f"name_{language}"])
    return id_


def segment_names(store: Store, network: str, id_: str) -> dict[str, str]:
    """The same in every language, as the columns of a record."""
    return {f"name_{language}": segment_name(store, network, id_, language) for language in LANGUAGES}


def provenance(store: Store, network: str, id_: str) -> dict[str, Any]:
    """Source, accuracy and date of a segment, as the columns of a record."""
    roads = store.features(_ROADS)
    if network == HOME_NETWORK and id_ in roads.index:
        record = roads.loc[id_]
        told = ("source_id", "accuracy_m", "position_status", "as_of", "note_ru", "note_en")
        return {key: record[key] for key in told}
    return _of_file(networks.get(network))


def _of_file(kept: networks.Kept | None) -> dict[str, Any]:
    note = f"{kept.about.title} · {kept.about.origin}" if kept else None
    return {
        "source_id": READERS_NETWORK,
        "accuracy_m": ACCURACY_M,
        "position_status": "unverified",
        "as_of": kept.changed[:7] if kept else "",
        "note_ru": note,
        "note_en": note,
    }


def chosen(base: Base, kmh: Floats) -> Any:
    """The segments that are shown: all, or the most important categories, of each the fastest and longest."""
    network, model = base.network, base.travel.model
    if len(network) <= SHOWN:
        return np.arange(len(network))
    usual = {category: model.usual_kmh(str(category), "") for category in set(network.category)}
    rank = np.array([usual[category] for category in network.category])
    order = np.lexsort((-network.length_m, -kmh, -rank, ~network.there))
    return np.sort(order[:SHOWN])


def rows(store: Store, base: Base) -> Rows:
    """The segments of a network as records (EPSG:4326)."""
    network, name = base.network, base.network.name
    kmh = base.travel.model.kmh(network)
    at = chosen(base, kmh)
    of_file = None if name == HOME_NETWORK else _of_file(networks.get(name))
    made = []
    for number in at.tolist():
        id_ = str(network.ids[number])
        made.append(
            {
                "id": id_,
                **({"name_ru": id_, "name_en": id_} if of_file else segment_names(store, name, id_)),
                "speed_class": speed_class(kmh[number], str(network.surface[number])),
                "speed_kmh": round(float(kmh[number]), 1),
                "network_category": str(network.category[number]) or None,
                "surface": str(network.surface[number]) or None,
                "oneway": bool(network.oneway[number] != BOTH),
                "length_km": round(float(network.length_m[number]) / 1000, 3),
                "geometry": to_degrees(network.lines[number]),
                **(of_file or provenance(store, name, id_)),
            }
        )
    return made


def speed_class(kmh: float, surface: str) -> str:
    """The class of a segment by its speed; ferries and winter roads are classes of their own."""
    if surface in (FERRY, WINTER_ROAD):
        return surface
    return next((name for least, name in _CLASSES if kmh >= least), "slow")
