"""The address bar holds the view: copied, walked back and forth, or broken."""

from playwright.sync_api import expect


def test_the_address_copied_elsewhere_shows_the_same(visit) -> None:
    here = visit().open()
    here.layer("Электростанции").check()
    here.rest()
    here.page.mouse.move(700, 400)
    here.page.mouse.down()
    here.page.mouse.move(600, 330, steps=6)
    here.page.mouse.up()
    here.rest()
    there = visit()
    there.page.goto(here.page.url)
    there.settle()
    assert there.ask("live.at()") == here.ask("live.at()")
    assert there.ask("live.on") == here.ask("live.on")
    assert there.query() == here.query()


def test_back_and_forward_walk_through_the_changes(explorer) -> None:
    box = explorer.layer("Мосты")
    box.check()
    explorer.rest()
    explorer.page.get_by_text("EN", exact=True).click()
    expect(explorer.layer("Bridges")).to_be_checked()
    explorer.rest()
    explorer.page.go_back()
    expect(box).to_be_checked()
    explorer.rest()
    explorer.page.go_back()
    expect(box).not_to_be_checked()
    explorer.rest()
    explorer.page.go_forward()
    expect(box).to_be_checked()
    explorer.settle()
    assert explorer.shown("bridges") > 0


def test_a_bad_or_old_link_opens_the_default_with_a_notice(visit) -> None:
    on = visit().open("?at=north&on=gone,away&pick=projects/never&f.park=zoo&year=12&shape=blob&zzz=1")
    expect(on.page.get_by_test_id("stToast")).to_contain_text("Ссылка понята не вся")
    on.rest()
    assert on.query() == {}
    assert on.shown("projects") > 40


def test_a_link_to_a_record_opens_its_card(visit) -> None:
    on = visit().open("?pick=airports/tomsk-bogashevo&lang=en")
    expect(on.page.locator(".planner-card h2")).to_contain_text("Bogashevo")


def test_two_quick_acts_are_both_kept(explorer) -> None:
    explorer.page.get_by_text("EN", exact=True).click()
    explorer.page.locator(".planner-row[data-layer=projects] input").uncheck()
    explorer.page.wait_for_timeout(1500)
    explorer.rest()
    assert explorer.query()["lang"] == "en"
    assert "projects" not in explorer.query()["on"].split(",")
    expect(explorer.page.locator(".planner-legend summary")).to_have_text("Layers and legend")


def test_there_and_back_again_at_once_leaves_the_address_true(explorer) -> None:
    explorer.page.get_by_text("EN", exact=True).click()
    explorer.page.wait_for_timeout(50)
    explorer.page.get_by_text("RU", exact=True).click()
    explorer.page.wait_for_timeout(1500)
    explorer.rest()
    assert "lang" not in explorer.query()
    expect(explorer.page.locator(".planner-legend summary")).to_have_text("Слои и условные знаки")


def test_back_from_the_table_leaves_the_map_where_it_was(explorer) -> None:
    at = explorer.ask("live.at()")
    explorer.page.get_by_text("Таблица", exact=True).click()
    explorer.page.get_by_test_id("stDataFrame").wait_for()
    explorer.rest()
    explorer.page.go_back()
    expect(explorer.page.get_by_test_id("stDataFrame")).to_have_count(0)
    explorer.page.wait_for_timeout(600)
    explorer.rest()
    assert explorer.ask("live.map.getZoom()") == float(at.split(",")[2])
