"""A reader's file of roads on its way to being a network: what it is, which of its columns hold what.

The file lies in a private folder under a name of ours while it is read; reading it is the business of
`geo.road_import`. What is guessed here is shown to the reader, who may choose otherwise.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.impedance import LEAST_KMH
from geo.network import FERRY, WINTER_ROAD, Access
from geo.road_import import (
    SURFACES,
    FieldMap,
    Imported,
    Note,
    line_layers,
    open_lines,
    read_lines,
    read_osm,
)
from geo.road_import.report import EXAMPLES
from layers.reach.networks import MOST_SEGMENTS, editable

ENDINGS = ("osm", "pbf", "gpkg", "geojson", "json", "zip")
MOST_MB = 200
ROLES = ("speed", "category", "surface", "oneway", "id")
"""What columns of a layer of lines may hold."""
TOLERANCE_M = 1.0
_NAMES = {
    "speed": ("speed_kmh", "maxspeed", "speed", "max_speed", "speed_limit", "скорость", "skorost"),
    "category": ("highway", "fclass", "category", "technical_category", "road_class", "class", "type",
                 "категория", "kategoriya", "класс", "тип"),
    "surface": ("surface", "покрытие", "pokrytie", "pavement", "cover"),
    "oneway": ("oneway", "one_way", "одностороннее", "odnostoronnee", "direction"),
    "id": ("id", "osm_id", "segment_id", "road_id", "gid", "fid", "uid", "objectid", "код"),
}  # fmt: skip
_LIMITS = ("maxspeed", "max_speed", "speed_limit", "limit", "огранич")
_CLASSES = (
    *("motorway", "trunk", "primary", "secondary", "tertiary"),
    *("unclassified", "residential", "living_street"),
)
_NOT_FOR_CARS = frozenset(
    (
        *("footway", "path", "steps", "cycleway", "bridleway", "pedestrian", "corridor", "platform"),
        *("track", "track_grade1", "track_grade2", "track_grade3", "track_grade4", "track_grade5"),
        *("service", "raceway", "construction", "proposed"),
    )
)
"""Classes of OpenStreetMap, and of what is made of it, that an extract of it would leave out as well."""
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
_SURFACE_WORDS = {
    "asphalt": ("asphalt", "concrete", "paved", "chipseal", "sett", "cobble", "paving", "асфальт", "бетон",
                "твёрд", "твердое", "брусчат"),
    "gravel": ("gravel", "compacted", "pebble", "crushed", "грав", "щеб", "пгс", "шлак"),
    "earth": ("earth", "ground", "dirt", "soil", "sand", "mud", "grass", "unpaved", "грунт", "пес", "земл"),
    FERRY: ("ferry", "паром"),
    WINTER_ROAD: ("winter", "ice", "snow", "зимник", "лед", "лёд"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read: its title, how places join the network, whether its speeds are limits."""

    title: str
    access: Access
    share: float = 1.0
    fields: FieldMap = field(default_factory=FieldMap)
    tolerance_m: float = TOLERANCE_M
    cross: bool = False


@contextmanager
def lying(content: bytes) -> Iterator[Path]:
    """A file with that content in a private folder while it is read."""
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        yield path


def is_osm(content: bytes) -> bool:
    """Whether a file is an extract of OpenStreetMap, by its first bytes."""
    head = content[:1024]
    marked = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return head[4:15] == b"\x0a\x09OSMHeader" or (marked and b"<osm" in head)


def layers_of(content: bytes) -> list[str]:
    """The layers of a file that may hold lines. Raises `NetworkError`."""
    with lying(content) as path:
        return line_layers(path)


def lines_of(content: bytes, layer: str | None = None) -> gpd.GeoDataFrame:
    """The lines of a file with their columns. Raises `NetworkError`."""
    with lying(content) as path:
        return open_lines(path, layer=layer, most_features=MOST_SEGMENTS)


def from_osm(content: bytes, reading: Reading) -> Imported:
    """The network of an extract of OpenStreetMap. Raises `NetworkError`."""
    with lying(content) as path:
        imported = read_osm(path, reading.title, reading.access, most_segments=MOST_SEGMENTS)
    return _finished(imported, reading.share)


