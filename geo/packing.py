"""A plain GeoTIFF and its overviews, packed as a Cloud-Optimized one, here or in a process that can be ended.

GDAL writes such a file in one go and cannot be interrupted in it. So whoever may want to stop has it written
by a process of its own: this file, run as a script. Overviews are files beside the plain one, named after it.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import rasterio
import rasterio.shutil

CACHE_BYTES = 64 * 1024**2
"""Blocks that are written would else fill a twentieth of the machine's memory before GDAL lets them go."""
_ASKED_S = 0.05


def pack(plain: Path, target: Path) -> None:
    """Write `target` with the bands, tags, blocks and overviews of `plain`. Raises what rasterio does."""
    packed = {"compress": "ZSTD", "level": 1, "predictor": "FLOATING_POINT", "bigtiff": "IF_SAFER"}
    # Elsewhere GDAL may not look at what lies beside a file; here it would miss the overviews.
    with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES, GDAL_DISABLE_READDIR_ON_OPEN="FALSE"):
        with rasterio.open(plain, driver="GTiff") as raster:
            side, levels = raster.block_shapes[0][0], raster.overviews(1)
        options = {"blocksize": side, "overviews": "FORCE_USE_EXISTING" if levels else "NONE"}
        rasterio.shutil.copy(plain, target, driver="COG", num_threads=2, **options, **packed)


def pack_apart(plain: Path, target: Path, asked: Callable[[], object]) -> None:
    """The same in a process of its own; `asked` is called all the while, and what it raises ends the process.

    Raises `OSError` where the file cannot be written.
    """
    command = [sys.executable, "-I", __file__, str(plain), str(target)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            while True:
                asked()
                try:
                    _, told = process.communicate(timeout=_ASKED_S)
                    break
                except subprocess.TimeoutExpired:
                    continue
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        why = told.decode(errors="replace").strip().rpartition("\n")[2]
        raise OSError(f"a raster cannot be packed: {why}")


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
