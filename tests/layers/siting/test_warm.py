"""What the start makes ready, and what it sweeps away before."""

from pathlib import Path

import pytest

from layers import shelf as shelves
from layers.siting import own_limits, warm
from layers.siting.results import Findings
from tests.layers.test_sweep import LEFT, NAMED, aged, old


def test_the_start_sweeps_rasters_areas_and_unfinished_parts(
    data: Path, small: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("rasters", "areas"):
        (data / name).mkdir(parents=True)
    part = data / "criteria" / ".writing-abc"
    part.mkdir(parents=True)
    (part / "plain.tif").write_bytes(b"x")
    aged(part, 25.0)
    young = data / "criteria" / ".writing-xyz"
    young.mkdir()
    left = [old(data / "rasters" / f"{LEFT}.tif"), old(data / "areas" / f"{LEFT}.npz")]
    shelves.shelf().put(own_limits.KIND, "Зоны", NAMED)
    stays = old(data / "areas" / f"{NAMED}.npz")
    monkeypatch.setattr(warm, "findings", lambda *_: small)
    warm.warm(small.store)
    assert not any(file.exists() for file in left)
    assert (part.exists(), young.exists(), stays.exists()) == (False, True, True)
