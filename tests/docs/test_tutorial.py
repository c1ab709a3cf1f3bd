"""docs/tutorial.md: the commands exist, the query has results, and the entry is there."""

import re
import shlex
from functools import partial

import click
import pytest
from pyoxigraph import RdfFormat, Store

from justicegraph.cli import cli
from justicegraph.rdf.formats import SOLUTIONS, named_format
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import Query
from tests.support.project import ROOT

TUTORIAL = (ROOT / "docs/tutorial.md").read_text()
COMMANDS = re.findall(r"^(?:.*\| )?\.venv/bin/justicegraph ([^#\n]+)", TUTORIAL, re.MULTILINE)
(SPARQL,) = re.findall(r"echo '(.*?)'", TUTORIAL, re.DOTALL)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_understood(command: str) -> None:
    name, found, rest = cli.resolve_command(click.Context(cli), shlex.split(command))
    assert found is not None
    arguments = [str(ROOT / part) if part.endswith(".rq") else part for part in rest]
    with found.make_context(name, arguments) as context:
        assert context.params


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 5
    assert re.findall(r"^make (\w+)", TUTORIAL, re.MULTILINE) == ["serve", "format"]


def test_query_has_results(own_quads: object) -> None:
    store = Store()
    store.bulk_load(path=str(own_quads), format=RdfFormat.N_QUADS)
    run_query = partial(evaluate, store, union=True)
    rows = run_query(Query(SPARQL, named_format("csv", SOLUTIONS))).read().decode().splitlines()
    assert (rows[0], len(rows)) == ("cause,campaigns", 6)


def test_entry_is_there() -> None:
    assert (ROOT / "graph/people/leonard-peltier.ttl").is_file()
