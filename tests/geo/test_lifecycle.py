"""States over the years: their order, what is not known, what stood before."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.lifecycle import FINAL_STATES, NOT_YET, STANDING, state_at, there

NAN = math.nan
NOW = 2026
ORDER = {NOT_YET: 0, "idea": 1, "planned": 2, "under_way": 3, "built": 4}
RECORDED = ["", "idea", "planned", "under_way", "built", "postponed", "cancelled"]


def state(
    year: int, planned: float, start: float, end: float, status: str | None = "", existed: bool | None = None
) -> str:
    """The state of one record."""
    columns = [pd.Series([value], dtype=float) for value in (planned, start, end)]
    marks = None if existed is None else np.array([existed])
    return str(state_at(year, *columns, pd.Series([status], dtype=object), NOW, marks)[0])


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2009, ""),
        (2010, "planned"),
        (2011, "planned"),
        (2012, "under_way"),
        (2014, "under_way"),
        (2015, "built"),
    ],
)
def test_a_life_in_order(year: int, expected: str) -> None:
    assert state(year, 2010, 2012, 2015, "built") == expected


@pytest.mark.parametrize(
    ("years", "year", "expected"),
    [
        ((NAN, 2012, 2015), 2011, ""),
        ((NAN, 2012, 2015), 2013, "under_way"),
        ((2010, NAN, 2015), 2014, "planned"),
        ((2010, NAN, 2015), 2015, "built"),
        ((NAN, NAN, 2015), 2014, ""),
        ((NAN, NAN, 2015), 2015, "built"),
        ((2010, NAN, NAN), 2030, "planned"),
        ((NAN, 2012, NAN), 2030, "under_way"),
    ],
)
def test_years_that_are_not_known_say_nothing(
    years: tuple[float, float, float], year: int, expected: str
) -> None:
    assert state(year, *years, "built" if expected == "built" else "") == expected


@pytest.mark.parametrize(
    ("recorded", "life"),
    [
        ("idea", ["", "idea", "idea", "idea", "idea"]),
        ("planned", ["", "planned", "planned", "planned", "planned"]),
        ("under_way", ["", "planned", "under_way", "under_way", "under_way"]),
        ("built", ["", "planned", "under_way", "built", "built"]),
        ("", ["", "planned", "under_way", "built", "built"]),
    ],
)
def test_a_year_that_was_not_kept_tells_nothing(recorded: str, life: list[str]) -> None:
    """Works of 2018 to 2022, of which the record of 2026 says how far they have come."""
    assert [state(year, 2014, 2018, 2022, recorded) for year in (2013, 2014, 2019, 2023, 2040)] == life


@pytest.mark.parametrize("recorded", ["idea", "planned", "under_way"])
def test_years_to_come_are_those_of_the_plan(recorded: str) -> None:
    assert state(NOW, 2014, NAN, 2030, recorded) != "built"
    assert [state(year, 2014, 2028, 2030, recorded) for year in (2028, 2030)] == ["under_way", "built"]


def test_built_at_an_unknown_time_is_built_from_its_first_known_year() -> None:
    assert [state(year, 2010, NAN, NAN, "built") for year in (2009, 2010, 2030)] == ["", "built", "built"]


@pytest.mark.parametrize("recorded", FINAL_STATES)
def test_what_was_given_up_is_never_built(recorded: str) -> None:
    life = [state(year, 2010, 2012, 2015, recorded) for year in (2009, 2010, 2012, 2015, 2016, 2040)]
    assert life == ["", "planned", "under_way", "under_way", recorded, recorded]


@pytest.mark.parametrize("recorded", RECORDED)
@given(year=st.integers(1990, 2040))
def test_a_record_without_any_year_keeps_its_status(recorded: str, year: int) -> None:
    assert state(year, NAN, NAN, NAN, recorded) == recorded


def test_an_absent_status_is_an_empty_one() -> None:
    assert state(2020, NAN, NAN, NAN, None) == ""
    assert state(2020, 2010, NAN, NAN, None) == "planned"


def test_what_stood_before_its_works_is_never_absent() -> None:
    assert state(2000, 2010, 2012, 2015, "built", existed=True) == STANDING
    assert state(2000, 2010, 2012, 2015, "built", existed=False) == NOT_YET
    assert state(2013, 2010, 2012, 2015, "built", existed=True) == "under_way"


def test_each_record_has_its_own_answer() -> None:
    planned, start, end = (pd.Series(v, dtype=float) for v in ([2010, NAN], [2012, NAN], [2015, 2030]))
    assert list(state_at(2016, planned, start, end, pd.Series(["built", "planned"]), NOW)) == ["built", ""]


def test_text_among_years_is_unknown() -> None:
    assert list(
        state_at(
            2020,
            pd.Series(["2010", "?"]),
            pd.Series([None, None]),
            pd.Series([None, None]),
            pd.Series(["", ""]),
            NOW,
        )
    ) == ["planned", ""]


@st.composite
def lives(draw: st.DrawFn) -> tuple[float, float, float]:
    """Three years in order, each perhaps unknown."""
    years = sorted(draw(st.lists(st.integers(1990, 2040), min_size=3, max_size=3)))
    known = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
    return tuple(float(year) if is_known else NAN for year, is_known in zip(years, known, strict=True))  # type: ignore[return-value]


@given(lives(), st.sampled_from([s for s in RECORDED if s not in FINAL_STATES]), st.booleans())
def test_a_life_never_runs_backwards(years: tuple[float, float, float], recorded: str, existed: bool) -> None:
    if all(math.isnan(year) for year in years):
        return
    life = [state(year, *years, recorded, existed=existed) for year in range(1988, 2043)]
    ranks = [0 if one == STANDING else ORDER[one] for one in life]
    assert ranks == sorted(ranks)
    assert life[0] == (STANDING if existed else NOT_YET)
    kept = recorded in ("built", "") or years[2] > NOW
    assert (life[-1] == "built") == (
        (not math.isnan(years[2]) and kept) or (recorded == "built" and math.isnan(years[1]))
    )
    if recorded and recorded != "built":
        assert ranks[NOW - 1988] <= ORDER[recorded]


@given(lives(), st.sampled_from(RECORDED))
def test_nothing_is_built_before_its_completion(years: tuple[float, float, float], recorded: str) -> None:
    if not math.isnan(years[2]):
        assert state(int(years[2]) - 1, *years, recorded) not in ("built", *FINAL_STATES)


def test_there_is_what_is_built_or_stands() -> None:
    states = np.array(["built", STANDING, "planned", "under_way", "idea", NOT_YET, *FINAL_STATES], object)
    assert there(states).tolist() == [True, True, *[False] * 6]
    existed = np.arange(8) == 3
    assert there(states, existed).tolist() == [True, True, False, True, *[False] * 4]
