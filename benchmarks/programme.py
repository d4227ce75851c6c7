"""Server time of the pages of the programme, against the same figures by Plotly Express as it comes.

A page is run as Streamlit runs it for a person who has changed a filter: every run asks for a choice that has
not been asked for before, so no answer is at hand. The time is that of the whole script, in this process.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from benchmarks.results import Goal, Result, median
from layers.routes import routes
from layers.store import embedded

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 9
PAGE_MS = 200
PEER = "programme.plain_plotly_ms"


def choices() -> Iterator[str]:
    """Values of the filter by park, each combination once."""
    parks = list(embedded().catalogue.vocabularies["park"])
    for size in (2, 3, 4):
        yield from (".".join(chosen) for chosen in combinations(parks, size))


def projects() -> Iterator[str]:
    """The addresses of projects, each once."""
    return (f"projects/{id_}" for id_ in embedded().features("projects").index)


def performers() -> Iterator[str]:
    """The bodies that perform measures, each once."""
    named = embedded().records("measures")["performer"].dropna()
    return iter(dict.fromkeys(part for ids in named for part in ids.split(";")))


PAGES: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "programme": ("f.park", choices),
    "project": ("pick", projects),
    "funding": ("f.park", choices),
    "roadmap": ("f.performer", performers),
}
"""The pages, each with the entry of the address that changes from run to run and its values."""


def page_ms(page: str) -> list[float]:
    """Times of a page, each for another choice, after one run that counts for nothing."""
    entry, values = PAGES[page][0], PAGES[page][1]()
    app = AppTest.from_file(str(ROOT / "pages" / "_main.py"), default_timeout=60)
    app.query_params["page"] = page
    return [_run_ms(app, entry, next(values)) for _ in range(ROUNDS + 1)][1:]


def peer_ms() -> list[float]:
    """Times of the plain page, each for another choice, after one run that counts for nothing."""
    app = AppTest.from_file(str(ROOT / "benchmarks" / "peers" / "plain_plotly.py"), default_timeout=60)
    values = choices()
    return [_run_ms(app, "park", next(values)) for _ in range(ROUNDS + 1)][1:]


def _run_ms(app: AppTest, entry: str, value: str) -> float:
    app.query_params[entry] = value
    began = time.perf_counter()
    app.run()
    passed = (time.perf_counter() - began) * 1000
    if app.exception:
        raise RuntimeError(str(app.exception[0].value))
    return passed


def firmness_ms() -> list[float]:
    """Times of the answer to how firm the best set is, each for another budget."""
    times = []
    with TestClient(Starlette(routes=routes())) as client:
        for number in range(ROUNDS):
            fund = f"jobs:40,leverage:30;{100_000 + number * 10_000};total;effect;low"
            began = time.perf_counter()
            answer = client.get("/figures/stability.json", params={"page": "funding", "fund": fund})
            times.append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
    return times


def run() -> tuple[list[Result], dict[str, str]]:
    """Measure; gives the figures and the versions of what only this group uses."""
    plain = median(PEER, peer_ms(), "ms", note="the charts of the Programme page alone")
    results = []
    for page in PAGES:
        result = median(f"programme.{page}_ms", page_ms(page), "ms", baseline=plain)
        results.append(replace(result, goal=Goal(f"at most {PAGE_MS} ms", result.value <= PAGE_MS)))
    note = "200 draws, each solved; fetched after the page has answered"
    firm = median("programme.stability_ms", firmness_ms(), "ms", note=note)
    return [*results, firm, plain], {"plotly": version("plotly"), "scipy": version("scipy")}
