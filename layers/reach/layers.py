"""What a comparison finds as layers: minutes saved by settlement, isochrones, the area that gains, the works.

They have the fields of every layer, sources and accuracy among them, so that they are drawn, filtered,
tabled, reported on and exported with no special case.
"""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.access import nearest
from geo.errors import ScenarioError
from geo.isochrone import Surface
from geo.network import Floats
from geo.shape import to_degrees
from layers.catalog import LANGUAGES
from layers.comparison import HOME_NETWORK, READERS_NETWORK
from layers.query import Query
from layers.reach import segments
from layers.reach.base import SETTLEMENTS, base
from layers.reach.flows import flow_class, people_by_segment
from layers.reach.results import Results, Side, results
from layers.reach.scenarios import UnknownScenario
from layers.records import frame_of
from layers.store import Store
from layers.text import Words, in_both

ISOCHRONES = (5, 15, 30, 45, 60, 90, 120, 180)
SAVED = ((30.0, "over30"), (15.0, "from15"), (5.0, "from5"), (1.0, "from1"))
GAIN_BANDS = ((1.0, 3.0), (3.0, 5.0), (5.0, 10.0), (10.0, 15.0), (15.0, 30.0), (30.0, 1e6))
_COMPUTED = "own-schematic-roads"
_AS_OF = "2026-11"
_SPECK = 3.0
"""Parts of the surface of the gain below so many cells are not shown."""
_SIMPLER = 0.35
"""By what part of a cell the outlines of areas are smoothed."""
Rows = list[dict[str, Any]]


def computed(store: Store, layer_id: str, query: Query) -> gpd.GeoDataFrame:
    """The records of a computed layer for what a query compares (EPSG:4326, by id); none where it cannot.

    Raises `UnknownNetwork`.
    """
    layer, network = store.catalogue.layers[layer_id], query.comparison.network
    if layer.follows == "network":
        held = base(store, network)
        frame = frame_of(layer, segments.rows(store, held))
        frame.attrs["of"] = len(held.network)
        return frame
    try:
        rows = _MAKERS[layer_id](results(store, query.comparison))
    except (ScenarioError, UnknownScenario):
        rows = []
    if network != HOME_NETWORK:
        rows = [row | {"source_id": row["source_id"].replace(_COMPUTED, READERS_NETWORK)} for row in rows]
    return frame_of(layer, rows)


def _common(accuracy_m: float, status: str = "approximate", source: str = _COMPUTED) -> dict[str, Any]:
    about = {"source_id": source, "accuracy_m": accuracy_m, "position_status": status, "as_of": _AS_OF}
    return about | {"note_ru": None, "note_en": None}


def _living(people: Floats) -> dict[str, float | None]:
    """The known population of some settlements; None where there are some and none of them is known."""
    unknown = len(people) > 0 and bool(np.isnan(people).all())
    return {"population": None if unknown else float(np.nansum(people))}


def _unknown(people: Floats) -> dict[str, str | None]:
    """A note, in both languages, of how many settlements have no known population."""
    count = int(np.isnan(people).sum())
    if not count:
        return {}
    told = {language: Words(language).count("reach.unknown_people", count) for language in LANGUAGES}
    return {f"note_{language}": text for language, text in told.items()}


def saved_class(before: float, after: float) -> str:
    """The class of a settlement by what a change does to its minutes."""
    if not np.isfinite(before) or not np.isfinite(after):
        return "reached" if np.isfinite(after) else "cut_off" if np.isfinite(before) else "no_way"
    saved = before - after
    found = next((name for least, name in SAVED if saved >= least), None)
    return found or ("longer" if saved <= -1 else "same")


def _saved(found: Results) -> Rows:
    settlements, times, rows = found.settlements, found.times, []
    for (id_, record), (_, time) in zip(settlements.iterrows(), times.iterrows(), strict=True):
        told = {key: _minutes(time[key]) for key in ("before", "after")}
        rows.append(
            {
                "id": id_,
                "name_ru": record["name_ru"],
                "name_en": record["name_en"],
                "population": record["population"],
                "district": record["district"],
                "minutes_before": told["before"],
                "minutes_after": told["after"],
                "minutes_saved": None if pd.isna(time["saved"]) else round(float(time["saved"]), 1),
                "saved_class": saved_class(time["before"], time["after"]),
                "geometry": record["geometry"],
                **_common(record["accuracy_m"], record["position_status"]),
                "source_id": f"{_COMPUTED};{record['source_id']}",
            }
        )
    return rows


