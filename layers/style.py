"""How a layer looks, once: the web map, the legend and the printed sheet are drawn from this.

A `Symbol` is one look; a `Style` chooses the symbol of a record by the value of a field, and its fill by
the record's state. Shapes are paths in a box of 24 x 24, so that every hand draws the same outline.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SHAPES: dict[str, str] = {
    "circle": "M12 1.5A10.5 10.5 0 1 1 12 22.5A10.5 10.5 0 1 1 12 1.5Z",
    "square": "M2.5 2.5H21.5V21.5H2.5Z",
    "diamond": "M12 0.5L23.5 12L12 23.5L0.5 12Z",
    "hexagon": "M12 0.8L21.7 6.4V17.6L12 23.2L2.3 17.6V6.4Z",
    "shield": "M2.5 1.5H21.5V13C21.5 18.5 16 21.5 12 23.3C8 21.5 2.5 18.5 2.5 13Z",
    "octagon": "M7.6 1.5H16.4L22.5 7.6V16.4L16.4 22.5H7.6L1.5 16.4V7.6Z",
    "triangle": "M12 1.2L23.2 21.5H0.8Z",
    "pin": "M12 23.5C9 18.5 3.5 14.5 3.5 9.2A8.5 8.7 0 1 1 20.5 9.2C20.5 14.5 15 18.5 12 23.5Z",
}
Fill = Literal["solid", "half", "hollow", "crossed"]

STATE_FILLS: dict[str, Fill] = {
    "built": "solid",
    "standing": "solid",
    "under_way": "half",
    "planned": "hollow",
    "idea": "hollow",
    "postponed": "crossed",
    "cancelled": "crossed",
}
"""How far an undertaking has come, told without colour."""

STATE_DASHES: dict[str, str] = {
    "under_way": "9 5",
    "planned": "3 6",
    "idea": "1 7",
    "postponed": "1 7",
    "cancelled": "1 7",
}
"""The same for lines."""


class Frozen(BaseModel):
    """Base of the small immutable models of this package; an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Symbol(Frozen):
    """One look of a point, a line or an area. Sizes and widths are in CSS pixels, colours `#rrggbb`.

    `casing` draws a line on a band of the ground's colour, so that crossings read.
    """

    colour: str = Field(default="#5b6770", pattern=r"^#[0-9a-fA-F]{6}$")
    shape: str = "circle"
    icon: str | None = None
    size: float = Field(default=12, ge=2, le=64)
    width: float = Field(default=1.5, ge=0, le=20)
    dash: str | None = None
    casing: bool = False
    fill_opacity: float = Field(default=0.0, ge=0, le=1)


class Style(Frozen):
    """The symbol of a layer, changed by the value of `field` (classes) and by the state of a record.

    `state` names the field whose value chooses the fill (points) or dash (lines); `size_by` a numeric field
    whose values at or above each step of `size_steps` take the size beside it; `label` says that names are
    written from zoom `label_zoom` on, the larger `size_by` first; nothing is drawn below `min_zoom`. `ramp`
    are the stops (share 0..1, colour) of a raster.
    """

    symbol: Symbol = Symbol()
    field: str | None = None
    classes: dict[str, Symbol] = Field(default_factory=dict)
    state: str | None = None
    size_by: str | None = None
    size_steps: tuple[tuple[float, float], ...] = ()
    label: bool = False
    label_zoom: float = 0
    min_zoom: float = 0
    ramp: tuple[tuple[float, str], ...] = ()

    def class_of(self, value: object) -> str:
        """The key of the class of a value; "" for the symbol of all the rest."""
        text = "" if value is None else str(value)
        return text if text in self.classes else ""

    def symbol_of(self, key: str) -> Symbol:
        """The symbol of a class key as `class_of` gives it."""
        return self.classes.get(key, self.symbol)

    def size_of(self, value: float | None) -> float | None:
        """Size in pixels for a value of `size_by`; None where the symbol's own size holds."""
        if not self.size_steps:
            return None
        fitting = [size for least, size in self.size_steps if value is not None and value >= least]
        return max(fitting) if fitting else self.size_steps[0][1]
