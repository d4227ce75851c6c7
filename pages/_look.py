"""The agency's own look on the screen: the accent in Streamlit's themes, logo and name in the header."""

from html import escape

import streamlit as st
from streamlit import config

from layers.catalog import Language
from layers.identity import ACCENT, Identity, contrast, identity, mixed
from layers.text import Words

_DARK_PAGE = "#11171b"
_BUTTONS, _ON_BUTTONS, _LINKS = 3.0, 4.5, 7.0
"""The contrasts, on a dark page, of buttons with the page, of white text on them, of links."""
_STEPS = 40


def dress() -> None:
    """Give Streamlit's themes the accent of the agency; its own stands in the settings of the server."""
    accent = identity().accent
    if accent == ACCENT:
        return
    looks = {
        "light.primaryColor": accent,
        "light.linkColor": accent,
        "dark.primaryColor": _button(accent),
        "dark.linkColor": _lighter(accent, _LINKS),
    }
    for name, value in looks.items():
        config.set_option(f"theme.{name}", value)


def _lighter(accent: str, wanted: float) -> str:
    """The accent, as light as a contrast with the dark page needs."""
    steps = (mixed("#ffffff", accent, step / _STEPS) for step in range(_STEPS + 1))
    return next(found for found in steps if contrast(found, _DARK_PAGE) >= wanted)


def _button(accent: str) -> str:
    """Light enough to stand out from the dark page, and no lighter than white text on it can bear."""
    found = _lighter(accent, _BUTTONS)
    return found if contrast(found, "#ffffff") >= _ON_BUTTONS else accent


def styles() -> str:
    """The accent for what is printed, which is light whatever the theme."""
    return f"<style>:root {{ --identity-accent: {identity().accent}; }}</style>"


def brand(language: Language, whose: Identity | None = None) -> str:
    """Name of the planner and of the agency, with its logo, as HTML; a logo is only ever a picture."""
    words, agency = Words(language), whose or identity()
    name, said = words("app.name"), agency.called(language) or words("app.tagline")
    picture = f'<img src="{agency.logo.address}" alt="">' if agency.logo else ""
    told = f"<div class='brand'><strong>{escape(name)}</strong><span>{escape(said)}</span></div>"
    return f"<div class='brand-row'>{picture}{told}</div>"


def show(language: Language) -> None:
    """Draw the brand."""
    st.html(brand(language))
