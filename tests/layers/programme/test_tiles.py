"""The headlines, each against a loop over the files of records."""

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from geo.programme import UNNAMED
from geo.shape import Shape
from layers.catalog import Catalogue
from layers.programme.figures import programme
from layers.programme.tiles import Tile, Tiles, extra_budgetary
from layers.query import Query
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.conftest import DataFolder
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH, DAY, RU, TOMSK, Row, asking, choices, shapes


def tiles(query: Query, shape: Shape | None = None, words: Words = RU, day: str = DAY) -> dict[str, Tile]:
    made = Tiles(programme(embedded()), query, shape, words, day).all()
    found = {tile.id: tile for tile in made}
    assert len(found) == len(made)
    return found


def notes_of(statement: str, say: Any, words: Words, key: str = "stated") -> list[str]:
    """What is stated, the latest first."""
    ordered = sorted(naive.stated(statement), key=lambda row: row["as_of"], reverse=True)
    return [words(f"tile.{key}", value=say(float(r["value"])), date=words.date(r["as_of"])) for r in ordered]


def key_of(query: Query, shape: Shape | None) -> str:
    """How a statement is told beside a choice: it is of the whole programme."""
    return "stated_whole" if query.conditions or shape else "stated"


def target(statement: str) -> float:
    return max(float(row["value"]) for row in naive.stated(statement))


def summed(quantity: str, ids: list[str], words: Words) -> list[str]:
    value, low, high, known, unknown = naive.total(quantity, ids)
    say = words.money if quantity == "cost_mln_rub" else lambda n: words.number(n, 0)
    if not known:
        return [words("no_data")]
    span = [words("programme.range", low=say(low), high=say(high))] if say(low) != say(high) else []
    return [say(value), *span, *([words.count("programme.unknown", unknown)] if unknown else [])]


def test_the_headlines_and_their_order() -> None:
    assert list(tiles(Query())) == [
        "projects",
        "cost",
        "spent",
        "private",
        "jobs",
        "measures",
        "participants",
        "instruments",
        "issues",
    ]


@given(choices(), shapes())
@settings(max_examples=15)
def test_projects(query: Query, shape: Shape | None) -> None:
    states, alive = naive.chosen(query, shape), naive.live(query, shape)
    tile = tiles(query, shape)["projects"]
    assert tile.figure == RU.number(len(states), 0)
    lost = len(states) - len(alive)
    assert (RU.count("programme.given_up", lost) in tile.notes) == bool(lost)
    assert tile.share == pytest.approx(len(states) / target("projects_count"))
    assert set(notes_of("projects_count", lambda n: RU.number(n, 0), RU, key_of(query, shape))) <= set(
        tile.notes
    )


@given(choices(), shapes())
@settings(max_examples=15)
def test_cost_and_jobs(query: Query, shape: Shape | None) -> None:
    found = tiles(query, shape)
    for name, quantity, statement in (
        ("cost", "cost_mln_rub", "investment_need_mln_rub"),
        ("jobs", "jobs", "jobs_target"),
    ):
        ids = naive.counted(quantity, query, shape)
        first, *rest = summed(quantity, ids, RU)
        assert (found[name].figure, list(found[name].notes[: len(rest)])) == (first, rest)
        value, _, _, known, _ = naive.total(quantity, ids)
        share = value / target(statement) if known and value <= target(statement) else None
        assert found[name].share == (None if share is None else pytest.approx(share))


@given(choices(), shapes())
@settings(max_examples=15)
def test_spent(query: Query, shape: Shape | None) -> None:
    put = naive.known(naive.spent(query, shape))
    tile = tiles(query, shape)["spent"]
    value = math.fsum(put.values())
    assert tile.figure == (RU.money(value) if put else RU("no_data"))
    missing = len(naive.spent(query, shape)) - len(put)
    assert (RU.count("programme.unknown", missing) in tile.notes) == bool(missing)
    need = target("investment_need_mln_rub")
    assert tile.share == (pytest.approx(value / need) if put else None)
    assert set(notes_of("invested_total_mln_rub", RU.money, RU, key_of(query, shape))) <= set(tile.notes)


@given(choices(), shapes())
@settings(max_examples=15)
def test_the_private_share(query: Query, shape: Shape | None) -> None:
    flows = naive.flows(naive.counted("cost_mln_rub", query, shape))
    named = math.fsum(v for (_, source), v in flows.items() if source != naive.UNNAMED)
    own = math.fsum(v for (_, source), v in flows.items() if source == "extra_budgetary")
    tile = tiles(query, shape)["private"]
    assert tile.figure == (RU.percent(own / named, 0) if named else RU("no_data"))
    assert tile.share == (pytest.approx(own / named) if named else None)
    stated = notes_of("extra_budgetary_share_pct", lambda p: RU.percent(p / 100), RU, key_of(query, shape))
    of = [RU("tile.private_of", named=RU.money(named))] if named else []
    assert list(tile.notes) == [*of, *stated]


