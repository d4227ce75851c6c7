"""The Explore page against a blank Streamlit page and against the same map by plain folium.

Each subject has a server of its own, warmed by one visit; the subjects then take turns, so that whatever
else the machine does falls on all of them alike. Every measured visit starts with an empty browser cache.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from benchmarks.browser import chromium, visiting
from benchmarks.cdn import Cdn
from benchmarks.results import Goal, Result, median
from benchmarks.server import serving
from layers.store import embedded
from layers.view import View

ROUNDS = 5
CACHED_TOGGLES = 2
TOGGLED = "projects"
FIRST_MAP_OVER_BLANK_S = 1.5
TOGGLE_MS = 300
TOGGLE_BYTES_SHARE = 0.1
FIRST_TIME = "switched on for the first time in its visit"

_LIVE = "globalThis.planner?.live"
_DRAWN = (
    f"(layer) => layer.byId.size && !layer.renderer._redrawRequest"
    f" && (!layer.visible || {_LIVE}.map.hasLayer(layer.group))"
)
_FRAME = 'document.querySelector("iframe")?.contentDocument'


@dataclass
class Subject:
    """A page that is measured, and its samples.

    `drawn`, `on` and `off` are JS expressions that hold once the page shows all it should, shows the layer
    that is toggled, and shows the others without it; `without` is the address that opens it so, and `switch`
    selects what toggles the layer.
    """

    script: str
    drawn: str
    without: str = ""
    on: str = ""
    off: str = ""
    switch: str = ""
    first_s: list[float] = field(default_factory=list)
    first_bytes: list[float] = field(default_factory=list)
    toggle_ms: list[float] = field(default_factory=list)
    toggle_bytes: list[float] = field(default_factory=list)
    cached_ms: list[float] = field(default_factory=list)


def planner() -> Subject:
    """The app itself."""
    catalogue = embedded().catalogue
    without = View.default(catalogue).switched(TOGGLED, False, catalogue)
    drawn = f"{_LIVE}?.root.dataset.ready && [...{_LIVE}.layers.values()].every({_DRAWN})"
    return Subject(
        "app.py",
        drawn=drawn,
        without="?" + without.text(catalogue),
        on=f'{_LIVE}.layers.has("{TOGGLED}") && ({_DRAWN})({_LIVE}.layers.get("{TOGGLED}"))',
        off=f'{drawn} && !{_LIVE}.layers.has("{TOGGLED}")',
        switch=f".planner-row[data-layer={TOGGLED}] input",
    )


def blank() -> Subject:
    """The least that Streamlit can show."""
    return Subject(
        "benchmarks/peers/blank.py", drawn='document.querySelector(".stText")?.innerText === "blank"'
    )


def plain_folium() -> Subject:
    """The same layers by plain folium and `st_folium`, which draws them in one go, the toggled one last."""
    shown = f'{_FRAME}?.querySelector("path.layer-{TOGGLED}")'
    return Subject(
        "benchmarks/peers/plain_folium.py",
        drawn=shown,
        without=f"?{TOGGLED}=off",
        on=shown,
        off=f'{_FRAME}?.querySelector("path.layer-rivers") && !{shown}',
        switch=f".st-key-on_{TOGGLED} label",
    )


class Bench:
    """A browser and the servers of all subjects."""

    def __init__(self, browser: Browser, cdn: Cdn, addresses: dict[str, str]) -> None:
        self.browser = browser
        self.cdn = cdn
        self.addresses = addresses
        """Address of the server by script."""

    def warm(self, subject: Subject) -> None:
        """One visit that counts for nothing."""
        with visiting(self.browser, self.addresses[subject.script], self.cdn) as visit:
            visit.open("", subject.drawn)
            visit.settle()

    def first(self, subject: Subject) -> None:
        """One first visit: until all is drawn, and the bytes until the page is at rest."""
        with visiting(self.browser, self.addresses[subject.script], self.cdn) as visit:
            subject.first_s.append(visit.open("", subject.drawn))
            subject.first_bytes.append(visit.settle())

    def toggles(self, subject: Subject) -> None:
        """One visit that switches the layer on for the first time, then off and on again."""
        with visiting(self.browser, self.addresses[subject.script], self.cdn) as visit:
            visit.open(subject.without, subject.off)
            before = visit.settle()
            subject.toggle_ms.append(visit.click(subject.switch, subject.on))
            subject.toggle_bytes.append(visit.settle() - before)
            for _ in range(CACHED_TOGGLES):
                visit.click(subject.switch, subject.off)
                visit.settle()
                subject.cached_ms.append(visit.click(subject.switch, subject.on))
                visit.settle()


@contextmanager
def bench(subjects: list[Subject]) -> Iterator[Bench]:
    """Start everything; end everything."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        addresses = {subject.script: stack.enter_context(serving(subject.script)) for subject in subjects}
        yield Bench(stack.enter_context(chromium()), Cdn(folder), addresses)


def run() -> tuple[list[Result], dict[str, str]]:
    """Measure; gives the figures and the versions of what only this group uses."""
    ours, empty, folium = subjects = [planner(), blank(), plain_folium()]
    with bench(subjects) as running:
        for subject in subjects:
            running.warm(subject)
        for _ in range(ROUNDS):
            for subject in subjects:
                running.first(subject)
            for subject in (ours, folium):
                running.toggles(subject)
        note, used = running.cdn.note(), {"chromium": running.browser.version}
    return [*_first(ours, empty, folium, note), *_toggle(ours, folium, note)], used


def _first(ours: Subject, empty: Subject, folium: Subject, note: str) -> list[Result]:
    """The figures of the first visit."""
    blank_s = median("explorer.blank_page_s", empty.first_s, "s")
    blank_bytes = median("explorer.blank_page_bytes", empty.first_bytes, "B")
    first = median("explorer.first_map_s", ours.first_s, "s", baseline=blank_s)
    met = first.value - blank_s.value <= FIRST_MAP_OVER_BLANK_S
    return [
        replace(first, goal=Goal(f"at most {FIRST_MAP_OVER_BLANK_S} s over the blank page", met)),
        blank_s,
        median("explorer.plain_folium_first_map_s", folium.first_s, "s", baseline=blank_s, note=note),
        median("explorer.first_map_bytes", ours.first_bytes, "B", baseline=blank_bytes),
        blank_bytes,
        median(
            "explorer.plain_folium_first_map_bytes", folium.first_bytes, "B", baseline=blank_bytes, note=note
        ),
    ]


def _toggle(ours: Subject, folium: Subject, note: str) -> list[Result]:
    """The figures of the toggle."""
    plain_ms = median("explorer.plain_folium_toggle_ms", folium.toggle_ms, "ms", note=note)
    plain_bytes = median("explorer.plain_folium_toggle_bytes", folium.toggle_bytes, "B", note=note)
    ms = median("explorer.toggle_ms", ours.toggle_ms, "ms", baseline=plain_ms, note=FIRST_TIME)
    size = median("explorer.toggle_bytes", ours.toggle_bytes, "B", baseline=plain_bytes, note=FIRST_TIME)
    share = size.value / plain_bytes.value
    return [
        replace(ms, goal=Goal(f"at most {TOGGLE_MS} ms", ms.value <= TOGGLE_MS)),
        median(
            "explorer.toggle_cached_ms", ours.cached_ms, "ms", baseline=plain_ms, note="switched on again"
        ),
        plain_ms,
        replace(
            size, goal=Goal(f"at most {TOGGLE_BYTES_SHARE} of plain folium's", share <= TOGGLE_BYTES_SHARE)
        ),
        plain_bytes,
    ]
