"""The house rules that a machine can see: imports run one way, modules stay small."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("geo", "layers", "pages")
MOST_LINES = 420
MODULES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))] + [ROOT / "app.py"]


def imported(path: Path) -> set[str]:
    """First parts of the names of all modules that a file imports, at any depth."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    above = {
        "geo": {"layers", "pages", "app", "streamlit"},
        "layers": {"pages", "app", "streamlit"},
        "pages": {"app"},
    }
    assert not imported(path) & above.get(room, set())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_stay_small_and_say_what_they_hold(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    assert ast.get_docstring(ast.parse(text))


def test_the_entry_is_wiring_only() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 120


def test_data_hold_no_code() -> None:
    files = [path for path in (ROOT / "data").rglob("[!.]*") if path.is_file()]
    assert {path.suffix for path in files} == {".csv", ".geojson", ".toml"}
    places = {str(path.parent.relative_to(ROOT / "data")) for path in files}
    assert places <= {".", "layers", "records", "registers", "stories"}
