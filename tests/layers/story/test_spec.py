"""What the player is given, live and in one file."""

import json

from layers.store import EmbeddedStore
from layers.story.model import Story
from layers.story.onefile import as_file
from layers.story.pool import Pool
from layers.story.spec import carried, live
from layers.story.told import ToldStory, tell
from layers.text import Words


def test_a_live_story_fetches_its_maps_by_address(store: EmbeddedStore, told: ToldStory) -> None:
    spec = live(store, told, "trial")
    assert spec["furniture"].startswith("/map/furniture.json?")
    first, second, third = (chapter["map"] for chapter in spec["chapters"])
    assert "f.park=medical" in first["features"]
    assert second["at"] == [85.6, 56.75, 9.5]
    assert third is None
    assert all("furniture" not in chapter["map"] for chapter in spec["chapters"] if chapter["map"])
    assert json.loads(json.dumps(spec)) == spec
    assert store.digest in spec["stamp"]


def test_every_source_number_leads_to_a_source(store: EmbeddedStore, told: ToldStory) -> None:
    spec = live(store, told, "trial")
    for chapter in spec["chapters"]:
        assert all(1 <= number <= len(spec["sources"]) for number in chapter["sources"])
    assert all(source["title"] for source in spec["sources"])


def test_what_several_chapters_show_is_carried_once(store: EmbeddedStore, told: ToldStory) -> None:
    pool = Pool()
    spec = carried(store, told, "trial", pool)
    keys = [
        key
        for chapter in spec["chapters"]
        if chapter["map"]
        for part in ("features", "card", "overview")
        for key in chapter["map"][part].values()
    ]
    assert all(key.removeprefix("@") in pool.parts for key in keys)
    districts = {chapter["map"]["features"]["districts"] for chapter in spec["chapters"] if chapter["map"]}
    assert len(districts) == 1
    assert len(pool.parts) < len(keys)


def test_records_that_differ_have_other_keys(store: EmbeddedStore, told: ToldStory) -> None:
    other = Story.made({"title": {"ru": "Т"}, "chapters": [{"title": {"ru": "а"}, "view": "f.park=sport"}]})
    pool = Pool()
    here = carried(store, told, "a", pool)["chapters"][0]["map"]["features"]["projects"]
    there = carried(store, tell(store, other, "ru"), "b", pool)["chapters"][0]["map"]["features"]["projects"]
    assert here != there
    assert {f["id"] for f in pool.parts[here[1:]]["features"]}.isdisjoint(
        {f["id"] for f in pool.parts[there[1:]]["features"]}
    )


def test_the_file_holds_both_languages_and_no_address_of_its_own(store: EmbeddedStore, story: Story) -> None:
    page = as_file(store, story, "ru")
    told = json.loads(page.partition('querySelector(".story-host"), ')[2].partition(");</script>")[0])
    assert list(told["languages"]) == ["ru", "en"]
    assert told["languages"]["en"]["title"] == "Trial"
    assert told["title"] == "Проба"
    assert "default-src 'none'" in page
    assert "connect-src 'none'" in page
    assert page == as_file(store, story, "ru")


def test_a_story_in_one_language_is_carried_in_that_alone(store: EmbeddedStore) -> None:
    story = Story.made(
        {"title": {"ru": "</script><b>"}, "chapters": [{"title": {"ru": "а"}, "text": {"ru": "б"}}]}
    )
    page = as_file(store, story, "ru")
    told = json.loads(page.partition('querySelector(".story-host"), ')[2].partition(");</script>")[0])
    assert list(told["languages"]) == ["ru"]
    assert told["title"] == "</script><b>"
    assert page.count("</script>") == 2
    assert Words("ru")("story.sources")
