"""What a search finds on a small area: windows and places agree with the whole, nothing unknown is zero."""

from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import translate

from geo.crs import WGS84, WORKING, transform
from geo.errors import GeoError, ModelError
from geo.grid import Grid, Window
from geo.weighing import EXCLUDED, FREE, UNKNOWN, UNSURE
from layers.comparison import Comparison
from layers.query import Query
from layers.siting.measures import UnknownMeasure
from layers.siting.models import UnknownModel
from layers.siting.results import (
    MOST_CELLS,
    STATES,
    Findings,
    TooManyCells,
    class_of,
    findings,
    grid_of,
    metric_bounds,
)
from layers.sought import CELLS_M, Sought
from layers.store import EmbeddedStore, UnknownFeature, embedded
from tests.layers.siting.searches import EXCLUDING, PLAIN, SMALL, search, sought

MODELS = ("industrial-park", "heritage-park", PLAIN, f"{PLAIN};o:3", EXCLUDING)


@cache
def norms() -> list[str]:
    """Norms that exclude some of the small area, and that leave some of it free."""
    found = []
    for norm in embedded().records("norms").index:
        states = set(np.unique(search(f"{PLAIN};x:{norm}").whole[1]).tolist())
        found += [str(norm)] if states >= {FREE, EXCLUDED} else []
    return found


@pytest.fixture(scope="module")
def hemmed() -> Findings:
    assert len(norms()) > 3
    return search(";".join([PLAIN, *(f"x:{norm}" for norm in norms()[:4])]))


def centre(found: Findings, row: int, column: int) -> shapely.Point:
    x, y = found.grid.axes()
    return shapely.Point(x[column], y[row])


@st.composite
def windows(draw: st.DrawFn, rows: int, columns: int) -> Window:
    row, column = draw(st.integers(0, rows - 1)), draw(st.integers(0, columns - 1))
    return Window(row, column, draw(st.integers(1, rows - row)), draw(st.integers(1, columns - column)))


@given(st.sampled_from(MODELS), st.data())
def test_a_judged_window_is_a_cut_of_the_whole(model: str, data: st.DataObject) -> None:
    found = search(model)
    window = data.draw(windows(*found.grid.shape))
    scores, states = found.judged(0, window)
    np.testing.assert_array_equal(scores, found.whole[0][window.slices])
    np.testing.assert_array_equal(states, found.whole[1][window.slices])


@given(st.sampled_from(MODELS), st.data())
def test_a_cell_is_judged_as_in_the_whole(model: str, data: st.DataObject) -> None:
    found = search(model)
    row, column = (data.draw(st.integers(0, size - 1)) for size in found.grid.shape)
    judged = found.judge(centre(found, row, column))
    assert judged is not None
    assert judged.state == found.whole[1][row, column]
    np.testing.assert_allclose(judged.score, found.whole[0][row, column], rtol=1e-6)
    np.testing.assert_array_equal([judged.low, judged.high], [judged.score, judged.score])
    assert judged.unsure == (judged.state == UNSURE)
    raw = found.basis.amounts(0, Window(row, column, 1, 1))[:, 0, 0]
    np.testing.assert_allclose(judged.raw, raw)


@given(st.data())
def test_no_limit_is_left_out_that_was_judged_by(hemmed: Findings, data: st.DataObject) -> None:
    """Limits are measured between geometries: what excludes a cell is told, and the map is never surer."""
    row, column = (data.draw(st.integers(0, size - 1)) for size in hemmed.grid.shape)
    told = hemmed.limit_states(centre(hemmed, row, column))
    assert [limit for limit, *_ in told] == list(hemmed.model.limits)
    worst, judged = max(state for _, state, *_ in told), hemmed.whole[1][row, column]
    if judged != UNSURE:
        assert worst == judged
    for _, state, near, far in told:
        assert near <= far
        assert (state == EXCLUDED) == (far <= 0)
        assert (state == FREE) == (near > 0)


