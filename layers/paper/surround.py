"""What surrounds the window of a map: the band with degrees, north, numeric scale and scale bar, credits."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
from reportlab.graphics.shapes import Circle, Group, Line, Path, Rect, String

from geo.crs import WGS84, WORKING, msk70_proj, msk70_zone, transform
from layers.catalog import Language
from layers.paper import words
from layers.paper.fonts import BOLD, REGULAR, width
from layers.paper.frame import BAND_MM, MapFrame
from layers.paper.ink import HAIR, INK, MM, PAPER, QUIET, colour
from layers.paper.lines import wrapped
from layers.text import Words

Side = Literal["bottom", "top", "left", "right"]
_MINUTES = (0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600)
_KILOMETRES = (0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
_MOST_TICKS = 5
_TICK = 0.8 * MM
_SAMPLES = 65
_TYPE, SMALL = 5.4, 5.2
_CLEAR, _HIGH = 1.3, _TYPE * 0.73
_LONGEST_BAR_MM = 48.0


def surround(frame: MapFrame, language: Language, credits_: Sequence[str], *, msk70: bool = False) -> Group:
    """Everything around the window, and the north arrow within it."""
    drawn = Group()
    for part in (
        *neatline(frame),
        *_degrees(frame, msk70),
        *(_msk(frame) if msk70 else ()),
        *_north(frame, language),
        *scale_bar(frame, language),
        *_credits(frame, language, credits_, msk70=msk70),
    ):
        drawn.add(part)
    return drawn


def text(x: float, y: float, content: str, size: float = _TYPE, **look: Any) -> String:
    """A line of text; `face`, `ink` and what ReportLab knows of a string make its look."""
    return String(
        x,
        y,
        content,
        fontName=look.pop("face", REGULAR),
        fontSize=size,
        fillColor=colour(look.pop("ink", QUIET)),
        **look,
    )


def neatline(frame: MapFrame) -> Iterator[Rect]:
    """The two lines between which coordinates stand."""
    left, bottom, right, top = frame.window
    band = (BAND_MM - 0.2) * MM
    for out, weight in ((0.0, 0.6), (band, 0.9)):
        yield Rect(
            left - out,
            bottom - out,
            right - left + 2 * out,
            top - bottom + 2 * out,
            fillColor=None,
            strokeColor=colour(INK),
            strokeWidth=weight,
        )


# --- ticks --------------------------------------------------------------------------------------------


def _edge(frame: MapFrame, side: Side) -> tuple[Any, Any]:
    """Positions along a side of the window, in metres (EPSG:32645)."""
    west, south, east, north = frame.bounds
    along = np.linspace(0, 1, _SAMPLES)
    if side in ("bottom", "top"):
        return west + along * (east - west), np.full(_SAMPLES, south if side == "bottom" else north)
    return np.full(_SAMPLES, west if side == "left" else east), south + along * (north - south)


def _round_values(values: Any, step: float) -> Iterator[tuple[float, float]]:
    """Each multiple of `step` that occurs along a side, and its share of the way."""
    along = np.linspace(0, 1, len(values))
    for n in range(math.ceil(values[0] / step - 1e-9), math.floor(values[-1] / step + 1e-9) + 1):
        yield n * step, float(np.interp(n * step, values, along))


def _step(values: Any, offered: Sequence[float]) -> float:
    """The smallest step offered that gives no more ticks than there is room for."""
    span = float(values[-1] - values[0])
    return next((step for step in offered if span / step <= _MOST_TICKS), offered[-1])


def _ticks(frame: MapFrame, side: Side, values: Any, step: float, written: Any) -> Iterator[Line | Group]:
    """Ticks in the band with their labels; those of the left and right sides are turned."""
    left, bottom, right, top = frame.window
    for value, share in _round_values(values, step):
        label = written(value)
        half = width(label, _TYPE) / 2
        across = side in ("bottom", "top")
        start, end = (left, right) if across else (bottom, top)
        at = start + share * (end - start)
        edge = {"bottom": bottom, "top": top, "left": left, "right": right}[side]
        out = 1 if side in ("top", "right") else -1
        line = (at, edge, at, edge + out * _TICK) if across else (edge, at, edge + out * _TICK, at)
        yield Line(*line, strokeColor=colour(INK), strokeWidth=0.5)
        if not start + half < at < end - half:
            continue
        if across:
            base = edge + (_TICK + _CLEAR if out > 0 else -_TICK - _CLEAR - _HIGH)
            yield Group(text(at, base, label, textAnchor="middle"))
        else:
            base = edge + (_TICK + _CLEAR + _HIGH if out > 0 else -_TICK - _CLEAR)
            yield Group(text(0, 0, label, textAnchor="middle"), transform=(0, 1, -1, 0, base, at))


def _degree_label(step: float) -> Any:
    """Degrees, with minutes and seconds where the step asks for them."""

    def written(minutes: float) -> str:
        degrees, rest = divmod(round(minutes * 60), 3600)
        whole, seconds = divmod(rest, 60)
        if step < 1:
            return f"{degrees}°{whole:02d}′{seconds:02d}″"
        return f"{degrees}°{whole:02d}′" if step % 60 else f"{degrees}°"

    return written


def _degrees(frame: MapFrame, msk70: bool) -> Iterator[Line | Group]:
    """Ticks of WGS 84; on the lower and left sides alone where the others carry MSK-70."""
    sides: tuple[Side, ...] = ("bottom", "left") if msk70 else ("bottom", "left", "top", "right")
    for side in sides:
        lon, lat = transform(*_edge(frame, side), WORKING, WGS84)
        values = (lon if side in ("bottom", "top") else lat) * 60
        step = _step(values, _MINUTES)
        yield from _ticks(frame, side, values, step, _degree_label(step))


def _zone(frame: MapFrame) -> int:
    lon, _ = transform([frame.centre[0]], [frame.centre[1]], WORKING, WGS84)
    return msk70_zone(float(lon[0]))


def _msk(frame: MapFrame) -> Iterator[Line | Group]:
    """Ticks of MSK-70 in kilometres, in the zone of the middle of the map."""
    proj = msk70_proj(_zone(frame))
    sides: tuple[Side, ...] = ("top", "right")
    for side in sides:
        x, y = transform(*_edge(frame, side), WORKING, proj)
        values = (x if side == "top" else y) / 1000
        step = _step(values, _KILOMETRES)
        yield from _ticks(
            frame, side, values, step, lambda km: f"{km:,.1f}".removesuffix(".0").replace(",", "\u00a0")
        )


# --- north, scale, credits ----------------------------------------------------------------------------


def _north(frame: MapFrame, language: Language) -> Iterator[Any]:
    """An arrow in the upper right corner: the vertical lines of the sheet run to grid north."""
    _, _, right, top = frame.window
    x, y = right - 6.4 * MM, top - 7.2 * MM
    yield Circle(
        x, y, 4.9 * MM, fillColor=colour(PAPER), fillOpacity=0.86, strokeColor=colour(HAIR), strokeWidth=0.4
    )
    tip, foot, half = y + 1.5 * MM, y - 2.2 * MM, 1.35 * MM
    for sign, fill in ((-1, INK), (1, PAPER)):
        yield Path(
            points=[x, tip, x + sign * half, foot, x, foot + 0.9 * MM],
            operators=[0, 1, 1, 3],
            fillColor=colour(fill),
            strokeColor=colour(INK),
            strokeWidth=0.5,
            strokeLineJoin=1,
        )
    yield text(x, tip + 0.5 * MM, words.NORTH[language], 6.4, face=BOLD, ink=INK, textAnchor="middle")
    yield text(x, foot - 1.7 * MM, words.GRID_NORTH[language], 3.9, ink=INK, textAnchor="middle")


def bar_metres(frame: MapFrame) -> tuple[float, int]:
    """Length on the ground of a part of the scale bar, and how many parts it has."""
    longest = min(_LONGEST_BAR_MM, frame.window_mm[0] * 0.4) * frame.metres_per_mm
    power = 10.0 ** math.floor(math.log10(longest))
    whole = next(step * power for step in (5.0, 4.0, 2.0, 1.0) if step * power <= longest)
    parts = 5 if round(whole / power) == 5 else 4
    return whole / parts, parts


def in_length(metres: float, language: Language) -> str:
    """A length on the ground in metres or kilometres."""
    unit, figure = (words.KILOMETRES, metres / 1000) if metres >= 1000 else (words.METRES, metres)
    return f"{Words(language).number(figure, 3)}\u00a0{unit[language]}"


def scale_bar(frame: MapFrame, language: Language) -> Iterator[Any]:
    """A bar whose parts are round on the ground, under the numeric scale and what a centimetre is."""
    say = Words(language)
    left, bottom, _, _ = frame.window
    part, parts = bar_metres(frame)
    x, y = left, bottom - BAND_MM * MM - 6.0 * MM
    if frame.to_scale:
        numeric = f"1\u00a0:\u00a0{say.number(frame.scale, 0)}"
        yield text(x, y + 2.6 * MM, numeric, 8.0, face=BOLD, ink=INK)
        beside = x + width(numeric, 8.0, BOLD) + 2 * MM
        per_cm = words.PER_CM[language].format(n=in_length(frame.scale / 100, language))
        yield text(beside, y + 2.6 * MM, per_cm, 6.2)
    step = part * frame.points_per_metre
    for n in range(parts):
        yield Rect(
            x + n * step,
            y,
            step,
            1.1 * MM,
            fillColor=colour(PAPER if n % 2 else INK),
            strokeColor=colour(INK),
            strokeWidth=0.5,
        )
    unit = 1000.0 if part * parts >= 1000 else 1.0
    for n in range(parts + 1):
        figure = say.number(n * part / unit, 3)
        if n == parts:
            figure = in_length(n * part, language)
        mark = text(x + n * step, y - 2.2 * MM, figure, SMALL)
        mark.textAnchor = "start" if n in (0, parts) else "middle"
        if n == parts:
            mark.x -= width(say.number(n * part / unit, 3), SMALL) / 2
        yield mark


def _credits(
    frame: MapFrame, language: Language, credits_: Sequence[str], *, msk70: bool
) -> Iterator[String]:
    """What the frame is of, and whose data are shown; in lines at the right, as many as there is room for."""
    _, bottom, right, _ = frame.window
    part, parts = bar_metres(frame)
    room = right - frame.window[0] - part * parts * frame.points_per_metre - 10 * MM
    grid = words.GRID[language]
    if msk70:
        grid += "; " + words.MSK[language].format(n=_zone(frame))
    who = words.CREDITS[language].format(who="; ".join(credits_)) if credits_ else ""
    lines = [line for said in (grid, who) if said for line in wrapped(said, room, SMALL)]
    y = bottom - BAND_MM * MM - 2.6 * MM
    for n, line in enumerate(lines[:5]):
        yield text(right, y - n * 2.05 * MM, line, SMALL, textAnchor="end")
