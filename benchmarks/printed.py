"""Printed sheets and atlases: how long they take, against matplotlib with geopandas on the same layers.

A sheet is more than the peer's: legend, overview, grid, title block, sources on the sheets that follow. The
peer draws the same records of the same layers in the same window with their names, as people write it.
"""

import io
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.results import Goal, Result, median
from layers.paper.frame import Bounds
from layers.paper.maps import shown
from layers.sheet.atlas import Atlas
from layers.sheet.files import as_pdf
from layers.sheet.layout import Layout
from layers.sheet.sheet import draw
from layers.store import EmbeddedStore, embedded
from layers.view import View

TURNS = 5
SHEETS = 20
GOAL_SHEET_S, GOAL_ATLAS_S = 5.0, 100.0
A3_INCH = (420 / 25.4, 297 / 25.4)


def sheets() -> list[Result]:
    """The A3 sheet of the view that the planner opens with, and the peer's, in turns."""
    store = embedded()
    view = View.default(store.catalogue)
    layout = Layout(paper="A3", block="gost", grid="msk70")
    window = draw(store, view, layout).maps[0].frame.bounds
    samples: dict[str, list[float]] = {"ours": [], "theirs": []}
    subjects: dict[str, Callable[[], bytes]] = {
        "ours": lambda: as_pdf(draw(store, view, layout)),
        "theirs": lambda: plotted(store, view, window),
    }
    for turn in range(TURNS + 1):
        for name, make in subjects.items():
            began = time.perf_counter()
            pages = make()
            took = time.perf_counter() - began
            assert pages.startswith(b"%PDF")
            if turn:  # the first is to warm up
                samples[name].append(took)
    peer = median("present.sheet_a3_matplotlib_s", samples["theirs"], "s", note="the map alone, with names")
    note = "A3, title block, MSK-70, legend, overview; sources on the sheets that follow"
    ours = median("present.sheet_a3_s", samples["ours"], "s", baseline=peer, note=note)
    return [peer, replace(ours, goal=Goal(f"at most {GOAL_SHEET_S:g} s", ours.value <= GOAL_SHEET_S))]


def atlas() -> Result:
    """Twenty sheets of projects on A4 with contents and sources, in one file."""
    store = embedded()
    book = Atlas(store, View.default(store.catalogue), Layout(paper="A4"), "projects")
    book.entries = book.entries[:SHEETS]
    began = time.perf_counter()
    steps = list(book.bound(io.BytesIO()))
    took = time.perf_counter() - began
    assert len(steps) == SHEETS + 1
    goal = Goal(f"at most {GOAL_ATLAS_S:g} s, its progress told sheet by sheet", took <= GOAL_ATLAS_S)
    return Result("present.atlas20_s", took, "s", goal=goal, note=f"{SHEETS} sheets, contents, sources")


def plotted(store: EmbeddedStore, view: View, window: Bounds) -> bytes:
    """The same records as matplotlib and geopandas plot them, as a PDF of an A3."""
    from matplotlib.backends.backend_pdf import FigureCanvasPdf  # noqa: PLC0415 - it takes half a second
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=A3_INCH)
    FigureCanvasPdf(figure)
    axes = figure.add_axes((0.03, 0.03, 0.94, 0.94))
    for part in view.layers:
        layer = store.catalogue.layers[part.id]
        records, metric = shown(store, part.id, view.query, window)
        if not len(records):
            continue
        symbol = layer.style.symbol
        area = layer.geometry == "area"
        look = {"facecolor": "none", "edgecolor": symbol.colour} if area else {"color": symbol.colour}
        metric.plot(ax=axes, **look)
        if layer.style.label:
            for name, point in zip(records["name_ru"], metric.representative_point(), strict=True):
                axes.annotate(str(name), (point.x, point.y), fontsize=6)
    axes.set_xlim(window[0], window[2])
    axes.set_ylim(window[1], window[3])
    axes.set_aspect("equal")
    file = io.BytesIO()
    figure.savefig(file, format="pdf")
    return file.getvalue()
