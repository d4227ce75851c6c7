"""A suitability model: what makes a place good for some purpose, as a small document with a digest.

A `Criterion` weighs a measure through a value function; a `Limit` forbids the zone of a norm; a `Requirement`
excludes places whose measure lies beyond its bounds; a `Need` says what the site must supply. A model has two
forms: a compact text for an address (`parse`, `text`) and a readable JSON document (`load`, `dump`). What
cannot be used is told as `Fault`s, all of them at once. What a measure or a norm is, is known to the layers;
here only their spelling is checked. The overlay itself is in `geo.suitability`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote

from geo.errors import Fault, ModelError
from geo.value import ValueFunction, number, number_text

MOST_CRITERIA = 24
MOST_LIMITS = 60
MOST_REQUIREMENTS = 24
MOST_NAME = 80
MOST_WEIGHT = 100.0
WEIGHT_DECIMALS = 6
MOST_EXTRA_M = 100_000.0
MOST_AMOUNT = 1e12
LEAST_ATTITUDE, MOST_ATTITUDE = 0.05, 20.0
MEASURE = r"[a-z_]+(\.[a-z0-9_-]+)*"
NORM = r"[a-z0-9][a-z0-9_-]*"
VERSION = 1
_KIND = "siting-model"
_MOST_PARTS = MOST_CRITERIA + MOST_LIMITS + MOST_REQUIREMENTS + 10


@dataclass(frozen=True)
class Criterion:
    """A measure, its weight (0 to 100; only the proportions count) and how good its amounts are."""

    measure: str
    weight: float
    value: ValueFunction


@dataclass(frozen=True)
class Limit:
    """The zone of a norm is forbidden, made wider by some metres."""

    norm: str
    extra_m: float = 0.0


@dataclass(frozen=True)
class Requirement:
    """A measure must be at least `low` and at most `high`, in its own unit; None leaves an end open."""

    measure: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Need:
    """What the site must supply; None: not said."""

    power_kw: float | None = None
    gas_m3h: float | None = None
    water_m3h: float | None = None
    heat_gcalh: float | None = None
    wagons_day: float | None = None
    area_ha: float | None = None


NEEDS = {field.name.partition("_")[0]: field.name for field in fields(Need)}
"""The word of the compact form for each need."""
_SETTINGS = {
    "o": ("attitude", LEAST_ATTITUDE, MOST_ATTITUDE),
    "t": ("threshold", 0.0, 1.0),
    "a": ("least_ha", 0.0, MOST_AMOUNT),
}


@dataclass(frozen=True)
class Model:
    """A suitability model. Raises `ModelError` with all that is wrong with it.

    `attitude` is the exponent of the ordered weighted average: 1 is the weighted mean, more looks at what is
    bad about a place, less at what is good about it. Places from `threshold` (0 to 1) up that make at least
    `least_ha` hectares together are candidates. Numbers keep ten digits, so that the text holds them whole;
    limits and requirements are kept sorted.
    """

    criteria: tuple[Criterion, ...]
    limits: tuple[Limit, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    needs: Need = Need()
    attitude: float = 1.0
    threshold: float = 0.7
    least_ha: float = 10.0
    name: str = ""

    def __post_init__(self) -> None:
        draft = _Draft()
        for criterion in self.criteria:
            draft.criterion(_given(criterion), criterion.measure)
        for limit in self.limits:
            draft.limit(_given(limit), limit.norm)
        for requirement in self.requirements:
            draft.requirement(_given(requirement), requirement.measure)
        for name, amount in _given(self.needs).items():
            draft.need(name, amount)
        for name, _, _ in _SETTINGS.values():
            draft.setting(name, getattr(self, name))
        draft.name(self.name)
        for name, value in draft.parts().items():
            object.__setattr__(self, name, value)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that it asks about, once: those of the criteria in their order, then the others."""
        asked = [criterion.measure for criterion in self.criteria]
        return tuple(dict.fromkeys([*asked, *(must.measure for must in self.requirements)]))

    @property
    def shares(self) -> tuple[float, ...]:
        """The weights of the criteria as shares of their sum."""
        whole = sum(criterion.weight for criterion in self.criteria)
        return tuple(criterion.weight / whole for criterion in self.criteria)

    @cached_property
    def digest(self) -> str:
        """Twelve hex digits that change with anything but the name."""
        return sha256(replace(self, name="").text().encode()).hexdigest()[:12]

    def text(self) -> str:
        """The compact canonical form that `parse` reads."""
        parts = [f"c:{c.measure}*{number_text(c.weight)}*{c.value.text()}" for c in self.criteria]
        parts += [
            f"x:{limit.norm}" + (f"*{number_text(limit.extra_m)}" if limit.extra_m else "")
            for limit in self.limits
        ]
        for must in self.requirements:
            ends = ("" if end is None else number_text(end) for end in (must.low, must.high))
            parts.append("*".join([f"r:{must.measure}", *ends]))
        for word, name in NEEDS.items():
            if (amount := getattr(self.needs, name)) is not None:
                parts.append(f"u:{word}*{number_text(amount)}")
        for mark, (name, _, _) in _SETTINGS.items():
            if (value := getattr(self, name)) != getattr(Model, name):
                parts.append(f"{mark}:{number_text(value)}")
        if self.name:
            parts.append(f"n:{quote(self.name, safe='')}")
        return ";".join(parts)

    @classmethod
    def parse(cls, text: str) -> "Model":
        """Read the compact form. Raises `ModelError` with everything that cannot be read."""
        draft, parts = _Draft(), [part for part in text.split(";") if part]
        if len(parts) > _MOST_PARTS:
            raise ModelError("too many entries", (Fault("many", "", str(len(parts))),))
        for part in parts:
            draft.take(part)
        return cls(**draft.parts())

    def dump(self) -> str:
        """The model as a JSON document, for people to keep and exchange."""
        content: dict[str, Any] = {"kind": _KIND, "version": VERSION, "name": self.name}
        content["criteria"] = [_given(criterion) for criterion in self.criteria]
        content["limits"] = [_given(limit) for limit in self.limits]
        content["requirements"] = [_given(must) for must in self.requirements]
        content["needs"] = _given(self.needs)
        content |= {name: getattr(self, name) for name, _, _ in _SETTINGS.values()}
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def load(cls, document: str) -> "Model":
        """Read a JSON document. Raises `ModelError` with everything that cannot be used."""
        try:
            content = json.loads(document)
        except (ValueError, RecursionError) as fault:
            raise ModelError("the file is no JSON document", (Fault("document", ""),)) from fault
        if not isinstance(content, dict) or content.get("kind") != _KIND:
            raise ModelError("the file is no suitability model", (Fault("kind", ""),))
        if content.get("version") != VERSION:
            raise ModelError("another version", (Fault("version", "", str(content.get("version"))[:20]),))
        draft = _Draft()
        draft.document({key: value for key, value in content.items() if key not in ("kind", "version")})
        return cls(**draft.parts())


