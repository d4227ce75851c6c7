"""Opening a person's vector file as a table of lines; `geo.vector_files` says how that is safe."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas

from geo import vector_files
from geo.errors import NetworkError, VectorError
from geo.road_import.pieces import MOST_SEGMENTS
from geo.vector_files import LINES, MOST_BYTES, MOST_UNPACKED_BYTES


def open_lines(
    path: Path,
    *,
    layer: str | None = None,
    most_bytes: int = MOST_BYTES,
    most_unpacked: int = MOST_UNPACKED_BYTES,
    most_features: int = MOST_SEGMENTS,
) -> geopandas.GeoDataFrame:
    """The lines of a vector file with all its columns, in its own coordinate system (None: it names none).

    `layer` chooses one of several layers, as `geo.vector_files.open_table` takes it.

    Raises `NetworkError`: "large", "kind", "zip", "layers", "no-lines", "many", "unreadable".
    """
    with _of_roads():
        return vector_files.open_table(
            path, LINES, layer=layer, most_bytes=most_bytes, most_unpacked=most_unpacked,
            most_features=most_features,
        )  # fmt: skip


def line_layers(path: Path, *, most_bytes: int = MOST_BYTES) -> list[str]:
    """The layers of a vector file that may hold lines, by the names that `open_lines` takes.

    None are named of a file that holds one table only. Raises `NetworkError` as `open_lines` does.
    """
    with _of_roads():
        return vector_files.layers_of(path, LINES, most_bytes=most_bytes)


def refuse_large(path: Path, most_bytes: int) -> None:
    """Raise `NetworkError` where a file is not there, empty or larger than it may be."""
    with _of_roads():
        vector_files.refuse_large(path, most_bytes)


@contextmanager
def _of_roads() -> Iterator[None]:
    """Faults of a vector file as those of a network."""
    try:
        yield
    except VectorError as fault:
        raise NetworkError(str(fault), fault.code) from fault
