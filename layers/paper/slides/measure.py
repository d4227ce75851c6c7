"""Texts of slides as runs, and how much room they take.

An office sets them in Arial. They are measured by our own face, which is as wide on average, with a reserve
for words in which it is narrower; so that what fits here fits there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from layers.paper import fonts
from layers.paper.document import (
    Cite,
    Fact,
    Facts,
    Heading,
    Inline,
    Items,
    Link,
    Notice,
    Paragraph,
    Strong,
    Table,
)
from layers.paper.typeset import written

Look = Literal["body", "bullet", "number", "heading", "subheading", "quiet", "notice", "figure"]
LEADING = 1.2
"""Line by line, of the size of the type; Arial itself takes 1.15."""
AFTER = 0.42
"""The space below a paragraph, of the size of its type."""
_INDENTS: dict[Look, float] = {"bullet": 1.25, "number": 1.85}
_RESERVE = 0.955
_RAISED = 0.66
_SIZES: dict[Look, float] = {"heading": 1.1, "quiet": 0.8, "figure": 1.75}
BOLD: tuple[Look, ...] = ("heading", "subheading", "figure")
_CITED = ", "


@dataclass(frozen=True)
class Run:
    """A piece of text of one look."""

    text: str
    bold: bool = False
    href: str = ""
    raised: bool = False
    quiet: bool = False
    glued: bool = False
    """Whether it goes on with a word that was too long for a line."""


@dataclass(frozen=True)
class Para:
    """A paragraph; `number` is that of an entry of a numbered list."""

    runs: tuple[Run, ...]
    look: Look = "body"
    number: int = 0

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(run.text for run in self.runs)

    @property
    def scale(self) -> float:
        """The size of its type, as a part of that of the body."""
        return _SIZES.get(self.look, 1.0)

    @property
    def indent(self) -> float:
        """How far it stands in, in sizes of its type."""
        return _INDENTS.get(self.look, 0.0)


def runs_of(text: Inline, *, bold: bool = False) -> tuple[Run, ...]:
    """A text as runs; addresses that may not be followed become plain text."""
    found = []
    for part in (text,) if isinstance(text, str) else text:
        match part:
            case Strong():
                found.append(Run(written(part.text), bold=True))
            case Link():
                found.append(Run(written(part.text), bold, part.href if part.leads else ""))
            case Cite():
                found.append(Run("\u00a0" + _CITED.join(map(str, part.numbers)), raised=True))
            case _:
                found.append(Run(written(part), bold))
    return tuple(run for run in found if run.text)


def paras_of(block: Heading | Paragraph | Notice | Items | Facts) -> Iterator[Para]:
    """The paragraphs that tell a block."""
    match block:
        case Heading():
            yield Para(runs_of(block.text), "heading" if block.level == 1 else "subheading")
        case Paragraph():
            yield Para(runs_of(block.text), "quiet" if block.quiet else "body")
        case Notice():
            yield Para(runs_of(block.text), "notice")
        case Items():
            for number, row in enumerate(block.rows, start=1):
                yield Para(runs_of(row), "number" if block.ordered else "bullet", number)
        case Facts():
            yield from map(_fact, block.rows)


def _fact(fact: Fact) -> Para:
    """A fact as an entry of a list: its name, its value in bold, its note in grey."""
    cited = (Run("\u00a0" + _CITED.join(map(str, fact.cited)), raised=True),) if fact.cited else ()
    note = (Run(f" ({written(fact.note)})", quiet=True),) if fact.note else ()
    return Para((Run(f"{written(fact.label)}: "), *runs_of(fact.value, bold=True), *cited, *note), "bullet")


# --- room ---------------------------------------------------------------------------------------------


def _words(para: Para) -> Iterator[list[Run]]:
    """A paragraph in words that no line divides, each as runs, since a word may be bold in part."""
    word: list[Run] = []
    for run in para.runs:
        for number, piece in enumerate(run.text.replace("\n", " ").split(" ")):
            if number:
                yield word
                word = []
            if piece:
                word.append(replace(run, text=piece))
    yield word


def _wide(run: Run, size: float, bold: bool) -> float:
    face = fonts.BOLD if run.bold or bold else fonts.REGULAR
    return fonts.width(run.text, size * (_RAISED if run.raised else 1.0), face)


def rows(para: Para, size: float, wide: float) -> list[list[list[Run]]]:
    """The lines of a paragraph at a size of the body in points: each a list of words."""
    size *= para.scale
    room = (wide - para.indent * size) * _RESERVE
    bold, blank = para.look in BOLD, fonts.width(" ", size)
    lines: list[list[list[Run]]] = [[]]
    used = 0.0
    for word in (part for whole in _words(para) for part in _broken(whole, size, room, bold)):
        taken = sum(_wide(run, size, bold) for run in word)
        if lines[-1] and used + blank + taken > room:
            lines.append([])
            used = 0.0
        used += (blank if lines[-1] else 0.0) + taken
        lines[-1].append(word)
    return lines


def _broken(word: list[Run], size: float, room: float, bold: bool) -> Iterator[list[Run]]:
    """A word; one longer than a line in the parts that an office breaks it into, wherever a line ends."""
    if sum(_wide(run, size, bold) for run in word) <= room:
        yield word
        return
    glued = False
    for run in word:
        rest = run.text
        while rest:
            fit = len(rest)
            while fit > 1 and _wide(replace(run, text=rest[:fit]), size, bold) > room:
                fit = max(min(fit - 1, int(fit * 0.9)), 1)
            yield [replace(run, text=rest[:fit], glued=glued)]
            rest, glued = rest[fit:], True


def height(paras: Iterable[Para], size: float, wide: float) -> float:
    """How high paragraphs are at a size of the body, in points."""
    return sum((len(rows(para, size, wide)) * LEADING + AFTER) * size * para.scale for para in paras)


def lines_of(text: str, size: float, wide: float, *, bold: bool = False) -> int:
    """How many lines a plain text takes."""
    return len(rows(Para((Run(written(text), bold),)), size, wide))


def fitting(paras: Sequence[Para], wide: float, high: float, sizes: Sequence[float]) -> float | None:
    """The largest of some sizes at which paragraphs fit into a box; None where none does."""
    return next((size for size in sizes if height(paras, size, wide) <= high), None)


def divided(paras: Sequence[Para], size: float, wide: float, high: float) -> tuple[list[Para], list[Para]]:
    """The paragraphs that fit into a box, and the rest; a heading goes with what follows it."""
    taken: list[Para] = []
    left = high
    for number, para in enumerate(paras):
        need = height([para], size, wide)
        if need > left:
            head, tail = _cut(para, size, wide, left) if not taken else (None, para)
            if head:
                return [head], [tail, *paras[number + 1 :]]
            while len(taken) > 1 and taken[-1].look in BOLD:
                tail_of = taken.pop()
                return taken, [tail_of, *paras[number:]]
            return taken, list(paras[number:])
        taken.append(para)
        left -= need
    return taken, []


def _cut(para: Para, size: float, wide: float, high: float) -> tuple[Para, Para]:
    """A paragraph higher than a box in two, the first filling the box; at least a line of it."""
    lines = rows(para, size, wide)
    fit = max(int((high / (size * para.scale) - AFTER) // LEADING), 1)
    head, tail = lines[:fit], lines[fit:]
    return replace(para, runs=_joined(head)), replace(para, runs=_joined(tail), look=_going_on(para.look))


def _going_on(look: Look) -> Look:
    """The look of the rest of a paragraph: an entry of a list has its mark only once."""
    return "body" if look in ("bullet", "number") else look


def _joined(lines: list[list[list[Run]]]) -> tuple[Run, ...]:
    """Words of lines as runs again, with the blanks between them."""
    found: list[Run] = []
    for word in (word for line in lines for word in line):
        if found and not (word and word[0].glued):
            found[-1] = replace(found[-1], text=found[-1].text + " ")
        found += word
    return tuple(found)


# --- tables and cards ---------------------------------------------------------------------------------

CELL_PAD = 4.0
CARD_PAD = 9.0


def table_heights(table: Table, size: float, wide: float) -> list[float]:
    """How high the rows of a table of that width are, the header first."""
    total = sum(column.share for column in table.columns)
    widths = [wide * column.share / total - 2 * CELL_PAD for column in table.columns]
    heads = tuple(column.title for column in table.columns)
    found = []
    for number, row in enumerate([heads, *table.rows]):
        counts = [
            len(rows(Para(runs_of(text, bold=number == 0)), size, across))
            for text, across in zip(row, widths, strict=True)
        ]
        found.append(max(counts) * size * LEADING + CELL_PAD)
    return found


def card(fact: Fact) -> list[Para]:
    """The paragraphs of a fact that stands by itself: its name, its figure in large type, its note."""
    cited = (Run("\u00a0" + _CITED.join(map(str, fact.cited)), raised=True),) if fact.cited else ()
    note = [Para((Run(written(fact.note)),), "quiet")] if fact.note else []
    return [Para((Run(written(fact.label)),), "quiet"), Para((*runs_of(fact.value), *cited), "figure"), *note]
