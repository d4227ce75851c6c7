"""Rasters that readers bring (terrain, land cover): files in the data folder, documents on the shelf.

A raster is there when its document is; that is put on the shelf last. What is kept is never the reader's own
file but what was read of it, written anew, and its name is the digest of that: what is cached by it is right
for ever. What was taken away is removed from the disk a day later (`layers.siting.sweep`).
"""

import json
import logging
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from geo.errors import RasterError
from layers.shelf import Document, ShelfError, data_folder, shelf
from layers.siting.sweep import leave, sweep

log = logging.getLogger(__name__)
KIND = "raster"
MOST_RASTERS = 40
_NAME = r"[0-9a-f]{12}"


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


def kept() -> list[Brought]:
    """The rasters that are kept, by title. Raises `RasterError` ("unusable")."""
    try:
        documents = shelf().all(KIND)
    except ShelfError as fault:
        raise RasterError(str(fault), "unusable") from fault
    return [found for document in documents if (found := _read(document))]


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
    return bool(re.fullmatch(_NAME, name)) and path(name).exists() and get(name) is not None


def title(name: str) -> str:
    """What its reader called it."""
    found = get(name)
    return found.title if found else name


def path(name: str) -> Path:
    """The file of a raster; the name is twelve hex digits, so it never leaves the folder."""
    if not re.fullmatch(_NAME, name):
        raise RasterError(f"{name[:40]!r} is no name of a raster", "kept")
    return data_folder() / "rasters" / f"{name}.tif"


def keep(
    draft: Path, title: str, origin: str, span: tuple[float, float], *, replace: bool = False
) -> Brought:
    """Keep a raster that was read and written anew at `draft`, which is moved; all of it, or nothing.

    Raises `RasterError`: "title", "exists", "full", "disk", "unusable".
    """
    title = re.sub(r"\s+", " ", title).strip()
    swept()
    there = kept()
    if len(there) >= MOST_RASTERS and not any(one.title == title for one in there):
        raise RasterError(f"{MOST_RASTERS} rasters are kept; remove one", "full")
    try:
        name = sha256(draft.read_bytes()).hexdigest()[:12]
        target = path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = not target.exists()
        draft.replace(target)
    except OSError as fault:
        raise RasterError(f"the data folder cannot be written: {fault}", "disk") from fault
    text = json.dumps({"name": name, "origin": origin, "low": span[0], "high": span[1]}, ensure_ascii=False)
    try:
        document = shelf().put(KIND, title, text, replace=replace)
    except ShelfError as fault:
        if fresh:
            target.unlink(missing_ok=True)
        raise RasterError(str(fault), fault.code) from fault
    return Brought(name, document.title, origin, document.id, document.changed, *span)


def remove(raster: Brought) -> None:
    """Take a raster away; within a day `restore` brings it back. Raises `RasterError`."""
    leave(path(raster.name))
    try:
        shelf().drop(raster.number)
    except ShelfError as fault:
        raise RasterError(str(fault), fault.code) from fault


def restore(raster: Brought) -> None:
    """Bring back what was taken away. Raises `RasterError`, "gone" where its file has been swept away."""
    file = path(raster.name)
    if not file.exists():
        raise RasterError(f"{raster.title!r}: the file is no longer there; bring it again", "gone")
    leave(file)
    try:
        shelf().restore(raster.number)
    except ShelfError as fault:
        raise RasterError(str(fault), fault.code) from fault


def swept() -> None:
    """Remove the files of rasters that were taken away a day ago."""
    sweep(data_folder() / "rasters", KIND)


def _read(document: Document) -> Brought | None:
    """What a document tells; one that cannot be read is left out, and the log says so."""
    try:
        told = json.loads(document.text)
        name = str(told["name"])
        if not re.fullmatch(_NAME, name):
            raise ValueError(name)
        span = float(told["low"]), float(told["high"])
        origin = str(told["origin"])
    except (ValueError, KeyError, TypeError) as fault:
        log.warning("the document of the raster %r cannot be read: %s", document.title, fault)
        return None
    return Brought(name, document.title, origin, document.id, document.changed, *span)
