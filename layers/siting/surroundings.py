"""What lies around a site: minutes to goals, people within reach, distances, projects nearby.

Minutes and people follow the road network of the search, under its scenario. Distances are straight ones
between positions whose accuracies add up, so each is a range.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.network import Taps, snap
from layers.comparison import GOALS
from layers.reach.base import SETTLEMENTS, figure
from layers.records import as_dicts
from layers.siting.measures import LABOUR_MINUTES, existing
from layers.siting.results import Findings
from layers.siting.sites import FREE_IN, Site
from layers.siting.territory import district_of
from layers.siting.utilities import Source, nearest

AROUND = (
    *("roads", "railways", "stations", "airports", "substations", "power_plants"),
    *("hospitals", "universities", "rivers"),
)
"""The layers to whose nearest record a passport gives the distance."""
ASEZ, ASEZ_DISTRICT = "asez-regime", "seversk"
"""The regime of support that holds in a whole district, and that district."""
PROJECTS_M = 20_000.0
"""How far projects are told."""


@dataclass(frozen=True, eq=False)
class Ways:
    """Minutes from a site to each goal (infinite: no way), and the people within each limit of it."""

    minutes: dict[str, float]
    people: dict[int, float]
    workforce: dict[int, float]


def ways(found: Findings, one: Site) -> Ways:
    """The minutes to the goals of reach and the people within reach of a site."""
    compared = found.ground.ways
    side = compared.after
    place = np.array([one.shape.representative_point(), None], dtype=object)[:1]
    here: Taps = side.change.taps(snap(compared.base.network, place), place)
    goals = {goal: compared.goal_taps(side, goal).only(found.ground.goals(goal)) for goal in GOALS}
    minutes = {
        goal: float(side.travel.minutes(here, taps).min(initial=np.inf)) for goal, taps in goals.items()
    }
    away = side.travel.minutes(compared.taps(side, SETTLEMENTS), here)[:, 0]
    known = np.nan_to_num(compared.people)
    people = {limit: float(known[away <= limit].sum()) for limit in LABOUR_MINUTES}
    share = figure(found.store, "workforce-share")
    return Ways(minutes, people, {limit: count * share for limit, count in people.items()})


def distances(found: Findings, one: Site) -> list[tuple[str, Source]]:
    """The nearest record of each layer around a site."""
    sources = ((layer, nearest(found.store, layer, one.shape, one.accuracy_m)) for layer in AROUND)
    return [(layer, source) for layer, source in sources if source]


def projects(found: Findings, one: Site, most: int = 5) -> list[tuple[dict[str, Any], float]]:
    """The projects nearest to a site with how far they are (m), within `PROJECTS_M`."""
    metric = found.store.metric("projects")
    away = metric.distance(one.shape)
    near = away[away <= PROJECTS_M].sort_values().index[:most]
    records = {record["id"]: record for record in as_dicts(found.store.features("projects").loc[near])}
    return [(records[id_], float(away[id_])) for id_ in near]


def regimes(found: Findings, one: Site) -> list[str]:
    """The regimes of support that may hold at a site: its own, that of its district, those of members around.

    A member of a park is a point; its land may hold the site where the two lie within their accuracies.
    """
    store = found.store
    own = one.about.get("record", {}).get("regime")
    held = [own] if own else []
    if district_of(store, one.shape) == ASEZ_DISTRICT:
        held.append(ASEZ)
    for layer in FREE_IN:
        frame = existing(store, layer, store.features(layer))
        frame = frame[frame["regime"].notna()]
        away_m = store.metric_of(layer, frame).distance(one.shape)
        held += frame["regime"][away_m <= frame["accuracy_m"] + one.loose_m].tolist()
    return list(dict.fromkeys(held))
