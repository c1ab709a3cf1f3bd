"""Texts of other people are made harmless, and compared."""

import re

import pytest

from justicegraph.linking.wikidata.review_text import (
    KEYS,
    MATCH_KEYS,
    Reason,
    compare,
    link_of,
    reasons_of,
    safe_line,
)
from tests.support.project import ROOT
from tests.support.reviews import (
    GROUP,
    candidate,
    proposal,
)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x1b[31mred", "a\ufffd[31mred"),
        ("a\u202egpj.exe", "a\ufffdgpj.exe"),
        ("one\r\n\ttwo\u2028three", "one two three"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("x" * 1000, "x" * 300 + "…"),
    ],
)
def test_text_of_others_is_made_harmless(text: str, seen: str) -> None:
    assert safe_line(text) == seen


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "//a.example", "http://", "http://a@b.example/",
     "http://a.example/\u202e", 'http://a.example/"onclick=', "http://[", " http://a.example", "ftp://a.example/"],
)  # fmt: skip
def test_only_addresses_of_the_web_are_links(address: str) -> None:
    assert link_of(address) == ""
    assert link_of("https://invented.example/a?b=c#d") == "https://invented.example/a?b=c#d"


def test_comparison_has_reasons_and_shared_values() -> None:
    one = candidate(
        reasons=("for: the same city", "against: other dates", "seen"), details={"city": ["NOWHERE"], "x": ["y"]}
    )
    assert reasons_of(one) == [Reason("the same city", True), Reason("other dates", False), Reason("seen", None)]
    city, other = compare(proposal(GROUP, one), [one])
    assert (city.heading, city.ours, city.shared) == ("city", ["Nowhere"], [frozenset({"NOWHERE"})])
    assert (other.ours, other.theirs, other.shared) == ([], [["y"]], [frozenset()])


def test_guide_names_every_key_and_no_other() -> None:
    text = (ROOT / "docs" / "reviewing-links.md").read_text()
    keys = re.findall(r"^\| `(\S+)` \|", text, re.MULTILINE)
    assert keys == [*KEYS, *MATCH_KEYS]
