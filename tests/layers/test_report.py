"""What lies inside a shape: against a naive count, told apart, and as files that open again."""

import csv
import io
import json
import math
import re
import zipfile
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import WORKING
from geo.errors import ShapeError
from geo.lifecycle import FINAL_STATES
from geo.selection import Verdict
from geo.shape import Shape
from layers.catalog import LANGUAGES, Catalogue, Language
from layers.feature import drawn, mark_of
from layers.query import Condition, Query
from layers.report import (
    Finding,
    Report,
    Sum,
    _sum,
    as_csv,
    as_geojson,
    as_xlsx,
    by_class,
    records_inside,
    report,
    table,
    with_places,
)
from layers.store import EmbeddedStore, embedded
from layers.text import Words

TOMSK = Shape("circle", ((84.95, 56.48),), 30_000.0)
WEST, EAST = (
    Shape("polygon", ((a, 56.2), (b, 56.2), (b, 57.2), (a, 57.2))) for a, b in ((84.3, 85.3), (85.3, 86.3))
)
BOTH = Shape("polygon", ((84.3, 56.2), (85.3, 56.2), (86.3, 56.2), (86.3, 57.2), (85.3, 57.2), (84.3, 57.2)))
FILES = [
    Shape("circle", ((84.95, 56.48),), 30_000.0),
    Shape("line", ((84.95, 56.48), (86.15, 56.99)), 3000.0),
    WEST,
]


def result(shape: Shape, query: Query | None = None) -> Report:
    return report(embedded(), shape, query or Query())


@given(st.floats(83.5, 87), st.floats(56, 57.5), st.floats(500, 120_000), st.sampled_from([None, 2012, 2018]))
@settings(max_examples=15)
def test_counts_and_sums_agree_with_a_naive_count(
    lon: float, lat: float, radius_m: float, year: int | None
) -> None:
    shape, query, store = Shape("circle", ((lon, lat),), radius_m), Query(year=year), embedded()
    area, told = shape.area_metric(), report(store, shape, query)
    for name, layer in store.catalogue.layers.items():
        if layer.computed:
            assert told.finding(name) is None
            continue
        frame = store.query(name, query)
        sides = naive_sides(frame, area)
        finding = told.finding(name)
        if not any(sides.values()):
            assert finding is None, name
            continue
        assert finding is not None, name
        edge = 1 if len(frame) < 100 else 2
        found = (finding.inside, finding.partly, finding.unsure)
        assert found == pytest.approx([len(ids) for ids in sides.values()], abs=edge), name
        assert sum(found) == pytest.approx(sum(map(len, sides.values())), abs=edge), name
        lengths = frame.geometry.dropna().to_crs(WORKING).intersection(area).length
        if layer.geometry not in ("point", "mixed"):
            assert finding.sums == ()
            length_km = lengths.sum() / 1000 if layer.geometry == "line" else None
            assert finding.length_km == (None if length_km is None else pytest.approx(length_km, abs=1e-6))
            continue
        assert finding.length_km is None
        assert layer.geometry == "mixed" or finding.partly == 0
        assert_sums(finding, frame, told)


def naive_sides(frame: Any, area: Any) -> dict[Verdict, list[str]]:
    """The records of a layer by their side of the boundary, one by one."""
    sides: dict[Verdict, list[str]] = {v: [] for v in (Verdict.INSIDE, Verdict.PARTLY, Verdict.UNSURE)}
    for id_, geometry in frame.geometry.to_crs(WORKING).items():
        if geometry is None:
            continue
        accuracy_m = max(frame.loc[id_, "accuracy_m"], 0.001) * 0.9999
        disc = geometry.buffer(accuracy_m, quad_segs=64)
        if area.covers(geometry) and area.boundary.disjoint(disc):
            sides[Verdict.INSIDE].append(id_)
        elif area.intersects(disc):
            band = area.boundary.buffer(accuracy_m)
            kept = [geometry.intersection(area), geometry.difference(area)]
            cut = geometry.geom_type != "Point" and not any(p.difference(band).is_empty for p in kept)
            sides[Verdict.PARTLY if cut else Verdict.UNSURE].append(id_)
    return sides


