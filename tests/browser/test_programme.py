"""The pages of the programme in a browser: charts and map filter each other, downloads, cards, ranking."""

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from layers.programme.figures import programme
from layers.query import Condition, Query
from layers.store import embedded
from tests.browser.test_access import PHONE, faults_in_both

MEDICAL = Query(conditions=(Condition(field="park", values=("medical",)),))
CARD = "?page=project&pick=projects/inter-university-campus-project"
PAGES = ("?page=programme", CARD, "?page=funding", "?page=roadmap")


def count(query: Query) -> int:
    """How many projects a query keeps, asked of the records."""
    return len(embedded().query("projects", query))


def placed(query: Query) -> int:
    """How many of them have a place."""
    frame = embedded().query("projects", query)
    return int((~(frame.geometry.isna() | frame.geometry.is_empty)).sum())


def bar(on, chart: str, colour: str):
    """The bar of a chart that has this colour."""
    return on.card(chart).locator(f'svg path[fill="{colour}"]').first


def test_a_click_on_a_bar_filters_the_map_and_the_other_charts(visit) -> None:
    on = visit(1600, 1000).open_board("?page=programme")
    on.settle()
    assert on.shown("projects") == placed(Query())
    assert on.figure("Проекты") == str(count(Query()))
    colour = embedded().catalogue.colour("park", "medical", "")
    on.card("Проекты: парк").scroll_into_view_if_needed()
    bar(on, "Проекты: парк", colour).click(force=True)
    expect(on.page.locator(".board-chip").first).to_contain_text("Медицинский парк")
    on.settle()
    assert on.query()["f.park"] == "medical"
    assert on.shown("projects") == placed(MEDICAL)
    assert on.figure("Проекты") == str(count(MEDICAL))
    assert on.trouble == []


def test_the_chosen_value_is_let_go_by_its_chip_and_by_a_second_click(visit) -> None:
    on = visit(1600, 1000).open_board("?page=programme&f.park=medical")
    on.page.locator(".board-chip").first.click()
    expect(on.page.locator(".board-chip")).to_have_count(0)
    assert "f.park" not in on.query()
    chart = on.card("Проекты: парк")
    chart.get_by_role("button", name="Показать таблицей").click()
    for pressed in ("true", "false"):
        row = chart.get_by_role("button", name="Медицинский парк", exact=True)
        row.click()
        expect(row).to_have_attribute("aria-pressed", pressed)
    on.rest()
    assert on.figure("Проекты") == str(count(Query()))


def test_a_shape_on_the_map_filters_the_charts(visit) -> None:
    on = visit(1600, 1000).open_board("?page=programme&shape=circle~9000:86.17,56.99")
    inside = on.figure("Проекты")
    assert 0 < int(inside) < count(Query())
    expect(on.page.locator(".board-chip").first).to_contain_text("Внутри фигуры")
    expect(on.card("Кто платит: деньги от источника к паркам")).to_be_visible()


def test_a_project_chosen_in_a_chart_is_shown_on_the_map_and_opens_its_card(visit) -> None:
    on = visit(1600, 1000).open_board("?page=programme")
    chart = on.card("Стоимость по паркам и проектам")
    chart.get_by_role("button", name="Показать таблицей").click()
    chart.get_by_role("button", name="Межвузовский студенческий кампус", exact=True).click()
    expect(on.page.locator(".planner-card h2")).to_have_text("Межвузовский студенческий кампус")
    on.page.get_by_role("button", name="Открыть карточку проекта").click()
    expect(on.page.get_by_role("heading", level=1)).to_have_text("Межвузовский студенческий кампус")
    on.rest()
    assert on.query()["page"] == "project"
    assert on.query()["pick"] == "projects/inter-university-campus-project"


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_a_chart_is_saved_as_a_picture(visit, tmp_path: Path, kind: str) -> None:
    on = visit(1600, 1000).open_board("?page=programme")
    file = on.saved(on.card("Сроки и сдвиг от обещанного").get_by_role("button", name=f"Скачать {kind}"))
    path = tmp_path / file.suggested_filename
    file.save_as(path)
    content = path.read_bytes()
    if kind == "PNG":
        assert content.startswith(b"\x89PNG")
        assert len(content) > 20_000
    else:
        assert "Сроки и сдвиг от обещанного" in content.decode()
        assert embedded().digest in content.decode()


