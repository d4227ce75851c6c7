"""What is kept in memory between requests, within bytes: what was not used longest is let go first."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """Values by key; any thread may ask.

    `weigh` tells the bytes of a value, also of what it will come to hold; the one asked for last is kept
    however much it weighs. `part` is called with what is let go, which others may still be using.
    """

    def __init__(
        self, most_bytes: int, weigh: Callable[[T], int], part: Callable[[T], Any] = lambda _: None
    ) -> None:
        self.most_bytes, self._weigh, self._part = most_bytes, weigh, part
        self._held: dict[Hashable, tuple[T, int]] = {}
        self._lock = Lock()
        self.bytes = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where it is not held.

        Nobody waits: two who ask for the same at the same time both make it, and the first one is kept.
        """
        with self._lock:
            if found := self._held.pop(key, None):
                self._held[key] = found
                return found[0]
        value = make()
        weight = self._weigh(value)
        with self._lock:
            if found := self._held.get(key):
                spare = [value]
                value = found[0]
            else:
                self._held[key] = value, weight
                self.bytes += weight
                spare = self._let_go()
        for one in spare:
            self._part(one)
        return value

    def forget(self, key: Hashable) -> None:
        """Let one value go, if it is held."""
        with self._lock:
            found = self._held.pop(key, None)
            self.bytes -= found[1] if found else 0
        if found:
            self._part(found[0])

    def clear(self) -> None:
        """Let everything go."""
        for key in list(self._held):
            self.forget(key)

    def __len__(self) -> int:
        return len(self._held)

    def _let_go(self) -> list[T]:
        spare = []
        while self.bytes > self.most_bytes and len(self._held) > 1:
            value, weight = self._held.pop(next(iter(self._held)))
            self.bytes -= weight
            spare.append(value)
        return spare
