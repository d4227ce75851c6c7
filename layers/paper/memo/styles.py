"""The styles of a memo: every look is a style that an office changes in one place; lists, language, pages."""

from collections.abc import Iterator
from typing import Any

from docx.oxml import parse_xml

from layers.catalog import Language
from layers.paper.ink import ACCENT, HAIR, MM, QUIET, TINT
from layers.paper.office import TAGS

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = f'xmlns:w="{W}" xmlns:r="{R}"'
BULLETS, NUMBERS = 900, 901
"""The patterns of lists of ours; each numbered list is one more of the second."""
_HANG = 340
_BLACK = "1B2A33"


def _rgb(text: str) -> str:
    return text[1:].upper()


def _style(id_: str, name: str, paragraph: str = "", run: str = "", *, based: str = "Normal") -> str:
    basis = f'<w:basedOn w:val="{based}"/>' if id_ != "Normal" else ""
    default = ' w:default="1"' if id_ == "Normal" else ""
    following = '<w:next w:val="Normal"/>' if id_.startswith(("Heading", "Title", "Subtitle")) else ""
    return (
        f'<w:style {SPACES} w:type="paragraph"{default} w:styleId="{id_}"><w:name w:val="{name}"/>{basis}'
        f"{following}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _type(size: float, ink: str = "", *, bold: bool = False) -> str:
    """Weight, colour and size, in the order that the schema asks for."""
    weight = "<w:b/><w:bCs/>" if bold else ""
    colour = f'<w:color w:val="{ink}"/>' if ink else ""
    return f'{weight}{colour}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'


def _space(before: float, after: float, line: float = 1.1) -> str:
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
        f'w:line="{round(line * 240)}" w:lineRule="auto"/>'
    )


def _paragraphs() -> Iterator[str]:
    accent, quiet = _rgb(ACCENT), _rgb(QUIET)
    held = "<w:keepNext/><w:keepLines/>"
    bar = f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="6" w:color="{accent}"/></w:pBdr>'
    top = f'<w:pBdr><w:top w:val="single" w:sz="24" w:space="8" w:color="{accent}"/></w:pBdr>'
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{_rgb(TINT)}"/>'
    yield _style("Normal", "Normal", _space(0, 6), _type(10.5, _BLACK))
    yield _style("Title", "Title", held + top + _space(0, 4, 1.0), _type(22, _BLACK, bold=True))
    yield _style("Subtitle", "Subtitle", _space(0, 12), _type(12, quiet))
    level = '<w:outlineLvl w:val="{}"/>'
    yield _style(
        "Heading1", "heading 1", held + _space(14, 4) + level.format(0), _type(14, accent, bold=True)
    )
    yield _style(
        "Heading2", "heading 2", held + _space(10, 3) + level.format(1), _type(11.5, _BLACK, bold=True)
    )
    yield _style("ChartTitle", "Chart Title", held + _space(8, 3), _type(10.5, _BLACK, bold=True))
    yield _style("Caption", "caption", "<w:keepLines/>" + _space(2, 10, 1.0), _type(9, quiet))
    yield _style("Quiet", "Quiet", _space(0, 5, 1.0), _type(9, quiet))
    yield _style("Notice", "Notice", "<w:keepLines/>" + bar + fill + _space(4, 8), "")
    for id_, name, pattern in (
        ("ListBullet", "List Bullet", BULLETS),
        ("ListNumber", "List Number", NUMBERS),
    ):
        numbered = f'<w:numPr><w:numId w:val="{pattern}"/></w:numPr>'
        yield _style(id_, name, numbered + _space(0, 3), "")
    yield _style("Source", "Source", "<w:keepLines/>" + _space(0, 2, 1.0), _type(9), based="ListNumber")
    yield _style("Cell", "Cell", _space(1, 1, 1.0), _type(9.5))
    yield _style("Figure", "Figure", _space(0, 0, 1.0), _type(18, accent, bold=True))
    yield _style("Footer", "footer", _space(0, 0, 1.0), _type(7.5, quiet))


