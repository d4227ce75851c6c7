"""How a slide is laid out: which blocks stand beside each other, in what size, what goes on another slide.

Nothing is cut and nothing runs out of its box: types become smaller down to what can be read from the last
row, then the rest goes on upon a slide of the same title.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from reportlab.graphics.shapes import Drawing

from layers.catalog import Language
from layers.paper import fonts
from layers.paper.charted import described, table_of, why_empty
from layers.paper.charts import draw_plot
from layers.paper.charts.planes import numbered
from layers.paper.document import (
    Block,
    Charted,
    Columns,
    Fact,
    Facts,
    Heading,
    Inline,
    Items,
    Notice,
    Paragraph,
    Picture,
    Sources,
    Table,
    Tiles,
)
from layers.paper.plots import Bars, Cloud, Plot, parted, plot_of
from layers.paper.slides.deck import Slide
from layers.paper.slides.master import BODY, CREDIT, Box
from layers.paper.slides.measure import (
    CARD_PAD,
    LEADING,
    Para,
    card,
    divided,
    fitting,
    height,
    paras_of,
    runs_of,
    table_heights,
)
from layers.paper.slides.parts import Graph, Grid, Page, Part, Shown, Text
from layers.paper.slides.plotted import is_native
from layers.paper.typeset import written
from layers.text import Words

WHOLE_TYPES = (20.0, 18.0, 16.0, 15.0, 14.0)
SIDE_TYPES = (18.0, 16.0, 15.0, 14.0, 13.0, 12.0)
TABLE_TYPES = (14.0, 13.0, 12.0, 11.0, 10.0)
_TINY_TYPES = (9.0, 8.0, 7.0, 6.0)
CARD_TYPES = (15.0, 14.0, 13.0, 12.0, 11.0, 10.0)
CAPTION_TYPES = (12.0, 11.0, 10.0, 9.0)
CHART_TYPES, HEADING_TYPE, LIST_TYPES = (12.0, 11.0, 10.0), 14.0, (12.0, 11.0, 10.0, 9.0)
DRAWN_TYPES = (11.0, 9.0)
_GAP, _COLUMN = 22.0, 0.36
_MOST_CARDS, _CARD_GAP = 4, 12.0
_LEAST_UNDER = 150.0
_LEAST_IN_COLUMN, _LEAST_TYPE = 60.0, 10.0
_TALLEST_ROW, _LEGEND = 46.0, 44.0
_CAPTION_PART, _LIST_PART = 0.3, 0.4
MOST_ROWS = 18
"""So many rows of the table of a chart follow its picture."""


@dataclass(frozen=True)
class Thing:
    """What takes room as a whole: a picture, a table or a plot, with its heading and its caption."""

    content: Drawing | Table | Plot
    heading: str = ""
    caption: Inline = ""
    alt: str = ""


@dataclass
class _Blocks:
    """The blocks of a slide by what becomes of them."""

    cards: list[Fact] = field(default_factory=list)
    paras: list[Para] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)


def pages(slide: Slide, language: Language) -> list[Page]:
    """The slides that a slide takes, at least one."""
    room = BODY if not slide.sources else replace(BODY, high=CREDIT.y - BODY.y - 4)
    blocks = _sorted(slide, language)
    made: list[Page] = []
    above, room_under = _cards(blocks.cards, room)
    made += [Page(tuple(parts)) for parts in above[:-1]]
    first: list[Part] = list(above[-1]) if above else []
    if first and (room_under.high < _LEAST_UNDER and (blocks.paras or blocks.things)):
        made.append(Page(tuple(first)))
        first, room_under = [], room
    flowed = _flowed(blocks, room_under, room, language, of_picture=slide.picture is not None)
    for number, parts in enumerate(flowed):
        made.append(Page((*(first if number == 0 else ()), *parts)))
        first = first if number else []
    if first:
        made.append(Page(tuple(first)))
    return made or [Page(())]


def _sorted(slide: Slide, language: Language) -> _Blocks:
    found = _Blocks()
    if slide.picture is not None:
        found.things.append(Thing(slide.picture, alt=slide.alt))
    for block in _flat(slide.blocks):
        match block:
            case Tiles():
                found.cards += block.rows
            case Picture():
                found.things.append(Thing(block.drawing, caption=block.caption, alt=block.alt))
            case Table():
                found.things.append(Thing(replace(block, caption=""), block.caption, alt=block.caption))
            case Charted():
                found.things += _charted(block, language, slide.title)
            case Heading() | Paragraph() | Notice() | Items() | Facts():
                found.paras += paras_of(block)
    return found


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks one after another; a list of sources is the deck's own matter."""
    for block in blocks:
        if isinstance(block, Columns):
            for part in block.parts:
                yield from _flat(part)
        elif not isinstance(block, Sources):
            yield block


