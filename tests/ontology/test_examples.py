"""The examples of the ontology use all that the shapes allow, and each constraint has an example that fails it.

A failing example is a copy of a passing one in which one property has other values. All copies stand in one project,
each under a slug of its own, and are checked by one call.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from shutil import copyfile, copytree

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from justicegraph.namespaces import ID, JG, JGS, JGT, PREFIXES, RDF, RDFS, SH, SKOS, TYPE, XSD, short, slug_of
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.rdf.canonical import canonical_turtle, format_term
from justicegraph.rdf.schema import facts_of, folder_of
from justicegraph.validate import Finding, read_vocabulary, validate
from tests.support.project import HEAD, ROOT
from tests.support.turtle import read_turtle
from tests.validate.test_privacy import TOLD

Term = NamedNode | Literal


class Node(dict[str, list[Term]]):
    """The values of each property of a subject; of a property that it lacks, none."""

    def __missing__(self, name: str) -> list[Term]:
        return []


class Nodes(dict[str, Node]):
    """What is said of each subject; of one that is unknown, nothing."""

    def __missing__(self, iri: str) -> Node:
        return Node()


EXAMPLES = ROOT / "ontology" / "examples"
CHECK = JGS + "CheckConstraintComponent"
RULE = SH + "SPARQLConstraintComponent"
INFERRED = {JG + name for name in ("Prisoner", "Status")}


def turtle(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(HEAD + text, format=RdfFormat.TURTLE)]


def nodes(triples: Iterable[Triple]) -> Nodes:
    found = Nodes()
    for subject, predicate, value in triples:
        assert isinstance(subject, NamedNode)
        assert isinstance(value, NamedNode | Literal)
        found.setdefault(subject.value, Node()).setdefault(predicate.value, []).append(value)
    return found


def findings(project: Path) -> list[Finding]:
    folder = load_folder(project)
    return validate(folder, store_of(folder))


def project_of_examples(folder: Path) -> Path:
    for name in ("ontology", "shapes"):
        copytree(ROOT / name, folder / name)
    for path in EXAMPLES.glob("*.ttl"):
        home = folder / "graph" / "examples" / home_of(path.stem)
        home.mkdir(parents=True, exist_ok=True)
        copyfile(path, home / path.name)
    return folder


def home_of(slug: str) -> str:
    """Return the folder in which the example with this slug is kept."""
    kinds = facts_of(read_turtle(EXAMPLES / f"{slug}.ttl"))[ID + slug][TYPE]
    return next((home for kind in kinds if (home := folder_of(kind, facts_of(FOLDER.ontology)))), "causes")


# A status is derived, so no file has one: this one is there to be broken.
STATUS = turtle("""id:invented-poet.status-1 a jg:Status ; jg:isStatusOf id:invented-poet ; jg:currentStatus jgt:dead ;
    jg:asOf "2012-03"^^xsd:gYearMonth ; jg:isDerivedFrom id:invented-poet .""")
FILES = {path.stem: read_turtle(path) for path in sorted(EXAMPLES.glob("*.ttl"))}
FOLDER = load_folder(ROOT)
SHAPES = nodes(FOLDER.shapes)
SAID = nodes([*(triple for triples in FILES.values() for triple in triples), *STATUS])
ONTOLOGY = nodes(FOLDER.ontology)
ABSTRACT = {name for name, said in ONTOLOGY.items() if said[JG + "isAbstract"]}


def is_a(node: Node, wanted: str) -> bool:
    """Tell whether one of the node's classes is this one, or narrower."""
    waiting = {each.value for each in node[TYPE]}
    while waiting and wanted not in waiting:
        waiting = {wider.value for each in waiting for wider in ONTOLOGY[each][RDFS + "subClassOf"]}
    return bool(waiting)


# Constraints, and how each is failed


@dataclass(frozen=True)
class Constraint:
    """A parameter of a shape, such as the sh:minCount of jgs:Claim-says, for one of the classes that it is for."""

    shape: str
    parameter: str = ""
    """None for a rule over the whole graph."""
    target: str = ""
    path: str = ""

    def __str__(self) -> str:
        return " ".join(name for name in (self.name, self.parameter, short(self.target)) if name)

    @property
    def name(self) -> str:
        return self.shape.removeprefix(JGS)

    @property
    def component(self) -> str:
        return f"{SH}{self.parameter[0].upper()}{self.parameter[1:]}ConstraintComponent" if self.parameter else RULE


