"""The editor of a suitability model in a browser: what it shows, tries on the map, and tells the server."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from geo.ranking import ahp, comparisons, rank_order_weights
from geo.siting import Model
from tests.browser.model_desk import (
    COVER,
    MEASURES,
    PEOPLE,
    PLANTS,
    RAIL,
    RU,
    TRIP,
    Desk,
    desks,
    given,
    line,
)
from tests.browser.test_access import faults


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Callable[..., Desk]]:
    """Opens the editor: `desk(data, width=, dark=, ...)`."""
    yield from desks(chromium)


def test_it_shows_the_model_and_says_nothing_by_itself(desk) -> None:
    on = desk()
    shares = on.page.locator(".model-slide .model-share").all_inner_texts()
    assert shares == ["40\u00a0%", "30\u00a0%", "20\u00a0%", "10\u00a0%"]
    expect(on.page.locator("summary .model-count").first).to_have_text("1 из 2")
    on.page.wait_for_timeout(600)
    assert on.said == on.tried == on.trouble == []


def test_a_weight_is_tried_while_it_is_dragged_and_told_when_let_go(desk) -> None:
    on = desk()
    on.slide(on.page.get_by_label(f"Вес: {MEASURES[RAIL]['title']}"), 0.9)
    on.page.wait_for_function("tried.length > 1")
    assert on.said == []
    weights = [Model.parse(text).criteria[0].weight for text in on.tried]
    assert weights == sorted(weights)
    on.page.mouse.up()
    model = on.told()
    assert model.criteria[0].weight == pytest.approx(90, abs=1)
    assert model.needs.power_kw == 5000
    assert model.name == "Лесопилка (проба)"
    expect(on.row(RAIL).locator(".model-share")).to_have_text("60\u00a0%")
    expect(on.row(COVER).locator(".model-share")).to_have_text("7\u00a0%")
    assert on.trouble == []


def test_keys_are_told_once_after_a_pause(desk) -> None:
    on = desk()
    slider = on.page.get_by_label(f"Вес: {MEASURES[TRIP]['title']}")
    slider.focus()
    for _ in range(5):
        on.page.keyboard.press("ArrowRight")
    assert on.said == []
    assert on.told().criteria[1].weight == 35
    expect(slider).to_be_focused()


def test_off_is_a_weight_of_zero_and_on_brings_it_back(desk) -> None:
    on = desk()
    switch = on.page.get_by_role("switch", name=f"Учитывать: {MEASURES[TRIP]['title']}")
    switch.click()
    assert on.told().criteria[1].weight == 0
    expect(on.row(TRIP).locator(".model-share")).to_have_text("выкл.")
    switch.click()
    assert on.told(2).criteria[1].weight == 30


def test_a_model_without_weights_is_not_told(desk) -> None:
    on = desk()
    for name in (RAIL, TRIP, PEOPLE, COVER):
        on.row(name).get_by_role("switch").click()
    expect(on.page.get_by_role("alert")).to_have_text(RU("model.no_weight"))
    assert len(on.said) == 3
    on.give(given(heard=3, lang="ru"))
    assert on.row(COVER).get_by_role("switch").is_checked() is False
    on.row(COVER).get_by_role("switch").click()
    expect(on.page.get_by_role("alert")).to_be_hidden()
    assert on.told(3).shares == (0, 0, 0, 1)


def test_a_knot_is_moved_by_mouse_and_keys(desk) -> None:
    on = desk()
    row = on.open(RAIL)
    expect(row.locator(".model-bars rect").first).to_be_visible()
    knot = row.get_by_role("slider", name="Узел 2 из 2")
    expect(knot).to_have_attribute("aria-valuetext", "20\u00a0км → 0\u00a0%")
    box = knot.locator(".model-dot").bounding_box()
    assert box
    on.page.mouse.move(box["x"] + 6, box["y"] + 6)
    on.page.mouse.down()
    on.page.mouse.move(box["x"] + 40, box["y"] - 20, steps=5)
    on.page.wait_for_function("tried.length > 1")
    assert on.said == []
    on.page.mouse.up()
    (_, first), (x, y) = on.told().criteria[0].value.points
    assert first == 1
    assert 25_000 < x < 29_000
    assert x % 200 == 0
    assert 0.1 < y < 0.3
    knot.focus()
    on.page.keyboard.press("ArrowRight")
    on.page.keyboard.press("Shift+ArrowUp")
    model = on.told(2)
    assert model.criteria[0].value.points[1] == (x + 200, round(y + 0.1, 2))
    expect(row.get_by_role("slider", name="Узел 2 из 2")).to_be_focused()
    assert on.trouble == []


def test_knots_are_added_and_removed(desk) -> None:
    on = desk()
    row = on.open(RAIL)
    box = row.locator(".model-plot").bounding_box()
    assert box
    on.page.mouse.dblclick(box["x"] + 46 + 0.25 * (box["width"] - 59), box["y"] + 66)
    value = on.told().criteria[0].value
    assert value.kind == "piecewise"
    assert value.points == ((0, 1), (10_000, 0.5), (20_000, 0))
    expect(row.get_by_role("slider", name="Узел 2 из 3")).to_be_focused()
    on.page.keyboard.press("Delete")
    assert on.told(2).criteria[0].value.points == ((0, 1), (20_000, 0))
    row.locator(".model-grip").focus()
    on.page.keyboard.press("Enter")
    assert len(on.told(3).criteria[0].value.points) == 3
    row.get_by_role("button", name="Убрать узел").click()
    assert len(on.told(4).criteria[0].value.points) == 2
    assert on.trouble == []


def test_the_kind_changes_within_the_same_range(desk) -> None:
    on = desk()
    row = on.open(RAIL)
    expected = {
        "Трапеция": ((0, 0), (0, 1), (0, 1), (20_000, 0)),
        "S-кривая": ((10_000, 0.5), (0, 0.95)),
        "Ломаная": ((0, 0.95), (5000, 0.81), (10_000, 0.5), (15_000, 0.19), (20_000, 0.05)),
        "Прямая": ((0, 0.95), (20_000, 0.05)),
    }
    for number, (kind, points) in enumerate(expected.items(), start=1):
        row.get_by_role("button", name=kind, exact=True).click()
        assert on.told(number).criteria[0].value.points == points
        expect(row.get_by_role("button", name=kind, exact=True)).to_be_focused()


def test_knots_on_each_other_can_be_taken_apart(desk) -> None:
    data = given()
    data["model"]["criteria"][0]["value"] = {
        "kind": "trapezoid",
        "points": [[10_000, 0], [10_000, 1], [20_000, 1], [20_000, 0]],
    }
    on = desk(data)
    dot = on.open(RAIL).locator(".model-knot").nth(3).locator(".model-dot").bounding_box()
    assert dot
    on.page.mouse.move(dot["x"] + 6, dot["y"] + 6)
    on.page.mouse.down()
    on.page.mouse.move(dot["x"] + 40, dot["y"] + 6, steps=5)
    on.page.mouse.up()
    points = on.told().criteria[0].value.points
    assert points[2][0] == 20_000
    assert points[3][0] > 25_000


def test_classes_have_a_slider_each(desk) -> None:
    on = desk()
    row = on.open(COVER)
    assert row.locator(".model-choice").count() == 0
    expect(row.locator(".model-classes")).to_contain_text("Болото")
    slider = row.get_by_label("Ценность: Болото")
    slider.focus()
    on.page.keyboard.press("ArrowRight")
    assert on.told().criteria[3].value.points == ((1, 0.5), (2, 1), (3, 0.05))


def test_a_criterion_is_found_added_and_removed(desk) -> None:
    on = desk()
    on.page.get_by_role("button", name="Добавить критерий").click()
    search = on.page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill("энергия станц")
    offers = on.page.locator(".model-offer")
    expect(offers).to_have_count(1)
    search.fill("нет такого")
    expect(on.page.get_by_role("status").first).to_have_text(RU("model.nothing_found"))
    search.fill("электростанции")
    offers.first.click()
    added = on.told().criteria[4]
    assert (added.measure, added.weight) == (PLANTS, 25)
    assert added.value.points == ((0, 1), (60_000, 0))
    expect(on.row(PLANTS).locator(".model-title")).to_be_focused()
    on.row(PLANTS).get_by_role("button", name="Убрать: ").click()
    assert len(on.told(2).criteria) == 4
    expect(on.row(COVER).locator(".model-title")).to_be_focused()
    assert on.trouble == []


def test_limits_are_switched_and_widened(desk) -> None:
    on = desk()
    on.page.locator("summary", has_text="Запреты и ограничения").click()
    on.page.get_by_role("switch", name="Защитная зона памятника").click()
    assert [limit.norm for limit in on.told().limits] == ["heritage", "water-river"]
    slider = on.page.get_by_label("Запас сверх нормы: Водоохранная зона реки")
    slider.focus()
    for _ in range(15):
        on.page.keyboard.press("ArrowRight")
    assert on.told(2).limits[1].extra_m == 150
    expect(on.page.locator('[data-norm="water-river"] output')).to_have_text("200\u00a0м +150\u00a0м")


def test_must_haves_take_figures_as_the_reader_writes_them(desk) -> None:
    on = desk()
    on.page.locator("summary", has_text="Обязательные условия").click()
    on.page.get_by_role("combobox", name="Добавить условие").select_option(RAIL)
    low = on.page.get_by_label("Расстояние до железной дороги, не меньше")
    expect(low).to_be_focused()
    on.page.wait_for_timeout(500)
    assert on.said == []  # a condition without a figure asks for nothing
    on.give(given(norms={}))
    expect(low).to_be_focused()  # and stays, whatever else the server has to say
    low.fill("0,5")
    on.page.get_by_label("Расстояние до железной дороги, не больше").fill("12")
    on.page.keyboard.press("Enter")
    on.page.wait_for_function("said.at(-1)?.model.includes('*12000')")
    musts = Model.parse(on.said[-1]["model"]).requirements
    assert [(must.low, must.high) for must in musts] == [(500, 12_000), (None, 90)]
    low.fill("40")
    on.page.keyboard.press("Tab")
    expect(on.page.get_by_role("alert")).to_have_text(RU("model.crossed"))


def test_the_whole_is_set(desk) -> None:
    on = desk()
    on.page.locator("summary", has_text="Оценка в целом").click()
    attitude = on.page.get_by_label("Отношение к риску")
    attitude.focus()
    on.page.keyboard.press("Home")
    assert on.told().attitude == 8
    expect(attitude).to_have_attribute("aria-valuetext", "осторожно")
    on.page.keyboard.press("End")
    assert on.told(2).attitude == 0.125
    threshold = on.page.get_by_label("Порог пригодности")
    threshold.focus()
    on.page.keyboard.press("ArrowLeft")
    assert on.told(3).threshold == 0.69
    on.page.get_by_label("Наименьшая площадь").fill("2,5")
    on.page.keyboard.press("Enter")
    assert on.told(4).least_ha == 2.5


def test_an_order_gives_rank_order_weights(desk) -> None:
    on = desk()
    on.page.get_by_role("button", name="Порядок").click()
    on.page.get_by_role("button", name=f"Выше: {MEASURES[TRIP]['title']}").click()
    on.page.wait_for_function("tried.length > 1")
    assert on.said == []
    expect(on.page.get_by_role("button", name=f"Ниже: {MEASURES[TRIP]['title']}")).to_be_focused()
    grip = on.page.locator(f'.model-rank[data-measure="{COVER}"] .model-handle').bounding_box()
    first = on.page.locator(".model-rank").first.bounding_box()
    assert grip
    assert first
    on.page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    on.page.mouse.down()
    on.page.mouse.move(grip["x"] + 8, first["y"] + 4, steps=12)
    on.page.mouse.up()
    on.page.get_by_role("button", name="Применить").click()
    weights = [criterion.weight for criterion in on.told().criteria]
    assert weights == pytest.approx(rank_order_weights([3, 2, 4, 1]) * 100, abs=0.06)
    assert on.trouble == []


def test_pairs_give_the_weights_of_saaty_and_warn_of_contradictions(desk) -> None:
    on = desk()
    on.page.get_by_role("button", name="Пары").click()
    verdict = on.page.locator(".model-verdict")
    expect(verdict).not_to_have_class("model-verdict model-bad")
    upper = [3.0, 5.0, 7.0, 2.0, 4.0, 1 / 3]
    chosen = on.page.locator(".model-pair")
    for at, value in enumerate(upper):
        chosen.nth(at).select_option(label=f"{value:.0f}" if value >= 1 else f"1/{1 / value:.0f}")
    expected = ahp(comparisons(upper))
    assert not expected.consistent
    assert expected.odd
    expect(verdict).to_contain_text(f"{expected.ratio:.2f}".replace(".", ","))
    expect(verdict).to_have_class("model-verdict model-bad")
    for place in expected.odd[:2]:
        expect(verdict).to_contain_text(MEASURES[(RAIL, TRIP, PEOPLE, COVER)[place]]["title"])
    assert on.said == []
    on.page.get_by_role("button", name="Применить").click()
    assert [c.weight for c in on.told().criteria] == pytest.approx(expected.weights * 100, abs=0.06)
    expect(on.page.get_by_role("button", name="Ползунки")).to_be_focused()
    assert on.trouble == []


def test_leaving_another_way_of_weighing_changes_nothing(desk) -> None:
    on = desk()
    on.page.get_by_role("button", name="Порядок").click()
    on.page.get_by_role("button", name=f"Ниже: {MEASURES[RAIL]['title']}").click()
    on.page.get_by_role("button", name="Отменить").click()
    on.page.wait_for_timeout(500)
    assert on.said == []
    assert Model.parse(on.tried[-1]).criteria[0].weight == 40


def test_an_answer_to_something_older_takes_nothing_back(desk) -> None:
    on = desk()
    for name in (TRIP, PEOPLE):
        on.row(name).get_by_role("switch").click()
    assert on.told(2).criteria[1].weight == 0
    on.give(given(heard=1))
    expect(on.row(TRIP).get_by_role("switch")).not_to_be_checked()
    answer = given(heard=2)
    answer["model"]["criteria"][0]["weight"] = 77
    on.give(answer)
    expect(on.row(TRIP).get_by_role("switch")).to_be_checked()
    on.page.wait_for_function("tried.at(-1).startsWith('c:distance.railways*77*')")


@pytest.mark.parametrize("x", [0.1 + 0.2, 1e-7, 123_456.789_012_3, 4e11, 0.00012, 100_000.0])
def test_figures_are_written_as_the_engine_writes_them(desk, x: float) -> None:
    """`told` compares the text with that of the engine, letter for letter."""
    data = given()
    data["model"]["criteria"][0]["value"] = line((-x, 1), (x, 1 / 3))
    on = desk(data)
    on.row(COVER).get_by_role("switch").click()
    assert on.told().criteria[0].value.points[1][0] == pytest.approx(x, rel=1e-9)


def test_what_the_data_say_is_never_markup(desk) -> None:
    data = given()
    data["measures"] = {**MEASURES, RAIL: {**MEASURES[RAIL], "title": "<img src=x onerror=alert(1)>"}}
    data["model"]["criteria"][0] |= {"sources": [{"title": "a", "facts": "", "href": "javascript:alert(1)"}]}
    on = desk(data)
    on.open(RAIL).locator("summary").click()
    expect(on.row(RAIL).locator(".model-title")).to_contain_text("<img src=x")
    assert on.page.locator(".model-host img").count() == 0
    assert on.row(RAIL).locator("a").count() == 0


@pytest.mark.parametrize("width", [256, 320, 720])
def test_it_fits_its_column(desk, width: int) -> None:
    on = desk(width=width)
    on.open(RAIL)
    for name in ("Запреты", "Обязательные", "Оценка"):
        on.page.locator("summary", has_text=name).click()
    assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = "(nodes) => nodes.filter((node) => node.scrollWidth > node.clientWidth).map((n) => n.textContent)"
    assert on.page.locator(".model-choice button").evaluate_all(cut) == []
    for way in ("Порядок", "Пары"):
        on.page.get_by_role("button", name=way).click()
        assert on.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_finger_moves_a_knot(desk) -> None:
    on = desk(width=390, has_touch=True, is_mobile=True)
    dot = on.open(RAIL).locator(".model-knot").nth(1).locator(".model-dot").bounding_box()
    assert dot
    x, y = dot["x"] + 6, dot["y"] + 6
    session = on.page.context.new_cdp_session(on.page)
    for kind, dx in (("touchStart", 0), ("touchMove", 15), ("touchMove", 30), ("touchEnd", None)):
        points = [] if dx is None else [{"x": x + dx, "y": y - dx}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert on.told().criteria[0].value.points[1][0] > 20_000


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_in_the_editor(desk, dark: bool) -> None:
    on = desk(dark=dark)
    on.open(RAIL)
    on.row(RAIL).locator("summary").click()
    for name in ("Запреты", "Обязательные", "Оценка"):
        on.page.locator("summary", has_text=name).click()
    on.page.get_by_role("button", name="Добавить критерий").click()
    on.page.wait_for_timeout(300)
    assert faults(on) == []
    for way in ("Порядок", "Пары"):
        on.page.get_by_role("button", name=way).click()
        assert faults(on) == []


def test_many_pairs_fit_a_narrow_editor(visit) -> None:
    on = visit(900, 900).open_board("?page=site&area=84.900,56.400,85.200,56.650&cell=500")
    on.page.get_by_text(RU("site.mode_expert"), exact=True).click()
    on.page.get_by_role("button", name="Пары").click()
    table = on.page.locator(".model-pairs")
    expect(table.locator(".model-pair")).to_have_count(21)
    assert table.evaluate("(node) => node.scrollWidth <= node.clientWidth")
    assert on.trouble == []
