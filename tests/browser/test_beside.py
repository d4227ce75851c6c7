"""Two views side by side in a browser: years, models, the curtain, cards of the left side, the saved file."""

from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import expect

from layers.query import Query
from layers.store import embedded
from layers.text import Words
from layers.view import View
from layers.webmap import build
from tests.browser.conftest import FromDisk
from tests.browser.test_access import PHONE, faults_in_both

RU = Words("ru")
LEFT = "live.twin.twin"
OF_2010 = f"?split=swipe&with={quote('year=2010')}"
PLACES = f"[live.map, {LEFT}.map].map((m) => [m.getCenter().lat, m.getCenter().lng, m.getZoom()])"


def settled(on) -> None:
    """Wait until both maps have drawn all."""
    on.settle()
    on.page.wait_for_function("planner.live.twin?.twin.root.dataset.ready && !planner.live.twin.twin.loading")


def drawn(on, layer: str = "projects") -> tuple[int, int]:
    """How many records of a layer are drawn on the left and on the right."""
    return on.ask(f"{LEFT}.layers.get('{layer}')?.byId.size ?? 0"), on.shown(layer)


def together(on) -> list[float]:
    one, other = on.ask(PLACES)
    assert one == pytest.approx(other, abs=1.5 * 360 / 256 / 2 ** one[2])
    return one


def test_a_view_is_set_beside_and_its_year_is_changed(visit) -> None:
    on = visit().open()
    on.unfold(RU("panel.beside"))
    on.page.get_by_role("button", name=RU("beside.set")).click()
    on.page.wait_for_selector(".planner-twin")
    settled(on)
    assert on.query() == {"split": "swipe", "with": "-"}
    now = on.shown("projects")
    assert drawn(on) == (now, now)
    on.page.locator(".st-key-by_year_left label").first.click()
    on.page.wait_for_function("new URLSearchParams(location.search).get('with').startsWith('year=')")
    settled(on)
    left, right = drawn(on)
    year = int(on.query()["with"].removeprefix("year="))
    places = embedded().query("projects", Query(year=year)).geometry
    assert left == int((~(places.isna() | places.is_empty)).sum()) != right == now
    names = on.page.locator(".planner-side:visible").all_inner_texts()
    assert names == [RU("beside.year", year=year), RU("beside.now")]
    on.page.get_by_role("button", name=RU("beside.swap")).click()
    on.page.wait_for_function(f"new URLSearchParams(location.search).get('year') === '{year}'")
    settled(on)
    assert drawn(on) == (right, left)
    on.page.get_by_role("button", name=RU("beside.end")).click()
    expect(on.page.locator(".planner-twin")).to_have_count(0)
    on.settle()
    assert on.query() == {"year": str(year)}
    assert on.trouble == []
    assert on.outside() == []


@pytest.mark.parametrize("split", ["swipe", "side"])
def test_an_address_opens_both_and_they_move_together(visit, split: str) -> None:
    on = visit().open(OF_2010.replace("swipe", split))
    settled(on)
    left, right = drawn(on)
    assert 0 < left < right
    first = together(on)
    on.ask("live.map.setView([56.9, 86.1], 11, { animate: false }) && 1")
    assert together(on) != first
    on.ask(f"{LEFT}.map.setZoom(9) && 1")
    on.page.wait_for_timeout(800)
    assert together(on)[2] == 9
    on.ask("live.map.flyTo([56.5, 85.0], 11, { duration: 0.4 }) && 1")
    on.page.wait_for_timeout(1200)
    place = together(on)
    assert place[:2] == pytest.approx([56.5, 85.0], abs=0.01)
    on.rest()
    assert on.query()["at"].startswith("56.5")
    assert on.trouble == []


def test_side_by_side_shows_the_whole_agglomeration_still(visit) -> None:
    on = visit().open(OF_2010)
    settled(on)
    whole = "live.map.getBounds().contains([[56.27, 84.6], [57.09, 86.25]])"
    assert on.ask(whole)
    on.page.get_by_text(RU("reach.split_side"), exact=True).click()
    settled(on)
    assert on.ask(whole)
    together(on)
    assert "at" not in on.query()
    on.page.get_by_text(RU("reach.split_swipe"), exact=True).click()
    settled(on)
    assert on.ask(whole)
    assert "at" not in on.query()


