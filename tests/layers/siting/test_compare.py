"""Sites side by side: a radar of values, and a table in which differences are marked."""

import json
import re

import pytest

from layers.siting.compare import MARKED, Comparing
from layers.siting.results import Findings
from layers.siting.sites import site
from layers.siting.telling import parts
from layers.text import Words
from tests.layers.siting.golden import golden
from tests.layers.siting.searches import PLAIN, pick, search

RU, EN = Words("ru"), Words("en")
SITES = ("site_plots#1", "site_plots#20", "site_mine/mine-1", "site_score/84.92000_56.42000")
UNHEARD = "site_plots/plot-999"


@pytest.fixture(scope="module")
def found() -> Findings:
    return search(PLAIN, mine=("circle~800:84.98000,56.45000",))


@pytest.fixture(scope="module")
def picks(found: Findings) -> tuple[str, ...]:
    return tuple(pick(found, name) for name in SITES)


@pytest.mark.parametrize("names", [(), SITES[:1], (SITES[0], UNHEARD)])
def test_one_site_is_not_compared(found: Findings, names: tuple[str, ...]) -> None:
    comparing = Comparing(found, tuple(pick(found, name) for name in names), RU)
    assert comparing.charts() == []
    assert comparing.pictures() == []


@pytest.mark.parametrize("words", [RU, EN], ids=["ru", "en"])
def test_the_radar_shows_the_value_of_every_criterion(
    found: Findings, picks: tuple[str, ...], words: Words
) -> None:
    (chart,) = Comparing(found, picks, words).charts()
    indicators = chart.option["radar"]["indicator"]
    assert [one["name"] for one in indicators] == [of.title(found.store, words) for of in found.measures]
    (series,) = chart.option["series"]
    assert [one["act"] for one in series["data"]] == [f"pick={named}" for named in picks]
    assert len({one["itemStyle"]["color"] for one in series["data"]}) == len(picks)
    for named, one in zip(picks, series["data"], strict=True):
        compared = site(found, named)
        assert compared is not None
        assert one["name"] == compared.name(words.language)
        expected = [round(value * 100, 1) for value in compared.judged.value[:2]]
        assert one["value"] == expected
        assert len(one["tip"]) == 1 + len(indicators)
    json.dumps(chart.option, allow_nan=False)


def test_differences_are_marked(found: Findings, picks: tuple[str, ...]) -> None:
    (chart,) = Comparing(found, picks, RU).charts()
    compared = [site(found, named) for named in picks]
    held = [{p.measure.text: p.value for p in parts(found, one.judged)} for one in compared if one]
    for of, (_, row) in zip(found.measures, list(chart.table.iterrows())[2:], strict=True):
        values = [values[of.text] for values in held]
        assert (row.iloc[-1] == "◆") == (max(values) - min(values) >= MARKED)
        assert row.iloc[0] == of.title(found.store, RU)
        assert re.fullmatch(r"[\d,\xa0]+\xa0\w+ → \d+\xa0%", row.iloc[1])
    assert "◆" in set(chart.table.iloc[:, -1])
    assert chart.table.iloc[0, 0] == RU("site.col_score")
    assert chart.table.shape == (2 + len(found.measures), 2 + len(picks))


def test_columns_of_the_same_name_are_told_apart(found: Findings) -> None:
    cells = ("site_score/84.92000_56.42000", "site_score/84.98000_56.45000")
    (chart,) = Comparing(found, cells, RU).charts()
    columns = list(chart.table.columns)
    assert len(set(columns)) == len(columns)
    assert columns[2] == f"{columns[1]} (2)"


def test_the_unknown_is_no_data() -> None:
    nine = golden()
    lon_lat = []
    for row, column in ((1, 0), (0, 1)):
        x, y = nine.grid.axes()
        lon, lat = (float(part[0]) for part in to_degrees(x[column], y[row]))
        lon_lat.append(f"site_score/{lon:.5f}_{lat:.5f}")
    (chart,) = Comparing(nine, tuple(lon_lat), RU).charts()
    first, second = chart.option["series"][0]["data"]
    assert first["value"] == [50.0, None]
    assert second["value"] == [80.0, 50.0]
    assert "нет данных" in first["tip"][-1]
    assert chart.table.iloc[0, 1] == "нет данных"
    assert chart.table.iloc[3, 1] == "нет данных"
    assert chart.table.iloc[3, -1] == ""  # what is unknown does not differ
    json.dumps(chart.option, allow_nan=False)


def to_degrees(x: float, y: float) -> tuple[list[float], list[float]]:
    from geo.crs import WGS84, WORKING, transform

    lon, lat = transform([x], [y], WORKING, WGS84)
    return lon.tolist(), lat.tolist()


def test_pictures_are_addresses_of_the_same_search(found: Findings, picks: tuple[str, ...]) -> None:
    (item,) = Comparing(found, picks[:2], EN).pictures()
    assert item["kind"] == "pictures"
    for named, picture in zip(picks, item["pictures"], strict=False):
        assert picture["src"].startswith(f"/site/inset/{named}.svg?lang=en&")
        assert "model=" in picture["src"]
        assert picture["act"] == f"pick={named}"
