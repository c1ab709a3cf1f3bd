"""A record finds its target, with a probability and the reasons; contradicting facts lower the probability."""

from dataclasses import replace
from typing import Any

import pytest

from justicegraph.linking.match import Matcher
from justicegraph.linking.match.model import read_model
from justicegraph.linking.records import Record

COLOURS = ("Amber", "Azure", "Crimson", "Indigo", "Ochre", "Scarlet", "Teal", "Umber", "Violet", "Walnut")
THINGS = ("Harbour", "Lantern", "Meadow", "Orchard", "Quarry", "Ridge", "Summit", "Thicket", "Valley", "Wharf")
TARGETS = [
    Record(f"t{row}{column}", f"{colour} {thing} Justice Fund", (), "XA", f"Town {row}")
    for row, colour in enumerate(COLOURS)
    for column, thing in enumerate(THINGS)
] + [
    Record("wide", "University of Nowhere Hills", ("UNH",), "XB", "Hilltown", frozenset({"education"}), 1901,
           domain="nowhere.example", identifiers={"isni": "1"}),
    Record("cyrillic", "Выдуманный институт", (), "XC", "Нигдеград"),
    Record("long", "Invented Society for Prison Letters", (), "XD", "Lettertown"),
]  # fmt: skip


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(TARGETS)


ASKED = Record("q", "Nowhere Hills University", (), "XB", "Hilltown")


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Nowhere Hills University", "wide"), ("Universty of Nowhere Hils", "wide"), ("UNH", "wide"),
        ("Vydumannyi institut", "cyrillic"), ("ISPL", "long"), ("Crimson Orchard Justice Fund", "t23"),
        ("Universität Nowhere Hills", "wide"), ("Inv. Society Letters Prision", "long"), ("Выдуманный университет", "cyrillic"),
    ],
)  # fmt: skip
def test_name_finds_its_target(matcher: Matcher, name: str, target: str) -> None:
    country, city = next((each.country, each.city) for each in TARGETS if each.id == target)
    assert matcher.match(Record("q", name, (), country, city))[0].target.id == target


def test_match_says_why(matcher: Matcher) -> None:
    best = matcher.match(ASKED)[0]
    assert best.is_match
    assert best.probability >= read_model().threshold
    assert "for: the same city" in best.reasons
    assert "for: the same words in the name" in best.reasons


def test_word_that_no_target_has_is_missing_from_each(matcher: Matcher) -> None:
    best = matcher.match(Record("q", "Qqzyx Invented Society for Prison Letters"))[0]
    assert (best.target.id, "for: the same words in the name" in best.reasons) == ("long", False)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (replace(ASKED, identifiers={"isni": "2"}), "against: another identifier"),
        (replace(ASKED, began=1980), "against: other dates"),
    ],
)
def test_contradiction_pulls_hard(matcher: Matcher, asked: Record, reason: str) -> None:
    best = matcher.match(asked)[0]
    assert best.probability < 0.5
    assert not best.is_match
    assert reason in best.reasons


@pytest.mark.parametrize(
    "known",
    [{"identifiers": {"isni": "1"}}, {"domain": "nowhere.example"}, {"began": 1901}],
    ids=lambda each: next(iter(each)),
)
def test_agreement_pulls_up(matcher: Matcher, known: dict[str, Any]) -> None:
    asked = Record("q", "Nowhere Hills College")
    before, after = matcher.match(asked)[0], matcher.match(replace(asked, **known))[0]
    assert before.target.id == after.target.id == "wide"
    assert after.probability > (before.probability + 1) / 2
    assert not before.is_match


def test_identifier_finds_what_no_name_tells(matcher: Matcher) -> None:
    best = matcher.match(Record("q", "Something Else", identifiers={"isni": "1"}))[0]
    assert (best.target.id, best.reasons[0]) == ("wide", "for: the same identifier")


def test_probabilities_sum_to_no_more_than_one(matcher: Matcher) -> None:
    found = matcher.match(Record("q", "Crimson Justice Fund", (), "XA", "Town 2"), limit=50)
    assert len(found) > 3
    assert sum(each.probability for each in found) <= 1.0000001
    assert [each.is_match for each in found[1:]] == [False] * (len(found) - 1)


def test_another_number_is_another_thing() -> None:
    place = Record("one", "University of Emptyfield 1", (), "XE", "Emptyfield")
    best = Matcher([place, *TARGETS]).match(replace(place, id="q", name="University of Emptyfield 2"))[0]
    assert not best.is_match
    assert "against: another number in the name" in best.reasons


def test_each_reason_is_given_once(matcher: Matcher) -> None:
    for target in TARGETS:
        for match in matcher.match(replace(target, id="q", name=target.name + " Office")):
            told = [reason.partition(": ")[2] for reason in match.reasons]
            assert len(told) == len(set(told))


def test_name_alone_is_no_match(matcher: Matcher) -> None:
    best = matcher.match(Record("q", "University of Nowhere Hills", (), "XB"))[0]
    assert (best.target.id, best.is_match) == ("wide", False)


def test_twins_are_no_match() -> None:
    twins = [replace(TARGETS[0], id=known) for known in ("one", "other")]
    assert not Matcher([*twins, *TARGETS[1:]]).match(replace(TARGETS[0], id="q"))[0].is_match


def test_answer_is_the_same_each_time(matcher: Matcher) -> None:
    asked = Record("q", "Amber Fund", (), "XA")
    assert matcher.match(asked) == Matcher(TARGETS).match(asked)


@pytest.mark.parametrize("name", ["", "...", "of the", "\u202e", "💥", "x" * 5000, 'a" OR w:*'])
def test_odd_name_does_no_harm(matcher: Matcher, name: str) -> None:
    assert all(not each.is_match for each in matcher.match(Record("q", name)))


def test_no_targets_no_match() -> None:
    assert Matcher([]).match(ASKED) == []
