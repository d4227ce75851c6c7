"""What Streamlit runs for every visit: the frame, then the page that the view names."""

import geo  # noqa: F401, I001 - first of all: closes GDAL's risky drivers

from pages import (
    _fields,
    _shell,
    _story_target,
    explore,
    funding,
    present,
    programme,
    project,
    reach,
    roadmap,
    site,
    sources,
)

PAGES = {
    "explore": explore.page,
    "programme": programme.page,
    "project": project.page,
    "funding": funding.page,
    "roadmap": roadmap.page,
    "reach": reach.page,
    "site": site.page,
    "present": present.page,
    "sources": sources.page,
}

_shell.frame()
_shell.header()
_story_target.banner()
seen = _shell.view()
if not (seen.page == "present" and seen.writing):
    _fields.end()
PAGES[seen.page]()
