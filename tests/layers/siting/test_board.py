"""The board of a search as plain data: tiles, charts, lists and workbooks, in both languages."""

import json
import re
from functools import cache
from typing import Any

import numpy as np
import pytest

from geo.weighing import EXCLUDED, FREE, UNSURE
from layers.catalog import LANGUAGES, Language
from layers.chart import Chart
from layers.programme.boards import UnknownChart, book, chart, items
from layers.siting.board import SiteBoard
from layers.siting.site_charts import SiteCharts
from layers.siting.sites import of_layer, ranked, site, sites
from layers.store import EmbeddedStore, embedded
from layers.text import Words
from layers.view import View
from tests.layers.siting.golden import golden
from tests.layers.siting.searches import EXCLUDING, PLAIN, pick, search

MINE = "circle~800:84.98000,56.45000"
ASKED: dict[str, dict[str, str]] = {
    "plain": {"model": PLAIN},
    "ready": {},
    "chosen": {"model": PLAIN, "pick": "site_plots#2", "sites": "site_plots#1,site_areas#1"},
    "cell": {"model": PLAIN, "mine": MINE, "pick": "site_score/84.98000_56.45000"},
    "mine": {"model": "heritage-park", "mine": MINE, "pick": "site_mine/mine-1"},
    "owa": {"model": f"{PLAIN};o:5;u:power*5000", "pick": "site_plots#1"},
    "excluded": {"model": EXCLUDING, "pick": "site_score/84.98000_56.45000"},
    "nothing": {"model": "c:distance.railways*1*lin~0~0~1000000~1;t:0.99", "mine": MINE},
    "gone": {"model": PLAIN, "pick": "site_plots/plot-999", "sites": "site_mine/mine-7"},
}
LINE = re.compile(r"\b(None|nan|NaN|inf|undefined)\b|∞|[{}]")


def named(asked: str) -> dict[str, str]:
    """What is asked, with the sites by their places."""
    params = dict(ASKED[asked])
    for key in params.keys() & {"pick", "sites"}:
        found = search(params.get("model", "industrial-park"))
        params[key] = ",".join(pick(found, name) for name in params[key].split(","))
    return params


def view(asked: str, language: Language = "ru") -> View:
    params = {"page": "site", "lang": language, "area": "84.9,56.4,85.1,56.5", "cell": "500", **named(asked)}
    found, problems = View.parse(params, embedded().catalogue)
    assert not problems
    return found


@cache
def by_id(asked: str, language: Language = "ru") -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in items(embedded(), view(asked, language))}


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


both = pytest.mark.parametrize("language", LANGUAGES)
every = pytest.mark.parametrize("asked", ASKED)


@both
@every
def test_the_board_is_plain_data(asked: str, language: Language) -> None:
    found = items(embedded(), view(asked, language))
    assert found
    assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(json.dumps(found))
    assert len({item["id"] for item in found}) == len(found)
    assert {item["kind"] for item in found} <= {"tile", "facts", "chart", "pictures"}
    for item in found:
        assert item["title"].strip()
        if item["kind"] == "tile":
            assert item["figure"].strip()
            assert all(note.strip() for note in item["notes"])
        if item["kind"] == "facts":
            for row in item["rows"]:
                assert row["label"].strip()
                assert row["text"].strip()
    said = [text for item in found for text in texts({k: v for k, v in item.items() if k != "book"})]
    assert not [text for text in said if LINE.search(text)]


@every
def test_the_languages_differ_in_words_alone(asked: str) -> None:
    russian, english = by_id(asked, "ru"), by_id(asked, "en")
    assert list(russian) == list(english)
    assert [item["kind"] for item in russian.values()] == [item["kind"] for item in english.values()]
    for item in english.values():
        told = [item["title"], item.get("note", ""), *item.get("notes", [])]
        assert not [text for text in told if re.search("[а-яё]", text, re.IGNORECASE)], item["id"]


@every
def test_every_act_names_a_site_of_the_board(asked: str) -> None:
    board = SiteBoard(embedded(), view(asked), Words("ru"))
    acts = re.findall(r'"act": "(?:pick|compare)=([^"]+)"', json.dumps(list(by_id(asked).values())))
    assert all(site(board.found, pick) for pick in acts)


