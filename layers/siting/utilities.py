"""What a site can be supplied with: the need, the nearest source known, its spare capacity, and whom to ask.

An unknown capacity is unknown, never none: then the company that knows it is named. That a source is there
does not say what it can give: only a recorded spare capacity makes a supply known.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from shapely.geometry.base import BaseGeometry

from layers.feature import source_lines
from layers.records import as_dicts, split
from layers.siting.evidence import Evidence, of_record
from layers.siting.measures import existing
from layers.siting.results import Findings
from layers.siting.sites import Site
from layers.siting.territory import district_of
from layers.store import Store
from layers.text import Words

CONTACTS = "utility_contacts"
_ASKED = {
    "power": ("power_kw", "substations"),
    "gas": ("gas_m3h", None),
    "water": ("water_m3h", None),
    "heat": ("heat_gcalh", "power_plants"),
    "rail": ("wagons_day", "railways"),
}
"""The need of each resource, and the layer that holds its sources, if there is one."""
_METERED = "power"
"""The resource of which records may say how much a source has to spare; of no other does any."""
_KW_PER_MW = 1000.0


@dataclass(frozen=True)
class Supply:
    """What is told of one resource at a site: label, sentence, whether its capacity is known, whom to ask.

    `nearby` is what the sentence rests on, `asking` what is known of the company that can answer.
    """

    resource: str
    label: str
    text: str
    known: bool
    contact: str
    nearby: Evidence
    asking: Evidence

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of all of it."""
        return (self.nearby + self.asking).sources

    def row(self, store: Store, words: Words) -> dict[str, Any]:
        """It as a row of a list of facts."""
        return {
            "label": self.label,
            "text": self.text,
            "known": self.known,
            "note": words("supply.ask", contact=self.contact) if self.contact else "",
            "links": source_lines(store.catalogue, self.sources, words),
        }


@dataclass(frozen=True)
class Source:
    """A source of supply: its record, how far it is, and how far off that may be (m)."""

    record: dict[str, Any]
    away_m: float
    error_m: float


def nearest(store: Store, layer: str, shape: BaseGeometry, accuracy_m: float) -> Source | None:
    """The nearest record of a layer to a shape (EPSG:32645) that is there; None where none has a place."""
    there = existing(store, layer, store.features(layer))
    away = store.metric(layer).distance(shape)
    away = away[~away.isna() & away.index.isin(there.index)]
    if away.empty:
        return None
    record = store.record(layer, str(away.idxmin()))
    return Source(record, float(away.min()), float(record["accuracy_m"]) + accuracy_m)


def supplies(found: Findings, one: Site, words: Words) -> list[Supply]:
    """What is known of every resource at a site."""
    return [_supply(found, one, resource, words) for resource in _ASKED]


def _supply(found: Findings, one: Site, resource: str, words: Words) -> Supply:
    name, layer = _ASKED[resource]
    need = getattr(found.model.needs, name)
    told = [
        words("supply.need", need=_quantity(name, need, words))
        if need is not None
        else words("supply.no_need")
    ]
    source = nearest(found.store, layer, one.shape, one.accuracy_m) if layer else None
    spare_mw = _spare_mw(source) if source and resource == _METERED else None
    if source is None:
        told.append(words("supply.unknown"))
    else:
        told.append(_source(source, words))
        told.append(
            _spare(spare_mw, need, words)
            if spare_mw is not None
            else words("supply.wagons_unknown" if resource == "rail" else "supply.spare_unknown")
        )
    contact = _contact(found.store, resource, district_of(found.store, one.shape))
    asked = f"{contact[f'name_{words.language}']}. {contact[f'ask_{words.language}']}" if contact else ""
    return Supply(
        resource,
        words(f"supply.{resource}"),
        " ".join(told),
        spare_mw is not None,
        asked,
        of_record(source.record) if source else Evidence(),
        of_record(contact) if contact else Evidence(),
    )


def _spare_mw(source: Source) -> float | None:
    """What a source has to spare; None where that is not recorded."""
    spare = source.record.get("spare_mw")
    return None if spare is None or pd.isna(spare) else float(spare)


def _source(source: Source, words: Words) -> str:
    """The nearest source with its distance, which positions allow to be more or less."""
    low, high = max(0.0, source.away_m - source.error_m), source.away_m + source.error_m
    name = str(source.record[f"name_{words.language}"])
    ends = [words.number(end / 1000, 1) for end in (low, high)]
    return words("supply.nearest", name=name, low=ends[0], high=ends[1])


def _spare(spare_mw: float, need_kw: float | None, words: Words) -> str:
    """Whether a known spare capacity is enough."""
    spare = words.number(spare_mw, 1)
    if need_kw is None:
        return words("supply.spare", mw=spare)
    enough = spare_mw * _KW_PER_MW >= need_kw
    return words("supply.enough" if enough else "supply.short", mw=spare)


def _quantity(name: str, need: float, words: Words) -> str:
    return f"{words.number(need, 1)}\u00a0{words(f'need_unit.{name}')}"


def _contact(store: Store, resource: str, district: str | None) -> dict[str, Any] | None:
    """Who is to be asked: the company of the district, else the first of the resource."""
    records = [row for row in as_dicts(store.records(CONTACTS)) if row["resource"] == resource]
    local = [
        row for row in records if isinstance(row["districts"], str) and district in split(row["districts"])
    ]
    return next(iter([*local, *records]), None)
