"""Our own components: how a script of the web bundle is mounted on a page."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from layers.furniture import assets_version


@cache
def component(name: str, script: str, host: str) -> Any:
    """The component of that name: mounts `script` of the bundle on an element of the class `host`."""
    loader = Path(__file__).with_name("loader.js").read_text(encoding="utf-8")
    for mark, value in (("VERSION", assets_version()), ("SCRIPT", script), ("HOST", host)):
        loader = loader.replace(mark, value)
    return st.components.v2.component(
        name, html=f'<div class="{host}"></div>', js=loader, isolate_styles=False
    )
