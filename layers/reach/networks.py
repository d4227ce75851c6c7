"""Road networks that people bring: files in the data folder, and documents on the shelf that describe them.

A network is there when its document is; putting that on the shelf is one transaction, made last. Its file
`networks/<name>.npz` lies there before, never changes, and is named after its title and its content: what is
cached or linked by the name is right for ever, and the same roads brought again under another form of the
file are another network. Files without a document are left for a day, so that what was removed can be brought
back, and are then swept away.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from anyascii import anyascii

from geo.errors import NetworkError
from geo.network import Network
from geo.road_import import Figures, Imported, Note, load, save
from geo.scenario import MOST_NAME, SEGMENT
from layers.records import SLUG
from layers.shelf import Document, ShelfError, data_folder, shelf
from layers.sweep import leave, swept

log = logging.getLogger(__name__)
KIND = "road-network"
MOST_NETWORKS = 40
MOST_FOLDER_BYTES = 4 * 1024**3
MOST_SEGMENTS = 500_000
"""All roads and streets of Tomsk oblast in OpenStreetMap are about 150,000; indexing this many takes 6 s."""
_LONGEST_SLUG = 40
_ORDER_SWEPT_AFTER_S = 90 * 24 * 3600.0
"""The order of nodes does not say whose it is; one that is swept too early is only made again."""
_KEYWORDS = frozenset(("season", "name"))
"""What a scenario's text says before a colon and means no segment."""


