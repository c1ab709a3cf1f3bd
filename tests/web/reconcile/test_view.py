"""Reconciliation as OpenRefine asks for it: evidence, candidates, what is told apart, previews, new columns."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from justicegraph.linking.records import Record
from justicegraph.namespaces import ID
from tests.support.project import app_of_files
from tests.support.reconciliation import Service, invented_project, service_of

RECORD = Record(ID + "invented", "Invented")
BOOKS, VEREIN = "invented-books-project", "invented-books-verein"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return service_of(invented_project(tmp_path_factory.mktemp("reconciliation") / "project"))


def ids(candidates: list[dict[str, Any]]) -> list[str]:
    return [candidate["id"] for candidate in candidates]


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    return {feature["id"]: feature["value"] for feature in candidate["features"]}


def told(pid: str, value: object) -> list[dict[str, object]]:
    return [{"pid": pid, "v": value}]


# Candidates.


def test_name_and_place_together_are_a_match_and_a_name_alone_is_none(service: Service) -> None:
    alone, placed = (
        service.result({"query": "Invented Books Project", "properties": properties})[0]
        for properties in ([], [*told("city", "Inventedtown"), *told("country", "Canada")])
    )
    assert (alone["id"], alone["match"], placed["id"], placed["match"]) == (BOOKS, False, BOOKS, True)
    assert 0 < alone["score"] <= placed["score"] <= 100
    assert placed["type"] == [{"id": "Organization", "name": "organization"}]
    assert placed["description"] == "Inventedtown, CA · A group that does not exist."


def test_candidate_says_what_agrees_and_why(service: Service) -> None:
    said = features(service.result({"query": "Invented Books Project", "properties": told("country", "Germany")})[0])
    assert (said["same_country"], said["probability"] <= 1) == (said["name_similarity"] < 1, True)
    assert any(name.startswith(("for: ", "against: ")) for name in said)


@pytest.mark.parametrize(
    ("pid", "value"),
    [
        ("city", "Otherstadt"),
        ("city", ["Otherstadt", "Elsewhere"]),
        ("city", {"id": "other-town", "name": "What somebody called it"}),
        ("isLocatedIn", {"id": "other-town"}),
        ("jg:isLocatedIn", "Otherstadt"),
        ("https://w3id.org/justicegraph/ontology#isLocatedIn", "Otherstadt, Germany"),
        ("country", "Germany"),
        ("country", "DE"),
        ("country", "Alemania"),
        ("website", "verein.invented.example"),
        ("website", "https://www.verein.invented.example/?x=1"),
        ("founded", "2010"),
        ("founded", 2010),
        ("founded", "in March 2010"),
        ("foundedOn", "2010-03-04"),
    ],
)
def test_property_turns_the_scale(pid: str, value: object, service: Service) -> None:
    plain = service.result({"query": "Invented Books"})
    helped = service.result({"query": "Invented Books", "properties": told(pid, value)})
    score = {
        name: next(each["score"] for each in found if each["id"] == VEREIN)
        for name, found in {"plain": plain, "helped": helped}.items()
    }
    assert score["helped"] > score["plain"]
    assert helped[0]["id"] == VEREIN


def test_identifier_elsewhere_finds_the_entry_without_a_name(service: Service) -> None:
    for pid, value in (("id:wikidata", "Q999999999999"), ("sameAs", "http://www.wikidata.org/entity/Q999999999999")):
        found = service.result({"properties": told(pid, value)})
        assert (found[0]["id"], features(found[0])["same_identifier"]) == ("invented-bail-fund", True)


@pytest.mark.parametrize(
    "query",
    [
        {"query": "invented-bail-fund"},
        {"query": "id:invented-bail-fund"},
        {"query": "https://w3id.org/justicegraph/id/invented-bail-fund"},
        {"query": "Another name", "properties": [{"pid": "id", "v": "invented-bail-fund"}]},
    ],
)
def test_query_that_is_an_id_finds_that_entry_for_certain(query: dict[str, object], service: Service) -> None:
    found = service.result(query)
    assert [(each["id"], each["score"], each["match"]) for each in found] == [("invented-bail-fund", 100.0, True)]


def test_old_id_finds_the_entry_under_its_new_one(service: Service) -> None:
    assert ids(service.result({"query": "id:invented-misspelt"})) == ["invented-group"]


# What fails.


def test_failed_query_is_left_out_and_told_apart_from_no_match(service: Service) -> None:
    batch = {
        "fine": {"query": "Invented Group"}, "none": {"query": "Zzyzx"}, "unknown part": {"query": "a", "props": []},
        "no date": {"query": "a", "properties": told("founded", "soon")}, "no class": {"query": "a", "type": "X", "type_strict": "all"},
    }  # fmt: skip
    response = service.run_query(batch)
    assert (response.status_code, list(response.get_json()), response.get_json()["none"]) == (
        200,
        ["fine", "none"],
        {"result": []},
    )
    why = json.loads(response.headers["Failed-Queries"])
    assert list(why) == ["unknown part", "no date", "no class"]
    assert why["no date"] == '"soon" is not a date: write 2018-07-20, 2018-07 or 2018.'
    assert "Failed-Queries" in response.headers["Access-Control-Expose-Headers"]


def test_batch_of_which_nothing_can_be_read_is_a_problem(service: Service) -> None:
    response = service.run_query({"q0": {"limit": 3}})
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.get_json()["detail"].startswith('No query can be answered; of "q0": A query has a name')


def test_empty_batch_has_an_empty_answer(service: Service) -> None:
    assert service.run_query({}).get_json() == {}


# The protocol.


def test_get_and_post_answer_alike_and_a_callback_is_passed_over(service: Service) -> None:
    text = json.dumps({"q0": {"query": "Invented Group"}})
    posted = service.client.post("/reconcile", data={"queries": text})
    for target in (f"/reconcile?queries={quote(text)}", f"/reconcile/?callback=alert&queries={quote(text)}"):
        got = service.client.get(target)
        assert (got.data, got.mimetype, got.headers["X-Content-Type-Options"]) == (
            posted.data,
            "application/json",
            "nosniff",
        )


def test_manifest_has_the_address_that_it_was_asked_at(service: Service) -> None:
    said = service.client.get("/reconcile", base_url="https://graph.example:8443").get_json()
    here = "https://graph.example:8443"
    assert (said["versions"], said["identifierSpace"], said["batchSize"]) == (
        ["0.2"],
        "https://w3id.org/justicegraph/id/",
        50,
    )
    assert (said["view"]["url"], said["preview"]["url"]) == (
        f"{here}/id/{{{{id}}}}",
        f"{here}/reconcile/preview?id={{{{id}}}}",
    )
    services = [*said["suggest"].values(), said["extend"]["propose_properties"]]
    assert all(service.client.get(each["service_path"]).status_code == 200 for each in services)
    assert {each["service_url"] for each in services} == {here}
    assert service.client.get("/reconcile/help").status_code == 200
    assert service.client.get("/id/invented-group").headers["Location"].startswith("/doc/invented-group")


@pytest.mark.parametrize(
    "target", ["/reconcile", "/reconcile/suggest/entity", "/reconcile/properties", "/reconcile/preview?id=x"]
)
def test_pages_from_anywhere_may_ask(target: str, service: Service) -> None:
    preflight = service.client.options(target, headers={"Origin": "http://127.0.0.1:3333"})
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert ("POST" in preflight.headers["Access-Control-Allow-Methods"]) == (target == "/reconcile")
    asked = service.client.get(target, headers={"Origin": "http://127.0.0.1:3333"})
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in asked.headers


def test_files_are_not_reconciled_with(tmp_path: Path, shared_project: Path) -> None:
    (tmp_path / "a.ttl").write_text("<https://invented.example/a> <https://invented.example/p> 1 .")
    response = app_of_files([tmp_path / "a.ttl"], True, shared_project).test_client().get("/reconcile")
    assert (response.status_code, "files" in response.get_json()["detail"]) == (404, True)


# Suggestions.


def test_entries_are_suggested_by_the_beginning_of_a_name(service: Service) -> None:
    def suggested(**said: object) -> list[str]:
        return ids(service.client.get("/reconcile/suggest/entity", query_string=said).get_json()["result"])

    assert suggested(prefix="invented b") == ["invented-bail-fund", BOOKS, VEREIN]
    assert suggested(prefix="INVÉNTED  Bäil") == ["invented-bail-fund"]
    assert suggested(prefix="invented b", cursor=1) == [BOOKS, VEREIN]
    assert suggested(prefix="invented-letters-circle")[0] == "invented-letters-circle"
    assert suggested(prefix="Old Gr") == suggested(prefix="Old Group") == ["invented-group"]
    assert suggested(prefix="zzz") == []


def test_types_and_properties_are_suggested_in_words(service: Service) -> None:
    types = service.client.get("/reconcile/suggest/type?prefix=org").get_json()["result"]
    assert [(each["id"], each["name"]) for each in types] == [("Organization", "organization")]
    properties = service.client.get("/reconcile/suggest/property?prefix=c").get_json()["result"]
    assert ids(properties)[:2] == ["country", "city"]


# Previews.


def test_preview_may_be_framed_by_anybody_and_no_other_page(service: Service) -> None:
    shown = service.client.get("/reconcile/preview?id=invented-person")
    assert "frame-ancestors *" in shown.headers["Content-Security-Policy"]
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert "<script" not in shown.text
    assert all(
        text in shown.text for text in ("Invented Person", "Someone who does not exist.", "as of 2010-05", "1 source<")
    )
    for other in ("/", "/reconcile/help", "/reconcile", "/reconcile/preview?id=nobody"):
        assert "frame-ancestors 'none'" in service.client.get(other).headers["Content-Security-Policy"]


@pytest.mark.parametrize("slug", ["nobody", "", "../x", "invented-person.custody-1", "a" * 10_000, "a> <b"])
def test_preview_of_nothing_is_a_problem(slug: str, service: Service) -> None:
    assert service.client.get("/reconcile/preview", query_string={"id": slug}).status_code == 404


# New columns.


def test_columns_have_what_the_page_shows_as_a_spreadsheet_has_it(service: Service) -> None:
    said = service.extend([BOOKS], "country", "city", "founded", "website", "type", "source", "name")
    assert said["rows"][BOOKS] == {
        "country": [{"id": "invented-land", "name": "Canada"}], "city": [{"id": "invented-town", "name": "Inventedtown"}],
        "founded": [{"date": "2004-05-06T00:00:00"}], "website": [{"str": "https://books.invented.example/"}],
        "type": [{"str": "organization"}], "source": [{"id": "invented-list", "name": "An invented list"}],
        "name": [{"str": "Invented Books Project"}],
    }  # fmt: skip
    assert said["meta"][0] == {"id": "country", "name": "country", "type": {"id": "Place", "name": "Place"}}


def test_date_is_no_more_precise_than_it_is_known(service: Service) -> None:
    rows = service.extend(["invented-bail-fund", VEREIN], "founded", "foundedOn")["rows"]
    assert [each["founded"] for each in rows.values()] == [[{"str": "1999"}], [{"str": "2010-03"}]]
    assert [each["foundedOn"] for each in rows.values()] == [[{"str": "1999"}], [{"str": "2010-03"}]]


def test_status_comes_with_its_date_and_former_names_as_other_names(service: Service) -> None:
    rows = service.extend(["invented-person", "invented-group"], "status", "alias")["rows"]
    assert rows["invented-person"]["status"] == [{"str": "prison as of 2010-05"}]
    assert rows["invented-group"] == {"status": [], "alias": [{"str": "Old Group"}]}


def test_settings_cut_a_column_by_number_and_language(service: Service) -> None:
    def aliases(**set_: object) -> list[str]:
        said = service.extend(["invented-bail-fund"], {"id": "alias", "settings": set_})
        return [each["str"] for each in said["rows"]["invented-bail-fund"]["alias"]]

    assert aliases() == aliases(limit=0) == ["IBF", "Fondo Inventado"]
    assert (aliases(limit="1"), aliases(language="es"), aliases(language="fr")) == (["IBF"], ["Fondo Inventado"], [])


def test_properties_are_proposed_for_a_class_and_the_wider_ones(service: Service) -> None:
    def proposed(kind: str) -> set[str]:
        return set(
            ids(service.client.get("/reconcile/properties", query_string={"type": kind}).get_json()["properties"])
        )

    assert {"country", "isFoundedBy", "worksOn"} <= proposed("Organization")
    assert "isRunBy" not in proposed("Organization")
    assert {"isRunBy", "worksOn"} <= proposed("jg:Petition")
    assert proposed("Nothing") == proposed("")
    assert len(service.client.get("/reconcile/properties?limit=3").get_json()["properties"]) == 3


def test_every_value_of_a_column_stands_on_the_page_of_its_entry(service: Service) -> None:
    names = ids(service.client.get("/reconcile/properties").get_json()["properties"])
    shown = {"country", "founded", "type", "sameAs", "id:wikidata", "city"}  # said there in words, or by a link's page
    for slug in ("invented-group", "invented-person", "free-invented-person", "invented-bail-fund"):
        page = service.client.get(f"/doc/{slug}", headers={"Accept": "text/html"}).text
        row = {
            name: value
            for part in (names[:50], names[50:])
            for name, value in service.extend([slug], *part)["rows"][slug].items()
        }
        texts = [
            value.get("name") or value.get("str", "")
            for name, values in row.items()
            if name not in shown | {"status"}
            for value in values
        ]
        assert len(texts) >= 3
        assert [text for text in texts if text not in page] == []
