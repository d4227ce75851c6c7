"""What a search finds as layers: candidate areas, free sites of parks, sites of the reader, and any cell.

They have the fields of every layer, sources and accuracy among them, so that they are drawn, filtered,
tabled, reported on and exported with no special case.
"""

from collections.abc import Callable
from typing import Any

import geopandas as gpd

from geo.errors import GeoError
from geo.shape import to_degrees
from layers.catalog import Layer
from layers.query import Query
from layers.records import frame_of, split
from layers.siting.evidence import as_of
from layers.siting.results import STATES, Findings, class_of, findings, percent
from layers.siting.sites import CELLS, Site, of_layer, site
from layers.siting.telling import contributions, sources_of
from layers.siting.territory import district_of
from layers.siting.workshop import seat
from layers.store import Store, Unanswered, UnknownFeature

UNUSABLE: tuple[type[Exception], ...] = (GeoError, UnknownFeature, OSError)
"""What a search that cannot be answered raises."""
_PERCENT = 100.0


def computed(store: Store, layer_id: str, query: Query) -> gpd.GeoDataFrame:
    """The records of a layer for what a query seeks (EPSG:4326, by id).

    Raises `Unanswered` where the search cannot be answered as things stand.
    """
    layer = store.catalogue.layers[layer_id]
    rows: list[dict[str, Any]] = []
    if layer.geometry != "raster":
        try:
            with seat():
                found = findings(store, query)
                rows = [_MAKERS[layer_id](found, one) for one in of_layer(found, layer_id)]
        except UNUSABLE as fault:
            raise Unanswered(layer_id) from fault
    return frame_of(layer, rows)


def record(store: Store, layer: Layer, id_: str, query: Query) -> dict[str, Any]:
    """A site, or the cell that holds a place `lon_lat`. Raises `UnknownFeature`."""
    try:
        with seat():
            found = findings(store, query)
            one = site(found, f"{layer.id}/{id_}")
    except UNUSABLE as fault:
        raise UnknownFeature(f"{layer.id}/{id_}") from fault
    if one is None:
        raise UnknownFeature(f"{layer.id}/{id_}")
    return _MAKERS[layer.id](found, one)


def waits(store: Store, query: Query) -> bool:
    """Whether rasters on which the search of a query rests are yet to be made; False if it is unusable."""
    try:
        return not all(job.ready for job in findings(store, query).basis.jobs())
    except UNUSABLE:
        return False


def _record(found: Findings, one: Site, **more: Any) -> dict[str, Any]:
    """A site as a record of its layer."""
    judged, about = one.judged, one.about
    return {
        "id": one.id,
        **one.names,
        "suitability": percent(judged.score),
        "suitability_class": class_of(judged.score * _PERCENT, judged.state),
        "site_state": STATES[judged.state],
        "unsure_percent": round(judged.unsure * _PERCENT),
        "area_ha": round(about["area_ha"], 1) if about.get("area_ha") else None,
        "district": district_of(found.store, one.shape),
        "geometry": to_degrees(one.shape),
        "further": contributions(found, judged, one.shape, one.loose_m),
        "accuracy_m": one.accuracy_m,
        "position_status": "approximate",
        "as_of": as_of(found),
        "source_id": ";".join(sources_of(found)),
        "note_ru": None,
        "note_en": None,
        **more,
    }


def _area(found: Findings, one: Site) -> dict[str, Any]:
    return _record(found, one, site_rank=one.about["rank"], suitability_best=percent(one.about["best"]))


def _free(found: Findings, one: Site) -> dict[str, Any]:
    known = one.about["record"]
    cited = ";".join(dict.fromkeys((*split(known["source_id"]), *sources_of(found))))
    return _record(
        found, one, **{name: known[name] for name in ("park", "district", "geometry", "position_status")},
        suitability_low=percent(one.judged.low), suitability_high=percent(one.judged.high),
        area_ha=known["area_ha"], free_area_ha=known["free_area_ha"], source_id=cited,
    )  # fmt: skip


def _mine(found: Findings, one: Site) -> dict[str, Any]:
    return _record(found, one)


_MAKERS: dict[str, Callable[[Findings, Site], dict[str, Any]]] = {
    "site_plots": _area,
    "site_areas": _area,
    "site_free": _free,
    "site_mine": _mine,
    CELLS: _record,
}
