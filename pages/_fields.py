"""The fields of what is written: each shows what is kept, and hands on only what a person did to it.

A browser may answer for a field that has left the page, and a field that comes back may answer with what it
held before, or with nothing. So a field that has left, or that is to show something else than it holds, comes
back under another key; what arrives under a former key is not heard. What it shows is given to the widget
as its default, never through the session: a message that a browser misses can then do no harm.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

_NUMBERS, _SHOWN = "field_numbers", "fields_shown"


def field(name: str, value: object) -> str:
    """The key of the widget that is to show `value`; the widget takes the value as its default too."""
    numbers: dict[str, int] = st.session_state.setdefault(_NUMBERS, {})
    key = _key(name, numbers.get(name, 0))
    if name not in numbers:
        numbers[name] = 0
    elif key not in st.session_state or st.session_state[key] != value:
        numbers[name] += 1
        key = _key(name, numbers[name])
    st.session_state.setdefault(_SHOWN, set()).add(name)
    return key


def changing(name: str, change: Callable[[Any], object]) -> Callable[[], None]:
    """A callback that hands on what the field holds; nothing where the field has left meanwhile."""
    key = _key(name, st.session_state[_NUMBERS][name])

    def on_change() -> None:
        if key == _key(name, st.session_state[_NUMBERS][name]) and key in st.session_state:
            change(st.session_state[key])

    return on_change


def begin() -> None:
    """The page with fields is drawn from here."""
    st.session_state[_SHOWN] = set()


def end() -> None:
    """The page is drawn: the fields that are not on it have left."""
    numbers, shown = st.session_state.get(_NUMBERS, {}), st.session_state.pop(_SHOWN, set())
    for name in numbers:
        if name not in shown:
            numbers[name] += 1


def _key(name: str, number: int) -> str:
    return f"{name}~{number}" if number else name