def _minutes(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None


def _isochrones(side: int) -> Callable[[Results], Rows]:
    def rows(found: Results) -> Rows:
        made, surfaces = [], found.surfaces
        minutes = found.minutes(found.comparison.goal)[side]
        for limit in reversed(ISOCHRONES):
            area = _smoothed(surfaces[side].isochrone(limit), surfaces[side])
            if area.is_empty:
                continue
            within = minutes <= limit
            made.append(
                {
                    "id": f"within-{limit}",
                    **in_both("reach.within", n=limit),
                    "limit_min": limit,
                    **_living(found.people[within]),
                    "area_km2": round(area.area / 1e6),
                    "geometry": to_degrees(area),
                    **_common(surfaces[side].grid.cell_m),
                    **_unknown(found.people[within]),
                }
            )
        return made

    return rows


def _gain_area(found: Results) -> Rows:
    before, after = found.surfaces
    rows = []
    for sign, one, other in ((1, before, after), (-1, after, before)):
        for least, most in GAIN_BANDS:
            area = _smoothed(_without_specks(one.saved(other, least, most), before), before)
            if area.is_empty:
                continue
            key = "reach.saves" if sign > 0 else "reach.costs"
            key += "_over" if (least, most) == GAIN_BANDS[-1] else ""
            rows.append(
                {
                    "id": f"{'saves' if sign > 0 else 'costs'}-{least:.0f}",
                    **in_both(key, low=int(least), **({} if key.endswith("_over") else {"high": int(most)})),
                    "gain_class": ("" if sign > 0 else "minus_") + f"from{least:.0f}",
                    "area_km2": round(area.area / 1e6),
                    "geometry": to_degrees(area),
                    **_common(before.grid.cell_m),
                }
            )
    return rows


def _service(found: Results) -> Rows:
    """The area of each place of the goal, with the people whose nearest it is."""
    goal, after = found.comparison.goal, found.after
    places = found.places(goal)
    matrix = after.travel.minutes(found.taps(after, SETTLEMENTS), found.goal_taps(after, goal))
    _, served = nearest(matrix)
    rows = []
    for place, outline in found.surfaces[1].areas().items():
        area, record = _smoothed(outline, found.surfaces[1]), places[place]
        rows.append(
            {
                "id": str(record["id"]),
                **{name: record[name] for name in ("name_ru", "name_en")},
                **_living(found.people[served == place]),
                "area_km2": round(area.area / 1e6),
                "geometry": to_degrees(area),
                **_common(found.surfaces[1].grid.cell_m),
                **_unknown(found.people[served == place]),
            }
        )
    return rows


def _works(found: Results) -> Rows:
    rows, network = [], found.base.network
    for row in found.changed_segments().to_dict("records"):
        id_ = row["id"]
        if id_ in network.index:
            about = segments.segment_names(found.store, network.name, id_)
            about |= segments.provenance(found.store, network.name, id_)
        else:
            about = _new_names(found.after if row["what"] == "new" else found.before, id_)
            about |= _common(0.0, "surveyed", "own-assumptions")
        rows.append(
            {
                "id": id_,
                **about,
                "edit_class": row["what"],
                "speed_before_kmh": None if pd.isna(row["kmh_before"]) else row["kmh_before"],
                "speed_kmh": None if pd.isna(row["kmh_after"]) else row["kmh_after"],
                "length_km": round(row["line"].length / 1000, 2),
                "geometry": to_degrees(row["line"]),
            }
        )
    return rows


def _new_names(side: Side, id_: str) -> dict[str, str]:
    """The names of a new road: its own, or its number."""
    number = int(id_.split("-")[1])
    name = side.scenario.links[number - 1].name
    return {"name_ru": name, "name_en": name} if name else in_both("reach.new_road", n=number)


def _flow(found: Results) -> Rows:
    """The segments that people take to the goal, before or after."""
    before, after = (people_by_segment(found, side) for side in found.sides)
    network, rows = found.after.change.network, []
    for id_ in sorted((before.keys() | after.keys()) & network.index.keys()):
        if id_ in found.base.network.index:
            about = segments.segment_names(found.store, network.name, id_)
            about |= segments.provenance(found.store, network.name, id_)
        else:
            about = _new_names(found.after, id_) | _common(0.0, "surveyed", "own-assumptions")
        new = id_ not in found.base.network.index
        people, was = after.get(id_, 0.0), before.get(id_, 0.0)
        rows.append(
            {
                "id": id_,
                **about,
                "flow_class": flow_class(people),
                # A new road may bear the number of another one in the scenario before.
                "people_before": None if new else was,
                "people_after": people,
                "geometry": to_degrees(network.lines[network.index[id_]]),
            }
        )
    return rows


def _smoothed(area: Any, on: Surface) -> Any:
    """An area without the steps of its cells."""
    return shapely.make_valid(shapely.simplify(area, on.grid.cell_m * _SIMPLER))


def _without_specks(area: Any, on: Surface) -> Any:
    """An area without parts of a cell or two, which are rounding."""
    return shapely.union_all([p for p in shapely.get_parts(area) if p.area >= _SPECK * on.grid.cell_m**2])


_MAKERS: dict[str, Callable[[Results], Rows]] = {
    "reach_saved": _saved,
    "reach_before": _isochrones(0),
    "reach_after": _isochrones(1),
    "reach_gain": _gain_area,
    "reach_service": _service,
    "reach_flow": _flow,
    "reach_works": _works,
}
