"""The command: each task works, and bad input gets one sentence, its own exit code, and changes nothing."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import RdfFormat, parse

from justicegraph.cli import cli, main
from justicegraph.errors import JusticeGraphError
from tests.support.project import INVENTED, write_entity
from tests.support.servers import serving

PERSON = INVENTED["people/invented-person"]


def run(project: Path, *arguments: str, stdin: str = "") -> Result:
    """Run a command in this process; an error of ours becomes its exit code, as `main` makes it."""
    try:
        result = CliRunner().invoke(cli, [*arguments, "--folder", str(project)], input=stdin, catch_exceptions=False)
    except JusticeGraphError as error:
        return Result(CliRunner(), b"", str(error).encode(), b"", None, error.exit_code, None)
    return result


def command(*arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installed command as a person does."""
    program = Path(sys.executable).with_name("justicegraph")
    return subprocess.run([program, *arguments], cwd=cwd, input=stdin, capture_output=True, text=True, check=False)


def fetch(address: str, accept: str = "*/*") -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept": accept})) as response:
        return str(response.read().decode())


def test_check_of_a_right_project_is_silent(project: Path) -> None:
    result = run(project, "check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Mentions were not checked against their texts" in result.stderr
    assert result.stderr.endswith("7 files checked: no findings.\n")


def test_check_tells_of_findings_and_fails(project: Path) -> None:
    path = write_entity(project, "people/invented-person", PERSON.replace("jgt:prison", "jgt:prisons"))
    result = run(project, "check")
    assert result.exit_code == 4
    assert result.stdout.startswith(f"{path}, line ")
    assert "Did you mean jgt:prison?" in result.stdout


def test_check_gives_a_report_in_turtle(project: Path) -> None:
    write_entity(project, "people/invented-person", PERSON.replace("jgt:prison", "jgt:prisons"))
    result = run(project, "check", "--format", "turtle")
    assert any("ValidationResult" in str(quad.object) for quad in parse(result.stdout, format=RdfFormat.TURTLE))


def test_mentions_are_checked_and_lines_counted_where_the_texts_are(project: Path) -> None:
    text = b"one\nInvented\nPerson"
    (project / "list.txt").write_bytes(text)
    digest = hashlib.sha256(text).hexdigest()
    write_entity(
        project,
        "sources/invented-list",
        INVENTED["sources/invented-list"].replace("jg:author", f'jg:sha256 "{digest}" ; jg:author'),
    )
    assert run(project, "check", "--sources", str(project)).exit_code == 0
    covered = run(project, "coverage", "--sources", str(project))
    assert covered.stdout == "id:invented-list: 2 of 3 lines with content have a mention\n  1: one\n"
    write_entity(project, "people/invented-person", PERSON.replace("jg:firstLine 2", "jg:firstLine 3"))
    failed = run(project, "check", "--sources", str(project))
    assert (failed.exit_code, "is not in line 3" in failed.stdout) == (4, True)


def test_format_writes_the_canonical_form_once(project: Path) -> None:
    path = project / "graph/people/invented-person.ttl"
    canonical = path.read_bytes()
    path.write_bytes(canonical.replace(b" ;\n    .", b" .").replace(b"@prefix skos", b"# a remark\n@prefix skos"))
    first, second = run(project, "format"), run(project, "format")
    assert path.read_bytes() == canonical
    assert "comments are dropped" in first.stderr
    assert " 1 written, 0 broken" in first.stderr
    assert " 0 written, 0 broken" in second.stderr


def test_format_leaves_a_broken_file_and_mends_the_others(project: Path) -> None:
    broken, other = project / "graph/people/broken.ttl", project / "graph/people/invented-person.ttl"
    broken.write_text("id:a\n")
    canonical = other.read_bytes()
    other.write_bytes(canonical + b"\n")
    result = run(project, "format")
    assert result.exit_code == 4
    assert "broken.ttl, line 1, column" in result.stderr
    assert (broken.read_text(), other.read_bytes()) == ("id:a\n", canonical)


def test_build_is_the_same_twice(project: Path) -> None:
    first = run(project, "build")
    dumps = {path.name: path.read_bytes() for path in (project / "build/current/").iterdir() if path.is_file()}
    second = run(project, "build")
    assert first.stdout == second.stdout
    assert dumps == {path.name: path.read_bytes() for path in (project / "build/current/").iterdir() if path.is_file()}


def test_build_with_findings_builds_nothing(project: Path) -> None:
    before = run(project, "build").stdout.strip()
    write_entity(
        project,
        "people/invented-person",
        PERSON.replace(
            "jg:source id:invented-list .\n        id:invented-person.custody-1",
            'skos:editorialNote "x"@en .\n        id:invented-person.custody-1',
        ),
    )
    failed = run(project, "build")
    assert failed.exit_code == 4
    assert "1 finding: nothing was built" in failed.stderr
    assert (project / "build/current").resolve().name == before


def test_broken_ontology_is_told(project: Path) -> None:
    (project / "ontology/justicegraph.ttl").write_text("jg:")
    assert "justicegraph.ttl, line 1, column" in run(project, "check").stderr


def test_query_and_show_build_when_needed_and_follow_an_edit(project: Path) -> None:
    query = "SELECT ?name { ?a <http://www.w3.org/2004/02/skos/core#prefLabel> ?name FILTER CONTAINS(?name, 'Group') } ORDER BY ?name"
    assert "Invented Group" in run(project, "query", stdin=query).stdout
    write_entity(
        project,
        "organizations/invented-group",
        INVENTED["organizations/invented-group"].replace("Invented Group", "Renamed Group"),
    )
    assert "Renamed Group" in run(project, "query", stdin=query).stdout
    assert "Renamed Group (organization)" in run(project, "show", "invented-group").stdout


@pytest.mark.parametrize(
    ("form", "begins"),
    [("json", '{"head"'), ("csv", "name\n"), ("tsv", "?name\n"), ("xml", "<?xml"), ("table", "name")],
)
def test_query_answers_in_each_format(form: str, begins: str, shared_project: Path) -> None:
    query = "SELECT ?name { ?a <http://www.w3.org/2004/02/skos/core#prefLabel> ?name } ORDER BY ?name"
    assert run(shared_project, "query", "--format", form, stdin=query).stdout.startswith(begins)


def test_status_is_derived_and_dated(shared_project: Path) -> None:
    shown = run(shared_project, "show", "id:invented-person").stdout
    assert "current status: prison" in shown
    assert "as of: 2010-05" in shown
    assert "Former names" in run(shared_project, "show", "invented-group").stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "said"),
    [
        (["query"], "SELECT", 4, "The query does not parse: "),
        (["query"], "SELECT * { SERVICE <http://a.example/> {} }", 4, "SERVICE in line 1"),
        (["query"], "INSERT DATA { <a:a> <a:a> 1 }", 4, "Updates are refused"),
        (["query"], "ASK {}" + " " * 70_000, 4, "longer than 65,536 bytes"),
        (["query", "--format", "ttl"], "ASK {}", 2, "SELECT and ASK cannot be written in an accepted format"),
        (["query", "--endpoint", "ftp://a.example"], "ASK {}", 5, "an endpoint begins with http:// or https://"),
        (["query", "--endpoint", "http://127.0.0.1:9/"], "ASK {}", 5, "cannot be reached"),
        (["show", "invented-grop"], "", 3, 'There is no entry "invented-grop"; did you mean invented-group.'),
        (["show", "../../etc"], "", 3, "There is no entry"),
        (["serve", "--port", "0"], "", 2, "0 is not in the range"),
        (["query", "/no/such/file"], "", 2, "No such file"),
        (["build", "--build-dir", "/proc/no"], "", 1, "cannot be written"),
        (["serve", "--host", "192.0.2.1"], "", 1, "Cannot listen on 192.0.2.1:8000"),
    ],
    ids=str,
)
def test_bad_input_gets_one_sentence_and_its_code(
    arguments: list[str], stdin: str, code: int, said: str, shared_project: Path
) -> None:
    result = run(shared_project, *arguments, stdin=stdin)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_folder_without_a_graph_is_said(tmp_path: Path) -> None:
    result = run(tmp_path, "check")
    assert (result.exit_code, "has no folder graph/" in result.stderr) == (3, True)


