"""Lines cut at their nodes into segments, and the network made of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.crs import REGION, WGS84, WORKING, transform
from geo.errors import NetworkError
from geo.hierarchy import Ints
from geo.network import FERRY, WINTER_ROAD, Access, Bools, Floats, Names, Network
from geo.road_import.report import EXAMPLES, Imported, Notes

MOST_SEGMENTS = 1_000_000
SURFACES = ("asphalt", "gravel", "earth", FERRY, WINTER_ROAD, "")
"""The surfaces of an imported network; "" is unknown."""
SAME_M = 0.001
"""What lies no farther apart is one place."""

Numbers = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Pieces:
    """m segments cut out of lines: the line of each, its ends and geometry (EPSG:32645); the nodes (n, 2).

    `number` is the node that each label given has become, -1 where no segment touches it.
    """

    source: Numbers
    start: Ints
    end: Ints
    lines: Names
    nodes: Floats
    number: Ints

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, eq=False)
class Columns:
    """What is known of each line before it is cut."""

    speed_kmh: Floats
    category: Names
    surface: Names
    oneway: npt.NDArray[np.int8]


def cut(xy: Floats, line: Numbers, node: Numbers, short_m: float = 0.0) -> Pieces:
    """Cut lines at their nodes into segments.

    `xy` (r, 2) are the vertices of all lines in their order (EPSG:32645), `line` the line of each, never
    falling; `node` is the label of a vertex at which its line is cut, -1 elsewhere; the first and the last
    vertex of a line need one. Nodes with no way between them become one; they are numbered as they come. A
    loop of up to `short_m` is left out.
    """
    at = np.flatnonzero(node >= 0)
    along = np.cumsum(np.r_[0.0, np.hypot(*np.diff(xy, axis=0).T)])
    same = line[at[:-1]] == line[at[1:]]
    first, last = at[:-1][same], at[1:][same]
    away = along[last] - along[first]
    touching = away <= SAME_M
    label = joined(int(node.max(initial=-1)) + 1, node[first[touching]], node[last[touching]])
    kept = (label[node[first]] != label[node[last]]) | (away > max(short_m, SAME_M))
    first, last = first[kept], last[kept]
    place = np.zeros((int(label.max(initial=-1)) + 1, 2))
    place[label[node[at[::-1]]]] = xy[at[::-1]]
    moved = xy.copy()
    moved[at] = place[label[node[at]]]
    ends = label[node[np.column_stack([first, last])]]
    used, seen = np.unique(ends, return_index=True)
    used = used[np.argsort(seen)]
    number = np.full(len(place), -1, np.int32)
    number[used] = np.arange(len(used), dtype=np.int32)
    start, end = number[ends].T.copy()
    return Pieces(line[first], start, end, _linestrings(moved, first, last), place[used], number[label])


def joined(size: int, one: Numbers, other: Numbers) -> Numbers:
    """A label for each of `size` things: the same for those that pairs join, directly or by others."""
    pairs = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    if not size:
        return np.empty(0, np.intp)
    return connected_components(pairs, directed=False)[1].astype(np.intp)


def _linestrings(xy: Floats, first: Numbers, last: Numbers) -> Names:
    """A line for each run of vertices, both ends included."""
    sizes = last - first + 1
    before = np.cumsum(sizes) - sizes
    row = np.repeat(first - before, sizes) + np.arange(int(sizes.sum()))
    return np.asarray(shapely.linestrings(xy[row], indices=np.repeat(np.arange(len(first)), sizes)), object)


def ordinals(groups: npt.NDArray[np.int64] | Numbers) -> Numbers:
    """The number of each member, from 1, within its group, in the order given."""
    order = np.argsort(groups, kind="stable")
    fresh = np.flatnonzero(np.diff(groups[order], prepend=groups[order][:1] - 1))
    found = np.empty(len(groups), np.intp)
    sizes = np.diff(np.r_[fresh, len(groups)])
    found[order] = np.arange(len(groups)) - np.repeat(fresh, sizes) + 1
    return found


def assembled(
    name: str, access: Access, pieces: Pieces, ids: Names, columns: Columns, notes: Notes
) -> Imported:
    """The network of some pieces, whose `source` numbers the rows of `columns`.

    Raises `NetworkError` where nothing is left, or all of it lies outside the region.
    """
    if not len(pieces):
        raise NetworkError(f"{name}: no road is left to import; see what the file holds", "empty")
    outside = _outside(pieces.nodes)[pieces.start]
    if outside.all():
        raise NetworkError(
            f"{name}: every road lies outside the region; give the file the coordinate system it is in",
            "outside",
        )
    notes.add("outside", ids[outside][:EXAMPLES], int(outside.sum()))
    count, row = len(pieces), pieces.source
    network = Network(
        name=name,
        ids=ids,
        start=pieces.start,
        end=pieces.end,
        nodes=pieces.nodes,
        lines=pieces.lines,
        length_m=np.asarray(shapely.length(pieces.lines), float),
        speed_kmh=columns.speed_kmh[row],
        category=columns.category[row],
        surface=columns.surface[row],
        oneway=columns.oneway[row],
        there=np.ones(count, bool),
        before_kmh=np.full(count, np.nan),
        before_surface=np.full(count, "", object),
        access=access,
    )
    return Imported(network, notes.told())


def refuse_many(name: str, count: int, most: int) -> None:
    """Raise `NetworkError` where there are more segments than may be."""
    if count > most:
        raise NetworkError(
            f"{name}: {count} segments and more; at most {most} can be imported. Cut out a smaller area",
            "many",
        )


def _outside(nodes: Floats) -> Bools:
    lon, lat = transform(nodes[:, 0], nodes[:, 1], WORKING, WGS84)
    west, south, east, north = REGION
    outside: Bools = (lon < west) | (lon > east) | (lat < south) | (lat > north)
    return outside
