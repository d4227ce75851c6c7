"""What something was made from, in one line: data, code and day."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from layers.day import today
from layers.store import Store
from layers.text import Words

_ROOT = Path(__file__).resolve().parent.parent
_ROOMS = ("geo", "layers", "pages")
_KINDS = {".py", ".js", ".css", ".toml"}


@cache
def code() -> str:
    """Seven hex digits that change with any line of the program."""
    total = sha256()
    for room in _ROOMS:
        for path in sorted((_ROOT / room).rglob("*")):
            if path.suffix in _KINDS:
                total.update(str(path.relative_to(_ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:7]


def stamp(store: Store, words: Words) -> str:
    """The line that every export carries; what it shows beyond this is told beside it."""
    return words("board.stamp", digest=store.digest, code=code(), date=words.date(today()))
