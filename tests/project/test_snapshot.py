"""A snapshot is whole or not there, and equal input makes it equal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from justicegraph.errors import BrokenFile, CannotWrite
from justicegraph.project import snapshot as module
from justicegraph.project.snapshot import current_snapshot, fingerprint, hold_snapshot, open_store, write_snapshot
from justicegraph.rdf.files import check_readable, load_store


def store_with(*values: int) -> Store:
    store = Store()
    for value in values:
        name = NamedNode(f"https://w3id.org/justicegraph/id/invented-{value}")
        graph = NamedNode(f"https://w3id.org/justicegraph/doc/invented-{value}")
        store.add(Quad(name, NamedNode("https://example.org/p"), Literal(value), graph))
    return store


def test_equal_quads_give_equal_bytes_and_id(tmp_path: Path) -> None:
    one = write_snapshot(store_with(1, 2, 10), tmp_path / "a", "x", {})
    two = write_snapshot(store_with(10, 2, 1), tmp_path / "b", "y", {})
    assert (one.id, one.files) == (two.id, two.files)
    assert (one.path / "justicegraph.ttl").read_bytes() == (two.path / "justicegraph.ttl").read_bytes()


def test_every_dump_gives_the_same_triples_back(tmp_path: Path) -> None:
    made = write_snapshot(store_with(*range(50)), tmp_path, "x", {})
    quads = load_store([made.path / "justicegraph.nq"])
    triples = load_store([made.path / "justicegraph.ttl"])
    assert set(quads) == set(open_store(made)) == set(store_with(*range(50)))
    assert {quad.triple for quad in quads} == {quad.triple for quad in triples}


def test_long_dump_is_sorted_in_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("justicegraph.rdf.nquads.RUN", 7)
    lines = (
        (write_snapshot(store_with(*range(50)), tmp_path, "x", {}).path / "justicegraph.nq").read_text().splitlines()
    )
    assert lines == sorted(lines)
    assert len(lines) == 50


def test_large_graph_is_served_from_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IN_MEMORY", 10)
    made = write_snapshot(store_with(*range(50)), tmp_path, "x", {})
    assert (made.path / "store").is_dir()
    assert set(open_store(made)) == set(store_with(*range(50)))
    with pytest.raises(RuntimeError, match="read-write"):
        open_store(made).clear()


def test_current_is_the_newest_and_the_one_before_stays(tmp_path: Path) -> None:
    ids = [write_snapshot(store_with(value), tmp_path, "x", {}).id for value in (1, 2, 3)]
    now = current_snapshot(tmp_path)
    assert now is not None
    assert now.id == ids[2]
    assert {path.name for path in (tmp_path / "snapshots").iterdir()} == set(ids[1:])


def test_served_snapshot_stays_until_nobody_serves_it(tmp_path: Path) -> None:
    first = write_snapshot(store_with(1), tmp_path, "x", {})
    with hold_snapshot(first):
        for value in (2, 3, 4):
            write_snapshot(store_with(value), tmp_path, "x", {})
        assert set(open_store(first)) == set(store_with(1))
    write_snapshot(store_with(5), tmp_path, "x", {})
    assert not first.path.exists()


def test_equal_snapshot_stays_where_it_is(tmp_path: Path) -> None:
    first = write_snapshot(store_with(1), tmp_path, "x", {})
    before = (first.path / "justicegraph.nq").stat().st_ino
    write_snapshot(store_with(1), tmp_path, "y", {})
    now = current_snapshot(tmp_path)
    assert now is not None
    assert (now.id, now.inputs) == (first.id, "y")
    assert (first.path / "justicegraph.nq").stat().st_ino == before


def test_equal_snapshot_that_is_broken_is_replaced(tmp_path: Path) -> None:
    first = write_snapshot(store_with(1), tmp_path, "x", {})
    (first.path / "justicegraph.nq").write_text("")
    write_snapshot(store_with(1), tmp_path, "x", {})
    assert set(open_store(first)) == set(store_with(1))


def test_failed_build_leaves_the_old_snapshot_and_nothing_else(tmp_path: Path) -> None:
    def full(_quads: Path, _file: object) -> None:
        raise OSError(28, "No space left on device")

    before = write_snapshot(store_with(1), tmp_path, "x", {})
    with pytest.raises(CannotWrite, match=r"cannot be written: No space left on device\. Nothing was changed"):
        write_snapshot(store_with(2), tmp_path, "y", {"more": full})
    assert current_snapshot(tmp_path) == before
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [before.id]


def test_killed_build_leaves_the_old_snapshot_and_the_next_one_sweeps(tmp_path: Path) -> None:
    before = write_snapshot(store_with(1), tmp_path, "x", {})
    script = (
        "import os, sys; from pathlib import Path; from pyoxigraph import Store\n"
        "from justicegraph.project.snapshot import write_snapshot\n"
        "write_snapshot(Store(), Path(sys.argv[1]), 'x', {'more': lambda *_: os.kill(os.getpid(), 9)})"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert ended.returncode == -9
    assert current_snapshot(tmp_path) == before
    assert (tmp_path / "snapshots/.new").is_dir()
    write_snapshot(store_with(2), tmp_path, "x", {})
    assert not (tmp_path / "snapshots/.new").exists()


def test_two_builds_do_not_run_at_once(tmp_path: Path) -> None:
    def again(_quads: Path, _file: object) -> None:
        write_snapshot(store_with(2), tmp_path, "x", {})

    with pytest.raises(CannotWrite, match="another build is running"):
        write_snapshot(store_with(1), tmp_path, "x", {"more": again})


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_read_only_folder_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotWrite, match="Permission denied"):
        write_snapshot(store_with(1), tmp_path / "build", "x", {})


def test_place_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("")
    with pytest.raises(CannotWrite, match=r"build cannot be written: File exists\. Nothing was changed"):
        write_snapshot(store_with(1), tmp_path / "build", "x", {})


def test_fingerprint_changes_with_any_byte_and_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = fingerprint(tmp_path)
    (tmp_path / "a").write_text("2")
    second = fingerprint(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, fingerprint(tmp_path)}) == 3


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ttl", "<", r"a\.ttl, line 1, column 1: "),
        ("a.csv", "", r'a\.csv: "\.csv" is not an extension of an RDF format\. Use one of: \.ttl'),
        ("a.jsonld", "{", r"a\.jsonld"),
    ],
)
def test_broken_data_file_is_said(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    for read in (load_store, check_readable):
        with pytest.raises(BrokenFile, match=said):
            read([tmp_path / name])
    with pytest.raises(BrokenFile, match=r"none\.ttl: cannot be read"):
        load_store([tmp_path / "none.ttl"])