@dataclass(frozen=True)
class Mutation:
    """What makes a failing example: in a copy of this entry or part, the property has these values only."""

    focus: str
    predicate: str
    values: str
    also: tuple[str, ...] = ()
    """Other rules that the same mutation breaks."""


WORDS = "clause declare group inverseLabel looseClause message name namespace order path prefix prefixes property select sparql targetClass"
NO_CONSTRAINT = {SH + name for name in WORDS.split()}
"""The words of SHACL that demand nothing by themselves."""


def constraints(shapes: Iterable[Triple]) -> Iterator[Constraint]:
    """Yield each constraint of these shapes, once for each class that it is for."""
    said = nodes(shapes)
    for shape, facts in said.items():
        if not facts[SH + "path"]:
            yield from (Constraint(shape, parameter) for parameter in parameters(facts))
            yield from (Constraint(rule.value) for rule in facts[SH + "sparql"])
        for name, target in product(facts[SH + "property"], facts[SH + "targetClass"]):
            wanted = said[name.value]
            path = wanted[SH + "path"][0].value
            yield from (Constraint(name.value, each, target.value, path) for each in parameters(wanted))


def parameters(shape: Node) -> list[str]:
    return sorted(name.removeprefix(SH) for name in shape if name.startswith(SH) and name not in NO_CONSTRAINT)


CONSTRAINTS = list(constraints(FOLDER.shapes))

SCHEME = "id:causes"
"""What no link to an entry or a term may lead to: it is neither."""
FOCUS = {
    "Cause-broader": "invented-wrongful-conviction",
    "Entity-source": "invented-wrongful-conviction",
    "Place-level": "invented-country",
}
"""The entries to take for a shape where the first that has its property breaks other rules too."""
OTHERS = {
    "Custody-isHeldAt": "id:invented-prison",
    "Custody-position": "7",
    "RenamedEntity-deprecated": "false",
    "Source-sha256": f'"{"0" * 64}"',
}
"""The second value for a shape, where the one that its other constraints suggest breaks other rules too."""
ALSO = {
    "Claim-claimant nodeKind": ("Claim-claimant-kind",),
    "Mention-lastLine minInclusive": ("Mention-lines",),
    "RenamedEntity-deprecated minCount": ("RenamedEntity-deprecated hasValue",),
}
"""The other rules that a mutation breaks of necessity."""
OTHER_TYPE = {RDF + "langString": '"{}"', XSD + "string": '"{}"@en', XSD + "integer": "{}.5"}
OTHER_KIND = {SH + "IRI": '"https://invented.example/"', SH + "Literal": SCHEME}
OTHER_TEXT = {
    "^[^=+\\-@\\t\\r]": '"=invented()"@en',
    "^https?://[^/]+\\.[^/]+": "<ftp://invented.example/>",
    "^[0-9a-f]{64}$": '"ABC"',
}


@dataclass(frozen=True)
class Place:
    """A property of a passing example, with the shape that it is to break."""

    focus: str
    path: str
    name: str
    shape: Node

    @property
    def here(self) -> list[Term]:
        return SAID[ID + self.focus][self.path]

    def asks(self, parameter: str) -> str:
        """Return the value of a parameter of the shape; nothing where it has none."""
        return next((value.value for value in self.shape[SH + parameter]), "")


def second_value(at: Place) -> str | None:
    """Return one more value, which all but sh:maxCount lets pass."""
    if wanted := at.asks("class"):
        return another(wanted, at)
    text = at.here[0].value
    if at.asks("node"):
        return f'"{text}-06"^^xsd:gYearMonth' if len(text) == 4 else f'"{text[:4]}"^^xsd:gYear'
    if at.asks("nodeKind") == SH + "IRI":
        return "<https://invented.example/another>"
    if at.asks("datatype") == XSD + "integer":
        return str(int(text) + 1)
    return '"Another"' if at.asks("datatype") != RDF + "langString" else '"Another"@en'


def another(wanted: str, at: Place) -> str | None:
    """Return an entry or a term of this class that does not stand here yet."""
    known = sorted(iri for each in (SAID, ONTOLOGY) for iri, node in each.items() if is_a(node, wanted))
    return next((short(iri) for iri in known if NamedNode(iri) not in at.here and iri != ID + at.focus), None)


