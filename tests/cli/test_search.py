"""The command `search` prints entries."""

from pathlib import Path

from tests.cli.test_commands import run


def test_command_prints_what_it_finds(project: Path) -> None:
    result = run(project, "search", "invnted persn", "--only", "kind=Person")
    assert (result.exit_code, result.stdout.split()[3:7]) == (0, ["invented-person", "Invented", "Person", "person,"])
    assert result.stderr.strip().endswith("1 hit with similar spelling.")
    assert run(project, "search", "nobody at all").exit_code == 3
    assert run(project, "search", "x", "--only", "colour=red").exit_code == 4