def test_where_nothing_is_named_the_private_share_is_of_nothing() -> None:
    nothing = asking(park="medical", project_type="industrial", direction="smart_city")
    for words in BOTH:
        tile = tiles(nothing, None, words)["private"]
        start = words("tile.private_of", named="|").partition("|")[0]
        assert not any(note.startswith(start) for note in tile.notes)
        assert any(note.startswith(start) for note in tiles(Query(), None, words)["private"].notes)


def test_extra_budgetary_money_leaves_the_unnamed_out() -> None:
    flows = pd.DataFrame({
        "money_source": ["federal", "extra_budgetary", UNNAMED],
        "amount_mln_rub": [10.0, 30.0, 500.0],
    })  # fmt: skip
    assert extra_budgetary(flows) == (30.0, 40.0)
    assert extra_budgetary(flows.iloc[:0]) == (0.0, 0.0)


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_measures(words: Words) -> None:
    tile = tiles(Query(), None, words)["measures"]
    assert tile.figure == words.number(len(naive.rows("measures")), 0)
    counts = [int(part["text"].rpartition(": ")[2]) for part in tile.parts]
    assert sum(counts) == len(naive.rows("measures"))
    assert all(counts)
    assert list(tile.notes) == notes_of("measures_count", lambda n: words.number(n, 0), words)


def measures_of(query: Query, shape: Shape | None) -> list[Row]:
    """The measures that meet the conditions on their own fields and serve what the rest keeps."""
    every = naive.rows("measures")
    own = [c for c in query.conditions if c.field in every[0]]
    rest = tuple(c for c in query.conditions if c.field not in every[0])
    kept = set(naive.chosen(Query(conditions=rest), shape))
    return [
        row
        for row in every
        if all(naive.fits(c, row[c.field]) for c in own)
        and (kept & set(naive.parts(row["projects"])) or not (rest or shape))
    ]


@given(choices(), shapes())
@settings(max_examples=15)
def test_measures_are_those_of_the_projects_kept(query: Query, shape: Shape | None) -> None:
    tile, expected = tiles(query, shape)["measures"], measures_of(query, shape)
    assert tile.figure == RU.number(len(expected), 0)
    assert sum(int(part["text"].rpartition(": ")[2]) for part in tile.parts) == len(expected)
    stated = notes_of("measures_count", lambda n: RU.number(n, 0), RU, key_of(query, shape))
    assert list(tile.notes) == stated


def test_a_choice_of_projects_narrows_the_measures() -> None:
    every = len(naive.rows("measures"))
    assert 0 < len(measures_of(asking(park="industrial"), None)) < every
    assert 0 < len(measures_of(Query(), TOMSK)) < every
    assert tiles(Query(year=2014))["measures"] == tiles(Query())["measures"], "a year is of projects"


def test_measures_stand_as_on_the_day() -> None:
    early, late = (tiles(Query(), day=day)["measures"].parts for day in ("2011-01-01", DAY))
    assert early != late
    assert not any(RU("standing.overdue") in part["text"] for part in early)
    assert any(RU("standing.overdue") in part["text"] for part in late)


def test_the_parts_of_the_measures_act(store: EmbeddedStore) -> None:
    tile = tiles(Query())["measures"]
    assert tile.parts
    assert all(naive.is_known(part["act"], store) for part in tile.parts)


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_participants(store: EmbeddedStore, words: Words) -> None:
    tile = tiles(Query(), None, words)["participants"]
    assert tile.figure == words.number(len(naive.rows("participants")), 0)
    field = store.catalogue.fields["participant_kind"]
    kinds = Counter(row["participant_kind"] for row in naive.rows("participants"))
    assert sum(kinds.values()) == len(naive.rows("participants"))
    for kind, count in kinds.items():
        assert f"{store.catalogue.word(field, kind, words.language)}: {count}" in tile.notes[1]
    for statement in ("ministries_count", "universities_count", "corporations_count"):
        latest = max(naive.stated(statement), key=lambda row: row["as_of"])
        name = store.catalogue.vocabularies["statement"][statement][words.language]
        assert f"{name}: {words.number(float(latest['value']), 0)}" in tile.notes[2]


@given(choices(), shapes())
@settings(max_examples=15)
def test_participants_and_instruments_of_the_chosen(query: Query, shape: Shape | None) -> None:
    found, kept = tiles(query, shape), naive.chosen(query, shape)
    for name, column in (("participants", "bodies"), ("instruments", "instruments")):
        named = {i for id_ in kept for i in naive.parts(naive.projects()[id_][column])}
        assert found[name].notes[0] == RU.count(f"tile.{name}_used", len(named))
        assert found[name].figure == RU.number(len(naive.rows(name)), 0), "the register stays whole"


def test_instruments() -> None:
    tile = tiles(Query())["instruments"]
    count = len(naive.rows("instruments"))
    used = {i for row in naive.rows("projects") for i in naive.parts(row["instruments"])}
    assert tile.figure == RU.number(count, 0)
    assert tile.notes[0] == RU.count("tile.instruments_used", len(used))
    assert tile.share == pytest.approx(count / target("instruments_count"))