def _charted(block: Charted, language: Language, title: str) -> Iterator[Thing]:
    """A chart as what an office can edit, or as a picture that its table follows."""
    chart, words = block.chart, Words(language)
    plot, heading = plot_of(chart), "" if chart.title == title else chart.title
    caption = block.caption or chart.note
    if plot is None and not len(chart.table):
        yield Thing(Table((), ()), heading, why_empty(chart, language))
        return
    if plot is not None:
        yield Thing(plot, heading, caption, described(plot, chart.title, language))
    if plot is None or not is_native(plot):
        left = len(chart.table) - MOST_ROWS
        more = words("slides.rows_shown", n=MOST_ROWS, of=len(chart.table)) if left > 0 else ""
        yield Thing(table_of(chart, language, MOST_ROWS), heading or chart.title, more, chart.title)


# --- cards --------------------------------------------------------------------------------------------


def _cards(facts: Sequence[Fact], room: Box) -> tuple[list[list[Part]], Box]:
    """Facts as cards in rows, by slide, and the room that is left below the last of them."""
    if not facts:
        return [], room
    count = -(-len(facts) // _MOST_CARDS)
    each = -(-len(facts) // count)
    rows = [facts[at : at + each] for at in range(0, len(facts), each)]
    made: list[list[Part]] = [[]]
    y = room.y
    for row in rows:
        wide = (room.wide - _CARD_GAP * (each - 1)) / each
        size, high = _card_size([card(fact) for fact in row], wide, room.high)
        if y + high > room.y + room.high and made[-1]:
            made.append([])
            y = room.y
        for number, fact in enumerate(row):
            box = Box(room.x + number * (wide + _CARD_GAP), y, wide, high)
            made[-1].append(Text(tuple(card(fact)), size, box, filled=True))
        y += high + _CARD_GAP
    under = y + _GAP - _CARD_GAP
    return made, replace(room, y=under, high=room.y + room.high - under)


def _card_size(cards: Sequence[list[Para]], wide: float, most: float) -> tuple[float, float]:
    """The size of the type in a row of cards, no word of a figure divided, and their height."""
    inner = wide - 2 * CARD_PAD
    for size in CARD_TYPES:
        figures = [para for paras in cards for para in paras if para.look == "figure"]
        longest = max(
            (
                fonts.width(word, size * para.scale, fonts.BOLD)
                for para in figures
                for word in para.text.split(" ")
            ),
            default=0.0,
        )
        high = max(height(paras, size, inner) for paras in cards) + 2 * CARD_PAD
        if (longest <= inner * 0.95 and high <= 130) or size == CARD_TYPES[-1]:
            break
    while high > most and size > 4:
        size -= 1
        high = max(height(paras, size, inner) for paras in cards) + 2 * CARD_PAD
    return size, high


# --- text and things ----------------------------------------------------------------------------------


def _flowed(
    blocks: _Blocks, first: Box, whole: Box, language: Language, *, of_picture: bool
) -> Iterator[list[Part]]:
    """Text beside or above the first thing if both fit; what remains on slides of its own."""
    paras, things = blocks.paras, list(blocks.things)
    room = first
    if paras and things:
        if parts := _column(paras, things, room, language):
            yield parts
            paras, things, room = [], things[2:], whole
        else:
            together, paras = _together(paras, things[0], room, language, must=of_picture)
            if together:
                yield together
                things, room = things[1:], whole
    for parts in _texts(paras, room, whole):
        yield parts
        room = whole
    for thing in things:
        for parts in _alone(thing, room, whole, language):
            yield parts
            room = whole


def _column(paras: list[Para], things: Sequence[Thing], room: Box, language: Language) -> list[Part]:
    """A picture beside text that has a small table or chart under it; nothing where that is too much."""
    if len(things) < 2 or not isinstance(things[0].content, Drawing):
        return []
    column, beside = _halves(room)
    for size in SIDE_TYPES:
        high = height(paras, size, column.wide)
        under = replace(column, y=column.y + high + _GAP / 2, high=column.high - high - _GAP / 2)
        if under.high < _LEAST_IN_COLUMN:
            continue
        found = _alone(things[1], under, under, language)
        if len(found) == 1 and all(_legible(part) for part in found[0]):
            text = Text(tuple(paras), size, replace(column, high=high), body=True)
            return [text, *found[0], *_alone(things[0], beside, beside, language)[0]]
    return []


def _legible(part: Part) -> bool:
    """Whether a part of a column is one that an office edits, in a type that is read from afar."""
    match part:
        case Text():
            return True
        case Grid() | Graph(plot=Bars()):
            return part.size >= _LEAST_TYPE
    return False


def _halves(room: Box) -> tuple[Box, Box]:
    """A column for text, and what is beside it."""
    column = replace(room, wide=room.wide * _COLUMN)
    return column, Box(room.x + column.wide + _GAP, room.y, room.wide - column.wide - _GAP, room.high)


def _together(
    paras: list[Para], thing: Thing, room: Box, language: Language, *, must: bool
) -> tuple[list[Part], list[Para]]:
    """Text and a thing on one slide, and what of the text is left; nothing where they do not fit."""
    if isinstance(thing.content, Table):
        size = next((size for size in SIDE_TYPES if height(paras, size, room.wide) <= room.high * 0.45), None)
        if size is None:
            return [], paras
        high = height(paras, size, room.wide)
        under = Box(room.x, room.y + high + 8, room.wide, room.high - high - 8)
        found = _alone(thing, under, under, language)
        if len(found) > 1:
            return [], paras
        return [Text(tuple(paras), size, replace(room, high=high), body=True), *found[0]], []
    column, beside = _halves(room)
    found = _alone(thing, beside, beside, language)
    size = fitting(paras, column.wide, column.high, SIDE_TYPES)
    if len(found) > 1 or (size is None and not must):
        return [], paras
    if size is not None:
        return [Text(tuple(paras), size, column, body=True), *found[0]], []
    taken, left = divided(paras, 14.0, column.wide, column.high)
    return [Text(tuple(taken), 14.0, column, body=True), *found[0]], left


def _texts(paras: list[Para], room: Box, whole: Box) -> Iterator[list[Part]]:
    """Text by itself, on as many slides as it needs."""
    while paras:
        size = fitting(paras, room.wide, room.high, WHOLE_TYPES)
        if size is not None:
            yield [Text(tuple(paras), size, room, body=True)]
            return
        taken, paras = divided(paras, 16.0, room.wide, room.high)
        yield [Text(tuple(taken), 16.0, room, body=True)]
        room = whole


def _alone(thing: Thing, room: Box, whole: Box, language: Language) -> list[list[Part]]:
    """A thing with its heading and its caption, on as many slides as it needs."""
    heading: list[Part] = []
    if thing.heading:
        paras = (Para(runs_of(thing.heading), "subheading"),)
        high = height(paras, HEADING_TYPE, room.wide)
        heading = [Text(paras, HEADING_TYPE, replace(room, high=high))]
        room = Box(room.x, room.y + high, room.wide, room.high - high)
        whole = Box(whole.x, whole.y + high, whole.wide, whole.high - high)
    caption: list[Part] = []
    later: list[list[Part]] = []
    if thing.caption:
        paras = (Para(runs_of(thing.caption)),)
        size = fitting(paras, room.wide, room.high * _CAPTION_PART, CAPTION_TYPES)
        if size is None:
            later = list(_texts(list(paras), whole, whole))
        else:
            quiet = (Para(tuple(replace(run, quiet=not run.href) for run in paras[0].runs)),)
            high = height(quiet, size, room.wide)
            caption = [Text(quiet, size, Box(room.x, room.y + room.high - high, room.wide, high))]
            room = replace(room, high=room.high - high - 4)
            whole = replace(whole, high=whole.high - high - 4)
    found = _placed(thing, room, whole, language)
    made = [
        [*(replace(part, box=replace(part.box)) for part in heading), *parts, *caption] for parts in found
    ]
    return [*made, *later]


def _placed(thing: Thing, room: Box, whole: Box, language: Language) -> list[list[Part]]:
    content = thing.content
    if isinstance(content, Table):
        return _grids(content, room, whole) if content.columns else [[]]
    if isinstance(content, Drawing):
        return [[Shown(content, thing.alt, room)]]
    if not is_native(content):
        tries = [draw_plot(content, room.wide, language, size=size, high=room.high) for size in DRAWN_TYPES]
        return [[Shown(drawing, thing.alt, room)] for drawing in min(tries, key=len)]
    if isinstance(content, Cloud):
        return _cloud(content, thing, room, language)
    if not isinstance(content, Bars):
        return [[Graph(content, thing.alt, room, CHART_TYPES[0])]]
    size = next((size for size in CHART_TYPES if _bars_high(content, room, size) <= room.high), None)
    if size is not None:
        most = len(content.categories) * _TALLEST_ROW + _LEGEND
        return [[Graph(content, thing.alt, replace(room, high=min(room.high, most)), size)]]
    row = (_bars_high(content, room, CHART_TYPES[0]) - _LEGEND) / len(content.categories)
    plots = parted(content, max(int((room.high - _LEGEND) // row), 1))
    return [[Graph(plot, thing.alt, room, CHART_TYPES[0])] for plot in plots]


def _bars_high(bars: Bars, room: Box, size: float) -> float:
    """How high bars must be for all names to stand beside them whole."""
    names = room.wide * 0.36
    most = max(-(-int(fonts.width(written(name), size)) // int(names)) for name in bars.categories)
    shown = 1 if bars.stacked else max(len(bars.series), 1)
    row = max(most * LEADING, shown * 1.15) * size + 4
    return len(bars.categories) * row + (_LEGEND if len(bars.series) > 1 else 8.0)


def _cloud(cloud: Cloud, thing: Thing, room: Box, language: Language) -> list[list[Part]]:
    """A cloud with the names of its points beside it; a picture where they find no room."""
    entries = tuple(
        Para(runs_of(dot.words[0] if dot.words else ""), "number", number)
        for number, dot, _ in numbered(cloud)
    )
    wide = room.wide * _LIST_PART
    size = fitting(entries, wide, room.high, LIST_TYPES)
    if size is None:
        drawing = draw_plot(cloud, room.wide, language, size=DRAWN_TYPES[-1], high=room.high)[0]
        return [[Shown(drawing, thing.alt, room)]]
    chart = replace(room, wide=room.wide - wide - _GAP)
    beside = Box(room.x + chart.wide + _GAP, room.y, wide, room.high)
    return [[Graph(cloud, thing.alt, chart, CHART_TYPES[0]), Text(entries, size, beside)]]


def _grids(table: Table, room: Box, whole: Box) -> list[list[Part]]:
    """A table in as large a type as it fits in, or on several slides, its header on each."""
    for size in TABLE_TYPES:
        heights = table_heights(table, size, room.wide)
        if sum(heights) <= room.high:
            return [[Grid(table, size, replace(room, high=sum(heights)), tuple(heights))]]
    for size in (12.0, *TABLE_TYPES[3:], *_TINY_TYPES):
        heights = table_heights(table, size, room.wide)
        if heights[0] + max(heights[1:], default=0.0) <= min(room.high, whole.high):
            break
    made: list[list[Part]] = []
    rows = list(range(len(table.rows)))
    while rows:
        left, count = (whole if made else room).high - heights[0], 0
        while count < len(rows) and (left := left - heights[rows[count] + 1]) >= 0:
            count += 1
        taken, rows = rows[: max(count, 1)], rows[max(count, 1) :]
        high = (heights[0], *(heights[at + 1] for at in taken))
        part = replace(table, rows=tuple(table.rows[at] for at in taken))
        box = replace(whole if made else room, high=sum(high))
        made.append([Grid(part, size, box, high)])
    return made
