"""Who can reach what: measures of accessibility over matrices of travel time.

A matrix holds the minutes from s places (rows) to t places (columns), infinite where there is no way. What is
to be reached carries weights (people, jobs, beds); an unknown weight (NaN) adds nothing and is counted apart.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.network import Floats

Ints = npt.NDArray[np.int64]
DISTANT = np.inf


@dataclass(frozen=True, eq=False)
class Reached:
    """What each of s places reaches: the sum of known weights, and how many of unknown weight."""

    total: Floats
    unknown: Ints


def cumulative(minutes: Floats, weights: Floats, limit: float) -> Reached:
    """Cumulative opportunities: all that is at most `limit` minutes away (Wachs and Kumagai, 1973)."""
    near = minutes <= limit
    known = np.isfinite(weights)
    total = near @ np.where(known, weights, 0.0)
    return Reached(np.asarray(total, float), (near & ~known).sum(axis=-1))


def gravity(minutes: Floats, weights: Floats, half_minutes: float) -> Reached:
    """Potential accessibility: weights halved by every `half_minutes` of the way (Hansen, 1959)."""
    known = np.isfinite(weights)
    share = np.exp2(-minutes / half_minutes)
    total = share @ np.where(known, weights, 0.0)
    return Reached(np.asarray(total, float), (np.isfinite(minutes) & ~known).sum(axis=-1))


def two_step(minutes: Floats, demand: Floats, supply: Floats, limit: float) -> Floats:
    """Supply per person within `limit` minutes, shared with all who reach it too (2SFCA; Luo and Wang, 2003).

    `demand` are the people of the s places, `supply` what the t places offer; unknown ones take no part. A
    supply that nobody reaches serves nobody.
    """
    near = minutes <= limit
    asked = near.T @ np.nan_to_num(demand)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(asked > 0, np.nan_to_num(supply) / asked, 0.0)
    return np.asarray(near @ share, float)


def nearest(minutes: Floats) -> tuple[Floats, Ints]:
    """The minutes from each place to the nearest of the others, and which that is (-1: none in reach)."""
    if not minutes.shape[1]:
        return np.full(len(minutes), DISTANT), np.full(len(minutes), -1)
    which = minutes.argmin(axis=1)
    best = minutes[np.arange(len(minutes)), which]
    return best, np.where(np.isfinite(best), which, -1)


def detour_index(network_km: Floats, straight_km: Floats) -> Floats:
    """How many times longer the way by the network is than the straight line; NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        index = network_km / straight_km
    return np.where(np.isfinite(index) & (straight_km > 0), index, np.nan)


def belts(minutes: Floats, limits: tuple[float, ...]) -> Ints:
    """The belt of each place: 0 within the first of ascending `limits`, ..., len(limits) beyond the last."""
    return np.searchsorted(np.asarray(limits), minutes, side="left").astype(np.int64)


@dataclass(frozen=True)
class Gain:
    """What a change of times brings to some people within a limit (minutes)."""

    limit: float
    before: float
    after: float
    came: float
    fell_out: float
    unknown: int

    @property
    def net(self) -> float:
        """How many more are within the limit."""
        return self.came - self.fell_out


def gain(before: Floats, after: Floats, people: Floats, limit: float) -> Gain:
    """Who comes within `limit` minutes by a change of times, and who falls out; unknown populations apart."""
    was, is_ = before <= limit, after <= limit
    known = np.nan_to_num(people)
    moved = was != is_
    return Gain(
        limit=limit,
        before=float(known[was].sum()),
        after=float(known[is_].sum()),
        came=float(known[is_ & ~was].sum()),
        fell_out=float(known[was & ~is_].sum()),
        unknown=int((moved & np.isnan(people)).sum()),
    )


def saved(before: Floats, after: Floats) -> Floats:
    """The minutes that a change saves each place (negative: costs); NaN where one of the two is no way."""
    both = np.isfinite(before) & np.isfinite(after)
    return np.where(both, np.where(both, before, 0.0) - np.where(both, after, 0.0), np.nan)


def weighted_quantiles(values: Floats, weights: Floats, shares: tuple[float, ...]) -> Floats:
    """The values below which the given shares of all weight lie; unknown values and weights take no part."""
    known = np.isfinite(values) & np.isfinite(weights) & (weights > 0)
    if not known.any():
        return np.full(len(shares), np.nan)
    order = np.argsort(values[known], kind="stable")
    total = np.cumsum(weights[known][order])
    at = np.searchsorted(total, np.asarray(shares) * total[-1], side="left")
    found: Floats = values[known][order][np.minimum(at, len(order) - 1)]
    return found
