"""The search for sites against the tools that people use for it, on a made-up area.

Ten criteria are weighed under five limits. On each size the subjects take turns, every sample under other
weights, so that nothing is at hand from before and whatever else the machine does falls on all of them alike.
All answers are compared.
"""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import siting_big, siting_page
from benchmarks.peers import distances, overlays
from benchmarks.results import Goal, Result, median
from benchmarks.siting_stack import Stack, model, weights
from benchmarks.siting_view import HEIGHT, WIDTH, Viewport
from geo.distance import distance
from geo.suitability import Overlay, limits, score

SMALL, LARGE = 2_500, 10_000
BIG = 40_000
TURNS = {SMALL: 7, LARGE: 3}
AGAIN = 3
"""Samples in a turn of a subject that answers within `QUICK_MS`; the others have one."""
QUICK_MS = 1_000.0
BIG_MIB = 1_536
GOAL_ERROR = 1e-5
GOAL_METRES = 0.01
GOAL_MS = {"slider_to_bytes_ms": 40}
GOAL_TIMES = {"image_overlay_ms": 40, f"overlay_grass_ms.{SMALL}": 50, f"overlay_numpy_ms.{LARGE}": 10}
PACKAGES = ("scipy", "numba", "xarray", "xarray-spatial", "dask", "matplotlib", "isal", "rasterio")
CORES = os.cpu_count() or 1


@dataclass
class Subject:
    """What is timed: `do` the sample of a number; `against` names the subject that its ratio is to."""

    id: str
    do: Callable[[int], Any]
    against: str = ""
    note: str = ""
    samples: list[float] = field(default_factory=list)

    def sample(self, number: int) -> Any:
        """One more sample, in ms; gives what came of it."""
        began = time.perf_counter()
        found = self.do(number)
        self.samples.append((time.perf_counter() - began) * 1000)
        return found


def planner(stack: Stack, number: int) -> npt.NDArray[np.float32]:
    """The planner's overlay: which cells the limits exclude, then the scores, out of memory."""
    sought = model(number)
    extra = [limit.extra_m for limit in sought.limits]
    state = limits(stack.near, stack.far, extra, threads=CORES)
    return score(stack.criteria, state, Overlay.of(sought), threads=CORES)


def run() -> tuple[list[Result], dict[str, str]]:
    """Measure; gives the figures and the versions of what only this group uses."""
    with tempfile.TemporaryDirectory(prefix="locator-") as folder:
        small, off = of_size(SMALL, Path(folder), TURNS[SMALL])
        large, off_large = of_size(LARGE, Path(folder), TURNS[LARGE])
    worst = max(off, off_large)
    goal = Goal(f"at most {GOAL_ERROR:g}", worst <= GOAL_ERROR)
    note = "of all scores from those of the peers, NumPy in double precision among them; excluded cells alike"
    agreement = Result("locator.max_error", worst, "", goal=goal, note=note)
    used = {name: version(name) for name in PACKAGES}
    if overlays.Grass.installed():
        used["grass"] = overlays.Grass.version()
    in_browser = [siting_page.painted(), *siting_page.passport()]
    return [*small, *large, agreement, *in_browser, *_big()], used


def of_size(size: int, folder: Path, turns: int) -> tuple[list[Result], float]:
    """The figures of one size, and how far the planner's scores are from those of the peers."""
    stack = Stack.of(size)
    subjects, peers = _overlays(stack, folder)
    if size != LARGE:
        subjects += [*_viewport(stack, folder), *_distances(stack)]
    mine = planner(stack, 0)
    off = max(_error(mine, peer.scores(peer.overlay(weights(0)))) for peer in peers)
    del mine
    _taken(subjects, turns)
    found = _results(subjects)
    return [*found, _distance_error(stack)] if size != LARGE else found, off


def _overlays(stack: Stack, folder: Path) -> tuple[list[Subject], list[overlays.Peer]]:
    """The planner and its peers; GRASS where it is installed, and not on the large area."""
    size = stack.grid.rows
    ours = Subject(
        f"overlay_ms.{size}",
        lambda number: planner(stack, number),
        note="value functions, weights and the limits from distances and accuracies, float32, in memory",
    )
    kinds = [kind for kind in overlays.PEERS if kind is not overlays.Grass]
    if size != LARGE and overlays.Grass.installed():
        kinds.append(overlays.Grass)
    peers = [kind(stack, folder) for kind in kinds]
    asked = [
        Subject(
            f"overlay_{peer.name}_ms.{size}",
            lambda number, peer=peer: peer.overlay(weights(number)),  # type: ignore[misc]
            ours.id,
            peer.note,
        )
        for peer in peers
    ]
    return [ours, *asked], peers


