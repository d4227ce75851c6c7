"""What a coarse cell of a raster tells of the four cells below it: a rule for each band.

A rule takes four rasters of cells (4, rows, columns), unknown ones NaN, and answers with one. Each coarser
level is made of the one below, so a rule must hold when it is applied again and again.

    mean     of those that are known
    mode     the most frequent of those that are known; of equals the first, from the north-west
    least    the least, unknown where any is
    most     the greatest, unknown where any is

Bounds of what is not known exactly need `least` of the lower and `most` of the upper one: a mean of either
would make a coarse cell surer than the cells it stands for.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Cells = npt.NDArray[np.float32]
Rule = Callable[[Cells], Cells]


def mean(four: Cells) -> Cells:
    """The mean of those that are known; of both infinities it is unknown."""
    known = ~np.isnan(four)
    with np.errstate(invalid="ignore"):
        made: Cells = np.where(known, four, np.float32(0)).sum(axis=0) / known.sum(axis=0, dtype=np.float32)
    return made


def mode(four: Cells) -> Cells:
    """The most frequent of those that are known."""
    alike = (four[:, np.newaxis] == four[np.newaxis]).sum(axis=1)
    made: Cells = np.take_along_axis(four, alike.argmax(axis=0)[np.newaxis], axis=0)[0]
    return made


def least(four: Cells) -> Cells:
    """The least, unknown where any is."""
    made: Cells = four.min(axis=0)
    return made


def most(four: Cells) -> Cells:
    """The greatest, unknown where any is."""
    made: Cells = four.max(axis=0)
    return made


def halved(bands: Cells, rules: Sequence[Rule]) -> Cells:
    """Cells twice as large of (bands, rows, columns), each band by its rule.

    Where rows or columns are odd the last one stands for the one that is missing: beyond the edge of a grid
    nothing is unknown, there is nothing.
    """
    rows, columns = bands.shape[1:]
    even = np.pad(bands, ((0, 0), (0, rows % 2), (0, columns % 2)), mode="edge")
    four = np.stack([even[:, a::2, b::2] for a in (0, 1) for b in (0, 1)])
    return np.stack([rule(four[:, band]) for band, rule in enumerate(rules)])
