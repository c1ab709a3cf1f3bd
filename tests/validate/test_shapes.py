"""Each demand of the shapes is held, and what breaks it is told with file, line, entity and remedy."""

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from justicegraph.errors import BrokenFile
from justicegraph.namespaces import SH
from justicegraph.project.folder import load_folder, store_of
from justicegraph.validate import Finding, report_of, validate
from tests.support.project import INVENTED, write_entity

ORGANIZATION = INVENTED["organizations/invented-group"]
PERSON = INVENTED["people/invented-person"]
CAMPAIGN = INVENTED["campaigns/free-invented-person"]


def findings(project: Path) -> list[Finding]:
    folder = load_folder(project)
    return validate(folder, store_of(folder))


def sentences(project: Path) -> list[str]:
    return [str(finding).partition("graph/")[2] for finding in findings(project)]


def test_invented_project_has_no_findings(project: Path) -> None:
    assert sentences(project) == []


BROKEN = [
    # (file, what is replaced, by what, what the finding says)
    ("organizations/invented-group", "jg:source id:invented-list ; jg:works", "jg:works", "line 7: id:invented-group: jg:source is missing. Add at least one source"),
    ("organizations/invented-group", '"Invented Group"@en', '"Invented Group"', 'skos:prefLabel has "Invented Group", a value of the wrong type. Add the name that people use today'),
    ("organizations/invented-group", '"Invented Group"@en', '"One"@en, "Two"@en', "skos:prefLabel is given more than once in one language"),
    ("organizations/invented-group", '"Invented Group"@en', '"=cmd()"@en', "which is not allowed here. Add the name that people use today, with its language"),
    ("organizations/invented-group", '"Invented Group"@en', '" Invented"@en', "with spaces at an end or an invisible character"),
    ("organizations/invented-group", '"1999-04"^^xsd:gYearMonth', '"1999-13"^^xsd:gYearMonth', 'id:invented-group: jg:foundedOn has "1999-13", which is not in the form of xsd:gYearMonth'),
    ("organizations/invented-group", '"1999-04"^^xsd:gYearMonth', '"1999-02-30"^^xsd:date', "a date that does not exist"),
    ("organizations/invented-group", '"1999-04"^^xsd:gYearMonth', '"1999-04-01Z"^^xsd:date', "which is not in the form of xsd:date"),
    ("organizations/invented-group", '"1999-04"^^xsd:gYearMonth', "1999", "jg:foundedOn has 1999, which is not a date. Give one date of founding"),
    ("organizations/invented-group", '"1999-04"^^xsd:gYearMonth', '"1999"^^xsd:gYear, "1998"^^xsd:gYear', "jg:foundedOn is given more than once"),
    ("organizations/invented-group", "id:invented-cause", "id:invented-list", "jg:worksOn links to id:invented-list, which is not a jg:Cause. Link a cause"),
    ("organizations/invented-group", "id:invented-cause", "id:no-cause", "id:no-cause does not exist"),
    ("organizations/invented-group", "id:invented-cause", "<https://invented.example/>", "which is not a jg:Cause"),
    ("organizations/invented-group", "jg:worksOn", "jg:website <mailto:a@invented.example> ; jg:worksOn", "Give the address of the website in angle brackets"),
    ("organizations/invented-group", "jg:Organization", "jg:Organisation", "jg:Organisation is not a class for entries. Did you mean jg:Organization?"),
    ("organizations/invented-group", "jg:Organization", "jg:Agent", "jg:Agent is too general to be the class of an entry"),
    ("organizations/invented-group", "jg:worksOn", "jg:worksAt", "jg:worksAt is not a property of the ontology. Did you mean jg:worksOn?"),
    ("organizations/invented-group", "jg:isNameOf id:invented-group ;", "", "the part does not link to its owner"),
    ("organizations/invented-group", '"Invented Group"@en', '"Invented Group"@en ; jg:invented [ a jg:Person ]', "there is a blank node here"),
    ("people/invented-person", "a jg:Person", "a jg:Person, jg:Prisoner", "jg:Prisoner is too general to be the class of an entry"),
    ("people/invented-person", "jg:position 2", "jg:position 1", "another custody of the same person has the position 1. Count the custodies"),
    ("people/invented-person", "jg:position 2", 'jg:position "02"^^xsd:integer', 'jg:position has "02", which is not in the form of xsd:integer'),
    ("people/invented-person", "jg:position 2", "jg:position 0", "jg:position has"),
    ("people/invented-person", "jgt:pre-trial", "jgt:pretrial", "jgt:pretrial is not in the ontology. Did you mean jgt:pre-trial?"),
    ("people/invented-person", "jgt:pre-trial", "jgt:acquitted", "jg:regime links to jgt:acquitted, which is not a jg:Regime"),
    ("people/invented-person", "jg:endedBy jgt:transferred ;", "", "there is an end date, but not how the custody ended"),
    ("people/invented-person", 'jg:endedOn "2002"^^xsd:gYear', 'jg:endedOn "2000"^^xsd:gYear', 'the date "2000"^^xsd:gYear is before the start'),
    ("people/invented-person", "jg:claimant id:invented-list", "jg:claimant id:invented-cause", "the claimant id:invented-cause is neither an agent nor a source"),
    ("people/invented-person", "jg:ascribes jgt:innocent", 'jg:claimedValue "1"', "the claim has a property without a value, or a value without a property"),
    ("people/invented-person", "jg:lastLine 3", "jg:lastLine 1", "the last line 1 is before the first line"),
    ("people/invented-person", "jg:source id:invented-list .\n        id:invented-person.custody-1", 'jg:bornOn "1970-01-02"^^xsd:date ; jg:source id:invented-list .\n        id:invented-person.custody-1', "Give the year only"),
    ("people/invented-person", "jg:isCustodyOf id:invented-person ; jg:position 2", "jg:position 2", "custody-2: jg:isCustodyOf is missing. Link the person or group that was held"),
    ("causes/invented-cause", "; skos:topConceptOf id:causes", "", "the cause has no wider cause and is not at the top"),
    ("causes/invented-cause", "skos:topConceptOf id:causes", "skos:broader id:invented-cause", "this cause is more than three levels deep, or is its own wider cause"),
    ("renamed/invented-misspelt", "owl:deprecated true ;", "", "owl:deprecated is missing. Write: owl:deprecated true."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), BROKEN, ids=lambda text: text[:40])
