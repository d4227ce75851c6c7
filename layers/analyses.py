"""What analyses make: the records of a computed layer, and what is known of one of them.

A layer says what it follows from; the analysis of that kind makes it. The store asks here and nowhere else.
"""

from typing import Any

import geopandas as gpd

from layers.catalog import Layer
from layers.query import Query
from layers.reach import layers as reach
from layers.siting import layers as siting
from layers.store import Store, UnknownFeature

_MAKERS = {"network": reach.computed, "comparison": reach.computed, "siting": siting.computed}


def records(store: Store, layer: Layer, query: Query) -> gpd.GeoDataFrame:
    """The records of a computed layer for what a query asks (EPSG:4326, by id); none where it cannot.

    Raises `UnknownFeature`.
    """
    return _MAKERS[layer.follows](store, layer.id, query)


def record(store: Store, layer: Layer, id_: str, query: Query) -> dict[str, Any]:
    """One record of a computed layer, with what its analysis has to say of it. Raises `UnknownFeature`."""
    if layer.follows == "siting":
        return siting.record(store, layer, id_, query)
    try:
        return dict(store.query(layer.id, query).loc[id_])
    except KeyError as missing:
        raise UnknownFeature(f"{layer.id}/{id_}") from missing
