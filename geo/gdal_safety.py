"""Which GDAL drivers this process may never use, and closing them before GDAL is loaded.

rasterio and pyogrio each carry a GDAL of their own, which reads these settings from the environment
once, when it is first imported. Virtual formats (VRT) let one file read others; service formats (WMS,
WFS, ...) make requests; `/vsicurl/` reaches any address. None is needed here.
"""

import os

RASTER_DRIVERS_CLOSED = (
    *("VRT", "DERIVED", "GTI", "WMS", "WMTS", "WCS", "OGCAPI", "PLMOSAIC", "DAAS", "EEDAI", "HTTP"),
    *("NGW", "STACIT", "STACTA", "RASTERLITE", "GDALG", "MBTiles", "PostGISRaster"),
)
VECTOR_DRIVERS_CLOSED = (
    *("OGR_VRT", "VRT", "WFS", "OAPIF", "OGCAPI", "CSW", "HTTP", "NGW", "Carto", "Elastic", "EEDA"),
    *("PLSCENES", "AmigoCloud", "GPSBabel", "MSSQLSpatial", "MySQL", "ODBC", "PGDump", "PostgreSQL"),
    *("GMLAS", "OGR_GMT", "AIVECTOR", "GDALG"),
)


def harden() -> None:
    """Close the drivers above and GDAL's network file systems for this process and its children.

    Must run before the first import of rasterio, pyogrio or geopandas: later it has no effect. What an
    administrator has closed already stays closed.
    """
    _extend("GDAL_SKIP", (*RASTER_DRIVERS_CLOSED, *VECTOR_DRIVERS_CLOSED), " ")
    _extend("OGR_SKIP", VECTOR_DRIVERS_CLOSED, ",")
    os.environ["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"] = ".none"
    os.environ["GDAL_DISABLE_READDIR_ON_OPEN"] = "EMPTY_DIR"
    os.environ["GDAL_HTTP_MAX_RETRY"] = "0"
    os.environ["OGR_SQLITE_LOAD_EXTENSIONS"] = "NO"
    os.environ["CPL_ENABLE_USERFAULTFD"] = "NO"


def _extend(variable: str, names: tuple[str, ...], separator: str) -> None:
    present = [name for name in os.environ.get(variable, "").split(separator) if name]
    os.environ[variable] = separator.join(dict.fromkeys([*present, *names]))
