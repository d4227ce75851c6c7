"""Which GDAL drivers this process may never use, and closing them before GDAL is loaded.

rasterio and pyogrio each carry a GDAL of their own, which reads these settings from the environment once,
when it is first imported. Virtual formats let one file read others; service formats make requests;
`/vsicurl/` and addresses given to a plain driver reach any host. None is needed here. A GDAL that lacks one
of the names says so on its error stream, once, and goes on.
"""

import os

VIRTUAL = ("VRT", "OGR_VRT", "DERIVED", "GTI", "GDALG", "MRF", "Rasterlite", "STACIT", "STACTA", "ADBC")
"""Formats whose files name other files or data bases to be read."""

SERVICES = (
    *("WMS", "WMTS", "WCS", "WFS", "OAPIF", "OGCAPI", "CSW", "HTTP", "NGW", "Carto", "Elasticsearch"),
    *("EEDA", "EEDAI", "DAAS", "PLMOSAIC", "PLSCENES", "AmigoCloud", "GPSBabel", "netCDF"),
)
"""Formats that make requests or run programs."""

NOWHERE = "http://127.0.0.1:1"
"""A proxy that nobody answers: whatever driver would still ask the net asks here, and is refused."""


CACHE_MB = 256
"""What either GDAL may hold in memory, unless an administrator has said so."""


def harden() -> None:
    """Close the drivers above and GDAL's ways to the net for this process and its children.

    Must run before the first import of rasterio, pyogrio or geopandas: later it has no effect. What an
    administrator has closed already stays closed.
    """
    closed = os.environ.get("GDAL_SKIP", "").split()
    os.environ["GDAL_SKIP"] = " ".join(dict.fromkeys([*closed, *VIRTUAL, *SERVICES]))
    os.environ["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"] = ".none"
    os.environ["GDAL_HTTP_PROXY"] = os.environ["GDAL_HTTPS_PROXY"] = NOWHERE
    os.environ["GDAL_HTTP_MAX_RETRY"] = "0"
    os.environ["GDAL_DISABLE_READDIR_ON_OPEN"] = "EMPTY_DIR"
    os.environ["OGR_SQLITE_LOAD_EXTENSIONS"] = "NO"
    # Else each GDAL may hold a twentieth of the machine's memory in blocks that were read.
    os.environ.setdefault("GDAL_CACHEMAX", str(CACHE_MB))
    for exception in ("no_proxy", "NO_PROXY"):
        os.environ.pop(exception, None)
