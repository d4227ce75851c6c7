"""A sheet the usual way: GeoPandas plots the layers of a view with matplotlib on A3, saved as PDF.

It draws the same records in the working CRS, with titles of layers as a legend; no grid, no names of places,
no inset, no sources: what remains is the cost of the method.
"""

import io

from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from geo.crs import WORKING
from layers.feature import placed
from layers.store import Store
from layers.view import View

_A3_IN = (420 / 25.4, 297 / 25.4)


def plain_sheet(store: Store, view: View) -> bytes:
    """The PDF of a view."""
    figure = Figure(figsize=_A3_IN)
    FigureCanvasPdf(figure)
    axes = figure.add_subplot()
    for part in view.layers:
        layer = store.catalogue.layers[part.id]
        frame = placed(store.query(part.id, view.query)).to_crs(WORKING)
        if len(frame):
            look = {"color": layer.style.symbol.colour, "label": layer.title[view.language]}
            if layer.geometry == "area":
                frame.boundary.plot(ax=axes, linewidth=1, **look)
            else:
                frame.plot(ax=axes, markersize=20, linewidth=1.5, **look)
    axes.set_aspect("equal")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    file = io.BytesIO()
    figure.savefig(file, format="pdf", bbox_inches="tight")
    return file.getvalue()
