"""The view: one compact text, forgiving when it is read, exact when it is written."""

from typing import get_args
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.shape import Shape
from layers.catalog import Catalogue
from layers.comparison import Comparison
from layers.priorities import Priorities
from layers.query import Condition, Query
from layers.sought import Sought
from layers.store import EmbeddedStore, embedded
from layers.view import HOME, ZOOMS, OwnMap, Page, Placed, Sight, View, first_layers
from tests.layers.queries import priorities

CATALOGUE = embedded().catalogue
NAMES = sorted(CATALOGUE.layers)
MINE = ("circle~500:84.95000,56.48000",)
OWN = [
    OwnMap(kind="xyz", url="https://tiles.example/{z}/{x}/{y}.png"),
    OwnMap(kind="wms", url="http://maps.example/wms?map=a", layer="Ортофото:2020"),
    OwnMap(kind="wmts", url="https://w.example/{TileMatrix}/{TileRow}/{TileCol}.png"),
]
SHAPES = [
    Shape("circle", ((84.95, 56.48),), 5000.0),
    Shape("polygon", ((84.9, 56.4), (85.1, 56.4), (85.0, 56.6))),
    Shape("line", ((84.9, 56.4), (85.1, 56.5)), 250.0),
]


@st.composite
def placed(draw: st.DrawFn) -> tuple[Placed, ...]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    return tuple(Placed(id=n, opacity=draw(st.integers(0, 100)) / 100) for n in names)


@st.composite
def queries(draw: st.DrawFn) -> Query:
    conditions: list[Condition] = []
    if draw(st.booleans()):
        conditions.append(Condition(field="jobs", low=5.0, unknown=draw(st.booleans())))
    if draw(st.booleans()):
        conditions.append(Condition(field="bodies", values=("fano", "oblast-administration")))
    if draw(st.booleans()):
        conditions.append(Condition(field="park", values=("medical", "sport")))
    return Query(
        conditions=tuple(sorted(conditions, key=lambda c: c.field)),
        year=draw(st.none() | st.integers(1990, 2040)),
        comparison=draw(st.sampled_from([Comparison(), Comparison(after="stage-1", goal="hospitals")])),
        sought=draw(st.sampled_from([Sought(), Sought(model="timber-plant", cell_m=500), Sought(mine=MINE)])),
    )


@st.composite
def sights(draw: st.DrawFn) -> Sight:
    own = draw(st.none() | st.sampled_from(OWN))
    bases = ["plain", "osm", "imagery", *(["own"] if own else [])]
    return Sight(
        basemap=draw(st.sampled_from(bases)), own_map=own, layers=draw(placed()), query=draw(queries())
    )


@st.composite
def views(draw: st.DrawFn) -> View:
    seen = draw(sights())
    at = draw(
        st.none()
        | st.tuples(
            st.integers(-18_000_000, 18_000_000).map(lambda n: n / 1e5),
            st.integers(-8_500_000, 8_500_000).map(lambda n: n / 1e5),
            st.integers(16, 76).map(lambda n: n / 4),
        ).filter(lambda at: abs(at[0]) <= 180)
    )
    return View(
        page=draw(st.sampled_from(get_args(Page))),
        language=draw(st.sampled_from(["ru", "en"])),
        basemap=seen.basemap,
        own_map=seen.own_map,
        at=at,
        layers=seen.layers,
        query=seen.query,
        selected=draw(st.none() | st.sampled_from(NAMES).map(lambda n: f"{n}/some-id")),
        shape=draw(st.none() | st.sampled_from(SHAPES)),
        panel=draw(st.sampled_from(["none", "table", "report"])),
        priorities=draw(st.just(Priorities()) | priorities()),
        split=draw(st.sampled_from(["one", "swipe", "side"])),
        beside=draw(st.none() | st.just(seen) | sights()),
    )


@given(views())
def test_text_is_read_back(view: View) -> None:
    assert View.parse(dict(parse_qsl(view.text(CATALOGUE))), CATALOGUE) == (view, [])


