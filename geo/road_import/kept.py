"""A network kept in a file: one archive of NumPy arrays without pickle, whole or not there at all."""

import os
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import NetworkError
from geo.network import Access, Names, Network

_VERSION = 1
_TEXTS = ("ids", "category", "surface", "before_surface")
_ARRAYS = ("start", "end", "nodes", "length_m", "speed_kmh", "oneway", "there", "before_kmh", "bans")
_DTYPES = {"start": "i4", "end": "i4", "oneway": "i1", "there": "?", "bans": "i4"}
_MOST_BYTES = 4 * 1024**3


def save(network: Network, path: Path) -> None:
    """Write a network (`load` gives back the same): to a part file beside it, which then takes its name.

    Raises `NetworkError` for a text that cannot be kept, `OSError` where the folder cannot be written.
    """
    shapes = [b"" if line is None else shapely.to_wkb(line) for line in network.lines]
    access = network.access
    arrays: dict[str, npt.NDArray[Any]] = {
        "version": np.array(_VERSION),
        "name": _fixed(network, [network.name]),
        "access": np.array([access.kmh, access.detour, access.limit_m]),
        "shapes": np.frombuffer(b"".join(shapes), np.uint8),
        "sizes": np.array([len(shape) for shape in shapes], np.int64),
        **{key: _fixed(network, getattr(network, key)) for key in _TEXTS},
        **{key: getattr(network, key) for key in _ARRAYS},
    }
    handle, part = tempfile.mkstemp(suffix=".part", prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def _fixed(network: Network, texts: Any) -> npt.NDArray[np.str_]:
    """Texts as an array of one width."""
    given = [str(text) for text in texts]
    fixed = np.array(given, np.str_)
    if fixed.tolist() != given:
        raise NetworkError(f"{network.name}: a text that ends in a zero character cannot be kept", "text")
    return fixed


def load(path: Path) -> Network:
    """The network that `save` wrote.

    Raises `NetworkError` where the file is not there, not whole or not of this version.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            if sum(member.file_size for member in pack.infolist()) > _MOST_BYTES:
                raise NetworkError(
                    f"{path.name}: too large for a kept network; import the roads again", "kept"
                )
        with np.load(path, allow_pickle=False) as file:
            if int(file["version"]) != _VERSION:
                raise NetworkError(f"{path.name}: kept by another version; import the roads again", "kept")
            return _network({key: file[key] for key in file.files})
    except NetworkError:
        raise
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise NetworkError(
            f"{path.name}: no whole network ({error}); import the roads again", "kept"
        ) from error
    except shapely.errors.ShapelyError as error:
        raise NetworkError(f"{path.name}: a broken line ({error}); import the roads again", "kept") from error


def _network(arrays: dict[str, npt.NDArray[Any]]) -> Network:
    ends = np.cumsum(arrays["sizes"])
    blob = arrays["shapes"].tobytes()
    shapes = [
        blob[end - size : end] or None
        for size, end in zip(arrays["sizes"].tolist(), ends.tolist(), strict=True)
    ]
    wkb = np.empty(len(shapes), object)
    wkb[:] = shapes
    lines: Names = np.asarray(shapely.from_wkb(wkb), object)
    kmh, detour, limit_m = arrays["access"].tolist()
    columns: dict[str, Any] = {key: arrays[key].astype(object) for key in _TEXTS}
    columns |= {key: arrays[key].astype(_DTYPES.get(key, "f8"), copy=False) for key in _ARRAYS}
    name, access = str(arrays["name"][0]), Access(kmh, detour, limit_m)
    return Network(name=name, lines=lines, access=access, **columns)
