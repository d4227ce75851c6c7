"""Drawings as pixels."""

import io

from PIL import Image
from reportlab.graphics.shapes import Rect

from layers.paper.ink import MM, blank, colour
from layers.paper.raster import as_png


def test_a_drawing_has_its_size_and_its_colours() -> None:
    drawing = blank(25.4 * MM, 12.7 * MM)
    drawing.add(Rect(0, 0, 12.7 * MM, 12.7 * MM, fillColor=colour("#0b5c7a"), strokeColor=None))
    picture = Image.open(io.BytesIO(as_png(drawing, dpi=100)))
    assert picture.size == (100, 50)
    assert round(picture.info["dpi"][0]) == 100
    assert picture.getpixel((20, 25)) == (11, 92, 122)
    assert picture.getpixel((80, 25)) == (255, 255, 255)


def test_the_same_drawing_is_the_same_picture() -> None:
    assert as_png(blank(30, 30)) == as_png(blank(30, 30))
