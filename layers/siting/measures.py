"""What a criterion can measure: named in a model's own grammar, titled and measured out of the catalogue.

A measure is written `kind.what...`: `distance.<layer>[.<field>.<value>]`, `minutes.<goal>`,
`people.<minutes>`, `workforce.<minutes>`, `density.<layer>.<radius m>`, `similar.<cluster>`, and of a raster
that a reader has brought `elevation.<name>`, `slope.<name>`, `raster.<name>`, `classes.<name>`. So any layer
of the catalogue, and any subset of it by a closed list, is a criterion without a further line of code.

What is measured is what is there: of the records that a measure names only those count that are built or
stand today (`counted`), whatever is planned.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

import geopandas as gpd

from geo import lifecycle
from layers.catalog import Catalogue
from layers.comparison import GOAL, GOALS
from layers.query import states
from layers.reach.base import figure
from layers.records import split
from layers.siting import brought
from layers.store import Store, UnknownFeature
from layers.text import Words

Kind = Literal[
    "distance",
    "minutes",
    "people",
    "workforce",
    "density",
    "similar",
    "elevation",
    "slope",
    "raster",
    "classes",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
BY_ROAD: tuple[Kind, ...] = ("minutes", "people", "workforce")
OF_RASTERS: tuple[Kind, ...] = ("elevation", "slope", "raster", "classes")
LABOUR_MINUTES = (30, 60, 90)
SIMILAR_IN = ("projects", "park_industrial", "park_innovation")
STATUS = "status"
_MOST_RADIUS_M = 50_000
_SIMILAR_RADIUS = "similar-radius"
_SHOWN: dict[str, tuple[str, float, int]] = {
    "distance": ("km", 0.001, 1),
    "minutes": ("min", 1.0, 0),
    "people": ("people", 0.001, 1),
    "workforce": ("people", 0.001, 1),
    "density": ("per_km2", 1.0, 2),
    "similar": ("per_km2", 1.0, 3),
    "elevation": ("m", 1.0, 0),
    "slope": ("percent", 1.0, 1),
    "raster": ("", 1.0, 2),
    "classes": ("", 1.0, 0),
}
"""The unit in which a kind is shown, by what its raw figures are multiplied for that, and its decimals."""
_RANGES: dict[str, tuple[float, float]] = {
    "distance": (0.0, 40_000.0),
    "minutes": (0.0, 180.0),
    "people": (0.0, 800_000.0),
    "workforce": (0.0, 400_000.0),
    "density": (0.0, 5.0),
    "similar": (0.0, 0.1),
    "elevation": (50.0, 300.0),
    "slope": (0.0, 30.0),
    "raster": (0.0, 1.0),
    "classes": (0.0, 255.0),
}
"""What of a kind is drawn before its own range is known."""


class UnknownMeasure(UnknownFeature):
    """Nothing is measured under that name."""


@dataclass(frozen=True)
class Measure:
    """One thing that is measured at every cell: its text, kind, and what the kind asks about."""

    text: str
    kind: Kind
    what: str
    field: str = ""
    value: str = ""
    number: int = 0

    @property
    def unit(self) -> str:
        """The name of the unit in which it is shown."""
        return _SHOWN[self.kind][0]

    @property
    def factor(self) -> float:
        """By what a raw figure is multiplied to be shown."""
        return _SHOWN[self.kind][1]

    @property
    def decimals(self) -> int:
        """The decimals of what is shown."""
        return _SHOWN[self.kind][2]

    @property
    def usual(self) -> tuple[float, float]:
        """The raw range that is drawn before its own is known."""
        return _RANGES[self.kind]

    def title(self, store: Store, words: Words) -> str:
        """What it is called."""
        name, n = _title_of(self, store, words), str(self.number)
        if self.kind == "similar":
            km = self.radius_m(store) / 1000
            n = words.number(km, 0 if km.is_integer() else 1)
        return words(f"measure.{self.kind}", what=name, n=n)

    def radius_m(self, store: Store) -> float:
        """Within what things are counted by a density; of companies alike by the register of assumptions."""
        return figure(store, _SIMILAR_RADIUS) if self.kind == "similar" else float(self.number)

    def quantity(self, raw: float, words: Words) -> str:
        """A raw figure with its unit, as a reader says it."""
        if raw == float("inf"):
            return words("measure.no_way")
        shown, unit = words.number(raw * self.factor, self.decimals), self.unit_in_words(words)
        return f"{shown}\u00a0{unit}" if unit else shown

    def unit_in_words(self, words: Words) -> str:
        """The unit in which it is shown; "" for a bare number."""
        return words(f"measure_unit.{self.unit}") if self.unit else ""


def measure(text: str, catalogue: Catalogue) -> Measure:
    """The measure of that text. Raises `UnknownMeasure`."""
    kind, *parts = text.split(".")
    found = _READERS[kind](text, parts, catalogue) if kind in _READERS else None
    if found is None:
        raise UnknownMeasure(text)
    return found


def _distance(text: str, parts: list[str], catalogue: Catalogue) -> Measure | None:
    layer = catalogue.layers.get(parts[0]) if parts else None
    if layer is None or layer.computed:
        return None
    if len(parts) == 1:
        return Measure(text, "distance", layer.id)
    field = layer.field(parts[1]) if len(parts) == 3 else None
    known = catalogue.vocabularies.get(field.vocabulary or "", {}) if field else {}
    if field is None or parts[2] not in known:
        return None
    return Measure(text, "distance", layer.id, field.id, parts[2])


def _minutes(text: str, parts: list[str], _: Catalogue) -> Measure | None:
    return Measure(text, "minutes", parts[0]) if len(parts) == 1 and parts[0] in GOALS else None


def _labour(text: str, parts: list[str], _: Catalogue) -> Measure | None:
    known = len(parts) == 1 and parts[0] in map(str, LABOUR_MINUTES)
    kind: Kind = "people" if text.startswith("people") else "workforce"
    return Measure(text, kind, "settlements", number=int(parts[0])) if known else None


def _density(text: str, parts: list[str], catalogue: Catalogue) -> Measure | None:
    layer = catalogue.layers.get(parts[0]) if len(parts) == 2 else None
    fits = layer is not None and not layer.computed and layer.geometry in ("point", "mixed")
    radius = int(parts[1]) if fits and re.fullmatch(r"[1-9][0-9]{2,4}", parts[1]) else 0
    return Measure(text, "density", parts[0], number=radius) if 100 <= radius <= _MOST_RADIUS_M else None


def _similar(text: str, parts: list[str], catalogue: Catalogue) -> Measure | None:
    fits = len(parts) == 1 and parts[0] in catalogue.vocabularies["cluster"]
    return Measure(text, "similar", parts[0]) if fits else None


def _of_raster(text: str, parts: list[str], _: Catalogue) -> Measure | None:
    kind = next(kind for kind in OF_RASTERS if text.startswith(kind))
    return Measure(text, kind, parts[0]) if len(parts) == 1 and brought.known(parts[0]) else None


_READERS = {
    "distance": _distance,
    "minutes": _minutes,
    "people": _labour,
    "workforce": _labour,
    "density": _density,
    "similar": _similar,
    **dict.fromkeys(OF_RASTERS, _of_raster),
}


def _title_of(of: Measure, store: Store, words: Words) -> str:
    """What a measure is about, in the words of the catalogue."""
    catalogue, language = store.catalogue, words.language
    match of.kind:
        case "minutes":
            title = words(f"reach_goal_title.{of.what}")
            return title if of.what == GOAL else _lowered(title)
        case "similar":
            return catalogue.vocabularies["cluster"][of.what][language].lower()
        case "people" | "workforce":
            return ""
        case "elevation" | "slope" | "raster" | "classes":
            return brought.title(of.what)
    title = _lowered(catalogue.layers[of.what].title[language])
    if not of.field:
        return title
    field = catalogue.layers[of.what].field(of.field)
    return f"{title}: {catalogue.word(field, of.value, language).lower()}" if field else title


def _lowered(title: str) -> str:
    """A title within a sentence; abbreviations stay as they are."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def subset(store: Store, layer: str, field: str, value: str) -> gpd.GeoDataFrame:
    """The records of a layer, or those whose field holds a value (one of several, where it is a list)."""
    frame = store.features(layer)
    if not field:
        return frame
    column = frame.index.to_series() if field == "id" else frame[field]
    return frame[[value in split(held) for held in column]]


