"""Slides as plain data: what a deck says, without how it is laid out."""

from dataclasses import dataclass, field

from reportlab.graphics.shapes import Drawing

from layers.catalog import Language
from layers.paper.document import Block, SourceLine


@dataclass(frozen=True)
class Slide:
    """A slide: a title, blocks, and a map or another picture with what it shows in words (`alt`).

    `notes` are for who speaks, `sources` the numbers of what it rests on in the deck's list.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    picture: Drawing | None = None
    alt: str = ""
    notes: str = ""
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Deck:
    """A set of slides behind a cover; `stamp` stands on each, `sources` are listed on the last ones.

    `made` is the day of which it is (`YYYY-MM-DD`): the same deck of the same day is the same file.
    """

    title: str
    subtitle: str
    language: Language
    slides: tuple[Slide, ...]
    stamp: str = ""
    made: str = ""
    sources: tuple[SourceLine, ...] = field(default=())
