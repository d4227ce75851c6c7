"""What is taken along: stories in one file and as slides, the printed sheet, an atlas of twenty sheets.

The first sample of each warms what is kept between requests and is not counted. The peer of a file is plain
folium saving the same maps; that of a sheet is in `benchmarks.printed`.
"""

import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import folium

from benchmarks import printed
from benchmarks.results import Goal, Result, median
from layers.feature import drawn
from layers.paper.slides import as_pptx
from layers.store import Store, embedded
from layers.story.deck import deck
from layers.story.model import Story
from layers.story.onefile import as_file
from layers.story.stock import prepare, ready
from layers.story.told import tell, view_of

TURNS = 5
MOST_MIB, PPTX_S = 10, 5
_MIB = 2**20


def timed(do: Callable[[], Any], turns: int = TURNS) -> tuple[list[float], Any]:
    """Samples in s after one that is not counted, and what came of the last."""
    found, samples = do(), []
    for _ in range(turns):
        began = time.perf_counter()
        found = do()
        samples.append(time.perf_counter() - began)
    return samples, found


def run() -> tuple[list[Result], dict[str, str]]:
    """Measure; gives the figures and the versions of what only this group uses."""
    store = embedded()
    prepare(store)
    results = [*_files(store), *printed.sheets(), printed.atlas(), *_slides(store)]
    names = ("reportlab", "python-pptx", "matplotlib", "folium")
    return results, {name: version(name) for name in names}


def _files(store: Store) -> list[Result]:
    """Each ready story as one file, beside plain folium saving the same maps in one language."""
    results = []
    for name, story in ready(store).items():
        samples, page = timed(lambda story=story: as_file(store, story, "ru"))
        plain, maps = timed(lambda story=story: _plain_maps(store, story), 3)
        size = len(page.encode()) / _MIB
        peer = sum(len(one.encode()) for one in maps) / _MIB
        goal = Goal(f"below {MOST_MIB} MiB", size < MOST_MIB)
        note = f"{len(story.chapters)} chapters in two languages, scripts, fonts, cards and features within"
        others = f"{len(maps)} maps in one language, their scripts and styles, which it fetches, not counted"
        results += [
            Result(f"present.onefile_folium_mib.{name}", peer, "MiB", note=others),
            median(f"present.onefile_folium_s.{name}", plain, "s", note=others),
        ]
        baseline_mib, baseline_s = results[-2:]
        results.append(Result(f"present.onefile_mib.{name}", size, "MiB", baseline_mib, goal, note))
        results.append(median(f"present.onefile_s.{name}", samples, "s", baseline=baseline_s, note=note))
    return results


def _plain_maps(store: Store, story: Story) -> list[str]:
    """The maps of a story as plain folium saves them: features inline, no cards, no text."""
    pages = []
    for chapter in story.chapters:
        if chapter.view is None:
            continue
        view, _ = view_of(store, chapter.view, "ru")
        made = folium.Map(tiles=None)
        for part in view.layers:
            layer = store.catalogue.layers[part.id]
            if layer.geometry != "raster" and (found := drawn(store, layer, view.query, "ru"))["features"]:
                folium.GeoJson(found, name=layer.title["ru"], marker=folium.CircleMarker(radius=6)).add_to(
                    made
                )
        pages.append(made.get_root().render())
    return pages


def _slides(store: Store) -> list[Result]:
    """The longest ready story as slides, its maps drawn anew."""
    told = tell(store, ready(store)["ten-slides"], "ru")
    samples, file = timed(lambda: as_pptx(deck(store, told)))
    note = f"ten slides with maps, charts and notes, {len(file) / _MIB:.2g} MiB"
    return [_met(median("present.pptx_s", samples, "s", note=note), PPTX_S)]


def _met(result: Result, most_s: float) -> Result:
    goal = Goal(f"at most {most_s:g} s", result.value <= most_s)
    return Result(result.id, result.value, result.unit, result.baseline, goal, result.note)