def assert_sums(finding: Finding, frame: Any, told: Report) -> None:
    """The sums of a finding against a count of its records one by one; what is cut may be there or not."""
    inside, unsure = (
        [i for n, i, w in told.records if n == finding.layer and w in sides]
        for sides in ((Verdict.INSIDE,), (Verdict.UNSURE, Verdict.PARTLY))
    )
    for total in finding.sums:
        figure = frame[total.field]
        known = [i for i in inside + unsure if not math.isnan(figure[i])]
        whole = frame["part_of"] if "part_of" in frame else pd.Series(None, index=frame.index, dtype=object)
        sure = [i for i in inside if not (whole[i] in known and whole[i] in inside)]
        maybe = [i for i in unsure if whole[i] not in known]
        live = [i for i in sure if frame["state"][i] not in FINAL_STATES]
        dead = [i for i in sure + maybe if frame["state"][i] in FINAL_STATES]
        assert total.inside == pytest.approx(figure[live].sum())
        assert total.known == figure[live].notna().sum()
        assert total.unknown == figure[live].isna().sum()
        assert total.maybe == pytest.approx(figure[[i for i in maybe if i not in dead]].sum())
        assert total.given_up == pytest.approx(figure[dead].sum())


def family(store: EmbeddedStore, whole: float, where: str, states: str = "bbb") -> Sum:
    """The jobs of a whole and its parts (10 and 20): each (i)nside, (u)nsure or out; (b)uilt or given up."""
    state = {"b": "built", "c": "cancelled", "p": "postponed"}
    frame: Any = pd.DataFrame(
        {
            "jobs": [whole, 10.0, 20.0],
            "part_of": [None, "whole", "whole"],
            "state": [state[letter] for letter in states],
        },
        index=["whole", "one", "other"],
    )
    masks = (np.array([letter == side for letter in where]) for side in "iu")
    return _sum(store.catalogue.fields["jobs"], frame, *masks)


@pytest.mark.parametrize(
    ("whole", "where", "inside", "maybe", "unknown"),
    [
        (100.0, "iii", 100.0, 0.0, 0),
        (math.nan, "iii", 30.0, 0.0, 1),
        (100.0, "-ii", 30.0, 0.0, 0),
        (100.0, "i--", 100.0, 0.0, 0),
        (100.0, "uii", 30.0, 100.0, 0),
        (100.0, "uiu", 10.0, 100.0, 0),
        (100.0, "iuu", 100.0, 0.0, 0),
        (100.0, "-iu", 10.0, 20.0, 0),
    ],
    ids=[
        "whole there",
        "whole without a figure",
        "whole elsewhere",
        "parts elsewhere",
        "whole unsure",
        "whole and a part unsure",
        "parts unsure",
        "whole elsewhere, a part unsure",
    ],
)
def test_a_part_is_not_counted_beside_its_whole(
    store: EmbeddedStore, whole: float, where: str, inside: float, maybe: float, unknown: int
) -> None:
    """What is surely there is left out only when its whole is surely there as well."""
    told = family(store, whole, where)
    assert (told.inside, told.maybe, told.unknown, told.given_up) == (inside, maybe, unknown, 0.0)


