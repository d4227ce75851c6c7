"""The scores of a search as a file, kept with the rasters that they rest on: asked for again it is there.

Its name is the digest of the model and of all rasters, so it is never out of date.
"""

from hashlib import sha256
from pathlib import Path

from geo.overlay_files import NAMES, RULES, stacked, told
from layers.day import today
from layers.siting.results import Findings
from layers.siting.stock import Job, path
from layers.siting.workshop import Workshop

_WORKSHOP: Workshop[Path] = Workshop(1, 0)
"""Apart from that of the rasters, for which scores wait."""


def score_file(found: Findings) -> Path:
    """A Cloud-Optimized GeoTIFF (EPSG:32645) of every cell: its score and its state (`geo.overlay_files`).

    Its tags tell what it was made of, and when. Raises `Busy`, `OSError`.
    """
    ground = found.ground
    told_of = found.store.digest, ground.network, ground.roads
    parts = ["score and state", *told_of, found.grid.text(), found.model.text()]
    parts += [job.digest for job in found.rasters]
    tags = {
        **told(found.model),
        "DATA": found.store.digest,
        "ROADS": f"{ground.network}: {ground.roads}",
        "MADE": today(),
    }
    digest = sha256("|".join(parts).encode()).hexdigest()[:24]
    job = Job("score", digest, found.grid, lambda: stacked(*found.whole), RULES, tags, NAMES)
    return path(job, _WORKSHOP)
