"""The house stands: each module imports from layers below it only, and keeps to its size."""

import ast
from pathlib import Path
from statistics import median

import pytest

from tests.support.project import ROOT

SOURCE = ROOT / "src" / "justicegraph"
LAYERS = (
    {"errors", "namespaces", "spreadsheet", "text"},
    {"dates"},
    {"pictures", "system"},
    {"rdf"},
    {"http", "project"},
    {"jsonld", "sparql", "validate"},
    {"entity", "pool", "release", "remote", "search", "suggest", "void"},
    {"build", "linking"},
    {"admin", "web"},
    {"server"},
    {"cli"},
)
"""The packages, lowest layer first."""

MOST = 26
"""How many names there may be at the top: more cannot be learned at a glance."""

LAYER = {package: layer for layer, packages in enumerate(LAYERS) for package in packages}
PUBLIC = {"build", "errors", "sparql", "validate"}
"""The packages whose names the package itself offers, in __init__.py."""

HOMES = {
    "pyshacl": "validate", "rdflib": "validate", "pyld": "jsonld release", "flask": "web admin server", "click": "cli",
    "rich": "cli", "granian": "cli", "SPARQLWrapper": "remote", "urllib3": "remote", "zstandard": "system", "pyarrow": "release",
    "itsdangerous": "suggest",
    "prometheus_client": "server web", "babel": "linking web", "tantivy": "linking search", "rapidfuzz": "linking",
}  # fmt: skip
"""By library, the packages that may import it."""

FILES = sorted(SOURCE.rglob("*.py"))


def module_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return every module that a file imports, wherever in it, by its whole name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_package_has_a_layer_and_the_packages_are_few() -> None:
    assert {module_of(path) for path in FILES} - {"__init__"} == set(LAYER)
    assert len(LAYER) <= MOST


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_module_imports_from_below(path: Path) -> None:
    own = module_of(path)
    others = {name.split(".")[1] for name in imports(path) if name.startswith("justicegraph.")} - {own}
    if own == "__init__":
        assert others == PUBLIC
    else:
        assert [other for other in others if LAYER[other] >= LAYER[own]] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_library_stays_at_home(path: Path) -> None:
    libraries = {name.partition(".")[0] for name in imports(path)} & set(HOMES)
    assert {library for library in libraries if module_of(path) not in HOMES[library].split()} == set()


def test_no_import_cycle() -> None:
    graph = {path: {other for name in imports(path) if (other := _file(name)) and other != path} for path in FILES}
    left = dict(graph)
    while free := [path for path, needed in left.items() if not needed & left.keys()]:
        left = {path: needed for path, needed in left.items() if path not in free}
    assert sorted(str(path.relative_to(SOURCE)) for path in left) == []


def _file(name: str) -> Path | None:
    place = SOURCE.parent / Path(*name.split("."))
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path in FILES), None)


def test_files_and_functions_keep_their_size() -> None:
    lines = [len(path.read_text().splitlines()) for path in FILES]
    lengths = [length(node) for path in FILES for node in functions(path)]
    assert (median(lines) <= 120, max(lines) <= 300) == (True, True)
    assert (median(lengths) <= 10, max(lengths) <= 50) == (True, True)
