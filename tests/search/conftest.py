"""A project with invented entries, its index, and the index of the project's own graph."""

from pathlib import Path

import pytest

from justicegraph.search import FOLDER, SearchIndex, write_search
from tests.support.project import ROOT, make_project, write_entity
from tests.support.search import MORE, query_runner


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("search") / "project")
    for name, turtle in MORE.items():
        write_entity(folder, name, turtle)
    return folder


@pytest.fixture(scope="module")
def snapshot(wide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("snapshot")
    write_search(query_runner(wide), made / FOLDER)
    return made


@pytest.fixture(scope="module")
def search(snapshot: Path) -> SearchIndex:
    return SearchIndex.open(snapshot)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    made = tmp_path_factory.mktemp("own")
    write_search(query_runner(ROOT), made / FOLDER)
    return SearchIndex.open(made)
