"""What a figure of a site rests on: the sources of its records and the span of their dates.

How far off a figure may be is said beside it: metres where positions decide, shares of it where the ways of
people do (`layers.siting.accuracy`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from babel.dates import format_date

from layers.comparison import HOME_NETWORK, READERS_NETWORK
from layers.reach import networks
from layers.reach.base import SETTLEMENTS
from layers.records import split
from layers.siting import brought
from layers.siting.measures import OF_RASTERS, Measure, counted
from layers.siting.models import REGISTER, reasons_of, shortest
from layers.siting.norms import norm as norm_of
from layers.siting.results import Findings
from layers.text import Words

MOST_CITED = 1
"""How many sources are cited of one input of a figure: the first of a record, the most frequent of many."""
OWN = "own-assumptions"
ROADS, SPEEDS = "roads", "speed-class-unknown"
_DAY = {"ru": "dd.MM.y", "en": "d MMM y"}
_EMPLOYED = "workforce-share"


@dataclass(frozen=True)
class Evidence:
    """Sources, the most telling first, and the oldest and newest dates of records ("": not known)."""

    sources: tuple[str, ...] = ()
    oldest: str = ""
    newest: str = ""

    def __add__(self, other: "Evidence") -> "Evidence":
        """What rests on both."""
        dates = [one for one in (self.oldest, other.oldest, self.newest, other.newest) if one]
        sources = tuple(dict.fromkeys((*self.sources, *other.sources)))
        return Evidence(sources, min(dates, default=""), max(dates, default=""))

    def dated(self, words: Words) -> str:
        """The date, or the years of the span of dates, as short as it can be said."""
        if self.oldest and self.oldest[:4] != self.newest[:4]:
            return f"{self.oldest[:4]}–{self.newest[:4]}"
        return short_date(self.newest, words)


def short_date(text: str, words: Words) -> str:
    """A date, a month or a year for a narrow column."""
    match text.split("-"):
        case [year, month, day]:
            told = date(int(year), int(month), int(day))
            return str(format_date(told, _DAY[words.language], words.locale))
        case [year, month]:
            return str(format_date(date(int(year), int(month), 1), "LLL y", words.locale))
    return text


def of_record(record: Mapping[str, Any]) -> Evidence:
    """What the figures of one record rest on."""
    as_of = str(record["as_of"])
    return Evidence(tuple(split(str(record["source_id"]))[:MOST_CITED]), as_of, as_of)


def of_records(frame: gpd.GeoDataFrame | pd.DataFrame) -> Evidence:
    """What is found among many records rests on."""
    counted = Counter(id_ for ids in frame["source_id"].dropna() for id_ in split(str(ids)))
    dates = sorted(str(as_of) for as_of in frame["as_of"].dropna())
    sources = tuple(id_ for id_, _ in counted.most_common(MOST_CITED))
    return Evidence(sources, *((dates[0], dates[-1]) if dates else ("", "")))


def of_ways(found: Findings) -> Evidence:
    """What minutes along the roads of a search rest on: records of roads, or a reader's network; speeds."""
    speeds = Evidence(tuple(split(str(found.store.record("assumptions", SPEEDS)["source_id"]))))
    if found.ground.network == HOME_NETWORK:
        return of_records(found.store.features(ROADS)) + speeds
    kept = networks.get(found.ground.network)
    changed = kept.changed[:10] if kept else ""
    return Evidence((READERS_NETWORK,), changed, changed) + speeds


def of_people(found: Findings) -> Evidence:
    """What the people within some minutes rest on: their numbers and the ways to them."""
    settlements = found.store.features(SETTLEMENTS)
    return of_records(settlements[settlements["population"].notna()]) + of_ways(found)


def of_workforce(found: Findings) -> Evidence:
    """The same for those of them who are employed."""
    return of_record(found.store.record("assumptions", _EMPLOYED)) + of_people(found)


def of_measure(found: Findings, of: Measure) -> Evidence:
    """What the amounts of a measure rest on."""
    match of.kind:
        case "minutes":
            return of_ways(found)
        case "people":
            return of_people(found)
        case "workforce":
            return of_workforce(found)
    if of.kind in OF_RASTERS:
        kept = brought.get(of.what)
        changed = kept.changed[:10] if kept else ""
        return Evidence((), changed, changed)
    frames = counted(found.store, of).values()
    return of_records(pd.concat([frame[["source_id", "as_of"]] for frame in frames]))


def of_model(found: Findings) -> Evidence:
    """What a score rests on: the record of a ready model and the assumptions of the authors."""
    ready = shortest(found.store, found.model)
    known = ready in found.store.records(REGISTER).index
    sources = of_record(found.store.record(REGISTER, ready)).sources if known else ()
    return Evidence(tuple(dict.fromkeys((*sources, OWN))), newest=as_of(found))


def of_search(found: Findings) -> Evidence:
    """What the place of something found rests on, which is computed here: of the date of all that went in."""
    return Evidence((OWN,), newest=as_of(found))


def as_of(found: Findings) -> str:
    """The date of what a search finds: that of the newest record on which its model rests."""
    return found.kept("as_of", lambda: _newest(found))


def _newest(found: Findings) -> str:
    reasons = reasons_of(found.store, found.model)
    records = [*reasons.values(), *(norm_of(found.store, limit.norm) for limit in found.model.limits)]
    told: Iterable[Evidence] = (
        *(of_measure(found, of) for of in found.measures),
        *(of_record(record) for record in records),
    )
    return max((one.newest for one in told), default="")
