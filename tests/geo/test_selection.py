"""Selection: what must hold whatever the geometry and the accuracy."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box

from geo.crs import WORKING
from geo.selection import Verdict, length_inside_km, verdicts

AREA = box(0, 0, 1000, 1000)
NOTCHED = Polygon(
    [(0, 0), (1000, 0), (1000, 1000), (600, 1000), (600, 300), (400, 300), (400, 1000), (0, 1000)]
)
COORDS = st.floats(-1500, 2500)
RADII = st.floats(0, 3000)
AREAS = st.sampled_from(
    [AREA, NOTCHED, AREA.difference(Point(500, 500).buffer(200)), Point(300, 300).buffer(700)]
)
GEOMETRIES = st.one_of(
    st.builds(Point, COORDS, COORDS),
    st.builds(lambda a, b: LineString([a, b]), st.tuples(COORDS, COORDS), st.tuples(COORDS, COORDS)),
    st.builds(
        lambda x, y, w, h: box(x, y, x + w, y + h), COORDS, COORDS, st.floats(1, 900), st.floats(1, 900)
    ),
)


def verdict(geometry: object, accuracy_m: float, area: shapely.Geometry = AREA) -> Verdict:
    return Verdict(verdicts(gpd.GeoSeries([geometry], crs=WORKING), np.array([accuracy_m]), area)[0])


@pytest.mark.parametrize(
    ("x", "accuracy_m", "expected"),
    [
        (500, 0, Verdict.INSIDE),
        (500, 499, Verdict.INSIDE),
        (500, 501, Verdict.UNSURE),
        (990, 20, Verdict.UNSURE),
        (1010, 20, Verdict.UNSURE),
        (1010, 5, Verdict.OUTSIDE),
        (1010, 0, Verdict.OUTSIDE),
        (500, np.nan, Verdict.UNSURE),
        (1010, np.nan, Verdict.OUTSIDE),
    ],
)
def test_a_point_and_its_disc(x: float, accuracy_m: float, expected: Verdict) -> None:
    assert verdict(Point(x, 500), accuracy_m) == expected


@pytest.mark.parametrize(
    "nowhere", [None, Point(), Polygon(), LineString()], ids=["none", "point", "area", "line"]
)
@pytest.mark.parametrize("accuracy_m", [0.0, 100.0, np.nan])
def test_a_thing_without_a_place_cannot_be_told(nowhere: object, accuracy_m: float) -> None:
    assert verdict(nowhere, accuracy_m) == Verdict.UNSURE


RANK = {Verdict.OUTSIDE: 0, Verdict.UNSURE: 1, Verdict.PARTLY: 1, Verdict.INSIDE: 2}
"""How much of a thing an answer places inside."""


def test_a_line_that_crosses_cannot_be_inside() -> None:
    assert verdict(LineString([(500, 500), (1500, 500)]), 0) == Verdict.PARTLY
    assert verdict(LineString([(100, 500), (900, 500)]), 50) == Verdict.INSIDE


@pytest.mark.parametrize(
    ("geometry", "accuracy_m", "expected"),
    [
        (LineString([(500, 500), (1500, 500)]), 400, Verdict.PARTLY),
        (LineString([(500, 500), (1500, 500)]), 501, Verdict.UNSURE),
        (LineString([(950, 500), (1500, 500)]), 100, Verdict.UNSURE),
        (LineString([(500, 500), (1050, 500)]), 100, Verdict.UNSURE),
        (LineString([(-500, 500), (1500, 500)]), 100, Verdict.PARTLY),
        (LineString([(500, 500), (600, 500)]), 501, Verdict.UNSURE),
        (box(500, 0, 1500, 1000), 100, Verdict.PARTLY),
        (box(-500, -500, 1500, 1500), 100, Verdict.PARTLY),
        (box(1000, 0, 2000, 1000), 0, Verdict.UNSURE),
        (box(1000, 0, 2000, 1000), 100, Verdict.UNSURE),
        (LineString([(1000, -500), (1000, 1500)]), 0, Verdict.UNSURE),
        (box(-50, -50, 1050, 1050), 100, Verdict.UNSURE),
    ],
    ids=str,
)
def test_what_is_surely_on_both_sides_is_cut(
    geometry: shapely.Geometry, accuracy_m: float, expected: Verdict
) -> None:
    assert verdict(geometry, accuracy_m) == expected


@given(st.builds(Point, COORDS, COORDS), RADII, AREAS)
def test_a_point_is_never_cut(point: Point, accuracy_m: float, area: shapely.Geometry) -> None:
    assert verdict(point, accuracy_m, area) != Verdict.PARTLY


@given(GEOMETRIES, RADII, AREAS)
def test_what_is_cut_reaches_beyond_its_accuracy_on_both_sides(
    geometry: shapely.Geometry, accuracy_m: float, area: shapely.Geometry
) -> None:
    """However each point of the record is moved within its accuracy, one stays in and one stays out."""
    if verdict(geometry, accuracy_m, area) == Verdict.PARTLY:
        band = area.boundary.buffer(accuracy_m * 0.99)
        assert not geometry.intersection(area).difference(band).is_empty
        assert not geometry.difference(area).difference(band).is_empty


def test_a_hole_counts_as_outside() -> None:
    holed = AREA.difference(box(400, 400, 600, 600))
    assert verdict(Point(500, 500), 50, holed) == Verdict.OUTSIDE
    assert verdict(Point(500, 500), 150, holed) == Verdict.UNSURE
    assert verdict(Point(300, 300), 150, holed) == Verdict.UNSURE


@given(GEOMETRIES, RADII, AREAS)
def test_inside_means_that_the_whole_disc_is_inside(
    geometry: shapely.Geometry, accuracy_m: float, area: shapely.Geometry
) -> None:
    answer = verdict(geometry, accuracy_m, area)
    disc = geometry.buffer(accuracy_m * 0.999)
    if answer == Verdict.INSIDE:
        assert area.covers(geometry)
        assert disc.is_empty or area.buffer(1e-6).covers(disc)
    elif answer == Verdict.OUTSIDE:
        assert not area.intersects(geometry)
        assert not area.intersects(disc)


@given(GEOMETRIES, st.tuples(RADII, RADII), AREAS)
def test_knowing_worse_never_makes_sure(
    geometry: shapely.Geometry, radii: tuple[float, float], area: shapely.Geometry
) -> None:
    better, worse = sorted(radii)
    if verdict(geometry, better, area) == Verdict.UNSURE:
        assert verdict(geometry, worse, area) == Verdict.UNSURE
    else:
        assert verdict(geometry, worse, area) in (verdict(geometry, better, area), Verdict.UNSURE)


@given(GEOMETRIES, RADII, AREAS)
def test_an_unknown_accuracy_is_never_inside(
    geometry: shapely.Geometry, accuracy_m: float, area: shapely.Geometry
) -> None:
    answer = verdict(geometry, np.nan, area)
    assert answer != Verdict.INSIDE
    # What lies less than a double of metres outside is no distance away.
    assert (answer == Verdict.OUTSIDE) == (area.distance(geometry) > 0)


@given(GEOMETRIES, RADII)
def test_a_larger_area_holds_no_less(geometry: shapely.Geometry, accuracy_m: float) -> None:
    larger, smaller = (verdict(geometry, accuracy_m, area) for area in (AREA.buffer(300), AREA))
    assert RANK[larger] >= RANK[smaller]


def test_each_record_has_its_own_answer_in_order() -> None:
    crossing = LineString([(500, 500), (1500, 500)])
    places = gpd.GeoSeries(
        [Point(500, 500), None, Point(5000, 0), Point(999, 500), crossing, crossing], crs=WORKING
    )
    answers = verdicts(places, np.array([10.0, 10.0, 10.0, 10.0, 10.0, 900.0]), AREA)
    assert answers.tolist() == [
        Verdict.INSIDE, Verdict.UNSURE, Verdict.OUTSIDE, Verdict.UNSURE, Verdict.PARTLY, Verdict.UNSURE
    ]  # fmt: skip


def test_length_inside() -> None:
    lines = gpd.GeoSeries(
        [LineString([(500, 500), (1500, 500)]), LineString([(0, 2000), (10, 2000)]), LineString()],
        crs=WORKING,
    )
    assert length_inside_km(lines, AREA).tolist() == pytest.approx([0.5, 0, 0])


@given(st.tuples(COORDS, COORDS), st.tuples(COORDS, COORDS))
def test_the_lengths_in_two_halves_add_up(a: tuple[float, float], b: tuple[float, float]) -> None:
    line = gpd.GeoSeries([LineString([a, b])], crs=WORKING)
    halves = [length_inside_km(line, box(*bounds))[0] for bounds in ((0, 0, 500, 1000), (500, 0, 1000, 1000))]
    whole = length_inside_km(line, AREA)[0]
    assert whole <= line.length[0] / 1000 + 1e-9
    # A line along the common side lies in both halves.
    assert sum(halves) == pytest.approx(whole) or (a[0] == b[0] == 500)
