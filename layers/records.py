"""Reading a file of records and checking every one of them against its fields.

The check is a pydantic model made from the fields of the layers or registers that use the file: keys, types,
units by the column's name, ranges, closed lists, both languages, sources. What it refuses is reported with
the file, the record and the column; nothing is read in part. Records with a place become a `GeoDataFrame`,
those of a register a plain `DataFrame`.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic import Field as Setting

from geo.crs import WGS84
from layers.catalog import Catalogue, CatalogueError, Field, Layer, Register

SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
SLUGS = r"^[a-z0-9]+(?:[-;][a-z0-9]+)*$"
DATE = r"^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$"
_YEARS = (1400, 2100)
_LIFE = ("planned_year", "start_year", "end_year")
_COMMON_LAST = ("lon", "lat")
_EXTENT = ("accuracy_m", "position_status")
"""What a line or an area says of itself in place of what its point says."""


def _blank(value: object) -> object:
    return None if value == "" else value


def _checkable(text: str) -> str:
    if text != text.strip() or re.search(r"[<>\x00-\x1f]", text):
        raise ValueError("text has blanks at its ends, markup or control characters")
    return text


def _in_calendar(text: str) -> str:
    """A date as far as it is given, which some calendar page must hold."""
    date.fromisoformat(text + "-01-01"[3 * text.count("-") :])
    return text


_Words = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_checkable)]


class RecordsFile:
    """A file of `data/records/` with the schema that its layers or registers give it.

    A file of extents holds the common fields alone: a line or an area for a record of another file.
    """

    def __init__(self, catalogue: Catalogue, name: str) -> None:
        self.catalogue = catalogue
        self.name = name
        self.path: Path = catalogue.folder / "records" / name
        used = [table for table in catalogue.tables.values() if table.records == name]
        layers = [table for table in used if isinstance(table, Layer)]
        self.geometry = layers[0].geometry if layers else None
        self.extents = layers[0].extents if layers else None
        self.named = any(table.named for table in used)
        self.fields = tuple({field.id: field for table in used for field in table.fields}.values())
        if any(layer.extents == name for layer in catalogue.layers.values()):
            self.geometry, self.fields = "mixed", catalogue.common

    @cached_property
    def model(self) -> type[BaseModel]:
        """The schema of one record."""
        definitions: dict[str, Any] = {
            "id": (Annotated[str, StringConstraints(pattern=SLUG, max_length=80)], ...)
        }
        if self.named:
            definitions |= {"name_ru": (_Words, ...), "name_en": (_Words, ...)}
        for field in self.fields:
            kind = self._type(field)
            for column in field.columns:
                optional = (Annotated[kind | None, BeforeValidator(_blank)], None)
                definitions[column] = (kind, ...) if field.required else optional
        if self.placed and self.path.suffix == ".csv":
            for axis, most in (("lon", 180), ("lat", 90)):
                degrees = Annotated[float, Setting(ge=-most, le=most)]
                definitions[axis] = (Annotated[degrees | None, BeforeValidator(_blank)], None)
        return create_model(
            "Record", __config__=ConfigDict(extra="forbid", strict=self.path.suffix != ".csv"), **definitions
        )

    @property
    def placed(self) -> bool:
        """Whether its records have places."""
        return self.geometry is not None

    def _type(self, field: Field) -> Any:
        """The type of one column of a field, with its bounds."""
        if field.kind in ("choice", "choices", "sources"):
            return Annotated[str, AfterValidator(self._known(field))]
        bounds = Setting(ge=field.min, le=field.max)
        types: dict[str, Any] = {
            "number": Annotated[float, bounds],
            "integer": Annotated[int, bounds],
            "year": Annotated[int, Setting(ge=_YEARS[0], le=_YEARS[1])],
            "flag": bool,
            "month": Annotated[str, StringConstraints(pattern=DATE), AfterValidator(_in_calendar)],
            "url": Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"']+$")],
            "reference": Annotated[str, StringConstraints(pattern=SLUG)],
            "references": Annotated[str, StringConstraints(pattern=SLUGS)],
        }
        return types.get(field.kind, _Words)

    def _known(self, field: Field) -> Any:
        sources = field.kind == "sources"
        allowed: Iterable[str] = (
            self.catalogue.sources if sources else self.catalogue.vocabularies[field.vocabulary or ""]
        )
        allowed = set(allowed)

        def check(text: str) -> str:
            parts = [text] if field.kind == "choice" else split(text)
            if not parts:
                raise ValueError("nothing is named")
            if unknown := [part for part in parts if part not in allowed]:
                raise ValueError(
                    f"{', '.join(unknown)} is not in the {'source register' if sources else field.vocabulary}"
                )
            return text

        return check

    def rows(self) -> Iterator[tuple[dict[str, Any], Any]]:
        """Each raw record with its geometry (a shapely geometry, None where the place is unknown)."""
        if self.path.suffix == ".csv":
            with self.path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    yield row, None
        else:
            for feature in json.loads(self.path.read_text(encoding="utf-8"))["features"]:
                geometry = feature.get("geometry")
                yield dict(feature["properties"]), shapely.geometry.shape(geometry) if geometry else None

    def read(self) -> tuple[pd.DataFrame, list[str]]:
        """All sound records (places in EPSG:4326; by id), and the faults of the others in sentences."""
        faults: list[str] = []
        records: list[dict[str, Any]] = []
        shapes: list[Any] = []
        try:
            raw = list(self.rows())
        except (OSError, ValueError, KeyError, shapely.errors.ShapelyError) as fault:
            return self._frame([], []), [f"{self.name}: cannot be read: {fault}"]
        extents, extent_faults = self._extents()
        for number, (row, shape) in enumerate(raw, start=1):
            where = f"{self.name}, {row.get('id') or f'record {number}'}"
            try:
                record = self.model.model_validate(row).model_dump()
            except ValidationError as fault:
                faults += [
                    f"{where}, {'.'.join(map(str, e['loc']))}: {e['msg']} ({e['input']!r})"
                    for e in fault.errors()
                ]
                extents.pop(str(row.get("id")), None)
                continue
            faults += [f"{where}: {what}" for what in self._across(record)]
            if self.placed and self.path.suffix == ".csv":
                lon, lat = (record.pop(axis) for axis in _COMMON_LAST)
                if (lon is None) != (lat is None):
                    faults.append(f"{where}: has only one of lon and lat")
                shape = None if lon is None or lat is None else shapely.Point(lon, lat)  # noqa: PLW2901
            if extent := extents.pop(record["id"], None):
                shape = self._spread(record, extent)  # noqa: PLW2901
            faults += (
                [f"{where}: {what}" for what in self._shape_faults(shape, record)] if self.placed else []
            )
            records.append(record)
            shapes.append(shape)
        faults += [f"{self.extents}, {id_}: {self.name} has no such record" for id_ in extents]
        faults += extent_faults
        frame = self._frame(records, shapes)
        twice = frame.index[frame.index.duplicated()]
        faults += [f"{self.name}, {id_}: the id stands twice" for id_ in twice]
        return frame[~frame.index.duplicated()], faults

    def _extents(self) -> tuple[dict[str, dict[str, Any]], list[str]]:
        """The lines and areas that take the place of points, by the id of the record, and their faults."""
        if self.extents is None:
            return {}, []
        frame, faults = RecordsFile(self.catalogue, self.extents).read()
        faults += [f"{self.extents}, {id_}: has no geometry" for id_ in frame.index[frame.geometry.isna()]]
        return {row["id"]: row for row in as_dicts(frame) if row["geometry"] is not None}, faults

    @staticmethod
    def _spread(record: dict[str, Any], extent: dict[str, Any]) -> Any:
        """Give a record the line or area of its extent, with what that says of its accuracy and sources."""
        record |= {name: extent[name] for name in _EXTENT}
        cited = [*split(record["source_id"]), *split(extent["source_id"])]
        record["source_id"] = ";".join(dict.fromkeys(cited))
        for note in ("note_ru", "note_en"):
            told = [text.rstrip(".") for text in (record[note], extent[note]) if text]
            record[note] = ". ".join(told) or None
        return extent["geometry"]

    def _across(self, record: dict[str, Any]) -> Iterator[str]:
        """What no single column shows: both languages, the order of years."""
        for field in self.fields:
            if field.kind == "bilingual" and len({record[column] is None for column in field.columns}) > 1:
                yield f"{field.id} is given in one language only"
        years = [(name, record.get(name)) for name in _LIFE]
        known = [(name, year) for name, year in years if year is not None]
        for (before, earlier), (after, later) in pairwise(known):
            if earlier > later:
                yield f"{before} {earlier} is after {after} {later}"

    def _shape_faults(self, shape: Any, record: dict[str, Any]) -> Iterator[str]:
        if shape is None:
            if record["position_status"] != "unverified":
                yield "has no position, yet its position is not called unverified"
            return
        expected = {
            "point": ("Point",),
            "line": ("LineString", "MultiLineString"),
            "area": ("Polygon", "MultiPolygon"),
            "mixed": ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
        }
        if shape.geom_type not in expected[str(self.geometry)]:
            yield f"a {shape.geom_type} in a file of {self.geometry}s"
        if not shape.is_valid or shape.is_empty:
            yield f"its geometry is not valid: {shapely.is_valid_reason(shape)}"
        if shape.has_z:
            yield "its geometry has heights"
        if record["accuracy_m"] is None:
            yield "has a position and no accuracy"

    def _frame(self, records: list[dict[str, Any]], shapes: list[Any]) -> pd.DataFrame:
        columns = [name for name in self.model.model_fields if name not in _COMMON_LAST]
        table = pd.DataFrame(records, columns=columns, dtype=object)
        for field in self.fields:
            if field.kind in ("number", "integer", "year"):
                table[field.id] = pd.to_numeric(table[field.id]).astype(float)
        if self.placed:
            geometry = gpd.GeoSeries(np.array(shapes, dtype=object), crs=WGS84)
            table = gpd.GeoDataFrame(table, geometry=geometry, crs=WGS84)
        return table.set_index("id", drop=False).rename_axis(None)


def split(text: str | None) -> list[str]:
    """The members of a list written with ";"."""
    return [part.strip() for part in text.split(";") if part.strip()] if isinstance(text, str) else []


def sound(catalogue: Catalogue, name: str) -> pd.DataFrame:
    """The records of a file, or `CatalogueError` with the first faults."""
    frame, faults = RecordsFile(catalogue, name).read()
    if faults:
        raise CatalogueError(
            "; ".join(faults[:5]) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")
        )
    return frame


def as_dicts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The records of a frame one by one, each with its `geometry` where it has one."""
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return rows


def members(table: Register, frame: pd.DataFrame) -> pd.DataFrame:
    """The records of a file that belong to a layer or a register by its `where`."""
    for column, value in table.where.items():
        frame = frame[frame[column].notna() if value == "*" else frame[column] == value]
    return frame


def frame_of(layer: Layer, rows: Iterable[dict[str, Any]]) -> gpd.GeoDataFrame:
    """Records that were made as a frame of a layer (EPSG:4326, by id); what a row does not say is unknown."""
    columns = ["id", "name_ru", "name_en", *(c for field in layer.fields for c in field.columns)]
    table = pd.DataFrame(list(rows), columns=[*columns, "geometry"], dtype=object)
    for field in layer.fields:
        if field.kind in ("number", "integer", "year"):
            table[field.id] = pd.to_numeric(table[field.id]).astype(float)
    geometry = gpd.GeoSeries(table.pop("geometry"), crs=WGS84)
    return gpd.GeoDataFrame(table, geometry=geometry, crs=WGS84).set_index("id", drop=False).rename_axis(None)


def citations(frames: Iterable[pd.DataFrame]) -> Counter[str]:
    """How many records of these files cite each source."""
    return Counter(source for frame in frames for ids in frame["source_id"] for source in split(ids))
