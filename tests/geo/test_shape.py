"""Drawn shapes: their text, their measures in EPSG:32645, what is refused; halos."""

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, Point, Polygon

from geo.crs import REGION, WGS84, WORKING, transform
from geo.errors import ShapeError
from geo.shape import (
    DECIMALS,
    LARGEST_KM2,
    MOST_POINTS,
    MOST_RADIUS_M,
    Shape,
    halo,
    to_degrees,
    to_metric,
)

TOMSK = (84.95, 56.48)
WEST, SOUTH, EAST, NORTH = REGION
POINTS = st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))


def around(east: float, north: float, *corners: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """Points in degrees that lie at the given metres (EPSG:32645) from a corner."""
    x, y = zip(*((east + dx, north + dy) for dx, dy in corners), strict=True)
    return tuple(zip(*(axis.tolist() for axis in transform(x, y, WORKING, WGS84)), strict=True))


def square(side_m: float) -> Shape:
    """A square around 84° E, 58° N, the middle of what fits into the region."""
    half = side_m / 2
    corners = (-half, -half), (half, -half), (half, half), (-half, half)
    return Shape("polygon", around(322_000, 6_430_000, *corners))


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    kind = draw(st.sampled_from(["polygon", "circle", "line"]))
    least = {"polygon": 3, "circle": 1, "line": 2}[kind]
    points = draw(st.lists(POINTS, min_size=least, max_size=8))
    radius = draw(st.integers(1 if kind == "circle" else 0, int(MOST_RADIUS_M)))
    return Shape(kind, tuple(points), float(radius))


@given(shapes())
def test_text_is_read_back(shape: Shape) -> None:
    again = Shape.parse(shape.text())
    assert (again.kind, again.radius_m, again.text()) == (shape.kind, shape.radius_m, shape.text())
    half = 0.5001 * 10**-DECIMALS
    for (lon, lat), (lon2, lat2) in zip(shape.points, again.points, strict=True):
        assert (lon2, lat2) == pytest.approx((lon, lat), abs=half)


@given(st.text(max_size=60))
def test_any_text_is_a_shape_or_refused(text: str) -> None:
    try:
        shape = Shape.parse(text)
    except ShapeError:
        return
    assert Shape.parse(shape.text()).kind == shape.kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "kind"),
        ("square:1,2;3,4;5,6", "kind"),
        ("polygon", "points"),
        ("polygon:84.9,56.4;85,56.4", "points"),
        ("line:84.9,56.4", "points"),
        ("circle~100:84.9,56.4;85,95", "region"),
        ("circle~100:", "points"),
        ("circle:84.9,56.4", "radius"),
        ("circle~0:84.9,56.4", "radius"),
        ("circle~-5:84.9,56.4", "radius"),
        ("circle~nan:84.9,56.4", "radius"),
        ("circle~inf:84.9,56.4", "radius"),
        ("circle~0.4:84.9,56.4", "radius"),
        ("circle~0.99:84.9,56.4", "radius"),
        ("circle~500001:84.9,56.4", "radius"),
        ("line~500001:84.9,56.4;85,56.4", "radius"),
        ("line~-1:84.9,56.4;85,56.4", "radius"),
        ("line:84.9,56.4;nan,56.4", "points"),
        ("line:84.9,56.4;inf,56.4", "points"),
        ("line:84.9,56.4;185,56.4", "region"),
        ("line:84.9,56.4;85,86", "region"),
        ("polygon:a,b;c,d;e,f", "text"),
        ("polygon:1;2;3", "text"),
        ("polygon:1,2,3;1,2,3;1,2,3", "text"),
        ("circle~big:84.9,56.4", "text"),
    ],
)
def test_a_text_that_is_no_shape_is_refused(text: str, code: str) -> None:
    with pytest.raises(ShapeError) as caught:
        Shape.parse(text)
    assert caught.value.code == code


def test_points_are_limited() -> None:
    ring = tuple((84.9 + i * 1e-4, 56.4) for i in range(MOST_POINTS + 1))
    with pytest.raises(ShapeError, match=str(MOST_POINTS)):
        Shape("line", ring)
    assert Shape("line", ring[:-1]).kind == "line"


@pytest.mark.parametrize("side_m", [100.0, 1000.0, 50_000.0])
def test_a_square_has_its_area_and_its_outline(side_m: float) -> None:
    assert square(side_m).area_metric().area == pytest.approx(side_m**2, rel=1e-6)
    assert square(side_m).line_metric().length == pytest.approx(4 * side_m, rel=1e-6)


def test_a_circle_has_its_area() -> None:
    area = Shape("circle", (TOMSK,), 5000).area_metric()
    assert area.area == pytest.approx(math.pi * 5000**2, rel=1e-3)
    assert shapely.distance(area.centroid, to_metric(Point(TOMSK))) < 0.01


def test_a_corridor_has_its_area() -> None:
    line = Shape("line", around(500_000, 6_260_000, (0, 0), (10_000, 0)), 500)
    assert line.line_metric().length == pytest.approx(10_000, rel=1e-6)
    assert line.area_metric().area == pytest.approx(10_000 * 1000 + math.pi * 500**2, rel=1e-3)


def test_a_line_without_a_corridor_holds_itself() -> None:
    line = Shape("line", ((84.9, 56.4), (85.0, 56.5)))
    assert line.area_metric().covers(line.line_metric())
    assert line.area_metric().area < line.line_metric().length


