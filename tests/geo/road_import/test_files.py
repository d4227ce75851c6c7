"""Vector files made here, whole and malicious, opened as tables of lines."""

import io
import json
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import pytest
import shapely

from geo.errors import NetworkError
from geo.network import Access
from geo.road_import import FieldMap, open_lines, read_lines

ACCESS = Access(40.0, 1.3, 15_000.0)
LINES = [shapely.LineString([(84.9, 56.5), (84.95, 56.5)]), shapely.LineString([(84.95, 56.5), (85, 56.52)])]
CYRILLIC = ["Шегарка", "Асино, ёлка"]
DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile"}
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def frame(**columns: object) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(
        {"name": CYRILLIC, "v": [60, 40]} | columns, geometry=LINES, crs="EPSG:4326"
    )


def file_of(folder: Path, suffix: str, **options: str) -> Path:
    path = folder / f"roads{suffix}"
    frame().to_file(path, driver=DRIVERS[suffix], **options)
    return path


def zipped(
    folder: Path, change: Callable[[dict[str, bytes]], object] = lambda _: None, encoding: str = "UTF-8"
) -> Path:
    """A shapefile as a zip, whose members a test may change first."""
    shp = file_of(folder, ".shp", encoding=encoding)
    members = {f"roads/дороги{suffix}": shp.with_suffix(suffix).read_bytes() for suffix in PARTS}
    change(members)
    path = folder / "roads.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members.items():
            pack.writestr(name, content)
    return path


def refused(path: Path, **options: int) -> str:
    with pytest.raises(NetworkError) as caught:
        open_lines(path, **options)
    assert str(caught.value).startswith(f"{path.name}: ")
    assert "/tmp" not in str(caught.value)
    return caught.value.code


def same(got: geopandas.GeoDataFrame) -> None:
    assert list(got["name"]) == CYRILLIC
    assert list(got["v"]) == [60, 40]
    assert got.crs == "EPSG:4326"
    assert shapely.equals_exact(got.geometry.to_numpy(), LINES, 1e-9).all()


@pytest.mark.parametrize("suffix", DRIVERS)
@pytest.mark.parametrize("name", [None, "roads.txt", "дороги", "a.zip", "GPKG:x"])
def test_every_format_is_known_by_its_content(tmp_path: Path, suffix: str, name: str | None) -> None:
    path = file_of(tmp_path, suffix)
    if name and suffix == ".shp":
        for part in PARTS[1:]:
            path.with_suffix(part).rename((tmp_path / name).with_suffix(part))
    same(open_lines(path.rename(tmp_path / name) if name else path))


def test_an_import_from_a_file(tmp_path: Path) -> None:
    got = read_lines(open_lines(file_of(tmp_path, ".gpkg")), FieldMap(speed="v"), "roads", ACCESS)
    assert got.figures.parts == 1
    assert list(got.network.speed_kmh) == [60, 40]


def test_a_shapefile_in_a_zip(tmp_path: Path) -> None:
    same(open_lines(zipped(tmp_path)))


def without(*suffixes: str) -> Callable[[dict[str, bytes]], object]:
    return lambda members: [members.pop(name) for name in list(members) if name.endswith(suffixes)]


@pytest.mark.parametrize("encoding", ["cp1251", "UTF-8"])
def test_a_table_without_its_encoding(tmp_path: Path, encoding: str) -> None:
    def forget(members: dict[str, bytes]) -> None:
        without(".cpg")(members)
        dbf = bytearray(members["roads/дороги.dbf"])
        dbf[29] = 0
        members["roads/дороги.dbf"] = bytes(dbf)

    assert list(open_lines(zipped(tmp_path, forget, encoding))["name"]) == CYRILLIC


