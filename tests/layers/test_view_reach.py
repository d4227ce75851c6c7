"""The view of roads and reach: a page with layers of its own, a divided map, and what is compared."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.catalog import Catalogue
from layers.comparison import Comparison
from layers.query import Query
from layers.store import embedded
from layers.view import Page, Placed, Split, View, first_layers
from tests.layers.test_comparison import comparisons, same

CATALOGUE = embedded().catalogue
PAGES = st.sampled_from(get_args(Page))


def names(view: View) -> list[str]:
    return [placed.id for placed in view.layers]


@given(comparisons(), PAGES, st.sampled_from(get_args(Split)), st.sampled_from(["ru", "en"]))
def test_an_address_holds_what_is_compared(
    compared: Comparison, page: Page, split: Split, language: str
) -> None:
    plain = View.default(CATALOGUE, language, page)  # type: ignore[arg-type]
    view = plain.model_copy(update={"query": Query(comparison=compared), "split": split})
    again, problems = View.parse(view.params(CATALOGUE), CATALOGUE)
    assert problems == []
    assert same(again.query.comparison, compared)
    assert again.model_copy(update={"query": view.query}) == view


@pytest.mark.parametrize("page", get_args(Page))
def test_a_page_opens_with_its_own_layers(catalogue: Catalogue, page: Page) -> None:
    first = [placed.id for placed in first_layers(catalogue, page)]
    own = [name for name, layer in catalogue.layers.items() if page in layer.opens_on]
    visible = [name for name, layer in catalogue.layers.items() if layer.visible]
    assert first == (own or visible)
    assert View.parse({"page": page}, catalogue) == (View.default(catalogue, page=page), [])
    assert View.default(catalogue, page=page).params(catalogue) == (
        {} if page == "explore" else {"page": page}
    )


def test_reach_opens_with_what_it_found(catalogue: Catalogue) -> None:
    first = names(View.default(catalogue, page="reach"))
    assert {"reach_saved", "reach_gain", "reach_works", "roads", "settlements"} & set(first) >= {
        "reach_saved",
        "reach_gain",
        "reach_works",
    }
    assert names(View.default(catalogue)) != first
    order = list(catalogue.layers)
    assert first == sorted(first, key=order.index), "the lowest first"


@given(PAGES, PAGES)
def test_who_has_chosen_no_layers_sees_those_of_the_page(here: Page, there: Page) -> None:
    moved = View.default(CATALOGUE, "en", here).on_page(there, CATALOGUE)
    assert moved == View.default(CATALOGUE, "en", there)
    assert moved.on_page(here, CATALOGUE) == View.default(CATALOGUE, "en", here)


@given(PAGES, PAGES, st.lists(st.sampled_from(sorted(CATALOGUE.layers)), unique=True, max_size=4))
def test_chosen_layers_follow_to_every_page(here: Page, there: Page, chosen: list[str]) -> None:
    layers = tuple(Placed(id=name, opacity=0.5) for name in chosen)
    view = View.default(CATALOGUE, page=here).model_copy(update={"layers": layers})
    moved = view.on_page(there, CATALOGUE)
    assert (moved.layers, moved.page) == (layers, there)
    again, problems = View.parse(moved.params(CATALOGUE), CATALOGUE)
    assert (again, problems) == (moved, [])


def test_all_else_follows_to_another_page(catalogue: Catalogue) -> None:
    params = {
        "page": "reach", "lang": "en", "after": "third-bridge", "before": "today", "goal": "hospitals",
        "trips": "4", "split": "swipe", "at": "56.48000,84.95000,11", "year": "2020", "f.park": "medical",
        "pick": "roads/mtk-stage-1",
    }  # fmt: skip
    view, problems = View.parse(params, catalogue)
    assert problems == []
    moved = view.on_page("explore", catalogue)
    changed = {"page": "explore", "layers": first_layers(catalogue, "explore")}
    assert moved == view.model_copy(update=changed)
    assert moved.params(catalogue) == {key: text for key, text in params.items() if key != "page"}


def test_the_default_layers_of_another_page_are_written(catalogue: Catalogue) -> None:
    """An address of the map with just the layers of reach names them: they are not its own default."""
    layers = first_layers(catalogue, "reach")
    view = View.default(catalogue).model_copy(update={"layers": layers})
    assert view.params(catalogue) == {"on": ",".join(placed.id for placed in layers)}
    assert View.parse(view.params(catalogue), catalogue) == (view, [])


@pytest.mark.parametrize("split", get_args(Split))
def test_a_divided_map_is_linked(catalogue: Catalogue, split: Split) -> None:
    view = View.default(catalogue, page="reach").model_copy(update={"split": split})
    assert view.params(catalogue) == {"page": "reach"} | ({} if split == "one" else {"split": split})
    assert View.parse(view.params(catalogue), catalogue) == (view, [])


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("split", "half"),
        ("split", "ONE"),
        ("before", "no name"),
        ("after", "roads:flooded"),
        ("goal", "к Томску"),
        ("net", "../x"),
        ("cost", "-1"),
        ("trips", "often"),
        ("hour", "nan"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_holds(key: str, text: str) -> None:
    kept = {"page": "reach", "lang": "en", "year": "2020"}
    view, problems = View.parse({**kept, key: text}, CATALOGUE)
    assert problems == [key]
    assert view == View.parse(kept, CATALOGUE)[0]


@given(
    st.dictionaries(
        st.sampled_from(["page", "split", "before", "after", "goal", "net", "cost", "trips", "hour", "on"]),
        st.text(max_size=30)
        | st.sampled_from(["reach", "side", "stage-1", "roads:closed", "reach_saved", "12"]),
    )
)
def test_any_address_opens_and_what_opens_is_written_soundly(params: dict[str, str]) -> None:
    view, problems = View.parse(params, CATALOGUE)
    assert set(problems) <= set(params)
    again, faults = View.parse(view.params(CATALOGUE), CATALOGUE)
    assert faults == []
    assert again.params(CATALOGUE) == view.params(CATALOGUE)
