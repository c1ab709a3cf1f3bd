"""What tests read from an SVG picture, and an invented map."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from justicegraph.pictures import Cell
from justicegraph.pictures.text import measure

SVG = "{http://www.w3.org/2000/svg}"


LONG = "The Invented Coalition of Everyone who Never Was against the Imprisonment of Anybody at All, in Full Length"


def square(name: str, code: str, x: int, y: int, side: int = 100) -> dict[str, str]:
    return {"name": name, "code": code, "path": f"M{x},{y}L{x + side},{y}L{x + side},{y + side}L{x},{y + side}Z"}


def islands(*regions: dict[str, str]) -> dict[str, str]:
    return {**regions[0], "path": "".join(region["path"] for region in regions)}


MAPS = {
    "world": {"width": 1000, "height": 500, "regions": [
        square("Antarctica", "AQ", 0, 450, 49), square("Inventia", "IN", 100, 100), square("Nowhere", "", 850, 300),
        square("Tiny Isle", "TI", 500, 200, 2),
        islands(square("Isles", "IL", 520, 250, 9), square("Far away", "", 950, 10, 9))]},
    "us": {"width": 960, "height": 600, "regions": [square("Invented State", "IS", 300, 300), square("Other", "OT", 5, 5)]},
}  # fmt: skip


@dataclass
class Box:
    """The rectangle of a text, and the text."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def texts(svg: str) -> Iterator[Box]:
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        size, bold = float(text.get("font-size", 14)), text.get("font-weight") == "bold"
        wide = measure(text.text or "", size, bold) + sum(measure(span.text or "", 12.5) for span in text)
        x, y = float(text.get("x", "0")), float(text.get("y", "0"))
        left = x - {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", ""), 0)
        yield Box(left, y - 0.75 * size, left + wide, y + 0.2 * size, "".join(text.itertext()))


def size(svg: str) -> tuple[float, float]:
    root = ElementTree.fromstring(svg)
    return float(root.get("width", "0")), float(root.get("height", "0"))


def cells(*rows: str) -> list[list[Cell]]:
    return [[Cell(text) for text in row.split("|")] for row in rows]
