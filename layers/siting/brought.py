"""Rasters that readers bring (terrain, land cover), kept as `layers.siting.keepsakes` says.

What is kept is never the reader's own file but what was read of it, written anew, and its name is the digest
of that.
"""

import logging
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from geo.errors import RasterError
from layers.shelf import Document
from layers.siting.keepsakes import Keepsakes, is_name

log = logging.getLogger(__name__)
KIND = "raster"
MOST_RASTERS = 40


@dataclass(frozen=True, slots=True)
class Brought:
    """A raster that is kept: its name in models, title, the file it came from, the number of its document."""

    name: str
    title: str
    origin: str
    number: int
    changed: str
    low: float
    high: float


def _read(document: Document, told: dict[str, Any]) -> Brought:
    name, origin, span = str(told["name"]), str(told["origin"]), (float(told["low"]), float(told["high"]))
    return Brought(name, document.title, origin, document.id, document.changed, *span)


RASTERS = Keepsakes(KIND, "rasters", "tif", "raster", RasterError, _read)
kept, path, remove, restore = RASTERS.kept, RASTERS.path, RASTERS.remove, RASTERS.restore


def get(name: str) -> Brought | None:
    """The raster of that name; None where there is none, or the shelf cannot be read."""
    try:
        return next((one for one in kept() if one.name == name), None)
    except RasterError as fault:
        log.warning("%s", fault)
        return None


def names() -> list[str]:
    """The names of those whose file is there."""
    try:
        return [one.name for one in kept() if path(one.name).exists()]
    except RasterError as fault:
        log.warning("%s", fault)
        return []


def known(name: str) -> bool:
    """Whether a raster of that name can be used."""
    return is_name(name) and path(name).exists() and get(name) is not None


def title(name: str) -> str:
    """What its reader called it."""
    found = get(name)
    return found.title if found else name


def keep(
    draft: Path, title: str, origin: str, span: tuple[float, float], *, replace: bool = False
) -> Brought:
    """Keep a raster that was read and written anew at `draft`, which is moved; all of it, or nothing.

    Raises `RasterError`: "title", "exists", "full", "disk", "unusable".
    """
    with RASTERS.writing():
        name = sha256(draft.read_bytes()).hexdigest()[:12]
    told = {"name": name, "origin": origin, "low": span[0], "high": span[1]}
    title = re.sub(r"\s+", " ", title).strip()
    return RASTERS.keep(title, told, draft.replace, most=MOST_RASTERS, replace=replace)
