"""The engine: coordinates, measures, lifecycles and selections. It knows no screen and no catalogue.

Importing this package closes GDAL's risky drivers before any geospatial library is loaded, so it is
imported first everywhere. It guarantees that metres are measured in EPSG:32645 only, and that a
question about position is answered in three values: inside, outside, cannot be told.
"""

from geo.gdal_safety import harden

harden()
