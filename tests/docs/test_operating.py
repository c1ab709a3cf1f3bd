"""What docs/operating.md tells is so, and deploy/ starts a command that exists."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import click
import pytest

from justicegraph.cli import cli
from justicegraph.http.problems import KINDS
from justicegraph.pool import Limits
from tests.support.project import ROOT
from tests.support.servers import serving

DOC = (ROOT / "docs/operating.md").read_text()
UNIT = (ROOT / "deploy/justicegraph.service").read_text()
CONTAINERFILE = (ROOT / "deploy/Containerfile").read_text()
SOURCE = "".join(path.read_text() for path in (ROOT / "src/justicegraph").rglob("*.py"))
TOLD = {
    first: [cell.strip("`") for cell in others]
    for first, *others in (re.split(r"`? \| ", line[3:-2]) for line in DOC.splitlines() if line.startswith("| `"))
}
"""The tables' rows by their first cell."""

OPTIONS = [option for option in cli.commands["serve"].params if isinstance(option, click.Option)]
SETTINGS = dict(line.split("=", 1) for line in UNIT.splitlines() if line[:1].isalpha())


def default_of(option: click.Option) -> str:
    """Return an option's default as a person writes it."""
    default = option.to_info_dict()["default"]
    if option.name == "workers":
        return f"cores + {default - len(os.sched_getaffinity(0))}"
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:g}" if isinstance(default, float) else "none" if default is None else str(default)


def parsed(words: list[str]) -> dict[str, object]:
    """Return what `serve` understands of a command line; raise UsageError where it does not."""
    name, command, others = cli.resolve_command(click.Context(cli), words[1:])
    assert (Path(words[0]).name, name, command) == ("justicegraph", "serve", cli.commands["serve"])
    return dict(cli.commands["serve"].make_context("serve", others).params)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.opts[0])
def test_option_is_told_with_its_default_and_in_the_words_of_its_help(option: click.Option) -> None:
    default, meaning = TOLD[option.opts[0]]
    assert default == default_of(option)
    assert meaning == (option.help or "The port to listen on.")


def test_no_other_option_is_told() -> None:
    named = {option.opts[0] for option in OPTIONS}
    assert {first for first in TOLD if first.startswith("--")} == named
    docker_s = {"--init", "--format", "--stop-timeout"}
    assert set(re.findall(r"`(--[a-z-]+)[ `]", DOC)) <= named | docker_s


@pytest.mark.parametrize("kind", KINDS)
def test_problem_is_told_with_its_status(kind: str) -> None:
    status, meaning = TOLD[kind]
    assert status == str(KINDS[kind][0])
    assert len(meaning) > 20


def test_every_metric_is_told_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<https://invented.example/a> <https://invented.example/p> 1 .")
    with serving(tmp_path, "a.ttl") as address, urlopen(f"{address}/metrics") as response:
        given = re.findall(r"^# TYPE (\w+)", response.read().decode(), re.MULTILINE)
    assert len(given) > 5
    assert set(given) == {first for first in TOLD if first.startswith("justicegraph_")}


def test_every_event_is_told() -> None:
    events = set(re.findall(r'(?:_report|happened|_log\.write)\(\s*"([a-z ]+)"', SOURCE))
    assert {"loaded", "limit", "request"} <= events
    assert events <= set(TOLD)


def test_every_limit_that_ends_a_question_is_told() -> None:
    limits = set(re.findall(r'LimitReached\(\s*"([a-z]+)"', SOURCE)) | {"time", "memory", "depth", "engine"}
    assert {limit for limit in limits if f"`{limit}`" not in TOLD["justicegraph_limits_total"][0]} == set()


def test_links_lead_to_files() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", DOC) if "://" not in link]
    assert len(links) > 3
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_unit_starts_the_server_behind_a_proxy() -> None:
    given = parsed(shlex.split(SETTINGS["ExecStart"]))
    assert (given["host"], given["trusted_proxies"]) == ("127.0.0.1", 1)
    assert given["build_dir"] == Path("/var/cache") / SETTINGS["CacheDirectory"]


def test_unit_gives_questions_time_to_end_and_memory_for_the_default_limits() -> None:
    limits, graph, mib = Limits(workers=3), 105, 2**20
    assert int(SETTINGS["TimeoutStopSec"]) >= 2 * limits.time + 5
    most = (limits.workers + 4) * (graph + 64) + limits.slow * limits.memory / mib + 128 + 256
    assert f"the defaults come to {most / 1024:.1f} GiB" in " ".join(DOC.split())
    assert int(SETTINGS["MemoryMax"].removesuffix("G")) * 1024 >= most


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is missing, which reads the unit")
def test_unit_is_valid(tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("justicegraph"))
    unit = tmp_path / "justicegraph.service"
    unit.write_text(UNIT.replace("/opt/justicegraph/bin/justicegraph", program))
    found = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert [line for line in found.stderr.splitlines() if "justicegraph" in line] == []


def test_image_builds_into_the_folder_that_it_serves_from() -> None:
    served = parsed(json.loads(CONTAINERFILE.partition("ENTRYPOINT ")[2]))
    built = re.search(r"^RUN (/opt/\S+ build .*)$", CONTAINERFILE, re.MULTILINE)
    assert built is not None
    arguments = shlex.split(built[1])[2:]
    assert cli.commands["build"].make_context("build", arguments).params["build_dir"] == served["build_dir"]
    assert f"127.0.0.1:{served['port']}/healthz" in CONTAINERFILE


def test_image_has_all_that_the_wheel_is_made_from() -> None:
    copied = {
        name for line in re.findall(r"^COPY (?!--)(.*) \S+$", CONTAINERFILE, re.MULTILINE) for name in line.split()
    }
    assert {name for name in copied if not (ROOT / name).exists()} == set()
    carried = set(
        re.findall(r"^(\w+) = \"justicegraph/data/\w+\"$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    )
    assert {"src", "pyproject.toml", "constraints.txt", "README.md", *carried} <= copied


def test_image_is_no_ones_root_and_names_no_registry() -> None:
    images = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert len(set(images)) == 1
    assert "/" not in images[0]
    user = CONTAINERFILE.rpartition("FROM ")[2].partition("USER ")[2].partition("\n")[0]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