def test_port_in_use_is_said(shared_project: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run(shared_project, "serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 1
    assert "Address already in use. Choose another with --port" in result.stderr


def test_main_tells_an_error_and_ends_with_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["justicegraph", "check", "--folder", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    assert capsys.readouterr().err.startswith("justicegraph: ")


def test_reader_that_leaves_early_is_no_error(shared_project: Path) -> None:
    program = Path(sys.executable).with_name("justicegraph")
    query = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 100000"
    line = f"{program} query --format csv --folder {shared_project} <<< '{query}' | head -1"
    ended = subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, text=True, check=False)
    assert ended.stderr == ""


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; import justicegraph.cli; print([m for m in ('pyoxigraph', 'flask', 'rdflib', 'pyshacl', 'rich', 'granian') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_serve_answers_and_ends(project: Path) -> None:
    with serving(project) as address:
        assert json.loads(fetch(f"{address}/sparql?query=ASK%7B%7D"))["boolean"] is True
        assert "Invented Group" in fetch(f"{address}/doc/invented-group", "text/html")
    with pytest.raises(OSError, match="refused"):
        fetch(address)


def test_serve_gives_the_snapshot_built_from_the_newest_files(project: Path) -> None:
    assert command("build", cwd=project).returncode == 0
    write_entity(
        project,
        "organizations/invented-group",
        INVENTED["organizations/invented-group"].replace("Invented Group", "Renamed Group"),
    )
    with serving(project) as address:
        assert "Renamed Group" in fetch(f"{address}/doc/invented-group", "text/html")


def test_serve_of_files_keeps_their_default_graph(project: Path) -> None:
    (project / "a.ttl").write_text("<https://invented.example/a> <https://invented.example/p> 1 .")
    (project / "b.trig").write_text(
        "<https://invented.example/g> { <https://invented.example/b> <https://invented.example/p> 2 }"
    )
    count = "/sparql?format=csv&query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    with serving(project, "a.ttl", "b.trig") as address:
        assert fetch(address + count) == "n\r\n1\r\n"
    with serving(project, "a.ttl", "b.trig", "--union-default-graph") as address:
        assert fetch(address + count) == "n\r\n2\r\n"


def test_interrupted_build_leaves_the_old_snapshot(project: Path) -> None:
    before = command("build", cwd=project).stdout
    for number in range(300):
        write_entity(
            project,
            f"organizations/more-{number}",
            INVENTED["organizations/invented-group"]
            .replace("invented-group", f"more-{number}")
            .replace('"Invented Group"', f'"More {number}"'),
        )
    program = Path(sys.executable).with_name("justicegraph")
    process = subprocess.Popen([program, "build"], cwd=project, stderr=subprocess.DEVNULL)
    time.sleep(0.8)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (project / "build/current").resolve().name == before.strip()
    assert command("build", cwd=project).returncode == 0
    assert (project / "build/current").resolve().name != before.strip()
