"""Making reach ready in advance: what the data lack is told, faults of ours are not hidden."""

import pytest

from layers.reach import warm as module
from layers.reach.warm import warm
from layers.store import EmbeddedStore, UnknownFeature


def failing(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def results(*_: object) -> None:
        raise fault

    monkeypatch.setattr(module, "results", results)


def test_data_that_lack_something_are_told_in_the_log(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, UnknownFeature("scenarios/third-bridge"))
    warm(store)
    assert "scenarios/third-bridge is missing" in caplog.text


def test_a_fault_of_ours_is_none_of_the_data(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError("a fault of ours"))
    with pytest.raises(ZeroDivisionError):
        warm(store)
