"""The blocks of a document as the elements of a memo: paragraphs in styles, tables, pictures."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from reportlab.graphics.shapes import Drawing

from layers.catalog import Language
from layers.paper.charted import described, table_of, why_empty
from layers.paper.charts import draw_chart
from layers.paper.document import (
    GUTTER_MM,
    Block,
    Charted,
    Cite,
    Columns,
    Fact,
    Facts,
    Heading,
    Inline,
    Items,
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
)
from layers.paper.ink import MM, TINT
from layers.paper.memo.styles import NUMBERS, SPACES, W, new_list
from layers.paper.plots import plot_of
from layers.paper.raster import as_png
from layers.paper.typeset import written

_DPI = 200
_CHART_TYPE = 8.0
_AROUND_CHART = 60.0
_LABELS = 0.36
_EMU = 12700
_DXA = 20
"""Units of widths in a point."""
_JUSTIFIED = {"left": "left", "right": "right", "centre": "center"}
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'


class Writer:
    """Writes blocks as elements; pictures and addresses become parts of the memo; a page is `high`."""

    def __init__(self, memo: Any, language: Language, high: float) -> None:
        self.memo, self.language, self.high = memo, language, high
        self._marks = self._pictures = 0

    def headed(self, title: str, subtitle: str) -> Iterator[Any]:
        """Title and subtitle."""
        yield self._paragraph(title, "Title")
        if subtitle:
            yield self._paragraph(subtitle, "Subtitle")

    def block(self, block: Block, wide: float) -> list[Any]:
        """The elements of a block that has so many points of width."""
        match block:
            case Heading() | Paragraph() | Notice() | Items():
                return list(self._told(block))
            case Facts() | Tiles():
                return self._facts(block, wide)
            case Table():
                return self._captioned(block, wide)
            case Picture():
                return list(self._picture(block.drawing, block.caption, block.alt))
            case Charted():
                return list(self._charted(block, wide))
            case Columns():
                return self._columns(block, wide)
        return list(self._sources(block))

    # --- text ---------------------------------------------------------------------------------------

    def _told(self, block: Heading | Paragraph | Notice | Items) -> Iterator[Any]:
        match block:
            case Heading():
                yield self._paragraph(block.text, f"Heading{block.level}")
            case Paragraph():
                yield self._paragraph(block.text, "Quiet" if block.quiet else "")
            case Notice():
                yield self._paragraph(block.text, "Notice")
            case Items():
                listed = new_list(self.memo, NUMBERS) if block.ordered else 0
                for row in block.rows:
                    yield self._paragraph(row, "ListNumber" if block.ordered else "ListBullet", listed=listed)

    def _paragraph(
        self, text: Inline, style: str = "", *, listed: int = 0, align: str = "left", more: str = ""
    ) -> Any:
        named = f'<w:pStyle w:val="{style}"/>' if style else ""
        numbered = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{listed}"/></w:numPr>' if listed else ""
        justified = f'<w:jc w:val="{_JUSTIFIED[align]}"/>' if align != "left" else ""
        settings = f"<w:pPr>{named}{numbered}{justified}</w:pPr>"
        return parse_xml(f"<w:p {SPACES}>{settings}{self._inline(text)}{more}</w:p>")

    def _inline(self, text: Inline) -> str:
        found = ""
        for part in (text,) if isinstance(text, str) else text:
            match part:
                case Strong():
                    found += _run(part.text, "<w:rPr><w:b/><w:bCs/></w:rPr>")
                case Link() if part.leads:
                    id_ = self.memo.part.relate_to(part.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                    run = _run(part.text, '<w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr>')
                    found += f'<w:hyperlink r:id="{id_}">{run}</w:hyperlink>'
                case Link():
                    found += _run(part.text)
                case Cite():
                    found += _cites(part.numbers)
                case _:
                    found += _run(part)
        return found

    def _sources(self, block: Sources) -> Iterator[Any]:
        """The numbered list of sources; each is marked, so that its number leads to it."""
        if not block.lines:
            return
        if block.title:
            yield self._paragraph(block.title, "Heading1")
        listed = new_list(self.memo, NUMBERS, block.first)
        for number, line in enumerate(block.lines, start=block.first):
            yield self._source(number, line, listed)

    def _source(self, number: int, line: SourceLine, listed: int) -> Any:
        self._marks += 1
        facts = _run(f" {line.facts}", '<w:rPr><w:color w:val="56646E"/></w:rPr>') if line.facts else ""
        mark = f'<w:bookmarkStart w:id="{self._marks}" w:name="source_{number}"/>'
        end = f'<w:bookmarkEnd w:id="{self._marks}"/>'
        return self._paragraph(
            (Link(line.title, line.href),), "Source", listed=listed, more=f"{facts}{mark}{end}"
        )

    # --- tables -------------------------------------------------------------------------------------

    def _captioned(self, table: Table, wide: float) -> list[Any]:
        caption = [self._paragraph(table.caption, "ChartTitle")] if table.caption else []
        return [*caption, *self._table(table, wide)] if table.columns else caption

    def _table(self, table: Table, wide: float) -> list[Any]:
        """A table whose header stands on each page that it reaches; no page divides a row."""
        total = sum(column.share for column in table.columns)
        widths = [wide * column.share / total for column in table.columns]
        rows = [tuple(column.title for column in table.columns), *table.rows]
        made = [
            [
                [self._paragraph(cell, "Cell", align=column.align)]
                for cell, column in zip(row, table.columns, strict=True)
            ]
            for row in rows
        ]
        return [_grid(made, widths, header=True), self._gap()]

    def _facts(self, block: Facts | Tiles, wide: float) -> list[Any]:
        """Facts below each other, their names at the left; tiles side by side on a tint."""
        if not block.rows:
            return []
        if isinstance(block, Facts):
            made = [[[self._paragraph(row.label, "Cell")], self._value(row, "Cell")] for row in block.rows]
            return [_grid(made, [wide * _LABELS, wide * (1 - _LABELS)]), self._gap()]
        cells = [[self._paragraph(row.label, "Quiet"), *self._value(row, "Figure")] for row in block.rows]
        each = [wide / len(block.rows)] * len(block.rows)
        return [_grid([cells], each, bare=True, tint=TINT), self._gap()]

    def _value(self, row: Fact, style: str) -> list[Any]:
        note = [self._paragraph(row.note, "Quiet")] if row.note else []
        return [self._paragraph(row.value, style, more=_cites(row.cited)), *note]

    def _columns(self, block: Columns, wide: float) -> list[Any]:
        """Blocks side by side in a table without lines."""
        shares = block.shares or (1.0,) * len(block.parts)
        widths = [width * MM for width in column_widths_mm(shares, wide / MM)]
        cells = [
            [element for part in parts for element in self.block(part, width)]
            for parts, width in zip(block.parts, widths, strict=True)
        ]
        gutter = GUTTER_MM * MM
        padded = [width + gutter for width in widths[:-1]] + [widths[-1]]
        return [_grid([cells], padded, bare=True), self._gap()]

    def _gap(self) -> Any:
        """What keeps tables apart: two that touch would become one."""
        return self._paragraph("", "Cell")

    # --- pictures -----------------------------------------------------------------------------------

    def _picture(self, drawing: Drawing, caption: Inline, alt: str) -> Iterator[Any]:
        """A drawing at its own size, with what it shows in words."""
        size = round(drawing.width * _EMU), round(drawing.height * _EMU)
        inline = self.memo.part.new_pic_inline(BytesIO(as_png(drawing, _DPI, optimised=False)), *size)
        # Pictures within cells are not in the memo yet, so the library cannot count them.
        self._pictures += 1
        inline.docPr.set("id", str(self._pictures))
        inline.docPr.set("descr", written(alt))
        keep = "<w:pPr><w:keepNext/></w:pPr>" if caption else ""
        held = parse_xml(f"<w:p {SPACES}>{keep}<w:r><w:drawing/></w:r></w:p>")
        held.find(f".//{{{W}}}drawing").append(inline)
        yield held
        if caption:
            yield self._paragraph(caption, "Caption")

    def _charted(self, block: Charted, wide: float) -> Iterator[Any]:
        """A chart under its title; its table where it cannot be drawn."""
        chart, below = block.chart, block.caption or block.chart.note
        yield self._paragraph(chart.title, "ChartTitle")
        room = self.high - _AROUND_CHART
        drawings = draw_chart(chart, wide, self.language, size=_CHART_TYPE, high=room)
        plot = plot_of(chart)
        for number, drawing in enumerate(drawings, start=1):
            alt = described(plot, chart.title, self.language) if plot else chart.title
            yield from self._picture(drawing, below if number == len(drawings) else "", alt)
        if drawings:
            return
        table = table_of(chart, self.language)
        if table.rows:
            yield from self._table(table, wide)
        told = below if table.rows else why_empty(chart, self.language)
        if told:
            yield self._paragraph(told, "Caption")


def _run(text: str, look: str = "") -> str:
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(written(text))}</w:t></w:r>' if text else ""


def _cites(numbers: Iterable[int]) -> str:
    """Numbers of sources, raised, each leading to its source."""
    linked = [
        f"<w:hyperlink w:anchor={quoteattr(f'source_{number}')}>{_run(str(number), _RAISED)}</w:hyperlink>"
        for number in numbers
    ]
    return _run("\u00a0", _RAISED) + _run(",\u00a0", _RAISED).join(linked) if linked else ""


def _grid(
    rows: Sequence[Sequence[Sequence[Any]]],
    widths: Sequence[float],
    *,
    header: bool = False,
    bare: bool = False,
    tint: str = "",
) -> Any:
    """A table of cells, each of some elements; `bare` without the lines of our style."""
    style = "TableNormal" if bare else "MemoTable"
    whole = round(sum(widths) * _DXA)
    look = f'<w:tblLook w:firstRow="{int(header)}" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"/>'
    columns = "".join(f'<w:gridCol w:w="{round(width * _DXA)}"/>' for width in widths)
    table = parse_xml(
        f'<w:tbl {SPACES}><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{whole}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{look}</w:tblPr><w:tblGrid>{columns}</w:tblGrid></w:tbl>'
    )
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{tint[1:].upper()}"/>' if tint else ""
    for number, row in enumerate(rows):
        repeated = "<w:tblHeader/>" if header and number == 0 else ""
        made = parse_xml(f"<w:tr {SPACES}><w:trPr><w:cantSplit/>{repeated}</w:trPr></w:tr>")
        for cell, width in zip(row, widths, strict=True):
            size = f'<w:tcW w:w="{round(width * _DXA)}" w:type="dxa"/>'
            held = parse_xml(f"<w:tc {SPACES}><w:tcPr>{size}{fill}</w:tcPr></w:tc>")
            for element in cell:
                held.append(element)
            if not len(cell) or cell[-1].tag != f"{{{W}}}p":
                held.append(parse_xml(f"<w:p {SPACES}/>"))
            made.append(held)
        table.append(made)
    return table
