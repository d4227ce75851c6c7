"""The lanes of the roadmap: every measure has one card, and performers have as many as records name."""

import json
from collections import Counter

import pytest
from hypothesis import given, settings

from geo.programme import STANDINGS
from geo.shape import Shape
from layers.programme.figures import programme
from layers.programme.lanes import by_performer, gaps, issue_lanes, lanes
from layers.programme.roadmap import Board, board
from layers.query import Condition, Query
from layers.records import as_dicts, split
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH, EN, RU, TOMSK, asking, shapes
from tests.layers.queries import queries

DAY = "2026-11-23"


def found(query: Query, shape: Shape | None = None) -> Board:
    return board(programme(embedded()), query, shape, DAY)


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
@given(query=queries(), shape=shapes())
@settings(max_examples=12)
def test_every_measure_has_one_card(words: Words, query: Query, shape: Shape | None) -> None:
    kept = found(query, shape)
    made = lanes(embedded(), kept, words)
    json.dumps(made, allow_nan=False)
    assert [lane["id"].removeprefix("lane_") for lane in made] == [
        name for name in STANDINGS if name in set(kept.measures["standing"])
    ]
    cards = [card for lane in made for card in lane["cards"]]
    assert sorted(card["title"] for card in cards) == sorted(kept.measures[f"name_{words.language}"])
    for lane in made:
        assert lane["cards"]
        name = lane["id"].removeprefix("lane_")
        assert lane["title"] == f"{words(f'standing.{name}')} · {len(lane['cards'])}"
        assert lane["colour"].startswith("#")


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_a_card_holds_all_that_is_known_of_its_measure(store: EmbeddedStore, words: Words) -> None:
    rows = {row[f"name_{words.language}"]: row for row in naive.rows("measures")}
    assert len(rows) == len(naive.rows("measures"))
    cards = [card for lane in lanes(store, found(Query()), words) for card in lane["cards"]]
    for card in cards:
        row = rows[card["title"]]
        assert card["number"] == (f"№ {row['number']}" if row["number"] else "")
        assert [act["act"] for act in card["acts"]] == [
            f"open=projects/{id_}" for id_ in naive.parts(row["projects"])
        ]
        assert all(naive.is_known(act["act"], store) for act in card["acts"])
        assert len(card["links"]) == len(naive.parts(row["source_id"])) > 0
        text = " | ".join(line["text"] for line in card["lines"])
        for column in ("performer_text", "term", "result", "note"):
            assert row[f"{column}_{words.language}"] in text
        if row["measure_state"]:
            field = store.catalogue.fields["measure_state"]
            assert store.catalogue.word(field, row["measure_state"], words.language) in text
        if row["state_as_of"]:
            assert words.date(row["state_as_of"]) in text


def test_both_languages_have_the_same_cards(store: EmbeddedStore) -> None:
    russian, english = (lanes(store, found(Query()), words) for words in BOTH)
    for here, there in zip(russian, english, strict=True):
        assert here["id"] == there["id"]
        for one, other in zip(here["cards"], there["cards"], strict=True):
            assert one["number"] == other["number"]
            assert [act["act"] for act in one["acts"]] == [act["act"] for act in other["acts"]]
            assert len(one["lines"]) == len(other["lines"])


# --- gaps -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_the_gaps_are_counted_and_named(words: Words) -> None:
    whole = found(Query())
    tile = gaps(whole, words)
    gone = [n for first, last in whole.gaps for n in range(first, last + 1)]
    assert tile.figure == words.number(len(gone), 0)
    named = [part.split("–") for part in tile.notes[1].split(", ")]
    assert [n for ends in named for n in range(int(ends[0]), int(ends[-1]) + 1)] == gone
    json.dumps(tile.item(embedded(), words), allow_nan=False)


def test_no_gaps_are_no_notes() -> None:
    tile = gaps(Board(found(Query()).measures, ()), EN)
    assert (tile.figure, tile.notes) == ("0", ())


# --- performers -------------------------------------------------------------------------------------


def performers(query: Query, shape: Shape | None = None) -> Counter[str]:
    ids = set(found(query, shape).measures.index)
    return Counter(
        p for row in naive.rows("measures") if row["id"] in ids for p in naive.parts(row["performer"])
    )


@given(queries(), shapes())
@settings(max_examples=10)
def test_a_measure_counts_for_each_of_its_performers(query: Query, shape: Shape | None) -> None:
    charts = [by_performer(embedded(), found(query, shape), query, words) for words in BOTH]
    names = embedded().records("participants")
    for chart, words in zip(charts, BOTH, strict=True):
        naive.assert_sound(chart, embedded(), words)
        ids = [str(act).removeprefix("performer=") for act in chart.acts]
        assert dict(zip(ids, chart.table.iloc[:, 1], strict=True)) == performers(query, shape)
        assert list(chart.table.iloc[:, 0]) == [names.loc[id_, f"name_{words.language}"] for id_ in ids]
        assert list(chart.table.iloc[:, 1]) == sorted(chart.table.iloc[:, 1], reverse=True)
    assert charts[0].acts == charts[1].acts
    assert naive.figures_of(charts[0]) == naive.figures_of(charts[1])


def test_the_chosen_performer_is_marked() -> None:
    chosen = performers(Query()).most_common(1)[0][0]
    query = asking(performer=chosen)
    chart = by_performer(embedded(), found(query), query, RU)
    assert [act for act, on in zip(chart.acts, chart.on, strict=True) if on] == [f"performer={chosen}"]
    assert not any(by_performer(embedded(), found(Query()), Query(), RU).on)


def test_a_shape_leaves_the_performers_of_its_measures() -> None:
    chart = by_performer(embedded(), found(Query(), TOMSK), Query(), RU)
    assert 0 < chart.table.iloc[:, 1].sum() < performers(Query()).total()


# --- issues -----------------------------------------------------------------------------------------


def test_every_issue_has_one_card_in_the_lane_of_its_state() -> None:
    lanes_ = issue_lanes(programme(embedded()), Query(), None, RU)
    rows = embedded().records("issues")
    assert sum(len(lane["cards"]) for lane in lanes_) == len(rows)
    stands = rows["issue_state"].fillna("unknown")
    for lane in lanes_:
        state = lane["id"].removeprefix("issues_")
        assert sorted(card["title"] for card in lane["cards"]) == sorted(rows.loc[stands == state, "name_ru"])


def test_a_park_keeps_the_issues_of_its_projects() -> None:
    park = Query(conditions=(Condition(field="park", values=("medical",)),))
    inside = set(embedded().query("projects", park).index)
    rows = embedded().records("issues")
    expected = {row["name_en"] for row in as_dicts(rows) if inside & set(split(row["projects"]))}
    lanes_ = issue_lanes(programme(embedded()), park, None, EN)
    assert {card["title"] for lane in lanes_ for card in lane["cards"]} == expected


def test_a_condition_that_projects_lack_narrows_no_issues() -> None:
    query = Query(conditions=(Condition(field="measure_state", values=("implemented",)),))
    assert len(programme(embedded()).serving("issues", query, None)) == len(embedded().records("issues"))
