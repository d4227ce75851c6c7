"""Files of areas made here, whole and malicious; what they share with lines is in road_import/test_files."""

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from geo.errors import VectorError
from geo.vector_files import AREAS, LINES, Areas, layers_of, mended, open_areas

SQUARE = shapely.box(84.9, 56.4, 85.0, 56.5)
OTHER = shapely.box(85.1, 56.4, 85.2, 56.5)
BOWTIE = shapely.Polygon([(84, 56), (85, 57), (85, 56), (84, 57)])
LINE = shapely.LineString([(84.9, 56.5), (85, 56.6)])
DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile"}
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def made(folder: Path, suffix: str, *shapes: Any, **options: str) -> Path:
    path = folder / f"areas{suffix}"
    frame = geopandas.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs="EPSG:4326")
    frame.to_file(path, driver=DRIVERS[suffix], **options)
    return path


def zipped(folder: Path, **members: bytes) -> Path:
    shp, path = made(folder, ".shp", SQUARE, OTHER), folder / "areas.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for suffix in PARTS:
            name = f"парк{suffix}"
            pack.writestr(name, members.get(suffix[1:]) or shp.with_suffix(suffix).read_bytes())
    return path


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(VectorError) as caught:
        open_areas(path, **options)
    assert str(caught.value).startswith(f"{path.name}: ")
    assert "/tmp" not in str(caught.value)
    return caught.value.code


def same(got: Areas) -> None:
    assert shapely.equals(got.frame.geometry.to_numpy(), [SQUARE, OTHER]).all()
    assert got.frame.crs == "EPSG:4326"
    assert (got.left_out, got.mended) == (0, 0)


@pytest.mark.parametrize("suffix", DRIVERS)
def test_every_format_is_read_whatever_its_name(tmp_path: Path, suffix: str) -> None:
    path = made(tmp_path, suffix, SQUARE, OTHER)
    if suffix != ".shp":
        path = path.rename(tmp_path / "GPKG:области.txt")
    got = open_areas(path)
    same(got)
    assert list(got.frame.columns) == ["geometry"]


def test_a_shapefile_in_a_zip(tmp_path: Path) -> None:
    same(open_areas(zipped(tmp_path)))


def test_a_file_without_a_system_names_none(tmp_path: Path) -> None:
    path = made(tmp_path, ".shp", SQUARE)
    path.with_suffix(".prj").unlink()
    assert open_areas(path).frame.crs is None


def test_what_is_no_area_is_left_out_and_counted(tmp_path: Path) -> None:
    flat = shapely.Polygon([(84, 56), (85, 56), (84, 56)])
    path = made(tmp_path, ".geojson", SQUARE, LINE, None, shapely.Point(85, 56), flat, shapely.Polygon())
    got = open_areas(path)
    assert shapely.equals(got.frame.geometry.to_numpy(), [SQUARE]).all()
    assert got.left_out == 5


@pytest.mark.parametrize("shapes", [(LINE, LINE), (shapely.Point(85, 56),), (None,)])
def test_a_file_of_anything_else_has_no_areas(tmp_path: Path, shapes: Any) -> None:
    assert refused(made(tmp_path, ".geojson", *shapes)) == "no-areas"


def test_a_package_of_lines_has_no_layer_of_areas(tmp_path: Path) -> None:
    path = made(tmp_path, ".gpkg", LINE)
    assert refused(path) == "no-areas"
    assert refused(path, layer="areas") == "no-areas"
    assert (layers_of(path, AREAS), layers_of(path, LINES)) == ([], ["areas"])


def test_the_layer_of_areas_is_found_and_one_of_several_asked_for(tmp_path: Path) -> None:
    made(tmp_path, ".gpkg", LINE, layer="roads")
    path = made(tmp_path, ".gpkg", SQUARE, OTHER, layer="parks")
    same(open_areas(path))
    made(tmp_path, ".gpkg", OTHER, layer="licences")
    assert refused(path) == "layers"
    assert layers_of(path, AREAS) == ["parks", "licences"]
    same(open_areas(path, layer="parks"))


