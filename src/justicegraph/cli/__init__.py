"""The command line: data go to standard output, messages to standard error; commands import what they need."""

import os
import sys

import click

from justicegraph.cli.build import build, release
from justicegraph.cli.curate import check, coverage, format_files, remove_entry
from justicegraph.cli.link import link
from justicegraph.cli.new import new_entry
from justicegraph.cli.query import query, show
from justicegraph.cli.reconcile import reconcile
from justicegraph.cli.search import search
from justicegraph.cli.serve import serve
from justicegraph.cli.suggestions import review_suggestions
from justicegraph.cli.terminal import say
from justicegraph.errors import JusticeGraphError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="justicegraph", message="%(version)s")
def cli() -> None:
    """A knowledge graph of the prison-justice movement: check it, build it, serve it, query it."""


for _command in (
    new_entry, format_files, check, coverage, build, release, serve, query, show, search, reconcile, link,
    review_suggestions, remove_entry,
):  # fmt: skip
    cli.add_command(_command)


def main() -> None:
    """Run the command; an error of ours becomes one sentence and an exit code."""
    try:
        cli(prog_name="justicegraph")
    except JusticeGraphError as error:
        say(f"justicegraph: {error}")
        sys.exit(error.exit_code)
    except OSError as error:
        say(f"justicegraph: the output cannot be written: {error.strerror or error}.")
        os._exit(1)  # Python would try once more to write the rest
