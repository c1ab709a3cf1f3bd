"""A release is whole or absent, never changes, says what changed, and loses what somebody asked to be left out."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from justicegraph.errors import BrokenRelease, CannotRelease, CannotWrite, MissingRelease
from justicegraph.jsonld import read_context, read_frames
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.project.removal import removal_test, removals_checksum, remove
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.document import read_turtle
from justicegraph.rdf.nquads import write_sorted
from justicegraph.release import (
    Commit,
    Order,
    Release,
    Removals,
    Source,
    release,
    release_of,
    releases,
    standing,
    verify,
)
from justicegraph.release.delta import ADDED, REMOVED, applied
from justicegraph.release.tombstones import FILE, Tombstones, without
from justicegraph.system.compression import read_lines
from tests.support.project import HEAD, ROOT, make_project, write_entity

pytestmark = pytest.mark.alone

COMMAND = Path(sys.executable).with_name("justicegraph")


def unseen(_done: int, _of: int, _what: str) -> None:
    """Show nobody how far it has come."""


def quads_of_project(project: Path) -> Path:
    """Return a file with the canonical N-Quads of a project, its derived ones included, outside of it."""
    folder = load_folder(project)
    store = store_of(folder)
    reason(store, folder.rules)
    path = project.parent / f"{project.name}.nq"
    with path.open("wb") as file:
        write_sorted((f"{quad} .\n".encode() for quad in store), file)
    return path


def issue(project: Path, day: str, since: str | None = None, commits: tuple[Commit, ...] = ()) -> Release:
    """Issue a release of a project as it is now."""
    source = Source(quads_of_project(project), read_context(ROOT), read_frames(ROOT), day)
    gone = Removals(removal_test(project), removals_checksum(project))
    return release(project / "build" / "releases", Order(source, commits, "0" * 40), gone, since, unseen)


def add_person(project: Path, slug: str, name: str, more: str = "") -> None:
    turtle = f"""id:{slug} a jg:Person ; skos:prefLabel "{name}"@en ; skos:definition "Invented."@en ;
        jg:source id:invented-list {more} .
        id:{slug}.mention-1 a jg:Mention ; jg:mentions id:{slug} ; jg:inSource id:invented-list ; jg:exact "{name}"@en ;
        jg:firstLine 1 ; jg:lastLine 1 ."""
    write_entity(project, f"people/{slug}", turtle)


def everything(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def texts(place: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the plain bytes of each file below a folder."""
    for path in sorted(each for each in place.rglob("*") if each.is_file()):
        if path.suffix == ".zst":
            yield str(path), b"".join(read_lines(path))
        elif path.suffix not in {".gz", ".parquet"}:
            yield str(path), path.read_bytes()


def test_release_holds_all_that_it_names(project: Path) -> None:
    made = issue(project, "2001-02-03")
    assert made.path == project / "build/releases/2001-02-03"
    assert [each.name for each in made.path.parent.iterdir() if each.name != ".lock"] == ["2001-02-03"]
    sums = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made.path, capture_output=True, check=False
    )
    assert (sums.returncode, sums.stdout) == (0, b"")
    there = {path.relative_to(made.path).as_posix() for path in made.path.rglob("*") if path.is_file()}
    assert there == {file.name for file in made.files} | {"release.json", "SHA256SUMS"}
    names = ["nq", "ttl", "trig", "jsonld", "jsonl"]
    assert {f"justicegraph.{name}.{coding}" for name in names for coding in ("gz", "zst")} <= there
    assert {
        "catalogue.ttl", "catalogue.jsonld", "README.md", "CHANGES.md", "mappings.sssom.tsv", "ontology.ttl",
        "shapes.ttl", "context/v1.jsonld", "tables/organizations.csv", "statements.csv.gz",
    } <= there  # fmt: skip
    assert release_of(made.path.parent, "2001-02-03") == made
    assert (made.previous, made.changes) == (None, None)


