"""One record for a reader, and one layer for a map: cards in words, and thin GeoJSON for drawing.

A card holds every field of the record in the words, units and language of the reader, unknown ones
included; it is plain data (text and addresses), so that whoever shows it builds nodes and never markup.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.shape import halo
from layers.catalog import Catalogue, Field, Language, Layer
from layers.query import Query, applied
from layers.records import as_dicts, split
from layers.store import Store, UnknownFeature
from layers.text import Words

PAGED = "projects"
"""The layer whose records have a page of their own."""
_DIGITS = 5
_SHOWN_APART = {"source_id", "accuracy_m", "position_status", "as_of"}
_DECIMALS = {"integer": 0, "number": 2}


def value_in_words(field: Field, record: Mapping[str, Any], words: Words, store: Store) -> str | None:
    """The value of a field of a record as its reader says it; None where it is not known."""
    value = record.get(f"{field.id}_{words.language}" if field.kind == "bilingual" else field.id)
    if value is None or pd.isna(value):
        return None
    match field.kind:
        case "number" | "integer":
            return words.quantity(float(value), field.unit, _DECIMALS[field.kind])
        case "year":
            return str(int(value))
        case "month":
            return words.date(value)
        case "flag":
            return words("yes" if value else "no")
        case "choice" | "choices":
            return ", ".join(store.catalogue.word(field, part, words.language) for part in split(value))
        case "reference" | "references" | "sources":
            return "; ".join(_named(store, field, part, words.language) for part in split(value))
        case _:
            return str(value)


def further(told: Iterable[Callable[[Words], tuple[str, str]]], words: Words) -> list[dict[str, str]]:
    """What an analysis has to say of a record beyond its fields, in the reader's words: label and value."""
    return [dict(zip(("label", "value"), say(words), strict=True)) for say in told]


def _named(store: Store, field: Field, id_: str, language: Language) -> str:
    """The name of a record that a field refers to, or the title of a source that it cites."""
    if field.kind == "sources":
        return store.catalogue.sources[id_].title[language]
    return str(store.record(field.to or "", id_)[f"name_{language}"])


def card(
    store: Store, layer_id: str, feature_id: str, language: Language, query: Query | None = None
) -> dict[str, Any]:
    """Everything known of a record, ready to be shown and not to be changed. Raises `UnknownFeature`."""
    if layer_id not in store.catalogue.layers:
        raise UnknownFeature(layer_id)
    asked = query if store.catalogue.layers[layer_id].computed else None
    return _kept_card(store, layer_id, feature_id, language, asked)


@lru_cache(maxsize=4096)
def _kept_card(
    store: Store, layer_id: str, feature_id: str, language: Language, query: Query | None
) -> dict[str, Any]:
    """The card of a record, kept: the maps of a story show the same records over and over."""
    record, layer = store.record(layer_id, feature_id, query), store.catalogue.layers[layer_id]
    words = Words(language)
    rows = []
    for field in layer.fields:
        if field.hidden or field.id in _SHOWN_APART:
            continue
        value = value_in_words(field, record, words, store)
        if value is None and field.remark:
            continue
        link = value if field.kind == "url" else None
        rows.append(
            {"label": field.title[language], "value": value or words("no_data"), "known": value is not None}
            | ({"href": link} if link else {})
        )
    rows += [{**row, "known": True} for row in further(record.get("further", ()), words)]
    other = record["name_en" if language == "ru" else "name_ru"]
    geometry, accuracy = record["geometry"], record["accuracy_m"]
    placed = geometry is not None and not geometry.is_empty
    status = store.catalogue.vocabularies["position_status"][record["position_status"]][language].lower()
    return {
        "pick": f"{layer_id}/{feature_id}",
        "title": record[f"name_{language}"],
        "other": other if other != record[f"name_{language}"] else "",
        "layer": layer.title[language],
        "rows": rows,
        "page": layer_id == PAGED,
        "as_of": words("card.as_of", date=words.date(record["as_of"])),
        "position": words("card.position", status=status, metres=words.number(accuracy, 0))
        if placed
        else words("card.no_position"),
        "sources": source_lines(store.catalogue, split(record["source_id"]), words),
        "centre": _rounded(geometry.representative_point()) if placed else None,
        "bounds": [round(v, _DIGITS) for v in geometry.bounds] if placed else None,
        "halo": _rounded(halo(geometry, accuracy)) if placed and accuracy > 0 else None,
    }


