"""Limits of readers: areas that they bring, as files in the data folder and documents on the shelf.

A limit is there when its document is; that is put on the shelf last. In models it is called `own-` and the
digest of its areas, their names, their accuracy and of what they forbid: what is cached by that is right for
ever, and a link never means other areas than it did. As a record it is like one of the register `norms`.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.area_import import Imported, load, load_names, save
from geo.errors import VectorError
from geo.vector_files import Shapes
from layers.catalog import LANGUAGES
from layers.shelf import Document, ShelfError, data_folder, shelf
from layers.siting.memory import Memory
from layers.siting.sweep import leave, sweep
from layers.store import UnknownFeature
from layers.text import Words

log = logging.getLogger(__name__)
KIND = "areas"
READERS_AREAS = "readers-areas"
"""The source that is cited for areas of readers."""
EFFECTS = ("forbidden", "restricted")
PREFIX = "own-"
MOST_LIMITS = 40
LEAST_ACCURACY_M, MOST_ACCURACY_M = 0.1, 20_000.0
_NAME = r"[0-9a-f]{12}"
_HELD = 16
_HELD_BYTES = 256 * 1024**2
_VERTEX_BYTES, _AREA_BYTES = 24, 400
"""What an area takes in memory, roughly."""


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A limit that is kept: its name, title, the file it came from, the number of its document.

    `accuracy_m` is how far its areas may lie from where they are drawn; `count` and `area_km2` (a sum, in
    which overlaps count twice) say what it holds.
    """

    name: str
    title: str
    origin: str
    number: int
    changed: str
    accuracy_m: float
    effect: str
    count: int
    area_km2: float

    @property
    def id(self) -> str:
        """How models call it."""
        return PREFIX + self.name

    def record(self) -> dict[str, Any]:
        """It as a record of the register `norms`; its `clause` is the file."""
        described = {f"description_{language}": self.described(Words(language)) for language in LANGUAGES}
        return {
            "id": self.id,
            **{f"name_{language}": self.title for language in LANGUAGES},
            **dict.fromkeys(("layer", "where_field", "where_value", "document", "note_ru", "note_en")),
            "distance_m": 0.0,
            "width_rule": "fixed",
            "effect": self.effect,
            "clause": self.origin,
            **described,
            "source_id": READERS_AREAS,
            "as_of": self.changed[:10],
        }

    def described(self, words: Words) -> str:
        """Its file, size and accuracy as a sentence."""
        return words(
            "areas.described",
            file=self.origin,
            n=words.number(self.count, 0),
            km2=words.number(self.area_km2, 1),
            m=words.number(self.accuracy_m, 1),
        )


def is_own(id_: object) -> bool:
    """Whether a model means a limit of a reader by that id."""
    return isinstance(id_, str) and id_.startswith(PREFIX)


def kept() -> list[OwnLimit]:
    """The limits that are kept, by title. Raises `VectorError` ("unusable")."""
    try:
        documents = shelf().all(KIND)
    except ShelfError as fault:
        raise VectorError(str(fault), "unusable") from fault
    return [found for document in documents if (found := _read(document))]


def usable() -> list[OwnLimit]:
    """Those whose file is there, each once; none where the shelf cannot be read."""
    try:
        found = {one.id: one for one in reversed(kept()) if path(one.name).exists()}
    except VectorError as fault:
        log.warning("%s", fault)
        return []
    return list(found.values())[::-1]


def get(id_: str) -> OwnLimit:
    """The limit that a model names, whose areas can be read. Raises `UnknownFeature`."""
    found = next((one for one in usable() if one.id == id_), None)
    if found is None:
        raise UnknownFeature(f"norms/{id_}")
    areas(id_)
    return found


def areas(id_: str) -> tuple[Shapes, float]:
    """The areas of a limit (EPSG:32645) and their accuracy (m). Raises `UnknownFeature`."""
    try:
        return _loaded(path(id_.removeprefix(PREFIX)))
    except VectorError as fault:
        log.warning("%s", fault)
        raise UnknownFeature(f"norms/{id_}") from fault


def areas_at(id_: str, shape: BaseGeometry, reach_m: float = 0.0) -> list[str]:
    """The names of the areas of a limit that may hold a part of a shape (EPSG:32645), the nearest first.

    `reach_m` is how far beyond the accuracy of the areas is looked. None where the areas have no names.
    """
    shapes, accuracy_m = areas(id_)
    called = _names(path(id_.removeprefix(PREFIX)))
    if len(called) != len(shapes):
        return []
    away = shapely.distance(shapes, shape)
    order = np.argsort(away, kind="stable")
    near = order[away[order] <= accuracy_m + reach_m]
    return list(dict.fromkeys(called[at] for at in near if called[at]))


