"""Searches over a small area about Tomsk, and models that are worked out by hand there."""

from collections.abc import Callable
from typing import Any

from layers.query import Query
from layers.siting.results import Findings, findings
from layers.siting.sites import of_layer
from layers.sought import Bounds, Sought
from layers.store import EmbeddedStore, embedded

LAYERS = ("site_plots", "site_areas", "site_free", "site_mine")
"""The layers of the sites that a search finds."""
SMALL: Bounds = (84.9, 56.4, 85.1, 56.5)
"""The southern half of Tomsk and its edge."""
TINY: Bounds = (84.94, 56.46, 84.98, 56.48)
"""The middle of it."""
PLAIN = "c:distance.railways*3*lin~0~1~10000~0;c:minutes.tomsk*1*pw~10~1~40~0"
"""Two criteria and no limit: every cell that a road leads to has a score."""
BARE = f"{PLAIN};t:0.5"
EXCLUDING = f"{PLAIN};r:distance.railways*900000*"
"""Nothing is that far from a railway."""


def sought(model: str = "industrial-park", cell_m: int = 500, **more: object) -> Sought:
    return Sought.model_validate({"area": SMALL, "model": model, "cell_m": cell_m, **more})


def search(model: str = "industrial-park", cell_m: int = 500, **more: object) -> Findings:
    """What is found by a model on the small area."""
    return findings(embedded(), Query(sought=sought(model, cell_m, **more)))


def pick(found: Findings, name: str) -> str:
    """How an address names a site: `site_plots#1` is the best plot, which is called by its place."""
    layer, _, rank = name.partition("#")
    return of_layer(found, layer)[int(rank) - 1].pick if rank else name


class Changed:
    """A store some of whose answers are others."""

    def __init__(self, store: EmbeddedStore, **answers: Callable[..., Any]) -> None:
        self._store, self._answers = store, answers

    def __getattr__(self, name: str) -> Any:
        return self._answers.get(name) or getattr(self._store, name)
