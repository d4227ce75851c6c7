"""What speaks for a site and against it, in words: contributions of criteria, limits with their clauses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.siting import Limit, Requirement
from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.catalog import LANGUAGES
from layers.records import split
from layers.siting.measures import measure
from layers.siting.models import reasons_of
from layers.siting.norms import BEYOND_M
from layers.siting.norms import norm as norm_of
from layers.siting.own_limits import areas_at, is_own
from layers.siting.territory import nearest_settlement
from layers.store import Store
from layers.text import Words

if TYPE_CHECKING:
    from layers.siting.results import Findings, Judged
    from layers.siting.sites import Site

Say = Callable[[Words], tuple[str, str]]
"""A label and a value in the reader's words."""
_OWN = "own-assumptions"
_MOST_AREAS = 3
"""How many of a reader's areas are named at once."""
_MUST = {FREE: "site.must_met", UNSURE: "site.must_unsure", EXCLUDED: "site.must_unmet"}


@dataclass(frozen=True)
class Part:
    """The part of one criterion in a site's score: the amount, its value (0..1), its weight (share of 1)."""

    measure: Any
    raw: float
    value: float
    weight: float

    @property
    def loss(self) -> float:
        """What the score lacks for it (share of 1); NaN where the amount is unknown."""
        return self.weight * (1.0 - self.value)


def no_areas_told(found: "Findings", words: Words) -> str:
    """Why no land is suitable."""
    if np.isnan(found.best):
        return words("site.nothing_left")
    threshold, best = (words.number(share * 100, 1) for share in (found.model.threshold, found.best))
    return words("site.none", threshold=threshold, best=best)


def no_plots_told(found: "Findings", words: Words) -> str:
    """Why there is no plot of the wanted size."""
    if not found.areas:
        return no_areas_told(found, words)
    return words("site.no_plots", ha=words.number(found.wanted_ha, 1))


def parts(found: "Findings", judged: "Judged") -> list[Part]:
    """The parts of all criteria with weight, the greatest loss first, unknown ones before all."""
    made = [
        Part(of, float(raw), float(value), share)
        for of, raw, value, share in zip(
            found.measures, judged.raw, judged.value, found.model.shares, strict=False
        )
        if share
    ]
    return sorted(made, key=lambda part: -np.inf if np.isnan(part.loss) else -part.loss)


def contributions(
    found: "Findings", judged: "Judged", shape: BaseGeometry, accuracy_m: float = 0.0
) -> list[Say]:
    """What decides about a site: its criteria and its limits. `accuracy_m` is that of its position."""

    def of_part(part: Part) -> Say:
        return lambda words: (part.measure.title(found.store, words), part_in_words(part, words))

    told = [*map(of_part, parts(found, judged)), *musts_told(found, shape)]
    return [*told, *limits_told(found, shape, accuracy_m, all_of_them=False)]


def musts_told(found: "Findings", shape: BaseGeometry) -> list[Say]:
    """What each must-have of the model says of a site."""

    def of_must(must: Requirement, state: int) -> Say:
        of = measure(must.measure, found.store.catalogue)

        def say(words: Words) -> tuple[str, str]:
            ends = [
                words(key, amount=of.quantity(end, words))
                for key, end in (("site.must_low", must.low), ("site.must_high", must.high))
                if end is not None
            ]
            told = words(_MUST[state], bounds=", ".join(ends))
            return words("site.must", title=of.title(found.store, words)), told

        return say

    return [of_must(must, state) for must, state in found.must_states(shape)]


def part_in_words(part: Part, words: Words) -> str:
    """A criterion's part as a sentence: the amount, its value, its weight, what is lost."""
    weight = words.number(part.weight * 100, 0)
    if np.isnan(part.raw) or np.isnan(part.value):
        return words("site.part_unknown", weight=weight)
    return words(
        "site.part",
        amount=part.measure.quantity(part.raw, words),
        value=words.number(part.value * 100, 0),
        weight=weight,
        loss=words.number(part.loss * 100, 1),
    )


