"""One spelling per set of triples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import ID, JG, XSD
from justicegraph.rdf.canonical import canonical_turtle

ENTRY = """@prefix id: <https://w3id.org/justicegraph/id/> .
@prefix jg: <https://w3id.org/justicegraph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

id:free-example-person
    a jg:Campaign ;
    skos:prefLabel "Free Example Person"@en ;
    jg:campaignsFor id:example-person ;
    jg:worksOn id:cause-2 ;
    jg:worksOn id:cause-10 ;
    .

id:free-example-person.mention-1
    a jg:Mention ;
    jg:firstLine 12 ;
    .
"""

IRIS = st.sampled_from([ID + "a", ID + "b.claim-2", ID + "b.claim-10", JG + "about", "https://example.org/x?y=(1)#z"])
LITERALS = st.builds(Literal, st.text()) | st.builds(
    lambda text: Literal(text, datatype=NamedNode(XSD + "integer")), st.text(alphabet="+-01.", min_size=1)
)
TRIPLES = st.lists(
    st.builds(Triple, IRIS.map(NamedNode), IRIS.map(NamedNode), IRIS.map(NamedNode) | LITERALS), max_size=12
)


def read(turtle: str) -> list[Triple]:
    return [quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)]


def test_canonical_form_of_canonical_form_is_itself() -> None:
    assert canonical_turtle(read(ENTRY)) == ENTRY


def test_prefixes_order_and_commas_of_the_input_do_not_matter() -> None:
    other = """PREFIX x: <https://w3id.org/justicegraph/id/> PREFIX jg: <https://w3id.org/justicegraph/ontology#>
    x:free-example-person.mention-1 jg:firstLine 12 ; a jg:Mention . # a remark
    x:free-example-person <http://www.w3.org/2004/02/skos/core#prefLabel> 'Free Example Person'@EN ;
      jg:worksOn x:cause-10, x:cause-2 ; jg:campaignsFor x:example-person ; a jg:Campaign ."""
    assert canonical_turtle(read(other)) == ENTRY


@given(TRIPLES)
def test_canonical_turtle_keeps_every_triple(triples: list[Triple]) -> None:
    assert set(read(canonical_turtle(triples))) == set(triples)


@given(TRIPLES, st.randoms())
def test_order_of_the_triples_does_not_matter(triples: list[Triple], random: object) -> None:
    assert canonical_turtle(reversed(triples)) == canonical_turtle(triples)


def test_blank_node_is_refused() -> None:
    with pytest.raises(BrokenFile, match="there is a blank node here"):
        canonical_turtle(read("[] <https://example.org/p> 1 ."))


@pytest.mark.parametrize("text", ['x\n"', '"\n', 'a\n""b""', "a\n\\", 'a\n"""', "\r\n", "7" * 5_000, "\t\n\x00"])
def test_odd_text_comes_back_as_it_was(text: str) -> None:
    triple = Triple(NamedNode("https://invented.example/s"), NamedNode("https://invented.example/p"), Literal(text))
    written = canonical_turtle([triple])
    assert [quad.triple for quad in parse(written, format=RdfFormat.TURTLE)] == [triple]


def test_direction_of_a_text_is_kept() -> None:
    (quad,) = parse('<https://invented.example/s> <https://invented.example/p> "x"@ar--rtl .', format=RdfFormat.TURTLE)
    assert '"x"@ar--rtl' in canonical_turtle([quad.triple])
