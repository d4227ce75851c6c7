"""Roads from a person's file as a `geo.network.Network`, with what was left out or assumed on the way.

`read_osm` takes an extract of OpenStreetMap, `open_lines` and `read_lines` a layer of lines; `save` and
`load` keep a network in a file. Nothing is dropped silently: each import brings notes and figures, and what
does not reach the rest of the network stays in it and is counted.
"""

from geo.road_import.files import line_layers, open_lines
from geo.road_import.kept import load, save
from geo.road_import.lines import FieldMap, read_lines
from geo.road_import.osm import read_osm
from geo.road_import.pieces import MOST_SEGMENTS, SURFACES
from geo.road_import.report import Figures, Imported, Note

__all__ = [
    "MOST_SEGMENTS",
    "SURFACES",
    "FieldMap",
    "Figures",
    "Imported",
    "Note",
    "line_layers",
    "load",
    "open_lines",
    "read_lines",
    "read_osm",
    "save",
]
