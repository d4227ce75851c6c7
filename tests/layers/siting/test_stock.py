"""The stock of rasters: each made once, kept within room, and removed at any time without harm."""

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.errors import RasterError
from geo.grid import Grid, Window
from geo.overviews import most
from layers import shelf as shelves
from layers.siting import stock
from layers.siting.stock import Held, Job, held, ordered, path

GRID = Grid(380_000.0, 6_260_000.0, 500.0, 4, 3)
ALL = Window(0, 0, 3, 4)
CELLS = np.arange(12, dtype=np.float32).reshape(3, 4)
NUMBERS = count()


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of this test alone, and a folder for passing files of its own."""
    folder, passing = tmp_path / "data", tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setenv(shelves.SETTING, str(folder))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(passing))
    yield folder
    stock._OPEN.clear()


def job(made: list[int] | None = None, *, digest: str = "", delay_s: float = 0.0) -> Job:
    """A raster of the numbers 0 to 11 that counts how often it is made."""

    def make() -> Any:
        time.sleep(delay_s)
        if made is not None:
            made.append(1)
        return CELLS[np.newaxis].copy()

    return Job("test", digest or f"job{next(NUMBERS)}", GRID, make)


def kept(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def aged(file: Path, hours: float) -> None:
    at = time.time() - hours * 3600
    os.utime(file, (at, at))


def test_a_raster_is_made_once_and_found_by_its_digest(data: Path) -> None:
    made: list[int] = []
    one = job(made)
    assert not one.ready
    first = held(one)
    assert one.ready
    assert kept(data) == {f"{one.digest}.tif"}
    assert held(one) is first
    stock._OPEN.clear()  # as in another process
    again = held(replace(one))
    assert made == [1]
    assert again.grid == GRID
    assert again.tags["of"] == "test"
    np.testing.assert_array_equal(again.read(0, ALL)[0], CELLS)


def test_who_asks_meanwhile_waits_for_the_same() -> None:
    made: list[int] = []
    one = job(made, delay_s=0.05)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: held(one), range(4)))
    assert made == [1]
    assert len(set(map(id, found))) == 1


def test_what_is_ordered_is_made_behind() -> None:
    made: list[int] = []
    one = job(made, delay_s=0.05)
    assert not ordered(one)
    assert not ordered(one)
    until = time.monotonic() + 5
    while not ordered(one):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert made == [1]


def test_another_process_may_have_made_it_meanwhile() -> None:
    made: list[int] = []
    one = job(made)
    held(replace(one, make=CELLS[np.newaxis].copy))
    assert stock._written(one) == path(one)
    assert made == []


def test_a_folder_that_cannot_be_written_is_passed_over(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data.write_text("a file where a folder should be")
    made: list[int] = []
    one = job(made)
    assert held(one).grid == GRID
    assert kept(tmp_path / "passing") == {f"{one.digest}.tif"}
    assert "cannot be kept" in caplog.text
    stock._OPEN.clear()
    assert one.ready
    held(one)
    assert made == [1]


def test_without_any_folder_it_is_said_what_to_do(data: Path, tmp_path: Path) -> None:
    data.write_text("a file where a folder should be")
    (tmp_path / "passing" / "planner-criteria").write_text("another")
    with pytest.raises(OSError, match="PLANNER_DATA"):
        held(job())


def test_what_fails_leaves_nothing_behind(data: Path) -> None:
    def fail() -> Any:
        raise ZeroDivisionError

    one = Job("test", "failing", GRID, fail)
    with pytest.raises(ZeroDivisionError):
        held(one)
    assert kept(data) == set()
    assert held(replace(one, make=job().make)).grid == GRID


def test_a_part_is_read_as_it_lies_on_its_sheet() -> None:
    part = GRID.cut(Window(1, 2, 2, 2))
    on = Held(job(), part)
    assert on.levels == 0
    np.testing.assert_array_equal(on.read()[0], CELLS[1:, 2:])
    np.testing.assert_array_equal(on.read(0, Window(1, 0, 1, 2))[0], CELLS[2:, 2:])


def test_overviews_follow_the_rules_of_a_job() -> None:
    grid = Grid(0.0, 0.0, 100.0, 1024, 600)
    cells = np.random.default_rng(1).random((1, 600, 1024), dtype=np.float32)
    one = Job("test", "ruled", grid, lambda: cells, (most,), {"model": "m"})
    raster = held(one)
    assert raster.tags["model"] == "m"
    assert raster.read(1)[0, 0, 0] == cells[0, :2, :2].max()


# --- room --------------------------------------------------------------------------------------------


def test_those_not_used_longest_make_room(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever they were made: what is read is noted to be in use."""
    jobs = [job() for _ in range(4)]
    files = [path(one) for one in jobs]
    for file, hours in zip(files, (4.0, 3.0, 2.0, 1.0), strict=True):
        aged(file, hours)
    (data / "criteria" / "note.txt").write_bytes(b"x" * 9_000_000)
    Held(jobs[0], GRID).read()
    size = files[0].stat().st_size
    monkeypatch.setattr(stock, "MOST_BYTES", int(3.5 * size))
    fresh = path(job())
    assert {file for file in files if file.exists()} == {files[0], files[3]}
    assert fresh.exists()
    assert (data / "criteria" / "note.txt").exists()
    monkeypatch.setattr(stock, "MOST_BYTES", 1)
    last = path(job())
    assert kept(data) == {last.name, "note.txt"}


