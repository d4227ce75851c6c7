"""Ready suitability models, and turning what a search names into models.

A ready model is a record of the register `models`; its criteria, each with its reason and source, are records
of `model_criteria`. A model is named by a ready one, or written out in the compact form of `geo.siting`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.siting import Model
from geo.value import ValueFunction
from layers.catalog import Language
from layers.records import as_dicts, split
from layers.store import Store, UnknownFeature

REGISTER = "models"
CRITERIA = "model_criteria"
NORMS = "norms"


class UnknownModel(UnknownFeature):
    """No ready model has that name, or a model names what is not there."""


@dataclass(frozen=True)
class Named:
    """A model with its name in the reader's language; `ready` is the id of the ready one it is."""

    model: Model
    title: str
    ready: str | None


@cache
def ready(store: Store) -> dict[str, Model]:
    """The ready models by id, in the order of the register."""
    return {str(id_): _assembled(store, str(id_)) for id_ in store.records(REGISTER).index}


def _assembled(store: Store, id_: str) -> Model:
    record = store.record(REGISTER, id_)
    rows = store.records(CRITERIA)
    parts = [
        f"c:{row['measure']}*{row['weight']:g}*{row['value_function']}"
        for row in as_dicts(rows[rows["model"] == id_])
    ]
    parts += [f"x:{norm}" for norm in split(_text(record["limits"]))]
    parts += split(_text(record["requirements"]))
    parts += [f"u:{need.replace('=', '*')}" for need in _text(record["needs"]).split()]
    parts += [f"t:{record['threshold']:g}", f"a:{record['least_ha']:g}"]
    return Model.parse(";".join(parts))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def written(store: Store, text: str) -> Model:
    """The model that a search names or writes out. Raises `UnknownModel`, `ModelError`."""
    if ":" in text:
        return Model.parse(text)
    try:
        return ready(store)[text]
    except KeyError as missing:
        raise UnknownModel(f"{REGISTER}/{text}") from missing


def named(store: Store, text: str, language: Language, own: str) -> Named:
    """The same with its title; a model without a name is called `own`."""
    model = written(store, text)
    if ":" in text:
        return Named(model, model.name or own, None)
    return Named(model, str(store.record(REGISTER, text)[f"name_{language}"]), text)


def shortest(store: Store, model: Model) -> str:
    """How a search writes a model: by the name of the ready one that is equal to it, if any."""
    text = model.text()
    return next((id_ for id_, known in ready(store).items() if known.text() == text), text)


def origin(store: Store, model: Model) -> str | None:
    """The ready model that a model is like most, by the criteria they share; None: like none."""
    return next((str(record["model"]) for record in reasons_of(store, model).values()), None)


def reasons_of(store: Store, model: Model) -> dict[str, dict[str, Any]]:
    """Why a model asks for its measures: records of the ready model that it is like most, by measure.

    A reason stands for a measure and its value function: where the reader has put another function, or no
    ready model is alike, there is none.
    """
    asked = {(criterion.measure, criterion.value.text()) for criterion in model.criteria}
    alike: dict[str, list[dict[str, Any]]] = {}
    for row in as_dicts(store.records(CRITERIA)):
        if (row["measure"], ValueFunction.parse(row["value_function"]).text()) in asked:
            alike.setdefault(row["model"], []).append(row)
    origin = max(alike.values(), key=len, default=[])
    return {row["measure"]: row for row in origin}
