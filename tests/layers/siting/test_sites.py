"""Sites of a search: their ids and names, what may be asked for, how firm their order is."""

import re

import numpy as np
import pytest
import shapely

from geo.crs import WGS84, WORKING, transform
from geo.distance import HALF_DIAGONAL
from geo.ranking import TOP
from geo.weighing import EXCLUDED
from layers.siting.accuracy import ERROR_SHARE
from layers.siting.results import Findings
from layers.siting.sites import (
    CELLS,
    FREE_IN,
    errors,
    firmness,
    of_layer,
    ranked,
    site,
    sites,
    spread,
)
from layers.view import HOME
from tests.layers.siting.searches import EXCLUDING, LAYERS, PLAIN, TINY, search

MINE = ("circle~800:84.98000,56.45000", "polygon:84.95000,56.42000;84.97000,56.42000;84.96000,56.43000")
CROSSED = "polygon:84.95000,56.42000;84.97000,56.43000;84.97000,56.42000;84.95000,56.43000"
AWAY = "circle~100:86.00000,57.00000"


@pytest.fixture(scope="module")
def found() -> Findings:
    return search(PLAIN, mine=MINE)


def test_every_site_has_its_pick_and_its_names(found: Findings) -> None:
    every = sites(found)
    assert {one.layer for one in every} >= {"site_plots", "site_areas", "site_mine"}
    assert {one.layer for one in every} <= set(LAYERS)
    assert len({one.pick for one in every}) == len(every)
    for one in every:
        assert one.pick == f"{one.layer}/{one.id}"
        assert site(found, one.pick) is one
        assert one.name("ru").strip()
        assert one.name("en").strip()
        assert one.names["name_ru"] != one.names["name_en"]
        assert np.isfinite(one.judged.score)
        assert one.accuracy_m > 0


def test_the_best_come_first_and_are_numbered(found: Findings) -> None:
    for layer, kind in (("site_plots", "plot"), ("site_areas", "area")):
        of_it = of_layer(found, layer)
        assert len({one.id for one in of_it}) == len(of_it)
        assert all(re.fullmatch(rf"{kind}-\d+-\d+b*", one.id) for one in of_it)
        scores = [one.judged.score for one in of_it]
        assert scores == sorted(scores, reverse=True)
        assert [one.about["rank"] for one in of_it] == list(range(1, len(of_it) + 1))


def test_names_say_the_nearest_settlement(found: Findings) -> None:
    first = of_layer(found, "site_plots")[0]
    settlements = found.store.metric("settlements")
    away = settlements.distance(first.shape.representative_point())
    record = found.store.record("settlements", str(away.idxmin()))
    assert record["name_ru"] in first.name("ru")
    assert record["name_en"] in first.name("en")
    assert f"{max(1, round(away.min() / 1000))} км" in first.name("ru")


def test_free_sites_are_those_with_hectares_or_with_terms_for_residents() -> None:
    home = search(PLAIN, cell_m=1000, area=(84.6, 56.27, 86.25, 57.09))
    free = of_layer(home, "site_free")
    offered = set()
    for layer in FREE_IN:
        frame = home.store.features(layer)
        with_terms = frame["regime"].notna() & frame["area_ha"].notna()
        offered |= set(frame.index[frame["free_area_ha"].notna() | with_terms])
    assert {one.id for one in free} <= offered
    assert {"industrial-park-tomsk-severnaya", "sez-tomsk-south", "sez-tomsk-north"} <= {
        one.id for one in free
    }
    for one in free:
        record = one.about["record"]
        assert one.accuracy_m == record["accuracy_m"]
        assert one.judged.low <= one.judged.score <= one.judged.high
        free_ha = record["free_area_ha"]
        assert one.about["area_ha"] == (None if np.isnan(free_ha) else free_ha)


def test_the_sites_of_the_reader(found: Findings) -> None:
    first, second = of_layer(found, "site_mine")
    assert (first.id, second.id) == ("mine-1", "mine-2")
    assert first.about["area_ha"] == pytest.approx(np.pi * 64, rel=0.01)
    assert first.names["name_ru"].endswith("1")
    x, y = np.meshgrid(*found.grid.axes())
    inside = shapely.contains_xy(first.shape, x, y)
    assert first.judged.score == pytest.approx(found.whole[0][inside].mean(), abs=1e-6)


def test_a_site_of_the_reader_that_cannot_be_judged_is_left_out_and_the_others_keep_their_numbers() -> None:
    found = search(PLAIN, mine=(CROSSED, AWAY, MINE[0]))
    assert [one.id for one in of_layer(found, "site_mine")] == ["mine-3"]
    assert site(found, "site_mine/mine-1") is None


def test_any_place_is_a_site(found: Findings) -> None:
    one = site(found, f"{CELLS}/84.98000_56.45000")
    assert one is not None
    x, y = (float(part[0]) for part in transform([84.98], [56.45], WGS84, WORKING))
    assert shapely.contains_xy(one.shape, x, y)
    assert one.shape.area == pytest.approx(found.grid.cell_m**2)
    row, column = found.grid.cell_at(x, y) or (0, 0)
    assert one.judged.score == pytest.approx(float(found.whole[0][row, column]), rel=1e-6)
    assert "500" in one.name("ru")


