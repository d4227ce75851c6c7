"""A document as a memo that an office edits: `as_docx`.

Headings, lists, captions and tables are styles of the memo (`styles`); maps and charts are pictures that say
in words what they show. The face is Arial, by name: an office file cannot carry its own.
"""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.oxml import parse_xml

from layers.paper import fonts
from layers.paper.document import MARGIN_MM, Document
from layers.paper.ink import MM
from layers.paper.memo.blocks import Writer
from layers.paper.memo.styles import SPACES, dressed
from layers.paper.office import AUTHOR, TAGS, day_of, repacked, shortened, themed
from layers.paper.typeset import written
from layers.paper.words import PAGE

__all__ = ["as_docx"]


def as_docx(document: Document) -> bytes:
    """The document as a DOCX file."""
    fonts.register()
    made = docx.Document()
    dressed(made, document.language, document.page_mm, MARGIN_MM)
    _properties(made, document)
    writer = Writer(made, document.language, (document.page_mm[1] - 3 * MARGIN_MM) * MM)
    body = made.element.body
    end = body.sectPr
    for element in writer.headed(document.title, document.subtitle):
        end.addprevious(element)
    for block in document.blocks:
        for element in writer.block(block, document.content_mm * MM):
            end.addprevious(element)
    _footed(made, document)
    file = BytesIO()
    made.save(file)
    return repacked(file.getvalue(), document.made, {"word/theme/": themed})


def _properties(made: Any, document: Document) -> None:
    held, day = made.core_properties, day_of(document.made)
    held.title, held.subject = shortened(written(document.title)), shortened(written(document.subtitle))
    held.author = AUTHOR
    held.last_modified_by, held.language = AUTHOR, TAGS[document.language]
    held.comments, held.keywords, held.revision = shortened(written(document.stamp)), "", 1
    held.created = held.modified = day.replace(tzinfo=None)


def _footed(made: Any, document: Document) -> None:
    """The stamp and the number of the page below each page."""
    right = round(document.content_mm * MM * 20)
    before, _, rest = PAGE[document.language].partition("{n}")
    between = rest.partition("{of}")[0]
    count = f"{_text(before)}{_field('PAGE')}{_text(between)}{_field('NUMPAGES')}"
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{right}"/></w:tabs>'
    style = '<w:pStyle w:val="Footer"/>'
    stamp = f"<w:p {SPACES}><w:pPr>{style}</w:pPr>{_text(document.stamp)}</w:p>"
    number = f"<w:p {SPACES}><w:pPr>{style}{tab}</w:pPr><w:r><w:tab/></w:r>{count}</w:p>"
    footer = made.sections[0].footer
    footer.is_linked_to_previous = False
    held = footer.part.element
    for old in list(held):
        held.remove(old)
    for text in (stamp, number):
        held.append(parse_xml(text))


def _text(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(written(text))}</w:t></w:r>' if text else ""


def _field(name: str) -> str:
    shown = "<w:r><w:t>1</w:t></w:r>"
    return f'<w:fldSimple w:instr=" {name} ">{shown}</w:fldSimple>'
