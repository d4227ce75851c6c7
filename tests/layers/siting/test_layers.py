"""Sites as records of layers: complete, judged as they were found, none without an answer."""

import re

import numpy as np
import pytest
import shapely

from geo.shape import to_metric
from layers.catalog import LANGUAGES, Language
from layers.feature import card, drawn
from layers.query import Query
from layers.records import split
from layers.siting import layers as module
from layers.siting.layers import computed, record, waits
from layers.siting.results import findings
from layers.siting.sites import CELLS, of_layer
from layers.sought import Sought
from layers.store import EmbeddedStore, Unanswered, UnknownFeature
from tests.layers.siting.searches import EXCLUDING, LAYERS, PLAIN, SMALL, sought

MINE = ("circle~800:84.98000,56.45000",)
MODELS = (PLAIN, "industrial-park", "heritage-park")
CELL = "84.98000_56.45000"
ABSENT = re.compile(r"\b(?:nan|NaN|None|NaT|null|inf)\b")


def query(model: str = PLAIN, **more: object) -> Query:
    return Query(sought=sought(model, mine=MINE, **more))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_holds_the_sites_that_are_found(store: EmbeddedStore, layer: str, model: str) -> None:
    frame = store.query(layer, query(model))
    found = of_layer(findings(store, query(model)), layer)
    assert list(frame.index) == [one.id for one in found]
    of_layer_ = store.catalogue.layers[layer]
    assert {column for field in of_layer_.fields for column in field.columns} <= set(frame.columns)
    for one, (_, row) in zip(found, frame.iterrows(), strict=True):
        assert row["name_ru"] == one.name("ru")
        assert row["suitability"] == pytest.approx(round(one.judged.score * 100, 1), nan_ok=True)
        assert row["suitability_class"] in (
            of_layer_.style.classes or store.catalogue.vocabularies["suitability_class"]
        )
        assert to_metric(row["geometry"]).hausdorff_distance(one.shape) < 0.01
        assert row["accuracy_m"] == one.accuracy_m
        assert set(split(row["source_id"])) <= set(store.catalogue.sources)
        for field in of_layer_.fields:
            if field.kind == "choice" and isinstance(row[field.id], str):
                assert row[field.id] in store.catalogue.vocabularies[field.vocabulary or ""]


def test_a_raster_has_no_records_and_one_at_every_place(store: EmbeddedStore) -> None:
    assert len(store.query(CELLS, query())) == 0
    held = store.record(CELLS, CELL, query())
    assert held["id"] == CELL
    assert to_metric(held["geometry"]).area == pytest.approx(250_000, rel=1e-4)


@pytest.mark.parametrize(
    ("layer", "id_"),
    [
        (CELLS, "10.00000_10.00000"),
        (CELLS, "here"),
        ("site_plots", "plot-0"),
        ("site_free", "unheard"),
        ("site_mine", "mine-2"),
    ],
)
def test_what_is_not_found_has_no_record(store: EmbeddedStore, layer: str, id_: str) -> None:
    with pytest.raises(UnknownFeature):
        record(store, store.catalogue.layers[layer], id_, query())


UNANSWERABLE = (
    Sought(area=SMALL, cell_m=500, model="unheard"),
    Sought(area=SMALL, cell_m=500, model=f"{PLAIN};x:unheard"),
    Sought(area=SMALL, cell_m=500, model="c:elevation.0123456789ab*1*lin~0~0~1~1"),
    Sought(area=SMALL, cell_m=500, roads="unheard"),
    Sought(area=(72.0, 53.0, 94.0, 63.0), cell_m=25),
)


