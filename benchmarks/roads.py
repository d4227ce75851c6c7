"""Fastest ways by the planner's hierarchy against the libraries that people use for them, on made-up roads.

On each graph the same questions go to all, in the same run, with the same whole milliseconds: one-to-all, an
OD matrix, and the OD matrix after some roads have become faster or slower. An edit is a road of which both
directions change; every sample takes other roads, fast ones, half or twice their time. The subjects take
turns, so that whatever else the machine does falls on all of them alike. All answers are compared.
"""

import ctypes
import gc
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks import first_use
from benchmarks.peers.routers import ROUTERS, Router, Times
from benchmarks.results import Goal, Result, median
from benchmarks.road_graphs import SEED, Roads, roads
from geo.hierarchy import Ints

SIZES = (10_000, 100_000, 500_000)
SMALL = 1_000
SOURCES, TARGETS = 100, 200
EDITS = {"before_after_1edit": 1, "before_after_20edits": 20}
MEASURES = ("one_to_all", "od", *EDITS)
UNITS = dict.fromkeys(MEASURES, "ms") | {"build": "s", "memory": "MiB"}
FACTORS = (0.5, 2.0)
TURNS = 3
AGAIN = 3
"""Samples in a turn of a subject that answers within `QUICK_MS`; the others have one."""
QUICK_MS = 1_000.0
BUILD_AGAIN_S = 3.0
FEW = {
    ("networkx", 100_000): 5,
    ("networkx", 500_000): 2,
    ("scipy", 500_000): 5,
    ("igraph", 100_000): 25,
    ("igraph", 500_000): 5,
}
"""Sources that stand for all in the OD matrices of those which would take minutes; others have all."""
GOAL_SIZE, GOAL_MEASURE, GOAL_MS = 100_000, "before_after_1edit", 15
GOAL_TIMES = {"networkx": 1000, "pandana": 5}
GOAL_ERROR = 1e-4
FIRST_USES = 5
PACKAGES = ("networkx", "scipy", "igraph", "pandana", "routingkit-cch", "numba", "pymetis")

T = TypeVar("T")


@dataclass
class Subject:
    """One router on one graph: samples by measure, answers by measure and number of the sample."""

    router: Router
    few: int
    quick: bool
    samples: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in UNITS})
    answers: dict[tuple[str, int], Times] = field(default_factory=dict)


class Trial:
    """One graph and what is asked of it."""

    def __init__(self, size: int) -> None:
        self.roads = roads(size)
        self.size = size
        nodes = np.random.default_rng([SEED, size, 1]).choice(size, SOURCES + TARGETS, replace=False)
        self.sources, self.targets = np.split(nodes.astype(np.int32), [SOURCES])

    def change(self, count: int, number: int) -> tuple[Ints, Ints]:
        """The arcs of some roads and their new times (ms)."""
        rng = np.random.default_rng([SEED, self.size, 2, count, number])
        chosen = rng.choice(np.flatnonzero(self.roads.fast), count, replace=False)
        arcs = np.concatenate([chosen, chosen + self.roads.links]).astype(np.int32)
        fresh = self.roads.weights[arcs] * np.tile(rng.choice(FACTORS, count), 2)
        return arcs, np.maximum(np.rint(fresh), 1).astype(np.int32)

    def subject(self, kind: type[Router]) -> Subject:
        """Make a router, several times where that is quick, and ask it once without counting."""
        passed, router = timed(lambda: kind(self.roads))
        build_ms = [passed]
        while len(build_ms) < TURNS and sum(build_ms) < BUILD_AGAIN_S * 1000:
            passed, router = timed(lambda: kind(self.roads))
            build_ms.append(passed)
        few = FEW.get((kind.name, self.size), SOURCES)
        asked_ms, _ = timed(lambda: router.od(self.sources[:few], self.targets))
        subject = Subject(router, few, asked_ms <= QUICK_MS)
        subject.samples["build"] = [ms / 1000 for ms in build_ms]
        return subject

    def turn(self, subject: Subject, number: int) -> None:
        """One turn of a subject: every measure, several times where it is quick."""
        again = AGAIN if subject.quick else 1
        for measure in MEASURES:
            for sample in range(number * again, (number + 1) * again):
                passed, answer = self._sample(subject, measure, sample)
                subject.samples[measure].append(passed)
                subject.answers[measure, sample] = answer

    def _sample(self, subject: Subject, measure: str, number: int) -> tuple[float, Times]:
        router = subject.router
        if measure == "one_to_all":
            passed, answer = timed(lambda: router.from_one(int(self.sources[number])))
            return passed, router.by_node(answer)
        edit_ms = 0.0
        edited = measure in EDITS and router.change
        if edited:
            arcs, fresh = self.change(EDITS[measure], number)
            edit_ms, _ = timed(lambda: router.edit(arcs, fresh))
        passed, answer = timed(lambda: router.od(self.sources[: subject.few], self.targets))
        if edited:
            router.edit(arcs, self.roads.weights[arcs])
        return edit_ms + passed * SOURCES / subject.few, answer

    def memory_mib(self, kind: type[Router]) -> float:
        """What a process of its own holds more (MiB) once it has made the router, asked it and edited it."""
        context = get_context("spawn")
        with ProcessPoolExecutor(1, context) as pool:
            return pool.submit(_grown_mib, kind, self.roads, self.sources[:1], self.targets).result()


