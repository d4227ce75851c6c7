"""The overlay from files to a file: equal to that in memory, in bounded memory, whole or not at all."""

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from geo import overlay_files, rasters
from geo.errors import GridError, RasterError
from geo.grid import Grid, Window
from geo.overlay_files import NAMES, RULES, STATES, overlay_to_file, shared, stacked, told
from geo.rasters import Raster, write
from geo.siting import Limit, Model, Requirement
from geo.suitability import Overlay, limits, score, settled
from geo.weighing import EXCLUDED, FREE, UNKNOWN, UNSURE

GRID = Grid(500_000.0, 6_260_000.0, 100.0, 700, 600)
MODEL = Model.parse("c:a*2*lin~0~0~100~1;c:b*1*sig~50~70;c:c*0*lin~0~0~100~1;x:near;r:d**90")


@dataclass
class Held:
    """A raster in memory, with the windows that were read of it."""

    cells: Any
    grid: Grid = GRID
    read_windows: list[Window] = field(default_factory=list)

    def read(self, level: int, window: Window) -> Any:
        assert level == 0
        self.read_windows.append(window)
        return self.cells[:, *window.slices]


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlay_files, "WINDOW", 256)


@pytest.fixture
def measures() -> list[Held]:
    random = np.random.default_rng(4)
    cells = random.uniform(0, 100, (4, 1, *GRID.shape)).astype(np.float32)
    cells[random.random(cells.shape) < 0.01] = np.nan
    return [Held(layer) for layer in cells]


@pytest.fixture
def zones() -> list[Held]:
    near = np.random.default_rng(5).uniform(-20, 200, GRID.shape).astype(np.float32)
    # The first window lies inside the zone whole.
    near[:256, :256] = -100
    return [Held(np.stack([near, near + 20]))]


def judged(measures: list[Held], zones: list[Held], model: Model = MODEL) -> tuple[Any, Any]:
    """The scores and the states in memory."""
    values = np.concatenate([held.cells for held in measures])
    near, far = (np.stack([zone.cells[band] for zone in zones]) for band in (0, 1))
    extra = [limit.extra_m for limit in model.limits]
    places = [model.measures.index(must.measure) for must in model.requirements]
    state = limits(near, far, extra, values[places], model.requirements)
    scores = score(values, state, Overlay.of(model, model.measures))
    return scores, settled(scores, state)


def in_memory(measures: list[Held], zones: list[Held], model: Model = MODEL) -> Any:
    return judged(measures, zones, model)[0]


def bands_of(path: Path, level: int = 0) -> Any:
    with Raster(path) as raster:
        assert raster.grid == GRID
        return raster.read(level)


def scores_of(path: Path) -> Any:
    return bands_of(path)[0]


def left(folder: Path) -> Iterator[str]:
    return (path.name for path in folder.iterdir())


def test_the_file_equals_the_overlay_in_memory(
    tmp_path: Path, measures: list[Held], zones: list[Held]
) -> None:
    target, shares = tmp_path / "score.tif", list[float]()
    overlay_to_file(measures, zones, MODEL, target, progress=shares.append)
    expected = in_memory(measures, zones)
    assert 0 < np.isnan(expected).mean() < 0.9
    assert np.array_equal(scores_of(target), expected, equal_nan=True)
    with Raster(target) as raster:
        assert Model.parse(raster.tags["MODEL"]) == MODEL
    assert shares == sorted(shares)
    # Each window, each block of the overview, and once and more while the file is packed.
    assert len(shares) > 3 * 3 + 1 + 1
    assert shares[-1] == 1
    assert list(left(tmp_path)) == ["score.tif"]


