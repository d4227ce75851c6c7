"""The card of every project: all that the records hold of it is there, and the unknown is told as unknown."""

import json
import math
from dataclasses import dataclass
from typing import Any

import pytest

from layers.chart import Chart
from layers.feature import source_lines
from layers.programme.dossier import FACTS, Dossier
from layers.programme.figures import QUANTITIES, programme
from layers.programme.tiles import Tile
from layers.store import EmbeddedStore, UnknownFeature, embedded
from layers.text import Words
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH, DAY, EN, RU, Row

TIES = (("bodies", "participants"), ("instruments", "instruments"), ("documents", "documents"))
Lists = dict[str, list[dict[str, Any]]]
IDS = [row["id"] for row in naive.rows("projects")]


@dataclass(frozen=True)
class Card:
    """A dossier with all that it shows."""

    row: Row
    dossier: Dossier
    words: Words
    tiles: dict[str, Tile]
    charts: list[Chart]
    lists: Lists
    items: list[dict[str, Any]]

    def rows(self, name: str) -> list[dict[str, Any]]:
        return self.lists.get(f"facts_{name}", [])


def made(id_: str, words: Words) -> Card:
    dossier = Dossier(programme(embedded()), id_, words, DAY)
    lists = dossier.lists()
    return Card(
        row=naive.projects()[id_],
        dossier=dossier,
        words=words,
        tiles={tile.id: tile for tile in dossier.tiles()},
        charts=dossier.charts(),
        lists={item["id"]: item["rows"] for item in lists},
        items=lists,
    )


@pytest.fixture(scope="module")
def cards() -> list[Card]:
    """The card of every project in both languages."""
    return [made(id_, words) for id_ in IDS for words in BOTH]


def of(register: str, id_: str) -> list[Row]:
    """The records of a register that name a project."""
    column = "project" if "project" in naive.rows(register)[0] else "projects"
    return [row for row in naive.rows(register) if id_ in naive.parts(row[column])]


def links(row: Row, words: Words) -> list[dict[str, str]]:
    return source_lines(embedded().catalogue, naive.parts(row["source_id"]), words)


def word(field: str, value: str, words: Words) -> str:
    catalogue = embedded().catalogue
    return catalogue.word(catalogue.fields[field], value, words.language)


# --- all of it --------------------------------------------------------------------------------------


def test_every_card_is_sound(cards: list[Card], store: EmbeddedStore) -> None:
    for card in cards:
        json.dumps([tile.item(store, card.words) for tile in card.tiles.values()], allow_nan=False)
        json.dumps(card.items, allow_nan=False)
        for chart in card.charts:
            naive.assert_sound(chart, store, card.words)
        for item in card.items:
            assert item["kind"] == "facts"
            assert item["title"]
            assert item["rows"], item["id"]
            for row in item["rows"]:
                assert row["text"], (card.row["id"], item["id"])
                assert isinstance(row["known"], bool)
        for act in naive.acts_in(card.items):
            assert naive.is_known(act, store), act


def test_both_languages_hold_the_same(cards: list[Card]) -> None:
    for here, there in zip(cards[::2], cards[1::2], strict=True):
        assert list(here.lists) == list(there.lists)
        for name, rows in here.lists.items():
            assert [row["known"] for row in rows] == [row["known"] for row in there.lists[name]]
            assert [row.get("act") for row in rows] == [row.get("act") for row in there.lists[name]]
        for one, other in zip(here.tiles.values(), there.tiles.values(), strict=True):
            assert (one.id, one.share, len(one.notes)) == (other.id, other.share, len(other.notes))
        assert [naive.figures_of(c) for c in here.charts] == [naive.figures_of(c) for c in there.charts]


def test_names_in_both_languages(cards: list[Card]) -> None:
    for card in cards:
        names = (card.row["name_ru"], card.row["name_en"])
        assert (card.dossier.name, card.dossier.other_name) == (names if card.words is RU else names[::-1])


def test_a_project_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownFeature):
        Dossier(programme(embedded()), "unheard", RU)


# --- figures ----------------------------------------------------------------------------------------


def say(quantity: str, value: float, words: Words) -> str:
    if quantity.endswith("mln_rub"):
        return words.money(value)
    return words.quantity(value, embedded().catalogue.fields[quantity].unit)


def test_the_figures_are_those_of_the_records_or_unknown(cards: list[Card]) -> None:
    unknown = 0
    for card in cards:
        assert list(card.tiles) == [*QUANTITIES, "slip"]
        for quantity in QUANTITIES:
            tile, interval = card.tiles[quantity], naive.figure(quantity).get(card.row["id"])
            if interval is None:
                unknown += 1
                assert (tile.figure, tile.notes, tile.share) == (card.words("no_data"), (), None)
                continue
            low, value, high = (say(quantity, end, card.words) for end in interval)
            assert tile.figure == value
            span = (card.words("programme.range", low=low, high=high),) if interval[0] < interval[2] else ()
            assert tile.notes == span
    assert unknown


