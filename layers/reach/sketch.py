"""A small picture of a road network: its largest connected part, and what does not reach it."""

import numpy as np
import numpy.typing as npt
import shapely

from geo.network import Network

SIZE_PX = (960, 720)
MAIN, APART = (40, 125, 155), (192, 57, 43)
"""Colours that stand out on light and on dark pages alike."""
_MARGIN_PX = 6
Picture = npt.NDArray[np.uint8]


def sketch(network: Network) -> Picture:
    """The roads as pixels (height, width, RGBA) on nothing, north up; those apart are drawn on top."""
    width, height = SIZE_PX
    west, south, east, north = (float(v) for v in shapely.total_bounds(network.lines))
    room = (width - 2 * _MARGIN_PX - 1, height - 2 * _MARGIN_PX - 1)
    scale = min(room[0] / max(east - west, 1.0), room[1] / max(north - south, 1.0))
    xy, line = shapely.get_coordinates(network.lines, return_index=True)
    middle = np.array([(west + east) / 2, (south + north) / 2])
    pixel = (xy - middle) * (scale, -scale) + (width / 2, height / 2)
    apart = network.parts[network.start][line] > 0
    picture = np.zeros((height, width, 4), np.uint8)
    for colour, own in ((MAIN, ~apart), (APART, apart)):
        x, y = _dots(pixel, line, own)
        picture[y, x] = (*colour, 255)
    return picture


def _dots(
    pixel: npt.NDArray[np.float64], line: npt.NDArray[np.intp], own: npt.NDArray[np.bool_]
) -> npt.NDArray[np.intp]:
    """The pixels that the lines of some vertices pass, two wide."""
    joined = np.flatnonzero((line[1:] == line[:-1]) & own[1:])
    steps = np.ceil(np.abs(pixel[joined + 1] - pixel[joined]).max(axis=1, initial=0.0)).astype(int) + 1
    of = np.repeat(joined, steps)
    at = np.arange(len(of)) - np.repeat(np.cumsum(steps) - steps, steps)
    share = (at / np.repeat(steps, steps))[:, None]
    x, y = (pixel[of] * (1 - share) + pixel[of + 1] * share).astype(int).T
    wide = [(x + dx, y + dy) for dx in (0, 1) for dy in (0, 1)]
    return np.concatenate([np.array(pair) for pair in wide], axis=1).astype(np.intp)
