"""Where records come from: one interface, and the embedded store that reads `data/`.

A store hands out whole layers as frames indexed by id: geometry in EPSG:4326 at rest, and a metric copy in
EPSG:32645 for whatever is measured. What it hands out is shared: nobody changes it.
"""

from collections import Counter
from functools import cache, cached_property, lru_cache
from typing import Any, Protocol

import geopandas as gpd

from geo.crs import WORKING
from layers.catalog import Catalogue
from layers.query import Query, select
from layers.records import as_dicts, citations, members, sound


class UnknownFeature(LookupError):
    """No layer or no record has that name."""


class Store(Protocol):
    """What every store answers."""

    @property
    def catalogue(self) -> Catalogue:
        """The layers it holds and what they mean."""

    @property
    def digest(self) -> str:
        """A text that changes whenever any record does: part of every address that may be cached."""

    def __hash__(self) -> int:
        """Stores are told apart by what they are, so that answers may be remembered."""

    def features(self, layer: str) -> gpd.GeoDataFrame:
        """All records of a layer (EPSG:4326, indexed by id)."""

    def record(self, layer: str, id_: str) -> dict[str, Any]:
        """One record with its `geometry`; raises `UnknownFeature`."""

    def metric(self, layer: str) -> gpd.GeoSeries:
        """Their geometries in EPSG:32645, in the same order."""

    def query(self, layer: str, query: Query) -> gpd.GeoDataFrame:
        """The records of a layer that a query keeps, each with its `state`."""


class EmbeddedStore:
    """The store of one machine: the records of `data/`, checked when they are read."""

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        """Read and check everything; raises `CatalogueError` with the first faults."""
        self.catalogue = catalogue or Catalogue()
        files = {layer.records for layer in self.catalogue.layers.values()}
        self._files = {name: sound(self.catalogue, name) for name in sorted(files)}
        self._layers = {
            layer.id: members(layer, self._files[layer.records]) for layer in self.catalogue.layers.values()
        }
        self._metric = {name: frame.geometry.to_crs(WORKING) for name, frame in self._layers.items()}
        self.query = lru_cache(maxsize=256)(self._query)
        self._by_id = cache(self._records)

    @cached_property
    def digest(self) -> str:
        """Digest of the data folder."""
        return self.catalogue.digest

    @cached_property
    def citations(self) -> Counter[str]:
        """How many records cite each source."""
        return citations(self._files.values())

    def features(self, layer: str) -> gpd.GeoDataFrame:
        """See `Store.features`; raises `UnknownFeature`."""
        try:
            return self._layers[layer]
        except KeyError as missing:
            raise UnknownFeature(layer) from missing

    def record(self, layer: str, id_: str) -> dict[str, Any]:
        """See `Store.record`."""
        try:
            return self._by_id(layer)[id_]
        except KeyError as missing:
            raise UnknownFeature(f"{layer}/{id_}") from missing

    def metric(self, layer: str) -> gpd.GeoSeries:
        """See `Store.metric`."""
        return self._metric[layer]

    def _query(self, layer: str, query: Query) -> gpd.GeoDataFrame:
        return select(self.catalogue.layers[layer], self.features(layer), query)

    def _records(self, layer: str) -> dict[str, dict[str, Any]]:
        return {record["id"]: record for record in as_dicts(self.features(layer))}


@cache
def embedded() -> EmbeddedStore:
    """The one embedded store of this process, read at the first call."""
    return EmbeddedStore()
