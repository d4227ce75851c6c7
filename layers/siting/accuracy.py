"""By how much what was measured at sites may be wrong, as far as that is known, and of what it is not.

    distance             the accuracy of the record nearest to the site, of the site, and 0.71 of a cell
    density, similar     the records that may be within the radius and those that surely are
    minutes              a share of them, and the way over the accuracy of the place that is nearest by road
    people, workforce    a share of them, and settlements that their accuracy brings in or out of reach
    rasters of a reader  not known: nothing says how exact they are

Where the position of a site is approximate, an amount that is read off the grid may also be any that lies
within its accuracy. The shares are assumed by the authors. Methods: docs, "Finding a site", "How firm".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.distance import HALF_DIAGONAL
from geo.network import Floats, Names, Taps, snap
from layers.reach.base import SETTLEMENTS, figure
from layers.siting.measures import OF_RASTERS, Measure, counted
from layers.siting.results import Findings

ERROR_SHARE = {"minutes": 0.1, "people": 0.1, "workforce": 0.15}
"""By how much of itself a figure may be wrong, either way: assumed by the authors."""
_EMPLOYED = "workforce-share"


@dataclass(frozen=True, eq=False)
class Places:
    """Where sites are: their shapes (EPSG:32645), and how far off each may be (m)."""

    shapes: Sequence[BaseGeometry]
    loose_m: Floats

    @property
    def points(self) -> Names:
        """A point within each."""
        made: Names = shapely.point_on_surface(np.array([*self.shapes, None], dtype=object)[:-1])
        return made


def errors(found: Findings, places: Places, raw: Floats) -> Floats:
    """By how much the amounts of places may be wrong, (places, criteria), each in the unit of its measure.

    `raw` are their amounts. Zero stands where nothing is known of the error (`untold`), and where an amount
    is unknown or infinite.
    """
    measures = found.measures[: raw.shape[1]]
    made = np.column_stack([_of(found, of, places, raw[:, at]) for at, of in enumerate(measures)])
    made += _moved(found, places, raw)
    made[~np.isfinite(raw) | ~np.isfinite(made)] = 0.0
    return made


def error(found: Findings, of: Measure, places: Places, raw: float) -> float:
    """The same of one amount at one place, whether the model asks about it or not.

    What it does not ask about has no raster: there a position is worth the way over its accuracy.
    """
    criteria = found.measures[: len(found.model.criteria)]
    amount = np.array([raw])
    if of in criteria:
        row = np.full((1, len(criteria)), np.nan)
        row[0, criteria.index(of)] = raw
        off = float(_of(found, of, places, amount)[0] + _moved(found, places, row)[0, criteria.index(of)])
    else:
        off = float(_of(found, of, places, amount, places.loose_m)[0])
    return off if np.isfinite(off) and np.isfinite(raw) else 0.0


def untold(found: Findings) -> tuple[Measure, ...]:
    """The measures of criteria with weight of which nobody says how exact they are."""
    told = zip(found.measures, found.model.criteria, strict=False)
    return tuple(of for of, criterion in told if criterion.weight and of.kind in OF_RASTERS)


def _of(found: Findings, of: Measure, places: Places, raw: Floats, loose_m: Floats | float = 0.0) -> Floats:
    """What is known of a measure's own error, of the records that it counts, and of a way to them (m)."""
    match of.kind:
        case "distance":
            return _of_distance(found, of, places)
        case "density" | "similar":
            return _of_density(found, of, places)
        case "minutes":
            return ERROR_SHARE[of.kind] * raw + _of_minutes(found, of, places, loose_m)
        case "people" | "workforce":
            return ERROR_SHARE[of.kind] * raw + _of_people(found, of, places, loose_m)
        case _:
            return np.zeros(len(raw))


def _records(found: Findings, of: Measure) -> tuple[Names, Floats]:
    """The shapes (EPSG:32645) that a measure counts, and their accuracies (m)."""
    frames = counted(found.store, of)
    shapes = np.concatenate([found.store.metric_of(name, frame).to_numpy() for name, frame in frames.items()])
    accuracy = np.concatenate([frame["accuracy_m"].to_numpy(dtype=float) for frame in frames.values()])
    there = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
    return shapes[there], accuracy[there]


