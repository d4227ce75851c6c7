"""Where things stand on a sheet: the map as large as can be, all else beside or below it, nothing cut.

A sheet is arranged in the units of its drawing. Several arrangements are tried (a column at the right of some
width, a strip at the foot); the one that shows what the map is of at the largest scale is taken.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from layers.paper.frame import Bounds
from layers.paper.legend import Row, draw_legend
from layers.paper.logo import logo
from layers.sheet import block
from layers.sheet.layout import Layout
from layers.sheet.pieces import Grid, Piece, Said, of_drawing, stacked, table, texts
from layers.sheet.plate import BANDS_MM

GAP = 4.0
NAME_MM = 6.0
"""How much room the name of each of two maps takes above it."""
MARGIN = 10.0
_INSIDE_FRAME = 3.0
_LOGO_MM = (10.0, 48.0)
"""How high and how wide the logo is at most."""
_COLUMNS_MM = (54.0, 62.0, 72.0, 84.0, 100.0, 120.0, 140.0)
_TABLED_MM = 84.0
_LEGEND_MM = 40.0
_INSET_MM = 50.0
_NOTES_MM = (56.0, 70.0, 90.0)
_BESIDE_BLOCK_MM = 62.0
_LEAST_MAP_MM = (70.0, 55.0)
_TABLE_SHARE, _FACTS_SHARE = 0.3, 0.6
_NO_TABLE, _NO_ROWS, _NO_INSET, _NO_FACTS = 0.5, 0.3, 1.15, 1000.0
"""By how much smaller a map may be so that a table, all its rows, or the overview stand beside it."""


@dataclass(frozen=True)
class Asked:
    """What is to stand on a sheet beside its map; `inset` draws the overview at a width."""

    head: tuple[Said, ...] = ()
    legend: tuple[Row, ...] = ()
    legend_title: str = ""
    absent: tuple[Said, ...] = ()
    tables: tuple[Grid, ...] = ()
    inset: Callable[[float], Piece] | None = None
    notes: tuple[Said, ...] = ()
    maps: int = 1
    made: dict[float, Piece | None] = field(default_factory=dict, compare=False)
    """Legends by width: the same one is tried in several arrangements."""


@dataclass(frozen=True)
class Set:
    """A piece and the place of its lower left corner (mm)."""

    piece: Piece
    x: float
    y: float


@dataclass(frozen=True)
class Room:
    """A rectangle on the sheet in millimetres of the drawing."""

    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True)
class Plan:
    """Where everything stands: the map and the pieces; and how many rows of each table found room."""

    map: Room
    sets: tuple[Set, ...]
    taken: tuple[int, ...] = ()
    maps: int = 1

    def rooms(self) -> list[Room]:
        """The rooms of the maps: one, or two of a size beside or above each other, with a line for names."""
        whole = self.map
        if self.maps == 1:
            return [whole]
        if whole.wide > whole.high:
            wide = (whole.wide - GAP) / 2
            return [Room(whole.x + n * (wide + GAP), whole.y, wide, whole.high - NAME_MM) for n in (0, 1)]
        high = (whole.high - GAP) / 2
        return [Room(whole.x, whole.y + n * (high + GAP), whole.wide, high - NAME_MM) for n in (1, 0)]

    def scale_for(self, bounds: Bounds) -> float:
        """Metres of `bounds` to a millimetre of the map: the less, the larger the map."""
        room = self.rooms()[0]
        wide, high = room.wide - BANDS_MM[0], room.high - BANDS_MM[1]
        return max((bounds[2] - bounds[0]) / wide, (bounds[3] - bounds[1]) / high)


class NoRoom(ValueError):
    """What is asked for does not fit on a sheet of that size."""


@dataclass
class _Stack:
    """Pieces that are put below each other from the top of a column."""

    x: float
    top: float
    bottom: float
    sets: list[Set] = field(default_factory=list)

    @property
    def left(self) -> float:
        """How much room there is."""
        return self.top - self.bottom

    def put(self, piece: Piece | None) -> bool:
        """Put a piece below the others; False where there is no room for it."""
        if piece is None or piece.high > self.left + 1e-6:
            return piece is None
        self.sets.append(Set(piece, self.x, self.top - piece.high))
        self.top -= piece.high + GAP
        return True


def body(layout: Layout) -> Room:
    """What of a sheet may be drawn on, within its margins or its frame."""
    wide, high = (side / layout.enlarged for side in layout.size_mm)
    if layout.block == "plain":
        return Room(MARGIN, MARGIN * 0.8, wide - 2 * MARGIN, high - MARGIN * 1.7)
    left, other = (side / layout.enlarged for side in (block.LEFT_MM, block.OTHERS_MM))
    inner = _INSIDE_FRAME
    return Room(left + inner, other + inner, wide - left - other - 2 * inner, high - 2 * other - 2 * inner)


def block_mm(layout: Layout) -> tuple[float, float]:
    """Width and height that the title block takes of the body of a sheet; (0, 0) where there is none."""
    if layout.block == "plain":
        return 0.0, 0.0
    return block.WIDE_MM / layout.enlarged - _INSIDE_FRAME, block.HIGH_MM / layout.enlarged - _INSIDE_FRAME


def arrange(layout: Layout, bounds: Bounds, asked: Asked) -> Plan:
    """The arrangement that shows `bounds` at the largest scale. Raises `NoRoom`."""
    costs = [(_cost(plan, bounds, asked), plan) for plan in _plans(layout, asked)]
    if asked.inset:
        bare = replace(asked, inset=None)
        costs += [(_NO_INSET * _cost(plan, bounds, asked), plan) for plan in _plans(layout, bare)]
    if not costs:
        raise NoRoom(f"{layout.paper}, {layout.turn}")
    return min(costs, key=lambda pair: pair[0])[1]


def _cost(plan: Plan, bounds: Bounds, asked: Asked) -> float:
    """How small the map is: a table that is not there weighs as much as a map so many times smaller."""
    cost = plan.scale_for(bounds)
    for grid, rows in zip(asked.tables, plan.taken, strict=True):
        missing = 1 - rows / len(grid.rows)
        cost *= 1 + _NO_TABLE * (rows == 0) + (_NO_FACTS if grid.whole else _NO_ROWS) * missing
    return cost


def _plans(layout: Layout, asked: Asked) -> Iterator[Plan]:
    head, area = _headed(body(layout), asked.head)
    for plan in (*_columned(layout, area, asked), *_stripped(layout, area, asked)):
        made = replace(plan, sets=(*head, *plan.sets), maps=asked.maps)
        room = made.rooms()[0]
        if room.wide >= _LEAST_MAP_MM[0] and room.high >= _LEAST_MAP_MM[1]:
            yield made


def _headed(area: Room, said: Sequence[Said]) -> tuple[list[Set], Room]:
    """The title at the top, with the agency's logo at its right, and the room that is left below."""
    if not said:
        return [], area
    top, shown = area.y + area.high, logo(*_LOGO_MM)
    beside = [of_drawing(shown)] if shown else []
    title = texts(said, area.wide - sum(piece.wide + GAP for piece in beside))
    high = max([title.high, *(piece.high + 1.5 for piece in beside)])
    head = [Set(title, area.x, top - title.high)]
    head += [Set(piece, area.x + area.wide - piece.wide, top - piece.high) for piece in beside]
    return head, Room(area.x, area.y, area.wide, area.high - high - 1.0)


