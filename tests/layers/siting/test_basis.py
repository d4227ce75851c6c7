"""What scores rest on: must-haves in three values, and bounds that stay bounds where cells are coarser."""

import numpy as np
import pytest

from geo.overviews import least, mode, most
from geo.siting import Requirement
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.siting.basis import must_state
from layers.siting.measures import measure
from layers.siting.results import Findings
from tests.layers.siting.searches import search

NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("near", "far", "low", "high", "right"),
    [
        (100, 900, None, 1000, FREE),
        (100, 1100, None, 1000, UNSURE),
        (1001, 1100, None, 1000, EXCLUDED),
        (-50, 400, 500, None, EXCLUDED),
        (400, 600, 500, None, UNSURE),
        (500, 1000, 500, 1000, FREE),
        (400, 1100, 500, 1000, UNSURE),
        (INF, INF, None, 1000, EXCLUDED),
        (NAN, NAN, None, 1000, UNSURE),
        (NAN, NAN, 500, None, UNSURE),
    ],
)
def test_a_must_have_on_a_distance_is_told_in_three_values(
    near: float, far: float, low: float | None, high: float | None, right: int
) -> None:
    bounds = [np.full((1, 1), value, np.float32) for value in (near, far)]
    assert must_state(Requirement("distance.roads", low, high), *bounds).tolist() == [[right]]


def test_bounds_become_coarser_as_bounds_and_classes_as_classes(small: Findings) -> None:
    ground = small.ground
    roads = measure("distance.roads", small.store.catalogue)
    assert ground.zone("railway-housing").rules == (least, most)
    assert ground.around(roads).rules == (least, most)
    assert ground.job(roads).rules == ()
    found = search("c:distance.roads*1*lin~0~1~1~0;r:distance.roads**500;x:railway-housing")
    bounds = [job for job in found.basis.jobs() if job.rules]
    assert len(bounds) == 2
    assert mode not in {rule for job in bounds for rule in job.rules}
