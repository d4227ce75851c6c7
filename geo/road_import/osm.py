"""An extract of OpenStreetMap (.osm, .pbf) as a network of motor roads and ferries.

The tags are those of the OSM wiki: highway, route=ferry, junction, oneway, access, maxspeed, surface,
ice_road, winter_road, and relations type=restriction. Only nodes of roads are held in memory, whatever the
extract's size.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from geo.crs import WGS84, WORKING, transform
from geo.errors import NetworkError
from geo.network import BOTH, FERRY, WINTER_ROAD, Access, Bools, Floats, Names
from geo.road_import.files import refuse_large
from geo.road_import.osm_turns import Restriction, bans, restriction
from geo.road_import.pieces import (
    MOST_SEGMENTS,
    Columns,
    Numbers,
    Pieces,
    assembled,
    cut,
    ordinals,
    refuse_many,
)
from geo.road_import.report import EXAMPLES, Imported, Notes
from geo.road_import.values import direction, kmh, understood
from geo.vector_files import MOST_BYTES

MOTOR_ROADS = frozenset(
    ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street")
)
"""The classes of highway that are imported unless others are asked for; a link counts as its class."""

MOST_VERTICES = 30_000_000
_VEHICLES = ("motorcar", "motor_vehicle", "vehicle", "access")
_CLOSED = frozenset(("no", "private", "agricultural", "forestry", "military", "emergency", "permit"))
_ROUND = frozenset(("roundabout", "circular"))
_SURFACES = {
    **dict.fromkeys(
        ("paved", "asphalt", "chipseal", "concrete", "concrete:lanes", "concrete:plates", "paving_stones"),
        "asphalt",
    ),
    **dict.fromkeys(("sett", "cobblestone", "unhewn_cobblestone", "metal", "wood", "bricks"), "asphalt"),
    **dict.fromkeys(("gravel", "fine_gravel", "compacted", "pebblestone", "rock", "slag"), "gravel"),
    **dict.fromkeys(("earth", "dirt", "ground", "mud", "sand", "grass", "soil", "clay", "unpaved"), "earth"),
    **dict.fromkeys(("ice", "snow"), WINTER_ROAD),
    "": "",
}
"""Surfaces of OSM as those of a network; "unpaved" says no more than that, and is taken for the worse one."""


@dataclass
class _Ways:
    """The roads of an extract as they are read: `refs` are the nodes of all ways one after the other."""

    ids: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    refs: list[int] = field(default_factory=list)
    category: list[str] = field(default_factory=list)
    surface: list[str] = field(default_factory=list)
    speed: list[str] = field(default_factory=list)
    oneway: list[str] = field(default_factory=list)


def read_osm(
    path: Path,
    name: str,
    access: Access,
    *,
    classes: Collection[str] = MOTOR_ROADS,
    most_bytes: int = MOST_BYTES,
    most_segments: int = MOST_SEGMENTS,
) -> Imported:
    """The network of the motor roads and ferries of an extract, XML or PBF by its content.

    Only roads of `classes` are taken, and no road closed to cars. Ways are cut where they share a node; a
    segment is named `w<way>-<number>`. Its category is the class of highway ("ferry" for ferries), its
    surface one of `geo.road_import.SURFACES`. Restrictions over a node become bans of turns.

    Raises `NetworkError`: "large", "kind", "unreadable", "many", "empty", "outside".
    """
    refuse_large(path, most_bytes)
    kind, notes = _kind(path), Notes()
    try:
        ways, restrictions = _read(path, kind, name, frozenset(classes), most_segments, notes)
        where = _locations(path, kind, ways)
    except (RuntimeError, ValueError, OverflowError, osmium.InvalidLocationError) as error:
        if isinstance(error, NetworkError):
            raise
        raise NetworkError(
            f"{path.name}: the extract is broken ({error}); fetch it again", "unreadable"
        ) from error
    return _network(name, access, ways, where, restrictions, most_segments, notes)


def _kind(path: Path) -> str:
    """The format of an extract by its first bytes; raises `NetworkError`."""
    with path.open("rb") as file:
        head = file.read(1024)
    if head[4:15] == b"\x0a\x09OSMHeader" and head[:1] == b"\0":
        return "pbf"
    if b"<osm" in head and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "xml"
    raise NetworkError(f"{path.name}: neither .osm nor .pbf inside; unpack it, or export it again", "kind")


def _objects(path: Path, kind: str, entities: Any, *filters: Any) -> Iterator[Any]:
    """The objects of an extract. An absolute path is never taken for an address or for a stream."""
    file = osmium.io.File(str(path.resolve()), kind)
    processor = osmium.FileProcessor(file, entities)
    for one in filters:
        processor.with_filter(one)
    return iter(processor)


def _read(
    path: Path, kind: str, name: str, classes: frozenset[str], most_segments: int, notes: Notes
) -> tuple[_Ways, list[Restriction]]:
    """The ways and the restrictions; an object that comes more than once counts as it comes last."""
    ways, restrictions, others = _Ways(), list[Restriction](), Counter[str]()
    wanted = osmium.filter.KeyFilter("highway", "route", "type")
    for one in _objects(path, kind, osmium.osm.WAY | osmium.osm.RELATION, wanted):
        tags = dict(one.tags)
        if one.is_relation():
            found = restriction(one, tags, notes) if tags.get("type", "").startswith("restriction") else None
            restrictions += [found] if found else []
            continue
        road = _road_class(tags)
        if road not in classes and road != FERRY:
            others.update([road] if road else [])
        elif one.visible and _admitted(one.id, tags, notes):
            _put(ways, one, tags, road)
            refuse_many(name, len(ways.ids), most_segments)
            if len(ways.refs) > MOST_VERTICES:
                raise NetworkError(
                    f"{name}: more than {MOST_VERTICES} vertices; cut out a smaller area", "many"
                )
    notes.add("other-class", [road for road, _ in others.most_common(EXAMPLES)], others.total())
    return ways, restrictions


def _road_class(tags: dict[str, str]) -> str:
    """The class of a way: that of its highway, "ferry", or "" where it is neither."""
    if tags.get("route") == "ferry":
        return FERRY
    return tags.get("highway", "").removesuffix("_link")


def _admitted(way: int, tags: dict[str, str], notes: Notes) -> bool:
    """Whether cars may use a way and it is a line; the most special of the access tags decides."""
    rule = next((tags[key] for key in _VEHICLES if key in tags), "")
    code = "closed" if rule in _CLOSED else "area" if tags.get("area") == "yes" else ""
    if code:
        notes.add(code, [f"w{way}"])
    return not code


def _put(ways: _Ways, way: Any, tags: dict[str, str], road: str) -> None:
    refs = [node.ref for node in way.nodes]
    ways.ids.append(way.id)
    ways.sizes.append(len(refs))
    ways.refs += refs
    ways.category.append(road)
    ways.speed.append(tags.get("maxspeed", ""))
    ways.surface.append(_surface_tag(tags, road))
    implied = tags.get("highway") == "motorway" or tags.get("junction") in _ROUND
    ways.oneway.append(tags.get("oneway", "yes" if implied else ""))


def _surface_tag(tags: dict[str, str], road: str) -> str:
    if road == FERRY:
        return FERRY
    winter = tags.get("winter_road") == "yes" or tags.get("ice_road") == "yes"
    return WINTER_ROAD if winter else tags.get("surface", "")


def _surface(text: str) -> str | None:
    return text if text in {FERRY, WINTER_ROAD} else _SURFACES.get(text.strip().lower())


@dataclass(frozen=True, eq=False)
class _Located:
    """The nodes of the roads: their ids, which have a position, and the positions (EPSG:32645)."""

    at: Numbers
    ids: Numbers
    known: Bools
    xy: Floats


def _locations(path: Path, kind: str, ways: _Ways) -> _Located:
    """Where the nodes of the ways are; the file is read once more, for these nodes only."""
    ids, at = np.unique(np.array(ways.refs, np.int64), return_inverse=True)
    lonlat = np.full((len(ids), 2), np.nan)
    if len(ids):
        wanted = ids.tolist()
        row = dict(zip(wanted, range(len(wanted)), strict=True))
        only = [osmium.filter.IdFilter(wanted)] if wanted[0] >= 0 else []
        for node in _objects(path, kind, osmium.osm.NODE, *only):
            place = node.location
            if place.valid() and node.id in row:
                lonlat[row[node.id]] = place.lon, place.lat
    known = ~np.isnan(lonlat[:, 0])
    xy = np.zeros(lonlat.shape)
    xy[known] = np.column_stack(transform(lonlat[known, 0], lonlat[known, 1], WGS84, WORKING))
    return _Located(at, ids, known, xy)


def _network(
    name: str,
    access: Access,
    ways: _Ways,
    where: _Located,
    restrictions: list[Restriction],
    most_segments: int,
    notes: Notes,
) -> Imported:
    """Cut the ways and put together what is known of them."""
    if not ways.ids:
        raise NetworkError(f"{name}: no motor road is in the extract; see what it holds", "empty")
    pieces, way_ids = _cut(ways, where, notes), np.array(ways.ids, np.int64)
    refuse_many(name, len(pieces), most_segments)
    numbers = zip(way_ids[pieces.source].tolist(), ordinals(pieces.source).tolist(), strict=True)
    ids = _objects_of([f"w{way}-{number}" for way, number in numbers])
    columns = Columns(
        np.array(understood(ways.speed, kmh, float("nan"), notes, "speed-unread"), float),
        _objects_of(ways.category),
        _objects_of(understood(ways.surface, _surface, "", notes, "surface-unread")),
        np.array(understood(ways.oneway, direction, BOTH, notes, "oneway-unread"), np.int8),
    )
    made = assembled(name, access, pieces, ids, columns, notes).network
    nodes = {int(where.ids[label]): int(pieces.number[label]) for label in np.flatnonzero(pieces.number >= 0)}
    found = bans(restrictions, made, way_ids[pieces.source], nodes, notes)
    return Imported(made.changed(bans=found), notes.told())


def _cut(ways: _Ways, where: _Located, notes: Notes) -> Pieces:
    """The segments between all nodes at which ways end or meet; a gap in what is known ends a way too."""
    count, ids = len(ways.ids), np.array(ways.ids, np.int64)
    way = np.repeat(np.arange(count), ways.sizes)
    newest = np.zeros(count, bool)
    newest[count - 1 - np.unique(ids[::-1], return_index=True)[1]] = True
    notes.add("repeated", [f"w{id_}" for id_ in ids[~newest]])
    gaps = np.unique(way[newest[way] & ~where.known[where.at]])
    notes.add("incomplete", [f"w{id_}" for id_ in ids[gaps]])
    kept = newest[way] & where.known[where.at]
    fresh = np.diff(way, prepend=-1) != 0
    run = np.cumsum(fresh | np.r_[True, ~kept[:-1]])[kept]
    way, node = way[kept], where.at[kept]
    stays = (np.diff(node, prepend=-1) != 0) | (np.diff(run, prepend=-1) != 0)
    run, way, node = run[stays], way[stays], node[stays]
    long = np.bincount(run, minlength=1)[run] > 1
    run, way, node = run[long], way[long], node[long]
    end = (np.diff(run, prepend=-1) != 0) | (np.diff(run, append=-1) != 0)
    meets = end | (np.bincount(node, minlength=1)[node] > 1)
    pieces = cut(where.xy[node], run, np.where(meets, node, -1))
    way_of = np.zeros(int(run.max(initial=0)) + 1, np.intp)
    way_of[run] = way
    source = way_of[pieces.source]
    rest = np.setdiff1d(np.flatnonzero(newest), np.r_[source, gaps])
    notes.add("short", [f"w{id_}" for id_ in ids[rest]])
    return replace(pieces, source=source)


def _objects_of(texts: list[str]) -> Names:
    out = np.empty(len(texts), object)
    out[:] = texts
    return out
