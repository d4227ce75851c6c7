"""What a site can be supplied with: the unknown is unknown, and whoever knows it is named."""

import copy
import re
from typing import Any

import pytest

from layers.siting.results import Findings
from layers.siting.sites import Site, site
from layers.siting.utilities import CONTACTS, Supply, nearest, supplies
from layers.store import EmbeddedStore
from layers.text import Words
from tests.layers.siting.searches import PLAIN, Changed, search

RU, EN = Words("ru"), Words("en")
NB = "\u00a0"
RESOURCES = ["power", "gas", "water", "heat", "rail"]


def with_spare(store: EmbeddedStore, spare_mw: float | None) -> Any:
    """The store with as much to spare at every substation."""

    def record(table: str, id_: str, *rest: Any) -> dict[str, Any]:
        held = store.record(table, id_, *rest)
        return {**held, "spare_mw": spare_mw} if table == "substations" else held

    return Changed(store, record=record)


def told(model: str, spare_mw: float | None, words: Words = RU) -> dict[str, Supply]:
    """What is told of a place in the middle of the small area by resource."""
    found = copy.copy(search(model))
    found.store = with_spare(found.store, spare_mw)
    return {fact.resource: fact for fact in supplies(found, place(found), words)}


def place(found: Findings) -> Site:
    one = site(found, "site_score/84.98000_56.45000")
    assert one is not None
    return one


def test_every_resource_is_told(small: Findings) -> None:
    for words in (RU, EN):
        facts = supplies(small, place(small), words)
        assert [fact.resource for fact in facts] == RESOURCES
        for fact in facts:
            assert fact.label == words(f"supply.{fact.resource}")
            assert fact.sources
            assert set(fact.sources) <= set(small.store.catalogue.sources)
            assert not re.search(r"\bnan\b|None|[{}]", f"{fact.text} {fact.contact}"), fact


@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_an_unknown_capacity_is_unknown_and_names_whom_to_ask(unknown: float | None) -> None:
    power = told(f"{PLAIN};u:power*5000", unknown)["power"]
    assert not power.known
    assert RU("supply.spare_unknown") in power.text
    assert f"5{NB}000{NB}кВт" in power.text
    assert "Россети" in power.contact
    assert RU("supply.enough", mw="0") not in power.text
    assert RU("supply.short", mw="0") not in power.text


@pytest.mark.parametrize(
    ("need_kw", "spare_mw", "key", "mw"),
    [
        (5000, 5.0, "enough", "5"),
        (5001, 5.0, "short", "5"),
        (5000, 0.0, "short", "0"),
        (0, 0.0, "enough", "0"),
        (12_500, 12.6, "enough", "12,6"),
    ],
)
def test_a_known_capacity_is_enough_or_short(need_kw: int, spare_mw: float, key: str, mw: str) -> None:
    power = told(f"{PLAIN};u:power*{need_kw}", spare_mw)["power"]
    assert power.known
    assert RU(f"supply.{key}", mw=mw) in power.text


def test_without_a_need_the_capacity_is_only_told() -> None:
    power = told(PLAIN, 5.0)["power"]
    assert RU("supply.no_need") in power.text
    assert RU("supply.spare", mw="5") in power.text
    assert RU("supply.enough", mw="5") not in power.text
    assert "5 MW" in told(PLAIN, 5.0, EN)["power"].text.replace(NB, " ")


def test_what_no_record_describes_is_unknown(small: Findings) -> None:
    facts = {fact.resource: fact for fact in supplies(small, place(small), RU)}
    for resource in ("gas", "water"):
        assert not facts[resource].known
        assert RU("supply.unknown") in facts[resource].text
        assert facts[resource].contact
        assert facts[resource].row(small.store, RU)["note"].startswith("Спросить: ")


def test_of_heat_no_capacity_is_known_though_its_source_is(small: Findings) -> None:
    heat = next(fact for fact in supplies(small, place(small), RU) if fact.resource == "heat")
    assert not heat.known
    assert RU("supply.spare_unknown") in heat.text
    assert "Ближайший известный источник" in heat.text


def test_the_nearest_source_with_its_distance(small: Findings) -> None:
    one = place(small)
    found = nearest(small.store, "substations", one.shape, one.accuracy_m)
    assert found is not None
    away = small.store.metric("substations").distance(one.shape)
    assert found.record["id"] == away.idxmin()
    assert found.away_m == pytest.approx(away.min())
    assert found.error_m == found.record["accuracy_m"] + one.accuracy_m
    low, high = max(0.0, found.away_m - found.error_m) / 1000, (found.away_m + found.error_m) / 1000
    text = supplies(small, one, RU)[0].text
    assert f"{found.record['name_ru']}, {RU.number(low, 1)}–{RU.number(high, 1)} км" in text


def test_what_is_planned_supplies_nobody(store: EmbeddedStore) -> None:
    """Half-way along the third bridge, which is planned, the nearest road is another."""
    spot = store.metric("roads")["third-tom-bridge-link"].interpolate(0.5, normalized=True)
    found = nearest(store, "roads", spot, 0.0)
    assert found is not None
    assert found.record["status"] == "built"
    assert found.away_m > 0


def test_where_no_source_has_a_place_there_is_none(small: Findings) -> None:
    def nowhere(layer: str) -> Any:
        return small.store.metric(layer).map(lambda _: None)

    store: Any = Changed(small.store, metric=nowhere)  # type: ignore[arg-type]
    assert nearest(store, "substations", place(small).shape, 0.0) is None


def test_the_company_of_the_district_is_asked_before_others(small: Findings) -> None:
    """In Tomsk the water company of the city, and in every other district whoever is there."""
    one = place(small)
    contacts = small.store.records(CONTACTS)
    for fact in supplies(small, one, EN):
        rows = contacts[contacts["resource"] == fact.resource]
        local = rows[[isinstance(d, str) and "tomsk" in d.split(";") for d in rows["districts"]]]
        expected = (local if len(local) else rows).iloc[0]
        assert fact.contact == f"{expected['name_en']}. {expected['ask_en']}"


def test_a_row_is_plain(small: Findings) -> None:
    row = supplies(small, place(small), RU)[0].row(small.store, RU)
    assert set(row) == {"label", "text", "known", "note", "links"}
    assert all(link["title"] for link in row["links"])
