"""Road scenarios as documents that are kept and exchanged."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from geo.errors import Fault, ScenarioError
from geo.scenario import Scenario
from layers.reach.scenarios import shortest
from layers.shelf import Document, ShelfError, shelf
from layers.text import Words
from layers.view import View
from pages import _kept, _shell
from pages._board import compared

KIND = "road-scenario"
Put = Callable[[View], None]
"""Shows another scenario "after" so that it can be undone (`pages._scenario.put`)."""


def scenarios(network: str) -> list[Document]:
    """The kept scenarios of a network."""
    return _kept.documents(f"{KIND}:{network}", partial(_readable, network))


def carry(old: str, new: str) -> None:
    """Give the kept scenarios of a network that was replaced to the one in its place."""
    try:
        for document in shelf().all(f"{KIND}:{old}"):
            shelf().put(f"{KIND}:{new}", document.title, document.text, replace=True)
            shelf().drop(document.id)
    except ShelfError as fault:
        _shell.log.warning("scenarios of %s stay with it: %s", old, fault)


def _readable(network: str, text: str) -> bool:
    try:
        Scenario.parse(text, network)
    except ScenarioError:
        return False
    return True


def fold(after: Scenario, put: Put, words: Words) -> None:
    """Name and save, open and delete, take along and bring in."""
    work = _kept.Work(
        kind=f"{KIND}:{after.network}",
        about="scenario",
        name=after.name,
        renamed=lambda name: replace(after, name=name).text() or "season:summer",
        dump=after.dump,
        loaded=partial(_loaded, after.network),
        readable=partial(_readable, after.network),
        told=told,
        opened=lambda text: put(compared(_shell.now(), after=text, cost_mln_rub=None)),
        saved=lambda text: put(compared(_shell.now(), after=text)),
    )
    _kept.fold(work, words)


def _loaded(network: str, content: str) -> str:
    """The scenario of a file. Raises `ScenarioError`, also for one of another network."""
    scenario = Scenario.load(content)
    if scenario.network != network:
        raise ScenarioError("of another network", (Fault("network", "", scenario.network),))
    return shortest(_shell.store(), scenario)


def told(fault: Fault) -> str:
    """A fault of a scenario as a sentence: what is wrong, where, what to do."""
    words = _shell.words()
    number = fault.where.removeprefix("+")
    name = words("reach.new_road", n=number) if number != fault.where and number.isdecimal() else fault.where
    where = f"{_shell.plain(name)}: " if name else ""
    return where + words(f"scenario_fault.{fault.code}", value=_shell.plain(fault.value))
