"""The passport of the chosen site as PDF, page and GeoPackage; the whole map as a GeoTIFF."""

from collections.abc import Callable

import streamlit as st

from layers.siting.passport import Passport
from layers.siting.results import findings
from layers.siting.sites import site
from layers.text import Words
from layers.view import View
from layers.webmap import tiles_query
from pages import _shell

_KINDS = (("pdf", "application/pdf", "picture_as_pdf"), ("html", "text/html", "language"),
          ("gpkg", "application/geopackage+sqlite3", "map"))  # fmt: skip


def offer(view: View, words: Words) -> None:
    """Buttons that make the passport of the chosen site when they are pressed."""
    store = _shell.store()
    st.markdown(f"**{words('passport.offer')}**")
    chosen = site(findings(store, view.query), view.selected) if view.selected else None
    if chosen is None:
        st.caption(words("passport.choose"))
    else:
        passport = Passport(findings(store, view.query), view.query, chosen, words)
        with st.container(horizontal=True):
            for kind, mime, icon in _KINDS:
                st.download_button(
                    words(f"passport.{kind}"), data=_maker(passport, kind), mime=mime, key=f"passport_{kind}",
                    file_name=f"{passport.file_name}.{kind}", icon=f":material/{icon}:", on_click="ignore",
                )  # fmt: skip
    st.link_button(
        words("passport.score_tif"),
        f"/site/score.tif?{tiles_query(store, view.query)}",
        icon=":material/download:",
    )


def _maker(passport: Passport, kind: str) -> Callable[[], bytes]:
    return {"pdf": passport.pdf, "html": passport.html, "gpkg": passport.gpkg}[kind]
