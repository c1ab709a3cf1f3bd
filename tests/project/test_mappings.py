"""Decisions on what is the same elsewhere are read strictly, checked against each other, loaded, and taken out."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, Store

from justicegraph.cli import cli
from justicegraph.errors import BrokenFile
from justicegraph.namespaces import DERIVED_GRAPH, ID, MAPPINGS_GRAPH, SKOS
from justicegraph.project.folder import Folder, load_folder, mapping_files, store_of
from justicegraph.project.mappings import FOLDER, MATCHED, REFUSED, record
from justicegraph.project.reason import reason
from justicegraph.project.removal import KEY, removal_test, remove
from justicegraph.project.sssom import (
    EXACT_MATCH,
    MATCHES,
    NO_TERM,
    NOT,
    SAME_AS,
    SLOTS,
    WIKIDATA,
    Decision,
    canonical_sssom,
    read_sssom,
)
from justicegraph.validate import Finding, validate
from tests.support.project import INVENTED, ROOT, write_entity

GROUP, PERSON, CAMPAIGN, CAUSE = (
    ID + slug for slug in ("invented-group", "invented-person", "free-invented-person", "invented-cause")
)
ONE, TWO = f"{WIKIDATA}Q900000001", f"{WIKIDATA}Q900000002"
STANDARD = (
    "record_id", "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_label",
    "predicate_modifier", "object_id", "object_label", "object_category", "mapping_justification", "author_id",
    "author_label", "reviewer_id", "reviewer_label", "creator_id", "creator_label", "license", "subject_type",
    "subject_source", "subject_source_version", "object_type", "object_source", "object_source_version",
    "predicate_type", "mapping_provider", "mapping_source", "mapping_cardinality", "cardinality_scope", "mapping_tool",
    "mapping_tool_id", "mapping_tool_version", "mapping_date", "publication_date", "review_date", "confidence",
    "similarity_score", "similarity_measure", "see_also", "issue_tracker_item", "other", "comment",
)  # fmt: skip
"""Slots of a mapping in the order of the standard (its schema, class mapping), without those for preprocessing."""

HEAD = f"""#curie_map:
#  jgid: {ID}
#  schema: https://schema.org/
#  wd: {WIKIDATA}
#license: https://creativecommons.org/publicdomain/zero/1.0/
"""
COLUMNS = (
    "subject_id", "predicate_id", "object_id", "mapping_justification", "mapping_date", "confidence", "comment",
)  # fmt: skip
ROW = (
    "jgid:invented-group", "schema:sameAs", "wd:Q900000001", "semapv:ManualMappingCuration", "2001-02-03", "0.9", "Seen",
)  # fmt: skip


def decision(subject: str = GROUP, thing: str = ONE, predicate: str = SAME_AS, **said: str) -> Decision:
    by = {"author_label": "Nobody", "mapping_date": "2001-02-03"}
    return Decision(subject_id=subject, predicate_id=predicate, object_id=thing, **(by | said))  # type: ignore[arg-type]


def no(subject: str = GROUP, thing: str = ONE, predicate: str = SAME_AS, **said: str) -> Decision:
    return decision(subject, thing, predicate, predicate_modifier=NOT, **said)


def write(project: Path, *decisions: Decision, name: str = "") -> Path:
    """Write decisions to a file, which is one of matches or of refusals."""
    path = project / FOLDER / (name or (MATCHED if decisions[0].is_positive else REFUSED))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(canonical_sssom(decisions, path.name))
    return path


def findings(project: Path) -> list[Finding]:
    folder = load_folder(project)
    return validate(folder, store_of(folder), is_removed=removal_test(project))


def told(project: Path) -> list[tuple[str, str]]:
    """Return the rule of each finding, and the file with the line."""
    return [(each.rule.partition("#")[2], f"{each.path.name}:{each.line}") for each in findings(project)]


def triples(store: Store, graph: str) -> set[str]:
    return {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))}


def test_columns_are_the_standards_in_its_order() -> None:
    assert [slot for slot in STANDARD if slot in SLOTS] == list(SLOTS)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    decisions = [
        decision(comment='Says "yes".', confidence="0.95", author_id="https://orcid.org/0000-0000-0000-0000"),
        decision(thing="https://elsewhere.example/x?y#z", object_label="Elsewhere"),
        decision(PERSON, NO_TERM, object_source=WIKIDATA),
        no(CAUSE, TWO, EXACT_MATCH),
    ]
    path = tmp_path / "a.sssom.tsv"
    path.write_text(canonical_sssom(decisions, path.name))
    assert sorted(each.cells for each in read_sssom(path)) == sorted(each.cells for each in decisions)
    assert canonical_sssom(reversed(read_sssom(path)), path.name) == path.read_text()


def test_own_files_are_canonical_and_tell_who_when_and_why() -> None:
    assert mapping_files(ROOT)
    for path in mapping_files(ROOT):
        decisions = read_sssom(path)
        assert canonical_sssom(decisions, path.name) == path.read_text()
        assert all(each.author_label and each.mapping_date and each.comment for each in decisions)


@pytest.mark.parametrize(
    ("line", "old", "new", "said"),
    [
        (7, "\t0.9", "", "6 cells for 7 columns"),
        (7, "wd:Q900000001", "dbr:X", '"dbr:X" has no prefix that curie_map above declares'),
        (7, "wd:Q900000001", "wd:Q9 1", "is not an IRI"),
        (7, "wd:Q900000001", "", "object_id is empty"),
        (7, "2001-02-03", "3.2.2001", '"3.2.2001" is not a date; write it as in 2026-11-21'),
        (7, "2001-02-03", "2001-02-30", "is not a date"),
        (7, "\t0.9\t", "\t1.5\t", '"1.5" is not a confidence; write it from 0 to 1'),
        (7, "Seen", '"Seen', "a cell with quotes is quoted"),
        (6, "\tcomment", "\tremark", '"remark" is not a column here'),
        (6, "\tmapping_justification", "", "the column mapping_justification is missing"),
        (6, "\tcomment", "\tconfidence", "a column is repeated"),
        (4, WIKIDATA, "https://www.wikidata.org/wiki/", f'"wd" is the prefix of {WIKIDATA} in this project'),
        (5, "#license: https:", "#Public ", "a line of the metadata is a name, a colon and a value"),
    ],
)
def test_malformed_line_is_told_with_its_place(line: int, old: str, new: str, said: str, project: Path) -> None:
    path = project / FOLDER / MATCHED
    path.parent.mkdir()
    whole = "\n".join([HEAD + "\t".join(COLUMNS), "\t".join(ROW), ""])
    path.write_text(whole)
    assert len(read_sssom(path)) == 1
    lines = whole.split("\n")
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines))
    [found] = findings(project)
    assert (found.path, found.line, found.rule.partition("#")[2]) == (path, line, "Syntax")
    assert said in found.wrong


def test_modifier_and_name_of_a_file_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text(canonical_sssom([no()], path.name).replace("\tNot\t", "\tnot\t"))
    with pytest.raises(BrokenFile, match='predicate_modifier is "Not" or empty'):
        read_sssom(path)
    with pytest.raises(BrokenFile, match=r"does not end with .sssom.tsv; rename"):
        read_sssom(path.rename(tmp_path / "a.tsv"))


def test_good_decisions_have_no_findings(project: Path) -> None:
    more = [decision(CAUSE, f"{WIKIDATA}Q90000000{number}", match) for number, match in enumerate(MATCHES, 3)]
    write(project, decision(), decision(thing="http://viaf.org/viaf/9"), *more)
    write(
        project, no(PERSON, TWO), no(PERSON, GROUP), decision(CAMPAIGN, NO_TERM, object_source=WIKIDATA), name=REFUSED
    )
    assert findings(project) == []


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (decision(f"{ID}nobody"), "Mapping-subject"),
        (decision(f"{ID}invented-person.custody-1"), "Mapping-subject"),
        (decision("https://elsewhere.example/x"), "Mapping-subject"),
        (decision(f"{ID}invented-misspelt"), "Mapping-subject"),
        (decision(f"{ID}causes"), "Mapping-subject"),
        (decision(predicate="https://schema.org/url"), "Mapping-predicate"),
        (decision(predicate=EXACT_MATCH), "Mapping-predicate"),
        (decision(CAUSE), "Mapping-predicate"),
        (decision(thing=PERSON), "Mapping-object"),
        (decision(thing="https://www.wikidata.org/wiki/Q900000001"), "Mapping-object"),
        (decision(thing=f"{WIKIDATA}Q01"), "Mapping-object"),
        (decision(thing=NO_TERM), "Mapping-object"),
        (no(thing=NO_TERM, object_source=WIKIDATA), "Mapping-object"),
        (no(thing=f"{ID}nobody"), "Mapping-object"),
        (decision(mapping_date=""), "Mapping-date"),
        (decision(author_label=""), "Mapping-author"),
    ],
)
def test_decision_that_cannot_stand_is_told(wrong: Decision, rule: str, project: Path) -> None:
    path = write(project, wrong)
    number = len(path.read_text().splitlines())
    assert told(project) == [(rule, f"{path.name}:{number}")]


def test_decision_on_what_was_removed_is_told(project: Path) -> None:
    remove(load_folder(project), "invented-person")
    write(project, decision(PERSON))
    [found] = findings(project)
    assert (found.wrong, found.remedy) == ("this entry was removed on request", "Delete the line.")


@pytest.mark.parametrize("slot", ["author_label", "object_label", "comment"])
def test_text_that_must_not_be_told_is_told(slot: str, project: Path) -> None:
    path = write(project, decision(**{slot: "nobody@invented.example"}))
    assert told(project) == [("NoEmail", f"{path.name}:{len(path.read_text().splitlines())}")]


def test_author_may_be_an_id(project: Path) -> None:
    write(project, decision(author_label="", author_id="https://orcid.org/0000-0000-0000-0000"))
    assert findings(project) == []


@pytest.mark.parametrize(
    ("decisions", "rule"),
    [
        ([decision(), decision(CAMPAIGN)], "Mapping-one-entry"),
        ([decision(), decision(thing=TWO)], "Mapping-one-item"),
        ([decision(), decision(author_label="Somebody")], "Mapping-once"),
        ([decision(), no()], "Mapping-one-way"),
        ([decision(), decision(thing=NO_TERM, object_source=WIKIDATA)], "Mapping-one-way"),
    ],
)
def test_decision_against_another_is_told(decisions: list[Decision], rule: str, project: Path) -> None:
    write(project, *[each for each in decisions if each.is_positive])
    if refused := [each for each in decisions if not each.is_positive]:
        write(project, *refused)
    assert [name for name, _ in told(project)] == [rule]


@pytest.mark.parametrize("apart", [GROUP, CAMPAIGN])
def test_contradiction_by_way_of_others_is_told(apart: str, project: Path) -> None:
    write(project, decision(GROUP), decision(CAMPAIGN))
    assert "Mapping-transitive" not in dict(told(project))
    path = write(project, no(apart, CAMPAIGN if apart == GROUP else GROUP))
    assert ("Mapping-transitive", f"{path.name}:{len(path.read_text().splitlines())}") in told(project)


def test_chain_of_several_decisions_is_followed(project: Path) -> None:
    write(project, decision(GROUP, ONE), decision(CAMPAIGN, ONE), decision(CAMPAIGN, "http://viaf.org/viaf/9"))
    write(project, no(GROUP, "http://viaf.org/viaf/9"))
    assert "Mapping-transitive" in dict(told(project))


def test_match_in_a_causes_own_file_counts(project: Path) -> None:
    write_entity(
        project, "causes/invented-cause", INVENTED["causes/invented-cause"][:-1] + f"; skos:exactMatch <{ONE}> ."
    )
    write(project, decision(CAUSE, ONE, EXACT_MATCH))
    assert [name for name, _ in told(project)] == ["Mapping-once"]
    write(project, decision(CAUSE, TWO, EXACT_MATCH))
    assert [name for name, _ in told(project)] == ["Mapping-one-item"]


def test_link_in_an_entrys_own_file_is_told(project: Path) -> None:
    write_entity(
        project, "causes/invented-cause", INVENTED["causes/invented-cause"][:-1] + f"; schema:sameAs <{ONE}> ."
    )
    assert [name for name, _ in told(project)] == ["Property"]


def test_matches_and_refusals_have_files_of_their_own(project: Path) -> None:
    write(project, decision(), no(thing=TWO))
    assert [name for name, _ in told(project)] == ["Mapping-file"]


def test_file_that_is_not_canonical_is_told_and_formatted(project: Path) -> None:
    path = write(project, decision(), decision(CAMPAIGN, TWO))
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:-2], lines[-1], lines[-2]]) + "\n")
    assert told(project) == [("Form", f"{path.name}:{len(lines) - 1}")]
    assert CliRunner().invoke(cli, ["format", "--folder", str(project)]).exit_code == 0
    assert path.read_text().splitlines() == lines
    assert findings(project) == []


def test_only_matches_are_said_and_in_one_graph(project: Path) -> None:
    write(project, decision(), decision(CAUSE, TWO, EXACT_MATCH))
    write(project, no(PERSON, TWO), decision(CAMPAIGN, NO_TERM, object_source=WIKIDATA), name=REFUSED)
    folder = load_folder(project)
    store = store_of(folder)
    reason(store, folder.rules)
    assert triples(store, MAPPINGS_GRAPH) == {
        f"<{GROUP}> <{SAME_AS}> <{ONE}>",
        f"<{CAUSE}> <{SKOS}exactMatch> <{TWO}>",
    }
    assert len({quad.triple for quad in store}) == len(store)
    assert not triples(store, MAPPINGS_GRAPH) & triples(store, DERIVED_GRAPH)


def test_decision_is_recorded_in_place_of_an_earlier_one(tmp_path: Path) -> None:
    record(tmp_path, [decision(), decision(PERSON, NO_TERM, object_source=WIKIDATA)])
    record(tmp_path, [no(), decision(PERSON, NO_TERM, object_source="http://viaf.org/viaf/")])
    assert [path.name for path in mapping_files(tmp_path)] == [REFUSED]
    assert len(read_sssom(tmp_path / FOLDER / REFUSED)) == 3
    record(tmp_path, [decision()])
    assert [each.object_id for each in read_sssom(tmp_path / FOLDER / MATCHED)] == [ONE]
    assert len(read_sssom(tmp_path / FOLDER / REFUSED)) == 2


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_removal_takes_the_lines_of_the_entry(project: Path) -> None:
    matched = write(project, decision(), decision(PERSON, TWO))
    refused = write(project, no(GROUP, PERSON))
    done = remove(load_folder(project), "invented-person")
    assert names(done.changed) == ["free-invented-person.ttl", MATCHED, REFUSED]
    assert "invented-person" not in matched.read_text()
    assert [each.subject_id for each in read_sssom(matched)] == [GROUP]
    assert not refused.exists()
    assert (project / KEY).exists()


def test_removal_lists_mappings_that_still_tell_the_name(project: Path) -> None:
    write(project, decision(comment="Not the one of Invented Person."))
    assert MATCHED in names(remove(load_folder(project), "invented-person").still)


@pytest.mark.parametrize(("text", "listed"), [("#\nInvented Person\n", True), ("#\nanybody\n", False)])
def test_removal_lists_broken_mappings_that_tell_the_name(text: str, listed: bool, project: Path) -> None:
    path = project / FOLDER / MATCHED
    path.parent.mkdir()
    path.write_text(text)
    folder: Folder = load_folder(project)
    assert path in folder.broken
    assert (path in remove(folder, "invented-person").still) == listed


def test_release_tells_who_decided_and_forgets_with_the_entry(project: Path) -> None:
    write(project, decision(), decision(PERSON, TWO, comment="Not handed on."))
    out = project / "build" / "releases"
    for day in ("2001-02-03", "2001-02-04"):
        words = ["release", "--folder", str(project), "--date", day, "--allow-shared-names"]
        assert CliRunner().invoke(cli, words, catch_exceptions=False).exit_code == 0
        if day == "2001-02-03":
            assert [each.subject_id for each in _released(out / day)] == [GROUP, PERSON]
            remove(load_folder(project), "invented-person")
    for version in ("2001-02-03.1", "2001-02-04"):
        told_by = [(each.subject_id, each.author_label, each.mapping_date) for each in _released(out / version)]
        assert told_by == [(GROUP, "Nobody", "2001-02-03")]


def _released(folder: Path) -> list[Decision]:
    path = folder / "mappings.sssom.tsv"
    assert "Not handed on" not in path.read_text()
    return read_sssom(path)
