"""The page of data and sources as Streamlit runs it."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from layers.catalog import LANGUAGES, Language
from layers.feature import placed
from layers.records import split
from layers.store import EmbeddedStore
from layers.text import Words

MAIN = Path(__file__).resolve().parents[2] / "pages" / "_main.py"


def opened(language: Language) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    app.query_params["page"] = "sources"
    app.query_params["lang"] = language
    app.run()
    assert not app.exception, [fault.value for fault in app.exception]
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_layer_is_told(store: EmbeddedStore, language: Language) -> None:
    words = Words(language)
    rows = opened(language).dataframe[0].value.set_index(words("sources.layer"))
    assert len(rows) == len(store.catalogue.layers)
    for name, layer in store.catalogue.layers.items():
        row = rows.loc[layer.title[language]]
        assert row[words("sources.records")] == len(store.features(name))
        assert row[words("sources.placed")] == len(placed(store.features(name)))
        own = [field for field in layer.fields if field not in store.catalogue.common]
        share = row[words("sources.complete")]
        assert 0 < share <= 100 if own else pd.isna(share)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_is_told_with_its_licence_and_use(store: EmbeddedStore, language: Language) -> None:
    words = Words(language)
    app = opened(language)
    rows = app.dataframe[1].value
    sources = list(store.catalogue.sources.values())
    assert list(rows[words("sources.source")]) == [source.title[language] for source in sources]
    assert list(rows[words("sources.licence")]) == [
        store.catalogue.vocabularies["licence"][source.licence][language] for source in sources
    ]
    assert rows[words("sources.licence")].str.strip().ne("").all()
    assert words("sources.digest", digest=store.digest) in [caption.value for caption in app.caption]


def test_uses_are_counted_once_a_record(store: EmbeddedStore) -> None:
    counts: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    for name, layer in store.catalogue.layers.items():
        for id_, ids in store.features(name)["source_id"].items():
            if (layer.records, str(id_)) not in seen:
                seen.add((layer.records, str(id_)))
                for source in split(ids):
                    counts[source] = counts.get(source, 0) + 1
    shown = opened("en").dataframe[1].value[Words("en")("sources.cited")]
    assert list(shown) == [counts[source] for source in store.catalogue.sources]


def test_a_source_is_found() -> None:
    app = opened("en")
    whole = len(app.dataframe[1].value)
    app = app.text_input(key="source_wanted").set_value("OpenStreetMap").run()
    found = app.dataframe[1].value
    assert 0 < len(found) < whole
    assert all("openstreetmap" in " ".join(map(str, row)).lower() for row in found.to_numpy())


@pytest.mark.parametrize("wanted", ["[", "(", ".*", "\\"])
def test_a_search_is_plain_text(wanted: str) -> None:
    app = opened("en").text_input(key="source_wanted").set_value(wanted).run()
    assert not app.exception


def test_a_source_that_is_not_there_is_told() -> None:
    app = opened("ru").text_input(key="source_wanted").set_value("щщщщ").run()
    assert Words("ru")("sources.none_found") in [info.value for info in app.info]
    assert len(app.dataframe) == 1
