"""Where a shape lies: its municipality and the settlement that is nearest to it."""

from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.network import Floats
from layers.reach.base import SETTLEMENTS, figure
from layers.store import Store

EXTENT_STEP_M = 250.0
TOWN_PEOPLE = 20_000.0
"""From how many people a settlement is as dense as a town."""


def extents_m(store: Store, layer: str, frame: gpd.GeoDataFrame) -> Floats:
    """How far the things of a layer that are recorded as points reach from there, in metres.

    A settlement is known by one point; its radius is that of the disc which its people fill at the density
    of a town or a village (assumptions of the register). Everything else has the extent that is recorded.
    """
    if layer != SETTLEMENTS:
        return np.zeros(len(frame))
    people = frame["population"].to_numpy(dtype=float)
    density = np.where(
        people >= TOWN_PEOPLE,
        figure(store, "settlement-density-town"),
        figure(store, "settlement-density-village"),
    )
    radius = np.sqrt(people / density / np.pi) * 1000.0
    known = np.where(np.isnan(radius), figure(store, "settlement-radius-unknown"), radius)
    # By steps, upwards: so settlements of one accuracy are few kinds, and each kind is one transform.
    found: Floats = np.ceil(known / EXTENT_STEP_M) * EXTENT_STEP_M
    return found


def district_of(store: Store, shape: BaseGeometry) -> str | None:
    """The municipality that holds a point within a shape (EPSG:32645); None outside all."""
    point = shape.representative_point()
    found = [id_ for id_, area in store.metric("districts").items() if area.contains(point)]
    return str(found[0]) if found else None


def nearest_settlement(store: Store, shape: BaseGeometry) -> tuple[dict[str, Any], float]:
    """The record of the nearest settlement, and how far it is (m)."""
    away = store.metric("settlements").distance(shape.representative_point())
    return store.record("settlements", str(away.idxmin())), float(away.min())