def test_all_forms_have_the_hash_of_the_quads(project: Path) -> None:
    made = issue(project, "2001-02-03")
    whole = b"".join(read_lines(made.path / "justicegraph.nq.zst"))
    assert hashlib.sha256(whole).hexdigest() == made.sha256 == rdfc10(whole, RdfFormat.N_QUADS)
    trig = b"".join(read_lines(made.path / "justicegraph.trig.zst"))
    assert rdfc10(trig, RdfFormat.TRIG) == made.sha256
    triples = {quad.triple for quad in parse(whole, format=RdfFormat.N_QUADS)}
    context = json.dumps(read_context(ROOT))
    lines = b"".join(read_lines(made.path / "justicegraph.jsonl.zst")).decode().splitlines()
    inline = [line.replace('"https://w3id.org/justicegraph/context/v1"', context, 1) for line in lines]
    assert {quad.triple for line in inline for quad in parse(line, format=RdfFormat.JSON_LD)} == triples
    for name, form in (("jsonld", RdfFormat.JSON_LD), ("ttl", RdfFormat.TURTLE)):
        said = b"".join(read_lines(made.path / f"justicegraph.{name}.zst"))
        assert {quad.triple for quad in parse(said, format=form)} == triples


def rdfc10(data: bytes, form: RdfFormat) -> str:
    """Return the hash of a dataset by the engine's own canonicalization."""
    dataset = Dataset(parse(data, format=form))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in dataset)).encode()).hexdigest()


def test_same_graph_gives_the_same_bytes_wherever_and_whenever(tmp_path: Path) -> None:
    places = []
    for name, seed, locale, zone in (("one", "1", "C", "UTC"), ("another", "77", "tr_TR.UTF-8", "Pacific/Auckland")):
        project = make_project(tmp_path / name)
        words = [
            str(COMMAND),
            "release",
            "--folder",
            str(project),
            "--build-dir",
            str(tmp_path / f"{name}-build"),
            "--date",
            "2001-02-03",
        ]
        environment = os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
        subprocess.run(words, env=environment, check=True, capture_output=True)
        places.append(everything(tmp_path / f"{name}-build" / "releases" / "2001-02-03"))
    assert places[0] == places[1]


def test_large_graph_is_written_by_several_processes_with_the_same_bytes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = everything(issue(project, "2001-02-03").path)
    shutil.rmtree(project / "build")
    monkeypatch.setattr("justicegraph.release.dumps.FEW", 0)
    assert everything(issue(project, "2001-02-03").path) == one


def test_delta_makes_the_next_release_of_the_one_before(project: Path) -> None:
    add_person(project, "invented-leaver", "Invented Leaver")
    first = issue(project, "2001-02-03")
    (project / "graph/people/invented-leaver.ttl").unlink()
    add_person(project, "invented-comer", "Invented Comer")
    path = project / "graph/organizations/invented-group.ttl"
    path.write_text(path.read_text().replace("A group that does not exist.", "No group at all."))
    second = issue(project, "2001-02-04")
    assert second.previous == "2001-02-03"
    assert second.changes
    assert second.changes.added == ("invented-comer",)
    assert second.changes.removed == ("invented-leaver",)
    assert "invented-group" in second.changes.changed
    made = list(applied(partial(read_lines, first.path / "justicegraph.nq.zst"), second.path))
    assert made == list(read_lines(second.path / "justicegraph.nq.zst"))
    assert len(list(read_lines(second.path / f"{ADDED}.zst"))) == second.changes.quads_added > 0
    assert len(list(read_lines(second.path / f"{REMOVED}.zst"))) == second.changes.quads_removed > 0
    assert (second.path / "delta/entries.csv").read_text().splitlines()[:2] == ["id,change", "invented-comer,added"]
    assert [line.partition(":")[0] for line in verify(first.path.parent)] == ["2001-02-03"] * 2 + ["2001-02-04"] * 3


