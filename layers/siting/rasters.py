"""The rasters that a search rests on: what each is made of, and how.

A raster of a measure or of a zone has as its name the digest of everything that it is made of, so it is never
out of date, and any process may make it or read it (`layers.siting.stock`). It is made on a sheet that many
areas share (`layers.siting.sheets`), and read as far as it covers the grid of a search.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from geo import criteria, distance
from geo.grid import Grid
from geo.overviews import least, mode, most
from geo.raster_import import onto
from geo.rasters import Raster, write
from layers.comparison import GOAL, Comparison
from layers.reach.base import SETTLEMENTS, figure
from layers.reach.results import Results, results
from layers.siting import brought, sheets
from layers.siting.measures import LABOUR_MINUTES, Measure, counted, existing
from layers.siting.norms import norm as known_norm
from layers.siting.norms import zones
from layers.siting.stock import Floats32, Held, Job, Readable, held
from layers.store import Store

__all__ = ("VERSION", "Ground", "Held", "Job", "Layered", "around", "held", "zone")
VERSION = 2
"""Changes with what is computed: rasters of an older version are made again."""
_HELD = 256
"""How many jobs are remembered, since their digests take longer than a tile; they hold no cells."""
_EMPLOYED = "workforce-share"
_PEOPLE_CELL_M = 100.0
"""Finer cells take the people of those that hold them: the roads are not known any better."""
_Zone = tuple[npt.NDArray[np.object_], npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Shapes, and of each the width of its zone and its accuracy (m)."""


@dataclass(frozen=True)
class Layered:
    """One band of a raster, with what its figures are multiplied by."""

    raster: Readable
    band: int = 0
    factor: float = 1.0


