"""Work that is done by a few builders in order, each piece once however many ask for it.

Requests are answered by some forty threads of the server. If each could start work that takes seconds, or
wait for it, a few addresses would stop all others: so work is done by builders of their own, requests have
seats of which there are few, and who finds none is told to come again (`Busy`). Pages wait as long as it
takes, in threads of their own, and come first.
"""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock, Semaphore, Thread
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")
RETRY_AFTER_S = 2
"""When whoever was told to come again should."""
SEATS = 16
"""How many threads of the server may be at work on searches, or wait for it, at the same time."""
_SEAT_S = 5.0
"""How long a thread waits for a seat."""
PATIENCE_S = 60.0
"""How long one of them waits."""
FAILED_S = 10.0
"""How long what failed is not tried again behind."""
OVER_HTTP: ContextVar[bool] = ContextVar("OVER_HTTP", default=False)
"""Whether a request is being answered by one of the server's threads."""


_SEATED: ContextVar[bool] = ContextVar("_SEATED", default=False)
_SEATS, _JUDGING = Semaphore(SEATS), Semaphore(2)


class Busy(RuntimeError):
    """It is being made, or will be: to be asked again after `RETRY_AFTER_S`."""


@contextmanager
def seat() -> Iterator[None]:
    """A seat for a request that may take long; a page needs none. Raises `Busy`."""
    if _SEATED.get() or not OVER_HTTP.get():
        yield
        return
    if not _SEATS.acquire(timeout=_SEAT_S):
        raise Busy("no seat")
    token = _SEATED.set(True)
    try:
        yield
    finally:
        _SEATED.reset(token)
        _SEATS.release()


@contextmanager
def turn() -> Iterator[None]:
    """A turn at judging a whole grid, which takes all cores and much memory: two at a time. Raises `Busy`."""
    if not _JUDGING.acquire(timeout=PATIENCE_S if OVER_HTTP.get() else None):
        raise Busy("judging")
    try:
        yield
    finally:
        _JUDGING.release()


@dataclass(eq=False)
class _Order(Generic[T]):
    make: Callable[[], T]
    done: "Future[T]"
    large: bool


class Workshop(Generic[T]):
    """A queue of work, and the builders that take from it.

    Of work that is `large` only one piece is under way, since each takes much memory. At most `most` pieces
    wait of which nobody waits for the end.
    """

    def __init__(self, builders: int, most: int) -> None:
        self._builders, self._most = builders, most
        self._lock = Lock()
        self._waiting: dict[str, _Order[T]] = {}
        self._under: dict[str, _Order[T]] = {}
        self._failed: dict[str, tuple[float, BaseException]] = {}
        self._busy = 0

    def ordered(self, name: str, make: Callable[[], T], *, large: bool = False) -> bool:
        """Have something made behind; False where too much waits already.

        Raises why it could not be made, where that was a moment ago.
        """
        with self._lock:
            self._failed = {of: told for of, told in self._failed.items() if told[0] > time.monotonic()}
            if name in self._failed:
                raise self._failed[name][1]
            there = name in self._waiting or name in self._under
            if not there and len(self._waiting) >= self._most:
                return False
            self._order(name, make, large)
        return True

    def done(self, name: str, make: Callable[[], T], *, large: bool = False) -> T:
        """What is made under a name, before what nobody waits for. Raises `Busy`, and what `make` does."""
        with seat():
            done = self._first(name, make, large)
            wait([done], PATIENCE_S if OVER_HTTP.get() else None)
            if not done.done():
                raise Busy(name)
            return done.result()

    def _first(self, name: str, make: Callable[[], T], large: bool) -> "Future[T]":
        """Order something, or find it ordered, and put it before all that waits."""
        with self._lock:
            order = self._order(name, make, large)
            if name in self._waiting:
                self._waiting = {name: order, **self._waiting}
            return order.done

    def _order(self, name: str, make: Callable[[], T], large: bool) -> _Order[T]:
        """The order of that name; called with the lock held."""
        if found := self._under.get(name) or self._waiting.get(name):
            return found
        order: _Order[T] = _Order(make, Future(), large)
        self._waiting[name] = order
        if self._busy < self._builders:
            self._busy += 1
            # A process that ends does not wait: what is half made takes no name.
            Thread(target=self._build, name="workshop", daemon=True).start()
        return order

    def _build(self) -> None:
        """Make one thing after another, until there is none that may be begun."""
        while True:
            with self._lock:
                name = self._next()
                if name is None:
                    self._busy -= 1
                    return
                order = self._under[name] = self._waiting.pop(name)
            made, fault = _tried(order.make)
            with self._lock:
                del self._under[name]
                if fault is not None:
                    # Its frames hold what was being made.
                    self._failed[name] = time.monotonic() + FAILED_S, fault.with_traceback(None)
            if fault is None:
                order.done.set_result(made)  # type: ignore[arg-type]
            else:
                log.info("%s could not be made: %r", name, fault)
                order.done.set_exception(fault)

    def _next(self) -> str | None:
        large = any(order.large for order in self._under.values())
        return next((name for name, order in self._waiting.items() if not (large and order.large)), None)


def _tried(make: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    """What is made, or why it cannot be: whoever waits for it shall be told, whatever it is."""
    try:
        return make(), None
    except BaseException as fault:  # noqa: BLE001 - it is raised where it is waited for
        return None, fault
