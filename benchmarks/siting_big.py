"""An area larger than memory judged from files to a file, in a process of its own: its peak and its time.

The rasters are made cheaply: blocks of few amounts that pack to almost nothing, and some files under several
names, each of which is read for itself.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import rasterio

from benchmarks.siting_stack import CELL_M, FAR_M, INSIDE, LIMITS, NORTH, SEED, VALUES, WEST, model
from geo.crs import WORKING
from geo.grid import BLOCK, Grid
from geo.overlay_files import overlay_to_file
from geo.rasters import Raster

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 1_800
DISTINCT = 3
"""Files of criteria that differ; the others are the same under other names."""
_FLAT = 64
"""Cells of a row that have the same amount."""


@dataclass(frozen=True)
class Big:
    """What judging a large area took: peak of the process (MiB), seconds, how often it told of progress."""

    peak_mib: float
    seconds: float
    told: int
    layers_gib: float


def measured(size: int) -> Big:
    """Make the rasters of an area of `size` by `size` cells and judge it, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="locator-big-") as folder:
        made(size, Path(folder))
        command = [sys.executable, "-m", "benchmarks.siting_big", str(size), folder]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if run.returncode:
        raise RuntimeError(f"the overlay of {size} failed: {run.stderr.strip()[-400:]}")
    return Big(**json.loads(run.stdout.splitlines()[-1]))


def made(size: int, folder: Path) -> None:
    """The rasters: `c0.tif` to `c9.tif` of the criteria, `x0.tif` to `x4.tif` of the limits."""
    grid = Grid(WEST, NORTH, CELL_M, size, size)
    for number in range(len(VALUES)):
        path = folder / f"c{number}.tif"
        if number < DISTINCT:
            _write(path, grid, 1, np.random.default_rng([SEED, 2, number]))
        else:
            os.link(folder / f"c{number % DISTINCT}.tif", path)
    _write(folder / "x0.tif", grid, 2, np.random.default_rng([SEED, 3]))
    for number in range(1, LIMITS):
        os.link(folder / "x0.tif", folder / f"x{number}.tif")


def judged(size: int, folder: Path) -> Big:
    """Judge the area; to be called in a fresh process."""
    told: list[float] = []
    sought = model(0)
    criteria = [Raster(folder / f"c{number}.tif") for number in range(len(VALUES))]
    zones = [Raster(folder / f"x{number}.tif") for number in range(LIMITS)]
    began = time.perf_counter()
    overlay_to_file(criteria, zones, sought, folder / "score.tif", progress=told.append)
    passed = time.perf_counter() - began
    layers = len(VALUES) + 2 * LIMITS
    return Big(_peak_mib(), passed, len(told), size * size * 4 * layers / 2**30)


def _write(path: Path, grid: Grid, bands: int, rng: np.random.Generator) -> None:
    """A raster of ours without overviews, which are not read here."""
    size = {"width": grid.columns, "height": grid.rows, "count": bands, "dtype": "float32"}
    placed = {"crs": WORKING, "transform": grid.affine, "nodata": np.nan, "interleave": "band"}
    tiled = {"tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK}
    packed = {"compress": "ZSTD", "zstd_level": 1, "num_threads": os.cpu_count(), "bigtiff": "IF_SAFER"}
    ramp = (np.arange(BLOCK, dtype=np.float32) // _FLAT * 10)[None, None, :]
    cells = np.empty((bands, BLOCK, BLOCK), np.float32)
    with rasterio.open(path, "w", driver="GTiff", **size, **placed, **tiled, **packed) as raster:
        raster.update_tags(PLANNER_GRID=grid.text())
        for block in grid.blocks():
            amount = rng.uniform(0, FAR_M) - (FAR_M * INSIDE if bands > 1 else 0)
            cells[:] = ramp + np.rint(amount)
            part = rasterio.windows.Window(block.column, block.row, block.columns, block.rows)
            raster.write(cells[:, : block.rows, : block.columns], window=part)


def _peak_mib() -> float:
    """The most memory that this process has held (Linux); what it was started from does not count."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(judged(int(sys.argv[1]), Path(sys.argv[2])))))
