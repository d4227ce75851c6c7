"""What is drawn on a sheet, node by node, each with its place on paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from reportlab.graphics.shapes import Drawing, Group, String

from layers.paper.fonts import width
from layers.paper.ink import MM
from layers.paper.labels import Label

Affine = Any


@dataclass(frozen=True)
class Node:
    """A node with the matrix that carries its points to the sheet (points)."""

    node: Any
    matrix: Affine

    def at_mm(self, x: float, y: float) -> tuple[float, float]:
        px, py, _ = self.matrix @ (x, y, 1)
        return float(px) / MM, float(py) / MM


@dataclass(frozen=True)
class Written:
    """A line of text: its corners on the sheet in millimetres, upright or turned."""

    text: str
    box: tuple[float, float, float, float]
    in_map: bool


def nodes(drawing: Drawing) -> Iterator[Node]:
    yield from _nodes(drawing.contents, np.eye(3))


def _nodes(contents: Any, matrix: Affine) -> Iterator[Node]:
    for node in contents:
        if isinstance(node, Group):
            a, b, c, d, e, f = node.transform
            yield from _nodes(node.contents, matrix @ np.array([[a, c, e], [b, d, f], [0, 0, 1]]))
        else:
            yield Node(node, matrix)


def written(drawing: Drawing) -> list[Written]:
    found = []
    for held in nodes(drawing):
        node = held.node
        if isinstance(node, Label):
            start, size, face, text = node.x, node.name.size, node.face, node.name.text
        elif isinstance(node, String):
            size, face, text = node.fontSize, node.fontName, node.text
            wide = width(text, size, face)
            start = node.x - {"start": 0, "middle": wide / 2, "end": wide}[node.textAnchor]
        else:
            continue
        corners = [
            held.at_mm(x, y)
            for x in (start, start + width(text, size, face))
            for y in (node.y, node.y + size * 0.7)
        ]
        xs, ys = zip(*corners, strict=True)
        found.append(Written(text, (min(xs), min(ys), max(xs), max(ys)), isinstance(node, Label)))
    return [one for one in found if one.text.strip()]


def collisions(lines: list[Written], spare_mm: float = 0.05) -> list[tuple[str, str]]:
    """Pairs of lines that lie on each other."""
    boxes = np.array([line.box for line in lines])
    low, high = boxes[:, :2] + spare_mm, boxes[:, 2:] - spare_mm
    over = (low[:, None] < high[None]).all(axis=2) & (high[:, None] > low[None]).all(axis=2)
    pairs = zip(*np.nonzero(np.triu(over, 1)), strict=True)
    return [(lines[i].text, lines[j].text) for i, j in pairs]
