"""Sweeping what readers left: a day later, never what a document names, never where the shelf is shut."""

import os
import time
from pathlib import Path

import pytest

from layers import shelf as shelves
from layers import sweep

KIND = "raster"
NAMED, LEFT, OTHER = "0123456789ab", "ba9876543210", "aaaaaaaaaaaa"


@pytest.fixture
def data(shelf_folder: Path) -> Path:
    (shelf_folder / "rasters").mkdir()
    return shelf_folder


def old(file: Path, hours: float = 25.0) -> Path:
    file.write_bytes(b"x")
    aged(file, hours)
    return file


def aged(file: Path, hours: float) -> None:
    at = time.time() - hours * 3600
    os.utime(file, (at, at))


def test_what_no_document_names_is_removed_after_a_day(data: Path) -> None:
    folder = data / "rasters"
    shelves.shelf().put(KIND, "Рельеф", f'{{"name": "{NAMED}"}}')
    named, left = old(folder / f"{NAMED}.tif"), old(folder / f"{LEFT}.tif")
    young, part = old(folder / f"{OTHER}.tif", 23.0), old(folder / "tmpabc.tif")
    sweep.sweep(folder, KIND)
    assert (named.exists(), left.exists(), young.exists(), part.exists()) == (True, False, True, False)


def test_a_document_that_cannot_be_read_names_its_file(data: Path) -> None:
    shelves.shelf().put(KIND, "Рельеф", f"broken {NAMED}")
    file = old(data / "rasters" / f"{NAMED}.tif")
    sweep.sweep(file.parent, KIND)
    assert file.exists()


def test_a_document_of_another_kind_names_nothing(data: Path) -> None:
    shelves.shelf().put("areas", "Рельеф", NAMED)
    file = old(data / "rasters" / f"{NAMED}.tif")
    sweep.sweep(file.parent, KIND)
    assert not file.exists()


def test_where_the_shelf_cannot_be_read_nothing_is_removed(data: Path) -> None:
    (data / "planner.sqlite").write_text("no data base")
    file = old(data / "rasters" / f"{LEFT}.tif")
    sweep.sweep(file.parent, KIND)
    assert file.exists()


def test_what_another_process_has_just_kept_stays(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It writes the file anew between the look at the shelf and the removal."""
    file = old(data / "rasters" / f"{LEFT}.tif")
    told = shelves.shelf().all

    class Meanwhile:
        def all(self, kind: str) -> object:
            found = told(kind)
            os.utime(file)
            return found

    monkeypatch.setattr(sweep, "shelf", Meanwhile)
    sweep.sweep(file.parent, KIND)
    assert file.exists()


def test_of_several_processes_each_may_sweep(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = old(data / "rasters" / f"{LEFT}.tif")
    monkeypatch.setattr(Path, "unlink", lambda *_: (_ for _ in ()).throw(FileNotFoundError()))
    sweep.sweep(file.parent, KIND)
    monkeypatch.setattr(Path, "unlink", lambda *_: (_ for _ in ()).throw(PermissionError()))
    sweep.sweep(file.parent, KIND)
    sweep.sweep(data / "unheard", KIND)
    sweep.leave(data / "unheard.tif")
