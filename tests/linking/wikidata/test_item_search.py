"""`link wikidata` finds the items that entries may be, and sends only names, websites and identifiers."""

import gzip
import json
import re
import socket
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

from justicegraph.project.sssom import NO_TERM, NOT, WIKIDATA
from tests.support.links import (
    CAUSE,
    GROUP,
    ITEMS,
    PERSON,
    Q1,
    Q4,
    SOCIETY,
    decide,
    failure,
    found,
    link,
)
from tests.support.wikidata import JSON, TRACE, Answering, Reply, Wikidata, endpoint, name_of, running, send, trickle

LAG = b'{"error": {"code": "maxlag", "info": "Waiting for db1: 7 seconds lagged"}}'
CUT = b'<http://www.wikidata.org/entity/Q900000000001> <http://www.w3.org/2000/01/rdf-schema#label> "Inv'


def test_entry_gets_its_item_with_what_tells_a_reviewer(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        result = link(society, "wikidata", *options, "--contact", "nobody@example.org")
    assert result.exit_code == 0, result.output
    assert "1 of them matches. Review them with `justicegraph link review`" in result.stderr
    first, *others = found(society)[SOCIETY]["candidates"]
    assert (first["id"], first["is_match"], others) == (Q1, True, [])  # Q3 only lists what has this name
    assert first["details"] == {
        "kind": ["nonprofit organization"], "description": ["charity that nobody founded"],
        "other names": ["Erfundener Verein", "IPS"], "country": ["XA"], "city": ["Xtown"], "began": ["1975"],
        "website": ["https://society.example/", "https://de.society.example/"],
        "identifiers": ["wikidata Q900000000001"],
    }  # fmt: skip
    assert wikidata.agents == {"JusticeGraph/0.1 (nobody@example.org)"}


def test_entry_without_an_item_is_proposed_without_candidates(society: Path) -> None:
    with running(Wikidata("")) as options:
        assert link(society, "wikidata", *options).exit_code == 0
    assert (found(society)[GROUP]["candidates"], found(society)[GROUP]["kind"]) == ([], "Organization")


def test_private_details_of_a_person_are_left_out(society: Path) -> None:
    with running(Wikidata(ITEMS)) as options:
        link(society, "wikidata", *options)
    told = found(society)[PERSON]["candidates"][0]["details"]
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


def test_page_on_somebody_elses_site_is_no_evidence(society: Path) -> None:
    path = society / "graph" / "organizations" / "invented-society.ttl"
    path.write_text(path.read_text().replace("https://society.example/", "https://society.example/pages/ours"))
    with running(Wikidata(ITEMS)) as options:
        link(society, "wikidata", *options)
    assert not [each for each in found(society)[SOCIETY]["candidates"][0]["reasons"] if "site" in each]


def test_decided_entry_and_refused_candidate_are_left_out(society: Path) -> None:
    decide(society, Q1, predicate_modifier=NOT)
    decide(society, NO_TERM, entry=GROUP, object_source=WIKIDATA)
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        link(society, "wikidata", *options)
    assert (GROUP in found(society), found(society)[SOCIETY]["candidates"]) == (False, [])
    assert not [asked for asked in wikidata.asked if "Invented+Group" in asked]


def test_second_run_uses_the_cache_and_finds_the_same(society: Path) -> None:
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


def test_run_that_fails_continues_where_it_stopped(society: Path) -> None:
    whole, wikidata = Wikidata(ITEMS), Wikidata(ITEMS)
    with running(whole) as options:
        link(society, "wikidata", *options, "--build-dir", society / "other")
    with running(wikidata) as options:
        wikidata.worst = [*[wikidata_itself(wikidata)] * 3, (404, {}, b"")]
        said = failure(link(society, "wikidata", *options))
        assert "answered 404 Not Found. 3 responses cached: run it again" in said
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


def test_response_that_is_broken_in_the_cache_is_fetched_again(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        link(society, "wikidata", *options)
        before, asked = found(society), len(wikidata.asked)
        for path in (society / "build" / "link" / "cache").iterdir():
            path.write_bytes(b"{")
        assert link(society, "wikidata", *options).exit_code == 0
    assert (found(society), len(wikidata.asked)) == (before, 2 * asked)


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        ((200, JSON | {"Retry-After": "99"}, LAG), "answered: maxlag: Waiting for db1.* asks to wait 99"),
        ((200, JSON, b'{"error": {"code": "badvalue", "info": "No such language"}}'), "badvalue: No such language"),
        ((200, JSON, b'{"error": "\\u001b[31m"}'), "answered: \\[31m"),
        ((429, {"Retry-After": "60"}, b"slow down"), "answered 429 .* asks to wait 60 seconds"),
        ((503, {"Retry-After": "Fri, 31 Dec 2199 23:59:59 GMT"}, b""), "answered 503 .* asks to wait"),
        ((200, {"Content-Type": "text/html"}, b"<p>Our servers are busy"), 'sent "text/html"'),
        ((200, JSON, b'{"search": [{"id": "Q1'), "broken or incomplete"),
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


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        ((200, {"Content-Type": "text/turtle"}, CUT), "cannot be read"),
        ((200, {"Content-Type": "text/turtle"}, CUT + b'"@en .\n' + TRACE), "broke off within its results"),
        ((200, {"Content-Type": "text/turtle"}, TRACE + b"<a:a> <a:b> <a:c> ."), "cannot be read"),
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome"), 'sent "text/html" instead of query results'),
        ((500, {}, TRACE), "answered 500 .* It says: SPARQL-QUERY"),
        ((400, {}, b"MalformedQueryException"), "refused the query: MalformedQuery"),
        ((429, {"Retry-After": "60"}, b""), "asks to wait 60 seconds"),
    ],
    ids=name_of,
)  # fmt: skip
def test_endpoint_at_its_worst_is_one_sentence_and_is_not_cached(society: Path, worst: Reply, said: str) -> None:
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


