"""The map of a chapter on paper: the place of its view in the window there is, and what its signs mean."""

from dataclasses import replace

from reportlab.graphics.shapes import Drawing, Group

from geo.errors import CoordinateError
from layers.paper.frame import MapFrame
from layers.paper.ink import MM, blank
from layers.paper.legend import draw_legend, legend_rows
from layers.paper.maps import draw_map
from layers.sheet.places import bounds_of, marks_of, under
from layers.store import Store
from layers.text import Words
from layers.view import View

_FOUND = "site_free"
"""A layer of what a search finds: asking for it makes the search."""
_LEAST_MAP, _GAP_MM = 0.6, 3.0


def frame_of(store: Store, view: View, size_mm: tuple[float, float]) -> MapFrame:
    """The frame of the place of a view on a drawing of that size."""
    return MapFrame.fitting(bounds_of(store, view), size_mm, spare=0.0)


def beyond_paper(store: Store, view: View) -> bool:
    """Whether the place of a view lies beyond what can be measured in EPSG:32645, so that no map is drawn."""
    try:
        bounds_of(store, view)
    except CoordinateError:
        return True
    return False


def map_of(store: Store, view: View, size_mm: tuple[float, float]) -> Drawing:
    """The map of a view on a drawing of that size; a search that is still to be made is made now."""
    return _drawn(store, view, frame_of(store, view, size_mm))


def _drawn(store: Store, view: View, frame: MapFrame) -> Drawing:
    if any(store.catalogue.layers[part.id].follows == "siting" for part in view.layers):
        store.query(_FOUND, view.query)
    return draw_map(
        store, view.layers, view.query, view.language, frame, marks=list(marks_of(store, view)),
        grounds=under(store, view, "embedded", frame).grounds,
    )  # fmt: skip


def legend_of(
    store: Store, view: View, size_mm: tuple[float, float], width_mm: float, columns: int
) -> Drawing:
    """What the signs of that map mean."""
    rows = legend_rows(
        store, view.layers, view.query, view.language, frame_of(store, view, size_mm),
        sites=any(marks_of(store, view)),
    )  # fmt: skip
    return draw_legend(rows, width_mm, columns=columns)


def explained_map_of(store: Store, view: View, size_mm: tuple[float, float], columns: int) -> Drawing:
    """The map of a view over what its signs mean, on one drawing of that shape for whatever size.

    The map has what the legend leaves of the height, and about three fifths of it at least: then it is the
    legend that becomes smaller.
    """
    (wide, high), least = size_mm, size_mm[1] * _LEAST_MAP
    legend = legend_of(store, view, (wide, least), wide, columns)
    taken = min(legend.height / MM, high - least - _GAP_MM)
    drawing, scale = blank(wide * MM, high * MM), taken * MM / legend.height
    drawing.add(Group(*legend.contents, transform=(scale, 0, 0, scale, 0, 0)))
    frame = replace(frame_of(store, view, (wide, high - taken - _GAP_MM)), to_scale=False)
    shown = _drawn(store, view, frame)
    drawing.add(Group(*shown.contents, transform=(1, 0, 0, 1, 0, (taken + _GAP_MM) * MM)))
    return drawing


def told_in_words(store: Store, view: View) -> str:
    """What the map of a view shows, for those who do not see it: its layers, its year, what it has chosen."""
    words, catalogue = Words(view.language), store.catalogue
    names = [catalogue.layers[part.id].title[view.language] for part in reversed(view.layers)]
    told = [words("story.map_of", layers=", ".join(names))]
    if view.query.year is not None:
        told.append(f"{words('panel.year')}: {view.query.year}")
    told += [mark.label for mark in marks_of(store, view) if mark.label]
    return ". ".join(told)
