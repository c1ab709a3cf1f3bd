"""A graph is laid out from left to right, with cycles, loops and at most 60 nodes."""

import re

from justicegraph.pictures import (
    Edge,
    Node,
    network,
)  # fmt: skip
from tests.support.svg import texts


def test_network_draws_circles_loops_and_the_most_linked() -> None:
    ring = [Edge(str(n), str((n + 1) % 80), "follows") for n in range(80)]
    picture = network(
        {"0": Node("Invented hub", "/doc/hub")}, [*ring, *(Edge("0", str(n), "knows") for n in range(80))]
    )
    hidden = re.findall(r"Not drawn: 20 nodes, (\d+) links", picture.svg)
    assert len(picture.rows) == picture.svg.count('class="edge"') + int(hidden[0]) == 160
    assert "Invented hub" in [box.text for box in texts(picture.svg)]
    assert picture.desc == "80 nodes, 160 links"


def test_network_leads_from_left_to_right() -> None:
    svg = network({}, [Edge("one", "two", "a"), Edge("two", "three", "b"), Edge("one", "three", "c")]).svg
    left = {box.text: box.left for box in texts(svg)}
    assert left["one"] < left["a"] < left["two"] < left["b"] < left["three"]
