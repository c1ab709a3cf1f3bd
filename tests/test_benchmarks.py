"""What the benchmarks measure with is right: valid entries, equal from equal seeds, and costs that were paid."""

import subprocess
import sys
from pathlib import Path

import pytest

from justicegraph.load import Folder, load_folder, store_of
from justicegraph.validate import validate

PROJECT = Path(__file__).parents[1]
COUNT = 250


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *map(str, words)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = tmp_path_factory.mktemp("invented") / "a"
    assert run("benchmarks.generate", COUNT, folder).returncode == 0
    return load_folder(folder)


def test_invented_entries_are_as_many_as_asked_for_and_have_no_finding(invented: Folder) -> None:
    assert len(invented.files) == COUNT
    assert [str(finding) for finding in validate(invented, store_of(invented))] == []


def test_invented_entries_say_so_and_are_of_a_real_size(invented: Folder) -> None:
    made = {path: triples for path, triples in invented.files.items() if path.parent.name != "causes"}
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
