"""Findings as a W3C validation report (SHACL, section 3.6), for machines and editors."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from justicegraph.namespaces import JGS, PREFIXES, SH, TYPE, XSD
from justicegraph.validate.findings import Finding


def report_of(findings: Iterable[Finding], root: Path) -> str:
    """Return a sh:ValidationReport in Turtle; files are named by their place below `root`.

    The rule is the sh:sourceShape. Each result has also jgs:file and jgs:line, since SHACL has no such properties.
    """
    listed = list(findings)
    report = BlankNode("report")
    triples = [
        Triple(report, NamedNode(TYPE), NamedNode(SH + "ValidationReport")),
        Triple(report, NamedNode(SH + "conforms"), Literal(not listed)),
    ]
    for number, finding in enumerate(listed, 1):
        node = BlankNode(f"result{number}")
        triples.append(Triple(report, NamedNode(SH + "result"), node))
        triples += (Triple(node, NamedNode(name), value) for name, value in _result(finding, root))
    prefixes = {name: PREFIXES[name] for name in ("id", "jg", "jgs", "sh", "skos", "xsd")}
    return (serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


def _result(finding: Finding, root: Path) -> Iterator[tuple[str, NamedNode | Literal]]:
    path = finding.path.relative_to(root) if finding.path.is_relative_to(root) else finding.path
    yield TYPE, NamedNode(SH + "ValidationResult")
    yield SH + "resultSeverity", NamedNode(SH + "Violation")
    yield SH + "sourceShape", NamedNode(finding.rule)
    yield SH + "sourceConstraintComponent", NamedNode(finding.component)
    yield SH + "resultMessage", Literal(f"{finding.wrong}. {finding.remedy}", language="en")
    yield SH + "focusNode", NamedNode(finding.focus) if finding.focus else Literal(str(path))
    if finding.predicate:
        yield SH + "resultPath", NamedNode(finding.predicate)
    if finding.value is not None:
        yield SH + "value", finding.value
    yield JGS + "file", Literal(str(path))
    yield JGS + "line", Literal(str(finding.line), datatype=NamedNode(XSD + "integer"))