def with_second_value(at: Place) -> str | None:
    second = OTHERS.get(at.name) or second_value(at)
    return second and ", ".join([*map(format_term, at.here), second])


FAILING: dict[str, Callable[[Place], str | None]] = {
    "class": lambda at: SCHEME if at.asks("class").startswith(JG) else "id:invented-fairness",
    "datatype": lambda at: OTHER_TYPE.get(at.asks("datatype"), "").format(at.here[0].value) or None,
    "hasValue": lambda at: "false" if at.asks("hasValue") == "true" else None,
    "maxCount": with_second_value,
    "minCount": lambda _: "",
    "minInclusive": lambda at: str(int(at.asks("minInclusive")) - 1),
    "node": lambda at: f'"{at.here[0].value}"',
    "nodeKind": lambda at: OTHER_KIND.get(at.asks("nodeKind")),
    "pattern": lambda at: OTHER_TEXT.get(at.asks("pattern")),
    "uniqueLang": lambda _: '"One"@en, "Another"@en',
}
"""For each parameter, the values that fail it; None where nobody has said yet which do."""


def focus_of(constraint: Constraint) -> str | None:
    """Return an entry or part of the constraint's class that has the property."""
    having = (iri for iri, node in SAID.items() if constraint.path in node and is_a(node, constraint.target))
    first = min((iri.removeprefix(ID) for iri in having), default=None)
    return FOCUS.get(constraint.name, first)


def mutation_for(constraint: Constraint, shapes: Nodes) -> Mutation | None:
    """Return the mutation that fails the constraint of a property, or None where there is none."""
    focus, fail = focus_of(constraint), FAILING.get(constraint.parameter)
    if focus is None or fail is None:
        return None
    values = fail(Place(focus, constraint.path, constraint.name, shapes[constraint.shape]))
    also = ALSO.get(f"{constraint.name} {constraint.parameter}", ())
    return None if values is None else Mutation(focus, short(constraint.path), values, also)


RULES = {
    "Cause-depth": [
        Mutation("invented-fair-trials", "skos:broader", "id:invented-wrongful-conviction"),
        Mutation("invented-fair-trials", "skos:broader", "id:invented-fair-trials"),
    ],
    "Cause-place": [
        Mutation("invented-fairness", "skos:topConceptOf", ""),
        Mutation("invented-fairness", "skos:broader", "id:invented-fair-trials"),
        Mutation("invented-fair-trials", "skos:topConceptOf", "id:causes"),
    ],
    "Claim-claimant-kind": [Mutation("invented-scholar.claim-1", "jg:claimant", "id:invented-prison")],
    "Claim-value": [
        Mutation("invented-relief-fund.claim-1", "jg:claimedProperty", ""),
        Mutation("invented-relief-fund.claim-1", "jg:claimedValue", ""),
    ],
    "Custody-ended": [Mutation("invented-scholar.custody-1", "jg:endedBy", "")],
    "Custody-isHeldAt-level": [
        Mutation("invented-scholar.custody-1", "jg:isHeldAt", "id:invented-city"),
        Mutation("invented-scholar.custody-1", "jg:isHeldAt", "id:invented-county"),
    ],
    "Custody-position-once": [Mutation("invented-scholar.custody-1", "jg:position", "2")],
    "Entity-once": [Mutation("invented-old-jail", "skos:prefLabel", '"Invented Prison"@en')],
    "EntryOrPart-class": [
        Mutation("invented-scholar", "rdf:type", "jg:Person, jg:Agent"),
        Mutation("invented-scholar", "rdf:type", "jg:Person, jg:Entity"),
        Mutation("invented-scholar", "rdf:type", "jg:Person, jg:Prisoner"),
        Mutation("invented-state", "rdf:type", "jg:Place, jg:Location"),
        Mutation("invented-scholar.claim-1", "rdf:type", "jg:Claim, jg:Part", ("Class",)),
        Mutation("invented-poet.status-1", "jg:currentStatus", "jgt:dead"),
    ],
    "EntryOrPart-order": [
        Mutation("invented-scholar.custody-1", "jg:endedOn", '"2001-02-02"^^xsd:date'),
        Mutation("invented-scholar.custody-2", "jg:confirmedOn", '"2001"^^xsd:gYear'),
        Mutation("invented-alliance", "jg:dissolvedOn", '"1989-12-31"^^xsd:date'),
        Mutation("invented-poet", "jg:diedOn", '"1931-04"^^xsd:gYearMonth'),
        Mutation("invented-list", "jg:updatedOn", '"2009-05-31"^^xsd:date'),
    ],
    "Mention-lines": [Mutation("invented-scholar.mention-1", "jg:lastLine", "20")],
    "Person-bornOn-living": [
        Mutation("invented-scholar", "jg:bornOn", '"1960-01"^^xsd:gYearMonth'),
        Mutation("invented-poet", "jg:diedOn", ""),
    ],
    "Place-isWithin-level": [
        Mutation("invented-country", "jg:isWithin", "id:invented-state"),
        Mutation("invented-state", "jg:isWithin", "id:invented-county"),
        Mutation("invented-state", "jg:isWithin", "id:invented-city"),
        Mutation("invented-county", "jg:isWithin", "id:invented-city"),
        Mutation("invented-city", "jg:level", "jgt:county"),
    ],
}  # fmt: skip
"""For each rule over the whole graph, its failing examples: one for each way to break it."""

