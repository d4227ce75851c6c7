"""The search that is worked out by hand in `golden`, through everything that makes findings of rasters."""

import numpy as np
import pytest
import shapely

from geo.grid import Window
from layers.siting.results import STATES, Findings
from layers.siting.telling import parts
from tests.layers.siting import golden as by_hand
from tests.layers.siting.golden import GRID, MODEL, golden

WEIGHTED = 1e-6


@pytest.fixture(scope="module")
def nine() -> Findings:
    return golden()


def cell(row: int, column: int) -> shapely.Point:
    x, y = GRID.axes()
    return shapely.Point(x[column], y[row])


def test_the_scores_and_states(nine: Findings) -> None:
    scores, states = nine.whole
    np.testing.assert_allclose(scores, by_hand.SCORES, atol=WEIGHTED)
    assert [[STATES[state] for state in row] for row in states.tolist()] == by_hand.STATES


def test_the_shares(nine: Findings) -> None:
    ninths = {name: round(share * 9, 6) for name, share in nine.shares.items()}
    assert ninths == {"suitable": 3, "sure": 2, "free": 6, "unsure": 1, "excluded": 1, "unknown": 1}
    assert nine.best == pytest.approx(0.925, abs=WEIGHTED)


def test_the_area_and_the_plot(nine: Findings) -> None:
    for (found,) in (nine.areas, nine.plots):
        assert list(zip(found.rows.tolist(), found.columns.tolist(), strict=True)) == [(0, 1), (1, 1)]
        assert found.area_ha == 8
        assert found.mean == pytest.approx(0.6125, abs=WEIGHTED)
        assert found.best == pytest.approx(0.725, abs=WEIGHTED)
        assert found.unsure_share == 0
    judged = nine.judge(nine.areas[0].outline)
    assert judged is not None
    assert judged.score == pytest.approx(0.6125, abs=WEIGHTED)
    assert judged.raw.tolist() == [4000, 20.5]
    assert judged.value == pytest.approx([0.6, 0.65], abs=WEIGHTED)
    assert (judged.low, judged.high) == pytest.approx((0.5, 0.725), abs=WEIGHTED)


def test_a_smaller_area_is_wanted() -> None:
    """Then the cell of which it cannot be told is an area too, the best one, and still no plot."""
    found = golden(MODEL.replace("a:8", "a:4"))
    assert [area.mean for area in found.areas] == pytest.approx([0.925, 0.6125], abs=WEIGHTED)
    assert found.areas[0].unsure_share == 1
    assert [plot.mean for plot in found.plots] == pytest.approx([0.725], abs=WEIGHTED)


def test_the_losses(nine: Findings) -> None:
    judged = nine.judge(cell(0, 1))
    assert judged is not None
    told = {part.measure.text: part for part in parts(nine, judged)}
    assert told["distance.railways"].loss == pytest.approx(0.15, abs=WEIGHTED)
    assert told["minutes.tomsk"].loss == pytest.approx(0.125, abs=WEIGHTED)
    assert judged.score == pytest.approx(1 - 0.275, abs=WEIGHTED)


def test_the_attitude() -> None:
    scores = golden(f"{MODEL};o:2").whole[0]
    assert scores[0, 1] == pytest.approx(0.66875, abs=1e-5)
    assert scores[1, 1] == pytest.approx(0.425, abs=1e-5)


def test_what_is_unknown_is_never_zero(nine: Findings) -> None:
    judged = nine.judge(cell(1, 0))
    assert judged is not None
    assert (STATES[judged.state], np.isnan(judged.score)) == ("unknown", True)
    assert np.isnan(judged.value[1])
    assert judged.value[0] == pytest.approx(0.5)


def test_an_area_is_the_mean_of_the_cells_that_have_a_score(nine: Findings) -> None:
    """Amounts, values and score alike, so that the losses are those of the score."""
    west, south, east, north = GRID.bounds
    judged = nine.judge(shapely.box(west, south, east, north))
    assert judged is not None
    scored = np.isfinite(by_hand.SCORES)
    assert judged.score == pytest.approx(np.nanmean(by_hand.SCORES), abs=WEIGHTED)
    assert judged.raw[0] == pytest.approx(np.mean(np.array(by_hand.METRES)[scored]))
    lost = sum(part.loss for part in parts(nine, judged))
    assert lost == pytest.approx(1 - judged.score, abs=WEIGHTED)
    assert judged.unsure == pytest.approx(1 / 9)
    assert STATES[judged.state] == "unsure"


def test_without_its_weight_nothing_unknown_matters() -> None:
    found = golden(MODEL.replace("minutes.tomsk*1*", "minutes.tomsk*0*"))
    assert found.whole[0][1, 0] == pytest.approx(0.5)
    assert found.shares["unknown"] == 0


def test_the_limit_is_told_by_the_distances_of_its_records(nine: Findings) -> None:
    told = {}
    for row, column in ((0, 0), (0, 2), (2, 2)):
        ((limit, state, near, far),) = nine.limit_states(cell(row, column))
        assert limit.norm == by_hand.NORM
        told[row, column] = (STATES[state], near, far)
    assert told == {
        (0, 0): ("excluded", -250, -50), (0, 2): ("free", 150, 350), (2, 2): ("unsure", -100, 100)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("extra", "state"), [(0, "unsure"), (99, "unsure"), (100, "excluded"), (499, "excluded")]
)
def test_a_wider_zone_takes_more(extra: int, state: str) -> None:
    found = golden(MODEL.replace(f"x:{by_hand.NORM}", f"x:{by_hand.NORM}*{extra}"))
    assert STATES[int(found.whole[1][2, 2])] == state
    assert STATES[int(found.whole[1][0, 1])] == "free"


def test_a_requirement_excludes_and_what_is_unknown_of_it_cannot_be_told() -> None:
    found = golden(MODEL.replace("minutes.tomsk*1*", "minutes.tomsk*0*") + ";r:minutes.tomsk**22")
    states = [[STATES[state] for state in row] for row in found.whole[1].tolist()]
    assert states == [
        ["excluded", "excluded", "excluded"],
        ["unsure", "free", "free"],
        ["excluded", "free", "unsure"],
    ]


def test_a_window_is_a_cut_of_the_whole(nine: Findings) -> None:
    scores, states = nine.judged(0, Window(1, 1, 2, 1))
    np.testing.assert_array_equal(scores, nine.whole[0][1:3, 1:2])
    np.testing.assert_array_equal(states, nine.whole[1][1:3, 1:2])
