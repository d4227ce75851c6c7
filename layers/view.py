"""The view: everything that a reader sees, as one frozen value with one compact text form.

The address bar holds it; later a story chapter, a printed sheet and an offline file do. Reading is
forgiving: whatever cannot be understood is named in a list and replaced by its default, so an old link
opens. Writing leaves out what is the default, so a link stays short.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import parse_qsl, urlencode, urlsplit

from geo.errors import ShapeError
from geo.shape import Shape
from layers.catalog import LANGUAGES, Catalogue, Language
from layers.comparison import ENTRIES as COMPARED
from layers.priorities import Priorities
from layers.query import PREFIX, Query
from layers.records import SLUG
from layers.sought import ENTRIES as SOUGHT
from layers.style import Frozen

Basemap = Literal["plain", "osm", "imagery", "own"]
Panel = Literal["none", "table", "report"]
Split = Literal["one", "swipe", "side"]
"""One map, a curtain between two sides, or two maps beside each other."""
Page = Literal["explore", "programme", "project", "funding", "roadmap", "reach", "site", "present", "sources"]
HOME = (84.6, 56.27, 86.25, 57.09)
"""West, south, east, north (degrees): Tomsk, Seversk and the road to Asino and Pervomayskoye."""
ZOOMS = (4.0, 19.0)
MOST_SITES = 4
"""How many sites are compared at most."""
_OPACITY_STEPS = 100
_CHAPTER_DIGITS = 3
_SIGHT = ("map", "own", "on", "year", *COMPARED, *SOUGHT)
"""The entries of an address, beside conditions, in which two views that are compared may differ."""
_ALIKE = "-"
T = TypeVar("T")
D = TypeVar("D")


class Placed(Frozen):
    """A layer that is on, with its opacity (0..1)."""

    id: str
    opacity: float = 1.0

    def text(self) -> str:
        """`id` or `id.60` for 60 %."""
        percent = round(self.opacity * _OPACITY_STEPS)
        return self.id if percent == _OPACITY_STEPS else f"{self.id}.{percent}"


class OwnMap(Frozen):
    """A person's own online map: kind of service, address and, for WMS, the name of the layer there."""

    kind: Literal["xyz", "wms", "wmts"]
    url: str
    layer: str = ""

    @classmethod
    def parse(cls, text: str) -> "OwnMap":
        """Read `kind|layer|address`; raises ValueError for anything but an http(s) address of that kind."""
        kind, layer, url = text.split("|", 2)
        own = cls(kind=kind, url=url, layer=layer)
        parts = urlsplit(own.url)
        if parts.scheme not in ("http", "https") or not parts.netloc or set(own.url) & set(" <>\"'`"):
            raise ValueError("address")
        needed = {
            "xyz": ("{z}", "{x}", "{y}"),
            "wmts": ("{TileMatrix}", "{TileRow}", "{TileCol}"),
            "wms": (),
        }[own.kind]
        if any(mark.lower() not in own.url.lower() for mark in needed):
            raise ValueError("template")
        if own.kind == "wms" and not own.layer:
            raise ValueError("layer")
        return own

    def text(self) -> str:
        """The text that `parse` reads."""
        return f"{self.kind}|{self.layer}|{self.url}"


class Sight(Frozen):
    """What of a view can be set beside another: its base, its layers, what it asks; never the place."""

    basemap: Basemap = "plain"
    own_map: OwnMap | None = None
    layers: tuple[Placed, ...]
    query: Query = Query()


