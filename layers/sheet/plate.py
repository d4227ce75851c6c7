"""A map on a sheet with what belongs to it: grid, neat line, scale, north; the overview of where it lies."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from reportlab.graphics.shapes import Circle, Group, Path

from layers.catalog import Language
from layers.paper import graticule, words
from layers.paper.fonts import BOLD
from layers.paper.frame import BAND_MM, FOOT_MM, Bounds, MapFrame
from layers.paper.ground import Ground
from layers.paper.ink import HAIR, INK, MARK, MM, PAPER, colour, path_through
from layers.paper.labels import Boxes, Name, placed
from layers.paper.lines import wrapped
from layers.paper.maps import Mark, draw_window
from layers.paper.surround import SMALL, bar_metres, neatline, scale_bar, text
from layers.query import Query
from layers.sheet.pieces import Piece, Said, texts
from layers.siting.sheets import metric_bounds
from layers.store import Store
from layers.text import Words
from layers.view import HOME, Placed, View

BANDS_MM = (2 * BAND_MM, 2 * BAND_MM + FOOT_MM)
"""How much wider and higher a map is than its window."""
_OVERVIEW = ("districts", "agglomeration", "rivers", "railways")
_TOWN = 20_000
"""From how many inhabitants on a place is named on the overview."""
_ARROW_MM = 5.2
_MOST_LINES = 5
_PLANE_GAP_MM, _LEAST_ROOM_MM = 12.0, 45.0
_NEAR_SHARE = 0.35


def frame_for(bounds: Bounds, size_mm: tuple[float, float], scale: float | None, enlarged: float) -> MapFrame:
    """The frame of a map of that size: at its scale, or at the largest round one that shows the bounds."""
    fitting = MapFrame.fitting(bounds, size_mm, spare=0.02, enlarged=enlarged)
    return fitting if scale is None else MapFrame(fitting.centre, scale, size_mm, enlarged)


def plate(
    store: Store,
    view: View,
    frame: MapFrame,
    grid: graticule.Grid,
    *,
    marks: Sequence[Mark],
    grounds: Sequence[Ground],
) -> Group:
    """The map of a view, from the lower left corner of its frame."""
    language = view.language
    zones = graticule.zone_names(frame, language) if grid == "msk70" else []
    taken = [_arrow_box(frame), *(box for box, _ in zones)]
    drawn = Group(
        draw_window(
            store, view.layers, view.query, language, frame, marks=marks, grounds=grounds,
            lines=graticule.drawn_lines(frame, grid), taken=taken,
        )
    )  # fmt: skip
    parts: list[Any] = [*(node for _, node in zones), *neatline(frame), *graticule.labels(frame, grid)]
    parts += [*_north(frame, language), *scale_bar(frame, language), *_plane(frame, grid, language)]
    for part in parts:
        drawn.add(part)
    return drawn


def _plane(frame: MapFrame, grid: graticule.Grid, language: Language) -> list[Any]:
    """What is told of the plane, at the right below the map."""
    left, bottom, right, _ = frame.window
    part, parts = bar_metres(frame)
    room = right - left - part * parts * frame.points_per_metre - _PLANE_GAP_MM * MM
    if room < _LEAST_ROOM_MM * MM:
        return []
    lines = [line for said in graticule.told(frame, grid, language) for line in wrapped(said, room, SMALL)]
    y = bottom - BAND_MM * MM - 2.6 * MM
    if len(lines) > _MOST_LINES:
        return []
    return [text(right, y - n * 2.1 * MM, line, SMALL, textAnchor="end") for n, line in enumerate(lines)]


def tells_plane(frame: MapFrame, grid: graticule.Grid, language: Language) -> bool:
    """Whether there is room below the map for all that is to be told of its plane."""
    return bool(_plane(frame, grid, language))


# --- north ------------------------------------------------------------------------------------------------


def _arrow_at(frame: MapFrame) -> tuple[float, float]:
    _, _, right, top = frame.window
    return right - (_ARROW_MM + 2) * MM, top - (_ARROW_MM + 2) * MM


def _arrow_box(frame: MapFrame) -> Bounds:
    (x, y), half = _arrow_at(frame), (_ARROW_MM + 0.6) * MM
    return x - half, y - half, x + half, y + half


def _north(frame: MapFrame, language: Language) -> list[Any]:
    """An arrow to true north, which stands off the uprights of the sheet by the convergence."""
    x, y = _arrow_at(frame)
    turn = math.radians(graticule.convergence_deg(frame))
    cos, sin = math.cos(turn), math.sin(turn)
    ground = Circle(x, y, _ARROW_MM * MM, fillColor=colour(PAPER), fillOpacity=0.9)
    ground.strokeColor, ground.strokeWidth = colour(HAIR), 0.4
    tip, foot, half = 1.9 * MM, -3.6 * MM, 1.5 * MM
    needle = Group(transform=(cos, sin, -sin, cos, x, y))
    for sign, fill in ((-1, INK), (1, PAPER)):
        needle.add(
            Path(
                points=[0, tip, sign * half, foot, 0, foot + 1.0 * MM],
                operators=[0, 1, 1, 3],
                fillColor=colour(fill),
                strokeColor=colour(INK),
                strokeWidth=0.5,
                strokeLineJoin=1,
            )
        )
    needle.add(text(0, tip + 0.5 * MM, words.NORTH[language], 6.6, face=BOLD, ink=INK, textAnchor="middle"))
    return [ground, needle]


# --- overview -----------------------------------------------------------------------------------------------


def overview(store: Store, window: Bounds, language: Language, wide_mm: float, enlarged: float) -> Piece:
    """Where a window lies: in the agglomeration, or in the whole region where it shows much of that."""
    bounds = _about(store, window)
    high_mm = wide_mm * 0.8
    size = wide_mm + BANDS_MM[0], high_mm + BANDS_MM[1]
    frame = MapFrame.fitting(bounds, size, spare=0.02, enlarged=enlarged)
    layers = [Placed(id=name) for name in _OVERVIEW]
    left, bottom, _, _ = frame.window
    inside = draw_window(store, layers, Query(), language, frame, lines=(), taken=())
    parts = (inside, *_window(frame, window), *_towns(store, language, frame))
    drawn = Group(Group(*parts, transform=(1, 0, 0, 1, -left, -bottom)))
    scale = f"1\u00a0:\u00a0{Words(language).number(frame.scale, 0)}"
    told = f"{Words(language)('sheet.overview')}, {scale}"
    caption = texts([Said(told, 5.8, bold=True, ink=INK, below=2)], wide_mm)
    drawn.add(Group(caption.group, transform=(1, 0, 0, 1, 0, high_mm * MM + 1.5)))
    return Piece(drawn, wide_mm, high_mm + caption.high + 1.5 / MM)


def _towns(store: Store, language: Language, frame: MapFrame) -> list[Any]:
    """The larger places with their names."""
    records = store.features("settlements")
    large = records[records["population"] >= _TOWN].sort_values("population", ascending=False)
    at = frame.at(shapely.get_coordinates(store.metric_of("settlements", large).to_numpy()))
    left, bottom, right, top = frame.window
    names = [
        Name(str(name), float(x), float(y), 1.4)
        for name, (x, y) in zip(large[f"name_{language}"], at, strict=True)
        if left < x < right and bottom < y < top
    ]
    dots = [Circle(name.x, name.y, 1.1, fillColor=colour(INK), strokeColor=None) for name in names]
    return [*dots, *placed(names, Boxes(), frame.window)]


def _about(store: Store, window: Bounds) -> Bounds:
    """The agglomeration where the window is a small part of it, otherwise all districts and the window."""
    home = shapely.box(*metric_bounds(HOME))
    here = shapely.box(*window)
    if here.area < _NEAR_SHARE * home.area and home.contains(here):
        west, south, east, north = home.bounds
        return west, south, east, north
    districts = store.metric("districts").total_bounds
    west, south, east, north = shapely.union(shapely.box(*districts), here).bounds
    return west, south, east, north


def _window(frame: MapFrame, window: Bounds) -> list[Any]:
    """The rectangle of the window, never too small to be seen, and the edge of the overview."""
    west, south, east, north = window
    corners = frame.at(np.array([[west, south], [east, south], [east, north], [west, north]]))
    wide = corners[1, 0] - corners[0, 0]
    least = 2.2 * MM
    parts: list[Any] = []
    for ink, weight in ((PAPER, 2.4), (MARK, 1.1)):
        path = path_through([corners], closed=True)
        path.fillColor, path.strokeColor, path.strokeWidth = None, colour(ink), weight
        parts.append(path)
    if wide < least:
        x, y = corners.mean(axis=0)
        parts.append(Circle(x, y, least, fillColor=None, strokeColor=colour(MARK), strokeWidth=1.1))
    left, bottom, right, top = frame.window
    edge = path_through([np.array([[left, bottom], [right, bottom], [right, top], [left, top]])], closed=True)
    edge.fillColor, edge.strokeColor, edge.strokeWidth = None, colour(INK), 0.6
    return [*parts, edge]
