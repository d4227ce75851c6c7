"""The legend of a map on paper, from the styles in use: what the window shows, in the order of the panel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from reportlab.graphics.shapes import Circle, Drawing, Group, Line, String

from layers.catalog import Language, Layer
from layers.feature import class_value
from layers.paper import fonts, words
from layers.paper.frame import MapFrame
from layers.paper.ink import INK, MARK, MM, PAPER, PX, QUIET, blank, colour
from layers.paper.lines import wrapped
from layers.paper.maps import shown
from layers.paper.symbols import area_sample, line_sample, point_symbol
from layers.query import Query
from layers.store import Store
from layers.style import STATE_DASHES, STATE_FILLS, Symbol
from layers.text import Words
from layers.view import Placed

Kind = Literal["heading", "point", "line", "area", "hatched", "state", "site", "halo"]
_STATES = ("standing", "built", "under_way", "planned", "idea", "postponed", "cancelled")
_PLAIN = Symbol()
_STATE_LOOK = Symbol(colour="#46525c", shape="circle", size=16, width=3)
_TYPE, _LEADING = 6.3, 7.5
_SAMPLE_MM, _GAP_MM, _ROW_MM = 6.6, 1.6, 3.75
_GUTTER_MM = 4.0
_LEAST_ROWS, _PARTED_ROWS = 2, 5
"""How many rows of a divided group stand together, and by how many rows that must make a legend lower."""
_LARGEST_PT, _HATCH_PT = 9.6, 3.4


@dataclass(frozen=True)
class Row:
    """A row of the legend: a heading, or a title beside a sample of `symbol`.

    A row of a state shows its fill (`points`), its dash (`lines`) or both, by what the map has of it. A row
    that is `alone` belongs to no heading, also where one stands above it.
    """

    kind: Kind
    title: str
    symbol: Symbol = _PLAIN
    state: str = ""
    points: bool = False
    lines: bool = False
    alone: bool = False


def legend_rows(
    store: Store,
    layers: Sequence[Placed],
    query: Query,
    language: Language,
    frame: MapFrame,
    *,
    sites: bool = False,
) -> tuple[Row, ...]:
    """What a map of these layers shows: layers by their classes, then states; `sites` adds that of a mark."""
    placed = {part.id for part in layers}
    rows: list[Row] = []
    if sites:
        rows += [Row("site", words.SITE[language]), Row("halo", words.HALO[language])]
    states: dict[str, set[Kind]] = {}
    for name in store.catalogue.panel_order:
        layer = store.catalogue.layers[name]
        if name in placed and layer.geometry == "raster":
            rows += _of_raster(store, layer, language)
        if name not in placed or not drawn(layer, frame):
            continue
        records, _ = shown(store, name, query, frame.bounds)
        if not len(records):
            continue
        rows += _of_layer(store, layer, records, language)
        if layer.style.state and records["state"].nunique() > 1:
            for state in records["state"].unique():
                states.setdefault(str(state), set()).add(_kind(layer))
    return (*rows, *_of_states(store, states, language))


def drawn(layer: Layer, frame: MapFrame) -> bool:
    """Whether a map of that scale draws the records of a layer."""
    return layer.geometry != "raster" and frame.zoom >= layer.style.min_zoom


def absent(
    store: Store, layers: Sequence[Placed], query: Query, language: Language, frame: MapFrame
) -> list[str]:
    """The titles of layers that are on and of which the map shows nothing."""
    held = (store.catalogue.layers[part.id] for part in layers)
    return [
        layer.title[language]
        for layer in held
        if layer.geometry != "raster"
        and not (drawn(layer, frame) and len(shown(store, layer.id, query, frame.bounds)[0]))
    ]


def _of_raster(store: Store, layer: Layer, language: Language) -> Iterable[Row]:
    """The stops of the ramp of a raster, and its classes."""
    style, words_ = layer.style, Words(language)
    yield Row("heading", layer.title[language])
    for share, ink in style.ramp:
        title = words_("legend.percent", n=words_.number(share * 100, 0))
        yield Row("area", title, Symbol(colour=ink, fill_opacity=1))
    field = store.catalogue.fields[style.field or ""]
    for key, symbol in style.classes.items():
        yield Row(
            "hatched" if key == "unsure" else "area", store.catalogue.word(field, key, language), symbol
        )


def _kind(layer: Layer) -> Kind:
    return "point" if layer.geometry in ("point", "mixed") else "line" if layer.geometry == "line" else "area"


def _of_layer(store: Store, layer: Layer, records: object, language: Language) -> list[Row]:
    """One row, or a heading and a row for each class that occurs."""
    style, title, kind = layer.style, layer.title[language], _kind(layer)
    if not style.field or not style.classes:
        return [Row(kind, title, style.symbol, alone=True)]
    column = records[style.field]  # type: ignore[index]
    present = {style.class_of(class_value(value)) for value in column}
    named = store.catalogue.fields[style.field]
    rows = [Row("heading", title)]
    for key in (*style.classes, ""):
        if key not in present:
            continue
        label = (
            Words(language)("legend.other", field=named.title[language].lower())
            if not key
            else store.catalogue.word(named, key, language)
            if named.vocabulary
            else f"{named.title[language]} {key}"
        )
        rows.append(Row(kind, label, style.symbol_of(key)))
    return rows


def _of_states(store: Store, states: dict[str, set[Kind]], language: Language) -> Iterable[Row]:
    """How far things have come, told by fill or dash, where things in more than one state are shown."""
    if not states:
        return
    yield Row("heading", words.STATES[language])
    alike: dict[tuple[object, ...], Row] = {}
    for state in (state for state in _STATES if state in states):
        word = store.catalogue.vocabularies["status"].get(state)
        title = word[language] if word else Words(language)("state.standing")
        points, lines = "point" in states[state], bool(states[state] - {"point"})
        look = (points and STATE_FILLS.get(state, "solid"), lines and STATE_DASHES.get(state), points, lines)
        known = alike.get(look)
        joined = f"{known.title}, {title.lower()}" if known else title
        alike[look] = Row("state", joined, _STATE_LOOK, known.state if known else state, points, lines)
    yield from alike.values()


def together(maps: Sequence[Sequence[Row]]) -> tuple[Row, ...]:
    """One legend for several maps: each row once, a heading with what is under it, the states last.

    Two layers with the same rows (the same classes before and after) have one group, which names both.
    """
    groups: dict[object, list[Row]] = {}
    for rows in maps:
        for group in _groups(rows):
            first = rows[group.start]
            held = groups.setdefault(first.title if first.kind == "heading" else first, [])
            held += [row for row in rows[group.start : group.stop] if row not in held]
    made: list[list[Row]] = []
    for group_ in sorted(groups.values(), key=lambda rows: rows[-1].kind == "state"):
        alike = next((known for known in made if _alike(known, group_)), None)
        if alike is None:
            made.append(group_)
            continue
        title = f"{alike[0].title}, {_lowered(group_[0].title)}"
        alike[:] = [Row("heading", title), *max(alike[1:], group_[1:], key=len)]
    return tuple(row for rows in made for row in rows)


def _alike(one: Sequence[Row], other: Sequence[Row]) -> bool:
    """Whether two groups have the same rows, but for some that one of them has more."""
    few, many = sorted((one[1:], other[1:]), key=len)
    return len(few) >= _LEAST_ROWS and one[0].kind == other[0].kind == "heading" and set(few) <= set(many)


def _lowered(title: str) -> str:
    """A title within a sentence; an abbreviation stays as it is."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def draw_legend(rows: Sequence[Row], width_mm: float, *, columns: int = 1, title: str = "") -> Drawing:
    """The rows as a drawing of that width, in columns of like height; as high as it needs to be."""
    fonts.register()
    room = (width_mm - (columns - 1) * _GUTTER_MM) / columns * MM
    parts = [(row, _lines(row, room)) for row in rows]
    divided = _divided([(row, _height(row, lines)) for row, lines in parts], columns)
    head = 5.2 * MM if title else 0.0
    high = head + max((sum(_height(*parts[i]) for i in column) for column in divided), default=0.0)
    drawing = blank(width_mm * MM, max(high, 1.0))
    if title:
        drawing.add(
            String(
                0, high - 7.4, fonts.sound(title), fontName=fonts.BOLD, fontSize=7.6, fillColor=colour(INK)
            )
        )
    for number, column in enumerate(divided):
        x, y = number * (room + _GUTTER_MM * MM), high - head
        for index in column:
            row, lines = parts[index]
            tall = _height(row, lines)
            drawing.add(_row(row, lines, x, y - tall, tall))
            y -= tall
    return drawing


