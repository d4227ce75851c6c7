"""Work done by few: once for all who ask, large pieces alone, pages first, and no request waits for ever."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Any

import pytest

from layers.siting import workshop as module
from layers.siting.workshop import OVER_HTTP, SEATS, Busy, Workshop, seat, turn


class Gate:
    """Work that waits until it is let go, and what was begun, in order."""

    def __init__(self) -> None:
        self.open, self.begun, self.most, self._now = Event(), list[str](), 0, 0
        self._lock = Lock()

    def work(self, name: str) -> Any:
        def make() -> str:
            with self._lock:
                self.begun.append(name)
                self._now += 1
                self.most = max(self.most, self._now)
            assert self.open.wait(10)
            with self._lock:
                self._now -= 1
            return name

        return make


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


def soon(true: Any) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 5
    while not true():
        assert time.monotonic() < until
        time.sleep(0.005)


def over_http(work: Any) -> Any:
    """Do something as a request is answered."""
    token = OVER_HTTP.set(True)
    try:
        return work()
    finally:
        OVER_HTTP.reset(token)


def test_work_is_done_once_for_all_who_ask() -> None:
    made: list[int] = []
    shop: Workshop[int] = Workshop(2, 8)

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return 7

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: shop.done("a", make), range(8))) == [7] * 8
    assert made == [1]
    assert shop.done("a", make) == 7  # nothing is remembered: what is made lies elsewhere
    assert made == [1, 1]


def test_few_build_at_a_time_and_not_more_than_so_many_wait(gate: Gate) -> None:
    shop: Workshop[str] = Workshop(2, 3)
    assert [shop.ordered(name, gate.work(name)) for name in "ab"] == [True, True]
    soon(lambda: gate.begun == ["a", "b"])
    assert [shop.ordered(name, gate.work(name)) for name in "cdefg"] == [True, True, True, False, False]
    assert shop.ordered("c", gate.work("c"))  # it waits already
    assert shop.ordered("a", gate.work("a"))  # it is under way
    gate.open.set()
    soon(lambda: len(gate.begun) == 5)
    assert gate.begun == list("abcde")
    assert gate.most == 2


def test_of_large_work_one_piece_is_under_way(gate: Gate) -> None:
    shop: Workshop[str] = Workshop(2, 8)
    for name in ("large1", "large2", "small"):
        shop.ordered(name, gate.work(name), large=name.startswith("large"))
    soon(lambda: gate.begun == ["large1", "small"])
    gate.open.set()
    assert shop.done("large2", gate.work("large2")) == "large2"


def test_a_page_comes_before_what_nobody_waits_for(gate: Gate) -> None:
    shop: Workshop[str] = Workshop(1, 8)
    for name in "abc":
        shop.ordered(name, gate.work(name))
    soon(lambda: gate.begun == ["a"])
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(shop.done, "c", gate.work("c"))
        soon(lambda: list(shop._waiting) == ["c", "b"])
        gate.open.set()
        assert told.result() == "c"
    soon(lambda: gate.begun == ["a", "c", "b"])


def test_what_fails_is_told_to_all_and_not_tried_behind_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shop: Workshop[str] = Workshop(1, 8)

    def fail() -> str:
        raise ZeroDivisionError("a fault of ours")

    with pytest.raises(ZeroDivisionError):
        shop.done("a", fail)
    with pytest.raises(ZeroDivisionError):
        shop.ordered("a", fail)
    assert shop.done("a", lambda: "made") == "made"
    assert shop.ordered("b", lambda: "made")
    monkeypatch.setattr(module, "FAILED_S", -1.0)
    with pytest.raises(ZeroDivisionError):
        shop.done("c", fail)
    assert shop.ordered("c", lambda: "made")


def test_a_request_does_not_wait_for_ever(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.05)
    shop: Workshop[str] = Workshop(1, 8)
    with pytest.raises(Busy):
        over_http(lambda: shop.done("a", gate.work("a")))
    gate.open.set()
    assert over_http(lambda: shop.done("a", gate.work("a"))) == "a"


def test_seats_are_few_and_a_request_takes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SEAT_S", 0.01)
    left, full = Event(), Event()

    def sit(_: int) -> None:
        with seat(), seat():
            if module._SEATS._value == 0:
                full.set()
            assert left.wait(10)

    with ThreadPoolExecutor(SEATS) as pool:
        sitting = [pool.submit(over_http, lambda at=at: sit(at)) for at in range(SEATS)]  # type: ignore[misc]
        assert full.wait(5)
        with pytest.raises(Busy), _asked():
            pass
        with seat():  # a page needs none
            pass
        left.set()
        assert [one.result() for one in sitting] == [None] * SEATS
    with _asked():
        pass
    assert module._SEATS._value == SEATS


class _asked:  # noqa: N801 - it stands where `seat` would
    def __enter__(self) -> None:
        self.token = OVER_HTTP.set(True)
        try:
            self.seat = seat()
            self.seat.__enter__()
        except BaseException:
            OVER_HTTP.reset(self.token)
            raise

    def __exit__(self, *_: object) -> None:
        self.seat.__exit__(None, None, None)
        OVER_HTTP.reset(self.token)


def test_two_judge_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    with turn(), turn(), pytest.raises(Busy):
        over_http(lambda: turn().__enter__())
    with turn():
        pass
