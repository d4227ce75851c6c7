"""A property that is computed once for its object, by one thread, while other objects go on.

`functools.cached_property` of Python 3.11 holds one lock for all objects of a class: there one long search
would keep every other one waiting.
"""

from collections.abc import Callable
from threading import Lock, RLock
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
_GUARD = Lock()


class once(Generic[T]):  # noqa: N801 - it is used as `property` is
    """A value that is kept in the object under the method's own name; the lock is the object's own."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make, self.__doc__ = make, make.__doc__

    def __set_name__(self, _: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, owner: None, _: type | None = None) -> "once[T]": ...

    @overload
    def __get__(self, owner: object, _: type | None = None) -> T: ...

    def __get__(self, owner: object | None, _: type | None = None) -> "once[T] | T":
        if owner is None:
            return self
        held = owner.__dict__
        with _GUARD:
            lock: Any = held.setdefault("_once_lock", RLock())
        with lock:
            if self.name not in held:
                held[self.name] = self.make(owner)
            found: T = held[self.name]
            return found
