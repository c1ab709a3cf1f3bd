"""A small project of invented people, which tests change as they like, and applications over it."""

import shutil
from functools import partial
from pathlib import Path

from flask import Flask

from justicegraph.jsonld import older_contexts, read_context, read_frames
from justicegraph.namespaces import PREFIXES
from justicegraph.project.removal import removal_test
from justicegraph.project.snapshot import Snapshot, open_store
from justicegraph.rdf.canonical import canonical_turtle
from justicegraph.rdf.files import load_store
from justicegraph.sparql.evaluate import evaluate
from justicegraph.web import Site, create_app
from tests.support.endpoint import with_endpoint
from tests.support.turtle import read_turtle

ROOT = Path(__file__).parents[2]
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())

INVENTED = {
    "causes/causes": 'id:causes a skos:ConceptScheme ; skos:prefLabel "Causes"@en ; skos:definition "All."@en .',
    "causes/invented-cause": """id:invented-cause a jg:Cause ; skos:prefLabel "invented cause"@en ;
        skos:definition "Invented."@en ; skos:scopeNote "Nothing real."@en ; skos:topConceptOf id:causes .""",
    "sources/invented-list": """id:invented-list a jg:Source ; skos:prefLabel "An invented list"@en ;
        skos:definition "A list that nobody wrote."@en ; jg:author "Nobody" .""",
    "organizations/invented-group": """id:invented-group a jg:Organization ; skos:prefLabel "Invented Group"@en ;
        skos:definition "A group that does not exist."@en ; jg:source id:invented-list ; jg:worksOn id:invented-cause ;
        jg:foundedOn "1999-04"^^xsd:gYearMonth .
        id:invented-group.former-name-1 a jg:FormerName ; jg:isNameOf id:invented-group ; jg:name "Old Group"@en ;
        jg:endedOn "2003"^^xsd:gYear ; jg:source id:invented-list .""",
    "people/invented-person": """id:invented-person a jg:Person ; skos:prefLabel "Invented Person"@en ;
        skos:definition "Someone who does not exist."@en ; jg:source id:invented-list .
        id:invented-person.custody-1 a jg:Custody ; jg:isCustodyOf id:invented-person ; jg:position 1 ;
        jg:regime jgt:pre-trial ; jg:startedOn "2001-02-03"^^xsd:date ; jg:endedOn "2002"^^xsd:gYear ;
        jg:endedBy jgt:transferred ; jg:source id:invented-list .
        id:invented-person.custody-2 a jg:Custody ; jg:isCustodyOf id:invented-person ; jg:position 2 ;
        jg:regime jgt:prison ; jg:startedOn "2002"^^xsd:gYear ; jg:confirmedOn "2010-05"^^xsd:gYearMonth ;
        jg:source id:invented-list .
        id:invented-person.claim-1 a jg:Claim ; jg:about id:invented-person ; jg:claimant id:invented-list ;
        jg:stance jgt:asserts ; jg:ascribes jgt:innocent ; jg:says "That it was someone else."@en ;
        jg:source id:invented-list .
        id:invented-person.mention-1 a jg:Mention ; jg:mentions id:invented-person ; jg:inSource id:invented-list ;
        jg:exact "Invented Person"@en ; jg:firstLine 2 ; jg:lastLine 3 .""",
    "campaigns/free-invented-person": """id:free-invented-person a jg:Campaign ; skos:prefLabel "Free Invented Person"@en ;
        skos:definition "A campaign that does not exist."@en ; jg:campaignsFor id:invented-person ;
        jg:isRunBy id:invented-group ; jg:source id:invented-list .""",
    "renamed/invented-misspelt": """id:invented-misspelt a jg:RenamedEntity ; owl:deprecated true ;
        dcterms:isReplacedBy id:invented-group .""",
}


def write_entity(folder: Path, name: str, turtle: str) -> Path:
    """Write one file of a project's graph/ in the canonical form."""
    path = folder / "graph" / f"{name}.ttl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + turtle)
    path.write_text(canonical_turtle(read_turtle(path)))
    return path


def make_project(folder: Path) -> Path:
    """Make a project folder with our ontology and shapes, and invented entries."""
    for name in ("ontology", "shapes"):
        shutil.copytree(ROOT / name, folder / name)
    for name, turtle in INVENTED.items():
        write_entity(folder, name, turtle)
    return folder


def app_of_snapshot(snapshot: Snapshot, folder: Path) -> Flask:
    """Return the application that serves a snapshot, with questions answered in this process."""
    site = Site(
        partial(evaluate, open_store(snapshot), union=True), read_context(folder), snapshot.path.resolve(),
        folder / "queries", folder / "ontology" / "examples", snapshot.id, removal_test(folder),
        releases=snapshot.path.resolve().parents[1] / "releases", frames=read_frames(folder),
        older_contexts=older_contexts(folder),
    )  # fmt: skip
    return with_endpoint(create_app(site))


def app_of_files(files: list[Path], union: bool, folder: Path) -> Flask:
    """Return the application that serves RDF files, likewise."""
    site = Site(partial(evaluate, load_store(files), union=union), read_context(folder), union=union)
    return with_endpoint(create_app(site))
