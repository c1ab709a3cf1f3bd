"""`link wikidata` finds what entries may be elsewhere; `link check` asks whether links still lead there."""

import gzip
import json
import re
import shutil
import socket
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from click.testing import CliRunner, Result

from justicegraph.build import build_snapshot
from justicegraph.cli import cli
from justicegraph.linking.wikidata import accepting
from justicegraph.linking.wikidata.proposals import Candidate, Proposal
from justicegraph.linking.wikidata.reviewer import Reviewer
from justicegraph.namespaces import ID
from justicegraph.project.folder import load_folder
from justicegraph.project.mappings import record
from justicegraph.project.sssom import NO_TERM, NOT, REVIEWED, SAME_AS, SEMAPV, WIKIDATA, Decision, read_sssom
from justicegraph.validate import decision_checker
from tests.support.project import make_project, write_entity
from tests.support.wikidata import JSON, TRACE, Answering, Reply, Wikidata, endpoint, name_of, running, send, trickle

pytestmark = pytest.mark.alone

SOCIETY, PERSON, CAUSE, GROUP = (
    ID + slug for slug in ("invented-society", "invented-person", "invented-cause", "invented-group")
)
Q1, Q2, Q3, Q4 = (f"{WIKIDATA}Q90000000000{number}" for number in range(1, 5))

ITEMS = """
wd:Q900000000001 rdfs:label "Invented Prison Society"@en , "Erfundener Verein"@de ; skos:altLabel "IPS"@en ;
    schema:description "charity that nobody founded"@en ;
    wdt:P31 wd:Q900000000101 ; wdt:P17 wd:Q900000000102 ; wdt:P159 wd:Q900000000103 ;
    wdt:P571 "1975-01-01T00:00:00Z" ; wdt:P856 <https://society.example/> , <https://de.society.example/> .
wd:Q900000000002 rdfs:label "Invented Person"@en ; schema:description "gay activist who never lived"@en ;
    wdt:P31 wd:Q900000000104 ; wdt:P27 wd:Q900000000102 ; wdt:P569 "1970-05-06T00:00:00Z" .
wd:Q900000000003 rdfs:label "Invented Prison Society"@en ; wdt:P31 wd:Q4167410 .
wd:Q900000000004 rdfs:label "invented cause"@en ; schema:description "what nobody is for"@en .
wd:Q900000000101 rdfs:label "nonprofit organization"@en .
wd:Q900000000102 rdfs:label "Nowhere"@en ; wdt:P297 "XA" .
wd:Q900000000103 rdfs:label "Xtown"@en ; wdt:P17 wd:Q900000000102 .
wd:Q900000000104 rdfs:label "human"@en .
wd:Q4167410 rdfs:label "Wikimedia disambiguation page"@en .
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an organization that Wikidata knows, and its snapshot."""
    project = make_project(tmp_path_factory.mktemp("linked") / "project")
    write_entity(
        project,
        "places/nowhere",
        """id:nowhere a jg:Place ; skos:prefLabel "XA"@en ; jg:level jgt:country ;
        skos:definition "A country that does not exist."@en ; jg:source id:invented-list .""",
    )
    write_entity(
        project,
        "places/xtown",
        """id:xtown a jg:Place ; skos:prefLabel "Xtown"@en ; jg:level jgt:city ;
        skos:definition "A city that does not exist."@en ; jg:isWithin id:nowhere ; jg:source id:invented-list .""",
    )
    write_entity(project, "organizations/invented-society", """id:invented-society a jg:Organization ;
        skos:prefLabel "Invented Prison Society"@en , "Erfundener Verein"@de ; jg:foundedOn "1975"^^xsd:gYear ;
        skos:definition "A society that does not exist."@en ; jg:isLocatedIn id:xtown ;
        jg:website <https://society.example/> ; jg:source id:invented-list .""")  # fmt: skip
    build_snapshot(project, project / "build")
    return project


@pytest.fixture
def society(built: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))


def link(folder: Path, *options: object) -> Result:
    return CliRunner().invoke(cli, ["link", *map(str, options), "--folder", str(folder)])


def found(folder: Path, name: str = "wikidata") -> dict[str, Any]:
    """Return the proposals by their entries."""
    lines = (folder / "build" / "link" / f"{name}.jsonl").read_text().splitlines()
    return {said["entry"]: said for said in map(json.loads, lines)}