class View(Frozen):
    """What is seen, on which page.

    `at` is (lon, lat, zoom), None for the whole agglomeration in whatever window; `layers` are those that are
    on, the lowest first; `sites` those that are compared, as `layer/id`; `story` names what is presented,
    `chapter` where in it (0: at its beginning), and `writing` whether it is being written; `beside` is what
    is compared with this view, shown on its left while the map is split.
    """

    page: Page = "explore"
    language: Language = "ru"
    basemap: Basemap = "plain"
    own_map: OwnMap | None = None
    at: tuple[float, float, float] | None = None
    layers: tuple[Placed, ...]
    query: Query = Query()
    selected: str | None = None
    shape: Shape | None = None
    panel: Panel = "none"
    split: Split = "one"
    priorities: Priorities = Priorities()
    sites: tuple[str, ...] = ()
    story: str = ""
    chapter: int = 0
    writing: bool = False
    beside: Sight | None = None

    @classmethod
    def default(cls, catalogue: Catalogue, language: Language = "ru", page: Page = "explore") -> "View":
        """The view that an address without a word opens."""
        return cls(language=language, page=page, layers=first_layers(catalogue, page))

    def on_page(self, page: Page, catalogue: Catalogue) -> "View":
        """A copy on another page; who has not chosen layers sees those that page opens with."""
        untouched = self.layers == first_layers(catalogue, self.page)
        layers = first_layers(catalogue, page) if untouched else self.layers
        beside = self.beside
        if beside and untouched and beside.layers == self.layers:
            beside = beside.model_copy(update={"layers": layers})
        return self.model_copy(update={"page": page, "layers": layers, "beside": beside})

    @property
    def sight(self) -> Sight:
        """What of this view can be set beside another."""
        return Sight(basemap=self.basemap, own_map=self.own_map, layers=self.layers, query=self.query)

    def seeing(self, sight: Sight) -> "View":
        """A copy that shows something else at the same place."""
        return self.model_copy(update={name: getattr(sight, name) for name in Sight.model_fields})

    def other(self) -> "View | None":
        """The view beside this one, as a view of its own; None where there is none."""
        if self.beside is None:
            return None
        alone = {"beside": None, "split": "one", "selected": None, "shape": None, "panel": "none"}
        return self.seeing(self.beside).model_copy(update=alone)

    def swapped(self) -> "View":
        """A copy in which the two sides have changed places."""
        if self.beside is None:
            return self
        return self.seeing(self.beside).model_copy(update={"beside": self.sight})

    def is_on(self, layer: str) -> bool:
        """Whether a layer is drawn."""
        return any(placed.id == layer for placed in self.layers)

    @property
    def shown(self) -> tuple[str, ...]:
        """The layers that are on here or beside."""
        both = (*self.layers, *(self.beside.layers if self.beside else ()))
        return tuple(dict.fromkeys(placed.id for placed in both))

    def switched(self, layer: str, on: bool, catalogue: Catalogue) -> "View":
        """A copy with a layer switched; a layer switched on takes its place in the drawing order."""
        kept = [placed for placed in self.layers if placed.id != layer]
        if on and not self.is_on(layer):
            order = list(catalogue.layers)
            below = [i for i, placed in enumerate(kept) if order.index(placed.id) < order.index(layer)]
            kept.insert(below[-1] + 1 if below else 0, Placed(id=layer))
        elif on:
            return self
        return self.model_copy(update={"layers": tuple(kept)})

    def with_opacity(self, layer: str, opacity: float) -> "View":
        """A copy in which a layer that is on has this opacity."""
        layers = tuple(Placed(id=p.id, opacity=opacity) if p.id == layer else p for p in self.layers)
        return self.model_copy(update={"layers": layers})

    def moved(self, layer: str, steps: int) -> "View":
        """A copy in which a layer is drawn that many places higher (or lower) among those that are on."""
        layers = list(self.layers)
        index = next((i for i, placed in enumerate(layers) if placed.id == layer), None)
        if index is None:
            return self
        layers.insert(min(max(index + steps, 0), len(layers) - 1), layers.pop(index))
        return self.model_copy(update={"layers": tuple(layers)})

    def params(self, catalogue: Catalogue) -> dict[str, str]:
        """The compact text form, entry by entry; what is the default is left out."""
        default = View.default(catalogue, page=self.page)
        entries = {
            "page": self.page if self.page != "explore" else "",
            "lang": self.language if self.language != default.language else "",
            "map": self.basemap if self.basemap != default.basemap else "",
            "own": self.own_map.text() if self.own_map else "",
            "at": self.at_text(),
            "on": ",".join(placed.text() for placed in self.layers) or "-"
            if self.layers != default.layers
            else "",
            **self.query.params(),
            "pick": self.selected or "",
            "shape": self.shape.text() if self.shape else "",
            "split": self.split if self.split != default.split else "",
            "show": self.panel if self.panel != default.panel else "",
            "fund": self.priorities.text() if self.priorities != default.priorities else "",
            "sites": ",".join(self.sites),
            "story": self.story,
            "chapter": str(self.chapter) if self.chapter else "",
            "write": "1" if self.writing else "",
            "with": self._with(catalogue),
        }
        return {key: value for key, value in entries.items() if value}

    def _with(self, catalogue: Catalogue) -> str:
        """The entries in which the other view differs, empty where it lacks one; `-` for no difference."""
        if (other := self.other()) is None:
            return ""
        here, there = (
            _of_sight(view.params(catalogue)) for view in (self.model_copy(update={"beside": None}), other)
        )
        keys = [*there, *(key for key in here if key not in there)]
        differing = {key: there.get(key, "") for key in keys if there.get(key) != here.get(key)}
        return urlencode(differing, safe=",~:;|") or _ALIKE

    def text(self, catalogue: Catalogue) -> str:
        """The whole as the query part of an address."""
        return urlencode(self.params(catalogue))

    def at_text(self) -> str:
        """`lat,lon,zoom` as it stands in the address; "" for the whole agglomeration."""
        if self.at is None:
            return ""
        lon, lat, zoom = self.at
        return f"{lat:.5f},{lon:.5f},{zoom:g}"

    @classmethod
    def parse(cls, params: Mapping[str, str], catalogue: Catalogue) -> tuple["View", list[str]]:
        """The view that an address holds, and the names of the entries that could not be read."""
        reader = _Reader(params, catalogue)
        query, problems = Query.parse(params, catalogue)
        page = reader.choice("page", get_args(Page), "explore")
        default = cls.default(catalogue, page=page)
        own = reader.read("own", OwnMap.parse, None)
        basemap = reader.choice("map", get_args(Basemap), default.basemap)
        if basemap == "own" and own is None:
            basemap = default.basemap
            reader.problems.append("map")
        view = cls(
            page=page,
            beside=reader.beside(page),
            language=reader.choice("lang", LANGUAGES, default.language),
            basemap=basemap,
            own_map=own,
            at=reader.read("at", _at, default.at),
            layers=reader.read("on", reader.layers, default.layers),
            query=query,
            selected=reader.read("pick", reader.selected, None),
            shape=reader.read("shape", Shape.parse, None),
            panel=reader.choice("show", get_args(Panel), default.panel),
            split=reader.choice("split", get_args(Split), default.split),
            priorities=reader.read("fund", Priorities.parse, default.priorities),
            sites=reader.read("sites", reader.sites, ()),
            story=reader.read("story", _story, ""),
            chapter=reader.read("chapter", _chapter, 0),
            writing=reader.choice("write", ("1", "0"), "0") == "1",
        )
        known = {"page", "lang", "map", "own", "at", "on", "year", "pick", "shape", "show", "split", "fund"}
        known |= {"sites", "story", "chapter", "write", "with", *COMPARED, *SOUGHT}
        strange = [key for key in params if key not in known and not key.startswith(PREFIX)]
        return view, [*reader.problems, *problems, *strange]