def test_broken_entry_is_told_with_what_to_do(name: str, old: str, new: str, said: str, project: Path) -> None:
    assert old in INVENTED[name]
    path = project / "graph" / f"{name}.ttl"
    try:
        write_entity(project, name, INVENTED[name].replace(old, new, 1))
    except Exception:  # noqa: BLE001  # what has no canonical form is checked as it stands
        assert path.exists()
    told = sentences(project)
    assert any(said in sentence for sentence in told), told
    assert all(re.match(r"[a-z/-]+\.ttl, line \d+: .+[.?\"]$", sentence) for sentence in told), told


def test_custody_is_placed_no_finer_than_a_state(project: Path) -> None:
    place = """id:invented-town a jg:Place ; skos:prefLabel "Invented Town"@en ; skos:definition "No town."@en ;
        jg:level jgt:city ; jg:source id:invented-list ."""
    write_entity(project, "places/invented-town", place)
    write_entity(
        project,
        "people/invented-person",
        PERSON.replace("jg:position 2", "jg:position 2 ; jg:isHeldAt id:invented-town"),
    )
    assert any("id:invented-town is smaller than a state" in each for each in sentences(project))


def test_two_entries_of_a_class_do_not_share_a_name(project: Path) -> None:
    write_entity(project, "campaigns/free-again", CAMPAIGN.replace("id:free-invented-person", "id:free-again"))
    assert sum("another entry of the same class has this name" in each for each in sentences(project)) == 2


def test_entity_stands_in_one_file(project: Path) -> None:
    write_entity(project, "people/invented-group", ORGANIZATION)
    told = " ".join(sentences(project))
    assert "the id id:invented-group is already used by" in told
    assert "the same triple is in" in told


def test_file_is_named_as_its_entity(project: Path) -> None:
    (project / "graph/people/invented-person.ttl").rename(project / "graph/people/somebody.ttl")
    assert any("the file does not describe id:somebody, after which it is named" in each for each in sentences(project))


def test_every_broken_file_is_told_at_once(project: Path) -> None:
    (project / "graph/people/a.ttl").write_text("id:a")
    (project / "graph/people/b.ttl").write_text("@prefix id: <x\n")
    told = [each for each in sentences(project) if "so that the file can be read as Turtle" in each]
    assert [each[:23] for each in told] == ["people/a.ttl, line 1: c", "people/b.ttl, line 1: c"]


