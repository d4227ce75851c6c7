"""Criteria and zones on a grid: float32 rasters, rows from the north, from shapes and a road network.

Plain functions of a `Grid` and geometries (EPSG:32645). Unknown is NaN; where there is no way, minutes are
infinite, which is known. A zone is answered in three values: surely in it, surely out of it, cannot be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numba
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from geo.distance import THREADS, between, in_strips, marked, present
from geo.errors import GeoError
from geo.grid import Grid
from geo.hierarchy import Ints
from geo.isochrone import along, surface
from geo.network import Bools, Floats, Names, Taps
from geo.overviews import Cells
from geo.sweeps import CLOSED, grouped
from geo.travel import Travel

_EXACT_CELLS = 40.0
"""Zones are told by the exact distance up to so many cells; farther out 0.71 of a cell matters little."""
_BEYOND_CELLS = 4.0
_AREA = 2
_MS = 60_000.0
"""Milliseconds in a minute: times of the network are whole ones."""


# --- zones ------------------------------------------------------------------------------------------------


def zone(grid: Grid, shapes: Names, width_m: npt.ArrayLike, accuracy_m: npt.ArrayLike) -> tuple[Cells, Cells]:
    """How far (m) the centre of each cell is at least (near) and at most (far) outside the zone of shapes.

    The zone of record i reaches `width_m[i]` from its shape, whose position is true to `accuracy_m[i]`. With
    d_i the distance to the shape (negative inside an area: to its outline), near is the least d_i - a_i - w_i
    and far the least d_i + a_i - w_i. So a cell is surely inside the zone widened by e where far <= e, surely
    outside where near > e, and else it cannot be told.

    d_i is exact about the zone's edge; where it is known to 0.71 of a cell only, near is that much less and
    far that much more. Records without a shape make no zone; without any, both are infinite.

    Raises `GeoError` "unknown" where a width or an accuracy is none, `GridError` as `geo.distance` does.
    """
    width, accuracy = (np.broadcast_to(np.asarray(v, float), len(shapes)) for v in (width_m, accuracy_m))
    if not (np.isfinite(width).all() and np.isfinite(accuracy).all() and (accuracy >= 0).all()):
        raise GeoError("every record of a zone needs a width and an accuracy", "unknown")
    near, far = (np.full(grid.shape, np.inf, np.float32) for _ in range(2))
    for w, a in np.unique(np.column_stack([width, accuracy]), axis=0).tolist():
        alike = np.asarray(shapes, dtype=object)[(width == w) & (accuracy == a)]
        exact_m = min(abs(w) + a + _BEYOND_CELLS * grid.cell_m, _EXACT_CELLS * grid.cell_m)
        for apart in _apart(present(alike)):
            least, most = _signed(grid, apart, exact_m)
            np.minimum(near, least - np.float32(a + w), out=near)
            np.minimum(far, most + np.float32(a - w), out=far)
    return near, far


def _apart(shapes: Names) -> list[Names]:
    """Shapes in groups: those that are no areas, and areas that do not overlap others of their group.

    Within such a group the nearest outline, seen from inside an area, is its own.
    """
    flat = shapely.get_dimensions(shapes) == _AREA
    areas = shapes[flat]
    one, other = shapely.STRtree(areas.tolist()).query(areas, predicate="intersects")
    one, other = one[one < other], other[one < other]
    # Neighbours that share no more than an outline may stay together.
    overlap = ~shapely.touches(areas[one], areas[other])
    before: dict[int, list[int]] = {}
    for first, second in zip(one[overlap].tolist(), other[overlap].tolist(), strict=True):
        before.setdefault(second, []).append(first)
    group = np.zeros(len(areas), int)
    for shape in sorted(before):
        taken = {int(group[first]) for first in before[shape]}
        group[shape] = next(k for k in range(len(taken) + 1) if k not in taken)
    groups = [shapes[~flat], *(areas[group == k] for k in range(int(group.max(initial=-1)) + 1))]
    return [members for members in groups if len(members)]


def _signed(grid: Grid, shapes: Names, exact_m: float) -> tuple[Cells, Cells]:
    """The least and the most distance (m) to the nearest of shapes, negative inside areas."""
    least, most = between(grid, shapes, exact_m)
    areas = shapes[shapely.get_dimensions(shapes) == _AREA]
    inside = marked(grid, areas, touched=False).astype(bool)
    least[inside], most[inside] = -most[inside], -least[inside]
    return least, most


# --- density and terrain ----------------------------------------------------------------------------------


def density(grid: Grid, points: Names, radius_m: float, weights: npt.ArrayLike | None = None) -> Cells:
    """Points, or their weights, per square kilometre within a radius of the centre of each cell.

    A uniform kernel, exact for the centres; points beyond the grid count. Places that are no points count at
    a point within them. Unknown weights (NaN) add nothing. Raises `GeoError`: "radius", "weights" (negative).
    """
    if not (np.isfinite(radius_m) and radius_m > 0):
        raise GeoError(f"a radius is a positive number of metres, not {radius_m}", "radius")
    shapes = np.asarray(points, dtype=object)
    given = np.ones(len(shapes)) if weights is None else np.asarray(weights, float)
    if (given < 0).any():
        raise GeoError("a weight is not negative", "weights")
    known = shapely.is_geometry(shapes) & ~shapely.is_empty(shapes) & np.isfinite(given)
    xy = shapely.get_coordinates(shapely.point_on_surface(shapes[known]))
    found = np.empty(grid.shape, np.float32)
    per_km2 = 1e6 / (np.pi * radius_m**2)
    x0, y0 = grid.west + grid.cell_m / 2, grid.north - grid.cell_m / 2
    in_strips(
        lambda a, b: _discs(found, xy, given[known], x0, y0, grid.cell_m, radius_m, per_km2, a, b),
        grid.rows,
        grid.cells,
    )
    return found


@numba.njit(cache=True, nogil=True)
def _discs(found, xy, weights, x0, y0, cell_m, radius_m, scale, begin, end):  # type: ignore[no-untyped-def]
    """The weights within a radius of each cell in the rows from `begin` to `end`, times `scale`.

    Each point is put in where its disc begins and taken out where it ends; a running sum fills the row. It is
    counted too, so that nothing is left of the sum's rounding where no point is.
    """
    columns = found.shape[1]
    for r in range(begin, end):
        y = y0 - r * cell_m
        change, count = np.zeros(columns + 1), np.zeros(columns + 1, np.int64)
        for i in range(weights.size):
            away2 = radius_m * radius_m - (xy[i, 1] - y) ** 2
            if away2 < 0:
                continue
            half = np.sqrt(away2)
            first = max(0, int(np.ceil((xy[i, 0] - half - x0) / cell_m)))
            last = min(columns - 1, int(np.floor((xy[i, 0] + half - x0) / cell_m)))
            if first <= last:
                change[first] += weights[i]
                change[last + 1] -= weights[i]
                count[first] += 1
                count[last + 1] -= 1
        total, here = 0.0, 0
        for c in range(columns):
            total += change[c]
            here += count[c]
            found[r, c] = max(total, 0.0) * scale if here else 0.0


def slope_percent(elevation: Cells, cell_m: float) -> Cells:
    """The slope (per cent: 100 is 45 degrees) of elevations (m), (rows, columns), after Horn (1981).

    Unknown where an elevation or one of the eight around it is unknown, hence along the edge: give a cell
    more on each side than is wanted.
    """
    z = np.ascontiguousarray(elevation, np.float32)
    found = np.full(z.shape, np.nan, np.float32)
    in_strips(lambda a, b: _horn(z, found, cell_m, a, b), z.shape[0], z.size)
    return found


@numba.njit(cache=True, nogil=True)
def _horn(z, found, cell_m, begin, end):  # type: ignore[no-untyped-def]
    for r in range(max(1, begin), min(z.shape[0] - 1, end)):
        for c in range(1, z.shape[1] - 1):
            east = z[r - 1, c + 1] + 2 * z[r, c + 1] + z[r + 1, c + 1]
            west = z[r - 1, c - 1] + 2 * z[r, c - 1] + z[r + 1, c - 1]
            south = z[r + 1, c - 1] + 2 * z[r + 1, c] + z[r + 1, c + 1]
            north = z[r - 1, c - 1] + 2 * z[r - 1, c] + z[r - 1, c + 1]
            # The middle itself takes no part in the slope, but where it is unknown so is the slope.
            found[r, c] = np.hypot(east - west, south - north) / (8 * cell_m) * 100 + 0 * z[r, c]


# --- by road ----------------------------------------------------------------------------------------------


def minutes(grid: Grid, travel: Travel, places: Taps) -> Cells:
    """The minutes from each cell to the nearest of some places, along the network and off it.

    Infinite where there is no way: that is known, not unknown.
    """
    return surface(travel, places, grid.lattice).minutes[::-1].astype(np.float32)


def people_within(
    grid: Grid, travel: Travel, settlements: Taps, people: Floats, limits: Sequence[float] = (30, 60, 90)
) -> Cells:
    """The people whose way to each cell takes at most so many minutes, (limits, rows, columns).

    Cumulative opportunities (Wachs and Kumagai, 1973): all of a settlement set out from its one point. A
    cell is reached from the nearest position along the network that is reached at all, straight on at the
    pace of the network's access; where that is farther than the access may reach, by nobody. Unknown
    populations (NaN) add nothing.
    """
    known = np.flatnonzero(np.isfinite(people) & (people > 0) & settlements.connected)
    found = np.zeros((len(limits), grid.cells), np.float32)
    taps = settlements.only(known)
    times = _node_times(travel, taps)
    stops = _stops(travel, taps, times, grid.cell_m / 2).near(grid, travel.network.access.limit_m)
    if not len(known) or not len(stops.segment):
        return found.reshape(-1, *grid.shape)
    joined = _joined(grid, stops, travel.network.access.limit_m)
    pace_ms = float(travel.network.access.minutes(np.ones(1))[0]) * _MS
    told = np.asarray(people, float)[known], np.asarray(limits, float) * _MS, pace_ms
    ways = stops.start, stops.end, stops.share, stops.there_ms, stops.back_ms
    tapped = _tapped(travel, taps, stops)
    in_strips(
        lambda a, b: _gather(found, told, times, joined, ways, tapped, a, b), len(stops.segment), grid.cells
    )
    return found.reshape(-1, *grid.shape)


@dataclass(frozen=True, eq=False)
class _Stops:
    """k positions along segments: at a share of each; its nodes, its whole ways there and back (ms)."""

    xy: Floats
    segment: Ints
    share: Floats
    start: Ints
    end: Ints
    there_ms: Floats
    back_ms: Floats

    def only(self, kept: Bools) -> "_Stops":
        """Some of them."""
        return _Stops(**{field.name: getattr(self, field.name)[kept] for field in fields(self)})

    def near(self, grid: Grid, limit_m: float) -> "_Stops":
        """Those that a cell of the grid may join."""
        west, south, east, north = grid.bounds
        x, y = self.xy.T
        return self.only(
            (x >= west - limit_m) & (x <= east + limit_m) & (y >= south - limit_m) & (y <= north + limit_m)
        )


def _node_times(travel: Travel, places: Taps) -> Ints:
    """The whole ms from each place (columns) to each node of the network (rows), `CLOSED` where no way is."""
    times = np.empty((len(travel.network.nodes), places.places), np.int32)
    for place in range(places.places):
        told, _ = travel.nearest(places.only([place]), "from")
        times[:, place] = np.where(
            np.isfinite(told), np.rint(np.where(np.isfinite(told), told, 0) * _MS), CLOSED
        )
    return times


def _stops(travel: Travel, places: Taps, times: Ints, step_m: float) -> _Stops:
    """Positions a step (m) apart along all segments, as far as one comes there from some place."""
    network = travel.network
    segment, share = along(travel, step_m)
    links = np.where(travel.links < CLOSED, travel.links.astype(float), np.inf).reshape(-1, 2)
    start, end, (there, back) = network.start[segment], network.end[segment], links[segment].T.copy()
    first, last = np.full(len(network), np.inf), np.full(len(network), -np.inf)
    np.minimum.at(first, places.segment, places.share)
    np.maximum.at(last, places.segment, places.share)
    come = np.asarray((times < CLOSED).any(axis=1))
    reached = (come[start] | (share >= first[segment])) & (np.isfinite(there) | (share == 0))
    reached |= (come[end] | (share <= last[segment])) & (np.isfinite(back) | (share == 1))
    segment, share, start, end, there, back = (
        values[reached] for values in (segment, share, start, end, there, back)
    )
    points = shapely.line_interpolate_point(network.lines[segment], share, normalized=True)
    return _Stops(shapely.get_coordinates(points), segment, share, start, end, there, back)


def _joined(grid: Grid, stops: _Stops, limit_m: float) -> tuple[Floats, Ints, Ints]:
    """How far (m) each cell is from the stop that it joins, and the cells of each stop (starts, cells)."""
    x, y = np.meshgrid(*grid.axes())
    centres = np.column_stack([x.ravel(), y.ravel()])
    away, stop = cKDTree(stops.xy).query(
        centres, distance_upper_bound=np.nextafter(limit_m, np.inf), workers=THREADS
    )
    joins = np.where(np.isfinite(away), stop, -1)
    return away, *grouped(joins.astype(np.int64), len(stops.segment))


def _tapped(travel: Travel, taps: Taps, stops: _Stops) -> tuple[Ints, Floats, Floats, Ints, Ints]:
    """The taps by segment (place, share, access in ms), and where those of each stop's begin and end."""
    order = np.argsort(taps.segment, kind="stable")
    begin, end = (np.searchsorted(taps.segment[order], stops.segment, side) for side in ("left", "right"))
    access_ms = travel.network.access.minutes(taps.away_m[order]) * _MS
    return taps.place[order], taps.share[order], access_ms, begin.astype(np.int32), end.astype(np.int32)


