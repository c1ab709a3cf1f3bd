"""Who asks to be removed is gone: the file, the links, the address, and the way back; and no list tells the name."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from justicegraph.build import build_snapshot
from justicegraph.cli import cli
from justicegraph.errors import BrokenRules, UnknownEntity
from justicegraph.namespaces import ID
from justicegraph.project.folder import load_folder
from justicegraph.project.removal import KEY, LIST, removal_test, remove
from tests.support.project import INVENTED, app_of_snapshot, write_entity


def test_removal_takes_the_file_and_every_link(project: Path) -> None:
    done = remove(load_folder(project), "invented-person")
    assert [path.name for path in done.gone] == ["invented-person.ttl"]
    assert [path.name for path in done.changed] == ["free-invented-person.ttl"]
    left = "".join(path.read_text() for path in (project / "graph").rglob("*.ttl"))
    assert "id:invented-person " not in left
    assert "id:invented-person." not in left


def test_entries_that_still_tell_the_name_are_listed(project: Path) -> None:
    done = remove(load_folder(project), "invented-person")
    assert [path.name for path in done.still] == ["free-invented-person.ttl"]


def test_old_ids_of_the_entry_go_too(project: Path) -> None:
    done = remove(load_folder(project), "invented-group")
    assert [path.name for path in done.gone] == ["invented-group.ttl", "invented-misspelt.ttl"]
    assert removal_test(project)("invented-misspelt")


def test_list_names_nobody_and_needs_the_key(project: Path) -> None:
    remove(load_folder(project), "invented-person")
    assert "invented" not in (project / LIST).read_text()
    assert removal_test(project)("invented-person")
    assert not removal_test(project)("invented-group")
    assert (project / KEY).stat().st_mode & 0o077 == 0
    (project / KEY).write_text("another key")
    assert not removal_test(project)("invented-person")


def test_removed_entry_cannot_come_back(project: Path) -> None:
    remove(load_folder(project), "invented-person")
    write_entity(project, "people/invented-person", INVENTED["people/invented-person"])
    with pytest.raises(BrokenRules):
        build_snapshot(project, project / "build")


def test_removed_address_answers_gone(project: Path) -> None:
    remove(load_folder(project), "invented-person")
    client = Client(app_of_snapshot(build_snapshot(project, project / "build"), project))
    answers = [
        client.get(path, buffered=True)
        for path in ("/id/invented-person", "/doc/invented-person.ttl", "/id/invented-person.custody-1")
    ]
    assert [each.status_code for each in answers] == [410, 410, 410]
    assert client.get("/id/nobody", buffered=True).status_code == 404


def test_unknown_entry_is_said_and_nothing_written(project: Path) -> None:
    with pytest.raises(UnknownEntity, match='no entry "nobody" to remove'):
        remove(load_folder(project), "nobody")
    assert not (project / LIST).exists()
    assert not (project / KEY).exists()


@pytest.mark.parametrize("told", ["Invented Person", "INVENTED-PERSON", "invented\\u0020person"])
def test_what_was_found_elsewhere_for_a_removed_entry_goes(project: Path, told: str) -> None:
    place = project / "build" / "link"
    (place / "cache").mkdir(parents=True)
    (place / "cache" / "answer").write_text("what a server said of them")
    (place / ".wikidata.jsonl.killed").write_text("half a question")
    other, own = f'{{"entry":"{ID}invented-group"}}\n', f'{{"entry":"{ID}invented-person","source":"x"}}\n'
    (place / "wikidata.jsonl").write_text(own + other + f'{{"entry":"{ID}invented-cause","told":["{told}"]}}\n')
    (place / "unsure.jsonl").write_text(other + own)
    result = CliRunner().invoke(cli, ["remove", "invented-person", "--folder", str(project)])
    assert result.exit_code == 0, result.output
    assert (place / "wikidata.jsonl").read_text() == (place / "unsure.jsonl").read_text() == other
    assert sorted(path.name for path in place.rglob("*")) == [".lock", "cache", "unsure.jsonl", "wikidata.jsonl"]
    assert f"unlinked {place / 'cache'}" in result.stdout