@given(views())
def test_entries_are_read_back(view: View) -> None:
    assert View.parse(view.params(CATALOGUE), CATALOGUE) == (view, [])


def test_an_address_without_a_word_is_the_default(catalogue: Catalogue) -> None:
    default = View.default(catalogue)
    assert View.parse({}, catalogue) == (default, [])
    assert default.text(catalogue) == ""
    assert default.language == "ru"
    assert {placed.id for placed in default.layers} == {
        n for n, layer in catalogue.layers.items() if layer.visible
    }


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("page", "admin"),
        ("lang", "de"),
        ("map", "google"),
        ("own", "xyz||ftp://tiles.example/{z}/{x}/{y}"),
        ("own", "xyz||javascript:alert(1)//{z}{x}{y}"),
        ("own", "xyz||https:///{z}/{x}/{y}"),
        ("own", "xyz||https://tiles.example/{z}/{x}"),
        ("own", "wms||https://maps.example/wms"),
        ("own", "wmts||https://w.example/{TileMatrix}"),
        ("own", "arcgis||https://w.example"),
        ("own", "https://tiles.example"),
        ("own", "xyz||https://t.example/{z}/{x}/{y}?<script>"),
        ("own", "xyz||https://t.example/{z}/{x}/{y}' onload='"),
        ("own", "xyz||https://t.example/{z}/{x}/{y} z"),
        ("at", "56.48"),
        ("at", "56.48,84.95"),
        ("at", "56.48,84.95,10,3"),
        ("at", "nan,84.95,10"),
        ("at", "56.48,inf,10"),
        ("at", "56.48,84.95,nan"),
        ("at", "95,84.95,10"),
        ("at", "56,190,10"),
        ("on", "unheard"),
        ("on", "unheard.50,unseen"),
        ("year", "1066"),
        ("pick", "unheard/x"),
        ("pick", "projects-without-layer"),
        ("shape", "star:1,2"),
        ("shape", "polygon:1,2;3,4"),
        ("show", "everything"),
        ("f.park", "theme"),
        ("f.unheard", "1~"),
        ("f.bodies", "Fano"),
        ("pick", "documents/rf-order-22-r-2015"),
        ("fund", "jobs"),
        ("fund", "jobs:40"),
        ("fund", "jobs:40;1000;total;effect"),
        ("fund", "jobs:40;1000;total;effect;low;more"),
        ("fund", "jobs:40;-1;total;effect;low"),
        ("fund", "jobs:101;1000;total;effect;low"),
        ("fund", "happiness:40;1000;total;effect;low"),
        ("fund", "jobs:40;1000;mine;effect;low"),
        ("utm_source", "letter"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_holds(key: str, text: str) -> None:
    kept = {"lang": "en"} if key != "lang" else {"year": "2020"}
    view, problems = View.parse({**kept, key: text}, CATALOGUE)
    assert problems == [key]
    assert view == View.parse(kept, CATALOGUE)[0]


def test_an_own_map_that_is_missing_is_named() -> None:
    view, problems = View.parse({"map": "own"}, CATALOGUE)
    assert (view.basemap, problems) == ("plain", ["map"])


ENTRIES = [
    "page", "lang", "map", "own", "at", "on", "year", "pick", "shape", "show", "fund",
    "f.park", "f.jobs", "f.bodies",
]  # fmt: skip
FUNDS = st.from_regex(
    r"(jobs|patents|unheard):-?[0-9]{1,3};[0-9.e+-]{1,6};(total|public);effect;low", fullmatch=True
)


@given(st.dictionaries(st.sampled_from(ENTRIES), st.text(max_size=30) | FUNDS))
def test_any_address_opens_and_what_opens_is_written_soundly(params: dict[str, str]) -> None:
    view, problems = View.parse(params, CATALOGUE)
    assert set(problems) <= set(params)
    again, faults = View.parse(view.params(CATALOGUE), CATALOGUE)
    assert faults == []
    assert again.params(CATALOGUE) == view.params(CATALOGUE)


def test_a_layer_that_is_gone_is_left_out_and_told(catalogue: Catalogue) -> None:
    view, problems = View.parse({"on": "rivers,unheard,projects.60"}, catalogue)
    assert view.layers == (Placed(id="rivers"), Placed(id="projects", opacity=0.6))
    assert problems == ["on"]


def test_no_layer_at_all_can_be_said(catalogue: Catalogue) -> None:
    view, problems = View.parse({"on": "-"}, catalogue)
    assert (view.layers, problems) == ((), [])
    assert view.params(catalogue) == {"on": "-"}


@pytest.mark.parametrize(
    ("text", "zoom"), [("56,84,99", ZOOMS[1]), ("56,84,0", ZOOMS[0]), ("56,84,10.25", 10.25)]
)
def test_the_zoom_is_held_in_its_limits(text: str, zoom: float) -> None:
    assert View.parse({"at": text}, CATALOGUE)[0].at == (84.0, 56.0, zoom)


def test_opacity_is_held_in_its_limits(catalogue: Catalogue) -> None:
    view, _ = View.parse({"on": "rivers.250,roads.0,projects.x"}, catalogue)
    assert [placed.opacity for placed in view.layers] == [1.0, 0.0, 1.0]


@given(st.lists(st.sampled_from(NAMES), unique=True, max_size=8), st.sampled_from(NAMES))
def test_a_layer_switched_on_takes_its_place(names: list[str], name: str) -> None:
    order = list(CATALOGUE.layers)
    view = View(layers=tuple(Placed(id=n) for n in sorted(names, key=order.index)))
    on = view.switched(name, True, CATALOGUE)
    assert [placed.id for placed in on.layers] == sorted({*names, name}, key=order.index)
    off = on.switched(name, False, CATALOGUE)
    assert not off.is_on(name)
    assert [p.id for p in off.layers] == [p.id for p in view.layers if p.id != name]
    assert off.switched(name, False, CATALOGUE) == off


def test_a_layer_that_is_on_keeps_its_opacity_and_place(catalogue: Catalogue) -> None:
    view = View(layers=(Placed(id="projects", opacity=0.4), Placed(id="rivers")))
    assert view.switched("projects", True, catalogue) == view


@given(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=8), st.integers(-9, 9), st.data())
def test_moving_changes_nothing_but_one_place(names: list[str], steps: int, data: st.DataObject) -> None:
    view = View(layers=tuple(Placed(id=n) for n in names))
    name = data.draw(st.sampled_from(names))
    moved = [placed.id for placed in view.moved(name, steps).layers]
    assert sorted(moved) == sorted(names)
    assert [n for n in moved if n != name] == [n for n in names if n != name]
    assert moved.index(name) == min(max(names.index(name) + steps, 0), len(names) - 1)


