"""Installed from a wheel, with no checkout near, the command has everything that it needs."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    return next(folder.glob("*.whl"))


def test_wheel_carries_the_graph_and_what_it_needs(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("graph", "ontology", "queries", "shapes"):
        here = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert here <= {name.removeprefix("justicegraph/data/") for name in names}
    assert {"justicegraph/web/templates/base.html", "justicegraph/web/static/style.css"} <= set(names)
    assert any(name.endswith("LICENSE-DATA") for name in names)


def test_installed_command_works_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv/bin/python"
    constraints = ROOT / "constraints.txt"
    install: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-c",
        constraints,
        wheel,
    ]
    subprocess.run(install, check=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": ""}
    command: list[str | Path] = [tmp_path / "venv/bin/justicegraph", "query", "--format", "csv"]
    query = "SELECT ?name { <https://w3id.org/justicegraph/id/critical-resistance> <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }"
    ended = subprocess.run(
        command, cwd=empty, env=environment, input=query, capture_output=True, text=True, check=False
    )
    assert (ended.stdout.splitlines(), ended.stderr) == (["name", "Critical Resistance"], "")
    assert (tmp_path / "cache/justicegraph/current").is_symlink()
    assert list(empty.iterdir()) == []


def test_editable_command_works_from_an_empty_folder(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("justicegraph")
    command: list[str | Path] = [program, "show", "critical-resistance", "--build-dir", tmp_path / "build"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.stdout.startswith("Critical Resistance (organization)\n")
