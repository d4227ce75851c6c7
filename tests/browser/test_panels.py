"""Search, table, drawing and measuring, as a person does them."""

import math
import re

import pytest
from playwright.sync_api import expect

from geo.crs import WGS84, WORKING, transform

TOMSK = (84.97, 56.48)


def draw(on, tool: str, points: list[tuple[float, float]]) -> None:
    """Choose a tool and click places of the map."""
    on.page.get_by_role("button", name=tool).click()
    for place in points:
        x, y = on.pixel(*place)
        on.page.mouse.move(x - 6, y - 6)
        on.page.mouse.click(x, y)
        on.page.wait_for_timeout(120)
    on.page.mouse.move(*[v + 12 for v in on.pixel(*points[-1])])


@pytest.mark.parametrize("asked", ["асино", "Asyno", "fcbyj"])
def test_search_forgives_and_goes_to_the_place(visit, asked: str) -> None:
    on = visit().open("?at=58.00000,83.00000,9")
    on.page.get_by_placeholder("Название или координаты").fill(asked)
    on.page.locator(".st-key-found button").filter(has_text="Населённые пункты").first.click()
    expect(on.page.locator(".planner-card h2")).to_have_text("Асино")
    on.page.wait_for_timeout(1500)
    on.rest()
    assert on.query()["pick"] == "settlements/asino"
    assert on.ask("live.map.getBounds().contains([56.9907, 86.1765])")


def test_search_by_coordinates_goes_there(explorer) -> None:
    explorer.page.get_by_placeholder("Название или координаты").fill("МСК-70 349810 4324999")
    explorer.page.get_by_role("button", name=re.compile("Перейти")).click()
    explorer.page.wait_for_timeout(1800)
    lat, lon, zoom = (float(v) for v in explorer.ask("live.at()").split(","))
    assert (round(lat, 2), round(lon, 2)) == (56.48, 84.95)
    assert zoom >= 13


def test_search_says_when_there_is_nothing(explorer) -> None:
    explorer.page.get_by_placeholder("Название или координаты").fill("щщщъъъ")
    expect(explorer.page.get_by_text("Ничего похожего")).to_be_visible()


def test_the_table_follows_the_map_and_the_map_the_table(explorer) -> None:
    explorer.page.mouse.click(*explorer.pixel(85.2083, 56.3803))
    title = explorer.page.locator(".planner-card h2").inner_text()
    explorer.page.get_by_text("Таблица", exact=True).click()
    table = explorer.page.get_by_test_id("stDataFrame")
    table.wait_for()
    explorer.rest()
    marked = explorer.page.locator("[data-testid=stDataFrame] [role=row][aria-selected=true]")
    expect(marked).to_contain_text(title)
    box = table.bounding_box()
    assert box
    explorer.page.mouse.click(box["x"] + 18, box["y"] + 35 * 3 + 18)
    expect(explorer.page.locator(".planner-card h2")).not_to_have_text(title)
    explorer.rest()
    assert explorer.query()["show"] == "table"


def test_a_circle_is_reported_on_and_cleared(explorer) -> None:
    x, y = explorer.pixel(*TOMSK)
    explorer.page.get_by_role("button", name="Отчёт: обвести круг").click()
    explorer.page.mouse.click(x, y)
    explorer.page.mouse.move(x + 40, y, steps=3)
    explorer.page.mouse.click(x + 40, y)
    expect(explorer.page.get_by_text("Площадь", exact=True)).to_be_visible()
    explorer.rest()
    assert explorer.query()["shape"].startswith("circle~")
    assert explorer.query()["show"] == "report"
    expect(explorer.page.get_by_text("Население", exact=True)).to_be_visible()
    explorer.page.get_by_role("button", name="Убрать фигуру и измерения").click()
    explorer.page.wait_for_timeout(300)
    explorer.rest()
    assert "shape" not in explorer.query()


def test_a_polygon_is_drawn_finished_and_downloaded(explorer) -> None:
    draw(explorer, "Отчёт: обвести многоугольник", [(84.9, 56.6), (85.1, 56.6), (85.05, 56.4), (84.9, 56.45)])
    explorer.page.get_by_role("button", name="Закончить").click()
    expect(explorer.page.get_by_text("Граница", exact=True)).to_be_visible()
    file = explorer.saved(explorer.page.get_by_role("button", name="Отчёт (Excel)"))
    assert file.path().read_bytes()[:2] == b"PK"


def test_a_line_has_a_corridor_that_can_be_changed(explorer) -> None:
    draw(explorer, "Отчёт: провести линию с полосой", [(84.95, 56.48), (85.8, 56.65)])
    explorer.page.get_by_role("button", name="Закончить").click()
    corridor = explorer.page.get_by_label("Полоса в каждую сторону, м")
    expect(corridor).to_have_value("1000")
    corridor.fill("5000")
    corridor.press("Enter")
    explorer.page.wait_for_function("location.search.includes('line~5000')")


def test_measuring_stays_on_the_map_and_out_of_the_address(explorer) -> None:
    draw(explorer, "Измерить расстояние", [(84.95, 56.48), (86.17, 56.99)])
    expect(explorer.page.locator(".planner-readout")).to_contain_text("км")
    explorer.page.get_by_role("button", name="Закончить").click()
    text = explorer.page.locator(".planner-measure").inner_text()
    kilometres = float(text.split("\u00a0")[0].replace(",", "."))
    points = explorer.ask("live.tools.measured.getLayers()[0].getLatLngs().map((p) => [p.lng, p.lat])")
    east, north = transform([p[0] for p in points], [p[1] for p in points], WGS84, WORKING)
    assert kilometres == pytest.approx(math.dist((east[0], north[0]), (east[1], north[1])) / 1000, abs=0.01)
    assert "shape" not in explorer.query()


def test_escape_gives_drawing_up(explorer) -> None:
    draw(explorer, "Отчёт: обвести многоугольник", [(84.9, 56.6), (85.1, 56.6)])
    explorer.page.locator(".planner-map").focus()
    explorer.page.keyboard.press("Escape")
    expect(explorer.page.locator(".planner-status")).to_be_hidden()
    assert explorer.ask("live.tools.drawing") is None


def test_an_own_basemap_is_checked_before_it_is_used(explorer) -> None:
    explorer.unfold("Подложка")
    explorer.page.get_by_text("Своя: XYZ, WMS или WMTS").click()
    address = explorer.page.get_by_role("textbox", name="Адрес")
    address.fill("ftp://example/{z}/{x}/{y}.png")
    explorer.page.get_by_role("button", name="Подключить").click()
    expect(explorer.page.get_by_text("Нужен адрес, который начинается")).to_be_visible()
    address.fill(f"{explorer.server}/assets/nothing/{{z}}/{{x}}/{{y}}.png")
    explorer.page.get_by_role("button", name="Подключить").click()
    explorer.page.wait_for_function("planner.live.tiles !== null && planner.live.tiles !== undefined")
    explorer.rest()
    assert explorer.query()["map"] == "own"


def test_an_outline_that_crosses_itself_is_told(explorer) -> None:
    draw(explorer, "Отчёт: обвести многоугольник", [(84.9, 56.6), (85.1, 56.4), (85.1, 56.6), (84.9, 56.4)])
    explorer.page.get_by_role("button", name="Закончить").click()
    expect(explorer.page.get_by_text("пересекает сама себя")).to_be_visible()
