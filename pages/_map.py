"""The map on a page: folium's spec handed to our component, and what the reader does handed back."""

from functools import cache
from typing import Any

import streamlit as st

from layers.webmap import ASSETS

KEY = "planner_map"

_LOADER = """
const address = (name) => new URL(`/assets/${name}?v=VERSION`, location.origin).href;
const styled = (href) => document.querySelector(`link[href="${href}"]`) ? Promise.resolve() : new Promise((done) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: done });
  document.head.append(link);
});
const ready = Promise.all([import(address("planner.js")), styled(address("planner.css"))]);
const hosts = new WeakMap();
export default function (given) {
  const root = given.parentElement.querySelector(".planner-host");
  const known = hosts.get(root), life = known && !known.gone ? known : { gone: false };
  hosts.set(root, life);
  life.given = given;
  ready.then(([module]) => { if (!life.gone) life.end = module.component(life.given); });
  return () => { life.gone = true; life.end?.(); };
}
"""


@cache
def _component() -> Any:
    version = (ASSETS / "digest.txt").read_text().strip()[:12]
    return st.components.v2.component(
        "planner_map",
        html='<div class="planner-host"></div>',
        js=_LOADER.replace("VERSION", version),
        isolate_styles=False,
    )


def show_map(spec: dict[str, Any], on_did: Any) -> None:
    """Mount or update the map. `on_did` is called when the reader has picked a record or drawn a shape."""
    _component()(key=KEY, data=spec, on_did_change=on_did)


def did() -> dict[str, Any]:
    """What the reader did last: `{"pick": "layer/id" or None}` or `{"shape": text or None}`."""
    state = st.session_state.get(KEY)
    return dict(getattr(state, "did", None) or {})