@pytest.mark.parametrize(
    ("whole", "where", "states", "expected"),
    [
        (100.0, "i--", "c--", (0.0, 0.0, 0, 0, 100.0)),
        (100.0, "u--", "p--", (0.0, 0.0, 0, 0, 100.0)),
        (math.nan, "i--", "c--", (0.0, 0.0, 0, 0, 0.0)),
        (math.nan, "iiu", "bbc", (10.0, 0.0, 1, 1, 20.0)),
        (100.0, "-ii", "bcp", (0.0, 0.0, 0, 0, 30.0)),
        (100.0, "iii", "ccc", (0.0, 0.0, 0, 0, 100.0)),
        (100.0, "iii", "bcb", (100.0, 0.0, 1, 0, 0.0)),
    ],
)
def test_what_is_given_up_is_told_apart(
    store: EmbeddedStore, whole: float, where: str, states: str, expected: tuple[float, ...]
) -> None:
    told = family(store, whole, where, states.replace("-", "b"))
    assert (told.inside, told.maybe, told.known, told.unknown, told.given_up) == expected


SOUTH = Shape("polygon", ((85.6, 56.5), (86.2, 56.5), (86.2, 56.82), (85.6, 56.82)))
"""Holds the southern half of the line of the road from Kamayevka, whose cost is known."""
ROAD = "road-kamayevka-asino-pervomayskoye"


def test_what_the_shape_cuts_is_perhaps_in_the_sums(store: EmbeddedStore) -> None:
    told = result(SOUTH)
    assert ("projects", ROAD, int(Verdict.PARTLY)) in told.records
    finding, frame = told.finding("projects"), store.query("projects", Query())
    assert finding is not None
    assert finding.partly == [v for n, _, v in told.records if n == "projects"].count(Verdict.PARTLY) > 0
    assert finding.length_km is None
    assert_sums(finding, frame, told)
    cost = next(total for total in finding.sums if total.field == "cost_mln_rub")
    own = frame["cost_mln_rub"][ROAD]
    assert own > 0
    assert cost.maybe >= own
    whole = Shape("polygon", ((85.3, 56.4), (86.6, 56.4), (86.6, 57.3), (85.3, 57.3)))
    there = result(whole).finding("projects")
    assert there is not None
    assert next(total for total in there.sums if total.field == "cost_mln_rub").inside >= own


def one_cut(data_folder: Any, status: str) -> tuple[EmbeddedStore, Report]:
    """A report in which nothing is found but one project, of RUB 1000.5 million, that the shape cuts."""
    data_folder.change("projects.csv", ROAD, status=status, cost_mln_rub="1000.5", jobs="")
    other = EmbeddedStore(Catalogue(data_folder.folder))
    query = Query(conditions=(Condition(field="cost_mln_rub", low=1000.5, high=1000.5),))
    return other, report(other, SOUTH, query)


@pytest.mark.parametrize(
    ("status", "maybe", "given_up"), [("built", 1000.5, 0.0), ("cancelled", 0.0, 1000.5)]
)
def test_the_figure_of_a_cut_record_is_told_once(
    data_folder: Any, status: str, maybe: float, given_up: float
) -> None:
    """It is inside, or perhaps, or given up: never two of them."""
    _, told = one_cut(data_folder, status)
    finding = told.finding("projects")
    assert finding is not None
    assert (finding.inside, finding.partly, finding.unsure) == (0, 1, 0)
    cost = next(total for total in finding.sums if total.field == "cost_mln_rub")
    assert (cost.inside, cost.known, cost.unknown) == (0.0, 0, 0)
    assert (cost.maybe, cost.given_up) == (maybe, given_up)


RANK = {Verdict.OUTSIDE: 0, Verdict.UNSURE: 1, Verdict.PARTLY: 1, Verdict.INSIDE: 2}


def test_what_is_inside_a_half_is_inside_the_whole() -> None:
    whole, halves = result(BOTH), (result(WEST), result(EAST))
    assert sum(half.area_km2 for half in halves) == pytest.approx(whole.area_km2, rel=1e-3)
    verdicts = {(layer, id_): verdict for layer, id_, verdict in whole.records}
    for half in halves:
        for layer, id_, verdict in half.records:
            if layer != "agglomeration":
                assert RANK[verdicts[layer, id_]] >= RANK[verdict] or verdict == Verdict.UNSURE, id_
    for layer in ("settlements", "projects", "park_medical"):
        parts = [half.finding(layer) for half in halves]
        one = whole.finding(layer)
        assert one is not None
        assert one.inside >= sum(part.inside for part in parts if part)
        for i, total in enumerate(one.sums):
            sums = [part.sums[i] for part in parts if part]
            assert sum(s.inside for s in sums) <= total.inside + 1e-6
            assert total.inside <= sum(s.inside + s.maybe for s in sums) + 1e-6


