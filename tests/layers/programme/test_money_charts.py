"""The charts of money: what goes in comes out, leaves are the known costs, the gap fills by what is spent."""

import math

import pytest
from hypothesis import given, settings

from geo.shape import Shape
from layers.programme.charts import Charts
from layers.programme.figures import programme
from layers.query import Query
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH, RU, choices, shapes


def charts(query: Query, shape: Shape | None = None, words: Words = RU) -> Charts:
    return Charts(programme(embedded()), query, shape, words)


def money_word(source: str, words: Words) -> str:
    catalogue = embedded().catalogue
    if source == naive.UNNAMED:
        return words("programme.unnamed")
    return catalogue.word(catalogue.fields["money_source"], source, words.language)


def park_word(park: str, words: Words) -> str:
    catalogue = embedded().catalogue
    if not park:
        return words("programme.no_park")
    return catalogue.word(catalogue.fields["park"], park, words.language)


# --- the flow of money ------------------------------------------------------------------------------


@given(choices(), shapes())
@settings(max_examples=15)
def test_the_flow_is_that_of_the_files(query: Query, shape: Shape | None) -> None:
    expected: dict[tuple[str, str], float] = {}
    for (id_, source), amount in naive.flows(naive.counted("cost_mln_rub", query, shape)).items():
        key = (money_word(source, RU), park_word(naive.park(id_), RU))
        expected[key] = expected.get(key, 0.0) + amount
    chart = charts(query, shape).flow()
    links = {(link["source"], link["target"]): link["value"] for link in chart.option["series"][0]["links"]}
    assert links == pytest.approx(expected)
    rows = {(source, park): amount for source, park, amount in chart.table.itertuples(index=False)}
    assert rows == pytest.approx(expected)


@given(choices(), shapes())
@settings(max_examples=15)
def test_the_flow_conserves_money(query: Query, shape: Shape | None) -> None:
    """Every node has a link, no link leads nowhere; what leaves the sources arrives in the parks."""
    series = charts(query, shape).flow().option["series"][0]
    names = [node["name"] for node in series["data"]]
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for link in series["links"]:
        out[link["source"]] = out.get(link["source"], 0.0) + link["value"]
        into[link["target"]] = into.get(link["target"], 0.0) + link["value"]
    assert len(set(names)) == len(names), "nodes are told apart by their names"
    assert set(names) == set(out) | set(into)
    assert not set(out) & set(into)
    assert math.fsum(out.values()) == pytest.approx(math.fsum(into.values()))
    for node in series["data"]:
        amount = (out | into)[node["name"]]
        assert node["tip"] == [node["name"], RU.money(amount)]
    whole = math.fsum(naive.flows(naive.counted("cost_mln_rub", query, shape)).values())
    assert math.fsum(out.values()) == pytest.approx(whole)


def test_nodes_and_links_act_by_source_and_by_park(store: EmbeddedStore) -> None:
    series = charts(Query()).flow().option["series"][0]
    acts = {node["name"]: node["act"] for node in series["data"]}
    assert acts[money_word("federal", RU)] == "funding=federal"
    assert acts[park_word("medical", RU)] == "park=medical"
    assert acts[money_word(naive.UNNAMED, RU)] is None
    assert acts[park_word("", RU)] is None
    for link in series["links"]:
        assert link["act"] == acts[link["target"]]


# --- money by source --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_bars_of_money_add_up_to_the_flows(words: Words) -> None:
    made = charts(Query(), None, words)
    chart = made.money_bars(made.chosen.flows, "title")
    expected: dict[str, float] = {}
    for (_, source), amount in naive.flows(naive.counted("cost_mln_rub", Query())).items():
        expected[money_word(source, words)] = expected.get(money_word(source, words), 0.0) + amount
    assert dict(zip(chart.table.iloc[:, 0], chart.table.iloc[:, 1], strict=True)) == pytest.approx(expected)
    naive.assert_sound(chart, embedded(), words)
    assert chart.title == "title"


# --- the gap ----------------------------------------------------------------------------------------


def put_in(query: Query, shape: Shape | None = None) -> dict[tuple[str, str], float]:
    """What was put in by (year, source); the year is "" where it is unknown."""
    found: dict[tuple[str, str], float] = {}
    for id_, amount in naive.known(naive.spent(query, shape)).items():
        year = str(naive.year_spent(id_) or "")
        flows = {source: sum_ for (_, source), sum_ in naive.flows([id_]).items()} or {naive.UNNAMED: 1.0}
        for source, part in flows.items():
            key = (year, source)
            found[key] = found.get(key, 0.0) + amount * part / math.fsum(flows.values())
    return found


@given(choices(), shapes())
@settings(max_examples=15)
def test_the_gap_fills_by_what_was_put_in_each_year(query: Query, shape: Shape | None) -> None:
    expected = put_in(query, shape)
    chart = charts(query, shape).gap()
    years = sorted({int(year) for year, _ in expected if year})
    listed = [str(year) for year in range(years[0], years[-1] + 1)] if years else []
    assert list(chart.table.iloc[:, 0]) == listed == chart.option["xAxis"]["data"]
    assert query.year is None or all(int(year) <= query.year for year in listed)
    sources = {source for year, source in expected if year}
    columns = {str(title).partition(",")[0]: title for title in chart.table.columns[1:]}
    assert set(columns) == {money_word(source, RU) for source in sources}
    for source in sources:
        for year, filled in zip(listed, chart.table[columns[money_word(source, RU)]], strict=True):
            until = math.fsum(v for (y, s), v in expected.items() if s == source and y and y <= year)
            assert filled == pytest.approx(until)


