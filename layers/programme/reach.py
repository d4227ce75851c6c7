"""What the works on a road change for people: how many come within an hour or so of Tomsk by a project.

A segment of the embedded network names the project of its works. The network of today is asked twice: with
the segments of the project as they were before its works, and as they are after them. Speeds are assumed by
road type and surface, so the answer is an estimate.
"""

from functools import cache

import numpy as np

from geo.access import gain
from geo.network import Floats
from geo.scenario import Change, Scenario, State
from layers.reach.base import CORE, SETTLEMENTS, Base, base, people
from layers.store import Store


def projects(store: Store) -> dict[str, list[str]]:
    """The segments of the works of each project that has any."""
    works = store.features("roads")["works"].dropna()
    return {str(name): [str(id_) for id_ in ids.index] for name, ids in sorted(works.groupby(works))}


@cache
def gains(store: Store, limit: float) -> dict[str, float]:
    """The people whom each project of road works brings within `limit` minutes of Tomsk."""
    held = base(store)

    def brought(segments: list[str]) -> float:
        before, after = (_minutes(held, segments, state) for state in ("before", "open"))
        return gain(before, after, people(store), limit).net

    return {project: brought(segments) for project, segments in projects(store).items()}


def _minutes(held: Base, segments: list[str], state: State) -> Floats:
    """The minutes from each settlement to Tomsk with some segments in a state."""
    former = held.store.features("roads")["speed_before_kmh"]
    states = {id_: "closed" if state == "before" and np.isnan(former[id_]) else state for id_ in segments}
    changes = tuple(Change(id_, state=states[id_]) for id_ in segments)
    scenario = Scenario(held.network.name, changes=changes)
    travel = held.travel_after(held.edited(scenario), scenario.season)
    taps = held.taps(SETTLEMENTS)
    core = np.flatnonzero(held.store.features(SETTLEMENTS).index == CORE)
    minutes = travel.minutes(taps, taps.only(core))[:, 0]
    minutes[core] = 0.0
    return minutes