def _given(part: Criterion | Limit | Requirement | Need) -> dict[str, Any]:
    """The fields of a part that say something."""
    return {name: value for name, value in asdict(part).items() if value is not None}


class _Draft:
    """Gathers a model with its faults, whatever form it comes in."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}
        self.criteria: list[Criterion] = []
        self.limits: list[Limit] = []
        self.requirements: list[Requirement] = []
        self.needs: dict[str, float] = {}
        self.faults: list[Fault] = []

    def parts(self) -> dict[str, Any]:
        """The fields of the model; raises `ModelError` where something was wrong."""
        self.faults += self._whole()
        if self.faults:
            where = "; ".join(f"{fault.where}: {fault.code} {fault.value}".strip() for fault in self.faults)
            raise ModelError(f"the model cannot be read: {where}", tuple(self.faults))
        return {
            **self.made,
            "criteria": tuple(self.criteria),
            "limits": tuple(sorted(self.limits, key=lambda limit: limit.norm)),
            "requirements": tuple(sorted(self.requirements, key=lambda must: must.measure)),
            "needs": Need(**self.needs),
        }

    def _whole(self) -> Iterator[Fault]:
        """What is wrong with the model as a whole; a criterion that could not be read is no missing one."""
        if not self.criteria and not self.faults:
            yield Fault("empty", "criteria")
        elif self.criteria and not self.faults and not any(c.weight for c in self.criteria):
            yield Fault("weightless", "criteria")
        counted: tuple[tuple[str, list[str], int], ...] = (
            ("criteria", [part.measure for part in self.criteria], MOST_CRITERIA),
            ("limits", [part.norm for part in self.limits], MOST_LIMITS),
            ("requirements", [part.measure for part in self.requirements], MOST_REQUIREMENTS),
        )
        for where, names, most in counted:
            if len(names) > most:
                yield Fault("many", where, str(len(names)))
            for name in dict.fromkeys(name for name in names if names.count(name) > 1):
                yield Fault("double", where, name)

    def take(self, part: str) -> None:
        """One entry of the compact form."""
        mark, _, body = part.partition(":")
        pieces = body.split("*")
        if mark == "c":
            self.criterion(_named(("measure", "weight", "value"), pieces), pieces[0][:40])
        elif mark == "x":
            self.limit(_named(("norm", "extra_m"), pieces), pieces[0][:40])
        elif mark == "r":
            given = _named(("measure", "low", "high"), pieces)
            self.requirement({key: end for key, end in given.items() if end != ""}, pieces[0][:40])
        elif mark == "u":
            self.need(NEEDS.get(pieces[0], ""), "*".join(pieces[1:]), pieces[0][:40])
        elif mark in _SETTINGS:
            self.setting(_SETTINGS[mark][0], body)
        elif mark == "n":
            self.name(unquote(body))
        else:
            self.faults.append(Fault("entry", "", part[:40]))

    def document(self, content: Mapping[str, Any]) -> None:
        """The content of a JSON document."""
        takers: dict[str, Callable[[Mapping[str, Any], str], None]] = {
            "criteria": self.criterion,
            "limits": self.limit,
            "requirements": self.requirement,
        }
        for key, value in content.items():
            if key in takers:
                self._list(key, value, takers[key])
            elif key == "needs":
                for word, amount in self._fields(value, key, NEEDS.values()).items():
                    self.need(word, amount)
            elif key == "name":
                self.name(value)
            elif key in {name for name, _, _ in _SETTINGS.values()}:
                self.setting(key, value)
            else:
                self.faults.append(Fault("entry", "", key[:40]))

    def _list(self, key: str, items: object, take: Callable[[Mapping[str, Any], str], None]) -> None:
        if not isinstance(items, list):
            self.faults.append(Fault("entry", key, str(items)[:20]))
        elif len(items) > _MOST_PARTS:
            self.faults.append(Fault("many", key, str(len(items))))
        else:
            for place, item in enumerate(items, start=1):
                take(item if isinstance(item, dict) else {"": item}, f"{key} {place}")

    def criterion(self, given: Mapping[str, Any], where: str) -> None:
        before = len(self.faults)
        given = self._fields(given, where, ("measure", "weight", "value"))
        measure = self._word(given.get("measure"), MEASURE, "measure", where)
        weight = self._number(given.get("weight"), (0.0, MOST_WEIGHT), "weight", where)
        value = self._value(given.get("value"), where)
        if len(self.faults) == before and value and weight is not None:
            self.criteria.append(Criterion(measure, round(weight, WEIGHT_DECIMALS), value))

    def limit(self, given: Mapping[str, Any], where: str) -> None:
        before = len(self.faults)
        given = self._fields(given, where, ("norm", "extra_m"))
        norm = self._word(given.get("norm"), NORM, "norm", where)
        extra = self._number(given.get("extra_m", 0.0), (0.0, MOST_EXTRA_M), "extra", where)
        if len(self.faults) == before and extra is not None:
            self.limits.append(Limit(norm, extra))

    def requirement(self, given: Mapping[str, Any], where: str) -> None:
        before = len(self.faults)
        given = self._fields(given, where, ("measure", "low", "high"))
        measure = self._word(given.get("measure"), MEASURE, "measure", where)
        bounds = (-MOST_AMOUNT, MOST_AMOUNT)
        low, high = (
            None if given.get(end) is None else self._number(given[end], bounds, end, where)
            for end in ("low", "high")
        )
        if len(self.faults) > before:
            return
        if low is None and high is None:
            self.faults.append(Fault("open", where))
        elif low is not None and high is not None and low > high:
            self.faults.append(Fault("order", where, number_text(high)))
        else:
            self.requirements.append(Requirement(measure, low, high))

    def need(self, name: str, amount: object, where: str = "needs") -> None:
        if name not in NEEDS.values():
            self.faults.append(Fault("need", where, str(amount)[:20]))
        elif name in self.needs:
            self.faults.append(Fault("double", "needs", name))
        elif (
            amount is not None
            and (found := self._number(amount, (0.0, MOST_AMOUNT), "amount", name)) is not None
        ):
            self.needs[name] = found

    def setting(self, name: str, value: object) -> None:
        bounds = next((least, most) for known, least, most in _SETTINGS.values() if known == name)
        if name in self.made:
            self.faults.append(Fault("double", "", name))
        else:
            self.made[name] = self._number(value, bounds, name, "")

    def name(self, value: object) -> None:
        if value is not None and not isinstance(value, str):
            self.faults.append(Fault("name", "", str(value)[:20]))
        # JSON may name half a character, which no UTF-8 text can hold.
        self.made["name"] = str(value or "").encode("utf-8", "replace").decode()[:MOST_NAME]

    def _fields(self, given: object, where: str, known: Iterable[str]) -> dict[str, Any]:
        """The fields of an entry; those that are not known are told."""
        if not isinstance(given, Mapping):
            self.faults.append(Fault("entry", where, str(given)[:20]))
            return {}
        if strange := sorted(set(given) - set(known)):
            self.faults.append(Fault("entry", where, ", ".join(strange)[:40]))
        return {key: given[key] for key in known if key in given}

    def _word(self, value: object, pattern: str, code: str, where: str) -> str:
        if isinstance(value, str) and len(value) <= MOST_NAME and re.fullmatch(pattern, value):
            return value
        self.faults.append(Fault(code, where, str(value)[:40]))
        return ""

    def _number(self, value: object, bounds: tuple[float, float], code: str, where: str) -> float | None:
        found = number(value)
        if found is not None and bounds[0] <= found <= bounds[1]:
            return found
        self.faults.append(Fault(code, where, str(value)[:20]))
        return None

    def _value(self, value: Any, where: str) -> ValueFunction | None:
        if not isinstance(value, str | Mapping):
            self.faults.append(Fault("value_kind", where, str(value)[:20]))
            return None
        try:
            if isinstance(value, str):
                return ValueFunction.parse(value)
            given = self._fields(value, where, ("kind", "points"))
            return ValueFunction(given.get("kind", ""), given.get("points", ()))
        except ModelError as error:
            self.faults += [Fault(f"value_{fault.code}", where, fault.value) for fault in error.faults]
            return None


def _named(names: tuple[str, ...], pieces: list[str]) -> dict[str, str]:
    """The pieces of an entry by name; those beyond are kept to be refused."""
    rest = {f"*{piece[:20]}": piece for piece in pieces[len(names) :]}
    return {**dict(zip(names, pieces, strict=False)), **rest}
