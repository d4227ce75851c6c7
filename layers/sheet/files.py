"""Sheets as files: PDF with vectors and embedded fonts, PNG, SVG with its faces; always the same bytes."""

import io
from base64 import b64encode
from collections.abc import Iterable
from typing import Any, BinaryIO

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing, Group, String
from reportlab.pdfgen.canvas import Canvas

from layers.catalog import Language
from layers.paper import fonts
from layers.paper.labels import Label
from layers.paper.raster import as_png as drawing_as_png
from layers.paper.svg import FAMILY
from layers.paper.svg import as_svg as drawing_as_svg
from layers.sheet.sheet import Sheet

MOST_PIXELS = 120_000_000
"""An A1 at 300 dpi has 70 million; more would take the memory of the server."""


class TooManyPixels(ValueError):
    """A picture of that resolution would be too large."""


def canvas(file: BinaryIO, title: str, language: Language, made: str) -> Canvas:
    """An empty PDF with its faces, whose bytes follow from what is drawn and from the day alone."""
    fonts.register()
    page = Canvas(
        file, invariant=1, pageCompression=1, initialFontName=fonts.REGULAR,
        lang="ru-RU" if language == "ru" else "en-GB",
    )  # fmt: skip
    day = made.replace("-", "")
    page.setDateFormatter(lambda *_: f"D:{day}000000Z")
    page.setTitle(fonts.sound(title))
    page.setAuthor("Tomsk Agglomeration Planner")
    page.setViewerPreference("DisplayDocTitle", "true")
    return page


def put(page: Canvas, drawing: Drawing) -> None:
    """Put a drawing on the next page, which takes its size."""
    page.setPageSize((drawing.width, drawing.height))
    renderPDF.draw(drawing, page, 0, 0)


def as_pdf(sheet: Sheet) -> bytes:
    """A sheet and what follows it as PDF."""
    file = io.BytesIO()
    page = canvas(file, sheet.title, sheet.language, sheet.made)
    for drawing in sheet.pages:
        put(page, drawing)
        page.showPage()
    page.save()
    return file.getvalue()


def as_png(sheet: Sheet, dpi: float = 200) -> bytes:
    """The page of the map as pixels. Raises `TooManyPixels`."""
    drawing = sheet.pages[0]
    if drawing.width * drawing.height * (dpi / 72) ** 2 > MOST_PIXELS:
        raise TooManyPixels(f"{dpi} dpi")
    return drawing_as_png(drawing, dpi)


def as_svg(sheet: Sheet) -> bytes:
    """The page of the map as one SVG file, with the letters that it uses."""
    drawing = sheet.pages[0]
    said: dict[str, set[str]] = {fonts.REGULAR: set(), fonts.BOLD: set()}
    for face, text in _texts(drawing.contents):
        said[face].update(text)
    faces = "".join(
        _face(face, weight, said[face]) for face, weight in ((fonts.REGULAR, 400), (fonts.BOLD, 700))
    )
    return drawing_as_svg(drawing, title=sheet.title, faces=faces).encode()


def _face(face: str, weight: int, letters: set[str]) -> str:
    data = b64encode(fonts.woff(face, "".join(sorted(letters)))).decode()
    source = f"src:url(data:font/woff;base64,{data})"
    return f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};{source}}}"


def _texts(nodes: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, Label):
            yield node.face, node.name.text
        elif isinstance(node, Group):
            yield from _texts(node.contents)
        elif isinstance(node, String):
            yield node.fontName, node.text
