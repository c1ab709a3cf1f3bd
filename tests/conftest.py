"""What tests share: a small project of invented people, our own graph, the texts of its sources."""

import os
from pathlib import Path

import pytest

from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.rdf.nquads import write_sorted
from justicegraph.void import describe
from tests.support.project import ROOT, make_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def shared_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, for tests that change nothing."""
    return make_project(tmp_path_factory.mktemp("shared") / "project")


@pytest.fixture(scope="session")
def own_quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own graph with what is derived from it, as a file of canonical N-Quads."""
    folder = load_folder(ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    describe(store, ROOT / "queries")
    path = tmp_path_factory.mktemp("own") / "justicegraph.nq"
    with path.open("wb") as file:
        write_sorted((f"{quad} .\n".encode() for quad in store), file)
    return path


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder with the texts of the first sources: beside the checkout, and required where CI says so."""
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        missing = "the texts of the first sources are not beside this checkout"
        if os.environ.get("JUSTICEGRAPH_TEXTS") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    return folder
