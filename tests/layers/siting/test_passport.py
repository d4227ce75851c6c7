"""The passport of a site: whole for every kind of site, in both languages, nothing unknown told as known."""

import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from layers.catalog import LANGUAGES, Language
from layers.comparison import GOALS
from layers.day import today
from layers.query import Query
from layers.siting import surroundings
from layers.siting.measures import LABOUR_MINUTES, measure
from layers.siting.models import written
from layers.siting.passport import Passport
from layers.siting.results import Findings, findings
from layers.siting.sites import Site, site
from layers.siting.surroundings import AROUND, PROJECTS_M, distances, projects, ways
from layers.siting.utilities import nearest
from layers.store import EmbeddedStore, UnknownFeature
from layers.text import Words
from tests.layers.paper.reading import texts as read_back
from tests.layers.siting.searches import EXCLUDING, PLAIN, pick, search, sought

EN = Words("en")
MINE = ("circle~800:84.98000,56.45000",)
CELL = "site_score/84.98000_56.45000"
ABSENT = re.compile(r"\b(?:nan|NaN|None|NaT|inf)\b|∞|[{}]")
CASES = [
    (PLAIN, "site_plots#1"),
    (f"{PLAIN};o:4;u:power*5000", "site_areas#1"),
    ("industrial-park", "site_mine/mine-1"),
    ("heritage-park", CELL),
    (EXCLUDING, CELL),
]


def passport(store: EmbeddedStore, model: str, name: str, language: Language) -> Passport:
    query = Query(sought=sought(model, mine=MINE))
    return Passport.of(store, query, pick(findings(store, query), name), Words(language))


def said(value: Any) -> list[str]:
    """Every text of a document; pictures are left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return [text for part in value for text in said(part)]
    if is_dataclass(value) and type(value).__name__ != "Picture":
        return [text for field in fields(value) for text in said(getattr(value, field.name))]
    return []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("model", "name"), CASES)
def test_every_site_has_its_passport(store: EmbeddedStore, model: str, name: str, language: Language) -> None:
    made = passport(store, model, name, language).document()
    told = said(made)
    assert len(told) > 60
    assert not [text for text in told if ABSENT.search(text)]
    assert passport(store, model, name, language).site.name(language) in made.title
    assert store.digest in made.stamp


def test_it_is_a_pdf_a_page_and_a_geopackage(store: EmbeddedStore, tmp_path: Path) -> None:
    held = passport(store, PLAIN, "site_plots#1", "en")
    assert held.site.name("en").replace("\u00a0", " ") in " ".join(read_back(held.pdf()))
    page = held.html().decode()
    assert page.startswith("<!")
    assert not re.search(r"<(?:script|link)[^>]+(?:src|href)=[\"']https?:", page)
    path = tmp_path / "made.gpkg"
    path.write_bytes(held.gpkg())
    outline = gpd.read_file(path, layer="site")
    assert list(outline["name"]) == [held.site.name("en")]
    assert outline.crs.to_epsg() == 4326
    assert outline.to_crs(32645).geometry[0].hausdorff_distance(held.site.shape) < 1
    assert {"score", "limits", "networks", "sources"} <= set(gpd.list_layers(path)["name"])
    assert outline["area_ha"][0] == pytest.approx(held.site.about["area_ha"])
    criteria = gpd.read_file(path, layer="criteria")
    assert criteria["loss_percent"].sum() == pytest.approx(100 - outline["score_percent"][0], abs=1e-3)
    around = gpd.read_file(path, layer="around")
    assert pd.api.types.is_numeric_dtype(around[EN("passport.km_away")])
    assert not pd.api.types.is_numeric_dtype(around[EN("passport.as_of")])


def test_a_model_that_was_edited_says_which_it_was(store: EmbeddedStore) -> None:
    ready = store.record("models", "industrial-park")["name_ru"]
    held = written(store, "industrial-park")
    for text, told in (
        ("industrial-park", f"Назначение: {ready}"),
        (replace(held, threshold=0.5).text(), f"изменённая модель «{ready}»"),
    ):
        assert told in passport(store, text, CELL, "ru").document().subtitle
    assert "изменённая" not in passport(store, EXCLUDING, CELL, "ru").document().subtitle


def test_must_haves_are_told_with_whether_they_are_met(store: EmbeddedStore) -> None:
    told = " ".join(said(passport(store, EXCLUDING, CELL, "ru").document()))
    assert "не выполнено: нужно не меньше 900" in told.replace("\u00a0", " ")


def test_it_is_dated_by_its_day_and_the_same_all_day(store: EmbeddedStore) -> None:
    held = passport(store, PLAIN, "site_plots#1", "en")
    assert f"D:{today().replace('-', '')}".encode() in held.pdf()
    assert held.pdf() == held.pdf()


@pytest.mark.parametrize(
    ("name", "regimes"),
    [
        ("site_free/sez-tomsk-south", {"sez-regime"}),
        ("site_score/84.87000_56.60000", {"asez-regime"}),
        ("site_score/85.40000_56.60000", set()),
    ],
)
def test_the_regimes_of_support_are_those_of_its_park_or_its_district(name: str, regimes: set[str]) -> None:
    found = search(PLAIN, area=None)
    one = site(found, name)
    assert one is not None
    assert set(surroundings.regimes(found, one)) == regimes


def test_a_site_that_is_not_there_has_no_passport(store: EmbeddedStore) -> None:
    with pytest.raises(UnknownFeature):
        passport(store, PLAIN, "site_plots/plot-999", "ru")


@pytest.mark.parametrize(("model", "name"), CASES)
def test_the_name_of_its_files_is_one_on_every_system(store: EmbeddedStore, model: str, name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", passport(store, model, name, "ru").file_name)


# --- what lies around ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> Findings:
    return search("c:people.30*1*lin~0~0~1~1;c:people.90*1*lin~0~0~1~1;c:minutes.tomsk*1*lin~0~1~60~0")


def cell(found: Findings) -> Site:
    one = site(found, CELL)
    assert one is not None
    return one


def test_ways_are_those_of_the_rasters_but_for_their_cells(found: Findings) -> None:
    one = cell(found)
    around = ways(found, one)
    assert set(around.minutes) == set(GOALS)
    assert set(around.people) == set(around.workforce) == set(LABOUR_MINUTES)
    people_30, people_90, minutes = one.judged.raw
    assert around.minutes["tomsk"] == pytest.approx(minutes, abs=3)
    assert around.people[90] == pytest.approx(people_90, rel=0.05)
    assert around.people[30] == pytest.approx(people_30, rel=0.2)
    counted = [around.people[limit] for limit in LABOUR_MINUTES]
    assert counted == sorted(counted)
    share = found.ground.layered(measure("workforce.60", found.store.catalogue)).factor
    assert around.workforce[60] == pytest.approx(around.people[60] * share)


def test_distances_are_those_to_the_nearest_records(found: Findings) -> None:
    one = cell(found)
    told = dict(distances(found, one))
    assert list(told) == list(AROUND)
    for layer, source in told.items():
        known = nearest(found.store, layer, one.shape, one.accuracy_m)
        assert known is not None
        assert source.away_m == known.away_m == found.store.metric(layer).distance(one.shape).min()


def test_projects_are_the_nearest_first(found: Findings) -> None:
    one = cell(found)
    told = projects(found, one, most=4)
    away = [metres for _, metres in told]
    assert len(told) == 4
    assert away == sorted(away)
    assert max(away) <= PROJECTS_M
    nearest_of_all = found.store.metric("projects").distance(one.shape).nsmallest(4)
    np.testing.assert_allclose(away, nearest_of_all.to_numpy())
