"""The passport of a site: what an investor and an official need of it, as PDF, page and GeoPackage.

Its parts follow the passports of investment sites that Russian regions publish (place, land, networks,
access, labour, limits, support), on two pages with its legend and sources. Every figure carries its source,
its date and its accuracy; what is not known is said to be so.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from babel import Locale
from babel.numbers import NumberFormatError, parse_decimal
from PIL import Image

from geo.crs import WGS84
from geo.shape import to_degrees
from geo.suitability import shaded
from geo.weighing import UNSURE_SHADES
from layers.comparison import HOME_NETWORK
from layers.day import today
from layers.feature import source_lines
from layers.paper.document import (
    CONTENT_MM,
    Block,
    Citations,
    Cite,
    Columns,
    Document,
    Heading,
    Inline,
    Paragraph,
    Picture,
    SourceLine,
    Sources,
    Table,
    Tiles,
    column_widths_mm,
    plain,
)
from layers.paper.frame import MapFrame
from layers.paper.ground import Ground
from layers.paper.hypertext import as_html
from layers.paper.legend import draw_legend, legend_rows
from layers.paper.maps import Mark, draw_map
from layers.paper.pdf import as_pdf
from layers.query import Query
from layers.siting import evidence
from layers.siting.accuracy import ERROR_SHARE
from layers.siting.models import REGISTER, named, origin
from layers.siting.passport_parts import Parts
from layers.siting.passport_place import Place
from layers.siting.results import Findings, findings
from layers.siting.sites import SPREAD, Site, site
from layers.siting.tiles import LINE, palette
from layers.stamp import stamp
from layers.store import Store, UnknownFeature
from layers.text import Words
from layers.view import Placed

ON_MAP = (
    *("districts", "rivers", "railways", "roads", "settlements", "stations"),
    *("substations", "power_plants", "airports", "park_industrial", "park_innovation", "projects"),
)
_SHARES, _NEARBY_SHARES = (1.0, 1.0), (1.3, 1.0)
_MAP_HIGH_MM = 76.0
_LEGEND_COLUMNS = 5
_NEAR_M, _FAR_M = 2_300.0, 20_000.0
"""How much of its surroundings the two maps show of a site, each way."""


@dataclass(frozen=True, eq=False)
class Passport:
    """The passport of a site of a search, in the reader's language."""

    found: Findings
    query: Query
    site: Site
    words: Words

    @classmethod
    def of(cls, store: Store, query: Query, pick: str, words: Words) -> "Passport":
        """The passport of the site that an address names.

        Raises `UnknownFeature`, and what `findings` does.
        """
        found = findings(store, query)
        one = site(found, pick)
        if one is None:
            raise UnknownFeature(pick)
        return cls(found, query, one, words)

    @property
    def file_name(self) -> str:
        """The name of its files, without their ending."""
        return f"passport-{self.site.id}".replace(".", "-")

    def pdf(self) -> bytes:
        """It as a PDF."""
        return as_pdf(self.document())

    def html(self) -> bytes:
        """It as one page with everything inside."""
        return as_html(self.document()).encode()

    def document(self) -> Document:
        """It as a document for paper."""
        words, cites = self.words, Citations()
        place, parts = self._parts(cites)
        blocks: list[Block] = [
            place.tiles(),
            *parts.risks(),
            *self._maps(),
            Columns(
                (
                    (Heading(words("passport.place"), 2), place.position()),
                    (Heading(words("passport.ways"), 2), place.access()),
                ),
                _SHARES,
            ),
            Heading(words("passport.limits"), 2),
            parts.limits(),
            *parts.free_limits(),
            *parts.musts(),
            Heading(words("passport.support"), 2),
            *parts.support(),
            Heading(words("passport.networks"), 2),
            place.networks(),
            Heading(words("passport.score"), 2),
            parts.score(),
            Columns(
                (
                    (Heading(words("passport.access"), 2), place.around()),
                    (Heading(words("passport.projects"), 2), parts.projects()),
                ),
                _NEARBY_SHARES,
            ),
            Paragraph(self._method(), quiet=True),
        ]
        blocks.append(Columns(tuple((part,) for part in self._sources(cites).halves()), _SHARES))
        return Document(
            title=words("passport.title", name=self.site.name(words.language)),
            subtitle=self._purpose(),
            language=words.language,
            blocks=tuple(blocks),
            stamp=self._stamp(),
            made=today(),
        )

    def _purpose(self) -> str:
        """What is to be built: the model by its title; of an edited one also the ready one it comes from."""
        store, words = self.found.store, self.words
        model = named(store, self.found.sought.model, words.language, words("site.own_model"))
        ready = None if model.ready else origin(store, model.model)
        told = words("passport.subtitle", model=model.title)
        if not ready:
            return told
        title = str(store.record(REGISTER, ready)[f"name_{words.language}"])
        return f"{told} {words('passport.edited', model=title)}"

    def _stamp(self) -> str:
        """What it was made from: data, model, grid, roads."""
        sought, words = self.found.sought, self.words
        return words(
            "passport.stamp",
            base=stamp(self.found.store, words),
            model=self.found.model.digest,
            cell=sought.cell_m,
            roads=self._roads(),
        )

    def _roads(self) -> str:
        """The roads of the search: a ready scenario by its name, or the reader's own."""
        roads, words = self.found.sought.roads, self.words
        if ":" in roads:
            return words("reach.own")
        return str(self.found.store.record("scenarios", roads)[f"name_{words.language}"])

    def _parts(self, cites: Citations) -> tuple[Place, Parts]:
        return (
            Place(self.found, self.site, self.words, cites),
            Parts(self.found, self.site, self.words, cites),
        )

    def _method(self) -> str:
        """How its figures were found, and what is assumed of how far off they may be."""

        def percent(share: float) -> str:
            return self.words.number(share * 100, 0)

        words, home = self.words, self.found.ground.network == HOME_NETWORK
        return words(
            "passport.method",
            rule=words("passport.rule_sum" if self.found.model.attitude == 1 else "passport.rule_ordered"),
            network=words("passport.roads_plan" if home else "passport.roads_own"),
            spread=percent(SPREAD),
            minutes=percent(ERROR_SHARE["minutes"]),
            people=percent(ERROR_SHARE["people"]),
            workforce=percent(ERROR_SHARE["workforce"]),
        )

    def _sources(self, cites: Citations) -> Sources:
        """The list that the numbers lead to; facts that are only cited have no licence to be told."""
        words, catalogue = self.words, self.found.store.catalogue
        lines = []
        for source in (catalogue.sources[id_] for id_ in cites.ids):
            who = catalogue.publisher(source, words.language)
            facts = [who, evidence.short_date(source.date, words)]
            if not source.bare:
                facts.append(catalogue.licence(source, words.language))
            told = " · ".join(fact for fact in facts if fact)
            lines.append(SourceLine(source.title[words.language], told, source.url))
        return Sources(tuple(lines), run_on=True)

    # --- maps ------------------------------------------------------------------------------------------

    def _maps(self) -> list[Block]:
        """The site in the agglomeration, its surroundings, and what both show."""
        words, (left, right) = self.words, column_widths_mm(_SHARES)
        wide, near = self._frame(left, _FAR_M), self._frame(right, _NEAR_M)
        maps = ((self._map(wide, "passport.map_wide"),), (self._map(near, "passport.map_near"),))
        shown = legend_rows(
            self.found.store, [Placed(id=name) for name in ON_MAP], Query(), words.language, wide, sites=True
        )
        legend = Picture(
            draw_legend(shown, CONTENT_MM, columns=_LEGEND_COLUMNS), alt=words("passport.legend")
        )
        return [Columns(maps, _SHARES), legend]

    def _frame(self, width_mm: float, around_m: float) -> MapFrame:
        west, south, east, north = self.site.shape.bounds
        bounds = west - around_m, south - around_m, east + around_m, north + around_m
        return MapFrame.fitting(bounds, (width_mm, _MAP_HIGH_MM))

    def _map(self, frame: MapFrame, key: str) -> Picture:
        words, layers = self.words, [Placed(id=name) for name in ON_MAP]
        drawing = draw_map(
            self.found.store, layers, Query(), words.language, frame,
            marks=[Mark(self.site.shape, self.site.name(words.language), self.site.accuracy_m)],
            grounds=ground_of(self.found, frame), msk70=True,
        )  # fmt: skip
        return Picture(drawing, words(key), words(key))

    # --- GeoPackage --------------------------------------------------------------------------------------

    def gpkg(self) -> bytes:
        """Its outline, and its tables with their accuracies, dates and sources, as a GeoPackage."""
        words, cites = self.words, Citations()
        place, parts = self._parts(cites)
        outline = gpd.GeoDataFrame(
            [{"name": self.site.name(words.language), **place.figures(), "stamp": self._stamp()}],
            geometry=[to_degrees(self.site.shape)],
            crs=WGS84,
        )
        projects = parts.projects()
        tables = {
            "place": place.position(),
            "access": place.access(),
            "around": place.around(),
            "networks": place.networks(),
            "score": parts.score(),
            "limits": parts.limits(),
            **({"projects": projects} if isinstance(projects, Table) else {}),
        }
        frames = {
            "summary": self._figures(place.tiles()),
            "criteria": parts.amounts(),
            **{name: self._frame_of(table) for name, table in tables.items()},
        }
        lines = source_lines(self.found.store.catalogue, cites.ids, words)
        cited = pd.DataFrame(lines).rename(columns={"href": "address"})
        frames["sources"] = cited.assign(n=range(1, len(cited) + 1))
        with tempfile.TemporaryDirectory(prefix="passport-") as folder:
            path = Path(folder) / "passport.gpkg"
            outline.to_file(path, layer="site", driver="GPKG")
            for name, frame in frames.items():
                rows = gpd.GeoDataFrame(frame, geometry=_nowhere(len(frame)), crs=WGS84)
                rows.to_file(path, layer=name, driver="GPKG", mode="a")
            return path.read_bytes()

    def _figures(self, tiles: Tiles) -> pd.DataFrame:
        """The few figures that matter most, with what is noted of them and their sources."""
        words = self.words
        titles = [
            words(key) for key in ("passport.figure", "passport.value", "passport.exact", "passport.sources")
        ]
        rows = [[one.label, plain(one.value), one.note, _numbers(one.cited)] for one in tiles.rows]
        return pd.DataFrame(rows, columns=titles)

    def _frame_of(self, table: Table) -> pd.DataFrame:
        """A table with its columns of amounts as numbers, and a column for the numbers of its sources."""
        columns = [*(column.title for column in table.columns), self.words("passport.sources")]
        rows = [[*map(plain, row), _numbers(_cited(row))] for row in table.rows]
        frame = pd.DataFrame(rows, columns=columns)
        dates = self.words("passport.as_of")
        amounts = [
            column.title for column in table.columns if column.align == "right" and column.title != dates
        ]
        return frame.assign(**{title: _numeric(frame[title], self.words.locale) for title in amounts})


