"""What lies inside a drawn shape: counts, sums and lengths, each told in three values.

Every layer is treated alike: points are counted, lines are measured inside, areas are listed as touched,
and each field that the catalogue marks as a sum is added up. What cannot be told at the accuracy of a
record, and what is not known of it, is counted apart and never taken for zero.
"""

import io
from collections.abc import Collection, Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import lifecycle
from geo.programme import counted
from geo.selection import Verdict, length_inside_km, verdicts
from geo.shape import Shape
from layers.catalog import Field, Language, Layer
from layers.feature import mark_of, value_in_words
from layers.query import Query
from layers.records import as_dicts
from layers.store import Store
from layers.style import Frozen
from layers.text import Words


class Sum(Frozen):
    """A sum over the records inside, what those that cannot be told might add, how many are known and not.

    What is postponed or cancelled is not in `inside` nor in `maybe`: `given_up` is its sum, inside or unsure.
    """

    field: str
    inside: float
    maybe: float
    known: int
    unknown: int
    given_up: float = 0.0


class Finding(Frozen):
    """What a shape holds of one layer: records inside, cut, unsure; length inside (km, lines only); sums."""

    layer: str
    inside: int
    partly: int
    unsure: int
    length_km: float | None = None
    sums: tuple[Sum, ...] = ()


class Report(Frozen):
    """All findings of a shape with its own measures; `records` are (layer, id, verdict)."""

    kind: str
    area_km2: float
    outline_km: float
    findings: tuple[Finding, ...]
    records: tuple[tuple[str, str, int], ...]

    def finding(self, layer: str) -> Finding | None:
        """The finding of a layer, if it has any."""
        return next((finding for finding in self.findings if finding.layer == layer), None)


def report(store: Store, shape: Shape, query: Query, computed: Collection[str] = ()) -> Report:
    """What `shape` holds of the records that `query` keeps; of computed layers only of those that are named.

    Raises `geo.errors.ShapeError`.
    """
    area = shape.area_metric()
    findings: list[Finding] = []
    records: list[tuple[str, str, int]] = []
    for name in store.catalogue.panel_order:
        layer = store.catalogue.layers[name]
        if layer.computed and name not in computed:
            continue
        frame = store.query(name, query)
        metric = store.metric_of(name, frame)
        verdict = verdicts(metric, frame["accuracy_m"].to_numpy(dtype=float), area)
        known_place = ~(metric.isna() | metric.is_empty).to_numpy()
        touched = (verdict > Verdict.OUTSIDE) & known_place
        if not touched.any():
            continue
        findings.append(_finding(layer, frame, metric, verdict, touched, area))
        records += [
            (name, str(id_), int(v)) for id_, v in zip(frame.index[touched], verdict[touched], strict=True)
        ]
    outline = shape.line_metric().length / 1000
    return Report(
        kind=shape.kind,
        area_km2=area.area / 1e6,
        outline_km=outline,
        findings=tuple(findings),
        records=tuple(records),
    )


def _finding(
    layer: Layer, frame: gpd.GeoDataFrame, metric: gpd.GeoSeries, verdict: Any, touched: Any, area: Any
) -> Finding:
    inside, unsure = (verdict == Verdict.INSIDE) & touched, (verdict == Verdict.UNSURE) & touched
    length = float(length_inside_km(metric[touched], area).sum()) if layer.geometry == "line" else None
    addable = [field for field in layer.fields if field.sum] if layer.geometry in ("point", "mixed") else []
    doubtful = ((verdict == Verdict.UNSURE) | (verdict == Verdict.PARTLY)) & touched
    return Finding(
        layer=layer.id,
        inside=int(inside.sum()),
        partly=int((verdict == Verdict.PARTLY).sum()),
        unsure=int(unsure.sum()),
        length_km=length,
        sums=tuple(_sum(field, frame, inside, doubtful) for field in addable),
    )


def _sum(field: Field, frame: gpd.GeoDataFrame, inside: Any, unsure: Any) -> Sum:
    """The sum of a field; a part is left out where its whole is there and brings a figure of its own."""
    column = frame[field.id].to_numpy(dtype=float)
    known = ~np.isnan(column)
    if "part_of" in frame:
        ids, whole = frame.index.tolist(), frame["part_of"].tolist()
        inside, unsure = (
            inside & counted(ids, whole, inside & known),
            unsure & counted(ids, whole, (inside | unsure) & known),
        )
    dead = frame["state"].isin(lifecycle.FINAL_STATES).to_numpy()
    given_up = float(column[(inside | unsure) & known & dead].sum())
    inside, unsure = inside & ~dead, unsure & ~dead
    return Sum(
        field=field.id,
        inside=float(column[inside & known].sum()),
        maybe=float(column[unsure & known].sum()),
        known=int((inside & known).sum()),
        unknown=int((inside & ~known).sum()),
        given_up=given_up,
    )