@given(choices(), shapes())
@settings(max_examples=15)
def test_the_gap_and_its_note_hold_all_that_was_spent(query: Query, shape: Shape | None) -> None:
    chart = charts(query, shape).gap()
    expected = put_in(query, shape)
    undated = math.fsum(v for (year, _), v in expected.items() if not year)
    last = float(chart.table.iloc[-1, 1:].sum()) if len(chart.table) else 0.0
    spent = math.fsum(naive.known(naive.spent(query, shape)).values())
    assert last + undated == pytest.approx(spent)
    told = " " + RU("programme.gap_undated", amount=RU.money(undated)) if undated else ""
    of_year = " " + RU("programme.year_note") if query.year is not None else ""
    assert chart.note == RU("programme.gap_note") + told + of_year


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_in_a_year_the_gap_holds_what_is_known_by_it(words: Words) -> None:
    whole = charts(Query(), None, words).gap()
    years = [int(year) for year in whole.table.iloc[:, 0]]
    year = years[len(years) // 2]
    then = charts(Query(year=year), None, words).gap()
    assert max(int(row) for row in then.table.iloc[:, 0]) <= year < years[-1]
    assert 0 < then.table.iloc[-1, 1:].sum() < whole.table.iloc[-1, 1:].sum()
    assert then.note.endswith(words("programme.year_note"))
    assert words("programme.year_note") not in whole.note


def test_the_areas_are_the_table_and_stay_below_the_need() -> None:
    chart = charts(Query()).gap()
    *areas, points = chart.option["series"]
    for column, area in zip(chart.table.columns[1:], areas, strict=True):
        assert area["data"] == pytest.approx(list(chart.table[column] / 1000), abs=0.001)
        assert area["data"] == sorted(area["data"])
    need = max(float(row["value"]) for row in naive.stated("investment_need_mln_rub")) / 1000
    assert chart.option["yAxis"]["max"] == need
    assert areas[0]["markLine"]["data"] == [{"yAxis": need}]
    assert sum(area["data"][-1] for area in areas) <= need
    stated = {
        (row["as_of"][:4], float(row["value"]) / 1000) for row in naive.stated("invested_total_mln_rub")
    }
    shown = {tuple(point["value"]) for point in points["data"]}
    assert shown == {(year, value) for year, value in stated if year in chart.option["xAxis"]["data"]}
    assert shown
    assert all(value <= need for _, value in shown)


# --- costs ------------------------------------------------------------------------------------------


@given(choices(), shapes())
@settings(max_examples=15)
def test_the_leaves_are_the_known_costs(query: Query, shape: Shape | None) -> None:
    ids = naive.counted("cost_mln_rub", query, shape)
    costs = naive.figure("cost_mln_rub")
    known = {id_: costs[id_] for id_ in ids if id_ in costs}
    chart = charts(query, shape).treemap()
    leaves: dict[str, float] = {}
    for group in chart.option["series"][0]["data"]:
        own = {leaf["act"].removeprefix("pick=projects/"): leaf["value"] for leaf in group["children"]}
        park = (group["act"] or "=").partition("=")[2]
        assert {naive.park(id_) for id_ in own} == {park}
        assert group["tip"] == [park_word(park, RU), RU.money(math.fsum(own.values()))]
        leaves |= own
    assert leaves == {id_: value for id_, (_, value, _) in known.items()}
    picked = [str(act).removeprefix("pick=projects/") for act in chart.acts]
    table = {
        id_: tuple(row[2:]) for id_, row in zip(picked, chart.table.itertuples(index=False), strict=True)
    }
    assert table == {id_: (value, low, high) for id_, (low, value, high) in known.items()}
    assert list(chart.table.iloc[:, 2]) == sorted(chart.table.iloc[:, 2], reverse=True)
    missing = len(ids) - len(known)
    assert chart.note == (RU.count("programme.unknown_cost", missing) if missing else "")


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_a_leaf_tells_its_cost_and_its_range(words: Words) -> None:
    for group in charts(Query(), None, words).treemap().option["series"][0]["data"]:
        for leaf in group["children"]:
            id_ = leaf["act"].removeprefix("pick=projects/")
            low, value, high = naive.figure("cost_mln_rub")[id_]
            span = words("programme.range", low=words.money(low), high=words.money(high))
            name = naive.projects()[id_][f"name_{words.language}"]
            assert leaf["tip"] == [name, words.money(value), *([span] if low < high else [])]


# --- jobs and cost ----------------------------------------------------------------------------------


@given(choices(), shapes())
@settings(max_examples=15)
def test_jobs_and_cost_of_those_that_have_both(query: Query, shape: Shape | None) -> None:
    cost, jobs = naive.figure("cost_mln_rub"), naive.figure("jobs")
    ids = naive.chosen(query, shape)
    expected = {
        id_: (cost[id_][1], jobs[id_][1])
        for id_ in ids
        if id_ in cost and id_ in jobs and cost[id_][1] > 0 and jobs[id_][1] > 0
    }
    chart = charts(query, shape).jobs_per_rouble()
    points = {
        point["act"].removeprefix("pick=projects/"): tuple(point["value"])
        for point in chart.option["series"][0]["data"]
    }
    assert points == expected
    assert [str(act).removeprefix("pick=projects/") for act in chart.acts] == list(points)
    ratios = [round(jobs_ / cost_ * 1000, 1) for cost_, jobs_ in points.values()]
    assert list(chart.table.iloc[:, 3]) == pytest.approx(ratios, abs=0.051)
    assert list(chart.table.iloc[:, 3]) == sorted(chart.table.iloc[:, 3], reverse=True)
    assert chart.note == RU("programme.jobs_note", known=len(expected), of=len(ids))
