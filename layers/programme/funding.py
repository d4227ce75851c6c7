"""Money that follows effect: which open projects bring what, for whose roubles, and which set brings most.

The figures come from the records; where sources disagree or nobody says, an effect is an interval. What is
computed (people brought within an hour of Tomsk) is told apart from what is stated.
"""

from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from geo import portfolio
from geo import programme as sums
from geo.portfolio import Bools, Effects, Floats, Scores
from geo.shape import Shape
from layers.priorities import EFFECTS, Effect, Priorities
from layers.programme.figures import Chosen, Programme
from layers.programme.reach import gains
from layers.programme.tiles import PUBLIC
from layers.query import Query

DONE = ("built", "cancelled")
"""What needs no decision any more."""
PEOPLE_WITHIN: dict[Effect, float] = {"people_60": 60.0, "people_90": 90.0}
ROADS = "infrastructure"
DRAWS = 200
FIRMNESS = 60.0
"""How close drawn weights keep to the stated ones: a weight of 40 % then varies by about 6 points."""


class Appraisal:
    """The open projects of a choice, judged by a person's priorities."""

    def __init__(
        self, programme: Programme, query: Query, shape: Shape | None, priorities: Priorities
    ) -> None:
        self.programme, self.priorities = programme, priorities
        chosen: Chosen = programme.chosen(query, shape)
        self.open = ~chosen.frame["state"].isin(DONE).to_numpy()
        self.frame = chosen.frame[self.open]
        self.ids = self.frame.index
        self.weights = np.array([priorities.weight(effect) for effect in EFFECTS], dtype=float)

    # --- figures ------------------------------------------------------------------------------------

    @cached_property
    def money(self) -> pd.DataFrame:
        """For each project `public` and `private` roubles as intervals (`_low`, `_high`), in mln RUB.

        What no source names may come from either purse. Where nothing is known of a project's money but what
        it asks of the budgets, that is the upper end of its public part.
        """
        cost = self.programme.figure("cost_mln_rub").loc[self.ids, "value"]
        flows = sums.flows(self.programme.money, cost, np.ones(len(cost), dtype=bool))
        amount = flows.pivot_table(
            index="project", columns="money_source", values="amount_mln_rub", aggfunc="sum"
        )
        amount = amount.reindex(self.ids)
        public = amount.reindex(columns=PUBLIC).sum(axis=1, min_count=1)
        private = amount.reindex(columns=["extra_budgetary"]).sum(axis=1, min_count=1)
        unnamed = amount.reindex(columns=[sums.UNNAMED]).sum(axis=1)
        known = amount.notna().any(axis=1)
        parts = {}
        for name, part in (("public", public), ("private", private)):
            parts[f"{name}_low"] = part.fillna(0.0).where(known)
            parts[f"{name}_high"] = (part.fillna(0.0) + unnamed).where(known)
        asked = self.programme.figure("public_mln_rub").loc[self.ids, "high"]
        parts["public_high"] = parts["public_high"].fillna(asked)
        return pd.DataFrame(parts, index=self.ids)

    @cached_property
    def figures(self) -> dict[Effect, pd.DataFrame]:
        """The interval of each effect for each project (`low`, `value`, `high`; NaN where unknown)."""
        return {effect: self._figure(effect) for effect in EFFECTS}

    def _figure(self, effect: Effect) -> pd.DataFrame:
        if effect in PEOPLE_WITHIN:
            return self._people(PEOPLE_WITHIN[effect])
        if effect == "leverage":
            return self._leverage()
        return self.programme.figure(effect).loc[self.ids, ["low", "value", "high"]]

    def _people(self, limit: float) -> pd.DataFrame:
        """People brought within so many minutes of Tomsk.

        Computed for works on roads of the network; what builds no road brings nobody; of other infrastructure
        it is unknown.
        """
        computed = gains(self.programme.store, limit)
        elsewhere = pd.Series(0.0, index=self.ids).where(self.frame["project_type"] != ROADS)
        value = pd.Series(self.ids.map(computed), index=self.ids, dtype=float).fillna(elsewhere)
        return pd.DataFrame({"low": value, "value": value, "high": value})

    def _leverage(self) -> pd.DataFrame:
        """Private roubles for each public one, told as the private part of both (1: no public rouble at all).

        The part grows with the ratio and has an end, so that no ratio outweighs all else.
        """
        money = self.money
        with np.errstate(divide="ignore", invalid="ignore"):
            low = money["private_low"] / (money["private_low"] + money["public_high"])
            high = money["private_high"] / (money["private_high"] + money["public_low"])
        return pd.DataFrame({"low": low, "value": low.where(np.isclose(low, high)), "high": high})

    @cached_property
    def cost(self) -> Floats:
        """What each project takes from the budget at most (mln RUB, NaN where unknown)."""
        if self.priorities.paying == "public":
            return np.asarray(self.money["public_high"], dtype=float)
        cost = self.programme.figure("cost_mln_rub").loc[self.ids, "value"]
        invested = self.programme.figure("invested_mln_rub").loc[self.ids, "value"]
        return np.asarray((cost - invested.fillna(0.0)).clip(lower=0.0), dtype=float)

    # --- judgement ----------------------------------------------------------------------------------

    @cached_property
    def effects(self) -> Effects:
        """All effects of all projects as shares of the greatest."""
        parts = [
            np.column_stack([self.figures[effect][column].to_numpy(dtype=float) for effect in EFFECTS])
            for column in ("low", "value", "high")
        ]
        return Effects.of(*parts)

    @property
    def weighed(self) -> bool:
        """Whether there is a project to judge and a weight to judge it by."""
        return bool(len(self.ids) and self.weights.sum() > 0)

    @cached_property
    def scores(self) -> Scores:
        """The scores of all projects."""
        return portfolio.scores(self.effects, self.weights)

    @property
    def assumed(self) -> Floats:
        """The effects with the unknown taken as the person chose: n x k."""
        effects = self.effects
        taken: Floats = getattr(effects, self.priorities.unknown)
        assumed: Floats = np.where(effects.unknown, taken, effects.middle)
        return assumed

    @cached_property
    def score(self) -> Floats:
        """The score of each project with the unknown taken as the person chose."""
        return np.asarray(portfolio.contributions(self.assumed, self.weights).sum(axis=1))

    @cached_property
    def order(self) -> portfolio.Ints:
        """The projects from the first to the last: by effect, or by effect per rouble of the budget.

        Per rouble, a project that costs the budget nothing comes first, and one of unknown cost last.
        """
        value = self.score
        if self.priorities.order == "per_rouble":
            with np.errstate(divide="ignore", invalid="ignore"):
                value = np.where(self.cost > 0, value / self.cost, np.inf)
            value = np.where(np.isnan(self.cost), -1.0, value)
        return np.lexsort((-self.score, -value))

    @cached_property
    def either(self) -> list[tuple[int, int]]:
        """Pairs of a part and its whole, of which a set holds one at most."""
        place = {str(id_): number for number, id_ in enumerate(self.ids)}
        wholes = self.frame["part_of"].tolist()
        return [(number, place[whole]) for number, whole in enumerate(wholes) if whole in place]

    @cached_property
    def best(self) -> Bools:
        """The set that brings most under the budget."""
        return portfolio.best_set(self.score, self.cost, self.priorities.budget_mln_rub, self.either)

    @cached_property
    def above(self) -> Bools:
        """The projects above the budget line of the ranking."""
        return portfolio.fits_in_order(self.order, self.cost, self.priorities.budget_mln_rub, self.either)

    @cached_property
    def stability(self) -> Floats:
        """In which share of `DRAWS` draws each project belongs to the best set."""
        drawn = portfolio.drawn(self.effects, self.weights, DRAWS, FIRMNESS)
        return portfolio.stability(drawn, self.cost, self.priorities.budget_mln_rub, self.either)


@lru_cache(maxsize=64)
def appraisal(programme: Programme, query: Query, shape: Shape | None, priorities: Priorities) -> Appraisal:
    """The judgement of a choice by priorities, kept while it is looked at."""
    return Appraisal(programme, query, shape, priorities)