def test_a_raster_that_is_removed_while_it_is_open_is_made_again(data: Path) -> None:
    made: list[int] = []
    one = job(made)
    on = Held(one, GRID)
    np.testing.assert_array_equal(on.read()[0], CELLS)
    for _ in range(2):
        path(one).unlink()  # another process makes room
        np.testing.assert_array_equal(on.read()[0], CELLS)
    assert made == [1, 1, 1]
    assert one.ready


def test_a_raster_that_is_being_read_is_read_to_its_end() -> None:
    """The file is removed between two windows of one reader: what it has opened it keeps."""
    grid = Grid(0.0, 0.0, 25.0, 2600, 1700)
    cells = np.random.default_rng(1).random((1, *grid.shape), dtype=np.float32)
    one = Job("test", "large", grid, lambda: cells)
    raster = held(one)
    upper, lower = Window(0, 0, 600, 2600), Window(1000, 0, 700, 2600)
    np.testing.assert_array_equal(raster.read(0, upper)[0], cells[0][upper.slices])
    path(one).unlink()
    np.testing.assert_array_equal(raster.read(0, lower)[0], cells[0][lower.slices])


def test_a_raster_that_vanishes_before_it_is_opened_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    one = job(made)
    opened, vanishing = stock._opened, [True]

    def opening(file: Path) -> Any:
        if vanishing:
            vanishing.pop()
            file.unlink()
        return opened(file)

    monkeypatch.setattr(stock, "_opened", opening)
    np.testing.assert_array_equal(Held(one, GRID).read()[0], CELLS)
    assert made == [1, 1]


def test_a_raster_that_is_broken_is_told(data: Path) -> None:
    one = job()
    path(one).write_bytes(b"no raster")
    with pytest.raises(RasterError):
        Held(one, GRID).read()


def test_use_is_noted_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    one = job()
    file = path(one)
    aged(file, 0.01)
    before = file.stat().st_mtime
    assert path(one).stat().st_mtime == before
    aged(file, 1.0)
    assert path(one).stat().st_mtime > before - 1

    def refused(*_: Any) -> None:
        raise PermissionError

    aged(file, 1.0)
    monkeypatch.setattr(stock.os, "utime", refused)
    assert path(one) == file


def test_open_rasters_stay_within_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [job() for _ in range(6)]
    one = stock._weight(held(jobs[0]))
    assert one >= 12 * 4
    monkeypatch.setattr(stock._OPEN, "most_bytes", 3 * one)
    stock._OPEN.clear()
    for each in (*jobs, *jobs):
        np.testing.assert_array_equal(Held(each, GRID).read()[0], CELLS)
    assert len(stock._OPEN) == 3
    assert stock._OPEN.bytes == 3 * one
