"""A document as PDF: A4 portrait, text to select, faces embedded, the same bytes for the same input."""

import io
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reportlab import platypus
from reportlab.graphics import renderPDF
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable

from layers.paper import fonts, words
from layers.paper.document import (
    CONTENT_MM,
    GUTTER_MM,
    MARGIN_MM,
    PAGE_MM,
    Align,
    Block,
    Cite,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
    Inline,
    Link,
    Notice,
    Paragraph,
    Picture,
    SourceLine,
    Sources,
    Strong,
    Table,
    Tiles,
    column_widths_mm,
    runs,
)
from layers.paper.ink import ACCENT, HAIR, INK, MM, QUIET, TINT, colour
from layers.paper.typeset import LEAST_TO_DIVIDE, bound, divisions

_TOP_MM, _BOTTOM_MM = 14.5, 15.5
_FRAME_MM = PAGE_MM[1] - _TOP_MM - _BOTTOM_MM
_ALIGN = {"left": TA_LEFT, "right": TA_RIGHT, "centre": TA_CENTER}
_ROUNDING = 0.5
_LABELS = 0.36
_STAMP_TYPE = 5.8
_CAPTION_GAP = 3.0
_HEADING_MM, _LEAST_BELOW_MM, _NUMBER_MM = 9.0, 22.0, 6.0


class PictureTooWide(ValueError):
    """A picture is wider than the column it stands in: a map is never scaled, or its scale would be false."""