def matched(folder: Path) -> list[Decision]:
    return read_sssom(folder / "graph" / "mappings" / "matched.sssom.tsv")


def failure(result: Result, code: int = 5) -> str:
    assert getattr(result.exception, "exit_code", result.exit_code) == code, result.output
    return str(result.exception)


def decide(folder: Path, item: str, entry: str = SOCIETY, **more: str) -> None:
    said: dict[str, Any] = {"predicate_id": SAME_AS, "author_label": "Nobody", "mapping_date": "2026-11-21"} | more
    record(folder, [Decision(subject_id=entry, object_id=item, **said)])


# Finding.


def test_entry_gets_its_item_with_what_tells_a_reviewer(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        result = link(society, "wikidata", *options, "--contact", "nobody@example.org")
    assert result.exit_code == 0, result.output
    assert "1 of them sure: decide with `justicegraph link review`" in result.stderr
    first, *others = found(society)[SOCIETY]["candidates"]
    assert (first["id"], first["is_match"], others) == (Q1, True, [])  # Q3 only lists what has this name
    assert first["told"] == {
        "kind": ["nonprofit organization"], "description": ["charity that nobody founded"],
        "other names": ["Erfundener Verein", "IPS"], "country": ["XA"], "city": ["Xtown"], "began": ["1975"],
        "website": ["https://society.example/", "https://de.society.example/"],
        "identifiers": ["wikidata Q900000000001"],
    }  # fmt: skip
    assert wikidata.agents == {"JusticeGraph/0.1 (nobody@example.org)"}


def test_entry_that_is_nowhere_is_proposed_as_such(society: Path) -> None:
    with running(Wikidata("")) as options:
        assert link(society, "wikidata", *options).exit_code == 0
    assert (found(society)[GROUP]["candidates"], found(society)[GROUP]["kind"]) == ([], "Organization")


def test_what_the_graph_would_not_tell_of_a_person_is_not_told(society: Path) -> None:
    with running(Wikidata(ITEMS)) as options:
        link(society, "wikidata", *options)
    told = found(society)[PERSON]["candidates"][0]["told"]
    assert told == {"kind": ["human"], "country": ["XA"], "born": ["1970"], "identifiers": ["wikidata Q900000000002"]}


def test_website_finds_what_the_name_does_not(society: Path) -> None:
    items = ITEMS.replace('"Invented Prison Society"@en , "Erfundener Verein"@de', '"Somebody Else"@en').replace(
        "IPS", "S"
    )
    items = items.replace("<https://society.example/>", "<http://www.society.example>")
    with running(Wikidata(items)) as options:
        link(society, "wikidata", *options)
    first = found(society)[SOCIETY]["candidates"][0]
    assert (first["id"], [reason for reason in first["reasons"] if "site" in reason]) == (Q1, first["reasons"][:1])


def test_page_on_somebody_elses_site_is_no_clue(society: Path) -> None:
    path = society / "graph" / "organizations" / "invented-society.ttl"
    path.write_text(path.read_text().replace("https://society.example/", "https://society.example/pages/ours"))
    with running(Wikidata(ITEMS)) as options:
        link(society, "wikidata", *options)
    assert not [each for each in found(society)[SOCIETY]["candidates"][0]["reasons"] if "site" in each]


def test_settled_entry_is_not_asked_about_and_refused_candidate_not_shown(society: Path) -> None:
    decide(society, Q1, predicate_modifier=NOT)
    decide(society, NO_TERM, entry=GROUP, object_source=WIKIDATA)
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        link(society, "wikidata", *options)
    assert (GROUP in found(society), found(society)[SOCIETY]["candidates"]) == (False, [])
    assert not [asked for asked in wikidata.asked if "Invented+Group" in asked]


def test_second_run_asks_nothing_and_finds_the_same(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        link(society, "wikidata", *options)
        before, asked = found(society), len(wikidata.asked)
        link(society, "wikidata", *options)
        assert (found(society), len(wikidata.asked)) == (before, asked)
        link(society, "wikidata", *options, "--max-age", "0")
    assert len(wikidata.asked) == 2 * asked


def test_of_our_entries_only_names_websites_and_identifiers_are_sent(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        link(society, "wikidata", *options)
    sent = unquote_plus(" ".join(wikidata.asked))
    assert "Invented Person" in sent
    assert not [told for told in ("exist", "1975", "custody", "justicegraph") if told in sent]


def test_run_that_fails_goes_on_where_it_stopped(society: Path) -> None:
    whole, wikidata = Wikidata(ITEMS), Wikidata(ITEMS)
    with running(whole) as options:
        link(society, "wikidata", *options, "--build-dir", society / "other")
    with running(wikidata) as options:
        wikidata.worst = [*[wikidata_itself(wikidata)] * 3, (404, {}, b"")]
        said = failure(link(society, "wikidata", *options))
        assert "answered 404 Not Found. 3 answers kept: run it again" in said
        assert not (society / "build" / "link" / "wikidata.jsonl").exists()
        wikidata.worst, wikidata.asked = [], []
        assert link(society, "wikidata", *options).exit_code == 0
    assert len(wikidata.asked) == len(whole.asked) - 3


def wikidata_itself(wikidata: Wikidata) -> Answering:
    """Return an answer that is as it should be."""

    def answer(handler: Any) -> None:
        worst, wikidata.worst = wikidata.worst, []
        wikidata.asked.pop()
        wikidata.answer(handler)
        wikidata.worst = worst

    return answer


def test_answer_that_is_kept_broken_is_asked_for_anew(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        link(society, "wikidata", *options)
        before, asked = found(society), len(wikidata.asked)
        for path in (society / "build" / "link" / "cache").iterdir():
            path.write_bytes(b"{")
        assert link(society, "wikidata", *options).exit_code == 0
    assert (found(society), len(wikidata.asked)) == (before, 2 * asked)


LAG = b'{"error": {"code": "maxlag", "info": "Waiting for db1: 7 seconds lagged"}}'


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        ((200, JSON | {"Retry-After": "99"}, LAG), "answered: maxlag: Waiting for db1.* asks to wait 99"),
        ((200, JSON, b'{"error": {"code": "badvalue", "info": "No such language"}}'), "badvalue: No such language"),
        ((200, JSON, b'{"error": "\\u001b[31m"}'), "answered: \\[31m"),
        ((429, {"Retry-After": "60"}, b"slow down"), "answered 429 .* asks to wait 60 seconds"),
        ((503, {"Retry-After": "Fri, 31 Dec 2199 23:59:59 GMT"}, b""), "answered 503 .* asks to wait"),
        ((200, {"Content-Type": "text/html"}, b"<p>Our servers are busy"), 'sent "text/html"'),
        ((200, JSON, b'{"search": [{"id": "Q1'), "broken or cut"),
        ((200, JSON, b'{"search": {}}'), "sent no results of a search"),
        ((200, JSON, b'[1]'), "sent no results of a search"),
        (trickle(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b" "), "did not answer in time"),
        (trickle(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"), "did not answer in time"),
    ],
    ids=name_of,
)  # fmt: skip
def test_search_at_its_worst_is_one_sentence(society: Path, worst: Reply | Answering, said: str) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        wikidata.worst = [wikidata_itself(wikidata), worst]  # the first asks for websites
        told = failure(link(society, "wikidata", *options, "--timeout", "1"))
    assert re.search(said, told)
    assert not {"\n", "\x1b"} & set(told)


CUT = b'<http://www.wikidata.org/entity/Q900000000001> <http://www.w3.org/2000/01/rdf-schema#label> "Inv'


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        ((200, {"Content-Type": "text/turtle"}, CUT), "cannot be read"),
        ((200, {"Content-Type": "text/turtle"}, CUT + b'"@en .\n' + TRACE), "broke off within its answer"),
        ((200, {"Content-Type": "text/turtle"}, TRACE + b"<a:a> <a:b> <a:c> ."), "cannot be read"),
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome"), 'sent "text/html" where an answer'),
        ((500, {}, TRACE), "answered 500 .* It says: SPARQL-QUERY"),
        ((400, {}, b"MalformedQueryException"), "refused the query: MalformedQuery"),
        ((429, {"Retry-After": "60"}, b""), "asks to wait 60 seconds"),
    ],
    ids=name_of,
)  # fmt: skip
def test_endpoint_at_its_worst_is_one_sentence_and_nothing_is_kept_of_it(
    society: Path, worst: Reply, said: str
) -> None:
    def bad(handler: Any) -> None:
        if "/sparql" in handler.path and "CONSTRUCT" in handler.path + getattr(handler, "form", ""):
            send(handler, *worst)
        else:
            wikidata.answer(handler)

    wikidata = Wikidata(ITEMS)
    with endpoint(bad) as (address, _):
        options = ["--endpoint", address, "--api", address.replace("sparql", "w/api.php"), "--timeout", "5"]
        told = failure(link(society, "wikidata", *options))
    assert re.search(said, told)
    assert "\n" not in told
    assert not [path for path in (society / "build/link/cache").iterdir() if b"Q900000000001>" in path.read_bytes()]


def test_batch_that_is_too_much_is_asked_for_in_halves(society: Path) -> None:
    def tired(handler: Any) -> None:
        form = getattr(handler, "form", "")
        if "CONSTRUCT" in form and "Q900000000001" in form and "Q900000000004" in form:
            send(handler, 500, {}, TRACE)
        else:
            wikidata.answer(handler)

    wikidata = Wikidata(ITEMS)
    with endpoint(tired) as (address, _):
        result = link(society, "wikidata", "--endpoint", address, "--api", address.replace("sparql", "w/api.php"))
    assert (result.exit_code, found(society)[SOCIETY]["candidates"][0]["id"]) == (0, Q1)


# Elsewhere.


def test_any_endpoint_is_asked_by_names_and_nobody_else(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        assert link(society, "wikidata", *options[:2]).exit_code == 0
    assert found(society)[SOCIETY]["candidates"][0]["id"] == Q1
    assert not [asked for asked in wikidata.asked if "api.php" in asked]


@pytest.mark.parametrize("name", ["items.nt", "items.nt.gz", "items.csv", "items.jsonl"])
def test_file_is_matched_against_without_asking_anybody(
    society: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("somebody was asked"))
    lines = "\n".join(f"{quad.triple} ." for quad in Wikidata(ITEMS).store)
    said = {"id": "Q900000000001", "name": "Invented Prison Society", "country": "XA", "city": "Xtown"}
    text = {"nt": lines, "csv": ",".join(said) + "\n" + ",".join(said.values()), "jsonl": json.dumps(said)}
    path = tmp_path / name
    data = text[name.split(".")[1]].encode()
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    result = link(society, "wikidata", "--target", path)
    assert result.exit_code == 0, result.output
    assert found(society)[SOCIETY]["candidates"][0]["id"] == Q1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.csv", "id,name\n7,Invented\n", 'the id "7" is no address'),
        ("t.csv", "id,name\nfile:///etc/passwd,Invented\n", "is no address"),
        ("t.nt", '<a:a> <a:b> "c" .\n<a:a> <a:b\n', "line 2: this is not a line of N-Triples"),
        ("t.nt", "", "has no targets"),
        ("t.nt.gz", "no gzip", "is not a complete gzip file"),
    ],
)
def test_broken_target_is_one_sentence(society: Path, tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    assert said in failure(link(society, "wikidata", "--target", tmp_path / name), 4)


def test_long_target_is_refused(society: Path, tmp_path: Path) -> None:
    (tmp_path / "t.nt.gz").write_bytes(gzip.compress(b"# nothing\n" * 99_999))
    said = failure(link(society, "wikidata", "--target", tmp_path / "t.nt.gz", "--max-bytes", "50000"), 4)
    assert "more than 50,000 bytes" in said


@pytest.mark.parametrize(
    "options",
    [
        ("--accept",), ("--author", "Nobody"), ("--api", "http://127.0.0.1/"),
        ("--target", __file__, "--endpoint", "http://127.0.0.1/"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(society: Path, options: tuple[str, ...]) -> None:
    assert link(society, "wikidata", *options).exit_code == 2


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("http://www.wikidata.org/entity", 2, "ends with a slash or a hash"),
        ("nowhere/", 2, "a namespace begins with http"),
        ("http://nowhere.example/", 4, "None of the targets is of http://nowhere.example/"),
    ],
)
def test_source_that_no_target_is_of_is_no_lack_of_items(
    society: Path, tmp_path: Path, source: str, code: int, said: str
) -> None:
    (tmp_path / "t.csv").write_text("id,name\nQ900000000001,X\n")
    result = link(society, "wikidata", "--target", tmp_path / "t.csv", "--source", source)
    assert getattr(result.exception, "exit_code", result.exit_code) == code
    assert said in f"{result.stderr}{result.exception}"
    assert not (society / "build" / "link").exists()


def test_endpoint_that_floods_is_asked_for_less(society: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("justicegraph.linking.wikidata.client.MAX_BYTES", 100)
    with running(Wikidata(ITEMS)) as options:
        assert "sent more than 100 bytes" in failure(link(society, "wikidata", *options))


def test_item_found_for_another_entry_only_is_no_candidate(society: Path) -> None:
    with running(Wikidata(ITEMS)) as options:
        link(society, "wikidata", *options)
    assert [[each["id"] for each in found(society)[entry]["candidates"]] for entry in (CAUSE, GROUP)] == [[Q4], []]


def test_link_that_a_machine_accepted_is_checked_too(society: Path) -> None:
    decide(society, Q1, mapping_justification=SEMAPV + "CompositeMatching")
    with running(Wikidata("")) as options:
        assert "wd:Q900000000001 was deleted" in link(society, "check", *options[:2]).stdout


# Accepting.


def test_sure_match_is_recorded_where_somebody_answers_for_it(society: Path) -> None:
    with running(Wikidata(ITEMS)) as options:
        assert link(society, "wikidata", *options).exit_code == 0
        assert not (society / "graph" / "mappings").exists()
        result = link(society, "wikidata", *options, "--accept", "--author", "Nobody Real")
    assert "1 link recorded in graph/mappings without a review, as of Nobody Real" in result.stderr
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


def test_many_are_accepted_with_few_looks_at_what_stands(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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

    monkeypatch.setattr(accepting, "decision_checker", counted)
    proposals = [
        Proposal(
            entry=ID + f"invented-{number}", name=f"Invented {number}", kind="Organization", source=WIKIDATA,
            found_on="2026-11-21",
            candidates=[Candidate(id=f"{WIKIDATA}Q{100 + number}", name="x", probability=0.999, is_match=True)],
        )
        for number in range(64)
    ]  # fmt: skip
    made, left = accepting.accept(load_folder(project), proposals, Reviewer("", "Nobody Real"), "2026-11-21")
    refused = [int(line.split()[0].removeprefix("id:invented-")) for line in left]
    assert refused == [9, 10, 39, 40]
    assert [each.subject_id for each in made] == [ID + f"invented-{n}" for n in range(64) if n not in refused]
    assert len(looks) < 40
    assert CliRunner().invoke(cli, ["check", "--folder", str(project)]).stdout == ""


# Links that stand.


def test_links_that_stand_are_fine_and_no_file_is_changed(society: Path) -> None:
    decide(society, Q1)
    before = (society / "graph" / "mappings" / "matched.sssom.tsv").read_bytes()
    with running(Wikidata(ITEMS)) as options:
        result = link(society, "check", *options[:2])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "1 link checked, 1 fine" in result.stderr
    assert (society / "graph" / "mappings" / "matched.sssom.tsv").read_bytes() == before


def test_item_that_was_deleted_or_put_together_is_told(society: Path) -> None:
    decide(society, Q1)
    decide(society, f"{WIKIDATA}Q900000000009", entry=GROUP)
    with running(Wikidata("wd:Q900000000001 owl:sameAs wd:Q900000000002 .")) as options:
        result = link(society, "check", *options[:2])
    assert result.exit_code == 4
    assert result.stdout.splitlines() == [
        "id:invented-group: wd:Q900000000009 was deleted",
        "id:invented-society: wd:Q900000000001 was put together with wd:Q900000000002",
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
def test_check_that_fails_is_no_finding(society: Path, worst: Reply, said: str) -> None:
    decide(society, Q1)
    with running(Wikidata(ITEMS, worst)) as options:
        assert said in failure(link(society, "check", *options[:2]))


def test_nothing_linked_is_nothing_asked(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        assert "nothing was asked" in link(society, "check", *options[:2]).stderr
    assert wikidata.asked == []
