"""What scores rest on, whatever the weights: the rasters of measures, limits and must-haves, by windows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.grid import Window
from geo.siting import Limit, Requirement
from geo.suitability import limits
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.once import once
from layers.siting.measures import Measure
from layers.siting.rasters import Ground, Job, Layered, around, zone
from layers.siting.stock import Readable

Scores = npt.NDArray[np.float32]
States = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Basis:
    """What the scores of a search rest on, whatever its weights and value functions: measures and limits."""

    ground: Ground
    measures: tuple[Measure, ...]
    limits: tuple[Limit, ...]
    requirements: tuple[Requirement, ...]

    def jobs(self) -> list[Job]:
        """Its rasters, each once."""
        wanted = [self.ground.job(of) for of in self.measures]
        wanted += [self.ground.zone(limit.norm) for limit in self.limits]
        wanted += [self.ground.around(of) for of in self._apart]
        return list({job.digest: job for job in wanted}.values())

    @once
    def layered(self) -> tuple[Layered, ...]:
        """The raster of each measure, in their order; made where they are not there."""
        return tuple(self.ground.layered(of) for of in self.measures)

    @once
    def zones(self) -> tuple[Readable, ...]:
        """The raster of the zone of each limit."""
        return tuple(zone(self.ground, limit.norm) for limit in self.limits)

    @property
    def _apart(self) -> tuple[Measure, ...]:
        """The measures of must-haves that are distances: told in three values, as limits are."""
        asked = {must.measure for must in self.requirements}
        return tuple(of for of in self.measures if of.text in asked and of.kind == "distance")

    @once
    def musts(self) -> tuple[Readable, ...]:
        """How far the things of each of those are at the least and at the most."""
        return tuple(around(self.ground, of) for of in self._apart)

    @property
    def levels(self) -> int:
        """How many overviews there are."""
        return self.layered[0].raster.levels

    def amounts(self, level: int, window: Window) -> Scores:
        """The measured amounts of a window of an overview: (measures, rows, columns)."""
        out = np.empty((len(self.layered), *window.shape), np.float32)
        for at, part in enumerate(self.layered):
            out[at] = part.raster.read(level, window)[part.band]
            if part.factor != 1.0:
                out[at] *= np.float32(part.factor)
        return out

    def states(self, level: int, window: Window, amounts: Scores, threads: int = 1) -> States:
        """What limits and requirements make of a window whose amounts are given."""
        bands = [raster.read(level, window) for raster in self.zones]
        near, far = (
            np.stack([band[at] for band in bands]) if bands else np.empty((0, *window.shape), np.float32)
            for at in (0, 1)
        )
        texts, apart = [of.text for of in self.measures], [of.text for of in self._apart]
        others = [must for must in self.requirements if must.measure not in apart]
        needed = amounts[[texts.index(must.measure) for must in others]]
        extra = [limit.extra_m for limit in self.limits]
        state = limits(near, far, extra, needed, others, threads=threads)
        for text, raster in zip(apart, self.musts, strict=True):
            must = next(must for must in self.requirements if must.measure == text)
            np.maximum(state, must_state(must, *raster.read(level, window)), out=state)
        return state


def must_state(must: Requirement, near: Scores, far: Scores) -> States:
    """What a must-have on a distance makes of cells that are `near` to `far` metres from the thing."""
    high = np.inf if must.high is None else must.high
    low = -np.inf if must.low is None else must.low
    free = (far <= high) & (near >= low)
    excluded = (near > high) | (far < low)
    return np.where(excluded, EXCLUDED, np.where(free, FREE, UNSURE)).astype(np.uint8)
