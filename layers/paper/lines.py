"""A text in lines of some width: for what is drawn, and not set by a typesetter.

Words break at blanks, long Russian ones at their syllables, and what has no place to break (an address) where
the line ends: no line is ever wider than its room.
"""

from functools import lru_cache

from layers.paper.fonts import REGULAR, sound, width
from layers.paper.typeset import bound, divisions

_HYPHENS = "-‐–/"


@lru_cache(maxsize=4096)
def _wrapped(text: str, room: float, size: float, face: str) -> tuple[str, ...]:
    lines: list[str] = []
    for word in bound(sound(text)).split(" "):
        rest = word
        longer = f"{lines[-1]} {rest}" if lines else rest
        if lines and width(longer, size, face) <= room:
            lines[-1] = longer
            continue
        if lines and (parted := _parted(f"{lines[-1]} ", rest, room, size, face)):
            lines[-1], rest = parted
        while width(rest, size, face) > room:
            head, rest = _parted("", rest, room, size, face) or _cut(rest, room, size, face)
            lines.append(head)
        lines.append(rest)
    return tuple(lines)


def wrapped(text: str, room: float, size: float, face: str = REGULAR) -> list[str]:
    """A text in lines that are no wider than `room` points."""
    return list(_wrapped(text, round(room, 3), size, face))


def _parted(before: str, word: str, room: float, size: float, face: str) -> tuple[str, str] | None:
    """The line with as much of a word as it can take, and the rest of the word; None where it takes none."""
    ends = [(word[: n + 1], word[n + 1 :]) for n in range(len(word) - 2, 1, -1) if word[n] in _HYPHENS]
    joined = [(f"{head}-", tail) for head, tail in _syllables(word)]
    for head, tail in sorted((*ends, *joined), key=lambda pair: len(pair[1])):
        if width(before + head, size, face) <= room:
            return before + head, tail
    return None


def _syllables(word: str) -> list[tuple[str, str]]:
    """The ways to divide the word among the marks around it."""
    start = next((n for n, ch in enumerate(word) if ch.isalpha()), len(word))
    end = len(word) - next((n for n, ch in enumerate(reversed(word)) if ch.isalpha()), 0)
    core = word[start:end]
    return [(word[:start] + head, tail + word[end:]) for head, tail in divisions(core)]


def _cut(word: str, room: float, size: float, face: str) -> tuple[str, str]:
    """A word that knows no place to break, broken where the line ends; one sign at least stays."""
    n = len(word) - 1
    while n > 1 and width(word[:n], size, face) > room:
        n -= 1
    return word[:n], word[n:]