@pytest.mark.parametrize(
    "pick",
    [
        f"{CELLS}/10.00000_10.00000",
        f"{CELLS}/84.98",
        f"{CELLS}/84.98_56.45_1",
        f"{CELLS}/a_b",
        f"{CELLS}/nan_nan",
        f"{CELLS}/inf_-inf",
        f"{CELLS}/1e9_1e9",
        f"{CELLS}/",
        "site_plots/plot-0",
        "site_plots/plot-999",
        "site_plots",
        "site_mine/mine-3",
        "site_free/unheard",
        "projects/asino-sawmill",
        "",
    ],
)
def test_what_is_no_site(found: Findings, pick: str) -> None:
    assert site(found, pick) is None


def test_nothing_is_found_where_all_is_excluded() -> None:
    found = search(EXCLUDING)
    assert {one.layer for one in sites(found)} == {"site_free"}
    assert all(np.isnan(one.judged.score) for one in sites(found))
    assert firmness(found) is None
    one = site(found, f"{CELLS}/84.98000_56.45000")
    assert one is not None
    assert np.isnan(one.judged.score)


# --- how firm ----------------------------------------------------------------------------------------


def test_a_score_lies_within_its_draws_though_its_cells_differ() -> None:
    """Value functions that turn within a large area: the value of the mean is not the mean of the values."""
    model = "c:distance.railways*10*pw~0~0~2000~1~4000~1~7000~0;t:0.3"
    found = search(model, mine=("circle~9000:84.97000,56.48000",), area=(84.8, 56.35, 85.2, 56.6))
    one = of_layer(found, "site_mine")[0]
    low, high = spread(found, one) or (np.nan, np.nan)
    assert low - 1e-6 <= one.judged.score <= high + 1e-6


def test_what_is_mostly_barred_has_no_place_in_the_order() -> None:
    """Two thirds of the circle lie too near to the railway, the rest has a score."""
    found = search(f"{PLAIN};r:distance.railways*5000*", mine=("circle~1500:84.93000,56.42000",))
    (one,) = of_layer(found, "site_mine")
    assert one.judged.state == EXCLUDED
    assert np.isfinite(one.judged.score)
    assert one.pick not in {other.pick for other in ranked(found)}


def test_the_shares_of_places_add_up(found: Findings) -> None:
    firm, taking_part = firmness(found), ranked(found)
    assert firm is not None
    assert "site_areas" not in {one.layer for one in taking_part}
    np.testing.assert_allclose(firm.shares.sum(axis=1), 1)
    # Equals share the better place.
    assert firm.first.sum() >= 1
    assert firm.top(TOP).sum() >= min(TOP, len(taking_part))
    assert (firm.first <= firm.top(TOP) + 1e-12).all()
    assert ((firm.mean_place >= 1) & (firm.mean_place <= len(taking_part))).all()
    assert firmness(found) is firm


def test_one_site_alone_is_always_the_first() -> None:
    found = search(
        "c:distance.railways*1*lin~0~0~1000000~1;t:0.99", area=TINY, mine=("circle~300:84.96000,56.47000",)
    )
    assert [one.pick for one in ranked(found)] == ["site_mine/mine-1"]
    firm = firmness(found)
    assert firm is not None
    assert (firm.first.tolist(), firm.top(TOP).tolist(), firm.mean_place.tolist()) == ([1.0], [1.0], [1.0])


def test_amounts_may_be_wrong_by_what_is_known_of_them(found: Findings) -> None:
    one = ranked(found)[0]
    away, ways = errors(found, one)
    railways, core = (found.store.features(layer)["accuracy_m"] for layer in ("railways", "settlements"))
    nearest = found.store.metric("railways").distance(one.shape).idxmin()
    assert away == pytest.approx(railways[nearest] + HALF_DIAGONAL * found.grid.cell_m)
    off = found.ground.ways.base.network.access.minutes(core["tomsk"])
    assert ways == pytest.approx(ERROR_SHARE["minutes"] * one.judged.raw[1] + off)


def test_what_no_road_leads_to_has_no_error() -> None:
    found = search("c:minutes.tomsk*1*lin~0~1~60~0;c:workforce.60*1*lin~0~0~9~1", mine=MINE)
    one = ranked(found)[0]
    raw = one.judged.raw.copy()
    one.judged.raw[0] = np.inf
    try:
        assert errors(found, one)[0] == 0
    finally:
        one.judged.raw[:] = raw
    assert errors(found, one)[1] >= ERROR_SHARE["workforce"] * raw[1]


def test_what_may_not_be_built_on_takes_no_part_in_the_order() -> None:
    """Free sites are judged wherever they are; one that is forbidden must not come first."""
    found = search("petrochemistry", area=HOME, cell_m=1000)
    forbidden = [one for one in sites(found) if np.isnan(one.judged.score)]
    assert forbidden
    assert not set(forbidden) & set(ranked(found))
    assert all(np.isfinite(one.judged.score) for one in ranked(found))


def test_a_place_within_whose_accuracy_something_is_forbidden_says_so() -> None:
    found = search("petrochemistry", area=HOME, cell_m=1000)
    shares = {one.id: one.judged.excluded for one in of_layer(found, "site_free")}
    assert any(0 < share < 1 for share in shares.values())
