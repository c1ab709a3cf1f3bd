"""What the benchmarks measure with is right: valid entries, equal from equal seeds, and costs that were paid."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from justicegraph.project.folder import Folder, load_folder, store_of
from justicegraph.validate import validate
from tests.support.project import ROOT as PROJECT

COUNT = 250


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *map(str, words)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


needs_wrk = pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is missing, which sends the load")


@pytest.fixture(scope="module", autouse=True)
def benchmarks() -> Iterator[None]:
    """Make the benchmarks importable, which no wheel holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PROJECT)
        yield


@pytest.fixture(scope="module")
def smallest() -> Store:
    from benchmarks.quads import FEWEST, invented_store

    return invented_store(FEWEST)


@pytest.fixture(scope="module")
def served(smallest: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("served") / "graph.nq"
    smallest.dump(str(file), RdfFormat.N_QUADS)
    return file


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = tmp_path_factory.mktemp("invented") / "a"
    assert run("benchmarks.generate", COUNT, folder).returncode == 0
    return load_folder(folder)


def test_invented_entries_are_as_many_as_asked_for_and_have_no_finding(invented: Folder) -> None:
    assert len(invented.files) == COUNT
    assert [str(finding) for finding in validate(invented, store_of(invented))] == []


def test_invented_entries_say_so_and_are_of_a_real_size(invented: Folder) -> None:
    made = {path: document.triples for path, document in invented.files.items() if path.parent.name != "causes"}
    assert {path.stem.partition("-")[0] for path in made} == {"invented"}
    assert 20 < sum(map(len, made.values())) / len(made) < 35


def test_equal_seeds_give_equal_files(invented: Folder, tmp_path: Path) -> None:
    for seed, equal in ((1, True), (2, False)):
        folder = tmp_path / str(seed)
        assert run("benchmarks.generate", COUNT, folder, "--seed", seed).returncode == 0
        again = {path.relative_to(folder): path.read_bytes() for path in load_folder(folder).files}
        first = {path.relative_to(invented.root): path.read_bytes() for path in invented.files}
        assert (again == first) is equal


def test_folder_that_has_entries_is_left_alone(invented: Folder) -> None:
    refused = run("benchmarks.generate", COUNT, invented.root)
    assert refused.returncode == 1
    assert "is there already: name a folder that is new or empty" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_pipeline_names_the_machine_and_measures_check_and_build() -> None:
    printed = run("benchmarks.pipeline", 200).stdout
    assert "pyoxigraph" in printed.partition("\n\n")[0]
    for figure in ("quads in the snapshot", "check, s", "check, peak MB", "build, s", "build, peak MB"):
        assert f"| {figure}" in printed


def test_server_that_was_measured_is_ended(invented: Folder, tmp_path: Path) -> None:
    call = f"seconds_to_answer(justicegraph(), Path({str(invented.root)!r}), Path({str(tmp_path)!r}))"
    code = f"from benchmarks.start import *; print({call})"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert float(done.stdout) > 0
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert not any(str(tmp_path).encode() in command for command in running)


def test_cost_is_that_of_the_command_and_of_the_processes_that_it_starts() -> None:
    held = "x = b'x' * 100_000_000; import time; time.sleep(1.5)"
    two = f"import os; os.fork(); {held}; os._exit(0)"
    code = f"from benchmarks.run import *; c = cost_of([sys.executable, '-c', {two!r}]); print(c.largest, c.together)"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    largest, together = map(int, done.stdout.split())
    assert 100_000_000 < largest < 180_000_000
    assert 200_000_000 < together < 360_000_000


def test_mix_is_twelve_questions_that_the_smallest_graph_answers(smallest: Store) -> None:
    from benchmarks.log import mix

    assert len(mix()) == 12
    for name, query in mix().items():
        assert "?" in query.partition("\n")[0], f"{name}.rq begins with no question"
        found = smallest.query(query, use_default_graph_as_union=True)
        assert not isinstance(found, QueryBoolean)
        assert next(iter(found), None), f"{name}.rq has no answer"


def test_query_of_the_mix_is_asked_of_every_other_entry_of_its_kind() -> None:
    from benchmarks.log import mix, variants

    slugs = ["bail", "invented-organization-1", "invented-organization-20", "invented-person-1"]
    for name, places in {
        "entry_by_its_name": ['"Invented Organization 1"@en', '"Invented Organization 20"@en'],
        "sources_of_an_entry": ["/doc/invented-person-1>"],
        "causes_under_a_cause": ["id:bail ;"],
        "prisoners_and_their_status": [""],
    }.items():
        others = variants(mix()[name], slugs)
        assert [place in query for place, query in zip(places, others, strict=True)] == [True] * len(places), name


def test_log_is_the_same_again_and_holds_no_query_twice() -> None:
    from benchmarks.log import distinct, mix

    slugs = [f"invented-{kind}-{number}" for kind in ("person", "organization") for number in range(1, 2000)]
    log = distinct(mix().values(), slugs, 1)
    assert len(log) == len(set(log)) == 10_000
    assert log == distinct(mix().values(), slugs, 1) != distinct(mix().values(), slugs, 2)


def test_nth_query_of_the_log_is_asked_n_times_as_rarely_as_the_first() -> None:
    from benchmarks.log import turns

    asked = Counter(turns(1000, seed=1, length=200_000))
    assert asked[1] / asked[2] == pytest.approx(2, rel=0.1)
    assert asked[1] / asked[10] == pytest.approx(10, rel=0.1)


def test_answers_are_alike_where_only_the_order_of_rows_differs() -> None:
    from benchmarks.answers import rows

    one, two = (f'{{"a": {{"type": "uri", "value": "https://example.org/{number}"}}}}' for number in (1, 2))
    first, again, more = (
        rows(f'{{"head": {{"vars": ["a"]}}, "results": {{"bindings": [{each}]}}}}'.encode())
        for each in (f"{one}, {two}", f"{two}, {one}", f"{one}, {two}, {two}")
    )
    assert first == again != more
    triple = b"<https://example.org/1> <https://example.org/2> <https://example.org/3> .\n"
    assert rows(triple) == rows(triple * 2) != rows(b"")


def test_target_is_met_by_the_figure_itself_and_missed_below_it() -> None:
    from benchmarks.figures import LARGE, targets, verdicts
    from benchmarks.load import Load
    from benchmarks.processes import Memory

    def runs(*rates: float) -> dict[str, dict[str, Load]]:
        each = [Load(rate, 0.001, 0.002, 0.0001) for rate in rates]
        return {str(at): {"ours": load, "oxigraph-memory": Load(1, 1, 1, 1)} for at, load in enumerate(each)}

    size = 2 * LARGE
    printed = verdicts(targets(runs(0.3, 1.2), {}, Memory(5 * LARGE, 10, (size, size, size, size, 1)), size))
    assert [line.split()[-2] for line in printed.splitlines()[2:]] == ["met", "met", "met"]
    assert [line.split()[-4] for line in printed.splitlines()[2:]] == ["0.60", "0.30", "2.50"]
    assert verdicts(targets(runs(0.29, 1.2), {}, None, size)).count("missed") == 2


def test_processor_time_and_memory_are_those_of_a_session() -> None:
    from benchmarks.processes import cpu_seconds, memory

    child = "if os.fork() == 0: os._exit(sum(range(20_000_000)) == 0)"
    code = f"import os; held = b'x' * 50_000_000\n{child}\nos.wait(); print(); input()"
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, start_new_session=True, stdin=pipe, stdout=pipe) as process:
        assert process.stdout
        process.stdout.readline()
        held, spent = memory(process.pid), cpu_seconds(process.pid)
    assert spent > 0.1
    assert len(held.resident) == 1
    assert 50_000_000 < held.private <= held.together < 100_000_000


