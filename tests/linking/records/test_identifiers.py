"""Identifiers and websites are normalized, and an IRI elsewhere is split into database and identifier."""

import pytest

from justicegraph.linking.records.identifiers import domain_of, normalize_identifier, split_iri


@pytest.mark.parametrize(
    ("text", "plain"),
    [("https://isni.org/isni/0000 0001/", "00000001"), ("ror:1", "ror:1"), ("  ", ""), ("Q1", "Q1")],
)
def test_identifier_has_no_address_and_no_spaces(text: str, plain: str) -> None:
    assert normalize_identifier(text) == plain


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.Group.example:80/?y#z", "group.example"), ("group.example/en-GB/", "group.example"), ("", ""),
        ("http://[", ""), ("mailto:someone", ""), ("localhost", ""), ("https://user@group.example", "group.example"),
        ("http://group.example/index.html", "group.example"), ("https://social.example/group", ""), ("a.example/b/1/", ""),
    ],
)  # fmt: skip
def test_domain_is_the_host_without_www_and_a_page_within_a_site_has_none(address: str, domain: str) -> None:
    assert domain_of(address) == domain


def test_database_of_an_iri_has_its_name_where_it_is_known() -> None:
    assert split_iri("http://www.wikidata.org/entity/Q42") == ("wikidata", "Q42")
    assert split_iri("https://elsewhere.example/a#b") == ("https://elsewhere.example/a#", "b")