def _table() -> str:
    """The style of tables: a line below the header, hair lines below the rows."""

    def line(side: str, ink: str, weight: int) -> str:
        return f'<w:{side} w:val="single" w:sz="{weight}" w:space="0" w:color="{_rgb(ink)}"/>'

    borders = line("bottom", HAIR, 4) + line("insideH", HAIR, 4)
    head = f'<w:tcBorders>{line("bottom", ACCENT, 12)}</w:tcBorders><w:vAlign w:val="bottom"/>'
    inset = '<w:left w:w="0" w:type="dxa"/><w:right w:w="120" w:type="dxa"/>'
    return (
        f'<w:style {SPACES} w:type="table" w:customStyle="1" w:styleId="MemoTable">'
        '<w:name w:val="Memo Table"/>'
        f'<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>{borders}</w:tblBorders>'
        f"<w:tblCellMar>{inset}</w:tblCellMar></w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="{_rgb(QUIET)}"/></w:rPr>'
        f"<w:tcPr>{head}</w:tcPr></w:tblStylePr></w:style>"
    )


def _link() -> str:
    return (
        f'<w:style {SPACES} w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        f'<w:qFormat/><w:rPr><w:color w:val="{_rgb(ACCENT)}"/></w:rPr></w:style>'
    )


def _pattern(id_: int, kind: str, text: str) -> Any:
    ink = f'<w:rPr><w:color w:val="{_rgb(ACCENT)}"/></w:rPr>'
    return parse_xml(
        f'<w:abstractNum {SPACES} w:abstractNumId="{id_}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{_HANG}" w:hanging="{_HANG}"/></w:pPr>{ink}</w:lvl>'
        "</w:abstractNum>"
    )


def new_list(memo: Any, pattern: int, first: int = 1, number: int | None = None) -> int:
    """A list that starts with `first`, and the number by which its paragraphs name it."""
    held = memo.part.numbering_part.element
    id_ = number or 1 + max(int(one.get(f"{{{W}}}numId")) for one in held.iter(f"{{{W}}}num"))
    start = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{first}"/></w:lvlOverride>'
    made = f'<w:num {SPACES} w:numId="{id_}"><w:abstractNumId w:val="{pattern}"/>{start}</w:num>'
    held.append(parse_xml(made))
    return id_


def dressed(memo: Any, language: Language, page_mm: tuple[float, float], margin_mm: float) -> None:
    """Give a new memo our styles and lists, its language, and pages of that size."""
    styles = memo.styles.element
    for text in (*_paragraphs(), _table(), _link()):
        made = parse_xml(text)
        for old in styles.findall(f"{{{W}}}style"):
            if old.get(f"{{{W}}}styleId") == made.get(f"{{{W}}}styleId"):
                styles.remove(old)
        styles.append(made)
    for told in styles.iter(f"{{{W}}}lang"):
        told.set(f"{{{W}}}val", TAGS[language])
    held = memo.part.numbering_part.element
    first = held.find(f"{{{W}}}num")
    for pattern in (_pattern(BULLETS, "bullet", "•"), _pattern(NUMBERS, "decimal", "%1.")):
        first.addprevious(pattern)
    for pattern_id in (BULLETS, NUMBERS):
        new_list(memo, pattern_id, number=pattern_id)
    settings = memo.settings.element
    stop = settings.find(f"{{{W}}}defaultTabStop")
    stop.addnext(parse_xml(f"<w:autoHyphenation {SPACES}/>"))
    settings.find(f"{{{W}}}themeFontLang").set(f"{{{W}}}val", TAGS[language])
    section = memo.sections[0]
    section.page_width, section.page_height = (round(side * MM * 12700) for side in page_mm)
    section.left_margin = section.right_margin = section.top_margin = round(margin_mm * MM * 12700)
    section.bottom_margin = round((margin_mm + 4) * MM * 12700)
    section.footer_distance = round(margin_mm / 2 * MM * 12700)
