"""Rasters of readers: kept whole or not at all, found by name, brought back, never out of their folder."""

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from geo.errors import RasterError
from geo.grid import Grid
from geo.rasters import write
from layers.shelf import MOST_TITLE, SqliteShelf
from layers.siting import brought

GRID = Grid(380_000.0, 6_260_000.0, 100.0, 8, 8)


pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    folder = tmp_path / "drafts"
    folder.mkdir()
    return folder


def draft(folder: Path, value: float = 1.0) -> Path:
    path = folder / f"{value}.tif"
    write(path, GRID, np.full((1, 8, 8), value, np.float32))
    return path


def files(data: Path) -> set[str]:
    return {path.name for path in (data / "rasters").glob("*")}


def refused(code: str, folder: Path, title: str = "Рельеф", value: float = 1.0) -> None:
    with pytest.raises(RasterError) as told:
        brought.keep(draft(folder, value), title, "dem.tif", (0.0, 1.0))
    assert told.value.code == code


def test_a_raster_is_kept_and_found(data: Path, drafts: Path) -> None:
    assert (brought.kept(), brought.names()) == ([], [])
    made = brought.keep(draft(drafts), "  Рельеф \n области ", "dem.tif", (50.0, 250.0))
    assert brought.kept() == [made]
    assert brought.names() == [made.name]
    assert brought.get(made.name) == made
    assert brought.known(made.name)
    assert (made.title, made.origin, made.low, made.high) == ("Рельеф области", "dem.tif", 50.0, 250.0)
    assert brought.title(made.name) == "Рельеф области"
    assert files(data) == {f"{made.name}.tif"} == {brought.path(made.name).name}
    assert list(drafts.iterdir()) == []


def test_the_name_is_the_digest_of_what_is_kept(drafts: Path) -> None:
    one = brought.keep(draft(drafts, 1.0), "A", "a.tif", (1.0, 1.0))
    other = brought.keep(draft(drafts, 2.0), "B", "b.tif", (2.0, 2.0))
    same = brought.keep(draft(drafts, 1.0), "C", "c.tif", (1.0, 1.0))
    assert one.name == same.name != other.name
    assert [raster.title for raster in brought.kept()] == ["A", "B", "C"]


def test_a_title_that_stands_is_only_overwritten_when_told(data: Path, drafts: Path) -> None:
    first = brought.keep(draft(drafts, 1.0), "Рельеф", "a.tif", (1.0, 1.0))
    refused("exists", drafts, value=2.0)
    assert brought.kept() == [first]
    assert files(data) == {f"{first.name}.tif"}  # nothing half-kept
    second = brought.keep(draft(drafts, 2.0), "Рельеф", "b.tif", (2.0, 2.0), replace=True)
    assert brought.kept() == [second]
    assert second.number == first.number


def test_what_is_refused_leaves_a_raster_that_was_there(data: Path, drafts: Path) -> None:
    first = brought.keep(draft(drafts), "Рельеф", "a.tif", (1.0, 1.0))
    refused("exists", drafts)
    assert brought.known(first.name)


@pytest.mark.parametrize("title", ["", "  \n", "я" * (MOST_TITLE + 1)])
def test_a_title_is_needed(data: Path, drafts: Path, title: str) -> None:
    refused("title", drafts, title)
    assert files(data) == set()


def test_so_many_are_kept_and_no_more(drafts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought, "MOST_RASTERS", 2)
    for value in (1.0, 2.0):
        brought.keep(draft(drafts, value), f"R{value}", "a.tif", (value, value))
    refused("full", drafts, value=3.0)
    brought.keep(draft(drafts, 3.0), "R2.0", "a.tif", (3.0, 3.0), replace=True)
    assert len(brought.kept()) == 2


def test_a_folder_that_cannot_be_written_is_told(data: Path, drafts: Path) -> None:
    SqliteShelf(data).put("else", "x", "y")
    (data / "rasters").write_text("a file where a folder should be")
    refused("disk", drafts)
    assert brought.kept() == []