def test_findings_become_a_report_of_the_standard(project: Path) -> None:
    write_entity(project, "organizations/invented-group", ORGANIZATION.replace("id:invented-cause", "id:invented-list"))
    told = findings(project)
    report = report_of(told, project)
    said = {str(quad.predicate): str(quad.object) for quad in parse(report, format=RdfFormat.TURTLE)}
    assert said[f"<{SH}conforms>"].startswith('"false"')
    assert said[f"<{SH}focusNode>"] == "<https://w3id.org/justicegraph/id/invented-group>"
    assert said[f"<{SH}resultPath>"] == "<https://w3id.org/justicegraph/ontology#worksOn>"
    assert said[f"<{SH}sourceShape>"] == "<https://w3id.org/justicegraph/shapes#Entity-worksOn>"
    assert said[f"<{SH}sourceConstraintComponent>"] == f"<{SH}ClassConstraintComponent>"
    assert said["<https://w3id.org/justicegraph/shapes#file>"] == '"graph/organizations/invented-group.ttl"'
    assert "true" in report_of([], project)


# Slow: pySHACL runs each rule once for each entry.
def test_rules_find_the_same_by_pyshacl_and_as_one_query(project: Path) -> None:
    import pyshacl
    from rdflib import SH as SHACL
    from rdflib import Graph

    for number, (name, old, new, _) in enumerate(BROKEN):
        slug = name.partition("/")[2]
        turtle = INVENTED[name].replace(old, new, 1).replace(f"id:{slug}", f"id:{slug}-{number}")
        if "[ a" not in new and old in INVENTED[name]:
            write_entity(project, f"twins/{slug}-{number}", turtle)
    town = """a jg:Place ; skos:prefLabel "Town"@en ; skos:definition "None."@en ; jg:level jgt:city ; jg:source id:invented-list"""
    write_entity(project, "places/town", f"id:town {town} ; jg:isWithin id:town .")
    write_entity(
        project,
        "people/held",
        PERSON.replace("id:invented-person", "id:held").replace("jg:position 2", "jg:position 2 ; jg:isHeldAt id:town"),
    )
    folder = load_folder(project)
    mine = {
        (finding.rule, finding.focus)
        for finding in validate(folder, store_of(folder))
        if finding.component.endswith("SPARQLConstraintComponent")
    }
    data, demands = Graph(), Graph()
    for path in (project / "graph").rglob("*.ttl"):
        data.parse(path)
    data.parse(project / "ontology/justicegraph.ttl")
    for path in (project / "shapes").glob("*.ttl"):
        if path.stem != "ontology":  # the ontology's own rules are tried in test_ontology.py
            demands.parse(path)
    report = pyshacl.validate(data, shacl_graph=demands)[1]
    theirs = {
        (str(report.value(result, SHACL.sourceConstraint)), str(report.value(result, SHACL.focusNode)))
        for result in report.subjects(SHACL.sourceConstraintComponent, SHACL.SPARQLConstraintComponent)
    }
    assert mine == theirs
    assert {rule for rule, _ in mine} == {str(rule) for rule in demands.objects(None, SHACL.sparql)}


def test_line_ends_of_another_system_are_told(project: Path) -> None:
    path = project / "graph/people/invented-person.ttl"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert any("not in canonical form" in each for each in sentences(project))


def test_file_is_kept_in_its_class_folder(project: Path) -> None:
    (project / "graph/people/invented-person.ttl").rename(project / "graph/campaigns/invented-person.ttl")
    assert any(
        "a jg:Person does not belong in campaigns/. Move the file to graph/people/." in each
        for each in sentences(project)
    )


def test_entity_of_a_broken_file_exists_for_others(project: Path) -> None:
    (project / "graph/causes/invented-cause.ttl").write_text("x")
    assert [each[:18] for each in sentences(project)] == ["causes/invented-ca"]


def test_fact_that_stands_twice_is_told_at_its_last_line(project: Path) -> None:
    turtle = ORGANIZATION.replace('"1999-04"^^xsd:gYearMonth', '"1998"^^xsd:gYear, "1999"^^xsd:gYear')
    path = write_entity(project, "organizations/invented-group", turtle)
    (line,) = [number for number, text in enumerate(path.read_text().splitlines(), 1) if '"1999"' in text]
    assert any(
        f"line {line}: id:invented-group: jg:foundedOn is given more than once" in each for each in sentences(project)
    )


def test_constraint_on_a_node_shape_is_refused_and_not_passed_over(project: Path) -> None:
    path = project / "shapes/person.ttl"
    path.write_text(
        path.read_text().replace(
            "    sh:targetClass jg:Person ;", "    sh:closed true ;\n    sh:targetClass jg:Person ;"
        )
    )
    with pytest.raises(BrokenFile, match=r"jgs:Person: sh:closed belongs on a property shape or in a rule"):
        findings(project)