def ground_of(found: Findings, frame: MapFrame) -> list[Ground]:
    """The suitability under a map."""
    window = found.grid.window(frame.bounds)
    if window is None:
        return []
    index = shaded(*found.judged(0, window))
    # Hatching would be lost on paper: what cannot be told is drawn in the colour of its lines.
    colours = palette(found.store.catalogue.layers["site_score"])
    picture = Image.fromarray(colours[np.where(index >= UNSURE_SHADES, LINE, index)], "RGBA")
    return [Ground(picture, found.grid.cut(window).bounds, 0.75)]


def _numeric(column: pd.Series, locale: Locale) -> pd.Series:
    """A column of texts as numbers, where each is one; what is off by ±n is so by n."""
    try:
        return column.map(lambda text: float(parse_decimal(text.lstrip("±"), locale=locale, strict=True)))
    except NumberFormatError:
        return column


def _cited(row: tuple[Inline, ...]) -> tuple[int, ...]:
    """The numbers of the sources of a row, each once."""
    marks = [part for cell in row if not isinstance(cell, str) for part in cell if isinstance(part, Cite)]
    return tuple(sorted({number for mark in marks for number in mark.numbers}))


def _numbers(cited: tuple[int, ...]) -> str:
    return "; ".join(map(str, cited))


def _nowhere(count: int) -> gpd.GeoSeries:
    """The geometry of rows that have no place."""
    return gpd.GeoSeries(np.full(count, None, object), crs=WGS84)
