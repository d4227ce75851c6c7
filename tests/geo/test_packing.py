"""Packing: the same file here and in a process of its own, which ends when it is told to."""

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from geo import packing
from geo.packing import pack, pack_apart

SIZE = {"width": 1024, "height": 512, "count": 2, "dtype": "float32", "nodata": np.nan}
TILED = {"tiled": True, "blockxsize": 512, "blockysize": 512}
PLACE = rasterio.Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 6_260_000.0)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A plain file with one overview beside it, which holds something else."""
    path = tmp_path / "plain.tif"
    for number, times in ((1.0, 1), (2.0, 2)):
        size = {**SIZE, "width": 1024 // times, "height": 512 // times}
        place = PLACE @ rasterio.Affine.scale(times)
        name = path if times == 1 else f"{path}.ovr"
        with rasterio.open(
            name, "w", driver="GTiff", **size, **TILED, crs="EPSG:32645", transform=place
        ) as raster:
            raster.write(np.full((2, 512 // times, 1024 // times), number, np.float32))
            raster.set_band_description(2, "second")
            raster.update_tags(OF="test")
    return path


def read(path: Path, level: int = 0) -> Any:
    at = {"overview_level": level - 1} if level else {}
    with rasterio.open(path, **at) as raster:
        return raster.read()


def test_overviews_tags_and_names_go_with_it(tmp_path: Path, plain: Path) -> None:
    pack(plain, tmp_path / "done.tif")
    with rasterio.open(tmp_path / "done.tif") as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.overviews(1) == [2]
        assert raster.descriptions == (None, "second")
        assert raster.tags()["OF"] == "test"
        assert raster.transform == PLACE
    assert (read(tmp_path / "done.tif") == 1).all()
    assert (read(tmp_path / "done.tif", 1) == 2).all()


def test_a_process_of_its_own_writes_the_same(tmp_path: Path, plain: Path) -> None:
    pack(plain, tmp_path / "here.tif")
    asked: list[int] = []
    pack_apart(plain, tmp_path / "apart.tif", lambda: asked.append(1))
    assert asked
    assert (tmp_path / "apart.tif").read_bytes() == (tmp_path / "here.tif").read_bytes()


def test_it_ends_when_it_is_told_to(tmp_path: Path, plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = tmp_path / "endless"
    endless.write_text("#!/bin/sh\nexec sleep 600\n", encoding="utf-8")
    endless.chmod(0o755)
    started: list[subprocess.Popen[bytes]] = []

    class Seen(subprocess.Popen[bytes]):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            started.append(self)

    def enough() -> None:
        if len(asked) == 3:
            raise KeyError
        asked.append(1)

    asked: list[int] = []
    monkeypatch.setattr(packing.sys, "executable", str(endless))
    monkeypatch.setattr(packing.subprocess, "Popen", Seen)
    with pytest.raises(KeyError):
        pack_apart(plain, tmp_path / "done.tif", enough)
    assert [process.returncode for process in started] == [-9]
    assert not (tmp_path / "done.tif").exists()


def test_what_cannot_be_packed_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"cannot be packed: .*none\.tif"):
        pack_apart(tmp_path / "none.tif", tmp_path / "done.tif", lambda: None)
    assert list(tmp_path.iterdir()) == []