def legend(asked: Asked, wide: float) -> Piece | None:
    """The legend in as many columns as a width has room for, and what of the layers is not there."""
    wide = round(wide, 3)
    if wide not in asked.made:
        asked.made[wide] = _explained(asked, wide)
    return asked.made[wide]


def _explained(asked: Asked, wide: float) -> Piece | None:
    if not asked.legend and not asked.absent:
        return None
    columns = max(1, int((wide + 4) // (_LEGEND_MM + 4)))
    drawn = of_drawing(draw_legend(asked.legend, wide, columns=columns, title=asked.legend_title))
    return stacked(drawn, texts(asked.absent, wide), 1.5) if asked.absent else drawn


def _columned(layout: Layout, area: Room, asked: Asked) -> Iterator[Plan]:
    """A column at the right; beside a title block its left keeps the overview and the notes."""
    wide, high = block_mm(layout)
    beside = area.wide - wide - GAP
    low = area.y + (high + GAP if wide else 0.0)
    if wide and beside < _BESIDE_BLOCK_MM:
        beside = 0.0
    for column in _COLUMNS_MM:
        if asked.tables and column < _TABLED_MM:
            continue
        map_ = Room(area.x, low, area.wide - column - GAP, area.y + area.high - low)
        stack = _Stack(area.x + area.wide - column, area.y + area.high, low)
        foot = _foot(area, beside, high, asked) if wide and beside else None
        if wide and beside and foot is None:
            continue
        rest = asked if foot is None else replace(asked, inset=None, notes=())
        taken = _stacked(stack, column, rest)
        if taken is not None:
            yield Plan(map_, (*stack.sets, *(foot or ())), taken)


def _foot(area: Room, wide: float, high: float, asked: Asked) -> list[Set] | None:
    """The overview and the notes at the left of the title block; None where they find no room."""
    inset, x = None, area.x
    if asked.inset and wide >= _INSET_MM + GAP + _NOTES_MM[0]:
        inset = asked.inset(min(_INSET_MM, (high - 4) / 0.8))
        x += inset.wide + GAP
    elif asked.inset:
        return None
    notes = texts(asked.notes, area.x + wide - x)
    if max(notes.high, inset.high if inset else 0) > high:
        return None
    top = area.y + high
    return [*([Set(inset, area.x, top - inset.high)] if inset else []), Set(notes, x, top - notes.high)]


def _stacked(stack: _Stack, column: float, asked: Asked) -> tuple[int, ...] | None:
    """Put all below each other; how many rows of each table found room, None where all else did not."""
    if not stack.put(legend(asked, column)):
        return None
    inset = asked.inset(min(column, _INSET_MM + 14)) if asked.inset else None
    notes = texts(asked.notes, column) if asked.notes else None
    kept = sum(piece.high + GAP for piece in (inset, notes) if piece)
    taken = []
    for grid in asked.tables:
        piece, rows = table(grid, column, stack.left - kept)
        taken.append(rows)
        if piece:
            stack.put(piece)
    if not stack.put(inset) or not stack.put(notes):
        return None
    return tuple(taken)


def _stripped(layout: Layout, area: Room, asked: Asked) -> Iterator[Plan]:
    """A strip at the foot, with the title block at its right or below it; tables above the strip."""
    wide, high = block_mm(layout)
    for notes_mm in _NOTES_MM:
        beside = area.wide - wide - GAP
        if wide and beside >= 2 * _LEGEND_MM + notes_mm:
            yield from _strip(area, area.y, beside, high, asked, notes_mm)
        elif wide and beside >= _BESIDE_BLOCK_MM:
            foot = _foot(area, beside, high, replace(asked, inset=None))
            if foot is not None:
                rest = replace(asked, notes=())
                for plan in _strip(area, area.y + high + GAP, area.wide, 0.0, rest, 0.0):
                    yield replace(plan, sets=(*plan.sets, *foot))
        else:
            low = area.y + (high + GAP if wide else 0.0)
            yield from _strip(area, low, area.wide, 0.0, asked, notes_mm)


def _strip(
    area: Room, low: float, wide: float, least: float, asked: Asked, notes_mm: float
) -> Iterator[Plan]:
    """Legend, overview and notes in a strip that is as high as they are, and all else above it."""
    for rows in _rows(wide, asked, notes_mm):
        sets, high = _laid(rows, area.x, low, least)
        yield _above(area, low + high + (GAP if high else 0), sets, asked)


def _rows(wide: float, asked: Asked, notes_mm: float) -> Iterator[list[list[Piece]]]:
    """The ways to lay legend, overview and notes in one row or two."""
    inset = asked.inset(_INSET_MM) if asked.inset else None
    beside = inset.wide + GAP if inset else 0.0
    overviews = [inset] if inset else []

    def notes(room: float) -> list[Piece]:
        return [texts(asked.notes, room)] if asked.notes else []

    def explained(room: float) -> list[Piece]:
        piece = legend(asked, room)
        return [piece] if piece else []

    narrow = wide - beside - (notes_mm + GAP if asked.notes else 0.0)
    if narrow >= _LEGEND_MM:
        yield [[*explained(narrow), *overviews, *notes(notes_mm)]]
    yield [[*explained(wide - beside), *overviews], notes(wide)]
    yield [explained(wide), [*overviews, *notes(wide - beside)]]


def _laid(rows: list[list[Piece]], left: float, low: float, least: float) -> tuple[list[Set], float]:
    """Rows of pieces above each other, from a height on; and how high they are together."""
    rows = [row for row in rows if row]
    highs = [max(piece.high for piece in row) for row in rows]
    whole = sum(highs) + GAP * max(0, len(rows) - 1)
    sets, top = [], low + max(whole, least)
    for row, high in zip(rows, highs, strict=True):
        x = left
        for piece in row:
            sets.append(Set(piece, x, top - piece.high))
            x += piece.wide + GAP
        top -= high + GAP
    return sets, max(whole, least)


def _above(area: Room, foot: float, sets: list[Set], asked: Asked) -> Plan:
    """The tables and the map above a strip."""
    taken = []
    for grid in asked.tables:
        tabled, rows = table(grid, area.wide, _share(grid) * area.high / len(asked.tables))
        taken.append(rows)
        if tabled:
            sets.append(Set(tabled, area.x, foot))
            foot += tabled.high + GAP
    return Plan(Room(area.x, foot, area.wide, area.y + area.high - foot), tuple(sets), tuple(taken))


def _share(grid: Grid) -> float:
    """How much of the height of a sheet a table above a strip may take."""
    return _FACTS_SHARE if grid.whole else _TABLE_SHARE


def rests(plan: Plan, tables: Sequence[Grid]) -> list[Grid]:
    """What of the tables found no room."""
    return [grid.rest(rows) for grid, rows in zip(tables, plan.taken, strict=True) if rows < len(grid.rows)]
