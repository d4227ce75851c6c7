"""What the editor of a model needs: the model itself, what its measures are, what can be added, the norms."""

from typing import Any
from urllib.parse import urlencode

from geo.siting import NEEDS, Model
from layers.comparison import Comparison
from layers.feature import source_lines
from layers.furniture import version
from layers.query import Query
from layers.records import split
from layers.siting.measures import Measure, UnknownMeasure, measure, offered
from layers.siting.models import Named, reasons_of
from layers.siting.norms import all_norms
from layers.siting.telling import clause_in_words
from layers.store import Store
from layers.text import Words


def editor(store: Store, named: Named, query: Query, words: Words) -> dict[str, Any]:
    """Everything of the editor but its strings, as plain data."""
    groups = offered(store)
    names = dict.fromkeys([*named.model.measures, *(text for _, texts in groups for text in texts)])
    return {
        "lang": words.language,
        "model": _model(store, named, words),
        "measures": {name: _measure(store, name, query, words) for name in names if _known(store, name)},
        "offered": [{"title": words(f"measure_group.{group}"), "measures": texts} for group, texts in groups],
        "norms": {row["id"]: _norm(store, row, words) for row in all_norms(store)},
    }


def _known(store: Store, name: str) -> bool:
    try:
        measure(name, store.catalogue)
    except UnknownMeasure:
        return False
    return True


def _model(store: Store, named: Named, words: Words) -> dict[str, Any]:
    model, reasons = named.model, reasons_of(store, named.model)
    return {
        "criteria": [
            {
                "measure": criterion.measure,
                "weight": criterion.weight,
                "value": {"kind": criterion.value.kind, "points": [list(p) for p in criterion.value.points]},
                **_reason(store, reasons.get(criterion.measure), words),
            }
            for criterion in model.criteria
        ],
        "limits": [{"norm": limit.norm, "extra": limit.extra_m} for limit in model.limits],
        "requirements": [
            {"measure": must.measure, "low": must.low, "high": must.high} for must in model.requirements
        ],
        "needs": _needs(model),
        "attitude": model.attitude,
        "threshold": model.threshold,
        "least_ha": model.least_ha,
        "name": model.name,
    }


def _needs(model: Model) -> dict[str, float]:
    """The needs by the words of the compact form."""
    told = {word: getattr(model.needs, name) for word, name in NEEDS.items()}
    return {word: amount for word, amount in told.items() if amount is not None}


def _reason(store: Store, record: dict[str, Any] | None, words: Words) -> dict[str, Any]:
    if record is None:
        return {"reason": words("site.no_reason"), "sources": []}
    lines = source_lines(store.catalogue, split(record["source_id"]), words)
    return {"reason": str(record[f"reason_{words.language}"]), "sources": lines}


def _measure(store: Store, name: str, query: Query, words: Words) -> dict[str, Any]:
    of: Measure = measure(name, store.catalogue)
    low, high = of.usual
    return {
        "title": of.title(store, words),
        "unit": of.unit_in_words(words),
        "factor": of.factor,
        "decimals": of.decimals,
        "low": low,
        "high": high,
        "classes": None,
        "histogram": _histogram(store, name, query),
    }


def _histogram(store: Store, name: str, query: Query) -> str:
    """Where the histogram of a measure can be fetched; it does not depend on the model."""
    ground = query.sought.model_copy(update={"mine": ()}).params()
    ground.pop("model", None)
    network = Comparison(network=query.comparison.network).params()
    return f"/site/histogram.json?{urlencode({**ground, **network, 'measure': name, 'v': version(store)})}"


def _norm(store: Store, row: dict[str, Any], words: Words) -> dict[str, Any]:
    effect = store.catalogue.vocabularies["effect"][row["effect"]][words.language]
    clause = clause_in_words(row, words)
    note = row[f"description_{words.language}"]
    return {
        "title": str(row[f"name_{words.language}"]),
        "distance_m": float(row["distance_m"]),
        "clause": " · ".join(part for part in (clause, effect.lower()) if part),
        "note": note if isinstance(note, str) else "",
        "sources": source_lines(store.catalogue, split(row["source_id"]), words),
    }
