"""Coordinate systems: the working one, the displayed ones, and reading a position that a person typed.

Order of axes: everywhere in this project a position is (lon, lat) or (x = east, y = north). Russian
surveyors write X for north and Y for east; `parse_position` accepts both orders where the numbers tell
them apart, and `CoordinateSystem.describe` says which is which.

MSK-70 has no EPSG code. Its parameters are the two agreeing public ones (Gauss-Krüger zones of 3°, seven
parameters to WGS 84 in the position-vector convention of PROJ's `+towgs84`): a community value with an
uncertainty of some metres, to be overridden by whoever holds the official key.
"""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from geo.errors import CoordinateError

WGS84 = "EPSG:4326"
WORKING = "EPSG:32645"
"""UTM zone 45N: every metre of this project is measured here."""

MSK70_ZONES = range(1, 7)
REGION = (70.0, 52.0, 95.0, 64.0)
"""West, south, east, north (degrees) within which a typed position is believed."""

_ZONE_WIDTH_DEG = 3.0


@dataclass(frozen=True, slots=True)
class CoordinateSystem:
    """One system in which a position is shown: name, PROJ definition, whether it is in degrees."""

    id: str
    name: str
    proj: str
    geographic: bool = False


def msk70_proj(zone: int) -> str:
    """PROJ definition of zone 1..6 of MSK-70 (metres).

    Raises `CoordinateError` for another zone.
    """
    if zone not in MSK70_ZONES:
        raise CoordinateError(f"MSK-70 has zones 1 to 6, not {zone}", "zone")
    lon_0 = 74.73333333333 + _ZONE_WIDTH_DEG * (zone - 1)
    x_0 = 1_250_000 + 1_000_000 * (zone - 1)
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={lon_0:.11f} +k=1 +x_0={x_0} +y_0=-5912900.566 "
        "+ellps=krass +towgs84=23.57,-140.95,-79.8,0,0.35,0.79,-0.22 +units=m +no_defs"
    )


def msk70_zone(lon: float) -> int:
    """The MSK-70 zone whose central meridian is nearest to a longitude (degrees), held to 1..6."""
    zone = round((lon - 74.73333333333) / _ZONE_WIDTH_DEG) + 1
    return int(min(max(zone, MSK70_ZONES[0]), MSK70_ZONES[-1]))


def msk70_border(zone: int) -> float:
    """The longitude (degrees, WGS 84) at which a zone of MSK-70 gives way to the next one to the east."""
    return 74.73333333333 + _ZONE_WIDTH_DEG * (zone - 0.5)


def displayed_systems() -> tuple[CoordinateSystem, ...]:
    """The systems in which the map shows the position under the cursor: WGS 84, UTM 45N, MSK-70 by zone."""
    utm = "+proj=utm +zone=45 +datum=WGS84 +units=m +no_defs"
    zones = (CoordinateSystem(f"msk70-{n}", f"MSK-70, {n}", msk70_proj(n)) for n in MSK70_ZONES)
    return (
        CoordinateSystem("wgs84", "WGS 84", "+proj=longlat +datum=WGS84 +no_defs", geographic=True),
        CoordinateSystem("utm45", "UTM 45N", utm),
        *zones,
    )


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(CRS.from_user_input(source), CRS.from_user_input(target), always_xy=True)


