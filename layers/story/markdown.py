"""Markdown of a chapter into blocks of a document: only what is known here gets through.

CommonMark with tables, read by markdown-it with HTML off; raw HTML is text, pictures from elsewhere are left
out, links lead to http, https and mailto alone. Live marks, `{name}` within a sentence and pictures whose
address is `chart:`, `tiles:`, `table:` or `facts:`, are filled by a `Teller`. A heading of any level becomes
one of the second; emphasis is set strong, for the faces we carry have no italics.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from layers.paper.document import (
    Block,
    Charted,
    Cite,
    Column,
    Fact,
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
    plain,
)
from layers.story.live import Living, Teller, UnknownMark

MOST_CITED = 6
Piece = str | Strong | Link | Cite
Cited = Callable[[Iterable[str]], tuple[int, ...]]


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.inline.ruler.before("emphasis", "live", _live)
    return reader


def _live(state: StateInline, silent: bool) -> bool:
    """`{mark}` as a token of its own, so that no sign within it is read as Markdown."""
    if state.src[state.pos] != "{":
        return False
    end = state.src.find("}", state.pos + 1, state.posMax)
    if end < 0 or "\n" in state.src[state.pos : end]:
        return False
    if not silent:
        state.push("live", "", 0).content = state.src[state.pos + 1 : end]
    state.pos = end + 1
    return True


@dataclass
class Told:
    """What a Markdown text became: its blocks, the ids of its sources, and the marks that name nothing."""

    blocks: list[Block] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    faults: list[UnknownMark] = field(default_factory=list)


def told(text: str, teller: Teller, cited: Cited) -> Told:
    """The blocks of a Markdown text. `cited` gives the numbers of sources."""
    found = Told()
    _Writer(teller, cited, found).all(_reader().parse(text))
    return found


class _Writer:
    """Goes through the tokens of a text and writes blocks."""

    def __init__(self, teller: Teller, cited: Cited, found: Told) -> None:
        self.teller, self.cited, self.found = teller, cited, found

    def all(self, tokens: list[Token]) -> None:
        """Every block of the text."""
        place = 0
        while place < len(tokens):
            end = _end(tokens, place)
            self._block(tokens[place], tokens[place + 1 : end])
            place = end + 1

    def _block(self, opening: Token, within: list[Token]) -> None:
        match opening.type:
            case "paragraph_open":
                self._paragraph(within[0].children or [])
            case "heading_open":
                self.found.blocks.append(Heading(plain(self._inline(within[0].children or [])), 2))
            case "bullet_list_open" | "ordered_list_open":
                rows = tuple(self._inline(token.children or []) for token in within if token.type == "inline")
                self.found.blocks.append(Items(rows, opening.type.startswith("ordered")))
            case "blockquote_open":
                lines = [self._inline(token.children or []) for token in within if token.type == "inline"]
                self.found.blocks += [Notice(line) for line in lines]
            case "table_open":
                self.found.blocks.append(self._table(within))
            case "fence" | "code_block":
                self.found.blocks.append(Paragraph(opening.content.strip()))

    def _paragraph(self, children: list[Token]) -> None:
        """A paragraph, or what a picture with one of our addresses stands for."""
        content = [token for token in children if token.type == "image" or token.content.strip()]
        if content and all(token.type == "image" for token in content):
            for token in content:
                self._placed(str(token.attrs.get("src", "")), token.content)
            return
        inline = self._inline(children)
        if plain(inline).strip():
            self.found.blocks.append(Paragraph(inline))

    def _placed(self, address: str, caption: str) -> None:
        kind, _, mark = address.partition(":")
        makers = {"chart": self._chart, "tiles": self._tiles, "table": self._records, "facts": self._facts}
        try:
            if kind not in makers:
                raise UnknownMark(address, "picture")
            self.found.blocks.append(makers[kind](mark, caption))
        except UnknownMark as fault:
            self.found.faults.append(fault)

    def _chart(self, mark: str, caption: str) -> Block:
        chart, view = self.teller.chart(mark)
        ids = [source for act in chart.acts for source in self.teller.sources_of(act, view)]
        return Charted(chart, (caption, Cite(self._numbers(ids))))

    def _tiles(self, mark: str, _caption: str) -> Block:
        told = self.teller.tiles(mark)
        return Tiles(tuple(Fact(one.of, one.text, one.note, self._numbers(one.sources)) for one in told))

    def _records(self, mark: str, caption: str) -> Block:
        table, sources = self.teller.table(mark)
        self._numbers(sources)
        return replace(table, caption=caption)

    def _facts(self, mark: str, _caption: str) -> Block:
        rows, sources = self.teller.facts(mark)
        numbers = self._numbers(sources)
        return Tiles(tuple(replace(row, cited=numbers) for row in rows))

    def _numbers(self, ids: Iterable[str]) -> tuple[int, ...]:
        """The numbers of sources; none where there are more than a reader would look up."""
        named = list(dict.fromkeys(ids))
        if len(named) > MOST_CITED:
            return ()
        self.found.sources += [id_ for id_ in named if id_ not in self.found.sources]
        return self.cited(named)

    def _table(self, tokens: list[Token]) -> Table:
        """A table written out in Markdown."""
        rows: list[list[Inline]] = []
        aligns: list[str] = []
        for place, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                rows[-1].append(self._inline(tokens[place + 1].children or []))
                if token.type == "th_open":
                    aligns.append(str(token.attrs.get("style", "")))
        columns = tuple(
            Column(plain(title), "right" if "right" in align else "left")
            for title, align in zip(rows[0], aligns, strict=True)
        )
        return Table(columns, tuple(tuple(row) for row in rows[1:]))

    # --- within a paragraph -----------------------------------------------------------------------

    def _inline(self, tokens: list[Token]) -> Inline:
        pieces: list[Piece] = []
        strong, href = 0, ""
        for token in tokens:
            match token.type:
                case "strong_open" | "em_open":
                    strong += 1
                case "strong_close" | "em_close":
                    strong -= 1
                case "link_open":
                    href = str(token.attrs.get("href", ""))
                case "link_close":
                    href = ""
                case "live":
                    pieces += self._living(token.content)
                case "softbreak" | "hardbreak":
                    _add(pieces, " ", strong, href)
                case "image":
                    self.found.faults.append(UnknownMark(str(token.attrs.get("src", "")), "picture"))
                case _:
                    _add(pieces, token.content, strong, href)
        return tuple(pieces)

    def _living(self, mark: str) -> list[Piece]:
        """A live figure with its sources; a mark that names nothing is shown as it is written, and told."""
        try:
            living: Living = self.teller.figure(mark)
        except UnknownMark as fault:
            self.found.faults.append(fault)
            return [f"{{{mark}}}"]
        numbers = self._numbers(living.sources)
        many = len(set(living.sources))
        summed = self.teller.words.count("story.summed", many) if many > MOST_CITED else ""
        told = " · ".join(filter(None, (living.of, living.note, summed)))
        figure: list[Piece] = [Live(living.text, of=told)]
        return [*figure, Cite(numbers)] if numbers else figure


def _add(pieces: list[Piece], text: str, strong: int, href: str) -> None:
    if href:
        pieces.append(Link(text, href))
    elif strong:
        pieces.append(Strong(text))
    elif pieces and isinstance(pieces[-1], str):
        pieces[-1] += text
    else:
        pieces.append(text)


def _end(tokens: list[Token], place: int) -> int:
    """Where a block that begins at a place ends."""
    depth = 0
    for end in range(place, len(tokens)):
        depth += tokens[end].nesting
        if depth == 0:
            return end
    return len(tokens) - 1
