"""The public interface: exactly these names, each described, and every example gives what it shows."""

import contextlib
import doctest
import io
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import justicegraph
from justicegraph import IRI, BadQuery, BrokenRules, Literal, MissingFolder, NotAcceptable, OpenSnapshot, Project
from justicegraph.namespaces import ID, SKOS, XSD
from tests.support.project import ROOT, write_entity

NAMES = {
    "BadQuery", "BlankNode", "BrokenFile", "BrokenRules", "CannotWrite", "Finding", "IRI", "JusticeGraphError", "Literal",
    "MissingFolder", "NotAcceptable", "OpenSnapshot", "Project", "QueryTooLong", "RefusedQuery", "Row", "Rows", "Term",
    "Triple", "Triples", "UnknownFunction", "open_snapshot",
}  # fmt: skip
EXAMPLE = re.findall(
    r"^```python\n(from pathlib import Path\n\nimport justicegraph\n.*?)```\n\n```\n(.*?)```",
    (ROOT / "README.md").read_text(),
    re.DOTALL | re.MULTILINE,
)
MODULES = ("justicegraph", "justicegraph.build", "justicegraph.sparql.values", "justicegraph.sparql.open_snapshot")
NAME = f"SELECT ?name {{ ?entry <{SKOS}prefLabel> ?name }} ORDER BY ?name"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own project, with its snapshot, as examples find it."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("graph", "ontology", "queries", "shapes"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def snapshot(shared_project: Path) -> OpenSnapshot:
    return Project(shared_project).snapshot()


def test_the_names_are_exactly_these() -> None:
    assert set(justicegraph.__all__) == NAMES
    assert len(justicegraph.__all__) == len(NAMES)
    assert set(dir(justicegraph)) >= NAMES


@pytest.mark.parametrize("name", sorted(NAMES - {"Row", "Term"}))
def test_each_name_and_its_methods_are_described(name: str) -> None:
    value = getattr(justicegraph, name)
    members = vars(value).items() if isinstance(value, type) else ()
    public = {
        key: member
        for key, member in members
        if not key.startswith("_") and (callable(member) or isinstance(member, property))
    }
    assert value.__doc__
    assert [key for key, member in public.items() if not member.__doc__] == []


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = justicegraph.Nothing


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name: str, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone)
    names = {each: getattr(justicegraph, each) for each in NAMES}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in doctest.DocTestFinder().find(import_module(name), extraglobs=names):
        runner.run(test)
    assert runner.tries > 0
    assert runner.failures == 0


def test_the_readme_gives_what_it_shows(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone)
    [(code, shown)] = EXAMPLE
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, {})
    assert printed.getvalue() == shown


def test_importing_loads_neither_the_engine_nor_the_web() -> None:
    code = "import justicegraph, sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"pyoxigraph", "rdflib", "flask", "click", "pyld"} & set(eval(done.stdout)) == set()


def test_check_returns_findings_and_build_refuses_them(project: Path) -> None:
    write_entity(project, "sources/empty", "id:empty a jg:Source .")
    told: list[str] = []
    findings = Project(project).check()
    assert {finding.focus for finding in findings} == {ID + "empty"}
    with pytest.raises(BrokenRules, match="nothing was built"):
        Project(project, report=told.append).build()
    assert told == [str(finding) for finding in findings]


def test_progress_goes_to_the_function_that_is_given(project: Path) -> None:
    steps: list[str] = []

    def track(files: list[Path], doing: str) -> list[Path]:
        steps.append(doing)
        return files

    Project(project, track=track).check()  # type: ignore[arg-type]
    assert steps == ["Reading", "Checking"]


def test_a_folder_without_project_or_snapshot_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingFolder, match="has no folder graph/"):
        Project(tmp_path).check()
    with pytest.raises(MissingFolder, match="holds no snapshot"):
        justicegraph.open_snapshot(tmp_path)