@lru_cache(maxsize=_HELD)
def _names(file: Path) -> tuple[str, ...]:
    return load_names(file)


def _loaded(file: Path) -> tuple[Shapes, float]:
    return _LOADED.get(file, lambda: load(file))


def _bytes(loaded: tuple[Shapes, float]) -> int:
    return int(shapely.get_num_coordinates(loaded[0]).sum()) * _VERTEX_BYTES + len(loaded[0]) * _AREA_BYTES


_LOADED: Memory[tuple[Shapes, float]] = Memory(_HELD_BYTES, _bytes)


def path(name: str) -> Path:
    """The file of a limit; the name is twelve hex digits, so it never leaves the folder."""
    if not re.fullmatch(_NAME, name):
        raise VectorError(f"{name[:40]!r} is no name of a limit", "kept")
    return data_folder() / "areas" / f"{name}.npz"


def keep(
    imported: Imported,
    title: str,
    origin: str,
    accuracy_m: float,
    effect: str,
    *,
    names: Sequence[str] = (),
    replace: bool = False,
) -> OwnLimit:
    """Keep areas as a limit; all of it, or nothing. `names` says what each area is called.

    Raises `VectorError`: "accuracy", "title", "exists", "full", "disk", "unusable".
    """
    if not LEAST_ACCURACY_M <= accuracy_m <= MOST_ACCURACY_M:
        raise VectorError(f"an accuracy is {LEAST_ACCURACY_M:g} to {MOST_ACCURACY_M:g} m", "accuracy")
    title, origin = (re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip() for text in (title, _last(origin)))
    sweep(data_folder() / "areas", KIND)
    there = kept()
    if len(there) >= MOST_LIMITS and not any(one.title == title for one in there):
        raise VectorError(f"{MOST_LIMITS} limits are kept; remove one", "full")
    name = _digest(imported.shapes, accuracy_m, effect, names)
    target = path(name)
    fresh = not target.exists()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        save(imported.shapes, accuracy_m, target, names)
    except OSError as fault:
        raise VectorError(f"the data folder cannot be written: {fault}", "disk") from fault
    told = {
        "name": name,
        "origin": origin,
        "accuracy_m": accuracy_m,
        "effect": effect,
        "count": len(imported.shapes),
        "area_km2": imported.area_m2 / 1e6,
    }
    try:
        document = shelf().put(KIND, title, json.dumps(told, ensure_ascii=False), replace=replace)
    except ShelfError as fault:
        if fresh:
            target.unlink(missing_ok=True)
        raise VectorError(str(fault), fault.code) from fault
    return _of(document, told)


def _last(origin: str) -> str:
    """The name of a file without its folders, not too long."""
    return PurePath(origin.replace("\\", "/")).name[-80:]


def _digest(shapes: Shapes, accuracy_m: float, effect: str, names: Sequence[str]) -> str:
    parts = [f"{accuracy_m!r}|{effect}".encode(), *shapely.to_wkb(shapes).tolist()]
    parts += [name.encode() for name in names]
    return sha256(b"\0".join(parts)).hexdigest()[:12]


def remove(limit: OwnLimit) -> None:
    """Take a limit away; within a day `restore` brings it back. Raises `VectorError`."""
    leave(path(limit.name))
    try:
        shelf().drop(limit.number)
    except ShelfError as fault:
        raise VectorError(str(fault), fault.code) from fault


def restore(limit: OwnLimit) -> None:
    """Bring back what was taken away. Raises `VectorError`, "gone" where its file has been swept away."""
    if not path(limit.name).exists():
        raise VectorError(f"{limit.title!r}: the file is no longer there; bring it again", "gone")
    leave(path(limit.name))
    try:
        shelf().restore(limit.number)
    except ShelfError as fault:
        raise VectorError(str(fault), fault.code) from fault


def _read(document: Document) -> OwnLimit | None:
    """What a document tells; one that cannot be read is left out, and the log says so."""
    try:
        return _of(document, json.loads(document.text))
    except (ValueError, KeyError, TypeError) as fault:
        log.warning("the document of the limit %r cannot be read: %s", document.title, fault)
        return None


def _of(document: Document, told: dict[str, Any]) -> OwnLimit:
    """A document and what its text tells. Raises `ValueError`, `KeyError`, `TypeError`."""
    name, effect = str(told["name"]), str(told["effect"])
    accuracy_m, area_km2 = float(told["accuracy_m"]), float(told["area_km2"])
    sound = re.fullmatch(_NAME, name) and effect in EFFECTS and np.isfinite((accuracy_m, area_km2)).all()
    if not sound:
        raise ValueError(name, effect, accuracy_m, area_km2)
    return OwnLimit(
        name, document.title, str(told["origin"]), document.id, document.changed, accuracy_m, effect,
        int(told["count"]), area_km2,
    )  # fmt: skip
