"""A view on paper: the place that it shows in a window of some size, its layers, what it has chosen.

On the screen a view shows its place in whatever window; on paper the same place fills the window that there
is, at a round numeric scale.
"""

import math

import shapely
from reportlab.graphics.shapes import Drawing

from geo.shape import to_metric
from layers.paper.frame import MapFrame
from layers.paper.ground import Ground
from layers.paper.maps import Mark, draw_map
from layers.siting.layers import UNUSABLE
from layers.siting.passport import ground_of
from layers.siting.results import findings
from layers.store import Store, UnknownFeature
from layers.text import Words
from layers.view import View
from layers.webmap import sight

_SCREEN_PX = 900.0
"""How wide a window a view with a place is taken to have been made in."""
_ZOOM_0 = 156_543.034
"""Metres of a web map's pixel at zoom 0 on the equator."""


def frame_of(store: Store, view: View, size_mm: tuple[float, float]) -> MapFrame:
    """The frame of the place of a view on a drawing of that size."""
    if view.at is None:
        west, south, east, north = sight(store, view)
        box = shapely.segmentize(shapely.box(west, south, east, north), 0.2)
        return MapFrame.fitting(to_metric(box).bounds, size_mm, spare=0.0)
    lon, lat, zoom = view.at
    half = _SCREEN_PX / 2 * _ZOOM_0 * math.cos(math.radians(lat)) / 2**zoom
    x, y = to_metric(shapely.Point(lon, lat)).coords[0]
    return MapFrame.fitting((x - half, y, x + half, y), size_mm, spare=0.0)


def map_of(store: Store, view: View, size_mm: tuple[float, float], *, msk70: bool = False) -> Drawing:
    """The map of a view on a drawing of that size."""
    frame = frame_of(store, view, size_mm)
    return draw_map(
        store, view.layers, view.query, view.language, frame, marks=marks_of(store, view),
        grounds=grounds_of(store, view, frame), msk70=msk70,
    )  # fmt: skip


def marks_of(store: Store, view: View) -> list[Mark]:
    """What the view has chosen, as a mark on the map; nothing where its place is not known."""
    table, _, id_ = (view.selected or "").partition("/")
    try:
        record = store.record(table, id_, view.query)
    except (UnknownFeature, KeyError):
        return []
    geometry = record.get("geometry")
    if geometry is None or geometry.is_empty:
        return []
    return [Mark(to_metric(geometry), str(record[f"name_{view.language}"]), float(record["accuracy_m"]))]


def grounds_of(store: Store, view: View, frame: MapFrame) -> list[Ground]:
    """The rasters that the view shows, to lie under its other layers."""
    if not any(store.catalogue.layers[part.id].geometry == "raster" for part in view.layers):
        return []
    try:
        return ground_of(findings(store, view.query), frame)
    except UNUSABLE:
        return []


def told_in_words(store: Store, view: View) -> str:
    """What the map of a view shows, for those who do not see it: its layers, its year, what it has chosen."""
    words, catalogue = Words(view.language), store.catalogue
    names = [catalogue.layers[part.id].title[view.language] for part in reversed(view.layers)]
    told = [words("story.map_of", layers=", ".join(names))]
    if view.query.year is not None:
        told.append(f"{words('panel.year')}: {view.query.year}")
    told += [mark.label for mark in marks_of(store, view)]
    return ". ".join(told)