def as_pdf(document: Document) -> bytes:
    """The document as a PDF file. Raises `PictureTooWide`."""
    fonts.register()
    file = io.BytesIO()
    template = platypus.BaseDocTemplate(
        file,
        pagesize=tuple(side * MM for side in PAGE_MM),
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
        CONTENT_MM * MM,
        _FRAME_MM * MM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    template.addPageTemplates(platypus.PageTemplate(frames=[frame]))

    def canvas(*args: Any, **settings: Any) -> "_Numbered":
        return _Numbered(*args, document=document, **settings)

    template.build([*_head(document), *_kept(document.blocks, CONTENT_MM * MM)], canvasmaker=canvas)
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
        document, left, right = self._document, MARGIN_MM * MM, (PAGE_MM[0] - MARGIN_MM) * MM
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
        stamp = platypus.Paragraph(_markup(document.stamp), style)
        room = right - left - fonts.width(page, 6.6) - 8 * MM
        _, high = stamp.wrap(room, 10 * MM)
        stamp.drawOn(self, left, foot - 1.5 * MM - high)
        if self._pageNumber > 1:
            self.setFont(fonts.REGULAR, 6.6)
            line = PAGE_MM[1] * MM - 11.5 * MM
            self.drawString(left, line + 1.6 * MM, _cut(document.title, right - left, 6.6))
            self.line(left, line, right, line)


def _cut(text: str, room: float, size: float) -> str:
    """A text in one line, its end left out where there is no room for it."""
    text = fonts.sound(text)
    while fonts.width(text, size) > room:
        text = text[:-2].rstrip() + "…"
    return text


# --- styles and text ----------------------------------------------------------------------------------


@cache
def _style(name: str, align: Align = "left") -> ParagraphStyle:
    size, leading, ink, face, before, after = {
        "title": (16.0, 19.0, INK, fonts.BOLD, 0.0, 1.5),
        "subtitle": (8.6, 11.0, QUIET, fonts.REGULAR, 0.0, 5.0),
        "h1": (10.0, 12.4, ACCENT, fonts.BOLD, 6.0, 2.6),
        "h2": (8.2, 10.2, INK, fonts.BOLD, 3.6, 1.2),
        "body": (7.8, 10.2, INK, fonts.REGULAR, 0.0, 3.6),
        "cell": (7.0, 8.7, INK, fonts.REGULAR, 0.0, 0.0),
        "label": (7.0, 8.7, QUIET, fonts.REGULAR, 0.0, 0.0),
        "column": (6.4, 7.8, QUIET, fonts.BOLD, 0.0, 0.0),
        "note": (6.3, 7.7, QUIET, fonts.REGULAR, 0.0, 0.0),
        "quiet": (6.5, 8.1, QUIET, fonts.REGULAR, 0.0, 2.4),
        "caption": (6.5, 8.1, QUIET, fonts.REGULAR, 1.0, 3.0),
        "tile": (12.4, 14.6, INK, fonts.BOLD, 1.0, 1.0),
        "source": (6.3, 7.8, INK, fonts.REGULAR, 0.0, 1.0),
        "running": (5.9, 7.1, INK, fonts.REGULAR, 0.0, 0.0),
    }[name]
    style = ParagraphStyle(
        f"{name}-{align}",
        fontName=face,
        fontSize=size,
        leading=leading,
        textColor=colour(ink),
        spaceBefore=before,
        spaceAfter=after,
        alignment=_ALIGN[align],
        splitLongWords=1,
        hyphenationLang=divisions,
        uriWasteReduce=0.3,
        embeddedHyphenation=1,
        allowWidows=0,
        allowOrphans=0,
    )
    style.hyphenationMinWordLength = LEAST_TO_DIVIDE
    if name == "source":
        style.leftIndent = _NUMBER_MM * MM
        style.bulletFontName, style.bulletFontSize, style.bulletColor = face, size, colour(QUIET)
        style.bulletAnchor, style.bulletIndent = "end", (_NUMBER_MM - 1.2) * MM
    return style


def _plain(text: str) -> str:
    return escape(bound(fonts.sound(text)))


def _markup(text: Inline) -> str:
    """A text in the markup of ReportLab's paragraphs, everything in it escaped."""
    found = ""
    for part in (text,) if isinstance(text, str) else text:
        match part:
            case Strong():
                found += f"<b>{_plain(part.text)}</b>"
            case Link() if part.leads:
                found += f"<a href={quoteattr(part.href)} color={quoteattr(ACCENT)}>{_plain(part.text)}</a>"
            case Link():
                found += _plain(part.text)
            case Cite():
                found += _cites(part.numbers)
            case _:
                found += _plain(part)
    return found


def _cites(numbers: Iterable[int]) -> str:
    ends = (sorted(set(run)) for run in runs(numbers))
    linked = ("–".join(f'<a href="#source-{n}" color="{ACCENT}">{n}</a>' for n in run) for run in ends)
    joined = ",\u00a0".join(linked)
    return f'<super rise="2.6" size="5.4">\u00a0{joined}</super>' if joined else ""


def _text(text: Inline, style: str, align: Align = "left") -> platypus.Paragraph:
    return platypus.Paragraph(_markup(text), _style(style, align))


# --- blocks -------------------------------------------------------------------------------------------


def _head(document: Document) -> Iterator[Flowable]:
    """The title over a short bar of the accent's colour."""
    yield platypus.HRFlowable(width=22 * MM, thickness=2.6, color=colour(ACCENT), hAlign="LEFT", spaceAfter=6)
    yield _text(document.title, "title")
    yield _text(document.subtitle, "subtitle") if document.subtitle else platypus.Spacer(1, 6)


def _kept(blocks: Sequence[Block], wide: float) -> Iterator[Flowable]:
    """The blocks of the pages themselves; a heading begins a new page where what follows it would."""
    for number, block in enumerate(blocks):
        titled = isinstance(block, Heading) or (isinstance(block, Sources) and block.title)
        if titled and (number == 0 or not isinstance(blocks[number - 1], Heading)):
            yield platypus.CondPageBreak(_needed(blocks[number:], wide))
        yield from _flowables(block, wide)


def _needed(blocks: Sequence[Block], wide: float) -> float:
    """How high a heading is with the least of what follows it that makes sense, in points."""
    high = 0.0
    for block in blocks:
        if isinstance(block, Heading):
            high += _HEADING_MM * MM
        elif isinstance(block, Columns | Picture | Paragraph | Notice):
            whole = sum(part.wrap(wide, _FRAME_MM * MM)[1] for part in _flowables(block, wide))
            return float(min(high + whole, _FRAME_MM * MM))
        else:
            return high + _LEAST_BELOW_MM * MM
    return high


def _set(blocks: Iterable[Block], wide: float) -> list[Flowable]:
    """Blocks as flowables of that width in points."""
    return [flowable for block in blocks for flowable in _flowables(block, wide)]


def _flowables(block: Block, wide: float) -> Iterator[Flowable]:
    match block:
        case Heading():
            yield _text(block.text, f"h{block.level}")
        case Paragraph():
            yield _text(block.text, "quiet" if block.quiet else "body")
        case Notice():
            yield _boxed([[_text(block.text, "cell")]], [wide], bar=True)
            yield platypus.Spacer(1, 4)
        case Facts():
            if block.rows:
                yield _facts(block.rows, wide)
                yield platypus.Spacer(1, 4)
        case Tiles():
            if block.rows:
                yield _tiles(block.rows, wide)
                yield platypus.Spacer(1, 8)
        case Table():
            yield from _table(block, wide)
        case Picture():
            yield _picture(block, wide)
        case Columns():
            yield _columns(block, wide)
        case Sources():
            yield from _sources(block)


def _facts(rows: tuple[Fact, ...], wide: float) -> Flowable:
    """Names at the left, values with their sources at the right, notes below the values."""
    cells = [[_text(row.label, "label"), _value(row)] for row in rows]
    grid = platypus.Table(cells, colWidths=[wide * _LABELS, wide * (1 - _LABELS)], hAlign="LEFT")
    grid.setStyle(
        [*_PADDED, ("RIGHTPADDING", (0, 0), (0, -1), 6), ("LINEBELOW", (0, 0), (-1, -1), 0.4, colour(HAIR))]
    )
    return grid


_PADDED: list[tuple[Any, ...]] = [
    ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
]


def _value(row: Fact, style: str = "cell") -> list[Flowable]:
    value = platypus.Paragraph(_markup(row.value) + _cites(row.cited), _style(style))
    return [value, *([_text(row.note, "note")] if row.note else [])]


def _tiles(rows: tuple[Fact, ...], wide: float) -> Flowable:
    cells = [[_text(row.label, "note"), *_value(row, "tile")] for row in rows]
    return _boxed([cells], [wide / len(rows)] * len(rows))


def _boxed(cells: list[list[Any]], widths: list[float], *, bar: bool = False) -> Flowable:
    """Cells on a tint, with a bar of the accent's colour at the left if they are a notice."""
    grid = platypus.Table(cells, colWidths=widths, hAlign="LEFT")
    look = [*_PADDED, ("BACKGROUND", (0, 0), (-1, -1), colour(TINT))]
    look += [("LEFTPADDING", (0, 0), (-1, -1), 7), ("RIGHTPADDING", (0, 0), (-1, -1), 5)]
    look += [("TOPPADDING", (0, 0), (-1, -1), 4.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 5)]
    if bar:
        look.append(("LINEBEFORE", (0, 0), (0, -1), 2, colour(ACCENT)))
    else:
        look.append(("LINEAFTER", (0, 0), (-2, -1), 0.6, colour(HAIR)))
    grid.setStyle(look)
    return grid


def _table(table: Table, wide: float) -> Iterator[Flowable]:
    total = sum(column.share for column in table.columns)
    widths = [wide * column.share / total for column in table.columns]
    if table.caption:
        yield _text(table.caption, "h2")
    head = [_text(column.title, "column", column.align) for column in table.columns]
    rows = [
        [_text(cell, "cell", column.align) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    grid = platypus.Table([head, *rows], colWidths=widths, repeatRows=1, hAlign="LEFT")
    grid.setStyle(
        [
            *_PADDED,
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("RIGHTPADDING", (0, 0), (-2, -1), 6),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, colour(ACCENT)),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, colour(HAIR)),
        ]
    )
    yield grid
    yield platypus.Spacer(1, 5)


class _Drawn(Flowable):  # type: ignore[misc]
    """A drawing at its own size with its caption: one thing, which no page break divides."""

    def __init__(self, picture: Picture, wide: float) -> None:
        super().__init__()
        self.drawing = picture.drawing
        self.caption = _text(picture.caption, "caption") if picture.caption else platypus.Spacer(1, 2)
        self.below = self.caption.wrap(wide, PAGE_MM[1] * MM)[1] + _CAPTION_GAP
        self.width, self.height = picture.drawing.width, picture.drawing.height + self.below

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its size, whatever there is room for."""
        return self.width, self.height + _CAPTION_GAP

    def draw(self) -> None:
        """Put it on the page."""
        renderPDF.draw(self.drawing, self.canv, 0, self.below + _CAPTION_GAP)
        self.caption.drawOn(self.canv, 0, _CAPTION_GAP)


def _picture(picture: Picture, wide: float) -> Flowable:
    if picture.drawing.width > wide + _ROUNDING:
        have, need = wide / MM, picture.drawing.width / MM
        raise PictureTooWide(f"a picture of {need:.0f} mm stands in a column of {have:.0f} mm")
    return _Drawn(picture, wide)


def _columns(block: Columns, wide: float) -> Flowable:
    """Columns side by side; they stay on one page unless they are longer than one."""
    shares = block.shares or (1.0,) * len(block.parts)
    widths = [w * MM for w in column_widths_mm(shares, wide / MM)]
    cells = [_set(blocks, w) for blocks, w in zip(block.parts, widths, strict=True)]
    padded = [w + GUTTER_MM * MM for w in widths[:-1]] + [widths[-1]]
    grid = platypus.Table([cells], colWidths=padded, hAlign="LEFT")
    gutter = ("RIGHTPADDING", (0, 0), (-2, -1), GUTTER_MM * MM)
    bare = [(side, (0, 0), (-1, -1), 0) for side in ("TOPPADDING", "BOTTOMPADDING")]
    grid.setStyle([*_PADDED, *bare, gutter])
    grid.splitInRow = int(grid.wrap(wide, _FRAME_MM * MM)[1] > _FRAME_MM * MM)
    return grid


def _sources(block: Sources) -> Iterator[Flowable]:
    if block.title:
        yield _text(block.title, "h1")
    told = [(number, _source(number, line)) for number, line in enumerate(block.lines, start=block.first)]
    if not block.run_on:
        yield from (platypus.Paragraph(text, _style("source"), bulletText=f"{n}.") for n, text in told)
    elif told:
        yield platypus.Paragraph(" ".join(f"<b>{n}</b>\u00a0{text}." for n, text in told), _style("running"))


def _source(number: int, line: SourceLine) -> str:
    """A source in the markup of a paragraph, with the mark that its number leads to."""
    facts = f" <font color='{QUIET}'>{_plain(line.facts)}</font>" if line.facts else ""
    return f'<a name="source-{number}"/>{_markup((Link(line.title, line.href),))}{facts}'
