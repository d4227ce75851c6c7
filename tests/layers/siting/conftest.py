"""What the tests of searches share: a data folder of their own, and a small area that is quickly judged."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers import shelf as shelves
from layers.query import Query
from layers.siting.results import Findings, findings
from layers.sought import Sought
from layers.store import EmbeddedStore
from tests.layers.siting.searches import SMALL


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty data folder for each module, so that nobody's rasters and documents are touched."""
    made = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(shelves.SETTING, str(made))
        shelves.shelf.cache_clear()
        yield made
    shelves.shelf.cache_clear()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder for a test that asks for it."""
    monkeypatch.setenv(shelves.SETTING, str(tmp_path / "data"))
    shelves.shelf.cache_clear()
    yield tmp_path / "data"
    shelves.shelf.cache_clear()


@pytest.fixture(scope="session")
def small(store: EmbeddedStore) -> Findings:
    """The ready model for an industrial park on the small area."""
    return findings(store, Query(sought=Sought(area=SMALL, cell_m=500)))
