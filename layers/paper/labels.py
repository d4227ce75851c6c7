"""Names on a map: each is placed where it covers neither a symbol nor another name, or it is left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportlab.graphics.shapes import Group, String, UserNode

from layers.paper.fonts import BOLD, REGULAR, outline, sound, width
from layers.paper.frame import Bounds
from layers.paper.ink import INK, LAND, ROUND, colour

GREAT = 10_000
"""From which weight on a name is placed before the symbols are."""
LONGEST = 36
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


class Label(UserNode):  # type: ignore[misc]
    """A name written on the map, on a halo of the ground's colour that no reader selects or copies."""

    def __init__(self, name: Name, x: float, y: float) -> None:
        self.name, self.x, self.y = name, x, y
        self.face = BOLD if name.bold or name.weight >= GREAT else REGULAR
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


def shortened(text: str) -> str:
    """A name that is not too long for a map."""
    text = sound(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def spots(name: Name, wide: float) -> Iterator[tuple[float, float]]:
    """Where a name may start (its baseline), the best first: right, above, below, left, the corners."""
    gap, size = name.reach + _GAP, name.size
    low, middle, high = name.y - gap - size * 0.76, name.y - size * 0.36, name.y + gap + size * 0.22
    right, centred, left = name.x + gap, name.x - wide / 2, name.x - gap - wide
    yield from ((right, middle), (centred, high), (centred, low), (left, middle))
    yield from ((right, high), (right, low), (left, high), (left, low))


def placed(names: Iterable[Name], boxes: Boxes, window: Bounds) -> list[Label]:
    """The names that find room within the window, the weightiest first; they take their boxes."""
    found = []
    for name in sorted(names, key=lambda n: -n.weight):
        wide = width(name.text, name.size, BOLD if name.bold or name.weight >= GREAT else REGULAR)
        for x, y in spots(name, wide):
            box = (x - 1, y - name.size * 0.24, x + wide + 1, y + name.size * 0.78)
            inside = (
                box[0] >= window[0] and box[1] >= window[1] and box[2] <= window[2] and box[3] <= window[3]
            )
            if inside and boxes.free(box):
                boxes.take(box)
                found.append(Label(name, x, y))
                break
    return found
