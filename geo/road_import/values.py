"""Reading what files write about a road: its speed and its direction."""

import re
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from geo.impedance import LEAST_KMH, MOST_KMH
from geo.network import BACK, BOTH, THERE
from geo.road_import.report import EXAMPLES, Notes

T = TypeVar("T")

_KMH = re.compile(r"(\d{1,3}(?:[.,]\d{1,9})?)\s*(km/h|kmh|kph|км/ч|mph)?", re.IGNORECASE | re.ASCII)
_KM_PER_MILE = 1.609344
_ZONES = {"ru:urban": 60.0, "ru:rural": 90.0, "ru:motorway": 110.0, "ru:living_street": 20.0}
"""Limits of the Russian traffic rules, clauses 10.2 and 10.3."""

_DIRECTIONS = {
    **dict.fromkeys(("yes", "1", "true", "да", "f", "ft"), THERE),
    **dict.fromkeys(("-1", "reverse", "t", "tf"), BACK),
    **dict.fromkeys(("", "no", "0", "false", "нет", "b", "both"), BOTH),
}


def kmh(text: str) -> float | None:
    """A speed (km/h) as files write it; NaN where none is stated ("" or 0), None where it is not read.

    Read are numbers with a decimal point or comma, km/h and mph, and the zones of Russian law ("RU:urban").
    """
    bare = text.strip()
    if bare.lower() in _ZONES:
        return _ZONES[bare.lower()]
    if not bare or bare == "0":
        return float("nan")
    found = _KMH.fullmatch(bare)
    if not found:
        return None
    miles = (found[2] or "").lower() == "mph"
    speed = float(found[1].replace(",", ".")) * (_KM_PER_MILE if miles else 1.0)
    return speed if LEAST_KMH <= speed <= MOST_KMH else None


def direction(text: str) -> int | None:
    """One way as files write it (yes, 1, -1; FT, TF; F, T, B); None where it is not read."""
    return _DIRECTIONS.get(text.strip().lower())


def understood(
    texts: list[str], read: Callable[[str], T | None], default: T, notes: Notes, code: str
) -> list[T]:
    """Each text as read, `default` where it is not; the values that are not go to the notes."""
    counts = Counter(texts)
    values = {text: read(text) for text in counts}
    unread = {text: counts[text] for text, value in values.items() if value is None}
    common = sorted(unread, key=lambda text: (-unread[text], text))
    notes.add(code, common[:EXAMPLES], sum(unread.values()))
    known = {text: default if value is None else value for text, value in values.items()}
    return [known[text] for text in texts]
