"""Where records come from: one interface, and the embedded store that reads `data/`.

A store hands out whole layers as frames indexed by id: geometry in EPSG:4326 at rest, and a metric copy in
EPSG:32645 for whatever is measured; registers as plain frames. What it hands out is shared: nobody changes
it.
"""

from collections import Counter
from functools import cache, cached_property, lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

import geopandas as gpd
import pandas as pd

from geo.crs import WORKING
from layers.catalog import Catalogue, Layer
from layers.query import Query, applied, select
from layers.records import as_dicts, citations, frame_of, members, sound


class UnknownFeature(LookupError):
    """No layer, no register or no record has that name."""


class Unanswered(UnknownFeature):
    """An analysis cannot be made as things stand: something that it names may come back."""


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
        """All records of a layer (EPSG:4326, indexed by id); of a computed one those of the plain query."""

    def records(self, table: str) -> pd.DataFrame:
        """All records of a register or a layer (indexed by id); raises `UnknownFeature`."""

    def record(self, table: str, id_: str, query: Query | None = None) -> dict[str, Any]:
        """One record of a layer (with its `geometry`) or of a register; raises `UnknownFeature`.

        What a layer that is computed holds depends on the query; a raster has a record at every place.
        """

    def metric(self, layer: str) -> gpd.GeoSeries:
        """Their geometries in EPSG:32645, in the same order."""

    def metric_of(self, layer: str, frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
        """The geometries in EPSG:32645 of what a query keeps of a layer."""

    def query(self, table: str, query: Query) -> gpd.GeoDataFrame:
        """The records of a layer or register that a query keeps, each with its `state`."""


class EmbeddedStore:
    """The store of one machine: the records of `data/`, checked when they are read."""

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        """Read and check everything; raises `CatalogueError` with the first faults."""
        self.catalogue = catalogue or Catalogue()
        tables = self.catalogue.recorded
        self._files = {
            name: sound(self.catalogue, name) for name in sorted({t.records for t in tables.values()})
        }
        self._tables = {table.id: members(table, self._files[table.records]) for table in tables.values()}
        self._metric = {
            name: self.features(name).geometry.to_crs(WORKING)
            for name in self.catalogue.layers
            if name in tables
        }
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
        if table in self._tables:
            return self._tables[table]
        return self.query(table, Query())

    def record(self, table: str, id_: str, query: Query | None = None) -> dict[str, Any]:
        """See `Store.record`."""
        held = self.catalogue.layers.get(table)
        if held and held.computed:
            found: dict[str, Any] = _analyses().record(self, held, id_, query or Query())
            return found
        try:
            return self._by_id(table)[id_]
        except KeyError as missing:
            raise UnknownFeature(f"{table}/{id_}") from missing

    def metric(self, layer: str) -> gpd.GeoSeries:
        """See `Store.metric`."""
        return self._metric[layer] if layer in self._metric else self.features(layer).geometry.to_crs(WORKING)

    def metric_of(self, layer: str, frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
        """See `Store.metric_of`."""
        known = self._metric.get(layer)
        return gpd.GeoSeries(known.loc[frame.index]) if known is not None else frame.geometry.to_crs(WORKING)

    def query(self, table: str, query: Query) -> gpd.GeoDataFrame:
        """See `Store.query`; kept by what of the query concerns the table, unless it cannot be answered."""
        if table not in self.catalogue.tables:
            raise UnknownFeature(table)
        held = applied(self.catalogue.tables[table], query)
        try:
            found: gpd.GeoDataFrame = self._selected(table, held)
        except Unanswered:
            found = frame_of(self.catalogue.layers[table], [])
            found = select(self.catalogue.layers[table], found, held)
            found.attrs["unanswered"] = True
        return found

    def _select(self, table: str, query: Query) -> gpd.GeoDataFrame:
        held = self.catalogue.tables[table]
        if isinstance(held, Layer) and held.computed:
            return select(held, _analyses().records(self, held, query), query)
        return select(held, self.records(table), query)

    def _records(self, table: str) -> dict[str, dict[str, Any]]:
        return {record["id"]: record for record in as_dicts(self.records(table))}


def _analyses() -> ModuleType:
    """What makes computed layers; it reads the store itself, so it is imported when it is first needed."""
    return import_module("layers.analyses")


@cache
def embedded() -> EmbeddedStore:
    """The one embedded store of this process, read at the first call."""
    return EmbeddedStore()
