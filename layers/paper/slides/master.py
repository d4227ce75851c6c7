"""The master of a deck: faces and colours in its theme, three layouts, footers; places on a slide.

All looks are in theme and master, so that an agency changes them in one place. The face is named and not
embedded, which an office file cannot do: Arial is on every office machine.
"""

from dataclasses import dataclass, replace
from typing import Any

from pptx.oxml import parse_xml

from layers.catalog import Language
from layers.paper.office import DRAWING as A
from layers.paper.office import TAGS
from layers.text import Words

EMU = 12700
"""Units of a slide in a point."""
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = f'xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{R}"'
WIDE, HIGH = 960.0, 540.0
STAMP_TYPE = 8.0
TITLE_TYPES = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0)


@dataclass(frozen=True)
class Box:
    """A place on a slide in points, from its left upper corner."""

    x: float
    y: float
    wide: float
    high: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """The same in the units of a slide."""
        return round(self.x * EMU), round(self.y * EMU), round(self.wide * EMU), round(self.high * EMU)


TITLE = Box(40, 30, 880, 64)
BODY = Box(40, 104, 880, 390)
FOOT = Box(40, 511, 760, 19)
NUMBER = Box(840, 511, 80, 19)
CREDIT = Box(40, 495, 880, 14)
COVER_TITLE, COVER_SUBTITLE, COVER_FOOT = (
    Box(72, 150, 800, 150),
    Box(72, 312, 800, 110),
    Box(72, 488, 800, 24),
)
COVER_LOGO = Box(72, 40, 280, 84)
COVER_TYPES = (44.0, 40.0, 36.0, 32.0, 28.0, 24.0, 20.0, 16.0)


# --- master and layouts -------------------------------------------------------------------------------


def _scheme(name: str, change: str = "") -> str:
    return f'<a:schemeClr val="{name}">{change}</a:schemeClr>'


_INKS = {
    "quiet": _scheme("tx1", '<a:lumMod val="65000"/><a:lumOff val="35000"/>'),
    "hair": _scheme("bg1", '<a:lumMod val="80000"/>'),
}
"""Colours that follow from those of the theme."""


def _placed(box: Box) -> str:
    x, y, wide, high = box.emu
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'


def _level(size: float, ink: str, *, bold: bool = False, align: str = "l") -> str:
    weight = ' b="1"' if bold else ""
    fill = f"<a:solidFill>{_INKS.get(ink) or _scheme(ink)}</a:solidFill>"
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:buNone/>'
        f'<a:defRPr sz="{round(size * 100)}"{weight}>{fill}</a:defRPr></a:lvl1pPr>'
    )


@dataclass(frozen=True)
class _Holder:
    """A placeholder: what it is for, where it stands, how its text begins, the styles of its text."""

    kind: str
    box: Box
    text: str
    name: str
    anchor: str = "t"
    style: str = ""
    field: bool = False

    def xml(self, number: int, lang: str) -> str:
        inset = 'lIns="0" tIns="0" rIns="0" bIns="0"'
        run = f'<a:rPr lang="{lang}"/><a:t>{self.text}</a:t>'
        told = f'<a:fld id="{_FIELD}" type="slidenum">{run}</a:fld>' if self.field else f"<a:r>{run}</a:r>"
        line = f"<a:p>{told if self.text else ''}</a:p>"
        return (
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{self.name}"/>'
            f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {self.kind}/></p:nvPr></p:nvSpPr>'
            f'<p:spPr>{_placed(self.box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
            f'<p:txBody><a:bodyPr vert="horz" wrap="square" {inset} anchor="{self.anchor}"><a:noAutofit/>'
            f"</a:bodyPr><a:lstStyle>{self.style}</a:lstStyle>{line}</p:txBody>"
            "</p:sp>"
        )


_FIELD = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"


