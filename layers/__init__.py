"""What a layer is; how it is styled, drawn, searched, reported and served.

Reads `data/`, computes with `geo/`, and knows no page.
"""

import geo  # noqa: F401 - closes GDAL's risky drivers before anything here loads it