def _viewport(stack: Stack, folder: Path) -> list[Subject]:
    view, picture = Viewport(stack, folder), overlays.ImageOverlay(stack)
    ours = Subject(
        "slider_to_bytes_ms",
        lambda number: view.draw(model(number).text()),
        note=f"from the text of a changed model to the PNGs of the {len(view.tiles)} tiles of 512 px that "
        f"{WIDTH} x {HEIGHT} px show, as the app draws them, on {CORES} threads; rasters from files",
    )
    theirs = Subject(
        "image_overlay_ms",
        lambda number: picture.page(weights(number)),
        ours.id,
        f"the whole area, which it cannot do without; {picture.note}",
    )
    target = folder / "score.tif"
    to_file = Subject(
        f"overlay_file_ms.{stack.grid.rows}",
        lambda number: view.to_file(model(number), target),
        note="the same overlay from files to a file with overviews, which is more than GRASS writes",
    )
    return [ours, theirs, to_file]


def _distances(stack: Stack) -> list[Subject]:
    shapes = distances.shapes(stack.grid)
    note = f"{distances.LINES} roads and {distances.POINTS} places, rasterizing included"
    ours = Subject("distance_ms", lambda _: distance(stack.grid, shapes), note=note)
    return [
        ours,
        *(
            Subject(f"distance_{name}_ms", lambda _, ask=ask: ask(stack.grid, shapes), ours.id, said)  # type: ignore[misc]
            for name, (ask, said) in distances.PEERS.items()
        ),
    ]


def _distance_error(stack: Stack) -> Result:
    """How far the planner's distances are from SciPy's, which are exact."""
    shapes = distances.shapes(stack.grid)
    off = np.abs(distance(stack.grid, shapes) - distances.by_scipy(stack.grid, shapes)).max()
    goal = Goal(f"at most {GOAL_METRES:g} m", bool(off <= GOAL_METRES))
    return Result("locator.distance_max_error_m", float(off), "m", goal=goal, note="from SciPy's; float32")


def _taken(subjects: Sequence[Subject], turns: int) -> None:
    """Ask every subject once without counting, then in turns."""
    for subject in subjects:
        subject.sample(0)
    quick = [subject.samples.pop() <= QUICK_MS for subject in subjects]
    gc.collect()
    gc.freeze()  # else the collector walks what one peer keeps while another is measured
    try:
        for turn in range(turns):
            for subject, often in zip(subjects, quick, strict=True):
                for again in range(AGAIN if often else 1):
                    subject.sample(1 + turn * AGAIN + again)
    finally:
        gc.unfreeze()


def _results(subjects: Sequence[Subject]) -> list[Result]:
    """The figures, each against the one that it is measured by."""
    found: dict[str, Result] = {}
    for subject in subjects:
        against = found.get(subject.against)
        made = median(f"locator.{subject.id}", subject.samples, "ms", baseline=against, note=subject.note)
        found[subject.id] = replace(made, goal=_goal(subject.id, made))
    return list(found.values())


def _goal(id_: str, made: Result) -> Goal | None:
    if most := GOAL_MS.get(id_):
        return Goal(f"at most {most} ms", made.value <= most)
    times = GOAL_TIMES.get(id_)
    if times is None or made.ratio is None:
        return None
    return Goal(f"at least {times} times the planner's", made.ratio >= times)


def _error(mine: npt.NDArray[Any], theirs: npt.NDArray[Any]) -> float:
    """The largest difference of scores; infinite where they do not exclude the same cells."""
    if (np.isnan(mine) != np.isnan(theirs)).any():
        return float("inf")
    return float(np.nanmax(np.abs(mine - theirs)))


def _big() -> list[Result]:
    """An area that no memory holds, and one of a sixteenth of it, each in a process of its own."""
    small = siting_big.measured(LARGE)
    large = siting_big.measured(BIG)
    note = "peak of a process that judges the area from files to a file, with what it imports"
    base = Result(f"locator.big_peak_mib.{LARGE}", small.peak_mib, "MiB", note=note)
    goal = Goal(f"at most {BIG_MIB:,} MiB", large.peak_mib <= BIG_MIB)
    held = f"{note}; {BIG:,} x {BIG:,} cells, {large.layers_gib:.0f} GiB of layers if they were held"
    timed = f"one sample, progress told {large.told} times; files of the criteria to a file of the scores"
    return [
        base,
        Result("locator.big_peak_mib", large.peak_mib, "MiB", base, goal, held),
        Result("locator.big_s", large.seconds, "s", note=timed),
    ]
