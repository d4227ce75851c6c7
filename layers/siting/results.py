"""What a search finds: how suitable every cell is, where candidates lie, and what decides about a place."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.candidates import Area, areas
from geo.crs import WGS84, WORKING, transform
from geo.errors import GridError
from geo.grid import Grid, Window
from geo.network import Floats
from geo.plots import plots
from geo.siting import Limit, Requirement
from geo.suitability import Overlay, score, settled
from geo.weighing import EXCLUDED, FREE, UNKNOWN, UNSURE
from layers.once import once
from layers.query import Query
from layers.reach.base import base
from layers.reach.networks import stamp
from layers.reach.scenarios import written as scenario
from layers.siting.basis import Basis, Scores, States
from layers.siting.measures import OF_RASTERS, measure
from layers.siting.memory import Memory
from layers.siting.models import written
from layers.siting.norms import Zones, norm, state_at, zones
from layers.siting.rasters import Ground
from layers.siting.sheets import aligned, metric_bounds
from layers.siting.stock import Job, held, ordered
from layers.siting.workshop import turn
from layers.sought import Sought
from layers.store import Store
from layers.view import HOME

T = TypeVar("T")
THREADS = os.cpu_count() or 1
MOST_CELLS = 40_000_000
"""What is judged as a whole: 25 m cells on the whole agglomeration are 15 million."""
MOST_AREAS = 40
MOST_PLOTS = 20
Parts = list[tuple[Window, npt.NDArray[np.bool_]]]
"""Windows of a grid, and which of their cells are meant."""
STATES = {FREE: "free", UNSURE: "unsure", EXCLUDED: "excluded", UNKNOWN: "unknown"}
CLASSES = ((90.0, "from90"), (80.0, "from80"), (70.0, "from70"), (60.0, "from60"))
_HELD_BYTES = 256 * 1024**2
"""What the scores of all searches that are kept may take in memory."""
_CELL_BYTES, _OWN_BYTES = 5, 2 * 1024**2
"""A score and a state; what a search holds beside its cells."""
_MOSTLY = 0.5


class TooManyCells(GridError):
    """The area asked for holds more cells than are judged as a whole."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A place, or the mean over the cells of an area: raw amounts and values by criterion, score, state.

    `low` and `high` are the least and the greatest score that the accuracy of its position allows; `unsure`
    is the share of its cells of which it cannot be told whether a limit applies, `excluded` of those that
    may not be built on; of a place whose position is approximate, of the cells within its accuracy.
    """

    raw: Floats
    value: Floats
    score: float
    state: int
    low: float
    high: float
    unsure: float
    excluded: float


class Findings:
    """The findings of a search on a road network; everything is computed when it is first asked for."""

    def __init__(self, store: Store, sought: Sought, network: str) -> None:
        """Raises `UnknownModel`, `UnknownMeasure`, `UnknownNetwork`, `ModelError`, `GridError`.

        And `UnknownScenario`, `ScenarioError`: what is asked for in vain shall be told before work begins.
        """
        self.store, self.sought = store, sought
        scenario(store, sought.roads, network)
        self.model = written(store, sought.model)
        self.grid = grid_of(sought)
        self.measures = tuple(measure(text, store.catalogue) for text in self.model.measures)
        for limit in self.model.limits:
            norm(store, limit.norm)
        self.ground = Ground(store, self.grid, network, sought.roads, stamp(network))
        self.basis = Basis(self.ground, self.measures, self.model.limits, self.model.requirements)
        self.overlay = Overlay.of(self.model, self.model.measures)
        self._kept: dict[str, Any] = {}
        self._keeping = RLock()

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What others make of the findings, made once and kept as long as they are."""
        with self._keeping:
            if name not in self._kept:
                self._kept[name] = make()
            found: T = self._kept[name]
            return found

    @once
    def rasters(self) -> tuple[Job, ...]:
        """The rasters that it rests on, each once."""
        return tuple(self.basis.jobs())

    def ready(self) -> bool:
        """Whether every raster is there that scores rest on; those that are not are made behind."""
        missing = [job for job in self.rasters if not ordered(job)]
        return not missing

    def judged(self, level: int, window: Window, threads: int = 1) -> tuple[Scores, States]:
        """The scores and states of a window of an overview."""
        amounts = self.basis.amounts(level, window)
        return self.weighed(amounts, self.basis.states(level, window, amounts, threads), threads)

    def weighed(self, amounts: Scores, state: States, threads: int = 1) -> tuple[Scores, States]:
        """The scores and states of cells whose amounts and states by limits are known."""
        scores = score(amounts, state, self.overlay, threads=threads)
        return scores, settled(scores, state)

    def _lawful(self) -> States:
        """What limits alone make of every cell."""
        basis = Basis(self.ground, self.measures, self.model.limits, ())
        states = np.empty(self.grid.shape, np.uint8)
        for window in self.grid.blocks():
            nothing = np.empty((0, *window.shape), np.float32)
            states[window.slices] = basis.states(0, window, nothing, THREADS)
        return states

    @once
    def whole(self) -> tuple[Scores, States]:
        """The scores and states of every cell, judged block by block. Raises `Busy`."""
        # A turn is not spent on waiting for rasters.
        for job in self.rasters:
            held(job)
        scores, states = np.empty(self.grid.shape, np.float32), np.empty(self.grid.shape, np.uint8)
        with turn():
            for window in self.grid.blocks():
                scores[window.slices], states[window.slices] = self.judged(0, window, THREADS)
        return scores, states

    # --- what is found -------------------------------------------------------------------------------

    @once
    def counts(self) -> dict[str, int]:
        """How many cells are `suitable` (from the threshold up), surely so, and of each state."""
        scores, states = self.whole
        counted = np.bincount(states.ravel(), minlength=4)
        enough = scores >= np.float32(self.model.threshold)
        return {
            "suitable": int(np.count_nonzero(enough)),
            "sure": int(np.count_nonzero(enough & (states == FREE))),
            **{name: int(counted[key]) for key, name in STATES.items()},
        }

    @property
    def shares(self) -> dict[str, float]:
        """The same as shares of all cells."""
        return {name: count / self.grid.cells for name, count in self.counts.items()}

    @once
    def best(self) -> float:
        """The greatest score of any cell; NaN where there is none."""
        scores = self.whole[0]
        return float(np.nanmax(scores)) if np.isfinite(scores).any() else float("nan")

    @property
    def wanted_ha(self) -> float:
        """How large a plot is sought: as large as is needed, else the least area."""
        return max(self.model.needs.area_ha or 0.0, self.model.least_ha, self.grid.cell_m**2 / 1e4)

    @once
    def plots(self) -> list[Area]:
        """The best plots of the wanted size, apart from one another.

        No limit may apply to them, nor may that be unsure; a must-have that cannot be told at the accuracy of
        positions does not rule them out.
        """
        scores, states = self.whole
        if self.basis.musts:
            states = np.where((states == UNSURE) & (self._lawful() == FREE), np.uint8(FREE), states)
        return plots(scores, states, self.grid, self.model.threshold, self.wanted_ha, most=MOST_PLOTS)

    @once
    def areas(self) -> list[Area]:
        """The candidate areas, the best first."""
        scores, states = self.whole
        return areas(scores, states, self.grid, self.model.threshold, self.model.least_ha, most=MOST_AREAS)

    def judge(self, shape: BaseGeometry, accuracy_m: float = 0.0) -> Judged | None:
        """What decides about a place or an area (EPSG:32645); None outside the grid.

        An area is judged by the cells whose middles it holds, a smaller one and a point by the cell it lies
        in; its amounts and values are means over the cells that have a score, as its score is, or over all
        where none has.
        """
        parts = self._cells(shape)
        if not parts:
            return None
        amounts, scores, states = self._gathered(parts)
        known = scores[np.isfinite(scores)]
        amounts = amounts[:, np.isfinite(scores)] if known.size else amounts
        around, about = self._within(shape, accuracy_m) if accuracy_m else (known, states)
        values = [
            _mean(criterion.value(amounts[at].astype(float)))
            for at, criterion in enumerate(self.model.criteria)
        ]
        kinds = [of.kind for of in self.measures]
        return Judged(
            raw=np.array(
                [
                    _commonest(amount) if kind == "classes" else _mean(amount)
                    for kind, amount in zip(kinds, amounts, strict=True)
                ]
            ),
            value=np.array(values),
            score=_mean(known),
            state=_state(about) if known.size else int(np.bincount(states).argmax()),
            low=float(around.min()) if around.size else np.nan,
            high=float(around.max()) if around.size else np.nan,
            unsure=float((about == UNSURE).mean()),
            excluded=float((about == EXCLUDED).mean()),
        )

    def _gathered(self, parts: Parts) -> tuple[Scores, Scores, States]:
        """The amounts, scores and states of some cells, by blocks: an area may be the whole grid."""
        amounts, scores, states = [], [], []
        for window, mask in parts:
            amount = self.basis.amounts(0, window)
            score, state = self.weighed(amount, self.basis.states(0, window, amount))
            amounts.append(amount[:, mask])
            scores.append(score[mask])
            states.append(state[mask])
        return np.concatenate(amounts, axis=1), np.concatenate(scores), np.concatenate(states)

    def _within(self, shape: BaseGeometry, accuracy_m: float) -> tuple[Scores, States]:
        """The known scores and the states of the cells within the accuracy of a position."""
        parts = self._cells(shape.buffer(max(accuracy_m, self.grid.cell_m / 2)))
        if not parts:
            return np.empty(0, np.float32), np.full(1, UNKNOWN, np.uint8)
        _, scores, states = self._gathered(parts)
        return scores[np.isfinite(scores)], states

    def _cells(self, shape: BaseGeometry) -> Parts:
        """The cells of a shape: windows of which it holds some, and which of their cells; none outside."""
        window = self.grid.window(shape.bounds)
        if window is None:
            return []
        parts = []
        for block in self.grid.cut(window).blocks() if shape.area else ():
            part = Window(window.row + block.row, window.column + block.column, block.rows, block.columns)
            mask = shapely.contains_xy(shape, *np.meshgrid(*self.grid.axes(part)))
            parts += [(part, mask)] if mask.any() else []
        point = shape.representative_point()
        cell = None if parts else self.grid.cell_at(point.x, point.y)
        return [(Window(*cell, 1, 1), np.ones((1, 1), bool))] if cell else parts

    def at(self, lon: float, lat: float) -> tuple[shapely.Point, Judged | None]:
        """The middle of the cell that holds a place (degrees), and what decides about it."""
        x, y = (float(part[0]) for part in transform([lon], [lat], WGS84, WORKING))
        cell = self.grid.cell_at(x, y)
        if cell is None:
            return shapely.Point(x, y), None
        xs, ys = self.grid.axes(Window(*cell, 1, 1))
        middle = shapely.Point(xs[0], ys[0])
        return middle, self.judge(middle)

    def must_states(self, shape: BaseGeometry) -> list[tuple[Requirement, int]]:
        """Each must-have of the model at a shape: FREE where it is met, EXCLUDED where not, else UNSURE."""
        parts = self._cells(shape)
        held = [of.text for of in self.measures]
        found = []
        for must in self.model.requirements if parts else ():
            alone = Basis(self.ground, (self.measures[held.index(must.measure)],), (), (must,))
            states = [alone.states(0, part, alone.amounts(0, part))[mask].max() for part, mask in parts]
            found.append((must, int(max(states))))
        return found

    @once
    def _zones(self) -> tuple[Zones, ...]:
        return tuple(zones(self.store, norm(self.store, limit.norm)) for limit in self.model.limits)

    def limit_states(
        self, shape: BaseGeometry, accuracy_m: float = 0.0
    ) -> list[tuple[Limit, int, float, float]]:
        """Each limit of the model at a shape: what it is there, and its least and greatest distance (m).

        It is measured between the geometries, as in a passport, and not read off the cells: of those that a
        limit excludes by their middles none is left out so, and what only the edge of a site touches is told.
        """
        return [
            (limit, *state_at(zone, shape, limit.extra_m, accuracy_m))
            for limit, zone in zip(self.model.limits, self._zones, strict=True)
        ]