def test_a_layer_is_switched_on_the_right_alone(visit) -> None:
    on = visit().open(OF_2010)
    settled(on)
    left = drawn(on)[0]
    on.layer(embedded().catalogue.layers["projects"].title["ru"]).uncheck()
    on.page.wait_for_function("new URLSearchParams(location.search).has('on')")
    settled(on)
    assert drawn(on) == (left, 0)
    entries = parse_qs(on.query()["with"], keep_blank_values=True)
    assert entries == {"on": [""], "year": ["2010"]}


def test_a_click_on_the_left_asks_the_left(visit) -> None:
    on = visit().open(OF_2010.replace("swipe", "side"))
    settled(on)
    seen = f"[...{LEFT}.layers.get('settlements').byId.keys()].includes('tomsk')"
    assert on.ask(seen)
    asked = len(on.requests)
    on.ask(f"{LEFT}.map.setView([56.48, 84.95], 12, {{ animate: false }}) && 1")
    settled(on)
    x, y = on.ask(
        f"(() => {{ const at = {LEFT}.layers.get('settlements').markers"
        ".find((one) => one.feature.id === 'tomsk')._latlng;"
        f" const p = {LEFT}.map.latLngToContainerPoint(at), r = {LEFT}.area.getBoundingClientRect();"
        " return [p.x + r.x, p.y + r.y]; })()"
    )
    on.page.mouse.click(x, y)
    card = on.page.locator(".planner-card-left")
    expect(card.locator("h2")).to_be_visible()
    expect(on.page.locator(".planner-card:not(.planner-card-left)")).to_be_hidden()
    assert any("/map/card/" in url for url in on.requests[asked:])
    assert "pick" not in on.query()
    box, map_ = card.bounding_box(), on.page.locator(".planner-twin").bounding_box()
    assert box["x"] >= map_["x"]
    assert box["x"] + box["width"] <= map_["x"] + map_["width"]
    on.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert on.trouble == []


def test_two_models_show_other_scores_and_other_sites(visit) -> None:
    on = visit(1600, 1000).open_board(f"?page=site&split=swipe&with={quote('model=timber-plant')}")
    settled(on)
    names = on.page.locator(".planner-side:visible").all_inner_texts()
    titles = [embedded().record("models", id_)["name_ru"] for id_ in ("timber-plant", "industrial-park")]
    assert names == titles
    tiles = on.ask(
        f"[{LEFT}, live].map((one) => one.layers.get('site_score').shown?.address"
        " ?? one.layers.get('site_score').address)"
    )
    assert [parse_qs(urlsplit(url).query)["model"] for url in tiles] == [
        ["timber-plant"],
        ["industrial-park"],
    ]
    plots = (
        f"[{LEFT}, live].map((one) => [...one.layers.get('site_plots').byId.values()]"
        ".map(([body]) => body.feature.properties.n))"
    )
    left, right = on.ask(plots)
    assert left
    assert right
    assert left != right
    # Tiles whose rasters are still being made are asked for again.
    assert [text for text in on.trouble if "503" not in text] == []


def test_axe_finds_nothing_serious(visit) -> None:
    on = visit().open(OF_2010)
    settled(on)
    on.page.wait_for_timeout(500)
    assert faults_in_both(on) == []


def test_a_phone_shows_both(visit) -> None:
    on = visit(**PHONE).open(OF_2010)
    settled(on)
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in on.page.locator(".planner-side:visible").all():
        box = name.bounding_box()
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390
    on.ask(f"{LEFT}.pick('settlements/tomsk') && 1")
    expect(on.page.locator(".planner-card-left h2")).to_be_visible()
    assert on.trouble == []


def test_the_saved_file_shows_both(disk: Callable[..., FromDisk]) -> None:
    store = embedded()
    view = View.parse({"split": "side", "with": "year=2010", "lang": "en"}, store.catalogue)[0]
    on = disk(build(store, view, inline=True).page())
    page = on.page
    page.wait_for_selector(".planner-twin[data-ready]")
    expect(page.locator(".planner-side:visible")).to_have_text(["2010", "Now"])
    maps = page.locator(".planner-map")
    assert maps.count() == 2
    left, right = (maps.nth(n).bounding_box() for n in (1, 0))
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"] + 4
    assert on.outside() == []
    assert on.trouble == []
