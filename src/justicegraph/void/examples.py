"""The example queries and our prefixes as triples (SHACL, 5), for query editors."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ENDPOINT, PREFIXES, RDFS, SH, TYPE, VOID_GRAPH, XSD
from justicegraph.rdf.triples import statements
from justicegraph.sparql.evaluate import form_of
from justicegraph.text import first_line

_PREFIXES = VOID_GRAPH + "#prefixes"


def examples(folder: Path) -> Iterator[Triple]:
    """Yield each query in a folder as a sh:SPARQLExecutable, and the prefixes that our files and pages use.

    Raise BrokenFile for a file that is not a SPARQL query.
    """
    yield from _prefixes()
    for path in sorted(folder.glob("*.rq")):
        yield from _query(path)


def _query(path: Path) -> Iterator[Triple]:
    text, form = _text_and_form(path)
    iri = f"{VOID_GRAPH}#question-{path.stem}"
    kinds = ("SPARQLExecutable", f"SPARQL{form.title()}Executable")
    yield from statements(iri, TYPE, *(NamedNode(SH + kind) for kind in kinds))
    yield from statements(iri, RDFS + "comment", Literal(text.partition("\n")[0].lstrip("# "), language="en"))
    yield from statements(iri, SH + form, Literal(text))
    yield from statements(iri, SH + "prefixes", NamedNode(_PREFIXES))
    yield from statements(iri, PREFIXES["schema"] + "target", NamedNode(ENDPOINT))


def _text_and_form(path: Path) -> tuple[str, str]:
    """Return a query's text and its form: `select`, `ask`, `construct` or `describe`."""
    try:
        text = path.read_text(encoding="utf-8")
        Store().query(text)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise BrokenFile(f"{path}: not a SPARQL query in UTF-8: {first_line(error)}") from error
    form = form_of(text)
    if not form:
        raise BrokenFile(f"{path}: not a query: begin it with SELECT, ASK, CONSTRUCT or DESCRIBE after its prefixes")
    return text, form


def _prefixes() -> Iterator[Triple]:
    """Yield the declarations of our prefixes (SHACL, 5.2.1)."""
    for prefix, namespace in PREFIXES.items():
        declaration = f"{VOID_GRAPH}#prefix-{prefix}"
        yield from statements(_PREFIXES, SH + "declare", NamedNode(declaration))
        yield from statements(declaration, SH + "prefix", Literal(prefix))
        yield from statements(declaration, SH + "namespace", Literal(namespace, datatype=NamedNode(XSD + "anyURI")))
