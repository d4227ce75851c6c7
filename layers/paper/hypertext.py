"""A document as one page for a browser: everything within it, no script, nothing fetched from elsewhere."""

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

from layers.catalog import Language
from layers.identity import identity
from layers.paper import fonts
from layers.paper.charted import table_of, why_empty
from layers.paper.charts import draw_chart
from layers.paper.document import (
    Block,
    Charted,
    Cite,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
    Inline,
    Items,
    Link,
    Notice,
    Paragraph,
    Picture,
    Sources,
    Strong,
    Table,
    Tiles,
    column_widths_mm,
    runs,
)
from layers.paper.ink import ACCENT, MM, TINT
from layers.paper.svg import FAMILY, as_svg
from layers.paper.typeset import bound, softened

_CSS = Path(__file__).with_name("paper.css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


def as_html(document: Document) -> str:
    """The document as one HTML page; every text in it is escaped."""
    page = _Page(document.language)
    body = page.blocks(document.blocks, document.content_mm * MM)
    title = _plain(document.title)
    subtitle = f'<p class="subtitle">{_plain(document.subtitle)}</p>' if document.subtitle else ""
    stamp = f"<footer>{_plain(document.stamp)}</footer>" if document.stamp else ""
    main = f"<main><header>{_logo(document.language)}<h1>{title}</h1>{subtitle}</header>{body}{stamp}</main>"
    faces = "".join(_face(face, weight, main) for face, weight in ((fonts.REGULAR, 400), (fonts.BOLD, 700)))
    return (
        f'<!DOCTYPE html><html lang="{document.language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{faces}{_css()}</style></head><body>{main}</body></html>\n"
    )


@cache
def _css() -> str:
    return _CSS.read_text(encoding="utf-8") + f":root {{ --accent: {ACCENT}; --tint: {TINT}; }}\n"


def _logo(language: Language) -> str:
    """The agency's logo as a picture: no script in it can run."""
    shown = identity().logo
    if shown is None:
        return ""
    return f'<img class="logo" src="{shown.address}" alt="{escape(identity().called(language))}">'


def _face(face: str, weight: int, text: str) -> str:
    """A face with the characters of a text, written into the page itself."""
    data = b64encode(fonts.woff(face, text)).decode()
    source = f"url(data:font/woff;base64,{data})"
    return f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};src:{source} format("woff")}}'


def _plain(text: str) -> str:
    return escape(bound(fonts.sound(text)))


def _running(text: str) -> str:
    """Text that runs on: its long words may be divided."""
    return escape(softened(bound(fonts.sound(text))))


def _inline(text: Inline) -> str:
    """A text with its links and citations."""
    found = ""
    for part in (text,) if isinstance(text, str) else text:
        match part:
            case Strong():
                found += f"<strong>{_running(part.text)}</strong>"
            case Link() if part.leads:
                found += f'<a href="{escape(part.href)}" rel="noreferrer">{_running(part.text)}</a>'
            case Link():
                found += _running(part.text)
            case Cite():
                found += _cites(part.numbers)
            case _:
                found += _running(part)
    return found


def _cites(numbers: Iterable[int]) -> str:
    told = ("–".join(f'<a href="#source-{n}">{n}</a>' for n in sorted(set(run))) for run in runs(numbers))
    joined = ", ".join(told)
    return f"<sup>{joined}</sup>" if joined else ""


