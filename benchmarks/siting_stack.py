"""A made-up study area: ten criteria and five limits on a square of cells, and models that weigh them.

Eight criteria are as smooth as distances, two as rough as slopes; about a third of the cells lie inside a
limit. The same size gives the same area.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.grid import Grid
from geo.siting import Model
from geo.value import ValueFunction

SEED = 20_260
CELL_M = 100.0
WEST, NORTH = 500_000.0, 6_350_000.0
FAR_M = 20_000.0
"""The greatest amount of a criterion."""
VALUES = (
    "lin~0~1~20000~0",
    "lin~0~0~12000~1",
    "lin~500~1~9000~0",
    "pw~0~1~2000~0.9~5000~0.5~12000~0.1~20000~0",
    "pw~0~0~1000~0.2~3000~0.8~8000~1~18000~0.6",
    "pw~0~1~4000~0.7~8000~0.5~12000~0.2~16000~0",
    "trap~1000~4000~10000~18000",
    "trap~0~2000~6000~12000",
    "sig~10000~15000",
    "sig~8000~3000",
)
ROUGH = (1, 8)
LIMITS = 5
INSIDE = 0.22
"""How far up the heights of a limit's field its zone reaches."""
ACCURACY_M = 60.0
_KNOT = 50
"""Cells between the knots of a smooth field."""

Rasters = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Stack:
    """Amounts of the criteria, least and greatest distances to the limits (m), and cells inside one."""

    grid: Grid
    criteria: Rasters
    near: Rasters
    far: Rasters
    masks: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, size: int) -> "Stack":
        """An area of `size` by `size` cells."""
        rng = np.random.default_rng([SEED, size])
        criteria = np.empty((len(VALUES), size, size), np.float32)
        for number in range(len(VALUES)):
            _smooth(rng, FAR_M, criteria[number])
            if number in ROUGH:
                noise = rng.normal(0, FAR_M / 40, size + 511).astype(np.float32)
                criteria[number] += np.resize(noise, (size, size))
        near = np.empty((LIMITS, size, size), np.float32)
        for number in range(LIMITS):
            _smooth(rng, FAR_M, near[number])
        near -= np.float32(FAR_M * INSIDE)
        far = near + np.float32(ACCURACY_M)
        return cls(Grid(WEST, NORTH, CELL_M, size, size), criteria, near, far, far <= 0)


def functions() -> list[ValueFunction]:
    """The value functions of the criteria."""
    return [ValueFunction.parse(text) for text in VALUES]


def weights(number: int) -> list[int]:
    """The weights of the criteria in a sample: every sample has its own."""
    drawn = np.random.default_rng([SEED, 1, number]).integers(1, 101, len(VALUES))
    return [int(weight) for weight in drawn]


def model(number: int) -> Model:
    """The model of a sample."""
    weighed = zip(weights(number), VALUES, strict=True)
    criteria = [f"c:raster.c{k}*{weight}*{text}" for k, (weight, text) in enumerate(weighed)]
    return Model.parse(";".join([*criteria, *(f"x:limit-{k}" for k in range(LIMITS))]))


def _smooth(rng: np.random.Generator, most: float, out: Rasters) -> None:
    """Fill a square with values from 0 to `most`, straight between random knots."""
    size = len(out)
    knots = size // _KNOT + 2
    at = np.arange(size) / _KNOT
    below = at.astype(int)
    share = np.zeros((size, knots), np.float32)
    share[np.arange(size), below] = 1 - (at - below)
    share[np.arange(size), below + 1] = at - below
    np.matmul(share @ (rng.random((knots, knots)) * most).astype(np.float32), share.T, out=out)
