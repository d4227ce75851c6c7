"""The furniture of the map: what surrounds it and does not change with the view; the counts of its legend.

Texts, systems of coordinates, symbols, groups of layers: asked for once in each language and then kept. Only
the counts depend on what the filters and the year keep.
"""

import re
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from geo.crs import displayed_systems
from layers.catalog import Language, Layer
from layers.feature import class_value, placed
from layers.query import Query, applied
from layers.store import Store
from layers.style import SHAPES, STATE_DASHES, STATE_FILLS, Symbol
from layers.text import FOLDER as TEXTS
from layers.text import Words
from layers.view import HOME, ZOOMS

ASSETS = Path(__file__).resolve().parent.parent / "build" / "web"
"""Where set-up puts the scripts, styles, fonts and icons of the map."""

OVERVIEW = ("districts", "rivers")
"""The layers of the small overview map."""


class AssetsMissing(RuntimeError):
    """The web assets have not been put in place: `make` does that."""


def asset(name: str, assets: Path = ASSETS) -> str:
    """The text of a web asset. Raises `AssetsMissing`."""
    try:
        return (assets / name).read_text(encoding="utf-8")
    except OSError as fault:
        raise AssetsMissing(f"{name} is not in {assets.name}/: run `make setup`") from fault


@cache
def icon_path(name: str) -> str:
    """The outline of a Phosphor icon (fill weight) in its box of 256 x 256."""
    return " ".join(re.findall(r'\bd="([^"]+)"', asset(f"icons/{name}-fill.svg")))


def furniture(store: Store, language: Language, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """Everything of the map that depends on the language alone; with `only`, for these layers."""
    catalogue, words = store.catalogue, Words(language)
    names = [name for name in catalogue.panel_order if not only or name in only]
    members = {
        group: [name for name in names if catalogue.layers[name].group == group] for group in catalogue.groups
    }
    return {
        "title": words("app.title"),
        "language": language,
        "home": list(HOME),
        "zooms": list(ZOOMS),
        "strings": words.table("map"),
        "systems": [
            {"id": s.id, "name": s.name.replace("MSK", words("map.msk")), "proj": s.proj}
            for s in displayed_systems()
        ],
        "fills": STATE_FILLS,
        "dashes": STATE_DASHES,
        "states": _states(store, language),
        "groups": [{"title": catalogue.groups[g][language], "layers": m} for g, m in members.items() if m],
        "order": list(catalogue.layers),
        "parts": {name: part(store, catalogue.layers[name], language) for name in names},
        "small": list(OVERVIEW),
    }


def part(store: Store, layer: Layer, language: Language) -> dict[str, Any]:
    """A layer as the script that draws it and its legend needs it."""
    style = layer.style
    return {
        "id": layer.id,
        "title": layer.title[language],
        "geometry": layer.geometry,
        "symbols": {key: _symbol(symbol) for key, symbol in {"": style.symbol, **style.classes}.items()},
        "classes": _class_labels(store, layer, language),
        "minZoom": style.min_zoom,
        "labels": style.label_zoom if style.label else None,
        "bounds": list(HOME)
        if layer.computed
        else [round(v, 4) for v in store.features(layer.id).total_bounds.tolist()],
        "computed": layer.follows in ("comparison", "siting"),
        "side": layer.side,
    } | (_raster(store, layer, language) if layer.geometry == "raster" else {})


def _raster(store: Store, layer: Layer, language: Language) -> dict[str, Any]:
    """The legend of a layer of tiles: its ramp and its classes; why a page without a server lacks it."""
    words, style = Words(language), layer.style
    ends = {
        0.0: words("legend.percent", n=0),
        0.5: words("legend.percent", n=50),
        1.0: words("legend.percent", n=100),
    }
    ramp = [[colour, ends.get(share, "")] for share, colour in style.ramp]
    field = store.catalogue.fields[style.field or ""]
    for key, symbol in style.classes.items():
        kind = "hatched" if key == "unsure" else "plain"
        ramp.append([symbol.colour, store.catalogue.word(field, key, language), kind])
    return {"ramp": ramp, "away": words("legend.away")}


def _states(store: Store, language: Language) -> dict[str, str]:
    words = store.catalogue.vocabularies["status"]
    return {
        **{key: text[language] for key, text in words.items()},
        "standing": Words(language)("state.standing"),
    }


def _class_labels(store: Store, layer: Layer, language: Language) -> list[list[str]]:
    """Keys and names of the classes of a layer, in the order of its legend; the rest comes last."""
    style = layer.style
    if not style.field or not style.classes:
        return []
    field = store.catalogue.fields[style.field]
    title = field.title[language]
    names = [
        [key, store.catalogue.word(field, key, language) if field.vocabulary else f"{title} {key}"]
        for key in style.classes
    ]
    return [*names, ["", Words(language)("legend.other", field=title.lower())]]


def _symbol(symbol: Symbol) -> dict[str, Any]:
    look = symbol.model_dump(exclude_none=True, exclude={"icon"})
    icon = {"icon": icon_path(symbol.icon)} if symbol.icon else {}
    return {**look, "pin": symbol.shape == "pin", "shape": SHAPES[symbol.shape], **icon}


@cache
def assets_version() -> str:
    """Twelve hex digits that change with the web assets. Raises `AssetsMissing`."""
    return asset("digest.txt").strip()[:12]


@cache
def version(store: Store) -> str:
    """Twelve hex digits that change with the data, the texts or the web assets: part of every address."""
    total = sha256(store.digest.encode() + assets_version().encode())
    for path in sorted(TEXTS.glob("*.toml")):
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def counts(store: Store, layer_id: str, query: Query) -> dict[str, Any]:
    """How many records of a layer a query keeps, of how many; by class; without a place; the states present.

    Keys are short, since this travels with every change: `n`, `of`, `unplaced`, `classes`, `states`.
    """
    return _counts(store, layer_id, applied(store.catalogue.layers[layer_id], query))


@lru_cache(maxsize=2048)
def _counts(store: Store, layer_id: str, query: Query) -> dict[str, Any]:
    frame, style = store.query(layer_id, query), store.catalogue.layers[layer_id].style
    computed = store.catalogue.layers[layer_id].computed
    found: dict[str, Any] = {
        "n": len(frame),
        "of": frame.attrs.get("of", len(frame)) if computed else len(store.features(layer_id)),
    }
    if unplaced := len(frame) - len(placed(frame)):
        found["unplaced"] = unplaced
    if style.field and style.classes:
        keys = frame[style.field].map(lambda value: style.class_of(class_value(value)))
        found["classes"] = {str(key): int(n) for key, n in keys.value_counts().items()}
    if style.state and frame["state"].nunique() > 1:
        found["states"] = sorted(set(frame["state"]))
    return found