def test_areas_that_cross_themselves_are_mended(tmp_path: Path) -> None:
    twice = shapely.MultiPolygon([shapely.box(84, 56, 85, 57), shapely.box(84.5, 56, 86, 57)])
    got = open_areas(made(tmp_path, ".geojson", BOWTIE, SQUARE, twice))
    shapes = got.frame.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert got.mended == 2
    # Both lobes are there, and what two parts share is not cut out.
    assert shapely.area(shapes) == pytest.approx([0.5, 0.01, 2.0])


def test_mending_leaves_polygons_alone() -> None:
    tail = shapely.Polygon([(0, 0), (4, 0), (4, 4), (2, 4), (2, 9), (2, 4), (0, 4)])
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.LineString([(5, 5), (6, 6)])])
    got = mended(np.array([tail, mixed, BOWTIE], object))
    assert shapely.is_valid(got).all()
    assert set(shapely.get_type_id(got)) <= {3, 6}
    assert shapely.area(got) == pytest.approx([16, 1, 0.5])


def test_heights_are_dropped(tmp_path: Path) -> None:
    got = open_areas(made(tmp_path, ".gpkg", shapely.force_3d(SQUARE, 7.0)))
    assert not got.frame.geometry.has_z.any()


# GDAL warns of the ring; pyogrio cannot raise that.
@pytest.mark.filterwarnings("ignore")
def test_a_ring_that_is_left_open_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    ring = [[84.9, 56.4], [85.0, 56.4], [85.0, 56.5], [84.9, 56.5]]
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert open_areas(path).frame.geometry[0].equals(SQUARE)


@pytest.mark.filterwarnings("ignore")
def test_coordinates_that_are_no_numbers_are_left_out(tmp_path: Path) -> None:
    path = made(tmp_path, ".geojson", SQUARE, OTHER)
    path.write_text(path.read_text().replace("85.2", "NaN"))
    got = open_areas(path)
    assert (len(got.frame), got.left_out) == (1, 1)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.zip"])
def test_xml_that_names_other_files_is_refused(tmp_path: Path, name: str) -> None:
    secret = made(tmp_path, ".geojson", SQUARE)
    path = tmp_path / name
    path.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="areas"><SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>"
    )
    assert refused(path) == "kind"
    assert refused(zipped(tmp_path, shp=path.read_bytes())) == "kind"


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path, dbf=b"\0" * 20_000_000)
    assert path.stat().st_size < 50_000
    assert refused(path, most_unpacked=10_000_000) == "large"


def test_three_hundred_thousand_areas_are_refused_before_they_are_read(tmp_path: Path) -> None:
    x, y = np.meshgrid(np.arange(600) / 100 + 80, np.arange(500) / 100 + 55)
    squares = shapely.box(x.ravel(), y.ravel(), x.ravel() + 0.01, y.ravel() + 0.01)
    assert refused(made(tmp_path, ".gpkg", *squares)) == "many"


def test_limits(tmp_path: Path) -> None:
    path = made(tmp_path, ".gpkg", SQUARE, shapely.Point(85, 56).buffer(1, quad_segs=500))
    assert refused(path, most_bytes=1000) == "large"
    assert refused(path, most_features=1) == "many"
    assert refused(path, most_vertices=1000) == "many"
    assert len(open_areas(path, most_vertices=3000).frame) == 2
    assert refused(tmp_path / "none.gpkg") == "kind"


def test_what_is_broken_is_told(tmp_path: Path) -> None:
    path = made(tmp_path, ".geojson", SQUARE)
    path.write_bytes(path.read_bytes()[:-60])
    assert refused(path) == "unreadable"
    package = made(tmp_path, ".gpkg", SQUARE)
    package.write_bytes(package.read_bytes()[:150])
    assert refused(package) in {"kind", "unreadable"}
    (tmp_path / "t.json").write_text(json.dumps({"type": "Topology", "objects": {}, "arcs": []}))
    assert refused(tmp_path / "t.json") in {"kind", "unreadable"}
    lone = made(tmp_path, ".shp", SQUARE)
    lone.with_suffix(".shx").unlink()
    assert refused(lone) == "kind"


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    private.mkdir()
    path = zipped(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(private))
    open_areas(path)
    refused(path, most_features=1)
    assert list(private.iterdir()) == []