def test_the_share_of_what_is_invested(cards: list[Card]) -> None:
    for card in cards:
        id_, invested, cost = card.row["id"], naive.figure("invested_mln_rub"), naive.figure("cost_mln_rub")
        both = id_ in invested and id_ in cost
        expected = pytest.approx(min(invested[id_][1] / cost[id_][1], 1)) if both else None
        assert card.tiles["invested_mln_rub"].share == expected
        assert all(card.tiles[name].share is None for name in ("cost_mln_rub", "jobs", "area_ha", "slip"))


def test_the_slip_and_its_dates(cards: list[Card]) -> None:
    signs, lapsed = set(), 0
    for card in cards:
        tile, years = card.tiles["slip"], naive.slip(card.row["id"])
        promised, outcome, done = naive.completion(card.row["id"])
        told = []
        if promised:
            told.append(card.words("dossier.promised", date=card.words.date(promised)))
        if outcome:
            key = "done" if done else "outcome"
            told.append(card.words(f"dossier.{key}", date=card.words.date(outcome)))
        if naive.lapsed(card.row["id"]):
            lapsed += 1
            told.append(card.words("programme.lapsed"))
            assert years is None
        assert list(tile.notes) == told
        if years is None:
            assert tile.figure == card.words("no_data")
            continue
        sign = "+" if years > 0 else "−" if years < 0 else ""
        signs.add(sign)
        assert tile.figure == sign + card.words.years(abs(years))
    assert signs == {"+", "−", ""}
    assert lapsed


def test_the_card_lapses_with_the_day() -> None:
    id_ = next(i for i in IDS if naive.lapsed(i) and naive.completion(i)[0])
    last = (naive.completion(id_)[1] or "")[:4]
    for day in (f"{int(last) - 1}-12-31", f"{int(last) + 1}-01-01"):
        tile = next(t for t in Dossier(programme(embedded()), id_, EN, day).tiles() if t.id == "slip")
        past = day > last
        assert (EN("programme.lapsed") in tile.notes) == (past and naive.lapsed(id_, day))
        assert (tile.figure == EN("no_data")) == (naive.slip(id_, day) is None)
    assert naive.lapsed(id_, day)
    assert not naive.lapsed(id_, f"{int(last) - 1}-12-31")


def test_the_money_of_a_project(cards: list[Card]) -> None:
    with_money = 0
    for card in cards:
        flows = naive.flows([card.row["id"]])
        assert bool(card.charts) == bool(flows), card.row["id"]
        if flows:
            with_money += 1
            (chart,) = card.charts
            assert float(chart.table.iloc[:, 1].sum()) == pytest.approx(math.fsum(flows.values()))
            assert len(chart.table) == len(flows)
            assert chart.title == card.words("dossier.money")
    assert with_money


# --- lists ------------------------------------------------------------------------------------------


def test_every_event_is_on_the_card(cards: list[Card]) -> None:
    for card in cards:
        words = card.words
        events = sorted(of("events", card.row["id"]), key=lambda e: (e["date"], e["as_of"]))
        rows = card.rows("history")
        assert len(rows) == len(events)
        for row, event in zip(rows, events, strict=True):
            announced = f" — {words('dossier.announced', date=words.date(event['as_of']))}"
            fact = event["basis"] == "actual"
            assert row["label"] == words.date(event["date"])
            assert row["text"] == word("status", event["status"], words) + ("" if fact else announced)
            assert row["known"] == fact
            assert (row["note"] or "") == event[f"note_{words.language}"]
            assert row["links"] == links(event, words)


def test_every_further_figure_is_on_the_card(cards: list[Card]) -> None:
    for card in cards:
        words, figures = card.words, of("figures", card.row["id"])
        rows = card.rows("said")
        assert len(rows) == len(figures)
        for row, figure in zip(rows, figures, strict=True):
            assert row["label"] == word("quantity", figure["quantity"], words)
            high = f"–{words.number(float(figure['value_high']), 2)}" if figure["value_high"] else ""
            value = words.number(float(figure["value"]), 2)
            assert row["text"] == f"{value}{high} ({words.date(figure['as_of'])})"
            assert (row["note"] or "") == figure[f"note_{words.language}"]
            assert row["links"] == links(figure, words)


