"""A story as a file of every kind: one page, paper, slides, a memo."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from anyascii import anyascii

from layers.paper.memo import as_docx
from layers.paper.pdf import as_pdf
from layers.paper.slides import as_pptx
from layers.store import Store
from layers.story.deck import deck
from layers.story.handout import handout
from layers.story.onefile import as_file
from layers.story.told import ToldStory

_OFFICE = "application/vnd.openxmlformats-officedocument"
_LONGEST = 60


@dataclass(frozen=True)
class Kind:
    """A kind of file: its ending, what it is to browsers, an icon, and what makes it."""

    id: str
    mime: str
    icon: str
    made: Callable[[Store, ToldStory, str], bytes]


def _page(store: Store, told: ToldStory, name: str) -> bytes:
    return as_file(store, told.story, told.language, name).encode()


def _paper(store: Store, told: ToldStory, _name: str) -> bytes:
    return as_pdf(handout(store, told))


def _slides(store: Store, told: ToldStory, _name: str) -> bytes:
    return as_pptx(deck(store, told))


def _memo(store: Store, told: ToldStory, _name: str) -> bytes:
    return as_docx(handout(store, told))


KINDS = (
    Kind("html", "text/html", "captive_portal", _page),
    Kind("pdf", "application/pdf", "picture_as_pdf", _paper),
    Kind("pptx", f"{_OFFICE}.presentationml.presentation", "slideshow", _slides),
    Kind("docx", f"{_OFFICE}.wordprocessingml.document", "description", _memo),
)


def file_name(told: ToldStory, name: str) -> str:
    """What a file of the story is called, without its ending: the same in every language of computers."""
    plain = re.sub(r"[^a-z0-9]+", "-", anyascii(told.title).lower()).strip("-")[:_LONGEST].strip("-")
    return plain or name
