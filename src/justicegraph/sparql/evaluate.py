"""Run a query on a store, and write its whole result before the first byte is sent."""

import re

from pyoxigraph import BlankNode, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, Variable

from justicegraph.errors import BadQuery, CannotWrite, NotAcceptable, RefusedQuery, UnknownFunction
from justicegraph.namespaces import ENDPOINT
from justicegraph.rdf.formats import GRAPHS, SOLUTIONS, Format
from justicegraph.sparql.guard import NO_UPDATES, guard
from justicegraph.sparql.query import Query, Result
from justicegraph.system.spool import SMALL, Spool, compress
from justicegraph.text import first_line

_FROM = re.compile("from", re.IGNORECASE)
_GAP = r"(?:\s|\#[^\r\n]*+)*+"
_PROLOGUE = rf"(?:\s|\#[^\r\n]*+|(?:prefix{_GAP}[^\s<\#:]*+:|base){_GAP}<[^<>\s]*+>)*+"
_UPDATE = re.compile(rf"{_PROLOGUE}(?:insert|delete|load|clear|create|drop|copy|move|add|with)\b", re.IGNORECASE)
"""An update (SPARQL 1.1 Update, 3) after any prologue and comments."""

_FORM = re.compile(rf"{_PROLOGUE}(select|ask|construct|describe)\b", re.IGNORECASE)
_HEAD = re.compile(rf"{_PROLOGUE}(?:select|ask)([^{{}}<>\#'\"]*+)\{{", re.IGNORECASE)
_MAY_NAME_GRAPHS = re.compile(r"(?<![?$])from|exists", re.IGNORECASE)
"""Signs that the head of a query, before its pattern, may name graphs: FROM, or a pattern within EXISTS."""
_STAR = re.compile(rf"{_PROLOGUE}select{_GAP}(?:distinct|reduced)?{_GAP}(\*)", re.IGNORECASE)
_POSITION = re.compile(r"\bat (\d+):(\d+)")
_VARIABLE = re.compile(r"[?$](\w+)")


def form_of(query: str) -> str:
    """Return the form of a query in lower case, such as select; "" if it has none (SPARQL 1.1, 16)."""
    form = _FORM.match(query)
    return form[1].lower() if form else ""


Results = QuerySolutions | QueryTriples | QueryBoolean


def evaluate(store: Store, query: Query, *, union: bool, limit: int | None = None) -> Result:
    """Run a query on a store and return its result.

    With `union`, the default graph is the union of all named graphs, unless the query names a default graph. Raise
    BadQuery or RefusedQuery for a query that cannot be run, NotAcceptable if the client takes no format for its
    result, and LimitReached for a result of more than `limit` bytes.
    """
    guard(query.text)
    try:
        results = _run(store, query, query.text, union=union)
        return _serialize(results, query, limit)
    except SyntaxError as error:
        raise _syntax_error(query.text, error) from error
    except OSError as error:
        raise CannotWrite(f"The result cannot be written to a temporary file: {error.strerror or error}.") from error
    except RuntimeError as error:
        raise UnknownFunction(f"The query cannot be run: {first_line(error)}.") from error
    except ValueError as error:
        raise BadQuery(f"The query cannot be run: {first_line(error)}.") from error


def _serialize(results: Results, query: Query, limit: int | None) -> Result:
    """Return the results as bytes, in the format and the content coding that the client takes."""
    form = _format_for(results, query)
    spool = Spool(limit)
    try:
        results.serialize(spool, form.writer)  # type: ignore[arg-type]  # it is of the results' kind
        coding = query.encoding if spool.length > SMALL else ""
        sent = compress(spool, coding) if coding else spool
    except BaseException:
        spool.close()
        raise
    return Result(form, sent.whole(), sent.length, coding)


def _run(store: Store, query: Query, text: str, *, union: bool) -> Results:
    """Return the engine's results; the variables of SELECT * in the order in which the query names them."""
    results: Results = store.query(
        text,
        base_iri=ENDPOINT,
        use_default_graph_as_union=union and not _names_graphs(query),
        default_graph=[NamedNode(iri) for iri in query.default_graphs] or ([] if query.named_graphs else None),
        named_graphs=_named_graphs(query),
        substitutions={Variable(name): term for name, term in query.bindings.items()},
    )
    star = _STAR.match(text)
    if star is None or not isinstance(results, QuerySolutions) or len(results.variables) < 2:
        return results
    first: dict[str, int] = {}
    for variable in _VARIABLE.finditer(text, star.end()):
        first.setdefault(variable[1], variable.start())
    names = sorted((variable.value for variable in results.variables), key=lambda name: first.get(name, len(text)))
    selected = " ".join(f"?{name}" for name in names)
    return _run(store, query, f"{text[: star.start(1)]} {selected} {text[star.end() :]}", union=union)


def _format_for(results: Results, query: Query) -> Format:
    """Return the format for these results; raise NotAcceptable if the client takes none of their kind."""
    is_graph = isinstance(results, QueryTriples)
    form = query.graph if is_graph else query.solutions
    if form is None or form.writer is None:
        forms, formats = ("CONSTRUCT and DESCRIBE", GRAPHS) if is_graph else ("SELECT and ASK", SOLUTIONS)
        *names, last = (offer.name for offer in formats)
        raise NotAcceptable(f"{forms} cannot be written in an accepted format. Use {', '.join(names)} or {last}.")
    return form


def _names_graphs(query: Query) -> bool:
    """Tell whether the client chooses the default graph, by parameters or by FROM.

    The engine prefers the union to FROM, and does not show what it has parsed. So this function changes the word
    everywhere, and parses the text again. A changed keyword is a syntax error; a name, a text or a comment is not.
    """
    if query.default_graphs or query.named_graphs:
        return True
    if "from" not in query.text.lower():
        return False
    head = _HEAD.match(query.text)
    if head and not _MAY_NAME_GRAPHS.search(head[1]):
        return False
    changed = "frxm"
    while changed in query.text.lower():
        changed += "x"
    try:
        Store().query(_FROM.sub(changed, query.text), base_iri=ENDPOINT)
    except SyntaxError:
        return True
    return False


def _named_graphs(query: Query) -> list[NamedNode | BlankNode] | None:
    if query.default_graphs or query.named_graphs:
        return [NamedNode(iri) for iri in query.named_graphs]
    return None


def _syntax_error(text: str, error: SyntaxError) -> BadQuery:
    if _UPDATE.match(text):
        return RefusedQuery(NO_UPDATES)
    wrong = BadQuery(f"The query does not parse: {first_line(error)}")
    if position := _POSITION.search(first_line(error)):
        wrong.line, wrong.column = int(position[1]), int(position[2])
    return wrong
