"""Making the analyses ready in advance: what fails there must not reach the server."""

import logging

import pytest

from layers import warm as module
from layers.reach import warm as reach
from layers.siting import warm as siting
from layers.store import EmbeddedStore


def test_behind_a_server_whatever_fails_is_told_and_the_rest_is_made(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made: list[str] = []

    def failing(_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(reach, "warm", failing)
    monkeypatch.setattr(siting, "warm", lambda _: made.append("siting"))
    with caplog.at_level(logging.ERROR):
        module.warm_behind(store)
    assert "a fault of ours" in caplog.text
    assert made == ["siting"]