@both
@every
def test_every_chart_has_its_workbook(store: EmbeddedStore, asked: str, language: Language) -> None:
    made = [item["id"] for item in by_id(asked, language).values() if item["kind"] == "chart"]
    assert made
    for id_ in made:
        found = chart(store, view(asked, language), id_)
        assert len(found.acts or found.table) == len(found.table)
    assert book(store, view(asked, language), made[0])[:2] == b"PK"
    with pytest.raises(UnknownChart):
        chart(store, view(asked, language), "unheard")


def test_the_finding_says_how_much_and_the_best() -> None:
    tile = by_id("plain")["tile_finding"]
    board = SiteBoard(embedded(), view("plain"), Words("ru"))
    area, plot = (of_layer(board.found, layer)[0] for layer in ("site_areas", "site_plots"))
    assert tile["figure"] == "Своя модель"
    said = " ".join(tile["notes"]).replace("\u00a0", " ")
    assert Words("ru").number(area.about["area_ha"], 0).replace("\u00a0", " ") in said
    assert plot.name("ru") in said
    assert "70 %" in said


def test_the_ready_model_is_called_by_its_name(store: EmbeddedStore) -> None:
    for language in LANGUAGES:
        title = store.record("models", "industrial-park")[f"name_{language}"]
        assert by_id("ready", language)["tile_finding"]["figure"] == title


def test_where_nothing_is_left_it_is_said_why() -> None:
    words = Words("ru")
    assert words("site.nothing_left") in by_id("excluded")["tile_finding"]["notes"]
    none = by_id("nothing")["tile_finding"]["notes"]
    assert any(note.startswith("Площадок с оценкой от 99\u00a0% нет") for note in none)
    assert words("site.is_excluded") in by_id("excluded")["tile_chosen"]["notes"]


def test_the_shares_are_told_in_square_kilometres_and_make_up_the_land() -> None:
    board = SiteBoard(embedded(), view("plain"), Words("ru"))
    scores, states = board.found.whole
    enough = scores >= np.float32(board.found.model.threshold)
    open_ = (states == FREE) | (states == UNSURE)
    parts = {
        "suitable": enough & (states == FREE),
        "maybe": enough & (states == UNSURE),
        "low": ~enough & open_,
        "excluded": states == EXCLUDED,
    }
    tiles = {name: item for name, item in by_id("plain").items() if name.startswith("tile_share_")}
    assert set(tiles) == {f"tile_share_{name}" for name in parts}
    assert sum(part.sum() for part in parts.values()) == states.size
    for name, part in parts.items():
        km2 = part.sum() * 0.25
        told = Words("ru").number(km2, 0 if km2 >= 10 or not km2 else 2)
        assert tiles[f"tile_share_{name}"]["figure"] == Words("ru")("site.km2", n=told)


@pytest.mark.parametrize(
    ("percent", "told"), [(0.0, "0"), (47.44, "47,4"), (0.0356, "0,036"), (0.0001, "<\u00a00,001")]
)
def test_some_is_never_told_as_none(percent: float, told: str) -> None:
    assert SiteBoard(embedded(), view("plain"), Words("ru"))._small(percent) == told


def test_the_chosen_site_can_be_compared() -> None:
    (button,) = by_id("chosen")["tile_chosen"]["parts"]
    assert button == {
        "text": Words("ru")("site.compare"),
        "act": f"compare={view('chosen').selected}",
        "on": False,
    }
    assert "compare" in by_id("chosen")
    assert "compare" not in by_id("plain")
    assert "tile_chosen" not in by_id("gone")


def test_what_is_chosen_has_its_limits_and_supplies(store: EmbeddedStore) -> None:
    limits, supplies = (by_id("mine")[f"facts_{name}"] for name in ("limits", "supplies"))
    board = SiteBoard(store, view("mine"), Words("ru"))
    assert len(limits["rows"]) == len(board.found.model.limits) > 0
    assert len(supplies["rows"]) == 5
    assert "facts_limits" not in by_id("plain")


def test_the_model_is_told_with_its_reasons_and_clauses(store: EmbeddedStore) -> None:
    board = SiteBoard(store, view("ready"), Words("ru"))
    criteria, constraints = (by_id("ready")[f"facts_{name}"] for name in ("criteria", "constraints"))
    assert len(criteria["rows"]) == len(board.found.model.criteria)
    assert all(row["known"] and row["links"] for row in criteria["rows"])
    assert len(constraints["rows"]) == len(board.found.model.limits)
    assert all(row["links"] for row in constraints["rows"])
    added = by_id("plain")["facts_criteria"]["rows"]
    assert len(added) == 2


# --- charts ------------------------------------------------------------------------------------------


