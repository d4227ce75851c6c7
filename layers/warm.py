"""`python -m layers.warm`: compiles what the analyses need and keeps it on disk; set-up calls it once.

The app does the same when it starts, in the background: then it only loads what was kept.
"""

import logging
from collections.abc import Callable

from layers.reach import warm as reach
from layers.siting import warm as siting
from layers.store import Store, embedded
from layers.story.stock import prepare

log = logging.getLogger(__name__)


def warm_behind(store: Store) -> None:
    """Make the analyses ready behind a server, which goes on whatever fails: the pages will tell."""
    ready: tuple[Callable[[Store], None], ...] = (reach.warm, siting.warm, prepare)
    for make in ready:
        try:
            make(store)
        except Exception:
            # Any that left here would end the server and turn away all its readers.
            log.exception("%s could not be made ready", make.__module__)


if __name__ == "__main__":
    reach.warm(embedded())
    siting.compiled(embedded())
