"""What a person wants money to follow: weights of effects, a budget, and how both are read. A small document.

Its text stands in the address bar, so that a ranking can be linked, told and printed like any other view:
`jobs:40,people_60:20;30000;public;effect;low` is weights, budget in millions of roubles, what counts against
the budget, the order, and what the unknown is taken for.
"""

import math
from typing import Literal, Self, get_args

from pydantic import Field as Setting

from layers.style import Frozen

Effect = Literal["jobs", "people_60", "people_90", "leverage", "tax_mln_rub_year", "patents", "people_served"]
EFFECTS: tuple[Effect, ...] = get_args(Effect)
Paying = Literal["total", "public"]
Order = Literal["effect", "per_rouble"]
Unknown = Literal["low", "middle", "high"]
MOST_WEIGHT = 100
MOST_BUDGET = 1_000_000.0


class Weight(Frozen):
    """How much an effect matters, 0..100 against the others."""

    effect: Effect
    weight: int = Setting(ge=0, le=MOST_WEIGHT)


class Priorities(Frozen):
    """Weights of effects, a budget in mln RUB, what is counted against it, and the order of the ranking.

    `paying` "total" counts what is still to be put in from any purse, "public" the budgets' part. What is
    unknown of an effect is taken as the least, the median or the greatest of what is known of other projects.
    """

    weights: tuple[Weight, ...] = (
        Weight(effect="jobs", weight=40),
        Weight(effect="people_60", weight=20),
        Weight(effect="leverage", weight=30),
        Weight(effect="tax_mln_rub_year", weight=10),
    )
    budget_mln_rub: float = Setting(default=150_000, ge=0, le=MOST_BUDGET)
    paying: Paying = "total"
    order: Order = "effect"
    unknown: Unknown = "low"

    def weight(self, effect: Effect) -> int:
        """The weight of an effect; 0 where it is not named."""
        return next((w.weight for w in self.weights if w.effect == effect), 0)

    def weighing(self, effect: Effect, weight: int) -> Self:
        """A copy in which an effect has this weight."""
        kept = {w.effect: w.weight for w in self.weights} | {effect: weight}
        weights = tuple(Weight(effect=e, weight=kept[e]) for e in EFFECTS if kept.get(e))
        return self.model_copy(update={"weights": weights})

    def text(self) -> str:
        """The text that `parse` reads."""
        weights = ",".join(f"{w.effect}:{w.weight}" for w in self.weights)
        return f"{weights};{self.budget_mln_rub:.15g};{self.paying};{self.order};{self.unknown}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text form; raises ValueError for anything else."""
        weights, budget, paying, order, unknown = text.split(";")
        pairs = [part.split(":") for part in weights.split(",") if part]
        if not math.isfinite(float(budget)) or len({effect for effect, _ in pairs}) < len(pairs):
            raise ValueError(text)
        return cls(
            weights=tuple(Weight(effect=effect, weight=int(weight)) for effect, weight in pairs),
            budget_mln_rub=float(budget),
            paying=paying,
            order=order,
            unknown=unknown,
        )
