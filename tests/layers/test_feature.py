"""Cards in the reader's words, and the thin GeoJSON of a layer."""

import json
import re
from typing import Any

import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from geo.shape import to_metric
from layers.catalog import LANGUAGES, Catalogue, Language
from layers.feature import PAGED, card, class_value, drawn, mark_of, placed, source_lines, value_in_words
from layers.query import Query
from layers.store import EmbeddedStore, UnknownFeature
from layers.text import Words

ABSENT = re.compile(r"\b(?:nan|NaN|None|NaT|null|inf)\b")


def everything(store: EmbeddedStore) -> list[tuple[str, str]]:
    """Every record but the sites of a search, which are told by `tests/layers/siting`."""
    layers = [name for name, layer in store.catalogue.layers.items() if layer.follows != "siting"]
    return [(name, id_) for name in layers for id_ in store.features(name).index]


def texts(value: Any) -> list[str]:
    """Every text in a card."""
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


@pytest.fixture(scope="module")
def cards(store: EmbeddedStore) -> dict[tuple[str, str, Language], dict[str, Any]]:
    return {(n, i, lang): card(store, n, i, lang) for n, i in everything(store) for lang in LANGUAGES}


def test_every_field_stands_on_the_card(
    store: EmbeddedStore, cards: dict[tuple[str, str, Language], dict[str, Any]]
) -> None:
    apart = {"source_id", "accuracy_m", "position_status", "as_of"}
    for (name, id_, language), shown in cards.items():
        of_layer, record = store.catalogue.layers[name].fields, store.features(name).loc[id_]
        fields = [
            field
            for field in of_layer
            if field.id not in apart
            and not field.hidden
            and not (field.remark and pd.isna(record[f"{field.id}_{language}"]))
        ]
        assert [row["label"] for row in shown["rows"]] == [field.title[language] for field in fields]


def test_the_unknown_is_said_and_nothing_else_is(
    store: EmbeddedStore, cards: dict[tuple[str, str, Language], dict[str, Any]]
) -> None:
    words = {"ru": "нет данных", "en": "no data"}
    unknown = 0
    for (name, id_, language), shown in cards.items():
        layer, record = store.catalogue.layers[name], store.features(name).loc[id_]
        fields = {f.title[language]: f for f in layer.fields}
        for row in shown["rows"]:
            field = fields[row["label"]]
            cell = record[f"{field.id}_{language}" if field.kind == "bilingual" else field.id]
            missing = bool(pd.isna(cell))
            assert row["known"] == (not missing), (id_, row)
            assert (row["value"] == words[language]) == missing, (id_, row)
            unknown += missing
    assert unknown > 100


def test_no_card_shows_what_only_a_machine_says(
    cards: dict[tuple[str, str, Language], dict[str, Any]],
) -> None:
    for key, shown in cards.items():
        for text in texts(shown):
            assert not ABSENT.search(text), (key, text)
            assert "<" not in text, (key, text)
        json.dumps(shown, allow_nan=False)


def test_closed_lists_are_said_in_words(
    store: EmbeddedStore, cards: dict[tuple[str, str, Language], dict[str, Any]]
) -> None:
    for (name, id_, language), shown in cards.items():
        values = {row["label"]: row["value"] for row in shown["rows"] if row["known"]}
        for field in store.catalogue.layers[name].fields:
            if field.kind == "choice" and field.title[language] in values:
                vocabulary = store.catalogue.vocabularies[field.vocabulary or ""]
                code = store.features(name).loc[id_, field.id]
                assert values[field.title[language]] == vocabulary[code][language]


def test_names_stand_in_both_languages(
    store: EmbeddedStore, cards: dict[tuple[str, str, Language], dict[str, Any]]
) -> None:
    for (name, id_, language), shown in cards.items():
        record = store.features(name).loc[id_]
        names = (record["name_ru"], record["name_en"])
        assert (shown["title"], shown["other"]) == (names if language == "ru" else names[::-1])


