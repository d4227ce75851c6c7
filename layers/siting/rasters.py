"""The rasters that a search rests on, each made once of its inputs and kept by their digest.

A raster of a measure or of a zone is a Cloud-Optimized GeoTIFF in `criteria/` of the data folder (of the
system's folder for passing files where that cannot be written). Its name is the digest of everything that it
was made of, so it is never out of date, and any process may make it or read it. Those made longest ago make
room.
"""

import logging
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
import shapely

from geo import criteria, distance
from geo.grid import Grid
from geo.raster_import import onto
from geo.rasters import Raster, write
from layers.comparison import Comparison
from layers.once import once
from layers.reach.base import SETTLEMENTS, figure
from layers.reach.results import Results, results
from layers.shelf import data_folder
from layers.siting import brought
from layers.siting.measures import LABOUR_MINUTES, SIMILAR_IN, SIMILAR_M, Measure, subset
from layers.siting.norms import norm as known_norm
from layers.siting.norms import zones
from layers.store import Store

log = logging.getLogger(__name__)
Floats32 = npt.NDArray[np.float32]
VERSION = 1
"""Changes with what is computed: rasters of an older version are made again."""
MOST_BYTES = 6 * 1024**3
"""What all kept rasters may take on disk."""
_HELD = 96
_EMPLOYED = "workforce-share"
_PEOPLE_CELL_M = 100.0
"""Finer cells take the people of those that hold them: the roads are not known any better."""


@dataclass(frozen=True, eq=False)
class Job:
    """A raster that is wanted: the digest of its inputs, how it is made, and the measure or norm it is of.

    Overviews of a `categorical` one hold the most frequent class and no mean of classes.
    """

    of: str
    digest: str
    grid: Grid
    make: Callable[[], Floats32]
    categorical: bool = False

    @property
    def ready(self) -> bool:
        """Whether it need not be made."""
        return any((folder / f"{self.digest}.tif").exists() for folder in _folders())


