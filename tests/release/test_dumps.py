"""All dumps have the same triples, however many processes write them."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from justicegraph.jsonld import read_context
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.system.compression import read_lines
from tests.support.project import HEAD, ROOT
from tests.support.releases import everything, issue
from tests.support.turtle import read_turtle


def test_all_forms_have_the_hash_of_the_quads(project: Path) -> None:
    made = issue(project, "2001-02-03")
    whole = b"".join(read_lines(made.path / "justicegraph.nq.zst"))
    assert hashlib.sha256(whole).hexdigest() == made.sha256 == rdfc10(whole, RdfFormat.N_QUADS)
    trig = b"".join(read_lines(made.path / "justicegraph.trig.zst"))
    assert rdfc10(trig, RdfFormat.TRIG) == made.sha256
    triples = {quad.triple for quad in parse(whole, format=RdfFormat.N_QUADS)}
    context = json.dumps(read_context(ROOT))
    lines = b"".join(read_lines(made.path / "justicegraph.jsonl.zst")).decode().splitlines()
    inline = [line.replace('"https://w3id.org/justicegraph/context/v1"', context, 1) for line in lines]
    assert {quad.triple for line in inline for quad in parse(line, format=RdfFormat.JSON_LD)} == triples
    for name, form in (("jsonld", RdfFormat.JSON_LD), ("ttl", RdfFormat.TURTLE)):
        content = b"".join(read_lines(made.path / f"justicegraph.{name}.zst"))
        assert {quad.triple for quad in parse(content, format=form)} == triples


def rdfc10(data: bytes, form: RdfFormat) -> str:
    """Return the hash of a dataset by the engine's own canonicalization."""
    dataset = Dataset(parse(data, format=form))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in dataset)).encode()).hexdigest()


def test_large_graph_is_written_by_several_processes_with_the_same_bytes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = everything(issue(project, "2001-02-03").path)
    shutil.rmtree(project / "build")
    monkeypatch.setattr("justicegraph.release.dumps.FEW", 0)
    assert everything(issue(project, "2001-02-03").path) == one


def test_turtle_of_the_shapes_is_that_of_the_files(project: Path) -> None:
    made = issue(project, "2001-02-03")
    own = [triple for path in sorted((project / "shapes").glob("*.ttl")) for triple in read_turtle(path)]
    assert (made.path / "shapes.ttl").read_text() == canonical_turtle(own)
    assert HEAD.splitlines()[0] in b"".join(read_lines(made.path / "justicegraph.ttl.zst")).decode()
