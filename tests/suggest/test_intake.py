"""The intake deletes suggestions that are too old or whose entry was removed."""

import time
from pathlib import Path

from justicegraph.project.folder import load_folder
from justicegraph.project.removal import remove
from justicegraph.suggest.intake import Intake, IntakeLimits
from justicegraph.suggest.tokens import receipt_hash


def test_suggestion_for_a_removed_entry_is_deleted(project: Path, tmp_path: Path) -> None:
    intake = Intake(project, tmp_path / "s.sqlite")
    intake.store.add(receipt_hash("1"), "invented-person", b"content", 1_000)
    remove(load_folder(project), "invented-person")
    assert intake.purge() == 1
    assert intake.store.waiting() == []


def test_intake_deletes_old_suggestions_by_itself(project: Path, tmp_path: Path) -> None:
    intake = Intake(project, tmp_path / "s.sqlite", IntakeLimits(waiting_days=-1))
    intake.store.add(receipt_hash("1"), "invented", b"content", 1_000)
    intake.open()
    end = time.monotonic() + 10
    while intake.store.waiting() and time.monotonic() < end:
        time.sleep(0.02)
    intake.close()
    assert intake.store.waiting() == []
