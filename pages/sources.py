"""Data and sources: what each layer holds, how well it is known, and where every figure comes from."""

import pandas as pd
import streamlit as st

from layers.feature import placed
from layers.report import as_csv, as_xlsx, table
from layers.store import EmbeddedStore
from layers.text import Words
from pages import _shell

_ROWS_HEIGHT = 360


def page() -> None:
    """Draw the page in the reader's language."""
    store, words = _shell.store(), _shell.words()
    with st.container(key="document"):
        st.title(words("sources.title"))
        st.markdown(words("sources.intro"))
        st.subheader(words("sources.layers"))
        st.dataframe(_layers(store, words), hide_index=True, placeholder=words("no_data"), height="content")
        _browse(store, words)
        st.subheader(words("sources.register"))
        _register(store, words)
        st.caption(words("sources.digest", digest=store.digest))


def _layers(store: EmbeddedStore, words: Words) -> pd.DataFrame:
    """One row a layer: records, how many have a place, how full, how accurate. Then one a register."""
    catalogue, rows = store.catalogue, []
    for name in (name for name in catalogue.panel_order if not catalogue.layers[name].computed):
        layer, frame = catalogue.layers[name], store.features(name)
        own = [field.columns[0] for field in layer.fields if field not in catalogue.common]
        filled = frame[own].notna().to_numpy().mean() * 100 if own else None
        states = frame["position_status"].value_counts()
        texts = catalogue.vocabularies["position_status"]
        rows.append({
            words("sources.layer"): layer.title[words.language],
            words("sources.records"): len(frame),
            words("sources.placed"): len(placed(frame)),
            words("sources.complete"): None if filled is None else round(filled),
            words("sources.accuracy"): frame["accuracy_m"].median(),
            words("sources.statuses"): ", ".join(
                f"{texts[state][words.language].lower()}: {count}" for state, count in states.items()
            ),
        })  # fmt: skip
    for name, register in catalogue.registers.items():
        records = store.records(name)
        own = [field.columns[0] for field in register.fields if field not in catalogue.common]
        rows.append({
            words("sources.layer"): register.title[words.language],
            words("sources.records"): len(records),
            words("sources.complete"): round(records[own].notna().to_numpy().mean() * 100),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _browse(store: EmbeddedStore, words: Words) -> None:
    """All records of a register that the reader chooses, as a table to read and to take along."""
    registers = store.catalogue.registers
    st.subheader(words("sources.registers"))
    name = st.selectbox(
        words("sources.registers"),
        list(registers),
        format_func=lambda id_: registers[id_].title[words.language],
        key="register_shown",
        label_visibility="collapsed",
        width=420,
    )
    rows = table(store, name, store.records(name), words.language)
    st.dataframe(rows, hide_index=True, placeholder="", height=_ROWS_HEIGHT)
    st.download_button(
        words("sources.take_register"),
        data=lambda: as_xlsx([(registers[name].title[words.language], rows)]),
        file_name=f"{name}.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )


def _register(store: EmbeddedStore, words: Words) -> None:
    rows = pd.DataFrame([
        {
            words("sources.source"): source.title[words.language],
            words("sources.publisher"): store.catalogue.publisher(source, words.language),
            words("sources.date"): source.date,
            words("sources.licence"): store.catalogue.licence(source, words.language),
            words("sources.link"): source.url or None,
            words("sources.cited"): store.citations[source.id],
        }
        for source in store.catalogue.sources.values()
    ])  # fmt: skip
    wanted = st.text_input(words("sources.find"), type="search", live=True, key="source_wanted", width=420)
    if wanted:
        rows = rows[rows.apply(lambda row: wanted.lower() in " ".join(map(str, row)).lower(), axis=1)]
    if rows.empty:
        st.info(words("sources.none_found"))
        return
    st.dataframe(
        rows,
        hide_index=True,
        placeholder="",
        column_config={words("sources.link"): st.column_config.LinkColumn()},
    )
    st.download_button(
        words("sources.download"),
        data=as_csv(rows, words.language),
        file_name="sources.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