def timed(do: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds, and what came of it."""
    began = time.perf_counter()
    found = do()
    return (time.perf_counter() - began) * 1000, found


def warm(kind: type[Router]) -> None:
    """Have every step of a router once on a small graph: imports, compiled kernels, pools of threads."""
    trial = Trial(SMALL)
    trial.turn(trial.subject(kind), 0)


def _grown_mib(kind: type[Router], graph: Roads, sources: Ints, targets: Ints) -> float:
    warm(kind)
    before = _resident_mib()
    router = kind(graph)
    router.od(sources, targets)
    router.from_one(int(sources[0]))
    if router.change:
        router.edit(np.arange(1, dtype=np.int32), graph.weights[:1] * 2)
    return _resident_mib() - before


def _resident_mib() -> float:
    """Memory of this process without what it has set free (Linux)."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def run() -> tuple[list[Result], dict[str, str]]:
    """Measure; gives the figures and the versions of what only this group uses."""
    for kind in ROUTERS:
        warm(kind)
    results: list[Result] = []
    errors: dict[str, list[float]] = {}
    for size in SIZES:
        trial = Trial(size)
        subjects = _measured(trial)
        results += _results(trial, subjects)
        for subject in subjects[1:]:
            errors.setdefault(subject.router.name, []).append(_error(subjects[0], subject))
    return [*results, *_agreement(errors), _first_use()], {name: version(name) for name in PACKAGES}


def _measured(trial: Trial) -> list[Subject]:
    """All subjects with their samples, the planner first."""
    subjects = [trial.subject(kind) for kind in ROUTERS]
    gc.collect()
    gc.freeze()  # else the collector walks the dictionaries of one peer while another is measured
    try:
        for number in range(TURNS):
            for subject in subjects:
                trial.turn(subject, number)
    finally:
        gc.unfreeze()
    for subject in subjects:
        subject.samples["memory"] = [trial.memory_mib(type(subject.router))]
    return subjects


def _results(trial: Trial, subjects: list[Subject]) -> list[Result]:
    """The figures of one graph: of each measure the planner's, then those of the others against it."""
    found: list[Result] = []
    for measure, unit in UNITS.items():
        ours: Result | None = None
        for subject in subjects:
            id_ = ".".join(
                filter(None, [f"roads.{measure}_{unit.lower()}.{trial.size}", subject.router.name])
            )
            samples, note = subject.samples[measure], _note(subject, measure)
            result = median(id_, samples, unit, baseline=ours, note=note)
            ours = ours or result
            found.append(_with_goal(result, trial.size))
    return found


def _note(subject: Subject, measure: str) -> str:
    """How a figure was come by."""
    if measure == "memory":
        return "more held by a process of its own once made, asked and edited, without what it imports"
    parts = [subject.router.note]
    if measure in {"od", *EDITS} and subject.few < SOURCES:
        parts.append(f"measured from {subject.few} of the {SOURCES} sources, scaled to all")
    if measure in EDITS:
        change = subject.router.change
        parts.append(f"edit: {change}" if change else "cannot be edited: the query alone, no build counted")
    return "; ".join(parts)


def _with_goal(result: Result, size: int) -> Result:
    """The figure with its goal, for those that have one."""
    stem, _, peer = result.id.partition(f".{GOAL_SIZE}")
    if size != GOAL_SIZE or stem != f"roads.{GOAL_MEASURE}_ms":
        return result
    if not peer:
        return replace(result, goal=Goal(f"at most {GOAL_MS} ms", result.value <= GOAL_MS))
    times = GOAL_TIMES.get(peer[1:])
    if times is None or result.ratio is None:
        return result
    return replace(result, goal=Goal(f"at least {times} times the planner's", result.ratio >= times))


def _error(ours: Subject, peer: Subject) -> float:
    """The largest relative difference of our answers from a peer's, over all that both were asked alike."""
    worst = 0.0
    for (measure, number), theirs in peer.answers.items():
        if measure in EDITS and not peer.router.change:
            continue
        mine = ours.answers[measure, number][: len(theirs)]
        off = np.abs(mine - theirs) / np.maximum(theirs, 1)
        worst = max(worst, float(off.max()))
    return worst


def _agreement(errors: dict[str, list[float]]) -> list[Result]:
    """How far answers differ: ours from those of SciPy and networkx, and from each of the others'."""
    exact = max(*errors["scipy"], *errors["networkx"])
    note = "of all answers from those of SciPy and networkx, edits too"
    goal = Goal(f"at most {GOAL_ERROR:g}", exact <= GOAL_ERROR)
    found = [Result("roads.max_rel_error", exact, "", goal=goal, note=note)]
    for name, values in errors.items():
        if name not in {"scipy", "networkx"}:
            found.append(
                Result(f"roads.max_rel_error.{name}", max(values), "", note=f"of ours from {name}'s")
            )
    return found


def _first_use() -> Result:
    """A fresh process, after one that leaves the compiled kernels on disk."""
    first_use.measured_s()
    imported, answered = zip(*(first_use.measured_s() for _ in range(FIRST_USES)), strict=True)
    note = f"kernels compiled before and kept on disk; {np.median(imported):.3g} s of it imports"
    return median("roads.first_use_s", answered, "s", note=note)