class _Page:
    """Writes blocks one by one; pictures are numbered, so that their names stay apart."""

    def __init__(self, language: Language) -> None:
        self._language, self._pictures = language, 0

    def blocks(self, blocks: Iterable[Block], wide: float) -> str:
        """Blocks that stand in a column of so many points."""
        return "".join(self._block(block, wide) for block in blocks)

    def _block(self, block: Block, wide: float) -> str:
        match block:
            case Heading() | Paragraph() | Notice():
                return _text(block)
            case Items():
                return _items(block)
            case Facts() | Tiles():
                return _facts("facts" if isinstance(block, Facts) else "tiles", block.rows)
            case Table():
                return _table(block)
            case Picture():
                return self._picture(block)
            case Charted():
                return self._charted(block, wide)
            case Columns():
                return self._columns(block, wide)
            case Sources():
                return _sources(block)
        raise TypeError(f"no way to write {type(block).__name__} as HTML")

    def _picture(self, picture: Picture) -> str:
        self._pictures += 1
        svg = as_svg(picture.drawing, title=bound(picture.alt), prefix=f"p{self._pictures}-")
        caption = f"<figcaption>{_inline(picture.caption)}</figcaption>" if picture.caption else ""
        return f"<figure>{svg}{caption}</figure>"

    def _charted(self, block: Charted, wide: float) -> str:
        """A chart under its title; its table where it cannot be drawn."""
        chart = block.chart
        title, below = f"<h3>{_running(chart.title)}</h3>", _inline(block.caption or chart.note)
        drawn = ""
        for drawing in draw_chart(chart, wide, self._language):
            self._pictures += 1
            drawn += as_svg(drawing, title=bound(chart.title), prefix=f"p{self._pictures}-")
        if drawn:
            caption = f"<figcaption>{below}</figcaption>" if below else ""
            return f"<figure>{title}{drawn}{caption}</figure>"
        table = table_of(chart, self._language)
        told = below if table.rows else _running(why_empty(chart, self._language))
        quiet = f'<p class="quiet">{told}</p>' if told else ""
        return f"{title}{_table(table) if table.rows else ''}{quiet}"

    def _columns(self, columns: Columns, wide: float) -> str:
        shares = columns.shares or (1.0,) * len(columns.parts)
        widths = " ".join(f"minmax(0,{share:g}fr)" for share in shares)
        across = [each_mm * MM for each_mm in column_widths_mm(shares, wide / MM)]
        parts = "".join(
            f"<div>{self.blocks(part, each)}</div>" for part, each in zip(columns.parts, across, strict=True)
        )
        return f'<div class="columns" style="grid-template-columns:{widths}">{parts}</div>'


def _text(block: Heading | Paragraph | Notice) -> str:
    match block:
        case Heading():
            return f"<h{block.level + 1}>{_plain(block.text)}</h{block.level + 1}>"
        case Notice():
            return f'<p class="notice">{_inline(block.text)}</p>'
        case Paragraph():
            quiet = ' class="quiet"' if block.quiet else ""
            return f"<p{quiet}>{_inline(block.text)}</p>"


def _items(block: Items) -> str:
    tag = "ol" if block.ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{_inline(row)}</li>' for row in block.rows)}</{tag}>"


def _facts(look: str, rows: Iterable[Fact]) -> str:
    written = ""
    for row in rows:
        note = f"<small>{_running(row.note)}</small>" if row.note else ""
        value = _inline(row.value)
        if look == "tiles":
            value = f"<strong>{value}</strong>"
        label = f"<dt>{_running(row.label)}</dt>"
        written += f"<div>{label}<dd>{value}{_cites(row.cited)}{note}</dd></div>"
    return f'<dl class="{look}">{written}</dl>' if written else ""


def _table(table: Table) -> str:
    caption = f"<caption>{_running(table.caption)}</caption>" if table.caption else ""
    looks = ["" if column.align == "left" else f' class="{column.align}"' for column in table.columns]
    total = sum(column.share for column in table.columns)
    widths = "".join(f'<col style="width:{column.share / total:.1%}">' for column in table.columns)
    head = "".join(
        f'<th scope="col"{look}>{_plain(column.title)}</th>'
        for column, look in zip(table.columns, looks, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{look}>{_inline(cell)}</td>" for cell, look in zip(row, looks, strict=True))
        + "</tr>"
        for row in table.rows
    )
    group = f"<colgroup>{widths}</colgroup>"
    return f"<table>{caption}{group}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _sources(sources: Sources) -> str:
    title = f"<h2>{_running(sources.title)}</h2>" if sources.title else ""
    lines = ""
    for number, line in enumerate(sources.lines, start=sources.first):
        facts = f' <span class="quiet">{_running(line.facts)}</span>' if line.facts else ""
        lines += f'<li id="source-{number}">{_inline((Link(line.title, line.href),))}{facts}</li>'
    return f'{title}<ol class="sources" start="{sources.first}">{lines}</ol>' if lines else ""
