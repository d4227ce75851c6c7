"""A search of nine cells that is worked out by hand.

A grid of 3 by 3 cells of 200 m (4 ha each), two criteria, one limit:

    distance to a railway, weight 3: value 1 at 0 m, falling straight to 0 at 10 000 m
    minutes to Tomsk, weight 1: value 1 up to 10 minutes, falling straight to 0 at 40 minutes
    the zone of a norm; threshold 0.5, least area 8 ha

    metres                 value                minutes           value
        0   2000   4000    1     0.8   0.6       10   25   40     1     0.5   0
     5000   6000   8000    0.5   0.4   0.2        ?   16   22     ?     0.8   0.6
    10000  12000   1000    0     0     0.9      inf   13   10     0     0.9   1

The weights are shares of their sum, 0.75 and 0.25, so the score is 0.75 * first + 0.25 * second:

    1      0.725  0.45
    ?      0.5    0.3
    0      0.225  0.925

The cell in the north-west lies inside the zone for sure (50 m or more inside it): excluded. Of the one in the
south-east it cannot be told (100 m inside it to 100 m outside): unsure. What is unknown of one criterion is
unknown. What no road leads to has the value of the last knot, which is known.

    excluded  0.725  0.45
    unknown   0.5    0.3
    0         0.225  0.925 (unsure)

Suitable (0.5 and more): 3 cells of 9. The one area of 8 ha has the two cells 0.725 and 0.5: mean 0.6125; the
cell 0.925 is good but only 4 ha. In the cell 0.725 the railway loses 0.75 * 0.2 = 0.15 and the way
0.25 * 0.5 = 0.125: together 1 - 0.725.

With the attitude 2 (a cautious ordered weighted average) the values of a cell are sorted, the best first,
and weighed by Q(p) - Q(p before) with Q(p) = p squared, p the sum of the weights so far. In that cell: 0.8
(weight 0.75) and 0.5: 0.5625 * 0.8 + 0.4375 * 0.5 = 0.66875. In the middle: 0.8 (weight 0.25) and 0.4:
0.0625 * 0.8 + 0.9375 * 0.4 = 0.425.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from geo.grid import Grid
from geo.rasters import Raster, write
from layers.comparison import HOME_NETWORK
from layers.siting.basis import Basis
from layers.siting.norms import Zones
from layers.siting.rasters import Layered
from layers.siting.results import Findings
from layers.store import embedded
from tests.layers.siting.searches import sought

GRID = Grid(380_000.0, 6_260_000.0, 200.0, 3, 3)
NORM = str(embedded().records("norms").index[0])
MODEL = f"c:distance.railways*3*lin~0~1~10000~0;c:minutes.tomsk*1*pw~10~1~40~0;x:{NORM};t:0.5;a:8"
METRES = [[0, 2000, 4000], [5000, 6000, 8000], [10000, 12000, 1000]]
MINUTES = [[10, 25, 40], [np.nan, 16, 22], [np.inf, 13, 10]]
NEAR = [[-250, 500, 500], [500, 500, 500], [500, 500, -100]]
FAR = [[-50, 700, 700], [700, 700, 700], [700, 700, 100]]
ZONES = Zones(
    shapely.points([380_100.0, 380_500.0], [6_259_900.0, 6_259_500.0]),
    np.array([150.0, 0.0]),
    np.full(2, 100.0),
)
"""The records of the norm, true to 100 m, in the north-western and the south-eastern cell."""
SCORES = [[np.nan, 0.725, 0.45], [np.nan, 0.5, 0.3], [0, 0.225, 0.925]]
STATES = [["excluded", "free", "free"], ["unknown", "free", "free"], ["free", "free", "unsure"]]


def golden(model: str = MODEL) -> Findings:
    """The findings of that search: a search whose rasters are the ones written above."""
    found = Findings(embedded(), sought(model), HOME_NETWORK)
    found.grid = GRID
    found.ground = replace(found.ground, grid=GRID)
    found.basis = _Written(found.ground, found.measures, found.model.limits, found.model.requirements)
    found.__dict__["_zones"] = (ZONES,) * len(found.model.limits)
    return found


class _Written(Basis):
    """What the search rests on, as it is written above."""

    layered = property(lambda _: tuple(Layered(_raster([rows])) for rows in (METRES, MINUTES)))  # type: ignore[assignment]
    zones = property(lambda self: (_raster([NEAR, FAR]),) * len(self.limits))  # type: ignore[assignment]


def _raster(bands: list[list[list[float]]]) -> Raster:
    path = Path(tempfile.mkdtemp()) / "made.tif"
    write(path, GRID, np.array(bands, np.float32))
    return Raster(path)
