"""A view on paper: its place fills the window, its choice is marked, its rasters lie below."""

import pytest
import shapely

from geo.shape import to_metric
from layers.paper.ink import MM
from layers.paper.svg import as_svg
from layers.sheet.places import marks_of
from layers.store import EmbeddedStore
from layers.story.mapped import explained_map_of, frame_of, legend_of, map_of, told_in_words
from layers.view import HOME, View

SIZE = (180.0, 108.0)


def view(store: EmbeddedStore, **params: str) -> View:
    found, problems = View.parse(
        {key.replace("__", "."): value for key, value in params.items()}, store.catalogue
    )
    assert problems == []
    return found


@pytest.mark.parametrize("at", ["56.5,85,11", "56.99,86.15,13.5", "56.5,85,8"])
def test_a_place_stands_in_the_middle_of_the_window(store: EmbeddedStore, at: str) -> None:
    shown = view(store, at=at)
    assert shown.at is not None
    frame = frame_of(store, shown, SIZE)
    x, y = to_metric(shapely.Point(shown.at[0], shown.at[1])).coords[0]
    assert frame.centre == pytest.approx((x, y), abs=0.01)


def test_a_step_of_zoom_halves_the_scale(store: EmbeddedStore) -> None:
    near, far = (frame_of(store, view(store, at=f"56.5,85,{zoom}"), SIZE).scale for zoom in (12, 9))
    assert far / near == pytest.approx(8, rel=0.35)


def test_a_view_without_a_place_shows_the_whole_agglomeration(store: EmbeddedStore) -> None:
    west, south, east, north = frame_of(store, view(store), SIZE).bounds
    corners = to_metric(shapely.box(*HOME)).bounds
    assert west <= corners[0] + 1
    assert south <= corners[1] + 1
    assert east >= corners[2] - 1
    assert north >= corners[3] - 1


def test_what_is_chosen_is_marked_with_its_accuracy(store: EmbeddedStore) -> None:
    shown = view(store, pick="projects/asino-timber-complex")
    (mark,) = marks_of(store, shown)
    record = store.record("projects", "asino-timber-complex")
    assert (mark.label, mark.accuracy_m) == (record["name_ru"], record["accuracy_m"])
    assert record["name_ru"][:20] in as_svg(map_of(store, shown, SIZE))
    assert list(marks_of(store, view(store))) == []


def test_a_record_without_a_place_is_not_marked(store: EmbeddedStore) -> None:
    frame = store.features("projects")
    nowhere = frame.index[frame.geometry.isna() | frame.geometry.is_empty]
    for id_ in nowhere[:2]:
        assert list(marks_of(store, view(store, pick=f"projects/{id_}"))) == []


def test_a_search_lies_under_the_map(store: EmbeddedStore) -> None:
    shown = view(
        store, page="site", on="site_score,site_free,projects", cell="500", area="84.9,56.4,85.1,56.5",
        model="c:distance.railways*1*lin~0~1~10000~0",
    )  # fmt: skip
    assert "<image" in as_svg(map_of(store, shown, SIZE))
    assert "<image" not in as_svg(map_of(store, view(store), SIZE))


def test_the_legend_tells_the_layers_that_are_on(store: EmbeddedStore) -> None:
    drawn = as_svg(legend_of(store, view(store, on="railways,districts"), SIZE, 180.0, 3))
    assert store.catalogue.layers["railways"].title.ru in drawn
    assert store.catalogue.layers["projects"].title.ru not in drawn


@pytest.mark.parametrize("on", ["rivers", "railways,districts", ""])
def test_a_map_of_a_slide_is_explained_and_tells_no_scale(store: EmbeddedStore, on: str) -> None:
    shown = view(store, **({"on": on} if on else {}))
    drawing = explained_map_of(store, shown, SIZE, 4)
    assert (drawing.width, drawing.height) == pytest.approx((SIZE[0] * MM, SIZE[1] * MM))
    drawn = as_svg(drawing)
    for part in shown.layers:
        style = store.catalogue.layers[part.id].style
        frame = frame_of(store, shown, SIZE)
        assert frame.zoom < style.min_zoom or store.catalogue.layers[part.id].title.ru[:12] in drawn
    assert "1\u00a0:\u00a0" not in drawn
    assert "1\u00a0:\u00a0" in as_svg(map_of(store, shown, SIZE))
    legend, above = drawing.contents
    left, low, right, high = legend.getBounds()
    assert min(left, low) > -1
    assert right < drawing.width + 1
    assert high < above.transform[5]


def test_who_does_not_see_the_map_is_told_what_it_shows(store: EmbeddedStore) -> None:
    told = told_in_words(
        store, view(store, on="districts,projects", year="2015", pick="projects/asino-sawmill")
    )
    assert store.catalogue.layers["projects"].title.ru in told
    assert store.catalogue.layers["districts"].title.ru in told
    assert "2015" in told
    assert store.record("projects", "asino-sawmill")["name_ru"] in told