def test_moving_what_is_off_does_nothing() -> None:
    view = View(layers=(Placed(id="rivers"),))
    assert view.moved("projects", 1) == view


def test_opacity_of_one_layer(catalogue: Catalogue) -> None:
    view = View(layers=(Placed(id="rivers"), Placed(id="projects"))).with_opacity("projects", 0.35)
    assert [placed.opacity for placed in view.layers] == [1.0, 0.35]
    assert view.params(catalogue)["on"] == "rivers,projects.35"


@given(priorities())
def test_what_money_follows_is_linked(chosen: Priorities) -> None:
    view = View.default(CATALOGUE).model_copy(update={"page": "funding", "priorities": chosen})
    written = dict(parse_qsl(view.text(CATALOGUE)))
    assert written.get("fund", Priorities().text()) == chosen.text()
    assert ("fund" in written) == (chosen != Priorities())
    again, problems = View.parse(written, CATALOGUE)
    assert (again, problems) == (view, [])
    assert again.priorities == chosen


@pytest.mark.parametrize("page", get_args(Page))
def test_every_page_is_linked(catalogue: Catalogue, page: Page) -> None:
    view = View.default(catalogue).on_page(page, catalogue)
    assert view.params(catalogue) == ({} if page == "explore" else {"page": page})
    assert View.parse(view.params(catalogue), catalogue) == (view, [])


