"""The rasters that searches rest on as files: made once, by few, found by digest, within room on the disk.

They lie in `criteria/` of the data folder (of the system's folder for passing files where that cannot be
written). Any process may make one or read it. Those that were not used longest make room, and that is safe at
any time: who reads a file that is removed reads it to its end, and who comes after makes it again.
"""

import errno
import logging
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from geo.errors import RasterError
from geo.grid import Grid, Window
from geo.overviews import Rule
from geo.rasters import Raster, write
from layers.shelf import data_folder
from layers.siting import sheets
from layers.siting.memory import Memory
from layers.siting.workshop import Workshop

log = logging.getLogger(__name__)
Floats32 = npt.NDArray[np.float32]
MOST_BYTES = 6 * 1024**3
"""What all kept rasters may take on disk."""
MEMORY_BYTES = 512 * 1024**2
"""What the overviews of open rasters may take in memory."""
BUILDERS, MOST_ORDERED = 2, 48
_LARGE = 4_000_000
"""Cells of rasters of which one is made at a time: 25 m on the whole agglomeration are 15 million."""
_LEVEL_BYTES = 16 * 1024**2
"""Levels up to this size an open raster keeps in memory (`geo.rasters`)."""
_HANDLE_BYTES = 1024**2
_TOLD_EVERY_S = 60.0
"""How often it is noted that a raster is in use."""
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True, eq=False)
class Job:
    """A raster that is wanted: the digest of its inputs, how it is made, and the measure or norm it is of.

    Its overviews follow the `rules` of its bands (`geo.overviews`), by default means; `names` say what the
    bands hold.
    """

    of: str
    digest: str
    grid: Grid
    make: Callable[[], Floats32]
    rules: tuple[Rule, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it need not be made."""
        return _found(self.digest) is not None

    @property
    def large(self) -> bool:
        """Whether making it takes much memory."""
        return self.grid.cells > _LARGE


class Readable(Protocol):
    """What can be read as a raster of a grid."""

    @property
    def levels(self) -> int:
        """How many overviews there are."""

    def read(self, level: int = 0, window: Window | None = None) -> Floats32:
        """The cells (bands, rows, columns) of a window of a level."""


@dataclass(frozen=True)
class Held:
    """A raster of the stock as far as it covers a grid: made where it is not there, when it is read."""

    job: Job
    grid: Grid

    @property
    def levels(self) -> int:
        """How many overviews there are."""
        return sheets.levels(self.grid)

    def read(self, level: int = 0, window: Window | None = None) -> Floats32:
        """The cells (bands, rows, columns) of a window of `grid.level(level)`; not to be changed.

        Raises `Busy`, `RasterError`, and what making it does.
        """
        moved = sheets.moved(self.grid, self.job.grid, level, window)
        while True:
            file = path(self.job)
            try:
                return _opened(file).read(level, moved)
            except RasterError:
                if file.exists():
                    raise
            # It was removed between being found and being opened: it is made again.
            _OPEN.forget(file)


def held(job: Job) -> Raster:
    """The raster of a job, made where it is not there; whoever asks meanwhile waits for the same one.

    Raises `Busy`, and what making it does.
    """
    return _opened(path(job))


def path(job: Job, workshop: Workshop[Path] | None = None) -> Path:
    """The file of a job, made where it is not there, in another workshop if need be; raises as `held`."""
    made_in = workshop or _WORKSHOP
    return _found(job.digest) or made_in.done(job.digest, lambda: _written(job), large=job.large)


def ordered(job: Job) -> bool:
    """Whether the raster of a job is there; if not, it is made behind."""
    if job.ready:
        return True
    _WORKSHOP.ordered(job.digest, lambda: _written(job), large=job.large)
    return False


# --- files -------------------------------------------------------------------------------------------


def _folders() -> tuple[Path, Path]:
    """Where rasters are kept, and where they go when that folder cannot be written."""
    return data_folder() / "criteria", Path(tempfile.gettempdir()) / "planner-criteria"


def _found(digest: str) -> Path | None:
    """The file of that digest, from now on the one used last; None where there is none."""
    now = time.time()
    for folder in _folders():
        file = folder / f"{digest}.tif"
        with suppress(OSError):
            if now - file.stat().st_mtime > _TOLD_EVERY_S:
                _note(file)
            return file
    return None


def _note(file: Path) -> None:
    """Note that a file is in use, for all processes; where the folder may only be read nobody makes room."""
    try:
        os.utime(file)
    except OSError as fault:
        if fault.errno not in _READ_ONLY:
            raise


def _written(job: Job) -> Path:
    # Another process may have made it since it was ordered.
    if found := _found(job.digest):
        return found
    bands = job.make()
    for folder in _folders():
        file = folder / f"{job.digest}.tif"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tags = {"of": job.of, **job.tags}
            write(file, job.grid, bands, tags=tags, names=job.names, rules=job.rules)
            _make_room(folder, file)
        except OSError as fault:
            log.warning("%s cannot be kept in %s: %s", job.of, folder, fault)
            continue
        return file
    raise OSError(f"no folder can hold the raster of {job.of}: set PLANNER_DATA to one that can be written")


def _make_room(folder: Path, fresh: Path) -> None:
    """Remove the rasters that were not used longest while all take more than they may."""
    files = []
    for file in folder.glob("*.tif"):
        with suppress(FileNotFoundError):  # another process makes room, too
            told = file.stat()
            files.append((file == fresh, told.st_mtime, told.st_size, file))
    total = 0
    for is_fresh, _, size, file in sorted(files, reverse=True):
        total += size
        if total > MOST_BYTES and not is_fresh:
            file.unlink(missing_ok=True)


# --- open rasters ------------------------------------------------------------------------------------


def _weight(raster: Raster) -> int:
    """The bytes that an open raster may come to keep in memory."""
    sizes = (raster.bands * raster.grid.level(k).cells * 4 for k in range(raster.levels + 1))
    return _HANDLE_BYTES + sum(size for size in sizes if size <= _LEVEL_BYTES)


_OPEN: Memory[Raster] = Memory(MEMORY_BYTES, _weight, Raster.close)
_WORKSHOP: Workshop[Path] = Workshop(BUILDERS, MOST_ORDERED)


def _opened(file: Path) -> Raster:
    return _OPEN.get(file, lambda: Raster(file))
