"""The page of data and sources as Streamlit runs it."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from layers.catalog import LANGUAGES, Language
from layers.feature import placed
from layers.records import split
from layers.report import table
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
    assert len(rows) == len(store.catalogue.recorded)
    assert rows.index.is_unique
    layers = {name: layer for name, layer in store.catalogue.layers.items() if layer.records}
    panel = [layers[name].title[language] for name in store.catalogue.panel_order if name in layers]
    assert list(rows.index[: len(panel)]) == panel
    for name, layer in layers.items():
        row = rows.loc[layer.title[language]]
        assert row[words("sources.records")] == len(store.features(name))
        assert row[words("sources.placed")] == len(placed(store.features(name)))
        own = [field for field in layer.fields if field not in store.catalogue.common]
        share = row[words("sources.complete")]
        assert 0 < share <= 100 if own else pd.isna(share)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_register_is_told_after_the_layers(store: EmbeddedStore, language: Language) -> None:
    words, catalogue = Words(language), store.catalogue
    rows = opened(language).dataframe[0].value.set_index(words("sources.layer"))
    titles = [register.title[language] for register in catalogue.registers.values()]
    assert list(rows.index[len(catalogue.recorded) - len(titles) :]) == titles
    for name, register in catalogue.registers.items():
        row, frame = rows.loc[register.title[language]], store.records(name)
        assert row[words("sources.records")] == len(frame)
        columns = [field.columns[0] for field in register.fields if field not in catalogue.common]
        filled = sum(value is not None and value == value for c in columns for value in frame[c])  # noqa: PLR0124
        share = 100 * filled / (len(frame) * len(columns))
        assert row[words("sources.complete")] == pytest.approx(share, abs=0.51)
        for key in ("placed", "accuracy", "statuses"):
            assert pd.isna(row[words(f"sources.{key}")]), (name, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_is_told_with_its_licence_and_use(store: EmbeddedStore, language: Language) -> None:
    words = Words(language)
    app = opened(language)
    rows = app.dataframe[2].value
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
    for name, held in store.catalogue.recorded.items():
        for id_, ids in store.records(name)["source_id"].items():
            if (held.records, str(id_)) not in seen:
                seen.add((held.records, str(id_)))
                for source in split(ids):
                    counts[source] = counts.get(source, 0) + 1
    shown = opened("en").dataframe[2].value[Words("en")("sources.cited")]
    assert list(shown) == [counts.get(source, 0) for source in store.catalogue.sources]


def test_a_source_is_found() -> None:
    app = opened("en")
    whole = len(app.dataframe[2].value)
    app = app.text_input(key="source_wanted").set_value("OpenStreetMap").run()
    found = app.dataframe[2].value
    assert 0 < len(found) < whole
    assert all("openstreetmap" in " ".join(map(str, row)).lower() for row in found.to_numpy())


@pytest.mark.parametrize("wanted", ["[", "(", ".*", "\\"])
def test_a_search_is_plain_text(wanted: str) -> None:
    app = opened("en").text_input(key="source_wanted").set_value(wanted).run()
    assert not app.exception


def test_a_source_that_is_not_there_is_told() -> None:
    app = opened("ru").text_input(key="source_wanted").set_value("щщщщ").run()
    assert Words("ru")("sources.none_found") in [info.value for info in app.info]
    assert len(app.dataframe) == 2


def test_every_register_can_be_read(store: EmbeddedStore) -> None:
    app = opened("ru")
    for name in store.catalogue.registers:
        app = app.selectbox(key="register_shown").select(name).run()
        assert not app.exception
        expected = table(store, name, store.records(name), "ru")
        shown = [frame.value for frame in app.dataframe]
        assert any(list(f.columns) == list(expected.columns) and len(f) == len(expected) for f in shown), name
