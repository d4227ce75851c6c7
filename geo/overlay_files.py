"""The overlay as a file: of what is in memory, or of rasters larger than memory, window by window.

The file is a Cloud-Optimized GeoTIFF of two bands: the score of each cell (see `geo.suitability`), unknown
where it is barred or cannot be judged, and its state, which says why. Its tags tell the model and the numbers
of the states. It stands under its name when all is done, or not at all.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from geo.errors import GridError
from geo.grid import BLOCK, Grid, Window
from geo.overviews import mean
from geo.rasters import Writer, writing
from geo.siting import Model
from geo.suitability import Overlay, Rasters, States, limits, score, settled
from geo.weighing import EXCLUDED, FREE, UNKNOWN, UNSURE

WINDOW = 2 * BLOCK
"""Cells a side of a window: whole blocks of the files, some 4 MB a raster."""
NAMES = ("score: 0 to 1", "state: see the tag STATES")
"""What the bands of the file are called in it."""
STATES = {FREE: "open", UNSURE: "cannot be told", EXCLUDED: "barred", UNKNOWN: "no data"}
_JUDGED = 0.6
"""The share of the work that is done when all windows are judged; the file's overviews remain."""


def shared(four: Rasters) -> Rasters:
    """The state that four cells share; where they differ it cannot be told (a rule of `geo.overviews`)."""
    alike = (four == four[0]).all(axis=0)
    return np.where(alike, four[0], np.float32(UNSURE))


RULES = (mean, shared)
"""How the bands of the file become coarser."""


class Source(Protocol):
    """A raster that is read by windows from any thread, such as `geo.rasters.Raster`."""

    grid: Grid

    def read(self, level: int, window: Window) -> Rasters:
        """The cells (bands, rows, columns) of a window."""
        ...


def overlay_to_file(
    measures: Sequence[Source],
    zones: Sequence[Source],
    model: Model,
    target: Path,
    *,
    tags: Mapping[str, str] | None = None,
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 2,
) -> None:
    """Write the scores of a model over rasters of any size, with `tags` of whoever asks.

    `measures` are the rasters of `model.measures`, `zones` those of its limits with two bands, the least and
    the greatest distance (m) to the zone; both in the model's order. Each window is read, judged and written
    by one of some threads; only the windows under way are held in memory. After each of them, and all the
    while that overviews are made and the file is packed, `progress` is told the share that is done, 0 to 1,
    and `cancelled` is asked. Raises `GridError` ("shapes") where there are too few or too many rasters or
    they lie on several grids, `RasterError` where one cannot be read, `OSError` where the file cannot be
    written, and `CancelledError`; then nothing is left behind.
    """
    given = (len(measures), len(zones))
    if given != (len(model.measures), len(model.limits)):
        raise GridError(
            f"{given[0]} measures and {given[1]} zones for {len(model.measures)} and {len(model.limits)}",
            "shapes",
        )
    grids = {source.grid for source in (*measures, *zones)}
    if len(grids) > 1:
        raise GridError(
            f"the rasters lie on several grids: {'; '.join(grid.text() for grid in grids)}", "shapes"
        )
    (grid,) = grids
    judge = _Judge.of(measures, zones, model)
    count = -(-grid.rows // WINDOW) * -(-grid.columns // WINDOW)

    def asked(share: float) -> None:
        if progress:
            progress(share)
        if cancelled and cancelled():
            raise CancelledError

    with (
        writing(
            target,
            grid,
            len(NAMES),
            tags={**(tags or {}), **told(model)},
            names=NAMES,
            rules=RULES,
            asked=lambda share: asked(_JUDGED + (1 - _JUDGED) * share),
        ) as out,
        closing(_spread(lambda window: judge.write(window, out), grid.blocks(WINDOW), threads)) as judged,
    ):
        for done, _ in enumerate(judged, start=1):
            asked(_JUDGED * done / count)
    if progress:
        progress(1.0)


def stacked(scores: Rasters, state: States) -> Rasters:
    """The two bands of the file, of scores and settled states (rows, columns)."""
    return np.stack([scores, state.astype(np.float32)])


def told(model: Model) -> dict[str, str]:
    """The tags of the file: the model with its digest, and what the numbers of the second band mean."""
    states = "; ".join(f"{number} {name}" for number, name in STATES.items())
    return {"MODEL": model.text(), "MODEL_DIGEST": model.digest, "STATES": states}


@dataclass(frozen=True)
class _Judge:
    """Judges windows: the rasters that count, the zones of the limits, and which rasters are required."""

    sources: tuple[Source, ...]
    zones: tuple[Source, ...]
    model: Model
    overlay: Overlay
    required: list[int]

    @classmethod
    def of(cls, measures: Sequence[Source], zones: Sequence[Source], model: Model) -> "_Judge":
        """Rasters of criteria without weight are not read unless they are required otherwise."""
        asked = {criterion.measure for criterion in model.criteria if criterion.weight}
        asked |= {must.measure for must in model.requirements}
        used = [name for name in model.measures if name in asked]
        sources = [source for name, source in zip(model.measures, measures, strict=True) if name in asked]
        required = [used.index(must.measure) for must in model.requirements]
        return cls(tuple(sources), tuple(zones), model, Overlay.of(model, used), required)

    def write(self, window: Window, out: Writer) -> None:
        """Judge a window and write its scores and states; where all is excluded no measure is read."""
        state = self._limits(window)
        scores = np.full(window.shape, np.nan, np.float32)
        if state.min() < EXCLUDED:
            scores, state = self._judged(window, state)
        out.write(window, stacked(scores, state))

    def _judged(self, window: Window, state: States) -> tuple[Rasters, States]:
        amounts = np.empty((len(self.sources), *window.shape), np.float32)
        for place, source in enumerate(self.sources):
            amounts[place] = source.read(0, window)[0]
        if self.required:
            none = np.empty((0, *window.shape), np.float32)
            wanted = limits(none, none, (), amounts[self.required], self.model.requirements)
            np.maximum(state, wanted, out=state)
        scores = score(amounts, state, self.overlay)
        return scores, settled(scores, state)

    def _limits(self, window: Window) -> States:
        """The states by the limits, one zone after another: there may be many."""
        state = np.zeros(window.shape, np.uint8)
        for source, limit in zip(self.zones, self.model.limits, strict=True):
            near, far = source.read(0, window)
            np.maximum(state, limits(near[None], far[None], [limit.extra_m]), out=state)
        return state


def _spread(
    work: Callable[[Window], None], windows: Iterator[Window], threads: int
) -> Generator[None, None, None]:
    """Do the work in threads and tell of each window that is done; few wait, and none once one has failed."""
    with ThreadPoolExecutor(threads) as pool:
        pending: set[Future[None]] = set()
        try:
            for window in windows:
                pending.add(pool.submit(work, window))
                if len(pending) >= 2 * threads:
                    yield from _finished(pending)
            while pending:
                yield from _finished(pending)
        finally:
            pool.shutdown(cancel_futures=True)


def _finished(pending: set[Future[None]]) -> Iterator[None]:
    done, _ = wait(pending, return_when=FIRST_COMPLETED)
    pending -= done
    for future in done:
        yield future.result()
