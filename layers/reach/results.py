"""What a comparison finds: minutes before and after to every goal, and who gains and who loses by it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import access
from geo.crs import WGS84, WORKING, transform
from geo.edits import Edited
from geo.errors import Fault
from geo.isochrone import Lattice, Surface, reached_grid, surface
from geo.network import Floats, Names, Taps, snap
from geo.scenario import Scenario
from geo.travel import Travel
from layers.comparison import GOAL, GOALS, POINT, Comparison
from layers.reach.base import CORE, SETTLEMENTS, SITES, Base, base, figure, people
from layers.reach.scenarios import cost_mln_rub, written
from layers.records import as_dicts
from layers.store import Store
from layers.text import in_both

LIMITS = (30.0, 60.0, 90.0)
"""The limits (minutes) of the gains that are told."""
LABOUR_MINUTES = 60.0
SIZES = (0.0, 1_000.0, 5_000.0, 20_000.0, 100_000.0)
"""The least population of each class of settlements."""
NOTICED = 0.5
"""From how many minutes a change is told (half of one is rounding)."""


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two networks that are compared."""

    scenario: Scenario
    change: Edited
    travel: Travel


class Results:
    """The findings of a comparison; everything is computed when it is first asked for."""

    def __init__(self, store: Store, comparison: Comparison) -> None:
        """Raises `UnknownScenario`, `UnknownNetwork`, `ScenarioError`."""
        self.store, self.comparison = store, comparison
        self.base: Base = base(store, comparison.network)
        self.before, self.after = (self._side(text) for text in (comparison.before, comparison.after))
        self.people = people(store)
        self.settlements = store.features(SETTLEMENTS)
        self._told: dict[str, tuple[Floats, Floats]] = {}
        self._taps: dict[tuple[Side, str], Taps] = {}

    def _side(self, text: str) -> Side:
        scenario = written(self.store, text, self.comparison.network)
        change = self.base.edited(scenario)
        return Side(scenario, change, self.base.travel_after(change, scenario.season))

    @property
    def sides(self) -> tuple[Side, Side]:
        """Before and after."""
        return self.before, self.after

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The edits of both scenarios that changed nothing."""
        return tuple(dict.fromkeys((*self.before.change.faults, *self.after.change.faults)))

    # --- times ---------------------------------------------------------------------------------------

    def taps(self, side: Side, layer: str) -> Taps:
        """Where the records of a layer touch the network of a side."""
        if (side, layer) not in self._taps:
            self._taps[side, layer] = side.change.taps(self.base.taps(layer), self.base.points(layer))
        return self._taps[side, layer]

    def goal_taps(self, side: Side, goal: str) -> Taps:
        """The places of a goal: the core, or all records of a layer."""
        if goal == POINT and self.comparison.point:
            places = self._point
            return side.change.taps(snap(self.base.network, places), places)
        taps = self.taps(side, SETTLEMENTS if goal == GOAL else goal)
        return taps.only(self.core) if goal == GOAL else taps

    def places(self, goal: str) -> list[dict[str, Any]]:
        """The places of a goal as `goal_taps` numbers them, each with its `id` and names."""
        if goal == POINT:
            return [{"id": POINT, **in_both("reach_goal_title.point")}]
        frame = self.settlements.iloc[self.core] if goal == GOAL else self.store.features(goal)
        return as_dicts(frame)

    def minutes(self, goal: str) -> tuple[Floats, Floats]:
        """The minutes from each settlement to the nearest place of a goal, before and after."""
        if goal not in self._told:
            self._told[goal] = self._to_goal(goal)
        return self._told[goal]

    @cached_property
    def _point(self) -> Names:
        """The reader's own point (EPSG:32645), alone in an array."""
        lon, lat = self.comparison.point or (0.0, 0.0)
        x, y = transform([lon], [lat], WGS84, WORKING)
        return np.array([shapely.Point(x[0], y[0]), None], dtype=object)[:1]

    @cached_property
    def core(self) -> npt.NDArray[np.intp]:
        """The place of the core among the settlements."""
        return np.flatnonzero(self.settlements.index == CORE)

    def _to_goal(self, goal: str) -> tuple[Floats, Floats]:
        found = []
        for side in self.sides:
            matrix = side.travel.minutes(self.taps(side, SETTLEMENTS), self.goal_taps(side, goal))
            best = access.nearest(matrix)[0]
            if goal == GOAL:
                best[self.core] = 0.0
            found.append(best)
        return found[0], found[1]

    @cached_property
    def times(self) -> pd.DataFrame:
        """The settlements: `before`, `after`, `saved` (minutes to the chosen goal), `people`, `district`."""
        before, after = self.minutes(self.comparison.goal)
        columns = {"before": before, "after": after, "saved": access.saved(before, after)}
        frame = pd.DataFrame(columns, index=self.settlements.index)
        return frame.assign(people=self.people, district=self.settlements["district"])

    @cached_property
    def opened(self) -> npt.NDArray[np.bool_]:
        """Which settlements had no way to the goal and have one now."""
        found: npt.NDArray[np.bool_] = (
            np.isinf(self.times["before"]) & np.isfinite(self.times["after"])
        ).to_numpy()
        return found

    @cached_property
    def cut_off(self) -> npt.NDArray[np.bool_]:
        """Which settlements had a way to the goal and have none now."""
        found: npt.NDArray[np.bool_] = (
            np.isfinite(self.times["before"]) & np.isinf(self.times["after"])
        ).to_numpy()
        return found

    # --- people --------------------------------------------------------------------------------------

    def gains(self, goal: str) -> list[access.Gain]:
        """Who comes within each limit of a goal."""
        before, after = self.minutes(goal)
        return [access.gain(before, after, self.people, limit) for limit in LIMITS]

    @cached_property
    def all_gains(self) -> dict[str, list[access.Gain]]:
        """The same for every goal."""
        return {goal: self.gains(goal) for goal in GOALS}

    @cached_property
    def by_district(self) -> pd.DataFrame:
        """Per district: `people` known, `saved` (their mean minutes), `came` within an hour, `fell_out`."""
        rows = []
        for district, part in self.times.groupby("district", sort=False):
            known = part[part["people"].notna() & part["saved"].notna()]
            weight = known["people"].sum()
            before, after, living = (part[name].to_numpy() for name in ("before", "after", "people"))
            within = access.gain(before, after, living, 60.0)
            saved = float((known["saved"] * known["people"]).sum() / weight) if weight else np.nan
            rows.append((district, float(weight), saved, within.came, within.fell_out, len(part)))
        columns = ["district", "people", "saved", "came", "fell_out", "settlements"]
        return pd.DataFrame(rows, columns=columns).set_index("district")

    @cached_property
    def by_size(self) -> list[tuple[float, int, float, Floats]]:
        """Per class of size: its least population, settlements, people, and quantiles of minutes saved.

        The quantiles are those of people: a tenth, a quarter, a half, three quarters, nine tenths.
        """
        rows = []
        saved, counted = self.times["saved"].to_numpy(), np.nan_to_num(self.people)
        for least, most in zip(SIZES, (*SIZES[1:], np.inf), strict=True):
            own = (self.people >= least) & (self.people < most) & (self.settlements.index != CORE)
            shares = access.weighted_quantiles(saved[own], self.people[own], (0.1, 0.25, 0.5, 0.75, 0.9))
            rows.append((least, int(own.sum()), float(counted[own].sum()), shares))
        return rows

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Places of work: `layer`, `id`, people within an hour of them before and after, `more`."""
        rows: list[pd.DataFrame] = []
        for layer in SITES:
            found = []
            for side in self.sides:
                matrix = side.travel.minutes(self.taps(side, SETTLEMENTS), self.taps(side, layer))
                found.append(access.cumulative(matrix.T, self.people, LABOUR_MINUTES).total)
            ids = self.store.features(layer).index
            connected = self.base.taps(layer).connected
            frame = pd.DataFrame({"layer": layer, "id": ids, "before": found[0], "after": found[1]})
            rows.append(frame[connected])
        sites = pd.concat(rows, ignore_index=True)
        return sites.assign(more=sites["after"] - sites["before"])

    # --- money ---------------------------------------------------------------------------------------

    @property
    def trips_year(self) -> float:
        """Round trips to the core a year by each person outside it."""
        own = self.comparison.trips_year
        return figure(self.store, "trips-to-centre") if own is None else own

    @property
    def hour_rub(self) -> float:
        """The worth of an hour of a person's way (RUB)."""
        own = self.comparison.hour_rub
        return figure(self.store, "time-value-person") if own is None else own

    @property
    def worth_told(self) -> bool:
        """Whether a year's worth may be told: trips are known to the core only, and a season is no year."""
        same = self.before.scenario.season == self.after.scenario.season
        return self.comparison.goal == GOAL and same

    @cached_property
    def person_minutes(self) -> float:
        """The minutes saved on one way of everybody outside the core to the goal."""
        known = self.times[self.times["saved"].notna() & self.times["people"].notna()]
        return float((known["saved"] * known["people"]).drop(CORE, errors="ignore").sum())

    @property
    def saved_mln_rub_year(self) -> float:
        """The worth of the time saved in a year, mln RUB."""
        return self.person_minutes * 2 * self.trips_year / 60.0 * self.hour_rub / 1e6

    @property
    def cost_mln_rub(self) -> float | None:
        """The cost of what differs, where it is known."""
        return cost_mln_rub(self.store, self.comparison)

    # --- surfaces ------------------------------------------------------------------------------------

    @cached_property
    def grid(self) -> Lattice:
        """The cells of both surfaces."""
        goal = self.comparison.goal
        grids = [reached_grid(side.travel, self.goal_taps(side, goal)) for side in self.sides]
        reached = [grid.bounds for grid in grids if grid] or [self.base.network.bounds]
        west, south, east, north = zip(*reached, strict=True)
        return Lattice.over((min(west), min(south), max(east), max(north)))

    @cached_property
    def surfaces(self) -> tuple[Surface, Surface]:
        """The minutes to the chosen goal from everywhere, before and after."""
        made = [
            surface(side.travel, self.goal_taps(side, self.comparison.goal), self.grid) for side in self.sides
        ]
        return made[0], made[1]

    def changed_segments(self) -> pd.DataFrame:
        """What edits made differ: `id`, `what`, speeds before and after (NaN: closed), metric `line`."""
        before, after, network = self.before, self.after, self.base.network
        speeds = [_speeds(side)[: len(network)] for side in (before, after)]
        differ = ~((speeds[0] == speeds[1]) | (np.isnan(speeds[0]) & np.isnan(speeds[1])))
        rows: list[tuple[str, str, float, float, Any]] = [
            (str(network.ids[at]), _what(speeds[0][at], speeds[1][at]), speeds[0][at], speeds[1][at], line)
            for at, line in zip(np.flatnonzero(differ), network.lines[differ], strict=True)
        ]
        rows += [*self._links("removed", before, after), *self._links("new", after, before)]
        return pd.DataFrame(rows, columns=["id", "what", "kmh_before", "kmh_after", "line"])

    @staticmethod
    def _links(what: str, side: Side, other: Side) -> list[tuple[str, str, float, float, Any]]:
        """The new roads of one scenario that the other has not, whatever they are called."""
        rows, net = [], side.change.network
        there = {replace(link, name="") for link in other.scenario.links}
        kmh = side.travel.model.kmh(net)
        for number in np.unique(side.change.link_of):
            if replace(side.scenario.links[number], name="") in there:
                continue
            own = side.change.added[side.change.link_of == number]
            line = shapely.line_merge(shapely.MultiLineString(net.lines[own].tolist()))
            speed = float(kmh[own[0]])
            pair = (speed, np.nan) if what == "removed" else (np.nan, speed)
            rows.append((f"{what}-{number + 1}", what, *pair, line))
        return rows


def _speeds(side: Side) -> Floats:
    """The speed (km/h) of each segment in good conditions, whatever the season; NaN where it is not there."""
    network = side.change.network
    return np.where(network.there, np.round(side.travel.model.kmh(network), 1), np.nan)


def _what(before: float, after: float) -> str:
    if np.isnan(before):
        return "opened"
    if np.isnan(after):
        return "closed"
    return "faster" if after > before else "slower"


def results(store: Store, comparison: Comparison) -> Results:
    """The findings of a comparison, kept while they are looked at and as long as their network is."""
    held = base(store, comparison.network)
    return held.kept_results(comparison, lambda: Results(store, comparison))
