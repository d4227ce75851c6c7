"""A scenario: edits to a road network as a small document with a canonical text and a digest.

A `Change` closes, opens, returns to its former state, or alters one segment; a `Link` is a new road or bridge
between drawn points (degrees, EPSG:4326). A scenario also names the season. It has two forms: a compact text
for an address (`parse`, `text`) and a readable JSON document (`load`, `dump`). What cannot be used is told as
`Fault`s, all of them at once; a scenario is applied to a network by `geo.edits`.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal, get_args
from urllib.parse import quote, unquote

from geo.crs import REGION
from geo.errors import Fault, ScenarioError
from geo.impedance import LEAST_KMH, MOST_KMH, SEASONS, Season

State = Literal["open", "closed", "before"]
STATES: tuple[State, ...] = get_args(State)
DECIMALS = 5
MOST_EDITS = 200
MOST_POINTS = 200
MOST_NAME = 80
SEGMENT = r"[a-z0-9]+(?:-[a-z0-9]+)*"
WORD = r"[A-Za-z0-9_]{1,24}"
VERSION = 1
_SETTINGS = ("season", "name")
_KIND = "road-scenario"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a segment; None leaves it as it is. Speeds are km/h."""

    segment: str
    state: State | None = None
    speed_kmh: float | None = None
    surface: str | None = None
    category: str | None = None

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return all(value is None for value in (self.state, self.speed_kmh, self.surface, self.category))


@dataclass(frozen=True, slots=True)
class Link:
    """A new road along some points (lon, lat); `crossings`: whether it joins the roads that it crosses."""

    points: tuple[tuple[float, float], ...]
    speed_kmh: float | None = None
    surface: str = "asphalt"
    category: str = ""
    name: str = ""
    crossings: bool = True


