"""What a sheet shows of a view: where it looks, what it marks, what lies under its layers."""

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image

from geo.crs import WGS84, WORKING, transform
from geo.errors import ShapeError
from geo.shape import to_metric
from geo.suitability import shaded
from geo.weighing import UNSURE_SHADES
from layers.paper.basemap import Fetch, Unreachable, basemap, fetched
from layers.paper.frame import ZOOM_0, Bounds, MapFrame
from layers.paper.ground import Ground
from layers.paper.ink import ACCENT
from layers.paper.maps import Mark
from layers.sheet.layout import Base
from layers.siting.layers import UNUSABLE, waits
from layers.siting.results import Findings, findings
from layers.siting.sheets import metric_bounds
from layers.siting.sites import CELLS
from layers.siting.tiles import LINE, palette
from layers.store import Store, UnknownFeature
from layers.text import Words
from layers.view import View
from layers.webmap import first_bounds

_SCREEN_PX = (1100.0, 700.0)
"""How much of a screen the map of a view is thought to take."""
_AROUND_M, _AROUND_SHARE = 2_000.0, 0.35
"""How much of its surroundings is shown of a chosen record: metres, or a share of its size."""
_ACCURACIES = 1.6
"""How much of the halo of its accuracy."""
_PIXEL_MM, _HATCH_MM, _SEEN = 0.4, 1.8, 0.8


@dataclass
class Under:
    """Pictures under the layers of a map, whether its base is there, and what could not be shown."""

    grounds: list[Ground] = field(default_factory=list)
    based: bool = True
    notices: list[str] = field(default_factory=list)


def bounds_of(store: Store, view: View) -> Bounds:
    """What a view looks at (m, EPSG:32645): its place, what is chosen or drawn, or where its page begins."""
    if view.at is not None:
        return _around(*view.at)
    if (chosen := record_of(store, view)) is not None and (placed := around(chosen)) is not None:
        return placed
    if view.shape is not None:
        try:
            west, south, east, north = view.shape.area_metric().bounds
        except ShapeError:
            return metric_bounds(_four(first_bounds(store, view)))
        spare = _AROUND_SHARE * max(east - west, north - south)
        return west - spare, south - spare, east + spare, north + spare
    return metric_bounds(_four(first_bounds(store, view)))


def _four(degrees: list[float]) -> Bounds:
    west, south, east, north = degrees
    return west, south, east, north


def _around(lon: float, lat: float, zoom: float) -> Bounds:
    x, y = (float(part[0]) for part in transform([lon], [lat], WGS84, WORKING))
    pixel_m = ZOOM_0 * math.cos(math.radians(lat)) / 2**zoom
    wide, high = (pixel_m * side / 2 for side in _SCREEN_PX)
    return x - wide, y - high, x + wide, y + high


def record_of(store: Store, view: View) -> dict[str, Any] | None:
    """The chosen record of a view; None where there is none."""
    if not view.selected:
        return None
    layer, _, id_ = view.selected.partition("/")
    try:
        return store.record(layer, id_, view.query)
    except (UnknownFeature, KeyError):
        return None


def around(record: dict[str, Any]) -> Bounds | None:
    """The surroundings of a record (m, EPSG:32645), wide enough for its accuracy; None without a place."""
    shape = record["geometry"]
    if shape is None or shape.is_empty:
        return None
    west, south, east, north = to_metric(shape).bounds
    size = max(east - west, north - south)
    spare = max(_AROUND_M, _AROUND_SHARE * size, _ACCURACIES * float(record["accuracy_m"] or 0))
    return west - spare, south - spare, east + spare, north + spare


def marks_of(store: Store, view: View) -> Iterator[Mark]:
    """The chosen record with its accuracy, and the outline that is drawn."""
    if view.shape is not None:
        with suppress(ShapeError):
            yield Mark(view.shape.area_metric(), "", 0.0, ACCENT)
    record = record_of(store, view)
    if record is not None and around(record) is not None:
        shape = to_metric(record["geometry"])
        yield Mark(shape, str(record[f"name_{view.language}"]), float(record["accuracy_m"] or 0))


def under(store: Store, view: View, base: Base, frame: MapFrame, fetch: Fetch = fetched) -> Under:
    """What lies under the layers of a map: the online map that is asked for, and the suitability."""
    found, words = Under(), Words(view.language)
    if base != "embedded":
        size = (frame.window_mm[0] * frame.enlarged, frame.window_mm[1] * frame.enlarged)
        try:
            found.grounds.append(basemap(base, frame.bounds, size, fetch))
        except Unreachable:
            found.based = False
            found.notices.append(words("sheet.no_base", base=words(f"basemap.{base}")))
    rasters = [part.id for part in view.layers if store.catalogue.layers[part.id].geometry == "raster"]
    if rasters:
        try:
            if waits(store, view.query):
                raise UnknownFeature(rasters[0])
            found.grounds += suitability(findings(store, view.query), frame)
        except UNUSABLE:
            found.notices.append(words("sheet.no_raster"))
    return found


def suitability(found: Findings, frame: MapFrame) -> list[Ground]:
    """The suitability under a map; where it cannot be told, its colours are hatched as on the screen."""
    window = found.grid.window(frame.bounds)
    if window is None:
        return []
    cell_mm = found.grid.cell_m / frame.metres_per_mm
    times = max(1, math.ceil(cell_mm / _PIXEL_MM))
    index = shaded(*found.judged(0, window)).repeat(times, axis=0).repeat(times, axis=1)
    every = max(3, round(_HATCH_MM / (cell_mm / times)))
    lines = np.add.outer(np.arange(index.shape[0]), np.arange(index.shape[1])) % every < max(1, every // 5)
    drawn = np.where(index >= UNSURE_SHADES, np.where(lines, LINE, index - UNSURE_SHADES), index)
    colours = palette(found.store.catalogue.layers[CELLS])
    return [Ground(Image.fromarray(colours[drawn], "RGBA"), found.grid.cut(window).bounds, _SEEN)]
