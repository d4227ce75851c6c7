"""Surfaces of minutes and isochrones: how far one comes along the network and off it.

A surface is a grid (EPSG:32645) of the minutes between each cell and the places asked about. Times are taken
along every segment at least once a cell; from there they spread over the open land at the network's access
speed, by the straight line (a weighted distance transform after Danielsson, 1980), as far as the access may
reach. An isochrone is a contour of the surface, so it follows the network, and a place lies inside it when
its own time says so, to within a cell.
"""

from dataclasses import dataclass

import numba
import numpy as np
import rasterio.features
import rasterio.transform
import shapely
from scipy.ndimage import distance_transform_edt
from shapely.geometry.base import BaseGeometry

from geo.contours import filled
from geo.hierarchy import Ints
from geo.network import Bounds, Floats, Taps
from geo.sweeps import CLOSED
from geo.travel import Direction, Travel

_FAR = 1e9
_CELLS = 420
_ROUGHLY = 50_000
"""How many samples are enough to see how far a network is reached."""
LEAST_CELL_M = 200.0


@dataclass(frozen=True)
class Lattice:
    """Middles of square cells: the lower left one (x, y; EPSG:32645), their distance (m) and numbers.

    Rows run from the south, as contours are drawn; those of a raster (`geo.grid.Grid`) run from the north.
    """

    x: float
    y: float
    cell_m: float
    columns: int
    rows: int

    @classmethod
    def over(cls, bounds: Bounds, cell_m: float | None = None) -> "Lattice":
        """The grid that covers some bounds, of at most some 420 cells a side unless `cell_m` is given."""
        west, south, east, north = bounds
        size = cell_m or max(LEAST_CELL_M, (east - west) / _CELLS, (north - south) / _CELLS)
        count = [max(2, int(np.ceil((b - a) / size)) + 1) for a, b in ((west, east), (south, north))]
        return cls(west, south, size, *count)

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north of the middles of its cells."""
        x, y = self.axes
        return float(x[0]), float(y[0]), float(x[-1]), float(y[-1])

    @property
    def axes(self) -> tuple[Floats, Floats]:
        """The x of the columns and the y of the rows (middles of cells)."""
        columns, rows = np.arange(self.columns, dtype=float), np.arange(self.rows, dtype=float)
        return self.x + self.cell_m * columns, self.y + self.cell_m * rows


@dataclass(frozen=True, eq=False)
class Surface:
    """Minutes by cell of a grid, (rows, columns) from the south; infinite where there is no way.

    `owner` is the number of the place that is nearest to a cell, -1 where none is.
    """

    grid: Lattice
    minutes: Floats
    owner: Ints

    def areas(self) -> dict[int, BaseGeometry]:
        """The service area of each place (EPSG:32645): from where it is the nearest."""
        half = self.grid.cell_m / 2
        affine = rasterio.transform.Affine
        corner = affine.translation(self.grid.x - half, self.grid.y - half) @ affine.scale(self.grid.cell_m)
        found: dict[int, list[BaseGeometry]] = {}
        for outline, place in rasterio.features.shapes(self.owner, self.owner >= 0, transform=corner):
            found.setdefault(int(place), []).append(shapely.geometry.shape(outline))
        return {place: shapely.union_all(parts) for place, parts in sorted(found.items())}

    def isochrone(self, limit: float) -> BaseGeometry:
        """The area within `limit` minutes (EPSG:32645), maybe empty."""
        return filled(np.minimum(self.minutes, _FAR), -1.0, limit, self.grid.axes)

    def saved(self, after: "Surface", least: float, most: float) -> BaseGeometry:
        """The area in which the other surface is from `least` to `most` minutes shorter than this one."""
        gain = np.where(np.isfinite(self.minutes), self.minutes, 0) - np.where(
            np.isfinite(after.minutes), after.minutes, 0
        )
        gain[~(np.isfinite(self.minutes) & np.isfinite(after.minutes))] = 0.0
        return filled(gain, least, most, self.grid.axes)

    def at(self, xy: Floats) -> Floats:
        """The minutes at some positions, (k, 2): of the cell each lies in; infinite outside the grid."""
        column, row = np.rint((xy - (self.grid.x, self.grid.y)) / self.grid.cell_m).astype(int).T
        inside = (column >= 0) & (column < self.grid.columns) & (row >= 0) & (row < self.grid.rows)
        found = np.full(len(xy), np.inf)
        found[inside] = self.minutes[row[inside], column[inside]]
        return found


def surface(
    travel: Travel,
    places: Taps,
    grid: Lattice | None = None,
    limit: float = 180.0,
    direction: Direction = "to",
) -> Surface:
    """The minutes from every cell to the nearest of some places (or from it), along the network and off it.

    Without a `grid`, one that covers all that is within `limit` minutes of them along the network.
    """
    if grid is None:
        grid = reached_grid(travel, places, limit, direction) or Lattice.over(travel.network.bounds)
    xy, minutes, owner = _sampled(travel, places, direction, grid.cell_m / 2)
    keep, access = np.isfinite(minutes), travel.network.access
    xy, minutes, owner = xy[keep], minutes[keep], owner[keep]
    cells = np.full((grid.rows, grid.columns), np.inf)
    pace = access.detour / access.kmh * 60.0 / 1000.0
    who = spread(cells, xy, minutes, grid.x, grid.y, grid.cell_m, pace, access.limit_m)
    _serve_the_rest(cells, who, xy, minutes, grid, pace, access.limit_m)
    return Surface(grid, cells, np.where(who >= 0, np.append(owner, -1)[who], -1).astype(np.int32))


def reached_grid(
    travel: Travel, places: Taps, limit: float = 180.0, direction: Direction = "to"
) -> Lattice | None:
    """The grid that covers all that is within `limit` minutes of some places; None where nothing is."""
    step_m = max(LEAST_CELL_M, float(travel.network.length_m.sum()) / _ROUGHLY)
    xy, minutes, _ = _sampled(travel, places, direction, step_m)
    near, access = xy[minutes <= limit], travel.network.access
    if not len(near):
        return None
    reach = min(access.limit_m, limit / 60 * access.kmh / access.detour * 1000) + step_m - LEAST_CELL_M
    return Lattice.over((*(near.min(axis=0) - reach), *(near.max(axis=0) + reach)))


def _serve_the_rest(
    cells: Floats, who: Ints, xy: Floats, minutes: Floats, grid: Lattice, pace: float, limit_m: float
) -> None:
    """Serve cells that are left over by the nearest sample, in place.

    A fast road too far away may have kept out a slow one that is near.
    """
    seeded = np.full(cells.shape, -1, np.int32)
    column, row = ((xy - (grid.x, grid.y)) / grid.cell_m + 0.5).astype(int).T
    inside = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    order = np.argsort(-minutes[inside], kind="stable")
    seeded[row[inside][order], column[inside][order]] = np.flatnonzero(inside)[order]
    if not np.isinf(cells).any() or not inside.any():
        return
    rows, columns = distance_transform_edt(seeded < 0, return_distances=False, return_indices=True)
    left_rows, left_columns = np.nonzero(np.isinf(cells))
    sample = seeded[rows[left_rows, left_columns], columns[left_rows, left_columns]]
    x, y = grid.axes
    away = np.hypot(x[left_columns] - xy[sample, 0], y[left_rows] - xy[sample, 1])
    near = away <= limit_m
    at = left_rows[near], left_columns[near]
    cells[at], who[at] = minutes[sample[near]] + pace * away[near], sample[near]


def along(travel: Travel, step_m: float) -> tuple[Ints, Floats]:
    """Positions at most a step (m) apart along all usable segments, ends included: segments and shares."""
    usable = np.flatnonzero((travel.links.reshape(-1, 2) < CLOSED).any(axis=1)).astype(np.int32)
    count = np.maximum(1, np.ceil(shapely.length(travel.network.lines[usable]) / step_m)).astype(int) + 1
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(usable, count), place / np.repeat(count - 1, count)


def samples(
    travel: Travel, nodes: Floats, owners: Ints, direction: Direction, step_m: float
) -> tuple[Floats, Floats, Ints]:
    """Positions (k, 2) along all usable segments, a step (m) apart, with their minutes and nearest places.

    Both follow from those of the nodes.
    """
    network = travel.network
    segment, share = along(travel, step_m)
    times = np.where(travel.links < CLOSED, travel.links / 60_000.0, np.inf).reshape(-1, 2)
    points = shapely.line_interpolate_point(network.lines[segment], share, normalized=True)
    a, b = nodes[network.start[segment]], nodes[network.end[segment]]
    there, back = times[segment].T
    if direction == "to":
        by_start, by_end = a + _times(back, share), b + _times(there, 1 - share)
    else:
        by_start, by_end = a + _times(there, share), b + _times(back, 1 - share)
    ends = owners[network.start[segment]], owners[network.end[segment]]
    owner = np.where(by_start <= by_end, *ends).astype(np.int32)
    return shapely.get_coordinates(points), np.minimum(by_start, by_end), owner


def _sampled(
    travel: Travel, places: Taps, direction: Direction, step_m: float
) -> tuple[Floats, Floats, Ints]:
    """Samples along all usable segments, and once more along those that places tap, from the taps on."""
    parts = [samples(travel, *travel.nearest(places, direction), direction, step_m)]
    times = np.where(travel.links < CLOSED, travel.links / 60_000.0, np.inf)
    access = travel.network.access.minutes(places.away_m)
    for tap, segment in enumerate(places.segment):
        line, at = travel.network.lines[segment], places.share[tap]
        for low, high, link in ((0.0, at, 2 * segment), (at, 1.0, 2 * segment + 1)):
            minutes = times[link if direction == "to" else link ^ 1]
            if np.isfinite(minutes):
                share = np.linspace(low, high, max(1, int(np.ceil(line.length * (high - low) / step_m))) + 1)
                points = shapely.line_interpolate_point(line, share, normalized=True)
                owner = np.full(len(share), places.place[tap], np.int32)
                told = access[tap] + np.abs(share - at) * minutes
                parts.append((shapely.get_coordinates(points), told, owner))
    xy, minutes, owner = (np.concatenate(values) for values in zip(*parts, strict=True))
    return xy, minutes, owner


def _times(minutes: Floats, share: Floats) -> Floats:
    """A share of some minutes; none of a closed way is no time."""
    return np.where(share > 0, minutes * np.where(share > 0, share, 1.0), 0.0)


@numba.njit(cache=True)
def spread(cells, xy, minutes, x0, y0, size, pace, limit_m):  # type: ignore[no-untyped-def]
    """Fill `cells` with the least of a sample's minutes plus `pace` (min/m) times its straight distance.

    In place. Each cell remembers the sample that serves it and offers it to its neighbours, in four passes;
    returns those samples (-1: none).
    """
    rows, columns = cells.shape
    who = np.full((rows, columns), -1, np.int32)
    for i in range(minutes.size):
        c, r = int((xy[i, 0] - x0) / size + 0.5), int((xy[i, 1] - y0) / size + 0.5)
        if 0 <= c < columns and 0 <= r < rows:
            _offer(cells, who, r, c, i, xy, minutes, x0, y0, size, pace, limit_m)
    for r in range(rows):
        for c in range(columns):
            for dr, dc in ((-1, -1), (-1, 0), (-1, 1), (0, -1)):
                _take(cells, who, r, c, r + dr, c + dc, xy, minutes, x0, y0, size, pace, limit_m)
        for c in range(columns - 1, -1, -1):
            _take(cells, who, r, c, r, c + 1, xy, minutes, x0, y0, size, pace, limit_m)
    for r in range(rows - 1, -1, -1):
        for c in range(columns - 1, -1, -1):
            for dr, dc in ((1, 1), (1, 0), (1, -1), (0, 1)):
                _take(cells, who, r, c, r + dr, c + dc, xy, minutes, x0, y0, size, pace, limit_m)
        for c in range(columns):
            _take(cells, who, r, c, r, c - 1, xy, minutes, x0, y0, size, pace, limit_m)
    return who


@numba.njit(cache=True)
def _take(cells, who, r, c, r2, c2, xy, minutes, x0, y0, size, pace, limit_m):  # type: ignore[no-untyped-def]
    """A cell takes its neighbour's sample where that serves it better."""
    rows, columns = cells.shape
    if 0 <= r2 < rows and 0 <= c2 < columns and who[r2, c2] >= 0:
        _offer(cells, who, r, c, who[r2, c2], xy, minutes, x0, y0, size, pace, limit_m)


@numba.njit(cache=True)
def _offer(cells, who, r, c, i, xy, minutes, x0, y0, size, pace, limit_m):  # type: ignore[no-untyped-def]
    away = np.hypot(x0 + c * size - xy[i, 0], y0 + r * size - xy[i, 1])
    total = minutes[i] + pace * away
    if away <= limit_m and total < cells[r, c]:
        cells[r, c] = total
        who[r, c] = i
