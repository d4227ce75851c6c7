"""`python -m layers.reach.warm`: compiles what reach needs and keeps it on disk; set-up calls it once.

The app does the same when it starts, in the background: then it only loads what was kept.
"""

import logging

from layers.comparison import Comparison
from layers.reach.results import results
from layers.store import Store, UnknownFeature, embedded

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


def warm_behind(store: Store) -> None:
    """The same behind a server, which goes on whatever fails here: the pages will say what it is."""
    try:
        warm(store)
    except Exception:
        # Any that left here would end the server and turn away all its readers.
        log.exception("reach could not be made ready")


if __name__ == "__main__":
    warm(embedded())
