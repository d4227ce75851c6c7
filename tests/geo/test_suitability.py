"""The overlay: against plain NumPy, against itself on windows, with what is unknown, and worked by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, GridError, ModelError
from geo.siting import Criterion, Model, Requirement
from geo.suitability import Overlay, limits, reference, score, settled, shaded, warm
from geo.value import ValueFunction
from geo.weighing import EXCLUDED, FREE, UNKNOWN, UNSURE
from tests.geo.models import ATTITUDES, CONTINUOUS, VALUES, criteria

INF, NAN = np.inf, np.nan
RISING = ValueFunction.parse("lin~0~0~1~1")
FALLING = ValueFunction.parse("lin~0~1~1~0")


def model_of(*weights: float, value: ValueFunction = RISING, attitude: float = 1.0) -> Model:
    return Model(
        tuple(Criterion(f"m.{place}", weight, value) for place, weight in enumerate(weights)),
        attitude=attitude,
    )


def rasters(*layers: Any) -> Any:
    return np.array(layers, np.float32)


def free(shape: Any) -> Any:
    return np.zeros(shape, np.uint8)


def scored(values: Any, model: Model, state: Any = None) -> Any:
    return score(values, free(values.shape[1:]) if state is None else state, Overlay.of(model))


@st.composite
def stacks(
    draw: st.DrawFn, most: int = 8, values: st.SearchStrategy[ValueFunction] = VALUES
) -> tuple[Any, Any, Model]:
    """Rasters, states and a model: amounts about the knots, on them, far off, infinite and unknown."""
    chosen = draw(criteria(most, values))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows, columns = draw(st.integers(1, 9)), draw(st.integers(1, 40))
    unknown, odd = draw(st.sampled_from([0.0, 0.02, 0.3])), draw(st.sampled_from([0.0, 0.1]))
    layers = []
    for criterion in chosen:
        x = criterion.value.x.astype(float)
        spread = max(1.0, x[-1] - x[0], x[0] - x[-1])
        layer = random.uniform(min(x) - spread / 2, max(x) + spread / 2, (rows, columns))
        layer = np.where(random.random((rows, columns)) < 0.3, random.choice(x, (rows, columns)), layer)
        layer = np.where(
            random.random((rows, columns)) < odd,
            random.choice([INF, -INF, 3e38, 0.0], (rows, columns)),
            layer,
        )
        layers.append(np.where(random.random((rows, columns)) < unknown, NAN, layer))
    state = random.choice([FREE, UNSURE, EXCLUDED], (rows, columns), p=[0.7, 0.2, 0.1])
    return rasters(*layers), state.astype(np.uint8), Model(chosen)


def same(found: Any, right: Any) -> None:
    assert (np.isnan(found) == np.isnan(right)).all()
    assert np.nan_to_num(found) == pytest.approx(np.nan_to_num(right), abs=1e-5)


# --- against the reference --------------------------------------------------------------------------------


@settings(max_examples=300)
@given(stacks())
def test_the_pass_equals_the_reference(stack: tuple[Any, Any, Model]) -> None:
    values, state, model = stack
    same(score(values, state, Overlay.of(model)), reference(values, state, model))


@settings(max_examples=300)
@given(stacks(most=24), ATTITUDES)
def test_the_ordered_pass_equals_the_reference(stack: tuple[Any, Any, Model], attitude: float) -> None:
    values, state, model = stack
    model = replace(model, attitude=attitude)
    same(score(values, state, Overlay.of(model)), reference(values, state, model))


@pytest.mark.parametrize("attitude", [1.0, 0.3, 4.0])
def test_a_wide_raster_equals_the_reference(attitude: float) -> None:
    """Rows of several blocks, of which the last is not full."""
    model = replace(
        Model.parse("c:a*1*pw~0~0~1~1~2~0~3~1~4~0~5~1;c:b*2*sig~2~4;c:c*3*trap~0~1~2~4;c:d*0.5*lin~0~1~4~0"),
        attitude=attitude,
    )
    values = np.random.default_rng(1).uniform(-1, 6, (4, 3, 2500)).astype(np.float32)
    state = np.random.default_rng(2).choice([FREE, EXCLUDED], (3, 2500)).astype(np.uint8)
    same(score(values, state, Overlay.of(model)), reference(values, state, model))
    halves = [
        score(values[:, :, at], state[:, at], Overlay.of(model)) for at in (slice(0, 777), slice(777, None))
    ]
    assert np.array_equal(np.hstack(halves), score(values, state, Overlay.of(model)), equal_nan=True)


@given(stacks(), st.just(1.0) | ATTITUDES, st.data())
def test_a_window_equals_the_cut_of_the_whole(
    stack: tuple[Any, Any, Model], attitude: float, data: st.DataObject
) -> None:
    values, state, model = stack
    overlay = Overlay.of(replace(model, attitude=attitude))
    rows, columns = (
        slice(*sorted(data.draw(st.lists(st.integers(0, size), min_size=2, max_size=2, unique=True))))
        for size in state.shape
    )
    part = score(values[:, rows, columns], state[rows, columns], overlay)
    assert np.array_equal(part, score(values, state, overlay)[rows, columns], equal_nan=True)


@given(stacks(), st.just(1.0) | ATTITUDES, st.integers(2, 4))
def test_threads_change_nothing(stack: tuple[Any, Any, Model], attitude: float, threads: int) -> None:
    values, state, model = stack
    overlay = Overlay.of(replace(model, attitude=attitude))
    several = score(values, state, overlay, threads=threads)
    assert np.array_equal(several, score(values, state, overlay), equal_nan=True)


# --- weights ----------------------------------------------------------------------------------------------


@given(stacks(), st.just(1.0) | ATTITUDES, st.sampled_from([0.5, 0.25, 0.1, 0.73]))
def test_all_weights_times_a_number_change_nothing(
    stack: tuple[Any, Any, Model], attitude: float, times: float
) -> None:
    values, state, model = stack
    # Weights keep six decimals: those of these models have three, their products five.
    model = replace(model, attitude=attitude)
    scaled = replace(model, criteria=tuple(replace(c, weight=c.weight * times) for c in model.criteria))
    one, other = (score(values, state, Overlay.of(given)) for given in (model, scaled))
    assert np.allclose(one, other, atol=2e-6, equal_nan=True)


@given(stacks(), st.randoms())
def test_the_order_of_rasters_is_told_by_their_measures(stack: tuple[Any, Any, Model], random: Any) -> None:
    values, state, model = stack
    order = list(range(len(values)))
    random.shuffle(order)
    measures = [model.criteria[place].measure for place in order]
    found = score(values[order], state, Overlay.of(model, measures))
    assert np.array_equal(found, score(values, state, Overlay.of(model)), equal_nan=True)
    same(found, reference(values[order], state, model, measures))


def test_a_criterion_without_weight_needs_no_raster() -> None:
    model = model_of(0, 2)
    assert score(rasters([[0.25]]), free((1, 1)), Overlay.of(model, ["m.1"])).tolist() == [[0.25]]
    assert scored(rasters([[NAN]], [[0.25]]), model).tolist() == [[0.25]]


def test_a_measure_without_raster_is_told() -> None:
    with pytest.raises(ModelError, match=r"no raster of m\.1, m\.2") as caught:
        Overlay.of(model_of(1, 1, 1), ["m.0"])
    assert [(fault.code, fault.where) for fault in caught.value.faults] == [
        ("missing", "m.1"),
        ("missing", "m.2"),
    ]


# --- attitude ---------------------------------------------------------------------------------------------


@given(stacks(values=CONTINUOUS))
def test_the_ordered_average_of_attitude_one_is_the_weighted_mean(stack: tuple[Any, Any, Model]) -> None:
    values, state, model = stack
    nearly = replace(model, attitude=1.000000001)
    assert nearly.attitude != 1
    same(score(values, state, Overlay.of(nearly)), score(values, state, Overlay.of(model)))


@given(stacks(values=CONTINUOUS), ATTITUDES, ATTITUDES)
@example((rasters([[1.0]], [[0.0]]), free((1, 1)), model_of(1, 1)), 0.05, 20.0)
def test_the_ordered_average_lies_between_and_falls_with_the_attitude(
    stack: tuple[Any, Any, Model], one: float, other: float
) -> None:
    values, state, model = stack
    weighed = [place for place, criterion in enumerate(model.criteria) if criterion.weight]
    each = np.stack([model.criteria[place].value(values[place]) for place in weighed])
    low, high = (
        score(values, state, Overlay.of(replace(model, attitude=alpha)))
        for alpha in (max(one, other), min(one, other))
    )
    known = ~np.isnan(low)
    assert (low[known] <= high[known] + 1e-6).all()
    assert (low[known] >= each.min(axis=0)[known] - 1e-6).all()
    assert (high[known] <= each.max(axis=0)[known] + 1e-6).all()


def test_the_ordered_average_worked_by_hand() -> None:
    # Values 0.9, 0.5, 0.2 weigh 0.25, 0.5, 0.25: Q = 0.0625, 0.5625, 1 at the attitude 2.
    values, model = rasters([[0.2]], [[0.9]], [[0.5]]), model_of(1, 1, 2, attitude=2.0)
    assert scored(values, model)[0, 0] == pytest.approx(0.9 * 0.0625 + 0.5 * 0.5 + 0.2 * 0.4375)
    assert scored(values, replace(model, attitude=1.0))[0, 0] == pytest.approx(0.9 / 4 + 0.5 / 2 + 0.2 / 4)


# --- what is unknown or excluded --------------------------------------------------------------------------


@pytest.mark.parametrize("attitude", [1.0, 0.5, 3.0])
def test_what_is_unknown_is_no_zero(attitude: float) -> None:
    values = rasters([[NAN, 0.5, 0.5, 0.0]], [[0.5, NAN, 0.5, 0.0]])
    model = model_of(1, 99, value=FALLING, attitude=attitude)
    found = scored(values, model)
    assert np.isnan(found).tolist() == [[True, True, False, False]]
    assert found[0, 2:].tolist() == [0.5, 1]


def test_a_class_that_is_not_listed_is_unknown() -> None:
    model = Model((Criterion("a", 1, ValueFunction.parse("cat~-2~0~3~0.5")),))
    found = scored(rasters([[-2, 3, 0, 1, 4, -3, 2.5, INF, -INF, NAN, 1e30]]), model)
    assert found[0, :2].tolist() == [0, 0.5]
    assert np.isnan(found[0, 2:]).all()


@pytest.mark.parametrize("attitude", [1.0, 2.0])
def test_the_states_decide(attitude: float) -> None:
    state = np.array([[FREE, UNSURE, EXCLUDED, UNKNOWN]], np.uint8)
    found = scored(np.full((2, 1, 4), 0.5, np.float32), model_of(1, 1, attitude=attitude), state)
    assert np.isnan(found).tolist() == [[False, False, True, True]]
    assert found[0, :2].tolist() == [0.5, 0.5]


def test_all_cells_excluded_or_unknown_is_no_error() -> None:
    values, model = np.zeros((1, 5, 7), np.float32), model_of(1)
    assert np.isnan(scored(values, model, np.full((5, 7), EXCLUDED, np.uint8))).all()
    assert np.isnan(scored(values * NAN, model)).all()


def test_the_states_are_settled_by_the_scores() -> None:
    state = np.array([[FREE, UNSURE, FREE, UNSURE, EXCLUDED]], np.uint8)
    scores = rasters([[0.5, 0.5, NAN, NAN, NAN]])[0]
    assert settled(scores, state).tolist() == [[FREE, UNSURE, UNKNOWN, UNKNOWN, EXCLUDED]]
    assert settled(scores, state).dtype == np.uint8


# --- limits -----------------------------------------------------------------------------------------------


def test_a_zone_excludes_where_it_surely_reaches() -> None:
    near = rasters([[-10, 0, 1, 49, 50, 50.5, 51, INF, NAN]])
    state = limits([near[0]], [near[0] + 20], [50.0])
    #     far:      10 20 21 69 70 70.5 71
    assert state.tolist() == [[2, 2, 2, 1, 1, 0, 0, 0, 1]]
    assert limits([near[0]], [near[0]], [0.0]).tolist() == [[2, 2, 0, 0, 0, 0, 0, 0, 1]]


def test_half_a_distance_may_be_enough_to_tell() -> None:
    assert limits([[[NAN, 5.0]]], [[[-1.0, NAN]]], [0.0]).tolist() == [[EXCLUDED, FREE]]


def test_the_strictest_limit_counts() -> None:
    near = rasters([[5, -5, 5]], [[5, 5, -5]])
    far = rasters([[9, 9, 9]], [[9, 9, -1]])
    assert limits(near, far, [0.0, 0.0]).tolist() == [[FREE, UNSURE, EXCLUDED]]
    assert limits(near[::-1], far[::-1], [0.0, 0.0]).tolist() == [[FREE, UNSURE, EXCLUDED]]


def test_a_requirement_excludes_what_lies_beyond() -> None:
    amounts = [[[0, 1, 2, 3, 4, INF, -INF, NAN]]]
    none = np.empty((0, 1, 8))
    for must, right in (
        (Requirement("a", 1, 3), [2, 0, 0, 0, 2, 2, 2, 1]),
        (Requirement("a", None, 3), [0, 0, 0, 0, 2, 2, 0, 1]),
        (Requirement("a", 1, None), [2, 0, 0, 0, 0, 0, 2, 1]),
    ):
        assert limits(none, none, [], amounts, [must]).tolist() == [right]


@given(
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 2**32),
    st.lists(st.integers(0, 100), min_size=3, max_size=3),
)
def test_limits_are_three_valued(zones: int, musts: int, seed: int, extra: list[int]) -> None:
    random = np.random.default_rng(seed)
    near = random.integers(-50, 150, (zones, 6, 7)).astype(np.float32)
    far = near + random.integers(0, 50, near.shape).astype(np.float32)
    needed = random.integers(0, 10, (musts, 6, 7)).astype(np.float32)
    needed[random.random(needed.shape) < 0.2] = NAN
    bounds = [Requirement(f"m.{place}", 2, 7) for place in range(musts)]
    width = np.array(extra[:zones], float)[:, None, None]
    excluded = (far <= width).any(axis=0) | ((needed < 2) | (needed > 7)).any(axis=0)
    unsure = ((near <= width) & (far > width)).any(axis=0) | np.isnan(needed).any(axis=0)
    right = np.where(excluded, EXCLUDED, np.where(unsure, UNSURE, FREE))
    state = limits(near, far, extra[:zones], needed, bounds)
    assert (state == right).all()
    assert np.array_equal(limits(near, far, extra[:zones], needed, bounds, threads=3), state)
    # A wider zone frees no cell.
    assert (limits(near, far, [value + 10 for value in extra[:zones]], needed, bounds) >= state).all()


# --- shades -----------------------------------------------------------------------------------------------


def test_shades() -> None:
    scores = rasters([[0, 0.004, 0.006, 0.5, 1, 0.5, NAN, NAN, NAN, 0.5, 0.5]])[0]
    state = np.array([[0, 0, 0, 0, 0, UNSURE, FREE, UNSURE, EXCLUDED, EXCLUDED, UNKNOWN]], np.uint8)
    assert shaded(scores, state).tolist() == [[1, 1, 2, 51, 101, 179, 103, 103, 102, 102, 103]]


@given(stacks())
def test_every_cell_has_a_shade(stack: tuple[Any, Any, Model]) -> None:
    values, state, model = stack
    scores = score(values, state, Overlay.of(model))
    shades = shaded(scores, state).astype(int)
    known = ~np.isnan(scores)
    assert (abs((shades[known] & 127) - 1 - 100 * scores[known]) <= 0.51).all()
    assert ((shades[known] >= 128) == (state[known] == UNSURE)).all()
    assert (shades[~known] == np.where(state[~known] == EXCLUDED, 102, 103)).all()


# --- what does not fit ------------------------------------------------------------------------------------


def test_what_does_not_fit_is_told() -> None:
    overlay, state = Overlay.of(model_of(1, 1)), free((2, 3))
    for wrong in (np.zeros((2, 2, 2)), np.zeros((1, 2, 3)), np.zeros((2, 3)), np.zeros((2, 3, 2))):
        with pytest.raises(GridError) as caught:
            score(wrong, state, overlay)
        assert caught.value.code == "shapes"
    zones = np.zeros((2, 2, 3))
    for near, far, extra, needed, musts in (
        (zones, zones[:1], [0, 0], None, []),
        (zones, zones, [0], None, []),
        (zones, zones, [0, 0], None, [Requirement("a", 0)]),
        (zones, zones, [0, 0], zones[:1, :1], [Requirement("a", 0)]),
        (zones[0], zones[0], [0, 0], None, []),
    ):
        with pytest.raises(GridError) as caught:
            limits(near, far, extra, needed, musts)
        assert caught.value.code == "shapes"
    with pytest.raises(GeoError):
        shaded(np.zeros((2, 2), np.float32), state)


def test_arrays_of_any_kind_are_read_and_none_is_changed() -> None:
    values, state, model = np.arange(24.0).reshape(2, 3, 4) / 24, free((3, 4)), model_of(1, 1)
    right = scored(values.astype(np.float32), model)
    still = values.astype(np.float32)
    still.flags.writeable = False
    for array in (
        values,
        still,
        np.asfortranarray(values),
        list(values),
        values.tolist(),
        values[:, ::-1][:, ::-1],
    ):
        assert np.array_equal(score(array, state, Overlay.of(model)), right)
    assert values.flags.writeable
    assert score(values[:, :0], state[:0], Overlay.of(model)).shape == (0, 4)


def test_one_compilation_serves_every_reader() -> None:
    """A second kind of array would make a reader wait for the compiler."""
    from geo import weighing

    warm()
    loops: list[Any] = [weighing.weigh, weighing.order, weighing.limit, weighing.shade]
    values, state = np.zeros((2, 3, 4), np.float32), free((3, 4))
    values.flags.writeable = state.flags.writeable = False
    for attitude in (1.0, 2.0):
        shaded(score(values, state, Overlay.of(model_of(1, 1, attitude=attitude))), state)
    limits(values, values, [0, 1], values, [Requirement("a", 0), Requirement("b", 0)])
    assert [len(loop.signatures) for loop in loops] == [1, 1, 1, 1]
