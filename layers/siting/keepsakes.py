"""What readers bring and the planner keeps: files in the data folder, documents on the shelf that name them.

A thing is there when its document is; that is put on the shelf last. Its file is named by twelve hex digits,
the digest of what it holds: what is cached by the name is right for ever. What was taken away is removed from
the disk a day later (`layers.sweep`).
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from geo.errors import GeoError
from layers.shelf import Document, ShelfError, data_folder, shelf
from layers.sweep import leave, sweep

log = logging.getLogger(__name__)
_NAME = r"[0-9a-f]{12}"


class Keepsake(Protocol):
    """A thing that is kept: the name of its file, its title, the number of its document."""

    @property
    def name(self) -> str:
        """The name of its file."""

    @property
    def title(self) -> str:
        """What its reader called it."""

    @property
    def number(self) -> int:
        """The number of its document."""


T = TypeVar("T", bound=Keepsake)


@dataclass(frozen=True)
class Keepsakes(Generic[T]):
    """All things of a kind: `kind` of their documents, `folder` and `ending` of their files.

    `called` is what one of them is in a message, `fault` what is raised of them. `read` understands a
    document and what its text tells; it raises `ValueError`, `KeyError` or `TypeError`.
    """

    kind: str
    folder: str
    ending: str
    called: str
    fault: type[GeoError]
    read: Callable[[Document, dict[str, Any]], T]

    def kept(self) -> list[T]:
        """The things that are kept, by title; the log tells of others. Raises `fault` ("unusable")."""
        try:
            documents = shelf().all(self.kind)
        except ShelfError as fault:
            raise self.fault(str(fault), "unusable") from fault
        return [found for document in documents if (found := self._understood(document)) is not None]

    def path(self, name: str) -> Path:
        """The file of a name, which is checked: it never leaves the folder. Raises `fault` ("kept")."""
        if not is_name(name):
            raise self.fault(f"{name[:40]!r} is no name of a {self.called}", "kept")
        return self._folder / f"{name}.{self.ending}"

    def keep(
        self, title: str, told: dict[str, Any], write: Callable[[Path], object], *, most: int, replace: bool
    ) -> T:
        """Keep a thing, all of it or nothing: `write` makes its file, `told` stands in its document.

        At most so many are kept. Raises `fault`: "title", "exists", "full", "disk", "unusable".
        """
        self.sweep()
        there = self.kept()
        if len(there) >= most and not any(one.title == title for one in there):
            raise self.fault(f"{most} {self.called}s are kept; remove one", "full")
        target = self.path(told["name"])
        fresh = not target.exists()
        with self.writing():
            target.parent.mkdir(parents=True, exist_ok=True)
            write(target)
        try:
            with self._shelved():
                text = json.dumps(told, ensure_ascii=False)
                document = shelf().put(self.kind, title, text, replace=replace)
        except self.fault:
            if fresh:
                target.unlink(missing_ok=True)
            raise
        return self.read(document, told)

    def remove(self, one: T) -> None:
        """Take one away; within a day `restore` brings it back. Raises `fault`."""
        leave(self.path(one.name))
        with self._shelved():
            shelf().drop(one.number)

    def restore(self, one: T) -> None:
        """Bring back what was taken away. Raises `fault`, "gone" where its file has been swept away."""
        file = self.path(one.name)
        if not file.exists():
            raise self.fault(f"{one.title!r}: the file is no longer there; bring it again", "gone")
        leave(file)
        with self._shelved():
            shelf().restore(one.number)

    def sweep(self) -> None:
        """Remove the files of those that were taken away a day ago."""
        sweep(self._folder, self.kind)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What the disk refuses as `fault`, "disk"."""
        try:
            yield
        except OSError as fault:
            raise self.fault(f"the data folder cannot be written: {fault}", "disk") from fault

    @property
    def _folder(self) -> Path:
        return data_folder() / self.folder

    @contextmanager
    def _shelved(self) -> Iterator[None]:
        """What the shelf refuses as `fault`, with its code."""
        try:
            yield
        except ShelfError as fault:
            raise self.fault(str(fault), fault.code) from fault

    def _understood(self, document: Document) -> T | None:
        try:
            told = json.loads(document.text)
            if not is_name(str(told["name"])):
                raise ValueError(told["name"])
            return self.read(document, told)
        except (ValueError, KeyError, TypeError) as fault:
            log.warning("the document of the %s %r cannot be read: %s", self.called, document.title, fault)
            return None


def is_name(name: str) -> bool:
    """Whether a text may be the name of a file that is kept."""
    return bool(re.fullmatch(_NAME, name))
