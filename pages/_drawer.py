"""What lies below the map: the table of a layer, or the report on the drawn shape."""

import json
from typing import Any, get_args

import geopandas as gpd
import pandas as pd
import streamlit as st

from geo.errors import ShapeError
from geo.shape import Shape, to_degrees
from layers import report as reports
from layers.catalog import Layer
from layers.query import Query
from layers.text import Words
from layers.view import Panel, View
from pages import _shell
from pages._panel import choose

_ICONS = {"none": ":material/map:", "table": ":material/table_rows:", "report": ":material/summarize:"}
_ROWS_HEIGHT = 300


def drawer(view: View, words: Words) -> None:
    """The bar under the map, and what it opens."""
    with st.container(horizontal=True, vertical_alignment="center", key="bar"):
        key = _shell.held("panel", view.panel)
        st.segmented_control(
            words("bottom.label"), get_args(Panel), key=key, required=True, label_visibility="collapsed",
            format_func=lambda panel: f"{_ICONS[panel]} {words(f'bottom.{panel}')}",
            on_change=_shell.changing(key, lambda v, panel: v.model_copy(update={"panel": panel})),
        )  # fmt: skip
        store = _shell.store()
        shown = sum(len(store.query(placed.id, view.query)) for placed in view.layers)
        st.caption(words.count("bottom.shown", shown))
    if view.panel != "none":
        with st.container(key="drawer"):
            (_table if view.panel == "table" else _report)(view, words)


# --- table ------------------------------------------------------------------------------------------


def _table(view: View, words: Words) -> None:
    store = _shell.store()
    names = [placed.id for placed in reversed(view.layers)]
    if not names:
        st.info(words("bottom.no_layers"))
        return
    picked = (view.selected or "").partition("/")[0]
    if picked in names and st.session_state.get("table_followed") != view.selected:
        st.session_state["table_layer"] = picked
    st.session_state["table_followed"] = view.selected
    if st.session_state.get("table_layer") not in names:
        st.session_state["table_layer"] = names[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            words("bottom.layer"),
            names,
            key="table_layer",
            format_func=lambda n: store.catalogue.layers[n].title[words.language],
            width=380,
        )
        layer = store.catalogue.layers[name]
        frame = store.query(name, view.query)
        _downloads(layer, frame, words)
    total = len(frame if layer.computed else store.features(name))
    st.caption(
        words.count("bottom.records", len(frame))
        + (" · " + words("bottom.of_total", shown=len(frame), total=total) if len(frame) < total else "")
        + " · "
        + words("bottom.hint")
    )
    if frame.empty:
        st.info(words("bottom.empty"))
        return
    _rows(layer, frame, view, words)


def _rows(layer: Layer, frame: gpd.GeoDataFrame, view: View, words: Words) -> None:
    picked_layer, _, picked = (view.selected or "").partition("/")
    if (
        picked_layer == layer.id
        and picked in frame.index
        and st.session_state.get("table_chose") != view.selected
    ):
        frame = frame.loc[
            [picked, *frame.index.drop(picked)]
        ]  # chosen on the map: brought to the top, in sight
    rows = reports.table(_shell.store(), layer.id, frame, words.language)
    ids = list(rows.index)
    marked = [ids.index(picked)] if picked_layer == layer.id and picked in ids else []
    key = f"rows_{layer.id}"
    if key not in st.session_state or list(st.session_state[key]["selection"]["rows"]) != marked:
        st.session_state[key] = {"selection": {"rows": marked, "columns": [], "cells": []}}

    def selected() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        if chosen:
            st.session_state["table_chose"] = f"{layer.id}/{ids[chosen[0]]}"
            choose(st.session_state["table_chose"])
        else:
            _shell.show(_shell.now().model_copy(update={"selected": None}))

    st.dataframe(
        rows, key=key, hide_index=True, height=_ROWS_HEIGHT, selection_mode="single-row", on_select=selected,
        placeholder="", column_config=_column_config(layer, words), alt=layer.title[words.language],
    )  # fmt: skip


def _column_config(layer: Layer, words: Words) -> dict[str, Any]:
    """Figures in the reader's format; years without grouping."""
    config: dict[str, Any] = {words("table.name"): st.column_config.TextColumn(pinned=True, width=280)}
    for field in layer.fields:
        title = words.unit(field)
        if field.kind == "year":
            config[title] = st.column_config.NumberColumn(format="%d")
        elif field.kind in ("number", "integer"):
            config[title] = st.column_config.NumberColumn(format="localized")
        elif field.kind == "url":
            config[title] = st.column_config.LinkColumn()
    return config


