"""The typeface of everything on paper: one narrow sans with Cyrillic, Greek, arrows and the signs of maths.

An agency may have its own faces instead; signs that those lack are lent by the built-in one.
It is DejaVu Sans, which comes with matplotlib, set at nine tenths of its width: that is how DejaVu Sans
Condensed is made. The face of the screen (Golos Text) lacks signs that figures need (≤, ≈, →, ′). Loaded and
registered once in a process; documents embed only the characters that they use.
"""

import io
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import RLock
from typing import Any

from fontTools import subset
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.reportLabPen import ReportLabPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from reportlab.graphics.shapes import Path as Outline
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as Embedded

from layers.identity import identity

REGULAR, BOLD = "PlannerSans", "PlannerSans-Bold"
_FILES = {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
_NARROW = 0.9
_RANGES = (
    (0x0020, 0x017F),
    (0x0370, 0x03FF),
    (0x0400, 0x04FF),
    (0x2000, 0x205F),
    (0x2070, 0x209F),
    (0x20A0, 0x20C0),
    (0x2100, 0x2126),
    (0x2190, 0x21FF),
    (0x2200, 0x2265),
    (0x25A0, 0x25FF),
    (0x2610, 0x2612),
    (0x2713, 0x2718),
)
_UNKNOWN = "\u25a1"
_DROPPED = ("GSUB", "GPOS", "GDEF", "kern", "FFTM", "DSIG", "MATH")
_lock = RLock()
"""A face reads its tables when they are asked for, and must not be asked by two threads at once."""


def _options() -> subset.Options:
    """Glyphs by character alone: no hints, no kerning, no ligatures."""
    return subset.Options(
        hinting=False,
        layout_features=[],
        notdef_outline=True,
        glyph_names=False,
        legacy_kern=False,
        recalc_timestamp=False,
        name_IDs=[0, 1, 2, 4, 6, 13],
        drop_tables=list(_DROPPED),
    )


def _folder() -> Path:
    """Where matplotlib keeps its fonts; it is found and not imported, which would take half a second."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib, which brings the typeface", name="matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _file(face: str) -> bytes:
    """A face as a TrueType file."""
    own = identity().faces
    if own is None:
        font = _cut(TTFont(_folder() / _FILES[face], recalcTimestamp=False))
        _narrowed(font)
    else:
        font = _cut(TTFont(io.BytesIO(own.bold if face == BOLD else own.regular), recalcTimestamp=False))
        _completed(font, _cut(TTFont(_folder() / _FILES[face], recalcTimestamp=False)))
    for number, text in ((1, REGULAR), (2, "Bold" if face == BOLD else "Regular"), (4, face), (6, face)):
        font["name"].setName(text, number, 3, 1, 0x409)
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def _cut(font: Any) -> Any:
    """A face with the characters of paper alone."""
    # Dropped before the cut, which would read them first: that takes as long as all the rest.
    for tag in set(_DROPPED) & set(font.keys()):
        del font[tag]
    cut = subset.Subsetter(_options())
    cut.populate(unicodes=[code for first, last in _RANGES for code in range(first, last + 1)])
    cut.subset(font)
    return font


def _completed(font: Any, spare: Any) -> None:
    """Lend a face the characters that it lacks, at its own size."""
    scale = font["head"].unitsPerEm / spare["head"].unitsPerEm
    known, lent = font.getBestCmap(), spare.getBestCmap()
    glyphs, order = spare.getGlyphSet(), font.getGlyphOrder()
    for code, name in sorted(lent.items()):
        if code in known:
            continue
        pen, own = TTGlyphPen(None), f"lent{code:04X}"
        glyphs[name].draw(DecomposingFilterPen(TransformPen(pen, (scale, 0, 0, scale, 0, 0)), glyphs))
        advance, bearing = spare["hmtx"][name]
        order = [*order, own]
        font["glyf"][own] = pen.glyph()
        font["hmtx"][own] = (round(advance * scale), round(bearing * scale))
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = own
    font.setGlyphOrder(order)


def _narrowed(font: Any) -> None:
    """Scale all outlines and advances across, by `_NARROW`."""
    glyphs, metrics = font["glyf"], font["hmtx"]
    for name in glyphs.keys():  # noqa: SIM118 - a table, not a dictionary
        glyph = glyphs[name]
        if glyph.isComposite():
            for part in glyph.components:
                part.x = round(part.x * _NARROW)
        elif glyph.numberOfContours > 0:
            glyph.coordinates.scale((_NARROW, 1))
            glyph.coordinates.toInt()
            glyph.recalcBounds(glyphs)
        advance, bearing = metrics[name]
        metrics[name] = (round(advance * _NARROW), round(bearing * _NARROW))


@cache
def _face(face: str) -> Any:
    return TTFont(io.BytesIO(_file(face)))


@cache
def _registered() -> bool:
    for face in (REGULAR, BOLD):
        pdfmetrics.registerFont(Embedded(face, io.BytesIO(_file(face))))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return True


def register() -> None:
    """Make the faces known to ReportLab; at the first call some 0.3 s, then nothing."""
    with _lock:
        _registered()


@cache
def _known() -> frozenset[str]:
    """The characters that both faces have."""
    with _lock:
        return frozenset(map(chr, set(_face(REGULAR).getBestCmap()) & set(_face(BOLD).getBestCmap())))


def missing(text: str) -> set[str]:
    """The characters of a text that the typeface does not have."""
    return set(text) - _known()


def sound(text: str) -> str:
    """A text that can be printed: composed, without control characters, strange ones shown as boxes."""
    composed = unicodedata.normalize("NFC", text)
    plain = "".join(" " if ch.isspace() and unicodedata.category(ch) == "Cc" else ch for ch in composed)
    kept = "".join(ch for ch in plain if unicodedata.category(ch) not in ("Cc", "Cf", "Cs") or ch == "\u00ad")
    strange = missing(kept)
    return "".join(_UNKNOWN if ch in strange else ch for ch in kept) if strange else kept


def width(text: str, size: float, face: str = REGULAR) -> float:
    """How wide a text is, in points."""
    register()
    return float(pdfmetrics.stringWidth(text, face, size))


@lru_cache(maxsize=4096)
def _glyph(face: str, ch: str) -> tuple[tuple[float, ...], tuple[int, ...], float]:
    """Points (in ems), operators and advance of the outline of a character."""
    with _lock:
        font = _face(face)
        em, glyphs = font["head"].unitsPerEm, font.getGlyphSet()
        name = font.getBestCmap().get(ord(ch), ".notdef")
        recorded = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(recorded)
        path = Outline()
        recorded.replay(ReportLabPen(glyphs, path))
        return tuple(v / em for v in path.points), tuple(path.operators), font["hmtx"][name][0] / em


def outline(text: str, x: float, y: float, size: float, face: str = REGULAR) -> Outline:
    """The outlines of a text that starts at (x, y), in points: for halos, which text itself cannot have."""
    points: list[float] = []
    operators: list[int] = []
    for ch in text:
        unit, drawn, advance = _glyph(face, ch)
        points += [v * size + (y if i % 2 else x) for i, v in enumerate(unit)]
        operators += drawn
        x += advance * size
    return Outline(points=points, operators=operators)


def woff(face: str, text: str) -> bytes:
    """A face with only the characters of `text`, as a WOFF file for a page that carries its fonts."""
    font = TTFont(io.BytesIO(_file(face)), recalcTimestamp=False)
    cut = subset.Subsetter(_options())
    cut.populate(unicodes=sorted({ord(ch) for ch in text} | {0x20, 0xA0}))
    cut.subset(font)
    font.flavor = "woff"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()
