"""The grammar of measures: what is measured, what it is called, which records a subset holds."""

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.siting import MEASURE
from layers.catalog import DATA, LANGUAGES, Language
from layers.comparison import GOALS
from layers.siting.measures import (
    KINDS,
    LABOUR_MINUTES,
    OF_RASTERS,
    SIMILAR_IN,
    Measure,
    UnknownMeasure,
    counted,
    existing,
    measure,
    offered,
    subset,
)
from layers.store import EmbeddedStore, UnknownFeature, embedded
from layers.text import Words
from tests.layers.siting.searches import Changed

RU, EN = Words("ru"), Words("en")
NB = "\u00a0"


def every(store: EmbeddedStore) -> list[str]:
    return [text for _, texts in offered(store) for text in texts]


def test_what_is_offered_can_be_measured(store: EmbeddedStore) -> None:
    texts = every(store)
    assert len(texts) == len(set(texts)) > 60
    for text in texts:
        assert re.fullmatch(MEASURE, text), text
        assert measure(text, store.catalogue).text == text
    kinds = {measure(text, store.catalogue).kind for text in texts}
    assert kinds == set(KINDS) - set(OF_RASTERS)  # no raster has been brought


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_has_a_title_of_its_own(store: EmbeddedStore, language: Language) -> None:
    words = Words(language)
    titles = {text: measure(text, store.catalogue).title(store, words) for text in every(store)}
    assert len(set(titles.values())) == len(titles)
    for title in titles.values():
        assert title == title.strip()
        assert not re.search(r"[{}<>]|  |\b(?:nan|None|0 (?:мин|min))\b", title), title
    if language == "en":
        assert not [title for title in titles.values() if re.search("[а-яё]", title, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("text", "russian", "english"),
    [
        ("minutes.tomsk", "Время в пути: ", "Travel time: "),
        ("people.30", "Жителей в 30 минутах", "30"),
        ("distance.railways", "Расстояние: железные дороги", "railways"),
        ("distance.roads.road_class.federal", "федеральн", "federal"),
        ("density.heritage.2000", "2000 м", "2000 m"),
        ("similar.timber", "в 10 км", "10 km"),
    ],
)
def test_titles_say_what_is_measured(store: EmbeddedStore, text: str, russian: str, english: str) -> None:
    of = measure(text, store.catalogue)
    assert russian in of.title(store, RU)
    assert english in of.title(store, EN)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_unit_and_a_range(kind: str) -> None:
    of = Measure("", kind, "")  # type: ignore[arg-type]
    low, high = of.usual
    assert low < high
    assert of.factor > 0
    assert of.decimals >= 0
    assert (of.unit_in_words(RU) == "") == (of.unit == "") == (kind in ("raster", "classes"))


def test_an_amount_is_said_in_the_unit_of_its_kind(store: EmbeddedStore) -> None:
    away, ways = (measure(text, store.catalogue) for text in ("distance.railways", "minutes.tomsk"))
    people = measure("workforce.60", store.catalogue)
    assert away.quantity(1234.0, RU) == f"1,2{NB}км"
    assert away.quantity(1234.0, EN) == f"1.2{NB}km"
    assert ways.quantity(37.4, RU) == f"37{NB}мин"
    assert people.quantity(45_600.0, RU) == f"45,6{NB}тыс. чел."
    assert ways.quantity(float("inf"), RU) == RU("measure.no_way")
    assert Measure("", "raster", "").quantity(0.256, RU) == "0,26"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "distance",
        "distance.",
        "distance.unheard",
        "distance.documents",
        "distance.site_score",
        "distance.site_plots",
        "distance.reach_service",
        "distance.roads.road_class",
        "distance.roads.road_class.unheard",
        "distance.roads.unheard.federal",
        "distance.roads.length_km.5",
        "distance.roads.road_class.federal.more",
        "minutes",
        "minutes.unheard",
        "minutes.point",
        "minutes.tomsk.more",
        "people.45",
        "people.030",
        "people.",
        "workforce.30.60",
        "density.heritage",
        "density.heritage.99",
        "density.heritage.50001",
        "density.heritage.-2000",
        "density.heritage.02000",
        "density.heritage.٢٠٠٠",
        f"density.heritage.{'9' * 5000}",
        "density.railways.2000",
        "density.unheard.2000",
        "similar",
        "similar.unheard",
        "elevation.unheard",
        "elevation.0123456789ab",
        "slope.../../etc",
        "raster.",
        "classes.0123456789ab.more",
        "unheard.tomsk",
    ],
)
def test_what_is_not_there_is_not_measured(store: EmbeddedStore, text: str) -> None:
    with pytest.raises(UnknownMeasure):
        measure(text, store.catalogue)
    assert issubclass(UnknownMeasure, UnknownFeature)


@given(st.text(max_size=40) | st.from_regex(MEASURE, fullmatch=True))
def test_any_text_is_a_measure_or_none(text: str) -> None:
    """No text is measured as anything but itself, and none breaks the reader."""
    try:
        found = measure(text, embedded().catalogue)
    except UnknownMeasure:
        return
    assert found.text == text


