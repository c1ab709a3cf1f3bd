"""Who asks to be removed is gone: the file, the links, the address, and the way back; and no list tells the name."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from conftest import INVENTED, app_of_snapshot, write_entity
from justicegraph.cli.publish import build_snapshot
from justicegraph.errors import BrokenRules, UnknownEntity
from justicegraph.load import load_folder
from justicegraph.removal import KEY, LIST, remove, removed_from


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
    assert removed_from(project)("invented-misspelt")


def test_list_names_nobody_and_needs_the_key(project: Path) -> None:
    remove(load_folder(project), "invented-person")
    assert "invented" not in (project / LIST).read_text()
    assert removed_from(project)("invented-person")
    assert not removed_from(project)("invented-group")
    assert (project / KEY).stat().st_mode & 0o077 == 0
    (project / KEY).write_text("another key")
    assert not removed_from(project)("invented-person")


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