VALUES = {
    "Date nodeKind": SCHEME,
    "Date or": '"2018"',
    "Date pattern": '"3018-07-20"^^xsd:date',
    "Date-day datatype": '"2018-07"^^xsd:gYearMonth',
    "Date-month datatype": '"2018"^^xsd:gYear',
    "Date-year datatype": '"2018-07-20"^^xsd:date',
}
"""For each constraint on a value that other shapes point to by sh:node, a value that fails it."""

CODE = {
    "Class": [
        Mutation("invented-scholar", "rdf:type", "jg:Person, jg:Persona"),
        Mutation("invented-old-jail", "rdf:type", ""),
    ],
    "Datatype": [Mutation("invented-relief-fund.claim-1", "jg:claimedValue", '"1997"^^xsd:float')],
    "Date-exists": [Mutation("invented-relief-fund.claim-1", "jg:claimedValue", '"1997-02-30"^^xsd:date')],
    "Language": [Mutation("invented-scholar", "skos:editorialNote", '"Invented."@invented')],
    "LiteralForm": [Mutation("invented-relief-fund.claim-1", "jg:claimedValue", '"01997"^^xsd:integer')],
    "Link": [Mutation("invented-relief-fund", "jg:worksOn", "id:invented-nowhere")],
    "Property": [
        Mutation("invented-relief-fund", "jg:worksAt", "id:invented-city"),
        Mutation("invented-relief-fund", "jg:bornOn", '"1998"^^xsd:gYear'),
    ],
    "Term": [Mutation("invented-scholar.custody-1", "jg:regime", "jgt:invented")],
    "Text": [Mutation("invented-scholar", "skos:editorialNote", '"Invented. "@en')],
} | {
    rule: [Mutation("invented-scholar", "skos:editorialNote", f'"{text}"@en') for name, text in TOLD if name == rule]
    for rule, _ in TOLD
}
"""The same for the rules on values and words that stand in code."""


def jail(slug: str) -> str:
    """Return the example of a jail under another slug and name."""
    text = (EXAMPLES / "invented-old-jail.ttl").read_text()
    return text.replace("id:invented-old-jail", f"id:{slug}").replace('"Invented Old Jail"', f'"{slug}"')


JAIL = jail("invented-old-jail").replace('"invented-old-jail"', '"Invented Old Jail"')
MENTION = {f"Mention-{name}" for name in ("exact", "firstLine", "inSource", "lastLine", "mentions")}
BROKEN = {
    # file: (its text, the rules that are told of)
    "invented-jail-1.ttl": (jail("invented-jail-1").removesuffix("    .\n"), {"Syntax"}),
    "invented-jail-2.ttl": (jail("invented-jail-2") + "\n", {"Form"}),
    "invented-jail-3.ttl": (jail("invented-jail-3").replace("id:invented-list", "[]"), {"NoBlankNode", "Sourced-source"}),
    "invented-jail-4.ttl": (jail("invented-jail-4") + "\nid:invented-jail.mention-1\n    a jg:Mention ;\n    .\n", {"Home", *MENTION}),
    "invented-jail-5.ttl": (jail("invented-jail-5") + "\nid:invented-jail-5.mention-1\n    a jg:Mention ;\n    .\n", {"Owner", *MENTION}),
    "Invented_Jail.ttl": (jail("invented-jail-6"), {"FileName", "Home"}),
    "invented-jail-7.ttl": (jail("invented-jail-8"), {"FileName", "Home"}),
    "invented-old-jail.ttl": (JAIL, {"OneFile", "OneGraph"}),
    "invented-jail-9.ttl": (jail("invented-jail-9"), {"Removed"}),
    "invented-court.ttl": (jail("invented-court").replace("jg:Facility", "jg:Event"), {"Folder", "Property"}),
}  # fmt: skip
"""Broken files made from the example of a jail, which between them break each rule on files."""
REMOVED = "invented-jail-9"
ELSEWHERE = {"Mapping-file", "Mention-in-text", "Source-text", "Released"}
"""Rules that test_mappings, test_mentions and test_released break."""


