"""Live marks against the records themselves."""

import pandas as pd
import pytest

from layers.catalog import Language
from layers.paper.document import plain
from layers.programme import boards
from layers.store import EmbeddedStore
from layers.story.live import Teller, UnknownMark
from layers.story.offers import charts, fields, figures
from layers.text import Words
from layers.view import View


@pytest.fixture
def teller(store: EmbeddedStore) -> Teller:
    return Teller(store, View.default(store.catalogue))


def english(store: EmbeddedStore) -> Teller:
    return Teller(store, View.default(store.catalogue, "en"))


def test_a_figure_of_a_board_is_the_one_that_the_board_shows(store: EmbeddedStore, teller: Teller) -> None:
    view = View.parse({"page": "programme", "f.park": "medical"}, store.catalogue)[0]
    shown = boards.tile(store, view, "cost")
    assert teller.figure("programme.cost?f.park=medical").text == shown.figure
    assert teller.figure("programme.cost?f.park=medical").sources == shown.sources
    assert teller.figure("programme.cost").text != shown.figure


def test_without_a_query_that_of_the_chapter_applies(store: EmbeddedStore, teller: Teller) -> None:
    view = View.parse({"f.park": "medical"}, store.catalogue)[0]
    assert Teller(store, view).figure("programme.cost") == teller.figure("programme.cost?f.park=medical")


def test_a_field_of_a_record_is_told_in_words_with_its_sources(store: EmbeddedStore, teller: Teller) -> None:
    record = store.record("projects", "asino-timber-complex")
    living = teller.figure("projects/asino-timber-complex.cost_mln_rub")
    assert living.text == Words("ru").money(record["cost_mln_rub"])
    assert list(living.sources) == record["source_id"].split(";")
    assert record["name_ru"] in living.of
    assert Words("ru").date(record["as_of"]) in living.of


@pytest.mark.parametrize(
    ("mark", "table", "id_", "say"),
    [
        ("scenarios/stage-1.works_cost", "scenarios", "stage-1", "money"),
        ("figures/proryv-odek-cost-2015.value", "figures", "proryv-odek-cost-2015", "money"),
        ("statements/investment-need-250bn.value", "statements", "investment-need-250bn", "money"),
        ("statements/extra-share-confirmed.value", "statements", "extra-share-confirmed", "percent"),
        ("statements/measures-65.value", "statements", "measures-65", "number"),
    ],
)
def test_money_and_shares_are_told_as_such_whatever_their_field_is_called(
    store: EmbeddedStore, teller: Teller, mark: str, table: str, id_: str, say: str
) -> None:
    words, value = Words("ru"), store.record(table, id_)[mark.rpartition(".")[2]]
    told = {"money": words.money(value), "percent": words.percent(value / 100), "number": words.number(value)}
    assert teller.figure(mark).text == told[say]


def test_what_is_not_known_is_said_to_be_so(store: EmbeddedStore, teller: Teller) -> None:
    frame = store.features("projects")
    unknown = frame.index[frame["jobs"].isna()][0]
    assert teller.figure(f"projects/{unknown}.jobs").text == Words("ru")("no_data")


def test_a_name_is_in_the_language(store: EmbeddedStore, teller: Teller) -> None:
    record = store.record("projects", "asino-timber-complex")
    assert teller.figure("projects/asino-timber-complex.name").text == record["name_ru"]
    assert english(store).figure("projects/asino-timber-complex.name").text == record["name_en"]


def test_what_is_stated_is_the_latest_unless_the_first_is_asked_for(
    store: EmbeddedStore, teller: Teller
) -> None:
    rows = store.records("statements")
    rows = rows[rows["statement"] == "investment_need_mln_rub"].sort_values("as_of", kind="stable")
    assert teller.figure("said/investment_need_mln_rub").text == Words("ru").money(rows.iloc[-1]["value"])
    assert teller.figure("said/investment_need_mln_rub.first").text == Words("ru").money(
        rows.iloc[0]["value"]
    )
    assert teller.figure("said/investment_need_mln_rub.date").text == Words("ru").date(rows.iloc[-1]["as_of"])