def test_road_kilometres_of_the_halves_add_up() -> None:
    for layer in ("roads", "railways", "asino_road"):
        lengths = [
            finding.length_km or 0.0 if (finding := result(shape).finding(layer)) else 0.0
            for shape in (WEST, EAST, BOTH)
        ]
        assert lengths[0] + lengths[1] == pytest.approx(lengths[2], rel=1e-3), layer


def test_the_region_holds_the_census(store: EmbeddedStore) -> None:
    whole = Shape("polygon", ((74, 55), (90, 55), (90, 61.5), (74, 61.5)))
    with pytest.raises(ShapeError):
        result(Shape("polygon", ((60, 45), (110, 45), (110, 70), (60, 70))))
    found = result(whole).finding("districts")
    assert found is not None
    assert (found.inside, found.partly, found.unsure) == (20, 0, 0)
    assert found.sums == ()
    people = result(whole).finding("settlements")
    assert people is not None
    assert people.sums[0].inside == store.features("settlements")["population"].sum()


def test_a_district_that_the_shape_cuts_is_told() -> None:
    found = result(TOMSK).finding("districts")
    assert found is not None
    assert found.partly >= 1
    assert found.sums == ()


def test_the_unknown_is_counted_and_is_no_zero(store: EmbeddedStore) -> None:
    found = result(TOMSK).finding("projects")
    assert found is not None
    jobs = next(total for total in found.sums if total.field == "jobs")
    assert jobs.unknown > 0
    frame = store.features("projects")
    ids = [i for n, i, v in result(TOMSK).records if (n, v) == ("projects", Verdict.INSIDE)]
    wholes = {i for i in ids if not math.isnan(frame["jobs"][i])}
    live = [i for i in ids if frame["status"][i] not in FINAL_STATES and frame["part_of"][i] not in wholes]
    assert jobs.known + jobs.unknown == len(live) < found.inside
    rows = dict(records_inside(store, result(TOMSK), "ru"))["Проектные площадки"]
    assert rows["Рабочие места"].isna().sum() >= jobs.unknown


def test_a_record_without_a_place_is_in_no_shape(data_folder: Any) -> None:
    data_folder.change(
        "settlements.csv", "tomsk", lon="", lat="", accuracy_m="", position_status="unverified"
    )
    other = EmbeddedStore(Catalogue(data_folder.folder))
    told = report(other, TOMSK, Query())
    assert ("settlements", "tomsk") not in [(layer, id_) for layer, id_, _ in told.records]
    assert ("settlements", "tomsk") in [(layer, id_) for layer, id_, _ in result(TOMSK).records]


def test_filters_hold_in_a_report() -> None:
    query = Query(conditions=(Condition(field="park", values=("medical",)),))
    told, bare = result(TOMSK, query), result(TOMSK)
    assert told.finding("park_sport") is None
    assert told.finding("park_medical") == bare.finding("park_medical")
    some, all_ = told.finding("projects"), bare.finding("projects")
    assert some is None or (all_ is not None and some.inside < all_.inside)


def test_measures_of_the_shape_itself() -> None:
    told = result(TOMSK)
    assert told.kind == "circle"
    assert told.area_km2 == pytest.approx(math.pi * 900, rel=2e-3)
    assert told.outline_km == pytest.approx(2 * math.pi * 30, rel=2e-3)
    road = result(FILES[1])
    assert road.outline_km == pytest.approx(LINE_KM, rel=2e-3)


LINE_KM = shapely.length(FILES[1].line_metric()) / 1000