@pytest.mark.parametrize("asked", UNANSWERABLE)
def test_where_a_search_cannot_be_answered_there_are_no_records(store: EmbeddedStore, asked: Sought) -> None:
    for layer in LAYERS:
        with pytest.raises(Unanswered):
            computed(store, layer, Query(sought=asked))
        frame = store.query(layer, Query(sought=asked))
        assert len(frame) == 0
        assert frame.attrs["unanswered"]
        assert {"name_ru", "source_id", "geometry"} <= set(frame.columns)
    for layer, id_ in ((CELLS, CELL), ("site_plots", "plot-1")):
        with pytest.raises(UnknownFeature):
            record(store, store.catalogue.layers[layer], id_, Query(sought=asked))


def test_what_could_not_be_answered_is_asked_again(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was missing may come back: an empty answer is not kept for it."""
    asked = query(f"{MODELS[0]};n:asked-again")

    def missing(*_: object) -> None:
        raise UnknownFeature("raster")

    with monkeypatch.context() as patch:
        patch.setattr(module, "findings", missing)
        assert store.query("site_plots", asked).attrs["unanswered"]
    assert len(store.query("site_plots", asked))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", [*MODELS, EXCLUDING])
def test_every_site_has_its_card(store: EmbeddedStore, model: str, language: Language) -> None:
    asked = query(model)
    picks = [(layer, str(id_)) for layer in LAYERS for id_ in store.query(layer, asked).index]
    for layer, id_ in [*picks, (CELLS, CELL)]:
        shown = card(store, layer, id_, language, asked)
        assert shown["title"].strip()
        assert shown["sources"]
        told = [text for row in shown["rows"] for text in (row["label"], row["value"])]
        assert not [text for text in told if ABSENT.search(text) or "<" in text]
        model_ = findings(store, asked).model
        titles = {row["label"] for row in shown["rows"]}
        assert len(titles) > len(model_.criteria)


def test_the_card_of_an_excluded_place_says_so(store: EmbeddedStore) -> None:
    held = record(store, store.catalogue.layers[CELLS], CELL, query(EXCLUDING))
    assert (held["site_state"], held["suitability"]) == ("excluded", None)


def test_sites_are_drawn(store: EmbeddedStore) -> None:
    for layer in LAYERS:
        shown = drawn(store, store.catalogue.layers[layer], query(), "ru")
        assert len(shown["features"]) == len(store.query(layer, query()))
    assert drawn(store, store.catalogue.layers[CELLS], query(), "ru")["features"] == []


def test_another_search_has_other_sites(store: EmbeddedStore) -> None:
    one, other = (store.query("site_plots", query(model)) for model in (PLAIN, "heritage-park"))
    middles = [shapely.centroid(frame.geometry.to_numpy()) for frame in (one, other)]
    assert len(one) != len(other) or not np.array_equal(*map(shapely.get_coordinates, middles))


def test_conditions_work_on_sites_that_have_their_field(store: EmbeddedStore) -> None:
    """Free sites are kept by their park; plots, which are of no park, are all kept."""
    home = Sought(area=(84.6, 56.27, 86.25, 57.09), cell_m=1000, model=PLAIN)
    whole = {layer: store.query(layer, Query(sought=home)) for layer in ("site_free", "site_plots")}
    assert len(whole["site_free"]) > 0
    parks = [str(park) for park in whole["site_free"]["park"].unique()]
    kept = 0
    for park in store.catalogue.vocabularies["park"]:
        asked, problems = Query.parse({"f.park": park, **home.params()}, store.catalogue)
        assert not problems
        free = store.query("site_free", asked)
        assert set(free["park"]) == {park} & set(parks)
        assert list(store.query("site_plots", asked).index) == list(whole["site_plots"].index)
        kept += len(free)
    assert kept == len(whole["site_free"])


def test_a_search_waits_until_its_rasters_are_made(store: EmbeddedStore) -> None:
    asked = Query(sought=sought(PLAIN, cell_m=400))
    assert waits(store, asked)
    record(store, store.catalogue.layers[CELLS], CELL, asked)
    assert not waits(store, asked)
    assert not waits(store, Query(sought=sought("no model")))
