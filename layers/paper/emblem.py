"""A logo drawn as SVG, read as shapes for paper: filled paths and nothing that could lead elsewhere.

Of SVG only plain outlines with plain fills are understood. Whatever else there is (text, strokes, gradients,
styles of a sheet, pictures) is refused by name, since paper would show another logo than the screen.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from xml.etree.ElementTree import Element, ParseError, fromstring

from fontTools.misc.transform import Identity, Transform
from fontTools.pens.reportLabPen import ReportLabPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path
from fontTools.svgLib.path.shapes import PathBuilder
from reportlab.graphics.shapes import Drawing, Path
from reportlab.lib.colors import HexColor

_SHAPES = {"path", "rect", "circle", "ellipse", "polygon"}
_SILENT = {"title", "desc", "metadata", "defs", "namedview"}
_SETTINGS = {"fill", "fill-rule"}
_NAMED = {"black": "#000000", "white": "#ffffff"}
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_EVEN_ODD, _NON_ZERO = 0, 1
_MOVE, _CLOSE = 0, 3
_MOST_SHAPES = 2000


class UnreadableEmblem(ValueError):
    """A logo cannot be drawn on paper; the message names what of it is in the way."""


def emblem(text: str) -> Drawing:
    """The logo as a drawing in its own units. Raises `UnreadableEmblem`."""
    if "<!" in re.sub(r"<!--.*?-->|<!DOCTYPE svg[^\[>]*>", "", text, flags=re.DOTALL):
        raise UnreadableEmblem("declarations within the SVG")
    try:
        root = fromstring(text)  # noqa: S314 - entities are refused above, and nothing else is fetched
    except ParseError as fault:
        raise UnreadableEmblem(f"no sound XML ({fault})") from fault
    if _name(root) != "svg":
        raise UnreadableEmblem("no SVG")
    left, top, wide, high = _box(root)
    drawing = Drawing(wide, high)
    try:
        for path in _shapes(root, Transform(1, 0, 0, -1, -left, top + high), {"fill": "#000000"}):
            drawing.add(path)
    except UnreadableEmblem:
        raise
    except (ValueError, TypeError, IndexError, NotImplementedError) as fault:
        raise UnreadableEmblem(f"an outline that cannot be read ({fault})") from fault
    if not 0 < len(drawing.contents) <= _MOST_SHAPES:
        raise UnreadableEmblem(f"{len(drawing.contents)} shapes")
    return drawing


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _box(root: Element) -> tuple[float, float, float, float]:
    """Left, top, width and height of what is seen."""
    given = [float(part) for part in re.findall(_NUMBER, root.get("viewBox", ""))]
    if not given:
        sides = [re.fullmatch(rf"({_NUMBER})(?:px)?", root.get(name, "")) for name in ("width", "height")]
        given = [0.0, 0.0, *(float(side[1]) for side in sides if side)]
    if len(given) != 4 or not (0 < given[2] < 1e6 and 0 < given[3] < 1e6):
        raise UnreadableEmblem("no viewBox")
    return given[0], given[1], given[2], given[3]


def _shapes(element: Element, place: Transform, look: Mapping[str, str]) -> Iterator[Path]:
    for child in element:
        kind = _name(child)
        if kind in _SILENT:
            if kind == "defs" and len(child):
                raise UnreadableEmblem("<defs>")
            continue
        own = {**look, **_look(child, kind)}
        there = place.transform(_moved(child.get("transform", "")))
        if kind == "g":
            yield from _shapes(child, there, own)
        elif kind in _SHAPES:
            if own["fill"] != "none":
                yield _path(child, there, own)
        else:
            raise UnreadableEmblem(f"<{kind}>")


def _look(element: Element, kind: str) -> dict[str, str]:
    """Fill and its rule, as attributes or as a style, which wins."""
    styled = dict(re.findall(r"([\w-]+)\s*:\s*([^;]+)", element.get("style", "")))
    given = {**element.attrib, **{key: value.strip() for key, value in styled.items()}}
    for key in ("class", "clip-path", "mask", "filter"):
        if key in given:
            raise UnreadableEmblem(f"{key} of a <{kind}>")
    if given.get("stroke", "none") != "none":
        raise UnreadableEmblem(f"stroke of a <{kind}>: turn it into an outline")
    for key in ("opacity", "fill-opacity"):
        if float(given.get(key, 1)) != 1:
            raise UnreadableEmblem(f"{key} of a <{kind}>")
    found = {key: given[key].lower() for key in _SETTINGS if key in given}
    fill = _NAMED.get(found.get("fill", "none"), found.get("fill", "none"))
    if fill != "none" and not _HEX.fullmatch(fill):
        raise UnreadableEmblem(f"fill {fill!r} of a <{kind}>")
    return found | ({"fill": fill} if "fill" in found else {})


def _moved(text: str) -> Transform:
    """A transform of SVG: matrix, translate and scale, one after another."""
    moved = Identity
    if re.sub(r"(matrix|translate|scale)\s*\([^)]*\)[\s,]*", "", text).strip():
        raise UnreadableEmblem(f"transform {text[:40]!r}")
    for kind, inner in re.findall(r"(matrix|translate|scale)\s*\(([^)]*)\)", text):
        values = [float(part) for part in re.findall(_NUMBER, inner)]
        if kind == "matrix":
            moved = moved.transform(tuple(values))
        elif kind == "translate":
            moved = moved.translate(values[0], values[1] if len(values) > 1 else 0.0)
        else:
            moved = moved.scale(values[0], values[-1])
    return moved


def _path(element: Element, place: Transform, look: Mapping[str, str]) -> Path:
    builder, path = PathBuilder(), Path()
    bare = Element(element.tag, {key: text for key, text in element.attrib.items() if key != "transform"})
    builder.add_path_from_element(bare)
    for outline, _ in zip_longest(builder.paths, builder.transforms):
        parse_path(outline, TransformPen(ReportLabPen(None, path), place))
    path.operators = _closed(path.operators)
    text = look["fill"]
    full = "#" + "".join(digit * 2 for digit in text[1:]) if len(text) == 4 else text
    path.fillColor, path.strokeColor = HexColor(full), None
    path.fillMode = _EVEN_ODD if look.get("fill-rule") == "evenodd" else _NON_ZERO
    return path


def _closed(operators: list[int]) -> list[int]:
    """The operators of a path with every part of it closed: ReportLab fills nothing that is open."""
    found: list[int] = []
    for operator in operators:
        if operator == _MOVE and found and found[-1] != _CLOSE:
            found.append(_CLOSE)
        found.append(operator)
    return found if not found or found[-1] == _CLOSE else [*found, _CLOSE]
