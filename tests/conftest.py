"""What the tests share: the real records, a copy of them that may be damaged, a quick hypothesis profile."""

import geo  # noqa: F401, I001 - first of all: closes GDAL's risky drivers

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from layers import shelf as shelves
from layers.catalog import DATA, Catalogue
from layers.check import Check
from layers.reach import base as bases
from layers.store import EmbeddedStore, embedded

settings.register_profile(
    "quick",
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("quick")


_OWN = tempfile.TemporaryDirectory(prefix="planner-tests-")
os.environ[shelves.SETTING] = _OWN.name
"""A data folder of the tests' own: nobody's work is touched, nothing that was kept before helps them."""


@pytest.fixture(scope="session")
def store() -> EmbeddedStore:
    """The embedded records, read once."""
    return embedded()


@pytest.fixture(scope="session")
def catalogue(store: EmbeddedStore) -> Catalogue:
    return store.catalogue


@pytest.fixture
def shelf_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of the reader's own work, with no network brought before."""
    monkeypatch.setenv(shelves.SETTING, str(tmp_path))
    shelves.shelf.cache_clear()
    monkeypatch.setattr(bases, "_BROUGHT", bases._Brought())
    yield tmp_path
    shelves.shelf.cache_clear()


class DataFolder:
    """A copy of `data/` that a test may damage, record by record."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(DATA, folder)

    def edit(self, name: str, change: Callable[[str], str]) -> None:
        """Change the text of a file; refuses a change that changes nothing."""
        path = self.folder / name
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before, f"the damage to {name} did nothing"
        path.write_text(after, encoding="utf-8")

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "records" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def change(self, name: str, id_: str, **cells: Any) -> None:
        """Give a record of a table or of a GeoJSON file other values; `geometry` replaces its geometry."""
        if name.endswith(".csv"):
            rows = self.rows(name)
            row = next(row for row in rows if row["id"] == id_)
            assert set(cells) <= set(row)
            row.update({key: str(value) for key, value in cells.items()})
            self.write(name, rows)
            return
        path = self.folder / "records" / name
        collection = json.loads(path.read_text(encoding="utf-8"))
        feature = next(f for f in collection["features"] if f["properties"]["id"] == id_)
        if "geometry" in cells:
            feature["geometry"] = cells.pop("geometry")
        feature["properties"].update(cells)
        path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")

    def write(self, name: str, rows: list[dict[str, str]]) -> None:
        with (self.folder / "records" / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def faults(self) -> list[str]:
        """What the dataset check says of this folder."""
        return Check(Catalogue(self.folder)).faults


@pytest.fixture
def data_folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")