def test_a_chart_is_saved_as_a_workbook(visit, tmp_path: Path) -> None:
    on = visit(1600, 1000).open_board("?page=programme&f.park=medical")
    file = on.saved(on.card("Стоимость по паркам и проектам").get_by_role("link", name="Скачать XLSX"))
    path = tmp_path / "book.xlsx"
    file.save_as(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
        text = book.read("xl/sharedStrings.xml").decode()
    chosen = programme(embedded()).chosen(MEDICAL)
    known = chosen.figure("cost_mln_rub")[chosen.counted("cost_mln_rub")].dropna(subset="value").index
    for name in chosen.frame.loc[known, "name_ru"]:
        assert name.replace("&", "&amp;") in text
    assert embedded().digest in text


def test_sources_of_a_figure_are_one_click_away(visit) -> None:
    on = visit(1600, 1000).open_board("?page=programme")
    tile = on.card("Рабочие места")
    tile.locator("summary").click()
    expect(tile.locator("li a").first).to_be_visible()
    assert tile.locator("li a").first.get_attribute("href").startswith("http")


def test_weights_and_budget_change_ranking_and_address(visit) -> None:
    on = visit(1600, 1000).open_board("?page=funding")
    before = on.figure("Лучший набор под бюджет")
    budget = on.page.get_by_role("spinbutton", name="Бюджет, млн ₽")
    budget.fill("5000")
    budget.press("Enter")
    on.rest()
    on.page.wait_for_timeout(500)
    assert on.query()["fund"].split(";")[1] == "5000"
    figure = on.card("Лучший набор под бюджет").locator(".board-figure")
    expect(figure).not_to_have_text(before)
    stable = on.card("Насколько устойчив набор")
    expect(stable.locator(".board-picture svg")).to_be_visible()
    on.page.reload()
    on.page.wait_for_selector(".board-host[data-ready]")
    expect(on.page.get_by_role("spinbutton", name="Бюджет, млн ₽")).to_have_value("5000")


def test_the_roadmap_shows_the_overdue_first_and_opens_a_project(visit) -> None:
    on = visit(1600, 1000).open_board("?page=roadmap")
    lanes = on.page.locator(".board-lane h3").all_inner_texts()
    assert lanes[0].startswith("Просрочено")
    button = on.page.locator(".board-lane article .board-act").first
    name = button.inner_text()
    button.click()
    expect(on.page.get_by_role("heading", level=1)).to_have_text(name)


def test_the_card_prints_without_the_frame_of_the_app(visit) -> None:
    on = visit(1440, 1000).open_board(CARD)
    expect(on.page.get_by_role("button", name="Распечатать")).to_be_visible()
    on.page.emulate_media(media="print")
    expect(on.page.get_by_role("button", name="Распечатать")).to_be_hidden()
    expect(on.page.get_by_test_id("stSidebar")).to_be_hidden()
    whole = on.page.evaluate("document.documentElement.scrollHeight")
    assert whole > 1200, "the page is cut to the window"
    assert len(on.page.pdf(format="A4")) > 50_000


@pytest.mark.parametrize("query", PAGES)
def test_axe_finds_nothing_serious_on_the_boards(visit, query: str) -> None:
    on = visit().open_board(query + "&lang=en")
    on.page.wait_for_timeout(600)
    assert faults_in_both(on) == []


@pytest.mark.parametrize("query", PAGES)
def test_a_phone_shows_the_boards(visit, query: str) -> None:
    on = visit(**PHONE).open_board(query)
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    widths = on.page.evaluate(
        "[...document.querySelectorAll('.board-item')].map((n) => n.getBoundingClientRect().right)"
    )
    assert widths
    assert max(widths) <= 391
    assert on.trouble == []
    assert on.outside() == []