@pytest.mark.parametrize("goal", GOALS)
def test_every_goal_of_a_way_is_a_measure(store: EmbeddedStore, goal: str) -> None:
    assert measure(f"minutes.{goal}", store.catalogue).what == goal


@pytest.mark.parametrize("minutes", LABOUR_MINUTES)
def test_people_are_counted_within_minutes(store: EmbeddedStore, minutes: int) -> None:
    for kind in ("people", "workforce"):
        found = measure(f"{kind}.{minutes}", store.catalogue)
        assert (found.kind, found.number) == (kind, minutes)


def test_a_subset_holds_the_records_with_that_value(store: EmbeddedStore) -> None:
    with (DATA / "records" / "park_members.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["park"] == "industrial"]
    for cluster in ("petrochemical", "nuclear"):
        wanted = {row["id"] for row in rows if cluster in row["cluster"].split(";")}
        assert wanted
        assert set(subset(store, "park_industrial", "cluster", cluster).index) == wanted
    assert list(subset(store, "park_industrial", "", "").index) == list(
        store.features("park_industrial").index
    )


def test_a_subset_holds_records_that_have_the_value_among_others(store: EmbeddedStore) -> None:
    """Money from two purses: a project is among those of either."""
    with (DATA / "records" / "projects.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for value in ("regional", "extra_budgetary"):
        wanted = {row["id"] for row in rows if value in row["funding"].split(";")}
        alone = {row["id"] for row in rows if row["funding"] == value}
        assert set(subset(store, "projects", "funding", value).index) == wanted > alone


def test_a_subset_may_be_one_record(store: EmbeddedStore) -> None:
    first = str(store.features("rivers").index[0])
    assert list(subset(store, "rivers", "id", first).index) == [first]


def test_what_is_offered_counts_something(store: EmbeddedStore) -> None:
    for text in every(store):
        of = measure(text, store.catalogue)
        if of.kind == "distance":
            assert len(counted(store, of)[of.what]), text


# --- what is there -----------------------------------------------------------------------------------


def ids(store: EmbeddedStore, text: str) -> set[str]:
    """The records that a measure counts."""
    return {id_ for frame in counted(store, measure(text, store.catalogue)).values() for id_ in frame.index}


def test_what_is_planned_or_under_way_is_not_measured_to(store: EmbeddedStore) -> None:
    """A road that is not there brings nobody anywhere, nor does a park that was put off."""
    roads = store.features("roads")
    unbuilt = set(roads.index[roads["status"] != "built"])
    assert {"mtk-stage-1", "third-tom-bridge-link"} <= unbuilt
    assert ids(store, "distance.roads") == set(roads.index) - unbuilt
    assert not ids(store, "distance.roads.road_class.regional") & unbuilt
    assert "third-tom-bridge" not in ids(store, "distance.bridges")
    assert "sez-expocentre" not in ids(store, "distance.park_innovation")
    assert "sez-engineering-centre" not in ids(store, "density.park_innovation.2000")


def test_what_has_no_status_stands(store: EmbeddedStore) -> None:
    for layer in ("railways", "stations", "substations", "power_plants", "settlements", "heritage"):
        assert ids(store, f"distance.{layer}") == set(store.features(layer).index)


@pytest.mark.parametrize("status", ["planned", "under_way", "postponed", "cancelled", "idea"])
def test_a_road_under_reconstruction_stands_whatever_becomes_of_it(store: EmbeddedStore, status: str) -> None:
    roads = store.features("roads").assign(status=status)
    standing = roads["speed_before_kmh"].notna()
    assert 0 < standing.sum() < len(roads)
    assert set(existing(store, "roads", roads).index) == set(roads.index[standing])


def test_who_asks_for_a_status_gets_it(store: EmbeddedStore) -> None:
    planned = set(subset(store, "projects", "status", "planned").index)
    assert planned
    assert ids(store, "distance.projects.status.planned") == planned
    assert not ids(store, "distance.projects") & planned


def test_companies_alike_are_those_that_work(store: EmbeddedStore) -> None:
    found = counted(store, measure("similar.petrochemical", store.catalogue))
    assert tuple(found) == SIMILAR_IN
    for layer, frame in found.items():
        assert set(frame["status"]) <= {"built"}
        wanted = subset(store, layer, "cluster", "petrochemical")
        assert set(frame.index) == set(wanted.index[wanted["status"] == "built"])
    assert sum(map(len, found.values()))


def test_the_radius_of_companies_alike_is_the_assumption(store: EmbeddedStore) -> None:
    of = measure("similar.timber", store.catalogue)
    assert of.radius_m(store) == float(store.record("assumptions", "similar-radius")["value"])
    wider = Changed(store, record=lambda table, id_: {"value": 7500.0})
    assert of.radius_m(wider) == 7500
    assert "7,5 км" in of.title(wider, RU)
    assert measure("density.heritage.2000", store.catalogue).radius_m(wider) == 2000
