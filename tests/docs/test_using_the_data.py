"""What docs/using-the-data.md tells is so: each recipe is run as it stands, on a release of the project's own graph.

What a recipe prints follows it on the page. A line `…` there stands for any lines: what the graph says of one thing is
told in full, and of many only what is likely to stay. A recipe that counts has nothing printed; CHECKS look at it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from justicegraph.jsonld import read_context, write_lines
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.rdf.nquads import write_sorted
from justicegraph.release.parquet import has_pyarrow
from tests.support.project import ROOT, make_project, write_entity
from tests.support.servers import free_port, serving, until

DOC = (ROOT / "docs/using-the-data.md").read_text()
FIRST, STAND_IN, SECOND = "2026-10-01", "2026-10-01.1", "2026-10-08"
HERE, OXIGRAPH = "http://127.0.0.1:8000", "127.0.0.1:7878"
BIN = Path(sys.executable).parent
PATH = f"{BIN}{os.pathsep}{os.environ['PATH']}"
PROGRAMS = ("curl", "gzip", "jq", "oxigraph", "sha256sum")
ALWAYS = {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}

SOURCE = """id:invented-list a jg:Source ; skos:prefLabel "An invented list"@en ;
    skos:definition "A list that nobody wrote."@en ; jg:author "Nobody" ."""
ASKER = """id:invented-asker a jg:Person ; skos:prefLabel "Invented Asker"@en ; skos:definition "Nobody."@en ;
    jg:source id:invented-list .
    id:invented-asker.custody-1 a jg:Custody ; jg:isCustodyOf id:invented-asker ; jg:position 1 ; jg:regime jgt:prison ;
    jg:source id:invented-list ."""
GROUP = """id:invented-group a jg:Organization ; skos:prefLabel "Invented Group"@en ;
    skos:definition "A group that writes to {whom}."@en ; jg:source id:invented-list ."""
CAMPAIGN = """id:invented-campaign a jg:Campaign ; skos:prefLabel "An invented campaign"@en ;
    skos:definition "Nothing real."@en ; jg:isRunBy id:invented-group ; jg:campaignsFor id:invented-asker ;
    jg:source id:invented-list ."""
EXAMPLE = """id:invented-prisoner a jg:Person ; skos:prefLabel "Invented Prisoner"@en ;
    skos:definition "Someone who does not exist."@en ; jg:source id:invented-list .
    id:invented-prisoner.custody-1 a jg:Custody ; jg:isCustodyOf id:invented-prisoner ; jg:position 1 ;
    jg:regime jgt:prison ; jg:startedOn "2001-02-03"^^xsd:date ; jg:confirmedOn "2010-05"^^xsd:gYearMonth ;
    jg:source id:invented-list .
    id:invented-prisoner.claim-1 a jg:Claim ; jg:about id:invented-prisoner ; jg:claimant id:invented-group ;
    jg:stance jgt:asserts ; jg:ascribes jgt:innocent ; jg:says "That it was someone else."@en ;
    jg:source id:invented-list ."""


class Recipe(NamedTuple):
    """A block of the page: the heading above, its number there, its language, its text, and what it prints."""

    heading: str
    number: int
    language: str
    text: str
    printed: str | None

    @property
    def name(self) -> str:
        return f"{self.heading.lower().replace(' ', '-')}-{self.number}"


@dataclass(frozen=True)
class ServedReleases:
    """Two releases, a copy from before a removal, and the address of the server that they are from."""

    releases: Path
    before: Path
    address: str


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield the heading, language and text of each block."""
    heading = ""
    for match in re.finditer(r"^#+ ([^\n]+)$|^```(\w*)\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL):
        if match[1]:
            heading = match[1]
        else:
            yield heading, match[2], match[3]


def recipes() -> list[Recipe]:
    recipes: list[Recipe] = []
    for heading, language, text in blocks():
        if language == "text":
            assert recipes[-1].printed is None, text
            recipes[-1] = recipes[-1]._replace(printed=text)
        elif language in {"sh", "python", "sql"}:
            number = 1 + sum(recipe.heading == heading for recipe in recipes)
            recipes.append(Recipe(heading, number, language, text, None))
    return recipes


RECIPES = {recipe.name: recipe for recipe in recipes()}
SERVES = "oxigraph-on-the-command-line-2"
QUESTION, EXAMPLE_JSON = (next(text for _, kind, text in blocks() if kind == name) for name in ("sparql", "json"))


def needs(recipe: Recipe) -> list[pytest.MarkDecorator]:
    """Return what a recipe is skipped for where it is missing."""
    words = set(re.findall(r"\w+", recipe.text)) if recipe.language == "sh" else set()
    missing = [name for name in PROGRAMS if name in words and not shutil.which(name, path=PATH)]
    marks = [pytest.mark.skip(reason=f"{name} is not installed") for name in missing]
    if ".parquet" in recipe.text and not has_pyarrow():
        marks.append(pytest.mark.skip(reason="the extra parquet is not installed"))
    return marks


def justicegraph(*words: str) -> None:
    done = subprocess.run([BIN / "justicegraph", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# Slow: the project is built, and released twice.
@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedReleases]:
    """Two releases of the project's own graph; between them somebody who does not exist is removed from it."""
    folder = tmp_path_factory.mktemp("using")
    project, build = folder / "project", folder / "build"
    for name in ("graph", "ontology", "queries", "shapes"):
        shutil.copytree(ROOT / name, project / name)
    write_entity(project, "sources/invented-list", SOURCE)
    write_entity(project, "people/invented-asker", ASKER)
    write_entity(project, "campaigns/invented-campaign", CAMPAIGN)
    write_entity(project, "organizations/invented-group", GROUP.format(whom="Invented Asker"))
    places = ("--folder", str(project), "--build-dir", str(build))
    justicegraph("release", *places, "--date", FIRST)
    before = folder / "mine.nq.zst"
    shutil.copy(build / "releases" / FIRST / "justicegraph.nq.zst", before)
    justicegraph("remove", "invented-asker", "--folder", str(project))
    write_entity(project, "organizations/invented-group", GROUP.format(whom="people in prison"))
    justicegraph("release", *places, "--date", SECOND)
    with serving(folder, *places) as address:
        yield ServedReleases(build / "releases", before, address)


@pytest.fixture
def folder(served: ServedReleases, tmp_path: Path) -> Path:
    """The folder of the newer release, beside the older one, with the copy and the question."""
    shutil.copytree(served.releases, tmp_path / "releases", copy_function=os.link)
    folder = tmp_path / "releases" / SECOND
    shutil.copy(served.before, folder / "mine.nq.zst")
    (folder / "question.rq").write_text(QUESTION)
    return folder


def run(recipe: Recipe, folder: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a recipe prints, with lines that end in a line feed. A warning of Python's is a failure."""
    text = recipe.text.replace(HERE, address)
    if recipe.language == "sql":
        return rows(text, folder, monkeypatch)
    path = folder / f"recipe.{recipe.language}"
    path.write_text(text)
    program = [sys.executable] if recipe.language == "python" else ["sh", "-eu"]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"} | ALWAYS | {"PATH": PATH}
    done = subprocess.run([*program, path], cwd=folder, env=env, capture_output=True, check=False)
    errors = done.stderr.decode()
    assert done.returncode == 0, errors
    assert recipe.language != "python" or not errors, errors
    return done.stdout.decode().replace("\r\n", "\n")  # CSV over HTTP (RFC 4180)


def rows(question: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what DuckDB answers, a row a line; it may load nothing from elsewhere."""
    duckdb = pytest.importorskip("duckdb", reason="duckdb is in the extra dev")
    monkeypatch.chdir(folder)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as database:
        rows = database.execute(question).fetchall()
    return "".join(" | ".join(map(str, row)) + "\n" for row in rows)


def is_printed(shown: str, printed: str) -> bool:
    """Tell whether the page shows what is printed: all of it, or where it has `…` lines of it, in their order."""
    lines = shown.splitlines()
    if "…" not in lines:
        return shown == printed
    pattern = "".join(r"(?:.*\n)*?" if line == "…" else f"{re.escape(line)}\n" for line in lines)
    return re.fullmatch(pattern, printed) is not None


def counts_fall(printed: str, folder: Path) -> None:
    """Check a table of names and how often, the most frequent first."""
    rows = [line.rpartition(" | ") for line in printed.splitlines()]
    counts = [int(count) for _, _, count in rows]
    assert len(counts) > 10
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] > 0
    assert all(name for name, _, _ in rows)


def is_newest_dump(printed: str, folder: Path) -> None:
    """Check that what was downloaded is the newest: it took the place of the one in the folder."""
    newest = json.loads((folder / "release.json").read_bytes())
    sums = {file["name"]: file["sha256"] for file in newest["files"]}
    checksum = subprocess.run(["sha256sum", folder / "justicegraph.nq.zst"], capture_output=True, text=True, check=True)
    assert (printed, checksum.stdout.split()[0]) == ("", sums["justicegraph.nq.zst"])


def is_feed_of_releases(printed: str, folder: Path) -> None:
    titles = [title.text or "" for title in ET.fromstring(printed).iter("{http://www.w3.org/2005/Atom}title")]
    assert len(titles) == 4
    assert SECOND in titles[1]


CHECKS: dict[str, Callable[[str, Path], None]] = {
    "download-a-release-1": is_newest_dump, "duckdb-1": counts_fall, "duckdb-2": counts_fall,
    "stay-up-to-date-1": is_feed_of_releases,
}  # fmt: skip
"""By recipe, checks of results that grow with the graph."""


@pytest.mark.parametrize(
    "recipe", [pytest.param(recipe, marks=needs(recipe), id=name) for name, recipe in RECIPES.items() if name != SERVES]
)
def test_recipe_prints_what_the_page_shows(
    recipe: Recipe, folder: Path, served: ServedReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    if recipe.name == "download-a-release-1":
        (folder / "justicegraph.nq.zst").unlink()
    printed = run(recipe, folder, served.address, monkeypatch)
    if recipe.printed is None:
        CHECKS[recipe.name](printed, folder)
    else:
        assert is_printed(recipe.printed, printed), printed


def test_every_recipe_shows_what_it_prints_or_is_checked_otherwise() -> None:
    assert {name for name, recipe in RECIPES.items() if recipe.printed is None} == {*CHECKS, SERVES}
    assert len(RECIPES) > 15


def test_lines_left_out_hide_nothing_that_is_shown() -> None:
    assert is_printed("a\nb\n", "a\nb\n")
    assert not is_printed("a\nb\n", "a\nx\nb\n")
    assert is_printed("a\n…\nb\n…\n", "a\nx\ny\nb\n")
    assert not is_printed("a\n…\nb\n", "b\na\n")
    assert not is_printed("a\nb\n…\n", "a\nx\nb\n")


@pytest.mark.parametrize("recipe", [pytest.param(RECIPES[SERVES], marks=needs(RECIPES[SERVES]), id=SERVES)])
def test_oxigraph_serves_the_same_answer(recipe: Recipe, folder: Path) -> None:
    load = RECIPES["oxigraph-on-the-command-line-1"]
    env = os.environ | {"PATH": PATH}
    printed = subprocess.run(
        ["sh", "-eu", "-c", load.text], cwd=folder, env=env, capture_output=True, check=True
    ).stdout
    here = f"127.0.0.1:{free_port()}"
    run_query = [
        "curl",
        "--silent",
        f"http://{here}/query",
        "-H",
        "Accept: text/csv",
        "--data-urlencode",
        "query@question.rq",
    ]
    heard: list[bytes] = []

    def answers() -> bool:
        heard.append(subprocess.run(run_query, cwd=folder, capture_output=True, check=False).stdout)
        return bool(heard[-1])

    command = recipe.text.replace(OXIGRAPH, here).split()
    with subprocess.Popen(command, cwd=folder, env=env, stderr=subprocess.DEVNULL) as process:
        try:
            until(answers)
        finally:
            process.terminate()
    assert heard[-1].replace(b"\r", b"") == printed.replace(b"\r", b"")


def test_copy_before_had_what_the_delta_takes_away(served: ServedReleases) -> None:
    stones = (served.releases / SECOND / "delta/tombstones.txt").read_text()
    assert {line.split()[0] for line in stones.splitlines()} == {"#", "graph", "line"}
    assert "asker" not in stones
    manifest = json.loads((served.releases / SECOND / "release.json").read_bytes())
    assert manifest["previous"] == STAND_IN


def test_example_is_what_a_release_would_say(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    write_entity(project, "people/invented-prisoner", EXAMPLE)
    folder = load_folder(project)
    store = store_of(folder)
    reason(store, folder.rules)
    path, dump = tmp_path / "quads.nq", tmp_path / "dump.jsonl"
    with path.open("wb") as quads, dump.open("wb") as file:
        write_sorted((f"{quad} .\n".encode() for quad in store), quads)
        quads.flush()
        write_lines(path, read_context(project), file)
    entries = {entry["id"]: entry for entry in map(json.loads, dump.read_text().splitlines())}
    shown = json.loads(EXAMPLE_JSON)
    assert own(entries[shown["id"]]) == shown


def own(value: Any) -> Any:
    """Return JSON without keys and values of foreign vocabularies."""
    if isinstance(value, dict):
        return {key: own(item) for key, item in value.items() if ":" not in key}
    if isinstance(value, list):
        return [own(item) for item in value if not re.match(r"(schema|foaf|prov):", str(item))]
    return value


def test_named_files_and_columns_exist(served: ServedReleases) -> None:
    release = served.releases / SECOND
    cells = [line.split(" | ")[0] for line in DOC.splitlines() if line.startswith("| `")]
    names = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    columns = {name for name in names if "." not in name}
    assert {name for name in names - columns if not (release / name).is_file()} == set()
    head = {
        name
        for table in ("people", "organizations")
        for name in (release / f"tables/{table}.csv").read_text().split("\n")[0].strip().split(",")
    }
    assert {"id", "status_as_of", "worksOn_id"} <= columns <= head
    there = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    assert set(re.findall(r"`((?:delta|tables|context)/[\w.-]+)`", DOC)) <= there


def test_release_of_the_page_is_cited_in_the_words_of_its_readme(served: ServedReleases) -> None:
    cited = re.search(r"> (The JusticeGraph contributors.*?)\n\s*> (<.*?>)", DOC)
    assert cited is not None
    assert f"> {cited[1]} {cited[2]}" in (served.releases / SECOND / "README.md").read_text()


def test_links_lead_to_files() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", DOC) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
