"""Making reach ready: two comparisons that together call every compiled loop."""

import logging

from layers.comparison import Comparison
from layers.reach.results import results
from layers.store import Store, UnknownFeature

log = logging.getLogger(__name__)

ASKED = (Comparison(), Comparison(before="today", after="third-bridge"))
"""A comparison of many edits and one of a single segment: together they call every compiled loop."""


def warm(store: Store) -> None:
    """Answer them once. Where the data lack what is needed, the pages will say so: here it is logged."""
    try:
        for comparison in ASKED:
            found = results(store, comparison)
            found.minutes(comparison.goal)
            found.surfaces  # noqa: B018 - computed when it is first asked for
    except UnknownFeature as missing:
        log.warning("reach is not ready: %s is missing", missing)
