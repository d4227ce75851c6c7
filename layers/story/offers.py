"""What an author may put into a text: figures, charts and tables, each as its mark with its name."""

from collections.abc import Iterator
from dataclasses import dataclass

from layers.programme import boards
from layers.store import Store
from layers.story.live import Teller
from layers.text import Words
from layers.view import Page, View

_BOARDS: tuple[Page, ...] = ("programme", "funding", "reach")


@dataclass(frozen=True)
class Offer:
    """Something live: what it is called, how it stands now (or "" for a chart), what is written for it."""

    title: str
    now: str
    written: str


def figures(store: Store, view: View) -> Iterator[Offer]:
    """The figures of the boards, then what is stated of the programme as a whole."""
    for page in _BOARDS:
        for tile in boards.tiles(store, view.model_copy(update={"page": page, "shape": None})):
            yield Offer(f"{_page(view, page)}: {tile.title}", tile.figure, f"{{{page}.{tile.id}}}")
    names = store.catalogue.vocabularies["statement"]
    for name in dict.fromkeys(store.records("statements")["statement"]):
        title = f"{Words(view.language)('story.stated')}: {names[name][view.language]}"
        yield Offer(title, "", f"{{said/{name}}}")


def charts(store: Store, view: View) -> Iterator[Offer]:
    """The charts of the boards."""
    for page in _BOARDS:
        for chart in boards.charts(store, view.model_copy(update={"page": page, "shape": None})):
            written = f"![{chart.title}](chart:{page}.{chart.id})"
            yield Offer(f"{_page(view, page)}: {chart.title}", "", written)


def fields(store: Store, table: str, id_: str, view: View) -> Iterator[Offer]:
    """The fields of a record that are known, as a sentence tells them."""
    teller, record = Teller(store, view), store.record(table, id_, view.query)
    for field in store.catalogue.tables[table].fields:
        if not field.hidden and teller.value(field, record) is not None:
            mark = f"{table}/{id_}.{field.id}"
            yield Offer(field.title[view.language], teller.figure(mark).text, f"{{{mark}}}")


def _page(view: View, page: Page) -> str:
    return Words(view.language)(f"app.{page}")
