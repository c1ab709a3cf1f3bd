"""A project whose entries Wikidata has."""

import shutil
from pathlib import Path

import pytest

from justicegraph.build import build_snapshot
from tests.support.project import make_project, write_entity


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an organization that Wikidata knows, and its snapshot."""
    project = make_project(tmp_path_factory.mktemp("linked") / "project")
    write_entity(
        project,
        "places/nowhere",
        """id:nowhere a jg:Place ; skos:prefLabel "XA"@en ; jg:level jgt:country ;
        skos:definition "A country that does not exist."@en ; jg:source id:invented-list .""",
    )
    write_entity(
        project,
        "places/xtown",
        """id:xtown a jg:Place ; skos:prefLabel "Xtown"@en ; jg:level jgt:city ;
        skos:definition "A city that does not exist."@en ; jg:isWithin id:nowhere ; jg:source id:invented-list .""",
    )
    write_entity(project, "organizations/invented-society", """id:invented-society a jg:Organization ;
        skos:prefLabel "Invented Prison Society"@en , "Erfundener Verein"@de ; jg:foundedOn "1975"^^xsd:gYear ;
        skos:definition "A society that does not exist."@en ; jg:isLocatedIn id:xtown ;
        jg:website <https://society.example/> ; jg:source id:invented-list .""")  # fmt: skip
    build_snapshot(project, project / "build")
    return project


@pytest.fixture
def society(built: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))
