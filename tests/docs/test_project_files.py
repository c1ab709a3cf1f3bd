"""The files around the code: forms, citation, workflow and metadata are valid, and no link or mention leads nowhere."""

import ast
import io
import os
import re
import tokenize
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.project import ROOT

GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text())
SKIPPED = {
    ".git",
    ".venv",
    "build",
    "dist",
    "node_modules",
    ".hypothesis",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
}


def markdown_files() -> Iterator[Path]:
    """Yield the Markdown files of the repository, without looking into folders that programs make."""
    for place, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - SKIPPED)
        yield from (Path(place, name) for name in sorted(names) if name.endswith(".md"))


MARKDOWN = list(markdown_files())
PYTHON = [*sorted(path for room in ("src", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py"))]
PYTHON += [ROOT / "hatch_build.py", ROOT / "docs/conf.py", ROOT / "docs/generated.py"]
OTHERS = [ROOT / "Makefile", ROOT / ".ci/run", *(path for path in (ROOT / "deploy").iterdir())]
OTHERS += [path for room in ("ontology", "shapes", "queries") for path in (ROOT / room).rglob("*") if path.is_file()]
DECISIONS = {path.name[:4] for path in (ROOT / "docs/decisions").glob("0*.md")}

MENTION = re.compile(r"(?<![\w/.*-])((?:[\w-]+/)*[\w-]+\.md)\b")
DECISION = re.compile(r"\bdecisions? (\d{4})\b|\((\d{4})\)|\[(\d{4})\]\(")
IN_RELEASES = {"README.md", "CHANGES.md"}
"""Every release has these files of its own."""


def yaml_of(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_form_has_labels_and_required_fields(path: Path) -> None:
    form = yaml_of(path)
    assert {"name", "description", "body"} <= form.keys()
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    ids = [field["id"] for field in fields]
    assert (len(ids), all(field["attributes"].get("label") for field in fields)) == (len(set(ids)), True)
    assert sum(field.get("validations", {}).get("required", False) for field in fields) >= 3
    assert {field["type"] for field in form["body"]} <= {"markdown", "input", "textarea", "checkboxes", "dropdown"}


def test_there_is_a_form_for_each_door() -> None:
    assert [path.stem for path in FORMS] == ["bug", "correction", "fact"]


def test_fact_form_asks_what_contributing_asks() -> None:
    form = yaml_of(GITHUB / "ISSUE_TEMPLATE/fact.yml")
    required = {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}
    assert {"entry", "fact", "source", "published"} <= required
    warning = form["body"][0]["attributes"]["value"]
    assert "public and stays public" in warning
    assert [word for word in ("minors", "health", "birth", "verdict", "telephone") if word not in warning] == []


def test_removal_goes_to_private_mail_and_not_to_an_issue() -> None:
    config = yaml_of(GITHUB / "ISSUE_TEMPLATE/config.yml")
    assert config["blank_issues_enabled"] is False
    link = next(link for link in config["contact_links"] if "removal" in link["name"])
    assert ("in private, never here" in link["about"], link["url"]) == (
        True, PROJECT["urls"]["Documentation"] + "removal.html",
    )  # fmt: skip


def test_workflow_runs_what_every_machine_runs() -> None:
    workflow = yaml_of(GITHUB / "workflows/ci.yml")
    steps = workflow["jobs"]["test"]["steps"]
    assert steps[-1] == {"run": ".ci/run"}
    assert workflow["permissions"] == {"contents": "read"}
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
    assert "\nmake test\n" in (ROOT / ".ci/run").read_text()


def test_hooks_before_a_commit_are_local() -> None:
    repos = yaml_of(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    hooks = {hook["id"]: hook["entry"] for hook in repos[0]["hooks"]}
    assert set(hooks) == {"ruff-format", "ruff-check", "justicegraph-format", "justicegraph-check"}
    assert {entry.partition(" ")[0] for entry in hooks.values()} == {".venv/bin/ruff", ".venv/bin/justicegraph"}


def test_citation_has_what_its_format_demands() -> None:
    """Citation File Format 1.2.0: the required keys, and types of the others."""
    assert (CITATION["cff-version"], CITATION["type"]) == ("1.2.0", "software")
    assert all(isinstance(CITATION[key], str) for key in ("message", "title", "abstract", "version", "url"))
    assert all(author.keys() <= {"name", "website", "family-names", "given-names"} for author in CITATION["authors"])
    assert CITATION["authors"]
    assert set(CITATION["license"]) == set(PROJECT["license"].split(" AND "))


def test_version_is_the_same_everywhere() -> None:
    heading = re.search(r"^## (\S+) \((.+)\)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert heading is not None
    assert heading[1] == PROJECT["version"] == CITATION["version"]
    released = CITATION.get("date-released")
    assert heading[2] == (released.isoformat() if isinstance(released, date) else "unreleased")


def test_project_names_its_people_and_its_addresses() -> None:
    assert [author["name"] for author in PROJECT["authors"]] == [author["name"] for author in CITATION["authors"]]
    assert PROJECT["maintainers"]
    assert {"Homepage", "Documentation"} <= PROJECT["urls"].keys()
    assert all(address.startswith("https://w3id.org/justicegraph/") for address in PROJECT["urls"].values())


@pytest.mark.parametrize("name", ["SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "CHANGELOG.md", "README.md"])
def test_file_that_people_look_for_is_there(name: str) -> None:
    assert len((ROOT / name).read_text()) > 500


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_link_leads_to_a_file(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
    ours = [link for link in links if "://" not in link and not link.startswith(("mailto:", "/"))]
    assert [link for link in ours if not (path.parent / link).exists()] == []


def texts_of(path: Path) -> Iterator[str]:
    """Yield the docstrings and comments of a Python file; of any other, all of it."""
    text = path.read_text(errors="replace")
    if path.suffix != ".py":
        yield text
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (docstring := ast.get_docstring(node)):
            yield docstring
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    yield from (token.string for token in tokens if token.type == tokenize.COMMENT)


def lost(path: Path) -> Iterator[str]:
    """Yield each page and decision that a file mentions and the repository lacks."""
    for text in texts_of(path):
        for name in MENTION.findall(text):
            places = (ROOT / name, ROOT / "docs" / name, ROOT / "docs/decisions" / name, path.parent / name)
            if name not in IN_RELEASES and not any(place.is_file() for place in places):
                yield name
        yield from ({next(filter(None, groups)) for groups in DECISION.findall(text)} & NUMBERS) - DECISIONS


NUMBERS = {f"{number:04}" for number in range(1, 1000)}
"""What a number of a decision looks like; 1999 in parentheses is a year."""


@pytest.mark.parametrize("files", [MARKDOWN, PYTHON, OTHERS], ids=["markdown", "python", "others"])
def test_no_page_or_decision_is_mentioned_that_the_repository_lacks(files: list[Path]) -> None:
    assert len(files) > 20
    assert {str(path.relative_to(ROOT)): names for path in files if (names := sorted(set(lost(path))))} == {}


def test_lost_page_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""See docs/nowhere.md and decision 0999 (0001, 1999)."""  # as NOWHERE.md says\n')
    assert sorted(lost(tmp_path / "a.py")) == ["0999", "NOWHERE.md", "docs/nowhere.md"]


def test_every_decision_has_its_three_parts_on_one_page() -> None:
    for path in (ROOT / "docs/decisions").glob("0*.md"):
        text = path.read_text()
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name
        assert re.match(rf"# {path.name[:4]}: \S", text), path.name
        assert len(text.split()) < 600, path.name
