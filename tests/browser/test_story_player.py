"""A story as one file, opened from disk without a network: read by scrolling and shown by keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from layers.store import embedded
from layers.story.model import Story
from layers.story.onefile import as_file
from tests.browser.conftest import FromDisk
from tests.browser.test_access import PHONE, faults

DESK: dict[str, Any] = {"width": 1440, "height": 900}
READY_MS = 20_000
ZOOMED_OUT = "on=districts,settlements&at=56.8,85.3,7.5"

FIRST = """
Стоит {programme.cost?f.park=medical}, **важно**. Заявлено {said/jobs_target} мест.

![](tiles:programme.cost,programme.jobs?f.park=medical)

> Сколько мест создано, неизвестно.

## Дальше

1. раз
2. два [страница](https://example.org/a)
"""
BARE = """
![Деньги](chart:programme.flow)

![Проекты](table:projects?f.park=medical&fields=name,status,cost_mln_rub)

![](facts:projects/asino-timber-complex?fields=cost_mln_rub,invested_mln_rub)
"""


def both(russian: str, english: str) -> dict[str, str]:
    return {"ru": russian, "en": english}


STORY = {
    "title": both("Проба показа", "A trial show"),
    "summary": both("О чём рассказ", "What it is about"),
    "chapters": [
        {
            "title": both("Медицинский парк", "The medical park"),
            "view": "f.park=medical",
            "seconds": 3,
            "notes": both("Сказать **коротко**.", "Say it **briefly**."),
            "text": both(FIRST, "It costs {programme.cost?f.park=medical}."),
        },
        {
            "title": both("Промышленный парк", "The industrial park"),
            "view": "f.park=industrial",
            "text": both("{count/projects} проектов.", "{count/projects} projects."),
        },
        {"title": both("Без карты", "Without a map"), "view": None, "text": both(BARE, BARE)},
        {
            "title": both("Издалека", "From afar"),
            "view": ZOOMED_OUT,
            "text": both("Вся округа.", "All around."),
        },
    ],
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story as one file."""
    path = tmp_path_factory.mktemp("story") / "story.html"
    path.write_text(as_file(embedded(), Story.made(STORY), "ru"), encoding="utf-8")
    return path


class Seen(FromDisk):
    """The story open in a browser."""

    def __init__(self, context: BrowserContext, file: Path, chapter: int | None) -> None:
        super().__init__(context, heeds=("error", "warning").__contains__)
        self.page.goto(file.as_uri() + (f"#{chapter}" if chapter else ""))
        self.at(chapter or 1)

    def at(self, chapter: int) -> None:
        """Wait until a chapter and its map are there."""
        self.page.wait_for_selector(f".story-host[data-ready='{chapter}']", timeout=READY_MS)

    def until(self, condition: str) -> None:
        """Wait until something holds; the page's policy lets no text be run as a script from within."""
        for _ in range(100):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        pytest.fail(condition)

    def show(self) -> None:
        """Start the show as a person does: by the button, which scrolls nothing."""
        self.page.locator(".story-start").dispatch_event("click")
        expect(self.title).to_be_visible()
        # The window takes its new size, and the map is aimed anew.
        self.page.wait_for_timeout(500)

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def host(self) -> Locator:
        return self.page.locator(".story-host")

    @property
    def title(self) -> Locator:
        return self.page.locator(".story-panel h2")

    def drawn(self, layer: str) -> list[str]:
        """The ids of the records that a layer draws."""
        ids = f"[...planner.story.stage.planner.layers.get('{layer}').byId.keys()].sort()"
        return list(self.page.evaluate(ids))


@pytest.fixture
def opened(chromium: Browser, file: Path) -> Iterator[Callable[..., Seen]]:
    """Opens the story without a network: `opened(chapter=, dark=, width=, height=, ...)`."""
    contexts: list[BrowserContext] = []

    def make(chapter: int | None = None, *, dark: bool = False, **more: Any) -> Seen:
        size = {**DESK, **more}
        viewport = {"width": size.pop("width"), "height": size.pop("height")}
        scheme: Any = "dark" if dark else "light"
        context = chromium.new_context(offline=True, viewport=viewport, color_scheme=scheme, **size)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return Seen(context, file, chapter)

    yield make
    for context in contexts:
        context.close()


def test_it_is_read_without_a_request_and_without_trouble(opened) -> None:
    seen = opened()
    expect(seen.page.locator("h1")).to_have_text("Проба показа")
    expect(seen.page.locator(".story-chapter")).to_have_count(4)
    for chapter in (2, 3, 4):
        seen.page.evaluate(f"planner.story.to({chapter}, {{ scroll: true }})")
        seen.at(chapter)
    seen.show()
    seen.keys("Home")
    seen.at(1)
    assert seen.outside() == []
    assert len(seen.files()) == 1
    assert seen.trouble == []


def test_the_chapter_in_the_middle_of_the_window_drives_the_map(opened) -> None:
    seen = opened()
    medical = seen.drawn("projects")
    seen.page.mouse.move(300, 500)
    section = seen.page.locator(".story-chapter").nth(1)
    while seen.host.get_attribute("data-chapter") == "1":
        seen.page.mouse.wheel(0, 200)
        seen.page.wait_for_timeout(60)
    seen.at(2)
    assert (section.bounding_box() or {"y": 9999})["y"] < 900 / 2
    industrial = seen.drawn("projects")
    assert set(medical).isdisjoint(industrial)
    assert len(industrial) > 10
    assert seen.page.url.endswith("#2")
    expect(seen.page.locator(".story-bar .story-count")).to_have_text("2 / 4")


def test_each_map_shows_the_records_of_its_chapter_again(opened) -> None:
    seen = opened()
    seen.show()
    first = seen.drawn("projects")
    seen.keys("ArrowRight")
    seen.at(2)
    second = seen.drawn("projects")
    seen.keys("ArrowLeft")
    seen.at(1)
    assert seen.drawn("projects") == first != second
    where = seen.page.evaluate("planner.story.stage.planner.map.getZoom()")
    seen.keys("End")
    seen.at(4)
    assert seen.page.evaluate("planner.story.stage.planner.map.getZoom()") < where
    on = seen.page.evaluate("[...planner.story.stage.planner.layers.keys()]")
    assert on == ["districts", "settlements"]


def test_a_remote_turns_the_pages(opened) -> None:
    seen = opened()
    seen.show()
    for key, chapter in (
        ("PageDown", 2), ("PageUp", 1), ("Space", 2), ("Enter", 3), ("Backspace", 2), ("ArrowDown", 3),
        ("End", 4), ("ArrowRight", 4), ("Home", 1), ("ArrowUp", 1),
    ):  # fmt: skip
        seen.keys(key)
        expect(seen.host).to_have_attribute("data-chapter", str(chapter))
    seen.keys("3", "Enter")
    expect(seen.title).to_have_text("Без карты")
    expect(seen.page.locator("[aria-live]")).to_have_text("Глава 3 из 4. Без карты")
    assert seen.page.url.endswith("#3")


def test_a_black_screen_comes_and_goes(opened) -> None:
    seen = opened()
    seen.show()
    veil = seen.page.locator(".story-veil")
    for key, colour in (("b", "rgb(0, 0, 0)"), (".", "rgb(0, 0, 0)"), ("w", "rgb(255, 255, 255)"), ("и", "")):
        seen.page.evaluate(
            "([key, code]) => document.body.dispatchEvent("
            "new KeyboardEvent('keydown', { key, code, bubbles: true }))",
            [key, {"b": "KeyB", "w": "KeyW", "и": "KeyB"}.get(key, "")],
        )
        expect(veil).to_be_visible()
        if colour:
            expect(veil).to_have_css("background-color", colour)
        seen.keys("PageDown")
        expect(veil).to_be_hidden()
        expect(seen.host).to_have_attribute("data-chapter", "1")


def test_the_show_ends_where_it_is_and_the_reader_goes_on_there(opened) -> None:
    seen = opened()
    seen.show()
    expect(seen.title).to_be_focused()
    seen.keys("End")
    seen.at(4)
    seen.page.evaluate("document.exitFullscreen?.().catch(() => {})")
    if "story-play" in (seen.host.get_attribute("class") or ""):
        seen.keys("Escape")
    expect(seen.page.locator(".story-panel")).to_be_hidden()
    expect(seen.page.locator(".story-start")).to_be_focused()
    top = seen.page.evaluate("document.querySelectorAll('.story-chapter')[3].getBoundingClientRect().top")
    assert -60 < top < 900 * 0.6


def test_where_full_screen_is_refused_the_page_is_covered(opened) -> None:
    seen = opened()
    seen.page.evaluate("void (Element.prototype.requestFullscreen = () => Promise.reject(new Error('no')))")
    seen.show()
    expect(seen.host).to_have_attribute("popover", "manual")
    assert seen.host.bounding_box() == {"x": 0, "y": 0, **DESK}
    seen.keys("Escape")
    expect(seen.page.locator(".story-panel")).to_be_hidden()
    assert seen.host.get_attribute("popover") is None


def test_keys_stay_with_what_has_the_focus(opened) -> None:
    seen = opened()
    seen.show()
    seen.at(1)
    area = seen.page.locator(".planner-map")
    centre = "planner.story.stage.planner.map.getCenter().lng"
    before = seen.page.evaluate(centre)
    # The map reached by Tab is moved by arrows, and the remote still turns the pages.
    seen.keys("Tab")
    area.evaluate("node => node.focus()")
    seen.keys("ArrowRight")
    seen.until(f"{centre} > {before}")
    expect(seen.host).to_have_attribute("data-chapter", "1")
    seen.keys("PageDown")
    expect(seen.host).to_have_attribute("data-chapter", "2")
    seen.at(2)
    # Who clicked on the map goes on with the arrows.
    seen.page.mouse.click(1000, 300)
    seen.keys("ArrowRight")
    expect(seen.host).to_have_attribute("data-chapter", "3")
    # A button that has the focus is pressed, and the story does not move twice.
    seen.page.get_by_role("button", name="Назад").focus()
    seen.keys("Enter")
    expect(seen.host).to_have_attribute("data-chapter", "2")


def test_chapters_go_on_by_their_times(opened) -> None:
    seen = opened()
    seen.show()
    seen.keys("p")
    expect(seen.page.get_by_role("button", name="Не листать по времени")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(seen.host).to_have_attribute("data-chapter", "2", timeout=READY_MS)
    seen.keys("p")
    expect(seen.page.locator(".story-clock")).to_be_hidden()


def test_notes_have_a_window_of_their_own(opened) -> None:
    seen = opened()
    seen.show()
    with seen.page.expect_popup() as window:
        seen.keys("n")
    desk = window.value
    notes = desk.locator(".story-notes")
    expect(notes.locator("h2")).to_have_text("Медицинский парк")
    expect(notes.locator(".story-said strong")).to_have_text("коротко")
    expect(notes.locator(".story-then")).to_have_text("Дальше: Промышленный парк")
    desk.keyboard.press("PageDown")
    expect(seen.title).to_have_text("Промышленный парк")
    expect(notes.locator(".story-said")).to_have_text("К этой главе заметок нет.")
    assert "Golos" in desk.evaluate("getComputedStyle(document.querySelector('.story-notes')).fontFamily")
    with desk.expect_event("close"):
        seen.keys("n")
    assert "story-play" in (seen.host.get_attribute("class") or "")


def test_notes_lie_over_the_story_where_no_window_opens(opened) -> None:
    seen = opened()
    seen.page.evaluate("void (globalThis.open = () => null)")
    seen.show()
    seen.keys("n")
    notes = seen.page.locator("aside.story-notes")
    expect(notes).to_be_visible()
    expect(notes).to_be_focused()
    seen.keys("PageDown")
    expect(notes.locator("h2")).to_have_text("Промышленный парк")
    assert faults(seen) == []
    seen.keys("Escape")
    expect(notes).to_be_hidden()
    expect(seen.title).to_be_visible()


def test_a_link_leads_to_its_chapter(opened) -> None:
    seen = opened(3)
    assert abs(seen.page.locator(".story-chapter").nth(2).bounding_box()["y"] - 52) < 3
    seen.page.locator(".story-menu summary").dispatch_event("click")
    seen.page.locator(".story-menu nav a").nth(3).click()
    seen.at(4)
    assert seen.page.url.endswith("#4")
    seen.page.evaluate("location.hash = '#2'")
    seen.at(2)
    expect(seen.page.locator(".story-contents a[aria-current]")).to_have_text("Промышленный парк")


def test_the_language_changes_in_the_page_and_the_chapter_stays(opened) -> None:
    seen = opened(2)
    russian = seen.drawn("projects")
    seen.page.get_by_role("button", name="English").dispatch_event("click")
    expect(seen.page.locator("h1")).to_have_text("A trial show")
    expect(seen.page).to_have_title("A trial show")
    seen.at(2)
    assert seen.page.evaluate("document.documentElement.lang") == "en"
    assert seen.drawn("projects") == russian
    layer = "planner.story.stage.planner.layers.get('projects')"
    names = f"{layer}.bodies.map((body) => body.feature.properties.n)"
    assert not any("а" in name for name in seen.page.evaluate(names))
    expect(seen.page.locator(".planner-legend summary")).to_contain_text("Layers")
    assert seen.trouble == []


def test_figures_name_what_they_are_and_sources_are_found(opened) -> None:
    seen = opened()
    figure = seen.page.locator(".story-chapter .story-figure").first
    assert "стоимость" in (figure.get_attribute("title") or "").lower()
    figure.click()
    expect(seen.page.locator(".story-tip")).to_contain_text("тоимость")
    cite = seen.page.locator(".story-chapter p .story-cite button").first
    number = cite.inner_text().split("–")[0]
    cite.click()
    line = seen.page.locator(f".story-sources li[value='{number}']").first
    expect(line).to_be_visible()
    expect(line).to_be_focused()
    assert line.inner_text().strip()


def test_a_chapter_without_a_map_has_its_table_chart_and_facts(opened) -> None:
    seen = opened(3)
    chapter = seen.page.locator(".story-chapter").nth(2)
    expect(chapter.locator(".story-chart-picture svg")).to_be_visible()
    assert chapter.locator(".story-table tbody tr").count() > 5
    chapter.get_by_text("Те же данные таблицей").click()
    expect(chapter.locator(".story-chart .story-table")).to_be_visible()
    expect(chapter.locator(".story-tiles dt").first).to_have_text("Полная стоимость")
    box = chapter.bounding_box()
    assert box
    assert box["width"] == pytest.approx(DESK["width"], abs=1)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(opened, dark: bool) -> None:
    seen = opened(dark=dark)
    assert faults(seen) == []
    seen.show()
    seen.at(1)
    assert faults(seen) == []
    seen.keys("3", "Enter")
    seen.at(3)
    seen.page.wait_for_timeout(500)
    assert faults(seen) == []


def test_a_phone_reads_and_shows_it(opened) -> None:
    seen = opened(**PHONE)
    width = "document.documentElement.scrollWidth <= innerWidth"
    assert seen.page.evaluate(width)
    seen.page.evaluate("planner.story.to(2, { scroll: true })")
    seen.at(2)
    # The map stays at the top, the text runs below it.
    area, section = seen.page.locator(".story-map"), seen.page.locator(".story-chapter").nth(1)
    seen.until("document.querySelector('.story-map').getBoundingClientRect().top < 60")
    assert (area.bounding_box() or {"height": 0})["height"] == pytest.approx(0.42 * 844, abs=3)
    assert (section.locator("h2").bounding_box() or {"y": 0})["y"] > 0.42 * 844
    # What is still fading in has not its colour yet.
    seen.until("getComputedStyle(document.querySelector('.story-where')).opacity === '1'")
    assert faults(seen) == []
    seen.show()
    seen.at(2)
    panel = seen.page.locator(".story-panel").bounding_box()
    assert panel
    assert panel["y"] > 844 * 0.3
    assert panel["width"] == 390
    swipe(seen, 300, 100)
    expect(seen.host).to_have_attribute("data-chapter", "3")
    swipe(seen, 100, 300)
    expect(seen.host).to_have_attribute("data-chapter", "2")
    seen.at(2)
    assert seen.page.evaluate(width)
    assert faults(seen) == []


def swipe(seen: Seen, start: int, end: int) -> None:
    """A finger drawn over the text."""
    tell = """([type, x]) => {
        const target = document.querySelector(".story-panel-body");
        const touch = new Touch({ identifier: 1, target, clientX: x, clientY: 700 });
        const touches = type === "touchend" ? [] : [touch];
        target.dispatchEvent(new TouchEvent(type, { bubbles: true, touches, changedTouches: [touch] }));
    }"""
    for kind, x in (("touchstart", start), ("touchend", end)):
        seen.page.evaluate(tell, [kind, x])


def test_the_bar_hides_from_who_only_looks(opened) -> None:
    seen = opened()
    seen.show()
    expect(seen.host).to_have_class("story-host story-alone story story-play story-idle", timeout=READY_MS)
    seen.page.mouse.move(700, 400)
    expect(seen.page.locator(".story-controls")).to_have_css("opacity", "1")


def test_it_prints_its_text_and_charts(opened) -> None:
    seen = opened()
    seen.page.emulate_media(media="print")
    for gone in (".story-bar", ".story-map", ".story-anchor"):
        expect(seen.page.locator(gone).first).to_be_hidden()
    expect(seen.page.locator(".story-chapter")).to_have_count(4)
    expect(seen.page.locator(".story-chart-picture svg")).to_be_visible()
    assert len(seen.page.pdf(prefer_css_page_size=True)) > 20_000


def test_a_word_that_is_too_long_is_broken_and_not_cut(disk) -> None:
    word = both("Ж" * 90, "W" * 90)
    chapter = {
        "title": word,
        "text": both("# " + "Ж" * 90 + "\n\n> " + "Ж" * 90 + "\n\n" + "Ж" * 90, "W" * 90),
    }
    story = Story.made({"title": word, "summary": word, "chapters": [chapter, {**chapter, "view": None}]})
    seen = disk(as_file(embedded(), story, "ru"), width=1000)
    seen.page.wait_for_selector(".story-host[data-ready='1']", timeout=READY_MS)
    cut = """[...document.querySelectorAll(".story :is(h1, h2, h3, p, nav a, blockquote)")].filter((node) =>
        node.offsetParent && !node.closest(".story-where, .story-unseen, details:not([open])")
            && node.scrollWidth > node.clientWidth + 1).map((node) => node.outerHTML.slice(0, 80))"""
    assert seen.page.evaluate(cut) == []
    seen.page.set_viewport_size({"width": 390, "height": 844})
    seen.page.wait_for_timeout(500)
    assert seen.page.evaluate(cut) == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
