"""The place of a site in its passport: what matters most, position, ways, surroundings, networks.

Each figure stands in a row with how far off it may be, the date of its records and its sources.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from geo.crs import WGS84, WORKING, msk70_proj, msk70_zone, transform
from layers.paper.document import Align, Citations, Cite, Column, Fact, Inline, Table, Tiles
from layers.siting import accuracy, evidence, surroundings, utilities
from layers.siting.evidence import Evidence
from layers.siting.measures import LABOUR_MINUTES, measure
from layers.siting.results import Findings
from layers.siting.sites import Site, spread
from layers.siting.telling import hectares
from layers.siting.territory import district_of, nearest_settlement
from layers.text import Words

Row = tuple[Inline, ...]
_GOALS = ("tomsk", "stations", "airports", "hospitals", "universities")
_DIGITS = 3
"""To how many digits people are told: their error is a tenth."""


class Place:
    """The place of a site in the words of a passport; what is cited is numbered by `cites`."""

    def __init__(self, found: Findings, one: Site, words: Words, cites: Citations) -> None:
        self.found, self.site, self.words, self.cites = found, one, words, cites
        self.store = found.store
        self.ways = surroundings.ways(found, one)

    # --- what matters most -----------------------------------------------------------------------------

    def tiles(self) -> Tiles:
        """Score, area, time to Tomsk, workforce within an hour."""
        words, one = self.words, self.site
        road, people = evidence.of_ways(self.found), evidence.of_workforce(self.found)
        exact, area = self._area()
        model = evidence.of_model(self.found)
        minutes = self.ways.minutes["tomsk"]
        return Tiles(
            (
                self._tile("site.col_score", number(words, one.judged.score * 100, 1), self._range(), model),
                self._tile("site.col_ha", hectares(one, words), exact, area),
                self._tile("passport.to_tomsk", self._minutes(minutes), self._off_minutes("tomsk"), road),
                self._tile(
                    "passport.hour",
                    self._people(self.ways.workforce[60]),
                    self._off_people("workforce"),
                    people,
                ),
            )
        )

    def _tile(self, title: str, value: str, exact: str, rests: Evidence) -> Fact:
        """A figure with how far off it may be, its date and its sources."""
        note = " · ".join(part for part in (exact, rests.dated(self.words)) if part)
        return Fact(self.words(title), value, note, self.cites(rests.sources))

    def _range(self) -> str:
        """Within what the score lies in most draws; "" where there is none."""
        ends = spread(self.found, self.site)
        if ends is None:
            return ""
        low, high = (self.words.number(end * 100, 0) for end in ends)
        return self.words("passport.from_to", low=low, high=high)

    def _area(self) -> tuple[str, Evidence]:
        """How exact the area is, and what it rests on: cells, the reader's hand, or the record of a site."""
        words, one = self.words, self.site
        if one.layer == "site_free":
            return words("passport.as_published"), evidence.of_record(one.about["record"])
        if one.layer == "site_mine":
            return words("passport.as_drawn"), Evidence()
        cell = words.number(self.found.grid.cell_m, 0)
        return words("passport.by_cells", m=cell), evidence.of_search(self.found)

    # --- figures ---------------------------------------------------------------------------------------

    def position(self) -> Table:
        """Municipality, settlement, positions in three systems, area."""
        words, one = self.words, self.site
        point = one.shape.representative_point()
        lon, lat = (float(part[0]) for part in transform([point.x], [point.y], WORKING, WGS84))
        zone = msk70_zone(lon)
        east, north = (float(part[0]) for part in transform([lon], [lat], WGS84, msk70_proj(zone)))
        placed = (
            evidence.of_record(one.about["record"])
            if "record" in one.about
            else evidence.of_search(self.found)
        )
        off = words("passport.metres_off", n=words.number(one.accuracy_m, 0))
        degrees = words("passport.degrees", lat=words.number(lat, 5), lon=words.number(lon, 5))
        local = words("passport.metres_xy", x=words.number(north, 0), y=words.number(east, 0))
        metric = words("passport.metres_en", e=words.number(point.x, 0), n=words.number(point.y, 0))
        rows = [
            *self._territory(),
            self._row("WGS 84", degrees, off, placed),
            self._row(words("passport.msk", n=zone), local, off, placed),
            self._row("UTM 45N", metric, off, placed),
        ]
        if one.about.get("area_ha"):
            rows.append(
                self._row(words("passport.area"), words("passport.ha", n=hectares(one, words)), *self._area())
            )
        return self._table(rows, (1.35, 1.95, 1.0, 0.9))

    def _territory(self) -> list[Row]:
        """The municipality and the nearest settlement."""
        words, shape = self.words, self.site.shape
        district, rows = district_of(self.store, shape), []
        if district:
            held = self.store.record("districts", district)
            off = words("passport.border_off", n=words.number(float(held["accuracy_m"]) / 1000, 1))
            name = str(held[f"name_{words.language}"])
            rows.append(self._row(words("passport.district"), name, off, evidence.of_record(held)))
        record, away_m = nearest_settlement(self.store, shape)
        km = words.number(away_m / 1000, 1)
        told = words("passport.km_from", name=record[f"name_{words.language}"], km=km)
        off = self._km_off(float(record["accuracy_m"]) + self.site.accuracy_m)
        rows.append(self._row(words("passport.settlement"), told, off, evidence.of_record(record)))
        return rows

    def access(self) -> Table:
        """Minutes to goals and people within reach, along the road network."""
        words, road = self.words, evidence.of_ways(self.found)
        rows = [
            self._row(
                words(f"reach_goal_title.{goal}"), self._minutes(self.ways.minutes[goal]),
                self._off_minutes(goal), road,
            )
            for goal in _GOALS
        ]  # fmt: skip
        limits = " · ".join(map(str, LABOUR_MINUTES))
        for kind, counts, rests in (
            ("people", self.ways.people, evidence.of_people(self.found)),
            ("workforce", self.ways.workforce, evidence.of_workforce(self.found)),
        ):
            told = " · ".join(self._people(counts[limit]) for limit in LABOUR_MINUTES)
            rows.append(
                self._row(words(f"passport.{kind}", limits=limits), told, self._off_people(kind), rests)
            )
        return self._table(rows, (1.5, 1.9, 0.85, 0.95))

    def around(self) -> Table:
        """The nearest thing of each kind: how far, how far off that may be, the date of its record."""
        words = self.words
        rows: list[Row] = [
            (
                self.store.catalogue.layers[layer].title[words.language],
                (str(source.record[f"name_{words.language}"]), self._cite(evidence.of_record(source.record))),
                words.number(source.away_m / 1000, 1),
                f"±{words.number(source.error_m / 1000, 1)}",
                evidence.short_date(str(source.record["as_of"]), words),
            )
            for layer, source in surroundings.distances(self.found, self.site)
        ]
        titles = (
            "passport.kind",
            "passport.nearest",
            "passport.km_away",
            "passport.km_off",
            "passport.as_of",
        )
        return table(words, titles, (1.5, 2.6, 0.45, 0.6, 0.85), rows, left=2)

    def networks(self) -> Table:
        """Needs, nearest sources, what they can spare, as of when, whom to ask."""
        words = self.words
        rows: list[Row] = [
            (
                supply.label,
                (supply.text, self._cite(supply.nearby)),
                supply.nearby.dated(words),
                (supply.contact, self._cite(supply.asking)),
            )
            for supply in utilities.supplies(self.found, self.site, words)
        ]
        titles = ("passport.network", "passport.known", "passport.as_of", "passport.ask")
        return table(words, titles, (0.85, 2.6, 0.6, 2.9), rows, left=4)

    def figures(self) -> dict[str, float | None]:
        """What matters most as numbers; None for what is not known."""
        one, judged = self.site, self.site.judged
        minutes = self.ways.minutes["tomsk"]
        return {
            "score_percent": None if np.isnan(judged.score) else judged.score * 100,
            "unsure_percent": judged.unsure * 100,
            "area_ha": one.about.get("area_ha"),
            "accuracy_m": one.accuracy_m,
            "minutes_to_tomsk": minutes if math.isfinite(minutes) else None,
            "workforce_60_min": self.ways.workforce[60],
        }

    # --- how it is said --------------------------------------------------------------------------------

    def _row(self, label: str, value: str, exact: str, rests: Evidence) -> Row:
        return (label, (value, self._cite(rests)), exact, rests.dated(self.words))

    def _table(self, rows: Sequence[Row], shares: Sequence[float]) -> Table:
        """Rows of figures: name, value, how far off it may be, date."""
        titles = ("passport.figure", "passport.value", "passport.exact", "passport.as_of")
        return table(self.words, titles, shares, rows, left=4)

    def _cite(self, rests: Evidence) -> Cite:
        return Cite(self.cites(rests.sources))

    def _off_minutes(self, goal: str) -> str:
        """How far off the minutes to a goal may be."""
        off = self._error(f"minutes.{goal}", self.ways.minutes[goal])
        return self.words("passport.minutes_off", n=self.words.number(off, 0)) if off else ""

    def _off_people(self, kind: str) -> str:
        """By which share of themselves the people within any of the limits may be more or fewer, at most."""
        counts = self.ways.people if kind == "people" else self.ways.workforce
        off = max(
            (self._error(f"{kind}.{n}", count) / count for n, count in counts.items() if count), default=0.0
        )
        return self.words("passport.share_off", n=self.words.number(off * 100, 0)) if off else ""

    def _error(self, text: str, raw: float) -> float:
        places = accuracy.Places([self.site.shape], np.array([self.site.loose_m]))
        return accuracy.error(self.found, measure(text, self.store.catalogue), places, raw)

    def _km_off(self, metres: float) -> str:
        return self.words("passport.km_off_by", n=self.words.number(metres / 1000, 1))

    def _minutes(self, minutes: float) -> str:
        if not math.isfinite(minutes):
            return self.words("measure.no_way")
        return self.words("passport.minutes", n=self.words.number(minutes, 0))

    def _people(self, count: float) -> str:
        """A number of people to as many digits as it is known."""
        digits = _DIGITS - len(str(int(count)))
        return self.words.number(round(count, min(digits, 0)), 0)


def number(words: Words, value: float, decimals: int) -> str:
    """A number, or that it is not known."""
    return words("no_data") if np.isnan(value) else words.number(value, decimals)


def table(
    words: Words, titles: Sequence[str], shares: Iterable[float], rows: Iterable[Row], *, left: int
) -> Table:
    """A table with titles by their keys; its columns but the first `left` are set right."""
    aligned: list[Align] = ["left" if at < left else "right" for at in range(len(titles))]
    columns = tuple(
        Column(words(title), align, share)
        for title, align, share in zip(titles, aligned, shares, strict=True)
    )
    return Table(columns, tuple(rows))
