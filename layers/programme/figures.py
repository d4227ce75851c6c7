"""The registers of the programme as frames ready to be summed: what is chosen, what is said of each.

Everything that a page of the programme shows comes from here and from `geo.programme`; nothing is counted
anywhere else, so totals by park, by direction and by cluster agree.
"""

from functools import cache, cached_property, lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import lifecycle
from geo import programme as sums
from geo.programme import Total
from geo.selection import Verdict, verdicts
from geo.shape import Shape
from layers.query import Query
from layers.records import as_dicts, split
from layers.store import Store

QUANTITIES = ("cost_mln_rub", "invested_mln_rub", "jobs", "area_ha")
"""The figures that a record carries itself; others are only stated in the register of figures."""
Bools = npt.NDArray[np.bool_]


class Chosen:
    """The projects that a query and a drawn shape keep, and which of them enter sums.

    A part is not summed beside its whole; what is postponed or cancelled is left out of sums unless the
    query asks for a status. `unsure` counts those of which the shape cannot tell.
    """

    def __init__(self, programme: "Programme", query: Query, shape: Shape | None) -> None:
        frame = programme.store.query("projects", query)
        self.query = query
        self.unsure = 0
        if shape is not None and len(frame):
            metric = gpd.GeoSeries(programme.store.metric("projects").loc[frame.index])
            verdict = verdicts(metric, frame["accuracy_m"].to_numpy(dtype=float), shape.area_metric())
            there = (verdict > Verdict.OUTSIDE) & ~(metric.isna() | metric.is_empty).to_numpy()
            self.unsure = int(((verdict == Verdict.UNSURE) & there).sum())
            frame = frame[there]
        # A project without a status merely stands on the map: here its status is unknown.
        self.frame = frame.assign(state=frame["state"].where(frame["state"] != lifecycle.STANDING, ""))
        self.ids = frame.index
        live = ~frame["state"].isin(lifecycle.FINAL_STATES).to_numpy()
        self.live: Bools = live | (query.condition("status") is not None)
        self._programme = programme
        self.figure = cache(self._figure)
        self.counted = cache(self._counted)

    def _figure(self, quantity: str) -> pd.DataFrame:
        """The intervals of a figure of these projects."""
        return self._programme.figure(quantity).loc[self.ids]

    def _counted(self, quantity: str) -> Bools:
        """Which of them enter the sum of a figure."""
        return self._mask(self.figure(quantity)["value"])

    def _mask(self, figure: pd.Series) -> Bools:
        known = figure.notna().to_numpy() & self.live
        return self.live & sums.counted(self.ids.tolist(), self.frame["part_of"].tolist(), known)

    def total(self, quantity: str) -> Total:
        """The sum of a figure."""
        return sums.total(self.figure(quantity), self.counted(quantity))

    def totals_by(self, column: str, quantity: str) -> dict[str, Total]:
        """The sums of a figure by the values of a column ("" where there is none)."""
        return sums.totals_by(self.figure(quantity), self.frame[column], self.counted(quantity))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Who pays how much for each project that is counted; see `geo.programme.flows`."""
        cost = self.figure("cost_mln_rub")["value"]
        return sums.flows(self._programme.money, cost, self.counted("cost_mln_rub"))

    @cached_property
    def spent(self) -> pd.Series:
        """What has been put into each project that enters the sum of it; NaN where unknown."""
        built = (self.frame["state"] == "built").to_numpy()
        cost, invested = (self.figure(name)["value"] for name in ("cost_mln_rub", "invested_mln_rub"))
        spent = sums.spent(cost, invested, built)
        if self.query.year is not None:
            spent = spent.where(self.year_spent <= self.query.year)
        return spent[self._mask(spent)]

    @cached_property
    def year_spent(self) -> pd.Series:
        """The year of completion; of what is not complete, the year for which the record speaks."""
        told = self.frame["as_of"].str[:4].astype(float)
        return self.frame["end_year"].where(self.frame["status"] == "built", told)


class Programme:
    """All records of the programme in a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.projects = store.features("projects")
        self.money = store.records("money")
        self.events = store.records("events")
        self.measures = store.records("measures")
        self.statements = store.records("statements")
        self._chosen = lru_cache(maxsize=128)(lambda query, shape: Chosen(self, query, shape))
        self.figure = cache(self._figure)
        self.stated = cache(self._stated)
        self.slips = lru_cache(maxsize=2)(self._slips)

    def chosen(self, query: Query, shape: Shape | None = None) -> Chosen:
        """The projects that a query and a drawn shape keep. Raises `geo.errors.ShapeError`."""
        found: Chosen = self._chosen(query, shape)
        return found

    def _figure(self, quantity: str) -> pd.DataFrame:
        """The interval of a figure for every project: `low`, `value`, `high`, `said`."""
        nothing = pd.Series(np.nan, index=self.projects.index)
        recorded = self.projects[quantity] if quantity in QUANTITIES else nothing
        stated = self.store.records("figures")
        return sums.bounds(recorded.astype(float), stated[stated["quantity"] == quantity])

    def serving(self, register: str, query: Query, shape: Shape | None) -> pd.DataFrame:
        """The records of a register that a choice keeps.

        Conditions on its own fields narrow it themselves; conditions on fields that only projects have, and a
        drawn shape, keep what serves the projects that they keep.
        """
        rows, catalogue = self.store.query(register, query), self.store.catalogue
        own, projects = catalogue.registers[register], catalogue.layers["projects"]
        others = tuple(c for c in query.conditions if projects.field(c.field) and not own.field(c.field))
        if not others and shape is None:
            return rows
        kept = set(self.chosen(Query(conditions=others), shape).ids)
        serves = (bool(kept.intersection(split(ids))) for ids in rows["projects"])
        return rows[np.fromiter(serves, bool, len(rows))]

    def _slips(self, today: str) -> pd.DataFrame:
        """How far the completion of each project has moved on a day; what is given up has not lapsed."""
        slips = sums.slips(self.events, today)
        given_up = self.projects.index[self.projects["status"].isin(lifecycle.FINAL_STATES)]
        slips["lapsed"] &= ~slips.index.isin(given_up)
        return slips

    def _stated(self, statement: str) -> pd.DataFrame:
        """What is said of the programme as a whole, the latest first."""
        rows = self.statements[self.statements["statement"] == statement]
        return rows.sort_values("as_of", ascending=False, kind="stable")

    def of(self, register: str, project: str) -> list[dict[str, Any]]:
        """The records of a register that name a project, in its order."""
        rows = self.store.records(register)
        column = "project" if "project" in rows else "projects"
        named = rows[column].map(lambda ids: isinstance(ids, str) and project in ids.split(";"))
        return as_dicts(rows[named.to_numpy(dtype=bool)])


@cache
def programme(store: Store) -> Programme:
    """The programme of a store, made once."""
    return Programme(store)
