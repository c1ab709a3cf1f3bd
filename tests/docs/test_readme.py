"""What the README says is so: its commands exist, its addresses answer, its answers are the graph's."""

import csv
import io
import re
import shlex
import tomllib
from functools import partial

import pytest
from click.testing import CliRunner

from justicegraph.cli import cli
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.rdf.formats import SOLUTIONS, named_format
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query
from tests.support.project import ROOT

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
ANSWERS = re.findall(r"<!-- answer: (\w+) -->\n(.*?)<!-- end -->", README, re.DOTALL)


def answer(name: str) -> str:
    """Return the answer of a question as a table of Markdown."""
    folder = load_folder(ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    run_query = partial(evaluate, store, union=True)
    text = run_query(Query((ROOT / f"queries/{name}.rq").read_text(), named_format("csv", SOLUTIONS))).read().decode()
    rows = list(csv.reader(io.StringIO(text)))
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n" + "".join("| " + " | ".join(row) + " |\n" for row in rows) + "\n"


def test_there_are_three_answers() -> None:
    assert len(ANSWERS) == 3


@pytest.mark.parametrize(("name", "said"), ANSWERS, ids=[name for name, _ in ANSWERS])
def test_answer_is_the_graphs(name: str, said: str) -> None:
    assert said == answer(name)


def test_make_targets_exist() -> None:
    named = {
        word
        for line in re.findall(r"\bmake ([a-z ]+)", README)
        for word in line.split()
        if word in TARGETS or len(line.split()) == 1
    }
    assert {"serve", "test", "format", "check", "bench"} <= TARGETS
    assert {word for word in named if word not in TARGETS} <= {"and"}


def test_commands_exist_and_help() -> None:
    listed = next(line for line in README.replace("\n", " ").split(". ") if "--help` lists them" in line)
    for name in set(re.findall(r"`([a-z]+)`", listed.partition("lists them")[2])):
        assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0, name


def test_files_that_are_linked_exist() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_constraints_name_packages_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {shlex.split(re.split(r"[<>=]", each)[0])[0].lower() for each in needed} <= pinned
