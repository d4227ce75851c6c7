"""Slides that an office edits: `as_pptx` of a `Deck`.

Titles, texts, tables and charts are an office's own; maps, and charts that no office has, are pictures that
say in words what they show. `master` holds the looks, `measure` what a text takes, `plan` the layout,
`shapes` and `plotted` write what stands on a slide. The face is Arial, by name: an office file cannot carry
its own.
"""

from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.lang import MSO_LANGUAGE_ID
from reportlab.graphics.shapes import Drawing, Group, Rect

from layers.identity import Identity, identity
from layers.paper import fonts, words
from layers.paper.document import Link
from layers.paper.ink import MM, blank, colour
from layers.paper.logo import logo
from layers.paper.office import AUTHOR, TAGS, day_of, repacked, shortened, themed
from layers.paper.slides.deck import Deck, Slide
from layers.paper.slides.master import (
    BODY,
    COVER_LOGO,
    COVER_SUBTITLE,
    COVER_TITLE,
    COVER_TYPES,
    CREDIT,
    TITLE,
    TITLE_TYPES,
    Box,
    dressed,
)
from layers.paper.slides.measure import Para, Run, divided, fitting, rows, runs_of
from layers.paper.slides.parts import Graph, Grid, Page, Part, Shown, Text
from layers.paper.slides.plan import pages
from layers.paper.slides.plotted import add_chart
from layers.paper.slides.shapes import Writer
from layers.paper.typeset import written
from layers.text import Words

__all__ = ["Deck", "Slide", "as_pptx"]
_COVER, _WITH_TEXT, _TITLE_ALONE = range(3)
_SUBTITLE_TYPES, _SOURCE_TYPES = (20.0, 18.0, 16.0, 14.0, 12.0), (14.0, 13.0, 12.0, 11.0)
_CREDIT_TYPES = (10.0, 9.0, 8.0, 7.0)
_LEAST_TITLE = 10.0
_PLATE_MARGIN = 10.0
_SPOKEN = {"ru": MSO_LANGUAGE_ID.RUSSIAN, "en": MSO_LANGUAGE_ID.ENGLISH_UK}


def as_pptx(deck: Deck) -> bytes:
    """The deck as a PPTX file of 16:9."""
    fonts.register()
    made = Presentation()
    dressed(made, deck.language)
    _properties(made, deck)
    builder = _Builder(made, deck)
    builder.cover()
    for slide in deck.slides:
        builder.slide(slide)
    builder.sources()
    file = BytesIO()
    made.save(file)
    return repacked(file.getvalue(), deck.made, {"ppt/theme/": themed})


def _properties(made: Any, deck: Deck) -> None:
    held, day = made.core_properties, day_of(deck.made)
    held.title, held.subject = shortened(written(deck.title)), shortened(written(deck.subtitle))
    held.author = held.last_modified_by = AUTHOR
    held.language, held.comments = TAGS[deck.language], shortened(written(deck.stamp))
    held.created = held.modified = day.replace(tzinfo=None)
    held.revision, held.keywords = 1, ""


def _plate(whose: Identity) -> Drawing | None:
    """The agency's logo on white, so that it is seen whatever the colour of the cover."""
    margin = _PLATE_MARGIN
    shown = logo((COVER_LOGO.high - 2 * margin) / MM, (COVER_LOGO.wide - 2 * margin) / MM, whose)
    if shown is None:
        return None
    plate = blank(shown.width + 2 * margin, shown.height + 2 * margin)
    plate.add(Rect(0, 0, plate.width, plate.height, fillColor=colour("#ffffff"), strokeColor=None))
    plate.add(Group(*shown.contents, transform=(1, 0, 0, 1, margin, margin)))
    return plate


