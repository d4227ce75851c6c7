"""The catalogue: vocabularies, fields, sources, registers and layers, read from `data/` once.

A layer is a small text file in `data/layers/`, a register one in `data/registers/`: what has records but no
place of its own (documents, measures, sums of money). This module turns them into `Layer` and `Register` and
refuses, with the file and the key, whatever does not fit. What their records say is read by `layers.records`.
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import Field as Setting
from pydantic import ValidationError

from layers.style import SHAPES, Frozen, Style, Symbol

_BARE = ("quotation", "official")
DATA = Path(__file__).resolve().parent.parent / "data"
Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")
FieldKind = Literal[
    "text",
    "number",
    "integer",
    "year",
    "month",
    "choice",
    "choices",
    "url",
    "flag",
    "bilingual",
    "reference",
    "references",
    "sources",
]
GeometryKind = Literal["point", "line", "area", "mixed", "raster"]
Follows = Literal["records", "network", "comparison", "siting"]
"""What a layer follows from: its records, the road network, what is compared on it, or what is sought."""


class CatalogueError(ValueError):
    """A file of `data/` cannot be used; the message names the file and the key."""


class Text(Frozen):
    """A text in both languages of the project."""

    ru: str = Setting(min_length=1)
    en: str = Setting(min_length=1)

    def __getitem__(self, language: Language) -> str:
        return self.ru if language == "ru" else self.en


class Source(Frozen):
    """A row of the source register."""

    id: str
    title: Text
    publisher: str
    url: str = ""
    date: str = ""
    licence: str
    licence_url: str = ""
    accessed: str = ""
    note: str = ""

    @property
    def bare(self) -> bool:
        """Whether its licence asks for nothing but that it is named."""
        return self.licence in _BARE


class Field(Frozen):
    """An attribute of records: kind, unit, range, names. A bilingual one has the columns `id_ru`, `id_en`.

    A reference names records of the layer or register `to`; `place` marks what needs a place, `remark` what
    is there only where something is to be said: where it is not, nothing is.
    """

    id: str
    title: Text
    kind: FieldKind
    unit: Text | None = None
    vocabulary: str | None = None
    to: str | None = None
    min: float | None = None
    max: float | None = None
    required: bool = False
    filter: bool = False
    sum: bool = False
    hidden: bool = False
    place: bool = False
    remark: bool = False

    @property
    def listed(self) -> bool:
        """Whether its values can be chosen from a list."""
        return bool(self.vocabulary or self.to)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that hold it in a file of records."""
        return (f"{self.id}_ru", f"{self.id}_en") if self.kind == "bilingual" else (self.id,)


class Register(Frozen):
    """Records of one kind with their fields: what can be filtered, tabled, cited and exported.

    `records` names the file in `data/records/`; `where` keeps the records whose field has that value
    ("*": any value). `named` is false where a record is a single figure or date and has no name.
    """

    id: str
    title: Text
    records: str = ""
    fields: tuple[Field, ...]
    where: dict[str, str] = Setting(default_factory=dict)
    description: Text | None = None
    named: bool = True

    def field(self, id_: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.id == id_), None)


class Layer(Register):
    """A register with places: something that can also be switched, styled, drawn and put into a story.

    `extents` names a file of lines and areas that take the place of the points of its `records`. `filters` is
    false for what filters never hide (the road network). `existed` names the field that is filled in where a
    thing stood before its works. A layer that `follows` from anything but records is the result of an
    analysis: it has no file. One of geometry "raster" has no records either: it is drawn by tiles, and what
    is known of a place of it is made for that place. `opens_on` names pages that open with it instead of the
    `visible` ones. `side` names the half of a map of two states on which alone it is drawn.
    """

    group: str
    geometry: GeometryKind
    extents: str | None = None
    style: Style = Style()
    visible: bool = False
    opens_on: tuple[str, ...] = ()
    side: Literal["before", "after"] | None = None
    existed: str | None = None
    filters: bool = True
    follows: Follows = "records"

    @property
    def computed(self) -> bool:
        """Whether it is the result of an analysis."""
        return self.follows != "records"

    @property
    def dated(self) -> bool:
        """Whether its records have a lifecycle that the year slider shows."""
        return any(self.field(name) for name in ("start_year", "end_year", "opened_year"))