def test_findings_and_records_agree() -> None:
    for shape in FILES:
        told = result(shape)
        for finding in told.findings:
            verdicts = [v for layer, _, v in told.records if layer == finding.layer]
            assert verdicts.count(Verdict.INSIDE) == finding.inside
            assert verdicts.count(Verdict.UNSURE) == finding.unsure
            assert verdicts.count(Verdict.PARTLY) == finding.partly
            assert len(verdicts) == finding.inside + finding.partly + finding.unsure > 0
        assert {layer for layer, *_ in told.records} == {finding.layer for finding in told.findings}


def test_far_from_everything_nothing_is_found() -> None:
    assert result(Shape("circle", ((94.5, 63.5),), 1000.0)).findings == ()


# --- tables and files -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_has_every_field_and_every_record(store: EmbeddedStore, language: Language) -> None:
    words = Words(language)
    for name, held in store.catalogue.tables.items():
        if not held.named:
            continue
        frame = store.records(name)
        rows = table(store, name, frame, language)
        fields = [field for field in held.fields if not field.hidden]
        assert not {"from_node", "to_node"} & {field.id for field in fields}
        assert list(rows.columns) == [words("table.name"), *(words.unit(field) for field in fields)]
        assert list(rows.index) == list(frame.index)
        assert list(rows[words("table.name")]) == list(frame[f"name_{language}"])
        for field in fields:
            column = rows[words.unit(field)]
            stored = frame[field.columns[0]]
            assert (column.isna().to_numpy() == stored.isna().to_numpy()).all(), field.id
            if field.kind in ("number", "integer", "year"):
                whole = field.kind != "number" or not (stored.dropna() % 1).any()
                assert column.dtype == ("Int64" if whole else float), field.id
                assert (column.dropna() == stored.dropna()).all()
            if field.kind == "sources":
                titles = [
                    [store.catalogue.sources[i].title[language] for i in ids.split(";")] for ids in stored
                ]
                assert list(column) == ["; ".join(each) for each in titles]
            assert not {"nan", "None"} & set(column.dropna().astype(str))


def test_records_without_names_have_a_table_too(store: EmbeddedStore) -> None:
    words = Words("en")
    for name, held in store.catalogue.registers.items():
        if not held.named:
            rows = table(store, name, store.records(name), "en")
            assert list(rows.index) == list(store.records(name).index)
            assert {words.unit(field) for field in held.fields} <= set(rows.columns)


def test_references_are_names_in_a_table(store: EmbeddedStore) -> None:
    frame, participants = store.records("measures"), store.records("participants")
    rows = table(store, "measures", frame, "ru")
    title = store.catalogue.fields["performer"].title.ru
    for id_, ids in frame["performer"].items():
        names = "; ".join(participants.loc[ids.split(";"), "name_ru"]) if ids else None
        assert pd.isna(rows.loc[id_, title]) if names is None else rows.loc[id_, title] == names


def test_records_inside_carry_their_verdict(store: EmbeddedStore) -> None:
    told = result(TOMSK)
    sheets = list(records_inside(store, told, "en"))
    assert [title for title, _ in sheets] == [
        store.catalogue.layers[finding.layer].title.en for finding in told.findings
    ]
    for finding, (_, rows) in zip(told.findings, sheets, strict=True):
        assert list(rows["Inside?"]).count("inside") == finding.inside
        assert list(rows["Inside?"]).count("partly inside") == finding.partly
        assert len(rows) == finding.inside + finding.partly + finding.unsure


def test_classes_add_up_to_their_layer(store: EmbeddedStore) -> None:
    for shape in FILES:
        told = result(shape)
        for finding in told.findings:
            rows = by_class(store, told, finding.layer)
            field = store.catalogue.layers[finding.layer].style.field
            if field is None or not store.catalogue.fields[field].vocabulary:
                assert rows == []
                continue
            told_apart = [sum(row[place] for row in rows) for place in (1, 2, 3)]
            assert told_apart == [finding.inside, finding.partly, finding.unsure]
            assert all(any(row[1:]) for row in rows)
            order = [*store.catalogue.layers[finding.layer].style.classes, ""]
            assert [value for value, *_ in rows] == [v for v in order if v in {r[0] for r in rows}]


