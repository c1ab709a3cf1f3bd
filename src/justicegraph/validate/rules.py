"""Rules over the whole graph: the sh:sparql constraints of the shapes, each run once over all entries.

pySHACL runs such a rule once for each node, which is some thousand times slower. Run as one query, a rule must bind
`$this` by itself; a test proves that both ways find the same.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import SH, short
from justicegraph.rdf.canonical import format_term
from justicegraph.rdf.document import Document
from justicegraph.text import first_line
from justicegraph.validate.findings import Finding
from justicegraph.validate.shacl import Value

_SPARQL, _SELECT, _MESSAGE = (NamedNode(SH + name) for name in ("sparql", "select", "message"))
_PREFIX, _NAMESPACE, _DECLARE = (NamedNode(SH + name) for name in ("prefix", "namespace", "declare"))
_COMPONENT = SH + "SPARQLConstraintComponent"


def check_rules(store: Store, shapes: Iterable[Triple], homes: Mapping[object, Document]) -> Iterator[Finding]:
    """Yield the violations of the rules in a store; `homes` gives the document of each subject."""
    demands = Store()
    demands.extend(Quad(triple.subject, triple.predicate, triple.object) for triple in shapes)
    prefixes = _prefixes(demands)
    for rule in sorted({quad.object.value for quad in demands.quads_for_pattern(None, _SPARQL, None)}):  # type: ignore[union-attr]
        node = NamedNode(rule)
        yield from _violations(
            store, rule, prefixes + _text(demands, node, _SELECT), _text(demands, node, _MESSAGE), homes
        )


def _violations(
    store: Store, rule: str, query: str, message: str, homes: Mapping[object, Document]
) -> Iterator[Finding]:
    try:
        rows = store.query(query, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise BrokenFile(f"{short(rule)}: its sh:select does not parse: {first_line(error)}") from error
    if not isinstance(rows, QuerySolutions):
        raise BrokenFile(f"{short(rule)}: its sh:select is not a SELECT query")
    names = {variable.value for variable in rows.variables}
    for row in rows:
        this, value = row["this"], row["value"] if "value" in names else None
        path = row["path"] if "path" in names else None
        if not isinstance(this, NamedNode) or not (home := homes.get(this)):
            continue
        wrong, _, remedy = message.partition(". ")
        about = this.value, path.value if isinstance(path, NamedNode) else None, _value(value)
        yield Finding(
            home.path,
            rule,
            wrong.replace("{?value}", _formatted(value)),
            remedy,
            home.line_of(*about),
            *about,
            _COMPONENT,
        )


def _value(term: object) -> Value | None:
    return term if isinstance(term, NamedNode | Literal) else None


def _formatted(term: object) -> str:
    return format_term(term) if isinstance(term, NamedNode | Literal) else ""


def _text(demands: Store, subject: NamedNode, predicate: NamedNode) -> str:
    for quad in demands.quads_for_pattern(subject, predicate, None):
        if isinstance(quad.object, Literal):
            return quad.object.value
    raise BrokenFile(f"{short(subject.value)}: a rule needs a {short(predicate.value)}")


def _prefixes(demands: Store) -> str:
    declared = [quad.object for quad in demands.quads_for_pattern(None, _DECLARE, None)]
    pairs = sorted((_text(demands, node, _PREFIX), _text(demands, node, _NAMESPACE)) for node in declared)  # type: ignore[arg-type]
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in pairs)
