"""Roads and reach in a browser: board and map, the goal by a click, the curtain, two maps, a drawn road."""

import pytest
from playwright.sync_api import expect

from layers.query import Query
from layers.store import embedded
from layers.text import Words
from tests.browser.test_access import PHONE, faults_in_both
from tests.browser.test_panels import draw

RU = Words("ru")
WIDEST = """(nodes) => {
  const boxes = nodes.map((node) => node.getBoundingClientRect());
  const box = boxes.reduce((one, other) => (other.width > one.width ? other : one));
  return [box.x + box.width / 2, box.y + box.height / 2, box.width];
}"""


def opened(visit, query: str = "", **more):
    """The page with its map and its board drawn."""
    on = visit(1600, 1000, **more).open_board(f"?page=reach{query}")
    on.settle()
    return on


def test_the_page_shows_map_and_board(visit) -> None:
    on = opened(visit)
    expect(on.page.get_by_role("heading", level=1)).to_have_text(RU("reach.title"))
    for layer in ("reach_saved", "reach_works", "reach_gain"):
        assert on.shown(layer) == len(embedded().query(layer, Query())), layer
    assert on.figure("Людей в 90 минутах пути до Томска") == "+37\u00a0576"
    expect(on.card(RU("reach.by_goal")).locator("svg").first).to_be_visible()
    assert on.trouble == []
    assert on.outside() == []


def test_a_click_on_a_bar_of_the_goals_changes_the_goal(visit) -> None:
    """The longest bar is that of Tomsk: 37,576 people come within 90 minutes of it."""
    on = opened(visit, "&goal=hospitals")
    chart = on.card(RU("reach.by_goal"))
    chart.scroll_into_view_if_needed()
    x, y, width = chart.locator('svg path[fill="#6baed6"]').evaluate_all(WIDEST)
    assert width > 40
    on.page.mouse.click(x, y)
    on.page.wait_for_function("!location.search.includes('goal=')")
    expect(on.card("Людей в 90 минутах пути до Томска").locator(".board-figure")).to_have_text("+37\u00a0576")
    chart.get_by_role("button", name=RU("board.as_table")).click()
    chart.get_by_role("button", name=RU("reach_goal_title.airports"), exact=True).click()
    on.page.wait_for_function("location.search.includes('goal=airports')")
    on.settle()
    assert on.trouble == []


def test_the_curtain_is_moved_by_keys_and_by_hand(visit) -> None:
    on = opened(visit, "&split=swipe&on=rivers,reach_before,reach_after,reach_works")
    curtain = on.page.locator(".planner-curtain")
    expect(curtain).to_be_visible()
    expect(curtain).to_have_attribute("aria-valuenow", "50")
    on.page.wait_for_function("!planner.live.twin.twin.loading")
    left = "live.twin.twin.layers.get('{}')?.byId.size ?? 0"
    assert on.ask(left.format("reach_before")) == on.shown("reach_after") > 0
    assert on.ask(left.format("reach_after")) == on.shown("reach_before") == 0
    left = curtain.bounding_box()["x"]
    curtain.focus()
    for key, share in (
        ("ArrowRight", "52"),
        ("PageDown", "72"),
        ("ArrowLeft", "70"),
        ("End", "100"),
        ("Home", "0"),
    ):
        on.page.keyboard.press(key)
        expect(curtain).to_have_attribute("aria-valuenow", share)
    assert curtain.bounding_box()["x"] < left
    box = on.page.locator(".planner-map").first.bounding_box()
    y = box["y"] + box["height"] / 2
    on.page.mouse.move(box["x"] + 2, y)
    on.page.mouse.down()
    on.page.mouse.move(box["x"] + box["width"] * 0.3, y, steps=4)
    on.page.mouse.up()
    expect(curtain).to_have_attribute("aria-valuenow", "30")
    names = on.page.locator(".planner-side:visible").all_inner_texts()
    assert [name.replace(":", " ").partition(" ")[0] for name in names] == [
        RU("reach.before"),
        RU("reach.after"),
    ]
    assert on.trouble == []


def test_two_maps_beside_each_other_move_together(visit) -> None:
    on = opened(visit, "&split=side&on=rivers,reach_before,reach_after")
    expect(on.page.locator(".planner-twin")).to_be_visible()
    places = "[live.map, live.twin.twin.map].map((m) => [m.getCenter().lat, m.getCenter().lng, m.getZoom()])"

    def together() -> list[float]:
        one, other = on.ask(places)
        pixel = 360 / 256 / 2 ** one[2]
        assert one == pytest.approx(other, abs=1.5 * pixel)
        return one

    first = together()
    on.ask("live.map.setView([56.9, 86.1], 11, { animate: false }) && 1")
    second = together()
    assert second != first
    on.ask("live.twin.twin.map.setView([56.5, 85.0], 10, { animate: false }) && 1")
    assert together() != second
    on.page.wait_for_timeout(400)
    on.rest()
    assert on.query()["at"].startswith("56.5")
    on.page.get_by_text(RU("reach.split_one"), exact=True).click()
    expect(on.page.locator(".planner-twin")).to_have_count(0)
    on.settle()
    assert "split" not in on.query()
    assert on.shown("reach_gain") > 0
    on.ask("live.map.panBy([40, 0], { animate: false }) && 1")
    on.page.wait_for_timeout(400)
    assert on.trouble == [], "the twin that is gone no longer follows"


def test_a_drawn_line_becomes_a_road_and_the_board_follows(visit) -> None:
    """North over the left bank, where there is no road."""
    on = opened(visit, "&before=today&after=today&at=56.60000,84.85000,10")
    finding = on.card(RU("reach.finding")).inner_text()
    draw(on, "Отчёт: провести линию с полосой", [(84.85, 56.52), (84.72, 56.75)])
    on.page.get_by_role("button", name="Закончить").click()
    on.page.get_by_role("button", name=RU("reach.add_road")).click()
    on.page.wait_for_function("new URLSearchParams(location.search).get('after')?.startsWith('+')")
    figure = on.card(RU("reach.finding")).locator(".board-figure")
    expect(figure).to_contain_text(RU("reach.own"))
    on.settle()
    expect(on.page.get_by_test_id("stException")).to_have_count(0)
    assert on.card(RU("reach.finding")).inner_text() != finding
    assert "shape" not in on.query()
    assert on.shown("reach_works") == 1
    expect(on.page.get_by_text(RU.count("reach.edits", 1))).to_be_visible()
    on.page.get_by_role("button", name=RU("kept.undo")).click()
    on.page.wait_for_function("new URLSearchParams(location.search).get('after') === 'today'")
    assert on.trouble == []


def test_axe_finds_nothing_serious(visit) -> None:
    on = opened(visit, "&lang=en&split=swipe&on=reach_before,reach_after&pick=roads/kap-stage-1-1")
    on.page.wait_for_timeout(500)
    assert faults_in_both(on) == []


def test_a_phone_shows_all_of_it(visit) -> None:
    on = visit(**PHONE).open_board("?page=reach&split=side&on=reach_before,reach_after")
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    widths = on.page.evaluate(
        "[...document.querySelectorAll('.board-item')].map((n) => n.getBoundingClientRect().right)"
    )
    assert widths
    assert max(widths) <= 391
    assert on.trouble == []
    assert on.outside() == []