def test_every_card_names_its_sources(
    store: EmbeddedStore, cards: dict[tuple[str, str, Language], dict[str, Any]]
) -> None:
    for (name, id_, language), shown in cards.items():
        ids = store.features(name).loc[id_, "source_id"].split(";")
        assert [source["title"] for source in shown["sources"]] == [
            store.catalogue.sources[i].title[language] for i in ids
        ]
        for source, of_source in zip(shown["sources"], ids, strict=True):
            licence = store.catalogue.sources[of_source].licence
            words = store.catalogue.vocabularies["licence"][licence][language]
            assert source["facts"].split(" · ")[-1] == words
            assert source["href"] == "" or re.match(r"https?://", source["href"])


def test_links_are_addresses(cards: dict[tuple[str, str, Language], dict[str, Any]]) -> None:
    links = [row["href"] for shown in cards.values() for row in shown["rows"] if "href" in row]
    assert links
    assert all(re.match(r"https?://", link) for link in links)


def test_a_halo_holds_its_record_and_reaches_its_accuracy(
    store: EmbeddedStore, cards: dict[tuple[str, str, Language], dict[str, Any]]
) -> None:
    for (name, id_, language), shown in cards.items():
        if language == "en" or shown["halo"] is None:
            continue
        area, drawn_ = to_metric(shape(shown["halo"])), store.metric(name)[id_]
        accuracy_m = store.features(name).loc[id_, "accuracy_m"]
        slack_m = 2.0 + accuracy_m * 0.1
        assert area.buffer(slack_m).covers(drawn_), id_
        exterior = shapely.get_coordinates(area)
        reach = shapely.distance(shapely.points(exterior), drawn_)
        assert reach.max() == pytest.approx(accuracy_m, abs=slack_m), id_


def test_a_card_says_where_its_record_is(
    store: EmbeddedStore, cards: dict[tuple[str, str, Language], dict[str, Any]]
) -> None:
    for (name, id_, _), shown in cards.items():
        geometry = store.features(name).geometry[id_]
        if geometry is None:
            assert (shown["centre"], shown["bounds"], shown["halo"]) == (None, None, None)
            continue
        west, south, east, north = shown["bounds"]
        lon, lat = shown["centre"]["coordinates"]
        assert west - 1e-5 <= lon <= east + 1e-5
        assert south - 1e-5 <= lat <= north + 1e-5
        assert shown["pick"] == f"{name}/{id_}"


def test_a_record_without_a_place_says_so(data_folder: Any) -> None:
    data_folder.change(
        "bridges.csv", "communal-bridge", lon="", lat="", accuracy_m="", position_status="unverified"
    )
    other = EmbeddedStore(Catalogue(data_folder.folder))
    for language in LANGUAGES:
        shown = card(other, "bridges", "communal-bridge", language)
        assert shown["position"] == Words(language)("card.no_position")
        assert (shown["centre"], shown["bounds"], shown["halo"]) == (None, None, None)
        json.dumps(shown, allow_nan=False)


def test_figures_are_written_as_the_reader_writes_them(store: EmbeddedStore) -> None:
    runway = f"{store.features('airports').loc['tomsk-bogashevo', 'runway_m']:,.0f}"
    assert "," in runway
    for language, expected in (("ru", f"{runway}\u00a0м".replace(",", "\u00a0")), ("en", f"{runway}\u00a0m")):
        shown = card(store, "airports", "tomsk-bogashevo", language)  # type: ignore[arg-type]
        assert expected in [row["value"] for row in shown["rows"]]


def test_zero_and_no_are_known(store: EmbeddedStore) -> None:
    fields = store.catalogue.fields
    words = Words("en")
    assert value_in_words(fields["jobs"], {"jobs": 0.0}, words, store) == "0"
    assert value_in_words(fields["electrified"], {"electrified": False}, words, store) == words("no")
    assert value_in_words(fields["jobs"], {"jobs": float("nan")}, words, store) is None
    assert value_in_words(fields["jobs"], {}, words, store) is None


def test_a_district_is_said_by_its_name(store: EmbeddedStore) -> None:
    field = store.catalogue.fields["district"]
    names = store.features("districts")
    for language in LANGUAGES:
        said = value_in_words(field, {"district": "tomsky"}, Words(language), store)
        assert said == names.loc["tomsky", f"name_{language}"]