def _bar(number: int, box: Box, ink: str, name: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr>{_placed(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"<a:solidFill>{_INKS.get(ink) or _scheme(ink)}</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )


_ROOT = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm>'
    "</p:grpSpPr>"
)


def _feet(light: bool = False, of_master: bool = False) -> tuple[_Holder, _Holder]:
    """The stamp and the number of a slide."""
    ink = "bg2" if light else "quiet"
    foot, number = ("3", "4") if of_master else ("11", "12")
    box = COVER_FOOT if light else FOOT
    return (
        _Holder(f'type="ftr" sz="quarter" idx="{foot}"', box, "", "Footer", "ctr", _level(STAMP_TYPE, ink)),
        _Holder(
            f'type="sldNum" sz="quarter" idx="{number}"',
            NUMBER,
            "‹#›",
            "Slide Number",
            "ctr",
            _level(10, ink, align="r"),
            field=True,
        ),
    )


def _tree(holders: tuple[_Holder, ...], lang: str, extra: str = "") -> Any:
    shapes = "".join(holder.xml(number, lang) for number, holder in enumerate(holders, start=2))
    return parse_xml(f"<p:spTree {SPACES}>{_ROOT}{extra}{shapes}</p:spTree>")


def _styles() -> Any:
    """The styles of titles and bodies: sizes and colours that every slide inherits."""
    title = _level(TITLE_TYPES[0], "tx2", bold=True)
    title = title.replace("<a:buNone/>", '<a:lnSpc><a:spcPct val="95000"/></a:lnSpc><a:buNone/>')
    ink = '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill><a:latin typeface="+mn-lt"/>'
    levels = "".join(
        f'<a:lvl{n}pPr marL="{n * 228600}" indent="-228600" algn="l">'
        '<a:spcBef><a:spcPts val="0"/></a:spcBef><a:spcAft><a:spcPct val="35000"/></a:spcAft>'
        '<a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>'
        f'<a:defRPr sz="{size}" kern="1200">{ink}</a:defRPr></a:lvl{n}pPr>'
        for n, size in enumerate((1800, 1600, 1400, 1300, 1200), start=1)
    )
    plain = f'<a:lvl1pPr algn="l"><a:defRPr sz="1400">{ink}</a:defRPr></a:lvl1pPr>'
    title = title.replace("</a:defRPr>", '<a:latin typeface="+mj-lt"/></a:defRPr>')
    return parse_xml(
        f"<p:txStyles {SPACES}><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{levels}</p:bodyStyle>"
        f"<p:otherStyle>{plain}</p:otherStyle></p:txStyles>"
    )


def dressed(deck: Any, language: Language) -> None:
    """Give a new presentation our master with three layouts: cover, title and text, title alone."""
    words, lang = Words(language), TAGS[language]
    deck.slide_width, deck.slide_height = round(WIDE * EMU), round(HIGH * EMU)
    size = deck.element.find(f"{{{P}}}sldSz")
    size.attrib.pop("type", None)
    master, layouts = deck.slide_master, list(deck.slide_layouts)
    for layout in layouts[2:5] + layouts[6:]:
        deck.slide_layouts.remove(layout)
    title = _Holder('type="title"', TITLE, words("slides.title"), "Title", "ctr")
    body = _Holder('type="body" idx="1"', BODY, words("slides.text"), "Text")
    mark, line = Box(TITLE.x, 20, 62, 3.4), Box(FOOT.x, FOOT.y - 1.5, TITLE.wide, 0.6)
    bars = _bar(90, mark, "accent1", "Accent") + _bar(91, line, "hair", "Line")
    _exchange(master.element, _tree((title, body, *_feet(of_master=True)), lang, bars))
    old = master.element.find(f"{{{P}}}txStyles")
    master.element.replace(old, _styles())
    large = _level(COVER_TYPES[0], "bg1", bold=True)
    cover = (
        replace(title, kind='type="ctrTitle"', box=COVER_TITLE, anchor="b", style=large),
        replace(body, kind='type="subTitle" idx="1"', box=COVER_SUBTITLE, style=_level(20, "bg2")),
        _feet(light=True)[0],
    )
    kinds = ("slides.cover", "slides.with_text", "slides.title_alone")
    trees = (
        _tree(cover, lang, _bar(90, Box(72, 304, 62, 3.4), "accent2", "Accent")),
        _tree((title, body, *_feet()), lang),
        _tree((title, *_feet()), lang),
    )
    for layout, kind, tree in zip((layouts[0], layouts[1], layouts[5]), kinds, trees, strict=True):
        _exchange(layout.element, tree)
        layout.element.find(f"{{{P}}}cSld").set("name", words(kind))
    _ground(layouts[0].element)


def _exchange(sheet: Any, tree: Any) -> None:
    """Put a tree of shapes in the place of that of a master or a layout."""
    inner = sheet.find(f"{{{P}}}cSld")
    inner.replace(inner.find(f"{{{P}}}spTree"), tree)


def _ground(layout: Any) -> None:
    """The cover stands on the accent's colour, without the marks of the master."""
    layout.set("showMasterSp", "0")
    fill = '<a:solidFill><a:schemeClr val="tx2"/></a:solidFill><a:effectLst/>'
    layout.find(f"{{{P}}}cSld").insert(0, parse_xml(f"<p:bg {SPACES}><p:bgPr>{fill}</p:bgPr></p:bg>"))