@given(st.floats(84, 87), st.floats(55.5, 58))
def test_areas_agree_with_the_ellipsoid(lon: float, lat: float) -> None:
    """UTM 45N keeps areas within 0.1 % over the region (EPSG:3857 is 3.3 times wrong)."""
    ring = ((lon, lat), (lon + 0.1, lat), (lon + 0.1, lat + 0.1), (lon, lat + 0.1))
    true, _ = Geod(ellps="WGS84").geometry_area_perimeter(Polygon(ring))
    assert Shape("polygon", ring).area_metric().area == pytest.approx(abs(true), rel=2e-3)


@pytest.mark.parametrize(
    ("points", "code"),
    [
        (((84, 56), (85, 57), (85, 56), (84, 57)), "crossing"),
        (((70, 52), (95, 52), (95, 64), (70, 64)), "large"),
        (((84, 56), (84, 56), (84, 56)), "crossing"),
    ],
)
def test_an_outline_that_cannot_be_measured_is_refused(points: tuple, code: str) -> None:
    with pytest.raises(ShapeError) as caught:
        Shape("polygon", points).area_metric()
    assert caught.value.code in (code, "empty")


def test_the_largest_area_is_the_limit() -> None:
    side_m = math.sqrt(LARGEST_KM2) * 1000
    assert square(side_m * 0.99).area_metric().area / 1e6 < LARGEST_KM2
    with pytest.raises(ShapeError) as caught:
        square(side_m * 1.01).area_metric()
    assert caught.value.code == "large"


@given(st.lists(st.tuples(st.floats(83, 88), st.floats(55, 58)), min_size=3, max_size=7))
def test_a_polygon_is_measured_or_refused(points: list[tuple[float, float]]) -> None:
    shape = Shape("polygon", tuple(points))
    try:
        area = shape.area_metric()
    except ShapeError as fault:
        code = fault.code
    else:
        code = ""
        assert area.is_valid
        assert 0 < area.area / 1e6 <= LARGEST_KM2
        assert shape.line_metric().length == pytest.approx(area.length)
    assert code in ("", "crossing", "empty")


@pytest.mark.parametrize(
    "text",
    [
        "polygon:0,0;1,0;1,1",
        "line:0,0;1,0",
        "circle~1000:0,0",
        "line:84,56;-5,0",
        "polygon:37.6,55.7;37.7,55.7;37.7,55.8",
        "polygon:135,48.5;135.1,48.5;135.1,48.6",
        "circle~1000:69.99,56",
        "circle~1000:95.01,56",
        "circle~1000:85,51.99",
        "circle~1000:85,64.01",
    ],
)
def test_a_shape_outside_the_region_is_refused(text: str) -> None:
    with pytest.raises(ShapeError) as caught:
        Shape.parse(text)
    assert caught.value.code == "region"


@given(POINTS)
def test_lengths_hold_over_the_whole_region(point: tuple[float, float]) -> None:
    """Away from the meridian 87° E the scale of UTM 45N grows: to 1.7 % at the western edge, no more."""
    lon, lat = min(point[0], EAST - 0.1), min(point[1], NORTH - 0.1)
    line = ((lon, lat), (lon + 0.1, lat + 0.1))
    true = Geod(ellps="WGS84").line_length(*zip(*line, strict=True))
    assert Shape("line", line).line_metric().length == pytest.approx(true, rel=0.018)


@given(POINTS, st.integers(1, int(MOST_RADIUS_M)))
def test_every_circle_of_the_region_has_an_area(point: tuple[float, float], radius_m: int) -> None:
    area = Shape("circle", (point,), radius_m).area_metric()
    assert area.area == pytest.approx(math.pi * radius_m**2, rel=1e-3)


@given(st.floats(70, 95), st.floats(52, 64))
def test_metres_and_degrees_are_each_others_inverse(lon: float, lat: float) -> None:
    again = to_degrees(to_metric(Point(lon, lat)))
    assert (again.x, again.y) == pytest.approx((lon, lat), abs=1e-8)


@pytest.mark.parametrize(
    "geometry",
    [
        Point(TOMSK),
        LineString([(84.9, 56.4), (85.0, 56.5), (85.2, 56.45)]),
        Polygon([(84.9, 56.4), (85.1, 56.4), (85.0, 56.6)]),
    ],
    ids=lambda g: g.geom_type,
)
@pytest.mark.parametrize("accuracy_m", [30.0, 1000.0, 25_000.0])
def test_a_halo_holds_the_thing_and_reaches_its_accuracy(
    geometry: shapely.Geometry, accuracy_m: float
) -> None:
    area = to_metric(halo(geometry, accuracy_m))
    drawn = to_metric(geometry)
    assert area.buffer(0.01).covers(drawn)
    rim = [Point(xy) for xy in area.exterior.coords]
    reach = [shapely.distance(point, drawn) for point in rim]
    assert max(reach) == pytest.approx(accuracy_m, rel=0.06)
    assert min(reach) > 0.9 * accuracy_m


@given(st.floats(84, 88), st.floats(56, 58), st.floats(1, 30_000))
def test_a_points_halo_is_a_disc(lon: float, lat: float, accuracy_m: float) -> None:
    area = to_metric(halo(Point(lon, lat), accuracy_m))
    assert area.area == pytest.approx(math.pi * accuracy_m**2, rel=0.02)
