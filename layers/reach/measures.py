"""Measures of accessibility of a comparison: opportunities, potential, shares of supply, detours, belts."""

from functools import cached_property

import numpy as np
import pandas as pd
import shapely

from geo import access
from geo.network import Floats
from layers.comparison import GOAL
from layers.reach.base import SETTLEMENTS, SITES, figure
from layers.reach.results import Results, Side
from layers.records import split
from layers.store import Store

WITHIN = 60.0
"""The limit (minutes) of cumulative opportunities."""
HOSPITAL_WITHIN = 60.0
HALF = 30.0
"""The minutes after which the pull of a person halves."""
PER = 100_000.0
MEMBERSHIPS = ("members-agreement-2013", "members-scheme-2011")
BELTS = ("isochrone-60", "isochrone-daily", "isochrone-90", "isochrone-120")
"""The assumptions whose minutes delimit belts of the core."""


class Measures:
    """The measures of one side of a comparison, by settlement."""

    def __init__(self, found: Results, side: Side) -> None:
        self.found, self.side, self.store = found, side, found.store

    def minutes_to(self, layer: str) -> Floats:
        """The minutes from each settlement to each record of a layer."""
        taps = (self.found.taps(self.side, name) for name in (SETTLEMENTS, layer))
        matrix = self.side.travel.minutes(*taps)
        if layer == SETTLEMENTS:
            np.fill_diagonal(matrix, 0.0)
        return matrix

    @cached_property
    def table(self) -> pd.DataFrame:
        """All measures.

        `people`, `jobs`, `jobs_unknown`, `sites`, `hospitals`, `universities` within an hour; `potential`;
        `hospital_share` (hospitals per 100,000 people who reach them); `detour`.
        """
        living, projects = self.found.people, self.store.features("projects")
        between = self.minutes_to(SETTLEMENTS)
        jobs = access.cumulative(self.minutes_to("projects"), projects["jobs"].to_numpy(dtype=float), WITHIN)
        columns = {
            "people": access.cumulative(between, living, WITHIN).total,
            "jobs": jobs.total,
            "jobs_unknown": jobs.unknown.astype(float),
            "sites": sum(self._count(layer) for layer in SITES),
            "hospitals": self._count("hospitals"),
            "universities": self._count("universities"),
            "potential": access.gravity(between, living, HALF).total,
            "hospital_share": self.hospital_share(),
            "detour": self.detour(),
        }
        frame = pd.DataFrame(columns, index=self.found.settlements.index).astype(float)
        # What is off the known roads reaches something all the same: nobody knows what.
        frame.loc[~self.found.taps(self.side, SETTLEMENTS).connected] = np.nan
        return frame

    def _count(self, layer: str) -> Floats:
        matrix = self.minutes_to(layer)
        return access.cumulative(matrix, np.ones(matrix.shape[1]), WITHIN).total

    def hospital_share(self) -> Floats:
        """Hospitals per 100,000 people, shared with all who reach them (beds are known of hardly any)."""
        matrix = self.minutes_to("hospitals")
        return access.two_step(matrix, self.found.people, np.ones(matrix.shape[1]), HOSPITAL_WITHIN) * PER

    def detour(self) -> Floats:
        """How many times longer than the straight line the shortest way to the core is."""
        taps = self.found.taps(self.side, SETTLEMENTS)
        by_road = self.side.travel.kilometres(taps, self.found.goal_taps(self.side, GOAL))[:, 0]
        points = self.store.metric(SETTLEMENTS).to_numpy()
        straight = shapely.distance(points, points[self.found.core[0]]) / 1000.0
        return access.detour_index(by_road, straight)

    def matrix(self, names: pd.Series) -> pd.DataFrame:
        """The OD matrix: the minutes between all settlements, by name; empty where there is no way."""
        minutes = np.where(np.isfinite(m := self.minutes_to(SETTLEMENTS)), np.round(m, 1), np.nan)
        told = [str(name) for name in names]
        return pd.DataFrame(minutes, columns=told).set_axis(told, axis=0).rename_axis("").reset_index()


def members(store: Store, id_: str) -> set[str]:
    """The districts that a document counts to the agglomeration."""
    return set(split(store.record("assumptions", id_)["districts"]))


def delimitation(found: Results) -> pd.DataFrame:
    """Per district: shares (%) of its known people by belt of the core after the edits, `people`.

    Belts are numbered 0, 1, ... by `BELTS`; `len(BELTS)` is beyond the last; `off` is where there is no way.
    """
    limits = tuple(figure(found.store, id_) for id_ in BELTS)
    minutes = found.minutes(GOAL)[1]
    belt = access.belts(minutes, limits)
    belt[~np.isfinite(minutes)] = len(BELTS) + 1
    frame = pd.DataFrame(
        {"district": found.settlements["district"].to_numpy(), "belt": belt, "people": found.people}
    ).dropna(subset=["people"])
    shares = frame.pivot_table(index="district", columns="belt", values="people", aggfunc="sum", fill_value=0)
    shares = shares.reindex(columns=list(range(len(BELTS) + 2)), fill_value=0.0).astype(float)
    total = shares.sum(axis=1)
    return (
        shares.div(total, axis=0)
        .mul(100)
        .assign(people=total)
        .sort_values(list(shares.columns[:3]), ascending=False)
    )
