"""The furniture of the map: complete in both languages and without records; counts; the version."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from geo.crs import MSK70_ZONES
from layers import furniture as module
from layers.catalog import LANGUAGES, Catalogue, Language
from layers.feature import class_value, drawn, placed
from layers.furniture import (
    ASSETS,
    OVERVIEW,
    AssetsMissing,
    asset,
    assets_version,
    counts,
    furniture,
    icon_path,
    part,
    version,
)
from layers.query import Condition, Query
from layers.store import EmbeddedStore, embedded
from layers.style import SHAPES, Symbol
from layers.text import Words
from layers.view import HOME
from tests.conftest import DataFolder
from tests.layers.queries import LAYERS, queries

MOST_BYTES = 60_000
"""Asked for once in each language, before the first record is drawn."""


def skeleton(value: Any) -> Any:
    """A value with its texts blanked: what must be the same in every language."""
    if isinstance(value, dict):
        return {key: skeleton(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [skeleton(inner) for inner in value]
    return type(value).__name__ if isinstance(value, str) else value


def texts(value: Any) -> list[str]:
    """Every text anywhere in a value."""
    if isinstance(value, dict | list | tuple):
        inner = value.values() if isinstance(value, dict) else value
        return [text for each in inner for text in texts(each)]
    return [value] if isinstance(value, str) else []


def symbols(catalogue: Catalogue) -> list[Symbol]:
    return [
        s for layer in catalogue.layers.values() for s in (layer.style.symbol, *layer.style.classes.values())
    ]


def test_the_languages_differ_in_words_alone(store: EmbeddedStore) -> None:
    russian, english = (furniture(store, language) for language in LANGUAGES)
    assert skeleton(russian) == skeleton(english)
    assert russian["strings"] != english["strings"]
    for language, told in zip(LANGUAGES, (russian, english), strict=True):
        assert told["language"] == language
        classes = {name: told["parts"][name].pop("classes") for name in told["parts"]}
        # A ramp names its ends and its middle; the colours between have no name.
        ramps = [part.pop("ramp") for part in told["parts"].values() if "ramp" in part]
        labels = [label for ramp in ramps for _, label, *_ in ramp]
        assert labels == [label.strip() for label in labels]
        assert [bool(label) for label in labels] == [True, False, True, False, False, True, True, True, True]
        assert all(label.strip() for labels in classes.values() for _, label in labels)
        assert all(text.strip() for text in texts(told))


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_words_are_those_of_the_language(
    store: EmbeddedStore, catalogue: Catalogue, language: Language
) -> None:
    told = furniture(store, language)
    words = Words(language)
    assert told["title"] == words("app.title")
    assert told["strings"] == words.table("map")
    assert [group["title"] for group in told["groups"]] == [t[language] for t in catalogue.groups.values()]
    for name, layer in catalogue.layers.items():
        assert told["parts"][name]["title"] == layer.title[language]
    status = catalogue.vocabularies["status"]
    assert told["states"] == {
        **{key: text[language] for key, text in status.items()},
        "standing": words("state.standing"),
    }


@pytest.mark.parametrize(("language", "msk"), [("ru", "МСК"), ("en", "MSK")])
def test_the_systems_are_named_in_the_language(store: EmbeddedStore, language: Language, msk: str) -> None:
    names = [system["name"] for system in furniture(store, language)["systems"]]
    assert names == ["WGS 84", "UTM 45N", *(f"{msk}-70, {zone}" for zone in MSK70_ZONES)]


def test_every_state_that_is_drawn_apart_is_named(store: EmbeddedStore) -> None:
    told = furniture(store, "en")
    assert set(told["fills"]) == set(told["states"])
    assert set(told["dashes"]) <= set(told["states"])


def test_every_layer_stands_once_in_its_group_and_in_both_orders(
    store: EmbeddedStore, catalogue: Catalogue
) -> None:
    told = furniture(store, "en")
    listed = [name for group in told["groups"] for name in group["layers"]]
    assert sorted(listed) == sorted(catalogue.layers) == sorted(told["parts"])
    assert told["order"] == list(catalogue.layers)
    for group, members in zip(catalogue.groups, (group["layers"] for group in told["groups"]), strict=True):
        assert members == [n for n in catalogue.panel_order if catalogue.layers[n].group == group]
    assert set(told["small"]) == set(OVERVIEW) <= set(told["parts"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_record_is_inside(store: EmbeddedStore, catalogue: Catalogue, language: Language) -> None:
    told = furniture(store, language)
    text = json.dumps(told, ensure_ascii=False, allow_nan=False)
    assert len(text.encode()) < MOST_BYTES
    titles = set(texts(told))
    for name, layer in catalogue.layers.items():
        if layer.computed:  # its records are called like its classes
            continue
        assert not titles & set(store.features(name)[f"name_{language}"])
        assert not titles & set(store.features(name).index)


def test_a_part_is_what_the_script_draws_and_explains(store: EmbeddedStore, catalogue: Catalogue) -> None:
    for name, layer in catalogue.layers.items():
        told = part(store, layer, "en")
        assert (told["id"], told["geometry"], told["minZoom"]) == (name, layer.geometry, layer.style.min_zoom)
        assert told["labels"] == (layer.style.label_zoom if layer.style.label else None)
        assert set(told["symbols"]) == {"", *layer.style.classes}
        bounds = HOME if layer.computed else store.features(name).total_bounds.tolist()
        assert told["bounds"] == pytest.approx(bounds, abs=1e-4)
        compared = layer.follows in ("comparison", "siting")
        assert (told["computed"], told["side"]) == (compared, layer.side)


def test_a_mixed_layer_is_drawn_as_such_and_has_no_registers_beside_it(
    store: EmbeddedStore, catalogue: Catalogue
) -> None:
    told = furniture(store, "en")
    assert told["parts"]["projects"]["geometry"] == "mixed"
    assert not set(told["parts"]) & set(catalogue.registers)
    assert not set(told["order"]) & set(catalogue.registers)


def test_every_symbol_has_its_outline_and_its_icon(store: EmbeddedStore, catalogue: Catalogue) -> None:
    shown = [s for told in furniture(store, "en")["parts"].values() for s in told["symbols"].values()]
    drawn_from = symbols(catalogue)
    by_outline = {outline: shape for shape, outline in SHAPES.items()}
    assert Counter(by_outline[s["shape"]] for s in shown) == Counter(s.shape for s in drawn_from)
    assert sum("icon" in s for s in shown) == sum(s.icon is not None for s in drawn_from) > 10
    for look in shown:
        assert look["pin"] == (by_outline[look["shape"]] == "pin")
        assert look.get("icon", "M").startswith("M")
        assert {"colour", "size", "width", "fill_opacity", "casing"} <= set(look)


def test_an_icon_is_its_outline_alone(catalogue: Catalogue) -> None:
    for name in {s.icon for s in symbols(catalogue)} - {None}:
        outline = icon_path(str(name))
        assert outline.startswith("M")
        assert not set(outline) & set("<>\"'")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_class_has_its_label(store: EmbeddedStore, catalogue: Catalogue, language: Language) -> None:
    classed = {name: layer for name, layer in catalogue.layers.items() if layer.style.classes}
    assert len(classed) > 3
    for name, told in furniture(store, language)["parts"].items():
        labels = dict(told["classes"])
        assert len(labels) == len(told["classes"])
        if name not in classed:
            assert labels == {}
            continue
        assert list(labels) == [*classed[name].style.classes, ""]
        assert len(set(labels.values())) == len(labels)
        field = catalogue.fields[classed[name].style.field or ""]
        if field.vocabulary:
            words = catalogue.vocabularies[field.vocabulary]
            assert {key: label for key, label in labels.items() if key} == {
                key: words[key][language] for key in classed[name].style.classes
            }


def test_the_systems_are_the_displayed_ones(store: EmbeddedStore) -> None:
    told = furniture(store, "ru")["systems"]
    assert [system["id"] for system in told] == ["wgs84", "utm45", *(f"msk70-{n}" for n in range(1, 7))]
    assert all(system["proj"].startswith("+proj=") for system in told)


@pytest.mark.parametrize("only", [("rivers",), ("projects", "rivers"), OVERVIEW])
def test_only_what_is_wanted_is_taken_along(
    store: EmbeddedStore, catalogue: Catalogue, only: tuple[str, ...]
) -> None:
    whole, told = furniture(store, "ru"), furniture(store, "ru", only=only)
    assert set(told["parts"]) == set(only)
    assert told["parts"] == {name: whole["parts"][name] for name in told["parts"]}
    assert sorted(name for group in told["groups"] for name in group["layers"]) == sorted(only)
    assert all(group["layers"] for group in told["groups"])
    apart = {"parts", "groups"}
    assert {k: v for k, v in told.items() if k not in apart} == {
        k: v for k, v in whole.items() if k not in apart
    }


# --- counts -----------------------------------------------------------------------------------------


@given(LAYERS, queries())
def test_counts_are_what_the_query_keeps_and_what_is_drawn(name: str, query: Query) -> None:
    store = embedded()
    layer, frame = store.catalogue.layers[name], store.query(name, query)
    told, on_map = counts(store, name, query), drawn(store, layer, query, "ru")["features"]
    assert told["n"] == len(frame) <= told["of"] == len(store.features(name))
    assert told.get("unplaced", 0) == len(frame) - len(placed(frame)) == len(frame) - len(on_map)
    assert told.get("unplaced") != 0
    assert ("classes" in told) == bool(layer.style.classes)
    if layer.style.classes:
        field = layer.style.field or ""
        keys = Counter(layer.style.class_of(class_value(value)) for value in frame[field])
        assert told["classes"] == dict(keys)
        assert set(told["classes"]) <= {key for key, _ in part(store, layer, "en")["classes"]}
        on_screen = Counter(feature["properties"]["c"] for feature in on_map)
        assert all(on_screen[key] <= n for key, n in told["classes"].items())
    present = sorted(set(frame["state"]))
    assert told.get("states") == (present if layer.style.state and len(present) > 1 else None)
    assert set(told.get("states", ())) <= set(furniture(store, "en")["states"])
    assert json.loads(json.dumps(told)) == told


def test_counts_of_nothing_are_nought(store: EmbeddedStore) -> None:
    none = Query(conditions=(Condition(field="cost_mln_rub", low=9e9),))
    told = counts(store, "projects", none)
    assert told == {"n": 0, "of": len(store.features("projects")), "classes": {}}


# --- version and assets -----------------------------------------------------------------------------


class Digested:
    """As much of a store as its version looks at."""

    def __init__(self, digest: str) -> None:
        self.digest = digest


def version_of(digest: str = "0" * 12) -> str:
    return version(Digested(digest))  # type: ignore[arg-type]


def test_a_version_is_twelve_hex_digits_and_lasts(store: EmbeddedStore) -> None:
    assert len(version(store)) == 12
    assert int(version(store), 16) >= 0
    assert version_of() == version_of()
    assert version(store) == version_of(store.digest)


def test_a_version_changes_with_the_data(data_folder: DataFolder, catalogue: Catalogue) -> None:
    assert version_of(Catalogue(data_folder.folder).digest) == version_of(catalogue.digest)
    data_folder.change("bridges.csv", data_folder.rows("bridges.csv")[0]["id"], name_en="Another name")
    assert version_of(Catalogue(data_folder.folder).digest) != version_of(catalogue.digest)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_version_changes_with_the_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    before = version_of()
    for path in module.TEXTS.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(module, "TEXTS", tmp_path)
    assert version_of() == before
    with (tmp_path / f"{language}.toml").open("a", encoding="utf-8") as file:
        file.write('more = "more"\n')
    assert version_of() != before


def test_a_version_changes_with_the_assets(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of()
    monkeypatch.setattr(module, "assets_version", lambda: "0123456789ab")
    assert version_of() != before


def test_missing_assets_are_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match=r"planner\.js.*make setup"):
        asset("planner.js", tmp_path)
    with pytest.raises(AssetsMissing, match="no-such-icon"):
        icon_path("no-such-icon")


@pytest.mark.parametrize("name", ["planner.js", "planner.css", "board.js", "board.css"])
def test_map_and_board_have_a_script_and_a_style_sheet(name: str) -> None:
    assert len(asset(name)) > 500


def test_assets_have_a_version_of_their_own() -> None:
    digest = (ASSETS / "digest.txt").read_text(encoding="utf-8")
    assert asset("digest.txt") == digest
    assert assets_version() == digest.strip()[:12]
    assert len(assets_version()) == 12