def _mean(numbers: npt.NDArray[Any]) -> float:
    """The mean of those that are known; NaN where none is."""
    known = numbers[~np.isnan(numbers)]
    return float(known.mean()) if known.size else float("nan")


def _state(states: States) -> int:
    """What a place is whose cells are not alike: excluded where most are, else the worst of the others."""
    if (states == EXCLUDED).mean() > _MOSTLY:
        return EXCLUDED
    return int(states[states < EXCLUDED].max(initial=FREE))


def _commonest(classes: npt.NDArray[Any]) -> float:
    """The most frequent of the known classes; NaN where none is known."""
    known, counts = np.unique(classes[~np.isnan(classes)], return_counts=True)
    return float(known[counts.argmax()]) if known.size else float("nan")


def grid_of(sought: Sought) -> Grid:
    """The grid of a search: over its area, or over the agglomeration and the road to Asino.

    That of an area may begin a few cells sooner (`layers.siting.sheets`). Raises `TooManyCells`.
    """
    try:
        grid = Grid.over(metric_bounds(sought.area or HOME), float(sought.cell_m))
    except GridError as fault:
        raise TooManyCells(str(fault), fault.code) from fault
    if grid.cells > MOST_CELLS:
        raise TooManyCells(f"{grid.cells} cells, at most {MOST_CELLS}", "many")
    return aligned(grid)