def charts(asked: str) -> tuple[SiteBoard, dict[str, Chart]]:
    board = SiteBoard(embedded(), view(asked), Words("ru"))
    return board, {made.id: made for made in board.charts()}


def test_plots_and_areas_are_charted_in_their_order() -> None:
    board, made = charts("plain")
    for layer, id_ in (("site_plots", "plots"), ("site_areas", "areas")):
        of_it = of_layer(board.found, layer)
        assert list(made[id_].table.iloc[:, 0]) == [one.name("ru") for one in of_it]
        assert list(made[id_].acts) == [f"pick={one.pick}" for one in of_it]
        values = [mark["value"] for mark in made[id_].option["series"][0]["data"]]
        assert values == [round(one.judged.score * 100, 1) for one in of_it][: len(values)]


@pytest.mark.parametrize("asked", ["chosen", "mine", "cell"])
def test_what_is_won_and_lost_makes_the_whole(asked: str) -> None:
    board, made = charts(asked)
    won, lost = (made["parts"].option["series"][at]["data"] for at in (0, 1))
    total = sum(mark["value"] for mark in (*won, *lost))
    assert total == pytest.approx(100, abs=0.1 * len(won))
    assert board.chosen is not None
    gained = sum(mark["value"] for mark in won)
    assert gained == pytest.approx(board.chosen.judged.score * 100, abs=0.06 * len(won))


def test_the_unknown_is_no_bar() -> None:
    nine = golden()
    x, y = nine.grid.axes()
    from geo.crs import WGS84, WORKING, transform

    lon, lat = transform([x[0]], [y[1]], WORKING, WGS84)
    one = site(nine, f"site_score/{lon[0]:.5f}_{lat[0]:.5f}")
    assert one is not None
    made = SiteCharts(nine, Words("ru")).contributions(one)
    won, lost = (made.option["series"][at]["data"] for at in (0, 1))
    assert [mark["value"] for mark in won] == [37.5, None]
    assert [mark["value"] for mark in lost] == [37.5, None]


def test_the_order_is_told_with_its_second_opinions() -> None:
    board, made = charts("plain")
    table = made["order"].table
    assert {"TOPSIS", "PROMETHEE II"} <= set(table.columns)
    first, top = (made["order"].option["series"][at]["data"] for at in (1, 0))
    assert all(a["value"] <= b["value"] for a, b in zip(first, top, strict=True))
    assert len(table) <= len(ranked(board.found))


@pytest.mark.parametrize("asked", ["plain", "owa", "mine"])
def test_the_tornado_is_that_of_the_best_site(asked: str) -> None:
    board, made = charts(asked)
    if "tornado" not in made:
        assert len(ranked(board.found)) < 2
        return
    scores = [np.nan_to_num(one.judged.score, nan=-1.0) for one in ranked(board.found)]
    best = ranked(board.found)[int(np.argmax(scores))]
    assert best.name("ru") in made["tornado"].title
    score = round(best.judged.score * 100, 1)
    low, high = made["tornado"].table.iloc[:, 1], made["tornado"].table.iloc[:, 2]
    assert ((low <= score + 0.2) & (score - 0.2 <= high)).all()


def test_the_tornado_of_a_search_without_plots_is_not_that_of_the_first_on_the_list() -> None:
    params = {"page": "site", "model": f"{PLAIN};t:1;u:area*999999", "area": "84.9,56.4,85.1,56.5",
              "cell": "500", "mine": f"circle~300:84.92000,56.41000|{MINE}"}  # fmt: skip
    found, problems = View.parse(params, embedded().catalogue)
    assert not problems
    board = SiteBoard(embedded(), found, Words("ru"))
    taking_part = ranked(board.found)
    assert not of_layer(board.found, "site_plots")
    best = max(taking_part, key=lambda one: one.judged.score)
    assert best is not taking_part[0]
    assert best.name("ru") in SiteCharts(board.found, Words("ru")).sensitivity().title
    assert len(sites(board.found)) >= len(taking_part)


def test_where_nothing_is_drawn_the_chart_says_why() -> None:
    words = Words("ru")
    for name in ("plots", "areas"):
        drawn = by_id("nothing")[name]
        assert drawn["table"]["rows"] == []
        assert drawn["empty"] in by_id("nothing")["tile_finding"]["notes"]
    large = SiteCharts(search(f"{PLAIN};u:area*90000"), words)
    assert large.areas().table.shape[0]
    assert large.plots().empty == words("site.no_plots", ha=words.number(90_000, 1))
