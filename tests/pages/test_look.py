"""The agency's look on the screen: colours of the themes, and the brand in the header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit import config

from layers.catalog import Text
from layers.identity import ACCENT, Identity, Logo, contrast
from pages import _look

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}").filter(lambda c: contrast(c, "#ffffff") >= 4.5)
LOGO = Logo(media="image/svg+xml", screen=b"<svg onload='alert(1)'/>", png=b"", wide=2)


@given(COLOURS)
def test_every_accent_can_be_read_in_the_dark(accent: str) -> None:
    assert contrast(_look._lighter(accent, 7.0), "#11171b") >= 7.0
    assert contrast(_look._button(accent), "#ffffff") >= 4.5


def test_the_themes_take_the_accent(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {name: config.get_option(f"theme.{name}") for name in ("light.primaryColor", "dark.primaryColor")}
    _look.dress()
    assert {name: config.get_option(f"theme.{name}") for name in kept} == kept
    monkeypatch.setattr(_look, "identity", lambda: Identity(accent="#7a1f3d"))
    told: dict[str, str] = {}
    monkeypatch.setattr(config, "set_option", lambda name, value: told.update({name: value}))
    _look.dress()
    assert told["theme.light.primaryColor"] == told["theme.light.linkColor"] == "#7a1f3d"
    names = [f"{mode}.{what}Color" for mode in ("light", "dark") for what in ("primary", "link")]
    assert set(told) == {f"theme.{name}" for name in names}


def test_the_brand_names_the_agency_and_shows_its_logo_as_a_picture() -> None:
    whose = Identity(name=Text(ru="А <b>", en="B"), logo=LOGO, accent=ACCENT)
    told = _look.brand("ru", whose)
    assert "А &lt;b&gt;" in told
    assert '<img src="data:image/svg+xml;base64,' in told
    assert "onload" not in told
    assert "B" in _look.brand("en", whose)
    assert "<img" not in _look.brand("ru")
