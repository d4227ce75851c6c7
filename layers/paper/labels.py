"""Names on a map: each is placed where it covers neither a symbol nor another name, or it is left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise

from reportlab.graphics.shapes import Group, String, UserNode

from layers.paper.fonts import BOLD, REGULAR, outline, width
from layers.paper.frame import Bounds
from layers.paper.ink import INK, LAND, ROUND, colour

GREAT = 10_000
"""From which weight on a name is placed before the symbols are."""
LONGEST = 36
"""How many letters a line of a name has where the name can be broken."""
_MOST_LINES, _LEAD = 3, 1.16
_SIZES = ((400_000, 8.6), (100_000, 7.8), (GREAT, 7.2), (1_000, 6.2), (0, 5.7))
_CELL = 40.0
_GAP = 1.4


class Boxes:
    """Boxes that are taken, in a lattice of cells, so that asking for room is quick."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Bounds]] = defaultdict(list)

    @staticmethod
    def _keys(box: Bounds) -> Iterator[tuple[int, int]]:
        for column in range(int(box[0] // _CELL), int(box[2] // _CELL) + 1):
            for row in range(int(box[1] // _CELL), int(box[3] // _CELL) + 1):
                yield column, row

    def free(self, box: Bounds) -> bool:
        """Whether nothing taken lies on it."""
        return not any(
            box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]
            for key in self._keys(box)
            for other in self._cells.get(key, ())
        )

    def take(self, box: Bounds) -> None:
        """From now on it is taken."""
        for key in self._keys(box):
            self._cells[key].append(box)


@dataclass(frozen=True)
class Name:
    """A name to be written at (x, y) on the drawing, `reach` points clear of it; the weightier come first."""

    text: str
    x: float
    y: float
    reach: float
    weight: float = 0.0
    colour: str = INK
    bold: bool = False

    @property
    def size(self) -> float:
        """Size of its type in points."""
        return next(size for least, size in _SIZES if self.weight >= least)

    @property
    def face(self) -> str:
        """The face of its type."""
        return BOLD if self.bold or self.weight >= GREAT else REGULAR


class Label(UserNode):  # type: ignore[misc]
    """A name written on the map, on a halo of the ground's colour that no reader selects or copies."""

    def __init__(self, name: Name, x: float, y: float) -> None:
        self.name, self.x, self.y = name, x, y
        self.face = name.face
        self.halo = max(1.5, name.size * 0.26)

    def provideNode(self) -> Group:  # noqa: N802 - the name that ReportLab calls
        """The halo (outlines of the letters) and the text itself."""
        size, ground = self.name.size, colour(LAND)
        halo = outline(self.name.text, self.x, self.y, size, self.face)
        halo.strokeColor, halo.strokeWidth, halo.strokeLineJoin = ground, self.halo, ROUND
        halo.fillColor = None
        text = String(self.x, self.y, self.name.text, fontName=self.face, fontSize=size)
        text.fillColor = colour(self.name.colour)
        return Group(halo, text)


@lru_cache(maxsize=4096)
def broken(text: str) -> tuple[str, ...]:
    """A name in one, two or three lines of like length, as it has more than `LONGEST` letters to a line."""
    words = text.split(" ")
    count = min(-(-len(text) // LONGEST), _MOST_LINES, len(words))
    if count < 2:
        return (text,)
    ways = (
        tuple(" ".join(words[start:end]) for start, end in pairwise((0, *breaks, len(words))))
        for breaks in combinations(range(1, len(words)), count - 1)
    )
    return min(ways, key=lambda lines: max(map(len, lines)))


def spots(name: Name, wide: float, high: float, window: Bounds) -> Iterator[tuple[float, float]]:
    """Where a name may start (its last baseline), the best first: right, above, below, left, the corners.

    Last come the places above and below where it is moved aside so that it stays within the window. `high` is
    how far its first baseline lies above the last one.
    """
    gap, size = name.reach + _GAP, name.size
    low, middle = name.y - gap - size * 0.76 - high, name.y - size * 0.36 - high / 2
    top = name.y + gap + size * 0.22
    right, centred, left = name.x + gap, name.x - wide / 2, name.x - gap - wide
    yield from ((right, middle), (centred, top), (centred, low), (left, middle))
    yield from ((right, top), (right, low), (left, top), (left, low))
    aside = max(min(centred, window[2] - wide - 1.1), window[0] + 1.1)
    yield from ((aside, top), (aside, low))


def placed(names: Iterable[Name], boxes: Boxes, window: Bounds) -> list[Label]:
    """The names that find room within the window, the weightiest first; they take their boxes.

    A name of several lines is a label for each of them.
    """
    found: list[Label] = []
    for name in sorted(names, key=lambda n: -n.weight):
        lines, face, lead = broken(name.text), name.face, name.size * _LEAD
        wide, high = max(width(line, name.size, face) for line in lines), (len(lines) - 1) * lead
        for x, y in spots(name, wide, high, window):
            box = (x - 1, y - name.size * 0.24, x + wide + 1, y + high + name.size * 0.78)
            inside = (
                box[0] >= window[0] and box[1] >= window[1] and box[2] <= window[2] and box[3] <= window[3]
            )
            if inside and boxes.free(box):
                boxes.take(box)
                found += _lines(name, lines, (x, y + high), wide)
                break
    return found


def _lines(name: Name, lines: Sequence[str], at: tuple[float, float], wide: float) -> Iterator[Label]:
    """The labels of a name from its first baseline down, ranged towards what it names."""
    x, y = at
    side = 0.0 if x >= name.x else 1.0 if x + wide <= name.x else 0.5
    for number, line in enumerate(lines):
        said = name if len(lines) == 1 else replace(name, text=line)
        indent = (wide - width(line, name.size, name.face)) * side if len(lines) > 1 else 0.0
        yield Label(said, x + indent, y - number * name.size * _LEAD)