def limits_told(
    found: "Findings", shape: BaseGeometry, accuracy_m: float = 0.0, *, all_of_them: bool = True
) -> list[Say]:
    """What each limit of the model says of a site, those that apply first; all, or those that may apply."""

    def of_limit(limit: Limit, state: int, near: float, far: float) -> Say:
        norm = norm_of(found.store, limit.norm)

        def say(words: Words) -> tuple[str, str]:
            name = str(norm[f"name_{words.language}"])
            if state != FREE:
                name = limit_name(norm, shape, limit.extra_m + accuracy_m, words)
            return name, limit_in_words(state, near, far, norm, words)

        return say

    states = sorted(
        found.limit_states(shape, accuracy_m), key=lambda told: (EXCLUDED, UNSURE, FREE).index(told[1])
    )
    return [
        of_limit(limit, state, near, far)
        for limit, state, near, far in states
        if all_of_them or state != FREE
    ]


def limit_name(norm: dict[str, Any], shape: BaseGeometry, reach_m: float, words: Words) -> str:
    """The name of a norm; of a reader's areas also which of them may hold a part of a shape (EPSG:32645).

    `reach_m` is how far beyond the accuracy of the areas the norm reaches.
    """
    name = str(norm[f"name_{words.language}"])
    if not is_own(norm.get("id")):
        return name
    called = areas_at(norm["id"], shape, reach_m)
    told = ", ".join(called[:_MOST_AREAS])
    if len(called) > _MOST_AREAS:
        told = words("areas.and_more", listed=told, n=words.number(len(called) - _MOST_AREAS, 0))
    return f"{name}: {told}" if told else name


def limit_in_words(state: int, near_m: float, far_m: float, norm: dict[str, Any], words: Words) -> str:
    """Whether a limit applies, with the distances (m) from its zone that positions allow, and its clause."""
    near, far = (
        words.number(max(0.0, metres) / 1000, 1) if np.isfinite(metres) else "" for metres in (near_m, far_m)
    )
    told = clause_in_words(norm, words)
    clause = f" ({told})" if told else ""
    if state == EXCLUDED:
        restricted = norm.get("effect") == "restricted"
        return words("site.limit_restricted" if restricted else "site.limit_applies") + clause
    if state == UNSURE:
        return words("site.limit_unsure", far=far) + clause
    if not np.isfinite(near_m):
        return words("site.limit_far", km=words.number(BEYOND_M / 1000, 0)) + clause
    return words("site.limit_free", near=near) + clause


_CLAUSE = (
    *(("подп.", "subpara."), ("ст.", "art."), ("ч.", "part"), ("п.", "para."), ("раздел", "section")),
    *(("класс", "class"), ("Правил", "of the Rules"), ("табл.", "table"), ("прил.", "annex")),
)
"""The words of clauses, which are recorded as Russian law writes them."""


def clause_in_words(norm: dict[str, Any], words: Words) -> str:
    """The clause of a norm as its reader cites it, the file of a reader's; "" where none is recorded."""
    clause = norm["clause"] if isinstance(norm["clause"], str) else ""
    if is_own(norm.get("id")):
        return words("areas.of_file", file=clause)
    if words.language == "en":
        for russian, english in _CLAUSE:
            clause = re.sub(rf"(?<!\w){re.escape(russian)}(?!\w)", english, clause)
    return clause


def site_names(store: Store, outline: BaseGeometry, key: str, number: int) -> dict[str, str]:
    """The names of what is found: its number and the settlement that is nearest to it."""
    record, away_m = nearest_settlement(store, outline)
    km = max(1, round(away_m / 1000))
    return {
        f"name_{language}": Words(language)(key, n=number, place=record[f"name_{language}"], km=km)
        for language in LANGUAGES
    }


def score_in_words(score: float, words: Words) -> str:
    """A score as a percentage, or that there is none."""
    return words("no_data") if np.isnan(score) else words.percent(score)


def hectares(one: "Site", words: Words) -> str:
    """The area of a site (ha), or that it is not known."""
    area = one.about.get("area_ha")
    return words("no_data") if area is None else words.number(float(area), 1)


def sources_of(found: "Findings") -> tuple[str, ...]:
    """The sources of a model's criteria and limits, each once."""
    known = reasons_of(found.store, found.model)
    cited = [known[of.text]["source_id"] for of in found.measures if of.text in known]
    cited += [str(norm_of(found.store, limit.norm)["source_id"]) for limit in found.model.limits]
    return tuple(dict.fromkeys([_OWN, *(id_ for text in cited for id_ in split(text))]))
