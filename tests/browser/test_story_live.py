"""A story on the page Present: the chapter stands in the address, the show covers all of the page."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_access import PHONE, faults

LONG_MS = 40_000
STORY = "?page=present&story=six-parks"


def opened(on: Visit, chapter: int, more: str = "") -> Visit:
    """The story at a chapter, its map drawn."""
    on.page.goto(f"{on.server}/{STORY}&chapter={chapter}{more}")
    on.page.wait_for_selector(f".story-host[data-ready='{chapter}']", timeout=LONG_MS)
    on.rest()
    return on


def state(on: Visit, expression: str) -> Any:
    """A value from the page; `story` is the story."""
    return on.page.evaluate(f"(() => {{ const story = planner.story; return {expression}; }})()")


def test_the_address_keeps_the_chapter_and_not_the_place(visit) -> None:
    on = opened(visit(), 2)
    state(on, "story.to(3, { scroll: true })")
    on.page.wait_for_selector(".story-host[data-ready='3']")
    on.rest()
    assert on.query() == {"page": "present", "story": "six-parks", "chapter": "3"}
    on.page.reload()
    on.page.wait_for_selector(".story-host[data-ready='3']", timeout=LONG_MS)
    expect(on.page.locator(".story-bar .story-now")).to_have_text(
        on.page.locator(".story-chapter h2").nth(2).inner_text()
    )
    assert on.page.locator("[data-mode=circle]").count() == 0
    assert on.outside() == []
    assert on.trouble == []


def test_the_show_covers_the_page_and_its_end_leaves_the_chapter(visit) -> None:
    on = opened(visit(), 2)
    on.page.evaluate("void (Element.prototype.requestFullscreen = () => Promise.reject(new Error('no')))")
    on.page.locator(".story-start").dispatch_event("click")
    on.rest()
    assert on.page.locator(".story-host").bounding_box() == {"x": 0, "y": 0, "width": 1440, "height": 900}
    on.page.keyboard.press("PageDown")
    on.page.wait_for_selector(".story-host[data-ready='3']")
    on.rest()
    assert state(on, "story.mode") == "play"
    assert on.query()["chapter"] == "3"
    assert faults(on) == []
    on.page.keyboard.press("Escape")
    on.rest()
    assert state(on, "[story.mode, story.n]") == ["read", 3]
    expect(on.page.locator(".story-start")).to_be_focused()


def test_a_phone_reads_it(visit) -> None:
    on = opened(visit(**PHONE), 2, "&lang=en")
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert on.page.locator(".story-host").get_attribute("lang") == "en"
    assert faults(on) == []
