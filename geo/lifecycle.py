"""What state an undertaking is in at a given year: not yet there, planned, under way, built.

The years are its decision, the start of works and the completion (actual or planned). A year that is not
known is unknown, not zero: the state is then told only as far as the known years and the recorded present
status allow. A year of a plan that has passed without the record saying that it was kept tells nothing: no
year up to the present shows more than what is recorded now.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

NOT_YET: Final = ""
STANDING: Final = "standing"
"""State of a thing that existed before its reconstruction was planned."""
FINAL_STATES: Final = ("postponed", "cancelled")
_USABLE = (STANDING, "built")
_BEFORE_START = ("idea", "planned")


def state_at(
    year: int,
    planned: pd.Series,
    start: pd.Series,
    end: pd.Series,
    status: pd.Series,
    now: int,
    existed: npt.NDArray[np.bool_] | None = None,
) -> npt.NDArray[np.object_]:
    """State of each record in `year`.

    `planned`, `start`, `end` are years (float, NaN = unknown), `status` the recorded present status ("" =
    unknown), all of length n; `now` is the present year, in which the status holds; `existed` marks what
    stood before the works and is never "not yet".
    Returns n texts: "" (not yet known of), "standing", "planned", "under_way", "built", or the recorded
    status where no year tells more. A record without any year keeps its recorded status at every year.
    A postponed or cancelled undertaking is "planned" or "under way" from its years on: when it was given up
    is not recorded, so its recorded status is shown once its last known year has passed.
    """
    planned_, start_, end_ = (_years(column) for column in (planned, start, end))
    recorded = status.fillna("").to_numpy(dtype=object)
    first = np.fmin(np.fmin(planned_, start_), end_)
    undated = np.isnan(first)

    state = np.where(year >= first, "planned", NOT_YET).astype(object)
    state[(state == "planned") & (recorded == "idea") & (first <= now)] = "idea"
    state[(year >= start_) & ((start_ > now) | ~np.isin(recorded, _BEFORE_START))] = "under_way"
    given_up = np.isin(recorded, FINAL_STATES)
    last = np.fmax(np.fmax(planned_, start_), end_)
    state[given_up & (year > last)] = recorded[given_up & (year > last)]
    done = (year >= end_) & ((end_ > now) | np.isin(recorded, ("built", ""))) & ~given_up
    state[done] = "built"
    # Without a known start or completion, a thing recorded as built was built at an unknown time.
    open_end = np.isnan(end_) & (recorded == "built") & (year >= first)
    state[open_end & np.isnan(start_)] = "built"
    state[undated] = recorded[undated]
    if existed is not None:
        state[existed & (state == NOT_YET)] = STANDING
    return state


def there(
    state: npt.NDArray[np.object_], existed: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.bool_]:
    """Which things can be used in their states: what is built, and what stands or `existed` before its works.

    What is an idea, planned, under way, postponed or cancelled is not there.
    """
    usable: npt.NDArray[np.bool_] = np.isin(state.astype(str), _USABLE)
    return usable if existed is None else usable | existed


def _years(column: pd.Series) -> npt.NDArray[np.float64]:
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
