"""The map answers, and survives whatever is switched."""

import pytest
from playwright.sync_api import expect

AIRPORT = (85.2083, 56.3803)


def remember(on) -> None:
    on.page.evaluate("planner.live.map.__mine = 'the same'")


def survived(on, at: str) -> None:
    assert on.ask("live.map.__mine") == "the same"
    assert on.ask("live.at()") == at


def test_layers_filters_year_and_language_never_recreate_the_map(visit) -> None:
    on = visit().open("?at=56.48000,84.96000,12")
    remember(on)
    at = on.ask("live.at()")
    on.layer("Мосты").check()
    on.page.wait_for_function("planner.live.layers.has('bridges')")
    on.settle()
    assert on.shown("bridges") > 0
    survived(on, at)
    on.unfold("Фильтры")
    on.page.get_by_role("combobox", name="Парк").click()
    on.page.get_by_role("option", name="Медицинский парк").click()
    on.page.wait_for_function("planner.live.layers.get('park_sport').byId.size === 0")
    on.settle()
    assert on.shown("park_medical") > 0
    survived(on, at)
    on.page.get_by_text("EN", exact=True).click()
    expect(on.page.locator(".planner-legend summary")).to_have_text("Layers and legend")
    on.settle()
    survived(on, at)
    assert on.query()["lang"] == "en"


def test_a_click_opens_the_card_with_its_halo_and_escape_closes_it(explorer) -> None:
    explorer.page.mouse.click(*explorer.pixel(*AIRPORT))
    card = explorer.page.locator(".planner-card")
    expect(card.locator("h2")).to_be_visible()
    expect(card).to_contain_text("Положение")
    expect(card.locator(".planner-sources a").first).to_have_attribute("rel", "noopener noreferrer")
    assert explorer.ask("live.halo.getLayers().length") == 1
    explorer.rest()
    assert "/" in explorer.query()["pick"]
    explorer.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    explorer.rest()
    assert "pick" not in explorer.query()


def test_everything_under_one_click_can_be_reached(explorer) -> None:
    explorer.page.mouse.click(*explorer.pixel(*AIRPORT))
    others = explorer.page.locator(".planner-others")
    expect(others).to_have_attribute("open", "")
    title = others.locator("button").first.inner_text()
    others.locator("button").first.click()
    expect(explorer.page.locator(".planner-card h2")).to_have_text(title)


def test_data_never_become_markup(explorer) -> None:
    explorer.page.evaluate(
        """() => {
          const bad = '<img src=x onerror="globalThis.hacked = true">';
          const run = 'javascript:globalThis.hacked=true';
          const card = {
            pick: 'x/y', title: bad, other: bad, layer: bad, as_of: bad, position: bad, halo: null,
            rows: [bad, run].map((href) => ({ label: bad, value: bad, known: true, href })),
            sources: [{ title: bad, facts: bad, href: run }],
          };
          const others = [{ pick: 'a/b', name: bad, layer: bad }];
          planner.live.card.show(card, planner.live.strings, others, false);
          planner.live.notice(bad);
        }"""
    )
    explorer.page.wait_for_timeout(300)
    assert explorer.page.locator(".planner img:not(.leaflet-tile)").count() == 0
    assert explorer.page.locator(".planner-card a[href^='javascript']").count() == 0
    assert explorer.page.evaluate("globalThis.hacked") is None


def test_the_keyboard_reaches_the_map_and_opens_what_lies_in_its_centre(visit) -> None:
    on = visit().open("?at=56.38030,85.20830,13")
    on.page.locator(".planner-map").focus()
    on.page.keyboard.press("Enter")
    expect(on.page.locator(".planner-card h2")).to_be_focused()


def seen(on) -> tuple[float, float, float]:
    """Where the map looks."""
    lat, lon, zoom = (float(part) for part in on.ask("live.at()").split(","))
    return lat, lon, zoom


