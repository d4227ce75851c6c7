"""Two sides of a map: when there are two, what each is called, what the page and the file are given."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given

from layers.beside import names, sides
from layers.catalog import Catalogue, Language
from layers.comparison import Comparison
from layers.query import Condition, Query
from layers.sought import Sought
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from layers.view import Placed, Sight, View
from layers.webmap import build
from tests.layers.test_view import views

RU, EN = Words("ru"), Words("en")
LAYERS = (Placed(id="rivers"), Placed(id="projects"))


def pair(left: Query, right: Query, language: Language = "ru", **more: object) -> View:
    beside = Sight(layers=LAYERS, query=left)
    view = View(language=language, layers=LAYERS, query=right, beside=beside, split="swipe")
    return view.model_copy(update=more)


def called(store: EmbeddedStore, view: View) -> tuple[str, str]:
    other = view.other()
    assert other
    return names(store, other, view)


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (Query(year=2010), Query(), ("2010", "Now")),
        (Query(year=2010), Query(year=2030), ("2010", "2030")),
        (
            Query(conditions=(Condition(field="jobs", low=100),)),
            Query(),
            ("Jobs: from 100", "Jobs: no filter"),
        ),
        (
            Query(sought=Sought(model="timber-plant")),
            Query(year=2020),
            ("Now · Timber processing", "2020 · Industrial park"),
        ),
        (
            Query(sought=Sought(model="gone", cell_m=500)),
            Query(sought=Sought(roads="stage-1")),
            (
                "Own model · Today’s network · Cell of 500 m",
                "Industrial park · After stage 1 of the Asino road · Cell of 100 m",
            ),
        ),
    ],
)
def test_sides_are_called_by_what_they_differ_in(
    store: EmbeddedStore, left: Query, right: Query, told: tuple[str, str]
) -> None:
    assert called(store, pair(left, right, "en")) == told


def test_scenarios_are_called_by_their_titles(store: EmbeddedStore) -> None:
    titles = {id_: str(store.record("scenarios", id_)["name_ru"]) for id_ in ("today", "stage-1", "stage-3")}
    after = pair(Query(comparison=Comparison(after="stage-1")), Query())
    assert called(store, after) == (titles["stage-1"], titles["stage-3"])
    before = pair(Query(comparison=Comparison(before="today", after="stage-1")), Query())
    assert called(store, before)[0] == f"{titles['today']} → {titles['stage-1']}"
    unknown = pair(Query(comparison=Comparison(after="gone")), Query())
    assert called(store, unknown)[0] == RU("reach.own")


def test_layers_name_the_sides_where_nothing_else_does(store: EmbeddedStore, catalogue: Catalogue) -> None:
    title = {name: layer.title["ru"] for name, layer in catalogue.layers.items()}
    more = tuple(Placed(id=name) for name in ("rivers", "roads", "settlements", "airports"))
    wide = pair(Query(), Query(), layers=more)
    assert called(store, wide) == (
        title["projects"],
        f"{title['airports']}, {title['settlements']}, {RU('beside.more', n=1)}",
    )
    dimmed = pair(Query(), Query(), layers=(Placed(id="rivers", opacity=0.4), Placed(id="projects")))
    assert called(store, dimmed) == (RU("beside.left"), RU("beside.right"))


@given(views())
def test_whatever_differs_both_sides_have_a_name(view: View) -> None:
    if (other := view.other()) is not None:
        assert all(names(embedded(), other, view))


def test_a_map_has_two_sides_when_it_is_split_and_there_are_two(store: EmbeddedStore) -> None:
    two = pair(Query(year=2010), Query())
    assert sides(store, two.model_copy(update={"split": "one"})) is None
    assert sides(store, two.model_copy(update={"beside": None})) is None
    found = sides(store, two)
    assert found
    assert found.other == two.other()


def test_before_and_after_are_two_sides_of_one_view(store: EmbeddedStore) -> None:
    layers = (Placed(id="reach_before"), Placed(id="reach_after"))
    view = View(page="reach", layers=layers, split="side")
    spec = build(store, view).spec()
    assert spec["split"]["mode"] == "side"
    assert spec["split"]["before"].startswith(RU("reach.before"))
    assert spec["split"]["after"].startswith(RU("reach.after"))
    assert (spec["only"], spec["beside"]) == ("after", {"only": "before"})
    assert [part["id"] for part in spec["on"]] == ["reach_before", "reach_after"]


def test_the_page_is_given_both(store: EmbeddedStore) -> None:
    view = pair(
        Query(year=2010, sought=Sought(model="timber-plant")),
        Query(conditions=(Condition(field="park", values=("medical",)),)),
    )
    spec = build(store, view).spec()
    left = spec["beside"]
    alone = build(store, view.other() or view).spec()
    for key in ("features", "computed", "card", "tiles", "base", "on"):
        assert left[key] == alone[key], key
    query = dict(parse_qsl(urlsplit(left["features"]).query))
    assert query["year"] == "2010"
    assert "f.park" not in query
    assert "year" not in dict(parse_qsl(urlsplit(spec["features"]).query))
    assert "only" not in spec
    assert "beside" not in left
    one = build(store, view.model_copy(update={"split": "one"})).spec()
    assert one["split"] is None
    assert "beside" not in one


def test_the_saved_map_carries_both(store: EmbeddedStore) -> None:
    view = pair(Query(year=2010), Query(), layers=(Placed(id="rivers"),))
    spec = build(store, view, inline=True).spec()
    left = spec["beside"]
    assert set(spec["features"]) == {"rivers"}
    assert set(left["features"]) == {"rivers", "projects"}
    shown = store.query("projects", Query(year=2010))
    assert len(left["features"]["projects"]["features"]) <= len(shown) < len(store.features("projects"))
    assert {pick.partition("/")[2] for pick in left["card"] if pick.startswith("projects/")} == set(
        shown.index
    )
    assert {"rivers", "projects"} <= set(spec["furniture"]["parts"])
    assert "furniture" not in left
    assert json.dumps(spec["features"]["rivers"]) == json.dumps(left["features"]["rivers"])