def transform(
    x: npt.ArrayLike, y: npt.ArrayLike, source: str, target: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Positions (x = east or lon, y = north or lat) of one system in another; arrays of equal shape.

    Raises `CoordinateError` where a position has no image in the target system.
    """
    east, north = _transformer(source, target).transform(np.asarray(x, float), np.asarray(y, float))
    if not (np.all(np.isfinite(east)) and np.all(np.isfinite(north))):
        raise CoordinateError(f"a position cannot be carried from {source} to {target}", "outside")
    return np.asarray(east), np.asarray(north)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in WGS 84 (degrees) and the system it was read from."""

    lon: float
    lat: float
    system: str


_ITEM = (
    r"(?P<head{n}>[NSEW])?\s*(?P<d{n}>[-+]?\d{{1,3}}(?:[.,]\d+)?)\s*(?P<mark{n}>[°º])?\s*"
    r"(?:(?P<m{n}>\d{{1,2}}(?:[.,]\d+)?)\s*['′’]\s*)?(?:(?P<s{n}>\d{{1,2}}(?:[.,]\d+)?)\s*(?:[\"″”]|''))?\s*"
    r"(?(head{n})|(?P<tail{n}>[NSEW])?)"
)
_DEGREES = re.compile(rf"\s*{_ITEM.format(n=1)}[\s,;]*(?<![\d.]){_ITEM.format(n=2)}\s*")
_GROUPED = r"-?\d{1,3}(?:[ ,]\d{3})+(?:[.,]\d+)?|-?\d+(?:[.,]\d+)?"
_LABELLED = re.compile(rf"\s*([ENXY])[\s=:]*({_GROUPED})[\s,;]+([ENXY])[\s=:]*({_GROUPED})\s*")
_PLAIN = (
    re.compile(r"\s*([-+]?\d+(?:[.,]\d+)?)\s*;\s*([-+]?\d+(?:[.,]\d+)?)\s*"),
    re.compile(r"\s*([-+]?\d+(?:[.,]\d+)?)\s*,?\s+([-+]?\d+(?:[.,]\d+)?)\s*"),
    re.compile(r"\s*([-+]?\d+(?:\.\d+)?),([-+]?\d+(?:\.\d+)?)\s*"),
)
_WORDS = (
    (r"[\u00a0\u202f]", " "),
    (r"\bС\.?\s*Ш\b\.?", "N"),
    (r"\bЮ\.?\s*Ш\b\.?", "S"),
    (r"\bВ\.?\s*Д\b\.?", "E"),
    (r"\bЗ\.?\s*Д\b\.?", "W"),
    (r"\b(?:WGS[ -]?84|LAT|LON|ШИРОТА|ДОЛГОТА)\b[.:= ]*", " "),
)
_LETTERS = str.maketrans("СЮВЗХУ", "NSEWXY")
_NAMED = re.compile(
    r"\b(?:(?P<utm>UTM\s*(?:45\s*N?)?)|(?P<msk>(?:МСК|MSK)\s*-?\s*70(?:\s*,\s*[1-6]\b(?!\d))?))[ :,]*"
)
_SIXTY = 60.0
_WHOLE_TURN = 180.0
_MSK_EAST, _MSK_NORTH = (1_000_000.0, 7_000_000.0), (-200_000.0, 1_200_000.0)
_UTM_EAST, _UTM_NORTH = (-400_000.0, 999_999.0), (5_700_000.0, 7_200_000.0)
_ALIKE_ZONE = 6
"""The zone of MSK-70 whose eastings look like northings of UTM."""


def parse_position(text: str) -> Position | None:
    """Read a position that a person typed; None when the text does not look like one.

    Understood: decimal degrees (latitude first, as people write; longitude first where only that fits the
    region; decimal commas), degrees-minutes-seconds, both with Latin or Russian letters; UTM 45N and MSK-70
    metres in either order of axes, the zone of MSK-70 from the first digit of its seven-digit easting. What
    the map writes under the cursor can be typed. A name (UTM, MSK-70) decides between the two; without one,
    numbers that fit both are UTM. Raises `CoordinateError` when it looks like a position but lies outside the
    region.
    """
    bare = text.upper()
    for pattern, replacement in _WORDS:
        bare = re.sub(pattern, replacement, bare)
    named = _NAMED.search(bare)
    system = named.lastgroup if named else None
    bare = _NAMED.sub(" ", bare).translate(_LETTERS)
    degrees = _DEGREES.fullmatch(bare)
    if degrees and any(degrees[f"mark{n}"] or degrees[f"head{n}"] or degrees[f"tail{n}"] for n in (1, 2)):
        return _from_degrees(degrees)
    if labelled := _LABELLED.fullmatch(bare):
        return _from_labelled(labelled, system, text)
    for plain in _PLAIN:
        if pair := plain.fullmatch(bare):
            return _from_pair(_float(pair[1]), _float(pair[2]), system, text)
    return None


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _from_degrees(match: re.Match[str]) -> Position:
    values: dict[str, float] = {}
    for n, default in ((1, "lat"), (2, "lon")):
        letter = match[f"head{n}"] or match[f"tail{n}"] or ""
        minutes, seconds = (_float(match[f"{key}{n}"] or "0") for key in "ms")
        if minutes >= _SIXTY or seconds >= _SIXTY:
            raise CoordinateError(f"minutes and seconds stay below 60 in {match[0].strip()!r}", "minutes")
        value = _float(match[f"d{n}"]) + minutes / _SIXTY + seconds / _SIXTY**2
        axis = "lat" if letter and letter in "NS" else "lon" if letter else default
        values[axis] = -value if letter and letter in "SW" else value
    if set(values) != {"lat", "lon"}:
        raise CoordinateError("two latitudes or two longitudes are no position", "axes")
    written_whole = not any(match[f"{key}{n}"] for key in "ms" for n in (1, 2))
    return _checked(values["lon"], values["lat"], "wgs84" if written_whole else "dms")


def _from_labelled(match: re.Match[str], system: str | None, text: str) -> Position | None:
    """`E ... N ...` are UTM; `X ... Y ...` are Russian (X north), unless only the other order fits."""
    values = {match[1]: _ungrouped(match[2]), match[3]: _ungrouped(match[4])}
    if set(values) == {"E", "N"}:
        return _from_pair(values["E"], values["N"], system or "utm", text)
    if set(values) == {"X", "Y"}:
        return _from_pair(
            values["X"], values["Y"], system or ("msk" if _is_msk(values["Y"], values["X"]) else None), text
        )
    return None


def _ungrouped(text: str) -> float:
    """A number whose thousands may be set apart by blanks or commas."""
    return _float(re.sub(r"[ ,](?=\d{3}(?:\D|$))", "", text))


def _is_msk(east: float, north: float) -> bool:
    return _within(east, _MSK_EAST) and _within(north, _MSK_NORTH) and int(east // 1e6) in MSK70_ZONES


def _from_pair(first: float, second: float, system: str | None, text: str) -> Position:
    if abs(first) <= _WHOLE_TURN and abs(second) <= _WHOLE_TURN:
        swapped = _in_region(first, second) and not _in_region(second, first)
        lat, lon = (second, first) if swapped else (first, second)
        return _checked(lon, lat, "wgs84")
    orders = ((first, second), (second, first))
    utm = [pair for pair in orders if _within(pair[0], _UTM_EAST) and _within(pair[1], _UTM_NORTH)]
    msk = [pair for pair in orders if _is_msk(*pair)]
    if utm and msk and system is None:
        msk = [pair for pair in msk if int(pair[0] // 1e6) != _ALIKE_ZONE]
    if msk and system != "utm":
        east, north = msk[0]
        zone = int(east // 1e6)
        return _projected(east, north, msk70_proj(zone), f"msk70-{zone}")
    if utm and system != "msk":
        return _projected(*utm[0], WORKING, "utm45")
    raise CoordinateError(f"{text.strip()!r} fits neither degrees, UTM 45N nor MSK-70", "outside")


def _projected(east: float, north: float, proj: str, system: str) -> Position:
    lon, lat = transform([east], [north], proj, WGS84)
    return _checked(float(lon[0]), float(lat[0]), system)


def _checked(lon: float, lat: float, system: str) -> Position:
    if not _in_region(lon, lat):
        raise CoordinateError(f"{lat:.4f}, {lon:.4f} lies outside the region of this plan", "outside")
    return Position(lon, lat, system)


def _in_region(lon: float, lat: float) -> bool:
    west, south, east, north = REGION
    return west <= lon <= east and south <= lat <= north


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