def source_lines(catalogue: Catalogue, ids: Iterable[str], words: Words) -> list[dict[str, str]]:
    """Sources as a reader sees them: `title`, `facts` (publisher, date, licence) and `href`."""
    return [_source(catalogue, id_, words) for id_ in ids]


def _source(catalogue: Catalogue, id_: str, words: Words) -> dict[str, str]:
    source = catalogue.sources[id_]
    licence = catalogue.licence(source, words.language)
    who = catalogue.publisher(source, words.language)
    facts = [who, words.date(source.date) if source.date else "", licence]
    return {
        "title": source.title[words.language],
        "facts": " · ".join(f for f in facts if f),
        "href": source.url,
    }


def drawn(store: Store, layer: Layer, query: Query, language: Language) -> dict[str, Any]:
    """The records of a layer that a query keeps, as GeoJSON (EPSG:4326) with only what drawing needs.

    Properties: `n` name, `c` class key, `s` state, `z` size in pixels (where it depends on the record), `w`
    weight of its label (larger first), `a` accuracy in metres, `p` where the symbol of a line or an area of a
    mixed layer stands (lon, lat). It is not to be changed.
    """
    if store.query(layer.id, query).attrs.get("unanswered"):
        return {"type": "FeatureCollection", "features": []}
    return _kept(store, layer.id, applied(layer, query), language)


@lru_cache(maxsize=128)
def _kept(store: Store, layer_id: str, query: Query, language: Language) -> dict[str, Any]:
    """The same, kept by what of the query concerns the layer."""
    layer, frame = store.catalogue.layers[layer_id], store.query(layer_id, query)
    return {
        "type": "FeatureCollection",
        "features": [_feature(layer, row, language) for row in as_dicts(placed(frame))],
    }


def placed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The records whose place is known."""
    return frame[~(frame.geometry.isna() | frame.geometry.is_empty)]


def mark_of(shape: Any) -> shapely.Point:
    """Where the symbol of a geometry stands: the point itself, the middle of a line, within an area."""
    lines = shapely.line_merge(shape) if shape.geom_type.endswith("LineString") else shape
    middle = lines.geom_type == "LineString"
    point: shapely.Point = lines.interpolate(0.5, normalized=True) if middle else shape.representative_point()
    return point


def _feature(layer: Layer, record: dict[str, Any], language: Language) -> dict[str, Any]:
    style = layer.style
    properties: dict[str, Any] = {"n": record[f"name_{language}"], "a": record["accuracy_m"]}
    if style.field:
        properties["c"] = style.class_of(class_value(record[style.field]))
    if style.state:
        properties["s"] = record["state"]
    if style.size_by:
        weight = None if pd.isna(record[style.size_by]) else float(record[style.size_by])
        properties |= {"z": style.size_of(weight), "w": weight or 0}
    if layer.geometry == "mixed" and record["geometry"].geom_type != "Point":
        properties["p"] = _rounded(mark_of(record["geometry"]))["coordinates"]
    return {
        "type": "Feature",
        "id": record["id"],
        "properties": properties,
        "geometry": _rounded(record["geometry"]),
    }


def class_value(value: Any) -> Any:
    """A whole number without its decimal part, so that `2.0` finds the class `2`; anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _rounded(geometry: shapely.Geometry) -> Any:
    snapped = shapely.transform(geometry, lambda xy: xy.round(_DIGITS))
    return json.loads(shapely.to_geojson(snapped))
