"""What a slide is laid out as: boxes of text, pictures, tables and plots, each with place and size."""

from dataclasses import dataclass
from typing import TypeAlias

from reportlab.graphics.shapes import Drawing

from layers.paper.document import Table
from layers.paper.plots import Plot
from layers.paper.slides.master import Box
from layers.paper.slides.measure import Para


@dataclass(frozen=True)
class Text:
    """Paragraphs in a box; `body` if they are the text of the slide itself."""

    paras: tuple[Para, ...]
    size: float
    box: Box
    body: bool = False
    filled: bool = False


@dataclass(frozen=True)
class Shown:
    """A drawing in a box, with what it shows in words."""

    drawing: Drawing
    alt: str
    box: Box


@dataclass(frozen=True)
class Grid:
    """A table in a box, its type and the heights of its rows."""

    table: Table
    size: float
    box: Box
    heights: tuple[float, ...]


@dataclass(frozen=True)
class Graph:
    """A plot in a box, and the size of its type."""

    plot: Plot
    alt: str
    box: Box
    size: float


Part: TypeAlias = Text | Shown | Grid | Graph


@dataclass(frozen=True)
class Page:
    """A slide as it is laid out."""

    parts: tuple[Part, ...]