def test_a_whole_is_said_by_its_name(store: EmbeddedStore) -> None:
    frame, field = store.features("projects"), store.catalogue.fields["part_of"]
    parts = frame["part_of"].dropna()
    assert len(parts) > 3
    for id_, whole in parts.items():
        for language in LANGUAGES:
            said = value_in_words(field, store.record("projects", str(id_)), Words(language), store)
            assert said == frame.loc[whole, f"name_{language}"]


def test_references_are_said_by_the_names_of_their_records(
    store: EmbeddedStore, cards: dict[tuple[str, str, Language], dict[str, Any]]
) -> None:
    frame, several = store.features("projects"), 0
    for field in (store.catalogue.fields[name] for name in ("bodies", "instruments", "documents")):
        names = store.records(field.to or "")
        for id_, ids in frame[field.id].dropna().items():
            several += ";" in ids
            for language in LANGUAGES:
                said = {r["label"]: r["value"] for r in cards["projects", str(id_), language]["rows"]}
                expected = "; ".join(names.loc[part, f"name_{language}"] for part in ids.split(";"))
                assert said[field.title[language]] == expected
    assert several > 20


def test_references_of_a_register_are_said_in_words(store: EmbeddedStore) -> None:
    for name, register in store.catalogue.registers.items():
        for field in register.fields:
            if not field.to:
                continue
            names = store.records(field.to)
            for row in store.records(name).to_dict("records"):
                said = value_in_words(field, row, Words("en"), store)
                ids = row[field.id]
                assert said == (None if ids is None else "; ".join(names.loc[ids.split(";"), "name_en"]))


def test_a_reference_to_nothing_is_refused(store: EmbeddedStore) -> None:
    field = store.catalogue.fields["bodies"]
    with pytest.raises(UnknownFeature, match="participants/unheard"):
        value_in_words(field, {"bodies": "fano;unheard"}, Words("en"), store)


def test_only_a_project_has_a_page(cards: dict[tuple[str, str, Language], dict[str, Any]]) -> None:
    assert PAGED == "projects"
    paged = {name for (name, _, _), shown in cards.items() if shown["page"] is True}
    assert paged == {PAGED}
    assert {shown["page"] for shown in cards.values()} == {True, False}
    assert all(shown["page"] for (name, _, _), shown in cards.items() if name == PAGED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_stand_in_lines(store: EmbeddedStore, language: Language) -> None:
    catalogue, words = store.catalogue, Words(language)
    ids = list(catalogue.sources)
    lines = source_lines(catalogue, ids, words)
    assert [line["title"] for line in lines] == [catalogue.sources[id_].title[language] for id_ in ids]
    assert source_lines(catalogue, ids[:1], words) == lines[:1]
    assert source_lines(catalogue, [], words) == []
    for id_, line in zip(ids, lines, strict=True):
        source = catalogue.sources[id_]
        assert set(line) == {"title", "facts", "href"}
        assert line["facts"].startswith(catalogue.publisher(source, language))
        assert line["facts"].endswith(catalogue.licence(source, language))
        assert line["href"] == source.url


@pytest.mark.parametrize(
    ("layer", "id_"),
    [
        ("unheard", "x"),
        ("projects", "unheard"),
        ("bridges", "tomsk"),
        ("documents", "unheard"),
        ("documents", "rf-order-22-r-2015"),
    ],
)
def test_an_unknown_record_is_refused(store: EmbeddedStore, layer: str, id_: str) -> None:
    with pytest.raises(UnknownFeature):
        card(store, layer, id_, "ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_drawn_is_thin_and_sound(store: EmbeddedStore, language: Language) -> None:
    for name, layer in store.catalogue.layers.items():
        collection = drawn(store, layer, Query(), language)
        json.dumps(collection, allow_nan=False)
        frame = placed(store.features(name))
        assert [feature["id"] for feature in collection["features"]] == list(frame.index)
        for feature in collection["features"]:
            properties = feature["properties"]
            assert set(properties) <= {"n", "a", "c", "s", "z", "w", "p"}
            spread = layer.geometry == "mixed" and feature["geometry"]["type"] != "Point"
            assert ("p" in properties) == spread, feature["id"]
            assert properties["n"] == frame.loc[feature["id"], f"name_{language}"]
            assert ("c" in properties) == bool(layer.style.field)
            assert ("s" in properties) == bool(layer.style.state)
            if layer.style.field:
                assert properties["c"] in {"", *layer.style.classes}


def test_what_is_drawn_lies_where_the_record_lies(store: EmbeddedStore) -> None:
    for name, layer in store.catalogue.layers.items():
        frame = store.features(name)
        for feature in drawn(store, layer, Query(), "ru")["features"]:
            off = shapely.hausdorff_distance(shape(feature["geometry"]), frame.geometry[feature["id"]])
            assert off < 1e-5, feature["id"]


def test_the_symbol_of_a_line_or_an_area_stands_on_it(store: EmbeddedStore) -> None:
    layer, places = store.catalogue.layers["projects"], store.features("projects").geometry
    marked = {f["id"]: f["properties"]["p"] for f in drawn(store, layer, Query(), "en")["features"]
              if "p" in f["properties"]}  # fmt: skip
    kinds = {places[id_].geom_type for id_ in marked}
    assert {"LineString", "MultiLineString", "Polygon"} == kinds
    for id_, place in marked.items():
        lon, lat = place
        assert place == [round(lon, 5), round(lat, 5)]
        assert shapely.Point(lon, lat).distance(places[id_]) < 1e-5, id_


L, AREA = shapely.LineString, shapely.box(0, 0, 4, 2)
HORSESHOE = shapely.Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (1, 1), (1, 9), (0, 9)])