@given(views())
def test_the_other_view_is_at_the_same_place_and_alone(view: View) -> None:
    other = view.other()
    assert (other is None) == (view.beside is None)
    if other:
        assert other.sight == view.beside
        assert (other.page, other.language, other.at) == (view.page, view.language, view.at)
        assert (other.beside, other.split, other.selected, other.shape) == (None, "one", None, None)


@given(views())
def test_sides_swapped_twice_are_as_they_were(view: View) -> None:
    assert view.swapped().swapped() == view
    if view.beside:
        assert view.swapped().sight == view.beside
        assert view.swapped().beside == view.sight


def test_only_what_differs_beside_is_written(catalogue: Catalogue) -> None:
    view = View.default(catalogue).model_copy(update={"query": Query(year=2020), "split": "swipe"})
    now = view.sight.model_copy(update={"query": Query()})
    text = {"year": "2020", "split": "swipe"}
    assert view.model_copy(update={"beside": view.sight}).params(catalogue) == text | {"with": "-"}
    assert view.model_copy(update={"beside": now}).params(catalogue) == text | {"with": "year="}
    bare = now.model_copy(update={"layers": (Placed(id="rivers"), Placed(id="roads", opacity=0.5))})
    params = view.model_copy(update={"beside": bare}).params(catalogue)
    assert params == text | {"with": "on=rivers,roads.50&year="}


def test_the_other_view_follows_the_address_it_is_written_in(catalogue: Catalogue) -> None:
    view, problems = View.parse({"year": "2030", "f.park": "medical", "with": "year=2010"}, catalogue)
    assert problems == []
    assert view.beside
    assert view.beside.query == view.query.model_copy(update={"year": 2010})


@pytest.mark.parametrize(
    "text", ["at=56,85,9", "year=1800", "on=unheard", "f.park=strange", "lang=en", "nothing", "with=-", "&"]
)
def test_what_cannot_be_compared_is_told(catalogue: Catalogue, text: str) -> None:
    view, problems = View.parse({"with": text, "lang": "ru"}, catalogue)
    assert problems == ["with"]
    assert view.beside == View.default(catalogue).sight


def test_who_has_not_chosen_layers_compares_those_of_the_page(catalogue: Catalogue) -> None:
    view = View.default(catalogue)
    pair = view.model_copy(update={"beside": view.sight}).on_page("reach", catalogue)
    assert pair.beside
    assert pair.beside.layers == pair.layers == first_layers(catalogue, "reach")
    chosen = view.sight.model_copy(update={"layers": (Placed(id="rivers"),)})
    assert view.model_copy(update={"beside": chosen}).on_page("reach", catalogue).beside == chosen


def test_what_is_shown_is_shown_on_either_side(catalogue: Catalogue) -> None:
    view = View(layers=(Placed(id="rivers"), Placed(id="roads")))
    sight = Sight(layers=(Placed(id="roads"), Placed(id="projects")))
    assert view.shown == ("rivers", "roads")
    assert view.model_copy(update={"beside": sight}).shown == ("rivers", "roads", "projects")


def test_a_link_is_short(catalogue: Catalogue) -> None:
    view = View.default(catalogue).switched("heritage", True, catalogue)
    assert set(view.params(catalogue)) == {"on"}
    assert View.default(catalogue, "en").params(catalogue) == {"lang": "en"}


def test_home_holds_the_core_and_the_road(store: EmbeddedStore) -> None:
    west, south, east, north = HOME
    for name in ("tomsk", "seversk"):
        place = store.features("settlements").geometry[name]
        assert west < place.x < east
        assert south < place.y < north
    bounds = store.features("asino_road").total_bounds
    assert west < bounds[0]
    assert south < bounds[1]
    assert bounds[2] < east
    assert bounds[3] < north
