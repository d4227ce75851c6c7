"""The ladder of errors of the engine.

    GeoError
    ├── CoordinateError      text or numbers that are no position
    ├── ShapeError           a drawn shape that cannot be used (too few points, too large, crossing itself)
    ├── NetworkError         a road network whose parts do not fit together
    ├── GridError            an analysis grid that is empty or too large
    ├── RasterError          a raster file that cannot be used
    ├── VectorError          a vector file that cannot be used
    └── DocumentError        a document that cannot be read, with each of its faults
        ├── ScenarioError    a scenario of edits
        └── ModelError       a suitability model

Each message says what is wrong and where; turning it into a sentence in the reader's language is the
business of the pages, by `code`.
"""

from dataclasses import dataclass


class GeoError(ValueError):
    """Something given to the engine cannot be used. `code` names the fault for translation."""

    def __init__(self, message: str, code: str = "geo") -> None:
        super().__init__(message)
        self.code = code


class CoordinateError(GeoError):
    """Text or numbers that are no position on the Earth, or lie outside the reach of a system."""


class ShapeError(GeoError):
    """A drawn shape that cannot be measured."""


class NetworkError(GeoError):
    """A road network whose parts do not fit together."""


class GridError(GeoError):
    """An analysis grid that holds no cell, or too many."""


class RasterError(GeoError):
    """A raster file that cannot be used."""


class VectorError(GeoError):
    """A vector file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of a document that cannot be used: a code for translation, where it stands, the value."""

    code: str
    where: str
    value: str = ""


class DocumentError(GeoError):
    """A document that cannot be read; `faults` are all the things that are wrong with it."""

    kind = "document"

    def __init__(self, message: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(message, self.kind)
        self.faults = faults


class ScenarioError(DocumentError):
    """A scenario that cannot be read."""

    kind = "scenario"


class ModelError(DocumentError):
    """A suitability model that cannot be read."""

    kind = "model"
