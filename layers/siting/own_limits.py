"""Limits of readers: areas that they bring, kept as `layers.siting.keepsakes` says.

In models a limit is called `own-` and the digest of its areas, their names, their accuracy and of what they
forbid: a link never means other areas than it did. As a record it is like one of the register `norms`.
"""

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
from layers.shelf import Document
from layers.siting.keepsakes import Keepsakes
from layers.siting.memory import Memory
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


def _read(document: Document, told: dict[str, Any]) -> OwnLimit:
    effect, accuracy_m, area_km2 = str(told["effect"]), float(told["accuracy_m"]), float(told["area_km2"])
    if effect not in EFFECTS or not np.isfinite((accuracy_m, area_km2)).all():
        raise ValueError(effect, accuracy_m, area_km2)
    return OwnLimit(
        str(told["name"]), document.title, str(told["origin"]), document.id, document.changed, accuracy_m,
        effect, int(told["count"]), area_km2,
    )  # fmt: skip


LIMITS = Keepsakes(KIND, "areas", "npz", "limit", VectorError, _read)
kept, path, remove, restore = LIMITS.kept, LIMITS.path, LIMITS.remove, LIMITS.restore


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
    told = {
        "name": _digest(imported.shapes, accuracy_m, effect, names),
        "origin": origin,
        "accuracy_m": accuracy_m,
        "effect": effect,
        "count": len(imported.shapes),
        "area_km2": imported.area_m2 / 1e6,
    }

    def write(file: Path) -> None:
        save(imported.shapes, accuracy_m, file, names)

    return LIMITS.keep(title, told, write, most=MOST_LIMITS, replace=replace)


def _last(origin: str) -> str:
    """The name of a file without its folders, not too long."""
    return PurePath(origin.replace("\\", "/")).name[-80:]


def _digest(shapes: Shapes, accuracy_m: float, effect: str, names: Sequence[str]) -> str:
    parts = [f"{accuracy_m!r}|{effect}".encode(), *shapely.to_wkb(shapes).tolist()]
    parts += [name.encode() for name in names]
    return sha256(b"\0".join(parts)).hexdigest()[:12]
