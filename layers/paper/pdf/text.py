"""Text of a PDF: styles of paragraphs, texts with links and citations in the markup of ReportLab."""

from collections.abc import Iterable
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from reportlab import platypus
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from layers.paper import fonts
from layers.paper.document import Align, Cite, Inline, Link, Strong, runs
from layers.paper.ink import ACCENT, INK, MM, QUIET, colour
from layers.paper.typeset import LEAST_TO_DIVIDE, bound, divisions

_ALIGN = {"left": TA_LEFT, "right": TA_RIGHT, "centre": TA_CENTER}
_HANGING_MM = {"source": 6.0, "item": 5.6}
"""How far the texts of lists stand in, their numbers before them."""


@cache
def style_of(name: str, align: Align = "left") -> ParagraphStyle:
    """The style of that name."""
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
        "item": (7.8, 10.2, INK, fonts.REGULAR, 0.0, 1.6),
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
    if name in _HANGING_MM:
        style.leftIndent = _HANGING_MM[name] * MM
        style.bulletFontName, style.bulletFontSize, style.bulletColor = face, size, colour(QUIET)
        style.bulletAnchor, style.bulletIndent = "end", (_HANGING_MM[name] - 1.2) * MM
    return style


def plain(text: str) -> str:
    """A text that the face can write, escaped, figures bound to their units."""
    return escape(bound(fonts.sound(text)))


def markup(text: Inline) -> str:
    """A text in the markup of ReportLab's paragraphs, everything in it escaped."""
    found = ""
    for part in (text,) if isinstance(text, str) else text:
        match part:
            case Strong():
                found += f"<b>{plain(part.text)}</b>"
            case Link() if part.leads:
                found += f"<a href={quoteattr(part.href)} color={quoteattr(ACCENT)}>{plain(part.text)}</a>"
            case Link():
                found += plain(part.text)
            case Cite():
                found += cites(part.numbers)
            case _:
                found += plain(part)
    return found


def cites(numbers: Iterable[int]) -> str:
    """Numbers of sources, small and raised, each leading to its source."""
    ends = (sorted(set(run)) for run in runs(numbers))
    linked = ("–".join(f'<a href="#source-{n}" color="{ACCENT}">{n}</a>' for n in run) for run in ends)
    joined = ",\u00a0".join(linked)
    return f'<super rise="2.6" size="5.4">\u00a0{joined}</super>' if joined else ""


def text_of(text: Inline, style: str, align: Align = "left") -> platypus.Paragraph:
    """A paragraph in the style of that name."""
    return platypus.Paragraph(markup(text), style_of(style, align))