@pytest.mark.parametrize(("mark", "encoding"), [(0xC9, "cp1251"), (0x26, "cp866")])
def test_a_table_that_marks_its_encoding_itself(tmp_path: Path, mark: int, encoding: str) -> None:
    def marked(members: dict[str, bytes]) -> None:
        without(".cpg")(members)
        dbf = bytearray(members["roads/дороги.dbf"])
        dbf[29] = mark
        members["roads/дороги.dbf"] = bytes(dbf)

    assert list(open_lines(zipped(tmp_path, marked, encoding))["name"]) == CYRILLIC


def test_a_shapefile_without_its_system_says_so_on_import(tmp_path: Path) -> None:
    got = open_lines(zipped(tmp_path, without(".prj")))
    assert got.crs is None
    with pytest.raises(NetworkError, match=r"\.prj"):
        read_lines(got, FieldMap(), "roads", ACCESS)


@pytest.mark.parametrize(("part", "code"), [(".shx", "kind"), (".dbf", "kind"), (".shp", "zip")])
def test_a_shapefile_must_be_whole(tmp_path: Path, part: str, code: str) -> None:
    assert refused(zipped(tmp_path, without(part))) == code


def test_one_of_several_shapefiles_is_asked_for(tmp_path: Path) -> None:
    def doubled(members: dict[str, bytes]) -> None:
        for name, content in list(members.items()):
            members[name.replace("дороги", "rails")] = content
        members["__MACOSX/roads/._x.shp"] = b"x"

    path = zipped(tmp_path, doubled)
    with pytest.raises(NetworkError, match="rails") as caught:
        open_lines(path)
    assert caught.value.code == "layers"
    same(open_lines(path, layer="rails"))
    with pytest.raises(NetworkError, match="no shapefile paths"):
        open_lines(path, layer="paths")


def test_one_of_several_layers_is_asked_for(tmp_path: Path) -> None:
    path = file_of(tmp_path, ".gpkg", layer="roads")
    points = frame().set_geometry([shapely.Point(84, 56)] * 2, crs="EPSG:4326")
    points.to_file(path, driver="GPKG", layer="stops")
    same(open_lines(path))
    frame().to_file(path, driver="GPKG", layer="more")
    with pytest.raises(NetworkError, match="roads, more") as caught:
        open_lines(path)
    assert caught.value.code == "layers"
    same(open_lines(path, layer="more"))
    with pytest.raises(NetworkError, match="no layer paths") as caught:
        open_lines(path, layer="paths")
    assert caught.value.code == "no-lines"


def test_rows_without_shapes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": '
        '[{"type": "Feature", "properties": {"a": 1}, "geometry": null}]}'
    )
    assert open_lines(path).geometry.isna().all()


SECRET = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"secret": 7},
                "geometry": {"type": "LineString", "coordinates": [[84, 56], [85, 56]]},
            }
        ],
    }
)


def vrt(folder: Path) -> bytes:
    """XML that makes GDAL read another file of the machine."""
    (folder / "secret.geojson").write_text(SECRET)
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{folder}/secret.geojson</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


@pytest.mark.parametrize("name", ["a.geojson", "a.json", "a.gpkg", "a.shp", "a.zip"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" \n"])
def test_xml_that_names_other_files_is_refused(tmp_path: Path, name: str, before: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(before + vrt(tmp_path))
    assert refused(path) == "kind"


def test_xml_as_a_member_is_refused(tmp_path: Path) -> None:
    hidden = zipped(tmp_path, lambda members: members.update({"roads/дороги.shp": vrt(tmp_path)}))
    assert refused(hidden) == "kind"


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Topology", "objects": {}, "arcs": []}',
        '{"geometryType": "esriGeometryPolyline", "features": []}',
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read /etc/passwd"}',
        '{"type": "FeatureCollection", "features": [',
        "{}",
        "{" * 5000,
    ],
)
def test_other_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text)
    assert refused(path) in {"kind", "unreadable"}


@pytest.mark.parametrize(
    "content", [b"", b"text", b"SQLite format 3\x00" + b"\0" * 90, b"PK\x03\x04broken", b"\0" * 200]
)
def test_what_is_no_vector_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(content)
    assert refused(path) in {"kind", "zip"}