class _Builder:
    """Puts slides into a presentation, one after another."""

    def __init__(self, made: Any, deck: Deck) -> None:
        self.made, self.deck, self.words = made, deck, Words(deck.language)

    def _added(self, layout: int) -> tuple[Any, Writer]:
        slide = self.made.slides.add_slide(self.made.slide_layouts[layout])
        return slide, Writer(slide, self.deck.language)

    def cover(self) -> None:
        """The first slide: title, subtitle and stamp, and the agency's logo above them."""
        _, writer = self._added(_COVER)
        if plate := _plate(identity()):
            place = Box(COVER_LOGO.x, COVER_LOGO.y, plate.width, plate.height)
            writer.picture(plate, identity().called(self.deck.language), place)
        title, subtitle = Para(runs_of(self.deck.title), "subheading"), Para(runs_of(self.deck.subtitle))
        size = fitting([title], COVER_TITLE.wide, COVER_TITLE.high, COVER_TYPES) or _LEAST_TITLE
        writer.holder("0", [title], size)
        under = fitting([subtitle], COVER_SUBTITLE.wide, COVER_SUBTITLE.high, _SUBTITLE_TYPES)
        writer.holder("1", [subtitle], under or _LEAST_TITLE)
        writer.footed(written(self.deck.stamp), len(self.made.slides))

    def slide(self, slide: Slide) -> None:
        """A slide, and those on which it goes on."""
        made = pages(slide, self.deck.language)
        for number, page in enumerate(made, start=1):
            title = slide.title
            if len(made) > 1:
                title = self.words("slides.part", title=title, n=number, of=len(made))
            self._page(title, page, slide.sources, slide.notes if number == 1 else "")

    def _page(self, title: str, page: Page, sources: tuple[int, ...], notes: str = "") -> None:
        bodies = [part for part in page.parts if isinstance(part, Text) and part.body]
        slide, writer = self._added(_WITH_TEXT if bodies else _TITLE_ALONE)
        self._title(writer, title)
        for part in page.parts:
            self._part(slide, writer, part)
        if sources:
            numbers = ", ".join(str(number) for number in sources)
            told = Para((Run(f"{words.SOURCES[self.deck.language]}: {numbers}", quiet=True),))
            size = fitting([told], CREDIT.wide, CREDIT.high, _CREDIT_TYPES) or _CREDIT_TYPES[-1]
            writer.box([told], size, CREDIT, name="Sources")
        writer.footed(written(self.deck.stamp), len(self.made.slides))
        if notes:
            slide.notes_slide.notes_text_frame.text = written(notes)
            for run in slide.notes_slide.notes_text_frame.paragraphs:
                run.font.language_id = _SPOKEN[self.deck.language]

    def _title(self, writer: Writer, title: str) -> None:
        para = Para(runs_of(title), "subheading")
        size = next(
            (size for size in TITLE_TYPES if len(rows(para, size, TITLE.wide)) * size * 1.2 <= TITLE.high),
            _LEAST_TITLE,
        )
        writer.holder("0", [para], size)

    @staticmethod
    def _part(slide: Any, writer: Writer, part: Part) -> None:
        match part:
            case Text():
                if part.body:
                    writer.holder("1", part.paras, part.size, part.box)
                else:
                    writer.box(part.paras, part.size, part.box, filled=part.filled)
            case Shown():
                writer.picture(part.drawing, written(part.alt), part.box)
            case Grid():
                writer.table(part.table, part.size, part.box, part.heights)
            case Graph():
                shape = add_chart(slide, part.plot, part.box, part.size, writer.language)
                writer.described(shape, written(part.alt))

    def sources(self) -> None:
        """The list of sources at the end, with their addresses."""
        left = [
            Para(
                (*runs_of((Link(line.title, line.href),)), Run(f" {written(line.facts)}", quiet=True)),
                "number",
                number,
            )
            for number, line in enumerate(self.deck.sources, start=1)
        ]
        while left:
            size = fitting(left, BODY.wide, BODY.high, _SOURCE_TYPES)
            taken, left = (left, []) if size else divided(left, _SOURCE_TYPES[-1], BODY.wide, BODY.high)
            part = Text(tuple(taken), size or _SOURCE_TYPES[-1], BODY, body=True)
            self._page(words.SOURCES[self.deck.language], Page((part,)), ())
