"""SVG pictures rendered on the server, each with its content as table rows; the same input gives the same bytes.

Each function takes plain data, with labels in the reader's language and page addresses, and returns a Picture. A
Picture is false where there is nothing to show. Pictures need no script, no inline style and no other host.
"""

from justicegraph.pictures.atlas import Atlas, Outline, read_atlas
from justicegraph.pictures.bars import Count, bars
from justicegraph.pictures.chart import chart, chart_map
from justicegraph.pictures.curve import curve
from justicegraph.pictures.drawing import FULL, NARROW, WIDE, Cell, Picture
from justicegraph.pictures.event import Event
from justicegraph.pictures.maps import Place, place_map
from justicegraph.pictures.neighbourhood import neighbourhood
from justicegraph.pictures.network import Edge, Node, network
from justicegraph.pictures.relations import Neighbour, Relation
from justicegraph.pictures.timeline import timeline
from justicegraph.pictures.tree import Branch, tree
from justicegraph.pictures.words import ENGLISH, SPANISH, Words

__all__ = [
    "ENGLISH", "FULL", "NARROW", "SPANISH", "WIDE", "Atlas", "Branch", "Cell", "Count", "Edge", "Event",
    "Neighbour", "Node", "Outline", "Picture", "Place", "Relation", "Words", "bars", "chart", "chart_map", "curve",
    "neighbourhood", "network", "place_map", "read_atlas", "timeline", "tree",
]  # fmt: skip