@dataclass(frozen=True)
class Ground:
    """What is measured on: the records, a grid, a road network and the scenario of its roads.

    `stamp` changes with the file of the network.
    """

    store: Store
    grid: Grid
    network: str
    roads: str
    stamp: tuple[int, int]

    @property
    def sheet(self) -> Grid:
        """What its rasters are made on."""
        return sheets.sheet(self.grid)

    @property
    def ways(self) -> Results:
        """The times along the roads of the scenario."""
        return results(self.store, Comparison(before=self.roads, after=self.roads, network=self.network))

    def job(self, of: Measure) -> Job:
        """The raster of a measure; those of people hold a band for each limit."""
        kind = "people" if of.kind == "workforce" else of.kind
        parts = [kind, self.sheet.text()]
        match kind:
            case "minutes" | "people":
                parts += [self.store.digest, self.network, str(self.stamp), self.roads]
                parts += [of.what] if kind == "minutes" else [str(LABOUR_MINUTES)]
            case "distance" | "density" | "similar":
                parts += [_digest(self._shapes(of)), str(of.radius_m(self.store))]
            case _:
                parts += [of.what]
        rules = (mode,) if kind == "classes" else ()
        return Job(of.text, _named(*parts), self.sheet, lambda: self._made(kind, of), rules)

    def layered(self, of: Measure) -> Layered:
        """The raster of a measure, made where it is not there when it is read."""
        raster = Held(_measured(self, of), self.grid)
        if of.kind not in ("people", "workforce"):
            return Layered(raster)
        share = figure(self.store, _EMPLOYED) if of.kind == "workforce" else 1.0
        return Layered(raster, LABOUR_MINUTES.index(of.number), share)

    def around(self, of: Measure) -> Job:
        """The raster of how far (m) the things of a distance are at the least and at the most."""
        return self._apart(of.text, lambda: self._around(of))

    def _around(self, of: Measure) -> _Zone:
        frame = counted(self.store, of)[of.what]
        shapes = self.store.metric_of(of.what, frame).to_numpy()
        there = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
        accuracy = frame["accuracy_m"].to_numpy(dtype=float)[there]
        return shapes[there], np.zeros(int(there.sum())), accuracy

    def _shapes(self, of: Measure) -> npt.NDArray[np.object_]:
        """The geometries (EPSG:32645) that a measure is about."""
        frames = counted(self.store, of)
        shapes = [self.store.metric_of(name, frame).to_numpy() for name, frame in frames.items()]
        return _placed(np.concatenate(shapes))

    def _made(self, kind: str, of: Measure) -> Floats32:
        match kind:
            case "distance":
                return distance.distance(self.sheet, self._shapes(of))[np.newaxis]
            case "density" | "similar":
                points = _points(self._shapes(of))
                return criteria.density(self.sheet, points, of.radius_m(self.store))[np.newaxis]
            case "minutes":
                found = self.ways
                taps = found.goal_taps(found.after, of.what).only(self.goals(of.what))
                return criteria.minutes(self.sheet, found.after.travel, taps)[np.newaxis]
            case "people":
                return self._people()
            case "slope":
                return self._slope(of.what)
            case _:
                return onto(brought.path(of.what), self.sheet, categorical=kind == "classes")[np.newaxis]

    def goals(self, goal: str) -> npt.NDArray[np.intp]:
        """The places of a goal that are there, by their numbers among all of it."""
        places = [place["id"] for place in self.ways.places(goal)]
        there = places if goal == GOAL else existing(self.store, goal, self.store.features(goal)).index
        return np.flatnonzero(np.isin(places, there))

    def _slope(self, name: str) -> Floats32:
        """The slope of a reader's terrain, taken between its own cells: larger ones would level it."""
        with Raster(brought.path(name)) as terrain, tempfile.TemporaryDirectory(prefix="slope-") as folder:
            steep = criteria.slope_percent(terrain.read()[0], terrain.grid.cell_m)
            path = Path(folder) / "slope.tif"
            write(path, terrain.grid, steep[np.newaxis])
            return onto(path, self.sheet)[np.newaxis]

    def _people(self) -> Floats32:
        """The people within each limit; on a fine grid those of larger cells that hold its own."""
        fine = self.sheet.cell_m < _PEOPLE_CELL_M
        grid = Grid.over(self.sheet.bounds, _PEOPLE_CELL_M) if fine else self.sheet
        found = self.ways
        taps, travel = found.taps(found.after, SETTLEMENTS), found.after.travel
        limits = tuple(float(limit) for limit in LABOUR_MINUTES)
        people = criteria.people_within(grid, travel, taps, found.people, limits)
        if not fine:
            return people
        x, y = self.sheet.axes()
        columns = ((x - grid.west) // grid.cell_m).astype(np.intp)
        rows = ((grid.north - y) // grid.cell_m).astype(np.intp)
        return people[:, rows[:, np.newaxis], columns]

    def zone(self, norm: str) -> Job:
        """The raster of a norm: how far each cell is from its zone, at the least and at the most (m)."""
        return self._apart(norm, lambda: self._zone(norm))

    def _apart(self, of: str, given: Callable[[], _Zone]) -> Job:
        """How far cells are from zones, at the least and at the most; coarser ones within the same bounds.

        What is given is looked up anew when it is made: no job holds shapes while it waits.
        """
        digest = _named("zone", self.sheet.text(), *_digests(given()))

        def make() -> Floats32:
            return np.stack(criteria.zone(self.sheet, *given()))

        return Job(of, digest, self.sheet, make, (least, most))

    def _zone(self, norm: str) -> _Zone:
        """The shapes, widths and accuracies of a norm about the sheet."""
        made = zones(self.store, known_norm(self.store, norm)).around(self.sheet.bounds)
        return made.shapes, made.width_m, made.accuracy_m


@lru_cache(maxsize=_HELD)
def _measured(ground: Ground, of: Measure) -> Job:
    """The raster of a measure."""
    return ground.job(of)


@lru_cache(maxsize=_HELD)
def _zoned(ground: Ground, norm: str) -> Job:
    return ground.zone(norm)


@lru_cache(maxsize=_HELD)
def _about(ground: Ground, of: Measure) -> Job:
    return ground.around(of)


def zone(ground: Ground, norm: str) -> Held:
    """The raster of a norm, made where it is not there when it is read."""
    return Held(_zoned(ground, norm), ground.grid)


def around(ground: Ground, of: Measure) -> Held:
    """The raster of how far the things of a distance may be, made where it is not there when it is read."""
    return Held(_about(ground, of), ground.grid)


def _placed(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    there = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
    found: npt.NDArray[np.object_] = shapes[there]
    return found


def _points(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """A point within each shape."""
    found: npt.NDArray[np.object_] = shapely.point_on_surface(shapes)
    return found


def _digest(shapes: npt.NDArray[np.object_]) -> str:
    return sha256(b"\0".join(shapely.to_wkb(shapes).tolist())).hexdigest()


def _digest_of(numbers: npt.NDArray[np.float64]) -> str:
    return sha256(np.ascontiguousarray(numbers, np.float64).tobytes()).hexdigest()


def _digests(given: _Zone) -> tuple[str, str, str]:
    return _digest(given[0]), _digest_of(given[1]), _digest_of(given[2])


def _named(*parts: str) -> str:
    return sha256("|".join((str(VERSION), *parts)).encode()).hexdigest()[:24]