def first_layers(catalogue: Catalogue, page: Page) -> tuple[Placed, ...]:
    """The layers that a page opens with, the lowest first: its own, or those that are visible by default."""
    own = [layer for layer in catalogue.layers.values() if page in layer.opens_on]
    shown = own or [layer for layer in catalogue.layers.values() if layer.visible]
    return tuple(Placed(id=layer.id) for layer in shown)


def _of_sight(params: Mapping[str, str]) -> dict[str, str]:
    """The entries of an address that say what of a view can be set beside another."""
    return {key: text for key, text in params.items() if key in _SIGHT or key.startswith(PREFIX)}


class _Reader:
    """Reads entries one by one and remembers those that could not be understood."""

    def __init__(self, params: Mapping[str, str], catalogue: Catalogue) -> None:
        self.params, self.catalogue = params, catalogue
        self.problems: list[str] = []

    def read(self, key: str, parse: Callable[[str], T], default: D) -> T | D:
        text = self.params.get(key, "")
        if not text:
            return default
        try:
            return parse(text)
        except (ValueError, ShapeError):
            self.problems.append(key)
            return default

    def choice(self, key: str, allowed: tuple[str, ...], default: str) -> Any:
        text = self.params.get(key, "") or default
        if text in allowed:
            return text
        self.problems.append(key)
        return default

    def layers(self, text: str) -> tuple[Placed, ...]:
        """Layers by name; those that are gone are left out and told; when all are gone, so is the list."""
        placed: dict[str, Placed] = {}
        parts = [part for part in text.split(",") if part not in ("", "-")]
        for part in parts:
            name, _, percent = part.partition(".")
            if name in self.catalogue.layers:
                share = int(percent) / _OPACITY_STEPS if percent.isdecimal() else 1.0
                placed[name] = Placed(id=name, opacity=min(share, 1.0))
        if len(placed) < len(parts):
            if not placed:
                raise ValueError(text)
            self.problems.append("on")
        return tuple(placed.values())

    def beside(self, page: Page) -> Sight | None:
        """What is compared: the entries of this view with those that differ in their place."""
        text = self.params.get("with", "")
        if not text:
            return None
        differing = {} if text == _ALIKE else dict(parse_qsl(text, keep_blank_values=True))
        entries = _of_sight(self.params) | _of_sight(differing)
        said = {key: text for key, text in entries.items() if text}
        other, problems = View.parse({**said, "page": page}, self.catalogue)
        strange = [key for key in differing if key not in _of_sight(differing)]
        if strange or (not differing and text != _ALIKE) or not set(problems).isdisjoint(differing):
            self.problems.append("with")
        return other.sight

    def sites(self, text: str) -> tuple[str, ...]:
        """Sites to compare, each once."""
        picks = tuple(dict.fromkeys(self.selected(part) for part in text.split(",") if part))
        if len(picks) > MOST_SITES:
            raise ValueError(text)
        return picks

    def selected(self, text: str) -> str:
        if text.partition("/")[0] not in self.catalogue.layers:
            raise ValueError(text)
        return text


def _story(text: str) -> str:
    if not re.fullmatch(SLUG, text):
        raise ValueError(text)
    return text


def _chapter(text: str) -> int:
    if not text.isdecimal() or len(text) > _CHAPTER_DIGITS:
        raise ValueError(text)
    return int(text)


def _at(text: str) -> tuple[float, float, float]:
    lat, lon, zoom = (float(part) for part in text.split(","))
    if not (math.isfinite(lat + lon + zoom) and -85 <= lat <= 85 and -180 <= lon <= 180):
        raise ValueError(text)
    return lon, lat, min(max(zoom, ZOOMS[0]), ZOOMS[1])
