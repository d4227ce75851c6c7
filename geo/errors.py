"""The ladder of errors of the engine.

    GeoError
    ├── CoordinateError      text or numbers that are no position
    ├── ShapeError           a drawn shape that cannot be used (too few points, too large, crossing itself)
    ├── NetworkError         a road network whose parts do not fit together
    └── ScenarioError        a scenario of edits that cannot be read, with each of its faults

Each message says what is wrong and where; turning it into a sentence in the reader's language is the
business of the pages, by `code`.
"""

from typing import Any


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


class ScenarioError(GeoError):
    """A scenario that cannot be read; `faults` are all the things that are wrong with it."""

    def __init__(self, message: str, faults: tuple[Any, ...]) -> None:
        super().__init__(message, "scenario")
        self.faults = faults
