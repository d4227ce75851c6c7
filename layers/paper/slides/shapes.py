"""What stands on a slide, as its own XML: text with its language, tables, pictures with what they show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from reportlab.graphics.shapes import Drawing

from layers.catalog import Language
from layers.paper.document import Table
from layers.paper.office import DRAWING as A
from layers.paper.office import TAGS
from layers.paper.raster import as_png
from layers.paper.slides.master import EMU, SPACES, Box, P
from layers.paper.slides.measure import BOLD, CARD_PAD, CELL_PAD, Para, Run, runs_of

_PIXELS = 2.0
"""Pixels of a picture for a point of a slide: sharp on a screen of 1920 pixels."""
_AFTER = 0.38
_QUIET = '<a:schemeClr val="tx1"><a:lumMod val="65000"/><a:lumOff val="35000"/></a:schemeClr>'
_HAIR = '<a:schemeClr val="bg1"><a:lumMod val="80000"/></a:schemeClr>'
_LOOKS = {
    "heading": '<a:schemeClr val="accent1"/>',
    "notice": '<a:schemeClr val="accent1"/>',
    "quiet": _QUIET,
    "figure": '<a:schemeClr val="accent1"/>',
}
_ALIGN = {"left": "l", "right": "r", "centre": "ctr"}
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True)
class Writer:
    """Writes onto one slide in one language."""

    slide: Any
    language: Language

    # --- text ---------------------------------------------------------------------------------------

    def write(self, shape: Any, paras: Iterable[Para], size: float, *, own: bool = False) -> None:
        """Put paragraphs into a shape; `own` where no master gives it spaces and bullets."""
        body = shape.find(f"{{{P}}}txBody")
        for old in body.findall(f"{{{A}}}p"):
            body.remove(old)
        for para in paras:
            body.append(self._paragraph(para, size, own=own))

    def _paragraph(self, para: Para, size: float, *, own: bool, align: str = "l") -> Any:
        size *= para.scale
        space = f'<a:spcAft><a:spcPts val="{round(size * _AFTER * 100)}"/></a:spcAft>'
        hang = round(para.indent * size * EMU)
        match para.look:
            case "bullet":
                mark = '<a:buFont typeface="Arial"/><a:buChar char="•"/>'
            case "number":
                start = f' startAt="{para.number}"' if para.number > 1 else ""
                mark = f'<a:buFont typeface="+mj-lt"/><a:buAutoNum type="arabicPeriod"{start}/>'
            case _:
                mark = "<a:buNone/>"
        spaces = '<a:spcBef><a:spcPts val="0"/></a:spcBef>' + space if own or para.scale != 1 else space
        settings = f'<a:pPr marL="{hang}" indent="{-hang}" algn="{align}">{spaces}{mark}</a:pPr>'
        bold = para.look in BOLD
        runs = "".join(self._run(run, size, _LOOKS.get(para.look, ""), bold) for run in para.runs)
        end = f'<a:endParaRPr lang="{TAGS[self.language]}" sz="{round(size * 100)}"/>'
        return parse_xml(f"<a:p {SPACES}>{settings}{runs}{end if not para.runs else ''}</a:p>")

    def _run(self, run: Run, size: float, ink: str, bold: bool) -> str:
        look = f' sz="{round(size * 100)}"' + (' b="1"' if run.bold or bold else "")
        look += ' baseline="30000"' if run.raised else ""
        ink = _QUIET if run.quiet or run.raised else ink
        fill = f"<a:solidFill>{ink}</a:solidFill>" if ink else ""
        link = ""
        if run.href:
            id_ = self.slide.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link = f'<a:hlinkClick r:id="{id_}"/>'
        tag = TAGS[self.language]
        return f'<a:r><a:rPr lang="{tag}"{look}>{fill}{link}</a:rPr><a:t>{escape(run.text)}</a:t></a:r>'

    def holder(self, kind: str, paras: Sequence[Para], size: float, box: Box | None = None) -> None:
        """Fill a placeholder of the slide, which may stand elsewhere than its layout says."""
        for shape in self.slide.placeholders:
            if str(shape.placeholder_format.idx) == kind:
                if box:
                    shape.left, shape.top, shape.width, shape.height = box.emu
                self.write(shape.element, paras, size)

    def footed(self, stamp: str, number: int) -> None:
        """The stamp and the number of the slide, as its layout has them."""
        for shape in self.slide.slide_layout.placeholders:
            kind = shape.element.find(f".//{{{P}}}ph").get("type")
            if kind not in ("ftr", "sldNum"):
                continue
            copied = parse_xml(_without_place(shape.element))
            self.slide.shapes.element.append(copied)
            copied.find(f".//{{{P}}}cNvPr").set("id", str(900 + shape.placeholder_format.idx))
            body = copied.find(f"{{{P}}}txBody")
            if kind == "sldNum":
                body.find(f".//{{{A}}}t").text = str(number)
            if kind == "ftr":
                for old in body.findall(f"{{{A}}}p"):
                    body.remove(old)
                run = f'<a:rPr lang="{TAGS[self.language]}"/><a:t>{escape(stamp)}</a:t>'
                body.append(parse_xml(f"<a:p {SPACES}><a:r>{run}</a:r></a:p>"))

    def box(
        self, paras: Sequence[Para], size: float, box: Box, *, filled: bool = False, name: str = ""
    ) -> None:
        """A text box of its own, on a tint if it is to be `filled`."""
        shape = self.slide.shapes.add_textbox(*box.emu)
        if name:
            shape.name = name
        frame = shape.text_frame
        frame.word_wrap = True
        pad = round((CARD_PAD if filled else 0) * EMU)
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = pad
        if filled:
            fill = f'<a:solidFill {SPACES}><a:schemeClr val="bg2"/></a:solidFill>'
            shape.element.find(f"{{{P}}}spPr").replace(
                shape.element.find(f"{{{P}}}spPr").find(f"{{{A}}}noFill"), parse_xml(fill)
            )
        self.write(shape.element, paras, size, own=True)

    # --- pictures and tables ------------------------------------------------------------------------

    def picture(self, drawing: Drawing, alt: str, box: Box) -> None:
        """A drawing as large as the box holds it whole, in its middle, with what it shows in words."""
        per = min(box.wide / drawing.width, box.high / drawing.height)
        wide, high = drawing.width * per, drawing.height * per
        place = Box(box.x + (box.wide - wide) / 2, box.y + (box.high - high) / 2, wide, high)
        pixels = as_png(drawing, dpi=72 * per * _PIXELS, optimised=False)
        shape = self.slide.shapes.add_picture(BytesIO(pixels), *place.emu)
        self.described(shape, alt)

    @staticmethod
    def described(shape: Any, alt: str) -> None:
        """Say in words what a shape shows."""
        shape.element.find(f".//{{{P}}}cNvPr").set("descr", alt)

    def table(self, table: Table, size: float, box: Box, heights: Sequence[float]) -> None:
        """A table that an office edits; `heights` of its rows, the header first, in points."""
        shape = self.slide.shapes.add_table(len(table.rows) + 1, len(table.columns), *box.emu)
        if table.caption:
            self.described(shape, table.caption)
        total = sum(column.share for column in table.columns)
        for made, column in zip(shape.table.columns, table.columns, strict=True):
            made.width = round(box.wide * column.share / total * EMU)
        for made, high in zip(shape.table.rows, heights, strict=True):
            made.height = round(high * EMU)
        style = shape.element.find(f".//{{{A}}}tableStyleId")
        style.text = _NO_STYLE
        rows = [tuple(column.title for column in table.columns), *table.rows]
        for number, (row, told) in enumerate(zip(shape.element.iter(f"{{{A}}}tr"), rows, strict=True)):
            for cell, text, column in zip(row.iter(f"{{{A}}}tc"), told, table.columns, strict=True):
                self._cell(
                    cell, Para(runs_of(text, bold=number == 0)), size, _ALIGN[column.align], number == 0
                )

    def _cell(self, cell: Any, para: Para, size: float, align: str, head: bool) -> None:
        body = cell.find(f"{{{A}}}txBody")
        body.replace(body.find(f"{{{A}}}p"), self._paragraph(para, size, own=True, align=align))
        space = body.find(f".//{{{A}}}spcAft/{{{A}}}spcPts")
        space.set("val", "0")
        pad = round(CELL_PAD * EMU)
        ink, weight = ('<a:schemeClr val="accent1"/>', 1.5) if head else (_HAIR, 0.6)
        line = f'<a:lnB w="{round(weight * EMU)}"><a:solidFill>{ink}</a:solidFill></a:lnB>'
        anchor = "b" if head else "t"
        inset = f'marL="{pad}" marR="{pad}" marT="{pad // 2}" marB="{pad // 2}"'
        made = parse_xml(f'<a:tcPr {SPACES} {inset} anchor="{anchor}">{line}<a:noFill/></a:tcPr>')
        old = cell.find(f"{{{A}}}tcPr")
        if old is not None:
            cell.remove(old)
        cell.append(made)


def _without_place(element: Any) -> bytes:
    """A placeholder of a layout as one of a slide, which inherits place and style."""
    copy = etree.fromstring(etree.tostring(element))
    spot = copy.find(f"{{{P}}}spPr")
    for child in list(spot):
        spot.remove(child)
    body = copy.find(f"{{{P}}}txBody")
    for tag in ("bodyPr", "lstStyle"):
        old = body.find(f"{{{A}}}{tag}")
        for child in list(old):
            old.remove(child)
        old.attrib.clear()
    return bytes(etree.tostring(copy))