def percent(share: float) -> float | None:
    """A score or a value as a percentage with one decimal; None where it is not known."""
    return None if np.isnan(share) else round(float(share) * 100, 1)


def class_of(percent: float, state: int = FREE) -> str:
    """The class of a suitability (percent)."""
    if np.isnan(percent):
        return "excluded" if state == EXCLUDED else "unknown"
    return next((name for least, name in CLASSES if percent >= least), "below60")


def _weight(found: Findings) -> int:
    """The bytes that findings come to hold."""
    return found.grid.cells * _CELL_BYTES + _OWN_BYTES


_FOUND: Memory[Findings] = Memory(_HELD_BYTES, _weight)


def findings(store: Store, query: Query) -> Findings:
    """The findings of what a query seeks, kept while they are looked at.

    Raises `UnknownFeature` (a model, a measure, a norm or a network that is not there), `ModelError`,
    `TooManyCells`.
    """
    network = query.comparison.network
    base(store, network)
    key = (store, query.sought, network, stamp(network))
    found = _FOUND.get(key, lambda: Findings(store, query.sought, network))
    for of in found.measures:
        if of.kind in OF_RASTERS:
            measure(of.text, store.catalogue)  # a reader's raster may have been taken away since
    for limit in found.model.limits:
        norm(store, limit.norm)  # and so may a limit
    return found
