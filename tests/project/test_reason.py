"""What follows from what was said: on invented people."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import DERIVED_GRAPH, DOC, ONTOLOGY_GRAPH, PREFIXES
from justicegraph.project.reason import reason
from tests.support.project import ROOT

HEAD = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
DAY = "^^xsd:date"
HELD = f'id:p.custody-1 a jg:Custody; jg:isCustodyOf id:p; jg:position 1; jg:regime jgt:prison; jg:startedOn "2001-02-03"{DAY}'
BAILED = f'{HELD}; jg:endedOn "2002-01-01"{DAY}; jg:endedBy jgt:bailed . id:p.charge-1 jg:isChargeAgainst id:p .'
CLOSED = 'id:p.outcome-1 jg:isOutcomeOf id:p; jg:decides id:p.charge-1; jg:result jgt:acquitted; jg:decidedOn "2003"^^xsd:gYear .'


def reasoned(turtle: str) -> Store:
    store = Store()
    for path in [ROOT / "ontology/justicegraph.ttl", *(ROOT / "ontology/terms").glob("*.ttl")]:
        store.load(path=str(path), format=RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY_GRAPH))
    store.load((HEAD + turtle).encode(), format=RdfFormat.TURTLE, to_graph=NamedNode(DOC + "p"))
    reason(store, ROOT / "ontology/rules")
    return store


def status(turtle: str) -> tuple[str, str] | None:
    rows = reasoned(f"id:p a jg:Person . {turtle}").query(
        HEAD
        + "SELECT ?value ?asOf { id:p.status jg:isStatusOf id:p; jg:currentStatus ?value OPTIONAL { id:p.status jg:asOf ?asOf } }",
        use_default_graph_as_union=True,
    )
    assert isinstance(rows, QuerySolutions)
    found = [(row["value"].value.rpartition("#")[2], row["asOf"].value if row["asOf"] else "") for row in rows]
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", None),
        (f"{HELD} .", ("prison", "2001-02-03")),
        (f'{HELD}; jg:confirmedOn "2010"^^xsd:gYear .', ("prison", "2010")),
        (f'{HELD}; jg:endedBy jgt:released; jg:endedOn "2011-05"^^xsd:gYearMonth .', ("released", "2011-05")),
        (f"{HELD}; jg:endedBy jgt:released .", ("unknown", "")),
        ("id:p.custody-1 jg:isCustodyOf id:p; jg:position 1; jg:regime jgt:jail .", ("unknown", "")),
        (f'{HELD} . id:p jg:diedOn "2009"^^xsd:gYear .', ("dead", "2009")),
        (
            f'{HELD} . id:p.custody-2 jg:isCustodyOf id:p; jg:position 2; jg:regime jgt:home-confinement; jg:startedOn "2005"^^xsd:gYear .',
            ("home-confinement", "2005"),
        ),
        (BAILED, ("bailed", "2002-01-01")),
        (BAILED + CLOSED, ("charges-closed", "2003")),
        (BAILED + CLOSED + "id:p.charge-2 jg:isChargeAgainst id:p .", ("bailed", "2002-01-01")),
    ],
)
def test_status_follows_from_the_newest_dated_custody(said: str, expected: tuple[str, str] | None) -> None:
    assert status(said) == expected


def test_group_is_a_prisoner_through_its_members_and_has_no_status() -> None:
    store = reasoned(f"id:g a jg:Group . id:p a jg:Person; jg:isMemberOf id:g . {HELD} .")
    assert store.query(HEAD + "ASK { id:g a jg:Prisoner }", use_default_graph_as_union=True)
    assert not store.query(HEAD + "ASK { ?status jg:isStatusOf id:g }", use_default_graph_as_union=True)


def test_clients_of_other_vocabularies_find_names_types_and_links() -> None:
    store = reasoned(
        'id:o a jg:NewsOutlet; skos:prefLabel "O"@en; jg:website <https://example.org/> . id:o.former-name-1 jg:isNameOf id:o; jg:name "N"@en .'
    )
    assert store.query(
        HEAD
        + 'ASK { id:o a schema:Organization, foaf:Agent; schema:name "O"@en; foaf:homepage <https://example.org/>; schema:alternateName "N"@en }',
        use_default_graph_as_union=True,
    )


def test_nothing_asserted_is_derived_again() -> None:
    store = reasoned(f"id:p a jg:Person, foaf:Person . {HELD} .")
    derived = [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(DERIVED_GRAPH))]
    asserted = {quad.triple for quad in store if quad.graph_name != NamedNode(DERIVED_GRAPH)}
    assert derived
    assert asserted.isdisjoint(derived)


def test_broken_rule_is_named(tmp_path: Path) -> None:
    (tmp_path / "10-broken.rq").write_text("CONSTRUCT {")
    with pytest.raises(BrokenFile, match=r"10-broken\.rq: not a SPARQL query"):
        reason(Store(), tmp_path)
