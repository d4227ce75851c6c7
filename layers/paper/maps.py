"""A vector map on paper: the records of layers in their styles, at a numeric scale that is true.

Drawn from the same `Style` and the same records as the map on the screen, in EPSG:32645, so that a ruler on
the sheet measures metres on the ground (the scale factor of UTM differs from one by less than 0.05 % here).
What is made is a ReportLab drawing: `layers.paper.pdf` sets it, `layers.paper.svg` writes it for a page. A
drawing is for one document at a time: ReportLab writes into it while it draws.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from reportlab.graphics.shapes import Circle, Drawing, Group, Path, Rect
from shapely.geometry.base import BaseGeometry

from layers.catalog import Language, Layer
from layers.feature import class_value, mark_of, placed
from layers.paper import fonts
from layers.paper.frame import Bounds, MapFrame
from layers.paper.ground import Ground, Laid
from layers.paper.ink import BUTT, LAND, MARK, MM, PAPER, PX, ROUND, blank, colour, dashes, path_through
from layers.paper.labels import GREAT, Boxes, Name
from layers.paper.labels import placed as names_placed
from layers.paper.surround import surround
from layers.paper.symbols import point_symbol, zoom_scale
from layers.query import Query
from layers.store import Store
from layers.style import STATE_DASHES, STATE_FILLS, Fill, Symbol
from layers.view import Placed

_SPILL_MM = 4.0
"""How far beyond the window shapes are kept: the frame cuts them, and no edge is drawn along it."""
_FINEST_MM = 0.05
_MINI_PX = 9.0
_CASING_PX = 2.5
_MARK_WEIGHT = 1e9
LEAST_HALO_MM = 0.6
"""How wide the halo of an accuracy must be on paper to be drawn."""
_LARGE_PT = 120.0
"""From which size on an area is named within and not beside it, and does not hide what lies under it."""


@dataclass(frozen=True)
class Mark:
    """A site that the map is about: geometry and accuracy in metres (EPSG:32645), and its name."""

    geometry: BaseGeometry
    label: str = ""
    accuracy_m: float = 0.0
    colour: str = MARK


@dataclass(frozen=True)
class _Spot:
    """A symbol of a point, ready to be drawn; `mini` when those above it leave it no room."""

    symbol: Symbol
    fill: Fill
    x: float
    y: float
    size: float
    opacity: float


@dataclass
class _Sheet:
    """What has been laid on the window so far: bodies by layer (lowest first), symbols, names."""

    frame: MapFrame
    layers: list[tuple[list[Path], list[_Spot]]] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)


def draw_map(
    store: Store,
    layers: Sequence[Placed],
    query: Query,
    language: Language,
    frame: MapFrame,
    *,
    marks: Sequence[Mark] = (),
    grounds: Sequence[Ground] = (),
    msk70: bool = False,
) -> Drawing:
    """The map of what `query` keeps of `layers` (the lowest first), with its frame, scale, north and credits.

    `msk70` adds the kilometres of MSK-70 to the upper and right edges. Layers of rasters are shown by
    `grounds`. Raises `layers.furniture.AssetsMissing` where the icons have not been put in place.
    """
    drawing = blank(*(side * MM for side in frame.size_mm))
    drawing.add(draw_window(store, layers, query, language, frame, marks=marks, grounds=grounds))
    sources = credits_of(store, layers, query, language, frame.bounds)
    drawing.add(surround(frame, language, sources, msk70=msk70))
    return drawing


def draw_window(
    store: Store,
    layers: Sequence[Placed],
    query: Query,
    language: Language,
    frame: MapFrame,
    *,
    marks: Sequence[Mark] = (),
    grounds: Sequence[Ground] = (),
    lines: Sequence[Any] = (),
    taken: Sequence[Bounds] = (),
) -> Group:
    """What the window of a map shows, and nothing around it.

    `lines` (of a grid) are drawn under the records; no name is written on the boxes that are `taken`, in
    points on the drawing. Raises as `draw_map` does.
    """
    fonts.register()
    sheet = _Sheet(frame)
    for part in layers:
        layer = store.catalogue.layers[part.id]
        if layer.geometry != "raster" and frame.zoom >= layer.style.min_zoom:
            _lay(sheet, store, layer, query, language, part.opacity)
    inner = Group(_window_clip(frame), _land(frame))
    for ground in grounds:
        inner.add(Laid(frame, ground))
    for line in lines:
        inner.add(line)
    for node in _composed(sheet, marks, taken):
        inner.add(node)
    return inner


def credits_of(
    store: Store, layers: Sequence[Placed], query: Query, language: Language, bounds: Bounds
) -> list[str]:
    """Whom the licences of the records shown ask to name: publishers with their licences, in order."""
    found: dict[str, None] = {}
    for part in layers:
        if store.catalogue.layers[part.id].geometry == "raster":
            continue
        frame = shown(store, part.id, query, bounds)[0]
        for ids in frame["source_id"].unique():
            for source in (store.catalogue.sources[id_] for id_ in str(ids).split(";")):
                if source.publisher.startswith("©") or source.licence.startswith(("ODbL", "CC BY")):
                    who = store.catalogue.publisher(source, language)
                    found[f"{who} ({source.licence})".replace(" ", "\u00a0")] = None
    return sorted(found)


def shown(store: Store, layer: str, query: Query, bounds: Bounds) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries]:
    """The records of a layer that touch `bounds` (EPSG:32645), and their geometries in metres."""
    frame = placed(store.query(layer, query))
    metric = store.metric_of(layer, frame)
    inside = shapely.intersects(metric.to_numpy(), shapely.box(*bounds))
    return frame[inside], gpd.GeoSeries(metric[inside])


def _window_clip(frame: MapFrame) -> Path:
    left, bottom, right, top = frame.window
    corners = [left, bottom, right, bottom, right, top, left, top]
    return Path(points=corners, operators=[0, 1, 1, 1, 3], isClipPath=1, fillColor=None, strokeColor=None)


def _land(frame: MapFrame) -> Rect:
    left, bottom, right, top = frame.window
    return Rect(left, bottom, right - left, top - bottom, fillColor=colour(LAND), strokeColor=None)


# --- the records of a layer ---------------------------------------------------------------------------


def _lay(sheet: _Sheet, store: Store, layer: Layer, query: Query, language: Language, opacity: float) -> None:
    """Lay the records of a layer on the sheet."""
    frame, style = sheet.frame, layer.style
    records, metric = shown(store, layer.id, query, frame.widened(_SPILL_MM))
    shapes = shapely.clip_by_rect(
        shapely.simplify(metric.to_numpy(), _FINEST_MM * frame.metres_per_mm), *frame.widened(_SPILL_MM)
    )
    casings: list[Path] = []
    bodies: list[Path] = []
    spots: list[_Spot] = []
    shrink = zoom_scale(frame.zoom) * PX
    named = style.label and frame.zoom >= style.label_zoom
    columns = _columns(records, style.field, style.size_by, f"name_{language}")
    for whole, shape, state, value, weight, name in zip(
        metric.to_numpy(), shapes, records["state"], *columns, strict=True
    ):
        symbol = style.symbol_of(style.class_of(class_value(value)) if style.field else "")
        state_of = state if style.state else ""
        size = symbol.size
        if whole.geom_type == "Point":
            size = style.size_of(None if pd.isna(weight) else float(weight)) or symbol.size
        else:
            dash = STATE_DASHES.get(state_of, symbol.dash)
            casings += _casing(frame, symbol, shape, opacity)
            bodies += _body(frame, symbol, shape, dash, opacity)
            if layer.geometry != "mixed":
                continue
        x, y = frame.at(np.array(mark_of(whole).coords))[0]
        spot = _Spot(symbol, STATE_FILLS.get(state_of, "solid"), x, y, size * shrink, opacity)
        spots.append(spot)
        if named and _within(frame.window, x, y):
            known = 0.0 if style.size_by is None or pd.isna(weight) else float(weight)
            sheet.names.append(Name(fonts.sound(name), x, y, spot.size / 2, known))
    sheet.layers.append(([*casings, *bodies], spots))


def _within(box: Bounds, x: float, y: float) -> bool:
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _columns(records: gpd.GeoDataFrame, *names: str | None) -> list[Any]:
    return [records[name] if name else [None] * len(records) for name in names]


def _lines(frame: MapFrame, shape: BaseGeometry) -> list[Any]:
    """The parts of a line, or the rings of an area, in points on the drawing."""
    parts = shapely.get_parts(shape)
    if "Polygon" in shape.geom_type:
        parts = shapely.get_rings(parts)
    found = (shapely.get_coordinates(part) for part in parts)
    return [frame.at(line) for line in found if len(line) > 1]


def _casing(frame: MapFrame, symbol: Symbol, shape: BaseGeometry, opacity: float) -> Iterator[Path]:
    if not symbol.casing or shape.is_empty or "Polygon" in shape.geom_type:
        return
    band = path_through(_lines(frame, shape))
    band.fillColor, band.strokeColor = None, colour(LAND)
    band.strokeWidth, band.strokeOpacity = (symbol.width + _CASING_PX) * PX, _see(opacity)
    band.strokeLineCap, band.strokeLineJoin = BUTT, ROUND
    yield band


def _body(
    frame: MapFrame, symbol: Symbol, shape: BaseGeometry, dash: str | None, opacity: float
) -> Iterator[Path]:
    lines = [] if shape.is_empty else _lines(frame, shape)
    if not lines:
        return
    area = "Polygon" in shape.geom_type
    body = path_through(lines, closed=area)
    filled = area and symbol.fill_opacity > 0
    body.fillColor = colour(symbol.colour) if filled else None
    body.fillOpacity = symbol.fill_opacity * opacity if filled else None
    body.strokeColor = colour(symbol.colour) if symbol.width else None
    body.strokeWidth, body.strokeOpacity = symbol.width * PX, _see(opacity)
    body.strokeDashArray = dashes(dash)
    body.strokeLineCap, body.strokeLineJoin = BUTT, ROUND
    yield body


def _see(opacity: float) -> float | None:
    return opacity if opacity < 1 else None


# --- all of it together -------------------------------------------------------------------------------


def _composed(sheet: _Sheet, marks: Sequence[Mark], taken: Sequence[Bounds]) -> Iterator[Any]:
    """Layers in their order, the marks above them, and the names above all.

    Room is given to marks, great places, symbols (the topmost layer first; those without room become dots)
    and the other names, in this order.
    """
    frame, boxes = sheet.frame, Boxes()
    for box in taken:
        boxes.take(box)
    drawn = [_marked(frame, mark, boxes) for mark in marks]
    pointed = [name for _, name in drawn if name]
    said = {name.text for name in pointed}
    sheet.names = [name for name in sheet.names if name.text not in said]
    labels = names_placed(pointed, boxes, frame.window)
    labels += names_placed([n for n in sheet.names if n.weight >= GREAT], boxes, frame.window)
    minis = _minis(sheet, boxes)
    labels += names_placed([n for n in sheet.names if n.weight < GREAT], boxes, frame.window)
    for bodies, spots in sheet.layers:
        yield from bodies
        for spot in spots:
            size = min(_MINI_PX * PX, spot.size) if id(spot) in minis else spot.size
            symbol = point_symbol(spot.symbol, spot.x, spot.y, size, spot.fill)
            yield _faded(symbol, spot.opacity) if spot.opacity < 1 else symbol
    for nodes, _ in drawn:
        yield nodes
    yield from labels


def _faded(symbol: Group, opacity: float) -> Group:
    """The symbol with all its parts as see-through."""
    for part in symbol.contents:
        if isinstance(part, Group):
            _faded(part, opacity)
        elif not getattr(part, "isClipPath", False):
            part.strokeOpacity = opacity
            if isinstance(part, Path):
                part.fillOpacity = opacity
    return symbol


def _minis(sheet: _Sheet, boxes: Boxes) -> set[int]:
    """Which symbols have no room; the others take theirs."""
    crowded = set()
    for _, spots in reversed(sheet.layers):
        for spot in spots:
            half, x, y = spot.size * 0.46, spot.x, spot.y
            pin = spot.symbol.shape == "pin"
            box = (x - half, y if pin else y - half, x + half, y + (spot.size if pin else half))
            if spot.size < 12 * PX:
                continue
            if boxes.free(box):
                boxes.take(box)
            else:
                crowded.add(id(spot))
    return crowded


def _marked(frame: MapFrame, mark: Mark, boxes: Boxes) -> tuple[Group, Name | None]:
    """A site with the halo of its accuracy, and its name."""
    drawn = Group()
    ink = colour(mark.colour)
    if mark.accuracy_m / frame.metres_per_mm >= LEAST_HALO_MM:
        around = shapely.clip_by_rect(mark.geometry.buffer(mark.accuracy_m), *frame.widened(_SPILL_MM))
        if lines := _lines(frame, around):
            halo = path_through(lines, closed=True)
            halo.fillColor, halo.fillOpacity = ink, 0.07
            halo.strokeColor, halo.strokeWidth, halo.strokeDashArray = ink, 0.6, [2.2, 1.6]
            drawn.add(halo)
    x, y = frame.at(np.array(mark_of(mark.geometry).coords))[0]
    reach = 4.4
    bounds = shapely.bounds(mark.geometry)
    wide = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) * frame.points_per_metre
    if "Polygon" in mark.geometry.geom_type and wide > 2.5:
        body = path_through(_lines(frame, mark.geometry), closed=True)
        body.fillColor, body.fillOpacity = ink, 0.22 if wide < _LARGE_PT else 0.09
        body.strokeColor, body.strokeWidth, body.strokeLineJoin = ink, 1.3, ROUND
        rim = path_through(_lines(frame, mark.geometry), closed=True)
        rim.fillColor, rim.strokeColor, rim.strokeWidth, rim.strokeLineJoin = None, colour(PAPER), 2.8, ROUND
        drawn.add(rim)
        drawn.add(body)
        reach = max(wide / 2, 1.0) if wide < _LARGE_PT else 0.0
    if wide < 14:
        drawn.add(Circle(x, y, 4.4, fillColor=None, strokeColor=colour(PAPER), strokeWidth=2.6))
        drawn.add(Circle(x, y, 4.4, fillColor=None, strokeColor=ink, strokeWidth=1.3))
        drawn.add(Circle(x, y, 1.3, fillColor=ink, strokeColor=colour(PAPER), strokeWidth=0.5))
        reach = max(reach, 5.0)
    boxes.take((x - reach, y - reach, x + reach, y + reach))
    named = Name(fonts.sound(mark.label), x, y, reach, _MARK_WEIGHT, mark.colour, bold=True)
    return drawn, named if mark.label else None