def test_batch_that_is_too_large_is_sent_in_halves(society: Path) -> None:
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


def test_another_endpoint_is_searched_by_names_and_no_other_server(society: Path) -> None:
    wikidata = Wikidata(ITEMS)
    with running(wikidata) as options:
        assert link(society, "wikidata", *options[:2]).exit_code == 0
    assert found(society)[SOCIETY]["candidates"][0]["id"] == Q1
    assert not [asked for asked in wikidata.asked if "api.php" in asked]


@pytest.mark.parametrize("name", ["items.nt", "items.nt.gz", "items.csv", "items.jsonl"])
def test_file_is_matched_against_without_any_request(
    society: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("a request was sent"))
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
        ("t.csv", "id,name\n7,Invented\n", 'the id "7" is not an address'),
        ("t.csv", "id,name\nfile:///etc/passwd,Invented\n", "is not an address"),
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
        ("http://nowhere.example/", 4, "None of the targets is in http://nowhere.example/"),
    ],
)
def test_source_without_targets_is_refused(society: Path, tmp_path: Path, source: str, code: int, said: str) -> None:
    (tmp_path / "t.csv").write_text("id,name\nQ900000000001,X\n")
    result = link(society, "wikidata", "--target", tmp_path / "t.csv", "--source", source)
    assert getattr(result.exception, "exit_code", result.exit_code) == code
    assert said in f"{result.stderr}{result.exception}"
    assert not (society / "build" / "link").exists()


def test_response_that_is_too_large_is_refused(society: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("justicegraph.linking.wikidata.client.MAX_BYTES", 100)
    with running(Wikidata(ITEMS)) as options:
        assert "sent more than 100 bytes" in failure(link(society, "wikidata", *options))


def test_item_found_for_another_entry_only_is_no_candidate(society: Path) -> None:
    with running(Wikidata(ITEMS)) as options:
        link(society, "wikidata", *options)
    assert [[each["id"] for each in found(society)[entry]["candidates"]] for entry in (CAUSE, GROUP)] == [[Q4], []]
