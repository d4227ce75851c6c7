"""How the charts of the programme speak: names, colours and figures, in the reader's language."""

from collections.abc import Callable
from typing import Any

import numpy as np

from geo import programme as sums
from geo.shape import Shape
from layers.chart import MAIN
from layers.day import today
from layers.programme.figures import Programme
from layers.query import Query
from layers.text import Words

GREY = "#8b95a1"
_LONGEST_NAME = 42


def in_words(total: sums.Total, words: Words, say: Callable[[float], str]) -> list[str]:
    """A total for a tip or a note: the sum, its range where sources disagree, what is not known."""
    if not total.known:
        return [words("no_data")]
    lines = [say(total.value)]
    low, high = say(total.low), say(total.high)
    if total.disputed and low != high:
        lines.append(words("programme.range", low=low, high=high))
    if total.unknown:
        lines.append(words.count("programme.unknown", total.unknown))
    return lines


def short(name: str) -> str:
    """A name that fits beside a bar."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip(" ,(–-«") + "…"


class Voice:
    """A choice (a query and a drawn shape) in a language on a day: words and colours of what it holds."""

    def __init__(
        self, programme: Programme, query: Query, shape: Shape | None, words: Words, day: str | None = None
    ) -> None:
        self.day = day or today()
        self.programme, self.query, self.shape, self.words = programme, query, shape, words
        self.catalogue = programme.store.catalogue
        self.chosen = programme.chosen(query, shape)

    def _title(self, column: str) -> str:
        return self.catalogue.fields[column].title[self.words.language]

    def _word(self, column: str, value: str) -> str:
        if not value:
            return self.words("legend.other", field=self._title(column).lower())
        if value == sums.UNNAMED:
            return self.words("programme.unnamed")
        return self.catalogue.word(self.catalogue.fields[column], value, self.words.language)

    def _names(self, ids: Any) -> list[str]:
        return [str(name) for name in self.programme.projects.loc[ids, f"name_{self.words.language}"]]

    def _colour(self, column: str, value: str) -> str:
        return self.catalogue.colour(column, value, MAIN if value else GREY)

    def _money(self, mln: float | None) -> str:
        return self.words("no_data") if mln is None or np.isnan(mln) else self.words.money(mln)

    def _picked(self, project: str) -> str:
        return f"pick=projects/{project}"

    def _park(self, value: str) -> str:
        return self._word("park", value) if value else self.words("programme.no_park")
