"""What office files share: the same bytes for the same input, the language of a text, days of properties.

An office file is a zip of parts. Its libraries write the hour into the entries, and workbooks within charts
tell when they were made; here all of that becomes the day of the document.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from lxml import etree

from layers.catalog import Language
from layers.chart import MAIN
from layers.paper.ink import ACCENT, INK, PAPER, QUIET, TINT

TAGS: dict[Language, str] = {"ru": "ru-RU", "en": "en-GB"}
"""The languages as spelling and hyphenation of an office know them."""
AUTHOR = "Tomsk Agglomeration Planner"
FACE = "Arial"
"""A face that is on every office machine, or has a double of the same widths there (Liberation Sans)."""
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SERIES = (ACCENT, "#c77c11", "#3f8f6b", "#a3466e", "#6b63a8", MAIN)
_FIRST = "[Content_Types].xml"
_BOOKS = (".xlsx",)
_NO_DAY, _PROPERTY = "2000-01-01", 255
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def shortened(text: str) -> str:
    """A text as a property of an office file, which holds no more than 255 characters."""
    return text if len(text) <= _PROPERTY else text[: _PROPERTY - 1] + "…"


def day_of(made: str) -> datetime:
    """The midnight at which a document of a day (`YYYY-MM-DD`) counts as made."""
    return datetime.strptime(made or _NO_DAY, "%Y-%m-%d").replace(tzinfo=UTC)


def repacked(data: bytes, made: str, edits: Mapping[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """An office file with its parts in a fixed order and of a fixed hour, and so the workbooks in it.

    `edits` changes parts whose names begin with a key.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(given.namelist(), key=lambda name: (name != _FIRST, name)):
            part = given.read(name)
            if name.endswith(_BOOKS):
                part = repacked(part, made)
            if name == "docProps/core.xml":
                hour = f"{day_of(made):%Y-%m-%dT%H:%M:%SZ}".encode()
                part = _WRITTEN.sub(rb"\g<1>" + hour + rb"\g<3>", part)
            for start, edit in (edits or {}).items():
                part = edit(part) if name.startswith(start) else part
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            out.writestr(entry, part)
    return file.getvalue()


def _colour(tag: str, rgb: str) -> str:
    return f'<a:{tag}><a:srgbClr val="{rgb[1:].upper()}"/></a:{tag}>'


def themed(part: bytes) -> bytes:
    """A part of a theme with our colours and face in it."""
    root = etree.fromstring(part)
    named = {"dk1": INK, "lt1": PAPER, "dk2": ACCENT, "lt2": TINT}
    named |= {f"accent{n}": rgb for n, rgb in enumerate(_SERIES, start=1)}
    named |= {"hlink": ACCENT, "folHlink": QUIET}
    colours = "".join(_colour(tag, rgb) for tag, rgb in named.items())
    face = f'<a:latin typeface="{FACE}"/><a:ea typeface=""/><a:cs typeface="{FACE}"/>'
    faces = f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont>"
    for tag, inner in (("clrScheme", colours), ("fontScheme", faces)):
        made = etree.fromstring(f'<a:{tag} xmlns:a="{DRAWING}" name="Tomsk">{inner}</a:{tag}>')
        for old in root.iter(f"{{{DRAWING}}}{tag}"):
            old.getparent().replace(old, made)
            break
    root.set("name", "Tomsk")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
