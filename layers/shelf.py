"""Where documents that people make are kept: scenarios, models, stories.

A `Shelf` is to documents what a `Store` is to records: one interface, and an embedded kind in one SQLite file
in the data folder that the setting `PLANNER_DATA` names (`var/` beside the program otherwise). Every change
is one transaction: a fault leaves what was there. Whoever may open the planner may open and change its shelf.
What is taken away can be brought back for some time, and is then removed with the next change.
"""

import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

SETTING = "PLANNER_DATA"
_HERE = Path(__file__).resolve().parent.parent / "var"
_FILE = "planner.sqlite"
_WAIT_S = 5.0
MOST_TEXT = 200_000
MOST_TITLE = 140
"""How many letters a title may have: of what is kept here, and of all in a story."""
MOST_DOCUMENTS = 2_000
MOST_GONE = 500
"""How many documents that were taken away are kept; the ones taken away first make room."""
_GONE_FOR = timedelta(days=30)
_INKLESS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_SCHEMA = """
create table if not exists document (
    id integer primary key,
    kind text not null,
    title text not null,
    text text not null,
    changed text not null,
    gone integer not null default 0
);
-- `gone` is 0, or when the document was taken away (Unix time, s).
create unique index if not exists titles on document (kind, title) where not gone;
"""
_BY_ID = "select id, kind, title, text, changed from document where id = ? and not gone"
_BY_KIND = "select id, kind, title, text, changed from document where kind = ? and not gone"
_PURGE = """
delete from document where gone and (
    gone < ? or id not in (select id from document where gone order by gone desc, id desc limit ?)
)
"""