@pytest.mark.parametrize(
    ("geometry", "expected"),
    [
        (shapely.Point(3, 4), (3, 4)),
        (L([(0, 0), (10, 0)]), (5, 0)),
        (L([(0, 0), (1, 0), (9, 0), (10, 0)]), (5, 0)),
        (L([(0, 0), (0, 6), (2, 6)]), (0, 4)),
        (shapely.MultiLineString([[(0, 0), (4, 0)], [(4, 0), (10, 0)]]), (5, 0)),
        (shapely.MultiLineString([[(4, 0), (10, 0)], [(0, 0), (4, 0)]]), (5, 0)),
        (shapely.MultiLineString([[(4, 0), (0, 0)], [(4, 0), (10, 0)]]), (5, 0)),
        (AREA, (2, 1)),
    ],
)
def test_a_symbol_stands_in_the_middle(geometry: shapely.Geometry, expected: tuple[float, float]) -> None:
    mark = mark_of(geometry)
    assert (mark.x, mark.y) == pytest.approx(expected)


@pytest.mark.parametrize(
    "geometry",
    [
        shapely.MultiLineString([[(0, 0), (4, 0)], [(6, 0), (10, 0)]]),
        shapely.MultiLineString([[(0, 0), (4, 0)], [(4, 0), (8, 0)], [(4, 0), (4, 5)]]),
        HORSESHOE,
        shapely.MultiPolygon([AREA, shapely.box(20, 20, 21, 21)]),
        L([(0, 0), (5, 5), (0, 5), (5, 0)]),
    ],
)
def test_a_symbol_never_stands_beside_its_shape(geometry: shapely.Geometry) -> None:
    mark = mark_of(geometry)
    assert mark.geom_type == "Point"
    assert mark.distance(geometry) < 1e-9


def test_stages_of_the_road_find_their_class(store: EmbeddedStore) -> None:
    layer = store.catalogue.layers["asino_road"]
    classes = {f["properties"]["c"] for f in drawn(store, layer, Query(), "ru")["features"]}
    assert classes == {"", "1", "2", "3"}


@pytest.mark.parametrize(("value", "expected"), [(2.0, 2), (2.5, 2.5), ("a", "a"), (None, None)])
def test_whole_numbers_lose_their_decimals(value: Any, expected: Any) -> None:
    assert repr(class_value(value)) == repr(expected)
