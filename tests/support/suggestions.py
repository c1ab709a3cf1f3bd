"""Invented proposals, and a review of them."""

from dataclasses import replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import ID, JG, SKOS, TYPE, XSD
from justicegraph.project.folder import load_folder, store_of
from justicegraph.suggest import tokens
from justicegraph.suggest.entry import digest_of
from justicegraph.suggest.intake import suggestions_file
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.review import Review
from justicegraph.suggest.store import Store
from justicegraph.validate import validate
from tests.support.turtle import read_turtle


def fact(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(NamedNode(ID + subject), NamedNode(predicate), value)


def new_group(slug: str = "new-group", name: str = "New Group", source: str = "invented-list") -> Proposal:
    """Return the suggestion of a new entry."""
    return Proposal(slug, JG + "Organization", name, (
        fact(slug, TYPE, NamedNode(JG + "Organization")),
        fact(slug, SKOS + "prefLabel", Literal(name, language="en")),
        fact(slug, SKOS + "definition", Literal("It does not exist.", language="en")),
        fact(slug, JG + "source", NamedNode(ID + source)),
    ))  # fmt: skip


def with_source(slug: str = "new-page") -> Proposal:
    """Return one that comes with a new source."""
    source = (
        fact(slug, TYPE, NamedNode(JG + "Source")),
        fact(slug, SKOS + "prefLabel", Literal("New page", language="en")),
        fact(slug, SKOS + "definition", Literal("A page.", language="en")),
    )
    return replace(new_group(source=slug), source=source)


def another_date(project: Path, year: str = "1999") -> Proposal:
    """Return the suggestion that the invented group was founded in a year."""
    triples = read_turtle(project / "graph/organizations/invented-group.ttl")
    old = next(each for each in triples if each.predicate.value == JG + "foundedOn")
    new = fact("invented-group", JG + "foundedOn", Literal(year, datatype=NamedNode(XSD + "gYear")))
    return Proposal("invented-group", JG + "Organization", "", (new,), (old,), base=digest_of(triples))


def review_of(project: Path, *proposals: Proposal) -> Review:
    """Return a review before which these lie, numbered from 1."""
    store = Store(suggestions_file(project))
    for number, proposal in enumerate(proposals):
        store.add(tokens.receipt_hash(str(number)), proposal.slug, proposal.to_json(), 1_000)
    return Review(project, store, "A. Volunteer")


def accept(review: Review, number: int = 1) -> list[str]:
    return [str(path) for path in review.accept(number, review.assess(number).revision)]


def is_clean(project: Path) -> bool:
    folder = load_folder(project)
    return validate(folder, store_of(folder)) == []