def lacking(shapes: Iterable[Triple]) -> list[str]:
    """Return the names of the constraints that no failing example is known for."""
    listed = list(shapes)
    said = nodes(listed)
    return sorted(str(each) for each in constraints(listed) if not known(each, said))


def known(constraint: Constraint, shapes: Nodes) -> bool:
    if constraint.path:
        return mutation_for(constraint, shapes) is not None
    return str(constraint) in (VALUES if constraint.parameter else RULES)


# One project of all failing examples


@dataclass(frozen=True)
class Case:
    """A failing example: the mutation, and which rule must be told of with which component."""

    name: str
    rule: str
    component: str
    mutation: Mutation
    slug: str

    @property
    def focus(self) -> str:
        return renamed(ID + self.mutation.focus, self.mutation.focus.partition(".")[0], self.slug)


def mutations() -> Iterator[tuple[str, str, str, Mutation]]:
    """Yield the name, rule, component and mutation of each failing example."""
    for each in CONSTRAINTS:
        if each.path and (found := mutation_for(each, SHAPES)):
            yield str(each), each.shape, each.component, found
    for table, component in ((RULES, RULE), (CODE, CHECK)):
        for rule, listed in table.items():
            yield from ((f"{rule} {number}", JGS + rule, component, each) for number, each in enumerate(listed, 1))


def renamed(iri: str, slug: str, new: str) -> str:
    return ID + new + iri.removeprefix(ID + slug) if slug_of(iri) == slug else iri


def failing_example(mutation: Mutation, slug: str) -> list[Triple]:
    """Return the mutated copy of an example's file under a slug and a name of its own."""
    old = mutation.focus.partition(".")[0]
    focus, predicate = NamedNode(ID + mutation.focus), f"{mutation.predicate} {mutation.values}"
    path = NamedNode(PREFIXES[mutation.predicate.partition(":")[0]] + mutation.predicate.partition(":")[2])
    passing = [*FILES[old], *(STATUS if mutation.focus.endswith(".status-1") else ())]
    kept = [with_label(each, slug) for each in passing if (each.subject, each.predicate) != (focus, path)]
    added = turtle(f"id:{mutation.focus} {predicate} .") if mutation.values else []
    return [moved(each, old, slug) for each in [*kept, *added]]


def with_label(triple: Triple, slug: str) -> Triple:
    """Return a name with the slug after it, since no two entries of a class share a name."""
    subject, predicate, value = triple
    if predicate.value == SKOS + "prefLabel" and isinstance(value, Literal):
        return Triple(subject, predicate, Literal(f"{value.value} {slug}", language="en"))
    return triple


def moved(triple: Triple, old: str, new: str) -> Triple:
    subject, predicate, value = triple
    assert isinstance(subject, NamedNode)
    link = NamedNode(renamed(value.value, old, new)) if isinstance(value, NamedNode) else value
    return Triple(NamedNode(renamed(subject.value, old, new)), predicate, link)


CASES = [
    Case(name, rule, component, mutation, f"{mutation.focus.partition('.')[0]}-copy-{number}")
    for number, (name, rule, component, mutation) in enumerate(mutations())
]

