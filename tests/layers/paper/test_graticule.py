"""Grids on maps: lines where coordinates say, each zone of MSK-70 on its side, labels clear of each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import Group, Line, String

from geo.crs import WGS84, WORKING, msk70_border, msk70_proj, msk70_zone, transform
from layers.catalog import LANGUAGES, Language
from layers.paper import graticule
from layers.paper.fonts import width
from layers.paper.frame import MapFrame

FRAMES = st.builds(
    lambda lon, lat, scale: MapFrame(
        tuple(float(part[0]) for part in transform([lon], [lat], WGS84, WORKING)),  # type: ignore[arg-type]
        scale,
        (180, 140),
        1.3,
    ),
    st.floats(82.5, 88),
    st.floats(55.5, 58.5),
    st.sampled_from([5_000, 25_000, 100_000, 400_000, 1_000_000]),
)


@given(FRAMES)
def test_lines_of_degrees_are_lines_of_degrees(frame: MapFrame) -> None:
    lines = graticule.grid_lines(frame, "wgs84")
    assert lines
    for line in lines:
        lon, lat = transform(line.line[:, 0], line.line[:, 1], WORKING, WGS84)
        along = lon if line.upright else lat
        # A straight piece of a curved parallel is off by less than a hundredth of a millimetre.
        assert np.abs(along * 60 - line.value).max() * 1852 / frame.metres_per_mm < 0.05


@given(FRAMES)
def test_each_zone_has_its_own_kilometres_on_its_own_side(frame: MapFrame) -> None:
    for line in graticule.grid_lines(frame, "msk70"):
        x, y = transform(line.line[:, 0], line.line[:, 1], WORKING, msk70_proj(line.zone))
        assert (
            np.abs((x if line.upright else y) / 1000 - line.value).max() * 1000 / frame.metres_per_mm < 0.05
        )
        middle = line.line.mean(axis=0)
        lon, _ = transform([middle[0]], [middle[1]], WORKING, WGS84)
        assert msk70_zone(float(lon[0])) == line.zone
        if line.upright:
            assert int(line.value // 1000) == line.zone


@given(FRAMES, st.sampled_from(["wgs84", "msk70"]))
def test_labels_stand_beside_their_ticks_clear_of_each_other(frame: MapFrame, grid: graticule.Grid) -> None:
    left, bottom, right, top = frame.window
    boxes: dict[str, list[tuple[float, float]]] = {}
    for part in graticule.labels(frame, grid):
        if isinstance(part, Line):
            continue
        assert isinstance(part, Group)
        (said,) = part.contents
        assert isinstance(said, String)
        half = width(said.text, said.fontSize) / 2
        turned = part.transform != (1, 0, 0, 1, 0, 0)
        at, across = (part.transform[5], part.transform[4]) if turned else (said.x, said.y)
        start, end = (bottom, top) if turned else (left, right)
        assert start <= at - half < at + half <= end
        side = f"{turned}{across > (left + right) / 2 if turned else across > (bottom + top) / 2}"
        assert all(at + half <= low or at - half >= high for low, high in boxes.get(side, ()))
        boxes.setdefault(side, []).append((at - half, at + half))


def test_a_label_says_where_its_tick_is() -> None:
    frame = MapFrame((376_000.0, 6_280_000.0), 300_000, (200, 160))
    ends = {
        (side, line.label): (x, y)
        for line in graticule.grid_lines(frame, "wgs84")
        for side, x, y in graticule._ends(frame, line)
    }
    x, _ = ends["bottom", "85°00′"]
    west, south, _, _ = frame.bounds
    metres = west + (x - frame.window[0]) / frame.points_per_metre
    lon, _ = transform([metres], [south], WORKING, WGS84)
    assert lon[0] == pytest.approx(85.0, abs=1e-5)


def test_the_border_of_zones_is_told_and_drawn() -> None:
    x, y = (float(part[0]) for part in transform([msk70_border(4)], [56.6], WGS84, WORKING))
    frame = MapFrame((x, y), 300_000, (180, 140))
    assert [zone for zone, _ in graticule.zones(frame)] == [4, 5]
    assert sum(part.area for _, part in graticule.zones(frame)) == pytest.approx(
        np.prod([side * 300 for side in frame.window_mm])
    )
    assert len(graticule.drawn_lines(frame, "msk70")) == 2
    for language, told in (("ru", "зоны\u00a04–5"), ("en", "zones\u00a04–5")):
        said = " ".join(graticule.told(frame, "msk70", language))  # type: ignore[arg-type]
        assert told in said
        assert "85°14′" in said
        assert len(graticule.zone_names(frame, language)) == 2  # type: ignore[arg-type]
    away = MapFrame((x - 60_000, y), 100_000, (180, 140))
    assert [zone for zone, _ in graticule.zones(away)] == [4]
    assert graticule.zone_names(away, "ru") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_grid_nothing_is_drawn(language: Language) -> None:
    frame = MapFrame((376_000.0, 6_280_000.0), 300_000, (200, 160))
    assert graticule.grid_lines(frame, "none") == []
    assert graticule.drawn_lines(frame, "none") == []
    assert list(graticule.labels(frame, "none")) == []
    assert len(graticule.told(frame, "none", language)) == 2


@given(FRAMES)
def test_convergence_follows_the_formula(frame: MapFrame) -> None:
    lon, lat = (float(part[0]) for part in transform([frame.centre[0]], [frame.centre[1]], WORKING, WGS84))
    sphere = math.degrees(math.atan(math.tan(math.radians(lon - 87)) * math.sin(math.radians(lat))))
    assert graticule.convergence_deg(frame) == pytest.approx(sphere, abs=2e-4)
