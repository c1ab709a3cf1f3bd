"""`link wikidata --accept` records matches, and contradicts nobody."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from justicegraph.cli import cli
from justicegraph.linking.wikidata import accept
from justicegraph.linking.wikidata.proposals import Candidate, Proposal
from justicegraph.linking.wikidata.reviewer import Reviewer
from justicegraph.namespaces import ID
from justicegraph.project.folder import load_folder
from justicegraph.project.sssom import REVIEWED, SAME_AS, WIKIDATA
from justicegraph.validate import decision_checker
from tests.support.links import (
    GROUP,
    ITEMS,
    Q1,
    SOCIETY,
    decide,
    link,
    matched,
)
from tests.support.project import write_entity
from tests.support.wikidata import Wikidata, running


def test_match_is_recorded_if_somebody_is_responsible(society: Path) -> None:
    with running(Wikidata(ITEMS)) as options:
        assert link(society, "wikidata", *options).exit_code == 0
        assert not (society / "graph" / "mappings").exists()
        result = link(society, "wikidata", *options, "--accept", "--author", "Nobody Real")
    assert "1 link recorded in graph/mappings without a review, by Nobody Real" in result.stderr
    (decision,) = matched(society)
    assert (decision.subject_id, decision.predicate_id, decision.object_id) == (SOCIETY, SAME_AS, Q1)
    assert (decision.mapping_justification.rpartition("/")[2], decision.author_label) == (
        "CompositeMatching",
        "Nobody Real",
    )
    assert 0.9 < float(decision.confidence) < 1
    assert CliRunner().invoke(cli, ["check", "--folder", str(society)]).stdout == ""


def test_machine_contradicts_nobody(society: Path) -> None:
    decide(society, Q1, entry=GROUP)
    with running(Wikidata(ITEMS)) as options:
        result = link(society, "wikidata", *options, "--accept", "--author", "Nobody Real")
    assert f"id:invented-society = wd:{Q1.rpartition('/')[2]} is left to a reviewer" in result.stdout
    assert [decision.mapping_justification for decision in matched(society)] == [REVIEWED]


def test_item_that_two_entries_match_is_left_to_a_reviewer(society: Path) -> None:
    path = society / "graph" / "organizations" / "invented-society.ttl"
    twin = (
        path.read_text().replace("invented-society", "invented-twin").replace("Invented Prison", "The Invented Prison")
    )
    twin = twin.replace("https://society.example/", "https://www.society.example/").replace(
        "Erfundener", "Ein erfundener"
    )
    path.with_name("invented-twin.ttl").write_text(twin)
    with running(Wikidata(ITEMS)) as options:
        result = link(society, "wikidata", *options, "--accept", "--author", "Nobody Real")
    assert result.stdout.count("another entry matches it as well") == 2
    assert not (society / "graph" / "mappings" / "matched.sssom.tsv").exists()


def test_many_matches_are_accepted_with_few_checks(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(64):
        write_entity(
            project,
            f"organizations/invented-{number}",
            f"""id:invented-{number} a jg:Organization ;
            skos:prefLabel "Invented {number}"@en ; skos:definition "Not there."@en ; jg:source id:invented-list .""",
        )
    taken = {9, 10, 40}
    for number in taken:
        decide(project, f"{WIKIDATA}Q{100 + number}", entry=GROUP if number == 9 else ID + f"invented-{number - 1}")
    looks: list[int] = []

    def counted(*folder: Any) -> Any:
        check = decision_checker(*folder)

        def look(standing: Any, asked: Any) -> Any:
            looks.append(len(asked))
            return check(standing, asked)

        return look

    monkeypatch.setattr(accept, "decision_checker", counted)
    proposals = [
        Proposal(
            entry=ID + f"invented-{number}", name=f"Invented {number}", kind="Organization", source=WIKIDATA,
            found_on="2026-11-21",
            candidates=(Candidate(id=f"{WIKIDATA}Q{100 + number}", name="x", probability=0.999, is_match=True),),
        )
        for number in range(64)
    ]  # fmt: skip
    made, left = accept.accept_matches(load_folder(project), proposals, Reviewer("", "Nobody Real"), "2026-11-21")
    refused = [int(line.split()[0].removeprefix("id:invented-")) for line in left]
    assert refused == [9, 10, 39, 40]
    assert [each.subject_id for each in made] == [ID + f"invented-{n}" for n in range(64) if n not in refused]
    assert len(looks) < 40
    assert CliRunner().invoke(cli, ["check", "--folder", str(project)]).stdout == ""