def test_removed_entry_is_in_no_release_and_no_delta_and_copies_lose_it(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker", "; jg:isMemberOf id:invented-group")
    path = project / "graph/organizations/invented-group.ttl"
    kept = path.read_text()
    path.write_text(kept.replace("A group that does not exist.", "A group around Invented Asker."))
    first = issue(project, "2001-02-03")
    copy = list(read_lines(first.path / "justicegraph.nq.zst"))
    add_person(project, "invented-comer", "Invented Comer")
    issue(project, "2001-02-04")
    remove(load_folder(project), "invented-asker")
    path.write_text(path.read_text().replace("A group around Invented Asker.", "A group that does not exist."))
    third = issue(project, "2001-02-05", commits=(Commit("1" * 40, "2001-02-05", "An entry was taken out."),))
    place = first.path.parent
    assert [(each.version, each.withdrawn_for, each.previous) for each in releases(place)] == [
        ("2001-02-05", None, "2001-02-04.1"), ("2001-02-04.1", None, "2001-02-03.1"), ("2001-02-04", "2001-02-04.1", "2001-02-03"),
        ("2001-02-03.1", None, None), ("2001-02-03", "2001-02-03.1", None),
    ]  # fmt: skip
    assert [path.name for path in (place / "2001-02-03").iterdir()] == ["release.json"]
    for name, said in texts(place):
        assert b"asker" not in said.lower(), name
    assert list(verify(place))
    # A copy of the withdrawn release becomes each later one, and loses what was removed.
    second = release_of(place, "2001-02-04.1")
    assert any(b"asker" in line for line in copy)
    now = list(applied(lambda: copy, second.path))
    assert now == list(read_lines(second.path / "justicegraph.nq.zst"))
    assert list(applied(lambda: now, third.path)) == list(read_lines(third.path / "justicegraph.nq.zst"))


def test_tombstones_are_in_every_later_delta(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    issue(project, "2001-02-03")
    remove(load_folder(project), "invented-asker")
    issue(project, "2001-02-04")
    add_person(project, "invented-comer", "Invented Comer")
    last = issue(project, "2001-02-05")
    said = (last.path / "delta" / FILE).read_text()
    assert said.count("\ngraph ") == 1
    assert said == (last.path.parent / FILE).read_text()


def test_same_day_release_after_a_removal_gets_a_number(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    made = issue(project, "2001-02-03")
    assert (made.version, made.previous) == ("2001-02-03.2", "2001-02-03.1")
    assert [each.version for each in standing(place)] == ["2001-02-03.2", "2001-02-03.1"]
    with pytest.raises(CannotRelease, match=r"2001-02-03 is there already and never changes"):
        issue(project, "2001-02-03")
    assert issue(project, "2001-02-04").previous == "2001-02-03.2"


def test_without_tombstones_nothing_is_dropped() -> None:
    lines = [b"<a> <b> <c> <d> .\n"]
    assert list(without(lambda: lines, Tombstones())) == lines
    assert list(without(lambda: lines, Tombstones(frozenset({"0" * 64})))) == lines


def test_release_that_is_there_is_never_overwritten(project: Path) -> None:
    made = issue(project, "2001-02-03")
    before = everything(made.path)
    add_person(project, "invented-comer", "Invented Comer")
    with pytest.raises(
        CannotRelease, match=r"^The release 2001-02-03 is there already and never changes: name a later"
    ):
        issue(project, "2001-02-03")
    with pytest.raises(CannotRelease, match=r"^The release 2001-02-03 is newer than 2001-02-02: name a later day"):
        issue(project, "2001-02-02")
    with pytest.raises(CannotRelease, match=r'^"2001-02-31" is no date: write --date as in'):
        issue(project, "2001-02-31")
    with pytest.raises(MissingRelease, match=r'^There is no release "2000-01-01" in .*; there are: 2001-02-03\.$'):
        issue(project, "2001-02-04", since="2000-01-01")
    assert everything(made.path.parent) == {f"2001-02-03/{name}": said for name, said in before.items()} | {
        ".lock": b""
    }


def test_context_that_was_released_cannot_become_another(project: Path) -> None:
    first = issue(project, "2001-02-03")
    source = Source(
        quads_of_project(project), read_context(ROOT) | {"more": "jg:more"}, read_frames(ROOT), "2001-02-04"
    )
    with pytest.raises(
        CannotRelease, match=r"^The context v1 was released with 2001-02-03 and is another now: restore"
    ):
        release(first.path.parent, Order(source), Removals(removal_test(project), ""), None, unseen)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("justicegraph.nq.gz", "was changed: its SHA-256 is not that of the manifest"),
        ("SHA256SUMS", "does not say what the manifest says"),
        ("release.json", "cannot be read as the manifest"),
    ],
)
def test_tampered_file_is_found(project: Path, name: str, sentence: str) -> None:
    made = issue(project, "2001-02-03")
    data = bytearray((made.path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (made.path / name).write_bytes(data if name != "release.json" else b"{}")
    with pytest.raises(Exception, match=sentence):
        list(verify(made.path.parent))


def test_graph_that_is_another_and_delta_that_leads_elsewhere_are_found(project: Path) -> None:
    first = issue(project, "2001-02-03")
    add_person(project, "invented-comer", "Invented Comer")
    second = issue(project, "2001-02-04")
    path = second.path / "release.json"
    path.write_text(path.read_text().replace(second.sha256, "0" * 64))
    with pytest.raises(BrokenRelease, match=r"2001-02-04: the graph's RDFC-1\.0 hash is not 0000"):
        list(verify(first.path.parent, "2001-02-04"))
    path.write_bytes(second.written())
    shutil.rmtree(first.path)
    with pytest.raises(MissingRelease, match="2001-02-04 follows 2001-02-03, which is not in"):
        list(verify(second.path.parent))


def test_release_ends_on_a_full_disk_with_nothing_half_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = issue(project, "2001-02-03")
    before = everything(made.path.parent)

    def full(*_: object) -> Iterator[tuple[int, int, str]]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("justicegraph.release.write.write_dumps", full)
    with pytest.raises(CannotWrite, match=r"cannot be written: No space left on device\. Nothing was changed"):
        issue(project, "2001-02-04")
    assert everything(made.path.parent) == before


def test_release_that_is_killed_at_any_point_is_whole_or_absent(project: Path) -> None:
    """Kill it, all of a sudden, after ever longer times: what is there then is whole, and the next run goes through."""
    add_person(project, "invented-asker", "Invented Asker")
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    words = [
        str(COMMAND),
        "release",
        "--folder",
        str(project),
        "--build-dir",
        str(project / "build"),
        "--date",
        "2001-02-04",
    ]
    began = time.monotonic()
    subprocess.run([*words[:-1], "2001-02-31"], capture_output=True, check=False)
    startup, waits = time.monotonic() - began, 0
    for waits in range(60):
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(startup * 0.6 + waits * 0.1)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        there = standing(place)
        assert all(list(verify(place, each.version)) for each in there)
        if there[0].version == "2001-02-04":
            break
    assert waits > 2, "it was done before it could be killed"
    assert [each.version for each in standing(place)] == ["2001-02-04", "2001-02-03.1"]
    assert not any(b"asker" in said.lower() for _, said in texts(place))


def test_turtle_of_the_shapes_is_that_of_the_files(project: Path) -> None:
    made = issue(project, "2001-02-03")
    own = [triple for path in sorted((project / "shapes").glob("*.ttl")) for triple in read_turtle(path)]
    assert (made.path / "shapes.ttl").read_text() == canonical_turtle(own)
    assert HEAD.splitlines()[0] in b"".join(read_lines(made.path / "justicegraph.ttl.zst")).decode()


def test_name_that_another_entry_still_tells_stops_the_release(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    path = project / "graph/organizations/invented-group.ttl"
    path.write_text(path.read_text().replace("A group that does not exist.", "A group around Invented Asker."))
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    before = everything(place)
    sentence = (
        r"^The name of what was removed is still told by invented-group: reword or remove them, or say --told-on-pur"
    )
    with pytest.raises(CannotRelease, match=sentence):
        issue(project, "2001-02-04")
    assert everything(place) == before
    gone = Removals(removal_test(project), removals_checksum(project), told=True)
    source = Source(quads_of_project(project), read_context(ROOT), read_frames(ROOT), "2001-02-04")
    assert release(place, Order(source), gone, None, unseen).previous == "2001-02-03.1"


def test_entry_that_was_taken_back_in_stays_in_later_copies(project: Path) -> None:
    add_person(project, "invented-asker", "Invented Asker")
    place = issue(project, "2001-02-03").path.parent
    remove(load_folder(project), "invented-asker")
    issue(project, "2001-02-04")
    (project / "removed.txt").unlink()
    add_person(project, "invented-asker", "Invented Asker")
    assert issue(project, "2001-02-05").changes is not None
    assert list(verify(place))
