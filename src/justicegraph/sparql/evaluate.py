"""A question and a store to the answer's bytes: whole before the first one is sent."""

import re

from pyoxigraph import BlankNode, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, Variable

from justicegraph.errors import BadQuery, CannotWrite, NotAcceptable, RefusedQuery, UnknownFunction
from justicegraph.namespaces import ENDPOINT
from justicegraph.rdf.formats import Format
from justicegraph.sparql.guard import guard
from justicegraph.sparql.query import Query, Result
from justicegraph.system.spool import SMALL, Spool, compress

_FROM = re.compile("from", re.IGNORECASE)
_GAP = r"(?:\s|\#[^\r\n]*+)*+"
_PROLOGUE = rf"(?:\s|\#[^\r\n]*+|(?:prefix{_GAP}[^\s<\#:]*+:|base){_GAP}<[^<>\s]*+>)*+"
_UPDATE = re.compile(rf"{_PROLOGUE}(?:insert|delete|load|clear|create|drop|copy|move|add|with)\b", re.IGNORECASE)
"""An update (SPARQL 1.1 Update, 3) after any prologue and comments."""

_FORM = re.compile(rf"{_PROLOGUE}(select|ask|construct|describe)\b", re.IGNORECASE)
_HEAD = re.compile(rf"{_PROLOGUE}(?:select|ask)([^{{}}<>\#'\"]*+)\{{", re.IGNORECASE)
_HIDING = re.compile(r"(?<![?$])from|exists", re.IGNORECASE)
"""What the head of a query, up to its pattern, may name graphs with: FROM, or a pattern that is not the query's own."""
_STAR = re.compile(rf"{_PROLOGUE}select{_GAP}(?:distinct|reduced)?{_GAP}(\*)", re.IGNORECASE)
_PLACE = re.compile(r"\bat (\d+):(\d+)")
_VARIABLE = re.compile(r"[?$](\w+)")


def form_of(query: str) -> str:
    """Return the form of a query in small letters, as in select; "" where it has none (SPARQL 1.1, 16)."""
    found = _FORM.match(query)
    return found[1].lower() if found else ""


Results = QuerySolutions | QueryTriples | QueryBoolean


def evaluate(store: Store, question: Query, *, union: bool, limit: int | None = None) -> Result:
    """Return the answer; raise BadQuery or RefusedQuery for a query that has none, NotAcceptable for no format.

    With `union`, the default graph is the union of all named ones, where the question names no default graph. An answer
    of more than `limit` bytes raises LimitReached.
    """
    guard(question.text)
    try:
        results = _results(store, question, question.text, union=union)
        return _written(results, question, limit)
    except SyntaxError as error:
        raise _refusal(question.text, error) from error
    except OSError as error:
        raise CannotWrite(f"The answer cannot be kept while it is written: {error.strerror or error}.") from error
    except RuntimeError as error:
        raise UnknownFunction(f"The query cannot be answered: {_first_line(error)}.") from error
    except ValueError as error:
        raise BadQuery(f"The query cannot be answered: {_first_line(error)}.") from error


def _written(results: Results, question: Query, limit: int | None) -> Result:
    """Return the results as bytes, in the format and the content coding of the question."""
    chosen = _chosen(results, question)
    spool = Spool(limit)
    try:
        results.serialize(spool, chosen.writer)  # type: ignore[arg-type]  # it is of the results' kind
        coding = question.encoding if spool.length > SMALL else ""
        sent = compress(spool, coding) if coding else spool
    except BaseException:
        spool.close()
        raise
    return Result(chosen, sent.whole(), sent.length, coding)


def _results(store: Store, question: Query, query: str, *, union: bool) -> Results:
    """Return the engine's results; the variables of SELECT * in the order in which the query names them."""
    results: Results = store.query(
        query,
        base_iri=ENDPOINT,
        use_default_graph_as_union=union and not _names_graphs(question),
        default_graph=[NamedNode(iri) for iri in question.default_graphs] or ([] if question.named_graphs else None),
        named_graphs=_named_graphs(question),
        substitutions={Variable(name): term for name, term in question.bindings.items()},
    )
    star = _STAR.match(query)
    if star is None or not isinstance(results, QuerySolutions) or len(results.variables) < 2:
        return results
    first: dict[str, int] = {}
    for variable in _VARIABLE.finditer(query, star.end()):
        first.setdefault(variable[1], variable.start())
    names = sorted((each.value for each in results.variables), key=lambda name: first.get(name, len(query)))
    chosen = " ".join(f"?{name}" for name in names)
    return _results(store, question, f"{query[: star.start(1)]} {chosen} {query[star.end() :]}", union=union)


def _chosen(results: Results, question: Query) -> Format:
    """Return the format for these results; raise NotAcceptable where the client takes none of their kind."""
    is_graph = isinstance(results, QueryTriples)
    chosen = question.graph if is_graph else question.solutions
    if chosen is None or chosen.writer is None:
        kind = "a graph" if is_graph else "a table or yes and no"
        raise NotAcceptable(f"The query is answered by {kind}, and no format for that was accepted.")
    return chosen


def _names_graphs(question: Query) -> bool:
    """Tell whether the client chooses the default graph, by parameters or by FROM.

    The engine lets the union outweigh FROM and shows nobody what it has parsed. So the word is spoilt wherever it
    stands: as a keyword it is missed by the parser; in a name, a text or a comment it is not.
    """
    if question.default_graphs or question.named_graphs:
        return True
    if "from" not in question.text.lower():
        return False
    head = _HEAD.match(question.text)
    if head and not _HIDING.search(head[1]):
        return False
    spoilt = "frxm"
    while spoilt in question.text.lower():
        spoilt += "x"
    try:
        Store().query(_FROM.sub(spoilt, question.text), base_iri=ENDPOINT)
    except SyntaxError:
        return True
    return False


def _named_graphs(question: Query) -> list[NamedNode | BlankNode] | None:
    if question.default_graphs or question.named_graphs:
        return [NamedNode(iri) for iri in question.named_graphs]
    return None


def _refusal(query: str, error: SyntaxError) -> BadQuery:
    if _UPDATE.match(query):
        return RefusedQuery("Updates are refused: this endpoint answers questions and changes nothing.")
    refusal = BadQuery(f"The query does not parse: {_first_line(error)}")
    if place := _PLACE.search(_first_line(error)):
        refusal.line, refusal.column = int(place[1]), int(place[2])
    return refusal


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:300]
