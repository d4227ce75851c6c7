"""A document as PDF: text to select, faces embedded, the same bytes for the same input.

`text` holds the styles and the markup, `blocks` sets the blocks of a document; here are the pages.
"""

import io
from typing import Any

from reportlab import platypus
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas

from layers.paper import fonts, words
from layers.paper.document import MARGIN_MM, Document
from layers.paper.ink import HAIR, MM, QUIET, colour
from layers.paper.pdf.blocks import PictureTooWide, Room, head, kept
from layers.paper.pdf.text import markup

__all__ = ["PictureTooWide", "as_pdf"]
_TOP_MM, _BOTTOM_MM = 14.5, 15.5
_STAMP_TYPE = 5.8


def as_pdf(document: Document) -> bytes:
    """The document as a PDF file. Raises `PictureTooWide`."""
    fonts.register()
    file = io.BytesIO()
    high_mm = document.page_mm[1] - _TOP_MM - _BOTTOM_MM
    room = Room(document.content_mm * MM, high_mm * MM, document.language)
    template = platypus.BaseDocTemplate(
        file,
        pagesize=tuple(side * MM for side in document.page_mm),
        title=fonts.sound(document.title),
        subject=fonts.sound(document.subtitle),
        author="Tomsk Agglomeration Planner",
        lang="ru-RU" if document.language == "ru" else "en-GB",
        displayDocTitle=1,
        invariant=1,
        initialFontName=fonts.REGULAR,
        pageCompression=1,
    )
    frame = platypus.Frame(
        MARGIN_MM * MM,
        _BOTTOM_MM * MM,
        room.wide,
        room.high,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    template.addPageTemplates(platypus.PageTemplate(frames=[frame]))

    def canvas(*args: Any, **settings: Any) -> "_Numbered":
        return _Numbered(*args, document=document, **settings)

    template.build([*head(document), *kept(document.blocks, room)], canvasmaker=canvas)
    return file.getvalue()


class _Numbered(Canvas):  # type: ignore[misc]
    """A canvas that knows how many pages there are when it writes what stands above and below them."""

    def __init__(self, *args: Any, document: Document, **settings: Any) -> None:
        super().__init__(*args, **settings)
        if document.made:
            day = document.made.replace("-", "")
            self.setDateFormatter(lambda *_: f"D:{day}000000Z")
        self._document = document
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name that ReportLab calls
        """Keep the page until all are there."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Finish the pages and write the file."""
        pages = self._pages
        for page in pages:
            self.__dict__.update(page)
            self._around(len(pages))
            super().showPage()
        super().save()

    def _around(self, pages: int) -> None:
        """Running title, stamp and number of the page."""
        document = self._document
        left, right = MARGIN_MM * MM, (document.page_mm[0] - MARGIN_MM) * MM
        language = document.language
        self.setStrokeColor(colour(HAIR))
        self.setLineWidth(0.5)
        foot = (_BOTTOM_MM - 4) * MM
        self.line(left, foot, right, foot)
        page = words.PAGE[language].format(n=self._pageNumber, of=pages)
        self.setFillColor(colour(QUIET))
        self.setFont(fonts.REGULAR, 6.6)
        self.drawRightString(right, foot - 3.4 * MM, page)
        style = ParagraphStyle(
            "stamp", fontName=fonts.REGULAR, fontSize=_STAMP_TYPE, leading=7.2, textColor=colour(QUIET)
        )
        stamp = platypus.Paragraph(markup(document.stamp), style)
        room = right - left - fonts.width(page, 6.6) - 8 * MM
        _, high = stamp.wrap(room, 10 * MM)
        stamp.drawOn(self, left, foot - 1.5 * MM - high)
        if self._pageNumber > 1:
            self.setFont(fonts.REGULAR, 6.6)
            line = document.page_mm[1] * MM - 11.5 * MM
            self.drawString(left, line + 1.6 * MM, _cut(document.title, right - left, 6.6))
            self.line(left, line, right, line)


def _cut(text: str, room: float, size: float) -> str:
    """A text in one line, its end left out where there is no room for it."""
    text = fonts.sound(text)
    while fonts.width(text, size) > room:
        text = text[:-2].rstrip() + "…"
    return text
