"""What the editor of a model is given: plain data, complete in both languages."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.siting import Model
from layers.catalog import LANGUAGES, Language
from layers.furniture import version
from layers.query import Query
from layers.siting.editor import editor
from layers.siting.measures import measure, offered
from layers.siting.models import named, ready
from layers.sought import Sought
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.layers.siting.searches import PLAIN, sought

GONE = f"{PLAIN};c:elevation.0123456789ab*1*lin~0~0~1~1"
"""Asks for a raster that has been taken away."""
MODELS = ("industrial-park", "timber-plant", "heritage-park", PLAIN, GONE)


def told(model: str, language: Language = "ru", **more: Any) -> dict[str, Any]:
    store = embedded()
    query = Query(sought=sought(model, **more))
    return editor(store, named(store, model, language, "own"), query, Words(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("model", MODELS)
def test_everything_is_plain_and_complete(model: str, language: Language) -> None:
    data = told(model, language)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert set(data) == {"lang", "model", "measures", "offered", "norms"}
    assert data["lang"] == language
    for one in data["measures"].values():
        assert one["title"].strip()
        assert one["low"] < one["high"]
        assert one["factor"] > 0
    for norm in data["norms"].values():
        assert norm["title"].strip()
        assert norm["sources"]
        assert norm["distance_m"] >= 0
    if language == "en":
        prose = [one["title"] for one in data["measures"].values()]
        prose += [norm[key] for norm in data["norms"].values() for key in ("title", "clause", "note")]
        prose += [group["title"] for group in data["offered"]]
        assert not [text for text in prose if re.search("[а-яё]", text, re.IGNORECASE)]


@pytest.mark.parametrize("id_", list(ready(embedded())))
def test_the_model_can_be_made_again_of_what_is_told(store: EmbeddedStore, id_: str) -> None:
    held = told(id_)["model"]
    document = {
        "kind": "siting-model",
        "version": 1,
        "criteria": [
            {key: criterion[key] for key in ("measure", "weight", "value")} for criterion in held["criteria"]
        ],
        "limits": [{"norm": limit["norm"], "extra_m": limit["extra"]} for limit in held["limits"]],
        "requirements": held["requirements"],
        **{key: held[key] for key in ("attitude", "threshold", "least_ha", "name")},
    }
    made = Model.load(json.dumps(document))
    model = ready(store)[id_]
    text = ";".join([made.text(), *(f"u:{word}*{amount}" for word, amount in held["needs"].items())])
    assert Model.parse(text) == model


def test_reasons_are_those_of_the_model(store: EmbeddedStore) -> None:
    for id_, model in ready(store).items():
        rows = store.records("model_criteria")
        for criterion in told(id_, "en")["model"]["criteria"]:
            row = rows[(rows["model"] == id_) & (rows["measure"] == criterion["measure"])].iloc[0]
            assert criterion["reason"] == row["reason_en"]
            assert criterion["sources"]
        assert len(model.criteria) > 3


def test_what_the_reader_has_added_says_so() -> None:
    (criterion,) = told("c:distance.heritage*1*lin~0~1~1~0;t:0.5")["model"]["criteria"]
    known = Words("ru")("site.no_reason")
    assert (criterion["reason"] == known) == (criterion["sources"] == [])


def test_measures_of_the_model_and_those_offered_are_told(store: EmbeddedStore) -> None:
    data = told("timber-plant")
    texts = {text for _, measures in offered(store) for text in measures}
    assert set(data["measures"]) == texts | set(ready(store)["timber-plant"].measures)
    assert {text for group in data["offered"] for text in group["measures"]} == texts
    for text, one in data["measures"].items():
        of = measure(text, store.catalogue)
        assert (one["factor"], one["decimals"]) == (of.factor, of.decimals)


def test_a_measure_that_is_gone_is_no_measure_but_stays_in_the_model() -> None:
    gone = "elevation.0123456789ab"
    data = told(GONE)
    assert gone not in data["measures"]
    assert gone in {criterion["measure"] for criterion in data["model"]["criteria"]}


def test_histograms_are_asked_for_on_the_same_ground(store: EmbeddedStore) -> None:
    for text, one in told(PLAIN, roads="winter")["measures"].items():
        address = urlsplit(one["histogram"])
        asked = {key: value[0] for key, value in parse_qs(address.query).items()}
        assert address.path == "/site/histogram.json"
        assert asked.pop("measure") == text
        assert asked.pop("v") == version(store)
        found, problems = Sought.parse(asked)
        assert problems == []
        assert found == Sought.parse({**sought(roads="winter").params(), "model": ""})[0]


def test_needs_are_told_by_their_words() -> None:
    assert told(f"{PLAIN};u:power*5000;u:wagons*2")["model"]["needs"] == {"power": 5000, "wagons": 2}
    assert told(PLAIN)["model"]["needs"] == {}
