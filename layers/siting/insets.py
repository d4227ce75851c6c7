"""Small maps of sites, all of one scale, to be looked at side by side."""

from functools import lru_cache

from layers.catalog import Language
from layers.paper.frame import MapFrame
from layers.paper.maps import Mark, draw_map
from layers.paper.svg import as_svg
from layers.query import Query
from layers.siting.passport import ON_MAP, ground_of
from layers.siting.results import findings
from layers.siting.sites import site
from layers.store import Store, UnknownFeature
from layers.view import Placed

_SIZE_MM = (78.0, 74.0)
_SCALE = 150_000.0


@lru_cache(maxsize=64)
def inset(store: Store, query: Query, pick: str, language: Language) -> bytes:
    """The surroundings of the site that an address names, as SVG. Raises `UnknownFeature`."""
    found = findings(store, query)
    one = site(found, pick)
    if one is None:
        raise UnknownFeature(pick)
    point = one.shape.representative_point()
    frame = MapFrame((point.x, point.y), _SCALE, _SIZE_MM)
    drawing = draw_map(
        store, [Placed(id=name) for name in ON_MAP], Query(), language, frame,
        marks=[Mark(one.shape, "", one.accuracy_m)], grounds=ground_of(found, frame),
    )  # fmt: skip
    return as_svg(drawing, title=one.name(language)).encode()