def by_class(
    store: Store, result: Report, layer_id: str, query: Query | None = None
) -> list[tuple[str, int, int, int]]:
    """The findings of a layer by the classes of its style: (value, records inside, cut, unsure)."""
    field = store.catalogue.layers[layer_id].style.field
    if not field or not store.catalogue.fields[field].vocabulary:
        return []
    column = store.query(layer_id, query or Query())[field].fillna("")
    found = [(str(column[id_]), v) for layer, id_, v in result.records if layer == layer_id]
    values = [*store.catalogue.layers[layer_id].style.classes, ""]

    def count(value: str, verdict: Verdict) -> int:
        return found.count((value, verdict))

    told_apart = (Verdict.INSIDE, Verdict.PARTLY, Verdict.UNSURE)
    inside, partly, unsure = ([count(value, verdict) for value in values] for verdict in told_apart)
    return [row for row in zip(values, inside, partly, unsure, strict=True) if any(row[1:])]


def table(store: Store, name: str, frame: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Records of a layer or register as a person reads them: a column a field, words for values.

    Numbers stay numbers, what is unknown is empty. The index is the id.
    """
    words, held = Words(language), store.catalogue.tables[name]
    records = as_dicts(frame)
    columns: dict[str, Any] = (
        {words("table.name"): frame[f"name_{language}"].to_numpy()} if held.named else {}
    )
    for field in held.fields:
        title = words.unit(field)
        if field.hidden:
            continue
        if field.kind in ("number", "integer", "year"):
            figures = frame[field.id].astype(float)
            whole = field.kind != "number" or not np.any(figures.dropna().to_numpy() % 1)
            columns[title] = figures.astype("Int64") if whole else figures.to_numpy()
        else:
            columns[title] = [value_in_words(field, row, words, store) for row in records]
    return pd.DataFrame(columns, index=frame.index)


def with_places(rows: pd.DataFrame, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """A table with two more columns, `lon` and `lat` (WGS 84 degrees), where some records are points.

    A line or an area among points is given by where its symbol stands.
    """
    if "Point" not in set(frame.geom_type):
        return rows
    points = frame.geometry.map(lambda shape: shape if shape is None or shape.is_empty else mark_of(shape))
    return rows.assign(lon=points.x.round(5).to_numpy(), lat=points.y.round(5).to_numpy())


def records_inside(
    store: Store, result: Report, language: Language, query: Query | None = None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """For each layer found, its title and the table of its records there, with the verdict in words."""
    words = Words(language)
    for finding in result.findings:
        verdict = {id_: v for layer, id_, v in result.records if layer == finding.layer}
        frame = store.query(finding.layer, query or Query()).loc[list(verdict)]
        rows = table(store, finding.layer, frame, language)
        rows.insert(
            1,
            words("report.verdict"),
            [words(f"verdict.{Verdict(v).name.lower()}") for v in verdict.values()],
        )
        yield store.catalogue.layers[finding.layer].title[language], rows


def as_xlsx(sheets: list[tuple[str, pd.DataFrame]]) -> bytes:
    """A workbook with one sheet a table; text is never taken for a formula."""
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": options}) as book:
        for number, (title, rows) in enumerate(sheets, start=1):
            name = f"{number} " + "".join(ch for ch in title if ch not in "[]:*?/\\'")[:27].strip()
            rows.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 1))
            book.sheets[name].autofit(max_width=420)
    return buffer.getvalue()


def as_csv(rows: pd.DataFrame, language: Language) -> bytes:
    """UTF-8 with a mark that spreadsheets know; Russian spreadsheets expect ";" and a decimal comma."""
    guarded = rows.map(lambda v: f"'{v}" if isinstance(v, str) and v[:1] in "=+-@\t\r" else v)
    marks = {"sep": ";", "decimal": ","} if language == "ru" else {"sep": ",", "decimal": "."}
    text: str = guarded.to_csv(index=False, lineterminator="\r\n", **marks)  # type: ignore[call-overload]
    return text.encode("utf-8-sig")


def as_geojson(store: Store, frame: gpd.GeoDataFrame) -> bytes:
    """Records as they are stored (EPSG:4326, all columns), with the names of their sources."""
    sources = store.catalogue.sources
    named = frame.drop(columns=[column for column in ("id", "state") if column in frame])
    cited = frame["source_id"].map(lambda ids: "; ".join(sources[i].title.en for i in ids.split(";")))
    return bytes(named.assign(source=cited).to_json(na="null", drop_id=False, ensure_ascii=False).encode())
