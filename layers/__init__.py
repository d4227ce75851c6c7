"""What a layer is; how it is styled, drawn, searched, reported and served.

Reads `data/`, computes with `geo/`, and knows no page.
"""

import geo  # noqa: F401, I001 - closes GDAL's risky drivers before anything here loads it

from reportlab import rl_config

# Heeded only before the first shape is known. Our own types say what an attribute may be; to have each
# checked again, when it is set, took half the time of a sheet.
rl_config.shapeChecking = 0
