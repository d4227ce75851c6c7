"""Two sides of one map: what each of them shows, and what each is called.

A view with another beside it shows that one on the left. Where roads before and after are told apart, both
sides show the one view, each without the layers of the other side.
"""

from dataclasses import dataclass
from typing import Literal

from geo.errors import GeoError
from layers.catalog import Catalogue
from layers.conditions import told
from layers.query import Query
from layers.reach.scenarios import named as scenario
from layers.siting.models import named as model
from layers.store import Store, UnknownFeature
from layers.text import Words
from layers.view import View

Side = Literal["before", "after"]
SIDES: tuple[Side, Side] = ("before", "after")
"""The left side, and the right one, which is the view itself."""
ROADS = ("reach_before", "reach_after")
MIXED = "reach_gain"
"""The layers of one side of roads, and the one that shows the difference instead."""
_MOST_LAYERS = 2


@dataclass(frozen=True)
class Sides:
    """The names of the left and the right side, and the view of the left one (None: the same view)."""

    before: str
    after: str
    other: View | None


def sides(store: Store, view: View) -> Sides | None:
    """The two sides of the map of a view; None for a map that is one."""
    if view.split == "one":
        return None
    if other := view.other():
        before, after = names(store, other, view)
        return Sides(before, after, other)
    if any(store.catalogue.layers[placed.id].side for placed in view.layers):
        before, after = (_of_state(store, view, side) for side in SIDES)
        return Sides(before, after, None)
    return None


def apart(store: Store, view: View) -> tuple[tuple[View, str], tuple[View, str]]:
    """The two sides as views of their own with their names, left and right, whether they are shown so or not.

    A view without another beside it is that of roads before and of roads after. Where it shows neither, the
    layers of both take the place of the one that mixes them.
    """
    if other := view.other():
        before, after = names(store, other, view)
        return (other, before), (view.model_copy(update={"beside": None}), after)
    if not any(view.is_on(layer) for layer in ROADS):
        view = roads_apart(view, True, store.catalogue)
    left, right = ((_alone(store, view, side), _of_state(store, view, side)) for side in SIDES)
    return left, right


def roads_apart(view: View, wanted: bool, catalogue: Catalogue) -> View:
    """The view with the layers of both sides in place of the one that mixes them, or the other way round."""
    for layer in ROADS:
        view = view.switched(layer, wanted, catalogue)
    return view.switched(MIXED, not wanted, catalogue)


def _alone(store: Store, view: View, side: Side) -> View:
    """The view without the layers of the other side."""
    layers = store.catalogue.layers
    kept = tuple(placed for placed in view.layers if (layers[placed.id].side or side) == side)
    return view.model_copy(update={"layers": kept})


def _of_state(store: Store, view: View, side: Side) -> str:
    """What a side is called where roads before and after are told apart."""
    when, scenario = Words(view.language)(f"reach.{side}"), _scenario(store, view, side)
    return scenario if scenario.startswith(f"{when} ") else f"{when}: {scenario}"


def names(store: Store, left: View, right: View) -> tuple[str, str]:
    """What two views are called beside each other: that in which they differ."""
    words = Words(right.language)
    pairs = [
        *_of_time(left.query, right.query, words),
        *_of_roads(store, left, right, words),
        *_of_search(store, left, right, words),
        *_of_filters(store, left.query, right.query, words),
    ]
    if not pairs:
        pairs = _of_layers(store, left, right, words)
    if left.basemap != right.basemap:
        pairs.append((words(f"basemap.{left.basemap}"), words(f"basemap.{right.basemap}")))
    if not pairs:
        return words("beside.left"), words("beside.right")
    before, after = (" · ".join(part for part in side if part) for side in zip(*pairs, strict=True))
    return before or words("beside.left"), after or words("beside.right")


Pairs = list[tuple[str, str]]


def _of_time(left: Query, right: Query, words: Words) -> Pairs:
    if left.year == right.year:
        return []

    def year(query: Query) -> str:
        return words("beside.now") if query.year is None else words("beside.year", year=query.year)

    return [(year(left), year(right))]


def _of_roads(store: Store, left: View, right: View, words: Words) -> Pairs:
    """What the comparison of roads differs in: both scenarios where the earlier one does, the goal."""
    one, other = left.query.comparison, right.query.comparison
    pairs = []
    if one.before != other.before:
        pairs.append((_change(store, left), _change(store, right)))
    elif one.after != other.after:
        pairs.append((_scenario(store, left, "after"), _scenario(store, right, "after")))
    if one.goal != other.goal:
        pairs.append((words(f"reach_goal_title.{one.goal}"), words(f"reach_goal_title.{other.goal}")))
    return pairs


def _change(store: Store, view: View) -> str:
    return " → ".join(_scenario(store, view, side) for side in SIDES)


def _scenario(store: Store, view: View, side: Side) -> str:
    return _road(store, view, getattr(view.query.comparison, side))


def _road(store: Store, view: View, text: str) -> str:
    own = Words(view.language)("reach.own")
    try:
        return scenario(store, text, view.query.comparison.network, view.language, own).title
    except (GeoError, UnknownFeature):
        return own


def _of_search(store: Store, left: View, right: View, words: Words) -> Pairs:
    """What the search for sites differs in: the model, the roads, the size of cells, the area."""
    one, other = left.query.sought, right.query.sought
    pairs = []
    if one.model != other.model:
        pairs.append((model_name(store, left), model_name(store, right)))
    if one.roads != other.roads:
        pairs.append((_road(store, left, one.roads), _road(store, right, other.roads)))
    if one.cell_m != other.cell_m:
        pairs.append((words("site.cell", m=one.cell_m), words("site.cell", m=other.cell_m)))
    if one.area != other.area:
        whole, part = words("beside.whole"), words("beside.part")
        pairs.append((part if one.area else whole, part if other.area else whole))
    return pairs


def model_name(store: Store, view: View) -> str:
    """What the model of a search is called."""
    own = Words(view.language)("site.own_model")
    try:
        return model(store, view.query.sought.model, view.language, own).title
    except (GeoError, UnknownFeature):
        return own


def _of_filters(store: Store, left: Query, right: Query, words: Words) -> Pairs:
    """The conditions that one side has and the other lacks or has otherwise."""
    fields = dict.fromkeys(condition.field for query in (left, right) for condition in query.conditions)
    differing = [name for name in fields if left.condition(name) != right.condition(name)]

    def said(query: Query, name: str) -> str:
        if condition := query.condition(name):
            return told(store, condition, words)
        title = store.catalogue.fields[name].title[words.language]
        return words("beside.any", field=title)

    return [(said(left, name), said(right, name)) for name in differing]


def _of_layers(store: Store, left: View, right: View, words: Words) -> Pairs:
    """The layers that are on one side only."""
    sides = []
    for view, other in ((left, right), (right, left)):
        own = [placed.id for placed in reversed(view.layers) if not other.is_on(placed.id)]
        titles = [store.catalogue.layers[name].title[words.language] for name in own]
        more = [words("beside.more", n=len(own) - _MOST_LAYERS)] if len(own) > _MOST_LAYERS else []
        sides.append(", ".join([*titles[:_MOST_LAYERS], *more]))
    return [(sides[0], sides[1])] if any(sides) else []
