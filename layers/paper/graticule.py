"""The grid of coordinates on a map: degrees of WGS 84, or the kilometres of MSK-70 in each of its zones.

A map that reaches over the border of two zones of MSK-70 carries the grid of each on its own side, and the
border between them. Lines are found on the plane of EPSG:32645, so labels stand where lines meet the frame.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Proj
from reportlab.graphics.shapes import Group, Line, Path
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from geo.crs import MSK70_ZONES, WGS84, WORKING, msk70_border, msk70_proj, msk70_zone, transform
from layers.catalog import Language
from layers.paper import words
from layers.paper.fonts import BOLD, width
from layers.paper.frame import Bounds, MapFrame
from layers.paper.ink import ACCENT, INK, MM, PAPER, colour, path_through
from layers.paper.surround import SMALL, text
from layers.text import Words

Grid = Literal["none", "wgs84", "msk70"]
_MINUTES = (0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600)
_KILOMETRES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
_LEAST_MM = 26.0
"""How close lines of a grid may come."""
_SAMPLES = 33
_TICK, _CLEAR, _TYPE = 0.8 * MM, 1.3, 5.4
_HIGH = _TYPE * 0.73
_INK, _WEIGHT, _SEEN = "#5f7e92", 0.35, 0.75
_NEAR_M = 1e-6
_ZONE_CLEAR = 2.2


@dataclass(frozen=True, eq=False)
class GridLine:
    """A line of the grid within the window (EPSG:32645), what it is of, and the label of its ends."""

    upright: bool
    value: float
    label: str
    line: npt.NDArray[np.float64]
    zone: int = 0


def grid_lines(frame: MapFrame, grid: Grid) -> list[GridLine]:
    """The lines of a grid that cross the window."""
    window = shapely.box(*frame.bounds)
    if grid == "none":
        return []
    if grid == "wgs84":
        return list(_family(frame, window, WGS84, _MINUTES, 1 / 60, _degrees, 0))
    found: list[GridLine] = []
    for zone, part in zones(frame):
        found += _family(frame, part, msk70_proj(zone), _KILOMETRES, 1000.0, _kilometres, zone)
    return found


def zones(frame: MapFrame) -> list[tuple[int, BaseGeometry]]:
    """The zones of MSK-70 that the window touches, from the west, each with its part of the window."""
    parts: list[BaseGeometry] = [shapely.box(*frame.bounds)]
    for border in borders(frame):
        parts = [piece for part in parts for piece in split(part, border).geoms]
    of = []
    for part in parts:
        point = part.representative_point()
        lon, _ = transform([point.x], [point.y], WORKING, WGS84)
        of.append((msk70_zone(float(lon[0])), part))
    return sorted(of, key=lambda pair: pair[0])


def borders(frame: MapFrame) -> list[shapely.LineString]:
    """The borders of zones that cross the window, as lines on the plane that reach beyond it."""
    west, south, east, north = frame.widened(2.0)
    _, lat = transform([west, east, west, east], [south, south, north, north], WORKING, WGS84)
    found = []
    for zone in MSK70_ZONES[:-1]:
        along = np.linspace(lat.min() - 0.1, lat.max() + 0.1, _SAMPLES)
        x, y = transform(np.full(_SAMPLES, msk70_border(zone)), along, WGS84, WORKING)
        line = shapely.LineString(np.column_stack([x, y]))
        if line.crosses(shapely.box(*frame.bounds)):
            found.append(line)
    return found


def convergence_deg(frame: MapFrame) -> float:
    """From true north to grid north in the middle of a map, clockwise (degrees)."""
    lon, lat = transform([frame.centre[0]], [frame.centre[1]], WORKING, WGS84)
    factors = Proj(WORKING).get_factors(float(lon[0]), float(lat[0]))
    return float(factors.meridian_convergence)


# --- lines ----------------------------------------------------------------------------------------------


def _family(
    frame: MapFrame,
    part: BaseGeometry,
    system: str,
    steps: tuple[float, ...],
    unit: float,
    written: Callable[[float, float], str],
    zone: int,
) -> Iterator[GridLine]:
    """The lines of a system within a part of the window, both ways."""
    edge = shapely.get_coordinates(shapely.segmentize(part.boundary, part.length / 200))
    x, y = transform(edge[:, 0], edge[:, 1], WORKING, system)
    ends = ((x.min(), x.max()), (y.min(), y.max()))
    west, south, east, north = part.bounds
    for upright, (low, high), across_m in zip((True, False), ends, (east - west, north - south), strict=True):
        step = _step((high - low) / unit, across_m / frame.metres_per_mm, steps)
        other = ends[1] if upright else ends[0]
        for n in range(math.ceil(low / unit / step), math.floor(high / unit / step) + 1):
            line = _line(n * step * unit, other, system, upright=upright)
            for piece in _pieces(line, part):
                yield GridLine(upright, n * step, written(n * step, step), piece, zone)


def _step(span: float, span_mm: float, steps: tuple[float, ...]) -> float:
    """The smallest step whose lines do not come too close on paper."""
    return next((step for step in steps if step / span * span_mm >= _LEAST_MM), steps[-1])


def _line(at: float, ends: tuple[float, float], system: str, *, upright: bool) -> shapely.LineString:
    along, still = np.linspace(*ends, _SAMPLES), np.full(_SAMPLES, at)
    across, up = (still, along) if upright else (along, still)
    x, y = transform(across, up, system, WORKING)
    return shapely.LineString(np.column_stack([x, y]))


def _pieces(line: shapely.LineString, part: BaseGeometry) -> Iterator[npt.NDArray[np.float64]]:
    for piece in shapely.get_parts(shapely.intersection(line, part)):
        if piece.geom_type == "LineString" and piece.length > 0:
            yield shapely.get_coordinates(piece)


def _degrees(minutes: float, step: float) -> str:
    """Degrees, with minutes and seconds where the step asks for them."""
    degrees, rest = divmod(round(minutes * 60), 3600)
    whole, seconds = divmod(rest, 60)
    if step < 1:
        return f"{degrees}°{whole:02d}′{seconds:02d}″"
    return f"{degrees}°{whole:02d}′" if step % 60 else f"{degrees}°"


def _kilometres(km: float, step: float) -> str:
    return f"{km:,.{0 if step >= 1 else 1}f}".replace(",", "\u00a0")


# --- drawn ----------------------------------------------------------------------------------------------


def drawn_lines(frame: MapFrame, grid: Grid) -> list[Path]:
    """The lines of a grid, and the borders of zones where it has them, to be laid under the records."""
    paths = []
    if lines := grid_lines(frame, grid):
        path = path_through([frame.at(line.line) for line in lines])
        path.fillColor, path.strokeColor = None, colour(_INK)
        path.strokeWidth, path.strokeOpacity = _WEIGHT, _SEEN
        paths.append(path)
    for border in borders(frame) if grid == "msk70" else ():
        inside = shapely.intersection(border, shapely.box(*frame.bounds))
        path = path_through([frame.at(shapely.get_coordinates(part)) for part in shapely.get_parts(inside)])
        path.fillColor, path.strokeColor, path.strokeWidth = None, colour(ACCENT), 0.9
        path.strokeDashArray = [7, 2, 1.2, 2]
        paths.append(path)
    return paths


def labels(frame: MapFrame, grid: Grid) -> Iterator[Line | Group]:
    """Ticks and figures in the band around the window, where lines of the grid meet it."""
    left, bottom, right, top = frame.window
    held: dict[str, list[tuple[float, float]]] = {}
    for line in grid_lines(frame, grid):
        half = width(line.label, _TYPE) / 2
        for side, x, y in _ends(frame, line):
            start, end, at = (left, right, x) if line.upright else (bottom, top, y)
            yield _tick(side, x, y)
            box = (at - half - 1, at + half + 1)
            free = all(box[1] < low or box[0] > high for low, high in held.get(side, ()))
            if free and start + half < at < end - half:
                held.setdefault(side, []).append(box)
                yield _label(side, x, y, line.label)


def _ends(frame: MapFrame, line: GridLine) -> Iterator[tuple[str, float, float]]:
    """The sides of the window that a line meets, with the places (points on the drawing)."""
    west, south, east, north = frame.bounds
    sides = (
        {"bottom": (1, south), "top": (1, north)} if line.upright else {"left": (0, west), "right": (0, east)}
    )
    for end in (line.line[0], line.line[-1]):
        for side, (axis, edge) in sides.items():
            if abs(end[axis] - edge) < max(_NEAR_M, frame.metres_per_mm * 1e-6):
                x, y = frame.at(end[np.newaxis])[0]
                yield side, float(x), float(y)


def _tick(side: str, x: float, y: float) -> Line:
    out = _TICK if side in ("top", "right") else -_TICK
    ends = (x, y, x, y + out) if side in ("top", "bottom") else (x, y, x + out, y)
    return Line(*ends, strokeColor=colour(INK), strokeWidth=0.5)


def _label(side: str, x: float, y: float, written: str) -> Group:
    """A figure beside its tick; those of the left and right sides are turned."""
    out = side in ("top", "right")
    if side in ("top", "bottom"):
        base = y + (_TICK + _CLEAR if out else -_TICK - _CLEAR - _HIGH)
        return Group(text(x, base, written, textAnchor="middle"))
    base = x + (_TICK + _CLEAR + _HIGH if out else -_TICK - _CLEAR)
    return Group(text(0, 0, written, textAnchor="middle"), transform=(0, 1, -1, 0, base, y))


def zone_names(frame: MapFrame, language: Language) -> list[tuple[Bounds, Any]]:
    """The names of zones at the foot of their borders, on either side: where they stand, what is drawn."""
    _, bottom, _, _ = frame.window
    found = []
    for border, zone in zip(borders(frame), (zone for zone, _ in zones(frame)), strict=False):
        foot = shapely.intersection(border, shapely.box(*frame.bounds))
        x = float(frame.at(shapely.get_coordinates(foot)[:1])[0, 0])
        y = bottom + 2.6 * MM
        for number, sign in ((zone, -1), (zone + 1, 1)):
            name = words.ZONE[language].format(n=number)
            long = width(name, SMALL, BOLD)
            start = x + sign * _ZONE_CLEAR - (long if sign < 0 else 0)
            if start < frame.window[0] + 1 or start + long > frame.window[2] - 1:
                continue
            halo = text(start, y, name, SMALL, face=BOLD, ink=ACCENT)
            found.append(((start - 1, y - 1.4, start + long + 1, y + SMALL), Group(_under(halo, long), halo)))
    return found


def _under(name: Any, long: float) -> Path:
    """The ground of a name that lies over lines."""
    x, y = name.x, name.y
    ground = path_through(
        [
            np.array(
                [[x - 1, y - 1.2], [x + long + 1, y - 1.2], [x + long + 1, y + SMALL], [x - 1, y + SMALL]]
            )
        ],
        closed=True,
    )
    ground.fillColor, ground.fillOpacity, ground.strokeColor = colour(PAPER), 0.8, None
    return ground


def told(frame: MapFrame, grid: Grid, language: Language) -> list[str]:
    """What a reader must know of the plane, of the grid and of north, in sentences."""
    say = Words(language)
    lines = [words.PLANE[language]]
    if grid == "wgs84":
        lines.append(words.GRID_WGS[language])
    if grid == "msk70":
        numbers = [zone for zone, _ in zones(frame)]
        lines.append(words.GRID_MSK[language].format(n=numbers[0]))
        if len(numbers) > 1:
            at = ", ".join(_degrees(msk70_border(zone) * 60, 1) for zone in numbers[:-1])
            lines[-1] = words.GRID_MSKS[language].format(n=f"{numbers[0]}–{numbers[-1]}", at=at)
    angle = convergence_deg(frame)
    degrees, minutes = divmod(round(abs(angle) * 60), 60)
    sign = "−" if angle < 0 else "+"
    lines.append(words.CONVERGENCE[language].format(angle=f"{sign}{say.number(degrees, 0)}°{minutes:02d}′"))
    return lines