@numba.njit(cache=True, nogil=True, fastmath={"reassoc"})
def _gather(found, told, times, joined, ways, tapped, begin, finish):  # type: ignore[no-untyped-def]
    """Put the people whose time is within each limit into the cells of the stops from `begin` to `finish`.

    A stop is reached over the one end of its segment or the other, or straight from a tap on it. Sums of
    whole numbers of people are exact in any order, so they may be taken in the fastest.
    """
    people, limits_ms, pace_ms = told
    away, starts, cells = joined
    start, end, share, there_ms, back_ms = ways
    tap_place, tap_share, tap_ms, tap_from, tap_to = tapped
    reach = np.empty(people.size)
    for k in range(begin, finish):
        if starts[k] == starts[k + 1]:
            continue
        # No part of a closed way takes no time.
        ahead = there_ms[k] * share[k] if share[k] > 0 else 0.0
        behind = back_ms[k] * (1 - share[k]) if share[k] < 1 else 0.0
        for s in range(people.size):
            one, other = times[start[k], s], times[end[k], s]
            by_start = one + ahead if one < CLOSED else np.inf
            by_end = other + behind if other < CLOSED else np.inf
            reach[s] = min(by_start, by_end)
        for i in range(tap_from[k], tap_to[k]):
            gap = share[k] - tap_share[i]
            way = gap * there_ms[k] if gap > 0 else (-gap * back_ms[k] if gap < 0 else 0.0)
            reach[tap_place[i]] = min(reach[tap_place[i]], tap_ms[i] + way)
        for j in range(starts[k], starts[k + 1]):
            for n in range(limits_ms.size):
                left, total = limits_ms[n] - pace_ms * away[cells[j]], 0.0
                for s in range(people.size):
                    total += people[s] if reach[s] <= left else 0.0
                found[n, cells[j]] = total
