"""The sites of a search: candidate areas, free sites of parks, sites that the reader has drawn, any cell.

All are judged alike, so they are ranked, compared and written up with no special case. What is found is
called by its place: a link means that place whatever else a search finds; its rank stands in its name alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo.candidates import Area
from geo.errors import ShapeError
from geo.network import Floats
from geo.ranking import Stability, stability
from geo.shape import Shape
from geo.weighing import EXCLUDED
from layers.records import as_dicts
from layers.siting import accuracy
from layers.siting.results import Findings, Judged
from layers.siting.telling import site_names
from layers.text import in_both

CELLS = "site_score"
"""The layer of which any place is a site."""
FREE_IN = ("park_industrial", "park_innovation")
"""The layers among whose records are sites on offer: with free hectares or terms for residents."""
SPREAD = 0.25
"""By how much of itself a weight may be wrong, either way: assumed by the authors."""


@dataclass(frozen=True, eq=False)
class Site:
    """A site: its layer and id, names, outline or place (EPSG:32645), accuracy (m), and how it is judged."""

    layer: str
    id: str
    names: dict[str, str]
    shape: BaseGeometry
    accuracy_m: float
    judged: Judged
    about: dict[str, Any]

    @property
    def pick(self) -> str:
        """How an address names it."""
        return f"{self.layer}/{self.id}"

    @property
    def loose_m(self) -> float:
        """How far off its position may be (m); what was found or drawn lies where it is by definition."""
        return self.accuracy_m if self.layer == "site_free" else 0.0

    def name(self, language: str) -> str:
        """Its name in a language."""
        return self.names[f"name_{language}"]


def sites(found: Findings) -> tuple[Site, ...]:
    """Every site of a search but cells: plots and areas, the best first, free sites, those of the reader."""
    return found.kept("sites", lambda: (*_plots(found), *_areas(found), *_free(found), *_mine(found)))


def of_layer(found: Findings, layer: str) -> list[Site]:
    """The sites of one layer."""
    return [site for site in sites(found) if site.layer == layer]


def site(found: Findings, pick: str) -> Site | None:
    """The site that an address names; None where it names none."""
    layer, _, id_ = pick.partition("/")
    if layer == CELLS:
        return _cell(found, id_)
    return next((one for one in sites(found) if one.pick == pick), None)


def _cell(found: Findings, id_: str) -> Site | None:
    try:
        lon, lat = (float(part) for part in id_.split("_"))
        middle, judged = found.at(lon, lat)
    except ValueError:
        return None
    if judged is None:
        return None
    half = found.grid.cell_m / 2
    square = shapely.box(middle.x - half, middle.y - half, middle.x + half, middle.y + half)
    names = in_both("site.cell", m=int(found.grid.cell_m))
    return Site(CELLS, id_, names, square, half, judged, {})


def _plots(found: Findings) -> Iterator[Site]:
    return _found(found, found.plots, "site_plots", "plot")


def _areas(found: Findings) -> Iterator[Site]:
    return _found(found, found.areas, "site_areas", "area")


def _found(found: Findings, areas: list[Area], layer: str, kind: str) -> Iterator[Site]:
    called: set[str] = set()
    for rank, area in enumerate(areas, start=1):
        judged = found.judge(area.outline)
        if judged is None:
            continue
        about = {"rank": rank, "area_ha": area.area_ha, "best": area.best, "unsure": area.unsure_share}
        names = site_names(found.store, area.outline, f"site.{kind}", rank)
        id_ = f"{kind}-{_place(area.outline, found.sought.cell_m)}"
        while id_ in called:  # the point of one may lie in a cell that it shares with another
            id_ += "b"
        called.add(id_)
        yield Site(layer, id_, names, area.outline, found.grid.cell_m / 2, judged, about)


def _place(outline: BaseGeometry, cell_m: int) -> str:
    """The cell that holds a point within an outline, by its south-western corner (m, EPSG:32645)."""
    point = outline.representative_point()
    return "-".join(str(int(side // cell_m) * cell_m) for side in (point.x, point.y))


def _free(found: Findings) -> Iterator[Site]:
    for layer in FREE_IN:
        metric = found.store.metric(layer)
        for record in as_dicts(found.store.features(layer)):
            shape = metric[record["id"]]
            if not _offered(record) or shape is None or shape.is_empty:
                continue
            judged = found.judge(shape, record["accuracy_m"])
            if judged is not None:
                names = {name: record[name] for name in ("name_ru", "name_en")}
                free = None if pd.isna(record["free_area_ha"]) else float(record["free_area_ha"])
                about = {"record": record, "area_ha": free, "unsure": judged.unsure}
                yield Site("site_free", record["id"], names, shape, record["accuracy_m"], judged, about)


def _offered(record: dict[str, Any]) -> bool:
    """Whether land is offered: free hectares, or terms for residents where free hectares are not known."""
    if not pd.isna(record["free_area_ha"]):
        return bool(record["free_area_ha"] > 0)
    return bool(record["regime"]) and not pd.isna(record["area_ha"])


def _mine(found: Findings) -> Iterator[Site]:
    for number, text in enumerate(found.sought.mine, start=1):
        try:
            outline = Shape.parse(text).area_metric()
        except ShapeError:
            continue
        judged = found.judge(outline)
        if judged is not None:
            about = {"area_ha": outline.area / 1e4, "unsure": judged.unsure}
            names = in_both("site.mine", n=number)
            half = found.grid.cell_m / 2
            yield Site("site_mine", f"mine-{number}", names, outline, half, judged, about)


# --- how firm ------------------------------------------------------------------------------------------


def ranked(found: Findings) -> tuple[Site, ...]:
    """The sites whose places are simulated: those that may be built on; areas have no one place."""
    return tuple(
        one
        for one in sites(found)
        if one.layer != "site_areas" and one.judged.state != EXCLUDED and not np.isnan(one.judged.score)
    )


def firmness(found: Findings) -> Stability | None:
    """How the places of sites move with the weights and the errors of what was measured; None for none."""
    taking_part = ranked(found)
    if not taking_part:
        return None
    return found.kept("firmness", lambda: _simulated(found, taking_part))


def _simulated(found: Findings, taking_part: tuple[Site, ...]) -> Stability:
    criteria = found.model.criteria
    raw = np.array([one.judged.raw[: len(criteria)] for one in taking_part])
    error = accuracy.errors(found, _places(taking_part), raw)
    weights = np.array([criterion.weight for criterion in criteria])
    functions = [criterion.value for criterion in criteria]
    scores = np.array([one.judged.score for one in taking_part])
    return stability(raw, error, functions, weights, SPREAD, attitude=found.model.attitude, scores=scores)


def spread(found: Findings, one: Site) -> tuple[float, float] | None:
    """Within what the score of a site (0..1) lies in nine of ten draws; None where it has none."""
    if np.isnan(one.judged.score):
        return None
    drawn = _simulated(found, (one,))
    return float(drawn.low[0]), float(drawn.high[0])


def errors(found: Findings, one: Site) -> Floats:
    """By how much each measured amount of a site may be wrong, in its own unit (`layers.siting.accuracy`)."""
    raw = one.judged.raw[np.newaxis, : len(found.model.criteria)]
    off: Floats = accuracy.errors(found, _places((one,)), raw)[0]
    return off


def _places(of: tuple[Site, ...]) -> accuracy.Places:
    return accuracy.Places([one.shape for one in of], np.array([one.loose_m for one in of]))
