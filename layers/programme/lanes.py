"""The board of the roadmap: a lane for each way a measure can stand, and who performs how many."""

from typing import Any

import pandas as pd

from geo.programme import STANDINGS, Standing
from geo.shape import Shape
from layers.catalog import Register
from layers.chart import Chart, Mark, act_of, bars
from layers.feature import source_lines, value_in_words
from layers.programme.figures import Programme
from layers.programme.roadmap import Board
from layers.programme.tiles import Tile
from layers.programme.voice import GREY
from layers.query import Query
from layers.records import as_dicts, split
from layers.store import Store
from layers.text import Words


def lanes(store: Store, found: Board, words: Words) -> list[dict[str, Any]]:
    """The lanes that hold a measure, the most pressing first."""
    made = []
    for name in STANDINGS:
        cards = [_card(store, measure, words) for measure in found.column(name)]
        title, note = words(f"standing.{name}"), words(f"standing.{name}_note")
        made.append(_lane(store, f"lane_{name}", title, note, name, cards))
    return [lane for lane in made if lane["cards"]]


ISSUE_COLOURS: dict[str, Standing] = {"open": "overdue", "": "unknown", "solved": "implemented"}
"""The states of an issue, the most pressing first, with the standing of a measure whose colour they share."""


def issue_lanes(
    programme: Programme, query: Query, shape: Shape | None, words: Words
) -> list[dict[str, Any]]:
    """What between agencies holds projects back, by state; of the chosen projects where some are chosen."""
    store, frame = programme.store, programme.serving("issues", query, shape)
    stands = frame["issue_state"].fillna("")
    made = []
    for state, look in ISSUE_COLOURS.items():
        cards = [_issue(store, issue, words) for issue in as_dicts(frame[stands == state])]
        name = state or "unknown"
        made.append(_lane(store, f"issues_{name}", words(f"issue.{name}"), words("issue.note"), look, cards))
    return [lane for lane in made if lane["cards"]]


def _lane(
    store: Store, id_: str, title: str, note: str, look: Standing, cards: list[dict[str, Any]]
) -> dict[str, Any]:
    """A lane as the board takes it, in the colour of a standing."""
    return {
        "kind": "lane",
        "id": id_,
        "title": f"{title} · {len(cards)}",
        "note": note,
        "colour": store.catalogue.colour("standing", look, GREY),
        "cards": cards,
    }


def _issue(store: Store, issue: dict[str, Any], words: Words) -> dict[str, Any]:
    """An issue: its name, what it is about, the agencies, when it was raised and solved, its projects."""
    register = store.catalogue.registers["issues"]
    return {
        "number": "",
        "title": issue[f"name_{words.language}"],
        "lines": _lines(
            store, register, issue, ("description", "agencies", "raised", "solved", "note"), words
        ),
        **_ties(store, issue, words),
    }


def _lines(
    store: Store, register: Register, record: dict[str, Any], names: tuple[str, ...], words: Words
) -> list[dict[str, str]]:
    """What is known of some fields of a record, in words."""
    fields = [field for name in names if (field := register.field(name))]
    told = [(field, value_in_words(field, record, words, store)) for field in fields]
    return [{"label": field.title[words.language], "text": value} for field, value in told if value]


def _ties(store: Store, record: dict[str, Any], words: Words) -> dict[str, Any]:
    """The projects of a card, each opening its own page, and its sources."""
    tied = [store.record("projects", id_) for id_ in split(record["projects"])]
    return {
        "acts": [{"text": p[f"name_{words.language}"], "act": f"open=projects/{p['id']}"} for p in tied],
        "links": source_lines(store.catalogue, split(record["source_id"]), words),
    }


def gaps(found: Board, words: Words) -> Tile:
    """The numbers of the roadmap that no source names."""
    runs = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found.gaps)
    count = sum(b - a + 1 for a, b in found.gaps)
    notes = (words("roadmap.gaps_note"), runs) if runs else ()
    return Tile("gaps", words("roadmap.gaps"), words.number(count, 0), notes, wide=True)


def by_performer(store: Store, found: Board, query: Query, words: Words) -> Chart:
    """How many measures each performer has; a measure with several performers counts for each."""
    field = store.catalogue.fields["performer"]
    names = store.records("participants")[f"name_{words.language}"].to_dict()
    counts = found.measures["performer"].map(split).explode().dropna().value_counts().to_dict()
    marks = []
    for id_, count in counts.items():
        act, on = act_of(query, "performer", str(id_))
        tip = (words.count("roadmap.n", count),)
        marks.append(Mark(str(names[id_]), count, words.number(count, 0), tip, act, on=on))
    columns = (field.title[words.language], words("roadmap.count"))
    return bars("by_performer", words("roadmap.by_performer"), marks, columns, span=12, scroll=420)


def _card(store: Store, measure: dict[str, Any], words: Words) -> dict[str, Any]:
    """A measure: number, title, performer, term, what is known of it, its projects, its sources."""
    register, number = store.catalogue.registers["measures"], measure["number"]
    first = _lines(store, register, measure, ("performer_text", "term"), words)
    state = _lines(store, register, measure, ("measure_state",), words)
    if state and isinstance(measure["state_as_of"], str):
        known = words.date(measure["state_as_of"])
        state[0]["text"] = words("roadmap.known_on", state=state[0]["text"], date=known)
    return {
        "number": "" if pd.isna(number) else f"№ {number:.0f}",
        "title": measure[f"name_{words.language}"],
        "lines": [*first, *state, *_lines(store, register, measure, ("result", "document", "note"), words)],
        **_ties(store, measure, words),
    }