def from_lines(frame: gpd.GeoDataFrame, reading: Reading) -> Imported:
    """The network of the rows of a layer of lines that are for cars. Raises `NetworkError`."""
    frame, left_out = _for_cars(frame, reading.fields.category)
    imported = read_lines(
        frame,
        understood(frame, reading.fields),
        reading.title,
        reading.access,
        tolerance_m=reading.tolerance_m,
        cross=reading.cross,
        most_segments=MOST_SEGMENTS,
    )
    return _finished(Imported(imported.network, (*imported.notes, *left_out)), reading.share)


def _for_cars(frame: gpd.GeoDataFrame, column: str | None) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """The rows of a layer without those of classes that are not for cars, and what is told of these."""
    if column is None or column not in frame.columns:
        return frame, ()
    classes = frame[column].map(_text, na_action="ignore")
    other = classes.map(_bare, na_action="ignore").isin(_NOT_FOR_CARS).to_numpy()
    if not other.any():
        return frame, ()
    common = classes[other].value_counts().index[:EXAMPLES]
    return frame[~other], (Note("other-class", int(other.sum()), tuple(common)),)


def _bare(text: str) -> str:
    return text.strip().casefold().replace(" ", "_")


def _finished(imported: Imported, share: float) -> Imported:
    """The same with speeds that are driven rather than allowed, and ids that a scenario can name."""
    if share != 1.0:
        network = imported.network
        driven = np.maximum(network.speed_kmh * share, LEAST_KMH)
        imported = Imported(network.changed(speed_kmh=driven), imported.notes)
    return editable(imported)


# --- guesses -----------------------------------------------------------------------------------------


def columns(frame: gpd.GeoDataFrame) -> list[str]:
    """The columns of a layer beside its geometry."""
    return [str(column) for column in frame.columns if column != frame.active_geometry_name]


def guessed(frame: gpd.GeoDataFrame) -> FieldMap:
    """Which columns probably hold what, by their names; an id only where every row has its own."""
    there = columns(frame)
    found = {role: _named(there, _NAMES[role]) for role in ROLES}
    of_id = found["id"]
    if of_id is not None and (frame[of_id].isna().any() or frame[of_id].astype(str).duplicated().any()):
        found["id"] = None
    return FieldMap(found["id"], found["speed"], found["category"], found["surface"], found["oneway"])


def _named(there: Iterable[str], names: tuple[str, ...]) -> str | None:
    """The column that is called by one of some names, the first names first."""
    bare = {re.sub(r"[\s-]+", "_", column.casefold()): column for column in there}
    return next((bare[name] for name in names if name in bare), None)


def speaks_of_limits(column: str | None) -> bool:
    """Whether a column of speeds seems to hold what is allowed rather than what is driven."""
    return column is not None and any(mark in column.casefold() for mark in _LIMITS)


def understood(frame: gpd.GeoDataFrame, fields: FieldMap) -> FieldMap:
    """The same with what the values of category and surface stand for; what is not known is left unread."""
    categories = {text: known for text in _values(frame, fields.category) if (known := category(text))}
    surfaces = {text: known for text in _values(frame, fields.surface) if (known := surface(text))}
    return replace(fields, categories=categories or {"": ""}, surfaces=surfaces)


def _values(frame: gpd.GeoDataFrame, column: str | None) -> list[str]:
    """The different values of a column as `read_lines` compares them."""
    if column is None:
        return []
    values = pd.unique(frame[column].dropna())
    return [_text(value) for value in values]


def _text(value: object) -> str:
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return f"{float(value):.0f}" if whole else str(value).strip()  # type: ignore[arg-type]


def category(text: str) -> str:
    """A class of OpenStreetMap or a technical category (I to V) as files write it; "" where it is neither."""
    bare = _bare(text).removesuffix("_link")
    if bare in _CLASSES or bare == FERRY:
        return bare
    first = re.split(r"[^0-9a-zа-яё]", bare)[0].upper()
    first = "I" if re.fullmatch("I[ABCVАБВ]", first) and first != "IV" else first
    return first if first in _ROMAN.values() else _ROMAN.get(first, "")


def surface(text: str) -> str:
    """A surface of a network as files write it; "" where it is not known."""
    bare = text.strip().casefold()
    if bare in SURFACES:
        return bare
    known = ((kind, word) for kind, words in _SURFACE_WORDS.items() for word in words)
    return next((kind for kind, word in known if bare.startswith(word)), "")