def _lines(row: Row, room: float) -> list[str]:
    face = fonts.BOLD if row.kind == "heading" else fonts.REGULAR
    taken = 0.0 if row.kind == "heading" else (_SAMPLE_MM + _GAP_MM) * MM
    return wrapped(fonts.sound(row.title), room - taken, _TYPE, face)


def _height(row: Row, lines: list[str]) -> float:
    return max(_ROW_MM * MM, len(lines) * _LEADING + 1.6) + (1.2 if row.kind == "heading" else 0.0)


def _divided(heights: Sequence[tuple[Row, float]], columns: int) -> list[list[int]]:
    """The rows by column, in order, so that the highest column is as low as can be.

    A group that is higher than a column should be may go on in the next one, below its heading once more.
    """
    if not heights:
        return [[]]
    groups = list(_groups([row for row, _ in heights]))
    fair = sum(height for _, height in heights) / columns
    starts: dict[int, int | None] = {}
    for group in groups:
        starts[group.start] = None
        if sum(heights[i][1] for i in group) > fair:
            inner = range(group.start + 1 + _LEAST_ROWS, group.stop - _LEAST_ROWS + 1)
            starts |= dict.fromkeys(inner, group.start)
    ends = [*starts, len(heights)]
    reached = [0.0, *accumulate(height for _, height in heights)]

    def part(start: int, end: int, below: _Way) -> _Way:
        """What begins at a row and ends its first column at another, below which are the other columns."""
        heading = starts[start]
        tall = reached[end] - reached[start] + (0.0 if heading is None else heights[heading][1])
        parted = below.parted + (heading is not None)
        return _Way(max(tall, below.tall), parted, tall**2 + below.squares, (end, *below.ends))

    # From the last row back: of the ways to divide what begins at a row into one column more, the best.
    nothing = _Way(0.0, 0, 0.0, ())
    best = {len(heights): nothing}
    for _ in range(columns):
        best = {
            start: min((part(start, end, best[end]) for end in ends[n:] if end in best), key=_Way.cost)
            for n, start in enumerate(starts, start=1)
            if any(end in best for end in ends[n:])
        } | {len(heights): nothing}
    made = list[list[int]]()
    for start, end in pairwise((0, *best[0].ends)):
        heading = starts[start]
        made.append([*([] if heading is None else [heading]), *range(start, end)])
    return made


