"""Making reach ready in advance: what fails there must not reach the server."""

import logging

import pytest

from layers.reach import warm as module
from layers.reach.warm import warm, warm_behind
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


def test_behind_a_server_whatever_fails_is_told_in_the_log(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, ZeroDivisionError("a fault of ours"))
    with pytest.raises(ZeroDivisionError):
        warm(store)
    with caplog.at_level(logging.ERROR):
        warm_behind(store)
    assert "a fault of ours" in caplog.text
