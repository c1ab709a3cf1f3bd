"""The rules to register w3id.org/justicegraph with lead each of our addresses to the server, and no other."""

import re

import pytest

from tests.support.project import ROOT

LINES = (ROOT / "docs/w3id/.htaccess").read_text().splitlines()
RULES = [line.split(None, 3)[1:] for line in LINES if line.startswith("RewriteRule")]
SERVER = RULES[0][-1].partition("E=SERVER:")[2].rstrip("]")


def target(path: str) -> str | None:
    """Return where the first rule that fits leads, as Apache's mod_rewrite reads it in a folder."""
    for pattern, substitution, *_flags in RULES[1:]:
        if match := re.search(pattern, path):
            whole = substitution.replace("%{ENV:SERVER}", SERVER)
            return re.sub(r"\$(\d)", lambda each, found=match: found[int(each[1])] or "", whole)  # type: ignore[misc]
    return None


OURS = [
    "id/critical-resistance", "id/leonard-peltier.custody-1", "doc/critical-resistance", "doc/critical-resistance.ttl",
    "ontology", "ontology.jsonld", "terms", "ontology/0.1.0", "shapes", "graph/derived", "context/v1", "data/justicegraph.nq",
    "sparql", "problems", "graph/void",
    "context/v1/frames", "context/v1/frames/Person", "data/", "data/releases.atom", "data/latest/", "data/latest/SHA256SUMS",
    "data/2026-11-21/", "data/2026-11-21.1/tables/people.csv",
    "docs", "docs/", "docs/removal.html", "docs/decisions/index.html",
]  # fmt: skip


@pytest.mark.parametrize("path", OURS)
def test_address_of_ours_leads_to_the_same_path_on_the_server(path: str) -> None:
    assert target(path) == f"{SERVER}/{path}"


ELSEWHERE = [
    "other", "id/", "id/../x", "admin", "id/a/b", "sparqlx", "sparql/x", "problems/x", "data/other/x", "data/./x",
    "data/../x", "docsx", "docs/?x", "context/v1/x", "context/v1/frames/",
]  # fmt: skip


@pytest.mark.parametrize("path", ELSEWHERE)
def test_other_address_leads_nowhere(path: str) -> None:
    assert target(path) is None


def test_rules_redirect_by_a_temporary_status() -> None:
    assert {rule[-1] for rule in RULES[1:]} == {"[R=302,L]", "[R=307,L]"}


def test_posted_question_stays_one() -> None:
    assert [rule[-1] for rule in RULES if rule[0] == "^sparql$"] == ["[R=307,L]"]
