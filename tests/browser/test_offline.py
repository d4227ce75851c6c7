"""The app needs nothing but itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

Visits = Callable[..., "Visit"]  # noqa: F821 - made in conftest


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_request_leaves_the_machine_and_the_console_is_clean(visit: Visits, language: str) -> None:
    on = visit()
    on.open(f"?lang={language}&show=table&pick=airports/tomsk-bogashevo")
    on.page.locator(".planner-card h2").wait_for()
    on.page.goto(f"{on.server}/?lang={language}&page=sources")
    on.page.get_by_role("heading", level=1).wait_for()
    on.rest()
    assert on.outside() == []
    assert on.trouble == []


def test_the_font_is_our_own(explorer) -> None:
    assert explorer.page.evaluate("document.fonts.check('16px \"Golos Text\"', 'Томск')")
    assert any("/assets/fonts/golos-text-cyrillic" in url for url in explorer.requests)


def test_an_unreachable_basemap_is_told_once_and_the_embedded_one_stays(visit: Visits) -> None:
    on = visit().open("?map=osm")
    notice = on.page.locator(".planner-notice")
    expect(notice).to_contain_text("Показана встроенная")
    assert on.shown("districts") == 20
    assert on.shown("settlements") >= 150


def test_what_is_not_there_is_a_plain_404(explorer) -> None:
    for address in ("/map/x", "/map/features/x.geojson", "/assets/x.js", "/map/card/projects/x"):
        answer = explorer.page.request.get(explorer.server + address)
        assert answer.status == 404
        assert "text/html" not in answer.headers.get("content-type", "")