@dataclass(frozen=True)
class Scenario:
    """Edits to the network of that name, under a season."""

    network: str
    season: Season = "summer"
    changes: tuple[Change, ...] = ()
    links: tuple[Link, ...] = ()
    name: str = ""

    def __len__(self) -> int:
        return len(self.changes) + len(self.links)

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits that change with anything but the name."""
        return sha256(f"{self.network} {replace(self, name='').text()}".encode()).hexdigest()[:12]

    def change(self, segment: str) -> Change:
        """What becomes of a segment."""
        return next((change for change in self.changes if change.segment == segment), Change(segment))

    def with_change(self, change: Change) -> "Scenario":
        """A copy in which this is what becomes of its segment."""
        others = tuple(old for old in self.changes if old.segment != change.segment)
        kept = sorted((*others, *(() if change.empty else (change,))), key=lambda c: c.segment)
        return replace(self, changes=tuple(kept))

    def with_link(self, link: Link, at: int | None = None) -> "Scenario":
        """A copy with a further new road, or another one in the place `at`."""
        links = (*self.links, link) if at is None else (*self.links[:at], link, *self.links[at + 1 :])
        return replace(self, links=links)

    def without_link(self, at: int) -> "Scenario":
        """A copy without the new road in that place."""
        return replace(self, links=self.links[:at] + self.links[at + 1 :])

    def text(self) -> str:
        """The compact canonical form that `parse` reads; the network is told apart from it."""
        parts = [f"season:{self.season}"] if self.season != "summer" else []
        parts += [_change_text(change) for change in self.changes]
        parts += [_link_text(link) for link in self.links]
        if self.name:
            parts.append(f"name:{quote(self.name, safe='')}")
        return ";".join(parts)

    @classmethod
    def parse(cls, text: str, network: str) -> "Scenario":
        """Read the compact form. Raises `ScenarioError` with everything that cannot be read."""
        draft, parts = _Draft(network), [part for part in text.split(";") if part]
        if len(parts) > MOST_EDITS + len(_SETTINGS):
            raise ScenarioError("too many edits", (Fault("many", "", str(len(parts))),))
        for part in parts:
            draft.take(part)
        return draft.made()

    def dump(self) -> str:
        """The scenario as a JSON document, for people to keep and exchange."""
        content: dict[str, Any] = {
            "kind": _KIND,
            "version": VERSION,
            "network": self.network,
            "name": self.name,
            "season": self.season,
            "changes": [_told(change) for change in self.changes],
            "links": [_told(link) for link in self.links],
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def load(cls, document: str) -> "Scenario":
        """Read a JSON document. Raises `ScenarioError` with everything that cannot be used."""
        try:
            content = json.loads(document)
        except (ValueError, RecursionError) as fault:
            raise ScenarioError("the file is no JSON document", (Fault("document", ""),)) from fault
        if not isinstance(content, dict) or content.get("kind") != _KIND:
            raise ScenarioError("the file is no scenario", (Fault("kind", ""),))
        if content.get("version") != VERSION:
            raise ScenarioError("another version", (Fault("version", "", str(content.get("version"))[:20]),))
        draft = _Draft(_name(content.get("network")))
        draft.season(content.get("season", "summer"))
        draft.name = _name(content.get("name"))
        for key, take in (("changes", draft.change), ("links", draft.link)):
            items = content.get(key) or []
            if not isinstance(items, list) or len(items) > MOST_EDITS:
                many = isinstance(items, list)
                draft.faults.append(
                    Fault("many" if many else "entry", key, str(len(items) if many else items)[:20])
                )
                continue
            for number, item in enumerate(items, start=1):
                take(item if isinstance(item, dict) else {}, f"{key} {number}")
        return draft.made()


def _told(edit: Change | Link) -> dict[str, Any]:
    values = {name: getattr(edit, name) for name in edit.__slots__}
    return {name: value for name, value in values.items() if value not in (None, "") or name == "segment"}


def _change_text(change: Change) -> str:
    marks: list[str] = [change.state] if change.state else []
    marks += [f"v{change.speed_kmh:g}"] if change.speed_kmh is not None else []
    marks += [f"s{change.surface}"] if change.surface is not None else []
    marks += [f"c{change.category}"] if change.category is not None else []
    return f"{change.segment}:{','.join(marks)}"


def _link_text(link: Link) -> str:
    points = ",".join(f"{value:.{DECIMALS}f}" for point in link.points for value in point)
    marks = [f"v{link.speed_kmh:g}"] if link.speed_kmh is not None else []
    marks += [f"s{link.surface}"] + ([f"c{link.category}"] if link.category else [])
    marks += [] if link.crossings else ["bridge"]
    marks += [f"n{quote(link.name, safe='')}"] if link.name else []
    return f"+{points}:{','.join(marks)}"


class _Draft:
    """Gathers a scenario with its faults, whatever form it comes in."""

    def __init__(self, network: str) -> None:
        self.scenario = Scenario(network)
        self.name = ""
        self.faults: list[Fault] = []

    def made(self) -> Scenario:
        if len(self.scenario) > MOST_EDITS:
            self.faults.append(Fault("many", "", str(len(self.scenario))))
        if self.faults:
            where = "; ".join(f"{fault.where}: {fault.code} {fault.value}".strip() for fault in self.faults)
            raise ScenarioError(f"the scenario cannot be read: {where}", tuple(self.faults))
        return replace(self.scenario, name=self.name)

    def take(self, part: str) -> None:
        """One entry of the compact form."""
        head, _, body = part.partition(":")
        if head == "season":
            self.season(body)
        elif head == "name":
            self.name = _name(unquote(body))
        elif head.startswith("+"):
            numbers = head[1:].split(",")
            points = list(zip(numbers[::2], numbers[1::2], strict=False)) if len(numbers) % 2 == 0 else []
            self.link({"points": points, **_marks(body, name=True)}, f"+{head[1:20]}")
        else:
            self.change({"segment": head, **_marks(body)}, head[:40])

    def season(self, value: object) -> None:
        if value in SEASONS:
            self.scenario = replace(self.scenario, season=value)
        else:
            self.faults.append(Fault("season", "", str(value)[:20]))

    def change(self, given: Mapping[str, Any], where: str) -> None:
        segment, before = given.get("segment", ""), len(self.faults)
        named = isinstance(segment, str) and re.fullmatch(SEGMENT, segment) and len(segment) <= MOST_NAME
        if not named or segment in _SETTINGS:
            self.faults.append(Fault("segment_name", where, str(segment)[:40]))
        if (state := given.get("state")) not in (None, *STATES):
            self.faults.append(Fault("state", where, str(state)[:20]))
        common = self._common(given, where)
        if strange := set(given) - {"segment", "state", "speed_kmh", "surface", "category"}:
            self.faults.append(Fault("entry", where, ", ".join(sorted(strange))[:40]))
        if len(self.faults) == before:
            self.scenario = self.scenario.with_change(Change(segment=segment, state=state, **common))

    def link(self, given: Mapping[str, Any], where: str) -> None:
        before, points = len(self.faults), tuple(_points(given.get("points")))
        name = _name(given.get("name"))
        self.faults += [Fault(code, name or where) for code in _point_faults(points)]
        common = self._common(given, where)
        if not isinstance(given.get("crossings", True), bool):
            self.faults.append(Fault("entry", where, "crossings"))
        known = {"points", "speed_kmh", "surface", "category", "name", "crossings"}
        if strange := set(given) - known:
            self.faults.append(Fault("entry", where, ", ".join(sorted(strange))[:40]))
        if len(self.faults) == before:
            surface, category = common["surface"] or "asphalt", common["category"] or ""
            link = Link(
                points, common["speed_kmh"], surface, category, name, bool(given.get("crossings", True))
            )
            self.scenario = self.scenario.with_link(link)

    def _common(self, given: Mapping[str, Any], where: str) -> dict[str, Any]:
        speed = given.get("speed_kmh")
        if speed is not None:
            speed = None if (number := _number(speed)) is None else round(number, 2)
            if speed is None or not LEAST_KMH <= speed <= MOST_KMH:
                self.faults.append(Fault("speed", where, str(given["speed_kmh"])[:20]))
        for key in ("surface", "category"):
            value = given.get(key)
            word = isinstance(value, str) and re.fullmatch(WORD, value)
            if value is not None and (not word or f"{key[0]}{value}" in STATES):
                self.faults.append(Fault(key, where, str(value)[:30]))
        return {"speed_kmh": speed, "surface": given.get("surface"), "category": given.get("category")}


def _marks(body: str, *, name: bool = False) -> dict[str, Any]:
    """The settings of an entry of the compact form; those that are not known are kept to be refused."""
    keys = {"v": "speed_kmh", "s": "surface", "c": "category"} | ({"n": "name"} if name else {})
    found: dict[str, Any] = {}
    for mark in body.split(",") if body else ():
        if mark in STATES:
            found[mark if name else "state"] = mark
        elif mark == "bridge" and name:
            found["crossings"] = False
        elif mark[:1] in keys:
            found[keys[mark[0]]] = unquote(mark[1:]) if mark[0] == "n" else mark[1:]
        else:
            found[mark or "-"] = mark
    return found


def _name(value: object) -> str:
    """A name as UTF-8 can hold it, cut to its greatest length."""
    return str(value or "").encode("utf-8", "replace").decode()[:MOST_NAME]


def _number(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _points(given: Any) -> Iterator[tuple[float, float]]:
    """Points as far as they are pairs of numbers; a pair that is none becomes one outside every region."""
    for pair in given if isinstance(given, list | tuple) else ():
        numbers = [_number(value) for value in pair] if isinstance(pair, list | tuple) else []
        lon, lat = numbers if len(numbers) == 2 else (None, None)
        ok = lon is not None and lat is not None
        yield (round(lon, DECIMALS), round(lat, DECIMALS)) if ok else (999.0, 999.0)  # type: ignore[arg-type]


def _point_faults(points: tuple[tuple[float, float], ...]) -> Iterator[str]:
    west, south, east, north = REGION
    if not 2 <= len(points) <= MOST_POINTS:
        yield "points"
    elif any(not (west <= lon <= east and south <= lat <= north) for lon, lat in points):
        yield "region"
    elif len(set(points)) == 1:
        yield "short"
