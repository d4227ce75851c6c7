"""Maps: true on paper, nothing beyond the frame, drawn as the style says."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image as Pictures
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Circle, Drawing, Group, Path

from layers.catalog import LANGUAGES, Language
from layers.paper import fonts
from layers.paper.frame import MapFrame
from layers.paper.ground import Ground, Laid
from layers.paper.ink import MARK, MM, PX, colour
from layers.paper.labels import Label
from layers.paper.maps import Mark, credits_of, draw_map, shown
from layers.paper.surround import bar_metres, in_length
from layers.query import Query
from layers.store import EmbeddedStore
from layers.view import Placed, View
from tests.layers.paper.reading import contents, texts


def nodes(group: Any) -> Iterator[Any]:
    for node in group.contents:
        yield node
        if isinstance(node, Group):
            yield from nodes(node)


def as_pdf(drawing: Drawing) -> bytes:
    return bytes(renderPDF.drawToString(drawing, invariant=1, initialFontName=fonts.REGULAR))


@pytest.fixture
def everything(store: EmbeddedStore) -> tuple[Placed, ...]:
    return tuple(Placed(id=layer.id) for layer in store.catalogue.layers.values() if not layer.computed)


def test_ten_kilometres_measure_what_the_scale_says(
    store: EmbeddedStore, frame: MapFrame, tomsk: tuple[float, float]
) -> None:
    x, y = tomsk
    marks = [Mark(shapely.Point(x - 5000, y)), Mark(shapely.Point(x + 5000, y))]
    page = contents(as_pdf(draw_map(store, (), Query(), "ru", frame, marks=marks)))[0].decode("latin-1")
    ink = " ".join(f"{v:.6f}".strip("0").rstrip(".") or "0" for v in colour(MARK).rgb())
    middles = [float(x) for x in re.findall(rf"{re.escape(ink)} RG\n1\.3 w\n[^n]*\nn\n([\d.]+) ", page)]
    assert len(middles) == 2
    assert (middles[1] - middles[0]) / MM == pytest.approx(10_000 * 1000 / frame.scale, abs=0.01)


@pytest.mark.parametrize("scale", [5_000, 25_000, 60_000, 250_000, 1_000_000])
def test_the_scale_bar_is_as_long_as_it_says(store: EmbeddedStore, scale: float) -> None:
    frame = MapFrame((500_000, 6_260_000), scale, (120, 100))
    pdf = as_pdf(draw_map(store, (), Query(), "en", frame))
    part, parts = bar_metres(frame)
    boxes = re.findall(rb"n ([\d.]+) ([\d.]+) ([\d.]+) 3.11811 re", contents(pdf)[0])
    assert len(boxes) == parts
    start, end = float(boxes[0][0]), float(boxes[-1][0]) + float(boxes[-1][2])
    assert (end - start) / MM * scale / 1000 == pytest.approx(part * parts, rel=1e-3)
    text = texts(pdf)[0]
    assert f"1 : {scale:,.0f}" in text
    assert in_length(part * parts, "en").replace("\u00a0", " ") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_layers_leaves_the_frame(
    store: EmbeddedStore, frame: MapFrame, everything: tuple[Placed, ...], site: Any, language: Language
) -> None:
    drawing = draw_map(store, everything, Query(), language, frame, marks=[Mark(site, "А-1", 50_000)])
    inner, _around = drawing.contents
    clip = inner.contents[0]
    left, bottom, right, top = frame.window
    assert clip.isClipPath
    assert clip.points == [left, bottom, right, bottom, right, top, left, top]
    spill = 4.001 * MM
    lines = [node for node in inner.contents[1:] if isinstance(node, Path)]
    assert lines
    for path in lines:
        xs, ys = np.array(path.points[::2]), np.array(path.points[1::2])
        assert xs.min() >= left - spill
        assert xs.max() <= right + spill
        assert ys.min() >= bottom - spill
        assert ys.max() <= top + spill
    for label in (node for node in inner.contents if isinstance(node, Label)):
        assert left <= label.x
        assert label.x + fonts.width(label.name.text, label.name.size, label.face) <= right
        assert bottom <= label.y <= top
    page = contents(as_pdf(drawing))[0]
    assert page.count(b" W* n") >= 1
    assert page.index(b" W* n") < page.index(b" re ")


def test_names_are_those_of_the_language_and_of_the_records(
    store: EmbeddedStore, frame: MapFrame, everything: tuple[Placed, ...]
) -> None:
    for language, town in (("ru", "Северск"), ("en", "Seversk")):
        drawing = draw_map(store, everything, Query(), language, frame)
        names = [node.name.text for node in nodes(drawing) if isinstance(node, Label)]
        assert town in names
        assert len(names) > 5
        known = {
            str(name) for part in everything for name in store.records(part.id)[f"name_{language}"].dropna()
        }
        assert {name for name in names if not name.endswith("…")} <= known
        assert town in texts(as_pdf(drawing))[0]


def test_lines_look_as_their_style_says(store: EmbeddedStore, frame: MapFrame) -> None:
    style = store.catalogue.layers["rivers"].style
    drawing = draw_map(store, (Placed(id="rivers", opacity=0.5),), Query(), "ru", frame)
    paths = [node for node in drawing.contents[0].contents[1:] if isinstance(node, Path)]
    assert len(paths) == len(shown(store, "rivers", Query(), frame.widened(4))[0])
    for path in paths:
        assert path.strokeColor == colour(style.symbol.colour)
        assert path.strokeWidth == pytest.approx(style.symbol.width * PX)
        assert path.strokeOpacity == 0.5


def test_layers_lie_in_the_order_given(store: EmbeddedStore, frame: MapFrame) -> None:
    def colours(*names: str) -> list[Any]:
        drawing = draw_map(store, tuple(Placed(id=n) for n in names), Query(), "ru", frame)
        return [
            p.strokeColor for p in drawing.contents[0].contents if isinstance(p, Path) and not p.isClipPath
        ]

    one, other = (colour(store.catalogue.layers[n].style.symbol.colour) for n in ("rivers", "districts"))
    assert colours("rivers", "districts")[0] == one
    assert colours("districts", "rivers")[0] == other
    assert set(colours("rivers", "districts")) == {one, other}


def test_a_mark_has_its_name_and_the_halo_of_its_accuracy(
    store: EmbeddedStore, frame: MapFrame, site: Any
) -> None:
    def halos(accuracy_m: float) -> list[Any]:
        drawing = draw_map(store, (), Query(), "ru", frame, marks=[Mark(site, "Площадка", accuracy_m)])
        assert [n.name.text for n in nodes(drawing) if isinstance(n, Label)] == ["Площадка"]
        return [n for n in nodes(drawing) if isinstance(n, Path) and n.strokeDashArray]

    (halo,) = halos(1000)
    assert max(halo.points[::2]) - min(halo.points[::2]) == pytest.approx(
        4000 * frame.points_per_metre, abs=0.1
    )
    assert halos(50) == []


def test_a_small_site_is_ringed(store: EmbeddedStore, frame: MapFrame, tomsk: tuple[float, float]) -> None:
    drawing = draw_map(store, (), Query(), "ru", frame, marks=[Mark(shapely.Point(tomsk))])
    (x, y), *_ = [(n.cx, n.cy) for n in nodes(drawing.contents[0]) if isinstance(n, Circle)]
    left, bottom, right, top = frame.window
    assert (x, y) == pytest.approx(((left + right) / 2, (bottom + top) / 2))


def test_a_picture_lies_under_the_layers_on_its_metres(store: EmbeddedStore, frame: MapFrame) -> None:
    ground = Ground(Pictures.new("RGBA", (4, 4), (200, 30, 30, 120)), frame.bounds, 0.7)
    inner = draw_map(store, (Placed(id="rivers"),), Query(), "ru", frame, grounds=[ground]).contents[0]
    picture = inner.contents[2]
    assert isinstance(picture, Laid)
    left, bottom, right, top = frame.window
    assert (picture.x, picture.y) == pytest.approx((left, bottom))
    assert (picture.width, picture.height) == pytest.approx((right - left, top - bottom))


def test_what_is_see_through_in_a_picture_stays_so(store: EmbeddedStore, frame: MapFrame) -> None:
    pictures = [Pictures.new(mode, (4, 4), 1) for mode in ("RGBA", "RGB")]
    pdfs = [
        as_pdf(draw_map(store, (), Query(), "ru", frame, grounds=[Ground(picture, frame.bounds, 0.4)]))
        for picture in pictures
    ]
    assert [b"/SMask" in pdf for pdf in pdfs] == [True, False]
    assert all(b"/ca .4" in pdf for pdf in pdfs)


def test_degrees_and_kilometres_stand_at_the_edges(store: EmbeddedStore, frame: MapFrame) -> None:
    plain = texts(as_pdf(draw_map(store, (), Query(), "en", frame)))[0]
    both = texts(as_pdf(draw_map(store, (), Query(), "en", frame, msk70=True)))[0]
    assert re.search(r"^84°\d\d′$", plain, re.M)
    assert re.search(r"^56°\d\d′$", plain, re.M)
    assert not re.search(r"^4 3\d\d$", plain, re.M)
    assert re.search(r"^4 3\d\d$", both, re.M)
    assert "MSK-70, zone 4" in both
    assert "grid north" in plain


def test_credits_name_whom_the_licences_ask_to_name(store: EmbeddedStore, frame: MapFrame) -> None:
    layers = (Placed(id="railways"),)
    found = credits_of(store, layers, Query(), "ru", frame.bounds)
    assert any("OpenStreetMap" in who and "ODbL" in who for who in found)
    pdf = as_pdf(draw_map(store, layers, Query(), "ru", frame))
    assert "OpenStreetMap" in texts(pdf)[0]
    assert credits_of(store, (), Query(), "ru", frame.bounds) == []


def test_credits_are_in_the_language_of_the_map(store: EmbeddedStore, frame: MapFrame) -> None:
    layers = View.default(store.catalogue).layers
    russian, english = (
        " ".join(credits_of(store, layers, Query(), lang, frame.bounds)) for lang in LANGUAGES
    )
    assert "Википедия" in russian
    assert "Авторы\u00a0проекта" in russian
    assert "Wikipedia\u00a0contributors" in english
    assert not re.search("[а-яё]", english, re.IGNORECASE)


def test_the_same_map_is_the_same_bytes(
    store: EmbeddedStore, frame: MapFrame, everything: tuple[Placed, ...]
) -> None:
    first, again = (as_pdf(draw_map(store, everything, Query(), "ru", frame)) for _ in range(2))
    assert first == again


def test_a_year_changes_what_is_drawn(store: EmbeddedStore, frame: MapFrame) -> None:
    layers = (Placed(id="projects"),)
    early, late = (
        sum(1 for _ in nodes(draw_map(store, layers, Query(year=year), "ru", frame))) for year in (2005, 2025)
    )
    assert early < late
