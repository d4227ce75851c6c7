"""Random value functions and suitability models."""

from typing import Any

from hypothesis import strategies as st

from geo.siting import (
    LEAST_ATTITUDE,
    MOST_ATTITUDE,
    MOST_NAME,
    Criterion,
    Limit,
    Model,
    Need,
    Requirement,
)
from geo.value import MOST_KNOTS, ValueFunction

# What a person may type: at most six decimals.
X = st.integers(-(10**9), 10**9).map(lambda number: number / 1000) | st.integers(-50, 50).map(float)
Y = st.integers(0, 1000).map(lambda number: number / 1000)
WEIGHTS = st.integers(1, 100_000).map(lambda number: number / 1000)
MEASURES = st.from_regex(r"[a-z_]{1,8}(\.[a-z0-9_-]{1,8}){0,3}", fullmatch=True)
NORMS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}", fullmatch=True)
NAMES = st.text(
    st.sampled_from("Лесной кластер; № 2: 100 %, «ёлка» + - & = # / ? \\ \" ' *~ %3B")
    | st.characters(codec="utf-8", exclude_categories=("Cs",)),
    max_size=MOST_NAME,
)


def apart(least: int, most: int) -> st.SearchStrategy[list[float]]:
    """Ascending x that stay apart as float32."""
    steps = st.lists(st.integers(1, 100_000), min_size=least - 1, max_size=most - 1)
    return st.tuples(st.integers(-(10**5), 10**5), steps).map(
        lambda given: [(given[0] + sum(given[1][:place])) / 8 for place in range(len(given[1]) + 1)]
    )


@st.composite
def knots(draw: st.DrawFn, most: int) -> list[tuple[float, float]]:
    return [(x, draw(Y)) for x in draw(apart(2, most))]


def trapezoid(x: list[float], steps: tuple[bool, bool, bool]) -> ValueFunction:
    """One of which some neighbours coincide, but not all."""
    made = [x[0]]
    for place, step in enumerate(steps):
        made.append(made[-1] if step and not all(steps) else x[place + 1])
    return ValueFunction("trapezoid", tuple(zip(made, (0.0, 1.0, 1.0, 0.0), strict=True)))


LINEAR = knots(2).map(lambda points: ValueFunction("linear", tuple(points)))
PIECEWISE = knots(MOST_KNOTS).map(lambda points: ValueFunction("piecewise", tuple(points)))
TRAPEZOID = st.builds(trapezoid, apart(4, 4), st.tuples(st.booleans(), st.booleans(), st.booleans()))
SIGMOID = st.tuples(apart(2, 2), st.booleans()).map(
    lambda given: ValueFunction(
        "sigmoid", tuple(zip(given[0][:: 1 if given[1] else -1], (0.5, 0.95), strict=True))
    )
)
CATEGORICAL = st.dictionaries(st.integers(-20, 60).map(float), Y, min_size=1, max_size=12).map(
    lambda classes: ValueFunction("categorical", tuple(classes.items()))
)
CONTINUOUS = LINEAR | PIECEWISE | TRAPEZOID | SIGMOID
VALUES = CONTINUOUS | CATEGORICAL


@st.composite
def criteria(
    draw: st.DrawFn, most: int = 8, values: st.SearchStrategy[ValueFunction] = VALUES
) -> tuple[Criterion, ...]:
    """Criteria of which the first has a weight."""
    names = draw(st.lists(MEASURES, min_size=1, max_size=most, unique=True))
    weights = [draw(WEIGHTS), *(draw(st.just(0.0) | WEIGHTS) for _ in names[1:])]
    return tuple(Criterion(name, weight, draw(values)) for name, weight in zip(names, weights, strict=True))


@st.composite
def requirements(draw: st.DrawFn) -> tuple[Requirement, ...]:
    made = []
    for name in draw(st.lists(MEASURES, max_size=3, unique=True)):
        low, high = sorted((draw(X), draw(X)))
        open_ = draw(st.sampled_from(["low", "high", ""]))
        made.append(Requirement(name, None if open_ == "low" else low, None if open_ == "high" else high))
    return tuple(made)


AMOUNTS = st.none() | st.integers(0, 10**6).map(lambda number: number / 100)
NEEDS: Any = st.builds(Need, *[AMOUNTS] * 6)
LIMITS = st.lists(
    st.builds(Limit, NORMS, st.just(0.0) | st.integers(0, 5000).map(float)),
    max_size=4,
    unique_by=lambda limit: limit.norm,
).map(tuple)
ATTITUDES = st.integers(int(LEAST_ATTITUDE * 100), int(MOST_ATTITUDE * 100)).map(lambda number: number / 100)
MODELS = st.builds(
    Model,
    criteria=criteria(),
    limits=LIMITS,
    requirements=requirements(),
    needs=NEEDS,
    attitude=st.just(1.0) | ATTITUDES,
    threshold=Y,
    least_ha=st.integers(0, 10**5).map(lambda number: number / 10),
    name=NAMES,
)