def _downloads(layer: Layer, frame: gpd.GeoDataFrame, words: Words) -> None:
    store, language = _shell.store(), words.language
    title = layer.title[language]

    def rows() -> pd.DataFrame:
        return reports.with_places(reports.table(store, layer.id, frame, language), frame)

    made = {
        "csv": (
            lambda: reports.as_csv(rows(), language),
            "text/csv",
        ),
        "xlsx": (
            lambda: reports.as_xlsx([(title, rows())]),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        "geojson": (lambda: reports.as_geojson(store, frame), "application/geo+json"),
    }
    for kind, (data, mime) in made.items():
        st.download_button(
            words(f"bottom.{kind}"),
            data=data,
            file_name=f"{layer.id}.{kind}",
            mime=mime,
            icon=":material/download:",
            key=f"take_{kind}",
            on_click="ignore",
            disabled=frame.empty,
        )


# --- report -----------------------------------------------------------------------------------------


def _report(view: View, words: Words) -> None:
    if view.shape is None:
        st.info(words("report.empty"), icon=":material/draw:")
        return
    try:
        on = [placed.id for placed in view.layers]
        result = reports.report(_shell.store(), view.shape, view.query, on)
    except ShapeError as fault:
        st.error(words(f"shape_fault.{fault.code}"))
        return
    _measures(view.shape, result, words)
    if not result.findings:
        st.info(words("report.nothing"))
        return
    totals = _totals(result, view.query, words)
    st.dataframe(totals, hide_index=True, placeholder="")
    notes = [words("report.explain")] + ([words("report.filtered")] if view.query.params() else [])
    st.caption(" ".join(notes))
    _report_downloads(view, result, totals, words)
    with st.expander(words("report.details")):
        for title, rows in reports.records_inside(_shell.store(), result, words.language, view.query):
            st.markdown(f"**{title}** · {words.count('bottom.records', len(rows))}")
            st.dataframe(rows, hide_index=True, placeholder="")


def _measures(shape: Shape, result: reports.Report, words: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="top"):
        st.metric(
            words("report.area"),
            words.number(result.area_km2, 2) + "\u00a0" + words("map.km2"),
            width="content",
        )
        st.metric(
            words("report.length" if shape.kind == "line" else "report.outline"),
            words.number(result.outline_km, 2) + "\u00a0" + words("map.km"),
            width="content",
        )
        people = result.finding("settlements")
        if people and people.sums:
            total = people.sums[0]
            st.metric(
                words("report.people"),
                words.number(total.inside, 0) if total.known else words("no_data"),
                help=words("report.people_note"),
                width="content",
                delta=_doubt(total, words),
                delta_color="off",
                delta_arrow="off",
            )
        if shape.kind == "line":
            _corridor(shape, words)


def _doubt(total: reports.Sum, words: Words) -> str | None:
    parts = []
    if total.maybe:
        parts.append(words("report.maybe", value=words.number(total.maybe, 1)))
    if total.given_up:
        parts.append(words("report.given_up", value=words.number(total.given_up, 1)))
    if total.unknown:
        parts.append(words.count("report.unknown", total.unknown))
    return "; ".join(parts) or None


def _corridor(shape: Shape, words: Words) -> None:
    key = _shell.held("corridor", int(shape.radius_m))

    def changed(v: View, metres: int) -> View:
        drawn = v.shape or shape
        return v.model_copy(update={"shape": Shape(drawn.kind, drawn.points, float(metres))})

    st.number_input(
        words("report.corridor"),
        10,
        50_000,
        step=100,
        key=key,
        on_change=_shell.changing(key, changed),
        width=240,
    )


def _totals(result: reports.Report, query: Query, words: Words) -> pd.DataFrame:
    catalogue, rows = _shell.store().catalogue, []
    for finding in result.findings:
        layer = catalogue.layers[finding.layer]
        row: dict[str, Any] = {
            words("report.layer"): layer.title[words.language],
            words("report.inside"): finding.inside,
            words("report.partly"): finding.partly,
            words("report.unsure"): finding.unsure,
        }
        length = finding.length_km
        row[words("report.length_inside")] = None if length is None else words.number(length, 2)
        for total in finding.sums:
            field = catalogue.fields[total.field]
            figure = words.quantity(total.inside, field.unit) if total.known else words("no_data")
            doubt = _doubt(total, words)
            row[words("report.sum", field=field.title[words.language].lower())] = (
                f"{figure} ({doubt})" if doubt else figure
            )
        rows.append(row)
        rows += _classes(result, finding.layer, query, words)
    return pd.DataFrame(rows)


def _classes(result: reports.Report, layer_id: str, query: Query, words: Words) -> list[dict[str, Any]]:
    """Rows under the row of a layer of points: its records by class, such as project sites by park."""
    catalogue = _shell.store().catalogue
    layer = catalogue.layers[layer_id]
    field = catalogue.fields.get(layer.style.field or "")
    if field is None or layer.geometry not in ("point", "mixed"):
        return []
    none = words("legend.other", field=field.title[words.language].lower())
    return [
        {
            words("report.layer"): f"\u2003{catalogue.word(field, value, words.language) if value else none}",
            words("report.inside"): inside,
            words("report.partly"): partly,
            words("report.unsure"): unsure,
        }
        for value, inside, partly, unsure in reports.by_class(_shell.store(), result, layer_id, query)
    ]


def _report_downloads(view: View, result: reports.Report, totals: pd.DataFrame, words: Words) -> None:
    store, language = _shell.store(), words.language
    with st.container(horizontal=True):
        st.download_button(
            words("report.as_book"),
            data=lambda: reports.as_xlsx(
                [
                    (words("report.sheet"), totals),
                    *reports.records_inside(store, result, language, view.query),
                ]
            ),
            file_name="report.xlsx",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            words("report.as_csv"),
            data=lambda: reports.as_csv(totals, language),
            file_name="report.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            words("report.as_map"),
            data=lambda: _shape_geojson(view.shape, result) if view.shape else "",
            file_name="shape.geojson",
            mime="application/geo+json",
            icon=":material/download:",
            on_click="ignore",
        )


def _shape_geojson(shape: Shape, result: reports.Report) -> str:
    outline = gpd.GeoSeries([to_degrees(shape.area_metric())], crs="EPSG:4326")
    collection = json.loads(outline.to_json())
    collection["features"][0]["properties"] = {
        "kind": shape.kind,
        "radius_m": shape.radius_m,
        "area_km2": round(result.area_km2, 4),
        "text": shape.text(),
    }
    return json.dumps(collection, ensure_ascii=False)
