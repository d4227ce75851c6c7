"""Finding a place by its name, in either language, forgiving slips of the finger and of transliteration.

Names and question are brought to bare Latin letters (AnyAscii), so `Камаевка`, `Kamayevka` and `kamaevka`
meet; a question typed on the wrong keyboard layout is tried as the other one. Likeness is measured by
RapidFuzz. A position typed as numbers is read by `geo.crs`.
"""

import re
from typing import Any, Self

from anyascii import anyascii
from rapidfuzz import fuzz, process

from geo.crs import Position, parse_position
from layers.catalog import Language
from layers.feature import placed
from layers.store import Store
from layers.style import Frozen

LEAST_LIKENESS = 72.0
_LEAST_LETTERS = 2
_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_OTHER_LAYOUT = str.maketrans(_LATIN + _RUSSIAN, _RUSSIAN + _LATIN)
_FOLDS = (
    (r"ya", "ia"),
    (r"yu", "iu"),
    (r"yo", "e"),
    (r"y", "i"),
    (r"kh", "h"),
    (r"ts", "c"),
    (r"shch", "s"),
    (r"(.)\1", r"\1"),
    (r"ie", "e"),
    (r"[^a-z0-9 ]", ""),
)


class Found(Frozen):
    """An answer: which record, its name and its layer in the reader's language, and how alike (0..100)."""

    pick: str
    name: str
    layer: str
    likeness: float


def folded(text: str) -> str:
    """A name brought to bare letters in which spellings of one sound agree."""
    bare = str(anyascii(text.lower().replace("ё", "е"))).lower().replace("-", " ")
    for pattern, replacement in _FOLDS:
        bare = re.sub(pattern, replacement, bare)
    return " ".join(bare.split())


class Index:
    """All names of a store, ready to be asked."""

    def __init__(self, names: list[tuple[str, str, str, str]]) -> None:
        """Take (folded name, pick, name ru, name en) entries; the first layer that names a record wins."""
        self._entries = names
        self._keys = [entry[0] for entry in names]

    @classmethod
    def of(cls, store: Store) -> Self:
        """Index every record whose place is known; a record that several layers show is indexed once."""
        entries: list[tuple[str, str, str, str]] = []
        seen: set[tuple[str, str]] = set()
        for name in store.catalogue.panel_order:
            layer = store.catalogue.layers[name]
            if layer.computed:
                continue
            for id_, record in placed(store.features(name)).iterrows():
                if (layer.records, str(id_)) in seen:
                    continue
                seen.add((layer.records, str(id_)))
                ru, en = record["name_ru"], record["name_en"]
                keys = dict.fromkeys((folded(ru), folded(en)))
                entries += [(key, f"{name}/{id_}", ru, en) for key in keys]
        return cls(entries)

    def find(self, question: str, store: Store, language: Language, most: int = 8) -> list[Found]:
        """The records whose names are most like the question, the likest first."""
        best: dict[str, Found] = {}
        for asked, penalty in ((question, 0.0), (question.lower().translate(_OTHER_LAYOUT), 4.0)):
            key = folded(asked)
            if len(key) < _LEAST_LETTERS:
                continue
            for _, score, position in process.extract(
                key, self._keys, scorer=_likeness, limit=4 * most, score_cutoff=LEAST_LIKENESS
            ):
                _, pick, ru, en = self._entries[position]
                layer = store.catalogue.layers[pick.partition("/")[0]].title[language]
                found = Found(
                    pick=pick, name=ru if language == "ru" else en, layer=layer, likeness=score - penalty
                )
                if pick not in best or best[pick].likeness < found.likeness:
                    best[pick] = found
        return sorted(best.values(), key=lambda found: (-found.likeness, len(found.name), found.name))[:most]


def _likeness(asked: Any, name: Any, /, *, score_cutoff: float | None = None) -> float:
    """0..100: the whole, the beginning of a word, or most of the words."""
    if asked == name:
        return 100.0
    words = f" {name}"
    start = 97.0 if words.startswith(f" {asked}") else 93.0 if f" {asked}" in words else 0.0
    likeness = max(fuzz.ratio(asked, name), 0.95 * fuzz.token_set_ratio(asked, name) if " " in asked else 0.0)
    nearest = max((fuzz.ratio(asked, word) for word in name.split()), default=0.0)
    score = max(start, likeness, 0.92 * nearest)
    return score if score >= (score_cutoff or 0.0) else 0.0


def position(question: str) -> Position | None:
    """The position that a question states, if it is one; raises `geo.errors.CoordinateError`."""
    return parse_position(question)
