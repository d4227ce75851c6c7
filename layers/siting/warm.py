"""Making the search for sites ready: its loops at set-up, the rasters of the first page at start."""

import numpy as np

from geo import suitability
from geo.criteria import slope_percent
from layers.paper import fonts
from layers.query import Query
from layers.shelf import data_folder
from layers.siting.brought import RASTERS
from layers.siting.measures import measure
from layers.siting.own_limits import LIMITS
from layers.siting.rasters import held
from layers.siting.results import Findings, findings
from layers.sought import Sought
from layers.store import Store
from layers.sweep import parts

_SMALL = Sought(area=(84.9, 56.45, 85.1, 56.55), cell_m=500)


def compiled(store: Store) -> None:
    """Call every compiled loop once, on a few cells; nothing is kept but the loops."""
    found = Findings(store, _SMALL, Query().comparison.network)
    measures = (*found.measures, measure("density.stations.2000", store.catalogue))
    for job in (*map(found.ground.job, measures), found.ground.zone(found.model.limits[0].norm)):
        job.make()
    slope_percent(np.zeros((3, 3), np.float32), 1.0)
    suitability.warm()


def warm(store: Store) -> None:
    """Make what the page shows first: its rasters, which are kept, and the fonts of passports.

    What was left behind is swept away before.
    """
    RASTERS.sweep()
    LIMITS.sweep()
    parts(data_folder() / "criteria")
    found = findings(store, Query())
    for job in found.rasters:
        held(job)
    found.whole  # noqa: B018 - computed when it is first asked for
    fonts.register()