def test_a_large_area_is_judged_as_its_cells_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Block by block, so that the whole grid can be judged in little memory."""
    found = search("industrial-park")
    west, south, east, north = found.grid.bounds
    shape = shapely.box(west + 900, south + 900, east - 900, north - 900)
    at_once = found.judge(shape, 700.0)
    monkeypatch.setattr(Grid.blocks, "__defaults__", (4,))
    by_blocks = found.judge(shape, 700.0)
    assert len(found._cells(shape)) > 4
    assert at_once is not None
    assert by_blocks is not None
    for name in ("raw", "value", "score", "low", "high", "unsure", "excluded", "state"):
        np.testing.assert_allclose(getattr(by_blocks, name), getattr(at_once, name), rtol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_the_shares_are_those_of_the_cells(model: str) -> None:
    found = search(model)
    scores, states = found.whole
    shares = found.shares
    assert sum(shares[name] for name in STATES.values()) == pytest.approx(1)
    assert shares["suitable"] == pytest.approx((scores >= found.model.threshold - 1e-7).mean())
    for state, name in STATES.items():
        assert shares[name] == pytest.approx((states == state).mean())


@pytest.mark.parametrize("model", MODELS)
def test_a_cell_has_a_score_unless_it_is_excluded_or_unknown(model: str) -> None:
    scores, states = search(model).whole
    np.testing.assert_array_equal(np.isnan(scores), np.isin(states, (EXCLUDED, UNKNOWN)))
    assert ((scores >= 0) & (scores <= 1))[np.isfinite(scores)].all()


def test_the_ordinary_mean_is_that_of_the_values() -> None:
    found = search(PLAIN)
    window = Window(0, 0, *found.grid.shape)
    amounts = found.basis.amounts(0, window).astype(float)
    values = [criterion.value(amounts[at]) for at, criterion in enumerate(found.model.criteria)]
    np.testing.assert_allclose(found.whole[0], 0.75 * values[0] + 0.25 * values[1], atol=1e-6)


def test_all_is_masked() -> None:
    found = search(EXCLUDING)
    assert found.shares == {"suitable": 0, "sure": 0, "free": 0, "unsure": 0, "excluded": 1, "unknown": 0}
    assert np.isnan(found.best)
    assert (found.areas, found.plots) == ([], [])
    judged = found.judge(centre(found, 3, 3))
    assert judged is not None
    assert judged.state == EXCLUDED
    assert np.isnan([judged.score, judged.low, judged.high]).all()
    assert np.isfinite(judged.value).all()  # why it would have been good is still told


def test_nothing_is_good_enough() -> None:
    found = search("c:distance.railways*1*lin~0~0~1000000~1;t:0.99")
    assert (found.areas, found.plots) == ([], [])
    assert 0 < found.best < 0.99
    assert found.shares["suitable"] == 0


def test_no_place_is_as_large_as_is_needed() -> None:
    found = search(f"{PLAIN};u:area*1000000")
    assert found.plots == []
    assert found.areas
    assert found.wanted_ha == 1_000_000


@pytest.mark.parametrize(
    ("more", "wanted"), [("", 25.0), (";a:60", 60.0), (";a:60;u:area*80", 80.0), (";a:1;u:area*2", 25.0)]
)
def test_a_plot_is_as_large_as_is_needed_and_a_cell_at_least(more: str, wanted: float) -> None:
    assert search(PLAIN + more).wanted_ha == wanted


def test_areas_and_plots_are_judged_as_they_were_found() -> None:
    found = search(PLAIN)
    assert found.plots
    for area in (*found.plots, *found.areas):
        judged = found.judge(area.outline)
        assert judged is not None
        assert judged.score == pytest.approx(area.mean, abs=1e-5)
        assert judged.high == pytest.approx(area.best, abs=1e-6)
        assert judged.low >= found.model.threshold - 1e-6


@pytest.mark.parametrize("cell_m", CELLS_M)
def test_the_grid_covers_its_area(cell_m: int) -> None:
    grid = grid_of(sought(cell_m=cell_m))
    corners = [(lon, lat) for lon in SMALL[::2] for lat in SMALL[1::2]]
    x, y = transform(*map(np.array, zip(*corners, strict=True)), WGS84, WORKING)
    west, south, east, north = grid.bounds
    assert ((x >= west) & (x <= east) & (y >= south) & (y <= north)).all()
    assert grid.cell_m == cell_m
    assert (grid.west % cell_m, grid.north % cell_m) == (0, 0)
    held = metric_bounds(SMALL)
    assert held[0] - west < cell_m
    assert east - held[2] < cell_m


@pytest.mark.parametrize("cell_m", [25, 100])
def test_an_area_with_too_many_cells_is_refused_before_anything_is_made(
    store: EmbeddedStore, cell_m: int
) -> None:
    many = Sought(area=(72.0, 53.0, 94.0, 63.0), cell_m=cell_m)
    with pytest.raises(TooManyCells) as told:
        findings(store, Query(sought=many))
    assert told.value.code == "many"
    assert isinstance(told.value, GeoError)  # so every address answers it alike
    assert grid_of(many.model_copy(update={"cell_m": 1000})).cells < MOST_CELLS


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"model": "unheard"}, UnknownModel),
        ({"model": "c:minutes.unheard*1*lin~0~1~1~0"}, UnknownMeasure),
        ({"model": f"{PLAIN};x:unheard"}, UnknownFeature),
        ({"model": f"{PLAIN};r:elevation.0123456789ab**5"}, UnknownMeasure),
        ({"model": "c:"}, ModelError),
    ],
)
def test_what_is_not_there_is_refused(
    store: EmbeddedStore, asked: dict[str, str], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        findings(store, Query(sought=Sought(area=SMALL, cell_m=500, **asked)))
    with pytest.raises(UnknownFeature):
        findings(store, Query(comparison=Comparison(network="unheard"), sought=sought()))


def test_a_place_outside_is_not_judged(small: Findings) -> None:
    assert small.judge(shapely.Point(0, 0)) is None
    assert small.judge(shapely.box(0, 0, 1000, 1000)) is None
    assert {state for _, state, *_ in small.limit_states(shapely.Point(0, 0))} == {FREE}
    assert small.at(20.0, 10.0)[1] is None
    assert small.at(85.0, 57.0)[1] is None


def test_a_small_area_is_judged_by_the_cell_it_lies_in(small: Findings) -> None:
    middle = centre(small, 5, 7)
    for shape in (middle, middle.buffer(3), translate(middle, 200, 200).buffer(3)):
        judged = small.judge(shape)
        assert judged is not None
        np.testing.assert_allclose(judged.score, small.whole[0][5, 7], rtol=1e-6)


def test_the_range_of_a_score_is_that_within_its_accuracy(small: Findings) -> None:
    middle = centre(small, 12, 12)
    judged = small.judge(middle, 1600.0)
    assert judged is not None
    x, y = np.meshgrid(*small.grid.axes())
    around = small.whole[0][np.hypot(x - middle.x, y - middle.y) < 1600.0]
    assert judged.low == pytest.approx(np.nanmin(around), abs=1e-6)
    assert judged.high == pytest.approx(np.nanmax(around), abs=1e-6)
    assert judged.low <= judged.score <= judged.high


def test_a_place_in_degrees_is_the_middle_of_its_cell(small: Findings) -> None:
    middle, judged = small.at(85.0, 56.45)
    x, y = (float(part[0]) for part in transform([85.0], [56.45], WGS84, WORKING))
    assert max(abs(middle.x - x), abs(middle.y - y)) <= small.grid.cell_m / 2
    assert judged is not None
    assert judged.score == small.judge(middle).score  # type: ignore[union-attr]


def test_every_raster_is_named_once(small: Findings) -> None:
    jobs = small.basis.jobs()
    assert len({job.digest for job in jobs}) == len(jobs)
    assert {job.of for job in jobs} <= {*small.model.measures, *(limit.norm for limit in small.model.limits)}
    assert len(small.basis.layered) == len(small.measures)
    assert len(small.basis.zones) == len(small.model.limits)
    both = search("c:people.30*1*lin~0~0~1~1;c:people.60*1*lin~0~0~1~1;c:workforce.60*1*lin~0~0~1~1")
    assert len(both.basis.jobs()) == 1


def test_the_roads_of_the_scenario_are_those_of_the_ways() -> None:
    today, thaw = (search("c:minutes.tomsk*1*lin~0~1~60~0", roads=roads) for roads in ("today", "thaw"))
    ways = [found.basis.amounts(0, Window(0, 0, *found.grid.shape))[0] for found in (today, thaw)]
    known = np.isfinite(ways[1])
    assert (ways[1][known] >= ways[0][known]).all()
    assert (ways[1][known] > ways[0][known]).any()


def test_findings_are_kept(store: EmbeddedStore) -> None:
    assert search() is search()
    assert search() is not search(cell_m=1000)
    made = []
    found = search()
    assert found.kept("of a test", lambda: made.append(1) or 7) == 7
    assert found.kept("of a test", lambda: made.append(1) or 8) == 7
    assert made == [1]


@pytest.mark.parametrize(
    ("percent", "state", "name"),
    [
        (100.0, FREE, "from90"),
        (90.0, FREE, "from90"),
        (89.9, FREE, "from80"),
        (70.0, UNSURE, "from70"),
        (60.0, FREE, "from60"),
        (59.9, FREE, "below60"),
        (0.0, FREE, "below60"),
        (float("nan"), EXCLUDED, "excluded"),
        (float("nan"), UNKNOWN, "unknown"),
    ],
)
def test_classes(percent: float, state: int, name: str) -> None:
    assert class_of(percent, state) == name


def test_a_must_have_on_a_distance_is_told_in_three_values() -> None:
    """Roads are true to kilometres: nobody can say that a place is 2,900 and not 3,100 metres from one."""
    found = search(f"{PLAIN};r:distance.roads**3000")
    states = found.whole[1]
    near, far = found.basis.musts[0].read(0, Window(0, 0, *found.grid.shape))
    np.testing.assert_array_equal(states == EXCLUDED, near > 3000)
    np.testing.assert_array_equal(states == UNSURE, (near <= 3000) & (far > 3000))
    assert (states == UNSURE).any()
