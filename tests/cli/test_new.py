"""A new entry is asked for in a few questions, and passes every check at once."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from justicegraph.cli import cli
from justicegraph.namespaces import JG, OWL, RDFS, TYPE
from justicegraph.project.folder import load_folder, store_of
from justicegraph.rdf.schema import facts_of
from justicegraph.suggest.kinds import KINDS
from justicegraph.validate import validate
from tests.support.project import ROOT

ANSWERS = {
    "cause": "{name}\n\nInvented.\nNothing real.\ntop\n",
    "place": "{name}\n\nInvented.\ncity\ninvented-list\n",
    "source": "{name}\n\nInvented.\nhttps://invented.example/page\nNobody\n2018-07\n",
}
USUAL = "{name}\n\nInvented.\ninvented-list\n"


def new(project: Path, kind: str, answers: str) -> Result:
    return CliRunner().invoke(cli, ["new", kind, "--folder", str(project)], input=answers, catch_exceptions=False)


@pytest.mark.parametrize("kind", KINDS)
def test_new_entry_of_each_kind_has_no_finding(kind: str, project: Path) -> None:
    result = new(project, kind, ANSWERS.get(kind, USUAL).format(name=f"Invented {kind} of 2018"))
    assert result.exit_code == 0, result.stderr
    assert Path(result.stdout.strip()) == next((project / "graph").rglob(f"invented-{kind}-of-2018.ttl"))
    folder = load_folder(project)
    assert validate(folder, store_of(folder)) == []


def test_source_that_is_not_there_yet_is_entered_on_the_way(project: Path) -> None:
    answers = USUAL.replace("invented-list", "new\nInvented Gazette\n\nA page.\n\n\n\n").format(name="Invented Ring")
    assert new(project, "organization", answers).exit_code == 0
    assert "id:invented-gazette" in (project / "graph/organizations/invented-ring.ttl").read_text()
    assert (project / "graph/sources/invented-gazette.ttl").exists()


def test_wrong_answers_are_asked_again(project: Path) -> None:
    answers = "=cmd\nInvented Ring\ninvented-group\nInvented_Group\ninvented-ring\nInvented.\nno-list\ninvented-list\n"
    result = new(project, "organization", answers)
    assert result.exit_code == 0
    for said in (
        "must not begin with = + - @",
        "invented-group is taken",
        "Invented_Group is not an id",
        "There is no source no-list",
    ):
        assert said in result.stderr


def test_name_in_any_script_gets_an_id_or_a_question(project: Path) -> None:
    assert "[union-del-barrio]" in new(project, "organization", "Unión del Barrio\n\nX.\ninvented-list\n").stderr


def test_every_class_of_entries_can_be_entered() -> None:
    ontology = facts_of(load_folder(ROOT).ontology)
    classes = {
        iri.removeprefix(JG) for iri, said in ontology.items() if OWL + "Class" in said[TYPE] and iri.startswith(JG)
    }
    wider = {iri.removeprefix(JG) for said in ontology.values() for iri in said[RDFS + "subClassOf"]}
    entries = {name for name in classes if JG + "Entity" in _all_wider(name, ontology)}
    assert entries - {"Entity", "Agent", "Location", "Prisoner"} == set(KINDS.values())
    assert wider


def _all_wider(name: str, ontology: object) -> set[str]:
    from justicegraph.rdf.schema import wider_classes

    return wider_classes(JG + name, ontology)  # type: ignore[arg-type]


def test_guide_shows_what_the_command_asks() -> None:
    guide = (ROOT / "docs/how-to-add-an-entry.md").read_text()
    (session,) = re.findall(r"```console\n(.*?)```", guide, re.DOTALL)
    assert "justicegraph new organization" in session
