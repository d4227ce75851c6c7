"""What a search for sites asks: a suitability model, the roads that are there, the area and its cells.

A model is named by a ready one (`timber`) or written out in the compact form of `geo.siting`, told apart by
its colons. The whole is a few entries of an address; which ready models there are is known to
`layers.siting`.
"""

import re
from collections.abc import Mapping
from typing import Self

from geo.crs import REGION
from geo.scenario import Scenario
from geo.shape import Shape
from geo.siting import Model
from layers.records import SLUG
from layers.style import Frozen

ENTRIES = ("model", "roads", "cell", "area", "mine")
"""The entries of an address that hold what is sought."""
CELLS_M = (25, 50, 100, 200, 500, 1000)
"""The sizes of cells that can be asked for, in metres."""
HOME_MODEL = "industrial-park"
MOST_MINE = 8
_DECIMALS = 3
Bounds = tuple[float, float, float, float]


class Sought(Frozen):
    """A model, a road scenario, the size of cells (m), and the area (W, S, E, N in degrees; None: all).

    `roads` is the scenario under which ways are timed: a ready one, or written out. `mine` are sites that the
    reader has drawn, as texts of shapes (`geo.shape`).
    """

    model: str = HOME_MODEL
    roads: str = "today"
    cell_m: int = 100
    area: Bounds | None = None
    mine: tuple[str, ...] = ()

    def params(self) -> dict[str, str]:
        """The entries of an address; what is the default is left out."""
        plain = Sought()
        texts = {
            "model": self.model if self.model != plain.model else "",
            "roads": self.roads if self.roads != plain.roads else "",
            "cell": str(self.cell_m) if self.cell_m != plain.cell_m else "",
            "area": ",".join(f"{side:.{_DECIMALS}f}" for side in self.area) if self.area else "",
            "mine": "|".join(self.mine),
        }
        return {key: text for key, text in texts.items() if text}

    @classmethod
    def parse(cls, params: Mapping[str, str]) -> tuple[Self, list[str]]:
        """What an address seeks, and the names of the entries that could not be read."""
        readers = {
            "model": ("model", _model),
            "roads": ("roads", _roads),
            "cell": ("cell_m", _cell),
            "area": ("area", _area),
            "mine": ("mine", _mine),
        }
        found: dict[str, object] = {}
        problems = []
        for key, (name, read) in readers.items():
            if text := params.get(key, ""):
                try:
                    found[name] = read(text)
                except ValueError:
                    problems.append(key)
        return cls.model_validate(found), problems


def _model(text: str) -> str:
    if re.fullmatch(SLUG, text):
        return text
    return Model.parse(text).text()


def _roads(text: str) -> str:
    if not re.fullmatch(SLUG, text):
        Scenario.parse(text, "")
    return text


def _cell(text: str) -> int:
    if not text.isdecimal() or int(text) not in CELLS_M:
        raise ValueError(text)
    return int(text)


def _mine(text: str) -> tuple[str, ...]:
    """Drawn sites, each once; a line is none."""
    shapes = dict.fromkeys(Shape.parse(part).text() for part in text.split("|") if part)
    if len(shapes) > MOST_MINE or any(shape.startswith("line") for shape in shapes):
        raise ValueError(text)
    return tuple(shapes)


def _area(text: str) -> Bounds:
    west, south, east, north = (round(float(part), _DECIMALS) for part in text.split(","))
    inside = REGION[0] <= west < east <= REGION[2] and REGION[1] <= south < north <= REGION[3]
    if not inside:
        raise ValueError(text)
    return west, south, east, north
