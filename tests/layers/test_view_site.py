"""The view of a search: what is sought and the sites compared round trip, and the map is told of both."""

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.catalog import Catalogue
from layers.furniture import version
from layers.query import Query, applied
from layers.sought import Sought
from layers.store import EmbeddedStore, embedded
from layers.view import MOST_SITES, Placed, View
from layers.webmap import build

PLAIN = "c:distance.railways*3*lin~0~1~10000~0;c:minutes.tomsk*1*pw~10~1~40~0"
MINE = ("circle~500:84.95000,56.48000",)
SOUGHT = Sought(model=PLAIN, roads="winter", cell_m=500, area=(84.9, 56.4, 85.1, 56.5), mine=MINE)
PICKS = st.sampled_from(
    ["site_plots/plot-1", "site_score/84.98000_56.45000", "site_mine/mine-1", "site_free/x"]
)
SITING = ("site_score", "site_areas", "site_plots", "site_free", "site_mine")


def parsed(**params: str) -> tuple[View, list[str]]:
    return View.parse(params, embedded().catalogue)


@given(st.lists(PICKS, unique=True, max_size=MOST_SITES).map(tuple), st.none() | PICKS)
def test_a_view_of_a_search_round_trips(sites: tuple[str, ...], pick: str | None) -> None:
    catalogue = embedded().catalogue
    view = View.default(catalogue, page="site").model_copy(
        update={"query": Query(sought=SOUGHT), "sites": sites, "selected": pick}
    )
    assert View.parse(dict(parse_qsl(view.text(catalogue))), catalogue) == (view, [])


@pytest.mark.parametrize(
    "text",
    ["unheard/x", "site_plots/plot-1,unheard/x", ",".join(f"site_plots/plot-{n}" for n in range(1, 6)), "x"],
)
def test_sites_that_cannot_be_read_are_told(text: str) -> None:
    view, problems = parsed(page="site", sites=text)
    assert (view.sites, problems) == ((), ["sites"])


def test_a_site_is_compared_once() -> None:
    view, problems = parsed(page="site", sites="site_plots/plot-1,,site_plots/plot-1,site_free/x")
    assert (view.sites, problems) == (("site_plots/plot-1", "site_free/x"), [])


@pytest.mark.parametrize(
    ("key", "text"), [("model", "c:"), ("cell", "7"), ("area", "1,2"), ("mine", "x"), ("roads", "a b")]
)
def test_a_bad_entry_of_a_search_is_told_and_the_rest_is_read(key: str, text: str) -> None:
    view, problems = parsed(page="site", lang="en", **{key: text})
    assert problems == [key]
    assert (view.language, view.query.sought) == ("en", Sought())


def test_the_page_opens_with_its_own_layers(catalogue: Catalogue) -> None:
    names = [placed.id for placed in View.default(catalogue, page="site").layers]
    assert set(SITING) <= set(names)
    assert names[0] == "site_score"  # below all else


def test_a_search_concerns_its_own_layers_alone(catalogue: Catalogue) -> None:
    asked, plain = Query(sought=SOUGHT), Query()
    for name, layer in catalogue.layers.items():
        differs = applied(layer, asked) != applied(layer, plain)
        assert differs == (layer.follows == "siting") == (name in SITING), name


def spec(store: EmbeddedStore, *, inline: bool = False, layers: tuple[str, ...] = SITING) -> dict[str, Any]:
    view = View(
        page="site",
        layers=tuple(Placed(id=name) for name in layers),
        query=Query(sought=SOUGHT),
        language="en",
    )
    return build(store, view, inline=inline).spec()


def test_the_map_is_told_where_tiles_are(store: EmbeddedStore) -> None:
    """The address always names the model, so that another can take its place; not the drawn sites."""
    address = urlsplit(spec(store)["tiles"])
    assert address.path == "/site/tiles/{layer}/{z}/{x}/{y}.png"
    asked = {key: value[0] for key, value in parse_qs(address.query).items()}
    assert asked.pop("v") == version(store)
    assert "mine" not in asked
    assert Sought.parse(asked) == (SOUGHT.model_copy(update={"mine": ()}), [])
    bare = urlsplit(build(store, View(page="site", layers=())).spec()["tiles"])
    assert parse_qs(bare.query)["model"] == [Sought().model]


def test_recorded_layers_are_asked_for_without_the_search(store: EmbeddedStore) -> None:
    told = spec(store)
    assert "model" not in parse_qs(urlsplit(told["features"]).query)
    for key in ("computed", "card"):
        asked = {name: value[0] for name, value in parse_qs(urlsplit(told[key]).query).items()}
        assert Sought.parse(asked) == (SOUGHT, [])
    assert not set(told["legend"]) & set(SITING)


def test_a_saved_page_holds_no_raster(store: EmbeddedStore) -> None:
    told = spec(store, inline=True, layers=("site_score", "rivers"))
    assert [part["id"] for part in told["on"]] == ["site_score", "rivers"]
    assert set(told["features"]) == {"rivers"}
    assert "site_score" in told["furniture"]["parts"]
    assert told["furniture"]["parts"]["site_score"]["away"].strip()
    assert not any(pick.startswith("site_score/") for pick in told["card"])
    assert "tiles" not in told