def test_what_is_cut_has_its_class_too(data_folder: Any) -> None:
    """By the word of `by_class` none is left out: a class whose only record is cut has its row."""
    other, told = one_cut(data_folder, "built")
    park = other.features("projects")["park"].fillna("")[ROAD]
    assert [value for value, *_ in by_class(other, told, "projects")] == [park]


def test_projects_are_told_by_their_park(store: EmbeddedStore) -> None:
    told, park = result(TOMSK), store.features("projects")["park"]
    naive = {
        (value, *(ids.count(verdict) for verdict in (Verdict.INSIDE, Verdict.PARTLY, Verdict.UNSURE)))
        for value in {*park.fillna("")}
        if (ids := [v for n, i, v in told.records if n == "projects" and (park.fillna("")[i] == value)])
    }
    assert set(by_class(store, told, "projects")) == naive
    assert len(naive) > 3


def test_points_are_taken_with_their_places(store: EmbeddedStore) -> None:
    for name, layer in store.catalogue.layers.items():
        if layer.geometry == "raster":  # it has a place everywhere and no records
            continue
        frame = store.features(name)
        bare = table(store, name, frame, "en")
        rows = with_places(bare, frame)
        pointed = layer.geometry in ("point", "mixed")
        if layer.computed:  # what is found may be areas alone
            pointed &= any(place.geom_type == "Point" for place in frame.geometry)
        if not pointed:
            assert list(rows.columns) == list(bare.columns)
            continue
        assert list(rows.columns) == [*bare.columns, "lon", "lat"]
        for id_, place in frame.geometry.items():
            lon, lat = rows.loc[id_, ["lon", "lat"]]
            if place is None:
                assert math.isnan(lon)
                assert math.isnan(lat)
            else:
                mark = mark_of(place)
                assert (lon, lat) == pytest.approx((mark.x, mark.y), abs=1e-5)


def test_lines_and_areas_among_points_are_given_by_their_symbol(store: EmbeddedStore) -> None:
    frame = store.features("projects")
    rows = with_places(table(store, "projects", frame, "en"), frame)
    features = drawn(store, store.catalogue.layers["projects"], Query(), "en")["features"]
    marks = {f["id"]: f["properties"]["p"] for f in features if "p" in f["properties"]}
    spread = frame.index[frame.geom_type.isin(["LineString", "MultiLineString", "Polygon"])]
    assert list(marks) == list(spread)
    for id_, mark in marks.items():
        assert list(rows.loc[id_, ["lon", "lat"]]) == pytest.approx(mark, abs=1e-5)


def test_lines_alone_are_taken_without_places(store: EmbeddedStore) -> None:
    frame = store.features("projects")
    lines: Any = frame[frame.geom_type.isin(["LineString", "MultiLineString", "Polygon"])]
    rows = table(store, "projects", lines, "en")
    assert list(with_places(rows, lines).columns) == list(rows.columns)


def test_whole_numbers_are_written_whole(store: EmbeddedStore) -> None:
    rows = table(store, "projects", store.features("projects"), "ru")
    lines = list(csv.DictReader(io.StringIO(as_csv(rows, "ru").decode("utf-8-sig")), delimiter=";"))
    for title in ("Рабочие места", "Начало работ"):
        written = {line[title] for line in lines}
        assert len(written) > 3
        assert all(text == "" or text.isdecimal() for text in written), title