def test_the_second_band_says_why_a_cell_has_no_score(
    tmp_path: Path, measures: list[Held], zones: list[Held]
) -> None:
    target = tmp_path / "score.tif"
    overlay_to_file(measures, zones, MODEL, target, tags={"DATA": "0a1b"})
    scores, states = bands_of(target)
    np.testing.assert_array_equal(states, judged(measures, zones)[1])
    assert set(np.unique(states)) == {FREE, UNSURE, EXCLUDED, UNKNOWN}
    np.testing.assert_array_equal(np.isnan(scores), np.isin(states, (EXCLUDED, UNKNOWN)))
    with rasterio.open(target) as raster:
        assert raster.descriptions == ("score: 0 to 1", "state: see the tag STATES")
        tags = raster.tags()
    assert tags["STATES"] == "0 open; 1 cannot be told; 2 barred; 3 no data"
    assert list(STATES) == [0, 1, 2, 3]
    assert (tags["MODEL_DIGEST"], tags["DATA"]) == (MODEL.digest, "0a1b")


def test_a_coarse_cell_has_the_state_that_its_cells_share(
    tmp_path: Path, measures: list[Held], zones: list[Held]
) -> None:
    target = tmp_path / "score.tif"
    overlay_to_file(measures, zones, MODEL, target)
    fine, coarse = bands_of(target)[1], bands_of(target, 1)[1]
    four = np.stack([fine[a::2, b::2] for a in (0, 1) for b in (0, 1)])
    alike = (four == four[0]).all(axis=0)
    assert 0.02 < alike.mean() < 0.98
    np.testing.assert_array_equal(coarse, np.where(alike, four[0], UNSURE))
    np.testing.assert_array_equal(shared(four), coarse)


def test_what_is_in_memory_becomes_the_same_file(
    tmp_path: Path, measures: list[Held], zones: list[Held]
) -> None:
    overlay_to_file(measures, zones, MODEL, tmp_path / "windows.tif", tags={"DATA": "0a1b"})
    bands, tags = stacked(*judged(measures, zones)), {"DATA": "0a1b", **told(MODEL)}
    write(tmp_path / "whole.tif", GRID, bands, tags=tags, names=NAMES, rules=RULES)
    for level in (0, 1):
        found, right = (bands_of(tmp_path / name, level) for name in ("whole.tif", "windows.tif"))
        np.testing.assert_array_equal(found, right)
    with Raster(tmp_path / "whole.tif") as whole, Raster(tmp_path / "windows.tif") as windows:
        assert whole.tags == windows.tags


def test_files_are_read_from_disk(tmp_path: Path, measures: list[Held], zones: list[Held]) -> None:
    rasters = []
    for number, held in enumerate([*measures, *zones]):
        write(tmp_path / f"{number}.tif", GRID, held.cells)
        rasters.append(Raster(tmp_path / f"{number}.tif"))
    overlay_to_file(rasters[:4], rasters[4:], MODEL, tmp_path / "score.tif", threads=3)
    for raster in rasters:
        raster.close()
    assert np.array_equal(scores_of(tmp_path / "score.tif"), in_memory(measures, zones), equal_nan=True)


def test_only_what_counts_is_read_and_a_window_at_a_time(
    tmp_path: Path, measures: list[Held], zones: list[Held]
) -> None:
    overlay_to_file(measures, zones, MODEL, tmp_path / "score.tif")
    weighed, _, weightless, required = measures
    assert weightless.read_windows == []
    assert len(zones[0].read_windows) == 9
    # The first window is excluded by the limit whatever its measures are.
    assert len(weighed.read_windows) == len(required.read_windows) == 8
    assert Window(0, 0, 256, 256) not in weighed.read_windows
    assert max(max(window.shape) for window in zones[0].read_windows) == 256


def test_attitude_limits_and_requirements_follow_the_model(
    tmp_path: Path, measures: list[Held], zones: list[Held]
) -> None:
    model = replace(
        MODEL, attitude=2.0, limits=(Limit("a", 30.0), Limit("near")), requirements=(Requirement("a", 20),)
    )
    overlay_to_file(measures[:3], [zones[0], zones[0]], model, tmp_path / "score.tif")
    expected = in_memory(measures[:3], [zones[0], zones[0]], model)
    assert np.array_equal(scores_of(tmp_path / "score.tif"), expected, equal_nan=True)


