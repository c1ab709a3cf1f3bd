"""docs/map.md leads to files and functions that exist, and lists every package by layer."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.project import ROOT
from tests.test_layers import LAYERS

MAP = (ROOT / "docs/map.md").read_text()
SOURCE = ROOT / "src/justicegraph"
SPANS = sorted(set(re.findall(r"`([\w./-]+(?:\.\w+|/))(?::([^`]+))?`", MAP)))
PLACES = [(path, name) for path, name in SPANS if "/" in path or path.endswith(".py")]
PACKAGES = re.findall(r"^\| `(\w+)` \| \w", MAP, re.MULTILINE)
QUESTIONS = (
    "a query is refused", "a worker is killed", "`Accept` is read", "heading of a claim", "each status", "CSV cell is made safe",
    "delta is written", "probability of a match", "suggestion becomes Turtle", "Spanish word for *custody*",
)  # fmt: skip


def file_of(path: str) -> Path | None:
    """Return the file or folder that the map names; None if there is none."""
    if path.startswith("/"):
        return None
    return next((place for place in (SOURCE / path, ROOT / path) if place.exists()), None)


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the functions, classes, methods and constants of a module."""
    names: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {
                f"{node.name}.{part.name}"
                for part in node.body
                if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
            }
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(names)


def is_there(path: str, name: str) -> bool:
    place = file_of(path)
    if place is None or not name:
        return place is not None
    return name in names_in(place) if place.suffix == ".py" else name in place.read_text()


@pytest.mark.parametrize(("path", "name"), PLACES, ids=lambda part: part)
def test_place_exists(path: str, name: str) -> None:
    assert is_there(path, name)


def test_map_names_many_places() -> None:
    assert len(PLACES) > 70


def test_missing_place_is_noticed() -> None:
    assert is_there("errors.py", "JusticeGraphError")
    assert is_there("pool/pool.py", "Pool.run")
    others = (
        ("nowhere.py", ""),
        ("errors.py", "Nothing"),
        ("pool/pool.py", "run"),
        ("web/locale/es.po", "msgid nothing"),
    )
    assert not any(is_there(path, name) for path, name in others)


def test_every_package_is_there_lowest_layer_first() -> None:
    layers = {package: layer for layer, packages in enumerate(LAYERS) for package in packages}
    assert set(PACKAGES) == set(layers)
    assert [layers[package] for package in PACKAGES] == sorted(layers[package] for package in PACKAGES)


@pytest.mark.parametrize("question", QUESTIONS)
def test_question_of_a_newcomer_leads_to_a_place(question: str) -> None:
    row = next(line for line in MAP.splitlines() if line.startswith("|") and question in line)
    assert re.search(r"`[\w./-]+\.\w+(?::[^`]+)?`", row.rpartition(" | ")[2])