class Catalogue:
    """All that `data/` defines. Layers are in drawing order, the lowest first."""

    def __init__(self, folder: Path = DATA) -> None:
        """Read the catalogue of a data folder; raises `CatalogueError`."""
        self.folder = folder
        with _blaming("vocabularies.toml"):
            self.vocabularies = {
                name: {value: Text(**text) for value, text in values.items()}
                for name, values in _toml(folder / "vocabularies.toml").items()
            }
        self.sources = _sources(folder / "sources.csv")
        self._symbols = _toml(folder / "symbols.toml")
        with _blaming("fields.toml"):
            table = _toml(folder / "fields.toml")
            self.common = tuple(Field(id=name, **spec) for name, spec in table["common"].items())
            self.fields = {name: Field(id=name, **spec) for name, spec in table["fields"].items()}
        with _blaming("layers.toml"):
            order = _toml(folder / "layers.toml")
            self.groups = {name: Text(**text) for name, text in order["groups"].items()}
            self.panel_order: tuple[str, ...] = tuple(order["panel"])
            names = tuple(order["order"])
        self.layers = {name: self._layer(name) for name in names}
        self.registers = {
            path.stem: self._register(path) for path in sorted((folder / "registers").glob("*.toml"))
        }
        self.tables: dict[str, Register] = {**self.layers, **self.registers}
        """Layers and registers alike, by name."""
        self.recorded = {name: table for name, table in self.tables.items() if table.records}
        """Those of them that are read from files; the other layers are computed."""
        self._check()

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits that change with any byte of the data folder."""
        total = sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                total.update(str(path.relative_to(self.folder)).encode() + b"\0" + path.read_bytes())
        return total.hexdigest()[:12]

    def licence(self, source: Source, language: Language) -> str:
        """The licence of a source in the reader's words."""
        return self.vocabularies["licence"][source.licence][language]

    def publisher(self, source: Source, language: Language) -> str:
        """The publisher of a source as the reader knows it; most have one name in all languages."""
        text = self.vocabularies.get("publisher", {}).get(source.publisher)
        return text[language] if text else source.publisher

    def word(self, field: Field, value: str, language: Language) -> str:
        """A value of a closed list in the reader's words."""
        text = self.vocabularies.get(field.vocabulary or "", {}).get(value)
        return text[language] if text else value

    def colour(self, family: str, member: str, otherwise: str) -> str:
        """The colour that `symbols.toml` gives a member of a family."""
        return str(self._symbols.get(family, {}).get(member, {}).get("colour", otherwise))

    def filter_fields(self, of: Iterable[Register]) -> tuple[Field, ...]:
        """The fields by which the records of these layers and registers can be filtered."""
        there = {field.id for table in of for field in table.fields}
        return tuple(field for field in self.fields.values() if field.filter and field.id in there)

    def _layer(self, name: str) -> Layer:
        path = self.folder / "layers" / f"{name}.toml"
        with self._reading(path) as spec:
            fields = tuple(self.fields[field] for field in spec.pop("fields", ()))
            style = self._style(spec.pop("style", {}))
            return Layer(id=name, fields=(*fields, *self.common), style=style, **spec)

    def _register(self, path: Path) -> Register:
        with self._reading(path) as spec:
            fields = tuple(self.fields[field] for field in spec.pop("fields", ()))
            common = tuple(field for field in self.common if not field.place)
            records = spec.pop("records")
            return Register(id=path.stem, fields=(*fields, *common), records=records, **spec)

    @contextmanager
    def _reading(self, path: Path) -> Iterator[dict]:  # type: ignore[type-arg]
        """The content of a file that names fields and symbols; what is wrong with it names the file."""
        try:
            yield _toml(path)
        except KeyError as missing:
            raise CatalogueError(
                f"{path.name}: nothing is called {missing} in fields.toml or symbols.toml"
            ) from missing
        except (ValidationError, TypeError) as fault:
            raise CatalogueError(f"{path.name}: {fault}") from fault

    def _style(self, spec: dict) -> Style:  # type: ignore[type-arg]
        """A style; its classes may be a whole family of `symbols.toml` (`classes = "park"`)."""
        base = spec.pop("symbol", {})
        classes = spec.pop("classes", {})
        family = self._symbols[classes] if isinstance(classes, str) else classes
        if isinstance(base, str):
            name, _, member = base.partition(".")
            base = self._symbols[name][member]
        shared = spec.pop("shared", {})
        symbols = {value: Symbol(**{**base, **look, **shared}) for value, look in family.items()}
        return Style(symbol=Symbol(**{**base, **shared}), classes=symbols, **spec)

    def _check(self) -> None:
        """What names something must name something that is there."""
        licences = self.vocabularies.get("licence", {})
        for source in self.sources.values():
            if source.licence not in licences:
                raise CatalogueError(f"sources.csv, {source.id}: no licence is called {source.licence!r}")
        for field in (*self.common, *self.fields.values()):
            if field.to and field.to not in self.tables:
                raise CatalogueError(f"fields.toml: {field.id} names no layer or register: {field.to!r}")
            if field.vocabulary and field.vocabulary not in self.vocabularies:
                raise CatalogueError(f"fields.toml: {field.id} names no vocabulary: {field.vocabulary!r}")
        for layer in self.layers.values():
            if layer.computed == bool(layer.records):
                raise CatalogueError(f"layers/{layer.id}.toml: has either `records` or `follows`")
            if layer.group not in self.groups:
                raise CatalogueError(f"layers/{layer.id}.toml: there is no group {layer.group!r}")
            style = layer.style
            shapes = {symbol.shape for symbol in (style.symbol, *style.classes.values())}
            if strange := shapes - set(SHAPES):
                raise CatalogueError(f"layers/{layer.id}.toml: no shape is called {', '.join(strange)}")
            named = (style.field, style.state, style.size_by, layer.existed, *layer.where)
            if missing := [name for name in named if name and layer.field(name) is None]:
                raise CatalogueError(f"layers/{layer.id}.toml: not among its fields: {', '.join(missing)}")
        self._check_names()

    def _check_names(self) -> None:
        """The lists of layers, the files of layers and the files of registers must agree."""
        if both := set(self.layers) & set(self.registers):
            raise CatalogueError(f"layers/ and registers/ both hold {', '.join(sorted(both))}")
        if set(self.panel_order) != set(self.layers):
            raise CatalogueError("layers.toml: `panel` and `order` do not name the same layers")
        files = {path.stem for path in (self.folder / "layers").glob("*.toml")}
        if files != set(self.layers):
            raise CatalogueError(f"layers.toml and layers/ differ: {sorted(files ^ set(self.layers))}")


@contextmanager
def _blaming(name: str) -> Iterator[None]:
    """Turns whatever is wrong with the content of a file into a `CatalogueError` that names it."""
    try:
        yield
    except (ValidationError, KeyError, TypeError, AttributeError) as fault:
        raise CatalogueError(f"{name}: {fault}") from fault


def _toml(path: Path) -> dict:  # type: ignore[type-arg]
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CatalogueError(f"{path.name}: {fault}") from fault


def _sources(path: Path) -> dict[str, Source]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as fault:
        raise CatalogueError(f"{path.name}: {fault}") from fault
    sources: dict[str, Source] = {}
    for number, row in enumerate(rows, start=2):
        with _blaming(f"{path.name}, line {number}"):
            title = Text(ru=row.pop("title_ru"), en=row.pop("title_en"))
            source = Source(title=title, **row)
        if source.id in sources:
            raise CatalogueError(f"{path.name}, line {number}: {source.id!r} stands twice")
        sources[source.id] = source
    return sources