def counted(store: Store, of: Measure) -> dict[str, gpd.GeoDataFrame]:
    """The records that a measure of places counts, by layer: of those it names, the ones that are there.

    One that names a status asks for it, and counts what has it.
    """
    if of.kind == "similar":
        named = {layer: subset(store, layer, "cluster", of.what) for layer in SIMILAR_IN}
    else:
        named = {of.what: subset(store, of.what, of.field, of.value)}
    if of.field == STATUS:
        return named
    return {layer: existing(store, layer, frame) for layer, frame in named.items()}


def existing(store: Store, layer: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Those of some records of a layer that are there today, by their recorded status."""
    held = store.catalogue.layers[layer]
    existed = frame[held.existed].notna().to_numpy() if held.existed else None
    return frame[lifecycle.there(states(held, frame, None), existed)]


def offered(store: Store) -> list[tuple[str, list[str]]]:
    """The measures that can be added to a model, by kind."""
    catalogue = store.catalogue
    layers = [name for name in catalogue.panel_order if not catalogue.layers[name].computed]
    points = [name for name in layers if catalogue.layers[name].geometry in ("point", "mixed")]
    distances: list[str] = []
    for name in layers:
        style, distances = catalogue.layers[name].style, [*distances, f"distance.{name}"]
        field = catalogue.layers[name].field(style.field or "")
        if field and field.vocabulary and len(style.classes) > 1:
            of_classes = [f"distance.{name}.{field.id}.{value}" for value in style.classes]
            distances += [text for text in of_classes if _counts(store, text)]
    rasters = [f"{kind}.{name}" for name in brought.names() for kind in OF_RASTERS]
    groups = [
        ("distance", distances),
        ("minutes", [f"minutes.{goal}" for goal in GOALS]),
        ("labour", [f"{kind}.{n}" for kind in ("people", "workforce") for n in LABOUR_MINUTES]),
        ("density", [f"density.{name}.2000" for name in points]),
        ("similar", [f"similar.{cluster}" for cluster in catalogue.vocabularies["cluster"]]),
        ("raster", rasters),
    ]
    return [(name, measures) for name, measures in groups if measures]


def _counts(store: Store, text: str) -> bool:
    """Whether a distance has something to be measured to."""
    return any(len(frame) for frame in counted(store, measure(text, store.catalogue)).values())