def test_a_snapshot_is_built_once_and_opened_by_its_folder_or_that_of_builds(shared_project: Path) -> None:
    first, second = Project(shared_project).snapshot(), Project(shared_project).snapshot()
    opened = [justicegraph.open_snapshot(path) for path in (shared_project / "build", first.path)]
    assert {(each.id, each.path, each.quads) for each in (second, *opened)} == {(first.id, first.path, first.quads)}


def test_an_open_snapshot_outlives_two_builds_and_a_closed_one_does_not(project: Path) -> None:
    with Project(project).build() as snapshot:
        for name in ("first-change", "second-change"):
            write_entity(
                project,
                f"sources/{name}",
                f'id:{name} a jg:Source ; skos:prefLabel "{name}"@en ; skos:definition "Invented."@en ; jg:author "Nobody" .',
            )
            Project(project).build().close()
        assert snapshot.path.is_dir()
    Project(project).build().close()
    write_entity(
        project,
        "sources/third-change",
        'id:third-change a jg:Source ; skos:prefLabel "third"@en ; skos:definition "Invented."@en ; jg:author "Nobody" .',
    )
    Project(project).build().close()
    assert not snapshot.path.exists()


def test_rows_are_dictionaries_of_terms(snapshot: OpenSnapshot) -> None:
    rows = snapshot.select(
        f"SELECT ?person ?nothing ?name {{ ?person a <https://w3id.org/justicegraph/ontology#Person> ; <{SKOS}prefLabel> ?name }}"
    )
    assert rows == [{"person": ID + "invented-person", "name": "Invented Person"}]
    assert rows.variables == ("person", "nothing", "name")
    assert isinstance(rows[0]["person"], IRI)
    assert repr(rows[0]["name"]) == "Literal('Invented Person', language='en')"


def test_literals_have_python_values(snapshot: OpenSnapshot) -> None:
    text = f'SELECT * {{ VALUES (?a ?b ?c ?d ?e) {{ (12 2.50 true "2001-02-03"^^<{XSD}date> "2001"^^<{XSD}gYear>) }} }}'
    [row] = snapshot.select(text)
    values = [value.value for _, value in sorted(row.items()) if isinstance(value, Literal)]
    assert str(values) == "[12, Decimal('2.5'), True, datetime.date(2001, 2, 3), '2001']"


def test_bindings_give_variables_their_values(snapshot: OpenSnapshot) -> None:
    entry, name = IRI(ID + "invented-person"), Literal("Invented Person", language="en")
    assert snapshot.select(NAME.replace("?name", "?entry ?name", 1), {"entry": entry}) == [
        {"entry": entry, "name": name}
    ]
    assert snapshot.ask(f"ASK {{ ?entry <{SKOS}prefLabel> ?name }}", {"name": name}) is True
    assert snapshot.ask(f"ASK {{ ?entry <{SKOS}prefLabel> ?name }}", {"name": Literal("Nobody")}) is False


def test_construct_returns_triples_once(snapshot: OpenSnapshot) -> None:
    triples = snapshot.construct(
        f"CONSTRUCT {{ ?entry <{SKOS}prefLabel> ?name }} {{ ?entry <{SKOS}prefLabel> ?name }}",
        {"entry": IRI(ID + "causes")},
    )
    assert triples == [(ID + "causes", SKOS + "prefLabel", Literal("Causes", "en"))]
    assert triples[0].object == "Causes"


def test_serialize_writes_a_format_and_refuses_one_that_does_not_fit(snapshot: OpenSnapshot) -> None:
    assert snapshot.serialize(NAME, "csv").startswith(b"name\r\n")
    with pytest.raises(NotAcceptable):
        snapshot.serialize(NAME, "ttl")


def test_a_query_of_another_form_or_none_is_refused(snapshot: OpenSnapshot) -> None:
    with pytest.raises(BadQuery, match="is not an ASK"):
        snapshot.ask(NAME)
    with pytest.raises(BadQuery, match="does not parse"):
        snapshot.query("SELECT")
    assert snapshot.query("ASK {}") is True
