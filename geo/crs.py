"""Coordinate systems: the working one, the displayed ones, and reading a position that a person typed.

Order of axes: everywhere in this project a position is (lon, lat) or (x = east, y = north). Russian
surveyors write X for north and Y for east; `parse_position` accepts both orders where the numbers tell
them apart, and `CoordinateSystem.describe` says which is which.

MSK-70 has no EPSG code. Its parameters are the two agreeing public ones (Gauss-Krüger zones of 3°, seven
parameters to WGS 84 in the coordinate-frame convention of PROJ's `+towgs84`): a community value with an
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


def displayed_systems() -> tuple[CoordinateSystem, ...]:
    """The systems in which the map shows the position under the cursor: WGS 84, UTM 45N, MSK-70 by zone."""
    utm = "+proj=utm +zone=45 +datum=WGS84 +units=m +no_defs"
    zones = (CoordinateSystem(f"msk70-{n}", f"МСК-70, {n}", msk70_proj(n)) for n in MSK70_ZONES)
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


_NUMBER = r"[-+]?\d+(?:[.,]\d+)?"
_DMS = re.compile(
    r"(?P<head>[NSEWСЮВЗ])?\s*(?P<d>\d{1,3})\s*[°º]\s*(?:(?P<m>\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?"
    r"(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"″”]|'')\s*)?(?P<tail>[NSEWСЮВЗ])?",
    re.IGNORECASE,
)
_LAT_LETTERS, _LON_LETTERS, _NEGATIVE = set("NSСЮ"), set("EWВЗ"), set("SWЮЗ")
_SIXTY = 60.0
_MSK_EAST = (1_000_000.0, 7_000_000.0)
_UTM_EAST, _UTM_NORTH = (100_000.0, 900_000.0), (5_700_000.0, 7_200_000.0)
_MSK_NORTH = (-200_000.0, 1_200_000.0)


def parse_position(text: str) -> Position | None:
    """Read a position that a person typed; None when the text does not look like one.

    Understood: decimal degrees (latitude first, as people write; longitude first where only that fits the
    region; decimal commas), degrees-minutes-seconds with Latin or Russian letters, UTM 45N and MSK-70 metres
    (zone from the first digit of the seven-digit easting; either order of axes).
    Raises `CoordinateError` when it looks like a position but lies outside the region.
    """
    dms = list(_DMS.finditer(text.upper()))
    if len(dms) == 2:
        return _from_dms(dms)
    return _from_numbers(text)


def _from_dms(parts: list[re.Match[str]]) -> Position:
    values: dict[str, float] = {}
    for default, part in zip(("lat", "lon"), parts, strict=True):
        letter = part["tail"] or part["head"] or ""
        minutes, seconds = (float((part[key] or "0").replace(",", ".")) for key in "ms")
        if minutes >= _SIXTY or seconds >= _SIXTY:
            raise CoordinateError(f"minutes and seconds stay below 60 in {part[0].strip()!r}", "minutes")
        value = float(part["d"]) + minutes / _SIXTY + seconds / _SIXTY**2
        axis = "lat" if letter in _LAT_LETTERS else "lon" if letter in _LON_LETTERS else default
        values[axis] = -value if letter in _NEGATIVE else value
    if len(values) != 2:
        raise CoordinateError("two latitudes or two longitudes are no position", "axes")
    return _checked(values["lon"], values["lat"], "dms")


def _from_numbers(text: str) -> Position | None:
    bare = re.sub(
        r"(?i)\b(?:lat|lon|x|y|х|у|с\.?\s*ш\.?|в\.?\s*д\.?|msk-?70|мск-?70|utm(?:\s*45\s*n?)?)\b[.:= ]*",
        " ",
        text,
    )
    if re.search(r"[^\d\s.,;+\-°]", bare):
        return None
    found = _split_pair(bare.replace("°", " "))
    if found is None:
        return None
    first, second = found
    if abs(first) <= 180 and abs(second) <= 180:
        lat, lon = (
            (first, second) if _in_region(second, first) or not _in_region(first, second) else (second, first)
        )
        return _checked(lon, lat, "wgs84")
    for east, north in ((first, second), (second, first)):
        if _within(east, _MSK_EAST) and _within(north, _MSK_NORTH):
            zone = int(east // 1_000_000)
            if zone in MSK70_ZONES:
                return _projected(east, north, msk70_proj(zone), f"msk70-{zone}")
        if _within(east, _UTM_EAST) and _within(north, _UTM_NORTH):
            return _projected(east, north, WORKING, "utm45")
    raise CoordinateError(f"{text.strip()!r} fits neither degrees, UTM 45N nor MSK-70", "outside")


def _split_pair(text: str) -> tuple[float, float] | None:
    """Two numbers separated by `;`, blanks or a comma, with points or commas as decimal marks."""
    for pattern in (rf"\s*({_NUMBER})\s*;\s*({_NUMBER})\s*", rf"\s*({_NUMBER})\s*,?\s+({_NUMBER})\s*"):
        if match := re.fullmatch(pattern, text):
            return float(match[1].replace(",", ".")), float(match[2].replace(",", "."))
    if match := re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?),([-+]?\d+(?:\.\d+)?)\s*", text):
        return float(match[1]), float(match[2])
    return None


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
