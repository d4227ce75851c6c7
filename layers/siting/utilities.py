"""What a site can be supplied with: the need, the nearest source known, its spare capacity, and whom to ask.

An unknown capacity is unknown, never none: then the company that knows it is named.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from layers.feature import source_lines
from layers.records import as_dicts, split
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
_METERED = ("power", "heat")
"""The resources of which a source has only so much to spare; of heat no record says how much."""
_KW_PER_MW = 1000.0


@dataclass(frozen=True)
class Supply:
    """What is known of one resource at a site: label, sentence, whether it is known, note, sources."""

    resource: str
    label: str
    text: str
    known: bool
    note: str
    sources: tuple[str, ...]

    def row(self, store: Store, words: Words) -> dict[str, Any]:
        """It as a row of a list of facts."""
        links = source_lines(store.catalogue, self.sources, words)
        return {
            "label": self.label,
            "text": self.text,
            "known": self.known,
            "note": self.note,
            "links": links,
        }


@dataclass(frozen=True)
class Source:
    """A source of supply: its record, how far it is, and how far off that may be (m)."""

    record: dict[str, Any]
    away_m: float
    error_m: float


def nearest(store: Store, layer: str, shape: BaseGeometry, accuracy_m: float) -> Source | None:
    """The nearest record of a layer to a shape (EPSG:32645); None where none has a place."""
    metric = store.metric(layer)
    away = metric.distance(shape)
    away = away[~away.isna()]
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
    known = source is not None
    cited: list[str] = []
    if source:
        told.append(_source(source, words))
        cited += split(source.record["source_id"])
        spare = source.record.get("spare_mw")
        if resource in _METERED:
            spare_mw = np.nan if spare is None or pd.isna(spare) else float(spare)
            known = not np.isnan(spare_mw)
            told.append(_spare(spare_mw, need, words))
    else:
        told.append(words("supply.unknown"))
    contact = _contact(found.store, resource, district_of(found.store, one.shape))
    note = ""
    if contact:
        ask, company = contact[f"ask_{words.language}"], contact[f"name_{words.language}"]
        note = words("supply.ask", company=company, ask=ask)
        cited += split(contact["source_id"])
    label = words(f"supply.{resource}")
    return Supply(resource, label, " ".join(told), known, note, tuple(dict.fromkeys(cited)))


def _source(source: Source, words: Words) -> str:
    """The nearest source with its distance, which positions allow to be more or less."""
    low, high = max(0.0, source.away_m - source.error_m), source.away_m + source.error_m
    name = str(source.record[f"name_{words.language}"])
    ends = [words.number(end / 1000, 1) for end in (low, high)]
    return words("supply.nearest", name=name, low=ends[0], high=ends[1])


def _spare(spare_mw: float, need_kw: float | None, words: Words) -> str:
    """Whether the spare capacity is enough, where it is known."""
    if np.isnan(spare_mw):
        return words("supply.spare_unknown")
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
