"""The closed drivers of GDAL, tried in a process of their own: the settings are read at the first import."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from geo.gdal_safety import SERVICES, VIRTUAL

ROOT = Path(__file__).resolve().parents[2]

ATTEMPTS = r"""
import geo
import http.server, json, os, sys, threading, warnings, zipfile
from pathlib import Path

import geopandas, numpy, pyogrio, rasterio, shapely
from rasterio.transform import from_origin

warnings.simplefilter("ignore")
here = Path(sys.argv[1])
asked = []


class Listener(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append(self.path)
        body = (here / "plain.geojson").read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
threading.Thread(target=server.serve_forever, daemon=True).start()
web = f"http://127.0.0.1:{server.server_port}"

frame = geopandas.GeoDataFrame({"n": [7]}, geometry=[shapely.Point(84.95, 56.48)], crs="EPSG:4326")
for name, driver in (("plain.geojson", "GeoJSON"), ("plain.gpkg", "GPKG")):
    frame.to_file(here / name, driver=driver)
with rasterio.open(here / "plain.tif", "w", driver="GTiff", width=4, height=4, count=1, dtype="uint8",
                   crs="EPSG:4326", transform=from_origin(84, 57, 1, 1)) as raster:
    raster.write(numpy.full((1, 4, 4), 77, "uint8"))

vector_vrt = ('<OGRVRTDataSource><OGRVRTLayer name="plain">'
              f'<SrcDataSource>{here}/plain.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>')
raster_vrt = ('<VRTDataset rasterXSize="4" rasterYSize="4"><VRTRasterBand dataType="Byte" band="1">'
              '<SimpleSource>'
              f'<SourceFilename>{here}/plain.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>')
mrf = (f'<MRF_META><CachedSource><Source>{here}/plain.tif</Source></CachedSource><Raster>'
       '<Size x="4" y="4" c="1"/><PageSize x="4" y="4" c="1"/><Compression>NONE</Compression>'
       '<DataType>Byte</DataType></Raster></MRF_META>')
wms = f'<GDAL_WMS><Service name="TMS"><ServerUrl>{web}/${{z}}/${{x}}/${{y}}</ServerUrl></Service></GDAL_WMS>'
wfs = f"<OGRWFSDataSource><URL>{web}/wfs</URL></OGRWFSDataSource>"
for name, text in {
    "vrt.geojson": vector_vrt, "vrt.shp": vector_vrt, "vrt.gpkg": vector_vrt, "vrt.tif": raster_vrt,
    "mrf.tif": mrf, "wms.tif": wms, "wfs.geojson": wfs,
}.items():
    (here / name).write_text(text)
with zipfile.ZipFile(here / "vrt.zip", "w") as pack:
    pack.writestr("layer.shp", vector_vrt)


def raster_sum(path):
    with rasterio.open(path) as raster:
        return int(raster.read().sum())


def vector_sum(path):
    return int(geopandas.read_file(path)["n"].sum())


def arrow_rows(path):
    return int(pyogrio.read_dataframe(path)["n"].sum())


answers = {}
for key, (read, path) in {
    "plain geojson": (vector_sum, here / "plain.geojson"),
    "plain gpkg": (vector_sum, here / "plain.gpkg"),
    "plain tif": (raster_sum, here / "plain.tif"),
    "vrt geojson": (vector_sum, here / "vrt.geojson"),
    "vrt geojson pyogrio": (arrow_rows, here / "vrt.geojson"),
    "vrt shp": (vector_sum, here / "vrt.shp"),
    "vrt gpkg": (vector_sum, here / "vrt.gpkg"),
    "vrt zip": (vector_sum, here / "vrt.zip"),
    "vrt zip member": (arrow_rows, f"/vsizip/{here}/vrt.zip/layer.shp"),
    "vrt text": (arrow_rows, vector_vrt),
    "vrt tif": (raster_sum, here / "vrt.tif"),
    "vrt raster text": (raster_sum, raster_vrt),
    "vrt raster address": (raster_sum, f"vrt://{here}/plain.tif"),
    "mrf tif": (raster_sum, here / "mrf.tif"),
    "wms tif": (raster_sum, here / "wms.tif"),
    "wfs geojson": (vector_sum, here / "wfs.geojson"),
    "web vsicurl": (arrow_rows, f"/vsicurl/{web}/plain.geojson"),
    "web vsicurl option": (arrow_rows, f"/vsicurl?url={web}/plain.geojson&empty_dir=yes"),
    "web vsicurl streaming": (arrow_rows, f"/vsicurl_streaming/{web}/plain.geojson"),
    "web vsicurl zip": (arrow_rows, f"/vsizip//vsicurl/{web}/plain.zip"),
    "web vsicurl raster": (raster_sum, f"/vsicurl/{web}/plain.tif"),
    "web address raster": (raster_sum, f"{web}/plain.tif"),
    "web address pyogrio": (arrow_rows, f"{web}/plain.geojson"),
    "web wfs": (arrow_rows, f"WFS:{web}/wfs"),
    "web oapif": (arrow_rows, f"OAPIF:{web}"),
    "web wms": (raster_sum, f"WMS:{web}"),
    "web geojson prefix": (arrow_rows, f"GeoJSON:{web}/plain.geojson"),
    "web esrijson prefix": (arrow_rows, f"ESRIJSON:{web}/plain.json"),
    "web elasticsearch": (arrow_rows, f"ES:{web}"),
    "web netcdf": (raster_sum, f'NETCDF:"{web}/a.nc":x'),
}.items():
    before = len(asked)
    try:
        answer = read(path)
    except Exception as refusal:
        answer = f"refused: {type(refusal).__name__}"
    answers[key] = {"answer": answer, "asked": asked[before:]}

with rasterio.Env() as env:
    raster_drivers = sorted(env.drivers())
print(json.dumps({"answers": answers, "raster": raster_drivers, "vector": sorted(pyogrio.list_drivers())}))
"""


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh process that imports `geo` first could read, and which requests it made."""
    folder = tmp_path_factory.mktemp("gdal")
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GDAL", "OGR", "CPL")) and not name.lower().endswith("_proxy")
    }
    done = subprocess.run(
        [sys.executable, "-c", ATTEMPTS, str(folder)],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@pytest.mark.parametrize(
    ("key", "expected"), [("plain geojson", 7), ("plain gpkg", 7), ("plain tif", 16 * 77)]
)
def test_plain_files_are_still_read(tried: dict[str, Any], key: str, expected: int) -> None:
    assert tried["answers"][key] == {"answer": expected, "asked": []}


@pytest.mark.parametrize(
    "key",
    [
        "vrt geojson",
        "vrt geojson pyogrio",
        "vrt shp",
        "vrt gpkg",
        "vrt zip",
        "vrt zip member",
        "vrt text",
        "vrt tif",
        "vrt raster text",
        "vrt raster address",
        "mrf tif",
    ],
)
def test_no_file_reads_another(tried: dict[str, Any], key: str) -> None:
    assert str(tried["answers"][key]["answer"]).startswith("refused")


@pytest.mark.parametrize(
    "key",
    [
        "wms tif",
        "wfs geojson",
        "web vsicurl",
        "web vsicurl option",
        "web vsicurl streaming",
        "web vsicurl zip",
        "web vsicurl raster",
        "web address raster",
        "web address pyogrio",
        "web wfs",
        "web oapif",
        "web wms",
        "web geojson prefix",
        "web esrijson prefix",
        "web elasticsearch",
        "web netcdf",
    ],
)
def test_nothing_makes_a_request(tried: dict[str, Any], key: str) -> None:
    assert tried["answers"][key]["asked"] == []
    assert str(tried["answers"][key]["answer"]).startswith("refused")


@pytest.mark.parametrize("kind", ["raster", "vector"])
def test_no_driver_of_the_closed_list_is_open(tried: dict[str, Any], kind: str) -> None:
    closed = {name.lower() for name in (*VIRTUAL, *SERVICES)}
    assert not {name for name in tried[kind] if name.lower() in closed}
    assert {"raster": "GTiff", "vector": "GPKG"}[kind] in tried[kind]


VIRTUAL_OR_SERVICE = {
    *("VRT", "OGR_VRT", "DERIVED", "GTI", "GDALG", "STACIT", "STACTA", "MRF", "GMLAS"),
    *("WMS", "WMTS", "WCS", "WFS", "OAPIF", "OGCAPI", "CSW", "HTTP", "NGW", "Carto", "EEDA", "EEDAI", "DAAS"),
    *("PLMosaic", "PLSCENES", "AmigoCloud", "Elasticsearch", "netCDF"),
    *("PostgreSQL", "PostGISRaster", "MySQL", "MSSQLSpatial", "ODBC"),
}
"""Named here once more, apart from the list that the project closes."""


@pytest.mark.parametrize("kind", ["raster", "vector"])
def test_no_virtual_or_service_driver_is_open(tried: dict[str, Any], kind: str) -> None:
    assert not VIRTUAL_OR_SERVICE & set(tried[kind])


def test_what_an_administrator_closed_stays_closed() -> None:
    code = "import geo, os; print(os.environ['GDAL_SKIP'])"
    env = {**os.environ, "GDAL_SKIP": "PDF JPEG"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    closed = done.stdout.split()
    assert closed[:2] == ["PDF", "JPEG"]
    assert {"VRT", "OGR_VRT", "WMS", "WFS"} <= set(closed)


@pytest.mark.parametrize("package", ["geo", "layers", "pages._main", "app"])
def test_every_door_closes_the_drivers_before_gdal_is_loaded(package: str) -> None:
    """At the moment `geo.gdal_safety.harden` runs, no geospatial library has been imported."""
    code = ("import sys, importlib, geo.gdal_safety\n" if package == "geo" else "import sys, importlib\n") + (
        "import types\n"
        "class Spy:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'geo.gdal_safety':\n"
        "            print('early' if {'rasterio', 'pyogrio', 'geopandas'} & set(sys.modules) else 'first')\n"
        "sys.modules.pop('geo.gdal_safety', None); sys.modules.pop('geo', None)\n"
        "sys.meta_path.insert(0, Spy())\n"
        f"importlib.import_module({package!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["first"], done.stderr[-1500:]
