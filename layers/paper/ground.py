"""Pictures under a map: a surface of an analysis, a picture from above, with what is see-through in them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL.Image import Image as Picture
from reportlab.graphics.shapes import DirectDraw
from reportlab.lib.utils import ImageReader

from layers.paper.frame import Bounds, MapFrame


@dataclass(frozen=True)
class Ground:
    """A picture that lies under all layers: its bounds in metres (EPSG:32645), its rows from the north."""

    picture: Picture
    bounds: Bounds
    opacity: float = 1.0


class Laid(DirectDraw):  # type: ignore[misc]
    """A ground in its place on a drawing; ReportLab's own image knows no see-through pixels."""

    def __init__(self, frame: MapFrame, ground: Ground) -> None:
        west, south, east, north = ground.bounds
        (left, bottom), (right, top) = frame.at(np.array([[west, south], [east, north]]))
        self.x, self.y, self.width, self.height = left, bottom, right - left, top - bottom
        self.picture, self.opacity = ground.picture, ground.opacity

    def drawDirectly(self, renderer: Any) -> None:  # noqa: N802 - the name that ReportLab calls
        """Put it on the page of a PDF."""
        page = renderer._canvas  # noqa: SLF001 - what ReportLab offers for this
        page.setFillAlpha(self.opacity)
        page.drawImage(ImageReader(self.picture), self.x, self.y, self.width, self.height, mask="auto")
