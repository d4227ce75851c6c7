"""Drawings as SVG: sound XML, text that is text, clips that cut."""

import re
from xml.etree import ElementTree

import pytest
from PIL import Image as Pictures
from reportlab.graphics.shapes import Drawing, Ellipse, Group, String

from layers.paper.frame import MapFrame
from layers.paper.ground import Ground
from layers.paper.maps import Mark, draw_map
from layers.paper.svg import as_svg
from layers.query import Query
from layers.store import EmbeddedStore
from layers.view import View

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def map_svg(store: EmbeddedStore, frame: MapFrame, site: object) -> str:
    ground = Ground(Pictures.new("RGBA", (2, 2), (9, 9, 9, 99)), frame.bounds, 0.5)
    layers = View.default(store.catalogue).layers
    drawing = draw_map(
        store, layers, Query(), "ru", frame, marks=[Mark(site, "А & Б", 700)], grounds=[ground]
    )
    return as_svg(drawing, title='Карта "А" & <Б>', prefix="p1-")


def test_it_is_sound_and_true_to_size(map_svg: str, frame: MapFrame) -> None:
    root = ElementTree.fromstring(map_svg)
    assert root.get("width") == f"{frame.size_mm[0]:.2f}mm"
    assert root.get("height") == f"{frame.size_mm[1]:.2f}mm"
    assert root.get("aria-label") == 'Карта "А" & <Б>'
    assert root.find(f"{SVG}title").text == 'Карта "А" & <Б>'


def test_names_are_text_with_a_halo(map_svg: str) -> None:
    root = ElementTree.fromstring(map_svg)
    written = {node.text: node for node in root.iter(f"{SVG}text")}
    assert {"А & Б", "Северск", "1\u00a0:\u00a0300\u00a0000"} <= set(written)
    assert written["Северск"].get("paint-order") == "stroke"


def test_layers_are_cut_by_the_window(map_svg: str, frame: MapFrame) -> None:
    root = ElementTree.fromstring(map_svg)
    clips = {clip.get("id"): clip for clip in root.iter(f"{SVG}clipPath")}
    assert all(name.startswith("p1-") for name in clips)
    used = re.findall(r"url\(#([^)]+)\)", map_svg)
    assert sorted(used) == sorted(clips)
    first = clips[used[0]].find(f"{SVG}path").get("d")
    corner = [float(v) for v in re.findall(r"[\d.]+", first)][:2]
    assert corner == pytest.approx(frame.window[:2], abs=0.001)
    (cut,) = (g for g in root.iter(f"{SVG}g") if g.get("clip-path") == f"url(#{used[0]})")
    inside = {node.text for node in cut.iter(f"{SVG}text")}
    assert "Северск" in inside
    assert "1\u00a0:\u00a0300\u00a0000" not in inside


def test_it_brings_all_that_it_shows(map_svg: str) -> None:
    assert "<script" not in map_svg
    assert re.findall(r'href="(.{22})', map_svg) == ["data:image/png;base64,"]


def test_what_it_cannot_write_is_told() -> None:
    drawing = Drawing(10, 10)
    drawing.add(Group(Ellipse(1, 1, 2, 3)))
    with pytest.raises(TypeError, match="Ellipse"):
        as_svg(drawing)


def test_text_is_escaped() -> None:
    drawing = Drawing(10, 10)
    drawing.add(String(1, 1, "</text><script>"))
    assert ElementTree.fromstring(as_svg(drawing)).find(f".//{SVG}text").text == "</text><script>"
