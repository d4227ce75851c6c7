"""The logo of the agency on paper, as shapes or as a picture, at any size."""

import io

from PIL import Image
from reportlab.graphics.shapes import Drawing, Group

from layers.identity import Identity, identity
from layers.paper.emblem import emblem
from layers.paper.ground import Laid
from layers.paper.ink import MM, blank


class _Picture(Laid):
    """A picture in its place, in points."""

    def __init__(self, content: bytes, wide: float, high: float) -> None:
        self.x = self.y = 0.0
        self.width, self.height, self.opacity = wide, high, 1.0
        self.picture = Image.open(io.BytesIO(content)).convert("RGBA")


def logo(high_mm: float, most_wide_mm: float, whose: Identity | None = None) -> Drawing | None:
    """The logo within a height and a width; None where the agency has none."""
    shown = (whose or identity()).logo
    if shown is None:
        return None
    high = min(high_mm, most_wide_mm / shown.wide) * MM
    drawing = blank(high * shown.wide, high)
    if shown.png:
        drawing.add(_Picture(shown.png, drawing.width, high))
        return drawing
    drawn = emblem(shown.svg)
    scale = high / drawn.height
    drawing.add(Group(*drawn.contents, transform=(scale, 0, 0, scale, 0, 0)))
    return drawing