def test_on_a_narrow_map_the_card_is_a_sheet_and_the_map_moves_only_as_far_as_needed(visit) -> None:
    on = visit(width=1000).open("?at=56.42000,85.15000,11")
    on.page.mouse.click(*on.pixel(*AIRPORT))
    on.page.locator(".planner-card dl").wait_for()
    on.page.wait_for_timeout(500)
    area, card = (on.page.locator(css).bounding_box() for css in (".planner-map", ".planner-card"))
    assert area
    assert card
    assert card["width"] == pytest.approx(area["width"], abs=2)
    assert card["height"] <= 0.46 * area["height"]
    lat, lon, zoom = seen(on)
    assert (lon, zoom) == pytest.approx((85.15, 11), abs=0.001)
    assert lat < 56.42
    assert card["y"] - 60 < on.pixel(*AIRPORT)[1] < card["y"] - 15
    before = seen(on)
    on.page.evaluate("planner.live.pick('settlements/asino')")
    expect(on.page.locator(".planner-card h2")).to_have_text("Асино")
    on.page.wait_for_timeout(500)
    assert seen(on) == before  # it lies outside the view


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_paper_the_map_shows_what_the_screen_showed_light_and_without_buttons(visit, dark: bool) -> None:
    on = visit(dark=dark).open("?at=56.48000,84.96000,10&pick=airports/tomsk-bogashevo")
    ink = "getComputedStyle(live.root).color"
    view, screen = "live.map.getBounds().toBBoxString() + live.map.getSize()", on.ask(ink)
    before = on.ask(view)
    on.page.emulate_media(media="print")
    on.page.wait_for_timeout(400)
    assert on.ask(view) == before
    box = on.page.locator(".planner-map").bounding_box()
    assert box
    assert box["width"] <= 661
    assert box["height"] <= 641
    assert on.ask(ink) == "rgb(27, 42, 51)"
    assert on.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert on.page.locator(".planner-legend .planner-row:visible").count() > 5
    expect(on.page.locator(".planner button:visible, .planner input:visible")).to_have_count(0)
    on.page.emulate_media(media="screen")
    on.page.wait_for_timeout(400)
    assert on.ask(view) == before
    assert on.ask(ink) == screen
    # Printed as pictures: a canvas that is printed stroke by stroke hides what is under it.
    assert on.page.pdf(print_background=True).count(b"/Subtype /Image") >= 2


def test_opacity_and_order_follow_the_panel(explorer) -> None:
    explorer.page.get_by_role("button", name="Прозрачность и порядок: Реки").click()
    explorer.page.get_by_role("button", name="Выше").click()
    explorer.rest()
    assert explorer.ask("[...live.on].map((l) => l.id)").index("rivers") == 3
    slider = explorer.page.get_by_role("slider", name="Непрозрачность: Реки")
    slider.focus()
    for _ in range(4):
        explorer.page.keyboard.press("ArrowLeft")
    explorer.rest()
    assert explorer.ask("live.layers.get('rivers').opacity") == pytest.approx(0.8)
    assert "rivers.80" in explorer.query()["on"]
    explorer.page.get_by_role("button", name="Слои как вначале").click()
    explorer.rest()
    assert "on" not in explorer.query()


def test_quick_switching_keeps_every_word(explorer) -> None:
    names = ("Мосты", "Электростанции", "Железнодорожные станции", "Памятники и исторические здания")
    for name in names:
        explorer.layer(name).check()
    explorer.layer("Мосты").uncheck()
    explorer.settle()
    explorer.rest()
    on = explorer.query()["on"].split(",")
    assert {"power_plants", "stations", "heritage"} <= set(on)
    assert "bridges" not in on
    assert explorer.ask("live.on.map((l) => l.id)") == on


def test_the_year_shows_what_was_there(explorer) -> None:
    now = explorer.shown("projects")
    explorer.unfold("Год")
    explorer.page.get_by_text("Показать на выбранный год").click()
    explorer.page.wait_for_function(f"planner.live.layers.get('projects').byId.size < {now}")
    explorer.rest()
    assert int(explorer.query()["year"]) > 2005
    expect(explorer.page.locator(".planner-legend")).to_contain_text("/")


def test_the_cursor_is_told_in_three_systems(explorer) -> None:
    explorer.page.mouse.move(*explorer.pixel(85.0, 56.5))
    text = explorer.page.locator(".planner-positions").inner_text()
    assert all(name in text for name in ("WGS 84", "UTM 45N", "МСК-70"))


def test_home_returns_to_the_whole_agglomeration(visit) -> None:
    on = visit().open("?at=58.30000,82.90000,12")
    on.page.get_by_role("button", name="Вся агломерация").click()
    on.page.wait_for_timeout(1500)
    on.rest()
    assert "at" not in on.query()
    assert on.ask("live.map.getBounds().contains([56.4846, 84.9482])")
