"""A document for paper: a title, blocks in their order, and the stamp of what it was made from.

Blocks are plain data without a look: `layers.paper.pdf` and `layers.paper.hypertext` set them alike. A text
within a block is a string, or a tuple of strings, `Strong`, `Link` and `Cite` (numbers of the list of
sources).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from reportlab.graphics.shapes import Drawing

from layers.catalog import Catalogue, Language
from layers.chart import Chart
from layers.feature import source_lines
from layers.text import Words

PAGE_MM = (210.0, 297.0)
MARGIN_MM = 15.0
CONTENT_MM = PAGE_MM[0] - 2 * MARGIN_MM
"""How wide a block may be: also the widest picture, since a map is never scaled to fit."""
GUTTER_MM = 6.0
_RUN = 3
"""How many numbers that follow each other are told as first and last."""
Align = Literal["left", "right", "centre"]


@dataclass(frozen=True)
class Strong:
    """A word that carries weight."""

    text: str


@dataclass(frozen=True)
class Live(Strong):
    """A figure out of the data as they are now; `of` says what it is."""

    of: str = ""


@dataclass(frozen=True)
class Link:
    """A text that leads to an address; anything but http, https and mailto is set as plain text."""

    text: str
    href: str

    @property
    def leads(self) -> bool:
        """Whether the address is one that a reader may follow."""
        try:
            parts = urlsplit(self.href)
        except ValueError:
            return False
        return bool(parts.netloc) if parts.scheme in ("http", "https") else parts.scheme == "mailto"


@dataclass(frozen=True)
class Cite:
    """Numbers of the sources of what stands before, set small and raised."""

    numbers: tuple[int, ...]


Inline: TypeAlias = str | tuple[str | Strong | Link | Cite, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 or 2; it stays with what follows."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a quiet one is smaller and grey."""

    text: Inline
    quiet: bool = False


@dataclass(frozen=True)
class Notice:
    """A paragraph set apart from the rest: a risk, or what cannot be told."""

    text: Inline


@dataclass(frozen=True)
class Fact:
    """A figure with its name; `note` tells its date and accuracy, `cited` the numbers of its sources."""

    label: str
    value: Inline
    note: str = ""
    cited: tuple[int, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Facts below each other, the names at the left."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True)
class Tiles:
    """The few facts that matter most, side by side in large type."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` of the width among the others."""

    title: str
    align: Align = "left"
    share: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table; its header stands on each page that it reaches."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Inline, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A drawing at its own size, with a caption; `alt` says what it shows to those who do not see it."""

    drawing: Drawing
    caption: Inline = ""
    alt: str = ""


@dataclass(frozen=True)
class Items:
    """A list of texts, numbered if it is ordered."""

    rows: tuple[Inline, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Charted:
    """A chart of live data under its title, as wide as its column; its note stands below if no caption does.

    What cannot be drawn is told by the chart's table, and an empty chart says why it is empty.
    """

    chart: Chart
    caption: Inline = ""


@dataclass(frozen=True)
class SourceLine:
    """A source: title, the facts of it (publisher, date, licence), address."""

    title: str
    facts: str = ""
    href: str = ""


@dataclass(frozen=True)
class Sources:
    """The numbered list of sources, from `first` on; `Cite` and `Fact.cited` use these numbers.

    On paper a list that may `run_on` is set as one paragraph, which takes half the room.
    """

    lines: tuple[SourceLine, ...]
    title: str = ""
    first: int = 1
    run_on: bool = False

    def halves(self) -> tuple["Sources", "Sources"]:
        """The list in two, to be set in columns."""
        half = -(-len(self.lines) // 2)
        return (
            Sources(self.lines[:half], self.title, self.first, self.run_on),
            Sources(self.lines[half:], "", self.first + half, self.run_on),
        )


@dataclass(frozen=True)
class Columns:
    """Blocks side by side; `shares` of the width, equal ones if none are given."""

    parts: tuple[tuple["Block", ...], ...]
    shares: tuple[float, ...] = ()


Block: TypeAlias = (
    Heading | Paragraph | Notice | Items | Facts | Tiles | Table | Picture | Charted | Columns | Sources
)


@dataclass(frozen=True)
class Document:
    """A short document; `stamp` (inputs, versions, parameters, date) stands on every page.

    `made` is the day of which it is (`YYYY-MM-DD`): the same document of the same day is the same file.
    `page_mm` is the size of its pages.
    """

    title: str
    subtitle: str
    language: Language
    blocks: tuple[Block, ...]
    stamp: str = ""
    made: str = ""
    page_mm: tuple[float, float] = PAGE_MM

    @property
    def content_mm(self) -> float:
        """How wide its blocks may be."""
        return self.page_mm[0] - 2 * MARGIN_MM


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as runs, first and last of each; two that follow each other stay apart."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    few = ([(n, n) for n in run] if len(run) < _RUN else [(run[0], run[-1])] for run in found)
    return [pair for pairs in few for pair in pairs]


def plain(text: Inline) -> str:
    """A text without its marks and citations."""
    parts = (text,) if isinstance(text, str) else text
    return "".join(p if isinstance(p, str) else p.text for p in parts if not isinstance(p, Cite))


def column_widths_mm(shares: tuple[float, ...], whole_mm: float = CONTENT_MM) -> tuple[float, ...]:
    """How wide the columns of `Columns` are: so wide may their pictures be."""
    room = whole_mm - GUTTER_MM * (len(shares) - 1)
    return tuple(room * share / sum(shares) for share in shares)


@dataclass
class Citations:
    """Numbers for sources in the order in which they are first cited."""

    ids: list[str] = field(default_factory=list)

    def __call__(self, ids: Iterable[str]) -> tuple[int, ...]:
        """The numbers of these sources, in ascending order; new ones get the next."""
        named = list(dict.fromkeys(ids))
        self.ids += [id_ for id_ in named if id_ not in self.ids]
        return tuple(sorted(self.ids.index(id_) + 1 for id_ in named))

    def sources(self, catalogue: Catalogue, language: Language, title: str = "") -> Sources:
        """The list that the numbers lead to."""
        lines = source_lines(catalogue, self.ids, Words(language))
        return Sources(tuple(SourceLine(line["title"], line["facts"], line["href"]) for line in lines), title)