@dataclass(frozen=True)
class Layered:
    """One band of a raster, with what its figures are multiplied by."""

    raster: Raster
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

    @once
    def ways(self) -> Results:
        """The times along the roads of the scenario."""
        return results(self.store, Comparison(before=self.roads, after=self.roads, network=self.network))

    def job(self, of: Measure) -> Job:
        """The raster of a measure; those of people hold a band for each limit."""
        kind = "people" if of.kind == "workforce" else of.kind
        parts = [kind, self.grid.text()]
        match kind:
            case "minutes" | "people":
                parts += [self.store.digest, self.network, str(self.stamp), self.roads]
                parts += [of.what] if kind == "minutes" else [str(LABOUR_MINUTES)]
            case "distance" | "density" | "similar":
                parts += [_digest(self._shapes(of)), str(of.number)]
            case _:
                parts += [of.what]
        return Job(of.text, _named(*parts), self.grid, lambda: self._made(kind, of), kind == "classes")

    def layered(self, of: Measure) -> Layered:
        """The raster of a measure, made where it is not there."""
        raster = _measured(self, of)
        if of.kind not in ("people", "workforce"):
            return Layered(raster)
        share = figure(self.store, _EMPLOYED) if of.kind == "workforce" else 1.0
        return Layered(raster, LABOUR_MINUTES.index(of.number), share)

    def around(self, of: Measure) -> Job:
        """The raster of how far (m) the things of a distance are at the least and at the most."""
        frame = subset(self.store, of.what, of.field, of.value)
        shapes = self.store.metric_of(of.what, frame).to_numpy()
        there = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
        accuracy = frame["accuracy_m"].to_numpy(dtype=float)[there]
        given = shapes[there], np.zeros(int(there.sum())), accuracy
        digest = _named("zone", self.grid.text(), _digest(given[0]), *map(_digest_of, given[1:]))
        return Job(of.text, digest, self.grid, lambda: np.stack(criteria.zone(self.grid, *given)))

    def _shapes(self, of: Measure) -> npt.NDArray[np.object_]:
        """The geometries (EPSG:32645) that a measure is about."""
        if of.kind == "similar":
            frames = [subset(self.store, layer, "cluster", of.what) for layer in SIMILAR_IN]
        else:
            frames = [subset(self.store, of.what, of.field, of.value)]
        names = SIMILAR_IN if of.kind == "similar" else (of.what,)
        shapes = [
            self.store.metric_of(name, frame).to_numpy() for name, frame in zip(names, frames, strict=True)
        ]
        return _placed(np.concatenate(shapes))

    def _made(self, kind: str, of: Measure) -> Floats32:
        match kind:
            case "distance":
                return distance.distance(self.grid, self._shapes(of))[np.newaxis]
            case "density" | "similar":
                points = _points(self._shapes(of))
                radius = SIMILAR_M if kind == "similar" else float(of.number)
                return criteria.density(self.grid, points, radius)[np.newaxis]
            case "minutes":
                found = self.ways
                taps = found.goal_taps(found.after, of.what)
                return criteria.minutes(self.grid, found.after.travel, taps)[np.newaxis]
            case "people":
                return self._people()
            case "slope":
                return self._slope(of.what)
            case _:
                return onto(brought.path(of.what), self.grid, categorical=kind == "classes")[np.newaxis]

    def _slope(self, name: str) -> Floats32:
        """The slope of a reader's terrain, taken between its own cells: larger ones would level it."""
        with Raster(brought.path(name)) as terrain, tempfile.TemporaryDirectory(prefix="slope-") as folder:
            steep = criteria.slope_percent(terrain.read()[0], terrain.grid.cell_m)
            path = Path(folder) / "slope.tif"
            write(path, terrain.grid, steep[np.newaxis])
            return onto(path, self.grid)[np.newaxis]

    def _people(self) -> Floats32:
        """The people within each limit; on a fine grid those of larger cells that hold its own."""
        fine = self.grid.cell_m < _PEOPLE_CELL_M
        grid = Grid.over(self.grid.bounds, _PEOPLE_CELL_M) if fine else self.grid
        found = self.ways
        taps, travel = found.taps(found.after, SETTLEMENTS), found.after.travel
        limits = tuple(float(limit) for limit in LABOUR_MINUTES)
        people = criteria.people_within(grid, travel, taps, found.people, limits)
        if not fine:
            return people
        x, y = self.grid.axes()
        columns = ((x - grid.west) // grid.cell_m).astype(np.intp)
        rows = ((grid.north - y) // grid.cell_m).astype(np.intp)
        return people[:, rows[:, np.newaxis], columns]

    def zone(self, norm: str) -> Job:
        """The raster of a norm: how far each cell is from its zone, at the least and at the most (m)."""
        made = zones(self.store, known_norm(self.store, norm)).around(self.grid.bounds)
        given = made.shapes, made.width_m, made.accuracy_m
        digest = _named("zone", self.grid.text(), _digest(given[0]), *map(_digest_of, given[1:]))
        return Job(norm, digest, self.grid, lambda: np.stack(criteria.zone(self.grid, *given)))


@lru_cache(maxsize=_HELD)
def _measured(ground: Ground, of: Measure) -> Raster:
    """The raster of a measure; looked up once, since its digest takes longer than a tile."""
    return held(ground.job(of))


@lru_cache(maxsize=_HELD)
def zone(ground: Ground, norm: str) -> Raster:
    """The raster of a norm, made where it is not there."""
    return held(ground.zone(norm))


@lru_cache(maxsize=_HELD)
def around(ground: Ground, of: Measure) -> Raster:
    """The raster of how far the things of a distance may be, made where it is not there."""
    return held(ground.around(of))


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


def _named(*parts: str) -> str:
    return sha256("|".join((str(VERSION), *parts)).encode()).hexdigest()[:24]


# --- keeping -----------------------------------------------------------------------------------------


def _folders() -> tuple[Path, Path]:
    """Where rasters are kept, and where they go when that folder cannot be written."""
    return data_folder() / "criteria", Path(tempfile.gettempdir()) / "planner-criteria"


_MAKING: defaultdict[str, Lock] = defaultdict(Lock)


def held(job: Job) -> Raster:
    """The raster of a job, made where it is not there; whoever asks meanwhile waits for the same one."""
    with _MAKING[job.digest]:
        return _opened(job) or _written(job)


def _opened(job: Job) -> Raster | None:
    for folder in _folders():
        path = folder / f"{job.digest}.tif"
        if path.exists():
            return _raster(path)
    return None


@lru_cache(maxsize=_HELD)
def _raster(path: Path) -> Raster:
    return Raster(path)


def _written(job: Job) -> Raster:
    bands = job.make()
    for folder in _folders():
        path = folder / f"{job.digest}.tif"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _make_room(folder)
            write(path, job.grid, bands, tags={"of": job.of}, categorical=job.categorical)
        except OSError as fault:
            log.warning("%s cannot be kept in %s: %s", job.of, folder, fault)
            continue
        return _raster(path)
    raise OSError(f"no folder can hold the raster of {job.of}: set PLANNER_DATA to one that can be written")


def _make_room(folder: Path) -> None:
    """Remove the rasters that were made longest ago while all take more than they may."""
    files = sorted(
        ((file.stat().st_mtime, file.stat().st_size, file) for file in folder.glob("*.tif")), reverse=True
    )
    total, hour = 0, time.time() - 3600.0
    for made, size, file in files:
        total += size
        if total > MOST_BYTES and made < hour:
            file.unlink(missing_ok=True)
