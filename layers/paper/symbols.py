"""Drawing the symbols of the style on paper: points by state, samples of lines and areas for the legend.

The rules are those of `layers/web/symbols.js`: the same shapes, icons, grounds and outlines.
"""

from reportlab.graphics.shapes import Group, Line, Path, Rect

from layers.furniture import icon_path
from layers.paper.ink import BUTT, PAPER, PX, ROUND, colour, dashes, path_of
from layers.style import SHAPES, Fill, Symbol

BOX = 24.0
_ICON_BOX = 256.0
_LEAST_WITH_ICON_PT = 6.5
_ICON_SHARE, _PIN_ICON, _PIN_CENTRE = 0.6, 0.5, 9.2
_LOWER_HALF = (-2.0, 0.0, BOX + 4, BOX)


def zoom_scale(zoom: float) -> float:
    """Points shrink when a map shows much, as they do on the screen."""
    return 0.62 if zoom < 8 else 0.78 if zoom < 10 else 0.9 if zoom < 12 else 1.0


def point_symbol(symbol: Symbol, x: float, y: float, size: float, fill: Fill = "solid") -> Group:
    """A symbol of `size` points at (x, y): centred there, or with its tip there if it is a pin."""
    scale = size / BOX
    top = y + size if symbol.shape == "pin" else y + size / 2
    drawn = Group(transform=(scale, 0, 0, -scale, x - size / 2, top))
    full, empty = (symbol.colour, PAPER), (PAPER, symbol.colour)
    for part in _painted(symbol, size, *(full if fill == "solid" else empty)):
        drawn.add(part)
    middle = _middle(symbol)
    if fill == "half":
        left, _, wide, high = _LOWER_HALF
        drawn.add(Group(_box_clip(left, middle, wide, high), *_painted(symbol, size, *full)))
    if fill == "crossed":
        cross = Line(3, 3, BOX - 3, 2 * middle - 3, strokeWidth=2.6, strokeColor=colour(symbol.colour))
        drawn.add(cross)
    return drawn


def _middle(symbol: Symbol) -> float:
    return _PIN_CENTRE if symbol.shape == "pin" else BOX / 2


def _box_clip(x: float, y: float, wide: float, high: float) -> Path:
    corners = [x, y, x + wide, y, x + wide, y + high, x, y + high]
    return Path(points=corners, operators=[0, 1, 1, 1, 3], isClipPath=1, fillColor=None, strokeColor=None)


def _painted(symbol: Symbol, size: float, ground: str, ink: str) -> list[Path | Group]:
    """The shape on its ground with a rim that sets it off, and its icon where there is room for one."""
    rim = path_of(SHAPES[symbol.shape])
    rim.strokeColor = colour(symbol.colour if ground == PAPER else PAPER)
    rim.strokeWidth = min(4.2, 2 * BOX * PX / size)
    rim.strokeLineJoin = ROUND
    rim.fillColor = colour(ground)
    body = path_of(SHAPES[symbol.shape])
    body.fillColor = colour(ground)
    body.strokeColor = colour(symbol.colour) if ground == PAPER else None
    body.strokeWidth = 1.8
    parts: list[Path | Group] = [rim, body]
    if symbol.icon and size >= _LEAST_WITH_ICON_PT:
        share = _PIN_ICON if symbol.shape == "pin" else _ICON_SHARE
        scale = BOX / _ICON_BOX * share
        half = _ICON_BOX * scale / 2
        icon = path_of(icon_path(symbol.icon))
        icon.fillColor, icon.strokeColor = colour(ink), None
        parts.append(Group(icon, transform=(scale, 0, 0, scale, BOX / 2 - half, _middle(symbol) - half)))
    return parts


def line_sample(symbol: Symbol, x: float, y: float, wide: float, dash: str | None) -> Group:
    """A short piece of a line whose middle is at (x + wide / 2, y)."""
    drawn = Group()
    look = {"strokeLineCap": BUTT, "strokeLineJoin": ROUND}
    drawn.add(
        Line(
            x,
            y,
            x + wide,
            y,
            strokeColor=colour(symbol.colour),
            strokeWidth=max(symbol.width * PX, 0.3),
            strokeDashArray=dashes(dash or symbol.dash),
            **look,
        )
    )
    return drawn


def area_sample(symbol: Symbol, x: float, y: float, wide: float, high: float) -> Rect:
    """A small area whose lower left corner is (x, y)."""
    return Rect(
        x,
        y,
        wide,
        high,
        fillColor=colour(symbol.colour) if symbol.fill_opacity else None,
        fillOpacity=symbol.fill_opacity or None,
        strokeColor=colour(symbol.colour),
        strokeWidth=max(symbol.width * PX, 0.25),
        strokeDashArray=dashes(symbol.dash),
    )
