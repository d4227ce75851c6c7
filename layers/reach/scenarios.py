"""Ready scenarios, and turning what a comparison names into scenarios.

A ready scenario is a record of the register `scenarios`: its edits in the compact form of `geo.scenario`, its
assumptions, sources and cost, and what it is compared with.
"""

from dataclasses import dataclass

import pandas as pd

from geo.scenario import Change, Scenario
from layers.catalog import Language
from layers.comparison import HOME_NETWORK, Comparison
from layers.store import Store, UnknownFeature

REGISTER = "scenarios"
TODAY = "today"
"""The ready scenario without an edit: of every network, that as it is recorded."""


class UnknownScenario(UnknownFeature):
    """No ready scenario has that name."""


@dataclass(frozen=True)
class Named:
    """A scenario with its name in the reader's language; `ready` is the id of a ready one."""

    scenario: Scenario
    title: str
    ready: str | None


def ready(store: Store) -> dict[str, str]:
    """The compact text of each ready scenario by its id, in the order of the register."""
    edits = store.records(REGISTER)["edits"]
    return {str(id_): text if isinstance(text, str) else "" for id_, text in edits.items()}


def ready_for(store: Store, network: str) -> list[str]:
    """The ready scenarios that mean something on a network; on a reader's own, those that edit no segment."""
    known = ready(store)
    if network == HOME_NETWORK:
        return list(known)
    free = {id_ for id_, text in known.items() if not len(Scenario.parse(text, network))}
    return [id_ for id_ in known if id_ in free and compared_with(store, id_) in free]


def written(store: Store, text: str, network: str) -> Scenario:
    """The scenario that a comparison names or writes out. Raises `UnknownScenario`, `ScenarioError`."""
    if ":" in text:
        return Scenario.parse(text, network)
    try:
        return Scenario.parse(ready(store)[text], network)
    except KeyError as missing:
        raise UnknownScenario(f"{REGISTER}/{text}") from missing


def named(store: Store, text: str, network: str, language: Language, own: str) -> Named:
    """The same with its title; a scenario without a name is called `own`."""
    scenario = written(store, text, network)
    if ":" in text:
        return Named(scenario, scenario.name or own, None)
    return Named(scenario, str(store.record(REGISTER, text)[f"name_{language}"]), text)


def shortest(store: Store, scenario: Scenario) -> str:
    """How a comparison writes a scenario: by the name of the ready one that is equal to it, if any."""
    text = scenario.text()
    return next((id_ for id_, ready_text in ready(store).items() if ready_text == text), text or TODAY)


def compared_with(store: Store, id_: str) -> str:
    """What a ready scenario is compared with."""
    other = store.record(REGISTER, id_)["compared_with"]
    return str(other) if isinstance(other, str) else TODAY


def cost_mln_rub(store: Store, comparison: Comparison) -> float | None:
    """The cost of what differs: the reader's own figure, else that of a ready pair; None: not known."""
    if comparison.cost_mln_rub is not None:
        return comparison.cost_mln_rub
    if ":" in comparison.after or comparison.after not in ready(store):
        return None
    cost = store.record(REGISTER, comparison.after)["works_cost"]
    fits = comparison.before == compared_with(store, comparison.after)
    return float(cost) if fits and not pd.isna(cost) else None


def of_year(store: Store, year: int) -> tuple[Change, ...]:
    """What makes the embedded network that of a year: works that end later are undone, those due are done."""
    roads, changes = store.features("roads"), list[Change]()
    due = roads["end_year"]
    for id_ in sorted(roads.index[due.notna()]):
        built, former = roads.loc[id_, "status"] == "built", roads.loc[id_, "speed_before_kmh"]
        if built and due[id_] > year:
            changes.append(Change(str(id_), state="closed" if pd.isna(former) else "before"))
        elif not built and due[id_] <= year:
            changes.append(Change(str(id_), state="open"))
    return tuple(changes)
