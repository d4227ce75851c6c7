"""Stories as a person meets them: on the page, and in one file from a stick without a network."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from layers.catalog import Language
from layers.store import EmbeddedStore
from layers.story.onefile import as_file
from layers.story.stock import ready
from layers.text import Words
from tests.browser.conftest import FromDisk, Visit

RU, EN = Words("ru"), Words("en")
HOST = ".story-host"
MOST_BYTES = 10 * 2**20


def at(on: FromDisk, chapter: int) -> None:
    """Wait until the map of a chapter is drawn."""
    on.page.wait_for_selector(f'{HOST}[data-chapter="{chapter}"][data-ready]')


@pytest.fixture
def stick(disk: Callable[..., FromDisk], store: EmbeddedStore) -> Callable[..., FromDisk]:
    """Opens a ready story as a file from a stick: `stick(name, language, place, width=)`."""

    def opened(name: str, language: Language = "ru", place: str = "", width: int = 1280) -> FromDisk:
        html = as_file(store, ready(store)[name], language, name)
        assert len(html.encode()) < MOST_BYTES
        found = disk(html, place, width=width)
        found.page.wait_for_selector(f"{HOST}[data-ready]")
        return found

    return opened


@pytest.mark.parametrize(
    "name", ["ten-slides", "asino-road", "six-parks", "where-to-invest", "medical-centre"]
)
def test_a_story_is_shown_from_disk_to_its_end(stick, store: EmbeddedStore, name: str) -> None:
    found: FromDisk = stick(name)
    page, story = found.page, ready(store)[name]
    page.get_by_role("button", name=RU("story_web.start")).click()
    expect(
        page.get_by_role("heading", level=2, name=story.chapters[0].title.ru, exact=True).first
    ).to_be_visible()
    for number, chapter in enumerate(story.chapters[1:], start=2):
        page.keyboard.press("PageDown")
        at(found, number)
        expect(page.locator(".story-panel h2")).to_have_text(chapter.title.ru)
    page.keyboard.press("Home")
    at(found, 1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=RU("story_web.start"))).to_be_visible()
    assert found.outside() == []
    assert len(found.files()) == 1
    assert found.trouble == []


def test_the_file_speaks_both_languages_and_opens_at_a_chapter(stick, store: EmbeddedStore) -> None:
    found: FromDisk = stick("medical-centre", "ru", "#3")
    at(found, 3)
    story = ready(store)["medical-centre"]
    expect(found.page.locator("h2", has_text=story.chapters[2].title.ru).first).to_be_in_viewport()
    found.page.locator(".story-languages [lang=en]").click()
    expect(found.page.locator("h2", has_text=story.chapters[2].title.en).first).to_be_visible()
    assert found.page.evaluate("document.documentElement.lang") == "en"
    assert found.trouble == []


def test_the_map_of_the_file_is_still_a_map(stick) -> None:
    found: FromDisk = stick("medical-centre")
    page = found.page
    zoom = page.locator(".planner-map")
    before = page.locator(".leaflet-control-scale-line, .planner-scale").first.inner_text()
    zoom.hover()
    for _ in range(4):
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(200)
    page.wait_for_timeout(600)
    assert page.locator(".leaflet-control-scale-line, .planner-scale").first.inner_text() != before
    page.locator(".planner-legend summary").click()
    box = page.locator(".planner-legend input[type=checkbox]").first
    box.uncheck()
    expect(box).not_to_be_checked()
    assert found.outside() == []
    assert found.trouble == []


def test_a_phone_scrolls_downwards_alone(stick) -> None:
    found: FromDisk = stick("medical-centre", width=390)
    wide = found.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


# --- the page -----------------------------------------------------------------------------------------


def test_a_story_is_read_and_shown_on_the_page(visit, store: EmbeddedStore) -> None:
    on: Visit = visit()
    on.page.goto(f"{on.server}/?page=present")
    title = ready(store)["medical-centre"].title.ru
    card = (
        on.page.locator("[data-testid=stVerticalBlock]")
        .filter(has=on.page.get_by_role("heading", name=title))
        .last
    )
    card.get_by_role("button", name=RU("story.open")).click()
    on.page.wait_for_selector(f"{HOST}[data-ready]")
    on.rest()
    assert on.query()["story"] == "medical-centre"
    on.page.get_by_role("button", name=RU("story_web.start")).click()
    on.page.keyboard.press("PageDown")
    on.page.wait_for_selector(f'{HOST}[data-chapter="2"]')
    on.page.wait_for_function("location.search.includes('chapter=2')")
    on.page.keyboard.press("Escape")
    expect(on.page.get_by_role("button", name=RU("story_web.start"))).to_be_visible()
    assert on.outside() == []
    assert on.trouble == []


def test_a_map_that_is_left_while_its_layers_are_on_their_way_draws_nothing_more(visit) -> None:
    on: Visit = visit()
    waiting: list[Route] = []
    on.page.route("**/features/**", lambda route: waiting.extend([route]))
    on.page.goto(f"{on.server}/?page=present&story=medical-centre&chapter=2")
    on.page.wait_for_selector(f"{HOST} .leaflet-container")
    on.page.wait_for_timeout(1500)
    assert waiting
    on.page.get_by_role("button", name=RU("story.all")).click()
    on.page.wait_for_selector(HOST, state="detached")
    for route in waiting:
        route.continue_()
    on.page.unroute("**/features/**")
    on.page.wait_for_timeout(1500)
    assert on.trouble == []


def test_a_story_is_taken_along_as_slides(visit) -> None:
    on: Visit = visit()
    on.page.goto(f"{on.server}/?page=present&story=medical-centre")
    on.page.wait_for_selector(f"{HOST}[data-ready]")
    on.rest()
    on.page.get_by_role("button", name=RU("story.take"), exact=True).click()
    file = on.saved(on.page.get_by_role("button", name=RU("story.pptx")))
    assert file.suggested_filename.endswith(".pptx")
    assert file.path().read_bytes()[:2] == b"PK"
    assert on.trouble == []
