"""Networks kept in files."""

import io
import os
import zipfile
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import NetworkError
from geo.network import Network
from geo.road_import import load, save
from tests.geo.networks import grid, objects


def same(one: Network, other: Network) -> None:
    """Equal in every column, to the last bit."""
    for column in fields(Network):
        a, b = getattr(one, column.name), getattr(other, column.name)
        if column.name == "lines":
            assert [shapely.to_wkb(line) for line in a] == [shapely.to_wkb(line) for line in b]
        elif isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, column.name
            np.testing.assert_array_equal(a, b)
        else:
            assert a == b
    assert one.digest == other.digest


def made(**columns: object) -> Network:
    return grid(2, 3, bans=np.array([(0, 2), (3, 1)], np.int32), **columns)


def test_what_is_loaded_is_what_was_saved(tmp_path: Path) -> None:
    network = made(name="Дороги, 2024")
    save(network, tmp_path / "roads.npz")
    same(load(tmp_path / "roads.npz"), network)
    assert [path.name for path in tmp_path.iterdir()] == ["roads.npz"]


@given(
    st.lists(
        st.text(max_size=9).filter(lambda text: not text.endswith("\0")), min_size=7, max_size=7, unique=True
    ),
    st.lists(st.floats(), min_size=7, max_size=7),
    st.text(max_size=5).filter(lambda text: not text.endswith("\0")),
)
def test_any_values_come_back(tmp_path: Path, ids: list[str], speeds: list[float], name: str) -> None:
    network = made(ids=objects(ids), speed_kmh=np.array(speeds), category=objects(ids[::-1]), name=name)
    save(network, tmp_path / "roads.npz")
    same(load(tmp_path / "roads.npz"), network)


def test_lines_of_any_kind_come_back(tmp_path: Path) -> None:
    lines = [None, shapely.LineString(), shapely.MultiLineString([[(0, 0), (1, 1)]]), *made().lines[3:]]
    network = made(lines=objects(lines))
    save(network, tmp_path / "roads.npz")
    same(load(tmp_path / "roads.npz"), network)


def test_a_text_that_would_change_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkError) as caught:
        save(made(ids=objects([f"{n}\0" for n in range(7)])), tmp_path / "roads.npz")
    assert caught.value.code == "text"


def test_a_fault_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "roads.npz"
    save(made(), path)

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(OSError, match="disk full"):
        save(made(name="other"), path)
    assert load(path).name == "made"
    assert [file.name for file in tmp_path.iterdir()] == ["roads.npz"]


def repacked(path: Path, **arrays: np.ndarray) -> None:
    with np.load(path) as file:
        held = {key: file[key] for key in file.files}
    np.savez(path, **(held | arrays))


def test_broken_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "roads.npz"
    save(made(), path)
    whole = path.read_bytes()
    damaged = [whole[:size] for size in range(0, len(whole), 97)] + [
        b"text",
        whole[:900] + b"x" * 40 + whole[940:],
    ]
    for content in damaged:
        path.write_bytes(content)
        with pytest.raises(NetworkError) as caught:
            load(path)
        assert caught.value.code == "kept"
    with pytest.raises(NetworkError, match="import the roads again"):
        load(tmp_path / "none.npz")


@pytest.mark.parametrize(
    "arrays",
    [
        {"version": np.array(99)},
        {"version": np.array("x")},
        {"sizes": np.array([3])},
        {"shapes": np.zeros(800, np.uint8)},
        {"access": np.array([1.0])},
        {"start": np.array(["a"] * 7)},
    ],
)
def test_files_of_other_content_are_refused(tmp_path: Path, arrays: dict[str, np.ndarray]) -> None:
    path = tmp_path / "roads.npz"
    save(made(), path)
    repacked(path, **arrays)
    with pytest.raises(NetworkError):
        load(path)


class Trap:
    """Runs a command where it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch trapped",)


def test_nothing_is_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "roads.npz"
    save(made(), path)
    repacked(path, ids=np.array([Trap()], object))
    with pytest.raises(NetworkError):
        load(path)
    assert not (tmp_path / "trapped").exists()


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "roads.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("ids.npy", b"x")
    declared = bytearray(path.read_bytes())
    at = declared.rindex(b"PK\x01\x02") + 24
    declared[at : at + 4] = (0xFFFFFFF0).to_bytes(4, "little")
    second = io.BytesIO()
    second.write(declared)
    path.write_bytes(second.getvalue())
    with pytest.raises(NetworkError) as caught:
        load(path)
    assert caught.value.code == "kept"