def test_without_limits_everything_is_judged(tmp_path: Path, measures: list[Held]) -> None:
    model = Model.parse("c:a*1*lin~0~0~100~1")
    overlay_to_file(measures[:1], [], model, tmp_path / "score.tif")
    assert scores_of(tmp_path / "score.tif") == pytest.approx(measures[0].cells[0] / 100, nan_ok=True)


def test_all_cells_excluded_is_a_file_of_unknown_cells(tmp_path: Path, measures: list[Held]) -> None:
    inside = Held(np.full((2, *GRID.shape), -1, np.float32))
    overlay_to_file(measures, [inside], MODEL, tmp_path / "score.tif")
    scores, states = bands_of(tmp_path / "score.tif")
    assert np.isnan(scores).all()
    assert (states == EXCLUDED).all()


def stopped(
    folder: Path, measures: list[Held], zones: list[Held], when: Callable[[list[float]], bool]
) -> list[float]:
    """The shares that were told until the work was stopped."""
    shares: list[float] = []
    with pytest.raises(CancelledError):
        overlay_to_file(
            measures,
            zones,
            MODEL,
            folder / "score.tif",
            progress=shares.append,
            cancelled=lambda: when(shares),
        )
    return shares


@pytest.mark.parametrize("after", [1, 4, 9, 10, 11, 12])
def test_what_is_cancelled_leaves_nothing(
    tmp_path: Path, measures: list[Held], zones: list[Held], after: int
) -> None:
    shares = stopped(tmp_path, measures, zones, lambda told: len(told) >= after)
    assert len(shares) == after
    assert list(left(tmp_path)) == []


def test_no_phase_goes_on_for_long_without_asking(
    tmp_path: Path, measures: list[Held], zones: list[Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows, blocks of overviews, and the packing, which is cut short."""
    phases: list[str] = []

    def packed(plain: Path, target: Path, asked: Any) -> None:
        target.write_bytes(b"half")
        phases.append("packing")
        asked()

    monkeypatch.setattr(rasters, "pack_apart", packed)
    shares = stopped(tmp_path, measures, zones, lambda _: bool(phases))
    assert len(shares) == 9 + 1 + 1
    assert list(left(tmp_path)) == []


def test_what_stood_there_stays_when_the_new_one_fails(
    tmp_path: Path, measures: list[Held], zones: list[Held]
) -> None:
    target = tmp_path / "score.tif"
    target.write_bytes(b"before")
    with pytest.raises(CancelledError):
        overlay_to_file(measures, zones, MODEL, target, cancelled=lambda: True)
    assert target.read_bytes() == b"before"
    assert list(left(tmp_path)) == ["score.tif"]


def test_a_raster_that_cannot_be_read_is_told_and_leaves_nothing(
    tmp_path: Path, measures: list[Held], zones: list[Held], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(level: int, window: Window) -> Any:
        if window.row:
            raise RasterError("b.tif: cannot be read", "unreadable")
        return measures[0].read(level, window)

    monkeypatch.setattr(measures[1], "read", broken)
    with pytest.raises(RasterError, match=r"b\.tif"):
        overlay_to_file(measures, zones, MODEL, tmp_path / "score.tif")
    assert list(left(tmp_path)) == []


def test_rasters_that_do_not_fit_are_told(tmp_path: Path, measures: list[Held], zones: list[Held]) -> None:
    shifted = replace(measures[0], grid=replace(GRID, west=GRID.west + 100))
    for given in ((measures[:3], zones), (measures, []), ([], zones), ([shifted, *measures[1:]], zones)):
        with pytest.raises(GridError) as caught:
            overlay_to_file(*given, MODEL, tmp_path / "score.tif")
        assert caught.value.code == "shapes"
    assert list(left(tmp_path)) == []
