"""The target indicators: every value that has a target, as a share of it, and the same as a table."""

import math

import pytest

from layers.programme.indicators import GOAL_YEAR, indicators
from layers.store import EmbeddedStore
from layers.text import Words
from tests.layers.programme import naive
from tests.layers.programme.naive import BOTH


def goals() -> dict[str, float]:
    found = {
        row["indicator"]: float(row["value"])
        for row in naive.rows("indicator_values")
        if row["basis"] == "target" and int(row["year"]) == GOAL_YEAR
    }
    assert found
    return found


def shown() -> list[dict[str, str]]:
    """The indicators that have a target, in the order of the register."""
    return [row for row in naive.rows("indicators") if row["id"] in goals()]


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_every_value_is_a_point_at_its_share_of_the_target(store: EmbeddedStore, words: Words) -> None:
    chart = indicators(store, words.language)
    assert chart.option["yAxis"]["data"] == [row[f"name_{words.language}"] for row in shown()]
    place = {row["id"]: number for number, row in enumerate(shown())}
    expected: dict[str, list[list[float]]] = {}
    for row in sorted(values(), key=lambda row: (row["basis"], int(row["year"]))):
        point = [round(float(row["value"]) / goals()[row["indicator"]] * 100, 1), place[row["indicator"]]]
        expected.setdefault(f"{words('programme.' + row['basis'])}, {row['year']}", []).append(point)
    found = {part["name"]: [p["value"] for p in part["data"]] for part in chart.option["series"]}
    assert len(found) == len(chart.option["series"]), "one series a basis and year"
    assert list(found) == list(expected)
    assert found == expected
    assert len({name.partition(",")[0] for name in found}) == 2
    assert len(found) > 2


def values() -> list[dict[str, str]]:
    """The values of the indicators that have a target."""
    return [row for row in naive.rows("indicator_values") if row["indicator"] in goals()]


def test_facts_and_targets_look_different_and_only_what_is_outdated_is_faint(store: EmbeddedStore) -> None:
    (words, _), last = BOTH, dict[str, int]()
    for row in values():
        last[row["basis"]] = max(int(row["year"]), last.get(row["basis"], 0))
    bases = {words(f"programme.{basis}"): basis for basis in last}
    looks: dict[str, set[tuple[str, str]]] = {basis: set() for basis in last}
    faint = []
    for part in indicators(store, words.language).option["series"]:
        name, _, year = part["name"].partition(", ")
        looks[bases[name]].add((part["symbol"], part["itemStyle"]["color"]))
        faint.append(part["itemStyle"]["opacity"] < 0.5)
        assert not (faint[-1] and int(year) == last[bases[name]]), "the latest stands out"
    assert [len(found) for found in looks.values()] == [1, 1]
    assert looks["actual"] != looks["target"]
    assert any(faint)
    assert not all(faint)


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_a_point_tells_its_figure_and_unit(store: EmbeddedStore, words: Words) -> None:
    names = {row[f"name_{words.language}"]: row for row in shown()}
    for part in indicators(store, words.language).option["series"]:
        for point in part["data"]:
            name, told = point["tip"]
            row = names[name]
            year, _, figure = told.partition(": ")
            own = [
                v for v in naive.rows("indicator_values") if v["indicator"] == row["id"] and v["year"] == year
            ]
            assert any(figure.startswith(words.number(float(v["value"]), 2)) for v in own)
            assert figure.endswith(row[f"unit_{words.language}"])


@pytest.mark.parametrize("words", BOTH, ids=["ru", "en"])
def test_the_table_holds_every_value(store: EmbeddedStore, words: Words) -> None:
    table = indicators(store, words.language).table
    assert len(table) == len(shown())
    expected = {
        (row["indicator"], f"{row['year']}, {words('programme.' + row['basis']).lower()}"): float(
            row["value"]
        )
        for row in naive.rows("indicator_values")
        if row["indicator"] in goals()
    }
    assert expected
    held = {
        (row["id"], str(column)): value
        for row, cells in zip(shown(), table.iloc[:, 1:].to_dict("records"), strict=True)
        for column, value in cells.items()
        if not math.isnan(value)
    }
    assert held == expected
    for row, title in zip(shown(), table.iloc[:, 0], strict=True):
        assert title.startswith(row[f"name_{words.language}"])


def test_both_languages_give_the_same_numbers(store: EmbeddedStore) -> None:
    russian, english = (indicators(store, words.language) for words in BOTH)
    assert naive.figures_of(russian) == naive.figures_of(english)
    for chart, words in ((russian, BOTH[0]), (english, BOTH[1])):
        naive.assert_sound(chart, store, words)
