"""Planning norms in figures: how wide a zone is by its rule.

Which norms there are, with their clauses, are records; this module holds what of them is computed. Whether a
place lies in a zone is told in three values by `geo.criteria.zone`, which knows how accurate positions are.
"""

from typing import Literal

import numpy as np

from geo.network import Floats

WidthRule = Literal["fixed", "river_length"]
_BY_LENGTH = ((50.0, 200.0), (10.0, 100.0), (0.0, 50.0))
"""From what length (km) a river has which zone (m): Water Code of Russia, article 65, part 4."""


def water_protection_m(length_km: Floats) -> Floats:
    """The width (m) of the water protection zone of rivers of some lengths; NaN where none is known."""
    width = np.full(np.shape(length_km), np.nan)
    for least, zone in reversed(_BY_LENGTH):
        width = np.where(length_km >= least, zone, width)
    return width


def zone_width_m(rule: WidthRule, width_m: float, length_km: Floats) -> Floats:
    """The width (m) of the zone of each record of a norm: the same for all, or by the length of the river.

    A river of unknown length has the widest zone, since less could be too little.
    """
    if rule == "river_length":
        width = water_protection_m(length_km)
        return np.where(np.isnan(width), _BY_LENGTH[0][1], width)
    return np.full(np.shape(length_km), width_m)
