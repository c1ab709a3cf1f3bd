"""Pictures drawn on the server as SVG: the same input makes the same bytes, and the same content is there as rows.

Each function takes plain data with labels in the reader's language and addresses of pages, and returns a Picture;
`bool()` tells whether there is anything to see. No picture needs a script, a style of its own or another host.
"""

from justicegraph.pictures.atlas import Atlas, Outline, read_atlas
from justicegraph.pictures.bars import Count, bars
from justicegraph.pictures.chart import chart, chart_map
from justicegraph.pictures.curve import curve
from justicegraph.pictures.drawing import FULL, NARROW, WIDE, Cell, Picture
from justicegraph.pictures.event import Happening
from justicegraph.pictures.maps import Place, place_map
from justicegraph.pictures.neighbourhood import neighbourhood
from justicegraph.pictures.network import Edge, Node, network
from justicegraph.pictures.sides import Neighbour, Relation
from justicegraph.pictures.timeline import timeline
from justicegraph.pictures.tree import Branch, tree
from justicegraph.pictures.words import ENGLISH, SPANISH, Words

__all__ = [
    "ENGLISH", "FULL", "NARROW", "SPANISH", "WIDE", "Atlas", "Branch", "Cell", "Count", "Edge", "Happening",
    "Neighbour", "Node", "Outline", "Picture", "Place", "Relation", "Words", "bars", "chart", "chart_map", "curve",
    "neighbourhood", "network", "place_map", "read_atlas", "timeline", "tree",
]  # fmt: skip
