"""The dialog of the printed sheet: choices are seen at once, a PDF comes out, an atlas is stopped in time."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Download, expect

from tests.browser.conftest import MAKE_MS, Visit

PDF = re.compile(r"Скачать tomsk-.*\.pdf")


def opened(visit: Visit, query: str = "") -> Visit:
    visit.open(query)
    visit.page.get_by_text("Сохранить и поделиться").click()
    visit.page.get_by_role("button", name="Печатный лист и атлас").click()
    expect(visit.page.get_by_test_id("stDialog").locator(".st-key-print_preview img")).to_be_visible(
        timeout=MAKE_MS
    )
    visit.rest()
    return visit


def chosen(visit: Visit, name: str) -> None:
    """Choose something in the dialog, and wait until the picture follows."""
    visit.page.get_by_test_id("stDialog").get_by_role("radio", name=name, exact=True).click()
    visit.rest()


def taken(visit: Visit) -> bytes:
    dialog = visit.page.get_by_test_id("stDialog")
    dialog.get_by_role("button", name="Сделать").click()
    offered = dialog.get_by_role("button", name=PDF)
    offered.wait_for(timeout=MAKE_MS)
    visit.rest()
    with visit.page.expect_download(timeout=MAKE_MS) as found:
        offered.click()
    download: Download = found.value
    return Path(str(download.path())).read_bytes()


def test_a_sheet_is_chosen_seen_and_taken(visit: Callable[..., Visit]) -> None:
    seen = opened(visit())
    picture = seen.page.locator(".st-key-print_preview img")
    before = picture.get_attribute("src")
    chosen(seen, "A4")
    chosen(seen, "Книжная")
    chosen(seen, "Рамка и штамп по ГОСТ")
    chosen(seen, "МСК-70")
    seen.page.get_by_label("Организация").fill("Администрация Томской области")
    seen.page.keyboard.press("Tab")
    seen.rest()
    assert picture.get_attribute("src") != before
    box = picture.bounding_box()
    assert box
    assert box["height"] / box["width"] == pytest.approx(297 / 210, abs=0.02)
    document = pypdfium2.PdfDocument(taken(seen))
    assert document[0].get_size() == pytest.approx((210 / 25.4 * 72, 297 / 25.4 * 72), abs=0.01)
    text = document[0].get_textpage().get_text_range()
    for said in ("Администрация", "Томск", "МСК-70", "Условные обозначения", "Н. контр."):
        assert said in text
    document.close()
    assert seen.outside() == []
    assert seen.trouble == []


def test_an_atlas_tells_how_far_it_is_and_can_be_stopped(visit: Callable[..., Visit]) -> None:
    seen = opened(visit())
    dialog = seen.page.get_by_test_id("stDialog")
    told = dialog.get_by_text(re.compile(r"^1 : [\d\s]+ · \d+ лист"))
    expect(told).to_be_visible()
    chosen(seen, "Атлас")
    expect(dialog.get_by_text("Так оформлены листы атласа")).to_be_visible()
    expect(told).to_have_count(0)
    dialog.get_by_role("button", name="Сделать").click()
    expect(dialog.get_by_text(re.compile(r"Объект \d+ из \d+:"))).to_be_visible(timeout=MAKE_MS)
    dialog.get_by_role("button", name="Отменить").click()
    expect(dialog.get_by_text("Отменено.")).to_be_visible(timeout=MAKE_MS)
    expect(dialog.get_by_role("button", name=PDF)).to_have_count(0)
    chosen(seen, "Лист")
    assert taken(seen).startswith(b"%PDF")


def test_before_and_after_stand_on_one_sheet(visit: Callable[..., Visit]) -> None:
    seen = opened(visit(), "?page=reach&split=side")
    text = pypdfium2.PdfDocument(taken(seen))[0].get_textpage().get_text_range()
    assert "До реконструкции дороги на Асино" in text
    assert "После 3-го этапа дороги на Асино" in text
    assert text.count("Изохроны до") == 1


def test_tables_are_chosen_in_our_own_words(visit: Callable[..., Visit]) -> None:
    seen = opened(visit())
    dialog = seen.page.get_by_test_id("stDialog")
    pills = dialog.locator(".st-key-print_tables button")
    whole = (
        "nodes => nodes.every(node => node.parentElement.scrollWidth <= node.parentElement.clientWidth + 1)"
    )
    assert pills.evaluate_all(whole)
    for n in range(4):
        pills.nth(n).click()
        seen.rest()
    expect(dialog.get_by_text("Таблиц на листе не больше 3")).to_be_visible()
    assert not re.search(r"[Ss]elect|Remove|option", dialog.inner_text())


def test_choices_are_read_whole_on_a_phone(visit: Callable[..., Visit]) -> None:
    seen = opened(visit())
    seen.page.set_viewport_size({"width": 390, "height": 844})
    selects = seen.page.locator(".st-key-print_selects .stSelectbox")
    expect(selects).to_have_count(2, timeout=MAKE_MS)
    seen.rest()
    scale, base = (selects.nth(n).bounding_box() for n in (0, 1))
    assert scale
    assert base
    assert base["y"] >= scale["y"] + scale["height"]
    assert scale["width"] == base["width"] > 250
    cut = "nodes => nodes.some(node => node.scrollWidth > node.clientWidth + 1)"
    assert not selects.locator("input").evaluate_all(cut)