def workbook(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        return {name: book.read(name).decode() for name in book.namelist()}


def test_a_workbook_has_a_sheet_a_table_and_every_row(store: EmbeddedStore) -> None:
    told = list(records_inside(store, result(TOMSK), "ru"))
    parts = workbook(as_xlsx(told))
    titles = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])
    assert len(titles) == len(told)
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= 31 for title in titles)
    for number, (_, rows) in enumerate(told, start=1):
        sheet = parts[f"xl/worksheets/sheet{number}.xml"]
        assert sheet.count("<row ") == len(rows) + 1
        assert "<f>" not in sheet
    shared = parts["xl/sharedStrings.xml"]
    assert all(name.replace("&", "&amp;") in shared for _, rows in told for name in rows["Название"])


HOSTILE = ['=HYPERLINK("http://x","y")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "plain", "a=b"]


def test_text_is_never_a_formula_in_a_workbook() -> None:
    parts = workbook(
        as_xlsx([("a/b:c*[d]?\\'" * 9, pd.DataFrame({"Текст": HOSTILE, "n": [1.5] * len(HOSTILE)}))])
    )
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert "HYPERLINK" in parts["xl/sharedStrings.xml"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_is_never_a_formula_in_csv(language: Language) -> None:
    data = as_csv(pd.DataFrame({"Текст": HOSTILE, "n": [-1.5] * len(HOSTILE)}), language)
    assert data.startswith(b"\xef\xbb\xbf")
    reader = csv.reader(
        io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter={"ru": ";", "en": ","}[language]
    )
    header, *rows = list(reader)
    assert header == ["Текст", "n"]
    assert [row[0] for row in rows] == [f"'{text}" for text in HOSTILE[:5]] + HOSTILE[5:]
    assert {row[1] for row in rows} == {{"ru": "-1,5", "en": "-1.5"}[language]}


def test_a_carriage_return_breaks_no_row_of_csv() -> None:
    data = as_csv(pd.DataFrame({"a": ["one\rtwo"], "b": ["three"]}), "en").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(data, newline=""))) == [["a", "b"], ["one\rtwo", "three"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_csv_is_read_back(store: EmbeddedStore, language: Language) -> None:
    rows = table(store, "projects", store.features("projects"), language)
    marks: dict[str, Any] = {"sep": ";", "decimal": ","} if language == "ru" else {}
    again = pd.read_csv(io.BytesIO(as_csv(rows, language)), encoding="utf-8-sig", **marks)
    assert list(again.columns) == list(rows.columns)
    assert len(again) == len(rows)
    cost = Words(language).unit(store.catalogue.fields["cost_mln_rub"])
    assert np.allclose(again[cost], rows[cost], equal_nan=True)
    assert list(again.iloc[:, 0]) == list(rows.iloc[:, 0])


@pytest.mark.parametrize("name", ["projects", "roads", "districts"])
def test_geojson_is_read_back(store: EmbeddedStore, name: str, tmp_path: Any) -> None:
    frame = store.query(name, Query())
    data = as_geojson(store, frame)
    collection = json.loads(data)
    assert [feature["id"] for feature in collection["features"]] == list(frame.index)
    path = tmp_path / "taken.geojson"
    path.write_bytes(data)
    again = gpd.read_file(path)
    assert len(again) == len(frame)
    assert again.crs.to_epsg() == 4326
    assert (again.geometry.isna().to_numpy() == frame.geometry.isna().to_numpy()).all()
    known = frame.geometry.notna().to_numpy()
    ours, theirs = (f.geometry.to_numpy()[known] for f in (frame, again))
    assert shapely.equals_exact(ours, theirs, tolerance=1e-9).all()
    for feature in collection["features"]:
        properties = feature["properties"]
        record = frame.loc[feature["id"]]
        ids = record["source_id"].split(";")
        assert properties["source"] == "; ".join(store.catalogue.sources[i].title.en for i in ids)
        assert properties["name_ru"] == record["name_ru"]
        assert "state" not in properties
        if name == "projects":
            cost = record["cost_mln_rub"]
            assert properties["cost_mln_rub"] == (None if np.isnan(cost) else cost)
