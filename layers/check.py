"""`python -m layers.check`: reads every record of `data/` and says what is wrong with it.

Beyond the schema of each record (`layers.records`): points lie in the district they name, segments of the
road network meet and are as long as they say, projects agree with their history and money, every source is
used, every layer has records, the texts of both languages are complete, the stories name what is there. Exit
status 1 when there is a fault.
"""

import sys
from collections.abc import Iterator
from itertools import chain
from typing import Any

import shapely

from geo.crs import WORKING
from geo.network import connected_parts
from layers.catalog import Catalogue, CatalogueError
from layers.comparison import READERS_NETWORK
from layers.records import RecordsFile, as_dicts, citations, members, split
from layers.siting.own_limits import READERS_AREAS
from layers.store import EmbeddedStore
from layers.story.stock import read, untrue
from layers.text import differing_keys

_DISTRICT_SLACK_M = 1000.0
"""District outlines are generalised by about this much."""
_SHORTER_THAN_DRAWN = 0.98
_NODE_TOLERANCE_M = 1.0
_SHOWN_FAULTS = 60


class Check:
    """One run over a data folder: `faults` are sentences, `counts` the records of each file."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.frames: dict[str, Any] = {}
        self.faults: list[str] = []
        for name in sorted({table.records for table in catalogue.recorded.values()}):
            self.frames[name], faults = RecordsFile(catalogue, name).read()
            self.faults += faults
        self.counts = {name: len(frame) for name, frame in self.frames.items()}
        self.faults += chain(
            self._layers(),
            self._references(),
            self._districts(),
            self._roads(),
            self._programme(),
            self._sources(),
            self._texts(),
        )
        if not self.faults:
            self.faults += untrue(EmbeddedStore(catalogue))

    def _layers(self) -> Iterator[str]:
        layers = self.catalogue.layers.values()
        recorded = self.catalogue.recorded.values()
        used = {table.records for table in recorded} | {layer.extents for layer in layers}
        for path in sorted((self.catalogue.folder / "records").iterdir()):
            if path.name not in used:
                yield f"{path.name}: no layer and no register shows these records"
        for table in recorded:
            if members(table, self.frames[table.records]).empty:
                yield f"{table.id}.toml: no record of {table.records} belongs to it"

    def _references(self) -> Iterator[str]:
        for name, frame in self.frames.items():
            for field in RecordsFile(self.catalogue, name).fields:
                if not field.to:
                    continue
                there = self.frames[self.catalogue.tables[field.to].records].index
                for id_, targets in frame[field.id].dropna().items():
                    for target in set(split(targets)).difference(there):
                        yield f"{name}, {id_}: {field.id} names {target!r}, which is not there"

    def _districts(self) -> Iterator[str]:
        outlines = dict(self.frames["districts.geojson"].geometry.to_crs(WORKING).items())
        for name, frame in self.frames.items():
            for record in as_dicts(frame.to_crs(WORKING)) if "district" in frame else []:
                district, place = record["district"], record["geometry"]
                if place is None or district not in outlines:
                    continue
                away = shapely.distance(place, outlines[district])
                if away > _DISTRICT_SLACK_M + record["accuracy_m"]:
                    yield f"{name}, {record['id']}: its point lies {away / 1000:.1f} km outside {district}"

    def _roads(self) -> Iterator[str]:
        nodes: dict[str, shapely.Point] = {}
        segments = as_dicts(self.frames["roads.geojson"].to_crs(WORKING))
        for segment in segments:
            where, line = f"roads.geojson, {segment['id']}", segment["geometry"]
            for column, point in (
                ("from_node", line.interpolate(0)),
                ("to_node", line.interpolate(line.length)),
            ):
                node = segment[column]
                if node is None:
                    yield f"{where}: {column} is not named"
                elif shapely.distance(nodes.setdefault(node, point), point) > _NODE_TOLERANCE_M:
                    yield f"{where}: node {node} does not lie where other segments put it"
            drawn_km = line.length / 1000
            if not segment["length_km"] >= _SHORTER_THAN_DRAWN * drawn_km:
                yield f"{where}: length {segment['length_km']} km, drawn {drawn_km:.1f} km"
        ends = [(s["from_node"], s["to_node"]) for s in segments if s["from_node"] and s["to_node"]]
        for part in connected_parts([a for a, _ in ends], [b for _, b in ends])[1:]:
            yield f"roads.geojson: {', '.join(sorted(part)[:4])} cannot be reached from the rest"

    def _programme(self) -> Iterator[str]:
        """A project, its history and its money must tell the same."""
        projects, events, money = (self.frames[f"{name}.csv"] for name in ("projects", "events", "money"))
        happened = events[events["basis"] == "actual"].sort_values("date", kind="stable")
        last = happened.groupby("project")["status"].last()
        for id_, status in projects["status"].items():
            if last.get(id_) != status:
                yield f"events.csv, {id_}: its history ends with {last.get(id_)!r}, its status is {status!r}"
        funding = projects["funding"].map(split)
        for row in as_dicts(money):
            if row["money_source"] not in funding.get(row["project"], []):
                yield f"money.csv, {row['id']}: {row['money_source']} is no source of {row['project']}"

    def _sources(self) -> Iterator[str]:
        stories = read(self.catalogue.folder).values()
        told = {id_ for story in stories for chapter in story.chapters for id_ in chapter.sources}
        cited = told | set(citations(self.frames.values()))
        for source in self.catalogue.sources:
            if source not in cited and source not in (READERS_NETWORK, READERS_AREAS):
                yield f"sources.csv, {source}: no record and no story cites it"

    def _texts(self) -> Iterator[str]:
        for key in sorted(differing_keys()):
            yield f"texts: {key!r} is missing in one language"


def main() -> int:
    """Check `data/`, print a short report, and return the exit status."""
    try:
        check = Check(Catalogue())
    except CatalogueError as unusable:
        print(f"data: {unusable}", file=sys.stderr)
        return 1
    for name, count in check.counts.items():
        print(f"{count:6d}  {name}")
    held = check.catalogue
    parts = f"{len(held.sources)} sources, {len(held.layers)} layers, {len(held.registers)} registers"
    print(f"{sum(check.counts.values()):6d}  records, {parts}")
    for fault in check.faults[:_SHOWN_FAULTS]:
        print(f"FAULT  {fault}", file=sys.stderr)
    print(f"{len(check.faults)} faults")
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main())
