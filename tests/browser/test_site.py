"""Find a site in a browser: tiles, a weight tried while it is dragged, cells, pins, Back, passports."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Response, expect

from geo.siting import Model
from layers.siting.results import findings
from layers.store import embedded
from layers.text import Words
from layers.view import View
from tests.browser.test_access import PHONE, faults
from tests.browser.test_panels import draw
from tests.layers.siting.searches import pick

RU = Words("ru")
AREA = "&area=84.900,56.400,85.200,56.650&cell=500"
"""Tomsk and the land to the east of it: a thousand and a half cells."""
PLAIN = "&model=c:distance.railways*30*lin~0~1~10000~0;c:minutes.tomsk*10*pw~10~1~40~0"
EMPTY = (85.1503, 56.5013)
"""A place without a feature on the map."""


class Tiles:
    """The tiles of suitability that a page has asked for."""

    def __init__(self, on) -> None:
        self.answers: list[Response] = []
        on.page.on("response", self._heard)

    def _heard(self, answer: Response) -> None:
        if "/site/tiles/site_score/" in answer.url:
            self.answers.append(answer)

    def models(self) -> set[str]:
        """The models that were asked for."""
        return {parse_qs(urlsplit(one.url).query).get("model", [""])[0] for one in self.answers}

    def sound(self) -> None:
        """Every tile has come, as a picture."""
        assert self.answers
        assert {one.status for one in self.answers} == {200}
        assert {one.headers["content-type"] for one in self.answers} == {"image/png"}


def opened(visit, query: str = "", width: int = 1600, **more):
    """The page with its map and its board drawn, and the tiles that it asked for."""
    on = visit(width, 1000, **more)
    tiles = Tiles(on)
    on.open_board(f"?page=site{AREA}{query}")
    on.settle()
    return on, tiles


def plot(rank: int) -> str:
    """How an address names a plot that is found there."""
    params = dict(parse_qsl(f"page=site{AREA}{PLAIN}"))
    view, _ = View.parse(params, embedded().catalogue)
    return pick(findings(embedded(), view.query), f"site_plots#{rank}")


def slider(on, measure: str) -> Locator:
    return on.page.locator(f"[data-key='weight-{measure}']")


def quiet(on) -> None:
    assert on.trouble == []
    assert on.outside() == []


def test_tiles_try_a_weight_while_it_is_dragged_and_the_address_follows(visit) -> None:
    on, tiles = opened(visit, PLAIN)
    tiles.sound()
    drawn = on.page.locator(".leaflet-rasters-pane img.leaflet-tile-loaded").first
    assert drawn.evaluate("(node) => [node.naturalWidth, node.naturalHeight]") == [512, 512]
    on.page.get_by_text(RU("site.mode_expert"), exact=True).click()
    box = slider(on, "minutes.tomsk").bounding_box()
    assert box
    on.rest()
    before, first = on.query()["model"], tiles.models()
    board = on.card(RU("site.share_suitable")).inner_text()
    y = box["y"] + box["height"] / 2
    on.page.mouse.move(box["x"] + box["width"] * 0.1, y)
    on.page.mouse.down()
    with on.page.expect_response(lambda answer: "/site/tiles/" in answer.url and "model=" in answer.url):
        on.page.mouse.move(box["x"] + box["width"] * 0.85, y, steps=4)
    assert on.query()["model"] == before
    on.page.mouse.up()
    on.page.wait_for_function(
        "(was) => new URLSearchParams(location.search).get('model') !== was", arg=before
    )
    on.settle()
    settled = on.query()["model"]
    assert Model.parse(settled).criteria[1].weight == pytest.approx(85, abs=3)
    assert settled in tiles.models() - first
    expect(on.card(RU("site.share_suitable"))).not_to_have_text(board)
    tiles.sound()

    on.page.go_back()
    on.page.wait_for_function(
        "(was) => new URLSearchParams(location.search).get('model') === was", arg=before
    )
    on.settle()
    expect(slider(on, "minutes.tomsk")).to_have_value("10")
    assert on.card(RU("site.share_suitable")).inner_text() == board
    on.page.get_by_text(RU("site.mode_guided"), exact=True).click()
    on.rest()
    quiet(on)


def test_an_empty_cell_tells_what_its_score_is_made_of(visit) -> None:
    on, _ = opened(visit, f"{PLAIN}")
    on.page.mouse.click(*on.pixel(*EMPTY))
    card = on.page.locator(".planner-card")
    expect(card.locator("h2")).to_have_text(RU("site.cell", m=500))
    rows = card.locator("dt").all_inner_texts()
    assert RU("measure.minutes", what=RU("reach_goal_title.tomsk")) in rows
    on.page.wait_for_function("location.search.includes('pick=site_score')")
    on.settle()
    expect(on.card(RU("site.cell", m=500))).to_be_visible()
    quiet(on)


def test_a_pin_chooses_a_plot_that_is_compared_and_written_up(visit) -> None:
    on, _ = opened(visit, PLAIN)
    place = on.ask(
        "[...live.layers.get('site_plots').byId.values()].at(-1).filter((one) => one.getLatLng)"
        ".map((one) => [one.getLatLng().lng, one.getLatLng().lat])[0]"
    )
    x, y = on.pixel(*place)
    on.page.mouse.click(x, y - 8)
    on.page.wait_for_function("location.search.includes('pick=site_plots')")
    on.settle()
    title = on.page.locator(".planner-card h2").inner_text()
    tile = on.card(title)
    expect(tile.locator(".board-figure")).to_contain_text("%")
    tile.get_by_role("button", name=RU("site.compare"), exact=True).click()
    on.page.wait_for_function("location.search.includes('sites=site_plots')")
    on.settle()
    expect(on.card(title).get_by_role("button", name=RU("site.uncompare"))).to_be_visible()
    file = on.saved(on.page.get_by_role("button", name=RU("passport.pdf")))
    assert file.suggested_filename.endswith(".pdf")
    assert file.path().read_bytes().startswith(b"%PDF-")
    quiet(on)


def test_a_drawn_outline_is_judged(visit) -> None:
    on, _ = opened(visit, PLAIN)
    draw(on, "Отчёт: обвести многоугольник", [(85.12, 56.47), (85.18, 56.47), (85.16, 56.50)])
    on.page.get_by_role("button", name="Закончить").click()
    on.page.get_by_role("button", name=RU("site.judge_drawn")).click()
    on.page.wait_for_function("location.search.includes('mine=polygon')")
    on.settle()
    assert on.query()["pick"] == "site_mine/mine-1"
    assert "shape" not in on.query()
    expect(on.card(RU("site.mine", n=1)).locator(".board-figure")).to_contain_text("%")
    quiet(on)


def test_going_through_the_steps_quickly_changes_nothing(visit) -> None:
    on, _ = opened(visit, "&model=industrial-park")
    before = on.query()
    for name in ("next_amounts", "next_musts", "back_wishes", "back_musts") * 3:
        on.page.locator(f".st-key-site_{name} button").click()
    on.rest()
    assert on.query() == before
    quiet(on)


@pytest.mark.parametrize(("mode", "dark"), [("guided", False), ("expert", True)])
def test_axe_finds_nothing_serious(visit, mode: str, dark: bool) -> None:
    first, fourth = plot(1), plot(4)
    on, _ = opened(visit, f"&lang=en{PLAIN}&pick={first}&sites={first},{fourth}", dark=dark)
    on.page.get_by_text(Words("en")(f"site.mode_{mode}"), exact=True).click()
    on.rest()
    if mode == "expert":
        slider(on, "minutes.tomsk").wait_for()
    assert faults(on) == []


def test_a_phone_shows_all_of_it(visit) -> None:
    on = visit(**PHONE).open_board(f"?page=site{AREA}{PLAIN}&pick={plot(1)}")
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ends = on.page.evaluate(
        "[...document.querySelectorAll('.board-item')].map((n) => n.getBoundingClientRect().right)"
    )
    assert ends
    assert max(ends) <= 391
    quiet(on)


WHOLE = """(card) => {
  const svg = card.querySelector("svg").getBoundingClientRect();
  const nodes = [...card.querySelectorAll("svg text")];
  const words = nodes.map((node) => [node.textContent, node.getBoundingClientRect()]);
  const outside = words.filter(([, box]) => box.left < svg.left - 1 || box.right > svg.right + 1 ||
    box.top < svg.top - 1 || box.bottom > svg.bottom + 1);
  return [words.map(([text]) => text).join(" "), outside.map(([text]) => text)];
}"""
"""The words of a chart, and those that it cuts off."""


@pytest.mark.parametrize("width", [390, 900, 1440])
def test_the_names_of_criteria_stand_whole_beside_charts(visit, width: int) -> None:
    ready = f"?page=site{AREA}&pick=site_free/sez-tomsk-south"
    on = visit(width, 900).open_board(f"{ready}&sites=site_free/sez-tomsk-south,site_free/sez-tomsk-north")
    titles = [RU("site.chart_compare"), RU("site.chart_parts", name="ОЭЗ ТВТ «Томск», Южная площадка")]
    for title in titles:
        words, outside = on.card(title).evaluate(WHOLE)
        assert outside == []
        assert "дороги: федеральная" in words
    quiet(on)
