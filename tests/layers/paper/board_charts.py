"""Every chart that a board shows, in a language: what paper and slides must be able to tell."""

from functools import cache

from layers.catalog import Language
from layers.chart import Chart
from layers.programme import boards
from layers.programme.boards import chart
from layers.siting.sites import of_layer
from layers.store import embedded
from layers.view import View
from tests.layers.siting.searches import PLAIN, search

SITE = {"model": PLAIN, "area": "84.9,56.4,85.1,56.5", "cell": "500"}
PAGES = ("programme", "project", "funding", "reach", "site")


def view(page: str, language: Language) -> View:
    params = {"page": page, "lang": language}
    if page == "project":
        params["pick"] = "projects/asino-timber-complex"
    if page == "site":
        picks = [one.pick for one in of_layer(search(PLAIN), "site_plots")[:3]]
        params |= {**SITE, "sites": ",".join(picks), "pick": picks[0]}
    found, problems = View.parse(params, embedded().catalogue)
    assert not problems
    return found


@cache
def charts_of(page: str, language: Language) -> tuple[Chart, ...]:
    asked = view(page, language)
    ids = [item["id"] for item in boards.items(embedded(), asked) if item["kind"] == "chart"]
    assert ids
    return tuple(chart(embedded(), asked, id_) for id_ in ids)


def named(page: str, id_: str, language: Language = "ru") -> Chart:
    return next(one for one in charts_of(page, language) if one.id == id_)
