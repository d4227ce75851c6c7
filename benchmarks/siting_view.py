"""The viewport of a search as the server draws it: the tiles that a map of some pixels shows, from files.

It is the app's own way from the text of a model to the bytes of its tiles (`layers.siting.tiles`), over the
rasters of a made-up area in place of those that are made of records.
"""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from pyproj import Transformer

from benchmarks.siting_stack import Stack, model
from geo.crs import WGS84, WORKING
from geo.grid import Grid
from geo.overlay_files import overlay_to_file
from geo.rasters import Raster, write
from geo.siting import Model
from geo.suitability import Overlay
from layers.siting.basis import Basis
from layers.siting.measures import Measure
from layers.siting.rasters import Ground, Layered
from layers.siting.results import Findings
from layers.siting.tiles import SIZE, tile
from layers.store import embedded

WIDTH, HEIGHT = 1280, 800
LAYER = "site_score"


class Made(Findings):
    """What is found under a model on rasters at hand."""

    def __init__(self, text: str, basis: Basis) -> None:
        self.model, self.grid, self.basis = Model.parse(text), basis.ground.grid, basis
        self.overlay = Overlay.of(self.model, self.model.measures)


class Viewport:
    """A map about the middle of an area, of such a zoom that a pixel is about a cell."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.grid = stack.grid
        self.layered = tuple(map(Layered, self._kept(stack, folder, "c")))
        self.zones = self._kept(stack, folder, "x")
        self.basis = self._basis()
        self.layer = embedded().catalogue.layers[LAYER]
        self.tiles = _tiles(self.grid)

    def draw(self, text: str) -> list[bytes]:
        """The PNGs of all tiles in view under a model, drawn as the requests for them are: side by side."""
        found = Made(text, self.basis)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(lambda at: tile(found, self.layer, *at), self.tiles))

    def to_file(self, model: Model, target: Path) -> None:
        """The scores of the whole area under a model as a file."""
        measures = [part.raster for part in self.layered]
        overlay_to_file(measures, list(self.zones), model, target, threads=os.cpu_count() or 1)

    def _basis(self) -> Basis:
        """The measures and limits of the model, on the rasters at hand."""
        asked = model(0)
        ground = Ground(embedded(), self.grid, "", "", (0, 0))
        measures = tuple(Measure(text, "raster", text) for text in asked.measures)
        basis = Basis(ground, measures, asked.limits, asked.requirements)
        # In place of what is made of records when it is first asked for.
        basis.__dict__.update(layered=self.layered, zones=self.zones)
        return basis

    def _kept(self, stack: Stack, folder: Path, kind: str) -> tuple[Raster, ...]:
        made = []
        bands = stack.criteria[:, None] if kind == "c" else zip(stack.near, stack.far, strict=True)
        for number, values in enumerate(bands):
            path = folder / f"{kind}{number}.tif"
            write(path, self.grid, np.stack(tuple(values)))
            made.append(Raster(path))
        return tuple(made)


def _tiles(grid: Grid) -> list[tuple[int, int, int]]:
    """The addresses (z, x, y) of the tiles that a map in the middle of a grid shows."""
    west, south, east, north = grid.bounds
    lon, lat = Transformer.from_crs(WORKING, WGS84, always_xy=True).transform(
        (west + east) / 2, (south + north) / 2
    )
    around_m = 2 * math.pi * 6_378_137.0 * math.cos(math.radians(lat))
    z = round(math.log2(around_m / SIZE / grid.cell_m))
    x = (lon / 360 + 0.5) * 2**z * SIZE
    y = (0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)) * 2**z * SIZE
    columns = range(int((x - WIDTH / 2) // SIZE), int((x + WIDTH / 2) // SIZE) + 1)
    rows = range(int((y - HEIGHT / 2) // SIZE), int((y + HEIGHT / 2) // SIZE) + 1)
    return [(z, column, row) for row in rows for column in columns]
