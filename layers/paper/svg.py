"""Drawings as SVG for a page: text stays text, clips stay clips, and an address or a script finds no way in.

ReportLab's own writer has no halo for names and no room for the family of a page; this one knows the few
shapes that maps and legends are made of.
"""

import io
from base64 import b64encode
from collections.abc import Mapping
from itertools import count
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from reportlab.graphics.shapes import Circle, Drawing, Group, Line, Path, Rect, String

from layers.paper.fonts import BOLD
from layers.paper.ground import Laid
from layers.paper.ink import LAND
from layers.paper.labels import Label

FAMILY = "Planner Sans"
_ANCHORS = {"start": None, "middle": "middle", "end": "end"}
_OPERATORS = ("M", "L", "C", "Z")
_ARGUMENTS = (2, 2, 6, 0)
_JOINS, _CAPS = ("miter", "round", "bevel"), ("butt", "round", "square")


def as_svg(drawing: Drawing, *, title: str = "", prefix: str = "", faces: str = "") -> str:
    """A drawing as one `svg` element, in millimetres. `prefix` keeps its names apart from those of others.

    `faces` are the styles that bring the faces of `FAMILY`, for a file that stands alone.
    """
    return _Writer(prefix).whole(drawing, title, faces)


def _figure(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class _Writer:
    """Writes shapes one by one; y runs upwards in a drawing and downwards in SVG, so all is turned once."""

    def __init__(self, prefix: str) -> None:
        self._prefix, self._numbers = prefix, count(1)

    def whole(self, drawing: Drawing, title: str, faces: str) -> str:
        wide, high = drawing.width, drawing.height
        size = f'width="{wide / 72 * 25.4:.2f}mm" height="{high / 72 * 25.4:.2f}mm"'
        styled = f"<style>{faces}</style>" if faces else ""
        named = f"<title>{escape(title)}</title>" if title else ""
        label = f' role="img" aria-label={quoteattr(title)}' if title else ' aria-hidden="true"'
        body = "".join(self.node(node) for node in drawing.contents)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {_figure(wide)} {_figure(high)}"'
            f'{label}>{named}{styled}<g transform="matrix(1 0 0 -1 0 {_figure(high)})">{body}</g></svg>'
        )

    def node(self, node: Any) -> str:
        match node:
            case Label():
                return self._label(node)
            case Group():
                return self._group(node)
            case String():
                look = {"fill": _colour(node.fillColor), "text-anchor": _ANCHORS[node.textAnchor]}
                return _text(node.x, node.y, node.text, node.fontName, node.fontSize, look)
            case Laid():
                return _image(node)
            case Circle():
                middle = f'cx="{_figure(node.cx)}" cy="{_figure(node.cy)}"'
                return f'<circle {middle} r="{_figure(node.r)}"{_look(node)}/>'
            case Line():
                ends = f"M{_figure(node.x1)} {_figure(node.y1)}L{_figure(node.x2)} {_figure(node.y2)}"
                return f'<path d="{ends}"{_look(node)}/>'
            case Rect():
                box = f'x="{_figure(node.x)}" y="{_figure(node.y)}"'
                rounded = f' rx="{_figure(node.rx)}"' if node.rx else ""
                size = f'width="{_figure(node.width)}" height="{_figure(node.height)}"'
                return f"<rect {box} {size}{rounded}{_look(node)}/>"
            case Path():
                return f'<path d="{_d(node)}"{_look(node)}/>'
        raise TypeError(f"no way to write {type(node).__name__} as SVG")

    def _group(self, group: Group) -> str:
        """A group; what follows a clip in it is cut by it."""
        a, b, c, d, e, f = group.transform
        turned = (a, b, c, d, e, f) != (1, 0, 0, 1, 0, 0)
        matrix = f' transform="matrix({" ".join(_figure(v) for v in group.transform)})"' if turned else ""
        text = open_ = ""
        for node in group.contents:
            if isinstance(node, Path) and node.isClipPath:
                name = f"{self._prefix}clip{next(self._numbers)}"
                text += f'<clipPath id="{name}"><path d="{_d(node)}"/></clipPath><g clip-path="url(#{name})">'
                open_ += "</g>"
            else:
                text += self.node(node)
        return f"<g{matrix}>{text}{open_}</g>"

    def _label(self, label: Label) -> str:
        """A name; its halo is the stroke under its own letters."""
        look = {
            "fill": label.name.colour,
            "stroke": LAND,
            "stroke-width": _figure(label.halo),
            "stroke-linejoin": "round",
            "paint-order": "stroke",
        }
        return _text(label.x, label.y, label.name.text, label.face, label.name.size, look)


def _text(x: float, y: float, text: str, face: str, size: float, look: Mapping[str, str | None]) -> str:
    """A text, turned back upright; its face is the family of the page."""
    weight = ' font-weight="700"' if face == BOLD else ""
    drawn = "".join(f' {key}="{value}"' for key, value in look.items() if value)
    place = f'transform="matrix(1 0 0 -1 {_figure(x)} {_figure(y)})"'
    return (
        f'<text {place} font-family="{FAMILY}, sans-serif" font-size="{_figure(size)}"{weight}{drawn}>'
        f"{escape(text)}</text>"
    )


def _d(path: Path) -> str:
    text, start = "", 0
    for operator in path.operators:
        end = start + _ARGUMENTS[operator]
        text += _OPERATORS[operator] + " ".join(_figure(v) for v in path.points[start:end])
        start = end
    return text


def _colour(colour: Any) -> str:
    return f"#{colour.hexval()[2:]}" if colour is not None else "none"


def _look(node: Any) -> str:
    """Fill and stroke of a shape."""
    fill = getattr(node, "fillColor", None)
    look = {"fill": _colour(fill)}
    if fill is not None and getattr(node, "fillOpacity", None) is not None:
        look["fill-opacity"] = _figure(node.fillOpacity)
    if isinstance(node, Path) and node.fillMode == 0 and fill is not None:
        look["fill-rule"] = "evenodd"
    if node.strokeColor is not None:
        look |= {"stroke": _colour(node.strokeColor), "stroke-width": _figure(node.strokeWidth)}
        if getattr(node, "strokeOpacity", None) is not None:
            look["stroke-opacity"] = _figure(node.strokeOpacity)
        if node.strokeDashArray:
            look["stroke-dasharray"] = " ".join(_figure(v) for v in node.strokeDashArray)
        if node.strokeLineJoin:
            look["stroke-linejoin"] = _JOINS[node.strokeLineJoin]
        if node.strokeLineCap:
            look["stroke-linecap"] = _CAPS[node.strokeLineCap]
    return "".join(f' {key}="{value}"' for key, value in look.items())


def _image(image: Laid) -> str:
    """A picture, carried along as PNG; its rows run from the north, so it is turned back."""
    file = io.BytesIO()
    image.picture.save(file, format="PNG")
    place = f"matrix(1 0 0 -1 {_figure(image.x)} {_figure(image.y + image.height)})"
    faded = f' opacity="{_figure(image.opacity)}"' if image.opacity < 1 else ""
    data = b64encode(file.getvalue()).decode()
    return (
        f'<image transform="{place}" width="{_figure(image.width)}" height="{_figure(image.height)}"{faded}'
        f' preserveAspectRatio="none" image-rendering="pixelated" href="data:image/png;base64,{data}"/>'
    )