Told = dict[str, set[tuple[str, str]]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return the rules and components told of each entry and part of the failing examples."""
    project = project_of_examples(tmp_path_factory.mktemp("failing") / "project")
    for case in CASES:
        home = project / "graph" / "failing" / home_of(case.mutation.focus.partition(".")[0])
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{case.slug}.ttl").write_text(canonical_turtle(failing_example(case.mutation, case.slug)))
    found: Told = defaultdict(set)
    for finding in findings(project):
        found[finding.focus or ""].add((finding.rule, finding.component))
    return found


def expected(case: Case) -> set[tuple[str, str]]:
    """Return what must be told of a failing example: its constraint, and what breaks with it of necessity."""
    also = {(JGS + name.partition(" ")[0], component_of(name)) for name in case.mutation.also}
    return {(case.rule, case.component)} | also | set(twins(case)) | set(unlinked(case)) | set(by_hand(case))


def component_of(name: str) -> str:
    shape, _, parameter = name.partition(" ")
    return Constraint(shape, parameter).component if parameter or shape in RULES else CHECK


def twins(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the constraints that ask the same of the same property of this entry."""
    node, demanded = SAID[ID + case.mutation.focus], SHAPES[case.rule]
    for each in CONSTRAINTS:
        about = (each.component, short(each.path)) == (case.component, case.mutation.predicate)
        same = SHAPES[each.shape][SH + each.parameter] == demanded[SH + each.parameter]
        if about and same and is_a(node, each.target):
            yield each.shape, each.component


def unlinked(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the rule on links to the owner where a part has lost its own."""
    links = {each.object for each in failing_example(case.mutation, case.slug) if each.subject == NamedNode(case.focus)}
    if "." in case.mutation.focus and NamedNode(ID + case.slug) not in links:
        yield JGS + "Owner", CHECK


def by_hand(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the rule that nobody types a status."""
    if case.mutation.focus.endswith(".status-1"):
        yield JGS + "EntryOrPart-class", RULE


# The examples pass


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ttl")), ids=lambda path: path.stem)
def test_example_is_canonical_and_named_as_invented(path: Path) -> None:
    assert path.read_text() == canonical_turtle(read_turtle(path))
    labels = SAID[ID + path.stem][SKOS + "prefLabel"]
    assert "invented" in path.stem or path.stem == "causes"
    assert all("invented" in label.value.lower() for label in labels)


def test_examples_are_a_project_without_findings(tmp_path: Path) -> None:
    assert list(map(str, findings(project_of_examples(tmp_path / "project")))) == []


def test_every_class_has_an_example() -> None:
    classes = {name for name, allowed in read_vocabulary(FOLDER.ontology, FOLDER.shapes).allowed.items() if allowed}
    typed = {kind.value for triples in FILES.values() for node in nodes(triples).values() for kind in node[TYPE]}
    assert sorted(map(short, classes - ABSTRACT - INFERRED - typed)) == []


def test_every_property_that_a_shape_allows_has_an_example() -> None:
    missing = [str(each) for each in properties() if focus_of(each) is None]
    assert missing == []


def properties() -> list[Constraint]:
    return [
        Constraint(shape.value, "path", target.value, SHAPES[shape.value][SH + "path"][0].value)
        for facts in SHAPES.values()
        for shape in facts[SH + "property"]
        for target in facts[SH + "targetClass"]
    ]


def test_what_is_inferred_follows_from_the_examples(tmp_path: Path) -> None:
    folder = load_folder(project_of_examples(tmp_path / "project"))
    store = store_of(folder)
    reason(store, ROOT / "ontology" / "rules")
    derived = nodes(quad.triple for quad in store if slug_of(str(quad.subject.value)) is not None)
    for name in INFERRED:
        inferred = [node for node in derived.values() if NamedNode(name) in node[TYPE]]
        paths = {each.path for each in properties() if each.target == name}
        assert inferred, short(name)
        assert paths <= {path for node in inferred for path in node}


def test_every_kind_of_date_has_an_example() -> None:
    kinds = {short(v.datatype.value) for n in SAID.values() for vs in n.values() for v in vs if isinstance(v, Literal)}
    assert {"xsd:date", "xsd:gYearMonth", "xsd:gYear"} <= kinds


# Each constraint is failed


def test_every_constraint_has_a_failing_example() -> None:
    assert lacking(FOLDER.shapes) == []


def test_constraint_without_a_failing_example_is_named() -> None:
    invented = """
        jgs:Custody sh:property jgs:Custody-long, jgs:Custody-unused ; sh:sparql jgs:Custody-rule ; sh:xone jgs:none .
        jgs:Custody-long sh:path jg:regime ; sh:maxLength 3 .
        jgs:Custody-unused sh:path jg:unused ; sh:minCount 1 ."""
    named = ["Custody xone", "Custody-long maxLength jg:Custody", "Custody-rule", "Custody-unused minCount jg:Custody"]
    assert lacking([*FOLDER.shapes, *turtle(invented)]) == named


def test_every_failing_example_is_of_a_constraint() -> None:
    names = {str(each) for each in CONSTRAINTS}
    assert {*RULES, *VALUES} - names == set()
    assert {*FOCUS, *OTHERS} - {name.partition(" ")[0] for name in names} == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_failing_example_is_told_of_by_its_constraint(case: Case, told: Told) -> None:
    assert told[case.focus] == expected(case)


@pytest.mark.parametrize("name", VALUES)
def test_value_that_fails_a_shape_of_values_is_told_of(name: str) -> None:
    import pyshacl
    from rdflib import SH as SHACL
    from rdflib import Graph

    (constraint,) = (each for each in CONSTRAINTS if str(each) == name)
    target = f"{HEAD}<{constraint.shape}> sh:targetObjectsOf jg:startedOn ."
    demands = Graph().parse(ROOT / "shapes" / "date.ttl").parse(data=target, format="turtle")
    data = Graph().parse(data=f"{HEAD}id:invented jg:startedOn {VALUES[name]} .", format="turtle")
    report = pyshacl.validate(data, shacl_graph=demands)[1]
    told = {str(report.value(each, SHACL.sourceConstraintComponent)) for each in report.objects(None, SHACL.result)}
    assert constraint.component in told


# Each rule in code is broken


def test_every_rule_in_code_has_a_failing_example() -> None:
    code = "".join(path.read_text() for path in (ROOT / "src/justicegraph/validate").glob("*.py"))
    named = re.findall(r'JGS \+ "([A-Z][\w-]+)"|yield (?:triple, )?"([A-Z][\w-]+)"', code)
    rules = {one or other for one, other in named} - {"CheckConstraintComponent"} - ELSEWHERE
    of_files = {rule for _, told in BROKEN.values() for rule in told}
    assert rules - {*CODE, *of_files} == set()
    assert set(CODE) - rules - {rule for rule, _ in TOLD} == set()


@pytest.fixture(scope="module")
def told_of_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the rules told of each broken file."""
    project = project_of_examples(tmp_path_factory.mktemp("broken") / "project")
    (project / "graph" / "failing" / "facilities").mkdir(parents=True)
    for name, (text, _) in BROKEN.items():
        (project / "graph" / "failing" / "facilities" / name).write_text(text)
    found: dict[str, set[str]] = defaultdict(set)
    folder = load_folder(project)
    for finding in validate(folder, store_of(folder), is_removed=lambda slug: slug == REMOVED):
        if finding.path.parent.parent.name == "failing":
            found[finding.path.name].add(finding.rule.removeprefix(JGS))
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_told_of_by_its_rule(name: str, told_of_files: dict[str, set[str]]) -> None:
    assert told_of_files[name] == BROKEN[name][1]


# The ontology has shapes of its own; its rules have their flaws in test_ontology

IN_ONTOLOGY = {
    "class": '"invented"@en',
    "datatype": '"invented"',
    "maxCount": '"one"@en, "two"@en',
    "minCount": "",
    "nodeKind": '"invented"@en',
    "uniqueLang": '"one"@en, "two"@en',
}
"""For each parameter, the values of a term that fail it."""


def test_term_that_fails_a_shape_of_the_ontology_is_told_of(tmp_path: Path) -> None:
    demands = [each for each in constraints(FOLDER.ontology_shapes) if each.path]
    terms = {f"{JGT}invented-{number}": each for number, each in enumerate(demands)}
    project = project_of_examples(tmp_path / "project")
    (project / "ontology" / "invented.ttl").write_text(HEAD + "".join(map(failing_term, terms, demands)))
    found = {(each.focus, each.rule, each.component) for each in findings(project)}
    assert [str(each) for iri, each in terms.items() if (iri, each.shape, each.component) not in found] == []


def failing_term(iri: str, constraint: Constraint) -> str:
    values = IN_ONTOLOGY[constraint.parameter]
    return f"<{iri}> a <{constraint.target}> {f'; <{constraint.path}> {values}' if values else ''} .\n"
