"""Ready models: each is whole, names what is there, and is written by its name."""

from dataclasses import replace

import pytest

from geo.errors import ModelError
from geo.siting import Limit, Model
from geo.value import ValueFunction
from layers.catalog import LANGUAGES
from layers.records import split
from layers.siting.measures import measure
from layers.siting.models import (
    CRITERIA,
    NORMS,
    REGISTER,
    UnknownModel,
    named,
    ready,
    reasons_of,
    shortest,
    written,
)
from layers.sought import HOME_MODEL, Sought
from layers.store import EmbeddedStore, UnknownFeature, embedded
from tests.layers.siting.searches import PLAIN

READY = list(embedded().records(REGISTER).index)


def test_there_is_a_model_for_each_park_and_each_cluster(store: EmbeddedStore) -> None:
    models = store.records(REGISTER)
    assert list(ready(store)) == list(models.index)
    assert HOME_MODEL in ready(store)
    for field in ("park", "cluster"):
        known = set(models[field].dropna())
        assert known <= set(store.catalogue.vocabularies[field])
        assert len(known) >= 5
    assert set(models["park"].dropna()) == set(store.catalogue.vocabularies["park"])


@pytest.mark.parametrize("id_", READY)
def test_a_ready_model_names_what_is_there(store: EmbeddedStore, id_: str) -> None:
    model, norms = ready(store)[id_], set(store.records(NORMS).index)
    for text in model.measures:
        assert measure(text, store.catalogue).text == text
    assert {limit.norm for limit in model.limits} <= norms
    assert model.limits


@pytest.mark.parametrize("id_", READY)
def test_a_ready_model_is_what_its_records_say(store: EmbeddedStore, id_: str) -> None:
    model, record = ready(store)[id_], store.record(REGISTER, id_)
    rows = store.records(CRITERIA)
    rows = rows[rows["model"] == id_]
    assert [c.measure for c in model.criteria] == list(rows["measure"])
    assert [c.weight for c in model.criteria] == list(rows["weight"])
    assert sum(c.weight for c in model.criteria) == 100
    assert sum(model.shares) == pytest.approx(1)
    assert [c.value.text() for c in model.criteria] == list(rows["value_function"])
    assert {limit.norm for limit in model.limits} == set(split(record["limits"]))
    assert (model.threshold, model.least_ha) == (record["threshold"], record["least_ha"])
    assert 0 < model.threshold < 1


@pytest.mark.parametrize("id_", READY)
def test_a_ready_model_round_trips(store: EmbeddedStore, id_: str) -> None:
    model = ready(store)[id_]
    assert Model.parse(model.text()) == model
    assert Model.load(model.dump()) == model
    sought = Sought(model=model.text())
    assert Sought.parse(sought.params()) == (sought, [])


@pytest.mark.parametrize("id_", READY)
def test_a_ready_model_is_written_by_its_name(store: EmbeddedStore, id_: str) -> None:
    model = ready(store)[id_]
    assert shortest(store, Model.parse(model.text())) == id_
    assert written(store, id_) is model
    for other in (replace(model, name="own"), replace(model, threshold=0.123), replace(model, limits=())):
        assert shortest(store, other) == other.text()
        assert written(store, other.text()) == other


def test_no_two_ready_models_are_alike(store: EmbeddedStore) -> None:
    assert len({model.digest for model in ready(store).values()}) == len(ready(store))


@pytest.mark.parametrize("text", ["unheard", "", "Лес"])
def test_a_model_that_is_not_there(store: EmbeddedStore, text: str) -> None:
    with pytest.raises(UnknownModel):
        written(store, text)
    assert issubclass(UnknownModel, UnknownFeature)


def test_a_model_that_cannot_be_read(store: EmbeddedStore) -> None:
    with pytest.raises(ModelError):
        written(store, "c:")


def test_a_model_has_its_title(store: EmbeddedStore) -> None:
    for language in LANGUAGES:
        for id_ in READY:
            found = named(store, id_, language, "own")
            assert found.title == store.record(REGISTER, id_)[f"name_{language}"]
            assert found.ready == id_
        assert named(store, PLAIN, language, "own").title == "own"
        held = named(store, f"{PLAIN};n:%D0%9B%D0%B5%D1%81", language, "own")
        assert (held.title, held.ready) == ("Лес", None)


def test_every_reason_is_told_in_both_languages_with_its_source(store: EmbeddedStore) -> None:
    for id_ in READY:
        known = reasons_of(store, ready(store)[id_])
        for criterion in ready(store)[id_].criteria:
            record = known[criterion.measure]
            assert record["model"] == id_
            assert all(record[f"reason_{language}"].strip() for language in LANGUAGES)
            assert set(split(record["source_id"])) <= set(store.catalogue.sources)


def test_a_changed_model_keeps_the_reasons_of_the_one_it_was(store: EmbeddedStore) -> None:
    """Another weight is no other reason; another value function, or another measure, has none."""
    for id_, model in ready(store).items():
        first, *rest = model.criteria
        heavier = replace(model, criteria=(replace(first, weight=first.weight / 2), *rest))
        assert reasons_of(store, heavier) == reasons_of(store, model)
        assert {row["model"] for row in reasons_of(store, heavier).values()} == {id_}
        other = replace(first, value=ValueFunction.parse("lin~0~0.123~1~0.456"))
        assert first.measure not in reasons_of(store, replace(model, criteria=(other, *rest)))
    assert reasons_of(store, Model.parse("c:distance.rivers*5*lin~0~0.123~1~0.456")) == {}


def test_a_limit_of_a_model_may_be_wider(store: EmbeddedStore) -> None:
    norm = next(iter(store.records(NORMS).index))
    assert written(store, f"{PLAIN};x:{norm}*150").limits == (Limit(norm, 150.0),)
