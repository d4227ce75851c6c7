"""Coordinate systems against an independent computation, and positions as people type them."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import (
    MSK70_ZONES,
    REGION,
    WGS84,
    WORKING,
    displayed_systems,
    msk70_proj,
    msk70_zone,
    parse_position,
    transform,
)
from geo.errors import CoordinateError

TOMSK = (84.95, 56.48)
MILLIMETRE = 0.001
ARC_MM_DEG = 1e-8
"""A millimetre on the ground, in degrees."""


def msk70_by_hand(lon: float, lat: float, zone: int) -> tuple[float, float]:
    """East and north (m) in MSK-70, computed without PROJ.

    WGS 84 to geocentric; the inverse of the seven-parameter transformation (position-vector rotations, as
    PROJ's `+towgs84` takes them), solved as a linear system; Krassowsky 1940 by iteration on the latitude;
    transverse Mercator by Krüger's series in n to the fourth order (Krüger 1912; Karney 2011, eq. 35).
    """
    a, f = 6378137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    phi, lam = math.radians(lat), math.radians(lon)
    radius = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    geocentric = np.array([
        radius * math.cos(phi) * math.cos(lam),
        radius * math.cos(phi) * math.sin(lam),
        radius * (1 - e2) * math.sin(phi),
    ])  # fmt: skip
    rx, ry, rz = (math.radians(seconds / 3600) for seconds in (0.0, 0.35, 0.79))
    rotation = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    shift = np.array([23.57, -140.95, -79.8])
    x, y, z = np.linalg.solve((1 - 0.22e-6) * rotation, geocentric - shift)

    a, f = 6378245.0, 1 / 298.3
    e2 = f * (2 - f)
    p = math.hypot(x, y)
    phi = math.atan2(z, p * (1 - e2))
    for _ in range(8):
        radius = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        phi = math.atan2(z + e2 * radius * math.sin(phi), p)
    lam = math.atan2(y, x) - math.radians(74 + 44 / 60 + 3 * (zone - 1))

    n = f / (2 - f)
    rectifying = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    series = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    e = math.sqrt(e2)
    conformal = math.sinh(math.atanh(math.sin(phi)) - e * math.atanh(e * math.sin(phi)))
    xi = math.atan2(conformal, math.cos(lam))
    eta = math.asinh(math.sin(lam) / math.hypot(conformal, math.cos(lam)))
    north = xi + sum(c * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, c in enumerate(series, 1))
    east = eta + sum(c * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, c in enumerate(series, 1))
    return (
        250_000 + 1_000_000 * zone + rectifying * east,
        rectifying * north - 5_912_900.566,
    )


@pytest.mark.parametrize(
    ("lon", "lat", "zone"),
    [
        (84.95, 56.48, 4),
        (86.15, 56.99, 5),
        (77.6, 60.7, 2),
        (75.0, 58.0, 1),
        (89.0, 57.0, 6),
        (81.5, 57.5, 3),
    ],
)
def test_msk70_agrees_with_an_independent_computation(lon: float, lat: float, zone: int) -> None:
    east, north = transform([lon], [lat], WGS84, msk70_proj(zone))
    assert (east[0], north[0]) == pytest.approx(msk70_by_hand(lon, lat, zone), abs=MILLIMETRE)


@given(st.floats(74, 90), st.floats(55, 61), st.sampled_from(MSK70_ZONES))
def test_msk70_comes_back_within_a_millimetre(lon: float, lat: float, zone: int) -> None:
    there = transform([lon], [lat], WGS84, msk70_proj(zone))
    back = transform(*there, msk70_proj(zone), WGS84)
    again = transform(*back, WGS84, msk70_proj(zone))
    assert math.hypot(again[0][0] - there[0][0], again[1][0] - there[1][0]) < MILLIMETRE
    assert (back[0][0], back[1][0]) == pytest.approx((lon, lat), abs=ARC_MM_DEG)


def test_the_datum_shift_is_applied() -> None:
    """Without the seven parameters a position moves by some eighty metres (TECH_NOTES 6)."""
    bare = msk70_proj(4).replace("+towgs84=23.57,-140.95,-79.8,0,0.35,0.79,-0.22", "+towgs84=0,0,0")
    shifted, plain = (transform([84.95], [56.48], WGS84, proj) for proj in (msk70_proj(4), bare))
    assert 60 < math.hypot(shifted[0][0] - plain[0][0], shifted[1][0] - plain[1][0]) < 100


def test_each_zone_has_its_meridian_and_its_false_easting() -> None:
    for zone in MSK70_ZONES:
        east, _ = transform([74.7333333 + 3 * (zone - 1)], [57.0], "EPSG:4284", msk70_proj(zone))
        assert int(east[0] // 1_000_000) == zone
        assert east[0] % 1_000_000 == pytest.approx(250_000, abs=200)


@pytest.mark.parametrize("zone", [0, 7, -1])
def test_there_are_six_zones(zone: int) -> None:
    with pytest.raises(CoordinateError, match="zones 1 to 6") as caught:
        msk70_proj(zone)
    assert caught.value.code == "zone"


@pytest.mark.parametrize(
    ("lon", "zone"), [(84.95, 4), (86.15, 5), (70.0, 1), (95.0, 6), (74.73, 1), (76.2, 1), (76.3, 2)]
)
def test_zone_of_a_longitude(lon: float, zone: int) -> None:
    assert msk70_zone(lon) == zone


@given(st.floats(-180, 180))
def test_the_chosen_zone_is_the_nearest(lon: float) -> None:
    away = {zone: abs(lon - (74.73333333333 + 3 * (zone - 1))) for zone in MSK70_ZONES}
    assert away[msk70_zone(lon)] <= min(away.values()) + 1e-9


def test_displayed_systems_carry_positions_and_have_names_of_their_own() -> None:
    systems = displayed_systems()
    assert [s.id for s in systems if s.geographic] == ["wgs84"]
    assert len({s.id for s in systems}) == len({s.name for s in systems}) == len(systems) == 8
    for system in systems:
        back = transform(*transform([84.95], [56.48], WGS84, system.proj), system.proj, WGS84)
        assert (back[0][0], back[1][0]) == pytest.approx(TOMSK, abs=ARC_MM_DEG)


def test_displayed_utm_is_the_working_system() -> None:
    utm = next(s for s in displayed_systems() if s.id == "utm45")
    ours, theirs = (transform([84.95], [56.48], WGS84, proj) for proj in (WORKING, utm.proj))
    assert np.allclose(ours, theirs, atol=MILLIMETRE)


def test_what_has_no_image_is_refused() -> None:
    with pytest.raises(CoordinateError) as caught:
        transform([84.95, math.nan], [56.48, 56.5], WGS84, WORKING)
    assert caught.value.code == "outside"


@pytest.mark.parametrize(
    "text",
    [
        "56.48, 84.95",
        "56.48 84.95",
        "56.48,84.95",
        "56.48;84.95",
        "56,48; 84,95",
        "56,48 84,95",
        "56,48, 84,95",
        "  56.48 ,  84.95  ",
        "84.95, 56.48",
        "84,95; 56,48",
        "+56.48 +84.95",
        "lat 56.48 lon 84.95",
        "lat=56.48, lon=84.95",
        "56,48 с.ш. 84,95 в.д.",
        "56,48° 84,95",
    ],
)
def test_decimal_degrees(text: str) -> None:
    place = parse_position(text)
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx(TOMSK, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "56.48° 84.95°",
        "56.48°, 84.95°",
        "56,48° с. ш. 84,95° в. д.",
        "56,48000° с. ш.\u00a0\u00a084,95000° в. д.",
        "56.48° N, 84.95° E",
        "N 56.48° E 84.95°",
        "N56.48° E84.95°",
        "56.48N 84.95E",
    ],
)
def test_decimal_degrees_with_a_sign_or_a_letter(text: str) -> None:
    """As the map itself writes the position under the cursor, for one."""
    place = parse_position(text)
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx(TOMSK, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "56°28′48″ 84°57′00″",
        "56°28'48\" 84°57'00\"",
        "56°28'48''N 84°57'00''E",
        "56° 28' 48\" N, 84° 57' 0\" E",
        "56°28′48″ с. ш. 84°57′ в. д.",
        "56°28′48″ с.ш., 84°57′00″ в.д.",
        "56°28’48” С 84°57’00” В",
        "56°28.8′N 84°57′E",
        "56°28,8′ с. ш. 84°57,0′ в. д.",
        "84°57′00″ E 56°28′48″ N",
        "N 56°28′48″, E 84°57′",
        "84°57′ в. д., 56°28′48″ с. ш.",
        "56º28′48″n 84º57′e",
    ],
)
def test_degrees_minutes_seconds(text: str) -> None:
    place = parse_position(text)
    assert place is not None
    assert (place.lon, place.lat, place.system) == (
        pytest.approx(84.95, abs=1e-9),
        pytest.approx(56.48, abs=1e-9),
        "dms",
    )


@pytest.mark.parametrize("text", ["N56°28'48\" E84°57'00\"", "N 56°28′48″ E 84°57′", "с56°28′48″ в84°57′"])
def test_degrees_minutes_seconds_with_letters_in_front(text: str) -> None:
    place = parse_position(text)
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx(TOMSK, abs=1e-9)


@pytest.mark.parametrize("template", ["{e} {n}", "{e}; {n}", "{e}, {n}", "UTM 45N {e} {n}"])
def test_utm(template: str) -> None:
    east, north = transform([84.95], [56.48], WGS84, WORKING)
    place = parse_position(template.format(e=f"{east[0]:.3f}", n=f"{north[0]:.3f}"))
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx(TOMSK, abs=ARC_MM_DEG)
    assert place.system == "utm45"


@pytest.mark.parametrize("template", ["{n} {e}", "UTM 45N {n} {e}", "utm45 {n}, {e}"])
def test_utm_with_the_northing_first(template: str) -> None:
    east, north = transform([84.95], [56.48], WGS84, WORKING)
    place = parse_position(template.format(e=f"{east[0]:.3f}", n=f"{north[0]:.3f}"))
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx(TOMSK, abs=ARC_MM_DEG)
    assert place.system == "utm45"


@pytest.mark.parametrize("zone", [4, 5])
@pytest.mark.parametrize(
    "template",
    ["{n} {e}", "{e} {n}", "{n}; {e}", "{n}, {e}", "МСК-70 {n} {e}", "МСК-70: {n} {e}", "MSK70 {n} {e}"],
)
def test_msk70_in_either_order_of_axes(zone: int, template: str) -> None:
    east, north = transform([84.95], [56.48], WGS84, msk70_proj(zone))
    place = parse_position(template.format(e=f"{east[0]:.3f}", n=f"{north[0]:.3f}"))
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx(TOMSK, abs=ARC_MM_DEG)
    assert place.system == f"msk70-{zone}"


def test_msk70_zone_6_by_name() -> None:
    east, north = transform([89.2], [57.4], WGS84, msk70_proj(6))
    place = parse_position(f"МСК-70 {north[0]:.3f} {east[0]:.3f}")
    assert place is not None
    assert (place.system, place.lon) == ("msk70-6", pytest.approx(89.2, abs=ARC_MM_DEG))


@pytest.mark.parametrize(
    "text",
    [
        "WGS 84 56,48000° с. ш.\u00a0\u00a084,95000° в. д.",
        "WGS 84 56.48000° N\u00a0\u00a084.95000° E",
        "E\u00a0373\u00a0746\u00a0\u00a0N\u00a06\u00a0261\u00a0388",
        "X\u00a0349\u00a0810\u00a0\u00a0Y\u00a04\u00a0324\u00a0999",
        "E\u00a0373,746\u00a0\u00a0N\u00a06,261,388",
        "X\u00a0349,810\u00a0\u00a0Y\u00a04,324,999",
        "UTM 45N E\u00a0373\u00a0746\u00a0\u00a0N\u00a06\u00a0261\u00a0388",
        "UTM 45N E\u00a0373,746\u00a0\u00a0N\u00a06,261,388",
        "МСК-70, 4 X\u00a0349\u00a0810\u00a0\u00a0Y\u00a04\u00a0324\u00a0999",
        "МСК-70, 4 X\u00a0349,810\u00a0\u00a0Y\u00a04,324,999",
    ],
)
def test_what_the_map_writes_under_the_cursor_can_be_typed(text: str) -> None:
    """With the name of the system before it and without, as layers/web/positions.js writes it."""
    place = parse_position(text)
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx(TOMSK, abs=1e-4)


def readouts(lon: float, lat: float, mark: str) -> dict[str, str]:
    """What the map writes under the cursor, by the system it is in; `mark` stands between the thousands."""
    zone = msk70_zone(lon)
    (ue, un), (me, mn) = (
        [f"{round(axis[0]):,}".replace(",", mark) for axis in transform([lon], [lat], WGS84, proj)]
        for proj in (WORKING, msk70_proj(zone))
    )
    return {
        "utm45": f"UTM 45N E\u00a0{ue}\u00a0\u00a0N\u00a0{un}",
        f"msk70-{zone}": f"МСК-70, {zone} X\u00a0{mn}\u00a0\u00a0Y\u00a0{me}",
    }


@given(st.floats(81, 92), st.floats(55, 62), st.sampled_from(["\u00a0", "\u202f", ","]), st.booleans())
def test_every_readout_can_be_typed(lon: float, lat: float, mark: str, named: bool) -> None:
    """With the name of its system and without, within the metre that it shows."""
    for system, text in readouts(lon, lat, mark).items():
        place = parse_position(text if named else re.sub(r"^.*(?=[EX]\u00a0)", "", text))
        assert place is not None
        assert place.system == system
        assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=2e-5)


@pytest.mark.parametrize(("lon", "lat"), [(77.6, 60.73), (80.0, 58.0), (75.1, 60.0)])
def test_the_readout_of_the_far_west_can_be_typed(lon: float, lat: float) -> None:
    place = parse_position(readouts(lon, lat, "\u00a0")["utm45"])
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=2e-5)


@pytest.mark.parametrize("east", [-400_000, -1, 0, 99_999, 900_001])
def test_eastings_of_utm_far_from_its_meridian(east: int) -> None:
    lon, lat = (axis[0] for axis in transform([east], [6_500_000], "EPSG:32645", WGS84))
    place = parse_position(f"UTM {east} 6500000")
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=1e-6)


def test_systems_are_named_in_letters_that_a_language_replaces() -> None:
    names = [system.name for system in displayed_systems()]
    assert names == ["WGS 84", "UTM 45N", *(f"MSK-70, {zone}" for zone in MSK70_ZONES)]


@pytest.mark.parametrize("template", ["X={n} Y={e}", "x: {n}, y: {e}", "Х {n} У {e}"])
def test_surveyors_letters(template: str) -> None:
    """X is north and Y is east in Russian surveying; the letters in Cyrillic as well."""
    place = parse_position(template.format(n=349810, e=4324999))
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx(TOMSK, abs=2e-5)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "Томск", "Asino", "56.48", "ул. Ленина, 36", "4 км", "1 2 3", "район 56", "56.48, 84.95, 12"],
)
def test_what_is_no_position(text: str) -> None:
    assert parse_position(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0, 0", "outside"),
        ("55.75, 37.62", "outside"),
        ("-56.48, 84.95", "outside"),
        ("56°28′48″ ю. ш. 84°57′ в. д.", "outside"),
        ("56°28′48″N 84°57′W", "outside"),
        ("56°61′00″ 84°57′", "minutes"),
        ("56°28′75″ 84°57′", "minutes"),
        ("56°28′N 84°57′N", "axes"),
        ("200 300", "outside"),
        ("9999999 9999999", "outside"),
        ("7324999 349810", "outside"),
    ],
)
def test_a_position_that_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(CoordinateError) as caught:
        parse_position(text)
    assert caught.value.code == code


REGIONAL = (st.floats(REGION[0], REGION[2]), st.floats(REGION[1], REGION[3]))


@given(*REGIONAL, st.sampled_from(["{lat:.6f}, {lon:.6f}", "{lat:.6f};{lon:.6f}", "{lat:.6f} {lon:.6f}"]))
def test_decimal_degrees_are_read_back(lon: float, lat: float, template: str) -> None:
    place = parse_position(template.format(lat=lat, lon=lon))
    assert place is not None
    assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=1e-6)


@given(*REGIONAL)
def test_a_decimal_comma_says_the_same(lon: float, lat: float) -> None:
    text = f"{lat:.6f}; {lon:.6f}"
    assert parse_position(text) == parse_position(text.replace(".", ","))


@given(st.floats(82, 88), st.floats(55, 61))
def test_metres_are_read_back(lon: float, lat: float) -> None:
    zone = msk70_zone(lon)
    for proj, system, order in (
        (WORKING, "utm45", (0, 1)),
        (msk70_proj(zone), f"msk70-{zone}", (0, 1)),
        (msk70_proj(zone), f"msk70-{zone}", (1, 0)),
    ):
        metres = [axis[0] for axis in transform([lon], [lat], WGS84, proj)]
        place = parse_position(" ".join(f"{metres[i]:.4f}" for i in order))
        assert place is not None
        assert place.system == system
        assert (place.lon, place.lat) == pytest.approx((lon, lat), abs=ARC_MM_DEG)


@given(st.text(max_size=40))
def test_any_text_is_a_position_of_the_region_or_none_or_refused(text: str) -> None:
    try:
        place = parse_position(text)
    except CoordinateError:
        return
    if place is not None:
        assert REGION[0] <= place.lon <= REGION[2]
        assert REGION[1] <= place.lat <= REGION[3]
