"""What a search asks, as entries of an address: they round trip, and whatever cannot be read is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import REGION
from geo.shape import Shape
from layers.sought import CELLS_M, ENTRIES, HOME_MODEL, MOST_MINE, Sought
from tests.geo.models import MODELS
from tests.layers.siting.searches import PLAIN

CIRCLE = "circle~500:84.95000,56.48000"
TRIANGLE = "polygon:84.90000,56.40000;85.00000,56.40000;84.90000,56.50000"


def thousandths(low: float, high: float) -> st.SearchStrategy[float]:
    """Degrees as an address writes them."""
    return st.integers(int(low * 1000), int(high * 1000)).map(lambda number: number / 1000)


@st.composite
def areas(draw: st.DrawFn) -> tuple[float, ...]:
    west, east = sorted(draw(st.lists(thousandths(*REGION[::2]), min_size=2, max_size=2, unique=True)))
    south, north = sorted(draw(st.lists(thousandths(*REGION[1::2]), min_size=2, max_size=2, unique=True)))
    return west, south, east, north


CIRCLES = st.builds(
    lambda lon, lat, radius: Shape("circle", ((lon, lat),), float(radius)).text(),
    thousandths(84, 86), thousandths(56, 57), st.integers(1, 9000),
)  # fmt: skip
SOUGHT = st.builds(
    Sought,
    model=st.sampled_from([HOME_MODEL, "timber-plant", "unheard"]) | MODELS.map(lambda model: model.text()),
    roads=st.sampled_from(["today", "winter", "season:thaw", "+84.80000,56.60000,85.10000,56.75000:v90"]),
    cell_m=st.sampled_from(CELLS_M),
    area=st.none() | areas(),
    mine=st.lists(CIRCLES | st.just(TRIANGLE), max_size=MOST_MINE, unique=True).map(tuple),
)


@given(SOUGHT)
def test_a_search_round_trips(sought: Sought) -> None:
    params = sought.params()
    assert Sought.parse(params) == (sought, [])
    assert set(params) <= set(ENTRIES)
    assert all(params.values())


@given(st.dictionaries(st.sampled_from(ENTRIES), st.text(max_size=30) | st.sampled_from([CIRCLE, PLAIN])))
def test_any_entry_is_read_or_told(params: dict[str, str]) -> None:
    sought, problems = Sought.parse(params)
    assert set(problems) <= set(params)
    plain = Sought().model_dump()
    told = {"cell": "cell_m"}
    for key in problems:
        name = told.get(key, key)
        assert getattr(sought, name) == plain[name]
    assert Sought.parse(sought.params()) == (sought, [])


def test_what_is_the_default_is_left_out() -> None:
    assert Sought().params() == {}
    assert Sought.parse({}) == (Sought(), [])
    assert Sought.parse({"model": HOME_MODEL, "cell": "100"}) == (Sought(), [])


def test_a_model_is_written_in_its_canonical_form() -> None:
    loose = ";" + PLAIN.replace("*3*", "*3.000*") + ";;"
    assert Sought.parse({"model": loose})[0].model == PLAIN


def test_a_shape_that_stands_twice_is_one() -> None:
    found, problems = Sought.parse({"mine": f"{CIRCLE}|{TRIANGLE}|{CIRCLE}|"})
    assert (found.mine, problems) == ((CIRCLE, TRIANGLE), [])


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("model", "Лес"),
        ("model", "two words"),
        ("model", "c:"),
        ("model", ";"),
        ("model", "c:minutes.tomsk*0*lin~0~0~1~1"),
        ("model", f"{PLAIN};{PLAIN}"),
        ("model", f"{PLAIN};t:2"),
        ("model", "x:floodplain"),
        ("roads", "two words"),
        ("roads", "season:spring"),
        ("roads", "+84.8:v90"),
        ("cell", "33"),
        ("cell", "-100"),
        ("cell", "1e2"),
        ("cell", "100.0"),
        ("cell", "²"),
        ("cell", "9" * 5000),
        ("area", "84.9,56.4,85.1"),
        ("area", "84.9,56.4,85.1,56.5,1"),
        ("area", "85.1,56.4,84.9,56.5"),
        ("area", "84.9,56.5,85.1,56.4"),
        ("area", "84.9,56.4,84.9004,56.5"),
        ("area", "0,0,1,1"),
        ("area", "nan,nan,nan,nan"),
        ("area", "-inf,56.4,inf,56.5"),
        ("area", "a,b,c,d"),
        ("mine", "star:1"),
        ("mine", "line~100:84.9,56.4;85.0,56.5"),
        ("mine", "circle~500:0,0"),
        ("mine", "|".join(f"circle~{n}:84.95,56.48" for n in range(1, MOST_MINE + 2))),
    ],
)
def test_a_bad_entry_is_told_and_is_as_if_not_there(key: str, text: str) -> None:
    rest: dict[str, Any] = {"model": "timber-plant", "cell": "200"}
    rest.pop(key, None)
    sought, problems = Sought.parse({**rest, key: text})
    assert problems == [key]
    assert sought == Sought.parse(rest)[0]
