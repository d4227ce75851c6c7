"""Blocks of a document as plain data, from which the player in the browser builds nodes."""

from typing import Any

from layers.paper.document import (
    Block,
    Charted,
    Cite,
    Fact,
    Facts,
    Heading,
    Inline,
    Items,
    Link,
    Live,
    Notice,
    Paragraph,
    Strong,
    Table,
    Tiles,
)
from layers.paper.typeset import bound
from layers.text import Words


def blocks(told: tuple[Block, ...], words: Words) -> list[dict[str, Any]]:
    """The blocks one by one. Raises TypeError for one that no story has."""
    return [_block(block, words) for block in told]


def _block(block: Block, words: Words) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "head", "level": block.level, "text": bound(block.text)}
        case Paragraph():
            return {"kind": "text", "inline": inline(block.text), "quiet": block.quiet}
        case Notice():
            return {"kind": "notice", "inline": inline(block.text)}
        case Items():
            return {"kind": "list", "ordered": block.ordered, "rows": [inline(row) for row in block.rows]}
        case Tiles() | Facts():
            kind = "tiles" if isinstance(block, Tiles) else "facts"
            return {"kind": kind, "rows": [_fact(row) for row in block.rows]}
        case Table():
            columns = [{"title": c.title, "align": c.align, "share": c.share} for c in block.columns]
            rows = [[inline(cell) for cell in row] for row in block.rows]
            return {"kind": "table", "caption": block.caption, "columns": columns, "rows": rows}
        case Charted():
            return {"kind": "chart", "item": block.chart.item(words, ""), "caption": inline(block.caption)}
    raise TypeError(f"a story has no {type(block).__name__}")


def _fact(row: Fact) -> dict[str, Any]:
    value = inline(row.value)
    return {"label": row.label, "value": value, "note": row.note, "cited": list(row.cited)}


def inline(text: Inline) -> list[Any]:
    """A text in its parts."""
    return [_part(part) for part in ((text,) if isinstance(text, str) else text)]


def _part(part: str | Strong | Link | Cite) -> Any:
    match part:
        case Live():
            return {"figure": bound(part.text), "of": part.of}
        case Strong():
            return {"strong": bound(part.text)}
        case Link():
            return {"text": bound(part.text), "href": part.href if part.leads else ""}
        case Cite():
            return {"cite": list(part.numbers)}
    return bound(part)
