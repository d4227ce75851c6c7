"""A layer of lines as a network: ends brought together, lines cut where others reach them, columns read."""

import numbers
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.crs import WORKING
from geo.errors import NetworkError
from geo.network import BOTH, Access, Bools, Floats, Names
from geo.road_import.pieces import (
    MOST_SEGMENTS,
    SAME_M,
    SURFACES,
    Columns,
    Numbers,
    Pieces,
    assembled,
    cut,
    joined,
    ordinals,
    refuse_many,
)
from geo.road_import.report import EXAMPLES, Imported, Notes
from geo.road_import.values import direction, kmh, understood

MOST_TOLERANCE_M = 100.0
MOST_VERTICES = 30_000_000
_LONGEST_TEXT = 80
_FAR_M = 2e7
"""No metre of UTM is farther from its origin."""
_CROWDED = 50
"""More neighbours than this for each end or line, on average, mean that a tolerance or a unit is wrong."""
_AT_ONCE = 512
_LINE, _LINES = 1, 5


@dataclass(frozen=True)
class FieldMap:
    """Which columns of a layer hold what; None: none does.

    `categories` and `surfaces` say what the values of the file stand for. Where `categories` names nothing,
    the values stay as they are; else one that it does not name is unknown. A surface is one of `SURFACES`.
    """

    id: str | None = None
    speed: str | None = None
    category: str | None = None
    surface: str | None = None
    oneway: str | None = None
    categories: Mapping[str, str] = field(default_factory=dict)
    surfaces: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are named."""
        named = (self.id, self.speed, self.category, self.surface, self.oneway)
        return tuple(column for column in named if column is not None)


def read_lines(
    frame: geopandas.GeoDataFrame,
    fields: FieldMap,
    name: str,
    access: Access,
    *,
    tolerance_m: float = 1.0,
    cross: bool = False,
    most_segments: int = MOST_SEGMENTS,
) -> Imported:
    """The network of a line layer in any coordinate system.

    Ends within `tolerance_m` become one node; an end that lies as near to the middle of another line cuts it.
    Lines that share a vertex meet there; others cross without meeting, as at a bridge, unless `cross`. A line
    in parts is taken apart; heights are dropped. A segment is named by its line (`id` of the field map, else
    r1, r2, ... by row), with its number added where the line has become several.

    Raises `NetworkError`: "crs", "fields", "tolerance", "many", "ids", "crowded", "empty", "outside".
    """
    _check(frame, fields, name, tolerance_m, most_segments)
    notes = Notes()
    labels = _labels(frame, fields, name)
    parts, row = _parts(frame, labels, notes)
    if not len(parts):
        raise NetworkError(f"{name}: the layer holds no line; choose a layer of roads", "empty")
    refuse_many(name, len(parts), most_segments)
    pieces = _cut(name, parts, max(tolerance_m, SAME_M), cross, labels[row], notes)
    refuse_many(name, len(pieces), most_segments)
    missing = np.setdiff1d(np.arange(len(parts)), pieces.source)
    notes.add("short", labels[row[missing]])
    rows = row[pieces.source]
    ids = _ids(labels, rows)
    used, back = np.unique(rows, return_inverse=True)
    columns = _columns(frame.iloc[used], fields, notes)
    by_row = Pieces(back.astype(np.intp), pieces.start, pieces.end, pieces.lines, pieces.nodes, pieces.number)
    return assembled(name, access, by_row, ids, columns, notes)


def _check(
    frame: geopandas.GeoDataFrame, fields: FieldMap, name: str, tolerance_m: float, most_segments: int
) -> None:
    refuse_many(name, len(frame), most_segments)
    if frame.active_geometry_name is None:
        raise NetworkError(f"{name}: the table has no lines; choose a layer of roads", "empty")
    missing = [column for column in fields.columns if column not in frame.columns]
    if missing:
        raise NetworkError(
            f"{name}: the layer has no column {', '.join(missing)}; choose of {', '.join(map(str, frame))}",
            "fields",
        )
    if not 0 <= tolerance_m <= MOST_TOLERANCE_M:
        raise NetworkError(
            f"{name}: a tolerance of {tolerance_m} m; give one from 0 to {MOST_TOLERANCE_M:.0f} m",
            "tolerance",
        )
    if frame.crs is None:
        raise NetworkError(
            f"{name}: the layer does not say which coordinate system it is in; add its .prj file, or set it "
            'before importing: frame.set_crs("EPSG:...")',
            "crs",
        )
    unknown = sorted(set(fields.surfaces.values()) - set(SURFACES))
    if unknown:
        raise NetworkError(
            f"{name}: no surface is called {', '.join(unknown)}; there are {SURFACES}", "fields"
        )


def _labels(frame: geopandas.GeoDataFrame, fields: FieldMap, name: str) -> Names:
    """What each row is called. Raises `NetworkError` where names are missing, repeated or unfit."""
    out = np.empty(len(frame), object)
    if fields.id is None:
        out[:] = [f"r{number}" for number in range(1, len(frame) + 1)]
        return out
    texts = _texts(frame[fields.id])
    where = f"{name}, column {fields.id}"
    unfit = next((text for text in texts if not text.isprintable() or len(text) > _LONGEST_TEXT), None)
    if unfit is not None:
        raise NetworkError(
            f"{where}: {unfit[:20]!r} is no id; choose a column of short plain ids or none", "ids"
        )
    if "" in texts:
        row = texts.index("") + 1
        raise NetworkError(
            f"{where}: row {row} has no id; fill it in, or choose another column or none", "ids"
        )
    values, counts = np.unique(np.array(texts, np.str_), return_counts=True)
    if len(values) < len(texts):
        twice = values[counts > 1][0]
        raise NetworkError(f"{where}: {twice!r} stands more than once; choose another column or none", "ids")
    out[:] = texts
    return out


def _parts(frame: geopandas.GeoDataFrame, labels: Names, notes: Notes) -> tuple[Names, Numbers]:
    """The single lines of a layer in EPSG:32645, and the row of each."""
    shapes = np.asarray(frame.geometry.to_numpy(), object)
    kind = shapely.get_type_id(shapes)
    empty = (kind < 0) | shapely.is_empty(shapes)
    lines = np.isin(kind, (_LINE, _LINES))
    notes.add("empty", labels[empty])
    notes.add("not-lines", labels[~empty & ~lines])
    rows = np.flatnonzero(~empty & lines)
    parts, of = shapely.get_parts(shapely.force_2d(shapes[rows]), return_index=True)
    row = rows[of]
    total = int(shapely.get_num_coordinates(parts).sum())
    if total > MOST_VERTICES:
        raise NetworkError(f"{total} vertices are more than {MOST_VERTICES}; simplify the lines", "many")
    moved = np.asarray(geopandas.GeoSeries(parts, crs=frame.crs).to_crs(WORKING).to_numpy(), object)
    bounds = shapely.bounds(moved).reshape(-1, 4)
    vertices, of_line = shapely.get_coordinates(moved, return_index=True)
    broken = np.bincount(of_line, ~np.isfinite(vertices).all(axis=1), len(moved)) > 0
    broken |= ~(np.abs(np.nan_to_num(bounds, nan=np.inf)).max(axis=1, initial=0.0) < _FAR_M)
    notes.add("broken", labels[row[broken]])
    kept = np.flatnonzero(~broken)
    point = shapely.length(moved[kept]) <= SAME_M
    notes.add("zero-length", labels[row[kept[point]]])
    kept = kept[~point]
    return moved[kept], row[kept]


def _cut(name: str, parts: Names, tolerance_m: float, cross: bool, labels: Names, notes: Notes) -> Pieces:
    """The segments between all places at which lines end or meet."""
    xy, line = shapely.get_coordinates(parts, return_index=True)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    last = np.r_[first[1:], len(line)] - 1
    spots, at = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    lines_at = np.bincount(np.unique(at * len(parts) + line) // len(parts), minlength=len(spots))
    is_end = np.bincount(at[np.r_[first, last]], minlength=len(spots)) > 0
    wanted = is_end | (lines_at > 1)
    points = np.column_stack([spots[wanted].real, spots[wanted].imag])
    ends, tree = is_end[wanted], shapely.STRtree(parts.tolist())
    if cross:
        more = _crossings(name, tree, parts)
        points, ends = np.concatenate([points, more]), np.r_[ends, np.zeros(len(more), bool)]
    label = _clusters(name, points, tolerance_m)
    order = np.cumsum(wanted) - 1
    node = np.full(len(line), -1, np.intp)
    node[first], node[last] = label[order[at[first]]], label[order[at[last]]]
    hits = _hits(name, tree, parts, points, np.where(ends, tolerance_m, SAME_M))
    own = np.column_stack([node[first], node[last]])
    hits = hits.only((label[hits.point][:, None] != own[hits.line]).all(axis=1)).nearest(label)
    place = _places(parts, points, label, hits)
    split = hits.line[ends[hits.point]]
    notes.add("lines-split", labels[np.unique(split)][:EXAMPLES], len(np.unique(split)))
    tips = np.sort(np.r_[first, last])
    moved = tips[np.hypot(*(xy - place[node])[tips].T) > SAME_M]
    notes.add("ends-moved", labels[line[moved]])
    return cut(*_with_cuts(xy, line, node, first, last, hits, label, place), short_m=2 * tolerance_m)


@dataclass(frozen=True, eq=False)
class _Hits:
    """Points that lie on lines: at `along_m` of the line, `away_m` beside it."""

    point: Numbers
    line: Numbers
    along_m: Floats
    away_m: Floats

    def only(self, wanted: Bools | Numbers) -> "_Hits":
        return _Hits(self.point[wanted], self.line[wanted], self.along_m[wanted], self.away_m[wanted])

    def nearest(self, label: Numbers) -> "_Hits":
        """The nearest one of each line and label."""
        of = label[self.point]
        order = np.lexsort((self.away_m, of, self.line))
        fresh = np.diff(of[order], prepend=-1) | np.diff(self.line[order], prepend=-1)
        return self.only(order[fresh != 0])


def _hits(name: str, tree: shapely.STRtree, parts: Names, points: Floats, reach_m: Floats) -> _Hits:
    shapes = np.asarray(shapely.points(points), object)
    point, line = _pairs(name, tree, shapes, "dwithin", reach_m)
    along = shapely.line_locate_point(parts[line], shapes[point])
    away = shapely.distance(parts[line], shapes[point])
    return _Hits(point, line, np.asarray(along, float), np.asarray(away, float))


def _pairs(
    name: str, tree: shapely.STRtree, shapes: Names, predicate: Any, distance: Floats | None = None
) -> tuple[Numbers, Numbers]:
    """Pairs of a shape and a line of the tree, looked up in small lots so that a crowd is noticed in time."""
    found, total = [np.empty((2, 0), np.intp)], 0
    for start in range(0, len(shapes), _AT_ONCE):
        lot = slice(start, start + _AT_ONCE)
        pairs = tree.query(shapes[lot], predicate, None if distance is None else distance[lot])
        total += pairs.shape[1]
        _refuse_crowd(name, total, len(shapes) + len(tree))
        found.append(pairs + np.array([[start], [0]]))
    shape, line = np.concatenate(found, axis=1)
    return shape, line


def _crossings(name: str, tree: shapely.STRtree, parts: Names) -> Floats:
    """The points at which lines cross or touch; of a common stretch its vertices."""
    one, other = _pairs(name, tree, parts, "intersects")
    above = one < other
    met = shapely.intersection(parts[one[above]], parts[other[above]])
    found: Floats = np.unique(shapely.get_coordinates(met), axis=0)
    return found


def _clusters(name: str, points: Floats, tolerance_m: float) -> Numbers:
    """A label for each point, the same for those within the tolerance."""
    tree = cKDTree(points)
    _refuse_crowd(name, int(tree.count_neighbors(tree, tolerance_m)), len(points))
    one, other = tree.query_pairs(tolerance_m, output_type="ndarray").T
    return joined(len(points), one, other)


def _refuse_crowd(name: str, pairs: int, size: int) -> None:
    if pairs > _CROWDED * size + 10_000:
        raise NetworkError(
            f"{name}: too many lines lie within the tolerance of each other; check the unit of the "
            "coordinate system, or give a smaller tolerance",
            "crowded",
        )


def _places(parts: Names, points: Floats, label: Numbers, hits: _Hits) -> Floats:
    """Where each label lies: on the line that it cuts, else amid its points."""
    counts = np.bincount(label)
    place = np.column_stack([np.bincount(label, points[:, axis]) / counts for axis in (0, 1)])
    alone = counts[label] == 1
    place[label[alone]] = points[alone]
    beside, on = np.flatnonzero(hits.away_m > SAME_M)[::-1], np.flatnonzero(hits.away_m <= SAME_M)[::-1]
    foot = shapely.line_interpolate_point(parts[hits.line[beside]], hits.along_m[beside])
    place[label[hits.point[beside]]] = shapely.get_coordinates(foot)
    place[label[hits.point[on]]] = points[hits.point[on]]
    return place


def _with_cuts(
    xy: Floats,
    line: Numbers,
    node: Numbers,
    first: Numbers,
    last: Numbers,
    hits: _Hits,
    label: Numbers,
    place: Floats,
) -> tuple[Floats, Numbers, Numbers]:
    """The vertices of all lines with those at which they are cut put in; nodes lie at their places."""
    run = np.cumsum(np.r_[0.0, np.hypot(*np.diff(xy, axis=0).T)])
    along = np.r_[run - run[first][line], hits.along_m]
    turn = np.zeros(len(along))
    turn[first], turn[last] = -1, 1
    all_line, all_node = np.r_[line, hits.line], np.r_[node, label[hits.point]]
    order = np.lexsort((along, turn, all_line))
    along, all_line, all_node = along[order], all_line[order], all_node[order]
    all_xy = np.concatenate([xy, np.zeros((len(hits.line), 2))])[order]
    known = all_node >= 0
    all_xy[known] = place[all_node[known]]
    near = (np.diff(along) <= SAME_M) & (np.diff(all_line) == 0)
    doubled = ~known & (np.r_[False, near & known[:-1]] | np.r_[near & known[1:], False])
    return all_xy[~doubled], all_line[~doubled], all_node[~doubled]


def _ids(labels: Names, rows: Numbers) -> Names:
    """Ids of the segments of some rows: the row's own, with a number where it has become several."""
    several = np.bincount(rows)[rows] > 1
    number, mark = ordinals(rows), "-"
    ids = labels[rows]
    while True:
        ids[several] = [f"{labels[r]}{mark}{n}" for r, n in zip(rows[several], number[several], strict=True)]
        if len(set(ids)) == len(ids):
            return ids
        mark += "-"


