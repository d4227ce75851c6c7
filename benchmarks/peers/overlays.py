"""The weighted overlay by the tools that people use for it, each with the same value functions and masks.

Masks are at hand as cells that are excluded, while the planner decides that from distances and accuracies in
the same run: what is easier for a peer is left so.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, ClassVar, Protocol

import dask
import folium
import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import rasterio
import xarray as xr

from benchmarks.siting_stack import Stack, functions
from geo.crs import WORKING
from geo.value import ValueFunction

TROUGH = {"trapezoid": (0.0, 1.0, 1.0, 0.0)}
LIMIT_S = 600
PLACE = ((54.5, 81.0), (56.9, 85.2))
"""Where the picture lies on the map: corners in degrees."""

Cells = npt.NDArray[Any]


class Peer(Protocol):
    """A tool that has taken in a stack of rasters, as it keeps them; that is not measured."""

    name: ClassVar[str]
    note: ClassVar[str]

    def __init__(self, stack: Stack, folder: Path) -> None: ...

    def overlay(self, weights: list[int]) -> Any:
        """The scores under some weights, as the tool gives them."""
        ...

    def scores(self, found: Any) -> Cells:
        """What `overlay` gave, by cell, NaN where excluded; not part of what is measured."""
        return np.asarray(found)


def knots(value: ValueFunction) -> tuple[list[float], list[float]]:
    """A value function as straight lines."""
    return value.x.tolist(), list(TROUGH.get(value.kind) or value.y.tolist())


def steepness(value: ValueFunction) -> tuple[float, float]:
    """The middle and the rate of a logistic function."""
    middle, end = value.x.tolist()
    return middle, float(np.log(19) / (end - middle))


def valued(value: ValueFunction, amounts: Cells) -> Cells:
    """Values as they are written in NumPy."""
    if value.kind == "sigmoid":
        middle, rate = steepness(value)
        return np.asarray(1 / (1 + np.exp(-rate * (amounts - middle))))
    return np.interp(amounts, *knots(value))


class NumPy(Peer):
    """One layer after another, in double precision as `np.interp` has it."""

    name = "numpy"
    note = "one layer after another, np.interp, float64"

    def __init__(self, stack: Stack, folder: Path) -> None:  # noqa: ARG002 - nothing is kept there
        self.stack = stack

    def overlay(self, weights: list[int]) -> Any:
        score = np.zeros(self.stack.grid.shape)
        for weight, value, amounts in zip(weights, functions(), self.stack.criteria, strict=True):
            score += weight / sum(weights) * valued(value, amounts)
        excluded = np.zeros(self.stack.grid.shape, bool)
        for mask in self.stack.masks:
            excluded |= mask
        return np.where(excluded, np.nan, score)


class XArray(Peer):
    """Labelled arrays in chunks, computed by Dask in as many threads as there are cores."""

    name = "xarray"
    note = "xarray with Dask threads, one task a layer and chunk, float32"

    def __init__(self, stack: Stack, folder: Path) -> None:  # noqa: ARG002 - nothing is kept there
        side = 1250 if stack.grid.rows <= 2500 else 2000
        dims, chunks = ("layer", "y", "x"), {"layer": 1, "y": side, "x": side}
        self.criteria = xr.DataArray(stack.criteria, dims=dims).chunk(chunks)
        self.masks = xr.DataArray(stack.masks, dims=dims).chunk({**chunks, "layer": -1})

    def overlay(self, weights: list[int]) -> Any:
        score: Any = 0
        for number, (weight, value) in enumerate(zip(weights, functions(), strict=True)):
            values = xr.apply_ufunc(
                lambda cells, value=value: valued(value, cells).astype(np.float32),
                self.criteria[number],
                dask="parallelized",
                output_dtypes=[np.float32],
            )
            score = score + np.float32(weight / sum(weights)) * values
        with dask.config.set(scheduler="threads", num_workers=os.cpu_count()):
            return score.where(~self.masks.any("layer")).values


class Grass(Peer):
    """GRASS GIS: one expression of r.mapcalc over rasters of its own."""

    name = "grass"
    note = "r.mapcalc from and to rasters of its own on disk, with the start of the program"

    @staticmethod
    def installed() -> bool:
        """Whether there is one on this machine."""
        return shutil.which("grass") is not None

    @staticmethod
    def version() -> str:
        """The number of the release."""
        return _said(["grass", "--config", "version"]).split()[0]

    def __init__(self, stack: Stack, folder: Path) -> None:
        base = _said(["grass", "--config", "path"])
        home = folder / "grass"
        home.mkdir()
        _said(["grass", "-c", f"EPSG:{WORKING.rpartition(':')[2]}", "-e", str(home / "area")])
        settings = {"GISDBASE": home, "LOCATION_NAME": "area", "MAPSET": "PERMANENT", "GUI": "text"}
        (home / "rc").write_text("".join(f"{name}: {value}\n" for name, value in settings.items()), "utf-8")
        self.shape, self.home = stack.grid.shape, home
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in {"GDAL_SKIP", "OGR_SKIP"}},
            "GISBASE": base,
            "GISRC": str(home / "rc"),
            "LD_LIBRARY_PATH": f"{base}/lib",
            "GRASS_VERBOSE": "0",
        }
        self.programs = Path(base, "bin")
        for kind, layers in (("c", stack.criteria), ("m", stack.masks.astype(np.uint8))):
            for number, layer in enumerate(layers):
                self._bring(stack, f"{kind}{number}", layer)
        self._run("g.region", "raster=c0")
        self.masks = "||".join(f"m{number}" for number in range(len(stack.masks)))

    def overlay(self, weights: list[int]) -> Any:
        terms = (
            f"{weight / sum(weights)!r}*{_expression(value, f'c{number}')}"
            for number, (weight, value) in enumerate(zip(weights, functions(), strict=True))
        )
        self._run("r.mapcalc", f"expression=score = float(if({self.masks}, null(), {'+'.join(terms)}))")
        return "score"

    def scores(self, found: Any) -> Cells:
        path = self.home / "score.bin"
        self._run("r.out.bin", "-f", f"input={found}", f"output={path}", "bytes=4", "null=-1")
        cells = np.fromfile(path, np.float32).reshape(self.shape)
        return np.where(cells < 0, np.nan, cells)

    def _bring(self, stack: Stack, name: str, layer: Cells) -> None:
        path, grid = self.home / "layer.tif", stack.grid
        size = {"width": grid.columns, "height": grid.rows, "count": 1}
        profile = {"driver": "GTiff", "dtype": layer.dtype, "crs": WORKING, "transform": grid.affine}
        with rasterio.open(path, "w", **size, **profile) as raster:
            raster.write(layer, 1)
        self._run("r.in.gdal", f"input={path}", f"output={name}")

    def _run(self, program: str, *arguments: str) -> None:
        _said([str(self.programs / program), *arguments, "--overwrite"], self.environment)


def _expression(value: ValueFunction, layer: str) -> str:
    if value.kind == "sigmoid":
        middle, rate = steepness(value)
        return f"(1.0/(1.0+exp(-1.0*({rate!r})*({layer}-{middle!r}))))"
    points = ",".join(f"{x!r},{y!r}" for x, y in zip(*knots(value), strict=True))
    return f"graph({layer},{points})"


def _said(command: list[str], environment: dict[str, str] | None = None) -> str:
    """What a program prints; raises with its words where it fails."""
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT_S, env=environment, check=False
    )
    if run.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {run.stderr.strip()[-400:]}")
    return run.stdout.strip()


class ImageOverlay:
    """The whole area as one picture of plain folium: NumPy, a colour map of matplotlib, `ImageOverlay`.

    Values are worked out beforehand, so that a changed weight costs only the sum.
    """

    note = "values kept in float32; NumPy, viridis of matplotlib, folium.Map to HTML"

    def __init__(self, stack: Stack) -> None:
        made = [valued(value, cells) for value, cells in zip(functions(), stack.criteria, strict=True)]
        self.values = np.stack(made).astype(np.float32)
        self.excluded = stack.masks.any(axis=0)

    def page(self, weights: list[int]) -> str:
        """The HTML of the map under some weights."""
        shares = np.array(weights, np.float32) / sum(weights)
        score = np.zeros(self.excluded.shape, np.float32)
        for share, values in zip(shares, self.values, strict=True):
            score += share * values
        score[self.excluded] = np.nan
        picture = mpl.colormaps["viridis"](score, bytes=True)
        drawn = folium.Map(tiles=None)
        folium.raster_layers.ImageOverlay(picture, PLACE).add_to(drawn)
        html: str = drawn.get_root().render()
        return html


PEERS: tuple[type[Peer], ...] = (NumPy, XArray, Grass)
