"""The addresses of a search: tiles, histograms of measures, and its scores as a GeoTIFF.

Every answer follows from its address, which names or writes out the model: any process can give it, and what
is kept of it is right by construction.
"""

from functools import lru_cache

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from geo.grid import Window
from layers.answers import asked_language, cache_control, understood
from layers.query import Query
from layers.reach.networks import stamp
from layers.siting.insets import inset
from layers.siting.measures import measure
from layers.siting.rasters import Ground
from layers.siting.results import Findings, findings, grid_of
from layers.siting.scores import score_file as kept_scores
from layers.siting.tiles import DEEPEST
from layers.siting.tiles import tile as drawn_tile
from layers.siting.workshop import Busy, seat
from layers.sought import Sought
from layers.store import Store, UnknownFeature, embedded

_BARS = 64
_SAMPLED = 300_000
"""How many cells are enough for a histogram."""
_CLIPPED = 99.5
"""The percentile above which a histogram is not drawn."""


def _asked(request: Request) -> Query:
    return understood(*Query.parse(request.query_params, embedded().catalogue))


def _found(request: Request) -> Findings:
    return findings(embedded(), _asked(request))


def tile(request: Request) -> Response:
    """`/site/tiles/<layer>/<z>/<x>/<y>.png?model=&roads=&cell=&area=&net=&v=`: a tile of a raster layer."""
    layer = embedded().catalogue.layers.get(request.path_params["layer"])
    if layer is None or layer.geometry != "raster":
        raise UnknownFeature(request.path_params["layer"])
    z, x, y = (request.path_params[name] for name in "zxy")
    if z > DEEPEST or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise HTTPException(404, "no such tile")
    found = _found(request)
    if not found.ready():
        # A map asks for many tiles: none of them waits, and all are there when the map asks again.
        raise Busy("a raster of the tile")
    picture = drawn_tile(found, layer, z, x, y)
    return Response(picture, headers=cache_control(request), media_type="image/png")


def histogram(request: Request) -> Response:
    """`/site/histogram.json?measure=&cell=&area=...`: how often a measure has which amount on the grid."""
    query = _asked(request)
    of_ground = query.sought.model_copy(update={"model": "", "mine": ()})
    of = request.query_params.get("measure", "")
    network = query.comparison.network
    counted = _histogram(embedded(), of, of_ground, network, stamp(network))
    return JSONResponse(counted, headers=cache_control(request))


@lru_cache(maxsize=256)
def _histogram(
    store: Store, text: str, sought: Sought, network: str, stamped: tuple[int, int]
) -> dict[str, object]:
    of, grid = measure(text, store.catalogue), grid_of(sought)
    layered = Ground(store, grid, network, sought.roads, stamped).layered(of)
    raster = layered.raster
    level = next((k for k in range(raster.levels + 1) if grid.level(k).cells <= _SAMPLED), raster.levels)
    shape = grid.level(level).shape
    values = raster.read(level, Window(0, 0, *shape))[layered.band].astype(float) * layered.factor
    known = values[np.isfinite(values)]
    if not known.size:
        return {"low": of.usual[0], "high": of.usual[1], "counts": [0] * _BARS, "unknown": 1.0}
    low, high = float(known.min()), float(np.percentile(known, _CLIPPED))
    high = high if high > low else low + 1.0
    counts, _ = np.histogram(known, bins=_BARS, range=(low, high))
    return {"low": low, "high": high, "counts": counts.tolist(), "unknown": 1 - known.size / values.size}


def small_map(request: Request) -> Response:
    """`/site/inset/<layer>/<id>.svg?lang=&model=&...&v=`: the surroundings of a site."""
    query = _asked(request).model_copy(update={"conditions": (), "year": None})
    pick = f"{request.path_params['layer']}/{request.path_params['id']}"
    with seat():
        picture = inset(embedded(), query, pick, asked_language(request))
    return Response(picture, headers=cache_control(request), media_type="image/svg+xml")


def score_file(request: Request) -> Response:
    """`/site/score.tif?model=...`: the scores of every cell as a Cloud-Optimized GeoTIFF (EPSG:32645)."""
    with seat():
        path = kept_scores(_found(request))
    return FileResponse(path, media_type="image/tiff", filename="suitability.tif")