def _columns(frame: geopandas.GeoDataFrame, fields: FieldMap, notes: Notes) -> Columns:
    """What the columns say of each row."""
    count = len(frame)
    none = [""] * count
    speeds, categories, surfaces, ways = (
        none if column is None else _texts(frame[column])
        for column in (fields.speed, fields.category, fields.surface, fields.oneway)
    )
    category, surface = np.empty(count, object), np.empty(count, object)
    category[:] = understood(categories, lambda text: _category(text, fields), "", notes, "category-unread")
    surface[:] = understood(surfaces, lambda text: _surface(text, fields), "", notes, "surface-unread")
    return Columns(
        np.array(understood(speeds, kmh, float("nan"), notes, "speed-unread"), float),
        category,
        surface,
        np.array(understood(ways, direction, BOTH, notes, "oneway-unread"), np.int8),
    )


def _category(text: str, fields: FieldMap) -> str | None:
    if text in fields.categories:
        return fields.categories[text]
    plain = text.isprintable() and len(text) <= _LONGEST_TEXT
    return text if not text or (plain and not fields.categories) else None


def _surface(text: str, fields: FieldMap) -> str | None:
    found = fields.surfaces.get(text, text)
    return found if found in SURFACES else None


def _texts(values: Any) -> list[str]:
    """The values of a column as files write them; nothing is ""."""
    return [_text(value) for value in values.tolist()]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, numbers.Real) and float(value).is_integer():
        return f"{float(value):.0f}"
    return "" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