class _Way(NamedTuple):
    """A way to divide rows: its highest column, how many groups it parts, how unlike its columns are."""

    tall: float
    parted: int
    squares: float
    ends: tuple[int, ...]

    def cost(self) -> tuple[float, float]:
        return round(self.tall + self.parted * _PARTED_ROWS * _ROW_MM * MM, 3), self.squares


def _groups(rows: Sequence[Row]) -> Iterable[range]:
    """Where groups of rows begin and end: a heading with what is under it, or a row that stands alone."""
    opens, headed = list[int](), False
    for n, row in enumerate(rows):
        headed = row.kind == "heading" or (headed and not row.alone)
        if row.kind == "heading" or not headed:
            opens.append(n)
    for start, stop in pairwise([*opens, len(rows)]):
        yield range(start, stop)


def _row(row: Row, lines: list[str], x: float, y: float, tall: float) -> Group:
    """A row whose lower left corner is (x, y)."""
    drawn = Group()
    heading = row.kind == "heading"
    if not heading:
        for part in _sample(row, x, y + tall / 2):
            drawn.add(part)
    face, ink = (fonts.BOLD, QUIET) if heading else (fonts.REGULAR, INK)
    left = x if heading else x + (_SAMPLE_MM + _GAP_MM) * MM
    base = (
        y + (tall + (len(lines) - 2) * _LEADING) / 2 + _LEADING / 2 - _TYPE * 0.36 - (0.6 if heading else 0)
    )
    for number, line in enumerate(lines):
        drawn.add(
            String(left, base - number * _LEADING, line, fontName=face, fontSize=_TYPE, fillColor=colour(ink))
        )
    return drawn


def _sample(row: Row, x: float, y: float) -> Iterable[Group | Circle]:
    """A sample of what the map draws, `_SAMPLE_MM` wide, its middle at height y."""
    wide, ink = _SAMPLE_MM * MM, colour(MARK)
    middle = x + wide / 2
    match row.kind:
        case "point":
            size = min(row.symbol.size * PX, _LARGEST_PT)
            tip = y - size / 2 if row.symbol.shape == "pin" else y
            yield point_symbol(row.symbol, middle, tip, size, STATE_FILLS.get(row.state, "solid"))
        case "line":
            yield line_sample(row.symbol, x, y, wide, STATE_DASHES.get(row.state))
        case "area":
            yield Group(area_sample(row.symbol, x + 0.8, y - 3.4, wide - 1.6, 6.8))
        case "hatched":
            yield from _hatched(row.symbol, x + 0.8, y - 3.4, wide - 1.6, 6.8)
        case "state":
            both = row.points and row.lines
            if row.points:
                at = x + 4.4 if both else middle
                yield point_symbol(row.symbol, at, y, 7.2, STATE_FILLS.get(row.state, "solid"))
            if row.lines:
                start, long = (x + 9.4, wide - 9.4) if both else (x, wide)
                yield line_sample(row.symbol, start, y, long, STATE_DASHES.get(row.state))
        case "site":
            yield Circle(middle, y, 3.6, fillColor=ink, fillOpacity=0.22, strokeColor=ink, strokeWidth=1.3)
            yield Circle(middle, y, 1.2, fillColor=ink, strokeColor=colour(PAPER), strokeWidth=0.4)
        case "halo":
            yield Circle(
                middle,
                y,
                3.8,
                fillColor=ink,
                fillOpacity=0.07,
                strokeColor=ink,
                strokeWidth=0.6,
                strokeDashArray=[2.2, 1.6],
            )


def _hatched(symbol: Symbol, x: float, y: float, wide: float, high: float) -> Iterable[Group]:
    """A small area under slanting lines, as a raster shows what cannot be told."""
    rim = area_sample(symbol.model_copy(update={"fill_opacity": 0.0}), x, y, wide, high)
    lines = Group(rim)
    for n in range(1, int((wide + high) / _HATCH_PT) + 1):
        low, left = max(0.0, n * _HATCH_PT - wide), max(0.0, n * _HATCH_PT - high)
        start = (x + min(n * _HATCH_PT, wide), y + low)
        end = (x + left, y + min(n * _HATCH_PT, high))
        lines.add(Line(*start, *end, strokeColor=colour(symbol.colour), strokeWidth=0.6))
    yield lines
