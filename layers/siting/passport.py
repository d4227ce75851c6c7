"""The passport of a site: what an investor and an official need of it, as PDF, page and GeoPackage.

Its parts follow the passports of investment sites that Russian regions publish (place, land, networks,
access, labour, limits, support): two pages, then the legend and the sources. Every figure carries its source,
its date and its accuracy; what is not known is said to be so.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from PIL import Image

from geo.crs import WGS84, WORKING, msk70_proj, msk70_zone, transform
from geo.shape import to_degrees
from geo.suitability import shaded
from geo.weighing import UNSURE_SHADES
from layers.feature import source_lines
from layers.paper.document import (
    Block,
    Citations,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Picture,
    column_widths_mm,
)
from layers.paper.frame import MapFrame
from layers.paper.ground import Ground
from layers.paper.hypertext import as_html
from layers.paper.legend import draw_legend, legend_rows
from layers.paper.maps import Mark, draw_map
from layers.paper.pdf import as_pdf
from layers.programme.boards import stamp
from layers.query import Query
from layers.siting.models import named
from layers.siting.passport_parts import Parts
from layers.siting.results import Findings, findings
from layers.siting.sites import Site, site
from layers.siting.tiles import LINE, palette
from layers.store import Store, UnknownFeature
from layers.text import Words
from layers.view import Placed

ON_MAP = (
    *("districts", "rivers", "railways", "roads", "settlements", "stations"),
    *("substations", "power_plants", "airports", "park_industrial", "park_innovation", "projects"),
)
_SHARES = (1.0, 1.0)
_MAP_HIGH_MM = 84.0
_NEAR_M, _FAR_M = 2_500.0, 22_000.0
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
        parts = Parts(self.found, self.site, words, cites)
        title = named(
            self.found.store, self.found.sought.model, words.language, words("site.own_model")
        ).title
        blocks: list[Block] = [
            parts.tiles(),
            *parts.risks(),
            self._maps(),
            Columns(
                (
                    (Heading(words("passport.place"), 2), Facts(tuple(self._place(cites)))),
                    (Heading(words("passport.ways"), 2), parts.ways_there()),
                ),
                _SHARES,
            ),
            Heading(words("passport.access"), 2),
            parts.access(),
            Heading(words("passport.networks"), 2),
            parts.networks(),
            Heading(words("passport.score"), 2),
            parts.score(),
            Heading(words("passport.limits"), 2),
            parts.limits(),
            *parts.free_limits(),
            Columns(
                (
                    (Heading(words("passport.projects"), 2), parts.projects()),
                    (Heading(words("passport.support"), 2), *parts.support()),
                ),
                _SHARES,
            ),
            Paragraph(words("passport.method"), quiet=True),
        ]
        blocks.append(self._legend())
        listed = cites.sources(self.found.store.catalogue, words.language).halves()
        blocks.append(Columns(tuple((part,) for part in listed), _SHARES))
        return Document(
            title=words("passport.title", name=self.site.name(words.language)),
            subtitle=words("passport.subtitle", model=title),
            language=words.language,
            blocks=tuple(blocks),
            stamp=self._stamp(),
        )

    def _stamp(self) -> str:
        """What it was made from: data, model, grid, roads."""
        sought, words = self.found.sought, self.words
        return words(
            "passport.stamp",
            base=stamp(self.found.store, words),
            model=self.found.model.digest,
            cell=sought.cell_m,
            roads=sought.roads if ":" not in sought.roads else words("reach.own"),
        )

    # --- place -----------------------------------------------------------------------------------------

    def _place(self, cites: Citations) -> list[Fact]:
        """Where it is: municipality, settlement, positions in three systems, their accuracy, its area."""
        words, one = self.words, self.site
        point = one.shape.representative_point()
        lon, lat = (float(part[0]) for part in transform([point.x], [point.y], WORKING, WGS84))
        zone = msk70_zone(lon)
        east, north = (float(part[0]) for part in transform([lon], [lat], WGS84, msk70_proj(zone)))
        area = one.about.get("area_ha")
        facts = [
            Fact("WGS 84", words("passport.degrees", lat=words.number(lat, 5), lon=words.number(lon, 5))),
            Fact(
                words("passport.msk", n=zone),
                words("passport.metres_xy", x=words.number(north, 0), y=words.number(east, 0)),
                words("passport.msk_note"),
            ),
            Fact(
                "UTM 45N", words("passport.metres_en", e=words.number(point.x, 0), n=words.number(point.y, 0))
            ),
            Fact(words("passport.accuracy"), words("passport.metres", n=words.number(one.accuracy_m, 0))),
            Fact(
                words("passport.area"),
                words("no_data") if area is None else words("passport.ha", n=words.number(float(area), 1)),
            ),
        ]
        return [*Parts(self.found, one, words, cites).territory(), *facts]

    # --- maps ------------------------------------------------------------------------------------------

    def _maps(self) -> Columns:
        """The site in the agglomeration, and its surroundings, with a legend."""
        left, right = column_widths_mm(_SHARES)
        wide = self._map(left, _FAR_M, "passport.map_wide")
        near = self._map(right, _NEAR_M, "passport.map_near")
        return Columns(((wide[0],), (near[0],)), _SHARES)

    def _map(self, width_mm: float, around_m: float, key: str) -> tuple[Picture, MapFrame]:
        words, shape = self.words, self.site.shape
        west, south, east, north = shape.bounds
        bounds = west - around_m, south - around_m, east + around_m, north + around_m
        frame = MapFrame.fitting(bounds, (width_mm, _MAP_HIGH_MM))
        store, query = self.found.store, Query()
        layers = [Placed(id=name) for name in ON_MAP]
        drawing = draw_map(
            store, layers, query, words.language, frame,
            marks=[Mark(shape, self.site.name(words.language), self.site.accuracy_m)],
            grounds=ground_of(self.found, frame), msk70=True,
        )  # fmt: skip
        return Picture(drawing, words(key), words(key)), frame

    def _legend(self) -> Picture:
        """The legend of its maps."""
        _, frame = self._map(column_widths_mm(_SHARES)[0], _FAR_M, "passport.map_wide")
        layers = [Placed(id=name) for name in ON_MAP]
        rows = legend_rows(self.found.store, layers, Query(), self.words.language, frame, sites=True)
        return Picture(draw_legend(rows, sum(column_widths_mm(_SHARES)), columns=4))

    # --- GeoPackage --------------------------------------------------------------------------------------

    def gpkg(self) -> bytes:
        """Its outline with the facts, and the tables of its score and limits, as a GeoPackage."""
        words, cites = self.words, Citations()
        parts = Parts(self.found, self.site, words, cites)
        facts = {fact.label: _plain(fact.value) for fact in (*self._place(cites), *parts.tiles().rows)}
        outline = gpd.GeoDataFrame(
            [{"name": self.site.name(words.language), **facts, "stamp": self._stamp()}],
            geometry=[to_degrees(self.site.shape)],
            crs=WGS84,
        )
        tables = {"score": parts.score(), "limits": parts.limits(), "networks": parts.networks()}
        with tempfile.TemporaryDirectory(prefix="passport-") as folder:
            path = Path(folder) / "passport.gpkg"
            outline.to_file(path, layer="site", driver="GPKG")
            for layer, table in tables.items():
                columns = [column.title for column in table.columns]
                rows = pd.DataFrame([[_plain(cell) for cell in row] for row in table.rows], columns=columns)
                gpd.GeoDataFrame(rows, geometry=_nowhere(len(rows)), crs=WGS84).to_file(
                    path, layer=layer, driver="GPKG", mode="a"
                )
            lines = source_lines(self.found.store.catalogue, cites.ids, words)
            cited = pd.DataFrame(lines).rename(columns={"href": "address"})
            gpd.GeoDataFrame(cited, geometry=_nowhere(len(cited)), crs=WGS84).to_file(
                path, layer="sources", driver="GPKG", mode="a"
            )
            return path.read_bytes()


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


def _plain(value: object) -> str:
    """A text without its marks."""
    if isinstance(value, str):
        return value
    return "".join(part if isinstance(part, str) else getattr(part, "text", "") for part in value)  # type: ignore[attr-defined]


def _nowhere(count: int) -> gpd.GeoSeries:
    """The geometry of rows that have no place."""
    return gpd.GeoSeries(np.full(count, None, object), crs=WGS84)