@pytest.mark.parametrize("register", ["measures", "issues"])
def test_every_measure_and_issue_is_on_the_card(cards: list[Card], register: str) -> None:
    seen = 0
    for card in cards:
        words, records = card.words, of(register, card.row["id"])
        rows = card.rows(register)
        assert [row["text"] for row in rows] == [record[f"name_{words.language}"] for record in records]
        for row, record in zip(rows, records, strict=True):
            seen += 1
            assert row["links"] == links(record, words)
            if register == "issues":
                state = record["issue_state"]
                assert row["known"] == bool(state)
                assert row["label"] == (word("issue_state", state, words) if state else words("no_data"))
                assert record[f"description_{words.language}"] in row["note"]
                for agency in naive.parts(record["agencies"]):
                    assert embedded().record("participants", agency)[f"name_{words.language}"] in row["note"]
            else:
                assert (row["note"] or "") == record[f"term_{words.language}"]
    assert seen


def test_every_tie_is_on_the_card(cards: list[Card]) -> None:
    for card in cards:
        for column, register in TIES:
            named = {row["id"]: row for row in naive.rows(register)}
            records = [named[id_] for id_ in naive.parts(card.row[column])]
            rows = card.rows(column)
            assert len(rows) == len(records)
            for row, record in zip(rows, records, strict=True):
                assert row["text"].startswith(record[f"name_{card.words.language}"])
                assert row["links"] == links(record, card.words)
                assert row["href"] == (record.get("url") or record.get("website") or "")
                if record.get("document_number"):
                    assert f"№ {record['document_number']}" in row["text"]
                if record.get("date"):
                    assert card.words.date(record["date"]) in row["text"]


def test_whole_and_parts_lead_to_one_another(cards: list[Card]) -> None:
    for card in cards:
        id_, language = card.row["id"], card.words.language
        own = [row for row in naive.rows("projects") if row["part_of"] == id_]
        assert [(row["act"], row["text"]) for row in card.rows("parts")] == [
            (f"pick=projects/{row['id']}", row[f"name_{language}"]) for row in own
        ]
        acts = [row["act"] for row in card.rows("facts") if "act" in row]
        assert acts == ([f"pick=projects/{card.row['part_of']}"] if card.row["part_of"] else [])


def test_facts_tell_what_is_known_and_what_is_not(cards: list[Card], store: EmbeddedStore) -> None:
    unknown = 0
    for card in cards:
        words, rows = card.words, {row["label"]: row for row in card.rows("facts")}
        for name in FACTS:
            field = store.catalogue.fields.get(name) or next(
                f for f in store.catalogue.common if f.id == name
            )
            cell = card.row[f"{name}_{words.language}" if field.kind == "bilingual" else name]
            title = field.title[words.language]
            if not cell and name in ("part_of", "note"):
                assert title not in rows
                continue
            row = rows[title]
            assert row["known"] == bool(cell)
            if not cell:
                unknown += 1
                assert row["text"] == words("no_data")
            elif field.vocabulary:
                assert row["text"] == ", ".join(word(name, value, words) for value in naive.parts(cell))
            elif field.kind in ("year", "bilingual"):
                assert row["text"] == cell
    assert unknown


def test_every_source_of_the_card_is_listed_once(cards: list[Card]) -> None:
    for card in cards:
        cited = naive.parts(card.row["source_id"])
        for register in ("events", "money", "figures", "measures", "issues"):
            cited += [s for row in of(register, card.row["id"]) for s in naive.parts(row["source_id"])]
        for column, register in TIES:
            named = {row["id"]: row for row in naive.rows(register)}
            tied = [named[id_] for id_ in naive.parts(card.row[column])]
            cited += [s for row in tied for s in naive.parts(row["source_id"])]
        catalogue = embedded().catalogue
        expected = [catalogue.sources[s].title[card.words.language] for s in dict.fromkeys(cited)]
        assert [row["text"] for row in card.rows("sources")] == expected
        note = next(item["note"] for item in card.items if item["id"] == "facts_sources")
        assert note == card.words("card.as_of", date=card.words.date(card.row["as_of"]))


def test_what_any_row_cites_is_among_the_sources(cards: list[Card]) -> None:
    for card in cards:
        listed = {row["text"] for row in card.rows("sources")}
        cited = {
            link["title"] for item in card.items for row in item["rows"] for link in row.get("links") or []
        }
        assert cited <= listed, card.row["id"]


def test_lists_without_an_entry_are_left_out() -> None:
    bare = next(id_ for id_ in IDS if not of("measures", id_) and not of("issues", id_))
    names = {item["id"] for item in Dossier(programme(embedded()), bare, EN).lists()}
    assert not names & {"facts_measures", "facts_issues"}
    assert {"facts_facts", "facts_sources"} <= names
