"""The first answers of a fresh process: what a person waits for when nothing has been asked before."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from geo.hierarchy import Ends, Graph, Hierarchy

ROOT = Path(__file__).resolve().parent.parent
SIDE = 20
LIMIT_S = 300
CODE = (
    "import time; began = time.perf_counter();"
    "from benchmarks import first_use; imported = time.perf_counter(); first_use.answer();"
    "print(imported - began, time.perf_counter() - began)"
)


def answer() -> None:
    """Build a hierarchy of a small grid, customise it, ask for OD and one-to-all, change a weight."""
    nodes = np.arange(SIDE * SIDE, dtype=np.int32).reshape(SIDE, SIDE)
    one = np.concatenate([nodes[:, :-1].ravel(), nodes[:-1].ravel()])
    other = np.concatenate([nodes[:, 1:].ravel(), nodes[1:].ravel()])
    graph = Graph(nodes.size, np.concatenate([one, other]), np.concatenate([other, one]))
    metric = Hierarchy(graph).metric(np.full(len(graph.tail), 1000, np.int32))
    corners = Ends.at(nodes[[0, -1], [0, -1]])
    for state in (metric, metric.updated([0], [500])):
        state.many_to_many(corners, corners)
        state.from_nearest(corners)


def measured_s() -> tuple[float, float]:
    """Seconds of a fresh process from the start of its interpreter: to have imported, to have answered."""
    run = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=True
    )
    imported, answered = map(float, run.stdout.split())
    return imported, answered
