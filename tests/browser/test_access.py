"""Everybody can use it: axe finds no serious fault, a phone and a projector show all of it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from layers.furniture import ASSETS

PHONE: dict[str, Any] = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
GRAVE = ("serious", "critical")


def faults(on) -> list[str]:
    """What axe calls serious or critical, each with the nodes it means."""
    on.page.evaluate((ASSETS / "test" / "axe.min.js").read_text(encoding="utf-8"))
    found = on.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


LIGHT, DARK = "rgb(251, 250, 247)", "rgb(17, 23, 27)"
"""The ground of a page, as `.streamlit/config.toml` has it."""


def faults_in_both(on) -> list[str]:
    """What axe finds in the light, and in the dark when the reader's machine turns to it."""
    ground = on.page.get_by_test_id("stApp")
    expect(ground).to_have_css("background-color", LIGHT)
    found = faults(on)
    on.page.emulate_media(color_scheme="dark")
    expect(ground).to_have_css("background-color", DARK)
    on.page.wait_for_timeout(600)
    return [*found, *(f"dark: {fault}" for fault in faults(on))]


STATES = [
    "",
    "?pick=airports/tomsk-bogashevo",
    "?show=table",
    "?show=report&shape=circle~9000:84.95,56.48",
    "?year=2016&f.park=medical",
]


@pytest.mark.parametrize("query", STATES)
def test_axe_finds_nothing_serious_on_the_map(visit, query: str) -> None:
    on = visit().open(query)
    on.page.wait_for_timeout(500)
    assert faults_in_both(on) == []


def test_axe_finds_nothing_serious_among_the_sources(visit) -> None:
    on = visit()
    on.page.goto(f"{on.server}/?page=sources&lang=en")
    on.page.get_by_role("heading", level=1).wait_for()
    on.rest()
    assert faults_in_both(on) == []


def test_a_phone_shows_all_of_it(visit) -> None:
    on = visit(**PHONE).open()
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(on.page.locator(".planner-legend")).not_to_have_attribute("open", "")
    on.page.touchscreen.tap(*on.pixel(85.2083, 56.3803))
    card = on.page.locator(".planner-card")
    expect(card.locator("h2")).to_be_visible()
    box = card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert faults(on) == []


def test_a_phone_opens_the_panel(visit) -> None:
    on = visit(**PHONE).open()
    on.page.get_by_test_id("stExpandSidebarButton").click()
    expect(on.page.get_by_placeholder("Название или координаты")).to_be_visible()
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phone_shows_what_was_searched_for(visit) -> None:
    on = visit(**PHONE).open()
    on.page.get_by_test_id("stExpandSidebarButton").click()
    on.page.get_by_placeholder("Название или координаты").fill("Асино")
    on.page.locator(".st-key-found button").first.click()
    expect(on.page.locator(".planner-card h2")).to_have_text("Асино")
    expect(on.page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")


def test_a_phone_switches_layers(visit) -> None:
    on = visit(**PHONE).open()
    on.page.locator(".planner-legend summary").click()
    on.layer("Мосты").check()
    on.settle()
    assert on.shown("bridges") > 0
    assert faults(on) == []


def test_a_projector_is_filled(visit) -> None:
    on = visit(1920, 1080).open()
    box = on.page.locator(".planner-map").bounding_box()
    assert box
    assert box["width"] * box["height"] > 0.75 * 1920 * 1080
