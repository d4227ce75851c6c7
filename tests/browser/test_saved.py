"""The map saved as one file opens from disk, without a network, and still answers."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from layers.query import Query
from layers.sought import Sought
from layers.store import embedded
from layers.view import View
from layers.webmap import build
from tests.browser.conftest import FromDisk

SOUGHT = Sought(
    area=(84.9, 56.4, 85.1, 56.5), cell_m=500, model="c:distance.railways*1*lin~0~1~10000~0"
)  # fmt: skip
CELL = (84.98, 56.45)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_saved_map_works_from_disk(disk: Callable[..., FromDisk], language: str) -> None:
    store = embedded()
    view = View.default(store.catalogue, language)  # type: ignore[arg-type]
    on = disk(build(store, view, inline=True).page())
    page = on.page
    page.wait_for_selector(".planner-host[data-ready]")
    legend = page.locator(".planner-legend")
    projects = store.catalogue.layers["projects"].title[view.language]
    legend.get_by_label(projects).first.uncheck()
    expect(legend.get_by_label(projects).first).not_to_be_checked()
    page.locator(".planner-map").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".planner-card h2")).to_be_visible()
    assert page.locator("[data-mode=measure-line]").count() == 1
    assert page.locator("[data-mode=circle]").count() == 0  # a report needs the server
    assert on.outside() == []
    assert len(on.files()) == 1
    assert on.trouble == []


def test_the_saved_map_carries_the_suitability_and_the_chosen_cell(disk: Callable[..., FromDisk]) -> None:
    store = embedded()
    pick = f"site_score/{CELL[0]:.5f}_{CELL[1]:.5f}"
    view = View.default(store.catalogue, page="site").model_copy(
        update={"query": Query(sought=SOUGHT), "selected": pick}
    )
    on = disk(build(store, view, inline=True).page(), heeds="log".__ne__)
    page = on.page
    expect(page.locator(".planner-card dl")).to_be_visible()
    picture = page.locator(".leaflet-pictures-pane img")
    box = picture.bounding_box()
    assert box
    assert box["width"] > 600
    assert box["height"] > 300
    assert picture.evaluate("(node) => node.complete && node.naturalWidth") >= 512
    page.get_by_role("button", name="Закрыть").first.click()
    legend = page.locator('[data-layer="site_score"]')
    expect(legend.locator("input")).to_be_checked()
    expect(legend).not_to_contain_text("сохранённом файле")
    page.locator(".planner-map").click(position={"x": 300, "y": 700})
    page.wait_for_timeout(300)
    assert on.trouble == []


def test_it_can_be_downloaded_from_the_panel(explorer) -> None:
    explorer.unfold("Сохранить и поделиться")
    file = explorer.saved(explorer.page.get_by_role("button", name="Карта одним файлом (HTML)"))
    text = file.path().read_text(encoding="utf-8")
    assert "planner.mount" in text
    assert json.dumps("Камаевка", ensure_ascii=False) in text
