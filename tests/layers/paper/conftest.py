"""A map, its legend and a document made of them, in either language."""

from collections.abc import Callable

import pytest
import shapely

from geo.crs import WGS84, WORKING, transform
from layers.catalog import Language
from layers.paper.document import (
    Cite,
    Column,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
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
from layers.paper.frame import MapFrame
from layers.paper.legend import draw_legend, legend_rows
from layers.paper.maps import Mark, draw_map
from layers.query import Query
from layers.store import EmbeddedStore
from layers.view import View

SHARES = (122.0, 52.0)


@pytest.fixture(scope="session")
def tomsk() -> tuple[float, float]:
    """The middle of Tomsk in metres (EPSG:32645)."""
    x, y = transform([84.97], [56.49], WGS84, WORKING)
    return float(x[0]), float(y[0])


@pytest.fixture(scope="session")
def frame(tomsk: tuple[float, float]) -> MapFrame:
    return MapFrame(tomsk, 300_000, (122, 110))


@pytest.fixture(scope="session")
def site(tomsk: tuple[float, float]) -> shapely.Polygon:
    """A square of 2 x 2 km in the north of the town."""
    x, y = tomsk
    return shapely.box(x - 1000, y + 4000, x + 1000, y + 6000)


@pytest.fixture
def passport(store: EmbeddedStore, frame: MapFrame, site: shapely.Polygon) -> Callable[[Language], Document]:
    """Makes a document with a block of each kind."""

    def made(language: Language = "ru") -> Document:
        layers = View.default(store.catalogue).layers
        query = Query()
        picture = draw_map(store, layers, query, language, frame, marks=[Mark(site, "А-1", 800)], msk70=True)
        rows = legend_rows(store, layers, query, language, frame, sites=True)
        legend = draw_legend(rows, column_widths_mm(SHARES)[1], title="Условные обозначения")
        facts = (
            Fact("Площадь", "35 га", "± 2 га", (1,)),
            Fact("Электроснабжение", ("неизвестно, ", Link("спросить", "https://example.org/?a=1&b=2"))),
        )
        columns = (Column("Ограничение", share=3), Column("Расстояние, м", "right"))
        return Document(
            "Паспорт площадки «А-1» & <Б>",
            "Томский район",
            language,
            (
                Tiles(facts),
                Columns(((Picture(picture, "Рисунок 1", "Карта"),), (Picture(legend),)), SHARES),
                Heading("Рядом"),
                Facts(facts),
                Table(columns, tuple((f"Зона {n}", (Strong(f"{n} 000"), Cite((2,)))) for n in range(60))),
                Notice("Сказать нельзя"),
                Paragraph("Сельскохозяйственное деревообрабатывающее предприятие. " * 9, quiet=True),
                Sources(
                    (SourceLine("Первый", "2020", "https://example.org/1"), SourceLine("Второй")), "Источники"
                ),
            ),
            "Данные 0123456789ab · 25 ноября 2026 г.",
        )

    return made
