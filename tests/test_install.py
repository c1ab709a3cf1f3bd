"""Installed from a wheel, with no checkout near, the command has everything that it needs."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.project import ROOT


# Slow: pip builds the wheel, and Node the front end.
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


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """What a wheel is made from, with nothing built."""
    for name in ("src", "frontend", "ontology", "shapes", "queries", "graph"):
        unwanted = shutil.ignore_patterns("built", "node_modules", "__pycache__")
        shutil.copytree(ROOT / name, tmp_path / "bare" / name, ignore=unwanted)
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "LICENSE-DATA"):
        shutil.copy(ROOT / name, tmp_path / "bare")
    return tmp_path / "bare"


def made_without_node(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Make a wheel from a folder, where no Node is found."""
    build = [sys.executable, "-m", "pip", "wheel", "--verbose", "--no-deps", "--wheel-dir", str(folder), str(folder)]
    said = {key: value for key, value in os.environ.items() if key != "JUSTICEGRAPH_FRONTEND"} | environment
    path = str(Path(sys.executable).parent)
    return subprocess.run(build, env=said | {"PATH": path}, capture_output=True, text=True, check=False)


def test_wheel_is_made_without_node_and_says_so(bare: Path) -> None:
    ended = made_without_node(bare)
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert "The pages will have no query editor and no maps: Node and npm are not installed." in said
    names = zipfile.ZipFile(next(bare.glob("*.whl"))).namelist()
    assert "justicegraph/web/templates/query.html" in names
    assert [name for name in names if "/built/" in name] == []
    assert "The wheel will have no documentation: run `make docs` first to include it." in said


def test_wheel_carries_the_documentation_that_was_built(bare: Path) -> None:
    (bare / "build/docs").mkdir(parents=True)
    (bare / "build/docs/index.html").write_text("invented")
    made_without_node(bare)
    with zipfile.ZipFile(next(bare.glob("*.whl"))) as file:
        assert file.read("justicegraph/docs/index.html") == b"invented"


def test_wheel_is_not_made_without_node_where_the_front_end_is_required(bare: Path) -> None:
    ended = made_without_node(bare, JUSTICEGRAPH_FRONTEND="required")
    assert ended.returncode != 0
    assert "The front end cannot be built: Node and npm are not installed." in ended.stdout + ended.stderr
    assert list(bare.glob("*.whl")) == []


def test_wheel_carries_what_node_builds(wheel: Path) -> None:
    if not shutil.which("npm") and os.environ.get("JUSTICEGRAPH_FRONTEND") != "required":
        pytest.skip("Node and npm are missing, which build the front end")
    with zipfile.ZipFile(wheel) as file:
        built = json.loads(file.read("justicegraph/web/static/built/manifest.json"))
        assert f"justicegraph/web/static/built/{built['query.js']}" in file.namelist()
        maps = json.loads(file.read("justicegraph/web/static/built/maps.json"))
        assert file.getinfo("justicegraph/web/static/built/maps.json").file_size <= 250_000
    names = {kind: [region["name"] for region in maps[kind]["regions"]] for kind in ("us", "world")}
    assert (len(names["us"]), len(names["world"])) == (51, 177)
    assert all(each == sorted(each) for each in names.values())
    assert {"California": "CA"}.items() <= {each["name"]: each["code"] for each in maps["us"]["regions"]}.items()
    assert {"France": "FR"}.items() <= {each["name"]: each["code"] for each in maps["world"]["regions"]}.items()


def test_lock_of_the_front_end_names_no_host() -> None:
    assert "://" not in (ROOT / "frontend/package-lock.json").read_text()


# Slow: pip installs every dependency into an empty environment.
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