@pytest.mark.parametrize(
    ("language", "forms"), [("ru", "проект|проекта|проектов"), ("en", "project|projects")]
)
def test_a_count_takes_its_noun_in_the_plural_form(
    store: EmbeddedStore, language: Language, forms: str
) -> None:
    teller = Teller(store, View.default(store.catalogue, language))
    for park in ("medical", "industrial", "sport", "innovation", "research_educational"):
        frame = store.features("projects")
        count = int((frame["park"] == park).sum())
        told = teller.figure(f"count/projects?f.park={park}|{forms}").text
        if language == "ru":
            tail = "ов" if count % 100 in range(11, 15) or count % 10 in (0, *range(5, 10)) else ""
            tail = tail or ("" if count % 10 == 1 else "а")
            assert told == f"{count}\u00a0проект{tail}"
        else:
            assert told == f"{count}\u00a0project{'' if count == 1 else 's'}"


def test_a_table_holds_the_records_that_the_query_keeps(store: EmbeddedStore, teller: Teller) -> None:
    table, sources = teller.table("projects?f.park=medical&fields=name,cost_mln_rub")
    frame = store.features("projects")
    kept = frame[frame["park"] == "medical"]
    assert [row[0] for row in table.rows] == kept["name_ru"].tolist()
    known = [Words("ru").number(v) if pd.notna(v) else "—" for v in kept["cost_mln_rub"]]
    assert [row[1] for row in table.rows] == known
    assert set(sources) == {id_ for ids in kept["source_id"] for id_ in ids.split(";")}


def test_facts_are_fields_with_their_date(store: EmbeddedStore, teller: Teller) -> None:
    rows, sources = teller.facts("projects/asino-timber-complex?fields=cost_mln_rub,invested_mln_rub")
    assert [plain(row.value) for row in rows] == ["100\u00a0млрд\u00a0₽", "20\u00a0млрд\u00a0₽"]
    assert all("2016" in row.note for row in rows)
    assert sources


def test_a_mark_may_name_a_project_and_an_entry_that_is_the_default(teller: Teller) -> None:
    assert teller.figure("project.cost_mln_rub?pick=projects/asino-timber-complex").text.startswith("100")
    assert teller.figure("reach.mean?goal=tomsk").text == teller.figure("reach.mean").text


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("foo", "page"),
        ("sources.cost", "page"),
        ("programme.nothing", "tile"),
        ("programme.cost?f.park=nowhere", "query"),
        ("programme.cost?colour=red", "query"),
        ("nothing/asino.cost", "table"),
        ("projects/nothing.jobs", "record"),
        ("projects/asino-timber-complex.colour", "field"),
        ("said/nothing", "statement"),
        ("said/jobs_target.last", "statement"),
        ("count/nothing", "table"),
        ("", "page"),
    ],
)
def test_a_mark_that_names_nothing_says_what_is_missing(teller: Teller, mark: str, code: str) -> None:
    with pytest.raises(UnknownMark) as fault:
        teller.figure(mark)
    assert fault.value.code == code


NAMELESS = ("statements", "money", "figures", "events")


@pytest.mark.parametrize("table", NAMELESS)
def test_what_has_no_names_is_not_told_by_name(store: EmbeddedStore, teller: Teller, table: str) -> None:
    one = store.records(table).index[0]
    with pytest.raises(UnknownMark):
        teller.figure(f"{table}/{one}.name")
    with pytest.raises(UnknownMark):
        teller.table(table)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_whatever_is_offered_can_be_told(store: EmbeddedStore, language: Language) -> None:
    view = View.default(store.catalogue, language)
    teller = Teller(store, view)
    offered = [*figures(store, view), *fields(store, "projects", "asino-timber-complex", view)]
    assert len(offered) > 40
    for offer in offered:
        living = teller.figure(offer.written.strip("{}"))
        assert living.text
        if offer.now:
            assert living.text == offer.now
    for offer in charts(store, view):
        chart, _ = teller.chart(offer.written.partition("(chart:")[2].rstrip(")"))
        assert offer.title.endswith(chart.title)