@needs_wrk
def test_answers_that_are_refusals_are_no_throughput(served: Path, tmp_path: Path) -> None:
    from benchmarks.load import load, write_queries
    from benchmarks.run import Failed
    from benchmarks.servers import Setting, running

    with running("ours", Setting(served, tmp_path, tmp_path)) as server:
        assert load(server, [write_queries(tmp_path / "good", ["ASK {}"])], 1, 4).cpu > 0
        with pytest.raises(Failed, match="have a status of 400 or above"):
            load(server, [write_queries(tmp_path / "bad", ["ASK {"])], 1, 4)
    running_now = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert not any(str(served).encode() in command for command in running_now)


# Slow: each query of the mix is sent for a while, to several servers.
@needs_wrk
def test_endpoint_is_measured_without_its_cache_and_with_it(served: Path) -> None:
    done = run("benchmarks.endpoint", "--file", served, "--seconds", 1, "--only", "ours", "--queries", "one_entity")
    assert done.returncode == 0, done.stderr
    for figure in ("requests a second", "p50, ms", "p99, ms", "processor time per request, ms"):
        assert done.stdout.count(f"| {figure} ") == 2
    assert "| memory after the mix" in done.stdout


@needs_wrk
def test_benchmark_that_is_ended_early_leaves_no_server(served: Path, tmp_path: Path) -> None:
    graph = shutil.copy(served, tmp_path / "ended-early.nq")
    command = [sys.executable, "-m", "benchmarks.endpoint", "--file", str(graph), "--only", "ours"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stderr
        assert [process.stderr.readline() for _ in range(2)] == ["starting ours\n", "starting ours-cached\n"]
        assert end_early(process).endswith("ended before all was measured\n")
    running_now = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert not any(b"ended-early.nq" in each for each in running_now)


def end_early(process: "subprocess.Popen[str]") -> str:
    """Tell a process to end, until it does, and return its last words: Python drops what is raised while it forks."""
    while process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
    return process.stderr.read() if process.stderr else ""


# Slow: a release is made, and read back by three programs.
@needs_wrk
def test_release_is_measured_beside_others_and_proved(served: Path) -> None:
    done = run("benchmarks.release", "--file", served, "--peers-quads", 10_000)
    assert done.returncode == 0, done.stderr
    for figure in ("ours", "rdflib", "pyoxigraph", "release --verify", "justicegraph.jsonld", "its lines", "delta"):
        assert f"| {figure} " in done.stdout
    for target in ("rdflib: quads a second", "MB a second of one core", "peak MB, all processes", "over HTTP"):
        assert target in done.stdout.rpartition("| target ")[2]


def test_line_that_says_something_else_is_found_by_its_hash_and_by_pyld(served: Path, tmp_path: Path) -> None:
    from benchmarks.release_proofs import prove, sampled
    from benchmarks.release_steps import release, sort
    from justicegraph.system.compression import read_lines

    quads = tmp_path / "quads.nq"
    sort(served, quads)
    release(quads, tmp_path)
    assert prove(tmp_path)["sampled"] > 1
    (folder,) = tmp_path.glob("*-*-*")
    context = json.loads((folder / "context/v1.jsonld").read_bytes())["@context"]
    _, *others = read_lines(folder / "justicegraph.jsonl.zst")
    with pytest.raises(SystemExit, match="pyld reads another entry"):
        sampled(lambda: quads.read_bytes().splitlines(keepends=True), [others[0], *others], context)


def test_release_that_is_ended_early_leaves_neither_process_nor_folder(served: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.release", "--file", str(served), "--only", "release"]
    pipe, env = subprocess.PIPE, os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True, env=env) as process:
        assert process.stderr
        assert [process.stderr.readline() for _ in range(2)] == ["sort\n", "release\n"]
        assert end_early(process).endswith("ended before all was measured\n")
    assert list(tmp_path.iterdir()) == []
    running_now = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert not any(str(tmp_path).encode() in each for each in running_now)


def test_peers_are_of_one_version_each() -> None:
    lines = (PROJECT / "benchmarks" / "peers.txt").read_text(encoding="utf-8").splitlines()
    assert {"oxigraph", "rdflib-endpoint"} <= {line.partition("==")[0] for line in lines}
    assert all(line.count("==") == 1 for line in lines)


def test_server_that_nobody_knows_is_refused_in_a_sentence() -> None:
    refused = run("benchmarks.endpoint", "--only", "ours,oracle")
    assert refused.returncode == 2
    assert "oracle is none of ours, oxigraph-disk, oxigraph-memory, rdflib-endpoint" in refused.stderr


def test_missing_wrk_is_told_in_a_sentence(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert run("benchmarks.endpoint", "--file", served).stderr == (
        "wrk is missing: install it (on Debian: apt install wrk)\n"
    )
