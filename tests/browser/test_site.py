"""Find a site in a browser: tiles, a slider that repaints, places that tell why, plots, a passport."""

import re

import pytest
from playwright.sync_api import expect

from layers.query import Query
from layers.sought import Sought
from layers.store import embedded
from layers.text import Words
from tests.browser.test_access import PHONE, faults

RU, EN = Words("ru"), Words("en")
AREA = (84.9, 56.4, 85.1, 56.55)
PLAIN = "c:distance.roads*60*lin~0~1~20000~0;c:distance.stations*40*lin~0~1~30000~0;t:0.5;a:25"
ADDRESS = f"?page=site&cell=500&area={','.join(f'{side:.3f}' for side in AREA)}&model={PLAIN}"
ASKED = Query(sought=Sought(area=AREA, cell_m=500, model=PLAIN))


def opened(visit, query: str = "", **more):
    """The page with its map and its board drawn."""
    on = visit(**{"width": 1600, "height": 1000, **more}).open_board(ADDRESS + query)
    on.settle()
    return on


def tiles(on) -> list[str]:
    return [url for url in on.requests if "/site/tiles/" in url]


def test_the_page_shows_map_and_board(visit) -> None:
    answers: list[tuple[int, str | None]] = []
    on = visit(1600, 1000)
    on.page.on(
        "response",
        lambda got: (
            answers.append((got.status, got.header_value("content-type"))) if "/tiles/" in got.url else None
        ),
    )
    on.open_board(ADDRESS)
    on.settle()
    expect(on.page.get_by_role("heading", level=1)).to_have_text(RU("site.title"))
    assert tiles(on)
    assert set(answers) == {(200, "image/png")}
    assert on.shown("site_plots") == len(embedded().query("site_plots", ASKED)) > 0
    expect(on.card(RU("site.chart_plots", ha="25")).locator("svg").first).to_be_visible()
    assert on.trouble == []
    assert on.outside() == []


def test_a_slider_repaints_the_map_before_it_is_let_go(visit) -> None:
    on = opened(visit)
    on.page.get_by_text(RU("site.mode_expert"), exact=True).click()
    slider = on.page.locator(".model-host input[type=range]").first
    slider.wait_for()
    on.rest()
    before, asked = on.query(), len(tiles(on))
    box = slider.bounding_box()
    assert box is not None
    on.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    on.page.mouse.down()
    on.page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2, steps=4)
    on.page.wait_for_function("!planner.live.loading")
    assert len(tiles(on)) > asked
    assert on.query() == before
    on.page.mouse.up()
    on.page.wait_for_function(
        "(was) => new URLSearchParams(location.search).get('model') !== was", arg=before["model"]
    )
    on.settle()
    on.page.go_back()
    on.page.wait_for_function(
        "(was) => new URLSearchParams(location.search).get('model') === was", arg=before["model"]
    )
    on.settle()
    assert on.trouble == []


def test_any_place_tells_why_it_scores_so(visit) -> None:
    on = opened(visit, "&on=site_score")
    on.page.mouse.click(*on.pixel(84.95, 56.50))
    card = on.page.locator(".planner-card")
    expect(card).to_contain_text(RU("site.cell", m=500))
    expect(card).to_contain_text("Расстояние: автомобильные дороги")
    expect(card).to_contain_text(re.compile(r"вес 60.%"))
    on.rest()
    assert on.query()["pick"].startswith("site_score/")
    expect(on.card(RU("site.cell", m=500))).to_be_visible()
    assert on.trouble == []


def test_a_plot_is_chosen_on_the_board_and_has_a_passport(visit) -> None:
    on = opened(visit)
    plots = embedded().query("site_plots", ASKED)
    on.card(RU("site.chart_plots", ha="25")).get_by_role("button", name=RU("board.as_table")).click()
    on.page.get_by_role("button", name=plots["name_ru"].iloc[0], exact=True).click()
    on.page.wait_for_function("location.search.includes('pick=site_plots')")
    on.settle()
    with on.page.expect_download() as taken:
        on.page.get_by_role("button", name=RU("passport.pdf")).click()
    assert taken.value.path().read_bytes().startswith(b"%PDF-")
    assert on.trouble == []


@pytest.mark.parametrize("more", [{}, {"dark": True}, PHONE], ids=["desktop", "dark", "phone"])
def test_everybody_can_use_it(visit, more) -> None:
    on = opened(visit, "&pick=site_plots/plot-1&lang=en", **more)
    assert faults(on) == []
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert on.trouble == []
