"""A proposal is fitted to what others have changed meanwhile."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from justicegraph.errors import DecisionRejected
from justicegraph.namespaces import ID, JG, SKOS, TYPE
from justicegraph.suggest.entry import digest_of
from justicegraph.suggest.proposals import Proposal
from tests.support.suggestions import accept, fact, is_clean, new_group, review_of, with_source
from tests.support.turtle import read_turtle


def test_number_of_a_part_and_id_of_a_source_are_replaced_if_they_were_taken_meanwhile(project: Path) -> None:
    def claim(says: str) -> Proposal:
        subject = "invented-person.claim-2"
        said = {"about": "invented-person", "claimant": "invented-list", "source": "new-page"}
        added = [fact(subject, TYPE, NamedNode(JG + "Claim")), fact(subject, JG + "says", Literal(says, language="en"))]
        added += [fact(subject, JG + name, NamedNode(ID + other)) for name, other in said.items()]
        added.append(fact(subject, JG + "stance", NamedNode("https://w3id.org/justicegraph/terms#denies")))
        added.append(fact(subject, JG + "ascribes", NamedNode("https://w3id.org/justicegraph/terms#innocent")))
        base = digest_of(read_turtle(project / "graph/people/invented-person.ttl"))
        source = tuple(
            each for each in with_source().source if says == "One." or "definition" not in each.predicate.value
        )
        source += () if says == "One." else (fact("new-page", SKOS + "definition", Literal("Another.", language="en")),)
        return Proposal("invented-person", JG + "Person", "", tuple(added), source=source, base=base)

    other = claim("Two.")
    renamed = tuple(
        fact("new-page", SKOS + "prefLabel", Literal("Second page", language="en"))
        if "prefLabel" in each.predicate.value
        else each
        for each in other.source
    )
    review = review_of(project, claim("One."), replace(other, source=renamed))
    accept(review)
    assert accept(review, 2) == ["graph/sources/new-page-2.ttl", "graph/people/invented-person.ttl"]
    text = (project / "graph/people/invented-person.ttl").read_text()
    assert re.search(r'claim-3\n[^.]*jg:says "Two\."@en ;\n    jg:source id:new-page-2', text)
    assert is_clean(project)


def test_value_that_was_replaced_meanwhile_is_not_replaced_again(project: Path) -> None:
    triples = read_turtle(project / "graph/organizations/invented-group.ttl")
    old = next(each for each in triples if each.predicate.value == SKOS + "definition")
    says = ("One.", "Two.", "One.")
    first, second, third = (
        Proposal("invented-group", JG + "Organization", "", (new,), (old,), base=digest_of(triples))
        for new in (fact("invented-group", SKOS + "definition", Literal(each, language="en")) for each in says)
    )
    review = review_of(project, first, second, third)
    accept(review)
    with pytest.raises(DecisionRejected, match="replaced this value already"):
        accept(review, 2)
    assert accept(review, 3) == []
    assert len(review.waiting()) == 1
    assert "Two." not in (project / "graph/organizations/invented-group.ttl").read_text()


def test_source_that_exists_at_the_address_is_used_instead_of_the_new_one(project: Path) -> None:
    def told_by(description: str, slug: str, name: str) -> Proposal:
        page = replace(with_source(), slug=slug, added=new_group(slug, name, source="new-page").added)
        address = fact("new-page", JG + "isPublishedAt", NamedNode("https://invented.example/page"))
        said = fact("new-page", SKOS + "definition", Literal(description, language="en"))
        return replace(page, source=(*page.source[:2], said, address))

    review = review_of(project, told_by("A page.", "one", "One"), told_by("An article.", "two", "Two"))
    accept(review)
    assert accept(review, 2) == ["graph/organizations/two.ttl"]
    assert "jg:source id:new-page ;" in (project / "graph/organizations/two.ttl").read_text()
    assert is_clean(project)
