"""The map of a chapter on paper: the place of its view in the window there is, and what its signs mean."""

from reportlab.graphics.shapes import Drawing

from layers.paper.frame import MapFrame
from layers.paper.legend import draw_legend, legend_rows
from layers.paper.maps import draw_map
from layers.sheet.places import bounds_of, marks_of, under
from layers.store import Store
from layers.text import Words
from layers.view import View

_FOUND = "site_free"
"""A layer of what a search finds: asking for it makes the search."""


def frame_of(store: Store, view: View, size_mm: tuple[float, float]) -> MapFrame:
    """The frame of the place of a view on a drawing of that size."""
    return MapFrame.fitting(bounds_of(store, view), size_mm, spare=0.0)


def map_of(store: Store, view: View, size_mm: tuple[float, float]) -> Drawing:
    """The map of a view on a drawing of that size; a search that is still to be made is made now."""
    frame = frame_of(store, view, size_mm)
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


def told_in_words(store: Store, view: View) -> str:
    """What the map of a view shows, for those who do not see it: its layers, its year, what it has chosen."""
    words, catalogue = Words(view.language), store.catalogue
    names = [catalogue.layers[part.id].title[view.language] for part in reversed(view.layers)]
    told = [words("story.map_of", layers=", ".join(names))]
    if view.query.year is not None:
        told.append(f"{words('panel.year')}: {view.query.year}")
    told += [mark.label for mark in marks_of(store, view) if mark.label]
    return ". ".join(told)