class ShelfError(RuntimeError):
    """The shelf cannot be read or written; `code` names the fault for translation."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Document:
    """Something kept: its number, kind, title, text form, and when it was last changed (UTC)."""

    id: int
    kind: str
    title: str
    text: str
    changed: str


class Shelf(Protocol):
    """What every shelf answers; all raise `ShelfError`."""

    def all(self, kind: str) -> list[Document]:
        """The documents of a kind, by title."""

    def get(self, id_: int) -> Document | None:
        """The document of that number; None where there is none, or where it was taken away."""

    def put(self, kind: str, title: str, text: str, *, replace: bool = False) -> Document:
        """Keep a document; one of that title is only overwritten when told to (code `exists`)."""

    def rewrite(self, known: Document, title: str, text: str) -> Document:
        """Put another title and text in the place of a document as it is known.

        Not where somebody else has changed it since (code `changed`), or taken it away (code `gone`).
        """

    def drop(self, id_: int) -> None:
        """Take a document away; `restore` brings it back."""

    def restore(self, id_: int) -> None:
        """Bring back what was taken away.

        Not when its title is in use again (code `exists`), or when it has been removed (code `gone`).
        """


class SqliteShelf:
    """A shelf in one SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FILE

    def all(self, kind: str) -> list[Document]:
        """See `Shelf.all`."""
        return sorted(self._rows(_BY_KIND, kind), key=lambda document: document.title.casefold())

    def get(self, id_: int) -> Document | None:
        """See `Shelf.get`."""
        found = self._rows(_BY_ID, id_)
        return found[0] if found else None

    def _rows(self, asked: str, value: object) -> list[Document]:
        if not self.path.exists():
            return []
        with self._open(write=False) as base:
            if not base.execute("select 1 from sqlite_master where name = 'document'").fetchone():
                return []
            return [Document(*row) for row in base.execute(asked, (value,))]

    def rewrite(self, known: Document, title: str, text: str) -> Document:
        """See `Shelf.rewrite`."""
        title, now = _sound(title, text), _now()
        with self._open(write=True) as base:
            found = base.execute(
                "select text from document where id = ? and not gone", (known.id,)
            ).fetchone()
            if found is None:
                raise ShelfError(f"there is no document {known.id} any more", "gone")
            if found[0] != known.text:
                raise ShelfError(f"document {known.id} was changed by somebody else", "changed")
            change = "update document set title = ?, text = ?, changed = ? where id = ?"
            base.execute(change, (title, text, now, known.id))
        return Document(known.id, known.kind, title, text, now)

    def put(self, kind: str, title: str, text: str, *, replace: bool = False) -> Document:
        """See `Shelf.put`."""
        title, now = _sound(title, text), _now()
        with self._open(write=True) as base:
            there = base.execute(
                "select id from document where kind = ? and title = ? and not gone", (kind, title)
            ).fetchone()
            if there and not replace:
                raise ShelfError(f"there is already {title!r}", "exists")
            if there:
                base.execute("update document set text = ?, changed = ? where id = ?", (text, now, there[0]))
                return Document(there[0], kind, title, text, now)
            if base.execute("select count(*) from document where not gone").fetchone()[0] >= MOST_DOCUMENTS:
                raise ShelfError(f"the shelf holds at most {MOST_DOCUMENTS} documents", "full")
            made = base.execute(
                "insert into document (kind, title, text, changed) values (?, ?, ?, ?)",
                (kind, title, text, now),
            )
            return Document(int(made.lastrowid or 0), kind, title, text, now)

    def drop(self, id_: int) -> None:
        """See `Shelf.drop`."""
        with self._open(write=True) as base:
            base.execute("update document set gone = ? where id = ? and not gone", (_unix(), id_))

    def restore(self, id_: int) -> None:
        """See `Shelf.restore`."""
        with self._open(write=True) as base:
            if not base.execute("update document set gone = 0 where id = ?", (id_,)).rowcount:
                raise ShelfError(f"there is no document {id_} any more", "gone")

    @contextmanager
    def _open(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        """The file: to read it as it is, or to write to it in one transaction, made where it is missing."""
        try:
            with closing(self._connected() if write else self._looked_at()) as base, base:
                if write:
                    base.executescript(_SCHEMA)
                    base.execute("begin immediate")
                    base.execute(_PURGE, (_unix() - int(_GONE_FOR.total_seconds()), MOST_GONE))
                yield base
        except sqlite3.IntegrityError as fault:
            raise ShelfError(f"{self.path}: {fault}", "exists") from fault
        except (sqlite3.Error, OSError) as fault:
            raise ShelfError(f"{self.path}: {fault}", "unusable") from fault

    def _connected(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return sqlite3.connect(self.path, timeout=_WAIT_S)

    def _looked_at(self) -> sqlite3.Connection:
        """A connection that waits for no writer and makes no file; the folder need not be writable.

        It is told "rw" and not "ro" for the case that a process was killed while it wrote: whoever opens the
        file next has to put back what was there. A file that may only be read is only read all the same.
        """
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=_WAIT_S)


def _sound(title: str, text: str) -> str:
    """The title, its blanks put right. Raises `ShelfError` for one, or a text, that cannot be kept."""
    title = "" if blank(title) else re.sub(r"\s+", " ", title).strip()
    if not title or len(title) > MOST_TITLE:
        raise ShelfError(f"a title has 1 to {MOST_TITLE} letters", "title")
    if len(text) > MOST_TEXT:
        raise ShelfError(f"a document has at most {MOST_TEXT} letters", "long")
    return title


def blank(text: str) -> bool:
    """Whether nothing of a text is seen: blanks, controls, and letters that have neither width nor ink."""
    return all(
        letter in _INKLESS or unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp", "Zs")
        for letter in text
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _unix() -> int:
    return int(datetime.now(UTC).timestamp())


def data_folder() -> Path:
    """The folder that holds what people make and what is kept between starts."""
    return Path(os.environ.get(SETTING) or _HERE).expanduser().resolve()


@cache
def shelf() -> Shelf:
    """The shelf of this process."""
    return SqliteShelf(data_folder())