# --- as the board takes them ------------------------------------------------------------------------


@given(choices(), shapes())
@settings(max_examples=10)
def test_both_languages_give_the_same_shares_and_sources(query: Query, shape: Shape | None) -> None:
    russian, english = (tiles(query, shape, words) for words in BOTH)
    assert list(russian) == list(english)
    for id_, tile in russian.items():
        other = english[id_]
        assert (tile.share, tile.sources, len(tile.notes)) == (other.share, other.sources, len(other.notes))
        assert set(tile.sources) <= set(embedded().catalogue.sources)
        assert len(set(tile.sources)) == len(tile.sources)
        assert tile.share is None or tile.share >= 0


@given(choices(), shapes())
@settings(max_examples=10)
def test_a_tile_can_be_sent_to_a_browser(query: Query, shape: Shape | None) -> None:
    for words in BOTH:
        for tile in tiles(query, shape, words).values():
            item = tile.item(embedded(), words)
            json.dumps(item, allow_nan=False)
            assert item["title"]
            assert item["figure"]
            assert len(item["sources"]) == len(tile.sources)
            assert (item["share_text"] is None) == (tile.share is None)


TARGETS = {
    "projects": "projects_count",
    "cost": "investment_need_mln_rub",
    "spent": "investment_need_mln_rub",
    "jobs": "jobs_target",
    "instruments": "instruments_count",
}


@given(choices(), shapes())
@settings(max_examples=10)
def test_a_bar_tells_what_it_is_a_share_of(query: Query, shape: Shape | None) -> None:
    for words in BOTH:
        for id_, tile in tiles(query, shape, words).items():
            item, own = tile.item(embedded(), words), list(tile.notes)
            if id_ not in TARGETS:
                assert tile.target == ""
                assert item["notes"] == own
                continue
            say = words.money if id_ in ("cost", "spent") else lambda n: words.number(n, 0)  # noqa: B023
            assert tile.target == words("tile.of", target=say(target(TARGETS[id_])))
            if tile.share is None:
                assert (item["share_text"], item["notes"]) == (None, own)
                continue
            digits = 0 if tile.share >= 0.05 else 1
            assert item["share_text"] == f"{words.percent(tile.share, digits)} {tile.target}"
            assert item["notes"] == [item["share_text"], *own]


def test_a_share_that_is_told_is_true() -> None:
    """Where there is more than was stated, the words must not say that it is 100 % of it."""
    found = tiles(Query())
    for id_, count in (("projects", len(naive.projects())), ("instruments", len(naive.rows("instruments")))):
        told = found[id_].item(embedded(), RU)["share_text"]
        true = RU.number(count / target(TARGETS[id_]) * 100, 0)
        assert told is None or told.startswith(f"{true}\u00a0%"), id_


def test_a_figure_from_records_cites_them() -> None:
    cited = tiles(asking(park="medical"))["cost"].sources
    assert cited
    known = [
        id_
        for id_ in naive.counted("cost_mln_rub", asking(park="medical"))
        if id_ in naive.figure("cost_mln_rub")
    ]
    own = {s for id_ in known for s in naive.parts(naive.projects()[id_]["source_id"])}
    stated = {s for row in naive.stated("investment_need_mln_rub") for s in naive.parts(row["source_id"])}
    assert set(cited) == own | stated


def test_the_private_share_cites_what_it_counts() -> None:
    counted = naive.counted("cost_mln_rub", Query())
    cited = {
        s for id_ in counted for row in naive.money().get(id_, []) for s in naive.parts(row["source_id"])
    }
    stated = {s for row in naive.stated("extra_budgetary_share_pct") for s in naive.parts(row["source_id"])}
    assert set(tiles(Query())["private"].sources) <= cited | stated


def test_what_is_spent_on_a_part_is_not_counted_beside_its_whole(data_folder: DataFolder) -> None:
    whole, part = "palaeozoic-oil", "sez-krm-lab"
    invested = naive.figure("invested_mln_rub")
    assert whole in invested
    assert whole not in naive.figure("cost_mln_rub")
    before = math.fsum(naive.known(naive.spent(Query())).values())
    data_folder.change("projects.csv", part, part_of=whole)
    store = EmbeddedStore(Catalogue(Path(data_folder.folder)))
    tile = Tiles(programme(store), Query(), None, RU, DAY).spent()
    assert tile.share is not None
    spent = tile.share * target("investment_need_mln_rub")
    assert spent == pytest.approx(before - invested[part][1])


def test_nothing_chosen_is_no_data_and_not_zero() -> None:
    nothing = asking(park="medical", project_type="industrial", direction="smart_city")
    found = tiles(nothing)
    assert found["projects"].figure == "0"
    for name in ("cost", "spent", "private", "jobs"):
        assert found[name].figure == RU("no_data")
        assert found[name].share is None