def test_files_cut_short_are_refused_or_read_in_part(tmp_path: Path) -> None:
    for suffix in (".gpkg", ".geojson"):
        path = file_of(tmp_path, suffix)
        path.write_bytes(path.read_bytes()[:150])
        assert refused(path) in {"kind", "unreadable", "no-lines"}
    path = zipped(tmp_path)
    path.write_bytes(path.read_bytes()[:-30])
    assert refused(path) == "zip"


def test_a_shapefile_with_a_broken_head_is_refused(tmp_path: Path) -> None:
    assert refused(
        zipped(tmp_path, lambda members: members.update({"roads/дороги.shp": b"\0\0\x27\x0a"}))
    ) in {
        "unreadable",
        "kind",
    }


@pytest.mark.parametrize(
    "name",
    ["../x.shp", "/etc/x.shp", "a/../../x.dbf", "..\\x.shp", "C:\\x.shp", "C:/x.txt", "\\\\host\\x.shp"],
)
def test_names_that_lead_out_of_a_zip_are_refused(tmp_path: Path, name: str) -> None:
    assert refused(zipped(tmp_path, lambda members: members.update({name: b"x"}))) == "zip"
    assert not (tmp_path.parent / "x.shp").exists()


def test_links_and_passwords_in_a_zip_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path)
    link = zipfile.ZipInfo("roads/x.dbf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as pack:
        pack.writestr(link, "/etc/passwd")
    assert refused(path) == "zip"
    path = zipped(tmp_path)
    locked = bytearray(path.read_bytes())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(locked)
    assert refused(path) == "zip"


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path, lambda members: members.update({"roads/дороги.dbf": b"\0" * 20_000_000}))
    assert path.stat().st_size < 50_000
    assert refused(path, most_unpacked=10_000_000) == "large"


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    path = zipped(tmp_path, lambda members: members.update({"roads/дороги.dbf": b"\0" * 20_000_000}))
    lying = path.read_bytes().replace(struct.pack("<I", 20_000_000), struct.pack("<I", 1000))
    path.write_bytes(lying)
    assert refused(path, most_unpacked=10_000_000) == "zip"


def test_a_zip_of_very_many_files_is_refused(tmp_path: Path) -> None:
    assert (
        refused(zipped(tmp_path, lambda members: members.update({f"{n}.txt": b"" for n in range(1001)})))
        == "zip"
    )


def test_a_zip_in_a_zip_is_no_shapefile(tmp_path: Path) -> None:
    inner = io.BytesIO(zipped(tmp_path).read_bytes())
    path = tmp_path / "outer.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("roads.zip", inner.getvalue())
    assert refused(path) == "zip"


def test_limits(tmp_path: Path) -> None:
    path = file_of(tmp_path, ".gpkg")
    assert refused(path, most_bytes=1000) == "large"
    assert refused(path, most_features=1) == "many"
    shp = file_of(tmp_path, ".shp")
    assert refused(shp, most_unpacked=300) == "large"
    assert refused(tmp_path / "none.gpkg") == "kind"


def test_a_package_that_reads_other_files_is_refused(tmp_path: Path) -> None:
    """A virtual table of GDAL inside a GeoPackage names another file."""
    (tmp_path / "secret.geojson").write_text(SECRET)
    path = file_of(tmp_path, ".gpkg")
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA writable_schema = 1")
        base.execute(
            "INSERT INTO sqlite_master VALUES ('table', 'secret', 'secret', 0, "
            f"'CREATE VIRTUAL TABLE secret USING VirtualOGR(''{tmp_path}/secret.geojson'')')"
        )
        base.execute("UPDATE gpkg_contents SET table_name = 'secret'")
        base.execute("UPDATE gpkg_geometry_columns SET table_name = 'secret'")
    base.close()
    assert refused(path) in {"unreadable", "no-lines"}


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    open_lines(zipped(tmp_path))
    refused(zipped(tmp_path, lambda members: members.update({"roads/дороги.shp": vrt(tmp_path)})))
    assert list(private.iterdir()) == []
