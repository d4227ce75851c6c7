"""Around the window: bars that fit and are round, ticks at round degrees, lines that are not too long."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.graphics.shapes import Line, String

from geo.crs import WGS84, WORKING, transform
from layers.paper.frame import MapFrame
from layers.paper.surround import bar_metres, in_length, surround
from layers.text import Words
from tests.layers.paper.test_maps import nodes


@given(st.floats(500, 5e6), st.floats(60, 800))
def test_a_bar_is_round_and_has_room(scale: float, wide: float) -> None:
    frame = MapFrame((400_000, 6_260_000), scale, (wide, 200))
    part, parts = bar_metres(frame)
    on_paper_mm = part * parts * 1000 / scale
    assert on_paper_mm <= min(48, frame.window_mm[0] * 0.4) + 1e-6
    assert on_paper_mm >= min(48, frame.window_mm[0] * 0.4) * 0.39
    assert float(f"{part:.3g}") == pytest.approx(part)


def test_degrees_stand_where_they_are(frame: MapFrame) -> None:
    """A tick of the lower edge, carried back to the ground, lies on its meridian."""
    drawn = list(nodes(surround(frame, "ru", ())))
    west, south, _, _ = frame.bounds
    left, bottom, _, _ = frame.window
    ticks = [n.x1 for n in drawn if isinstance(n, Line) and n.y1 == bottom > n.y2 and n.x1 == n.x2]
    told = [n.text for n in drawn if isinstance(n, String) and re.fullmatch(r"8\d°\d\d′", n.text)]
    assert len(ticks) >= 2
    for x in ticks:
        lon, _ = transform([west + (x - left) / frame.points_per_metre], [south], WORKING, WGS84)
        minutes = float(lon[0]) * 60
        assert minutes == pytest.approx(round(minutes / 5) * 5, abs=0.02)
        degrees, rest = divmod(round(minutes), 60)
        near_corner = not left + 20 < x < frame.window[2] - 20
        assert f"{degrees}°{rest:02d}′" in told or near_corner


def test_a_map_of_no_certain_size_tells_no_numeric_scale(frame: MapFrame) -> None:
    said, unsaid = (
        [node.text for node in nodes(surround(one, "ru", ())) if isinstance(node, String)]
        for one in (frame, replace(frame, to_scale=False))
    )
    assert [text for text in said if text not in unsaid] == [
        f"1\u00a0:\u00a0{Words('ru').number(frame.scale, 0)}",
        f"в 1\u00a0см {in_length(frame.scale / 100, 'ru')}",
    ]
    assert len([text for text in unsaid if text.endswith("км")]) == 1


@pytest.mark.parametrize(
    ("metres", "ru", "en"),
    [
        (250, "250~м", "250~m"),
        (2500, "2,5~км", "2.5~km"),
        (40_000, "40~км", "40~km"),
        (12.5, "12,5~м", "12.5~m"),
    ],
)
def test_lengths_are_said_in_their_unit(metres: float, ru: str, en: str) -> None:
    assert in_length(metres, "ru") == ru.replace("~", "\u00a0")
    assert in_length(metres, "en") == en.replace("~", "\u00a0")
