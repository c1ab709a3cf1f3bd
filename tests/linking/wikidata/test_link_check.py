"""`link check` reports links to items that were merged or deleted, and changes nothing."""

from pathlib import Path

import pytest

from justicegraph.project.sssom import SEMAPV, WIKIDATA
from tests.support.links import (
    GROUP,
    ITEMS,
    Q1,
    decide,
    failure,
    link,
)
from tests.support.wikidata import Reply, Wikidata, running


def test_link_that_a_machine_accepted_is_checked_too(society: Path) -> None:
    decide(society, Q1, mapping_justification=SEMAPV + "CompositeMatching")
    with running(Wikidata("")) as options:
        assert "wd:Q900000000001 was deleted" in link(society, "check", *options[:2]).stdout


def test_good_links_are_fine_and_no_file_is_changed(society: Path) -> None:
    decide(society, Q1)
    before = (society / "graph" / "mappings" / "matched.sssom.tsv").read_bytes()
    with running(Wikidata(ITEMS)) as options:
        result = link(society, "check", *options[:2])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 link checked, 1 fine" in result.stderr
    assert (society / "graph" / "mappings" / "matched.sssom.tsv").read_bytes() == before


def test_item_that_was_deleted_or_merged_is_reported(society: Path) -> None:
    decide(society, Q1)
    decide(society, f"{WIKIDATA}Q900000000009", entry=GROUP)
    with running(Wikidata("wd:Q900000000001 owl:sameAs wd:Q900000000002 .")) as options:
        result = link(society, "check", *options[:2])
    assert result.exit_code == 4
    assert result.stdout.splitlines() == [
        "id:invented-group: wd:Q900000000009 was deleted",
        "id:invented-society: wd:Q900000000001 was merged into wd:Q900000000002",
    ]


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        ((200, {"Content-Type": "application/sparql-results+json"}, b'{"head":{"vars":["item"]},"results":{"bindings":[]}}'),
         "left http://www.wikidata.org/entity/Q900000000001 out"),
        ((200, {"Content-Type": "application/sparql-results+json"}, b'{"head":{},"boolean":true}'), "cannot be read"),
        ((200, {"Content-Type": "application/sparql-results+json"}, b'{"results":{"bindings":[7]}}'), "cannot be read"),
        ((404, {}, b""), "answered 404"),
    ],
)  # fmt: skip
def test_check_that_fails_reports_no_link(society: Path, worst: Reply, said: str) -> None:
    decide(society, Q1)
    with running(Wikidata(ITEMS, worst)) as options:
        assert said in failure(link(society, "check", *options[:2]))


def test_without_links_nothing_is_sent(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        assert "there is nothing to check" in link(society, "check", *options[:2]).stderr
    assert wikidata.asked == []
