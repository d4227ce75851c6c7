"""Areas carried to metres: whatever their system, only those of the region, and kept whole or not at all."""

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.area_import import Imported, carried, load, save
from geo.crs import REGION, WGS84, WORKING, displayed_systems, msk70_proj, transform
from geo.errors import VectorError
from geo.vector_files import Areas

SQUARE = shapely.box(84.9, 56.4, 85.0, 56.5)
MOSCOW = shapely.box(37, 55, 38, 56)


def areas(*shapes: Any, crs: str | None = WGS84, left_out: int = 0) -> Areas:
    return Areas(geopandas.GeoDataFrame(geometry=list(shapes), crs=crs), left_out, 0)


def refused(given: Areas, crs: str | None = None) -> str:
    with pytest.raises(VectorError) as caught:
        carried(given, crs)
    return caught.value.code


def corners() -> shapely.Polygon:
    """The square in metres, its sides as fine as a metre needs."""
    return shapely.transform(
        shapely.segmentize(SQUARE, 0.001),
        lambda xy: np.column_stack(transform(xy[:, 0], xy[:, 1], WGS84, WORKING)),
    )


@pytest.mark.parametrize("crs", [WGS84, WORKING, msk70_proj(4), "EPSG:3857", "EPSG:28415", "EPSG:4284"])
def test_areas_come_to_the_same_metres_from_every_system(crs: str) -> None:
    given = geopandas.GeoDataFrame(geometry=[shapely.segmentize(SQUARE, 0.001)], crs=WGS84).to_crs(crs)
    got = carried(Areas(given, 3, 1))
    assert (len(got.shapes), got.outside, got.left_out, got.mended) == (1, 0, 3, 1)
    assert got.shapes[0].symmetric_difference(corners()).area < corners().area * 1e-5
    assert got.area_m2 == pytest.approx(corners().area, rel=1e-5)


def test_a_long_side_is_bent_as_it_is_on_the_ground() -> None:
    """A side of 250 km along a parallel: its middle is not on the straight line between its ends."""
    wide = shapely.box(83, 56, 87, 56.5)
    (got,) = carried(areas(wide)).shapes
    x, y = (float(part[0]) for part in transform([85.0], [56.0], WGS84, WORKING))
    assert got.boundary.distance(shapely.Point(x, y)) < 0.5
    (straight,) = geopandas.GeoSeries([wide], crs=WGS84).to_crs(WORKING)
    assert straight.boundary.distance(shapely.Point(x, y)) > 500


def test_a_file_without_a_system_needs_one() -> None:
    metric = geopandas.GeoSeries([SQUARE], crs=WGS84).to_crs(msk70_proj(4))
    bare = areas(*metric, crs=None)
    assert refused(bare) == "crs"
    got = carried(bare, next(s.proj for s in displayed_systems() if s.id == "msk70-4"))
    assert got.shapes[0].centroid.distance(corners().centroid) < 1
    assert refused(bare, WGS84) == "outside"


def test_metres_that_are_said_to_be_degrees_need_a_system() -> None:
    """GeoJSON knows degrees alone; metres in it are a file without a system."""
    metric = geopandas.GeoSeries([SQUARE], crs=WGS84).to_crs(WORKING)
    wrong = areas(*metric, crs=WGS84)
    assert refused(wrong) == "crs"
    assert (
        carried(wrong, WORKING).shapes[0].equals_exact(carried(areas(*metric, crs=WORKING)).shapes[0], 0.01)
    )


def test_a_system_that_is_none_on_the_earth_is_asked_for() -> None:
    local = (
        'ENGCRS["Undefined Cartesian SRS",EDATUM["Unknown"],CS[Cartesian,2],'
        'AXIS["x",east],AXIS["y",north],LENGTHUNIT["m",1]]'
    )
    assert refused(areas(SQUARE, crs=local)) == "crs"


def test_only_what_touches_the_region_is_kept() -> None:
    edge = shapely.box(REGION[2] - 0.01, 56, REGION[2] + 1, 57)
    got = carried(areas(MOSCOW, SQUARE, edge))
    assert (len(got.shapes), got.outside) == (2, 1)
    assert refused(areas(MOSCOW)) == "outside"
    assert refused(areas(shapely.box(56.4, 84.9, 56.5, 85.0))) == "outside"  # latitude first


def test_an_area_of_half_the_world_is_kept_about_the_region() -> None:
    (got,) = carried(areas(shapely.box(-170, -80, 170, 85))).shapes
    assert got.is_valid
    x, y = transform([85.0, REGION[0]], [56.5, REGION[1]], WGS84, WORKING)
    assert shapely.contains_xy(got, x, y).all()
    assert np.isfinite(got.bounds).all()


@pytest.mark.parametrize("far", [1e9, 1e30, 1e308])
def test_positions_beyond_all_systems_are_outside(far: float) -> None:
    wild = shapely.Polygon([(0, 0), (far, 0), (far, far)])
    assert refused(areas(wild, crs=WORKING)) in {"outside", "many"}
    got = carried(areas(wild, *geopandas.GeoSeries([SQUARE], crs=WGS84).to_crs(WORKING), crs=WORKING))
    assert len(got.shapes) == 1


def test_outlines_far_too_long_are_refused() -> None:
    comb = shapely.Polygon([(70 + (n % 2) * 20, 52 + n / 2000) for n in range(20_000)] + [(69, 62), (69, 52)])
    assert refused(areas(comb)) == "many"


@given(
    st.lists(st.tuples(st.floats(65, 100), st.floats(48, 68)), min_size=3, max_size=8),
)
def test_whatever_is_drawn_is_valid_metres_or_told(points: list[tuple[float, float]]) -> None:
    shape = shapely.make_valid(shapely.Polygon(points), method="structure", keep_collapsed=False)
    if not shape.area:
        return
    if not shape.intersects(shapely.box(*REGION)):
        assert refused(areas(shape)) == "outside"
        return
    got = carried(areas(shape))
    assert shapely.is_valid(got.shapes).all()
    assert set(shapely.get_type_id(got.shapes)) <= {3, 6}
    assert len(got.shapes) + got.outside == 1


# --- keeping -------------------------------------------------------------------------------------------


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    got = carried(areas(SQUARE, shapely.MultiPolygon([SQUARE, shapely.box(86, 56, 86.1, 56.1)])))
    save(got.shapes, 25.5, tmp_path / "a.npz")
    shapes, accuracy = load(tmp_path / "a.npz")
    assert accuracy == 25.5
    assert shapely.equals_identical(shapes, got.shapes).all()
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive", None])
def test_what_is_no_kept_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(VectorError) as caught:
        load(tmp_path / "a.npz")
    assert caught.value.code == "kept"


def test_a_cut_or_older_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    shapes = Imported(np.array([corners()], object), "", 0, 0, 0).shapes
    save(shapes, 1.0, path)
    with np.load(path) as file:
        arrays = dict(file)
    for wrong in ({"version": np.array(0)}, {"shapes": arrays["shapes"][:-9]}, {"sizes": np.array([3])}):
        np.savez(path, **{**arrays, **wrong})
        with pytest.raises(VectorError) as caught:
            load(path)
        assert caught.value.code == "kept"
