"""The layout of a printed sheet: everything about it that the view does not say, with one compact text form.

Reading is forgiving, as that of a view: what cannot be understood is named and replaced by its default.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlencode

from pydantic import Field

from layers.catalog import Catalogue
from layers.paper.graticule import Grid
from layers.style import Frozen

Paper = Literal["A4", "A3", "A2", "A1"]
Turn = Literal["landscape", "portrait"]
Block = Literal["plain", "gost"]
Base = Literal["embedded", "osm", "imagery"]
SIZES_MM: dict[Paper, tuple[float, float]] = {
    "A4": (210, 297),
    "A3": (297, 420),
    "A2": (420, 594),
    "A1": (594, 841),
}
"""ISO 216, portrait."""
ENLARGED: dict[Paper, float] = {"A4": 1.0, "A3": 1.2, "A2": 1.45, "A1": 1.85}
"""How many times larger than on A4 type and symbols are: a large sheet is read from farther away."""
SCALES = (500.0, 5_000_000.0)
READY_SCALES = (
    *(5_000, 10_000, 25_000, 50_000, 100_000),
    *(200_000, 300_000, 400_000, 500_000, 750_000, 1_000_000),
)
"""The denominators that are usual in Russian cartography, as a reader is offered them."""
LONGEST = 160
MOST_TABLES = 3
_WRITTEN = ("title", "organisation", "author", "code")
_SHOWN = ("legend", "inset")


class Layout(Frozen):
    """What a sheet should be. `scale` is the denominator, None for the largest round one that fits.

    `tables` names the layers whose records in the window are tabled; `base` is what lies under the layers.
    `code` is the designation of the document in the title block.
    """

    paper: Paper = "A3"
    turn: Turn = "landscape"
    grid: Grid = "wgs84"
    block: Block = "plain"
    scale: float | None = Field(default=None, ge=SCALES[0], le=SCALES[1])
    title: str = Field(default="", max_length=LONGEST)
    organisation: str = Field(default="", max_length=LONGEST)
    author: str = Field(default="", max_length=LONGEST)
    code: str = Field(default="", max_length=LONGEST)
    legend: bool = True
    inset: bool = True
    tables: tuple[str, ...] = ()
    base: Base = "embedded"

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        short, long = SIZES_MM[self.paper]
        return (long, short) if self.turn == "landscape" else (short, long)

    @property
    def enlarged(self) -> float:
        """How many times larger than on A4 things are drawn."""
        return ENLARGED[self.paper]

    def params(self) -> dict[str, str]:
        """The compact text form, entry by entry; what is the default is left out."""
        default = Layout()
        told = {name: getattr(self, name) for name in ("paper", "turn", "grid", "block", "base", *_WRITTEN)}
        entries = {key: value for key, value in told.items() if value != getattr(default, key)}
        entries |= {name: "no" for name in _SHOWN if not getattr(self, name)}
        if self.scale is not None:
            entries["scale"] = f"{self.scale:.15g}"
        if self.tables:
            entries["tables"] = ",".join(self.tables)
        return entries

    def text(self) -> str:
        """The whole as the query part of an address."""
        return urlencode(self.params())

    @property
    def unsigned(self) -> "Layout":
        """The same without what is written on the sheet anyway: for the stamp."""
        return self.model_copy(update=dict.fromkeys(_WRITTEN, ""))

    @classmethod
    def parse(cls, text: str | Mapping[str, str], catalogue: Catalogue) -> tuple["Layout", list[str]]:
        """The layout that a text or its entries hold, and the names of the entries that could not be read."""
        params = dict(parse_qsl(text)) if isinstance(text, str) else dict(text)
        read: dict[str, Any] = {}
        problems = []
        for key, value in params.items():
            reader = _READERS.get(key)
            try:
                if reader is None:
                    raise ValueError(key)
                read[key] = reader(value, catalogue)
            except ValueError:
                problems.append(key)
        return cls(**read), problems


def _chosen(kind: Any) -> Callable[[str, Catalogue], str]:
    def read(text: str, _: Catalogue) -> str:
        if text not in get_args(kind):
            raise ValueError(text)
        return text

    return read


def _written(text: str, _: Catalogue) -> str:
    if len(text) > LONGEST or not text.isprintable():
        raise ValueError(text)
    return text.strip()


def _flag(text: str, _: Catalogue) -> bool:
    if text not in ("no", "yes"):
        raise ValueError(text)
    return text == "yes"


def _scale(text: str, _: Catalogue) -> float:
    scale = float(text)
    if not SCALES[0] <= scale <= SCALES[1]:
        raise ValueError(text)
    return scale


def _tables(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part for part in text.split(",") if part))
    known = all(name in catalogue.layers and catalogue.layers[name].geometry != "raster" for name in names)
    if not known or len(names) > MOST_TABLES:
        raise ValueError(text)
    return names


_READERS: dict[str, Callable[[str, Catalogue], Any]] = {
    "paper": _chosen(Paper),
    "turn": _chosen(Turn),
    "grid": _chosen(Grid),
    "block": _chosen(Block),
    "base": _chosen(Base),
    "scale": _scale,
    "tables": _tables,
    **dict.fromkeys(_WRITTEN, _written),
    **dict.fromkeys(_SHOWN, _flag),
}
