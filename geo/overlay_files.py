"""The overlay of rasters larger than memory: from files to a file, window by window.

Each window is read, judged and written by one of some threads; only the windows under way are held in memory.
The file is a Cloud-Optimized GeoTIFF of scores (see `geo.suitability`), unknown where a cell is excluded or
cannot be judged. It stands under its name when all is done, or not at all.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from geo.errors import GridError
from geo.grid import BLOCK, Grid, Window
from geo.rasters import Writer, writing
from geo.siting import Model
from geo.suitability import Overlay, Rasters, States, limits, score
from geo.weighing import EXCLUDED

WINDOW = 2 * BLOCK
"""Cells a side of a window: whole blocks of the files, some 4 MB a raster."""
_JUDGED = 0.6
"""The share of the work that is done when all windows are judged; the file's overviews remain."""


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
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int = 2,
) -> None:
    """Write the scores of a model over rasters of any size.

    `measures` are the rasters of `model.measures`, `zones` those of its limits with two bands, the least and
    the greatest distance (m) to the zone; both in the model's order. After each window `progress` is told the
    share that is done, 0 to 1, and `cancelled` is asked; once all are judged, the overviews are made in one
    go. Raises `GridError` ("shapes") where there are too few or too many rasters or they lie on several
    grids, `RasterError` where one cannot be read, and `CancelledError`; then nothing is left behind.
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
    with (
        writing(target, grid, 1, tags={"MODEL": model.text()}) as out,
        closing(_spread(lambda window: judge.write(window, out), grid.blocks(WINDOW), threads)) as judged,
    ):
        for done, _ in enumerate(judged, start=1):
            if progress:
                progress(_JUDGED * done / count)
            if cancelled and cancelled():
                raise CancelledError
    if progress:
        progress(1.0)


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
        """Judge a window and write its scores; one that is excluded whole stays unwritten."""
        state = self._limits(window)
        if state.min() >= EXCLUDED:
            return
        amounts = np.empty((len(self.sources), *window.shape), np.float32)
        for place, source in enumerate(self.sources):
            amounts[place] = source.read(0, window)[0]
        if self.required:
            none = np.empty((0, *window.shape), np.float32)
            wanted = limits(none, none, (), amounts[self.required], self.model.requirements)
            np.maximum(state, wanted, out=state)
        out.write(window, score(amounts, state, self.overlay)[None])

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