@dataclass(frozen=True, slots=True)
class About:
    """What is told of a network: title, file it came from, its coordinate system, how places join it.

    `joined` is a key of `layers.reach.base.ACCESS`; `limits`: its speeds are a share of limits in the file.
    """

    title: str
    origin: str
    crs: str
    joined: str
    limits: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A network that is kept: its name in addresses, the number of its document, when it was kept (UTC)."""

    name: str
    number: int
    changed: str
    about: About
    figures: Figures
    notes: tuple[Note, ...]


# --- names -------------------------------------------------------------------------------------------


def slug(text: str) -> str:
    """A text in lower-case Latin letters and digits, with hyphens between; "" where it has none."""
    bare = re.sub(r"[^a-z0-9]+", "-", str(anyascii(text)).lower())
    return bare[:_LONGEST_SLUG].strip("-")


def fingerprint(network: Network) -> str:
    """Ten hex digits that change with anything of a network but its name."""
    access = network.access
    total = sha256(f"{network.digest} {access.kmh} {access.detour} {access.limit_m}".encode())
    for numbers in (network.nodes, network.length_m, network.speed_kmh, network.before_kmh):
        total.update(np.ascontiguousarray(numbers, np.float64).tobytes())
    for flags in (network.oneway, network.there):
        total.update(np.ascontiguousarray(flags, np.int8).tobytes())
    for texts in (network.category, network.surface, network.before_surface):
        total.update("\0".join(map(str, texts)).encode())
    for line in network.lines:
        total.update(shapely.to_wkb(line))
    return total.hexdigest()[:10]


def editable(imported: Imported) -> Imported:
    """The same with segments that a scenario can name: other ids are spelt anew, and that is told."""
    network = imported.network
    ids = [str(id_) for id_ in network.ids]
    unfit = [at for at, id_ in enumerate(ids) if not _nameable(id_)]
    if not unfit:
        return imported
    taken, anew = set(ids), list(ids)
    last: dict[str, int] = {}
    for at in unfit:
        bare = slug(ids[at])
        fits = _nameable(bare) and _nameable(f"{bare}-1")
        stem = bare if fits else f"s-{bare}".strip("-")
        number = last.get(stem, 0)
        found = stem
        while found in taken:
            number += 1
            found = f"{stem}-{number}"
        last[stem] = number
        taken.add(found)
        anew[at] = found
    examples = tuple(f"{ids[at][:30]} → {anew[at]}" for at in unfit[:3])
    renamed = Note("renamed", len(unfit), examples)
    return Imported(network.changed(ids=np.array(anew, object)), (*imported.notes, renamed))


def _nameable(id_: str) -> bool:
    """Whether a scenario can name a segment so; `new-1`, `new-1-2`, `removed-1` are roads that are drawn."""
    fits = bool(re.fullmatch(SEGMENT, id_)) and len(id_) <= MOST_NAME and id_ not in _KEYWORDS
    return fits and not re.fullmatch(r"(new|removed)-\d+(-\d+)?", id_)


# --- what is there -----------------------------------------------------------------------------------


def kept() -> list[Kept]:
    """The networks that are kept, by title. Raises `NetworkError` ("unusable")."""
    with _told():
        documents = shelf().all(KIND)
    return [found for document in documents if (found := _read(document))]


def get(name: str) -> Kept | None:
    """The network of that name; None where there is none. Raises `NetworkError` ("unusable")."""
    return next((one for one in kept() if one.name == name), None)


def opened(name: str) -> Network:
    """The roads of a network. Raises `NetworkError` ("kept") where its file is gone or broken."""
    network = load(_path(name))
    if network.name != name:
        raise NetworkError(f"{name}: its file holds {network.name!r}; import the roads again", "kept")
    return network


def stamp(name: str) -> tuple[int, int]:
    """What changes when somebody changes the file of a network; zeros where there is none."""
    try:
        found = _path(name).stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def orders() -> Path:
    """Where the orders of nodes are kept for the next start."""
    return data_folder() / "orders"


def _folder() -> Path:
    return data_folder() / "networks"


def _path(name: str) -> Path:
    """The file of a network. Raises `NetworkError` for what is no name: it never leaves the folder."""
    if not re.fullmatch(SLUG, name):
        raise NetworkError(f"{name[:40]!r} is no name of a network", "kept")
    return _folder() / f"{name}.npz"


def _read(document: Document) -> Kept | None:
    """What a document tells; one that cannot be read is left out, and the log says so."""
    try:
        told = json.loads(document.text)
        name = str(told["name"])
        if not re.fullmatch(SLUG, name):
            raise ValueError(name)
        about = About(document.title, **told["about"])
        notes = tuple(Note(code, int(count), tuple(examples)) for code, count, examples in told["notes"])
        return Kept(name, document.id, document.changed, about, Figures(**told["figures"]), notes)
    except (ValueError, KeyError, TypeError) as fault:
        log.warning("the document of the network %r cannot be read: %s", document.title, fault)
        return None


# --- keeping and removing ----------------------------------------------------------------------------


def keep(
    imported: Imported,
    about: About,
    *,
    replace: bool = False,
    ready: Callable[[Network], None] = lambda _: None,
) -> Kept:
    """Keep a network; all of it, or nothing: what it replaces stays where anything fails.

    `ready` is given the network as it was read from its file, before anybody is told of it.

    Raises `NetworkError`: "title", "exists" (the title is in use and is not to be replaced), "full", "disk",
    "unusable", "kept".
    """
    title = re.sub(r"\s+", " ", about.title).strip()
    there = kept()
    old = next((one for one in there if one.about.title == title), None)
    if old and not replace:
        raise NetworkError(f"there is already a network {title!r}", "exists")
    if not old and len(there) >= MOST_NETWORKS:
        raise NetworkError(f"{MOST_NETWORKS} networks are kept; remove one", "full")
    name = "-".join(part for part in (slug(title), fingerprint(imported.network)) if part)
    path = _path(name)
    fresh = not path.exists()
    try:
        with _told():
            _sweep({one.name for one in there})
            ready(_written(imported.network.changed(name=name), path))
            document = shelf().put(KIND, title, _document(name, about, imported), replace=replace)
    except BaseException:
        if fresh:
            path.unlink(missing_ok=True)
        raise
    if old and old.name != name:
        leave(_path(old.name))
    return Kept(name, document.id, document.changed, about, imported.figures, imported.notes)


def _written(network: Network, path: Path) -> Network:
    """The network as its file holds it: read once more before anybody relies on it."""
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    save(network, path)
    size = sum(file.stat().st_size for file in folder.iterdir())
    if size > MOST_FOLDER_BYTES:
        raise NetworkError(f"{folder}: more than {MOST_FOLDER_BYTES / 1e9:.0f} GB of networks", "full")
    return opened(network.name)


def _document(name: str, about: About, imported: Imported) -> str:
    told: dict[str, Any] = {
        "name": name,
        "about": {key: value for key, value in asdict(about).items() if key != "title"},
        "figures": asdict(imported.figures),
        "notes": [[note.code, note.count, list(note.examples)] for note in imported.notes],
    }
    return json.dumps(told, ensure_ascii=False)


def remove(network: Kept) -> None:
    """Take a network away; `restore` brings it back within a day. Raises `NetworkError`."""
    leave(_path(network.name))
    with _told():
        shelf().drop(network.number)


def restore(network: Kept) -> None:
    """Bring back what was taken away.

    Raises `NetworkError`: "gone" (its file has been swept away), "exists" (its title is in use again).
    """
    if not _path(network.name).exists():
        raise NetworkError(f"{network.name}: the file is no longer there; import the roads again", "gone")
    with _told():
        shelf().restore(network.number)


def _sweep(names: set[str]) -> None:
    """Remove files that no document names, and parts of files left by a process that was killed."""
    left = [file for file in _files(_folder()) if file.stem not in names or file.suffix != ".npz"]
    if swept(left):
        swept(_files(orders()), _ORDER_SWEPT_AFTER_S)


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.glob("*") if file.is_file()] if folder.is_dir() else []


@contextmanager
def _told() -> Iterator[None]:
    """Faults of the shelf and the disk as a `NetworkError`."""
    try:
        yield
    except ShelfError as fault:
        code = "full" if fault.code in ("full", "long") else fault.code
        raise NetworkError(str(fault), code) from fault
    except OSError as fault:
        raise NetworkError(f"the data folder cannot be written: {fault}", "disk") from fault
