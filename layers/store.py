"""Where records come from: one interface, and the embedded store that reads `data/`.

A store hands out whole layers as frames indexed by id: geometry in EPSG:4326 at rest, and a metric copy in
EPSG:32645 for whatever is measured; registers as plain frames. What it hands out is shared: nobody changes
it.
"""

from collections import Counter
from functools import cache, cached_property, lru_cache
from typing import Any, Protocol

import geopandas as gpd
import pandas as pd

from geo.crs import WORKING
from layers.catalog import Catalogue
from layers.query import Query, applied, select
from layers.records import as_dicts, citations, members, sound


class UnknownFeature(LookupError):
    """No layer, no register or no record has that name."""


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

    def records(self, table: str) -> pd.DataFrame:
        """All records of a register or a layer (indexed by id); raises `UnknownFeature`."""

    def record(self, table: str, id_: str) -> dict[str, Any]:
        """One record of a layer (with its `geometry`) or of a register; raises `UnknownFeature`."""

    def metric(self, layer: str) -> gpd.GeoSeries:
        """Their geometries in EPSG:32645, in the same order."""

    def query(self, table: str, query: Query) -> gpd.GeoDataFrame:
        """The records of a layer or register that a query keeps, each with its `state`."""


class EmbeddedStore:
    """The store of one machine: the records of `data/`, checked when they are read."""

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        """Read and check everything; raises `CatalogueError` with the first faults."""
        self.catalogue = catalogue or Catalogue()
        tables = self.catalogue.tables
        self._files = {
            name: sound(self.catalogue, name) for name in sorted({t.records for t in tables.values()})
        }
        self._tables = {table.id: members(table, self._files[table.records]) for table in tables.values()}
        self._metric = {name: self.features(name).geometry.to_crs(WORKING) for name in self.catalogue.layers}
        self._selected = lru_cache(maxsize=256)(self._select)
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
        frame = self.records(layer)
        if not isinstance(frame, gpd.GeoDataFrame):
            raise UnknownFeature(layer)
        return frame

    def records(self, table: str) -> pd.DataFrame:
        """See `Store.records`."""
        try:
            return self._tables[table]
        except KeyError as missing:
            raise UnknownFeature(table) from missing

    def record(self, table: str, id_: str) -> dict[str, Any]:
        """See `Store.record`."""
        try:
            return self._by_id(table)[id_]
        except KeyError as missing:
            raise UnknownFeature(f"{table}/{id_}") from missing

    def metric(self, layer: str) -> gpd.GeoSeries:
        """See `Store.metric`."""
        return self._metric[layer]

    def query(self, table: str, query: Query) -> gpd.GeoDataFrame:
        """See `Store.query`; kept by what of the query concerns the table."""
        if table not in self.catalogue.tables:
            raise UnknownFeature(table)
        found: gpd.GeoDataFrame = self._selected(table, applied(self.catalogue.tables[table], query))
        return found

    def _select(self, table: str, query: Query) -> gpd.GeoDataFrame:
        return select(self.catalogue.tables[table], self.records(table), query)

    def _records(self, table: str) -> dict[str, dict[str, Any]]:
        return {record["id"]: record for record in as_dicts(self.records(table))}


@cache
def embedded() -> EmbeddedStore:
    """The one embedded store of this process, read at the first call."""
    return EmbeddedStore()