def test_what_is_taken_away_can_be_brought_back(drafts: Path) -> None:
    made = brought.keep(draft(drafts), "Рельеф", "a.tif", (1.0, 1.0))
    brought.remove(made)
    assert (brought.kept(), brought.known(made.name), brought.names()) == ([], False, [])
    assert brought.title(made.name) == made.name
    brought.restore(made)
    assert brought.known(made.name)
    brought.remove(made)
    brought.keep(draft(drafts, 2.0), "Рельеф", "b.tif", (2.0, 2.0))
    with pytest.raises(RasterError) as told:
        brought.restore(made)
    assert told.value.code == "exists"


def test_what_was_taken_away_is_swept_a_day_later(data: Path, drafts: Path) -> None:
    made = brought.keep(draft(drafts), "Рельеф", "a.tif", (1.0, 1.0))
    aged(brought.path(made.name), 100.0)
    brought.RASTERS.sweep()
    assert brought.known(made.name)  # however old it is
    brought.remove(made)
    brought.RASTERS.sweep()
    brought.restore(made)
    assert brought.known(made.name)
    brought.remove(made)
    aged(brought.path(made.name), 25.0)
    other = brought.keep(draft(drafts, 2.0), "Другой", "b.tif", (2.0, 2.0))
    assert files(data) == {f"{other.name}.tif"}
    with pytest.raises(RasterError) as told:
        brought.restore(made)
    assert told.value.code == "gone"


def aged(file: Path, hours: float) -> None:
    at = time.time() - hours * 3600
    os.utime(file, (at, at))


def test_what_is_gone_for_good_is_told(drafts: Path) -> None:
    made = brought.keep(draft(drafts), "Рельеф", "a.tif", (1.0, 1.0))
    never = brought.Brought(made.name, "x", "x", 99, "", 0.0, 1.0)
    with pytest.raises(RasterError) as told:
        brought.restore(never)
    assert told.value.code == "gone"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[]",
        "7",
        "null",
        "{}",
        json.dumps({"name": "../../etc/passwd", "origin": "x", "low": 0, "high": 1}),
        json.dumps({"name": "0123456789ab", "origin": "x", "low": "high", "high": 1}),
        json.dumps({"name": "0123456789ab", "origin": "x", "low": None, "high": 1}),
        json.dumps({"name": "0123456789ab", "low": 0, "high": 1}),
    ],
)
def test_a_document_that_cannot_be_read_is_left_out_and_told(
    data: Path, drafts: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    made = brought.keep(draft(drafts), "Рельеф", "a.tif", (1.0, 1.0))
    SqliteShelf(data).put(brought.KIND, "Broken", text)
    assert brought.kept() == [made]
    assert "Broken" in caplog.text


def test_a_raster_whose_file_is_gone_cannot_be_used(drafts: Path) -> None:
    made = brought.keep(draft(drafts), "Рельеф", "a.tif", (1.0, 1.0))
    brought.path(made.name).unlink()
    assert brought.names() == []
    assert not brought.known(made.name)
    assert brought.get(made.name) == made


def test_a_shelf_that_cannot_be_opened_is_told_and_hides_nothing_else(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data.mkdir()
    (data / "planner.sqlite").write_text("no database at all, but a text of some length" * 50)
    with pytest.raises(RasterError) as told:
        brought.kept()
    assert told.value.code == "unusable"
    assert brought.get("0123456789ab") is None
    assert brought.names() == []
    assert caplog.text


@pytest.mark.parametrize(
    "name", ["", "..", "../../../etc", "0123456789AB", "0123456789ab/..", "0123456789abc"]
)
def test_a_name_never_leaves_the_folder(name: str) -> None:
    assert not brought.known(name)
    with pytest.raises(RasterError) as told:
        brought.path(name)
    assert told.value.code == "kept"
