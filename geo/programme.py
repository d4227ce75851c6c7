"""Indicators of a programme of projects: totals with their doubt, flows of money, slip, overdue measures.

A figure of a project is an interval: where sources disagree its ends differ, where nobody says it is unknown,
and unknown is never zero. Whatever is summed here tells how many figures it rests on, how many are missing.
Frames and arrays come in, values go out: this module knows no screen, no language and no catalogue.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]
Standing = Literal["overdue", "unreported", "under_way", "planned", "unknown", "postponed", "implemented"]
STANDINGS: tuple[Standing, ...] = (
    "overdue", "unreported", "under_way", "planned", "unknown", "postponed", "implemented",
)  # fmt: skip
"""How a measure stands, the most pressing first."""
UNNAMED = "unnamed"
"""The source of money that no record names: what a cost is more than its named sources."""


@dataclass(frozen=True)
class Total:
    """A sum: `value` as recorded, `low` and `high` where sources disagree, over `known` figures of all."""

    value: float
    low: float
    high: float
    known: int
    unknown: int

    @property
    def disputed(self) -> bool:
        """Whether sources disagree about it."""
        return self.low < self.high


def bounds(recorded: pd.Series, stated: pd.DataFrame) -> pd.DataFrame:
    """The interval of a figure for each project, over all that is said of it.

    `recorded` holds the figure of the record by project id (NaN where unknown); `stated` has a row a further
    statement with the columns `project`, `value`, `value_high` (NaN unless a range is stated) and `as_of`.
    Returns `low`, `value`, `high` and `said` (how many statements) by project: `value` is the record's own,
    or the latest stated where the record has none.
    """
    ordered = stated.sort_values("as_of", kind="stable")
    grouped = ordered.groupby("project")
    high = ordered["value_high"].fillna(ordered["value"]).groupby(ordered["project"]).max()
    frame = pd.DataFrame({
        "low": grouped["value"].min().reindex(recorded.index),
        "value": recorded.fillna(grouped["value"].last()),
        "high": high.reindex(recorded.index),
        "said": recorded.notna() + grouped.size().reindex(recorded.index, fill_value=0),
    })  # fmt: skip
    frame["low"] = frame[["low", "value"]].min(axis=1)
    frame["high"] = frame[["high", "value"]].max(axis=1)
    return frame


def counted(ids: Sequence[Hashable], whole: Sequence[Hashable], known: Bools) -> Bools:
    """Which of n records enter a sum: all but a part whose whole is among them with a figure of its own.

    `whole` holds for each record the id of what it is a part of, or None.
    """
    wholes = {id_ for id_, there in zip(ids, known, strict=True) if there}
    return np.fromiter((of not in wholes for of in whole), dtype=bool, count=len(known))


def total(figures: pd.DataFrame, mask: Bools) -> Total:
    """The sum of the figures (`low`, `value`, `high`) that `mask` keeps."""
    low, value, high = (figures[column].to_numpy(dtype=float)[mask] for column in ("low", "value", "high"))
    known = ~np.isnan(value)
    middle, least, most = (float(part[known].sum()) for part in (value, low, high))
    return Total(middle, least, most, int(known.sum()), int((~known).sum()))


def totals_by(figures: pd.DataFrame, groups: pd.Series, mask: Bools) -> dict[str, Total]:
    """The totals of each group ("" where a record names none); they add up to the total of all."""
    named = groups.fillna("").astype(str).to_numpy()
    return {str(group): total(figures, mask & (named == group)) for group in pd.unique(named[mask])}


def flows(money: pd.DataFrame, cost: pd.Series, mask: Bools) -> pd.DataFrame:
    """Who pays how much for each project: `project`, `money_source`, `amount_mln_rub`.

    `money` has a row a sum with those columns and its `basis`; what is planned stands before what is spent,
    since it covers the whole. What the cost (by project id) is more than the sum of its named sources comes
    from `UNNAMED`. Only the projects that `mask` keeps.
    """
    kept = money[money["project"].isin(cost.index[mask]) & money["basis"].isin(("plan", "actual"))]
    payer = [kept["project"], kept["money_source"]]
    planned = kept["basis"] == "plan"
    named = kept[planned | ~planned.groupby(payer).transform("any")]
    named = named.groupby(["project", "money_source"])["amount_mln_rub"].sum().reset_index()
    whole = named.groupby("project")["amount_mln_rub"].sum()
    rest = cost[mask].dropna()
    rest -= whole.reindex(rest.index, fill_value=0.0)
    over = rest[rest > 0]
    unnamed = pd.DataFrame(
        {"project": over.index, "money_source": UNNAMED, "amount_mln_rub": over.to_numpy()}
    )
    return pd.concat([named, unnamed], ignore_index=True)


def spent(cost: pd.Series, invested: pd.Series, built: Bools) -> pd.Series:
    """What has been put into each project: the sum invested, else the cost of what is built, else unknown."""
    return invested.where(invested.notna(), cost.where(built))


def as_year(date: str) -> float:
    """`2025-09` as 2025.67: a date as far as it is given, in years."""
    year, month = (*date.split("-"), "1")[:2]
    return int(year) + (int(month) - 1) / 12


def slips(events: pd.DataFrame, today: str) -> pd.DataFrame:
    """How far each project's completion has moved: `promised`, `outcome`, `slip` (years), `done`, `lapsed`.

    By project. `events` has the columns `project`, `status`, `date`, `basis` and `as_of`. The promise is the
    completion that was announced first; the outcome is the fact, or the completion announced last. Where that
    has passed (`today` is `YYYY-MM-DD`) without word of completion, it has `lapsed` and the slip is unknown.
    Years are compared as whole years where one of the two dates gives no month.
    """
    ends = events[events["status"] == "built"].sort_values(["as_of", "date"], kind="stable")
    planned, actual = ends[ends["basis"] == "plan"], ends[ends["basis"] == "actual"]
    promised = planned.groupby("project")["date"].first()
    fact = actual.groupby("project")["date"].last()
    outcome = fact.combine_first(planned.groupby("project")["date"].last())
    frame = pd.DataFrame({"promised": promised, "outcome": outcome})
    frame["done"] = frame.index.isin(fact.index)
    frame["lapsed"] = [
        isinstance(o, str) and not done and today > _end(o)
        for o, done in zip(frame["outcome"], frame["done"], strict=True)
    ]
    frame["slip"] = [
        _apart(p, o) if isinstance(p, str) and isinstance(o, str) and not lapsed else np.nan
        for p, o, lapsed in zip(frame["promised"], frame["outcome"], frame["lapsed"], strict=True)
    ]
    return frame


def _apart(earlier: str, later: str) -> float:
    """The years between two dates, to the month where both give it."""
    if "-" in earlier and "-" in later:
        return as_year(later) - as_year(earlier)
    return float(int(later[:4]) - int(earlier[:4]))


def standing(state: str | None, due: str | None, known_on: str | None, today: str) -> Standing:
    """How a measure stands on a day (dates as `2016`, `2016-08` or `2016-08-31`).

    Overdue is only what is known to have been unfinished after its term; where the term has passed and
    nobody has said anything since, that is unreported.
    """
    if state in ("implemented", "postponed"):
        return state  # type: ignore[return-value]
    if due and today > _end(due):
        told_later = state is not None and known_on is not None and _begin(known_on) > _end(due)
        return "overdue" if told_later else "unreported"
    return state if state in ("under_way", "planned") else "unknown"  # type: ignore[return-value]


def _begin(date: str) -> str:
    """The first day of a date that may be a whole year or month."""
    return date + "-01-01"[3 * date.count("-") :]


def _end(date: str) -> str:
    """The last day of a date that may be a whole year or month."""
    return date + "-12-31"[3 * date.count("-") :] if date.count("-") != 1 else f"{date}-31"


def gaps(numbers: Iterable[int], last: int) -> list[tuple[int, int]]:
    """The runs of numbers between 1 and `last` that are not among `numbers`, ends included."""
    there, runs = set(numbers), list[tuple[int, int]]()
    for number in range(1, last + 1):
        if number in there:
            continue
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