def _of_distance(found: Findings, of: Measure, places: Places) -> Floats:
    """Of several records that are as near the least exact one counts."""
    shapes, accuracy = _records(found, of)
    if not len(shapes):
        return np.zeros(len(places.shapes))
    away = shapely.distance(np.array(places.shapes, dtype=object)[:, np.newaxis], shapes)
    nearest = np.where(away <= away.min(axis=1, keepdims=True), accuracy, -np.inf).max(axis=1)
    made: Floats = nearest + places.loose_m + HALF_DIAGONAL * found.grid.cell_m
    return made


def _of_density(found: Findings, of: Measure, places: Places) -> Floats:
    shapes, accuracy = _records(found, of)
    radius = of.radius_m(found.store)
    away = shapely.distance(places.points[:, np.newaxis], shapely.point_on_surface(shapes))
    made = _off(np.ones(len(shapes)), away, accuracy + places.loose_m[:, np.newaxis], radius)
    return made / (np.pi * (radius / 1000) ** 2)


def _off(weights: Floats, away: Floats, error: npt.NDArray[np.float64], limit: float) -> Floats:
    """By how much the sum of weights within a limit may be wrong, when all that is away may be off so far."""
    least, now, most = ((away + off <= limit) @ weights for off in (error, 0.0, -error))
    made: Floats = np.maximum(most - now, now - least)
    return made


def _of_minutes(found: Findings, of: Measure, places: Places, loose_m: Floats | float) -> Floats:
    """The minutes that the accuracy of the place that is nearest by road and more metres are worth."""
    ways = found.ground.ways
    side, goals = ways.after, found.ground.goals(of.what)
    if not len(goals):
        return np.zeros(len(places.shapes))
    taps = ways.goal_taps(side, of.what).only(goals)
    nearest = side.travel.minutes(_taps(found, places), taps).argmin(axis=1)
    known = ways.places(of.what)
    accuracy = np.array([float(known[goal]["accuracy_m"]) for goal in goals])
    return side.change.network.access.minutes(accuracy[nearest] + loose_m)


def _of_people(found: Findings, of: Measure, places: Places, loose_m: Floats | float) -> Floats:
    ways = found.ground.ways
    side = ways.after
    minutes = side.travel.minutes(ways.taps(side, SETTLEMENTS), _taps(found, places)).T
    accuracy = found.store.features(SETTLEMENTS)["accuracy_m"].to_numpy(dtype=float)
    metres = accuracy + np.broadcast_to(loose_m, len(minutes))[:, np.newaxis]
    error = side.change.network.access.minutes(metres)
    share = figure(found.store, _EMPLOYED) if of.kind == "workforce" else 1.0
    return share * _off(np.nan_to_num(ways.people), minutes, error, of.number)


def _taps(found: Findings, places: Places) -> Taps:
    """Where places touch the roads of the search."""
    ways = found.ground.ways
    return ways.after.change.taps(snap(ways.base.network, places.points), places.points)


def _moved(found: Findings, places: Places, raw: Floats) -> Floats:
    """By how much amounts on the grid are others within the accuracy of a place.

    Distances and densities have that in their own errors; classes are no amounts.
    """
    made = np.zeros(raw.shape)
    reads = [of.kind not in ("distance", "density", "similar", "classes") for of in found.measures]
    for at in np.flatnonzero(places.loose_m > 0).tolist():
        about = places.shapes[at].buffer(float(places.loose_m[at]))
        window = found.grid.window(about.bounds)
        if window is None:
            continue
        inside = shapely.contains_xy(about, *np.meshgrid(*found.grid.axes(window)))
        amounts = found.basis.amounts(0, window)[: raw.shape[1], inside].astype(float)
        for column in np.flatnonzero(reads[: raw.shape[1]]):
            known = amounts[column][np.isfinite(amounts[column])]
            made[at, column] = np.abs(known - raw[at, column]).max(initial=0.0)
    return made
